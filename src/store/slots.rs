//! What became of every slot, and how many people there are: for whoever runs the coach.
//!
//! Ids, counts and reasons only. Nothing that anybody wrote, and nobody's name, leaves through here.

use jiff::Timestamp;
use sqlx::AnyPool;

use super::{Db, Tx};

/// One job of the outbox, as it ended or as it waits.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Ending {
    pub id: String,
    pub team_id: String,
    /// A person, or a channel.
    pub user_id: String,
    pub kind: String,
    pub week: Option<String>,
    pub prompt_id: Option<String>,
    pub due_at: i64,
    pub attempts: i64,
    pub done_at: Option<i64>,
    /// sent, skipped, failed; none while it waits.
    pub outcome: Option<String>,
    pub reason: Option<String>,
}

/// Nudges of all kinds that ended since then or still wait, the earliest first; answers to people are
/// nobody's business unless they failed.
pub async fn list(pool: &AnyPool, since: Timestamp) -> sqlx::Result<Vec<Ending>> {
    let since = since.as_millisecond();
    let mut rows: Vec<Ending> = sqlx::query_as(
        "SELECT id, team_id, user_id, kind, week, prompt_id, due_at, attempts, done_at, outcome, reason FROM jobs
         WHERE done_at >= $1 AND (kind <> 'message' OR outcome = 'failed')",
    )
    .bind(since)
    .fetch_all(pool)
    .await?;
    rows.extend(
        sqlx::query_as::<_, Ending>(
            "SELECT id, team_id, user_id, kind, week, prompt_id, due_at, attempts, done_at, outcome, reason FROM jobs
             WHERE done_at IS NULL",
        )
        .fetch_all(pool)
        .await?,
    );
    rows.sort_by(|a, b| (a.done_at.unwrap_or(a.due_at), &a.id).cmp(&(b.done_at.unwrap_or(b.due_at), &b.id)));
    Ok(rows)
}

/// What failed since then and can be brought back. A weekly nudge of an earlier week is over: nobody gets
/// two at once.
pub async fn failed(pool: &AnyPool, since: Timestamp, this_week: &str) -> sqlx::Result<Vec<Ending>> {
    let mut rows: Vec<Ending> = sqlx::query_as(
        "SELECT id, team_id, user_id, kind, week, prompt_id, due_at, attempts, done_at, outcome, reason FROM jobs
         WHERE outcome = 'failed' AND done_at >= $1",
    )
    .bind(since.as_millisecond())
    .fetch_all(pool)
    .await?;
    let is_over = |row: &Ending| {
        matches!(row.kind.as_str(), "nudge" | "quiet" | "channel")
            && row.week.as_deref().is_none_or(|week| week < this_week)
    };
    rows.retain(|row| !is_over(row));
    rows.sort_by(|a, b| (a.done_at, &a.id).cmp(&(b.done_at, &b.id)));
    Ok(rows)
}

/// Puts a failed job back into the outbox, due now. False where it is not failed any more.
///
/// What is known of its earlier attempts stays: where one may have arrived, it is looked for first.
pub async fn bring_back(tx: &mut Tx, id: &str, now: Timestamp) -> sqlx::Result<bool> {
    let back = sqlx::query(
        "UPDATE jobs SET done_at = NULL, outcome = NULL, reason = NULL, leased_until = 0, meant_at = $1, due_at = $2
         WHERE id = $3 AND outcome = 'failed'",
    )
    .bind(now.as_millisecond())
    .bind(now.as_millisecond())
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(back.rows_affected() > 0)
}

/// How many people there are, and what they have. Counts, never who.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub workspaces: i64,
    pub people: i64,
    /// Used the coach since the given instant.
    pub active: i64,
    pub nudges_on: i64,
    pub slowed: i64,
    pub quiet: i64,
    pub challenges: i64,
    pub cards: i64,
    pub channels: i64,
}

pub async fn counts(db: &Db, active_since: Timestamp) -> sqlx::Result<Counts> {
    let pool = db.read();
    let one = |sql: &'static str| sqlx::query_scalar::<_, i64>(sql);
    Ok(Counts {
        workspaces: one("SELECT COUNT(*) FROM workspaces WHERE ended_at IS NULL").fetch_one(pool).await?,
        people: one("SELECT COUNT(*) FROM people").fetch_one(pool).await?,
        active: one("SELECT COUNT(*) FROM people WHERE used_at >= $1")
            .bind(active_since.as_millisecond())
            .fetch_one(pool)
            .await?,
        nudges_on: one("SELECT COUNT(*) FROM people WHERE nudges_on_at IS NOT NULL").fetch_one(pool).await?,
        slowed: one(
            "SELECT COUNT(*) FROM people WHERE nudges_on_at IS NOT NULL AND unanswered BETWEEN 3 AND 5",
        )
        .fetch_one(pool)
        .await?,
        quiet: one("SELECT COUNT(*) FROM people WHERE nudges_on_at IS NOT NULL AND unanswered > 5")
            .fetch_one(pool)
            .await?,
        challenges: one("SELECT COUNT(*) FROM challenges WHERE ended_at IS NULL").fetch_one(pool).await?,
        cards: one("SELECT COUNT(*) FROM evidence WHERE deleted_at IS NULL").fetch_one(pool).await?,
        channels: one("SELECT COUNT(*) FROM channel_nudges WHERE next_at IS NOT NULL")
            .fetch_one(pool)
            .await?,
    })
}
