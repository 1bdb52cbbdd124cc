//! Nudges that something brings: a challenge taken on, the first card, a talk with the manager.
//!
//! Each is planned the moment its trigger is pulled, as a job for its day; when the day comes it is asked
//! again whether it still makes sense.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::library::{Detail, Prompt, PromptId};
use super::person::Person;
use super::reply::{Button, Reply};
use super::{Action, Change, Outcome, Scene, rhythm, say, tact};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The day by which they wanted to have done a challenge.
    ChallengeDue { taken: String, on: Date },
    /// Ten days with a challenge and nothing logged.
    ChallengeUnlogged { taken: String, on: Date },
    /// The day after the first card.
    FirstEvidence { on: Date },
    /// The talk with the manager is tomorrow.
    TalkTomorrow { talk: Date },
    /// It was to be yesterday: did it take place?
    TalkHeld { talk: Date },
    /// What to do some weeks after it: a stage of the prompt, from 1.
    TalkFollowUp { talk: Date, stage: usize },
}

/// Days after the talk, by the stage of the prompt. The first is the day itself, and is said at once.
pub const TALK_STAGES: [i64; 4] = [0, 14, 42, 84];
const UNLOGGED_AFTER_DAYS: i64 = 10;

impl Event {
    pub fn encode(&self) -> String {
        match self {
            Event::ChallengeDue { taken, on } => format!("challenge-due {on} {taken}"),
            Event::ChallengeUnlogged { taken, on } => format!("challenge-unlogged {on} {taken}"),
            Event::FirstEvidence { on } => format!("first-evidence {on}"),
            Event::TalkTomorrow { talk } => format!("talk-tomorrow {talk}"),
            Event::TalkHeld { talk } => format!("talk-held {talk}"),
            Event::TalkFollowUp { talk, stage } => format!("talk-follow-up {talk} {stage}"),
        }
    }

    pub fn decode(text: &str) -> Option<Event> {
        let mut words = text.split(' ');
        let name = words.next()?;
        let date: Date = words.next()?.parse().ok()?;
        Some(match name {
            "challenge-due" => Event::ChallengeDue { taken: words.next()?.to_owned(), on: date },
            "challenge-unlogged" => Event::ChallengeUnlogged { taken: words.next()?.to_owned(), on: date },
            "first-evidence" => Event::FirstEvidence { on: date },
            "talk-tomorrow" => Event::TalkTomorrow { talk: date },
            "talk-held" => Event::TalkHeld { talk: date },
            "talk-follow-up" => Event::TalkFollowUp { talk: date, stage: words.next()?.parse().ok()? },
            _ => return None,
        })
    }

    /// The day it is for.
    pub fn day(&self) -> Date {
        match self {
            Event::ChallengeDue { on, .. }
            | Event::ChallengeUnlogged { on, .. }
            | Event::FirstEvidence { on } => *on,
            Event::TalkTomorrow { talk } => talk.saturating_sub(1.day()),
            Event::TalkHeld { talk } => talk.saturating_add(1.day()),
            Event::TalkFollowUp { talk, stage } => {
                talk.saturating_add(TALK_STAGES.get(*stage).copied().unwrap_or_default().days())
            }
        }
    }

    /// For so many days after that it is still worth saying.
    fn keeps_for(&self) -> i64 {
        match self {
            Event::TalkTomorrow { .. } => 0,
            Event::ChallengeDue { .. } => 3,
            Event::FirstEvidence { .. } | Event::TalkHeld { .. } => 7,
            Event::ChallengeUnlogged { .. } | Event::TalkFollowUp { .. } => 14,
        }
    }

    /// The event's name in the prompts folder, where the words are a content writer's.
    fn name(&self) -> Option<&'static str> {
        match self {
            Event::ChallengeDue { .. } | Event::TalkHeld { .. } => None,
            Event::ChallengeUnlogged { .. } => Some("challenge-unlogged"),
            Event::FirstEvidence { .. } => Some("first-evidence"),
            Event::TalkTomorrow { .. } => Some("one-to-one-tomorrow"),
            Event::TalkFollowUp { .. } => Some("manager-talk"),
        }
    }

    /// The prompt with its words. Its id is its event's, with a word before it.
    pub fn prompt(&self) -> Option<PromptId> {
        self.name().map(|name| PromptId::new(format!("event-{name}")))
    }
}

