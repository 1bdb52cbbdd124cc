//! Crowds: everybody on Monday at nine, some to whom nothing can be sent, a year of five thousand, and a
//! million of whom a thousand are due.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use jiff::civil::{Time, Weekday};
use jiff::{SignedDuration, Timestamp};
use rung::clock::Clock;
use rung::coach::library::{Kind, Library, PromptId};
use rung::coach::person::PersonId;
use rung::content;
use rung::local::ApiCall;
use rung::store::{Db, jobs, people};
use serde_json::Value;

use super::world::{self, World};
use super::{ZONES, count, how_many, rests, run};
use crate::durability::program::Program;
use crate::nudges_cli::rung;

const WORKSPACES: usize = 20;
/// What a workspace takes a minute.
const A_MINUTE: u32 = 300;
const NINE: (Weekday, Time) = (Weekday::Monday, Time::constant(9, 0, 0, 0));

/// The slot that a message carries.
fn slot_of(call: &ApiCall) -> String {
    let metadata = match call.args["metadata"].as_str() {
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
        None => call.args["metadata"].clone(),
    };
    metadata["event_payload"]["slot"].as_str().unwrap_or_default().to_owned()
}

/// How many messages arrived, by slot: of nudges only.
fn arrived(calls: &[ApiCall]) -> BTreeMap<String, usize> {
    let mut slots = BTreeMap::new();
    for call in calls.iter().filter(|call| call.method == "chat.postMessage" && call.answer["ok"] == true) {
        let slot = slot_of(call);
        if slot.starts_with("nudge/") {
            *slots.entry(slot).or_insert(0) += 1;
        }
    }
    slots
}

/// The real program, a Slack that enforces its limits and has a bad day, and everybody at once.
#[tokio::test(flavor = "multi_thread")]
async fn on_monday_at_nine_everybody_is_reached_as_fast_as_slack_allows() {
    let n_people = how_many("RUNG_MONDAY", 500, 10_000);
    let mut program = Program::new().await;
    let db = Db::open(&program.database.url()).await.unwrap();
    world::workspaces(&db, WORKSPACES, &program.slack.bot_user_id()).await;
    program.starts().await;
    // Of a hundred messages three are told to wait, break, or are dropped, before or after they were done.
    program.slack.has_bad_luck("chat.postMessage", [10, 10, 5, 5], 2);
    program.slack.has_bad_luck("conversations.history", [5, 10, 5, 0], 1);
    let asking = program.slack.person("asking", "UTC");
    asking.says("/coach tip").await;

    // Due a hundred seconds ago, which is past the spread: all in the same moment.
    let now = Clock::system().now();
    let slot = world::slot_at(now - SignedDuration::from_secs(100));
    let mut team_of = HashMap::new();
    let mut tx = db.write().await.unwrap();
    for n in 0..n_people {
        let human = program.slack.person(&format!("p{n}"), "UTC");
        let who = PersonId { team: format!("T{:03}", n % WORKSPACES), user: human.id() };
        program.slack.is_of(&who.user, &who.team, A_MINUTE);
        world::person(&mut tx, &who, "UTC", NINE, slot, now.as_millisecond()).await;
        team_of.insert(human.dm(), who.team.clone());
        team_of.insert(who.user, who.team);
    }
    tx.commit().await.unwrap();
    let began = Clock::system().now();
    let began_here = Instant::now();

    let mut tips: Vec<u64> = Vec::new();
    let open = "SELECT (SELECT COUNT(*) FROM people WHERE last_week IS NULL AND next_nudge_at IS NOT NULL)
                     + (SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND done_at IS NULL)";
    let patience = Duration::from_secs(60 + n_people as u64 / 20);
    loop {
        for _ in 0..10 {
            let answer = asking.says("/coach tip").await;
            assert_eq!((answer.status, answer.error), (200, None));
            tips.push(answer.millis);
            rests(40).await;
        }
        let left: i64 = sqlx::query_scalar(open).fetch_one(db.read()).await.unwrap();
        if left == 0 {
            break;
        }
        assert!(began_here.elapsed() < patience, "{left} of {n_people} are still open");
    }

    let calls = program.slack.api_calls();
    let sent: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND outcome = 'sent'")
        .fetch_one(db.read())
        .await
        .unwrap();
    let arrived = arrived(&calls);
    let doubled = arrived.values().filter(|n| **n > 1).count();
    let (share, slowest) = (0..WORKSPACES)
        .map(|n| share_of_the_minimum(&calls, &team_of, &format!("T{n:03}"), n_people / WORKSPACES, began))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap();
    tips.sort_unstable();
    let (median, p99) = (tips[tips.len() / 2], tips[tips.len() * 99 / 100]);
    let posts = calls.iter().filter(|call| call.method == "chat.postMessage").count();
    println!(
        "Monday 09:00: {n_people} people in {WORKSPACES} workspaces, {} arrived, {doubled} doubled, {posts} attempts; the \
         slowest workspace {slowest}, {:.0} % of the least that is possible; {} times /coach tip meanwhile: half in \
         {median} ms, 99 % in {p99} ms",
        arrived.len(),
        share * 100.0,
        tips.len(),
    );
    assert_eq!((arrived.len(), sent as usize, doubled), (n_people, n_people, 0));
    assert_eq!(program.slack.complaints(), Vec::<String>::new(), "Slack's limits were kept");
    // Speed is for the full form on a machine of its own.
    if n_people >= 10_000 && !cfg!(debug_assertions) {
        assert!(share <= 1.10, "{slowest}");
        assert!(p99 < 100, "{p99} ms");
    }
    db.close().await;
    program.ends().await;
}

