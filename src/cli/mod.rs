//! One verb a file.

pub mod prompts;
