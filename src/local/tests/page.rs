//! The page, tried with the toy app: what it draws, what it refuses to draw, what its forms do.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::*;
use crate::local::args::encode_form;
use crate::local::page::{Hint, Shelf, Soon, World, router};

/// An app that has no time of its own.
struct Still;

impl World for Still {
    fn commands(&self) -> Vec<Hint> {
        Vec::new()
    }
    fn has_home(&self) -> bool {
        true
    }
    fn message_shortcuts(&self) -> Vec<(String, String)> {
        vec![("keep".to_owned(), "Save as evidence".to_owned())]
    }
    fn settle(&self) -> Soon<'_, ()> {
        Box::pin(async {})
    }
    fn pass_until(&self, _: Timestamp) -> Soon<'_, anyhow::Result<()>> {
        Box::pin(async { Ok(()) })
    }
    fn next_nudge(&self) -> Soon<'_, anyhow::Result<Option<Timestamp>>> {
        Box::pin(async { Ok(None) })
    }
    fn shelf_stamp(&self) -> u64 {
        0
    }
    fn shelf(&self) -> Soon<'_, anyhow::Result<Shelf>> {
        Box::pin(async { Ok(Shelf::default()) })
    }
}

/// A browser that runs no script.
struct Browser {
    page: Router,
    workspace: Workspace,
}

impl Browser {
    fn on(workspace: &Workspace) -> Self {
        let page = router(workspace.clone(), Still, CancellationToken::new(), false);
        workspace.channel("general");
        Self { page, workspace: workspace.clone() }
    }

