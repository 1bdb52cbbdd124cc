//! A person in the workspace: what they say, where they look, what they have before them.

use std::sync::MutexGuard;

use serde_json::{Value, json};

use super::conversations::user_object;
use super::state::{Line, Posted, State};
use super::workspace::Workspace;
use super::{Answer, Message, SharedFile, form, payload, send, text};
use crate::clock;

/// A handle: clones are the same person.
#[derive(Clone)]
pub struct Human {
    pub(super) workspace: Workspace,
    pub(super) id: String,
}

impl Human {
    pub(super) fn new(workspace: Workspace, id: String) -> Self {
        Self { workspace, id }
    }

    pub fn id(&self) -> String {
        self.id.clone()
    }

    pub fn name(&self) -> String {
        self.workspace.state().name_of(&self.id)
    }

    /// The id of their DM with the coach.
    pub fn dm(&self) -> String {
        self.workspace.state().dm_of(&self.id)
    }

    /// The whole user object, for events such as `user_change`.
    pub fn profile(&self) -> Value {
        let state = self.workspace.state();
        user_object(&state, state.user(&self.id).expect("nobody is ever removed from the list"))
    }

    /// Changes their time zone. No event by itself.
    pub fn moves_to(&self, zone: &str) {
        let mut state = self.workspace.state();
        let now = state.now();
        let user = state.known_user(&self.id);
        user.zone = zone.to_owned();
        user.updated_at = now;
    }

    /// Is deactivated. No event by itself.
    pub fn leaves(&self) {
        let mut state = self.workspace.state();
        let now = state.now();
        let user = state.known_user(&self.id);
        user.has_left = true;
        user.updated_at = now;
    }

    /// A line in the composer: a slash command in #general, everything else in the DM with the coach.
    pub async fn says(&self, line: &str) -> Answer {
        let channel = if line.starts_with('/') { self.workspace.channel("general") } else { self.dm() };
        self.says_in(&channel, line).await
    }

    /// The same in a channel of choice, by name or id.
    pub async fn says_in(&self, channel: &str, line: &str) -> Answer {
        let channel = {
            let mut state = self.act();
            state.known_user(&self.id).is_at_home = false;
            state.channel_named(channel)
        };
        if line.starts_with('/') {
            self.commands(&channel, line).await
        } else {
            self.writes(&channel, None, line).await
        }
    }

    /// A reply below a message, known by its `ts`. Slack has no commands there.
    pub async fn replies_in(&self, channel: &str, ts: &str, line: &str) -> Answer {
        let root = {
            let mut state = self.act();
            let is_meant = |posted: &&Posted| posted.ts == ts && posted.channel == channel;
            let root = state.messages.iter().find(is_meant).filter(|posted| state.can_read(&self.id, posted));
            let Some(root) = root.filter(|posted| posted.only_for.is_none()).cloned() else {
                return Answer::from_slack(Some("There is no thread below this message."));
            };
            if let Some(word) = line.split_whitespace().next().filter(|word| word.starts_with('/')) {
                let error = format!("{word} does not work in a thread");
                let name = state.name_of(&self.id);
                state.tell(Some(&self.id), format!("  Slack tells {name}: {error}"));
                return Answer::from_slack(Some(&error));
            }
            // An answer to an answer stands below the same message.
            let root_ts = root.thread_ts.unwrap_or(root.ts);
            state
                .messages
                .iter()
                .find(|posted| posted.ts == root_ts)
                .map(|root| (root_ts.clone(), root.author.clone()))
        };
        self.writes(channel, root, line).await
    }

    async fn commands(&self, channel: &str, line: &str) -> Answer {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let form = {
            let mut state = self.workspace.state();
            self.tell_line(&mut state, channel, line);
            if word == "/invite" && self.invites(&mut state, channel, rest.trim()) {
                drop(state);
                self.workspace.has_changed();
                return Answer::from_slack(None);
            }
            if word != state.command || !state.scopes.contains("commands") {
                let name = state.name_of(&self.id);
                let error = format!("{word} is not a valid command");
                state.tell(Some(&self.id), format!("  Slack tells {name}: {error}"));
                return Answer::from_slack(Some(&error));
            }
            payload::command(&mut state, &self.id, channel, word, rest.trim())
        };
        let delivered = self.workspace.delivers("/slack/commands", send::FORM, form, &[]).await;
        let error = self.workspace.state().take_command_answer(&self.id, channel, line, &delivered);
        self.workspace.has_changed();
        delivered.answer(error)
    }

