//! Prompts and moments in words: what several answers say in the same way.

use jiff::Timestamp;
use jiff::civil::{Time, Weekday};

use super::dates::{show_date, show_date_with_year, show_time};
use super::fill::{self, Words};
use super::library::{Challenge, Detail, Nudge, Prompt, Script, Skill};
use super::person::{Card, KnownFrom, Zone};
use super::reply::{Part, Reply};
use super::rhythm::Rhythm;
use super::week::{Weekly, day_long};
use super::{House, Scene, dates, levels, library};

/// Fills a prompt's text for this person. What they typed is shielded, so that it stays plain words
/// inside our Markdown.
pub fn filled(scene: &Scene, text: &str) -> String {
    let current = scene.person.current.as_ref();
    let action = current.map(|taken| shield(&taken.plan));
    let challenge =
        current.and_then(|taken| scene.library.get(&taken.prompt)).map(|prompt| prompt.title.clone());
    fill::fill(
        text,
        &Words { command: &scene.house.command, action: action.as_deref(), challenge: challenge.as_deref() },
    )
}

/// Fills a prompt's text for nobody in particular.
pub fn for_anyone(command: &str, text: &str) -> String {
    fill::fill(text, &Words { command, ..Words::default() })
}

/// A person's words inside a sentence of ours: no character of theirs is read as Markdown.
pub fn shield(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// The whole prompt, without buttons.
pub fn prompt(scene: &Scene, prompt: &Prompt) -> Reply {
    let fill = |text: &str| filled(scene, text);
    let reply = Reply::headed(&prompt.title);
    let reply = match &prompt.detail {
        Detail::Tip { weak, strong, plan } => reply
            .and_text(fill(&prompt.body))
            .and_text(format!("**Weak:** {}", fill(weak)))
            .and_text(format!("**Strong:** {}", fill(strong)))
            .and_text(format!("**If-then:** {}", fill(plan))),
        Detail::Script(script) => script_parts(scene, prompt, script, reply),
        Detail::Challenge(challenge) => challenge_parts(scene, prompt, challenge, reply),
        Detail::Nudge(nudge) => nudge_parts(scene, prompt, nudge, reply),
        Detail::Skill(skill) => skill_parts(scene, prompt, skill, reply),
        Detail::Rehearsal { asks, scoring, .. } => reply
            .and_text(fill(&prompt.body))
            .and(Part::Steps(asks.iter().map(|ask| fill(ask)).collect()))
            .and_note(fill(scoring)),
        Detail::Assessment { items, after, .. } => reply
            .and_text(fill(&prompt.body))
            .and(Part::Steps(
                items.iter().map(|item| format!("{} *{}*", fill(&item.ask), fill(&item.show))).collect(),
            ))
            .and_text(fill(after)),
        Detail::Arc { stages } => reply.and_text(fill(&prompt.body)).and(Part::List(
            stages
                .iter()
                .map(|stage| {
                    format!("**{}: {}.** {}", fill(&stage.when), fill(&stage.focus), fill(&stage.text))
                })
                .collect(),
        )),
    };
    reply.and_note(format!("Why: {}", fill(&prompt.why))).and_note(credit(scene, prompt))
}

fn script_parts(scene: &Scene, prompt: &Prompt, script: &Script, reply: Reply) -> Reply {
    let fill = |text: &str| filled(scene, text);
    let branches = script
        .branches
        .iter()
        .map(|branch| format!("**If {}:** {}", fill(&branch.when), fill(&branch.say)))
        .collect();
    let reply = reply
        .and_text(format!("**When:** {}", fill(&script.when)))
        .and_text("**Three rules**")
        .and(Part::Steps(script.rules.iter().map(|rule| fill(rule)).collect()))
        .and_text(format!("**Weak:** {}", fill(&script.weak)))
        .and_text(format!("**Strong:** {}", fill(&script.strong)))
        .and_text("**And if they say…**")
        .and(Part::List(branches))
        .and_text(format!("**Afterwards:** {}", fill(&script.follow_up)))
        .and_text(format!("**Evidence to keep:** {}", fill(&script.evidence)))
        .and_text(format!("**If-then:** {}", fill(&script.plan)));
    if prompt.body.is_empty() {
        reply
    } else {
        reply.and_text(format!("**Make it yours:** {}", fill(&prompt.body)))
    }
}

fn challenge_parts(scene: &Scene, prompt: &Prompt, challenge: &Challenge, reply: Reply) -> Reply {
    let fill = |text: &str| filled(scene, text);
    let reply = reply.and_text(format!("**Goal:** {}", fill(&challenge.goal)));
    let reply = if prompt.body.is_empty() { reply } else { reply.and_text(fill(&prompt.body)) };
    reply
        .and(Part::Steps(challenge.steps.iter().map(|step| fill(step)).collect()))
        .and_text(format!("**Done when:** {}", fill(&challenge.done_when)))
        .and_text(format!("**Evidence:** {}", fill(&challenge.evidence)))
        .and_text(format!("**Takes:** {}", takes(prompt)))
}

fn nudge_parts(scene: &Scene, prompt: &Prompt, nudge: &Nudge, reply: Reply) -> Reply {
    let reply = reply.and_text(filled(scene, &prompt.body));
    let stages = nudge
        .stages
        .iter()
        .map(|stage| format!("**{}:** {}", filled(scene, &stage.when), filled(scene, &stage.text)))
        .collect::<Vec<_>>();
    let reply = if stages.is_empty() { reply } else { reply.and(Part::List(stages)) };
    reply.and_text(format!("**If-then:** {}", filled(scene, &nudge.plan)))
}

fn skill_parts(scene: &Scene, prompt: &Prompt, skill: &Skill, reply: Reply) -> Reply {
    reply
        .and_text(filled(scene, &prompt.body))
        .and(Part::Steps(skill.levels.iter().map(|level| filled(scene, level)).collect()))
}

/// "60 minutes", "30 minutes, over two weeks", "45 minutes: preparation, one meeting, one note".
pub fn takes(prompt: &Prompt) -> String {
    let minutes = match prompt.minutes {
        1 => "1 minute".to_owned(),
        n => format!("{n} minutes"),
    };
    match &prompt.span {
        None => minutes,
        Some(span) if dates::parse_span(span).is_some() => format!("{minutes}, over {span}"),
        Some(span) if span.contains(',') => format!("{minutes}: {span}"),
        Some(span) => format!("{minutes}, {span}"),
    }
}

/// The skill and whom to thank for the idea.
pub fn credit(scene: &Scene, prompt: &Prompt) -> String {
    credit_at_most(scene, prompt, usize::MAX)
}

/// The same on a line of a list; opened, the prompt names them all.
pub fn credit_in_short(scene: &Scene, prompt: &Prompt) -> String {
    credit_at_most(scene, prompt, 2)
}

fn credit_at_most(scene: &Scene, prompt: &Prompt, most: usize) -> String {
    let skills: Vec<&str> = prompt.skills.iter().map(|skill| scene.library.skill_title(skill)).collect();
    // That we had a hand in it goes without saying, unless nobody else had.
    let others: Vec<&str> =
        prompt.sources.iter().map(String::as_str).filter(|source| *source != library::OURS).collect();
    let sources = match others.len() {
        0 => "Rung".to_owned(),
        n if n > most => format!("{} and {} more", others[..most].join("; "), n - most),
        _ => others.join("; "),
    };
    format!("{} · Source: {sources}", skills.join(", "))
}

/// A card as it stands in the database, in the person's own words, and what it is worth.
pub fn card(scene: &Scene, card: &Card) -> Reply {
    let confirmed = [
        card.witness.clone(),
        card.confirmed_how.clone(),
        card.confirmed_on.map_or(String::new(), |date| format!("on {}", show_date_with_year(date))),
    ];
    let confirmed: Vec<String> = confirmed.into_iter().filter(|part| !part.is_empty()).collect();
    let confirmed_label = match levels::is_said_to_be_confirmed(card) {
        true => "Confirmed by",
        false => "Who could confirm it",
    };
    let lasted_label = match card.lasted_on {
        Some(date) => format!("Still there on {}", show_date_with_year(date)),
        None => "Still there later".to_owned(),
    };
    let mut reply = Reply::default().and_typed("What you did", &card.what);
    for (label, words) in [
        ("What changed", card.changed.as_str()),
        ("Situation", &card.situation),
        ("Link", &card.link),
        (confirmed_label, &confirmed.join(", ")),
        ("In these words", &card.confirmed_words),
        (&lasted_label, &card.lasted),
        ("Goal it served", &card.goal),
        ("How others were brought along", &card.others),
        ("A level up", &card.level_up),
    ] {
        if !words.is_empty() {
            reply = reply.and_typed(label, words);
        }
    }
    let level = card.level.map_or(String::new(), |level| format!(" · argues for level {level}"));
    let prompt = card.challenge.as_ref().and_then(|id| scene.library.get(id));
    let challenge = prompt.map_or(String::new(), |prompt| format!(" · from “{}”", prompt.title));
    let placed = match (card.placed, prompt.map(|prompt| &prompt.detail)) {
        (Some(at @ 1..=3), Some(Detail::Challenge(challenge))) => {
            let words = filled(scene, &challenge.rubric[usize::from(at) - 1]);
            reply = reply.and_text(format!("**Where you place it, {at} of 3:** {words}"));
            String::new()
        }
        (Some(at), _) => format!(" · placed at {at} of 3"),
        (None, _) => String::new(),
    };
    reply.and_note(format!("{}{level}{challenge}{placed}", skill_and_day(scene, card))).and_note(
        match levels::strength(card) {
            // Who it was is there, and the rest of it has its own form.
            1 | 2 if !card.witness.is_empty() => {
                format!("{} Write it under *Make it stronger*.", levels::explain(card))
            }
            _ => levels::explain(card),
        },
    )
}

/// "Market fluency · 2 March 2026"; the day alone, where no skill is named.
pub fn skill_and_day(scene: &Scene, card: &Card) -> String {
    let day = show_date_with_year(card.happened_on);
    match &card.skill {
        Some(skill) => format!("{} · {day}", scene.library.skill_title(skill)),
        None => day,
    }
}

/// A prompt's title, short enough for a button.
pub fn label(prompt: &Prompt) -> String {
    if prompt.title.chars().count() <= 70 {
        return prompt.title.clone();
    }
    let short: String = prompt.title.chars().take(69).collect();
    format!("{}…", short.trim_end())
}

/// "Wed 4 March at 10:00 (Europe/Berlin)".
pub fn moment(zone: &Zone, at: Timestamp) -> String {
    let wall = zone.tz.to_datetime(at);
    format!("{} at {} ({})", show_date(wall.date()), show_time(wall.time()), zone.name)
}

/// "every week on Wednesday at 10:00".
pub fn pace(house: &House, rhythm: &Rhythm, zone: &Zone, now: Timestamp) -> String {
    let every = match rhythm.every {
        1 => "every week".to_owned(),
        n => format!("every {n} weeks"),
    };
    match rhythm.own.or_else(|| usual_slot(&house.weekly, zone, now)) {
        Some((day, time)) => format!("{every} on {} at {}", day_long(day), show_time(time)),
        None => every,
    }
}

/// Somebody's own day and time, or the workspace's; where that has none, the one that is built in.
pub fn own_slot(scene: &Scene) -> (Weekday, Time) {
    let person = scene.person;
    let usual = || usual_slot(&scene.house.weekly, &person.zone, scene.now);
    person.rhythm.own.or_else(usual).unwrap_or((Weekday::Wednesday, Time::constant(10, 0, 0, 0)))
}

/// The workspace's usual day and time, as its next coming shows them.
fn usual_slot(weekly: &Weekly, zone: &Zone, now: Timestamp) -> Option<(Weekday, Time)> {
    weekly.next_after(&zone.tz, now).map(|due| (due.wall.weekday(), due.wall.time()))
}

/// How we know the zone, in words.
pub fn zone_known(zone: &Zone) -> &'static str {
    match zone.known_from {
        KnownFrom::Choice => "your choice",
        KnownFrom::Slack => "from your Slack profile",
        KnownFrom::Nobody => "Slack has not told me yours",
    }
}

/// The current challenge on a few lines.
pub fn current(scene: &Scene) -> Option<Reply> {
    let taken = scene.person.current.as_ref()?;
    let title =
        scene.library.get(&taken.prompt).map_or(taken.prompt.as_str(), |prompt| prompt.title.as_str());
    let days = (taken.due_on - scene.today()).get_days();
    let when = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=6 => format!("{}, in {days} days", show_date(taken.due_on)),
        n if n < 0 => format!("{}; late is fine, done is better", show_date(taken.due_on)),
        _ => show_date(taken.due_on),
    };
    let mut reply = Reply::text(format!("**Your challenge: {title}**")).and_typed("Your plan", &taken.plan);
    if let Some(Detail::Challenge(challenge)) = scene.library.get(&taken.prompt).map(|prompt| &prompt.detail)
    {
        reply = reply.and_text(format!("**Done when:** {}", filled(scene, &challenge.done_when)));
    }
    Some(reply.and_note(format!("By {when}")))
}

pub fn date(date: jiff::civil::Date) -> String {
    dates::show_date(date)
}
