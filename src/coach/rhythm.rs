//! When somebody's nudges come: their day, their pace, their pauses, and the slot that is next.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::week::{self, Due, Week, Weekly};

/// After so many nudges without any use of the coach they come every second week.
pub const SLOWER_AFTER: u32 = 3;
/// After so many the coach goes quiet, and says so once.
pub const QUIET_AFTER: u32 = 5;
/// Up to here a nudge goes out as if it were on time.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(1);
/// Past this a nudge is stale, and skipped.
pub const TOO_LATE: SignedDuration = SignedDuration::from_hours(24);
/// People due in the same minute are spread over this many milliseconds.
const SPREAD_MILLIS: u64 = 90_000;
/// An outage is told slot by slot, but not for ever.
const MOST_MISSED: usize = 120;

#[derive(Clone, Debug, PartialEq)]
pub struct Rhythm {
    pub on: bool,
    /// Their own day and time; without one the workspace's counts.
    pub own: Option<(Weekday, Time)>,
    /// One nudge every so many weeks.
    pub every: u32,
    /// Nothing before this date on their wall.
    pub quiet_until: Option<Date>,
    /// Nudges since they last used the coach, those on their way included.
    pub unanswered: u32,
    /// The last week that has had its slot, however that ended.
    pub last_week: Option<Week>,
    pub next: Option<Slot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub at: Timestamp,
    pub week: Week,
}

/// What becomes of one slot.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// To be sent then.
    Send {
        due_at: Timestamp,
    },
    /// The last word before going quiet, to be sent then.
    SayQuiet {
        due_at: Timestamp,
    },
    Skip {
        reason: &'static str,
    },
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { on: false, own: None, every: 1, quiet_until: None, unanswered: 0, last_week: None, next: None }
    }
}

impl Rhythm {
    pub fn weekly(&self, usual: &Weekly) -> Weekly {
        self.own.map_or_else(|| usual.clone(), |(day, time)| Weekly::on(day, time))
    }

    pub fn is_slowed(&self) -> bool {
        self.unanswered >= SLOWER_AFTER
    }

    pub fn is_quiet(&self) -> bool {
        self.unanswered > QUIET_AFTER
    }

    /// Sets `next` to the first slot after an instant that pace and pauses allow.
    pub fn replan(&mut self, usual: &Weekly, zone: &TimeZone, after: Timestamp) {
        self.next = None;
        if self.on && !self.is_quiet() {
            let weekly = self.weekly(usual);
            self.next = weekly
                .firings(zone, after)
                .take(10_000)
                .find(|due| self.allows(due))
                .map(|due| Slot { at: due.at, week: due.week });
        }
    }

    fn allows(&self, due: &Due) -> bool {
        let pace = if self.is_slowed() { self.every.max(2) } else { self.every };
        self.last_week.is_none_or(|last| due.week.since(last) >= i64::from(pace))
            && self.quiet_until.is_none_or(|until| due.wall.date() >= until)
    }

    /// They used the coach: what was counted against nudges is forgotten. True when that brings
    /// back nudges that had slowed down or stopped.
    pub fn heard_from(&mut self, usual: &Weekly, zone: &TimeZone, now: Timestamp) -> bool {
        let comes_back = self.on && self.is_slowed();
        self.unanswered = 0;
        if comes_back {
            self.replan(usual, zone, now);
        }
        comes_back
    }

    /// A nudge that was counted when it was planned has come to nothing: what nobody got, nobody ignored.
    pub fn take_back(&mut self, usual: &Weekly, zone: &TimeZone, now: Timestamp) {
        let before = (self.is_slowed(), self.is_quiet());
        self.unanswered = self.unanswered.saturating_sub(1);
        if (self.is_slowed(), self.is_quiet()) != before {
            self.replan(usual, zone, now);
        }
    }

    /// Their wall clock moved to another zone: the slot keeps its wall time and its week. Where that
    /// time has already passed over there, it waits for the next waking hour rather than being lost.
    pub fn moved(&mut self, from: &TimeZone, to: &TimeZone, now: Timestamp) {
        // What was due before they moved is not moved: an outage is no journey.
        if let Some(slot) = self.next.filter(|slot| slot.at > now) {
            let wall = from.to_datetime(slot.at);
            let at = week::resolve(to, wall).unwrap_or(slot.at);
            let at = if at > now { at } else { week::next_waking_hour(to, now) };
            self.next = Some(Slot { at, ..slot });
        }
    }

