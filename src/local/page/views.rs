//! What the templates are given.

use askama::Template;

use super::blocks::{Block, Element, Small, What};
use super::prose::{Kind, Prose};
use super::{Hint, Shortcut};

/// What stands around every view.
pub struct Shell {
    pub run: String,
    pub title: String,
    /// The address of this view, to come back to.
    pub here: String,
    pub me: Somebody,
    pub people: Vec<Somebody>,
    pub channels: Vec<Place>,
    pub app: Vec<Place>,
    pub tools: Vec<Place>,
    pub toasts: Vec<String>,
    pub modal: Option<Modal>,
}

pub struct Somebody {
    pub name: String,
    pub initials: String,
    pub hue: usize,
    pub zone: String,
    pub day: String,
    pub time: String,
    pub is_me: bool,
    pub has_news: bool,
}

pub struct Place {
    pub id: String,
    pub label: String,
    pub url: String,
    /// Opening it is something the app hears of: home or messages.
    pub opens: String,
    pub is_here: bool,
    pub has_news: bool,
}

pub struct Modal {
    pub id: String,
    pub hash: String,
    pub title: String,
    pub below: String,
    pub depth: usize,
    pub submit: String,
    pub close: String,
    pub blocks: Vec<Block>,
    pub n_errors: usize,
    /// Differs when what is drawn differs, whatever was typed since.
    pub version: String,
}

pub enum Item {
    Day(String),
    Message(Box<Message>),
    Refused {
        id: String,
        error: String,
        reasons: Vec<String>,
        blocks: Vec<Block>,
        inspect: String,
        is_private: bool,
    },
}

pub struct Message {
    pub id: String,
    pub ts: String,
    pub channel: String,
    pub touched: u64,
    pub author: String,
    pub initials: String,
    pub hue: usize,
    pub is_app: bool,
    pub time: String,
    pub at: String,
    pub is_private: bool,
    pub is_edited: bool,
    pub text: Vec<Prose>,
    pub blocks: Vec<Block>,
    pub files: Vec<File>,
    /// Where its thread is read; empty where it has none, or stands in it.
    pub thread: String,
    pub replies: Option<Replies>,
    pub shortcuts: Vec<(String, String)>,
    /// The address of its record.
    pub inspect: String,
}

/// What hangs below a message, in one line.
pub struct Replies {
    pub label: String,
    pub last: String,
    pub has_news: bool,
}

/// A message with all that hangs below it.
pub struct Thread {
    pub ts: String,
    /// The conversation without it.
    pub close: String,
    pub root: Message,
    pub replies: Vec<Message>,
}

pub struct File {
    pub name: String,
    pub title: String,
    pub alt: String,
    pub size: String,
    pub url: String,
    /// Width and height of a picture.
    pub picture: Option<(u32, u32)>,
}

#[derive(Template)]
#[template(path = "page/conversation.html")]
pub struct Conversation {
    pub shell: Shell,
    pub channel: String,
    pub label: String,
    pub about: String,
    pub items: Vec<Item>,
    pub thread: Option<Thread>,
    pub command: String,
    pub hints: Vec<Hint>,
    pub shortcuts: Vec<Shortcut>,
}

#[derive(Template)]
#[template(path = "page/home.html")]
pub struct Home {
    pub shell: Shell,
    pub view: Option<HomeView>,
}

pub struct HomeView {
    pub id: String,
    pub hash: String,
    pub blocks: Vec<Block>,
}

#[derive(Template)]
#[template(path = "page/lost.html")]
pub struct Lost {
    pub what: String,
}

impl Shell {
    fn to(&self, what: &str) -> String {
        format!("/as/{}/{what}", super::conversation::encoded(&self.me.name))
    }

    pub fn press(&self) -> String {
        self.to("press")
    }

    pub fn say(&self) -> String {
        self.to("say")
    }

    pub fn shortcut(&self) -> String {
        self.to("shortcut")
    }
}
