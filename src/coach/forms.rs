//! The forms: what they ask, what they take, and what comes of the answer.
//!
//! Field ids are written once each, here: drawing and reading use the same constants.

mod begin;
pub mod rate;
mod stronger;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::command::bare;
use super::commands::log::{MOST_CHARS, length};
use super::commands::{log, nudge, settings};
use super::dates::{parse_date, parse_day, parse_span, parse_time};
use super::library::{Detail, Kind, Prompt, PromptId, Rung};
use super::person::{Card, Taken, Zone};
use super::reply::{About, Button, Control, Field, FieldError, Form, Part, Reply, Submission};
use super::week::{Week, day_long};
use super::{Action, Change, Ending, Outcome, Scene, event, greet, levels, press, say};

pub use begin::{open_begin, pace};
pub use stronger::{open_confirm, open_tell_more};

const PLAN: &str = "plan";
const DUE_ON: &str = "due_on";
const WHAT: &str = "what";
const CHANGED: &str = "changed";
const WITNESS: &str = "witness";
const LINK: &str = "link";
const SKILL: &str = "skill";
const CHALLENGE: &str = "challenge";
const SITUATION: &str = "situation";
const LEVEL: &str = "level";
const HAPPENED_ON: &str = "happened_on";
const RUNG: &str = "rung";
const ZONE: &str = "zone";
const DAY: &str = "day";
const TIME: &str = "time";
const EVERY: &str = "every";
const REMIND_ON: &str = "remind_on";
const TALK_ON: &str = "talk_on";

/// The answer to "none of these" in a menu.
const NONE: &str = "none";

pub fn open_take_on(scene: &Scene, id: &PromptId) -> Outcome {
    let Some(prompt) = scene.library.get(id) else {
        return Outcome::say(Reply::text("That one is no longer in the library."));
    };
    let mut intro = vec![Part::Text(format!("**{}**", prompt.title))];
    if let Detail::Challenge(challenge) = &prompt.detail {
        intro.push(Part::Text(say::filled(scene, &challenge.goal)));
        intro.push(Part::Note(format!("Done when: {}", say::filled(scene, &challenge.done_when))));
    }
    if let Some(current) = scene.person.current.as_ref().filter(|current| current.prompt != *id) {
        let title = scene.library.get(&current.prompt).map_or("another one", |prompt| prompt.title.as_str());
        intro.push(Part::Note(format!(
            "“{title}” waits meanwhile; {} shows what waits, and you can take it up again any time.",
            scene.code("challenge list")
        )));
    }
    let plan = prompt.plan().map_or(String::new(), |plan| plain(&say::filled(scene, plan)));
    let form = Form {
        about: About::TakeOn { prompt: id.to_string() },
        title: "Take it on".to_owned(),
        submit: "Take it on".to_owned(),
        intro,
        fields: vec![
            Field::new(PLAN, "Your plan: if it is …, then I will …", Control::Paragraph { initial: plan })
                .hint("Name a moment you will recognise. Make it yours: change every word you like."),
            Field::new(DUE_ON, "Done by", Control::Date { initial: Some(done_by(scene, prompt)) })
                .hint("I ask you about it once, around that day."),
        ],
    };
    let reply =
        Reply::text(format!("Ready to take on “{}”? The form asks for your plan and a day.", prompt.title))
            .and_buttons(vec![Button::primary("Open the form", Action::TakeOn(id.clone()))]);
    Outcome::open(form, reply)
}

/// When it could be done, if it takes as long as it says; a week where it does not say, and nothing is put
/// off for less than one.
fn done_by(scene: &Scene, prompt: &Prompt) -> Date {
    let week = scene.today().saturating_add(7.days());
    let span = prompt.span.as_deref().and_then(parse_span);
    span.map_or(week, |span| scene.today().saturating_add(span)).max(week)
}