/// How long a workspace took against the least that is possible: so many messages at its pace, and all the
/// time for which Slack told it to wait.
fn share_of_the_minimum(
    calls: &[ApiCall],
    team_of: &HashMap<String, String>,
    team: &str,
    n_people: usize,
    began: Timestamp,
) -> (f64, String) {
    let ours: Vec<&ApiCall> = calls
        .iter()
        .filter(|call| call.method == "chat.postMessage")
        .filter(|call| {
            call.args["channel"].as_str().and_then(|id| team_of.get(id)).is_some_and(|of| of == team)
        })
        .collect();
    let last =
        ours.iter().filter(|call| call.answer["ok"] == true).map(|call| call.at).max().unwrap_or(began);
    let mut waited = SignedDuration::ZERO;
    let mut until = began;
    for call in &ours {
        if let Some(seconds) = call.retry_after {
            let end = call.at + SignedDuration::from_secs(seconds as i64);
            waited += end.duration_since(until.max(call.at)).max(SignedDuration::ZERO);
            until = until.max(end);
        }
    }
    let took = last.duration_since(began).as_secs_f64();
    let least = n_people as f64 * 60.0 / f64::from(A_MINUTE) + waited.as_secs_f64();
    let told = format!(
        "{team} took {took:.1} s where {least:.1} s is the least, {:.1} s of it told to wait",
        waited.as_secs_f64()
    );
    (took / least, told)
}

/// The library with one prompt that cannot be drawn: it has no skill, which no prompt file could have.
fn library_with_a_broken_prompt() -> Library {
    let library = content::load(None).unwrap();
    let mut prompts: Vec<_> = library.all().cloned().collect();
    let mut broken = library.of(Kind::Rehearsal).next().unwrap().clone();
    broken.id = PromptId::new("broken");
    broken.skills.clear();
    prompts.push(broken);
    Library::new(prompts)
}