    /// Turns the slots that have come due into their fates, and moves on to the next one.
    ///
    /// Only the newest missed slot can still be sent: up to an hour late at once, later in waking
    /// hours, past a day not at all. Never two at once.
    pub fn come_due(
        &mut self,
        usual: &Weekly,
        zone: &TimeZone,
        spread_by: u64,
        now: Timestamp,
    ) -> Vec<(Slot, Fate)> {
        let mut due = Vec::new();
        while let Some(slot) = self.next.filter(|slot| slot.at <= now) {
            due.push(slot);
            self.last_week = Some(slot.week);
            self.replan(usual, zone, slot.at);
            if due.len() == MOST_MISSED {
                self.replan(usual, zone, now);
            }
        }
        let Some((newest, missed)) = due.split_last() else { return Vec::new() };
        let skip = |slot: &Slot| (*slot, Fate::Skip { reason: "the coach was not running at the time" });
        let mut fates: Vec<_> = missed.iter().map(skip).collect();

        let late = now.duration_since(newest.at);
        let spread = SignedDuration::from_millis((spread_by % SPREAD_MILLIS) as i64);
        let due_at = if late <= AT_ONCE { newest.at + spread } else { week::next_waking_hour(zone, now) };
        if late > TOO_LATE || due_at.duration_since(newest.at) > TOO_LATE {
            fates.push(skip(newest));
            return fates;
        }
        fates.push((
            *newest,
            if self.unanswered >= QUIET_AFTER { Fate::SayQuiet { due_at } } else { Fate::Send { due_at } },
        ));
        self.unanswered += 1;
        self.replan(usual, zone, now);
        fates
    }
}

