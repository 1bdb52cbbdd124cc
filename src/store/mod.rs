//! What is remembered, in SQLite or PostgreSQL, by one SQL text.
//!
//! Writes go through one door: `db.write()`, statements, `tx.commit()`. Nothing here knows Slack, and
//! nothing here decides: it loads snapshots for the coach and applies the changes that come back.

pub mod answered;
pub mod backup;
pub mod cards;
pub mod changes;
pub mod channels;
mod group;
mod history;
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

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, AnyPool, Transaction};

use group::{Member, Writer};

pub use open::{Lock, sqlite_path};

/// A write in progress. Dropped without `commit`, nothing has happened.
#[derive(Debug)]
pub struct Tx(Kept);

#[derive(Debug)]
enum Kept {
    /// A transaction of its own.
    Alone(Transaction<'static, Any>),
    /// A turn in one that others share.
    Together(Member),
}

impl Tx {
    /// Returns when it is on the disk. What was answered on the strength of a read in here waits for this as
    /// well: `group` says why.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self.0 {
            Kept::Alone(tx) => tx.commit().await,
            Kept::Together(member) => member.commit().await,
        }
    }

    /// As if it had not been; for a snapshot, its end.
    pub async fn rollback(self) -> sqlx::Result<()> {
        match self.0 {
            Kept::Alone(tx) => tx.rollback().await,
            // Whoever has the next turn does it.
            Kept::Together(_) => Ok(()),
        }
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.0 {
            Kept::Alone(tx) => tx,
            Kept::Together(member) => member,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Kept::Alone(tx) => tx,
            Kept::Together(member) => member,
        }
    }
}

/// Which of the two databases this is. Only `open`, `now` and those that begin a transaction care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

#[derive(Clone, Debug)]
pub struct Db {
    write: Door,
    read: AnyPool,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Door {
    /// SQLite has one writer at a time.
    One(Writer),
    Many(AnyPool),
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

    /// The one door for writes. On SQLite there is one writer at a time, and those who wait for it together
    /// are committed together.
    pub async fn write(&self) -> sqlx::Result<Tx> {
        Ok(Tx(match &self.write {
            Door::One(writer) => Kept::Together(writer.begin().await?),
            Door::Many(pool) => Kept::Alone(pool.begin().await?),
        }))
    }

    /// Several reads of one instant. Never waits for a writer, and is never committed.
    pub async fn snapshot(&self) -> sqlx::Result<Tx> {
        let tx = match self.kind {
            Kind::Sqlite => self.read.begin().await?,
            // Otherwise each statement there sees what was committed before it.
            Kind::Postgres => {
                self.read.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?
            }
        };
        Ok(Tx(Kept::Alone(tx)))
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
        match &self.write {
            Door::One(writer) => writer.close().await,
            Door::Many(pool) => pool.close().await,
        }
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
