//! How the words should be: short enough, in British English, calm, and no two the same.
//!
//! Nothing here stops the coach from starting. The built-in files are held to it by a test, and a
//! company that writes its own hears of it from `rung prompts check`.

mod care;
mod lengths;
mod repeats;
mod spelling;
mod tone;

use super::draft::Draft;
use super::problem::Problem;

pub fn check(drafts: &[Draft], problems: &mut Vec<Problem>) {
    for draft in drafts {
        lengths::check(draft, problems);
        tone::check(draft, problems);
        spelling::check(draft, problems);
        care::check(draft, problems);
    }
    repeats::check(drafts, problems);
}
