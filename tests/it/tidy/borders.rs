//! Which folder may know which: docs/ARCHITECTURE.md draws it.

use super::{code_below, files, root};

/// Whether a line names this as a path: `tokio::spawn`, `use tokio`, `#[tokio::test]`.
fn names(code: &str, krate: &str) -> bool {
    code.match_indices(krate).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + krate.len()..];
        let begins = before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '.'));
        let is_use = code.trim_start().trim_start_matches("pub ").starts_with(&format!("use {krate}"))
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        begins && (after.starts_with("::") || is_use)
    })
}

/// The modules of ours that a line names: `content` in `use crate::content::File;`.
fn ours(code: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push(name(rest)),
            Some(list) => found.extend(list.split(',').map(|item| name(item.trim()))),
        }
    }
    found.retain(|module| !module.is_empty());
    found
}

#[test]
fn paths_are_told_from_words() {
    assert!(
        names("use tokio::spawn;", "tokio")
            && names("    #[tokio::test]", "tokio")
            && names("use serde;", "serde")
    );
    assert!(
        !names("let tokio = 1;", "tokio")
            && !names("use serde_json::Value;", "serde")
            && !names("x.axum", "axum")
    );
    assert_eq!(ours("use crate::{coach, store::Db};"), ["coach", "store"]);
    assert_eq!(ours("fn f(a: &crate::slack::Api) -> crate::store::Tx {"), ["slack", "store"]);
    assert_eq!(ours("use super::App;"), Vec::<String>::new());
}

/// The folder may name these modules of ours and no others.
#[track_caller]
fn knows_only(folder: &str, known: &[&str]) {
    let strangers: Vec<String> = code_below(folder)
        .iter()
        .flat_map(|(place, code)| ours(code).into_iter().map(move |module| (place, module)))
        .filter(|(_, module)| !known.contains(&module.as_str()))
        .map(|(place, module)| format!("{place}: crate::{module}"))
        .collect();
    assert_eq!(strangers, Vec::<String>::new(), "{folder} may know {known:?} of ours");
}

#[track_caller]
fn has_no(folder: &str, crates: &[&str]) {
    let found: Vec<String> = code_below(folder)
        .iter()
        .filter(|(_, code)| crates.iter().any(|krate| names(code, krate)))
        .map(|(place, code)| format!("{place}: {}", code.trim()))
        .collect();
    assert_eq!(found, Vec::<String>::new(), "{folder} has no use for {crates:?}");
}

#[test]
fn the_coach_knows_nothing_of_ours_and_cannot_wait() {
    knows_only("src/coach", &["coach"]);
    has_no(
        "src/coach",
        &["tokio", "sqlx", "axum", "hyper", "reqwest", "serde", "serde_json", "tracing", "uuid"],
    );
}

#[test]
fn slack_and_store_never_see_each_other() {
    knows_only("src/slack", &["slack", "coach"]);
    knows_only("src/store", &["store", "coach", "clock"]);
    has_no("src/slack", &["sqlx", "axum"]);
    has_no("src/store", &["axum", "reqwest", "hyper"]);
}

#[test]
fn the_local_slack_shares_no_types_with_ours() {
    knows_only("src/local", &["local", "clock"]);
    has_no("src/local", &["sqlx"]);
}

#[test]
fn prompts_are_read_without_slack_or_a_database() {
    knows_only("src/content", &["content", "coach"]);
    has_no("src/content", &["tokio", "sqlx", "axum", "reqwest"]);
}

#[test]
fn http_and_scheduler_hold_no_sql() {
    for folder in ["src/http", "src/scheduler.rs"] {
        has_no(folder, &["sqlx"]);
        for (place, code) in code_below(folder) {
            for word in ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE TABLE"] {
                assert!(!code.contains(word), "{place}: SQL belongs in store");
            }
        }
    }
}

#[test]
fn time_chance_and_settings_come_in_through_one_door() {
    const DOORS: [&str; 4] = ["src/clock.rs", "src/config.rs", "src/scheduler.rs", "src/local/serve.rs"];
    let lines = code_below("src");
    for (n, (place, code)) in lines.iter().enumerate() {
        let reaches_out =
            ["Timestamp::now", "Zoned::now", "SystemTime::now", "Uuid::now_v7", "env::var", "sleep("];
        if !reaches_out.iter().any(|call| code.contains(call)) {
            continue;
        }
        let excused =
            lines[n.saturating_sub(6)..n].iter().any(|(_, code)| code.contains("clippy::disallowed_methods"));
        let is_door = DOORS.iter().any(|door| place.starts_with(&format!("{door}:")));
        assert!(is_door && excused, "{place}: {}; clippy.toml says which door to use", code.trim());
    }
}

#[test]
fn no_file_names_a_machine() {
    // In pieces, so that this file does not find itself.
    let needles = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("registry.", "npmjs"),
        concat!("pypi", ".org"),
        concat!("proxy.", "golang"),
        concat!("gh", "cr.io"),
        concat!("quay", ".io"),
        concat!("artifact", "ory"),
    ];
    for file in files() {
        // Whatever is no text names nothing.
        let Ok(text) = std::fs::read_to_string(root().join(&file)) else { continue };
        for (line, n) in text.lines().zip(1..) {
            for needle in needles {
                assert!(
                    !line.contains(needle),
                    "{}:{n} names a machine or a registry: {needle}",
                    file.display()
                );
            }
        }
    }
}
