//! `prompts/README.md` says what is true: its table of keys, its sources, its example, its messages.

use std::collections::BTreeSet;

use rung::coach::library::Kind;
use rung::content::{keys, sources};

use super::{file, said, with};

const README: &str = include_str!("../../../prompts/README.md");

/// The rows of the table that has this header, cell by cell.
fn table(header: &str) -> Vec<Vec<String>> {
    let lines = README.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let row = row.trim_matches('|').replace("\\|", "¦");
        row.split('|').map(|cell| cell.trim_matches(' ').replace('¦', "|")).collect()
    };
    rows.map(cells).collect()
}

/// What stands between backticks.
fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

#[test]
fn the_table_of_keys_is_the_loaders_own() {
    let mut written = BTreeSet::new();
    for row in table("| key | in | needed | form |") {
        let [key, folders, needed, form, about] = row.as_slice() else { panic!("{row:?}") };
        assert!(!about.is_empty(), "{key}");
        let all = Kind::ALL.map(Kind::folder);
        let folders = if folders == "all" { all.to_vec() } else { folders.split(", ").collect() };
        for folder in folders {
            let row = (folder.to_owned(), code(key).to_owned(), needed == "yes", form.clone());
            assert!(written.insert(row), "{key} of {folder} stands there twice");
        }
    }
    let mut known = BTreeSet::new();
    for kind in Kind::ALL {
        for key in keys::COMMON.iter().chain(keys::own(kind)) {
            known.insert((kind.folder().to_owned(), key.name.to_owned(), key.needed, key.form.in_words()));
        }
    }
    assert_eq!(written.difference(&known).collect::<Vec<_>>(), Vec::<&_>::new(), "only in the README");
    assert_eq!(known.difference(&written).collect::<Vec<_>>(), Vec::<&_>::new(), "only in the loader");
}

#[test]
fn the_sources_are_all_there() {
    let written: Vec<_> = table("| id | readers see |")
        .into_iter()
        .map(|row| (code(&row[0]).to_owned(), row[1].clone()))
        .collect();
    let known: Vec<_> =
        sources::SOURCES.iter().map(|(id, words)| ((*id).to_owned(), (*words).to_owned())).collect();
    assert_eq!(written, known);
}

#[test]
fn the_events_are_all_there() {
    for event in keys::EVENTS {
        assert!(README.contains(&format!("`{event}`")), "{event}");
    }
}

fn example() -> &'static str {
    let (_, from) = README.split_once("```markdown\n").expect("the README has an example");
    from.split("```").next().unwrap_or_default()
}

#[test]
fn the_example_is_a_sound_tip() {
    let report = with(vec![file("tips/end-with-a-name.md", example())]);
    assert_eq!(said(&report), "");
}

#[test]
fn each_slip_brings_the_message_that_the_readme_promises() {
    let rows = table("| if the file has | the check says |");
    assert!(rows.len() >= 20);
    for row in rows {
        let [wrong, message, right] = row.as_slice() else { panic!("{row:?}") };
        let (wrong, right) = (code(wrong), code(right));
        assert!(example().contains(right), "not in the example: {right}");
        let slipped = match wrong {
            "*(nothing)*" => example().replacen(&format!("{right}\n"), "", 1),
            wrong => example().replacen(right, wrong, 1),
        };
        let report = with(vec![file("tips/end-with-a-name.md", slipped)]);
        assert!(said(&report).contains(message), "{wrong}\nshould bring: {message}\nbut:\n{}", said(&report));
    }
}
