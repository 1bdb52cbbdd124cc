//! The weekly nudge: at their hour, once, and quiet when it is not wanted.

use crate::chat::Chat;
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
