//! One job: compose, send, record.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

use crate::coach::event::{self, Event, Verdict};
use crate::coach::nudge::Occasion;
use crate::coach::person::PersonId;
use crate::coach::rhythm::TOO_LATE;
use crate::coach::week::Week;
use crate::coach::{self, Change, Reply, channel, pick};
use crate::slack::api::{self, Error, OPEN, POST, SEND_WITHIN};
use crate::slack::{Secret, render};
use crate::store::jobs::{self, Ended, Job, JobKind, LEASE_MILLIS, NewJob};
use crate::store::paces::{self, Call, Pace};
use crate::store::{changes, channels, people, shown};

use super::pace::{Row, Turn};
use super::workspaces::Sender;
use super::{App, files};

/// Waits grow from here, doubling, to the most.
const FIRST_WAIT_MILLIS: u64 = 2_000;
const LONGEST_WAIT_MILLIS: u64 = 600_000;
/// So many messages of one team may be on their way at once: where its Slack hangs, the others go on.
const PER_TEAM: usize = 20;
/// From the claim on, this long may pass before the message is sent: the send must be over before the lease.
const START_WITHIN: Duration = Duration::from_millis(LEASE_MILLIS as u64 - 2_000).saturating_sub(SEND_WITHIN);

/// So often a message is looked at whose workspace has no token at the moment.
const WITHOUT_TOKEN: SignedDuration = SignedDuration::from_secs(30);

/// How many messages of each team are on their way.
#[derive(Clone, Default)]
pub struct OnTheirWay(Arc<Mutex<HashMap<String, usize>>>);

impl OnTheirWay {
    /// None where the team has no room for one more.
    fn start(&self, team: &str) -> Option<Seat> {
        let mut teams = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let n = teams.entry(team.to_owned()).or_default();
        let has_room = *n < PER_TEAM;
        *n += usize::from(has_room);
        has_room.then(|| Seat { teams: self.clone(), team: team.to_owned() })
    }
}

/// One of the messages of a team that are on their way. Dropped, however that comes about, it is not any more.
struct Seat {
    teams: OnTheirWay,
    team: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut teams = self.teams.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(n) = teams.get_mut(&self.team) {
            *n = n.saturating_sub(1);
            if *n == 0 {
                teams.remove(&self.team);
            }
        }
    }
}

/// A job whose turn it is.
pub struct Ready {
    job: Job,
    seat: Seat,
}

/// What was taken out of the outbox at once.
pub struct Taken {
    /// To be seen through, each with `deliver`.
    pub ready: Vec<Ready>,
    /// With those that have to wait for their turn, and were put back.
    pub claimed: usize,
}

impl App {
    /// Takes the most urgent jobs that are due, and puts back those that have to wait, in one transaction.
    pub async fn take_due(&self, most: usize) -> anyhow::Result<Taken> {
        let now = self.clock.now();
        let mut tx = self.db.write().await?;
        let claimed = jobs::claim_in(&mut tx, self.db.kind(), &self.holder, now, most).await;
        let claimed = claimed.context("claiming jobs")?;
        let mut taken = Taken { ready: Vec::new(), claimed: claimed.len() };
        let mut waiting = Vec::new();
        // By team, in one order everywhere: two servers that lock in different orders would wait for each other.
        let mut teams: BTreeMap<String, Vec<Job>> = BTreeMap::new();
        for job in claimed {
            teams.entry(job.person.team.clone()).or_default().push(job);
        }
        for (team, jobs) in teams {
            let pace = paces::lock(&mut tx, &team, now).await?;
            let mut row = Row::new(pace.free_at, now.as_millisecond());
            for job in jobs {
                match self.turn(&job, &pace, &mut row, now) {
                    Ok(seat) => taken.ready.push(Ready { job, seat }),
                    Err(ended) => waiting.push((job, ended)),
                }
            }
            if row.free_at != pace.free_at {
                paces::set_free_at(&mut tx, &team, row.free_at).await?;
            }
        }
        for (job, ended) in &waiting {
            jobs::end(&mut tx, job, ended, now.as_millisecond()).await?;
        }
        tx.commit().await?;
        for (job, ended) in &waiting {
            self.metrics.ended(job.kind, ended);
        }
        Ok(taken)
    }

