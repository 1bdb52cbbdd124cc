//! The verbs of the command line, one a file.

pub mod demo;
pub mod doctor;
pub mod manifest;
pub mod prompts;
pub mod serve;
