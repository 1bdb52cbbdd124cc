//! The workspace in a browser: plain HTML from templates, one small script, live by server-sent events.
//!
//! It knows the workspace and nothing of the app: whoever starts both says by [`World`] what the app's
//! commands are, how its time passes and how its prompts look.

mod behind;
mod blocks;
mod conversation;
mod emoji;
mod guard;
mod prose;
mod routes;
mod views;
mod writing;

use views::Conversation;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use jiff::Timestamp;
use tokio::sync::{Mutex as Turn, MutexGuard as TurnGuard};
use tokio_util::sync::CancellationToken;

use super::state::State;
use super::workspace::Workspace;
use crate::clock;

/// What is awaited behind a `dyn World`.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The app and its time, as far as the page needs them.
pub trait World: Send + Sync + 'static {
    /// What the composer completes after the slash command.
    fn commands(&self) -> Vec<Hint>;
    fn has_home(&self) -> bool;
    fn shortcuts(&self) -> Vec<Shortcut>;
    /// Lets the app do what is due now, after somebody did something.
    fn settle(&self) -> Soon<'_, ()>;
    fn pass_until(&self, until: Timestamp) -> Soon<'_, anyhow::Result<()>>;
    fn next_nudge(&self) -> Soon<'_, anyhow::Result<Option<Timestamp>>>;
    /// Differs when a prompt has been saved.
    fn shelf_stamp(&self) -> u64;
    /// All prompts, read anew, and what is to be mended.
    fn shelf(&self) -> Soon<'_, anyhow::Result<Shelf>>;
}

/// A row of the completion.
#[derive(Clone, Debug)]
pub struct Hint {
    pub name: String,
    pub args: String,
    pub about: String,
}

/// A shortcut of the app: from anywhere, or on a message.
#[derive(Clone, Debug)]
pub struct Shortcut {
    pub callback: String,
    pub name: String,
    pub about: String,
    pub is_global: bool,
}

/// What the coach can say, for those who write it.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub sheets: Vec<Sheet>,
    pub flaws: Vec<Flaw>,
}

/// One prompt, with the blocks that it becomes.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub id: String,
    /// As the folders are called.
    pub kind: String,
    pub title: String,
    pub blocks: serde_json::Value,
}

/// What is to be mended in a file.
#[derive(Clone, Debug)]
pub struct Flaw {
    pub file: String,
    pub line: usize,
    pub text: String,
    pub what: String,
    pub instead: String,
    pub is_broken: bool,
}

#[derive(Clone)]
struct Page(Arc<Inner>);

struct Inner {
    workspace: Workspace,
    world: Box<dyn World>,
    stop: CancellationToken,
    /// Differs after a restart: then the whole page is loaded anew.
    run: String,
    is_open_to_all: bool,
    /// The last change before the page began: nothing up to it is news.
    read_until: u64,
    /// One thing at a time: nobody acts while a week passes.
    turn: Turn<()>,
    desks: Mutex<HashMap<String, Desk>>,
    /// As it was read last, with its stamp.
    shelf: Turn<Option<(u64, Arc<Shelf>)>>,
}

/// What the page knows of one person's looking.
#[derive(Default)]
struct Desk {
    /// Up to which change they have seen each channel.
    seen: HashMap<String, u64>,
    toasts: Vec<String>,
}

/// All routes. `is_open_to_all` where the page is served beyond this machine because somebody asked.
pub fn router(
    workspace: Workspace,
    world: impl World,
    stop: CancellationToken,
    is_open_to_all: bool,
) -> Router {
    let read_until = {
        let mut state = workspace.state();
        state.traffic.get_or_insert_default();
        state.last_touch
    };
    let page = Page(Arc::new(Inner {
        workspace,
        world: Box::new(world),
        stop,
        run: clock::new_id(),
        is_open_to_all,
        read_until,
        turn: Turn::default(),
        desks: Mutex::default(),
        shelf: Turn::default(),
    }));
    routes::all(page)
}

impl Page {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.workspace.state()
    }

    async fn turn(&self) -> TurnGuard<'_, ()> {
        self.0.turn.lock().await
    }

    fn desks(&self) -> MutexGuard<'_, HashMap<String, Desk>> {
        self.0.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
