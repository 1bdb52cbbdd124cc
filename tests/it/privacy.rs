//! Who may see what, as a matrix: whatever another person, another workspace, an admin or a channel tries, no
//! card, no rating and no goal of anybody is in any answer, in any call to Slack that is for somebody else, or
//! changed. `RUNG_PAIRS` says how many pairs of somebody and somebody else are tried.

use jiff::civil::{Date, date};
use rung::coach::library::{PromptId, Rung};
use rung::coach::need::{Need, Which};
use rung::coach::person::{Card, Feeling, Here, PersonId, Profile, Rating, Run, Score, Taken};
use rung::coach::reply::About;
use rung::coach::rhythm::{Rhythm, Slot};
use rung::coach::week::Week;
use rung::coach::{Action, Change, command, event, pick};
use rung::slack::form;
use rung::store::{changes, more, people};
use serde_json::{Value, json};

use crate::chat::Chat;

/// In every word of everybody who is spied upon, with their number.
const MARK: &str = "Qzhidden";
/// In them too: somebody else may look for it.
const WORD: &str = "harvest";
const OTHER_TEAM: &str = "T0OTHER";
const EACH: usize = 10;
const TRIES: usize = 5;

fn pairs() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the one setting of this test")]
    std::env::var("RUNG_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_or_changes_anything_of_somebody_else_by_any_path() {
    let pairs = pairs();
    let mut worlds = tokio::task::JoinSet::new();
    let (mut tried, mut ways) = (0, 0);
    for seed in 0..pairs.div_ceil(EACH * EACH) {
        if worlds.len() >= 2 {
            let (n, of) = worlds.join_next().await.unwrap().unwrap();
            (tried, ways) = (tried + n, of);
        }
        worlds.spawn(world(seed));
    }
    while let Some(done) = worlds.join_next().await {
        let (n, of) = done.unwrap();
        (tried, ways) = (tried + n, of);
    }
    println!("{tried} tries by {ways} ways in {pairs} pairs of people");
}

/// Ten who are spied upon, ten who spy: each on each.
async fn world(seed: usize) -> (usize, usize) {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    chat.slack.invites_coach("general");
    // Its commands are answered; nothing can be sent there.
    chat.writes(
        "INSERT INTO workspaces (team_id, name, bot_user_id, bot_id, token_ref, connected_at, ended_at, ended_why)
         VALUES ('T0OTHER', 'Other', 'UBOT', 'BBOT', 'env', 0, 1, 'it is another one')",
    )
    .await;
    let alone = [snapshots(&chat, &chat.slack.team_id(), "").await, snapshots(&chat, OTHER_TEAM, "").await];
    let mut victims = Vec::new();
    for n in 0..EACH {
        victims.push(Victim::moves_in(&chat, seed * EACH + n).await);
    }
    // The coach decides on a snapshot alone, and somebody else's is the same whether these people exist or not.
    for victim in &victims {
        for (team, alone) in [chat.slack.team_id().as_str(), OTHER_TEAM].into_iter().zip(&alone) {
            assert_eq!(snapshots(&chat, team, &victim.cards[0]).await, *alone, "{}", victim.name);
        }
    }
    let before = all_rows(&chat, &victims).await;
    let mut ways = 0;
    for (at, victim) in victims.iter().enumerate() {
        for n in 0..EACH {
            let spy = Spy::of(&chat, victim, n);
            let tries = spy.tries(victim);
            ways = tries.len();
            for attempt in 0..TRIES {
                // Each pair goes on where the one before it stopped: together they try all of them.
                let which = ((seed * EACH * EACH + at * EACH + n) * TRIES + attempt) % ways;
                let try_it = &tries[which];
                let (status, body) = chat.slack.posts(try_it.route, try_it.kind, try_it.body.clone()).await;
                assert_eq!(status, 200, "{}: {body}", try_it.what);
                assert!(!body.contains(MARK), "{} by {:?} told {body}", try_it.what, spy.who);
                assert!(!body.contains("failed on my side"), "{}: {body}", try_it.what);
            }
        }
        chat.clock.advance(jiff::SignedDuration::from_secs(30));
        chat.settles().await;
    }
    for _ in 0..30 {
        chat.clock.advance(jiff::SignedDuration::from_secs(2));
        chat.settles().await;
    }
    // Nobody had anything to do with it themselves: whatever went to Slack went to somebody else.
    for call in chat.slack.api_calls() {
        let told = format!("{} {}", call.args, call.answer);
        assert!(!told.contains(MARK), "{} {told}", call.method);
    }
    for person in 0..EACH {
        for file in chat.person(&format!("spy{person}")).human.files() {
            assert!(!String::from_utf8_lossy(&file.bytes).contains(MARK), "{}", file.name);
        }
    }
    let waiting = chat.texts("SELECT body FROM jobs WHERE done_at IS NULL").await;
    assert!(waiting.iter().all(|body| !body.contains(MARK)), "{waiting:?}");
    let after = all_rows(&chat, &victims).await;
    assert_eq!(before.len(), after.len(), "a row of somebody's came or went");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after, "somebody's row was changed");
    }

    // And what is theirs reaches them, and nobody else: this week's nudge, with their plan in it.
    let so_far = chat.slack.api_calls().len();
    chat.passes("9 days").await;
    let mut reached = 0;
    for call in chat.slack.api_calls().into_iter().skip(so_far) {
        let told = call.args.to_string();
        let Some(at) = told.find(MARK) else { continue };
        let number: String = told[at + MARK.len()..].chars().take_while(char::is_ascii_digit).collect();
        let owner = victims.iter().find(|victim| victim.number.to_string() == number).expect("one of them");
        let dm = chat.person(&owner.name).human.dm();
        let to = call.args["channel"].as_str().or(call.args["user_id"].as_str()).unwrap_or_default();
        assert!(to == dm || to == owner.who.user, "{} of {} went to {to}", call.method, owner.name);
        reached += 1;
    }
    assert!(reached > 0, "nobody's plan was in their reminder");
    chat.slack.takes_complaints();
    chat.ends().await;
    (EACH * EACH * TRIES, ways)
}

