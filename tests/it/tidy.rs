//! What must never be true of the repository, and what its papers promise: borders between folders, the README's
//! table and transcript, the files in `deploy/`.

mod borders;
mod deploy;
mod papers;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file that belongs to the repository, by its path in it. Asks git; a copy without git is walked instead.
fn files() -> Vec<PathBuf> {
    let asked = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    if let Ok(answer) = asked
        && answer.status.success()
        && !answer.stdout.is_empty()
    {
        let names = String::from_utf8(answer.stdout).expect("file names are UTF-8");
        // One that was just removed is still listed.
        return names
            .split_terminator('\0')
            .map(PathBuf::from)
            .filter(|file| root().join(file).is_file())
            .collect();
    }
    let mut found = Vec::new();
    walk(root(), &mut found);
    found.iter().map(|file| file.strip_prefix(root()).expect("it was found there").to_owned()).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry that can be read").path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != ".git" {
            walk(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

/// The lines of the Rust files below a folder that are code, each with its place.
fn code_below(folder: &str) -> Vec<(String, String)> {
    let files: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| file.starts_with(folder) && file.extension().is_some_and(|e| e == "rs"))
        .collect();
    assert!(!files.is_empty(), "{folder} holds no Rust");
    let mut lines = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(root().join(&file)).expect("Rust files are text");
        for (line, n) in text.lines().zip(1..) {
            // Good enough: a string with two slashes loses its end, and no path begins there.
            let code = line.split("//").next().unwrap_or_default();
            lines.push((format!("{}:{n}", file.display()), code.to_owned()));
        }
    }
    lines
}

/// What `rung` prints, without settings of this machine's.
fn rung(args: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_rung"))
        .args(args)
        .current_dir(folder.path())
        .env_clear()
        .env("TMPDIR", folder.path())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("rung runs");
    let said = String::from_utf8(output.stdout).expect("rung prints text");
    assert!(!said.is_empty(), "rung {args:?} said nothing: {}", String::from_utf8_lossy(&output.stderr));
    said
}

/// What stands between two marks of this name, whatever else the paper holds.
fn marked(text: &str, mark: &str) -> String {
    let mark = format!("<!-- {mark} -->");
    let parts: Vec<&str> = text.split(&mark).collect();
    assert_eq!(parts.len(), 3, "the text has {mark} at the start and at the end, and nowhere else");
    parts[1].trim().to_owned()
}
