//! One job: compose, send, record.

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use crate::coach;
use crate::coach::nudge::Occasion;
use crate::coach::pick;
use crate::coach::rhythm::TOO_LATE;
use crate::slack::api::{self, Error};
use crate::slack::{Secret, render};
use crate::store::jobs::{self, Ended, Job, JobKind};
use crate::store::{people, shown};

use super::App;
use super::workspaces::Sender;

const POST: &str = "chat.postMessage";
/// Waits grow from here, doubling, to the most.
const FIRST_WAIT_MILLIS: u64 = 2_000;
const LONGEST_WAIT_MILLIS: u64 = 600_000;

impl App {
    /// Takes the most urgent job that is due and sees it through. False when there is none.
    pub async fn deliver_one(&self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let Some(job) = jobs::claim(&self.db, &self.holder, now).await.context("claiming a job")? else {
            return Ok(false);
        };
        let ended = match self.attempt(&job, now).await {
            Ok(ended) => ended,
            // Our own trouble; whether Slack was reached is not known.
            Err(error) => {
                warn!(job = job.id, error = format!("{error:#}"), "a message could not be sent");
                Ended::Unsure(self.next_try(&job))
            }
        };
        self.record(&job, ended).await.context("recording how a job ended")?;
        Ok(true)
    }

    async fn attempt(&self, job: &Job, now: Timestamp) -> anyhow::Result<Ended> {
        let token = match self.sender(&job.person.team).await? {
            Sender::Ready(token) => token,
            Sender::Ended(why) => return Ok(Ended::Skipped(why)),
            Sender::NotConnected if self.is_too_late(job, now) => {
                return Ok(Ended::Failed("no token for this workspace within 24 hours".to_owned()));
            }
            Sender::NotConnected => return Ok(Ended::NotTried(now + SignedDuration::from_secs(5))),
        };
        if self.is_too_late(job, now) {
            return Ok(Ended::Failed(format!(
                "not delivered within 24 hours, in {} attempts",
                job.attempts - 1
            )));
        }
        if let Some(until) = self.slack.must_wait(&job.person.team, POST, now) {
            return Ok(Ended::NotTried(until));
        }
        let message = match self.compose(job, now).await? {
            Ok(message) => message,
            Err(reason) => return Ok(Ended::Skipped(reason)),
        };
        let cached = people::dm_channel(self.db.read(), &job.person).await?;
        let channel = match &cached {
            Some(channel) => channel.clone(),
            None => match self.slack.open_dm(&token, &job.person.user).await {
                Ok(channel) => channel,
                Err(error) => return self.refused(job, error, false, now).await,
            },
        };
        if job.may_have_arrived
            && let Some(ended) = self.look_for(job, &token, &channel).await
        {
            return Ok(ended);
        }
        if let Err(at) = self.pace.take(&job.person.team, &channel, now) {
            return Ok(Ended::NotTried(at));
        }
        match self.slack.post(&token, &channel, &message, &job.slot).await {
            Ok(ts) => Ok(Ended::Sent { channel, ts }),
            Err(error) => self.refused(job, error, cached.is_some(), now).await,
        }
    }

    fn is_too_late(&self, job: &Job, now: Timestamp) -> bool {
        now.duration_since(job.meant_at) > TOO_LATE
    }

    /// The words, drawn now: a nudge is asked again whether it is still wanted. The reason where not.
    async fn compose(&self, job: &Job, now: Timestamp) -> anyhow::Result<Result<String, String>> {
        let occasion = match job.kind {
            JobKind::Message => return Ok(Ok(job.body.clone())),
            JobKind::Nudge => Occasion::Weekly,
            JobKind::Reminder => Occasion::Reminder,
            JobKind::Quiet => Occasion::Quiet,
        };
        let mut tx = self.db.write().await?;
        let Some(person) = people::lock(&mut tx, &job.person, now).await? else {
            return Ok(Err("the person asked to be forgotten".to_owned()));
        };
        tx.rollback().await?;
        let Some(week) = job.week else { return Ok(Err("the job names no week".to_owned())) };
        let scene = self.scene(&person, now, "");
        Ok(coach::nudge::compose(&scene, occasion, week, job.prompt.as_ref())
            .map(|reply| api::to_json(&render::message(&reply)))
            .map_err(str::to_owned))
    }

    /// An earlier attempt may have arrived: looks for it in the conversation. None to send (again),
    /// also where we may not look: then the one possible double is as the manual says.
    async fn look_for(&self, job: &Job, token: &Secret, channel: &str) -> Option<Ended> {
        let since = job.meant_at - SignedDuration::from_mins(10);
        match self.slack.find_posted(token, channel, &job.slot, since).await {
            Ok(Some(ts)) => Some(Ended::Sent { channel: channel.to_owned(), ts }),
            Ok(None) => None,
            Err(Error::Refused { code, .. }) => {
                warn!(job = job.id, code, "cannot look whether a message has arrived; sending it once more");
                None
            }
            Err(_) => Some(Ended::Unsure(self.next_try(job))),
        }
    }

