//! `/coach cards [skill or words]`: one's own evidence, to look through and to find again.
//!
//! A command of its own and no `log list`: what stands after `log` is somebody's own prose, and a card
//! that begins with the word "list" must be saved, not searched for.

use crate::coach::command::{Command, Spec};
use crate::coach::need::{PAGE, Which, which};
use crate::coach::person::Card;
use crate::coach::reply::{Button, Choice, Part, Reply};
use crate::coach::{Action, Outcome, Scene, levels, press, say};

pub const SPEC: Spec = Spec {
    name: "cards",
    args: "[skill or words]",
    about: "Look through your evidence cards",
    examples: &["cards", "cards 3", "cards market fluency", "cards pricing review"],
    also: &["card", "search", "find", "portfolio"],
    parse: |rest| Ok(Command::Cards { words: rest.chars().take(200).collect() }),
};

pub fn answer(scene: &Scene, number: u32, words: &str) -> Outcome {
    let person = scene.person;
    let Some(page) = &person.more.page else { return Outcome::say(none(scene, words)) };
    if page.total == 0 {
        return Outcome::say(none(scene, words));
    }
    let which = which(scene.library, words);
    if let (Which::Number(number), [card]) = (&which, page.cards.as_slice())
        && *number <= person.shelf.total
    {
        let reply = Reply::headed(format!("Card {number}")).and_all(say::card(scene, card));
        return Outcome::say(reply.and_buttons(buttons(card)));
    }
    let total = match page.total {
        1 => "1 card".to_owned(),
        n => format!("{n} cards"),
    };
    let reply = match &which {
        Which::All => Reply::headed(format!("Your evidence: {total}")),
        Which::Skill(skill) => {
            Reply::headed(format!("Your evidence in {}: {total}", scene.library.skill_title(skill)))
        }
        Which::Number(_) | Which::Words(_) => {
            Reply::headed(format!("Found: {total}")).and_typed("With the words", words)
        }
    };
    let mut reply = reply;
    for card in &page.cards {
        reply = reply.and_typed(label(scene, card), shorten(&card.what, 160));
    }
    let options = page
        .cards
        .iter()
        .map(|card| {
            let label = format!("{}: {}", card.happened_on.strftime("%-d %b"), shorten(&card.what, 50));
            (label, Action::ShowCard(card.id.clone()))
        })
        .collect();
    reply = reply.and(Part::Choice(Choice { label: "Open a card".to_owned(), options }));
    let pages = page.total.div_ceil(PAGE);
    let number = number.min(pages.saturating_sub(1));
    let mut buttons = Vec::new();
    if number > 0 {
        buttons.push(Button::new("Newer", Action::Cards(number - 1, words.to_owned())));
    }
    if number + 1 < pages {
        buttons.push(Button::new("Older", Action::Cards(number + 1, words.to_owned())));
    }
    buttons.push(Button::new("Log evidence", Action::Log));
    let reply = reply.and_buttons(buttons);
    Outcome::say(if pages > 1 {
        reply.and_note(format!(
            "Page {} of {pages}. {} finds cards by skill or by any words on them.",
            number + 1,
            scene.code("cards pricing review")
        ))
    } else {
        reply
    })
}

/// "Market fluency · 3 March 2026 · strength 2"
fn label(scene: &Scene, card: &Card) -> String {
    format!("{} · strength {}", say::skill_and_day(scene, card), levels::strength(card))
}

fn none(scene: &Scene, words: &str) -> Reply {
    let reply = if words.trim().is_empty() {
        Reply::text(format!(
            "No evidence cards yet. {} and what happened makes the first.",
            scene.code("log")
        ))
    } else {
        Reply::text(format!("No card of yours has that. {} shows them all.", scene.code("cards")))
            .and_typed("You looked for", words)
    };
    reply.and_buttons(vec![Button::new("Log evidence", Action::Log)])
}

/// One card, whole, with what would make it stronger.
pub fn show(scene: &Scene) -> Outcome {
    let Some(card) = &scene.person.shelf.asked_for else { return press::no_card(scene) };
    Outcome::say(Reply::headed("Your card").and_all(say::card(scene, card)).and_buttons(buttons(card)))
}

/// What can be done with a card, wherever it is shown.
pub fn buttons(card: &Card) -> Vec<Button> {
    vec![
        Button::new("Edit", Action::EditCard(card.id.clone())),
        Button::new("Make it stronger", Action::Confirm(card.id.clone())),
        Button::new("Fill in the case", Action::TellMore(card.id.clone())),
        Button::danger("Delete", Action::DeleteCard(card.id.clone())),
    ]
}

/// The first so many characters of what somebody wrote, on one line.
pub fn shorten(words: &str, most: usize) -> String {
    let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let short: String = line.chars().take(most - 1).collect();
    format!("{}…", short.trim_end())
}
