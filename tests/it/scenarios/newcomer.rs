//! What somebody tries who has only just met the coach, and what they take its sentences to mean.

use crate::chat::{Chat, Person};

async fn chat() -> (Chat, Person) {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    (chat, ana)
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

fn has_not(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "{part:?} is in:\n{text}");
    }
}

const ALL_AT_ONE: [(&str, &str); 9] = [
    ("item-1", "1"),
    ("item-2", "1"),
    ("item-3", "1"),
    ("item-4", "1"),
    ("item-5", "1"),
    ("item-6", "1"),
    ("item-7", "1"),
    ("item-8", "1"),
    ("item-9", "1"),
];

#[tokio::test]
async fn eight_weeks_after_rating_all_nine_a_nudge_asks_again_and_shows_what_moved() {
    const AGAIN: &str = "Rate two skills again after eight weeks";
    let (chat, ana) = chat().await;
    // Everybody has their skills in another order, and somebody's turn it always is.
    let people = [ana, chat.person("ben"), chat.person("cleo"), chat.person("dora")];
    for person in &people {
        person.says("/coach settings rung director").await;
        person.says("/coach nudge on").await;
    }
    // On a Friday: eight weeks later the nudge comes on the Wednesday before.
    chat.passes("4 days").await;
    for person in &people {
        person.sends_in("k1", "rate-all", "", &ALL_AT_ONE).await;
        has(
            &person.reads(),
            &["# Your own ratings", "Market fluency: 1.", "In eight weeks a nudge asks again"],
        );
    }
    for week in 1..=8 {
        chat.passes("1 week").await;
        for person in &people {
            assert_eq!(person.latest_dm().contains(AGAIN), week == 8, "{week}: {}", person.reads());
            if week % 2 == 0 && week < 8 {
                person.says("thanks").await;
            }
        }
    }

    let ana = &people[0];
    ana.clicks("Rate yourself again").await;
    has(&ana.human.screen(), &["9 skills to go"]);
    ana.human.closes_modal().await;
    ana.says("assess").await;
    has(&ana.reads(), &["9 of 9 skills are due again", "Last time you said 1."]);
    ana.sends_in("k2", "rate-all", "", &[("item-1", "2"), ("item-2", "1")]).await;
    has(&ana.reads(), &["2, up from 1.", "1, as before."]);
    chat.ends().await;
}

#[tokio::test]
async fn who_gets_no_nudges_is_not_promised_one() {
    let (chat, ana) = chat().await;
    ana.sends_in("k1", "rate-all", "", &ALL_AT_ONE).await;
    has(&ana.reads(), &["In eight weeks `/coach assess` asks again, and shows what moved."]);
    ana.says("/coach assess").await;
    has(&ana.reads(), &["All rated. From 27 April 2026 on it is time to look again"]);
    // One skill at a time: none of this pretends that there is a next one.
    ana.says("assess market fluency").await;
    has(&ana.reads(), &["*Market fluency*. Pick the sentence", "Last time you said 1."]);
    has_not(&ana.reads(), &["9 of 9", "Next:"]);
    ana.says("/coach log Wrote the memo").await;
    ana.says("/coach log Wrote the other memo").await;
    ana.says("/coach").await;
    has(&ana.reads(), &["2 cards, none with a skill yet."]);
    chat.ends().await;
}

#[tokio::test]
async fn the_case_tells_of_cards_without_a_skill_and_lets_them_have_one() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Ran the pricing review").await;
    ana.says("/coach case").await;
    has(&ana.reads(), &["*1 card has no skill yet*", "Ran the pricing review", "[Give it a skill]"]);
    ana.says("/coach log Wrote the memo").await;
    ana.says("/coach case").await;
    has(&ana.reads(), &["*2 cards have no skill yet*"]);
    ana.chooses("Give a card its skill", "2 Mar: Wrote the memo").await;
    ana.submits([("Skill", "Market fluency")]).await;
    ana.says("/coach case").await;
    has(&ana.reads(), &["*Market fluency:* ", "Wrote the memo", "*1 card has no skill yet*"]);
    ana.clicks("Give it a skill").await;
    ana.submits([("Skill", "Market fluency")]).await;
    ana.says("/coach case").await;
    has_not(&ana.reads(), &["no skill yet"]);
    chat.ends().await;
}

