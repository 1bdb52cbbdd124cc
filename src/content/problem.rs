//! What is wrong, where, and what to write instead.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The coach could not work with this file: it does not start.
    Broken,
    /// The coach works, but the words are not as we want them. Only the check says so, because a
    /// company's own spelling is no reason to stay off the air.
    Wording,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// As a person would name it: "prompts/tips/log-wins-today.md".
    pub file: String,
    /// Counted from 1, always inside the file.
    pub line: usize,
    pub text_of_line: String,
    /// What is wrong: a clause without a full stop.
    pub what: String,
    /// What to write or do instead: the same.
    pub instead: String,
    pub weight: Weight,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}, {}", self.file, self.line, self.what, self.instead)?;
        let text = self.text_of_line.trim();
        if text.is_empty() || text == "---" {
            return Ok(());
        }
        f.write_str("\n    ")?;
        // A line may be a whole paragraph; the beginning is enough to find it.
        let shown: String = text.chars().take(160).map(|c| if c.is_control() { ' ' } else { c }).collect();
        f.write_str(&shown)?;
        if text.chars().count() > 160 { f.write_str(" …") } else { Ok(()) }
    }
}

/// The order in which a writer mends: file by file, top to bottom. Saying one thing once is enough.
pub fn sort(problems: &mut Vec<Problem>) {
    problems
        .sort_by(|a, b| (&a.file, a.line, &a.what, &a.instead).cmp(&(&b.file, b.line, &b.what, &b.instead)));
    problems.dedup();
}
