//! Finding prompts by somebody's own words: BM25 over what each is called, the questions it answers,
//! other words for it and what it says, and how much the question is like one that it answers.
//!
//! Knows texts and numbers only; what a page stands for is the caller's. The same question finds the
//! same pages, in the same order, everywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::command::distance;

/// One thing that can be found.
#[derive(Clone, Debug, Default)]
pub struct Page<'a> {
    pub title: &'a str,
    pub questions: Vec<&'a str>,
    pub synonyms: Vec<&'a str>,
    pub body: Vec<&'a str>,
}

/// A page that fits, by its place among those that the index was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub page: usize,
    pub score: f64,
    /// How much tells that the page answers the question, from 0 up: how much of the question it speaks to, how much
    /// it is like one that the page answers, and how much is said of it. What is none of our business stays low: its
    /// words are few here, and no page is about them.
    pub sure: f64,
    /// How much the question is like one that the page answers, from 0 to 1.
    pub alike: f64,
}

/// Below this a page does not answer the question. This and the weights below were found with the questions in
/// `tests/it/questions/learned_from.txt`; how it does on others, `held_out.txt` there tells.
pub const SURE: f64 = 0.80;
/// From here on it may be what was meant, and is offered as no more than that.
pub const PERHAPS: f64 = 0.55;
/// An answer with less than this part of the best one's score is none.
pub const NEAR: f64 = 0.33;
/// A score that says as much as a page which speaks to all of the question.
const STRONG: f64 = 29.0;
/// How much a question says that is asked in the page's very words.
const SAME_WORDS: f64 = 0.25;

// How much a word in each place counts.
const TITLE: f64 = 4.5;
const QUESTION: f64 = 1.5;
const SYNONYM: f64 = 2.5;
const BODY: f64 = 0.35;
/// How soon more of the same word stops counting, and how much long pages are held back.
const ENOUGH: f64 = 2.4;
const LENGTH: f64 = 0.3;
/// What a question that the page answers in these very words is worth.
const ALIKE: f64 = 16.0;
/// A word that means nearly the same.
const NEARLY: f64 = 0.35;
/// A word that was probably meant.
const SLIP: f64 = 1.0;
/// How much a guess at a word says that the question is for us.
const GUESSED: f64 = 0.6;
/// A word counts in full as one of ours where so many pages are about it.
const OURS: f64 = 4.0;
/// A word that no page has tells as much as one that so many have: it may be a name, or a slip.
const UNKNOWN: usize = 3;

#[derive(Clone, Debug, Default)]
pub struct Index {
    words: HashMap<String, Word>,
    /// For each question its page and the weight of its words.
    questions: Vec<(usize, f64)>,
    pages: usize,
}

/// What is known of a word. In narrow numbers: there are a hundred thousand of them.
#[derive(Clone, Debug, Default)]
struct Word {
    /// The pages that have it, and how much it counts there.
    on: Vec<(u32, f32)>,
    /// The questions that have it.
    asked: Vec<u32>,
    /// How many pages name it in a title, a question or a synonym: what they are about.
    named: u32,
}

