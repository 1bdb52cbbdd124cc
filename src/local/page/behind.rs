//! What stands behind a message: the signed request that went in, the calls that came of it, the JSON.

use askama::Template;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Page;
use super::blocks::{Block, Element, Small, What};
use super::conversation::{Look, Where};
use super::prose::{Kind, Prose};
use super::routes::{NOBODY, html, lost};
use super::views::Shell;
use crate::local::args::decode_form;
use crate::local::state::State;
use crate::local::traffic::{self, Exchange, Way};

#[derive(Template)]
#[template(path = "page/requests.html")]
struct Requests {
    shell: Shell,
    /// What the list is about, where it is not about everything.
    about: String,
    all: String,
    traces: Vec<Trace>,
}

/// A request with the calls that it led to, or a call that nothing led to.
struct Trace {
    head: Entry,
    calls: Vec<Entry>,
}

struct Entry {
    id: u64,
    is_to_app: bool,
    name: String,
    about: String,
    day: String,
    at: String,
    /// After its request.
    after: String,
    millis: u64,
    status: u16,
    trouble: String,
    headers: Vec<(String, String)>,
    sent: String,
    answer: String,
}

pub async fn requests(
    Shared(page): Shared<Page>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = decode_form(query.unwrap_or_default().as_bytes());
    let asked = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let mut state = page.state();
    let Some(mut look) = Look::new(&page, &mut state, &name) else { return lost(NOBODY) };
    let mut shell = look.shell("Requests", &Where::Traffic);
    let (about, wanted) = match (asked("message"), asked("exchange")) {
        (Some(ts), _) => ("Behind one message".to_owned(), Some(of_message(look.state, &ts))),
        (None, Some(id)) => ("Behind one refusal".to_owned(), Some(id.parse().into_iter().collect())),
        (None, None) => (String::new(), None),
    };
    let all = shell.here.clone();
    if let (Some(query), true) = (asked("message").map(|ts| format!("message={ts}")), wanted.is_some()) {
        shell.here = format!("{all}?{query}");
    }
    let traces = traces(&look, wanted.as_deref());
    html(&Requests { shell, about, all, traces })
}

/// What made and changed a message.
fn of_message(state: &State, ts: &str) -> Vec<u64> {
    state
        .messages
        .iter()
        .filter(|posted| posted.ts == ts)
        .flat_map(|posted| posted.exchanges.clone())
        .collect()
}

fn traces(look: &Look, wanted: Option<&[u64]>) -> Vec<Trace> {
    let Some(traffic) = &look.state.traffic else { return Vec::new() };
    let roots = traffic.exchanges.iter().rev().filter(|exchange| exchange.cause.is_none());
    let mut traces = Vec::new();
    for root in roots {
        let calls: Vec<&Exchange> =
            traffic.exchanges.iter().filter(|exchange| exchange.cause == Some(root.id)).collect();
        let is_wanted =
            |ids: &[u64]| ids.contains(&root.id) || calls.iter().any(|exchange| ids.contains(&exchange.id));
        if wanted.is_none_or(is_wanted) {
            let calls = calls.into_iter().map(|exchange| entry(look, exchange, Some(root))).collect();
            traces.push(Trace { head: entry(look, root, None), calls });
        }
    }
    traces
}

fn entry(look: &Look, exchange: &Exchange, root: Option<&Exchange>) -> Entry {
    let is_to_app = exchange.way == Way::ToApp;
    let wall = exchange.at.to_zoned(look.zone.clone());
    let headers = if is_to_app {
        vec![
            ("content-type", exchange.content_type.clone()),
            ("x-slack-request-timestamp", exchange.at.as_second().to_string()),
            ("x-slack-signature", "v0=••••••".to_owned()),
        ]
    } else {
        vec![(
            "authorization",
            if exchange.name == "response_url" { "none" } else { "Bearer ••••••" }.to_owned(),
        )]
    };
    let after = root.map(|root| exchange.started.saturating_duration_since(root.started).as_millis());
    Entry {
        id: exchange.id,
        is_to_app,
        name: exchange.name.clone(),
        about: about(look.state, exchange),
        day: wall.strftime("%a %-d %b").to_string(),
        at: wall.strftime("%H:%M:%S").to_string(),
        after: after.map_or_else(String::new, |after| format!("{after} ms later")),
        millis: exchange.millis,
        status: exchange.status,
        trouble: exchange.trouble.clone().unwrap_or_default(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        sent: pretty(&exchange.sent),
        answer: serde_json::from_str(&exchange.answer)
            .map_or_else(|_| exchange.answer.clone(), |json| pretty(&json)),
    }
}

/// In a few words: who did what.
fn about(state: &State, exchange: &Exchange) -> String {
    let sent = &exchange.sent;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let who = |value: &Value| value.as_str().map(|id| state.name_of(id)).unwrap_or_default();
    let payload = &sent["payload"];
    match exchange.name.as_str() {
        "/slack/commands" => {
            format!("{}: {} {}", who(&sent["user_id"]), text(&sent["command"]), text(&sent["text"]))
        }
        "/slack/interactivity" => {
            let action = &payload["actions"][0];
            let label = text(&action["text"]["text"]);
            let what =
                if label.is_empty() { text(&payload["view"]["title"]["text"]) } else { format!("[{label}]") };
            format!("{}: {} {what}", who(&payload["user"]["id"]), text(&payload["type"]))
        }
        "/slack/events" if exchange.is_echo() => "the coach hears its own message".to_owned(),
        "/slack/events" => format!("{}: {}", who(&sent["event"]["user"]), text(&sent["event"]["type"])),
        _ => match state.channel(sent["channel"].as_str().unwrap_or_default()) {
            Some(channel) => match &channel.dm_of {
                Some(user) => format!("to {}", state.name_of(user)),
                None => format!("in #{}", channel.name),
            },
            None => String::new(),
        },
    }
}

fn pretty(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(words) => words.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

/// Signed for now, so that it works against the running server.
pub async fn curl(Shared(page): Shared<Page>, Path(id): Path<u64>) -> Response {
    let state = page.state();
    let found = state.traffic.as_ref().and_then(|traffic| traffic.get(id));
    match found.and_then(|exchange| traffic::curl(&state, exchange)) {
        Some(line) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], line).into_response(),
        None => (StatusCode::NOT_FOUND, "there is no such request any more\n").into_response(),
    }
}
