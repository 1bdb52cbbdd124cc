//! The real program, killed again and again: what was acknowledged is kept, and nothing is doubled.
//!
//! `RUNG_KILLS=10000 cargo test --profile proofs --test it kill_nine` runs the long proof by hand.

mod kills;
mod panics;
pub mod program;
mod stop;

use program::Program;
