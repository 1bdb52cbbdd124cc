//! The harness: a chat on this machine, through real signed HTTP, the real router and a real database,
//! against the local Slack. A scenario reads like the chat it describes.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rung::app::App;
use rung::cli::serve::{self, Beat, Running};
use rung::clock::Clock;
use rung::config::Settings;
use rung::content;
use rung::local::{Answer, Human, Workspace};
use rung::slack::Secret;
use rung::store::jobs;
use tokio::sync::Mutex;

use crate::database::TestDatabase;

pub struct Chat {
    pub slack: Workspace,
    pub clock: Clock,
    zone: String,
    settings: Settings,
    server: Arc<Mutex<Option<Running>>>,
    database: TestDatabase,
    ended: bool,
}

impl Chat {
    /// `Mon 2 Mar 2026 09:00 Europe/Berlin`: what the wall shows, and where most people are.
    pub async fn on(when: &str) -> Chat {
        Self::with(when, |_| ()).await
    }

    /// The same with other settings.
    pub async fn with(when: &str, set: impl FnOnce(&mut Settings)) -> Chat {
        let (wall, zone) = when.rsplit_once(' ').expect("a zone at the end");
        let wall = DateTime::strptime("%a %d %b %Y %H:%M", wall).expect("Mon 2 Mar 2026 09:00");
        let tz = TimeZoneDatabase::bundled().get(zone).expect("a zone that exists");
        Self::at(tz.to_ambiguous_timestamp(wall).compatible().unwrap(), zone, set).await
    }

    /// At this very moment, in UTC: for tests that run the program as well, which has the machine's clock.
    pub async fn now() -> Chat {
        Self::at(Clock::system().now(), "UTC", |_| ()).await
    }

    pub async fn at(now: Timestamp, zone: &str, set: impl FnOnce(&mut Settings)) -> Chat {
        let clock = Clock::fixed(now);
        // A name, so that ids and with them everybody's order of prompts are the same in every run.
        let slack = Workspace::start_named(clock.clone(), "test").await.unwrap();
        let database = TestDatabase::make().await;
        let mut settings = Settings {
            signing_secrets: vec![Secret::new(slack.signing_secret())],
            bot_token: Some(Secret::new(slack.bot_token())),
            slack_api_url: slack.api_url(),
            database_url: database.url(),
            listen: ([127, 0, 0, 1], 0).into(),
            ..Settings::defaults()
        };
        set(&mut settings);
        let chat = Chat {
            slack,
            clock,
            zone: zone.to_owned(),
            settings,
            server: Arc::default(),
            database,
            ended: false,
        };
        chat.starts().await;
        chat
    }

    /// Starts the server (again).
    pub async fn starts(&self) {
        let library = content::load(None).expect("the built-in prompts are sound");
        let running = serve::start(&self.settings, self.clock.clone(), library, Beat::ByHand).await.unwrap();
        self.slack.connect(&format!("http://{}", running.address));
        self.slack.set_command(&self.settings.command);
        *self.server.lock().await = Some(running);
    }

    pub async fn stops(&self) {
        if let Some(running) = self.server.lock().await.take() {
            running.stop().await;
        }
    }

    pub async fn restarts(&self) {
        self.stops().await;
        self.starts().await;
    }

    pub fn person(&self, name: &str) -> Person {
        self.person_in(name, &self.zone)
    }

    pub fn person_in(&self, name: &str, zone: &str) -> Person {
        Person {
            human: self.slack.person(name, zone),
            slack: self.slack.clone(),
            clock: self.clock.clone(),
            server: Arc::clone(&self.server),
        }
    }

    /// Lets the scheduler do what is due now, and answers arrive.
    pub async fn settles(&self) {
        settle(&self.server).await;
    }

    /// `1 week`, `3 days`, `2 hours`, `5 minutes`; weeks and days by the wall clock.
    pub async fn passes(&self, span: &str) {
        let (n, unit) = span.split_once(' ').expect("a number and a unit");
        let n: i64 = n.parse().expect("a number");
        let tz = TimeZoneDatabase::bundled().get(&self.zone).unwrap();
        let now = self.clock.now().to_zoned(tz);
        let until = match unit.trim_end_matches('s') {
            "minute" => now.checked_add(n.minutes()),
            "hour" => now.checked_add(n.hours()),
            "day" => now.checked_add(n.days()),
            "week" => now.checked_add(n.weeks()),
            _ => panic!("{span}"),
        };
        self.slack.notes(&format!("{span} later"));
        self.passes_until(until.unwrap().timestamp()).await;
    }

    pub async fn passes_until(&self, until: Timestamp) {
        let server = self.server.lock().await;
        match server.as_ref() {
            Some(running) => running.pass_until(until).await.unwrap(),
            None => self.clock.set(until),
        }
    }

