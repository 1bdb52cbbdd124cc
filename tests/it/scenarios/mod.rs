//! Chats, one theme a file.

mod files;
mod log;
mod nudges;
mod profile;
mod tips;
