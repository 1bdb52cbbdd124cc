//! Logging: proof that piles up and is never lost.

use crate::chat::{Chat, has};

#[tokio::test]
async fn one_line_is_enough_and_comes_back_as_it_was_typed() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    let words = "Ran R&D's review <!channel> *stars* – Dana’s “gets it” 🙂 עברית";
    ana.says(&format!("/coach log {words}")).await;
    let saved = ana.reads();
    assert!(saved.contains("Saved: evidence card 1") && saved.contains(words), "{saved}");

    ana.clicks("Add detail").await;
    ana.submits([("What changed because of it?", "They adopted it"), ("Skill", "Market fluency")]).await;
    assert!(ana.reads().contains("They adopted it") && ana.reads().contains(words), "{}", ana.reads());
    assert_eq!(chat.texts("SELECT what FROM evidence").await, [words]);
    chat.ends().await;
}

#[tokio::test]
async fn pressing_save_twice_makes_one_card() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log").await;
    ana.submits_twice([("What did you do?", "Wrote the memo")]).await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 1);
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}

#[tokio::test]
async fn the_same_words_within_ten_minutes_are_asked_about() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Shipped the memo").await;
    ana.says("/coach log Shipped the memo").await;
    assert!(ana.reads().contains("Was it a second time?"), "{}", ana.reads());
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 1);
    ana.clicks_twice("Save it once more").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 2);
    chat.passes("11 minutes").await;
    ana.says("/coach log Shipped the memo").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 3);
    chat.ends().await;
}

#[tokio::test]
async fn a_card_can_be_deleted_and_brought_back() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Shipped the memo").await;
    ana.clicks("Delete").await;
    assert!(ana.reads().contains("Deleted.") && ana.reads().contains("Shipped the memo"), "{}", ana.reads());
    ana.clicks("Undo").await;
    assert!(ana.reads().contains("Brought back"), "{}", ana.reads());
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL").await, 1);
    chat.ends().await;
}

#[tokio::test]
async fn a_text_that_is_too_long_comes_back_whole() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    let words = "word 🙂 ".repeat(500);
    let words = words.trim();
    ana.says(&format!("/coach log {words}")).await;
    assert!(ana.reads().contains("nothing is saved yet") && ana.reads().contains(words));
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn a_form_that_slack_does_not_open_is_offered_as_a_button() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach help").await;
    chat.slack.fails("views.open", "internal_error", 1);
    ana.says("/coach done").await;
    assert!(ana.reads().contains("[Open the form]"), "{}", ana.reads());
    ana.clicks("Open the form").await;
    ana.submits([("What did you do?", "Wrote the memo")]).await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 1);
    chat.ends().await;
}

#[tokio::test]
async fn forget_me_asks_once_then_erases_every_row() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    for person in [&ana, &ben] {
        person.says("/coach log Shipped the memo").await;
        person.says("/coach nudge on").await;
        person.says("/coach tip").await;
        person.clicks("Make it a challenge").await;
        person.submits([]).await;
        person.says("/coach assess career agency").await;
        person.submits([("Career agency", "You learn where you stand when review time comes round.")]).await;
    }
    ana.says("/coach forget me").await;
    assert!(
        ana.reads().contains("1 evidence card") && ana.reads().contains("stay in Slack"),
        "{}",
        ana.reads()
    );
    ana.clicks("Keep it").await;
    ana.says("/coach forget me").await;
    ana.clicks("Erase everything").await;
    assert!(ana.reads().contains("Everything is erased"), "{}", ana.reads());
    for sql in [
        "SELECT COUNT(DISTINCT user_id) FROM people",
        "SELECT COUNT(DISTINCT user_id) FROM evidence",
        "SELECT COUNT(DISTINCT user_id) FROM challenges",
        "SELECT COUNT(DISTINCT user_id) FROM shown",
        "SELECT COUNT(DISTINCT user_id) FROM ratings",
        "SELECT COUNT(DISTINCT user_id) FROM jobs",
        "SELECT COUNT(DISTINCT user_id) FROM answered",
    ] {
        assert_eq!(chat.count(sql).await, 1, "only ben is left: {sql}");
    }
    chat.ends().await;
}

#[tokio::test]
async fn one_line_brings_its_link_and_its_day_and_a_stray_word_is_no_deed() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Yesterday I ran the review with finance (see https://docs.example.com/d/abc).")
        .await;
    has(&ana.reads(), &["1 March 2026", "Link\n> https://docs.example.com/d/abc", "Strength 2 of 4"]);
    ana.says("/coach log last friday: presented to the board").await;
    has(&ana.reads(), &["27 February 2026", "> last friday: presented to the board", "Strength 1 of 4"]);

    // 2 March is a Monday.
    ana.says("/coach log On Monday I asked for the budget").await;
    has(&ana.reads(), &["(2 March 2026)"]);
    ana.says("/coach log On we went with the pilot").await;
    has(&ana.reads(), &["(2 March 2026)"]);

    for words in ["it", "please", "undo", "evidence"] {
        ana.says(&format!("/coach log {words}")).await;
        has(&ana.human.screen(), &["Log evidence", "What did you do?"]);
    }
    ana.says("/coach done with it").await;
    has(&ana.human.screen(), &["What did you do?"]);
    ana.says("/coach cards").await;
    has(&ana.reads(), &["Your evidence: 4 cards"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_box_that_says_none_is_empty_and_nobody_confirms_by_being_named() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log").await;
    ana.submits([
        ("What did you do?", "Ran the planning"),
        ("Who could confirm it?", "Dana, CFO"),
        ("Link", "n/a"),
        ("What was the situation?", "None."),
        ("Skill", "Market fluency"),
    ])
    .await;
    let saved = ana.reads();
    has(&saved, &["Strength 1 of 4", "Who could confirm it\n> Dana, CFO"]);
    assert!(!saved.contains("n/a") && !saved.contains("None."), "{saved}");
    ana.says("/coach case").await;
    has(&ana.reads(), &["Could confirm it: Dana, CFO"]);
    assert!(!ana.reads().contains("Confirmed by"), "{}", ana.reads());
    chat.ends().await;
}