impl Index {
    pub fn new(pages: &[Page]) -> Index {
        let mut counts: Vec<BTreeMap<String, f64>> = Vec::with_capacity(pages.len());
        let mut asked: Vec<(usize, BTreeSet<String>)> = Vec::new();
        for (at, page) in pages.iter().enumerate() {
            let mut count: BTreeMap<String, f64> = BTreeMap::new();
            let mut add = |text: &str, weight: f64| {
                for word in words(text) {
                    *count.entry(word).or_default() += weight;
                }
            };
            add(page.title, TITLE);
            page.questions.iter().for_each(|question| add(question, QUESTION));
            page.synonyms.iter().for_each(|synonym| add(synonym, SYNONYM));
            page.body.iter().for_each(|text| add(text, BODY));
            counts.push(count);
            asked.extend(page.questions.iter().map(|question| (at, words(question).into_iter().collect())));
            asked.push((at, words(page.title).into_iter().collect()));
        }
        let length = |count: &BTreeMap<String, f64>| count.values().sum::<f64>();
        let usual = counts.iter().map(length).sum::<f64>() / counts.len().max(1) as f64;
        let mut index = Index { pages: pages.len(), ..Index::default() };
        for (at, count) in counts.iter().enumerate() {
            let held_back = ENOUGH * (1.0 - LENGTH + LENGTH * length(count) / usual.max(1.0));
            for (word, weight) in count {
                let counts_for = weight * (ENOUGH + 1.0) / (weight + held_back);
                index.words.entry(word.clone()).or_default().on.push((at as u32, counts_for as f32));
            }
        }
        for page in pages {
            let texts = page.questions.iter().chain(&page.synonyms).chain(std::iter::once(&page.title));
            let all: BTreeSet<String> = texts.flat_map(|text| words(text)).collect();
            for word in all {
                index.words.entry(word).or_default().named += 1;
            }
        }
        for (at, words) in asked {
            let weight = words.iter().map(|word| index.rare(word)).sum();
            for word in words {
                index.words.entry(word).or_default().asked.push(index.questions.len() as u32);
            }
            index.questions.push((at, weight));
        }
        for word in index.words.values_mut() {
            word.on.shrink_to_fit();
            word.asked.shrink_to_fit();
        }
        index
    }

    /// Every page that has a word of the question, the best first.
    pub fn find(&self, typed: &str) -> Vec<Hit> {
        let mut seen = BTreeSet::new();
        let wanted: Vec<String> = words(typed).into_iter().filter(|word| seen.insert(word.clone())).collect();
        let mass: f64 = wanted.iter().map(|word| self.rare(word)).sum();
        let mut scores = vec![(0.0_f64, 0.0_f64); self.pages];
        let mut shared = vec![0.0_f64; self.questions.len()];
        for word in &wanted {
            let rare = self.rare(word);
            let mut said: Vec<(&str, f64)> = vec![(word, 1.0)];
            said.extend(nearly(word).map(|other| (other, NEARLY)));
            if !self.words.contains_key(word) {
                said.extend(self.slips(word).map(|other| (other, SLIP)));
            }
            let known: Vec<(&Word, f64)> =
                said.iter().filter_map(|(word, weight)| Some((self.words.get(*word)?, *weight))).collect();
            let named = known.iter().map(|(word, _)| word.named).max().unwrap_or(0);
            let certain = if self.words.contains_key(word) { 1.0 } else { GUESSED };
            let ours = (f64::from(named) / OURS).min(1.0) * certain;
            // The best of the word and its near neighbours, on each page and in each question.
            let mut best: BTreeMap<usize, f64> = BTreeMap::new();
            let mut told: BTreeMap<usize, f64> = BTreeMap::new();
            for (word, weight) in known {
                for (page, counts_for) in &word.on {
                    let most = best.entry(*page as usize).or_default();
                    *most = most.max(f64::from(*counts_for) * weight);
                }
                for question in &word.asked {
                    let most = told.entry(*question as usize).or_default();
                    *most = most.max(weight);
                }
            }
            for (page, counts_for) in best {
                scores[page].0 += rare * counts_for;
                scores[page].1 += rare * (counts_for / 1.2).min(1.0) * ours;
            }
            for (question, weight) in told {
                shared[question] += rare * weight;
            }
        }
        let mut alike = vec![0.0_f64; self.pages];
        for ((page, weight), shared) in self.questions.iter().zip(shared) {
            if mass > 0.0 && *weight > 0.0 {
                alike[*page] = alike[*page].max(shared / (mass * weight).sqrt());
            }
        }
        let mut hits: Vec<Hit> = scores
            .into_iter()
            .zip(alike)
            .enumerate()
            .filter(|(_, ((score, _), _))| *score > 0.0)
            .map(|(page, ((score, covered), alike))| {
                let score = score + ALIKE * alike * alike;
                let covered = covered / mass.max(f64::MIN_POSITIVE);
                Hit { page, score, sure: covered + SAME_WORDS * alike + score / STRONG, alike }
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.page.cmp(&b.page)));
        hits
    }

