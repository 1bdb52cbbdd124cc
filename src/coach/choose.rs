//! Which prompt somebody gets, and why, in sentences that are true.
//!
//! What was declined never comes, and nothing comes again until the fitting ones are used up. First the
//! skill is chosen: the wider the gap between the wanted level and the proved one, and the longer it has
//! waited, the sooner its turn, and no skill with a gap waits longer than nine nudges, or ten where the
//! rating again that was promised comes between. Then the prompt:
//! one for the wanted rung, within the time they have, and a hash settles ties. Nothing else counts, so
//! the same person in the same week gets the same prompt, on every replica. `tests/it/choosing.rs` holds
//! all of this against the real library.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::levels;
use super::library::{Detail, Kind, Library, Prompt, PromptId, Rung};
use super::pick;
use super::week::Week;
use super::{Scene, say};

/// A skill with a gap comes at least once in so many nudges.
pub const WITHIN: usize = 9;

pub struct Choice<'a> {
    pub prompt: &'a Prompt,
    /// One or two sentences: why this one.
    pub because: String,
}

/// The next prompt of a kind, of one skill if asked for. None only where everything was declined, or
/// there is nothing of that kind.
pub fn next<'a>(scene: &Scene<'a>, kind: Kind, skill: Option<&PromptId>) -> Option<Choice<'a>> {
    let all: Vec<&Prompt> = scene
        .library
        .of(kind)
        .filter(|prompt| skill.is_none_or(|skill| prompt.skills.contains(skill)))
        .filter(|prompt| !scene.person.has_declined(&prompt.id))
        .collect();
    let pools = Pools::of(scene, all);
    if let Some(prompt) =
        pools.unseen(|prompt| !scene.person.has_seen(&prompt.id)).and_then(|unseen| turn(scene, &unseen))
    {
        let because = because(scene, prompt, skill);
        return Some(Choice { prompt, because });
    }
    let prompt = pools.longest_ago(scene)?;
    let because =
        format!("You have seen every {} that fits; this is the one you saw longest ago.", kind.noun());
    Some(Choice { prompt, because })
}

/// The prompt for a week's nudge. The skill is chosen first; of its prompts, every second week a nudge
/// goes first, every fourth a challenge, every fourth a tip, and whatever is left when one runs out.
pub fn weekly<'a>(scene: &Scene<'a>, week: Week) -> Option<&'a Prompt> {
    let candidates: Vec<&Prompt> = scene
        .library
        .all()
        .filter(|prompt| prompt.is_weekly_nudge() || matches!(prompt.kind(), Kind::Challenge | Kind::Tip))
        .filter(|prompt| !scene.person.has_declined(&prompt.id))
        .collect();
    let rung = scene.person.rung();
    // What recurs comes when its time has come, and never before: a rating again makes sense after some
    // weeks only.
    let again = candidates
        .iter()
        .copied()
        .filter(|prompt| prompt.fits(rung))
        .find(|prompt| prompt.recurs.is_some_and(|weeks| has_been(scene, prompt, week, weeks)));
    let may_come = |prompt: &Prompt| prompt.recurs.is_none() && !scene.person.has_seen(&prompt.id);
    let since = week.since(Week::of(jiff::civil::date(2024, 1, 1))).rem_euclid(4);
    let kinds = match since {
        1 => [Kind::Challenge, Kind::Nudge, Kind::Tip],
        3 => [Kind::Tip, Kind::Nudge, Kind::Challenge],
        _ => [Kind::Nudge, Kind::Tip, Kind::Challenge],
    };
    let pools = Pools::of(scene, candidates);
    let Some(unseen) = pools.unseen(may_come) else { return again.or_else(|| pools.longest_ago(scene)) };
    // A skill that has waited long enough goes before even that, but not before what was promised: with nine
    // skills to serve there is always one that has waited.
    if let Some(prompt) = again
        && (is_promised(scene, prompt)
            || urgent(scene, &turns(scene, &unseen)).is_none_or(|skill| skill == prompt.skill()))
    {
        return Some(prompt);
    }
    let skill = turn(scene, &unseen)?.skill();
    let of_skill = |kind: Kind| {
        unseen.iter().copied().filter(move |prompt| prompt.skill() == skill && prompt.kind() == kind)
    };
    kinds.into_iter().find_map(|kind| of_skill(kind).min_by_key(|prompt| order(scene, prompt)))
}

