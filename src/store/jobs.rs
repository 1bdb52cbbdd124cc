//! The outbox: enqueue once, claim, finish, put off.
//!
//! A claim holds a job for a lease, by the database's clock, under a number that grows with each lease
//! (the fence): whoever lost the lease cannot write the outcome any more.

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tracing::error;

use crate::clock;
use crate::coach::event::Event;
use crate::coach::library::PromptId;
use crate::coach::person::PersonId;
use crate::coach::tact::{Letter, LetterKind};
use crate::coach::week::Week;

use super::{Db, Kind, Tx};

/// How long a claim holds. Sending gives up sooner.
pub const LEASE_MILLIS: i64 = 20_000;
/// A lease that holds for longer than this was given by a clock that has been set back since. More than a
/// lease: who claims at the same time may have looked at the clock a little later than we did.
const NO_LEASE_MILLIS: i64 = 4 * LEASE_MILLIS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    Nudge,
    Reminder,
    Quiet,
    Message,
    /// A nudge that something brings: a challenge's day, a talk.
    Event,
    /// The weekly challenge of a channel; the target is the channel.
    Channel,
}

impl JobKind {
    pub const ALL: [JobKind; 6] = [
        JobKind::Nudge,
        JobKind::Reminder,
        JobKind::Quiet,
        JobKind::Message,
        JobKind::Event,
        JobKind::Channel,
    ];

    pub fn id(self) -> &'static str {
        match self {
            JobKind::Nudge => "nudge",
            JobKind::Reminder => "reminder",
            JobKind::Quiet => "quiet",
            JobKind::Message => "message",
            JobKind::Event => "event",
            JobKind::Channel => "channel",
        }
    }

    fn from_id(id: &str) -> Option<JobKind> {
        JobKind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

pub struct NewJob {
    /// A person, or for a channel its team and its id.
    pub person: PersonId,
    pub kind: JobKind,
    pub slot: String,
    pub week: Option<Week>,
    pub prompt: Option<PromptId>,
    pub body: String,
    /// What an event nudge is about.
    pub occasion: Option<String>,
    /// The hour of the slot: lateness is counted from here.
    pub meant_at: Timestamp,
    pub due_at: Timestamp,
}

impl NewJob {
    /// A drawn message that somebody is waiting for.
    pub fn message(person: &PersonId, occasion: &str, body: String, now: Timestamp) -> NewJob {
        NewJob { body, ..NewJob::of(person, JobKind::Message, format!("message/{person}/{occasion}"), now) }
    }

    pub fn nudge(
        person: &PersonId,
        kind: JobKind,
        week: Week,
        prompt: Option<PromptId>,
        meant_at: Timestamp,
    ) -> NewJob {
        NewJob { week: Some(week), prompt, ..NewJob::of(person, kind, slot(person, week), meant_at) }
    }

    pub fn event(person: &PersonId, event: &Event, at: Timestamp) -> NewJob {
        let occasion = event.encode();
        NewJob {
            prompt: event.prompt(),
            occasion: Some(occasion.clone()),
            ..NewJob::of(person, JobKind::Event, format!("event/{person}/{occasion}"), at)
        }
    }

    /// A channel's challenge of one week.
    pub fn channel(channel: &PersonId, week: Week, prompt: PromptId, meant_at: Timestamp) -> NewJob {
        let slot = format!("channel/{channel}/{week}");
        NewJob {
            week: Some(week),
            prompt: Some(prompt),
            ..NewJob::of(channel, JobKind::Channel, slot, meant_at)
        }
    }

    /// What a channel is told when somebody has asked for its challenge.
    pub fn hello(channel: &PersonId, fresh: &str, now: Timestamp) -> NewJob {
        NewJob::of(channel, JobKind::Channel, format!("channel/{channel}/hello/{fresh}"), now)
    }

    /// Not before then, though meant for earlier.
    pub fn due(self, due_at: Timestamp) -> NewJob {
        NewJob { due_at, ..self }
    }

    fn of(person: &PersonId, kind: JobKind, slot: String, at: Timestamp) -> NewJob {
        NewJob {
            person: person.clone(),
            kind,
            slot,
            week: None,
            prompt: None,
            body: String::new(),
            occasion: None,
            meant_at: at,
            due_at: at,
        }
    }
}

fn slot(person: &PersonId, week: Week) -> String {
    format!("nudge/{person}/{week}")
}

const ENQUEUE: &str = "
    INSERT INTO jobs (id, team_id, user_id, kind, slot, week, prompt_id, body, urgency, created_at, meant_at, due_at,
                      attempts, missed, leased_until, holder, fence, done_at, outcome, reason, occasion)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, '', 0, $13, $14, $15, $16)
    ON CONFLICT (slot) DO NOTHING";

