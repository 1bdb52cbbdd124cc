//! What goes out as a file: the picture, the case, everything; and a shelf of five thousand cards.

use rung::export;

use crate::chat::{Person, chat, has};

const WORDS: &str = "=SUM(A1) <!channel> *stars* & “yes” 🙂 עברית\nsecond line";

async fn logs(person: &Person, words: &str, skill: &str) {
    person.says("/coach log").await;
    person
        .submits([
            ("What did you do?", words),
            ("What changed because of it?", "-3 % churn"),
            ("Link", "https://acme.test/memo"),
            ("Skill", skill),
            ("Which level does it argue for?", "2: Practising beyond it"),
        ])
        .await;
}

#[tokio::test]
async fn the_picture_arrives_with_words_that_say_the_same() {
    let (chat, ana) = chat().await;
    ana.says("/coach settings rung director").await;
    logs(&ana, "Briefed the board", "Market fluency").await;
    ana.says("/coach assess market fluency").await;
    ana.submits([(
        "Market fluency",
        "You get questions about the market from other departments, and you have",
    )])
    .await;
    ana.says("/coach progress").await;
    ana.clicks("Send picture").await;
    let files = ana.human.files();
    assert_eq!(files.len(), 1);
    assert_eq!(&files[0].bytes[..8], b"\x89PNG\r\n\x1a\n");
    has(
        &files[0].alt,
        &[
            "Where you stand: Director or Head of Product.",
            "Market fluency: 3 wanted, you say 3, nothing proved yet.",
        ],
    );
    assert!(files[0].alt.chars().count() <= 1000);
    has(&chat.transcript(), &["[file progress-2026-03-02.png: Your progress (Where you stand"]);
    chat.ends().await;
}

