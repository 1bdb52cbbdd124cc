//! `/coach rehearse [name]`: the hard meeting, question by question, each harder; a score after each.
//!
//! Answers are said aloud or typed in the direct message and kept nowhere; the scores are kept.

use jiff::ToSpan;

use crate::coach::command::{Command, SPECS, Spec, bare};
use crate::coach::dates::show_date;
use crate::coach::library::{Detail, Kind, Prompt, PromptId};
use crate::coach::person::{Run, RunEnd, Score};
use crate::coach::reply::{Button, Choice, Part, Reply};
use crate::coach::{Action, Change, Outcome, Scene, choose, say};

use super::ask;

pub const SPEC: Spec = Spec {
    name: "rehearse",
    args: "[name]",
    about: "Rehearse a hard meeting",
    examples: &["rehearse", "rehearse manager conversation", "rehearse stop"],
    also: &["rehearsal", "rehearsals", "practise", "practice", "roleplay", "role-play"],
    parse: |rest| Ok(Command::Rehearse { name: bare(rest) }),
};

pub fn answer(scene: &Scene, typed: &str) -> Outcome {
    if matches!(typed, "stop" | "end" | "quit") {
        return match scene.person.rehearsing(scene.now) {
            Some(run) => stopped(scene, run),
            None => Outcome::say(Reply::text("No rehearsal is on, so there is nothing to stop.")),
        };
    }
    if typed.is_empty() {
        return match scene.person.rehearsing(scene.now).and_then(|run| Some((run, asks(scene, &run.prompt)?)))
        {
            Some((run, _)) => in_the_message(where_we_are(scene, run)),
            None => Outcome::say(list(scene, Reply::headed("Rehearse a hard meeting"))),
        };
    }
    let found = match typed {
        "manager" | "my manager" | "boss" | "my boss" => {
            scene.library.get(&PromptId::new("manager-conversation"))
        }
        _ => choose::find(scene.library, Kind::Rehearsal, typed),
    };
    match found {
        Some(prompt) => start(scene, &prompt.id),
        None => Outcome::say(ask::instead(scene, Kind::Rehearsal, typed).unwrap_or_else(|| {
            list(
                scene,
                Reply::text("I have no rehearsal of that name. These are the ones I have:")
                    .and_typed("You typed:", typed),
            )
        })),
    }
}

/// What it is, without giving the questions away.
pub fn offer(scene: &Scene, prompt: &Prompt) -> Outcome {
    let reply = Reply::headed(&prompt.title)
        .and_text(say::filled(scene, &prompt.body))
        .and_text(format!(
            "{} questions in our direct message, each harder than the one before. You score yourself.",
            asks(scene, &prompt.id).map_or(0, <[String]>::len)
        ))
        .and_buttons(vec![Button::primary("Start", Action::Rehearse(prompt.id.clone()))])
        .and_note(format!("Why: {}", say::filled(scene, &prompt.why)))
        .and_note(say::credit(scene, prompt));
    Outcome::say(reply)
}

fn list(scene: &Scene, reply: Reply) -> Reply {
    let mut prompts: Vec<&Prompt> = scene.library.of(Kind::Rehearsal).collect();
    prompts.sort_by_key(|prompt| prompt.title.clone());
    let lines = prompts
        .iter()
        .map(|prompt| {
            let last = last_of(scene, &prompt.id, None).map_or(String::new(), |run| {
                let again = day(scene, run).saturating_add(3.days());
                let from = match again <= scene.today() {
                    true => String::new(),
                    false => format!("; again from {}", show_date(again)),
                };
                format!(": last time {} of {}{from}", run.total(), most(run))
            });
            format!("**{}**{last}", prompt.title)
        })
        .collect();
    let options =
        prompts.iter().map(|prompt| (prompt.title.clone(), Action::Rehearse(prompt.id.clone()))).collect();
    reply
        .and_text("Question by question, each harder than the one before. Answer aloud or in writing, then score yourself.")
        .and(Part::List(lines))
        .and(Part::Choice(Choice { label: "Start a rehearsal".to_owned(), options }))
        .and_note("Your answers are kept nowhere. Your scores are, and only you see them.")
}

