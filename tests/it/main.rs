//! One test binary: each more would link the world once more.

mod borders;
mod chat;
mod content;
mod database;
mod durability;
mod morphism;
mod scenarios;
mod store;
mod time;
