//! `/coach progress`: where somebody stands against the rung they want, and what is next.

use crate::coach::command::{Command, Spec};
use crate::coach::library::{Kind, Rung};
use crate::coach::progress::{self, WEEKS};
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::week::Week;
use crate::coach::{Action, Enclosure, Outcome, Scene, choose, levels};

pub const SPEC: Spec = Spec {
    name: "progress",
    args: "",
    about: "Where you stand, and what is next",
    examples: &["progress"],
    also: &["status", "standing", "skills", "radar"],
    parse: |_| Ok(Command::Progress),
};

pub fn answer(scene: &Scene) -> Outcome {
    let person = scene.person;
    let standings = levels::standings(scene);
    let rung = match person.rung() {
        Rung::Undecided => "whichever way you go".to_owned(),
        rung => rung.title().to_owned(),
    };
    let mut reply = Reply::headed(format!("Where you stand: {rung}"))
        .and(Part::List(standings.iter().map(progress::line).collect()));
    let active = progress::weeks_active(&person.more.active, Week::of(scene.today()));
    reply = reply.and_text(match active {
        0 => format!("**Weeks active:** none of the last {WEEKS}. One line in the log makes it one."),
        n => format!("**Weeks active:** {n} of the last {WEEKS}."),
    });
    let mut buttons = Vec::new();
    match progress::next_step(&standings) {
        Some(next) => {
            let lacks = next.lacks.as_deref().unwrap_or("nothing");
            reply = reply.and_text(format!(
                "**What is next:** level {} of {} lacks {lacks}.",
                next.proven + 1,
                next.skill.title
            ));
            if let Some(choice) = choose::next(scene, Kind::Challenge, Some(&next.skill.id)) {
                buttons.push(Button::primary(
                    format!("A challenge for {}", short(next.skill)),
                    Action::Challenge(Some(next.skill.id.clone())),
                ));
                reply = reply.and_text(format!("A challenge that would help: **{}**.", choice.prompt.title));
            }
        }
        None => {
            reply = reply.and_text(format!(
                "**What is next:** every level that this rung asks for is proved. {} puts it on paper.",
                scene.code("case export")
            ));
        }
    }
    if person.ratings.iter().all(|rating| rating.assessment.as_str() != levels::NINE_SKILLS) {
        reply = reply.and_text(format!(
            "You have not rated yourself yet: {} takes a few minutes.",
            scene.code("assess")
        ));
    }
    buttons.extend([
        Button::new("Send picture", Action::Picture),
        Button::new("Case file", Action::Case),
        Button::new("Rate yourself", Action::Assess(None)),
    ]);
    Outcome::say(reply.and_buttons(buttons).and_note(
        "A level is proved by two cards with a document from the last twelve months, one of them confirmed by \
         somebody else. Only you see this.",
    ))
}

fn short(skill: &crate::coach::library::Prompt) -> &str {
    match &skill.detail {
        crate::coach::library::Detail::Skill(detail) => &detail.short,
        _ => &skill.title,
    }
}

/// The same as a picture. Answers that only one person sees cannot carry one, so it goes to the direct
/// message.
pub fn picture(scene: &Scene) -> Outcome {
    let mut outcome = answer(scene).enclosing([Enclosure::Picture]);
    outcome.reply = outcome.reply.and_note("The picture is on its way to our direct message.");
    outcome
}
