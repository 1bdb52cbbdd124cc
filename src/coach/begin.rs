//! The beginning: a few questions in under a minute, offered after the first tip and never before it.

use jiff::SignedDuration;

use super::commands::tip;
use super::library::PromptId;
use super::reply::{Button, Reply};
use super::{Action, Change, Outcome, Scene};

/// After "Not now", or no word at all, it is not offered again before this has passed.
const ASK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24 * 28);

/// Puts the offer under a tip, if it is time for it.
pub fn offer(scene: &Scene, outcome: Outcome, under: &PromptId) -> Outcome {
    let profile = &scene.person.profile;
    let is_early = profile.offered_at.is_some_and(|at| scene.now.duration_since(at) < ASK_AGAIN_AFTER);
    // Who has answered any of it in the settings knows where the rest is.
    let has_told = scene.person.wanted.is_some()
        || profile.here.is_some()
        || profile.feeling.is_some()
        || profile.minutes.is_some();
    if profile.never_ask || profile.has_begun || has_told || is_early {
        return outcome;
    }
    let under = Some(under.clone());
    let mut outcome = outcome.with(Change::Offered);
    outcome.reply = outcome
        .reply
        .and_text(
            "**Shall I pick to fit you?** Seven short questions, under a minute: where you are, where you want to go, \
             how you feel about leading, how much time you have; and whether I may write to you, on which day, at \
             what time.",
        )
        .and_buttons(vec![
            Button::new("Answer them", Action::Begin),
            Button::new("Not now", Action::NotNow(under.clone())),
            Button::new("Don't ask again", Action::NeverAsk(under)),
        ]);
    outcome
}

pub fn not_now(scene: &Scene, shown: Option<&PromptId>) -> Outcome {
    let words = format!(
        "All right. Everything works without it; {} has the same questions whenever you like.",
        scene.code("settings")
    );
    keep(scene, shown, words).with(Change::Offered)
}

pub fn never(scene: &Scene, shown: Option<&PromptId>) -> Outcome {
    let words = format!(
        "I will not ask again. Everything works without it; {} has the same questions if you ever want them.",
        scene.code("settings")
    );
    keep(scene, shown, words).with(Change::NeverAsk)
}

/// The tip under which the offer stood stays where it was.
fn keep(scene: &Scene, shown: Option<&PromptId>, words: String) -> Outcome {
    let reply = match shown.and_then(|id| scene.library.get(id)) {
        Some(prompt) => tip::again(scene, prompt),
        None => Reply::default(),
    };
    Outcome::say(reply.and_note(words))
}
