//! A Reply into a message, a Form into a modal. Cannot refuse: whatever somebody typed, something
//! comes out that Slack takes.

use serde::Serialize;
use serde_json::{Value, json};

use crate::coach::reply::{About, Button, Choice, Control, Field, Form, Look, Part, Reply};

use super::api::to_json;
use super::blocks::{BLOCKS, Block, Element, Leaf, Mrkdwn, OPTIONS, Opt, Plain, Rich, SECTION, cut, pieces};
use super::mrkdwn::{escape, mrkdwn, plain};

/// A message: blocks, and a text that says all of it without them. Screen readers and notifications
/// take the text alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    pub text: String,
    pub blocks: Vec<Block>,
}

/// `chat.update` refuses a longer text. Escapes count.
const TEXT: usize = 3_900;
const HOME_BLOCKS: usize = 100;
/// A piece of what somebody typed; well under what a block takes.
const LEAF: usize = 2_900;

/// All the words in a message's blocks; at 13,200 Slack was seen to refuse one.
const WORDS: usize = 13_000;
/// Stands where a message has no room for all that somebody typed.
const REST: &str = "… (the rest is too long for one message)";

pub fn message(reply: &Reply) -> Message {
    let most = room_for_typed(reply);
    let mut blocks: Vec<Block> = Vec::new();
    for part in &reply.parts {
        blocks.extend(match part {
            Part::Typed { label, words } => typed(label, words, most),
            part => part_blocks(part),
        });
    }
    debug_assert!(blocks.len() <= BLOCKS, "a reply of {} blocks", blocks.len());
    blocks.truncate(BLOCKS);
    Message { text: text_alone(reply), blocks }
}

/// As the answer to a command: seen by nobody else.
pub fn ephemeral(reply: &Reply) -> Value {
    let message = message(reply);
    json!({ "response_type": "ephemeral", "text": message.text, "blocks": message.blocks })
}

/// As a replacement through a `response_url`.
pub fn replacement(reply: &Reply) -> Value {
    let message = message(reply);
    json!({
        "replace_original": true,
        "response_type": "ephemeral",
        "text": message.text,
        "blocks": message.blocks,
    })
}

