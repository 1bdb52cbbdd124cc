//! Time goes wrong: outages, and clocks that step, stand still or run fast.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rung::coach::week::Week;

use super::{Dice, ZONES, count, how_many, run};
use crate::chat::Chat;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// A slot as the database has it.
struct Row {
    who: String,
    week: Week,
    meant_at: i64,
    done_at: i64,
    outcome: String,
    reason: String,
}

async fn slots(chat: &Chat) -> Vec<Row> {
    let mut slots = BTreeMap::new();
    add_slots(chat, &mut slots).await;
    slots.into_values().collect()
}

/// The slots that the database has now, by their id, beside those it had before: it keeps them for 400 days.
async fn add_slots(chat: &Chat, slots: &mut BTreeMap<String, Row>) {
    let app = chat.app().await;
    type Columns = (String, String, String, i64, i64, String, Option<String>);
    let rows: Vec<Columns> = sqlx::query_as(
        "SELECT id, user_id, week, meant_at, done_at, outcome, reason FROM jobs
         WHERE kind = 'nudge' AND done_at IS NOT NULL",
    )
    .fetch_all(app.db.read())
    .await
    .unwrap();
    for (id, who, week, meant_at, done_at, outcome, reason) in rows {
        let (week, reason) = (Week::parse(&week).unwrap(), reason.unwrap_or_default());
        slots.insert(id, Row { who, week, meant_at, done_at, outcome, reason });
    }
}

/// Messages in the local Slack by their slot: each at most once.
fn arrived(chat: &Chat) -> BTreeMap<String, usize> {
    let mut slots = BTreeMap::new();
    for call in chat.slack.api_calls() {
        if call.method == "chat.postMessage" && call.answer["ok"] == true {
            let metadata: serde_json::Value =
                serde_json::from_str(call.args["metadata"].as_str().unwrap_or("null")).unwrap_or_default();
            let metadata = if metadata.is_null() { call.args["metadata"].clone() } else { metadata };
            let slot = metadata["event_payload"]["slot"].as_str().unwrap_or_default().to_owned();
            *slots.entry(slot).or_insert(0) += 1;
        }
    }
    slots
}

#[tokio::test]
async fn outages_of_any_length_cost_at_most_what_they_must() {
    let n_outages = how_many("RUNG_OUTAGES", 50, 1_000);
    let chat = Chat::on("Mon 5 Jan 2026 09:00 UTC").await;
    let mut dice = Dice::of("outages");
    for (n, zone) in ZONES.into_iter().enumerate() {
        let person = chat.person_in(&format!("p{n}"), zone);
        let (hour, minute) = (dice.below(24), dice.below(60));
        person.says(&format!("/coach nudge {} {hour:02}:{minute:02}", DAYS[dice.below(7) as usize])).await;
    }
    let mut kept = BTreeMap::new();
    for _ in 0..n_outages {
        add_slots(&chat, &mut kept).await;
        // Somebody who answers: the pace is another proof's matter.
        run(&*chat.app().await, "UPDATE people SET unanswered = 0").await;
        let up = SignedDuration::from_mins(dice.below(9 * 24 * 60) as i64);
        chat.passes_until(chat.clock.now() + up).await;
        run(&*chat.app().await, "UPDATE people SET unanswered = 0").await;
        chat.stops().await;
        let down = SignedDuration::from_mins(dice.below(30 * 24 * 60) as i64);
        chat.clock.advance(down);
        chat.starts().await;
        chat.settles().await;
    }
    run(&*chat.app().await, "UPDATE people SET unanswered = 0").await;
    chat.passes_until(chat.clock.now() + A_DAY * 3).await;

    add_slots(&chat, &mut kept).await;
    let rows: Vec<Row> = kept.into_values().collect();
    let mut weeks: BTreeMap<&str, BTreeSet<Week>> = BTreeMap::new();
    let (mut sent, mut skipped, mut latest) = (0, 0, SignedDuration::ZERO);
    for row in &rows {
        assert!(weeks.entry(&row.who).or_default().insert(row.week), "{} twice for {}", row.week, row.who);
        match row.outcome.as_str() {
            "sent" => {
                let late = SignedDuration::from_millis(row.done_at - row.meant_at);
                assert!(late <= A_DAY, "{} came {late} late to {}", row.week, row.who);
                latest = latest.max(late);
                sent += 1;
            }
            "skipped" => {
                assert!(!row.reason.is_empty(), "{} of {} has no reason", row.week, row.who);
                skipped += 1;
            }
            other => panic!("{} of {} {other}", row.week, row.who),
        }
    }
    for (who, weeks) in &weeks {
        let (first, last) = (weeks.first().unwrap(), weeks.last().unwrap());
        let mut told: Vec<String> = Vec::new();
        let mut before = *first;
        for week in weeks.iter().skip(1) {
            if week.since(before) != 1 {
                told.extend(
                    rows.iter().filter(|row| row.who == **who && week.since(row.week).abs() < 4).map(|row| {
                        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
                        format!(
                            "{} {} meant {} done {} {}",
                            row.week,
                            row.outcome,
                            at(row.meant_at),
                            at(row.done_at),
                            row.reason
                        )
                    }),
                );
            }
            before = *week;
        }
        assert_eq!(last.since(*first) + 1, weeks.len() as i64, "{who} lost a week:\n{}", told.join("\n"));
    }
    let doubled = arrived(&chat).values().filter(|n| **n > 1).count();
    println!(
        "{n_outages} outages of 0 to 30 days, {} people: {} slots, {sent} sent, {skipped} skipped each with its \
         reason, {doubled} doubled, none lost, the latest {:.1} h late",
        ZONES.len(),
        rows.len(),
        latest.as_secs_f64() / 3600.0
    );
    assert_eq!(doubled, 0);
    assert!(sent > n_outages && skipped > 0);
    chat.ends().await;
}

