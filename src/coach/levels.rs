//! What a card is worth, and what the cards together prove.
//!
//! Strength of a card: 1 is what they say themselves; a document makes a 2; somebody who confirmed it,
//! on a day and in words, makes a 3; a result that was still there a quarter later makes a 4.
//! A level of a skill is proved by two cards of strength 2 or more within twelve months that argue for
//! it or for a higher one, at least one of them from somebody else, which is strength 3 or more.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Scene;
use super::dates::show_date_with_year;
use super::library::{Detail, Kind, Prompt, PromptId, Skill};
use super::person::{Card, Proof, Rating};

/// The self-assessment whose items are the skills themselves.
pub const NINE_SKILLS: &str = "nine-skills";

/// How many cards prove a level, and how many of them must be from somebody else.
const CARDS: u32 = 2;
const FROM_OTHERS: u32 = 1;

/// Cards from this day on count as proof.
pub fn proves_since(today: Date) -> Date {
    today.saturating_sub(12.months())
}

/// The day from which on a result has lasted.
pub fn a_quarter_after(happened_on: Date) -> Date {
    happened_on.saturating_add(3.months())
}

/// 1 to 4.
pub fn strength(card: &Card) -> u8 {
    match (is_confirmed(card), has_lasted(card), card.link.trim().is_empty()) {
        (true, true, _) => 4,
        (true, false, _) => 3,
        (false, _, false) => 2,
        (false, _, true) => 1,
    }
}

/// Whether somebody is said to have confirmed it, and not only that they could.
pub fn is_said_to_be_confirmed(card: &Card) -> bool {
    card.confirmed_on.is_some() || !card.confirmed_words.trim().is_empty()
}

fn is_confirmed(card: &Card) -> bool {
    !card.witness.trim().is_empty() && card.confirmed_on.is_some() && !card.confirmed_words.trim().is_empty()
}

fn has_lasted(card: &Card) -> bool {
    !card.lasted.trim().is_empty()
        && card.lasted_on.is_some_and(|date| date >= a_quarter_after(card.happened_on))
}

/// "Strength 2 of 4: a document exists. A 3 needs who confirmed it, when and in which words."
pub fn explain(card: &Card) -> String {
    let confirmed = missing_confirmation(card);
    let lasted = || {
        let from = show_date_with_year(a_quarter_after(card.happened_on));
        if card.lasted.trim().is_empty() {
            format!("A 4 needs what was still there a quarter later, so from {from} on.")
        } else {
            format!("A 4 needs the same seen a quarter later, so on {from} or after.")
        }
    };
    match strength(card) {
        1 => {
            format!("Strength 1 of 4: your own word. A 2 needs a document or a link, a 3 needs {confirmed}.")
        }
        2 => format!("Strength 2 of 4: a document exists. A 3 needs {confirmed}."),
        3 => format!("Strength 3 of 4: somebody else confirms it. {}", lasted()),
        _ => "Strength 4 of 4: somebody else confirms it, and the result has lasted a quarter.".to_owned(),
    }
}

/// What a confirmation lacks, in words that follow "a 3 needs".
fn missing_confirmation(card: &Card) -> &'static str {
    let has_who = !card.witness.trim().is_empty();
    let has_when = card.confirmed_on.is_some();
    let has_words = !card.confirmed_words.trim().is_empty();
    match (has_who, has_when, has_words) {
        (false, false, false) => "who confirmed it, when and in which words",
        (false, false, true) => "who confirmed it, and when",
        (false, true, false) => "who confirmed it, and in which words",
        (false, true, true) => "who confirmed it",
        (true, false, false) => "the day on which they confirmed it, and their words",
        (true, false, true) => "the day on which they confirmed it",
        (true, true, false) => "the words in which they confirmed it",
        (true, true, true) => "nothing more",
    }
}

/// The level of a skill that these cards prove; 0 where they prove none.
pub fn proven(proofs: &[Proof], skill: &PromptId) -> u8 {
    let counts = |level: u8| {
        let (cards, from_others) = tally(proofs, skill, level);
        cards >= CARDS && from_others >= FROM_OTHERS
    };
    (1..=4).rev().find(|level| counts(*level)).unwrap_or(0)
}

/// Cards that argue for this level or a higher one, and those of them that are from somebody else.
fn tally(proofs: &[Proof], skill: &PromptId, level: u8) -> (u32, u32) {
    let count = |least: u8| {
        proofs
            .iter()
            .filter(|proof| proof.skill == *skill && proof.level >= level && proof.strength >= least)
            .map(|proof| proof.cards)
            .sum()
    };
    (count(2), count(3))
}

/// Where somebody stands in one skill.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    pub skill: &'a Prompt,
    pub levels: &'a Skill,
    /// The level that the wanted rung asks for, 1 to 4.
    pub wanted: u8,
    /// How they rated themselves last, 1 to 4.
    pub own: Option<&'a Rating>,
    /// What their cards prove, 0 to 4.
    pub proven: u8,
    /// All cards of this skill, whatever their age and strength.
    pub cards: u32,
    /// What the next level that is worth proving lacks, in words; None where nothing is.
    pub lacks: Option<String>,
}

impl Standing<'_> {
    pub fn gap(&self) -> u8 {
        self.wanted.saturating_sub(self.proven)
    }
}

