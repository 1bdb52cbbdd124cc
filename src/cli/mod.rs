//! The verbs of the command line, one a file.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod manifest;
pub mod nudges;
pub mod people;
pub mod prompts;
pub mod serve;

use anyhow::ensure;

use crate::config::Settings;
use crate::store::{Db, sqlite_path};

/// The database that is there already: a verb that only looks must not make a new one.
async fn existing_database(settings: &Settings) -> anyhow::Result<Db> {
    if let Some(file) = sqlite_path(&settings.database_url) {
        ensure!(
            file.is_file(),
            "there is no database at {}; DATABASE_URL, or database_url in the settings file, says where it is",
            file.display()
        );
    }
    Db::open(&settings.database_url).await
}
