//! The addresses of the page. Whatever is posted ends in a redirect to the view it came from, so that
//! everything works without the script too; with it, nothing is loaded anew.

use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::sse::{self, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::Stream;
use futures_util::stream;
use jiff::{SignedDuration, ToSpan};
use tokio_util::sync::CancellationToken;

use super::conversation::{Look, encoded, png_size, zone_of};
use super::guard::guard;
use super::views::Lost;
use super::{Page, behind, writing};
use crate::local::Answer;
use crate::local::args::decode_form;
use crate::local::hands::{At, Filled, Spot};
use crate::local::human::Human;

pub fn all(page: Page) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/as/{name}", get(front_of))
        .route("/as/{name}/dm", get(dm))
        .route("/as/{name}/dm/t/{ts}", get(dm_thread))
        .route("/as/{name}/c/{channel}", get(channel))
        .route("/as/{name}/c/{channel}/t/{ts}", get(channel_thread))
        .route("/as/{name}/file/{id}", get(file))
        .route("/as/{name}/home", get(home))
        .route("/as/{name}/open", post(open))
        .route("/as/{name}/say", post(say))
        .route("/as/{name}/press", post(press))
        .route("/as/{name}/submit", post(submit))
        .route("/as/{name}/close", post(close))
        .route("/as/{name}/shortcut", post(shortcut))
        .route("/as/{name}/time", post(time))
        .route("/as/{name}/dismiss", post(dismiss))
        .route("/as/{name}/requests", get(behind::requests))
        .route("/as/{name}/writing", get(writing::list))
        .route("/as/{name}/writing/{id}", get(writing::one))
        .route("/curl/{exchange}", get(behind::curl))
        .route("/events", get(events))
        .route("/page.css", get(|| asset("text/css; charset=utf-8", include_str!("assets/page.css"))))
        .route("/page.js", get(|| asset("text/javascript; charset=utf-8", include_str!("assets/page.js"))))
        .route("/icon.svg", get(|| asset("image/svg+xml", include_str!("assets/icon.svg"))))
        .layer(axum::middleware::from_fn_with_state(page.clone(), guard))
        .with_state(page)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

pub fn html(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "this view could not be drawn\n").into_response(),
    }
}

