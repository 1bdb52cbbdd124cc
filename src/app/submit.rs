//! A form, start to end: commit, close it, confirm by direct message.

use std::sync::Arc;

use crate::clock;
use crate::coach;
use crate::coach::reply::FieldError;
use crate::slack::payload::Submit;
use crate::slack::{api, form, render};
use crate::store::answered::{self, Once};
use crate::store::jobs::{self, NewJob};
use crate::store::{changes, people};

use super::App;

/// What becomes of a form that was sent in.
pub enum Submitted {
    Closed,
    /// It stays open, with what is wrong under its fields.
    Wrong(Vec<FieldError>),
    /// Another form takes its place: the answer's body.
    GoesOn(String),
}

impl App {
    /// A form that is none of ours is taken and dropped; one that another version of us drew stays open,
    /// because words stand in it.
    pub async fn submit(self: &Arc<Self>, submit: &Submit) -> anyhow::Result<Submitted> {
        let Some(submission) = form::submission(submit) else {
            return Ok(match form::is_ours(submit) && !submit.inputs.is_empty() {
                true => Submitted::Wrong(vec![coach::of_another_version()]),
                false => Submitted::Closed,
            });
        };
        let who = &submit.who;
        let now = self.clock.now();
        // Theirs alone: somebody else's key must not bring somebody else's answer.
        let request = format!("form/{}/{}", who.user, submission.key);
        let mut tx = match answered::once(&self.db, who, &request, now).await? {
            Once::First(tx) => tx,
            Once::Again(body) if body.is_empty() => return Ok(Submitted::Closed),
            Once::Again(body) => return Ok(Submitted::GoesOn(body)),
        };
        let person = people::open(&mut tx, who, submission.about.card(), now).await?;
        let outcome = match coach::submit(&self.scene(&person, now, &submission.key), &submission) {
            Ok(outcome) => outcome,
            // Dropping the transaction undoes the request's row too: the form may come again.
            Err(errors) => return Ok(Submitted::Wrong(errors)),
        };
        changes::apply(&mut tx, &person, &outcome.changes, now).await?;
        if let Some(next) = &outcome.form {
            // The next form takes this one's place; nothing has to be confirmed yet.
            let body = api::to_json(&form::next(next, &clock::new_id()));
            answered::remember(&mut tx, &who.team, &request, &body).await?;
            tx.commit().await?;
            return Ok(Submitted::GoesOn(body));
        }
        let body = api::to_json(&render::message(&outcome.reply));
        jobs::enqueue(&mut tx, &NewJob::message(who, &request, body, now), now.as_millisecond()).await?;
        tx.commit().await?;
        self.outbox.notify_one();
        if person.has_home {
            self.refresh_home(who, 0);
        }
        Ok(Submitted::Closed)
    }
}
