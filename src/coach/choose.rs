//! Which prompt somebody gets, and why, in a sentence that is true.
//!
//! Nothing comes again until the fitting ones are used up; what was declined never comes. Among the
//! rest the skill that has had the least goes first, and a hash settles ties.

use super::Scene;
use super::library::{Kind, Library, Prompt, PromptId, Rung};
use super::pick;
use super::week::Week;

pub struct Choice<'a> {
    pub prompt: &'a Prompt,
    /// One sentence: why this one.
    pub because: String,
}

/// The next prompt of a kind, of one skill if asked for. None only where everything fitting was
/// declined, or there is nothing of that kind.
pub fn next<'a>(scene: &Scene<'a>, kind: Kind, skill: Option<&PromptId>) -> Option<Choice<'a>> {
    let of_kind = |prompt: &&Prompt| {
        prompt.kind() == kind
            && skill.is_none_or(|skill| prompt.skills.contains(skill))
            && !scene.person.has_declined(&prompt.id)
    };
    let all: Vec<&Prompt> = scene.library.all().filter(of_kind).collect();
    let fitting: Vec<&Prompt> =
        all.iter().copied().filter(|prompt| prompt.fits(scene.person.rung())).collect();
    let pool = if fitting.is_empty() { &all } else { &fitting };
    let unseen: Vec<&Prompt> =
        pool.iter().copied().filter(|prompt| !scene.person.has_seen(&prompt.id)).collect();

    if let Some(prompt) = least_served(scene, &unseen) {
        return Some(Choice { prompt, because: because(scene, prompt, skill) });
    }
    let prompt = pool.iter().copied().min_by_key(|prompt| {
        (scene.person.shown.get(&prompt.id).map(|shown| shown.last_at), order(scene, prompt))
    })?;
    let because =
        format!("You have seen every {} that fits; this is the one you saw longest ago.", kind.noun());
    Some(Choice { prompt, because })
}

/// The prompt for a week's nudge. Over a year nudges, challenges and tips take turns: every second
/// week a nudge, every fourth a challenge, every fourth a tip, and whatever is left when one runs out.
pub fn weekly<'a>(scene: &Scene<'a>, week: Week) -> Option<&'a Prompt> {
    let candidates: Vec<&Prompt> = scene
        .library
        .all()
        .filter(|prompt| prompt.is_weekly_nudge() || matches!(prompt.kind(), Kind::Challenge | Kind::Tip))
        .filter(|prompt| !scene.person.has_declined(&prompt.id))
        .collect();
    let rung = scene.person.rung();
    // What recurs goes first when its time has come, and never before: a rating again makes sense after
    // some weeks only.
    let recurs = |prompt: &&&Prompt| prompt.recurs.is_some_and(|weeks| has_been(scene, prompt, week, weeks));
    if let Some(prompt) = candidates.iter().filter(|prompt| prompt.fits(rung)).find(recurs) {
        return Some(prompt);
    }
    let may_come = |prompt: &&Prompt| prompt.recurs.is_none() && !scene.person.has_seen(&prompt.id);
    let unseen = |fits: bool| -> Vec<&'a Prompt> {
        candidates.iter().copied().filter(may_come).filter(|prompt| !fits || prompt.fits(rung)).collect()
    };
    let since = week.since(Week::of(jiff::civil::date(2024, 1, 1))).rem_euclid(4);
    let kinds = match since {
        1 => [Kind::Challenge, Kind::Nudge, Kind::Tip],
        3 => [Kind::Tip, Kind::Nudge, Kind::Challenge],
        _ => [Kind::Nudge, Kind::Tip, Kind::Challenge],
    };
    for pool in [unseen(true), unseen(false)] {
        for kind in kinds {
            let of_kind: Vec<&Prompt> = pool.iter().copied().filter(|prompt| prompt.kind() == kind).collect();
            if let Some(prompt) = least_served(scene, &of_kind) {
                return Some(prompt);
            }
        }
    }
    candidates.into_iter().min_by_key(|prompt| {
        (scene.person.shown.get(&prompt.id).map(|shown| shown.last_at), order(scene, prompt))
    })
}

