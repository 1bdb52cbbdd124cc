//! Somebody's time zone: asked of Slack before the transaction, done without when it does not come.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tracing::debug;

use crate::coach::Change;
use crate::coach::person::{KnownFrom, PersonId, Zone};
use crate::slack::api::{Error, SlackUser};
use crate::store::{Tx, changes, people};

use super::App;
use super::workspaces::Sender;

/// Slack's word is asked for again after this long.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// After no answer, nobody waits a second for Slack again until this has passed.
const REST: SignedDuration = SignedDuration::from_secs(60);
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);
/// So many people are looked at for those to ask about, and so many teams are asked at once.
const LOOK_AT: i64 = 200;
const TEAMS_AT_ONCE: usize = 20;
/// Where nobody was found, nobody is looked for again for so long.
const NEXT_LOOK: SignedDuration = SignedDuration::from_secs(60);

#[derive(Default)]
pub struct Asking {
    not_before: Mutex<HashMap<String, Timestamp>>,
    walk: Mutex<Walk>,
}

/// A walk along those who come due within a day. From where it got to, and not from its beginning each
/// time: one workspace whose Slack does not answer would stand in the way of all others, and a look at
/// everybody once a second would cost more than the nudges.
#[derive(Default)]
struct Walk {
    passed: people::Passed,
    found: bool,
    rested_at: Option<Timestamp>,
}

impl Asking {
    /// From where to go on; None while it rests.
    fn goes_on(&self, now: Timestamp) -> Option<people::Passed> {
        let walk = self.walk.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // By the distance, either way: the clock may have been set back.
        let rests = walk.rested_at.is_some_and(|at| now.duration_since(at).abs() < NEXT_LOOK);
        (!rests).then(|| walk.passed.clone())
    }

    fn got_to(&self, last: Option<&people::Passed>, is_the_end: bool, now: Timestamp) {
        let mut walk = self.walk.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        walk.found |= last.is_some();
        if is_the_end {
            let rested_at = (!walk.found).then_some(now);
            *walk = Walk { rested_at, ..Walk::default() };
        } else {
            walk.passed = last.cloned().unwrap_or_default();
            walk.rested_at = None;
        }
    }
}

impl App {
    /// Asks Slack about people whose nudge comes within a day and of whom it was not asked since yesterday:
    /// ahead of the hour, because at nine on a Monday there are too many. One a team and call.
    pub async fn refresh_zones(self: &Arc<Self>) -> anyhow::Result<()> {
        let now = self.clock.now();
        let Some(passed) = self.zones.goes_on(now) else { return Ok(()) };
        let (until, older_than) = (now + STALE_AFTER, now - STALE_AFTER);
        let stale = people::to_ask_slack_about(self.db.read(), &passed, until, older_than, LOOK_AT).await?;
        self.zones.got_to(stale.last(), stale.len() < LOOK_AT as usize, now);
        let mut teams = HashSet::new();
        let mut asking = JoinSet::new();
        for people::Passed { team, user, .. } in stale {
            let who = PersonId { team, user };
            if teams.len() < TEAMS_AT_ONCE && teams.insert(who.team.clone()) {
                let app = Arc::clone(self);
                asking.spawn(async move {
                    let user = app.ask_slack(&who).await;
                    (who, user)
                });
            }
        }
        while let Some(asked) = asking.join_next().await {
            let Ok((who, Some(user))) = asked else { continue };
            let mut tx = self.db.write().await?;
            self.told(&mut tx, &who, &user, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Whether Slack was silent on this team just now. Nobody's answer waits for it then.
    pub(super) fn rests(&self, team: &str) -> bool {
        let now = self.clock.now();
        let mut rests = self.zones.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A rest that is longer than any was begun by a clock that has gone back since.
        rests.retain(|_, until| *until > now && until.duration_since(now) <= LONGEST_REST);
        rests.contains_key(team)
    }

    /// What Slack says of somebody now; at most a second. After no answer the team rests for a while.
    pub(super) async fn ask_slack(&self, who: &PersonId) -> Option<SlackUser> {
        if self.rests(&who.team) {
            return None;
        }
        let now = self.clock.now();
        let Ok(Sender::Ready(token)) = self.sender(&who.team).await else { return None };
        let rest = match self.slack.users_info(&token, &who.user).await {
            Ok(user) => return Some(user),
            // Slack knows nobody of that name: an answer, which holds for a day.
            Err(Error::Refused { code, .. }) => {
                debug!(person = %who, code, "going on without a time zone");
                return Some(SlackUser { zone: None, deleted: false, name: None });
            }
            Err(Error::RateLimited(wait)) => wait.min(LONGEST_REST),
            Err(error @ Error::Unreachable { .. }) => {
                debug!(person = %who, %error, "going on without a time zone");
                REST
            }
        };
        let mut rests = self.zones.not_before.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        rests.insert(who.team.clone(), now + rest);
        None
    }

    /// Whether Slack's word says anything of one of ours that is not written down already.
    pub(super) async fn is_news(&self, who: &PersonId, user: &SlackUser) -> anyhow::Result<bool> {
        let Some(known) = people::known_of(self.db.read(), who).await? else { return Ok(false) };
        let moved = user.zone.is_some() && user.zone != known.zone;
        Ok(moved || (user.deleted && known.is_reached))
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
