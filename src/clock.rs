//! The only place that knows what time it is and the only source of fresh names.
//!
//! A system clock is the machine's. A fixed clock stands still until somebody moves it: the tests
//! and `rung demo` live by one, so that a week passes in a moment and the real clock is never touched.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    /// Stands still at this instant, to the millisecond, until it is moved. Clones move together.
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]
            None => Timestamp::now(),
            Some(millis) => Timestamp::from_millisecond(millis.load(Ordering::SeqCst))
                .expect("a fixed clock is only ever set from a Timestamp"),
        }
    }

    /// Sets a fixed clock. A system clock stays what it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(millis) = &self.0 {
            millis.store(at.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// Moves a fixed clock on. A system clock stays what it is.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now().checked_add(by).unwrap_or(Timestamp::MAX));
    }
}

/// A fresh name for a row, sorted by the time of its making (UUID v7).
pub fn new_id() -> String {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes names")]
    uuid::Uuid::now_v7().to_string()
}