#[tokio::test]
async fn several_settings_are_set_at_once_or_it_is_said_which_was_not_understood() {
    let (chat, ana) = chat().await;
    ana.says("/coach settings rung director minutes 45 zone Asia/Tokyo").await;
    has(
        &ana.reads(),
        &["# Saved", "Director or Head of Product", "45 minutes a week", "Asia/Tokyo (your choice)"],
    );
    ana.says("/coach settings").await;
    has(&ana.reads(), &["Director or Head of Product", "45 minutes a week", "Asia/Tokyo (your choice)"]);
    ana.says("/coach settings minutes 30 min").await;
    has(&ana.reads(), &["# Saved", "Half an hour a week"]);
    ana.says("/coach settings rung staff zone Atlantis").await;
    has(
        &ana.reads(),
        &["Nothing is saved yet. I know no time zone of that name", "settings rung staff zone Atlantis"],
    );
    ana.says("/coach settings").await;
    has(&ana.reads(), &["Director or Head of Product", "Half an hour a week", "Asia/Tokyo"]);
    // Who has answered in the settings is not asked the same questions.
    ana.says("/coach tip").await;
    has_not(&ana.reads(), &["Shall I pick to fit you?"]);
    chat.ends().await;
}

#[tokio::test]
async fn logging_something_else_leaves_the_challenge_on_the_go() {
    let (chat, ana) = chat().await;
    ana.says("/coach tip").await;
    ana.clicks("Make it a challenge").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will ask.")]).await;
    let title = chat.texts("SELECT prompt_id FROM challenges").await.remove(0);
    ana.says("/coach log").await;
    ana.submits([("What did you do?", "Coached a junior")]).await;
    has(&ana.latest_dm(), &["Saved: evidence card 1"]);
    assert_eq!(chat.count("SELECT COUNT(*) FROM challenges WHERE ended_at IS NULL").await, 1, "{title}");
    // It can be chosen there, a tip that was made one as well; `done` has it chosen already.
    ana.says("/coach log").await;
    let app = chat.app().await;
    let title = app.library.get(&rung::coach::library::PromptId::new(title)).unwrap().title.clone();
    ana.submits([("What did you do?", "Asked for it"), ("Challenge", &title)]).await;
    has(&ana.latest_dm(), &["Challenge done, evidence saved"]);
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    ana.says("/coach done").await;
    ana.submits([("What did you do?", "Drew it")]).await;
    has(&ana.latest_dm(), &["Challenge done, evidence saved"]);
    assert_eq!(chat.count("SELECT COUNT(*) FROM challenges WHERE ended_at IS NULL").await, 0);
    drop(app);
    chat.ends().await;
}

#[tokio::test]
async fn the_questions_at_the_beginning_are_as_many_as_they_say_and_turn_nothing_on() {
    let (chat, ana) = chat().await;
    ana.says("/coach tip").await;
    has(&ana.reads(), &["Seven short questions"]);
    ana.clicks("Answer them").await;
    assert_eq!(ana.human.fields().len(), 7);
    ana.submits([]).await;
    has(&ana.reads(), &["Thank you, that is all", "*Weekly nudge:* off"]);
    assert_eq!(chat.count("SELECT COUNT(*) FROM people WHERE nudges_on_at IS NOT NULL").await, 0);
    ana.says("/coach nudge on").await;
    ana.presses("begin", "").await;
    ana.clicks("Answer them").await;
    ana.submits([]).await;
    has(&ana.reads(), &["*Weekly nudge:* every week"]);
    chat.ends().await;
}

