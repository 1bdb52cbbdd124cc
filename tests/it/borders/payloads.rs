//! Every shape in which Slack sends things: never an error of ours, and nothing done where it is not ours.

use serde_json::json;

use super::*;

fn head(kind: &str, team: &Value, user: &Value) -> Value {
    json!({
        "type": kind, "team": team, "user": user, "api_app_id": "A1", "token": "x", "trigger_id": "1.2.abc",
        "enterprise": null, "is_enterprise_install": false, "a_new_field": { "from": ["2027"] },
    })
}

fn with(mut base: Value, more: Value) -> Value {
    let fields = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(fields);
    base
}

fn view(team: &str, metadata: &str, values: Value) -> Value {
    json!({
        "id": "V1", "team_id": team, "type": "modal", "private_metadata": metadata, "callback_id": "c",
        "hash": "156.abc", "state": { "values": values }, "root_view_id": "V1", "previous_view_id": null,
        "blocks": [{ "type": "input", "block_id": "what" }, { "type": "hologram" }],
        "app_id": "A1", "external_id": "", "app_installed_team_id": team, "bot_id": "B1",
    })
}

#[tokio::test]
async fn what_is_none_of_ours_is_taken_and_nothing_comes_of_it() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    chat.settles().await;
    let t = chat.slack.team_id();
    let (team, user) =
        (json!({ "id": t, "domain": "acme" }), json!({ "id": "U1", "name": "a", "team_id": t }));
    let message =
        json!({ "type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": false });
    let press = |container: &Value, actions: Value| {
        with(
            head("block_actions", &team, &user),
            json!({ "container": container, "channel": { "id": "C1", "name": "general" }, "actions": actions,
                    "state": { "values": {} }, "message": { "type": "message", "ts": "1.2", "text": "hi" } }),
        )
    };
    let a_view = json!({ "type": "view", "view_id": "V1" });
    let submission = |metadata: &str| {
        with(
            head("view_submission", &team, &user),
            json!({ "view": view(&t, metadata, json!({})), "response_urls": [] }),
        )
    };
    let before = chat.rows().await;
    for payload in [
        press(
            &message,
            json!([{ "type": "button", "action_id": "of another app", "value": "v", "block_id": "b" }]),
        ),
        press(&a_view, json!([{ "type": "users_select", "action_id": "x", "selected_user": "U1" }])),
        press(
            &json!({ "type": "message_attachment" }),
            json!([{ "type": "button", "name": "old", "value": "v" }]),
        ),
        press(
            &message,
            json!([{ "type": "overflow", "action_id": "menu", "selected_option": { "value": "x y" } }]),
        ),
        press(
            &message,
            json!([{ "type": "datepicker", "action_id": "every#0", "selected_date": "2026-03-02" }]),
        ),
        press(&message, json!([{ "type": "button", "action_id": "every#0", "value": "0" }])),
        press(&message, json!([])),
        head("block_actions", &team, &user),
        submission(""),
        submission("not ours"),
        submission(r#"["key"]"#),
        with(head("view_submission", &team, &user), json!({ "view": null })),
        with(
            head("view_closed", &team, &user),
            json!({ "view": view(&t, "", json!({})), "is_cleared": true }),
        ),
        with(head("shortcut", &team, &user), json!({ "callback_id": "unknown", "action_ts": "1.2" })),
        with(
            head("message_action", &team, &user),
            json!({ "callback_id": "unknown", "message_ts": "1.2", "response_url": "https://evil.test/x",
                    "channel": { "id": "C1", "name": "general" }, "message": { "text": "private" } }),
        ),
        with(
            head("block_suggestion", &team, &user),
            json!({ "container": a_view, "action_id": "x", "block_id": "b", "value": "typed text" }),
        ),
        with(head("interactive_message", &team, &user), json!({ "callback_id": "c" })),
        with(head("dialog_submission", &team, &user), json!({ "submission": {} })),
        head("workflow_step_edit", &team, &user),
        head("a_type_of_2027", &team, &user),
        head("block_actions", &Value::Null, &json!({ "id": "U1" })),
        head("block_actions", &team, &Value::Null),
        json!({ "type": null }),
        json!({}),
        json!([]),
        json!(null),
        json!("block_actions"),
    ] {
        let (status, body) = chat.slack.posts(INTERACTIVITY, FORM, interaction(&payload)).await;
        assert_eq!((status, body.as_str()), (200, ""), "{payload}");
    }

    let mut n = 0;
    let mut envelope = |event: Value| {
        n += 1;
        with(direct_message(&t, "U1", &format!("Ev{n}"), ""), json!({ "event": event }))
    };
    let im = |more: Value| {
        with(
            json!({ "type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "tip", "ts": "1.2" }),
            more,
        )
    };
    let bot = chat.slack.bot_user_id();
    let mut events: Vec<Value> = vec![
        // Ours, other bots', Slackbot's.
        im(json!({ "user": bot })),
        im(json!({ "user": "UBOT" })),
        im(json!({ "bot_id": "B1", "user": null })),
        im(json!({ "bot_id": "B9" })),
        im(json!({ "bot_profile": { "id": "B9" } })),
        im(json!({ "subtype": "bot_message", "bot_id": "B9" })),
        im(json!({ "user": "USLACKBOT" })),
        // Not somebody saying something to the coach.
        im(json!({ "subtype": "message_changed", "message": { "text": "tip" }, "previous_message": {} })),
        im(json!({ "subtype": "message_deleted", "deleted_ts": "1.1" })),
        im(json!({ "subtype": "channel_join" })),
        im(json!({ "subtype": "a_subtype_of_2027" })),
        im(json!({ "channel_type": "channel", "channel": "C1" })),
        im(json!({ "channel_type": "mpim" })),
        im(json!({ "user": 7 })),
        json!({ "type": "app_home_opened", "tab": "messages" }),
        json!({ "type": "team_join", "user": { "id": "U1" } }),
        json!({ "type": "user_change", "user": { "id": "U1", "tz": "Mars/Olympus", "deleted": true } }),
        json!({ "type": "user_change", "user": "U1" }),
        json!({ "type": "user_status_changed", "user": { "id": "U1" } }),
        json!({ "type": "member_joined_channel", "user": bot, "channel": "C1" }),
        json!({ "type": "tokens_revoked", "tokens": { "oauth": ["U1"] } }),
        json!({ "type": "tokens_revoked", "tokens": 1 }),
        json!({ "type": "reaction_added", "user": "U1" }),
        json!({ "type": "an_event_of_2027" }),
        json!({ "type": 7 }),
        json!({}),
        json!(null),
        json!([]),
    ]
    .into_iter()
    .map(&mut envelope)
    .collect();
    events.extend([
        json!({ "type": "app_rate_limited", "token": "x", "team_id": t, "minute_rate_limited": 1, "api_app_id": "A1" }),
        json!({ "type": "a_type_of_2027" }),
        json!({ "type": "event_callback" }),
        json!({ "type": "event_callback", "team_id": t, "event": { "type": "message" } }),
        json!({ "type": "url_verification" }),
        json!({}),
    ]);
    for event in &events {
        let answer = chat.slack.posts(EVENTS, JSON, event.to_string().into_bytes()).await;
        assert_eq!(answer, (200, String::new()), "{event}");
    }
    // A command lacking what a command cannot be without.
    for fields in
        [&[("team_id", t.as_str())][..], &[("user_id", "U1")], &[("team_id", ""), ("user_id", "U1")], &[]]
    {
        assert_eq!(chat.slack.posts(COMMANDS, FORM, form(fields)).await, (200, String::new()), "{fields:?}");
    }
    assert_eq!(chat.rows().await, before);
    assert!(
        chat.slack.api_calls().iter().all(|call| call.method == "auth.test"),
        "nothing was said to anybody"
    );
    chat.ends().await;
}

#[tokio::test]
async fn an_address_is_verified_by_its_challenge() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    assert!(chat.slack.verifies_address().await);
    let body = json!({ "token": "x", "challenge": "3eZbrw1aB", "type": "url_verification" }).to_string();
    let answer = chat.slack.posts(EVENTS, JSON, body.clone().into_bytes()).await;
    assert_eq!(answer, (200, "3eZbrw1aB".to_owned()));
    assert_eq!(chat.slack.posts_unsigned(EVENTS, &[], body.into_bytes()).await, (401, String::new()));
    chat.ends().await;
}

/// While servers are replaced one after the other, one of them draws a form that another does not know.
#[tokio::test]
async fn a_form_of_another_version_stays_open_with_every_word_in_it() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.settles().await;
    let before = chat.rows().await;
    for (about, id) in [("a-form-of-2027", ""), ("remind", "2026-W10")] {
        let body = ana.sends_in("0199-a-key", about, id, &[("dream", "To lead"), ("when", "Soon")]).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["response_action"], "errors");
        let told: Vec<_> = body["errors"].as_object().unwrap().iter().collect();
        assert!(told.len() == 1 && told[0].0 == "dream", "{told:?}");
        assert!(told[0].1.as_str().unwrap().contains("Your words are still here"), "{told:?}");
    }
    // Nothing stands in this one, and there is no field to say it under.
    assert_eq!(ana.sends_in("0199-a-key", "a-form-of-2027", "", &[]).await, "");
    assert_eq!(chat.rows().await, before);
    chat.ends().await;
}

