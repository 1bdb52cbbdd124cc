//! Properties of the choice, over random people and the real library.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use rung::coach::choose::{WITHIN, next, weekly};
use rung::coach::library::{Kind, Library, PromptId, Rung};
use rung::coach::person::{Person, PersonId, Profile, Proof, Shelf, Shown};
use rung::coach::rhythm::Rhythm;
use rung::coach::week::{Week, Weekly};
use rung::coach::{House, Scene, levels};
use rung::content;

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| content::load(None).expect("the built-in prompts are sound"))
}

fn house() -> House {
    House {
        command: "/coach".into(),
        weekly: Weekly::parse("0 0 10 * * Wed").unwrap(),
        version: "0",
        database: "a file",
    }
}

fn skills() -> Vec<PromptId> {
    library().of(Kind::Skill).map(|skill| skill.id.clone()).collect()
}

fn person(name: u32, wanted: Option<Rung>, minutes: Option<u32>, proven: &[u8]) -> Person {
    let proofs = skills()
        .into_iter()
        .zip(proven)
        .filter(|(_, level)| **level > 0)
        .map(|(skill, level)| Proof { skill, level: *level, strength: 3, cards: 2 })
        .collect();
    Person {
        is_new: false,
        wanted,
        rhythm: Rhythm { on: true, ..Rhythm::default() },
        shelf: Shelf { proofs, ..Shelf::default() },
        profile: Profile { minutes, ..Profile::default() },
        ..Person::stranger(PersonId { team: "T1".into(), user: format!("U{name}") })
    }
}

fn start() -> Timestamp {
    "2026-03-04T10:00:00Z".parse().unwrap()
}

/// A year of nudges: what came in which week; `declines` says which of them are put aside.
fn year(person: &mut Person, weeks: usize, declines: &[bool]) -> Vec<PromptId> {
    let house = house();
    let mut came = Vec::new();
    for at in 0..weeks {
        let now = start() + SignedDuration::from_hours(24 * 7 * at as i64);
        let week = Week::of(person.today(now));
        let scene = Scene { library: library(), person, now, house: &house, fresh: "", here: None };
        let Some(prompt) = weekly(&scene, week) else { break };
        assert_eq!(
            weekly(&scene, week).map(|again| &again.id),
            Some(&prompt.id),
            "the same week, the same prompt"
        );
        let id = prompt.id.clone();
        let times = person.shown.get(&id).map_or(0, |shown| shown.times);
        let declined = declines.get(at).copied().unwrap_or(false);
        person.shown.insert(id.clone(), Shown { times: times + 1, last_at: now, declined });
        came.push(id);
    }
    came
}

fn any_rung() -> impl Strategy<Value = Option<Rung>> {
    prop_oneof![Just(None), proptest::sample::select(&Rung::ALL[..]).prop_map(Some)]
}

