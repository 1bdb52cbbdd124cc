//! What Slack would refuse in blocks and views, and why: the limits of `slack-facts` section 7.
//!
//! Nothing is guessed here. Where the sheet is unsure, the stricter reading counts.

mod blocks;
mod checker;
mod data;
mod elements;
mod objects;
mod rich_text;

#[cfg(test)]
mod tests;

use serde_json::Value;

use checker::{Checker, map};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    Message,
    Modal,
    Home,
}

/// One broken rule, at a place given as a JSON pointer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Broken {
    pub pointer: String,
    pub rule: String,
}

#[derive(Default)]
pub(super) struct Findings {
    pub broken: Vec<Broken>,
    /// Mentions that would notify somebody, each with its place.
    pub pings: Vec<String>,
    /// All the words of all blocks.
    pub n_characters: usize,
}

/// Block text summed over a message, as it was seen to be refused.
pub(super) const MESSAGE_CHARACTERS: usize = 13_200;

pub(super) fn message(blocks: &Value) -> Findings {
    let mut check = Checker::new(Surface::Message);
    blocks::all(&mut check, "/blocks", blocks, 50);
    check.findings
}

/// A mrkdwn text outside of blocks.
pub(super) fn words(pointer: &str, text: &str) -> Findings {
    let mut check = Checker::new(Surface::Message);
    check.mrkdwn(pointer, text);
    check.findings
}

pub(super) fn view(view: &Value) -> Findings {
    let kind = view["type"].as_str().unwrap_or_default();
    let surface = if kind == "home" { Surface::Home } else { Surface::Modal };
    let mut check = Checker::new(surface);
    if !["modal", "home"].contains(&kind) {
        check.breaks("/type", "must be modal or home");
    }
    let both = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
    let modal_only = ["title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"];
    let allowed: Vec<&str> = match surface {
        Surface::Home => both.to_vec(),
        _ => [&both[..], &modal_only[..]].concat(),
    };
    check.keys("", view, &allowed, &["blocks"]);
    check.string("", view, "private_metadata", 0..=3000);
    check.string("", view, "callback_id", 0..=255);
    check.string("", view, "external_id", 0..=255);
    if surface == Surface::Modal {
        check.required("", view, &["title"]);
        for name in ["title", "submit", "close"] {
            check.plain("", view, name, 24);
        }
        for name in ["clear_on_close", "notify_on_close", "submit_disabled"] {
            check.boolean("", view, name);
        }
        let has_input = view["blocks"].as_array().is_some_and(|all| all.iter().any(|b| b["type"] == "input"));
        if has_input && map(&view["submit"]).is_none() {
            check.breaks("/submit", "is required when there is an input block");
        }
    }
    blocks::all(&mut check, "/blocks", &view["blocks"], 100);
    check.findings
}
