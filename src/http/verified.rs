//! Bytes, then genuine, then typed. Nothing behind this has seen a request that Slack did not sign.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tracing::info;

use crate::slack::payload;
use crate::slack::signature::{self, Refused};

use super::Door;

/// Slack's largest: a view of 250 KB with what stands in it.
const MOST_BYTES: usize = 1 << 20;

/// A request that Slack signed: its bytes, and a name that only a copy of it shares.
pub struct Verified {
    pub body: Bytes,
    pub request: String,
}

impl FromRequest<Door> for Verified {
    type Rejection = Response;

    async fn from_request(request: Request, door: &Door) -> Result<Self, Response> {
        let headers = request.headers().clone();
        let body = read(&headers, request.into_body(), door.limits.body_within)
            .await
            .map_err(IntoResponse::into_response)?;
        let (timestamp, claimed) = match signature_headers(&headers) {
            Ok(both) => both,
            // Slack probes certificates without signing. The probe is answered and goes no further.
            Err(_) if payload::is_ssl_check(&body) => return Err(StatusCode::OK.into_response()),
            Err(refused) => return Err(refuse(refused, &headers, body.len())),
        };
        let now = door.app.clock.now();
        match signature::verify(&door.signing_secrets, timestamp, claimed, &body, now) {
            Ok(()) if payload::is_ssl_check(&body) => Err(StatusCode::OK.into_response()),
            Ok(()) => Ok(Verified { request: format!("signature/{claimed}"), body }),
            Err(refused) => Err(refuse(refused, &headers, body.len())),
        }
    }
}

async fn read(headers: &HeaderMap, body: Body, within: Duration) -> Result<Bytes, StatusCode> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_BYTES) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(within, axum::body::to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// Each exactly once: of two, a proxy may have checked the other.
fn signature_headers(headers: &HeaderMap) -> Result<(&str, &str), Refused> {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().map_err(|_| Refused::Headers),
            _ => Err(Refused::Headers),
        }
    };
    Ok((one("x-slack-request-timestamp")?, one("x-slack-signature")?))
}

/// What helps to find a proxy that changes bodies or a clock that is off, and nothing that was sent.
fn refuse(refused: Refused, headers: &HeaderMap, length: usize) -> Response {
    let sent_at =
        headers.get("x-slack-request-timestamp").and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    info!(reason = %refused, length, sent_at, "a request was not believed");
    StatusCode::UNAUTHORIZED.into_response()
}