/// Where the app is installed for a whole organisation, `team` can be null.
#[tokio::test]
async fn an_organisation_wide_installation_knows_whose_team_it_is() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let t = chat.slack.team_id();
    let org = json!({ "id": "E1", "name": "Acme" });
    let more = json!({ "enterprise": org, "is_enterprise_install": true });
    let press = with(
        head("block_actions", &Value::Null, &json!({ "id": "W1", "team_id": t })),
        json!({ "container": { "type": "view", "view_id": "V1" },
                "actions": [{ "type": "button", "action_id": "nudges-on#0", "block_id": "b" }] }),
    );
    let metadata = r#"{"key":"0199-a-key","about":"new-card","id":""}"#;
    let values = json!({
        "what": { "what": { "type": "plain_text_input", "value": "Shipped it" } },
        "changed": { "changed": { "type": "plain_text_input", "value": null } },
        "skill": { "skill": { "type": "static_select", "selected_option": null } },
        "happened_on": { "happened_on": { "type": "datepicker", "selected_date": "2026-03-02" } },
    });
    let submission = with(
        head("view_submission", &Value::Null, &json!({ "id": "W2" })),
        json!({ "view": view(&t, metadata, values) }),
    );
    for payload in [press, submission] {
        let body = interaction(&with(payload, more.clone()));
        assert_eq!(chat.slack.posts(INTERACTIVITY, FORM, body).await, (200, String::new()));
    }
    let command = form(&[
        ("team_id", &t),
        ("user_id", "W3"),
        ("enterprise_id", "E1"),
        ("is_enterprise_install", "true"),
        ("text", "about"),
    ]);
    assert_eq!(chat.slack.posts(COMMANDS, FORM, command).await.0, 200);
    let event = with(
        direct_message("T9", "W4", "Ev1", "tip"),
        json!({ "authorizations": [{ "enterprise_id": "E1", "team_id": t, "user_id": "UBOT", "is_enterprise_install": true }] }),
    );
    assert_eq!(chat.slack.posts(EVENTS, JSON, event.to_string().into_bytes()).await.0, 200);
    let mut people = chat.texts("SELECT team_id || '/' || user_id FROM people").await;
    people.sort();
    assert_eq!(people, ["W1", "W2", "W3", "W4"].map(|user| format!("{t}/{user}")));
    assert_eq!(chat.texts("SELECT what FROM evidence").await, ["Shipped it"]);
    // These people are none of the local workspace's: it says so when they are written to.
    chat.settles().await;
    chat.slack.takes_complaints();
    chat.ends().await;
}

