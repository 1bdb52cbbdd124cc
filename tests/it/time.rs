//! A nudge for each zone of the database over years of weeks: each slot once, at the chosen wall time,
//! gaps moved forward, repeated hours at their first coming.
//!
//! `RUNG_SLOTS=6000000 cargo test --test it time` is what `tests/run` asks for; `RUNG_FULL=1 cargo test --profile proofs
//! --test it time` takes every minute of the week in every zone for ten years.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use jiff::civil::{Date, DateTime, Time, Weekday, date};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use rung::coach::rhythm::{Fate, Rhythm, Slot};
use rung::coach::week::{Week, Weekly, day_short};

use crate::nudges_proofs::how_many;

/// As many as take a few seconds.
const SLOTS: usize = if cfg!(debug_assertions) { 500_000 } else { 6_000_000 };
const MONDAY: Date = date(2026, 1, 5);
/// 2026 has fifty-three of them.
const A_YEAR: usize = 53;
const TEN_YEARS: usize = 522;
const MINUTES_OF_A_WEEK: usize = 7 * 24 * 60;

/// Threads; the full form has both cores of a small machine, or what the machine has.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2)
}

fn zones() -> Vec<(String, TimeZone)> {
    let database = TimeZoneDatabase::bundled();
    database.available().map(|name| (name.to_string(), database.get(name.as_str()).unwrap())).collect()
}

#[test]
fn every_zone_gets_its_nudge_once_a_week_at_the_chosen_wall_time() {
    let zones = zones();
    assert!(zones.len() > 590, "{} zones", zones.len());
    let all = zones.len() * MINUTES_OF_A_WEEK;
    let slots = how_many("RUNG_SLOTS", SLOTS, all * TEN_YEARS);
    // First more minutes of the week, then more years.
    let weeks = slots.div_ceil(all).clamp(A_YEAR, TEN_YEARS);
    let a_zone = (slots / zones.len() / weeks).clamp(1, MINUTES_OF_A_WEEK);
    let began = Instant::now();
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut sent, mut special) = (0, 0);
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some((name, zone)) = zones.get(n) else { return (sent, special) };
            let (more_sent, more_special) = years_in(name, zone, n, a_zone, weeks);
            (sent, special) = (sent + more_sent, special + more_special);
        }
    };
    let (sent, special) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads()).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    });
    let took = began.elapsed().as_secs_f64();
    println!(
        "{sent} slots in {} zones, {a_zone} minutes of the week over {weeks} weeks, each once; {special} of them in a \
         gap or a repeated hour; {took:.0} s, {:.0} a second, so {:.1} hours for all {}",
        zones.len(),
        sent as f64 / took,
        (all * TEN_YEARS) as f64 / (sent as f64 / took) / 3600.0,
        all * TEN_YEARS
    );
    assert!(special > 500, "only {special} slots fell into a gap or a repeated hour");
}

/// So many days and times in one zone: those near its changes of the clock, and a sample of all others.
fn years_in(name: &str, zone: &TimeZone, n: usize, most: usize, weeks: usize) -> (usize, usize) {
    let clock = Clock::of(zone, weeks);
    // All of them are all of them; a few begin with those near the changes.
    let mut chosen: Vec<usize> = if most < MINUTES_OF_A_WEEK { near_changes(zone) } else { Vec::new() };
    // A stride that shares no factor with a week's minutes comes by all of them, over the zones.
    chosen.extend((0..most).map(|k| (n * most + k) * 6_143 % MINUTES_OF_A_WEEK));
    let (mut sent, mut special) = (0, 0);
    for (at, minute) in chosen.iter().take(most.max(8)).enumerate() {
        let day = Weekday::from_monday_zero_offset((minute / 1_440) as i8).unwrap();
        let time = Time::constant((minute / 60 % 24) as i8, (minute % 60) as i8, 0, 0);
        let spread = (at as u64 * 7_919) % 90_000;
        // Most have chosen their own hour; now and then it is the one of the house, which is cron text.
        let rhythm = Rhythm { on: true, own: (at % 32 != 31).then_some((day, time)), ..Rhythm::default() };
        let usual = match rhythm.own {
            Some(_) => "0 0 10 * * Wed".to_owned(),
            None => format!("0 {} {} * * {}", time.minute(), time.hour(), day_short(day)),
        };
        special +=
            years_of(name, zone, &clock, (day, time), rhythm, &Weekly::parse(&usual).unwrap(), spread, weeks);
        sent += weeks;
    }
    (sent, special)
}

