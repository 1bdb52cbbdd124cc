//! `rung serve` as a process of its own, against a Slack on this machine, by the machine's clock.

use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rung::clock::Clock;
use rung::local::Workspace;
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::database::TestDatabase;

pub struct Program {
    pub slack: Workspace,
    pub database: TestDatabase,
    child: Option<Child>,
    address: String,
    /// Everything it has ever printed.
    told: Arc<Mutex<String>>,
}

impl Program {
    /// With a Slack and a database of its own; not started yet.
    pub async fn new() -> Program {
        Program {
            slack: Workspace::start(Clock::system()).await.unwrap(),
            database: TestDatabase::make().await,
            child: None,
            address: String::new(),
            told: Arc::default(),
        }
    }

    /// `rung` with this verb and the settings of this workspace.
    pub fn rung(&self, verb: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rung"));
        command
            .args(verb)
            .env_clear()
            .env("SLACK_SIGNING_SECRET", self.slack.signing_secret())
            .env("SLACK_BOT_TOKEN", self.slack.bot_token())
            .env("SLACK_API_URL", self.slack.api_url())
            .env("DATABASE_URL", self.database.url())
            .env("RUNG_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Starts it, and waits until it says where it listens.
    pub async fn starts(&mut self) {
        let mut child = self.rung(&["serve"]).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = Arc::clone(&self.told);
        let address = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                told.lock().unwrap().push_str(&format!("{line}\n"));
                let event: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                if event["message"] == "listening" {
                    return event["address"].as_str().unwrap().to_owned();
                }
            }
            panic!("it ended before it listened: {}", told.lock().unwrap());
        };
        let address = tokio::time::timeout(Duration::from_secs(30), address).await.expect("it listens");
        self.slack.connect(&format!("http://{address}"));
        self.address = address;
        let told = Arc::clone(&self.told);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                told.lock().unwrap().push_str(&format!("{line}\n"));
            }
        });
        self.child = Some(child);
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `kill -9`.
    pub async fn is_killed(&mut self) {
        self.child.take().expect("it runs").kill().await.unwrap();
    }

    /// `kill`, and how that ended.
    pub async fn is_told_to_stop(&mut self) -> std::process::ExitStatus {
        let mut child = self.child.take().expect("it runs");
        let pid = child.id().expect("it runs").to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), child.wait())
            .await
            .expect("it ends in ten seconds")
            .unwrap()
    }

    /// All that it has printed since the beginning.
    pub fn told(&self) -> String {
        self.told.lock().unwrap().clone()
    }

    /// A look into its database from outside, while it runs.
    pub async fn looks_inside(&self) -> AnyPool {
        sqlx::any::install_default_drivers();
        AnyPoolOptions::new().max_connections(1).connect(&self.database.url()).await.unwrap()
    }

    pub async fn ends(mut self) {
        if self.child.is_some() {
            assert!(self.is_told_to_stop().await.success(), "{}", self.told());
        }
        self.database.drop().await;
    }
}