/// Starts a set; one that was on ends there.
pub fn start(scene: &Scene, id: &PromptId) -> Outcome {
    let Some(prompt) = scene.library.get(id).filter(|prompt| prompt.kind() == Kind::Rehearsal) else {
        return Outcome::say(Reply::text("That rehearsal is no longer in the library."));
    };
    let run = Run {
        id: scene.fresh.to_owned(),
        prompt: id.clone(),
        started_at: scene.now,
        touched_at: scene.now,
        scores: Vec::new(),
        answered: false,
        ended: None,
    };
    let intro = Reply::headed(&prompt.title).and_text(say::filled(scene, &prompt.body)).and_text(
        "Answer each question here in your own words, or aloud. Your answers are kept nowhere; your scores are, \
         and only you see them. **stop** ends it.",
    );
    let first = intro.and_all(question(scene, &run));
    let mut outcome = in_the_message(first);
    if let Some(on) = scene.person.runs.iter().find(|run| run.ended.is_none()) {
        outcome.changes.push(Change::Rehearse(ended(scene, on, RunEnd::Stopped)));
    }
    outcome.with(Change::Rehearse(run)).with(Change::Shown(id.clone()))
}

/// The reply goes into the conversation, wherever it was asked for.
fn in_the_message(reply: Reply) -> Outcome {
    let mut outcome = Outcome::say(Reply::text("It goes on in our direct message: the question is there."));
    outcome.by_message = Some(reply);
    outcome
}

/// What somebody writes in the conversation while a rehearsal is on. None where it is no part of it.
pub fn heard(scene: &Scene, text: &str) -> Option<Outcome> {
    let run = scene.person.rehearsing(scene.now)?;
    asks(scene, &run.prompt)?;
    let said = text.trim();
    let plain = bare(said);
    if matches!(plain.as_str(), "stop" | "end" | "quit" | "cancel") {
        return Some(stopped(scene, run));
    }
    if said.is_empty() || is_command(&plain) {
        return None;
    }
    if let Some(score) = Score::parse(&plain).filter(|_| run.answered) {
        return Some(scored(scene, run, score));
    }
    // A second thought on the same question is an answer as well.
    Some(answered(scene, run))
}

/// `tip`, `help`, `nudge off`: what is too short for an answer. Logging is never taken for one.
fn is_command(plain: &str) -> bool {
    let mut words = plain.split(' ');
    let Some(first) = words.next() else { return false };
    let known = |spec: &&Spec| spec.name == first || spec.also.contains(&first);
    SPECS.into_iter().find(known).is_some_and(|spec| spec.name == "log" || words.count() <= 1)
}

/// The question has been answered, aloud or in writing.
pub fn aloud(scene: &Scene, id: &str, n: usize) -> Outcome {
    match current(scene, id, n) {
        Some(run) => answered(scene, run),
        None => behind(scene),
    }
}

pub fn score(scene: &Scene, id: &str, n: usize, score: Score) -> Outcome {
    match current(scene, id, n) {
        Some(run) => {
            let mut outcome = scored(scene, run, score);
            // The message with the menu says what was chosen; the next question comes as a new one.
            let told = Reply::text(format!("Question {}: {}.", n + 1, score.told()));
            outcome.by_message = Some(std::mem::replace(&mut outcome.reply, told));
            outcome
        }
        None => behind(scene),
    }
}

pub fn stop(scene: &Scene, id: &str) -> Outcome {
    match scene.person.runs.iter().find(|run| run.id == id && run.ended.is_none()) {
        Some(run) => stopped(scene, run),
        None => Outcome::say(Reply::text("That rehearsal is over already.")),
    }
}

fn current<'a>(scene: &Scene<'a>, id: &str, n: usize) -> Option<&'a Run> {
    scene.person.runs.iter().find(|run| run.id == id && run.ended.is_none() && run.scores.len() == n)
}