/// Puts a job in the outbox. False where its slot is taken already: then nothing happens.
pub async fn enqueue(tx: &mut Tx, job: &NewJob, now: i64) -> sqlx::Result<bool> {
    insert(tx, job, now, None).await
}

/// A slot that ends without anything being sent.
pub async fn skip(tx: &mut Tx, job: &NewJob, reason: &str, now: i64) -> sqlx::Result<bool> {
    insert(tx, job, now, Some(("skipped", reason))).await
}

/// A slot that could not even be planned.
pub async fn fail(tx: &mut Tx, job: &NewJob, reason: &str, now: i64) -> sqlx::Result<bool> {
    insert(tx, job, now, Some(("failed", reason))).await
}

/// This nudge comes back on that day: the reminder that already waits for it moves, or there is a new one.
pub async fn remind(
    tx: &mut Tx,
    person: &PersonId,
    week: Week,
    prompt: &PromptId,
    at: Timestamp,
    now: i64,
) -> sqlx::Result<()> {
    let moved = sqlx::query(
        "UPDATE jobs SET meant_at = $1, due_at = $2, prompt_id = $3
         WHERE team_id = $4 AND user_id = $5 AND kind = 'reminder' AND week = $6 AND done_at IS NULL AND attempts = 0",
    )
    .bind(at.as_millisecond())
    .bind(at.as_millisecond())
    .bind(prompt.as_str())
    .bind(&person.team)
    .bind(&person.user)
    .bind(week.to_string())
    .execute(&mut **tx)
    .await?;
    if moved.rows_affected() == 0 {
        let slot = format!("reminder/{person}/{week}/{}", at.as_second());
        let job = NewJob::nudge(person, JobKind::Reminder, week, Some(prompt.clone()), at);
        enqueue(tx, &NewJob { slot, ..job }, now).await?;
    }
    Ok(())
}

/// Nudges were turned off: what was put off for later is not sent, and what something would have brought neither.
pub async fn forget_unasked(tx: &mut Tx, person: &PersonId, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE jobs SET done_at = $1, outcome = 'skipped', reason = 'nudges were turned off'
         WHERE team_id = $2 AND user_id = $3 AND kind IN ('reminder', 'event') AND done_at IS NULL",
    )
    .bind(now)
    .bind(&person.team)
    .bind(&person.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
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
        .bind(&job.occasion)
        .execute(&mut **tx)
        .await?;
    Ok(made.rows_affected() > 0)
}

/// A job that is ours until its lease runs out.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: String,
    /// A person, or for a channel its team and its id.
    pub person: PersonId,
    pub kind: JobKind,
    pub slot: String,
    pub week: Option<Week>,
    pub prompt: Option<PromptId>,
    pub body: String,
    pub occasion: Option<String>,
    pub meant_at: Timestamp,
    /// This attempt included.
    pub attempts: i64,
    /// An earlier attempt may have arrived without our knowing.
    pub may_have_arrived: bool,
    /// Its place in the row of its workspace, in milliseconds.
    pub place: Option<i64>,
    /// Just before it became ours, on the clock that nobody sets.
    claimed: Instant,
    fence: i64,
}

impl Job {
    /// How long it has been ours, or a little longer.
    pub fn held_for(&self) -> Duration {
        self.claimed.elapsed()
    }
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
    occasion: Option<String>,
    urgency: i64,
    meant_at: i64,
    due_at: i64,
    attempts: i64,
    missed: i64,
    fence: i64,
    place_at: Option<i64>,
}