    /// Slack's own command, which lets the coach into a channel.
    fn invites(&self, state: &mut State, channel: &str, whom: &str) -> bool {
        let coach = format!("@{}", state.name_of(&state.me.bot_user));
        let name = state.name_of(&self.id);
        match state.channels.get_mut(channel) {
            Some(there) if there.dm_of.is_none() && whom == coach => there.has_bot = true,
            _ => return false,
        }
        state.tell(None, format!("-- {name} lets {coach} in --"));
        true
    }

    /// `below` is the message that a thread hangs on, and who wrote it.
    async fn writes(&self, channel: &str, below: Option<(String, String)>, line: &str) -> Answer {
        let event = {
            let mut state = self.workspace.state();
            self.tell_line(&mut state, channel, line);
            let words = text::formatted(line, &state.names);
            let mut event = self.keeps_message(&mut state, channel, below, words);
            let is_dm = state.channel(channel).is_some_and(|channel| channel.dm_of.is_some());
            let has_bot = state.channel(channel).is_some_and(|channel| channel.has_bot);
            let bot = format!("<@{}>", state.me.bot_user);
            let is_mention = event["text"].as_str().is_some_and(|words| words.contains(&bot));
            if !is_dm && !has_bot && is_mention {
                let coach = state.name_of(&state.me.bot_user);
                return Answer::from_slack(Some(&format!(
                    "@{coach} is not in this channel and did not hear you. /invite @{coach} lets it in."
                )));
            }
            if is_dm && state.scopes.contains("im:history") {
                event["channel_type"] = "im".into();
            } else if !is_dm && has_bot && is_mention && state.scopes.contains("app_mentions:read") {
                event["type"] = "app_mention".into();
            } else {
                // The app is not told of this.
                return Answer::from_slack(None);
            }
            event
        };
        let ts = event["ts"].clone();
        let delivered = self.workspace.delivers_event(event).await;
        let mut state = self.workspace.state();
        if let Some(posted) = state.messages.iter_mut().rev().find(|posted| ts == posted.ts.as_str()) {
            posted.exchanges.extend(delivered.exchange);
        }
        delivered.answer(delivered.trouble.map(str::to_owned))
    }

    /// A person's own message, kept for history and as the event that tells of it.
    fn keeps_message(
        &self,
        state: &mut State,
        channel: &str,
        below: Option<(String, String)>,
        words: String,
    ) -> Value {
        let (thread_ts, parent) = below.unzip();
        let ts = state.next_ts();
        let touched = state.next_touch();
        let posted = Posted {
            ts: ts.clone(),
            channel: channel.to_owned(),
            author: self.id.clone(),
            only_for: None,
            text: words,
            blocks: Value::Null,
            metadata: Value::Null,
            thread_ts,
            values: json!({}),
            is_deleted: false,
            is_edited: false,
            touched,
            exchanges: Vec::new(),
        };
        let mut event = payload::message(state, &posted);
        state.messages.push(posted);
        if let Some(parent) = parent {
            event["parent_user_id"] = parent.into();
        }
        event["client_msg_id"] = clock::new_id().into();
        event["channel"] = channel.into();
        event["event_ts"] = ts.into();
        event
    }

    fn tell_line(&self, state: &mut State, channel: &str, line: &str) {
        let name = state.name_of(&self.id);
        let there = state.channel(channel);
        let is_dm = there.is_some_and(|channel| channel.dm_of.is_some());
        let place = match there.map(|channel| channel.name.as_str()) {
            Some("general") | None => String::new(),
            Some(_) if is_dm => " to the coach".to_owned(),
            Some(channel) => format!(" in #{channel}"),
        };
        let only_for = (is_dm || line.starts_with('/')).then_some(self.id.as_str());
        state.tell(only_for, format!("{name}{place}: {}", line.replace('\n', "\n    ")));
    }