#[tokio::test]
async fn the_key_of_somebody_elses_form_brings_nobody_their_answer() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let (ana, ben) = (chat.person("ana"), chat.person("ben"));
    let rated = ana.sends_in("key", "rate-next", "market-fluency", &[("item-1", "2")]).await;
    assert!(rated.contains("8 skills to go"), "{rated}");
    assert_eq!(ana.sends_in("key", "rate-next", "market-fluency", &[("item-1", "2")]).await, rated);
    let other = ben.sends_in("key", "rate-one", "career-agency", &[("item-1", "3")]).await;
    assert_eq!(other, "");
    assert_eq!(
        chat.texts("SELECT item_id FROM ratings ORDER BY level").await,
        ["market-fluency", "career-agency"]
    );
    chat.ends().await;
}

struct Victim {
    number: usize,
    name: String,
    who: PersonId,
    cards: Vec<String>,
    taken: String,
    parked: String,
    run: String,
}

impl Victim {
    /// With something in every table and every field.
    async fn moves_in(chat: &Chat, number: usize) -> Victim {
        let name = format!("victim{number}");
        let who = PersonId { team: chat.slack.team_id(), user: chat.person(&name).human.id() };
        let now = chat.clock.now();
        let chance = |what: &str, most: u64| pick::hash(&format!("{number}/{what}")) % most;
        let day =
            |what: &str| date(2026, 1, 1).saturating_add(jiff::Span::new().days(chance(what, 60) as i64));
        let words = |what: &str| {
            format!("{MARK}{number} {WORD} {what} {}", "and so on ".repeat(chance(what, 9) as usize))
        };
        let skills = ["market-fluency", "org-buy-in", "people-leadership", "career-agency"];
        let id = |what: &str| format!("{}-{what}", who.user);
        let victim = Victim {
            number,
            cards: (0..1 + chance("cards", 4)).map(|n| id(&format!("card-{n}"))).collect(),
            taken: id("taken"),
            parked: id("parked"),
            run: id("run"),
            name,
            who: who.clone(),
        };
        let taken = |id: &str, prompt: &str| Taken {
            id: id.to_owned(),
            prompt: PromptId::new(prompt),
            plan: words("plan"),
            due_on: date(2026, 3, 10),
        };
        let mut all = vec![
            Change::Welcomed,
            Change::Want(Rung::VpCpo),
            Change::Describe(Profile {
                here: Some(Here::JustPromoted),
                feeling: Some(Feeling::Torn),
                minutes: Some(247),
                ..Profile::default()
            }),
            Change::ChooseZone(Some("Asia/Kathmandu".to_owned())),
            Change::TakeOn(taken(&victim.parked, "three-numbers")),
            Change::Park(victim.parked.clone()),
            Change::TakeOn(taken(&victim.taken, "seam-map")),
            Change::Shown(PromptId::new("ask-advice")),
            Change::Declined(PromptId::new("seam-map")),
            Change::Talk(event::Talk { booked_on: Some(date(2026, 4, 1)), talked_on: None }),
            Change::Rehearse(Run {
                id: victim.run.clone(),
                prompt: PromptId::new("manager-conversation"),
                started_at: now,
                touched_at: now,
                scores: vec![Score { proof: 2, brevity: 1, limit: 1 }],
                answered: true,
                ended: None,
            }),
            Change::Rhythm(Rhythm {
                on: true,
                next: Some(Slot {
                    at: "2026-03-11T09:00:00Z".parse().unwrap(),
                    week: Week::parse("2026-W11").unwrap(),
                }),
                ..Rhythm::default()
            }),
        ];
        for skill in skills {
            let assessment = PromptId::new("nine-skills");
            let level = 1 + chance(skill, 4) as u8;
            all.push(Change::Rate(Rating { assessment, item: skill.to_owned(), level, at: now }));
        }
        for (n, card) in victim.cards.iter().enumerate() {
            let text = |what: &str| words(&format!("{what} {n}"));
            all.push(Change::SaveCard(Card {
                challenge: Some(PromptId::new("seam-map")),
                skill: Some(PromptId::new(skills[n % skills.len()])),
                changed: text("changed"),
                witness: text("witness"),
                link: text("link"),
                situation: text("situation"),
                confirmed_how: text("how"),
                confirmed_on: Some(day("confirmed")),
                confirmed_words: text("words"),
                lasted: text("lasted"),
                lasted_on: Some(date(2026, 3, 1)),
                goal: text("goal"),
                others: text("others"),
                level_up: text("level up"),
                level: Some(1 + chance("level", 4) as u8),
                placed: Some(1 + chance("placed", 3) as u8),
                ..Card::of_one_line(card.clone(), text("what"), day("happened"), now)
            }));
        }
        if chance("deleted", 3) == 0 {
            all.push(Change::DeleteCard(victim.cards[0].clone()));
        }
        let due = event::Event::ChallengeDue { taken: victim.taken.clone(), on: date(2026, 3, 10) };
        all.push(Change::Expect { event: due, at: "2026-03-10T05:00:00Z".parse().unwrap() });
        let app = chat.app().await;
        let mut tx = app.db.write().await.unwrap();
        let person = people::open(&mut tx, &victim.who, None, now).await.unwrap();
        changes::apply(&mut tx, &person, &all, now).await.unwrap();
        people::set_slack_zone(&mut tx, &victim.who, Some("Europe/Berlin"), now.as_millisecond())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        victim
    }
}

