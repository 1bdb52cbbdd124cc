//! Slack's own bad days: commands are answered all the same, and nothing is sent where the app is gone.

use rung::cli::serve::{self, Beat};
use rung::clock::Clock;
use rung::config::Settings;
use rung::content;
use rung::local::Workspace;
use rung::slack::Secret;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::database::TestDatabase;

#[tokio::test]
async fn while_slack_cannot_be_reached_the_server_starts_and_answers() {
    let chat = Chat::with("Mon 2 Mar 2026 09:00 Europe/Berlin", |settings| {
        settings.slack_api_url = "http://127.0.0.1:9/api/".to_owned();
    })
    .await;
    let ana = chat.person("ana");
    let answer = ana.says("/coach tip").await;
    assert!(answer.status == 200 && ana.reads().contains("*Strong:*"), "{}", ana.reads());
    // The local Slack gives three seconds, as Slack does.
    assert_eq!(answer.error, None);
    ana.says("/coach log Shipped the memo").await;
    assert!(ana.reads().contains("Saved"), "{}", ana.reads());
    ana.says("/coach log").await;
    assert!(ana.reads().contains("[Open the form]"), "{}", ana.reads());
    chat.ends().await;
}

/// Worse than no connection: one that is taken and never answered. The scheduler runs as it does in
/// earnest, and waits for the same Slack.
#[tokio::test]
async fn while_slack_hangs_every_command_is_answered_in_time() {
    let hole = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slack = Workspace::start(Clock::system()).await.unwrap();
    let database = TestDatabase::make().await;
    let settings = Settings {
        signing_secrets: vec![Secret::new(slack.signing_secret())],
        bot_token: Some(Secret::new(slack.bot_token())),
        slack_api_url: format!("http://{}/api/", hole.local_addr().unwrap()),
        database_url: database.url(),
        listen: ([127, 0, 0, 1], 0).into(),
        ..Settings::defaults()
    };
    let library = content::load(None).unwrap();
    let running = serve::start(&settings, Clock::system(), library, Beat::ByItself).await.unwrap();
    slack.connect(&format!("http://{}", running.address));
    let people: Vec<_> = (0..6).map(|n| slack.person(&format!("person{n}"), "Europe/Berlin")).collect();
    for line in ["/coach", "/coach tip", "/coach log", "/coach nudge on", "/coach log Shipped the memo"] {
        let mut all = tokio::task::JoinSet::new();
        for person in people.clone() {
            all.spawn(async move { person.says(line).await });
        }
        for answer in all.join_all().await {
            assert_eq!((answer.status, &answer.error), (200, &None), "{line} after {} ms", answer.millis);
        }
    }
    running.stop().await;
    database.drop().await;
}

#[tokio::test]
async fn a_slow_word_on_somebodys_zone_is_not_waited_for() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    chat.slack.hangs("users.info", 5, 1);
    for person in [&ana, &ben] {
        let answer = person.says("/coach tip").await;
        assert_eq!(answer.status, 200);
        assert!(answer.millis < 1_800, "{} ms", answer.millis);
    }
    // Slack's word comes with a later use.
    chat.passes("2 minutes").await;
    ana.says("/coach nudge on").await;
    assert!(ana.reads().contains("Europe/Berlin"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn only_the_end_of_the_bots_own_token_stops_the_sending() {
    for (event, expected) in [
        (json!({ "type": "app_uninstalled" }), 0),
        (json!({ "type": "tokens_revoked", "tokens": { "bot": ["THE BOT"] } }), 0),
        (json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": ["THE BOT"] } }), 0),
        (json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"] } }), 2),
        (json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": [] } }), 2),
        (json!({ "type": "tokens_revoked" }), 2),
    ] {
        let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
        let ana = chat.person("ana");
        ana.says("/coach nudge on").await;
        let event: Value =
            serde_json::from_str(&event.to_string().replace("THE BOT", &chat.slack.bot_user_id())).unwrap();
        assert_eq!(chat.slack.sends_event(event.clone()).await, 200);
        chat.passes("2 weeks").await;
        assert_eq!(ana.human.dms().len(), expected, "{event}");
        let answer = ana.says("/coach tip").await;
        assert!(answer.status == 200 && answer.body.contains("Strong"), "asking still works: {event}");
        chat.ends().await;
    }
}