pub fn claim_sql(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => {
            "UPDATE jobs SET leased_until = $1, holder = $2, attempts = attempts + 1, fence = fence + 1
             WHERE id IN (SELECT id FROM jobs
                          WHERE done_at IS NULL AND urgency = $3 AND due_at <= $4
                            AND (leased_until <= $5 OR leased_until > $6)
                          ORDER BY due_at, id LIMIT $7)
             RETURNING id, team_id, user_id, kind, slot, week, prompt_id, body, occasion, urgency, meant_at, due_at,
                       attempts, missed, fence, place_at"
        }
        // Two replicas at once pass each other by instead of waiting.
        Kind::Postgres => {
            "UPDATE jobs SET leased_until = $1, holder = $2, attempts = attempts + 1, fence = fence + 1
             WHERE id IN (SELECT id FROM jobs
                          WHERE done_at IS NULL AND urgency = $3 AND due_at <= $4
                            AND (leased_until <= $5 OR leased_until > $6)
                          ORDER BY due_at, id LIMIT $7 FOR UPDATE SKIP LOCKED)
             RETURNING id, team_id, user_id, kind, slot, week, prompt_id, body, occasion, urgency, meant_at, due_at,
                       attempts, missed, fence, place_at"
        }
    }
}

/// The most urgent jobs that are due and that nobody holds. Due is by the caller's clock, the lease by the
/// database's. One urgency after the other, so that each is a walk along the index.
pub async fn claim(db: &Db, holder: &str, now: Timestamp, most: usize) -> anyhow::Result<Vec<Job>> {
    let mut tx = db.write().await?;
    let jobs = claim_in(&mut tx, db.kind(), holder, now, most).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// The same, in the caller's transaction.
pub async fn claim_in(
    tx: &mut Tx,
    kind: Kind,
    holder: &str,
    now: Timestamp,
    most: usize,
) -> anyhow::Result<Vec<Job>> {
    let claimed = Instant::now();
    let lease_now = super::now(tx, kind).await?;
    let mut rows: Vec<Row> = Vec::new();
    for urgency in [0_i64, 1] {
        let room = most - rows.len();
        if room == 0 {
            break;
        }
        let more: Vec<Row> = sqlx::query_as(claim_sql(kind))
            .bind(lease_now + LEASE_MILLIS)
            .bind(holder)
            .bind(urgency)
            .bind(now.as_millisecond())
            .bind(lease_now)
            .bind(lease_now + NO_LEASE_MILLIS)
            .bind(i64::try_from(room)?)
            .fetch_all(&mut **tx)
            .await?;
        rows.extend(more);
    }
    rows.sort_by(|a, b| (a.urgency, a.due_at, &a.id).cmp(&(b.urgency, b.due_at, &b.id)));
    let read = |row: Row| -> anyhow::Result<Job> {
        Ok(Job {
            kind: JobKind::from_id(&row.kind).with_context(|| format!("its kind is {}", row.kind))?,
            id: row.id,
            person: PersonId { team: row.team_id, user: row.user_id },
            slot: row.slot,
            week: row.week.as_deref().and_then(Week::parse),
            prompt: row.prompt_id.map(PromptId::new),
            body: row.body,
            occasion: row.occasion,
            meant_at: Timestamp::from_millisecond(row.meant_at)?,
            may_have_arrived: row.attempts - 1 > row.missed,
            attempts: row.attempts,
            place: row.place_at.filter(|at| *at > 0),
            claimed,
            fence: row.fence,
        })
    };
    // A row that a later version wrote, or a hand, is left to whoever can read it: the others do not wait.
    let readable = |row: Row| {
        let id = row.id.clone();
        read(row)
            .inspect_err(|error| error!(job = id, error = format!("{error:#}"), "a job cannot be read"))
            .ok()
    };
    Ok(rows.into_iter().filter_map(readable).collect())
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
    /// Not tried: then it is its turn, and that place in the row of its workspace is its own.
    InRow(Timestamp),
    /// Not tried, and meant for then from now on.
    Moved(Timestamp),
}

const FINISH: &str = "
    UPDATE jobs SET done_at = $1, outcome = $2, reason = $3, channel = $4, message_ts = $5, leased_until = 0,
                    body = CASE WHEN $6 = 'failed' THEN body ELSE '' END
    WHERE id = $7 AND fence = $8 AND done_at IS NULL";

const PUT_OFF: &str = "
    UPDATE jobs SET due_at = $1, missed = missed + $2, attempts = attempts - $3, leased_until = 0,
                    meant_at = COALESCE($4, meant_at), place_at = $5
    WHERE id = $6 AND fence = $7 AND done_at IS NULL";

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
    let put_off = |at: &Timestamp, missed: i64, untried: i64, meant_at: Option<i64>| {
        sqlx::query(PUT_OFF)
            .bind(at.as_millisecond())
            .bind(missed)
            .bind(untried)
            .bind(meant_at)
            // Without a place it has an hour of its own, which no waking takes from it.
            .bind(match ended {
                Ended::Moved(_) => None,
                Ended::InRow(_) => Some(at.as_millisecond()),
                _ => Some(0),
            })
            .bind(&job.id)
            .bind(job.fence)
    };
    let query = match ended {
        Ended::Sent { channel, ts } => finish("sent", None, Some(channel.clone()), Some(ts.clone())),
        Ended::Skipped(reason) => finish("skipped", Some(reason.clone()), None, None),
        Ended::Failed(reason) => finish("failed", Some(reason.clone()), None, None),
        // What we know of the earlier attempts does not change: only this one is known to have missed.
        Ended::Later(at) => put_off(at, 1, 0, None),
        Ended::Unsure(at) => put_off(at, 0, 0, None),
        Ended::NotTried(at) | Ended::InRow(at) => put_off(at, 0, 1, None),
        Ended::Moved(at) => put_off(at, 0, 1, Some(at.as_millisecond())),
    };
    Ok(query.execute(&mut **tx).await?.rows_affected() > 0)
}

