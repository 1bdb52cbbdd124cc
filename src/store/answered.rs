//! What has been answered already: the same request twice is one effect, and the second answer is the
//! first one's.

use std::time::Duration;

use jiff::Timestamp;

use crate::coach::person::PersonId;

use super::{Db, Tx};

/// Slack waits three seconds for an answer. Whoever cannot begin in half of that is told so, with what they typed,
/// while Slack still listens; and nothing has been begun.
const WITHIN: Duration = Duration::from_millis(1_500);

/// What to do with a request.
pub enum Once {
    /// It is new: the transaction in which it is answered, and remembered as answered.
    First(Tx),
    /// It has been answered, with this.
    Again(String),
}

/// Tells whether this is a request's first time.
///
/// Its row is made at once, so that of two copies at the same time the later waits for the earlier.
pub async fn once(db: &Db, who: &PersonId, request: &str, now: Timestamp) -> sqlx::Result<Once> {
    let mut tx = tokio::time::timeout(WITHIN, db.write()).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
    let Some(body) = first_answer(&mut tx, &who.team, request, &who.user, now.as_millisecond()).await? else {
        return Ok(Once::First(tx));
    };
    // Nothing was written, and yet: what was read may not be on the disk so far (`group` says why).
    tx.commit().await?;
    Ok(Once::Again(body))
}

async fn first_answer(
    tx: &mut Tx,
    team: &str,
    request: &str,
    user: &str,
    now: i64,
) -> sqlx::Result<Option<String>> {
    let made = sqlx::query(
        "INSERT INTO answered (team_id, request, user_id, answered_at, body) VALUES ($1, $2, $3, $4, '')
         ON CONFLICT (team_id, request) DO NOTHING",
    )
    .bind(team)
    .bind(request)
    .bind(user)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if made.rows_affected() > 0 {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT body FROM answered WHERE team_id = $1 AND request = $2")
        .bind(team)
        .bind(request)
        .fetch_optional(&mut **tx)
        .await
}

/// Keeps the answer for whoever asks the same again.
pub async fn remember(tx: &mut Tx, team: &str, request: &str, body: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE answered SET body = $1 WHERE team_id = $2 AND request = $3")
        .bind(body)
        .bind(team)
        .bind(request)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// It was not answered after all: the same request may come again.
pub async fn undo(tx: &mut Tx, team: &str, request: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM answered WHERE team_id = $1 AND request = $2")
        .bind(team)
        .bind(request)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets what was answered, but not that it was: a copy of the request would be too old to be believed. So
/// many at most, the newest first: all before them are blank already.
pub async fn blank_before(tx: &mut Tx, before: i64, most: i64) -> sqlx::Result<u64> {
    let blanked = sqlx::query(
        "UPDATE answered SET body = '' WHERE (team_id, request) IN
             (SELECT team_id, request FROM answered WHERE answered_at < $1 AND body <> ''
              ORDER BY answered_at DESC LIMIT $2)",
    )
    .bind(before)
    .bind(most)
    .execute(&mut **tx)
    .await?;
    Ok(blanked.rows_affected())
}

/// So many at most.
pub async fn erase_before(tx: &mut Tx, before: i64, most: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query(
        "DELETE FROM answered WHERE (team_id, request) IN
             (SELECT team_id, request FROM answered WHERE answered_at < $1 ORDER BY answered_at LIMIT $2)",
    )
    .bind(before)
    .bind(most)
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}
