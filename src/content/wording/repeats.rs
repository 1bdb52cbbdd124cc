//! No two prompts say the same: no shared run of eight words, no two openings alike in a kind.

use std::collections::HashMap;

use super::super::draft::Draft;
use super::super::fields::Text;
use super::super::problem::Problem;
use super::super::words::words;
use crate::coach::fill::{Placeholder, replace};

const RUN: usize = 8;

/// Where a run of words was seen first.
struct Seen<'a> {
    draft: &'a Draft,
    text: &'a Text,
    at: usize,
}

pub fn check(drafts: &[Draft], problems: &mut Vec<Problem>) {
    runs(drafts, problems);
    openings(drafts, problems);
}

fn runs(drafts: &[Draft], problems: &mut Vec<Problem>) {
    let mut seen: HashMap<Vec<String>, Seen> = HashMap::new();
    for draft in drafts {
        let texts = draft.texts();
        let own = texts.into_iter().filter(|(name, _)| !matches!(name.as_str(), "questions" | "synonyms"));
        for (_, text) in own {
            let plain = without_shared(&text.text);
            let all = words(&plain);
            let mut told_until = 0;
            for (n, window) in all.windows(RUN).enumerate() {
                let run: Vec<String> = window.iter().map(|(_, word)| word.clone()).collect();
                let at = window[0].0.start;
                match seen.get(&run) {
                    Some(first) if first.draft.id != draft.id => {
                        // A long copy is one problem, told where it begins.
                        if n >= told_until {
                            problems.push(shared_run(draft, text, at, &run, first));
                        }
                        told_until = n + RUN;
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(run, Seen { draft, text, at });
                    }
                }
            }
        }
    }
}

fn shared_run(draft: &Draft, text: &Text, at: usize, run: &[String], first: &Seen) -> Problem {
    let other = format!("{}:{}", first.draft.source.shown, first.text.line_of(first.at, &first.draft.source));
    let what = format!("eight words in a row, \"{}\", stand in {other} too", run.join(" "));
    draft.source.wording(text.line_of(at, &draft.source), what, "say it in other words here or there")
}

/// Shared lines are shared on purpose. What takes their place is as long, so that places stay true,
/// and holds no words.
fn without_shared(text: &str) -> String {
    let mut plain = text.to_owned();
    for (range, placeholder) in crate::coach::fill::placeholders(text) {
        if matches!(placeholder, Placeholder::Line(_)) {
            let blank = " ".repeat(range.len());
            plain.replace_range(range, &blank);
        }
    }
    plain
}

/// The first four words of a title or a body. A list in which five things begin alike is tiring.
fn openings(drafts: &[Draft], problems: &mut Vec<Problem>) {
    let mut seen = HashMap::new();
    for draft in drafts {
        for name in ["title", "body"] {
            let Some(text) = draft.text(name) else { continue };
            let plain = replace(&text.text, |_| Some(String::new()));
            let opening: Vec<String> = words(&plain).into_iter().take(4).map(|(_, word)| word).collect();
            if opening.is_empty() {
                continue;
            }
            let shown = opening.join(" ");
            match seen.get(&(draft.kind, name, opening.clone())) {
                Some(first) => {
                    let what = format!("this {name} begins \"{shown}\", as that of {first} does");
                    let problem = draft.source.wording(text.line, what, "begin one of the two differently");
                    problems.push(problem);
                }
                None => {
                    let place = format!("{}:{}", draft.source.shown, text.line);
                    seen.insert((draft.kind, name, opening), place);
                }
            }
        }
    }
}
