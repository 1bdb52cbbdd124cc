//! What the coach knows: skills and prompts, already known to be sound.
//!
//! `content` reads the files and refuses whatever is wrong; from here on nothing can be missing.
//! Nothing in this module knows that prompts were once files.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use super::search::{Index, NEAR, PERHAPS, Page, SURE};

/// The source of what came from nobody else.
pub const OURS: &str = "our own";

/// Names a prompt, for ever: the file name without its ending, such as `ear-options-decision`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(String);

impl PromptId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where somebody wants to go. `Contributor` stays on that track by choice and has the targets of
/// `StaffPrincipal`; `Undecided` has each skill's lowest target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    StaffPrincipal,
    DirectorHead,
    VpCpo,
    Contributor,
    Undecided,
}

impl Rung {
    pub const ALL: [Rung; 5] =
        [Rung::StaffPrincipal, Rung::DirectorHead, Rung::VpCpo, Rung::Contributor, Rung::Undecided];

    /// The word in files, forms and the database.
    pub fn id(self) -> &'static str {
        match self {
            Rung::StaffPrincipal => "staff-principal",
            Rung::DirectorHead => "director-head",
            Rung::VpCpo => "vp-cpo",
            Rung::Contributor => "contributor",
            Rung::Undecided => "undecided",
        }
    }

    /// The words that a person reads.
    pub fn title(self) -> &'static str {
        match self {
            Rung::StaffPrincipal => "Staff or Principal PM",
            Rung::DirectorHead => "Director or Head of Product",
            Rung::VpCpo => "VP Product or CPO",
            Rung::Contributor => "Staying a contributor, by choice",
            Rung::Undecided => "Not decided yet",
        }
    }

    pub fn from_id(id: &str) -> Option<Rung> {
        Rung::ALL.into_iter().find(|rung| rung.id() == id)
    }
}

/// One of the nine competencies (curriculum 12), with four levels that others could observe.
#[derive(Clone, Debug, PartialEq)]
pub struct Skill {
    pub levels: [String; 4],
    /// The level wanted, 1 to 4, at each of the three rungs that have targets.
    pub staff_principal: u8,
    pub director_head: u8,
    pub vp_cpo: u8,
    /// At most 24 characters, for buttons and charts.
    pub short: String,
}

impl Skill {
    /// The level that this rung asks for, 1 to 4.
    pub fn target(&self, rung: Rung) -> u8 {
        match rung {
            Rung::StaffPrincipal | Rung::Contributor => self.staff_principal,
            Rung::DirectorHead => self.director_head,
            Rung::VpCpo => self.vp_cpo,
            Rung::Undecided => self.staff_principal.min(self.director_head).min(self.vp_cpo),
        }
    }
}

