//! `/coach settings [rung … · zone …]`: where somebody wants to go, and whose clock counts.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::library::Rung;
use crate::coach::person::{Profile, Zone};
use crate::coach::reply::{Button, Reply};
use crate::coach::{Action, Change, Outcome, Scene, forms, say};

pub const SPEC: Spec = Spec {
    name: "settings",
    args: "[rung <which> · zone <name> · minutes <n>]",
    about: "Where you want to go, your time, your zone",
    examples: &[
        "settings",
        "settings rung director",
        "settings zone Europe/Berlin",
        "settings zone slack",
        "settings minutes 30",
    ],
    also: &["setting", "preferences", "profile"],
    parse,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    Show,
    Rung(Rung),
    /// The zone data's own spelling, or None to follow Slack again.
    Zone(Option<String>),
    /// Minutes a week; None for as many as it takes.
    Minutes(Option<u32>),
}

fn parse(rest: &str) -> Result<Command, Usage> {
    let typed = format!("settings {rest}");
    let text = bare(rest);
    let (what, value) = text.split_once(' ').unwrap_or((&text, ""));
    let ask = match (what, value) {
        ("", _) => Ask::Show,
        ("rung" | "goal" | "target", value) => match find_rung(value) {
            Some(rung) => Ask::Rung(rung),
            None => {
                let rungs: Vec<&str> = Rung::ALL.iter().map(|rung| rung.title()).collect();
                return Err(Usage::wrong(&SPEC, &typed, format!("The rungs I know: {}.", rungs.join("; "))));
            }
        },
        ("zone" | "timezone" | "time", value) => match value.trim_start_matches("zone").trim() {
            "slack" | "auto" | "automatic" => Ask::Zone(None),
            name => match Zone::find(name) {
                Some(zone) => Ask::Zone(Some(zone)),
                None => return Err(Usage::wrong(&SPEC, &typed, UNKNOWN_ZONE)),
            },
        },
        ("minutes" | "minute" | "pace", value) => match value.trim_end_matches(" a week") {
            "any" | "none" | "off" => Ask::Minutes(None),
            value => match value.trim_end_matches(" minutes").parse() {
                Ok(minutes @ 1..=600) => Ask::Minutes(Some(minutes)),
                _ => return Err(Usage::wrong(&SPEC, &typed, "Give me minutes a week, from 1 to 600.")),
            },
        },
        _ => {
            return Err(Usage::wrong(
                &SPEC,
                &typed,
                "I can set your rung, your zone and your minutes a week.",
            ));
        }
    };
    Ok(Command::Settings(ask))
}

pub const UNKNOWN_ZONE: &str =
    "I know no time zone of that name. Write a city or a zone such as Europe/Berlin or America/New_York.";

/// A rung by what people call it.
fn find_rung(typed: &str) -> Option<Rung> {
    let has =
        |words: &[&str]| words.iter().any(|word| typed.split([' ', '-', '/']).any(|part| part == *word));
    Rung::from_id(typed).or_else(|| {
        if has(&["staff", "principal"]) {
            Some(Rung::StaffPrincipal)
        } else if has(&["vp", "cpo", "chief"]) {
            Some(Rung::VpCpo)
        } else if has(&["director", "head", "lead", "group", "gpm"]) {
            Some(Rung::DirectorHead)
        } else if has(&["ic", "contributor", "stay", "staying"]) {
            Some(Rung::Contributor)
        } else if has(&["undecided", "unsure", "unknown", "none"]) {
            Some(Rung::Undecided)
        } else {
            None
        }
    })
}

pub fn answer(scene: &Scene, ask: Ask) -> Outcome {
    match ask {
        Ask::Show => Outcome::say(show(scene, scene.person.wanted, &scene.person.zone, "Your settings")),
        Ask::Rung(rung) => {
            Outcome::say(show(scene, Some(rung), &scene.person.zone, "Saved")).with(Change::Want(rung))
        }
        Ask::Minutes(minutes) => {
            let profile = Profile { minutes, ..scene.person.profile.clone() };
            let mut person = scene.person.clone();
            person.profile = profile.clone();
            let then = Scene { person: &person, ..*scene };
            Outcome::say(show(&then, person.wanted, &person.zone, "Saved")).with(Change::Describe(profile))
        }
        Ask::Zone(chosen) => {
            let zone = Zone::resolve(chosen.as_deref(), scene.person.zone.in_slack.as_deref());
            let reply = show(scene, scene.person.wanted, &zone, "Saved");
            let mut outcome = Outcome::say(reply).with(Change::ChooseZone(chosen));
            outcome.changes.extend(moved(scene, &zone));
            outcome
        }
    }
}

/// The next nudge keeps its wall time when the wall clock moves.
pub fn moved(scene: &Scene, to: &Zone) -> Option<Change> {
    let mut rhythm = scene.person.rhythm.clone();
    rhythm.moved(&scene.person.zone.tz, &to.tz, scene.now);
    (rhythm != scene.person.rhythm).then_some(Change::Rhythm(rhythm))
}

pub fn show(scene: &Scene, wanted: Option<Rung>, zone: &Zone, heading: &str) -> Reply {
    let rhythm = &scene.person.rhythm;
    let nudge = if rhythm.on { say::pace(scene.house, rhythm, zone, scene.now) } else { "off".to_owned() };
    let profile = &scene.person.profile;
    let mut reply = Reply::headed(heading);
    if let Some(here) = profile.here {
        reply = reply.and_text(format!("**Where you are:** {}", here.title()));
    }
    reply =
        reply.and_text(format!("**Where you want to go:** {}", wanted.unwrap_or(Rung::Undecided).title()));
    if let Some(feeling) = profile.feeling {
        reply = reply.and_text(format!("**Leading people:** {}", feeling.title()));
    }
    if let Some(minutes) = profile.minutes {
        reply = reply.and_text(format!("**Your time:** {}", forms::pace(minutes)));
    }
    reply
        .and_text(format!("**Time zone:** {} ({})", zone.name, say::zone_known(zone)))
        .and_text(format!("**Weekly nudge:** {nudge}"))
        .and_buttons(vec![
            Button::new("Change", Action::Settings),
            Button::new("Change the nudge", Action::Rhythm),
        ])
        .and_note(format!(
            "These decide which tips and challenges come first; nobody else can see them. {} erases all of it.",
            scene.code("forget me")
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_and_zones_are_found_by_what_people_call_them() {
        let check = |text: &str, expected: Ask| {
            assert_eq!(parse(text), Ok(Command::Settings(expected)), "{text}");
        };
        check("", Ask::Show);
        check("rung Head of Product", Ask::Rung(Rung::DirectorHead));
        check("rung staff", Ask::Rung(Rung::StaffPrincipal));
        check("rung VP", Ask::Rung(Rung::VpCpo));
        check("rung stay IC", Ask::Rung(Rung::Contributor));
        check("zone berlin", Ask::Zone(Some("Europe/Berlin".into())));
        check("zone america/new york", Ask::Zone(Some("America/New_York".into())));
        check("zone slack", Ask::Zone(None));
        assert!(parse("zone Atlantis").is_err());
        assert!(parse("rung king").is_err());
    }
}
