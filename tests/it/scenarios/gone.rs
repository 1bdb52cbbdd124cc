//! What a form or a button was about is gone by the time it is used: nothing comes back by itself, nothing
//! that was typed is lost.

use crate::chat::{Chat, Person, has};

async fn chat() -> (Chat, Person) {
    let (chat, ana) = crate::chat::chat().await;
    ana.says("/coach help").await;
    (chat, ana)
}

const WORDS: &str = "Ran <!channel>'s *review* 🙂 עברית";
/// As if it had been deleted on another device, a minute from the start.
const DELETE: &str = "UPDATE evidence SET deleted_at = 1772438460000";
const LIVE: &str = "SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL";

#[tokio::test]
async fn editing_a_card_that_was_deleted_meanwhile_asks_whether_to_save_a_new_one() {
    for gone in [DELETE, "DELETE FROM evidence"] {
        let (chat, ana) = chat().await;
        ana.says("/coach log Wrote the memo").await;
        ana.clicks("Add detail").await;
        chat.writes(gone).await;
        let answer = ana.submits([("What did you do?", WORDS), ("Link", "https://acme.test/memo")]).await;
        assert_eq!((answer.status, answer.error), (200, None));
        assert_eq!(chat.count(LIVE).await, 0, "it does not come back by itself");
        has(
            &ana.human.screen(),
            &[
                "You have deleted this card in the meantime",
                WORDS,
                "https://acme.test/memo",
                "Save as a new card",
            ],
        );
        // Closed, it is let go; saved, it is a card of its own.
        ana.submits([]).await;
        has(&ana.latest_dm(), &["Saved: evidence card 1"]);
        let cards = chat.texts("SELECT what FROM evidence WHERE deleted_at IS NULL").await;
        assert_eq!(cards, [WORDS]);
        chat.ends().await;
    }
}

#[tokio::test]
async fn what_would_make_a_deleted_card_stronger_is_kept_and_the_card_stays_deleted() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Wrote the memo").await;
    ana.clicks("Make it stronger").await;
    chat.writes(DELETE).await;
    ana.submits([("Who confirmed it?", "Dana, head of finance"), ("In which words?", WORDS)]).await;
    has(&ana.reads(), &["stays deleted unless you bring it back", "Dana, head of finance", WORDS]);
    assert_eq!(chat.count(LIVE).await, 0);
    ana.clicks("Bring it back").await;
    has(&ana.reads(), &["Brought back", "Dana, head of finance", WORDS]);
    assert_eq!(chat.count(LIVE).await, 1);

    ana.clicks("Fill in the case").await;
    chat.writes("DELETE FROM evidence").await;
    ana.submits([("Which goal did it serve?", "Renewals"), ("A level up, what would you do?", WORDS)]).await;
    has(&ana.reads(), &["so nothing was saved", "Renewals", WORDS, "[Log it as a new card]"]);
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn buttons_of_a_deleted_card_offer_to_bring_it_back() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Wrote the memo").await;
    let card = chat.texts("SELECT id FROM evidence").await.remove(0);
    chat.writes(DELETE).await;
    for name in ["edit-card", "confirm", "tell-more", "show-card"] {
        ana.presses(name, &card).await;
        has(&ana.reads(), &["You have deleted that card", "Wrote the memo", "[Bring it back]"]);
        assert_eq!(chat.count(LIVE).await, 0, "{name}");
    }
    ana.presses("place", &format!("2 {card}")).await;
    has(&ana.reads(), &["[Bring it back]"]);
    ana.presses("delete-card", &card).await;
    has(&ana.reads(), &["Deleted."]);
    assert_eq!(chat.texts("SELECT CAST(deleted_at AS TEXT) FROM evidence").await, ["1772438460000"]);
    ana.presses("restore-card", &card).await;
    has(&ana.reads(), &["Brought back"]);
    chat.writes("DELETE FROM evidence").await;
    for name in ["edit-card", "confirm", "show-card", "delete-card", "restore-card", "log-again"] {
        ana.presses(name, &card).await;
        has(&ana.reads(), &["That card is not there any more"]);
    }
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_that_ended_meanwhile_leaves_a_card_all_the_same() {
    let (chat, ana) = chat().await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    let taken = chat.texts("SELECT id FROM challenges").await.remove(0);
    ana.clicks("Done").await;
    chat.writes("UPDATE challenges SET ended_at = 1772438460000, ended_how = 'dropped'").await;
    ana.submits([("What did you do?", WORDS)]).await;
    has(&ana.reads(), &["Saved: evidence card 1", WORDS]);
    assert_eq!(chat.texts("SELECT ended_how FROM challenges").await, ["dropped"]);
    for (name, said) in [
        ("park", "has ended in the meantime"),
        ("resume", "has ended in the meantime"),
        ("swap", "has ended in the meantime"),
        ("drop", "has ended in the meantime"),
    ] {
        ana.presses(name, &taken).await;
        has(&ana.reads(), &[said]);
    }
    chat.ends().await;
}