    /// A seat where it is this job's turn; otherwise when it is.
    fn turn(&self, job: &Job, pace: &Pace, row: &mut Row, now: Timestamp) -> Result<Seat, Ended> {
        let team = &job.person.team;
        let told = if files::promised(job).is_empty() {
            pace.post_after.max(pace.look_after.filter(|_| job.may_have_arrived))
        } else {
            pace.file_after
        };
        if let Some(until) = told.and_then(|until| Timestamp::from_millisecond(until).ok()) {
            return Err(Ended::NotTried(until));
        }
        // Whoever has had their place in the row and finds the door shut does not queue again.
        let shut = |at| if row.had(job.place) { Ended::InRow(at) } else { Ended::NotTried(at) };
        if let Err(at) = self.channels.free(team, &job.person.user, now) {
            return Err(shut(at));
        }
        let seat = self.on_their_way.start(team);
        let seat = seat.ok_or_else(|| shut(now + jitter(&job.id, 500, 1_000)))?;
        match row.turn(job.place, job.kind == JobKind::Message) {
            Turn::Now => {
                self.channels.taken(team, &job.person.user, now);
                Ok(seat)
            }
            Turn::At(at) => Err(Ended::InRow(Timestamp::from_millisecond(at).unwrap_or(now))),
        }
    }

    /// Sees one job through. Whatever happens in it, it ends here.
    pub async fn deliver(self: &Arc<Self>, Ready { job, seat }: Ready) {
        let (app, attempted) = (Arc::clone(self), job.clone());
        let attempt = tokio::spawn(async move { app.attempt(&attempted, app.clock.now()).await });
        let ended = match attempt.await {
            Ok(Ok(ended)) => ended,
            // Our own trouble; whether Slack was reached is not known.
            Ok(Err(error)) => {
                warn!(job = job.id, error = format!("{error:#}"), "a message could not be sent");
                Ended::Unsure(self.next_try(&job))
            }
            Err(_) => {
                error!(job = job.id, "a message could not be drawn or sent: that panicked");
                self.metrics.panicked();
                Ended::Failed("a panic on our side; the server's log has the place".to_owned())
            }
        };
        // Before it is written down: the next one may go meanwhile.
        drop(seat);
        if let Err(error) = self.record(&job, ended).await {
            // The lease runs out, and whoever has it next looks whether the message has arrived.
            error!(job = job.id, error = format!("{error:#}"), "how a job ended could not be written down");
        }
    }

    /// Gives a job back that will not be tried here.
    pub async fn give_back(&self, Ready { job, .. }: Ready) {
        if let Err(error) = self.record(&job, Ended::NotTried(self.clock.now())).await {
            warn!(job = job.id, error = format!("{error:#}"), "a job could not be given back");
        }
    }

    async fn attempt(self: &Arc<Self>, job: &Job, now: Timestamp) -> anyhow::Result<Ended> {
        let token = match self.sender(&job.person.team).await? {
            Sender::Ready(token) => token,
            Sender::Ended(why) => return Ok(Ended::Skipped(why)),
            Sender::NotConnected if self.is_too_late(job, now) => {
                return Ok(Ended::Failed("no token for this workspace within 24 hours".to_owned()));
            }
            Sender::NotConnected => return Ok(Ended::NotTried(now + WITHOUT_TOKEN)),
        };
        // Planned, and then nobody was there to send it: that is an outage and no failure of the message.
        if self.is_too_late(job, now) && job.attempts <= 1 && job.kind != JobKind::Message {
            return Ok(Ended::Skipped("the coach was not running at the time".to_owned()));
        }
        let files = if job.kind == JobKind::Message { files::promised(job) } else { Vec::new() };
        if !files.is_empty() {
            return self.deliver_files(job, &files, &token, now).await;
        }
        if self.is_too_late(job, now) {
            return Ok(Ended::Failed(format!(
                "not delivered within 24 hours, in {} attempts",
                job.attempts - 1
            )));
        }
        let cached = match job.kind {
            JobKind::Channel => Some(job.person.user.clone()),
            _ => people::dm_channel(self.db.read(), &job.person).await?,
        };
        if job.may_have_arrived {
            let channel = match &cached {
                Some(channel) => channel.clone(),
                None => match self.slack.open_dm(&token, &job.person.user).await {
                    Ok(channel) => channel,
                    Err(error) => return self.refused(job, OPEN, error, false, now).await,
                },
            };
            if let Some(ended) = self.look_for(job, &token, &channel, now).await {
                return Ok(ended);
            }
        }
        if let (JobKind::Nudge, Some(week), None) = (job.kind, job.week, &job.prompt) {
            return self.choose(job, week, now).await;
        }
        let message = match self.compose(job, now).await? {
            Drawn::Message(message) => message,
            Drawn::Wait(at) => return Ok(Ended::Moved(at)),
            Drawn::Sleep(at) => return Ok(Ended::NotTried(at)),
            Drawn::Skip(reason) => return Ok(Ended::Skipped(reason)),
        };
        if job.held_for() > START_WITHIN {
            return Ok(Ended::NotTried(now));
        }
        // A person's id opens the conversation with them.
        let channel = cached.as_deref().unwrap_or(&job.person.user);
        match self.slack.post(&token, channel, &message, &job.slot).await {
            Ok((channel, ts)) => Ok(Ended::Sent { channel, ts }),
            Err(error) => self.refused(job, POST, error, cached.is_some(), now).await,
        }
    }

