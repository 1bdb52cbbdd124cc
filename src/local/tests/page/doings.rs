//! What people do on the page, beyond writing: threads, shortcuts, files, and what Slack tells them.

use super::*;

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
    let mine = html.rsplit("<article").next().unwrap();
    let behind = format!("/as/ana/requests?message={}", between(mine, "/as/ana/requests?message=", "\""));
    let behind = browser.opens(&behind).await;
    assert!(behind.contains("app_mention") && behind.contains("chat.postMessage"), "{behind}");
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
