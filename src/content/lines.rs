//! The shared sentences of `lines.yaml`: written once, put in wherever a prompt says `{{line:…}}`.

use std::collections::BTreeMap;

use super::problem::Problem;
use super::source::Source;
use super::yaml::{self, Shape};
use crate::coach::fill::{Placeholder, placeholders, replace};

#[derive(Debug, Default)]
pub struct Lines {
    lines: BTreeMap<String, String>,
}

impl Lines {
    /// Adds what this file holds; a name that is there already gets the new words.
    pub fn add(&mut self, source: &Source, problems: &mut Vec<Problem>) {
        let root = match yaml::parse(&source.text, 1) {
            Ok(root) => root,
            Err(broken) => return problems.push(source.unreadable_yaml(&broken)),
        };
        let Shape::Map(pairs) = root.shape else {
            let what = "shared lines are written as `name: words`";
            return problems.push(source.broken(
                root.line,
                what,
                "write for example `hr: Ask your HR team first.`",
            ));
        };
        for (name, words) in pairs {
            match words.shape {
                Shape::Text(text) if !text.trim().is_empty() => {
                    for (_, found) in placeholders(&text) {
                        if matches!(found, Placeholder::Line(_) | Placeholder::Unknown(_)) {
                            let what =
                                format!("the shared line `{}` holds a placeholder it cannot", name.name);
                            problems.push(source.broken(words.line, what, "write the words out here"));
                        }
                    }
                    self.lines.insert(name.name, text.trim().to_owned());
                }
                _ => {
                    let what = format!("`{}` has no words", name.name);
                    problems.push(source.broken(name.line, what, "write one text after the colon"));
                }
            }
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lines.keys().map(String::as_str)
    }

    pub fn knows(&self, name: &str) -> bool {
        self.lines.contains_key(name)
    }

    /// The text with its shared lines put in; the other placeholders wait for the answer.
    pub fn put_into(&self, text: &str) -> String {
        replace(text, |placeholder| match placeholder {
            Placeholder::Line(name) => self.lines.get(name).cloned(),
            _ => None,
        })
    }
}
