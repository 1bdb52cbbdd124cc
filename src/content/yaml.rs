//! YAML as a tree in which every node knows its line.
//!
//! The tree is untyped on purpose: a wrong value must still have its line, so that `fields` can say
//! what is wrong with all of them at once instead of stopping at the first.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Options, Spanned};

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// In the file, counted from 1.
    pub line: usize,
    pub shape: Shape,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Empty,
    /// Any scalar, quoted or not: `7`, `true` and `"seven"` are all text here.
    Text(String),
    List(Vec<Node>),
    /// Pairs in their order, repeated keys included.
    Map(Vec<(Key, Node)>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub line: usize,
    pub name: String,
}

/// Where YAML could not be read at all, and the parser's own words for it.
#[derive(Debug)]
pub struct Broken {
    pub line: usize,
    pub why: String,
}

/// `first_line` is the line of the file on which `text` starts.
pub fn parse(text: &str, first_line: usize) -> Result<Node, Broken> {
    // A tab cannot indent in YAML, but an editor that writes tabs should not be a reason to fail.
    let text: String = text.split_inclusive('\n').map(tabs_to_spaces).collect();
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Node { line: first_line, shape: Shape::Map(Vec::new()) });
    }
    match serde_saphyr::from_str_with_options::<Spanned<Shape>>(&text, options()) {
        Ok(root) => {
            let mut root = node(root);
            shift(&mut root, first_line - 1);
            Ok(root)
        }
        Err(error) => {
            let line = error.location().map_or(1, |location| location.line().max(1) as usize);
            let why = in_words(&error.without_snippet().to_string());
            Err(Broken { line: first_line - 1 + line.min(text.lines().count()), why })
        }
    }
}

/// The parser counts lines from the start of the header, and has a word for what only we forbid.
fn in_words(why: &str) -> String {
    match why.split(" at line ").next() {
        Some(why) if !why.starts_with("budget breached") => why.to_owned(),
        _ => "anchors, aliases and deep nesting are not for prompts".to_owned(),
    }
}

fn tabs_to_spaces(line: &str) -> String {
    let rest = line.trim_start_matches([' ', '\t']);
    line[..line.len() - rest.len()].replace('\t', "  ") + rest
}

fn options() -> Options {
    serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        strict_booleans: true,
        with_snippet: false,
        // Our headers nest four deep. More would only eat the stack, and aliases the time.
        budget: serde_saphyr::budget! {
            max_depth: 12,
            max_anchors: 0,
            max_aliases: 0,
        },
    }
}

fn node(spanned: Spanned<Shape>) -> Node {
    Node { line: spanned.referenced.line() as usize, shape: spanned.value }
}

fn shift(node: &mut Node, by: usize) {
    node.line = node.line.max(1) + by;
    match &mut node.shape {
        Shape::Empty | Shape::Text(_) => {}
        Shape::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Shape::Map(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            key.line = key.line.max(1) + by;
            shift(value, by);
        }),
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor)
    }
}

struct ShapeVisitor;

impl<'de> Visitor<'de> for ShapeVisitor {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("text, a list or a map")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_i128<E>(self, value: i128) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_u128<E>(self, value: u128) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_string()))
    }
    fn visit_str<E>(self, value: &str) -> Result<Shape, E> {
        Ok(Shape::Text(value.to_owned()))
    }
    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Empty)
    }
    fn visit_none<E>(self) -> Result<Shape, E> {
        Ok(Shape::Empty)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        Shape::deserialize(deserializer)
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        Shape::deserialize(deserializer)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Spanned<Shape>>()? {
            items.push(node(item));
        }
        Ok(Shape::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Spanned<Shape>>()? {
            pairs.push((Key { line: key.referenced.line() as usize, name: key.value }, node(value)));
        }
        Ok(Shape::Map(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node, out: &mut String) {
        match &node.shape {
            Shape::Empty => out.push_str(&format!("{}:~ ", node.line)),
            Shape::Text(text) => out.push_str(&format!("{}:{text:?} ", node.line)),
            Shape::List(items) => {
                out.push_str("[ ");
                items.iter().for_each(|item| show(item, out));
                out.push_str("] ");
            }
            Shape::Map(pairs) => {
                out.push_str("{ ");
                for (key, value) in pairs {
                    out.push_str(&format!("{}:{}= ", key.line, key.name));
                    show(value, out);
                }
                out.push_str("} ");
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = String::new();
        match parse(text, 2) {
            Ok(node) => show(&node, &mut out),
            Err(broken) => out = format!("broken at {}", broken.line),
        }
        assert_eq!(out.trim_end(), expected);
    }

    #[test]
    fn every_node_knows_its_line() {
        check("a: 1\nb: [x, no, 1:1]\n", r#"{ 2:a= 2:"1" 3:b= [ 3:"x" 3:"no" 3:"1:1" ] }"#);
        check(
            "a:\n  - one\n  - if: true\n    say: x\n",
            r#"{ 2:a= [ 3:"one" { 4:if= 4:"true" 5:say= 5:"x" } ] }"#,
        );
        check("a: >-\n  one\n  two\nb: ~\nc:\n", r#"{ 2:a= 3:"one two" 5:b= 5:~ 6:c= 6:~ }"#);
        check("a: 1\na: 2\n", r#"{ 2:a= 2:"1" 3:a= 3:"2" }"#);
        check("a:\n\t- one\n\t- two\n", r#"{ 2:a= [ 3:"one" 4:"two" ] }"#);
        check("", "{ }");
        check("# only a comment\n", "{ }");
        check("just words", r#"2:"just words""#);
        check("w: 007\nx: 1e999\n", r#"{ 2:w= 2:"007" 3:x= 3:".inf" }"#);
    }

    #[test]
    fn what_is_not_yaml_has_a_line_too() {
        check("a: b: c\n", "broken at 2");
        check("a: 1\nb: \"open\n", "broken at 3");
        check("a: [1, 2\nb: 3\n", "broken at 3");
        check("a: @home\n", "broken at 2");
        check(&"[".repeat(400), "broken at 2");
        check(&"- ".repeat(400), "broken at 2");
        check("a: &x 1\nb: *x\n", "broken at 2");
        check("a: 1\n...\n---\nb: 2\n", "broken at 5");
        check("? [a, b]\n: c\n", "broken at 2");
    }
}
