//! The newer screens twice over: as people see them, and as Slack gets them, a block a line.
//!
//! After a change of words: `INSTA_UPDATE=always cargo test --test it screens`, then read the diff.

use serde_json::Value;

use crate::chat::{Chat, Person};

fn is_seen_as(name: &str, seen: &str, slack: &Value) {
    let blocks: Vec<String> = slack["blocks"].as_array().into_iter().flatten().map(line).collect();
    let rest: Vec<String> = ["type", "callback_id", "title", "submit", "close"]
        .iter()
        .filter(|key| slack["title"].is_object() && !slack[**key].is_null())
        .map(|key| format!("{key}: {}", slack[*key]))
        .collect();
    let both =
        format!("{}\n\n== as Slack gets it ==\n{}", seen.trim_end(), [rest, blocks].concat().join("\n"));
    insta::with_settings!({ snapshot_path => "../snapshots/screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, without_ids(&both));
    });
}

/// One block, without the id that Slack makes up for it.
fn line(block: &Value) -> String {
    let mut block = block.clone();
    if block["type"] != "input"
        && let Some(fields) = block.as_object_mut()
    {
        fields.remove("block_id");
    }
    block.to_string()
}

/// Ids of rows differ from run to run.
fn without_ids(text: &str) -> String {
    let is_id = |part: &str| {
        part.len() == 36
            && part.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let (mut out, mut rest) = (String::new(), text);
    while let Some(first) = rest.chars().next() {
        match rest.get(..36).filter(|part| is_id(part)) {
            Some(_) => {
                out.push_str("‹id›");
                rest = &rest[36..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

fn message(person: &Person, name: &str) {
    let last = person.human.last().expect("there is a message");
    is_seen_as(name, &last.drawn, &serde_json::json!({ "blocks": last.blocks }));
}

fn form(person: &Person, name: &str) {
    let view = person.human.modal().expect("a form is open");
    is_seen_as(name, &person.human.screen(), &view);
}

async fn says(person: &Person, line: &str, name: &str) {
    person.says(line).await;
    message(person, name);
}

#[tokio::test]
async fn what_the_coach_knows() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach tip").await;
    ana.clicks("Answer them").await;
    form(&ana, "begin");
    ana.submits([
        ("Where are you now?", "Senior PM"),
        ("Where do you want to go?", "Director or Head of Product"),
        ("How much time do you have for this?", "An hour a week"),
        ("May I write to you once a week?", "Yes, one a week"),
    ])
    .await;
    message(&ana, "begun");
    ana.says("/coach assess market fluency").await;
    form(&ana, "assess");
    ana.submits([(
        "Market fluency",
        "You get questions about the market from other departments, and you have",
    )])
    .await;
    message(&ana, "assessed");
    for (what, skill) in
        [("Briefed the board", "Market fluency"), ("Moved the goal with finance", "Business alignment")]
    {
        ana.says("/coach log").await;
        ana.submits([
            ("What did you do?", what),
            ("What changed because of it?", "Two teams now plan by it"),
            ("Link", "https://acme.test/memo"),
            ("Skill", skill),
            ("Which level does it argue for?", "2: Practising beyond it"),
        ])
        .await;
    }
    says(&ana, "/coach progress", "progress").await;
    says(&ana, "/coach case", "case").await;
    says(&ana, "/coach cards", "cards").await;
    says(&ana, "/coach ask my boss has no opening for me", "ask").await;
    says(&ana, "/coach help nudge", "help_with").await;
    ana.opens_home().await;
    let calls = chat.slack.api_calls();
    let home = calls.iter().rev().find(|call| call.method == "views.publish").expect("App Home is drawn");
    let view = match &home.args["view"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        view => view.clone(),
    };
    let screen = ana.human.screen();
    let home = screen.split("in App Home:").nth(1).expect("App Home is on the screen");
    is_seen_as("home", home, &view);
    chat.ends().await;
}

#[tokio::test]
async fn what_comes_and_is_rehearsed() {
    let chat = Chat::on("Wed 4 Mar 2026 09:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach nudge on").await;
    chat.passes("1 hour").await;
    ana.clicks("Later").await;
    ana.clicks("A date…").await;
    form(&ana, "remind_date");
    ana.human.closes_modal().await;
    ana.presses("talk-booked", "").await;
    ana.clicks("Open the form").await;
    form(&ana, "talk");
    ana.submits([]).await;
    message(&ana, "talk_booked");
    ana.says("/coach settings").await;
    ana.clicks("Change").await;
    form(&ana, "settings");
    ana.human.closes_modal().await;
    ana.says("/coach rehearse manager").await;
    message(&ana, "rehearse");
    ana.says("I asked finance first").await;
    message(&ana, "rehearse_score");
    ana.says("2 1 0").await;
    message(&ana, "rehearse_next");
    chat.ends().await;
}

#[tokio::test]
async fn what_a_channel_sees() {
    let chat = Chat::on("Mon 2 Mar 2026 08:50 Europe/Berlin").await;
    let ana = chat.person("ana");
    chat.slack.invites_coach("cohort");
    ana.says_in("cohort", "/coach nudge here Mon 09:00").await;
    message(&ana, "channel_hello");
    chat.passes("1 hour").await;
    message(&ana, "channel");
    chat.ends().await;
}
