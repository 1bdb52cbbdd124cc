//! The use cases: load, decide, write, commit, answer. Every one has this shape; where one would need
//! an `if` in the middle, the `if` belongs in `coach`.

pub mod ask;
pub mod deliver;
pub mod event;
mod files;
pub mod home;
pub mod mention;
pub mod metrics;
pub mod nudge;
pub mod pace;
pub mod press;
pub mod shortcut;
pub mod steps;
pub mod submit;
pub mod sweep;
pub mod workspaces;
pub mod zones;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::clock::{self, Clock};
use crate::coach::library::Library;
use crate::coach::person::{Person, PersonId};
use crate::coach::{House, Scene};
use crate::config::Settings;
use crate::slack::{Api, Secret};
use crate::store::answered::{self, Once};
use crate::store::{Db, Tx, people};

pub struct App {
    pub clock: Clock,
    pub db: Db,
    pub library: Library,
    pub house: House,
    pub slack: Api,
    token: Option<Secret>,
    /// Names this start of the program in the leases it takes.
    holder: String,
    channels: pace::Channels,
    pub metrics: metrics::Metrics,
    /// People whose slots could not be planned, and how often it was tried.
    unplannable: std::sync::Mutex<std::collections::HashMap<PersonId, u32>>,
    /// Messages on their way, by team.
    on_their_way: deliver::OnTheirWay,
    steps: steps::Steps,
    connecting: workspaces::Connecting,
    zones: zones::Asking,
    homes: home::Homes,
    /// What was promised after an answer: replaced messages. Waited for when the program stops.
    pub background: TaskTracker,
    /// Rung when there is something new in the outbox.
    pub outbox: Notify,
}

/// What becomes of a request.
enum Begun {
    /// It is new: its transaction, and who asks.
    First(Tx, Box<Person>),
    /// It has been answered, with this.
    Again(String),
}

impl App {
    pub fn new(settings: &Settings, clock: Clock, db: Db, library: Library) -> anyhow::Result<App> {
        Ok(App {
            house: House {
                command: settings.command.clone(),
                weekly: settings.weekly.clone(),
                version: env!("CARGO_PKG_VERSION"),
                database: db.describe(),
            },
            slack: Api::new(&settings.slack_api_url)?,
            token: settings.bot_token.clone(),
            holder: clock::new_id(),
            channels: pace::Channels::default(),
            metrics: metrics::Metrics::default(),
            unplannable: std::sync::Mutex::default(),
            on_their_way: deliver::OnTheirWay::default(),
            steps: steps::Steps::default(),
            connecting: workspaces::Connecting::default(),
            zones: zones::Asking::default(),
            homes: home::Homes::default(),
            background: TaskTracker::new(),
            outbox: Notify::new(),
            clock,
            db,
            library,
        })
    }

    /// Somebody asks something of the coach. Of a stranger, Slack is asked which hours they keep.
    async fn begin(&self, who: &PersonId, request: &str, now: Timestamp) -> anyhow::Result<Begun> {
        let mut tx = match answered::once(&self.db, who, request, now).await? {
            Once::First(tx) => tx,
            Once::Again(body) => return Ok(Begun::Again(body)),
        };
        let person = people::open(&mut tx, who, None, now).await?;
        if person.zone_asked || self.rests(&who.team) {
            return Ok(Begun::First(tx, Box::new(person)));
        }
        // Nobody else's writes wait for Slack: this one is begun anew.
        tx.rollback().await?;
        let user = self.ask_slack(who).await;
        let mut tx = match answered::once(&self.db, who, request, now).await? {
            Once::First(tx) => tx,
            Once::Again(body) => return Ok(Begun::Again(body)),
        };
        let mut person = people::open(&mut tx, who, None, now).await?;
        if let Some(user) = user {
            self.told(&mut tx, who, &user, now).await?;
            person = people::open(&mut tx, who, None, now).await?;
        }
        Ok(Begun::First(tx, Box::new(person)))
    }

    fn scene<'a>(&'a self, person: &'a Person, now: Timestamp, fresh: &'a str) -> Scene<'a> {
        Scene { library: &self.library, person, now, house: &self.house, fresh, here: None }
    }
}
