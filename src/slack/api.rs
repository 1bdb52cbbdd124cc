//! The few Web API calls: their time limits, their errors, and who has to wait for whom.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::Secret;
use super::render::Message;

/// Shorter than a job's lease: an attempt is over before somebody else may make another.
pub const SEND_WITHIN: Duration = Duration::from_secs(10);
/// The bytes of a file may take longer.
const UPLOAD_WITHIN: Duration = Duration::from_secs(60);
/// Looking for a message comes before sending it, within the same lease.
const LOOK_WITHIN: Duration = Duration::from_secs(3);
/// So many pages of a conversation are looked through, the newest first.
const PAGES: usize = 2;
const HISTORY: &str = "conversations.history";
/// Methods that senders name when they fail.
pub const POST: &str = "chat.postMessage";
pub const OPEN: &str = "conversations.open";
/// What a person waits for: Slack gives us three seconds, and the write comes first.
const ASK_WITHIN: Duration = Duration::from_secs(1);
/// Slack's answers are small; whatever is larger is not Slack.
const MOST_BYTES: usize = 4 << 20;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Slack says to wait {}", .0)]
    RateLimited(SignedDuration),
    /// Slack understood and said no.
    #[error("Slack refused: {code}{}", needed.as_ref().map(|scope| format!(" (needs {scope})")).unwrap_or_default())]
    Refused { code: String, needed: Option<String> },
    /// No answer, or one that says nothing about what happened.
    #[error("Slack could not be reached: {what}")]
    Unreachable { what: String, may_have_arrived: bool },
}

impl Error {
    fn refused(code: &str) -> Error {
        Error::Refused { code: code.to_owned(), needed: None }
    }

    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Refused { code, .. } => Some(code),
            _ => None,
        }
    }
}

/// Who the token belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    pub team_id: String,
    pub team: String,
    pub bot_user_id: String,
    pub bot_id: String,
    /// None where Slack did not say.
    pub scopes: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SlackUser {
    pub zone: Option<String>,
    pub deleted: bool,
    /// What others call them there; kept nowhere.
    pub name: Option<String>,
}

pub struct Api {
    http: reqwest::Client,
    hooks: reqwest::Client,
    base: Url,
}

impl Api {
    /// # Errors
    /// Where the address is no http address, or the system has no usable root certificates.
    pub fn new(base: &str) -> anyhow::Result<Api> {
        use anyhow::Context;
        // An error only means that somebody has installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let with_slash = if base.ends_with('/') { base.to_owned() } else { format!("{base}/") };
        let base: Url = with_slash
            .parse()
            .context("SLACK_API_URL is no address; the usual one is https://slack.com/api/")?;
        anyhow::ensure!(
            matches!(base.scheme(), "https" | "http") && base.has_host(),
            "SLACK_API_URL must start with https://; the usual one is https://slack.com/api/"
        );
        let client = || {
            reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("rung/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Api {
            http: client().build().context("setting up the HTTP client")?,
            hooks: client()
                .no_proxy()
                .timeout(Duration::from_secs(3))
                .build()
                .context("setting up the HTTP client")?,
            base,
        })
    }

    pub async fn auth_test(&self, token: &Secret, within: Duration) -> Result<Identity, Error> {
        let (answer, scopes) = self.call_raw(token, "auth.test", &[], within).await?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let identity = Identity {
            team_id: text("team_id"),
            team: text("team"),
            bot_user_id: text("user_id"),
            bot_id: text("bot_id"),
            scopes: scopes.map(|scopes| scopes.split(',').map(|scope| scope.trim().to_owned()).collect()),
        };
        if identity.team_id.is_empty() {
            Err(Error::refused("auth.test named no team"))
        } else {
            Ok(identity)
        }
    }

    /// At most a second: whoever asks goes on without.
    pub async fn users_info(&self, token: &Secret, user: &str) -> Result<SlackUser, Error> {
        let answer = self.call(token, "users.info", &[("user", user)], ASK_WITHIN).await?;
        let user = &answer["user"];
        Ok(SlackUser {
            zone: user["tz"].as_str().filter(|zone| !zone.is_empty()).map(str::to_owned),
            deleted: user["deleted"].as_bool().unwrap_or(false),
            name: [
                &user["profile"]["display_name"],
                &user["profile"]["real_name"],
                &user["real_name"],
                &user["name"],
            ]
            .into_iter()
            .filter_map(Value::as_str)
            .find(|name| !name.trim().is_empty())
            .map(str::to_owned),
        })
    }

