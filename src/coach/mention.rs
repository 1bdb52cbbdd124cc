//! What the coach says when somebody calls it in a channel, where others read along: from the library
//! alone. It is given no person, so it can say nothing about one.

use jiff::Timestamp;

use super::commands::ask;
use super::commands::help::HowTo;
use super::library::{Kind, Library, Prompt};
use super::person::Person;
use super::reply::{Part, Reply};
use super::{Command, House, Scene, Usage, aside, choose, command, say};

/// Answers a mention. `seed` differs from one mention to the next.
pub fn mention(library: &Library, house: &House, now: Timestamp, seed: &str, typed: &str) -> Reply {
    let anybody = Person::anybody(seed);
    let scene = Scene { library, person: &anybody, now, house, fresh: "", here: None };
    match command::parse(typed) {
        Ok(Command::Today | Command::Help | Command::HelpWith { .. } | Command::About) => what_i_do(&scene),
        Ok(Command::HowTo(HowTo::Hello)) => what_i_do(&scene),
        Ok(Command::Tip { skill }) => tip(&scene, &skill),
        Ok(Command::Ask { question }) => answers(&scene, &question),
        Ok(Command::Script { name }) | Ok(Command::Challenge { name }) if !name.is_empty() => {
            answers(&scene, &name)
        }
        Ok(Command::Script { .. } | Command::Challenge { .. }) => what_i_do(&scene),
        // Whatever is about somebody is not done where others read along.
        Ok(_) | Err(Usage::Wrong { .. }) => between_us(&scene),
        Err(Usage::Unknown { typed }) => answers(&scene, &typed),
    }
}

fn tip(scene: &Scene, typed: &str) -> Reply {
    let skill = choose::find_skill(scene.library, typed);
    if skill.is_none() && !typed.is_empty() {
        return answers(scene, typed);
    }
    match choose::next(scene, Kind::Tip, skill.map(|skill| &skill.id)) {
        Some(choice) => say::prompt(scene, choice.prompt).and_note(for_yourself(scene)),
        None => what_i_do(scene),
    }
}

fn answers(scene: &Scene, question: &str) -> Reply {
    if aside::is_courtesy(question) {
        return Reply::text("Any time.");
    }
    if let Some(reply) = aside::trouble(question) {
        return reply;
    }
    let found: Vec<&Prompt> = scene.library.answers(question, |_| true);
    if found.is_empty() {
        return Reply::text("I have nothing on that, and I would rather say so than guess.")
            .and_note(for_yourself(scene));
    }
    // No buttons: whoever pressed one would have their own answer shown to everybody here.
    let reply = found.iter().fold(Reply::default(), |reply, prompt| {
        reply.and_text(format!("**{}**\\\n{}", prompt.title, ask::gist(scene, prompt))).and_note(format!(
            "{} · {}",
            ask::kind(prompt),
            say::credit_in_short(scene, prompt)
        ))
    });
    reply.and_note(for_yourself(scene))
}

fn what_i_do(scene: &Scene) -> Reply {
    Reply::text(
        "I coach product managers towards the next rung, or towards a good reason to stay where they are.",
    )
    .and(Part::List(vec![
        format!("{}: something you can use this week", scene.code("tip")),
        format!("{}: the best answers I have", scene.code("ask how do I say no to sales")),
        format!("{}: a hard conversation, prepared", scene.code("script manager")),
    ]))
    .and_note(
        "Those answers only you see, here or in a direct message to me. In a thread like this one I answer \
             questions and keep nothing.",
    )
}

fn between_us(scene: &Scene) -> Reply {
    Reply::text(format!(
        "That is between you and me, and here others read along, so I have done nothing. Type {} and the rest, or \
         write to me directly.",
        scene.code("")
    ))
}

fn for_yourself(scene: &Scene) -> String {
    format!(
        "For an answer that only you see: {} and your question, or write to me directly.",
        scene.code("ask")
    )
}