/// Minutes of the week just before, in and after what each change of the clock skips or repeats.
fn near_changes(zone: &TimeZone) -> Vec<usize> {
    let start = MONDAY.to_zoned(TimeZone::UTC).unwrap().timestamp();
    let year = zone
        .following(start)
        .take_while(|change| change.timestamp().duration_since(start).as_hours() < 24 * 371);
    year.flat_map(|change| {
        let before = zone.to_offset(change.timestamp() - 1.second());
        [before, change.offset()].map(|offset| {
            let wall = offset.to_datetime(change.timestamp());
            let day = wall.weekday().to_monday_zero_offset() as usize;
            (day * 1_440 + wall.hour() as usize * 60 + wall.minute() as usize + 15) % MINUTES_OF_A_WEEK
        })
    })
    .collect()
}

/// The coach for one person over the years; how many slots fell into a gap or a repeated hour.
#[expect(clippy::too_many_arguments, reason = "a proof has many premises")]
fn years_of(
    name: &str,
    zone: &TimeZone,
    clock: &Clock,
    (day, time): (Weekday, Time),
    mut rhythm: Rhythm,
    usual: &Weekly,
    spread: u64,
    weeks: usize,
) -> usize {
    let mut special = 0;
    // Starting late on the Sunday before, on their wall.
    rhythm.replan(usual, zone, clock.resolved((MONDAY - 1.day()).at(23, 59, 59, 0)).0);
    let mut date = MONDAY + i64::from(day.to_monday_zero_offset()).days();
    for _ in 0..weeks {
        let (expected, is_special) = clock.resolved(date.to_datetime(time));
        let week = Week::of(date);
        let slot = rhythm.next.unwrap_or_else(|| panic!("no slot for {week} in {name}"));
        assert_eq!((slot.at, slot.week), (expected, week), "{day:?} {time} in {name}");
        let early = slot.at - SignedDuration::from_millis(1);
        assert_eq!(rhythm.come_due(usual, zone, spread, early), [], "early: {week} in {name}");
        let due_at = slot.at + SignedDuration::from_millis(spread as i64);
        assert_eq!(
            rhythm.come_due(usual, zone, spread, slot.at),
            [(slot, Fate::Send { due_at })],
            "{week} in {name}"
        );
        assert_eq!(rhythm.come_due(usual, zone, spread, slot.at), [], "twice: {week} in {name}");
        rhythm.unanswered = 0;
        special += usize::from(is_special);
        date += 7.days();
    }
    special
}

/// The same rule said differently, from a list of offsets alone.
struct Clock(Vec<(Timestamp, Offset)>);

impl Clock {
    fn of(zone: &TimeZone, weeks: usize) -> Clock {
        let start = Offset::UTC.to_timestamp((MONDAY - 10.days()).at(0, 0, 0, 0)).unwrap();
        let end = start + SignedDuration::from_hours(24 * 7 * (weeks as i64 + 4));
        let mut changes = vec![(start, zone.to_offset(start))];
        changes.extend(
            zone.following(start)
                .take_while(|change| change.timestamp() < end)
                .map(|change| (change.timestamp(), change.offset())),
        );
        Clock(changes)
    }

    /// Of all instants that show this wall time the first; where none does, what the clock before the gap
    /// would have shown.
    fn resolved(&self, wall: DateTime) -> (Timestamp, bool) {
        let as_utc = Offset::UTC.to_timestamp(wall).unwrap();
        let (early, late) =
            (as_utc - SignedDuration::from_hours(27), as_utc + SignedDuration::from_hours(27));
        let from = self.0.partition_point(|(at, _)| *at <= early) - 1;
        let to = self.0.partition_point(|(at, _)| *at < late);
        let mut first: Option<Timestamp> = None;
        let mut n_showing = 0;
        for (n, (since, offset)) in self.0.iter().enumerate().take(to).skip(from) {
            let at = offset.to_timestamp(wall).unwrap();
            let until = self.0.get(n + 1).map(|(until, _)| *until);
            if at >= *since && until.is_none_or(|until| at < until) {
                n_showing += 1;
                first = Some(first.map_or(at, |first| first.min(at)));
            }
        }
        match first {
            Some(first) => (first, n_showing > 1),
            None => (self.0[from].1.to_timestamp(wall).unwrap(), true),
        }
    }
}

/// A coach that is awake every so many minutes, and somebody who travels.
#[derive(Clone, Debug)]
struct Journey {
    day: i8,
    minute: i16,
    home: usize,
    /// So many minutes after the last move, to this zone.
    moves: Vec<(i64, usize)>,
    awake_every: i64,
}

