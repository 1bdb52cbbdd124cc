//! Every row about somebody that no decision asks for: what the export of everything hands over.
//!
//! `tests/it/store/export.rs` walks the schema, so that a column which is added later and forgotten here
//! is found.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::channel::ChannelNudge;
use super::library::PromptId;
use super::person::{Card, Run, Taken};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    pub account: Account,
    /// Every challenge that was taken on, oldest first.
    pub challenges: Vec<PastChallenge>,
    /// When cards were changed last, by their ids.
    pub edited: BTreeMap<String, Timestamp>,
    /// Cards that were deleted, and are not erased yet.
    pub deleted: Vec<(Card, Timestamp)>,
    /// Every rehearsal, oldest first.
    pub rehearsals: Vec<Run>,
    pub shown: Vec<PastShown>,
    /// Everything that was sent to them, or waits, or was skipped; oldest first.
    pub messages: Vec<PastMessage>,
    /// The weekly challenges of channels that they set up, and since when.
    pub channels: Vec<(ChannelNudge, Timestamp)>,
    /// What they asked of late, as far as it is remembered so that twice is one effect.
    pub requests: Vec<PastRequest>,
}

/// What stands in somebody's own row, beside what decisions need.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    pub since: Timestamp,
    pub used_at: Timestamp,
    pub welcomed_at: Option<Timestamp>,
    pub zone_checked_at: Option<Timestamp>,
    pub dm_channel: Option<String>,
    pub nudges_on_at: Option<Timestamp>,
    pub begun_at: Option<Timestamp>,
    pub never_ask_at: Option<Timestamp>,
    pub rated_at: Option<Timestamp>,
    pub home_opened_at: Option<Timestamp>,
    pub rehearsed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PastChallenge {
    pub taken: Taken,
    pub taken_at: Timestamp,
    /// Since then it waits.
    pub parked_at: Option<Timestamp>,
    /// done, swapped, dropped; None while it is on the go or parked.
    pub ended: Option<(Timestamp, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PastShown {
    pub prompt: PromptId,
    pub times: u32,
    pub last_at: Timestamp,
    pub declined_at: Option<Timestamp>,
}

/// One row of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct PastMessage {
    pub id: String,
    /// nudge, reminder, quiet, message, event, …
    pub kind: String,
    /// What makes it happen once.
    pub slot: String,
    pub week: Option<String>,
    pub prompt: Option<PromptId>,
    pub occasion: Option<String>,
    /// The drawn message, while it waits.
    pub body: String,
    pub created_at: Timestamp,
    pub meant_at: Timestamp,
    pub due_at: Timestamp,
    pub attempts: i64,
    pub done_at: Option<Timestamp>,
    pub outcome: Option<String>,
    pub reason: Option<String>,
    pub channel: Option<String>,
    pub message_ts: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PastRequest {
    /// signature, form, event, mention.
    pub kind: String,
    pub at: Timestamp,
    /// The answer, for ten minutes.
    pub answer: String,
}

/// How much of each kind there is, for whoever thinks of having it erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Those that were deleted and wait for their day to be over included.
    pub cards: u32,
    pub challenges: u32,
    pub ratings: u32,
    pub rehearsals: u32,
    pub shown: u32,
    /// Messages of all kinds, sent or planned.
    pub messages: u32,
    pub requests: u32,
    /// Channels' weekly challenges that they set up.
    pub channels: u32,
}
