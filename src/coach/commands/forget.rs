//! `/coach forget me`: asks once, then erases every row.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "forget",
    args: "me",
    about: "Erase everything I know about you",
    examples: &["forget me"],
    also: &["erase", "delete"],
    parse: |rest| match bare(rest).as_str() {
        "me" | "" | "everything" | "my data" | "all" => Ok(Command::Forget),
        _ => Err(Usage::wrong(
            &SPEC,
            &format!("forget {rest}"),
            "I can only forget everything at once. A single card has its own Delete button.",
        )),
    },
};

pub fn answer(scene: &Scene) -> Outcome {
    let cards = match scene.person.shelf.total {
        0 => "no evidence cards".to_owned(),
        1 => "1 evidence card".to_owned(),
        n => format!("{n} evidence cards"),
    };
    Outcome::say(
        Reply::headed("Erase everything?")
            .and_text(format!(
                "This erases {cards}, your challenges, your ratings, your settings, your nudges and what I have shown you. It \
                 cannot be undone."
            ))
            .and_buttons(vec![
                Button::danger("Erase everything", Action::ForgetMe),
                Button::new("Keep it", Action::KeepMe),
            ])
            .and_note(
                "Messages already in our direct message stay in Slack until you or Slack delete them; backups that \
                 whoever runs me has made keep their rows until they expire.",
            ),
    )
}

pub fn erased(scene: &Scene) -> Reply {
    Reply::headed("Everything is erased").and_text(format!(
        "Every row about you is gone: cards, challenges, ratings, settings, nudges. What stays is in Slack itself, our old \
         messages, which you can delete there. If you ever come back, {} starts afresh.",
        scene.code("")
    ))
}
