//! Rung: a Slack coach for aspiring product leaders.
//!
//! In reading order. One request travels in one direction and never turns round:
//! bytes → genuine → typed → scene → outcome → written down → drawn → sent.
//!
//! ```text
//! main, cli ─► everything            http ─► app, slack            scheduler ─► app
//! app ─► coach, slack, store, clock  slack ─► coach(reply)         store ─► coach(person, change)
//! content ─► coach(library)          local ─► clock (and no wire type of slack/)
//! coach ─► std, jiff, cron, sha2 and nothing of ours
//! ```

pub mod coach;

pub mod clock;
pub mod config;
pub mod content;
pub mod export;
pub mod picture;
pub mod slack;
pub mod store;

pub mod app;

pub mod http;
pub mod scheduler;

pub mod cli;
pub mod local;
