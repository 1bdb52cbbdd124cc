//! What was promised of the databases themselves.

use rung::store::{Kind, Lock};

use super::*;

#[tokio::test]
async fn every_connection_holds_what_was_promised() {
    let store = Store::open().await;
    store.db.ready().await.unwrap();
    match store.db.kind() {
        Kind::Sqlite => {
            const FOUND: &str = "
                SELECT (SELECT journal_mode FROM pragma_journal_mode) || ' '
                    || (SELECT synchronous FROM pragma_synchronous) || ' '
                    || (SELECT foreign_keys FROM pragma_foreign_keys) || ' '
                    || (SELECT timeout FROM pragma_busy_timeout) || ' '
                    || (SELECT secure_delete FROM pragma_secure_delete)";
            let mut writer = store.write().await;
            let found: String = sqlx::query_scalar(FOUND).fetch_one(&mut *writer).await.unwrap();
            assert_eq!(found, "wal 2 1 5000 1");
            drop(writer);
            // All readers, held at once.
            let mut readers = Vec::new();
            for _ in 0..4 {
                readers.push(store.db.read().acquire().await.unwrap());
            }
            for reader in &mut readers {
                let found: String = sqlx::query_scalar(FOUND).fetch_one(&mut **reader).await.unwrap();
                assert_eq!(found, "wal 2 1 5000 1");
            }
            drop(readers);
            let version: String =
                sqlx::query_scalar("SELECT sqlite_version()").fetch_one(store.db.read()).await.unwrap();
            let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
            assert!(numbers >= vec![3, 51, 3], "{version}");
        }
        Kind::Postgres => {
            let mut writer = store.write().await;
            let found: String =
                sqlx::query_scalar("SHOW synchronous_commit").fetch_one(&mut *writer).await.unwrap();
            assert_eq!(found, "on");
        }
    }
    store.ends().await;
}

#[tokio::test]
async fn opening_again_changes_nothing_and_an_older_schema_is_not_ready() {
    let store = Store::open().await;
    store.person("U1").await;
    let again = Db::open(&store.database.url()).await.unwrap();
    again.ready().await.unwrap();
    assert_eq!(store.count("SELECT COUNT(*) FROM people").await, 1);
    store.run("DELETE FROM _sqlx_migrations WHERE version > 1").await;
    assert!(again.ready().await.unwrap_err().to_string().contains("schema"));
    again.close().await;
    store.ends().await;
}

#[tokio::test]
async fn one_holder_at_a_time_has_the_lock_of_a_file() {
    let store = Store::open().await;
    let url = store.database.url();
    let first = Lock::take(&url).unwrap();
    match store.db.kind() {
        Kind::Sqlite => {
            let error = Lock::take(&url).unwrap_err().to_string();
            assert!(error.contains("another `rung serve`") && error.contains("test.db"), "{error}");
            drop(first);
        }
        // Any number of servers.
        Kind::Postgres => {}
    }
    Lock::take(&url).unwrap();
    store.ends().await;
}

#[tokio::test]
async fn the_databases_clock_is_about_right() {
    let store = Store::open().await;
    let mut tx = store.write().await;
    let theirs = rung::store::now(&mut tx, store.db.kind()).await.unwrap();
    let ours = rung::clock::Clock::system().now().as_millisecond();
    assert!((theirs - ours).abs() < 5_000, "{theirs} and {ours}");
    drop(tx);
    store.ends().await;
}

/// Two writers who each read, think, and write what they read plus one: none is lost, none fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_at_once_lose_nothing() {
    const ROUNDS: usize = 40;
    let store = Store::open().await;
    store.person("U1").await;
    let other = Db::open(&store.database.url()).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for db in [store.db.clone(), store.db.clone(), other.clone(), other.clone()] {
        writers.spawn(async move {
            for _ in 0..ROUNDS {
                let mut tx = db.write().await.unwrap();
                let mut person = people::lock(&mut tx, &id("U1"), at(0)).await.unwrap().unwrap();
                person.rhythm.unanswered += 1;
                tokio::task::yield_now().await;
                people::set_rhythm(&mut tx, &id("U1"), &person.rhythm, 0).await.unwrap();
                tx.commit().await.unwrap();
            }
        });
    }
    writers.join_all().await;
    assert_eq!(store.person("U1").await.rhythm.unanswered as usize, 4 * ROUNDS);
    other.close().await;
    store.ends().await;
}

#[tokio::test]
async fn a_write_that_is_dropped_never_happened() {
    let store = Store::open().await;
    let mut tx = store.write().await;
    people::open(&mut tx, &id("U1"), None, at(0)).await.unwrap();
    drop(tx);
    assert_eq!(store.count("SELECT COUNT(*) FROM people").await, 0);
    store.ends().await;
}

/// Whatever the tests run on: this is about files.
#[cfg(unix)]
#[tokio::test]
async fn a_new_sqlite_file_is_its_owners_alone_and_one_that_is_there_keeps_its_mode() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a%20new%20one.db", folder.path().display());
    let modes = || {
        let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
        let mode = |entry: fs::DirEntry| {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            format!("{} {mode:o}", entry.file_name().to_str().unwrap())
        };
        let mut modes: Vec<String> = entries.map(mode).collect();
        modes.sort();
        modes
    };
    let db = Db::open(&url).await.unwrap();
    assert_eq!(modes(), ["a new one.db 600", "a new one.db-shm 600", "a new one.db-wal 600"]);
    db.close().await;

    fs::set_permissions(folder.path().join("a new one.db"), Permissions::from_mode(0o640)).unwrap();
    let db = Db::open(&url).await.unwrap();
    assert_eq!(modes()[0], "a new one.db 640");
    db.close().await;
}