/// One seed: three weeks of somebody's life with a clock that cannot be trusted, then three with a good one.
async fn bad_clock(chat: &Chat, seed: usize) -> Timestamp {
    let mut dice = Dice::of(format!("clock/{seed}"));
    let person = chat.person_in(&format!("p{seed}"), ZONES[dice.below(12) as usize]);
    let (hour, minute) = (dice.below(24), dice.below(60));
    person.says(&format!("/coach nudge {} {hour:02}:{minute:02}", DAYS[dice.below(7) as usize])).await;
    let who = person.human.id();
    // What time it really is; the clock shows this, except while it does not.
    let mut truth = chat.clock.now();
    let end = truth + A_DAY * 21;
    while truth < end {
        let hours = SignedDuration::from_mins(30 + dice.below(48 * 60) as i64);
        match dice.below(8) {
            0 => {
                // Stands still while time goes on, then is set right.
                chat.settles().await;
            }
            1 => chat.passes_until(chat.clock.now() + hours * 3).await,
            2 => step(chat, SignedDuration::from_secs(1)).await,
            3 => step(chat, -SignedDuration::from_secs(1)).await,
            4 => step(chat, -hours).await,
            5 => step(chat, A_DAY * 365).await,
            6 => step(chat, -A_DAY * 365).await,
            _ => {}
        }
        if dice.below(3) == 0 {
            // Somebody waits for this answer, whatever the clock shows.
            person.human.says("/coach log Shipped it").await;
            person.human.says("tip").await;
        }
        settled_to_the_last(chat, &format!("seed {seed}")).await;
        truth += hours;
        chat.clock.set(truth);
        settled_to_the_last(chat, &format!("seed {seed}, set right")).await;
        // They use the coach; the pace for those who do not is another proof's matter.
        person.human.says("/coach help").await;
    }
    // From now on all is well: a nudge a week, from this week or the next on.
    for _ in 0..3 {
        person.human.says("/coach help").await;
        chat.passes_until(chat.clock.now() + A_DAY * 7).await;
    }
    let app = chat.app().await;
    let from = end.as_millisecond();
    let sent = format!(
        "SELECT COUNT(*) FROM jobs WHERE user_id = '{who}' AND kind = 'nudge' AND outcome = 'sent'
           AND meant_at >= {from} AND done_at >= {from}"
    );
    let sent = count(&app, &sent).await;
    let ahead = format!(
        "SELECT COUNT(*) FROM jobs WHERE user_id = '{who}' AND kind = 'nudge' AND outcome = 'sent'
           AND meant_at >= {from} AND meant_at < {}",
        (end + A_DAY * 21).as_millisecond()
    );
    // A week that a fast clock has had sent already is not sent again.
    let ahead = count(&app, &ahead).await;
    if sent < 2 && ahead < 2 {
        let told: Vec<String> = slots(chat)
            .await
            .into_iter()
            .filter(|row| row.who == who)
            .map(|row| {
                let at = |millis| Timestamp::from_millisecond(millis).unwrap();
                let (meant, done) = (at(row.meant_at), at(row.done_at));
                format!("{} {} meant {meant} done {done} {}", row.week, row.outcome, row.reason)
            })
            .collect();
        panic!("seed {seed}: {sent} nudges in the three good weeks from {end} on\n{}", told.join("\n"));
    }
    run(
        &app,
        &format!("UPDATE people SET nudges_on_at = NULL, next_nudge_at = NULL WHERE user_id = '{who}'"),
    )
    .await;
    chat.clock.now()
}

