//! `/coach script [name]`: a hard conversation, prepared: rules, a weak line, a strong one, and what
//! to say to each of the likely answers.

use crate::coach::command::{Command, Spec, name};
use crate::coach::library::{Kind, Prompt, PromptId};
use crate::coach::reply::{Button, Choice, Part, Reply};
use crate::coach::{Action, Change, Outcome, Scene, choose, say};

use super::ask;

pub const SPEC: Spec = Spec {
    name: "script",
    args: "[name]",
    about: "Words for a hard conversation",
    examples: &["script", "script manager", "script say no"],
    also: &["scripts", "conversation"],
    parse: |rest| Ok(Command::Script { name: name(rest) }),
};

/// `script manager` is the manager conversation, whatever else has "manager" in its name.
const MANAGER: &str = crate::coach::event::MANAGER_SCRIPT;

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    if typed.is_empty() {
        return Outcome::say(list(scene, Reply::headed("Scripts for hard conversations")));
    }
    let found = match typed {
        "manager" | "my manager" | "boss" | "my boss" => scene.library.get(&PromptId::new(MANAGER)),
        _ => choose::find(scene.library, Kind::Script, typed),
    };
    match found {
        Some(script) => show(scene, script),
        None => Outcome::say(ask::instead(scene, Kind::Script, typed).unwrap_or_else(|| {
            list(
                scene,
                Reply::text("I have no script of that name. These are the ones I have:")
                    .and_typed("You typed:", typed),
            )
        })),
    }
}

pub fn show(scene: &Scene, script: &Prompt) -> Outcome {
    let id = script.id.clone();
    let mut buttons = vec![Button::primary("Make it a challenge", Action::TakeOn(id.clone()))];
    let next =
        script.next.iter().filter_map(|id| scene.library.get(id)).find(|next| next.kind() == Kind::Script);
    if let Some(next) = next {
        buttons.push(Button::new("What comes after", Action::Show(next.id.clone())));
    }
    if script.id.as_str() == MANAGER {
        buttons.push(Button::new("Booked", Action::TalkBooked));
        buttons.push(Button::new("We talked", Action::Talked));
    }
    buttons.push(Button::new("Log evidence", Action::Done(Some(id.clone()))));
    Outcome::say(say::prompt(scene, script).and_buttons(buttons)).with(Change::Shown(id))
}

fn list(scene: &Scene, reply: Reply) -> Reply {
    let manager = PromptId::new(MANAGER);
    let mut scripts: Vec<&Prompt> = scene.library.of(Kind::Script).collect();
    scripts.sort_by_key(|script| (script.id != manager, script.title.clone()));
    let lines = scripts
        .iter()
        .map(|script| {
            let name = if script.id == manager { "manager" } else { script.id.as_str() };
            format!("{}: {}", script.title, scene.code(&format!("script {name}")))
        })
        .collect();
    let options =
        scripts.iter().map(|script| (script.title.clone(), Action::Show(script.id.clone()))).collect();
    reply.and(Part::List(lines)).and(Part::Choice(Choice { label: "Open a script".to_owned(), options }))
}
