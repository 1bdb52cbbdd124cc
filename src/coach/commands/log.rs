//! `/coach log [what happened]`: any evidence, challenge or not, in one line or by the form.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::coach::command::{Command, Spec, bare};
use crate::coach::dates::parse_day;
use crate::coach::library::Detail;
use crate::coach::person::{Card, Taken};
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::{Action, Change, Ending, Outcome, Scene, forms, say};

pub const SPEC: Spec = Spec {
    name: "log",
    args: "[what happened]",
    about: "Log what you did and what changed",
    examples: &["log", "log Ran the pricing review; Dana adopted the template"],
    also: &["evidence", "record"],
    parse: |rest| Ok(Command::Log { what: rest.to_owned() }),
};

/// What one box of a card holds: as much as Slack lets anybody edit in a form.
pub const MOST_CHARS: usize = 3000;
/// How much of a box a text takes. Slack may count an emoji as two: what is kept must fit the form that
/// edits it.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The same words within this time are more likely a second try than a second deed.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);

pub fn answer(scene: &Scene, what: &str) -> Outcome {
    if says_nothing(what) {
        return forms::open_empty_card(scene, what);
    }
    save(scene, what, None)
}

/// A word that is no deed, but was meant for somebody or something else: "it", "please", "undo". The form asks.
pub fn says_nothing(what: &str) -> bool {
    const NO_DEEDS: [&str; 27] = [
        "",
        "it",
        "this",
        "that",
        "please",
        "yes",
        "no",
        "ok",
        "okay",
        "evidence",
        "help",
        "undo",
        "delete",
        "tip",
        "with it",
        "with that",
        "with this",
        "my challenge",
        "the challenge",
        "challenge",
        "done",
        "new",
        "a card",
        "card",
        "it please",
        "now",
        "me",
    ];
    NO_DEEDS.contains(&bare(what).as_str())
}

/// Saves a card from one line; for a challenge, finishes it.
pub fn save(scene: &Scene, what: &str, taken: Option<&Taken>) -> Outcome {
    let length = length(what);
    if length > MOST_CHARS {
        return Outcome::say(
            Reply::text(format!(
                "A card holds {MOST_CHARS} characters and this is {length}, so nothing is saved yet. Here it is, \
                 untouched: shorten it, or put the long version in a document and log the link."
            ))
            .and_typed("You typed:", what),
        );
    }
    let same = scene
        .person
        .shelf
        .newest
        .iter()
        .find(|card| card.what == what && scene.now.duration_since(card.logged_at) < SAME_WITHIN);
    if let Some(card) = same {
        return Outcome::say(
            Reply::text(
                "You saved the very same words a moment ago, so I kept one card. Was it a second time?",
            )
            .and_typed("Already saved", &card.what)
            .and_buttons(vec![Button::new("Save it once more", Action::LogAgain(card.id.clone()))]),
        );
    }
    let prompt = taken.and_then(|taken| scene.library.get(&taken.prompt));
    let card = Card {
        challenge: taken.map(|taken| taken.prompt.clone()),
        skill: prompt.map(|prompt| prompt.skill().clone()),
        link: link_in(what),
        ..Card::of_one_line(scene.fresh.to_owned(), what.to_owned(), day_of(scene, what), scene.now)
    };
    saved(scene, card, taken)
}

/// The first address in what they wrote.
fn link_in(what: &str) -> String {
    let is_address = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    let link =
        what.split_whitespace().map(|word| word.trim_start_matches(['(', '<', '"', '“'])).find(is_address);
    link.map_or(String::new(), |link| {
        link.trim_end_matches(['.', ',', ';', ')', '>', '"', '”', '!']).to_owned()
    })
}

/// The day that the line begins with: "Yesterday …", "Last Friday: …", "On Friday …". Today where it says none.
fn day_of(scene: &Scene, what: &str) -> Date {
    let today = scene.today();
    let words: Vec<String> = what.split_whitespace().take(2).map(bare).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["yesterday", ..] => today.yesterday().unwrap_or(today),
        // Not by two letters: "on we went" is no Wednesday.
        [before, day] if matches!(*before, "last" | "on") && day.len() > 2 => match parse_day(day) {
            Some(day) if *before == "on" && day == today.weekday() => today,
            Some(day) => today.nth_weekday(-1, day).unwrap_or(today),
            None => today,
        },
        _ => today,
    }
}

/// Writes a new card down and says so, with what was stored and what it is worth.
pub fn saved(scene: &Scene, card: Card, finishes: Option<&Taken>) -> Outcome {
    let person = scene.person;
    let number = person.shelf.total + 1;
    let reply = match finishes {
        Some(_) => Reply::headed(format!("Challenge done, evidence saved: card {number}")),
        None => Reply::headed(format!("Saved: evidence card {number}")),
    };
    let mut reply = reply.and_all(say::card(scene, &card));
    let missing = missing(&card);
    if !missing.is_empty() {
        reply = reply.and_note(format!("It counts for more with {missing}."));
    }
    let edit = if missing.is_empty() { "Edit" } else { "Add detail" };
    reply = reply.and_buttons(vec![
        Button::new(edit, Action::EditCard(card.id.clone())),
        Button::new("Make it stronger", Action::Confirm(card.id.clone())),
        Button::danger("Delete", Action::DeleteCard(card.id.clone())),
    ]);
    let rubric = card.challenge.as_ref().and_then(|id| scene.library.get(id)).map(|prompt| &prompt.detail);
    if let (Some(Detail::Challenge(challenge)), Some(_)) = (rubric, finishes) {
        let places =
            (1..=3).map(|at| Button::new(format!("It is like {at}"), Action::Place(card.id.clone(), at)));
        reply = reply
            .and_text("**Where would you place it?** Each of the three is a result.")
            .and(Part::Steps(challenge.rubric.iter().map(|words| say::filled(scene, words)).collect()))
            .and_buttons(places.collect());
    }
    let mut next = vec![Button::new("Next challenge", Action::Challenge(None))];
    let waits = person.parked.iter().find(|parked| finishes.is_none_or(|taken| taken.id != parked.id));
    if let (Some(parked), true) = (waits, person.current.is_none() || finishes.is_some()) {
        let title =
            scene.library.get(&parked.prompt).map_or("the one that waits", |prompt| prompt.title.as_str());
        reply = reply.and_text(format!("“{title}” still waits for you."));
        next.push(Button::new("Take it up again", Action::Resume(parked.id.clone())));
    }
    reply = reply.and_buttons(next);
    let mut outcome = Outcome::say(reply).with(Change::SaveCard(card));
    if let Some(taken) = finishes {
        outcome.changes.push(Change::End { taken: taken.id.clone(), how: Ending::Done });
    }
    outcome
}

/// What would make the card tell more, in words.
fn missing(card: &Card) -> String {
    let wants: Vec<&str> = [
        (card.changed.is_empty(), "what changed"),
        (card.skill.is_none(), "the skill it shows"),
        (card.level.is_none(), "the level it argues for"),
    ]
    .into_iter()
    .filter_map(|(missing, what)| missing.then_some(what))
    .collect();
    match wants.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
