//! `/coach settings [rung … · zone …]`: where somebody wants to go, and whose clock counts.

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::library::Rung;
use crate::coach::person::Zone;
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
    /// Several at once are one answer.
    Set(Vec<Setting>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Rung(Rung),
    /// The zone data's own spelling, or None to follow Slack again.
    Zone(Option<String>),
    /// Minutes a week; None for as many as it takes.
    Minutes(Option<u32>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rung,
    Zone,
    Minutes,
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        match word {
            "rung" | "goal" | "target" => Some(Kind::Rung),
            "zone" | "timezone" | "time" => Some(Kind::Zone),
            "minutes" | "minute" | "mins" | "min" | "pace" => Some(Kind::Minutes),
            _ => None,
        }
    }
}

/// "rung director minutes 45 zone Asia/Tokyo" in its parts. None where something stands there that belongs to
/// none of them: what is not understood is never dropped.
fn parts(text: &str) -> Option<Vec<(Kind, String)>> {
    let mut parts: Vec<(Kind, Vec<&str>)> = Vec::new();
    let mut before: Vec<&str> = Vec::new();
    for word in text.split(' ').filter(|word| !matches!(*word, "" | "and" | "·" | "&" | "=")) {
        let last = parts.last_mut();
        match (Kind::of(word), last) {
            // "time zone", "minutes 30 minutes"
            (Some(kind), Some((same, value))) if kind == *same => value.push(word),
            (Some(kind), last) => {
                // "director, 45 minutes": the number comes first.
                let value = last.map_or(&mut before, |(_, value)| value);
                let number = match kind {
                    Kind::Minutes => value.pop_if(|word| word.parse::<u32>().is_ok()),
                    _ => None,
                };
                parts.push((kind, number.into_iter().collect()));
            }
            (None, Some((_, value))) => value.push(word),
            (None, None) => before.push(word),
        }
    }
    let joined = parts.into_iter().map(|(kind, value)| (kind, value.join(" "))).collect();
    before.is_empty().then_some(joined)
}

fn parse(rest: &str) -> Result<Command, Usage> {
    let typed = format!("settings {rest}");
    let text = bare(rest);
    if text.is_empty() {
        return Ok(Command::Settings(Ask::Show));
    }
    let Some(parts) = parts(&text).filter(|parts| !parts.is_empty()) else {
        let what = "I can set your rung, your zone and your minutes a week, each with its word before it.";
        return Err(Usage::wrong(&SPEC, &typed, what));
    };
    let several = parts.len() > 1;
    let settings = parts.into_iter().map(|(kind, value)| read(kind, &value)).collect::<Result<Vec<_>, _>>();
    settings.map(|settings| Command::Settings(Ask::Set(settings))).map_err(|what| {
        let what = if several { format!("Nothing is saved yet. {what}") } else { what };
        Usage::wrong(&SPEC, &typed, what)
    })
}

/// One setting, or what is wrong with it.
fn read(kind: Kind, value: &str) -> Result<Setting, String> {
    match kind {
        Kind::Rung => {
            // A number or a zone is no part of a rung's name: it was meant for something else.
            let strange = value
                .split(' ')
                .any(|word| word.contains(|c: char| c.is_ascii_digit()) || Zone::find(word).is_some());
            find_rung(value).filter(|_| !strange).map(Setting::Rung).ok_or_else(|| {
                let rungs: Vec<&str> = Rung::ALL.iter().map(|rung| rung.title()).collect();
                format!("The rungs I know: {}.", rungs.join("; "))
            })
        }
        Kind::Zone => match value.trim_start_matches("zone").trim() {
            "slack" | "auto" | "automatic" => Ok(Setting::Zone(None)),
            name => {
                Zone::find(name).map(|zone| Setting::Zone(Some(zone))).ok_or_else(|| UNKNOWN_ZONE.to_owned())
            }
        },
        Kind::Minutes => {
            let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
            let (number, unit) = value.split_at(end);
            let unit = unit.trim();
            let unit = [" a week", " per week", " each week", " weekly", "a week", "per week", "weekly"]
                .iter()
                .find_map(|every| unit.strip_suffix(every))
                .unwrap_or(unit);
            match (number.parse(), unit) {
                (Err(_), "any" | "none" | "off") => Ok(Setting::Minutes(None)),
                (Ok(minutes @ 1..=600), "" | "m" | "min" | "mins" | "minute" | "minutes") => {
                    Ok(Setting::Minutes(Some(minutes)))
                }
                _ => Err("Give me minutes a week, from 1 to 600.".to_owned()),
            }
        }
    }
}

pub const UNKNOWN_ZONE: &str = "I know no time zone of that name. Write the largest city near you, or a zone such as \
     Europe/Berlin or America/New_York; letters like EST and hours like GMT+2 leave summer out.";

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
    let Ask::Set(settings) = ask else {
        return Outcome::say(show(scene, scene.person.wanted, &scene.person.zone, "Your settings"));
    };
    let mut person = scene.person.clone();
    let mut changes = Vec::new();
    for setting in settings {
        match setting {
            Setting::Rung(rung) => {
                person.wanted = Some(rung);
                changes.push(Change::Want(rung));
            }
            Setting::Minutes(minutes) => {
                person.profile.minutes = minutes;
                changes.push(Change::Describe(person.profile.clone()));
            }
            Setting::Zone(chosen) => {
                person.zone = Zone::resolve(chosen.as_deref(), person.zone.in_slack.as_deref());
                changes.push(Change::ChooseZone(chosen));
                changes.extend(moved(scene, &person.zone));
            }
        }
    }
    let then = Scene { person: &person, ..*scene };
    let mut outcome = Outcome::say(show(&then, person.wanted, &person.zone, "Saved"));
    outcome.changes = changes;
    outcome
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
        assert_eq!(parse(""), Ok(Command::Settings(Ask::Show)));
        let check = |text: &str, expected: Setting| {
            assert_eq!(parse(text), Ok(Command::Settings(Ask::Set(vec![expected]))), "{text}");
        };
        check("rung Head of Product", Setting::Rung(Rung::DirectorHead));
        check("rung staff", Setting::Rung(Rung::StaffPrincipal));
        check("rung VP", Setting::Rung(Rung::VpCpo));
        check("rung stay IC", Setting::Rung(Rung::Contributor));
        check("zone berlin", Setting::Zone(Some("Europe/Berlin".into())));
        check("zone america/new york", Setting::Zone(Some("America/New_York".into())));
        check("zone slack", Setting::Zone(None));
        check("minutes 30 min", Setting::Minutes(Some(30)));
        check("minutes 30min a week", Setting::Minutes(Some(30)));
        check("minutes 30 minutes a week", Setting::Minutes(Some(30)));
        check("45 minutes", Setting::Minutes(Some(45)));
        check("pace any", Setting::Minutes(None));
        assert!(parse("zone Atlantis").is_err());
        assert!(parse("rung king").is_err());
        assert!(parse("minutes 30 parsecs").is_err());
    }

    #[test]
    fn several_are_set_at_once_and_nothing_is_dropped() {
        let all = Ok(Command::Settings(Ask::Set(vec![
            Setting::Rung(Rung::DirectorHead),
            Setting::Minutes(Some(45)),
            Setting::Zone(Some("Asia/Tokyo".into())),
        ])));
        assert_eq!(parse("rung director minutes 45 zone Asia/Tokyo"), all);
        assert_eq!(parse("rung director, 45 minutes a week and time zone Tokyo"), all);
        for text in
            ["director minutes 45", "rung director 45", "rung director Asia/Tokyo", "rung director minutes"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