#[tokio::test(flavor = "multi_thread")]
async fn poison_hurts_nobody_but_itself_and_is_listed_with_its_reasons() {
    let n_poison = how_many("RUNG_POISON", 10, 100);
    let n_panics = how_many("RUNG_POISON", 10, 100).div_ceil(10);
    let n_others = n_poison * 5;
    let nine: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let world = World::at(nine - SignedDuration::from_mins(10), library_with_a_broken_prompt()).await;
    let app = world.app();
    world::workspaces(&app.db, WORKSPACES, &world.slack.bot_user_id()).await;
    let slot = world::slot_at(nine);
    let mut poisoned: HashMap<String, &str> = HashMap::new();
    let mut tx = app.db.write().await.unwrap();
    for n in 0..n_poison + n_panics + n_others {
        let human = world.slack.person(&format!("p{n}"), "UTC");
        let who = PersonId { team: format!("T{:03}", n % WORKSPACES), user: human.id() };
        world::person(&mut tx, &who, "UTC", NINE, slot, i64::MAX / 2).await;
        let reason = match n {
            n if n >= n_poison + n_panics => continue,
            n if n >= n_poison => "a panic on our side; the server's log has the place",
            n if n % 4 == 0 => {
                human.leaves();
                "channel_not_found"
            }
            n if n % 4 == 1 => {
                world.slack.never_takes(&who.user, Some("invalid_blocks"));
                "invalid_blocks"
            }
            n if n % 4 == 2 => {
                world.slack.never_takes(&who.user, None);
                "not delivered within 24 hours"
            }
            _ => {
                sqlx::query("UPDATE people SET quiet_until = 'not a day' WHERE user_id = $1")
                    .bind(&who.user)
                    .execute(&mut *tx)
                    .await
                    .unwrap();
                "could not be planned"
            }
        };
        poisoned.insert(who.user, reason);
    }
    tx.commit().await.unwrap();

    // Planned, and before the spread lets any of them go, the prompt of some becomes one that panics.
    world.clock.set(nine);
    app_plans(&world).await;
    for (user, reason) in &poisoned {
        if reason.starts_with("a panic") {
            let broken = run(
                app,
                &format!("UPDATE jobs SET prompt_id = 'broken' WHERE user_id = '{user}' AND kind = 'nudge'"),
            )
            .await;
            assert_eq!(broken, 1);
        }
    }
    world.passes_until(nine + SignedDuration::from_mins(5)).await;
    let in_time = count(app, "SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND outcome = 'sent'").await;
    assert_eq!(in_time as usize, n_others, "the others have theirs within five minutes");
    world.passes_until(nine + SignedDuration::from_hours(25)).await;

    let output =
        rung(&world.database.url(), &["nudges", "list", "--outcome", "failed", "--days", "2000", "--json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed = listed.as_array().unwrap();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for row in listed {
        let (user, reason) = (row["to"].as_str().unwrap(), row["reason"].as_str().unwrap());
        assert!(reason.starts_with(poisoned[user]), "{user}: {reason}, not {}", poisoned[user]);
        *reasons.entry(poisoned[user].to_owned()).or_default() += 1;
    }
    let attempts = count(app, "SELECT MAX(attempts) FROM jobs").await;
    println!(
        "poison: {n_others} others sent, {} failed and listed ({reasons:?}), at most {attempts} attempts at one",
        listed.len()
    );
    assert_eq!(listed.len(), n_poison + n_panics);
    assert_eq!(count(app, "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL").await, 0);
    world.ends().await;
}

/// Planning alone, until nobody is due who can be planned.
async fn app_plans(world: &World) {
    for _ in 0..3 {
        while world.running.app.plan_due().await.unwrap() {}
    }
}

/// What this process holds in memory, where the system says.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(text.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_brings_everybody_one_nudge_a_week_and_memory_stays_flat() {
    let n_weeks = how_many("RUNG_YEAR_WEEKS", 4, 52);
    let n_people = how_many("RUNG_YEAR_PEOPLE", 60, 5_000);
    // A Sunday: everywhere on Earth the working days of one week lie between this hour and its next.
    let start: Timestamp = "2026-01-04T00:00:00Z".parse().unwrap();
    let began = Instant::now();
    let world = World::at(start, content::load(None).unwrap()).await;
    let app = world.app();
    world::workspaces(&app.db, WORKSPACES, &world.slack.bot_user_id()).await;
    let mut dice = super::Dice::of("a year");
    let mut tx = app.db.write().await.unwrap();
    for n in 0..n_people {
        let user = world.slack.person(&format!("p{n}"), "UTC").id();
        let who = PersonId { team: format!("T{:03}", n % WORKSPACES), user };
        let zone = ZONES[dice.below(12) as usize];
        let day = Weekday::from_monday_zero_offset(dice.below(5) as i8).unwrap();
        let own = (day, Time::constant(8 + dice.below(10) as i8, dice.below(4) as i8 * 15, 0, 0));
        // Slack is not asked about zones: that is a call a person and week, and another test's matter.
        world::person(&mut tx, &who, zone, own, world::first_slot(zone, own, start), i64::MAX / 2).await;
    }
    tx.commit().await.unwrap();
    let mut held = Vec::new();
    let mut doubled = 0;
    for week in 1..=n_weeks {
        world.passes_until(start + SignedDuration::from_hours(7 * 24 * week as i64)).await;
        app.sweep().await.unwrap();
        // They use the coach; the pace for those who do not is another proof's matter.
        run(app, "UPDATE people SET unanswered = 0").await;
        let arrived = arrived(&world.slack.api_calls());
        doubled += arrived.values().filter(|n| **n > 1).count();
        assert_eq!(arrived.len(), n_people, "in week {week}");
        assert_eq!(world.slack.complaints(), Vec::<String>::new());
        world.slack.forgets();
        held.extend(memory());
    }
    let sent = count(app, "SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND outcome = 'sent'").await;
    let all = count(app, "SELECT COUNT(*) FROM jobs").await;
    // After the first fifth everything has been used once.
    let warm = held.get(n_weeks / 5).copied().unwrap_or_default() as f64;
    let last = held.last().copied().unwrap_or_default() as f64;
    let growth = if warm > 0.0 { (last / warm - 1.0) * 100.0 } else { 0.0 };
    println!(
        "{n_weeks} simulated weeks, {n_people} people: {sent} nudges, {doubled} doubled, {} other ends; memory {:.1} MiB \
         after the warm-up, {:.1} MiB at the end ({growth:+.1} %); {:.0} s",
        all - sent,
        warm / 1_048_576.0,
        last / 1_048_576.0,
        began.elapsed().as_secs_f64()
    );
    assert_eq!((sent as usize, all as usize, doubled), (n_people * n_weeks, n_people * n_weeks, 0));
    // Beside other tests in the same process memory says nothing.
    if n_weeks >= 52 {
        assert!(growth < 5.0, "memory grew by {growth:.1} %");
    }
    world.ends().await;
}

