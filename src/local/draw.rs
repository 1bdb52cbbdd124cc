//! Slack's JSON as plain text: for the transcript, and for a terminal.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{self, Field};
use super::text;

/// What ids stand for, such as `U0…` for `@ana`.
pub type Names = BTreeMap<String, String>;

/// A message: its blocks where it has any, else its text.
pub fn message(words: &str, all: &Value, names: &Names) -> String {
    match all.as_array() {
        Some(list) if !list.is_empty() => blocks(all, &Value::Null, names),
        _ => text::readable(words, names),
    }
}

/// A modal without its title: its blocks, then its buttons.
pub fn form(view: &Value, names: &Names) -> String {
    let mut lines = blocks(&view["blocks"], &view["state"]["values"], names);
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines + &buttons(view)
}

fn buttons(view: &Value) -> String {
    let submit = view["submit"]["text"].as_str();
    let close = close_label(view);
    submit.map(|label| format!("[{label}] ")).unwrap_or_default() + &format!("[{close}]")
}

/// What closes a modal, if the app did not name it.
pub(super) fn close_label(view: &Value) -> &str {
    let fallback = if view["submit"].is_null() { "Close" } else { "Cancel" };
    view["close"]["text"].as_str().unwrap_or(fallback)
}

pub fn home(view: &Value, names: &Names) -> String {
    blocks(&view["blocks"], &view["state"]["values"], names)
}

pub(super) fn indented(text: &str, by: usize) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{:by$}{line}", "") };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn blocks(all: &Value, values: &Value, names: &Names) -> String {
    let list = all.as_array().map(Vec::as_slice).unwrap_or_default();
    let drawn = list.iter().map(|one| block(one, values, names)).filter(|drawn| !drawn.is_empty());
    drawn.collect::<Vec<_>>().join("\n")
}

fn block(block: &Value, values: &Value, names: &Names) -> String {
    let words = |value: &Value| words(value, names);
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("# {}", words(&block["text"])),
        "section" => {
            let fields = block["fields"].as_array().into_iter().flatten().map(words);
            let lines = std::iter::once(words(&block["text"])).chain(fields);
            let accessory = std::iter::once(control(block, &block["accessory"], values, names));
            lines.chain(accessory).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        }
        "context" => {
            let elements = block["elements"].as_array().into_iter().flatten();
            let drawn = elements.map(|element| match element["type"].as_str() {
                Some("image") => picture(element),
                _ => words(element),
            });
            format!("({})", drawn.collect::<Vec<_>>().join(" · "))
        }
        "actions" | "context_actions" => {
            let elements = block["elements"].as_array().into_iter().flatten();
            elements.map(|element| control(block, element, values, names)).collect::<Vec<_>>().join(" ")
        }
        "divider" => "---".to_owned(),
        "image" => picture(block),
        "input" => input(block, values, names),
        "rich_text" => rich_text(&block["elements"], names),
        "markdown" => block["text"].as_str().unwrap_or_default().to_owned(),
        "table" | "data_table" => {
            let rows = block["rows"].as_array().into_iter().flatten();
            rows.map(|row| row_of(row, names)).collect::<Vec<_>>().join("\n")
        }
        "alert" => format!("(! {})", words(&block["text"])),
        other => format!("({other})"),
    }
}

/// A text object as it is read. Plain text has no markup.
fn words(object: &Value, names: &Names) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] == "mrkdwn" { text::readable(text, names) } else { text.to_owned() }
}

fn picture(image: &Value) -> String {
    format!("(image: {})", image["alt_text"].as_str().unwrap_or_default())
}

fn row_of(row: &Value, names: &Names) -> String {
    let cell = |cell: &Value| match cell["type"].as_str() {
        Some("rich_text") => rich_text(&cell["elements"], names),
        Some("raw_number") => cell["value"].to_string(),
        _ => cell["text"].as_str().unwrap_or_default().to_owned(),
    };
    row.as_array().into_iter().flatten().map(cell).collect::<Vec<_>>().join(" | ")
}

/// What can be pressed or chosen outside of an input block.
fn control(block: &Value, element: &Value, values: &Value, names: &Names) -> String {
    match element["type"].as_str() {
        None => String::new(),
        Some("image") => picture(element),
        Some("button" | "icon_button") => format!("[{}]", words(&element["text"], names)),
        Some("overflow") => format!("[… {}]", options(element, " / ", |_, label| label.to_owned())),
        Some("checkboxes" | "radio_buttons") => choice(&Field { block, element }, values),
        Some(_) => {
            let field = Field { block, element };
            let chosen = form::shown(&field, &with_initial(&field, values));
            let label = element["placeholder"]["text"].as_str().unwrap_or_default();
            format!("[{} ▾]", if chosen.is_empty() { label } else { &chosen })
        }
    }
}

