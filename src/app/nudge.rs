//! Who is due: their slots become rows in the outbox.

use anyhow::Context;
use jiff::Timestamp;
use tracing::warn;

use crate::coach::nudge::Planned;
use crate::coach::person::PersonId;
use crate::coach::rhythm::Fate;
use crate::coach::{self, Change};
use crate::store::jobs::{self, JobKind, NewJob};
use crate::store::{changes, people};

use super::App;

const AT_A_TIME: i64 = 200;

/// Something that the coming days would bring. Ids only.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    pub at: Timestamp,
    /// send or skip.
    pub outcome: &'static str,
    pub kind: String,
    pub team: String,
    /// A person, or a channel.
    pub target: String,
    pub week: Option<String>,
    pub prompt: Option<String>,
    pub reason: Option<String>,
}

impl Coming {
    fn of(who: &PersonId, at: Timestamp, planned: Planned) -> Coming {
        let (at, outcome, kind, reason) = match planned.fate {
            Fate::Send { due_at } => (due_at, "send", "nudge", None),
            Fate::SayQuiet { due_at } => (due_at, "send", "quiet", None),
            Fate::Skip { reason } => (at, "skip", "nudge", Some(reason.to_owned())),
        };
        Coming {
            at,
            outcome,
            kind: kind.to_owned(),
            team: who.team.clone(),
            target: who.user.clone(),
            week: Some(planned.week.to_string()),
            prompt: planned.prompt.map(|prompt| prompt.to_string()),
            reason,
        }
    }
}

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

    /// What would be sent up to an instant, and what would be skipped, if nobody changed anything.
    pub async fn forecast(&self, until: Timestamp) -> anyhow::Result<Vec<Coming>> {
        let now = self.clock.now();
        let mut coming = Vec::new();
        for who in people::due(self.db.read(), until, i64::MAX).await.context("asking who is due")? {
            let mut tx = self.db.snapshot().await?;
            let Some(person) = people::find(&mut tx, &who, now).await? else { continue };
            tx.rollback().await?;
            for (at, planned) in coach::nudge::forecast(&self.scene(&person, now, ""), until) {
                coming.push(Coming::of(&who, at, planned));
            }
        }
        for job in jobs::waiting(self.db.read(), until).await.context("asking what waits")? {
            coming.push(Coming {
                at: Timestamp::from_millisecond(job.due_at)?.max(now),
                outcome: "send",
                kind: job.kind,
                team: job.team_id,
                target: job.user_id,
                week: job.week,
                prompt: job.prompt_id,
                reason: None,
            });
        }
        coming.sort_by(|a, b| (a.at, &a.team, &a.target).cmp(&(b.at, &b.team, &b.target)));
        Ok(coming)
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
        let Some(person) = people::lock(&mut tx, who, now).await? else { return Ok(()) };
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
                    self.metrics.skipped(JobKind::Nudge);
                }
            }
        }
        changes::apply(&mut tx, &person, &[Change::Rhythm(plan.rhythm)], now).await?;
        tx.commit().await?;
        Ok(())
    }
}
