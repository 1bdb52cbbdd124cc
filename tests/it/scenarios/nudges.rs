//! The weekly nudge: at their hour, once, and quiet when it is not wanted.

use rung::coach::person::PersonId;
use rung::store::{Kind, people};

use crate::chat::{Chat, Person};
use crate::nudges_proofs::run;

#[tokio::test]
async fn one_tap_brings_a_nudge_each_week_at_the_usual_hour() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach").await;
    ana.clicks("Send me one a week").await;
    assert!(ana.reads().contains("Wed 4 March at 10:00 (Europe/Berlin)"), "{}", ana.reads());
    chat.passes("2 days").await;
    assert_eq!(ana.human.dms().len(), 0, "not before the hour");
    chat.passes("2 hours").await;
    let nudge = ana.reads();
    for button in ["[Done]", "[Later]", "[Not relevant]", "[Fewer of these]"] {
        assert!(nudge.contains(button), "{nudge}");
    }
    ana.says("/coach").await;
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 2);
    chat.ends().await;
}

#[tokio::test]
async fn their_own_day_time_pace_and_pause_hold() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge Tue 09:30").await;
    assert!(ana.reads().contains("Tue 3 March at 09:30"), "{}", ana.reads());
    ana.says("/coach nudge every 2 weeks").await;
    ana.says("/coach nudge until 18 March").await;
    assert!(ana.reads().contains("Tue 24 March at 09:30"), "{}", ana.reads());
    ana.says("/coach nudge off").await;
    chat.passes("5 weeks").await;
    assert_eq!(ana.human.dms().len(), 0);
    ana.says("/coach nudge on").await;
    chat.passes("2 weeks").await;
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}

#[tokio::test]
async fn a_pause_outlasts_a_change_of_pace_or_day_and_ends_when_nudges_are_turned_on() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    ana.says("/coach nudge until 1 September").await;
    assert!(ana.reads().contains("Wed 2 September at 10:00"), "{}", ana.reads());
    // The button stands under the nudge of this morning.
    ana.presses("every", "2").await;
    chat.settles().await;
    ana.says("/coach nudge").await;
    for part in ["Every 2 weeks", "Quiet until 1 September 2026", "Wed 2 September at 10:00"] {
        assert!(ana.reads().contains(part), "{part} in {}", ana.reads());
    }
    ana.says("/coach nudge Thu 09:30").await;
    assert!(ana.reads().contains("Thu 3 September at 09:30"), "{}", ana.reads());
    let before = ana.human.dms().len();
    chat.passes("10 weeks").await;
    assert_eq!(ana.human.dms().len(), before, "{}", chat.transcript());
    ana.says("/coach nudge on").await;
    assert!(!ana.reads().contains("Quiet until"), "{}", ana.reads());
    // Off is the end of a pause as well.
    ana.says("/coach nudge until 1 September").await;
    ana.says("/coach nudge off").await;
    ana.says("/coach nudge weekly").await;
    assert!(!ana.reads().contains("Quiet until"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn nudge_now_uses_the_slot_of_this_week() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    ana.says("/coach nudge now").await;
    assert!(ana.reads().contains("[Fewer of these]"), "{}", ana.reads());
    chat.passes("6 days").await;
    assert_eq!(ana.human.dms().len(), 0, "this week's has been given");
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}

#[tokio::test]
async fn nudge_now_before_nudges_are_on_promises_the_week_that_keeps_the_promise() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge now").await;
    assert!(ana.reads().contains("[Fewer of these]"), "{}", ana.reads());
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 0, "they are off");
    ana.says("/coach nudge now").await;
    ana.says("/coach nudge on").await;
    assert!(ana.reads().contains("Wed 18 March at 10:00"), "{}", ana.reads());
    chat.passes("8 days").await;
    assert_eq!(ana.human.dms().len(), 0, "not before the day that was named");
    chat.passes("1 day").await;
    chat.passes("2 hours").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    assert_eq!(chat.count("SELECT unanswered FROM people").await, 1, "what did not come was not ignored");
    chat.ends().await;
}

#[tokio::test]
async fn a_pause_made_after_planning_still_counts() {
    let chat = Chat::on("Wed 4 Mar 2026 09:59 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.is_down(true);
    chat.passes("10 minutes").await;
    chat.slack.is_down(false);
    ana.says("/coach nudge off").await;
    chat.passes("3 hours").await;
    assert_eq!(ana.human.dms().len(), 0);
    let ended = chat.texts("SELECT outcome || ': ' || reason FROM jobs WHERE kind = 'nudge'").await;
    assert_eq!(ended, ["skipped: nudges were turned off"]);
    chat.ends().await;
}

#[tokio::test]
async fn slack_saying_slow_down_or_nothing_at_all_delays_but_never_doubles() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.says_slow_down("chat.postMessage", 30, 1);
    chat.slack.drops_after_doing("chat.postMessage", 1);
    chat.slack.breaks("conversations.history", 1);
    chat.passes("1 hour").await;
    assert_eq!(ana.human.dms().len(), 1);
    let ended = chat.texts("SELECT outcome FROM jobs WHERE kind = 'nudge'").await;
    assert_eq!(ended, ["sent"]);
    chat.ends().await;
}

