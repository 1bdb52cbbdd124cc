//! A header held against its table of keys: every key known, needed ones there, each of its form.

use super::keys::{Form, Key, how_many};
use super::nearest;
use super::problem::Problem;
use super::source::Source;
use super::yaml::{Node, Shape};

/// A piece of text and the line it starts on.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub line: usize,
    pub text: String,
}

impl Text {
    /// The line of the file of this place in the text. YAML folds lines together, so counting is only
    /// the first guess; then the word that stands there is looked for.
    pub fn line_of(&self, at: usize, source: &Source) -> usize {
        let word_start = self.text[..at].trim_end_matches(|c: char| !c.is_whitespace()).len();
        let word = self.text[word_start..].split_whitespace().next().unwrap_or_default();
        let counted = self.line + self.text[..at].matches('\n').count();
        let has_word =
            |line: usize| source.text.lines().nth(line - 1).is_some_and(|text| text.contains(word));
        if has_word(counted) {
            return counted;
        }
        (self.line..self.line + 40).find(|line| has_word(*line)).unwrap_or(self.line)
    }

    /// The line of these words, which the text holds in some mixture of capitals and small letters.
    pub fn line_of_words(&self, words: &str, source: &Source) -> usize {
        let lines = || source.text.lines().map(str::to_lowercase).enumerate().skip(self.line - 1);
        let first = words.split_whitespace().next().unwrap_or_default();
        let with = |words: &str| lines().find(|(_, line)| line.contains(words)).map(|(n, _)| n + 1);
        with(words).or(with(first)).unwrap_or(self.line)
    }
}

#[derive(Debug)]
pub enum Value {
    Text(Text),
    Number(u32),
    Texts(Vec<Text>),
    Maps(Vec<Fields>),
}