/// What an event's nudge is, now that its day has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    Say(Reply),
    /// There is no room before then.
    Wait(Timestamp),
    /// It is late, and it is night there: not before then, and no less late for that.
    Sleep(Timestamp),
    Skip(&'static str),
}

/// The message; or when there is room for it; or why it is not wanted any more. `meant_at` is its hour.
pub fn compose(scene: &Scene, event: &Event, meant_at: Timestamp) -> Verdict {
    if let Some(reason) = not_wanted(scene.person, event) {
        return Verdict::Skip(reason);
    }
    let prompt = match event.prompt() {
        None => None,
        Some(id) => match scene.library.get(&id) {
            None => return Verdict::Skip("the prompt is no longer in the library"),
            Some(prompt) if scene.person.has_declined(&prompt.id) => {
                return Verdict::Skip("the prompt was put aside");
            }
            Some(prompt) => Some(prompt),
        },
    };
    let last_day = event.day().saturating_add(event.keeps_for().days());
    let from = scene
        .person
        .rhythm
        .quiet_until
        .map_or(scene.now, |until| tact::usual_time(scene, until).max(scene.now));
    let at = if from > scene.now { from } else { tact::event_at(scene, last_day) };
    let zone = &scene.person.zone.tz;
    let night = rhythm::after_the_night(zone, meant_at, scene.now).filter(|_| at <= scene.now);
    if zone.to_datetime(night.unwrap_or(at)).date() > last_day {
        let paused = from > scene.now;
        return Verdict::Skip(match night {
            Some(_) => "its day was over before morning came",
            None if paused => "nudges were paused",
            None => "no room within two messages a week",
        });
    }
    if let Some(at) = night {
        return Verdict::Sleep(at);
    }
    if at > scene.now { Verdict::Wait(at) } else { Verdict::Say(words(scene, event, prompt)) }
}

fn not_wanted(person: &Person, event: &Event) -> Option<&'static str> {
    if person.rhythm.is_quiet() {
        return Some("the coach has gone quiet");
    }
    match event {
        // These come with the nudges; a day that they set themselves, a challenge's or a talk's, comes without.
        Event::ChallengeUnlogged { .. } | Event::FirstEvidence { .. } if !person.rhythm.on => {
            Some("nudges were turned off")
        }
        Event::ChallengeDue { taken, on } => match &person.current {
            Some(current) if current.id == *taken => (current.due_on != *on).then_some("the day was changed"),
            _ => Some("the challenge is over"),
        },
        Event::ChallengeUnlogged { taken, on } => match &person.current {
            Some(current) if current.id == *taken => {
                (current.due_on > *on).then_some("the day they chose is still to come")
            }
            _ => Some("the challenge is over"),
        },
        Event::FirstEvidence { .. } => (person.shelf.total == 0).then_some("the card was deleted"),
        Event::TalkTomorrow { talk } | Event::TalkHeld { talk } => {
            (person.talk.booked_on != Some(*talk)).then_some("the talk was moved, held or called off")
        }
        Event::TalkFollowUp { talk, .. } => {
            (person.talk.talked_on != Some(*talk)).then_some("called off, or a later talk took its place")
        }
    }
}

