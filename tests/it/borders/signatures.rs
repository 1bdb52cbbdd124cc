//! Genuine or not, and the same request twice.

use jiff::Timestamp;
use rung::slack::Secret;
use serde_json::json;

use super::*;

#[tokio::test]
async fn what_slack_did_not_sign_is_refused_without_a_word_on_every_route() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let secret = chat.slack.signing_secret();
    let now = chat.clock.now().as_second();
    let before = chat.rows().await;
    for route in ROUTES {
        let body = sound(&chat, route);
        let at = now.to_string();
        let (old, new) = ((now - 301).to_string(), (now + 301).to_string());
        let good = sign(&secret, &at, &body);
        let cases: &[(&str, &[(&str, &str)])] = &[
            ("nothing at all", &[]),
            ("no timestamp", &[(SIGNATURE, &good)]),
            ("no signature", &[(TIMESTAMP, &at)]),
            ("empty headers", &[(TIMESTAMP, ""), (SIGNATURE, "")]),
            (
                "a timestamp that is no number",
                &[(TIMESTAMP, "soon"), (SIGNATURE, &sign(&secret, "soon", &body))],
            ),
            (
                "a signed number",
                &[(TIMESTAMP, &format!("+{at}")), (SIGNATURE, &sign(&secret, &format!("+{at}"), &body))],
            ),
            ("the signature twice", &[(TIMESTAMP, &at), (SIGNATURE, &good), (SIGNATURE, &good)]),
            ("the timestamp twice", &[(TIMESTAMP, &at), (TIMESTAMP, &at), (SIGNATURE, &good)]),
            ("a second, wrong signature", &[(TIMESTAMP, &at), (SIGNATURE, &good), (SIGNATURE, "v0=00")]),
            ("five minutes old", &[(TIMESTAMP, &old), (SIGNATURE, &sign(&secret, &old, &body))]),
            ("five minutes early", &[(TIMESTAMP, &new), (SIGNATURE, &sign(&secret, &new, &body))]),
            ("upper case", &[(TIMESTAMP, &at), (SIGNATURE, &good.to_uppercase())]),
            (
                "upper case digits",
                &[(TIMESTAMP, &at), (SIGNATURE, &format!("v0={}", good[3..].to_uppercase()))],
            ),
            ("another version", &[(TIMESTAMP, &at), (SIGNATURE, &good.replace("v0=", "v1="))]),
            ("no version", &[(TIMESTAMP, &at), (SIGNATURE, &good[3..])]),
            ("a digit short", &[(TIMESTAMP, &at), (SIGNATURE, &good[..66])]),
            ("another secret", &[(TIMESTAMP, &at), (SIGNATURE, &sign("another", &at, &body))]),
            ("an empty secret", &[(TIMESTAMP, &at), (SIGNATURE, &sign("", &at, &body))]),
            ("another body", &[(TIMESTAMP, &at), (SIGNATURE, &sign(&secret, &at, b"text=tip"))]),
            ("another time", &[(TIMESTAMP, &(now - 1).to_string()), (SIGNATURE, &good)]),
        ];
        for (what, headers) in cases {
            let answer = chat.slack.posts_unsigned(route, headers, body.clone()).await;
            assert_eq!(answer, (401, String::new()), "{what} on {route}");
        }
    }
    assert_eq!(chat.rows().await, before);

    for route in ROUTES {
        let (body, at) = (sound(&chat, route), (now - 300).to_string());
        let signature = sign(&secret, &at, &body);
        let headers = [("content-type", content_type(route)), (TIMESTAMP, &at), (SIGNATURE, &signature)];
        assert_eq!(chat.slack.posts_unsigned(route, &headers, body).await.0, 200, "{route}");
    }
    assert_ne!(chat.rows().await, before, "the same bodies count when Slack signed them");
    chat.ends().await;
}

#[tokio::test]
async fn the_documented_request_is_answered_at_its_time_and_never_again() {
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const HEADERS: [(&str, &str); 3] = [
        ("Content-Type", FORM),
        ("X-Slack-Request-Timestamp", "1531420618"),
        ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    ];
    let chat = Chat::with("Thu 12 Jul 2018 18:36 UTC", |settings| {
        settings.signing_secrets = vec![Secret::new("8f742231b10e8888abcd99yyyzzz85a5")];
    })
    .await;
    chat.clock.set(Timestamp::from_second(1_531_420_618).unwrap());
    let (status, body) = chat.slack.posts_unsigned(COMMANDS, &HEADERS, BODY.into()).await;
    assert_eq!(status, 200);
    assert!(body.contains("\"response_type\":\"ephemeral\"") && body.contains("Welcome"), "{body}");
    assert_eq!(chat.texts("SELECT team_id || '/' || user_id FROM people").await, ["T1DC2JH3J/U2CERLKJA"]);

    chat.clock.set(Timestamp::from_second(1_531_420_618 + 301).unwrap());
    assert_eq!(chat.slack.posts_unsigned(COMMANDS, &HEADERS, BODY.into()).await, (401, String::new()));
    chat.ends().await;
}

