//! The only loop that sleeps: tick, tick, tick. Holds no SQL and no wording.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::app::App;

const TICK: Duration = Duration::from_secs(1);
/// So many messages are on their way at once.
const WORKERS: usize = 8;
const SWEEP_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Ticks until it is told to stop; what is in flight then is finished.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    let mut swept_at: Option<Timestamp> = None;
    while !stop.is_cancelled() {
        app.connect(Duration::from_secs(5)).await;
        tick(&app, &stop).await;
        let now = app.clock.now();
        app.metrics.ticked(now);
        // A clock that was set back must not stop the sweeping.
        if swept_at.is_none_or(|at| now.duration_since(at).abs() >= SWEEP_EVERY) {
            swept_at = Some(now);
            if let Err(error) = app.sweep().await {
                error!(error = format!("{error:#}"), "sweeping failed; it is tried again in an hour");
            }
        }
        #[expect(clippy::disallowed_methods, reason = "this is the one loop that waits")]
        let pause = tokio::time::sleep(TICK);
        tokio::select! {
            () = pause => {}
            () = app.outbox.notified() => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Plans whoever is due and delivers whatever is due, until nothing is.
pub async fn tick(app: &Arc<App>, stop: &CancellationToken) {
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
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let (app, stop) = (Arc::clone(app), stop.clone());
        workers.spawn(async move {
            while !stop.is_cancelled() {
                match app.deliver_one().await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        error!(
                            error = format!("{error:#}"),
                            "delivering failed; it is tried again in a second"
                        );
                        break;
                    }
                }
            }
        });
    }
    // A panic in one worker is told by the runtime and costs one job its lease, not the loop.
    while workers.join_next().await.is_some() {}
}
