//! One test binary: each more would link the world once more.

mod chat;
mod content;
mod database;
mod nudges_cli;
mod nudges_metrics;
mod scenarios;
