//! The outbox: once, by one holder, and whoever lost the lease writes nothing.

use jiff::{SignedDuration, Timestamp};
use rung::coach::library::PromptId;
use rung::coach::week::Week;
use rung::store::Tx;
use rung::store::jobs::{self, Ended, JobKind, NewJob};

use super::*;

async fn enqueue(store: &Store, job: &NewJob) -> bool {
    let mut tx = store.write().await;
    let made = jobs::enqueue(&mut tx, job, at(0).as_millisecond()).await.unwrap();
    tx.commit().await.unwrap();
    made
}

async fn end(store: &Store, job: &jobs::Job, ended: Ended) -> bool {
    let mut tx = store.write().await;
    let ours = jobs::end(&mut tx, job, &ended, at(9).as_millisecond()).await.unwrap();
    tx.commit().await.unwrap();
    ours
}

/// One job, if there is one.
async fn claim(db: &Db, holder: &str, now: Timestamp) -> anyhow::Result<Option<jobs::Job>> {
    Ok(jobs::claim(db, holder, now, 1).await?.pop())
}

async fn skip(tx: &mut Tx, user: &str, now: i64) -> bool {
    jobs::skip(tx, &NewJob::nudge(&id(user), JobKind::Nudge, week(), None, at(0)), "late", now).await.unwrap()
}

fn sent() -> Ended {
    Ended::Sent { channel: "D1".to_owned(), ts: "1.2".to_owned() }
}

fn week() -> Week {
    Week::parse("2026-W10").unwrap()
}

#[tokio::test]
async fn a_slot_is_there_once_whoever_asks_for_it() {
    let store = Store::open().await;
    let tip = PromptId::new("ask-advice");
    let nudge = |prompt| NewJob::nudge(&id("U1"), JobKind::Nudge, week(), prompt, at(0));
    assert!(enqueue(&store, &nudge(Some(tip.clone()))).await);
    assert!(!enqueue(&store, &nudge(None)).await);
    assert!(!enqueue(&store, &NewJob::nudge(&id("U1"), JobKind::Quiet, week(), None, at(5))).await);
    assert!(enqueue(&store, &NewJob::nudge(&id("U2"), JobKind::Nudge, week(), None, at(0))).await);
    let message = NewJob::message(&id("U1"), "form/k1", "{}".to_owned(), at(0));
    assert!(enqueue(&store, &message).await);
    assert!(!enqueue(&store, &message).await);

    let mut tx = store.write().await;
    let skipped = skip(&mut tx, "U1", 0).await;
    assert!(!skipped, "the slot is taken");
    assert!(skip(&mut tx, "U3", 0).await);
    // Given by hand: what waits is done with, what does not exist yet is used up.
    jobs::use_slot(&mut tx, &id("U1"), week(), &tip, 7).await.unwrap();
    jobs::use_slot(&mut tx, &id("U4"), week(), &tip, 7).await.unwrap();
    tx.commit().await.unwrap();
    let nudges = store.count("SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND done_at IS NOT NULL").await;
    assert_eq!(nudges, 3);
    assert!(!enqueue(&store, &NewJob::nudge(&id("U4"), JobKind::Nudge, week(), None, at(0))).await);
    store.ends().await;
}

