//! The one door to the database. A request's work runs on a thread that owns its connection, and its audit event is durable
//! before the answer leaves: with the change in one transaction, or, for a read, committed before the result is given back.
//!
//! SQLite: readers, and one writer that commits what is waiting together (one fsync for all), each change in a savepoint.
//! PostgreSQL: every change is a serializable transaction of its own, tried again on conflict; the events of reads are
//! gathered by a thread of their own. What the work does is not decided here.

use super::audit_chain::{self, NewEvent};
use super::turns::{Bounds, Class, Giver, Overload, Taken, Taker, Ticket, Turn, queue};
use super::{Conn, Location, OpenError, storage};
use crate::error::{Error, ErrorCode, Result};
use crossbeam_channel::{Receiver, Sender, bounded, never};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

type Manager = <Conn as Connection>::TransactionManager;

/// Reads that may wait for their events to be written; when there are more, reading itself waits.
const UNWRITTEN: usize = 1024;
/// How long anybody waits for their turn, unless the operator says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// Whoever has been let in with a change waits so many times as long.
const CHANGES_PATIENCE: u32 = 10;
/// Changes and events committed together at most.
const GROUP: usize = 128;
/// Tries of a change that conflicts with another.
const TRIES: u32 = 12;
/// The longest wait before another try, in microseconds; it is what several changes of one youth at once cost.
const LONGEST_PAUSE: u64 = 40_000;

/// What one run of the work gives: its result, and the events that must be durable before the result is given back.
pub struct Ran<T> {
    /// The result for the caller; an error undoes the change but not the events.
    pub result: Result<T>,
    /// One event for each operation; several when they were done as one.
    pub events: Vec<NewEvent>,
}

/// A job as the threads see it, whatever its type.
trait Job: Send {
    /// Does the work once. `false`: undo it.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Whether the last run failed because of a conflict, so that another may succeed.
    fn is_conflict(&self) -> bool;
    /// Whether the last run failed for a reason of ours, which may be a lost connection.
    fn is_failure(&self) -> bool;
    /// Whether its events must be written before the result is given back.
    fn is_logged(&self) -> bool;
    /// The events to write.
    fn take_events(&mut self) -> Vec<NewEvent>;
    /// Gives the result back, unless the commit failed.
    fn finish(self: Box<Self>, committed: std::result::Result<(), Error>);
}

struct Typed<T, F> {
    work: F,
    is_logged: bool,
    ran: Option<Ran<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Conn) -> Ran<T> + Send> Job for Typed<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        let work = &mut self.work;
        // A panic in the work must not end the thread that owns the connection.
        let ran = catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_| Ran {
            result: Err(Error::internal("the work panicked")),
            events: Vec::new(),
        });
        let keep = ran.result.is_ok();
        self.ran = Some(ran);
        keep
    }
    fn is_conflict(&self) -> bool {
        matches!(&self.ran, Some(Ran { result: Err(error), .. }) if error.is_conflict)
    }
    fn is_failure(&self) -> bool {
        matches!(&self.ran, Some(Ran { result: Err(error), .. }) if matches!(error.code, ErrorCode::Internal | ErrorCode::Busy))
    }
    fn is_logged(&self) -> bool {
        self.is_logged
    }
    fn take_events(&mut self) -> Vec<NewEvent> {
        self.ran
            .as_mut()
            .map(|ran| std::mem::take(&mut ran.events))
            .unwrap_or_default()
    }
    fn finish(self: Box<Self>, committed: std::result::Result<(), Error>) {
        let result = match (self.ran, committed) {
            // Others were in the way each time: not a failure, come back in a moment.
            (
                Some(Ran {
                    result: Err(error), ..
                }),
                Ok(()),
            ) if error.is_conflict => Err(Error::busy(error.cause.unwrap_or_default())),
            (Some(ran), Ok(())) => ran.result,
            (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(Error::internal("the work did not run")),
        };
        // The caller may have gone; then nobody is waiting for the answer.
        let _ = self.reply.send(result);
    }
}

type Work = Box<dyn Job>;

