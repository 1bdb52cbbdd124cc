//! The built-in prompts: whole, sound, and all that the curriculum asks for.

mod coverage;
mod own;
mod readme;
mod weird;

use rung::coach::library::Kind;
use rung::content::{self, File, Origin, Report};

fn file(path: &str, bytes: impl Into<Vec<u8>>) -> File {
    File { path: path.to_owned(), shown: path.to_owned(), bytes: bytes.into(), origin: Origin::Overlay }
}

/// The built-in files and these.
fn with(files: Vec<File>) -> Report {
    content::check(&[content::built_in(), files].concat())
}

fn said(report: &Report) -> String {
    report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_built_in_prompts_have_no_problems() {
    assert_eq!(said(&with(vec![])), "");
}

#[test]
fn the_library_loads_without_a_folder_of_ones_own() {
    let library = content::load(None).unwrap();
    assert_eq!(library.of(Kind::Skill).count(), 9);
}
