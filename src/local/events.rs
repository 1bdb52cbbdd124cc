//! The Events API: envelopes, deliveries, and the same once more when a test asks for it.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::send::{Delivered, JSON};
use super::state::{State, fresh_id};
use super::workspace::Workspace;

/// What was sent last, so that it can be sent again.
#[derive(Clone)]
pub(super) struct LastEvent {
    envelope: Value,
    n_retries: u32,
    reason: &'static str,
}

fn envelope(state: &State, event: Value) -> Value {
    let me = &state.me;
    json!({
        "token": me.verification,
        "team_id": me.team,
        "context_team_id": me.team,
        "context_enterprise_id": null,
        "api_app_id": me.app,
        "event": event,
        "type": "event_callback",
        "event_id": fresh_id("Ev"),
        "event_time": state.now().as_second(),
        "authorizations": [{
            "enterprise_id": null,
            "team_id": me.team,
            "user_id": me.bot_user,
            "is_bot": true,
            "is_enterprise_install": false,
        }],
        "is_ext_shared_channel": false,
        "event_context": fresh_id("4-"),
    })
}

impl Workspace {
    pub(super) async fn delivers_event(&self, event: Value) -> Delivered {
        let envelope = envelope(&self.state(), event);
        let delivered = self.delivers("/slack/events", JSON, envelope.to_string().into_bytes(), &[]).await;
        let reason = reason(&delivered);
        self.state().last_event = Some(LastEvent { envelope: envelope.clone(), n_retries: 0, reason });
        self.judges_event(&envelope, &delivered);
        delivered
    }

    /// Nobody sees a failed delivery: Slack tries again. The app should know of it all the same.
    fn judges_event(&self, envelope: &Value, delivered: &Delivered) {
        if let Some(trouble) = delivered.trouble {
            let kind = envelope["event"]["type"].as_str().unwrap_or_default();
            let status = delivered.status;
            self.state()
                .complain(format!("/slack/events: {kind} was answered with {trouble} (status {status})"));
        }
        self.has_changed();
    }

    /// The last event as Slack's retry: the same id, freshly signed. After an answer that arrived this
    /// is what happens when Slack did not see it in time.
    pub(super) async fn delivers_event_again(&self) -> Delivered {
        let last = {
            let mut state = self.state();
            let last = state.last_event.as_mut().expect("there is an event to send again");
            last.n_retries += 1;
            last.clone()
        };
        let headers = [
            ("x-slack-retry-num", last.n_retries.to_string()),
            ("x-slack-retry-reason", last.reason.to_owned()),
        ];
        let body = last.envelope.to_string().into_bytes();
        let delivered = self.delivers("/slack/events", JSON, body, &headers).await;
        if let Some(kept) = self.state().last_event.as_mut() {
            kept.reason = reason(&delivered);
        }
        self.judges_event(&last.envelope, &delivered);
        delivered
    }

    /// The app hears its own messages, in the background: nobody waits for these.
    pub(super) fn send_echoes(&self) {
        let echoes: Vec<Value> = {
            let mut state = self.state();
            let is_heard = state.app.is_some() && state.scopes.contains("im:history");
            let echoes = state.echoes.drain(..).filter(|_| is_heard).collect::<Vec<_>>();
            echoes.into_iter().map(|event| envelope(&state, event)).collect()
        };
        if echoes.is_empty() {
            return;
        }
        let workspace = self.clone();
        tokio::spawn(async move {
            for envelope in echoes {
                let body = envelope.to_string().into_bytes();
                let signed_at = workspace.state().now();
                let delivered = workspace.delivers("/slack/events", JSON, body, &[]).await;
                // An app that has gone away meanwhile is no news, nor one that finds the signature stale
                // because somebody has moved the clock on.
                let time_jumped =
                    workspace.state().now().duration_since(signed_at).abs() > SignedDuration::from_mins(5);
                if delivered.status != 0 && !time_jumped {
                    workspace.judges_event(&envelope, &delivered);
                }
            }
        });
    }
}

fn reason(delivered: &Delivered) -> &'static str {
    match delivered.trouble {
        None | Some("operation_timeout") => "http_timeout",
        Some("dispatch_failed") => "connection_failed",
        Some(_) => "http_error",
    }
}
