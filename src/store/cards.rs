//! Evidence cards, newest first.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::coach::levels;
use crate::coach::library::PromptId;
use crate::coach::need::PAGE;
use crate::coach::person::{Card, Page, PersonId, Proof, Shelf};

use super::Tx;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    challenge_id: Option<String>,
    skill_id: Option<String>,
    what: String,
    changed: String,
    witness: String,
    link: String,
    happened_on: String,
    logged_at: i64,
    situation: String,
    confirmed_how: String,
    confirmed_on: Option<String>,
    confirmed_words: String,
    lasted: String,
    lasted_on: Option<String>,
    goal: String,
    others: String,
    level_up: String,
    level: Option<i64>,
    placed: Option<i64>,
}

impl Row {
    fn into_card(self) -> anyhow::Result<Card> {
        let date = |text: Option<String>| text.as_deref().map(str::parse).transpose();
        let small = |number: Option<i64>| number.and_then(|number| u8::try_from(number).ok());
        Ok(Card {
            confirmed_on: date(self.confirmed_on).with_context(|| format!("a day of card {}", self.id))?,
            lasted_on: date(self.lasted_on).with_context(|| format!("a day of card {}", self.id))?,
            level: small(self.level),
            placed: small(self.placed),
            happened_on: self.happened_on.parse().with_context(|| format!("the day of card {}", self.id))?,
            logged_at: Timestamp::from_millisecond(self.logged_at)?,
            challenge: self.challenge_id.map(PromptId::new),
            skill: self.skill_id.map(PromptId::new),
            id: self.id,
            what: self.what,
            changed: self.changed,
            witness: self.witness,
            link: self.link,
            situation: self.situation,
            confirmed_how: self.confirmed_how,
            confirmed_words: self.confirmed_words,
            lasted: self.lasted,
            goal: self.goal,
            others: self.others,
            level_up: self.level_up,
        })
    }
}

/// The start of every query for cards; what follows is the rest of its `WHERE`.
macro_rules! cards {
    () => {
        "SELECT id, challenge_id, skill_id, what, changed, witness, link, happened_on, logged_at, situation,
                confirmed_how, confirmed_on, confirmed_words, lasted, lasted_on, goal, others, level_up, level, placed
         FROM evidence "
    };
}

const NEWEST: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL
    ORDER BY logged_at DESC, id DESC LIMIT 5"
);

const ONE: &str = concat!(cards!(), "WHERE team_id = $1 AND user_id = $2 AND id = $3 AND deleted_at IS NULL");

const ONE_DELETED: &str =
    concat!(cards!(), "WHERE team_id = $1 AND user_id = $2 AND id = $3 AND deleted_at >= $4");

// One walk over the cards counts them for everything that a decision asks: by skill, and what those of
// the last twelve months prove.
const COUNTS: &str = "
    SELECT skill_id, level, strength, recent, CAST(COUNT(*) AS BIGINT) AS cards
    FROM (SELECT COALESCE(skill_id, '') AS skill_id, COALESCE(level, 0) AS level, strength,
                 CAST(CASE WHEN happened_on >= $3 THEN 1 ELSE 0 END AS BIGINT) AS recent
          FROM evidence WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL) AS counted
    GROUP BY skill_id, level, strength, recent";

#[derive(sqlx::FromRow)]
struct Count {
    skill_id: String,
    level: i64,
    strength: i64,
    recent: i64,
    cards: i64,
}

const MATCHING: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL AND COALESCE(skill_id, '') LIKE $3
      AND searchable LIKE $4 ESCAPE '!' AND searchable LIKE $5 ESCAPE '!' AND searchable LIKE $6 ESCAPE '!'
      AND searchable LIKE $7 ESCAPE '!' AND searchable LIKE $8 ESCAPE '!' AND searchable LIKE $9 ESCAPE '!'
    ORDER BY happened_on DESC, logged_at DESC, id DESC LIMIT $10 OFFSET $11"
);

