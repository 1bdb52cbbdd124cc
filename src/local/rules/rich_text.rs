//! Rich text: sections, lists, quotes, and the leaves in them, which need no escaping.

use serde_json::Value;

use super::checker::Checker;
use crate::local::text;

const CONTAINERS: [&str; 4] =
    ["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"];
const LEAVES: [&str; 10] =
    ["text", "link", "user", "channel", "usergroup", "broadcast", "emoji", "date", "color", "team"];

pub(super) fn all(check: &mut Checker, at: &str, elements: &Value) {
    for (index, element) in check.items(at, elements, 1..=usize::MAX).iter().enumerate() {
        container(check, &format!("{at}/{index}"), element);
    }
}

fn container(check: &mut Checker, at: &str, element: &Value) {
    let kind = element["type"].as_str().unwrap_or_default();
    if !CONTAINERS.contains(&kind) {
        return check.breaks(format!("{at}/type"), format!("must be one of {}", CONTAINERS.join(", ")));
    }
    let is_list = kind == "rich_text_list";
    let own: &[&str] = match kind {
        "rich_text_list" => &["style", "indent", "offset", "border"],
        "rich_text_quote" => &["border"],
        "rich_text_preformatted" => &["border", "language"],
        _ => &[],
    };
    let required: &[&str] = if is_list { &["elements", "style"] } else { &["elements"] };
    check.keys(at, element, &[&["type", "elements"], own].concat(), required);
    if is_list {
        check.one_of(at, element, "style", &["bullet", "ordered"]);
        check.integer(at, element, "indent", 0..=8);
    }
    let inner = format!("{at}/elements");
    for (index, child) in check.items(&inner, &element["elements"], 0..=usize::MAX).iter().enumerate() {
        let at = format!("{inner}/{index}");
        match child["type"].as_str() {
            Some("rich_text_section") if is_list => container(check, &at, child),
            _ if is_list => check.breaks(at, "must be a rich_text_section"),
            _ => leaf(check, &at, child),
        }
    }
}

fn leaf(check: &mut Checker, at: &str, leaf: &Value) {
    let kind = leaf["type"].as_str().unwrap_or_default();
    if !LEAVES.contains(&kind) {
        return check.breaks(format!("{at}/type"), format!("must be one of {}", LEAVES.join(", ")));
    }
    let needs = match kind {
        "text" => "text",
        "link" => "url",
        "user" => "user_id",
        "channel" => "channel_id",
        "usergroup" => "usergroup_id",
        "broadcast" => "range",
        "emoji" => "name",
        "date" => "timestamp",
        "color" => "value",
        _ => "team_id",
    };
    check.required(at, leaf, &[needs]);
    if kind == "text" {
        check.keys(at, leaf, &["type", "text", "style"], &[]);
        check.string(at, leaf, "text", 1..=usize::MAX);
    }
    if kind == "link" {
        check.string(at, leaf, "url", 1..=3000);
    }
    if !leaf["style"].is_null() {
        let known =
            ["bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"];
        check.keys(&format!("{at}/style"), &leaf["style"], &known, &[]);
    }
    if ["user", "channel", "usergroup", "broadcast"].contains(&kind) {
        check.findings.pings.push(format!("{at}: {kind} {}", leaf[needs].as_str().unwrap_or_default()));
    }
    check.findings.n_characters += leaf["text"].as_str().map_or(0, text::length);
}
