//! Messages as they are posted, changed and taken away, whatever way they came in.

use serde_json::{Value, json};

use super::Message;
use super::args::{Args, Refusal};
use super::state::{Posted, State, fresh_id};
use super::{draw, form, payload, rules, text};

/// What a message is to say, found good enough by Slack's rules.
pub(super) struct Draft {
    pub text: String,
    pub blocks: Value,
    /// None leaves what an edited message had.
    pub metadata: Option<Value>,
    pub thread_ts: Option<String>,
}

impl Draft {
    /// Reads `text`, `blocks` and `metadata` of a call or an answer. `place` names it in complaints.
    pub fn read(state: &mut State, place: &str, args: &Args) -> Result<Self, Refusal> {
        let mut words = args.text("text");
        let blocks = args.structure("blocks", "invalid_blocks_format")?;
        if !blocks.is_null() && !blocks.is_array() {
            return Err(Refusal::because(
                "invalid_blocks_format",
                "[ERROR] must be an array [json-pointer:/blocks]",
            ));
        }
        let markdown = args.text("markdown_text");
        if !markdown.is_empty() {
            if !words.is_empty() || !blocks.is_null() {
                return Err(Refusal::new("markdown_text_conflict"));
            }
            if text::length(&markdown) > 12_000 {
                return Err(Refusal::because("msg_too_long", "markdown_text has at most 12000 characters"));
            }
            words = markdown;
        } else if args.0.get("mrkdwn").is_none_or(|mrkdwn| *mrkdwn != false && *mrkdwn != "false") {
            let found = rules::words("/text", &words);
            for broken in found.broken {
                state.complain(format!("{place}: {} {}", broken.pointer, broken.rule));
            }
            state.pings.extend(found.pings.into_iter().map(|ping| format!("{place} {ping}")));
        }
        if words.trim().is_empty() && blocks.as_array().is_none_or(Vec::is_empty) {
            return Err(Refusal::because("no_text", "a message needs text or blocks"));
        }
        if text::length(&words) > 40_000 {
            state.complain(format!("{place}: /text is cut: it has more than 40000 characters"));
            words = words.chars().take(40_000).collect();
        }
        let found = rules::message(&blocks);
        if !found.broken.is_empty() {
            return Err(Refusal { messages: listed(&found.broken), ..Refusal::new("invalid_blocks") });
        }
        if found.n_characters > rules::MESSAGE_CHARACTERS {
            let why = format!("/blocks have {} characters of text together", found.n_characters);
            return Err(Refusal::because("msg_blocks_too_long", why));
        }
        state.pings.extend(found.pings.into_iter().map(|ping| format!("{place} {ping}")));
        let metadata = args.structure("metadata", "invalid_metadata_format")?;
        let is_sound = metadata["event_type"].is_string() && metadata["event_payload"].is_object();
        if !metadata.is_null() && metadata != json!({}) && !is_sound {
            let why = "/metadata must have event_type, a string, and event_payload, an object";
            return Err(Refusal::because("invalid_metadata_format", why));
        }
        let metadata = args.has("metadata").then_some(if is_sound { metadata } else { Value::Null });
        let thread_ts = Some(args.text("thread_ts")).filter(|ts| !ts.is_empty());
        Ok(Self { text: words, blocks: with_ids(blocks), metadata, thread_ts })
    }
}

/// As Slack words them: the rule, then where.
pub(super) fn listed(broken: &[rules::Broken]) -> Vec<String> {
    broken.iter().map(|broken| format!("[ERROR] {} [json-pointer:{}]", broken.rule, broken.pointer)).collect()
}

/// Slack names every block and every element that the app left nameless.
pub(super) fn with_ids(mut blocks: Value) -> Value {
    for block in blocks.as_array_mut().into_iter().flatten() {
        if block["block_id"].is_null() {
            block["block_id"] = fresh_id("b").into();
        }
        let is_interactive = ["actions", "section", "input"].iter().any(|kind| block["type"] == *kind);
        let Some(fields) = block.as_object_mut().filter(|_| is_interactive) else { continue };
        for (name, value) in fields {
            let elements = match name.as_str() {
                "elements" => value.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default(),
                "accessory" | "element" => std::slice::from_mut(value),
                _ => continue,
            };
            for element in
                elements.iter_mut().filter(|element| element.is_object() && element["type"] != "image")
            {
                if element["action_id"].is_null() {
                    element["action_id"] = fresh_id("a").into();
                }
            }
        }
    }
    blocks
}

