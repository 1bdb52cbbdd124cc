//! `rung people`: how many there are and what they have. Counts only; who they are stays with them.

use std::io::Write;

use clap::Args;
use jiff::SignedDuration;
use serde_json::json;

use crate::clock::Clock;
use crate::config::Settings;
use crate::store::slots;

#[derive(Debug, Args)]
pub struct PeopleArgs {
    /// Write JSON for other programs
    #[arg(long)]
    pub json: bool,
}

const ACTIVE_WITHIN: SignedDuration = SignedDuration::from_hours(28 * 24);

pub async fn run(args: &PeopleArgs, settings: &Settings, out: &mut impl Write) -> anyhow::Result<()> {
    let db = super::existing_database(settings).await?;
    let counts = slots::counts(&db, Clock::system().now() - ACTIVE_WITHIN).await;
    db.close().await;
    let counts = counts?;
    if args.json {
        let json = json!({
            "workspaces": counts.workspaces,
            "people": counts.people,
            "active_in_28_days": counts.active,
            "nudges_on": counts.nudges_on,
            "slowed": counts.slowed,
            "quiet": counts.quiet,
            "challenges_under_way": counts.challenges,
            "evidence_cards": counts.cards,
            "channels_with_a_challenge": counts.channels,
        });
        writeln!(out, "{json:#}")?;
        return Ok(());
    }
    for (what, n) in [
        ("workspaces", counts.workspaces),
        ("people", counts.people),
        ("  used the coach in the last 28 days", counts.active),
        ("  with nudges on", counts.nudges_on),
        ("    of these every second week, because three were ignored", counts.slowed),
        ("    of these quiet, because five were ignored", counts.quiet),
        ("challenges under way", counts.challenges),
        ("evidence cards", counts.cards),
        ("channels with a weekly challenge", counts.channels),
    ] {
        writeln!(out, "{n:>8}  {what}")?;
    }
    Ok(())
}
