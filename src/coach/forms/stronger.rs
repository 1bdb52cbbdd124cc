//! What makes a card stronger: who confirmed it, what lasted; and what a case needs besides.

use crate::coach::commands::cards;
use crate::coach::dates::parse_date;
use crate::coach::levels;
use crate::coach::person::Card;
use crate::coach::reply::{About, Button, Control, Field, FieldError, Form, Part, Reply, Submission};
use crate::coach::{Action, Change, Outcome, Scene, press, say};

use super::{LINK, WITNESS, too_long};

const CONFIRMED_ON: &str = "confirmed_on";
const CONFIRMED_HOW: &str = "confirmed_how";
const CONFIRMED_WORDS: &str = "confirmed_words";
const LASTED: &str = "lasted";
const LASTED_ON: &str = "lasted_on";
const GOAL: &str = "goal";
const OTHERS: &str = "others";
const LEVEL_UP: &str = "level_up";

fn line(words: &str) -> Control {
    Control::Line { initial: words.to_owned() }
}

fn paragraph(words: &str) -> Control {
    Control::Paragraph { initial: words.to_owned() }
}

pub fn open_confirm(scene: &Scene) -> Outcome {
    let Some(card) = &scene.person.shelf.asked_for else { return press::no_card(scene) };
    let form = Form {
        about: About::Confirm { card: card.id.clone() },
        title: "Make it stronger".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![Part::Note(levels::explain(card))],
        fields: vec![
            Field::new(LINK, "Link", line(&card.link))
                .hint("A document, a message or a page that shows it. To take one away, use Edit.")
                .optional(),
            Field::new(WITNESS, "Who confirmed it?", line(&card.witness))
                .hint("Such as: Dana, head of finance.")
                .optional(),
            Field::new(CONFIRMED_ON, "When?", Control::Date { initial: card.confirmed_on }).optional(),
            Field::new(CONFIRMED_HOW, "How?", line(&card.confirmed_how))
                .hint("Such as: by mail, or in the review.")
                .optional(),
            Field::new(CONFIRMED_WORDS, "In which words?", paragraph(&card.confirmed_words))
                .hint("As they said or wrote it, as well as you can.")
                .optional(),
            Field::new(LASTED, "What was still there a quarter later?", paragraph(&card.lasted)).optional(),
            Field::new(LASTED_ON, "Seen on", Control::Date { initial: card.lasted_on }).optional(),
        ],
    };
    Outcome::open(form, reply(scene, card, Action::Confirm(card.id.clone())))
}

pub fn open_tell_more(scene: &Scene) -> Outcome {
    let Some(card) = &scene.person.shelf.asked_for else { return press::no_card(scene) };
    let form = Form {
        about: About::TellMore { card: card.id.clone() },
        title: "Fill in the case".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![Part::Note(
            "What a panel asks for besides. Each line goes into your case file as you write it.".to_owned(),
        )],
        fields: vec![
            Field::new(GOAL, "Which goal did it serve?", line(&card.goal))
                .hint("A goal of the company, such as renewals up by five points.")
                .optional(),
            Field::new(OTHERS, "How did you bring others along?", paragraph(&card.others)).optional(),
            Field::new(LEVEL_UP, "A level up, what would you do?", paragraph(&card.level_up)).optional(),
        ],
    };
    Outcome::open(form, reply(scene, card, Action::TellMore(card.id.clone())))
}

fn reply(scene: &Scene, card: &Card, again: Action) -> Reply {
    Reply::text("Here is the card; the form is one press away.")
        .and_all(say::card(scene, card))
        .and_buttons(vec![Button::primary("Open the form", again)])
}

/// The card may have been deleted while the form was open: then what was typed goes onto it all the same,
/// and it stays deleted.
fn live_or_deleted<'a>(scene: &Scene<'a>) -> Option<&'a Card> {
    let shelf = &scene.person.shelf;
    shelf.asked_for.as_ref().or(shelf.deleted.as_ref())
}

