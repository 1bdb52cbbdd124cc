//! Where a prompt touches interviewing, performance, pay or health, it sends the reader to whoever
//! knows the rules of their country and firm: one of the shared lines must stand in it.
//!
//! We look at what tells somebody to do something (body, steps, stages …), not at the questions they
//! may ask. Single words are too coarse: "performance" is mostly that of a page, an "interview" is
//! mostly with a customer, "health" is mostly that of a product. So these are phrases, and an
//! interview with a customer is taken out first.

use super::super::draft::Draft;
use super::super::problem::Problem;
use super::super::words::words;
use crate::coach::fill::{Placeholder, placeholders};

struct Care {
    what: &'static str,
    /// Whole words, in small letters; a last `*` stands for any ending.
    phrases: &'static [&'static str],
    /// One of these shared lines is enough.
    lines: &'static [&'static str],
}

const CARES: [Care; 3] = [
    Care {
        what: "interviewing or performance",
        phrases: &[
            "interview*",
            "job candidate*",
            "hiring decision*",
            "performance review*",
            "performance rating*",
            "performance plan*",
            "performance problem*",
            "performance improvement",
            "performance conversation*",
            "poor performance",
            "poor performer*",
            "low performer*",
            "underperform*",
            "appraisal*",
            "probation",
            "disciplinary",
        ],
        lines: &["hr"],
    },
    Care {
        what: "pay",
        phrases: &[
            "salary",
            "salaries",
            "pay rise*",
            "pay band*",
            "pay grade*",
            "pay review*",
            "pay range*",
            "their pay",
            "your pay",
            "equal pay",
            "a raise",
            "bonus",
            "bonuses",
            "compensation",
        ],
        lines: &["pay", "hr"],
    },
    Care {
        what: "health",
        phrases: &[
            "their health",
            "your health",
            "someone's health",
            "mental health",
            "sick leave",
            "sick note*",
            "illness*",
            "medical*",
            "burnout",
            "burned out",
            "burnt out",
        ],
        lines: &["health", "hr"],
    },
];

/// Interviews that nobody needs HR for.
const WITH_CUSTOMERS: [&str; 12] = [
    "customer interview",
    "customer interviews",
    "user interview",
    "user interviews",
    "discovery interview",
    "discovery interviews",
    "interview customers",
    "interview a customer",
    "interview users",
    "interviewing customers",
    "interviews with customers",
    "interviewed customers",
];

/// The parts that tell the reader what to do.
const DEEDS: [&str; 9] =
    ["body", "steps", "goal", "rules", "strong", "branches.say", "stages.do", "follow_up", "after"];

pub fn check(draft: &Draft, problems: &mut Vec<Problem>) {
    let texts = draft.texts();
    let has_line = |wanted: &[&str]| {
        texts.iter().any(|(_, text)| {
            placeholders(&text.text)
                .iter()
                .any(|(_, found)| matches!(found, Placeholder::Line(name) if wanted.contains(name)))
        })
    };
    for care in CARES.iter().filter(|care| !has_line(care.lines)) {
        let deeds = texts.iter().filter(|(name, _)| DEEDS.contains(&name.as_str()));
        let touched = deeds.filter_map(|(_, text)| Some((text, touches(&text.text, care.phrases)?))).next();
        if let Some((text, phrase)) = touched {
            let line = text.line_of_words(phrase.trim_end_matches('*'), &draft.source);
            let shown = phrase.trim_end_matches('*');
            let what = format!("this touches {} (\"{shown}\") without a word on whom to ask", care.what);
            let instead = format!("write {{{{line:{}}}}} at the end of the body", care.lines[0]);
            problems.push(draft.source.wording(line, what, instead));
        }
    }
}

/// The first of the phrases that the text holds.
fn touches(text: &str, phrases: &[&'static str]) -> Option<&'static str> {
    let mut plain = words(text).into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ");
    for harmless in WITH_CUSTOMERS {
        plain = format!(" {plain} ").replace(&format!(" {harmless} "), " … ").trim().to_owned();
    }
    let plain = format!(" {plain} ");
    phrases.iter().copied().find(|phrase| match phrase.strip_suffix('*') {
        Some(start) => plain.contains(&format!(" {start}")),
        None => plain.contains(&format!(" {phrase} ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> =
            CARES.iter().filter(|care| touches(text, care.phrases).is_some()).map(|care| care.what).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_needs_care_is_noticed() {
        check("Sit in on two interviews.", &["interviewing or performance"]);
        check("Before the performance review, gather dates.", &["interviewing or performance"]);
        check("Ask about salary bands.", &["pay"]);
        check("Ask for a pay rise.", &["pay"]);
        check("They mention their health.", &["health"]);
    }

    #[test]
    fn ordinary_product_work_raises_no_alarm() {
        for text in [
            "Watch the product performance for a week.",
            "Page performance and team health are on the dashboard.",
            "Run five customer interviews, then interview users in person.",
            "Pay attention to what customers pay for.",
            "Raise it in the meeting; a healthy margin helps.",
            "Review the roadmap and the annual goals.",
        ] {
            check(text, &[]);
        }
    }
}
