//! Everything that leaves the program, read by somebody else's models of Slack and held to the local
//! Slack's rules: every prompt by every command and button, every form, and whatever people type.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use rung::coach::command::{self, SPECS};
use rung::coach::event::Verdict;
use rung::coach::library::{Kind, Library, Prompt, PromptId, Rung};
use rung::coach::nudge::{self, Occasion};
use rung::coach::person::{Card, More, Page, Person, PersonId, Rating, Shelf, Shown, Taken, Zone};
use rung::coach::reply::{Part, Reply, Submission};
use rung::coach::rhythm::{Rhythm, Slot};
use rung::coach::week::{Week, Weekly};
use rung::coach::{self, About, Action, Command, House, Outcome, Scene, Shortcut};
use rung::content;
use rung::local;
use rung::slack::render;
use serde_json::Value;
use slack_morphism::blocks::{SlackBlock, SlackView};

fn now() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

fn week() -> Week {
    Week::parse("2026-W10").unwrap()
}

fn house() -> House {
    House {
        command: "/coach".to_owned(),
        weekly: Weekly::parse("0 0 10 * * Wed").unwrap(),
        version: "0.1.0",
        database: "a SQLite file",
    }
}

fn card(words: &str) -> Card {
    let words = || words.to_owned();
    Card {
        challenge: Some(PromptId::new("seam-map")),
        skill: Some(PromptId::new("market-fluency")),
        changed: words(),
        witness: words(),
        link: words(),
        situation: words(),
        confirmed_how: words(),
        confirmed_on: Some(date(2026, 3, 1)),
        confirmed_words: words(),
        lasted: words(),
        lasted_on: Some(date(2026, 3, 1)),
        goal: words(),
        others: words(),
        level_up: words(),
        level: Some(2),
        placed: Some(3),
        ..Card::of_one_line("0199-card".to_owned(), words(), date(2026, 2, 28), now())
    }
}

fn newcomer() -> Person {
    Person::stranger(PersonId { team: "T1".to_owned(), user: "U1".to_owned() })
}

/// Somebody with a past, in whose every field stand these words.
fn regular(words: &str) -> Person {
    Person {
        is_new: false,
        wanted: Some(Rung::DirectorHead),
        zone: Zone::resolve(None, Some("Europe/Berlin")),
        rhythm: Rhythm {
            on: true,
            unanswered: 4,
            every: 3,
            next: Some(Slot { at: now(), week: week() }),
            ..Rhythm::default()
        },
        current: Some(Taken {
            id: "0199-taken".to_owned(),
            prompt: PromptId::new("seam-map"),
            plan: words.to_owned(),
            due_on: date(2026, 3, 6),
        }),
        shelf: Shelf {
            total: 1,
            by_skill: [(PromptId::new("market-fluency"), 1)].into(),
            newest: vec![card(words)],
            asked_for: Some(card(words)),
            deleted: None,
            proofs: Vec::new(),
        },
        parked: vec![Taken {
            id: "0199-parked".to_owned(),
            prompt: PromptId::new("three-numbers"),
            plan: words.to_owned(),
            due_on: date(2026, 3, 6),
        }],
        ratings: [
            ("nine-skills", "market-fluency", 2, 100),
            ("nine-skills", "market-fluency", 3, 70),
            ("want-it", "1", 2, 3),
        ]
        .map(|(assessment, item, level, days)| Rating {
            assessment: PromptId::new(assessment),
            item: item.to_owned(),
            level,
            at: now() - jiff::SignedDuration::from_hours(24 * days),
        })
        .into(),
        more: More {
            page: Some(Page { cards: vec![card(words); 8], total: 20 }),
            // As many as the store ever hands over: three of each skill.
            best: vec![card(words); 3],
            cards: vec![card(words)],
            active: vec![week()],
            history: None,
            holdings: Default::default(),
        },
        ..newcomer()
    }
}

fn all_seen(library: &Library) -> BTreeMap<PromptId, Shown> {
    let seen = Shown { times: 1, last_at: now(), declined: false };
    library.all().map(|prompt| (prompt.id.clone(), seen)).collect()
}

/// Both opinions on all that an outcome would send: the message in its three dresses, and the form.
fn check(outcome: &Outcome) -> Result<(), String> {
    check_reply(&outcome.reply)?;
    let Some(form) = &outcome.form else { return Ok(()) };
    check_view(&render::modal(form, "0199-key"))
}