/// The evidence form, filled in from a prompt, or else from the current challenge.
pub fn open_new_card(scene: &Scene, from: Option<&PromptId>, reply: Reply) -> Outcome {
    let current = scene.person.current.as_ref();
    let prompt = from.or(current.map(|taken| &taken.prompt)).and_then(|id| scene.library.get(id));
    let challenge = prompt.filter(|prompt| {
        prompt.kind() == Kind::Challenge || current.is_some_and(|taken| taken.prompt == prompt.id)
    });
    let fields = card_fields(
        scene,
        &Card {
            skill: prompt.map(|prompt| prompt.skill().clone()),
            challenge: challenge.map(|prompt| prompt.id.clone()),
            ..blank(scene)
        },
    );
    let form = Form {
        about: About::NewCard,
        title: "Log evidence".to_owned(),
        submit: "Save".to_owned(),
        intro: Vec::new(),
        fields,
    };
    let reply = reply
        .and_buttons(vec![Button::primary("Open the form", Action::Done(from.cloned()))])
        .and_note(format!(
            "Or write it in one line: {} and what happened.",
            scene.code(if current.is_some() { "done" } else { "log" })
        ));
    Outcome::open(form, reply)
}

/// The evidence form with no challenge chosen: whatever is logged here finishes none by itself. `what` is
/// what they have written already.
pub fn open_empty_card(scene: &Scene, what: &str) -> Outcome {
    let form = Form {
        about: About::NewCard,
        title: "Log evidence".to_owned(),
        submit: "Save".to_owned(),
        intro: Vec::new(),
        fields: card_fields(scene, &Card { what: start_that_fits(what).to_owned(), ..blank(scene) }),
    };
    let reply = Reply::text("The form is one press away:")
        .and_buttons(vec![Button::primary("Open the form", Action::log_this(what))])
        .and_note(format!("Or write it in one line: {} and what happened.", scene.code("log")));
    Outcome::open(form, reply)
}

/// The evidence form with a message's words and its link in it.
pub fn open_card_from_message(scene: &Scene, words: &str, link: &str) -> Outcome {
    let fits = start_that_fits(words);
    let mut intro = Vec::new();
    if fits.len() < words.len() {
        let rest = match link {
            "" => "the whole of it stays in Slack.",
            _ => "the whole of it stays in Slack, under the link below.",
        };
        intro.push(Part::Note(format!(
            "The message has {} characters and a box holds {MOST_CHARS}: here is its beginning; {rest}",
            words.chars().count()
        )));
    }
    let filled = Card { what: fits.to_owned(), link: link.to_owned(), ..blank(scene) };
    let form = Form {
        about: About::NewCard,
        title: "Save as evidence".to_owned(),
        submit: "Save".to_owned(),
        intro,
        fields: card_fields(scene, &filled),
    };
    let mut reply = Reply::text(
        "The form could not be opened, so nothing is saved yet. Use the shortcut once more, or log it with the link.",
    );
    if !link.is_empty() {
        reply = reply.and_typed("Link", link);
    }
    Outcome::open(form, reply.and_buttons(vec![Button::primary("Open an empty form", Action::Log)]))
}

/// As much of a text as a box takes, up to a word's end. Slack may count characters or UTF-16 units:
/// this fits both ways.
fn start_that_fits(words: &str) -> &str {
    let mut units = 0;
    let end = words.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MOST_CHARS
    });
    let Some((end, _)) = end else { return words };
    let start = &words[..end];
    match start.rfind(char::is_whitespace) {
        Some(at) if at > end / 2 => start[..at].trim_end(),
        _ => start,
    }
}

pub fn open_edit_card(scene: &Scene) -> Outcome {
    let Some(card) = &scene.person.shelf.asked_for else { return press::no_card(scene) };
    let form = Form {
        about: About::EditCard { card: card.id.clone() },
        title: "Edit evidence".to_owned(),
        submit: "Save".to_owned(),
        intro: Vec::new(),
        fields: card_fields(scene, card),
    };
    let reply = Reply::text("Here is the card; the form to change it is one press away.")
        .and_all(say::card(scene, card))
        .and_buttons(vec![Button::primary("Open the form", Action::EditCard(card.id.clone()))]);
    Outcome::open(form, reply)
}

