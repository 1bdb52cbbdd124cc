//! Block Kit as the templates draw it. A block that Slack would refuse is shown as a refusal.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::prose::{self, Eyes, Prose};
use crate::local::form::{self, Field};
use crate::local::rules;

pub enum Block {
    Header(String),
    Section {
        prose: Vec<Prose>,
        fields: Vec<Vec<Prose>>,
        accessory: Option<Element>,
    },
    Context(Vec<Small>),
    Divider,
    Actions(Vec<Element>),
    Input(Box<Input>),
    Image {
        alt: String,
        title: String,
        from: String,
    },
    Text(Vec<Prose>),
    Table(Vec<Vec<Vec<Prose>>>),
    Alert {
        level: String,
        prose: Vec<Prose>,
    },
    Refused {
        kind: String,
        reasons: Vec<String>,
    },
    /// One that the page does not draw, by its name.
    Other(String),
}

pub enum Small {
    Words(Vec<Prose>),
    Image { alt: String },
}

/// Something to press, or a field with a button of its own.
pub enum Element {
    Button(Button),
    Link { id: String, press: String, label: String, to: String },
    Menu(Menu),
    Field { control: Control, press: String },
    Image { alt: String, from: String },
}

pub struct Button {
    pub id: String,
    /// Where it stands: what is sent when it is pressed.
    pub press: String,
    pub label: String,
    pub says: String,
    pub style: String,
    pub confirm: String,
}

/// A menu in a message: choosing is acting.
pub struct Menu {
    pub id: String,
    pub label: String,
    pub is_overflow: bool,
    pub groups: Vec<Group>,
}

pub struct Group {
    pub label: String,
    pub options: Vec<Choice>,
}

pub struct Choice {
    pub label: String,
    pub about: String,
    /// Sent by a menu in a message.
    pub press: String,
    /// Sent by a field.
    pub value: String,
    pub is_chosen: bool,
}

pub struct Input {
    pub id: String,
    pub label: String,
    pub hint: String,
    pub is_optional: bool,
    pub error: String,
    pub control: Control,
    /// Where a change is told at once.
    pub press: Option<String>,
}

impl Input {
    /// The ids of what is said below the field.
    pub fn described(&self) -> String {
        let parts = [(!self.error.is_empty(), "e"), (!self.hint.is_empty(), "h")];
        let ids = parts
            .into_iter()
            .filter(|(is_there, _)| *is_there)
            .map(|(_, part)| format!("{}-{part}", self.id));
        ids.collect::<Vec<_>>().join(" ")
    }
}

pub struct Control {
    pub id: String,
    pub name: String,
    /// For where no label stands above it.
    pub says: String,
    pub placeholder: String,
    pub is_required: bool,
    pub has_focus: bool,
    pub what: What,
}

pub enum What {
    Line {
        kind: &'static str,
        value: String,
        most: u64,
        least: String,
        greatest: String,
    },
    Paragraph {
        value: String,
        most: u64,
    },
    Select {
        groups: Vec<Group>,
        has_many: bool,
    },
    Checks {
        options: Vec<Choice>,
        is_one: bool,
    },
    /// Files cannot be sent here.
    File,
}

/// Where the blocks stand, and for whom they are drawn.
pub struct Frame<'a> {
    pub eyes: Eyes<'a>,
    /// Unique on the page.
    pub id: &'a str,
    pub values: &'a Value,
    pub errors: &'a BTreeMap<String, String>,
    /// What can be chosen where a person or a channel is asked for: id and name.
    pub people: Vec<(String, String)>,
    pub channels: Vec<(String, String)>,
    pub is_view: bool,
}

pub fn all(blocks: &Value, frame: &Frame) -> Vec<Block> {
    let list = blocks.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().enumerate().map(|(at, block)| one(at, block, frame)).collect()
}