/// The clock jumps, and jumps back after a while.
async fn step(chat: &Chat, by: SignedDuration) {
    let now = chat.clock.now();
    chat.clock.set(now + by);
    chat.settles().await;
    chat.passes_until(chat.clock.now() + SignedDuration::from_mins(20)).await;
}

/// One tick later nothing waits that could go.
async fn settled_to_the_last(chat: &Chat, when: &str) {
    chat.settles().await;
    // The pace of one message a second, by a clock that goes on.
    for _ in 0..4 {
        chat.clock.advance(SignedDuration::from_millis(1_100));
        chat.settles().await;
    }
    let now = chat.clock.now().as_millisecond();
    let app = chat.app().await;
    let waiting =
        count(&app, &format!("SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND due_at <= {now}")).await;
    let answers = count(&app, "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND kind = 'message'").await;
    let unplanned = count(&app, &format!("SELECT COUNT(*) FROM people WHERE next_nudge_at <= {now}")).await;
    assert_eq!((waiting, answers, unplanned), (0, 0, 0), "{when}: stalled");
}

/// So many seeds go on at once, each in a chat with a clock of its own.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_step_stand_still_or_run_fast_double_nothing_and_stall_nothing() {
    let n_seeds = how_many("RUNG_CLOCKS", if cfg!(debug_assertions) { 25 } else { 500 }, 10_000);
    let mut chats = tokio::task::JoinSet::new();
    for first in 0..AT_ONCE {
        chats.spawn(async move {
            let chat = Chat::on("Mon 5 Jan 2026 09:00 UTC").await;
            let mut nudges = 0;
            for seed in (first..n_seeds).step_by(AT_ONCE) {
                bad_clock(&chat, seed).await;
                let arrived = arrived(&chat);
                let doubled: Vec<_> = arrived.iter().filter(|(_, n)| **n > 1).collect();
                assert!(doubled.is_empty(), "seed {seed}: {doubled:?}");
                nudges += arrived.keys().filter(|slot| slot.starts_with("nudge/")).count();
                chat.slack.forgets();
                chat.slack.takes_complaints();
            }
            chat.ends().await;
            nudges
        });
    }
    let nudges: usize = chats.join_all().await.into_iter().sum();
    println!("{n_seeds} seeds of bad clocks: {nudges} nudges, 0 doubled, nothing stalled");
}

/// In Honolulu Sunday evening is Monday in Greenwich, and so of another week there: what was skipped ahead of time
/// goes by its hour, not by its week.
#[tokio::test]
async fn a_clock_that_was_a_year_ahead_for_a_moment_takes_no_week_from_anybody() {
    for zone in ["Pacific/Honolulu", "Europe/Berlin", "Pacific/Kiritimati"] {
        let chat = Chat::on(&format!("Sat 7 Mar 2026 09:00 {zone}")).await;
        let ana = chat.person("ana");
        ana.says("/coach nudge Sun 22:21").await;
        let ben = chat.person("ben");
        ben.says("/coach nudge Mon 00:30").await;
        chat.slack.invites_coach("leaders");
        ana.says_in("leaders", "/coach nudge here Sun 22:21").await;
        let now = chat.clock.now();
        // The weekend a year on, when every slot in between is stale; then it is set right.
        chat.clock.set(now + A_DAY * 363);
        chat.settles().await;
        let skipped = "SELECT COUNT(*) FROM jobs WHERE outcome = 'skipped' AND kind IN ('nudge', 'channel')";
        assert!(chat.count(skipped).await > 100);
        chat.clock.set(now);
        chat.settles().await;
        assert_eq!(chat.count(skipped).await, 0, "{zone}: nothing has been missed yet");
        let challenges =
            "SELECT COUNT(*) FROM jobs WHERE kind = 'channel' AND week IS NOT NULL AND outcome = 'sent'";
        for week in 1..=3 {
            chat.passes_until(now + A_DAY * 7 * week).await;
            let weeks = (ana.human.dms().len(), ben.human.dms().len(), chat.count(challenges).await);
            assert_eq!(
                weeks,
                (week as usize, week as usize, i64::from(week)),
                "{zone}:\n{}",
                chat.transcript()
            );
        }
        chat.ends().await;
    }
}

