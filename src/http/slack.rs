//! The handlers: typed request in, use case, answer out.

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::submit::Submitted;
use crate::slack::payload::{self, Event, Interaction};
use crate::slack::{api, form};

use super::error;
use super::verified::Verified;
use super::{Door, json};

pub async fn command(State(door): State<Door>, verified: Verified) -> Response {
    let Some(command) = payload::command(&verified.body) else { return StatusCode::OK.into_response() };
    match door.app.ask(&command, &verified.request).await {
        Ok(body) => json(body),
        Err(trouble) => error::to_command(&command.who, &command.text, trouble),
    }
}

pub async fn interaction(State(door): State<Door>, verified: Verified) -> Response {
    match payload::interaction(&verified.body) {
        Some(Interaction::Press(press)) => {
            let (who, response_url) = (press.who.clone(), press.response_url.clone());
            if let Err(trouble) = door.app.press(press, &verified.request).await {
                let told = response_url.is_some();
                door.app.apologise(response_url, error::to_press(&who, trouble));
                // App Home has nowhere to apologise: then Slack says that it failed.
                if !told {
                    return StatusCode::INTERNAL_SERVER_ERROR.into_response();
                }
            }
            StatusCode::OK.into_response()
        }
        Some(Interaction::Submit(submit)) => match door.app.submit(&submit).await {
            Ok(Submitted::Closed) => StatusCode::OK.into_response(),
            Ok(Submitted::Wrong(errors)) => json(api::to_json(&form::errors(&errors, &submit))),
            Ok(Submitted::GoesOn(body)) => json(body),
            Err(trouble) => error::to_submission(&submit, trouble),
        },
        Some(Interaction::Shortcut(shortcut)) => {
            match door.app.shortcut(&shortcut, &verified.request).await {
                Ok(()) => StatusCode::OK.into_response(),
                Err(trouble) => {
                    let (reply, told) =
                        (error::to_press(&shortcut.who, trouble), shortcut.response_url.is_some());
                    door.app.apologise(shortcut.response_url, reply);
                    // Without anywhere to apologise Slack says that it failed.
                    let status = if told { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
                    status.into_response()
                }
            }
        }
        Some(Interaction::Unknown) => StatusCode::OK.into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

pub async fn event(State(door): State<Door>, verified: Verified) -> Response {
    match payload::event(&verified.body) {
        Some(Event::Verify { challenge }) => {
            ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response()
        }
        Some(Event::Happened { team, event_id, at_seconds, what }) => {
            match door.app.happened(&team, &event_id, at_seconds, what).await {
                Ok(()) => StatusCode::OK.into_response(),
                // Slack tries again: the event is not lost.
                Err(trouble) => error::to_event(&team, trouble),
            }
        }
        Some(Event::Unknown) => StatusCode::OK.into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Older integrations probe the certificate with a GET.
pub async fn certificate_probe(RawQuery(query): RawQuery) -> StatusCode {
    match query {
        Some(query) if payload::is_ssl_check(query.as_bytes()) => StatusCode::OK,
        _ => StatusCode::METHOD_NOT_ALLOWED,
    }
}
