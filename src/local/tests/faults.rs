//! Bad days: of Slack, and of the app as people see it.

use std::time::Duration;

use serde_json::json;

use super::*;

#[tokio::test]
async fn each_fault_holds_for_as_many_calls_as_asked() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let api = api(&workspace);
    let hello = || api.try_call("chat.postMessage", json!({"channel": ana.id(), "text": "Hello"}));

    workspace.says_slow_down("chat.postMessage", 30, 1);
    workspace.fails("chat.postMessage", "internal_error", 1);
    workspace.breaks("chat.postMessage", 1);
    workspace.drops_after_doing("chat.postMessage", 1);

    assert_eq!(hello().await.unwrap(), (429, json!({"ok": false, "error": "ratelimited"})));
    assert_eq!(hello().await.unwrap(), (200, json!({"ok": false, "error": "internal_error"})));
    assert_eq!(hello().await.unwrap().0, 500);
    assert_eq!(ana.dms().len(), 0);
    assert!(hello().await.is_err());
    assert_eq!(ana.dms().len(), 1, "it was done before the line went dead");
    assert_eq!(hello().await.unwrap().1["ok"], true);

    let statuses: Vec<u16> = workspace.api_calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [429, 200, 500, 0, 200]);
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_retry_after_stands_in_the_header() {
    let workspace = Workspace::start(clock()).await.unwrap();
    workspace.says_slow_down("*", 30, 1);
    let request = api(&workspace).client.post(workspace.api_url() + "auth.test");
    assert_eq!(request.send().await.unwrap().headers()["retry-after"], "30");
}

#[tokio::test]
async fn when_slack_is_down_nobody_answers() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let api = api(&workspace);
    assert!(api.try_call("auth.test", json!({})).await.is_ok());
    workspace.is_down(true);
    assert!(api.try_call("auth.test", json!({})).await.is_err());
    workspace.is_down(false);
    assert!(api.try_call("auth.test", json!({})).await.is_ok());
}

#[tokio::test]
async fn a_method_that_hangs_does_nothing_for_one_who_hangs_up() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let api = api(&workspace);
    workspace.hangs("chat.postMessage", 3600, 1);
    let call = api.try_call("chat.postMessage", json!({"channel": ana.id(), "text": "Hello"}));
    assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
    assert_eq!(ana.dms().len(), 0);
}

#[tokio::test]
async fn a_scope_that_was_taken_away_is_named_and_is_nobody_s_mistake() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let api = api(&workspace);
    workspace.revoke_scope("users:read");
    let got = api.call("users.info", json!({"user": ana.id()})).await;
    assert_eq!((&got["error"], &got["needed"]), (&json!("missing_scope"), &json!("users:read")));
    assert_eq!(got["provided"], "app_mentions:read,chat:write,commands,files:write,im:history,im:write");
    assert_eq!(workspace.complaints(), [""; 0]);
    workspace.grant_scope("users:read");
    assert_eq!(api.call("users.info", json!({"user": ana.id()})).await["ok"], true);
}

#[tokio::test]
async fn people_see_slack_s_word_for_an_app_that_fails() {
    let check = async |status: u16, word: &str| {
        let (workspace, ana) =
            workspace_with(move |_, _| async move { StatusCode::from_u16(status).unwrap().into_response() })
                .await;
        let got = ana.says("/coach tip").await;
        assert_eq!((got.status, got.error.as_deref()), (status, Some(word)));
        let shown = format!("  Slack tells ana: /coach failed with the error \"{word}\"\n");
        assert!(workspace.transcript().ends_with(&shown), "{}", workspace.transcript());
        assert!(workspace.complaints()[0].starts_with(&format!("/slack/commands: {word}")));
    };
    check(401, "http_client_error").await;
    check(404, "http_client_error").await;
    check(500, "http_service_error").await;
}

#[tokio::test]
async fn an_app_that_thinks_too_long_or_is_gone_leaves_people_with_an_error() {
    let (workspace, ana) = workspace_with(|_, _| std::future::pending()).await;
    workspace.waits_for_answers(Duration::from_millis(30));
    assert_eq!(ana.says("/coach tip").await.error.as_deref(), Some("operation_timeout"));
    // A port that was free a moment ago has nobody behind it.
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    workspace.waits_for_answers(Duration::from_secs(3));
    workspace.connect(&format!("http://127.0.0.1:{port}"));
    assert_eq!(ana.says("/coach tip").await.error.as_deref(), Some("dispatch_failed"));
    assert_eq!(workspace.sends_event(json!({"type": "app_uninstalled"})).await, 0);
    assert_eq!(workspace.complaints().len(), 3);
}