    pub(super) fn is_too_late(&self, job: &Job, now: Timestamp) -> bool {
        now.duration_since(job.meant_at) > TOO_LATE
    }

    /// The prompt of a slot that could not be planned in its time and was brought back. It is written down
    /// before it is sent, so that every attempt sends the same.
    async fn choose(&self, job: &Job, week: Week, now: Timestamp) -> anyhow::Result<Ended> {
        let mut tx = self.db.write().await?;
        let Some(person) = people::lock(&mut tx, &job.person, now).await? else {
            return Ok(Ended::Skipped("the person asked to be forgotten".to_owned()));
        };
        let Some(prompt) = coach::nudge::choose_for(&self.scene(&person, now, ""), week) else {
            return Ok(Ended::Skipped("every prompt has been put aside".to_owned()));
        };
        jobs::choose(&mut tx, job, &prompt.id).await?;
        tx.commit().await?;
        Ok(Ended::NotTried(now))
    }

    /// The words, drawn now: a nudge is asked again whether it is still wanted.
    async fn compose(&self, job: &Job, now: Timestamp) -> anyhow::Result<Drawn> {
        let occasion = match job.kind {
            JobKind::Message => return Ok(Drawn::Message(job.body.clone())),
            JobKind::Channel => return self.compose_for_channel(job, now).await,
            JobKind::Event => None,
            JobKind::Nudge => Some(Occasion::Weekly),
            JobKind::Reminder => Some(Occasion::Reminder),
            JobKind::Quiet => Some(Occasion::Quiet),
        };
        let mut tx = self.db.snapshot().await?;
        let person = people::find(&mut tx, &job.person, now).await?;
        tx.rollback().await?;
        let Some(person) = person else {
            return Ok(Drawn::Skip("the person asked to be forgotten".to_owned()));
        };
        let scene = self.scene(&person, now, "");
        let verdict = match (occasion, job.week) {
            (Some(occasion), Some(week)) => {
                coach::nudge::compose(&scene, occasion, week, job.prompt.as_ref(), job.meant_at)
            }
            (Some(_), None) => Verdict::Skip("the job names no week"),
            (None, _) => match job.occasion.as_deref().and_then(Event::decode) {
                Some(event) => event::compose(&scene, &event, job.meant_at),
                None => Verdict::Skip("what it was about is not known any more"),
            },
        };
        Ok(match verdict {
            Verdict::Say(reply) => Drawn::of(&reply),
            Verdict::Wait(at) => Drawn::Wait(at),
            Verdict::Sleep(at) => Drawn::Sleep(at),
            Verdict::Skip(reason) => Drawn::Skip(reason.to_owned()),
        })
    }

