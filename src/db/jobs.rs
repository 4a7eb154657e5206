//! Jobs as they are stored: who asked, how far one has come, and which server has it until when. A server takes a job for a
//! while and says so again with every step; of two that reach for it one gets it, and what a fallen server leaves is taken
//! over. What a job does stands in `service`, when its steps are done in `jobs`.

use super::audited::{AuditedTx, Door, who_is};
use super::cipher::{Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::jobs;
use super::types::{Json, Timestamp};
use crate::domain::id::{Id, Job, Record, Server, Unit, User};
use crate::domain::job::{JobKind, JobStatus, MOST_FRUITLESS_CLAIMS, lease};
use crate::domain::operation::Resource;
use crate::domain::user::Actor;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

guarded! {
    /// A job as stored.
    #[derive(Debug, Clone)]
    pub struct JobRow as StoredJobRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = jobs, treat_none_as_null = true)] in jobs by id {
        pub id: Id<Job>,
        pub kind: JobKind,
        pub status: JobStatus,
        pub unit_id: Option<Id<Unit>>,
        pub requested_by: Id<User>,
        /// What it makes, in words of its kind: two of the same are not made at once.
        pub subject: String,
        /// What was asked for.
        pub parameters: Json,
        pub done_count: i64,
        /// Of how many, once that is known.
        pub total_count: Option<i64>,
        /// From where it goes on; gone when it has ended.
        pub checkpoint ~ Option<String>,
        /// What it has made.
        pub result_id: Option<Id<Record>>,
        /// Why it failed: a code of [`ErrorCode`].
        pub error_code: Option<String>,
        /// The server that has it, until when.
        pub leased_by: Option<Id<Server>>,
        pub leased_until: Option<Timestamp>,
        /// How often it was taken up since its last step.
        pub fruitless_claims: i64,
        pub cancelled_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub started_at: Option<Timestamp>,
        pub finished_at: Option<Timestamp>,
        pub version: i64,
    }
}

disclosed!(JobRow, Jobs, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "kind": Word(r.kind),
    "status": Word(r.status),
    "unitId": r.unit_id,
    "requestedBy": r.requested_by,
    "parameters": r.parameters.0,
    "doneCount": r.done_count,
    "totalCount": r.total_count,
    "resultId": r.result_id,
    "errorCode": r.error_code,
    "cancelledBy": r.cancelled_by,
    "createdAt": r.created_at,
    "startedAt": r.started_at,
    "finishedAt": r.finished_at,
    "version": r.version,
});

impl JobRow {
    /// Ends it: nobody has it any more, and from where it would have gone on is forgotten.
    pub fn end(&mut self, status: JobStatus, at: Timestamp) {
        self.status = status;
        self.finished_at = Some(at);
        self.checkpoint = None;
        self.leased_by = None;
        self.leased_until = None;
    }
}

/// A job, with the actor's relation to it.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Job>) -> Result<Sealed<JobRow>> {
    let row: StoredJobRow = jobs::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let row = row.deciphered(tx.vault())?;
    Ok(sealed(tx, row))
}

/// The jobs of the actor's scope, the latest asked for first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<Sealed<JobRow>>> {
    let mut query = jobs::table.into_boxed();
    match list_scope(tx, Resource::Jobs) {
        Scope::All => {}
        Scope::Own => {
            let me = tx.actor().user_id().unwrap_or(Id::of(uuid::Uuid::nil()));
            query = query.filter(jobs::requested_by.eq(me));
        }
        _ => {
            let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
            query = query.filter(jobs::unit_id.eq(unit_id).assume_not_null());
        }
    }
    let page: Page<StoredJobRow> =
        load_page_by_id!(tx, request, query, true, jobs::id, |row: &StoredJobRow| row
            .id);
    page.try_map(|row| {
        let row = row.deciphered(tx.vault())?;
        Ok(sealed(tx, row))
    })
}

/// Stores a new job.
///
/// # Errors
/// 409 when one that makes the same has not ended yet.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &JobRow) -> Result<()> {
    diesel::insert_into(jobs::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::from(ErrorCode::JobUnderWay)
            }
            other => other.into(),
        })?;
    Ok(())
}

