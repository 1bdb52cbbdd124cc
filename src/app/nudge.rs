//! Who is due: their slots become rows in the outbox.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tracing::warn;

use crate::coach::library::PromptId;
use crate::coach::nudge::Planned;
use crate::coach::person::PersonId;
use crate::coach::rhythm::{Fate, Slot, TOO_LATE};
use crate::coach::{self, Change};
use crate::store::jobs::{self, JobKind, NewJob};
use crate::store::{Tx, changes, channels, people, workspaces};

use super::App;

const AT_A_TIME: i64 = 200;
/// Each transaction waits for the disk once; and people who say something at that moment wait for it.
const IN_ONE_TRANSACTION: usize = 10;
/// So often planning is tried, a tick apart, before a slot fails.
const TRIES: u32 = 3;

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
    fn of(who: &PersonId, planned: Planned) -> Coming {
        let (at, outcome, kind, reason) = match planned.fate {
            Fate::Send { due_at } => (due_at, "send", "nudge", None),
            Fate::SayQuiet { due_at } => (due_at, "send", "quiet", None),
            Fate::Skip { reason } => (planned.at, "skip", "nudge", Some(reason.to_owned())),
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
    pub async fn plan_due(self: &Arc<Self>) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let due = people::due(self.db.read(), now, AT_A_TIME).await.context("asking who is due")?;
        let long_ago = (now - TOO_LATE).as_millisecond();
        let gone = workspaces::ended_before(self.db.read(), long_ago).await;
        let gone = gone.context("asking which workspaces have ended")?;
        let gone = Arc::new(gone);
        let mut planned = 0;
        for some in due.chunks(IN_ONE_TRANSACTION) {
            if self.plan_apart(some, &gone).await.is_ok() {
                planned += some.len();
                some.iter().for_each(|who| self.forget_trouble(who));
                continue;
            }
            // One person's trouble is not everybody's.
            for who in some {
                match self.plan_apart(std::slice::from_ref(who), &gone).await {
                    Ok(()) => {
                        planned += 1;
                        self.forget_trouble(who);
                    }
                    Err(error) => self.could_not_plan(who, &error).await?,
                }
            }
        }
        for channel in
            channels::due(self.db.read(), now, AT_A_TIME).await.context("asking which channels are due")?
        {
            match self.plan_channel(&channel).await {
                Ok(()) => planned += 1,
                Err(error) => {
                    warn!(channel = %channel, error = format!("{error:#}"), "a channel could not be planned");
                }
            }
        }
        if planned > 0 {
            self.outbox.notify_one();
        }
        Ok(planned > 0 && due.len() as i64 == AT_A_TIME)
    }

    /// In a task of its own, so that a panic is an error like any other.
    async fn plan_apart(
        self: &Arc<Self>,
        some: &[PersonId],
        gone: &Arc<HashSet<String>>,
    ) -> anyhow::Result<()> {
        let (app, some, gone) = (Arc::clone(self), some.to_vec(), Arc::clone(gone));
        match tokio::spawn(async move { app.plan(&some, &gone).await }).await {
            Ok(done) => done,
            Err(_) => anyhow::bail!("planning panicked; the line above has the place"),
        }
    }

    /// Tried again on the next ticks; then the slot ends as failed, and next week is another one.
    async fn could_not_plan(&self, who: &PersonId, error: &anyhow::Error) -> anyhow::Result<()> {
        warn!(person = %who, error = format!("{error:#}"), "a nudge could not be planned");
        let tries = {
            let mut tries = self.unplannable.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let n = tries.entry(who.clone()).or_default();
            *n += 1;
            *n
        };
        if tries < TRIES {
            return Ok(());
        }
        let at = self.clock.now().as_millisecond();
        let mut tx = self.db.write().await?;
        if let Some(slot) = people::give_up_slot(&mut tx, who, at).await? {
            let job = NewJob::nudge(who, JobKind::Nudge, slot.week, None, slot.at);
            jobs::fail(&mut tx, &job, "could not be planned; the server's log says why", at).await?;
        }
        tx.commit().await?;
        self.metrics.failed(JobKind::Nudge);
        self.forget_trouble(who);
        Ok(())
    }

    fn forget_trouble(&self, who: &PersonId) {
        self.unplannable.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(who);
    }

    /// What would be sent up to an instant, and what would be skipped, if nobody changed anything.
    pub async fn forecast(&self, until: Timestamp) -> anyhow::Result<Vec<Coming>> {
        let now = self.clock.now();
        let mut coming = Vec::new();
        for who in people::due(self.db.read(), until, i64::MAX).await.context("asking who is due")? {
            let mut tx = self.db.snapshot().await?;
            let Some(person) = people::find(&mut tx, &who, now).await? else { continue };
            tx.rollback().await?;
            for planned in coach::nudge::forecast(&self.scene(&person, now, ""), until) {
                coming.push(Coming::of(&who, planned));
            }
        }
        for channel in
            channels::due(self.db.read(), until, i64::MAX).await.context("asking which channels are due")?
        {
            let found = channels::find(self.db.read(), &channel.team, &channel.user).await?;
            let Some(mut nudge) = found else { continue };
            while let Some(slot) = nudge.next.filter(|slot| slot.at <= until) {
                for (slot, fate) in nudge.come_due(slot.at.max(now)) {
                    let prompt = match fate {
                        Fate::Skip { .. } => None,
                        _ => coach::channel::challenge(&self.library, &channel.user, slot.week)
                            .map(|prompt| prompt.id.clone()),
                    };
                    let planned = Planned { week: slot.week, at: slot.at, prompt, fate };
                    coming.push(Coming { kind: "channel".to_owned(), ..Coming::of(&channel, planned) });
                }
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

    /// Slots, prompts and the moved-on dates of a few people, in one transaction.
    async fn plan(&self, some: &[PersonId], gone: &HashSet<String>) -> anyhow::Result<()> {
        let now = self.clock.now();
        let at = now.as_millisecond();
        let mut skipped = 0;
        let mut tx = self.db.write().await?;
        for who in some {
            let Some(person) = people::lock(&mut tx, who, now).await? else { continue };
            let scene = self.scene(&person, now, "");
            let plan = if gone.contains(&who.team) {
                coach::nudge::pass_over(&scene, "the app was removed from the workspace")
            } else {
                coach::nudge::plan(&scene)
            };
            for Planned { week, at: meant_at, prompt, fate } in plan.slots {
                let job = |kind| NewJob::nudge(who, kind, week, prompt.clone(), meant_at);
                match fate {
                    Fate::Send { due_at } => {
                        jobs::enqueue(&mut tx, &job(JobKind::Nudge).due(due_at), at).await?;
                    }
                    Fate::SayQuiet { due_at } => {
                        jobs::enqueue(&mut tx, &job(JobKind::Quiet).due(due_at), at).await?;
                    }
                    Fate::Skip { reason } => {
                        skipped += i32::from(jobs::skip(&mut tx, &job(JobKind::Nudge), reason, at).await?);
                    }
                }
            }
            changes::apply(&mut tx, &person, &[Change::Rhythm(plan.rhythm)], now).await?;
        }
        tx.commit().await?;
        for _ in 0..skipped {
            self.metrics.skipped(JobKind::Nudge);
        }
        Ok(())
    }

    /// A channel's slots, the same way.
    async fn plan_channel(&self, channel: &PersonId) -> anyhow::Result<()> {
        let now = self.clock.now();
        let at = now.as_millisecond();
        let mut tx = self.db.write().await?;
        let Some(mut nudge) = channels::lock(&mut tx, &channel.team, &channel.user).await? else {
            return Ok(());
        };
        for (slot, fate) in nudge.come_due(now) {
            let prompt = coach::channel::challenge(&self.library, &channel.user, slot.week)
                .map(|prompt| prompt.id.clone());
            match (fate, prompt) {
                (Fate::Send { due_at } | Fate::SayQuiet { due_at }, Some(prompt)) => {
                    let job = NewJob::channel(channel, slot.week, prompt, slot.at).due(due_at);
                    jobs::enqueue(&mut tx, &job, at).await?;
                }
                (Fate::Skip { reason }, _) => self.skip_channel(&mut tx, channel, slot, reason, at).await?,
                (_, None) => self.skip_channel(&mut tx, channel, slot, "there is no challenge", at).await?,
            }
        }
        channels::save(&mut tx, &channel.team, &nudge, at).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn skip_channel(
        &self,
        tx: &mut Tx,
        channel: &PersonId,
        slot: Slot,
        reason: &str,
        at: i64,
    ) -> anyhow::Result<()> {
        let job = NewJob::channel(channel, slot.week, PromptId::new(""), slot.at);
        if jobs::skip(tx, &NewJob { prompt: None, ..job }, reason, at).await? {
            self.metrics.skipped(JobKind::Channel);
        }
        Ok(())
    }
}
