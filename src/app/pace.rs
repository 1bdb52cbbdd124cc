//! How fast one workspace and one channel may be spoken to: Slack takes one message a second in a
//! channel, and several hundred a minute in a workspace.
//!
//! Whoever has to wait gets a place of their own, so that each waits once: five hundred that were all told
//! "in a moment" would all come back in a moment. The row of a workspace is in the database, so that any
//! number of servers share it; a channel's second is kept by each server for itself.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// A little over a second: Slack's clock is not ours.
const IN_A_CHANNEL: SignedDuration = SignedDuration::from_millis(1_050);
/// Three hundred a minute.
const IN_A_WORKSPACE: i64 = 200;
/// So many may go at once before the pace counts.
const BURST: i64 = 20;
/// A place that was not taken by then has passed.
const PLACE_HOLDS: i64 = 5_000;

/// When each channel, or person, may be spoken to again.
#[derive(Default)]
pub struct Channels(Mutex<Free>);

#[derive(Default)]
struct Free {
    at: HashMap<String, Timestamp>,
    seen: Option<Timestamp>,
    tidied: Option<Timestamp>,
}

impl Channels {
    /// From when, where it is not now.
    pub fn free(&self, team: &str, target: &str, now: Timestamp) -> Result<(), Timestamp> {
        let mut free = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        free.mind(now);
        match free.at.get(&format!("{team}/{target}")) {
            Some(&at) if at > now => Err(at),
            _ => Ok(()),
        }
    }

    pub fn taken(&self, team: &str, target: &str, now: Timestamp) {
        let mut free = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        free.at.insert(format!("{team}/{target}"), now + IN_A_CHANNEL);
    }
}

impl Free {
    /// A clock that was set back makes every promise a long one: all are dropped, and Slack's own limits
    /// hold meanwhile. What has passed is forgotten, once a second.
    fn mind(&mut self, now: Timestamp) {
        if self.seen.is_some_and(|seen| now < seen) {
            self.at.clear();
            self.tidied = None;
        }
        self.seen = Some(now);
        if self.tidied.is_none_or(|at| now.duration_since(at) >= SignedDuration::from_secs(1)) {
            self.tidied = Some(now);
            self.at.retain(|_, at| *at > now);
        }
    }
}

/// The row of one workspace, while some of its jobs are told when their turn is. Milliseconds.
pub struct Row {
    /// When the next place is free.
    pub free_at: i64,
    now: i64,
}

/// When a job's turn is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Now,
    /// Then, and nobody else's.
    At(i64),
}

impl Row {
    pub fn new(free_at: i64, now: i64) -> Row {
        Row { free_at: free_at.max(now), now }
    }

    /// Whether its place has come, and has not passed.
    pub fn had(&self, place: Option<i64>) -> bool {
        place.is_some_and(|at| at <= self.now && self.now - at <= PLACE_HOLDS)
    }

    /// `place` is what the job was given before, if anything. What somebody waits for does not queue, and
    /// counts all the same.
    pub fn turn(&mut self, place: Option<i64>, is_awaited: bool) -> Turn {
        match place {
            Some(at) if at > self.now && at <= self.free_at => return Turn::At(at),
            _ if self.had(place) => return Turn::Now,
            _ => {}
        }
        let at = self.free_at - IN_A_WORKSPACE * BURST;
        self.free_at += IN_A_WORKSPACE;
        if is_awaited || at <= self.now { Turn::Now } else { Turn::At(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        "2026-03-04T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_millis(millis)
    }

    #[test]
    fn a_channel_waits_a_second_and_others_do_not() {
        let channels = Channels::default();
        channels.taken("T1", "U1", at(0));
        assert_eq!(channels.free("T1", "U1", at(0)), Err(at(1_050)));
        assert_eq!(channels.free("T1", "U2", at(0)), Ok(()));
        assert_eq!(channels.free("T2", "U1", at(0)), Ok(()));
        assert_eq!(channels.free("T1", "U1", at(1_050)), Ok(()));
        channels.taken("T1", "U1", at(2_000));
        // The clock is set back by a year.
        assert_eq!(channels.free("T1", "U1", at(0) - SignedDuration::from_hours(365 * 24)), Ok(()));
    }

    #[test]
    fn everybody_waits_once_for_a_place_of_their_own() {
        let mut row = Row::new(0, 1_000_000);
        let turns: Vec<Turn> = (0..500).map(|_| row.turn(None, false)).collect();
        let places: Vec<i64> = turns
            .iter()
            .filter_map(|turn| match turn {
                Turn::Now => None,
                Turn::At(at) => Some(*at - 1_000_000),
            })
            .collect();
        // 500 at 300 a minute, the first of them at once, and no two in the same place.
        assert_eq!(places.len(), 479);
        assert!(places.windows(2).all(|two| two[1] - two[0] == IN_A_WORKSPACE));
        assert_eq!(places.last(), Some(&95_800));
        for place in places {
            let mut later = Row::new(row.free_at, 1_000_000 + place + 30);
            assert_eq!(later.turn(Some(1_000_000 + place), false), Turn::Now);
            assert_eq!(later.free_at, row.free_at.max(1_000_000 + place + 30), "it was counted before");
        }
    }

    #[test]
    fn what_somebody_waits_for_goes_first_and_a_place_that_has_passed_is_gone() {
        let mut row = Row::new(0, 0);
        for _ in 0..100 {
            row.turn(None, false);
        }
        assert_eq!(row.turn(None, true), Turn::Now);
        assert_eq!(row.turn(None, false), Turn::At(101 * 200 - 4_000));
        assert_eq!(row.turn(Some(-PLACE_HOLDS - 1), false), Turn::At(102 * 200 - 4_000));
        // Before its time it keeps its place.
        assert_eq!(row.turn(Some(3_000), false), Turn::At(3_000));
    }
}