/// What a job does with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    /// A read that leaves no event.
    Look,
    Change,
}

/// The way to the database, for somebody whose turn comes by `turns`.
#[derive(Clone)]
pub struct Store {
    reads: Giver<Work>,
    changes: Giver<Work>,
    turn: Turn,
    patience: Duration,
}

/// How many threads own connections.
#[derive(Debug, Clone, Copy)]
pub struct Threads {
    /// For reads.
    pub readers: usize,
    /// For changes, on PostgreSQL; SQLite has one writer.
    pub writers: usize,
}

impl Store {
    /// Opens the connections and starts their threads. The threads end when the last `Store` is dropped and the queues are empty.
    ///
    /// # Errors
    /// A connection cannot be opened, or a thread cannot be started.
    pub fn open(location: &Location, threads: Threads) -> std::result::Result<Self, OpenError> {
        let is_sqlite = location.file().is_some();
        let (readers, writers) = (threads.readers.max(1), threads.writers.max(1));
        let (reads, read_jobs) = queue::<Work>(Bounds::of_threads(readers));
        let (changes, change_jobs) = queue::<Work>(if is_sqlite {
            Bounds::of_groups()
        } else {
            Bounds::of_threads(writers)
        });
        let (done, done_jobs) = bounded::<Work>(UNWRITTEN);
        // On SQLite the events of reads go to the one writer, on PostgreSQL to a gatherer.
        for _ in 0..readers {
            let mut line = Line::open(location, Purpose::Reads)?;
            let (jobs, done) = (read_jobs.clone(), done.clone());
            spawn("db-reader", move || {
                take_turns(&jobs, |job| read(&mut line, job, &done));
            })?;
        }
        drop(done);
        let events = Line::open(location, Purpose::Writes)?;
        if is_sqlite {
            spawn("db-writer", move || {
                write_groups(events, Some(&change_jobs), &done_jobs);
            })?;
        } else {
            spawn("db-events", move || write_groups(events, None, &done_jobs))?;
            for _ in 0..writers {
                let mut line = Line::open(location, Purpose::Writes)?;
                let jobs = change_jobs.clone();
                spawn("db-writer", move || {
                    take_turns(&jobs, |job| change_alone(&mut line, job));
                })?;
            }
        }
        Ok(Self {
            reads,
            changes,
            turn: Turn::of_house(Class::Casework),
            patience: PATIENCE,
        })
    }

    /// The same way, on which others wait so long for their turn before they are told to come back.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same way, for somebody else.
    #[must_use]
    pub fn in_turn(&self, turn: Turn) -> Self {
        Self {
            turn,
            ..self.clone()
        }
    }

    /// Whose turns they are.
    pub const fn turn(&self) -> &Turn {
        &self.turn
    }

    /// Runs a read in one snapshot; its event is committed before the result is given back.
    ///
    /// # Errors
    /// The work's own error, or 503 when their turn would not come in time or the event cannot be written.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Ran<T> + Send + 'static,
    ) -> Result<T> {
        self.send(&self.reads, Kind::Read, work).await
    }

    /// Runs a read that is no operation and leaves no event, so that it waits for no commit.
    ///
    /// # Errors
    /// The work's own error, or 503 when their turn would not come in time.
    pub async fn look<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let work = move |conn: &mut Conn| Ran {
            result: work(conn),
            events: Vec::new(),
        };
        self.send(&self.reads, Kind::Look, work).await
    }

    /// Runs a change: all of it with its event, or nothing but the event. The work may run more than once.
    ///
    /// # Errors
    /// The work's own error, or 503 when their turn would not come in time or the commit fails.
    pub async fn change<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Conn) -> Ran<T> + Send + 'static,
    ) -> Result<T> {
        self.send(&self.changes, Kind::Change, work).await
    }

    async fn send<T: Send + 'static>(
        &self,
        queue: &Giver<Work>,
        kind: Kind,
        work: impl FnMut(&mut Conn) -> Ran<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, mut answer) = oneshot::channel();
        let job = Box::new(Typed {
            work,
            is_logged: kind != Kind::Look,
            ran: None,
            reply,
        });
        let patience = self.turn.patience(self.patience);
        let (ticket, gone) = queue.give(&self.turn, patience, job)?;
        if let Some(job) = gone {
            job.finish(Err(Overload::after(self.patience).into()));
        }
        let place = Place {
            queue,
            turn: &self.turn,
            ticket,
            is_kept: kind == Kind::Change,
        };
        // Nobody is let in where many changes wait. Whoever was let in waits on when one of them takes long, as a roster may on the
        // one writer of the embedded database: what somebody has written is worth more than what can be asked for again.
        let longest = match kind {
            Kind::Read | Kind::Look => patience,
            Kind::Change => patience.map(|patience| patience * CHANGES_PATIENCE),
        };
        if let Some(patience) = longest {
            tokio::select! {
                biased;
                given = &mut answer => return told(given),
                () = tokio::time::sleep(patience) => {
                    if place.give_up() {
                        return Err(Overload::after(patience).into());
                    }
                }
            }
        }
        told(answer.await)
    }
}

