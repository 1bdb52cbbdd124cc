//! Every setting, and the only place that reads the environment.
//!
//! The environment wins over the settings file, the file over the default. All problems are told at
//! once, each with what to write instead.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tracing_subscriber::filter::Targets;

use crate::coach::command;
use crate::coach::week::Weekly;
use crate::slack::Secret;

/// A row of the settings table, which the manual and `doctor` show.
pub struct Setting {
    /// In the environment; in the file the same in lower case.
    pub name: &'static str,
    pub default: Option<&'static str>,
    pub about: &'static str,
}

pub const SETTINGS: [Setting; 9] = [
    Setting {
        name: "SLACK_SIGNING_SECRET",
        default: None,
        about: "From your Slack app's Basic Information page. While rotating: the new one, a comma, the old one.",
    },
    Setting {
        name: "SLACK_BOT_TOKEN",
        default: None,
        about: "From OAuth & Permissions after installing the app; starts with xoxb-.",
    },
    Setting {
        name: "SLACK_API_URL",
        default: Some(SLACK),
        about: "Where Slack's Web API is. Leave it alone, except on GovSlack or for tests.",
    },
    Setting {
        name: "DATABASE_URL",
        default: Some("sqlite://rung.db"),
        about: "sqlite://a/file.db, or postgres://user:password@host/database for several servers.",
    },
    Setting {
        name: "RUNG_LISTEN",
        default: Some("127.0.0.1:3000"),
        about: "The address and port to listen on.",
    },
    Setting {
        name: "RUNG_COMMAND",
        default: Some("/coach"),
        about: "The slash command, as in the app manifest.",
    },
    Setting {
        name: "RUNG_NUDGE_CRON",
        default: Some("0 0 10 * * Wed"),
        about: "When nudges come for people who chose no time of their own, on their own clock: six fields, \
                seconds first, the weekday by name.",
    },
    Setting {
        name: "RUNG_PROMPTS",
        default: None,
        about: "A folder of prompts of your own, which adds to the built-in ones or replaces them by id.",
    },
    Setting {
        name: "RUNG_METRICS_LISTEN",
        default: None,
        about: "An address and port for Prometheus, such as 127.0.0.1:9400; keep it off the public network.",
    },
];

const SLACK: &str = "https://slack.com/api/";

#[derive(Clone, Debug)]
pub struct Settings {
    /// Empty where none is set: then `serve` does not start.
    pub signing_secrets: Vec<Secret>,
    pub bot_token: Option<Secret>,
    pub slack_api_url: String,
    pub database_url: String,
    pub listen: SocketAddr,
    pub command: String,
    pub weekly: Weekly,
    pub prompts: Option<PathBuf>,
    pub metrics_listen: Option<SocketAddr>,
}

impl Settings {
    /// Reads the environment and the settings file: the named one, or `rung.toml` here if there is one.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Settings> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let from_environment = |name: &str| std::env::var(name).ok();
        Self::from(from_environment, &read_file(file)?)
    }

    /// With nothing but defaults: what `demo` starts from.
    pub fn defaults() -> Settings {
        Self::from(|_| None, &toml::Table::new()).expect("the defaults are sound settings")
    }

    fn from(environment: impl Fn(&str) -> Option<String>, file: &toml::Table) -> anyhow::Result<Settings> {
        let mut problems = Vec::new();
        let value = |name: &str| -> Option<String> {
            let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
            environment(name)
                .or_else(|| file.get(&name.to_lowercase())?.as_str().map(str::to_owned))
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .or_else(|| setting.default.map(str::to_owned))
        };
        let text = |name: &str| value(name).unwrap_or_default();

        let listen = text("RUNG_LISTEN").parse().unwrap_or_else(|_| {
            problems.push("RUNG_LISTEN must be an address and a port, such as 127.0.0.1:3000".to_owned());
            SocketAddr::from(([127, 0, 0, 1], 3000))
        });
        let command = text("RUNG_COMMAND");
        let name = command.strip_prefix('/').unwrap_or_default();
        if name.is_empty()
            || command.len() > 32
            || name.contains(|c: char| c.is_whitespace() || c.is_uppercase())
        {
            problems.push(format!(
                "RUNG_COMMAND is {command:?}; write a slash and at most 31 lower-case characters, such as /coach"
            ));
        }
        let weekly = Weekly::parse(&text("RUNG_NUDGE_CRON")).unwrap_or_else(|problem| {
            problems.push(format!("RUNG_NUDGE_CRON: {problem}"));
            Weekly::parse("0 0 10 * * Wed").expect("the default is a sound schedule")
        });
        let prompts = value("RUNG_PROMPTS").map(PathBuf::from);
        if let Some(folder) = prompts.as_ref().filter(|folder| !folder.is_dir()) {
            problems.push(format!("RUNG_PROMPTS names {}, which is no folder", folder.display()));
        }
        let metrics_listen = value("RUNG_METRICS_LISTEN").and_then(|text| {
            let address = text.parse().ok();
            if address.is_none() {
                problems.push(
                    "RUNG_METRICS_LISTEN must be an address and a port, such as 127.0.0.1:9400".to_owned(),
                );
            }
            address
        });
        if !problems.is_empty() {
            bail!("{}", problems.join("\n"));
        }
        Ok(Settings {
            signing_secrets: text("SLACK_SIGNING_SECRET")
                .split(',')
                .map(str::trim)
                .filter(|secret| !secret.is_empty())
                .map(Secret::new)
                .collect(),
            bot_token: value("SLACK_BOT_TOKEN").map(Secret::new),
            slack_api_url: text("SLACK_API_URL"),
            database_url: text("DATABASE_URL"),
            listen,
            command,
            weekly,
            prompts,
            metrics_listen,
        })
    }

    /// What `serve` cannot do without.
    ///
    /// # Errors
    /// Names what is missing and where to find it.
    pub fn check_for_serving(&self) -> anyhow::Result<()> {
        let missing: Vec<String> = SETTINGS
            .iter()
            .filter(|setting| match setting.name {
                "SLACK_SIGNING_SECRET" => self.signing_secrets.is_empty(),
                "SLACK_BOT_TOKEN" => self.bot_token.is_none(),
                _ => false,
            })
            .map(|setting| format!("{} is not set. {}", setting.name, setting.about))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        bail!("{}\nWithout a Slack workspace, `rung demo` shows everything.", missing.join("\n"))
    }
}

