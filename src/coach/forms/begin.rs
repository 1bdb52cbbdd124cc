//! The few questions at the beginning, and the same ones in the settings.

use crate::coach::commands::{nudge, settings};
use crate::coach::dates::{parse_day, parse_time};
use crate::coach::library::{Kind, Rung};
use crate::coach::person::{Feeling, Here, Profile};
use crate::coach::reply::{About, Button, Control, Field, FieldError, Form, Part, Reply, Submission};
use crate::coach::{Action, Change, Outcome, Scene, choose, say};

use super::{DAY, NONE, RUNG, TIME, days, rungs};

const HERE: &str = "here";
const FEELING: &str = "feeling";
const MINUTES: &str = "minutes";
const NUDGE: &str = "nudge";

/// Minutes a week that can be chosen, and how they read.
const PACES: [(u32, &str); 5] = [
    (5, "5 minutes a week"),
    (15, "15 minutes a week"),
    (30, "Half an hour a week"),
    (60, "An hour a week"),
    (120, "Two hours a week or more"),
];

/// The chosen minutes in the words of the form.
pub fn pace(minutes: u32) -> String {
    let known = PACES.iter().find(|(known, _)| *known == minutes);
    known.map_or_else(|| format!("{minutes} minutes a week"), |(_, words)| (*words).to_owned())
}

/// Where they are, how they feel, how much time they have: all three may stay unanswered.
pub(super) fn about_them(profile: &Profile) -> Vec<Field> {
    let none = || (NONE.to_owned(), "Rather not say".to_owned());
    let chosen = |id: Option<String>| Some(id.unwrap_or_else(|| NONE.to_owned()));
    let here = Here::ALL.iter().map(|here| (here.id().to_owned(), here.title().to_owned()));
    let feelings = Feeling::ALL.iter().map(|feeling| (feeling.id().to_owned(), feeling.title().to_owned()));
    let mut paces: Vec<(String, String)> =
        PACES.iter().map(|(minutes, words)| (minutes.to_string(), (*words).to_owned())).collect();
    if let Some(minutes) = profile.minutes.filter(|minutes| PACES.iter().all(|(known, _)| known != minutes)) {
        paces.push((minutes.to_string(), pace(minutes)));
    }
    vec![
        Field::new(
            HERE,
            "Where are you now?",
            Control::Select {
                options: here.chain([none()]).collect(),
                initial: chosen(profile.here.map(|here| here.id().to_owned())),
            },
        )
        .optional(),
        Field::new(
            FEELING,
            "How do you feel about leading people?",
            Control::Select {
                options: feelings.chain([none()]).collect(),
                initial: chosen(profile.feeling.map(|feeling| feeling.id().to_owned())),
            },
        )
        .hint("There is no right answer, and you can change it any day.")
        .optional(),
        Field::new(
            MINUTES,
            "How much time do you have for this?",
            Control::Select {
                options: paces.into_iter().chain([none()]).collect(),
                initial: chosen(profile.minutes.map(|minutes| minutes.to_string())),
            },
        )
        .optional(),
    ]
}

/// What the three fields say now. A field that an older form lacks changes nothing.
pub(super) fn read_about_them(submission: &Submission, old: &Profile) -> Profile {
    fn read<T>(value: &str, old: Option<T>, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if value.is_empty() { old } else { read(value) }
    }
    Profile {
        here: read(submission.value(HERE), old.here, Here::from_id),
        feeling: read(submission.value(FEELING), old.feeling, Feeling::from_id),
        minutes: read(submission.value(MINUTES), old.minutes, |text| text.parse().ok()),
        ..old.clone()
    }
}

pub fn open_begin(scene: &Scene) -> Outcome {
    let person = scene.person;
    let (day, time) = say::own_slot(scene);
    let mut about_them = about_them(&person.profile).into_iter();
    let mut fields: Vec<Field> = about_them.next().into_iter().collect();
    fields.push(
        Field::new(
            RUNG,
            "Where do you want to go?",
            Control::Select { options: rungs(), initial: Some(person.rung().id().to_owned()) },
        )
        .hint("Staying a contributor has as much to offer here as leading; so has not knowing yet."),
    );
    fields.extend(about_them);
    let nudges = [("on", "Yes, one a week"), ("off", "No, I come by myself")];
    fields.extend([
        Field::new(
            NUDGE,
            "May I write to you once a week?",
            Control::Select {
                options: nudges.map(|(id, words)| (id.to_owned(), words.to_owned())).into(),
                // Consent is chosen and never found in the box.
                initial: person.rhythm.on.then(|| "on".to_owned()),
            },
        )
        .hint("I only write if you choose yes; day and time count for nothing without it.")
        .optional(),
        Field::new(
            DAY,
            "On which day?",
            Control::Select { options: days(), initial: Some(crate::coach::week::day_long(day).to_owned()) },
        ),
        Field::new(TIME, "At what time?", Control::Time { initial: Some(time) }).hint(format!(
            "{} time ({}).",
            person.zone.name,
            say::zone_known(&person.zone)
        )),
    ]);
    let form = Form {
        about: About::Begin,
        title: "To pick what fits you".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![Part::Note(
            "Under a minute. Only you see the answers; each can be changed or left out.".to_owned(),
        )],
        fields,
    };
    let reply = Reply::text("The questions are one press away:")
        .and_buttons(vec![Button::primary("Answer them", Action::Begin)])
        .and_note(format!("Or one at a time, such as {}.", scene.code("settings rung director")));
    Outcome::open(form, reply)
}

pub(super) fn begun(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let mut errors = Vec::new();
    let rung = Rung::from_id(submission.value(RUNG));
    if rung.is_none() {
        errors.push((RUNG, "Choose one; “Not decided yet” is a fine answer.".to_owned()));
    }
    let day = parse_day(submission.value(DAY));
    if day.is_none() {
        errors.push((DAY, "Choose a day.".to_owned()));
    }
    let time = parse_time(submission.value(TIME));
    if time.is_none() {
        errors.push((TIME, "Choose a time, such as 09:30.".to_owned()));
    }
    let (Some(rung), Some(day), Some(time), []) = (rung, day, time, errors.as_slice()) else {
        return Err(errors);
    };
    let profile = read_about_them(submission, &scene.person.profile);
    let rhythm = match submission.value(NUDGE) {
        "on" => nudge::set(scene, Reply::default(), |rhythm| rhythm.own = Some((day, time))),
        "off" => nudge::off(scene),
        // Left open: it stays as it is.
        _ => Outcome::default(),
    };
    let rhythm: Vec<Change> =
        rhythm.changes.into_iter().filter(|change| matches!(change, Change::Rhythm(_))).collect();
    // Words and choice are made for the person as they are from now on.
    let mut person = scene.person.clone();
    person.wanted = Some(rung);
    person.profile = profile.clone();
    if let Some(Change::Rhythm(rhythm)) = rhythm.first() {
        person.rhythm = rhythm.clone();
    }
    let then = Scene { person: &person, ..*scene };
    let mut reply = settings::show(&then, Some(rung), &person.zone, "Thank you, that is all");
    if let Some(choice) = choose::next(&then, Kind::Challenge, None) {
        reply = reply
            .and_text(format!("**A first challenge that fits:** {}. {}", choice.prompt.title, choice.because))
            .and_buttons(vec![Button::primary("Show it", Action::Show(choice.prompt.id.clone()))]);
    }
    let mut outcome =
        Outcome::say(reply).with(Change::Want(rung)).with(Change::Describe(profile)).with(Change::Begun);
    outcome.changes.extend(rhythm);
    Ok(outcome)
}
