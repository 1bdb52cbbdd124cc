//! What we send and answer, read by somebody else's models of Slack.

use std::sync::Mutex;

use serde::de::DeserializeOwned;
use serde_json::json;
use slack_morphism::SlackBasicChannelInfo;
use slack_morphism::api::{
    SlackApiAuthTestResponse, SlackApiChatPostMessageResponse, SlackApiChatUpdateResponse,
    SlackApiConversationsHistoryResponse, SlackApiConversationsOpenResponse, SlackApiUsersInfoResponse,
    SlackApiViewsOpenResponse,
};
use slack_morphism::events::{
    SlackCommandEvent, SlackEventCallbackBody, SlackInteractionEvent, SlackPushEvent,
};

use super::*;

fn reads<T: DeserializeOwned>(json: &Value) -> T {
    serde_json::from_value(json.clone()).unwrap_or_else(|problem| panic!("{problem} in {json:#}"))
}

#[tokio::test]
async fn another_library_understands_all_that_the_app_is_sent() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let list = heard.clone();
    let (workspace, ana) = workspace_with(move |asked, api| {
        list.lock().unwrap().push(asked.json.clone());
        async move {
            match asked.kind() {
                "command" => answer(json!({"blocks": [section("Hi"), buttons(&["More"])]})),
                "block_actions" | "shortcut" | "message_action" => {
                    let text = json!({"type": "plain_text_input", "action_id": "a"});
                    let mut view = modal("Log", json!([field("What", text), buttons(&["Inside"])]));
                    view["notify_on_close"] = true.into();
                    api.call("views.open", json!({"trigger_id": asked.json["trigger_id"], "view": view}))
                        .await;
                    nothing()
                }
                _ => nothing(),
            }
        }
    })
    .await;
    workspace.grant_scope("app_mentions:read");
    workspace.invites_coach("general");
    let api = api(&workspace);

    ana.says("/coach tip").await;
    ana.clicks("More").await;
    ana.clicks("Inside").await;
    ana.submits(&[("What", "x")]).await;
    ana.uses_shortcut("log").await;
    ana.closes_modal().await;
    ana.says("hello").await;
    ana.uses_message_shortcut("save", "hello").await;
    ana.closes_modal().await;
    ana.says_in("general", "@coach tip").await;
    ana.opens_home().await;
    workspace.sends_event(json!({"type": "user_change", "user": ana.profile(), "cache_ts": 1})).await;
    let metadata = json!({"event_type": "nudge", "event_payload": {"slot": "1"}});
    let blocks = json!([section("Hi"), buttons(&["More"])]);
    let args = json!({"channel": ana.id(), "text": "Hi", "blocks": blocks, "metadata": metadata});
    let posted = api.call("chat.postMessage", args).await;
    let dm = ana.dm();
    let updated = api.call("chat.update", json!({"channel": dm, "ts": posted["ts"], "text": "Bye"})).await;
    api.call("chat.delete", json!({"channel": dm, "ts": posted["ts"]})).await;
    let n_expected = 15;
    assert!(workspace.until(|_| heard.lock().unwrap().len() == n_expected).await);

    let mut kinds = Vec::new();
    for json in heard.lock().unwrap().iter() {
        let kind = json["event"]["type"].as_str().or(json["type"].as_str()).unwrap_or("command");
        kinds.push(kind.to_owned());
        match json["type"].as_str() {
            None => {
                reads::<SlackCommandEvent>(json);
            }
            Some("event_callback") => match reads::<SlackPushEvent>(json) {
                SlackPushEvent::EventCallback(callback) => {
                    let is_known = !matches!(callback.event, SlackEventCallbackBody::Unknown(_));
                    assert!(is_known, "{:#}", json["event"]);
                }
                other => panic!("{other:?}"),
            },
            Some(_) => {
                reads::<SlackInteractionEvent>(json);
            }
        }
    }
    kinds.sort();
    kinds.dedup();
    let all = [
        "app_home_opened",
        "app_mention",
        "block_actions",
        "command",
        "message",
        "message_action",
        "shortcut",
        "user_change",
        "view_closed",
        "view_submission",
    ];
    assert_eq!(kinds, all);

    reads::<SlackApiChatPostMessageResponse>(&posted);
    reads::<SlackApiChatUpdateResponse>(&updated);
    reads::<SlackApiAuthTestResponse>(&api.call("auth.test", json!({})).await);
    reads::<SlackApiUsersInfoResponse>(&api.call("users.info", json!({"user": ana.id()})).await);
    reads::<SlackApiConversationsOpenResponse<SlackBasicChannelInfo>>(
        &api.call("conversations.open", json!({"users": ana.id()})).await,
    );
    let history =
        api.call("conversations.history", json!({"channel": dm, "include_all_metadata": true})).await;
    reads::<SlackApiConversationsHistoryResponse>(&history);
    let opened = workspace.api_calls().into_iter().find(|call| call.method == "views.open").unwrap();
    reads::<SlackApiViewsOpenResponse>(&opened.answer);
    assert_eq!(workspace.complaints(), [""; 0]);
}