const HOW_MANY: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM evidence
    WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL AND COALESCE(skill_id, '') LIKE $3
      AND searchable LIKE $4 ESCAPE '!' AND searchable LIKE $5 ESCAPE '!' AND searchable LIKE $6 ESCAPE '!'
      AND searchable LIKE $7 ESCAPE '!' AND searchable LIKE $8 ESCAPE '!' AND searchable LIKE $9 ESCAPE '!'";

const BEST: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND skill_id = $3 AND deleted_at IS NULL
    ORDER BY strength DESC, COALESCE(level, 0) DESC, happened_on DESC, id DESC LIMIT $4"
);

const WITHOUT_SKILL: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND skill_id IS NULL AND deleted_at IS NULL
    ORDER BY happened_on DESC, logged_at DESC, id DESC LIMIT $3"
);

const ALL: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL ORDER BY happened_on DESC, logged_at DESC, id DESC"
);

const DELETED: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NOT NULL ORDER BY deleted_at, id"
);

/// One page, newest first, of those of a skill (any, where it is empty) that have all of the patterns.
/// A page past the end is the last one.
pub async fn page(
    tx: &mut Tx,
    person: &PersonId,
    skill: &str,
    like: &[String],
    page: u32,
) -> anyhow::Result<Page> {
    let skill = if skill.is_empty() { "%" } else { skill };
    let mut count = sqlx::query_scalar(HOW_MANY).bind(&person.team).bind(&person.user).bind(skill);
    for pattern in like {
        count = count.bind(pattern);
    }
    let total: i64 = count.fetch_one(&mut **tx).await?;
    let last = (total - 1).max(0) / i64::from(PAGE);
    let mut query = sqlx::query_as(MATCHING).bind(&person.team).bind(&person.user).bind(skill);
    for pattern in like {
        query = query.bind(pattern);
    }
    let rows: Vec<Row> = query
        .bind(i64::from(PAGE))
        .bind(i64::from(PAGE) * i64::from(page).min(last))
        .fetch_all(&mut **tx)
        .await?;
    Ok(Page {
        cards: rows.into_iter().map(Row::into_card).collect::<anyhow::Result<_>>()?,
        total: total as u32,
    })
}

/// The best cards of a skill, strongest first.
pub async fn best(tx: &mut Tx, person: &PersonId, skill: &PromptId, most: i64) -> anyhow::Result<Vec<Card>> {
    let rows: Vec<Row> = sqlx::query_as(BEST)
        .bind(&person.team)
        .bind(&person.user)
        .bind(skill.as_str())
        .bind(most)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter().map(Row::into_card).collect()
}

const NTH: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL ORDER BY logged_at, id LIMIT 1 OFFSET $3"
);

/// The card of this number, from 1: the first one logged is the first, and deleted ones do not count.
pub async fn nth(tx: &mut Tx, person: &PersonId, number: u32) -> anyhow::Result<Option<Card>> {
    let row: Option<Row> = sqlx::query_as(NTH)
        .bind(&person.team)
        .bind(&person.user)
        .bind(i64::from(number.saturating_sub(1)))
        .fetch_optional(&mut **tx)
        .await?;
    row.map(Row::into_card).transpose()
}

/// Those that nobody has given a skill yet, newest first.
pub async fn without_skill(tx: &mut Tx, person: &PersonId, most: i64) -> anyhow::Result<Vec<Card>> {
    let rows: Vec<Row> = sqlx::query_as(WITHOUT_SKILL)
        .bind(&person.team)
        .bind(&person.user)
        .bind(most)
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter().map(Row::into_card).collect()
}

/// Those that were deleted and are not erased yet.
pub async fn deleted(tx: &mut Tx, person: &PersonId) -> anyhow::Result<Vec<Card>> {
    let rows: Vec<Row> =
        sqlx::query_as(DELETED).bind(&person.team).bind(&person.user).fetch_all(&mut **tx).await?;
    rows.into_iter().map(Row::into_card).collect()
}

