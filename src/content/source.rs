//! One file as text, which can complain about any of its lines.

use super::files::File;
use super::front_matter::plain;
use super::problem::{Problem, Weight};

#[derive(Debug)]
pub struct Source {
    pub shown: String,
    pub text: String,
}

impl Source {
    /// Not UTF-8 is a problem; line and all.
    pub fn of(file: &File) -> Result<Source, Problem> {
        let source = |text: &str| Source { shown: file.shown.clone(), text: plain(text) };
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => Ok(source(text)),
            Err(error) => {
                let before = plain(&String::from_utf8_lossy(&file.bytes[..error.valid_up_to()]));
                let line = before.matches('\n').count() + 1;
                let lossy = source(&String::from_utf8_lossy(&file.bytes));
                Err(lossy.broken(line, "this is not UTF-8 text", "save the file with the encoding UTF-8"))
            }
        }
    }

    pub fn broken(&self, line: usize, what: impl Into<String>, instead: impl Into<String>) -> Problem {
        self.problem(line, what, instead, Weight::Broken)
    }

    pub fn wording(&self, line: usize, what: impl Into<String>, instead: impl Into<String>) -> Problem {
        self.problem(line, what, instead, Weight::Wording)
    }

    fn problem(
        &self,
        line: usize,
        what: impl Into<String>,
        instead: impl Into<String>,
        weight: Weight,
    ) -> Problem {
        let line = line.clamp(1, self.text.lines().count().max(1));
        Problem {
            file: self.shown.clone(),
            line,
            text_of_line: self.text.lines().nth(line - 1).unwrap_or_default().to_owned(),
            what: what.into(),
            instead: instead.into(),
            weight,
        }
    }
}

impl Source {
    /// YAML's own words help few writers, so the usual reasons come first.
    pub fn unreadable_yaml(&self, broken: &super::yaml::Broken) -> Problem {
        let line = self.text.lines().nth(broken.line - 1).unwrap_or_default();
        let value = line.trim_start().trim_start_matches("- ");
        let value = value.split_once(": ").map_or(value, |(_, value)| value).trim();
        let instead = if value.starts_with('"') {
            "close the quotation mark, or put single quotes around the whole value if more words follow it"
        } else if value.starts_with('\'') {
            "put single quotes around the whole value, and write one inside it twice"
        } else if value.starts_with(['[', '{']) {
            "close the bracket, or put the value into double quotes if it is a text"
        } else if value.starts_with(['@', '`', '%', '*', '&', '!', '|', '>']) {
            "put the value into double quotes, because YAML reads its first character as a sign"
        } else if value.contains(": ") {
            "put the value into double quotes, because it holds a colon"
        } else {
            "look for a missing quotation mark or a wrong indent here or on the line above"
        };
        self.broken(
            broken.line,
            format!("this header cannot be read ({})", super::fields::clip(&broken.why)),
            instead,
        )
    }
}
