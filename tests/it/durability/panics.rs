//! What is told of a panic: where, and not a word of its message, which can hold what people wrote.

use std::process::Command;

use rung::cli::serve;

const WORDS: &str = "Ana wrote: nobody knows of this";

#[test]
fn a_panic_tells_where_it_was_and_not_a_word_of_anybodys() {
    // The hook is the whole process's, so this runs in one of its own.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::panics::panics_as_the_server_would", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let told =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    let line =
        told.lines().find(|line| line.contains("panicked")).unwrap_or_else(|| panic!("no line: {told}"));
    let event: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((event["level"].as_str(), event["message"].as_str()), (Some("ERROR"), Some("panicked")));
    assert!(event["place"].as_str().unwrap().contains("tests/it/durability/panics.rs:"), "{line}");
    assert!(!told.contains("nobody knows") && !told.contains("Ana"), "{told}");
}

#[test]
#[ignore = "the other half of the test above, which starts it"]
fn panics_as_the_server_would() {
    tracing_subscriber::fmt().json().flatten_event(true).with_writer(std::io::stderr).init();
    serve::tell_only_where_it_panicked();
    assert!(std::thread::spawn(|| panic!("{WORDS}")).join().is_err());
}
