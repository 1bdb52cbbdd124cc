//! How fast one workspace and one channel may be spoken to: Slack takes one message a second in a
//! channel, and several hundred a minute in a workspace.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// A little over a second: Slack's clock is not ours.
const IN_A_CHANNEL: SignedDuration = SignedDuration::from_millis(1_050);
/// Three hundred a minute.
const IN_A_WORKSPACE: SignedDuration = SignedDuration::from_millis(200);
/// So many may go at once before the pace counts.
const BURST: i32 = 20;

#[derive(Default)]
pub struct Pace(Mutex<HashMap<String, Timestamp>>);

impl Pace {
    /// Takes a place for a message now, or says from when there may be one.
    pub fn take(&self, team: &str, channel: &str, now: Timestamp) -> Result<(), Timestamp> {
        let mut free_at = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        free_at.retain(|_, at| *at > now);
        let workspace = format!("team/{team}");
        let channel = format!("channel/{team}/{channel}");
        let busy = free_at.get(&workspace).copied().unwrap_or(now);
        let burst = IN_A_WORKSPACE * BURST;
        if busy.duration_since(now) > burst {
            return Err(busy - burst);
        }
        if let Some(&at) = free_at.get(&channel) {
            return Err(at);
        }
        free_at.insert(workspace, busy + IN_A_WORKSPACE);
        free_at.insert(channel, now + IN_A_CHANNEL);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_waits_a_second_and_a_workspace_is_spread() {
        let pace = Pace::default();
        let now: Timestamp = "2026-03-04T09:00:00Z".parse().unwrap();
        assert_eq!(pace.take("T1", "D1", now), Ok(()));
        assert_eq!(pace.take("T1", "D1", now), Err(now + IN_A_CHANNEL));
        assert_eq!(pace.take("T2", "D1", now), Ok(()));
        let taken = (2..100).take_while(|n| pace.take("T1", &format!("D{n}"), now).is_ok()).count();
        assert_eq!(taken, 20);
        assert_eq!(pace.take("T1", "D99", now + SignedDuration::from_millis(200)), Ok(()));
    }
}
