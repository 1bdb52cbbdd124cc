//! Bad days of Slack, on demand: one fault holds for the next few calls of one method.

use super::state::State;

pub(super) struct Fault {
    /// A method's name, `response_url`, or `*` for whatever comes next.
    pub method: String,
    pub kind: Kind,
    pub n_left: u32,
}

#[derive(Clone)]
pub(super) enum Kind {
    SlowDown { seconds: u64 },
    Fails { error: String },
    Breaks,
    DropsAfterDoing,
    Hangs { seconds: u64 },
}

impl State {
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
