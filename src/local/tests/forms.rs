//! Forms: opened, filled, refused, accepted, stacked, closed.

use axum::http::header;
use serde_json::json;

use super::*;

fn evidence_form() -> Value {
    let text =
        json!({"type": "plain_text_input", "action_id": "a", "initial_value": "Wrote", "max_length": 200});
    let option = |text: &str| json!({"text": {"type": "plain_text", "text": text}, "value": text});
    let skill = json!({
        "type": "static_select", "action_id": "a",
        "options": [option("Strategy"), option("Influence")], "initial_option": option("Strategy"),
    });
    let mut by = field("By when", json!({"type": "datepicker", "action_id": "a"}));
    by["optional"] = true.into();
    modal("Log evidence", json!([field("What happened?", text), field("Skill", skill), by]))
}

/// Opens the form by command; submitted text that begins with "no" is refused.
async fn logging(asked: Asked, api: Api) -> Response {
    match asked.kind() {
        "command" => {
            let view = json!({"trigger_id": asked.json["trigger_id"], "view": evidence_form()});
            assert_eq!(api.call("views.open", view).await["ok"], true);
            nothing()
        }
        "view_submission" => {
            let values = &asked.json["view"]["state"]["values"];
            if values["what_happened_"]["a"]["value"].as_str().unwrap().starts_with("no") {
                return answer(
                    json!({"response_action": "errors", "errors": {"what_happened_": "Say more"}}),
                );
            }
            let skill = values["skill"]["a"]["selected_option"]["text"]["text"].as_str().unwrap();
            let date = values["by_when"]["a"]["selected_date"].as_str().unwrap_or("no date");
            let text = format!("Saved for {skill}, {date}");
            let user = &asked.json["user"]["id"];
            assert_eq!(
                api.call("chat.postMessage", json!({"channel": user, "text": text})).await["ok"],
                true
            );
            nothing()
        }
        _ => nothing(),
    }
}

