//! Candidates of the target group: rows, lists and changes. When one is raised or dropped is a matter of
//! `domain::target_group::candidate`; of a youth one waits at most.

use super::audited::AuditedTx;
use super::cipher::{AllStored, all_enciphered, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id, within_scope};
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::target_group_candidates as candidates;
use super::types::{Json, Timestamp};
use super::versions::keep_versions;
use crate::domain::codes::{DeregistrationReason, Reason};
use crate::domain::id::{Candidate, Episode, Id, TargetGroupRun, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::RuleVersion;
use crate::domain::target_group::codes::{CandidateKind, CandidateStatus};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A candidate as stored.
    #[derive(Debug, Clone)]
    pub struct CandidateRow as StoredCandidateRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = candidates, treat_none_as_null = true, treat_none_as_default_value = false)] in target_group_candidates by id {
        pub id: Id<Candidate>,
        pub youth_id: Id<Youth>,
        /// The unit at that time.
        pub unit_id: Id<Unit>,
        pub run_id: Id<TargetGroupRun>,
        pub kind: CandidateKind,
        /// The day that was asked about.
        pub found_on: NaiveDate,
        pub rule_version: RuleVersion,
        pub reason: Option<Reason>,
        pub deregistration_reason: Option<DeregistrationReason>,
        /// Since when what put the youth outside is so.
        pub since_on: Option<NaiveDate>,
        pub failed_points: Json,
        pub causes: Json,
        /// The facts exactly as they were evaluated.
        pub facts: Json,
        /// Of the facts and the answer; two candidates that are the same question have the same.
        pub fingerprint: String,
        pub status: CandidateStatus,
        pub decision_reason ~ Option<String>,
        /// The episode that the decision opened or closed.
        pub episode_id: Option<Id<Episode>>,
        pub decided_by: Option<Id<User>>,
        pub decided_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(CandidateRow, TargetGroupCandidates, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "unitId": r.unit_id,
    "runId": r.run_id,
    "kind": Word(r.kind),
    "foundOn": r.found_on,
    "ruleVersion": Word(r.rule_version),
    "reason": Word(r.reason),
    "deregistrationReason": Word(r.deregistration_reason),
    "sinceOn": r.since_on,
    "failedPoints": r.failed_points.0,
    "causes": r.causes.0,
    "facts": r.facts.0,
    "status": Word(r.status),
    "decisionReason": r.decision_reason,
    "episodeId": r.episode_id,
    "decidedBy": r.decided_by,
    "decidedAt": r.decided_at,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Which candidates are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct CandidateFilter {
    pub status: Option<CandidateStatus>,
    pub kind: Option<CandidateKind>,
}

/// A candidate, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Candidate>) -> Result<Sealed<CandidateRow>> {
    let row: StoredCandidateRow = candidates::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The candidates of the actor's scope, the latest raised first, without youths with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: CandidateFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<CandidateRow>>> {
    let query = filtered(filter);
    let query = within_scope!(
        tx,
        query,
        list_scope(tx, Resource::TargetGroupCandidates),
        candidates::youth_id
    );
    paged(tx, query, request)
}

/// The candidates of one youth, the latest raised first.
///
/// # Errors
/// As [`list`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    filter: CandidateFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<CandidateRow>>> {
    let query = filtered(filter).filter(candidates::youth_id.eq(youth_id));
    paged(tx, query, request)
}

type Boxed<'a> = candidates::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(filter: CandidateFilter) -> Boxed<'a> {
    let mut query = candidates::table.into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(candidates::status.eq(status));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(candidates::kind.eq(kind));
    }
    query
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<CandidateRow>>> {
    let page: Page<StoredCandidateRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        candidates::id,
        |row: &StoredCandidateRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Stores new candidates, each with its first version.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[CandidateRow]) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        let batch = all_enciphered!(batch, tx.vault())?;
        crate::on_each!(tx.conn(), c => diesel::insert_into(candidates::table).values(&batch).execute(c))?;
    }
    keep_versions(tx, rows)
}

/// Stores a changed candidate.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &CandidateRow) -> Result<()> {
    diesel::update(candidates::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Marks waiting candidates as no longer true, and keeps that version of each.
///
/// # Errors
/// The database does not answer.
pub fn drop_pending(tx: &mut AuditedTx<'_>, permit: &Permit, ids: &[Id<Candidate>]) -> Result<()> {
    let now = tx.timestamp();
    for batch in ids.chunks(BATCH) {
        let rows: Vec<StoredCandidateRow> = candidates::table
            .filter(candidates::id.eq_any(batch))
            .load(tx.conn())?;
        let mut rows = rows.all_deciphered(tx.vault())?;
        for row in &mut rows {
            row.status = CandidateStatus::Obsolete;
            row.updated_at = now;
            row.version += 1;
            update(tx, permit, row)?;
        }
        keep_versions(tx, &rows)?;
    }
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredCandidateRow>,
) -> Result<Vec<Sealed<CandidateRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            Sealed::new(row, relation)
        })
        .collect())
}
