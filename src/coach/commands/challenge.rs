//! `/coach challenge [skill or name]`: a piece of work that ends in evidence.

use crate::coach::command::{Command, Spec, bare};
use crate::coach::library::{Kind, Prompt, PromptId};
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Change, Outcome, Scene, choose, say};

use super::{ask, tip};

pub const SPEC: Spec = Spec {
    name: "challenge",
    args: "[skill or name]",
    about: "A challenge that leaves evidence behind",
    examples: &["challenge", "challenge buy-in", "challenge seam-map"],
    also: &["challenges", "task"],
    parse: |rest| Ok(Command::Challenge { name: bare(rest) }),
};

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    if typed.is_empty() {
        return offer(scene, None);
    }
    // An exact id is a challenge; else a skill's name is the likelier reading of a word or two.
    if let Some(prompt) =
        scene.library.get(&PromptId::new(typed)).filter(|prompt| prompt.kind() == Kind::Challenge)
    {
        return show(scene, prompt, "You asked for it by name.".to_owned(), None);
    }
    if let Some(skill) = choose::find_skill(scene.library, typed) {
        return offer(scene, Some(&skill.id));
    }
    match choose::find(scene.library, Kind::Challenge, typed) {
        Some(prompt) => show(scene, prompt, "You asked for it by name.".to_owned(), None),
        None => {
            if let Some(reply) = ask::instead(scene, Kind::Challenge, typed) {
                return Outcome::say(reply);
            }
            let mut outcome = offer(scene, None);
            let preface = tip::unknown_skill(scene, typed);
            outcome.reply = preface.and_all(outcome.reply);
            outcome
        }
    }
}

pub fn offer(scene: &Scene, skill: Option<&PromptId>) -> Outcome {
    match choose::next(scene, Kind::Challenge, skill) {
        Some(choice) => show(scene, choice.prompt, choice.because, skill),
        None => Outcome::say(Reply::text(format!(
            "That was the last challenge there; the others you have put aside. {} gives you a tip to make one from.",
            scene.code("tip")
        ))),
    }
}

pub fn show(scene: &Scene, prompt: &Prompt, because: String, skill: Option<&PromptId>) -> Outcome {
    let id = prompt.id.clone();
    let reply = say::prompt(scene, prompt).and_note(format!("Why this one: {because}")).and_buttons(vec![
        Button::primary("Take it on", Action::TakeOn(id.clone())),
        Button::new("Another", Action::Challenge(skill.cloned())),
        Button::new("Not useful", Action::NotUseful(id.clone())),
    ]);
    Outcome::say(reply).with(Change::Shown(id))
}
