//! Asking: tips, scripts, challenges, and being understood.

use crate::chat::Chat;

#[tokio::test]
async fn a_newcomer_gets_a_tip_before_any_question() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach").await;
    let seen = ana.sees();
    assert!(
        seen.contains("only ana sees") && seen.contains("*Welcome.*") && seen.contains("*Strong:*"),
        "{seen}"
    );
    assert!(!seen.contains('?') || !seen.contains("Who are you"), "{seen}");

    ana.says("/coach").await;
    assert!(!ana.sees().contains("Welcome"));
    chat.ends().await;
}

#[tokio::test]
async fn tips_do_not_come_again_until_they_are_used_up() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    let mut titles = std::collections::BTreeSet::new();
    for _ in 0..60 {
        ana.says("/coach tip").await;
        let tip = ana.reads();
        assert!(tip.contains("Why this one: "), "{tip}");
        assert!(titles.insert(tip.lines().next().unwrap().to_owned()), "twice: {tip}");
    }
    chat.ends().await;
}

#[tokio::test]
async fn what_is_not_useful_stays_away() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach tip market fluency").await;
    let declined = ana.reads().lines().next().unwrap().to_owned();
    ana.clicks("Not useful").await;
    assert!(ana.reads().contains("will not come back"), "{}", ana.reads());
    for _ in 0..20 {
        ana.says("/coach tip market fluency").await;
        assert_ne!(ana.reads().lines().next().unwrap(), declined);
    }
    chat.ends().await;
}

#[tokio::test]
async fn phones_and_near_misses_are_understood() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach Tip\u{a0}“Market fluency”").await;
    assert!(ana.reads().contains("You asked for Market fluency"), "{}", ana.reads());
    ana.says("/coach tpi").await;
    assert!(ana.reads().contains("`/coach tip`: A coaching tip"), "{}", ana.reads());
    ana.clicks("Get a tip").await;
    assert!(ana.reads().contains("*Strong:*"), "{}", ana.reads());
    ana.says("/coach tip astrology & co").await;
    assert!(ana.reads().contains("I have no skill of that name"), "{}", ana.reads());
    assert!(ana.reads().contains("astrology & co"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn the_manager_conversation_is_one_word_away() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach script manager").await;
    let script = ana.reads();
    for part in [
        "*Three rules*",
        "*Weak:*",
        "*Strong:*",
        "*And if they say…*",
        "nothing is open",
        "*Evidence to keep:*",
    ] {
        assert!(script.contains(part), "{part} in {script}");
    }
    ana.says("/coach script").await;
    ana.chooses("Open a script", "Say early that your manager's kind of work interests you").await;
    assert!(ana.reads().contains("*Three rules*"));
    chat.ends().await;
}

#[tokio::test]
async fn a_direct_message_is_answered_as_the_command_would_be() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("tip").await;
    assert!(ana.reads().contains("*Strong:*"), "{}", ana.reads());
    ana.says("🙂 🙂").await;
    assert!(ana.reads().contains("lists all I understand"), "{}", ana.reads());
    ana.says("log").await;
    ana.clicks("Open the form").await;
    ana.submits([("What did you do?", "Wrote the memo")]).await;
    assert!(ana.reads().contains("Wrote the memo"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_is_taken_on_and_shown_and_done() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    let answer = ana.submits([("Done by", "2026-02-27")]).await;
    assert!(answer.body.contains("That day has passed"), "{}", answer.body);
    ana.submits([
        ("Your plan: if it is …, then I will …", "If it is Tuesday, then I will *draw* it."),
        ("Done by", "2026-03-06"),
    ])
    .await;
    assert!(ana.reads().contains("If it is Tuesday, then I will *draw* it."), "{}", ana.reads());

    ana.says("/coach").await;
    assert!(
        ana.reads().contains("Your challenge: Draw where your users fall between teams"),
        "{}",
        ana.reads()
    );
    ana.clicks("Done").await;
    assert!(ana.sees().contains("Challenge: (•) Draw where your users fall between teams"));
    ana.submits([("What did you do?", "Drew it with Dana")]).await;
    assert!(ana.reads().contains("Challenge done, evidence saved: card 1"), "{}", ana.reads());
    ana.says("/coach").await;
    assert!(ana.reads().contains("No challenge on the go"), "{}", ana.reads());
    chat.ends().await;
}
