//! The coach: what to say and what to write down, decided from plain data.
//!
//! It never waits, never fails and never looks at a clock; it knows nothing of Slack, SQL or HTTP.
//! `respond` answers a command, `press` a button, `submit` a form; `plan` turns a due slot into a
//! decision and `nudge` words it when it is sent.

pub mod action;
pub mod aside;
mod begin;
pub mod channel;
pub mod choose;
pub mod command;
mod commands;
pub mod dates;
pub mod event;
pub mod fill;
mod forms;
mod home;
pub mod levels;
pub mod library;
mod mention;
pub mod need;
pub mod nudge;
pub mod past;
pub mod person;
pub mod pick;
mod press;
pub mod progress;
pub mod reply;
pub mod rhythm;
pub mod say;
pub mod search;
mod shortcut;
pub mod tact;
pub mod week;

use jiff::Timestamp;

pub use action::Action;
pub use command::{Command, Usage, parse};
pub use commands::case as commands_case;
pub use forms::{form_again, of_another_version, submit};
pub use home::{CARDS_ON_A_PAGE, home};
pub use mention::mention;
pub use press::press;
pub use reply::{About, Form, Reply, Submission};
pub use say::prompt as lay_out;
pub use shortcut::{Shortcut, shortcut};

use channel::{ChannelNudge, Place};
use event::{Event, Talk};
use library::{Library, PromptId, Rung};
use person::{Card, Person, Profile, Rating, Taken};
use rhythm::Rhythm;
use week::{Week, Weekly};

/// What the coach reads before it decides.
pub struct Scene<'a> {
    pub library: &'a Library,
    pub person: &'a Person,
    pub now: Timestamp,
    pub house: &'a House,
    /// A name that nobody has used, for the one row that an answer may make.
    pub fresh: &'a str,
    /// The channel in which a command was said that is about its channel.
    pub here: Option<&'a Place>,
}

/// What is the same for everybody here.
#[derive(Clone, Debug)]
pub struct House {
    /// The slash command: `/coach`.
    pub command: String,
    /// When nudges come for those who chose no time of their own.
    pub weekly: Weekly,
    pub version: &'static str,
    /// Where the rows are, in words: "a SQLite file".
    pub database: &'static str,
}

/// What the coach gives back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub changes: Vec<Change>,
    pub reply: Reply,
    /// To be opened where the request can open one; where it cannot, the reply stands alone.
    pub form: Option<Form>,
    /// Files for the direct message.
    pub files: Vec<Enclosure>,
    /// For the conversation, wherever the request came from; in the conversation it takes the reply's place.
    pub by_message: Option<Reply>,
    /// Takes the place of a message in a channel, where everybody sees it; the reply stays private.
    pub aloud: Option<Reply>,
}

impl Outcome {
    pub fn say(reply: Reply) -> Self {
        Self { reply, ..Self::default() }
    }

    /// Opens a form; the reply is for where that is impossible.
    pub fn open(form: Form, reply: Reply) -> Self {
        Self { reply, form: Some(form), ..Self::default() }
    }

    pub fn enclosing(mut self, files: impl IntoIterator<Item = Enclosure>) -> Self {
        self.files.extend(files);
        self
    }

    pub fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Something goes into the conversation besides the answer, at once.
    pub fn has_mail(&self) -> bool {
        self.by_message.is_some() || !self.files.is_empty()
    }
}

/// A file that goes along with an answer. `export` and `picture` make it, from the same scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enclosure {
    CaseMarkdown,
    CaseCsv,
    CaseJson,
    /// Everything that is kept about the person.
    Everything,
    /// Where they stand, as a picture.
    Picture,
}

