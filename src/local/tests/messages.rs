//! What is said: commands, clicks, DMs, changes.

use jiff::SignedDuration;
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_command_is_answered_for_one_pair_of_eyes() {
    let (workspace, ana) = workspace_with(|asked, _| async move {
        assert_eq!(asked.json["command"], "/coach");
        assert_eq!(asked.json["is_enterprise_install"], "false");
        assert_eq!(asked.json["channel_name"], "general");
        answer(json!({"text": format!("You said {}", asked.json["text"].as_str().unwrap())}))
    })
    .await;
    let ben = workspace.person("ben", "America/New_York");

    let got = ana.says("/coach tip <R&D> @ben").await;

    assert_eq!((got.status, got.error), (200, None));
    assert_eq!(ana.sees(), "ana: /coach tip <R&D> @ben\n  only ana sees:\n    You said tip <R&D> @ben\n");
    assert_eq!(ben.sees(), "");
    assert!(ana.last().unwrap().is_ephemeral);
    assert!(ben.last().is_none());
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_command_of_another_app_never_reaches_ours() {
    let (workspace, ana) = workspace_with(|_, _| async { panic!("nobody asked us") }).await;
    let got = ana.says("/coahc tip").await;
    assert_eq!(got.error.unwrap(), "/coahc is not a valid command");
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_click_replaces_the_message_through_its_response_url() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        if asked.kind() == "command" {
            return answer(json!({"blocks": [section("*One*"), buttons(&["Another", "Not useful"])]}));
        }
        assert_eq!(asked.json["container"]["is_ephemeral"], true);
        assert!(asked.json["message"].is_null(), "an ephemeral message is not sent along");
        assert_eq!(asked.json["actions"][0]["action_id"], "Another");
        let message = json!({"replace_original": true, "blocks": [section("*Two*"), buttons(&["Another"])]});
        let got = api.respond(&asked.json["response_url"], message).await;
        assert_eq!(got, (200, "ok".to_owned()));
        nothing()
    })
    .await;

    ana.says("/coach tip").await;
    ana.clicks("Another").await;

    let expected = "\
ana: /coach tip
  only ana sees:
    *One*
    [Another] [Not useful]
ana clicks [Another]
  (message replaced) only ana sees:
    *Two*
    [Another]
