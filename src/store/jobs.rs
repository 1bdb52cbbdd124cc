//! The outbox: enqueue once, claim, finish, put off.
//!
//! A claim holds a job for a lease, by the database's clock, under a number that grows with each lease
//! (the fence): whoever lost the lease cannot write the outcome any more.

use jiff::Timestamp;

use crate::clock;
use crate::coach::library::PromptId;
use crate::coach::person::PersonId;
use crate::coach::week::Week;

use super::{Db, Kind, Tx};

/// How long a claim holds. Sending gives up sooner.
pub const LEASE_MILLIS: i64 = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    Nudge,
    Reminder,
    Quiet,
    Message,
}

impl JobKind {
    pub const ALL: [JobKind; 4] = [JobKind::Nudge, JobKind::Reminder, JobKind::Quiet, JobKind::Message];

    pub fn id(self) -> &'static str {
        match self {
            JobKind::Nudge => "nudge",
            JobKind::Reminder => "reminder",
            JobKind::Quiet => "quiet",
            JobKind::Message => "message",
        }
    }

    fn from_id(id: &str) -> Option<JobKind> {
        [JobKind::Nudge, JobKind::Reminder, JobKind::Quiet, JobKind::Message]
            .into_iter()
            .find(|kind| kind.id() == id)
    }
}

pub struct NewJob {
    pub person: PersonId,
    pub kind: JobKind,
    pub slot: String,
    pub week: Option<Week>,
    pub prompt: Option<PromptId>,
    pub body: String,
    pub meant_at: Timestamp,
    pub due_at: Timestamp,
}

impl NewJob {
    /// A drawn message that somebody is waiting for.
    pub fn message(person: &PersonId, occasion: &str, body: String, now: Timestamp) -> NewJob {
        NewJob {
            person: person.clone(),
            kind: JobKind::Message,
            slot: format!("message/{person}/{occasion}"),
            week: None,
            prompt: None,
            body,
            meant_at: now,
            due_at: now,
        }
    }

    pub fn nudge(
        person: &PersonId,
        kind: JobKind,
        week: Week,
        prompt: Option<PromptId>,
        meant_at: Timestamp,
    ) -> NewJob {
        NewJob {
            person: person.clone(),
            kind,
            slot: slot(person, week),
            week: Some(week),
            prompt,
            body: String::new(),
            meant_at,
            due_at: meant_at,
        }
    }

    /// One reminder a week at most: with the nudge itself that makes two messages.
    pub fn reminder(person: &PersonId, week: Week, prompt: &PromptId, at: Timestamp) -> NewJob {
        NewJob {
            kind: JobKind::Reminder,
            slot: format!("reminder/{person}/{week}"),
            ..NewJob::nudge(person, JobKind::Reminder, week, Some(prompt.clone()), at)
        }
    }
}

fn slot(person: &PersonId, week: Week) -> String {
    format!("nudge/{person}/{week}")
}

const ENQUEUE: &str = "
    INSERT INTO jobs (id, team_id, user_id, kind, slot, week, prompt_id, body, urgency, created_at, meant_at, due_at,
                      attempts, missed, leased_until, holder, fence, done_at, outcome, reason)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, '', 0, $13, $14, $15)
    ON CONFLICT (slot) DO NOTHING";

/// Puts a job in the outbox. False where its slot is taken already: then nothing happens.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: i64) -> sqlx::Result<bool> {
    insert(tx, job, now, None).await
}

/// A slot that ends without anything being sent.
pub async fn skip_slot(
    tx: &mut Tx,
    person: &PersonId,
    week: Week,
    reason: &str,
    meant_at: Timestamp,
    now: i64,
) -> sqlx::Result<bool> {
    insert(tx, &NewJob::nudge(person, JobKind::Nudge, week, None, meant_at), now, Some(("skipped", reason)))
        .await
}

