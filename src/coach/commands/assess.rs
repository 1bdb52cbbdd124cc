//! `/coach assess [skill or name]`: rate oneself by what others could observe, and see what moved.

use jiff::{Timestamp, ToSpan};

use crate::coach::command::{Command, Spec, name};
use crate::coach::dates::show_date_with_year;
use crate::coach::levels::NINE_SKILLS;
use crate::coach::library::{Detail, Kind, Prompt, PromptId};
use crate::coach::reply::{Button, Part, Reply};
use crate::coach::week::Week;
use crate::coach::{Action, Outcome, Scene, choose, forms, say};

pub const SPEC: Spec = Spec {
    name: "assess",
    args: "[skill, all, or want-it …]",
    about: "Rate yourself, and see what moved",
    examples: &["assess", "assess market fluency", "assess all", "assess want-it"],
    also: &["assessment", "assessments", "rate", "self-assessment"],
    parse: |rest| Ok(Command::Assess { name: name(rest) }),
};

/// A rating is asked for again after so many weeks: in weeks of the calendar, as the nudge that asks counts
/// them, so that it never comes days before there is anything to rate.
const AGAIN_AFTER: i64 = 8;

fn is_old(scene: &Scene, at: Timestamp) -> bool {
    Week::of(scene.today()).since(Week::of(scene.person.today(at))) >= AGAIN_AFTER
}

/// The skills of the library, in the order of their titles.
pub fn skills<'a>(scene: &Scene<'a>) -> Vec<&'a Prompt> {
    let mut skills: Vec<&Prompt> = scene.library.of(Kind::Skill).collect();
    skills.sort_by(|a, b| a.title.cmp(&b.title));
    skills
}

/// How many were ever rated.
pub fn rated(scene: &Scene) -> usize {
    let nine = PromptId::new(NINE_SKILLS);
    skills(scene).iter().filter(|skill| scene.person.rated(&nine, skill.id.as_str()).is_some()).count()
}

/// Those that were never rated, or eight weeks ago.
pub fn due<'a>(scene: &Scene<'a>) -> Vec<&'a Prompt> {
    let nine = PromptId::new(NINE_SKILLS);
    skills(scene)
        .into_iter()
        .filter(|skill| match scene.person.rated(&nine, skill.id.as_str()) {
            None => true,
            Some((latest, _)) => is_old(scene, latest.at),
        })
        .collect()
}

/// Whether they have rated skills, and so long ago that it is time again.
pub fn is_time_again(scene: &Scene) -> bool {
    let nine = PromptId::new(NINE_SKILLS);
    let latest = scene.person.ratings.iter().rev().find(|rating| rating.assessment == nine);
    latest.is_some_and(|rating| is_old(scene, rating.at))
}

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    match typed {
        "" | "skills" | "nine skills" | "nine-skills" | "next" => return open(scene, None),
        "all" | "all nine" | "everything" => return forms::rate::open_all(scene),
        "list" => return Outcome::say(list(scene, Reply::headed("Rate yourself"))),
        _ => {}
    }
    let assessment = |prompt: &&Prompt| prompt.kind() == Kind::Assessment;
    let by_id = scene.library.get(&PromptId::new(typed.replace(' ', "-"))).filter(assessment);
    if let Some(prompt) = by_id {
        return open(scene, Some(&prompt.id));
    }
    if let Some(skill) = choose::find_skill(scene.library, typed) {
        return open(scene, Some(&skill.id));
    }
    match choose::find(scene.library, Kind::Assessment, typed) {
        Some(prompt) => open(scene, Some(&prompt.id)),
        None => Outcome::say(list(
            scene,
            Reply::text("I have no self-assessment of that name. These are the ones I have:")
                .and_typed("You typed:", typed),
        )),
    }
}

/// The form of a skill or an assessment; of the next skill that is due, where none is named.
pub fn open(scene: &Scene, about: Option<&PromptId>) -> Outcome {
    let named = about.filter(|id| id.as_str() != NINE_SKILLS);
    match named.map(|id| scene.library.get(id)) {
        None => match due(scene).first() {
            Some(skill) => forms::rate::open_skill(scene, skill, true),
            None => Outcome::say(up_to_date(scene)),
        },
        Some(Some(prompt)) if prompt.kind() == Kind::Skill => forms::rate::open_skill(scene, prompt, false),
        Some(Some(prompt)) if prompt.kind() == Kind::Assessment => {
            forms::rate::open_assessment(scene, prompt)
        }
        Some(_) => Outcome::say(list(scene, Reply::text("That one is no longer in the library."))),
    }
}

pub fn open_all(scene: &Scene) -> Outcome {
    forms::rate::open_all(scene)
}