    /// The channel of the direct message with somebody.
    pub async fn open_dm(&self, token: &Secret, user: &str) -> Result<String, Error> {
        let answer = self.call(token, OPEN, &[("users", user)], LOOK_WITHIN).await?;
        let channel = answer["channel"]["id"].as_str();
        channel.map(str::to_owned).ok_or_else(|| Error::refused("conversations.open named no channel"))
    }

    /// Posts a message and says in which channel and under which `ts`: to a person's id it goes into their
    /// direct messages. The slot travels in its metadata, so that a message
    /// whose fate was unclear can be found again.
    pub async fn post(
        &self,
        token: &Secret,
        channel: &str,
        message: &str,
        slot: &str,
    ) -> Result<(String, String), Error> {
        let (text, blocks) = parts(message);
        let metadata =
            serde_json::json!({ "event_type": METADATA, "event_payload": { "slot": slot } }).to_string();
        let form = [
            ("channel", channel),
            ("text", text.as_str()),
            ("blocks", blocks.as_str()),
            ("metadata", metadata.as_str()),
        ];
        let answer = self.call(token, POST, &form, SEND_WITHIN).await?;
        Ok((
            answer["channel"].as_str().unwrap_or(channel).to_owned(),
            answer["ts"].as_str().unwrap_or_default().to_owned(),
        ))
    }

    /// Posts into a thread. Within two seconds: Slack waits for the answer to its event, and brings the
    /// event again where we could not answer.
    pub async fn reply(
        &self,
        token: &Secret,
        channel: &str,
        thread_ts: &str,
        message: &Message,
    ) -> Result<(), Error> {
        let blocks = to_json(&message.blocks);
        let form = [
            ("channel", channel),
            ("thread_ts", thread_ts),
            ("text", message.text.as_str()),
            ("blocks", blocks.as_str()),
            ("unfurl_links", "false"),
            ("unfurl_media", "false"),
        ];
        self.call(token, "chat.postMessage", &form, Duration::from_secs(2)).await.map(drop)
    }

    pub async fn update(
        &self,
        token: &Secret,
        channel: &str,
        ts: &str,
        message: &Message,
    ) -> Result<(), Error> {
        let blocks = to_json(&message.blocks);
        let form =
            [("channel", channel), ("ts", ts), ("text", message.text.as_str()), ("blocks", blocks.as_str())];
        self.call(token, "chat.update", &form, SEND_WITHIN).await.map(drop)
    }

