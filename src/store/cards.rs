//! Evidence cards, newest first.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::Timestamp;

use crate::coach::library::PromptId;
use crate::coach::person::{Card, PersonId, Shelf};

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
}

impl Row {
    fn into_card(self) -> anyhow::Result<Card> {
        Ok(Card {
            happened_on: self.happened_on.parse().with_context(|| format!("the day of card {}", self.id))?,
            logged_at: Timestamp::from_millisecond(self.logged_at)?,
            challenge: self.challenge_id.map(PromptId::new),
            skill: self.skill_id.map(PromptId::new),
            id: self.id,
            what: self.what,
            changed: self.changed,
            witness: self.witness,
            link: self.link,
        })
    }
}

const NEWEST: &str = "
    SELECT id, challenge_id, skill_id, what, changed, witness, link, happened_on, logged_at FROM evidence
    WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL
    ORDER BY logged_at DESC, id DESC LIMIT 5";

const ONE: &str = "
    SELECT id, challenge_id, skill_id, what, changed, witness, link, happened_on, logged_at FROM evidence
    WHERE team_id = $1 AND user_id = $2 AND id = $3";

const BY_SKILL: &str = "
    SELECT COALESCE(skill_id, '') AS skill_id, COUNT(*) AS cards FROM evidence
    WHERE team_id = $1 AND user_id = $2 AND deleted_at IS NULL GROUP BY COALESCE(skill_id, '')";

/// A person's shelf, with the card that the request names, if it is theirs. A deleted card can be
/// asked for: that is how it is brought back.
pub async fn shelf(tx: &mut Tx, person: &PersonId, asked_for: Option<&str>) -> anyhow::Result<Shelf> {
    let newest: Vec<Row> =
        sqlx::query_as(NEWEST).bind(&person.team).bind(&person.user).fetch_all(&mut **tx).await?;
    let counts: Vec<(String, i64)> =
        sqlx::query_as(BY_SKILL).bind(&person.team).bind(&person.user).fetch_all(&mut **tx).await?;
    let asked_for: Option<Row> = match asked_for {
        None => None,
        Some(id) => {
            sqlx::query_as(ONE)
                .bind(&person.team)
                .bind(&person.user)
                .bind(id)
                .fetch_optional(&mut **tx)
                .await?
        }
    };
    let total = counts.iter().map(|(_, cards)| *cards as u32).sum();
    let by_skill: BTreeMap<PromptId, u32> = counts
        .into_iter()
        .filter(|(skill, _)| !skill.is_empty())
        .map(|(skill, cards)| (PromptId::new(skill), cards as u32))
        .collect();
    Ok(Shelf {
        total,
        by_skill,
        newest: newest.into_iter().map(Row::into_card).collect::<anyhow::Result<_>>()?,
        asked_for: asked_for.map(Row::into_card).transpose()?,
    })
}

/// Makes the card or changes it. A card's id is made with its form, so the same form twice is one card;
/// another person's card of that id stays untouched.
pub async fn save(tx: &mut Tx, person: &PersonId, card: &Card, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO evidence (id, team_id, user_id, challenge_id, skill_id, what, changed, witness, link,
                               happened_on, logged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET challenge_id = excluded.challenge_id, skill_id = excluded.skill_id,
             what = excluded.what, changed = excluded.changed, witness = excluded.witness, link = excluded.link,
             happened_on = excluded.happened_on, edited_at = $12, deleted_at = NULL
         WHERE evidence.team_id = excluded.team_id AND evidence.user_id = excluded.user_id",
    )
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
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, person: &PersonId, id: &str, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE evidence SET deleted_at = $1 WHERE team_id = $2 AND user_id = $3 AND id = $4")
        .bind(now)
        .bind(&person.team)
        .bind(&person.user)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn restore(tx: &mut Tx, person: &PersonId, id: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE evidence SET deleted_at = NULL WHERE team_id = $1 AND user_id = $2 AND id = $3")
        .bind(&person.team)
        .bind(&person.user)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Erases cards that their owners deleted before this instant.
pub async fn erase_deleted_before(tx: &mut Tx, before: i64) -> sqlx::Result<u64> {
    let gone =
        sqlx::query("DELETE FROM evidence WHERE deleted_at < $1").bind(before).execute(&mut **tx).await?;
    Ok(gone.rows_affected())
}
