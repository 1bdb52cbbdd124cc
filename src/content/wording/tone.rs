//! Calm and plain: no exclamation marks, no worn phrases, titles and plans in their shape.

use super::super::draft::Draft;
use super::super::problem::Problem;
use super::super::words::words;

/// What people skip when they read it. Bare words: no hyphens.
const WORN: [&str; 18] = [
    "at the end of the day",
    "comfort zone",
    "game changer",
    "think outside the box",
    "low hanging fruit",
    "move the needle",
    "moves the needle",
    "next level",
    "win win",
    "hit the ground running",
    "give 110",
    "synergy",
    "synergies",
    "rockstar",
    "deep dive",
    "circle back",
    "believe in yourself",
    "the sky is the limit",
];

pub fn check(draft: &Draft, problems: &mut Vec<Problem>) {
    for (name, text) in draft.texts() {
        if name == "questions" || name == "synonyms" {
            continue;
        }
        if let Some(at) = shout(&text.text) {
            let line = text.line_of(at, &draft.source);
            let what = format!("`{name}` has an exclamation mark");
            problems.push(draft.source.wording(line, what, "write a full stop, or nothing"));
        }
        let bare = words(&text.text).into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ");
        for worn in WORN.iter().filter(|worn| format!(" {bare} ").contains(&format!(" {worn} "))) {
            let line = text.line_of_words(worn, &draft.source);
            let what = format!("\"{worn}\" is a worn phrase");
            problems.push(draft.source.wording(line, what, "say what happens, in plain words"));
        }
        if name == "plan" && !text.text.trim_start_matches(['*', '_', '"', '“']).starts_with("If ") {
            let instead = "write \"If it is …, then I will …\"";
            problems.push(draft.source.wording(text.line, "a plan starts with \"If\"", instead));
        }
        if name == "title" {
            title(draft, text.line, &text.text, problems);
        }
    }
}

/// Where a `!` ends a sentence; `!=` and the image sign of Markdown are none.
fn shout(text: &str) -> Option<usize> {
    let after = |at: usize| text[at + 1..].chars().next();
    text.match_indices('!').map(|(at, _)| at).find(|at| !matches!(after(*at), Some('=' | '[')))
}

fn title(draft: &Draft, line: usize, title: &str, problems: &mut Vec<Problem>) {
    if title.ends_with('.') && !title.ends_with('…') {
        problems.push(draft.source.wording(line, "the title ends with a full stop", "leave it out"));
    }
    if title.chars().next().is_some_and(char::is_lowercase) {
        let instead = "begin it with a capital letter";
        problems.push(draft.source.wording(line, "the title begins with a small letter", instead));
    }
}
