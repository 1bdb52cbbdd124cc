//! What Slack sends the app, with all the fields that Slack sends: commands, clicks, submissions, messages.

use serde_json::{Value, json};

use super::args::encode_form;
use super::state::{Posted, State, View};
use super::{draw, text};

/// A slash command, as a form. Names stay as typed (`should_escape` is off); the three characters of
/// markup come escaped all the same.
pub(super) fn command(state: &mut State, user: &str, channel: &str, command: &str, typed: &str) -> Vec<u8> {
    let trigger = state.new_trigger(user);
    let response_url = state.new_response_url(user, channel, None);
    let channel_name = state.channel(channel).map(|channel| channel.name.clone()).unwrap_or_default();
    let me = &state.me;
    encode_form(&[
        ("token", &me.verification),
        ("team_id", &me.team),
        ("team_domain", &me.domain),
        ("channel_id", channel),
        ("channel_name", &channel_name),
        ("user_id", user),
        ("user_name", &state.name_of(user)),
        ("command", command),
        ("text", &text::escape(typed)),
        ("api_app_id", &me.app),
        ("is_enterprise_install", "false"),
        ("response_url", &response_url),
        ("trigger_id", &trigger),
    ])
}

/// What all interactions begin with.
fn head(state: &mut State, kind: &str, user: &str) -> Value {
    let trigger = state.new_trigger(user);
    let name = state.name_of(user);
    let me = &state.me;
    json!({
        "type": kind,
        "user": {"id": user, "username": name, "name": name, "team_id": me.team},
        "api_app_id": me.app,
        "token": me.verification,
        "trigger_id": trigger,
        "team": {"id": me.team, "domain": me.domain},
        "enterprise": null,
        "is_enterprise_install": false,
    })
}

/// A button pressed, or something chosen, in a message.
pub(super) fn message_action(state: &mut State, user: &str, posted: &Posted, action: Value) -> Value {
    let mut json = head(state, "block_actions", user);
    let is_ephemeral = posted.only_for.is_some();
    json["container"] = json!({
        "type": "message",
        "message_ts": posted.ts,
        "channel_id": posted.channel,
        "is_ephemeral": is_ephemeral,
    });
    if let Some(thread_ts) = &posted.thread_ts {
        json["container"]["thread_ts"] = thread_ts.clone().into();
    }
    json["channel"] = channel_of(state, &posted.channel);
    if !is_ephemeral {
        json["message"] = message(state, posted);
    }
    json["state"] = json!({ "values": posted.values });
    json["response_url"] = state.new_response_url(user, &posted.channel, Some(&posted.ts)).into();
    json["actions"] = json!([action]);
    json
}

/// The same in a modal or the home tab: no channel, no message, no `response_url`.
pub(super) fn view_action(state: &mut State, user: &str, view: &View, action: Value) -> Value {
    let mut json = head(state, "block_actions", user);
    json["container"] = json!({"type": "view", "view_id": view.id});
    json["view"] = view.json.clone();
    json["actions"] = json!([action]);
    json
}

pub(super) fn submission(state: &mut State, user: &str, view: &View) -> Value {
    let mut json = head(state, "view_submission", user);
    json["view"] = view.json.clone();
    json["response_urls"] = json!([]);
    json
}

pub(super) fn closed(state: &mut State, user: &str, view: &View, is_cleared: bool) -> Value {
    let mut json = head(state, "view_closed", user);
    if let Some(fields) = json.as_object_mut() {
        fields.remove("trigger_id");
    }
    json["view"] = view.json.clone();
    json["is_cleared"] = is_cleared.into();
    json
}

/// A global shortcut: no channel and no `response_url`.
pub(super) fn shortcut(state: &mut State, user: &str, callback_id: &str) -> Value {
    let mut json = head(state, "shortcut", user);
    json["callback_id"] = callback_id.into();
    json["action_ts"] = state.next_ts().into();
    json
}

pub(super) fn message_shortcut(state: &mut State, user: &str, posted: &Posted, callback_id: &str) -> Value {
    let mut json = head(state, "message_action", user);
    json["callback_id"] = callback_id.into();
    json["action_ts"] = state.next_ts().into();
    json["message_ts"] = posted.ts.clone().into();
    json["channel"] = channel_of(state, &posted.channel);
    json["message"] = message(state, posted);
    json["response_url"] = state.new_response_url(user, &posted.channel, Some(&posted.ts)).into();
    json
}

fn channel_of(state: &State, id: &str) -> Value {
    json!({"id": id, "name": state.channel(id).map(|channel| channel.name.clone())})
}

/// A message as history, events and answers carry it.
pub(super) fn message(state: &State, posted: &Posted) -> Value {
    let me = &state.me;
    let mut json = json!({
        "type": "message",
        "user": posted.author,
        "ts": posted.ts,
        "team": me.team,
        "text": posted.text,
    });
    if posted.author == me.bot_user {
        json["bot_id"] = me.bot.clone().into();
        json["app_id"] = me.app.clone().into();
        json["bot_profile"] = json!({
            "id": me.bot, "app_id": me.app, "name": state.name_of(&me.bot_user),
            "deleted": false, "updated": 0, "team_id": me.team,
        });
    }
    if !posted.blocks.is_null() {
        json["blocks"] = posted.blocks.clone();
        // Without a text of its own a message gets one from its blocks.
        if posted.text.is_empty() {
            json["text"] = draw::message("", &posted.blocks, &state.names).into();
        }
    }
    let files = state.files_of(&posted.ts);
    if !files.is_empty() {
        json["files"] = super::files::json_of(files);
    }
    if !posted.metadata.is_null() {
        json["metadata"] = posted.metadata.clone();
    }
    if let Some(thread_ts) = &posted.thread_ts {
        json["thread_ts"] = thread_ts.clone().into();
    }
    if posted.is_edited {
        json["edited"] = json!({"user": posted.author, "ts": posted.ts});
    }
    json
}
