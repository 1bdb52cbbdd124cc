//! Evidence cards, in every field: for JSON, and as a table that no spreadsheet takes for formulas.

use anyhow::{Context, bail};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::coach::library::PromptId;
use crate::coach::{Scene, levels, person};

/// An evidence card, in every field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    pub id: String,
    pub happened_on: String,
    pub logged_at: String,
    pub skill: String,
    pub level: Option<u8>,
    pub strength: u8,
    pub challenge: String,
    pub placed: Option<u8>,
    pub what: String,
    pub changed: String,
    pub situation: String,
    pub goal: String,
    pub others: String,
    pub level_up: String,
    pub link: String,
    pub witness: String,
    pub confirmed_on: Option<String>,
    pub confirmed_how: String,
    pub confirmed_words: String,
    pub lasted: String,
    pub lasted_on: Option<String>,
    /// Only in the export of everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<String>,
    /// Deleted by its owner, and not erased yet. Only in the export of everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
}

impl From<&person::Card> for Card {
    fn from(card: &person::Card) -> Self {
        let id = |id: &Option<PromptId>| id.as_ref().map_or(String::new(), PromptId::to_string);
        Card {
            id: card.id.clone(),
            happened_on: card.happened_on.to_string(),
            logged_at: card.logged_at.to_string(),
            skill: id(&card.skill),
            level: card.level,
            strength: levels::strength(card),
            challenge: id(&card.challenge),
            placed: card.placed,
            what: card.what.clone(),
            changed: card.changed.clone(),
            situation: card.situation.clone(),
            goal: card.goal.clone(),
            others: card.others.clone(),
            level_up: card.level_up.clone(),
            link: card.link.clone(),
            witness: card.witness.clone(),
            confirmed_on: card.confirmed_on.map(|date| date.to_string()),
            confirmed_how: card.confirmed_how.clone(),
            confirmed_words: card.confirmed_words.clone(),
            lasted: card.lasted.clone(),
            lasted_on: card.lasted_on.map(|date| date.to_string()),
            edited_at: None,
            deleted_at: None,
        }
    }
}

impl Card {
    /// The card as the coach has it.
    ///
    /// # Errors
    /// Names the field in which no date or instant stands.
    pub fn into_card(self) -> anyhow::Result<person::Card> {
        let date = |text: Option<String>, field: &'static str| -> anyhow::Result<Option<Date>> {
            text.filter(|text| !text.is_empty()).map(|text| text.parse().context(field)).transpose()
        };
        let id = |id: String| Some(id).filter(|id| !id.is_empty()).map(PromptId::new);
        Ok(person::Card {
            happened_on: self.happened_on.parse().context("happened_on")?,
            logged_at: self.logged_at.parse().context("logged_at")?,
            confirmed_on: date(self.confirmed_on, "confirmed_on")?,
            lasted_on: date(self.lasted_on, "lasted_on")?,
            id: self.id,
            challenge: id(self.challenge),
            skill: id(self.skill),
            what: self.what,
            changed: self.changed,
            witness: self.witness,
            link: self.link,
            situation: self.situation,
            confirmed_how: self.confirmed_how,
            confirmed_words: self.confirmed_words,
            lasted: self.lasted,
            goal: self.goal,
            others: self.others,
            level_up: self.level_up,
            level: self.level,
            placed: self.placed,
        })
    }
}

pub(super) fn cards(scene: &Scene) -> Vec<Card> {
    scene.person.more.cards.iter().map(Card::from).collect()
}

const COLUMNS: [&str; 21] = [
    "happened_on",
    "skill",
    "level",
    "strength",
    "what",
    "changed",
    "situation",
    "goal",
    "others",
    "level_up",
    "link",
    "witness",
    "confirmed_on",
    "confirmed_how",
    "confirmed_words",
    "lasted",
    "lasted_on",
    "challenge",
    "placed",
    "logged_at",
    "id",
];

/// Some programs need it to see that this is UTF-8.
const MARK: char = '\u{feff}';

