//! A button, start to end: commit, answer, then put the reply in the message's place.

use std::sync::Arc;

use tracing::{debug, warn};

use crate::clock;
use crate::coach::channel::Place;
use crate::coach::person::PersonId;
use crate::coach::{self, Action, Outcome, Reply, Scene, need};
use crate::slack::payload::Press;
use crate::slack::{Secret, api, render};
use crate::store::answered::{self, Once};
use crate::store::jobs::{self, NewJob};
use crate::store::{changes, channels, more, people};

use super::App;
use super::workspaces::Sender;

impl App {
    /// Nothing comes back: a click's answer is empty. What is to be seen follows in the background.
    pub async fn press(self: &Arc<Self>, press: Press, request: &str) -> anyhow::Result<()> {
        let (name, rest) = render::pressed(&press.action_id, &press.value);
        let Some(action) = Action::decode(name, rest) else {
            debug!(action = name, "a button that is none of ours");
            return Ok(());
        };
        let who = &press.who;
        let here = match (&action, press.in_channel()) {
            (Action::StopHere, Some(channel)) => {
                let nudge = channels::find(self.db.read(), &who.team, channel).await?;
                Some(Place { channel: channel.to_owned(), nudge, last_week: None })
            }
            _ => None,
        };
        let now = self.clock.now();
        let Once::First(mut tx) = answered::once(&self.db, who, request, now).await? else { return Ok(()) };
        let mut person = people::open(&mut tx, who, action.card(), now).await?;
        let need = need::of_action(&self.library, &action);
        more::load(&mut tx, &mut person, &need, now).await?;
        let fresh = clock::new_id();
        let at_home = press.view.as_ref().is_some_and(|view| view.is_home);
        let page = match &action {
            Action::HomeCards(page) => *page,
            _ => 0,
        };
        let scene = Scene { here: here.as_ref(), ..self.scene(&person, now, &fresh) };
        let outcome = coach::press(&scene, action);
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        // App Home has no place for an answer: it comes as a direct message.
        let by_message = outcome.form.is_none() && at_home;
        if at_home {
            people::home_opened(&mut tx, who, now.as_millisecond()).await?;
        }
        if by_message && !outcome.reply.parts.is_empty() {
            let body = api::to_json(&render::message(&outcome.reply));
            jobs::enqueue(&mut tx, &NewJob::message(who, request, body, now), now.as_millisecond()).await?;
        }
        self.follow_up(&mut tx, who, &outcome, request, now).await?;
        tx.commit().await?;
        if outcome.has_mail() {
            self.outbox.notify_one();
        }
        if at_home || person.has_home {
            self.refresh_home(who, page);
        }

        if by_message {
            self.outbox.notify_one();
            return Ok(());
        }
        let above = press.view.as_ref().is_some_and(|view| !view.is_home);
        let trigger_id = press.trigger_id.as_deref();
        let opened = match above {
            true => self.push_form(who, &outcome, trigger_id).await,
            false => self.open_form(who, &outcome, trigger_id).await,
        };
        if opened {
            return Ok(());
        }
        let app = Arc::clone(self);
        self.background.spawn(async move { app.show(&press, &outcome).await });
        Ok(())
    }

    /// Puts the reply where the button was; beside it where only a form failed to open, because what
    /// was there is still wanted.
    async fn show(&self, press: &Press, outcome: &Outcome) {
        // In a channel everybody sees the message: what is said there is what may be said aloud, and the
        // answer to whoever pressed stands beside it.
        let in_channel = press.in_channel().is_some();
        if let (true, Some(aloud), Some((channel, ts))) = (in_channel, &outcome.aloud, &press.message)
            && let Err(error) = self.update(&press.who, channel, ts, aloud).await
        {
            warn!(person = %press.who, error = format!("{error:#}"), "a message could not be changed");
        }
        let beside = outcome.form.is_some() || in_channel;
        if let Some(view) = &press.view {
            if !beside && !view.is_home {
                match self.change_panel(&press.who, &view.id, &outcome.reply).await {
                    Ok(()) => return,
                    Err(error) => {
                        warn!(person = %press.who, error = format!("{error:#}"), "a panel could not be changed");
                    }
                }
            }
            return self.say_by_message(&press.who, &outcome.reply).await;
        }
        if let (Some((channel, ts)), false) = (&press.message, beside) {
            match self.update(&press.who, channel, ts, &outcome.reply).await {
                Ok(()) => return,
                Err(error) => {
                    warn!(person = %press.who, error = format!("{error:#}"), "a message could not be changed")
                }
            }
        }
        let Some(url) = &press.response_url else { return };
        let body =
            if beside { render::ephemeral(&outcome.reply) } else { render::replacement(&outcome.reply) };
        if let Err(error) = self.slack.respond(url, &body).await {
            warn!(person = %press.who, %error, "a message could not be replaced");
        }
    }

    async fn update(&self, who: &PersonId, channel: &str, ts: &str, reply: &Reply) -> anyhow::Result<()> {
        let token = self.token_for(&who.team).await?;
        Ok(self.slack.update(&token, channel, ts, &render::message(reply)).await?)
    }

    async fn change_panel(&self, who: &PersonId, view_id: &str, reply: &Reply) -> anyhow::Result<()> {
        let token = self.token_for(&who.team).await?;
        Ok(self.slack.update_view(&token, view_id, &render::panel("Rung", reply)).await?)
    }

    async fn token_for(&self, team: &str) -> anyhow::Result<Secret> {
        match self.sender(team).await? {
            Sender::Ready(token) => Ok(token),
            Sender::Ended(why) => anyhow::bail!(why),
            Sender::NotConnected => anyhow::bail!("not connected"),
        }
    }

    /// Tells somebody who pressed a button that it failed on our side.
    pub fn apologise(self: &Arc<Self>, response_url: Option<String>, reply: Reply) {
        let Some(url) = response_url else { return };
        let app = Arc::clone(self);
        self.background.spawn(async move {
            if let Err(error) = app.slack.respond(&url, &render::ephemeral(&reply)).await {
                warn!(%error, "an apology did not arrive");
            }
        });
    }
}