/// What stands in only one kind of prompt. All texts are Markdown with placeholders.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    Skill(Skill),
    Tip { weak: String, strong: String, plan: String },
    Script(Script),
    Challenge(Challenge),
    Nudge(Nudge),
    Rehearsal { asks: Vec<String>, tips: Vec<String>, scoring: String },
    Assessment { scale: Vec<String>, items: Vec<Item>, after: String },
    Arc { stages: Vec<Stage> },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub when: String,
    pub rules: Vec<String>,
    pub weak: String,
    pub strong: String,
    pub branches: Vec<Branch>,
    pub follow_up: String,
    pub evidence: String,
    pub plan: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// What they do: "they are keen".
    pub when: String,
    pub say: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Challenge {
    pub goal: String,
    pub steps: Vec<String>,
    pub done_when: String,
    pub evidence: String,
    /// Weak, sound, strong.
    pub rubric: [String; 3],
    /// The if-then starter.
    pub plan: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Nudge {
    pub plan: String,
    /// None for a weekly nudge, else the event that brings it.
    pub event: Option<String>,
    /// For a nudge that comes at several moments.
    pub stages: Vec<Moment>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub when: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub ask: String,
    pub show: String,
    pub skill: Option<PromptId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub when: String,
    pub focus: String,
    pub text: String,
    pub prompt: Option<PromptId>,
}

/// The folder a prompt stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Skill,
    Tip,
    Script,
    Challenge,
    Nudge,
    Rehearsal,
    Assessment,
    Arc,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Skill,
        Kind::Tip,
        Kind::Script,
        Kind::Challenge,
        Kind::Nudge,
        Kind::Rehearsal,
        Kind::Assessment,
        Kind::Arc,
    ];

    pub fn folder(self) -> &'static str {
        match self {
            Kind::Skill => "skills",
            Kind::Tip => "tips",
            Kind::Script => "scripts",
            Kind::Challenge => "challenges",
            Kind::Nudge => "nudges",
            Kind::Rehearsal => "rehearsals",
            Kind::Assessment => "assessments",
            Kind::Arc => "arcs",
        }
    }

    /// The word for one of them: "tip".
    pub fn noun(self) -> &'static str {
        self.folder().trim_end_matches('s')
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    pub id: PromptId,
    pub title: String,
    /// Never empty; the first is the main one. A skill names itself.
    pub skills: Vec<PromptId>,
    /// Never empty: the wanted rungs that this prompt helps towards.
    pub rungs: Vec<Rung>,
    /// The time of one sitting.
    pub minutes: u32,
    /// Where it stretches over days or weeks, in words.
    pub span: Option<String>,
    pub why: String,
    /// Never empty: whom to credit, as the reader sees it ("Rich Mironov, …"; "ours").
    pub sources: Vec<String>,
    pub questions: Vec<String>,
    pub synonyms: Vec<String>,
    pub next: Vec<PromptId>,
    /// Weeks after which it may come again by itself.
    pub recurs: Option<u32>,
    /// Markdown; for some kinds it may be empty.
    pub body: String,
    pub detail: Detail,
}

impl Prompt {
    pub fn kind(&self) -> Kind {
        match self.detail {
            Detail::Skill(_) => Kind::Skill,
            Detail::Tip { .. } => Kind::Tip,
            Detail::Script(_) => Kind::Script,
            Detail::Challenge(_) => Kind::Challenge,
            Detail::Nudge(_) => Kind::Nudge,
            Detail::Rehearsal { .. } => Kind::Rehearsal,
            Detail::Assessment { .. } => Kind::Assessment,
            Detail::Arc { .. } => Kind::Arc,
        }
    }

    pub fn skill(&self) -> &PromptId {
        &self.skills[0]
    }

    pub fn fits(&self, rung: Rung) -> bool {
        self.rungs.contains(&rung)
    }

    pub fn is_weekly_nudge(&self) -> bool {
        matches!(&self.detail, Detail::Nudge(nudge) if nudge.event.is_none())
    }

    /// Not so a nudge that tells what has happened between us: said to anybody else it would not be true.
    fn answers_questions(&self) -> bool {
        const HAPPENED_HERE: [&str; 4] =
            ["challenge-unlogged", "first-evidence", "manager-talk", "three-ignored"];
        match &self.detail {
            Detail::Nudge(nudge) => {
                !nudge.event.as_deref().is_some_and(|event| HAPPENED_HERE.contains(&event))
            }
            _ => true,
        }
    }

    /// The words by which it can be found.
    fn page(&self) -> Page<'_> {
        let mut body = vec![self.body.as_str(), self.why.as_str()];
        match &self.detail {
            Detail::Skill(skill) => body.extend(skill.levels.iter().map(String::as_str)),
            Detail::Tip { weak, strong, plan } => body.extend([weak.as_str(), strong, plan]),
            Detail::Script(script) => {
                body.extend([
                    script.when.as_str(),
                    &script.weak,
                    &script.strong,
                    &script.follow_up,
                    &script.evidence,
                ]);
                body.extend(script.rules.iter().map(String::as_str));
                body.extend(script.branches.iter().flat_map(|branch| [branch.when.as_str(), &branch.say]));
            }
            Detail::Challenge(challenge) => {
                body.extend([challenge.goal.as_str(), &challenge.done_when, &challenge.evidence]);
                body.extend(challenge.steps.iter().map(String::as_str));
            }
            Detail::Nudge(nudge) => body.push(&nudge.plan),
            Detail::Rehearsal { asks, tips, .. } => body.extend(asks.iter().chain(tips).map(String::as_str)),
            Detail::Assessment { items, after, .. } => {
                body.push(after);
                body.extend(items.iter().map(|item| item.ask.as_str()));
            }
            Detail::Arc { stages } => {
                body.extend(stages.iter().flat_map(|stage| [stage.focus.as_str(), &stage.text]))
            }
        }
        Page {
            title: &self.title,
            questions: self.questions.iter().map(String::as_str).collect(),
            synonyms: self.synonyms.iter().map(String::as_str).collect(),
            body,
        }
    }

    /// The if-then starter, where this kind of prompt has one.
    pub fn plan(&self) -> Option<&str> {
        match &self.detail {
            Detail::Tip { plan, .. } => Some(plan),
            Detail::Script(script) => Some(&script.plan),
            Detail::Challenge(challenge) => Some(&challenge.plan),
            Detail::Nudge(nudge) => Some(&nudge.plan),
            _ => None,
        }
    }
}

