//! The weekly nudge: deciding what a due slot becomes, and wording it when it is sent.
//!
//! Planning fixes the slot and the prompt; sending asks again whether it is still wanted and draws
//! the words, so that a pause made in between counts.

use jiff::Timestamp;

use super::event::Verdict;
use super::levels::NINE_SKILLS;
use super::library::{Detail, Kind, Prompt, PromptId};
use super::reply::{Button, Reply};
use super::rhythm::{Fate, Rhythm, SLOWER_AFTER, Slot};
use super::week::Week;
use super::{Action, Scene, choose, pick, rhythm, say, tact};

const THREE_IGNORED: &str = "event-three-ignored";

/// What becomes of the slots that have come due.
pub struct Plan {
    pub slots: Vec<Planned>,
    pub rhythm: Rhythm,
}

pub struct Planned {
    pub week: Week,
    /// The hour of the slot.
    pub at: Timestamp,
    /// None where nothing is left to send.
    pub prompt: Option<PromptId>,
    pub fate: Fate,
}

/// Decides about every slot of this person that is due.
pub fn plan(scene: &Scene) -> Plan {
    let mut rhythm = scene.person.rhythm.clone();
    let spread = pick::hash(&scene.person.id.to_string());
    let (usual, zone) = (&scene.house.weekly, &scene.person.zone.tz);
    let fates = rhythm.come_due(usual, zone, spread, scene.now);
    let slots = fates
        .into_iter()
        .map(|(Slot { week, at }, fate)| {
            let prompt = match fate {
                Fate::Send { .. } => choose_for(scene, week).map(|prompt| prompt.id.clone()),
                Fate::SayQuiet { .. } | Fate::Skip { .. } => None,
            };
            let fate = match (&prompt, fate) {
                (None, Fate::Send { .. }) => {
                    rhythm.take_back(usual, zone, scene.now);
                    Fate::Skip { reason: "every prompt has been put aside" }
                }
                (_, fate) => fate,
            };
            Planned { week, at, prompt, fate }
        })
        .collect();
    Plan { slots, rhythm }
}

/// A week's prompt; after three ignored nudges the question whether there should be fewer, in place of one
/// more task.
pub fn choose_for<'a>(scene: &Scene<'a>, week: Week) -> Option<&'a Prompt> {
    let asks = (scene.person.rhythm.unanswered == SLOWER_AFTER)
        .then(|| scene.library.get(&PromptId::new(THREE_IGNORED)))
        .flatten()
        .filter(|prompt| !scene.person.has_declined(&prompt.id));
    asks.or_else(|| choose::weekly(scene, week))
}

/// The same slots where nobody can be written to: each ends, with the reason.
pub fn pass_over(scene: &Scene, reason: &'static str) -> Plan {
    let unanswered = scene.person.rhythm.unanswered;
    let mut plan = plan(scene);
    for planned in &mut plan.slots {
        planned.prompt = None;
        planned.fate = Fate::Skip { reason };
    }
    // What was not sent cannot have been ignored.
    plan.rhythm.unanswered = unanswered;
    plan
}

/// What the slots up to an instant would become if nothing changed until then.
pub fn forecast(scene: &Scene, until: Timestamp) -> Vec<Planned> {
    let mut coming = Vec::new();
    let mut person = scene.person.clone();
    while let Some(slot) = person.rhythm.next.filter(|slot| slot.at <= until) {
        let now = slot.at.max(scene.now);
        let plan = plan(&Scene { person: &person, now, ..*scene });
        coming.extend(plan.slots);
        person.rhythm = plan.rhythm;
    }
    coming
}

/// What a planned message is, when the time has come to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Weekly,
    /// The same nudge once more, because they pressed *Later*.
    Reminder,
    /// The last word before going quiet.
    Quiet,
}