    pub fn transcript(&self) -> String {
        self.slack.transcript()
    }

    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// So many cards of this person's, as if they had logged for years.
    pub async fn fills_the_shelf(&self, person: &Person, n: u32) {
        use rung::coach::library::{Kind, PromptId};
        use rung::coach::person::{Card, PersonId};

        let server = self.server.lock().await;
        let app = &server.as_ref().expect("the server runs").app;
        let skills: Vec<PromptId> = app.library.of(Kind::Skill).map(|skill| skill.id.clone()).collect();
        let who = PersonId { team: self.slack.team_id(), user: person.human.id() };
        let now = self.clock.now();
        let today = now.to_zoned(TimeZoneDatabase::bundled().get(&self.zone).unwrap()).date();
        let mut tx = app.db.write().await.unwrap();
        for at in 0..n {
            let skill = skills[at as usize % skills.len()].clone();
            let card = Card {
                skill: Some(skill),
                changed: "Two teams now plan by it. ".repeat(5),
                link: if at % 2 == 0 { "https://acme.test/memo".to_owned() } else { String::new() },
                level: Some((at % 4) as u8 + 1),
                ..Card::of_one_line(
                    format!("{}-{at}", person.human.id()),
                    format!("Ran the review number {at}. {}", "It went well. ".repeat(10)),
                    today.saturating_sub((i64::from(at) / 8).days()),
                    now - SignedDuration::from_hours(i64::from(at)),
                )
            };
            rung::store::cards::save(&mut tx, &who, &card, now.as_millisecond()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// One number from the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let server = self.server.lock().await;
        let db = &server.as_ref().expect("the server runs").app.db;
        sqlx::query_scalar(sql).fetch_one(db.read()).await.unwrap()
    }

    /// Texts from the database, one a row.
    pub async fn texts(&self, sql: &'static str) -> Vec<String> {
        let server = self.server.lock().await;
        let db = &server.as_ref().expect("the server runs").app.db;
        sqlx::query_scalar(sql).fetch_all(db.read()).await.unwrap()
    }

    /// How many rows there are, a line a table: two of these are the same where nothing was written down.
    pub async fn rows(&self) -> Vec<String> {
        self.texts(
            "SELECT 'people ' || COUNT(*) FROM people UNION ALL SELECT 'shown ' || COUNT(*) FROM shown
             UNION ALL SELECT 'challenges ' || COUNT(*) FROM challenges
             UNION ALL SELECT 'evidence ' || COUNT(*) FROM evidence
             UNION ALL SELECT 'jobs ' || COUNT(*) FROM jobs UNION ALL SELECT 'answered ' || COUNT(*) FROM answered",
        )
        .await
    }

    /// The running server's inside, for tests that put a door of their own before it.
    pub async fn app(&self) -> Arc<App> {
        Arc::clone(&self.server.lock().await.as_ref().expect("the server runs").app)
    }

    /// Rows that nobody would want to make by hand.
    pub async fn writes(&self, sql: &'static str) {
        let server = self.server.lock().await;
        let mut tx = server.as_ref().expect("the server runs").app.db.write().await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Where the server listens, for tests that knock themselves.
    pub async fn address(&self) -> std::net::SocketAddr {
        self.server.lock().await.as_ref().expect("the server runs").address
    }

    /// Where the metrics are, if anywhere.
    pub async fn metrics_address(&self) -> Option<std::net::SocketAddr> {
        self.server.lock().await.as_ref().expect("the server runs").metrics_address
    }

    /// Checks that nothing is left over: no job that waits to be sent, no open form, nothing Slack would
    /// have refused, nobody pinged.
    pub async fn ends(mut self) {
        self.settles().await;
        self.ended = true;
        let due = {
            let server = self.server.lock().await;
            let db = &server.as_ref().expect("the server runs").app.db;
            jobs::next_due(db.read()).await.unwrap()
        };
        let now = self.clock.now().as_millisecond();
        assert!(due.is_none_or(|at| at > now), "a job is left over");
        assert_eq!(self.slack.complaints(), Vec::<String>::new(), "{}", self.transcript());
        assert_eq!(self.slack.pings(), Vec::<String>::new(), "somebody was pinged");
        self.stops().await;
        self.database.drop().await;
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        if !self.ended && !std::thread::panicking() {
            panic!("a chat must end with chat.ends().await, which checks that nothing is left over");
        }
    }
}

/// Somebody in the chat. Whatever they do, the answers have arrived when it returns.
pub struct Person {
    pub human: Human,
    slack: Workspace,
    clock: Clock,
    server: Arc<Mutex<Option<Running>>>,
}

impl Person {
    pub async fn says(&self, line: &str) -> Answer {
        let answer = self.human.says(line).await;
        self.settles().await;
        answer
    }

    pub async fn says_in(&self, channel: &str, line: &str) -> Answer {
        let answer = self.human.says_in(channel, line).await;
        self.settles().await;
        answer
    }

    pub async fn clicks(&self, label: &str) -> Answer {
        let answer = self.human.clicks(label).await;
        self.settles().await;
        answer
    }

    pub async fn clicks_twice(&self, label: &str) {
        self.human.clicks_twice(label).await;
        self.settles().await;
    }

    pub async fn chooses(&self, menu: &str, option: &str) {
        self.human.chooses(menu, option).await;
        self.settles().await;
    }

    pub async fn opens_home(&self) -> Answer {
        let answer = self.human.opens_home().await;
        self.settles().await;
        answer
    }

    pub async fn uses_shortcut(&self, callback_id: &str) {
        self.human.uses_shortcut(callback_id).await;
        self.settles().await;
    }

    pub async fn uses_message_shortcut(&self, callback_id: &str, words: &str) {
        self.human.uses_message_shortcut(callback_id, words).await;
        self.settles().await;
    }

    pub async fn submits<const N: usize>(&self, fields: [(&str, &str); N]) -> Answer {
        let answer = self.human.submits(&fields).await;
        self.settles().await;
        answer
    }

    pub async fn submits_twice<const N: usize>(&self, fields: [(&str, &str); N]) {
        self.human.submits_twice(&fields).await;
        self.settles().await;
    }

    /// What Slack sends when a button of App Home is pressed, whoever drew it: forged ones too. The answer comes
    /// as a direct message.
    pub async fn presses(&self, name: &str, value: &str) -> String {
        let answer = self.presses_for_an_answer(name, value).await;
        self.settles().await;
        answer
    }

    /// The same, no longer than until the answer has arrived: files come a moment after it.
    pub async fn presses_for_an_answer(&self, name: &str, value: &str) -> String {
        let team = self.slack.team_id();
        self.interacts(serde_json::json!({
            "type": "block_actions", "user": { "id": self.human.id(), "team_id": team }, "team": { "id": team },
            "container": { "type": "view", "view_id": "V1" }, "view": { "id": "V1", "type": "home" },
            "actions": [{ "type": "button", "action_id": format!("{name}#0"), "block_id": "b", "value": value }],
        }))
        .await
    }

    /// What Slack sends when a form of this kind is sent in, whoever drew it.
    pub async fn sends_in(&self, key: &str, about: &str, id: &str, values: &[(&str, &str)]) -> String {
        let team = self.slack.team_id();
        let state: serde_json::Map<String, serde_json::Value> = values
            .iter()
            .map(|(field, value)| {
                let typed = serde_json::json!({ "type": "plain_text_input", "value": value });
                ((*field).to_owned(), serde_json::json!({ *field: typed }))
            })
            .collect();
        let blocks: Vec<_> = values
            .iter()
            .map(|(field, _)| serde_json::json!({ "type": "input", "block_id": field }))
            .collect();
        let metadata = serde_json::json!({ "key": key, "about": about, "id": id }).to_string();
        let answer = self.interacts(serde_json::json!({
            "type": "view_submission", "user": { "id": self.human.id(), "team_id": team }, "team": { "id": team },
            "view": {
                "id": "V1", "type": "modal", "private_metadata": metadata, "blocks": blocks,
                "state": { "values": state },
            },
        }))
        .await;
        self.settles().await;
        answer
    }

    async fn interacts(&self, payload: serde_json::Value) -> String {
        let body = serde_urlencoded::to_string([("payload", payload.to_string())]).unwrap().into_bytes();
        let form = "application/x-www-form-urlencoded";
        let (status, body) = self.slack.posts("/slack/interactivity", form, body).await;
        assert_eq!(status, 200, "{payload}: {body}");
        settle(&self.server).await;
        body
    }

    /// What they have seen since they were last asked.
    pub fn sees(&self) -> String {
        self.human.sees()
    }

    /// The newest message before them, as text.
    pub fn reads(&self) -> String {
        self.human.last().map(|message| message.drawn).unwrap_or_default()
    }

    /// The newest direct message's heading or first line.
    pub fn latest_dm(&self) -> String {
        let dms = self.human.dms();
        dms.last()
            .map(|message| message.drawn.lines().next().unwrap_or_default().to_owned())
            .unwrap_or_default()
    }

    async fn settles(&self) {
        settle(&self.server).await;
        // Nobody does two things in the same instant, and a channel takes one message a second.
        self.clock.advance(SignedDuration::from_secs(2));
        settle(&self.server).await;
    }
}

/// A Monday morning, and Ana.
pub async fn chat() -> (Chat, Person) {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    (chat, ana)
}

/// All of these stand in it.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

async fn settle(server: &Mutex<Option<Running>>) {
    if let Some(running) = server.lock().await.as_ref() {
        let settled = tokio::time::timeout(Duration::from_secs(30), running.settle()).await;
        settled.expect("the server comes to rest");
    }
}
