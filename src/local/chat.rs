//! The `chat.*` methods.

use serde_json::{Value, json};

use super::args::{Args, Refusal};
use super::messages::Draft;
use super::payload;
use super::state::{Channel, Posted, State};
use super::text;

/// How many messages may follow each other at once before one a second is the rule.
const BURST: f64 = 3.0;
/// And in a whole workspace, where a test has set how many it takes a minute.
const BURST_OF_ALL: f64 = 30.0;

pub(super) fn post_message(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let channel = reachable(state, &args.needed("channel")?)?;
    let draft = Draft::read(state, "chat.postMessage", args)?;
    allow_post(state, &channel.id)?;
    allow_in_workspace(state, channel.dm_of.as_deref().unwrap_or_default())?;
    let ts = state.post(&channel.id, None, draft);
    let posted = state.messages.last().expect("it was posted a moment ago");
    let message = payload::message(state, posted);
    Ok(json!({"channel": channel.id, "ts": ts, "message": message}))
}

pub(super) fn post_ephemeral(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let user = args.needed("user")?;
    let channel = reachable(state, &args.needed("channel")?)?;
    let is_there = state.user(&user).is_some_and(|user| !user.is_bot)
        && channel.dm_of.as_ref().is_none_or(|owner| *owner == user);
    if !is_there {
        return Err(Refusal::because("user_not_in_channel", format!("/user {user}")));
    }
    if state.user(&user).is_some_and(|user| user.has_left) {
        return Err(Refusal::of_the_world("user_not_in_channel"));
    }
    let draft = Draft::read(state, "chat.postEphemeral", args)?;
    let ts = state.post(&channel.id, Some(&user), draft);
    Ok(json!({ "message_ts": ts }))
}

pub(super) fn update(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let (channel, index) = own_message(state, args, "cant_update_message")?;
    if text::length(&args.text("text")) > 4_000 {
        return Err(Refusal::because("msg_too_long", "/text has at most 4000 characters in an update"));
    }
    let draft = Draft::read(state, "chat.update", args)?;
    state.change(index, draft);
    let posted = &state.messages[index];
    let message = payload::message(state, posted);
    Ok(json!({"channel": channel, "ts": posted.ts, "text": posted.text, "message": message}))
}

pub(super) fn delete(state: &mut State, args: &Args) -> Result<Value, Refusal> {
    let (channel, index) = own_message(state, args, "cant_delete_message")?;
    state.remove(index);
    Ok(json!({"channel": channel, "ts": state.messages[index].ts}))
}

/// A channel by its id, or a person's DM by theirs.
fn reachable(state: &mut State, id: &str) -> Result<Channel, Refusal> {
    let person = state.user(id).filter(|person| !person.is_bot);
    let id = match person {
        Some(person) if person.has_left => return Err(Refusal::of_the_world("channel_not_found")),
        Some(_) => state.dm_of(id),
        None => id.to_owned(),
    };
    let channel = state.channel(&id).cloned();
    let channel = channel.ok_or_else(|| Refusal::because("channel_not_found", format!("/channel {id}")))?;
    if !channel.has_bot {
        return Err(Refusal::because("not_in_channel", format!("/channel #{}", channel.name)));
    }
    Ok(channel)
}

fn own_message(state: &State, args: &Args, error: &str) -> Result<(String, usize), Refusal> {
    let (channel, ts) = (args.needed("channel")?, args.needed("ts")?);
    // The real id of the channel: a person's id is not taken here.
    if state.channel(&channel).is_none() {
        return Err(Refusal::because("channel_not_found", format!("/channel {channel}")));
    }
    let is_meant = |message: &Posted| {
        message.channel == channel && message.ts == ts && !message.is_deleted && message.only_for.is_none()
    };
    let index = state.messages.iter().position(is_meant);
    let index = index.ok_or_else(|| Refusal::because("message_not_found", format!("/ts {ts}")))?;
    if state.messages[index].author != state.me.bot_user {
        return Err(Refusal::because(error, "the message is somebody else's"));
    }
    Ok((channel, index))
}

/// About one message a second in a channel, by the workspace's clock, with short bursts.
fn allow_post(state: &mut State, channel: &str) -> Result<(), Refusal> {
    let now = state.now();
    let (since, left) = state.post_allowance.get(channel).copied().unwrap_or((now, BURST));
    let regained = now.duration_since(since).as_secs_f64().max(0.0);
    let left = (left + regained).min(BURST);
    if left < 1.0 {
        state.post_allowance.insert(channel.to_owned(), (now, left));
        let why = format!("more than one message a second in {channel}");
        return Err(Refusal { retry_after: Some(1), ..Refusal::because("ratelimited", why) });
    }
    state.post_allowance.insert(channel.to_owned(), (now, left - 1.0));
    Ok(())
}

/// So many messages a minute in the workspace of this person, by the workspace's clock.
fn allow_in_workspace(state: &mut State, person: &str) -> Result<(), Refusal> {
    let now = state.now();
    let crowd = &mut state.crowd;
    let Some(workspace) = crowd.workspaces.get(person) else { return Ok(()) };
    let (since, left) = crowd.allowance.get(workspace).copied().unwrap_or((now, BURST_OF_ALL));
    let regained = now.duration_since(since).as_secs_f64().max(0.0) * crowd.a_minute / 60.0;
    let left = (left + regained).min(BURST_OF_ALL);
    let is_allowed = left >= 1.0;
    crowd.allowance.insert(workspace.clone(), (now, if is_allowed { left - 1.0 } else { left }));
    if is_allowed {
        return Ok(());
    }
    let why = format!("more than {} messages a minute in {workspace}", crowd.a_minute);
    Err(Refusal { retry_after: Some(1), ..Refusal::because("ratelimited", why) })
}