    /// Words that somebody may have meant who typed one that no page has.
    fn slips<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let first = word.chars().next();
        let length = word.chars().count();
        let most = match length {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        };
        self.words.keys().map(String::as_str).filter(move |other| {
            other.chars().next() == first
                && other.len().abs_diff(word.len()) <= 2
                && most > 0
                && (distance(other, word) <= most
                    || word.get(..6).is_some_and(|start| other.starts_with(start)))
        })
    }

    /// How much a word tells: much where few pages have it.
    fn rare(&self, word: &str) -> f64 {
        let have = self.words.get(word).map_or(UNKNOWN, |word| word.on.len()) as f64;
        let pages = self.pages as f64;
        (1.0 + (pages - have + 0.5) / (have + 0.5)).ln()
    }
}

/// The words of a text that tell something, as stems.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let mut joined = format!("{text} ");
    for (many, one) in TOGETHER {
        if joined.contains(many) {
            joined = joined.replace(many, one);
        }
    }
    joined
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.replace('\'', ""))
        .filter(|word| !word.is_empty() && !SILENT.contains(&word.as_str()))
        .map(|word| stem(&word))
        .collect()
}

/// What is one word in several.
const TOGETHER: [(&str, &str); 22] = [
    ("no opening", " noopening "),
    ("time zone", " timezone "),
    ("micro manag", "micromanag"),
    ("micro-manag", "micromanag"),
    ("say no ", " sayno "),
    ("saying no", " sayno "),
    ("said no", " sayno "),
    ("says no", " sayno "),
    ("1:1", " oneonone "),
    ("1-1", " oneonone "),
    ("1on1", " oneonone "),
    ("one-on-one", " oneonone "),
    ("one-to-one", " oneonone "),
    ("one on one", " oneonone "),
    ("one to one", " oneonone "),
    ("q&a", " qanda "),
    ("r&d", " engineering "),
    ("résumé", "resume"),
    ("cross-functional", "cross functional"),
    ("stand up", "standup"),
    ("road map", "roadmap"),
    ("follow-up", "follow up"),
];

/// Words that every question has.
const SILENT: &[&str] = &[
    "a",
    "about",
    "actually",
    "after",
    "again",
    "all",
    "always",
    "bit",
    "everybody",
    "everyone",
    "lot",
    "near",
    "never",
    "today",
    "tomorrow",
    "ton",
    "also",
    "am",
    "an",
    "and",
    "any",
    "anyone",
    "are",
    "arent",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "but",
    "by",
    "can",
    "cant",
    "could",
    "did",
    "didnt",
    "do",
    "does",
    "doesnt",
    "doing",
    "dont",
    "else",
    "even",
    "ever",
    "every",
    "for",
    "from",
    "get",
    "gets",
    "getting",
    "go",
    "goes",
    "going",
    "got",
    "had",
    "has",
    "have",
    "havent",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "hey",
    "hi",
    "him",
    "his",
    "how",
    "i",
    "id",
    "if",
    "ill",
    "im",
    "in",
    "into",
    "is",
    "isnt",
    "it",
    "its",
    "ive",
    "just",
    "know",
    "let",
    "like",
    "make",
    "makes",
    "making",
    "me",
    "mine",
    "more",
    "most",
    "much",
    "my",
    "myself",
    "need",
    "not",
    "now",
    "of",
    "off",
    "ok",
    "okay",
    "on",
    "one",
    "only",
    "or",
    "other",
    "our",
    "out",
    "over",
    "own",
    "please",
    "pm",
    "pms",
    "product",
    "really",
    "s",
    "she",
    "should",
    "so",
    "some",
    "someone",
    "something",
    "still",
    "such",
    "t",
    "than",
    "thanks",
    "that",
    "thats",
    "the",
    "their",
    "them",
    "then",
    "there",
    "theres",
    "these",
    "they",
    "theyre",
    "thing",
    "things",
    "this",
    "to",
    "too",
    "up",
    "us",
    "use",
    "very",
    "was",
    "wasnt",
    "way",
    "we",
    "well",
    "were",
    "what",
    "whats",
    "when",
    "where",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "without",
    "wont",
    "would",
    "you",
    "your",
];

