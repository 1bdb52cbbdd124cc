//! An event, start to end: written down before Slack gets its 200, answered after.

use std::sync::Arc;

use jiff::Timestamp;

use crate::clock;
use crate::coach;
use crate::coach::need;
use crate::coach::person::PersonId;
use crate::slack::api::SlackUser;
use crate::slack::payload::Happening;
use crate::slack::{api, render};
use crate::store::jobs::{self, NewJob};
use crate::store::{changes, more, people};

use super::{App, Begun};

impl App {
    /// `event_id` once: Slack sends an event up to four times.
    pub async fn happened(
        self: &Arc<Self>,
        team: &str,
        event_id: &str,
        at_seconds: i64,
        what: Happening,
    ) -> anyhow::Result<()> {
        let request = format!("event/{event_id}");
        match what {
            Happening::DirectMessage { who, text } => {
                if self.bot_user(team).await?.as_deref() != Some(who.user.as_str()) {
                    self.answer_dm(&who, &text, &request).await?;
                }
            }
            Happening::Mentioned { who, channel, ts, thread, text } => {
                self.answer_mention(&who, &channel, &ts, &thread, &text).await?;
            }
            Happening::Opened { who } => {
                // Every opening is told, and reading along is no use of the coach: only strangers are welcomed.
                if people::zone_checked(self.db.read(), &who).await?.is_none() {
                    self.answer_dm(&who, "", &request).await?;
                }
            }
            Happening::HomeOpened { who, hash } => {
                let mut tx = self.db.write().await?;
                people::home_opened(&mut tx, &who, self.clock.now().as_millisecond()).await?;
                tx.commit().await?;
                self.home_was_opened(&who, hash);
                self.refresh_home(&who, 0);
            }
            Happening::UserChanged { who, zone, deleted } => {
                let user = SlackUser { zone, deleted, name: None };
                // Slack tells of every status that anybody in the workspace sets: people's answers do not
                // queue behind those.
                if self.is_news(&who, &user).await? {
                    let now = self.clock.now();
                    let mut tx = self.db.write().await?;
                    self.told(&mut tx, &who, &user, now).await?;
                    tx.commit().await?;
                }
            }
            Happening::Uninstalled => {
                self.end_workspace(team, "the app was uninstalled", said_at(at_seconds, self.clock.now()))
                    .await?;
            }
            Happening::TokensRevoked { bots } => {
                // User ids, not tokens; people's own tokens are none of ours.
                let ours = self.bot_user(team).await?;
                if bots.iter().any(|bot| ours.as_ref().is_none_or(|ours| ours == bot)) {
                    let at = said_at(at_seconds, self.clock.now());
                    self.end_workspace(team, "the bot's token was revoked", at).await?;
                }
            }
            Happening::Unknown => {}
        }
        Ok(())
    }

    /// A direct message is answered as the command would be, in the conversation. It brings no trigger:
    /// where the command would open a form, a button does.
    async fn answer_dm(self: &Arc<Self>, who: &PersonId, text: &str, request: &str) -> anyhow::Result<()> {
        let now = self.clock.now();
        let Begun::First(mut tx, mut person) = self.begin(who, request, now).await? else { return Ok(()) };
        let need = need::of_words(&self.library, &self.house.command, text);
        more::load(&mut tx, &mut person, &need, now).await?;
        let fresh = clock::new_id();
        let scene = self.scene(&person, now, &fresh);
        let outcome = coach::hear(&scene, text);
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        let body = api::to_json(&render::message(&outcome.reply));
        jobs::enqueue(&mut tx, &NewJob::message(who, request, body, now), now.as_millisecond()).await?;
        self.follow_up(&mut tx, who, &outcome, request, now).await?;
        tx.commit().await?;
        self.outbox.notify_one();
        if person.has_home {
            self.refresh_home(who, 0);
        }
        Ok(())
    }
}

/// When Slack says it happened; now, where it does not say.
fn said_at(seconds: i64, now: Timestamp) -> Timestamp {
    if seconds == 0 { now } else { Timestamp::from_second(seconds.saturating_add(1)).unwrap_or(now) }
}
