//! Chats, one theme a file.

mod ask;
mod home;
mod log;
mod mentions;
mod nudges;
mod shortcuts;
mod tact;
mod tips;