";
    assert_eq!(workspace.transcript(), expected);
    assert_eq!(ana.last().unwrap().drawn, "*Two*\n[Another]");
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_dm_is_posted_and_changed_and_read_back_with_its_metadata() {
    let (workspace, ana) = workspace_with(|_, _| async { nothing() }).await;
    let api = api(&workspace);

    let dm = api.call("conversations.open", json!({"users": ana.id()})).await;
    assert_eq!(dm["channel"]["id"], ana.dm());
    let metadata = json!({"event_type": "nudge", "event_payload": {"slot": "2026-W10"}});
    let posted = api
        .call("chat.postMessage", json!({"channel": ana.dm(), "text": "Hello", "metadata": metadata}))
        .await;
    assert_eq!(posted["ok"], true);
    let change =
        json!({"channel": ana.dm(), "ts": posted["ts"], "blocks": [section("Bye"), buttons(&["More"])]});
    assert_eq!(api.call("chat.update", change).await["ok"], true);

    let ask = json!({"channel": ana.dm(), "include_all_metadata": true});
    let history = api.call("conversations.history", ask).await;
    assert_eq!(history["messages"][0]["metadata"], metadata);
    assert_eq!(history["messages"][0]["text"], "Bye\n[More]");
    assert_eq!(history["has_more"], false);
    let bare = api.call("conversations.history", json!({"channel": ana.dm()})).await;
    assert!(bare["messages"][0]["metadata"].is_null());

    assert_eq!(ana.dms().len(), 1);
    assert_eq!(ana.dms()[0].metadata, metadata);
    let expected = "  DM to ana:\n    Hello\n  (message replaced) DM to ana:\n    Bye\n    [More]\n";
    assert_eq!(workspace.transcript(), expected);
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn history_comes_in_pages_newest_first() {
    let (workspace, ana) = workspace_with(|_, _| async { nothing() }).await;
    let api = api(&workspace);
    for n in 1..=3 {
        api.call("chat.postMessage", json!({"channel": ana.id(), "text": format!("message {n}")})).await;
    }
    let first = api.call("conversations.history", json!({"channel": ana.dm(), "limit": 2})).await;
    let texts = |page: &Value| -> Vec<String> {
        page["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&first), ["message 3", "message 2"]);
    let cursor = &first["response_metadata"]["next_cursor"];
    let second =
        api.call("conversations.history", json!({"channel": ana.dm(), "limit": 2, "cursor": cursor})).await;
    assert_eq!(texts(&second), ["message 1"]);
    let oldest = &first["messages"][1]["ts"];
    let newer = api.call("conversations.history", json!({"channel": ana.dm(), "oldest": oldest})).await;
    assert_eq!(texts(&newer), ["message 3"]);
}

#[tokio::test]
async fn a_response_url_is_good_for_five_posts_in_thirty_minutes() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        for n in 1..=5 {
            let message = json!({"text": format!("part {n}")});
            assert_eq!(api.respond(&asked.json["response_url"], message).await.0, 200);
        }
        let (status, body) = api.respond(&asked.json["response_url"], json!({"text": "part 6"})).await;
        assert_eq!(status, 404);
        assert!(body.contains("used_url"));
        nothing()
    })
    .await;
    ana.says("/coach export").await;
    assert_eq!(workspace.takes_complaints(), ["response_url: used_url it was used 5 times before"]);
    assert_eq!(ana.last().unwrap().text, "part 5");

    let clock = clock();
    let workspace = Workspace::start(clock.clone()).await.unwrap();
    let url = workspace.state().new_response_url("U1", "C1", None);
    clock.advance(SignedDuration::from_secs(30 * 60 + 1));
    let (status, body) = api(&workspace).respond(&url.into(), json!({"text": "late"})).await;
    assert_eq!(status, 404);
    assert!(body.contains("expired_url"));
}

#[tokio::test]
async fn a_menu_in_a_message_sends_what_was_chosen() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        if asked.kind() == "command" {
            let option = |text: &str| json!({"text": {"type": "plain_text", "text": text}, "value": text});
            let placeholder = json!({"type": "plain_text", "text": "Pick a skill"});
            let mut block = section("What next?");
            block["accessory"] = json!({
                "type": "static_select", "action_id": "skill", "placeholder": placeholder,
                "options": [option("Strategy"), option("Influence")],
            });
            return answer(json!({"blocks": [block]}));
        }
        let action = &asked.json["actions"][0];
        assert_eq!(action["selected_option"]["value"], "Influence");
        let block_id = action["block_id"].as_str().unwrap();
        assert_eq!(asked.json["state"]["values"][block_id]["skill"]["selected_option"]["value"], "Influence");
        api.respond(&asked.json["response_url"], json!({"delete_original": true})).await;
        nothing()
    })
    .await;
    ana.says("/coach tip").await;
    ana.chooses("Pick a skill", "Influence").await;
    let transcript = workspace.transcript();
    assert!(
        transcript.contains("    What next?\n    [Pick a skill ▾]\nana chooses \"Influence\""),
        "{transcript}"
    );
    assert!(transcript.ends_with("  (message deleted) only ana sees\n"), "{transcript}");
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
#[should_panic(expected = "no button [Anohter]: ana has this on the screen:\n  *One*\n  [Another]")]
async fn a_button_that_is_not_there_shows_what_is() {
    let (_workspace, ana) =
        workspace_with(|_, _| async { answer(json!({"blocks": [section("*One*"), buttons(&["Another"])]})) })
            .await;
    ana.says("/coach tip").await;
    ana.clicks("Anohter").await;
}

#[tokio::test]
async fn a_loud_answer_shows_the_command_to_all() {
    let (workspace, ana) =
        workspace_with(|_, _| async { answer(json!({"response_type": "in_channel"})) }).await;
    let ben = workspace.person("ben", "Europe/Berlin");
    ana.says("/coach tip").await;
    assert_eq!(ben.sees(), "ana: /coach tip\n");
    assert_eq!(workspace.complaints(), [""; 0]);
}
