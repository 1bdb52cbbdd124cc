//! Who is due: their slots become rows in the outbox.

use anyhow::Context;
use tracing::warn;

use crate::coach::nudge::Planned;
use crate::coach::person::PersonId;
use crate::coach::rhythm::Fate;
use crate::coach::{self, Change};
use crate::store::jobs::{self, JobKind, NewJob};
use crate::store::{changes, people};

use super::App;

const AT_A_TIME: i64 = 200;

impl App {
    /// Plans everybody whose slot has come; true when there may be more.
    pub async fn plan_due(&self) -> anyhow::Result<bool> {
        let due =
            people::due(self.db.read(), self.clock.now(), AT_A_TIME).await.context("asking who is due")?;
        let mut planned = 0;
        for who in &due {
            // One person's trouble is not everybody's.
            match self.plan(who).await {
                Ok(()) => planned += 1,
                Err(error) => {
                    warn!(person = %who, error = format!("{error:#}"), "a nudge could not be planned")
                }
            }
        }
        Ok(planned > 0 && due.len() as i64 == AT_A_TIME)
    }

    /// Slot, prompt and the moved-on date in one transaction.
    async fn plan(&self, who: &PersonId) -> anyhow::Result<()> {
        let user = self.meet_again(who).await;
        let now = self.clock.now();
        let at = now.as_millisecond();
        let mut tx = self.db.write().await?;
        if let Some(user) = user {
            self.told(&mut tx, who, &user, now).await?;
        }
        let Some(person) = people::lock(&mut tx, who).await? else { return Ok(()) };
        let plan = coach::nudge::plan(&self.scene(&person, now, ""));
        for Planned { week, prompt, fate } in plan.slots {
            match fate {
                Fate::Send { due_at } => {
                    let job = NewJob::nudge(who, JobKind::Nudge, week, prompt, due_at);
                    jobs::enqueue(&mut tx, &job, at).await?;
                }
                Fate::SayQuiet { due_at } => {
                    let job = NewJob::nudge(who, JobKind::Quiet, week, None, due_at);
                    jobs::enqueue(&mut tx, &job, at).await?;
                }
                Fate::Skip { reason } => {
                    jobs::skip_slot(&mut tx, who, week, reason, now, at).await?;
                }
            }
        }
        changes::apply(&mut tx, &person, &[Change::Rhythm(plan.rhythm)], now).await?;
        tx.commit().await?;
        Ok(())
    }
}
