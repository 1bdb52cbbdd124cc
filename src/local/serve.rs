//! The side that the app calls: connections in, methods and `response_url`s answered, faults applied.

use std::sync::Weak;
use std::time::{Duration, Instant};

use axum::body::{self, Body};
use axum::http::{Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::args::{Args, Refusal};
use super::faults::Kind;
use super::workspace::{Inner, Workspace};
use super::{ApiCall, api, files, response_url};

/// How calls of an upload address stand in the records.
const UPLOAD: &str = "upload_url";
/// More than any view with all that was typed into it.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Files may be larger.
const FILE_LIMIT: usize = 64 * 1024 * 1024;

/// Closes the connection without a word.
#[derive(Debug, thiserror::Error)]
#[error("the local Slack closed the connection")]
struct Dropped;

/// Ends when the workspace is gone: tasks hold it weakly.
pub(super) async fn accept(listener: TcpListener, inner: Weak<Inner>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        match inner.upgrade().map(Workspace::from) {
            None => return,
            Some(workspace) if workspace.state().is_down => continue,
            Some(_) => {}
        }
        let inner = inner.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(inner.clone(), request));
            // A connection that ends badly is the app's business, or a fault that we made.
            http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
        });
    }
}

/// One call, as it came in.
struct Call {
    method: String,
    token: Option<String>,
    content_type: String,
    body: Vec<u8>,
}

/// What goes back, before it is HTTP.
pub(super) struct Reply {
    pub status: u16,
    pub json: Value,
    pub retry_after: Option<u64>,
}

impl Reply {
    pub fn ok(json: Value) -> Self {
        Self { status: 200, json, retry_after: None }
    }
}

async fn answer(inner: Weak<Inner>, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let workspace = Workspace::from(inner.upgrade().ok_or(Dropped)?);
    let path = request.uri().path().to_owned();
    if request.uri().query().is_some_and(|query| query.contains("xox")) {
        workspace.state().complain(format!("{path}: a token must never stand in the query"));
    }
    if request.method() != Method::POST {
        workspace.state().complain(format!("{path}: called with {}, must be POST", request.method()));
        return Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "POST only"));
    }
    let limit = if path.starts_with("/upload/") { FILE_LIMIT } else { BODY_LIMIT };
    let call = read(request, limit).await?;
    if workspace.state().is_down {
        return Err(Dropped);
    }
    let method = match path.strip_prefix("/api/") {
        Some(method) => method.to_owned(),
        None if path.starts_with("/response/") => "response_url".to_owned(),
        None if path.starts_with("/upload/") => UPLOAD.to_owned(),
        None => {
            workspace.state().complain(format!("{path}: there is nothing at this address"));
            return Ok(plain(StatusCode::NOT_FOUND, "not found"));
        }
    };
    let call = Call { method, ..call };
    let args = match call.method.as_str() {
        UPLOAD => Ok(Args::default()),
        _ => Args::read(&call.content_type, &call.body),
    };
    let fault = {
        let mut state = workspace.state();
        let asked = state.take_fault(&call.method);
        asked.or_else(|| state.mishap(&call.method, args.as_ref().ok()))
    };
    let started = Instant::now();
    if let Some(Kind::Hangs { seconds }) = fault {
        hang(seconds).await;
    }
    let record = args.as_ref().map_or(Value::Null, Args::recorded);
    let noted = args.as_ref().ok().cloned();
    let exchange = workspace.state().notes_call(&call.method, &path, noted.as_ref(), started);
    let reply = match fault {
        Some(Kind::SlowDown { seconds }) => Reply {
            status: 429,
            json: json!({"ok": false, "error": "ratelimited"}),
            retry_after: Some(seconds),
        },
        Some(Kind::Fails { ref error }) => {
            let status = if call.method == "response_url" { 404 } else { 200 };
            Reply { status, json: json!({"ok": false, "error": error}), retry_after: None }
        }
        Some(Kind::Drops) => Reply { status: 0, json: Value::Null, retry_after: None },
        Some(Kind::Breaks) => Reply { status: 500, json: Value::Null, retry_after: None },
        _ if call.method == UPLOAD => {
            let status = files::take(&mut workspace.state(), &path, call.token.as_deref(), &call.body);
            Reply { status, json: json!({"ok": status == 200}), retry_after: None }
        }
        _ if call.method == "response_url" => {
            let is_json = call.content_type.starts_with("application/json");
            response_url::answer(&workspace, &path, is_json, args, exchange)
        }
        _ => carry_out(&workspace, &call, args, exchange),
    };
    let is_dropped = matches!(fault, Some(Kind::Drops | Kind::DropsAfterDoing));
    let method = call.method.clone();
    let scopes = {
        let mut state = workspace.state();
        let status = if is_dropped { 0 } else { reply.status };
        let at = state.now();
        state.notes_outcome(exchange, status, &reply.json, noted.as_ref());
        let (answer, retry_after) = (reply.json.clone(), reply.retry_after);
        state.calls.push(ApiCall { at, method, args: record, answer, status, retry_after });
        state.scopes.iter().cloned().collect::<Vec<_>>().join(",")
    };
    workspace.send_echoes();
    workspace.has_changed();
    if is_dropped { Err(Dropped) } else { Ok(respond(&call, reply, &scopes)) }
}

