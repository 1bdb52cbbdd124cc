//! The Web API: which methods there are, what they take and what they need, before any of them runs.

use serde_json::{Value, json};

use super::args::{Args, Refusal};
use super::state::State;
use super::{chat, conversations, files, views};

struct Method {
    name: &'static str,
    /// The bot scope it needs, if any. Reading a conversation needs one by its kind: see there.
    scope: Option<&'static str>,
    args: &'static [&'static str],
    run: fn(&mut State, &Args) -> Result<Value, Refusal>,
}

const METHODS: &[Method] = &[
    Method { name: "auth.test", scope: None, args: &[], run: auth_test },
    Method {
        name: "users.info",
        scope: Some("users:read"),
        args: &["user", "include_locale"],
        run: conversations::users_info,
    },
    Method {
        name: "conversations.open",
        scope: Some("im:write"),
        args: &["users", "channel", "return_im", "prevent_creation"],
        run: conversations::open,
    },
    Method {
        name: "conversations.history",
        scope: None,
        args: &["channel", "limit", "cursor", "oldest", "latest", "inclusive", "include_all_metadata"],
        run: conversations::history,
    },
    Method {
        name: "chat.postMessage",
        scope: Some("chat:write"),
        args: &[
            "channel",
            "text",
            "blocks",
            "metadata",
            "thread_ts",
            "reply_broadcast",
            "unfurl_links",
            "unfurl_media",
            "mrkdwn",
            "markdown_text",
            "parse",
            "link_names",
            "client_msg_id",
        ],
        run: chat::post_message,
    },
    Method {
        name: "chat.postEphemeral",
        scope: Some("chat:write"),
        args: &["channel", "user", "text", "blocks", "thread_ts", "parse", "link_names", "markdown_text"],
        run: chat::post_ephemeral,
    },
    Method {
        name: "chat.update",
        scope: Some("chat:write"),
        args: &[
            "channel",
            "ts",
            "text",
            "blocks",
            "metadata",
            "parse",
            "link_names",
            "reply_broadcast",
            "markdown_text",
            "unfurl_links",
            "unfurl_media",
        ],
        run: chat::update,
    },
    Method { name: "chat.delete", scope: Some("chat:write"), args: &["channel", "ts"], run: chat::delete },
    Method {
        name: "files.getUploadURLExternal",
        scope: Some("files:write"),
        args: &["filename", "length", "alt_txt", "snippet_type"],
        run: files::get_upload_url,
    },
    Method {
        name: "files.completeUploadExternal",
        scope: Some("files:write"),
        args: &["files", "channel_id", "thread_ts", "initial_comment"],
        run: files::complete_upload,
    },
    Method { name: "views.open", scope: None, args: &["trigger_id", "view"], run: views::open },
    Method { name: "views.push", scope: None, args: &["trigger_id", "view"], run: views::push },
    Method {
        name: "views.update",
        scope: None,
        args: &["view_id", "external_id", "view", "hash"],
        run: views::update,
    },
    Method { name: "views.publish", scope: None, args: &["user_id", "view", "hash"], run: views::publish },
];

pub(super) fn run(state: &mut State, name: &str, token: &str, args: &Args) -> Result<Value, Refusal> {
    let method = METHODS
        .iter()
        .find(|method| method.name == name)
        .ok_or_else(|| Refusal::because("unknown_method", "this workspace knows no such method"))?;
    if token.is_empty() {
        return Err(Refusal::new("not_authed"));
    }
    if token != state.me.token {
        return Err(Refusal::new("invalid_auth"));
    }
    if state.is_revoked {
        // Whoever has been told so may still have had a message on its way, and may ask again.
        return Err(Refusal { is_mistake: false, ..Refusal::new("token_revoked") });
    }
    if let Some(scope) = method.scope {
        needs_scope(state, scope)?;
    }
    for arg in args.0.keys().filter(|arg| *arg != "token" && !method.args.contains(&arg.as_str())) {
        state.complain(format!("{name}: /{arg} is no argument of this method"));
    }
    if args.flag("link_names") || args.text("parse") == "full" {
        state.complain(format!("{name}: link_names and parse=full make names in people's words ping"));
    }
    (method.run)(state, args)
}

/// A scope that a test took away is no mistake of the app; one that it never asked for is.
pub(super) fn needs_scope(state: &State, scope: &str) -> Result<(), Refusal> {
    if state.scopes.contains(scope) {
        return Ok(());
    }
    let provided = state.scopes.iter().cloned().collect::<Vec<_>>().join(",");
    let mut refusal = Refusal::new("missing_scope");
    refusal.extra.insert("needed".to_owned(), scope.into());
    refusal.extra.insert("provided".to_owned(), provided.into());
    refusal.is_mistake = !state.revoked_scopes.contains(scope);
    Err(refusal)
}

fn auth_test(state: &mut State, _: &Args) -> Result<Value, Refusal> {
    let me = &state.me;
    Ok(json!({
        "url": format!("https://{}.slack.com/", me.domain),
        "team": "Local",
        "user": state.name_of(&me.bot_user),
        "team_id": me.team,
        "user_id": me.bot_user,
        "bot_id": me.bot,
        "is_enterprise_install": false,
    }))
}
