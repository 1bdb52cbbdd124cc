//! What is remembered, in SQLite or PostgreSQL, by one SQL text.
//!
//! Writes go through one door: `db.write()`, statements, `tx.commit()`. Nothing here knows Slack, and
//! nothing here decides: it loads snapshots for the coach and applies the changes that come back.

pub mod answered;
pub mod backup;
pub mod cards;
pub mod changes;
pub mod channels;
pub mod jobs;
pub mod more;
mod open;
pub mod paces;
pub mod people;
pub mod ratings;
pub mod rehearsals;
pub mod shown;
pub mod slots;
pub mod workspaces;

use sqlx::{Any, AnyPool, Transaction};

pub use open::{Lock, sqlite_path};

/// A write in progress. Dropped without `commit`, nothing has happened.
pub type Tx = Transaction<'static, Any>;

/// Which of the two databases this is. Only `open`, `now` and `begin` care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug)]
pub struct Db {
    write: AnyPool,
    read: AnyPool,
    kind: Kind,
}

impl Db {
    /// Opens the database, sets it up as promised and brings its schema up to date.
    ///
    /// # Errors
    /// Says what could not be reached, or which setting the database would not take.
    pub async fn open(url: &str) -> anyhow::Result<Db> {
        open::open(url).await
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The words that `about` and `doctor` use.
    pub fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "a SQLite file",
            Kind::Postgres => "a PostgreSQL database",
        }
    }

    /// The one door for writes. On SQLite there is one writer at a time, and it has the lock from the
    /// start: a plain `BEGIN` that reads first and writes later fails under load.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        match self.kind {
            Kind::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.write.begin().await,
        }
    }

    /// Several reads of one instant. Never waits for a writer, and is never committed.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        self.read.begin().await
    }

    /// For reading only; never waits for a writer.
    pub fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Whether the database answers and its schema is the one this program knows.
    pub async fn ready(&self) -> anyhow::Result<()> {
        open::check_schema(&self.read).await
    }

    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }
}

/// A transaction's database clock, in milliseconds: leases are held by it, so that replicas whose own
/// clocks differ agree on who holds what.
pub async fn now(tx: &mut Tx, kind: Kind) -> sqlx::Result<i64> {
    let sql = match kind {
        Kind::Sqlite => "SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS BIGINT)",
        Kind::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    };
    sqlx::query_scalar(sql).fetch_one(&mut **tx).await
}