#[tokio::test]
async fn what_is_urgent_goes_first_and_nothing_before_it_is_due() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::nudge(&id("U1"), JobKind::Nudge, week(), None, at(10))).await;
    enqueue(&store, &NewJob::message(&id("U2"), "form/k1", "{}".to_owned(), at(20))).await;
    assert_eq!(jobs::next_due(store.db.read()).await.unwrap(), Some(at(10).as_millisecond()));
    assert!(claim(&store.db, "A", at(9)).await.unwrap().is_none());
    let first = claim(&store.db, "A", at(30)).await.unwrap().unwrap();
    assert_eq!(
        (first.kind, first.body.as_str(), first.week, &first.prompt),
        (JobKind::Message, "{}", None, &None)
    );
    let second = claim(&store.db, "A", at(30)).await.unwrap().unwrap();
    assert_eq!((second.kind, second.week, second.attempts), (JobKind::Nudge, Some(week()), 1));
    assert!(!second.may_have_arrived);
    assert!(claim(&store.db, "A", at(30)).await.unwrap().is_none());
    store.ends().await;
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::message(&id("U1"), "form/k1", "{}".to_owned(), at(0))).await;
    let late = claim(&store.db, "A", at(1)).await.unwrap().unwrap();
    assert!(claim(&store.db, "B", at(1)).await.unwrap().is_none(), "it is A's");
    // Almost a lease goes by on the database's clock, then the rest of it.
    store.run("UPDATE jobs SET leased_until = leased_until - 15000").await;
    assert!(claim(&store.db, "B", at(1)).await.unwrap().is_none(), "it is still A's");
    store.run("UPDATE jobs SET leased_until = leased_until - 5000").await;
    let heir = claim(&store.db, "B", at(1)).await.unwrap().unwrap();
    assert_eq!((heir.attempts, heir.may_have_arrived), (2, true));

    for ended in [sent(), Ended::Failed("x".into()), Ended::Later(at(5)), Ended::NotTried(at(5))] {
        assert!(!end(&store, &late, ended).await, "A comes too late");
    }
    assert!(end(&store, &heir, sent()).await);
    assert!(!end(&store, &heir, sent()).await, "done is done");
    let row: (String, String, String, String) =
        sqlx::query_as("SELECT outcome, holder, channel, message_ts FROM jobs")
            .fetch_one(store.db.read())
            .await
            .unwrap();
    assert_eq!(row, ("sent".into(), "B".into(), "D1".into(), "1.2".into()));
    assert_eq!(jobs::next_due(store.db.read()).await.unwrap(), None);
    store.ends().await;
}

#[tokio::test]
async fn what_is_known_of_earlier_attempts_is_kept() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::message(&id("U1"), "form/k1", "{}".to_owned(), at(0))).await;
    for (ended, attempts, may_have_arrived) in [
        (Ended::NotTried(at(1)), 1, false),
        (Ended::Later(at(2)), 1, false),
        (Ended::NotTried(at(3)), 2, false),
        (Ended::Unsure(at(4)), 2, false),
        (Ended::Later(at(5)), 3, true),
        (Ended::Skipped("not wanted".into()), 4, true),
    ] {
        let job = claim(&store.db, "A", at(100)).await.unwrap().unwrap();
        assert_eq!((job.attempts, job.may_have_arrived), (attempts, may_have_arrived), "before {ended:?}");
        assert!(end(&store, &job, ended).await);
    }
    let row: (String, String, Option<String>, String) =
        sqlx::query_as("SELECT outcome, reason, channel, body FROM jobs")
            .fetch_one(store.db.read())
            .await
            .unwrap();
    assert_eq!(row, ("skipped".into(), "not wanted".into(), None, String::new()));
    store.ends().await;
}

/// Two claim at the same time, and the other looked at the clock a moment later: what it holds until a
/// moment more than a lease from now is no mistake of a clock.
#[tokio::test]
async fn a_lease_that_was_given_a_moment_later_is_a_lease() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::message(&id("U1"), "form/k1", "{}".to_owned(), at(0))).await;
    claim(&store.db, "A", at(1)).await.unwrap().unwrap();
    store.run("UPDATE jobs SET leased_until = leased_until + 5000").await;
    assert!(claim(&store.db, "B", at(1)).await.unwrap().is_none());
    store.ends().await;
}

/// Many hands on one outbox: each gets a job of its own, at once, as long as there are any.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_holders_share_the_work_and_none_goes_away_empty_handed() {
    const HOLDERS: usize = 6;
    let store = Store::open().await;
    let other = Db::open(&store.database.url()).await.unwrap();
    for n in 0..60 {
        enqueue(&store, &NewJob::message(&id("U1"), &format!("form/{n}"), "{}".to_owned(), at(0))).await;
    }
    let mut had = std::collections::BTreeSet::new();
    for _ in 0..60 / HOLDERS {
        let start = std::sync::Arc::new(tokio::sync::Barrier::new(HOLDERS));
        let mut holders = tokio::task::JoinSet::new();
        for n in 0..HOLDERS {
            let db = if n % 2 == 0 { store.db.clone() } else { other.clone() };
            let start = std::sync::Arc::clone(&start);
            holders.spawn(async move {
                start.wait().await;
                claim(&db, &format!("holder {n}"), at(1)).await.unwrap()
            });
        }
        for job in holders.join_all().await {
            assert!(had.insert(job.expect("there is a job for everybody").id), "one job, one holder");
        }
    }
    assert!(claim(&store.db, "late", at(1)).await.unwrap().is_none());
    other.close().await;
    store.ends().await;
}