    /// What a failed call means for the job, the person and the workspace.
    async fn refused(
        &self,
        job: &Job,
        error: Error,
        channel_was_cached: bool,
        now: Timestamp,
    ) -> anyhow::Result<Ended> {
        let code = match error {
            Error::RateLimited(wait) => {
                // The whole team waits; then not all at once.
                self.slack.wait(&job.person.team, POST, now + wait);
                let jitter = SignedDuration::from_millis((pick::hash(&job.id) % 1_000) as i64);
                return Ok(Ended::Later(now + wait + jitter));
            }
            Error::Unreachable { may_have_arrived: true, .. } => {
                return Ok(Ended::Unsure(self.next_try(job)));
            }
            Error::Unreachable { .. } => return Ok(Ended::Later(self.next_try(job))),
            Error::Refused { code, .. } => code,
        };
        match meaning(&code) {
            Meaning::WorkspaceEnded => {
                self.end_workspace(&job.person.team, &format!("Slack says {code}"), now).await?;
                Ok(Ended::Failed(code))
            }
            Meaning::PersonGone if code == "channel_not_found" && channel_was_cached => {
                // A conversation we remembered from before; asked for anew once.
                let mut tx = self.db.write().await?;
                people::set_dm_channel(&mut tx, &job.person, None).await?;
                tx.commit().await?;
                Ok(Ended::Later(now))
            }
            Meaning::PersonGone => {
                let mut tx = self.db.write().await?;
                people::unreachable(&mut tx, &job.person).await?;
                tx.commit().await?;
                Ok(Ended::Failed(code))
            }
            Meaning::Ours => Ok(Ended::Failed(code)),
        }
    }

    /// Full jitter, and the same on every replica: the wait is a hash, not a die.
    fn next_try(&self, job: &Job) -> Timestamp {
        let doublings = job.attempts.clamp(1, 12) as u32 - 1;
        let most = FIRST_WAIT_MILLIS.saturating_mul(1 << doublings).min(LONGEST_WAIT_MILLIS);
        let wait = 500 + pick::hash(&format!("{}/{}", job.id, job.attempts)) % most;
        self.clock.now() + SignedDuration::from_millis(wait as i64)
    }

    async fn record(&self, job: &Job, ended: Ended) -> anyhow::Result<()> {
        let at = self.clock.now().as_millisecond();
        let mut tx = self.db.write().await?;
        // The person first, as everywhere: two transactions that lock in different orders would wait for
        // each other.
        if let Ended::Sent { channel, .. } = &ended {
            people::set_dm_channel(&mut tx, &job.person, Some(channel)).await?;
        }
        let ours = jobs::end(&mut tx, job, &ended, at).await?;
        if let (true, Ended::Sent { .. }, JobKind::Nudge, Some(prompt)) =
            (ours, &ended, job.kind, &job.prompt)
        {
            shown::show(&mut tx, &job.person, prompt, at).await?;
        }
        tx.commit().await?;
        if ours {
            self.metrics.ended(job.kind, &ended);
        }
        match &ended {
            Ended::Sent { .. } => info!(job = job.id, person = %job.person, kind = ?job.kind, "sent"),
            Ended::Skipped(reason) => info!(job = job.id, person = %job.person, reason, "skipped"),
            Ended::Failed(reason) => warn!(job = job.id, person = %job.person, reason, "failed"),
            Ended::Later(until) | Ended::Unsure(until) | Ended::NotTried(until) => {
                tracing::debug!(job = job.id, person = %job.person, %until, "put off");
            }
        }
        Ok(())
    }
}

enum Meaning {
    /// Nothing can be sent to this workspace any more.
    WorkspaceEnded,
    /// This person cannot be reached any more.
    PersonGone,
    /// Trying again would fail again.
    Ours,
}

fn meaning(code: &str) -> Meaning {
    match code {
        "account_inactive" | "token_revoked" | "invalid_auth" | "not_authed" | "token_expired" => {
            Meaning::WorkspaceEnded
        }
        "user_not_found"
        | "user_disabled"
        | "user_not_visible"
        | "channel_not_found"
        | "is_archived"
        | "messages_tab_disabled"
        | "cannot_dm_bot"
        | "restricted_action"
        | "restricted_action_read_only_channel" => Meaning::PersonGone,
        _ => Meaning::Ours,
    }
}