fn check_reply(reply: &Reply) -> Result<(), String> {
    let message = serde_json::to_value(render::message(reply)).unwrap();
    for dressed in [render::ephemeral(reply), render::replacement(reply)] {
        if (&dressed["text"], &dressed["blocks"]) != (&message["text"], &message["blocks"]) {
            return Err(format!("two dresses of one message differ: {dressed:#} and {message:#}"));
        }
    }
    let blocks: Vec<SlackBlock> = serde_json::from_value(message["blocks"].clone())
        .map_err(|error| format!("{error} in {message:#}"))?;
    is_known(&format!("{blocks:?}"), &message)?;
    is_kept(&message["blocks"], &serde_json::to_value(&blocks).unwrap(), "/blocks")?;
    nothing_refused(local::refused_in_message(&message), &message)?;
    stands_alone(reply, message["text"].as_str().unwrap())
}

fn is_known(parsed: &str, sent: &Value) -> Result<(), String> {
    if parsed.contains("Unknown(") { Err(format!("a block that is not known: {sent:#}")) } else { Ok(()) }
}

/// All that we say is in what the other library makes of it: a key of ours that it does not know would
/// be missing.
fn is_kept(ours: &Value, theirs: &Value, at: &str) -> Result<(), String> {
    match (ours, theirs) {
        (Value::Object(fields), Value::Object(others)) => fields.iter().try_for_each(|(key, value)| {
            let other = others.get(key).ok_or_else(|| format!("{at}/{key} is unknown to slack-morphism"))?;
            is_kept(value, other, &format!("{at}/{key}"))
        }),
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => items
            .iter()
            .zip(others)
            .enumerate()
            .try_for_each(|(n, (item, other))| is_kept(item, other, &format!("{at}/{n}"))),
        _ if ours == theirs => Ok(()),
        _ => Err(format!("{at}: {ours} became {theirs}")),
    }
}

fn nothing_refused(wrong: Vec<String>, sent: &Value) -> Result<(), String> {
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} in {sent:#}", wrong.join("; "))) }
}

/// Whoever gets no blocks gets the words all the same, or is told that there is more.
fn stands_alone(reply: &Reply, text: &str) -> Result<(), String> {
    let is_whole = !text.ends_with("(the whole of it is in the message)");
    for part in &reply.parts {
        let words = match part {
            Part::Heading(words) => words.clone(),
            Part::Typed { words, .. } => words.clone(),
            _ => continue,
        };
        let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if is_whole && !text.contains(&escaped) {
            return Err(format!("{words:?} is not in the text {text:?}"));
        }
    }
    Ok(())
}

/// App Home, with a page of cards.
fn check_home(scene: &Scene, cards: &[Card]) -> Result<(), String> {
    check_view(&render::home(&coach::home(scene, cards, 0)))
}

fn check_view(view: &Value) -> Result<(), String> {
    let parsed: SlackView =
        serde_json::from_value(view.clone()).map_err(|error| format!("{error} in {view:#}"))?;
    is_known(&format!("{parsed:?}"), view)?;
    is_kept(view, &serde_json::to_value(&parsed).unwrap(), "")?;
    nothing_refused(local::refused_in_view(view), view)
}

/// Every button and menu entry in a reply.
fn actions(reply: &Reply) -> Vec<Action> {
    let one = |part: &Part| match part {
        Part::Buttons(buttons) => buttons.iter().map(|button| button.action.clone()).collect(),
        Part::Choice(choice) => choice.options.iter().map(|(_, action)| action.clone()).collect(),
        _ => Vec::new(),
    };
    reply.parts.iter().flat_map(one).collect()
}

/// Every screen that can be reached from here by buttons alone, each checked; how many there were.
fn walk(scene: &Scene, start: Outcome) -> usize {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![(String::from("start"), start)]);
    while let Some((whence, outcome)) = waiting.pop() {
        check(&outcome).unwrap_or_else(|problem| panic!("after {whence}: {problem}"));
        for action in actions(&outcome.reply) {
            let (name, rest) = action.encode();
            assert_eq!(
                Action::decode(name, &rest).as_ref(),
                Some(&action),
                "a button that is not understood"
            );
            let whence = format!("{name} {rest}");
            if seen.insert(whence.clone()) {
                waiting.push((whence, coach::press(scene, action)));
            }
        }
    }
    seen.len()
}

