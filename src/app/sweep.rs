//! Erases what has served its time.

use anyhow::Context;
use jiff::SignedDuration;

use crate::store::{answered, cards, changes, jobs};

use super::App;

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// What was answered after ten minutes, that it was after two days (Slack may send an event again for
    /// one); deleted cards after a day, the last word to somebody forgotten within the hour, messages after a week, slots after 400 days.
    pub async fn sweep(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let before = |days: i32| (now - DAY * days).as_millisecond();
        let mut tx = self.db.write().await?;
        let gone = async {
            answered::blank_before(&mut tx, (now - SignedDuration::from_mins(10)).as_millisecond()).await?;
            answered::erase_before(&mut tx, before(2)).await?;
            cards::erase_deleted_before(&mut tx, cards::comes_back_since(now)).await?;
            changes::erase_last_words(&mut tx).await?;
            jobs::erase_done_before(&mut tx, before(7), before(400)).await
        };
        gone.await.context("erasing what has served its time")?;
        tx.commit().await?;
        Ok(())
    }
}