/// Whether so many weeks have gone by since it last came; or, where it never did, since the first thing that
/// they were shown or their last rating of themselves.
fn has_been(scene: &Scene, prompt: &Prompt, week: Week, weeks: u32) -> bool {
    let person = scene.person;
    let last = person.shown.get(&prompt.id).filter(|shown| shown.times > 0).map(|shown| shown.last_at);
    let rated = person.ratings.last().map(|rating| rating.at);
    let first = person.shown.values().filter(|shown| shown.times > 0).map(|shown| shown.last_at).min();
    let Some(since) = last.max(rated).or(first) else { return false };
    week.since(Week::of(person.zone.tz.to_datetime(since).date())) >= i64::from(weeks)
}

fn least_served<'a>(scene: &Scene, prompts: &[&'a Prompt]) -> Option<&'a Prompt> {
    prompts.iter().copied().min_by_key(|prompt| (served(scene, prompt.skill()), order(scene, prompt)))
}

/// How much a skill has had: each prompt shown counts one, each card of evidence two.
fn served(scene: &Scene, skill: &PromptId) -> u32 {
    let shown = scene
        .person
        .shown
        .iter()
        .filter(|(_, shown)| shown.times > 0)
        .filter(|(id, _)| scene.library.get(id).is_some_and(|prompt| prompt.skill() == skill))
        .count() as u32;
    shown + 2 * scene.person.shelf.by_skill.get(skill).copied().unwrap_or(0)
}

fn order(scene: &Scene, prompt: &Prompt) -> u64 {
    pick::hash(&format!("{}/{}", scene.person.id, prompt.id))
}

fn because(scene: &Scene, prompt: &Prompt, asked: Option<&PromptId>) -> String {
    let skill = scene.library.skill_title(prompt.skill());
    let fits = match scene.person.wanted {
        Some(Rung::Undecided) | None => String::new(),
        Some(rung) if prompt.fits(rung) => format!(", and it fits “{}”", rung.title()),
        Some(_) => String::new(),
    };
    match asked {
        Some(_) => format!("You asked for {skill}{fits}."),
        None if served(scene, prompt.skill()) == 0 => {
            format!("{skill} is a skill we have not touched yet{fits}.")
        }
        None => format!("Of the nine skills, {skill} has had the least from us so far{fits}."),
    }
}

/// A skill by what somebody typed: its id, its title, a synonym, or the start of one of these.
pub fn find_skill<'a>(library: &'a Library, typed: &str) -> Option<&'a Prompt> {
    find(library, Kind::Skill, typed)
}

/// A prompt of one kind by what somebody typed.
pub fn find<'a>(library: &'a Library, kind: Kind, typed: &str) -> Option<&'a Prompt> {
    let wanted = plain(typed);
    if wanted.is_empty() {
        return None;
    }
    let names = |prompt: &'a Prompt| {
        [prompt.id.as_str(), prompt.title.as_str()]
            .into_iter()
            .chain(prompt.synonyms.iter().map(String::as_str))
            .map(plain)
            .collect::<Vec<_>>()
    };
    let named: Vec<(&Prompt, Vec<String>)> = library.of(kind).map(|prompt| (prompt, names(prompt))).collect();
    let by = |test: &dyn Fn(&str) -> bool| {
        named.iter().find(|(_, names)| names.iter().any(|name| test(name))).map(|(prompt, _)| *prompt)
    };
    by(&|name| name == wanted)
        .or_else(|| by(&|name| name.starts_with(&wanted)))
        .or_else(|| by(&|name| wanted.len() >= 4 && format!(" {name}").contains(&format!(" {wanted}"))))
        .or_else(|| {
            named
                .iter()
                .map(|(prompt, names)| {
                    (
                        names.iter().map(|name| super::command::distance(name, &wanted)).min().unwrap_or(99),
                        *prompt,
                    )
                })
                .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 6)
                .min_by_key(|(distance, _)| *distance)
                .map(|(_, prompt)| prompt)
        })
}

/// Lower case, with words parted by single spaces whatever stood between them.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