/// The card is erased: what was typed comes back.
fn words_back(submission: &Submission, labels: &[(&'static str, &str)]) -> Outcome {
    let reply = Reply::text(
        "You have deleted that card, and its day to come back has passed, so nothing was saved. What you wrote:",
    );
    let reply = labels
        .iter()
        .filter(|(field, _)| !submission.value(field).trim().is_empty())
        .fold(reply, |reply, (field, label)| reply.and_typed(*label, submission.value(field).trim()));
    Outcome::say(reply.and_buttons(vec![Button::new("Log it as a new card", Action::Log)]))
}

pub(super) fn confirm(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let labels = [
        (LINK, "Link"),
        (WITNESS, "Who confirmed it"),
        (CONFIRMED_ON, "When"),
        (CONFIRMED_HOW, "How"),
        (CONFIRMED_WORDS, "In which words"),
        (LASTED, "Still there a quarter later"),
        (LASTED_ON, "Seen on"),
    ];
    let Some(card) = live_or_deleted(scene) else { return Ok(words_back(submission, &labels)) };
    let mut errors = Vec::new();
    let text = |field| submission.value(field).trim().to_owned();
    for field in [LINK, WITNESS, CONFIRMED_HOW, CONFIRMED_WORDS, LASTED] {
        too_long(field, &text(field), &mut errors);
    }
    let mut date = |field: &'static str| {
        let typed = submission.value(field);
        let date = parse_date(typed, scene.today());
        if !typed.is_empty() && date.is_none() {
            errors.push((field, "Choose a day.".to_owned()));
        } else if date.is_some_and(|date| date > scene.today()) {
            errors.push((field, "That day is still to come; leave it empty until then.".to_owned()));
        } else if date.is_some_and(|date| date < card.happened_on) {
            errors.push((field, "That is before the day on the card.".to_owned()));
        }
        date
    };
    let (confirmed_on, lasted_on) = (date(CONFIRMED_ON), date(LASTED_ON));
    if !errors.is_empty() {
        return Err(errors);
    }
    // A form that was drawn before it asked for a link has none: the card keeps its own.
    let link = if text(LINK).is_empty() { card.link.clone() } else { text(LINK) };
    let card = Card {
        link,
        witness: text(WITNESS),
        confirmed_on,
        confirmed_how: text(CONFIRMED_HOW),
        confirmed_words: text(CONFIRMED_WORDS),
        lasted: text(LASTED),
        lasted_on,
        ..card.clone()
    };
    Ok(changed(scene, card))
}

pub(super) fn tell_more(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let labels =
        [(GOAL, "Goal it served"), (OTHERS, "How others were brought along"), (LEVEL_UP, "A level up")];
    let Some(card) = live_or_deleted(scene) else { return Ok(words_back(submission, &labels)) };
    let mut errors = Vec::new();
    let text = |field| submission.value(field).trim().to_owned();
    for field in [GOAL, OTHERS, LEVEL_UP] {
        too_long(field, &text(field), &mut errors);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let card = Card { goal: text(GOAL), others: text(OTHERS), level_up: text(LEVEL_UP), ..card.clone() };
    Ok(changed(scene, card))
}

/// Writes a changed card down and shows it, with what its strength is now.
pub(super) fn changed(scene: &Scene, card: Card) -> Outcome {
    if scene.person.shelf.deleted.is_some() {
        let reply = Reply::text(
            "You have deleted this card in the meantime. What you wrote is on it, and it stays deleted unless you \
             bring it back.",
        )
        .and_all(say::card(scene, &card))
        .and_buttons(vec![press::bring_back(&card)]);
        return Outcome::say(reply).with(Change::SaveCard(card));
    }
    if scene.person.shelf.asked_for.as_ref() == Some(&card) {
        let reply = Reply::headed("Nothing has changed").and_all(say::card(scene, &card));
        return Outcome::say(reply.and_buttons(cards::buttons(&card)));
    }
    let reply = Reply::headed("Changed").and_all(say::card(scene, &card)).and_buttons(cards::buttons(&card));
    Outcome::say(reply).with(Change::SaveCard(card))
}
