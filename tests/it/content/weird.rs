//! Whatever stands in a file: no panic, and every problem has a line inside it.

use proptest::prelude::*;
use proptest::sample::Index;

use rung::content::{self, File};

use super::file;

fn check_holds(files: &[File]) {
    let report = content::check(files);
    for problem in &report.problems {
        let file =
            files.iter().find(|file| file.shown == problem.file).expect("a problem names one of the files");
        let n_lines =
            String::from_utf8_lossy(&file.bytes).replace("\r\n", "\n").replace('\r', "\n").lines().count();
        assert!(
            (1..=n_lines.max(1)).contains(&problem.line),
            "{problem}\n(line {} of {n_lines})",
            problem.line
        );
        assert!(!problem.what.is_empty() && !problem.instead.is_empty());
        assert!(problem.text_of_line.lines().count() <= 1, "{:?}", problem.text_of_line);
    }
}

/// Things that have meaning in YAML, in Markdown or for us.
fn morsel() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..12),
        prop::sample::select(vec![
            "---\n",
            "\n---",
            "\r\n",
            "\r",
            "\t",
            ": ",
            "- ",
            "&a ",
            "*a",
            "<<: ",
            "!!binary ",
            "? ",
            "|\n",
            ">-\n",
            "{{",
            "}}",
            "{{line:hr}}",
            "{{line:",
            "{{command}}",
            "{{action|",
            "[",
            "{",
            "]",
            "}",
            "\"",
            "'",
            "#",
            "\u{feff}",
            "\u{0}",
            "\u{2028}",
            "é",
            "🙂",
            "%YAML 1.1\n",
            "...\n",
            "~",
            "rungs: ",
            "  - if: x\n",
            "!",
            "&",
            "<",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        Just(vec![b'['; 400]),
        Just("word ".repeat(900).into_bytes()),
    ]
}

proptest! {
    #[test]
    fn random_bytes_never_surprise_us(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        path in prop::sample::select(vec!["tips/a.md", "lines.yaml", "arcs/b.md", "skills/c.md", "odd/x", "x.md", "tips/d/e.md"]),
    ) {
        check_holds(&[file(path, bytes)]);
    }

    #[test]
    fn mutated_prompts_never_surprise_us(
        which in any::<Index>(),
        cuts in prop::collection::vec((any::<Index>(), 0..30usize, morsel()), 1..5),
    ) {
        let files = content::built_in();
        let chosen = which.get(&files);
        let mut bytes = chosen.bytes.clone();
        for (at, length, put) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put);
        }
        let lines = files.iter().find(|file| file.path == "lines.yaml" && file.path != chosen.path);
        let mut all: Vec<File> = lines.into_iter().cloned().collect();
        all.push(file(&chosen.path, bytes));
        check_holds(&all);
    }
}

#[test]
fn a_bomb_of_aliases_is_a_problem_and_no_wait() {
    let mut text = "---\na: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (n, letter) in ('b'..='i').enumerate() {
        let before = (b'a' + n as u8) as char;
        text += &format!("{letter}: &{letter} [{}]\n", vec![format!("*{before}"); 9].join(","));
    }
    check_holds(&[file("tips/bomb.md", text + "---\nx\n")]);
}
