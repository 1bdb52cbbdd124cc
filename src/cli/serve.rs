//! `rung serve`: the server and the scheduler in one process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::app::App;
use crate::clock::Clock;
use crate::coach::library::Library;
use crate::config::Settings;
use crate::http::{self, Door, Limits};
use crate::scheduler;
use crate::store::{Db, Lock, channels, jobs, people};

/// Everything has to be over by then.
const STOP_WITHIN: Duration = Duration::from_secs(9);

/// Whether the scheduler ticks by itself or when told: a fixed clock needs the latter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    ByItself,
    ByHand,
}

/// A server that is up.
pub struct Running {
    pub app: Arc<App>,
    pub address: SocketAddr,
    /// Where Prometheus asks, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    stop: CancellationToken,
    http: JoinHandle<()>,
    metrics: Option<JoinHandle<()>>,
    scheduler: Option<JoinHandle<()>>,
    /// When time that passes by hand was swept last, in milliseconds.
    swept_at: AtomicI64,
    _lock: Lock,
}

pub async fn run(settings: Settings, library: Library) -> anyhow::Result<()> {
    tell_only_where_it_panicked();
    settings.check_for_serving()?;
    let stop = stop_signals()?;
    let running = start(&settings, Clock::system(), library, Beat::ByItself).await?;
    info!(address = %running.address, database = running.app.db.describe(), "listening");
    stop.await;
    info!("stopping: finishing what is in flight");
    running.stop().await;
    info!("stopped");
    Ok(())
}

/// A panic's message can hold what people wrote, so the log gets its place and no word of it.
pub fn tell_only_where_it_panicked() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, "panicked");
    }));
}

/// Opens the database, listens, and starts the scheduler. Slack need not be there.
///
/// # Errors
/// Says which of these did not work and what to do about it.
pub async fn start(
    settings: &Settings,
    clock: Clock,
    library: Library,
    beat: Beat,
) -> anyhow::Result<Running> {
    let lock = Lock::take(&settings.database_url)?;
    let db = Db::open(&settings.database_url).await?;
    let listener = http::bind(settings.listen).await?;
    let address = listener.local_addr().context("asking for our own address")?;
    let metrics_listener = match settings.metrics_listen {
        Some(address) => Some(http::bind(address).await?),
        None => None,
    };
    let app = Arc::new(App::new(settings, clock, db, library)?);
    let limits = Limits::default();
    let door =
        Door { app: Arc::clone(&app), signing_secrets: settings.signing_secrets.clone().into(), limits };
    let stop = CancellationToken::new();
    let http = tokio::spawn(http::serve(listener, http::router(door), limits, stop.clone()));
    let metrics_address = metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok());
    let metrics = metrics_listener.map(|listener| {
        tokio::spawn(http::serve(listener, http::metrics::router(Arc::clone(&app)), limits, stop.clone()))
    });
    let scheduler =
        (beat == Beat::ByItself).then(|| tokio::spawn(scheduler::run(Arc::clone(&app), stop.clone())));
    let swept_at = AtomicI64::new(app.clock.now().as_millisecond());
    Ok(Running { app, address, metrics_address, stop, http, metrics, scheduler, swept_at, _lock: lock })
}

impl Running {
    /// No new work; what is in flight is finished, and all is over within ten seconds.
    pub async fn stop(self) {
        self.stop.cancel();
        let Running { app, http, metrics, scheduler, .. } = self;
        let finish = async {
            let _ = http.await;
            if let Some(metrics) = metrics {
                let _ = metrics.await;
            }
            if let Some(scheduler) = scheduler {
                let _ = scheduler.await;
            }
            app.background.close();
            app.background.wait().await;
            app.db.close().await;
        };
        if tokio::time::timeout(STOP_WITHIN, finish).await.is_err() {
            warn!(
                "not everything was finished in time; what was acknowledged is kept and goes on at the next start"
            );
        }
    }

    /// Plans and delivers whatever is due by the clock, and waits until the answers that were promised
    /// have gone out: for a scheduler that is beaten by hand.
    pub async fn settle(&self) {
        loop {
            self.wait_for_background().await;
            self.app.connect(Duration::from_secs(1)).await;
            if let Err(error) = self.app.ask_where_it_ended().await {
                tracing::error!(error = format!("{error:#}"), "asking whether the token counts again failed");
            }
            scheduler::tick(&self.app, &self.stop).await;
            if self.app.background.is_empty() {
                return;
            }
        }
    }

    async fn wait_for_background(&self) {
        while !self.app.background.is_empty() {
            self.app.background.close();
            self.app.background.wait().await;
            self.app.background.reopen();
        }
    }

    /// Lets time pass on a fixed clock as a running scheduler would have seen it: from due instant to
    /// due instant, up to the one given.
    pub async fn pass_until(&self, until: Timestamp) -> anyhow::Result<()> {
        loop {
            self.settle().await;
            let now = self.app.clock.now();
            self.sweep(now).await?;
            let db = self.app.db.read();
            let next =
                [people::next_due(db, now).await?, jobs::next_due(db).await?, channels::next_due(db).await?];
            let next = next.into_iter().flatten().filter_map(|at| Timestamp::from_millisecond(at).ok()).min();
            match next {
                Some(at) if at <= until => {
                    // What is overdue already waits for something else than its hour.
                    let at = if at > now { at } else { now + jiff::SignedDuration::from_secs(1) };
                    self.app.clock.set(at.min(until));
                    if at >= until {
                        self.settle().await;
                        return self.sweep(until).await;
                    }
                }
                _ => {
                    self.app.clock.set(until);
                    self.settle().await;
                    return self.sweep(until).await;
                }
            }
        }
    }

    /// Once an hour, as the scheduler does. What it would have swept in the hours between goes now: nobody
    /// looked meanwhile.
    async fn sweep(&self, now: Timestamp) -> anyhow::Result<()> {
        let before = self.swept_at.load(Ordering::Relaxed);
        if (now.as_millisecond() - before).abs() >= scheduler::SWEEP_EVERY.as_millis() as i64 {
            self.swept_at.store(now.as_millisecond(), Ordering::Relaxed);
            self.app.sweep().await?;
        }
        Ok(())
    }
}

/// Listens for SIGTERM and Ctrl-C from now on; what comes back waits for one of them. To be called
/// before the start: whoever is told to stop while starting must stop as well, and not just die.
pub(crate) fn stop_signals() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
