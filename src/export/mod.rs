//! What somebody takes with them: their case as Markdown, CSV and JSON, and everything that is kept
//! about them as JSON. What is written here can be read here again, and stays readable: fields are
//! added, never renamed.

mod cards;
mod case;
mod everything;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::coach::{Enclosure, Scene};
use crate::picture;

pub use cards::{Card, csv, read_csv};
pub use case::{Case, CaseSkill};
pub use everything::Everything;

const CASE: &str = "rung-case";
const EVERYTHING: &str = "rung-everything";
const VERSION: u32 = 1;

/// A file, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub name: String,
    pub title: String,
    pub bytes: Vec<u8>,
    /// What a picture shows, in words.
    pub alt: Option<String>,
}

/// The file that goes along with an answer; None where this build cannot make it.
pub fn file(scene: &Scene, enclosure: Enclosure) -> Option<File> {
    let date = scene.person.today(scene.now);
    let text = |name: String, title: &str, words: String| {
        Some(File { name, title: title.to_owned(), bytes: words.into_bytes(), alt: None })
    };
    match enclosure {
        Enclosure::CaseMarkdown => text(format!("case-{date}.md"), "Case file", case::markdown(scene)),
        Enclosure::CaseCsv => text(format!("cards-{date}.csv"), "Evidence cards", csv(&cards::cards(scene))),
        Enclosure::CaseJson => {
            text(format!("case-{date}.json"), "Case file, for programs", json(&Case::of(scene)))
        }
        Enclosure::Everything => text(
            format!("everything-{date}.json"),
            "Everything I know about you",
            json(&Everything::of(scene)),
        ),
        Enclosure::Picture => Some(File {
            name: format!("progress-{date}.png"),
            title: "Your progress".to_owned(),
            bytes: picture::png(scene)?,
            alt: Some(picture::alt(scene)),
        }),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("our own types always make JSON") + "\n"
}

/// Reads a case file in JSON.
///
/// # Errors
/// Says what is not as it was written.
pub fn read_case(text: &str) -> anyhow::Result<Case> {
    let case: Case = serde_json::from_str(text).context("this is no case file")?;
    check(&case.format, CASE, case.version)?;
    Ok(case)
}

/// Reads the export of everything.
///
/// # Errors
/// Says what is not as it was written.
pub fn read_everything(text: &str) -> anyhow::Result<Everything> {
    let everything: Everything = serde_json::from_str(text).context("this is no export")?;
    check(&everything.format, EVERYTHING, everything.version)?;
    Ok(everything)
}

fn check(format: &str, expected: &str, version: u32) -> anyhow::Result<()> {
    if format != expected {
        bail!("this is {format}, not {expected}");
    }
    if version > VERSION {
        bail!("this was written by a newer version of the program");
    }
    Ok(())
}