fn card_fields(scene: &Scene, card: &Card) -> Vec<Field> {
    let none = |words: &str| (NONE.to_owned(), words.to_owned());
    let skills = std::iter::once(none("Not sure yet"))
        .chain(scene.library.of(Kind::Skill).map(|skill| (skill.id.to_string(), skill.title.clone())))
        .collect();
    let mut challenges = vec![none("None, I just did it")];
    // What is on their list comes first; a tip that was made a challenge stands nowhere else.
    let person = scene.person;
    let theirs = person.current.iter().chain(&person.parked).map(|taken| &taken.prompt);
    let first: Vec<&PromptId> = card.challenge.iter().chain(theirs).collect();
    let first = first.iter().enumerate().filter(|(at, id)| !first[..*at].contains(id)).map(|(_, id)| *id);
    let first: Vec<&Prompt> = first.filter_map(|id| scene.library.get(id)).take(30).collect();
    let others =
        scene.library.of(Kind::Challenge).filter(|prompt| first.iter().all(|one| one.id != prompt.id));
    challenges.extend(
        first.iter().copied().chain(others).map(|prompt| (prompt.id.to_string(), prompt.title.clone())),
    );
    let chosen = |id: Option<&PromptId>| Some(id.map_or(NONE.to_owned(), PromptId::to_string));
    let words = |words: &str| words.to_owned();
    vec![
        Field::new(WHAT, "What did you do?", Control::Paragraph { initial: words(&card.what) })
            .hint("One or two sentences; names, numbers and dates make it believable."),
        Field::new(
            CHANGED,
            "What changed because of it?",
            Control::Paragraph { initial: words(&card.changed) },
        )
        .hint("A number or somebody's words, if you have them.")
        .optional(),
        Field::new(WITNESS, "Who could confirm it?", Control::Line { initial: words(&card.witness) })
            .hint("Such as: Dana, head of finance. When and in which words can follow.")
            .optional(),
        Field::new(LINK, "Link", Control::Line { initial: words(&card.link) })
            .hint("A document, a message or a page that shows it.")
            .optional(),
        Field::new(
            SITUATION,
            "What was the situation?",
            Control::Paragraph { initial: words(&card.situation) },
        )
        .optional(),
        Field::new(SKILL, "Skill", Control::Select { options: skills, initial: chosen(card.skill.as_ref()) }),
        Field::new(
            LEVEL,
            "Which level does it argue for?",
            Control::Select {
                options: level_options(scene),
                initial: Some(card.level.map_or(NONE.to_owned(), |level| level.to_string())),
            },
        ),
        Field::new(
            CHALLENGE,
            "Challenge",
            Control::Select { options: challenges, initial: chosen(card.challenge.as_ref()) },
        ),
        Field::new(HAPPENED_ON, "Day", Control::Date { initial: Some(card.happened_on) }),
    ]
}

/// The four levels in the words of the assessment of the nine skills, which hold for each of them.
fn level_options(scene: &Scene) -> Vec<(String, String)> {
    let nine = scene.library.get(&PromptId::new(levels::NINE_SKILLS)).map(|prompt| &prompt.detail);
    let words = |level: usize| match nine {
        Some(Detail::Assessment { scale, .. }) if scale.len() == 4 => {
            format!("{level}: {}", scale[level - 1])
        }
        _ => format!("Level {level}"),
    };
    let levels = (1..=4).map(|level| (level.to_string(), words(level)));
    std::iter::once((NONE.to_owned(), "Not sure yet".to_owned())).chain(levels).collect()
}

fn blank(scene: &Scene) -> Card {
    Card::of_one_line(String::new(), String::new(), scene.today(), scene.now)
}

fn rungs() -> Vec<(String, String)> {
    Rung::ALL.iter().map(|rung| (rung.id().to_owned(), rung.title().to_owned())).collect()
}

fn days() -> Vec<(String, String)> {
    let days = Weekday::Monday.cycle_forward().take(7);
    days.map(|day| (day_long(day).to_owned(), day_long(day).to_owned())).collect()
}