/// Every card, newest first.
pub async fn all(tx: &mut Tx, person: &PersonId) -> anyhow::Result<Vec<Card>> {
    let rows: Vec<Row> =
        sqlx::query_as(ALL).bind(&person.team).bind(&person.user).fetch_all(&mut **tx).await?;
    rows.into_iter().map(Row::into_card).collect()
}

async fn one(tx: &mut Tx, sql: &'static str, person: &PersonId, id: &str) -> anyhow::Result<Option<Card>> {
    let row: Option<Row> =
        sqlx::query_as(sql).bind(&person.team).bind(&person.user).bind(id).fetch_optional(&mut **tx).await?;
    row.map(Row::into_card).transpose()
}

/// A person's shelf, with the card that the request names, if it is theirs. A deleted one is told apart:
/// that is how it is brought back.
pub async fn shelf(
    tx: &mut Tx,
    person: &PersonId,
    asked_for: Option<&str>,
    proves_since: Date,
    now: Timestamp,
) -> anyhow::Result<Shelf> {
    let newest: Vec<Row> =
        sqlx::query_as(NEWEST).bind(&person.team).bind(&person.user).fetch_all(&mut **tx).await?;
    let mut counts: Vec<Count> = Vec::new();
    if !newest.is_empty() {
        counts = sqlx::query_as(COUNTS)
            .bind(&person.team)
            .bind(&person.user)
            .bind(proves_since.to_string())
            .fetch_all(&mut **tx)
            .await?;
    }
    let (asked_for, deleted) = match asked_for {
        None => (None, None),
        Some(id) => match one(tx, ONE, person, id).await? {
            Some(card) => (Some(card), None),
            None => {
                let row: Option<Row> = sqlx::query_as(ONE_DELETED)
                    .bind(&person.team)
                    .bind(&person.user)
                    .bind(id)
                    .bind(comes_back_since(now))
                    .fetch_optional(&mut **tx)
                    .await?;
                (None, row.map(Row::into_card).transpose()?)
            }
        },
    };
    let mut total = 0;
    let mut by_skill: BTreeMap<PromptId, u32> = BTreeMap::new();
    let mut proofs: BTreeMap<(PromptId, u8, u8), u32> = BTreeMap::new();
    for count in counts {
        let cards = count.cards as u32;
        total += cards;
        if count.skill_id.is_empty() {
            continue;
        }
        let skill = PromptId::new(count.skill_id);
        *by_skill.entry(skill.clone()).or_default() += cards;
        if count.recent == 1 && count.level > 0 {
            *proofs.entry((skill, count.level as u8, count.strength as u8)).or_default() += cards;
        }
    }
    let proofs = proofs
        .into_iter()
        .map(|((skill, level, strength), cards)| Proof { skill, level, strength, cards })
        .collect();
    Ok(Shelf {
        total,
        by_skill,
        newest: newest.into_iter().map(Row::into_card).collect::<anyhow::Result<_>>()?,
        asked_for,
        deleted,
        proofs,
    })
}

const SOME: &str = concat!(
    cards!(),
    "WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL
    ORDER BY logged_at DESC, id DESC LIMIT $3 OFFSET $4"
);

/// So many cards after so many others, newest first.
pub async fn some(tx: &mut Tx, person: &PersonId, most: u32, after: u32) -> anyhow::Result<Vec<Card>> {
    let rows: Vec<Row> = sqlx::query_as(SOME)
        .bind(&person.team)
        .bind(&person.user)
        .bind(i64::from(most))
        .bind(i64::from(after))
        .fetch_all(&mut **tx)
        .await?;
    rows.into_iter().map(Row::into_card).collect()
}

