//! `prompts/` into a library the coach can trust, or every problem with file and line.
//!
//! This module knows files, YAML and what good words look like. It must not know Slack, the
//! database or the people who will read the words.

mod draft;
mod fields;
mod files;
mod front_matter;
pub mod keys;
mod lines;
mod links;
pub mod nearest;
mod problem;
mod prompt;
pub mod readability;
mod source;
pub mod sources;
mod wording;
mod words;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use crate::coach::library::{Kind, Library};
use draft::Draft;
use files::overlay;
pub use files::{File, Origin, built_in};
use lines::Lines;
pub use problem::{Problem, Weight};
use source::Source;

/// All that can be said about a set of prompt files.
#[derive(Debug, Default)]
pub struct Report {
    /// The prompts that are sound, whatever the others are.
    pub library: Library,
    /// By file and line.
    pub problems: Vec<Problem>,
}

/// The built-in prompts, and those of a company's own folder on top. Matters of wording are for
/// `check` alone; what the coach could not work with is an error here.
pub fn load(own: Option<&Path>) -> Result<Library, Vec<Problem>> {
    let report = survey(own);
    if report.problems.is_empty() { Ok(report.library) } else { Err(report.problems) }
}

/// The same for those who would rather have the sound prompts than none.
pub fn survey(own: Option<&Path>) -> Report {
    read_with(own, Depth::Soundness)
}

/// The same with matters of wording.
pub fn inspect(own: Option<&Path>) -> Report {
    read_with(own, Depth::Everything)
}

fn read_with(own: Option<&Path>, depth: Depth) -> Report {
    let (files, unreadable) = gather(own);
    let mut report = read(&files, depth);
    report.problems.extend(unreadable);
    problem::sort(&mut report.problems);
    report
}

/// The built-in files and those of the folder, with what kept us from reading some.
fn gather(own: Option<&Path>) -> (Vec<File>, Vec<Problem>) {
    let mut files = built_in();
    let mut problems = Vec::new();
    if let Some(folder) = own {
        let (more, unreadable) = overlay(folder);
        files.extend(more);
        problems.extend(unreadable);
    }
    (files, problems)
}

/// All that can be said about these files, matters of wording included.
pub fn check(files: &[File]) -> Report {
    read(files, Depth::Everything)
}

#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Soundness,
    Everything,
}

fn read(files: &[File], depth: Depth) -> Report {
    let mut problems = Vec::new();
    let mut lines = Lines::default();
    let mut places = BTreeMap::new();
    for file in files {
        if file.path == "lines.yaml" {
            match Source::of(file) {
                Ok(source) => lines.add(&source, &mut problems),
                Err(problem) => problems.push(problem),
            }
        } else if let Some((kind, id)) = draft::place(&file.path) {
            places.entry(id).or_insert_with(Vec::new).push((kind, file));
        } else {
            problems.push(misplaced(file));
        }
    }
    let mut drafts: Vec<Draft> = Vec::new();
    let mut known = Vec::new();
    for (id, claims) in &places {
        let (kind, file) = choose(id, claims, &mut problems);
        known.push((kind, *id));
        match Source::of(file) {
            Ok(source) => drafts.extend(draft::read(source, kind, id, &lines, &mut problems)),
            Err(problem) => problems.push(problem),
        }
    }
    links::check(&drafts, &known, &mut problems);
    if depth == Depth::Everything {
        wording::check(&drafts, &mut problems);
    }
    problem::sort(&mut problems);
    Report { library: Library::new(drafts.into_iter().filter_map(|draft| draft.prompt)), problems }
}

/// Which of several files with one id counts, after complaining about those that do not.
fn choose<'a>(id: &str, claims: &[(Kind, &'a File)], problems: &mut Vec<Problem>) -> (Kind, &'a File) {
    let first_of = |origin| claims.iter().find(|(_, file)| file.origin == origin);
    let chosen = *first_of(Origin::Overlay).or(first_of(Origin::BuiltIn)).unwrap_or(&claims[0]);
    for (kind, file) in claims {
        let rival = first_of(file.origin).filter(|(_, first)| first.shown != file.shown);
        let replaced =
            first_of(Origin::BuiltIn).filter(|(of, _)| file.origin == Origin::Overlay && of != kind);
        if let Some((_, first)) = rival {
            let what = format!("the id `{id}` is taken by {}", first.shown);
            problems.push(about(file, what, "choose another id, and name the file after it"));
        } else if let Some((of, built_in)) = replaced {
            let what = format!("{} has this id, and it is {}", built_in.shown, draft::article(of.noun()));
            problems.push(about(file, what, "choose another id, or replace it by one of its own kind"));
        }
    }
    chosen
}

fn misplaced(file: &File) -> Problem {
    let folders = || Kind::ALL.into_iter().map(Kind::folder);
    let list = folders().map(|folder| format!("{folder}/")).collect::<Vec<_>>().join(", ");
    match file.path.split_once('/') {
        Some((folder, _)) if !folders().any(|known| known == folder) => {
            let what =
                format!("there is no folder `{folder}/` for prompts{}", nearest::hint(folder, folders()));
            about(file, what, format!("put it into one of {list}"))
        }
        Some((_, name)) if name.contains('/') => {
            about(file, "this is a folder too deep", "put it right into the folder of its kind")
        }
        Some((folder, _)) => {
            let what = format!("only files that end in `.md` are read in `{folder}/`");
            about(file, what, "rename it, or keep it somewhere else")
        }
        None => {
            let instead = format!("put prompts into one of {list}; shared lines into lines.yaml");
            about(file, "nothing is read from here", instead)
        }
    }
}

/// A problem with a file as a whole, shown at its id where it has one.
fn about(file: &File, what: impl Into<String>, instead: impl Into<String>) -> Problem {
    match Source::of(file) {
        Ok(source) => {
            let line = source.text.lines().position(|line| line.starts_with("id:")).unwrap_or(0) + 1;
            source.broken(line, what, instead)
        }
        Err(not_text) => Problem { what: what.into(), instead: instead.into(), ..not_text },
    }
}

#[cfg(test)]
mod tests;
