//! A server on a clock that stands until it is set, with people put into its database by the thousand.

use std::sync::Arc;

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Timestamp};
use rung::app::App;
use rung::cli::serve::{self, Beat, Running};
use rung::clock::Clock;
use rung::coach::library::Library;
use rung::coach::person::PersonId;
use rung::coach::rhythm::{Rhythm, Slot};
use rung::coach::week::{Week, Weekly};
use rung::config::Settings;
use rung::local::Workspace;
use rung::slack::Secret;
use rung::store::workspaces::{self, TOKEN_FROM_ENV};
use rung::store::{Db, Tx, jobs, people};

use crate::database::TestDatabase;

pub struct World {
    pub slack: Workspace,
    pub clock: Clock,
    pub running: Running,
    pub database: TestDatabase,
    settings: Settings,
}

impl World {
    pub async fn at(now: Timestamp, library: Library) -> World {
        let clock = Clock::fixed(now);
        let slack = Workspace::start_named(clock.clone(), "crowd").await.unwrap();
        let database = TestDatabase::make().await;
        let settings = Settings {
            signing_secrets: vec![Secret::new(slack.signing_secret())],
            bot_token: Some(Secret::new(slack.bot_token())),
            slack_api_url: slack.api_url(),
            database_url: database.url(),
            listen: ([127, 0, 0, 1], 0).into(),
            ..Settings::defaults()
        };
        let running = serve::start(&settings, clock.clone(), library, Beat::ByHand).await.unwrap();
        slack.connect(&format!("http://{}", running.address));
        World { slack, clock, running, database, settings }
    }

    /// A second one on the same database, which is beaten by hand.
    pub async fn another_server(&self) -> Arc<App> {
        let db = Db::open(&self.database.url()).await.unwrap();
        let library = rung::content::load(None).unwrap();
        Arc::new(App::new(&self.settings, self.clock.clone(), db, library).unwrap())
    }

    pub fn app(&self) -> &App {
        &self.running.app
    }

    /// Lets time pass in steps of half a minute, of which those without anything to do are left out.
    pub async fn passes_until(&self, until: Timestamp) {
        loop {
            self.running.settle().await;
            let now = self.clock.now();
            let db = self.app().db.read();
            let next = [people::next_due(db, now).await.unwrap(), jobs::next_due(db).await.unwrap()];
            let next = next.into_iter().flatten().min().map(|at| Timestamp::from_millisecond(at).unwrap());
            let step = now + SignedDuration::from_secs(30);
            match next {
                Some(at) if at <= until => self.clock.set(at.max(step).min(until)),
                _ => self.clock.set(until),
            }
            if self.clock.now() >= until {
                return self.running.settle().await;
            }
        }
    }

    pub async fn ends(self) {
        self.running.stop().await;
        self.database.drop().await;
    }
}

/// So many workspaces, `T000` and on, all with our token.
pub async fn workspaces(db: &Db, n: usize, bot_user: &str) {
    let mut tx = db.write().await.unwrap();
    for n in 0..n {
        let workspace = workspaces::Workspace {
            team_id: format!("T{n:03}"),
            name: "Acme".to_owned(),
            bot_user_id: bot_user.to_owned(),
            bot_id: "B1".to_owned(),
            token_ref: TOKEN_FROM_ENV.to_owned(),
            connected_at: 0,
            ended_at: None,
            ended_why: None,
        };
        workspaces::connected(&mut tx, &workspace).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Somebody with nudges on, whose zone Slack told `asked` ago.
pub async fn person(tx: &mut Tx, who: &PersonId, zone: &str, own: (Weekday, Time), next: Slot, asked: i64) {
    let at = next.at.as_millisecond();
    sqlx::query(
        "INSERT INTO people (team_id, user_id, created_at, used_at, welcomed_at, zone_slack, zone_checked_at,
                             nudge_every, unanswered)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0)",
    )
    .bind(&who.team)
    .bind(&who.user)
    .bind(at)
    .bind(at)
    .bind(at)
    .bind(zone)
    .bind(asked)
    .execute(&mut **tx)
    .await
    .unwrap();
    let rhythm = Rhythm { on: true, own: Some(own), next: Some(next), ..Rhythm::default() };
    people::set_rhythm(tx, who, &rhythm, at).await.unwrap();
}

/// The first slot of this day and time after an instant.
pub fn first_slot(zone: &str, (day, time): (Weekday, Time), after: Timestamp) -> Slot {
    let tz = TimeZoneDatabase::bundled().get(zone).unwrap();
    let due = Weekly::on(day, time).next_after(&tz, after).unwrap();
    Slot { at: due.at, week: due.week }
}

/// A slot that has come by now, in the week that it is in UTC.
pub fn slot_at(at: Timestamp) -> Slot {
    Slot { at, week: Week::of(at.to_zoned(jiff::tz::TimeZone::UTC).date()) }
}