/// Makes the card or changes it. A card's id is made with its form, so the same form twice is one card;
/// another person's card of that id stays untouched. What was deleted stays deleted, unless it is logged anew.
pub async fn save(tx: &mut Tx, person: &PersonId, card: &Card, now: i64) -> sqlx::Result<()> {
    sqlx::query(SAVE)
        .bind(&card.id)
        .bind(&person.team)
        .bind(&person.user)
        .bind(card.challenge.as_ref().map(PromptId::as_str))
        .bind(card.skill.as_ref().map(PromptId::as_str))
        .bind(&card.what)
        .bind(&card.changed)
        .bind(&card.witness)
        .bind(&card.link)
        .bind(card.happened_on.to_string())
        .bind(card.logged_at.as_millisecond())
        .bind(&card.situation)
        .bind(&card.confirmed_how)
        .bind(card.confirmed_on.map(|date| date.to_string()))
        .bind(&card.confirmed_words)
        .bind(&card.lasted)
        .bind(card.lasted_on.map(|date| date.to_string()))
        .bind(&card.goal)
        .bind(&card.others)
        .bind(&card.level_up)
        .bind(card.level.map(i64::from))
        .bind(card.placed.map(i64::from))
        .bind(i64::from(levels::strength(card)))
        .bind(searchable(card))
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

const SAVE: &str = "
    INSERT INTO evidence (id, team_id, user_id, challenge_id, skill_id, what, changed, witness, link, happened_on,
                          logged_at, situation, confirmed_how, confirmed_on, confirmed_words, lasted, lasted_on,
                          goal, others, level_up, level, placed, strength, searchable)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24)
    ON CONFLICT (id) DO UPDATE SET challenge_id = excluded.challenge_id, skill_id = excluded.skill_id,
        what = excluded.what, changed = excluded.changed, witness = excluded.witness, link = excluded.link,
        happened_on = excluded.happened_on, situation = excluded.situation,
        confirmed_how = excluded.confirmed_how, confirmed_on = excluded.confirmed_on,
        confirmed_words = excluded.confirmed_words, lasted = excluded.lasted, lasted_on = excluded.lasted_on,
        goal = excluded.goal, others = excluded.others, level_up = excluded.level_up, level = excluded.level,
        placed = excluded.placed, strength = excluded.strength, searchable = excluded.searchable,
        edited_at = $25,
        deleted_at = CASE WHEN excluded.logged_at > evidence.deleted_at THEN NULL ELSE evidence.deleted_at END
    WHERE evidence.team_id = excluded.team_id AND evidence.user_id = excluded.user_id";

/// In lower case by Rust's rules: the databases' own differ beyond ASCII.
fn searchable(card: &Card) -> String {
    card.texts()
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| text.to_lowercase())
        .collect::<Vec<_>>()
        .join(" ")
}

pub async fn delete(tx: &mut Tx, person: &PersonId, id: &str, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE evidence SET deleted_at = $1
                 WHERE team_id = $2 AND user_id = $3 AND id = $4 AND deleted_at IS NULL",
    )
    .bind(now)
    .bind(&person.team)
    .bind(&person.user)
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A day is what was promised, whether or not the sweep has been since.
pub const COMES_BACK_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What was deleted before this instant is gone.
pub fn comes_back_since(now: Timestamp) -> i64 {
    (now - COMES_BACK_FOR).as_millisecond()
}

pub async fn restore(tx: &mut Tx, person: &PersonId, id: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE evidence SET deleted_at = NULL
         WHERE team_id = $1 AND user_id = $2 AND id = $3 AND deleted_at >= $4",
    )
    .bind(&person.team)
    .bind(&person.user)
    .bind(id)
    .bind(comes_back_since(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Erases cards that their owners deleted before this instant, so many at most.
pub async fn erase_deleted_before(tx: &mut Tx, before: i64, most: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query(
        "DELETE FROM evidence WHERE id IN (SELECT id FROM evidence WHERE deleted_at < $1 LIMIT $2)
           AND deleted_at < $3",
    )
    .bind(before)
    .bind(most)
    .bind(before)
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}
