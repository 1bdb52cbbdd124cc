//! App Home: this week, progress, cards, settings; kept fresh, and every button works.

use serde_json::Value;

use crate::chat::Chat;

/// What was last published, as Slack got it.
fn published(chat: &Chat) -> Value {
    let calls = chat.slack.api_calls();
    let call = calls.iter().rev().find(|call| call.method == "views.publish").expect("a Home was published");
    match &call.args["view"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        view => view.clone(),
    }
}

fn times_published(chat: &Chat) -> usize {
    chat.slack.api_calls().iter().filter(|call| call.method == "views.publish").count()
}

#[tokio::test]
async fn a_stranger_finds_something_of_use_and_leaves_no_row() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.opens_home().await;
    let seen = ana.sees();
    assert!(
        seen.contains("Welcome") && seen.contains("*Strong:*") && seen.contains("[Log evidence]"),
        "{seen}"
    );
    assert_eq!(chat.count("SELECT COUNT(*) FROM people").await, 0, "looking is no use of the coach");
    ana.clicks("Log evidence").await;
    ana.submits([("What did you do?", "Wrote the memo")]).await;
    let seen = ana.sees();
    assert!(seen.contains("Your evidence: 1 card") && seen.contains("Wrote the memo"), "{seen}");
    chat.ends().await;
}

#[tokio::test]
async fn home_is_kept_fresh_after_every_change_once_it_was_opened() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Wrote the memo").await;
    assert_eq!(times_published(&chat), 0, "nobody has opened it yet");
    ana.opens_home().await;
    assert!(ana.sees().contains("Your evidence: 1 card"));
    for (act, shows) in [
        ("/coach log Sent the memo", "Your evidence: 2 cards"),
        ("nudge on", "Next nudge:* Wed 4 March at 10:00 (Europe/Berlin)"),
        ("/coach settings rung director", "Director or Head of Product"),
    ] {
        ana.sees();
        ana.says(act).await;
        let seen = ana.sees();
        let home = seen.rsplit("the home of ana shows:").next().unwrap();
        assert!(home.contains(shows), "{act}: {seen}");
    }
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.sees();
    ana.submits([]).await;
    assert!(ana.sees().contains("Your challenge: Draw where your users fall between teams"));
    // What the server remembers in memory is gone; the flag is not.
    chat.restarts().await;
    ana.says("/coach log Sent it again").await;
    assert!(ana.sees().contains("Your evidence: 3 cards"));
    chat.ends().await;
}

#[tokio::test]
async fn each_button_of_home_works_from_home() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Wrote the memo").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([]).await;
    ana.opens_home().await;
    let labels: Vec<String> = published(&chat)["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default())
        .filter(|element| element["type"] == "button")
        .map(|button| button["text"]["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(labels.len() >= 8, "{labels:?}");
    for label in labels {
        // Some buttons change what is there; those are pressed again from a fresh page.
        ana.opens_home().await;
        if !ana.human.buttons().contains(&label) {
            continue;
        }
        ana.sees();
        ana.clicks(&label).await;
        let seen = ana.sees();
        assert!(seen.contains("a form: ") || seen.contains("DM to ana"), "[{label}]: {seen}");
        if ana.human.modal().is_some() {
            ana.human.closes_modal().await;
        }
    }
    chat.ends().await;
}

#[tokio::test]
async fn many_cards_come_in_pages_and_nothing_is_cut() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says(&format!("/coach log The very first card {}", "word 🙂 ".repeat(300).trim())).await;
    chat.writes(
        "INSERT INTO evidence (id, team_id, user_id, what, changed, witness, link, happened_on, logged_at)
         WITH d(n) AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                       UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
         SELECT id || '-' || CAST(a.n AS TEXT) || CAST(b.n AS TEXT) || CAST(c.n AS TEXT) || CAST(e.n AS TEXT),
                team_id, user_id, what || CAST(a.n AS TEXT) || CAST(b.n AS TEXT) || CAST(c.n AS TEXT), '', '', '',
                happened_on, logged_at + 1 + a.n * 500 + b.n * 50 + c.n * 5 + e.n
         FROM evidence, d a, d b, d c, d e WHERE e.n < 5",
    )
    .await;
    let before = std::time::Instant::now();
    ana.opens_home().await;
    assert!(before.elapsed().as_millis() < 2_000, "{:?} in a build for testing", before.elapsed());
    let home = published(&chat);
    assert!(home["blocks"].as_array().unwrap().len() < 100);
    assert!(ana.sees().contains("Your evidence: 5001 cards"));
    ana.clicks("Older cards").await;
    let seen = ana.sees();
    assert!(seen.contains("Page 2 of 1001"), "{seen}");
    assert_eq!(ana.human.dms().len(), 0, "turning a page says nothing");
    ana.clicks("Newer cards").await;
    assert!(ana.sees().contains("Page 1 of 1001"));
    ana.clicks("Open and edit").await;
    assert!(ana.sees().contains("word 🙂 word 🙂"));
    ana.human.closes_modal().await;
    chat.ends().await;
}

#[tokio::test]
async fn deleting_and_forgetting_show_at_once_on_home() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log My secret plan").await;
    ana.opens_home().await;
    ana.clicks("Delete").await;
    assert!(!published(&chat).to_string().contains("My secret plan"));
    ana.clicks("Undo").await;
    assert!(published(&chat).to_string().contains("My secret plan"));
    ana.says("/coach forget me").await;
    ana.clicks("Erase everything").await;
    let home = published(&chat).to_string();
    assert!(home.contains("Welcome") && !home.contains("My secret plan"), "{home}");
    ana.opens_home().await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM people").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn a_home_that_cannot_be_drawn_costs_nothing_else() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Wrote the memo").await;
    ana.opens_home().await;
    chat.slack.fails("views.publish", "not_enabled", 1);
    ana.says("/coach log Sent the memo").await;
    assert!(ana.reads().contains("Saved: evidence card 2"), "{}", ana.reads());
    // Somebody else's publish came between: we look again.
    chat.slack.fails("views.publish", "hash_conflict", 1);
    ana.sees();
    ana.says("/coach log Sent it again").await;
    assert!(ana.sees().contains("Your evidence: 3 cards"));
    chat.ends().await;
}
