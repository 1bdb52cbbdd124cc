//! `/coach about`: version, privacy, where the data lives, said plainly.

use crate::coach::command::{Command, Spec};
use crate::coach::reply::{Part, Reply};
use crate::coach::{Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "about",
    args: "",
    about: "Who can see what, and where it is kept",
    examples: &["about"],
    also: &["privacy", "version"],
    parse: |_| Ok(Command::About),
};

pub fn answer(scene: &Scene) -> Outcome {
    let house = scene.house;
    let facts = vec![
        "**Who sees it:** you. No command, page or export shows your cards, goals or nudges to a manager, an admin or \
         anybody else."
            .to_owned(),
        format!(
            "**Who technically could:** whoever runs this server can read its database, {}, where rows are not \
             encrypted by me; and your workspace's owners may be able to export direct messages, ours included.",
            house.database
        ),
        "**What is kept:** your Slack ids and time zone, your settings, what you say about yourself, which prompts \
         you have seen, your challenges, your ratings, your evidence cards and your rehearsal scores. Nothing is \
         sent anywhere else; no model reads it."
            .to_owned(),
        format!("**How to end it:** {} erases every row.", scene.code("forget me")),
        "**Where the ideas come from:** each prompt names its source; the sentences are our own.".to_owned(),
    ];
    Outcome::say(
        Reply::headed("About Rung").and(Part::List(facts)).and_note(format!("Rung {}", house.version)),
    )
}
