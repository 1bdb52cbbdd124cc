//! What prompts say about each other: skills, what comes next, what a stage leads to.

use super::draft::Draft;
use super::fields::{Fields, Text, clip};
use super::nearest::hint;
use super::problem::Problem;
use crate::coach::library::Kind;

/// `places` are all prompts by where they stand, those too that could not be read: a file with a
/// slip in it should not make others look wrong.
pub fn check(drafts: &[Draft], places: &[(Kind, &str)], problems: &mut Vec<Problem>) {
    let skills: Vec<&str> =
        places.iter().filter(|(kind, _)| *kind == Kind::Skill).map(|(_, id)| *id).collect();
    let prompts: Vec<&str> = places.iter().map(|(_, id)| *id).collect();
    for draft in drafts {
        let mut hold = |text: &Text, known: &[&str], noun: &str, instead: &str| {
            if !known.contains(&text.text.as_str()) {
                let what = format!(
                    "there is no {noun} `{}`{}",
                    clip(&text.text),
                    hint(&text.text, known.iter().copied())
                );
                problems.push(draft.source.broken(text.line, what, instead));
            }
        };
        let skill_list = format!("write one of {}", skills.join(", "));
        let an_id = "write the file name of a prompt without its `.md`, or leave the key out";
        for skill in draft.fields.texts("skill") {
            hold(skill, &skills, "skill", &skill_list);
        }
        for next in draft.fields.texts("next") {
            hold(next, &prompts, "prompt", an_id);
        }
        for (skill, prompt) in parts(&draft.fields).map(|part| (part.text("skill"), part.text("prompt"))) {
            if let Some(skill) = skill {
                hold(skill, &skills, "skill", &skill_list);
            }
            if let Some(prompt) = prompt {
                hold(prompt, &prompts, "prompt", an_id);
            }
        }
        itself(draft, problems);
    }
}

fn parts(fields: &Fields) -> impl Iterator<Item = &Fields> {
    fields.maps("items").iter().chain(fields.maps("stages"))
}

/// A skill names itself, and nothing leads back to itself.
fn itself(draft: &Draft, problems: &mut Vec<Problem>) {
    let id = &draft.id;
    if let Some(skill) = draft.fields.texts("skill").first()
        && draft.kind == Kind::Skill
        && skill.text != *id
    {
        let what = format!("the skill `{id}` names `{}` as its skill", clip(&skill.text));
        problems.push(draft.source.broken(skill.line, what, format!("write `skill: {id}`")));
    }
    if let Some(next) = draft.fields.texts("next").iter().find(|next| next.text == *id) {
        problems.push(draft.source.broken(next.line, "this leads back to itself", "name another prompt"));
    }
}
