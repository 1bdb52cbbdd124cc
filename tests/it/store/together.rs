//! Writers that come at once are flushed together, and still none of them gets what is not theirs.

use std::time::Duration;

use futures_util::future::{join_all, poll_immediate};

use super::*;

/// A table of its own, whose rows name a row that need not be there before the commit.
const TABLE: &str = "CREATE TABLE written (name TEXT PRIMARY KEY,
    wants TEXT REFERENCES written (name) DEFERRABLE INITIALLY DEFERRED)";

async fn with_table() -> Store {
    let store = Store::open().await;
    store.run(TABLE).await;
    store
}

async fn insert(tx: &mut Tx, name: &str, wants: Option<&str>) {
    let insert = sqlx::query("INSERT INTO written (name, wants) VALUES ($1, $2)").bind(name).bind(wants);
    insert.execute(&mut **tx).await.unwrap();
}

async fn is_there(store: &Store, name: &str) -> bool {
    store.count(&format!("SELECT COUNT(*) FROM written WHERE name = '{name}'")).await == 1
}

#[tokio::test]
async fn what_was_committed_is_there_for_everybody_as_soon_as_it_is_said() {
    let store = with_table().await;
    join_all((0..50).map(async |n| {
        let mut tx = store.write().await;
        insert(&mut tx, &format!("row {n}"), None).await;
        tx.commit().await.unwrap();
        assert!(
            is_there(&store, &format!("row {n}")).await,
            "row {n} was committed, and others do not see it"
        );
    }))
    .await;
    store.ends().await;
}

#[tokio::test]
async fn who_gives_up_is_rolled_back_alone() {
    let store = with_table().await;
    join_all((0..50).map(async |n| {
        let mut tx = store.write().await;
        insert(&mut tx, &format!("row {n}"), None).await;
        match n % 3 {
            // What is asked wrongly, and what is dropped, undoes itself and nothing else.
            0 => drop(tx),
            1 => {
                assert!(sqlx::query("INSERT INTO nowhere VALUES (1)").execute(&mut *tx).await.is_err());
                drop(tx);
            }
            _ => tx.commit().await.unwrap(),
        }
    }))
    .await;
    for n in 0..50 {
        assert_eq!(is_there(&store, &format!("row {n}")).await, n % 3 == 2, "row {n}");
    }
    store.ends().await;
}

/// A request whose client hangs up ends in the middle of whatever it waits for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_cut_off_anywhere_leaves_no_half_and_holds_up_nobody() {
    let store = with_table().await;
    let db = &store.db;
    let said: Vec<Option<bool>> = join_all((0..300).map(async |n: u64| {
        let write = async {
            let mut tx = db.write().await.unwrap();
            insert(&mut tx, &format!("row {n}"), None).await;
            insert(&mut tx, &format!("other {n}"), None).await;
            if n.is_multiple_of(5) {
                return false;
            }
            tx.commit().await.unwrap();
            true
        };
        // Some are never cut off, however long a busy machine takes.
        let within = if n.is_multiple_of(7) {
            Duration::from_secs(60)
        } else {
            Duration::from_micros(n * 97 % 30_000)
        };
        tokio::time::timeout(within, write).await.ok()
    }))
    .await;
    // Who comes after them waits for whatever of theirs is still on its way.
    store.run("INSERT INTO written (name) VALUES ('after')").await;
    let mut counted = [0; 3];
    for (n, said) in said.iter().enumerate() {
        let there =
            (is_there(&store, &format!("row {n}")).await, is_there(&store, &format!("other {n}")).await);
        assert_eq!(there.0, there.1, "half of {n} is there");
        match said {
            Some(true) => assert!(there.0, "{n} was told that it is there"),
            Some(false) => assert!(!there.0, "{n} gave up"),
            None => assert!(n % 5 > 0 || !there.0, "{n} was cut off before it gave up"),
        }
        counted[said.map_or(2, usize::from)] += 1;
    }
    assert!(
        counted[2] > 0 && counted[0] + counted[1] > 0,
        "some were cut off and some were not: {counted:?}"
    );
    store.run("DELETE FROM written").await;
    store.ends().await;
}

#[tokio::test]
async fn cut_off_at_the_first_breath_it_never_began() {
    let store = with_table().await;
    for _ in 0..20 {
        drop(poll_immediate(store.db.write()).await);
    }
    store.run("INSERT INTO written (name) VALUES ('after')").await;
    assert!(is_there(&store, "after").await);
    store.ends().await;
}

#[tokio::test]
async fn where_the_commit_fails_everybody_in_it_is_told() {
    let store = with_table().await;
    let told: Vec<bool> = join_all((0..10).map(async |n| {
        let mut tx = store.write().await;
        insert(&mut tx, &format!("row {n}"), (n == 4).then_some("nobody")).await;
        tx.commit().await.is_ok()
    }))
    .await;
    assert!(!told[4], "its commit cannot have been good");
    for (n, told) in told.iter().enumerate() {
        assert_eq!(is_there(&store, &format!("row {n}")).await, *told, "what row {n} was told is not so");
    }
    store.run("INSERT INTO written (name) VALUES ('after')").await;
    store.ends().await;
}
