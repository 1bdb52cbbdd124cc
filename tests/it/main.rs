//! One test binary: each more would link the world once more.

#![expect(clippy::unwrap_used, reason = "a test that falls over has said what it had to say")]
#![expect(clippy::print_stdout, reason = "a proof says how much it has proved")]

mod borders;
mod chat;
mod choosing;
mod content;
mod database;
mod durability;
mod morphism;
mod nudges_cli;
mod nudges_metrics;
mod nudges_proofs;
mod privacy;
mod scenarios;
mod shelf;
mod store;
mod tidy;
mod time;
