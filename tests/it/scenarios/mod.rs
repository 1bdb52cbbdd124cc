//! Chats, one theme a file.

mod ask;
mod log;
mod nudges;
mod tips;