fn journeys() -> impl Strategy<Value = Journey> {
    let n_zones = zones().len();
    let moves = proptest::collection::vec((1_i64..20_000, 0..n_zones), 0..12);
    (0_i8..7, 0_i16..1_440, 0..n_zones, moves, prop_oneof![Just(60_i64), Just(17), Just(5)])
        .prop_map(|(day, minute, home, moves, awake_every)| Journey { day, minute, home, moves, awake_every })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_traveller_never_gets_a_week_twice_and_never_loses_one(journey in journeys()) {
        let zones = zones();
        let usual = Weekly::parse("0 0 10 * * Wed").unwrap();
        let day = Weekday::from_monday_zero_offset(journey.day).unwrap();
        let time = Time::constant((journey.minute / 60) as i8, (journey.minute % 60) as i8, 0, 0);
        let mut zone = zones[journey.home].1.clone();
        let mut now = date(2026, 2, 2).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let mut rhythm = Rhythm { on: true, own: Some((day, time)), ..Rhythm::default() };
        rhythm.replan(&usual, &zone, now);
        let first = rhythm.next.unwrap().week;
        let mut moves = journey.moves.iter().scan(now, |at, (after, to)| {
            *at += SignedDuration::from_mins(*after);
            Some((*at, zones[*to].1.clone()))
        }).peekable();
        let mut weeks = BTreeSet::new();
        let end = now + SignedDuration::from_hours(24 * 7 * 20);
        while now < end {
            let awake = now + SignedDuration::from_mins(journey.awake_every);
            while let Some((at, to)) = moves.next_if(|(at, _)| *at <= awake) {
                rhythm.moved(&zone, &to, at);
                zone = to;
            }
            now = awake;
            for (Slot { week, .. }, fate) in rhythm.come_due(&usual, &zone, 0, now) {
                prop_assert!(matches!(fate, Fate::Send { .. }), "{week} was {fate:?}");
                prop_assert!(weeks.insert(week), "{week} twice");
            }
            rhythm.unanswered = 0;
        }
        let last = *weeks.last().unwrap();
        prop_assert_eq!(*weeks.first().unwrap(), first);
        prop_assert_eq!(last.since(first) + 1, weeks.len() as i64, "of {:?}", weeks);
        prop_assert!((19..=21).contains(&weeks.len()), "{} weeks", weeks.len());
    }
}

/// Rules that governments have had or could have: with and without summer time, at other dates, and other
/// hours altogether.
const RULES: [&str; 8] = [
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "CET-1",
    "EET-2",
    "CET-1CEST,M4.1.0,M9.5.0/3",
    "CET-1CEST-3,M3.5.0,M10.5.0/3",
    "<-11>11",
    "<+13>-13",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The zone keeps its name, and a new release of the zone data gives it another rule between planning and
    /// sending.
    #[test]
    fn a_new_rule_in_the_zone_data_never_doubles_a_week_and_never_loses_one(
        day in 0_i8..7,
        minute in 0_i16..1_440,
        start in 0_usize..8,
        releases in proptest::collection::vec((1_i64..30_000, 0_usize..8), 0..8),
        awake_every in prop_oneof![Just(30_i64), Just(5)],
    ) {
        let zones = RULES.map(|rule| TimeZone::posix(rule).unwrap());
        let usual = Weekly::parse("0 0 10 * * Wed").unwrap();
        let own = (
            Weekday::from_monday_zero_offset(day).unwrap(),
            Time::constant((minute / 60) as i8, (minute % 60) as i8, 0, 0),
        );
        let mut zone = &zones[start];
        let mut now = date(2026, 2, 2).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let mut rhythm = Rhythm { on: true, own: Some(own), ..Rhythm::default() };
        rhythm.replan(&usual, zone, now);
        let first = rhythm.next.unwrap().week;
        let mut releases = releases.iter().scan(now, |at, (after, to)| {
            *at += SignedDuration::from_mins(*after);
            Some((*at, &zones[*to]))
        }).peekable();
        let mut weeks = BTreeSet::new();
        let end = now + SignedDuration::from_hours(24 * 7 * 40);
        while now < end {
            now += SignedDuration::from_mins(awake_every);
            while let Some((_, to)) = releases.next_if(|(at, _)| *at <= now) {
                // Nobody is told: the program starts with other zone data, and its rows are what they were.
                zone = to;
            }
            for (Slot { week, .. }, fate) in rhythm.come_due(&usual, zone, 0, now) {
                prop_assert!(matches!(fate, Fate::Send { .. }), "{week} was {fate:?}");
                prop_assert!(weeks.insert(week), "{week} twice");
            }
            rhythm.unanswered = 0;
        }
        prop_assert_eq!(*weeks.first().unwrap(), first);
        prop_assert_eq!(weeks.last().unwrap().since(first) + 1, weeks.len() as i64, "of {:?}", weeks);
        prop_assert!((39..=41).contains(&weeks.len()), "{} weeks", weeks.len());
    }
}