#[test]
fn every_prompt_by_every_command_and_button_is_what_slack_takes() {
    let (library, house) = (content::load(None).unwrap(), house());
    let words = "Ran the review with Dana, <!channel> & R&D";
    let mut screens = 0;
    for person in [newcomer(), regular(words), Person { shown: all_seen(&library), ..regular(words) }] {
        let scene = Scene {
            library: &library,
            person: &person,
            now: now(),
            house: &house,
            fresh: "0199-fresh",
            here: None,
        };
        for spec in SPECS {
            for example in spec.examples {
                match command::parse(example) {
                    Ok(command) => screens += walk(&scene, coach::respond(&scene, command)),
                    Err(usage) => screens += walk(&scene, coach::explain(&scene, usage)),
                }
            }
        }
        for prompt in library.all() {
            screens += of_prompt(&scene, prompt);
        }
        for skill in library.of(Kind::Skill) {
            let asked = [
                Command::Tip { skill: skill.title.to_lowercase() },
                Command::Challenge { name: skill.title.to_lowercase() },
            ];
            for command in asked {
                check(&coach::respond(&scene, command))
                    .unwrap_or_else(|problem| panic!("{}: {problem}", skill.id));
            }
        }
        check_home(&scene, &vec![card(words); coach::CARDS_ON_A_PAGE as usize]).unwrap();
        check_home(&scene, &[]).unwrap();
        let quiet = nudge::compose(&scene, Occasion::Quiet, week(), None);
        if let Verdict::Say(reply) = quiet {
            check_reply(&reply).unwrap();
        }
    }
    println!("{screens} screens reached by buttons");
}

/// All that can be made of one prompt.
fn of_prompt(scene: &Scene, prompt: &Prompt) -> usize {
    let id = || prompt.id.clone();
    let told = |what: &str, problem: String| -> ! { panic!("{} {what}: {problem}", prompt.id) };
    let nudge = nudge::message(scene, prompt, week());
    check_reply(&nudge).unwrap_or_else(|problem| told("as a nudge", problem));
    let asked = match prompt.kind() {
        Kind::Script => Command::Script { name: prompt.id.to_string() },
        Kind::Challenge => Command::Challenge { name: prompt.id.to_string() },
        _ => Command::Tip { skill: prompt.skill().to_string() },
    };
    let answer = coach::respond(scene, asked);
    check(&answer).unwrap_or_else(|problem| told("asked for", problem));
    let panel = render::panel("Your tip", &answer.reply);
    check_view(&panel).unwrap_or_else(|problem| told("in a panel", problem));
    for action in [
        Action::Show(id()),
        Action::TakeOn(id()),
        Action::NotUseful(id()),
        Action::NotRelevant(id()),
        Action::Done(Some(id())),
        Action::Later(week(), id()),
        Action::RemindOn(week(), id(), date(2026, 3, 5)),
        Action::RemindOn(week(), id(), date(2026, 3, 1)),
    ] {
        let pressed = coach::press(scene, action.clone());
        check(&pressed).unwrap_or_else(|problem| told(&format!("{action:?}"), problem));
    }
    // The forms that name it, sent in.
    let about = About::TakeOn { prompt: prompt.id.to_string() };
    let values = [("plan", "If it is Tuesday, then I will ask."), ("due_on", "2026-03-09")];
    let submission = submission(about, &values);
    check(&coach::submit(scene, &submission).unwrap()).unwrap_or_else(|problem| told("taken on", problem));
    actions(&nudge).len()
}

fn submission(about: About, values: &[(&str, &str)]) -> Submission {
    let values = values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    Submission { key: "0199-key".to_owned(), about, values }
}

/// What people type, and what of it breaks markup, limits and lines.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "\\PC{1,300}",
        6 => r"(<!channel>|<@U1>|<#C1>|<https://x.test\|y>|&amp;|&|<|>|\*|_|~|`|```|\n|\t|\r|:tada:|\[a\]\(b\)|# |> |- |\{\{name\}\}|\u{202e}|\u{200d}|e\u{301}|👩‍👩‍👧|word ){1,60}",
        1 => "(a|🙂|&|\n| ){2900,3000}",
        1 => "[a-zé]{3000}",
    ]
}

