//! Every function of the store, on whichever database the tests run on, NULLs included.

mod export;
mod forget;
mod jobs;
mod rows;
mod settings;
mod together;

use jiff::Timestamp;
use rung::coach::person::{Person, PersonId};
use rung::store::{Db, Tx, people};

use crate::database::TestDatabase;

pub use forget::columns;

/// A database of its own, opened as the program opens it.
pub struct Store {
    db: Db,
    database: TestDatabase,
}

impl Store {
    pub async fn open() -> Store {
        let database = TestDatabase::make().await;
        Store { db: Db::open(&database.url()).await.unwrap(), database }
    }

    async fn write(&self) -> Tx {
        self.db.write().await.unwrap()
    }

    async fn person(&self, user: &str) -> Person {
        let mut tx = self.write().await;
        let person = people::open(&mut tx, &id(user), None, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    async fn count(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::query_scalar(sql).fetch_one(self.db.read()).await.unwrap()
    }

    pub async fn run(&self, sql: &str) -> u64 {
        let mut tx = self.write().await;
        let done = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        done.rows_affected()
    }

    pub async fn ends(self) {
        self.db.close().await;
        self.database.drop().await;
    }
}

fn id(user: &str) -> PersonId {
    PersonId { team: "T1".to_owned(), user: user.to_owned() }
}

/// So many seconds after a Monday morning.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_438_400 + seconds).unwrap()
}
