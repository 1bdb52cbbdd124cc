//! `/coach case [export]`: all the cards held against the rung somebody wants: what is proved, what is
//! thin, and the next best challenge.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::dates::show_date_with_year;
use crate::coach::levels::{self, Standing};
use crate::coach::library::Kind;
use crate::coach::person::Card;
use crate::coach::progress;
use crate::coach::reply::{Button, Choice, Part, Reply};
use crate::coach::{Action, Enclosure, Outcome, Scene, choose};

use super::cards::shorten;

pub const SPEC: Spec = Spec {
    name: "case",
    args: "[export]",
    about: "Your case for the next rung",
    examples: &["case", "case export"],
    also: &["casefile", "dossier", "promotion"],
    parse: |rest| match bare(rest).as_str() {
        "" | "file" | "show" => Ok(Command::Case { export: false }),
        "export" | "file export" | "send" | "download" => Ok(Command::Case { export: true }),
        _ => Err(Usage::wrong(&SPEC, &format!("case {rest}"), "I can show your case file or send it.")),
    },
};

/// How many cards of a skill the answer shows; the files have them all.
const CARDS: usize = 2;
/// How much of one line of a card it shows.
const LINE: usize = 280;

pub fn answer(scene: &Scene) -> Outcome {
    let standings = levels::standings(scene);
    let mut reply = Reply::headed(format!("Your case: {}", scene.person.rung().title()));
    let mut shown = Vec::new();
    // What has no card yet is one line and not nine.
    let (with, without): (Vec<&Standing>, Vec<&Standing>) = standings
        .iter()
        .partition(|standing| standing.lacks.is_none() || best(scene, standing).next().is_some());
    for standing in with {
        reply = reply.and_text(verdict(standing));
        for card in best(scene, standing).take(CARDS) {
            let words: Vec<String> = lines(card)
                .into_iter()
                .map(|(label, words)| format!("{label}: {}", shorten(&words, LINE)))
                .collect();
            reply = reply.and_typed(card_label(card), words.join("\n"));
            shown.push(card);
        }
    }
    if !without.is_empty() {
        let titles: Vec<&str> = without.iter().map(|standing| standing.skill.title.as_str()).collect();
        reply = reply.and_text(format!(
            "**No card yet:** {}. A level takes two cards with a document, one of them confirmed by somebody else.",
            titles.join(", ")
        ));
    }
    reply = without_skill(scene, reply);
    let mut buttons = Vec::new();
    if let Some(next) = progress::next_step(&standings)
        && let Some(choice) = choose::next(scene, Kind::Challenge, Some(&next.skill.id))
    {
        let title = &next.skill.title;
        let is_alone = standings.iter().filter(|other| other.gap() == next.gap()).count() == 1;
        let because = match next.cards {
            _ if is_alone => format!("{title} is furthest from what you want"),
            0 => format!("{title} is as far from what you want as any"),
            _ => format!("you have a start in {title} already"),
        };
        reply =
            reply.and_text(format!("**Next best challenge:** {}, because {because}.", choice.prompt.title));
        buttons.push(Button::primary("Show it", Action::Show(choice.prompt.id.clone())));
    }
    let blank: Vec<(String, Action)> = shown
        .iter()
        .filter(|card| !missing(card).is_empty())
        .map(|card| (option(card), Action::TellMore(card.id.clone())))
        .collect();
    if !blank.is_empty() {
        reply = reply
            .and_text(
                "Some of these lines have gaps: the goal it served, how others were brought along, what you would do \
                 a level up. I never make words up; you can add yours.",
            )
            .and(Part::Choice(Choice { label: "Fill in a card".to_owned(), options: blank }));
    }
    buttons.extend([
        Button::new("Send it as files", Action::CaseExport),
        Button::new("Log evidence", Action::Log),
    ]);
    Outcome::say(
        reply.and_buttons(buttons).and_note("Only you see this, until you show it to somebody yourself."),
    )
}