/// Messages are drawn as they were posted: with nothing chosen yet but what is chosen from the start.
fn with_initial(field: &Field<'_>, values: &Value) -> Value {
    let mut blocks = field.block.clone();
    if values.is_null() {
        if blocks["block_id"].is_null() {
            blocks["block_id"] = "".into();
        }
        form::initial(&Value::Array(vec![blocks]))
    } else {
        values.clone()
    }
}

/// One line of a form: the label, what stands in the field, what else is said about it.
fn input(block: &Value, values: &Value, names: &Names) -> String {
    let field = Field { block, element: &block["element"] };
    let label = words(&block["label"], names);
    let colon = if label.ends_with(['?', ':', '.', '!', '…']) { "" } else { ":" };
    let shown = form::shown(&field, &with_initial(&field, values));
    let answer = match field.kind() {
        "checkboxes" | "radio_buttons" => choice(&field, values),
        kind if kind.ends_with("_select") && shown.is_empty() => "______ ▾".to_owned(),
        kind if kind.ends_with("_select") => format!("(•) {shown} ▾"),
        kind if kind.ends_with("_input") && !shown.is_empty() => {
            format!("______ (\"{}\")", shown.replace('\n', "\n  "))
        }
        _ if shown.is_empty() => "______".to_owned(),
        _ => shown,
    };
    let optional = if block["optional"] == true { " (optional)" } else { "" };
    let hint = words(&block["hint"], names);
    let hint = if hint.is_empty() { hint } else { format!("\n  ({hint})") };
    format!("{label}{colon} {answer}{optional}{hint}")
}

fn choice(field: &Field<'_>, values: &Value) -> String {
    let chosen = form::chosen(field, &with_initial(field, values));
    let (on, off) = if field.kind() == "radio_buttons" { ("(•)", "( )") } else { ("[x]", "[ ]") };
    let mark = |option: &Value, label: &str| {
        let mark = if chosen.iter().any(|one| one == label) { on } else { off };
        // A label has room for a few words only; what does not fit stands below it.
        let below = option["description"]["text"].as_str().map_or(String::new(), |text| format!(" {text}"));
        format!("{mark} {label}{below}")
    };
    options(field.element, "  ", mark)
}

fn options(element: &Value, between: &str, draw: impl Fn(&Value, &str) -> String) -> String {
    let options = element["options"].as_array().into_iter().flatten();
    let drawn = options.map(|option| draw(option, option["text"]["text"].as_str().unwrap_or_default()));
    drawn.collect::<Vec<_>>().join(between)
}

fn rich_text(elements: &Value, names: &Names) -> String {
    let mut lines = Vec::new();
    let mut number = 0;
    for element in elements.as_array().into_iter().flatten() {
        let leaves = || leaves(&element["elements"], names);
        match element["type"].as_str() {
            Some("rich_text_quote") => {
                lines.push(leaves().lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"));
            }
            Some("rich_text_list") => {
                let indent = 2 * element["indent"].as_u64().unwrap_or(0) as usize;
                for item in element["elements"].as_array().into_iter().flatten() {
                    number += 1;
                    let mark =
                        if element["style"] == "ordered" { format!("{number}.") } else { "•".to_owned() };
                    lines.push(format!("{:indent$}{mark} {}", "", self::leaves(&item["elements"], names)));
                }
                continue;
            }
            _ => lines.push(leaves().trim_end_matches('\n').to_owned()),
        }
        number = 0;
    }
    lines.join("\n")
}

fn leaves(elements: &Value, names: &Names) -> String {
    let leaf = |leaf: &Value| {
        let field = |name: &str| leaf[name].as_str().unwrap_or_default().to_owned();
        let name = |id: String| names.get(&id).cloned().unwrap_or(id);
        match leaf["type"].as_str() {
            Some("link") if leaf["text"].is_null() => field("url"),
            Some("user") => name(field("user_id")),
            Some("channel") => name(field("channel_id")),
            Some("broadcast") => format!("@{}", field("range")),
            Some("emoji") => format!(":{}:", field("name")),
            Some("date") => field("fallback"),
            _ => field("text"),
        }
    };
    elements.as_array().into_iter().flatten().map(leaf).collect()
}
