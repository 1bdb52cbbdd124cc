//! The snapshot of one person that a decision needs. Loaded by `store`, never changed in place:
//! what should be different is said as a `Change`.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::event::Talk;
use super::library::{PromptId, Rung};
use super::past::{History, Holdings};
use super::rhythm::Rhythm;
use super::tact::Letter;

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
    /// Slack has been asked for their zone, whatever it said.
    pub zone_asked: bool,
    pub rhythm: Rhythm,
    pub current: Option<Taken>,
    pub shelf: Shelf,
    pub shown: BTreeMap<PromptId, Shown>,
    pub profile: Profile,
    /// Challenges that wait, the one parked last first.
    pub parked: Vec<Taken>,
    /// Every time they rated themselves, oldest first.
    pub ratings: Vec<Rating>,
    /// What only some answers need: see `need`.
    pub more: More,
    /// The rehearsals they went through, newest first.
    pub runs: Vec<Run>,
    /// They have opened App Home, so what stands there is kept fresh.
    pub has_home: bool,
    pub talk: Talk,
    /// What went to them of late, or waits, without their asking for it at the time.
    pub letters: Vec<Letter>,
}

impl Person {
    /// Somebody of whom nothing is known and nothing is looked up, for answers that others read along.
    /// The seed makes one moment's choice differ from the next one's.
    pub fn anybody(seed: &str) -> Person {
        let id = PersonId { team: String::new(), user: seed.to_owned() };
        Person { is_new: false, ..Person::stranger(id) }
    }

    /// Somebody who has no row.
    pub fn stranger(id: PersonId) -> Person {
        Person {
            id,
            is_new: true,
            wanted: None,
            zone: Zone::resolve(None, None),
            zone_asked: false,
            rhythm: Rhythm::default(),
            current: None,
            shelf: Shelf::default(),
            shown: BTreeMap::new(),
            profile: Profile::default(),
            parked: Vec::new(),
            ratings: Vec::new(),
            more: More::default(),
            runs: Vec::new(),
            has_home: false,
            talk: Talk::default(),
            letters: Vec::new(),
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

    /// Their latest rating of an item, and the one before it.
    pub fn rated(&self, assessment: &PromptId, item: &str) -> Option<(&Rating, Option<&Rating>)> {
        let mut newest_first = self
            .ratings
            .iter()
            .rev()
            .filter(|rating| rating.assessment == *assessment && rating.item == item);
        newest_first.next().map(|latest| (latest, newest_first.next()))
    }

    /// On the go or parked.
    pub fn has_taken(&self, prompt: &PromptId) -> bool {
        self.current.iter().chain(&self.parked).any(|taken| taken.prompt == *prompt)
    }

    /// The rehearsal that is on. One that nobody went on with for hours is over in all but name: words
    /// in the conversation are no answers any more.
    pub fn rehearsing(&self, now: Timestamp) -> Option<&Run> {
        let is_on = |run: &&Run| run.ended.is_none() && now.duration_since(run.touched_at) < PATIENCE;
        self.runs.iter().find(is_on)
    }

    /// The date on their wall.
    pub fn today(&self, now: Timestamp) -> Date {
        self.zone.tz.to_datetime(now).date()
    }
}

const PATIENCE: jiff::SignedDuration = jiff::SignedDuration::from_hours(3);

/// Once through a set of questions, or as far as they got.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub id: String,
    pub prompt: PromptId,
    pub started_at: Timestamp,
    /// When they last went on with it.
    pub touched_at: Timestamp,
    /// One for each question so far.
    pub scores: Vec<Score>,
    /// The question after those has been answered and waits for its score.
    pub answered: bool,
    pub ended: Option<(Timestamp, RunEnd)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    Finished,
    Stopped,
}

impl Run {
    pub fn total(&self) -> u32 {
        self.scores.iter().map(|score| u32::from(score.total())).sum()
    }
}

/// What somebody gives their own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Proof used, 0 to 2.
    pub proof: u8,
    /// Within 45 seconds, 0 or 1.
    pub brevity: u8,
    /// A limit admitted or a good question asked, 0 or 1.
    pub limit: u8,
}

impl Score {
    pub const MOST: u8 = 4;

    /// All there are, the best first.
    pub fn all() -> impl Iterator<Item = Score> {
        let mut all: Vec<Score> =
            (0..12).map(|n| Score { proof: n / 4, brevity: n / 2 % 2, limit: n % 2 }).collect();
        all.sort_by_key(|score| std::cmp::Reverse((score.total(), score.proof, score.brevity)));
        all.into_iter()
    }

