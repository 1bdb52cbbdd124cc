//! What went back and forth, for whoever looks over Slack's shoulder: requests to the app, and the
//! calls that it made. Nothing is kept until somebody asks for it.

use std::collections::VecDeque;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::args::{Args, decode_form};
use super::send::Delivered;
use super::state::State;

/// Enough to look back on an afternoon; older ones make room.
const MOST: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Slack asks the app.
    ToApp,
    /// The app calls the Web API or a `response_url`.
    ToSlack,
}

#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub id: u64,
    pub way: Way,
    /// By the workspace's clock.
    pub at: Timestamp,
    /// By the machine's, to say what took how long.
    pub started: Instant,
    pub millis: u64,
    /// A path of the app, or a method.
    pub name: String,
    pub content_type: String,
    /// As it was sent; only what goes to the app is kept in full.
    pub body: Vec<u8>,
    /// What was sent, with secrets as dots.
    pub sent: Value,
    /// 0 while it is on its way, and where no answer came.
    pub status: u16,
    pub answer: String,
    /// What Slack said to it, where it was not content.
    pub trouble: Option<String>,
    /// The exchange that made the app call: known by the trigger or `response_url` that it used, else
    /// the last thing that somebody did a moment before.
    pub cause: Option<u64>,
}

/// A message that Slack did not take: it stands where it would have stood, with the reasons.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub ts: String,
    pub channel: String,
    pub only_for: Option<String>,
    pub error: String,
    pub messages: Vec<String>,
    pub blocks: Value,
    pub exchange: Option<u64>,
}

#[derive(Default)]
pub(super) struct Traffic {
    pub exchanges: VecDeque<Exchange>,
    pub refused: Vec<Refused>,
    /// What is being carried out now, so that messages know what made them.
    pub current: Option<u64>,
    n: u64,
}

impl Traffic {
    pub fn get(&self, id: u64) -> Option<&Exchange> {
        self.exchanges.iter().find(|exchange| exchange.id == id)
    }

    fn add(&mut self, mut exchange: Exchange) -> u64 {
        self.n += 1;
        exchange.id = self.n;
        if self.exchanges.len() == MOST {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back(exchange);
        self.n
    }

    fn cause_of(&self, keys: &[String], at: Timestamp) -> Option<u64> {
        let to_app = || self.exchanges.iter().rev().filter(|exchange| exchange.way == Way::ToApp);
        let gave_out = |exchange: &&Exchange| {
            let body = String::from_utf8_lossy(&exchange.body);
            keys.iter().any(|key| body.contains(key.as_str()))
        };
        let is_just_before = |exchange: &&Exchange| {
            !exchange.is_echo() && at.duration_since(exchange.at) <= SignedDuration::from_secs(2)
        };
        to_app().find(gave_out).or_else(|| to_app().find(is_just_before)).map(|exchange| exchange.id)
    }
}

impl Exchange {
    /// The app hears of its own messages.
    pub fn is_echo(&self) -> bool {
        self.name == "/slack/events" && !self.sent["event"]["bot_id"].is_null()
    }
}

impl State {
    /// Notes a request that is about to go to the app. None where nobody keeps a record.
    pub fn notes_request(&mut self, path: &str, content_type: &str, body: &[u8]) -> Option<u64> {
        let at = self.now();
        let sent = match content_type {
            "application/json" => serde_json::from_slice(body).unwrap_or_default(),
            _ => form_as_json(body),
        };
        let exchange = Exchange {
            id: 0,
            way: Way::ToApp,
            at,
            started: Instant::now(),
            millis: 0,
            name: path.to_owned(),
            content_type: content_type.to_owned(),
            body: body.to_vec(),
            sent: dotted(sent),
            status: 0,
            answer: String::new(),
            trouble: None,
            cause: None,
        };
        self.traffic.as_mut().map(|traffic| traffic.add(exchange))
    }

    pub fn notes_answer(&mut self, id: Option<u64>, delivered: &Delivered) {
        let Some(traffic) = &mut self.traffic else { return };
        if let Some(exchange) = traffic.exchanges.iter_mut().find(|exchange| Some(exchange.id) == id) {
            exchange.status = delivered.status;
            exchange.millis = delivered.millis;
            exchange.answer = delivered.body.clone();
            exchange.trouble = delivered.trouble.map(str::to_owned);
        }
    }

    /// Notes a call of the app before it is carried out; `path` holds the key of a `response_url`.
    pub fn notes_call(
        &mut self,
        method: &str,
        path: &str,
        args: Option<&Args>,
        started: Instant,
    ) -> Option<u64> {
        let at = self.now();
        let mut keys = vec![args.map(|args| args.text("trigger_id")).unwrap_or_default()];
        if method == "response_url" {
            keys.push(path.rsplit('/').next().unwrap_or_default().to_owned());
        }
        keys.retain(|key| !key.is_empty());
        let traffic = self.traffic.as_mut()?;
        let exchange = Exchange {
            id: 0,
            way: Way::ToSlack,
            at,
            started,
            millis: 0,
            name: method.to_owned(),
            content_type: String::new(),
            body: Vec::new(),
            sent: dotted(args.map(Args::recorded).unwrap_or_default()),
            status: 0,
            answer: String::new(),
            trouble: None,
            cause: traffic.cause_of(&keys, at),
        };
        let id = traffic.add(exchange);
        traffic.current = Some(id);
        Some(id)
    }

