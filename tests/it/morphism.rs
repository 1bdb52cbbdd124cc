//! Everything that leaves the program, read by somebody else's models of Slack and held to the local
//! Slack's rules: every prompt by every command and button, every form, and whatever people type.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use rung::coach::channel::{self, ChannelNudge, Place};
use rung::coach::command::{self, SPECS};
use rung::coach::event::{self, Event, Verdict};
use rung::coach::library::{Kind, Library, Prompt, PromptId, Rung};
use rung::coach::nudge::{self, Occasion};
use rung::coach::person::{Card, More, Page, Person, PersonId, Rating, Run, Shelf, Shown, Taken, Zone};
use rung::coach::reply::{Part, Reply, Submission};
use rung::coach::rhythm::{Rhythm, Slot};
use rung::coach::week::{Week, Weekly};
use rung::coach::{self, About, Action, Command, Enclosure, House, Outcome, Scene, Shortcut};
use rung::content;
use rung::export;
use rung::local;
use rung::slack::{form as slack_form, payload, render};
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
            unsorted: vec![card(words); 15],
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
    nothing_slips_through(&message)?;
    nothing_is_lost(reply, &message["blocks"])?;
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

/// Where markup is read stands none that we did not write: nobody is pinged, and nothing links where we do not.
fn nothing_slips_through(sent: &Value) -> Result<(), String> {
    let mut waiting = vec![sent];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                let is_markup =
                    fields.get("type").is_some_and(|kind| kind == "mrkdwn") || fields.contains_key("blocks");
                if let (true, Some(text)) = (is_markup, fields.get("text").and_then(Value::as_str)) {
                    for (at, _) in text.match_indices('<') {
                        let rest: String = text[at..].chars().take(40).collect();
                        if !rest.starts_with("<https://") || rest.contains("x.test") {
                            return Err(format!("{rest:?} slipped into {text:?}"));
                        }
                    }
                }
                waiting.extend(fields.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    Ok(())
}

/// What somebody typed stands in the message to the letter, or as far as a message holds it.
fn nothing_is_lost(reply: &Reply, blocks: &Value) -> Result<(), String> {
    let quotes =
        blocks.as_array().into_iter().flatten().filter(|block| block["type"] == "rich_text").map(|block| {
            let quote = block["elements"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|part| part["type"] == "rich_text_quote");
            let leaves = quote.flat_map(|quote| quote["elements"].as_array().cloned().unwrap_or_default());
            leaves.map(|leaf| leaf["text"].as_str().unwrap_or_default().to_owned()).collect::<String>()
        });
    let typed = reply.parts.iter().filter_map(|part| match part {
        Part::Typed { label, words } if !(label.is_empty() && words.is_empty()) => Some(words),
        _ => None,
    });
    for (words, drawn) in typed.zip(quotes) {
        let is_there = match drawn.strip_suffix("… (the rest is too long for one message)") {
            Some(start) => words.starts_with(start),
            None => *words == drawn,
        };
        if !is_there {
            return Err(format!("{words:?} became {drawn:?}"));
        }
    }
    Ok(())
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
    nothing_slips_through(view)?;
    nothing_refused(local::refused_in_view(view), view)
}

/// What goes out as a file is read back as it was written.
fn check_files(scene: &Scene) -> Result<(), String> {
    let text = |enclosure| {
        let file = export::file(scene, enclosure).ok_or("no file")?;
        String::from_utf8(file.bytes).map_err(|error| error.to_string())
    };
    let cards: Vec<export::Card> = scene.person.more.cards.iter().map(export::Card::from).collect();
    let table = export::read_csv(&text(Enclosure::CaseCsv)?).map_err(|error| format!("{error:#}"))?;
    if table != cards {
        return Err("the table is not what was written".to_owned());
    }
    let case = export::read_case(&text(Enclosure::CaseJson)?).map_err(|error| format!("{error:#}"))?;
    let mut from_case: Vec<export::Card> = case.skills.into_iter().flat_map(|skill| skill.cards).collect();
    from_case.extend(case.other_cards);
    if from_case != cards {
        return Err("the case is not what was written".to_owned());
    }
    let all = export::read_everything(&text(Enclosure::Everything)?).map_err(|error| format!("{error:#}"))?;
    if all != export::Everything::of(scene) {
        return Err("the export is not what was written".to_owned());
    }
    let markdown = text(Enclosure::CaseMarkdown)?;
    let words = scene.person.more.cards.iter().map(|card| card.what.trim().replace('\n', "\n  "));
    match words.into_iter().find(|words| !markdown.contains(words.as_str())) {
        Some(words) => Err(format!("{words:?} is not in the Markdown")),
        None => Ok(()),
    }
}

/// What Slack sends is read as it was typed: in a command, in a conversation, in a form.
fn check_the_way_in(words: &str) -> Result<(), String> {
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let form = [("team_id", "T1"), ("user_id", "U1"), ("command", "/coach"), ("text", &escaped)];
    let body = serde_urlencoded::to_string(form).unwrap();
    let read = payload::command(body.as_bytes()).ok_or("no command")?.text;
    let event = serde_json::json!({
        "type": "event_callback", "team_id": "T1", "event_id": "E1",
        "event": { "type": "message", "channel_type": "im", "user": "U1", "text": escaped },
    });
    let heard = match payload::event(event.to_string().as_bytes()) {
        Some(payload::Event::Happened { what: payload::Happening::DirectMessage { text, .. }, .. }) => text,
        other => return Err(format!("{other:?}")),
    };
    let view = serde_json::json!({
        "type": "view_submission", "user": { "id": "U1" }, "team": { "id": "T1" },
        "view": {
            "private_metadata": slack_form::metadata(&About::NewCard, "k"),
            "state": { "values": { "what": { "what": { "type": "plain_text_input", "value": words } } } },
        },
    });
    let body = serde_urlencoded::to_string([("payload", view.to_string())]).unwrap();
    let sent_in = match payload::interaction(body.as_bytes()) {
        Some(payload::Interaction::Submit(submit)) => slack_form::submission(&submit).ok_or("no form")?,
        other => return Err(format!("{other:?}")),
    };
    for (way, came) in [("command", &*read), ("conversation", &heard), ("form", sent_in.value("what"))] {
        if came != words.replace('\0', "") {
            return Err(format!("by {way}: {words:?} came as {came:?}"));
        }
    }
    Ok(())
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
        for action in [
            Action::Begin,
            Action::Settings,
            Action::Rhythm,
            Action::AssessAll,
            Action::TalkBooked,
            Action::Talked,
            Action::ForgetMe,
        ] {
            check(&coach::press(&scene, action.clone()))
                .unwrap_or_else(|problem| panic!("{action:?}: {problem}"));
        }
        check_home(&scene, &vec![card(words); coach::CARDS_ON_A_PAGE as usize]).unwrap();
        check_home(&scene, &[]).unwrap();
        let quiet = nudge::compose(&scene, Occasion::Quiet, week(), None, scene.now);
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

/// The rarer screens that show what was typed, and those of what is gone.
fn more_screens(scene: &Scene, words: &str) -> Vec<Outcome> {
    let short: String = words.chars().take(40).collect();
    let card = || "0199-card".to_owned();
    let mut outcomes: Vec<Outcome> = [
        Command::Cards { words: short.clone() },
        Command::Rehearse { name: short.clone() },
        Command::Ask { question: words.to_owned() },
    ]
    .into_iter()
    .map(|command| coach::respond(scene, command))
    .collect();
    outcomes.push(coach::press(scene, Action::Drop("0199-parked".to_owned())));
    // In a rehearsal, whatever is said is an answer.
    let mut person = scene.person.clone();
    person.runs = vec![Run {
        id: "0199-run".to_owned(),
        prompt: PromptId::new("manager-conversation"),
        started_at: scene.now,
        touched_at: scene.now,
        scores: Vec::new(),
        answered: true,
        ended: None,
    }];
    outcomes.push(coach::hear(&Scene { person: &person, ..*scene }, words));
    // The card is deleted meanwhile, or gone.
    let deleted = person.shelf.asked_for.take();
    for deleted in [deleted, None] {
        person.shelf.deleted = deleted;
        let scene = Scene { person: &person, ..*scene };
        outcomes.push(coach::press(&scene, Action::EditCard(card())));
        let fields =
            [("what", words), ("goal", words), ("confirmed_words", words), ("happened_on", "2026-03-01")];
        for about in [
            About::EditCard { card: card() },
            About::Confirm { card: card() },
            About::TellMore { card: card() },
            About::TakeOn { prompt: "gone".to_owned() },
        ] {
            let values = [&fields[..], &[("plan", words), ("due_on", "2026-03-09")]].concat();
            outcomes.extend(coach::submit(&scene, &submission(about, &values)));
        }
    }
    outcomes
}

/// What comes without being asked for: a reminder with a plan in it, a channel's challenge with a name.
fn letters(library: &Library, house: &House, scene: &Scene, name: &str) -> Vec<Reply> {
    let mut letters = Vec::new();
    let due = Event::ChallengeDue { taken: "0199-taken".to_owned(), on: date(2026, 3, 6) };
    if let Verdict::Say(reply) = event::compose(scene, &due, scene.now) {
        letters.push(reply);
    }
    let nudge = ChannelNudge {
        channel: "C1".to_owned(),
        set_by: "U1".to_owned(),
        day: jiff::civil::Weekday::Monday,
        time: jiff::civil::time(9, 0, 0, 0),
        zone: "Europe/Berlin".to_owned(),
        last_week: None,
        next: None,
    };
    letters.push(channel::hello(&house.command, &nudge, Some(name)));
    letters.push(channel::cannot_post(&house.command, "restricted_action"));
    let challenge = library.of(Kind::Challenge).next().expect("there are challenges");
    letters.push(channel::message(&house.command, challenge, Some(name)));
    let place = Place { channel: "C1".to_owned(), nudge: Some(nudge), last_week: None };
    let here = Scene { here: Some(&place), ..*scene };
    for line in ["nudge here", "nudge here off", "nudge here Tue 10:00"] {
        letters.push(coach::respond(&here, command::parse(line).expect("a command")).reply);
    }
    letters
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
            if let Err(problem) = check_files(&scene).and_then(|()| check_the_way_in(&words)) {
                prop_assert!(false, "in or out: {}", problem);
            }
            for outcome in more_screens(&scene, &words) {
                outcomes.push(outcome);
            }
            for reply in letters(library, &house, &scene, &name) {
                if let Err(problem) = check_reply(&reply) {
                    prop_assert!(false, "a letter: {}", problem);
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
