//! A Slack workspace on this machine: people, channels, DMs, forms, and a Web API that is as strict as
//! Slack's. `rung demo` runs the real server against it, and so do the tests.
//!
//! It reads and writes Slack's JSON by `slack-facts` on its own. It must not know our `slack` module:
//! a fake built from our own wire types would only agree with itself. Of ours it knows the clock.
//!
//! Two lists judge the app. `complaints` holds what Slack would have refused, or a person would have
//! seen as an error. Faults that a test asked for (`fails`, `revoke_scope`, a person who `leaves`) are
//! the world's doing and stand in `api_calls` only.

mod api;
mod args;
mod chat;
mod checks;
mod conversations;
pub mod draw;
mod events;
mod faults;
mod files;
mod form;
mod hands;
mod human;
mod keep;
mod messages;
pub mod page;
mod payload;
mod press;
mod reactions;
mod response_url;
mod rules;
mod screen;
mod send;
mod serve;
mod state;
mod submit;
mod text;
mod traffic;
mod views;
mod workspace;

#[cfg(test)]
mod tests;

pub use checks::{refused_in_message, refused_in_view};
pub use human::Human;
pub use keep::Kept;
pub use workspace::Workspace;

/// One call of the Web API, or of a `response_url` (method `response_url`), as it went.
#[derive(Clone, Debug)]
pub struct ApiCall {
    pub at: jiff::Timestamp,
    pub method: String,
    /// What was sent. A token is shown as dots.
    pub args: serde_json::Value,
    pub answer: serde_json::Value,
    /// The HTTP status; 0 when the connection was closed without an answer.
    pub status: u16,
    /// Seconds, with a 429.
    pub retry_after: Option<u64>,
}

/// A message of the coach as a person has it before them.
#[derive(Clone, Debug)]
pub struct Message {
    pub ts: String,
    pub channel: String,
    pub text: String,
    /// An array, empty when the message has text only.
    pub blocks: serde_json::Value,
    /// `{event_type, event_payload}`, or null.
    pub metadata: serde_json::Value,
    pub is_ephemeral: bool,
    /// As plain text, as in the transcript.
    pub drawn: String,
}

/// A file that the coach shared.
#[derive(Clone, Debug)]
pub struct SharedFile {
    pub id: String,
    pub name: String,
    pub title: String,
    /// What a picture shows, in words.
    pub alt: String,
    pub bytes: Vec<u8>,
}

/// What the app answered to a person's doing.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status; 0 when there was no answer, or when Slack asked the app nothing.
    pub status: u16,
    pub body: String,
    /// How long the person waited, in real milliseconds.
    pub millis: u64,
    /// What Slack showed instead of the app's answer, such as `operation_timeout`.
    pub error: Option<String>,
}

impl Answer {
    /// Slack dealt with it alone.
    fn from_slack(error: Option<&str>) -> Self {
        Self { status: 0, body: String::new(), millis: 0, error: error.map(str::to_owned) }
    }
}