/// The plan of a query, as the database tells it: the very text that the program uses.
async fn plan_of(db: &Db, sql: &str, values: &[&str]) -> String {
    let (explain, column) = match db.kind() {
        rung::store::Kind::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        rung::store::Kind::Postgres => ("EXPLAIN", 0),
    };
    // Numbers are numbers and the rest is text, put in from behind, so that $1 is not found in $10.
    let mut sql = sql.to_owned();
    for (n, value) in values.iter().enumerate().rev() {
        let value = if value.parse::<i64>().is_ok() { (*value).to_owned() } else { format!("'{value}'") };
        sql = sql.replace(&format!("${}", n + 1), &value);
    }
    let mut tx = db.write().await.unwrap();
    let rows =
        sqlx::query(sqlx::AssertSqlSafe(format!("{explain} {sql}"))).fetch_all(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| sqlx::Row::get::<String, _>(row, column)).collect();
    lines.join("\n")
}

/// So many people, of whom so many are due at that hour; the others in the six days after.
async fn many_people(db: &Db, n_people: usize, n_due: usize, at: Timestamp) {
    let (now, checked) = (at.as_millisecond(), at.as_millisecond());
    let mut tx = patient(db).await;
    // One text for both databases.
    let sql = format!(
        "INSERT INTO people (team_id, user_id, created_at, used_at, welcomed_at, zone_slack, zone_checked_at, nudges_on_at,
                             nudge_day, nudge_time, nudge_every, unanswered, next_nudge_at, next_nudge_week)
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n_people})
         SELECT 'T' || CAST(i % 1000 AS TEXT), 'U' || CAST(i AS TEXT), {now}, {now}, {now}, 'UTC', {checked}, {now},
                'Mon', '09:00', 1, 0,
                CASE WHEN i < {n_due} THEN {now} ELSE {now} + 3600000 + (CAST(i AS BIGINT) * 7919) % 518400000 END,
                '2026-W10'
         FROM n"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    knows_its_tables(db).await;
}

/// A write that may take longer than any of the program's own.
async fn patient(db: &Db) -> rung::store::Tx {
    let mut tx = db.write().await.unwrap();
    if db.kind() == rung::store::Kind::Postgres {
        sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *tx).await.unwrap();
    }
    tx
}

