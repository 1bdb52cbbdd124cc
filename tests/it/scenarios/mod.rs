//! Chats, one theme a file.

mod log;
mod nudges;
mod profile;
mod tips;
