//! Jobs: asked for, looked at, cancelled, and done step by step. A step is one short transaction: what it does, how far it has
//! come and from where it goes on are stored together, so that a step is done wholly or not at all, whoever falls.
//!
//! The request is the asker's deed; the steps are the service's, on their behalf, and each asks whether the asker still might ask
//! for it. What a job makes is disclosed, and noted in the log, when somebody reads it. When steps are done stands in `jobs`.

use super::national_files::NationalFileWork;
use super::reveal_page;
use super::statistics_releases::ReleaseWork;
use crate::db::audited::AuditedTx;
use crate::db::jobs::{self, JobRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::types::Json;
use crate::domain::id::{Id, Job, Record, Server};
use crate::domain::job::{JobKind, JobStatus};
use crate::domain::operation::{Operation, Resource};
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::national_file::Profile;
use crate::policy::decide::{Decision, Relation, decide_deed};
use crate::policy::reveal::{Permit, View};
use crate::statistics::suppression::Threshold;
use serde_json::Value;
use std::sync::Arc;

/// What a kind of job does.
pub trait JobWork: Send + Sync {
    /// The deed by which it is asked for: whoever asked must be allowed to do it for as long as the job runs.
    fn operation(&self) -> Operation;

    /// What comes next, if that is nothing but reading: it is done beside the changes, so that nobody waits for it, and what it
    /// gives is stored by a step of its own. Nothing: [`JobWork::next`] does it.
    ///
    /// # Errors
    /// As of [`JobWork::next`].
    fn look(
        &self,
        _: &mut AuditedTx<'_>,
        _: &Permit,
        _: &JobRow,
        _from: Option<&str>,
    ) -> Result<Option<Progress>> {
        Ok(None)
    }

    /// Does what comes next, in a short transaction of its own. `from` is what the step before gave: nothing at first. It may run
    /// more than once for one step; its only effects are in the database.
    ///
    /// # Errors
    /// The job ends with this error, and what the step did is undone; when the database is busy the step is tried again.
    fn next(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        job: &JobRow,
        from: Option<&str>,
    ) -> Result<Step>;
}

/// Work that needs no database, and gives from where the job goes on.
pub type Aside = Box<dyn FnOnce() -> Result<String> + Send>;

/// How far a job has come.
#[derive(Debug, Clone)]
pub struct Progress {
    /// From where it goes on; kept, so that whoever takes the job over goes on there.
    pub checkpoint: String,
    /// How many of what is gone through are done.
    pub done: u64,
    /// Of how many, if that is known.
    pub total: Option<u64>,
}

/// What a step has come to.
pub enum Step {
    /// There is more to do.
    On(Progress),
    /// Slow work follows that needs no database; what it gives is not kept, and is done anew by whoever takes the job over.
    Aside(Aside),
    /// It is done, and this is what it has made.
    Done(Id<Record>),
}

/// The kinds of jobs that a server can do. A job of another kind waits for a server that can.
#[derive(Clone, Default)]
pub struct Works(Vec<(JobKind, Arc<dyn JobWork>)>);

impl Works {
    /// With one more.
    #[must_use]
    pub fn with(mut self, kind: JobKind, work: Arc<dyn JobWork>) -> Self {
        self.0.push((kind, work));
        self
    }
    /// Which there are.
    pub fn kinds(&self) -> Vec<JobKind> {
        self.0.iter().map(|(kind, _)| *kind).collect()
    }
    /// What a kind does.
    pub fn of(&self, kind: JobKind) -> Option<Arc<dyn JobWork>> {
        let found = self.0.iter().find(|(known, _)| *known == kind);
        found.map(|(_, work)| Arc::clone(work))
    }
}

/// What jobs are done by, as the operator has decided.
#[derive(Debug, Clone)]
pub struct JobTerms {
    /// Counts below this are never published.
    pub threshold: Threshold,
    /// How many of what a job goes through are taken in one step.
    pub batch: i64,
    /// How the half-yearly national file is written.
    pub profile: Arc<Profile>,
}

/// Every kind of job that this program can do; one line each.
pub fn works(terms: JobTerms) -> Works {
    let release = ReleaseWork {
        threshold: terms.threshold,
        batch: terms.batch,
    };
    let file = NationalFileWork::new(terms.profile, terms.batch);
    Works::default()
        .with(JobKind::StatisticsRelease, Arc::new(release))
        .with(JobKind::NationalFile, Arc::new(file))
}

/// Asks for a job. Who calls has found that the actor may ask for what it makes. `subject` tells what that is: two jobs of a kind
/// do not make the same at once.
///
/// # Errors
/// 409 when one that makes the same has not ended yet.
pub fn enqueue(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    kind: JobKind,
    subject: String,
    parameters: Value,
) -> Result<View> {
    let row = JobRow {
        id: Id::fresh(),
        kind,
        status: JobStatus::Queued,
        unit_id: tx.actor().unit_id(),
        requested_by: tx.staff()?.id,
        subject,
        parameters: Json(parameters),
        done_count: 0,
        total_count: None,
        checkpoint: None,
        result_id: None,
        error_code: None,
        leased_by: None,
        leased_until: None,
        fruitless_claims: 0,
        cancelled_by: None,
        created_at: tx.timestamp(),
        started_at: None,
        finished_at: None,
        version: 1,
    };
    jobs::insert(tx, permit, &row)?;
    let sealed = jobs::load(tx, row.id)?;
    tx.reveal(&sealed)
}

/// The jobs of the actor's scope, the latest asked for first.
///
/// # Errors
/// 403.
pub fn list_jobs(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let page = jobs::list(tx, request)?;
    reveal_page(tx, page)
}

/// One job.
///
/// # Errors
/// 403 or 404.
pub fn read_job(tx: &mut AuditedTx<'_>, id: Id<Job>) -> Result<View> {
    let sealed = jobs::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Cancels a job that has not ended: a server that has it sees so before its next step, whose work is then not done.
///
/// # Errors
/// 403, 404; 409 for a job that has ended.
pub fn cancel_job(tx: &mut AuditedTx<'_>, id: Id<Job>) -> Result<View> {
    let sealed = jobs::load(tx, id)?;
    let permit = tx.permit(Resource::Jobs, sealed.relation())?;
    let me = tx.staff()?.id;
    let (mut row, _) = sealed.into_record();
    if row.status.is_ended() {
        return Err(ErrorCode::JobEnded.into());
    }
    row.end(JobStatus::Cancelled, tx.timestamp());
    row.cancelled_by = Some(me);
    row.version += 1;
    jobs::update(tx, &permit, &row)?;
    let sealed = jobs::load(tx, id)?;
    tx.reveal(&sealed)
}

/// What became of a step.
pub enum Taken {
    /// There is more to do.
    On,
    /// Slow work follows that needs no database.
    Aside(Aside),
    /// The job has ended.
    Ended(JobStatus),
    /// The job is no longer this server's: it was cancelled, or another has taken it over.
    Lost,
}

/// What was read for a step, of the job as it was then.
pub struct Looked {
    version: i64,
    progress: Progress,
}

/// Reads what the next step of a job that this server has needs read, if that is all that it does. Changes nothing: whether the job
/// is still this server's, and the asker still might ask, is decided again when the step is taken.
///
/// # Errors
/// The step's own. 503: it may be tried again.
pub fn look(
    tx: &mut AuditedTx<'_>,
    id: Id<Job>,
    server: Id<Server>,
    work: &dyn JobWork,
) -> Result<Option<Looked>> {
    let permit = tx.permit(Resource::Jobs, &Relation::default())?;
    let Some(job) = jobs::find_held(tx, id, server)? else {
        return Ok(None);
    };
    let asker = jobs::find_asker(tx, job.requested_by)?;
    if decide_deed(&asker, work.operation()) != Decision::Allow {
        return Ok(None);
    }
    let progress = work.look(tx, &permit, &job, job.checkpoint.as_deref())?;
    Ok(progress.map(|progress| Looked {
        version: job.version,
        progress,
    }))
}

/// Does the next step of a job that this server has. `from`: what work aside has given, if that came before. `looked`: what was
/// read for it; of no use if the job has gone on since.
///
/// # Errors
/// The step's own. 503: it may be tried again.
pub fn take_step(
    tx: &mut AuditedTx<'_>,
    id: Id<Job>,
    server: Id<Server>,
    work: &dyn JobWork,
    from: Option<&str>,
    looked: Option<&Looked>,
) -> Result<Taken> {
    let permit = tx.permit(Resource::Jobs, &Relation::default())?;
    let Some(mut job) = jobs::find_held(tx, id, server)? else {
        return Ok(Taken::Lost);
    };
    let asker = jobs::find_asker(tx, job.requested_by)?;
    if decide_deed(&asker, work.operation()) != Decision::Allow {
        return end_failed(tx, &permit, job, ErrorCode::Forbidden);
    }
    let kept = job.checkpoint.clone();
    let step = match looked {
        Some(looked) if looked.version == job.version => Step::On(looked.progress.clone()),
        _ => work.next(tx, &permit, &job, from.or(kept.as_deref()))?,
    };
    let taken = match step {
        Step::On(Progress {
            checkpoint,
            done,
            total,
        }) => {
            job.checkpoint = Some(checkpoint);
            job.done_count = i64::try_from(done).unwrap_or(i64::MAX);
            job.total_count = total.and_then(|total| i64::try_from(total).ok());
            job.fruitless_claims = 0;
            Taken::On
        }
        Step::Aside(aside) => Taken::Aside(aside),
        Step::Done(result_id) => {
            job.end(JobStatus::Done, tx.timestamp());
            job.result_id = Some(result_id);
            Taken::Ended(JobStatus::Done)
        }
    };
    if !job.status.is_ended() {
        job.leased_until = Some(jobs::until(tx.timestamp()));
    }
    job.version += 1;
    note(tx, &job);
    jobs::update(tx, &permit, &job)?;
    Ok(taken)
}

/// Ends a job whose step has failed; what earlier steps have made of it is forgotten, what it would have made is not there.
///
/// # Errors
/// The database does not answer.
pub fn fail(
    tx: &mut AuditedTx<'_>,
    id: Id<Job>,
    server: Id<Server>,
    error: &Error,
) -> Result<Taken> {
    let permit = tx.permit(Resource::Jobs, &Relation::default())?;
    match jobs::find_held(tx, id, server)? {
        Some(job) => end_failed(tx, &permit, job, error.code),
        None => Ok(Taken::Lost),
    }
}

fn end_failed(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    mut job: JobRow,
    code: ErrorCode,
) -> Result<Taken> {
    job.end(JobStatus::Failed, tx.timestamp());
    job.error_code = Some(code.code().to_owned());
    job.version += 1;
    note(tx, &job);
    jobs::update(tx, permit, &job)?;
    Ok(Taken::Ended(JobStatus::Failed))
}

fn note(tx: &mut AuditedTx<'_>, job: &JobRow) {
    tx.note(
        Resource::Jobs,
        None,
        Some(job.id.cast()),
        "status,doneCount,totalCount",
    );
}
