//! How long every answer takes somebody with thousands of cards. No test, a table to read:
//!
//! `cargo test --profile proofs --locked --test it -- --ignored --nocapture five_thousand_cards_by_every_way`

use std::collections::BTreeMap;
use std::time::Instant;

use rung::coach::command::SPECS;

use crate::chat::Chat;

const CARDS: u32 = 5_000;
const ROUNDS: usize = 7;

#[tokio::test]
#[ignore = "a table for whoever wants to know; best in a release build on a quiet machine"]
async fn five_thousand_cards_by_every_way() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let ana = chat.person("ana");
    ana.says("/coach settings rung vp").await;
    ana.says("/coach challenge seam-map").await;
    ana.clicks("Take it on").await;
    ana.submits([("Your plan: if it is …, then I will …", "If it is Tuesday, then I will draw it.")]).await;
    chat.fills_the_shelf(&ana, CARDS).await;
    ana.opens_home().await;
    let card = format!("{}-17", ana.human.id());

    let mut took: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut lines: Vec<String> = SPECS
        .iter()
        .flat_map(|spec| spec.examples.iter().map(|example| (*example).to_owned()))
        .filter(|line| !line.starts_with("rehearse"))
        .collect();
    lines.extend(
        ["cards number 4321", "cards nothing like it", "cards went well", "sing me a song"]
            .map(str::to_owned),
    );
    for _ in 0..ROUNDS {
        for line in &lines {
            let began = Instant::now();
            ana.human.says(&format!("/coach {line}")).await;
            took.entry(format!("/coach {line}")).or_default().push(began.elapsed().as_secs_f64() * 1_000.0);
            while ana.human.modal().is_some() {
                ana.human.closes_modal().await;
            }
            chat.clock.advance(jiff::SignedDuration::from_mins(11));
            chat.settles().await;
        }
    }
    let buttons = [
        ("today", ""),
        ("tip", ""),
        ("challenge", ""),
        ("log", ""),
        ("done", ""),
        ("settings", ""),
        ("rhythm", ""),
        ("cards", "0 "),
        ("cards", "600 "),
        ("cards", "0 number 4321"),
        ("cards", "3 market fluency"),
        ("show-card", &card),
        ("edit-card", &card),
        ("confirm", &card),
        ("tell-more", &card),
        ("log-again", &card),
        ("delete-card", &card),
        ("restore-card", &card),
        ("assess", ""),
        ("assess-all", ""),
        ("challenges", ""),
        ("progress", ""),
        ("picture", ""),
        ("case", ""),
        ("case-export", ""),
        ("export", ""),
        ("home-cards", "900"),
        ("keep-me", ""),
        ("begin", ""),
    ];
    for _ in 0..ROUNDS {
        for (name, value) in buttons {
            // Until the answer has arrived, with App Home drawn anew.
            let began = Instant::now();
            ana.presses_for_an_answer(name, value).await;
            took.entry(format!("[{name} {value}]"))
                .or_default()
                .push(began.elapsed().as_secs_f64() * 1_000.0);
            // What follows an answer, a file above all, is not the next one's time.
            for _ in 0..3 {
                chat.clock.advance(jiff::SignedDuration::from_secs(5));
                chat.settles().await;
            }
        }
    }
    let mut table: Vec<(f64, f64, String)> = took
        .into_iter()
        .map(|(what, mut times)| {
            times.sort_by(f64::total_cmp);
            (times[times.len() / 2], *times.last().expect("there were rounds"), what)
        })
        .collect();
    table.sort_by(|a, b| b.1.total_cmp(&a.1));
    println!("{:>8} {:>8}  with {CARDS} cards, in milliseconds", "p50", "max");
    for (p50, max, what) in &table {
        println!("{p50:>8.1} {max:>8.1}  {what}");
    }
    let slow = table.iter().filter(|(_, max, _)| *max >= 200.0).count();
    println!("{slow} of {} take 200 ms or more at worst", table.len());
    chat.slack.takes_complaints();
    chat.ends().await;
}
