//! The workspace, tried with a toy app that reads Slack's JSON by hand.

mod events;
mod faults;
mod files;
mod forms;
mod messages;
mod page;
mod second_opinion;
mod strictness;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Human, Workspace};
use crate::clock::Clock;

/// A request that the toy app got: a form as an object, `payload` and JSON opened.
struct Asked {
    headers: HeaderMap,
    json: Value,
}

impl Asked {
    fn kind(&self) -> &str {
        match self.json["type"].as_str() {
            Some("event_callback") => self.json["event"]["type"].as_str().unwrap_or_default(),
            Some(kind) => kind,
            None => "command",
        }
    }

    /// Its own messages come back to it as events, and must be left alone.
    fn is_echo(&self) -> bool {
        let event = &self.json["event"];
        !event["bot_id"].is_null() || !event["subtype"].is_null()
    }
}

/// How the toy app calls Slack.
#[derive(Clone)]
struct Api {
    workspace: Workspace,
    client: reqwest::Client,
}

impl Api {
    async fn call(&self, method: &str, args: Value) -> Value {
        self.try_call(method, args).await.expect("Slack answers").1
    }

    async fn try_call(&self, method: &str, args: Value) -> reqwest::Result<(u16, Value)> {
        let url = self.workspace.api_url() + method;
        let request = self.client.post(url).bearer_auth(self.workspace.bot_token()).body(args.to_string());
        let response = request.header("content-type", "application/json; charset=utf-8").send().await?;
        let status = response.status().as_u16();
        Ok((status, serde_json::from_str(&response.text().await?).unwrap_or_default()))
    }

    async fn respond(&self, url: &Value, message: Value) -> (u16, String) {
        let url = url.as_str().expect("there is a response_url");
        let response = self.client.post(url).json(&message).send().await.expect("Slack answers");
        (response.status().as_u16(), response.text().await.expect("a body"))
    }
}

type Answered = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A workspace on a clock that stands, with Ana in it, and an app that verifies and then answers like this.
async fn workspace_with<F, A>(answer: F) -> (Workspace, Human)
where
    F: Fn(Asked, Api) -> A + Send + Sync + 'static,
    A: Future<Output = Response> + Send + 'static,
{
    let workspace = Workspace::start(clock()).await.unwrap();
    let api = api(&workspace);
    let answer = Arc::new(move |asked, api| Box::pin(answer(asked, api)) as Answered);
    let handle = move |uri: Uri, headers: HeaderMap, body: Bytes| async move {
        let secret = api.workspace.signing_secret();
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        let expected = by_hand(&secret, &header("x-slack-request-timestamp"), &body);
        assert_eq!(header("x-slack-signature"), expected, "every request is signed: {uri}");
        let json = read(&header("content-type"), &body);
        answer(Asked { headers, json }, api).await
    };
    let router = Router::new().route("/slack/{what}", post(handle));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    workspace.connect(&format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let ana = workspace.person("ana", "Europe/Berlin");
    (workspace, ana)
}

fn api(workspace: &Workspace) -> Api {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    Api { workspace: workspace.clone(), client }
}

/// Mon 2 Mar 2026 09:00 Europe/Berlin.
fn clock() -> Clock {
    Clock::fixed("2026-03-02T08:00:00Z".parse().unwrap())
}

/// The signature as the sheet describes it, written a second time.
fn by_hand(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let base = [b"v0:", timestamp.as_bytes(), b":", body].concat();
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(base).finalize();
    let digits: Vec<String> = mac.into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={}", digits.concat())
}

fn read(content_type: &str, body: &[u8]) -> Value {
    if content_type == "application/json" {
        return serde_json::from_slice(body).unwrap();
    }
    let fields: serde_json::Map<String, Value> =
        super::args::decode_form(body).into_iter().map(|(name, value)| (name, value.into())).collect();
    match fields.get("payload").and_then(Value::as_str) {
        Some(payload) => serde_json::from_str(payload).unwrap(),
        None => fields.into(),
    }
}

fn nothing() -> Response {
    StatusCode::OK.into_response()
}

fn answer(json: Value) -> Response {
    Json(json).into_response()
}

fn section(text: &str) -> Value {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text}})
}

fn buttons(labels: &[&str]) -> Value {
    let button = |label: &&str| json!({"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": label, "value": "v"});
    json!({"type": "actions", "elements": labels.iter().map(button).collect::<Vec<_>>()})
}

fn field(label: &str, element: Value) -> Value {
    let id = label.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    json!({"type": "input", "block_id": id, "label": {"type": "plain_text", "text": label}, "element": element})
}

fn modal(title: &str, blocks: Value) -> Value {
    let plain = |text: &str| json!({"type": "plain_text", "text": text});
    json!({"type": "modal", "title": plain(title), "submit": plain("Save"), "blocks": blocks})
}

#[test]
fn the_signature_written_a_second_time_gives_the_documented_vector_too() {
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    assert_eq!(
        by_hand("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body.as_bytes()),
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    );
}