fn part_blocks(part: &Part) -> Vec<Block> {
    match part {
        Part::Heading(words) => vec![Block::Header { text: Plain::new(words, 150) }],
        Part::Text(words) => sections(&mrkdwn(words)),
        Part::List(items) => {
            sections(&items.iter().map(|item| format!("• {}", mrkdwn(item))).collect::<Vec<_>>().join("\n"))
        }
        Part::Steps(items) => sections(
            &items
                .iter()
                .zip(1..)
                .map(|(item, n)| format!("{n}. {}", mrkdwn(item)))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        Part::Note(words) => pieces(&mrkdwn(words), SECTION)
            .into_iter()
            .map(|piece| Block::Context { elements: vec![Mrkdwn::new(piece)] })
            .collect(),
        Part::Typed { label, words } => typed(label, words, WORDS),
        Part::Buttons(buttons) if buttons.is_empty() => Vec::new(),
        Part::Buttons(buttons) => {
            vec![Block::Actions {
                elements: buttons.iter().enumerate().map(|(at, button)| draw(at, button)).collect(),
            }]
        }
        Part::Choice(choice) => vec![Block::Actions { elements: vec![menu(choice)] }],
    }
}

fn sections(text: &str) -> Vec<Block> {
    pieces(text, SECTION)
        .into_iter()
        .filter(|piece| !piece.trim().is_empty())
        .map(|piece| Block::Section { text: Mrkdwn::new(piece) })
        .collect()
}

/// What a person typed goes into rich text leaves: no character of it is markup there.
fn typed(label: &str, words: &str, most: usize) -> Vec<Block> {
    let mut elements = Vec::new();
    if !label.is_empty() {
        elements.push(Rich::RichTextSection { elements: vec![Leaf::bold(label.to_owned())] });
    }
    let fits = units(words) <= most;
    let shown = if fits { words.to_owned() } else { cut(words, most.saturating_sub(REST.len())) };
    let mut leaves: Vec<Leaf> = pieces(&shown, LEAF).into_iter().map(Leaf::plain).collect();
    if !fits {
        leaves.push(Leaf::bold(REST.to_owned()));
    }
    if !leaves.is_empty() {
        elements.push(Rich::RichTextQuote { elements: leaves });
    }
    if elements.is_empty() { Vec::new() } else { vec![Block::RichText { elements }] }
}

/// How long each text that somebody typed may be, so that all of them fit beside our own words.
fn room_for_typed(reply: &Reply) -> usize {
    let (mut lengths, mut room) = (Vec::new(), WORDS);
    for part in &reply.parts {
        match part {
            Part::Typed { label, words } => {
                room = room.saturating_sub(units(label));
                lengths.push(units(words));
            }
            // As JSON it is a little longer than its words: never too short.
            part => {
                room = room.saturating_sub(part_blocks(part).iter().map(|block| to_json(block).len()).sum())
            }
        }
    }
    // The short ones leave what they do not need to the long ones.
    lengths.sort_unstable();
    let mut left = lengths.len();
    for length in lengths {
        let share = room / left;
        if length > share {
            return share;
        }
        room -= length;
        left -= 1;
    }
    WORDS
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn draw(at: usize, button: &Button) -> Element {
    let (name, value) = button.action.encode();
    Element::Button {
        // Ids must differ within a block, and two buttons may do the same kind of thing.
        action_id: format!("{name}#{at}"),
        text: Plain::new(&button.label, 75),
        value,
        style: match button.look {
            Look::Plain => None,
            Look::Primary => Some("primary"),
            Look::Danger => Some("danger"),
        },
    }
}

fn menu(choice: &Choice) -> Element {
    let options = choice.options.iter().take(OPTIONS).map(|(label, action)| {
        let (name, rest) = action.encode();
        Opt::new(label, format!("{name} {rest}"))
    });
    Element::StaticSelect {
        action_id: MENU.to_owned(),
        placeholder: Plain::new(&choice.label, 150),
        options: options.collect(),
        initial_option: None,
    }
}

const MENU: &str = "menu";

/// The name and the rest of the action that was pressed, from what Slack sent back.
pub fn pressed<'a>(action_id: &'a str, value: &'a str) -> (&'a str, &'a str) {
    if action_id == MENU {
        return value.split_once(' ').unwrap_or((value, ""));
    }
    (action_id.split('#').next().unwrap_or(action_id), value)
}

/// Everything that the message says, for whoever gets no blocks.
fn text_alone(reply: &Reply) -> String {
    let mut lines = Vec::new();
    for part in &reply.parts {
        match part {
            Part::Heading(words) => lines.push(words.clone()),
            Part::Text(words) | Part::Note(words) => lines.push(plain(words)),
            Part::List(items) => lines.extend(items.iter().map(|item| format!("• {}", plain(item)))),
            Part::Steps(items) => {
                lines.extend(items.iter().zip(1..).map(|(item, n)| format!("{n}. {}", plain(item))));
            }
            Part::Typed { label, words } if label.is_empty() => lines.push(words.clone()),
            Part::Typed { label, words } => {
                lines.push(format!("{}: {words}", label.trim_end_matches(':')));
            }
            Part::Buttons(buttons) if buttons.is_empty() => {}
            Part::Buttons(buttons) => {
                let labels: Vec<&str> = buttons.iter().map(|button| button.label.as_str()).collect();
                lines.push(format!("Buttons: {}.", labels.join(", ")));
            }
            Part::Choice(choice) => lines.push(format!("Menu: {}.", choice.label)),
        }
    }
    let text = lines.join("\n");
    let text = escape(&text);
    if units(&text) <= TEXT {
        return text;
    }
    const MORE: &str = "… (the whole of it is in the message)";
    let mut short = cut(&text, TEXT - MORE.len());
    // Not inside an entity.
    if let Some(at) = short.rfind('&').filter(|&at| !short[at..].contains(';')) {
        short.truncate(at);
    }
    short + MORE
}

/// A modal. `key` is minted by the caller: the same key twice is one effect.
pub fn modal(form: &Form, key: &str) -> Value {
    let mut blocks: Vec<Block> = form.intro.iter().flat_map(part_blocks).collect();
    blocks.extend(form.fields.iter().map(input));
    json!({
        "type": "modal",
        "callback_id": about(&form.about).0,
        "private_metadata": super::form::metadata(&form.about, key),
        "title": Plain::new(&form.title, 24),
        "submit": Plain::new(&form.submit, 24),
        "close": Plain::new("Cancel", 24),
        "blocks": blocks,
    })
}

/// A reply in a modal of its own, with nothing to fill in.
pub fn panel(title: &str, reply: &Reply) -> Value {
    let blocks: Vec<Block> = reply.parts.iter().flat_map(part_blocks).collect();
    json!({
        "type": "modal",
        "callback_id": "panel",
        "title": Plain::new(title, 24),
        "close": Plain::new("Close", 24),
        "blocks": blocks,
    })
}

/// A reply as App Home.
pub fn home(reply: &Reply) -> Value {
    let mut blocks: Vec<Block> = reply.parts.iter().flat_map(part_blocks).collect();
    debug_assert!(blocks.len() < HOME_BLOCKS, "an App Home of {} blocks", blocks.len());
    blocks.truncate(HOME_BLOCKS);
    json!({ "type": "home", "callback_id": "home", "blocks": blocks })
}

/// What the form is about, in two words.
pub(super) fn about(about: &About) -> (&'static str, String) {
    match about {
        About::TakeOn { prompt } => ("take-on", prompt.clone()),
        About::NewCard => ("new-card", String::new()),
        About::EditCard { card } => ("edit-card", card.clone()),
        About::Settings => ("settings", String::new()),
        About::Rhythm => ("rhythm", String::new()),
        About::Remind { week, prompt } => ("remind", format!("{week} {prompt}")),
        About::Talk => ("talk", String::new()),
        About::Begin => ("begin", String::new()),
        About::Confirm { card } => ("confirm", card.clone()),
        About::TellMore { card } => ("tell-more", card.clone()),
        About::RateNext { skill } => ("rate-next", skill.clone()),
        About::RateOne { skill } => ("rate-one", skill.clone()),
        About::RateAll => ("rate-all", String::new()),
        About::Assess { assessment } => ("assess", assessment.clone()),
    }
}

fn input(field: &Field) -> Block {
    let action_id = field.id.to_owned();
    let text = |initial: &str, multiline| Element::PlainTextInput {
        action_id: field.id.to_owned(),
        multiline,
        max_length: 3000,
        initial_value: cut(initial, 3000),
    };
    let element = match &field.control {
        Control::Line { initial } => text(&initial.replace('\n', " "), false),
        Control::Paragraph { initial } => text(initial, true),
        Control::Select { options, initial } => {
            let options: Vec<Opt> =
                options.iter().take(OPTIONS).map(|(value, label)| Opt::new(label, value.clone())).collect();
            let initial_option = initial
                .as_ref()
                .and_then(|value| options.iter().find(|option| option.value == *value).cloned());
            Element::StaticSelect {
                action_id,
                placeholder: Plain::new("Choose one", 150),
                options,
                initial_option,
            }
        }
        Control::Radio { options, initial } => {
            // Slack takes ten at most.
            let options: Vec<Opt> = options
                .iter()
                .take(10)
                .map(|(value, words)| Opt::of_a_sentence(words, value.clone()))
                .collect();
            let initial_option = initial
                .as_ref()
                .and_then(|value| options.iter().find(|option| option.value == *value).cloned());
            Element::RadioButtons { action_id, options, initial_option }
        }
        Control::Date { initial } => {
            Element::Datepicker { action_id, initial_date: initial.map(|date| date.to_string()) }
        }
        Control::Time { initial } => Element::Timepicker {
            action_id,
            initial_time: initial.map(|time| time.strftime("%H:%M").to_string()),
        },
    };
    Block::Input {
        block_id: field.id.to_owned(),
        label: Plain::new(&field.label, 2000),
        hint: field.hint.as_ref().map(|hint| Plain::new(hint, 2000)),
        optional: field.optional,
        element,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_one_message_is_shortened_where_it_is_longest() {
        let (short, long) = ("short", "🙂 ".repeat(3_000));
        let reply =
            Reply::headed("Saved").and_typed("One", &long).and_typed("Two", short).and_typed("Three", &long);
        let drawn = to_json(&message(&reply).blocks);
        assert!(drawn.contains(short) && drawn.matches(REST).count() == 2);
        assert!((12_000..14_000).contains(&units(&drawn)), "{}", units(&drawn));

        let reply =
            Reply::headed("Saved").and_typed("One", "x".repeat(9_000)).and_typed("Two", "y".repeat(3_000));
        let drawn = to_json(&message(&reply).blocks);
        assert!(!drawn.contains(REST) && drawn.matches(['x', 'y']).count() >= 12_000);
    }
}