proptest! {
    // As many texts as PROPTEST_CASES says; 256 where it says nothing.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_type_comes_back_in_what_slack_takes(words in typed()) {
        thread_local! {
            static LIBRARY: Library = content::load(None).unwrap();
        }
        let house = house();
        // What is kept has gone through the checks that this test sends it through as well.
        let mut units = 0;
        let kept: String = words.chars().take_while(|c| { units += c.len_utf16(); units <= 3_000 }).collect();
        let person = regular(&kept);
        let name: String = words.chars().take(12).collect();
        LIBRARY.with(|library| {
            let scene = Scene { library, person: &person, now: now(), house: &house, fresh: "0199-fresh", here: None };
            let mut outcomes: Vec<Outcome> = vec![
                coach::respond(&scene, Command::Log { what: format!("{kept}!") }),
                coach::respond(&scene, Command::Log { what: words.repeat(3) }),
                coach::respond(&scene, Command::Done { what: words.clone() }),
                coach::respond(&scene, Command::Today),
                coach::respond(&scene, Command::Tip { skill: name.clone() }),
                coach::respond(&scene, Command::Script { name: name.clone() }),
                coach::respond(&scene, Command::Challenge { name: name.clone() }),
                coach::press(&scene, Action::EditCard("0199-card".into())),
                coach::press(&scene, Action::DeleteCard("0199-card".into())),
                coach::press(&scene, Action::RestoreCard("0199-card".into())),
                coach::press(&scene, Action::LogAgain("0199-card".into())),
                coach::press(&scene, Action::ShowCard("0199-card".into())),
                coach::press(&scene, Action::Confirm("0199-card".into())),
                coach::press(&scene, Action::TellMore("0199-card".into())),
                coach::press(&scene, Action::Place("0199-card".into(), 1)),
                coach::press(&scene, Action::Cards(1, name.clone())),
                coach::press(&scene, Action::Case),
                coach::press(&scene, Action::Challenges),
                coach::press(&scene, Action::Resume("0199-parked".into())),
                coach::press(&scene, Action::Park("0199-taken".into())),
                coach::press(&scene, Action::Swap("0199-taken".into())),
                coach::respond(&scene, Command::Assess { name: name.clone() }),
            ];
            for line in [words.clone(), format!("nudge {words}"), format!("settings zone {words}"), format!("settings {words}")] {
                outcomes.push(match command::parse(&line) {
                    Ok(command) => coach::respond(&scene, command),
                    Err(usage) => coach::explain(&scene, usage),
                });
            }
            let fields = |words| [("what", words), ("changed", words), ("witness", words), ("link", words),
                       ("skill", "org-buy-in"), ("challenge", "none"), ("happened_on", "2026-03-01")];
            let forms = [
                submission(About::NewCard, &fields(&kept)),
                submission(About::NewCard, &fields(&words)),
                submission(About::EditCard { card: "0199-card".into() }, &fields(&kept)),
                submission(About::Confirm { card: "0199-card".into() }, &[("witness", &kept), ("confirmed_words", &words), ("confirmed_on", "2026-03-01")]),
                submission(About::TellMore { card: "0199-card".into() }, &[("goal", &words), ("others", &kept)]),
                submission(About::Begin, &[("rung", "vp-cpo"), ("minutes", "30"), ("day", "Monday"), ("time", "09:00"), ("here", &words)]),
                submission(About::RateNext { skill: "market-fluency".into() }, &[("item-6", "2")]),
                submission(About::RateAll, &[("item-1", "2"), ("item-2", &words)]),
                submission(About::Assess { assessment: "want-it".into() }, &[("item-1", "2"), ("item-2", "3")]),
                submission(About::TakeOn { prompt: "seam-map".into() }, &[("plan", &words), ("due_on", "2026-03-09")]),
                submission(About::Settings, &[("rung", &words), ("zone", &words)]),
                submission(About::Rhythm, &[("day", &words), ("time", &words), ("every", &words)]),
            ];
            for form in &forms {
                match coach::submit(&scene, form) {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(errors) => prop_assert!(!errors.is_empty() && errors.iter().all(|(_, what)| what.len() < 300)),
                }
            }
            if let Err(problem) = check_home(&scene, &vec![card(&kept); coach::CARDS_ON_A_PAGE as usize]) {
                prop_assert!(false, "App Home: {}", problem);
            }
            let save = Shortcut::Save { words: words.clone(), link: "https://acme.slack.com/p1".into() };
            outcomes.push(coach::shortcut(&scene, &save));
            let mentioned = coach::mention(library, &house, now(), "0199-seed", &words);
            if let Err(problem) = check_reply(&mentioned) {
                prop_assert!(false, "a mention: {}", problem);
            }
            for (n, outcome) in outcomes.iter().enumerate() {
                if let Err(problem) = check(outcome) {
                    prop_assert!(false, "outcome {}: {}", n, problem);
                }
            }
            Ok(())
        })?;
    }
}
