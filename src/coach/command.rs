//! What people can say: the one table, reading it, and answering what is not in it.

use super::commands;
use super::reply::{Button, Part, Reply};
use super::{Action, Scene};

/// A command's row. Parsing, help, the README's table, the manifest's hint and the tests read it.
pub struct Spec {
    pub name: &'static str,
    pub args: &'static str,
    pub about: &'static str,
    /// What can stand after the command's name, as people would type it.
    pub examples: &'static [&'static str],
    /// Other words for it, understood but not advertised.
    pub also: &'static [&'static str],
    pub parse: fn(rest: &str) -> Result<Command, Usage>,
}

/// In the order of the help.
pub const SPECS: [&Spec; 18] = [
    &commands::today::SPEC,
    &commands::tip::SPEC,
    &commands::script::SPEC,
    &commands::challenge::SPEC,
    &commands::done::SPEC,
    &commands::log::SPEC,
    &commands::cards::SPEC,
    &commands::progress::SPEC,
    &commands::case::SPEC,
    &commands::assess::SPEC,
    &commands::rehearse::SPEC,
    &commands::ask::SPEC,
    &commands::nudge::SPEC,
    &commands::settings::SPEC,
    &commands::export::SPEC,
    &commands::forget::SPEC,
    &commands::help::SPEC,
    &commands::about::SPEC,
];

/// A command that was understood. Names in it are still as typed: only the library knows them.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Today,
    Rehearse {
        name: String,
    },
    Ask {
        question: String,
    },
    Tip {
        skill: String,
    },
    Script {
        name: String,
    },
    Challenge {
        name: String,
    },
    Done {
        what: String,
    },
    Log {
        what: String,
    },
    Cards {
        words: String,
    },
    Progress,
    Case {
        export: bool,
    },
    Assess {
        name: String,
    },
    Export,
    Nudge(commands::nudge::Ask),
    Settings(commands::settings::Ask),
    Forget,
    Help,
    /// What people say without knowing the table: a greeting, "stop", "undo".
    HowTo(commands::help::HowTo),
    /// How to use one command.
    HelpWith {
        name: &'static str,
    },
    About,
}

impl Command {
    /// Whether the channel in which it is said makes a difference.
    pub fn is_about_its_channel(&self) -> bool {
        matches!(self, Command::Nudge(commands::nudge::Ask::Here(_)))
    }
}

/// Why a text is no command.
#[derive(Clone, Debug, PartialEq)]
pub enum Usage {
    Unknown { typed: String },
    Wrong { name: &'static str, typed: String, what: String },
}

impl Usage {
    pub fn wrong(spec: &'static Spec, typed: &str, what: impl Into<String>) -> Usage {
        Usage::Wrong { name: spec.name, typed: typed.to_owned(), what: what.into() }
    }
}

/// Reads what stands after `/coach`, or a whole direct message.
///
/// # Errors
/// [`Usage`] is an answer for a person, worded by [`explain`].
pub fn parse(text: &str) -> Result<Command, Usage> {
    let text = text.trim_matches(is_blank);
    if text.is_empty() {
        return Ok(Command::Today);
    }
    if let Some(said) = commands::help::in_other_words(text) {
        return said;
    }
    let (first, rest) = text.split_once(is_blank).unwrap_or((text, ""));
    let rest = rest.trim_matches(is_blank);
    // Habit and the hint say the coach's name once more: "/coach coach tip", "@coach tip".
    if matches!(bare(first.trim_start_matches('@')).as_str(), "coach" | "rung") {
        let next = rest.split(is_blank).next().unwrap_or_default();
        if find(next).is_some() || rest.is_empty() && first.starts_with(['/', '@']) {
            return parse(rest);
        }
    }
    match find(first) {
        // What comes back is what was typed, whichever of a command's words it was.
        Some(spec) => (spec.parse)(rest).map_err(|usage| match usage {
            Usage::Wrong { name, what, .. } => Usage::Wrong { name, what, typed: text.to_owned() },
            Usage::Unknown { typed } => Usage::Unknown { typed },
        }),
        None => Err(Usage::Unknown { typed: text.to_owned() }),
    }
}

/// Blank to a person: phones type non-breaking spaces, and paste brings invisible marks along.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

pub(super) fn find(word: &str) -> Option<&'static Spec> {
    let word = bare(word);
    SPECS
        .into_iter()
        .find(|spec| !spec.name.is_empty() && (spec.name == word || spec.also.contains(&word.as_str())))
}

