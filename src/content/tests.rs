//! A tip with one thing wrong, and what its writer is told.

use super::*;

const TIP: &str = "\
---
id: ask-first
title: Ask before you help
skill: delegation
rungs: [director-head, vp-cpo]
minutes: 1
why: Rescue teaches people to wait.
source: [mironov, ours]
questions:
  - how do i stop rescuing
  - am i hovering
  - my pm is stuck
synonyms: [hovering]
plan: If somebody is stuck, then I will ask first.
weak: '\"Right, what I would do is …\"'
strong: '\"Shall I listen, or decide?\"'
---
Find out what help is wanted. Use `{{command}} log`.
";

const SKILL: &str = "\
---
id: delegation
title: Delegation
skill: delegation
rungs: all
minutes: 1
why: Decisions made near the work are faster.
source: ours
questions: [one thing, another thing, a third thing]
short: Delegation
targets: { staff-principal: 2, director-head: 3, vp-cpo: 4 }
levels: [You share tasks., You hand over results., You leave decisions alone., You outlast your post.]
---
Handing over the right to decide.
";

fn file(path: &str, text: impl Into<Vec<u8>>) -> File {
    let origin = if path.starts_with("own/") { Origin::Overlay } else { Origin::BuiltIn };
    let inside = path.trim_start_matches("own/").to_owned();
    File { path: inside, shown: path.to_owned(), bytes: text.into(), origin }
}

fn report(files: &[(&str, String)]) -> Report {
    let mut all = vec![
        file("skills/delegation.md", SKILL),
        file("lines.yaml", "hr: Ask your HR team before you act on this.\n"),
    ];
    all.extend(files.iter().map(|(path, text)| file(path, text.as_str())));
    check(&all)
}

fn said(report: &Report) -> String {
    report.problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// The tip with one stretch replaced: exactly these problems.
#[track_caller]
fn check_tip(old: &str, new: &str, expected: &str) {
    assert!(TIP.contains(old), "{old}");
    let report = report(&[("tips/ask-first.md", TIP.replacen(old, new, 1))]);
    assert_eq!(said(&report), expected);
}

#[test]
fn a_sound_tip_is_taken_whole() {
    let report = report(&[("tips/ask-first.md", TIP.to_owned())]);
    assert_eq!(said(&report), "");
    assert_eq!(report.library.all().count(), 2);
}

#[test]
fn windows_marks_and_tabs_change_nothing() {
    let plain = report(&[("tips/ask-first.md", TIP.to_owned())]);
    let windows = format!("\u{feff}{}", TIP.replace('\n', "\r\n").replace("  - ", "\t- "));
    let windows = report(&[("tips/ask-first.md", windows)]);
    assert_eq!(said(&windows), "");
    assert_eq!(format!("{:?}", windows.library), format!("{:?}", plain.library));
}

#[test]
fn a_slip_in_a_key_is_named_with_the_right_one() {
    check_tip(
        "rungs:",
        "rung:",
        "tips/ask-first.md:2: `rungs` is missing, add a line `rungs: [one, another]`
    id: ask-first
tips/ask-first.md:5: a tip has no key `rung` (did you mean `rungs`?), use only `id`, `title`, `skill`, \
         `rungs`, `minutes`, `span`, `why`, `source`, `questions`, `synonyms`, `next`, `recurs`, `weak`, \
         `strong`, `plan`
    rung: [director-head, vp-cpo]",
    );
}