fn any_minutes() -> impl Strategy<Value = Option<u32>> {
    proptest::sample::select(vec![None, Some(5), Some(15), Some(30), Some(60), Some(120)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_declined_and_nothing_twice_in_a_year(
        name in 0u32..1000, rung in any_rung(), minutes in any_minutes(),
        proven in proptest::collection::vec(0u8..5, 9), declines in proptest::collection::vec(proptest::bool::weighted(0.2), 52),
    ) {
        let mut person = person(name, rung, minutes, &proven);
        let came = year(&mut person, 52, &declines);
        prop_assert_eq!(came.len(), 52);
        let mut seen: BTreeMap<&PromptId, usize> = BTreeMap::new();
        for (at, id) in came.iter().enumerate() {
            let prompt = library().get(id).unwrap();
            prop_assert!(prompt.fits(person.rung()), "{} does not fit", id);
            if let Some(before) = seen.insert(id, at) {
                let recurs = prompt.recurs.map(|weeks| weeks as usize);
                prop_assert!(recurs.is_some_and(|weeks| at - before >= weeks), "{} came twice", id);
                prop_assert!(!declines[before], "{} had been declined", id);
            }
        }
    }

    #[test]
    fn every_skill_with_a_gap_comes_within_nine_nudges(
        name in 0u32..1000, rung in any_rung(), proven in proptest::collection::vec(0u8..5, 9),
    ) {
        let mut person = person(name, rung, None, &proven);
        let came = year(&mut person, 40, &[]);
        let house = house();
        let scene = Scene { library: library(), person: &person, now: start(), house: &house, fresh: "", here: None };
        let standings = levels::standings(&scene);
        for skill in standings.iter().filter(|standing| standing.gap() > 0).map(|standing| &standing.skill.id) {
            // As long as it has something left that fits.
            let all = library().all().filter(|prompt| {
                prompt.skill() == skill && prompt.fits(person.rung())
                    && (prompt.is_weekly_nudge() || matches!(prompt.kind(), Kind::Tip | Kind::Challenge))
            }).count();
            let times: Vec<usize> = (0..came.len()).filter(|at| library().get(&came[*at]).unwrap().skill() == skill).collect();
            let until = if times.len() >= all { *times.last().unwrap() } else { came.len() };
            for from in 0..until.saturating_sub(WITHIN) {
                prop_assert!(times.iter().any(|at| (from..from + WITHIN).contains(at)), "{} does not come in {:?}", skill, from);
            }
        }
    }

    #[test]
    fn tips_and_challenges_come_once_until_all_that_fit_are_used_up(
        name in 0u32..1000, rung in any_rung(), minutes in any_minutes(), kind in proptest::sample::select(vec![Kind::Tip, Kind::Challenge]),
        declines in proptest::collection::vec(proptest::bool::weighted(0.1), 100),
    ) {
        let mut person = person(name, rung, minutes, &[0; 9]);
        let house = house();
        let fitting = library().of(kind).filter(|prompt| prompt.fits(person.rung())).count();
        let mut seen = BTreeSet::new();
        for (at, declined) in declines.iter().enumerate().take(fitting) {
            let now = start() + SignedDuration::from_secs(at as i64);
            let scene = Scene { library: library(), person: &person, now, house: &house, fresh: "", here: None };
            let choice = next(&scene, kind, None).unwrap();
            prop_assert!(choice.prompt.fits(person.rung()));
            prop_assert!(seen.insert(choice.prompt.id.clone()), "{} came twice", choice.prompt.id);
            let shown = Shown { times: 1, last_at: now, declined: *declined };
            person.shown.insert(choice.prompt.id.clone(), shown);
        }
    }
}

#[test]
fn the_wider_gap_comes_more_often() {
    // All proved but one skill, which is three levels short.
    let mut proven = [4; 9];
    proven[5] = 0;
    let mut person = person(7, Some(Rung::DirectorHead), None, &proven);
    let came = year(&mut person, 30, &[]);
    let wide = skills()[5].clone();
    let times = came.iter().filter(|id| *library().get(id).unwrap().skill() == wide).count();
    assert!((6..=15).contains(&times), "{times} of 30");
    let pairs = came
        .windows(2)
        .filter(|pair| library().get(&pair[0]).unwrap().skill() == library().get(&pair[1]).unwrap().skill());
    assert_eq!(pairs.count(), 0, "never the same skill twice running");
}

#[test]
fn the_reasons_are_the_real_ones() {
    let house = house();
    let check = |person: &Person, kind: Kind, skill: Option<&str>, expected: &str| {
        let scene = Scene { library: library(), person, now: start(), house: &house, fresh: "", here: None };
        let skill = skill.map(PromptId::new);
        let because = next(&scene, kind, skill.as_ref()).unwrap().because;
        assert!(because.contains(expected), "{because}");
    };
    check(&person(1, None, None, &[0; 9]), Kind::Tip, None, "is a skill we have not touched yet.");
    check(
        &person(1, None, None, &[0; 9]),
        Kind::Tip,
        Some("market-fluency"),
        "You asked for Market fluency.",
    );
    let director = person(1, Some(Rung::DirectorHead), None, &[0, 3, 3, 3, 3, 3, 3, 3, 3]);
    check(
        &director,
        Kind::Challenge,
        None,
        "For “Director or Head of Product” Business alignment needs level 3, with nothing proved yet.",
    );
    let busy = person(1, Some(Rung::VpCpo), Some(5), &[4; 9]);
    check(&busy, Kind::Tip, None, "is proved as far as “VP Product or CPO” asks; it comes for a change.");
    // The widest gap has no challenge of half an hour, and the reason says that it was the time.
    let short = Person { profile: Profile { minutes: Some(30), ..Profile::default() }, ..director };
    check(&short, Kind::Challenge, None, "is what fits the 30 minutes a week you have.");
    check(
        &person(1, Some(Rung::VpCpo), Some(15), &[0; 9]),
        Kind::Challenge,
        Some("org-buy-in"),
        "more than the 15 a week",
    );
    check(
        &person(1, Some(Rung::VpCpo), Some(60), &[0; 9]),
        Kind::Challenge,
        Some("org-buy-in"),
        "within the 60 minutes",
    );
}