/// One thing to write down. `store/changes.rs` has one statement for each.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a handful of them lives as long as one request")]
pub enum Change {
    Welcomed,
    Want(Rung),
    /// None goes back to what Slack says.
    ChooseZone(Option<String>),
    Rhythm(Rhythm),
    Shown(PromptId),
    Declined(PromptId),
    TakeOn(Taken),
    End {
        taken: String,
        how: Ending,
    },
    SaveCard(Card),
    DeleteCard(String),
    RestoreCard(String),
    /// How far a rehearsal is.
    Rehearse(person::Run),
    /// This week's nudge has been given in answer to a command: its slot is used.
    UseSlot {
        week: Week,
        prompt: PromptId,
    },
    /// Nothing that waits is wanted any more: what they put off, and what something would have brought.
    ForgetUnasked,
    /// The nudge of this week comes once more.
    Remind {
        week: Week,
        prompt: PromptId,
        at: Timestamp,
    },
    /// What they say about themselves: where they are, how they feel about leading, how much time they have.
    Describe(Profile),
    /// The form at the beginning was offered.
    Offered,
    /// It came back.
    Begun,
    /// It is not wanted.
    NeverAsk,
    Rate(Rating),
    /// A challenge waits while another one is the current one.
    Park(String),
    /// A parked challenge is the current one again, with a new day.
    Resume {
        taken: String,
        due_on: jiff::civil::Date,
    },
    /// Comes by itself on that day, if it still makes sense then.
    Expect {
        event: Event,
        at: Timestamp,
    },
    Talk(Talk),
    ChannelNudge(ChannelNudge),
    /// The weekly challenge in this channel ends.
    StopChannelNudge(String),
    /// Every row about this person goes.
    Forget,
}

/// How a challenge ended. None of them is a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    Swapped,
    Dropped,
}

impl Scene<'_> {
    fn today(&self) -> jiff::civil::Date {
        self.person.today(self.now)
    }

    /// How to call the coach: `/coach tip` as code.
    fn code(&self, rest: &str) -> String {
        let line = format!("{} {rest}", self.house.command);
        format!("`{}`", line.trim_end())
    }
}

/// Answers a command.
pub fn respond(scene: &Scene, command: Command) -> Outcome {
    let forgets = matches!(command, Command::Forget);
    let outcome = commands::answer(scene, command);
    if forgets { outcome } else { greet(scene, outcome) }
}

/// Answers what somebody writes in the conversation: an answer, while a rehearsal is on; else as the
/// command would be. Habit types the slash command here too.
pub fn hear(scene: &Scene, text: &str) -> Outcome {
    let after = text.trim_start().strip_prefix(scene.house.command.as_str());
    let said = after.unwrap_or(text);
    let in_a_rehearsal = match after {
        None => commands::rehearse::heard(scene, text),
        Some(_) => None,
    };
    let mut outcome = match (in_a_rehearsal, parse(said)) {
        (Some(outcome), _) => greet(scene, outcome),
        // Nothing but blanks, from somebody who knows us: the list of what there is.
        (None, Ok(Command::Today)) if !scene.person.is_new && said.trim().is_empty() => {
            respond(scene, Command::Help)
        }
        (None, Ok(command)) => respond(scene, command),
        (None, Err(usage)) => explain(scene, usage),
    };
    if let Some(reply) = outcome.by_message.take() {
        outcome.reply = reply;
    }
    outcome
}

/// Answers what could not be read as a command: with what was typed, the nearest command and help.
pub fn explain(scene: &Scene, usage: Usage) -> Outcome {
    greet(scene, Outcome::say(command::explain(scene, &usage)))
}

/// What any use of the coach brings with it: a word to somebody new, and a welcome back to somebody
/// whose nudges had slowed down or stopped.
fn greet(scene: &Scene, mut outcome: Outcome) -> Outcome {
    event::expect(scene, &mut outcome);
    let person = scene.person;
    if person.is_new && !outcome.changes.contains(&Change::Welcomed) {
        outcome.changes.push(Change::Welcomed);
        outcome.reply = outcome.reply.and_note(format!(
            "First time here? Only you see my answers. {} shows what else I do, {} what I keep.",
            scene.code("help"),
            scene.code("about")
        ));
    }
    let mut rhythm = person.rhythm.clone();
    if rhythm.unanswered == 0 || outcome.changes.iter().any(|change| matches!(change, Change::Rhythm(_))) {
        return outcome;
    }
    let comes_back = rhythm.heard_from(&scene.house.weekly, &person.zone.tz, scene.now);
    if let (true, Some(slot)) = (comes_back, rhythm.next) {
        let when = say::moment(&person.zone, slot.at);
        outcome.reply =
            outcome.reply.and_note(format!("Good to see you. Your nudge is back: next on {when}."));
    }
    outcome.changes.push(Change::Rhythm(rhythm));
    outcome
}
