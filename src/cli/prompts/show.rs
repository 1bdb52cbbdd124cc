//! `rung prompts show ID`: one prompt as plain text, with everything that its file holds.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;

use super::many;
use crate::coach::fill::{Words, fill};
use crate::coach::library::*;
use crate::coach::say;
use crate::content::Report;
use crate::content::nearest::hint;

const WIDTH: usize = 80;

pub fn run(id: &str, report: &Report, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let library = &report.library;
    // Completed by the shell, an id may come as a path.
    let id = id.rsplit('/').next().unwrap_or(id).trim_end_matches(".md");
    if let Some(prompt) = library.get(&PromptId::new(id)) {
        out.write_all(page(library, prompt).as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let name = format!("/{id}.md");
    let problems: Vec<_> = report.problems.iter().filter(|problem| problem.file.ends_with(&name)).collect();
    if problems.is_empty() {
        let hint = hint(id, library.all().map(|prompt| prompt.id.as_str()));
        bail!("there is no prompt `{id}`{hint}; `rung prompts list` shows what there is");
    }
    writeln!(out, "`{id}` cannot be shown before this is mended:")?;
    for problem in problems {
        writeln!(out, "{problem}")?;
    }
    Ok(ExitCode::FAILURE)
}

/// Everything a person reads in this prompt, as running text.
pub fn prose(prompt: &Prompt) -> String {
    let mut parts = vec![prompt.body.clone()];
    parts.extend(details(prompt).into_iter().filter(|part| part.is_prose).map(|part| part.text));
    filled(&parts.join("\n"))
}

fn page(library: &Library, prompt: &Prompt) -> String {
    let skills: Vec<_> = prompt.skills.iter().map(|skill| library.skill_title(skill)).collect();
    let rungs: Vec<_> = prompt.rungs.iter().map(|rung| rung.title()).collect();
    let mut page = format!("{}\n", filled(&prompt.title));
    page += &format!("{} · {} · {}\n", prompt.id, prompt.kind().noun(), filled(&say::takes(prompt)));
    if !prompt.body.is_empty() {
        page += &format!("\n{}\n", wrap(&filled(&prompt.body), 0));
    }
    page.push('\n');
    let mut parts = details(prompt);
    parts.push(part("Why", &prompt.why));
    if let [_, ..] = prompt.next.as_slice() {
        let next = prompt.next.iter().map(|id| match library.get(id) {
            Some(next) => format!("{id}: {}", next.title),
            None => id.to_string(),
        });
        parts.push(part("Next", &next.collect::<Vec<_>>().join("\n")));
    }
    if let Some(weeks) = prompt.recurs {
        parts.push(part("Comes again", &format!("after {}", many(weeks as usize, "week"))));
    }
    parts.push(part("Skills", &skills.join(", ")));
    parts.push(part("Good for", &rungs.join(", ")));
    parts.push(part("Answers", &prompt.questions.join("\n")));
    if !prompt.synonyms.is_empty() {
        parts.push(part("Found by", &prompt.synonyms.join(", ")));
    }
    parts.push(part("Source", &prompt.sources.join("\n")));
    for part in parts {
        page += &format!("{:13}{}\n", part.label, wrap(&filled(&part.text), 13));
    }
    page
}

/// A key, as a reader would call it, and its words.
struct Part {
    label: String,
    text: String,
    is_prose: bool,
}

fn part(label: &str, text: &str) -> Part {
    Part { label: label.to_owned(), text: text.to_owned(), is_prose: true }
}

fn figure(label: &str, text: &str) -> Part {
    Part { is_prose: false, ..part(label, text) }
}

fn details(prompt: &Prompt) -> Vec<Part> {
    match &prompt.detail {
        Detail::Skill(skill) => {
            let targets = [Rung::StaffPrincipal, Rung::DirectorHead, Rung::VpCpo]
                .map(|rung| format!("{}: {}", rung.title(), skill.target(rung)));
            vec![
                figure("On buttons", &skill.short),
                part("Levels", &numbered(&skill.levels)),
                figure("Targets", &targets.join("\n")),
            ]
        }
        Detail::Tip { weak, strong, plan } => {
            vec![part("Weak", weak), part("Strong", strong), part("Plan", plan)]
        }
        Detail::Script(script) => {
            let mut parts = vec![
                part("When", &script.when),
                part("Rules", &numbered(&script.rules)),
                part("Weak", &script.weak),
                part("Strong", &script.strong),
            ];
            let branches = script.branches.iter().map(|branch| format!("If {}: {}", branch.when, branch.say));
            parts.push(part("What if", &branches.collect::<Vec<_>>().join("\n")));
            parts.push(part("Follow-up", &script.follow_up));
            parts.push(part("Evidence", &script.evidence));
            parts.push(part("Plan", &script.plan));
            parts
        }
        Detail::Challenge(challenge) => {
            let [weak, sound, strong] = &challenge.rubric;
            vec![
                part("Goal", &challenge.goal),
                part("Steps", &numbered(&challenge.steps)),
                part("Done when", &challenge.done_when),
                part("Evidence", &challenge.evidence),
                part("Rubric", &format!("Weak: {weak}\nSound: {sound}\nStrong: {strong}")),
                part("Plan", &challenge.plan),
            ]
        }
        Detail::Nudge(nudge) => {
            let mut parts = Vec::new();
            if !nudge.stages.is_empty() {
                let stages = nudge.stages.iter().map(|stage| format!("{}: {}", stage.when, stage.text));
                parts.push(part("Stages", &stages.collect::<Vec<_>>().join("\n")));
            }
            parts.push(part("Plan", &nudge.plan));
            parts.push(figure("Comes", nudge.event.as_deref().unwrap_or("as a weekly nudge")));
            parts
        }
        Detail::Rehearsal { asks, tips, scoring } => {
            let rounds = asks.iter().zip(tips).map(|(ask, tip)| format!("{ask}\n  {tip}"));
            let rounds: Vec<_> = rounds.collect();
            vec![part("Questions", &numbered(&rounds)), part("Scoring", scoring)]
        }
        Detail::Assessment { scale, items, after } => {
            let items: Vec<_> = items.iter().map(in_words).collect();
            vec![
                part("Scale", &scale.join("\n")),
                part("Items", &numbered(&items)),
                part("Afterwards", after),
            ]
        }
        Detail::Arc { stages } => {
            let stages = stages.iter().map(|stage| {
                let help = stage.prompt.as_ref().map(|id| format!("\n  Helps: {id}")).unwrap_or_default();
                format!("{}: {}\n  {}{help}", stage.when, stage.focus, stage.text)
            });
            vec![part("Stages", &stages.collect::<Vec<_>>().join("\n"))]
        }
    }
}

fn in_words(item: &Item) -> String {
    let skill = item.skill.as_ref().map(|skill| format!("\n  Skill: {skill}")).unwrap_or_default();
    format!("{}\n  Show me: {}{skill}", item.ask, item.show)
}

fn numbered(texts: &[String]) -> String {
    let numbered = texts.iter().enumerate().map(|(n, text)| format!("{}. {text}", n + 1));
    numbered.collect::<Vec<_>>().join("\n")
}

fn filled(text: &str) -> String {
    fill(text, &Words { command: "/coach", action: None, challenge: None })
}

/// Lines of at most `WIDTH`, all but the first set in; a line's own indent stays.
fn wrap(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let own = line.len() - line.trim_start_matches(' ').len();
        let mut current = " ".repeat(own);
        let mut is_empty = true;
        for word in line.split_whitespace() {
            let width = current.chars().count() + word.chars().count() + 1;
            if !is_empty && indent + width > WIDTH {
                lines.push(std::mem::replace(&mut current, " ".repeat(own)));
                is_empty = true;
            }
            if !is_empty {
                current.push(' ');
            }
            current.push_str(word);
            is_empty = false;
        }
        lines.push(current.trim_end().to_owned());
    }
    let set_in = |line: &String| if line.is_empty() { String::new() } else { " ".repeat(indent) + line };
    let rest: Vec<_> = lines.iter().skip(1).map(set_in).collect();
    [lines.first().cloned().unwrap_or_default()].into_iter().chain(rest).collect::<Vec<_>>().join("\n")
}
