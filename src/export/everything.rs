//! Every row that is kept about somebody, in words that need no key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::coach::Scene;
use crate::coach::channel::ChannelNudge;
use crate::coach::past::{PastChallenge, PastMessage, PastRequest, PastShown};
use crate::coach::person::{self, Run, RunEnd};
use crate::coach::week::day_long;

use super::cards::Card;
use super::{EVERYTHING, VERSION};

/// An older export lacks what was added since: then that is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Everything {
    pub format: String,
    pub version: u32,
    pub made_at: String,
    pub team: String,
    pub user: String,
    pub since: String,
    pub settings: Settings,
    pub account: Account,
    pub talk: Talk,
    pub cards: Vec<Card>,
    pub challenges: Vec<Challenge>,
    pub ratings: Vec<Rating>,
    pub rehearsals: Vec<Rehearsal>,
    pub shown: Vec<Shown>,
    pub nudges: Vec<Nudge>,
    pub messages: Vec<Message>,
    pub channels: Vec<Channel>,
    pub requests: Vec<Request>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub here: Option<String>,
    pub wanted: Option<String>,
    pub feeling: Option<String>,
    pub minutes_a_week: Option<u32>,
    pub zone: String,
    pub zone_in_slack: Option<String>,
    pub nudges_on: bool,
    pub nudge_day_and_time: Option<String>,
    pub nudge_every_weeks: u32,
    pub quiet_until: Option<String>,
    pub next_nudge_at: Option<String>,
    pub asked_at_the_beginning: bool,
    pub never_ask: bool,
}

/// When they did what with the coach, and how their nudges stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    pub used_at: String,
    pub welcomed_at: Option<String>,
    pub zone_asked_at: Option<String>,
    pub conversation: Option<String>,
    pub nudges_on_since: Option<String>,
    pub nudges_unanswered: u32,
    pub last_nudge_week: Option<String>,
    pub next_nudge_week: Option<String>,
    pub beginning_offered_at: Option<String>,
    pub begun_at: Option<String>,
    pub never_ask_since: Option<String>,
    pub rated_at: Option<String>,
    pub rehearsed_at: Option<String>,
    pub home_opened_at: Option<String>,
}

/// The talk with the manager.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Talk {
    pub booked_on: Option<String>,
    pub talked_on: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Challenge {
    pub id: String,
    pub prompt: String,
    pub plan: String,
    pub due_on: String,
    pub taken_at: String,
    pub waits: bool,
    pub parked_at: Option<String>,
    pub ended_at: Option<String>,
    pub ended_how: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    pub assessment: String,
    pub item: String,
    pub level: u8,
    pub at: String,
}

/// Once through a set of questions. The answers are kept nowhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rehearsal {
    pub id: String,
    pub prompt: String,
    pub started_at: String,
    pub touched_at: String,
    pub scores: Vec<Score>,
    /// The next answer was given and waits for its score.
    pub answered: bool,
    pub ended_at: Option<String>,
    pub ended_how: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Score {
    pub proof: u8,
    pub brevity: u8,
    pub limit: u8,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub prompt: String,
    pub times: u32,
    pub last_at: String,
    pub declined: bool,
    pub declined_at: Option<String>,
}

/// What became of a week's nudge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    pub week: String,
    pub prompt: Option<String>,
    pub outcome: String,
}

/// Everything that was sent, is planned, or was left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    pub id: String,
    pub kind: String,
    pub slot: String,
    pub week: Option<String>,
    pub prompt: Option<String>,
    pub occasion: Option<String>,
    /// As Slack gets it, while it waits; empty once it is sent.
    pub body: String,
    pub written_at: String,
    pub meant_at: String,
    pub due_at: String,
    pub attempts: i64,
    pub done_at: Option<String>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub conversation: Option<String>,
    pub message: Option<String>,
}

/// A channel's weekly challenge that they set up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Channel {
    pub channel: String,
    pub set_up_at: String,
    pub day: String,
    pub time: String,
    pub zone: String,
    pub last_week: Option<String>,
    pub next_at: Option<String>,
    pub next_week: Option<String>,
}

/// What they asked in the last two days, kept so that the same thing twice is one effect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub kind: String,
    pub at: String,
    pub answer: String,
}

fn at(at: Timestamp) -> String {
    at.to_string()
}

