//! Find, make, lock and load a person.

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};

use crate::coach::dates::{parse_day, parse_time};
use crate::coach::event::Talk;
use crate::coach::levels;
use crate::coach::library::{PromptId, Rung};
use crate::coach::person::{Feeling, Here, More, Person, PersonId, Profile, Taken, Zone};
use crate::coach::rhythm::{Rhythm, Slot, TOO_LATE};
use crate::coach::week::{Week, day_short};

use super::{Tx, cards, jobs, ratings, rehearsals, shown};

#[derive(sqlx::FromRow)]
struct Row {
    welcomed_at: Option<i64>,
    rung: Option<String>,
    zone_chosen: Option<String>,
    zone_slack: Option<String>,
    zone_checked_at: Option<i64>,
    nudges_on_at: Option<i64>,
    nudge_day: Option<String>,
    nudge_time: Option<String>,
    nudge_every: i64,
    quiet_until: Option<String>,
    unanswered: i64,
    last_week: Option<String>,
    next_nudge_at: Option<i64>,
    next_nudge_week: Option<String>,
    here: Option<String>,
    feeling: Option<String>,
    minutes: Option<i64>,
    offered_at: Option<i64>,
    begun_at: Option<i64>,
    never_ask_at: Option<i64>,
    rated_at: Option<i64>,
    home_opened_at: Option<i64>,
    rehearsed_at: Option<i64>,
    talk_booked_on: Option<String>,
    talked_on: Option<String>,
}

/// What a `Row` is read from.
macro_rules! columns {
    () => {
        "welcomed_at, rung, zone_chosen, zone_slack, zone_checked_at, nudges_on_at, nudge_day, nudge_time, nudge_every, quiet_until,
         unanswered, last_week, next_nudge_at, next_nudge_week, here, feeling, minutes, offered_at, begun_at,
         never_ask_at, rated_at, home_opened_at, rehearsed_at, talk_booked_on, talked_on"
    };
}

// `RETURNING` and not a plain `SELECT`: on PostgreSQL only the update locks the row, and what is read
// here is decided on.
const OPEN: &str = concat!(
    "INSERT INTO people (team_id, user_id, created_at, used_at, nudge_every, unanswered) VALUES ($1, $2, $3, $4, 1, 0)
    ON CONFLICT (team_id, user_id) DO UPDATE SET used_at = excluded.used_at
    RETURNING ",
    columns!()
);

const LOCK: &str = concat!(
    "UPDATE people SET user_id = user_id WHERE team_id = $1 AND user_id = $2
    RETURNING ",
    columns!()
);

