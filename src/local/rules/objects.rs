//! Composition objects: options, confirmations, pictures.

use serde_json::Value;

use super::checker::Checker;

/// Options or groups of them, and what is chosen from the start.
pub(super) fn choices(check: &mut Checker, at: &str, element: &Value) {
    let kind = element["type"].as_str().unwrap_or_default();
    let is_select = kind.ends_with("_select");
    let most = match kind {
        "overflow" => 5,
        "checkboxes" | "radio_buttons" => 10,
        _ => 100,
    };
    let mut all = Vec::new();
    if is_select && !element["option_groups"].is_null() {
        if !element["options"].is_null() {
            check.breaks(at, "must have options or option_groups, not both");
        }
        let groups = check.items(&format!("{at}/option_groups"), &element["option_groups"], 1..=100);
        for (index, group) in groups.iter().enumerate() {
            let at = format!("{at}/option_groups/{index}");
            check.keys(&at, group, &["label", "options"], &["label", "options"]);
            check.plain(&at, group, "label", 75);
            all.extend(options(check, &at, &group["options"], most, kind));
        }
    } else {
        check.required(at, element, &["options"]);
        all = options(check, at, &element["options"], most, kind);
    }
    let is_offered = |chosen: &Value| all.contains(&chosen);
    let initial = &element["initial_option"];
    if !initial.is_null() && !is_offered(initial) {
        check.breaks(format!("{at}/initial_option"), "must be one of the options, to the letter");
    }
    let chosen = check.items(&format!("{at}/initial_options"), &element["initial_options"], 1..=most);
    if chosen.iter().any(|chosen| !is_offered(chosen)) {
        check.breaks(format!("{at}/initial_options"), "must all be among the options, to the letter");
    }
}

fn options<'a>(check: &mut Checker, at: &str, list: &'a Value, most: usize, kind: &str) -> Vec<&'a Value> {
    let allows_mrkdwn = ["checkboxes", "radio_buttons"].contains(&kind);
    let kinds: &[&str] = if allows_mrkdwn { &["plain_text", "mrkdwn"] } else { &["plain_text"] };
    let mut allowed = vec!["text", "value", "description"];
    if kind == "overflow" {
        allowed.push("url");
    }
    let items = check.items(&format!("{at}/options"), list, 1..=most);
    for (index, option) in items.iter().enumerate() {
        let at = format!("{at}/options/{index}");
        check.keys(&at, option, &allowed, &["text", "value"]);
        for (name, most) in [("text", 75), ("description", 75)] {
            if !option[name].is_null() {
                check.text_object(&format!("{at}/{name}"), &option[name], kinds, most);
            }
        }
        check.string(&at, option, "value", 1..=150);
        check.string(&at, option, "url", 1..=3000);
    }
    items.iter().collect()
}

pub(super) fn confirm(check: &mut Checker, at: &str, element: &Value) {
    let confirm = &element["confirm"];
    if confirm.is_null() {
        return;
    }
    let at = format!("{at}/confirm");
    check.keys(&at, confirm, &["title", "text", "confirm", "deny", "style"], &["title", "text"]);
    check.plain(&at, confirm, "title", 100);
    check.any_text(&at, confirm, "text", 300);
    check.plain(&at, confirm, "confirm", 30);
    check.plain(&at, confirm, "deny", 30);
    check.one_of(&at, confirm, "style", &["primary", "danger"]);
}

pub(super) fn picture(check: &mut Checker, at: &str, image: &Value) {
    check.string(at, image, "alt_text", 1..=2000);
    match (&image["image_url"], &image["slack_file"]) {
        (Value::Null, Value::Null) => check.breaks(at, "must have image_url or slack_file"),
        (Value::String(url), Value::Null) => {
            check.string(at, image, "image_url", 1..=3000);
            if !url.starts_with("https://") {
                check.breaks(format!("{at}/image_url"), "must be a public https address");
            }
        }
        (Value::Null, file) => check.keys(&format!("{at}/slack_file"), file, &["id", "url"], &[]),
        _ => check.breaks(at, "must have image_url or slack_file, not both"),
    }
}