/// All that the coach would know of somebody who has never been here, whatever they ask for.
async fn snapshots(chat: &Chat, team: &str, card: &str) -> Vec<String> {
    let (app, now) = (chat.app().await, chat.clock.now());
    let who = PersonId { team: team.to_owned(), user: "UNOBODY".to_owned() };
    let cards = |which| Need::Cards { which, page: 0 };
    let mut seen = Vec::new();
    for need in [
        cards(Which::All),
        cards(Which::Skill(PromptId::new("market-fluency"))),
        cards(Which::Words(vec![WORD.to_owned()])),
        Need::Weeks,
        Need::Best,
        Need::AllCards,
        Need::Everything,
        Need::Counts,
    ] {
        let mut tx = app.db.write().await.unwrap();
        let mut person = people::open(&mut tx, &who, Some(card), now).await.unwrap();
        more::load(&mut tx, &mut person, &need, now).await.unwrap();
        seen.push(format!("{person:?}"));
    }
    seen
}

/// Every row of theirs, column by column. What was answered is kept by request, and mentions of theirs are.
async fn all_rows(chat: &Chat, victims: &[Victim]) -> Vec<String> {
    let mut rows = Vec::new();
    let tables = [
        (
            "people",
            "user_id, rung, zone_chosen, used_at, quiet_until, next_nudge_at, talk_booked_on, here, feeling, minutes, rated_at, rehearsed_at, home_opened_at",
        ),
        (
            "evidence",
            "id, what, changed, witness, link, happened_on, situation, confirmed_on, confirmed_words, goal, level, placed, strength, edited_at, deleted_at, challenge_id, skill_id",
        ),
        ("challenges", "id, plan, due_on, taken_at, ended_at, ended_how, parked_at"),
        ("ratings", "item_id, level, rated_at"),
        ("rehearsals", "id, scores, touched_at, answered_at, ended_at"),
        ("shown", "prompt_id, times, last_at, declined_at"),
        ("jobs", "id, kind, slot, due_at, meant_at, done_at, attempts, body"),
    ];
    for (table, columns) in tables {
        let columns: Vec<String> =
            columns.split(", ").map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')")).collect();
        for victim in victims {
            let sql = format!(
                "SELECT '{table} ' || {} FROM {table} WHERE team_id = '{}' AND user_id = '{}'",
                columns.join(" || ' | ' || "),
                victim.who.team,
                victim.who.user
            );
            let mut some = chat.texts(Box::leak(sql.into_boxed_str())).await;
            some.sort();
            rows.extend(some);
        }
    }
    rows
}

