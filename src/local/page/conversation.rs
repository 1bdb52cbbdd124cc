//! From the workspace's memory to what one person has before them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::{Value, json};

use super::blocks::{self, Frame};
use super::prose::{self, Eyes};
use super::views::{File, Home, HomeView, Item, Message, Modal, Place, Replies, Shell, Somebody, Thread};
use super::{Conversation, Page};
use crate::local::state::{Posted, State, User};
use crate::local::traffic::Refused;
use crate::local::{SharedFile, draw};

/// Which view of the page somebody looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    Channel(String),
    Home,
    Traffic,
    Writing,
}

/// One person's eyes on the workspace.
pub struct Look<'a> {
    pub page: &'a Page,
    pub state: &'a mut State,
    pub user: User,
    pub zone: TimeZone,
}

impl<'a> Look<'a> {
    pub fn new(page: &'a Page, state: &'a mut State, name: &str) -> Option<Self> {
        let user = state.users.values().find(|user| user.name == name && !user.is_bot)?.clone();
        let zone = zone_of(&user);
        Some(Self { page, state, user, zone })
    }

    pub fn base(&self) -> String {
        format!("/as/{}", encoded(&self.user.name))
    }

    pub fn address(&self, place: &Where) -> String {
        let base = self.base();
        match place {
            Where::Channel(id) => match self.state.channel(id) {
                Some(channel) if channel.dm_of.is_some() => format!("{base}/dm"),
                Some(channel) => format!("{base}/c/{}", encoded(&channel.name)),
                None => base,
            },
            Where::Home => format!("{base}/home"),
            Where::Traffic => format!("{base}/requests"),
            Where::Writing => format!("{base}/writing"),
        }
    }

    /// What stands around a view. Looking at a channel is reading it.
    pub fn shell(&mut self, title: &str, place: &Where) -> Shell {
        let dm = self.state.dm_of(&self.user.id);
        if let Where::Channel(id) = place {
            let newest = self.state.messages.iter().map(|posted| posted.touched).max().unwrap_or(0);
            let mut desks = self.page.desks();
            desks.entry(self.user.id.clone()).or_default().seen.insert(id.clone(), newest);
        }
        let mut channels: Vec<_> =
            self.state.channels.values().filter(|one| one.dm_of.is_none()).cloned().collect();
        channels.sort_by(|a, b| a.name.cmp(&b.name));
        let at = |id: &str| Where::Channel(id.to_owned());
        let link = |label: &str, to: Where, opens: &str, has_news: bool| Place {
            id: format!("to-{}", label.replace(' ', "-")),
            label: label.to_owned(),
            url: self.address(&to),
            opens: opens.to_owned(),
            is_here: to == *place,
            has_news,
        };
        let mut app = vec![link("Messages", at(&dm), "messages", self.has_news(&self.user.id, &dm))];
        if self.page.0.world.has_home() || self.state.home_of(&self.user.id).is_some() {
            app.push(link("Home", Where::Home, "home", false));
        }
        let channels = channels
            .iter()
            .map(|one| link(&one.name, at(&one.id), "", self.has_news(&self.user.id, &one.id)))
            .collect();
        let tools =
            vec![link("Requests", Where::Traffic, "", false), link("Writing", Where::Writing, "", false)];
        let mut desks = self.page.desks();
        let toasts = desks.get_mut(&self.user.id).map(|desk| desk.toasts.clone()).unwrap_or_default();
        drop(desks);
        Shell {
            run: self.page.0.run.clone(),
            title: title.to_owned(),
            here: self.address(place),
            me: self.somebody(&self.user),
            people: self.people(),
            channels,
            app,
            tools,
            toasts,
            modal: self.modal(),
        }
    }

    fn people(&self) -> Vec<Somebody> {
        let mut people: Vec<_> =
            self.state.users.values().filter(|user| !user.is_bot && !user.has_left).collect();
        people.sort_by(|a, b| a.name.cmp(&b.name));
        people.into_iter().map(|user| self.somebody(user)).collect()
    }

    fn somebody(&self, user: &User) -> Somebody {
        let wall = self.state.now().to_zoned(zone_of(user));
        let is_me = user.id == self.user.id;
        let has_news = !is_me
            && self
                .state
                .channels
                .values()
                .any(|one| one.dm_of.as_ref() == Some(&user.id) && self.has_news(&user.id, &one.id));
        Somebody {
            name: user.name.clone(),
            initials: initials(&user.name),
            hue: hue(&user.name),
            zone: user.zone.clone(),
            day: wall.strftime("%a %-d %b %Y").to_string(),
            time: wall.strftime("%H:%M").to_string(),
            is_me,
            has_news,
        }
    }