/// What a map holds, with only known keys in it.
#[derive(Debug)]
pub struct Fields {
    pub values: Vec<(&'static str, Value)>,
}

impl Fields {
    fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub fn text(&self, name: &str) -> Option<&Text> {
        match self.get(name) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        match self.get(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Nothing where the key is not there.
    pub fn texts(&self, name: &str) -> &[Text] {
        match self.get(name) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    pub fn maps(&self, name: &str) -> &[Fields] {
        match self.get(name) {
            Some(Value::Maps(maps)) => maps,
            _ => &[],
        }
    }

    /// Every text in here with its key, in the order of the file: "branches.say".
    pub fn all_texts(&self) -> Vec<(String, &Text)> {
        let mut all = Vec::new();
        for (name, value) in &self.values {
            match value {
                Value::Text(text) => all.push(((*name).to_owned(), text)),
                Value::Texts(texts) => all.extend(texts.iter().map(|text| ((*name).to_owned(), text))),
                Value::Maps(maps) => {
                    let inner = maps.iter().flat_map(Fields::all_texts);
                    all.extend(inner.map(|(inside, text)| (format!("{name}.{inside}"), text)));
                }
                Value::Number(_) => {}
            }
        }
        all
    }
}

/// Reads a map by its table. `thing` names it in messages: "a tip".
pub fn read(
    node: &Node,
    keys: &[&'static Key],
    thing: &str,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Fields {
    let mut fields = Fields { values: Vec::new() };
    let Shape::Map(pairs) = &node.shape else {
        let what = format!("{thing} is written as `key: value` lines, and this is {}", shape(node));
        let names: Vec<_> = keys.iter().map(|key| format!("`{}: …`", key.name)).collect();
        problems.push(source.broken(node.line, what, format!("write {}", names.join(", "))));
        return fields;
    };
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for (name, value) in pairs {
        if let Some((_, first)) = seen.iter().find(|(seen, _)| *seen == name.name) {
            let what = format!("`{}` stands here a second time (first on line {first})", name.name);
            problems.push(source.broken(name.line, what, "keep one of the two"));
            continue;
        }
        seen.push((&name.name, name.line));
        match keys.iter().find(|key| key.name == name.name) {
            Some(key) => {
                if let Some(value) = read_value(value, name.line, key, source, problems) {
                    fields.values.push((key.name, value));
                }
            }
            None => {
                let names = || keys.iter().map(|key| key.name);
                let hint = nearest::hint(&name.name, names());
                let what = format!("{thing} has no key `{}`{hint}", clip(&name.name));
                let list: Vec<_> = names().map(|name| format!("`{name}`")).collect();
                problems.push(source.broken(name.line, what, format!("use only {}", list.join(", "))));
            }
        }
    }
    for key in keys.iter().filter(|key| key.needed) {
        if !seen.iter().any(|(name, _)| *name == key.name) {
            let what = format!("`{}` is missing", key.name);
            problems.push(source.broken(node.line, what, format!("add a line `{}`", example(key))));
        }
    }
    fields
}

fn read_value(
    node: &Node,
    key_line: usize,
    key: &'static Key,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    let name = key.name;
    let mut broken = |line: usize, what: String, instead: String| {
        problems.push(source.broken(line, what, instead));
        None
    };
    if is_empty(node) {
        let or = if key.needed { "" } else { " or leave the key out" };
        return broken(key_line, format!("`{name}` is empty"), format!("write `{}`{or}", example(key)));
    }
    match (&key.form, &node.shape) {
        (Form::Text, Shape::Text(text)) => Some(Value::Text(text_at(node.line, text))),
        (Form::Number(from, to), Shape::Text(text)) => match text.trim().parse::<u32>() {
            Ok(number) if (*from..=*to).contains(&number) => Some(Value::Number(number)),
            _ => {
                let what = format!("`{name}` is `{}`", clip(text));
                broken(node.line, what, format!("write a whole number from {from} to {to}"))
            }
        },
        (Form::OneOrMore, Shape::Text(text)) => Some(Value::Texts(vec![text_at(node.line, text)])),
        (Form::OneOrMore, Shape::List(items)) => read_texts(items, name, source, problems),
        (Form::Texts(least, most), Shape::List(items)) => {
            let texts = read_texts(items, name, source, problems);
            count(items.len(), (*least, *most), key_line, name, source, problems);
            texts
        }
        (Form::Maps(least, most, keys), Shape::List(items)) => {
            let keys: Vec<&'static Key> = keys.iter().collect();
            let thing = format!("each part of `{name}`");
            let maps = items.iter().map(|item| read(item, &keys, &thing, source, problems)).collect();
            count(items.len(), (*least, *most), key_line, name, source, problems);
            Some(Value::Maps(maps))
        }
        (Form::Map(keys), Shape::Map(_)) => {
            let keys: Vec<&'static Key> = keys.iter().collect();
            Some(Value::Maps(vec![read(node, &keys, &format!("`{name}`"), source, problems)]))
        }
        (Form::Text, Shape::Map(_)) => broken(
            node.line,
            format!("`{name}` is one text, and this reads as keys with values"),
            "put the whole text into double quotes if it holds a colon".into(),
        ),
        _ => {
            let what = format!("`{name}` takes {}, and this is {}", key.form.in_words(), shape(node));
            broken(node.line, what, format!("write `{}`", example(key)))
        }
    }
}

fn read_texts(items: &[Node], name: &str, source: &Source, problems: &mut Vec<Problem>) -> Option<Value> {
    let mut texts = Vec::new();
    for item in items {
        match &item.shape {
            Shape::Text(text) if !text.trim().is_empty() => texts.push(text_at(item.line, text)),
            Shape::Map(_) => problems.push(source.broken(
                item.line,
                format!("in `{name}` every line is one text, and this reads as a key with a value"),
                "put the whole line into double quotes, because it holds a colon",
            )),
            _ => problems.push(source.broken(
                item.line,
                format!("in `{name}` every line is one text, and this is {}", shape(item)),
                "write some words after `- `, or remove the line",
            )),
        }
    }
    (texts.len() == items.len()).then_some(Value::Texts(texts))
}

fn count(
    n: usize,
    (least, most): (usize, usize),
    line: usize,
    name: &str,
    source: &Source,
    problems: &mut Vec<Problem>,
) {
    if !(least..=most).contains(&n) {
        let what = format!("`{name}` has {n}");
        problems.push(source.broken(line, what, format!("write {}", how_many(least, most))));
    }
}

fn text_at(line: usize, text: &str) -> Text {
    Text { line, text: text.trim().to_owned() }
}

fn is_empty(node: &Node) -> bool {
    match &node.shape {
        Shape::Empty => true,
        Shape::Text(text) => text.trim().is_empty(),
        Shape::List(items) => items.is_empty(),
        Shape::Map(pairs) => pairs.is_empty(),
    }
}

fn shape(node: &Node) -> &'static str {
    match &node.shape {
        Shape::Empty => "nothing",
        Shape::Text(_) => "one text",
        Shape::List(_) => "a list",
        Shape::Map(_) => "a map of keys and values",
    }
}

fn example(key: &Key) -> String {
    match key.form {
        Form::Text => format!("{}: …", key.name),
        Form::Number(from, _) => format!("{}: {from}", key.name),
        Form::OneOrMore => format!("{}: [one, another]", key.name),
        Form::Texts(..) => format!("{}:", key.name) + "` and below it lines that begin with `  - ",
        Form::Maps(_, _, keys) => {
            let first = keys.first().map_or("", |key| key.name);
            format!("{}:` and below it parts that begin with `  - {first}: ", key.name)
        }
        Form::Map(keys) => {
            let first = keys.first().map_or("", |key| key.name);
            format!("{}:` and below it lines such as `  {first}: ", key.name)
        }
    }
}

/// A stranger's word, short enough for a message.
pub fn clip(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut line: String = words.collect::<Vec<_>>().join(" ");
    if line.chars().count() > 60 {
        line = line.chars().take(59).collect::<String>() + "…";
    }
    line
}
