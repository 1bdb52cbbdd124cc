//! Applies what the coach decided, one statement a change.

use jiff::Timestamp;

use crate::clock;
use crate::coach::person::{Person, PersonId};
use crate::coach::{Change, Ending};

use super::jobs::{self, NewJob};
use super::{Tx, cards, channels, people, ratings, rehearsals, shown};

pub async fn apply(tx: &mut Tx, person: &Person, changes: &[Change], now: Timestamp) -> anyhow::Result<()> {
    let id = &person.id;
    let at = now.as_millisecond();
    for change in changes {
        match change {
            Change::Welcomed => {
                set(tx, id, "UPDATE people SET welcomed_at = $1 WHERE team_id = $2 AND user_id = $3", at)
                    .await?
            }
            Change::Want(rung) => {
                set(tx, id, "UPDATE people SET rung = $1 WHERE team_id = $2 AND user_id = $3", rung.id())
                    .await?;
            }
            Change::ChooseZone(zone) => {
                set(
                    tx,
                    id,
                    "UPDATE people SET zone_chosen = $1 WHERE team_id = $2 AND user_id = $3",
                    zone.clone(),
                )
                .await?;
            }
            Change::Rhythm(rhythm) => people::set_rhythm(tx, id, rhythm, at).await?,
            Change::Shown(prompt) => shown::show(tx, id, prompt, at).await?,
            Change::Declined(prompt) => shown::decline(tx, id, prompt, at).await?,
            Change::TakeOn(taken) => {
                sqlx::query(
                    "INSERT INTO challenges (id, team_id, user_id, prompt_id, plan, due_on, taken_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
                )
                .bind(&taken.id)
                .bind(&id.team)
                .bind(&id.user)
                .bind(taken.prompt.as_str())
                .bind(&taken.plan)
                .bind(taken.due_on.to_string())
                .bind(at)
                .execute(&mut **tx)
                .await?;
            }
            Change::End { taken, how } => {
                sqlx::query(
                    "UPDATE challenges SET ended_at = $1, ended_how = $2
                     WHERE team_id = $3 AND user_id = $4 AND id = $5 AND ended_at IS NULL",
                )
                .bind(at)
                .bind(ending(*how))
                .bind(&id.team)
                .bind(&id.user)
                .bind(taken)
                .execute(&mut **tx)
                .await?;
            }
            Change::SaveCard(card) => cards::save(tx, id, card, at).await?,
            Change::Rehearse(run) => rehearsals::save(tx, id, run).await?,
            Change::DeleteCard(card) => cards::delete(tx, id, card, at).await?,
            Change::RestoreCard(card) => cards::restore(tx, id, card, now).await?,
            Change::UseSlot { week, prompt } => jobs::use_slot(tx, id, *week, prompt, at).await?,
            Change::ForgetUnasked => jobs::forget_unasked(tx, id, at).await?,
            Change::Remind { week, prompt, at: due } => {
                jobs::remind(tx, id, *week, prompt, *due, at).await?;
            }
            Change::Expect { event, at: due } => {
                jobs::enqueue(tx, &NewJob::event(id, event, *due), at).await?;
            }
            Change::Talk(talk) => people::set_talk(tx, id, *talk).await?,
            Change::ChannelNudge(nudge) => {
                channels::save(tx, &id.team, nudge, at).await?;
                let channel = PersonId { team: id.team.clone(), user: nudge.channel.clone() };
                jobs::enqueue(tx, &NewJob::hello(&channel, &clock::new_id(), now), at).await?;
            }
            Change::StopChannelNudge(channel) => {
                channels::remove(tx, &id.team, channel).await?;
            }
            Change::Describe(profile) => people::describe(tx, id, profile).await?,
            Change::Offered => {
                set(tx, id, "UPDATE people SET offered_at = $1 WHERE team_id = $2 AND user_id = $3", at)
                    .await?;
            }
            Change::Begun => {
                set(tx, id, "UPDATE people SET begun_at = $1 WHERE team_id = $2 AND user_id = $3", at)
                    .await?;
            }
            Change::NeverAsk => {
                set(tx, id, "UPDATE people SET never_ask_at = $1 WHERE team_id = $2 AND user_id = $3", at)
                    .await?;
            }
            Change::Rate(rating) => ratings::rate(tx, id, rating).await?,
            Change::Park(taken) => park(tx, id, taken, Some(at), None).await?,
            Change::Resume { taken, due_on } => park(tx, id, taken, None, Some(due_on.to_string())).await?,
            Change::Forget => forget(tx, id).await?,
        }
    }
    Ok(())
}

async fn set<'q, T>(tx: &mut Tx, id: &'q PersonId, sql: &'static str, value: T) -> sqlx::Result<()>
where
    T: sqlx::Encode<'q, sqlx::Any> + sqlx::Type<sqlx::Any> + Send + 'q,
{
    sqlx::query(sql).bind(value).bind(&id.team).bind(&id.user).execute(&mut **tx).await?;
    Ok(())
}

/// A challenge waits from this instant on, or not any more.
async fn park(
    tx: &mut Tx,
    id: &PersonId,
    taken: &str,
    at: Option<i64>,
    due_on: Option<String>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE challenges SET parked_at = $1, due_on = COALESCE($2, due_on)
         WHERE team_id = $3 AND user_id = $4 AND id = $5 AND ended_at IS NULL",
    )
    .bind(at)
    .bind(due_on)
    .bind(&id.team)
    .bind(&id.user)
    .bind(taken)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn ending(how: Ending) -> &'static str {
    match how {
        Ending::Done => "done",
        Ending::Swapped => "swapped",
        Ending::Dropped => "dropped",
    }
}

/// Every row that names this person. `tests/it/store.rs` walks the schema, so that a table which is
/// added later and forgotten here is found.
const FORGET: [&str; 9] = [
    // A channel's challenge is the channel's; only who set it up is forgotten.
    "UPDATE channel_nudges SET set_by = '' WHERE team_id = $1 AND set_by = $2",
    "DELETE FROM evidence WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM challenges WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM rehearsals WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM ratings WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM shown WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM jobs WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM answered WHERE team_id = $1 AND user_id = $2",
    "DELETE FROM people WHERE team_id = $1 AND user_id = $2",
];

/// Erases messages that were sent to people who have no row: the confirmation that they were forgotten. So
/// many at most.
pub async fn erase_last_words(tx: &mut Tx, most: i64) -> sqlx::Result<u64> {
    let gone = sqlx::query(
        "DELETE FROM jobs WHERE id IN
             (SELECT j.id FROM jobs j WHERE j.kind = 'message' AND j.done_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM people p WHERE p.team_id = j.team_id AND p.user_id = j.user_id)
              LIMIT $1)",
    )
    .bind(most)
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}

async fn forget(tx: &mut Tx, id: &PersonId) -> sqlx::Result<()> {
    for sql in FORGET {
        sqlx::query(sql).bind(&id.team).bind(&id.user).execute(&mut **tx).await?;
    }
    Ok(())
}
