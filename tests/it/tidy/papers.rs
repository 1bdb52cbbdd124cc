//! README, CHANGELOG and licences say what is true.

use rung::coach::command::SPECS;

use super::{marked, read, root, rung};
use crate::store::{Store, columns};

#[test]
fn the_readme_has_every_command_as_the_help_words_it() {
    let mut rows = vec!["| say | get |".to_owned(), "|---|---|".to_owned()];
    for spec in SPECS {
        let said = format!("/coach {} {}", spec.name, spec.args);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
        rows.push(format!("| `{said}` | {} |", spec.about.replace('|', "\\|")));
    }
    let written = marked(&read("README.md"), "commands");
    assert_eq!(written.lines().collect::<Vec<_>>(), rows);
}

#[test]
fn the_readme_shows_the_demo_as_it_is() {
    let played = rung(&["demo", "--tour"]);
    let played: Vec<&str> = played.lines().map(str::trim_end).collect();
    let readme = read("README.md");
    let shown = marked(&readme, "tour");
    let lines: Vec<&str> = shown
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with("```"))
        .collect();
    assert!(lines.len() >= 20, "an excerpt that shows something");
    let mut from = 0;
    for line in lines.into_iter().filter(|line| line.trim() != "…") {
        match played[from..].iter().position(|seen| *seen == line) {
            Some(at) => from += at + 1,
            None => {
                panic!("the tour does not say this, or not in this order:\n{line}\n\n{}", played.join("\n"))
            }
        }
    }
}

#[test]
fn the_readme_names_the_two_commands() {
    let readme = read("README.md");
    assert!(readme.contains("cargo run -- demo") && readme.contains("tests/run"));
}

#[test]
fn the_files_that_the_papers_point_to_are_there() {
    for paper in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/ARCHITECTURE.md",
        "docs/DECISIONS.md",
        "docs/OPERATING.md",
        "CHANGELOG.md",
    ] {
        let text = read(paper);
        let folder = root().join(paper);
        let folder = folder.parent().expect("a paper lies in a folder");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") {
                assert!(folder.join(target).exists(), "{paper} points to {target}, which is not there");
            }
        }
    }
}

#[test]
fn the_changelog_has_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        read("CHANGELOG.md").lines().any(|line| line.starts_with(&format!("## [{version}]"))),
        "{version}"
    );
}

#[test]
fn the_licences_are_whole() {
    assert!(read("Cargo.toml").contains(r#"license = "MIT OR Apache-2.0""#));
    assert!(read("LICENSE-MIT").contains("THE SOFTWARE IS PROVIDED \"AS IS\""));
    let apache = read("LICENSE-APACHE");
    assert!(
        apache.contains("TERMS AND CONDITIONS FOR USE") && apache.contains("END OF TERMS AND CONDITIONS")
    );
}

#[test]
fn every_dependency_comes_from_crates_io_and_none_is_banned() {
    let lock: toml::Table = read("Cargo.lock").parse().expect("Cargo.lock is TOML");
    let rules: toml::Table = read("deny.toml").parse().expect("deny.toml is TOML");
    let banned: Vec<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|rule| rule["crate"].as_str())
        .collect();
    assert!(["openssl", "aws-lc-sys", "chrono-tz", "serde_yaml"].iter().all(|name| banned.contains(name)));
    for package in lock["package"].as_array().expect("a list") {
        let name = package["name"].as_str().expect("a name");
        assert!(!banned.contains(&name), "{name} is banned in deny.toml");
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            assert_eq!(source, "registry+https://github.com/rust-lang/crates.io-index", "{name}");
        }
    }
}

#[tokio::test]
async fn the_manual_erases_a_workspace_from_every_table_and_names_all_that_know_a_person() {
    let store = Store::open().await;
    let manual = read("docs/OPERATING.md");
    let block = manual.split("For one workspace of several").nth(1).and_then(|rest| rest.split("```").nth(1));
    let block = block.and_then(|block| block.strip_prefix("sql\n")).expect("the SQL");
    let held = manual.split("what you hold about them").nth(1).and_then(|rest| rest.lines().next());
    let held = held.expect("the answer to what is held");
    let columns = columns(&store).await;
    let mut tables: Vec<&str> = columns.iter().map(|(table, ..)| table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    for table in tables {
        let erases = |line: &str| line.split_whitespace().take(3).eq(["DELETE", "FROM", table]);
        assert!(block.lines().any(erases), "{table} is not in the SQL that erases a workspace");
        let knows = |(of, column, ..): &(String, String, String, bool)| {
            of == table && ["user_id", "set_by"].contains(&column.as_str())
        };
        let named = held.contains(&format!("`{table}`"));
        assert!(named || !columns.iter().any(knows), "{table} knows people, and the manual does not say so");
    }
    for statement in block.lines() {
        store.run(statement).await;
    }
    store.ends().await;
}