#[tokio::test]
async fn what_has_served_its_time_is_erased() {
    let store = Store::open().await;
    let day = |n: i64| (at(0) - SignedDuration::from_hours(24) * n as i32).as_millisecond();
    enqueue(&store, &NewJob::message(&id("U1"), "waits", "{}".to_owned(), at(0))).await;
    for (occasion, days) in [("old", 8), ("fresh", 6)] {
        let message = NewJob::message(&id("U1"), occasion, "{}".to_owned(), at(-9));
        enqueue(&store, &message).await;
        let job = claim(&store.db, "A", at(-1)).await.unwrap().unwrap();
        assert!(end(&store, &job, sent()).await);
        store.run(&format!("UPDATE jobs SET done_at = {} WHERE slot LIKE '%{occasion}'", day(days))).await;
    }
    let mut tx = store.write().await;
    for (user, days) in [("U1", 401), ("U2", 399)] {
        skip(&mut tx, user, day(days)).await;
    }
    assert_eq!(jobs::erase_messages_before(&mut tx, day(7), 9).await.unwrap(), 1);
    assert_eq!(jobs::erase_slots_before(&mut tx, day(400), 9).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(store.count("SELECT COUNT(*) FROM jobs").await, 3);
    store.ends().await;
}

#[tokio::test]
async fn a_reminder_that_waits_moves_and_one_that_went_has_a_successor() {
    let store = Store::open().await;
    let tip = PromptId::new("ask-advice");
    for due in [10, 20] {
        let mut tx = store.write().await;
        jobs::remind(&mut tx, &id("U1"), week(), &tip, at(due), 0).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(store.count("SELECT COUNT(*) FROM jobs").await, 1);
    assert_eq!(jobs::next_due(store.db.read()).await.unwrap(), Some(at(20).as_millisecond()));
    let job = claim(&store.db, "A", at(20)).await.unwrap().unwrap();
    assert!(end(&store, &job, sent()).await);
    let mut tx = store.write().await;
    jobs::remind(&mut tx, &id("U1"), week(), &tip, at(30), 0).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.count("SELECT COUNT(*) FROM jobs WHERE done_at IS NULL").await, 1);
    store.ends().await;
}

#[tokio::test]
async fn a_lease_of_a_clock_that_has_gone_back_holds_nothing_up() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::message(&id("U1"), "form/k1", "{}".to_owned(), at(0))).await;
    claim(&store.db, "A", at(1)).await.unwrap().unwrap();
    store.run("UPDATE jobs SET leased_until = leased_until + 31536000000").await;
    assert!(claim(&store.db, "B", at(1)).await.unwrap().is_some());
    store.ends().await;
}

/// It was moved to an hour of its own, which a restart at night does not take from it.
#[tokio::test]
async fn what_was_moved_keeps_its_hour_when_the_server_starts_again() {
    let store = Store::open().await;
    enqueue(&store, &NewJob::nudge(&id("U1"), JobKind::Nudge, week(), None, at(0))).await;
    enqueue(&store, &NewJob::nudge(&id("U2"), JobKind::Nudge, week(), None, at(0))).await;
    for ended in [Ended::Moved(at(5_000)), Ended::NotTried(at(5_000))] {
        let job = claim(&store.db, "a", at(0)).await.unwrap().unwrap();
        assert!(end(&store, &job, ended).await);
    }
    let mut tx = store.write().await;
    assert_eq!(jobs::wake(&mut tx, at(100)).await.unwrap(), 1, "only the one that was waiting for its turn");
    tx.commit().await.unwrap();
    store.ends().await;
}