#[tokio::test]
async fn the_wall_clock_of_a_traveller_counts() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    ana.human.moves_to("America/New_York");
    let change = serde_json::json!({ "type": "user_change", "user": ana.human.profile() });
    assert_eq!(chat.slack.sends_event(change).await, 200);
    ana.says("/coach nudge").await;
    assert!(ana.reads().contains("Wed 4 March at 10:00 (America/New_York)"), "{}", ana.reads());
    ana.says("/coach settings zone Asia/Tokyo").await;
    ana.says("/coach nudge").await;
    assert!(ana.reads().contains("Wed 4 March at 10:00 (Asia/Tokyo)"), "{}", ana.reads());
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}

/// Slack tells of every status that anybody sets: none of that waits for a turn at writing, nor takes one.
#[tokio::test]
async fn what_is_no_news_about_somebody_is_taken_while_others_write() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    ana.says("/coach nudge on").await;
    let tells = async |who: &Person| {
        let change = serde_json::json!({ "type": "user_change", "user": who.human.profile() });
        chat.slack.sends_event(change).await
    };
    let app = chat.app().await;
    let her = PersonId { team: chat.slack.team_id(), user: ana.human.id() };
    let mut tx = app.db.write().await.unwrap();
    people::lock(&mut tx, &her, chat.clock.now()).await.unwrap().expect("she is one of ours");
    assert_eq!((tells(&ben).await, tells(&ana).await), (200, 200));
    tx.rollback().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM people").await, 1);
    // What is news is written down, once.
    ana.human.moves_to("Asia/Tokyo");
    assert_eq!(tells(&ana).await, 200);
    assert_eq!(
        chat.texts("SELECT zone_slack FROM people WHERE nudges_on_at IS NOT NULL").await,
        ["Asia/Tokyo"]
    );
    ana.human.leaves();
    assert_eq!(tells(&ana).await, 200);
    assert_eq!(chat.texts("SELECT zone_slack FROM people WHERE nudges_on_at IS NULL").await, ["Asia/Tokyo"]);
    let mut tx = app.db.write().await.unwrap();
    people::lock(&mut tx, &her, chat.clock.now()).await.unwrap().expect("she is one of ours");
    assert_eq!(tells(&ana).await, 200);
    tx.rollback().await.unwrap();
    chat.ends().await;
}

#[tokio::test]
async fn later_brings_it_back_once_and_fewer_means_fewer() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    let title = ana.latest_dm();
    ana.clicks("Later").await;
    ana.clicks("Tomorrow").await;
    assert!(ana.reads().contains("Thu 5 March at 10:00"), "{}", ana.reads());
    chat.passes("1 day").await;
    assert_eq!(ana.latest_dm(), title);
    ana.clicks("Fewer of these").await;
    assert!(
        ana.reads().contains("every 2 weeks") || ana.reads().contains("Every 2 weeks"),
        "{}",
        ana.reads()
    );
    ana.says("/coach nudge").await;
    assert!(ana.reads().contains("Wed 18 March"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn silence_slows_down_then_stops_and_a_word_brings_it_back() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("26 weeks").await;
    assert_eq!(ana.human.dms().len(), 6, "{}", chat.transcript());
    assert!(ana.reads().contains("until you say something"), "{}", ana.reads());
    ana.says("/coach tip").await;
    assert!(ana.reads().contains("Good to see you. Your nudge is back"), "{}", ana.reads());
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 7);
    chat.ends().await;
}

#[tokio::test]
async fn what_could_not_be_sent_was_not_ignored() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.revoke_scope("chat:write");
    chat.passes("7 weeks").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE outcome = 'failed'").await, 7);
    chat.slack.grant_scope("chat:write");
    chat.passes("1 hour").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    chat.slack.revoke_scope("chat:write");
    chat.passes("1 week").await;
    assert_eq!(chat.count("SELECT unanswered FROM people").await, 1, "the one that arrived");
    chat.slack.takes_complaints();
    chat.ends().await;
}

#[tokio::test]
async fn weeks_without_anything_to_send_are_not_ignored_ones() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    let (app, team, who) = (chat.app().await, chat.slack.team_id(), ana.human.id());
    let aside: Vec<String> =
        app.library.all().map(|prompt| format!("('{team}', '{who}', '{}', 1, 0, 1)", prompt.id)).collect();
    let columns = "team_id, user_id, prompt_id, times, last_at, declined_at";
    run(&app, &format!("INSERT INTO shown ({columns}) VALUES {}", aside.join(", "))).await;
    chat.passes("7 weeks").await;
    assert_eq!(ana.human.dms().len(), 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE outcome = 'skipped'").await, 7);
    chat.writes("DELETE FROM shown").await;
    chat.passes("1 hour").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    chat.ends().await;
}