#[tokio::test]
async fn a_rehearsal_that_was_stopped_takes_no_more_scores() {
    let (chat, ana) = chat().await;
    ana.says("/coach rehearse manager").await;
    let run = chat.texts("SELECT id FROM rehearsals").await.remove(0);
    ana.clicks("Stop").await;
    for (name, value, said) in [
        ("aloud", format!("{run} 0"), "behind you"),
        ("score", format!("{run} 0 211"), "behind you"),
        ("stop-rehearsal", run.clone(), "over already"),
    ] {
        ana.presses(name, &value).await;
        has(&ana.reads(), &[said]);
    }
    assert_eq!(chat.texts("SELECT scores FROM rehearsals").await, [""]);
    chat.ends().await;
}

#[tokio::test]
async fn a_form_about_a_prompt_that_left_the_library_gives_the_words_back() {
    let (chat, ana) = chat().await;
    ana.sends_in("k1", "take-on", "gone-prompt", &[("plan", WORDS), ("due_on", "2026-03-09")]).await;
    has(&ana.reads(), &["left the library in the meantime", WORDS, "[Another challenge]"]);
    ana.sends_in("k2", "remind", "2026-W10 gone-prompt", &[("remind_on", "2026-03-09")]).await;
    has(&ana.reads(), &["no longer in the library"]);
    for about in ["rate-one", "rate-next"] {
        ana.sends_in(&format!("k-{about}"), about, "gone-skill", &[("item-1", "2")]).await;
        has(&ana.reads(), &["left the library in the meantime, so nothing was rated"]);
    }
    ana.sends_in("k5", "assess", "gone-assessment", &[("item-1", "2")]).await;
    has(&ana.reads(), &["no longer in the library"]);
    for (name, value) in [("show", "gone-prompt"), ("take-on", "gone-prompt"), ("rehearse", "gone-prompt")] {
        ana.presses(name, value).await;
        has(&ana.reads(), &["no longer in the library"]);
    }
    for table in ["challenges", "ratings", "jobs WHERE kind = 'reminder'", "rehearsals"] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(chat.count(Box::leak(count.into_boxed_str())).await, 0, "{table}");
    }
    chat.ends().await;
}

/// Everybody's numbers are said before and after, and they are true.
#[tokio::test]
async fn forgetting_names_every_kind_of_thing_with_true_counts() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Wrote the memo").await;
    ana.says("/coach log Wrote another").await;
    ana.clicks("Delete").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    ana.says("/coach assess market fluency").await;
    ana.submits([(
        "Market fluency",
        "You get questions about the market from other departments, and you have",
    )])
    .await;
    ana.says("/coach rehearse manager").await;
    ana.clicks("Stop").await;
    chat.slack.invites_coach("cohort");
    ana.says_in("cohort", "/coach nudge here Fri 09:00").await;
    ana.presses("talk-booked", "").await;
    ana.clicks("Open the form").await;
    ana.submits([]).await;

    ana.says("/coach forget me").await;
    let asked = ana.reads();
    has(
        &asked,
        &[
            "your settings, your zone, and what you told me about yourself",
            "2 evidence cards",
            "1 challenge, with your plans",
            "1 rating of yourself",
            "1 rehearsal, with your scores",
            "the day of the talk with your manager",
            "your name on 1 channel's weekly challenge",
        ],
    );
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 2, "it only asks");
    let shown = chat.count("SELECT COUNT(*) FROM shown").await;
    let messages = chat.count("SELECT COUNT(*) FROM jobs WHERE kind <> 'channel'").await;
    let requests = chat.count("SELECT COUNT(*) FROM answered").await;
    has(
        &asked,
        &[&format!("{messages} messages that I sent you"), &format!("{requests} requests of the last")],
    );
    ana.clicks("Erase everything").await;
    let told = ana.reads();
    has(
        &told,
        &[
            "Every row about you is gone:",
            "2 evidence cards",
            "1 rating of yourself",
            "1 rehearsal, with your scores",
            "the day of the talk with your manager",
            &format!("names of {shown} prompts"),
            &format!("{messages} messages that I sent you"),
            // The press itself is one more.
            &format!("{} requests of the last two days", requests + 1),
        ],
    );
    for table in ["evidence", "challenges", "ratings", "rehearsals", "shown", "answered", "people"] {
        let count = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(chat.count(Box::leak(count.into_boxed_str())).await, 0, "{table}");
    }
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind <> 'channel'").await, 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM channel_nudges WHERE set_by <> ''").await, 0);

    // From App Home the last word goes through the outbox, and is swept away as well.
    ana.says("/coach help").await;
    ana.presses("forget-me", "").await;
    has(&ana.reads(), &["Everything is erased", "Of these I have none: evidence cards"]);
    chat.app().await.sweep().await.unwrap();
    assert_eq!(chat.count("SELECT COUNT(*) FROM jobs WHERE kind <> 'channel'").await, 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM people").await, 0);
    chat.ends().await;
}