struct Spy {
    who: PersonId,
    /// To tell one request from another.
    salt: String,
}

struct Try {
    what: String,
    route: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Spy {
    /// Somebody in the same workspace; or in another one, there even under the very same id.
    fn of(chat: &Chat, victim: &Victim, n: usize) -> Spy {
        let here = chat.person(&format!("spy{n}")).human.id();
        let who = match n {
            0..6 => PersonId { team: chat.slack.team_id(), user: here },
            6..8 => PersonId { team: OTHER_TEAM.to_owned(), user: victim.who.user.clone() },
            _ => PersonId { team: OTHER_TEAM.to_owned(), user: here },
        };
        Spy { salt: format!("{n}-{}", victim.number), who }
    }

    fn tries(&self, victim: &Victim) -> Vec<Try> {
        let mut all = self.commands(victim);
        all.extend(self.presses(victim));
        all.extend(self.forms(victim));
        all.extend(self.events(victim));
        all
    }

    fn lines(&self, victim: &Victim) -> Vec<String> {
        let (user, card) = (&victim.who.user, &victim.cards[0]);
        let mut lines: Vec<String> = command::SPECS
            .iter()
            .flat_map(|spec| spec.examples.iter().map(|example| (*example).to_owned()))
            .collect();
        lines.extend([
            format!("cards {WORD}"),
            format!("cards {card}"),
            format!("cards <@{user}>"),
            "cards %".to_owned(),
            format!("ask what does <@{user}> want"),
            format!("ask {WORD}"),
            format!("progress <@{user}>"),
            format!("case <@{user}>"),
            format!("export <@{user}>"),
            format!("export {}", victim.who),
            format!("forget <@{user}>"),
            format!("settings <@{user}>"),
            format!("assess <@{user}>"),
            format!("challenge {}", victim.taken),
            format!("rehearse {}", victim.run),
            "rehearse stop".to_owned(),
            "nudge now".to_owned(),
            "challenge list".to_owned(),
            "case export".to_owned(),
            "' OR '1'='1".to_owned(),
            format!("cards ' OR team_id = '{}", victim.who.team),
        ]);
        lines
    }

    fn commands(&self, victim: &Victim) -> Vec<Try> {
        let lines = self.lines(victim);
        lines
            .into_iter()
            .map(|line| Try {
                body: serde_urlencoded::to_string([
                    ("team_id", self.who.team.as_str()),
                    ("user_id", &self.who.user),
                    ("user_name", &victim.name),
                    ("channel_id", "C1"),
                    ("command", "/coach"),
                    ("text", &line),
                    ("note", &self.salt),
                ])
                .unwrap()
                .into_bytes(),
                what: line,
                route: "/slack/commands",
                kind: FORM,
            })
            .collect()
    }

    fn interaction(&self, what: String, payload: Value) -> Try {
        let body =
            serde_urlencoded::to_string([("payload", payload.to_string()), ("note", self.salt.clone())]);
        Try { what, route: "/slack/interactivity", kind: FORM, body: body.unwrap().into_bytes() }
    }

    /// An admin says so; nobody asks.
    fn head(&self, kind: &str) -> Value {
        json!({
            "type": kind, "team": { "id": self.who.team },
            "user": { "id": self.who.user, "team_id": self.who.team, "is_admin": true, "is_owner": true },
        })
    }

    fn presses(&self, victim: &Victim) -> Vec<Try> {
        let mut all = Vec::new();
        for action in actions(victim) {
            let (name, value) = action.encode();
            // In App Home, and on a message in a channel that everybody sees.
            for in_channel in [false, true] {
                let mut payload = self.head("block_actions");
                payload["actions"] = json!([{ "type": "button", "action_id": format!("{name}#0"), "block_id": "b", "value": value }]);
                if in_channel {
                    payload["container"] = json!({ "type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": false });
                } else {
                    payload["container"] = json!({ "type": "view", "view_id": "V1" });
                    payload["view"] = json!({ "id": "V1", "type": "home" });
                }
                all.push(self.interaction(format!("[{name} {value}] in a channel: {in_channel}"), payload));
            }
        }
        all
    }

    fn forms(&self, victim: &Victim) -> Vec<Try> {
        let values = [
            ("what", "Mine"),
            ("skill", "market-fluency"),
            ("level", "2"),
            ("challenge", "seam-map"),
            ("happened_on", "2026-03-01"),
            ("witness", "Me"),
            ("confirmed_on", "2026-03-01"),
            ("goal", "Mine"),
            ("plan", "If it is mine, then I will"),
            ("due_on", "2026-03-09"),
            ("rung", "contributor"),
            ("day", "Monday"),
            ("time", "09:00"),
            ("every", "1"),
            ("remind_on", "2026-03-20"),
            ("talk_on", "2026-03-20"),
            ("item-1", "2"),
        ];
        let values: serde_json::Map<String, Value> = values
            .into_iter()
            .map(|(field, value)| {
                (field.to_owned(), json!({ field: { "type": "plain_text_input", "value": value } }))
            })
            .collect();
        abouts(victim)
            .into_iter()
            // A key of their own, and one that is the id of somebody's row.
            .flat_map(|about| [about.clone(), about])
            .enumerate()
            .map(|(n, about)| {
                let key = match n % 2 {
                    0 => format!("key-{n}-{}", self.salt),
                    _ => [&victim.cards[0], &victim.taken, &victim.run][n / 2 % 3].clone(),
                };
                let mut payload = self.head("view_submission");
                payload["view"] = json!({
                    "id": "V1", "type": "modal", "private_metadata": form::metadata(&about, &key),
                    "blocks": [{ "type": "input", "block_id": "what" }], "state": { "values": values },
                });
                self.interaction(format!("{about:?} under {key}"), payload)
            })
            .collect()
    }

    fn events(&self, victim: &Victim) -> Vec<Try> {
        let envelope = |n: usize, event: Value| {
            let body = json!({
                "type": "event_callback", "team_id": self.who.team, "event_id": format!("Ev{n}{}", self.salt),
                "event_time": 1_772_438_400, "event": event,
            });
            Try {
                what: format!("the event {event}"),
                route: "/slack/events",
                kind: "application/json",
                body: body.to_string().into_bytes(),
            }
        };
        let user = &self.who.user;
        let mut events = vec![
            json!({ "type": "app_home_opened", "user": user, "channel": "D1", "tab": "home" }),
            json!({ "type": "app_home_opened", "user": user, "channel": "D1", "tab": "messages" }),
            json!({ "type": "user_change", "user": { "id": user, "team_id": self.who.team, "tz": "Asia/Tokyo" } }),
        ];
        for (n, line) in self.lines(victim).into_iter().enumerate() {
            events.push(json!({
                "type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": line, "ts": format!("1.{n}"),
            }));
            // In a channel whoever asks is answered before everybody: also somebody about themselves.
            for asks in [user, &victim.who.user] {
                events.push(json!({
                    "type": "app_mention", "channel": "C1", "user": asks, "text": format!("<@UBOT> {line}"),
                    "ts": format!("2.{n}{}", self.salt.replace('-', "")),
                }));
            }
        }
        let mut all: Vec<Try> = events.into_iter().enumerate().map(|(n, event)| envelope(n, event)).collect();
        for callback in ["log_evidence", "coaching_tip", "save_evidence"] {
            let mut payload =
                self.head(if callback == "save_evidence" { "message_action" } else { "shortcut" });
            payload["callback_id"] = callback.into();
            payload["message"] = json!({ "text": "Well done", "ts": "1.2" });
            payload["channel"] = json!({ "id": "C1" });
            all.push(self.interaction(format!("the shortcut {callback}"), payload));
        }
        all
    }
}

/// Every button that there is, with the ids of somebody's rows.
fn actions(victim: &Victim) -> Vec<Action> {
    let prompt = || PromptId::new("seam-map");
    let week = Week::parse("2026-W10").unwrap();
    let day: Date = date(2026, 3, 20);
    let score = Score { proof: 0, brevity: 0, limit: 0 };
    let mut all = vec![
        Action::Today,
        Action::Help,
        Action::Tip(None),
        Action::Challenge(None),
        Action::Show(prompt()),
        Action::TakeOn(prompt()),
        Action::NotUseful(prompt()),
        Action::Done(None),
        Action::Done(Some(prompt())),
        Action::Log,
        Action::NudgesOn,
        Action::NudgesOff,
        Action::Rhythm,
        Action::Every(2),
        Action::Later(week, prompt()),
        Action::RemindOn(week, prompt(), day),
        Action::NotRelevant(prompt()),
        Action::RemindDate(week, prompt()),
        Action::TalkBooked,
        Action::Talked,
        Action::TalkOver,
        Action::StopHere,
        Action::Settings,
        Action::ForgetMe,
        Action::KeepMe,
        Action::Begin,
        Action::NotNow(None),
        Action::NeverAsk(None),
        Action::Cards(0, WORD.to_owned()),
        Action::Cards(0, String::new()),
        Action::Cards(1, victim.who.to_string()),
        Action::Assess(None),
        Action::Assess(Some(PromptId::new("want-it"))),
        Action::AssessAll,
        Action::Challenges,
        Action::Progress,
        Action::Picture,
        Action::Case,
        Action::CaseExport,
        Action::Export,
        Action::HomeCards(0),
        Action::HomeCards(3),
        Action::Rehearse(PromptId::new("manager-conversation")),
        Action::Aloud(victim.run.clone(), 1),
        Action::Score(victim.run.clone(), 1, score),
        Action::StopRehearsal(victim.run.clone()),
    ];
    for taken in [&victim.taken, &victim.parked] {
        let id = || taken.clone();
        all.extend([Action::Drop(id()), Action::Park(id()), Action::Swap(id()), Action::Resume(id())]);
    }
    for card in &victim.cards[..1] {
        let id = || card.clone();
        all.extend([
            Action::EditCard(id()),
            Action::DeleteCard(id()),
            Action::RestoreCard(id()),
            Action::LogAgain(id()),
            Action::Confirm(id()),
            Action::TellMore(id()),
            Action::Place(id(), 2),
            Action::ShowCard(id()),
        ]);
    }
    all
}

/// Every form that there is, with the ids of somebody's rows.
fn abouts(victim: &Victim) -> Vec<About> {
    let card = victim.cards[0].clone();
    vec![
        About::TakeOn { prompt: "seam-map".to_owned() },
        About::NewCard,
        About::EditCard { card: card.clone() },
        About::Confirm { card: card.clone() },
        About::TellMore { card },
        About::Settings,
        About::Rhythm,
        About::Remind { week: "2026-W10".to_owned(), prompt: "seam-map".to_owned() },
        About::Talk,
        About::Begin,
        About::RateNext { skill: "market-fluency".to_owned() },
        About::RateOne { skill: "market-fluency".to_owned() },
        About::RateAll,
        About::Assess { assessment: "want-it".to_owned() },
    ]
}