#[tokio::test]
async fn deleting_a_card_is_not_forgetting_and_undo_says_where_it_is() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Wrote the memo").await;
    ana.says("/coach delete").await;
    has(&ana.reads(), &["`/coach cards`", "_Delete_", "`/coach forget me`", "Wrote the memo", "[My cards]"]);
    has_not(&ana.reads(), &["Erase everything"]);
    ana.clicks("Delete this one").await;
    has(&ana.reads(), &["Deleted.", "Wrote the memo"]);
    ana.says("/coach undo").await;
    has(&ana.reads(), &["has _Undo_ under that answer", "_Delete_"]);
    for everything in ["/coach delete my data", "forget me please"] {
        ana.says(everything).await;
        has(&ana.reads(), &["Erase everything?"]);
    }
    ana.says("/coach erase the third card of them").await;
    has(&ana.reads(), &["I can only forget everything at once", "erase the third card of them"]);
    chat.ends().await;
}

#[tokio::test]
async fn what_was_deleted_more_than_a_day_ago_is_gone() {
    let (chat, ana) = chat().await;
    ana.says("/coach log Wrote the memo").await;
    let card = chat.texts("SELECT id FROM evidence").await.remove(0);
    ana.clicks("Delete").await;
    chat.passes("23 hours").await;
    ana.clicks("Undo").await;
    has(&ana.reads(), &["Brought back", "Wrote the memo"]);
    // The sweep may be late: the promise is a day all the same.
    chat.writes("UPDATE evidence SET deleted_at = 1772438400000").await;
    chat.clock.advance(jiff::SignedDuration::from_hours(2));
    ana.presses("restore-card", &card).await;
    has(&ana.reads(), &["its day to come back has passed"]);
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL").await, 0);
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 1);
    chat.passes("2 hours").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0, "time that passes by hand sweeps too");
    chat.ends().await;
}

#[tokio::test]
async fn a_mention_in_our_own_conversation_is_only_a_form_of_address() {
    let (chat, ana) = chat().await;
    ana.says("help").await;
    let coach = chat.app().await.bot_user(&chat.slack.team_id()).await.unwrap().unwrap();
    ana.says(&format!("<@{coach}> log Thanked Dana in front of all")).await;
    has(&ana.reads(), &["Saved: evidence card 1", "Thanked Dana in front of all"]);
    ana.says(&format!("<@{coach}> tip")).await;
    has(&ana.reads(), &["*Strong:*"]);
    chat.ends().await;
}

