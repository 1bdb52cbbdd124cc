//! What the app's answer does: shown to the person, or turned into the error that Slack shows instead.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::args::{Args, Refusal};
use super::response_url::answered;
use super::send::Delivered;
use super::state::{Line, Posted, State};
use super::{form, text, views};

/// What a modal says after every answer that Slack can't use.
const TROUBLE: &str = "We had some trouble connecting. Try again?";

/// Only a 200 will do where a person waits.
fn trouble(delivered: &Delivered) -> Option<&'static str> {
    delivered.trouble.or((delivered.status != 200).then_some("http_client_error"))
}

impl State {
    /// The answer to a slash command, as it was typed. Gives the error that the person saw, if any.
    pub fn take_command_answer(
        &mut self,
        user: &str,
        channel: &str,
        typed: &str,
        delivered: &Delivered,
    ) -> Option<String> {
        let command = typed.split_whitespace().next().unwrap_or_default();
        let place = "/slack/commands";
        if let Some(error) = trouble(delivered) {
            self.complain(format!("{place}: {error} (status {}, {} ms)", delivered.status, delivered.millis));
            self.tell(
                Some(user),
                format!("  Slack tells {}: {command} failed with the error \"{error}\"", self.name_of(user)),
            );
            return Some(error.to_owned());
        }
        if delivered.body.is_empty() {
            return None;
        }
        self.carries_out(delivered.exchange);
        let outcome = command_args(self, place, delivered).and_then(|args| {
            let is_loud = args.text("response_type") == "in_channel";
            if is_loud {
                self.show_typed(user, channel, command, typed);
                if !args.has("text") && !args.has("blocks") {
                    return Ok(());
                }
            }
            let draft = answered(self, place, &args)?;
            let only_for = (!is_loud).then_some(user);
            self.post(channel, only_for, draft);
            Ok(())
        });
        self.carries_out(None);
        let refusal = outcome.err()?;
        let blocks: Value = serde_json::from_str(&delivered.body).unwrap_or_default();
        let (error, why) = (refusal.error.clone(), refusal.messages.clone());
        let only_for = Some(user.to_owned());
        self.keeps_refused(
            channel.to_owned(),
            only_for,
            error,
            why,
            blocks["blocks"].clone(),
            delivered.exchange,
        );
        self.complain(format!("{place}: {} {}", refusal.error, refusal.messages.join("; ")).trim_end());
        let name = self.name_of(user);
        self.tell(
            Some(user),
            format!("  Slack tells {name}: {command} failed with the error \"{}\"", refusal.error),
        );
        Some(refusal.error)
    }

    /// A loud answer shows all there what was typed, even when it says nothing itself.
    fn show_typed(&mut self, user: &str, channel: &str, command: &str, typed: &str) {
        let (ts, touched) = (self.next_ts(), self.next_touch());
        self.messages.push(Posted {
            ts,
            channel: channel.to_owned(),
            author: user.to_owned(),
            only_for: None,
            text: text::escape(typed),
            blocks: Value::Null,
            metadata: Value::Null,
            thread_ts: None,
            values: json!({}),
            is_deleted: false,
            is_edited: false,
            touched,
            exchanges: Vec::new(),
        });
        let is_typed =
            |line: &&mut Line| line.only_for.as_deref() == Some(user) && line.text.contains(command);
        if let Some(line) = self.lines.iter_mut().rev().find(is_typed) {
            line.only_for = None;
        }
    }

    /// The answer to a click, a choice or a shortcut: nothing but the status counts.
    pub fn take_click_answer(&mut self, user: &str, in_view: bool, delivered: &Delivered) -> Option<String> {
        let place = "/slack/interactivity";
        if let Some(error) = trouble(delivered) {
            self.complain(format!("{place}: {error} (status {}, {} ms)", delivered.status, delivered.millis));
            let shown = if in_view { TROUBLE } else { "(a warning sign)" };
            self.tell(Some(user), format!("  Slack tells {}: {shown}", self.name_of(user)));
            return Some(error.to_owned());
        }
        if !delivered.body.is_empty() {
            self.complain(format!("{place}: the body of this answer is ignored, and so it must be empty"));
        }
        None
    }