/// Why a nudge brings this prompt, as things stand. None where nothing that is true is worth saying.
pub fn why(scene: &Scene, prompt: &Prompt) -> Option<String> {
    let person = scene.person;
    if let Some(weeks) = prompt.recurs {
        return Some(format!("It comes again every {weeks} weeks, and its time has come."));
    }
    if !person.has_seen(&prompt.id) {
        return Some(because(scene, prompt, None));
    }
    // Seen before: it may only be here because nothing is new and this one came longest ago.
    let last = |prompt: &Prompt| {
        person.shown.get(&prompt.id).filter(|shown| shown.times > 0).map(|shown| shown.last_at)
    };
    let others = scene.library.all().filter(|other| {
        let may_come = other.is_weekly_nudge() || matches!(other.kind(), Kind::Challenge | Kind::Tip);
        may_come
            && other.id != prompt.id
            && other.recurs.is_none()
            && other.fits(person.rung())
            && !person.has_taken(&other.id)
            && !person.has_declined(&other.id)
    });
    others
        .map(last)
        .all(|seen| seen > last(prompt))
        .then(|| "You have had everything that fits; this one came longest ago.".to_owned())
}

/// What may be chosen from, the best fitting first.
struct Pools<'a> {
    /// For the wanted rung, within their time, and not on their list already.
    fitting: Vec<&'a Prompt>,
    /// For the wanted rung.
    of_the_rung: Vec<&'a Prompt>,
    all: Vec<&'a Prompt>,
}

impl<'a> Pools<'a> {
    fn of(scene: &Scene, all: Vec<&'a Prompt>) -> Self {
        let rung = scene.person.rung();
        let is_new = |prompt: &&Prompt| !scene.person.has_taken(&prompt.id);
        let of_the_rung: Vec<&Prompt> =
            all.iter().copied().filter(|prompt| prompt.fits(rung)).filter(is_new).collect();
        let fitting = of_the_rung.iter().copied().filter(|prompt| is_short_enough(scene, prompt)).collect();
        Self { fitting, of_the_rung, all }
    }

    /// Those that may come, of the first pool that has any; what does not fit the rung only where nothing
    /// at all does.
    fn unseen(&self, may_come: impl Fn(&Prompt) -> bool) -> Option<Vec<&'a Prompt>> {
        let all = if self.of_the_rung.is_empty() { self.all.as_slice() } else { &[] };
        [self.fitting.as_slice(), self.of_the_rung.as_slice(), all]
            .into_iter()
            .map(|pool| pool.iter().copied().filter(|prompt| may_come(prompt)).collect::<Vec<_>>())
            .find(|pool| !pool.is_empty())
    }

    fn longest_ago(&self, scene: &Scene) -> Option<&'a Prompt> {
        let pool = if self.of_the_rung.is_empty() { &self.all } else { &self.of_the_rung };
        pool.iter().copied().min_by_key(|prompt| {
            (scene.person.shown.get(&prompt.id).map(|shown| shown.last_at), order(scene, prompt))
        })
    }
}

/// One sitting fits into their week. Who has not said how long that is has time for anything.
fn is_short_enough(scene: &Scene, prompt: &Prompt) -> bool {
    scene.person.profile.minutes.is_none_or(|minutes| prompt.minutes <= minutes)
}

/// What counts when a skill's turn is decided.
struct Turn<'a> {
    skill: &'a PromptId,
    /// Wanted level minus proved level.
    gap: u8,
    /// How many prompts have come since its last one; all of them, where it never had one.
    waited: usize,
    never: bool,
}

