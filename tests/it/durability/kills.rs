//! `kill -9` under a stream of forms and one-line logs, each sent again until it is acknowledged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rung::local::Human;
use serde_json::Value;

use super::Program;

/// A quarter of a minute beside the other tests; `tests/run` asks for a hundred.
const KILLS: u32 = 25;
/// In everything that people write here, and so in nothing that may be told.
const MARK: &str = "qZx7Marked";

fn kills() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
    std::env::var("RUNG_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

/// What people have been told is saved.
#[derive(Clone, Default)]
pub struct Acknowledged(Arc<Mutex<Vec<String>>>);

impl Acknowledged {
    pub fn cards(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_nine_loses_nothing_that_was_acknowledged_and_doubles_nothing() {
    let kills = kills();
    let mut program = Program::new().await;
    program.starts().await;
    let stop = Arc::new(AtomicBool::new(false));
    let acknowledged = Acknowledged::default();
    let mut people = tokio::task::JoinSet::new();
    for n in 0..4 {
        let human = program.slack.person(&format!("person{n}"), "Europe/Berlin");
        let (stop, acknowledged) = (Arc::clone(&stop), acknowledged.clone());
        people.spawn(async move { logs_on_and_on(&human, n, &stop, &acknowledged).await });
    }
    let mut dice: u64 = 0x9E37_79B9_7F4A_7C15;
    for kill in 0..kills {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pause(Duration::from_millis(20 + (dice >> 33) % 180)).await;
        program.is_killed().await;
        // What was acknowledged up to here must be there before anything else happens.
        let promised = acknowledged.cards();
        program.starts().await;
        check(&program, &promised, &format!("after kill {}", kill + 1)).await;
    }
    stop.store(true, Ordering::Relaxed);
    people.join_all().await;
    let promised = acknowledged.cards();
    check(&program, &promised, "at the end").await;
    println!("{kills} kills, {} cards acknowledged, none lost, none doubled", promised.len());
    assert!(promised.len() as u32 >= kills, "only {} cards in {kills} kills prove little", promised.len());

    // At most one confirmation a form, also where the program died between Slack's ok and its own commit.
    let mut confirmed: BTreeMap<String, u32> = BTreeMap::new();
    for call in program.slack.api_calls().iter().filter(|call| call.method == "chat.postMessage") {
        if call.answer["ok"] == true {
            *confirmed.entry(call.args["metadata"]["event_payload"]["slot"].to_string()).or_default() += 1;
        }
    }
    let doubled: Vec<_> = confirmed.iter().filter(|(_, times)| **times > 1).collect();
    assert!(doubled.is_empty(), "confirmed twice: {doubled:?}");

    let told = program.told();
    for secret in [MARK, &program.slack.bot_token(), &program.slack.signing_secret(), "v0=", "xoxb-"] {
        let found = told.lines().find(|line| line.contains(secret));
        assert!(found.is_none(), "{secret:?} was told: {found:?}");
    }
    program.ends().await;
}

/// One person who logs by the form and in one line by turns, and tries again until it is saved.
pub async fn logs_on_and_on(human: &Human, n: u32, stop: &AtomicBool, acknowledged: &Acknowledged) {
    for at in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let what = format!("{MARK} deed {at} of person {n}");
        let saved = if at % 2 == 0 { by_form(human, &what).await } else { in_one_line(human, &what).await };
        if saved {
            acknowledged.0.lock().unwrap().push(what);
        }
    }
}

/// The same form, pressed again until Slack closes it.
async fn by_form(human: &Human, what: &str) -> bool {
    while human.modal().is_none() {
        let answer = human.says("/coach log").await;
        if answer.error.is_some() {
            pause(Duration::from_millis(20)).await;
        } else if human.modal().is_none() {
            // Slack's trigger had died with the program; the answer has a button instead.
            if human.buttons().iter().any(|label| label == "Open the form") {
                human.clicks("Open the form").await;
            }
        }
    }
    loop {
        let answer = human.submits(&[("What did you do?", what)]).await;
        if answer.status == 200 && answer.error.is_none() && human.modal().is_none() {
            return true;
        }
        pause(Duration::from_millis(20)).await;
    }
}

/// The same line, said again until there is an answer. The answer may be that it had been saved.
async fn in_one_line(human: &Human, what: &str) -> bool {
    loop {
        let answer = human.says(&format!("/coach log {what}")).await;
        if answer.status == 200 {
            let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let text = body["text"].as_str().unwrap_or_default();
            if text.contains("Saved: evidence card") || text.contains("the very same words") {
                return true;
            }
            assert!(text.contains("failed on my side"), "{text}");
        }
        pause(Duration::from_millis(20)).await;
    }
}

/// Every promised card exactly once, and no other card twice.
pub async fn check(program: &Program, promised: &[String], when: &str) {
    let inside = program.looks_inside().await;
    let cards: Vec<(String, i64)> =
        sqlx::query_as("SELECT what, COUNT(*) FROM evidence GROUP BY what").fetch_all(&inside).await.unwrap();
    inside.close().await;
    let cards: BTreeMap<String, i64> = cards.into_iter().collect();
    for what in promised {
        assert_eq!(cards.get(what), Some(&1), "{what} {when}");
    }
    let doubled: Vec<_> = cards.iter().filter(|(_, n)| **n != 1).collect();
    assert!(doubled.is_empty(), "{when}: {doubled:?}");
}

#[expect(clippy::disallowed_methods, reason = "real programs die in real time")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
