//! The accept loop, the routes, health. Holds no SQL and no wording.
//!
//! The loop is our own because axum's installs no timer: two hundred clients that dribble their
//! headers would hold two hundred connections for ever. HTTP/1 only: Slack speaks nothing else to us.

mod error;
pub mod metrics;
mod slack;
mod verified;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{error, warn};

use crate::app::App;
use crate::slack::Secret;

/// After SIGTERM: what is in flight may take so long, then it is dropped.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);
/// Out of file descriptors: so long until the next attempt.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// How much patience strangers get.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub headers_within: Duration,
    pub body_within: Duration,
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let patience = Duration::from_secs(10);
        Limits { headers_within: patience, body_within: patience, connections: 512 }
    }
}

/// What the routes need.
#[derive(Clone)]
pub struct Door {
    pub app: Arc<App>,
    pub signing_secrets: Arc<[Secret]>,
    pub limits: Limits,
}

pub fn router(door: Door) -> Router {
    Router::new()
        .route("/slack/commands", post(slack::command).get(slack::certificate_probe))
        .route("/slack/interactivity", post(slack::interaction).get(slack::certificate_probe))
        .route("/slack/events", post(slack::event))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(door)
        .layer(CatchPanicLayer::custom(panicked))
}

async fn ready(State(door): State<Door>) -> Response {
    match door.app.db.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            warn!(error = format!("{error:#}"), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer; the log says why\n")
                .into_response()
        }
    }
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    // The message could hold what somebody wrote; where it happened is in the panic hook's line.
    drop(panic);
    error!("a request panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Serves until it is told to stop, then finishes what is in flight.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.headers_within).max_buf_size(64 * 1024);
    loop {
        let permit = tokio::select! {
            permit = Arc::clone(&connections).acquire_owned() => permit.expect("nobody closes the semaphore"),
            () = stop.cancelled() => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of file descriptors, or a client that is gone already: the next may do better.
                Err(error) => {
                    warn!(%error, "a connection was not accepted");
                    // Without a pause a full table of descriptors would fill the log instead.
                    let _ = tokio::time::timeout(ACCEPT_AGAIN, stop.cancelled()).await;
                    continue;
                }
            },
            () = stop.cancelled() => break,
        };
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Clients that give up are everyday life.
            let _ = connection.await;
            drop(permit);
        });
    }
    if tokio::time::timeout(DRAIN_WITHIN, graceful.shutdown()).await.is_err() {
        warn!("some requests took too long to finish and were dropped");
    }
}

/// Binds, with a sentence for whoever has the port already.
///
/// # Errors
/// Says which address, and what to do.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    use anyhow::Context;
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "listening on {address}: is something else there already? RUNG_LISTEN and RUNG_METRICS_LISTEN take \
             another address or port"
        )
    })
}

/// A JSON body that is text already; an empty one says nothing at all, not even its type.
fn json(body: String) -> Response {
    if body.is_empty() {
        return StatusCode::OK.into_response();
    }
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    ([(header::CONTENT_TYPE, json)], body).into_response()
}