/// Stores how a job stands.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &JobRow) -> Result<()> {
    diesel::update(jobs::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// The job, if this server still has it: it may have been cancelled, or taken over.
///
/// # Errors
/// The database does not answer.
pub fn find_held(
    tx: &mut AuditedTx<'_>,
    id: Id<Job>,
    server: Id<Server>,
) -> Result<Option<JobRow>> {
    let row: Option<StoredJobRow> = jobs::table
        .find(id)
        .filter(jobs::status.eq(JobStatus::Running))
        .filter(jobs::leased_by.eq(server))
        .first(tx.conn())
        .optional()?;
    row.map(|row| row.deciphered(tx.vault())).transpose()
}

/// Who has asked for a job, as they are today; nobody, if they are no longer active.
///
/// # Errors
/// The database does not answer.
pub fn find_asker(tx: &mut AuditedTx<'_>, id: Id<User>) -> Result<Actor> {
    who_is(tx.conn(), id, None)
}

fn sealed(tx: &AuditedTx<'_>, row: JobRow) -> Sealed<JobRow> {
    let actor = tx.actor();
    let relation = Relation {
        is_own: actor.user_id() == Some(row.requested_by),
        ..Relation::unit_record(row.unit_id.is_some() && actor.unit_id() == row.unit_id)
    };
    Sealed::new(row, relation)
}

// Whose it is -------------------------------------------------------------------------------------

/// Jobs of some kinds that nobody has: `unheld!(kinds, at)`.
macro_rules! unheld {
    ($kinds:expr, $at:expr) => {
        jobs::table.filter(jobs::kind.eq_any($kinds)).filter(
            jobs::status
                .eq(JobStatus::Queued)
                .or(jobs::status.eq(JobStatus::Running).and(
                    jobs::leased_until
                        .is_null()
                        .or(jobs::leased_until.le($at).assume_not_null()),
                )),
        )
    };
}

/// Takes the job that has waited longest, of the kinds that this server can do. One that has felled whoever took it up too many
/// times in a row ends instead. No operation, so no event: its steps have theirs.
///
/// # Errors
/// The database does not answer.
pub async fn claim_next(
    door: &Door,
    server: Id<Server>,
    kinds: Vec<JobKind>,
    at: Timestamp,
) -> Result<Option<(Id<Job>, JobKind)>> {
    // Read first: most of the time nothing waits, and then nothing is written.
    let asked = kinds.clone();
    let is_waiting = door
        .look(move |conn| Ok(diesel::select(exists(unheld!(&asked, at))).get_result::<bool>(conn)?))
        .await?;
    if !is_waiting {
        return Ok(None);
    }
    door.claim(move |conn| {
        let waiting: Option<(Id<Job>, JobKind, i64)> = unheld!(&kinds, at)
            .order(jobs::id)
            .select((jobs::id, jobs::kind, jobs::fruitless_claims))
            .first(conn)
            .optional()?;
        let Some((id, kind, claims)) = waiting else {
            return Ok(None);
        };
        if claims >= MOST_FRUITLESS_CLAIMS {
            diesel::update(jobs::table.find(id))
                .set((
                    jobs::status.eq(JobStatus::Failed),
                    jobs::error_code.eq(Some(ErrorCode::Internal.code())),
                    jobs::finished_at.eq(Some(at)),
                    jobs::checkpoint.eq(None::<super::cipher::CipherText>),
                    jobs::leased_by.eq(None::<Id<Server>>),
                    jobs::leased_until.eq(None::<Timestamp>),
                    jobs::version.eq(jobs::version + 1),
                ))
                .execute(conn)?;
            return Ok(None);
        }
        diesel::update(jobs::table.find(id))
            .set((
                jobs::status.eq(JobStatus::Running),
                jobs::leased_by.eq(Some(server)),
                jobs::leased_until.eq(Some(until(at))),
                jobs::fruitless_claims.eq(claims + 1),
                jobs::version.eq(jobs::version + 1),
            ))
            .execute(conn)?;
        diesel::update(jobs::table.find(id).filter(jobs::started_at.is_null()))
            .set(jobs::started_at.eq(Some(at)))
            .execute(conn)?;
        Ok(Some((id, kind)))
    })
    .await
}

/// Until when a server has a job that says something at an instant.
pub fn until(at: Timestamp) -> Timestamp {
    Timestamp::of(at.utc() + lease())
}

/// Keeps a job during work that is no step. `false`: it is no longer this server's.
///
/// # Errors
/// The database does not answer.
pub async fn renew(door: &Door, id: Id<Job>, server: Id<Server>, at: Timestamp) -> Result<bool> {
    door.claim(move |conn| {
        let renewed = diesel::update(
            jobs::table
                .find(id)
                .filter(jobs::status.eq(JobStatus::Running))
                .filter(jobs::leased_by.eq(server)),
        )
        .set(jobs::leased_until.eq(Some(until(at))))
        .execute(conn)?;
        Ok(renewed > 0)
    })
    .await
}

/// Lets a job go, so that whoever asks next goes on with it. A server that stops does so; the claim was not fruitless for that.
///
/// # Errors
/// The database does not answer.
pub async fn let_go(door: &Door, id: Id<Job>, server: Id<Server>) -> Result<()> {
    door.claim(move |conn| {
        diesel::update(
            jobs::table
                .find(id)
                .filter(jobs::status.eq(JobStatus::Running))
                .filter(jobs::leased_by.eq(server)),
        )
        .set((
            jobs::leased_by.eq(None::<Id<Server>>),
            jobs::leased_until.eq(None::<Timestamp>),
            jobs::fruitless_claims.eq(0),
        ))
        .execute(conn)?;
        Ok(())
    })
    .await
}
