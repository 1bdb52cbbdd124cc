//! `/coach done [what happened]`: the current challenge becomes a card.

use crate::coach::command::{Command, Spec};
use crate::coach::reply::Reply;
use crate::coach::{Outcome, Scene, forms};

use super::log;

pub const SPEC: Spec = Spec {
    name: "done",
    args: "[what happened]",
    about: "Finish your challenge, keep the proof",
    examples: &["done", "done Finance agreed to the new goal in writing"],
    also: &["finish", "finished", "complete", "completed"],
    parse: |rest| Ok(Command::Done { what: rest.to_owned() }),
};

pub fn answer(scene: &Scene, what: &str) -> Outcome {
    if !log::says_nothing(what) {
        return log::save(scene, what, scene.person.current.as_ref());
    }
    let reply = match &scene.person.current {
        Some(_) => Reply::text("Well done. The form is one press away:"),
        None => Reply::text("You have no challenge on the go, but whatever you did still counts:"),
    };
    forms::open_new_card(scene, None, reply)
}
