//! Rating oneself: one skill at a time or all nine, and the other self-assessments of the library.
//!
//! Each answer is written down when it is given, so whoever stops half-way goes on from there.

use crate::coach::commands::assess;
use crate::coach::levels::NINE_SKILLS;
use crate::coach::library::{Detail, Kind, Prompt, PromptId};
use crate::coach::person::Rating;
use crate::coach::reply::{About, Button, Control, Field, FieldError, Form, Part, Reply, Submission};
use crate::coach::{Action, Change, Outcome, Scene, say};

/// Field ids by position. They differ within a walk, so that Slack does not carry an answer over into
/// the next question.
const ITEMS: [&str; 24] = [
    "item-1", "item-2", "item-3", "item-4", "item-5", "item-6", "item-7", "item-8", "item-9", "item-10",
    "item-11", "item-12", "item-13", "item-14", "item-15", "item-16", "item-17", "item-18", "item-19",
    "item-20", "item-21", "item-22", "item-23", "item-24",
];

/// One skill; with the next that is due after it, or alone.
pub fn open_skill(scene: &Scene, skill: &Prompt, goes_on: bool) -> Outcome {
    let skills = assess::skills(scene);
    let at = skills.iter().position(|one| one.id == skill.id).unwrap_or(0);
    let left = assess::due(scene).len();
    let id = skill.id.to_string();
    let (about, submit, intro) = if goes_on && left > 1 {
        let left = format!("{left} skills to go. Close this whenever you like: what you saved is kept.");
        (About::RateNext { skill: id }, "Save and go on", left)
    } else {
        (About::RateOne { skill: id }, "Save", "Only you see this.".to_owned())
    };
    let form = Form {
        about,
        title: "Rate yourself".to_owned(),
        submit: submit.to_owned(),
        intro: vec![Part::Note(intro)],
        fields: skill_field(scene, skill, ITEMS[at.min(ITEMS.len() - 1)]).into_iter().collect(),
    };
    let rated = scene.person.rated(&PromptId::new(NINE_SKILLS), skill.id.as_str());
    let before = rated.map_or(String::new(), |(latest, _)| format!(" Last time you said {}.", latest.level));
    let where_they_are = match (goes_on, rated.is_some()) {
        (false, _) => String::new(),
        (true, false) => format!("{} of {} skills are rated. Next: ", assess::rated(scene), skills.len()),
        (true, true) if left == 1 => "One skill is due again: ".to_owned(),
        (true, true) => format!("{left} of {} skills are due again. Next: ", skills.len()),
    };
    let reply = Reply::text(format!(
        "{where_they_are}**{}**. Pick the sentence that describes last month.{before}",
        skill.title
    ))
    .and_buttons(vec![
        Button::primary("Open the form", Action::Assess(goes_on_from(goes_on, skill))),
        Button::new("All on one form", Action::AssessAll),
    ]);
    Outcome::open(form, reply)
}

fn goes_on_from(goes_on: bool, skill: &Prompt) -> Option<PromptId> {
    (!goes_on).then(|| skill.id.clone())
}

fn skill_field(scene: &Scene, skill: &Prompt, id: &'static str) -> Option<Field> {
    let Detail::Skill(detail) = &skill.detail else { return None };
    let options = detail
        .levels
        .iter()
        .zip(1..)
        .map(|(level, n)| (n.to_string(), super::plain(&say::filled(scene, level))))
        .collect();
    Some(
        Field::new(id, skill.title.clone(), Control::Radio { options, initial: None })
            .hint("Pick the sentence that describes last month, and what you could show for it."),
    )
}

pub fn open_all(scene: &Scene) -> Outcome {
    let fields = assess::skills(scene)
        .into_iter()
        .zip(ITEMS)
        .filter_map(|(skill, id)| {
            let mut field = skill_field(scene, skill, id)?.optional();
            field.hint = None;
            Some(field)
        })
        .collect();
    let form = Form {
        about: About::RateAll,
        title: "Rate yourself".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![Part::Note(
            "For each skill pick the sentence that describes last month. Leave out what you like. Only you see this."
                .to_owned(),
        )],
        fields,
    };
    let reply = Reply::text("All nine skills on one form:")
        .and_buttons(vec![Button::primary("Open the form", Action::AssessAll)]);
    Outcome::open(form, reply)
}