/// Every field of a payload gone, null, or of another kind, one at a time.
#[tokio::test]
async fn a_field_that_is_missing_or_of_another_kind_is_never_an_error_of_ours() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let t = chat.slack.team_id();
    let (team, user) =
        (json!({ "id": t, "domain": "acme" }), json!({ "id": "U1", "name": "a", "team_id": t }));
    let metadata = r#"{"key":"0199-a-key","about":"new-card","id":""}"#;
    let values = json!({ "what": { "what": { "type": "plain_text_input", "value": "Shipped it" } } });
    let payloads = [
        with(
            head("block_actions", &team, &user),
            json!({ "container": { "type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": true },
                    "channel": { "id": "C1" }, "response_url": "https://evil.test/x",
                    "actions": [{ "type": "static_select", "action_id": "menu", "block_id": "b",
                                  "selected_option": { "value": "settings " } }] }),
        ),
        with(head("view_submission", &team, &user), json!({ "view": view(&t, metadata, values) })),
    ];
    for payload in &payloads {
        for changed in variations(payload) {
            let (status, body) = chat.slack.posts(INTERACTIVITY, FORM, interaction(&changed)).await;
            assert_eq!(status, 200, "{changed}");
            assert!(body.is_empty() || body.contains("response_action"), "{body} to {changed}");
        }
    }
    for event in [
        direct_message(&t, "U1", "Ev1", "tip"),
        with(
            direct_message(&t, "U1", "Ev2", ""),
            json!({ "event": { "type": "user_change", "user": { "id": "U1", "tz": "Asia/Tokyo", "deleted": false } } }),
        ),
        with(
            direct_message(&t, "U1", "Ev3", ""),
            json!({ "event": { "type": "tokens_revoked", "tokens": { "oauth": ["U1"], "bot": ["U2"] } } }),
        ),
    ] {
        for changed in variations(&event) {
            let (status, _) = chat.slack.posts(EVENTS, JSON, changed.to_string().into_bytes()).await;
            assert_eq!(status, 200, "{changed}");
        }
    }
    // Nonsense ids have met the strict local Slack; what it says to them is not the point here.
    for _ in 0..60 {
        chat.clock.advance(jiff::SignedDuration::from_hours(1));
        chat.settles().await;
    }
    chat.slack.takes_complaints();
    chat.ends().await;
}

/// The value with one thing in it removed, or made null, a number, a text, a list or an object.
fn variations(value: &Value) -> Vec<Value> {
    let others = [
        json!(null),
        json!(7),
        json!("x"),
        json!(""),
        json!([1]),
        json!({ "id": 1 }),
        json!(true),
        json!("\0"),
    ];
    let mut out = Vec::new();
    for pointer in pointers(value, "") {
        for other in &others {
            let mut changed = value.clone();
            *changed.pointer_mut(&pointer).unwrap() = other.clone();
            out.push(changed);
        }
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut changed = value.clone();
        if let Some(fields) = changed.pointer_mut(parent).unwrap().as_object_mut() {
            fields.remove(key);
            out.push(changed);
        }
    }
    out
}

fn pointers(value: &Value, at: &str) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (format!("{at}/{key}"), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(n, value)| (format!("{at}/{n}"), value)).collect()
        }
        _ => Vec::new(),
    };
    inside
        .into_iter()
        .flat_map(|(pointer, value)| {
            let below = pointers(value, &pointer);
            std::iter::once(pointer).chain(below)
        })
        .collect()
}