fn behind(scene: &Scene) -> Outcome {
    Outcome::say(Reply::text(format!(
        "That question is behind you. {} shows where you are.",
        scene.code("rehearse")
    )))
}

fn answered(scene: &Scene, run: &Run) -> Outcome {
    let run = Run { answered: true, touched_at: scene.now, ..run.clone() };
    Outcome::say(how_was_it(scene, &run)).with(Change::Rehearse(run))
}

fn how_was_it(scene: &Scene, run: &Run) -> Reply {
    let n = run.scores.len();
    let options = Score::all().map(|score| (score.told(), Action::Score(run.id.clone(), n, score))).collect();
    let scoring = match scene.library.get(&run.prompt).map(|prompt| &prompt.detail) {
        Some(Detail::Rehearsal { scoring, .. }) if n == 0 => say::filled(scene, scoring),
        _ => "Up to 2 for proof used, 1 for under 45 seconds, 1 for a limit admitted or a good question."
            .to_owned(),
    };
    Reply::text(format!("**Question {}: how was your answer?** It is kept nowhere.", n + 1))
        .and_note(scoring)
        .and(Part::Choice(Choice { label: "Score your answer".to_owned(), options }))
        .and_note("Or type three numbers for the three, such as 2 1 0.")
}

fn scored(scene: &Scene, run: &Run, score: Score) -> Outcome {
    let Some(asks) = asks(scene, &run.prompt) else { return stopped(scene, run) };
    let mut run = Run { answered: false, touched_at: scene.now, ..run.clone() };
    run.scores.push(score);
    if run.scores.len() < asks.len() {
        return Outcome::say(question(scene, &run)).with(Change::Rehearse(run));
    }
    let run = ended(scene, &run, RunEnd::Finished);
    Outcome::say(result(scene, &run)).with(Change::Rehearse(run))
}

fn stopped(scene: &Scene, run: &Run) -> Outcome {
    let reply = match run.scores.len() {
        0 => Reply::text("Stopped. Starting is what takes courage; the questions will wait."),
        1 => Reply::text(format!("Stopped after one question, with {} of {}.", run.total(), most(run))),
        n => Reply::text(format!("Stopped after {n} questions, with {} of {}.", run.total(), most(run))),
    };
    let reply = reply.and_buttons(vec![Button::new("Start it again", Action::Rehearse(run.prompt.clone()))]);
    Outcome::say(reply).with(Change::Rehearse(ended(scene, run, RunEnd::Stopped)))
}

fn where_we_are(scene: &Scene, run: &Run) -> Reply {
    if run.answered { how_was_it(scene, run) } else { question(scene, run) }
}

fn question(scene: &Scene, run: &Run) -> Reply {
    let asks = asks(scene, &run.prompt).unwrap_or_default();
    let n = run.scores.len();
    let Some(ask) = asks.get(n) else { return Reply::text("That was the last question.") };
    Reply::text(format!("**Question {} of {}**", n + 1, asks.len()))
        .and_text(format!("“{}”", say::filled(scene, ask).trim_matches('"')))
        .and_buttons(vec![
            Button::new("I said it aloud", Action::Aloud(run.id.clone(), n)),
            Button::new("Stop", Action::StopRehearsal(run.id.clone())),
        ])
}

