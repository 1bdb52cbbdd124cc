//! What somebody takes with them: their case as Markdown, CSV and JSON, and everything that is kept
//! about them as JSON. What is written here can be read here again, and stays readable: fields are
//! added, never renamed.

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::coach::commands_case as case;
use crate::coach::dates::show_date_with_year;
use crate::coach::levels;
use crate::coach::library::PromptId;
use crate::coach::person;
use crate::coach::{Enclosure, Scene};
use crate::picture;

/// A file, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub name: String,
    pub title: String,
    pub bytes: Vec<u8>,
    /// What a picture shows, in words.
    pub alt: Option<String>,
}

/// The file that goes along with an answer; None where this build cannot make it.
pub fn file(scene: &Scene, enclosure: Enclosure) -> Option<File> {
    let date = scene.person.today(scene.now);
    let text = |name: String, title: &str, words: String| {
        Some(File { name, title: title.to_owned(), bytes: words.into_bytes(), alt: None })
    };
    match enclosure {
        Enclosure::CaseMarkdown => text(format!("case-{date}.md"), "Case file", markdown(scene)),
        Enclosure::CaseCsv => text(format!("cards-{date}.csv"), "Evidence cards", csv(&cards(scene))),
        Enclosure::CaseJson => {
            text(format!("case-{date}.json"), "Case file, for programs", json(&Case::of(scene)))
        }
        Enclosure::Everything => text(
            format!("everything-{date}.json"),
            "Everything I know about you",
            json(&Everything::of(scene)),
        ),
        Enclosure::Picture => Some(File {
            name: format!("progress-{date}.png"),
            title: "Your progress".to_owned(),
            bytes: picture::png(scene)?,
            alt: Some(picture::alt(scene)),
        }),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("our own types always make JSON") + "\n"
}

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

fn cards(scene: &Scene) -> Vec<Card> {
    scene.person.more.cards.iter().map(Card::from).collect()
}

const CASE: &str = "rung-case";
const EVERYTHING: &str = "rung-everything";
const VERSION: u32 = 1;

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

/// Every row that is kept about somebody, in words that need no key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Everything {
    pub format: String,
    pub version: u32,
    pub made_at: String,
    pub team: String,
    pub user: String,
    pub since: String,
    pub settings: Settings,
    pub cards: Vec<Card>,
    pub challenges: Vec<Challenge>,
    pub ratings: Vec<Rating>,
    pub shown: Vec<Shown>,
    pub nudges: Vec<Nudge>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub here: Option<String>,
    pub wanted: Option<String>,
    pub feeling: Option<String>,
    pub minutes_a_week: Option<u32>,
    pub zone: String,
    pub zone_in_slack: Option<String>,
    pub nudges_on: bool,
    pub nudge_day_and_time: Option<String>,
    pub nudge_every_weeks: u32,
    pub quiet_until: Option<String>,
    pub next_nudge_at: Option<String>,
    pub asked_at_the_beginning: bool,
    pub never_ask: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    pub id: String,
    pub prompt: String,
    pub plan: String,
    pub due_on: String,
    pub taken_at: String,
    pub waits: bool,
    pub ended_at: Option<String>,
    pub ended_how: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    pub assessment: String,
    pub item: String,
    pub level: u8,
    pub at: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub prompt: String,
    pub times: u32,
    pub last_at: String,
    pub declined: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    pub week: String,
    pub prompt: Option<String>,
    pub outcome: String,
}

impl Everything {
    pub fn of(scene: &Scene) -> Everything {
        let person = scene.person;
        let history = person.more.history.clone().unwrap_or_default();
        let at = |at: Timestamp| at.to_string();
        let rhythm = &person.rhythm;
        let profile = &person.profile;
        Everything {
            format: EVERYTHING.to_owned(),
            version: VERSION,
            made_at: at(scene.now),
            team: person.id.team.clone(),
            user: person.id.user.clone(),
            since: at(history.since),
            settings: Settings {
                here: profile.here.map(|here| here.id().to_owned()),
                wanted: person.wanted.map(|rung| rung.id().to_owned()),
                feeling: profile.feeling.map(|feeling| feeling.id().to_owned()),
                minutes_a_week: profile.minutes,
                zone: person.zone.name.clone(),
                zone_in_slack: person.zone.in_slack.clone(),
                nudges_on: rhythm.on,
                nudge_day_and_time: rhythm.own.map(|(day, time)| {
                    format!("{} {}", crate::coach::week::day_long(day), time.strftime("%H:%M"))
                }),
                nudge_every_weeks: rhythm.every,
                quiet_until: rhythm.quiet_until.map(|date| date.to_string()),
                next_nudge_at: rhythm.next.map(|slot| at(slot.at)),
                asked_at_the_beginning: profile.has_begun,
                never_ask: profile.never_ask,
            },
            cards: cards(scene),
            challenges: history
                .challenges
                .into_iter()
                .map(|past| Challenge {
                    id: past.taken.id,
                    prompt: past.taken.prompt.to_string(),
                    plan: past.taken.plan,
                    due_on: past.taken.due_on.to_string(),
                    taken_at: at(past.taken_at),
                    waits: past.parked,
                    ended_at: past.ended.as_ref().map(|(ended, _)| at(*ended)),
                    ended_how: past.ended.map(|(_, how)| how),
                })
                .collect(),
            ratings: person
                .ratings
                .iter()
                .map(|rating| Rating {
                    assessment: rating.assessment.to_string(),
                    item: rating.item.clone(),
                    level: rating.level,
                    at: at(rating.at),
                })
                .collect(),
            shown: person
                .shown
                .iter()
                .map(|(id, shown)| Shown {
                    prompt: id.to_string(),
                    times: shown.times,
                    last_at: at(shown.last_at),
                    declined: shown.declined,
                })
                .collect(),
            nudges: history
                .nudges
                .into_iter()
                .map(|past| Nudge {
                    week: past.week,
                    prompt: past.prompt.map(|prompt| prompt.to_string()),
                    outcome: past.outcome,
                })
                .collect(),
        }
    }
}

/// Reads a case file in JSON.
///
/// # Errors
/// Says what is not as it was written.
pub fn read_case(text: &str) -> anyhow::Result<Case> {
    let case: Case = serde_json::from_str(text).context("this is no case file")?;
    check(&case.format, CASE, case.version)?;
    Ok(case)
}

/// Reads the export of everything.
///
/// # Errors
/// Says what is not as it was written.
pub fn read_everything(text: &str) -> anyhow::Result<Everything> {
    let everything: Everything = serde_json::from_str(text).context("this is no export")?;
    check(&everything.format, EVERYTHING, everything.version)?;
    Ok(everything)
}

fn check(format: &str, expected: &str, version: u32) -> anyhow::Result<()> {
    if format != expected {
        bail!("this is {format}, not {expected}");
    }
    if version > VERSION {
        bail!("this was written by a newer version of the program");
    }
    Ok(())
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

/// The case file to read and to paste: our headings, their words.
fn markdown(scene: &Scene) -> String {
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
        out.push_str("\n## Cards that name no skill yet\n");
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