    fn has_news(&self, user: &str, channel: &str) -> bool {
        let desks = self.page.desks();
        let seen = desks.get(user).and_then(|desk| desk.seen.get(channel)).copied();
        let seen = seen.unwrap_or(self.page.0.read_until);
        let is_news = |posted: &&Posted| {
            posted.channel == channel
                && posted.touched > seen
                && posted.author != user
                && self.state.can_read(user, posted)
        };
        self.state.messages.iter().any(|posted| is_news(&posted))
    }

    fn frame<'b>(
        &'b self,
        id: &'b str,
        values: &'b Value,
        errors: &'b BTreeMap<String, String>,
        is_view: bool,
    ) -> Frame<'b> {
        let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        let users = self.state.users.values().filter(|user| !user.is_bot && !user.has_left);
        let mut people: Vec<_> = users.map(|user| named(&user.id, &format!("@{}", user.name))).collect();
        let open = self.state.channels.values().filter(|channel| channel.dm_of.is_none());
        let mut channels: Vec<_> =
            open.map(|channel| named(&channel.id, &format!("#{}", channel.name))).collect();
        people.sort_by(|a, b| a.1.cmp(&b.1));
        channels.sort_by(|a, b| a.1.cmp(&b.1));
        let eyes = Eyes { names: &self.state.names, zone: &self.zone, now: self.state.now() };
        Frame { eyes, id, values, errors, people, channels, is_view }
    }

    fn modal(&self) -> Option<Modal> {
        let stack = &self.user.stack;
        let view = self.state.top_of(&self.user.id)?;
        let text = |name: &str| view.json[name]["text"].as_str().unwrap_or_default().to_owned();
        let below = stack.len().checked_sub(2).and_then(|at| self.state.view(&stack[at]));
        let frame = self.frame(&view.id, &view.json["state"]["values"], &view.errors, true);
        let hash = view.json["hash"].as_str().unwrap_or_default().to_owned();
        let errors: Vec<String> = view.errors.values().cloned().collect();
        Some(Modal {
            id: view.id.clone(),
            version: format!("{} {hash} {}", view.id, errors.join("|")),
            hash,
            title: text("title"),
            below: below.and_then(|view| view.json["title"]["text"].as_str()).unwrap_or_default().to_owned(),
            depth: stack.len(),
            submit: text("submit"),
            close: draw::close_label(&view.json).to_owned(),
            blocks: blocks::all(&view.json["blocks"], &frame),
            n_errors: errors.len(),
        })
    }

    /// `thread` is the `ts` of a message whose thread stands beside it.
    pub fn conversation(mut self, channel_id: &str, thread: Option<&str>) -> Option<Conversation> {
        let channel = self.state.channel(channel_id)?.clone();
        let is_dm = channel.dm_of.is_some();
        let label = if is_dm { "coach".to_owned() } else { format!("#{}", channel.name) };
        let about = match (is_dm, channel.has_bot) {
            (true, _) => "Between you and the coach. Nobody else can read this.".to_owned(),
            (false, true) => "Everybody is here, and the coach.".to_owned(),
            (false, false) => {
                "Everybody is here. Only you see what the coach answers to a command.".to_owned()
            }
        };
        let mut shell = self.shell(&label, &Where::Channel(channel_id.to_owned()));
        // Before the conversation: what is read here is no news there.
        let thread = match thread {
            Some(ts) => {
                let close = std::mem::replace(&mut shell.here, self.thread_address(channel_id, ts));
                Some(self.thread(channel_id, ts, close)?)
            }
            None => None,
        };
        let items = self.items(channel_id);
        let shortcuts = self.page.0.world.shortcuts().into_iter().filter(|one| one.is_global).collect();
        Some(Conversation {
            shell,
            channel: channel_id.to_owned(),
            label,
            about,
            items,
            thread,
            shortcuts,
            command: self.state.command.clone(),
            hints: self.page.0.world.commands(),
        })
    }

    fn items(&self, channel: &str) -> Vec<Item> {
        enum Entry<'a> {
            Posted(&'a Posted),
            Refused(&'a Refused),
        }
        let all = self.readable_in(channel);
        let is_reply = |posted: &Posted| all.iter().any(|root| hangs_below(posted, &root.ts));
        let mut entries: Vec<(&str, Entry)> = all
            .iter()
            .filter(|posted| !is_reply(posted))
            .map(|posted| (posted.ts.as_str(), Entry::Posted(posted)))
            .collect();
        let refused = self.state.traffic.iter().flat_map(|traffic| &traffic.refused);
        let is_shown = |refused: &&Refused| {
            refused.channel == channel && refused.only_for.as_ref().is_none_or(|user| *user == self.user.id)
        };
        entries
            .extend(refused.filter(is_shown).map(|refused| (refused.ts.as_str(), Entry::Refused(refused))));
        entries.sort_by(|a, b| a.0.cmp(b.0));
        let mut items = Vec::new();
        let mut day = String::new();
        for (ts, entry) in entries {
            let today = instant(ts).to_zoned(self.zone.clone()).strftime("%A, %-d %B %Y").to_string();
            if today != day {
                day.clone_from(&today);
                items.push(Item::Day(today));
            }
            items.push(match entry {
                Entry::Posted(posted) => {
                    let mut message = self.message(posted, "m");
                    if posted.only_for.is_none() {
                        message.thread = self.thread_address(channel, &posted.ts);
                        message.replies = self.replies(&all, &posted.ts);
                    }
                    Item::Message(Box::new(message))
                }
                Entry::Refused(refused) => {
                    let id = format!("r-{}", refused.ts.replace('.', "-"));
                    let none = BTreeMap::new();
                    let blocks = blocks::all(&refused.blocks, &self.frame(&id, &Value::Null, &none, false));
                    Item::Refused {
                        error: refused.error.clone(),
                        reasons: refused.messages.clone(),
                        inspect: refused
                            .exchange
                            .map_or_else(String::new, |n| format!("{}/requests?exchange={n}", self.base())),
                        is_private: refused.only_for.is_some(),
                        blocks,
                        id,
                    }
                }
            });
        }
        items
    }

    fn readable_in(&self, channel: &str) -> Vec<&Posted> {
        let is_mine =
            |posted: &&Posted| posted.channel == channel && self.state.can_read(&self.user.id, posted);
        self.state.messages.iter().filter(is_mine).collect()
    }

    fn thread_address(&self, channel: &str, ts: &str) -> String {
        format!("{}/t/{}", self.address(&Where::Channel(channel.to_owned())), encoded(ts))
    }

    fn replies(&self, all: &[&Posted], ts: &str) -> Option<Replies> {
        let below: Vec<&&Posted> = all.iter().filter(|posted| hangs_below(posted, ts)).collect();
        let last = below.last()?;
        let seen = self.page.desks().get(&self.user.id).and_then(|desk| desk.seen.get(ts)).copied();
        let is_news = |posted: &&&Posted| {
            posted.author != self.user.id && posted.touched > seen.unwrap_or(self.page.0.read_until)
        };
        Some(Replies {
            label: if below.len() == 1 { "1 reply".to_owned() } else { format!("{} replies", below.len()) },
            last: instant(&last.ts).to_zoned(self.zone.clone()).strftime("%H:%M").to_string(),
            has_news: below.iter().any(is_news),
        })
    }

    /// A message and what hangs below it. Looking at it is reading it.
    fn thread(&self, channel: &str, ts: &str, close: String) -> Option<Thread> {
        let all = self.readable_in(channel);
        let root = all.iter().find(|posted| posted.ts == ts && posted.only_for.is_none())?;
        let below: Vec<&&Posted> = all.iter().filter(|posted| hangs_below(posted, ts)).collect();
        let newest = below.iter().map(|posted| posted.touched).max().unwrap_or(0);
        let mut desks = self.page.desks();
        desks.entry(self.user.id.clone()).or_default().seen.insert(ts.to_owned(), newest);
        drop(desks);
        Some(Thread {
            ts: ts.to_owned(),
            close,
            root: self.message(root, "t"),
            replies: below.into_iter().map(|posted| self.message(posted, "t")).collect(),
        })
    }

    /// A file that this person can see: it came with a message that they can read.
    pub fn file(&self, id: &str) -> Option<&SharedFile> {
        let (ts, file) = self
            .state
            .shared
            .iter()
            .find_map(|(ts, files)| Some((ts, files.iter().find(|file| file.id == id)?)))?;
        let posted = self.state.messages.iter().find(|posted| posted.ts == *ts)?;
        self.state.can_read(&self.user.id, posted).then_some(file)
    }

    /// `place` keeps the names of what is drawn twice on one page apart.
    fn message(&self, posted: &Posted, place: &str) -> Message {
        let id = format!("{place}-{}", posted.ts.replace('.', "-"));
        let at = instant(&posted.ts);
        let author = self.state.name_of(&posted.author);
        let is_app = posted.author == self.state.me.bot_user;
        let none = BTreeMap::new();
        let frame = self.frame(&id, &posted.values, &none, false);
        let has_blocks = posted.blocks.as_array().is_some_and(|blocks| !blocks.is_empty());
        let files: Vec<File> =
            self.state.files_of(&posted.ts).iter().map(|file| drawn(file, &self.base())).collect();
        // Files that came without a word have these in their place.
        let is_silent = !files.is_empty() && posted.text == "(files)";
        let text =
            if has_blocks || is_silent { Vec::new() } else { prose::mrkdwn(&posted.text, &frame.eyes) };
        let blocks = if has_blocks { blocks::all(&posted.blocks, &frame) } else { Vec::new() };
        drop(frame);
        let is_private = posted.only_for.is_some();
        Message {
            ts: posted.ts.clone(),
            channel: posted.channel.clone(),
            touched: posted.touched,
            initials: initials(&author),
            hue: hue(&author),
            author,
            is_app,
            time: at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string(),
            at: at.to_string(),
            is_private,
            is_edited: posted.is_edited && !is_private,
            text,
            blocks,
            files,
            thread: String::new(),
            replies: None,
            // Slack offers them on what stays, not on what only one person sees for a while.
            shortcuts: if is_private {
                Vec::new()
            } else {
                let all = self.page.0.world.shortcuts().into_iter().filter(|one| !one.is_global);
                all.map(|one| (one.callback, one.name)).collect()
            },
            inspect: if is_app || !posted.exchanges.is_empty() {
                format!("{}/requests?message={}", self.base(), posted.ts)
            } else {
                String::new()
            },
            id,
        }
    }

    pub fn home(mut self) -> Home {
        let shell = self.shell("Home", &Where::Home);
        let view = self.state.home_of(&self.user.id).map(|view| {
            let frame = self.frame(&view.id, &view.json["state"]["values"], &view.errors, true);
            let hash = view.json["hash"].as_str().unwrap_or_default().to_owned();
            HomeView { id: view.id.clone(), hash, blocks: blocks::all(&view.json["blocks"], &frame) }
        });
        Home { shell, view }
    }

    /// Any blocks as they would look to this person in a message.
    pub fn as_message(&self, blocks: &Value) -> Vec<blocks::Block> {
        let (values, none) = (json!({}), BTreeMap::new());
        blocks::all(blocks, &self.frame("w", &values, &none, false))
    }
}

