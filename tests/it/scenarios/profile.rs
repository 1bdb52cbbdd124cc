//! The coach that knows somebody: the beginning, ratings, challenges that wait, cards that count.

use crate::chat::{chat, has};

#[tokio::test]
async fn a_few_questions_come_after_the_first_tip_and_everything_can_be_changed() {
    let (chat, ana) = chat().await;
    ana.says("/coach tip").await;
    let tip = ana.reads();
    let offer = tip.find("Shall I pick to fit you?").expect("an offer");
    assert!(tip.find("*Strong:*").unwrap() < offer, "the tip comes first: {tip}");

    ana.clicks("Answer them").await;
    has(
        &ana.human.screen(),
        &["Where are you now?", "Europe/Berlin time (from your Slack profile)", "Not decided yet"],
    );
    ana.submits([
        ("Where are you now?", "Senior PM"),
        ("Where do you want to go?", "Staying a contributor, by choice"),
        ("How do you feel about leading people?", "I would rather not"),
        ("How much time do you have for this?", "Half an hour a week"),
        ("May I write to you once a week?", "Yes, one a week"),
        ("On which day?", "Thursday"),
        ("At what time?", "16:30"),
    ])
    .await;
    has(
        &ana.reads(),
        &[
            "Thank you, that is all",
            "Senior PM",
            "Staying a contributor, by choice",
            "I would rather not",
            "Half an hour a week",
            "every week on Thursday at 16:30",
            "A first challenge that fits",
        ],
    );
    // Not offered again, and still there to be changed.
    ana.says("/coach tip").await;
    assert!(!ana.reads().contains("Shall I pick"), "{}", ana.reads());
    ana.says("/coach settings").await;
    ana.clicks("Change").await;
    ana.submits([
        ("How much time do you have for this?", "Rather not say"),
        ("Where are you now?", "Group or lead PM"),
    ])
    .await;
    has(&ana.reads(), &["Group or lead PM", "I would rather not"]);
    assert!(!ana.reads().contains("Half an hour"), "{}", ana.reads());
    ana.says("/coach settings minutes 45").await;
    has(&ana.reads(), &["45 minutes a week"]);
    chat.ends().await;
}

