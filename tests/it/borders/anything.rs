//! A thousand of anything, and what is told about it in the log.

use std::io::Write;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

/// In everything that a person writes here, and so in nothing that may be told.
const MARK: &str = "qZx7Marked";

#[derive(Clone, Default)]
pub(super) struct Told(Arc<Mutex<Vec<u8>>>);

impl Told {
    /// Everything that is logged on this thread, in more detail than anybody would ask for.
    pub(super) fn begins(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(self.clone());
        tracing::subscriber::set_default(subscriber.finish())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    pub(super) fn must_not_hold(&self, secrets: &[&str]) {
        let text = self.text();
        assert!(text.contains("rung"), "something was logged at all");
        for secret in secrets {
            let found = text.lines().find(|line| line.contains(secret));
            assert!(found.is_none(), "{secret:?} was told: {found:?}");
        }
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Told {
    type Writer = Told;

    fn make_writer(&self) -> Told {
        self.clone()
    }
}

/// One server for all cases; on this thread, so that all it logs is heard.
fn a_thousand<S: Strategy>(
    strategy: &S,
    check: impl AsyncFn(&Chat, S::Value, u64) -> Result<(), TestCaseError>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let told = Told::default();
    let guard = told.begins();
    let chat = runtime.block_on(Chat::on("Mon 2 Mar 2026 09:00 Europe/Berlin"));
    let mut n = 0;
    let n = std::cell::RefCell::new(&mut n);
    let mut runner = TestRunner::new(Config { cases: 1_000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(strategy, |value| {
        **n.borrow_mut() += 1;
        runtime.block_on(check(&chat, value, **n.borrow()))
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(async {
        for _ in 0..100 {
            chat.clock.advance(jiff::SignedDuration::from_secs(2));
            chat.settles().await;
        }
        let (token, secret) = (chat.slack.bot_token(), chat.slack.signing_secret());
        told.must_not_hold(&[MARK, &token, &secret, "xoxb-", "v0="]);
        chat.slack.takes_complaints();
        chat.ends().await;
    });
    drop(guard);
}

#[test]
fn a_thousand_random_byte_strings_do_no_harm() {
    let nearly_json = r#"(\{|\[|"|:|,|\}|\]|null|true|1e9|\\u0000|type|user|team|view|event|id| ){0,40}"#;
    let nearly_a_form = r"(payload|text|team_id|user_id|ssl_check|=|&|%|%00|%ff|\+|1|T1){0,30}";
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600),
        nearly_json.prop_map(String::into_bytes),
        nearly_a_form.prop_map(String::into_bytes),
        "\\PC{0,200}".prop_map(String::into_bytes),
    ];
    a_thousand(&bytes, async |chat: &Chat, bytes: Vec<u8>, _| {
        let before = chat.rows().await;
        let mut wrapped = b"payload=".to_vec();
        wrapped.extend(bytes.iter().flat_map(|byte| format!("%{byte:02x}").into_bytes()));
        wrapped.extend(b"&note=");
        wrapped.extend(MARK.as_bytes());
        for (route, body) in
            ROUTES.into_iter().map(|route| (route, &bytes)).chain([(INTERACTIVITY, &wrapped)])
        {
            let (status, _) = chat.slack.posts(route, content_type(route), body.clone()).await;
            prop_assert!((200..500).contains(&status), "{} on {}", status, route);
            let headers = [(TIMESTAMP, "1772438400"), (SIGNATURE, "v0=00")];
            let (status, body) = chat.slack.posts_unsigned(route, &headers, body.clone()).await;
            prop_assert!(matches!(status, 401), "{} on {}", status, route);
            prop_assert_eq!(body, "");
        }
        // A form of chance may name a team and a user; that is a command with nothing said.
        let named = bytes.windows(7).any(|bytes| bytes == b"team_id")
            && bytes.windows(7).any(|bytes| bytes == b"user_id");
        prop_assert!(named || chat.rows().await == before);
        Ok(())
    });
}

#[test]
fn a_thousand_random_command_lines_are_each_answered() {
    let verbs = "(tip|script|challenge|done|log|nudge|settings|forget|help|about|Tip|LOG:|nudg|/coach|)";
    let rest = prop_oneof![
        "\\PC{0,120}",
        r"( |\u{a0}|now|on|off|until|every|2 weeks|weeks|99999999999999999999|0|-1|Tue|09:30|25:61|31 Feb|zone|rung|me|<@U1>|<!channel>|&amp;|&lt;|“|”|'|\*|_|`|~|\u{202e}|🙂|e\u{301}){0,8}",
        "[a-z ]{0,80}",
        ".{0,10}(word 🙂 ){0,700}",
    ];
    let lines = (verbs, rest).prop_map(|(verb, rest)| format!("{verb} {rest} {MARK}"));
    a_thousand(&lines, async |chat: &Chat, line: String, n| {
        let team = chat.slack.team_id();
        // A few people, so that they have a past; some of it said in the conversation.
        let user = chat.person(&format!("person{}", n % 5)).human.id();
        let body = form(&[("team_id", &team), ("user_id", &user), ("command", "/coach"), ("text", &line)]);
        let (status, body) = chat.slack.posts(COMMANDS, FORM, body).await;
        prop_assert_eq!(status, 200);
        let answer: Value =
            serde_json::from_str(&body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&answer["response_type"], "ephemeral");
        prop_assert!(!answer["text"].as_str().unwrap_or_default().is_empty());
        prop_assert!(!body.contains("failed on my side"), "{}", body);
        if n % 4 == 0 {
            let event = direct_message(&team, &user, &format!("Ev{n}"), &line).to_string().into_bytes();
            let (status, _) = chat.slack.posts(EVENTS, JSON, event).await;
            prop_assert_eq!(status, 200);
            chat.clock.advance(jiff::SignedDuration::from_secs(30));
            chat.settles().await;
        }
        Ok(())
    });
}
