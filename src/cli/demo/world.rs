//! The real server and its time, as the browser page asks for them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::cli::manifest;
use crate::cli::serve::Running;
use crate::coach::command::SPECS;
use crate::coach::person::PersonId;
use crate::coach::{Scene, lay_out};
use crate::config;
use crate::content::{self, Weight};
use crate::http;
use crate::local::Workspace;
use crate::local::page::{self, Flaw, Hint, Sheet, Shelf, Soon, World};
use crate::slack::render;
use crate::store::people;

/// Where the page is unless something else is there.
const USUAL: ([u8; 4], u16) = ([127, 0, 0, 1], 4400);

pub struct Behind {
    running: Arc<Running>,
    /// A company's own prompts, where there are some.
    own: Option<PathBuf>,
    face: Face,
}

/// Where the built-in prompts are read from while somebody works on them: see rust-embed.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/prompts");

/// What the app's manifest says of it.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Face {
    features: Features,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Features {
    app_home: AppHome,
    shortcuts: Vec<Shortcut>,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct AppHome {
    home_tab_enabled: bool,
}

#[derive(serde::Deserialize)]
struct Shortcut {
    name: String,
    r#type: String,
    callback_id: String,
    #[serde(default)]
    description: String,
}

impl Behind {
    pub fn new(running: Arc<Running>, command: &str, own: Option<PathBuf>) -> anyhow::Result<Behind> {
        let manifest = manifest::manifest("https://rung.example.com", command)?;
        let face = serde_saphyr::from_str(&manifest).context("reading our own manifest")?;
        Ok(Behind { running, own, face })
    }
}

impl World for Behind {
    fn commands(&self) -> Vec<Hint> {
        let hint = |spec: &&crate::coach::command::Spec| Hint {
            name: spec.name.to_owned(),
            args: spec.args.to_owned(),
            about: spec.about.to_owned(),
        };
        SPECS.iter().map(hint).collect()
    }

    fn has_home(&self) -> bool {
        self.face.features.app_home.home_tab_enabled
    }

    fn shortcuts(&self) -> Vec<page::Shortcut> {
        let all = self.face.features.shortcuts.iter();
        let read = |shortcut: &Shortcut| page::Shortcut {
            callback: shortcut.callback_id.clone(),
            name: shortcut.name.clone(),
            about: shortcut.description.clone(),
            is_global: shortcut.r#type == "global",
        };
        all.map(read).collect()
    }

    fn settle(&self) -> Soon<'_, ()> {
        Box::pin(self.running.settle())
    }

    fn pass_until(&self, until: Timestamp) -> Soon<'_, anyhow::Result<()>> {
        Box::pin(self.running.pass_until(until))
    }

    fn next_nudge(&self) -> Soon<'_, anyhow::Result<Option<Timestamp>>> {
        Box::pin(async {
            let at = people::next_due(self.running.app.db.read(), self.running.app.clock.now()).await?;
            at.map(Timestamp::from_millisecond).transpose().context("reading when the next nudge is due")
        })
    }

    fn shelf_stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let folders = self.own.iter().map(PathBuf::as_path);
        for folder in folders.chain(cfg!(debug_assertions).then(|| Path::new(SOURCES))) {
            stamp(folder, 0, &mut hasher);
        }
        hasher.finish()
    }

    fn shelf(&self) -> Soon<'_, anyhow::Result<Shelf>> {
        Box::pin(async {
            let own = self.own.clone();
            let report = tokio::task::spawn_blocking(move || content::inspect(own.as_deref())).await?;
            let app = &self.running.app;
            let now = app.clock.now();
            // Somebody new, made up for the moment: nothing of it is written down.
            let nobody = PersonId { team: "writing".to_owned(), user: "writing".to_owned() };
            let mut tx = app.db.write().await?;
            let person = people::open(&mut tx, &nobody, None, now).await?;
            drop(tx);
            let scene = Scene {
                library: &report.library,
                person: &person,
                now,
                house: &app.house,
                fresh: "",
                here: None,
            };
            let sheets = report.library.all().map(|prompt| {
                let message = render::message(&lay_out(&scene, prompt));
                Sheet {
                    id: prompt.id.to_string(),
                    kind: prompt.kind().folder().to_owned(),
                    title: prompt.title.clone(),
                    blocks: serde_json::to_value(message.blocks).unwrap_or_default(),
                }
            });
            let flaws = report.problems.iter().map(|problem| Flaw {
                file: problem.file.clone(),
                line: problem.line,
                text: problem.text_of_line.trim().chars().take(200).collect(),
                what: problem.what.clone(),
                instead: problem.instead.clone(),
                is_broken: problem.weight == Weight::Broken,
            });
            Ok(Shelf { sheets: sheets.collect(), flaws: flaws.collect() })
        })
    }
}

/// Names, sizes and times of all files in a folder: they change when somebody saves one.
fn stamp(folder: &Path, depth: usize, hasher: &mut DefaultHasher) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        // Links are followed, as when the files are read.
        let Ok(about) = std::fs::metadata(entry.path()) else { continue };
        (entry.path(), about.len(), about.modified().ok()).hash(hasher);
        if about.is_dir() && depth < 3 {
            stamp(&entry.path(), depth + 1, hasher);
        }
    }
}

/// A page that is being served.
pub struct Served {
    pub address: String,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl Served {
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.server.await;
    }
}

/// Serves the page: where somebody asked for it, else at its usual place, else wherever there is room.
pub async fn serve(
    workspace: &Workspace,
    behind: Behind,
    asked: Option<SocketAddr>,
) -> anyhow::Result<Served> {
    let listener = match asked {
        Some(address) => http::bind(address).await?,
        None => match http::bind(USUAL.into()).await {
            Ok(listener) => listener,
            Err(_) => http::bind((USUAL.0, 0).into()).await?,
        },
    };
    let at = listener.local_addr().context("asking for the page's address")?;
    let stop = CancellationToken::new();
    let router = page::router(workspace.clone(), behind, stop.clone(), !at.ip().is_loopback());
    let server = tokio::spawn(http::serve(listener, router, http::Limits::default(), stop.clone()));
    Ok(Served { address: format!("http://{at}/"), stop, server })
}

/// Shows the page on a desktop. Where there is none, its address is on the terminal.
pub fn open(address: &str) {
    if config::has_desktop() {
        let quiet = || Stdio::null();
        let _ = Command::new("xdg-open").arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    }
}
