//! A company's own folder: adds, replaces by id, and cannot hurt what is built in.

use std::fs;
use std::path::Path;

use rung::coach::library::{Library, PromptId};
use rung::content;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is ours");
        fs::write(path, text).expect("the folder is ours");
    }
    folder
}

fn built_in(path: &str) -> String {
    let file =
        content::built_in().into_iter().find(|file| file.path == path).expect("this prompt is built in");
    String::from_utf8(file.bytes).expect("prompts are UTF-8")
}

fn title<'a>(library: &'a Library, id: &str) -> Option<&'a str> {
    library.get(&PromptId::new(id)).map(|prompt| prompt.title.as_str())
}

/// Each problem without its folder and its second line.
fn problems(folder: &Path) -> Vec<String> {
    let problems = content::load(Some(folder)).expect_err("something is wrong here");
    let root = format!("{}/", folder.display());
    let first_line = |text: String| text.lines().next().unwrap_or_default().replace(&root, "");
    problems.iter().map(|problem| first_line(problem.to_string())).collect()
}

#[test]
fn files_are_added_or_take_the_place_of_ours() {
    let ours = built_in("tips/thank-blocker.md");
    let own = folder(&[
        ("tips/thank-blocker.md", &ours.replace("Thank the person who said no", "Thank your blocker")),
        ("tips/thank-twice.md", &ours.replace("thank-blocker", "thank-twice")),
        ("README.md", "ours"),
        (".git/config", "hidden"),
        ("tips/thank-twice.md~", "left by an editor"),
    ]);
    let library = content::load(Some(own.path())).unwrap();
    assert_eq!(title(&library, "thank-blocker"), Some("Thank your blocker"));
    assert_eq!(title(&library, "thank-twice"), Some("Thank the person who said no"));
    let n_built_in = content::load(None).unwrap().all().count();
    assert_eq!(library.all().count(), n_built_in + 1);
}

#[test]
fn a_shared_line_of_ones_own_is_said_everywhere() {
    let own = folder(&[("lines.yaml", "hr: Ask Petra in HR.\n")]);
    let library = content::load(Some(own.path())).unwrap();
    let body = &library.get(&PromptId::new("fair-interview")).unwrap().body;
    assert!(body.ends_with("Ask Petra in HR."), "{body}");
}

#[test]
fn american_spelling_is_no_reason_to_stay_off_the_air() {
    let ours = built_in("tips/thank-blocker.md").replace("thank-blocker", "thank-twice");
    let own = folder(&[("tips/thank-twice.md", &(ours + "\nOrganize it!\n"))]);
    assert!(content::load(Some(own.path())).is_ok());
    let report = content::inspect(Some(own.path()));
    assert!(report.problems.iter().any(|problem| problem.what.contains("American")));
}

#[test]
fn what_is_wrong_in_the_folder_is_named_by_its_own_path() {
    let ours = built_in("tips/thank-blocker.md");
    let own = folder(&[
        ("tips/mentor-ask.md", &ours.replace("thank-blocker", "mentor-ask")),
        ("tip/thank-blocker.md", &ours),
        ("tips/thank-blocker.md", &ours.replace("rungs:", "rung:")),
    ]);
    let problems = problems(own.path());
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(
        problems[0]
            .starts_with("tip/thank-blocker.md:2: there is no folder `tip/` for prompts (did you mean")
    );
    assert!(
        problems[1].starts_with(
            "tips/mentor-ask.md:2: prompts/scripts/mentor-ask.md has this id, and it is a script"
        )
    );
    assert!(problems[2].starts_with("tips/thank-blocker.md:2: `rungs` is missing"));
    assert!(problems[3].contains("a tip has no key `rung` (did you mean `rungs`?)"));
}

#[test]
fn a_folder_that_is_not_there_is_one_problem() {
    let own = folder(&[]);
    let nowhere = own.path().join("prompts");
    let problems = content::load(Some(&nowhere)).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].file, nowhere.display().to_string());
    assert!(problems[0].what.starts_with("this cannot be read"));
}

/// A Kubernetes ConfigMap: every name in the folder is a link into a hidden one.
#[cfg(unix)]
#[test]
fn links_are_followed() {
    let ours = built_in("tips/thank-blocker.md").replace("thank-blocker", "thank-twice");
    let own = folder(&[("..data/tips/thank-twice.md", &ours)]);
    std::os::unix::fs::symlink("..data/tips", own.path().join("tips")).unwrap();
    let library = content::load(Some(own.path()));
    assert!(library.is_ok_and(|library| title(&library, "thank-twice").is_some()));
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end_as_a_problem() {
    let own = folder(&[("tips/notes.txt", "")]);
    std::os::unix::fs::symlink("..", own.path().join("tips/up")).unwrap();
    assert!(problems(own.path()).iter().any(|problem| problem.contains("this is a folder too deep")));
}
