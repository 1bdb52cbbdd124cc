//! `/coach nudge …`: read or set the weekly nudge.

use jiff::civil::{Time, Weekday};

use crate::coach::command::{Command, Spec, Usage, bare};
use crate::coach::dates::{parse_date, parse_day, parse_number, parse_time, show_date_with_year};
use crate::coach::event::Talk;
use crate::coach::reply::{Button, Reply};
use crate::coach::rhythm::Rhythm;
use crate::coach::week::Week;
use crate::coach::{Action, Change, Outcome, Scene, channel, choose, nudge, say};

pub const SPEC: Spec = Spec {
    name: "nudge",
    args: "[now · <day> <time> · every 2 weeks · until <date> · off · on · here <day> <time>]",
    about: "Your weekly nudge: set it, stop it",
    examples: &[
        "nudge",
        "nudge Tue 09:30",
        "nudge every 2 weeks",
        "nudge until 1 September",
        "nudge now",
        "nudge off",
        "nudge on",
        "nudge here Mon 09:00",
    ],
    also: &["nudges", "weekly", "reminder", "reminders"],
    parse,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    Show,
    Now,
    On,
    Off,
    Every(u32),
    /// A date as typed: reading it needs to know what day it is.
    Until(String),
    At {
        day: Option<Weekday>,
        time: Option<Time>,
    },
    /// About the channel in which it is said.
    Here(HereAsk),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HereAsk {
    Show,
    Off,
    At { day: Option<Weekday>, time: Option<Time> },
}

fn parse(rest: &str) -> Result<Command, Usage> {
    let wrong = |what: &str| Err(Usage::wrong(&SPEC, &format!("nudge {rest}"), what));
    let text = bare(rest);
    let words: Vec<&str> =
        text.split(' ').filter(|word| !matches!(*word, "" | "at" | "on" | "me" | "please")).collect();
    let ask = match words.as_slice() {
        [] if text.split(' ').any(|word| word == "on") => Ask::On,
        [] => Ask::Show,
        ["now"] => Ask::Now,
        ["here"] => Ask::Here(HereAsk::Show),
        ["here", "off" | "stop"] | ["off" | "stop", "here"] => Ask::Here(HereAsk::Off),
        ["here", words @ ..] => match day_and_time(words) {
            Some((day, time)) => Ask::Here(HereAsk::At { day, time }),
            None => return wrong("I could not read a day and a time in that."),
        },
        ["start" | "resume"] => Ask::On,
        ["off" | "stop" | "pause"] => Ask::Off,
        ["weekly"] | ["every", "week"] => Ask::Every(1),
        ["fortnightly"] | ["every", "other" | "second", "week"] => Ask::Every(2),
        ["monthly"] | ["every", "month"] => Ask::Every(4),
        ["every", n, "week" | "weeks"] => match parse_number(n) {
            Some(weeks @ 1..=12) => Ask::Every(weeks),
            _ => return wrong("The pace can be every 1 to 12 weeks."),
        },
        ["until" | "till", date @ ..] | ["pause" | "off", "until" | "till", date @ ..]
            if !date.is_empty() =>
        {
            Ask::Until(date.join(" "))
        }
        ["until" | "till", ..] => return wrong("Until when? Give me a date."),
        words => match day_and_time(words) {
            Some((day, time)) => Ask::At { day, time },
            None => return wrong("I could not read a day and a time in that."),
        },
    };
    Ok(Command::Nudge(ask))
}

/// A day, a time, or both, in either order; "9:30 am" in two words as well.
fn day_and_time(words: &[&str]) -> Option<(Option<Weekday>, Option<Time>)> {
    let mut joined: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| **word != "every") {
        match joined.last_mut().filter(|_| matches!(*word, "am" | "pm")) {
            Some(hour) => hour.push_str(word),
            None => joined.push((*word).to_owned()),
        }
    }
    let words: Vec<&str> = joined.iter().map(String::as_str).collect();
    match words.as_slice() {
        [one] => match (parse_day(one), parse_time(one)) {
            (None, None) => None,
            (day, time) => Some((day, time)),
        },
        [a, b] => match (parse_day(a).zip(parse_time(b)), parse_day(b).zip(parse_time(a))) {
            (Some((day, time)), _) | (None, Some((day, time))) => Some((Some(day), Some(time))),
            (None, None) => None,
        },
        _ => None,
    }
}

