//! A shortcut, start to end: commit, answer, then open what it is for; a direct message where that fails.

use std::sync::Arc;

use tracing::{debug, warn};

use crate::clock;
use crate::coach::person::PersonId;
use crate::coach::{self, Outcome, Reply, Shortcut};
use crate::slack::{api, payload, render};
use crate::store::changes;
use crate::store::jobs::{self, NewJob};

use super::{App, Begun};

impl App {
    pub async fn shortcut(self: &Arc<Self>, used: &payload::Shortcut, request: &str) -> anyhow::Result<()> {
        let shortcut = match (used.callback_id.as_str(), &used.message) {
            ("log_evidence", _) => Shortcut::LogEvidence,
            ("coaching_tip", _) => Shortcut::Tip,
            ("save_evidence", Some(quoted)) => {
                Shortcut::Save { words: quoted.words.clone(), link: quoted.link.clone() }
            }
            (other, _) => {
                debug!(shortcut = other, "a shortcut that is none of ours");
                return Ok(());
            }
        };
        let who = &used.who;
        let now = self.clock.now();
        let Begun::First(mut tx, person) = self.begin(who, request, now).await? else { return Ok(()) };
        let fresh = clock::new_id();
        let outcome = coach::shortcut(&self.scene(&person, now, &fresh), &shortcut);
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        tx.commit().await?;
        if person.has_home {
            self.refresh_home(who, 0);
        }

        // Slack hangs up after three seconds, and what waits here would be dropped with the request.
        let (app, used) = (Arc::clone(self), used.clone());
        self.background.spawn(async move {
            if !app.show_at_once(&used, &outcome).await {
                app.say_elsewhere(&used, &outcome.reply).await;
            }
        });
        Ok(())
    }

    /// The form, or the answer in a panel of its own.
    async fn show_at_once(&self, used: &payload::Shortcut, outcome: &Outcome) -> bool {
        let Some(trigger_id) = used.trigger_id.as_deref() else { return false };
        match outcome.form {
            Some(_) => self.open_form(&used.who, outcome, Some(trigger_id)).await,
            None => {
                let view = render::panel("Your tip", &outcome.reply);
                self.open_view(&used.who, trigger_id, &view).await
            }
        }
    }

    async fn say_elsewhere(&self, used: &payload::Shortcut, reply: &Reply) {
        if let Some(url) = &used.response_url {
            match self.slack.respond(url, &render::ephemeral(reply)).await {
                Ok(()) => return,
                Err(error) => warn!(person = %used.who, %error, "an answer did not arrive"),
            }
        }
        self.say_by_message(&used.who, reply).await;
    }

    /// What has no other place goes into the conversation.
    pub(super) async fn say_by_message(&self, who: &PersonId, reply: &Reply) {
        if let Err(error) = self.enqueue_message(who, reply).await {
            warn!(person = %who, error = format!("{error:#}"), "an answer could not be written down");
        }
    }

    async fn enqueue_message(&self, who: &PersonId, reply: &Reply) -> anyhow::Result<()> {
        let now = self.clock.now();
        let body = api::to_json(&render::message(reply));
        let job = NewJob::message(who, &format!("answer/{}", clock::new_id()), body, now);
        let mut tx = self.db.write().await?;
        jobs::enqueue(&mut tx, &job, now.as_millisecond()).await?;
        tx.commit().await?;
        self.outbox.notify_one();
        Ok(())
    }
}
