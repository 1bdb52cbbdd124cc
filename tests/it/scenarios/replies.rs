//! The main screens as people see them. Read them as a person would: a stiff word is a bug.
//!
//! After a change of words: `INSTA_UPDATE=always cargo test --test it replies`, then read the diff.

use crate::chat::{Chat, Person};

/// What was shown since the last look, without what was typed.
fn is_seen_as(name: &str, seen: &str) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, seen);
    });
}

async fn says(person: &Person, line: &str, name: &str) {
    person.says(line).await;
    is_seen_as(name, &person.reads());
}

#[tokio::test]
async fn a_newcomers_first_screens() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    says(&ana, "/coach", "welcome").await;
    says(&ana, "/coach", "today_without_a_challenge").await;
    says(&ana, "/coach help", "help").await;
    says(&ana, "/coach about", "about").await;
    says(&ana, "/coach settings", "settings").await;
    says(&ana, "/coach nudge", "nudge_off").await;
    says(&ana, "/coach nudge on", "nudge_on").await;
    says(&ana, "/coach tpi", "near_miss").await;
    says(&ana, "/coach sing me a song", "unknown_words").await;
    says(&ana, "/coach nudge Blursday", "unknown_day").await;
    chat.ends().await;
}

#[tokio::test]
async fn what_the_library_looks_like() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach help").await;
    says(&ana, "/coach tip market fluency", "tip").await;
    ana.clicks("Not useful").await;
    is_seen_as("not_useful", &ana.reads());
    says(&ana, "/coach challenge seam-map", "challenge").await;
    says(&ana, "/coach script", "scripts").await;
    says(&ana, "/coach script manager", "script").await;
    chat.ends().await;
}

#[tokio::test]
async fn from_a_challenge_to_a_card() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    is_seen_as("take_it_on", &ana.human.screen());
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday 9:00, then I will draw it.")])
        .await;
    is_seen_as("taken_on", &ana.reads());
    says(&ana, "/coach", "today").await;
    ana.clicks("Done").await;
    is_seen_as("done_form", &ana.human.screen());
    ana.submits([("What did you do?", "Drew it with Dana from support")]).await;
    is_seen_as("challenge_done", &ana.reads());
    says(&ana, "/coach log Ran the pricing review; Dana adopted the template", "logged").await;
    says(&ana, "/coach log Ran the pricing review; Dana adopted the template", "logged_twice").await;
    says(&ana, "/coach log Wrote the memo", "logged_again").await;
    ana.clicks("Delete").await;
    is_seen_as("deleted", &ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn the_nudge_and_its_buttons() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    is_seen_as("nudge", &ana.reads());
    ana.clicks("Later").await;
    is_seen_as("nudge_later", &ana.reads());
    ana.clicks("Tomorrow").await;
    is_seen_as("nudge_tomorrow", &ana.reads());
    chat.passes("1 day").await;
    ana.clicks("Fewer of these").await;
    is_seen_as("nudge_fewer", &ana.reads());
    chat.passes("26 weeks").await;
    is_seen_as("nudge_last_word", &ana.reads());
    says(&ana, "/coach nudge", "nudge_back").await;
    chat.ends().await;
}

#[tokio::test]
async fn going_away() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach log Wrote the memo").await;
    says(&ana, "/coach forget me", "forget").await;
    ana.clicks("Erase everything").await;
    is_seen_as("forgotten", &ana.reads());
    chat.ends().await;
}
