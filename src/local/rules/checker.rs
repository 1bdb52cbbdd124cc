//! The small checks that all rules are made of. Each notes what is broken and goes on.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{Broken, Findings, Surface};
use crate::local::text;

pub(super) struct Checker {
    pub surface: Surface,
    pub findings: Findings,
    /// `focus_on_load` is allowed once in a view.
    pub n_focused: usize,
}

pub(super) fn map(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}

impl Checker {
    pub fn new(surface: Surface) -> Self {
        Self { surface, findings: Findings::default(), n_focused: 0 }
    }

    pub fn breaks(&mut self, pointer: impl Into<String>, rule: impl Into<String>) {
        let broken = Broken { pointer: pointer.into(), rule: rule.into() };
        if !self.findings.broken.contains(&broken) {
            self.findings.broken.push(broken);
        }
    }

    /// Only these keys, and of these all.
    pub fn keys(&mut self, at: &str, object: &Value, allowed: &[&str], required: &[&str]) {
        let Some(fields) = map(object) else {
            return self.breaks(at, "must be an object");
        };
        for name in fields.keys().filter(|name| !allowed.contains(&name.as_str())) {
            self.breaks(at, format!("invalid additional property: {name}"));
        }
        self.required(at, object, required);
    }

    pub fn required(&mut self, at: &str, object: &Value, required: &[&str]) {
        for name in required.iter().filter(|name| object[**name].is_null()) {
            self.breaks(at, format!("missing required field: {name}"));
        }
    }

    pub fn string(&mut self, at: &str, object: &Value, name: &str, range: RangeInclusive<usize>) {
        match &object[name] {
            Value::Null => {}
            Value::String(text) => {
                self.size(&format!("{at}/{name}"), text::length(text), range, "characters")
            }
            _ => self.breaks(format!("{at}/{name}"), "must be a string"),
        }
    }

    pub fn boolean(&mut self, at: &str, object: &Value, name: &str) {
        if !object[name].is_null() && !object[name].is_boolean() {
            self.breaks(format!("{at}/{name}"), "must be true or false");
        }
    }

    pub fn integer(&mut self, at: &str, object: &Value, name: &str, range: RangeInclusive<i64>) {
        let found = &object[name];
        if !found.is_null() && !found.as_i64().is_some_and(|number| range.contains(&number)) {
            let rule = format!("must be a whole number from {} to {}", range.start(), range.end());
            self.breaks(format!("{at}/{name}"), rule);
        }
    }

    pub fn one_of(&mut self, at: &str, object: &Value, name: &str, allowed: &[&str]) {
        let found = &object[name];
        if !found.is_null() && !found.as_str().is_some_and(|word| allowed.contains(&word)) {
            self.breaks(format!("{at}/{name}"), format!("must be one of {}", allowed.join(", ")));
        }
    }

    /// The items of a list; none, with a complaint, where there is no list.
    pub fn items<'a>(&mut self, at: &str, list: &'a Value, range: RangeInclusive<usize>) -> &'a [Value] {
        match list {
            Value::Null => &[],
            Value::Array(items) => {
                self.size(at, items.len(), range, "items");
                items
            }
            _ => {
                self.breaks(at, "must be an array");
                &[]
            }
        }
    }

    pub fn size(&mut self, at: &str, n: usize, range: RangeInclusive<usize>, of: &str) {
        if n < *range.start() {
            self.breaks(at, format!("must have at least {} {of}", range.start()));
        } else if n > *range.end() {
            self.breaks(at, format!("must have at most {} {of}, has {n}", range.end()));
        }
    }

    /// A text object that must be `plain_text`.
    pub fn plain(&mut self, at: &str, object: &Value, name: &str, most: usize) {
        if !object[name].is_null() {
            self.text_object(&format!("{at}/{name}"), &object[name], &["plain_text"], most);
        }
    }

    /// A text object of either kind.
    pub fn any_text(&mut self, at: &str, object: &Value, name: &str, most: usize) {
        if !object[name].is_null() {
            self.text_object(&format!("{at}/{name}"), &object[name], &["plain_text", "mrkdwn"], most);
        }
    }

    pub fn text_object(&mut self, at: &str, object: &Value, kinds: &[&str], most: usize) {
        let kind = object["type"].as_str().unwrap_or_default();
        if !kinds.contains(&kind) {
            return self.breaks(at, format!("must be a text object of type {}", kinds.join(" or ")));
        }
        let option = if kind == "plain_text" { "emoji" } else { "verbatim" };
        self.keys(at, object, &["type", "text", option], &["text"]);
        self.boolean(at, object, option);
        self.string(at, object, "text", 1..=most);
        let words = object["text"].as_str().unwrap_or_default();
        self.findings.n_characters += text::length(words);
        if kind == "mrkdwn" {
            self.mrkdwn(&format!("{at}/text"), words);
        }
    }

    pub fn mrkdwn(&mut self, at: &str, words: &str) {
        let scan = text::scan(words);
        for rule in scan.broken {
            self.breaks(at, rule);
        }
        self.pings(at, scan.pings);
    }

    pub fn pings(&mut self, at: &str, pings: Vec<String>) {
        self.findings.pings.extend(pings.into_iter().map(|ping| format!("{at}: {ping}")));
    }
}