    /// The `ts` of our message for this slot, if it is among the newest in the channel. Not by time: our clock
    /// may have been set since.
    pub async fn find_posted(
        &self,
        token: &Secret,
        channel: &str,
        slot: &str,
    ) -> Result<Option<String>, Error> {
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let mut form = vec![("channel", channel), ("include_all_metadata", "true"), ("limit", "200")];
            if !cursor.is_empty() {
                form.push(("cursor", &cursor));
            }
            let answer = self.call(token, HISTORY, &form, LOOK_WITHIN).await?;
            let found = answer["messages"].as_array().into_iter().flatten().find(|message| {
                message["metadata"]["event_type"] == METADATA
                    && message["metadata"]["event_payload"]["slot"] == slot
            });
            if let Some(message) = found {
                return Ok(message["ts"].as_str().map(str::to_owned));
            }
            match answer["response_metadata"]["next_cursor"].as_str() {
                Some(next) if !next.is_empty() && next != cursor => cursor = next.to_owned(),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Hands a file over; nobody sees it until it is shared. Its id.
    pub async fn upload(
        &self,
        token: &Secret,
        name: &str,
        alt: Option<&str>,
        bytes: Vec<u8>,
    ) -> Result<String, Error> {
        let length = bytes.len().to_string();
        let mut form = vec![("filename", name), ("length", length.as_str())];
        form.extend(alt.map(|alt| ("alt_txt", alt)));
        let answer = self.call(token, "files.getUploadURLExternal", &form, SEND_WITHIN).await?;
        let url: Url = answer["upload_url"]
            .as_str()
            .and_then(|url| url.parse().ok())
            .ok_or_else(|| Error::refused("files.getUploadURLExternal named no address"))?;
        // The address is Slack's own word, and still nothing goes out in the clear.
        if url.scheme() != "https" && url.origin() != self.base.origin() {
            return Err(Error::refused("the upload address is not an https one"));
        }
        let request = self.http.post(url).header("content-type", "application/octet-stream").body(bytes);
        let response = request.timeout(UPLOAD_WITHIN).send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Err(Error::RateLimited(retry_after(&response))),
            status if status.is_success() => {
                let id = answer["file_id"].as_str();
                id.map(str::to_owned)
                    .ok_or_else(|| Error::refused("files.getUploadURLExternal named no file"))
            }
            // Until it is shared nobody has it: it can be handed over again.
            status if status.is_server_error() => Err(Error::Unreachable {
                what: format!("the upload address answered {}", status.as_u16()),
                may_have_arrived: false,
            }),
            status => Err(Error::refused(&format!("the upload address answered {}", status.as_u16()))),
        }
    }

    /// Shares files that were handed over, all in one message. Pairs of id and title.
    pub async fn share(
        &self,
        token: &Secret,
        channel: &str,
        files: &[(String, String)],
        comment: &str,
    ) -> Result<(), Error> {
        let files: Vec<Value> =
            files.iter().map(|(id, title)| serde_json::json!({ "id": id, "title": title })).collect();
        let files = Value::Array(files).to_string();
        let form = [("files", files.as_str()), ("channel_id", channel), ("initial_comment", comment)];
        self.call(token, "files.completeUploadExternal", &form, SEND_WITHIN).await.map(drop)
    }

    /// Opens a form. At most a second: the trigger dies after three.
    pub async fn open_view(&self, token: &Secret, trigger_id: &str, view: &Value) -> Result<(), Error> {
        let view = view.to_string();
        self.call(token, "views.open", &[("trigger_id", trigger_id), ("view", &view)], ASK_WITHIN)
            .await
            .map(drop)
    }

    /// Opens a form above the one that is open.
    pub async fn push_view(&self, token: &Secret, trigger_id: &str, view: &Value) -> Result<(), Error> {
        let view = view.to_string();
        let form = [("trigger_id", trigger_id), ("view", view.as_str())];
        self.call(token, "views.push", &form, ASK_WITHIN).await.map(drop)
    }

    /// Puts this on somebody's App Home, and says under which hash. With a hash: only if what stands there
    /// is what we think.
    pub async fn publish_home(
        &self,
        token: &Secret,
        user: &str,
        view: &Value,
        hash: Option<&str>,
    ) -> Result<Option<String>, Error> {
        let view = view.to_string();
        let mut form = vec![("user_id", user), ("view", view.as_str())];
        form.extend(hash.map(|hash| ("hash", hash)));
        let answer = self.call(token, "views.publish", &form, SEND_WITHIN).await?;
        Ok(answer["view"]["hash"].as_str().map(str::to_owned))
    }

    /// Puts other content into an open view.
    pub async fn update_view(&self, token: &Secret, view_id: &str, view: &Value) -> Result<(), Error> {
        let view = view.to_string();
        let form = [("view_id", view_id), ("view", view.as_str())];
        self.call(token, "views.update", &form, SEND_WITHIN).await.map(drop)
    }

    /// Answers through a `response_url`, if it really is Slack's. It needs no token, and is a secret.
    pub async fn respond(&self, response_url: &str, body: &Value) -> Result<(), Error> {
        let url: Url = response_url.parse().map_err(|_| Error::refused("the response_url is no address"))?;
        if !self.is_slacks(&url) {
            return Err(Error::refused("the response_url is not Slack's"));
        }
        let response = self.hooks.post(url).json(body).send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Err(Error::RateLimited(retry_after(&response))),
            status if status.is_success() => Ok(()),
            status => Err(Error::refused(&format!("the response_url answered {}", status.as_u16()))),
        }
    }

    /// The host as parsed, never a prefix or an ending of the text.
    fn is_slacks(&self, url: &Url) -> bool {
        let slacks = url.scheme() == "https"
            && url.port().is_none()
            && matches!(url.host_str(), Some("hooks.slack.com" | "hooks.slack-gov.com"));
        let elsewhere = self.base.host_str() != Some("slack.com");
        slacks || (elsewhere && url.origin() == self.base.origin())
    }

