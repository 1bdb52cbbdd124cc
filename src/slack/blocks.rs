//! What we send: only the blocks we use, with Slack's limits where they are made.
//!
//! Lengths are counted after escaping and in UTF-16 units: whether Slack counts those or characters is
//! not documented, and this is never too few.

use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a message has a few dozen of these, and only for a moment")]
pub enum Block {
    Header {
        text: Plain,
    },
    Section {
        text: Mrkdwn,
    },
    Context {
        elements: Vec<Mrkdwn>,
    },
    Actions {
        elements: Vec<Element>,
    },
    RichText {
        elements: Vec<Rich>,
    },
    Input {
        block_id: String,
        label: Plain,
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<Plain>,
        optional: bool,
        element: Element,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "plain_text")]
pub struct Plain {
    text: String,
    emoji: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "mrkdwn")]
pub struct Mrkdwn {
    text: String,
    /// Slack must not make links out of our words by itself.
    verbatim: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Element {
    Button {
        action_id: String,
        text: Plain,
        #[serde(skip_serializing_if = "String::is_empty")]
        value: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        style: Option<&'static str>,
    },
    StaticSelect {
        action_id: String,
        placeholder: Plain,
        options: Vec<Opt>,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_option: Option<Opt>,
    },
    RadioButtons {
        action_id: String,
        options: Vec<Opt>,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_option: Option<Opt>,
    },
    PlainTextInput {
        action_id: String,
        multiline: bool,
        max_length: u32,
        #[serde(skip_serializing_if = "String::is_empty")]
        initial_value: String,
    },
    Datepicker {
        action_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_date: Option<String>,
    },
    Timepicker {
        action_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        initial_time: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opt {
    pub text: Plain,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Plain>,
}

impl Opt {
    pub fn new(words: &str, value: String) -> Opt {
        Opt { text: Plain::new(words, LINE), value, description: None }
    }

    /// A whole sentence: what does not fit the first line goes on in the second.
    pub fn of_a_sentence(words: &str, value: String) -> Opt {
        if words.encode_utf16().count() <= LINE {
            return Opt::new(words, value);
        }
        let first = pieces(words, LINE).into_iter().next().unwrap_or_default();
        let rest = Plain::new(words[first.len()..].trim_start(), LINE);
        Opt { text: Plain::new(first.trim_end(), LINE), value, description: Some(rest) }
    }
}

/// What an option's line takes.
const LINE: usize = 75;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rich {
    RichTextSection { elements: Vec<Leaf> },
    RichTextQuote { elements: Vec<Leaf> },
}

/// Text that is never read as markup.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "text")]
pub struct Leaf {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<Style>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Style {
    bold: bool,
}

pub const SECTION: usize = 3000;
pub const BLOCKS: usize = 50;
pub const OPTIONS: usize = 100;

impl Plain {
    /// At most so many units; a longer text ends in an ellipsis. Only our own words come through here,
    /// and the library check keeps them short.
    pub fn new(text: &str, most: usize) -> Plain {
        let mut short = cut(text, most);
        if short.len() < text.len() {
            short = format!("{}…", cut(text, most - 1));
        }
        // An empty text is an error at Slack's.
        Plain { text: if short.is_empty() { "–".to_owned() } else { short }, emoji: false }
    }
}

impl Mrkdwn {
    /// The text is mrkdwn already, escaped. Longer ones are split before they come here.
    pub fn new(text: String) -> Mrkdwn {
        Mrkdwn { text, verbatim: true }
    }
}

impl Leaf {
    pub fn plain(text: String) -> Leaf {
        Leaf { text, style: None }
    }

    pub fn bold(text: String) -> Leaf {
        Leaf { text, style: Some(Style { bold: true }) }
    }
}

/// The longest start that fits, at a character's end.
pub fn cut(text: &str, most: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

/// The text in pieces that fit, cut between lines, else between words, else between characters.
/// Joined, they are the text again.
pub fn pieces(text: &str, most: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let head = cut(rest, most);
        if head.len() == rest.len() {
            out.push(head);
            break;
        }
        let end = head.rfind('\n').or_else(|| head.rfind(' ')).map_or(head.len(), |at| at + 1);
        out.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_fit_and_make_the_whole_again() {
        for text in ["", "one two three four", "a\nb\nc dd ee", "🙂🙂🙂🙂🙂🙂🙂", "aaaaaaaaaaaaaaaaaaaa"]
        {
            let pieces = pieces(text, 7);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| piece.encode_utf16().count() <= 7), "{pieces:?}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_says_so() {
        assert_eq!(Plain::new("Take it on", 24).text, "Take it on");
        assert_eq!(Plain::new("a long long title", 8).text, "a long …");
        assert_eq!(Plain::new("", 8).text, "–");
    }
}