/// The prompt whose skill's turn it is.
fn turn<'a>(scene: &Scene, prompts: &[&'a Prompt]) -> Option<&'a Prompt> {
    let turns = turns(scene, prompts);
    let heaviest = || {
        let heaviest = turns.iter().max_by_key(|turn| {
            let weight = 2 + usize::from(turn.gap);
            // Never the same skill twice running, while there is another.
            (weight * turn.waited, turn.never, turn.gap, tie(scene, turn.skill))
        });
        heaviest.map(|turn| turn.skill)
    };
    let chosen = urgent(scene, &turns).or_else(heaviest)?;
    prompts
        .iter()
        .copied()
        .filter(|prompt| prompt.skill() == chosen)
        .min_by_key(|prompt| order(scene, prompt))
}

/// The skill that has to come now, if one has: where the first in the row took its turn later, somebody in the
/// row would wait too long.
fn urgent<'a>(scene: &Scene, turns: &[Turn<'a>]) -> Option<&'a PromptId> {
    // The longest waiting first; of equals the one with the wider gap.
    let mut gaps: Vec<&Turn> = turns.iter().filter(|turn| turn.gap > 0).collect();
    gaps.sort_by_key(|turn| (std::cmp::Reverse((turn.waited, turn.never, turn.gap)), tie(scene, turn.skill)));
    let is_urgent = gaps.iter().zip(1..).any(|(turn, place)| turn.waited + place >= WITHIN);
    gaps.first().filter(|_| is_urgent).map(|turn| turn.skill)
}

fn turns<'a>(scene: &Scene, prompts: &[&'a Prompt]) -> Vec<Turn<'a>> {
    let last = last_served(scene);
    let mut at: Vec<Timestamp> =
        scene.person.shown.values().filter(|shown| shown.times > 0).map(|shown| shown.last_at).collect();
    at.sort_unstable();
    let skills: BTreeMap<&PromptId, ()> = prompts.iter().map(|prompt| (prompt.skill(), ())).collect();
    skills
        .into_keys()
        .map(|skill| {
            let served = last.get(skill);
            let waited = served.map_or(at.len(), |served| at.len() - at.partition_point(|at| at <= served));
            Turn { skill, gap: gap(scene, skill), waited, never: served.is_none() }
        })
        .collect()
}

/// When each skill last had a prompt.
fn last_served<'a>(scene: &Scene<'a>) -> BTreeMap<&'a PromptId, Timestamp> {
    let mut last: BTreeMap<&PromptId, Timestamp> = BTreeMap::new();
    for (id, shown) in scene.person.shown.iter().filter(|(_, shown)| shown.times > 0) {
        if let Some(prompt) = scene.library.get(id) {
            let at = last.entry(prompt.skill()).or_insert(shown.last_at);
            *at = shown.last_at.max(*at);
        }
    }
    last
}

/// Whoever rated their skills was told that they are asked again.
fn is_promised(scene: &Scene, prompt: &Prompt) -> bool {
    last_rating(scene).is_some() && prompt.next.iter().any(|id| id.as_str() == levels::NINE_SKILLS)
}

/// When they rated a skill last. The other self-assessments are no part of that.
fn last_rating(scene: &Scene) -> Option<Timestamp> {
    let mut newest_first = scene.person.ratings.iter().rev();
    newest_first.find(|rating| rating.assessment.as_str() == levels::NINE_SKILLS).map(|rating| rating.at)
}

/// Whether so many weeks have gone by since it last came; or, where it never did, since the first thing that
/// they were shown or their last rating of themselves.
fn has_been(scene: &Scene, prompt: &Prompt, week: Week, weeks: u32) -> bool {
    let person = scene.person;
    let last = person.shown.get(&prompt.id).filter(|shown| shown.times > 0).map(|shown| shown.last_at);
    let rated = last_rating(scene);
    let first = person.shown.values().filter(|shown| shown.times > 0).map(|shown| shown.last_at).min();
    let Some(since) = last.max(rated).or(first) else { return false };
    week.since(Week::of(person.zone.tz.to_datetime(since).date())) >= i64::from(weeks)
}

fn gap(scene: &Scene, skill: &PromptId) -> u8 {
    match scene.library.get(skill).map(|skill| &skill.detail) {
        Some(Detail::Skill(detail)) => detail
            .target(scene.person.rung())
            .saturating_sub(levels::proven(&scene.person.shelf.proofs, skill)),
        _ => 0,
    }
}