    async fn call(
        &self,
        token: &Secret,
        method: &'static str,
        form: &[(&str, &str)],
        within: Duration,
    ) -> Result<Value, Error> {
        self.call_raw(token, method, form, within).await.map(|(answer, _)| answer)
    }

    /// Always a form: every method takes one, and some take nothing else.
    async fn call_raw(
        &self,
        token: &Secret,
        method: &'static str,
        form: &[(&str, &str)],
        within: Duration,
    ) -> Result<(Value, Option<String>), Error> {
        let url = self.base.join(method).map_err(|_| Error::refused("SLACK_API_URL cannot take a method"))?;
        let request = self.http.post(url).bearer_auth(token.reveal()).form(form).timeout(within);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::RateLimited(retry_after(&response)));
        }
        let scopes =
            response.headers().get("x-oauth-scopes").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let wait = retry_after(&response);
        let body = read(response).await?;
        let unclear = |what: String| Error::Unreachable { what, may_have_arrived: true };
        if status.is_server_error() {
            return Err(unclear(format!("{method} answered {}", status.as_u16())));
        }
        let answer: Value = serde_json::from_slice(&body)
            .map_err(|_| unclear(format!("{method} answered {} and no JSON", status.as_u16())))?;
        if answer["ok"] == true {
            return Ok((answer, scopes));
        }
        match answer["error"].as_str().unwrap_or("no error named") {
            "ratelimited" | "rate_limited" => Err(Error::RateLimited(wait)),
            // Slack's own words for "it may have partly succeeded".
            code @ ("fatal_error" | "internal_error" | "request_timeout") => {
                Err(unclear(format!("{method}: {code}")))
            }
            code @ ("service_unavailable" | "team_added_to_org" | "message_limit_exceeded") => {
                Err(Error::Unreachable { what: format!("{method}: {code}"), may_have_arrived: false })
            }
            code => Err(Error::Refused {
                code: code.to_owned(),
                needed: answer["needed"].as_str().map(str::to_owned),
            }),
        }
    }
}

const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Marks our messages, so that we know them again.
pub const METADATA: &str = "rung_message";

/// The text and the blocks, as JSON text, of a drawn message.
fn parts(message: &str) -> (String, String) {
    let value: Value = serde_json::from_str(message).unwrap_or_default();
    (value["text"].as_str().unwrap_or_default().to_owned(), value["blocks"].to_string())
}

pub fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("our own types always make JSON")
}

fn retry_after(response: &reqwest::Response) -> SignedDuration {
    let seconds =
        response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    SignedDuration::from_secs(seconds.unwrap_or(1_i64).clamp(1, LONGEST_WAIT.as_secs()))
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            return Err(Error::Unreachable {
                what: "the answer has no end".to_owned(),
                may_have_arrived: true,
            });
        }
    }
    Ok(body)
}

/// The address in reqwest's own words could be a `response_url`, so only the kind of trouble is told.
fn unreachable(error: reqwest::Error) -> Error {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    Error::Unreachable { what: what.to_owned(), may_have_arrived: !error.is_connect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, url: &str) -> bool {
        Api::new(base).unwrap().is_slacks(&url.parse().unwrap())
    }

    #[test]
    fn only_slack_gets_our_answers() {
        let slack = "https://slack.com/api/";
        assert!(check(slack, "https://hooks.slack.com/commands/T1/2/x"));
        assert!(check(slack, "https://hooks.slack-gov.com/actions/T1/2/x"));
        for url in [
            "http://hooks.slack.com/x",
            "https://hooks.slack.com.evil.test/x",
            "https://evil.test/hooks.slack.com",
            "https://hooks.slack.com@evil.test/x",
            "https://hooks.slack.com:8443/x",
            "https://slack.com/x",
            "http://127.0.0.1:9999/x",
        ] {
            assert!(!check(slack, url), "{url}");
        }
        assert!(check("http://127.0.0.1:9999/api/", "http://127.0.0.1:9999/response/1"));
        assert!(!check("http://127.0.0.1:9999/api/", "http://127.0.0.1:9998/response/1"));
    }
}
