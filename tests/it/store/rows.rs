//! People, cards, what they were shown, workspaces, and requests that were answered.

use jiff::civil::{Weekday, date, time};
use rung::coach::library::{PromptId, Rung};
use rung::coach::person::{Card, KnownFrom, Taken};
use rung::coach::rhythm::{Rhythm, Slot};
use rung::coach::week::Week;
use rung::coach::{Change, Ending};
use rung::store::answered::{self, Once};
use rung::store::workspaces::{self, Workspace};
use rung::store::{cards, changes, shown};

use super::*;
use crate::chat::Chat;

#[tokio::test]
async fn somebody_new_has_nothing_and_a_stranger_is_nobody() {
    let store = Store::open().await;
    let mut tx = store.write().await;
    assert!(people::lock(&mut tx, &id("U1"), at(0)).await.unwrap().is_none());
    drop(tx);
    assert_eq!(people::zone_checked(store.db.read(), &id("U1")).await.unwrap(), None);
    let person = store.person("U1").await;
    assert!(person.is_new && person.wanted.is_none() && person.current.is_none() && person.shown.is_empty());
    assert_eq!((person.rhythm.clone(), person.zone.known_from), (Rhythm::default(), KnownFrom::Nobody));
    assert_eq!((person.shelf.total, person.shelf.newest.len()), (0, 0));
    assert_eq!(people::zone_checked(store.db.read(), &id("U1")).await.unwrap(), Some(None));
    assert_eq!(people::dm_channel(store.db.read(), &id("U1")).await.unwrap(), None);
    assert_eq!(people::next_due(store.db.read(), at(0)).await.unwrap(), None);
    let mut elsewhere = store.write().await;
    let other = PersonId { team: "T2".to_owned(), user: "U1".to_owned() };
    assert!(
        people::lock(&mut elsewhere, &other, at(0)).await.unwrap().is_none(),
        "another workspace, another person"
    );
    drop(elsewhere);
    store.ends().await;
}

