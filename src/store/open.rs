//! Opening a database, and holding it to what was promised.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AnyPool, Executor};

use super::backup::create_private;
use super::group::Writer;
use super::{Db, Door, Kind};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// Set on every SQLite connection, and read back: a setting that did not take is an error, not a hope.
const SQLITE_SETTINGS: [(&str, &str, &str); 5] = [
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("busy_timeout", "5000", "5000"),
    ("secure_delete", "ON", "1"),
];

const CONNECT_WITHIN: Duration = Duration::from_secs(10);

/// The first release without the WAL-reset race that could corrupt a file.
const SQLITE_AT_LEAST: [u32; 3] = [3, 51, 3];

pub async fn open(url: &str) -> anyhow::Result<Db> {
    sqlx::any::install_default_drivers();
    let kind = kind(url)?;
    let shown = without_password(url);
    let (write, read) = match kind {
        Kind::Sqlite => {
            make_private(&sqlite_url(url));
            let options = AnyConnectOptions::from_str(&sqlite_url(url))
                .with_context(|| format!("DATABASE_URL {shown} is not a database address"))?;
            let write = pool(kind, 1).connect_with(options.clone()).await;
            let write = write.with_context(|| {
                format!("opening {shown}: is the folder there, and may this user write to it?")
            })?;
            check_sqlite(&write).await.with_context(|| format!("checking {shown}"))?;
            bring_up_to_date(&write, &shown).await?;
            let read =
                pool(kind, 4).connect_with(options).await.with_context(|| format!("opening {shown}"))?;
            (write, read)
        }
        Kind::Postgres => {
            let options = AnyConnectOptions::from_str(url)
                .with_context(|| format!("DATABASE_URL {shown} is not a database address"))?;
            // Not with the others' short waits: a table may be long, and another server may be at it already.
            let patient = AnyPoolOptions::new().max_connections(1).acquire_timeout(CONNECT_WITHIN);
            let patient = patient.connect_with(options.clone()).await.with_context(|| {
                format!("connecting to {shown}: is it running, and is the password right?")
            })?;
            bring_up_to_date(&patient, &shown).await?;
            patient.close().await;
            let pool = pool(kind, 10).connect_with(options).await;
            let pool = pool.with_context(|| format!("connecting to {shown}"))?;
            check_postgres(&pool).await.with_context(|| format!("checking {shown}"))?;
            (pool.clone(), pool)
        }
    };
    let write = match kind {
        Kind::Sqlite => Door::One(Writer::new(write)),
        Kind::Postgres => Door::Many(write),
    };
    Ok(Db { write, read, kind })
}

async fn bring_up_to_date(pool: &AnyPool, shown: &str) -> anyhow::Result<()> {
    MIGRATIONS.run(pool).await.with_context(|| format!("bringing the schema of {shown} up to date"))
}

fn kind(url: &str) -> anyhow::Result<Kind> {
    match url.split(':').next() {
        Some("sqlite") => Ok(Kind::Sqlite),
        Some("postgres" | "postgresql") => Ok(Kind::Postgres),
        _ => bail!(
            "DATABASE_URL must start with sqlite:// or postgres://, such as sqlite://rung.db; this one starts with {:?}",
            url.split(':').next().unwrap_or_default()
        ),
    }
}

fn pool(kind: Kind, connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECT_WITHIN)
        .idle_timeout(None)
        .max_lifetime(None)
        // A server may have gone since the last time; a file has not.
        .test_before_acquire(kind == Kind::Postgres)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                match kind {
                    Kind::Sqlite => set_up_sqlite(connection).await,
                    Kind::Postgres => set_up_postgres(connection).await,
                }
            })
        })
}

/// A server that has vanished without a word holds its locks until PostgreSQL notices, and one that waits for it
/// waits as long: neither is for hours.
async fn set_up_postgres(connection: &mut AnyConnection) -> sqlx::Result<()> {
    connection.execute("SET synchronous_commit = on").await?;
    connection.execute("SET lock_timeout = '3s'").await?;
    connection.execute("SET statement_timeout = '15s'").await?;
    connection.execute("SET idle_in_transaction_session_timeout = '10s'").await?;
    Ok(())
}

