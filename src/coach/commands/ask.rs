//! `/coach ask <question>`: the three best answers of the library to a question in plain words.

use crate::coach::command::{Command, Spec, Usage};
use crate::coach::library::{Detail, Kind, Prompt};
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Outcome, Scene, aside, say};

use super::help;

pub const SPEC: Spec = Spec {
    name: "ask",
    args: "<question>",
    about: "Ask in your own words",
    examples: &["ask how do I say no to sales", "ask my boss has no opening for me"],
    also: &["question", "search", "find"],
    parse: |rest| match rest {
        "" => Err(Usage::wrong(&SPEC, "ask", "Ask me in your own words, as you would ask a friend at work.")),
        _ => Ok(Command::Ask { question: rest.to_owned() }),
    },
};

/// So much of a question is shown again.
const SHOWN: usize = 3000;

pub fn answer(scene: &Scene, question: &str) -> Outcome {
    Outcome::say(reply(scene, question).unwrap_or_else(|| nothing(scene, question)))
}

/// The best answers, or what is said to anything else than a question about work. None where nothing fits.
pub fn reply(scene: &Scene, question: &str) -> Option<Reply> {
    if let Some(reply) = aside::answer(scene, question) {
        return Some(reply);
    }
    let found = find(scene, question, |_| true);
    if found.is_empty() {
        return None;
    }
    let heading = if found.len() == 1 { "The best answer I have" } else { "The best answers I have" };
    Some(list(scene, Reply::headed(heading).and_typed("You asked", shown(question)), &found))
}

/// What of one kind comes nearest to a name that nothing of it has. None where nothing does.
pub fn instead(scene: &Scene, kind: Kind, typed: &str) -> Option<Reply> {
    let found = find(scene, typed, |prompt| prompt.kind() == kind);
    let preface = match kind {
        Kind::Tip => "I have no skill of that name, but these tips speak to it:".to_owned(),
        _ => format!("I have no {} of that name. What comes nearest:", kind.noun()),
    };
    let reply = Reply::text(preface).and_typed("You typed:", shown(typed));
    (!found.is_empty()).then(|| list(scene, reply, &found))
}

/// Says that nothing fits, with all of what was typed and what else there is.
pub fn nothing(scene: &Scene, question: &str) -> Reply {
    let near = scene.library.nearest(question, |prompt| !scene.person.has_declined(&prompt.id));
    let reply = Reply::text("I have nothing on that, and I would rather say so than guess.")
        .and_typed("You typed:", shown(question));
    let reply = if near.is_empty() {
        reply
    } else {
        let open = |prompt: &&Prompt| {
            Button::new(format!("Open “{}”", prompt.title), Action::Show(prompt.id.clone()))
        };
        reply.and_text("The nearest, should you mean that:").and_buttons(near.iter().map(open).collect())
    };
    reply
        .and_text(format!(
            "If it is about leading a product, try other words: {}. If it is something you did, {} keeps it.",
            scene.code("ask how do I say no to sales"),
            scene.code("log")
        ))
        .and_buttons(vec![
            Button::new("Get a tip", Action::Tip(None)),
            Button::new("What can you do?", Action::Help),
        ])
        .and_note(help::all_of_it(scene))
}

fn find<'a>(scene: &Scene<'a>, typed: &str, fits: impl Fn(&Prompt) -> bool) -> Vec<&'a Prompt> {
    scene.library.answers(typed, |prompt| fits(prompt) && !scene.person.has_declined(&prompt.id))
}

fn list(scene: &Scene, reply: Reply, found: &[&Prompt]) -> Reply {
    found.iter().fold(reply, |reply, prompt| {
        let mut buttons =
            vec![Button::new(format!("Open “{}”", prompt.title), Action::Show(prompt.id.clone()))];
        if prompt.plan().is_some() {
            buttons.push(Button::new("Take it on", Action::TakeOn(prompt.id.clone())));
        }
        reply
            .and_text(format!("**{}**\\\n{}", prompt.title, gist(scene, prompt)))
            .and_note(format!("{} · {}", kind(prompt), say::credit_in_short(scene, prompt)))
            .and_buttons(buttons)
    })
}

/// What it is, for somebody who has not seen the folders.
pub fn kind(prompt: &Prompt) -> String {
    let what = match prompt.kind() {
        Kind::Skill => "Skill",
        Kind::Tip => "Tip",
        Kind::Script => "Script",
        Kind::Challenge => "Challenge",
        Kind::Nudge => "One small step",
        Kind::Rehearsal => "Rehearsal",
        Kind::Assessment => "Self-assessment",
        Kind::Arc => "Plan for several weeks",
    };
    match prompt.minutes {
        1 => format!("{what}, 1 minute"),
        minutes => format!("{what}, {minutes} minutes"),
    }
}

/// A sentence or two that answer by themselves.
pub fn gist(scene: &Scene, prompt: &Prompt) -> String {
    let text = match &prompt.detail {
        Detail::Script(script) => &script.strong,
        Detail::Challenge(challenge) => &challenge.goal,
        _ if prompt.body.is_empty() => &prompt.why,
        _ => &prompt.body,
    };
    let first = text.split("\n\n").next().unwrap_or(text);
    say::filled(scene, first)
}

fn shown(typed: &str) -> String {
    let short: String = typed.chars().take(SHOWN).collect();
    if short.len() < typed.len() { format!("{short}…") } else { short }
}
