//! Short enough to read in Slack between two meetings. Shared lines do not count: nobody should
//! have to mend ten tips because a lawyer added a word to one line.

use super::super::draft::Draft;
use super::super::problem::Problem;
use crate::coach::fill::{Placeholder, replace};
use crate::coach::library::Kind;

pub fn check(draft: &Draft, problems: &mut Vec<Problem>) {
    let at_most = |name: &str, most: usize, problems: &mut Vec<Problem>| {
        let n = draft.text(name).map_or(0, |text| own_words(&text.text).chars().count());
        if n > most {
            let line = draft.text(name).map_or(1, |text| text.line);
            let what = format!("`{name}` has {n} characters");
            problems.push(draft.source.wording(line, what, format!("write at most {most}")));
        }
    };
    at_most("why", 160, problems);
    match draft.kind {
        Kind::Tip => {
            let shown = total(draft, &["body", "weak", "strong", "plan"]);
            fits(draft, "body, weak, strong and plan", &shown, 600, problems);
            let n = shown.split_whitespace().count();
            if n > 100 {
                let what = format!("body, weak, strong and plan have {n} words together");
                problems.push(draft.source.wording(draft.body.line, what, "write at most 100"));
            }
            quick(draft, problems);
        }
        Kind::Script => {
            let texts =
                ["body", "when", "rules", "weak", "strong", "branches", "follow_up", "evidence", "plan"];
            fits(draft, "all texts of the script", &total(draft, &texts), 2600, problems);
        }
        Kind::Nudge => {
            at_most("body", 450, problems);
            quick(draft, problems);
        }
        _ => {}
    }
}

fn fits(draft: &Draft, name: &str, shown: &str, most: usize, problems: &mut Vec<Problem>) {
    let n = shown.chars().count();
    if n > most {
        let what = format!("{name} have {n} characters together");
        problems.push(draft.source.wording(draft.body.line, what, format!("write at most {most}")));
    }
}

/// A tip or a nudge is done before the kettle boils.
fn quick(draft: &Draft, problems: &mut Vec<Problem>) {
    let minutes = draft.fields.number("minutes").unwrap_or_default();
    if minutes > 5 {
        let what =
            format!("{} minutes are long for {}", minutes, super::super::draft::article(draft.kind.noun()));
        let line = draft.line_of_key("minutes");
        problems.push(draft.source.wording(line, what, "write 1 to 5, or make it a challenge"));
    }
}

/// The texts under these keys, as one; "branches" stands for "branches.say" too.
fn total(draft: &Draft, names: &[&str]) -> String {
    let wanted = |name: &str| names.contains(&name.split('.').next().unwrap_or(name));
    let texts = draft.texts();
    let shown: Vec<String> =
        texts.iter().filter(|(name, _)| wanted(name)).map(|(_, text)| own_words(&text.text)).collect();
    shown.join(" ")
}

fn own_words(text: &str) -> String {
    replace(text, |placeholder| match placeholder {
        Placeholder::Command => Some("/coach".to_owned()),
        Placeholder::Action(words) | Placeholder::Challenge(words) => Some(words.to_owned()),
        Placeholder::Line(_) => Some(String::new()),
        Placeholder::Unknown(_) => None,
    })
    .trim()
    .to_owned()
}