    /// Three digits, with or without blanks between them.
    pub fn parse(text: &str) -> Option<Score> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !matches!(c, ' ' | ',' | '+' | '/' | '-'))
            .map(|c| c.to_digit(10).map(|digit| digit as u8))
            .collect::<Option<_>>()?;
        match digits.as_slice() {
            [proof @ 0..=2, brevity @ 0..=1, limit @ 0..=1] => {
                Some(Score { proof: *proof, brevity: *brevity, limit: *limit })
            }
            _ => None,
        }
    }

    pub fn total(self) -> u8 {
        self.proof + self.brevity + self.limit
    }

    /// "3 of 4: some proof, under 45 seconds, a limit admitted".
    pub fn told(self) -> String {
        let proof = ["no proof", "some proof", "good proof"][usize::from(self.proof.min(2))];
        let brevity = if self.brevity > 0 { "under 45 seconds" } else { "longer" };
        let limit = if self.limit > 0 { "a limit admitted" } else { "no limit admitted" };
        format!("{} of {}: {proof}, {brevity}, {limit}", self.total(), Score::MOST)
    }
}

/// As it is written down: "211".
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.proof, self.brevity, self.limit)
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
        // In "Etc/GMT+2" the sign is the other way round, and "EST" has no summer: nobody who types these means that.
        if matches!(wanted.to_ascii_uppercase().as_str(), "EST" | "MST" | "HST") || is_offset(&wanted) {
            return None;
        }
        let city = |typed: &str| CITIES.iter().find(|(city, _)| *city == typed).map(|(_, zone)| *zone);
        if let Some(zone) = city(&typed.trim().to_lowercase()) {
            return Some(zone.to_owned());
        }
        let has = |name: &str| name.eq_ignore_ascii_case(&wanted);
        let by_city = |name: &str| {
            name.contains('/')
                && name.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(&wanted))
        };
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        names.iter().find(|name| has(name)).or_else(|| names.iter().find(|name| by_city(name))).cloned()
    }
}

/// "GMT+2", "UTC-5", "+2".
fn is_offset(typed: &str) -> bool {
    let typed = typed.to_ascii_uppercase();
    let rest = ["GMT", "UTC"].iter().find_map(|name| typed.strip_prefix(name)).unwrap_or(&typed);
    rest.starts_with(['+', '-', '\u{2212}'])
}

/// Large cities after which no zone is called. Spelled as people type them.
const CITIES: [(&str, &str); 36] = [
    ("münchen", "Europe/Berlin"),
    ("munich", "Europe/Berlin"),
    ("hamburg", "Europe/Berlin"),
    ("frankfurt", "Europe/Berlin"),
    ("köln", "Europe/Berlin"),
    ("cologne", "Europe/Berlin"),
    ("wien", "Europe/Vienna"),
    ("zürich", "Europe/Zurich"),
    ("geneva", "Europe/Zurich"),
    ("milan", "Europe/Rome"),
    ("barcelona", "Europe/Madrid"),
    ("manchester", "Europe/London"),
    ("edinburgh", "Europe/London"),
    ("san francisco", "America/Los_Angeles"),
    ("seattle", "America/Los_Angeles"),
    ("san diego", "America/Los_Angeles"),
    ("portland", "America/Los_Angeles"),
    ("boston", "America/New_York"),
    ("washington", "America/New_York"),
    ("atlanta", "America/New_York"),
    ("miami", "America/New_York"),
    ("philadelphia", "America/New_York"),
    ("austin", "America/Chicago"),
    ("dallas", "America/Chicago"),
    ("houston", "America/Chicago"),
    ("montreal", "America/Toronto"),
    ("bangalore", "Asia/Kolkata"),
    ("bengaluru", "Asia/Kolkata"),
    ("mumbai", "Asia/Kolkata"),
    ("delhi", "Asia/Kolkata"),
    ("hyderabad", "Asia/Kolkata"),
    ("beijing", "Asia/Shanghai"),
    ("shenzhen", "Asia/Shanghai"),
    ("osaka", "Asia/Tokyo"),
    ("tel aviv", "Asia/Jerusalem"),
    ("rio de janeiro", "America/Sao_Paulo"),
];

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
    /// A document that shows it: a link, or where it lies.
    pub link: String,
    pub happened_on: Date,
    pub logged_at: Timestamp,
    /// What the matter was.
    pub situation: String,
    /// How `witness` confirmed it: "by mail".
    pub confirmed_how: String,
    pub confirmed_on: Option<Date>,
    /// In which words.
    pub confirmed_words: String,
    /// What of it was still there a quarter later.
    pub lasted: String,
    pub lasted_on: Option<Date>,
    /// The goal it served.
    pub goal: String,
    /// How others were brought along.
    pub others: String,
    /// What they would do a level up.
    pub level_up: String,
    /// The level of the skill that it argues for, 1 to 4.
    pub level: Option<u8>,
    /// Where they placed it on the challenge's rubric, 1 to 3.
    pub placed: Option<u8>,
}

impl Card {
    /// A card of one line: the rest can be added when there is time.
    pub fn of_one_line(id: String, what: String, happened_on: Date, logged_at: Timestamp) -> Card {
        Card {
            id,
            challenge: None,
            skill: None,
            what,
            changed: String::new(),
            witness: String::new(),
            link: String::new(),
            happened_on,
            logged_at,
            situation: String::new(),
            confirmed_how: String::new(),
            confirmed_on: None,
            confirmed_words: String::new(),
            lasted: String::new(),
            lasted_on: None,
            goal: String::new(),
            others: String::new(),
            level_up: String::new(),
            level: None,
            placed: None,
        }
    }

