//! One test binary: each more would link the world once more.

<<<<<<< HEAD
#![expect(clippy::unwrap_used, reason = "a test that falls over has said what it had to say")]

=======
mod borders;
>>>>>>> helper-proofs
mod chat;
mod content;
mod database;
mod scenarios;
mod tidy;
