//! The one place where trouble of ours meets a person: a sentence, whether anything was saved, and a
//! short reference that is also in the log.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tracing::error;

use crate::clock;
use crate::coach::Reply;
use crate::coach::person::PersonId;
use crate::slack::payload::Submit;
use crate::slack::{api, render};

use super::json as json_response;

/// With what was typed: Slack has cleared the line by now.
pub fn to_command(who: &PersonId, typed: &str, trouble: anyhow::Error) -> Response {
    let mut reply = apology(log(&who.to_string(), &trouble));
    if !typed.is_empty() {
        reply = reply.and_typed("You typed:", typed);
    }
    json_response(api::to_json(&render::ephemeral(&reply)))
}

pub fn to_press(who: &PersonId, trouble: anyhow::Error) -> Reply {
    apology(log(&who.to_string(), &trouble))
}

/// Under the first field, so that the form stays open with every word in it.
pub fn to_submission(submit: &Submit, trouble: anyhow::Error) -> Response {
    let reference = log(&submit.who.to_string(), &trouble);
    let Some(first) = submit.inputs.first().or_else(|| submit.values.keys().next()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let told = format!(
        "Sorry, that failed on my side and nothing was saved. Your words are still here: press again in a moment. \
         (Reference {reference})"
    );
    json_response(json!({ "response_action": "errors", "errors": { first.as_str(): told } }).to_string())
}

pub fn to_event(team: &str, trouble: anyhow::Error) -> Response {
    log(team, &trouble);
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn log(whose: &str, trouble: &anyhow::Error) -> String {
    let id = clock::new_id();
    let reference = id.rsplit('-').next().unwrap_or(&id)[4..].to_owned();
    error!(reference, whose, error = format!("{trouble:#}"), "a request failed");
    reference
}

fn apology(reference: String) -> Reply {
    Reply::text("Sorry, that failed on my side, and nothing was saved. Please try again in a moment.")
        .and_note(format!(
            "If it stays that way, tell whoever runs this app the reference {reference}; it is in the log."
        ))
}
