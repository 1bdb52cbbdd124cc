//! Files for the direct message: made and sent after the answer, because nobody should wait for them.
//!
//! They are copies of what is kept, so nothing is lost where one does not arrive; the person is told, and
//! asks again.

use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::Timestamp;
use tracing::warn;

use crate::clock;
use crate::coach::person::{Person, PersonId};
use crate::coach::{Enclosure, Reply};
use crate::export::{self, File};
use crate::slack::api::{self, Error};
use crate::slack::render;
use crate::store::jobs::{self, NewJob};
use crate::store::people;

use super::App;
use super::workspaces::Sender;

impl App {
    /// In the background, from the same snapshot that was decided on.
    pub(super) fn send_files(self: &Arc<Self>, person: Person, now: Timestamp, files: &[Enclosure]) {
        if files.is_empty() {
            return;
        }
        let (app, enclosures) = (Arc::clone(self), files.to_vec());
        self.background.spawn(async move {
            let made: Vec<Option<File>> = {
                let scene = app.scene(&person, now, "");
                enclosures.into_iter().map(|enclosure| export::file(&scene, enclosure)).collect()
            };
            if let Err(error) = app.hand_over(&person.id, made).await {
                warn!(person = %person.id, error = format!("{error:#}"), "files could not be sent");
                app.tell_that_files_failed(&person.id, &error).await;
            }
        });
    }

    async fn hand_over(&self, who: &PersonId, files: Vec<Option<File>>) -> anyhow::Result<()> {
        let token = match self.sender(&who.team).await? {
            Sender::Ready(token) => token,
            Sender::Ended(why) => bail!(why),
            Sender::NotConnected => bail!("not connected to this workspace"),
        };
        let mut handed_over = Vec::new();
        for file in files {
            let file = file.context("this build draws no pictures")?;
            let id = self.slack.upload(&token, &file.name, file.alt.as_deref(), file.bytes).await?;
            handed_over.push((id, file.title));
        }
        let channel = match people::dm_channel(self.db.read(), who).await? {
            Some(channel) => channel,
            None => self.slack.open_dm(&token, &who.user).await?,
        };
        let comment = match handed_over.as_slice() {
            [(_, title)] => format!("{title}. Only you have it."),
            _ => "Here you are. Only you have these.".to_owned(),
        };
        self.slack.share(&token, &channel, &handed_over, &comment).await?;
        Ok(())
    }

    async fn tell_that_files_failed(&self, who: &PersonId, error: &anyhow::Error) {
        let why = match error.downcast_ref::<Error>() {
            Some(Error::Refused { code, .. }) if code == "missing_scope" => {
                "this app is not allowed to send files yet; whoever runs it has to add the scope files:write"
            }
            Some(Error::RateLimited(_)) => "Slack asked for a pause; please try again in a minute",
            Some(Error::Unreachable { .. }) => "Slack did not answer; please try again in a moment",
            _ => "please try again in a moment",
        };
        let reply = Reply::text(format!("Your files did not arrive: {why}. Nothing of yours is lost."));
        let now = self.clock.now();
        let body = api::to_json(&render::message(&reply));
        let job = NewJob::message(who, &format!("files/{}", clock::new_id()), body, now);
        let told = async {
            let mut tx = self.db.write().await?;
            jobs::enqueue(&mut tx, &job, now.as_millisecond()).await?;
            tx.commit().await
        };
        match told.await {
            Ok(()) => self.outbox.notify_one(),
            Err(error) => warn!(person = %who, %error, "and could not be told"),
        }
    }
}