fn hangs_below(posted: &Posted, ts: &str) -> bool {
    posted.thread_ts.as_deref() == Some(ts) && posted.ts != ts
}

fn drawn(file: &SharedFile, base: &str) -> File {
    let n = file.bytes.len();
    let alt = if file.alt.is_empty() { &file.title } else { &file.alt };
    File {
        name: file.name.clone(),
        title: file.title.clone(),
        alt: alt.clone(),
        size: if n < 1024 { format!("{n} bytes") } else { format!("{} KB", n.div_ceil(1024)) },
        url: format!("{base}/file/{}", encoded(&file.id)),
        picture: png_size(&file.bytes),
    }
}

/// Width and height, where these bytes begin as a PNG does.
pub fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

pub fn zone_of(user: &User) -> TimeZone {
    TimeZoneDatabase::bundled().get(&user.zone).unwrap_or(TimeZone::UTC)
}

/// A message's name says when it was written, to the microsecond.
fn instant(ts: &str) -> Timestamp {
    let (seconds, micros) = ts.split_once('.').unwrap_or((ts, "0"));
    let (seconds, micros) = (seconds.parse().unwrap_or(0), micros.parse::<i32>().unwrap_or(0));
    Timestamp::new(seconds, micros * 1_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn initials(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default()
}

fn hue(name: &str) -> usize {
    name.bytes().fold(7, |sum, byte| (sum * 31 + usize::from(byte)) % 6_007) % 6
}

/// A name as a part of an address.
pub fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
