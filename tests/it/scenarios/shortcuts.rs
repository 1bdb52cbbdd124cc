//! Slack's own menus: a form, a tip, a message kept as evidence.

use crate::chat::Chat;

#[tokio::test]
async fn a_message_becomes_a_card_with_its_words_and_its_link() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, dana) = (chat.person("ana"), chat.person("dana"));
    let words = "R&D & sales <both> adopt the template, *Ana* <!channel> 🙂 עברית";
    dana.human.says_in("growth", words).await;
    ana.uses_message_shortcut("save_evidence", "adopt the template").await;
    let seen = ana.sees();
    assert!(seen.contains("a form: Save as evidence") && seen.contains(words), "{seen}");
    ana.submits([("What changed because of it?", "Both teams use it")]).await;
    assert!(ana.reads().contains("Saved: evidence card 1"), "{}", ana.reads());
    assert_eq!(chat.texts("SELECT what FROM evidence").await, [words]);
    let links = chat.texts("SELECT link FROM evidence").await;
    assert!(
        links[0].starts_with("https://local.slack.com/archives/C") && links[0].contains("/p"),
        "{links:?}"
    );
    assert_eq!(dana.human.dms().len(), 0, "nobody else hears of it");
    chat.ends().await;
}

#[tokio::test]
async fn what_does_not_fit_into_the_form_stays_under_the_link() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, dana) = (chat.person("ana"), chat.person("dana"));
    let words = "Word🙂 ".repeat(900);
    dana.human.says_in("growth", words.trim()).await;
    ana.uses_message_shortcut("save_evidence", "Word").await;
    let seen = ana.sees();
    assert!(seen.contains("a box holds 3000") && seen.contains("under the link"), "{seen}");
    ana.submits([]).await;
    let what = chat.texts("SELECT what FROM evidence").await.remove(0);
    assert!(words.starts_with(&what) && what.encode_utf16().count() > 2_900, "{}", what.len());
    chat.ends().await;
}

#[tokio::test]
async fn the_form_opens_from_anywhere_and_by_message_where_it_cannot() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.uses_shortcut("log_evidence").await;
    ana.submits([("What did you do?", "Wrote the memo")]).await;
    assert!(ana.reads().contains("Saved: evidence card 1"), "{}", ana.reads());
    chat.slack.fails("views.open", "internal_error", 1);
    ana.uses_shortcut("log_evidence").await;
    assert!(ana.reads().contains("[Open the form]"), "{}", ana.reads());
    ana.clicks("Open the form").await;
    ana.submits([("What did you do?", "Sent the memo")]).await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 2);
    chat.ends().await;
}

#[tokio::test]
async fn a_tip_from_anywhere_comes_in_a_panel_whose_buttons_work() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.uses_shortcut("coaching_tip").await;
    let first = ana.sees();
    assert!(first.contains("a form: Your tip") && first.contains("*Strong:*"), "{first}");
    ana.clicks("Another").await;
    let second = ana.sees();
    assert!(second.contains("*Strong:*") && second.contains("Why this one"), "{second}");
    ana.clicks("Make it a challenge").await;
    ana.submits([]).await;
    assert!(ana.latest_dm().contains("It is yours"), "{}", ana.latest_dm());
    assert_eq!(chat.count("SELECT COUNT(*) FROM shown").await, 2);
    ana.human.closes_modal().await;

    chat.slack.fails("views.open", "internal_error", 1);
    ana.uses_shortcut("coaching_tip").await;
    assert!(ana.human.dms().len() == 2 && ana.reads().contains("*Strong:*"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn while_slack_hangs_a_shortcut_is_taken_in_time_and_answered_by_message() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, dana) = (chat.person("ana"), chat.person("dana"));
    dana.human.says_in("growth", "The template is live").await;
    for method in ["users.info", "views.open", "response_url"] {
        chat.slack.hangs(method, 5, 1);
    }
    let answer = ana.human.uses_message_shortcut("save_evidence", "template").await;
    assert_eq!((answer.status, &answer.error), (200, &None), "after {} ms", answer.millis);
    chat.settles().await;
    assert!(ana.reads().contains("The form could not be opened"), "{}", ana.reads());
    assert_eq!(ana.human.dms().len(), 1);
    chat.ends().await;
}
