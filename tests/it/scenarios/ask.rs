//! Plain words: questions find answers, what fits nothing is told so, slips get the nearest command.

use rung::content;

use crate::chat::Chat;

/// How the search does on a file of questions. Each with the prompts that would help; - where the honest answer
/// is that there is nothing.
#[derive(Default)]
struct Marks {
    asked: usize,
    helped: usize,
    /// A prompt that helps is offered as near, where there is no answer.
    near: usize,
    strange: usize,
    refused: usize,
    missed: Vec<String>,
}

fn marks(questions: &str) -> Marks {
    let library = content::load(None).expect("the built-in prompts are sound");
    let mut marks = Marks::default();
    for line in questions.lines().filter(|line| !line.starts_with('#')) {
        let (question, helpful) = line.rsplit_once(" => ").expect(line);
        let ids: Vec<&str> =
            library.answers(question, |_| true).iter().map(|prompt| prompt.id.as_str()).collect();
        let right = match helpful {
            "-" => {
                marks.strange += 1;
                marks.refused += usize::from(ids.is_empty());
                ids.is_empty()
            }
            helpful => {
                let wanted: Vec<&str> = helpful.split(' ').collect();
                let unknown = wanted.iter().find(|id| library.all().all(|prompt| prompt.id.as_str() != **id));
                assert_eq!(unknown, None, "{question}");
                let helps = wanted.iter().any(|id| ids.contains(id));
                marks.asked += 1;
                marks.helped += usize::from(helps);
                let near = library.nearest(question, |_| true);
                marks.near += usize::from(
                    !helps && ids.is_empty() && near.iter().any(|near| wanted.contains(&near.id.as_str())),
                );
                helps
            }
        };
        if !right {
            marks.missed.push(format!("{question}: {ids:?}"));
        }
    }
    let Marks { asked, helped, near, strange, refused, missed } = &marks;
    println!(
        "{helped} of {asked} found help, {near} more were offered it as near; {refused} of {strange} were refused"
    );
    println!("not right: {missed:#?}");
    marks
}

#[test]
fn nine_questions_of_ten_find_a_prompt_that_helps_among_the_first_three() {
    let marks = marks(include_str!("../questions/learned_from.txt"));
    assert!(marks.asked >= 150 && marks.strange >= 50);
    assert!(marks.helped * 100 >= marks.asked * 90, "{} of {}", marks.helped, marks.asked);
    assert!(marks.refused * 100 >= marks.strange * 80, "{} of {}", marks.refused, marks.strange);
}

#[test]
fn of_questions_that_nobody_had_thought_of_three_in_four_do() {
    let marks = marks(include_str!("../questions/held_out.txt"));
    assert!(marks.asked >= 100 && marks.strange >= 40);
    assert!(marks.helped * 100 >= marks.asked * 72, "{} of {}", marks.helped, marks.asked);
    assert!((marks.helped + marks.near) * 100 >= marks.asked * 80, "{} more", marks.near);
    assert!(marks.refused * 100 >= marks.strange * 75, "{} of {}", marks.refused, marks.strange);
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
async fn questions_about_the_coach_itself_are_answered_by_its_own_commands() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    for (question, part) in [
        ("who can see my cards?", "*Who sees it:* you."),
        ("how do I stop the nudges?", "Your weekly nudge"),
        ("/coach ask how do I delete my data", "Erase all I know about you"),
        ("my time zone is wrong", "Europe/Berlin"),
    ] {
        ana.says(question).await;
        assert!(ana.reads().contains(part), "{question}: {}", ana.reads());
    }
    chat.ends().await;
}

#[tokio::test]
async fn somebody_in_trouble_is_pointed_to_people_and_gets_no_tip() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("i want to kill myself").await;
    assert!(ana.reads().contains("a crisis line where you live"), "{}", ana.reads());
    ana.says("/coach my manager is harassing me").await;
    assert!(ana.reads().contains("talk to people who can act"), "{}", ana.reads());
    chat.ends().await;
}

#[tokio::test]
async fn what_has_no_answer_may_have_something_near_it() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("senior for 4 yrs now, everyone around me gets bumped up").await;
    let told = ana.reads();
    assert!(
        told.contains("I have nothing on that") && told.contains("The nearest, should you mean that:"),
        "{told}"
    );
    ana.says("what is the capital of france").await;
    assert!(!ana.reads().contains("The nearest"), "{}", ana.reads());
    chat.ends().await;
}

/// A word on what happened to somebody is not true for whoever asks.
#[tokio::test]
async fn what_is_said_on_an_occasion_is_no_answer_to_a_question() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    for question in
        ["ten quiet days for my challenge", "is my first entry in", "the last three came at the wrong time"]
    {
        ana.says(question).await;
        for untrue in ["Ten quiet days", "Your first entry is in", "The last three came"] {
            assert!(!ana.reads().contains(untrue), "{question}: {}", ana.reads());
        }
    }
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
