//! `/coach help`: the table, in words.

use crate::coach::command::{Command, SPECS, Spec, Usage, bare, find, parse};
use crate::coach::library::PromptId;
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::{Action, Outcome, Scene};

use super::cards::shorten;
use super::rehearse;

pub const SPEC: Spec = Spec {
    name: "help",
    args: "[command]",
    about: "What I can do",
    examples: &["help", "help nudge"],
    also: &["?", "commands", "usage", "hi", "hello", "hey"],
    parse: |rest| match rest.split_whitespace().count() {
        0 | 1 => Ok(find(rest).map_or(Command::Help, |spec| Command::HelpWith { name: spec.name })),
        // "Help forget me" is about a line of the list; "Help me prepare for a board meeting" asks for more.
        _ => Ok(
            match SPECS.iter().find(|spec| spec.examples.iter().any(|example| bare(example) == bare(rest))) {
                Some(spec) => Command::HelpWith { name: spec.name },
                None => Command::Ask { question: rest.to_owned() },
            },
        ),
    },
};

/// What people say to any program, whether or not it is in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowTo {
    Hello,
    Stop,
    /// To delete a card, which is not to be forgotten.
    Delete,
    Undo,
}

const HELLOS: [&str; 18] = [
    "hi",
    "hi there",
    "hi coach",
    "hello",
    "hello there",
    "hello coach",
    "hey",
    "hey there",
    "hey coach",
    "hiya",
    "good morning",
    "good morning coach",
    "morning",
    "good afternoon",
    "good evening",
    "greetings",
    "howdy",
    "good day",
];

const WHAT_CAN_YOU_DO: [&str; 18] = [
    "what can you do",
    "what can you do for me",
    "what can i do",
    "what can i do here",
    "what can i say",
    "what can i ask",
    "what can i ask you",
    "what do you do",
    "what are you",
    "what is this",
    "what's this",
    "who are you",
    "who is this",
    "how does this work",
    "how do you work",
    "how do i use this",
    "how do i use you",
    "can you help me",
];

const STOPS: [&str; 26] = [
    "stop",
    "stop it",
    "stop this",
    "stop now",
    "stop nudging",
    "stop nudging me",
    "stop nudges",
    "stop the nudges",
    "stop writing",
    "stop writing to me",
    "stop writing me",
    "stop messaging me",
    "stop messages",
    "stop sending me messages",
    "no more nudges",
    "no more messages",
    "no nudges",
    "no nudges any more",
    "unsubscribe",
    "unsubscribe me",
    "opt out",
    "leave me alone",
    "turn off nudges",
    "turn nudges off",
    "cancel nudges",
    "mute",
];

/// A whole message that means one of the commands, or one of the answers below, without naming it. Only whole
/// messages: the same words inside a sentence are prose.
pub fn in_other_words(text: &str) -> Option<Result<Command, Usage>> {
    if !text.is_empty() && text.chars().all(|c| c == '?') {
        return Some(Ok(Command::Help));
    }
    let said = bare(text);
    let said = said.strip_prefix("please ").unwrap_or(&said);
    let said = said.strip_suffix(" please").unwrap_or(said);
    let command = if HELLOS.contains(&said) {
        Command::HowTo(HowTo::Hello)
    } else if WHAT_CAN_YOU_DO.contains(&said) {
        Command::Help
    } else if STOPS.contains(&said) {
        Command::HowTo(HowTo::Stop)
    } else if matches!(said, "undo" | "undo that" | "undo it" | "undo this" | "revert" | "take it back") {
        Command::HowTo(HowTo::Undo)
    } else if FINISHED.contains(&said) {
        Command::Done { what: String::new() }
    } else {
        return of_a_card(said)
            .or_else(|| deletes(said))
            .or_else(|| of_the_challenge(said))
            .map(Ok)
            .or_else(|| of_the_nudge(said).map(|nudge| parse(&nudge)))
            .or_else(|| wants(said).map(parse));
    };
    Some(Ok(command))
}

const FINISHED: [&str; 16] = [
    "i did it",
    "i've done it",
    "i have done it",
    "i finished",
    "i finished it",
    "i'm done",
    "i am done",
    "finished it",
    "did it",
    "i finished my challenge",
    "i finished the challenge",
    "i did my challenge",
    "i did the challenge",
    "my challenge is done",
    "the challenge is done",
    "challenge done",
];

/// "edit card 3", "delete 3", "show card 3": that card, with its buttons, and never another.
fn of_a_card(said: &str) -> Option<Command> {
    let (verb, rest) = said.split_once(' ')?;
    let rest = rest.strip_prefix("my ").or(rest.strip_prefix("the ")).unwrap_or(rest);
    let rest = rest.strip_prefix("cards ").or(rest.strip_prefix("card ")).unwrap_or(rest);
    let number: u32 = rest.trim_start_matches(['#', ' ']).parse().ok()?;
    matches!(verb, "edit" | "change" | "delete" | "remove" | "erase" | "open" | "show")
        .then(|| Command::Cards { words: number.to_string() })
}

/// "swap", "drop it", "what's my challenge": about the one on the go.
fn of_the_challenge(said: &str) -> Option<Command> {
    const ASKS: [&str; 6] = [
        "what's my challenge",
        "what is my challenge",
        "which challenge do i have",
        "my challenge",
        "my challenges",
        "current challenge",
    ];
    const NEW: [&str; 6] = [
        "new challenge",
        "next challenge",
        "a new challenge",
        "i want a different challenge",
        "i want another challenge",
        "different challenge",
    ];
    if ASKS.contains(&said) {
        return Some(Command::Challenge { name: "list".to_owned() });
    }
    if NEW.contains(&said) {
        return Some(Command::Challenge { name: String::new() });
    }
    let (verb, rest) = said.split_once(' ').unwrap_or((said, ""));
    let is_that_one =
        matches!(rest, "" | "it" | "this" | "my challenge" | "the challenge" | "this challenge");
    (is_that_one && matches!(verb, "swap" | "park" | "drop"))
        .then(|| Command::Challenge { name: verb.to_owned() })
}

