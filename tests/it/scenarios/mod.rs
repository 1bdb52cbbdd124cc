//! Chats, one theme a file.

mod ask;
mod files;
mod gone;
mod home;
mod log;
mod mentions;
mod newcomer;
mod nudges;
mod profile;
mod rehearse;
mod replies;
mod screens;
mod shortcuts;
mod tact;
mod tips;
