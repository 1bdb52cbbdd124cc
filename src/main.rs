//! Parse the command line, run the verb, print the error chain.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use rung::cli;
use rung::coach::library::Library;
use rung::config::{self, Settings};
use rung::content;

/// A Slack coach for aspiring product leaders: a tip when asked, a nudge each week, proof that piles up.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    /// The settings file; the environment wins over it [default: rung.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "RUNG_CONFIG")]
    config: Option<PathBuf>,
    /// A folder of prompts of your own, which adds to the built-in ones or replaces them by id
    #[arg(long, global = true, value_name = "FOLDER")]
    prompts: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Answer Slack and send the nudges
    Serve,
    /// Try everything in a Slack workspace on this machine, in this terminal
    Demo(cli::demo::DemoArgs),
    /// Find out what is wrong, and how to mend it
    Doctor,
    /// Print the Slack app manifest for an address
    Manifest {
        /// The address under which Slack reaches this server, such as https://rung.example.com
        #[arg(long)]
        url: String,
    },
    /// Check, list or show the prompts
    Prompts(cli::prompts::PromptsArgs),
    /// See what became of every nudge, and bring back what failed
    Nudges(cli::nudges::NudgesArgs),
    /// Copy the SQLite database to a file, beside a running server or without one
    Backup(cli::backup::BackupArgs),
    /// Count the people, without saying who they are
    People(cli::people::PeopleArgs),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The chain, one cause a line, as somebody reads it at three in the morning.
            let mut lines = error.chain().map(ToString::to_string);
            eprintln!("rung: {}", lines.next().unwrap_or_default());
            for cause in lines {
                eprintln!("  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let settings = || -> anyhow::Result<Settings> {
        let mut settings = Settings::load(arguments.config.as_deref())?;
        settings.prompts = arguments.prompts.clone().or(settings.prompts);
        Ok(settings)
    };
    match &arguments.verb {
        Verb::Serve => {
            log_to_stderr()?;
            let settings = settings()?;
            let library = library(&settings)?;
            runtime()?.block_on(cli::serve::run(settings, library))?;
        }
        Verb::Demo(demo) => {
            drop(out);
            let mut settings = Settings::defaults();
            settings.prompts = arguments.prompts.clone();
            let library = library(&settings)?;
            return runtime()?.block_on(cli::demo::run(demo, settings, library));
        }
        Verb::Doctor => {
            let sound = runtime()?.block_on(cli::doctor::run(arguments.config.as_deref(), &mut out))?;
            return Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Verb::Manifest { url } => write!(out, "{}", cli::manifest::manifest(url, &settings()?.command)?)?,
        Verb::Prompts(args) => return cli::prompts::run(args, settings()?.prompts.as_deref(), &mut out),
        Verb::Nudges(args) => {
            let settings = settings()?;
            let library = library(&settings)?;
            runtime()?.block_on(cli::nudges::run(args, &settings, library, &mut out))?;
        }
        Verb::Backup(args) => runtime()?.block_on(cli::backup::run(args, &settings()?, &mut out))?,
        Verb::People(args) => runtime()?.block_on(cli::people::run(args, &settings()?, &mut out))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn library(settings: &Settings) -> anyhow::Result<Library> {
    content::load(settings.prompts.as_deref()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the prompts have {} problems:\n{}", problems.len(), lines.join("\n"))
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}

/// One JSON line an event.
fn log_to_stderr() -> anyhow::Result<()> {
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(config::log_levels()?).init();
    Ok(())
}