/// Every prompt, by id. Made by `content`, whole and sound, or not at all.
#[derive(Clone, Debug, Default)]
pub struct Library {
    prompts: BTreeMap<PromptId, Prompt>,
    /// Made when somebody first asks.
    index: OnceLock<Index>,
}

/// A prompt that speaks to a question.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub prompt: &'a Prompt,
    pub score: f64,
    /// See `search::SURE`.
    pub sure: f64,
}

impl Library {
    /// The caller answers for soundness: see `content`.
    pub fn new(prompts: impl IntoIterator<Item = Prompt>) -> Self {
        Self {
            prompts: prompts.into_iter().map(|prompt| (prompt.id.clone(), prompt)).collect(),
            index: OnceLock::new(),
        }
    }

    pub fn get(&self, id: &PromptId) -> Option<&Prompt> {
        self.prompts.get(id)
    }

    /// In the order of their ids, the same everywhere.
    pub fn all(&self) -> impl Iterator<Item = &Prompt> {
        self.prompts.values()
    }

    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Prompt> {
        self.all().filter(move |prompt| prompt.kind() == kind)
    }

    /// Every prompt that has something to do with these words, the best first.
    pub fn search(&self, typed: &str) -> Vec<Found<'_>> {
        let prompts: Vec<&Prompt> = self.all().collect();
        let index = self
            .index
            .get_or_init(|| Index::new(&prompts.iter().map(|prompt| prompt.page()).collect::<Vec<_>>()));
        let hits = index.find(typed).into_iter();
        hits.map(|hit| Found { prompt: prompts[hit.page], score: hit.score, sure: hit.sure }).collect()
    }

    /// The best answers to a question, three at most: none where even the best says nothing to it, and
    /// none that is only in the neighbourhood of a much better one.
    pub fn answers(&self, typed: &str, fits: impl Fn(&Prompt) -> bool) -> Vec<&Prompt> {
        let fits = |found: &Found| found.prompt.answers_questions() && fits(found.prompt);
        let found: Vec<Found> = self.search(typed).into_iter().filter(fits).take(3).collect();
        let best = found.iter().map(|found| found.score).fold(0.0, f64::max);
        let answers = found.iter().any(|found| found.sure >= SURE);
        let is_near = |found: &Found| found.sure >= SURE / 2.0 && found.score >= best * NEAR;
        found.into_iter().filter(|found| answers && is_near(found)).map(|found| found.prompt).collect()
    }

    /// What comes near a question that has no answer here: two at most, and none where nothing does.
    pub fn nearest(&self, typed: &str, fits: impl Fn(&Prompt) -> bool) -> Vec<&Prompt> {
        let fits = |found: &Found| found.prompt.answers_questions() && fits(found.prompt);
        let near = self.search(typed).into_iter().filter(fits).filter(|found| found.sure >= PERHAPS);
        near.take(2).map(|found| found.prompt).collect()
    }

    /// The words for a skill, as people read them; the id where the library has no such skill.
    pub fn skill_title<'a>(&'a self, id: &'a PromptId) -> &'a str {
        self.get(id).map_or(id.as_str(), |skill| skill.title.as_str())
    }
}