/// The sum, what has changed since last time, and how the weakest answer could be better.
fn result(scene: &Scene, run: &Run) -> Reply {
    let last = last_of(scene, &run.prompt, Some(&run.id));
    let reply = Reply::headed(format!("{} of {}", run.total(), most(run)));
    let reply = match last {
        None => reply.and_text("Your first time through it; that is the hard one."),
        Some(last) => reply.and_text(compared(scene, run, last)),
    };
    let asks = asks(scene, &run.prompt).unwrap_or_default();
    let lines = asks.iter().zip(&run.scores).enumerate().map(|(at, (ask, score))| {
        let before = last.and_then(|last| last.scores.get(at)).map(|score| score.total());
        let before = before.map_or(String::new(), |before| format!(", last time {before}"));
        format!("**{}**{before}: {}", score.total(), say::filled(scene, ask).trim_matches('"'))
    });
    let reply = reply.and(Part::Steps(lines.collect()));
    let weakest = run.scores.iter().enumerate().min_by_key(|(at, score)| (score.total(), *at));
    let tips = match scene.library.get(&run.prompt).map(|prompt| &prompt.detail) {
        Some(Detail::Rehearsal { tips, .. }) => tips.as_slice(),
        _ => &[],
    };
    let reply = match weakest.filter(|(_, score)| score.total() < Score::MOST) {
        Some((at, _)) => match tips.get(at) {
            Some(tip) => reply.and_text(format!(
                "**Your weakest was question {}.** A strong answer {}",
                at + 1,
                lower_first(&say::filled(scene, tip))
            )),
            None => reply,
        },
        None => reply.and_text("Full marks. Ask somebody to be less kind next time."),
    };
    let again = scene.today().saturating_add(3.days());
    let mut buttons = vec![Button::new("Once more", Action::Rehearse(run.prompt.clone()))];
    let next = scene
        .library
        .get(&run.prompt)
        .and_then(|prompt| prompt.next.iter().filter_map(|id| scene.library.get(id)).next());
    if let Some(next) = next {
        buttons.push(Button::new(format!("Open “{}”", next.title), Action::Show(next.id.clone())));
    }
    reply
        .and_text(format!(
            "Do it again in three days, on {}: the second run shows whether you found better proof or only better \
             phrases.",
            show_date(again)
        ))
        .and_buttons(buttons)
}

/// Where their newest rehearsal stands, in a line.
pub fn latest(scene: &Scene) -> Option<String> {
    let run = scene.person.runs.iter().find(|run| matches!(run.ended, Some((_, RunEnd::Finished))))?;
    let title = scene.library.get(&run.prompt).map(|prompt| prompt.title.as_str())?;
    let before = last_of(scene, &run.prompt, Some(&run.id))
        .map_or(String::new(), |last| format!(", the time before {}", last.total()));
    Some(format!("**Rehearsed:** {title}, {} of {}{before}", run.total(), most(run)))
}

fn compared(scene: &Scene, run: &Run, last: &Run) -> String {
    let (now, then) = (run.total(), last.total());
    let when = show_date(day(scene, last));
    match now.cmp(&then) {
        std::cmp::Ordering::Greater => format!("Last time, on {when}, it was {then}: {} more.", now - then),
        std::cmp::Ordering::Equal => format!("Last time, on {when}, it was {then} as well."),
        std::cmp::Ordering::Less => {
            format!("Last time, on {when}, it was {then}. Marking yourself harder is progress too.")
        }
    }
}

fn ended(scene: &Scene, run: &Run, how: RunEnd) -> Run {
    Run { ended: Some((scene.now, how)), answered: false, touched_at: scene.now, ..run.clone() }
}

fn asks<'a>(scene: &Scene<'a>, id: &PromptId) -> Option<&'a [String]> {
    match &scene.library.get(id)?.detail {
        Detail::Rehearsal { asks, .. } => Some(asks),
        _ => None,
    }
}

/// The newest finished run of a set, but for this one.
fn last_of<'a>(scene: &Scene<'a>, id: &PromptId, but: Option<&str>) -> Option<&'a Run> {
    let finished = |run: &&Run| matches!(run.ended, Some((_, RunEnd::Finished)));
    scene.person.runs.iter().filter(finished).find(|run| run.prompt == *id && but != Some(run.id.as_str()))
}

fn day(scene: &Scene, run: &Run) -> jiff::civil::Date {
    scene.person.zone.tz.to_datetime(run.started_at).date()
}

fn most(run: &Run) -> u32 {
    u32::from(Score::MOST) * run.scores.len() as u32
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