/// Where the database fails just as the clock is set back, that it was is not forgotten.
#[tokio::test]
async fn a_clock_that_is_set_back_while_the_database_fails_is_minded_afterwards() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach settings").await;
    let now = chat.clock.now();
    chat.slack.is_down(true);
    chat.clock.set(now + A_DAY * 365);
    ana.human.says("tip").await;
    chat.settles().await;
    chat.writes("ALTER TABLE paces RENAME TO paces_away").await;
    chat.clock.set(now);
    chat.settles().await;
    chat.writes("ALTER TABLE paces_away RENAME TO paces").await;
    chat.slack.is_down(false);
    chat.clock.advance(SignedDuration::from_secs(5));
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    chat.ends().await;
}

#[tokio::test]
async fn across_the_date_line_there_is_one_nudge_a_week() {
    // From Samoa's side to Kiribati's and back: a day is skipped, and then lived twice.
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Pacific/Pago_Pago").await;
    for (n, time) in ["Mon 00:30", "Tue 10:00", "Wed 23:30", "Sun 10:00"].into_iter().enumerate() {
        let ana = chat.person(&format!("p{n}"));
        ana.says(&format!("/coach nudge {time}")).await;
    }
    let mut moves = 0;
    for hours in [30, 25, 49, 13, 61, 24, 24, 24, 95, 7] {
        chat.passes_until(chat.clock.now() + SignedDuration::from_hours(hours)).await;
        let zone = if moves % 2 == 0 { "Pacific/Kiritimati" } else { "Pacific/Pago_Pago" };
        moves += 1;
        for n in 0..4 {
            let ana = chat.person(&format!("p{n}"));
            ana.human.moves_to(zone);
            let change = serde_json::json!({ "type": "user_change", "user": ana.human.profile() });
            assert_eq!(chat.slack.sends_event(change).await, 200);
        }
        run(&*chat.app().await, "UPDATE people SET unanswered = 0").await;
    }
    chat.passes("2 weeks").await;
    let rows = slots(&chat).await;
    let mut weeks: BTreeMap<&str, BTreeSet<Week>> = BTreeMap::new();
    for row in &rows {
        assert_eq!(row.outcome, "sent", "{} of {}: {}", row.week, row.who, row.reason);
        assert!(weeks.entry(&row.who).or_default().insert(row.week), "{} twice", row.week);
    }
    assert_eq!(weeks.len(), 4);
    for weeks in weeks.values() {
        assert_eq!(weeks.last().unwrap().since(*weeks.first().unwrap()) + 1, weeks.len() as i64);
    }
    println!("{moves} crossings of the date line, 4 people: {} weeks, each once", rows.len());
    chat.ends().await;
}

#[tokio::test]
async fn what_was_put_off_for_the_night_is_late_from_its_own_hour_on() {
    let chat = Chat::on("Wed 4 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge Wed 20:00").await;
    chat.passes_until("2026-03-04T18:55:00Z".parse().unwrap()).await;
    chat.stops().await;
    // Three hours later: not at eleven at night, but at eight in the morning. And then Slack is away.
    chat.clock.set("2026-03-04T22:00:00Z".parse().unwrap());
    chat.starts().await;
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 0);
    chat.slack.is_down(true);
    chat.passes_until("2026-03-05T19:30:00Z".parse().unwrap()).await;
    chat.slack.is_down(false);
    // Half an hour past the day: by the hour it was put off to it would have half a day left.
    chat.passes_until("2026-03-06T12:00:00Z".parse().unwrap()).await;
    assert_eq!(ana.human.dms().len(), 0, "{}", chat.transcript());
    let ends = chat.texts("SELECT outcome || ': ' || reason FROM jobs WHERE kind = 'nudge'").await;
    assert!(ends.len() == 1 && ends[0].starts_with("failed: not delivered within 24 hours"), "{ends:?}");
    chat.passes_until("2026-03-11T20:00:00Z".parse().unwrap()).await;
    assert_eq!(ana.human.dms().len(), 1, "the week after is as ever");
    chat.ends().await;
}

