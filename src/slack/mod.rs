//! Slack's side of the conversation: what it sends, what it takes, how it is drawn and called.
//!
//! Knows the coach's replies and forms, nothing of the store. Wire types stay in here.

pub mod api;
pub mod blocks;
pub mod form;
pub mod mrkdwn;
pub mod payload;
pub mod render;
pub mod secret;
pub mod signature;

pub use api::Api;
pub use secret::Secret;
