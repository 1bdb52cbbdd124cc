//! `rung prompts list`: what there is, one line each.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::{many, stats};
use crate::coach::library::{Kind, Library, Prompt, Rung};
use crate::content::Report;
use crate::content::nearest::hint;

#[derive(Debug, Default, Args)]
pub struct ListArgs {
    /// Only one kind
    #[arg(long, value_parser = kind())]
    pub kind: Option<Kind>,
    /// Only prompts for this skill, such as org-buy-in
    #[arg(long)]
    pub skill: Option<String>,
    /// Only prompts for people who want this
    #[arg(long, value_parser = rung())]
    pub rung: Option<Rung>,
    /// Count instead: kinds by skill and by rung, and how easily they read
    #[arg(long)]
    pub stats: bool,
    /// Write JSON for other programs
    #[arg(long)]
    pub json: bool,
}

/// `tips` and `tip` are the same.
fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.map(|kind| PossibleValue::new(kind.folder()).alias(kind.noun()));
    PossibleValuesParser::new(names).map(|name| {
        let named = |kind: &Kind| kind.folder() == name || kind.noun() == name;
        Kind::ALL.into_iter().find(named).expect("clap lets only names of kinds through")
    })
}

fn rung() -> impl TypedValueParser<Value = Rung> {
    PossibleValuesParser::new(Rung::ALL.map(Rung::id))
        .map(|id| Rung::from_id(&id).expect("clap lets only ids of rungs through"))
}

pub fn run(args: &ListArgs, report: &Report, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let library = &report.library;
    if let Some(skill) = &args.skill
        && !skills(library).any(|known| known == skill)
    {
        let known: Vec<_> = skills(library).collect();
        bail!(
            "there is no skill `{skill}`{}; write one of {}",
            hint(skill, skills(library)),
            known.join(", ")
        );
    }
    let prompts: Vec<&Prompt> = library.all().filter(|prompt| wanted(args, prompt)).collect();
    match (args.stats, args.json) {
        (true, true) => writeln!(out, "{:#}", stats::json(library, &prompts))?,
        (true, false) => stats::write(library, &prompts, out)?,
        (false, true) => {
            let list: Vec<_> = prompts.iter().map(|prompt| in_json(prompt)).collect();
            writeln!(out, "{:#}", json!(list))?;
        }
        (false, false) => write_list(library, &prompts, out)?,
    }
    if !report.problems.is_empty() && !args.json {
        let n = many(report.problems.len(), "problem");
        writeln!(out, "\n{n} in the files: `rung prompts check` lists them.")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn skills(library: &Library) -> impl Iterator<Item = &str> {
    library.of(Kind::Skill).map(|skill| skill.id.as_str())
}

fn wanted(args: &ListArgs, prompt: &Prompt) -> bool {
    args.kind.is_none_or(|kind| prompt.kind() == kind)
        && args.skill.as_ref().is_none_or(|wanted| prompt.skills.iter().any(|skill| skill.as_str() == wanted))
        && args.rung.is_none_or(|rung| prompt.fits(rung))
}

fn write_list(library: &Library, prompts: &[&Prompt], out: &mut impl Write) -> io::Result<()> {
    if prompts.is_empty() {
        return writeln!(out, "No prompt is all of that. `rung prompts list --stats` shows what there is.");
    }
    let width = |of: fn(&Prompt) -> usize| prompts.iter().map(|prompt| of(prompt)).max().unwrap_or(0);
    let id_width = width(|prompt| prompt.id.as_str().len());
    let title_width = width(|prompt| prompt.title.chars().count());
    for kind in Kind::ALL {
        let of_kind: Vec<_> = prompts.iter().filter(|prompt| prompt.kind() == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        writeln!(out, "{} ({})", kind.folder(), of_kind.len())?;
        for prompt in of_kind {
            let (id, title, minutes) = (prompt.id.as_str(), &prompt.title, prompt.minutes);
            let skill = library.skill_title(prompt.skill());
            writeln!(out, "  {id:id_width$}  {title:title_width$}  {minutes:>3} min  {skill}")?;
        }
        writeln!(out)?;
    }
    writeln!(out, "{}. `rung prompts show ID` shows one.", many(prompts.len(), "prompt"))
}

fn in_json(prompt: &Prompt) -> serde_json::Value {
    json!({
        "id": prompt.id.as_str(),
        "kind": prompt.kind().noun(),
        "title": prompt.title,
        "skills": prompt.skills.iter().map(|skill| skill.as_str()).collect::<Vec<_>>(),
        "rungs": prompt.rungs.iter().map(|rung| rung.id()).collect::<Vec<_>>(),
        "minutes": prompt.minutes,
        "span": prompt.span,
        "sources": prompt.sources,
        "next": prompt.next.iter().map(|next| next.as_str()).collect::<Vec<_>>(),
    })
}
