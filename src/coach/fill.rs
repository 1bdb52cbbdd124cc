//! Placeholders: the few words in a prompt that only the moment of answering knows.
//!
//! `{{command}}` is the slash command as this workspace calls it. `{{action|…}}` is what the person
//! planned to do and `{{challenge|…}}` the title of their current challenge; the words after `|` are
//! said when there is none. `{{line:…}}` is a shared sentence, put in when the library is loaded.

use std::ops::Range;

/// What the placeholders stand for just now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words<'a> {
    /// With its slash: "/coach".
    pub command: &'a str,
    pub action: Option<&'a str>,
    pub challenge: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder<'a> {
    Command,
    /// With what is said when there is none; never empty.
    Action(&'a str),
    Challenge(&'a str),
    /// The name of a shared sentence.
    Line(&'a str),
    /// Not one of ours, or never closed. The library check refuses it.
    Unknown(&'a str),
}

/// The text with its placeholders filled. What is put in is not looked at again, so what a person
/// typed stays what they typed; it is only set in one line, because it stands inside a sentence.
pub fn fill(text: &str, words: &Words) -> String {
    replace(text, |placeholder| match placeholder {
        Placeholder::Command => Some(words.command.to_owned()),
        Placeholder::Action(otherwise) => Some(said(words.action, otherwise)),
        Placeholder::Challenge(otherwise) => Some(said(words.challenge, otherwise)),
        Placeholder::Line(_) | Placeholder::Unknown(_) => None,
    })
}

/// Puts in what `with` says, and leaves a placeholder as it stands where that is nothing.
pub fn replace(text: &str, with: impl Fn(Placeholder) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (range, placeholder) in placeholders(text) {
        out.push_str(&text[end..range.start]);
        end = range.end;
        match with(placeholder) {
            Some(words) => out.push_str(&words),
            None => out.push_str(&text[range]),
        }
    }
    out.push_str(&text[end..]);
    out
}

/// Every placeholder in the text, and where it stands.
pub fn placeholders(text: &str) -> Vec<(Range<usize>, Placeholder<'_>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let (inside, end) = match text[start..].find("}}") {
            Some(length) => (&text[start + 2..start + length], start + length + 2),
            None => (&text[start + 2..], text.len()),
        };
        let placeholder = if text[..end].ends_with("}}") && end >= start + 4 {
            read(inside)
        } else {
            Placeholder::Unknown(inside)
        };
        found.push((start..end, placeholder));
        from = end;
    }
    found
}

fn read(inside: &str) -> Placeholder<'_> {
    let (name, otherwise) = match inside.split_once('|') {
        Some((name, otherwise)) => (name.trim(), otherwise.trim()),
        None => (inside.trim(), ""),
    };
    match (name, otherwise) {
        ("command", "") => Placeholder::Command,
        ("action", otherwise) if !otherwise.is_empty() => Placeholder::Action(otherwise),
        ("challenge", otherwise) if !otherwise.is_empty() => Placeholder::Challenge(otherwise),
        (line, "") if line.starts_with("line:") => Placeholder::Line(line["line:".len()..].trim()),
        _ => Placeholder::Unknown(inside),
    }
}

/// A sentence goes on after it, so a full stop of its own would be one too many.
fn said(words: Option<&str>, otherwise: &str) -> String {
    let line = words.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.strip_suffix('.').filter(|rest| !rest.ends_with('.')).unwrap_or(&line);
    if line.is_empty() { otherwise.to_owned() } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let words = Words { command: "/coach", action: Some("ask\n Kim  {{command}}."), challenge: None };
        assert_eq!(fill(text, &words), expected);
    }

    #[test]
    fn placeholders_are_filled() {
        check("Say `{{command}} log`.", "Say `/coach log`.");
        check("You planned: {{action|one small thing}}.", "You planned: ask Kim {{command}}.");
        check("About {{challenge|your challenge}}:", "About your challenge:");
        check("No placeholder { here }.", "No placeholder { here }.");
    }

    #[test]
    fn what_is_not_ours_stays_as_it_stands() {
        check("{{line:hr}} {{name}} {{action}} {{", "{{line:hr}} {{name}} {{action}} {{");
        check("{{command|x}} ü {{", "{{command|x}} ü {{");
    }

    #[test]
    fn each_placeholder_is_read() {
        let read = |text| placeholders(text).into_iter().map(|(_, found)| found).collect::<Vec<_>>();
        assert_eq!(read("{{ command }}"), [Placeholder::Command]);
        assert_eq!(read("{{action|a|b}}"), [Placeholder::Action("a|b")]);
        assert_eq!(read("{{line:hr}}{{}}"), [Placeholder::Line("hr"), Placeholder::Unknown("")]);
        assert_eq!(read("{{challenge|}}"), [Placeholder::Unknown("challenge|")]);
        assert_eq!(read("{{command}"), [Placeholder::Unknown("command}")]);
        assert_eq!(read("}} {"), []);
    }
}