/// Cards that nobody has given a skill: saved, and so far without a place in the case.
fn without_skill(scene: &Scene, reply: Reply) -> Reply {
    let shelf = &scene.person.shelf;
    let cards = &scene.person.more.unsorted;
    match shelf.total.saturating_sub(shelf.by_skill.values().sum()) {
        0 => reply,
        n => {
            let told = match n {
                1 => "**1 card has no skill yet**, so it does not count here. Which one does it show?"
                    .to_owned(),
                n => {
                    format!("**{n} cards have no skill yet**, so they do not count here. Which do they show?")
                }
            };
            let reply = reply.and_text(told);
            match cards.as_slice() {
                [] => reply,
                [card] => reply
                    .and_typed(card_label(card), shorten(&card.what, LINE))
                    .and_buttons(vec![Button::new("Give it a skill", Action::EditCard(card.id.clone()))]),
                cards => reply.and(Part::Choice(Choice {
                    label: "Give a card its skill".to_owned(),
                    options: cards
                        .iter()
                        .map(|card| (option(card), Action::EditCard(card.id.clone())))
                        .collect(),
                })),
            }
        }
    }
}

/// "3 Mar: Ran the pricing review"
fn option(card: &Card) -> String {
    format!("{}: {}", card.happened_on.strftime("%-d %b"), shorten(&card.what, 50))
}

pub fn export(scene: &Scene) -> Outcome {
    let reply = Reply::text("Your case file is on its way to our direct message, in three formats.").and_note(format!(
        "Markdown to read and paste, CSV for a spreadsheet, JSON for programs. Nobody else gets them. {} sends \
         everything I know about you.",
        scene.code("export")
    ));
    Outcome::say(reply).enclosing([Enclosure::CaseMarkdown, Enclosure::CaseCsv, Enclosure::CaseJson])
}

/// The best cards of a skill, strongest first.
fn best<'a>(scene: &Scene<'a>, standing: &Standing) -> impl Iterator<Item = &'a Card> {
    let skill = standing.skill.id.clone();
    let person = scene.person;
    person.more.best.iter().filter(move |card| card.skill.as_ref() == Some(&skill))
}

/// "**Market fluency:** 3 wanted, 1 proved. Level 2 lacks …"
pub fn verdict(standing: &Standing) -> String {
    let proven = match standing.proven {
        0 => "nothing proved yet".to_owned(),
        level => format!("{level} proved"),
    };
    match &standing.lacks {
        None => format!("**{}:** {} wanted, {proven}. This holds.", standing.skill.title, standing.wanted),
        Some(lacks) => format!(
            "**{}:** {} wanted, {proven}. Thin: level {} lacks {lacks}.",
            standing.skill.title,
            standing.wanted,
            standing.proven + 1
        ),
    }
}

/// "3 March 2026, strength 2, argues for level 3"
pub fn card_label(card: &Card) -> String {
    let level =
        card.level.map_or("argues for no level yet".to_owned(), |level| format!("argues for level {level}"));
    format!("{}, strength {}, {level}", show_date_with_year(card.happened_on), levels::strength(card))
}

/// The card in the words of a CV or a promotion paper: their own words, set in our order. What is not
/// on the card is not there.
pub fn lines(card: &Card) -> Vec<(&'static str, String)> {
    let confirmed = [
        card.witness.clone(),
        card.confirmed_how.clone(),
        card.confirmed_on.map_or(String::new(), |date| format!("on {}", show_date_with_year(date))),
    ];
    let confirmed: Vec<String> = confirmed.into_iter().filter(|part| !part.is_empty()).collect();
    let confirmed = match (confirmed.join(", "), card.confirmed_words.as_str()) {
        (who, "") => who,
        (who, words) if who.is_empty() => format!("“{words}”"),
        (who, words) => format!("{who}: “{words}”"),
    };
    [
        ("Goal served", card.goal.clone()),
        ("Situation", card.situation.clone()),
        ("What I decided and did", card.what.clone()),
        ("How others were brought along", card.others.clone()),
        ("Result", card.changed.clone()),
        ("A quarter later", card.lasted.clone()),
        (if levels::is_said_to_be_confirmed(card) { "Confirmed by" } else { "Could confirm it" }, confirmed),
        ("Document", card.link.clone()),
        ("A level up, I would", card.level_up.clone()),
    ]
    .into_iter()
    .filter(|(_, words)| !words.trim().is_empty())
    .collect()
}

/// Which of the lines that a panel asks for are blank.
pub fn missing(card: &Card) -> Vec<&'static str> {
    [
        (card.goal.is_empty(), "the goal it served"),
        (card.others.is_empty(), "how others were brought along"),
        (card.changed.is_empty(), "the result"),
        (card.level_up.is_empty(), "what you would do a level up"),
    ]
    .into_iter()
    .filter_map(|(is_blank, what)| is_blank.then_some(what))
    .collect()
}
