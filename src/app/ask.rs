//! A slash command, start to end.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::clock;
use crate::coach::channel::Place;
use crate::coach::person::PersonId;
use crate::coach::{self, Outcome, Scene, need};
use crate::slack::payload::SlashCommand;
use crate::slack::{api, render};
use crate::store::jobs::{self, NewJob};
use crate::store::{Tx, answered, changes, channels, more};

use super::workspaces::Sender;
use super::{App, Begun, files, steps};

impl App {
    /// The body of the answer; empty where a form has been opened. `request` names the signed request:
    /// the same one twice is one effect and one answer.
    pub async fn ask(self: &Arc<Self>, command: &SlashCommand, request: &str) -> anyhow::Result<String> {
        let who = &command.who;
        let parsed = coach::parse(&command.text);
        let here = self.here(command, &parsed).await?;
        let now = self.clock.now();
        let (mut tx, mut person) = match self.begin(who, request, now).await? {
            Begun::First(tx, person) => (tx, person),
            Begun::Again(body) => return Ok(body),
        };
        if let Ok(command) = &parsed {
            let need = need::of_command(&self.library, command);
            more::load(&mut tx, &mut person, &need, now).await?;
        }
        let fresh = clock::new_id();
        let scene = Scene { here: here.as_ref(), ..self.scene(&person, now, &fresh) };
        let outcome = match parsed {
            Ok(command) => coach::respond(&scene, command),
            Err(usage) => coach::explain(&scene, usage),
        };
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        let body = if outcome.form.is_some() { String::new() } else { said(&outcome) };
        answered::remember(&mut tx, &who.team, request, &body).await?;
        self.follow_up(&mut tx, who, &outcome, request, now).await?;
        tx.commit().await?;
        if person.has_home {
            self.refresh_home(who, 0);
        }
        if outcome.has_mail() {
            self.outbox.notify_one();
        }

        // Without a trigger, or with one that Slack will not take, the answer has a button instead.
        if self.open_form(who, &outcome, command.trigger_id.as_deref()).await {
            return Ok(body);
        }
        Ok(said(&outcome))
    }

    /// What goes into the conversation besides the answer, wherever the request came from: a message, files.
    pub(super) async fn follow_up(
        &self,
        tx: &mut Tx,
        who: &PersonId,
        outcome: &Outcome,
        request: &str,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let message = outcome.by_message.as_ref().map(|reply| {
            let body = api::to_json(&render::message(reply));
            NewJob::message(who, &format!("{request}/also"), body, now)
        });
        let files = files::promise(&outcome.files).map(|occasion| {
            // A moment later, so that the words which announce them come first.
            let later = now + SignedDuration::from_millis(1);
            let job = NewJob::message(who, &format!("{request}/files"), String::new(), later);
            NewJob { occasion: Some(occasion), ..job }
        });
        for job in message.iter().chain(&files) {
            jobs::enqueue(tx, job, now.as_millisecond()).await?;
        }
        Ok(())
    }

    /// The channel, where the command is about it.
    async fn here(
        &self,
        command: &SlashCommand,
        parsed: &Result<coach::Command, coach::Usage>,
    ) -> anyhow::Result<Option<Place>> {
        let (Some(channel), Ok(true)) =
            (&command.channel, parsed.as_ref().map(coach::Command::is_about_its_channel))
        else {
            return Ok(None);
        };
        let nudge = channels::find(self.db.read(), &command.who.team, channel).await?;
        let target = PersonId { team: command.who.team.clone(), user: channel.clone() };
        let last_week = jobs::last_slot(self.db.read(), &target, steps::this_week(self.clock.now())).await?;
        Ok(Some(Place { channel: channel.clone(), nudge, last_week }))
    }

    /// Opens the outcome's form, if it has one and Slack lets us.
    pub(super) async fn open_form(
        &self,
        who: &PersonId,
        outcome: &Outcome,
        trigger_id: Option<&str>,
    ) -> bool {
        let (Some(form), Some(trigger_id)) = (&outcome.form, trigger_id) else { return false };
        self.open_view(who, trigger_id, &render::modal(form, &clock::new_id())).await
    }

    /// The same where the button stood in a modal: the form goes above it.
    pub(super) async fn push_form(
        &self,
        who: &PersonId,
        outcome: &Outcome,
        trigger_id: Option<&str>,
    ) -> bool {
        let (Some(form), Some(trigger_id)) = (&outcome.form, trigger_id) else { return false };
        let Ok(Sender::Ready(token)) = self.sender(&who.team).await else { return false };
        let view = render::modal(form, &clock::new_id());
        self.opened(who, self.slack.push_view(&token, trigger_id, &view).await)
    }

    pub(super) async fn open_view(&self, who: &PersonId, trigger_id: &str, view: &Value) -> bool {
        let Ok(Sender::Ready(token)) = self.sender(&who.team).await else { return false };
        self.opened(who, self.slack.open_view(&token, trigger_id, view).await)
    }

    fn opened(&self, who: &PersonId, result: Result<(), api::Error>) -> bool {
        match result {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(person = %who, %error, "a form could not be opened");
                false
            }
        }
    }
}

fn said(outcome: &Outcome) -> String {
    api::to_json(&render::ephemeral(&outcome.reply))
}