/// Where something that waits in the outbox is more than an hour late, and it is night there: when it may come.
pub fn after_the_night(zone: &TimeZone, meant_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let at = week::next_waking_hour(zone, now);
    (now.duration_since(meant_at) > AT_ONCE && at > now).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZoneDatabase;

    fn zone(name: &str) -> TimeZone {
        TimeZoneDatabase::bundled().get(name).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn usual() -> Weekly {
        Weekly::parse("0 0 10 * * Wed").unwrap()
    }

    fn on_since(when: &str) -> Rhythm {
        let mut rhythm = Rhythm { on: true, ..Rhythm::default() };
        rhythm.replan(&usual(), &zone("Europe/Berlin"), at(when));
        rhythm
    }

    #[test]
    fn a_slot_that_is_due_is_sent_and_the_next_one_is_a_week_on() {
        let mut rhythm = on_since("2026-03-02T08:00:00Z");
        let now = at("2026-03-04T09:00:05Z");
        let fates = rhythm.come_due(&usual(), &zone("Europe/Berlin"), 7_000, now);
        let slot = Slot { at: at("2026-03-04T09:00:00Z"), week: Week::parse("2026-W10").unwrap() };
        assert_eq!(fates, [(slot, Fate::Send { due_at: at("2026-03-04T09:00:07Z") })]);
        assert_eq!(rhythm.next.unwrap().at, at("2026-03-11T09:00:00Z"));
        assert_eq!(rhythm.come_due(&usual(), &zone("Europe/Berlin"), 7_000, now), []);
    }

    #[test]
    fn after_an_outage_only_the_newest_slot_is_sent_and_only_while_it_is_fresh() {
        let check = |now: &str, expected: &[&str]| {
            let mut rhythm = on_since("2026-03-02T08:00:00Z");
            let fates = rhythm.come_due(&usual(), &zone("Europe/Berlin"), 0, at(now));
            let shown: Vec<String> = fates
                .iter()
                .map(|(Slot { week, .. }, fate)| match fate {
                    Fate::Send { due_at } => format!("{week} at {due_at}"),
                    Fate::SayQuiet { .. } => format!("{week} quiet"),
                    Fate::Skip { .. } => format!("{week} skipped"),
                })
                .collect();
            assert_eq!(shown, expected, "{now}");
            assert!(rhythm.next.unwrap().at > at(now));
        };
        check("2026-03-04T09:59:00Z", &["2026-W10 at 2026-03-04T09:00:00Z"]);
        check("2026-03-04T13:00:00Z", &["2026-W10 at 2026-03-04T13:00:00Z"]);
        check("2026-03-04T20:00:00Z", &["2026-W10 at 2026-03-05T07:00:00Z"]);
        check("2026-03-05T09:01:00Z", &["2026-W10 skipped"]);
        check(
            "2026-03-19T08:00:00Z",
            &["2026-W10 skipped", "2026-W11 skipped", "2026-W12 at 2026-03-19T08:00:00Z"],
        );
    }

    #[test]
    fn silence_slows_nudges_down_then_stops_them_and_any_word_brings_them_back() {
        let berlin = zone("Europe/Berlin");
        let mut rhythm = on_since("2026-03-02T08:00:00Z");
        let mut sent = Vec::new();
        while let Some(slot) = rhythm.next {
            for (Slot { week, .. }, fate) in rhythm.come_due(&usual(), &berlin, 0, slot.at) {
                sent.push(format!(
                    "{week}{}",
                    if matches!(fate, Fate::SayQuiet { .. }) { " quiet" } else { "" }
                ));
            }
        }
        assert_eq!(sent, ["2026-W10", "2026-W11", "2026-W12", "2026-W14", "2026-W16", "2026-W18 quiet"]);
        assert!(rhythm.heard_from(&usual(), &berlin, at("2026-08-03T08:00:00Z")));
        assert_eq!(rhythm.next.unwrap().at, at("2026-08-05T08:00:00Z"));
        assert!(!rhythm.heard_from(&usual(), &berlin, at("2026-08-03T08:00:00Z")));
    }

    #[test]
    fn what_nobody_got_slows_nothing_down() {
        let berlin = zone("Europe/Berlin");
        let mut rhythm = on_since("2026-03-02T08:00:00Z");
        for week in 10..20 {
            let slot = rhythm.next.unwrap();
            assert_eq!(slot.week.to_string(), format!("2026-W{week}"));
            let fates = rhythm.come_due(&usual(), &berlin, 0, slot.at);
            assert_eq!(fates, [(slot, Fate::Send { due_at: slot.at })]);
            rhythm.take_back(&usual(), &berlin, slot.at);
        }
        // The last word that did not arrive is said another time.
        let mut rhythm = Rhythm { unanswered: QUIET_AFTER, ..on_since("2026-03-02T08:00:00Z") };
        let slot = rhythm.next.unwrap();
        rhythm.come_due(&usual(), &berlin, 0, slot.at);
        assert_eq!(rhythm.next, None);
        rhythm.take_back(&usual(), &berlin, slot.at);
        assert_eq!(
            (rhythm.unanswered, rhythm.next.unwrap().week.to_string()),
            (QUIET_AFTER, "2026-W12".into())
        );
    }

    #[test]
    fn pauses_and_pace_hold() {
        let berlin = zone("Europe/Berlin");
        let mut rhythm = on_since("2026-03-02T08:00:00Z");
        rhythm.quiet_until = Some(jiff::civil::date(2026, 3, 18));
        rhythm.replan(&usual(), &berlin, at("2026-03-02T08:00:00Z"));
        assert_eq!(rhythm.next.unwrap().at, at("2026-03-18T09:00:00Z"));
        rhythm.every = 3;
        rhythm.come_due(&usual(), &berlin, 0, at("2026-03-18T09:00:00Z"));
        assert_eq!(rhythm.next.unwrap().at, at("2026-04-08T08:00:00Z"));
    }

    #[test]
    fn a_move_keeps_the_wall_time_and_the_week() {
        let check = |to: &str, now: &str, expected: &str| {
            let mut rhythm = on_since("2026-03-02T08:00:00Z");
            rhythm.moved(&zone("Europe/Berlin"), &zone(to), at(now));
            assert_eq!(rhythm.next.unwrap().at, at(expected), "{to}");
            assert_eq!(rhythm.next.unwrap().week.to_string(), "2026-W10");
        };
        check("America/New_York", "2026-03-03T08:00:00Z", "2026-03-04T15:00:00Z");
        check("Asia/Tokyo", "2026-03-03T08:00:00Z", "2026-03-04T01:00:00Z");
        // Already past ten over there: not lost, not at night.
        check("Asia/Tokyo", "2026-03-04T08:30:00Z", "2026-03-04T08:30:00Z");
        check("Pacific/Kiritimati", "2026-03-04T08:30:00Z", "2026-03-04T18:00:00Z");
        // Missed three weeks ago, and told of the zone once more: still three weeks ago.
        check("Europe/Berlin", "2026-03-25T08:30:00Z", "2026-03-04T09:00:00Z");
        check("Asia/Tokyo", "2026-03-25T08:30:00Z", "2026-03-04T09:00:00Z");
    }
}
