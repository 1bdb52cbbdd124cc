//! A form, start to end: commit, close it, confirm by direct message.

use std::sync::Arc;

use crate::coach;
use crate::coach::reply::{About, FieldError};
use crate::slack::payload::Submit;
use crate::slack::{api, form, render};
use crate::store::jobs::{self, NewJob};
use crate::store::{answered, changes, people};

use super::App;

impl App {
    /// What is wrong with the fields; nothing where it was taken. A form that is none of ours is taken
    /// and dropped.
    pub async fn submit(self: &Arc<Self>, submit: &Submit) -> anyhow::Result<Vec<FieldError>> {
        let Some(submission) = form::submission(submit) else { return Ok(Vec::new()) };
        let who = &submit.who;
        let now = self.clock.now();
        let at = now.as_millisecond();
        let request = format!("form/{}", submission.key);
        let mut tx = self.db.write().await?;
        if answered::first_answer(&mut tx, &who.team, &request, &who.user, at).await?.is_some() {
            return Ok(Vec::new());
        }
        let card = match &submission.about {
            About::EditCard { card } => Some(card.as_str()),
            _ => None,
        };
        let person = people::open(&mut tx, who, card, now).await?;
        let outcome = match coach::submit(&self.scene(&person, now, &submission.key), &submission) {
            Ok(outcome) => outcome,
            // Dropping the transaction undoes the request's row too: the form may come again.
            Err(errors) => return Ok(errors),
        };
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        let body = api::to_json(&render::message(&outcome.reply));
        jobs::enqueue(&mut tx, &NewJob::message(who, &request, body, now), at).await?;
        tx.commit().await?;
        self.outbox.notify_one();
        if person.has_home {
            self.refresh_home(who, 0);
        }
        Ok(Vec::new())
    }
}