#[tokio::test]
async fn while_rotating_the_old_and_the_new_secret_count() {
    let chat = Chat::with("Mon 2 Mar 2026 09:00 Europe/Berlin", |settings| {
        settings.signing_secrets.insert(0, Secret::new("the new one"));
    })
    .await;
    let at = chat.clock.now().as_second().to_string();
    let old = chat.slack.signing_secret();
    for (secret, expected) in [("the new one", 200), (old.as_str(), 200), ("a third", 401)] {
        for route in ROUTES {
            let body = sound(&chat, route);
            let signature = sign(secret, &at, &body);
            let headers = [("content-type", content_type(route)), (TIMESTAMP, &at), (SIGNATURE, &signature)];
            assert_eq!(
                chat.slack.posts_unsigned(route, &headers, body).await.0,
                expected,
                "{secret} on {route}"
            );
        }
    }
    chat.ends().await;
}

#[tokio::test]
async fn a_copy_of_a_genuine_request_has_no_second_effect_and_the_same_answer() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let team = chat.slack.team_id();
    let ana = chat.person("ana");
    ana.says("/coach log").await;
    let view = ana.human.modal().expect("the form is open");
    let view_submission = |what: &str| {
        let mut view = view.clone();
        view["state"]["values"]["what"]["what"] = json!({ "type": "plain_text_input", "value": what });
        interaction(&json!({
            "type": "view_submission", "team": { "id": team }, "user": { "id": ana.human.id() }, "view": view,
        }))
    };
    let person = ana.human.id();
    let log = form(&[("team_id", &team), ("user_id", &person), ("text", "log Shipped the memo")]);
    let tip = interaction(&json!({
        "type": "block_actions", "team": { "id": team }, "user": { "id": person },
        "container": { "type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": true },
        "actions": [{ "type": "button", "action_id": "tip#0", "block_id": "b" }],
    }));
    let event = direct_message(&team, &person, "Ev7", "log Wrote the plan").to_string().into_bytes();
    let requests = [
        (COMMANDS, log),
        (INTERACTIVITY, tip),
        (INTERACTIVITY, view_submission("Ran the review")),
        (EVENTS, event),
    ];
    for (route, body) in requests {
        let first = chat.slack.posts(route, content_type(route), body.clone()).await;
        assert_eq!(first.0, 200);
        let after_one = (chat.rows().await, chat.texts("SELECT prompt_id || times FROM shown").await);
        for _ in 0..3 {
            assert_eq!(chat.slack.posts(route, content_type(route), body.clone()).await, first, "{route}");
        }
        let after_more = (chat.rows().await, chat.texts("SELECT prompt_id || times FROM shown").await);
        assert_eq!(after_more, after_one, "{route}");
        // Two messages to one person are a second apart.
        chat.clock.advance(jiff::SignedDuration::from_secs(2));
        chat.settles().await;
    }
    // The form again in other words and freshly signed, as a second press would be: still one card.
    let changed = view_submission("Ran the review twice");
    assert_eq!(chat.slack.posts(INTERACTIVITY, FORM, changed).await, (200, String::new()));
    let mut cards = chat.texts("SELECT what FROM evidence").await;
    cards.sort();
    assert_eq!(cards, ["Ran the review", "Shipped the memo", "Wrote the plan"]);
    chat.ends().await;
}

#[tokio::test]
async fn a_probe_of_the_certificate_is_answered_and_goes_no_further() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let team = chat.slack.team_id();
    let before = chat.rows().await;
    let bodies = [
        form(&[("ssl_check", "1"), ("token", "x")]),
        form(&[("ssl_check", "1"), ("team_id", &team), ("user_id", "U1"), ("text", "log I was smuggled in")]),
        form(&[("team_id", &team), ("user_id", "U1"), ("text", "tip"), ("ssl_check", "1")]),
    ];
    for route in [COMMANDS, INTERACTIVITY] {
        for body in &bodies {
            let nothing = (200, String::new());
            let unsigned = chat.slack.posts_unsigned(route, &[("content-type", FORM)], body.clone()).await;
            assert_eq!(unsigned, nothing, "{route}");
            assert_eq!(chat.slack.posts(route, FORM, body.clone()).await, nothing, "{route}");
        }
        let no_probe = form(&[("ssl_check", "0"), ("team_id", &team), ("user_id", "U1"), ("text", "tip")]);
        assert_eq!(chat.slack.posts_unsigned(route, &[("content-type", FORM)], no_probe).await.0, 401);
    }
    assert_eq!(chat.rows().await, before);
    chat.ends().await;
}

#[tokio::test]
async fn getting_an_address_is_answered_and_does_nothing() {
    let chat = Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin").await;
    let address = chat.address().await;
    for (path, expected) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/slack/commands", 405),
        ("/slack/commands?ssl_check=1&token=x", 200),
        ("/slack/interactivity", 405),
        ("/slack/events", 405),
        ("/slack/commands/", 404),
        ("/", 404),
        ("/metrics", 404),
    ] {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        assert_eq!(answer.status(), expected, "{path}");
    }
    chat.ends().await;
}