#[tokio::test]
async fn the_case_goes_out_in_three_formats_and_comes_back_as_it_was() {
    let (chat, ana) = chat().await;
    let ben = chat.person("ben");
    ben.says("/coach log My secret").await;
    logs(&ana, WORDS, "Market fluency").await;
    ana.says("/coach log Without a skill").await;
    ana.says("/coach case export").await;
    has(&ana.human.screen(), &["on its way to our direct message, in three formats"]);
    let files = ana.human.files();
    let text = |ending: &str| {
        let file = files.iter().find(|file| file.name.ends_with(ending)).expect(ending);
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    let typed = WORDS.trim();
    let case = export::read_case(&text(".json")).unwrap();
    assert_eq!(case.rung, "undecided");
    let market = case.skills.iter().find(|skill| skill.id == "market-fluency").unwrap();
    assert_eq!((market.cards[0].what.as_str(), market.cards[0].strength), (typed, 2));
    assert_eq!(case.other_cards[0].what, "Without a skill");
    let cards = export::read_csv(&text(".csv")).unwrap();
    assert_eq!(cards.len(), 2);
    assert!(cards.iter().any(|card| card.what == typed && card.changed == "-3 % churn"));
    assert!(text(".csv").contains("'-3 % churn") && text(".csv").contains("\"'=SUM(A1)"), "{}", text(".csv"));
    has(
        &text(".md"),
        &[
            "# Case file: Not decided yet",
            "## Market fluency",
            "- **Result:** -3 % churn",
            "Not on the card yet:",
        ],
    );
    for file in &files {
        assert!(!String::from_utf8_lossy(&file.bytes).contains("My secret"));
    }
    assert!(ben.human.files().is_empty());
    chat.ends().await;
}

#[tokio::test]
async fn everything_that_is_known_goes_out_and_comes_back() {
    let (chat, ana) = chat().await;
    ana.says("/coach tip").await;
    ana.clicks("Answer them").await;
    ana.submits([
        ("Where are you now?", "Senior PM"),
        ("How much time do you have for this?", "An hour a week"),
        ("May I write to you once a week?", "Yes, one a week"),
    ])
    .await;
    logs(&ana, WORDS, "Market fluency").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw.")]).await;
    ana.says("/coach assess visibility").await;
    let asks = ana.human.fields();
    ana.submits([(asks[0].as_str(), "Not yet")]).await;
    ana.says("/coach rehearse manager").await;
    ana.clicks("I said it aloud").await;
    ana.says("/coach log Deleted again").await;
    ana.clicks("Delete").await;
    chat.slack.invites_coach("cohort");
    ana.says_in("cohort", "/coach nudge here Fri 09:00").await;
    chat.passes("12 hours").await;
    ana.says("/coach export").await;
    let files = ana.human.files();
    assert_eq!(files.len(), 2);
    let json = files.iter().find(|file| file.name.starts_with("everything-")).unwrap();
    let all = export::read_everything(std::str::from_utf8(&json.bytes).unwrap()).unwrap();
    assert_eq!(all.user, ana.human.id());
    assert_eq!(all.settings.here.as_deref(), Some("senior"));
    assert_eq!(all.settings.minutes_a_week, Some(60));
    assert!(all.settings.nudges_on && all.settings.asked_at_the_beginning);
    assert_eq!(all.cards[0].what, WORDS.trim());
    assert_eq!(all.challenges[0].plan, "If it is Tuesday, then I will draw.");
    assert_eq!((all.ratings[0].assessment.as_str(), all.ratings[0].level), ("visibility", 1));
    assert!(all.shown.iter().any(|shown| shown.prompt == "seam-map"));
    assert!(all.rehearsals[0].answered && all.rehearsals[0].prompt == "manager-conversation");
    assert!(all.cards.iter().any(|card| card.what == "Deleted again" && card.deleted_at.is_some()));
    assert_eq!((all.channels[0].day.as_str(), all.channels[0].time.as_str()), ("Friday", "09:00"));
    assert!(all.messages.iter().any(|message| message.kind == "event" && message.outcome.is_none()));
    assert!(all.requests.iter().any(|request| request.kind == "form"));
    chat.ends().await;
}

#[tokio::test]
async fn the_export_says_since_when_nudges_have_been_on() {
    let (chat, ana) = chat().await;
    let since = async || {
        ana.says("/coach export").await;
        chat.passes("1 minute").await;
        let files = ana.human.files();
        let json = files.iter().rfind(|file| file.name.starts_with("everything-")).unwrap();
        let all = export::read_everything(std::str::from_utf8(&json.bytes).unwrap()).unwrap();
        all.account.nudges_on_since.unwrap_or_default()
    };
    ana.says("/coach nudge on").await;
    chat.passes("3 weeks").await;
    ana.says("/coach nudge every 2 weeks").await;
    assert!(since().await.starts_with("2026-03-02T08:00"), "{}", since().await);
    ana.says("/coach nudge off").await;
    assert_eq!(since().await, "");
    ana.says("/coach nudge on").await;
    assert!(since().await.starts_with("2026-03-23T08:"), "{}", since().await);
    chat.ends().await;
}

#[tokio::test]
async fn files_that_slack_does_not_take_are_tried_again_or_owned_up_to() {
    let (chat, ana) = chat().await;
    logs(&ana, "Wrote the memo", "Market fluency").await;
    chat.slack.fails("files.completeUploadExternal", "internal_error", 1);
    chat.slack.says_slow_down("files.getUploadURLExternal", 30, 1);
    ana.says("/coach case export").await;
    assert!(ana.human.files().is_empty());
    chat.passes("3 minutes").await;
    assert_eq!(ana.human.files().len(), 3);
    chat.slack.revoke_scope("files:write");
    ana.says("/coach export").await;
    chat.passes("1 minute").await;
    has(&ana.reads(), &["Your files did not arrive", "files:write", "Nothing of yours is lost"]);
    chat.passes("2 days").await;
    assert_eq!(ana.human.files().len(), 3);
    chat.ends().await;
}

#[tokio::test]
async fn files_arrive_although_the_upload_address_breaks_once() {
    let (chat, ana) = chat().await;
    chat.slack.breaks("upload_url", 1);
    ana.says("/coach export").await;
    chat.passes("10 minutes").await;
    assert_eq!(ana.human.files().len(), 2);
    let calls = chat.slack.api_calls();
    assert_eq!(
        calls.iter().filter(|call| (call.method.as_str(), call.status) == ("upload_url", 500)).count(),
        1
    );
    assert!(!chat.transcript().contains("did not arrive"), "{}", chat.transcript());
    chat.ends().await;
}

/// In the conversation both are messages, and nothing but their order tells which is the announcement.
#[tokio::test]
async fn files_come_after_the_words_that_announce_them() {
    let (chat, ana) = chat().await;
    for round in 1..=5 {
        ana.says("export").await;
        chat.passes("1 minute").await;
        let told = chat.transcript();
        let announced = told.rfind("is on its way").expect("an announcement");
        let came = told.rfind("[file everything-").expect("a file");
        assert!(announced < came, "round {round}:\n{told}");
    }
    chat.ends().await;
}

/// The answer has promised them: neither an end of the program nor a Slack that is away takes them back.
#[tokio::test]
async fn files_that_were_promised_arrive_though_the_server_stops_in_between() {
    let (chat, ana) = chat().await;
    logs(&ana, "Wrote the memo", "Market fluency").await;
    let answer = ana.human.says("/coach case export").await;
    has(&answer.body, &["on its way"]);
    chat.slack.is_down(true);
    chat.restarts().await;
    chat.settles().await;
    assert!(ana.human.files().is_empty());
    chat.slack.is_down(false);
    chat.passes("1 hour").await;
    let names: Vec<String> = ana.human.files().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["case-2026-03-02.md", "cards-2026-03-02.csv", "case-2026-03-02.json"]);
    // And of the bytes nothing was kept.
    assert_eq!(chat.texts("SELECT body FROM jobs WHERE occasion LIKE 'files %'").await, [""]);
    chat.ends().await;
}

