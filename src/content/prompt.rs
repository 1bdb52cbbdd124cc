//! Fields of the right form, into the prompt that the coach works with.

use super::fields::{Fields, Text, clip};
use super::keys::EVENTS;
use super::lines::Lines;
use super::nearest::hint;
use super::problem::Problem;
use super::source::Source;
use super::sources;
use crate::coach::fill::{Placeholder, placeholders};
use crate::coach::library::*;

/// Slack refuses a text of 3,000 characters, and counts `&`, `<` and `>` as several.
const LONGEST_TEXT: usize = 2800;

/// None where a needed field is not there; `fields` has already said so.
pub fn build(
    kind: Kind,
    file_id: &str,
    fields: &Fields,
    body: &Text,
    lines: &Lines,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Option<Prompt> {
    let mut all = fields.all_texts();
    all.push(("body".to_owned(), body));
    for (name, text) in &all {
        check_text(name, text, lines, source, problems);
    }
    check_id(file_id, fields, source, problems);
    check_width(fields, "title", 4, 70, source, problems);
    check_width(fields, "short", 1, 24, source, problems);
    let rungs = rungs(fields, source, problems);
    let sources = attributions(fields, source, problems);
    if let Some(event) = fields.text("event")
        && !EVENTS.contains(&event.text.as_str())
    {
        let what = format!("there is no event `{}`{}", clip(&event.text), hint(&event.text, EVENTS));
        problems.push(source.broken(event.line, what, format!("write one of {}", EVENTS.join(", "))));
    }
    let words = Words { fields, lines };
    Some(Prompt {
        id: PromptId::new(file_id),
        title: words.one("title")?,
        skills: ids(fields.texts("skill")),
        rungs,
        minutes: fields.number("minutes")?,
        span: words.one("span"),
        why: words.one("why")?,
        sources,
        questions: words.many("questions"),
        synonyms: words.many("synonyms"),
        next: ids(fields.texts("next")),
        recurs: fields.number("recurs"),
        body: lines.put_into(&body.text),
        detail: detail(kind, &words)?,
    })
}

fn detail(kind: Kind, words: &Words) -> Option<Detail> {
    Some(match kind {
        Kind::Skill => {
            let targets = words.maps("targets").next()?.fields;
            let target = |name: &str| targets.number(name).map(|level| level as u8);
            Detail::Skill(Skill {
                levels: words.many("levels").try_into().ok()?,
                staff_principal: target("staff-principal")?,
                director_head: target("director-head")?,
                vp_cpo: target("vp-cpo")?,
                short: words.one("short")?,
            })
        }
        Kind::Tip => {
            Detail::Tip { weak: words.one("weak")?, strong: words.one("strong")?, plan: words.one("plan")? }
        }
        Kind::Script => Detail::Script(Script {
            when: words.one("when")?,
            rules: words.many("rules"),
            weak: words.one("weak")?,
            strong: words.one("strong")?,
            branches: words
                .maps("branches")
                .map(|part| Some(Branch { when: part.one("if")?, say: part.one("say")? }))
                .collect::<Option<_>>()?,
            follow_up: words.one("follow_up")?,
            evidence: words.one("evidence")?,
            plan: words.one("plan")?,
        }),
        Kind::Challenge => Detail::Challenge(Challenge {
            goal: words.one("goal")?,
            steps: words.many("steps"),
            done_when: words.one("done_when")?,
            evidence: words.one("evidence")?,
            rubric: words.many("rubric").try_into().ok()?,
            plan: words.one("plan")?,
        }),
        Kind::Nudge => Detail::Nudge(Nudge {
            plan: words.one("plan")?,
            event: words.one("event"),
            stages: words
                .maps("stages")
                .map(|part| Some(Moment { when: part.one("when")?, text: part.one("do")? }))
                .collect::<Option<_>>()?,
        }),
        Kind::Rehearsal => Detail::Rehearsal {
            asks: words.many("asks"),
            tips: words.many("tips"),
            scoring: words.one("scoring")?,
        },
        Kind::Assessment => Detail::Assessment {
            scale: words.many("scale"),
            items: words
                .maps("items")
                .map(|part| {
                    Some(Item {
                        ask: part.one("ask")?,
                        show: part.one("show")?,
                        skill: part.one("skill").map(PromptId::new),
                    })
                })
                .collect::<Option<_>>()?,
            after: words.one("after")?,
        },
        Kind::Arc => Detail::Arc {
            stages: words
                .maps("stages")
                .map(|part| {
                    Some(Stage {
                        when: part.one("when")?,
                        focus: part.one("focus")?,
                        text: part.one("do")?,
                        prompt: part.one("prompt").map(PromptId::new),
                    })
                })
                .collect::<Option<_>>()?,
        },
    })
}

/// The fields as the reader gets them, shared lines put in.
struct Words<'a> {
    fields: &'a Fields,
    lines: &'a Lines,
}

impl<'a> Words<'a> {
    fn one(&self, name: &str) -> Option<String> {
        self.fields.text(name).map(|text| self.lines.put_into(&text.text))
    }