pub fn open_settings(scene: &Scene) -> Outcome {
    let person = scene.person;
    let chosen = matches!(person.zone.known_from, super::person::KnownFrom::Choice);
    let initial = if chosen { person.zone.name.clone() } else { String::new() };
    let hint = match &person.zone.in_slack {
        Some(zone) => {
            format!("Empty means what your Slack profile says, {zone}. Or a city or zone: Asia/Tokyo.")
        }
        None => "Slack has not told me yours. A city or a zone, such as Europe/Berlin.".to_owned(),
    };
    let mut fields = vec![
        Field::new(
            RUNG,
            "Where do you want to go?",
            Control::Select { options: rungs(), initial: Some(person.rung().id().to_owned()) },
        )
        .hint("Nobody else sees this. Staying a contributor has as much to offer here as leading."),
    ];
    fields.extend(begin::about_them(&person.profile));
    fields.push(Field::new(ZONE, "Time zone", Control::Line { initial }).hint(hint).optional());
    let form = Form {
        about: About::Settings,
        title: "Settings".to_owned(),
        submit: "Save".to_owned(),
        intro: Vec::new(),
        fields,
    };
    let reply = settings::show(scene, person.wanted, &person.zone, "Your settings");
    Outcome::open(form, reply)
}

pub fn open_rhythm(scene: &Scene) -> Outcome {
    let person = scene.person;
    let (day, time) = say::own_slot(scene);
    let mut paces: Vec<(String, String)> = [(1, "Every week"), (2, "Every 2 weeks"), (4, "Every 4 weeks")]
        .into_iter()
        .map(|(weeks, words)| (weeks.to_string(), words.to_owned()))
        .collect();
    let every = person.rhythm.every.to_string();
    if !paces.iter().any(|(weeks, _)| *weeks == every) {
        paces.push((every.clone(), format!("Every {every} weeks")));
    }
    let form = Form {
        about: About::Rhythm,
        title: "Your weekly nudge".to_owned(),
        submit: "Save".to_owned(),
        intro: vec![Part::Note(format!(
            "Times are {} time ({}).",
            person.zone.name,
            say::zone_known(&person.zone)
        ))],
        fields: vec![
            Field::new(
                DAY,
                "Day",
                Control::Select { options: days(), initial: Some(day_long(day).to_owned()) },
            ),
            Field::new(TIME, "Time", Control::Time { initial: Some(time) }),
            Field::new(EVERY, "How often", Control::Select { options: paces, initial: Some(every) }),
        ],
    };
    let reply = nudge::show(scene, &person.rhythm, Reply::headed("Your weekly nudge"));
    Outcome::open(form, reply)
}

/// On which day to come back with a nudge.
pub fn open_remind(scene: &Scene, week: Week, id: &PromptId) -> Outcome {
    let title = scene.library.get(id).map_or("this", |prompt| prompt.title.as_str());
    let form = Form {
        about: About::Remind { week: week.to_string(), prompt: id.to_string() },
        title: "Remind me".to_owned(),
        submit: "Remind me".to_owned(),
        intro: vec![Part::Text(format!("**{title}**"))],
        fields: vec![Field::new(
            REMIND_ON,
            "On which day?",
            Control::Date { initial: Some(scene.today().saturating_add(7.days())) },
        )],
    };
    let reply = Reply::text(format!("When shall I bring “{title}” back? The form asks for the day."))
        .and_buttons(vec![Button::primary("Open the form", Action::RemindDate(week, id.clone()))]);
    Outcome::open(form, reply)
}

fn remind(
    scene: &Scene,
    submission: &Submission,
    week: &str,
    prompt: PromptId,
) -> Result<Outcome, Vec<FieldError>> {
    let wrong = |what: &str| Err(vec![(REMIND_ON, what.to_owned())]);
    match parse_date(submission.value(REMIND_ON), scene.today()) {
        None => wrong("Choose the day on which it should come back."),
        Some(date) if date <= scene.today() => wrong("Choose a day to come, from tomorrow on."),
        Some(date) if date > scene.today().saturating_add(1.year()) => wrong("Choose a day within a year."),
        Some(date) => {
            let week = Week::parse(week).unwrap_or_else(|| Week::of(scene.today()));
            Ok(press::remind_on(scene, week, prompt, date))
        }
    }
}

