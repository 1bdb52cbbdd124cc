//! `response_url`: five posts within thirty minutes, no token, the way to answer late or to change what
//! was clicked.

use serde_json::{Value, json};

use super::args::{Args, Refusal};
use super::messages::Draft;
use super::serve::Reply;
use super::state::{ResponseUrl, State};
use super::workspace::Workspace;

const USES: u32 = 5;
const MINUTES: i64 = 30;

/// What an answer to a command may have, and what a post to a `response_url` may.
pub(super) const FIELDS: [&str; 12] = [
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "mrkdwn",
    "unfurl_links",
    "unfurl_media",
    "link_names",
    "parse",
];

pub(super) fn answer(
    workspace: &Workspace,
    path: &str,
    is_json: bool,
    args: Result<Args, Refusal>,
    exchange: Option<u64>,
) -> Reply {
    let mut state = workspace.state();
    state.carries_out(exchange);
    let done = args.and_then(|args| {
        if !is_json {
            state.complain("response_url: the body must be JSON, with its content type");
        }
        let url = use_up(&mut state, path)?;
        carry_out(&mut state, &url, &args)
    });
    match done {
        Ok(()) => Reply::ok(json!({"ok": true})),
        Err(refusal) => {
            let why = refusal.messages.join("; ");
            let line = format!("response_url: {} {why}", refusal.error);
            state.complain(line.trim_end());
            let json = json!({"ok": false, "error": refusal.error, "response_metadata": {"messages": refusal.messages}});
            Reply { status: 404, json, retry_after: None }
        }
    }
}

fn use_up(state: &mut State, path: &str) -> Result<ResponseUrl, Refusal> {
    let now = state.now();
    let prefix = format!("/response/{}/", state.me.team);
    let id = path.strip_prefix(&prefix).unwrap_or_default();
    let url = state.response_urls.get_mut(id);
    let url = url.ok_or_else(|| Refusal::because("invalid_url", "nobody was given this address"))?;
    if now.duration_since(url.made_at).as_secs() > MINUTES * 60 {
        return Err(Refusal::because("expired_url", "it is older than 30 minutes"));
    }
    if url.n_uses >= USES {
        return Err(Refusal::because("used_url", "it was used 5 times before"));
    }
    url.n_uses += 1;
    Ok(url.clone())
}

fn carry_out(state: &mut State, url: &ResponseUrl, args: &Args) -> Result<(), Refusal> {
    let place = "response_url";
    // What was clicked. A command has no message, so there nothing can be replaced or deleted.
    let message = url.message.as_ref().and_then(|ts| {
        state.messages.iter().position(|message| message.ts == *ts && message.channel == url.channel)
    });
    let message = message.filter(|index| !state.messages[*index].is_deleted);
    if args.flag("delete_original") {
        if let Some(index) = message {
            state.remove(index);
        }
        return Ok(());
    }
    let draft = answered(state, place, args)?;
    match message {
        Some(index) if args.flag("replace_original") => state.change(index, draft),
        _ => {
            let in_channel = args.text("response_type") == "in_channel";
            let only_for = (!in_channel).then_some(url.user.as_str());
            state.post(&url.channel, only_for, draft);
        }
    }
    Ok(())
}

/// The message in an answer, with a complaint about each field that Slack doesn't know.
pub(super) fn answered(state: &mut State, place: &str, args: &Args) -> Result<Draft, Refusal> {
    for name in args.0.keys().filter(|name| !FIELDS.contains(&name.as_str())) {
        state.complain(format!("{place}: /{name} is no field of an answer"));
    }
    let response_type = args.0.get("response_type").unwrap_or(&Value::Null);
    if !response_type.is_null() && response_type != "ephemeral" && response_type != "in_channel" {
        state.complain(format!("{place}: /response_type must be ephemeral or in_channel"));
    }
    Draft::read(state, place, args)
}
