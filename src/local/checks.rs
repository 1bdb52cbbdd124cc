//! What Slack's own client would say to an entry before it is sent, and what Slack would refuse of
//! anything that the app draws, asked without sending it.

use serde_json::Value;

use super::human::Human;
use super::{form, rules, text};

impl Human {
    /// Whether the open form's field of this label could hold that.
    ///
    /// # Errors
    /// Why not, in the words of Slack's client.
    pub fn could_enter(&self, label: &str, answer: &str) -> Result<(), String> {
        let Some(mut view) = self.modal() else { return Err("no form is open".to_owned()) };
        let blocks = view["blocks"].clone();
        let fields = form::fields(&blocks);
        let field = fields.iter().find(|field| field.label() == label).ok_or("no such field")?;
        form::fill(field, &mut view["state"]["values"], answer)
    }
}

/// What is wrong with a message of `text` and `blocks` that may be posted, changed and put in another's
/// place. People whom it would ping count.
pub fn refused_in_message(message: &Value) -> Vec<String> {
    let words = message["text"].as_str().unwrap_or_default();
    let mut wrong = listed(rules::words("/text", words));
    // `chat.update` takes fewer than `chat.postMessage`.
    if !(1..=4_000).contains(&text::length(words)) {
        wrong.push(format!("/text has {} characters", text::length(words)));
    }
    let found = rules::message(&message["blocks"]);
    if found.n_characters > rules::MESSAGE_CHARACTERS {
        wrong.push(format!("/blocks have {} characters of text together", found.n_characters));
    }
    wrong.extend(listed(found));
    wrong
}

/// The same for a modal or a home tab.
pub fn refused_in_view(view: &Value) -> Vec<String> {
    let mut wrong = listed(rules::view(view));
    if view.to_string().len() > 250_000 {
        wrong.push("the view has more than 250 KB".to_owned());
    }
    wrong
}

fn listed(found: rules::Findings) -> Vec<String> {
    let broken = found.broken.into_iter().map(|broken| format!("{} {}", broken.pointer, broken.rule));
    broken.chain(found.pings.into_iter().map(|ping| format!("pings: {ping}"))).collect()
}