    /// All the words on it.
    pub fn texts(&self) -> [&str; 11] {
        [
            &self.what,
            &self.changed,
            &self.witness,
            &self.link,
            &self.situation,
            &self.confirmed_how,
            &self.confirmed_words,
            &self.lasted,
            &self.goal,
            &self.others,
            &self.level_up,
        ]
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What people write stays out of every log and every panic message.
        let length: usize = self.texts().iter().map(|text| text.chars().count()).sum();
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
    /// The same, where they have deleted it and it can still be brought back.
    pub deleted: Option<Card>,
    /// Cards of the last twelve months, counted by what they prove.
    pub proofs: Vec<Proof>,
}

/// So many cards of one skill, level and strength.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    pub skill: PromptId,
    pub level: u8,
    pub strength: u8,
    pub cards: u32,
}

/// What somebody has told us about themselves. All of it may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    pub here: Option<Here>,
    pub feeling: Option<Feeling>,
    /// How many minutes a week they have for this.
    pub minutes: Option<u32>,
    /// When we last offered the form at the beginning.
    pub offered_at: Option<Timestamp>,
    /// They have sent it in.
    pub has_begun: bool,
    /// They do not want to be asked.
    pub never_ask: bool,
}

/// Where somebody is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    Senior,
    StaffPrincipal,
    GroupLead,
    DirectorHead,
    JustPromoted,
    SomewhereElse,
}

impl Here {
    pub const ALL: [Here; 6] = [
        Here::Senior,
        Here::StaffPrincipal,
        Here::GroupLead,
        Here::DirectorHead,
        Here::JustPromoted,
        Here::SomewhereElse,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Here::Senior => "senior",
            Here::StaffPrincipal => "staff-principal",
            Here::GroupLead => "group-lead",
            Here::DirectorHead => "director-head",
            Here::JustPromoted => "just-promoted",
            Here::SomewhereElse => "elsewhere",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Here::Senior => "Senior PM",
            Here::StaffPrincipal => "Staff or Principal PM",
            Here::GroupLead => "Group or lead PM",
            Here::DirectorHead => "Director or Head of Product",
            Here::JustPromoted => "Just promoted, still finding my feet",
            Here::SomewhereElse => "Somewhere else",
        }
    }

    pub fn from_id(id: &str) -> Option<Here> {
        Here::ALL.into_iter().find(|here| here.id() == id)
    }
}

/// How somebody feels about leading. None of these is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feeling {
    Keen,
    Curious,
    Torn,
    RatherNot,
}

impl Feeling {
    pub const ALL: [Feeling; 4] = [Feeling::Keen, Feeling::Curious, Feeling::Torn, Feeling::RatherNot];

    pub fn id(self) -> &'static str {
        match self {
            Feeling::Keen => "keen",
            Feeling::Curious => "curious",
            Feeling::Torn => "torn",
            Feeling::RatherNot => "rather-not",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Feeling::Keen => "I want it",
            Feeling::Curious => "Curious about it",
            Feeling::Torn => "Torn",
            Feeling::RatherNot => "I would rather not",
        }
    }

    pub fn from_id(id: &str) -> Option<Feeling> {
        Feeling::ALL.into_iter().find(|feeling| feeling.id() == id)
    }
}

/// One answer to one item of a self-assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct Rating {
    pub assessment: PromptId,
    /// A skill's id for the nine skills, else the question's number, from 1.
    pub item: String,
    /// 1 is the lowest.
    pub level: u8,
    pub at: Timestamp,
}

/// What only some answers need, loaded when `need` says so.
#[derive(Clone, Debug, Default)]
pub struct More {
    /// One page of cards, newest first.
    pub page: Option<Page>,
    /// Of each skill the best cards.
    pub best: Vec<Card>,
    /// The newest cards that have no skill yet.
    pub unsorted: Vec<Card>,
    /// Every card, newest first.
    pub cards: Vec<Card>,
    /// The weeks in which they logged, took on, finished or rated something.
    pub active: Vec<super::week::Week>,
    /// Everything else that is kept about them.
    pub history: Option<History>,
    pub holdings: Holdings,
}

/// A page of the cards that somebody looks through.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub cards: Vec<Card>,
    /// How many there are on all pages.
    pub total: u32,
}

/// That a prompt was put before them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    pub times: u32,
    pub last_at: Timestamp,
    /// They said that it is not for them.
    pub declined: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_city_and_never_with_the_sign_turned_round() {
        let check = |typed: &str, zone: Option<&str>| {
            assert_eq!(Zone::find(typed).as_deref(), zone, "{typed}");
        };
        check("europe/berlin", Some("Europe/Berlin"));
        check("New York", Some("America/New_York"));
        check("München", Some("Europe/Berlin"));
        check("San Francisco", Some("America/Los_Angeles"));
        check("UTC", Some("UTC"));
        for typed in ["GMT+2", "gmt-3", "UTC-5", "+2", "EST", "Atlantis"] {
            check(typed, None);
        }
        for (city, zone) in CITIES {
            assert_eq!(Zone::find(zone).as_deref(), Some(zone), "{city}");
        }
    }
}
