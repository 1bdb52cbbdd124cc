//! A clock that is set back: what was put off by the time it showed before must not wait until it shows
//! that again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tracing::{error, warn};

use crate::coach::Change;
use crate::coach::person::PersonId;
use crate::coach::week::Week;
use crate::store::jobs::{self, JobKind};
use crate::store::{changes, channels, paces, people};

use super::App;

/// The latest time that this process has seen.
#[derive(Default)]
pub struct Steps(Mutex<Option<Timestamp>>);

/// A person's next slot is never further away than this, unless they chose so or a clock was wrong.
const A_WEEK_AND_A_DAY: SignedDuration = SignedDuration::from_hours(8 * 24);
const AT_A_TIME: i64 = 500;

impl App {
    /// Asked on every tick. Does something at the first, and whenever the clock shows less than before.
    pub async fn mind_the_clock(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let before = *self.seen();
        match before {
            Some(before) if now >= before => {
                *self.seen() = Some(now);
                return Ok(());
            }
            Some(before) => warn!(by = %before.duration_since(now), "the clock was set back"),
            None => {}
        }
        let mut tx = self.db.write().await?;
        jobs::wake(&mut tx, now).await.context("waking what waits for a time that was wrong")?;
        if before.is_some() {
            paces::forget(&mut tx).await?;
        }
        tx.commit().await?;
        self.plan_anew(now).await?;
        // Only now: what failed in between is tried again on the next tick.
        *self.seen() = Some(now);
        Ok(())
    }

    fn seen(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.steps.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who were planned by a clock that was ahead.
    async fn plan_anew(&self, now: Timestamp) -> anyhow::Result<()> {
        let this_week = this_week(now);
        let far = now + A_WEEK_AND_A_DAY;
        loop {
            let db = self.db.read();
            let mut people = people::ahead(db, far, this_week, AT_A_TIME).await?;
            people.extend(jobs::skipped_ahead(db, JobKind::Nudge, now, AT_A_TIME).await?);
            let mut channels = channels::ahead(db, far, this_week, AT_A_TIME).await?;
            channels.extend(jobs::skipped_ahead(db, JobKind::Channel, now, AT_A_TIME).await?);
            // One row that cannot be read is not everybody's trouble; planning finds it too, and ends it.
            let mut failed = 0;
            for who in &people {
                if let Err(error) = self.plan_person_anew(who, this_week, now).await {
                    failed += 1;
                    error!(person = %who, error = format!("{error:#}"), "could not be planned anew");
                }
            }
            for channel in &channels {
                if let Err(error) = self.plan_channel_anew(channel, this_week, now).await {
                    failed += 1;
                    error!(channel = %channel, error = format!("{error:#}"), "could not be planned anew");
                }
            }
            if !(people.is_empty() && channels.is_empty()) {
                warn!(
                    people = people.len(),
                    channels = channels.len(),
                    "were planned by a clock that was ahead, and are planned anew"
                );
            }
            // Who is planned is found no more, and who failed is: where nobody else is left, that would go on for ever.
            if failed == people.len() + channels.len()
                || people.len().max(channels.len()) < AT_A_TIME as usize
            {
                return Ok(());
            }
        }
    }

    /// What was skipped while the clock was ahead is still to come; what was sent, was sent.
    async fn plan_person_anew(&self, who: &PersonId, this_week: Week, now: Timestamp) -> anyhow::Result<()> {
        let mut tx = self.db.write().await?;
        // The person first, as everywhere.
        let person = people::lock(&mut tx, who, now).await?;
        jobs::unskip_after(&mut tx, who, now).await?;
        if let Some(person) = person {
            let mut rhythm = person.rhythm.clone();
            rhythm.last_week = jobs::last_sent(&mut tx, who, this_week).await?;
            rhythm.replan(&self.house.weekly, &person.zone.tz, now);
            changes::apply(&mut tx, &person, &[Change::Rhythm(rhythm)], now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn plan_channel_anew(
        &self,
        channel: &PersonId,
        this_week: Week,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let mut tx = self.db.write().await?;
        let nudge = channels::lock(&mut tx, &channel.team, &channel.user).await?;
        jobs::unskip_after(&mut tx, channel, now).await?;
        if let Some(mut nudge) = nudge {
            nudge.plan_anew(jobs::last_sent(&mut tx, channel, this_week).await?, now);
            channels::save(&mut tx, &channel.team, &nudge, now.as_millisecond()).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Everywhere on Earth it is this week or an earlier one.
pub(super) fn this_week(now: Timestamp) -> Week {
    Week::of((now + SignedDuration::from_hours(24)).to_zoned(jiff::tz::TimeZone::UTC).date())
}