/// How much is logged, of what: `RUST_LOG`, such as `info,sqlx=warn`.
///
/// # Errors
/// Says what stands there instead.
pub fn log_levels() -> anyhow::Result<Targets> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    let set = std::env::var("RUST_LOG").ok().filter(|levels| !levels.is_empty());
    let levels = set.as_deref().unwrap_or("info,sqlx=warn,hyper=warn");
    levels.parse().with_context(|| {
        format!(
            "RUST_LOG is “{levels}”; write a level, or levels by part of the program, such as info,sqlx=warn"
        )
    })
}

/// Whether a browser could be opened for whoever sits here.
pub fn has_desktop() -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn read_file(named: Option<&Path>) -> anyhow::Result<toml::Table> {
    let usual = Path::new("rung.toml");
    let path = match named {
        Some(path) => path,
        None if usual.is_file() => usual,
        None => return Ok(toml::Table::new()),
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the settings file {}", path.display()))?;
    let table: toml::Table =
        text.parse().with_context(|| format!("reading the settings file {}", path.display()))?;
    let mut problems = Vec::new();
    for (key, value) in &table {
        let line =
            text.lines().position(|line| line.trim_start().starts_with(key.as_str())).map_or(1, |at| at + 1);
        let known = SETTINGS.iter().find(|setting| setting.name.eq_ignore_ascii_case(key));
        if known.is_none() {
            let near = SETTINGS
                .iter()
                .map(|setting| setting.name.to_lowercase())
                .min_by_key(|name| command::distance(name, key))
                .unwrap_or_default();
            problems
                .push(format!("{}:{line}: there is no setting {key}; did you mean {near}?", path.display()));
        } else if *key != key.to_lowercase() {
            problems.push(format!("{}:{line}: write {} in lower case", path.display(), key));
        } else if !value.is_str() {
            problems.push(format!("{}:{line}: write the value of {key} in quotes", path.display()));
        }
    }
    if problems.is_empty() { Ok(table) } else { bail!("{}", problems.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> anyhow::Result<Settings> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let environment =
            move |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        Settings::from(environment, &toml::Table::new())
    }

    #[test]
    fn old_and_new_secrets_count_while_rotating() {
        let settings = from(&[("SLACK_SIGNING_SECRET", "new, old"), ("SLACK_BOT_TOKEN", "xoxb-1")]).unwrap();
        let secrets: Vec<&str> = settings.signing_secrets.iter().map(Secret::reveal).collect();
        assert_eq!(secrets, ["new", "old"]);
        assert!(settings.check_for_serving().is_ok());
        assert!(!format!("{settings:?}").contains("xoxb"));
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let error = from(&[
            ("RUNG_LISTEN", "everywhere"),
            ("RUNG_COMMAND", "Coach"),
            ("RUNG_NUDGE_CRON", "0 0 10 * * 3"),
            ("RUNG_PROMPTS", "/no/such/folder"),
            ("RUNG_METRICS_LISTEN", "9400"),
        ])
        .unwrap_err()
        .to_string();
        assert_eq!(error.lines().count(), 5, "{error}");
    }

    #[test]
    fn what_serve_lacks_is_named() {
        let error = from(&[]).unwrap().check_for_serving().unwrap_err().to_string();
        assert!(
            error.contains("SLACK_SIGNING_SECRET")
                && error.contains("SLACK_BOT_TOKEN")
                && error.contains("demo")
        );
    }
}
