//! Our own trouble: the database fails in the middle. Whoever asked gets a sentence and a reference, keeps
//! what they typed, and may simply try again; the log has the reference and nothing that anybody wrote.

use super::anything::Told;
use super::*;

const MARK: &str = "qZx7Marked";
const BREAK: &str = "ALTER TABLE evidence RENAME TO evidence_away";
const MEND: &str = "ALTER TABLE evidence_away RENAME TO evidence";

/// The reference that stands in an answer, looked up in the log.
fn reference_of(answer: &str, told: &Told) -> String {
    let word = answer.to_lowercase();
    let at = word.find("reference ").unwrap_or_else(|| panic!("no reference in {answer}"));
    let reference: String =
        answer[at + "reference ".len()..].chars().take_while(char::is_ascii_hexdigit).collect();
    assert!(reference.len() >= 6, "{reference:?} in {answer}");
    let log = told.text();
    assert!(log.contains(&reference), "{reference} is not in the log:\n{log}");
    reference
}

#[tokio::test]
async fn while_the_database_fails_everybody_is_told_so_and_loses_nothing() {
    let told = Told::default();
    let guard = told.begins();
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach tip").await;
    let tip = ana.reads();

    // A command.
    chat.writes(BREAK).await;
    let words = format!("log {MARK} & <won> 🙂");
    let answer = ana.says(&format!("/coach {words}")).await;
    assert_eq!((answer.status, answer.error), (200, None));
    let screen = ana.reads();
    assert!(
        screen.contains("failed on my side, and nothing was saved") && screen.contains(&words),
        "{screen}"
    );
    let first = reference_of(&screen, &told);

    // A button on a message.
    ana.clicks("Another").await;
    let screen = ana.reads();
    assert!(screen.contains("failed on my side"), "{screen}");
    assert_ne!(reference_of(&screen, &told), first);
    assert!(!screen.contains(&tip));

    // A button in App Home, where nothing can be said: Slack does.
    let press = interaction(&serde_json::json!({
        "type": "block_actions", "user": { "id": ana.human.id() }, "team": { "id": chat.slack.team_id() },
        "container": { "type": "view", "view_id": "V1" }, "view": { "id": "V1", "type": "home" },
        "actions": [{ "type": "button", "action_id": "today#0", "block_id": "b" }],
    }));
    assert_eq!(chat.slack.posts(INTERACTIVITY, FORM, press).await.0, 500);

    // A shortcut on a message, which stays where it is; and one from anywhere, where nothing can be said: Slack does.
    let dana = chat.person("dana");
    dana.human.says_in("growth", &format!("{MARK} is live")).await;
    ana.sees();
    ana.uses_message_shortcut("save_evidence", MARK).await;
    let screen = ana.reads();
    assert!(screen.contains("failed on my side") && ana.human.modal().is_none(), "{screen}");
    reference_of(&screen, &told);
    assert!(!dana.sees().contains("failed"), "whoever wrote it is told nothing");
    let shortcut = interaction(&serde_json::json!({
        "type": "shortcut", "callback_id": "log_evidence", "trigger_id": "1.2.3",
        "user": { "id": ana.human.id() }, "team": { "id": chat.slack.team_id() },
    }));
    assert_eq!(chat.slack.posts(INTERACTIVITY, FORM, shortcut).await.0, 500);
    chat.writes(MEND).await;
    ana.uses_message_shortcut("save_evidence", MARK).await;
    ana.submits([]).await;
    assert!(ana.reads().contains("Saved: evidence card 1"), "{}", ana.reads());
    chat.writes("DELETE FROM evidence").await;

    // A form: it stays open, with every word in it, and goes through as soon as all is well.
    ana.says("/coach log").await;
    chat.writes(BREAK).await;
    let answer = ana.submits([("What did you do?", &*format!("{MARK} ran the review"))]).await;
    assert_eq!(answer.status, 200);
    reference_of(&answer.body, &told);
    assert!(answer.body.contains("Your words are still here"), "{}", answer.body);
    let screen = ana.human.screen();
    assert!(screen.contains("the form Log evidence") && screen.contains(MARK), "{screen}");
    chat.writes(MEND).await;
    ana.submits([]).await;
    assert!(ana.latest_dm().contains("Saved: evidence card 1"), "{}", ana.latest_dm());

    // A message in the conversation: Slack brings it again.
    chat.writes(BREAK).await;
    assert_ne!(ana.says(&format!("log {MARK} by message")).await.status, 200);
    chat.writes(MEND).await;
    assert_eq!(chat.slack.sends_event_again().await, 200);
    chat.settles().await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 2);

    told.must_not_hold(&[MARK, &chat.slack.bot_token(), &chat.slack.signing_secret()]);
    chat.slack.takes_complaints();
    chat.ends().await;
    drop(guard);
}

/// Slack waits three seconds, whatever the database does.
#[tokio::test]
async fn while_the_database_does_not_answer_people_are_told_so_before_slack_gives_up() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach tip").await;
    let app = chat.app().await;
    let everything = match app.db.kind() {
        rung::store::Kind::Sqlite => 1,
        rung::store::Kind::Postgres => 10,
    };
    let mut held = Vec::new();
    for _ in 0..everything {
        held.push(app.db.write().await.unwrap());
    }
    let answer = ana.human.says("/coach log Ran the whole review").await;
    assert_eq!((answer.status, answer.error), (200, None));
    assert!(
        answer.body.contains("failed on my side") && answer.body.contains("Ran the whole review"),
        "{}",
        answer.body
    );
    drop(held);
    ana.says("/coach log Ran the whole review").await;
    assert!(ana.reads().contains("Saved: evidence card 1"), "{}", ana.reads());
    chat.slack.takes_complaints();
    chat.ends().await;
}
