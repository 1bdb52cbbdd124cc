//! `/coach forget me`: asks once, then erases every row.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::event::Talk;
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::{Action, Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "forget",
    args: "me",
    about: "Erase all I know about you",
    examples: &["forget me"],
    also: &["erase"],
    parse: |rest| match bare(rest).trim_end_matches(" please").trim_end_matches(" now") {
        "me" | "" | "everything" | "my data" | "all" => Ok(Command::Forget),
        _ => Err(Usage::wrong(
            &SPEC,
            &format!("forget {rest}"),
            "I can only forget everything at once. A single card has its own Delete button.",
        )),
    },
};

/// Every kind of thing that is kept about somebody, and how much of it there is.
fn kept(scene: &Scene) -> Reply {
    let all = scene.person.more.holdings;
    let talk = u32::from(scene.person.talk != Talk::default());
    let channels = match all.channels {
        1 => "your name on 1 channel's weekly challenge".to_owned(),
        n => format!("your name on the weekly challenges of {n} channels"),
    };
    let kinds = [
        (all.cards, count(all.cards, "evidence card"), "evidence cards"),
        (all.challenges, format!("{}, with your plans", count(all.challenges, "challenge")), "challenges"),
        (all.ratings, format!("{} of yourself", count(all.ratings, "rating")), "ratings"),
        (all.rehearsals, format!("{}, with your scores", count(all.rehearsals, "rehearsal")), "rehearsals"),
        (talk, "the day of the talk with your manager".to_owned(), "talk with your manager"),
        (
            all.shown,
            format!("the names of {} that I showed you", count(all.shown, "prompt")),
            "prompts shown",
        ),
        (all.messages, format!("{} that I sent you, or planned", count(all.messages, "message")), "messages"),
        (
            all.requests,
            format!("{} of the last two days", count(all.requests, "request")),
            "requests of the last two days",
        ),
        (all.channels, channels, "weekly challenges for channels"),
    ];
    let none: Vec<&str> = kinds.iter().filter(|(n, ..)| *n == 0).map(|(.., none)| *none).collect();
    let mut lines = vec!["your settings, your zone, and what you told me about yourself".to_owned()];
    lines.extend(kinds.into_iter().filter(|(n, ..)| *n > 0).map(|(_, words, _)| words));
    let reply = Reply::default().and(Part::List(lines));
    if none.is_empty() {
        reply
    } else {
        reply.and_note(format!("Of these I have none: {}.", none.join(", ")))
    }
}

fn count(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

pub fn answer(scene: &Scene) -> Outcome {
    Outcome::say(
        Reply::headed("Erase everything?")
            .and_text("This erases all that I keep about you, and cannot be undone:")
            .and_all(kept(scene))
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
        .and_all(kept(scene))
        .and_text(format!(
            "What stays is in Slack itself, our old messages, which you can delete there. If you ever come back, {} \
             starts afresh.",
            scene.code("")
        ))
}