/// This week's nudge was given in answer to a command: one that still waits has nothing left to send.
pub async fn use_slot(
    tx: &mut Tx,
    person: &PersonId,
    week: Week,
    prompt: &PromptId,
    now: i64,
) -> sqlx::Result<()> {
    let given = ("sent", "given in answer to a command");
    let at = Timestamp::from_millisecond(now).unwrap_or_default();
    let job = NewJob::nudge(person, JobKind::Nudge, week, Some(prompt.clone()), at);
    if !insert(tx, &job, now, Some(given)).await? {
        sqlx::query(
            "UPDATE jobs SET done_at = $1, outcome = $2, reason = $3, body = ''
             WHERE slot = $4 AND done_at IS NULL AND attempts = 0",
        )
        .bind(now)
        .bind(given.0)
        .bind(given.1)
        .bind(&job.slot)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, job: &NewJob, now: i64, ended: Option<(&str, &str)>) -> sqlx::Result<bool> {
    let urgency = i64::from(job.kind != JobKind::Message);
    let made = sqlx::query(ENQUEUE)
        .bind(clock::new_id())
        .bind(&job.person.team)
        .bind(&job.person.user)
        .bind(job.kind.id())
        .bind(&job.slot)
        .bind(job.week.map(|week| week.to_string()))
        .bind(job.prompt.as_ref().map(PromptId::as_str))
        .bind(&job.body)
        .bind(urgency)
        .bind(now)
        .bind(job.meant_at.as_millisecond())
        .bind(job.due_at.as_millisecond())
        .bind(ended.map(|_| now))
        .bind(ended.map(|(outcome, _)| outcome))
        .bind(ended.map(|(_, reason)| reason))
        .execute(&mut **tx)
        .await?;
    Ok(made.rows_affected() > 0)
}

/// A job that is ours until its lease runs out.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: String,
    pub person: PersonId,
    pub kind: JobKind,
    pub slot: String,
    pub week: Option<Week>,
    pub prompt: Option<PromptId>,
    pub body: String,
    pub meant_at: Timestamp,
    /// This attempt included.
    pub attempts: i64,
    /// An earlier attempt may have arrived without our knowing.
    pub may_have_arrived: bool,
    fence: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    team_id: String,
    user_id: String,
    kind: String,
    slot: String,
    week: Option<String>,
    prompt_id: Option<String>,
    body: String,
    meant_at: i64,
    attempts: i64,
    missed: i64,
    fence: i64,
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET leased_until = $1, holder = $2, attempts = attempts + 1, fence = fence + 1
             WHERE id = (SELECT id FROM jobs
                         WHERE done_at IS NULL AND due_at <= $3 AND leased_until <= $4
                         ORDER BY urgency, due_at, id LIMIT 1 ",
            $lock,
            ") AND done_at IS NULL AND leased_until <= $5
             RETURNING id, team_id, user_id, kind, slot, week, prompt_id, body, meant_at, attempts, missed, fence"
        )
    };
}

/// The most urgent job that is due and that nobody holds. Due is by the caller's clock, the lease by the
/// database's.
pub async fn claim(db: &Db, holder: &str, now: Timestamp) -> anyhow::Result<Option<Job>> {
    let mut tx = db.write().await?;
    let lease_now = super::now(&mut tx, db.kind()).await?;
    let sql = match db.kind() {
        // One writer at a time, who sees what the one before has taken.
        Kind::Sqlite => claim!(""),
        // Past what others are just taking: whoever waited for them would find it gone, and go away.
        Kind::Postgres => claim!("FOR UPDATE SKIP LOCKED"),
    };
    let row: Option<Row> = sqlx::query_as(sql)
        .bind(lease_now + LEASE_MILLIS)
        .bind(holder)
        .bind(now.as_millisecond())
        .bind(lease_now)
        .bind(lease_now)
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    row.map(|row| {
        Ok(Job {
            kind: JobKind::from_id(&row.kind)
                .ok_or_else(|| anyhow::anyhow!("job {} is of kind {}", row.id, row.kind))?,
            id: row.id,
            person: PersonId { team: row.team_id, user: row.user_id },
            slot: row.slot,
            week: row.week.as_deref().and_then(Week::parse),
            prompt: row.prompt_id.map(PromptId::new),
            body: row.body,
            meant_at: Timestamp::from_millisecond(row.meant_at)?,
            may_have_arrived: row.attempts - 1 > row.missed,
            attempts: row.attempts,
            fence: row.fence,
        })
    })
    .transpose()
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Sent {
        channel: String,
        ts: String,
    },
    Skipped(String),
    Failed(String),
    /// Nobody got it; try again then.
    Later(Timestamp),
    /// It may have arrived; find out, or try again, then.
    Unsure(Timestamp),
    /// Not tried at all: somebody else has to be waited for until then.
    NotTried(Timestamp),
}

