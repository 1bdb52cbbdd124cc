//! What Slack would refuse, tried through the front door.

use jiff::SignedDuration;
use serde_json::json;

use super::*;

#[tokio::test]
async fn unknown_tokens_and_methods_are_refused() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let check = async |method: &str, token: &str, error: &str| {
        let request = client.post(workspace.api_url() + method).bearer_auth(token);
        let got: Value = request.form(&[("x", "y")]).send().await.unwrap().json().await.unwrap();
        assert_eq!(got, json!({"ok": false, "error": error}));
    };
    check("auth.test", "xoxb-other", "invalid_auth").await;
    check("auth.test", "", "not_authed").await;
    let answer = client.post(workspace.api_url() + "chat.meMessage").send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("unknown_method"));
    assert_eq!(workspace.complaints().len(), 3);
}

#[tokio::test]
async fn a_form_does_as_well_as_json_and_a_token_is_never_on_record() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let blocks = json!([section("Hi")]).to_string();
    let token = workspace.bot_token();
    let form = [("token", token.as_str()), ("channel", &ana.id()), ("blocks", &blocks)];
    let answer = client.post(workspace.api_url() + "chat.postMessage").form(&form).send().await.unwrap();
    assert_eq!(
        answer.headers()["x-oauth-scopes"],
        "app_mentions:read,chat:write,commands,im:history,im:write,users:read"
    );
    assert_eq!(answer.json::<Value>().await.unwrap()["ok"], true);
    let call = &workspace.api_calls()[0];
    assert_eq!((&call.args["token"], &call.args["blocks"][0]["type"]), (&json!("•••"), &json!("section")));
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_channel_takes_three_messages_at_once_and_then_one_a_second() {
    let clock = clock();
    let workspace = Workspace::start(clock.clone()).await.unwrap();
    let (ana, ben) = (workspace.person("ana", "Europe/Berlin"), workspace.person("ben", "Europe/Berlin"));
    let api = api(&workspace);
    let status = async |human: &Human| {
        api.try_call("chat.postMessage", json!({"channel": human.id(), "text": "Hello"})).await.unwrap().0
    };
    for _ in 0..3 {
        assert_eq!(status(&ana).await, 200);
    }
    assert_eq!(status(&ana).await, 429);
    assert_eq!(status(&ben).await, 200, "the limit is each channel's own");
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(status(&ana).await, 200);
    assert_eq!(status(&ana).await, 429);
    assert_eq!(ana.dms().len(), 4);
    assert_eq!(workspace.takes_complaints().len(), 2);
}