#[tokio::test]
async fn a_form_is_opened_refused_and_then_accepted() {
    let (workspace, ana) = workspace_with(logging).await;

    ana.says("/coach log").await;
    ana.submits(&[("What happened?", "no")]).await;
    assert_eq!(ana.modal().unwrap()["state"]["values"]["what_happened_"]["a"]["value"], "no");
    ana.submits(&[("What happened?", "Wrote the memo"), ("Skill", "Influence"), ("By when", "2026-03-09")])
        .await;
    assert!(ana.modal().is_none());

    let expected = "\
ana: /coach log
ana sees a form: Log evidence
    What happened? ______ (\"Wrote\")
    Skill: (•) Strategy ▾
    By when: ______ (optional)
    [Save] [Cancel]
ana submits: What happened? = no
  under \"What happened?\": Say more
ana submits: What happened? = Wrote the memo; Skill = Influence; By when = 2026-03-09
  DM to ana:
    Saved for Influence, 2026-03-09
";
    assert_eq!(workspace.transcript(), expected);
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn what_slack_itself_refuses_never_reaches_the_app() {
    let (workspace, ana) = workspace_with(logging).await;
    ana.says("/coach log").await;
    let got = ana.submits(&[("What happened?", "")]).await;
    assert_eq!(got.error.unwrap(), "What happened?: Please complete this required field.");
    assert_eq!(got.status, 0);
    let long = "x".repeat(201);
    assert_eq!(
        ana.submits(&[("What happened?", &long)]).await.error.unwrap(),
        "What happened?: That is too long."
    );
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_double_press_is_two_payloads_of_one_view() {
    let (workspace, ana) = workspace_with(logging).await;
    ana.says("/coach log").await;
    let answers = ana.submits_twice(&[]).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.error.is_none()));
    assert_eq!(ana.dms().len(), 2, "the toy app keeps no book");
    assert!(ana.modal().is_none());
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn a_trigger_opens_one_form_within_three_seconds() {
    let clock = clock();
    let workspace = Workspace::start(clock.clone()).await.unwrap();
    let ana = workspace.person("ana", "Europe/Berlin");
    let api = api(&workspace);
    let open = async |trigger: &str| {
        let answer = api.call("views.open", json!({"trigger_id": trigger, "view": evidence_form()})).await;
        answer["error"].as_str().unwrap_or("ok").to_owned()
    };
    let trigger = workspace.state().new_trigger(&ana.id());
    clock.advance(jiff::SignedDuration::from_secs(3));
    assert_eq!(open(&trigger).await, "ok");
    assert_eq!(open(&trigger).await, "exchanged_trigger_id");
    let trigger = workspace.state().new_trigger(&ana.id());
    clock.advance(jiff::SignedDuration::from_millis(3001));
    assert_eq!(open(&trigger).await, "expired_trigger_id");
    assert_eq!(open("1.2.3").await, "invalid_trigger_id");
    assert_eq!(workspace.complaints().len(), 3);
}

#[tokio::test]
async fn answers_that_slack_cannot_use_are_trouble_for_the_person() {
    let check = async |body: &'static str, content_type: &'static str, complaint: &str| {
        let (workspace, ana) = workspace_with(move |asked, api| async move {
            match asked.kind() {
                "command" => logging(asked, api).await,
                _ => ([(header::CONTENT_TYPE, content_type)], body).into_response(),
            }
        })
        .await;
        ana.says("/coach log").await;
        let got = ana.submits(&[]).await;
        assert_eq!(got.error.as_deref(), Some("We had some trouble connecting. Try again?"), "{body}");
        assert!(ana.modal().is_some(), "the form stays open: {body}");
        let complaints = workspace.complaints();
        assert!(complaints.len() == 1 && complaints[0].contains(complaint), "{body}: {complaints:?}");
    };
    let json = "application/json";
    check("ok", "text/plain", "the body must be empty").await;
    check(r#"{"response_action":"clear"}"#, "text/plain", "JSON with its content type").await;
    check("{", json, "not JSON").await;
    check("{}", json, "/response_action must be").await;
    check(r#"{"response_action":"errors","errors":{}}"#, json, "at least one block").await;
    check(r#"{"response_action":"errors","errors":{"nope":"x"}}"#, json, "/errors/nope is no input block")
        .await;
    check(r#"{"response_action":"errors","errors":{"skill":""}}"#, json, "/errors/skill must be a sentence")
        .await;
    check(
        r#"{"response_action":"update","view":{"type":"modal","blocks":[]}}"#,
        json,
        "missing required field: title",
    )
    .await;
}

#[tokio::test]
async fn forms_stand_on_each_other_up_to_three() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        let view = modal("Step", json!([section("A step"), buttons(&["Next"])]));
        let method = if asked.kind() == "command" { "views.open" } else { "views.push" };
        api.call(method, json!({"trigger_id": asked.json["trigger_id"], "view": view})).await;
        nothing()
    })
    .await;
    ana.says("/coach assess").await;
    ana.clicks("Next").await;
    ana.clicks("Next").await;
    let third = ana.modal().unwrap();
    ana.clicks("Next").await;
    assert_eq!(workspace.api_calls().last().unwrap().answer["error"], "push_limit_reached");
    assert_eq!(ana.modal().unwrap()["id"], third["id"]);
    ana.closes_modal().await;
    assert_eq!(ana.modal().unwrap()["id"], third["previous_view_id"]);
    assert_eq!(third["root_view_id"], ana.modal().unwrap()["previous_view_id"]);
}

#[tokio::test]
async fn an_update_keeps_what_was_typed_and_a_stale_hash_loses() {
    let (workspace, ana) = workspace_with(logging).await;
    let api = api(&workspace);
    ana.says("/coach log").await;
    ana.submits(&[("What happened?", "no")]).await;
    let before = ana.modal().unwrap();
    let mut view = evidence_form();
    view["title"]["text"] = "Almost there".into();
    let args = json!({"view_id": before["id"], "hash": before["hash"], "view": view});
    let updated = api.call("views.update", args.clone()).await;
    assert_eq!(updated["view"]["state"]["values"]["what_happened_"]["a"]["value"], "no");
    assert_eq!(api.call("views.update", args).await["error"], "hash_conflict");
    assert_eq!(ana.modal().unwrap()["title"]["text"], "Almost there");
    assert_eq!(workspace.complaints(), [""; 0]);
}

#[tokio::test]
async fn the_home_tab_shows_what_was_published_and_takes_clicks() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        let blocks = match asked.kind() {
            "app_home_opened" if asked.json["event"]["tab"] == "home" => json!([buttons(&["Refresh"])]),
            "block_actions" => {
                assert_eq!(asked.json["container"]["type"], "view");
                assert!(asked.json["response_url"].is_null());
                json!([section("Fresh")])
            }
            _ => return nothing(),
        };
        let user = asked.json["event"]["user"].as_str().or(asked.json["user"]["id"].as_str()).unwrap();
        let args = json!({"user_id": user, "view": {"type": "home", "blocks": blocks}});
        assert_eq!(api.call("views.publish", args).await["ok"], true);
        nothing()
    })
    .await;
    ana.opens_home().await;
    ana.clicks("Refresh").await;
    let expected = "\
ana opens App Home
  the home of ana shows:
    [Refresh]
ana clicks [Refresh]
  the home of ana shows:
    Fresh
";
    assert_eq!(workspace.transcript(), expected);
    assert_eq!(workspace.complaints(), [""; 0]);
}
