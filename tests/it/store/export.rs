//! The export holds every column of every row that knows a person, also those that are added later.

use rung::coach::need::Need;
use rung::coach::week::Weekly;
use rung::coach::{Enclosure, House, Scene};
use rung::store::more;
use rung::{content, export};

use super::forget::columns;
use super::*;

/// Columns in which not everything can stand, with a value and what the export must say for it.
const SAMPLES: [(&str, &str, &str, &str); 33] = [
    ("people", "rung", "'director-head'", "\"wanted\": \"director-head\""),
    ("people", "zone_chosen", "'Asia/Kathmandu'", "\"zone\": \"Asia/Kathmandu\""),
    ("people", "zone_slack", "'Asia/Tokyo'", "\"zone_in_slack\": \"Asia/Tokyo\""),
    ("people", "nudge_day", "'Tue'", "\"Tuesday 09:47\""),
    ("people", "nudge_time", "'09:47'", "\"Tuesday 09:47\""),
    ("people", "nudge_every", "3", "\"nudge_every_weeks\": 3"),
    ("people", "quiet_until", "'2026-04-01'", "\"quiet_until\": \"2026-04-01\""),
    ("people", "unanswered", "4", "\"nudges_unanswered\": 4"),
    ("people", "last_week", "'2026-W03'", "\"last_nudge_week\": \"2026-W03\""),
    ("people", "next_nudge_week", "'2026-W04'", "\"next_nudge_week\": \"2026-W04\""),
    ("people", "here", "'group-lead'", "\"here\": \"group-lead\""),
    ("people", "feeling", "'torn'", "\"feeling\": \"torn\""),
    ("people", "minutes", "47", "\"minutes_a_week\": 47"),
    ("people", "talk_booked_on", "'2026-03-09'", "\"booked_on\": \"2026-03-09\""),
    ("people", "talked_on", "'2026-03-10'", "\"talked_on\": \"2026-03-10\""),
    ("shown", "times", "46", "\"times\": 46"),
    ("challenges", "due_on", "'2026-03-11'", "\"due_on\": \"2026-03-11\""),
    ("evidence", "happened_on", "'2026-02-01'", "\"happened_on\": \"2026-02-01\""),
    ("evidence", "confirmed_on", "'2026-02-02'", "\"confirmed_on\": \"2026-02-02\""),
    ("evidence", "lasted_on", "'2026-06-03'", "\"lasted_on\": \"2026-06-03\""),
    ("evidence", "level", "4", "\"level\": 4"),
    ("evidence", "placed", "2", "\"placed\": 2"),
    ("evidence", "strength", "4", "\"strength\": 4"),
    ("ratings", "level", "3", "\"level\": 3"),
    ("rehearsals", "scores", "'211 101'", "\"proof\": 2"),
    ("rehearsals", "answered_at", "1700000000000", "\"answered\": true"),
    ("rehearsals", "ended_how", "'finished'", "\"ended_how\": \"finished\""),
    ("jobs", "week", "'2026-W05'", "\"week\": \"2026-W05\""),
    ("jobs", "attempts", "45", "\"attempts\": 45"),
    ("channel_nudges", "nudge_day", "'Fri'", "\"day\": \"Friday\""),
    ("channel_nudges", "nudge_time", "'08:46'", "\"time\": \"08:46\""),
    ("channel_nudges", "last_week", "'2026-W06'", "\"last_week\": \"2026-W06\""),
    ("channel_nudges", "next_week", "'2026-W07'", "\"next_week\": \"2026-W07\""),
];

/// What nobody would miss, and why.
const LEFT_OUT: [(&str, &str, &str); 8] = [
    ("evidence", "searchable", "the card's words once more, in lower case"),
    ("jobs", "urgency", "who goes first in the outbox"),
    ("jobs", "place_at", "its place in the row of what is sent in a workspace"),
    ("jobs", "missed", "the outbox's bookkeeping of a send"),
    ("jobs", "leased_until", "the outbox's bookkeeping of a send"),
    ("jobs", "holder", "which start of the server had it"),
    ("jobs", "fence", "the outbox's bookkeeping of a send"),
    ("answered", "request", "Slack's signature; its kind is there"),
];

#[tokio::test]
async fn the_export_holds_every_column_and_is_read_back_as_it_was() {
    let store = Store::open().await;
    let columns = columns(&store).await;
    let mut tables: Vec<&str> = columns
        .iter()
        .filter(|(_, column, ..)| ["user_id", "set_by"].contains(&column.as_str()))
        .map(|(table, ..)| table.as_str())
        .collect();
    tables.sort_unstable();
    tables.dedup();
    assert!(tables.len() >= 8 && tables.contains(&"channel_nudges"), "{tables:?}");

    let mut expected: Vec<(String, String)> = Vec::new();
    for table in &tables {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (n, (_, column, kind, _)) in columns.iter().enumerate().filter(|(_, (of, ..))| of == table) {
            let place = format!("{table}.{column}");
            let sample = SAMPLES.iter().find(|(of, name, ..)| of == table && name == column);
            let (value, told) = match (column.as_str(), sample) {
                ("team_id", _) => ("'T1'".to_owned(), "\"team\": \"T1\"".to_owned()),
                ("user_id" | "set_by", _) => ("'U1'".to_owned(), "\"user\": \"U1\"".to_owned()),
                (_, Some((_, _, value, told))) => ((*value).to_owned(), (*told).to_owned()),
                _ if kind.eq_ignore_ascii_case("text") => {
                    (format!("'mark-{table}-{column}'"), format!("mark-{table}-{column}"))
                }
                _ => {
                    let at = Timestamp::from_second(1_700_000_000 + 1_000 * n as i64).unwrap();
                    (at.as_millisecond().to_string(), format!("\"{at}\""))
                }
            };
            names.push(column.as_str());
            values.push(value);
            if !LEFT_OUT.iter().any(|(of, name, _)| of == table && name == column) {
                expected.push((place, told));
            }
        }
        let (names, values) = (names.join(", "), values.join(", "));
        assert_eq!(store.run(&format!("INSERT INTO {table} ({names}) VALUES ({values})")).await, 1);
    }

    let (library, now) = (content::load(None).unwrap(), at(0));
    let mut tx = store.write().await;
    let mut person = people::find(&mut tx, &id("U1"), now).await.unwrap().unwrap();
    more::load(&mut tx, &mut person, &Need::Everything, now).await.unwrap();
    drop(tx);
    let house = House {
        command: "/coach".to_owned(),
        weekly: Weekly::parse("0 0 10 * * Wed").unwrap(),
        version: "0.1.0",
        database: "a file",
    };
    let scene = Scene { library: &library, person: &person, now, house: &house, fresh: "", here: None };
    let file = export::file(&scene, Enclosure::Everything).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    for (place, told) in expected {
        assert!(
            text.contains(&told),
            "{place} is not in the export ({told}): src/store/history.rs and src/export/everything.rs have the \
             rows, or LEFT_OUT here says why not.\n{text}"
        );
    }
    let back = export::read_everything(&text).unwrap();
    assert_eq!(back, export::Everything::of(&scene));
    assert_eq!(serde_json::to_string_pretty(&back).unwrap() + "\n", text);
    store.ends().await;
}
