//! Plain words: questions find answers, what fits nothing is told so, slips get the nearest command.

use rung::content;

use crate::chat::Chat;

/// Questions as a tired product manager types them, with the prompts that would help; nothing where
/// the honest answer is "I don't know".
#[rustfmt::skip]
const QUESTIONS: &[(&str, &str)] = &[
    ("how do i tell my manager i want to be a director one day", "manager-interest manager-conversation-journey manager-talk tell-manager-first manager-conversation"),
    ("boss says theres no headcount for a principal", "manager-no-opening no-opening contributor-year"),
    ("ceo tore my roadmap apart in front of everyone", "board-of-one-goal challenge-not-attack worst-question hot-seat exec-tradeoff decision-note"),
    ("sales promised a feature again without asking", "say-no-with-goals what-would-stop sceptical-sales-lead repair-plan"),
    ("engineers keep getting pulled in every direction", "guard-focus"),
    ("i suck at delegating", "delegation-context handover-brief handover-one theirs-to-decide outcome-not-steps"),
    ("my brag doc is empty and perf review is next week", "log-same-day win-log-month event-review-season weekly-02 no-surprise-review"),
    ("how to write a self review", "event-review-season log-same-day"),
    ("do i even want to manage people", "why-want-it want-it want-it-trial want-it-two-weeks weekly-26"),
    ("how to turn down a promotion", "not-for-me not-wanting-it promotion-offer"),
    ("got offered head of product but i have to keep my old product too", "backfill-negotiation promotion-offer landing-pact backfill-aloud"),
    ("never managed anyone, interview for director on thursday", "director-interview-people director-interview-strategy"),
    ("what to put on my resume for a leadership role", "cv-goal-served cv-in-goals"),
    ("recruiter messaged me on linkedin", "recruiter-intro three-proofs-recruiter"),
    ("i freeze up in exec meetings", "hot-seat confident-judgement short-answers worst-question"),
    ("i always ramble when challenged", "short-answers weekly-07"),
    ("imposter syndrome", "basics-skipped confident-judgement ask-for-help"),
    ("two teams are building the same thing", "reuse-hunt weekly-21"),
    ("nobody owns the onboarding flow between growth and platform", "gray-area-pitch seam-map seam-fix who-wins between-two-teams weekly-10"),
    ("need a staff level project", "gray-area-pitch seam-map between-two-teams seam-fix"),
    ("how do i get promoted to staff", "contributor-year cross-functional-orchestration career-agency seam-map between-two-teams case-file"),
    ("legal keeps blocking us", "legal-worry-first thank-blocker"),
    ("finance doesnt get why we need budget", "finance-worry finance-calendar one-page-budget weekly-25 three-numbers"),
    ("how to build a business case with roi", "money-sentence weekly-25 weakest-assumption three-numbers"),
    ("how do i find a mentor", "mentor-ask"),
    ("someone asked me to mentor them what do i do", "mentor-quarter their-agenda mentee-offer coach-one-question weekly-15"),
    ("what to ask in a skip level", "skip-level-intro"),
    ("my 1:1s are just status updates", "their-agenda event-one-to-one-tomorrow"),
    ("my PM thinks im micromanaging", "step-back guidance-early check-ins-not-ups ear-options-decision delegation-under-fire delegation-context"),
    ("i jumped in and fixed it for them again", "step-back ear-options-decision keep-hands-off"),
    ("should i take the work back, its going badly", "keep-hands-off delegation-under-fire"),
    ("just got promoted to director, now what", "first-13-weeks event-new-role promotion-readiness"),
    ("first 90 days", "first-13-weeks event-new-role promotion-readiness"),
    ("i have no direct reports, how do i show people leadership", "people-leadership mentee-offer director-interview-people weekly-03 mentor-quarter people-craft"),
    ("how to become more visible without being annoying", "visibility lunch-and-learn lunch-talk-two-weeks sponsor-update community-answer"),
    ("nobody knows what my team does", "five-people-ask buy-in-interview five-interviews repair-plan"),
    ("stakeholders agree in the meeting then do nothing", "plan-not-meeting doubters-map shared-goal-owners org-buy-in"),
    ("sales and engineering hate each other", "cool-dispute cross-team-dispute weekly-22"),
    ("moving from fintech to healthtech", "new-industry-interview translate-industry translate-lesson ramp-thirty-days"),
    ("how to learn a new market quickly", "market-fluency ramp-thirty-days translate-industry"),
    ("what do competitors do better", "rival-a-month weekly-17"),
    ("how do i talk to customers more", "support-hour story-with-number"),
    ("our okrs make no sense", "goals-read-aloud event-new-goals weekly-01 score-last-quarter"),
    ("we shipped a ton and leadership didn't care", "score-last-quarter goal-trace"),
    ("too many meetings no time to think", "weekly-13"),
    ("quarterly planning is a fight every time", "event-quarter-planning"),
    ("how do i say no to a vp", "say-no-with-goals what-would-stop"),
    ("how to explain strategy simply", "strategy-five-sentences audience-three"),
    ("nobody reads my updates", "one-message-three spread-learning note-three-headings context-note-4 context-note"),
    ("what can i share with my team about the reorg", "context-note note-three-headings weekly-08 context-note-4"),
    ("have to announce that launch slips by a month", "change-plan-public"),
    ("do i need to ask that guy who always disagrees", "avoided-person help-in-time"),
    ("how do i ask for help without looking stupid", "help-early ask-for-help help-in-time"),
    ("exec asked for a number i didnt have", "find-out-date ask-for-help"),
    ("who decides, me or design?", "theirs-to-decide decision-rights-map"),
    ("i'm stuck as the delivery person", "manager-typecast"),
    ("feedback is always \"you're doing great\"", "ask-advice weekly-05 manager-conversation-journey"),
    ("hiring panel tips", "fair-interview-notes fair-interview"),
    ("what do directors do all day", "invisible-week leader-week skip-level-intro weekly-20 leader-shadow"),
    ("want to speak at a meetup but scared", "outside-voice lunch-talk-two-weeks community-answer"),
    ("promo packet", "case-file weekly-23"),
    ("who could vouch for my results", "weekly-24"),
    ("i'm burning out a bit and don't know if leadership is worth it", "want-it want-it-trial why-want-it want-it-two-weeks weekly-26 weekly-13"),
    ("my manager promised to help and then silence", "manager-followup manager-conversation-journey event-manager-talk weekly-14"),
    ("our cfo hates our roadmap", "weekly-25 finance-worry exec-tradeoff three-numbers money-sentence"),
    ("how do i practise a hard conversation", "manager-conversation worst-question weekly-07 hot-seat"),
    ("back from parental leave and drowning", "event-back-from-leave"),
    ("how do i pitch a process change to other teams", "reusable-practice reusable-template plan-not-meeting gray-area-pitch product-operating-system"),
    ("what's the weather tomorrow", ""),
    ("best pizza near the office", ""),
    ("write a python function that sorts a list", ""),
    ("who won the champions league", ""),
    ("book me a flight to lisbon", ""),
    ("what's for dinner", ""),
    ("how do i reset my slack password", ""),
    ("tell me a joke", ""),
    ("what is the capital of france", ""),
    ("lol", ""),
    ("can you translate this into spanish", ""),
    ("my dog ate my homework", ""),
    ("where can i buy cheap running shoes", ""),
    ("what time is lunch", ""),
    ("how tall is mount everest", ""),
    ("asdf qwerty", ""),
    ("cancel my netflix subscription", ""),
    ("is the vpn down again", ""),
    ("how much does a tesla cost", ""),
    ("my train is delayed", ""),
];

