//! The hard meeting, question by question; scores are kept, answers are not.

use crate::chat::{Chat, Person};

const SET: &str = "Telling your manager where you want to go";

/// Answers all six with these scores.
async fn goes_through(ana: &Person, scores: [&str; 6]) {
    for score in scores {
        ana.says("I would say it like this, with a number in it.").await;
        assert!(ana.reads().contains("how was your answer?"), "{}", ana.reads());
        ana.says(score).await;
    }
}

#[tokio::test]
async fn six_questions_one_at_a_time_and_in_three_days_whether_it_rose() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach rehearse").await;
    assert!(ana.reads().contains("*Telling your manager where you want to go*"), "{}", ana.reads());
    ana.chooses("Start a rehearsal", SET).await;
    let seen = ana.sees();
    assert!(seen.contains("It goes on in our direct message"), "{seen}");
    let first = &ana.human.dms()[0].drawn;
    assert!(first.contains("Question 1 of 6") && first.contains("Where has this come from?"), "{first}");
    assert!(!first.contains("chair"), "one at a time: {first}");

    ana.clicks("I said it aloud").await;
    ana.chooses("Score your answer", "4 of 4: good proof, under 45 seconds, a limit admitted").await;
    assert!(ana.reads().contains("Question 2 of 6"), "{}", ana.reads());
    for score in ["2 1 0", "111", "0 0 0", "1 1 0"] {
        ana.says("Honestly? I looked at your calendar and guessed.").await;
        ana.says(score).await;
    }
    ana.says("No, and I would tell you before anyone else.").await;
    ana.says("2 1 1").await;
    let result = ana.reads();
    assert!(result.contains("16 of 24") && result.contains("Your first time through"), "{result}");
    assert!(result.contains("Your weakest was question 4."), "{result}");
    assert!(result.contains("A strong answer says that you came for advice"), "{result}");
    assert!(result.contains("on Thu 5 March"), "{result}");

    chat.passes("3 days").await;
    ana.says("/coach rehearse").await;
    assert!(ana.reads().contains(": last time 16 of 24"), "{}", ana.reads());
    ana.says("rehearse manager").await;
    goes_through(&ana, ["211", "211", "211", "111", "210", "111"]).await;
    let result = ana.reads();
    assert!(result.contains("21 of 24"), "{result}");
    assert!(result.contains("Last time, on Mon 2 March, it was 16: 5 more."), "{result}");
    assert!(result.contains("*3*, last time 0: "), "{result}");
    ana.opens_home().await;
    assert!(ana.sees().contains("21 of 24, the time before 16"));
    for sql in ["SELECT scores FROM rehearsals", "SELECT body FROM jobs", "SELECT body FROM answered"] {
        let texts = chat.texts(sql).await.join("\n");
        assert!(!texts.contains("calendar and guessed"), "answers are kept nowhere: {sql}");
    }
    assert_eq!(chat.count("SELECT COUNT(*) FROM evidence").await, 0);
    chat.ends().await;
}

#[tokio::test]
async fn while_it_is_on_words_are_answers_and_stop_ends_it() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("rehearse promotion offer").await;
    assert!(ana.reads().contains("Aren't you pleased?"), "{}", ana.reads());
    // An answer that begins like a command is an answer.
    ana.says("Done with waiting, I would say, and then ask for a day.").await;
    assert!(ana.reads().contains("how was your answer?"), "{}", ana.reads());
    // Logging is never taken for one, and a bare command is a command.
    ana.says("log Shipped the memo").await;
    assert!(ana.reads().contains("Saved: evidence card 1"), "{}", ana.reads());
    ana.says("tip").await;
    assert!(ana.reads().contains("*Strong:*"), "{}", ana.reads());
    ana.says("1 1 0").await;
    assert!(ana.reads().contains("Question 2 of 6"), "{}", ana.reads());
    ana.says("Stop.").await;
    assert!(ana.reads().contains("Stopped after one question, with 2 of 4."), "{}", ana.reads());
    ana.says("what should I negotiate before a promotion").await;
    assert!(ana.reads().contains("Source: "), "an ordinary question again: {}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn a_double_press_scores_once_and_old_buttons_do_nothing() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("rehearse promotion offer").await;
    ana.clicks_twice("I said it aloud").await;
    ana.chooses("Score your answer", "2 of 4: good proof, longer, no limit admitted").await;
    assert_eq!(chat.texts("SELECT scores FROM rehearsals").await, ["200"]);
    ana.says("/coach rehearse").await;
    ana.clicks("I said it aloud").await;
    assert_eq!(chat.texts("SELECT scores FROM rehearsals").await, ["200"]);
    ana.says("/coach rehearse stop").await;
    assert!(ana.reads().contains("Stopped after one question"), "{}", ana.reads());
    ana.says("/coach rehearse stop").await;
    assert!(ana.reads().contains("nothing to stop"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn one_that_was_left_alone_does_not_swallow_words_and_forgetting_takes_the_scores() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    ana.says("rehearse promotion offer").await;
    ben.says("rehearse promotion offer").await;
    chat.passes("4 hours").await;
    ana.says("how do I say no to sales").await;
    assert!(ana.reads().contains("pointing at the goal"), "{}", ana.reads());
    ana.says("/coach rehearse zebra").await;
    assert!(ana.reads().contains("These are the ones I have"), "{}", ana.reads());
    ana.says("/coach ask answering a promotion offer with strings attached").await;
    ana.clicks("Open “Answering a promotion offer with strings attached”").await;
    assert!(!ana.reads().contains("pleased?"), "the questions are not given away: {}", ana.reads());
    ana.clicks("Start").await;
    assert_eq!(
        chat.count("SELECT COUNT(*) FROM rehearsals WHERE ended_at IS NULL").await,
        2,
        "hers and ben's"
    );
    ana.says("/coach forget me").await;
    ana.clicks("Erase everything").await;
    assert_eq!(chat.count("SELECT COUNT(*) FROM rehearsals").await, 1);
    chat.ends().await;
}
