//! What only some answers need, read when the coach says so (`coach::need`).

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::coach::library::PromptId;
use crate::coach::need::{Need, WORDS, Which};
use crate::coach::person::{Person, PersonId};
use crate::coach::progress::WEEKS;
use crate::coach::week::Week;

use super::{Tx, cards, history};

/// How many of a skill's best cards are looked at.
const BEST: i64 = 3;
/// How many cards without a skill can be chosen from at once.
const UNSORTED: i64 = 15;

pub async fn load(tx: &mut Tx, person: &mut Person, need: &Need, now: Timestamp) -> anyhow::Result<()> {
    match need {
        Need::Nothing => {}
        Need::Cards { which: Which::Number(number), page } if *number > person.shelf.total => {
            let word = Which::Words(vec![number.to_string()]);
            person.more.page = Some(page_of(tx, &person.id, &word, *page).await?);
        }
        Need::Cards { which, page } => person.more.page = Some(page_of(tx, &person.id, which, *page).await?),
        Need::Weeks => person.more.active = active(tx, person, now).await?,
        Need::Best => {
            let skills: Vec<PromptId> = person.shelf.by_skill.keys().cloned().collect();
            for skill in skills {
                let best = cards::best(tx, &person.id, &skill, BEST).await?;
                person.more.best.extend(best);
            }
            let sorted: u32 = person.shelf.by_skill.values().sum();
            if sorted < person.shelf.total {
                person.more.unsorted = cards::without_skill(tx, &person.id, UNSORTED).await?;
            }
        }
        Need::AllCards => person.more.cards = cards::all(tx, &person.id).await?,
        Need::Everything => {
            person.more.cards = cards::all(tx, &person.id).await?;
            person.more.history = Some(history::load(tx, &person.id).await?);
        }
        Need::Counts => person.more.holdings = history::count(tx, &person.id).await?,
    }
    Ok(())
}

async fn page_of(
    tx: &mut Tx,
    person: &PersonId,
    which: &Which,
    page: u32,
) -> anyhow::Result<crate::coach::person::Page> {
    let (skill, words): (&str, &[String]) = match which {
        Which::Number(number) => {
            let cards = Vec::from_iter(cards::nth(tx, person, *number).await?);
            return Ok(crate::coach::person::Page { total: cards.len() as u32, cards });
        }
        Which::All => ("", &[]),
        Which::Skill(skill) => (skill.as_str(), &[]),
        Which::Words(words) => ("", words),
    };
    let mut like: Vec<String> = words.iter().take(WORDS).map(|word| like(word)).collect();
    like.resize(WORDS, "%".to_owned());
    cards::page(tx, person, skill, &like, page).await
}

/// A pattern in which every character of the word stands for itself.
fn like(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

const DEEDS: &str = "
    SELECT logged_at AS at FROM evidence WHERE team_id = $1 AND user_id = $2 AND logged_at >= $3 AND deleted_at IS NULL
    UNION SELECT taken_at AS at FROM challenges WHERE team_id = $4 AND user_id = $5 AND taken_at >= $6
    UNION SELECT ended_at AS at FROM challenges WHERE team_id = $7 AND user_id = $8 AND ended_at >= $9
    UNION SELECT rated_at AS at FROM ratings WHERE team_id = $10 AND user_id = $11 AND rated_at >= $12";

/// The weeks, by the person's own wall, in which they logged, took on, ended or rated something.
async fn active(tx: &mut Tx, person: &Person, now: Timestamp) -> anyhow::Result<Vec<Week>> {
    let since = (now - SignedDuration::from_hours(24 * 7 * (WEEKS + 1))).as_millisecond();
    let mut query = sqlx::query_scalar(DEEDS);
    for _ in 0..4 {
        query = query.bind(&person.id.team).bind(&person.id.user).bind(since);
    }
    let deeds: Vec<i64> = query.fetch_all(&mut **tx).await?;
    let mut weeks = BTreeSet::new();
    for at in deeds {
        let date = person.zone.tz.to_datetime(Timestamp::from_millisecond(at)?).date();
        weeks.insert(Week::of(date).to_string());
    }
    Ok(weeks.iter().filter_map(|week| Week::parse(week)).collect())
}
