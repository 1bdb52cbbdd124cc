//! Events: messages in the DM, mentions, the app's own echo, deliveries that are tried again.

use std::sync::Mutex;

use serde_json::json;

use super::*;

/// An app that notes what it hears, leaves its own words alone, and fails the first `n_failures` times.
async fn listening(n_failures: usize) -> (Workspace, Human, Arc<Mutex<Vec<(Value, HeaderMap)>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    let (workspace, ana) = workspace_with(move |asked, api| {
        let list = list.clone();
        async move {
            let n_heard = {
                let mut list = list.lock().unwrap();
                list.push((asked.json.clone(), asked.headers.clone()));
                list.len()
            };
            if n_heard <= n_failures {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            if asked.kind() == "message" && !asked.is_echo() {
                let event = asked.json["event"].clone();
                tokio::spawn(async move {
                    let text = format!("You wrote {}", event["text"].as_str().unwrap());
                    api.call("chat.postMessage", json!({"channel": event["channel"], "text": text})).await
                });
            }
            nothing()
        }
    })
    .await;
    (workspace, ana, heard)
}

#[tokio::test]
async fn a_message_in_the_dm_is_an_event_and_so_is_the_answer() {
    let (workspace, ana, heard) = listening(0).await;

    let got = ana.says("R&D at https://a.example").await;
    assert_eq!((got.status, got.error), (200, None));
    assert_eq!(ana.hears().await.text, "You wrote R&amp;D at <https://a.example>");
    assert!(workspace.until(|_| heard.lock().unwrap().len() == 2).await, "the app hears its own answer");

    let heard = heard.lock().unwrap();
    let (envelope, _) = &heard[0];
    assert_eq!(envelope["type"], "event_callback");
    assert_eq!(envelope["team_id"], workspace.team_id());
    assert_eq!(envelope["authorizations"][0]["user_id"], workspace.bot_user_id());
    assert_eq!(envelope["event"]["channel_type"], "im");
    assert_eq!(envelope["event"]["user"], ana.id());
    assert_eq!(heard[1].0["event"]["user"], workspace.bot_user_id());
    assert!(heard[1].0["event"]["bot_id"].is_string());
    assert_ne!(heard[1].0["event_id"], envelope["event_id"]);
    let expected = "\
ana to the coach: R&D at https://a.example
  DM to ana:
    You wrote R&D at https://a.example
";
    assert_eq!(workspace.transcript(), expected);
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_failed_delivery_is_sent_again_with_the_same_id_and_a_fresh_signature() {
    let (workspace, _, heard) = listening(2).await;
    let event = json!({"type": "app_uninstalled"});

    assert_eq!(workspace.sends_event(event).await, 500);
    assert_eq!(workspace.sends_event_again().await, 500);
    assert_eq!(workspace.sends_event_again().await, 200);

    let heard = heard.lock().unwrap();
    assert!(heard.iter().all(|(envelope, _)| envelope["event_id"] == heard[0].0["event_id"]));
    let header =
        |index: usize, name: &str| heard[index].1.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header(0, "x-slack-retry-num"), None);
    assert_eq!(header(1, "x-slack-retry-num").as_deref(), Some("1"));
    assert_eq!(header(1, "x-slack-retry-reason").as_deref(), Some("http_error"));
    assert_eq!(header(2, "x-slack-retry-num").as_deref(), Some("2"));
    assert_eq!(workspace.complaints().len(), 2);
}

#[tokio::test]
async fn without_the_scope_the_app_hears_no_dm() {
    let (workspace, ana, heard) = listening(0).await;
    workspace.revoke_scope("im:history");
    ana.says("anybody there?").await;
    assert_eq!(heard.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_mention_reaches_the_coach_where_it_was_invited() {
    let (workspace, ana, heard) = listening(0).await;
    workspace.grant_scope("app_mentions:read");
    ana.says_in("#product", "@coach tip").await;
    assert_eq!(heard.lock().unwrap().len(), 0);
    workspace.invites_coach("#product");
    ana.says_in("#product", "@coach tip").await;
    let heard = heard.lock().unwrap();
    assert_eq!(heard[0].0["event"]["type"], "app_mention");
    assert_eq!(heard[0].0["event"]["text"], format!("<@{}> tip", workspace.bot_user_id()));
    assert!(workspace.transcript().starts_with("ana in #product: @coach tip\n"));
}

#[tokio::test]
async fn the_address_is_verified_by_its_challenge() {
    let (workspace, _) = workspace_with(|asked, _| async move {
        assert_eq!(asked.kind(), "url_verification");
        asked.json["challenge"].as_str().unwrap().to_owned().into_response()
    })
    .await;
    assert!(workspace.verifies_address().await);
    let (workspace, ..) = listening(0).await;
    assert!(!workspace.verifies_address().await);
}

#[tokio::test]
async fn people_move_and_leave_without_a_word() {
    let (workspace, ana, _) = listening(0).await;
    let api = api(&workspace);
    ana.moves_to("Asia/Kathmandu");
    let got = api.call("users.info", json!({"user": ana.id()})).await;
    assert_eq!(got["user"]["tz"], "Asia/Kathmandu");
    assert_eq!(got["user"]["tz_offset"], 20_700);
    ana.leaves();
    let got = api.call("users.info", json!({"user": ana.id()})).await;
    assert_eq!(got["user"]["deleted"], true);
    assert_eq!(got["user"], ana.profile());
    assert_eq!(api.call("conversations.open", json!({"users": ana.id()})).await["error"], "user_disabled");
    assert_eq!(workspace.complaints(), [""; 0], "the app could not know");
}