/// The day of the talk with the manager.
pub fn open_talk(scene: &Scene) -> Outcome {
    let booked = scene.person.talk.booked_on.filter(|&on| on >= scene.today());
    let form = Form {
        about: About::Talk,
        title: "Your talk".to_owned(),
        submit: "Save".to_owned(),
        intro: Vec::new(),
        fields: vec![
            Field::new(
                TALK_ON,
                "When do you talk with your manager?",
                Control::Date {
                    initial: Some(booked.unwrap_or_else(|| scene.today().saturating_add(7.days()))),
                },
            )
            .hint("I write to you on the day before, and ask afterwards. Nobody else learns of it."),
        ],
    };
    let reply = Reply::text("When do you talk? The form asks for the day.")
        .and_buttons(vec![Button::primary("Open the form", Action::TalkBooked)]);
    Outcome::open(form, reply)
}

fn set_talk(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let wrong = |what: &str| Err(vec![(TALK_ON, what.to_owned())]);
    match parse_date(submission.value(TALK_ON), scene.today()) {
        None => wrong("Choose the day of the talk."),
        Some(on) if on < scene.today() => wrong("That day has passed; if you have talked, press We talked."),
        Some(on) if on > scene.today().saturating_add(1.year()) => wrong("Choose a day within a year."),
        Some(on) => Ok(event::booked(scene, on)),
    }
}

/// The form that a submission answers, as it would be drawn now: reading uses it to know the fields.
pub fn form_again(scene: &Scene, about: &About) -> Option<Form> {
    let skill = |id: &String| scene.library.get(&PromptId::new(id));
    let outcome = match about {
        About::TakeOn { prompt } => open_take_on(scene, &PromptId::new(prompt)),
        About::NewCard => open_empty_card(scene, ""),
        About::EditCard { .. } => open_edit_card(scene),
        About::Settings => open_settings(scene),
        About::Rhythm => open_rhythm(scene),
        About::Begin => open_begin(scene),
        About::Confirm { .. } => open_confirm(scene),
        About::TellMore { .. } => open_tell_more(scene),
        About::RateNext { skill: id } => rate::open_skill(scene, skill(id)?, true),
        About::RateOne { skill: id } => rate::open_skill(scene, skill(id)?, false),
        About::RateAll => rate::open_all(scene),
        About::Assess { assessment } => rate::open_assessment(scene, skill(assessment)?),
        About::Remind { week, prompt } => open_remind(scene, Week::parse(week)?, &PromptId::new(prompt)),
        About::Talk => open_talk(scene),
    };
    outcome.form
}

/// Answers a form.
///
/// # Errors
/// Fields and what is wrong with what stands in them: the form stays open with every word in it.
pub fn submit(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let outcome = match &submission.about {
        About::TakeOn { prompt } => take_on(scene, submission, PromptId::new(prompt)),
        About::NewCard => new_card(scene, submission),
        About::EditCard { card } => edit_card(scene, submission, card),
        About::Settings => set_settings(scene, submission),
        About::Rhythm => set_rhythm(scene, submission),
        About::Begin => begin::begun(scene, submission),
        About::Confirm { .. } => stronger::confirm(scene, submission),
        About::TellMore { .. } => stronger::tell_more(scene, submission),
        About::RateNext { skill } => rate::rate_skill(scene, submission, skill, true),
        About::RateOne { skill } => rate::rate_skill(scene, submission, skill, false),
        About::RateAll => rate::rate_all(scene, submission),
        About::Assess { assessment } => rate::rate_assessment(scene, submission, assessment),
        About::Remind { week, prompt } => remind(scene, submission, week, PromptId::new(prompt)),
        About::Talk => set_talk(scene, submission),
    }?;
    // A form that goes on says nothing yet; what greets comes with its last answer.
    Ok(if outcome.form.is_some() { outcome } else { greet(scene, outcome) })
}

/// What stands under the first field of a form that this version of the program does not know: while servers
/// are replaced one after the other, one of them draws it and another gets it back.
pub fn of_another_version() -> FieldError {
    let told = "Nothing was saved: this form is from another version of the coach. Your words are still here: press \
                again in a minute. If it stays that way, copy them, close the form and open it anew.";
    ("", told.to_owned())
}