fn one(at: usize, block: &Value, frame: &Frame) -> Block {
    let kind = block["type"].as_str().unwrap_or_default();
    let reasons = refusal(block, frame.is_view);
    if !reasons.is_empty() {
        return Block::Refused { kind: kind.to_owned(), reasons };
    }
    let words = |object: &Value| text(object, &frame.eyes);
    match kind {
        "header" => Block::Header(plain(&block["text"])),
        "section" => Block::Section {
            prose: words(&block["text"]),
            fields: array(&block["fields"]).map(words).collect(),
            accessory: block["accessory"]
                .is_object()
                .then(|| element(at, 0, block, &block["accessory"], frame)),
        },
        "context" => Block::Context(
            array(&block["elements"])
                .map(|element| match element["type"].as_str() {
                    Some("image") => Small::Image { alt: string(element, "alt_text") },
                    _ => Small::Words(words(element)),
                })
                .collect(),
        ),
        "divider" => Block::Divider,
        "actions" | "context_actions" => Block::Actions(
            array(&block["elements"]).enumerate().map(|(n, one)| element(at, n, block, one, frame)).collect(),
        ),
        "input" => Block::Input(Box::new(input(at, block, frame))),
        "image" => {
            Block::Image { alt: string(block, "alt_text"), title: plain(&block["title"]), from: host(block) }
        }
        "rich_text" => Block::Text(prose::rich_text(&block["elements"], &frame.eyes)),
        "markdown" => Block::Text(prose::markdown(block["text"].as_str().unwrap_or_default())),
        "table" | "data_table" => Block::Table(
            array(&block["rows"]).map(|row| array(row).map(|one| cell(one, &frame.eyes)).collect()).collect(),
        ),
        "alert" => {
            let level = block["level"].as_str().unwrap_or("default").to_owned();
            Block::Alert { level, prose: words(&block["text"]) }
        }
        other => Block::Other(other.to_owned()),
    }
}

/// Why Slack would not take this block, if it would not.
pub fn refusal(block: &Value, is_view: bool) -> Vec<String> {
    let one = json!([block]);
    let broken = if is_view {
        let words = json!({"type": "plain_text", "text": "–"});
        rules::view(&json!({"type": "modal", "title": words, "submit": words, "blocks": one})).broken
    } else {
        rules::message(&one).broken
    };
    let place = |pointer: &str| pointer.strip_prefix("/blocks/0").unwrap_or(pointer).to_owned();
    broken
        .iter()
        .map(|broken| format!("{} {}", place(&broken.pointer), broken.rule).trim().to_owned())
        .collect()
}

fn cell(cell: &Value, eyes: &Eyes) -> Vec<Prose> {
    match cell["type"].as_str() {
        Some("rich_text") => prose::rich_text(&cell["elements"], eyes),
        Some("raw_number") => prose::plain(&cell["value"].to_string()),
        _ => prose::plain(cell["text"].as_str().unwrap_or_default()),
    }
}

fn text(object: &Value, eyes: &Eyes) -> Vec<Prose> {
    let words = object["text"].as_str().unwrap_or_default();
    if object["type"] == "mrkdwn" { prose::mrkdwn(words, eyes) } else { prose::plain(&plain(object)) }
}

fn plain(object: &Value) -> String {
    let words = object["text"].as_str().unwrap_or_default();
    if object["emoji"] == true { super::emoji::by_name(words) } else { words.to_owned() }
}

fn element(at: usize, n: usize, block: &Value, element: &Value, frame: &Frame) -> Element {
    let press = format!("{at}.{n}");
    let id = format!("{}-{at}-{n}", frame.id);
    let label = plain(&element["text"]);
    match element["type"].as_str().unwrap_or_default() {
        "image" => Element::Image { alt: string(element, "alt_text"), from: host(element) },
        "button" | "icon_button" => match element["url"].as_str() {
            Some(to) if to.starts_with("https://") || to.starts_with("http://") => {
                Element::Link { id, press, label, to: to.to_owned() }
            }
            _ => Element::Button(Button {
                id,
                press,
                label,
                says: string(element, "accessibility_label"),
                style: string(element, "style"),
                confirm: confirm(element),
            }),
        },
        kind @ ("static_select" | "overflow") => {
            let field = Field { block, element };
            let chosen = form::shown(&field, frame.values);
            let shown = if chosen.is_empty() { plain(&element["placeholder"]) } else { chosen };
            let is_overflow = kind == "overflow";
            let label = if is_overflow { "More".to_owned() } else { shown };
            Element::Menu(Menu { id, label, is_overflow, groups: groups(&field, frame, Some(&press)) })
        }
        _ => {
            let field = Field { block, element };
            let control = control(&press, &field, &id, false, frame);
            Element::Field { control, press }
        }
    }
}

