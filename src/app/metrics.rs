//! What this process has done with its jobs, counted. Labels come from closed sets: never an id.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::store::jobs::{self, Ended, JobKind};

use super::App;

/// A message that has been due for longer than this is late.
const LATE_AFTER: SignedDuration = SignedDuration::from_secs(60);

#[derive(Default)]
pub struct Metrics {
    sent: PerKind,
    skipped: PerKind,
    failed: PerKind,
    /// Attempts that reached nobody, or may not have.
    tried_again: PerKind,
    /// Attempts that had to wait for their turn or for Slack.
    put_off: PerKind,
    panics: AtomicU64,
    ticked_at: AtomicI64,
}

#[derive(Default)]
struct PerKind([AtomicU64; JobKind::ALL.len()]);

impl PerKind {
    fn count(&self, kind: JobKind) {
        let at = JobKind::ALL.iter().position(|one| *one == kind).unwrap_or_default();
        self.0[at].fetch_add(1, Ordering::Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, about: &str) {
        head(out, name, "counter", about);
        for (kind, n) in JobKind::ALL.iter().zip(&self.0) {
            let _ = writeln!(out, "{name}{{kind=\"{}\"}} {}", kind.id(), n.load(Ordering::Relaxed));
        }
    }
}

impl Metrics {
    pub fn ended(&self, kind: JobKind, ended: &Ended) {
        match ended {
            Ended::Sent { .. } => self.sent.count(kind),
            Ended::Skipped(_) => self.skipped.count(kind),
            Ended::Failed(_) => self.failed.count(kind),
            Ended::Later(_) | Ended::Unsure(_) => self.tried_again.count(kind),
            Ended::NotTried(_) | Ended::InRow(_) | Ended::Moved(_) => self.put_off.count(kind),
        }
    }

    /// A slot that ended when it was planned.
    pub fn skipped(&self, kind: JobKind) {
        self.skipped.count(kind);
    }

    pub fn failed(&self, kind: JobKind) {
        self.failed.count(kind);
    }

    pub fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    pub fn ticked(&self, now: Timestamp) {
        self.ticked_at.store(now.as_second(), Ordering::Relaxed);
    }
}

impl App {
    /// All of it, in Prometheus's text format.
    pub async fn metrics(&self) -> anyhow::Result<String> {
        let now = self.clock.now();
        let queue = jobs::queue(&self.db, now, now - LATE_AFTER).await?;
        let mut out = String::new();
        let metrics = &self.metrics;
        metrics.sent.write(&mut out, "rung_sent_total", "Messages that Slack took.");
        metrics.skipped.write(&mut out, "rung_skipped_total", "Slots that ended without a message.");
        metrics.failed.write(&mut out, "rung_failed_total", "Slots that failed for good.");
        metrics.tried_again.write(&mut out, "rung_tried_again_total", "Attempts that have to be made again.");
        metrics.put_off.write(
            &mut out,
            "rung_put_off_total",
            "Attempts that had to wait for their turn, for Slack or for a token.",
        );
        for (name, about, n) in [
            ("rung_due", "Messages that wait and could go now.", queue.due),
            ("rung_late", "Of these, due for more than a minute.", queue.late),
            ("rung_leased", "Messages that some server holds at the moment.", queue.leased),
            ("rung_tick_timestamp_seconds", "When this server's scheduler last looked.", {
                metrics.ticked_at.load(Ordering::Relaxed)
            }),
        ] {
            head(&mut out, name, "gauge", about);
            let _ = writeln!(out, "{name} {n}");
        }
        head(&mut out, "rung_panics_total", "counter", "Messages whose drawing panicked.");
        let _ = writeln!(out, "rung_panics_total {}", metrics.panics.load(Ordering::Relaxed));
        head(&mut out, "rung_build_info", "gauge", "The program's version.");
        let _ = writeln!(out, "rung_build_info{{version=\"{}\"}} 1", self.house.version);
        Ok(out)
    }
}

fn head(out: &mut String, name: &str, kind: &str, about: &str) {
    let _ = writeln!(out, "# HELP {name} {about}\n# TYPE {name} {kind}");
}