impl State {
    /// Says something in a channel, for all there or for one person's eyes. Gives its `ts`.
    pub fn post(&mut self, channel: &str, only_for: Option<&str>, draft: Draft) -> String {
        let ts = self.next_ts();
        let touched = self.next_touch();
        let author = self.me.bot_user.clone();
        let values = form::initial(&draft.blocks);
        let exchanges = self.current_exchange().into_iter().collect();
        self.messages.push(Posted {
            ts: ts.clone(),
            channel: channel.to_owned(),
            author,
            only_for: only_for.map(str::to_owned),
            text: draft.text,
            blocks: draft.blocks,
            metadata: draft.metadata.unwrap_or_default(),
            thread_ts: draft.thread_ts,
            values,
            is_deleted: false,
            is_edited: false,
            touched,
            exchanges,
        });
        self.show(self.messages.len() - 1, "");
        let posted = &self.messages[self.messages.len() - 1];
        if posted.only_for.is_none() && self.is_dm(channel) {
            let mut event = payload::message(self, posted);
            event["channel"] = channel.into();
            event["channel_type"] = "im".into();
            event["event_ts"] = ts.clone().into();
            self.echoes.push(event);
        }
        ts
    }

    /// Puts other words in a message's place. Words alone take its blocks away.
    pub fn change(&mut self, index: usize, draft: Draft) {
        let touched = self.next_touch();
        let before = payload::message(self, &self.messages[index]);
        let exchange = self.current_exchange();
        let posted = &mut self.messages[index];
        posted.exchanges.extend(exchange);
        posted.values = form::initial(&draft.blocks);
        posted.text = draft.text;
        posted.blocks = draft.blocks;
        posted.metadata = draft.metadata.unwrap_or_else(|| posted.metadata.clone());
        posted.is_edited = true;
        posted.touched = touched;
        self.show(index, "(message replaced) ");
        let message = payload::message(self, &self.messages[index]);
        self.echo_change(index, "message_changed", json!({"message": message, "previous_message": before}));
    }

    pub fn remove(&mut self, index: usize) {
        let before = payload::message(self, &self.messages[index]);
        self.messages[index].is_deleted = true;
        let posted = self.messages[index].clone();
        let whose = self.audience(&posted);
        self.tell(self.reader(&posted).as_deref(), format!("  (message deleted) {whose}"));
        self.echo_change(
            index,
            "message_deleted",
            json!({"deleted_ts": posted.ts, "previous_message": before}),
        );
    }

    fn echo_change(&mut self, index: usize, subtype: &str, more: Value) {
        let posted = &self.messages[index];
        let channel = posted.channel.clone();
        if posted.only_for.is_some() || !self.is_dm(&channel) {
            return;
        }
        let ts = self.next_ts();
        let mut event = more;
        event["type"] = "message".into();
        event["subtype"] = subtype.into();
        event["hidden"] = true.into();
        event["channel"] = channel.into();
        event["channel_type"] = "im".into();
        event["ts"] = ts.clone().into();
        event["event_ts"] = ts.into();
        self.echoes.push(event);
    }

    fn is_dm(&self, channel: &str) -> bool {
        self.channel(channel).is_some_and(|channel| channel.dm_of.is_some())
    }

    /// Writes a message into the transcript, under the words that say who has it before them.
    fn show(&mut self, index: usize, how: &str) {
        let posted = self.messages[index].clone();
        let body = draw::message(&posted.text, &posted.blocks, &self.names);
        let whose = self.audience(&posted);
        let thread = if posted.thread_ts.is_some() { " (in the thread)" } else { "" };
        let lines = format!("  {how}{whose}{thread}:\n{}", draw::indented(&body, 4));
        self.tell(self.reader(&posted).as_deref(), lines);
    }

    fn audience(&self, posted: &Posted) -> String {
        let channel = self.channel(&posted.channel);
        match (&posted.only_for, channel.and_then(|channel| channel.dm_of.as_ref())) {
            (Some(user), _) => format!("only {} sees", self.name_of(user)),
            (None, Some(user)) => format!("DM to {}", self.name_of(user)),
            (None, None) => {
                format!("coach in #{}", channel.map(|channel| channel.name.as_str()).unwrap_or_default())
            }
        }
    }

    /// The one person who can read it, where it is only one.
    fn reader(&self, posted: &Posted) -> Option<String> {
        let dm_of = || self.channel(&posted.channel).and_then(|channel| channel.dm_of.clone());
        posted.only_for.clone().or_else(dm_of)
    }

    pub fn can_read(&self, user: &str, posted: &Posted) -> bool {
        !posted.is_deleted && self.reader(posted).is_none_or(|reader| reader == user)
    }

    pub fn handed_out(&self, posted: &Posted) -> Message {
        Message {
            ts: posted.ts.clone(),
            channel: posted.channel.clone(),
            text: posted.text.clone(),
            blocks: if posted.blocks.is_null() { json!([]) } else { posted.blocks.clone() },
            metadata: posted.metadata.clone(),
            is_ephemeral: posted.only_for.is_some(),
            drawn: draw::message(&posted.text, &posted.blocks, &self.names),
        }
    }
}