/// PostgreSQL keeps its statistics up to date by itself, a minute later; SQLite has none, here as in `serve`.
async fn knows_its_tables(db: &Db) {
    if db.kind() == rung::store::Kind::Postgres {
        let mut tx = patient(db).await;
        sqlx::query("ANALYZE").execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// So many slots that have ended.
async fn many_ended(db: &Db, n: usize, at: Timestamp) {
    let ended = at.as_millisecond() - 86_400_000;
    let mut tx = patient(db).await;
    let sql = format!(
        "INSERT INTO jobs (id, team_id, user_id, kind, slot, body, urgency, created_at, meant_at, due_at, attempts, missed,
                           leased_until, holder, fence, done_at, outcome)
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n})
         SELECT 'ended' || CAST(i AS TEXT), 'T' || CAST(i % 1000 AS TEXT), 'U' || CAST(i AS TEXT), 'nudge',
                'ended/' || CAST(i AS TEXT), '', 1, {ended}, {ended}, {ended}, 1, 0, 0, '', 1, {ended}, 'sent'
         FROM n"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    knows_its_tables(db).await;
}

/// More people than are looked at at once, all a year ahead, and one in a hundred cannot be read.
#[tokio::test]
async fn rows_that_cannot_be_read_leave_nobody_else_a_year_ahead() {
    let nine: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let world = World::at(nine, content::load(None).unwrap()).await;
    let app = world.app();
    many_people(&app.db, 1_200, 0, nine).await;
    run(app, "UPDATE people SET next_nudge_at = next_nudge_at + 31536000000, next_nudge_week = '2027-W10', last_week = '2027-W09'")
        .await;
    run(app, "UPDATE people SET quiet_until = 'not a day' WHERE user_id LIKE 'U%07'").await;
    world.clock.set(nine - SignedDuration::from_mins(1));
    world.running.app.mind_the_clock().await.unwrap();
    let ahead = format!(
        "SELECT COUNT(*) FROM people WHERE next_nudge_at > {}",
        nine.as_millisecond() + 31_000_000_000
    );
    assert_eq!(count(app, &ahead).await, 11);
    world.ends().await;
}

/// Planning follows who is due: the plans name an index, and a million people cost what ten thousand do.
#[tokio::test(flavor = "multi_thread")]
async fn planning_follows_who_is_due_and_not_how_many_there_are() {
    let n_people = how_many("RUNG_PEOPLE", 20_000, 1_000_000);
    let n_due = (n_people / 1_000).max(100);
    let sizes = if n_people > 20_000 { vec![10_000, n_people] } else { vec![n_people] };
    let nine: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    for n_people in sizes {
        let world = World::at(nine - SignedDuration::from_mins(1), content::load(None).unwrap()).await;
        let app = world.app();
        many_people(&app.db, n_people, n_due, nine).await;
        let at = nine.as_millisecond();
        let (now, tomorrow, yesterday) =
            (at.to_string(), (at + 86_400_000).to_string(), (at - 86_400_000).to_string());
        let by_key = match app.db.kind() {
            rung::store::Kind::Sqlite => "sqlite_autoindex_people_1",
            rung::store::Kind::Postgres => "people_pkey",
        };
        let one = "UPDATE people SET user_id = user_id WHERE team_id = $1 AND user_id = $2";
        for (what, index, sql, values) in [
            ("who is due", "people_due", people::DUE, vec![now.as_str(), &yesterday, "200"]),
            (
                "whose zone to ask for",
                "people_due",
                people::TO_ASK,
                vec![&now, "U1", "T1", &tomorrow, &yesterday, "200"],
            ),
            ("one person", by_key, one, vec!["T1", "U1"]),
        ] {
            let plan = plan_of(&app.db, sql, &values).await;
            println!("{n_people} people, {what}:\n{plan}");
            // Of ten thousand it may be cheaper to read all.
            if n_people >= 20_000 {
                assert!(plan.contains(index), "{what}: {plan}");
                assert!(
                    !plan.contains("SCAN people\n") && !plan.contains("Seq Scan on people"),
                    "{what}: {plan}"
                );
            }
        }

        world.clock.set(nine);
        let asked = Instant::now();
        for _ in 0..100 {
            people::due(app.db.read(), nine, 200).await.unwrap();
        }
        let asking = asked.elapsed() / 100;
        let began = Instant::now();
        while world.running.app.plan_due().await.unwrap() {}
        let took = began.elapsed();
        let planned = count(app, "SELECT COUNT(*) FROM jobs WHERE kind = 'nudge'").await;
        println!(
            "{n_people} people on {}, {n_due} due: asking who is due takes {:.2} ms, planning {planned} took {:.2} s",
            app.db.describe(),
            asking.as_secs_f64() * 1000.0,
            took.as_secs_f64()
        );
        assert_eq!(planned as usize, n_due);

        // The outbox: what has ended weighs nothing, whoever looks for what is due.
        many_ended(&app.db, n_people, nine).await;
        let soonest = "SELECT due_at FROM jobs WHERE done_at IS NULL ORDER BY due_at LIMIT 1";
        for (what, sql, values) in [
            (
                "claiming",
                jobs::claim_sql(app.db.kind()),
                vec![now.as_str(), "me", "1", &now, &now, &now, "50"],
            ),
            ("the soonest", soonest, vec![]),
        ] {
            let plan = plan_of(&app.db, sql, &values).await;
            println!("{n_people} people, {what}:\n{plan}");
            assert!(plan.contains("jobs_waiting") || plan.contains("jobs_soonest"), "{what}: {plan}");
        }
        world.ends().await;
    }
}

