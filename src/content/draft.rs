//! One prompt file, understood as far as it can be.

use super::fields::{self, Fields, Text};
use super::front_matter::{Missing, cut};
use super::keys::{self, Key};
use super::lines::Lines;
use super::problem::Problem;
use super::prompt;
use super::source::Source;
use super::yaml;
use crate::coach::library::{Kind, Prompt};

const NOT_WORDS: [&str; 8] =
    ["id", "skill", "rungs", "source", "next", "event", "items.skill", "stages.prompt"];

/// A file whose header could be read: all that the checks need to point at it.
#[derive(Debug)]
pub struct Draft {
    pub source: Source,
    pub kind: Kind,
    pub id: String,
    pub fields: Fields,
    pub body: Text,
    /// What the coach gets; None when something is so wrong that it could not use it.
    pub prompt: Option<Prompt>,
}

impl Draft {
    /// The text under a key of the header itself, or the body.
    pub fn text(&self, name: &str) -> Option<&Text> {
        if name == "body" { Some(&self.body) } else { self.fields.text(name) }
    }

    pub fn line_of_key(&self, name: &str) -> usize {
        let is_key = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
        self.source.text.lines().position(is_key).unwrap_or(0) + 1
    }

    /// Every text that people read, with the name of its key ("branches.say"); the body is "body".
    /// Ids are no text.
    pub fn texts(&self) -> Vec<(String, &Text)> {
        let mut all = self.fields.all_texts();
        all.retain(|(name, _)| !NOT_WORDS.contains(&name.as_str()));
        if !self.body.text.is_empty() {
            all.push(("body".to_owned(), &self.body));
        }
        all
    }
}

/// Where a file stands says what it is: "tips/log-wins-today.md" is a tip with that id.
pub fn place(path: &str) -> Option<(Kind, &str)> {
    let (folder, name) = path.split_once('/')?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.folder() == folder)?;
    let id = name.strip_suffix(".md")?;
    (!id.contains('/')).then_some((kind, id))
}

/// None when there is no header to speak of; the problems say what is wrong.
pub fn read(
    source: Source,
    kind: Kind,
    id: &str,
    lines: &Lines,
    problems: &mut Vec<Problem>,
) -> Option<Draft> {
    let n_before = problems.len();
    let cut = match cut(&source.text) {
        Ok(cut) => cut,
        Err(missing) => {
            let (what, instead) = match missing {
                Missing::Opening => (
                    "the file does not begin with `---`",
                    "write `---` alone on the first line, then the keys",
                ),
                Missing::Closing => {
                    ("the header has no end", "write `---` alone on a line after the last key")
                }
            };
            problems.push(source.broken(1, what, instead));
            return None;
        }
    };
    let header = match yaml::parse(cut.header, cut.header_line) {
        Ok(header) => header,
        Err(broken) => {
            problems.push(source.unreadable_yaml(&broken));
            return None;
        }
    };
    let keys: Vec<&'static Key> = keys::COMMON.iter().chain(keys::own(kind)).collect();
    let thing = article(kind.noun());
    let fields = fields::read(&header, &keys, &thing, &source, problems);
    let body = Text { line: cut.body_line, text: cut.body.to_owned() };
    if body.text.is_empty() && keys::needs_body(kind) {
        let what = format!("{thing} needs a text below the second `---`");
        problems.push(source.broken(body.line, what, "write it there, after an empty line if you like"));
    }
    let prompt = prompt::build(kind, id, &fields, &body, lines, &source, problems);
    let prompt = prompt.filter(|_| problems.len() == n_before);
    Some(Draft { source, kind, id: id.to_owned(), fields, body, prompt })
}

pub fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}
