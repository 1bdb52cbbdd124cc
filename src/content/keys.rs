//! Which keys a prompt may have, and what each must hold. The table in `prompts/README.md` says the
//! same to writers, and a test holds the two together.

use crate::coach::library::Kind;

#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub needed: bool,
    pub form: Form,
}

#[derive(Debug)]
pub enum Form {
    Text,
    /// A whole number, from and to.
    Number(u32, u32),
    /// One text, or a list of them.
    OneOrMore,
    /// A list of texts, at least and at most.
    Texts(usize, usize),
    /// A list of small maps, at least and at most.
    Maps(usize, usize, &'static [Key]),
    Map(&'static [Key]),
}

impl Form {
    /// As the table for writers says it.
    pub fn in_words(&self) -> String {
        match self {
            Form::Text => "text".into(),
            Form::Number(from, to) => format!("number {from}–{to}"),
            Form::OneOrMore => "one or a list".into(),
            Form::Texts(least, most) => format!("list of {}", how_many(*least, *most)),
            Form::Maps(least, most, keys) => {
                format!("list of {} {}", how_many(*least, *most), names(keys))
            }
            Form::Map(keys) => names(keys),
        }
    }
}

pub fn how_many(least: usize, most: usize) -> String {
    if least == most { least.to_string() } else { format!("{least}–{most}") }
}

fn names(keys: &[Key]) -> String {
    let names: Vec<String> = keys
        .iter()
        .map(|key| if key.needed { format!("`{}`", key.name) } else { format!("`{}`?", key.name) })
        .collect();
    names.join(" + ")
}

const fn must(name: &'static str, form: Form) -> Key {
    Key { name, needed: true, form }
}

const fn may(name: &'static str, form: Form) -> Key {
    Key { name, needed: false, form }
}

/// The keys of every kind.
pub const COMMON: &[Key] = &[
    must("id", Form::Text),
    must("title", Form::Text),
    must("skill", Form::OneOrMore),
    must("rungs", Form::OneOrMore),
    must("minutes", Form::Number(1, 480)),
    may("span", Form::Text),
    must("why", Form::Text),
    must("source", Form::OneOrMore),
    must("questions", Form::Texts(3, 16)),
    may("synonyms", Form::Texts(1, 40)),
    may("next", Form::OneOrMore),
    may("recurs", Form::Number(1, 104)),
];

/// The keys that only this kind has, in the order in which a reader meets them.
pub fn own(kind: Kind) -> &'static [Key] {
    match kind {
        Kind::Skill => SKILL,
        Kind::Tip => TIP,
        Kind::Script => SCRIPT,
        Kind::Challenge => CHALLENGE,
        Kind::Nudge => NUDGE,
        Kind::Rehearsal => REHEARSAL,
        Kind::Assessment => ASSESSMENT,
        Kind::Arc => ARC,
    }
}

const SKILL: &[Key] =
    &[must("short", Form::Text), must("targets", Form::Map(TARGETS)), must("levels", Form::Texts(4, 4))];

const TARGETS: &[Key] = &[
    must("staff-principal", Form::Number(1, 4)),
    must("director-head", Form::Number(1, 4)),
    must("vp-cpo", Form::Number(1, 4)),
];

const TIP: &[Key] = &[must("weak", Form::Text), must("strong", Form::Text), must("plan", Form::Text)];

const SCRIPT: &[Key] = &[
    must("when", Form::Text),
    must("rules", Form::Texts(3, 3)),
    must("weak", Form::Text),
    must("strong", Form::Text),
    must("branches", Form::Maps(3, 3, BRANCH)),
    must("follow_up", Form::Text),
    must("evidence", Form::Text),
    must("plan", Form::Text),
];

const BRANCH: &[Key] = &[must("if", Form::Text), must("say", Form::Text)];

const CHALLENGE: &[Key] = &[
    must("goal", Form::Text),
    must("steps", Form::Texts(3, 5)),
    must("done_when", Form::Text),
    must("evidence", Form::Text),
    must("rubric", Form::Texts(3, 3)),
    must("plan", Form::Text),
];

const NUDGE: &[Key] =
    &[must("plan", Form::Text), may("event", Form::Text), may("stages", Form::Maps(1, 8, MOMENT))];

const MOMENT: &[Key] = &[must("when", Form::Text), must("do", Form::Text)];

const REHEARSAL: &[Key] =
    &[must("asks", Form::Texts(6, 6)), must("tips", Form::Texts(6, 6)), must("scoring", Form::Text)];

const ASSESSMENT: &[Key] =
    &[must("scale", Form::Texts(2, 4)), must("items", Form::Maps(5, 10, ITEM)), must("after", Form::Text)];

const ITEM: &[Key] = &[must("ask", Form::Text), must("show", Form::Text), may("skill", Form::Text)];

const ARC: &[Key] = &[must("stages", Form::Maps(1, 26, STAGE))];

const STAGE: &[Key] =
    &[must("when", Form::Text), must("focus", Form::Text), must("do", Form::Text), may("prompt", Form::Text)];

/// A challenge's steps may say it all; everything else needs a text.
pub const fn needs_body(kind: Kind) -> bool {
    !matches!(kind, Kind::Challenge)
}

/// What can bring an event nudge.
pub const EVENTS: [&str; 10] = [
    "one-to-one-tomorrow",
    "manager-talk",
    "review-season",
    "quarter-planning",
    "new-goals",
    "back-from-leave",
    "challenge-unlogged",
    "three-ignored",
    "new-role",
    "first-evidence",
];
