//! A mention in a channel: answered in its thread from the library. Nobody's rows are read.

use anyhow::Context;
use tracing::warn;

use crate::coach;
use crate::coach::person::PersonId;
use crate::slack::api::Error;
use crate::slack::render;
use crate::store::answered::{self, Once};

use super::App;
use super::workspaces::Sender;

impl App {
    /// Once for each message, whatever events tell of it. Where the answer surely did not arrive, the
    /// event fails, and Slack brings it again.
    pub(super) async fn answer_mention(
        &self,
        who: &PersonId,
        channel: &str,
        ts: &str,
        thread: &str,
        text: &str,
    ) -> anyhow::Result<()> {
        let token = match self.sender(&who.team).await? {
            Sender::Ready(token) => token,
            Sender::Ended(_) => return Ok(()),
            Sender::NotConnected => anyhow::bail!("a mention cannot be answered: no token for {}", who.team),
        };
        if self.bot_user(&who.team).await?.as_deref() == Some(who.user.as_str()) {
            return Ok(());
        }
        let now = self.clock.now();
        let request = format!("mention/{channel}/{ts}");
        let Once::First(tx) = answered::once(&self.db, who, &request, now).await? else { return Ok(()) };
        tx.commit().await?;
        let reply = coach::mention(&self.library, &self.house, now, ts, text);
        match self.slack.reply(&token, channel, thread, &render::message(&reply)).await {
            Ok(()) => Ok(()),
            Err(error @ (Error::RateLimited(_) | Error::Unreachable { may_have_arrived: false, .. })) => {
                let mut tx = self.db.write().await?;
                answered::undo(&mut tx, &who.team, &request).await?;
                tx.commit().await?;
                Err(error).context("answering in a thread")
            }
            // It may stand there already, or never can.
            Err(error) => {
                warn!(team = who.team, channel, %error, "a mention could not be answered");
                Ok(())
            }
        }
    }
}