async fn set_up_sqlite(connection: &mut AnyConnection) -> sqlx::Result<()> {
    // The busy timeout first: turning WAL on may itself have to wait.
    connection.execute("PRAGMA busy_timeout = 5000").await?;
    connection.execute("PRAGMA journal_mode = WAL").await?;
    connection.execute("PRAGMA synchronous = FULL").await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    connection.execute("PRAGMA secure_delete = ON").await?;
    // In KiB. The system keeps the file's pages anyway; several connections would keep two MiB each besides.
    connection.execute("PRAGMA cache_size = -512").await?;
    Ok(())
}

async fn check_sqlite(pool: &AnyPool) -> anyhow::Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    ensure!(
        numbers.as_slice() >= SQLITE_AT_LEAST.as_slice(),
        "this program was built with SQLite {version}; 3.51.3 or later is needed"
    );
    let settings: (String, String, String, String, String) = sqlx::query_as(
        "SELECT (SELECT journal_mode FROM pragma_journal_mode),
                (SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous),
                (SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys),
                (SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout),
                (SELECT CAST(secure_delete AS TEXT) FROM pragma_secure_delete)",
    )
    .fetch_one(pool)
    .await?;
    let found = [settings.0, settings.1, settings.2, settings.3, settings.4];
    for ((name, set, expected), found) in SQLITE_SETTINGS.iter().zip(found) {
        ensure!(
            found == *expected,
            "SQLite would not take {name} = {set}: it says {found}. Is the file on a network drive? It needs a local one."
        );
    }
    Ok(())
}

async fn check_postgres(pool: &AnyPool) -> anyhow::Result<()> {
    let commit: String =
        sqlx::query_scalar("SELECT current_setting('synchronous_commit')").fetch_one(pool).await?;
    ensure!(commit == "on", "PostgreSQL would not take synchronous_commit = on: it says {commit}");
    Ok(())
}

pub async fn check_schema(pool: &AnyPool) -> anyhow::Result<()> {
    let newest: i64 = sqlx::query_scalar("SELECT CAST(MAX(version) AS BIGINT) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await
        .context("asking the database for its schema")?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    ensure!(newest >= known, "the database's schema is at {newest}, this program needs {known}");
    Ok(())
}

fn sqlite_url(url: &str) -> String {
    if url.contains("mode=") {
        url.to_owned()
    } else {
        format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' })
    }
}

/// A file that is still to be made is made here, for nobody else to read; what SQLite puts beside it gets the
/// same mode. One that is there keeps the mode that somebody gave it. What goes wrong here, opening it tells.
fn make_private(url: &str) {
    let Ok(options) = SqliteConnectOptions::from_str(url) else { return };
    let file = options.get_filename();
    // In memory there is no file.
    if url.contains("mode=rwc") && !file.to_string_lossy().starts_with("file:") {
        let _ = create_private(file);
    }
}

/// The file of a SQLite address; None for PostgreSQL.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next()?;
    Some(PathBuf::from(path))
}

/// A database address that may be shown: whatever could be a password is dots.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "(not shown)".to_owned() };
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            format!("{scheme}://{}:•••@{host}", login.split(':').next().unwrap_or_default())
        }
        None => format!("{scheme}://{rest}"),
    }
}

/// Held by the one `serve` on a SQLite file, for as long as it lives; the system lets go of it when the
/// process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// PostgreSQL takes any number of servers and needs no lock.
    ///
    /// # Errors
    /// Says who else has the file.
    pub fn take(url: &str) -> anyhow::Result<Lock> {
        let Some(path) = sqlite_path(url) else { return Ok(Lock { _file: None }) };
        let lock = lock_path(&path);
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&lock).with_context(|| {
                format!("opening {}: is the folder there, and may this user write to it?", lock.display())
            })?;
        if file.try_lock().is_err() {
            bail!(
                "another `rung serve` is already running on {}. Two servers on one SQLite file would send nudges twice: \
                 stop the other one, give this one a DATABASE_URL of its own, or move both to PostgreSQL, where any \
                 number may run.",
                path.display()
            );
        }
        Ok(Lock { _file: Some(file) })
    }
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(
            without_password("postgres://ana:s3cret@db:5432/rung?x=s3cret"),
            "postgres://ana:•••@db:5432/rung"
        );
        assert_eq!(without_password("sqlite://rung.db"), "sqlite://rung.db");
        assert_eq!(without_password("s3cret"), "(not shown)");
    }

    #[test]
    fn an_address_of_neither_database_is_refused_with_an_example() {
        assert!(kind("mysql://x").unwrap_err().to_string().contains("sqlite://rung.db"));
    }
}
