//! The rarer blocks: tables, charts, cards. What the sheet says of them and no more.

use serde_json::Value;

use super::checker::{Checker, map};
use super::rich_text;
use crate::local::text;

pub(super) fn block(check: &mut Checker, at: &str, kind: &str, block: &Value) {
    match kind {
        "markdown" => {
            check.keys(at, block, &["type", "block_id", "text"], &["text"]);
            check.string(at, block, "text", 1..=usize::MAX); // the limit is for all of them together
            let words = block["text"].as_str().unwrap_or_default();
            check.findings.n_characters += text::length(words);
            check.pings(&format!("{at}/text"), text::scan(words).pings);
        }
        "video" => {
            check.required(at, block, &["title", "alt_text", "video_url", "thumbnail_url"]);
            check.plain(at, block, "title", 199);
            check.string(at, block, "author_name", 0..=49);
        }
        "file" => check.required(at, block, &["external_id", "source"]),
        "table" => {
            check.keys(at, block, &["type", "block_id", "rows", "column_settings"], &["rows"]);
            let n_characters = rows(check, at, block, 1..=100);
            check.size(at, n_characters, 0..=10_000, "characters in its cells");
            let settings = format!("{at}/column_settings");
            for (index, column) in
                check.items(&settings, &block["column_settings"], 0..=20).iter().enumerate()
            {
                if !column.is_null() {
                    check.keys(&format!("{settings}/{index}"), column, &["align", "is_wrapped"], &[]);
                }
            }
        }
        "data_table" => {
            check.required(at, block, &["caption", "rows"]);
            check.integer(at, block, "page_size", 1..=100);
            let n_characters = rows(check, at, block, 2..=201);
            check.size(at, n_characters, 0..=20_000, "characters in its cells");
        }
        "container" => {
            check.any_text(at, block, "title", 150);
            check.any_text(at, block, "subtitle", 150);
            check.required(at, block, &["child_blocks"]);
            check.one_of(at, block, "width", &["narrow", "standard", "wide", "full"]);
            super::blocks::all(check, &format!("{at}/child_blocks"), &block["child_blocks"], 10);
        }
        "alert" => {
            check.keys(at, block, &["type", "block_id", "text", "level"], &["text"]);
            check.any_text(at, block, "text", 200);
            check.one_of(at, block, "level", &["default", "info", "warning", "error", "success"]);
        }
        "card" => card(check, at, block),
        "carousel" => {
            check.required(at, block, &["elements"]);
            for (index, child) in
                check.items(&format!("{at}/elements"), &block["elements"], 1..=10).iter().enumerate()
            {
                card(check, &format!("{at}/elements/{index}"), child);
            }
        }
        "data_visualization" => check.string(at, block, "title", 1..=50),
        "task_card" => {
            check.required(at, block, &["task_id", "title"]);
            check.one_of(at, block, "status", &["pending", "in_progress", "complete", "error"]);
        }
        "plan" => check.required(at, block, &["title"]),
        _ => {}
    }
}

fn card(check: &mut Checker, at: &str, card: &Value) {
    if ["hero_image", "title", "actions", "body"].iter().all(|name| card[*name].is_null()) {
        check.breaks(at, "must have at least one of hero_image, title, actions, body");
    }
    check.any_text(at, card, "title", 150);
    check.any_text(at, card, "subtitle", 150);
    check.any_text(at, card, "body", 200);
    check.items(&format!("{at}/actions"), &card["actions"], 1..=3);
}

/// The characters of all cells.
fn rows(check: &mut Checker, at: &str, block: &Value, range: std::ops::RangeInclusive<usize>) -> usize {
    let before = check.findings.n_characters;
    let at = format!("{at}/rows");
    for (row_index, row) in check.items(&at, &block["rows"], range).iter().enumerate() {
        let at = format!("{at}/{row_index}");
        for (index, cell) in check.items(&at, row, 1..=20).iter().enumerate() {
            let at = format!("{at}/{index}");
            match map(cell).and_then(|cell| cell.get("type")).and_then(Value::as_str) {
                Some("raw_text") => {
                    check.string(&at, cell, "text", 1..=usize::MAX);
                    check.findings.n_characters += cell["text"].as_str().map_or(0, text::length);
                }
                Some("raw_number") => {}
                Some("rich_text") => rich_text::all(check, &format!("{at}/elements"), &cell["elements"]),
                _ => check.breaks(at, "must be raw_text, raw_number or rich_text"),
            }
        }
    }
    check.findings.n_characters - before
}
