//! App Home: this week, progress, cards, settings; every button works from there.
//!
//! Always far under Slack's hundred blocks: cards come a page at a time.

use super::commands::{challenge, rehearse, settings, today};
use super::library::Kind;
use super::person::Card;
use super::reply::{Button, Part, Reply};
use super::{Action, Scene, choose, progress, say};

pub const CARDS_ON_A_PAGE: u32 = 5;
/// So much of a card is shown here; its form has the whole of it.
const SHOWN: usize = 300;

/// What stands on somebody's App Home, with this page of their cards.
pub fn home(scene: &Scene, cards: &[Card], page: u32) -> Reply {
    if scene.person.is_new {
        return welcome(scene);
    }
    Reply::default()
        .and_all(this_week(scene))
        .and_all(progress(scene))
        .and_all(evidence(scene, cards, page))
        .and_all(settings::show(scene, scene.person.wanted, &scene.person.zone, "Settings"))
        .and_note(format!(
            "Only you see this page. {} says who could technically read what is kept.",
            scene.code("about")
        ))
}

/// Something of use before any question.
fn welcome(scene: &Scene) -> Reply {
    let reply = Reply::headed("Welcome").and_text(today::WHAT_I_DO);
    let reply = match choose::next(scene, Kind::Tip, None) {
        Some(choice) => reply.and_all(say::prompt(scene, choice.prompt)),
        None => reply,
    };
    reply
        .and_buttons(vec![
            Button::primary("Another tip", Action::Tip(None)),
            Button::new("Log evidence", Action::Log),
            Button::new("Send me one a week", Action::NudgesOn),
            Button::new("What else can you do?", Action::Help),
        ])
        .and_note("Answers come as direct messages that only you see; this page grows with what you do.")
}

fn this_week(scene: &Scene) -> Reply {
    let person = scene.person;
    let reply = Reply::headed(format!("Your week, {}", say::date(scene.today())));
    let mut buttons = Vec::new();
    let reply = match (say::current(scene), &person.current) {
        (Some(current), Some(taken)) => {
            buttons.extend(challenge::hold(taken));
            reply.and_all(current)
        }
        _ => match choose::next(scene, Kind::Challenge, None) {
            Some(choice) => {
                buttons.push(Button::primary("Show it", Action::Show(choice.prompt.id.clone())));
                reply.and_text(format!(
                    "No challenge on the go. One that would suit: **{}** ({}).",
                    choice.prompt.title,
                    say::takes(choice.prompt)
                ))
            }
            None => reply.and_text("No challenge on the go."),
        },
    };
    buttons.push(Button::new("Get a tip", Action::Tip(None)));
    buttons.push(match person.rhythm.on {
        true => Button::new("Stop nudges", Action::NudgesOff),
        false => Button::new("Send me one step a week", Action::NudgesOn),
    });
    buttons.push(Button::new("What can you do?", Action::Help));
    let next = match person.rhythm.next {
        Some(slot) => format!("**Next nudge:** {}", say::moment(&person.zone, slot.at)),
        None if person.rhythm.on => "**Next nudge:** none planned".to_owned(),
        None => "**Nudges:** off".to_owned(),
    };
    reply.and_text(next).and_buttons(buttons)
}

/// Where they stand, skill by skill.
fn progress(scene: &Scene) -> Reply {
    let reply = Reply::headed("Your progress").and(Part::List(progress::lines(scene)));
    let reply = match rehearse::latest(scene) {
        Some(line) => reply.and_text(line),
        None => reply,
    };
    reply.and_buttons(vec![
        Button::new("What is next", Action::Progress),
        Button::new("Send picture", Action::Picture),
        Button::new("Case file", Action::Case),
        Button::new("Rate yourself", Action::Assess(None)),
    ])
}

fn evidence(scene: &Scene, cards: &[Card], page: u32) -> Reply {
    let total = scene.person.shelf.total;
    let heading = match total {
        0 => "Your evidence".to_owned(),
        1 => "Your evidence: 1 card".to_owned(),
        n => format!("Your evidence: {n} cards"),
    };
    let mut reply = Reply::headed(heading);
    if cards.is_empty() {
        reply =
            reply.and_text("Nothing here yet. What did you do this week that somebody else could confirm?");
    }
    for card in cards {
        reply = reply.and_typed(say::skill_and_day(scene, card), start(&card.what)).and_buttons(vec![
            Button::new("Open and edit", Action::EditCard(card.id.clone())),
            Button::danger("Delete", Action::DeleteCard(card.id.clone())),
        ]);
    }
    let pages = total.div_ceil(CARDS_ON_A_PAGE);
    let mut buttons = vec![Button::new("Log evidence", Action::Log)];
    if page > 0 {
        buttons.push(Button::new("Newer cards", Action::HomeCards(page - 1)));
    }
    if page + 1 < pages {
        buttons.push(Button::new("Older cards", Action::HomeCards(page + 1)));
    }
    let reply = reply.and_buttons(buttons);
    if pages > 1 { reply.and_note(format!("Page {} of {pages}", page + 1)) } else { reply }
}

fn start(words: &str) -> String {
    let short: String = words.chars().take(SHOWN).collect();
    if short.len() < words.len() { format!("{}…", short.trim_end()) } else { short }
}
