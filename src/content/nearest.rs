//! "Did you mean …": the nearest of the words we know.

/// Only when it is near enough that a slip of the finger, or a forgotten ending, explains it.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(80).collect();
    known
        .into_iter()
        .map(|candidate| (steps(&word, &candidate.chars().collect::<Vec<_>>()), candidate))
        .filter(|(steps, candidate)| *steps <= (word.len().max(candidate.len()) / 3).max(1))
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// " (did you mean `rungs`?)", or nothing.
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|known| format!(" (did you mean `{known}`?)")).unwrap_or_default()
}

/// Levenshtein's distance: letters to add, drop or change.
fn steps(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let keys = ["id", "title", "rungs", "done_when", "evidence"];
        for (word, expected) in [
            ("rung", Some("rungs")),
            ("Title", Some("title")),
            ("done-when", Some("done_when")),
            ("evidance", Some("evidence")),
            ("ID", Some("id")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }
}
