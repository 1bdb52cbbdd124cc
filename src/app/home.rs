//! App Home: drawn anew after whatever its person does, once they have opened it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::{debug, warn};

use crate::coach::person::{Person, PersonId};
use crate::coach::{self, pick};
use crate::slack::render;
use crate::store::{cards, people};

use super::App;
use super::workspaces::Sender;

/// So many hashes are remembered; without one, what we draw is published as it is.
const MOST: usize = 10_000;

/// So many homes are drawn at once.
const EASELS: usize = 64;

/// What we last put on each Home, and under which hash: where something newer stands, we look again
/// before we publish.
pub struct Homes {
    known: Mutex<HashMap<PersonId, Known>>,
    /// Everybody's home is always drawn at the same one, so that the last one drawn is the newest. Not one
    /// for all: a Slack that hangs holds up only the few who share it.
    easels: [tokio::sync::Mutex<()>; EASELS],
}

impl Default for Homes {
    fn default() -> Homes {
        Homes { known: Mutex::default(), easels: std::array::from_fn(|_| tokio::sync::Mutex::default()) }
    }
}

#[derive(Clone)]
struct Known {
    hash: String,
    /// None where somebody else put it there.
    drawn: Option<u64>,
}

impl Homes {
    fn known(&self, who: &PersonId) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(who).cloned()
    }

    async fn easel(&self, who: &PersonId) -> tokio::sync::MutexGuard<'_, ()> {
        let at = pick::hash(&who.to_string()) as usize % EASELS;
        self.easels[at].lock().await
    }

    fn set(&self, who: &PersonId, new: Option<Known>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        match new {
            Some(new) => known.insert(who.clone(), new),
            None => known.remove(who),
        };
    }
}

impl App {
    pub(super) fn home_was_opened(&self, who: &PersonId, hash: Option<String>) {
        if self.homes.known(who).map(|known| known.hash) != hash {
            self.homes.set(who, hash.map(|hash| Known { hash, drawn: None }));
        }
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
        let _easel = self.homes.easel(who).await;
        let known = self.homes.known(who);
        let mut hash = known.as_ref().map(|known| known.hash.clone());
        loop {
            let view = self.draw_home(who, page).await?;
            let drawn = Some(pick::hash(&view.to_string()));
            if hash.is_some() && known.as_ref().is_some_and(|known| known.drawn == drawn) {
                return Ok(());
            }
            match self.slack.publish_home(&token, &who.user, &view, hash.as_deref()).await {
                Ok(new) => {
                    self.homes.set(who, new.map(|hash| Known { hash, drawn }));
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
        let mut tx = self.db.snapshot().await?;
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