/// Somebody uses the coach: their row, made if need be, locked, with all that a decision needs.
pub async fn open(
    tx: &mut Tx,
    id: &PersonId,
    asked_for: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Person> {
    let row: Row = sqlx::query_as(OPEN)
        .bind(&id.team)
        .bind(&id.user)
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_one(&mut **tx)
        .await?;
    person(tx, id, row, asked_for, now).await
}

/// The same for the scheduler, which is no use of the coach. None where they asked to be forgotten.
pub async fn lock(tx: &mut Tx, id: &PersonId, now: Timestamp) -> anyhow::Result<Option<Person>> {
    let row: Option<Row> =
        sqlx::query_as(LOCK).bind(&id.team).bind(&id.user).fetch_optional(&mut **tx).await?;
    match row {
        None => Ok(None),
        Some(row) => Ok(Some(person(tx, id, row, None, now).await?)),
    }
}

const FIND: &str = concat!("SELECT ", columns!(), " FROM people WHERE team_id = $1 AND user_id = $2");

/// For looking only: nothing that is decided on this may be written down.
pub async fn find(tx: &mut Tx, id: &PersonId, now: Timestamp) -> anyhow::Result<Option<Person>> {
    let row: Option<Row> =
        sqlx::query_as(FIND).bind(&id.team).bind(&id.user).fetch_optional(&mut **tx).await?;
    match row {
        None => Ok(None),
        Some(row) => Ok(Some(person(tx, id, row, None, now).await?)),
    }
}

async fn person(
    tx: &mut Tx,
    id: &PersonId,
    row: Row,
    asked_for: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Person> {
    let zone = Zone::resolve(row.zone_chosen.as_deref(), row.zone_slack.as_deref());
    let proves_since = levels::proves_since(zone.tz.to_datetime(now).date());
    let (current, parked) = challenges(tx, id).await?;
    Ok(Person {
        id: id.clone(),
        is_new: row.welcomed_at.is_none(),
        zone_asked: row.zone_checked_at.is_some(),
        wanted: row.rung.as_deref().and_then(Rung::from_id),
        zone,
        rhythm: rhythm(&row).with_context(|| format!("the nudges of {id}"))?,
        current,
        shelf: cards::shelf(tx, id, asked_for, proves_since, now).await?,
        shown: shown::load(tx, id).await?,
        profile: profile(&row)?,
        parked,
        // Most people have none, and then nobody has to look.
        ratings: if row.rated_at.is_some() { ratings::load(tx, id).await? } else { Vec::new() },
        more: More::default(),
        runs: if row.rehearsed_at.is_some() { rehearsals::load(tx, id).await? } else { Vec::new() },
        has_home: row.home_opened_at.is_some(),
        talk: Talk {
            booked_on: row.talk_booked_on.as_deref().and_then(|date| date.parse().ok()),
            talked_on: row.talked_on.as_deref().and_then(|date| date.parse().ok()),
        },
        letters: jobs::letters(tx, id, now).await?,
    })
}

fn profile(row: &Row) -> anyhow::Result<Profile> {
    Ok(Profile {
        here: row.here.as_deref().and_then(Here::from_id),
        feeling: row.feeling.as_deref().and_then(Feeling::from_id),
        minutes: row.minutes.and_then(|minutes| u32::try_from(minutes).ok()),
        offered_at: row.offered_at.map(Timestamp::from_millisecond).transpose()?,
        has_begun: row.begun_at.is_some(),
        never_ask: row.never_ask_at.is_some(),
    })
}

fn rhythm(row: &Row) -> anyhow::Result<Rhythm> {
    let week = |text: &Option<String>| -> anyhow::Result<Option<Week>> {
        text.as_deref()
            .map(|text| Week::parse(text).with_context(|| format!("{text} is no week")))
            .transpose()
    };
    let day_and_time =
        |day: &str, time: &str| -> Option<(Weekday, Time)> { Some((parse_day(day)?, parse_time(time)?)) };
    let next_at = row.next_nudge_at.map(Timestamp::from_millisecond).transpose()?;
    Ok(Rhythm {
        on: row.nudges_on_at.is_some(),
        own: row
            .nudge_day
            .as_deref()
            .zip(row.nudge_time.as_deref())
            .and_then(|(day, time)| day_and_time(day, time)),
        every: u32::try_from(row.nudge_every).unwrap_or(1).max(1),
        quiet_until: row.quiet_until.as_deref().map(str::parse::<Date>).transpose()?,
        unanswered: u32::try_from(row.unanswered).unwrap_or(0),
        last_week: week(&row.last_week)?,
        next: next_at.zip(week(&row.next_nudge_week)?).map(|(at, week)| Slot { at, week }),
    })
}

/// The challenge on the go, and those that wait.
async fn challenges(tx: &mut Tx, id: &PersonId) -> anyhow::Result<(Option<Taken>, Vec<Taken>)> {
    let rows: Vec<(String, String, String, String, Option<i64>)> = sqlx::query_as(
        "SELECT id, prompt_id, plan, due_on, parked_at FROM challenges
         WHERE team_id = $1 AND user_id = $2 AND ended_at IS NULL ORDER BY taken_at DESC, id DESC",
    )
    .bind(&id.team)
    .bind(&id.user)
    .fetch_all(&mut **tx)
    .await?;
    let (mut current, mut parked) = (None, Vec::new());
    for (id, prompt, plan, due_on, parked_at) in rows {
        let taken = Taken { id, prompt: PromptId::new(prompt), plan, due_on: due_on.parse()? };
        match parked_at {
            None if current.is_none() => current = Some(taken),
            at => parked.push((at, taken)),
        }
    }
    parked.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok((current, parked.into_iter().map(|(_, taken)| taken).collect()))
}

/// Writes a rhythm down, the next slot included: what is due is found by an index on it. Since when nudges are
/// on stays as it is while they are.
pub async fn set_rhythm(tx: &mut Tx, id: &PersonId, rhythm: &Rhythm, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE people SET nudges_on_at = CASE WHEN $1 = 'on' THEN COALESCE(nudges_on_at, $2) END,
                nudge_day = $3, nudge_time = $4, nudge_every = $5, quiet_until = $6,
                unanswered = $7, last_week = $8, next_nudge_at = $9, next_nudge_week = $10
         WHERE team_id = $11 AND user_id = $12",
    )
    .bind(if rhythm.on { "on" } else { "off" })
    .bind(now)
    .bind(rhythm.own.map(|(day, _)| day_short(day)))
    .bind(rhythm.own.map(|(_, time)| time.strftime("%H:%M").to_string()))
    .bind(i64::from(rhythm.every))
    .bind(rhythm.quiet_until.map(|date| date.to_string()))
    .bind(i64::from(rhythm.unanswered))
    .bind(rhythm.last_week.map(|week| week.to_string()))
    .bind(rhythm.next.map(|slot| slot.at.as_millisecond()))
    .bind(rhythm.next.map(|slot| slot.week.to_string()))
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What they say about themselves.
pub async fn describe(tx: &mut Tx, id: &PersonId, profile: &Profile) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE people SET here = $1, feeling = $2, minutes = $3 WHERE team_id = $4 AND user_id = $5",
    )
    .bind(profile.here.map(Here::id))
    .bind(profile.feeling.map(Feeling::id))
    .bind(profile.minutes.map(i64::from))
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub const DUE: &str = "
    SELECT team_id, user_id FROM people
    WHERE next_nudge_at <= $1
      AND NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.team_id = people.team_id AND w.ended_at > $2)
    ORDER BY next_nudge_at, user_id, team_id LIMIT $3";