fn list(scene: &Scene, reply: Reply) -> Reply {
    let lines = scene
        .library
        .of(Kind::Assessment)
        .map(|prompt| format!("{}: {}", prompt.title, scene.code(&format!("assess {}", prompt.id))))
        .collect();
    reply.and(Part::List(lines)).and_buttons(vec![
        Button::primary("Rate your skills", Action::Assess(None)),
        Button::new("All on one form", Action::AssessAll),
    ])
}

/// Everything is rated, and not long ago.
fn up_to_date(scene: &Scene) -> Reply {
    let nine = PromptId::new(NINE_SKILLS);
    let oldest = skills(scene)
        .iter()
        .filter_map(|skill| scene.person.rated(&nine, skill.id.as_str()))
        .map(|(latest, _)| latest.at)
        .min()
        .unwrap_or(scene.now);
    let again = Week::of(scene.person.today(oldest)).monday().saturating_add(AGAIN_AFTER.weeks());
    list(
        scene,
        Reply::headed("Your own ratings").and(Part::List(lines(scene))).and_text(format!(
            "All rated. From {} on it is time to look again; any skill can be rated sooner: {}.",
            show_date_with_year(again),
            scene.code("assess market fluency")
        )),
    )
}

/// "Market fluency: 3, up from 2."
fn lines(scene: &Scene) -> Vec<String> {
    let nine = PromptId::new(NINE_SKILLS);
    skills(scene)
        .iter()
        .map(|skill| match scene.person.rated(&nine, skill.id.as_str()) {
            None => format!("{}: not rated yet.", skill.title),
            Some((latest, before)) => {
                format!("{}: {}.", skill.title, moved(latest.level, before.map(|rating| rating.level)))
            }
        })
        .collect()
}

fn moved(now: u8, before: Option<u8>) -> String {
    match before {
        Some(before) if before < now => format!("{now}, up from {before}"),
        Some(before) if before > now => format!("{now}, down from {before}"),
        Some(_) => format!("{now}, as before"),
        None => now.to_string(),
    }
}

/// After a rating: what stands there now, what moved, what is left.
pub fn result(scene: &Scene) -> Reply {
    let reply = Reply::headed("Your own ratings").and(Part::List(lines(scene)));
    let reply = match due(scene).len() {
        0 => reply.and_text(format!(
            "Lower any rating for which you found nothing to show. Then take one skill, not the lowest but the one \
             your next step needs most. {}",
            asks_again(scene)
        )),
        1 => reply.and_text("One skill is left."),
        left => reply.and_text(format!("{left} skills are left; what you saved is kept.")),
    };
    let mut buttons = Vec::new();
    if !due(scene).is_empty() {
        buttons.push(Button::primary("Go on", Action::Assess(None)));
    }
    buttons.extend([
        Button::new("Progress", Action::Progress),
        Button::new("Challenge me", Action::Challenge(None)),
    ]);
    reply.and_buttons(buttons).and_note("Only you see this. A rating is yours; only cards prove a level.")
}

/// What is true of the next time: the weekly nudge asks, and where there is none, nobody does.
fn asks_again(scene: &Scene) -> String {
    if scene.person.rhythm.on {
        "In eight weeks a nudge asks again, and I show what moved.".to_owned()
    } else {
        format!("In eight weeks {} asks again, and shows what moved.", scene.code("assess"))
    }
}

/// After another self-assessment: how the answers fall, what moved, what to do with it.
pub fn outcome_of(scene: &Scene, prompt: &Prompt) -> Reply {
    let Detail::Assessment { scale, items, after } = &prompt.detail else { return Reply::default() };
    let mut counts = vec![0; scale.len()];
    let (mut up, mut down, mut answered) = (0, 0, 0);
    for n in 1..=items.len() {
        let Some((latest, before)) = scene.person.rated(&prompt.id, &n.to_string()) else { continue };
        answered += 1;
        if let Some(count) = counts.get_mut(usize::from(latest.level).saturating_sub(1)) {
            *count += 1;
        }
        match before {
            Some(before) if before.level < latest.level => up += 1,
            Some(before) if before.level > latest.level => down += 1,
            _ => {}
        }
    }
    let lines =
        scale.iter().zip(&counts).map(|(words, count)| format!("{words}: {count} of {answered}")).collect();
    let reply = Reply::headed(&prompt.title).and(Part::List(lines));
    let reply = if up + down > 0 {
        reply.and_text(format!("**Since the last time:** {up} moved up the scale, {down} down."))
    } else {
        reply
    };
    let next: Vec<Button> = prompt
        .next
        .iter()
        .filter_map(|id| scene.library.get(id))
        .take(2)
        .map(|next| Button::new(say::label(next), Action::Show(next.id.clone())))
        .collect();
    reply
        .and_text(say::filled(scene, after))
        .and_buttons(next)
        .and_note("No score decides. Only you see this.")
}
