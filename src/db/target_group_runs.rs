//! Runs of the target group's rules over the youths of a unit: how far one has come, what it found, and which are due. The
//! place it has come to is stored with what was done up to it, so that a run that was cut off goes on there.

use super::audited::{AuditedTx, Door};
use super::disclosed::disclosed;
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{target_group_runs, units};
use super::types::{Json, Timestamp};
use crate::domain::id::{Id, TargetGroupRun, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A run as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = target_group_runs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RunRow {
    pub id: Id<TargetGroupRun>,
    pub unit_id: Id<Unit>,
    /// The day that the youths are asked about.
    pub for_on: NaiveDate,
    /// None: the service itself.
    pub started_by: Option<Id<User>>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// The last youth that has been asked about, in the order of ids.
    pub cursor_id: Option<Id<Youth>>,
    pub counts: Json,
    pub version: i64,
}

disclosed!(RunRow, TargetGroupRuns, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "forOn": r.for_on,
    "startedBy": r.started_by,
    "startedAt": r.started_at,
    "finishedAt": r.finished_at,
    "counts": r.counts.0,
    "version": r.version,
});

/// A run, with the actor's relation to it.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<TargetGroupRun>) -> Result<Sealed<RunRow>> {
    let row: RunRow = target_group_runs::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed(tx, row))
}

/// The runs of the actor's unit, newest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<Sealed<RunRow>>> {
    let mut query = target_group_runs::table.into_boxed();
    if list_scope(tx, Resource::TargetGroupRuns) != Scope::All {
        let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        query = query.filter(target_group_runs::unit_id.eq(unit_id));
    }
    let page: Page<RunRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        target_group_runs::id,
        |row: &RunRow| row.id
    );
    page.try_map(|row| Ok(sealed(tx, row)))
}

/// The run of a unit for a day that has not come to its end.
///
/// # Errors
/// The database does not answer.
pub fn find_unfinished(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    for_on: NaiveDate,
) -> Result<Option<RunRow>> {
    Ok(target_group_runs::table
        .filter(target_group_runs::unit_id.eq(unit_id))
        .filter(target_group_runs::for_on.eq(for_on))
        .filter(target_group_runs::finished_at.is_null())
        .first(tx.conn())
        .optional()?)
}

/// Whether a run of a unit for a day has come to its end.
///
/// # Errors
/// The database does not answer.
pub fn is_finished(tx: &mut AuditedTx<'_>, unit_id: Id<Unit>, for_on: NaiveDate) -> Result<bool> {
    let finished = target_group_runs::table
        .filter(target_group_runs::unit_id.eq(unit_id))
        .filter(target_group_runs::for_on.eq(for_on))
        .filter(target_group_runs::finished_at.is_not_null());
    Ok(diesel::select(exists(finished)).get_result(tx.conn())?)
}

/// Stores a new run.
///
/// # Errors
/// 503 when another has begun one for the same day meanwhile: the next try goes on with it.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &RunRow) -> Result<()> {
    diesel::insert_into(target_group_runs::table)
        .values(row)
        .execute(tx.conn())
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error {
                is_conflict: true,
                ..Error::busy("another run of the day has begun")
            },
            other => other.into(),
        })?;
    Ok(())
}

/// Stores how far a run has come.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &RunRow) -> Result<()> {
    diesel::update(target_group_runs::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The units, or those without a finished run for a day. No operation, so no event.
///
/// # Errors
/// The database does not answer.
pub async fn look_up_units(
    door: &Door,
    without_run_for: Option<NaiveDate>,
) -> Result<Vec<Id<Unit>>> {
    door.look(move |conn| {
        let mut query = units::table.select(units::id).order(units::id).into_boxed();
        if let Some(day) = without_run_for {
            query = query.filter(not(exists(
                target_group_runs::table
                    .filter(target_group_runs::unit_id.eq(units::id))
                    .filter(target_group_runs::for_on.eq(day))
                    .filter(target_group_runs::finished_at.is_not_null()),
            )));
        }
        Ok(query.load(conn)?)
    })
    .await
}

fn sealed(tx: &AuditedTx<'_>, row: RunRow) -> Sealed<RunRow> {
    let relation = Relation::unit_record(tx.actor().unit_id() == Some(row.unit_id));
    Sealed::new(row, relation)
}
