//! `/coach forget me`: asks once, then erases every row.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::event::Talk;
use crate::coach::reply::{Button, Part, Reply};
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

/// Every kind of thing that is kept about somebody, and how much of it there is.
fn kept(scene: &Scene) -> Part {
    let all = scene.person.more.holdings;
    let talk = if scene.person.talk == Talk::default() { "no talk" } else { "the day of the talk" };
    Part::List(vec![
        "your settings, your zone, and what you told me about yourself".to_owned(),
        count(all.cards, "evidence card"),
        format!("{}, with your plans", count(all.challenges, "challenge")),
        format!("{} of yourself", count(all.ratings, "rating")),
        format!("{}, with your scores", count(all.rehearsals, "rehearsal")),
        format!("{talk} with your manager"),
        format!("{} that I noted as shown to you", count(all.shown, "prompt")),
        format!("{} that I noted as sent to you or planned", count(all.messages, "message")),
        format!("{} of the last two days, noted so that none is done twice", count(all.requests, "request")),
        format!(
            "your name on {}; the challenge itself is the channel's",
            count(all.channels, "channel's weekly challenge")
        ),
    ])
}

fn count(n: u32, what: &str) -> String {
    match n {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

pub fn answer(scene: &Scene) -> Outcome {
    Outcome::say(
        Reply::headed("Erase everything?")
            .and_text("This erases all that I keep about you, and cannot be undone:")
            .and(kept(scene))
            .and_buttons(vec![
                Button::danger("Erase everything", Action::ForgetMe),
                Button::new("Keep it", Action::KeepMe),
            ])
            .and_note(format!(
                "{} gives you a copy first. Messages already in our direct message stay in Slack until you or Slack \
                 delete them; backups that whoever runs me has made keep their rows until they expire.",
                scene.code("export")
            )),
    )
}

pub fn erased(scene: &Scene) -> Reply {
    Reply::headed("Everything is erased")
        .and_text("Every row about you is gone:")
        .and(kept(scene))
        .and_text(format!(
            "What stays is in Slack itself, our old messages, which you can delete there. If you ever come back, {} \
             starts afresh.",
            scene.code("")
        ))
}
