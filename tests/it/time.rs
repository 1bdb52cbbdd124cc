//! A nudge for each zone of the database over a year of weeks: each slot once, at the chosen wall time,
//! gaps moved forward, repeated hours at their first coming.
//!
//! `cargo test --release --test it time` runs the long proof, `RUNG_SLOTS` another length.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time, Weekday, date};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use rung::coach::rhythm::{Fate, Rhythm, Slot};
use rung::coach::week::{Week, Weekly};

/// As many as take a quarter of a minute.
const SLOTS: usize = if cfg!(debug_assertions) { 150_000 } else { 6_000_000 };
const MONDAY: Date = date(2026, 1, 5);
/// 2026 has fifty-three of them.
const WEEKS: i64 = 53;
const MINUTES_OF_A_WEEK: usize = 7 * 24 * 60;

fn slots() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
    std::env::var("RUNG_SLOTS").ok().and_then(|text| text.parse().ok()).unwrap_or(SLOTS)
}

fn zones() -> Vec<(String, TimeZone)> {
    let database = TimeZoneDatabase::bundled();
    database.available().map(|name| (name.to_string(), database.get(name.as_str()).unwrap())).collect()
}

#[test]
fn every_zone_gets_its_nudge_once_a_week_at_the_chosen_wall_time() {
    let zones = zones();
    assert!(zones.len() > 590, "{} zones", zones.len());
    let a_zone = (slots() / zones.len() / WEEKS as usize).max(1);
    let half = zones.len() / 2;
    let (sent, special) = std::thread::scope(|scope| {
        let halves = [&zones[..half], &zones[half..]].map(|zones| {
            scope.spawn(move || {
                zones.iter().enumerate().fold((0, 0), |(sent, special), (n, (name, zone))| {
                    let (more_sent, more_special) = a_year_in(name, zone, n, a_zone);
                    (sent + more_sent, special + more_special)
                })
            })
        });
        let done = halves.map(|half| half.join().unwrap());
        (done[0].0 + done[1].0, done[0].1 + done[1].1)
    });
    println!(
        "{sent} slots in {} zones, each once; {special} of them in a gap or a repeated hour",
        zones.len()
    );
    assert!(special > 500, "only {special} slots fell into a gap or a repeated hour");
}

/// So many days and times in one zone: those near its changes of the clock, and a sample of all others.
fn a_year_in(name: &str, zone: &TimeZone, n: usize, most: usize) -> (usize, usize) {
    let mut chosen: Vec<usize> = near_changes(zone);
    // A stride that shares no factor with a week's minutes comes by all of them, over the zones.
    chosen.extend((0..most).map(|k| (n * most + k) * 6_143 % MINUTES_OF_A_WEEK));
    let (mut sent, mut special) = (0, 0);
    for (at, minute) in chosen.iter().take(most.max(8)).enumerate() {
        let day = Weekday::from_monday_zero_offset((minute / 1_440) as i8).unwrap();
        let time = Time::constant((minute / 60 % 24) as i8, (minute % 60) as i8, 0, 0);
        let spread = (at as u64 * 7_919) % 90_000;
        special += a_year_of(name, zone, day, time, spread);
        sent += WEEKS as usize;
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

/// The coach for one person over the year; how many slots fell into a gap or a repeated hour.
fn a_year_of(name: &str, zone: &TimeZone, day: Weekday, time: Time, spread: u64) -> usize {
    let usual = Weekly::parse("0 0 10 * * Wed").unwrap();
    let mut rhythm = Rhythm { on: true, own: Some((day, time)), ..Rhythm::default() };
    let mut special = 0;
    // Starting late on the Sunday before, on their wall.
    rhythm.replan(&usual, zone, resolved(zone, (MONDAY - 1.day()).at(23, 59, 59, 0)).0);
    for n in 0..WEEKS {
        let wall = (MONDAY + n.weeks() + i64::from(day.to_monday_zero_offset()).days()).to_datetime(time);
        let (expected, is_special) = resolved(zone, wall);
        let week = Week::of(wall.date());
        let slot = rhythm.next.unwrap_or_else(|| panic!("no slot for {week} in {name}"));
        assert_eq!((slot.at, slot.week), (expected, week), "{day:?} {time} in {name}");
        assert_eq!(
            rhythm.come_due(&usual, zone, spread, slot.at - 1.millisecond()),
            [],
            "early: {week} in {name}"
        );
        let due_at = slot.at + SignedDuration::from_millis(spread as i64);
        assert_eq!(
            rhythm.come_due(&usual, zone, spread, slot.at),
            [(slot, Fate::Send { due_at })],
            "{week} in {name}"
        );
        assert_eq!(rhythm.come_due(&usual, zone, spread, slot.at), [], "twice: {week} in {name}");
        rhythm.unanswered = 0;
        special += usize::from(is_special);
    }
    special
}

/// The same rule said differently, from offsets alone: of all instants that show this wall time the
/// first; where none does, what the clock before the gap would have shown.
fn resolved(zone: &TimeZone, wall: DateTime) -> (Timestamp, bool) {
    let as_utc = Offset::UTC.to_timestamp(wall).unwrap();
    let (early, late) = (as_utc - SignedDuration::from_hours(27), as_utc + SignedDuration::from_hours(27));
    let before = zone.to_offset(early);
    let mut offsets = vec![before];
    offsets.extend(
        zone.following(early).take_while(|change| change.timestamp() < late).map(|change| change.offset()),
    );
    let mut showing: Vec<Timestamp> = offsets
        .iter()
        .filter_map(|offset| {
            let at = offset.to_timestamp(wall).unwrap();
            (zone.to_offset(at) == *offset).then_some(at)
        })
        .collect();
    showing.sort();
    showing.dedup();
    match showing.as_slice() {
        [one] => (*one, false),
        [first, ..] => (*first, true),
        [] => (before.to_timestamp(wall).unwrap(), true),
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