#[tokio::test]
async fn after_a_day_without_slack_somebody_is_told_that_their_files_did_not_arrive() {
    let (chat, ana) = chat().await;
    ana.human.says("/coach export").await;
    chat.slack.fails("files.completeUploadExternal", "internal_error", 10_000);
    chat.passes("26 hours").await;
    has(&ana.reads(), &["Your files did not arrive: Slack did not take them for a whole day"]);
    assert_eq!(ana.human.files().len(), 0);
    chat.ends().await;
}

#[tokio::test]
async fn five_thousand_cards_are_no_burden() {
    let (chat, ana) = chat().await;
    ana.says("/coach settings rung vp").await;
    chat.fills_the_shelf(&ana, 5_000).await;
    // Once, so that nothing is measured that happens once.
    ana.says("/coach cards").await;
    let lines = [
        "/coach",
        "/coach tip",
        "/coach challenge",
        "/coach cards",
        "/coach cards number 4321",
        "/coach cards market fluency",
        "/coach cards nothing like it",
        "/coach progress",
        "/coach case",
        "/coach log One more",
        "/coach settings",
        "/coach assess",
        "/coach done Something",
        "/coach nudge",
    ];
    for line in lines {
        // How fast it is stands in the table that `shelf.rs` prints.
        let answer = ana.says(line).await;
        assert_eq!(answer.error, None, "{line}");
        if ana.human.modal().is_some() {
            ana.human.closes_modal().await;
        }
    }
    ana.says("/coach cards number 4321").await;
    has(&ana.reads(), &["Found: 1 card", "number 4321"]);
    let answer = ana.says("/coach export").await;
    assert_eq!(answer.error, None);
    let files = ana.human.files();
    let csv = files.iter().find(|file| file.name.ends_with(".csv")).unwrap();
    assert_eq!(export::read_csv(std::str::from_utf8(&csv.bytes).unwrap()).unwrap().len(), 5_002);
    chat.ends().await;
}