/// The prompt of a job that has none, while the job is ours.
pub async fn choose(tx: &mut Tx, job: &Job, prompt: &PromptId) -> sqlx::Result<()> {
    sqlx::query("UPDATE jobs SET prompt_id = $1 WHERE id = $2 AND fence = $3 AND done_at IS NULL")
        .bind(prompt.as_str())
        .bind(&job.id)
        .bind(job.fence)
        .execute(&mut **tx)
        .await?;
    Ok(())
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

/// The clock was set back, or the server is new: what was put off by a clock that has gone elsewhere is
/// tried now. What has an hour of its own keeps it.
pub async fn wake(tx: &mut Tx, now: Timestamp) -> sqlx::Result<u64> {
    let woken = sqlx::query(
        "UPDATE jobs SET due_at = $1, meant_at = CASE WHEN meant_at > $2 THEN $3 ELSE meant_at END
         WHERE done_at IS NULL AND due_at > $4
           AND (kind = 'message' OR attempts > 0 OR place_at IS NOT NULL)",
    )
    .bind(now.as_millisecond())
    .bind(now.as_millisecond())
    .bind(now.as_millisecond())
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await?;
    Ok(woken.rows_affected())
}

/// People, or channels, whose slot was skipped by a clock that was ahead: it ended later than now, and its time is
/// still to come.
pub async fn skipped_ahead(
    pool: &sqlx::AnyPool,
    kind: JobKind,
    now: Timestamp,
    most: i64,
) -> sqlx::Result<Vec<PersonId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT team_id, user_id FROM jobs
         WHERE done_at > $1 AND meant_at > $2 AND kind = $3 AND outcome = 'skipped' LIMIT $4",
    )
    .bind(now.as_millisecond())
    .bind(now.as_millisecond())
    .bind(kind.id())
    .bind(most)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(team, user)| PersonId { team, user }).collect())
}

