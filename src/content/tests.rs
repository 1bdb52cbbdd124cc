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

/// The tip with one stretch replaced: each problem, as "line: what".
#[track_caller]
fn check_tip(old: &str, new: &str, expected: &[&str]) {
    assert!(TIP.contains(old), "{old}");
    let report = report(&[("tips/ask-first.md", TIP.replacen(old, new, 1))]);
    let found: Vec<_> =
        report.problems.iter().map(|problem| format!("{}: {}", problem.line, problem.what)).collect();
    assert_eq!(found, expected, "{}", said(&report));
}

#[test]
fn a_problem_says_where_what_and_what_instead() {
    let report = report(&[("tips/ask-first.md", TIP.replace("source: [mironov", "source: [mironof"))]);
    let known: Vec<_> = sources::ids().collect();
    let expected = format!(
        "tips/ask-first.md:8: there is no source `mironof` (did you mean `mironov`?), write one of {}\n    \
         source: [mironof, ours]",
        known.join(", ")
    );
    assert_eq!(said(&report), expected);
}

#[test]
fn all_problems_come_at_once_by_line() {
    let wrong = TIP.replace("minutes: 1", "minute: 1").replace("rungs: [dir", "rungs: [all, dir");
    let report = report(&[("tips/ask-first.md", wrong + "Organize it! {{nobody}}\n")]);
    let lines: Vec<_> = report.problems.iter().map(|problem| (problem.line, problem.weight)).collect();
    use Weight::*;
    assert_eq!(lines, [(2, Broken), (5, Broken), (6, Broken), (19, Wording), (19, Wording), (19, Broken)]);
    assert_eq!(report.library.all().count(), 1);
}

#[test]
fn keys_are_closed_and_complete() {
    check_tip(
        "rungs:",
        "rung:",
        &["2: `rungs` is missing", "5: a tip has no key `rung` (did you mean `rungs`?)"],
    );
    check_tip("synonyms:", "goal:", &["13: a tip has no key `goal`"]);
    check_tip("minutes: 1", "minutes:", &["6: `minutes` is empty"]);
    check_tip("synonyms: [hovering]", "synonyms: []", &["13: `synonyms` is empty"]);
    check_tip(
        "minutes: 1",
        "minutes: 1\nminutes: 2",
        &["7: `minutes` stands here a second time (first on line 6)"],
    );
}

#[test]
fn values_have_their_form() {
    check_tip("minutes: 1", "minutes: 1.5", &["6: `minutes` is `1.5`"]);
    check_tip("minutes: 1", "minutes: -1", &["6: `minutes` is `-1`"]);
    check_tip("minutes: 1", "minutes: [1]", &["6: `minutes` takes number 1–480, and this is a list"]);
    check_tip("title: Ask before you help", "title: [Ask]", &["3: `title` takes text, and this is a list"]);
    check_tip("  - am i hovering\n  - my pm is stuck\n", "", &["9: `questions` has 1"]);
    check_tip(
        "  - am i hovering",
        "  - what now: wait",
        &["11: in `questions` every line is one text, and this reads as a key with a value"],
    );
    check_tip(
        "  - am i hovering",
        "  -",
        &["11: in `questions` every line is one text, and this is nothing"],
    );
    check_tip("title: Ask before you help", "title: Ask", &["3: `title` has 3 characters"]);
}

#[test]
fn names_are_held_against_what_there_is() {
    check_tip("id: ask-first", "id: ask-fist", &["2: the id `ask-fist` is not the name of the file"]);
    check_tip("id: ask-first", "id: Ask First", &["2: `Ask First` cannot be an id"]);
    check_tip(
        "skill: delegation",
        "skill: delegating",
        &["4: there is no skill `delegating` (did you mean `delegation`?)"],
    );
    check_tip("director-head, vp", "director, vp", &["5: there is no rung `director`"]);
    check_tip("director-head, vp-cpo", "vp-cpo, vp-cpo", &["5: `vp-cpo` stands in `rungs` twice"]);
    check_tip(
        "synonyms:",
        "next: ask-last\nsynonyms:",
        &["13: there is no prompt `ask-last` (did you mean `ask-first`?)"],
    );
    check_tip("synonyms:", "next: ask-first\nsynonyms:", &["13: this leads back to itself"]);
    check_tip("`{{command}} log`", "{{line:hd}}", &["18: there is no shared line `hd` (did you mean `hr`?)"]);
    check_tip("`{{command}} log`", "{{action}}", &["18: `{{action}}` is not a placeholder we know"]);
}

#[test]
fn the_frame_of_the_file_is_looked_at() {
    check_tip("---\nid", "id", &["1: the file does not begin with `---`"]);
    check_tip("---\nFind", "Find", &["1: the header has no end"]);
    check_tip(
        "Find out what help is wanted. Use `{{command}} log`.\n",
        "",
        &["17: a tip needs a text below the second `---`"],
    );
}