pub fn answer(scene: &Scene, ask: Ask) -> Outcome {
    match ask {
        Ask::Show => Outcome::say(show(scene, &scene.person.rhythm, Reply::headed("Your weekly nudge"))),
        Ask::Now => now(scene),
        Ask::On => on(scene),
        Ask::Off => off(scene),
        // Whoever types it wants them; a button may be an old one.
        Ask::Every(weeks) => set(scene, Reply::headed(pace(weeks)), |rhythm| rhythm.every = weeks),
        Ask::Until(typed) => until(scene, &typed),
        Ask::At { day, time } => at(scene, day, time),
        Ask::Here(HereAsk::Show) => channel::show(scene),
        Ask::Here(HereAsk::Off) => channel::stop(scene),
        Ask::Here(HereAsk::At { day, time }) => {
            let day = day.unwrap_or(Weekday::Monday);
            channel::set(scene, day, time.unwrap_or(Time::constant(9, 0, 0, 0)))
        }
    }
}

/// Changes the rhythm, plans the next slot anew, and says how it is now. A pause outlasts a change of day or
/// pace, which is often an old button; where nudges were off, turning them on is a new start.
pub fn set(scene: &Scene, reply: Reply, change: impl FnOnce(&mut Rhythm)) -> Outcome {
    let mut rhythm = scene.person.rhythm.clone();
    if !rhythm.on {
        rhythm.quiet_until = None;
    }
    rhythm.on = true;
    rhythm.unanswered = 0;
    change(&mut rhythm);
    rhythm.replan(&scene.house.weekly, &scene.person.zone.tz, scene.now);
    Outcome::say(show(scene, &rhythm, reply)).with(Change::Rhythm(rhythm))
}

/// On from now on, whatever pause there was.
pub fn on(scene: &Scene) -> Outcome {
    set(scene, Reply::headed("Your nudge is on"), |rhythm| rhythm.quiet_until = None)
}

pub fn off(scene: &Scene) -> Outcome {
    let rhythm = Rhythm { on: false, next: None, ..scene.person.rhythm.clone() };
    let reply = Reply::text(
        "Your nudge is off, and so is all that I would have written by myself: what you put off, reminders, the steps \
         after a talk. Commands answer as before, and your evidence stays where it is.",
    )
    .and_buttons(vec![Button::new("Turn it on again", Action::NudgesOn)]);
    // Off is off.
    Outcome::say(reply)
        .with(Change::Rhythm(rhythm))
        .with(Change::Talk(Talk::default()))
        .with(Change::ForgetUnasked)
}

fn pace(weeks: u32) -> String {
    match weeks {
        1 => "One nudge a week".to_owned(),
        n => format!("One nudge every {n} weeks"),
    }
}

/// By a button.
pub fn every(scene: &Scene, weeks: u32) -> Outcome {
    let heading = pace(weeks);
    if !scene.person.rhythm.on {
        // Often an old button, and no wish to hear from me again.
        let rhythm = Rhythm { every: weeks, ..scene.person.rhythm.clone() };
        let reply = Reply::headed(heading)
            .and_text("Your nudges are off and stay off; turned on, they keep that pace.");
        let reply = reply.and_buttons(vec![Button::new("Turn them on", Action::NudgesOn)]);
        return Outcome::say(reply).with(Change::Rhythm(rhythm));
    }
    set(scene, Reply::headed(heading), |rhythm| rhythm.every = weeks)
}

fn at(scene: &Scene, day: Option<Weekday>, time: Option<Time>) -> Outcome {
    let (old_day, old_time) = say::own_slot(scene);
    let own = (day.unwrap_or(old_day), time.unwrap_or(old_time));
    set(scene, Reply::headed("Your nudge is set"), |rhythm| rhythm.own = Some(own))
}

fn until(scene: &Scene, typed: &str) -> Outcome {
    let Some(date) = parse_date(typed, scene.today()) else {
        return Outcome::say(crate::coach::command::explain(
            scene,
            &Usage::wrong(&SPEC, &format!("nudge until {typed}"), "I could not read a date in that."),
        ));
    };
    if date <= scene.today() {
        return Outcome::say(
            Reply::text(format!(
                "{} is not ahead of us, so nothing has changed. Give me a day to come, such as {}.",
                show_date_with_year(date),
                scene.code("nudge until next week")
            ))
            .and_typed("You typed:", format!("nudge until {typed}")),
        );
    }
    let reply = Reply::headed(format!("Quiet until {}", show_date_with_year(date)));
    set(scene, reply, |rhythm| rhythm.quiet_until = Some(date))
}

