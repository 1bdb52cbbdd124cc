//! Chats, one theme a file.

mod ask;
mod files;
mod home;
mod log;
mod mentions;
mod nudges;
mod profile;
mod shortcuts;
mod tips;
