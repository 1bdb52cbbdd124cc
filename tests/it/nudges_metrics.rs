//! The metrics: on their own listener, never on the public one, and they add up.

use crate::chat::Chat;

async fn get(url: &str) -> (u16, String) {
    let response = reqwest::get(url).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn value(text: &str, name: &str) -> i64 {
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("{name} ")))
        .unwrap_or_else(|| panic!("{name} in {text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_metrics_count_what_happened_and_are_not_on_the_public_port() {
    let chat = Chat::with("Wed 4 Mar 2026 09:50 Europe/Berlin", |settings| {
        settings.metrics_listen = Some(([127, 0, 0, 1], 0).into());
    })
    .await;
    let (ana, ben, cleo) = (chat.person("ana"), chat.person("ben"), chat.person("cleo"));
    for person in [&ana, &ben, &cleo] {
        person.says("/coach nudge on").await;
    }
    let metrics = format!("http://{}/metrics", chat.metrics_address().await.unwrap());
    assert_eq!(value(&get(&metrics).await.1, "rung_sent_total{kind=\"nudge\"}"), 0);
    assert_eq!(get(&format!("http://{}/metrics", chat.address().await)).await.0, 404);

    chat.slack.fails("chat.postMessage", "invalid_blocks", 1);
    chat.slack.breaks("chat.postMessage", 1);
    chat.passes("8 minutes").await;
    ben.says("/coach nudge off").await;
    chat.passes("20 minutes").await;
    let (status, text) = get(&metrics).await;
    assert_eq!(status, 200);
    for (name, n) in [
        ("rung_sent_total{kind=\"nudge\"}", 1),
        ("rung_failed_total{kind=\"nudge\"}", 1),
        ("rung_tried_again_total{kind=\"nudge\"}", 1),
        ("rung_due", 0),
        ("rung_late", 0),
        ("rung_leased", 0),
    ] {
        assert_eq!(value(&text, name), n, "{name} in\n{text}");
    }
    // What Prometheus reads: a HELP and a TYPE for each name, and no label but from a closed set.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().unwrap();
        assert!(text.contains(&format!("# TYPE {name} ")), "{line}");
        for label in line.split('"').skip(1).step_by(2) {
            let known =
                ["nudge", "reminder", "quiet", "event", "channel", "message", env!("CARGO_PKG_VERSION")];
            assert!(known.contains(&label), "{line}");
        }
    }
    chat.ends().await;
}
