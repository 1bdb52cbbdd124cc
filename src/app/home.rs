//! App Home: drawn anew after whatever its person does, once they have opened it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::{debug, warn};

use crate::coach;
use crate::coach::person::{Person, PersonId};
use crate::slack::render;
use crate::store::{cards, people};

use super::App;
use super::workspaces::Sender;

/// So many hashes are remembered; without one, what we draw is published as it is.
const MOST: usize = 10_000;

/// The hash of what we last put on each Home: where something newer stands, we look again before we
/// publish. One home is drawn at a time, so that the last one drawn is the newest.
#[derive(Default)]
pub struct Homes {
    hashes: Mutex<HashMap<PersonId, String>>,
    drawing: tokio::sync::Mutex<()>,
}

impl Homes {
    fn hash(&self, who: &PersonId) -> Option<String> {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner).get(who).cloned()
    }

    fn set(&self, who: &PersonId, hash: Option<String>) {
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        if hashes.len() >= MOST {
            hashes.clear();
        }
        match hash {
            Some(hash) => hashes.insert(who.clone(), hash),
            None => hashes.remove(who),
        };
    }
}

impl App {
    pub(super) fn home_was_opened(&self, who: &PersonId, hash: Option<String>) {
        self.homes.set(who, hash);
    }

    /// Draws somebody's Home in the background, with this page of their cards. Nobody waits for it: the
    /// next opening draws it again.
    pub(super) fn refresh_home(self: &Arc<Self>, who: &PersonId, page: u32) {
        let (app, who) = (Arc::clone(self), who.clone());
        self.background.spawn(async move {
            if let Err(error) = app.publish_home(&who, page).await {
                warn!(person = %who, error = format!("{error:#}"), "App Home could not be drawn");
            }
        });
    }

    async fn publish_home(&self, who: &PersonId, page: u32) -> anyhow::Result<()> {
        let Sender::Ready(token) = self.sender(&who.team).await? else { return Ok(()) };
        let _one_at_a_time = self.homes.drawing.lock().await;
        let mut hash = self.homes.hash(who);
        loop {
            let view = self.draw_home(who, page).await?;
            match self.slack.publish_home(&token, &who.user, &view, hash.as_deref()).await {
                Ok(new) => {
                    self.homes.set(who, new);
                    return Ok(());
                }
                // Something else has been put there meanwhile: look again, then it is ours that counts.
                Err(error) if hash.is_some() && error.code() == Some("hash_conflict") => {
                    debug!(person = %who, "App Home has changed meanwhile");
                    hash = None;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// As it is now. Somebody without a row sees the welcome, also right after they were forgotten.
    async fn draw_home(&self, who: &PersonId, page: u32) -> anyhow::Result<serde_json::Value> {
        let now = self.clock.now();
        let mut tx = self.db.read().begin().await?;
        let person = people::find(&mut tx, who, now).await?;
        let last =
            person.as_ref().map_or(0, |person| person.shelf.total.saturating_sub(1) / coach::CARDS_ON_A_PAGE);
        let page = page.min(last);
        let after = page * coach::CARDS_ON_A_PAGE;
        let cards = cards::some(&mut tx, who, coach::CARDS_ON_A_PAGE, after).await?;
        tx.rollback().await?;
        let person = person.unwrap_or_else(|| Person::stranger(who.clone()));
        Ok(render::home(&coach::home(&self.scene(&person, now, ""), &cards, page)))
    }
}