    /// The answer to a submitted form.
    pub fn take_submission_answer(
        &mut self,
        user: &str,
        view_id: &str,
        delivered: &Delivered,
    ) -> Option<String> {
        let place = "/slack/interactivity";
        let outcome = match trouble(delivered) {
            Some(error) => Err(Refusal::because(
                error,
                format!("(status {}, {} ms)", delivered.status, delivered.millis),
            )),
            None => self.carry_out_submission(user, view_id, delivered),
        };
        let refusal = outcome.err()?;
        self.complain(
            format!("{place}: view_submission: {} {}", refusal.error, refusal.messages.join("; ")).trim_end(),
        );
        self.tell(Some(user), format!("  Slack tells {}: {TROUBLE}", self.name_of(user)));
        Some(TROUBLE.to_owned())
    }

    fn carry_out_submission(
        &mut self,
        user: &str,
        view_id: &str,
        delivered: &Delivered,
    ) -> Result<(), Refusal> {
        // The second answer to a double press can find the view gone.
        let is_top = self.top_of(user).is_some_and(|view| view.id == view_id);
        if delivered.body.is_empty() {
            if is_top {
                self.close_top(user);
            }
            return Ok(());
        }
        if !delivered.is_json() {
            return Err(Refusal::because(
                "bad answer",
                "the body must be empty, or JSON with its content type",
            ));
        }
        let answer: Value = serde_json::from_str(&delivered.body)
            .map_err(|problem| Refusal::because("bad answer", format!("not JSON: {problem}")))?;
        match answer["response_action"].as_str() {
            Some("errors") => self.show_errors(user, view_id, &answer["errors"]),
            Some("clear") => {
                self.known_user(user).stack.clear();
                Ok(())
            }
            Some(action @ ("update" | "push")) => {
                let view = views::checked(self, "view_submission", answer["view"].clone(), "modal")?;
                if action == "push" {
                    self.put_on_top(user, view)?;
                } else if is_top {
                    self.replace(view_id, view);
                }
                Ok(())
            }
            other => {
                let why = format!("/response_action must be errors, update, push or clear, not {other:?}");
                Err(Refusal::because("bad answer", why))
            }
        }
    }

    fn show_errors(&mut self, user: &str, view_id: &str, errors: &Value) -> Result<(), Refusal> {
        let Some(errors) = errors.as_object().filter(|errors| !errors.is_empty()) else {
            return Err(Refusal::because("bad answer", "/errors must name at least one block"));
        };
        let Some(view) = self.view(view_id).cloned() else { return Ok(()) };
        let fields = form::fields(&view.json["blocks"]);
        let mut lines = Vec::new();
        let mut shown = BTreeMap::new();
        for (block_id, words) in errors {
            let field = fields.iter().find(|field| field.is_input() && field.block_id() == block_id);
            let field = field.ok_or_else(|| {
                Refusal::because("bad answer", format!("/errors/{block_id} is no input block of this view"))
            })?;
            let words = words.as_str().filter(|words| !words.is_empty());
            let words = words.ok_or_else(|| {
                Refusal::because("bad answer", format!("/errors/{block_id} must be a sentence"))
            })?;
            lines.push(format!("  under {:?}: {words}", field.label()));
            shown.insert(block_id.clone(), words.to_owned());
        }
        if let Some(kept) = self.views.iter_mut().find(|kept| kept.id == view_id) {
            kept.errors = shown;
        }
        self.tell(Some(user), lines.join("\n"));
        Ok(())
    }
}

/// Plain text is a message too; JSON is read as such only with its content type.
fn command_args(state: &mut State, place: &str, delivered: &Delivered) -> Result<Args, Refusal> {
    if delivered.is_json() {
        return Args::read("application/json", delivered.body.as_bytes());
    }
    if delivered.body.trim_start().starts_with('{') {
        state.complain(format!("{place}: JSON without the content type of JSON is shown as it is"));
    }
    let text = [("text".to_owned(), Value::from(delivered.body.clone()))];
    Ok(Args(text.into_iter().collect()))
}
