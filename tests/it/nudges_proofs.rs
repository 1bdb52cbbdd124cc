//! What the proofs of the nudges share. Each has a short form, which runs with all other tests, and a full
//! one: `RUNG_FULL=1`, or a number of one's own in `RUNG_OUTAGES` and so on. CONTRIBUTING.md has the table.

use rung::app::App;
use rung::coach::pick;
use sqlx::AssertSqlSafe;

mod crash;
mod crowd;
mod time;
mod world;

/// Where clocks are odd: half hours, quarters, both sides of the date line, rules of their own.
const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "America/St_Johns",
    "Asia/Tokyo",
];

/// How many: the short form, the full one, or what the variable says.
pub fn how_many(variable: &str, short: usize, full: usize) -> usize {
    #[expect(clippy::disallowed_methods, reason = "the tests have no settings but these")]
    let says = |name: &str| std::env::var(name).ok();
    let own = says(variable).and_then(|text| text.parse().ok());
    own.unwrap_or(if says("RUNG_FULL").is_some_and(|full| full == "1") { full } else { short })
}

/// Chance that is the same in every run: a number below `n`.
pub struct Dice {
    seed: String,
    thrown: u64,
}

impl Dice {
    pub fn of(seed: impl Into<String>) -> Dice {
        Dice { seed: seed.into(), thrown: 0 }
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.thrown += 1;
        pick::hash(&format!("{}/{}", self.seed, self.thrown)) % n
    }
}

/// Writes into the database behind the server's back.
pub async fn run(app: &App, sql: &str) -> u64 {
    let mut tx = app.db.write().await.unwrap();
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    done.rows_affected()
}

pub async fn count(app: &App, sql: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(app.db.read()).await.unwrap()
}

pub async fn rests(millis: u64) {
    #[expect(clippy::disallowed_methods, reason = "the program has a clock of its own: it is waited for")]
    tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
}