#[test]
fn nine_questions_of_ten_find_a_prompt_that_helps_among_the_first_three() {
    let library = content::load(None).expect("the built-in prompts are sound");
    let (mut helped, mut asked, mut refused, mut strange) = (0, 0, 0, 0);
    let mut missed = Vec::new();
    for (question, helpful) in QUESTIONS {
        let ids: Vec<&str> =
            library.answers(question, |_| true).iter().map(|prompt| prompt.id.as_str()).collect();
        let right = match *helpful {
            "" => {
                strange += 1;
                refused += usize::from(ids.is_empty());
                ids.is_empty()
            }
            helpful => {
                let helps = helpful.split(' ').any(|id| ids.contains(&id));
                asked += 1;
                helped += usize::from(helps);
                helps
            }
        };
        if !right {
            missed.push(format!("{question}: {ids:?}"));
        }
    }
    assert!(asked >= 45 && strange >= 15);
    assert!(helped * 100 >= asked * 90, "{helped} of {asked}: {missed:#?}");

    assert!(refused * 100 >= strange * 90, "{refused} of {strange}: {missed:#?}");
}

#[test]
fn every_prompt_can_be_found_by_its_title_and_by_its_own_questions() {
    let library = content::load(None).expect("the built-in prompts are sound");
    let (mut found, mut all) = (0, 0);
    for prompt in library.all() {
        for words in prompt.questions.iter().chain([&prompt.title]) {
            all += 1;
            found += usize::from(library.search(words).iter().take(3).any(|hit| hit.prompt.id == prompt.id));
        }
    }
    assert!(found * 100 >= all * 97, "{found} of {all}");
}