    fn many(&self, name: &str) -> Vec<String> {
        self.fields.texts(name).iter().map(|text| self.lines.put_into(&text.text)).collect()
    }

    fn maps(&self, name: &str) -> impl Iterator<Item = Words<'a>> {
        self.fields.maps(name).iter().map(|fields| Words { fields, lines: self.lines })
    }
}

fn ids(texts: &[Text]) -> Vec<PromptId> {
    texts.iter().map(|text| PromptId::new(&text.text)).collect()
}

fn check_id(file_id: &str, fields: &Fields, source: &Source, problems: &mut Vec<Problem>) {
    let Some(id) = fields.text("id") else { return };
    let kebab = |id: &str| {
        !id.is_empty()
            && id.len() <= 60
            && id.split('-').all(|part| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    };
    if !kebab(&id.text) {
        let what = format!("`{}` cannot be an id", clip(&id.text));
        let instead = "write small letters a to z and figures, joined by single hyphens, 60 at most";
        problems.push(source.broken(id.line, what, instead));
    } else if id.text != file_id {
        let what = format!("the id `{}` is not the name of the file", id.text);
        let instead = format!("write `id: {}`, or rename the file to `{}.md`", clip(file_id), id.text);
        problems.push(source.broken(id.line, what, instead));
    }
}

fn check_width(
    fields: &Fields,
    name: &str,
    least: usize,
    most: usize,
    source: &Source,
    problems: &mut Vec<Problem>,
) {
    let Some(text) = fields.text(name) else { return };
    let n = text.text.chars().count();
    if !(least..=most).contains(&n) || text.text.contains('\n') {
        let what = format!("`{name}` has {n} characters");
        problems.push(source.broken(text.line, what, format!("write {least} to {most} on one line")));
    }
}

fn check_text(name: &str, text: &Text, lines: &Lines, source: &Source, problems: &mut Vec<Problem>) {
    for (range, placeholder) in placeholders(&text.text) {
        let line = text.line_of(range.start, source);
        let written = clip(&text.text[range]);
        match placeholder {
            Placeholder::Line(line_name) if !lines.knows(line_name) => {
                let what = format!("there is no shared line `{line_name}`{}", hint(line_name, lines.names()));
                let known: Vec<_> = lines.names().map(|name| format!("{{{{line:{name}}}}}")).collect();
                problems.push(source.broken(line, what, format!("write one of {}", known.join(", "))));
            }
            Placeholder::Unknown(_) => {
                let instead = "write {{command}}, {{action|words for when there is none}}, {{challenge|words}} or {{line:hr}}";
                problems.push(source.broken(
                    line,
                    format!("`{written}` is not a placeholder we know"),
                    instead,
                ));
            }
            _ => {}
        }
    }
    let shown = lines.put_into(&text.text);
    let n: usize = shown
        .chars()
        .map(|letter| match letter {
            '&' => "&amp;".len(),
            '<' | '>' => "&lt;".len(),
            _ => 1,
        })
        .sum();
    if n > LONGEST_TEXT {
        let what = format!("`{name}` has {n} characters as Slack counts them");
        problems.push(source.broken(text.line, what, format!("write at most {LONGEST_TEXT}")));
    }
}

fn rungs(fields: &Fields, source: &Source, problems: &mut Vec<Problem>) -> Vec<Rung> {
    let texts = fields.texts("rungs");
    if let [only] = texts
        && only.text == "all"
    {
        return Rung::ALL.to_vec();
    }
    let mut rungs: Vec<Rung> = Vec::new();
    for text in texts {
        match Rung::from_id(&text.text) {
            Some(rung) if !rungs.contains(&rung) => rungs.push(rung),
            Some(_) => problems.push(source.broken(
                text.line,
                format!("`{}` stands in `rungs` twice", text.text),
                "keep one",
            )),
            None => {
                let known = Rung::ALL.map(Rung::id);
                let what = match text.text.as_str() {
                    "all" => "`all` stands beside other rungs".to_owned(),
                    other => format!("there is no rung `{}`{}", clip(other), hint(other, known)),
                };
                let instead = format!("write `rungs: all`, or a list out of {}", known.join(", "));
                problems.push(source.broken(text.line, what, instead));
            }
        }
    }
    rungs
}

fn attributions(fields: &Fields, source: &Source, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in fields.texts("source") {
        match sources::attribution(&text.text) {
            Some(words) if !found.iter().any(|known| known == words) => found.push(words.to_owned()),
            Some(_) => problems.push(source.broken(
                text.line,
                format!("`{}` stands in `source` twice", text.text),
                "keep one",
            )),
            None => {
                let what =
                    format!("there is no source `{}`{}", clip(&text.text), hint(&text.text, sources::ids()));
                let known: Vec<_> = sources::ids().collect();
                problems.push(source.broken(text.line, what, format!("write one of {}", known.join(", "))));
            }
        }
    }
    found
}
