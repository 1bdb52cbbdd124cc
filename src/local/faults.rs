//! Bad days of Slack, on demand: one fault holds for the next few calls of one method.

use std::collections::HashMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::args::Args;
use super::state::State;

pub(super) struct Fault {
    /// A method's name, `response_url`, or `*` for whatever comes next.
    pub method: String,
    pub kind: Kind,
    pub n_left: u32,
}

#[derive(Clone)]
pub(super) enum Kind {
    SlowDown {
        seconds: u64,
    },
    Fails {
        error: String,
    },
    Breaks,
    /// The connection closes before anything is done.
    Drops,
    DropsAfterDoing,
    Hangs {
        seconds: u64,
    },
}

/// A method that goes wrong now and then, by chance that is the same in every run.
pub(super) struct Luck {
    pub method: String,
    /// Of a thousand calls so many are told to wait, break, are dropped, and are dropped after being done.
    pub of_a_thousand: [u64; 4],
    /// The longest wait that is asked for.
    pub seconds: u64,
    pub n_calls: u64,
}

/// People of other workspaces, for an app that serves many: each workspace takes so many messages a
/// minute, with a short burst.
#[derive(Default)]
pub(super) struct Crowd {
    pub a_minute: f64,
    /// By person.
    pub workspaces: HashMap<String, String>,
    pub allowance: HashMap<String, (Timestamp, f64)>,
}

impl State {
    /// What goes wrong with this call by whom it is for, or by bad luck.
    pub fn mishap(&mut self, method: &str, args: Option<&Args>) -> Option<Kind> {
        let whom = args.map(|args| args.text("channel")).unwrap_or_default();
        if method == "chat.postMessage" && !self.cursed.is_empty() {
            let owner = self.channel(&whom).and_then(|channel| channel.dm_of.clone()).unwrap_or(whom);
            if let Some(kind) = self.cursed.get(&owner) {
                return Some(kind.clone());
            }
        }
        let luck = self.luck.iter_mut().find(|luck| luck.method == method)?;
        luck.n_calls += 1;
        let digest = Sha256::digest(format!("{method}/{}", luck.n_calls));
        let number = |at: usize| u64::from(u16::from_be_bytes([digest[at], digest[at + 1]]));
        let mut thrown = number(0) % 1_000;
        let seconds = 1 + number(2) % luck.seconds.max(1);
        let kinds = [Kind::SlowDown { seconds }, Kind::Breaks, Kind::Drops, Kind::DropsAfterDoing];
        for (kind, share) in kinds.into_iter().zip(luck.of_a_thousand) {
            if thrown < share {
                return Some(kind);
            }
            thrown -= share;
        }
        None
    }

    pub fn add_fault(&mut self, method: &str, kind: Kind, times: u32) {
        self.faults.push(Fault { method: method.to_owned(), kind, n_left: times });
    }

    /// What goes wrong with this call. The oldest fault comes first.
    pub fn take_fault(&mut self, method: &str) -> Option<Kind> {
        let index = self
            .faults
            .iter()
            .position(|fault| fault.n_left > 0 && (fault.method == method || fault.method == "*"))?;
        let fault = &mut self.faults[index];
        fault.n_left -= 1;
        let kind = fault.kind.clone();
        if fault.n_left == 0 {
            self.faults.remove(index);
        }
        Some(kind)
    }
}