/// Slots that were skipped and whose time is still to come have not been yet after all.
pub async fn unskip_after(tx: &mut Tx, id: &PersonId, now: Timestamp) -> sqlx::Result<u64> {
    let gone = sqlx::query(
        "DELETE FROM jobs WHERE team_id = $1 AND user_id = $2 AND kind IN ('nudge', 'channel')
           AND outcome = 'skipped' AND meant_at > $3",
    )
    .bind(&id.team)
    .bind(&id.user)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

/// The last week up to this one whose nudge went out.
pub async fn last_sent(tx: &mut Tx, id: &PersonId, week: Week) -> sqlx::Result<Option<Week>> {
    let weeks: Vec<String> = sqlx::query_scalar(
        "SELECT week FROM jobs WHERE team_id = $1 AND user_id = $2 AND kind IN ('nudge', 'quiet', 'channel')
           AND outcome = 'sent' AND week <= $3",
    )
    .bind(&id.team)
    .bind(&id.user)
    .bind(week.to_string())
    .fetch_all(&mut **tx)
    .await?;
    Ok(weeks.iter().filter_map(|week| Week::parse(week)).max())
}

/// The last week up to this one that has had its slot in a channel, however that ended: a week has one.
pub async fn last_slot(pool: &sqlx::AnyPool, channel: &PersonId, week: Week) -> sqlx::Result<Option<Week>> {
    let weeks: Vec<String> = sqlx::query_scalar(
        "SELECT week FROM jobs WHERE team_id = $1 AND user_id = $2 AND kind = 'channel' AND week <= $3",
    )
    .bind(&channel.team)
    .bind(&channel.user)
    .bind(week.to_string())
    .fetch_all(pool)
    .await?;
    Ok(weeks.iter().filter_map(|week| Week::parse(week)).max())
}

/// Further back than this nobody asks what came: this week counts, and those to come.
const OF_LATE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What somebody has had of late, or will get, without asking for it at the time. By their time and not by
/// their number: however much waits, what has been sent this week counts.
pub async fn letters(tx: &mut Tx, id: &PersonId, now: Timestamp) -> anyhow::Result<Vec<Letter>> {
    let rows: Vec<(String, i64, Option<i64>, Option<String>)> = sqlx::query_as(
        "SELECT kind, due_at, done_at, week FROM jobs
         WHERE team_id = $1 AND user_id = $2 AND kind <> 'message' AND (done_at IS NULL OR outcome = 'sent')
           AND due_at >= $3
         ORDER BY due_at DESC",
    )
    .bind(&id.team)
    .bind(&id.user)
    .bind((now - OF_LATE).as_millisecond())
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(kind, due_at, done_at, week)| {
            Ok(Letter {
                kind: match kind.as_str() {
                    "reminder" => LetterKind::Reminder,
                    "event" => LetterKind::Event,
                    _ => LetterKind::Weekly,
                },
                at: Timestamp::from_millisecond(done_at.unwrap_or(due_at))?,
                sent: done_at.is_some(),
                week: week.as_deref().and_then(Week::parse),
            })
        })
        .collect()
}

/// Erases messages that went before this instant, so many at most.
pub async fn erase_messages_before(tx: &mut Tx, before: i64, most: i64) -> sqlx::Result<u64> {
    // A walk along an index of its own; together with the slots it would read a year of those every hour.
    const SQL: &str = "
        DELETE FROM jobs WHERE id IN
            (SELECT id FROM jobs WHERE kind = 'message' AND done_at < $1 ORDER BY done_at LIMIT $2)";
    Ok(sqlx::query(SQL).bind(before).bind(most).execute(&mut **tx).await?.rows_affected())
}

/// Erases whatever ended before this instant, so many at most.
pub async fn erase_slots_before(tx: &mut Tx, before: i64, most: i64) -> sqlx::Result<u64> {
    const SQL: &str = "
        DELETE FROM jobs WHERE id IN
            (SELECT id FROM jobs WHERE done_at < $1 ORDER BY done_at LIMIT $2)";
    Ok(sqlx::query(SQL).bind(before).bind(most).execute(&mut **tx).await?.rows_affected())
}
