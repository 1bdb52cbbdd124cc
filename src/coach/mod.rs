//! The coach: decides what to say and what to write down. Pure.

pub mod fill;
pub mod library;
