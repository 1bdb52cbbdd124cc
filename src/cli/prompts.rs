//! `rung prompts check | list | show`: for the people who write what the coach says.

mod list;
mod show;
mod stats;

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::content::{self, Problem, Report};

#[derive(Debug, Args)]
pub struct PromptsArgs {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Read every prompt file and say what to mend, with file and line
    Check,
    /// List the prompts, or count them
    List(list::ListArgs),
    /// Show one prompt as a reader sees it
    Show {
        /// The file name without `.md`, such as handover-one
        id: String,
    },
}

/// The exit code is 1 when something wants mending; what cannot be found is an error. `own` is the folder of
/// `--prompts`, where there is one.
pub fn run(args: &PromptsArgs, own: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let done = match &args.verb {
        Verb::Check => check(&report(own), own, out),
        Verb::List(args) => list::run(args, &report(own), out),
        Verb::Show { id } => show::run(id, &report(own), out),
    };
    match done {
        // Whoever pipes us into `head` has seen enough.
        Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
        done => done,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

fn report(own: Option<&Path>) -> Report {
    let (files, unreadable) = content::gather(own);
    let mut report = content::check(&files);
    report.problems.splice(0..0, unreadable);
    report
}

fn check(report: &Report, own: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let n_prompts = report.library.all().count();
    let from = own.map(|folder| format!(", those in {} included", folder.display())).unwrap_or_default();
    if report.problems.is_empty() {
        writeln!(out, "{}, no problems{from}", many(n_prompts, "prompt"))?;
        return Ok(ExitCode::SUCCESS);
    }
    for problem in &report.problems {
        writeln!(out, "{problem}")?;
    }
    writeln!(out)?;
    writeln!(out, "{}", total(&report.problems))?;
    Ok(ExitCode::FAILURE)
}

/// "3 problems in 2 files. 2 of them keep the coach from starting."
fn total(problems: &[Problem]) -> String {
    let mut files: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    files.dedup();
    let n_broken = problems.iter().filter(|problem| problem.weight == content::Weight::Broken).count();
    let counted = format!("{} in {}", many(problems.len(), "problem"), many(files.len(), "file"));
    match n_broken {
        0 => format!("{counted}. They are about wording: the coach starts all the same."),
        n if n == problems.len() => format!("{counted}. The coach does not start like this."),
        1 => format!("{counted}. One of them keeps the coach from starting."),
        n => format!("{counted}. {n} of them keep the coach from starting."),
    }
}

fn many(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}
