//! `/coach`: this week on one card; for somebody new, a welcome that gives before it asks.

use crate::coach::command::{Command, Spec};
use crate::coach::library::Kind;
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Change, Outcome, Scene, begin, choose, say};

use super::{assess, challenge};

pub const SPEC: Spec = Spec {
    name: "",
    args: "",
    about: "This week on one card",
    examples: &[""],
    also: &["today", "home", "week"],
    parse: |_| Ok(Command::Today),
};

pub const WHAT_I_DO: &str = "I coach product managers towards the next rung, or towards a good reason to stay where they are: one small step \
     a week, each leaving proof that somebody else could check. Only you see my answers.";

pub fn answer(scene: &Scene) -> Outcome {
    if scene.person.is_new { welcome(scene) } else { this_week(scene) }
}

fn welcome(scene: &Scene) -> Outcome {
    let hello = Reply::text(format!("**Welcome.** {WHAT_I_DO} Here is something you can use today."));
    let Some(choice) = choose::next(scene, Kind::Tip, None) else {
        return Outcome::say(hello.and_note(format!("{} shows what I can do.", scene.code("help"))))
            .with(Change::Welcomed);
    };
    let when = say::pace(scene.house, &scene.person.rhythm, &scene.person.zone, scene.now);
    let reply = hello
        .and_all(say::prompt(scene, choice.prompt))
        .and_buttons(vec![
            Button::new("Another tip", Action::Tip(None)),
            Button::new("Send me one a week", Action::NudgesOn),
            Button::new("What else can you do?", Action::Help),
        ])
        .and_note(format!(
            "“Send me one a week” means {when} your time ({}, {}). {} changes it.",
            scene.person.zone.name,
            say::zone_known(&scene.person.zone),
            scene.code("nudge")
        ));
    let id = choice.prompt.id.clone();
    let outcome = Outcome::say(reply).with(Change::Welcomed).with(Change::Shown(id.clone()));
    begin::offer(scene, outcome, &id)
}

fn this_week(scene: &Scene) -> Outcome {
    let person = scene.person;
    let mut outcome = Outcome::default();
    let mut buttons = Vec::new();
    let mut reply = Reply::headed(format!("Your week, {}", say::date(scene.today())));
    if let Some(current) = say::current(scene) {
        reply = reply.and_all(current);
        buttons.extend(person.current.iter().flat_map(challenge::hold));
    } else if let Some(choice) = choose::next(scene, Kind::Challenge, None) {
        reply = reply.and_text(format!(
            "No challenge on the go. One that would suit: **{}** ({}).",
            choice.prompt.title,
            say::takes(choice.prompt)
        ));
        buttons.push(Button::primary("Show it", Action::Show(choice.prompt.id.clone())));
    } else {
        reply = reply.and_text("No challenge on the go.");
    }
    // As it is from now on: whoever looks has been heard from.
    let mut rhythm = person.rhythm.clone();
    rhythm.heard_from(&scene.house.weekly, &person.zone.tz, scene.now);
    reply = reply.and_text(match rhythm.next {
        Some(slot) => format!("**Next nudge:** {}", say::moment(&person.zone, slot.at)),
        None if person.rhythm.on => "**Next nudge:** none planned".to_owned(),
        None => format!("**Nudges:** off. {} sends you one small step a week.", scene.code("nudge on")),
    });
    reply = reply.and_text(match person.shelf.total {
        0 => format!("**Evidence:** nothing logged yet. {} takes twenty seconds.", scene.code("log")),
        1 => "**Evidence:** 1 card.".to_owned(),
        n => match person.shelf.by_skill.len() {
            0 => format!("**Evidence:** {n} cards, none with a skill yet."),
            skills => format!("**Evidence:** {n} cards, in {skills} of the nine skills."),
        },
    });
    if let Some(card) = person.shelf.newest.first() {
        reply = reply.and_typed("Your latest", shorten(&card.what));
    }
    if assess::is_time_again(scene) {
        reply = reply
            .and_text("**Eight weeks are over** since you rated yourself. What has moved?")
            .and_buttons(vec![Button::new("Rate yourself again", Action::Assess(None))]);
    }
    if !person.parked.is_empty() {
        buttons.push(Button::new(format!("{} waiting", person.parked.len()), Action::Challenges));
    }
    buttons.push(Button::new("Get a tip", Action::Tip(None)));
    buttons.push(Button::new("Log evidence", Action::Log));
    buttons.push(Button::new("Progress", Action::Progress));
    buttons.push(Button::new("Settings", Action::Settings));
    outcome.reply = reply.and_buttons(buttons);
    outcome
}

/// The first words of a card, where the whole of it would bury the rest.
fn shorten(words: &str) -> String {
    let short: String = words.chars().take(200).collect();
    if short.len() < words.len() { format!("{}…", short.trim_end()) } else { short }
}
