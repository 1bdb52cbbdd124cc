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

#[tokio::test]
async fn a_thread_stands_beside_the_conversation_and_knows_no_commands() {
    let (workspace, _) = workspace_with(|asked, api| async move {
        if asked.kind() == "app_mention" {
            let event = &asked.json["event"];
            let below = if event["thread_ts"].is_null() { &event["ts"] } else { &event["thread_ts"] };
            let text = format!("heard, below {}", event["parent_user_id"].as_str().unwrap_or("nobody"));
            let reply = json!({"channel": event["channel"], "thread_ts": below, "text": text});
            api.call("chat.postMessage", reply).await;
        }
        nothing()
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("@coach what now?").await;
    assert!(between(&html, "class=\"toast\"", "</form>").contains("not in this channel"), "{html}");
    browser.says("/invite @coach").await;
    let html = browser.says("@coach and now?").await;
    assert!(html.contains(">1 reply</a>") && !html.contains("heard, below"), "it is read in the thread");
    let newest = html.rsplit("class=\"replies\"").next().unwrap();
    let thread = between(newest, "<a href=\"", "\"").to_owned();
    let beside = |html: &str| between(html, "<aside", "</aside>").to_owned();
    let html = beside(&browser.opens(&thread).await);
    assert!(html.contains("heard, below nobody") && html.contains("and now?"), "{html}");

    let ts = thread.rsplit('/').next().unwrap().to_owned();
    let channel = workspace.channel("general");
    let replies = async |line: &str| {
        let sent = [("channel", &*channel), ("thread", &*ts), ("back", &*thread), ("line", line)];
        browser.posts("/as/ana/say", &sent).await;
        browser.opens(&thread).await
    };
    let html = beside(&replies("@coach go on").await);
    let ana = workspace.person("ana", "").id();
    assert!(html.contains(&format!("heard, below {ana}")), "{html}");
    let html = replies("/coach tip").await;
    assert!(html.contains("/coach does not work in a thread"), "{html}");
    assert!(!beside(&html).contains("/coach tip"));
    let html = browser.opens("/as/ana/c/general").await;
    assert!(html.contains(">3 replies</a>") && !html.contains("go on"));
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_picture_is_drawn_with_its_words_and_a_file_is_there_to_keep_and_both_are_the_reader_s_alone() {
    let (workspace, ana) = workspace_with(|_, _| async { nothing() }).await;
    workspace.person("ben", "Asia/Tokyo");
    let browser = Browser::on(&workspace);
    let api = api(&workspace);
    let sends = async |name: &str, alt: &str, bytes: &[u8]| {
        let asked = json!({"filename": name, "length": bytes.len(), "alt_txt": alt});
        let given = api.call("files.getUploadURLExternal", asked).await;
        let url = given["upload_url"].as_str().unwrap();
        api.client.post(url).body(bytes.to_vec()).send().await.unwrap();
        let files = json!([{"id": given["file_id"], "title": "Yours <b>"}]);
        api.call("files.completeUploadExternal", json!({"files": files, "channel_id": ana.dm()})).await;
        given["file_id"].as_str().unwrap().to_owned()
    };
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x01\x90".to_vec();
    picture.extend([0; 40]);
    let picture = sends("chart.png", "Five bars", &picture).await;
    let page = sends("x.html", "", b"<script>alert(1)</script>").await;
    let html = browser.opens("/as/ana/dm").await;
    assert!(html.contains(&format!(
        "<img src=\"/as/ana/file/{picture}\" alt=\"Five bars\" width=\"800\" height=\"400\">"
    )));
    assert!(html.contains("Yours &#60;b&#62;") && html.contains("x.html</a>"));
    assert!(!html.contains("(files)"), "what came without a word stands alone");

    let gets = async |path: String| {
        let request = Request::builder().uri(path).header(header::HOST, "localhost");
        browser.page.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    };
    for (id, kind, how) in
        [(&picture, "image/png", "inline"), (&page, "application/octet-stream", "attachment")]
    {
        let response = gets(format!("/as/ana/file/{id}")).await;
        let has = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(has("content-type"), kind);
        assert!(has("content-disposition").starts_with(how));
        assert_eq!(has("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(has("x-content-type-options"), "nosniff");
        assert_eq!(gets(format!("/as/ben/file/{id}")).await.status(), StatusCode::NOT_FOUND);
    }
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_shortcut_is_used_from_anywhere_and_only_one_that_there_is() {
    let (workspace, _) = workspace_with(|asked, api| async move {
        if asked.kind() == "shortcut" {
            let title = asked.json["callback_id"].as_str().unwrap_or_default().to_owned();
            let view = modal(&title, json!([section("begun")]));
            let trigger = asked.json["trigger_id"].clone();
            api.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
        }
        nothing()
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.opens("/as/ana/c/general").await;
    assert!(html.contains("name=\"callback\" value=\"begin\" formaction=\"/as/ana/shortcut\""), "{html}");
    assert!(!html.contains("value=\"keep\""), "that one is for messages");
    for never in ["keep", "unheard_of"] {
        browser.posts("/as/ana/shortcut", &[("callback", never)]).await;
        assert!(!browser.opens("/as/ana/dm").await.contains("<dialog"));
    }
    browser.posts("/as/ana/shortcut", &[("callback", "begin")]).await;
    assert!(browser.opens("/as/ana/dm").await.contains("begun"));
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_loud_answer_shows_all_there_what_was_typed() {
    let (workspace, _) =
        workspace_with(|_, _| async { answer(json!({"response_type": "in_channel", "text": "All hear"})) })
            .await;
    workspace.person("ben", "Asia/Tokyo");
    let browser = Browser::on(&workspace);
    browser.says("/coach say <it> & loud").await;
    let html = browser.opens("/as/ben/c/general").await;
    let typed = html.find("/coach say &#60;it&#62; &#38; loud").expect("the command stands there");
    assert!(typed < html.find("All hear").unwrap(), "{html}");
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn a_button_that_leads_elsewhere_is_told_of_too() {
    let (workspace, _) = workspace_with(|asked, _| async move {
        if asked.kind() == "block_actions" {
            assert_eq!(asked.json["actions"][0]["action_id"], "out");
            return nothing();
        }
        let out = json!({"type": "button", "action_id": "out", "text": plain("Read on"), "url": "https://a.example/on"});
        answer(json!({"text": "x", "blocks": [section("More"), {"type": "actions", "elements": [out]}]}))
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    let link = between(&html, "<a class=\"button\"", ">").to_owned();
    assert!(link.contains("href=\"https://a.example/on\"") && link.contains("data-press=\"1.0\""), "{link}");
    let message = between(&html, "class=\"message private\"", "</article>").to_owned();
    let hidden = |name: &str| between(&message, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let (channel, ts, touched) = (hidden("channel"), hidden("ts"), hidden("touched"));
    let press = [("channel", &*channel), ("ts", &*ts), ("touched", &*touched), ("press", "1.0")];
    browser.posts("/as/ana/press", &press).await;
    assert!(browser.opens("/as/ana/requests").await.contains("block_actions [Read on]"));
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_cannot_be_reached_or_takes_too_long_is_told_by_slack_s_word_for_it() {
    let (workspace, _) = workspace_with(|_, _| std::future::pending()).await;
    workspace.waits_for_answers(std::time::Duration::from_millis(50));
    let browser = Browser::on(&workspace);
    let toast = |html: &str| between(html, "class=\"toast\"", "</form>").to_owned();
    let html = browser.says("/coach").await;
    assert!(toast(&html).contains("/coach failed with the error “operation_timeout”"), "{html}");
    workspace.connect("http://127.0.0.1:1");
    let html = browser.says("/coach").await;
    assert!(toast(&html).contains("/coach failed with the error “dispatch_failed”"), "{html}");
    assert_eq!(workspace.takes_complaints().len(), 2);
}
