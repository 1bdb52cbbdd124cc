//! The weekly challenges of channels.

use anyhow::Context;
use jiff::Timestamp;
use sqlx::AnyPool;

use crate::coach::channel::ChannelNudge;
use crate::coach::dates::{parse_day, parse_time};
use crate::coach::person::PersonId;
use crate::coach::rhythm::Slot;
use crate::coach::week::{Week, day_short};

use super::Tx;

#[derive(sqlx::FromRow)]
struct Row {
    channel_id: String,
    set_by: String,
    nudge_day: String,
    nudge_time: String,
    zone: String,
    last_week: Option<String>,
    next_at: Option<i64>,
    next_week: Option<String>,
}

const FIND: &str = "
    SELECT channel_id, set_by, nudge_day, nudge_time, zone, last_week, next_at, next_week
    FROM channel_nudges WHERE team_id = $1 AND channel_id = $2";

const LOCK: &str = "
    UPDATE channel_nudges SET channel_id = channel_id WHERE team_id = $1 AND channel_id = $2
    RETURNING channel_id, set_by, nudge_day, nudge_time, zone, last_week, next_at, next_week";

/// For looking only.
pub async fn find(pool: &AnyPool, team: &str, channel: &str) -> anyhow::Result<Option<ChannelNudge>> {
    let row: Option<Row> = sqlx::query_as(FIND).bind(team).bind(channel).fetch_optional(pool).await?;
    row.map(Row::read).transpose()
}

/// For changing: the row is ours until the transaction ends.
pub async fn lock(tx: &mut Tx, team: &str, channel: &str) -> anyhow::Result<Option<ChannelNudge>> {
    let row: Option<Row> = sqlx::query_as(LOCK).bind(team).bind(channel).fetch_optional(&mut **tx).await?;
    row.map(Row::read).transpose()
}

const SET_BY: &str = "
    SELECT channel_id, set_by, nudge_day, nudge_time, zone, last_week, next_at, next_week
    FROM channel_nudges WHERE team_id = $1 AND set_by = $2 ORDER BY set_at, channel_id";

/// Those that somebody set up, and since when.
pub async fn set_by(tx: &mut Tx, who: &PersonId) -> anyhow::Result<Vec<(ChannelNudge, Timestamp)>> {
    let rows: Vec<Row> = sqlx::query_as(SET_BY).bind(&who.team).bind(&who.user).fetch_all(&mut **tx).await?;
    let since: Vec<i64> = sqlx::query_scalar(
        "SELECT set_at FROM channel_nudges WHERE team_id = $1 AND set_by = $2 ORDER BY set_at, channel_id",
    )
    .bind(&who.team)
    .bind(&who.user)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().zip(since).map(|(row, at)| Ok((row.read()?, Timestamp::from_millisecond(at)?))).collect()
}

impl Row {
    fn read(self) -> anyhow::Result<ChannelNudge> {
        let week = |text: Option<String>| text.as_deref().and_then(Week::parse);
        let at = self.next_at.map(Timestamp::from_millisecond).transpose()?;
        Ok(ChannelNudge {
            day: parse_day(&self.nudge_day)
                .with_context(|| format!("the day of channel {}", self.channel_id))?,
            time: parse_time(&self.nudge_time)
                .with_context(|| format!("the time of channel {}", self.channel_id))?,
            channel: self.channel_id,
            set_by: self.set_by,
            zone: self.zone,
            last_week: week(self.last_week),
            next: at.zip(week(self.next_week)).map(|(at, week)| Slot { at, week }),
        })
    }
}

/// Sets it up, or changes it.
pub async fn save(tx: &mut Tx, team: &str, nudge: &ChannelNudge, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO channel_nudges (team_id, channel_id, set_by, set_at, nudge_day, nudge_time, zone, last_week,
                                     next_at, next_week)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (team_id, channel_id) DO UPDATE SET set_by = excluded.set_by, nudge_day = excluded.nudge_day,
             nudge_time = excluded.nudge_time, zone = excluded.zone, last_week = excluded.last_week,
             next_at = excluded.next_at, next_week = excluded.next_week",
    )
    .bind(team)
    .bind(&nudge.channel)
    .bind(&nudge.set_by)
    .bind(now)
    .bind(day_short(nudge.day))
    .bind(nudge.time.strftime("%H:%M").to_string())
    .bind(&nudge.zone)
    .bind(nudge.last_week.map(|week| week.to_string()))
    .bind(nudge.next.map(|slot| slot.at.as_millisecond()))
    .bind(nudge.next.map(|slot| slot.week.to_string()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn remove(tx: &mut Tx, team: &str, channel: &str) -> sqlx::Result<bool> {
    let gone = sqlx::query("DELETE FROM channel_nudges WHERE team_id = $1 AND channel_id = $2")
        .bind(team)
        .bind(channel)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Whose hour has come, as team and channel.
pub async fn due(pool: &AnyPool, now: Timestamp, most: i64) -> sqlx::Result<Vec<PersonId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT team_id, channel_id FROM channel_nudges WHERE next_at <= $1 ORDER BY next_at, team_id, channel_id
         LIMIT $2",
    )
    .bind(now.as_millisecond())
    .bind(most)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(team, user)| PersonId { team, user }).collect())
}

/// Which have had slots of weeks that are still far off: planned by a clock that was ahead.
pub async fn ahead(pool: &AnyPool, after: Timestamp, week: Week, most: i64) -> sqlx::Result<Vec<PersonId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT team_id, channel_id FROM channel_nudges WHERE next_at > $1 AND last_week > $2 LIMIT $3",
    )
    .bind(after.as_millisecond())
    .bind(week.to_string())
    .bind(most)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(team, user)| PersonId { team, user }).collect())
}

/// The earliest instant at which any channel's hour comes.
pub async fn next_due(pool: &AnyPool) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT next_at FROM channel_nudges WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1",
    )
    .fetch_optional(pool)
    .await
}
