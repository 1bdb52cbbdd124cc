//! What Slack's own menus start: a form, a tip, a message kept as evidence.

use super::commands::tip;
use super::{Outcome, Scene, forms, greet};

#[derive(Clone, Debug, PartialEq)]
pub enum Shortcut {
    LogEvidence,
    Tip,
    /// A message's words, as they were typed, and its link.
    Save {
        words: String,
        link: String,
    },
}

/// Answers a shortcut.
pub fn shortcut(scene: &Scene, shortcut: &Shortcut) -> Outcome {
    let outcome = match shortcut {
        Shortcut::LogEvidence => forms::open_empty_card(scene, ""),
        Shortcut::Tip => tip::offer(scene, None),
        Shortcut::Save { words, link } => forms::open_card_from_message(scene, words, link),
    };
    greet(scene, outcome)
}