#[tokio::test]
async fn a_question_gets_three_answers_with_sources_and_a_way_to_take_one_on() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach ask How do I say no to sales?").await;
    let answers = ana.reads();
    assert!(
        answers.contains("The best answers I have") && answers.contains("How do I say no to sales?"),
        "{answers}"
    );
    assert!(answers.contains("Turn a request down by pointing at the goal"), "{answers}");
    assert_eq!(answers.matches("Source: ").count(), 3, "{answers}");
    ana.clicks("Open “Turn a request down by pointing at the goal”").await;
    assert!(ana.reads().contains("*Three rules*"), "{}", ana.reads());
    ana.clicks("Make it a challenge").await;
    ana.submits([]).await;
    assert!(ana.reads().contains("It is yours"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn plain_words_are_questions_in_a_message_and_in_a_command() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    for words in [
        "my boss says there is no opening for me",
        "/coach my boss says there is no opening for me",
        "help me get ready, my boss says there is no opening",
    ] {
        ana.says(words).await;
        assert!(
            ana.reads().contains("Turn \"nothing right now\" into a list you can work on"),
            "{}",
            ana.reads()
        );
    }
    ana.says("what is the capital of france").await;
    let unknown = ana.reads();
    assert!(unknown.contains("I have nothing on that") && unknown.contains("capital of france"), "{unknown}");
    assert!(unknown.contains("lists all I understand"), "{unknown}");
    ana.says("thanks a lot!").await;
    assert!(ana.reads().contains("Any time."), "{}", ana.reads());
    ana.says("nugde off").await;
    assert!(ana.reads().contains("`/coach nudge`: Your weekly nudge"), "{}", ana.reads());
    ana.says("/coach ask").await;
    assert!(ana.reads().contains("Like this:"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn a_name_that_is_not_there_gets_what_comes_nearest() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach script when the recruiter calls me").await;
    assert!(ana.reads().contains("I have no script of that name"), "{}", ana.reads());
    assert!(ana.reads().contains("Open a talk with a recruiter in three proofs"), "{}", ana.reads());
    ana.says("/coach challenge I freeze in front of executives").await;
    assert!(ana.reads().contains("Rehearse the meeting you dread, twice"), "{}", ana.reads());
    ana.says("/coach script zebra").await;
    assert!(ana.reads().contains("These are the ones I have"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn what_somebody_put_aside_is_no_answer_any_more() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach ask imposter syndrome").await;
    ana.clicks("Open “List the basics you skipped”").await;
    ana.clicks("Not useful").await;
    ana.says("/coach ask imposter syndrome").await;
    assert!(!ana.reads().contains("List the basics you skipped"), "{}", ana.reads());
    chat.ends().await;
}
