//! The workspace as tests and `rung demo` hold it: started, connected, peopled, given bad days, asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::draw::Names;
use super::faults::{Kind, Luck};
use super::human::Human;
use super::send::{self, JSON};
use super::state::State;
use super::{ApiCall, serve};
use crate::clock::{self, Clock};

/// A handle: clones are the same workspace. It stops serving when the last one is dropped.
#[derive(Clone)]
pub struct Workspace(Arc<Inner>);

pub(super) struct Inner {
    state: Mutex<State>,
    client: reqwest::Client,
    changed: watch::Sender<()>,
    keeping: Mutex<()>,
    server: AbortHandle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl From<Arc<Inner>> for Workspace {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl Workspace {
    /// Starts the Web API on 127.0.0.1, a free port. Its time is `clock`'s. No other workspace has its ids.
    pub async fn start(clock: Clock) -> anyhow::Result<Self> {
        Self::start_named(clock, &clock::new_id()).await
    }

    /// The same, with ids that come back when a workspace of this name is started again, so that a
    /// database still knows its people. Token and signing secret are fresh every time.
    pub async fn start_named(clock: Clock, name: &str) -> anyhow::Result<Self> {
        // Fails when another part of the process was first, and then there is a provider.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = reqwest::Client::builder()
            .user_agent("Slackbot 1.0 (+https://api.slack.com/robots)")
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .context("making the client that calls the app")?;
        let listener =
            TcpListener::bind("127.0.0.1:0").await.context("finding a port for the local Slack")?;
        let origin = format!("http://{}", listener.local_addr().context("reading the port")?);
        let state = Mutex::new(State::new(clock, name.to_owned(), origin));
        let inner = Arc::new_cyclic(|inner| {
            let server = tokio::spawn(serve::accept(listener, inner.clone())).abort_handle();
            Inner { state, client, changed: watch::Sender::new(()), keeping: Mutex::default(), server }
        });
        Ok(Self(inner))
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn keeping(&self) -> MutexGuard<'_, ()> {
        self.0.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn weak(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.0.client
    }

    pub(super) fn patience(&self) -> Duration {
        self.state().patience
    }

    pub(super) fn has_changed(&self) {
        self.0.changed.send_replace(());
    }

    /// Says when something has changed, from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// Such as `http://127.0.0.1:4000/api/`: what `SLACK_API_URL` is set to.
    pub fn api_url(&self) -> String {
        self.state().me.api_url.clone()
    }

    pub fn bot_token(&self) -> String {
        self.state().me.token.clone()
    }

    pub fn signing_secret(&self) -> String {
        self.state().me.secret.clone()
    }

    pub fn team_id(&self) -> String {
        self.state().me.team.clone()
    }

    pub fn bot_user_id(&self) -> String {
        self.state().me.bot_user.clone()
    }

    /// Where the app listens, such as `http://127.0.0.1:4000`. Slack's requests go to `/slack/commands`,
    /// `/slack/interactivity` and `/slack/events` below it.
    pub fn connect(&self, app_base_url: &str) {
        self.state().app = Some(app_base_url.trim_end_matches('/').to_owned());
    }

    /// The app's slash command; `/coach` from the start. Slack itself refuses all others.
    pub fn set_command(&self, command: &str) {
        self.state().command = command.to_owned();
    }

    /// A person of this name: made on first mention, the same one afterwards.
    pub fn person(&self, name: &str, zone: &str) -> Human {
        let id = self.state().user_named(name, zone);
        Human::new(self.clone(), id)
    }

    /// The id of a public channel, made on first mention. Everybody is in it; the coach only if invited.
    pub fn channel(&self, name: &str) -> String {
        self.state().channel_named(name)
    }

    pub fn invites_coach(&self, channel: &str) {
        let mut state = self.state();
        let id = state.channel_named(channel);
        if let Some(channel) = state.channels.get_mut(&id) {
            channel.has_bot = true;
        }
    }

    /// How long Slack waits for an answer: three real seconds, unless a test is in a hurry.
    pub fn waits_for_answers(&self, at_most: Duration) {
        self.state().patience = at_most;
    }

    /// The next calls of this method (or of `response_url`, or of `*`) get a 429.
    pub fn says_slow_down(&self, method: &str, seconds: u64, times: u32) {
        self.state().add_fault(method, Kind::SlowDown { seconds }, times);
    }

    /// The next calls get `{"ok":false,"error":…}` and do nothing.
    pub fn fails(&self, method: &str, error: &str, times: u32) {
        self.state().add_fault(method, Kind::Fails { error: error.to_owned() }, times);
    }

    /// The next calls get an HTTP 500 and do nothing.
    pub fn breaks(&self, method: &str, times: u32) {
        self.state().add_fault(method, Kind::Breaks, times);
    }

    /// The next calls are carried out, and then the connection closes without an answer.
    pub fn drops_after_doing(&self, method: &str, times: u32) {
        self.state().add_fault(method, Kind::DropsAfterDoing, times);
    }

    /// The next calls wait for real seconds before anything is done.
    pub fn hangs(&self, method: &str, seconds: u64, times: u32) {
        self.state().add_fault(method, Kind::Hangs { seconds }, times);
    }

    /// From now on, of a thousand calls of this method so many are told to wait (up to so many seconds),
    /// get a 500, are dropped undone, and are dropped after being done; chance is the same in every run.
    pub fn has_bad_luck(&self, method: &str, of_a_thousand: [u64; 4], seconds: u64) {
        let luck = Luck { method: method.to_owned(), of_a_thousand, seconds, n_calls: 0 };
        let mut state = self.state();
        state.luck.retain(|luck| luck.method != method);
        state.luck.push(luck);
    }

    /// Every message to this person gets this error; without one, an HTTP 500.
    pub fn never_takes(&self, person: &str, error: Option<&str>) {
        let kind = error.map_or(Kind::Breaks, |error| Kind::Fails { error: error.to_owned() });
        self.state().cursed.insert(person.to_owned(), kind);
    }

    /// Where one app serves many workspaces: this person is of that one, and each of them takes so many
    /// messages a minute.
    pub fn is_of(&self, person: &str, workspace: &str, a_minute: u32) {
        let crowd = &mut self.state().crowd;
        crowd.a_minute = f64::from(a_minute);
        crowd.workspaces.insert(person.to_owned(), workspace.to_owned());
    }

    /// Forgets what was said and done so far, for a test that goes on for years. Who there is, stays.
    pub fn forgets(&self) {
        let mut state = self.state();
        state.messages = Vec::new();
        state.lines = Vec::new();
        state.calls = Vec::new();
        state.echoes = Vec::new();
        state.users.values_mut().for_each(|user| user.n_seen = 0);
    }

    /// While it is down, every connection is dropped unanswered.
    pub fn is_down(&self, down: bool) {
        self.state().is_down = down;
    }

    /// Every call is refused, until the token is given again.
    pub fn revokes_token(&self) {
        self.state().is_revoked = true;
    }

    pub fn gives_token_again(&self) {
        self.state().is_revoked = false;
    }

    /// Methods that need it answer `missing_scope`. Losing it is no mistake of the app.
    pub fn revoke_scope(&self, scope: &str) {
        let mut state = self.state();
        state.scopes.remove(scope);
        state.revoked_scopes.insert(scope.to_owned());
    }

    pub fn grant_scope(&self, scope: &str) {
        self.state().scopes.insert(scope.to_owned());
    }

    /// All calls in their order, refused and failed ones too.
    pub fn api_calls(&self) -> Vec<ApiCall> {
        self.state().calls.clone()
    }

    /// What Slack would have refused and what people saw as an error: empty in a good test.
    pub fn complaints(&self) -> Vec<String> {
        self.state().complaints.clone()
    }

    /// The complaints so far, and a clean slate: for a test that has provoked some.
    pub fn takes_complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.state().complaints)
    }

    /// Every mention that the app sent: `<@U…>`, `<#C…>`, `<!here>` and the like, each with its place.
    pub fn pings(&self) -> Vec<String> {
        self.state().pings.clone()
    }

    /// What ids stand for, for whoever draws messages on their own.
    pub fn names(&self) -> Names {
        self.state().names.clone()
    }

    /// All since the start, as people saw it.
    pub fn transcript(&self) -> String {
        self.state().lines.iter().map(|line| format!("{}\n", line.text)).collect()
    }

    /// Writes a line such as `-- a week passes --`. The caller moves the clock.
    pub fn notes(&self, line: &str) {
        self.state().tell(None, format!("-- {line} --"));
        self.has_changed();
    }

    /// Waits for what the app does in the background, twenty real seconds at most. Says whether it came.
    pub async fn until(&self, is_so: impl Fn(&Self) -> bool) -> bool {
        let mut changed = self.0.changed.subscribe();
        let wait = async {
            while !is_so(self) {
                if changed.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), wait).await.is_ok()
    }

    /// An event of the workspace, such as `app_uninstalled`; `event` is the inner object. Gives the HTTP
    /// status, 0 without an answer. Where it says that our token is gone, it is.
    pub async fn sends_event(&self, mut event: Value) -> u16 {
        let bot = self.bot_user_id();
        let is_ours = |revoked: &Vec<Value>| revoked.iter().any(|user| user == bot.as_str());
        if event["type"] == "app_uninstalled"
            || event["type"] == "tokens_revoked" && event["tokens"]["bot"].as_array().is_some_and(is_ours)
        {
            self.revokes_token();
        }
        if event["event_ts"].is_null() {
            event["event_ts"] = self.state().next_ts().into();
        }
        self.delivers_event(event).await.status
    }

    /// The last event once more, as Slack's retry: same `event_id`, retry headers, freshly signed.
    pub async fn sends_event_again(&self) -> u16 {
        self.delivers_event_again().await.status
    }

    /// What Slack sends when the address of the events is saved. Says whether the challenge came back.
    pub async fn verifies_address(&self) -> bool {
        let challenge = clock::new_id();
        let token = self.state().me.verification.clone();
        let body = json!({"token": token, "challenge": challenge, "type": "url_verification"});
        let delivered = self.delivers("/slack/events", JSON, body.to_string().into_bytes(), &[]).await;
        let in_json = || {
            serde_json::from_str::<Value>(&delivered.body).is_ok_and(|body| body["challenge"] == challenge)
        };
        delivered.status == 200 && (delivered.body == challenge || (delivered.is_json() && in_json()))
    }

    /// Signs and posts these bytes. Gives status and body.
    pub async fn posts(&self, path: &str, content_type: &str, body: Vec<u8>) -> (u16, String) {
        let delivered = self.delivers(path, content_type, body, &[]).await;
        (delivered.status, delivered.body)
    }

    /// Posts these bytes with these headers and no others, for what did not come from Slack.
    pub async fn posts_unsigned(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, String) {
        let headers: Vec<(&str, String)> =
            headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let delivered = self.sends(path, &headers, body).await;
        (delivered.status, delivered.body)
    }

    /// The signature of these bytes at that time.
    pub fn signature(&self, at: Timestamp, body: &[u8]) -> String {
        send::signature(&self.signing_secret(), &at.as_second().to_string(), body)
    }
}