#[tokio::test]
async fn an_uninstalled_app_sends_nothing_more() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.sends_event(serde_json::json!({ "type": "app_uninstalled" })).await;
    chat.passes("3 weeks").await;
    assert_eq!(ana.human.dms().len(), 0);
    chat.ends().await;
}

/// As the manual says it: revoke, install once more, set the new token, restart.
#[tokio::test]
async fn while_the_token_is_replaced_nudges_wait_and_come_with_the_new_one() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    let bot = chat.slack.bot_user_id();
    let revoked = serde_json::json!({ "type": "tokens_revoked", "tokens": { "bot": [bot] } });
    chat.slack.sends_event(revoked).await;
    chat.passes("20 minutes").await;
    ana.human.says("what you can, you say now").await;
    assert_eq!(ana.human.dms().len(), 0);
    chat.slack.gives_token_again();
    chat.restarts().await;
    chat.passes("5 minutes").await;
    assert_eq!(ana.human.dms().len(), 2, "the nudge and the answer: {}", chat.transcript());
    chat.passes("1 week").await;
    assert_eq!(ana.human.dms().len(), 3);
    chat.ends().await;
}

#[tokio::test]
async fn after_a_day_without_a_token_nudges_are_skipped_and_say_why() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.sends_event(serde_json::json!({ "type": "app_uninstalled" })).await;
    chat.passes("2 weeks").await;
    let ends =
        chat.texts("SELECT outcome || ': ' || reason FROM jobs WHERE kind = 'nudge' ORDER BY week").await;
    assert_eq!(ends, ["skipped: the app was removed from the workspace"; 2]);
    chat.ends().await;
}

#[tokio::test]
async fn one_refusal_does_not_end_a_workspace_and_what_ended_comes_back_by_itself() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    // Slack's own trouble: the token counts all the same.
    chat.slack.fails("chat.postMessage", "invalid_auth", 1);
    chat.passes("20 minutes").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    // Now it does not, for a while, and nobody restarts anything.
    chat.slack.revokes_token();
    ana.human.says("tip").await;
    chat.passes("10 minutes").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM workspaces WHERE ended_at IS NOT NULL").await, 1);
    chat.slack.gives_token_again();
    chat.passes("5 minutes").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM workspaces WHERE ended_at IS NOT NULL").await, 0);
    assert_eq!(ana.human.dms().len(), 2, "{}", chat.transcript());
    chat.ends().await;
}

/// Those that were counted as on their way when the database failed are not on their way.
#[tokio::test]
async fn a_database_that_fails_in_the_middle_of_a_crowd_stops_nobody_for_good() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let people: Vec<_> = (0..25).map(|n| chat.person(&format!("p{n}"))).collect();
    for person in &people {
        person.says("/coach nudge on").await;
    }
    let (fails, mended) = match chat.app().await.db.kind() {
        Kind::Sqlite => (
            "CREATE TRIGGER no BEFORE UPDATE OF free_at ON paces BEGIN SELECT RAISE(ABORT, 'no'); END",
            "DROP TRIGGER no",
        ),
        Kind::Postgres => (
            "ALTER TABLE paces ADD CONSTRAINT no CHECK (free_at = 0) NOT VALID",
            "ALTER TABLE paces DROP CONSTRAINT no",
        ),
    };
    chat.writes(fails).await;
    chat.clock.set("2026-03-04T09:02:00Z".parse().unwrap());
    chat.settles().await;
    chat.settles().await;
    chat.writes(mended).await;
    chat.passes("5 minutes").await;
    let reached = people.iter().filter(|person| person.human.dms().len() == 1).count();
    assert_eq!(reached, 25);
    chat.ends().await;
}

/// A later version's, in the middle of an upgrade; or somebody's slip by hand.
#[tokio::test]
async fn a_job_that_cannot_be_read_holds_up_nobody() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.writes(
        "INSERT INTO jobs (id, team_id, user_id, kind, slot, body, urgency, created_at, meant_at, due_at, attempts, missed,
                           fence, leased_until, holder)
         VALUES ('0', 'T', 'U', 'party', 'party/1', '', 0, 0, 0, 0, 0, 0, 0, 0, '')",
    )
    .await;
    chat.clock.set("2026-03-04T09:02:00Z".parse().unwrap());
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    chat.writes("DELETE FROM jobs WHERE kind = 'party'").await;
    chat.ends().await;
}

#[tokio::test]
async fn a_restart_between_planning_and_sending_loses_and_doubles_nothing() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.slack.is_down(true);
    chat.passes("11 minutes").await;
    chat.restarts().await;
    chat.slack.is_down(false);
    chat.passes("1 hour").await;
    chat.restarts().await;
    chat.passes("1 day").await;
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}
