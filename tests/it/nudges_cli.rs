//! The verbs of whoever runs the coach: what became of every slot, a backup, and how many people there are.

use std::process::{Command, Output};

use rung::coach::week::Week;
use serde_json::Value;

use crate::chat::Chat;
use crate::nudges_proofs::run;

/// The program itself, beside the running server, on the same database.
pub fn rung(database_url: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rung"))
        .args(args)
        .env("DATABASE_URL", database_url)
        .env("SLACK_API_URL", "http://127.0.0.1:9/api/")
        .current_dir(std::env::temp_dir())
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&said(output)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_slot_is_listed_with_its_end_and_without_a_word_of_anybodys() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    for person in [&ana, &ben] {
        person.says("/coach nudge on").await;
    }
    chat.slack.fails("chat.postMessage", "invalid_blocks", 1);
    chat.passes("1 hour").await;
    ana.says("/coach nudge off").await;
    ana.says("/coach log Shipped the secret memo").await;
    let url = chat.database().url();

    let listed = json(&rung(&url, &["nudges", "list", "--days", "2000", "--json"]));
    let mut outcomes: Vec<&str> =
        listed.as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["failed", "sent"]);
    let failed = listed.as_array().unwrap().iter().find(|row| row["outcome"] == "failed").unwrap();
    assert_eq!(failed["reason"], "invalid_blocks");
    let text = said(&rung(&url, &["nudges", "list", "--days", "2000"]));
    assert!(text.ends_with("1 sent, 0 skipped, 1 failed, 0 waiting, in 2000 days.\n"), "{text}");
    for word in ["ana", "ben", "memo"] {
        assert!(!text.contains(word), "{text}");
    }
    let only = said(&rung(&url, &["nudges", "list", "--days", "2000", "--outcome", "failed"]));
    assert!(only.contains("invalid_blocks") && !only.contains("  sent  "), "{only}");
    chat.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_come_is_shown_and_nothing_is_sent() {
    // The program has the machine's clock, so this chat has too.
    let chat = Chat::now().await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    let url = chat.database().url();
    for args in [vec!["nudges", "retry", "--dry-run"], vec!["nudges", "list", "--dry-run"]] {
        let text = said(&rung(&url, &args));
        assert!(text.contains("  send      nudge ") && text.contains(&ana.human.id()), "{text}");
        assert!(text.contains("Nothing was sent."), "{text}");
    }
    let coming = json(&rung(&url, &["nudges", "list", "--dry-run", "--json"]));
    assert_eq!(coming.as_array().unwrap().len(), 1);
    chat.slack.invites_coach("leaders");
    ana.says_in("leaders", "/coach nudge here Mon 09:00").await;
    let both = json(&rung(&url, &["nudges", "list", "--dry-run", "--json"]));
    let kinds: Vec<&str> = both.as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"channel") && kinds.contains(&"nudge"), "{both}");
    assert!(coming[0]["prompt"].is_string() && coming[0]["at"].is_string(), "{coming}");
    let waits = "SELECT COUNT(*) FROM jobs WHERE kind <> 'channel' OR week IS NOT NULL";
    assert_eq!(chat.count(waits).await, 0, "but for the word that the channel was told");
    chat.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_can_be_brought_back_and_is_then_sent_once() {
    let chat = Chat::now().await;
    let ana = chat.person("ana");
    chat.slack.fails("chat.postMessage", "invalid_blocks", 1);
    ana.says("/coach log").await;
    ana.submits([("What did you do?", "Wrote the memo")]).await;
    assert_eq!(ana.human.dms().len(), 0);
    let url = chat.database().url();

    let dry = said(&rung(&url, &["nudges", "retry", "--dry-run"]));
    assert!(dry.contains("1 would be brought back. Nothing was changed."), "{dry}");
    chat.settles().await;
    assert_eq!(ana.human.dms().len(), 0);
    let back = json(&rung(&url, &["nudges", "retry", "--json"]));
    assert_eq!(back["brought_back"][0]["reason"], "invalid_blocks");
    chat.passes("1 minute").await;
    assert!(ana.reads().contains("Wrote the memo"), "{}", ana.reads());
    assert_eq!(
        said(&rung(&url, &["nudges", "retry"])).lines().last(),
        Some("0 brought back; the running server sends what is still wanted.")
    );
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_could_not_be_planned_is_brought_back_with_a_prompt() {
    let chat = Chat::now().await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    let app = chat.app().await;
    let now = chat.clock.now();
    let week = Week::of(now.to_zoned(jiff::tz::TimeZone::UTC).date());
    let due = format!(
        "UPDATE people SET quiet_until = 'not a day', next_nudge_at = {}, next_nudge_week = '{week}'",
        now.as_millisecond()
    );
    run(&app, &due).await;
    for _ in 0..3 {
        chat.settles().await;
    }
    let ends = chat.texts("SELECT reason FROM jobs WHERE kind = 'nudge' AND prompt_id IS NULL").await;
    assert_eq!(ends, ["could not be planned; the server's log says why"]);
    chat.writes("UPDATE people SET quiet_until = NULL").await;
    let url = chat.database().url();
    let back = json(&rung(&url, &["nudges", "retry", "--json"]));
    assert_eq!(back["brought_back"].as_array().map(Vec::len), Some(1), "{back}");
    chat.passes("1 minute").await;
    assert_eq!(ana.human.dms().len(), 1, "{}", chat.transcript());
    // It is the week's nudge like any other, and counts as shown.
    let sent =
        "SELECT COUNT(*) FROM jobs j JOIN shown s ON s.prompt_id = j.prompt_id WHERE j.outcome = 'sent'";
    assert_eq!(chat.count(sent).await, 1);
    chat.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_counted_and_not_named() {
    let chat = Chat::now().await;
    for name in ["ana", "ben", "cleo"] {
        chat.person(name).says("/coach log Shipped it").await;
    }
    chat.person("ana").says("/coach nudge on").await;
    let counts = json(&rung(&chat.database().url(), &["people", "--json"]));
    for (what, n) in
        [("people", 3), ("active_in_28_days", 3), ("nudges_on", 1), ("evidence_cards", 3), ("workspaces", 1)]
    {
        assert_eq!(counts[what], n, "{what} in {counts}");
    }
    let text = said(&rung(&chat.database().url(), &["people"]));
    assert!(text.starts_with("       1  workspaces\n       3  people\n") && !text.contains("ana"), "{text}");
    chat.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_beside_a_busy_server_has_every_row() {
    let chat = Chat::now().await;
    let url = chat.database().url();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db");
    let name = file.to_str().unwrap().to_owned();
    if url.starts_with("postgres") {
        let output = rung(&url, &["backup", &name]);
        assert!(!output.status.success());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("pg_dump --format=custom"), "{told}");
        return chat.ends().await;
    }
    let ana = chat.person("ana");
    for n in 0..20 {
        ana.says(&format!("/coach log Shipped number {n}")).await;
    }
    let busy = async {
        for n in 20..40 {
            ana.says(&format!("/coach log Shipped number {n}")).await;
        }
    };
    let copy = tokio::task::spawn_blocking({
        let (url, name) = (url.clone(), name.clone());
        move || rung(&url, &["backup", &name, "--json"])
    });
    let (copy, ()) = tokio::join!(copy, busy);
    let copied = json(&copy.unwrap());
    let cards = copied["rows"]["evidence"].as_i64().unwrap();
    assert!((20..=40).contains(&cards), "{copied}");

    // The copy is a database like any other, and a file that is there is never written over.
    let counts = json(&rung(&format!("sqlite://{name}"), &["people", "--json"]));
    assert_eq!(counts["evidence_cards"], cards);
    let again = rung(&url, &["backup", &name]);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("never writes over"));
    chat.ends().await;
}

#[test]
fn looking_never_makes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("typo.db");
    for args in [vec!["people"], vec!["nudges", "list"], vec!["backup", "x.db"]] {
        let output = rung(&format!("sqlite://{}", file.display()), &args);
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("there is no database at"));
        assert!(!file.exists());
    }
}
