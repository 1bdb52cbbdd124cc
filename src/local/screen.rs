//! What a person has before them, and where on it they would press.

use serde_json::Value;

use super::state::{Posted, State, View};
use super::{draw, form};

/// Where an element stands.
#[derive(Clone)]
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
    /// The newest element that is meant.
    pub fn find(&self, user: &str, is_meant: impl Fn(&Value, &Value) -> bool) -> Option<Found> {
        self.before(user).find(|found| is_meant(&found.block, &found.element))
    }

    /// Labels of what can be pressed, in the order in which it would be found.
    pub fn buttons(&self, user: &str) -> Vec<String> {
        let form = self.top_of(user).into_iter().flat_map(|view| {
            let submit = view.json["submit"]["text"].as_str();
            submit.into_iter().chain([draw::close_label(&view.json)]).map(str::to_owned)
        });
        let label = |found: Found| {
            let is_button = found.element["type"] == "button";
            found.element["text"]["text"].as_str().filter(|_| is_button).map(str::to_owned)
        };
        self.before(user).filter_map(label).chain(form).collect()
    }

    /// Every element on the screen, the newest message's first. A modal hides everything below it; App
    /// Home, where somebody looks at it, comes before the messages.
    fn before<'a>(&'a self, user: &str) -> Box<dyn Iterator<Item = Found> + 'a> {
        let within = |place: Place, blocks: &Value| {
            elements(blocks).into_iter().map(move |(block, element)| Found {
                place: place.clone(),
                block,
                element,
            })
        };
        let in_view = move |view: &'a View| within(Place::View(view.clone()), &view.json["blocks"]);
        if let Some(top) = self.top_of(user) {
            return Box::new(in_view(top));
        }
        let home = self.home_of(user).into_iter().flat_map(in_view);
        let newest_first = self.readable_by(user).into_iter().rev();
        let messages =
            newest_first.flat_map(move |posted| within(Place::Message(posted.clone()), &posted.blocks));
        if self.user(user).is_some_and(|user| user.is_at_home) {
            Box::new(home.chain(messages))
        } else {
            Box::new(messages.chain(home))
        }
    }

    /// The coach's messages that a person can read, the one that changed last at the end.
    pub fn readable_by(&self, user: &str) -> Vec<&Posted> {
        let is_shown = |posted: &&Posted| posted.author == self.me.bot_user && self.can_read(user, posted);
        let mut shown: Vec<&Posted> = self.messages.iter().filter(is_shown).collect();
        shown.sort_by_key(|posted| posted.touched);
        shown
    }

    /// As text, for a terminal and for the panic of a test that looks for what is not there.
    pub fn screen(&self, user: &str) -> String {
        let names = &self.names;
        let drawn = if let Some(top) = self.top_of(user) {
            let title = top.json["title"]["text"].as_str().unwrap_or_default();
            format!("the form {title}:\n{}", draw::form(&top.json, names))
        } else {
            let messages = self.readable_by(user);
            let newest = messages.iter().rev().take(3).rev();
            let drawn = newest.map(|posted| draw::message(&posted.text, &posted.blocks, names));
            let home =
                self.home_of(user).map(|view| format!("in App Home:\n{}", draw::home(&view.json, names)));
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
