//! Progress as a picture: one row a skill, with what is wanted, what they say and what is proved.
//!
//! Told apart by shape and by words, not by colour alone; whoever cannot see it gets the same in `alt`.

use crate::coach::Scene;
use crate::coach::dates::show_date_with_year;
use crate::coach::levels::{self, Standing};
use crate::coach::progress;

#[cfg(feature = "picture")]
mod draw;

/// What a reader of the picture sees, in words. Slack takes a thousand characters.
pub fn alt(scene: &Scene) -> String {
    let lines = progress::lines(scene).join(" ");
    let whole = format!("{}. {lines}", title(scene));
    if whole.chars().count() <= 1000 {
        whole
    } else {
        format!("{}…", whole.chars().take(999).collect::<String>())
    }
}

fn title(scene: &Scene) -> String {
    format!("Where you stand: {}", scene.person.rung().title())
}

/// A PNG; None where this build draws none.
pub fn png(scene: &Scene) -> Option<Vec<u8>> {
    let standings = levels::standings(scene);
    let rows: Vec<Row> = standings.iter().map(Row::of).collect();
    let date = show_date_with_year(scene.person.today(scene.now));
    drawn(&title(scene), &date, &rows)
}

/// One skill.
struct Row {
    title: String,
    wanted: u8,
    own: Option<u8>,
    proven: u8,
}

impl Row {
    fn of(standing: &Standing) -> Row {
        Row {
            title: standing.levels.short.clone(),
            wanted: standing.wanted,
            own: standing.own.map(|rating| rating.level),
            proven: standing.proven,
        }
    }
}

#[cfg(feature = "picture")]
fn drawn(title: &str, date: &str, rows: &[Row]) -> Option<Vec<u8>> {
    draw::png(title, date, rows)
}

#[cfg(not(feature = "picture"))]
fn drawn(_: &str, _: &str, _: &[Row]) -> Option<Vec<u8>> {
    None
}

#[cfg(all(test, feature = "picture"))]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_drawn_whatever_stands_in_it() {
        let rows: Vec<Row> =
            [("Market fluency", 3, Some(2), 1), ("Стратегия 🙂 עברית", 4, None, 0), ("", 9, Some(9), 9)]
                .into_iter()
                .map(|(title, wanted, own, proven)| Row { title: title.into(), wanted, own, proven })
                .collect();
        let png = drawn("Where you stand", "2 March 2026", &rows).expect("a picture");
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert!(drawn("", "", &[]).is_some());
    }
}
