//! The case file: all the cards, held against a rung, for programs and to paste.

use serde::{Deserialize, Serialize};

use crate::coach::commands_case as case;
use crate::coach::dates::show_date_with_year;
use crate::coach::{Scene, levels, person};

use super::cards::{Card, cards};
use super::{CASE, VERSION};

/// All the cards, held against a rung.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub format: String,
    pub version: u32,
    pub made_at: String,
    pub rung: String,
    pub skills: Vec<CaseSkill>,
    /// Cards that name no skill, or one that the library no longer has.
    pub other_cards: Vec<Card>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseSkill {
    pub id: String,
    pub title: String,
    pub wanted: u8,
    pub own: Option<u8>,
    pub proven: u8,
    pub lacks: Option<String>,
    /// The strongest first.
    pub cards: Vec<Card>,
}

impl Case {
    pub fn of(scene: &Scene) -> Case {
        let mut left = cards(scene);
        left.sort_by_key(|card| std::cmp::Reverse((card.strength, card.level, card.happened_on.clone())));
        let skills = levels::standings(scene)
            .iter()
            .map(|standing| {
                let id = standing.skill.id.to_string();
                let (cards, others): (Vec<Card>, Vec<Card>) =
                    std::mem::take(&mut left).into_iter().partition(|card| card.skill == id);
                left = others;
                CaseSkill {
                    id,
                    title: standing.skill.title.clone(),
                    wanted: standing.wanted,
                    own: standing.own.map(|rating| rating.level),
                    proven: standing.proven,
                    lacks: standing.lacks.clone(),
                    cards,
                }
            })
            .collect();
        Case {
            format: CASE.to_owned(),
            version: VERSION,
            made_at: scene.now.to_string(),
            rung: scene.person.rung().id().to_owned(),
            skills,
            other_cards: left,
        }
    }
}

/// The case file to read and to paste: our headings, their words.
pub(super) fn markdown(scene: &Scene) -> String {
    let mut out = format!(
        "# Case file: {}\n\nMade on {}. Each line is in my own words, from evidence cards.\n",
        scene.person.rung().title(),
        show_date_with_year(scene.person.today(scene.now))
    );
    let mut cards: Vec<&person::Card> = scene.person.more.cards.iter().collect();
    cards.sort_by_key(|card| std::cmp::Reverse((levels::strength(card), card.level, card.happened_on)));
    let standings = levels::standings(scene);
    for standing in &standings {
        out.push_str(&format!("\n## {}\n\n", standing.skill.title));
        let words = match &standing.lacks {
            None => "This holds.".to_owned(),
            Some(lacks) => format!("Level {} lacks {lacks}.", standing.proven + 1),
        };
        let own = standing.own.map_or(String::new(), |rating| format!(", own rating {}", rating.level));
        out.push_str(&format!("Wanted {}{own}, proved {}. {words}\n", standing.wanted, standing.proven));
        for card in cards.iter().filter(|card| card.skill.as_ref() == Some(&standing.skill.id)) {
            write_card(&mut out, card);
        }
    }
    let others: Vec<_> = cards
        .iter()
        .filter(|card| standings.iter().all(|standing| card.skill.as_ref() != Some(&standing.skill.id)))
        .collect();
    if !others.is_empty() {
        out.push_str("\n## Cards beside the nine skills\n");
        others.iter().for_each(|card| write_card(&mut out, card));
    }
    out
}

fn write_card(out: &mut String, card: &person::Card) {
    out.push_str(&format!("\n### {}\n\n", case::card_label(card)));
    for (label, words) in case::lines(card) {
        out.push_str(&format!("- **{label}:** {}\n", words.trim().replace('\n', "\n  ")));
    }
    let missing = case::missing(card);
    if !missing.is_empty() {
        out.push_str(&format!("- *Not on the card yet: {}.*\n", missing.join(", ")));
    }
}
