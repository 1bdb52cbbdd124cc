//! How fast each workspace may be written to, by all servers together.

use jiff::Timestamp;

use super::Tx;

/// Slack never asks for more than an hour.
const LONGEST_WAIT: i64 = 3_600_000;
/// A row is never longer than what is sent at all.
const LONGEST_ROW: i64 = 24 * 3_600_000;

/// What Slack has told us to leave alone for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Post,
    /// Looking whether a message has arrived.
    Look,
    File,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// When the next place in the row is free; never in the past.
    pub free_at: i64,
    pub post_after: Option<i64>,
    pub look_after: Option<i64>,
    pub file_after: Option<i64>,
}

/// The pace of one workspace, ours until the transaction ends. Always the last that is locked in one.
///
/// What is further away than it can be was written by a clock that has gone back since, and counts for nothing.
pub async fn lock(tx: &mut Tx, team: &str, now: Timestamp) -> sqlx::Result<Pace> {
    let (free_at, post_after, look_after, file_after): (i64, i64, i64, i64) = sqlx::query_as(
        "INSERT INTO paces (team_id, free_at, post_after, look_after, file_after) VALUES ($1, 0, 0, 0, 0)
         ON CONFLICT (team_id) DO UPDATE SET team_id = excluded.team_id
         RETURNING free_at, post_after, look_after, file_after",
    )
    .bind(team)
    .fetch_one(&mut **tx)
    .await?;
    let now = now.as_millisecond();
    let wait = |until: i64| (until > now && until <= now + LONGEST_WAIT).then_some(until);
    Ok(Pace {
        free_at: if free_at > now && free_at <= now + LONGEST_ROW { free_at } else { now },
        post_after: wait(post_after),
        look_after: wait(look_after),
        file_after: wait(file_after),
    })
}

pub async fn set_free_at(tx: &mut Tx, team: &str, free_at: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE paces SET free_at = $1 WHERE team_id = $2")
        .bind(free_at)
        .bind(team)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Slack said that this has to wait until then.
pub async fn wait(tx: &mut Tx, team: &str, call: Call, until: Timestamp, now: Timestamp) -> sqlx::Result<()> {
    let mut pace = lock(tx, team, now).await?;
    let waits = match call {
        Call::Post => &mut pace.post_after,
        Call::Look => &mut pace.look_after,
        Call::File => &mut pace.file_after,
    };
    *waits = (*waits).max(Some(until.as_millisecond()));
    sqlx::query("UPDATE paces SET post_after = $1, look_after = $2, file_after = $3 WHERE team_id = $4")
        .bind(pace.post_after.unwrap_or_default())
        .bind(pace.look_after.unwrap_or_default())
        .bind(pace.file_after.unwrap_or_default())
        .bind(team)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The clock was set back: what was promised by the time it showed before is void.
pub async fn forget(tx: &mut Tx) -> sqlx::Result<()> {
    sqlx::query("UPDATE jobs SET place_at = 0 WHERE done_at IS NULL AND place_at > 0")
        .execute(&mut **tx)
        .await?;
    // Last, as everywhere.
    sqlx::query("DELETE FROM paces").execute(&mut **tx).await?;
    Ok(())
}
