//! Rung: a Slack coach for aspiring product leaders.

pub mod app;
pub mod clock;
pub mod cli;
pub mod coach;
pub mod config;
pub mod content;
pub mod http;
pub mod scheduler;
pub mod slack;
pub mod store;