#[tokio::test]
async fn not_now_is_kept_for_four_weeks_and_dont_ask_again_for_ever() {
    let (chat, ana) = chat().await;
    ana.says("/coach tip").await;
    let title = ana.reads().lines().next().unwrap().to_owned();
    ana.clicks("Not now").await;
    has(&ana.reads(), &[&title, "Everything works without it"]);
    chat.passes("3 weeks").await;
    ana.says("/coach tip").await;
    assert!(!ana.reads().contains("Shall I pick"), "{}", ana.reads());
    chat.passes("2 weeks").await;
    ana.says("/coach tip").await;
    ana.clicks("Don't ask again").await;
    has(&ana.reads(), &["I will not ask again"]);
    chat.passes("50 weeks").await;
    ana.says("/coach tip").await;
    assert!(!ana.reads().contains("Shall I pick"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn nine_skills_are_rated_one_by_one_and_half_way_is_kept() {
    let (chat, ana) = chat().await;
    ana.says("/coach assess").await;
    has(&ana.human.screen(), &["9 skills to go", "Business alignment", "last month"]);
    let cited = "You can say which product goal each line of your roadmap serves when";
    ana.submits([("Business alignment", cited)]).await;
    // The next one stands in the same form.
    has(&ana.human.screen(), &["8 skills to go", "Career agency"]);
    ana.human.closes_modal().await;
    assert_eq!(ana.human.dms().len(), 0, "nothing to confirm yet");
    assert_eq!(chat.count("SELECT COUNT(*) FROM ratings").await, 1);

    ana.says("/coach assess").await;
    has(&ana.human.screen(), &["8 skills to go", "Career agency"]);
    ana.human.closes_modal().await;
    ana.says("/coach assess all").await;
    let lowest = [
        ("Career agency", "You learn where you stand when review time comes round."),
        ("Market fluency", "You get questions about the market from other departments, and you have"),
    ];
    ana.submits(lowest).await;
    has(&ana.reads(), &["Business alignment: 1.", "Market fluency: 3.", "6 skills are left"]);
    ana.says("/coach progress").await;
    has(&ana.reads(), &["Market fluency: 3 wanted, you say 3, nothing proved yet."]);

    // Eight weeks on it is asked again, and what moved is shown.
    chat.passes("8 weeks").await;
    ana.says("/coach").await;
    has(&ana.reads(), &["Eight weeks are over"]);
    ana.says("/coach assess career agency").await;
    ana.submits([(
        "Career agency",
        "You have told your manager what you would like next, and you keep dated",
    )])
    .await;
    has(&ana.reads(), &["Career agency: 2, up from 1."]);
    // Nobody else sees any of it.
    let ben = chat.person("ben");
    ben.says("/coach progress").await;
    has(&ben.reads(), &["Market fluency: 3 wanted, nothing proved yet."]);
    chat.ends().await;
}

#[tokio::test]
async fn other_self_assessments_show_how_the_answers_fall_and_what_moved() {
    let (chat, ana) = chat().await;
    ana.says("/coach assess visibility").await;
    let asks: Vec<String> = ana.human.fields();
    assert_eq!(asks.len(), 8);
    ana.submits([(asks[0].as_str(), "Not yet"), (asks[1].as_str(), "A small version")]).await;
    has(&ana.reads(), &["Not yet: 1 of 2", "A small version: 1 of 2", "Only you see this"]);
    chat.passes("8 weeks").await;
    ana.says("/coach assess visibility").await;
    ana.submits([(asks[0].as_str(), "The real thing")]).await;
    has(&ana.reads(), &["*Since the last time:* 1 moved up the scale, 0 down"]);
    ana.says("/coach assess astrology").await;
    has(&ana.reads(), &["I have no self-assessment of that name", "want-it"]);
    chat.ends().await;
}

#[tokio::test]
async fn one_challenge_at_a_time_and_the_others_wait() {
    let (chat, ana) = chat().await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    ana.says("/coach challenge three-numbers").await;
    ana.clicks("Take it on").await;
    has(&ana.human.screen(), &["waits meanwhile"]);
    ana.submits([("Your plan: if it is …, then I will …", "If I meet Dana, then I will ask.")]).await;

    ana.says("/coach challenge list").await;
    has(
        &ana.reads(),
        &["If I meet Dana", "Waits: Draw where your users fall between teams", "If it is Tuesday"],
    );
    ana.chooses("Take one up again", "Draw where your users fall between teams").await;
    has(&ana.reads(), &["It is yours again", "If it is Tuesday", "waits meanwhile"]);

    ana.clicks("Park it").await;
    has(&ana.reads(), &["waits, with your plan"]);
    ana.clicks("Take it up again").await;
    ana.clicks("Swap it").await;
    has(&ana.reads(), &["is off your list", "Take it on"]);
    ana.says("/coach challenge list").await;
    has(&ana.reads(), &["None on the go", "If I meet Dana"]);
    ana.chooses(
        "Drop one",
        ana.human
            .screen()
            .lines()
            .find(|line| line.contains("Waits: "))
            .unwrap()
            .split("Waits: ")
            .nth(1)
            .unwrap()
            .trim_end_matches(['*', ':']),
    )
    .await;
    has(&ana.reads(), &["is off your list, and that is all right"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_finished_challenge_is_placed_on_its_rubric() {
    let (chat, ana) = chat().await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    ana.says("/coach done Drew it with Dana").await;
    has(
        &ana.reads(),
        &["Challenge done, evidence saved: card 1", "Where would you place it?", "Strength 1 of 4"],
    );
    ana.clicks("It is like 2").await;
    has(&ana.reads(), &["Placed at 2 of 3", "Where you place it, 2 of 3:", "Drew it with Dana"]);
    assert_eq!(chat.count("SELECT placed FROM evidence").await, 2);
    chat.ends().await;
}

#[tokio::test]
async fn a_card_says_how_strong_it_is_and_what_the_next_step_needs() {
    let (chat, ana) = chat().await;
    let words = "Ran <!channel>'s *review* & won – “yes” 🙂 עברית";
    ana.says(&format!("/coach log {words}")).await;
    has(
        &ana.reads(),
        &[
            words,
            "Strength 1 of 4: your own word. A 2 needs a document or a link, a 3 needs who confirmed it",
        ],
    );
    ana.clicks("Add detail").await;
    ana.submits([
        ("Link", "https://acme.test/memo"),
        ("Skill", "Market fluency"),
        ("Which level does it argue for?", "2: Practising beyond it"),
    ])
    .await;
    has(
        &ana.reads(),
        &[words, "Strength 2 of 4: a document exists. A 3 needs who confirmed it, when and in which words."],
    );

    ana.clicks("Make it stronger").await;
    let answer = ana.submits([("Who confirmed it?", "Dana, head of finance"), ("When?", "2026-03-09")]).await;
    has(&answer.body, &["That day is still to come"]);
    ana.submits([
        ("When?", "2026-03-02"),
        ("How?", "by mail"),
        ("In which words?", "We plan by *this* <@U1> now"),
    ])
    .await;
    has(
        &ana.reads(),
        &[
            "Dana, head of finance, by mail, on 2 March 2026",
            "We plan by *this* <@U1> now",
            "Strength 3 of 4: somebody else confirms it. A 4 needs what was still there a quarter later, so from 2 June 2026 on.",
        ],
    );
    chat.passes("14 weeks").await;
    ana.says("/coach cards").await;
    ana.chooses("Open a card", &format!("2 Mar: {words}")).await;
    ana.clicks("Make it stronger").await;
    ana.submits([
        ("What was still there a quarter later?", "They still plan by it"),
        ("Seen on", "2026-06-02"),
    ])
    .await;
    has(&ana.reads(), &["Strength 4 of 4", "They still plan by it", words]);

    // Two cards prove a level, one of them confirmed.
    ana.says("/coach progress").await;
    has(&ana.reads(), &["Market fluency: 3 wanted, nothing proved yet."]);
    ana.says("/coach log").await;
    ana.submits([
        ("What did you do?", "Briefed the board"),
        ("Link", "https://acme.test/brief"),
        ("Skill", "Market fluency"),
        ("Which level does it argue for?", "3: Leading others in it"),
    ])
    .await;
    ana.says("/coach progress").await;
    has(&ana.reads(), &["Market fluency: 3 wanted, 2 proved.", "*Weeks active:* 1 of the last 8"]);
    chat.ends().await;
}

#[tokio::test]
async fn cards_are_found_by_skill_and_by_words_page_by_page() {
    let (chat, ana) = chat().await;
    let ben = chat.person("ben");
    ben.says("/coach log Pricing review of my own").await;
    for n in 1..=10 {
        ana.says(&format!("/coach log Pricing REVIEW number {n}, 100% done_now")).await;
    }
    ana.says("/coach log list of names reviewed").await;
    ana.says("/coach cards").await;
    has(&ana.reads(), &["Your evidence: 11 cards", "list of names reviewed", "Page 1 of 2"]);
    ana.clicks("Older").await;
    has(&ana.reads(), &["Page 2 of 2", "number 1,"]);
    ana.clicks("Newer").await;
    has(&ana.reads(), &["Page 1 of 2"]);
    ana.says("/coach cards review PRICING").await;
    has(&ana.reads(), &["Found: 10 cards"]);
    ana.says("/coach cards 100% done_now number 7").await;
    has(&ana.reads(), &["Found: 1 card", "number 7"]);
    assert!(!ana.reads().contains("my own"), "somebody else's card: {}", ana.reads());
    ana.says("/coach cards done%now").await;
    has(&ana.reads(), &["No card of yours has that"]);
    ana.says("/coach cards market fluency").await;
    has(&ana.reads(), &["No card of yours has that"]);
    chat.ends().await;
}

#[tokio::test]
async fn the_case_shows_what_is_proved_what_is_thin_and_never_makes_words_up() {
    let (chat, ana) = chat().await;
    ana.says("/coach settings rung staff").await;
    ana.says("/coach case").await;
    has(
        &ana.reads(),
        &["Your case: Staff or Principal PM", "*No card yet:* Business alignment,", "Next best challenge:"],
    );
    ana.says("/coach log").await;
    ana.submits([
        ("What did you do?", "Told three departments one plan"),
        ("What changed because of it?", "Support stopped escalating"),
        ("Skill", "Organisational buy-in"),
        ("Which level does it argue for?", "2: Practising beyond it"),
    ])
    .await;
    ana.says("/coach case").await;
    has(
        &ana.reads(),
        &[
            "strength 1, argues for level 2",
            "What I decided and did: Told three departments one plan",
            "Result: Support stopped escalating",
            "I never make words up",
        ],
    );
    assert!(!ana.reads().contains("Goal served:"), "{}", ana.reads());
    ana.chooses("Fill in a card", "2 Mar: Told three departments one plan").await;
    ana.submits([
        ("Which goal did it serve?", "Renewals up five points"),
        ("A level up, what would you do?", "Set the goal"),
    ])
    .await;
    ana.says("/coach case").await;
    has(&ana.reads(), &["Goal served: Renewals up five points", "A level up, I would: Set the goal"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_challenge_is_swapped_parked_and_dropped_in_words_as_well_and_comes_back() {
    let (chat, ana) = chat().await;
    ana.says("/coach challenge drop").await;
    has(&ana.reads(), &["Your challenges", "None on the go."]);

    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it.")]).await;
    ana.says("/coach challenge drop it").await;
    has(&ana.reads(), &["Draw where your users fall between teams” is off your list", "that is all right"]);
    has(&ana.reads(), &["Your plan was", "> If it is Tuesday, then I draw it."]);
    ana.clicks("Take it on after all").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I draw it.")]).await;
    has(&ana.reads(), &["It is yours", "around that day I ask once how it went"]);

    ana.says("challenge park").await;
    has(&ana.reads(), &["waits, with your plan"]);
    ana.clicks("Take it up again").await;
    ana.says("/coach challenge swap").await;
    has(&ana.reads(), &["Swapped:", "Your plan was", "Take it on after all", "How about this one?"]);
    ana.says("/coach challenge list").await;
    has(&ana.reads(), &["None on the go."]);
    chat.ends().await;
}
