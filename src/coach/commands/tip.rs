//! `/coach tip [skill]`: one concrete, sourced piece of coaching, and why this one.

use crate::coach::command::{Command, Spec, name};
use crate::coach::library::{Kind, Prompt, PromptId};
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Change, Outcome, Scene, begin, choose, say};

use super::ask;

pub const SPEC: Spec = Spec {
    name: "tip",
    args: "[skill]",
    about: "A coaching tip for this week",
    examples: &["tip", "tip market fluency"],
    also: &["tips", "coach", "advice"],
    parse: |rest| Ok(Command::Tip { skill: name(rest) }),
};

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    if typed.is_empty() {
        return offer(scene, None);
    }
    match choose::find_skill(scene.library, typed) {
        Some(skill) => offer(scene, Some(&skill.id)),
        None => {
            if let Some(reply) = ask::instead(scene, Kind::Tip, typed) {
                return Outcome::say(reply);
            }
            let mut outcome = offer(scene, None);
            outcome.reply = unknown_skill(scene, typed).and_all(outcome.reply);
            outcome
        }
    }
}

/// Says that no skill has that name, and which there are; what follows is given all the same.
pub fn unknown_skill(scene: &Scene, typed: &str) -> Reply {
    let skills: Vec<&str> = scene.library.of(Kind::Skill).map(|skill| skill.title.as_str()).collect();
    Reply::text("I have no skill of that name, so I picked for you.")
        .and_typed("You typed:", typed)
        .and_note(format!("The nine skills: {}", skills.join(", ")))
}

pub fn offer(scene: &Scene, skill: Option<&PromptId>) -> Outcome {
    let Some(choice) = choose::next(scene, Kind::Tip, skill) else {
        return Outcome::say(Reply::text(format!(
            "That was the last tip there; the others you have put aside. {} shows what else I have.",
            scene.code("help")
        )));
    };
    show(scene, choice.prompt, &choice.because, skill)
}

pub fn show(scene: &Scene, prompt: &Prompt, because: &str, skill: Option<&PromptId>) -> Outcome {
    let id = prompt.id.clone();
    let reply = say::prompt(scene, prompt)
        .and_note(format!("Why this one: {because}"))
        .and_buttons(buttons(prompt, skill));
    begin::offer(scene, Outcome::say(reply).with(Change::Shown(id.clone())), &id)
}

/// The same tip once more, where something under it was answered.
pub fn again(scene: &Scene, prompt: &Prompt) -> Reply {
    say::prompt(scene, prompt).and_buttons(buttons(prompt, None))
}

fn buttons(prompt: &Prompt, skill: Option<&PromptId>) -> Vec<Button> {
    vec![
        Button::new("Another", Action::Tip(skill.cloned())),
        Button::new("Make it a challenge", Action::TakeOn(prompt.id.clone())),
        Button::new("Not useful", Action::NotUseful(prompt.id.clone())),
    ]
}