fn take_on(scene: &Scene, submission: &Submission, prompt: PromptId) -> Result<Outcome, Vec<FieldError>> {
    let mut errors = Vec::new();
    let plan = submission.value(PLAN).trim();
    if plan.is_empty() {
        errors.push((PLAN, "Write when and what: “If it is …, then I will …”.".to_owned()));
    }
    too_long(PLAN, plan, &mut errors);
    let due_on = parse_date(submission.value(DUE_ON), scene.today());
    match due_on {
        None => errors.push((DUE_ON, "Choose the day by which you want to have done it.".to_owned())),
        Some(date) if date < scene.today() => {
            errors.push((DUE_ON, "That day has passed; choose today or a day to come.".to_owned()));
        }
        Some(_) => {}
    }
    let (Some(due_on), []) = (due_on, errors.as_slice()) else { return Err(errors) };
    let Some(title) = scene.library.get(&prompt).map(|prompt| prompt.title.as_str()) else {
        return Ok(Outcome::say(
            Reply::text("That one has left the library in the meantime, so you have not taken it on.")
                .and_typed("The plan you wrote", plan)
                .and_buttons(vec![Button::new("Another challenge", Action::Challenge(None))]),
        ));
    };
    let reply = Reply::headed("It is yours")
        .and_text(format!("**{title}**, by {}.", say::date(due_on)))
        .and_typed("Your plan", plan)
        .and_buttons(vec![Button::new("Done", Action::Done(None))])
        .and_note(format!(
            "{} shows it whenever you like, {} finishes it, and around that day I ask once how it went.",
            scene.code(""),
            scene.code("done")
        ));
    let taken = Taken { id: submission.key.clone(), prompt, plan: plan.to_owned(), due_on };
    let mut outcome = Outcome::say(reply);
    // One at a time: the one on the go waits. Taken on anew, a challenge takes its own old place.
    for old in scene.person.current.iter().chain(&scene.person.parked) {
        if old.prompt == taken.prompt {
            outcome.changes.push(Change::End { taken: old.id.clone(), how: Ending::Swapped });
        }
    }
    if let Some(current) = scene.person.current.as_ref().filter(|current| current.prompt != taken.prompt) {
        outcome.changes.push(Change::Park(current.id.clone()));
    }
    Ok(outcome.with(Change::TakeOn(taken)))
}

/// What stands in a box; nothing where it only says that there is nothing.
fn unless_it_says_none(typed: &str) -> String {
    let typed = typed.trim();
    let is_nothing = matches!(
        bare(typed).as_str(),
        "" | "n/a"
            | "na"
            | "none"
            | "no"
            | "nothing"
            | "nobody"
            | "-"
            | "--"
            | "\u{2013}"
            | "\u{2014}"
            | "x"
            | "tbd"
            | "nil"
    );
    if is_nothing { String::new() } else { typed.to_owned() }
}

/// The card as the form says, with what the form does not ask for as it was.
fn read_card(scene: &Scene, submission: &Submission, old: Card) -> Result<Card, Vec<FieldError>> {
    let mut errors = Vec::new();
    let text = |field| unless_it_says_none(submission.value(field));
    if text(WHAT).is_empty() {
        errors.push((WHAT, "Write what you did; one sentence is enough.".to_owned()));
    }
    for field in [WHAT, CHANGED, SITUATION, WITNESS, LINK] {
        too_long(field, &text(field), &mut errors);
    }
    let happened_on = parse_date(submission.value(HAPPENED_ON), scene.today());
    match happened_on {
        None => errors.push((HAPPENED_ON, "Choose the day on which it happened.".to_owned())),
        Some(date) if date > scene.today() => {
            errors
                .push((HAPPENED_ON, "That day is still to come; evidence is what has happened.".to_owned()));
        }
        Some(_) => {}
    }
    let (Some(happened_on), []) = (happened_on, errors.as_slice()) else { return Err(errors) };
    let chosen = |field| {
        let id = PromptId::new(submission.value(field));
        scene.library.get(&id).map(|prompt| prompt.id.clone())
    };
    Ok(Card {
        challenge: chosen(CHALLENGE),
        skill: chosen(SKILL),
        what: text(WHAT),
        changed: text(CHANGED),
        situation: text(SITUATION),
        witness: text(WITNESS),
        link: text(LINK),
        level: submission.value(LEVEL).parse().ok().filter(|level| (1..=4).contains(level)),
        happened_on,
        ..old
    })
}

