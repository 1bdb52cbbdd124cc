//! Forgetting covers every table that knows a person, also those that are added later.

use rung::coach::Change;
use rung::store::{Kind, changes};

use super::*;

/// Table, column, type and whether it must have a value, of every table of ours.
pub async fn columns(store: &Store) -> Vec<(String, String, String, bool)> {
    let sql = match store.db.kind() {
        Kind::Sqlite => {
            "SELECT m.name, p.name, p.type, CAST(p.\"notnull\" AS TEXT) FROM sqlite_master m, pragma_table_info(m.name) p
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'"
        }
        Kind::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT),
                    CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END
             FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_%'"
        }
    };
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as(sql).fetch_all(store.db.read()).await.unwrap();
    rows.into_iter().map(|(table, column, kind, needed)| (table, column, kind, needed == "1")).collect()
}

#[tokio::test]
async fn forgetting_somebody_leaves_no_row_that_names_them_and_every_row_of_everybody_else() {
    let store = Store::open().await;
    let columns = columns(&store).await;
    let mut tables: Vec<&str> = columns
        .iter()
        .filter(|(_, column, ..)| column == "user_id")
        .map(|(table, ..)| table.as_str())
        .collect();
    tables.sort_unstable();
    assert!(tables.len() >= 6 && tables.contains(&"evidence"), "{tables:?}");

    let everybody = [("T1", "U1"), ("T1", "U2"), ("T2", "U1")];
    for (team, user) in everybody {
        let who = PersonId { team: team.to_owned(), user: user.to_owned() };
        let mut tx = store.write().await;
        people::open(&mut tx, &who, None, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        for table in tables.iter().filter(|table| **table != "people") {
            // A row with nothing in it but what it cannot be without.
            let (mut names, mut values) = (Vec::new(), Vec::new());
            for (_, column, kind, needed) in columns.iter().filter(|(of, ..)| of == table) {
                let value = match column.as_str() {
                    "team_id" => format!("'{team}'"),
                    "user_id" => format!("'{user}'"),
                    _ if !needed => continue,
                    _ if kind.eq_ignore_ascii_case("text") => format!("'2026-01-05 {team} {user}'"),
                    _ => "0".to_owned(),
                };
                names.push(column.as_str());
                values.push(value);
            }
            let (names, values) = (names.join(", "), values.join(", "));
            assert_eq!(store.run(&format!("INSERT INTO {table} ({names}) VALUES ({values})")).await, 1);
        }
    }
    let mut tx = store.write().await;
    // Read without their rows, which hold no sense.
    let person = people::open(&mut tx, &id("nobody"), None, at(0)).await.unwrap();
    let person = Person { id: id("U1"), ..person };
    changes::apply(&mut tx, &person, &[Change::Forget], at(0)).await.unwrap();
    tx.commit().await.unwrap();
    for table in &tables {
        for (team, user) in everybody {
            let rows = store
                .count(&format!(
                    "SELECT COUNT(*) FROM {table} WHERE team_id = '{team}' AND user_id = '{user}'"
                ))
                .await;
            let expected = i64::from((team, user) != ("T1", "U1"));
            assert_eq!(
                rows, expected,
                "{table} of {team}/{user}: FORGET in src/store/changes.rs has a line a table"
            );
        }
    }
    store.ends().await;
}

#[tokio::test]
async fn every_row_bears_its_team_and_only_the_simplest_types_are_used() {
    let store = Store::open().await;
    let columns = columns(&store).await;
    let tables: std::collections::BTreeSet<&str> = columns.iter().map(|(table, ..)| table.as_str()).collect();
    for table in tables {
        assert!(
            columns.iter().any(|(of, column, ..)| of == table && column == "team_id"),
            "{table} has no team_id"
        );
    }
    for (table, column, kind, _) in &columns {
        let kind = kind.to_uppercase();
        assert!(
            ["TEXT", "BIGINT", "DOUBLE PRECISION"].contains(&kind.as_str()),
            "{table}.{column} is {kind}"
        );
    }
    store.ends().await;
}
