//! Stopping, starting a second time, and losing the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Program;
use super::kills::{Acknowledged, check, logs_on_and_on, pause};
use crate::database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_under_load_it_finishes_what_it_has_and_loses_nothing() {
    let mut program = Program::new().await;
    program.starts().await;
    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Acknowledged::default());
    let mut people = tokio::task::JoinSet::new();
    for n in 0..6 {
        let human = program.slack.person(&format!("person{n}"), "Europe/Berlin");
        let (stop, acknowledged) = (Arc::clone(&stop), acknowledged.clone());
        people.spawn(async move { logs_on_and_on(&human, n, &stop, &acknowledged).await });
    }
    for _ in 0..2 {
        pause(Duration::from_secs(1)).await;
        let started = Instant::now();
        let status = program.is_told_to_stop().await;
        assert_eq!(status.code(), Some(0), "{}", program.told());
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        let promised = acknowledged.cards();
        program.starts().await;
        check(&program, &promised, "after a stop").await;
    }
    stop.store(true, Ordering::Relaxed);
    people.join_all().await;
    let promised = acknowledged.cards();
    assert!(!promised.is_empty());
    check(&program, &promised, "at the end").await;
    program.ends().await;
}

#[tokio::test]
async fn a_second_serve_on_one_file_is_refused_and_the_other_verbs_work_beside_it() {
    if database::server().is_some() {
        println!("left out: on PostgreSQL any number of servers may run");
        return;
    }
    let mut program = Program::new().await;
    program.starts().await;
    let second = program.rung(&["serve"]).output().await.unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success());
    assert!(
        told.contains("another `rung serve` is already running on") && told.contains("PostgreSQL"),
        "{told}"
    );

    for (verb, says) in [
        (&["doctor"][..], "Nothing is wrong."),
        (&["prompts", "list"], "manager-interest"),
        (&["prompts", "check"], "no problems"),
        (&["manifest", "--url", "https://rung.example.com"], "rung.example.com/slack/commands"),
    ] {
        let output = program.rung(verb).output().await.unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains(says), "{verb:?}: {told}");
        let all = format!("{told}{}", String::from_utf8_lossy(&output.stderr));
        for secret in [program.slack.bot_token(), program.slack.signing_secret()] {
            assert!(!all.contains(&secret), "{verb:?} tells a secret");
        }
    }
    let ana = program.slack.person("ana", "Europe/Berlin");
    assert_eq!(ana.says("/coach tip").await.status, 200, "the first one goes on");
    // A killed one leaves its lock file behind, and nothing in it holds.
    program.is_killed().await;
    program.starts().await;
    program.ends().await;
}

#[tokio::test]
async fn without_its_database_it_is_alive_and_not_ready() {
    let mut program = Program::new().await;
    program.starts().await;
    let inside = program.looks_inside().await;
    let ask = async |path: &str| reqwest::get(program.address(path)).await.unwrap().status().as_u16();
    assert_eq!((ask("/healthz").await, ask("/readyz").await), (200, 200));
    sqlx::query("ALTER TABLE _sqlx_migrations RENAME TO gone").execute(&inside).await.unwrap();
    assert_eq!((ask("/healthz").await, ask("/readyz").await), (200, 503));
    sqlx::query("ALTER TABLE gone RENAME TO _sqlx_migrations").execute(&inside).await.unwrap();
    assert_eq!((ask("/healthz").await, ask("/readyz").await), (200, 200));
    inside.close().await;
    program.ends().await;
}

#[tokio::test]
async fn told_to_stop_the_moment_it_listens_it_stops_in_order() {
    let mut program = Program::new().await;
    for _ in 0..5 {
        program.starts().await;
        assert_eq!(program.is_told_to_stop().await.code(), Some(0), "{}", program.told());
    }
    program.ends().await;
}

#[tokio::test]
async fn a_log_level_that_is_none_is_told_at_the_start() {
    let program = Program::new().await;
    let output = program.rung(&["serve"]).env("RUST_LOG", "rung=loud").output();
    let output =
        tokio::time::timeout(Duration::from_secs(20), output).await.expect("it does not start").unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("RUST_LOG is “rung=loud”; write a level"), "{told}");
    program.ends().await;
}
