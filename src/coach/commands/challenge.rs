//! `/coach challenge [skill or name]`: a piece of work that ends in evidence.

use jiff::ToSpan;

use crate::coach::command::{Command, Spec, name};
use crate::coach::library::{Kind, Prompt, PromptId};
use crate::coach::person::Taken;
use crate::coach::reply::{Button, Choice, Part, Reply};
use crate::coach::{Action, Change, Ending, Outcome, Scene, choose, say};

use super::{ask, done, tip};

pub const SPEC: Spec = Spec {
    name: "challenge",
    args: "[skill, name or list]",
    about: "Work that leaves evidence behind",
    examples: &["challenge", "challenge buy-in", "challenge seam-map", "challenge list", "challenge swap"],
    also: &["challenges", "task"],
    parse: |rest| Ok(Command::Challenge { name: name(rest) }),
};

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    if typed.is_empty() {
        return offer(scene, None);
    }
    if matches!(typed, "list" | "parked" | "waiting" | "mine") {
        return list(scene);
    }
    if let Some(outcome) = with_the_current(scene, typed) {
        return outcome;
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

/// "done", "swap it", "park this", "drop": what the buttons of the one on the go do. None for any other word.
fn with_the_current(scene: &Scene, typed: &str) -> Option<Outcome> {
    let verb = ["it", "this", "that", "mine", "current"]
        .iter()
        .find_map(|it| typed.strip_suffix(it)?.strip_suffix(' '))
        .unwrap_or(typed);
    let act: fn(&Scene, String) -> Outcome = match verb {
        "done" | "finish" | "finished" | "complete" | "completed" => return Some(done::answer(scene, "")),
        "swap" | "change" | "replace" => swap,
        "park" | "pause" | "postpone" => park,
        "drop" | "cancel" | "stop" | "abandon" | "quit" | "delete" | "remove" => drop_it,
        _ => return None,
    };
    Some(match &scene.person.current {
        Some(current) => act(scene, current.id.clone()),
        None => list(scene),
    })
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

/// One that was taken on and has not ended, if it is theirs.
pub fn taken<'a>(scene: &Scene<'a>, id: &str) -> Option<&'a Taken> {
    scene.person.current.iter().chain(&scene.person.parked).find(|taken| taken.id == id)
}

fn title<'a>(scene: &Scene<'a>, taken: &'a Taken) -> &'a str {
    scene.library.get(&taken.prompt).map_or(taken.prompt.as_str(), |prompt| prompt.title.as_str())
}

/// The one on the go and those that wait.
pub fn list(scene: &Scene) -> Outcome {
    let person = scene.person;
    let mut reply = Reply::headed("Your challenges");
    let mut buttons = Vec::new();
    match (say::current(scene), &person.current) {
        (Some(current), Some(taken)) => {
            reply = reply.and_all(current);
            buttons.extend(hold(taken));
        }
        _ => {
            reply = reply.and_text("None on the go.");
            buttons.push(Button::primary("Challenge me", Action::Challenge(None)));
        }
    }
    reply = reply.and_buttons(buttons);
    if person.parked.is_empty() {
        return Outcome::say(reply.and_text("No other is waiting."));
    }
    let shown: Vec<&Taken> = person.parked.iter().take(MOST).collect();
    for parked in &shown {
        reply = reply.and_typed(format!("Waits: {}", title(scene, parked)), &parked.plan);
    }
    let options = |act: fn(String) -> Action| {
        let row = |parked: &&Taken| (title(scene, parked).to_owned(), act(parked.id.clone()));
        shown.iter().map(row).collect()
    };
    Outcome::say(
        reply
            .and(Part::Choice(Choice {
                label: "Take one up again".to_owned(),
                options: options(Action::Resume),
            }))
            .and(Part::Choice(Choice { label: "Drop one".to_owned(), options: options(Action::Drop) })),
    )
}

/// How many waiting ones are shown.
const MOST: usize = 15;

/// What can be done with the challenge on the go.
pub fn hold(taken: &Taken) -> Vec<Button> {
    vec![
        Button::primary("Done", Action::Done(None)),
        Button::new("Swap it", Action::Swap(taken.id.clone())),
        Button::new("Park it", Action::Park(taken.id.clone())),
        Button::new("Drop it", Action::Drop(taken.id.clone())),
    ]
}

fn not_there(scene: &Scene) -> Outcome {
    Outcome::say(Reply::text(format!(
        "That challenge has ended in the meantime. {} shows what is on the go and what waits.",
        scene.code("challenge list")
    )))
}

/// It waits, with its plan, until it is taken up again.
pub fn park(scene: &Scene, id: String) -> Outcome {
    let Some(taken) = taken(scene, &id) else { return not_there(scene) };
    let reply = Reply::text(format!("“{}” waits, with your plan.", title(scene, taken)))
        .and_note(format!("{} shows it whenever you want it back.", scene.code("challenge list")))
        .and_buttons(vec![
            Button::new("Take it up again", Action::Resume(id.clone())),
            Button::new("Another challenge", Action::Challenge(None)),
        ]);
    Outcome::say(reply).with(Change::Park(id))
}

/// It ends, and another one of the same skill is offered.
pub fn swap(scene: &Scene, id: String) -> Outcome {
    let Some(taken) = taken(scene, &id) else { return not_there(scene) };
    let skill = scene.library.get(&taken.prompt).map(|prompt| prompt.skill().clone());
    let outcome = offer(scene, skill.as_ref());
    let reply = Reply::text(format!("Swapped: “{}” is off your list.", title(scene, taken)))
        .and_typed("Your plan was", &taken.plan)
        .and_buttons(vec![back(taken)])
        .and_text("How about this one?");
    Outcome { reply: reply.and_all(outcome.reply), ..outcome }
        .with(Change::End { taken: id, how: Ending::Swapped })
}

/// It ends, without a word of blame.
pub fn drop_it(scene: &Scene, id: String) -> Outcome {
    let Some(taken) = taken(scene, &id) else { return not_there(scene) };
    let reply = Reply::text(format!(
        "“{}” is off your list, and that is all right: choosing what not to do is part of the job.",
        title(scene, taken)
    ))
    .and_typed("Your plan was", &taken.plan)
    .and_buttons(vec![Button::new("Another challenge", Action::Challenge(None)), back(taken)]);
    Outcome::say(reply).with(Change::End { taken: id, how: Ending::Dropped })
}

/// For whoever pressed the wrong one.
fn back(taken: &Taken) -> Button {
    Button::new("Take it on after all", Action::TakeOn(taken.prompt.clone()))
}

/// It is the current one again; the one on the go waits. A day that has passed moves a week ahead.
pub fn resume(scene: &Scene, id: String) -> Outcome {
    let Some(taken) = taken(scene, &id) else { return not_there(scene) };
    let today = scene.today();
    let due_on = if taken.due_on < today { today.saturating_add(7.days()) } else { taken.due_on };
    let mut person = scene.person.clone();
    person.current = Some(Taken { due_on, ..taken.clone() });
    let shown = say::current(&Scene { person: &person, ..*scene }).unwrap_or_default();
    let mut reply = Reply::headed("It is yours again").and_all(shown).and_buttons(hold(taken));
    let mut outcome = Outcome::default();
    if let Some(current) = scene.person.current.as_ref().filter(|current| current.id != id) {
        reply = reply.and_note(format!("“{}” waits meanwhile.", title(scene, current)));
        outcome.changes.push(Change::Park(current.id.clone()));
    }
    outcome.reply = reply;
    outcome.with(Change::Resume { taken: id, due_on })
}
