//! Chats, one theme a file.

mod ask;
mod home;
mod log;
mod mentions;
mod nudges;
mod replies;
mod rehearse;
mod shortcuts;
mod tips;