#[tokio::test]
async fn every_change_is_written_down_as_it_was_said() {
    let store = Store::open().await;
    let person = store.person("U1").await;
    let rhythm = Rhythm {
        on: true,
        own: Some((Weekday::Tuesday, time(9, 30, 0, 0))),
        every: 2,
        quiet_until: Some(date(2026, 3, 18)),
        unanswered: 4,
        last_week: Week::parse("2026-W09"),
        next: Some(Slot { at: at(60), week: Week::parse("2026-W10").unwrap() }),
    };
    let taken = |n: &str| Taken {
        id: n.to_owned(),
        prompt: PromptId::new("seam-map"),
        plan: "If it’s Tuesday – 🙂, then I will; DROP TABLE people".to_owned(),
        due_on: date(2026, 3, 6),
    };
    let tip = PromptId::new("ask-advice");
    let mut tx = store.write().await;
    changes::apply(
        &mut tx,
        &person,
        &[
            Change::Welcomed,
            Change::Want(Rung::Contributor),
            Change::ChooseZone(Some("Asia/Kathmandu".to_owned())),
            Change::Rhythm(rhythm.clone()),
            Change::Shown(tip.clone()),
            Change::Shown(tip.clone()),
            Change::TakeOn(taken("one")),
            Change::TakeOn(taken("one")),
            Change::End { taken: "one".to_owned(), how: Ending::Swapped },
            Change::TakeOn(taken("two")),
            Change::End { taken: "of somebody else".to_owned(), how: Ending::Done },
            Change::UseSlot { week: Week::parse("2026-W10").unwrap(), prompt: tip.clone() },
            Change::Remind { week: Week::parse("2026-W10").unwrap(), prompt: tip.clone(), at: at(99) },
        ],
        at(5),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let person = store.person("U1").await;
    assert!(!person.is_new);
    assert_eq!((person.wanted, &person.rhythm), (Some(Rung::Contributor), &rhythm));
    assert_eq!((person.zone.name.as_str(), person.zone.known_from), ("Asia/Kathmandu", KnownFrom::Choice));
    assert_eq!(person.shown[&tip].times, 2);
    assert_eq!((person.shown[&tip].last_at, person.shown[&tip].declined), (at(5), false));
    assert_eq!(person.current.clone(), Some(taken("two")));
    assert_eq!(store.count("SELECT COUNT(*) FROM challenges WHERE ended_how = 'swapped'").await, 1);
    assert_eq!(store.count("SELECT COUNT(*) FROM jobs").await, 2);

    // And back to nothing.
    let mut tx = store.write().await;
    let nothing = [
        Change::ChooseZone(None),
        Change::Rhythm(Rhythm::default()),
        Change::Declined(tip.clone()),
        Change::End { taken: "two".to_owned(), how: Ending::Dropped },
    ];
    changes::apply(&mut tx, &person, &nothing, at(6)).await.unwrap();
    tx.commit().await.unwrap();
    let person = store.person("U1").await;
    assert_eq!(
        (person.rhythm, person.zone.known_from, person.current),
        (Rhythm::default(), KnownFrom::Nobody, None)
    );
    assert!(person.shown[&tip].declined && person.shown[&tip].times == 2);
    store.ends().await;
}

#[tokio::test]
async fn zones_channels_and_dues_are_found_again() {
    let store = Store::open().await;
    store.person("U1").await;
    store.person("U2").await;
    let week = Week::parse("2026-W10").unwrap();
    let due = |seconds| Rhythm { on: true, next: Some(Slot { at: at(seconds), week }), ..Rhythm::default() };
    let mut tx = store.write().await;
    people::set_slack_zone(&mut tx, &id("U1"), Some("Asia/Tokyo"), 7).await.unwrap();
    // Slack says nothing: what it said before stays.
    people::set_slack_zone(&mut tx, &id("U1"), None, 8).await.unwrap();
    people::set_slack_zone(&mut tx, &id("U2"), Some("Mars/Olympus"), 8).await.unwrap();
    people::set_dm_channel(&mut tx, &id("U1"), Some("D1")).await.unwrap();
    people::set_rhythm(&mut tx, &id("U1"), &due(20), 0).await.unwrap();
    people::set_rhythm(&mut tx, &id("U2"), &due(10), 0).await.unwrap();
    tx.commit().await.unwrap();
    let db = store.db.read();
    assert_eq!(people::zone_checked(db, &id("U1")).await.unwrap(), Some(Some(8)));
    assert_eq!(store.person("U1").await.zone.name, "Asia/Tokyo");
    let lost = store.person("U2").await.zone;
    assert_eq!((lost.name.as_str(), lost.in_slack.as_deref()), ("UTC", Some("Mars/Olympus")));
    assert_eq!(people::dm_channel(db, &id("U1")).await.unwrap().as_deref(), Some("D1"));
    assert_eq!(people::due(db, at(9), 10).await.unwrap(), []);
    assert_eq!(people::due(db, at(20), 10).await.unwrap(), [id("U2"), id("U1")]);
    assert_eq!(people::due(db, at(20), 1).await.unwrap(), [id("U2")]);
    assert_eq!(people::next_due(db, at(0)).await.unwrap(), Some(at(10).as_millisecond()));

    let mut tx = store.write().await;
    people::unreachable(&mut tx, &id("U2")).await.unwrap();
    people::set_dm_channel(&mut tx, &id("U1"), None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(people::due(db, at(20), 10).await.unwrap(), [id("U1")]);
    assert!(!store.person("U2").await.rhythm.on);
    assert_eq!(people::dm_channel(db, &id("U1")).await.unwrap(), None);
    store.ends().await;
}

fn card(n: &str, skill: Option<&str>) -> Card {
    Card {
        id: n.to_owned(),
        challenge: None,
        skill: skill.map(PromptId::new),
        what: format!("R&D's ‘memo’ <!channel> עברית 🙂\n{n}"),
        changed: String::new(),
        witness: String::new(),
        link: String::new(),
        happened_on: date(2024, 2, 29),
        logged_at: at(n.len() as i64),
        situation: "Renewal & churn".to_owned(),
        confirmed_how: "by mail".to_owned(),
        confirmed_on: Some(date(2024, 3, 3)),
        confirmed_words: "“that changed our plan”".to_owned(),
        lasted: String::new(),
        lasted_on: None,
        goal: "Retention".to_owned(),
        others: String::new(),
        level_up: String::new(),
        level: Some(3),
        placed: None,
    }
}

async fn saves(store: &Store, who: &PersonId, card: &Card) {
    let mut tx = store.write().await;
    cards::save(&mut tx, who, card, 9).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cards_come_back_as_they_were_written_and_only_to_their_owner() {
    let store = Store::open().await;
    let shelf = async |user: &str, asked_for: Option<&str>| {
        let mut tx = store.write().await;
        cards::shelf(&mut tx, &id(user), asked_for, date(2023, 1, 1), at(200)).await.unwrap()
    };
    for n in ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"] {
        saves(&store, &id("U1"), &card(n, (n.len() % 2 == 0).then_some("market-fluency"))).await;
    }
    let found = shelf("U1", Some("a")).await;
    assert_eq!((found.total, found.newest.len()), (6, 5));
    assert_eq!(found.newest[0], card("ffffff", Some("market-fluency")));
    assert_eq!(found.asked_for, Some(card("a", None)));
    assert_eq!(found.by_skill, [(PromptId::new("market-fluency"), 3)].into());

    // A form pressed twice is one card; one edited is the same card; somebody else's id is not taken over.
    let full = Card {
        challenge: Some(PromptId::new("seam-map")),
        changed: "x".repeat(3000),
        witness: "Dana".to_owned(),
        link: "https://acme.test".to_owned(),
        ..card("a", Some("org-buy-in"))
    };
    saves(&store, &id("U1"), &full).await;
    saves(&store, &id("U2"), &card("a", None)).await;
    assert_eq!(shelf("U1", Some("a")).await.asked_for, Some(full));
    assert_eq!((shelf("U1", None).await.total, shelf("U2", Some("a")).await.total), (6, 0));
    assert_eq!(shelf("U2", Some("a")).await.asked_for, None);

    let mut tx = store.write().await;
    let (first, second) = (at(100).as_millisecond(), at(200).as_millisecond());
    cards::delete(&mut tx, &id("U2"), "bb", first).await.unwrap();
    cards::delete(&mut tx, &id("U1"), "a", first).await.unwrap();
    cards::delete(&mut tx, &id("U1"), "ccc", second).await.unwrap();
    tx.commit().await.unwrap();
    let found = shelf("U1", Some("a")).await;
    assert_eq!((found.total, found.asked_for), (4, None));
    assert_eq!(found.deleted.map(|card| card.id).as_deref(), Some("a"), "a deleted card can be brought back");
    // Changed meanwhile it stays deleted; logged anew it is there again.
    saves(&store, &id("U1"), &card("a", None)).await;
    assert_eq!(shelf("U1", None).await.total, 4);
    saves(&store, &id("U1"), &Card { logged_at: at(3_000_000_000), ..card("ccc", None) }).await;
    assert_eq!(shelf("U1", None).await.total, 5);
    let mut tx = store.write().await;
    cards::restore(&mut tx, &id("U2"), "a", at(200)).await.unwrap();
    cards::restore(&mut tx, &id("U1"), "ccc", at(200)).await.unwrap();
    let after_its_day = at(100) + jiff::SignedDuration::from_hours(25);
    cards::restore(&mut tx, &id("U1"), "a", after_its_day).await.unwrap();
    assert_eq!(cards::erase_deleted_before(&mut tx, first, 9).await.unwrap(), 0);
    assert_eq!(cards::erase_deleted_before(&mut tx, first + 1, 9).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(shelf("U1", Some("a")).await.asked_for, None);
    assert_eq!(shelf("U1", None).await.total, 5);
    store.ends().await;
}

#[tokio::test]
async fn a_deleted_card_is_erased_when_its_day_is_over() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Shipped the memo").await;
    ana.clicks("Delete").await;
    chat.passes("23 hours").await;
    chat.app().await.sweep().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 1);
    chat.passes("2 hours").await;
    chat.app().await.sweep().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM answered WHERE body <> ''").await, 0);
    chat.passes("2 days").await;
    chat.app().await.sweep().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM answered").await, 0);
    chat.ends().await;
}

/// People's answers take their turns in between: what was erased so far stays so when the sweep comes to grief.
#[tokio::test]
async fn much_that_is_old_is_erased_a_part_at_a_time() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    chat.writes(
        "INSERT INTO answered (team_id, request, user_id, answered_at, body)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
         SELECT 'T1', 'request ' || CAST(n AS TEXT), 'U1', n, 'Saved' FROM numbers",
    )
    .await;
    // One that cannot be erased, in the last part.
    chat.writes(
        "CREATE TABLE held (team_id TEXT, request TEXT, FOREIGN KEY (team_id, request) REFERENCES answered)",
    )
    .await;
    chat.writes("INSERT INTO held VALUES ('T1', 'request 2400')").await;
    assert!(chat.app().await.sweep().await.is_err());
    assert_eq!(chat.count("SELECT COUNT(*) FROM answered WHERE body <> ''").await, 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM answered").await, 500);
    chat.writes("DELETE FROM held").await;
    chat.app().await.sweep().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM answered").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn a_snapshot_is_of_one_instant_however_many_reads_it_takes() {
    let store = Store::open().await;
    for n in ["a", "b"] {
        saves(&store, &id("U1"), &card(n, None)).await;
    }
    let mut tx = store.write().await;
    cards::delete(&mut tx, &id("U1"), "b", at(100).as_millisecond()).await.unwrap();
    tx.commit().await.unwrap();

    let mut snapshot = store.db.snapshot().await.unwrap();
    let kept = count_in(&mut snapshot, "SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL").await;
    // Meanwhile somebody brings the deleted one back.
    let mut tx = store.write().await;
    cards::restore(&mut tx, &id("U1"), "b", at(200)).await.unwrap();
    tx.commit().await.unwrap();
    let deleted = count_in(&mut snapshot, "SELECT COUNT(*) FROM evidence WHERE deleted_at IS NOT NULL").await;
    assert_eq!((kept, deleted), (1, 1));
    snapshot.rollback().await.unwrap();
    assert_eq!(store.count("SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL").await, 2);
    store.ends().await;
}

async fn count_in(tx: &mut Tx, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap()
}

#[tokio::test]
async fn what_was_shown_and_put_aside_is_remembered() {
    let store = Store::open().await;
    let (seen, aside) = (PromptId::new("ask-advice"), PromptId::new("seam-map"));
    let mut tx = store.write().await;
    shown::show(&mut tx, &id("U1"), &seen, 5_000).await.unwrap();
    shown::show(&mut tx, &id("U1"), &seen, 6_000).await.unwrap();
    shown::decline(&mut tx, &id("U1"), &aside, 7_000).await.unwrap();
    let all = shown::load(&mut tx, &id("U1")).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (all[&seen].times, all[&seen].last_at.as_millisecond(), all[&seen].declined),
        (2, 6_000, false)
    );
    assert_eq!((all[&aside].times, all[&aside].declined), (0, true));
    assert!(shown::load(&mut tx, &id("U2")).await.unwrap().is_empty());
    drop(tx);
    store.ends().await;
}

