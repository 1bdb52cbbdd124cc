//! SQLite's one writer, shared: whoever waits for it at the same time is flushed to disk together.
//!
//! A flush takes a millisecond or more, and everything else a write does takes a tenth of that. So a transaction
//! is opened for the first who comes, those who queued behind it meanwhile have their turns in the same one, each
//! in a savepoint of their own, and one `COMMIT` ends it for all. Nobody's `commit` returns before that. One who
//! gives up is rolled back alone; where the whole fails, all of them are told so.
//!
//! Who comes in the middle of a group can read what the others in it have written, which is not on the disk yet.
//! So an answer that rests on something read here has to wait for `commit` too, even where it wrote nothing.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, AnyPool, Connection, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tracing::error;

/// As long as one waits for a connection of a pool.
const WAIT: Duration = Duration::from_secs(10);

/// The writer. Who holds the lock has it to themselves; Tokio's lock lets them in as they came.
#[derive(Clone, Debug)]
pub struct Writer {
    seat: Arc<Mutex<Seat>>,
}

#[derive(Debug)]
struct Seat {
    /// Where another connection comes from, should this one be lost.
    pool: AnyPool,
    connection: Option<AnyConnection>,
    group: Option<Group>,
    turn: Turn,
}

#[derive(Debug)]
struct Group {
    ended: watch::Sender<Option<Ended>>,
    /// SQLite took back more than one turn, or may have: nothing of the group may count.
    is_broken: bool,
}

type Ended = Result<(), Arc<sqlx::Error>>;

/// How far the last one to hold the lock got; who comes next puts it in order. A request whose client hangs up
/// can be dropped at any `await`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    None,
    /// There may be a transaction, and no group that it belongs to.
    Astray,
    /// The savepoint was asked for.
    Beginning,
    /// The savepoint is there.
    Begun,
    /// Its release was asked for.
    Ending,
}

/// One turn. Dropped without `commit`, nothing of it has happened.
#[derive(Debug)]
pub struct Member {
    seat: OwnedMutexGuard<Seat>,
}

impl Writer {
    pub fn new(pool: AnyPool) -> Writer {
        Writer { seat: Arc::new(Mutex::new(Seat { pool, connection: None, group: None, turn: Turn::None })) }
    }

    pub async fn begin(&self) -> sqlx::Result<Member> {
        let mut seat = self.lock().await?;
        seat.put_in_order().await;
        if seat.group.as_ref().is_some_and(|group| group.is_broken) {
            seat.end_group().await;
        }
        if seat.group.is_none() {
            seat.open_group().await?;
            // It queues behind all who wait by now, and they are the group.
            let writer = self.clone();
            tokio::spawn(async move { writer.seat.lock_owned().await.end_group().await });
        }
        seat.turn = Turn::Beginning;
        seat.connection()?.execute("SAVEPOINT turn").await?;
        seat.turn = Turn::Begun;
        Ok(Member { seat })
    }

    async fn lock(&self) -> sqlx::Result<OwnedMutexGuard<Seat>> {
        let lock = Arc::clone(&self.seat).lock_owned();
        tokio::time::timeout(WAIT, lock).await.map_err(|_| sqlx::Error::PoolTimedOut)
    }

    pub async fn close(&self) {
        let mut seat = self.seat.lock().await;
        seat.end_group().await;
        if let Some(connection) = seat.connection.take()
            && let Err(error) = connection.close().await
        {
            error!(error = %error, "the database did not close as it should");
        }
    }
}

impl Member {
    /// Returns when it is on the disk, with all others of its group.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        self.seat.turn = Turn::Ending;
        self.seat.connection()?.execute("RELEASE turn").await?;
        self.seat.turn = Turn::None;
        let Some(group) = &self.seat.group else { return Err(taken_back()) };
        let mut ended = group.ended.subscribe();
        drop(self);
        let ended = ended.wait_for(Option::is_some).await.map_err(|_| taken_back())?;
        match ended.as_ref() {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(sqlx::Error::Io(io::Error::other(Arc::clone(error)))),
            None => Err(taken_back()),
        }
    }
}

impl Seat {
    fn connection(&mut self) -> sqlx::Result<&mut AnyConnection> {
        self.connection.as_mut().ok_or(sqlx::Error::WorkerCrashed)
    }

    async fn open_group(&mut self) -> sqlx::Result<()> {
        if self.connection.is_none() {
            self.connection = Some(self.pool.acquire().await?.detach());
        }
        self.turn = Turn::Astray;
        // From the start with the lock: a plain `BEGIN` that reads first and writes later fails under load.
        if let Err(error) = self.connection()?.execute("BEGIN IMMEDIATE").await {
            self.connection = None;
            return Err(error);
        }
        self.turn = Turn::None;
        self.group = Some(Group { ended: watch::Sender::new(None), is_broken: false });
        Ok(())
    }

    /// Undoes what the last one left undone. Each step can be cut off as well, and taken again.
    async fn put_in_order(&mut self) {
        let Some(connection) = self.connection.as_mut() else {
            self.turn = Turn::None;
            return;
        };
        match self.turn {
            Turn::None => return,
            // That there is nothing to roll back is no trouble.
            Turn::Astray => {
                let _ = connection.execute("ROLLBACK").await;
            }
            Turn::Beginning => {
                let _ = connection.execute("ROLLBACK TO turn").await;
            }
            Turn::Begun => {
                if connection.execute("ROLLBACK TO turn").await.is_err()
                    && let Some(group) = &mut self.group
                {
                    group.is_broken = true;
                }
            }
            // Its commit was asked for, and nobody waits for the answer.
            Turn::Ending => {}
        }
        if self.turn != Turn::Astray {
            self.turn = Turn::Ending;
            let _ = connection.execute("RELEASE turn").await;
        }
        self.turn = Turn::None;
    }

    async fn end_group(&mut self) {
        self.put_in_order().await;
        let Some(group) = self.group.take() else { return };
        self.turn = Turn::Astray;
        let ended = match self.connection() {
            Err(error) => Err(error),
            Ok(_) if group.is_broken => Err(taken_back()),
            Ok(connection) => connection.execute("COMMIT").await.map(drop),
        };
        if ended.is_ok() {
            self.turn = Turn::None;
        } else {
            self.put_in_order().await;
        }
        group.ended.send_replace(Some(ended.map_err(Arc::new)));
    }
}

fn taken_back() -> sqlx::Error {
    sqlx::Error::Protocol("the transaction that several writes shared was taken back".to_owned())
}

impl Deref for Member {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.seat.connection.as_ref().expect("who has a turn has the connection")
    }
}

impl DerefMut for Member {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.seat.connection.as_mut().expect("who has a turn has the connection")
    }
}
