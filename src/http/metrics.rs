//! `GET /metrics`, on a listener of its own: how much is sent is nobody's business outside.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tracing::warn;

use crate::app::App;

pub fn router(app: Arc<App>) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(app)
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    match app.metrics().await {
        Ok(text) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
        }
        Err(error) => {
            warn!(error = format!("{error:#}"), "the metrics could not be counted");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
