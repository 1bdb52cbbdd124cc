//! How easily a text reads: Flesch's reading ease.
//!
//! From Rudolf Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948): about
//! 100 for the simplest English, 60 to 70 for plain English, below 30 for a learned journal. The
//! figure is for comparing our kinds with each other; syllables are guessed from the spelling.

use super::words::words;

/// None for a text without words.
pub fn reading_ease(text: &str) -> Option<f64> {
    let words: Vec<String> = words(text).into_iter().map(|(_, word)| word).collect();
    if words.is_empty() {
        return None;
    }
    let n_words = words.len() as f64;
    let n_sentences = sentences(text) as f64;
    let n_syllables = words.iter().map(|word| syllables(word)).sum::<usize>() as f64;
    Some(206.835 - 1.015 * (n_words / n_sentences) - 84.6 * (n_syllables / n_words))
}

/// As Flesch counts them: what a full stop, question mark, colon or semicolon marks off. A single
/// word is a label or a number in a list.
fn sentences(text: &str) -> usize {
    let ends = ['.', '!', '?', ':', ';', '…', '\n'];
    text.split(ends).filter(|part| words(part).len() > 1).count().max(1)
}

/// Groups of vowels, without the silent `e` at the end, and one at least.
fn syllables(word: &str) -> usize {
    let is_vowel = |letter: char| "aeiouyáéíóúäöüèêâîôû".contains(letter);
    let letters: Vec<char> = word.chars().collect();
    let groups = letters
        .iter()
        .enumerate()
        .filter(|(n, letter)| is_vowel(**letter) && (*n == 0 || !is_vowel(letters[n - 1])))
        .count();
    let silent = match letters.as_slice() {
        [.., 'l', 'e'] if ends_in_syllabic_le(&letters) => false,
        [.., before, 'e'] => !is_vowel(*before),
        [.., before, 'e', 'd'] => !matches!(before, 't' | 'd') && !is_vowel(*before),
        _ => false,
    };
    groups.saturating_sub(usize::from(silent)).max(1)
}

/// "table" and "little", but not "while".
fn ends_in_syllabic_le(letters: &[char]) -> bool {
    letters.len() > 2 && !"aeiouy".contains(letters[letters.len() - 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_guessed() {
        for (word, expected) in [
            ("cat", 1),
            ("table", 2),
            ("while", 1),
            ("little", 2),
            ("asked", 1),
            ("wanted", 2),
            ("product", 2),
            ("organisation", 5),
            ("20", 1),
            ("the", 1),
        ] {
            assert_eq!(syllables(word), expected, "{word}");
        }
    }

    #[test]
    fn short_words_read_more_easily_than_long_ones() {
        let easy = reading_ease("The cat sat on the mat. It was warm.").unwrap();
        let hard =
            reading_ease("Organisational prioritisation necessitates interdepartmental communication.");
        assert!(easy > 100.0, "{easy}");
        assert!(hard.unwrap() < 0.0);
        assert_eq!(reading_ease("…"), None);
    }
}
