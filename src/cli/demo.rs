//! `rung demo`: the real server, a Slack workspace on this machine, a page and a terminal to talk in.
//!
//! At a keyboard it asks; fed from a file or a pipe it runs through and says by its exit code whether
//! anything went wrong. With nothing to read it plays a short tour. The page shows the same workspace:
//! at a keyboard always, else where it is asked for, and then it stays until it is told to stop.

mod world;

use std::io::{BufRead, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;

use crate::cli::serve::{self, Beat, Running};
use crate::clock::Clock;
use crate::coach::library::Library;
use crate::coach::week;
use crate::config::Settings;
use crate::local::{Answer, Human, Kept, Workspace};
use crate::slack::Secret;
use crate::store::people;

#[derive(Args)]
pub struct DemoArgs {
    /// Keep the database in this file, and what was said beside it, to go on another time [default: a temporary file]
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// Who you are
    #[arg(long, default_value = "ana")]
    name: String,
    /// Where you are
    #[arg(long, default_value = "Europe/Berlin", value_name = "ZONE")]
    zone: String,
    /// What time it is there at the start, such as 2026-03-02T09:00; with --db never before the time of the last look [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime>,
    /// Play the tour and stop
    #[arg(long)]
    tour: bool,
    /// Where to serve the page, and that it be served when nobody sits at a keyboard [default: 127.0.0.1:4400]
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:4400")]
    page: Option<SocketAddr>,
    /// Leave the page out: the terminal alone
    #[arg(long, conflicts_with = "page")]
    no_page: bool,
}

/// Who else is there to be, each in a zone of their own.
const OTHERS: [(&str, &str); 3] =
    [("ben", "America/Los_Angeles"), ("mei", "Asia/Tokyo"), ("tomas", "America/Sao_Paulo")];

const TOUR: &str = include_str!("demo/tour.txt");
const TOUR_STARTS: &str = "2026-03-02T09:00";

const GUIDE: &str = "\
  /coach tip          say anything that starts with a slash, as in a Slack channel
  tip                 or write to the coach directly, without the slash command
  2                   press a button by its number
  wait 1 week         let time pass: minutes, hours, days or weeks
  next                let time pass until the next nudge
  as ben              be somebody else, in the same workspace
  ?                   this list
  quit                leave
In a form, each line answers the next field: an empty line keeps what is there,
a single full stop sends the form, \"cancel\" closes it.";

pub async fn run(args: &DemoArgs, settings: Settings, library: Library) -> anyhow::Result<ExitCode> {
    let at_keyboard = std::io::stdin().is_terminal() && !args.tour;
    let has_page = !args.no_page && (at_keyboard || args.page.is_some());
    let mut lines = Lines::open(at_keyboard, args.tour, !has_page)?;
    let tour = matches!(lines, Lines::Given { tour: true, .. });
    let starts = match args.at {
        None if tour => Some(TOUR_STARTS.parse().context("the tour's start")?),
        at => at,
    };
    let tz = TimeZoneDatabase::bundled()
        .get(&args.zone)
        .with_context(|| format!("{} is no time zone; write one such as Europe/Berlin", args.zone))?;
    let now = match starts {
        Some(wall) => week::resolve(&tz, wall).context("--at is out of range")?,
        None => Clock::system().now(),
    };
    let beside = args.db.as_deref().map(conversations_of);
    let kept = beside.as_deref().map(Kept::read).transpose()?.flatten();
    let clock = Clock::fixed(kept.as_ref().map_or(now, |kept| now.max(kept.now())));
    let temporary = args.db.is_none().then(temporary_folder).transpose()?;
    let database = match (&args.db, &temporary) {
        (Some(file), _) => file.clone(),
        (None, Some(folder)) => folder.join("demo.db"),
        (None, None) => unreachable!("there is a temporary folder wherever no file is named"),
    };

    let workspace = Workspace::start_named(clock.clone(), "demo").await?;
    let settings = Settings {
        signing_secrets: vec![Secret::new(workspace.signing_secret())],
        bot_token: Some(Secret::new(workspace.bot_token())),
        slack_api_url: workspace.api_url(),
        database_url: format!("sqlite://{}", database.display()),
        listen: ([127, 0, 0, 1], 0).into(),
        ..settings
    };
    let running = Arc::new(serve::start(&settings, clock.clone(), library, Beat::ByHand).await?);
    workspace.connect(&format!("http://{}", running.address));
    workspace.set_command(&settings.command);
    if let Some(kept) = kept {
        workspace.takes_up(kept);
    }
    running.settle().await;

    let me = workspace.person(&args.name, &args.zone);
    let page = if has_page {
        for (name, zone) in OTHERS {
            workspace.person(name, zone);
        }
        workspace.channel("general");
        workspace.channel("product");
        workspace.invites_coach("product");
        let behind = world::Behind::new(Arc::clone(&running), &settings.command, settings.prompts.clone())?;
        let served = world::serve(&workspace, behind, args.page).await?;
        say(&format!("In a browser: {}\n", served.address))?;
        if at_keyboard {
            world::open(&served.address);
        }
        Some(served)
    } else {
        None
    };
    if let Some(beside) = &beside {
        workspace.keeps_on(beside.clone());
    }

    let mut demo = Demo {
        me,
        workspace: workspace.clone(),
        running: Arc::clone(&running),
        clock,
        zone: args.zone.clone(),
        at_keyboard,
        troubles: 0,
    };
    let outcome = demo.talk(&mut lines).await;
    if let Some(page) = page {
        if !at_keyboard && outcome.is_ok() {
            serve::stop_signals()?.await;
        }
        page.stop().await;
    }
    if let Some(beside) = &beside {
        workspace.keeps(beside)?;
    }
    let troubles = demo.troubles + workspace.complaints().len();
    for complaint in workspace.complaints() {
        say(&format!("Slack would have refused: {complaint}"))?;
    }
    drop(demo);
    // A browser that still holds on must not keep the program from ending.
    if let Some(running) = Arc::into_inner(running) {
        running.stop().await;
    }
    if let Some(folder) = temporary {
        // Leaving it behind would only cost space.
        let _ = std::fs::remove_dir_all(folder);
    }
    outcome?;
    Ok(if troubles == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Demo {
    me: Human,
    workspace: Workspace,
    running: Arc<Running>,
    clock: Clock,
    zone: String,
    at_keyboard: bool,
    troubles: usize,
}

/// What a number stands for.
enum Press {
    Button(String),
    Option(String, String),
}

impl Demo {
    async fn talk(&mut self, lines: &mut Lines) -> anyhow::Result<()> {
        say(&format!(
            "A Slack workspace of your own, on this machine: nothing leaves it. You are {}, in {}; it is {}.",
            self.me.name(),
            self.zone,
            self.wall()
        ))?;
        if self.at_keyboard {
            say(&format!("\n{GUIDE}\n\nStart with /coach or /coach tip."))?;
        }
        loop {
            let Some(line) = lines.next(&format!("\n{} ▸ ", self.me.name()))? else { return Ok(()) };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if matches!(line, "quit" | "exit") {
                return Ok(());
            }
            self.act(line, lines).await?;
        }
    }

    async fn act(&mut self, line: &str, lines: &mut Lines) -> anyhow::Result<()> {
        let answer = match line.split_once(' ').unwrap_or((line, "")) {
            ("?", _) => return say(GUIDE),
            ("wait", span) => return self.wait(span).await,
            ("next", "") => return self.wait_for_nudge().await,
            ("as", name) if !name.trim().is_empty() => return self.become_somebody(name.trim()),
            (number, "") if number.parse::<usize>().is_ok() => {
                let presses = self.presses();
                match number.parse::<usize>().ok().and_then(|n| presses.get(n.wrapping_sub(1))) {
                    None => return self.trouble(&format!("There is no button {number}.")),
                    Some(Press::Button(label)) => self.me.clicks(label).await,
                    Some(Press::Option(menu, option)) => self.me.chooses(menu, option).await,
                }
            }
            _ => self.me.says(line).await,
        };
        self.after(answer).await?;
        while self.me.modal().is_some() {
            if !self.fill(lines).await? {
                break;
            }
        }
        Ok(())
    }

    /// Shows what came of it, a second later.
    async fn after(&mut self, answer: Answer) -> anyhow::Result<()> {
        self.running.settle().await;
        self.clock.advance(SignedDuration::from_secs(2));
        self.running.settle().await;
        if let Some(error) = answer.error.filter(|error| !error.is_empty()) {
            self.trouble(&format!("Slack shows: {error}"))?;
        }
        self.show()
    }

    fn show(&mut self) -> anyhow::Result<()> {
        let seen = self.me.sees();
        // At a keyboard the typed line is on the screen already.
        let mut shown = seen.trim_end();
        if self.at_keyboard && shown.starts_with(&format!("{}: ", self.me.name())) {
            shown = shown.split_once('\n').map_or("", |(_, rest)| rest);
        }
        if !shown.trim().is_empty() {
            say(&format!("\n{shown}"))?;
        }
        let presses = self.presses();
        if !presses.is_empty() && self.me.modal().is_none() {
            let labels: Vec<String> = presses
                .iter()
                .zip(1..)
                .map(|(press, n)| match press {
                    Press::Button(label) | Press::Option(_, label) => format!("{n} {label}"),
                })
                .collect();
            say(&format!("  press: {}", labels.join(" · ")))?;
        }
        Ok(())
    }

    /// The buttons and menu options of the newest message.
    fn presses(&self) -> Vec<Press> {
        let Some(message) = self.me.last() else { return Vec::new() };
        let blocks = message.blocks.as_array().cloned().unwrap_or_default();
        let elements = blocks.iter().flat_map(|block| {
            block["elements"]
                .as_array()
                .cloned()
                .unwrap_or_default()
                .into_iter()
                .chain([block["accessory"].clone()])
        });
        let words = |value: &Value| value["text"].as_str().unwrap_or_default().to_owned();
        elements
            .flat_map(|element| match element["type"].as_str() {
                Some("button") => vec![Press::Button(words(&element["text"]))],
                Some("static_select") => element["options"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|option| Press::Option(words(&element["placeholder"]), words(&option["text"])))
                    .collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    /// Asks for each field and sends the form. False where it was closed, or there is nothing more to read.
    async fn fill(&mut self, lines: &mut Lines) -> anyhow::Result<bool> {
        let mut filled: Vec<(String, String)> = Vec::new();
        let mut fields = self.me.fields().into_iter();
        while let Some(label) = fields.next() {
            loop {
                let Some(line) = lines.next(&format!("    {label} ▸ "))? else {
                    self.me.closes_modal().await;
                    return Ok(false);
                };
                let line = line.trim();
                match line {
                    "cancel" => {
                        self.me.closes_modal().await;
                        self.show()?;
                        return Ok(false);
                    }
                    "." => fields = Vec::new().into_iter(),
                    "" => {}
                    answer => {
                        if let Err(why) = self.me.could_enter(&label, answer) {
                            self.trouble(&format!("    {why}"))?;
                            if self.at_keyboard {
                                continue;
                            }
                        } else {
                            filled.push((label, answer.to_owned()));
                        }
                    }
                }
                break;
            }
        }
        let pairs: Vec<(&str, &str)> =
            filled.iter().map(|(label, answer)| (label.as_str(), answer.as_str())).collect();
        let answer = self.me.submits(&pairs).await;
        let kept_open = self.me.modal().is_some();
        self.after(answer).await?;
        if kept_open && !self.at_keyboard {
            self.trouble("The form did not go through.")?;
            self.me.closes_modal().await;
            return Ok(false);
        }
        Ok(kept_open)
    }

    async fn wait(&mut self, span: &str) -> anyhow::Result<()> {
        let mut words = span.split_whitespace();
        let n =
            words.next().and_then(|n| if n == "a" || n == "one" { Some(1) } else { n.parse::<i64>().ok() });
        let hours = match words.next().map(|unit| unit.trim_end_matches('s')) {
            Some("minute") => Some(0),
            Some("hour") => Some(1),
            Some("day") => Some(24),
            Some("week") => Some(24 * 7),
            _ => None,
        };
        let (Some(n @ 1..=520), Some(hours)) = (n, hours) else {
            return self.trouble("How long? Such as: wait 1 week, wait 3 days, wait 2 hours.");
        };
        // Weeks and days by the wall clock, so that nine o'clock stays nine o'clock.
        let tz = TimeZoneDatabase::bundled().get(&self.zone)?;
        let until = match hours {
            0 => self.clock.now() + SignedDuration::from_mins(n),
            1 => self.clock.now() + SignedDuration::from_hours(n),
            hours => self.clock.now().to_zoned(tz).checked_add((n * hours / 24).days())?.timestamp(),
        };
        self.pass(until, &format!("{n} {}", span.split_whitespace().nth(1).unwrap_or_default())).await
    }

    async fn wait_for_nudge(&mut self) -> anyhow::Result<()> {
        match people::next_due(self.running.app.db.read(), self.running.app.clock.now()).await? {
            None => self.trouble("No nudge is planned. /coach nudge on plans one."),
            // A little later than the minute: people due together are spread over a minute and a half.
            Some(at) => {
                let until = Timestamp::from_millisecond(at)? + SignedDuration::from_mins(2);
                self.pass(until, "time").await
            }
        }
    }

    async fn pass(&mut self, until: Timestamp, what: &str) -> anyhow::Result<()> {
        let passes = if what.starts_with("1 ") || what == "time" { "passes" } else { "pass" };
        self.workspace.notes(&format!("{what} {passes}"));
        self.running.pass_until(until).await?;
        self.workspace.notes(&format!("it is {}", self.wall()));
        self.show()
    }

    fn become_somebody(&mut self, name: &str) -> anyhow::Result<()> {
        self.me = self.workspace.person(name, &self.zone);
        say(&format!("You are {name} now."))
    }

    fn wall(&self) -> String {
        let tz = TimeZoneDatabase::bundled().get(&self.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        self.clock.now().to_zoned(tz).strftime("%A %-d %B %Y, %H:%M").to_string()
    }

    fn trouble(&mut self, what: &str) -> anyhow::Result<()> {
        self.troubles += usize::from(!self.at_keyboard);
        say(what)
    }
}

fn say(words: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{words}").and_then(|()| out.flush()) {
        // Whoever stopped reading has seen enough; the exit code still tells.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("writing to the terminal")
        }
        _ => Ok(()),
    }
}

/// Where the local Slack keeps what was said, while the database keeps what the coach knows.
fn conversations_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-slack.json");
    name.into()
}

fn temporary_folder() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("rung-demo-{}", crate::clock::new_id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

/// Where lines come from.
enum Lines {
    Keyboard,
    Given { lines: std::vec::IntoIter<String>, tour: bool },
}

impl Lines {
    fn open(at_keyboard: bool, tour: bool, tours_when_idle: bool) -> anyhow::Result<Lines> {
        if at_keyboard {
            return Ok(Lines::Keyboard);
        }
        let mut given = Vec::new();
        if !tour {
            for line in std::io::stdin().lock().lines() {
                given.push(line.context("reading what to do")?);
            }
        }
        let tour = tour || tours_when_idle && given.iter().all(|line| line.trim().is_empty());
        if tour {
            given = TOUR.lines().map(str::to_owned).collect();
        }
        Ok(Lines::Given { lines: given.into_iter(), tour })
    }

    /// None at the end.
    fn next(&mut self, prompt: &str) -> anyhow::Result<Option<String>> {
        match self {
            Lines::Given { lines, .. } => Ok(lines.next()),
            Lines::Keyboard => {
                let mut out = std::io::stdout().lock();
                write!(out, "{prompt}")?;
                out.flush()?;
                drop(out);
                let mut line = String::new();
                let n = std::io::stdin().lock().read_line(&mut line).context("reading the keyboard")?;
                Ok((n > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
            }
        }
    }
}
