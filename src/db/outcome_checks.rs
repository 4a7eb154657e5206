//! Checks of what became of an exit to work or studies: rows, lists and changes. When one is made and what it may say stands
//! in `domain::outcome`.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page, within_scope};
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::{episodes, outcome_checks};
use super::types::Timestamp;
use crate::domain::codes::{DeregistrationReason, Track};
use crate::domain::id::{Episode, Id, OutcomeCheck, User, Youth};
use crate::domain::occupation::OccupationSource;
use crate::domain::operation::Resource;
use crate::domain::outcome::OutcomeResult;
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A check as stored. It is open until it has a result.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = outcome_checks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct OutcomeCheckRow {
    pub id: Id<OutcomeCheck>,
    pub youth_id: Id<Youth>,
    /// The episode that ended with the exit.
    pub episode_id: Id<Episode>,
    /// So many months after the exit.
    pub months: i32,
    pub due_on: NaiveDate,
    pub result: Option<OutcomeResult>,
    pub source: Option<OccupationSource>,
    pub checked_on: Option<NaiveDate>,
    pub checked_by: Option<Id<User>>,
    /// Who closed the episode.
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(OutcomeCheckRow, OutcomeChecks, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "episodeId": r.episode_id,
    "months": r.months,
    "dueOn": r.due_on,
    "result": Word(r.result),
    "source": Word(r.source),
    "checkedOn": r.checked_on,
    "checkedBy": r.checked_by,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Which checks are asked for.
#[derive(Debug, Clone, Default)]
pub struct OutcomeCheckFilter {
    /// Answered, or not.
    pub is_answered: Option<bool>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    pub result: Option<OutcomeResult>,
}

/// A check, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<OutcomeCheck>) -> Result<Sealed<OutcomeCheckRow>> {
    let row: OutcomeCheckRow = outcome_checks::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The checks of the actor's scope, the first due first, without youths with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &OutcomeCheckFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<OutcomeCheckRow>>> {
    let query = within_scope!(
        tx,
        filtered(filter),
        list_scope(tx, Resource::OutcomeChecks),
        outcome_checks::youth_id
    );
    paged(tx, query, request)
}

/// The checks of one youth, the first due first.
///
/// # Errors
/// As [`list`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<OutcomeCheckRow>>> {
    let query =
        filtered(&OutcomeCheckFilter::default()).filter(outcome_checks::youth_id.eq(youth_id));
    paged(tx, query, request)
}

type Boxed<'a> = outcome_checks::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(filter: &OutcomeCheckFilter) -> Boxed<'a> {
    let mut query = outcome_checks::table.into_boxed();
    match filter.is_answered {
        Some(true) => query = query.filter(outcome_checks::result.is_not_null()),
        Some(false) => query = query.filter(outcome_checks::result.is_null()),
        None => {}
    }
    if let Some(day) = filter.due_before {
        query = query.filter(outcome_checks::due_on.lt(day));
    }
    if let Some(result) = filter.result {
        query = query.filter(outcome_checks::result.eq(result));
    }
    query
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<OutcomeCheckRow>>> {
    let page: Page<OutcomeCheckRow> = load_page!(
        tx,
        request,
        query,
        false,
        outcome_checks::due_on,
        outcome_checks::id,
        |row: &OutcomeCheckRow| (row.due_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// A check with the track of the episode that ended, and why it ended.
pub type CheckOfExit = (OutcomeCheckRow, Track, Option<DeregistrationReason>);

/// The checks of a youth that nobody has answered and that are due after a day; for rules.
///
/// # Errors
/// The database does not answer.
pub fn open_after(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    day: NaiveDate,
) -> Result<Vec<CheckOfExit>> {
    Ok(outcome_checks::table
        .inner_join(episodes::table.on(episodes::id.eq(outcome_checks::episode_id)))
        .filter(outcome_checks::youth_id.eq(youth_id))
        .filter(outcome_checks::result.is_null())
        .filter(outcome_checks::due_on.gt(day))
        .order(outcome_checks::due_on)
        .select((
            outcome_checks::all_columns,
            episodes::track,
            episodes::deregistration_reason,
        ))
        .load(tx.conn())?)
}

/// The day of the exit that a check is about.
///
/// # Errors
/// The database does not answer.
pub fn exit_of(tx: &mut AuditedTx<'_>, row: &OutcomeCheckRow) -> Result<Option<NaiveDate>> {
    Ok(episodes::table
        .find(row.episode_id)
        .select(episodes::exited_on)
        .first(tx.conn())?)
}

/// Stores a new check.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &OutcomeCheckRow) -> Result<()> {
    diesel::insert_into(outcome_checks::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed check.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &OutcomeCheckRow) -> Result<()> {
    diesel::update(outcome_checks::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<OutcomeCheckRow>,
) -> Result<Vec<Sealed<OutcomeCheckRow>>> {
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.created_by == me;
            Sealed::new(row, relation)
        })
        .collect())
}
