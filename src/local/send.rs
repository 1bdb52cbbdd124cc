//! Signed requests to the app, and what Slack makes of the answer before anybody reads it.

use std::time::Instant;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Answer;
use super::args::encode_form;
use super::state::hex;
use super::workspace::Workspace;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json";

/// An answer of the app, or what Slack says where there is none that it can use.
#[derive(Clone, Debug)]
pub(super) struct Delivered {
    /// 0 without an answer.
    pub status: u16,
    pub content_type: String,
    pub body: String,
    pub millis: u64,
    pub trouble: Option<&'static str>,
    /// Its place in the record, where one is kept.
    pub exchange: Option<u64>,
}

impl Delivered {
    pub fn is_json(&self) -> bool {
        self.content_type.split(';').next().unwrap_or_default().trim() == JSON
    }

    pub fn answer(&self, error: Option<String>) -> Answer {
        Answer { status: self.status, body: self.body.clone(), millis: self.millis, error }
    }
}

/// `v0=` and the MAC over version, timestamp and the body as it is sent.
pub(super) fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("v0:{timestamp}:").as_bytes());
    mac.update(body);
    format!("v0={}", hex(&mac.finalize().into_bytes()))
}

impl Workspace {
    pub(super) async fn interacts(&self, payload: &serde_json::Value) -> Delivered {
        let body = encode_form(&[("payload", &payload.to_string())]);
        self.delivers("/slack/interactivity", FORM, body, &[]).await
    }

    /// Signs and posts. Whatever goes wrong becomes the word that Slack has for it.
    pub(super) async fn delivers(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
        more: &[(&str, String)],
    ) -> Delivered {
        let timestamp = self.state().now().as_second().to_string();
        let signature = signature(&self.signing_secret(), &timestamp, &body);
        let mut headers = vec![
            ("content-type", content_type.to_owned()),
            ("x-slack-request-timestamp", timestamp),
            ("x-slack-signature", signature),
        ];
        headers.extend(more.iter().cloned());
        self.sends(path, &headers, body).await
    }

    /// The same with headers of the caller's own.
    pub(super) async fn sends(&self, path: &str, headers: &[(&str, String)], body: Vec<u8>) -> Delivered {
        let app =
            self.state().app.clone().expect("connect() says where the app listens, before anybody acts");
        let header =
            |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        let content_type = header("content-type").unwrap_or_default();
        let exchange = self.state().notes_request(path, content_type, &body);
        let started = Instant::now();
        let mut request = self.client().post(format!("{app}{path}")).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let outcome = async {
            let response = request.send().await?;
            let status = response.status().as_u16();
            let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or_default().to_owned();
            Ok::<_, reqwest::Error>((status, content_type, response.text().await?))
        };
        let outcome = tokio::time::timeout(self.patience(), outcome).await;
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status, content_type, body, trouble) = match outcome {
            Err(_) => (0, String::new(), String::new(), Some("operation_timeout")),
            Ok(Err(_)) => (0, String::new(), String::new(), Some("dispatch_failed")),
            Ok(Ok((status, content_type, body))) => {
                let trouble = match status {
                    200..=299 => None,
                    500..=599 => Some("http_service_error"),
                    _ => Some("http_client_error"),
                };
                (status, content_type, body, trouble)
            }
        };
        let delivered = Delivered { status, content_type, body, millis, trouble, exchange };
        self.state().notes_answer(exchange, &delivered);
        delivered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_vector_comes_out() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body.as_bytes()),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }
}
