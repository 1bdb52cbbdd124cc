//! The elements inside blocks: buttons, selects, inputs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::checker::{Checker, map};
use super::objects;
use crate::local::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Accessory,
    Actions,
    Context,
    ContextActions,
    Input,
}

/// The elements of one block, with an action_id each to itself.
pub(super) fn row(check: &mut Checker, at: &str, block: &Value, most: usize, place: Place) {
    let mut seen = BTreeSet::new();
    for (index, element) in
        check.items(&format!("{at}/elements"), &block["elements"], 1..=most).iter().enumerate()
    {
        let at = format!("{at}/elements/{index}");
        one(check, &at, element, place);
        if let Some(id) = element["action_id"].as_str().filter(|id| !seen.insert(*id)) {
            check.breaks(format!("{at}/action_id"), format!("{id} already exists in this block"));
        }
    }
}

pub(super) fn one(check: &mut Checker, at: &str, element: &Value, place: Place) {
    let Some(kind) = map(element).and_then(|element| element.get("type")).and_then(Value::as_str) else {
        return check.breaks(at, "must be an object with a type");
    };
    let Some((own, required)) = fields(kind) else {
        return check.breaks(format!("{at}/type"), format!("unsupported type: {kind}"));
    };
    if !stands_in(kind, place) {
        return check.breaks(format!("{at}/type"), format!("{kind} is not allowed here"));
    }
    let mut allowed = vec!["type"];
    if kind != "image" {
        allowed.push("action_id");
    }
    if !["image", "button", "overflow", "feedback_buttons", "icon_button"].contains(&kind) {
        allowed.push("focus_on_load");
    }
    allowed.extend(own);
    check.keys(at, element, &allowed, required);
    check.string(at, element, "action_id", 1..=255);
    check.plain(at, element, "placeholder", 150);
    check.boolean(at, element, "focus_on_load");
    if element["focus_on_load"] == true {
        check.n_focused += 1;
        if check.n_focused > 1 {
            check.breaks(format!("{at}/focus_on_load"), "at most one element may have the focus");
        }
    }
    objects::confirm(check, at, element);
    inside(check, at, kind, element);
}

fn inside(check: &mut Checker, at: &str, kind: &str, element: &Value) {
    match kind {
        "button" => {
            check.plain(at, element, "text", 75);
            check.string(at, element, "value", 1..=2000);
            check.string(at, element, "url", 1..=3000);
            check.string(at, element, "accessibility_label", 1..=75);
            check.one_of(at, element, "style", &["primary", "danger"]);
        }
        "image" => objects::picture(check, at, element),
        "static_select" | "multi_static_select" | "overflow" | "checkboxes" | "radio_buttons" => {
            objects::choices(check, at, element);
        }
        "external_select" | "multi_external_select" => {
            check.integer(at, element, "min_query_length", 0..=i64::MAX);
        }
        "plain_text_input" => {
            check.integer(at, element, "min_length", 0..=3000);
            check.integer(at, element, "max_length", 1..=3000);
            check.boolean(at, element, "multiline");
            text_within(check, at, element);
        }
        "number_input" => {
            check.boolean(at, element, "is_decimal_allowed");
            for name in ["initial_value", "min_value", "max_value"] {
                match element[name].as_str() {
                    Some(number) if number.parse::<f64>().is_err() => {
                        check.breaks(format!("{at}/{name}"), "must be a number in a string");
                    }
                    _ => check.string(at, element, name, 1..=100),
                }
            }
        }
        "datepicker" => moment(check, at, element, "initial_date", "%Y-%m-%d", "YYYY-MM-DD"),
        "timepicker" => moment(check, at, element, "initial_time", "%H:%M", "HH:mm"),
        "datetimepicker" => {
            check.integer(at, element, "initial_date_time", 1_000_000_000..=9_999_999_999);
        }
        "file_input" => check.integer(at, element, "max_files", 1..=10),
        _ => {}
    }
    if kind.starts_with("multi_") {
        check.integer(at, element, "max_selected_items", 1..=i64::MAX);
    }
}

fn text_within(check: &mut Checker, at: &str, element: &Value) {
    let least = element["min_length"].as_u64().unwrap_or(0) as usize;
    let most = element["max_length"].as_u64().unwrap_or(3000) as usize;
    if least > most {
        check.breaks(format!("{at}/min_length"), "must not be more than max_length");
    }
    match &element["initial_value"] {
        Value::Null => {}
        Value::String(words) => {
            if text::length(words) > most {
                check.breaks(
                    format!("{at}/initial_value"),
                    format!("must have at most {most} characters (max_length)"),
                );
            }
        }
        _ => check.breaks(format!("{at}/initial_value"), "must be a string"),
    }
}