/// The stem of an English word, lightly: plurals, -ing, -ed, -ion, -ment, and no closing e.
fn stem(word: &str) -> String {
    let word = word.strip_suffix("ize").map_or(word.to_owned(), |rest| format!("{rest}ise"));
    let word = word.replace("izing", "ising").replace("ization", "isation").replace("izat", "isat");
    let mut stem = word.as_str();
    if !stem.is_ascii() || stem.len() < 4 {
        return word;
    }
    let longer =
        |rest: &str, least: usize| rest.len() >= least && rest.bytes().any(|b| b"aeiouy".contains(&b));
    let owned;
    if let Some(rest) = stem.strip_suffix("ies").filter(|rest| rest.len() > 2) {
        owned = format!("{rest}y");
        stem = &owned;
    } else if let Some(rest) = stem.strip_suffix("sses") {
        owned = format!("{rest}ss");
        stem = &owned;
    } else if let Some(rest) = stem.strip_suffix('s').filter(|rest| !rest.ends_with(['s', 'u', 'i'])) {
        stem = rest;
    }
    for end in ["ing", "ed"] {
        if let Some(rest) = stem.strip_suffix(end).filter(|rest| longer(rest, 3)) {
            let bytes = rest.as_bytes();
            let doubled =
                bytes[bytes.len() - 1] == bytes[bytes.len() - 2] && !rest.ends_with(['l', 's', 'z']);
            stem = if doubled { &rest[..rest.len() - 1] } else { rest };
            break;
        }
    }
    for end in ["ment", "ion", "ly"] {
        if let Some(rest) = stem.strip_suffix(end).filter(|rest| longer(rest, 5)) {
            stem = rest;
            break;
        }
    }
    let stem = stem.strip_suffix('e').filter(|rest| rest.len() >= 3).unwrap_or(stem);
    if let Some(rest) = stem.strip_suffix('y').filter(|rest| rest.len() >= 3) {
        return format!("{rest}i");
    }
    stem.to_owned()
}

/// Words, as stems, that people use for the same thing.
const SAME: &[&[&str]] = &[
    &["boss", "manager", "supervisor"],
    &["cv", "resum"],
    &["exec", "executiv", "ceo", "cpo", "cto", "leadership"],
    &["cfo", "financ"],
    &["colleagu", "peer", "coworker", "teammat"],
    &["promot", "rais"],
    &["ic", "contributor"],
    &["staff", "principal"],
    &["director", "vp", "head"],
    &["fight", "conflict", "argu", "disput", "feud", "quarrel", "war"],
    &["scar", "afraid", "nervou", "nerv", "anxiou", "dread", "terrifi", "panic"],
    &["job", "role", "post"],
    &["organisat", "org", "compani"],
    &["dev", "engineer", "developer"],
    &["deleg", "delegat", "handov", "hand"],
    &["micromanag", "hover"],
    &["talk", "convers", "chat"],
    &["interview", "interviewer"],
    &["rival", "competitor", "competit"],
    &["sceptic", "sceptical", "skeptic", "skeptical"],
    &["sector", "industri", "domain"],
    &["stuck", "block"],
    &["refus", "declin", "reject"],
    &["headcount", "hir"],
    &["imposter", "impostor"],
    &["grow", "develop", "improv"],
    &["coach", "mentor"],
    &["visibl", "notic", "seen"],
    &["metric", "number", "kpi"],
    &["tell", "say"],
    &["disagre", "contradict", "critic"],
    &["rescu", "fix"],
    &["leav", "holidai", "vacat", "absenc"],
    &["perf", "performanc"],
];

fn nearly<'a>(word: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let groups = SAME.iter().filter(move |group| {
        let group: &[&str] = group;
        group.contains(&word)
    });
    groups.flat_map(|group| group.iter().copied()).filter(move |other| *other != word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_meet_at_their_stems() {
        for (one, other) in [
            ("delegating", "delegate"),
            ("delegation", "delegated"),
            ("promotions", "promoted"),
            ("companies", "company"),
            ("stopped", "stopping"),
            ("prices", "pricing"),
            ("prioritize", "prioritise"),
            ("management", "managing"),
            ("bosses", "boss"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        assert_ne!(stem("manager"), stem("managing"));
        assert_eq!(words("How do I run a 1:1?"), ["run", &stem("oneonone")]);
    }
}
