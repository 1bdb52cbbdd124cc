//! What an answer has to read beyond the snapshot that every decision gets. `store/more.rs` loads it.

use super::library::{Kind, Library, PromptId};
use super::{Action, Command, Enclosure, parse};

/// How many cards a page shows.
pub const PAGE: u32 = 8;
/// How many words of a search count.
pub const WORDS: usize = 6;

#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    Nothing,
    /// One page of cards, from 0.
    Cards {
        which: Which,
        page: u32,
    },
    /// The weeks in which something was done.
    Weeks,
    /// Of each skill the best cards.
    Best,
    /// Every card.
    AllCards,
    /// Every row there is.
    Everything,
    /// How many rows of each kind there are.
    Counts,
}

/// Which cards somebody wants to see.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    All,
    Skill(PromptId),
    /// The card of this number, counted from the first one logged, as the answer to *log* counts them; where
    /// there are not so many, cards with that word.
    Number(u32),
    /// Every one of these words somewhere on the card; in lower case.
    Words(Vec<String>),
}

pub fn of_command(library: &Library, command: &Command) -> Need {
    match command {
        Command::Cards { words } => Need::Cards { which: which(library, words), page: 0 },
        Command::Progress => Need::Weeks,
        Command::Case { export: false } => Need::Best,
        Command::Forget => Need::Counts,
        _ => Need::Nothing,
    }
}

/// For what somebody writes in the conversation.
pub fn of_words(library: &Library, command: &str, text: &str) -> Need {
    let said = text.trim_start().strip_prefix(command).unwrap_or(text);
    parse(said).map_or(Need::Nothing, |command| of_command(library, &command))
}

/// What a file is made of, when it is made.
pub fn of_enclosure(enclosure: Enclosure) -> Need {
    match enclosure {
        Enclosure::CaseMarkdown | Enclosure::CaseCsv | Enclosure::CaseJson => Need::AllCards,
        Enclosure::Everything => Need::Everything,
        Enclosure::Picture => Need::Weeks,
    }
}

pub fn of_action(library: &Library, action: &Action) -> Need {
    match action {
        Action::Cards(page, words) => Need::Cards { which: which(library, words), page: *page },
        Action::Progress | Action::Picture => Need::Weeks,
        Action::Case => Need::Best,
        Action::ForgetMe => Need::Counts,
        _ => Need::Nothing,
    }
}

/// A skill where exactly that was typed, its id, its title or its short name; else words to look for.
/// Nearness is not enough here: whoever looks for "pricing" means the word.
pub fn which(library: &Library, typed: &str) -> Which {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Which::All;
    }
    if let Ok(number @ 1..) = typed.trim_start_matches('#').parse() {
        return Which::Number(number);
    }
    let same = |name: &str| name.to_lowercase() == typed || name.replace('-', " ") == typed;
    let skill = library.of(Kind::Skill).find(|skill| same(&skill.title) || same(skill.id.as_str()));
    match skill {
        Some(skill) => Which::Skill(skill.id.clone()),
        None => Which::Words(typed.split_whitespace().take(WORDS).map(str::to_owned).collect()),
    }
}
