//! `rung nudges list | retry`: what became of every slot, and another chance for what failed. Ids only:
//! no names and no words of anybody's.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::app::App;
use crate::app::nudge::Coming;
use crate::clock::Clock;
use crate::coach::library::Library;
use crate::coach::week::Week;
use crate::config::Settings;
use crate::store::slots::{self, Ending};

#[derive(Debug, Args)]
pub struct NudgesArgs {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List how every slot ended: sent, skipped or failed, and why
    List(ListArgs),
    /// Bring back what failed
    Retry(RetryArgs),
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those that ended like this, or wait
    #[arg(long)]
    pub outcome: Option<Wanted>,
    /// Look back over so many days
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub days: u16,
    /// Show what the next week would send instead, to whom and when, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write JSON for other programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RetryArgs {
    /// Look back over so many days
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub days: u16,
    /// Show what would be brought back and what the next week would send, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write JSON for other programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Wanted {
    Sent,
    Skipped,
    Failed,
    Waiting,
}

const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub async fn run(
    args: &NudgesArgs,
    settings: &Settings,
    library: Library,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let db = super::existing_database(settings).await?;
    let app = App::new(settings, Clock::system(), db, library)?;
    let done = match &args.verb {
        Verb::List(list) if list.dry_run => coming(&app, list.json, out).await,
        Verb::List(args) => list(&app, args, out).await,
        Verb::Retry(args) => retry(&app, args, out).await,
    };
    app.db.close().await;
    done
}

async fn list(app: &App, args: &ListArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut rows = slots::list(app.db.read(), back(now, args.days)).await?;
    rows.retain(|row| args.outcome.is_none_or(|wanted| wanted.is(row)));
    if args.json {
        writeln!(out, "{:#}", Value::Array(rows.iter().map(in_json).collect()))?;
        return Ok(());
    }
    for row in &rows {
        write_row(row, out)?;
    }
    let n = |wanted: Wanted| rows.iter().filter(|row| wanted.is(row)).count();
    writeln!(
        out,
        "{} sent, {} skipped, {} failed, {} waiting, in {} days.",
        n(Wanted::Sent),
        n(Wanted::Skipped),
        n(Wanted::Failed),
        n(Wanted::Waiting),
        args.days
    )?;
    Ok(())
}

async fn retry(app: &App, args: &RetryArgs, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    // Wherever it is still this week, anywhere on Earth.
    let this_week =
        Week::of((now - SignedDuration::from_hours(24)).to_zoned(TimeZone::UTC).date()).to_string();
    let mut failed = slots::failed(app.db.read(), back(now, args.days), &this_week).await?;
    if args.dry_run {
        if args.json {
            let coming = app.forecast(now + A_WEEK).await?;
            let json = json!({
                "would_be_brought_back": failed.iter().map(in_json).collect::<Vec<_>>(),
                "next_week": coming.iter().map(coming_in_json).collect::<Vec<_>>(),
            });
            writeln!(out, "{json:#}")?;
            return Ok(());
        }
        for row in &failed {
            write_row(row, out)?;
        }
        writeln!(out, "{} would be brought back. Nothing was changed.\n", failed.len())?;
        return coming(app, false, out).await;
    }
    let mut tx = app.db.write().await?;
    let mut back = Vec::new();
    for row in failed.drain(..) {
        if slots::bring_back(&mut tx, &row.id, now).await? {
            back.push(row);
        }
    }
    tx.commit().await?;
    if args.json {
        writeln!(out, "{:#}", json!({ "brought_back": back.iter().map(in_json).collect::<Vec<_>>() }))?;
        return Ok(());
    }
    for row in &back {
        write_row(row, out)?;
    }
    writeln!(out, "{} brought back; the running server sends what is still wanted.", back.len())?;
    Ok(())
}

async fn coming(app: &App, as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let coming = app.forecast(app.clock.now() + A_WEEK).await?;
    if as_json {
        writeln!(out, "{:#}", Value::Array(coming.iter().map(coming_in_json).collect()))?;
        return Ok(());
    }
    for one in &coming {
        writeln!(
            out,
            "{}  {:8}  {:8}  {}/{}  {}",
            shown(one.at),
            one.outcome,
            one.kind,
            one.team,
            one.target,
            one.reason.as_deref().or(one.prompt.as_deref()).unwrap_or("-")
        )?;
    }
    writeln!(out, "{} in the next week, if nobody changes anything. Nothing was sent.", coming.len())?;
    Ok(())
}

fn coming_in_json(one: &Coming) -> Value {
    json!({
        "at": one.at.to_string(),
        "outcome": one.outcome,
        "kind": one.kind,
        "team": one.team,
        "to": one.target,
        "week": one.week,
        "prompt": one.prompt,
        "reason": one.reason,
    })
}

fn in_json(row: &Ending) -> Value {
    json!({
        "id": row.id,
        "at": at(row).to_string(),
        "outcome": row.outcome.as_deref().unwrap_or("waiting"),
        "kind": row.kind,
        "team": row.team_id,
        "to": row.user_id,
        "week": row.week,
        "prompt": row.prompt_id,
        "attempts": row.attempts,
        "reason": row.reason,
    })
}

fn write_row(row: &Ending, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{}  {:8}  {:8}  {}/{}  {}  {}",
        shown(at(row)),
        row.outcome.as_deref().unwrap_or("waiting"),
        row.kind,
        row.team_id,
        row.user_id,
        row.week.as_deref().unwrap_or("-"),
        row.reason.as_deref().or(row.prompt_id.as_deref()).unwrap_or("-")
    )
}

/// When it ended; when it is due, while it waits.
fn at(row: &Ending) -> Timestamp {
    Timestamp::from_millisecond(row.done_at.unwrap_or(row.due_at)).unwrap_or_default()
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn back(now: Timestamp, days: u16) -> Timestamp {
    now - SignedDuration::from_hours(24) * i32::from(days)
}

impl Wanted {
    fn is(self, row: &Ending) -> bool {
        match self {
            Wanted::Sent => row.outcome.as_deref() == Some("sent"),
            Wanted::Skipped => row.outcome.as_deref() == Some("skipped"),
            Wanted::Failed => row.outcome.as_deref() == Some("failed"),
            Wanted::Waiting => row.outcome.is_none(),
        }
    }
}