#[tokio::test]
async fn what_anybody_says_to_a_program_is_understood() {
    let (chat, ana) = chat().await;
    ana.says("/coach nudge on").await;
    for text in ["hello", "/coach good morning"] {
        ana.says(text).await;
        has(&ana.reads(), &["Hello. Ask me about your work", "[Get a tip]", "[What can you do?]"]);
    }
    for text in ["what can you do?", "/coach ?", "who are you"] {
        ana.says(text).await;
        has(&ana.reads(), &["# What I can do", "`tip`: "]);
    }
    ana.says("/coach help forget me").await;
    has(&ana.reads(), &["# Erase all I know about you", "`/coach forget me`"]);
    for text in ["/coach coach tip", "/coach /coach tip", "give me a tip"] {
        ana.says(text).await;
        has(&ana.reads(), &["*Strong:*", "Why this one:"]);
        has_not(&ana.reads(), &["You typed"]);
    }
    ana.says("nudge every two weeks").await;
    has(&ana.reads(), &["every 2 weeks"]);
    for text in ["/coach stop", "unsubscribe", "no more nudges"] {
        ana.says(text).await;
        has(
            &ana.reads(),
            &[
                "`/coach nudge off`",
                "`/coach nudge until 1 September`",
                "`/coach forget me`",
                "[Turn nudges off]",
            ],
        );
    }
    ana.clicks("Turn nudges off").await;
    ana.says("/coach stop").await;
    has(&ana.reads(), &["is off already"]);
    ana.says("rehearse manager").await;
    ana.says("/coach stop").await;
    has(&ana.reads(), &["Stopped"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_slip_of_log_opens_the_form_with_the_words_in_it() {
    let (chat, ana) = chat().await;
    ana.says("/coach logg my stuff about things").await;
    ana.clicks("Log evidence").await;
    ana.submits([]).await;
    has(&ana.latest_dm(), &["Saved: evidence card 1"]);
    assert_eq!(chat.texts("SELECT what FROM evidence").await, ["my stuff about things"]);
    // Where Slack opens no form, the words wait behind the button.
    ana.says("/coach lgo the memo").await;
    chat.slack.fails("views.open", "internal_error", 1);
    ana.clicks("Log evidence").await;
    ana.clicks("Open the form").await;
    ana.submits([]).await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence WHERE what = 'the memo'").await, 1);
    // More than a button can carry comes back in the answer, as ever.
    let long = format!("lgo {}", "blah ".repeat(450));
    ana.says(&format!("/coach {long}")).await;
    has(&ana.reads(), &[long.trim()]);
    chat.ends().await;
}

#[tokio::test]
async fn a_card_is_made_stronger_by_a_link_and_says_when_nothing_changed() {
    let (chat, ana) = chat().await;
    ana.says("/coach log").await;
    ana.submits([
        ("What did you do?", "Ran the review"),
        ("Who could confirm it?", "Dana, head of finance, by mail, on Monday"),
    ])
    .await;
    has(
        &ana.reads(),
        &[
            "a 3 needs the day on which they confirmed it, and their words. Write it under _Make it stronger_.",
        ],
    );
    ana.clicks("Make it stronger").await;
    ana.submits([]).await;
    has(&ana.reads(), &["# Nothing has changed", "Ran the review"]);
    ana.clicks("Make it stronger").await;
    ana.submits([("Link", "https://acme.test/memo")]).await;
    has(&ana.reads(), &["# Changed", "https://acme.test/memo", "Strength 2 of 4"]);
    ana.clicks("Make it stronger").await;
    ana.submits([("When?", "2026-03-02")]).await;
    has(&ana.reads(), &["# Changed", "https://acme.test/memo"]);
    ana.clicks("Edit").await;
    ana.submits([]).await;
    has(&ana.reads(), &["# Nothing has changed"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_long_challenge_is_not_due_in_a_week() {
    let (chat, ana) = chat().await;
    let app = chat.app().await;
    let long = app
        .library
        .of(rung::coach::library::Kind::Challenge)
        .find(|prompt| prompt.span.as_deref() == Some("six weeks"))
        .expect("a challenge of six weeks");
    ana.says(&format!("/coach challenge {}", long.id)).await;
    has(&ana.reads(), &["minutes, over six weeks"]);
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will ask.")]).await;
    assert_eq!(chat.texts("SELECT due_on FROM challenges").await, ["2026-04-13"]);
    drop(app);
    chat.ends().await;
}

#[tokio::test]
async fn a_card_is_found_by_the_number_it_was_saved_under() {
    let (chat, ana) = chat().await;
    for what in ["Ran the review", "Wrote the memo", "Shipped 4 fixes"] {
        ana.says(&format!("/coach log {what}")).await;
    }
    has(&ana.reads(), &["Saved: evidence card 3"]);
    ana.says("/coach cards 3").await;
    has(&ana.reads(), &["# Card 3", "Shipped 4 fixes", "[Edit]"]);
    ana.says("/coach cards 4").await;
    has(&ana.reads(), &["Found: 1 card", "Shipped 4 fixes"]);
    ana.says("/coach cards 2").await;
    ana.clicks("Delete").await;
    ana.says("/coach cards 2").await;
    has(&ana.reads(), &["# Card 2", "Shipped 4 fixes"]);
    ana.says("/coach cards 5").await;
    has(&ana.reads(), &["No card of yours has that"]);
    chat.ends().await;
}
