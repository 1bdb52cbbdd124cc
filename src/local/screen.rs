//! What a person has before them, and where on it they would press.

use serde_json::Value;

use super::state::{Posted, State, View};
use super::{draw, form};

/// Where an element stands.
pub(super) enum Place {
    View(View),
    Message(Posted),
}

pub(super) struct Found {
    pub place: Place,
    pub block: Value,
    pub element: Value,
}

impl State {
    /// The newest element that is meant. A modal hides everything below it; App Home, where somebody
    /// looks at it, comes before the messages.
    pub fn find(&self, user: &str, is_meant: impl Fn(&Value, &Value) -> bool) -> Option<Found> {
        let within =
            |blocks: &Value| elements(blocks).into_iter().find(|(block, element)| is_meant(block, element));
        let in_view = |view: &View| {
            let (block, element) = within(&view.json["blocks"])?;
            Some(Found { place: Place::View(view.clone()), block, element })
        };
        if let Some(top) = self.top_of(user) {
            return in_view(top);
        }
        let home = || self.home_of(user).and_then(in_view);
        let messages = || {
            self.readable_by(user).into_iter().rev().find_map(|posted| {
                let (block, element) = within(&posted.blocks)?;
                Some(Found { place: Place::Message(posted.clone()), block, element })
            })
        };
        if self.user(user).is_some_and(|user| user.is_at_home) {
            home().or_else(messages)
        } else {
            messages().or_else(home)
        }
    }

    /// The coach's messages that a person can read, the one that changed last at the end.
    pub fn readable_by(&self, user: &str) -> Vec<&Posted> {
        let is_shown = |posted: &&Posted| posted.author == self.me.bot_user && self.can_read(user, posted);
        let mut shown: Vec<&Posted> = self.messages.iter().filter(is_shown).collect();
        shown.sort_by_key(|posted| posted.touched);
        shown
    }

    /// For the panic of a test that looks for something that isn't there.
    pub fn screen(&self, user: &str) -> String {
        let names = self.names();
        let drawn = if let Some(top) = self.top_of(user) {
            let title = top.json["title"]["text"].as_str().unwrap_or_default();
            format!("the form {title}:\n{}", draw::form(&top.json, &names))
        } else {
            let messages = self.readable_by(user);
            let newest = messages.iter().rev().take(3).rev();
            let drawn = newest.map(|posted| draw::message(&posted.text, &posted.blocks, &names));
            let home =
                self.home_of(user).map(|view| format!("in App Home:\n{}", draw::home(&view.json, &names)));
            drawn.chain(home).collect::<Vec<_>>().join("\n\n")
        };
        format!("{} has this on the screen:\n{}", self.name_of(user), draw::indented(&drawn, 2))
    }
}

/// Everything that can be pressed, chosen or filled, with its block.
fn elements(blocks: &Value) -> Vec<(Value, Value)> {
    let mut all = Vec::new();
    for block in blocks.as_array().into_iter().flatten() {
        let inside = match block["type"].as_str() {
            Some("actions" | "context_actions") => block["elements"].as_array().cloned().unwrap_or_default(),
            Some("section") => vec![block["accessory"].clone()],
            Some("input") => vec![block["element"].clone()],
            Some("container") => {
                all.extend(elements(&block["child_blocks"]));
                Vec::new()
            }
            _ => Vec::new(),
        };
        let inside = inside.into_iter().filter(|element| element.is_object());
        all.extend(inside.map(|element| (block.clone(), element)));
    }
    all
}

pub(super) fn is_button(element: &Value, label: &str) -> bool {
    element["type"] == "button" && element["text"]["text"] == label
}

/// A select is known by the words in it or the label above it; an overflow menu is called `…`.
pub(super) fn is_choice(block: &Value, element: &Value, label: &str) -> bool {
    let field = form::Field { block, element };
    let offers = element["options"].is_array() || element["option_groups"].is_array();
    let is_picker = ["datepicker", "timepicker"].contains(&field.kind());
    let is_menu = field.kind() == "overflow" && label == "…";
    (offers || is_picker)
        && (is_menu || element["placeholder"]["text"] == label || block["label"]["text"] == label)
}
