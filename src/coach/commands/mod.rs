//! One command a file: its row in the table, its reading, its answer, its tests.

pub mod about;
pub mod ask;
pub mod assess;
pub mod cards;
pub mod case;
pub mod challenge;
pub mod done;
pub mod export;
pub mod forget;
pub mod help;
pub mod log;
pub mod nudge;
pub mod progress;
pub mod rehearse;
pub mod script;
pub mod settings;
pub mod tip;
pub mod today;

use super::{Command, Outcome, Scene};

pub fn answer(scene: &Scene, command: Command) -> Outcome {
    match command {
        Command::Today => today::answer(scene),
        Command::Ask { question } => ask::answer(scene, &question),
        Command::Tip { skill } => tip::answer(scene, &skill),
        Command::Script { name } => script::answer(scene, &name),
        Command::Challenge { name } => challenge::answer(scene, &name),
        Command::Done { what } => done::answer(scene, &what),
        Command::Log { what } => log::answer(scene, &what),
        Command::Cards { words } => cards::answer(scene, 0, &words),
        Command::Progress => progress::answer(scene),
        Command::Case { export: false } => case::answer(scene),
        Command::Case { export: true } => case::export(scene),
        Command::Assess { name } => assess::answer(scene, &name),
        Command::Export => export::answer(scene),
        Command::Rehearse { name } => rehearse::answer(scene, &name),
        Command::Nudge(ask) => nudge::answer(scene, ask),
        Command::Settings(ask) => settings::answer(scene, ask),
        Command::Forget => forget::answer(scene),
        Command::Help => help::answer(scene),
        Command::HowTo(what) => help::how_to(scene, what),
        Command::HelpWith { name } => help::with(scene, name),
        Command::About => about::answer(scene),
    }
}