    async fn compose_for_channel(&self, job: &Job, now: Timestamp) -> anyhow::Result<Drawn> {
        let stopped = || Drawn::Skip("the channel's challenge was stopped".to_owned());
        let found = channels::find(self.db.read(), &job.person.team, &job.person.user).await?;
        let Some(nudge) = found else { return Ok(stopped()) };
        if let (Some(_), Some(at)) = (job.week, nudge.after_the_night(job.meant_at, now)) {
            return Ok(Drawn::Sleep(at));
        }
        // Who set it up is named as they call themselves today, and not kept.
        let name = match nudge.set_by.as_str() {
            "" => None,
            user => {
                let who = PersonId { team: job.person.team.clone(), user: user.to_owned() };
                let known = self.ask_slack(&who).await.and_then(|user| user.name);
                Some(known.unwrap_or_else(|| "somebody here".to_owned()))
            }
        };
        let command = &self.house.command;
        if job.week.is_none() {
            return Ok(Drawn::of(&channel::hello(command, &nudge, name.as_deref())));
        }
        Ok(match channel::prompt(&self.library, job.prompt.as_ref()) {
            Some(prompt) => Drawn::of(&channel::message(command, prompt, name.as_deref())),
            None => Drawn::Skip("the prompt is no longer in the library".to_owned()),
        })
    }

    /// An earlier attempt may have arrived: looks for it in the conversation. None to send (again),
    /// also where we may not look: then the one possible double is as the manual says.
    async fn look_for(&self, job: &Job, token: &Secret, channel: &str, now: Timestamp) -> Option<Ended> {
        match self.slack.find_posted(token, channel, &job.slot).await {
            Ok(Some(ts)) => Some(Ended::Sent { channel: channel.to_owned(), ts }),
            Ok(None) => None,
            Err(Error::Refused { code, .. }) => {
                warn!(job = job.id, code, "cannot look whether a message has arrived; sending it once more");
                None
            }
            Err(Error::RateLimited(wait)) => {
                if let Err(error) = self.must_wait(&job.person.team, Call::Look, now + wait).await {
                    warn!(
                        error = format!("{error:#}"),
                        "that Slack wants us to wait could not be written down"
                    );
                }
                Some(Ended::Unsure(now + wait + jitter(&job.id, 0, 1_000)))
            }
            Err(Error::Unreachable { .. }) => Some(Ended::Unsure(self.next_try(job))),
        }
    }