fn confirm(element: &Value) -> String {
    let confirm = &element["confirm"];
    let parts = [plain(&confirm["title"]), string(&confirm["text"], "text")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn input(at: usize, block: &Value, frame: &Frame) -> Input {
    let id = format!("{}-{at}", frame.id);
    let field = Field { block, element: &block["element"] };
    let is_optional = block["optional"] == true;
    let control = control(&format!("{at}.0"), &field, &id, !is_optional, frame);
    Input {
        label: plain(&block["label"]),
        hint: plain(&block["hint"]),
        is_optional,
        error: frame.errors.get(field.block_id()).cloned().unwrap_or_default(),
        control,
        press: (block["dispatch_action"] == true).then(|| format!("{at}.0")),
        id,
    }
}

fn control(at: &str, field: &Field, id: &str, is_required: bool, frame: &Frame) -> Control {
    let element = field.element;
    let chosen = form::chosen(field, frame.values);
    let value = chosen.first().cloned().unwrap_or_default();
    let number = |name: &str| match &element[name] {
        Value::Null => String::new(),
        Value::String(number) => number.clone(),
        other => other.to_string(),
    };
    let most = element["max_length"].as_u64().unwrap_or(3000);
    let line = |kind, value: String| What::Line {
        kind,
        value,
        most,
        least: number("min_value"),
        greatest: number("max_value"),
    };
    let what = match field.kind() {
        "plain_text_input" if element["multiline"] == true => What::Paragraph { value, most },
        "rich_text_input" => What::Paragraph { value: rich_value(field, frame), most },
        "email_text_input" => line("email", value),
        "url_text_input" => line("url", value),
        "number_input" => line("number", value),
        "datepicker" => line("date", value),
        "timepicker" => line("time", value),
        "datetimepicker" => line("datetime-local", wall(&value, frame)),
        "checkboxes" => What::Checks { options: choices(field, frame, None), is_one: false },
        "radio_buttons" => What::Checks { options: choices(field, frame, None), is_one: true },
        "file_input" => What::File,
        kind if kind.contains("select") => {
            What::Select { groups: groups(field, frame, None), has_many: kind.starts_with("multi_") }
        }
        _ => line("text", value),
    };
    Control {
        id: format!("{id}-f"),
        name: format!("{}{at}", if field.kind() == "datetimepicker" { 't' } else { 'f' }),
        says: field.label().to_owned(),
        placeholder: plain(&element["placeholder"]),
        is_required,
        has_focus: element["focus_on_load"] == true,
        what,
    }
}

fn rich_value(field: &Field, frame: &Frame) -> String {
    let runs = prose::rich_text(&form::held(field, frame.values)["elements"], &frame.eyes);
    let text = runs.into_iter().filter_map(|prose| match prose {
        Prose::Paragraph(runs) => Some(runs.into_iter().map(|run| run.text).collect::<String>()),
        _ => None,
    });
    text.collect::<Vec<_>>().join("\n")
}

/// An instant in seconds as the reader's wall shows it, the way a browser's field has it.
fn wall(seconds: &str, frame: &Frame) -> String {
    let at = seconds.parse::<i64>().ok().and_then(|at| Timestamp::from_second(at).ok());
    at.map_or(String::new(), |at| at.to_zoned(frame.eyes.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string())
}

fn choices(field: &Field, frame: &Frame, press: Option<&str>) -> Vec<Choice> {
    groups(field, frame, press).into_iter().flat_map(|group| group.options).collect()
}

fn groups(field: &Field, frame: &Frame, press: Option<&str>) -> Vec<Group> {
    let held = form::held(field, frame.values);
    let is_held = |value: &str| {
        let is_it = |held: &Value| *held == value || held["value"] == value;
        held.as_array().map_or_else(|| is_it(held), |many| many.iter().any(is_it))
    };
    let kind = field.kind();
    let named = |list: &[(String, String)]| {
        let option = |(id, name): &(String, String)| Choice {
            label: name.clone(),
            about: String::new(),
            press: String::new(),
            value: id.clone(),
            is_chosen: is_held(id),
        };
        vec![Group { label: String::new(), options: list.iter().map(option).collect() }]
    };
    if kind.contains("users_") {
        return named(&frame.people);
    }
    if kind.contains("channels_") || kind.contains("conversations_") {
        return named(&frame.channels);
    }
    let mut n = 0;
    let mut group = |label: String, options: &Value| {
        let option = |option: &Value| {
            let value = string(option, "value");
            let choice = Choice {
                label: plain(&option["text"]),
                about: plain(&option["description"]),
                press: press.map(|press| format!("{press}.{n}")).unwrap_or_default(),
                is_chosen: is_held(&value),
                value,
            };
            n += 1;
            choice
        };
        Group { label, options: array(options).map(option).collect() }
    };
    if field.element["options"].is_array() {
        return vec![group(String::new(), &field.element["options"])];
    }
    array(&field.element["option_groups"]).map(|one| group(plain(&one["label"]), &one["options"])).collect()
}

/// Where a picture would come from. The page fetches nothing from elsewhere.
fn host(image: &Value) -> String {
    let address =
        image["image_url"].as_str().or_else(|| image["slack_file"]["url"].as_str()).unwrap_or_default();
    let after = address.split_once("://").map_or(address, |(_, after)| after);
    after.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

fn string(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
