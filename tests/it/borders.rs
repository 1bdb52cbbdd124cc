//! What strangers send: nothing of it is believed, stored, told or allowed to take the server down.

mod anything;
mod limits;
mod payloads;
mod signatures;
mod slack_away;
mod trouble;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::chat::Chat;

const COMMANDS: &str = "/slack/commands";
const INTERACTIVITY: &str = "/slack/interactivity";
const EVENTS: &str = "/slack/events";
const ROUTES: [&str; 3] = [COMMANDS, INTERACTIVITY, EVENTS];

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

const TIMESTAMP: &str = "x-slack-request-timestamp";
const SIGNATURE: &str = "x-slack-signature";

/// Slack's scheme, written down once more: what the program and the local Slack agree on could be wrong
/// in both.
fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update([b"v0:", timestamp.as_bytes(), b":", body].concat().as_slice());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={digits}")
}

fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    serde_urlencoded::to_string(fields).unwrap().into_bytes()
}

fn interaction(payload: &Value) -> Vec<u8> {
    form(&[("payload", &payload.to_string())])
}

/// A body that each route would act on.
fn sound(chat: &Chat, route: &str) -> Vec<u8> {
    let (team, ana) = (chat.slack.team_id(), chat.person("ana").human.id());
    match route {
        COMMANDS => form(&[("team_id", &team), ("user_id", &ana), ("command", "/coach"), ("text", "tip")]),
        INTERACTIVITY => interaction(&serde_json::json!({
            "type": "block_actions", "user": { "id": ana, "team_id": team }, "team": { "id": team },
            "container": { "type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": true },
            "actions": [{ "type": "button", "action_id": "nudges-on#0", "block_id": "b" }],
        })),
        _ => direct_message(&team, &ana, "Ev1", "tip").to_string().into_bytes(),
    }
}

fn direct_message(team: &str, user: &str, event_id: &str, text: &str) -> Value {
    serde_json::json!({
        "token": "x", "team_id": team, "api_app_id": "A1", "type": "event_callback", "event_id": event_id,
        "event_time": 1_772_438_400,
        "event": { "type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text, "ts": "1.2" },
        "authorizations": [{ "enterprise_id": null, "team_id": team, "user_id": "UBOT", "is_bot": true }],
    })
}

fn content_type(route: &str) -> &'static str {
    if route == EVENTS { JSON } else { FORM }
}