fn words(scene: &Scene, event: &Event, prompt: Option<&Prompt>) -> Reply {
    let because = |words: String| format!("{words} {} sets how often I write.", scene.code("nudge"));
    match event {
        Event::ChallengeDue { taken, on } => {
            let title = current_title(scene);
            let reply = Reply::headed(match *on == scene.today() {
                true => "Today is the day you set".to_owned(),
                false => format!("{} was the day you set", say::date(*on)),
            })
                .and_text(format!("**{title}.** Done, or nearly? Log what there is; half of it counts too."));
            let reply = match &scene.person.current {
                Some(current) => reply.and_typed("Your plan", &current.plan),
                None => reply,
            };
            reply.and_buttons(challenge_buttons(taken)).and_note(because(
                "The one reminder for this challenge.".to_owned(),
            ))
        }
        Event::ChallengeUnlogged { taken, .. } => say_event(scene, prompt, None)
            .and_buttons(challenge_buttons(taken))
            .and_note(because("Because you took this challenge on.".to_owned())),
        Event::FirstEvidence { .. } => {
            let mut buttons = Vec::new();
            if let Some(card) = scene.person.shelf.newest.last() {
                buttons.push(Button::primary("Add to it", Action::EditCard(card.id.clone())));
            }
            say_event(scene, prompt, None)
                .and_buttons(buttons)
                .and_note(because("Because you logged your first card.".to_owned()))
        }
        Event::TalkTomorrow { .. } => say_event(scene, prompt, None)
            .and_buttons(vec![
                Button::new("Show the script", Action::Show(PromptId::new(MANAGER_SCRIPT))),
                Button::new("Another day", Action::TalkBooked),
            ])
            .and_note(because("Because you told me the day.".to_owned())),
        Event::TalkHeld { talk } => Reply::headed("How did the talk go?")
            .and_text(format!(
                "You had it down for {}. If it took place, I have a small step for today and one for later; if it was \
                 moved, tell me the day.",
                say::date(*talk)
            ))
            .and_buttons(vec![
                Button::primary("We talked", Action::Talked),
                Button::new("Another day", Action::TalkBooked),
            ])
            .and_note(because("Because you told me the day.".to_owned())),
        Event::TalkFollowUp { stage, .. } => say_event(scene, prompt, Some(*stage))
            .and_buttons(vec![
                Button::new("Log evidence", Action::Log),
                Button::new("Stop these", Action::TalkOver),
            ])
            .and_note(because("Because you and your manager talked.".to_owned())),
    }
}

fn challenge_buttons(taken: &str) -> Vec<Button> {
    vec![
        Button::primary("Done", Action::Done(None)),
        Button::new("Another challenge", Action::Challenge(None)),
        Button::new("Set it aside", Action::Drop(taken.to_owned())),
    ]
}

fn current_title<'a>(scene: &'a Scene) -> &'a str {
    let current = scene.person.current.as_ref();
    current.map_or("Your challenge", |taken| {
        scene.library.get(&taken.prompt).map_or(taken.prompt.as_str(), |prompt| prompt.title.as_str())
    })
}

/// An event's prompt; of several stages only the one whose time it is.
fn say_event(scene: &Scene, prompt: Option<&Prompt>, stage: Option<usize>) -> Reply {
    let Some(prompt) = prompt else { return Reply::default() };
    let Detail::Nudge(nudge) = &prompt.detail else { return say::prompt(scene, prompt) };
    let mut reply = Reply::headed(&prompt.title).and_text(say::filled(scene, &prompt.body));
    if let Some(stage) = stage.and_then(|stage| nudge.stages.get(stage)) {
        reply = reply.and_text(format!(
            "**{}:** {}",
            upper(&say::filled(scene, &stage.when)),
            say::filled(scene, &stage.text)
        ));
    }
    reply
        .and_text(format!("**If-then:** {}", say::filled(scene, &nudge.plan)))
        .and_note(format!("Why: {}", say::filled(scene, &prompt.why)))
        .and_note(say::credit(scene, prompt))
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// The script of the manager conversation.
pub const MANAGER_SCRIPT: &str = "manager-interest";

/// What somebody's own doing brings later: their challenge's day, ten quiet days, the day after a first card.
pub(super) fn expect(scene: &Scene, outcome: &mut Outcome) {
    let mut coming = Vec::new();
    let unlogged = scene.today().saturating_add(UNLOGGED_AFTER_DAYS.days());
    for change in &outcome.changes {
        match change {
            Change::TakeOn(taken) => {
                coming.push(Event::ChallengeDue { taken: taken.id.clone(), on: taken.due_on });
                coming.push(Event::ChallengeUnlogged { taken: taken.id.clone(), on: unlogged });
            }
            Change::Resume { taken, due_on } => {
                coming.push(Event::ChallengeDue { taken: taken.clone(), on: *due_on });
                // Where the day stands, so does what was planned when it was taken on.
                let person = scene.person;
                let mut before = person.current.iter().chain(&person.parked);
                if before.any(|one| one.id == *taken && one.due_on != *due_on) {
                    coming.push(Event::ChallengeUnlogged { taken: taken.clone(), on: unlogged });
                }
            }
            Change::SaveCard(_) if scene.person.shelf.total == 0 => {
                coming.push(Event::FirstEvidence { on: scene.today().saturating_add(1.day()) });
            }
            _ => {}
        }
    }
    // Nobody is written to who did not ask for it. A day that they set is asking.
    let wanted = |event: &Event| scene.person.rhythm.on || matches!(event, Event::ChallengeDue { .. });
    outcome.changes.extend(coming.into_iter().filter(wanted).filter_map(|event| at_its_hour(scene, event)));
}

/// The event, at the usual hour of its day; None where that has passed.
pub fn at_its_hour(scene: &Scene, event: Event) -> Option<Change> {
    let at = tact::usual_time(scene, event.day());
    (at > scene.now).then_some(Change::Expect { event, at })
}

/// What is known of the talk with the manager.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    pub booked_on: Option<Date>,
    pub talked_on: Option<Date>,
}