/// Whose slot has come, the longest waiting first; of those due at once people of all workspaces in turn.
/// Follows an index on the due, not the people. Those of a workspace that ended lately wait: it may come back.
pub async fn due(pool: &sqlx::AnyPool, now: Timestamp, most: i64) -> sqlx::Result<Vec<PersonId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(DUE)
        .bind(now.as_millisecond())
        .bind((now - TOO_LATE).as_millisecond())
        .bind(most)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|(team, user)| PersonId { team, user }).collect())
}

/// The earliest instant at which anybody's slot comes, of those that do not wait for their workspace.
pub async fn next_due(pool: &sqlx::AnyPool, now: Timestamp) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT next_nudge_at FROM people
         WHERE next_nudge_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM workspaces w WHERE w.team_id = people.team_id AND w.ended_at > $1)
         ORDER BY next_nudge_at LIMIT 1",
    )
    .bind((now - TOO_LATE).as_millisecond())
    .fetch_optional(pool)
    .await
}

/// Where a walk along those who come due has got to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passed {
    pub due_at: i64,
    pub team: String,
    pub user: String,
}

pub const TO_ASK: &str = "
    SELECT next_nudge_at, team_id, user_id FROM people
    WHERE (next_nudge_at, user_id, team_id) > ($1, $2, $3) AND next_nudge_at <= $4
      AND (zone_checked_at IS NULL OR zone_checked_at < $5)
    ORDER BY next_nudge_at, user_id, team_id LIMIT $6";

/// Whose slot comes before that instant, and of whom Slack's word is older than the other; those after the
/// one that was passed last.
pub async fn to_ask_slack_about(
    pool: &sqlx::AnyPool,
    passed: &Passed,
    until: Timestamp,
    older_than: Timestamp,
    most: i64,
) -> sqlx::Result<Vec<Passed>> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(TO_ASK)
        .bind(passed.due_at)
        .bind(&passed.user)
        .bind(&passed.team)
        .bind(until.as_millisecond())
        .bind(older_than.as_millisecond())
        .bind(most)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|(due_at, team, user)| Passed { due_at, team, user }).collect())
}

/// Who has had slots of weeks that are still far off: planned by a clock that was ahead.
pub async fn ahead(
    pool: &sqlx::AnyPool,
    after: Timestamp,
    week: Week,
    most: i64,
) -> sqlx::Result<Vec<PersonId>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT team_id, user_id FROM people WHERE next_nudge_at > $1 AND last_week > $2 LIMIT $3",
    )
    .bind(after.as_millisecond())
    .bind(week.to_string())
    .bind(most)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(team, user)| PersonId { team, user }).collect())
}

