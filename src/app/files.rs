//! Files for the direct message: promised in the answer, written down with it, made when they are delivered.
//!
//! The outbox keeps only which files, never the bytes: they are drawn from what is kept by then. Whether one
//! has arrived cannot be looked up afterwards, so after a crash at the wrong moment it comes twice, and never
//! not at all.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tracing::warn;

use crate::clock;
use crate::coach::person::{Person, PersonId};
use crate::coach::{Enclosure, Reply, need};
use crate::export::{self, File};
use crate::slack::api::{self, Error};
use crate::slack::{Secret, render};
use crate::store::jobs::{self, Ended, Job, LEASE_MILLIS, NewJob};
use crate::store::{more, people};

use super::App;

pub(super) const SHARE: &str = "files.completeUploadExternal";
/// From the claim on: sending must be over before somebody else may take the job.
const WITHIN: Duration = Duration::from_millis(LEASE_MILLIS as u64 - 4_000);
/// With less than this left, sending is not begun.
const AT_LEAST: Duration = Duration::from_secs(5);

impl App {
    /// Makes the files that a job promises, and sends them.
    pub(super) async fn deliver_files(
        self: &Arc<Self>,
        job: &Job,
        files: &[Enclosure],
        token: &Secret,
        now: Timestamp,
    ) -> anyhow::Result<Ended> {
        if self.is_too_late(job, now) {
            let why = "not delivered within 24 hours";
            self.tell_that_files_failed(&job.person, why).await;
            return Ok(Ended::Failed(why.to_owned()));
        }
        let mut tx = self.db.snapshot().await?;
        let person = people::find(&mut tx, &job.person, now).await?;
        let Some(mut person) = person else {
            return Ok(Ended::Skipped("the person asked to be forgotten".to_owned()));
        };
        for file in files {
            more::load(&mut tx, &mut person, &need::of_enclosure(*file), now).await?;
        }
        tx.rollback().await?;
        let Some(made) = self.make(person, files, now).await else {
            let why = "this build draws no pictures";
            self.tell_that_files_failed(&job.person, why).await;
            return Ok(Ended::Failed(why.to_owned()));
        };
        let cached = people::dm_channel(self.db.read(), &job.person).await?;
        let Some(left) = left_after(job.held_for()) else {
            // Waits that grow: whatever made this slow is not helped by doing it again at once.
            return Ok(Ended::Later(self.next_try(job)));
        };
        let sent = tokio::time::timeout(left, self.hand_over(job, made, token, cached.as_deref())).await;
        let error = match sent {
            Ok(Ok(channel)) => return Ok(Ended::Sent { channel, ts: String::new() }),
            Ok(Err(error)) => error,
            Err(_) => Error::Unreachable { what: "it took too long".to_owned(), may_have_arrived: true },
        };
        let ended = self.refused(job, SHARE, error, cached.is_some(), now).await?;
        if let Ended::Failed(code) = &ended {
            self.tell_that_files_failed(&job.person, code).await;
        }
        Ok(ended)
    }

    /// None where this build cannot make one of them.
    async fn make(
        self: &Arc<Self>,
        person: Person,
        files: &[Enclosure],
        now: Timestamp,
    ) -> Option<Vec<File>> {
        let (app, files) = (Arc::clone(self), files.to_vec());
        // Thousands of cards take a while to write: elsewhere than where people are answered.
        let making = tokio::task::spawn_blocking(move || {
            let scene = app.scene(&person, now, "");
            files.iter().map(|file| export::file(&scene, *file)).collect()
        });
        match making.await {
            Ok(made) => made,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// The conversation in which they stand now.
    async fn hand_over(
        &self,
        job: &Job,
        files: Vec<File>,
        token: &Secret,
        cached: Option<&str>,
    ) -> Result<String, Error> {
        let mut handed_over = Vec::new();
        for file in files {
            let id = self.slack.upload(token, &file.name, file.alt.as_deref(), file.bytes).await?;
            handed_over.push((id, file.title));
        }
        let channel = match cached {
            Some(channel) => channel.to_owned(),
            None => self.slack.open_dm(token, &job.person.user).await?,
        };
        let comment = match handed_over.as_slice() {
            [(_, title)] => format!("{title}. Only you have it."),
            _ => "Here you are. Only you have these.".to_owned(),
        };
        self.slack.share(token, &channel, &handed_over, &comment).await?;
        Ok(channel)
    }

    async fn tell_that_files_failed(&self, who: &PersonId, why: &str) {
        let why = match why {
            "missing_scope" => {
                "this app is not allowed to send files yet; whoever runs it has to add the scope files:write"
            }
            "this build draws no pictures" => "this app was built without pictures; the text says the same",
            "not delivered within 24 hours" => "Slack did not take them for a whole day; please ask again",
            _ => "Slack did not take them; please ask again in a moment",
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

/// How long sending may take once the files are made; None where that is too little to begin.
fn left_after(held_for: Duration) -> Option<Duration> {
    let left = WITHIN.saturating_sub(held_for);
    (left >= AT_LEAST).then_some(left)
}

const NAMES: [(Enclosure, &str); 5] = [
    (Enclosure::CaseMarkdown, "case-markdown"),
    (Enclosure::CaseCsv, "case-csv"),
    (Enclosure::CaseJson, "case-json"),
    (Enclosure::Everything, "everything"),
    (Enclosure::Picture, "picture"),
];

/// How a job names the files that it promises; None for no files.
pub(super) fn promise(files: &[Enclosure]) -> Option<String> {
    let name = |file: &Enclosure| NAMES.iter().find(|(one, _)| one == file).map(|(_, name)| *name);
    let names: Vec<&str> = files.iter().filter_map(name).collect();
    (!names.is_empty()).then(|| format!("files {}", names.join(" ")))
}

/// Which files a message's job promises; none for all other messages.
pub(super) fn promised(job: &Job) -> Vec<Enclosure> {
    let names = job.occasion.as_deref().and_then(|occasion| occasion.strip_prefix("files "));
    let file = |name: &str| NAMES.iter().find(|(_, one)| *one == name).map(|(file, _)| *file);
    names.into_iter().flat_map(|names| names.split(' ')).filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sending_is_over_before_the_lease_however_long_the_files_took() {
        let lease = Duration::from_millis(LEASE_MILLIS as u64);
        for seconds in 0..60 {
            let held_for = Duration::from_secs(seconds);
            match left_after(held_for) {
                Some(left) => assert!(left >= AT_LEAST && held_for + left < lease, "{seconds}"),
                None => assert!(seconds > 10, "{seconds}"),
            }
        }
    }

    #[test]
    fn every_file_has_a_name_in_the_outbox() {
        let all = NAMES.map(|(file, _)| file);
        let written = "files case-markdown case-csv case-json everything picture";
        assert_eq!(promise(&all).as_deref(), Some(written));
        assert_eq!(promise(&[]), None);
    }
}
