//! One line a rule.

use serde_json::{Value, json};

use super::{message, view};

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text})
}

fn mrkdwn(text: &str) -> Value {
    json!({"type": "mrkdwn", "text": text})
}

fn option(text: &str) -> Value {
    json!({"text": plain(text), "value": text})
}

fn button() -> Value {
    json!({"type": "button", "text": plain("Go"), "action_id": "go"})
}

fn with(mut base: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

fn select(more: Value) -> Value {
    with(json!({"type": "static_select", "action_id": "s", "options": [option("A"), option("B")]}), more)
}

fn input(element: Value) -> Value {
    json!({"type": "input", "label": plain("Label"), "element": element})
}

fn modal(blocks: Value) -> Value {
    json!({"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": blocks})
}

/// Exactly one rule is broken, and it is this one, or none if none is expected.
fn check_one(found: super::Findings, shown: &Value, expected: &str) {
    let broken: Vec<String> =
        found.broken.iter().map(|broken| format!("{} {}", broken.pointer, broken.rule)).collect();
    if expected.is_empty() {
        assert_eq!(broken, [""; 0], "{:.300}", shown.to_string());
    } else {
        assert!(
            broken.len() == 1 && broken[0].contains(expected),
            "{shown}\nexpected {expected}\ngot {broken:?}"
        );
    }
}

fn check(block: Value, expected: &str) {
    check_one(message(&json!([block])), &block, expected);
}

fn check_view(view_json: Value, expected: &str) {
    check_one(view(&view_json), &view_json, expected);
}

#[test]
fn blocks_are_held_to_their_limits() {
    let long = |n: usize| "x".repeat(n);
    check(json!({"type": "header", "text": plain(&long(150))}), "");
    check(json!({"type": "header", "text": plain(&long(151))}), "/blocks/0/text/text must have at most 150");
    check(json!({"type": "header", "text": plain("")}), "/blocks/0/text/text must have at least 1");
    check(
        json!({"type": "header", "text": mrkdwn("x")}),
        "/blocks/0/text must be a text object of type plain_text",
    );
    check(json!({"type": "header"}), "missing required field: text");
    check(json!({"type": "section", "text": mrkdwn(&long(3000))}), "");
    check(
        json!({"type": "section", "text": mrkdwn(&long(3001))}),
        "/blocks/0/text/text must have at most 3000",
    );
    check(json!({"type": "section", "text": mrkdwn(&"😀".repeat(1501))}), "has 3002");
    check(json!({"type": "section"}), "must have text or fields");
    check(
        json!({"type": "section", "fields": vec![plain("x"); 11]}),
        "/blocks/0/fields must have at most 10 items",
    );
    check(json!({"type": "section", "fields": [plain(&long(2001))]}), "at most 2000");
    check(json!({"type": "section", "text": "x"}), "/blocks/0/text must be a text object");
    check(
        json!({"type": "section", "text": plain("x"), "accessory": button(), "colour": "red"}),
        "invalid additional property: colour",
    );
    check(json!({"type": "context", "elements": vec![plain("x"); 11]}), "at most 10 items");
    check(json!({"type": "context", "elements": []}), "at least 1 items");
    check(json!({"type": "context", "elements": [button()]}), "/blocks/0/elements/0 must be a text object");
    check(json!({"type": "actions", "elements": [button(), button()]}), "go already exists in this block");
    let many: Vec<Value> = (0..26).map(|n| with(button(), json!({"action_id": format!("b{n}")}))).collect();
    check(json!({"type": "actions", "elements": many}), "at most 25 items");
    check(json!({"type": "divider", "text": plain("x")}), "invalid additional property: text");
    check(
        json!({"type": "image", "image_url": "https://a.example/x.png"}),
        "missing required field: alt_text",
    );
    check(json!({"type": "image", "image_url": "http://a.example/x.png", "alt_text": "x"}), "public https");
    check(json!({"type": "image", "alt_text": "x"}), "image_url or slack_file");
    check(json!({"type": "alert", "text": plain("x")}), "alert is not allowed in a message");
    check(json!({"type": "marquee"}), "/blocks/0/type unsupported type: marquee");
    check(json!({"text": plain("x")}), "/blocks/0 must be an object with a type");
    check(json!({"type": "divider", "block_id": long(256)}), "at most 255");
    check(json!({"type": "markdown", "text": long(12_001)}), "at most 12000");
}

#[test]
fn what_holds_for_all_blocks_together() {
    let check = |blocks: Value, expected: &str| check_one(message(&blocks), &blocks, expected);
    let divider = json!({"type": "divider"});
    check(Value::Array(vec![divider.clone(); 50]), "");
    check(Value::Array(vec![divider.clone(); 51]), "/blocks must have at most 50");
    let named = with(divider, json!({"block_id": "b"}));
    check(json!([named, named]), "/blocks/1/block_id b already exists");
    let table = json!({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]});
    check(json!([table]), "");
    check(json!([table, table]), "only one table");
    let markdown = json!({"type": "markdown", "text": "x".repeat(6001)});
    check(json!([markdown, markdown]), "together");
    check(json!({}), "/blocks must be an array");
}