pub fn lost(what: &str) -> Response {
    let mut response = html(&Lost { what: what.to_owned() });
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

pub const NOBODY: &str = "There is nobody of this name here.";

async fn front(Shared(page): Shared<Page>) -> Response {
    let first = {
        let state = page.state();
        let people = state.users.values().filter(|user| !user.is_bot && !user.has_left);
        people.map(|user| user.name.clone()).min()
    };
    match first {
        Some(name) => Redirect::to(&format!("/as/{}/dm", encoded(&name))).into_response(),
        None => lost(NOBODY),
    }
}

async fn front_of(Path(name): Path<String>) -> Redirect {
    Redirect::to(&format!("/as/{}/dm", encoded(&name)))
}

async fn dm(Shared(page): Shared<Page>, Path(name): Path<String>) -> Response {
    dm_view(&page, &name, None)
}

async fn dm_thread(Shared(page): Shared<Page>, Path((name, ts)): Path<(String, String)>) -> Response {
    dm_view(&page, &name, Some(&ts))
}

fn dm_view(page: &Page, name: &str, thread: Option<&str>) -> Response {
    let mut state = page.state();
    let Some(look) = Look::new(page, &mut state, name) else { return lost(NOBODY) };
    let channel = look.state.dm_of(&look.user.id);
    let view = look.conversation(&channel, thread);
    view.map_or_else(|| lost("There is no such conversation."), |view| html(&view))
}

async fn channel(Shared(page): Shared<Page>, Path((name, channel)): Path<(String, String)>) -> Response {
    channel_view(&page, &name, &channel, None)
}

async fn channel_thread(
    Shared(page): Shared<Page>,
    Path((name, channel, ts)): Path<(String, String, String)>,
) -> Response {
    channel_view(&page, &name, &channel, Some(&ts))
}

fn channel_view(page: &Page, name: &str, channel: &str, thread: Option<&str>) -> Response {
    let mut state = page.state();
    let found = state.channels.values().find(|one| one.name == channel && one.dm_of.is_none());
    let found = found.map(|channel| channel.id.clone());
    let Some(look) = Look::new(page, &mut state, name) else { return lost(NOBODY) };
    found
        .and_then(|id| look.conversation(&id, thread))
        .map_or_else(|| lost("There is no such channel."), |view| html(&view))
}

/// A picture to look at, or anything else to keep. Whatever is in it, nothing of it runs.
async fn file(Shared(page): Shared<Page>, Path((name, id)): Path<(String, String)>) -> Response {
    let mut state = page.state();
    let Some(look) = Look::new(&page, &mut state, &name) else { return lost(NOBODY) };
    let Some(file) = look.file(&id) else { return lost("There is no such file.") };
    let is_picture = png_size(&file.bytes).is_some();
    let kind = if is_picture { "image/png" } else { "application/octet-stream" };
    let how = if is_picture { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{how}; filename*=UTF-8''{}", encoded(&file.name))),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, file.bytes.clone()).into_response()
}

async fn home(Shared(page): Shared<Page>, Path(name): Path<String>) -> Response {
    let mut state = page.state();
    Look::new(&page, &mut state, &name).map_or_else(|| lost(NOBODY), |look| html(&look.home()))
}

/// What a form of the page sends.
struct Sent(Vec<(String, String)>);

impl Sent {
    fn read(body: &Bytes) -> Self {
        Self(decode_form(body))
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn spot(&self) -> Option<Spot> {
        let owned = |name: &str| self.get(name).to_owned();
        if self.get("view").is_empty() {
            let touched = self.get("touched").parse().ok()?;
            return Some(Spot::Message { channel: owned("channel"), ts: owned("ts"), touched });
        }
        Some(Spot::View { id: owned("view"), hash: owned("hash") })
    }

    /// The fields of blocks, `f2.0` being the first element of the third block.
    fn filled(&self, person: &Human) -> Filled {
        let mut filled: Filled = Vec::new();
        for (name, value) in &self.0 {
            let Some((at, is_moment)) = field(name) else { continue };
            let value = if is_moment { person.seconds_of(value) } else { value.replace("\r\n", "\n") };
            match filled.iter_mut().find(|(known, _)| (known.block, known.element) == (at.block, at.element))
            {
                Some((_, values)) => values.push(value),
                None => filled.push((at, vec![value])),
            }
        }
        filled
    }

    /// The view to go back to: only ever one of our own.
    fn back(&self, name: &str) -> Redirect {
        let back = self.get("back");
        let own = format!("/as/{}", encoded(name));
        if back.starts_with(&own) && !back.contains(['\\', '\r', '\n']) {
            Redirect::to(back)
        } else {
            Redirect::to(&format!("{own}/dm"))
        }
    }
}

/// `f2.0`, or `t2.0` where a wall-clock time is meant.
fn field(name: &str) -> Option<(At, bool)> {
    let is_moment = name.starts_with('t');
    let at = name.strip_prefix(if is_moment { 't' } else { 'f' })?;
    Some((place(at)?, is_moment))
}

/// `2.0`, or `2.0.5` for an option.
fn place(text: &str) -> Option<At> {
    let mut numbers = text.split('.').map(str::parse::<usize>);
    let (block, element) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    Some(At { block, element, option: numbers.next().and_then(Result::ok) })
}

impl Page {
    fn person(&self, name: &str) -> Option<Human> {
        let state = self.state();
        let user = state.users.values().find(|user| user.name == name && !user.is_bot && !user.has_left)?;
        Some(Human::new(self.0.workspace.clone(), user.id.clone()))
    }

    /// Somebody does something; the app does what follows from it; a moment passes.
    async fn acts(&self, name: &str, sent: &Sent, act: impl AsyncFnOnce(&Human) -> Answer) -> Response {
        let Some(person) = self.person(name) else { return lost(NOBODY) };
        let _turn = self.turn().await;
        let answer = act(&person).await;
        self.0.world.settle().await;
        // Nobody does two things in the same instant, and a channel takes one message a second.
        self.state().clock.advance(SignedDuration::from_secs(2));
        self.0.world.settle().await;
        self.toasts(&person, answer.error);
        self.0.workspace.has_changed();
        sent.back(name).into_response()
    }

    fn toasts(&self, person: &Human, words: Option<String>) {
        let words = words.filter(|words| !words.is_empty());
        self.desks().entry(person.id()).or_default().toasts = words.into_iter().collect();
    }
}

async fn open(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let tab = sent.get("tab").to_owned();
    let opens = async |person: &Human| {
        if tab == "home" { person.opens_home().await } else { person.opens_dm().await }
    };
    page.acts(&name, &sent, opens).await
}

async fn say(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let (channel, line) = (sent.get("channel").to_owned(), sent.get("line").replace("\r\n", "\n"));
    let line = line.trim();
    if line.is_empty() || page.state().channel(&channel).is_none() {
        return sent.back(&name).into_response();
    }
    let thread = sent.get("thread");
    let says = async |person: &Human| {
        let mut answer = if thread.is_empty() {
            person.says_in(&channel, line).await
        } else {
            person.replies_in(&channel, thread, line).await
        };
        // A word of Slack's for what failed; sentences stand for themselves.
        answer.error = answer.error.map(|error| match line.split_whitespace().next() {
            _ if error.contains(' ') || error.is_empty() => error,
            Some(command) if command.starts_with('/') => {
                format!("{command} failed with the error “{error}”")
            }
            _ => format!("The coach did not hear this: {error}. Slack would say nothing, and try again."),
        });
        answer
    };
    page.acts(&name, &sent, says).await
}

async fn press(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let (Some(spot), Some(at)) = (sent.spot(), place(sent.get("press"))) else {
        return sent.back(&name).into_response();
    };
    let presses = async |person: &Human| warned(person.presses(&spot, at, &sent.filled(person)).await);
    page.acts(&name, &sent, presses).await
}

/// Slack shows no more than a warning sign beside what was pressed; its word for the reason is kept here.
fn warned(mut answer: Answer) -> Answer {
    answer.error = answer.error.map(|error| match error.contains(' ') || error.is_empty() {
        true => error,
        false => format!("That did not get through to the coach: {error}"),
    });
    answer
}

async fn submit(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let Some(spot) = sent.spot() else { return sent.back(&name).into_response() };
    let submits = async |person: &Human| person.submits_view(&spot, &sent.filled(person)).await;
    page.acts(&name, &sent, submits).await
}

async fn close(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let is_open = page
        .person(&name)
        .and_then(|person| person.modal())
        .is_some_and(|view| view["id"] == sent.get("view"));
    if !is_open {
        return sent.back(&name).into_response();
    }
    page.acts(&name, &sent, async |person: &Human| person.closes_modal().await).await
}

async fn shortcut(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let (callback, ts) = (sent.get("callback").to_owned(), sent.get("ts").to_owned());
    if !page
        .0
        .world
        .shortcuts()
        .iter()
        .any(|known| known.callback == callback && known.is_global == ts.is_empty())
    {
        return sent.back(&name).into_response();
    }
    let uses = async |person: &Human| {
        let answer = if ts.is_empty() {
            person.uses_shortcut(&callback).await
        } else {
            person.uses_shortcut_on(&callback, &ts).await
        };
        warned(answer)
    };
    page.acts(&name, &sent, uses).await
}

async fn dismiss(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let Some(person) = page.person(&name) else { return lost(NOBODY) };
    page.toasts(&person, None);
    sent.back(&name).into_response()
}

/// Lets time pass on this person's wall: a day, a week, or until their next nudge.
async fn time(Shared(page): Shared<Page>, Path(name): Path<String>, body: Bytes) -> Response {
    let sent = Sent::read(&body);
    let Some(person) = page.person(&name) else { return lost(NOBODY) };
    let _turn = page.turn().await;
    let (now, zone) = {
        let state = page.state();
        (state.now(), state.user(&person.id()).map(zone_of).unwrap_or(jiff::tz::TimeZone::UTC))
    };
    let wall = now.to_zoned(zone);
    let later = match sent.get("by") {
        "day" => Some(("1 day", wall.checked_add(1.day()))),
        "week" => Some(("1 week", wall.checked_add(1.week()))),
        _ => None,
    };
    let outcome = match later {
        Some((span, Ok(until))) => {
            page.0.workspace.notes(&format!("{span} passes"));
            page.0.world.pass_until(until.timestamp()).await
        }
        Some((_, Err(error))) => Err(error.into()),
        None => page.to_next_nudge(&person).await,
    };
    page.toasts(&person, outcome.err().map(|error| error.to_string()));
    page.0.workspace.has_changed();
    sent.back(&name).into_response()
}

impl Page {
    /// Somebody else's nudge may come first: time goes on until this person has something new.
    async fn to_next_nudge(&self, person: &Human) -> anyhow::Result<()> {
        let before = person.dms().len();
        self.0.workspace.notes("time passes");
        for _ in 0..20 {
            let Some(at) = self.0.world.next_nudge().await? else { break };
            // People who are due together are spread over a minute and a half.
            self.0.world.pass_until(at + SignedDuration::from_mins(2)).await?;
            if person.dms().len() > before {
                return Ok(());
            }
        }
        let command = self.state().command.clone();
        anyhow::bail!("No nudge is planned for you. {command} nudge on plans one.")
    }
}

/// How often somebody who looks at the prompts hears of a file that was saved.
const SHELF_SECONDS: u64 = 1;

/// One word whenever something has changed. What, the page finds out by looking.
async fn events(Shared(page): Shared<Page>, RawQuery(query): RawQuery) -> impl IntoResponse {
    let stream: Pin<Box<dyn Stream<Item = _> + Send>> = if query.as_deref() == Some("of=shelf") {
        Box::pin(savings(page))
    } else {
        Box::pin(changes(page.0.workspace.changes(), page.0.stop.clone()))
    };
    Sse::new(stream).keep_alive(sse::KeepAlive::default())
}

fn savings(page: Page) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    let stamp = page.0.world.shelf_stamp();
    let ticks = tokio::time::interval(Duration::from_secs(SHELF_SECONDS));
    stream::unfold((page, stamp, ticks), |(page, stamp, mut ticks)| async move {
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = page.0.stop.cancelled() => return None,
            }
            let now = page.0.world.shelf_stamp();
            if now != stamp {
                return Some((Ok(sse::Event::default().data("saved")), (page, now, ticks)));
            }
        }
    })
}

fn changes(
    changed: tokio::sync::watch::Receiver<()>,
    stop: CancellationToken,
) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    stream::unfold((changed, stop), |(mut changed, stop)| async move {
        tokio::select! {
            changes = changed.changed() => changes.ok()?,
            () = stop.cancelled() => return None,
        }
        Some((Ok(sse::Event::default().data("changed")), (changed, stop)))
    })
}