/// This week's nudge, here and now. It uses the week's slot, so that it does not come a second time.
fn now(scene: &Scene) -> Outcome {
    let week = Week::of(scene.today());
    let Some(prompt) = choose::weekly(scene, week) else {
        return Outcome::say(Reply::text("You have put every nudge aside, so there is none to show."));
    };
    let reply = nudge::message(scene, prompt, week);
    let outcome = Outcome::say(reply)
        .with(Change::UseSlot { week, prompt: prompt.id.clone() })
        .with(Change::Shown(prompt.id.clone()));
    // Also where nudges are off: turned on in the same week, they begin with the next one.
    let mut rhythm = scene.person.rhythm.clone();
    rhythm.last_week = rhythm.last_week.max(Some(week));
    rhythm.unanswered = 0;
    rhythm.replan(&scene.house.weekly, &scene.person.zone.tz, scene.now);
    outcome.with(Change::Rhythm(rhythm))
}

pub fn show(scene: &Scene, rhythm: &Rhythm, reply: Reply) -> Reply {
    let zone = &scene.person.zone;
    if !rhythm.on {
        let when = say::pace(scene.house, rhythm, zone, scene.now);
        return reply
            .and_text(format!(
                "Off. Turned on, one small step comes to you in a direct message {when}, {} time ({}).",
                zone.name,
                say::zone_known(zone)
            ))
            .and_buttons(vec![
                Button::primary("Turn it on", Action::NudgesOn),
                Button::new("Choose day and time", Action::Rhythm),
            ]);
    }
    let mut text = format!(
        "{}, {} time ({}).",
        capitalise(&say::pace(scene.house, rhythm, zone, scene.now)),
        zone.name,
        say::zone_known(zone)
    );
    if let Some(until) = rhythm.quiet_until.filter(|&until| until > scene.today()) {
        let on = scene.code("nudge on");
        text.push_str(&format!(" Quiet until {}; {on} ends that sooner.", show_date_with_year(until)));
    }
    let reply = reply.and_text(text);
    let reply = match rhythm.next {
        Some(slot) => reply.and_text(format!("**Next:** {}", say::moment(zone, slot.at))),
        None => reply,
    };
    reply.and_buttons(vec![
        Button::new("Change", Action::Rhythm),
        Button::new("Turn it off", Action::NudgesOff),
    ])
}

fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_times_and_paces_are_read() {
        let nine_thirty = Time::constant(9, 30, 0, 0);
        let check = |text: &str, expected: Ask| {
            assert_eq!(parse(text), Ok(Command::Nudge(expected)), "{text}");
        };
        check("", Ask::Show);
        check("now", Ask::Now);
        check("on", Ask::On);
        check("Off", Ask::Off);
        check("Tue 09:30", Ask::At { day: Some(Weekday::Tuesday), time: Some(nine_thirty) });
        check("at 9:30 am on Tuesdays", Ask::At { day: Some(Weekday::Tuesday), time: Some(nine_thirty) });
        check("on Friday", Ask::At { day: Some(Weekday::Friday), time: None });
        check("9.30", Ask::At { day: None, time: Some(nine_thirty) });
        check("every 2 weeks", Ask::Every(2));
        check("every other week", Ask::Every(2));
        check("until 3 March", Ask::Until("3 march".into()));
        check("pause until next week", Ask::Until("next week".into()));
        check("here", Ask::Here(HereAsk::Show));
        check("here off", Ask::Here(HereAsk::Off));
        check(
            "here Mon 9:00",
            Ask::Here(HereAsk::At { day: Some(Weekday::Monday), time: Some(Time::constant(9, 0, 0, 0)) }),
        );
    }

    #[test]
    fn what_cannot_be_read_comes_back_with_a_reason() {
        let check = |text: &str, says: &str| match parse(text) {
            Err(Usage::Wrong { typed, what, .. }) => {
                assert_eq!(typed, format!("nudge {text}"));
                assert!(what.contains(says), "{text}: {what}");
            }
            other => panic!("{text}: {other:?}"),
        };
        check("Tue 25:00", "day and a time");
        check("sometime", "day and a time");
        check("every 0 weeks", "1 to 12");
        check("until", "Until when");
    }
}