    pub async fn opens_home(&self) -> Answer {
        self.opens("home").await
    }

    pub async fn opens_dm(&self) -> Answer {
        self.opens("messages").await
    }

    async fn opens(&self, tab: &str) -> Answer {
        let event = {
            let mut state = self.act();
            let name = state.name_of(&self.id);
            let place = if tab == "home" { "App Home" } else { "the DM with the coach" };
            state.tell(Some(&self.id), format!("{name} opens {place}"));
            state.known_user(&self.id).is_at_home = tab == "home";
            let channel = state.dm_of(&self.id);
            let ts = state.next_ts();
            let mut event = json!({
                "type": "app_home_opened", "user": self.id, "channel": channel, "tab": tab, "event_ts": ts,
            });
            if let Some(view) = state.home_of(&self.id) {
                event["view"] = view.json.clone();
            }
            event
        };
        let delivered = self.workspace.delivers_event(event).await;
        delivered.answer(delivered.trouble.map(str::to_owned))
    }

    /// The transcript since the last call, as far as this person could see it.
    pub fn sees(&self) -> String {
        let mut state = self.workspace.state();
        let from = state.known_user(&self.id).n_seen;
        let is_seen = |line: &&Line| line.only_for.as_ref().is_none_or(|only| *only == self.id);
        let seen =
            state.lines[from..].iter().filter(is_seen).map(|line| format!("{}\n", line.text)).collect();
        state.known_user(&self.id).n_seen = state.lines.len();
        seen
    }

    /// The coach's messages in the DM, oldest first.
    pub fn dms(&self) -> Vec<Message> {
        let mut state = self.workspace.state();
        let dm = state.dm_of(&self.id);
        let is_meant = |posted: &&Posted| {
            posted.channel == dm
                && posted.author == state.me.bot_user
                && posted.only_for.is_none()
                && !posted.is_deleted
        };
        state.messages.iter().filter(is_meant).map(|posted| state.handed_out(posted)).collect()
    }

    /// The files that the coach shared in the DM, oldest first.
    pub fn files(&self) -> Vec<SharedFile> {
        let dms = self.dms();
        let state = self.workspace.state();
        dms.iter().flat_map(|message| state.files_of(&message.ts).to_vec()).collect()
    }

    /// The coach's newest message that they can see, ephemeral ones included. A changed one is new.
    pub fn last(&self) -> Option<Message> {
        let state = self.workspace.state();
        state.readable_by(&self.id).last().map(|posted| state.handed_out(posted))
    }

    /// Waits for something new from the coach since this person last did, or heard, something.
    pub async fn hears(&self) -> Message {
        let newest = |workspace: &Workspace| {
            let state = workspace.state();
            let acted_at = state.user(&self.id)?.acted_at;
            let posted = state.readable_by(&self.id).into_iter().last()?;
            (posted.touched > acted_at).then(|| state.handed_out(posted))
        };
        self.workspace.until(|workspace| newest(workspace).is_some()).await;
        let heard = newest(&self.workspace);
        let heard = heard.unwrap_or_else(|| panic!("nothing new came from the coach: {}", self.screen()));
        let mut state = self.workspace.state();
        let touched = state.next_touch();
        state.known_user(&self.id).acted_at = touched;
        heard
    }

    /// What they have before them, as text: the open form, or the newest messages and App Home.
    pub fn screen(&self) -> String {
        self.workspace.state().screen(&self.id)
    }

    /// Labels of all buttons that they could press now, the newest message's first.
    pub fn buttons(&self) -> Vec<String> {
        self.workspace.state().buttons(&self.id)
    }

    /// Labels of the fields of the open form.
    pub fn fields(&self) -> Vec<String> {
        let view = self.modal().unwrap_or_default();
        form::fields(&view["blocks"]).iter().map(|field| field.label().to_owned()).collect()
    }

    /// Whatever they do begins here.
    pub(super) fn act(&self) -> MutexGuard<'_, State> {
        let mut state = self.workspace.state();
        let touched = state.next_touch();
        let user = state.known_user(&self.id);
        user.acted_at = touched;
        assert!(!user.has_left, "{} has left and can do nothing", user.name);
        state
    }
}
