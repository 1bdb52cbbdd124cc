//! What happens when somebody presses a button.

use jiff::ToSpan;

use super::commands::{
    assess, cards, case, challenge, export, forget, help, log, nudge, progress, rehearse, script, tip, today,
};
use super::library::{Kind, PromptId};
use super::person::Card;
use super::reply::{Button, Reply};
use super::week::Week;
use super::{Action, Change, Outcome, Scene, begin, channel, event, forms, greet, say, tact};

/// Answers a press. The reply takes the place of the message that held the button.
pub fn press(scene: &Scene, action: Action) -> Outcome {
    if action == Action::ForgetMe {
        return Outcome::say(forget::erased(scene)).with(Change::Forget);
    }
    greet(scene, answer(scene, action))
}

fn answer(scene: &Scene, action: Action) -> Outcome {
    match action {
        Action::Today => today::answer(scene),
        Action::Help => help::answer(scene),
        Action::Tip(skill) => tip::offer(scene, skill.as_ref()),
        Action::Challenge(skill) => challenge::offer(scene, skill.as_ref()),
        Action::Show(id) => show(scene, &id),
        Action::TakeOn(id) => forms::open_take_on(scene, &id),
        Action::NotUseful(id) => not_useful(scene, id),
        Action::Done(from) => {
            forms::open_new_card(scene, from.as_ref(), Reply::text("The form is one press away:"))
        }
        Action::Log => forms::open_empty_card(scene, ""),
        Action::LogThis(words) => forms::open_empty_card(scene, &words),
        Action::Drop(taken) => challenge::drop_it(scene, taken),
        Action::EditCard(_) => forms::open_edit_card(scene),
        Action::DeleteCard(id) => delete(scene, id),
        Action::RestoreCard(id) => restore(scene, id),
        Action::LogAgain(_) => log_again(scene),
        Action::NudgesOn => nudge::on(scene),
        Action::NudgesOff => nudge::off(scene),
        Action::Rhythm => forms::open_rhythm(scene),
        Action::Every(weeks) => nudge::every(scene, weeks),
        Action::Later(week, id) => later(scene, week, id),
        Action::RemindOn(week, id, date) => remind_on(scene, week, id, date),
        Action::NotRelevant(id) => not_relevant(scene, id),
        Action::RemindDate(week, id) => forms::open_remind(scene, week, &id),
        Action::TalkBooked => forms::open_talk(scene),
        Action::Talked => event::talked(scene),
        Action::TalkOver => event::over(),
        Action::StopHere => channel::stop(scene),
        Action::Settings => forms::open_settings(scene),
        Action::ForgetMe => Outcome::say(forget::erased(scene)).with(Change::Forget),
        Action::Rehearse(id) => rehearse::start(scene, &id),
        Action::Aloud(run, n) => rehearse::aloud(scene, &run, n),
        Action::Score(run, n, score) => rehearse::score(scene, &run, n, score),
        Action::StopRehearsal(run) => rehearse::stop(scene, &run),
        // App Home turns the page; there is nothing to say.
        Action::HomeCards(_) => Outcome::default(),
        Action::KeepMe => Outcome::say(Reply::text("Nothing has been erased.")),
        Action::Begin => forms::open_begin(scene),
        Action::NotNow(shown) => begin::not_now(scene, shown.as_ref()),
        Action::NeverAsk(shown) => begin::never(scene, shown.as_ref()),
        Action::Confirm(_) => forms::open_confirm(scene),
        Action::TellMore(_) => forms::open_tell_more(scene),
        Action::Place(_, at) => place(scene, at),
        Action::Cards(page, words) => cards::answer(scene, page, &words),
        Action::ShowCard(_) => cards::show(scene),
        Action::Assess(about) => assess::open(scene, about.as_ref()),
        Action::AssessAll => assess::open_all(scene),
        Action::Park(taken) => challenge::park(scene, taken),
        Action::Swap(taken) => challenge::swap(scene, taken),
        Action::Resume(taken) => challenge::resume(scene, taken),
        Action::Challenges => challenge::list(scene),
        Action::Progress => progress::answer(scene),
        Action::Picture => progress::picture(scene),
        Action::Case => case::answer(scene),
        Action::CaseExport => case::export(scene),
        Action::Export => export::answer(scene),
    }
}

fn show(scene: &Scene, id: &PromptId) -> Outcome {
    match scene.library.get(id) {
        None => gone(scene),
        Some(prompt) => match prompt.kind() {
            Kind::Script => script::show(scene, prompt),
            Kind::Challenge => challenge::show(scene, prompt, "You asked to see it.".to_owned(), None),
            Kind::Rehearsal => rehearse::offer(scene, prompt),
            Kind::Tip => tip::show(scene, prompt, "You asked to see it.", None),
            _ => Outcome::say(say::prompt(scene, prompt)).with(Change::Shown(id.clone())),
        },
    }
}

/// An old message can name a prompt that the library no longer has.
fn gone(scene: &Scene) -> Outcome {
    Outcome::say(Reply::text(format!(
        "That one is no longer in the library. {} finds you another.",
        scene.code("tip")
    )))
}

