//! Which token counts for which workspace. Whoever sends asks here.

use std::time::Duration;

use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tracing::{info, warn};

use crate::coach::rhythm::TOO_LATE;
use crate::slack::Secret;
use crate::slack::api::{self, Identity};
use crate::store::workspaces::{self, TOKEN_FROM_ENV, Workspace};

use super::App;

const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// At most one attempt at a time to find out whose token ours is, and not without end.
#[derive(Default)]
pub struct Connecting(Mutex<Known>);

#[derive(Default)]
struct Known {
    identity: Option<Identity>,
    not_before: Option<Timestamp>,
    asked_again: Option<Timestamp>,
    /// That it does not work has been told; a log that says so every second hides everything else.
    told: bool,
}

/// Whether and with what something can be sent to a workspace.
pub enum Sender {
    Ready(Secret),
    /// The app was uninstalled there, or its token revoked, more than a day ago.
    Ended(String),
    /// No token for this workspace, or not yet: Slack has not answered so far, or somebody is replacing it.
    NotConnected,
}

impl App {
    pub async fn sender(&self, team: &str) -> anyhow::Result<Sender> {
        let found = workspaces::find(self.db.read(), team).await.context("looking the workspace up")?;
        let workspace = match found {
            Some(workspace) => workspace,
            None => {
                self.connect(Duration::from_secs(1)).await;
                match workspaces::find(self.db.read(), team).await? {
                    Some(workspace) => workspace,
                    None => return Ok(Sender::NotConnected),
                }
            }
        };
        if let Some(ended_at) = workspace.ended_at {
            let ended_at = Timestamp::from_millisecond(ended_at)?;
            let why = workspace.ended_why.unwrap_or_else(|| "the app was removed".to_owned());
            let lately = self.clock.now().duration_since(ended_at) < TOO_LATE;
            return Ok(if lately { Sender::NotConnected } else { Sender::Ended(why) });
        }
        match (&self.token, workspace.token_ref.as_str()) {
            (Some(token), TOKEN_FROM_ENV) => Ok(Sender::Ready(token.clone())),
            _ => Ok(Sender::NotConnected),
        }
    }

    /// Asks Slack whose token ours is and writes the workspace down. True when that is known. Asked
    /// again at most every second until Slack answers; the server runs on without.
    pub async fn connect(&self, within: Duration) -> bool {
        let Some(token) = &self.token else { return false };
        // Somebody else may be asking, with more patience than we have.
        let Ok(mut known) = tokio::time::timeout(within, self.connecting.0.lock()).await else {
            return false;
        };
        let now = self.clock.now();
        if known.identity.is_some() {
            return true;
        }
        if known.not_before.is_some_and(|at| now < at) {
            return false;
        }
        let identity = match self.slack.auth_test(token, within).await {
            Ok(identity) => identity,
            Err(error) => {
                // A refusal will not pass by itself; no answer may.
                let wait = if matches!(error, api::Error::Refused { .. }) { 30 } else { 1 };
                known.not_before = Some(now + SignedDuration::from_secs(wait));
                if !std::mem::replace(&mut known.told, true) {
                    warn!(%error, "the bot token could not be checked; answering commands without it, asking again");
                }
                return false;
            }
        };
        match self.write_down(&identity, now).await {
            Ok(()) => {
                info!(team = identity.team_id, "connected");
                known.identity = Some(identity);
                true
            }
            Err(error) => {
                warn!(error = format!("{error:#}"), "the workspace could not be written down");
                false
            }
        }
    }

    /// Where our token was refused and the workspace has ended, asks now and then whether it counts again: it may
    /// have been another server's that was old, or Slack's own trouble.
    pub async fn ask_where_it_ended(&self) -> anyhow::Result<()> {
        let Some(token) = &self.token else { return Ok(()) };
        let now = self.clock.now();
        let mut known = self.connecting.0.lock().await;
        let Some(team) = known.identity.as_ref().map(|identity| identity.team_id.clone()) else {
            return Ok(());
        };
        // By the distance: the clock may have been set back.
        if known.asked_again.is_some_and(|at| now.duration_since(at).abs() < ASK_AGAIN) {
            return Ok(());
        }
        known.asked_again = Some(now);
        let found = workspaces::find(self.db.read(), &team).await?;
        if found.is_none_or(|workspace| workspace.ended_at.is_none()) {
            return Ok(());
        }
        if let Ok(identity) = self.slack.auth_test(token, Duration::from_secs(5)).await {
            self.write_down(&identity, now).await?;
            info!(team, "connected again");
        }
        Ok(())
    }

    /// Whether Slack takes our token, asked now; None where it does not answer.
    pub async fn token_counts(&self) -> Option<bool> {
        match self.slack.auth_test(self.token.as_ref()?, Duration::from_secs(2)).await {
            Ok(_) => Some(true),
            Err(api::Error::Refused { .. }) => Some(false),
            Err(_) => None,
        }
    }

    async fn write_down(&self, identity: &Identity, now: Timestamp) -> anyhow::Result<()> {
        let workspace = Workspace {
            team_id: identity.team_id.clone(),
            name: identity.team.clone(),
            bot_user_id: identity.bot_user_id.clone(),
            bot_id: identity.bot_id.clone(),
            token_ref: TOKEN_FROM_ENV.to_owned(),
            connected_at: now.as_millisecond(),
            ended_at: None,
            ended_why: None,
        };
        let mut tx = self.db.write().await?;
        workspaces::connected(&mut tx, &workspace).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Slack says that nothing more can be sent there.
    pub async fn end_workspace(&self, team: &str, why: &str, said_at: Timestamp) -> anyhow::Result<()> {
        let mut tx = self.db.write().await?;
        let now = self.clock.now().as_millisecond();
        let ended = workspaces::end(&mut tx, team, why, said_at.as_millisecond(), now).await?;
        tx.commit().await?;
        if ended {
            warn!(team, why, "the workspace has ended; nothing more is sent there");
        }
        Ok(())
    }

    pub async fn bot_user(&self, team: &str) -> anyhow::Result<Option<String>> {
        Ok(workspaces::find(self.db.read(), team).await?.map(|workspace| workspace.bot_user_id))
    }
}