fn told<T>(given: std::result::Result<Result<T>, oneshot::error::RecvError>) -> Result<T> {
    given.unwrap_or_else(|_| Err(Error::busy("the database thread went away")))
}

/// The place in line of whoever waits for an answer. Whoever goes away gives it up: nothing is read that nobody waits for. What
/// somebody has written is stored all the same: the connection may have gone, and not they.
struct Place<'q> {
    queue: &'q Giver<Work>,
    turn: &'q Turn,
    ticket: Ticket,
    is_kept: bool,
}

impl Place<'_> {
    /// `false`: it has begun.
    fn give_up(&self) -> bool {
        self.queue.withdraw(self.turn, self.ticket)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            self.give_up();
        }
    }
}

impl From<Overload> for Error {
    /// No failure of ours to look into: the log tells of the 503 itself.
    fn from(overload: Overload) -> Self {
        Self {
            retry_after: Some(overload.retry_after),
            ..Self::from(ErrorCode::Busy)
        }
    }
}

/// The threads that own connections, in the whole program.
static RUNNING: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::result::Result<(), OpenError> {
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(OpenError::Thread)?;
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.retain(|other| !other.is_finished());
    running.push(thread);
    Ok(())
}

/// Waits, but no longer than this, until the threads of all stores that are gone have closed their connections. For the end of
/// the program: what the library of an enciphered file cleans up then must not be in use any more.
pub fn wait_for_threads(longest: Duration) {
    const PAUSE: Duration = Duration::from_millis(1);
    let mut left = longest;
    let running = std::mem::take(&mut *RUNNING.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in running {
        while !thread.is_finished() && !left.is_zero() {
            std::thread::sleep(PAUSE);
            left = left.saturating_sub(PAUSE);
        }
        if thread.is_finished() {
            // How it ended was told by the work that it did.
            let _ = thread.join();
        }
    }
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Reads,
    Writes,
}

/// A thread's connection, with what it takes to open it again.
struct Line {
    conn: Conn,
    location: Location,
    purpose: Purpose,
    /// The lane of the audit that this thread writes.
    lane: i32,
}

impl Line {
    fn open(location: &Location, purpose: Purpose) -> std::result::Result<Self, OpenError> {
        let mut conn = location.connect()?;
        let lane = match (&mut conn, purpose) {
            (Conn::Sqlite(c), Purpose::Reads) => {
                c.batch_execute("PRAGMA query_only = ON")?;
                0
            }
            (Conn::Sqlite(_), Purpose::Writes) | (Conn::Pg(_), Purpose::Reads) => 0,
            (Conn::Pg(_), Purpose::Writes) => claim_lane(&mut conn)?,
        };
        Ok(Self {
            conn,
            location: location.clone(),
            purpose,
            lane,
        })
    }

    /// After a failure: opens the connection again if no more work can be done on it. The server may no longer answer, or take no
    /// more writes; and when its disk is full the embedded database ends a transaction by itself, of which diesel is not told.
    fn mend(&mut self) {
        let conn = &mut self.conn;
        let answers = match conn {
            Conn::Pg(c) => c.batch_execute("SELECT 1").is_ok(),
            Conn::Sqlite(_) => true,
        };
        if answers
            && !Manager::is_broken_transaction_manager(conn)
            && (self.purpose == Purpose::Reads || storage::takes_writes(conn))
        {
            return;
        }
        match Self::open(&self.location, self.purpose) {
            Ok(line) => *self = line,
            // The next job fails too, and tries again.
            Err(cause) => tracing::error!(%cause, "the database connection is lost"),
        }
    }
}

/// A lane that no other thread or server writes to, held as long as the connection lives.
fn claim_lane(conn: &mut Conn) -> std::result::Result<i32, OpenError> {
    for lane in 1..=MOST_LANES {
        let is_free: bool = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
            "pg_try_advisory_lock({LANE_LOCKS}, {lane})"
        )))
        .get_result(conn)?;
        if is_free {
            return Ok(lane);
        }
    }
    Err(OpenError::NoLane)
}