/// The slot of somebody whose row cannot be understood any further, and the one a week later in its place.
pub async fn give_up_slot(tx: &mut Tx, id: &PersonId, now: i64) -> anyhow::Result<Option<Slot>> {
    let row: Option<(Option<i64>, Option<String>)> = sqlx::query_as(
        "UPDATE people SET user_id = user_id WHERE team_id = $1 AND user_id = $2
         RETURNING next_nudge_at, next_nudge_week",
    )
    .bind(&id.team)
    .bind(&id.user)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((Some(at), week)) = row else { return Ok(None) };
    const A_WEEK: i64 = 7 * 24 * 3_600_000;
    let weeks = (now - at).max(0) / A_WEEK + 1;
    let at = Timestamp::from_millisecond(at)?;
    let week = week
        .as_deref()
        .and_then(Week::parse)
        .unwrap_or_else(|| Week::of(at.to_zoned(jiff::tz::TimeZone::UTC).date()));
    let next = Week::of(week.monday().saturating_add(jiff::Span::new().weeks(weeks)));
    sqlx::query(
        "UPDATE people SET next_nudge_at = $1, next_nudge_week = $2, last_week = $3 WHERE team_id = $4 AND user_id = $5",
    )
    .bind(at.as_millisecond() + weeks * A_WEEK)
    .bind(next.to_string())
    .bind(week.to_string())
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(Some(Slot { at, week }))
}

pub async fn set_talk(tx: &mut Tx, id: &PersonId, talk: Talk) -> sqlx::Result<()> {
    sqlx::query("UPDATE people SET talk_booked_on = $1, talked_on = $2 WHERE team_id = $3 AND user_id = $4")
        .bind(talk.booked_on.map(|date| date.to_string()))
        .bind(talk.talked_on.map(|date| date.to_string()))
        .bind(&id.team)
        .bind(&id.user)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What we know of somebody's zone, and when Slack was last asked; None for a stranger.
pub async fn zone_checked(pool: &sqlx::AnyPool, id: &PersonId) -> sqlx::Result<Option<Option<i64>>> {
    sqlx::query_scalar("SELECT zone_checked_at FROM people WHERE team_id = $1 AND user_id = $2")
        .bind(&id.team)
        .bind(&id.user)
        .fetch_optional(pool)
        .await
}

/// What Slack has said of somebody, as it is written down.
pub struct Known {
    pub zone: Option<String>,
    /// Something may still be sent to them: `unreachable` has not been said of them.
    pub is_reached: bool,
}

/// None for a stranger.
pub async fn known_of(pool: &sqlx::AnyPool, id: &PersonId) -> sqlx::Result<Option<Known>> {
    type Row = (Option<String>, Option<i64>, Option<i64>, Option<String>);
    let row: Option<Row> = sqlx::query_as(
        "SELECT zone_slack, next_nudge_at, nudges_on_at, dm_channel FROM people WHERE team_id = $1 AND user_id = $2",
    )
    .bind(&id.team)
    .bind(&id.user)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(zone, next_nudge_at, nudges_on_at, dm_channel)| Known {
        zone,
        is_reached: next_nudge_at.is_some() || nudges_on_at.is_some() || dm_channel.is_some(),
    }))
}

/// Slack's word on somebody's zone. The caller has locked the row and moves the rhythm.
pub async fn set_slack_zone(tx: &mut Tx, id: &PersonId, zone: Option<&str>, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE people SET zone_slack = COALESCE($1, zone_slack), zone_checked_at = $2
         WHERE team_id = $3 AND user_id = $4",
    )
    .bind(zone)
    .bind(now)
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn dm_channel(pool: &sqlx::AnyPool, id: &PersonId) -> sqlx::Result<Option<String>> {
    let channel: Option<Option<String>> =
        sqlx::query_scalar("SELECT dm_channel FROM people WHERE team_id = $1 AND user_id = $2")
            .bind(&id.team)
            .bind(&id.user)
            .fetch_optional(pool)
            .await?;
    Ok(channel.flatten())
}

pub async fn set_dm_channel(tx: &mut Tx, id: &PersonId, channel: Option<&str>) -> sqlx::Result<()> {
    sqlx::query("UPDATE people SET dm_channel = $1 WHERE team_id = $2 AND user_id = $3")
        .bind(channel)
        .bind(&id.team)
        .bind(&id.user)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// They have App Home open. Of a stranger nothing is written down for that.
pub async fn home_opened(tx: &mut Tx, id: &PersonId, now: i64) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE people SET home_opened_at = $1 WHERE team_id = $2 AND user_id = $3 AND home_opened_at IS NULL",
    )
    .bind(now)
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Nobody can be reached there any more: their nudges stop, their rows stay theirs.
pub async fn unreachable(tx: &mut Tx, id: &PersonId) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE people SET next_nudge_at = NULL, next_nudge_week = NULL, nudges_on_at = NULL, dm_channel = NULL
         WHERE team_id = $1 AND user_id = $2",
    )
    .bind(&id.team)
    .bind(&id.user)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
