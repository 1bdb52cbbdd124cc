//! Which prompts a person has seen, and which they put aside.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::coach::library::PromptId;
use crate::coach::person::{PersonId, Shown};

use super::Tx;

pub async fn load(tx: &mut Tx, person: &PersonId) -> anyhow::Result<BTreeMap<PromptId, Shown>> {
    let rows: Vec<(String, i64, i64, Option<i64>)> = sqlx::query_as(
        "SELECT prompt_id, times, last_at, declined_at FROM shown WHERE team_id = $1 AND user_id = $2",
    )
    .bind(&person.team)
    .bind(&person.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(prompt, times, last_at, declined_at)| {
            let last_at = Timestamp::from_millisecond(last_at)?;
            Ok((
                PromptId::new(prompt),
                Shown { times: times as u32, last_at, declined: declined_at.is_some() },
            ))
        })
        .collect()
}

pub async fn show(tx: &mut Tx, person: &PersonId, prompt: &PromptId, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO shown (team_id, user_id, prompt_id, times, last_at) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (team_id, user_id, prompt_id) DO UPDATE SET times = shown.times + 1, last_at = excluded.last_at",
    )
    .bind(&person.team)
    .bind(&person.user)
    .bind(prompt.as_str())
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn decline(tx: &mut Tx, person: &PersonId, prompt: &PromptId, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO shown (team_id, user_id, prompt_id, times, last_at, declined_at) VALUES ($1, $2, $3, 0, $4, $5)
         ON CONFLICT (team_id, user_id, prompt_id) DO UPDATE SET declined_at = excluded.declined_at",
    )
    .bind(&person.team)
    .bind(&person.user)
    .bind(prompt.as_str())
    .bind(now)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
