//! How people rated themselves, and when.

use jiff::Timestamp;

use crate::coach::library::PromptId;
use crate::coach::person::{PersonId, Rating};

use super::Tx;

/// Oldest first.
pub async fn load(tx: &mut Tx, person: &PersonId) -> anyhow::Result<Vec<Rating>> {
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT assessment_id, item_id, level, rated_at FROM ratings
         WHERE team_id = $1 AND user_id = $2 ORDER BY rated_at",
    )
    .bind(&person.team)
    .bind(&person.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(assessment, item, level, at)| {
            let at = Timestamp::from_millisecond(at)?;
            Ok(Rating { assessment: PromptId::new(assessment), item, level: level as u8, at })
        })
        .collect()
}

/// One more rating; earlier ones stay, so that what moved can be shown.
pub async fn rate(tx: &mut Tx, person: &PersonId, rating: &Rating) -> sqlx::Result<()> {
    let at = rating.at.as_millisecond();
    sqlx::query(
        "INSERT INTO ratings (team_id, user_id, assessment_id, item_id, rated_at, level)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (team_id, user_id, assessment_id, item_id, rated_at) DO UPDATE SET level = excluded.level",
    )
    .bind(&person.team)
    .bind(&person.user)
    .bind(rating.assessment.as_str())
    .bind(&rating.item)
    .bind(at)
    .bind(i64::from(rating.level))
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE people SET rated_at = $1 WHERE team_id = $2 AND user_id = $3")
        .bind(at)
        .bind(&person.team)
        .bind(&person.user)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