#[test]
fn elements_are_held_to_theirs() {
    let long = |n: usize| "x".repeat(n);
    let check =
        |element: Value, expected: &str| check(json!({"type": "actions", "elements": [element]}), expected);
    check(with(button(), json!({"value": "v", "style": "primary", "url": "https://a.example"})), "");
    check(with(button(), json!({"text": plain(&long(76))})), "at most 75");
    check(with(button(), json!({"text": mrkdwn("x")})), "must be a text object of type plain_text");
    check(with(button(), json!({"value": long(2001)})), "/value must have at most 2000");
    check(with(button(), json!({"style": "loud"})), "must be one of primary, danger");
    check(with(button(), json!({"url": long(3001)})), "at most 3000");
    check(with(button(), json!({"action_id": long(256)})), "at most 255");
    check(with(button(), json!({"accessibility_label": long(76)})), "at most 75");
    check(
        with(button(), json!({"confirm": {"title": plain("x"), "text": plain(&long(301))}})),
        "/confirm/text/text must have at most 300",
    );
    check(with(button(), json!({"confirm": {"title": plain("x")}})), "/confirm missing required field: text");
    check(json!({"type": "plain_text_input", "action_id": "a"}), "plain_text_input is not allowed here");
    check(json!({"type": "dial", "action_id": "a"}), "unsupported type: dial");
    check(select(json!({"placeholder": plain("Pick"), "initial_option": option("B")})), "");
    check(select(json!({"initial_option": option("C")})), "/initial_option must be one of the options");
    check(select(json!({"options": []})), "/options must have at least 1");
    check(select(json!({"options": null})), "missing required field: options");
    check(select(json!({"options": vec![option("A"); 101]})), "at most 100 items");
    check(select(json!({"options": [option(&long(76))]})), "/options/0/text/text must have at most 75");
    check(select(json!({"options": [with(option("A"), json!({"value": long(151)}))]})), "at most 150");
    check(
        select(json!({"options": [with(option("A"), json!({"description": plain(&long(76))}))]})),
        "/description/text must have at most 75",
    );
    check(select(json!({"options": [with(option("A"), json!({"text": mrkdwn("A")}))]})), "plain_text");
    check(select(json!({"placeholder": plain(&long(151))})), "at most 150");
    check(select(json!({"option_groups": [{"label": plain("G"), "options": [option("A")]}]})), "not both");
    let groups = json!([{"label": plain(&long(76)), "options": [option("A")]}]);
    check(
        json!({"type": "static_select", "action_id": "s", "option_groups": groups}),
        "/option_groups/0/label/text",
    );
    check(json!({"type": "overflow", "action_id": "o", "options": vec![option("A"); 6]}), "at most 5 items");
    check(
        json!({"type": "checkboxes", "action_id": "o", "options": vec![option("A"); 11]}),
        "at most 10 items",
    );
    check(
        json!({"type": "radio_buttons", "action_id": "o", "options": [with(option("A"), json!({"text": mrkdwn("*A*")}))]}),
        "",
    );
    check(
        json!({"type": "checkboxes", "action_id": "o", "options": [option("A")], "initial_options": [option("B")]}),
        "must all be among",
    );
    check(json!({"type": "datepicker", "action_id": "d", "initial_date": "2026-03-09"}), "");
    check(json!({"type": "datepicker", "action_id": "d", "initial_date": "9.3.2026"}), "must be YYYY-MM-DD");
    check(
        json!({"type": "datepicker", "action_id": "d", "initial_date": "2026-02-30"}),
        "must be YYYY-MM-DD",
    );
    check(json!({"type": "timepicker", "action_id": "t", "initial_time": "24:00"}), "must be HH:mm");
    check(
        json!({"type": "datetimepicker", "action_id": "t", "initial_date_time": 17}),
        "must be a whole number",
    );
}

#[test]
fn words_are_read_as_slack_reads_them() {
    let check = |text: Value, expected: &str| check(json!({"type": "section", "text": text}), expected);
    check(mrkdwn("*R&amp;D* <https://a.example|a &lt; b>"), "");
    check(mrkdwn("R&D"), "/blocks/0/text/text a bare &");
    check(mrkdwn("a <b"), "begins no known sequence");
    check(plain("R&D <3"), "");
    check(with(plain("x"), json!({"emoji": true})), "");
    check(with(mrkdwn("x"), json!({"emoji": true})), "invalid additional property: emoji");
    check(with(mrkdwn("x"), json!({"verbatim": true})), "");
}

