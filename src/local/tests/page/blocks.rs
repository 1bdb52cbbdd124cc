//! What the page draws, and what it refuses to.

use super::*;

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
async fn every_field_of_a_form_is_drawn_with_its_label_hint_and_value() {
    let fields = [
        (
            "Line",
            json!({"type": "plain_text_input", "action_id": "a", "initial_value": "x < y", "max_length": 80}),
        ),
        (
            "Lines",
            json!({"type": "plain_text_input", "action_id": "a", "multiline": true, "initial_value": "one\n</textarea>"}),
        ),
        ("Rich", json!({"type": "rich_text_input", "action_id": "a"})),
        ("Mail", json!({"type": "email_text_input", "action_id": "a"})),
        ("Link", json!({"type": "url_text_input", "action_id": "a"})),
        (
            "Number",
            json!({"type": "number_input", "action_id": "a", "is_decimal_allowed": false, "min_value": "1", "max_value": "9"}),
        ),
        ("Day", json!({"type": "datepicker", "action_id": "a", "initial_date": "2026-03-04"})),
        ("Hour", json!({"type": "timepicker", "action_id": "a", "initial_time": "09:30"})),
        ("Moment", json!({"type": "datetimepicker", "action_id": "a", "initial_date_time": 1_772_442_000})),
        (
            "One",
            json!({"type": "static_select", "action_id": "a", "options": options(&["Red", "Blue"]), "initial_option": options(&["Blue"])[0]}),
        ),
        (
            "Some",
            json!({"type": "multi_static_select", "action_id": "a", "options": options(&["Red", "Blue"])}),
        ),
        ("Who", json!({"type": "users_select", "action_id": "a"})),
        ("Where", json!({"type": "channels_select", "action_id": "a"})),
        ("Ticks", json!({"type": "checkboxes", "action_id": "a", "options": options(&["Tick"])})),
        ("Choice", json!({"type": "radio_buttons", "action_id": "a", "options": options(&["Yes", "No"])})),
    ];
    let mut blocks: Vec<Value> = fields.into_iter().map(|(label, element)| field(label, element)).collect();
    blocks[0]["hint"] = plain("Not more than a line");
    blocks[1]["optional"] = true.into();
    let blocks = json!(blocks);
    let (workspace, _) = workspace_with(move |asked, api| {
        let view = modal("All", blocks.clone());
        async move {
            let trigger = asked.json["trigger_id"].clone();
            api.call("views.open", json!({"trigger_id": trigger, "view": view})).await;
            nothing()
        }
    })
    .await;
    let browser = Browser::on(&workspace);
    let html = browser.says("/coach").await;
    let form = between(&html, "<dialog", "</dialog>");
    for part in [
        "type=\"text\" value=\"x &#60; y\" maxlength=\"80\"",
        "Not more than a line",
        "one\n&#60;/textarea&#62;</textarea>",
        "Lines <span class=\"optional\">",
        "type=\"email\"",
        "type=\"url\"",
        "type=\"number\" value=\"\" step=\"any\" min=\"1\" max=\"9\"",
        "type=\"date\" value=\"2026-03-04\"",
        "type=\"time\" value=\"09:30\"",
        // On Ana's wall, in Berlin.
        "type=\"datetime-local\" value=\"2026-03-02T10:00\"",
        "<option value=\"blue\" selected>Blue</option>",
        " multiple",
        ">@ana</option>",
        ">#general</option>",
        "type=\"checkbox\"",
        "type=\"radio\"",
    ] {
        assert!(form.contains(part), "{part} is not in {form}");
    }
    let labels = [
        "Line", "Lines", "Rich", "Mail", "Link", "Number", "Day", "Hour", "Moment", "One", "Some", "Who",
        "Where",
    ];
    for label in labels {
        let id = between(
            form.split_once(&format!("\">{label}")).unwrap().0.rsplit("<label ").next().unwrap(),
            "for=\"",
            "-f",
        )
        .to_owned();
        assert!(form.contains(&format!("id=\"{id}-f\"")), "{label} names no field");
    }
    assert!(!form.contains("class=\"refusal\""));
    assert_eq!(workspace.complaints(), Vec::<String>::new());
}

#[tokio::test]
async fn mentions_dates_and_emoji_are_as_the_reader_knows_them() {
    let (workspace, ana) = workspace_with(|asked, _| async move {
        let user = asked.json["user_id"].as_str().unwrap_or_default().to_owned();
        let rich = json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "user", "user_id": user}, {"type": "emoji", "name": "tada"},
            {"type": "date", "timestamp": 1_772_442_000, "format": "{date_num} {time}", "fallback": "then"}]}]});
        let words = format!("<@{user}> :wave: <!date^1772442000^at {{time}}|09:00 UTC>");
        answer(json!({"response_type": "in_channel", "text": "x", "blocks": [section(&words), rich]}))
    })
    .await;
    workspace.person("mei", "Asia/Tokyo");
    let browser = Browser::on(&workspace);
    browser.says("/coach").await;
    for (name, at) in [("ana", "10:00"), ("mei", "18:00")] {
        let html = browser.opens(&format!("/as/{name}/c/general")).await;
        assert_eq!(html.matches("<span class=\"mention\">@ana</span>").count(), 2, "{html}");
        assert!(html.contains("👋") && html.contains("🎉"));
        assert!(
            html.contains(&format!(">at {at}</time>")) && html.contains(&format!(">2026-03-02 {at}</time>"))
        );
    }
    assert_eq!(workspace.pings().len(), 2, "both mentions of {} are on the list", ana.id());
}
