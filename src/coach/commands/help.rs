//! `/coach help`: the table, in words.

use crate::coach::command::{Command, SPECS, Spec, find};
use crate::coach::library::PromptId;
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::{Action, Outcome, Scene};

pub const SPEC: Spec = Spec {
    name: "help",
    args: "[command]",
    about: "What I can do",
    examples: &["help", "help nudge"],
    also: &["?", "commands", "usage", "hi", "hello", "hey"],
    parse: |rest| match rest.split_whitespace().count() {
        // "Help me prepare for a board meeting" asks for more than the list.
        0 | 1 => Ok(find(rest).map_or(Command::Help, |spec| Command::HelpWith { name: spec.name })),
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

/// A line a command, short enough for a phone.
fn table(scene: &Scene) -> Reply {
    let lines = SPECS.iter().map(|spec| match spec.name {
        "" => format!("{} alone: {}", scene.code(""), spec.about),
        name if spec.args.is_empty() || spec.args.starts_with('[') => format!("`{name}`: {}", spec.about),
        name => format!("`{name} {}`: {}", spec.args, spec.about),
    });
    Reply::text(format!(
        "Say {} and one of these. In our direct message, the word is enough.",
        scene.code("")
    ))
    .and(Part::List(lines.collect()))
    .and_note(format!("{} shows how to use one of them. Only you see my answers.", scene.code("help nudge")))
}

/// One command, with everything that can stand after it.
pub fn with(scene: &Scene, name: &str) -> Outcome {
    let Some(spec) = SPECS.iter().find(|spec| spec.name == name) else { return answer(scene) };
    let examples = spec.examples.iter().map(|example| scene.code(example)).collect();
    let reply = Reply::headed(spec.about)
        .and_text(scene.code(format!("{} {}", spec.name, spec.args).trim()))
        .and_text("Like this:")
        .and(Part::List(examples));
    Outcome::say(reply.and_buttons(button_for(spec).into_iter().collect()))
}

/// Where everything that is understood can be read.
pub fn all_of_it(scene: &Scene) -> String {
    format!("{} lists all I understand.", scene.code("help"))
}

/// A button that does what the command without arguments does, where one exists.
pub fn button_for(spec: &Spec) -> Option<Button> {
    let (label, action) = match spec.name {
        "" => ("This week", Action::Today),
        "tip" => ("Get a tip", Action::Tip(None)),
        "challenge" => ("Challenge me", Action::Challenge(None)),
        "done" => ("Finish my challenge", Action::Done(None)),
        "log" => ("Log evidence", Action::Log),
        "settings" => ("Settings", Action::Settings),
        "cards" => ("My cards", Action::Cards(0, String::new())),
        "progress" => ("Progress", Action::Progress),
        "case" => ("My case", Action::Case),
        "assess" => ("Rate myself", Action::Assess(None)),
        "help" => ("What can you do?", Action::Help),
        "script" => ("Open a script", Action::Show(PromptId::new("manager-interest"))),
        "export" => ("Send me everything", Action::Export),
        _ => return None,
    };
    Some(Button::primary(label, action))
}
