//! People and conversations: `users.info`, `conversations.open`, `conversations.history`.

use jiff::tz::TimeZoneDatabase;
use serde_json::{Value, json};

use super::api::needs_scope;
use super::args::{Args, Refusal};
use super::payload;
use super::state::{State, User};

pub(super) fn users_info(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let id = args.needed("user")?;
    let user = state.user(&id).ok_or_else(|| Refusal::because("user_not_found", format!("/user {id}")))?;
    let mut json = user_object(state, user);
    if args.flag("include_locale") {
        json["locale"] = "en-US".into();
    }
    Ok(json!({ "user": json }))
}

/// In full, as `users.info` and the event `user_change` carry it.
pub(super) fn user_object(state: &State, user: &User) -> Value {
    let zone = TimeZoneDatabase::bundled().get(&user.zone).ok();
    let offset = zone.map(|zone| zone.to_offset(state.now()).seconds());
    let mut json = json!({
        "id": user.id,
        "team_id": state.me.team,
        "name": user.name,
        "deleted": user.has_left,
        "color": "9f69e7",
        "real_name": user.name,
        "profile": {
            "title": "", "phone": "", "skype": "",
            "real_name": user.name, "real_name_normalized": user.name,
            "display_name": user.name, "display_name_normalized": user.name,
            "status_text": "", "status_emoji": "", "status_expiration": 0,
            "avatar_hash": "", "image_72": "", "team": state.me.team,
        },
        "is_admin": false, "is_owner": false, "is_primary_owner": false,
        "is_restricted": false, "is_ultra_restricted": false,
        "is_bot": user.is_bot, "is_app_user": false,
        "updated": user.updated_at.as_second(),
    });
    // People of whom Slack knows no zone have none of the three. A zone that only Slack knows has no offset.
    if !user.zone.is_empty() && !user.has_left {
        json["tz"] = user.zone.clone().into();
        json["tz_label"] = user.zone.replace(['/', '_'], " ").into();
        json["tz_offset"] = offset.unwrap_or_default().into();
    }
    json
}

pub(super) fn open(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let users = args.text("users");
    let users: Vec<&str> = users.split(',').map(str::trim).filter(|user| !user.is_empty()).collect();
    let user = match (&users[..], args.text("channel")) {
        ([], channel) if channel.is_empty() => return Err(Refusal::new("users_list_not_supplied")),
        ([], channel) => {
            let found = state.channel(&channel).and_then(|channel| channel.dm_of.clone());
            found.ok_or_else(|| Refusal::because("channel_not_found", format!("/channel {channel}")))?
        }
        ([user], _) => (*user).to_owned(),
        (all, _) if all.len() > 8 => return Err(Refusal::new("too_many_users")),
        _ => {
            needs_scope(state, "mpim:write")?;
            return Err(Refusal::because("invalid_arguments", "this workspace has no group DMs"));
        }
    };
    let person = state.user(&user).filter(|person| !person.is_bot);
    let person = person.ok_or_else(|| Refusal::because("user_not_found", format!("/users {user}")))?;
    if person.has_left {
        return Err(Refusal::of_the_world("user_disabled"));
    }
    let was_open = state.has_dm(&user);
    let id = state.dm_of(&user);
    let mut json = json!({ "channel": { "id": id } });
    if args.flag("return_im") {
        json["channel"] =
            json!({"id": id, "is_im": true, "user": user, "is_org_shared": false, "is_open": true});
    }
    if was_open {
        json["no_op"] = true.into();
        json["already_open"] = true.into();
    }
    Ok(json)
}

pub(super) fn history(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let id = args.needed("channel")?;
    let channel = state.channel(&id).cloned();
    let channel = channel.ok_or_else(|| Refusal::because("channel_not_found", format!("/channel {id}")))?;
    needs_scope(state, if channel.dm_of.is_some() { "im:history" } else { "channels:history" })?;
    if !channel.has_bot {
        return Err(Refusal::because("not_in_channel", format!("/channel {id}")));
    }
    let limit = match args.text("limit").as_str() {
        "" => 100,
        text => text
            .parse::<usize>()
            .ok()
            .filter(|limit| (1..=999).contains(limit))
            .ok_or_else(|| Refusal::because("invalid_arguments", "[ERROR] limit must be from 1 to 999"))?,
    };
    let (oldest, latest, is_inclusive) = (args.text("oldest"), args.text("latest"), args.flag("inclusive"));
    let cursor = args.text("cursor");
    let until = cursor.strip_prefix("next_ts:");
    if !cursor.is_empty() && until.is_none() {
        return Err(Refusal::because("invalid_cursor", format!("/cursor {cursor}")));
    }
    let is_asked = |ts: &str| {
        let is_edge = ts == oldest || ts == latest;
        let is_within =
            (oldest.is_empty() || later(ts, &oldest)) && (latest.is_empty() || later(&latest, ts));
        is_within && until.is_none_or(|until| later(until, ts)) || (is_edge && is_inclusive)
    };
    let mut found: Vec<Value> = Vec::new();
    let mut has_more = false;
    for message in state.messages.iter().rev() {
        let is_here = message.channel == id && message.only_for.is_none() && !message.is_deleted;
        // Replies are read with conversations.replies.
        let is_reply = message.thread_ts.as_deref().is_some_and(|thread| thread != message.ts);
        if !is_here || is_reply || !is_asked(&message.ts) {
            continue;
        }
        if found.len() == limit {
            has_more = true;
            break;
        }
        let mut json = payload::message(state, message);
        if !args.flag("include_all_metadata")
            && let Some(fields) = json.as_object_mut()
        {
            fields.remove("metadata");
        }
        found.push(json);
    }
    let mut json = json!({ "has_more": has_more, "pin_count": 0 });
    if has_more {
        let last = found.last().and_then(|message| message["ts"].as_str()).unwrap_or_default();
        json["response_metadata"]["next_cursor"] = format!("next_ts:{last}").into();
    }
    json["messages"] = found.into();
    Ok(json)
}

/// Ours have six digits; a caller may write `1700000000` or `1700000000.5`.
fn later(ts: &str, other: &str) -> bool {
    let micros = |ts: &str| {
        let (seconds, rest) = ts.split_once('.').unwrap_or((ts, ""));
        seconds.parse::<i64>().ok().map(|seconds| (seconds, format!("{rest:0<6}")))
    };
    micros(ts) > micros(other)
}
