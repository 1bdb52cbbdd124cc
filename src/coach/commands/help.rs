//! `/coach help`: the table, in words.

use crate::coach::command::{Command, SPECS, Spec};
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::{Action, Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "help",
    args: "",
    about: "What I can do",
    examples: &["help"],
    also: &["?", "commands", "usage", "hi", "hello", "hey"],
    parse: |rest| match rest.split_whitespace().count() {
        // "Help me prepare for a board meeting" asks for more than the list.
        0 | 1 => Ok(Command::Help),
        _ => Ok(Command::Ask { question: rest.to_owned() }),
    },
};

pub fn answer(scene: &Scene) -> Outcome {
    Outcome::say(Reply::headed("What I can do").and_all(table(scene)).and_buttons(vec![
        Button::primary("Get a tip", Action::Tip(None)),
        Button::new("Log evidence", Action::Log),
        Button::new("Challenge me", Action::Challenge(None)),
    ]))
}

pub fn table(scene: &Scene) -> Reply {
    let lines = SPECS
        .iter()
        .map(|spec| format!("{}: {}", scene.code(format!("{} {}", spec.name, spec.args).trim()), spec.about))
        .collect();
    Reply::default().and(Part::List(lines)).and_note(
        "In a direct message to me, leave the slash command out: “tip” is enough. Only you see my answers.",
    )
}
