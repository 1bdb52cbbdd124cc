//! A copy of a SQLite database, safe beside a running server, and checked by counting.

use std::fs::{File, OpenOptions};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use sqlx::{AnyPool, AssertSqlSafe};

use super::{Db, Kind};

/// A busy server may change a table between two counts, but hardly every time.
const TRIES: u32 = 3;

/// A table and its rows.
pub type Count = (String, i64);

/// Copies the database into a new file and gives what is in it, table by table.
///
/// # Errors
/// Where the file is there already, where this is PostgreSQL, or where the copy is not sound.
pub async fn backup(db: &Db, to: &Path) -> anyhow::Result<Vec<Count>> {
    if db.kind() == Kind::Postgres {
        bail!(
            "this database is PostgreSQL, which has a better tool for it: \
             pg_dump --format=custom --file={} \"$DATABASE_URL\"",
            to.display()
        );
    }
    let mut tried = 0;
    loop {
        tried += 1;
        let before = count(db.read()).await?;
        copy(db, to).await?;
        let after = count(db.read()).await?;
        let copied = check(to).await;
        match copied {
            Ok(copied) if is_between(&before, &copied, &after) => return Ok(copied),
            Ok(_) if tried < TRIES => {
                std::fs::remove_file(to).context("removing a copy that is not whole")?
            }
            Ok(_) => {
                let _ = std::fs::remove_file(to);
                bail!("the copy did not have as many rows as the database; nothing was kept, try again");
            }
            Err(error) => {
                let _ = std::fs::remove_file(to);
                return Err(error.context("the copy is not sound, and was removed"));
            }
        }
    }
}

async fn copy(db: &Db, to: &Path) -> anyhow::Result<()> {
    // Ours alone from the first byte on: it holds what people wrote.
    create_private(to).with_context(|| {
        format!("making {}: is it there already? A backup never writes over a file", to.display())
    })?;
    let name = to.to_str().with_context(|| format!("{} is no name for a database", to.display()))?;
    let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(db.read()).await;
    if let Err(error) = copied {
        let _ = std::fs::remove_file(to);
        return Err(error).with_context(|| format!("copying the database to {}", to.display()));
    }
    // On the disk, and not only on its way there; the name in its folder as well.
    File::open(to).and_then(|file| file.sync_all()).context("writing the copy to the disk")?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).context("writing the copy's name to the disk")?;
    Ok(())
}

/// Fails where it is there already.
pub(super) fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Reads the copy on its own: whole by SQLite's own check, and counted.
async fn check(copy: &Path) -> anyhow::Result<Vec<Count>> {
    let pool =
        AnyPool::connect(&format!("sqlite://{}?mode=ro", copy.display())).await.context("opening it")?;
    let verdict: String = sqlx::query_scalar("SELECT integrity_check FROM pragma_integrity_check LIMIT 1")
        .fetch_one(&pool)
        .await
        .context("checking it")?;
    ensure!(verdict == "ok", "SQLite says: {verdict}");
    let counted = count(&pool).await;
    pool.close().await;
    counted
}

async fn count(pool: &AnyPool) -> anyhow::Result<Vec<Count>> {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            .fetch_all(pool)
            .await
            .context("listing the tables")?;
    let mut counts = Vec::new();
    for name in names {
        // A name out of the schema itself; a table cannot be a parameter.
        let sql = format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await.context("counting")?;
        counts.push((name, rows));
    }
    counts.sort();
    Ok(counts)
}

/// The copy is of some instant between the two counts.
fn is_between(before: &[Count], copied: &[Count], after: &[Count]) -> bool {
    let rows =
        |counts: &[Count], name: &str| counts.iter().find(|(table, _)| table == name).map(|(_, rows)| *rows);
    copied.len() == before.len()
        && copied.iter().all(|(name, copied)| match (rows(before, name), rows(after, name)) {
            (Some(before), Some(after)) => (before.min(after)..=before.max(after)).contains(copied),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_as_many_rows_as_there_were_at_some_time() {
        let rows = |people| vec![("people".to_owned(), people)];
        assert!(is_between(&rows(5), &rows(5), &rows(5)));
        assert!(is_between(&rows(5), &rows(6), &rows(7)));
        assert!(!is_between(&rows(5), &rows(4), &rows(5)));
        assert!(!is_between(&rows(5), &[], &rows(5)));
    }
}
