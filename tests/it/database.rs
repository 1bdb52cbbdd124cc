//! A fresh database for one test: a SQLite file, or a database of its own on the PostgreSQL server that
//! `TEST_DATABASE_URL` names. Never one in memory: that has one connection and hides locks.

use rung::clock;
use sqlx::{Connection, Executor};
use tempfile::TempDir;

pub enum TestDatabase {
    Sqlite { folder: TempDir },
    Postgres { server: String, name: String },
}

impl TestDatabase {
    pub async fn make() -> TestDatabase {
        match server() {
            None => TestDatabase::Sqlite { folder: tempfile::tempdir().expect("a temporary folder") },
            Some(server) => {
                let name = format!("rung_{}", clock::new_id().replace('-', ""));
                execute(&server, &format!("CREATE DATABASE {name}")).await;
                TestDatabase::Postgres { server, name }
            }
        }
    }

    pub fn url(&self) -> String {
        match self {
            TestDatabase::Sqlite { folder } => {
                format!("sqlite://{}", folder.path().join("test.db").display())
            }
            TestDatabase::Postgres { server, name } => {
                let (before, query) = server.split_once('?').map_or((server.as_str(), ""), |(a, b)| (a, b));
                let (base, _) = before.rsplit_once('/').expect("a database in TEST_DATABASE_URL");
                let question = if query.is_empty() { "" } else { "?" };
                format!("{base}/{name}{question}{query}")
            }
        }
    }

    pub async fn drop(&self) {
        if let TestDatabase::Postgres { server, name } = self {
            execute(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// The PostgreSQL server for tests, if there is one.
pub fn server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the tests have no settings but this")]
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

async fn execute(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(server).await.expect("TEST_DATABASE_URL answers");
    connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.expect("a database of its own");
    connection.close().await.expect("the connection closes");
}
