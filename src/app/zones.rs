//! Somebody's time zone: asked of Slack before the transaction, done without when it does not come.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use tracing::debug;

use crate::coach::Change;
use crate::coach::person::{KnownFrom, PersonId, Zone};
use crate::slack::api::SlackUser;
use crate::store::{Tx, changes, people};

use super::App;
use super::workspaces::Sender;

/// Slack's word is asked for again after this long.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// After no answer, nobody waits a second for Slack again until this has passed.
const REST: SignedDuration = SignedDuration::from_secs(60);

#[derive(Default)]
pub struct Asking {
    not_before: Mutex<Option<Timestamp>>,
}

impl App {
    /// What Slack says of somebody, if it has never been asked.
    pub async fn meet(&self, who: &PersonId) -> Option<SlackUser> {
        let checked = people::zone_checked(self.db.read(), who).await.ok()?;
        if checked.flatten().is_some() { None } else { self.ask_slack(who).await }
    }

    /// What Slack says of somebody, if its last word is a day old.
    pub async fn meet_again(&self, who: &PersonId) -> Option<SlackUser> {
        let checked = people::zone_checked(self.db.read(), who).await.ok()?.flatten();
        let stale = checked.is_none_or(|at| {
            Timestamp::from_millisecond(at).is_ok_and(|at| self.clock.now().duration_since(at) > STALE_AFTER)
        });
        if stale { self.ask_slack(who).await } else { None }
    }

    async fn ask_slack(&self, who: &PersonId) -> Option<SlackUser> {
        let now = self.clock.now();
        let rests = |at: &Mutex<Option<Timestamp>>| {
            at.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).is_some_and(|at| now < at)
        };
        if rests(&self.zones.not_before) {
            return None;
        }
        let Ok(Sender::Ready(token)) = self.sender(&who.team).await else { return None };
        match self.slack.users_info(&token, &who.user).await {
            Ok(user) => Some(user),
            Err(error) => {
                debug!(person = %who, %error, "going on without a time zone");
                if error.code().is_none() {
                    let mut at =
                        self.zones.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                    *at = Some(now + REST);
                }
                None
            }
        }
    }

    /// Writes Slack's word down; the next nudge keeps its wall time. Nothing where the person is not
    /// one of ours.
    pub async fn told(
        &self,
        tx: &mut Tx,
        who: &PersonId,
        user: &SlackUser,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let Some(person) = people::lock(tx, who, now).await? else { return Ok(()) };
        people::set_slack_zone(tx, who, user.zone.as_deref(), now.as_millisecond()).await?;
        if user.deleted {
            return Ok(people::unreachable(tx, who).await?);
        }
        let chosen = (person.zone.known_from == KnownFrom::Choice).then_some(person.zone.name.as_str());
        let zone = Zone::resolve(chosen, user.zone.as_deref().or(person.zone.in_slack.as_deref()));
        let mut rhythm = person.rhythm.clone();
        // A zone that is what it was moves nothing: a slot missed in an outage keeps its hour.
        if zone.name != person.zone.name {
            rhythm.moved(&person.zone.tz, &zone.tz, now);
        }
        if rhythm != person.rhythm {
            changes::apply(tx, &person, &[Change::Rhythm(rhythm)], now).await?;
        }
        Ok(())
    }
}
