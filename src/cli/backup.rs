//! `rung backup FILE`: a copy of the SQLite database, beside a running server or without one.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::config::Settings;
use crate::store::backup;

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to make; it must not be there yet
    pub file: PathBuf,
    /// Write JSON for other programs
    #[arg(long)]
    pub json: bool,
}

pub async fn run(args: &BackupArgs, settings: &Settings, out: &mut impl Write) -> anyhow::Result<()> {
    let db = super::existing_database(settings).await?;
    let copied = backup::backup(&db, &args.file).await;
    db.close().await;
    let copied = copied?;
    let bytes = std::fs::metadata(&args.file)?.len();
    if args.json {
        let tables: serde_json::Map<_, _> =
            copied.iter().map(|(name, rows)| (name.clone(), json!(rows))).collect();
        writeln!(out, "{:#}", json!({ "file": shown(&args.file), "bytes": bytes, "rows": tables }))?;
        return Ok(());
    }
    for (name, rows) in &copied {
        writeln!(out, "{rows:>10}  {name}")?;
    }
    writeln!(
        out,
        "{} is whole: {bytes} bytes, every table counted. It holds what people wrote; keep it as safe as the original.",
        shown(&args.file)
    )?;
    Ok(())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