/// What a form of this team was answered, at that second: None the first time, when it is answered with that.
async fn answer(store: &Store, team: &str, seconds: i64, answer: &str) -> Option<String> {
    let who = PersonId { team: team.to_owned(), user: "U1".to_owned() };
    match answered::once(&store.db, &who, "form/k", at(seconds)).await.unwrap() {
        Once::Again(body) => Some(body),
        Once::First(mut tx) => {
            answered::remember(&mut tx, team, "form/k", answer).await.unwrap();
            tx.commit().await.unwrap();
            None
        }
    }
}

#[tokio::test]
async fn the_first_answer_is_kept_for_whoever_asks_again() {
    let store = Store::open().await;
    assert_eq!(answer(&store, "T1", 10, "Saved").await, None);
    assert_eq!(answer(&store, "T1", 11, "Saved once more").await.as_deref(), Some("Saved"));
    assert_eq!(answer(&store, "T2", 12, "Saved elsewhere").await, None);
    assert_eq!(answer(&store, "T1", 13, "Saved once more").await.as_deref(), Some("Saved"));

    let mut tx = store.write().await;
    assert_eq!(answered::blank_before(&mut tx, at(11).as_millisecond(), 9).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let again = answer(&store, "T1", 14, "Saved once more").await;
    assert_eq!(again.as_deref(), Some(""), "what it was is forgotten, not that it was");

    let mut tx = store.write().await;
    assert_eq!(answered::erase_before(&mut tx, at(11).as_millisecond(), 9).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(answer(&store, "T1", 15, "Saved once more").await, None);
    store.ends().await;
}

#[tokio::test]
async fn of_what_is_given_up_nothing_is_remembered() {
    let store = Store::open().await;
    let first = answered::once(&store.db, &id("U1"), "form/k", at(10)).await.unwrap();
    assert!(matches!(first, Once::First(_)));
    drop(first);
    assert_eq!(answer(&store, "T1", 11, "Saved").await, None);
    store.ends().await;
}

#[tokio::test]
async fn a_workspace_ends_and_comes_back() {
    let store = Store::open().await;
    store.person("U1").await;
    let week = Week::parse("2026-W10").unwrap();
    let workspace = Workspace {
        team_id: "T1".to_owned(),
        name: "Acme".to_owned(),
        bot_user_id: "UBOT".to_owned(),
        bot_id: "B1".to_owned(),
        token_ref: workspaces::TOKEN_FROM_ENV.to_owned(),
        connected_at: 100,
        ended_at: None,
        ended_why: None,
    };
    let mut tx = store.write().await;
    workspaces::connected(&mut tx, &workspace).await.unwrap();
    let rhythm = Rhythm { on: true, next: Some(Slot { at: at(1), week }), ..Rhythm::default() };
    people::set_rhythm(&mut tx, &id("U1"), &rhythm, 0).await.unwrap();
    // Said before it was connected (again): not about this installation.
    assert!(!workspaces::end(&mut tx, "T1", "old news", 99, 200).await.unwrap());
    assert!(!workspaces::end(&mut tx, "T9", "never heard of", 300, 300).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(workspaces::find(store.db.read(), "T1").await.unwrap(), Some(workspace.clone()));
    assert_eq!(workspaces::find(store.db.read(), "T9").await.unwrap(), None);

    let mut tx = store.write().await;
    assert!(workspaces::end(&mut tx, "T1", "uninstalled", 150, 200).await.unwrap());
    assert!(!workspaces::end(&mut tx, "T1", "uninstalled", 150, 201).await.unwrap());
    tx.commit().await.unwrap();
    let ended = workspaces::find(store.db.read(), "T1").await.unwrap().unwrap();
    assert_eq!((ended.ended_at, ended.ended_why.as_deref()), (Some(200), Some("uninstalled")));
    // Their slots still come, and end with the reason; not on the first day, when somebody may be replacing the token.
    let db = store.db.read();
    assert_eq!(workspaces::ended_before(db, 200).await.unwrap().into_iter().collect::<Vec<_>>(), ["T1"]);
    assert!(workspaces::ended_before(db, 199).await.unwrap().is_empty());
    assert_eq!(people::due(db, at(9), 10).await.unwrap(), [id("U1")]);
    store.run(&format!("UPDATE workspaces SET ended_at = {}", at(8).as_millisecond())).await;
    assert_eq!(people::due(db, at(9), 10).await.unwrap(), []);
    assert_eq!(people::next_due(db, at(9)).await.unwrap(), None);

    let again = Workspace { connected_at: 300, name: "Acme Inc".to_owned(), ..workspace };
    let mut tx = store.write().await;
    workspaces::connected(&mut tx, &again).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(workspaces::find(store.db.read(), "T1").await.unwrap(), Some(again));
    assert!(workspaces::ended_before(store.db.read(), i64::MAX).await.unwrap().is_empty());
    assert_eq!(people::due(store.db.read(), at(9), 10).await.unwrap(), [id("U1")]);
    store.ends().await;
}