/// Every skill of the library, in the order of their titles.
pub fn standings<'a>(scene: &Scene<'a>) -> Vec<Standing<'a>> {
    let mut all: Vec<Standing> =
        scene.library.of(Kind::Skill).filter_map(|skill| standing(scene, skill)).collect();
    all.sort_by(|a, b| a.skill.title.cmp(&b.skill.title));
    all
}

pub fn standing<'a>(scene: &Scene<'a>, skill: &'a Prompt) -> Option<Standing<'a>> {
    let Detail::Skill(levels) = &skill.detail else { return None };
    let person = scene.person;
    let wanted = levels.target(person.rung());
    let proven = proven(&person.shelf.proofs, &skill.id);
    let own = person.rated(&PromptId::new(NINE_SKILLS), skill.id.as_str()).map(|(rating, _)| rating);
    Some(Standing {
        skill,
        levels,
        wanted,
        own,
        proven,
        cards: person.shelf.by_skill.get(&skill.id).copied().unwrap_or(0),
        lacks: (proven < wanted).then(|| lacks(&person.shelf.proofs, &skill.id, proven + 1)),
    })
}

/// What a level lacks: "two cards of strength 2 or more, one of them confirmed by somebody else".
fn lacks(proofs: &[Proof], skill: &PromptId, level: u8) -> String {
    let (cards, from_others) = tally(proofs, skill, level);
    let confirmed = from_others >= FROM_OTHERS;
    match (CARDS.saturating_sub(cards), confirmed) {
        (0, _) => "a card that somebody else confirms".to_owned(),
        (1, true) => "one more card with a document".to_owned(),
        (1, false) => "one more card, and that somebody else confirms it".to_owned(),
        _ => "two cards with a document, one of them confirmed by somebody else".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn card() -> Card {
        Card::of_one_line("c".into(), "Ran the review".into(), date(2026, 3, 2), Timestamp::UNIX_EPOCH)
    }

    fn confirmed() -> Card {
        Card {
            witness: "Dana, head of finance".into(),
            confirmed_how: "by mail".into(),
            confirmed_on: Some(date(2026, 3, 3)),
            confirmed_words: "We plan by this now".into(),
            ..card()
        }
    }

    #[test]
    fn a_card_is_as_strong_as_what_stands_behind_it() {
        let check = |card: Card, expected: &str| assert_eq!(explain(&card), expected);
        check(
            card(),
            "Strength 1 of 4: your own word. A 2 needs a document or a link, a 3 needs who confirmed it, when and in \
             which words.",
        );
        check(
            Card { link: "https://acme.test/memo".into(), ..card() },
            "Strength 2 of 4: a document exists. A 3 needs who confirmed it, when and in which words.",
        );
        check(
            Card { link: "memo".into(), witness: "Dana".into(), ..card() },
            "Strength 2 of 4: a document exists. A 3 needs the day on which they confirmed it, and their words.",
        );
        check(
            Card { confirmed_on: None, ..confirmed() },
            "Strength 1 of 4: your own word. A 2 needs a document or a link, a 3 needs the day on which they \
             confirmed it.",
        );
        check(
            confirmed(),
            "Strength 3 of 4: somebody else confirms it. A 4 needs what was still there a quarter later, so from 2 June \
             2026 on.",
        );
        let lasted = Card { lasted: "Renewals still up".into(), ..confirmed() };
        check(
            Card { lasted_on: Some(date(2026, 6, 1)), ..lasted.clone() },
            "Strength 3 of 4: somebody else confirms it. A 4 needs the same seen a quarter later, so on 2 June 2026 or \
             after.",
        );
        check(
            Card { lasted_on: Some(date(2026, 6, 2)), ..lasted.clone() },
            "Strength 4 of 4: somebody else confirms it, and the result has lasted a quarter.",
        );
        // A result that lasted, told by nobody else, stays one's own word.
        let alone = Card { lasted: "Still up".into(), lasted_on: Some(date(2026, 9, 1)), ..card() };
        assert_eq!(strength(&alone), 1);
        assert_eq!(strength(&Card { link: " ".into(), ..card() }), 1);
    }

    #[test]
    fn a_level_needs_two_cards_of_strength_two_one_from_somebody_else() {
        let skill = PromptId::new("market-fluency");
        let check = |cards: &[(u8, u8)], expected: u8| {
            let proofs: Vec<Proof> = cards
                .iter()
                .map(|(level, strength)| Proof {
                    skill: skill.clone(),
                    level: *level,
                    strength: *strength,
                    cards: 1,
                })
                .collect();
            assert_eq!(proven(&proofs, &skill), expected, "{cards:?}");
            assert_eq!(proven(&proofs, &PromptId::new("org-buy-in")), 0);
        };
        check(&[], 0);
        check(&[(2, 4)], 0);
        check(&[(2, 2), (2, 2)], 0);
        check(&[(2, 3), (2, 1)], 0);
        check(&[(2, 3), (2, 2)], 2);
        check(&[(3, 3), (2, 2)], 2);
        check(&[(3, 2), (2, 3)], 2);
        check(&[(4, 4), (3, 2), (1, 3)], 3);
        check(&[(4, 2), (4, 2), (1, 3)], 1);
    }
}