const FINISH: &str = "
    UPDATE jobs SET done_at = $1, outcome = $2, reason = $3, channel = $4, message_ts = $5, leased_until = 0,
                    body = CASE WHEN $6 = 'failed' THEN body ELSE '' END
    WHERE id = $7 AND fence = $8 AND done_at IS NULL";

const PUT_OFF: &str = "
    UPDATE jobs SET due_at = $1, missed = missed + $2, attempts = attempts - $3, leased_until = 0
    WHERE id = $4 AND fence = $5 AND done_at IS NULL";

/// Writes down how it ended, in the caller's transaction. False where the lease was lost, or the person
/// has been forgotten since: then nothing was written.
pub async fn end(tx: &mut Tx, job: &Job, ended: &Ended, now: i64) -> sqlx::Result<bool> {
    let finish = |outcome, reason, channel, ts| {
        sqlx::query(FINISH)
            .bind(now)
            .bind(outcome)
            .bind(reason)
            .bind(channel)
            .bind(ts)
            // What failed keeps its words, so that it can be brought back.
            .bind(outcome)
            .bind(&job.id)
            .bind(job.fence)
    };
    let put_off = |at: &Timestamp, missed: i64, untried: i64| {
        sqlx::query(PUT_OFF)
            .bind(at.as_millisecond())
            .bind(missed)
            .bind(untried)
            .bind(&job.id)
            .bind(job.fence)
    };
    let query = match ended {
        Ended::Sent { channel, ts } => finish("sent", None, Some(channel.clone()), Some(ts.clone())),
        Ended::Skipped(reason) => finish("skipped", Some(reason.clone()), None, None),
        Ended::Failed(reason) => finish("failed", Some(reason.clone()), None, None),
        // What we know of the earlier attempts does not change: only this one is known to have missed.
        Ended::Later(at) => put_off(at, 1, 0),
        Ended::Unsure(at) => put_off(at, 0, 0),
        Ended::NotTried(at) => put_off(at, 0, 1),
    };
    Ok(query.execute(&mut **tx).await?.rows_affected() > 0)
}

/// How the outbox stands.
pub struct Queue {
    pub due: i64,
    pub late: i64,
    pub leased: i64,
}

/// Counts what is due, what has been due since an instant, and what is held. Follows what is due.
pub async fn queue(db: &Db, now: Timestamp, late: Timestamp) -> sqlx::Result<Queue> {
    let mut tx = db.snapshot().await?;
    let lease_now = super::now(&mut tx, db.kind()).await?;
    let due = "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND due_at <= $1";
    let leased = "SELECT COUNT(*) FROM jobs WHERE done_at IS NULL AND due_at <= $1 AND leased_until > $2";
    let queue = Queue {
        due: sqlx::query_scalar(due).bind(now.as_millisecond()).fetch_one(&mut *tx).await?,
        late: sqlx::query_scalar(due).bind(late.as_millisecond()).fetch_one(&mut *tx).await?,
        leased: sqlx::query_scalar(leased)
            .bind(now.as_millisecond())
            .bind(lease_now)
            .fetch_one(&mut *tx)
            .await?,
    };
    tx.rollback().await?;
    Ok(queue)
}

/// What waits to be sent up to an instant, answers to people left out.
pub async fn waiting(pool: &sqlx::AnyPool, until: Timestamp) -> sqlx::Result<Vec<super::slots::Ending>> {
    sqlx::query_as(
        "SELECT id, team_id, user_id, kind, week, prompt_id, due_at, attempts, done_at, outcome, reason FROM jobs
         WHERE done_at IS NULL AND due_at <= $1 AND kind <> 'message'",
    )
    .bind(until.as_millisecond())
    .fetch_all(pool)
    .await
}

/// The earliest instant at which a job that waits may be tried.
pub async fn next_due(pool: &sqlx::AnyPool) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT due_at FROM jobs WHERE done_at IS NULL ORDER BY due_at LIMIT 1")
        .fetch_optional(pool)
        .await
}

/// Erases what has served its time: a message a week after it went, a slot after more than a year.
pub async fn erase_done_before(tx: &mut Tx, messages: i64, slots: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query("DELETE FROM jobs WHERE (kind = 'message' AND done_at < $1) OR done_at < $2")
        .bind(messages)
        .bind(slots)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected())
}
