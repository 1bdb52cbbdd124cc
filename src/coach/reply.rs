//! What is said, not how it is drawn: replies, buttons and forms.
//!
//! `slack/render.rs` draws them, `slack/form.rs` reads a form's answer by the form that asked.

use super::action::Action;

/// Something to say. Parts come in reading order; the same words make the message and its plain text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Plain text, one line.
    Heading(String),
    /// Our own words, in Markdown.
    Text(String),
    List(Vec<String>),
    Steps(Vec<String>),
    /// What a person typed, to the letter: never read as markup. The label is ours and may be empty.
    Typed {
        label: String,
        words: String,
    },
    /// Our own words in small print, in Markdown.
    Note(String),
    Buttons(Vec<Button>),
    Choice(Choice),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    pub label: String,
    pub action: Action,
    pub look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    /// The one next step; at most one in a reply.
    Primary,
    /// Cannot be taken back.
    Danger,
}

/// A menu in a message: choosing is acting.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub label: String,
    /// What is read, and what it does. Slack takes up to a hundred.
    pub options: Vec<(String, Action)>,
}

impl Button {
    pub fn new(label: impl Into<String>, action: Action) -> Self {
        Self { label: label.into(), action, look: Look::Plain }
    }

    pub fn primary(label: impl Into<String>, action: Action) -> Self {
        Self { look: Look::Primary, ..Self::new(label, action) }
    }

    pub fn danger(label: impl Into<String>, action: Action) -> Self {
        Self { look: Look::Danger, ..Self::new(label, action) }
    }
}

impl Reply {
    pub fn text(words: impl Into<String>) -> Self {
        Self::default().and_text(words)
    }

    pub fn headed(words: impl Into<String>) -> Self {
        Self { parts: vec![Part::Heading(words.into())] }
    }

    pub fn and_text(self, words: impl Into<String>) -> Self {
        self.and(Part::Text(words.into()))
    }

    pub fn and_note(self, words: impl Into<String>) -> Self {
        self.and(Part::Note(words.into()))
    }

    pub fn and_typed(self, label: impl Into<String>, words: impl Into<String>) -> Self {
        self.and(Part::Typed { label: label.into(), words: words.into() })
    }

    pub fn and_buttons(self, buttons: Vec<Button>) -> Self {
        self.and(Part::Buttons(buttons))
    }

    pub fn and(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    pub fn and_all(mut self, other: Reply) -> Self {
        self.parts.extend(other.parts);
        self
    }
}

/// A modal: what it asks, and enough to know what the answer is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub about: About,
    /// At most 24 characters.
    pub title: String,
    /// At most 24 characters.
    pub submit: String,
    /// Shown above the fields.
    pub intro: Vec<Part>,
    pub fields: Vec<Field>,
}

/// What a form is about. It travels with the form and comes back with the answer; ids in it are
/// looked up again among the person's own rows, never believed.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    /// Taking on this challenge, or this tip as one.
    TakeOn {
        prompt: String,
    },
    NewCard,
    EditCard {
        card: String,
    },
    Settings,
    Rhythm,
    /// On which day to come back with the nudge of this week.
    Remind {
        week: String,
        prompt: String,
    },
    /// The day of the talk with the manager.
    Talk,
    /// The few questions at the beginning.
    Begin,
    /// Who confirmed a card, and what lasted.
    Confirm {
        card: String,
    },
    /// What a case needs besides: goal, others, a level up.
    TellMore {
        card: String,
    },
    /// One skill, and then the next that is due.
    RateNext {
        skill: String,
    },
    RateOne {
        skill: String,
    },
    RateAll,
    /// Another self-assessment of the library.
    Assess {
        assessment: String,
    },
}

impl About {
    /// The card it is about, which has to be loaded.
    pub fn card(&self) -> Option<&str> {
        match self {
            About::EditCard { card } | About::Confirm { card } | About::TellMore { card } => Some(card),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub id: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub optional: bool,
    pub control: Control,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Control {
    Line {
        initial: String,
    },
    Paragraph {
        initial: String,
    },
    /// Pairs of what is sent back and what is read.
    Select {
        options: Vec<(String, String)>,
        initial: Option<String>,
    },
    /// The same, all of it in sight; what is read may be a sentence.
    Radio {
        options: Vec<(String, String)>,
        initial: Option<String>,
    },
    Date {
        initial: Option<jiff::civil::Date>,
    },
    Time {
        initial: Option<jiff::civil::Time>,
    },
}

impl Field {
    pub fn new(id: &'static str, label: impl Into<String>, control: Control) -> Self {
        Self { id, label: label.into(), hint: None, optional: false, control }
    }

    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    pub fn hint(mut self, words: impl Into<String>) -> Self {
        self.hint = Some(words.into());
        self
    }
}

/// A form that came back: the text of each field by its id; what was left empty is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Minted when the form was drawn: the same key twice is one effect.
    pub key: String,
    pub about: About,
    pub values: std::collections::BTreeMap<String, String>,
}

impl Submission {
    pub fn value(&self, id: &str) -> &str {
        self.values.get(id).map_or("", String::as_str)
    }
}

/// A field's id and what is wrong with what stands in it.
pub type FieldError = (&'static str, String);