    async fn sends(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.page.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn opens(&self, path: &str) -> String {
        let request =
            Request::builder().uri(path).header(header::HOST, "localhost").body(Body::empty()).unwrap();
        let (status, html) = self.sends(request).await;
        assert_eq!(status, StatusCode::OK, "{path}: {html}");
        html
    }

    async fn posts(&self, path: &str, fields: &[(&str, &str)]) {
        let request = Request::builder().method(Method::POST).uri(path).header(header::HOST, "localhost");
        let (status, html) = self.sends(request.body(Body::from(encode_form(fields))).unwrap()).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {html}");
    }

    async fn says(&self, line: &str) -> String {
        let channel = self.workspace.channel("general");
        self.posts("/as/ana/say", &[("channel", &channel), ("line", line)]).await;
        self.opens("/as/ana/c/general").await
    }
}

/// What stands between the first `before` and the next `after`.
fn between<'a>(html: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = html.split_once(before).unwrap_or_else(|| panic!("no {before} in {html}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} after {before}")).0
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn options(words: &[&str]) -> Value {
    words.iter().map(|word| json!({"text": plain(word), "value": word.to_lowercase()})).collect()
}

#[tokio::test]
async fn a_message_that_slack_refuses_is_shown_as_a_refusal_with_its_reasons() {
    let long = "x".repeat(151);
    let blocks = json!([{"type": "header", "text": plain(&long)}, section("sound")]);
    let (workspace, _) = workspace_with(move |_, _| {
        let blocks = blocks.clone();
        async move { answer(json!({"text": "hello", "blocks": blocks})) }
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    assert!(html.contains("Slack refused this message"), "{html}");
    assert!(html.contains("invalid_blocks"));
    let refusal = between(&html, "class=\"refusal\"", "</div>");
    assert!(refusal.contains("Slack would refuse this block") && refusal.contains("150"), "{refusal}");
    assert!(html.contains("sound"), "the blocks that are right are drawn");
    assert!(!html.contains(&long));
    let exchange = between(&html, "/as/ana/requests?exchange=", "\"");
    let behind = browser.opens(&format!("/as/ana/requests?exchange={exchange}")).await;
    assert!(behind.contains("/slack/commands") && behind.contains("Behind one refusal"));
    assert_eq!(workspace.takes_complaints().len(), 1);
}

#[tokio::test]
async fn every_block_and_element_is_drawn_and_what_is_written_stays_text() {
    let hostile = "</p><script>alert(1)</script>";
    let blocks = json!([
        {"type": "header", "text": plain(hostile)},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*bold* <https://a.example|there>"},
         "fields": [plain("one"), plain("two")],
         "accessory": {"type": "overflow", "action_id": "o", "options": options(&["Edit", "Drop"])}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_small_"}, {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "a bee"}]},
        {"type": "divider"},
        {"type": "actions", "elements": [
            {"type": "button", "action_id": "b", "text": plain("Go"), "style": "danger",
             "confirm": {"title": plain("Sure?"), "text": plain("It goes."), "confirm": plain("Yes"), "deny": plain("No")}},
            {"type": "static_select", "action_id": "s", "placeholder": plain("Pick"), "options": options(&["Red", "Blue"])},
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-03-04"},
            {"type": "checkboxes", "action_id": "c", "options": options(&["Tick"])},
        ]},
        {"type": "image", "image_url": "https://pictures.example/x.png", "alt_text": "A chart of five bars"},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": hostile, "style": {"bold": true}},
                {"type": "link", "url": "javascript:alert(1)", "text": "trap"}]},
            {"type": "rich_text_list", "style": "ordered", "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "let x = 1 < 2;"}]},
        ]},
        {"type": "markdown", "text": "## Head\n\n**fat** and [a](javascript:alert(1)) and <b>raw</b>"},
    ]);
    let (workspace, _) = workspace_with(move |_, _| {
        let blocks = blocks.clone();
        async move { answer(json!({"text": "all", "blocks": blocks})) }
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    let drawn = between(&html, "class=\"message private\"", "</article>");
    for part in [
        "<strong>bold</strong>",
        "<a href=\"https://a.example\" target=\"_blank\" rel=\"noreferrer noopener\">there</a>",
        "<em>small</em>",
        "aria-label=\"a bee\"",
        "class=\"button danger\"",
        "data-confirm=\"Sure?",
        ">Pick</summary>",
        "type=\"date\" value=\"2026-03-04\"",
        "type=\"checkbox\"",
        "A chart of five bars",
        "from pictures.example",
        "<li dir=\"auto\">first</li>",
        "<strong>fat</strong>",
        "let x = 1 &#60; 2;",
        "trap",
    ] {
        assert!(drawn.contains(part), "{part} is not in {drawn}");
    }
    for never in ["<script", "javascript:alert(1)\"", "<b>raw", "<img src=\"https", "class=\"refusal\""] {
        assert!(!drawn.contains(never), "{never} is in {drawn}");
    }
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_press_says_where_it_was_and_a_stale_one_is_told_so() {
    let (workspace, _) = workspace_with(|asked, api| async move {
        if asked.kind() == "command" {
            let menu = json!({"type": "static_select", "action_id": "m", "placeholder": plain("Pick"), "options": options(&["Red", "Blue"])});
            let more = json!({"type": "actions", "elements": [menu]});
            return answer(json!({"text": "x", "blocks": [section("Which?"), more]}));
        }
        let value = asked.json["actions"][0]["selected_option"]["value"].as_str().unwrap_or("none").to_owned();
        let url = asked.json["response_url"].clone();
        api.respond(&url, json!({"replace_original": true, "text": format!("chose {value}")})).await;
        nothing()
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    let message = between(&html, "class=\"message private\"", "</article>").to_owned();
    let hidden = |name: &str| between(&message, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let (channel, ts, touched) = (hidden("channel"), hidden("ts"), hidden("touched"));
    let press = [("channel", &*channel), ("ts", &*ts), ("touched", &*touched), ("press", "1.0.1")];
    browser.posts("/as/ana/press", &press).await;
    let html = browser.opens("/as/ana/c/general").await;
    assert!(html.contains("chose blue"), "{html}");
    browser.posts("/as/ana/press", &press).await;
    let html = browser.opens("/as/ana/c/general").await;
    assert!(html.contains("This has changed in the meantime"));
    workspace.person("ben", "Asia/Tokyo");
    browser.posts("/as/ben/press", &press).await;
    assert!(!browser.opens("/as/ben/c/general").await.contains("chose blue"), "nobody else can reach it");
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn forms_stack_and_home_and_shortcuts_work() {
    let (workspace, ana) = workspace_with(|asked, api| async move {
        if asked.is_echo() {
            return nothing();
        }
        let trigger = asked.json["trigger_id"].clone();
        match asked.kind() {
            "command" => {
                let view = modal(
                    "First",
                    json!([
                        field("Name", json!({"type": "plain_text_input", "action_id": "a"})),
                        buttons(&["Deeper"])
                    ]),
                );
                api.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
                nothing()
            }
            "block_actions" => {
                let typed = asked.json["view"]["state"]["values"]["name"]["a"]["value"].clone();
                let typed = json!({"type": "section", "text": plain(typed.as_str().unwrap_or("nothing"))});
                let view = modal("Second", json!([typed]));
                api.call("views.push", json!({"trigger_id": trigger, "view": view})).await;
                nothing()
            }
            "app_home_opened" => {
                let view = json!({"type": "home", "blocks": [section("This is home")]});
                api.call("views.publish", json!({"user_id": asked.json["event"]["user"], "view": view}))
                    .await;
                nothing()
            }
            "message_action" => {
                let view = modal("Keep it", json!([section("kept")]));
                api.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
                nothing()
            }
            _ => nothing(),
        }
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    let hidden = |html: &str, name: &str| {
        let form = between(html, "<dialog", "</dialog>").to_owned();
        between(&form, &format!("name=\"{name}\" value=\""), "\"").to_owned()
    };
    let (view, hash) = (hidden(&html, "view"), hidden(&html, "hash"));
    let press = [("view", &*view), ("hash", &*hash), ("f0.0", "Ana & Co"), ("press", "1.0")];
    browser.posts("/as/ana/press", &press).await;
    let html = browser.opens("/as/ana/c/general").await;
    assert!(
        html.contains("depth-2") && html.contains("above “First”") && html.contains("Ana &#38; Co"),
        "{html}"
    );
    let view = hidden(&html, "view");
    browser.posts("/as/ana/close", &[("view", &view)]).await;
    let html = browser.opens("/as/ana/c/general").await;
    assert!(
        html.contains("depth-1") && html.contains("value=\"Ana &#38; Co\""),
        "what was typed is still there"
    );
    ana.closes_modal().await;

    browser.posts("/as/ana/open", &[("tab", "home")]).await;
    assert!(browser.opens("/as/ana/home").await.contains("This is home"));

    let html = browser.says("Something I did").await;
    assert!(html.contains("Save as evidence"));
    let ts = between(&html, "name=\"callback\" value=\"keep\"><button name=\"ts\" value=\"", "\"").to_owned();
    browser.posts("/as/ana/shortcut", &[("callback", "keep"), ("ts", &ts)]).await;
    assert!(browser.opens("/as/ana/dm").await.contains("Keep it"));
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn what_slack_tells_somebody_is_a_toast_and_only_theirs() {
    let (workspace, _) =
        workspace_with(|_, _| async { StatusCode::INTERNAL_SERVER_ERROR.into_response() }).await;
    workspace.person("ben", "Asia/Tokyo");
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    assert!(between(&html, "id=\"toasts\"", "</div>").contains("http_service_error"));
    assert!(!browser.opens("/as/ben/c/general").await.contains("http_service_error"));
    browser.posts("/as/ana/dismiss", &[]).await;
    assert!(!browser.opens("/as/ana/c/general").await.contains("http_service_error"));
    assert_eq!(workspace.takes_complaints().len(), 1);
}

#[tokio::test]
async fn the_page_answers_to_its_own_names_only() {
    let (workspace, _) = workspace_with(|_, _| async { nothing() }).await;
    let browser = Browser::on(&workspace);
    let asks = |host: &str, path: &str| {
        Request::builder().uri(path).header(header::HOST, host).body(Body::empty()).unwrap()
    };
    assert_eq!(browser.sends(asks("rebound.example", "/as/ana/dm")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(browser.sends(asks("localhost", "/as/nobody/dm")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(browser.sends(asks("localhost", "/as/ana/c/nowhere")).await.0, StatusCode::NOT_FOUND);
}
