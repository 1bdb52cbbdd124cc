//! Rung: a Slack coach for aspiring product leaders.

pub mod clock;
pub mod coach;
pub mod local;