#[tokio::test]
async fn what_was_planned_and_never_tried_in_an_outage_is_skipped_and_has_not_failed() {
    let chat = Chat::on("Wed 4 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge Wed 10:00").await;
    // Planned at ten sharp, and the machine is gone before the spread lets it go.
    chat.clock.set("2026-03-04T09:00:00Z".parse().unwrap());
    chat.settles().await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind = 'nudge' AND done_at IS NULL").await, 1);
    chat.stops().await;
    chat.clock.set("2026-03-06T12:00:00Z".parse().unwrap());
    chat.starts().await;
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 0);
    let ends = chat.texts("SELECT outcome || ': ' || reason FROM jobs WHERE kind = 'nudge'").await;
    assert_eq!(ends, ["skipped: the coach was not running at the time"]);
    chat.ends().await;
}

#[tokio::test]
async fn what_slack_did_not_take_all_evening_comes_in_the_morning_and_not_at_night() {
    let chat = Chat::on("Wed 4 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    ana.says("/coach nudge Wed 18:00").await;
    // Who chose the night gets it at night.
    ben.says("/coach nudge Wed 23:00").await;
    chat.slack.invites_coach("leaders");
    ana.says_in("leaders", "/coach nudge here Wed 18:00").await;
    chat.passes_until("2026-03-04T16:59:00Z".parse().unwrap()).await;
    chat.slack.is_down(true);
    chat.passes_until("2026-03-04T22:30:00Z".parse().unwrap()).await;
    chat.slack.is_down(false);
    chat.passes_until("2026-03-05T06:59:00Z".parse().unwrap()).await;
    assert_eq!((ana.human.dms().len(), ben.human.dms().len()), (0, 1), "{}", chat.transcript());
    let posted = "SELECT COUNT(*) FROM jobs WHERE kind = 'channel' AND week IS NOT NULL AND outcome = 'sent'";
    assert_eq!(chat.count(posted).await, 0, "{}", chat.transcript());
    // A restart tries what was put off, and it is still night.
    chat.restarts().await;
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 0);
    chat.passes_until("2026-03-05T07:30:00Z".parse().unwrap()).await;
    assert_eq!((ana.human.dms().len(), chat.count(posted).await), (1, 1), "{}", chat.transcript());
    let hour = chat
        .count(
            "SELECT meant_at FROM jobs WHERE kind = 'nudge' AND outcome = 'sent' ORDER BY meant_at LIMIT 1",
        )
        .await;
    let six: Timestamp = "2026-03-04T17:00:00Z".parse().unwrap();
    assert_eq!(hour, six.as_millisecond(), "it is late from its own hour on");
    // In a channel we may not look whether a message has arrived.
    assert!(chat.slack.takes_complaints().iter().all(|complaint| complaint.contains("missing_scope")));
    chat.ends().await;
}

#[tokio::test]
async fn a_reminder_that_the_server_slept_through_comes_in_the_morning_and_is_dropped_where_that_is_too_late()
{
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    let title = ana.latest_dm();
    ana.clicks("Later").await;
    ana.clicks("A date…").await;
    ana.submits([("On which day?", "2026-03-06")]).await;
    assert!(ana.reads().contains("Fri 6 March at 10:00"), "{}", ana.reads());
    ana.says("/coach script manager").await;
    ana.clicks("Booked").await;
    ana.submits([("When do you talk with your manager?", "2026-03-11")]).await;
    let before = ana.human.dms().len();
    // Friday from nine to eleven at night.
    chat.passes_until("2026-03-06T08:00:00Z".parse().unwrap()).await;
    chat.stops().await;
    chat.clock.set("2026-03-06T22:00:00Z".parse().unwrap());
    chat.starts().await;
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), before, "{}", chat.transcript());
    chat.passes_until("2026-03-07T07:30:00Z".parse().unwrap()).await;
    assert_eq!(ana.human.dms().len(), before + 1, "{}", chat.transcript());
    assert_eq!(ana.latest_dm(), title);
    // Tuesday the same way: on Wednesday morning the talk is not tomorrow any more.
    chat.passes_until("2026-03-10T08:00:00Z".parse().unwrap()).await;
    chat.stops().await;
    chat.clock.set("2026-03-10T22:00:00Z".parse().unwrap());
    chat.starts().await;
    chat.settles().await;
    chat.passes_until("2026-03-11T08:30:00Z".parse().unwrap()).await;
    assert_eq!(ana.human.dms().len(), before + 1, "{}", chat.transcript());
    let ends = chat.texts("SELECT reason FROM jobs WHERE kind = 'event' AND outcome = 'skipped'").await;
    assert_eq!(ends, ["its day was over before morning came"]);
    chat.ends().await;
}