#[tokio::test]
async fn each_of_these_calls_is_refused_and_noted() {
    let workspace = Workspace::start(clock()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let general = workspace.channel("general");
    let api = api(&workspace);
    let check = async |method: &str, args: Value, error: &str, complaint: &str| {
        let got = api.call(method, args).await;
        assert_eq!(got["error"].as_str().unwrap_or("ok"), error, "{method}: {got}");
        let complaints = workspace.takes_complaints();
        let is_there =
            complaints.len() == 1 && complaints[0].starts_with(method) && complaints[0].contains(complaint);
        assert!(is_there, "{method}: {complaints:?}");
    };
    let post = "chat.postMessage";
    let dm = ana.dm();
    check(post, json!({"channel": "C000", "text": "x"}), "channel_not_found", "C000").await;
    check(post, json!({"text": "x"}), "invalid_arguments", "missing required field: channel").await;
    check(post, json!({"channel": general, "text": "x"}), "not_in_channel", "#general").await;
    check(post, json!({"channel": dm}), "no_text", "needs text or blocks").await;
    check(post, json!({"channel": dm, "text": " ", "blocks": []}), "no_text", "needs text or blocks").await;
    check(post, json!({"channel": dm, "text": "x", "block": []}), "ok", "/block is no argument").await;
    let bad =
        json!({"channel": dm, "blocks": [{"type": "header", "text": {"type": "plain_text", "text": ""}}]});
    check(post, bad, "invalid_blocks", "at least 1 characters [json-pointer:/blocks/0/text/text]").await;
    check(post, json!({"channel": dm, "text": "x", "blocks": {}}), "invalid_blocks_format", "/blocks").await;
    check(post, json!({"channel": dm, "text": "x", "blocks": "["}), "invalid_blocks_format", "not JSON")
        .await;
    let long: Vec<Value> = (0..5).map(|_| section(&"x".repeat(2700))).collect();
    check(post, json!({"channel": dm, "blocks": long}), "msg_blocks_too_long", "13500").await;
    check(
        post,
        json!({"channel": dm, "text": "x", "metadata": {"event_type": "n"}}),
        "invalid_metadata_format",
        "event_payload",
    )
    .await;
    check(post, json!({"channel": dm, "text": "a & b"}), "ok", "/text a bare &").await;
    workspace.state().post_allowance.clear();
    check(post, json!({"channel": dm, "text": "x".repeat(40_001)}), "ok", "/text is cut").await;
    check(post, json!({"channel": dm, "text": "x", "link_names": true}), "ok", "ping").await;

    let update = "chat.update";
    let hers = workspace.state().next_ts();
    let ours = api.call(post, json!({"channel": dm, "text": "x"})).await["ts"].clone();
    check(update, json!({"channel": dm, "ts": hers, "text": "x"}), "message_not_found", &hers).await;
    check(update, json!({"channel": ana.id(), "ts": ours, "text": "x"}), "channel_not_found", &ana.id())
        .await;
    check(update, json!({"channel": dm, "ts": ours, "text": "x".repeat(4001)}), "msg_too_long", "4000").await;
    check(update, json!({"channel": dm, "ts": ours}), "no_text", "needs text or blocks").await;
    check(
        "chat.postEphemeral",
        json!({"channel": dm, "user": "U000", "text": "x"}),
        "user_not_in_channel",
        "U000",
    )
    .await;
    check("users.info", json!({"user": "U000"}), "user_not_found", "U000").await;
    check("conversations.open", json!({}), "users_list_not_supplied", "").await;
    check("conversations.open", json!({"users": "U000"}), "user_not_found", "U000").await;
    check("conversations.history", json!({"channel": general}), "missing_scope", "").await;
    let home = json!({"type": "home", "blocks": []});
    check("views.publish", json!({"user_id": "U000", "view": home}), "user_not_found", "U000").await;
    check("views.update", json!({"view_id": "V000", "view": modal("x", json!([]))}), "not_found", "V000")
        .await;
    check("views.open", json!({"trigger_id": "x", "view": home}), "invalid_arguments", "/view/type").await;
    let view = modal("A title that is far too long", json!([]));
    check(
        "views.open",
        json!({"trigger_id": "x", "view": view}),
        "invalid_arguments",
        "24 characters, has 28 [json-pointer:/view/title/text]",
    )
    .await;
}

#[tokio::test]
async fn somebody_else_s_message_is_not_ours_to_change() {
    let (workspace, ana) = workspace_with(|_, _| async { nothing() }).await;
    ana.says("mine").await;
    let api = api(&workspace);
    let ts =
        api.call("conversations.history", json!({"channel": ana.dm()})).await["messages"][0]["ts"].clone();
    let args = json!({"channel": ana.dm(), "ts": ts, "text": "yours"});
    assert_eq!(api.call("chat.update", args.clone()).await["error"], "cant_update_message");
    assert_eq!(api.call("chat.delete", args).await["error"], "cant_delete_message");
}

#[tokio::test]
async fn whoever_would_be_pinged_is_on_the_list() {
    let (workspace, ana) = workspace_with(|asked, _| async move {
        let mention = format!("Ask <@{}>", asked.json["user_id"].as_str().unwrap());
        let user = json!({"type": "user", "user_id": asked.json["user_id"]});
        let rich =
            json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [user]}]});
        answer(json!({"text": "<!channel>", "blocks": [section(&mention), rich]}))
    })
    .await;
    ana.says("/coach tip").await;
    assert_eq!(
        workspace.pings(),
        [
            "/slack/commands /text: <!channel>".to_owned(),
            format!("/slack/commands /blocks/0/text/text: <@{}>", ana.id()),
            format!("/slack/commands /blocks/1/elements/0/elements/0: user {}", ana.id()),
        ]
    );
    assert_eq!(workspace.transcript(), "ana: /coach tip\n  only ana sees:\n    Ask @ana\n    @ana\n");
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn answers_to_commands_and_clicks_are_held_to_the_rules() {
    let check = async |body: &'static str, content_type: &'static str, complaint: &str| {
        let (workspace, ana) =
            workspace_with(
                move |_, _| async move { ([("content-type", content_type)], body).into_response() },
            )
            .await;
        ana.says("/coach tip").await;
        let complaints = workspace.complaints();
        assert!(complaints.len() == 1 && complaints[0].contains(complaint), "{body}: {complaints:?}");
    };
    check(r#"{"text":"x"}"#, "text/plain", "JSON without the content type").await;
    check(r#"{"text":"x""#, "application/json", "invalid_json").await;
    check(r#"{"text":"x","txet":"y"}"#, "application/json", "/txet is no field").await;
    check(r#"{"text":"x","response_type":"loud"}"#, "application/json", "/response_type must be").await;
    check(r#"{"response_type":"ephemeral"}"#, "application/json", "no_text").await;
    check("Tom & Jerry", "text/plain", "bare &").await;

    let (workspace, ana) =
        workspace_with(|_, _| async { answer(json!({"blocks": [buttons(&["More"])]})) }).await;
    ana.says("/coach tip").await;
    ana.clicks("More").await;
    assert_eq!(workspace.complaints().len(), 1);
    assert!(workspace.complaints()[0].contains("must be empty"));
}

#[tokio::test]
async fn an_answer_in_the_channel_is_for_all() {
    let (workspace, ana) =
        workspace_with(|_, _| async { answer(json!({"response_type": "in_channel", "text": "Loud"})) }).await;
    let ben = workspace.person("ben", "Europe/Berlin");
    ana.says_in("product", "/coach tip").await;
    assert_eq!(ben.sees(), "ana in #product: /coach tip\n  coach in #product:\n    Loud\n");
    assert_eq!(ben.last().unwrap().text, "Loud");
}

#[tokio::test]
async fn the_same_name_brings_back_the_same_ids_but_never_the_secrets() {
    let one = Workspace::start_named(clock(), "acme").await.unwrap();
    let two = Workspace::start_named(clock(), "acme").await.unwrap();
    let other = Workspace::start(clock()).await.unwrap();
    let ids = |workspace: &Workspace| (workspace.team_id(), workspace.person("ana", "").id());
    assert_eq!(ids(&one), ids(&two));
    assert_ne!(ids(&one), ids(&other));
    assert_ne!(one.signing_secret(), two.signing_secret());
    assert_ne!(one.bot_token(), two.bot_token());
}

#[tokio::test]
async fn without_its_scope_the_command_is_unknown() {
    let (workspace, ana) = workspace_with(|_, _| async { panic!("nobody asked us") }).await;
    workspace.revoke_scope("commands");
    assert_eq!(ana.says("/coach tip").await.error.unwrap(), "/coach is not a valid command");
}

#[tokio::test]
async fn blocks_with_empty_places_are_taken_as_they_are() {
    let (workspace, ana) = workspace_with(|_, _| async {
        let mut block = section("Hi");
        block["accessory"] = Value::Null;
        answer(json!({"blocks": [block, buttons(&["One", "Two"])]}))
    })
    .await;
    ana.says("/coach tip").await;
    assert_eq!(ana.buttons(), ["One", "Two"]);
    assert_eq!(ana.screen(), "ana has this on the screen:\n  Hi\n  [One] [Two]");
    assert_eq!(workspace.complaints(), [""; 0]);
}