fn new_card(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let card = read_card(scene, submission, Card { id: submission.key.clone(), ..blank(scene) })?;
    let person = scene.person;
    let finishes = person
        .current
        .iter()
        .chain(&person.parked)
        .find(|taken| card.challenge.as_ref() == Some(&taken.prompt));
    Ok(log::saved(scene, card, finishes))
}

fn edit_card(scene: &Scene, submission: &Submission, id: &str) -> Result<Outcome, Vec<FieldError>> {
    match &scene.person.shelf.asked_for {
        Some(old) if old.id == id => {
            let card = read_card(scene, submission, old.clone())?;
            Ok(stronger::changed(scene, card))
        }
        _ => {
            let card = read_card(scene, submission, blank(scene))?;
            Ok(save_as_new(scene, &card))
        }
    }
}

/// The card was deleted while its form was open: the same words in the form for a new one, to be saved or not.
fn save_as_new(scene: &Scene, card: &Card) -> Outcome {
    let told = "You have deleted this card in the meantime, so nothing was changed. What you wrote is still here: \
                save it as a new card, or close this and let it go.";
    let form = Form {
        about: About::NewCard,
        title: "Save as a new card?".to_owned(),
        submit: "Save as a new card".to_owned(),
        intro: vec![Part::Text(told.to_owned())],
        fields: card_fields(scene, card),
    };
    Outcome::open(form, Reply::text(told).and_all(say::card(scene, card)))
}

fn set_settings(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let mut errors = Vec::new();
    let rung = Rung::from_id(submission.value(RUNG));
    if rung.is_none() {
        errors.push((RUNG, "Choose one; “Not decided yet” is a fine answer.".to_owned()));
    }
    let typed = submission.value(ZONE).trim();
    let chosen = if typed.is_empty() { None } else { Zone::find(typed) };
    if !typed.is_empty() && chosen.is_none() {
        errors.push((ZONE, settings::UNKNOWN_ZONE.to_owned()));
    }
    let (Some(rung), []) = (rung, errors.as_slice()) else { return Err(errors) };
    let zone = Zone::resolve(chosen.as_deref(), scene.person.zone.in_slack.as_deref());
    let profile = begin::read_about_them(submission, &scene.person.profile);
    let mut person = scene.person.clone();
    person.profile = profile.clone();
    let reply = settings::show(&Scene { person: &person, ..*scene }, Some(rung), &zone, "Saved");
    let mut outcome = Outcome::say(reply)
        .with(Change::Want(rung))
        .with(Change::ChooseZone(chosen))
        .with(Change::Describe(profile.clone()));
    outcome.changes.extend(settings::moved(scene, &zone));
    Ok(outcome)
}

fn set_rhythm(scene: &Scene, submission: &Submission) -> Result<Outcome, Vec<FieldError>> {
    let day = parse_day(submission.value(DAY));
    let time = parse_time(submission.value(TIME));
    let every = submission.value(EVERY).parse().ok().filter(|weeks| (1..=12).contains(weeks));
    let mut errors = Vec::new();
    if day.is_none() {
        errors.push((DAY, "Choose a day.".to_owned()));
    }
    if time.is_none() {
        errors.push((TIME, "Choose a time, such as 09:30.".to_owned()));
    }
    if every.is_none() {
        errors.push((EVERY, "Choose how often.".to_owned()));
    }
    let (Some(day), Some(time), Some(every)) = (day, time, every) else { return Err(errors) };
    Ok(nudge::set(scene, Reply::headed("Your nudge is set"), |rhythm| {
        rhythm.own = Some((day, time));
        rhythm.every = every;
    }))
}

fn too_long(field: &'static str, text: &str, errors: &mut Vec<FieldError>) {
    let length = length(text);
    if length > MOST_CHARS {
        errors.push((field, format!("This is {length} characters; {MOST_CHARS} fit.")));
    }
}

/// Markdown as it stands in a text box: without the backslashes that shield a person's words.
fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(char::is_ascii_punctuation) => {}
            '*' => {}
            c => out.push(c),
        }
    }
    out
}
