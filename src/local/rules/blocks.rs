//! The blocks: which there are, where they may stand, what they must and may have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checker::{Checker, map};
use super::elements::{self, Place};
use super::{Surface, data, objects, rich_text};

pub(super) fn all(check: &mut Checker, at: &str, blocks: &Value, most: usize) {
    let mut seen = BTreeSet::new();
    let mut n_markdown = 0;
    let mut n_tables = 0;
    let mut n_charts = 0;
    for (index, block) in check.items(at, blocks, 0..=most).iter().enumerate() {
        let at = format!("{at}/{index}");
        one(check, &at, block);
        if let Some(id) = block["block_id"].as_str().filter(|id| !seen.insert(*id)) {
            check.breaks(format!("{at}/block_id"), format!("{id} already exists: a block_id must be unique"));
        }
        match block["type"].as_str().unwrap_or_default() {
            "markdown" => n_markdown += block["text"].as_str().map_or(0, crate::local::text::length),
            "table" => n_tables += 1,
            "data_visualization" => n_charts += 1,
            _ => {}
        }
    }
    if n_markdown > 12_000 {
        check.breaks(at, "all markdown blocks together must have at most 12000 characters");
    }
    if n_tables > 1 {
        check.breaks(at, "only one table is allowed in a message");
    }
    if n_charts > 2 {
        check.breaks(at, "only two data_visualization blocks are allowed in a message");
    }
}

fn one(check: &mut Checker, at: &str, block: &Value) {
    let Some(kind) = map(block).and_then(|block| block.get("type")).and_then(Value::as_str) else {
        return check.breaks(at, "must be an object with a type");
    };
    let Some(where_allowed) = surfaces(kind) else {
        return check.breaks(format!("{at}/type"), format!("unsupported type: {kind}"));
    };
    if !where_allowed.contains(&check.surface) {
        let surface = format!("{:?}", check.surface).to_lowercase();
        return check.breaks(format!("{at}/type"), format!("{kind} is not allowed in a {surface}"));
    }
    check.string(at, block, "block_id", 1..=255);
    let mut keys = |extra: &[&str], required: &[&str]| {
        check.keys(at, block, &[&["type", "block_id"], extra].concat(), required);
    };
    match kind {
        "header" => {
            keys(&["text"], &["text"]);
            check.plain(at, block, "text", 150);
        }
        "section" => section(check, at, block),
        "context" => {
            keys(&["elements"], &["elements"]);
            for (index, element) in
                check.items(&format!("{at}/elements"), &block["elements"], 1..=10).iter().enumerate()
            {
                let at = format!("{at}/elements/{index}");
                if element["type"] == "image" {
                    elements::one(check, &at, element, Place::Context);
                } else {
                    check.text_object(&at, element, &["plain_text", "mrkdwn"], 3000);
                }
            }
        }
        "actions" => {
            keys(&["elements"], &["elements"]);
            elements::row(check, at, block, 25, Place::Actions);
        }
        "context_actions" => {
            keys(&["elements"], &["elements"]);
            elements::row(check, at, block, 5, Place::ContextActions);
        }
        "divider" => keys(&[], &[]),
        "image" => {
            keys(&["image_url", "slack_file", "alt_text", "title"], &["alt_text"]);
            objects::picture(check, at, block);
            check.plain(at, block, "title", 2000);
        }
        "input" => {
            keys(&["label", "element", "hint", "optional", "dispatch_action"], &["label", "element"]);
            check.plain(at, block, "label", 2000);
            check.plain(at, block, "hint", 2000);
            check.boolean(at, block, "optional");
            check.boolean(at, block, "dispatch_action");
            if !block["element"].is_null() {
                elements::one(check, &format!("{at}/element"), &block["element"], Place::Input);
            }
        }
        "rich_text" => {
            keys(&["elements"], &["elements"]);
            rich_text::all(check, &format!("{at}/elements"), &block["elements"]);
        }
        _ => data::block(check, at, kind, block),
    }
}

fn surfaces(kind: &str) -> Option<&'static [Surface]> {
    use Surface::{Home, Message, Modal};
    Some(match kind {
        "header" | "section" | "context" | "actions" | "divider" | "image" | "input" | "rich_text"
        | "video" => &[Message, Modal, Home],
        "alert" => &[Modal],
        "context_actions" | "file" | "markdown" | "table" | "data_table" | "data_visualization"
        | "container" | "card" | "carousel" | "task_card" | "plan" => &[Message],
        _ => return None,
    })
}

fn section(check: &mut Checker, at: &str, block: &Value) {
    check.keys(at, block, &["type", "block_id", "text", "fields", "accessory", "expand"], &[]);
    if block["text"].is_null() && block["fields"].is_null() {
        check.breaks(at, "must have text or fields");
    }
    check.any_text(at, block, "text", 3000);
    check.boolean(at, block, "expand");
    for (index, field) in check.items(&format!("{at}/fields"), &block["fields"], 1..=10).iter().enumerate() {
        check.text_object(&format!("{at}/fields/{index}"), field, &["plain_text", "mrkdwn"], 2000);
    }
    if !block["accessory"].is_null() {
        elements::one(check, &format!("{at}/accessory"), &block["accessory"], Place::Accessory);
    }
}