fn moment(check: &mut Checker, at: &str, element: &Value, name: &str, format: &str, shown: &str) {
    let is_right = |word: &str| {
        word.len() == shown.len()
            && match name {
                "initial_date" => jiff::civil::Date::strptime(format, word).is_ok(),
                _ => jiff::civil::Time::strptime(format, word).is_ok(),
            }
    };
    if !element[name].is_null() && !element[name].as_str().is_some_and(is_right) {
        check.breaks(format!("{at}/{name}"), format!("must be {shown}"));
    }
}

fn stands_in(kind: &str, place: Place) -> bool {
    let is_typed = kind.ends_with("_input");
    match place {
        Place::Context => kind == "image",
        Place::ContextActions => ["feedback_buttons", "icon_button"].contains(&kind),
        _ if ["feedback_buttons", "icon_button"].contains(&kind) => false,
        Place::Input => !["button", "overflow", "image"].contains(&kind),
        Place::Actions => !is_typed && kind != "image",
        Place::Accessory => !is_typed && kind != "datetimepicker",
    }
}

type Fields = (&'static [&'static str], &'static [&'static str]);

/// An element's own fields, and those it must have.
fn fields(kind: &str) -> Option<Fields> {
    Some(match kind {
        "button" => (&["text", "url", "value", "style", "confirm", "accessibility_label"], &["text"]),
        "image" => (&["image_url", "slack_file", "alt_text"], &["alt_text"]),
        "static_select" => (&["placeholder", "options", "option_groups", "initial_option", "confirm"], &[]),
        "multi_static_select" => (
            &["placeholder", "options", "option_groups", "initial_options", "confirm", "max_selected_items"],
            &[],
        ),
        "external_select" => (&["placeholder", "initial_option", "min_query_length", "confirm"], &[]),
        "multi_external_select" => {
            (&["placeholder", "initial_options", "min_query_length", "confirm", "max_selected_items"], &[])
        }
        "users_select" => (&["placeholder", "initial_user", "confirm"], &[]),
        "multi_users_select" => (&["placeholder", "initial_users", "confirm", "max_selected_items"], &[]),
        "channels_select" => (&["placeholder", "initial_channel", "confirm", "response_url_enabled"], &[]),
        "multi_channels_select" => {
            (&["placeholder", "initial_channels", "confirm", "max_selected_items"], &[])
        }
        "conversations_select" => (
            &[
                "placeholder",
                "initial_conversation",
                "default_to_current_conversation",
                "confirm",
                "response_url_enabled",
                "filter",
            ],
            &[],
        ),
        "multi_conversations_select" => (
            &[
                "placeholder",
                "initial_conversations",
                "default_to_current_conversation",
                "confirm",
                "max_selected_items",
                "filter",
            ],
            &[],
        ),
        "overflow" => (&["options", "confirm"], &["options"]),
        "checkboxes" => (&["options", "initial_options", "confirm"], &["options"]),
        "radio_buttons" => (&["options", "initial_option", "confirm"], &["options"]),
        "plain_text_input" => (
            &[
                "placeholder",
                "initial_value",
                "multiline",
                "min_length",
                "max_length",
                "dispatch_action_config",
            ],
            &[],
        ),
        "email_text_input" | "url_text_input" => {
            (&["placeholder", "initial_value", "dispatch_action_config"], &[])
        }
        "number_input" => (
            &[
                "placeholder",
                "is_decimal_allowed",
                "initial_value",
                "min_value",
                "max_value",
                "dispatch_action_config",
            ],
            &["is_decimal_allowed"],
        ),
        "rich_text_input" => (&["placeholder", "initial_value", "dispatch_action_config"], &[]),
        "datepicker" => (&["placeholder", "initial_date", "confirm"], &[]),
        "timepicker" => (&["placeholder", "initial_time", "confirm", "timezone"], &[]),
        "datetimepicker" => (&["initial_date_time", "confirm"], &[]),
        "file_input" => (&["filetypes", "max_files"], &[]),
        "feedback_buttons" => {
            (&["positive_button", "negative_button"], &["positive_button", "negative_button"])
        }
        "icon_button" => (&["icon", "text", "value", "confirm", "accessibility_label"], &["icon", "text"]),
        _ => return None,
    })
}