#[test]
fn what_yaml_cannot_read_has_a_remedy() {
    for (old, new, remedy) in [
        ("why: Rescue", "why: Mind: rescue", "because it holds a colon"),
        ("why: Rescue", "why: @rescue", "because YAML reads its first character as a sign"),
        ("weak: '", "weak: \"x\" '", "close the quotation mark"),
        ("  - am i", " - am i", "a wrong indent here or on the line above"),
    ] {
        let report = report(&[("tips/ask-first.md", TIP.replacen(old, new, 1))]);
        assert!(said(&report).contains(remedy), "{new}: {}", said(&report));
        assert_eq!(report.problems.len(), 1);
    }
}

#[test]
fn bytes_that_are_no_text_are_named_by_line() {
    let mut bytes = TIP.as_bytes().to_vec();
    bytes[20] = 0xff;
    let report = super::check(&[file("skills/delegation.md", SKILL), file("tips/ask-first.md", bytes)]);
    assert_eq!(
        report.problems[0].to_string().lines().next(),
        Some("tips/ask-first.md:3: this is not UTF-8 text, save the file with the encoding UTF-8")
    );
}

#[test]
fn an_id_belongs_to_one_file() {
    let twice = TIP.replace("Ask before", "Never ask before");
    let report = report(&[("tips/ask-first.md", TIP.to_owned()), ("scripts/ask-first.md", twice)]);
    assert!(
        said(&report).contains("scripts/ask-first.md:2: the id `ask-first` is taken by tips/ask-first.md")
    );
}

#[test]
fn files_in_the_wrong_place_are_named() {
    let report = report(&[
        ("tip/a.md", String::new()),
        ("tips/a.txt", String::new()),
        ("tips/old/a.md", String::new()),
        ("notes.md", String::new()),
    ]);
    let what: Vec<_> = report.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "nothing is read from here",
            "there is no folder `tip/` for prompts (did you mean `tips`?)",
            "only files that end in `.md` are read in `tips/`",
            "this is a folder too deep",
        ]
    );
}

#[test]
fn shared_lines_are_put_in_at_once_and_the_others_wait() {
    let text = TIP.replace("Use `{{command}} log`.", "{{line:hr}} Use `{{command}} log`.");
    let report = report(&[("tips/ask-first.md", text)]);
    let tip = report.library.all().find(|prompt| prompt.kind() == Kind::Tip).unwrap();
    assert_eq!(
        tip.body,
        "Find out what help is wanted. Ask your HR team before you act on this. Use `{{command}} log`."
    );
}

#[test]
fn two_prompts_do_not_say_the_same() {
    let other = TIP
        .replace("ask-first", "ask-again")
        .replace("Ask before you help", "Wait")
        .replace("Find out what help is wanted. Use `{{command}} log`.", "Wait.")
        .replace("Rescue teaches people to wait.", "Short.")
        .replace("Shall I listen, or decide?", "Hm.");
    let first = TIP.replace("Right, what I would do", "Right, here is what I would always do");
    let other = other.replace("Right, what I would do", "OK – “here is: what I would ALWAYS do”");
    let report = report(&[("tips/ask-first.md", first), ("tips/ask-again.md", other)]);
    let what: Vec<_> =
        report.problems.iter().map(|it| format!("{}:{}: {}", it.file, it.line, it.what)).collect();
    assert_eq!(
        what,
        [
            "tips/ask-first.md:14: eight words in a row, \"if somebody is stuck then i will ask\", stand in \
         tips/ask-again.md:14 too",
            "tips/ask-first.md:15: eight words in a row, \"here is what i would always do is\", stand in \
         tips/ask-again.md:15 too",
        ]
    );
}

#[test]
fn long_texts_are_counted() {
    let long = |n: usize| "abcd ".repeat(n);
    check_tip(
        "Find out what",
        &(long(101) + "what"),
        &[
            "18: body, weak, strong and plan have 129 words together",
            "18: body, weak, strong and plan have 647 characters together",
        ],
    );
    check_tip("Rescue teaches", &(long(33) + "teaches"), &["7: `why` has 188 characters"]);
    check_tip("minutes: 1", "minutes: 6", &["6: 6 minutes are long for a tip"]);
    // Shared lines are not the writer's words; for Slack they count, and `&` counts five times.
    check_tip("Use `", &"{{line:hr}} ".repeat(20), &[]);
    let marks = format!("why: '{}'", "&".repeat(600));
    check_tip(
        "why: Rescue teaches people to wait.",
        &marks,
        &["7: `why` has 3000 characters as Slack counts them", "7: `why` has 600 characters"],
    );
}

#[test]
fn shared_lines_have_words_and_no_lines_of_their_own() {
    let lines = "hr:\npay: [a]\nhealth: See {{line:hr}}.\n";
    let report = super::check(&[file("lines.yaml", lines)]);
    let found: Vec<_> = report.problems.iter().map(|it| format!("{}: {}", it.line, it.what)).collect();
    assert_eq!(
        found,
        [
            "1: `hr` has no words",
            "2: `pay` has no words",
            "3: the shared line `health` holds a placeholder it cannot",
        ]
    );
}
