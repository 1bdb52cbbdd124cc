//! The only loops that sleep: tick, tick, tick. Holds no SQL and no wording.
//!
//! One plans whoever is due, one delivers what is in the outbox; neither waits for the other. A panic ends
//! neither for good.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::app::App;

const TICK: Duration = Duration::from_secs(1);
/// The outbox is looked into this often: a place at two hundred milliseconds' distance is not missed by much.
const LOOK: Duration = Duration::from_millis(200);
/// So many messages are on their way at once, of all workspaces together.
const ON_THEIR_WAY: usize = 200;
/// So many are taken out of the outbox at once.
const AT_A_TIME: usize = 50;
pub(crate) const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Runs until it is told to stop; what is in flight then is finished.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    tokio::join!(
        keep_going("planning", &stop, || plan(Arc::clone(&app), stop.clone())),
        keep_going("delivering", &stop, || deliver(Arc::clone(&app), stop.clone())),
    );
}

/// Starts it again when it panics.
async fn keep_going<F>(what: &str, stop: &CancellationToken, work: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    while tokio::spawn(work()).await.is_err() {
        error!(what, "panicked; it starts again in a second");
        if rest(TICK, stop).await {
            return;
        }
    }
}

async fn plan(app: Arc<App>, stop: CancellationToken) {
    let mut swept_at: Option<Timestamp> = None;
    while !stop.is_cancelled() {
        app.connect(Duration::from_secs(5)).await;
        if let Err(error) = app.ask_where_it_ended().await {
            error!(error = format!("{error:#}"), "asking whether the token counts again failed");
        }
        think(&app, &stop).await;
        let now = app.clock.now();
        app.metrics.ticked(now);
        // A clock that was set back must not stop the sweeping.
        if swept_at.is_none_or(|at| now.duration_since(at).abs() >= SWEEP_EVERY) {
            swept_at = Some(now);
            if let Err(error) = app.sweep().await {
                error!(error = format!("{error:#}"), "sweeping failed; it is tried again in an hour");
            }
        }
        rest(TICK, &stop).await;
    }
}

/// Minds the clock, asks about zones ahead of time, and plans whoever is due, until nobody is.
async fn think(app: &Arc<App>, stop: &CancellationToken) {
    if let Err(error) = app.mind_the_clock().await {
        error!(error = format!("{error:#}"), "minding the clock failed");
    }
    if let Err(error) = app.refresh_zones().await {
        error!(
            error = format!("{error:#}"),
            "asking Slack for time zones failed; it is tried again in a second"
        );
    }
    loop {
        match app.plan_due().await {
            Ok(true) if !stop.is_cancelled() => {}
            Ok(_) => break,
            Err(error) => {
                error!(error = format!("{error:#}"), "planning failed; it is tried again in a second");
                break;
            }
        }
    }
}

async fn deliver(app: Arc<App>, stop: CancellationToken) {
    let mut flying = JoinSet::new();
    while !stop.is_cancelled() {
        take_off(&app, &stop, &mut flying).await;
        tokio::select! {
            _ = rest(LOOK, &stop) => {}
            () = app.outbox.notified() => {}
        }
    }
    while flying.join_next().await.is_some() {}
}

/// Sends off whatever is due, until nothing is.
async fn take_off(app: &Arc<App>, stop: &CancellationToken, flying: &mut JoinSet<()>) {
    while !stop.is_cancelled() {
        while flying.try_join_next().is_some() {}
        if flying.len() >= ON_THEIR_WAY {
            flying.join_next().await;
            continue;
        }
        match app.take_due(AT_A_TIME.min(ON_THEIR_WAY - flying.len())).await {
            Ok(taken) if taken.claimed == 0 => return,
            Ok(taken) => {
                for job in taken.ready {
                    let (app, stop) = (Arc::clone(app), stop.clone());
                    flying.spawn(async move {
                        if stop.is_cancelled() { app.give_back(job).await } else { app.deliver(job).await }
                    });
                }
            }
            Err(error) => {
                error!(error = format!("{error:#}"), "looking into the outbox failed; it is tried again");
                return;
            }
        }
    }
}

/// Everything that is due by the clock, planned and delivered: for a scheduler that is beaten by hand.
pub async fn tick(app: &Arc<App>, stop: &CancellationToken) {
    think(app, stop).await;
    let mut flying = JoinSet::new();
    loop {
        take_off(app, stop, &mut flying).await;
        if flying.is_empty() {
            return;
        }
        while flying.join_next().await.is_some() {}
    }
}

/// Waits, and says whether to stop.
async fn rest(how_long: Duration, stop: &CancellationToken) -> bool {
    #[expect(clippy::disallowed_methods, reason = "these are the loops that wait")]
    let pause = tokio::time::sleep(how_long);
    tokio::select! {
        () = pause => stop.is_cancelled(),
        () = stop.cancelled() => true,
    }
}
