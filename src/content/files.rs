//! Where prompt files come from: built into the program, and a folder that a company adds.

use std::fs;
use std::io::Read;
use std::path::Path;

use rust_embed::RustEmbed;

use super::problem::{Problem, Weight};

#[derive(RustEmbed)]
#[folder = "prompts/"]
struct BuiltIn;

/// One file, read or not yet understood.
#[derive(Clone, Debug)]
pub struct File {
    /// Inside the prompts folder, with forward slashes: "tips/log-wins-today.md".
    pub path: String,
    /// As a person would name it.
    pub shown: String,
    pub bytes: Vec<u8>,
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    BuiltIn,
    /// From `--prompts`: adds to the built-in files, or replaces one of the same id.
    Overlay,
}

/// More than any prompt needs by far; whoever puts a film into the folder hears about it.
const LARGEST: u64 = 256 * 1024;

pub fn built_in() -> Vec<File> {
    let mut files: Vec<File> = BuiltIn::iter()
        .filter(|path| !passed_over(path))
        .filter_map(|path| {
            let bytes = BuiltIn::get(&path)?.data.into_owned();
            Some(File {
                shown: format!("prompts/{path}"),
                path: path.into_owned(),
                bytes,
                origin: Origin::BuiltIn,
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// All files of an overlay folder, and what kept us from reading some.
pub fn overlay(folder: &Path) -> (Vec<File>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    walk(folder, "", 0, &mut files, &mut problems);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    (files, problems)
}

/// READMEs, hidden files and what editors leave behind.
fn passed_over(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
        || path.ends_with('~')
        || path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("README.md"))
}

fn walk(root: &Path, inside: &str, depth: usize, files: &mut Vec<File>, problems: &mut Vec<Problem>) {
    let here = if inside.is_empty() { root.to_owned() } else { root.join(inside) };
    let entries = match fs::read_dir(&here) {
        Ok(entries) => entries,
        Err(error) => return problems.push(unreadable(&here, &error)),
    };
    for entry in entries {
        let name = match entry {
            Ok(entry) => entry.file_name().to_string_lossy().into_owned(),
            Err(error) => {
                problems.push(unreadable(&here, &error));
                continue;
            }
        };
        let path = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if passed_over(&path) {
            continue;
        }
        let full = here.join(&name);
        // Links are followed: a Kubernetes ConfigMap is nothing but links.
        match fs::metadata(&full) {
            Ok(about) if about.is_dir() && depth < 3 => walk(root, &path, depth + 1, files, problems),
            Ok(about) if about.is_dir() => {}
            Ok(about) if about.is_file() => match read(&full) {
                Ok(bytes) => {
                    let shown = full.display().to_string();
                    files.push(File { path, shown, bytes, origin: Origin::Overlay });
                }
                Err(error) => problems.push(unreadable(&full, &error)),
            },
            Ok(_) => {}
            Err(error) => problems.push(unreadable(&full, &error)),
        }
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::other("larger than 256 KiB"));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem {
        file: path.display().to_string(),
        line: 1,
        text_of_line: String::new(),
        what: format!("this cannot be read ({error})"),
        instead: "check the name, that it is there, and that this user may read it".into(),
        weight: Weight::Broken,
    }
}