/// Two servers on one database: together they keep the pace of one, lose no place to each other, and what
/// Slack tells one of them counts for both.
#[tokio::test(flavor = "multi_thread")]
async fn two_servers_keep_one_pace_together() {
    let n_people = 120;
    let nine: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let world = World::at(nine, content::load(None).unwrap()).await;
    let first = std::sync::Arc::clone(&world.running.app);
    let second = world.another_server().await;
    world::workspaces(&first.db, 1, &world.slack.bot_user_id()).await;
    let slot = world::slot_at(nine - SignedDuration::from_secs(100));
    let mut tx = first.db.write().await.unwrap();
    for n in 0..n_people {
        let who =
            PersonId { team: "T000".to_owned(), user: world.slack.person(&format!("p{n}"), "UTC").id() };
        world.slack.is_of(&who.user, &who.team, A_MINUTE);
        world::person(&mut tx, &who, "UTC", NINE, slot, i64::MAX / 2).await;
    }
    tx.commit().await.unwrap();
    while first.plan_due().await.unwrap() {}

    let mut went: Vec<(usize, Timestamp)> = Vec::new();
    let mut turn = 0;
    while went.len() < n_people {
        for (n, app) in [&first, &second].into_iter().enumerate() {
            // Now one comes first and now the other.
            let (n, app) = if turn / 2 % 2 == 0 { (n, app) } else { (1 - n, [&second, &first][n]) };
            let taken = app.take_due(20).await.unwrap();
            for job in taken.ready {
                went.push((n, world.clock.now()));
                app.deliver(job).await;
            }
        }
        turn += 1;
        world.clock.advance(SignedDuration::from_millis(100));
        assert!(turn < 1_000, "{} went", went.len());
    }
    let took = went.last().unwrap().1.duration_since(nine).as_secs_f64();
    let by_the_second = went.iter().filter(|(n, _)| *n == 1).count();
    println!("two servers: {n_people} messages in {took:.1} s, {by_the_second} of them by the second");
    assert!((20..=n_people - 20).contains(&by_the_second), "{by_the_second} by the second");
    // Twenty at once, then five a second.
    assert!((19.0..=22.0).contains(&took), "{took} s");
    assert_eq!(world.slack.complaints(), Vec::<String>::new());

    // Slack tells one of them to wait: the other waits as well, and other workspaces do not.
    world.clock.advance(SignedDuration::from_secs(60));
    let now = world.clock.now();
    let mut tx = first.db.write().await.unwrap();
    for n in 0..2 {
        let who =
            PersonId { team: "T000".to_owned(), user: world.slack.person(&format!("p{n}"), "UTC").id() };
        let body = r#"{"text":"Saved.","blocks":[]}"#.to_owned();
        jobs::enqueue(&mut tx, &jobs::NewJob::message(&who, "form/1", body, now), now.as_millisecond())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    world.slack.says_slow_down("chat.postMessage", 30, 1);
    let taken = first.take_due(1).await.unwrap();
    assert_eq!(taken.ready.len(), 1);
    for job in taken.ready {
        first.deliver(job).await;
    }
    for (seconds, n) in [(0, 0), (29, 0), (2, 2)] {
        world.clock.advance(SignedDuration::from_secs(seconds));
        let taken = second.take_due(10).await.unwrap();
        assert_eq!(taken.ready.len(), n, "after {seconds} s more");
        for job in taken.ready {
            second.deliver(job).await;
        }
    }
    second.db.close().await;
    world.ends().await;
}
