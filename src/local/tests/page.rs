//! The page, tried with the toy app: what it draws, what it refuses to draw, what its forms do.

mod blocks;
mod doings;

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
use crate::local::page::{Hint, Shelf, Shortcut, Soon, World, router};

/// An app that has no time of its own.
struct Still;

impl World for Still {
    fn commands(&self) -> Vec<Hint> {
        Vec::new()
    }
    fn has_home(&self) -> bool {
        true
    }
    fn shortcuts(&self) -> Vec<Shortcut> {
        let shortcut = |callback: &str, name: &str, is_global| Shortcut {
            callback: callback.to_owned(),
            name: name.to_owned(),
            about: String::new(),
            is_global,
        };
        vec![shortcut("keep", "Save as evidence", false), shortcut("begin", "Begin anywhere", true)]
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
