//! Counts, so that a hole in the library is seen before a reader falls into it.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::show;
use crate::coach::library::{Kind, Library, Prompt, Rung};
use crate::content::readability::reading_ease;

pub fn write(library: &Library, prompts: &[&Prompt], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Prompts by main skill; – means there is none")?;
    let rows = by_skill(library, prompts);
    table(&rows, out)?;
    writeln!(out, "\nPrompts by wanted rung; one that suits several counts in each")?;
    table(&by_rung(prompts), out)?;
    writeln!(out, "\nReading ease after Flesch: 60 to 70 is plain English, more is easier")?;
    for ease in eases(prompts) {
        let (kind, mean, worst, id) = (ease.kind.folder(), ease.mean, ease.worst, ease.worst_id);
        writeln!(out, "  {kind:12}  mean {mean:3.0}   hardest {worst:3.0}  {id}")?;
    }
    Ok(())
}

pub fn json(library: &Library, prompts: &[&Prompt]) -> Value {
    let cells = |rows: Vec<Row>| {
        let rows = rows.into_iter().map(|row| {
            let cells: Map<String, Value> = Kind::ALL
                .iter()
                .zip(row.counts)
                .map(|(kind, n)| (kind.folder().to_owned(), json!(n)))
                .collect();
            (row.id, Value::Object(cells))
        });
        Value::Object(rows.collect())
    };
    let eases: Map<String, Value> = eases(prompts)
        .into_iter()
        .map(|ease| {
            let figures = json!({ "mean": round(ease.mean), "hardest": round(ease.worst), "hardest_id": ease.worst_id });
            (ease.kind.folder().to_owned(), figures)
        })
        .collect();
    json!({
        "prompts": prompts.len(),
        "by_skill": cells(by_skill(library, prompts)),
        "by_rung": cells(by_rung(prompts)),
        "reading_ease": eases,
    })
}

fn round(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0
}

struct Row {
    id: String,
    title: String,
    /// In the order of `Kind::ALL`.
    counts: [usize; 8],
}

fn row(id: &str, title: &str, prompts: &[&Prompt], belongs: impl Fn(&Prompt) -> bool) -> Row {
    let counts = Kind::ALL
        .map(|kind| prompts.iter().filter(|prompt| prompt.kind() == kind && belongs(prompt)).count());
    Row { id: id.to_owned(), title: title.to_owned(), counts }
}

fn by_skill(library: &Library, prompts: &[&Prompt]) -> Vec<Row> {
    let skills = library.of(Kind::Skill);
    skills.map(|skill| row(skill.id.as_str(), &skill.title, prompts, |it| *it.skill() == skill.id)).collect()
}

fn by_rung(prompts: &[&Prompt]) -> Vec<Row> {
    Rung::ALL.into_iter().map(|rung| row(rung.id(), rung.title(), prompts, |it| it.fits(rung))).collect()
}

fn table(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let width = rows.iter().map(|row| row.title.chars().count()).max().unwrap_or(0);
    write!(out, "  {:width$}", "")?;
    for kind in Kind::ALL {
        write!(out, "  {}", kind.folder())?;
    }
    writeln!(out)?;
    for row in rows {
        write!(out, "  {:width$}", row.title)?;
        for (kind, n) in Kind::ALL.iter().zip(row.counts) {
            let cell = if n == 0 { "–".to_owned() } else { n.to_string() };
            write!(out, "  {cell:>column$}", column = kind.folder().len())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

struct Ease<'a> {
    kind: Kind,
    mean: f64,
    worst: f64,
    worst_id: &'a str,
}

/// For each kind that has prompts here.
fn eases<'a>(prompts: &[&'a Prompt]) -> Vec<Ease<'a>> {
    let of_kind = |kind: Kind| {
        let of_kind = prompts.iter().filter(|prompt| prompt.kind() == kind);
        let eases: Vec<(f64, &str)> = of_kind
            .filter_map(|prompt| Some((reading_ease(&show::prose(prompt))?, prompt.id.as_str())))
            .collect();
        let (worst, worst_id) = eases.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))?;
        let mean = eases.iter().map(|(ease, _)| ease).sum::<f64>() / eases.len() as f64;
        Some(Ease { kind, mean, worst, worst_id })
    };
    Kind::ALL.into_iter().filter_map(of_kind).collect()
}