/// *We talked*: the step for today at once, the others on their days.
pub fn talked(scene: &Scene) -> Outcome {
    let talk = scene.today();
    let prompt = scene.library.get(&PromptId::new("event-manager-talk"));
    let follow_ups: Vec<Change> = (1..TALK_STAGES.len())
        .filter_map(|stage| at_its_hour(scene, Event::TalkFollowUp { talk, stage }))
        .collect();
    let days: Vec<String> =
        TALK_STAGES[1..].iter().map(|days| say::date(talk.saturating_add(days.days()))).collect();
    let reply = say_event(scene, prompt, Some(0))
        .and_buttons(vec![
            Button::primary("Log evidence", Action::Log),
            Button::new("Stop these", Action::TalkOver),
        ])
        .and_note(format!("The next steps come in a direct message around {}.", days.join(", ")));
    let mut outcome = Outcome::say(reply).with(Change::Talk(Talk { booked_on: None, talked_on: Some(talk) }));
    outcome.changes.extend(follow_ups);
    outcome
}

/// *Booked*, with the day: a word on the eve, and a question after it.
pub fn booked(scene: &Scene, on: Date) -> Outcome {
    let eve = at_its_hour(scene, Event::TalkTomorrow { talk: on });
    let comes = if eve.is_some() { "On the day before I bring you one thing to prepare. " } else { "" };
    let reply = Reply::headed("Noted")
        .and_text(format!(
            "Your talk is on {}. {comes}Afterwards, press *We talked*, and I bring the steps that keep it alive.",
            say::date(on)
        ))
        .and_buttons(vec![
            Button::primary("We talked", Action::Talked),
            Button::new("Another day", Action::TalkBooked),
            Button::new("Stop these", Action::TalkOver),
        ]);
    let talk = Talk { booked_on: Some(on), ..scene.person.talk };
    let mut outcome = Outcome::say(reply).with(Change::Talk(talk));
    outcome.changes.extend(eve);
    outcome.changes.extend(at_its_hour(scene, Event::TalkHeld { talk: on }));
    outcome
}

/// *Stop these*: nothing more about the talk.
pub fn over() -> Outcome {
    let reply = Reply::text("Stopped: nothing more comes about this talk. The weekly nudge stays as it is.");
    Outcome::say(reply).with(Change::Talk(Talk::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_event_comes_back_as_it_was_written_and_knows_its_day() {
        let day = date(2026, 3, 4);
        let taken = "0190".to_owned();
        for (event, expected) in [
            (Event::ChallengeDue { taken: taken.clone(), on: day }, day),
            (Event::ChallengeUnlogged { taken, on: day }, day),
            (Event::FirstEvidence { on: day }, day),
            (Event::TalkTomorrow { talk: day }, date(2026, 3, 3)),
            (Event::TalkHeld { talk: day }, date(2026, 3, 5)),
            (Event::TalkFollowUp { talk: day, stage: 1 }, date(2026, 3, 18)),
            (Event::TalkFollowUp { talk: day, stage: 3 }, date(2026, 5, 27)),
        ] {
            assert_eq!(Event::decode(&event.encode()), Some(event.clone()));
            assert_eq!(event.day(), expected, "{event:?}");
        }
        for text in ["", "challenge-due", "challenge-due 2026-03-04", "talk-held soon", "party 2026-03-04"] {
            assert_eq!(Event::decode(text), None, "{text}");
        }
    }
}
