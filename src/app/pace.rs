//! How fast one workspace and one channel may be spoken to: Slack takes one message a second in a
//! channel, and several hundred a minute in a workspace.
//!
//! Whoever has to wait gets a place of their own, so that each waits once: five hundred that were all told
//! "in a moment" would all come back in a moment.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// A little over a second: Slack's clock is not ours.
const IN_A_CHANNEL: SignedDuration = SignedDuration::from_millis(1_050);
/// Three hundred a minute.
const IN_A_WORKSPACE: SignedDuration = SignedDuration::from_millis(200);
/// So many may go at once before the pace counts.
const BURST: i32 = 20;
/// A place that was not taken by then has passed.
const PLACE_HOLDS: SignedDuration = SignedDuration::from_secs(5);

#[derive(Default)]
pub struct Pace(Mutex<Places>);

#[derive(Default)]
struct Places {
    free_at: HashMap<String, Timestamp>,
    /// By job: from when it may go.
    kept: HashMap<String, Timestamp>,
    seen: Option<Timestamp>,
    tidied: Option<Timestamp>,
}

impl Pace {
    /// Takes a place for a message to this target (a person, or a channel) now, or keeps one for this job
    /// and says from when it is.
    pub fn take(&self, team: &str, target: &str, job: &str, now: Timestamp) -> Result<(), Timestamp> {
        let mut places = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        places.mind(now);
        let channel = format!("channel/{team}/{target}");
        if let Some(&at) = places.free_at.get(&channel).filter(|at| **at > now) {
            return Err(at);
        }
        match places.kept.get(job) {
            Some(&at) if at > now => return Err(at),
            Some(&at) if now.duration_since(at) <= PLACE_HOLDS => {
                places.kept.remove(job);
                places.free_at.insert(channel, now + IN_A_CHANNEL);
                return Ok(());
            }
            _ => {
                places.kept.remove(job);
            }
        }
        let workspace = format!("team/{team}");
        let busy = places.free_at.get(&workspace).copied().unwrap_or(now).max(now);
        places.free_at.insert(workspace, busy + IN_A_WORKSPACE);
        let at = busy - IN_A_WORKSPACE * BURST;
        if at > now {
            places.kept.insert(job.to_owned(), at);
            return Err(at);
        }
        places.free_at.insert(channel, now + IN_A_CHANNEL);
        Ok(())
    }
}

impl Places {
    /// A clock that was set back makes every promise a long one: all are dropped, and Slack's own limits
    /// hold meanwhile. What has passed is forgotten, once a second.
    fn mind(&mut self, now: Timestamp) {
        if self.seen.is_some_and(|seen| now < seen) {
            self.free_at.clear();
            self.kept.clear();
            self.tidied = None;
        }
        self.seen = Some(now);
        if self.tidied.is_none_or(|at| now.duration_since(at) >= SignedDuration::from_secs(1)) {
            self.tidied = Some(now);
            self.free_at.retain(|_, at| *at > now);
            self.kept.retain(|_, at| now.duration_since(*at) <= PLACE_HOLDS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        "2026-03-04T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_millis(millis)
    }

    #[test]
    fn a_channel_waits_a_second_and_a_workspace_is_spread() {
        let pace = Pace::default();
        assert_eq!(pace.take("T1", "U1", "a", at(0)), Ok(()));
        assert_eq!(pace.take("T1", "U1", "b", at(0)), Err(at(1_050)));
        assert_eq!(pace.take("T2", "U1", "c", at(0)), Ok(()));
        let taken =
            (2..100).take_while(|n| pace.take("T1", &format!("U{n}"), &format!("j{n}"), at(0)).is_ok());
        assert_eq!(taken.count(), 20);
        assert_eq!(pace.take("T3", "U99", "d", at(0)), Ok(()));
    }

    #[test]
    fn everybody_waits_once_for_a_place_of_their_own() {
        let pace = Pace::default();
        let mut waiting: Vec<(Timestamp, String)> = Vec::new();
        for n in 0..500 {
            if let Err(until) = pace.take("T1", &format!("U{n}"), &format!("j{n}"), at(0)) {
                waiting.push((until, format!("{n}")));
            }
        }
        assert_eq!(waiting.len(), 479);
        let places: std::collections::BTreeSet<_> = waiting.iter().map(|(at, _)| *at).collect();
        assert_eq!(places.len(), 479, "no two have the same place");
        for (until, n) in &waiting {
            let late = *until + SignedDuration::from_millis(30);
            assert_eq!(pace.take("T1", &format!("U{n}"), &format!("j{n}"), late), Ok(()));
        }
        // 500 at 300 a minute, the first 20 at once.
        assert_eq!(waiting.last().unwrap().0, at(95_800));
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_waiting() {
        let pace = Pace::default();
        for n in 0..100 {
            let _ = pace.take("T1", &format!("U{n}"), &format!("j{n}"), at(0));
        }
        let a_year_back = at(0) - SignedDuration::from_hours(365 * 24);
        assert_eq!(pace.take("T1", "U99", "j99", a_year_back), Ok(()));
    }
}