async fn read(request: Request<Incoming>, limit: usize) -> Result<Call, Dropped> {
    let header = |name| {
        let found = request.headers().get(name).and_then(|value| value.to_str().ok());
        found.map(str::to_owned)
    };
    let token =
        header(header::AUTHORIZATION).and_then(|line| line.strip_prefix("Bearer ").map(str::to_owned));
    let content_type = header(header::CONTENT_TYPE).unwrap_or_default();
    let body = body::to_bytes(Body::new(request.into_body()), limit).await.map_err(|_| Dropped)?;
    Ok(Call { method: String::new(), token, content_type, body: body.to_vec() })
}

fn carry_out(
    workspace: &Workspace,
    call: &Call,
    args: Result<Args, Refusal>,
    exchange: Option<u64>,
) -> Reply {
    let mut state = workspace.state();
    state.carries_out(exchange);
    let outcome = args.and_then(|args| {
        let token = call.token.clone().unwrap_or_else(|| args.text("token"));
        api::run(&mut state, &call.method, &token, &args)
    });
    match outcome {
        Ok(mut json) => {
            json["ok"] = true.into();
            if call.content_type.trim() == "application/json" {
                json["warning"] = "missing_charset".into();
                json["response_metadata"]["warnings"] = json!(["missing_charset"]);
            }
            Reply::ok(json)
        }
        Err(refusal) => {
            if refusal.is_mistake {
                let why = refusal.messages.join("; ");
                let line = format!("{}: {} {why}", call.method, refusal.error);
                state.complain(line.trim_end());
            }
            let mut json = json!({"ok": false, "error": refusal.error});
            for (name, value) in refusal.extra {
                json[name] = value;
            }
            if !refusal.messages.is_empty() {
                json["response_metadata"] = json!({"messages": refusal.messages});
            }
            let status = if refusal.retry_after.is_some() { 429 } else { 200 };
            Reply { status, json, retry_after: refusal.retry_after }
        }
    }
}

fn respond(call: &Call, reply: Reply, scopes: &str) -> Response<Body> {
    if reply.status == 500 {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "server error");
    }
    if ["response_url", UPLOAD].contains(&call.method.as_str())
        && reply.status == 200
        && reply.json["ok"] == true
    {
        return plain(StatusCode::OK, "ok");
    }
    let mut response = Response::builder()
        .status(reply.status)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header("x-oauth-scopes", scopes);
    if let Some(seconds) = reply.retry_after {
        response = response.header(header::RETRY_AFTER, seconds);
    }
    response.body(Body::from(reply.json.to_string())).expect("every header is plain ASCII")
}

fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server that hangs keeps a real connection open in real time"
)]
async fn hang(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