    /// Notes what came of a call, and the message that it would have made, had Slack taken it.
    pub fn notes_outcome(&mut self, id: Option<u64>, status: u16, answer: &Value, args: Option<&Args>) {
        let Some(traffic) = &mut self.traffic else { return };
        traffic.current = None;
        let Some(exchange) = traffic.exchanges.iter_mut().find(|exchange| Some(exchange.id) == id) else {
            return;
        };
        exchange.status = status;
        exchange.millis = u64::try_from(exchange.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        exchange.answer = dotted(answer.clone()).to_string();
        exchange.trouble = answer["error"].as_str().map(str::to_owned);
        let is_message = exchange.name.starts_with("chat.") || exchange.name == "response_url";
        let (Some(error), Some(args), true) = (exchange.trouble.clone(), args, is_message) else { return };
        let cause = exchange.cause;
        let messages = answer["response_metadata"]["messages"].as_array().into_iter().flatten();
        let messages: Vec<String> = messages.filter_map(Value::as_str).map(str::to_owned).collect();
        if messages.is_empty() || error == "ratelimited" {
            return;
        }
        let asked = cause
            .and_then(|cause| traffic.get(cause))
            .map(|exchange| exchange.sent.clone())
            .unwrap_or_default();
        let either = |a: String, b: &[&Value]| {
            if a.is_empty() {
                b.iter().find_map(|value| value.as_str()).unwrap_or_default().to_owned()
            } else {
                a
            }
        };
        let mut channel =
            either(args.text("channel"), &[&asked["channel_id"], &asked["payload"]["channel"]["id"]]);
        let user = either(args.text("user"), &[&asked["user_id"], &asked["payload"]["user"]["id"]]);
        if self.user(&channel).is_some() {
            channel = self.dm_of(&channel);
        }
        let is_private = !args.has("channel") || args.has("user");
        let blocks = args.structure("blocks", "").unwrap_or_default();
        self.keeps_refused(channel, is_private.then_some(user), error, messages, blocks, id);
    }

    pub fn keeps_refused(
        &mut self,
        channel: String,
        only_for: Option<String>,
        error: String,
        messages: Vec<String>,
        blocks: Value,
        exchange: Option<u64>,
    ) {
        if self.traffic.is_none() {
            return;
        }
        let ts = self.next_ts();
        let refused = Refused { ts, channel, only_for, error, messages, blocks, exchange };
        if let Some(traffic) = &mut self.traffic {
            traffic.refused.push(refused);
        }
    }

    /// What is being carried out until further notice: the messages that come of it name it.
    pub fn carries_out(&mut self, exchange: Option<u64>) {
        if let Some(traffic) = &mut self.traffic {
            traffic.current = exchange;
        }
    }

    pub fn current_exchange(&self) -> Option<u64> {
        self.traffic.as_ref().and_then(|traffic| traffic.current)
    }
}

/// A form with its JSON field opened up.
fn form_as_json(body: &[u8]) -> Value {
    let fields = decode_form(body).into_iter().map(|(name, value)| {
        let value =
            if name == "payload" { serde_json::from_str(&value).unwrap_or_default() } else { value.into() };
        (name, value)
    });
    Value::Object(fields.collect())
}

/// Tokens, triggers and addresses that only their owner may know, as dots.
fn dotted(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, inside) in fields {
                let is_secret = ["token", "trigger_id", "response_url"].contains(&name.as_str());
                *inside = if is_secret && inside.is_string() {
                    "••••••".into()
                } else {
                    dotted(inside.take())
                };
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = dotted(item.take());
            }
        }
        _ => {}
    }
    value
}

/// The request once more, signed for now, as a line for a shell.
pub(super) fn curl(state: &State, exchange: &Exchange) -> Option<String> {
    let app = state.app.as_ref().filter(|_| exchange.way == Way::ToApp)?;
    let timestamp = state.now().as_second().to_string();
    let signature = super::send::signature(&state.me.secret, &timestamp, &exchange.body);
    let body = String::from_utf8_lossy(&exchange.body);
    let quoted = |words: &str| format!("'{}'", words.replace('\'', r"'\''"));
    Some(format!(
        "curl -i {} \\\n  -H {} \\\n  -H {} \\\n  -H {} \\\n  --data-raw {}\n",
        quoted(&format!("{app}{}", exchange.name)),
        quoted(&format!("content-type: {}", exchange.content_type)),
        quoted(&format!("x-slack-request-timestamp: {timestamp}")),
        quoted(&format!("x-slack-signature: {signature}")),
        quoted(&body)
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_shown_as_dots_wherever_they_stand() {
        let shown = dotted(
            json!({"token": "xoxb-1", "payload": {"trigger_id": "1.2", "actions": [{"response_url": "u"}]}}),
        );
        assert_eq!(
            shown,
            json!({"token": "••••••", "payload": {"trigger_id": "••••••", "actions": [{"response_url": "••••••"}]}})
        );
    }
}