/// "pause until 20 March", "skip this week": what `nudge` would be told.
fn of_the_nudge(said: &str) -> Option<String> {
    if matches!(said, "skip this week" | "skip the week" | "no nudge this week" | "no nudges this week") {
        return Some("nudge until next week".to_owned());
    }
    ["pause until ", "pause nudges until ", "no nudges until ", "pause my nudges until "]
        .iter()
        .find_map(|words| said.strip_prefix(words))
        .map(|date| format!("nudge until {date}"))
}

/// "delete", "delete that card": a card. "delete me", "delete my data": the person.
fn deletes(said: &str) -> Option<Command> {
    let (verb, what) = said.split_once(' ').unwrap_or((said, ""));
    match (verb, what) {
        (
            "delete" | "remove",
            "me" | "everything" | "all" | "my data" | "all my data" | "my account" | "account",
        ) => Some(Command::Forget),
        (
            "delete" | "remove" | "erase",
            "card" | "a card" | "my card" | "that card" | "the card" | "last card",
        )
        | ("delete" | "remove" | "erase", "it" | "that" | "this" | "my last card" | "the last card") => {
            Some(Command::HowTo(HowTo::Delete))
        }
        ("delete", what) if what.split_whitespace().count() <= 2 => Some(Command::HowTo(HowTo::Delete)),
        _ => None,
    }
}

/// "give me a tip", "another challenge", "my cards": the command in it.
fn wants(said: &str) -> Option<&str> {
    const ASKS: [&str; 15] = [
        "give me ",
        "show me ",
        "show ",
        "send me ",
        "get me ",
        "i want ",
        "i need ",
        "i would like ",
        "i'd like ",
        "can i have ",
        "could i have ",
        "may i have ",
        "can i get ",
        "can you give me ",
        "could you give me ",
    ];
    const ARTICLES: [&str; 8] = ["a ", "an ", "another ", "the ", "my ", "some ", "one ", "one more "];
    let rest = ASKS.iter().find_map(|word| said.strip_prefix(word)).unwrap_or(said);
    let rest = ARTICLES.iter().rev().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let known =
        ["tip", "tips", "advice", "challenge", "script", "help", "progress", "cards", "case", "settings"];
    (rest.len() < said.len() && known.contains(&rest)).then_some(rest)
}

pub fn answer(scene: &Scene) -> Outcome {
    Outcome::say(Reply::headed("What I can do").and_all(table(scene)).and_buttons(vec![
        Button::primary("Get a tip", Action::Tip(None)),
        Button::new("Log evidence", Action::Log),
        Button::new("Challenge me", Action::Challenge(None)),
    ]))
}

/// A short answer to what is in no table.
pub fn how_to(scene: &Scene, what: HowTo) -> Outcome {
    match what {
        HowTo::Hello => Outcome::say(
            Reply::text("Hello. Ask me about your work in your own words, or start here:").and_buttons(vec![
                Button::primary("Get a tip", Action::Tip(None)),
                Button::new("Challenge me", Action::Challenge(None)),
                Button::new("Log evidence", Action::Log),
                Button::new("What can you do?", Action::Help),
            ]),
        ),
        // In the middle of a rehearsal it is the rehearsal that is meant.
        HowTo::Stop if scene.person.rehearsing(scene.now).is_some() => rehearse::answer(scene, "stop"),
        HowTo::Stop => stop(scene),
        HowTo::Delete => delete(scene),
        HowTo::Undo => Outcome::say(
            Reply::text(format!(
                "What is to be undone? A card that you deleted has *Undo* under that answer, for a day. A card that you \
                 saved has *Delete*: {} shows it. Settings and nudges you can set anew.",
                scene.code("cards")
            ))
            .and_buttons(vec![
                Button::new("My cards", Action::Cards(0, String::new())),
                Button::new("Settings", Action::Settings),
            ]),
        ),
    }
}

fn stop(scene: &Scene) -> Outcome {
    let ways = vec![
        format!("{}: no more nudges", scene.code("nudge off")),
        format!("{}: none before that day", scene.code("nudge until 1 September")),
        format!("{}: erases all I know about you", scene.code("forget me")),
    ];
    let reply = Reply::headed("How to stop me");
    let reply =
        if scene.person.rhythm.on { reply } else { reply.and_text("Your weekly nudge is off already.") };
    let reply = reply.and(Part::List(ways));
    Outcome::say(if scene.person.rhythm.on {
        reply.and_buttons(vec![
            Button::primary("Turn nudges off", Action::NudgesOff),
            Button::new("Change the nudge", Action::Rhythm),
        ])
    } else {
        reply
    })
}

fn delete(scene: &Scene) -> Outcome {
    let reply = Reply::text(format!(
        "A card has its own *Delete* button: open it from {}. For a day it can be brought back. {} is something else: \
         it erases all I know about you.",
        scene.code("cards"),
        scene.code("forget me")
    ));
    let mut buttons = vec![Button::primary("My cards", Action::Cards(0, String::new()))];
    let reply = match scene.person.shelf.newest.first() {
        None => reply,
        Some(card) => {
            buttons.push(Button::danger("Delete this one", Action::DeleteCard(card.id.clone())));
            reply.and_typed("Your latest", shorten(&card.what, 200))
        }
    };
    Outcome::say(reply.and_buttons(buttons))
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
