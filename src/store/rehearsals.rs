//! Rehearsals: which sets somebody went through, with what scores. What they answered is nowhere.

use anyhow::Context;
use jiff::Timestamp;

use crate::coach::library::PromptId;
use crate::coach::person::{PersonId, Run, RunEnd, Score};

use super::Tx;

/// So many runs are looked at; older ones are kept, and nobody asks for them.
const MOST: i64 = 50;

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    prompt_id: String,
    started_at: i64,
    touched_at: i64,
    scores: String,
    answered_at: Option<i64>,
    ended_at: Option<i64>,
    ended_how: Option<String>,
}

/// The latest, newest first.
pub async fn load(tx: &mut Tx, person: &PersonId) -> anyhow::Result<Vec<Run>> {
    some(tx, person, MOST).await
}

/// Every one of them, newest first.
pub async fn all(tx: &mut Tx, person: &PersonId) -> anyhow::Result<Vec<Run>> {
    some(tx, person, i64::MAX).await
}

async fn some(tx: &mut Tx, person: &PersonId, most: i64) -> anyhow::Result<Vec<Run>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, prompt_id, started_at, touched_at, scores, answered_at, ended_at, ended_how FROM rehearsals
         WHERE team_id = $1 AND user_id = $2 ORDER BY started_at DESC, id DESC LIMIT $3",
    )
    .bind(&person.team)
    .bind(&person.user)
    .bind(most)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let scores = row.scores.split_whitespace().map(|text| {
                Score::parse(text).with_context(|| format!("the scores of rehearsal {}", row.id))
            });
            let how = match row.ended_how.as_deref() {
                Some("finished") => RunEnd::Finished,
                _ => RunEnd::Stopped,
            };
            Ok(Run {
                scores: scores.collect::<anyhow::Result<_>>()?,
                prompt: PromptId::new(row.prompt_id),
                started_at: Timestamp::from_millisecond(row.started_at)?,
                touched_at: Timestamp::from_millisecond(row.touched_at)?,
                answered: row.answered_at.is_some(),
                ended: row.ended_at.map(Timestamp::from_millisecond).transpose()?.map(|at| (at, how)),
                id: row.id,
            })
        })
        .collect()
}

/// Makes the run or brings it up to date.
pub async fn save(tx: &mut Tx, person: &PersonId, run: &Run) -> sqlx::Result<()> {
    let scores: Vec<String> = run.scores.iter().map(Score::to_string).collect();
    let (ended_at, how) = match run.ended {
        None => (None, None),
        Some((at, RunEnd::Finished)) => (Some(at.as_millisecond()), Some("finished")),
        Some((at, RunEnd::Stopped)) => (Some(at.as_millisecond()), Some("stopped")),
    };
    sqlx::query(
        "INSERT INTO rehearsals (id, team_id, user_id, prompt_id, started_at, touched_at, scores, answered_at, ended_at,
                                 ended_how)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE SET touched_at = excluded.touched_at, scores = excluded.scores,
             answered_at = excluded.answered_at, ended_at = excluded.ended_at, ended_how = excluded.ended_how
         WHERE rehearsals.team_id = excluded.team_id AND rehearsals.user_id = excluded.user_id",
    )
    .bind(&run.id)
    .bind(&person.team)
    .bind(&person.user)
    .bind(run.prompt.as_str())
    .bind(run.started_at.as_millisecond())
    .bind(run.touched_at.as_millisecond())
    .bind(scores.join(" "))
    .bind(run.answered.then(|| run.touched_at.as_millisecond()))
    .bind(ended_at)
    .bind(how)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE people SET rehearsed_at = $1 WHERE team_id = $2 AND user_id = $3")
        .bind(run.touched_at.as_millisecond())
        .bind(&person.team)
        .bind(&person.user)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