/// The first key of the advisory locks that stand for lanes: any number that nothing else on the server uses.
pub(super) const LANE_LOCKS: i32 = 290_900;
/// More threads than this, over all servers, is a mistake.
const MOST_LANES: i32 = 4_096;

fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Pg(c) => {
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL SERIALIZABLE")
        }
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
    }
}

fn roll_back(conn: &mut Conn) {
    match Manager::rollback_transaction(conn) {
        Ok(()) | Err(DieselError::NotInTransaction) => {}
        Err(cause) => tracing::error!(%cause, "a rollback failed"),
    }
}

/// Does what waits, in turn, until nobody can ask for anything any more.
fn take_turns(jobs: &Taker<Work>, mut work: impl FnMut(Work)) {
    while let Some(Taken { item, turn }) = jobs.take() {
        let began = Instant::now();
        work(item);
        jobs.finish(&turn, began.elapsed());
    }
}

fn read(line: &mut Line, mut job: Work, done: &Sender<Work>) {
    let conn = &mut line.conn;
    let begun = match conn {
        Conn::Pg(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
    };
    if let Err(cause) = begun {
        roll_back(conn);
        line.mend();
        return job.finish(Err(Error::busy(cause)));
    }
    job.run(conn);
    roll_back(conn);
    if job.is_failure() {
        line.mend();
    }
    if !job.is_logged() {
        return job.finish(Ok(()));
    }
    // Waits while the audit is behind: the queue of reads then fills and is what answers 503.
    if let Err(back) = done.send(job) {
        back.into_inner()
            .finish(Err(Error::busy("the audit thread has stopped")));
    }
}

/// Commits waiting changes and the events of finished reads together.
fn write_groups(mut line: Line, changes: Option<&Taker<Work>>, done: &Receiver<Work>) {
    let mut done = done.clone();
    let mut bell = changes.map_or_else(never, |changes| changes.bell().clone());
    // Without changes of its own this thread has nothing to wait for but the events of reads.
    let (mut changes_end, mut done_end) = (changes.is_none(), false);
    let mut first: Option<Work> = None;
    loop {
        let began = Instant::now();
        let mut turns: Vec<Turn> = Vec::new();
        let mut group: Vec<(Work, bool)> =
            first.take().map(|job| (job, false)).into_iter().collect();
        if let Some(changes) = changes {
            let taken = std::iter::from_fn(|| changes.try_take()).take(GROUP);
            for Taken { item, turn } in taken {
                group.push((item, true));
                turns.push(turn);
            }
        }
        group.extend(done.try_iter().take(GROUP).map(|job| (job, false)));
        if !group.is_empty() {
            let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
            commit_group(&mut line, group);
            let each = began.elapsed() / size;
            for turn in &turns {
                changes.inspect(|changes| changes.finish(turn, each));
            }
            continue;
        }
        if changes_end && done_end {
            return;
        }
        // Wait for either; then take what else is there.
        crossbeam_channel::select! {
            recv(bell) -> heard => if heard.is_err() {
                changes_end = true;
                bell = never();
            },
            recv(done) -> job => match job {
                Ok(job) => first = Some(job),
                Err(_) => {
                    done_end = true;
                    done = never();
                }
            },
        }
    }
}

fn commit_group(line: &mut Line, mut jobs: Vec<(Box<dyn Job>, bool)>) {
    // The events of reads can be written once more when another server's or thread's transaction was in the way, as happens on
    // PostgreSQL; a change would have to be done anew, but on SQLite, where there are some in a group, nobody is.
    let is_of_reads = jobs.iter().all(|(_, is_change)| !is_change);
    let tries = if is_of_reads { TRIES } else { 1 };
    let mut events: Option<Vec<NewEvent>> = None;
    let mut outcome = Ok(());
    for attempt in 1..=tries {
        pause_before(attempt);
        let (conn, lane) = (&mut line.conn, line.lane);
        let result = begin(conn).and_then(|()| {
            for (job, _) in jobs.iter_mut().filter(|(_, is_change)| *is_change) {
                Manager::begin_transaction(conn)?; // a savepoint
                if job.run(conn) {
                    Manager::commit_transaction(conn)?;
                } else {
                    Manager::rollback_transaction(conn)?;
                }
            }
            let events = events.get_or_insert_with(|| {
                let jobs = jobs.iter_mut();
                jobs.flat_map(|(job, _)| job.take_events()).collect()
            });
            audit_chain::append(conn, lane, events)?;
            Manager::commit_transaction(conn)
        });
        let Err(cause) = result else {
            outcome = Ok(());
            break;
        };
        while Manager::rollback_transaction(&mut line.conn).is_ok() {}
        outcome = Err(Error::busy(&cause));
        if !is_conflict(&cause) {
            line.mend();
            break;
        }
    }
    for (job, _) in jobs {
        job.finish(outcome.clone());
    }
}

/// A change in a transaction of its own, with its event; a refused one leaves the event alone.
fn change_alone(line: &mut Line, mut job: Box<dyn Job>) {
    let mut outcome = Ok(());
    for attempt in 1..=TRIES {
        pause_before(attempt);
        let (conn, lane) = (&mut line.conn, line.lane);
        let result = begin(conn).and_then(|()| {
            if !job.run(conn) {
                if job.is_conflict() && attempt < TRIES {
                    return Err(DieselError::RollbackTransaction);
                }
                Manager::rollback_transaction(conn)?;
                begin(conn)?;
            }
            audit_chain::append(conn, lane, &job.take_events())?;
            Manager::commit_transaction(conn)
        });
        let Err(cause) = result else {
            outcome = Ok(());
            break;
        };
        roll_back(conn);
        let again = matches!(cause, DieselError::RollbackTransaction) || is_conflict(&cause);
        outcome = Err(Error::busy(&cause));
        if !again {
            line.mend();
            break;
        }
    }
    job.finish(outcome);
}

/// Rivals that try again at once meet again: each waits a random while, which grows with every try.
fn pause_before(attempt: u32) {
    if attempt == 1 {
        return;
    }
    let most = 500_u64
        .saturating_mul(1 << attempt.min(10))
        .min(LONGEST_PAUSE);
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    let micros = most.saturating_mul(u64::from(random)) / u64::from(u32::MAX);
    std::thread::sleep(std::time::Duration::from_micros(micros));
}

/// Whether two transactions got in each other's way, so that trying again may succeed.
pub fn is_conflict(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // diesel has no kind of its own for a deadlock (40P01).
        DieselError::DatabaseError(DatabaseErrorKind::Unknown, info) => {
            info.message().contains("deadlock detected")
        }
        _ => false,
    }
}

impl From<DieselError> for Error {
    /// A row that is not there is not an error of the database; whoever expects one asks with `optional()`. Storage that has given
    /// out is no failure of ours: come back.
    fn from(error: DieselError) -> Self {
        if storage::gave_out(&error) {
            return Self::busy(error);
        }
        Self {
            is_conflict: is_conflict(&error),
            ..Self::internal(error)
        }
    }
}
