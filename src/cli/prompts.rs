//! `rung prompts check | list | show`: for the people who write what the coach says.

mod list;
mod show;
mod stats;

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::content::{self, Problem};

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
        Verb::Check => check(own, out),
        Verb::List(args) => list::run(args, &content::survey(own), out),
        Verb::Show { id } => show::run(id, &content::survey(own), out),
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

fn check(own: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let report = content::inspect(own);
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        prompts: PromptsArgs,
    }

    /// What is written, and whether all is well.
    fn run(line: &str) -> (String, bool) {
        run_with(line, None)
    }

    fn run_with(line: &str, own: Option<&Path>) -> (String, bool) {
        let args = Cli::try_parse_from(["prompts"].into_iter().chain(line.split_whitespace())).unwrap();
        let mut out = Vec::new();
        let code = super::run(&args.prompts, own, &mut out);
        match code {
            Ok(code) => (String::from_utf8(out).unwrap(), code == ExitCode::SUCCESS),
            Err(error) => (format!("{error:#}"), false),
        }
    }

    #[test]
    fn a_clean_check_says_how_many_prompts_it_read() {
        let (out, well) = run("check");
        assert!(out.ends_with(" prompts, no problems\n") && well, "{out}");
    }

    #[test]
    fn a_check_with_problems_lists_them_and_fails() {
        let own = tempfile::tempdir().unwrap();
        std::fs::create_dir(own.path().join("tips")).unwrap();
        std::fs::write(own.path().join("tips/mine.md"), "no header").unwrap();
        let (out, well) = run_with("check", Some(own.path()));
        assert!(!well);
        let file = own.path().join("tips/mine.md");
        let expected = format!(
            "{}:1: the file does not begin with `---`, write `---` alone on the first line, then the keys
    no header

1 problem in 1 file. The coach does not start like this.
",
            file.display()
        );
        assert_eq!(out, expected);
        let (out, well) = run_with("show mine", Some(own.path()));
        assert!(out.starts_with("`mine` cannot be shown before this is mended:\n") && !well, "{out}");
    }

    #[test]
    fn a_list_can_be_narrowed() {
        let (all, _) = run("list");
        let (tips, _) = run("list --kind tips --skill org-buy-in --rung vp-cpo");
        assert!(all.lines().count() > tips.lines().count());
        assert!(tips.starts_with("tips (8)\n"), "{tips}");
        assert!(tips.ends_with("\n8 prompts. `rung prompts show ID` shows one.\n"), "{tips}");
        let (tip, _) = run("list --kind tip --skill org-buy-in --rung vp-cpo");
        assert_eq!(tip, tips);
        let (wrong, well) = run("list --skill org-buyin");
        assert!(wrong.starts_with("there is no skill `org-buyin` (did you mean `org-buy-in`?)") && !well);
    }

    #[test]
    fn other_programs_get_json() {
        let read = |out: &str| serde_json::from_str::<serde_json::Value>(out).unwrap();
        let list = read(&run("list --json --kind skills").0);
        assert_eq!(list[0]["id"], "business-alignment");
        assert_eq!(list[0]["kind"], "skill");
        let stats = read(&run("list --stats --json").0);
        assert_eq!(stats["by_skill"]["org-buy-in"]["tips"], 8);
        assert!(stats["reading_ease"]["tips"]["mean"].as_f64().unwrap() > 60.0);
    }

    #[test]
    fn empty_cells_are_seen() {
        let (stats, _) = run("list --stats");
        let row = stats.lines().find(|line| line.contains("Market fluency")).unwrap();
        assert!(row.contains('–'), "{row}");
    }

    #[test]
    fn a_prompt_is_shown_whole() {
        let (page, well) = run("show ear-options-decision");
        assert!(well);
        for part in ["· tip · 1 minute", "Weak ", "Strong ", "Plan ", "Why ", "Next ", "Answers ", "Source "]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        assert_eq!(run("show prompts/tips/ear-options-decision.md").0, page);
        let (hint, well) = run("show ear-option-decision");
        assert!(hint.contains("did you mean `ear-options-decision`?") && !well, "{hint}");
    }

    #[test]
    fn every_built_in_prompt_can_be_shown() {
        let report = content::survey(None);
        for prompt in report.library.all() {
            let mut page = Vec::new();
            show::run(prompt.id.as_str(), &report, &mut page).unwrap();
            let page = String::from_utf8(page).unwrap();
            assert!(page.starts_with(&prompt.title) && !page.contains("{{"), "{page}");
        }
    }
}
