//! Where somebody stands, skill by skill, in lines that read well aloud.

use super::Scene;
use super::levels::{self, Standing};
use super::week::Week;

/// How many weeks back are looked at.
pub const WEEKS: i64 = 8;

/// One line for each skill, in plain words: "Market fluency: 3 wanted, you say 2, 1 proved."
pub fn lines(scene: &Scene) -> Vec<String> {
    levels::standings(scene).iter().map(line).collect()
}

pub fn line(standing: &Standing) -> String {
    let own = match standing.own {
        Some(rating) => format!("you say {}, ", rating.level),
        None => String::new(),
    };
    let proven = match standing.proven {
        0 => "nothing proved yet".to_owned(),
        level => format!("{level} proved"),
    };
    format!("{}: {} wanted, {own}{proven}.", standing.skill.title, standing.wanted)
}

/// "5 of the last 8 weeks". A week counts when something was logged, taken on, finished or rated in it.
pub fn weeks_active(active: &[Week], this: Week) -> i64 {
    let mut within: Vec<i64> =
        active.iter().map(|week| this.since(*week)).filter(|ago| (0..WEEKS).contains(ago)).collect();
    within.sort_unstable();
    within.dedup();
    within.len() as i64
}

/// The widest gap that can be closed next, and what it lacks.
pub fn next_step<'a>(standings: &'a [Standing<'a>]) -> Option<&'a Standing<'a>> {
    let most = standings.iter().map(Standing::gap).max().filter(|gap| *gap > 0)?;
    standings.iter().filter(|standing| standing.gap() == most).max_by_key(|standing| {
        // Of equal gaps the one where something is there already.
        (standing.cards, std::cmp::Reverse(standing.skill.id.clone()))
    })
}
