//! Rung: a Slack coach for aspiring product leaders.

pub mod cli;
pub mod clock;
pub mod coach;
pub mod content;