/// The message; or when there is room for it; or why it is not wanted any more.
///
/// `meant_at` is its hour: what comes much later than that does not come at night.
pub fn compose(
    scene: &Scene,
    occasion: Occasion,
    week: Week,
    prompt: Option<&PromptId>,
    meant_at: Timestamp,
) -> Verdict {
    let rhythm = &scene.person.rhythm;
    if !rhythm.on && occasion != Occasion::Reminder {
        return Verdict::Skip("nudges were turned off");
    }
    if rhythm.quiet_until.is_some_and(|until| scene.today() < until) {
        return Verdict::Skip("nudges were paused");
    }
    if occasion != Occasion::Reminder && tact::is_full(scene) {
        return Verdict::Skip("two messages went out this week already");
    }
    let night = rhythm::after_the_night(&scene.person.zone.tz, meant_at, scene.now);
    if let (Some(at), Occasion::Weekly | Occasion::Quiet) = (night, occasion) {
        return Verdict::Sleep(at);
    }
    if occasion == Occasion::Quiet {
        return Verdict::Say(quiet(scene));
    }
    let Some(prompt) = prompt.and_then(|id| scene.library.get(id)) else {
        return Verdict::Skip("the prompt is no longer in the library");
    };
    if scene.person.has_declined(&prompt.id) {
        return Verdict::Skip("the prompt was put aside");
    }
    if occasion == Occasion::Reminder {
        let at = tact::reminder_at(scene);
        if at > scene.now {
            return Verdict::Wait(at);
        }
        if let Some(at) = night {
            return Verdict::Sleep(at);
        }
    }
    if prompt.id.as_str() == THREE_IGNORED {
        return Verdict::Say(fewer(scene, prompt));
    }
    Verdict::Say(message(scene, prompt, week))
}

/// After three that were ignored: shall there be fewer?
fn fewer(scene: &Scene, prompt: &Prompt) -> Reply {
    let every = scene.person.rhythm.every;
    let mut buttons: Vec<Button> = [(2, "Every 2 weeks"), (4, "Once a month"), (8, "Every 8 weeks")]
        .into_iter()
        .filter(|(weeks, _)| *weeks > every)
        .map(|(weeks, label)| Button::new(label, Action::Every(weeks)))
        .take(2)
        .collect();
    let (as_it_is, until_then) = match every {
        1 => {
            ("Every week is fine".to_owned(), "Until you say something I write every second week.".to_owned())
        }
        n => (
            format!("Every {n} weeks is fine"),
            format!("Until you say something it stays at every {n} weeks."),
        ),
    };
    buttons.push(Button::new(as_it_is, Action::Every(every)));
    buttons.push(Button::new("Turn nudges off", Action::NudgesOff));
    Reply::headed(&prompt.title)
        .and_text(say::filled(scene, &prompt.body))
        .and_buttons(buttons)
        .and_note(until_then)
}

/// One week's nudge, with its buttons.
pub fn message(scene: &Scene, prompt: &Prompt, week: Week) -> Reply {
    let every = scene.person.rhythm.every;
    let fewer = if every < 2 { 2 } else { (every * 2).min(12) };
    let mut buttons = Vec::new();
    if prompt.kind() == Kind::Challenge {
        buttons.push(Button::primary("Take it on", Action::TakeOn(prompt.id.clone())));
    }
    if prompt.next.iter().any(|id| id.as_str() == NINE_SKILLS) && !scene.person.ratings.is_empty() {
        buttons.push(Button::primary("Rate yourself again", Action::Assess(None)));
    }
    buttons.extend([
        Button::new("Done", Action::Done(Some(prompt.id.clone()))),
        Button::new("Later", Action::Later(week, prompt.id.clone())),
        Button::new("Not relevant", Action::NotRelevant(prompt.id.clone())),
        Button::new("Fewer of these", Action::Every(fewer)),
    ]);
    let words = match &prompt.detail {
        Detail::Challenge(challenge) => {
            let reply = Reply::headed(&prompt.title)
                .and_text(format!("A challenge this week: {}", say::filled(scene, &challenge.goal)));
            let first = challenge.steps.first().map(|step| say::filled(scene, step)).unwrap_or_default();
            reply
                .and_text(format!("**First step:** {first}"))
                .and_text(format!("**If-then:** {}", say::filled(scene, &challenge.plan)))
                .and_note(format!("Why: {}", say::filled(scene, &prompt.why)))
                .and_note(say::credit(scene, prompt))
        }
        _ => say::prompt(scene, prompt),
    };
    let words = words.and_buttons(buttons);
    let words = match choose::why(scene, prompt) {
        Some(why) => words.and_note(format!("Why this one: {why}")),
        None => words,
    };
    words.and_note(format!(
        "Your weekly nudge, because you asked for it. {} changes or stops it.",
        scene.code("nudge")
    ))
}

fn quiet(scene: &Scene) -> Reply {
    Reply::text(format!(
        "I have been talking to myself for a while, so this is the last one until you say something. No harm done: \
         your cards and your settings stay as they are, and any word from you, {} for one, brings the weekly step back.",
        scene.code("tip")
    ))
    .and_buttons(vec![
        Button::new("Get a tip", Action::Tip(None)),
        Button::new("Keep it to once a month", Action::Every(4)),
        Button::new("Turn nudges off", Action::NudgesOff),
    ])
}