fn not_useful(scene: &Scene, id: PromptId) -> Outcome {
    let Some(prompt) = scene.library.get(&id) else { return gone(scene) };
    let next = match prompt.kind() {
        Kind::Challenge => Button::new("Another challenge", Action::Challenge(None)),
        _ => Button::new("Another tip", Action::Tip(None)),
    };
    let reply = Reply::text(format!("“{}” will not come back. Thank you for saying so.", prompt.title))
        .and_buttons(vec![next]);
    Outcome::say(reply).with(Change::Declined(id))
}

fn not_relevant(scene: &Scene, id: PromptId) -> Outcome {
    let Some(prompt) = scene.library.get(&id) else { return gone(scene) };
    let reply = Reply::text(format!(
        "“{}” will not come back. Your next nudge is about something else.",
        prompt.title
    ))
    .and_buttons(vec![Button::new("Show me a tip instead", Action::Tip(None))]);
    Outcome::say(reply).with(Change::Declined(id))
}

/// Where they place a finished challenge on its rubric.
fn place(scene: &Scene, at: u8) -> Outcome {
    let Some(card) = &scene.person.shelf.asked_for else { return no_card(scene) };
    let card = Card { placed: Some(at), ..card.clone() };
    let reply = Reply::headed(format!("Placed at {at} of 3"))
        .and_all(say::card(scene, &card))
        .and_buttons(cards::buttons(&card));
    Outcome::say(reply).with(Change::SaveCard(card))
}

fn delete(scene: &Scene, id: String) -> Outcome {
    let Some(card) = either(scene) else { return no_card(scene) };
    let reply = Reply::text("Deleted. Until this time tomorrow it can be brought back; then it is erased.")
        .and_typed("It said", &card.what)
        .and_buttons(vec![Button::new("Undo", Action::RestoreCard(id.clone()))]);
    Outcome::say(reply).with(Change::DeleteCard(id))
}

/// The card that was asked for, also where it is deleted: pressing twice is one effect.
fn either<'a>(scene: &Scene<'a>) -> Option<&'a Card> {
    let shelf = &scene.person.shelf;
    shelf.asked_for.as_ref().or(shelf.deleted.as_ref())
}

fn restore(scene: &Scene, id: String) -> Outcome {
    let Some(card) = either(scene) else { return no_card(scene) };
    let reply =
        Reply::headed("Brought back").and_all(say::card(scene, card)).and_buttons(cards::buttons(card));
    Outcome::say(reply).with(Change::RestoreCard(id))
}

/// A button or a form was about a card that is deleted, or gone for good.
pub(super) fn no_card(scene: &Scene) -> Outcome {
    Outcome::say(match &scene.person.shelf.deleted {
        Some(card) => {
            Reply::text("You have deleted that card. Until its day is over it can be brought back.")
                .and_typed("It said", &card.what)
                .and_buttons(vec![bring_back(card)])
        }
        None => Reply::text(format!(
            "That card is not there any more: it was deleted, and its day to come back has passed. {} shows those \
             that are.",
            scene.code("cards")
        )),
    })
}

pub(super) fn bring_back(card: &Card) -> Button {
    Button::new("Bring it back", Action::RestoreCard(card.id.clone()))
}

fn log_again(scene: &Scene) -> Outcome {
    let Some(card) = either(scene) else { return no_card(scene) };
    let mut card = card.clone();
    // Named after the first, so that a double press makes one more and not two.
    card.id = format!("{}-again", card.id);
    card.logged_at = scene.now;
    log::saved(scene, card, None)
}

fn later(scene: &Scene, week: Week, id: PromptId) -> Outcome {
    let today = scene.today();
    let monday = Week::of(today).monday().saturating_add(7.days());
    let options = [
        ("Tomorrow".to_owned(), today.saturating_add(1.day())),
        ("In three days".to_owned(), today.saturating_add(3.days())),
        ("Next week".to_owned(), monday),
    ];
    let title = scene.library.get(&id).map_or("this", |prompt| prompt.title.as_str());
    let mut buttons: Vec<Button> = options
        .into_iter()
        .map(|(label, date)| Button::new(label, Action::RemindOn(week, id.clone(), date)))
        .collect();
    buttons.push(Button::new("A date…", Action::RemindDate(week, id.clone())));
    Outcome::say(Reply::text(format!("When shall I bring “{title}” back?")).and_buttons(buttons))
}

pub(super) fn remind_on(scene: &Scene, week: Week, prompt: PromptId, date: jiff::civil::Date) -> Outcome {
    if scene.library.get(&prompt).is_none() {
        return gone(scene);
    }
    if date <= scene.today() {
        return Outcome::say(Reply::text(format!(
            "That day has passed. {} gives you this week's step right away.",
            scene.code("nudge now")
        )));
    }
    let zone = &scene.person.zone;
    let day = tact::day_for_reminder(scene, week, date);
    let at = tact::usual_time(scene, day);
    let when = say::moment(zone, at);
    let reply = Reply::text(if day == date {
        format!("I will bring it back on {when}.")
    } else {
        format!("That week has its two messages already, so I will bring it back on {when}.")
    });
    Outcome::say(reply).with(Change::Remind { week, prompt, at })
}