pub fn open_assessment(scene: &Scene, prompt: &Prompt) -> Outcome {
    let Detail::Assessment { scale, items, .. } = &prompt.detail else {
        return Outcome::say(Reply::text("That is no self-assessment."));
    };
    let options: Vec<(String, String)> =
        scale.iter().zip(1..).map(|(words, n)| (n.to_string(), words.clone())).collect();
    let fields = items
        .iter()
        .zip(ITEMS)
        .map(|(item, id)| {
            let ask = super::plain(&say::filled(scene, &item.ask));
            let show = super::plain(&say::filled(scene, &item.show));
            Field::new(id, ask, Control::Radio { options: options.clone(), initial: None })
                .hint(format!("To show for it: {show}"))
                .optional()
        })
        .collect();
    let form = Form {
        about: About::Assess { assessment: prompt.id.to_string() },
        title: "Rate yourself".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![
            Part::Text(format!("**{}**", prompt.title)),
            Part::Text(say::filled(scene, &prompt.body)),
        ],
        fields,
    };
    let reply = Reply::text(format!("**{}**: {} questions on one form.", prompt.title, items.len()))
        .and_buttons(vec![Button::primary("Open the form", Action::Assess(Some(prompt.id.clone())))]);
    Outcome::open(form, reply)
}

/// The level chosen in a field; None where it was left alone.
fn level(submission: &Submission, id: &str) -> Option<u8> {
    submission.value(id).parse().ok().filter(|level| (1..=9).contains(level))
}

pub(super) fn rate_skill(
    scene: &Scene,
    submission: &Submission,
    skill: &str,
    goes_on: bool,
) -> Result<Outcome, Vec<FieldError>> {
    let answer = ITEMS.iter().find_map(|id| level(submission, id));
    let Some(level) = answer.filter(|level| *level <= 4) else {
        return Err(vec![(ITEMS[0], "Pick the sentence that comes nearest.".to_owned())]);
    };
    if scene.library.get(&PromptId::new(skill)).is_none() {
        return Ok(Outcome::say(
            Reply::text("That skill has left the library in the meantime, so nothing was rated.")
                .and_buttons(vec![Button::new("Rate another one", Action::Assess(None))]),
        ));
    }
    let rating =
        Rating { assessment: PromptId::new(NINE_SKILLS), item: skill.to_owned(), level, at: scene.now };
    let mut person = scene.person.clone();
    person.ratings.push(rating.clone());
    let then = Scene { person: &person, ..*scene };
    let next = assess::due(&then).into_iter().next();
    let outcome = match (goes_on, next) {
        // The next question takes this one's place.
        (true, Some(next)) => open_skill(&then, next, true),
        _ => Outcome::say(assess::result(&then)),
    };
    Ok(outcome.with(Change::Rate(rating)))
}

pub(super) fn rate_all(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let ratings: Vec<Rating> = assess::skills(scene)
        .into_iter()
        .zip(ITEMS)
        .filter_map(|(skill, id)| {
            let level = level(submission, id).filter(|level| *level <= 4)?;
            Some(Rating {
                assessment: PromptId::new(NINE_SKILLS),
                item: skill.id.to_string(),
                level,
                at: scene.now,
            })
        })
        .collect();
    rated(scene, ratings, assess::result)
}

pub(super) fn rate_assessment(
    scene: &Scene,
    submission: &Submission,
    id: &str,
) -> Result<Outcome, Vec<FieldError>> {
    let id = PromptId::new(id);
    let found = scene.library.get(&id).filter(|prompt| prompt.kind() == Kind::Assessment);
    let Some(prompt) = found else {
        return Ok(Outcome::say(Reply::text("That self-assessment is no longer in the library.")));
    };
    let ratings: Vec<Rating> = ITEMS
        .iter()
        .zip(1..)
        .filter_map(|(field, n)| {
            let level = level(submission, field)?;
            Some(Rating { assessment: id.clone(), item: n.to_string(), level, at: scene.now })
        })
        .collect();
    rated(scene, ratings, |then| assess::outcome_of(then, prompt))
}

fn rated(
    scene: &Scene,
    ratings: Vec<Rating>,
    words: impl FnOnce(&Scene) -> Reply,
) -> Result<Outcome, Vec<FieldError>> {
    if ratings.is_empty() {
        return Err(vec![(ITEMS[0], "Answer at least one, or close the form.".to_owned())]);
    }
    let mut person = scene.person.clone();
    person.ratings.extend(ratings.iter().cloned());
    let mut outcome = Outcome::say(words(&Scene { person: &person, ..*scene }));
    outcome.changes.extend(ratings.into_iter().map(Change::Rate));
    Ok(outcome)
}