#[test]
fn rich_text_is_sections_of_leaves() {
    let rich = |elements: Value| json!({"type": "rich_text", "elements": elements});
    let section = |leaf: Value| rich(json!([{"type": "rich_text_section", "elements": [leaf]}]));
    check(section(json!({"type": "text", "text": "R&D <3", "style": {"bold": true}})), "");
    check(section(json!({"type": "text", "text": ""})), "at least 1 characters");
    check(
        section(json!({"type": "text", "text": "x", "style": {"blink": true}})),
        "invalid additional property: blink",
    );
    check(section(json!({"type": "shout"})), "/elements/0/elements/0/type must be one of text");
    check(section(json!({"type": "link", "text": "x"})), "missing required field: url");
    check(rich(json!([])), "/blocks/0/elements must have at least 1");
    check(rich(json!([{"type": "text", "text": "x"}])), "must be one of rich_text_section");
    check(
        rich(
            json!([{"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}]),
        ),
        "must be a rich_text_section",
    );
    check(
        rich(json!([{"type": "rich_text_list", "style": "dash", "elements": []}])),
        "must be one of bullet, ordered",
    );
    check(
        rich(json!([{"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": []}])),
        "from 0 to 8",
    );
}

#[test]
fn forms_are_held_to_their_limits() {
    let long = |n: usize| "x".repeat(n);
    let text = |more: Value| with(json!({"type": "plain_text_input", "action_id": "a"}), more);
    let form = |element: Value| modal(json!([input(element)]));
    let empty = || modal(json!([]));
    check_view(form(text(json!({"initial_value": "x", "max_length": 1, "multiline": true}))), "");
    check_view(
        form(text(json!({"initial_value": "xy", "max_length": 1}))),
        "/initial_value must have at most 1",
    );
    check_view(form(text(json!({"max_length": 3001}))), "/max_length must be a whole number from 1 to 3000");
    check_view(form(text(json!({"min_length": 9, "max_length": 3}))), "/min_length must not be more");
    check_view(form(button()), "/blocks/0/element/type button is not allowed here");
    check_view(
        form(json!({"type": "number_input", "action_id": "n"})),
        "missing required field: is_decimal_allowed",
    );
    check_view(
        form(json!({"type": "number_input", "action_id": "n", "is_decimal_allowed": false, "min_value": 1})),
        "/min_value must be a string",
    );
    check_view(
        modal(json!([with(input(text(json!({}))), json!({"label": plain(&long(2001))}))])),
        "at most 2000",
    );
    check_view(modal(json!([with(input(text(json!({}))), json!({"label": mrkdwn("x")}))])), "plain_text");
    check_view(
        modal(json!([with(input(text(json!({}))), json!({"hint": plain("")}))])),
        "/hint/text must have at least 1",
    );
    check_view(
        with(form(text(json!({}))), json!({"submit": null})),
        "/submit is required when there is an input block",
    );
    check_view(with(empty(), json!({"submit": null})), "");
    check_view(with(empty(), json!({"title": null})), "missing required field: title");
    check_view(with(empty(), json!({"title": plain(&long(25))})), "/title/text must have at most 24");
    check_view(with(empty(), json!({"submit": plain(&long(25))})), "/submit/text must have at most 24");
    check_view(with(empty(), json!({"close": plain("")})), "/close/text must have at least 1");
    check_view(
        with(empty(), json!({"private_metadata": long(3001)})),
        "/private_metadata must have at most 3000",
    );
    check_view(with(empty(), json!({"callback_id": long(256)})), "/callback_id must have at most 255");
    check_view(with(empty(), json!({"notify_on_close": "yes"})), "/notify_on_close must be true or false");
    check_view(with(empty(), json!({"hash": "x"})), "invalid additional property: hash");
    check_view(modal(Value::Null), "missing required field: blocks");
    check_view(modal(Value::Array(vec![json!({"type": "divider"}); 101])), "at most 100");
    check_view(modal(json!([{"type": "markdown", "text": "x"}])), "markdown is not allowed in a modal");
    check_view(modal(json!([{"type": "alert", "text": plain(&long(201))}])), "at most 200");
    let focused = || input(text(json!({"focus_on_load": true})));
    check_view(modal(json!([focused(), focused()])), "at most one element may have the focus");
    check_view(
        json!({"type": "home", "blocks": [], "title": plain("x")}),
        "invalid additional property: title",
    );
    check_view(json!({"type": "home", "blocks": []}), "");
}