/// A table of cards that no spreadsheet takes for formulas.
pub fn csv(cards: &[Card]) -> String {
    let row = |cells: Vec<String>| {
        cells.iter().map(|cell| quoted(&defused(cell))).collect::<Vec<_>>().join(",") + "\r\n"
    };
    let mut out = String::from(MARK);
    out.push_str(&row(COLUMNS.map(str::to_owned).into()));
    for card in cards {
        let value = serde_json::to_value(card).expect("our own types always make JSON");
        let cell = |name: &&str| match &value[*name] {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        out.push_str(&row(COLUMNS.iter().map(cell).collect()));
    }
    out
}

/// A cell that could be read as a formula gets an apostrophe, which spreadsheets take for "this is text".
/// One that begins with an apostrophe gets another, so that reading can take exactly one away.
fn defused(cell: &str) -> String {
    let first = cell.trim_start_matches(' ').chars().next();
    let is_risky = first.is_some_and(|c| "=+-@\t\r\n'＝＋－＠".contains(c));
    if is_risky { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Reads a table of cards that was written here.
///
/// # Errors
/// Names the line that does not have as many cells as the first, or the cell that is no number.
pub fn read_csv(text: &str) -> anyhow::Result<Vec<Card>> {
    let mut rows = rows(text.strip_prefix(MARK).unwrap_or(text))?.into_iter();
    let names = rows.next().context("the table is empty")?;
    rows.zip(2..)
        .map(|(row, line)| {
            if row.len() != names.len() {
                bail!("line {line} has {} cells, the first has {}", row.len(), names.len());
            }
            let mut value = serde_json::Map::new();
            for (name, cell) in names.iter().zip(row) {
                let cell = cell.strip_prefix('\'').map(str::to_owned).unwrap_or(cell);
                let cell = match name.as_str() {
                    "level" | "placed" | "strength" if cell.is_empty() => continue,
                    "level" | "placed" | "strength" => cell
                        .parse::<u8>()
                        .with_context(|| format!("{name} in line {line} is no number"))?
                        .into(),
                    "confirmed_on" | "lasted_on" if cell.is_empty() => continue,
                    _ => serde_json::Value::String(cell),
                };
                value.insert(name.clone(), cell);
            }
            serde_json::from_value(value.into()).with_context(|| format!("line {line}"))
        })
        .collect()
}

/// The cells of a table, quoted ones with whatever stands in them.
fn rows(text: &str) -> anyhow::Result<Vec<Vec<String>>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match (is_quoted, letter) {
            (true, '"') if letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            (true, '"') => is_quoted = false,
            (true, letter) => cell.push(letter),
            (false, '"') if cell.is_empty() => is_quoted = true,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') if letters.peek() == Some(&'\n') => {}
            (false, '\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (false, letter) => cell.push(letter),
        }
    }
    if is_quoted {
        bail!("a quotation mark is never closed");
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use jiff::Timestamp;

    use super::super::{json, read_case, read_everything};
    use super::*;

    fn any_words() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[=+@'\"\\-,;\t \r\n]{0,4}[a-z🙂ש]{0,6}[\",\r\n' ]{0,3}",
            Just("=HYPERLINK(\"https://evil.test\",\"x\")".to_owned()),
        ]
    }

    prop_compose! {
        fn any_card()(
            words in proptest::collection::vec(any_words(), 11),
            days in proptest::collection::vec(proptest::option::of(0i32..20_000), 2),
            level in proptest::option::of(1u8..=4), placed in proptest::option::of(1u8..=3), at in 0i64..2_000_000_000_000,
        ) -> person::Card {
            let date = |days: i32| Date::constant(1990, 1, 1).saturating_add(jiff::Span::new().days(days));
            let mut words = words.into_iter();
            let mut next = || words.next().unwrap_or_default();
            person::Card {
                challenge: level.map(|_| PromptId::new("seam-map")),
                skill: placed.map(|_| PromptId::new("market-fluency")),
                changed: next(), witness: next(), link: next(), situation: next(), confirmed_how: next(),
                confirmed_words: next(), lasted: next(), goal: next(), others: next(), level_up: next(),
                confirmed_on: days[0].map(date), lasted_on: days[1].map(date), level, placed,
                ..person::Card::of_one_line(
                    "c1".into(), next(), date(9_000), Timestamp::from_millisecond(at).unwrap(),
                )
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cards in proptest::collection::vec(any_card(), 0..4)) {
            let out: Vec<Card> = cards.iter().map(Card::from).collect();
            let table = csv(&out);
            prop_assert_eq!(&read_csv(&table).unwrap(), &out);
            // No cell begins with what a spreadsheet would compute.
            for cell in rows(table.trim_start_matches(MARK)).unwrap().into_iter().flatten() {
                let first = cell.trim_start_matches(' ').chars().next();
                prop_assert!(!first.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)), "{:?}", cell);
            }
            let text = json(&out);
            let back: Vec<Card> = serde_json::from_str(&text).unwrap();
            for (back, card) in back.into_iter().zip(&cards) {
                prop_assert_eq!(&back.into_card().unwrap(), card);
            }
        }

        #[test]
        fn whatever_is_read_does_no_harm(text in any::<String>()) {
            let _ = (read_csv(&text), read_case(&text), read_everything(&text));
        }
    }

    #[test]
    fn formulas_become_text() {
        for (typed, written) in [
            ("=1+1", "'=1+1"),
            ("-3 % churn", "'-3 % churn"),
            ("@dana agreed", "'@dana agreed"),
            ("  =1", "'  =1"),
            ("'quoted'", "''quoted'"),
            ("plain", "plain"),
        ] {
            assert_eq!(defused(typed), written);
        }
    }
}
