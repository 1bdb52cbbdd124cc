//! Called in a channel: an answer in the thread, and nothing about anybody.

use serde_json::json;

use crate::chat::Chat;

#[tokio::test]
async fn a_mention_is_answered_in_its_thread_from_the_library() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    chat.slack.invites_coach("growth");
    ana.says("/coach log Told nobody that I want to be director").await;
    ben.sees();
    ana.says_in("growth", "@coach how do I say no to sales?").await;
    let seen = ben.sees();
    assert!(seen.contains("Turn a request down by pointing at the goal"), "{seen}");
    assert!(!seen.contains('['), "no buttons where others could press them: {seen}");
    assert!(!seen.contains("director"), "{seen}");
    let calls = chat.slack.api_calls();
    let post = calls.iter().rev().find(|call| call.method == "chat.postMessage").unwrap();
    assert!(post.args["thread_ts"].is_string(), "{:?}", post.args);

    // Slack tells it once more.
    chat.slack.sends_event_again().await;
    chat.settles().await;
    assert!(!ben.sees().contains("pointing at the goal"));
    chat.ends().await;
}

#[tokio::test]
async fn what_is_personal_is_not_done_where_others_read_along() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.invites_coach("growth");
    for (words, answer) in [
        ("@coach log Shipped the memo", "between you and me"),
        ("@coach forget me", "between you and me"),
        ("@coach settings rung vp", "between you and me"),
        ("@coach", "only you see"),
        ("thanks @coach!", "Any time."),
        ("@coach tip market fluency", "*Strong:*"),
        ("@coach what is the capital of france", "I have nothing on that"),
    ] {
        ana.says_in("growth", words).await;
        assert!(ana.sees().contains(answer), "{words}: {}", chat.transcript());
    }
    for sql in ["SELECT COUNT(*) FROM evidence", "SELECT COUNT(*) FROM people", "SELECT COUNT(*) FROM shown"]
    {
        assert_eq!(chat.count(sql).await, 0, "{sql}");
    }
    assert_eq!(ana.human.dms().len(), 0);
    chat.ends().await;
}

#[tokio::test]
async fn other_bots_are_left_alone_and_a_busy_slack_brings_the_question_again() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.invites_coach("growth");
    let channel = chat.slack.channel("growth");
    let text = format!("<@{}> how do I delegate?", chat.slack.bot_user_id());
    let event = json!({
        "type": "app_mention", "user": "U0OTHERBOT", "bot_id": "B0OTHER", "text": text, "channel": channel,
        "ts": "1772438400.000100",
    });
    assert_eq!(chat.slack.sends_event(event).await, 200);
    chat.settles().await;
    assert!(!ana.sees().contains("Source: "));

    chat.slack.says_slow_down("chat.postMessage", 1, 1);
    ana.says_in("growth", "@coach how do I delegate?").await;
    chat.slack.takes_complaints();
    chat.passes("1 minute").await;
    assert_eq!(chat.slack.sends_event_again().await, 200);
    chat.settles().await;
    assert_eq!(ana.sees().matches("For an answer that only you see").count(), 1);
    chat.ends().await;
}

#[tokio::test]
async fn a_mention_before_slack_has_said_whose_token_it_is_is_answered_when_slack_brings_it_again() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.invites_coach("growth");
    chat.slack.is_down(true);
    ana.says_in("growth", "@coach how do I say no to sales?").await;
    assert!(!ana.sees().contains("pointing at the goal"));
    // Slack hears that it failed, and brings it again.
    assert!(chat.slack.takes_complaints().iter().any(|told| told.contains("app_mention")));
    chat.slack.is_down(false);
    chat.passes("1 minute").await;
    assert_eq!(chat.slack.sends_event_again().await, 200);
    chat.settles().await;
    assert_eq!(ana.sees().matches("pointing at the goal").count(), 1);
    chat.ends().await;
}
