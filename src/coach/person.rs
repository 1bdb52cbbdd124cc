//! The snapshot of one person that a decision needs. Loaded by `store`, never changed in place:
//! what should be different is said as a `Change`.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::library::{PromptId, Rung};
use super::rhythm::Rhythm;

/// Somebody in a workspace. The same human in another workspace is another person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId {
    pub team: String,
    pub user: String,
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.team, self.user)
    }
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: PersonId,
    /// Nobody has welcomed them yet.
    pub is_new: bool,
    /// None until they say so; treated as undecided.
    pub wanted: Option<Rung>,
    pub zone: Zone,
    pub rhythm: Rhythm,
    pub current: Option<Taken>,
    pub shelf: Shelf,
    pub shown: BTreeMap<PromptId, Shown>,
}

impl Person {
    /// Somebody of whom nothing is known and nothing is looked up, for answers that others read along.
    /// The seed makes one moment's choice differ from the next one's.
    pub fn anybody(seed: &str) -> Person {
        Person {
            id: PersonId { team: String::new(), user: seed.to_owned() },
            is_new: false,
            wanted: None,
            zone: Zone::resolve(None, None),
            rhythm: Rhythm::default(),
            current: None,
            shelf: Shelf::default(),
            shown: BTreeMap::new(),
        }
    }

    pub fn rung(&self) -> Rung {
        self.wanted.unwrap_or(Rung::Undecided)
    }

    pub fn has_seen(&self, prompt: &PromptId) -> bool {
        self.shown.get(prompt).is_some_and(|shown| shown.times > 0)
    }

    pub fn has_declined(&self, prompt: &PromptId) -> bool {
        self.shown.get(prompt).is_some_and(|shown| shown.declined)
    }

    /// The date on their wall.
    pub fn today(&self, now: Timestamp) -> Date {
        self.zone.tz.to_datetime(now).date()
    }
}

/// Whose wall clock counts, and how we know.
#[derive(Clone, Debug)]
pub struct Zone {
    pub name: String,
    pub tz: TimeZone,
    pub known_from: KnownFrom,
    /// What Slack last told us, whether or not it is what counts.
    pub in_slack: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownFrom {
    /// They chose it here.
    Choice,
    /// From their Slack profile.
    Slack,
    /// Nobody told us; it is UTC.
    Nobody,
}

impl Zone {
    /// Their own choice first, then Slack's word, then UTC. A name that the zone data does not have
    /// (very old or very new) is passed over, never an error.
    pub fn resolve(chosen: Option<&str>, in_slack: Option<&str>) -> Zone {
        let look_up = |name: Option<&str>, known_from| {
            let name = name?;
            let tz = TimeZoneDatabase::bundled().get(name).ok()?;
            let name = tz.iana_name().unwrap_or(name).to_owned();
            Some(Zone { name, tz, known_from, in_slack: in_slack.map(str::to_owned) })
        };
        look_up(chosen, KnownFrom::Choice).or_else(|| look_up(in_slack, KnownFrom::Slack)).unwrap_or_else(
            || Zone {
                name: "UTC".to_owned(),
                tz: TimeZone::UTC,
                known_from: KnownFrom::Nobody,
                in_slack: in_slack.map(str::to_owned),
            },
        )
    }

    /// The name as the zone data spells it, for whatever spelling a person typed; None where there
    /// is no such zone.
    pub fn find(typed: &str) -> Option<String> {
        let wanted = typed.trim().replace(' ', "_");
        let database = TimeZoneDatabase::bundled();
        let has = |name: &str| name.eq_ignore_ascii_case(&wanted);
        let by_city = |name: &str| {
            name.contains('/')
                && name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&wanted))
        };
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        names.iter().find(|name| has(name)).or_else(|| names.iter().find(|name| by_city(name))).cloned()
    }
}

/// A challenge somebody has taken on.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub id: String,
    pub prompt: PromptId,
    /// Their own if-then words.
    pub plan: String,
    /// The day they want to have done it by.
    pub due_on: Date,
}

/// An evidence card.
#[derive(Clone, PartialEq)]
pub struct Card {
    pub id: String,
    /// The challenge it came from.
    pub challenge: Option<PromptId>,
    /// None until they say which skill it shows.
    pub skill: Option<PromptId>,
    /// What they did, in their own words.
    pub what: String,
    /// What changed because of it.
    pub changed: String,
    /// Who could confirm it.
    pub witness: String,
    pub link: String,
    pub happened_on: Date,
    pub logged_at: Timestamp,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What people write stays out of every log and every panic message.
        let length = self.what.chars().count() + self.changed.chars().count() + self.witness.chars().count();
        write!(f, "Card({}, ‹{length} chars›)", self.id)
    }
}

/// Their evidence: how much there is, and the few cards that a reply may need.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub total: u32,
    /// Cards by skill; those without a skill are only in the total.
    pub by_skill: BTreeMap<PromptId, u32>,
    /// Newest first, a handful.
    pub newest: Vec<Card>,
    /// The card that the request is about, where it names one.
    pub asked_for: Option<Card>,
}

/// That a prompt was put before them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    pub times: u32,
    pub last_at: Timestamp,
    /// They said that it is not for them.
    pub declined: bool,
}
