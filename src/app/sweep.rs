//! Erases what has served its time.

use anyhow::Context;
use jiff::SignedDuration;

use crate::store::{answered, cards, changes, jobs};

use super::App;

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// So many rows go in one transaction: on SQLite everybody's answers wait for it, and erased rows are
/// overwritten.
const AT_A_TIME: i64 = 1_000;

enum Old {
    Answers,
    Requests,
    Cards,
    LastWords,
    Messages,
    Slots,
}

impl App {
    /// What was answered after ten minutes, that it was after two days (Slack may send an event again for
    /// one); deleted cards after a day, the last word to somebody forgotten within the hour, messages after a week, slots after 400 days.
    pub async fn sweep(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        let before = |days: i32| (now - DAY * days).as_millisecond();
        for old in [Old::Answers, Old::Requests, Old::Cards, Old::LastWords, Old::Messages, Old::Slots] {
            loop {
                let mut tx = self.db.write().await?;
                let gone = match old {
                    Old::Answers => {
                        let ten_minutes = (now - SignedDuration::from_mins(10)).as_millisecond();
                        answered::blank_before(&mut tx, ten_minutes, AT_A_TIME).await
                    }
                    Old::Requests => answered::erase_before(&mut tx, before(2), AT_A_TIME).await,
                    Old::Cards => {
                        cards::erase_deleted_before(&mut tx, cards::comes_back_since(now), AT_A_TIME).await
                    }
                    Old::LastWords => changes::erase_last_words(&mut tx, AT_A_TIME).await,
                    Old::Messages => jobs::erase_messages_before(&mut tx, before(7), AT_A_TIME).await,
                    Old::Slots => jobs::erase_slots_before(&mut tx, before(400), AT_A_TIME).await,
                };
                let gone = gone.context("erasing what has served its time")?;
                tx.commit().await?;
                if gone < AT_A_TIME as u64 {
                    break;
                }
            }
        }
        Ok(())
    }
}