    /// Slack said so to us; it counts for every server.
    async fn must_wait(&self, team: &str, call: Call, until: Timestamp) -> anyhow::Result<()> {
        let mut tx = self.db.write().await?;
        paces::wait(&mut tx, team, call, until, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a failed call means for the job, the person and the workspace.
    pub(super) async fn refused(
        &self,
        job: &Job,
        method: &'static str,
        error: Error,
        channel_was_cached: bool,
        now: Timestamp,
    ) -> anyhow::Result<Ended> {
        let code = match error {
            Error::RateLimited(wait) => {
                // This method of this team waits, nothing else; then not all at once.
                let call = match method {
                    POST => Call::Post,
                    files::SHARE => Call::File,
                    _ => Call::Look,
                };
                self.must_wait(&job.person.team, call, now + wait).await?;
                return Ok(Ended::Later(now + wait + jitter(&job.id, 0, 1_000)));
            }
            Error::Unreachable { may_have_arrived: true, .. } if method == POST => {
                return Ok(Ended::Unsure(self.next_try(job)));
            }
            // What cannot have been sent does not have to be looked for.
            Error::Unreachable { .. } if job.may_have_arrived => {
                return Ok(Ended::Unsure(self.next_try(job)));
            }
            Error::Unreachable { .. } => return Ok(Ended::Later(self.next_try(job))),
            Error::Refused { code, .. } => code,
        };
        match meaning(&code) {
            // One refusal may be Slack's own trouble: the workspace ends where the token itself is refused.
            Meaning::WorkspaceEnded if self.token_counts().await != Some(false) => {
                Ok(Ended::Later(self.next_try(job)))
            }
            Meaning::WorkspaceEnded => {
                self.end_workspace(&job.person.team, &format!("Slack says {code}"), now).await?;
                // It may be back within the day, with another token.
                Ok(Ended::Later(now + WITHOUT_TOKEN))
            }
            Meaning::TargetGone if job.kind == JobKind::Channel => {
                self.end_channel(&job.person, &code, now).await?;
                Ok(Ended::Failed(code))
            }
            Meaning::TargetGone if code == "channel_not_found" && channel_was_cached => {
                // A conversation we remembered from before; asked for anew once.
                let mut tx = self.db.write().await?;
                people::set_dm_channel(&mut tx, &job.person, None).await?;
                tx.commit().await?;
                Ok(Ended::Later(now))
            }
            Meaning::TargetGone => {
                let mut tx = self.db.write().await?;
                people::unreachable(&mut tx, &job.person).await?;
                tx.commit().await?;
                Ok(Ended::Failed(code))
            }
            Meaning::Ours => Ok(Ended::Failed(code)),
        }
    }

    /// A channel that cannot be posted to gets nothing more, and whoever set it up is told what to do.
    async fn end_channel(&self, channel: &PersonId, code: &str, now: Timestamp) -> anyhow::Result<()> {
        let mut tx = self.db.write().await?;
        if let Some(nudge) = channels::lock(&mut tx, &channel.team, &channel.user).await? {
            channels::remove(&mut tx, &channel.team, &channel.user).await?;
            if !nudge.set_by.is_empty() {
                let who = PersonId { team: channel.team.clone(), user: nudge.set_by };
                let reply = channel::cannot_post(&self.house.command, code);
                let body = api::to_json(&render::message(&reply));
                let occasion = format!("channel-ended/{}/{}", channel.user, now.as_millisecond());
                let message = NewJob::message(&who, &occasion, body, now);
                jobs::enqueue(&mut tx, &message, now.as_millisecond()).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Full jitter, and the same on every replica: the wait is a hash, not a die.
    pub(super) fn next_try(&self, job: &Job) -> Timestamp {
        let doublings = job.attempts.clamp(1, 12) as u32 - 1;
        let most = FIRST_WAIT_MILLIS.saturating_mul(1 << doublings).min(LONGEST_WAIT_MILLIS);
        self.clock.now() + jitter(&format!("{}/{}", job.id, job.attempts), 500, most)
    }

    async fn record(&self, job: &Job, ended: Ended) -> anyhow::Result<()> {
        let now = self.clock.now();
        let at = now.as_millisecond();
        let mut tx = self.db.write().await?;
        // The person first, as everywhere: two transactions that lock in different orders would wait for
        // each other.
        if let (Ended::Sent { channel, .. }, false) = (&ended, job.kind == JobKind::Channel) {
            people::set_dm_channel(&mut tx, &job.person, Some(channel)).await?;
        }
        let without = match (&ended, job.kind) {
            (Ended::Failed(_) | Ended::Skipped(_), JobKind::Nudge | JobKind::Quiet) => {
                // A row that cannot be understood must not keep the job from ending.
                people::lock(&mut tx, &job.person, now).await.ok().flatten()
            }
            _ => None,
        };
        let ours = jobs::end(&mut tx, job, &ended, at).await?;
        if let (true, Some(person)) = (ours, without) {
            let mut rhythm = person.rhythm.clone();
            rhythm.take_back(&self.house.weekly, &person.zone.tz, now);
            if rhythm != person.rhythm {
                changes::apply(&mut tx, &person, &[Change::Rhythm(rhythm)], now).await?;
            }
        }
        if let (true, Ended::Sent { .. }, JobKind::Nudge | JobKind::Event, Some(prompt)) =
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
            Ended::Later(until)
            | Ended::Unsure(until)
            | Ended::NotTried(until)
            | Ended::InRow(until)
            | Ended::Moved(until) => {
                tracing::debug!(job = job.id, person = %job.person, %until, "put off");
            }
        }
        Ok(())
    }
}

/// A message as Slack takes it; or why there is none, or not yet.
enum Drawn {
    Message(String),
    Wait(Timestamp),
    Sleep(Timestamp),
    Skip(String),
}

impl Drawn {
    fn of(reply: &Reply) -> Drawn {
        Drawn::Message(api::to_json(&render::message(reply)))
    }
}

/// A wait from a least to less than that and a most together, by a hash.
fn jitter(seed: &str, least_millis: u64, most_millis: u64) -> SignedDuration {
    let wait = least_millis + pick::hash(seed) % most_millis.max(1);
    SignedDuration::from_millis(wait as i64)
}

enum Meaning {
    /// Nothing can be sent to this workspace any more.
    WorkspaceEnded,
    /// This person or channel cannot be reached any more.
    TargetGone,
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
        | "not_in_channel"
        | "is_archived"
        | "messages_tab_disabled"
        | "cannot_dm_bot"
        | "restricted_action"
        | "restricted_action_read_only_channel"
        | "restricted_action_thread_only_channel"
        | "restricted_action_non_threadable_channel" => Meaning::TargetGone,
        _ => Meaning::Ours,
    }
}