fn some(moment: Option<Timestamp>) -> Option<String> {
    moment.map(at)
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

impl Everything {
    pub fn of(scene: &Scene) -> Everything {
        let person = scene.person;
        let history = person.more.history.clone().unwrap_or_default();
        let mut cards: Vec<Card> = person
            .more
            .cards
            .iter()
            .map(|card| Card { edited_at: some(history.edited.get(&card.id).copied()), ..Card::from(card) })
            .collect();
        cards.extend(history.deleted.iter().map(|(card, deleted)| Card {
            edited_at: some(history.edited.get(&card.id).copied()),
            deleted_at: Some(at(*deleted)),
            ..Card::from(card)
        }));
        Everything {
            format: EVERYTHING.to_owned(),
            version: VERSION,
            made_at: at(scene.now),
            team: person.id.team.clone(),
            user: person.id.user.clone(),
            since: at(history.account.since),
            settings: Settings::of(person),
            account: Account::of(person, &history.account),
            talk: Talk { booked_on: text(person.talk.booked_on), talked_on: text(person.talk.talked_on) },
            cards,
            challenges: history.challenges.into_iter().map(Challenge::from).collect(),
            ratings: person.ratings.iter().map(Rating::from).collect(),
            rehearsals: history.rehearsals.iter().map(Rehearsal::from).collect(),
            shown: history.shown.into_iter().map(Shown::from).collect(),
            nudges: history.messages.iter().filter_map(Nudge::of).collect(),
            messages: history.messages.into_iter().map(Message::from).collect(),
            channels: history.channels.into_iter().map(Channel::from).collect(),
            requests: history.requests.into_iter().map(Request::from).collect(),
        }
    }
}

impl Settings {
    fn of(person: &person::Person) -> Settings {
        let (rhythm, profile) = (&person.rhythm, &person.profile);
        Settings {
            here: profile.here.map(|here| here.id().to_owned()),
            wanted: person.wanted.map(|rung| rung.id().to_owned()),
            feeling: profile.feeling.map(|feeling| feeling.id().to_owned()),
            minutes_a_week: profile.minutes,
            zone: person.zone.name.clone(),
            zone_in_slack: person.zone.in_slack.clone(),
            nudges_on: rhythm.on,
            nudge_day_and_time: rhythm
                .own
                .map(|(day, time)| format!("{} {}", day_long(day), time.strftime("%H:%M"))),
            nudge_every_weeks: rhythm.every,
            quiet_until: text(rhythm.quiet_until),
            next_nudge_at: rhythm.next.map(|slot| at(slot.at)),
            asked_at_the_beginning: profile.has_begun,
            never_ask: profile.never_ask,
        }
    }
}

impl Account {
    fn of(person: &person::Person, account: &crate::coach::past::Account) -> Account {
        let rhythm = &person.rhythm;
        Account {
            used_at: at(account.used_at),
            welcomed_at: some(account.welcomed_at),
            zone_asked_at: some(account.zone_checked_at),
            conversation: account.dm_channel.clone(),
            nudges_on_since: some(account.nudges_on_at),
            nudges_unanswered: rhythm.unanswered,
            last_nudge_week: text(rhythm.last_week),
            next_nudge_week: text(rhythm.next.map(|slot| slot.week)),
            beginning_offered_at: some(person.profile.offered_at),
            begun_at: some(account.begun_at),
            never_ask_since: some(account.never_ask_at),
            rated_at: some(account.rated_at),
            rehearsed_at: some(account.rehearsed_at),
            home_opened_at: some(account.home_opened_at),
        }
    }
}

impl From<PastChallenge> for Challenge {
    fn from(past: PastChallenge) -> Self {
        Challenge {
            id: past.taken.id,
            prompt: past.taken.prompt.to_string(),
            plan: past.taken.plan,
            due_on: past.taken.due_on.to_string(),
            taken_at: at(past.taken_at),
            waits: past.parked_at.is_some(),
            parked_at: some(past.parked_at),
            ended_at: past.ended.as_ref().map(|(ended, _)| at(*ended)),
            ended_how: past.ended.map(|(_, how)| how),
        }
    }
}

impl From<&person::Rating> for Rating {
    fn from(rating: &person::Rating) -> Self {
        Rating {
            assessment: rating.assessment.to_string(),
            item: rating.item.clone(),
            level: rating.level,
            at: at(rating.at),
        }
    }
}

impl From<&Run> for Rehearsal {
    fn from(run: &Run) -> Self {
        let score =
            |score: &person::Score| Score { proof: score.proof, brevity: score.brevity, limit: score.limit };
        let how = |how| match how {
            RunEnd::Finished => "finished".to_owned(),
            RunEnd::Stopped => "stopped".to_owned(),
        };
        Rehearsal {
            id: run.id.clone(),
            prompt: run.prompt.to_string(),
            started_at: at(run.started_at),
            touched_at: at(run.touched_at),
            scores: run.scores.iter().map(score).collect(),
            answered: run.answered,
            ended_at: run.ended.map(|(ended, _)| at(ended)),
            ended_how: run.ended.map(|(_, end)| how(end)),
        }
    }
}

impl From<PastShown> for Shown {
    fn from(past: PastShown) -> Self {
        Shown {
            prompt: past.prompt.to_string(),
            times: past.times,
            last_at: at(past.last_at),
            declined: past.declined_at.is_some(),
            declined_at: some(past.declined_at),
        }
    }
}

impl Nudge {
    fn of(past: &PastMessage) -> Option<Nudge> {
        Some(Nudge {
            week: past.week.clone()?,
            prompt: text(past.prompt.as_ref()),
            outcome: past.outcome.clone()?,
        })
    }
}

impl From<PastMessage> for Message {
    fn from(past: PastMessage) -> Self {
        Message {
            id: past.id,
            kind: past.kind,
            slot: past.slot,
            week: past.week,
            prompt: text(past.prompt),
            occasion: past.occasion,
            body: past.body,
            written_at: at(past.created_at),
            meant_at: at(past.meant_at),
            due_at: at(past.due_at),
            attempts: past.attempts,
            done_at: some(past.done_at),
            outcome: past.outcome,
            reason: past.reason,
            conversation: past.channel,
            message: past.message_ts,
        }
    }
}

impl From<(ChannelNudge, Timestamp)> for Channel {
    fn from((nudge, since): (ChannelNudge, Timestamp)) -> Self {
        Channel {
            channel: nudge.channel,
            set_up_at: at(since),
            day: day_long(nudge.day).to_owned(),
            time: nudge.time.strftime("%H:%M").to_string(),
            zone: nudge.zone,
            last_week: text(nudge.last_week),
            next_at: nudge.next.map(|slot| at(slot.at)),
            next_week: text(nudge.next.map(|slot| slot.week)),
        }
    }
}

impl From<PastRequest> for Request {
    fn from(past: PastRequest) -> Self {
        Request { kind: past.kind, at: at(past.at), answer: past.answer }
    }
}
