//! What people write to a coach besides questions about their work: thanks, questions about the coach itself,
//! and trouble that is no coach's to mend.

use std::sync::LazyLock;

use super::reply::{Button, Reply};
use super::search::{Index, Page};
use super::{Action, Command, Scene, commands};

/// None where it is a question for the library.
pub fn answer(scene: &Scene, typed: &str) -> Option<Reply> {
    if let Some(trouble) = trouble(typed) {
        return Some(trouble);
    }
    if is_courtesy(typed) {
        return Some(Reply::text("Any time. I am here whenever you want the next step.").and_buttons(vec![
            Button::new("Get a tip", Action::Tip(None)),
            Button::new("What can you do?", Action::Help),
        ]));
    }
    about_the_coach(typed).map(|command| commands::answer(scene, command).reply)
}

/// "Thank you so much": nothing to look up.
pub fn is_courtesy(typed: &str) -> bool {
    const WORDS: [&str; 30] = [
        "thanks", "thank", "thx", "ty", "cheers", "you", "so", "very", "much", "a", "lot", "great", "good",
        "nice", "cool", "ok", "okay", "perfect", "awesome", "lovely", "got", "it", "will", "do", "bye",
        "that", "helps", "helped", "was", "this",
    ];
    let said = typed.to_lowercase();
    let mut words = said.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| WORDS.contains(&word))
}

/// Somebody who is in danger or is being wronged gets no tip, but a word that points to people.
pub fn trouble(typed: &str) -> Option<Reply> {
    let said = typed.to_lowercase().replace('’', "'");
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&[
        "kill myself",
        "end my life",
        "take my life",
        "want to die",
        "wanna die",
        "hurt myself",
        "harm myself",
        "suicidal",
        "don't want to live",
        "no reason to live",
    ]) {
        return Some(Reply::text(
            "I am a program for questions about work, and what you write matters more than work. Please do not stay \
             alone with it: call the emergency number or a crisis line where you live, or somebody you trust, now. \
             A doctor can help with this, today as well.",
        ));
    }
    has(&["harass", "bullied", "bullying", "bullies", "groped", "discriminated", "assaulted", "threatens me"]).then(|| {
        Reply::text(
            "That is not yours to solve with a better sentence, and I am no judge of it. Write down what happened, \
             when, and who was there, somewhere that is yours. Then talk to people who can act or stand by you: \
             somebody you trust, HR or whoever your company names for this, a works council or union, a lawyer or a \
             public advice service.",
        )
    })
}

/// Questions about the coach, and the command whose answer is theirs.
type Topic = (fn() -> Command, &'static [&'static str]);

const TOPICS: [Topic; 6] = [
    (
        || Command::About,
        &[
            "who can see my cards",
            "who can read what i write here",
            "is this private",
            "is this confidential",
            "can my manager see this",
            "can my boss see this",
            "can my boss read what i log",
            "can hr or an admin see my ratings",
            "do you share my answers with anybody",
            "where is my data stored",
            "is my data safe with you",
            "are you an ai, do you use a model",
            "do you send my data anywhere",
        ],
    ),
    (
        || Command::Nudge(commands::nudge::Ask::Show),
        &[
            "how do i stop the nudges",
            "how do i turn off nudges",
            "how do i pause the nudges",
            "how do i get fewer nudges",
            "how do i change the day of my nudge",
            "when is my next nudge",
            "can you remind me less often",
            "stop sending me reminders",
            "snooze the nudges until next month",
        ],
    ),
    (
        || Command::HelpWith { name: "forget" },
        &[
            "how do i delete my data",
            "how do i delete my account",
            "erase everything you know about me",
            "remove all my data",
            "forget everything about me",
        ],
    ),
    (
        || Command::Settings(commands::settings::Ask::Show),
        &[
            "how do i change my time zone",
            "my time zone is wrong",
            "how do i change my settings",
            "how do i set my goal rung",
            "change the rung i want",
        ],
    ),
    (
        || Command::HelpWith { name: "export" },
        &[
            "how do i export my data",
            "how do i download my cards",
            "can i take my data with me when i leave",
            "what do you know about me",
        ],
    ),
    (
        || Command::HelpWith { name: "cards" },
        &[
            "how do i delete a card",
            "how do i edit a card",
            "where do i find what i logged",
            "where are my cards",
            "show me my evidence cards",
        ],
    ),
];

/// So much has to be the same, from 0 to 1.
const ALIKE: f64 = 0.75;

fn about_the_coach(typed: &str) -> Option<Command> {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        let page = |(_, questions): &Topic| Page { questions: questions.to_vec(), ..Page::default() };
        Index::new(&TOPICS.iter().map(page).collect::<Vec<_>>())
    });
    let hits = INDEX.find(typed);
    let best = hits.iter().max_by(|a, b| a.alike.total_cmp(&b.alike))?;
    (best.alike >= ALIKE).then(|| TOPICS[best.page].0())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_are_no_question() {
        for typed in ["thank you so much", "Thanks!", "ok great"] {
            assert!(is_courtesy(typed), "{typed}");
        }
        assert!(!is_courtesy("🙂") && !is_courtesy("how do I thank someone"));
    }

    #[test]
    fn questions_about_the_coach_are_told_from_those_about_work() {
        let check =
            |typed: &str, expected: Option<Command>| assert_eq!(about_the_coach(typed), expected, "{typed}");
        check("Who can see my cards?", Some(Command::About));
        check("can my boss see this", Some(Command::About));
        check("is this private?", Some(Command::About));
        check("How do I stop these nudges?", Some(Command::Nudge(commands::nudge::Ask::Show)));
        check("how can I delete my data", Some(Command::HelpWith { name: "forget" }));
        check("how do I change my timezone", Some(Command::Settings(commands::settings::Ask::Show)));
        check("how do I tell my manager that I want to lead", None);
        check("how do I change my boss's mind", None);
        check("how do I get more data for my roadmap", None);
        check("how do I stop rescuing my team", None);
        check("", None);
    }

    #[test]
    fn trouble_gets_people_and_figures_of_speech_do_not() {
        assert!(trouble("I want to kill myself").is_some());
        assert!(trouble("my manager is harassing me").is_some());
        assert!(trouble("can you say \"i dont know\" in a steerco or is that suicide").is_none());
        assert!(trouble("this roadmap is killing me").is_none());
    }
}