/// The bare words of a structured argument: lower case, without quotes (curly or straight) and
/// closing punctuation. Prose is never passed through here.
pub(super) fn bare(text: &str) -> String {
    text.split(is_blank)
        .map(|word| word.trim_matches(|c: char| "\"'“”‘’„«»`.,;:!?/*_~".contains(c)).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The same for a name that may follow a command: "tip please" and "challenge me now" name nothing.
pub(super) fn name(text: &str) -> String {
    let bare = bare(text);
    let words: Vec<&str> = bare.split(' ').collect();
    let polite = |word: &&str| matches!(*word, "please" | "me" | "now" | "pls" | "a" | "another");
    let from = words.iter().position(|word| !polite(word)).unwrap_or(words.len());
    let to = words.iter().rposition(|word| !polite(word)).map_or(from, |at| at + 1);
    words[from..to].join(" ")
}

/// The commands that somebody may have meant, the likeliest first; three at most.
pub fn nearest(typed: &str) -> Vec<&'static Spec> {
    let word = bare(typed.split(is_blank).next().unwrap_or_default());
    let near = |name: &'static str| {
        let most = match name.len() {
            0..3 => 0,
            3..5 => 1,
            _ => 2,
        };
        Some(distance(name, &word)).filter(|distance| *distance <= most)
    };
    let mut found: Vec<(usize, &'static Spec)> = SPECS
        .into_iter()
        .filter_map(|spec| {
            let names = std::iter::once(spec.name).chain(spec.also.iter().copied());
            Some((names.filter(|name| !name.is_empty()).filter_map(near).min()?, spec))
        })
        .collect();
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().take(3).map(|(_, spec)| spec).collect()
}

/// Edits from one word to another, where two neighbours swapped count as one.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

/// The answer to what could not be read.
pub fn explain(scene: &Scene, usage: &Usage) -> Reply {
    match usage {
        Usage::Wrong { name, typed, what } => {
            let spec =
                SPECS.into_iter().find(|spec| spec.name == *name).expect("a usage names a row of the table");
            let examples = spec.examples.iter().map(|example| scene.code(example)).collect();
            Reply::text(what.as_str())
                .and_typed("You typed:", typed)
                .and_text("Like this:")
                .and(Part::List(examples))
        }
        Usage::Unknown { typed } => {
            // A word or two near a command is a slip; anything else is a question.
            let slips = nearest(typed);
            let short = typed.split(is_blank).filter(|word| !word.is_empty()).count() <= 2;
            if (!short || slips.is_empty())
                && let Some(answer) = commands::ask::reply(scene, typed)
            {
                // "logg my stuff": an answer to that, and the words are not lost either.
                return match slips.first().filter(|spec| is_log_mistyped(spec, typed)) {
                    Some(spec) => answer
                        .and_text("Was it something to log?")
                        .and_buttons(button(spec, typed).into_iter().collect()),
                    None => answer,
                };
            }
            if slips.is_empty() {
                return commands::ask::nothing(scene, typed);
            }
            let meant = slips.iter().map(|spec| format!("{}: {}", scene.code(spec.name), spec.about));
            Reply::text("I do not know that one yet.")
                .and_typed("You typed:", typed)
                .and_text("Did you mean this?")
                .and(Part::List(meant.collect()))
                .and_buttons(slips.first().and_then(|spec| button(spec, typed)).into_iter().collect())
                .and_note(commands::help::all_of_it(scene))
        }
    }
}

/// "logg", "lgo": of these three letters alone. "Long", "lot" and "low" begin many a sentence.
fn is_log_mistyped(spec: &Spec, typed: &str) -> bool {
    let first = bare(typed.split(is_blank).next().unwrap_or_default());
    spec.name == "log" && first.chars().all(|c| "log".contains(c))
}

/// Does what was meant. What was to be logged goes into the form.
fn button(spec: &Spec, typed: &str) -> Option<Button> {
    let rest = typed.split_once(is_blank).map_or("", |(_, rest)| rest.trim_matches(is_blank));
    match spec.name {
        "log" => Some(Button::primary("Log evidence", Action::log_this(rest))),
        _ => commands::help::button_for(spec),
    }
}

/// The hint that Slack shows while somebody types the command.
pub fn usage_hint() -> String {
    let names: Vec<&str> = SPECS.iter().map(|spec| spec.name).filter(|name| !name.is_empty()).collect();
    format!("[{}]", names.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::commands::help::HowTo;
    use super::*;

    #[test]
    fn every_example_in_the_table_is_understood() {
        for spec in SPECS {
            for example in spec.examples {
                assert!(parse(example).is_ok(), "{example}");
                assert!(example.starts_with(spec.name), "{example} belongs to {}", spec.name);
            }
            assert!(spec.name.len() + spec.about.len() <= 52, "{} must fit a phone", spec.about);
        }
    }

    #[test]
    fn phones_are_understood() {
        let check = |text: &str, expected: Command| assert_eq!(parse(text), Ok(expected), "{text}");
        check("", Command::Today);
        check(" \u{a0} ", Command::Today);
        check("Tip", Command::Tip { skill: String::new() });
        check("TIP\u{a0}Org buy-in", Command::Tip { skill: "org buy-in".into() });
        check("tip “Market fluency”.", Command::Tip { skill: "market fluency".into() });
        check(
            "Log: Wrote the memo — Dana’s team “gets it”",
            Command::Log { what: "Wrote the memo — Dana’s team “gets it”".into() },
        );
        check("done", Command::Done { what: String::new() });
        check("Forget me", Command::Forget);
        check("help?", Command::Help);
        check("Help nudge", Command::HelpWith { name: "nudge" });
    }

    #[test]
    fn what_newcomers_say_is_understood() {
        let check = |text: &str, expected: Command| assert_eq!(parse(text), Ok(expected), "{text}");
        let tip = || Command::Tip { skill: String::new() };
        for text in ["?", "what can you do?", "Who are you", "help", "commands", "i need help please"] {
            check(text, Command::Help);
        }
        for text in ["hello", "Good morning!", "hi", "hey there"] {
            check(text, Command::HowTo(HowTo::Hello));
        }
        for text in ["stop", "Unsubscribe.", "no more nudges", "please stop"] {
            check(text, Command::HowTo(HowTo::Stop));
        }
        for text in ["delete", "delete that card", "Remove card"] {
            check(text, Command::HowTo(HowTo::Delete));
        }
        for text in ["delete 3", "delete card 3", "edit card #3", "show my card 3"] {
            check(text, Command::Cards { words: "3".to_owned() });
        }
        for text in ["I did it!", "done it", "I finished my challenge", "done please"] {
            assert!(matches!(parse(text), Ok(Command::Done { .. })), "{text}");
        }
        for (text, name) in [
            ("swap", "swap"),
            ("drop it", "drop"),
            ("park my challenge", "park"),
            ("what's my challenge?", "list"),
            ("new challenge", ""),
            ("challenge me", ""),
            ("challenge please", ""),
        ] {
            check(text, Command::Challenge { name: name.to_owned() });
        }
        check("tip please", tip());
        check("pause until 20 March", Command::Nudge(commands::nudge::Ask::Until("20 march".to_owned())));
        check("skip this week", Command::Nudge(commands::nudge::Ask::Until("next week".to_owned())));
        for text in ["undo", "undo that"] {
            check(text, Command::HowTo(HowTo::Undo));
        }
        for text in ["forget me please", "delete everything", "delete my data", "erase"] {
            check(text, Command::Forget);
        }
        for text in [
            "coach tip",
            "/coach tip",
            "@coach tip",
            "/coach /coach tip",
            "give me a tip",
            "another tip please",
        ] {
            check(text, tip());
        }
        check("/coach", Command::Today);
        check("coach market fluency", Command::Tip { skill: "market fluency".into() });
        check("help forget me", Command::HelpWith { name: "forget" });
        check("hi how do I say no", Command::Ask { question: "how do I say no".into() });
        // The same words inside prose are prose.
        for text in ["stop my boss from micromanaging", "delete half of the roadmap and say why"] {
            assert!(matches!(parse(text), Err(Usage::Unknown { .. })), "{text}");
        }
        let usage = parse("erase half of it and more").unwrap_err();
        assert!(matches!(usage, Usage::Wrong { typed, .. } if typed == "erase half of it and more"));
    }

    #[test]
    fn a_near_miss_is_recognised_and_prose_is_not() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse(text), Err(Usage::Unknown { typed: text.to_owned() }));
            assert_eq!(nearest(text).first().map(|spec| spec.name), expected, "{text}");
        };
        check("tpi", Some("tip"));
        check("chalenge", Some("challenge"));
        check("nugde off", Some("nudge"));
        check("settngs", Some("settings"));
        check("why is my boss like this", None);
        check("🙂", None);
    }
}