fn skills_with_gap(scene: &Scene) -> usize {
    scene.library.of(Kind::Skill).filter(|skill| gap(scene, &skill.id) > 0).count()
}

fn tie(scene: &Scene, skill: &PromptId) -> u64 {
    pick::hash(&format!("{}/{skill}", scene.person.id))
}

fn order(scene: &Scene, prompt: &Prompt) -> u64 {
    pick::hash(&format!("{}/{}", scene.person.id, prompt.id))
}

fn because(scene: &Scene, prompt: &Prompt, asked: Option<&PromptId>) -> String {
    let person = scene.person;
    let title = scene.library.skill_title(prompt.skill());
    let proven = match levels::proven(&person.shelf.proofs, prompt.skill()) {
        0 => "nothing proved yet".to_owned(),
        level => format!("level {level} proved"),
    };
    let gap = gap(scene, prompt.skill());
    let wanted = usize::from(gap + levels::proven(&person.shelf.proofs, prompt.skill()));
    let served = last_served(scene);
    let waited = !served.contains_key(prompt.skill());
    let skill = match (asked, gap) {
        (Some(asked), _) => format!("You asked for {}", scene.library.skill_title(asked)),
        (None, 0) => match person.profile.minutes {
            Some(minutes) if skills_with_gap(scene) > 0 => {
                format!("{title} is what fits the {minutes} minutes a week you have")
            }
            _ => {
                format!("{title} is proved as far as “{}” asks; it comes for a change", person.rung().title())
            }
        },
        (None, _) => match person.wanted {
            Some(Rung::Undecided) | None if waited => format!("{title} is a skill we have not touched yet"),
            Some(Rung::Undecided) | None => {
                format!("{title} has {proven}, and it is some time since we touched it")
            }
            Some(rung) => format!("For “{}” {title} needs level {wanted}, with {proven}", rung.title()),
        },
    };
    let fits = match person.wanted {
        Some(Rung::Undecided) | None => String::new(),
        Some(rung) if asked.is_some() && prompt.fits(rung) => format!(", and it fits “{}”", rung.title()),
        Some(_) => String::new(),
    };
    let time = match person.profile.minutes {
        Some(minutes)
            if prompt.minutes <= minutes && prompt.minutes > 5 && !skill.contains("minutes a week") =>
        {
            format!(" It takes {}, within the {minutes} minutes a week you have.", say::takes(prompt))
        }
        Some(minutes) if prompt.minutes > minutes => format!(
            " It takes {}, more than the {minutes} a week you have: nothing shorter is left, so spread it out.",
            say::takes(prompt)
        ),
        _ => String::new(),
    };
    format!("{skill}{fits}.{time}")
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
    // Its id and its title, and after these other words for it.
    const OWN: usize = 2;
    let names = |prompt: &'a Prompt| {
        [prompt.id.as_str(), prompt.title.as_str()]
            .into_iter()
            .chain(prompt.synonyms.iter().map(String::as_str))
            .map(plain)
            .collect::<Vec<_>>()
    };
    let named: Vec<(&Prompt, Vec<String>)> = library.of(kind).map(|prompt| (prompt, names(prompt))).collect();
    let by = |test: &dyn Fn(&[String]) -> bool| {
        named.iter().find(|(_, names)| test(names)).map(|(prompt, _)| *prompt)
    };
    let begins = |name: &String| wanted.len() >= 2 && name.starts_with(&wanted);
    let holds = |name: &String| wanted.len() >= 4 && format!(" {name}").contains(&format!(" {wanted}"));
    // Half of another word for it says too little: "short" is no shortlist, and "please" pleases nobody.
    let says = |name: &String| wanted.len() >= 3 && format!(" {name} ").contains(&format!(" {wanted} "));
    by(&|names| names.contains(&wanted))
        // What it is called comes before other words for it.
        .or_else(|| by(&|names| names[..OWN].iter().any(begins)))
        .or_else(|| by(&|names| names[..OWN].iter().any(holds)))
        .or_else(|| by(&|names| names.iter().any(says)))
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
