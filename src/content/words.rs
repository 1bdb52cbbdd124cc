//! Words as the checks compare them: small letters, no punctuation, each with its place.

use std::ops::Range;

/// "Don’t stop, Kim" is `don't`, `stop`, `kim`. Hyphens part words, so that `one-to-one` and
/// `one to one` are the same.
pub fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = letter.is_alphanumeric() || (start.is_some() && matches!(letter, '\'' | '’'));
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.extend(word(text, from..at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn word(text: &str, range: Range<usize>) -> Option<(Range<usize>, String)> {
    let word = text[range.clone()].to_lowercase().replace('’', "'");
    let word = word.trim_end_matches('\'');
    (!word.is_empty()).then(|| (range, word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bare() {
        let bare = |text| words(text).into_iter().map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(bare("Don’t stop, Kim – “now”?"), ["don't", "stop", "kim", "now"]);
        assert_eq!(bare("one-to-one's 'quoted' £20k"), ["one", "to", "one's", "quoted", "20k"]);
        assert_eq!(bare(""), Vec::<String>::new());
    }

    #[test]
    fn each_word_knows_its_place() {
        let text = "Über alles";
        let places: Vec<_> = words(text).into_iter().map(|(range, _)| &text[range]).collect();
        assert_eq!(places, ["Über", "alles"]);
    }
}
