//! How long work is done beside the requests: the job that has waited longest is taken for this server, done step by step with
//! a rest after each (what it reads is read beside the changes, since all of these wait for one that is slow), kept while slow work goes on that needs no database, and let go when the service stops, so that whoever
//! comes next goes on where it was. One at a time. What a kind of job does, and what of it is stored, stands in `service::jobs`.

use crate::clock::Clock;
use crate::db::audited::{AuditedTx, Call, Door, Identity};
use crate::db::jobs::{claim_next, let_go, renew};
use crate::db::types::Timestamp;
use crate::domain::id::{Id, Job, Server};
use crate::domain::job::JobStatus;
use crate::domain::operation::Operation;
use crate::error::{Error, ErrorCode, Result};
use crate::service::jobs::{Aside, JobWork, Taken, Works, fail, look, take_step};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// How often it is asked whether a job waits.
const TICK: Duration = Duration::from_secs(1);
/// The longest wait before a step that met a busy database is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest rest after a step.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// How often a job is kept during slow work that needs no database: several times within a lease.
const KEEPING: Duration = Duration::from_secs(15);

/// What runs the jobs of a server.
#[derive(Clone)]
pub struct Runner {
    door: Door,
    clock: Clock,
    works: Works,
    server: Id<Server>,
}

/// A job that this server has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ran {
    pub id: Id<Job>,
    /// How it ended; `None` if it did not end here.
    pub status: Option<JobStatus>,
}

impl Runner {
    /// A runner of these kinds of jobs, under a name that no other server has.
    pub fn new(door: Door, clock: Clock, works: Works) -> Self {
        Self {
            door,
            clock,
            works,
            server: Id::fresh(),
        }
    }

    /// Takes the job that has waited longest and does it, until it ends or this server is asked to stop. `None`: none waits.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn run_next(&self, is_stopping: &(impl Fn() -> bool + Sync)) -> Result<Option<Ran>> {
        let claimed = claim_next(&self.door, self.server, self.works.kinds(), self.now()).await?;
        let Some((id, kind)) = claimed else {
            return Ok(None);
        };
        let Some(work) = self.works.of(kind) else {
            return Ok(None);
        };
        let status = self.run(id, &work, is_stopping).await?;
        Ok(Some(Ran { id, status }))
    }

    async fn run(
        &self,
        id: Id<Job>,
        work: &Arc<dyn JobWork>,
        is_stopping: &(impl Fn() -> bool + Sync),
    ) -> Result<Option<JobStatus>> {
        let mut from: Option<String> = None;
        let mut pause = Duration::from_millis(100);
        loop {
            if is_stopping() {
                let_go(&self.door, id, self.server).await?;
                return Ok(None);
            }
            let began = std::time::Instant::now();
            match self.step(id, work, from.take()).await {
                Ok(Taken::On) => {
                    pause = Duration::from_millis(100);
                    // As long as the step took: others have at least half of the database to themselves.
                    tokio::time::sleep(began.elapsed().min(LONGEST_REST)).await;
                }
                Ok(Taken::Aside(aside)) => match self.beside(id, aside, is_stopping).await? {
                    Some(Ok(given)) => from = Some(given),
                    Some(Err(error)) => return self.end(id, error).await,
                    None if is_stopping() => {}
                    None => return Ok(None),
                },
                Ok(Taken::Ended(status)) => return Ok(Some(status)),
                Ok(Taken::Lost) => return Ok(None),
                // The work aside, if there was any, is done anew: what it saw may have changed meanwhile.
                Err(error) if error.code == ErrorCode::Busy => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return self.end(id, error).await,
            }
        }
    }

    async fn step(
        &self,
        id: Id<Job>,
        work: &Arc<dyn JobWork>,
        from: Option<String>,
    ) -> Result<Taken> {
        let (work, server) = (Arc::clone(work), self.server);
        let looked = if from.is_none() {
            let work = Arc::clone(&work);
            let look = move |tx: &mut AuditedTx<'_>| look(tx, id, server, work.as_ref());
            self.door.prepare(self.call(id), look).await?
        } else {
            None
        };
        self.door
            .run(self.call(id), move |tx| {
                let (from, looked) = (from.as_deref(), looked.as_ref());
                take_step(tx, id, server, work.as_ref(), from, looked)
            })
            .await
    }

    /// Does slow work on a thread of its own, and keeps the job meanwhile. `None`: it is no longer this server's, or the service
    /// stops; the work is then left alone.
    async fn beside(
        &self,
        id: Id<Job>,
        aside: Aside,
        is_stopping: &(impl Fn() -> bool + Sync),
    ) -> Result<Option<Result<String>>> {
        let (give, mut given) = oneshot::channel();
        let thread = std::thread::Builder::new().name("job-aside".to_owned());
        let spawned = thread.spawn(move || {
            let given = catch_unwind(AssertUnwindSafe(aside))
                .unwrap_or_else(|_| Err(Error::internal("the work beside the database panicked")));
            // Nobody waits for it once the job is lost.
            let _ = give.send(given);
        });
        if let Err(cause) = spawned {
            return Ok(Some(Err(Error::internal(cause))));
        }
        let mut kept = tokio::time::Instant::now();
        loop {
            tokio::select! {
                given = &mut given => {
                    let given = given.unwrap_or_else(|cause| Err(Error::internal(cause)));
                    return Ok(Some(given));
                }
                () = tokio::time::sleep(TICK) => {}
            }
            if is_stopping() {
                return Ok(None);
            }
            if kept.elapsed() >= KEEPING {
                kept = tokio::time::Instant::now();
                match renew(&self.door, id, self.server, self.now()).await {
                    Ok(true) => {}
                    Ok(false) => return Ok(None),
                    // The lease outlives a short outage; if it does not, the next step sees it.
                    Err(error) => tracing::warn!(
                        cause = error.cause.unwrap_or_default(),
                        "a job could not be kept"
                    ),
                }
            }
        }
    }

    async fn end(&self, id: Id<Job>, error: Error) -> Result<Option<JobStatus>> {
        let cause = error.cause.clone().unwrap_or_default();
        tracing::error!(job = %id, code = error.code.code(), cause, "a job failed");
        let server = self.server;
        let taken = self
            .door
            .run(self.call(id), move |tx| fail(tx, id, server, &error))
            .await?;
        Ok(match taken {
            Taken::Ended(status) => Some(status),
            _ => None,
        })
    }

    fn call(&self, id: Id<Job>) -> Call {
        Call {
            operation: Operation::RunJob,
            identity: Identity::Console,
            at: self.clock.now(),
            request_id: format!("job {id}"),
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::of(self.clock.now())
    }

    /// Keeps running as long as the service does.
    pub async fn keep(self, mut stop: watch::Receiver<bool>) {
        let mut pause = TICK;
        loop {
            let stopping = stop.clone();
            let ran = self.run_next(&|| *stopping.borrow()).await;
            let rest = match ran {
                Ok(Some(ran)) => {
                    if let Some(status) = ran.status {
                        tracing::info!(job = %ran.id, ?status, "a job has ended");
                    }
                    pause = TICK;
                    Duration::ZERO
                }
                Ok(None) => {
                    pause = TICK;
                    TICK
                }
                Err(error) => {
                    let cause = error.cause.unwrap_or_default();
                    tracing::error!(code = error.code.code(), cause, "jobs could not be run");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    pause
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                changed = stop.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
            if *stop.borrow() {
                return;
            }
        }
    }
}
