//! Every row about somebody, for the export of everything.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::coach::library::PromptId;
use crate::coach::past::{Account, History, Holdings, PastChallenge, PastMessage, PastRequest, PastShown};
use crate::coach::person::{PersonId, Taken};

use super::{Tx, cards, channels, rehearsals};

pub async fn load(tx: &mut Tx, who: &PersonId) -> anyhow::Result<History> {
    let at = stamps(tx, who).await?;
    let mut rehearsals = rehearsals::all(tx, who).await?;
    rehearsals.reverse();
    let deleted = cards::deleted(tx, who).await?;
    Ok(History {
        account: account(tx, who).await?,
        challenges: challenges(tx, who).await?,
        deleted: deleted
            .into_iter()
            .map(|card| {
                let gone = at.get(&card.id).and_then(|(_, deleted)| *deleted).unwrap_or_default();
                (card, gone)
            })
            .collect(),
        edited: at.into_iter().filter_map(|(id, (edited, _))| Some((id, edited?))).collect(),
        rehearsals,
        shown: shown(tx, who).await?,
        messages: messages(tx, who).await?,
        channels: channels::set_by(tx, who).await?,
        requests: requests(tx, who).await?,
    })
}

fn moment(millis: Option<i64>) -> Result<Option<Timestamp>, jiff::Error> {
    millis.map(Timestamp::from_millisecond).transpose()
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    created_at: i64,
    used_at: i64,
    welcomed_at: Option<i64>,
    zone_checked_at: Option<i64>,
    dm_channel: Option<String>,
    nudges_on_at: Option<i64>,
    begun_at: Option<i64>,
    never_ask_at: Option<i64>,
    rated_at: Option<i64>,
    home_opened_at: Option<i64>,
    rehearsed_at: Option<i64>,
}

async fn account(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Account> {
    let row: Option<AccountRow> = sqlx::query_as(
        "SELECT created_at, used_at, welcomed_at, zone_checked_at, dm_channel, nudges_on_at, begun_at, never_ask_at,
                rated_at, home_opened_at, rehearsed_at
         FROM people WHERE team_id = $1 AND user_id = $2",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(Account::default()) };
    Ok(Account {
        since: Timestamp::from_millisecond(row.created_at)?,
        used_at: Timestamp::from_millisecond(row.used_at)?,
        welcomed_at: moment(row.welcomed_at)?,
        zone_checked_at: moment(row.zone_checked_at)?,
        dm_channel: row.dm_channel,
        nudges_on_at: moment(row.nudges_on_at)?,
        begun_at: moment(row.begun_at)?,
        never_ask_at: moment(row.never_ask_at)?,
        rated_at: moment(row.rated_at)?,
        home_opened_at: moment(row.home_opened_at)?,
        rehearsed_at: moment(row.rehearsed_at)?,
    })
}

type ChallengeRow = (String, String, String, String, i64, Option<i64>, Option<i64>, Option<String>);

async fn challenges(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Vec<PastChallenge>> {
    let rows: Vec<ChallengeRow> = sqlx::query_as(
        "SELECT id, prompt_id, plan, due_on, taken_at, parked_at, ended_at, ended_how FROM challenges
         WHERE team_id = $1 AND user_id = $2 ORDER BY taken_at, id",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(id, prompt, plan, due_on, taken_at, parked_at, ended_at, how)| {
            Ok(PastChallenge {
                taken: Taken { id, prompt: PromptId::new(prompt), plan, due_on: due_on.parse()? },
                taken_at: Timestamp::from_millisecond(taken_at)?,
                parked_at: moment(parked_at)?,
                ended: moment(ended_at)?.map(|at| (at, how.unwrap_or_default())),
            })
        })
        .collect()
}

type Stamps = BTreeMap<String, (Option<Timestamp>, Option<Timestamp>)>;

/// When cards were changed last, and when they were deleted.
async fn stamps(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Stamps> {
    let rows: Vec<(String, Option<i64>, Option<i64>)> = sqlx::query_as(
        "SELECT id, edited_at, deleted_at FROM evidence
         WHERE team_id = $1 AND user_id = $2 AND (edited_at IS NOT NULL OR deleted_at IS NOT NULL)",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|(id, edited, deleted)| Ok((id, (moment(edited)?, moment(deleted)?)))).collect()
}

async fn shown(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Vec<PastShown>> {
    let rows: Vec<(String, i64, i64, Option<i64>)> = sqlx::query_as(
        "SELECT prompt_id, times, last_at, declined_at FROM shown
         WHERE team_id = $1 AND user_id = $2 ORDER BY last_at",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(prompt, times, last_at, declined_at)| {
            Ok(PastShown {
                prompt: PromptId::new(prompt),
                times: times as u32,
                last_at: Timestamp::from_millisecond(last_at)?,
                declined_at: moment(declined_at)?,
            })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: String,
    kind: String,
    slot: String,
    week: Option<String>,
    prompt_id: Option<String>,
    occasion: Option<String>,
    body: String,
    created_at: i64,
    meant_at: i64,
    due_at: i64,
    attempts: i64,
    done_at: Option<i64>,
    outcome: Option<String>,
    reason: Option<String>,
    channel: Option<String>,
    message_ts: Option<String>,
}

async fn messages(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Vec<PastMessage>> {
    let rows: Vec<MessageRow> = sqlx::query_as(
        "SELECT id, kind, slot, week, prompt_id, occasion, body, created_at, meant_at, due_at, attempts, done_at,
                outcome, reason, channel, message_ts
         FROM jobs WHERE team_id = $1 AND user_id = $2 ORDER BY meant_at, id",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PastMessage {
                id: row.id,
                kind: row.kind,
                slot: row.slot,
                week: row.week,
                prompt: row.prompt_id.map(PromptId::new),
                occasion: row.occasion,
                body: row.body,
                created_at: Timestamp::from_millisecond(row.created_at)?,
                meant_at: Timestamp::from_millisecond(row.meant_at)?,
                due_at: Timestamp::from_millisecond(row.due_at)?,
                attempts: row.attempts,
                done_at: moment(row.done_at)?,
                outcome: row.outcome,
                reason: row.reason,
                channel: row.channel,
                message_ts: row.message_ts,
            })
        })
        .collect()
}

async fn requests(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Vec<PastRequest>> {
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "SELECT request, answered_at, body FROM answered
         WHERE team_id = $1 AND user_id = $2 ORDER BY answered_at, request",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|(request, at, answer)| {
            let kind = request.split('/').next().unwrap_or_default().to_owned();
            Ok(PastRequest { kind, at: Timestamp::from_millisecond(at)?, answer })
        })
        .collect()
}

/// How many rows of each kind there are.
pub async fn count(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Holdings> {
    let mut counts = [0; 8];
    for (count, sql) in counts.iter_mut().zip([
        "SELECT COUNT(*) FROM evidence WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM challenges WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM ratings WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM rehearsals WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM shown WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM jobs WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM answered WHERE team_id = $1 AND user_id = $2",
        "SELECT COUNT(*) FROM channel_nudges WHERE team_id = $1 AND set_by = $2",
    ]) {
        let rows: i64 = sqlx::query_scalar(sql).bind(&who.team).bind(&who.user).fetch_one(&mut **tx).await?;
        *count = u32::try_from(rows)?;
    }
    let [cards, challenges, ratings, rehearsals, shown, messages, requests, channels] = counts;
    Ok(Holdings { cards, challenges, ratings, rehearsals, shown, messages, requests, channels })
}
