//! Assignments: which member of staff is tied to which youth, in which capacity and when. An assignment alone makes
//! somebody "assigned". Who may assign whom is decided in `policy`.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_of, load_page, within_scope};
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::assignments;
use super::types::Timestamp;
use super::versions::keep_version;
use crate::domain::assignment::Period;
use crate::domain::codes::AssignmentKind;
use crate::domain::id::{Assignment, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::reveal::{Permit, Sealed};
use diesel::dsl::not;
use diesel::prelude::*;
use std::collections::HashMap;

/// An assignment as stored. It runs from `starts_at` until, not including, `ends_at`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = assignments, treat_none_as_null = true)]
pub struct AssignmentRow {
    pub id: Id<Assignment>,
    pub youth_id: Id<Youth>,
    pub user_id: Id<User>,
    pub kind: AssignmentKind,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub assigned_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(AssignmentRow, Assignments, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "userId": r.user_id,
    "kind": Word(r.kind),
    "startsAt": r.starts_at,
    "endsAt": r.ends_at,
    "assignedBy": r.assigned_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

impl AssignmentRow {
    /// When it runs.
    pub fn period(&self) -> Period {
        Period {
            starts_at: self.starts_at.utc(),
            ends_at: self.ends_at.map(Timestamp::utc),
        }
    }
}

/// Which assignments are asked for.
#[derive(Debug, Clone, Default)]
pub struct AssignmentFilter {
    pub user_id: Option<Id<User>>,
    pub kind: Option<AssignmentKind>,
    /// Running at this moment, or not.
    pub is_running: Option<bool>,
}

/// An assignment, with the actor's relation to its youth. It is the actor's own when it is they who are assigned.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Assignment>) -> Result<Sealed<AssignmentRow>> {
    let found = load_those(tx, &[id])?.pop().ok_or(ErrorCode::NotFound)?;
    tx.concern(found.for_rules().youth_id);
    Ok(found)
}

/// Some assignments, with the actor's relation to their youths, in no order. Those that there are not are left out.
///
/// # Errors
/// The database does not answer.
pub fn load_those(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Assignment>],
) -> Result<Vec<Sealed<AssignmentRow>>> {
    let rows: Vec<AssignmentRow> = load_of!(tx.conn(), ids, assignments::id, assignments::table)?;
    sealed(tx, rows)
}

/// The assignments of a youth of one kind, past, running and planned; for rules.
///
/// # Errors
/// The database does not answer.
pub fn of_kind(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    kind: AssignmentKind,
) -> Result<Vec<AssignmentRow>> {
    Ok(assignments::table
        .filter(assignments::youth_id.eq(youth_id))
        .filter(assignments::kind.eq(kind))
        .order((assignments::starts_at, assignments::id))
        .load(tx.conn())?)
}

/// Who answers for each of some youths at this moment.
///
/// # Errors
/// The database does not answer.
pub fn handlers_now(
    tx: &mut AuditedTx<'_>,
    youth_ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, Id<User>>> {
    let now = tx.timestamp();
    Ok(assignments::table
        .filter(assignments::youth_id.eq_any(youth_ids))
        .filter(assignments::kind.eq(AssignmentKind::Handler))
        .filter(runs_at(now))
        .order(assignments::starts_at)
        .select((assignments::youth_id, assignments::user_id))
        .load(tx.conn())?
        .into_iter()
        .collect())
}

/// Whether somebody is assigned to a youth at this moment, as whatever.
///
/// # Errors
/// The database does not answer.
pub fn is_assigned(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, user_id: Id<User>) -> Result<bool> {
    let now = tx.timestamp();
    Ok(diesel::select(diesel::dsl::exists(
        assignments::table
            .filter(assignments::youth_id.eq(youth_id))
            .filter(assignments::user_id.eq(user_id))
            .filter(runs_at(now)),
    ))
    .get_result(tx.conn())?)
}

/// The assignments of the actor's scope, the latest begun first, without youths with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &AssignmentFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<AssignmentRow>>> {
    let query = filtered(tx, filter);
    let query = within_scope!(
        tx,
        query,
        list_scope(tx, Resource::Assignments),
        assignments::youth_id
    );
    paged(tx, query, request)
}

/// The assignments of one youth, the latest begun first; of those, the actor's own where the table says so.
///
/// # Errors
/// As [`list`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    filter: &AssignmentFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<AssignmentRow>>> {
    let query = filtered(tx, filter).filter(assignments::youth_id.eq(youth_id));
    paged(tx, query, request)
}

type Boxed<'a> = assignments::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(tx: &AuditedTx<'_>, filter: &AssignmentFilter) -> Boxed<'a> {
    let now = tx.timestamp();
    let mut query = assignments::table.into_boxed();
    if let (Scope::Own, Some(staff)) = (list_scope(tx, Resource::Assignments), tx.actor().staff()) {
        query = query.filter(assignments::user_id.eq(staff.id));
    }
    if let Some(user_id) = filter.user_id {
        query = query.filter(assignments::user_id.eq(user_id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(assignments::kind.eq(kind));
    }
    let has_begun = assignments::starts_at.le(now);
    let is_over = assignments::ends_at
        .is_not_null()
        .and(assignments::ends_at.le(now).assume_not_null());
    match filter.is_running {
        Some(true) => query = query.filter(has_begun).filter(not(is_over)),
        Some(false) => query = query.filter(not(has_begun).or(is_over)),
        None => {}
    }
    query
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<AssignmentRow>>> {
    let page: Page<AssignmentRow> = load_page!(
        tx,
        request,
        query,
        true,
        assignments::starts_at,
        assignments::id,
        |row: &AssignmentRow| (row.starts_at, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new assignment.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &AssignmentRow) -> Result<()> {
    diesel::insert_into(assignments::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed assignment.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &AssignmentRow) -> Result<()> {
    diesel::update(assignments::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

/// An assignment that runs at an instant: the one place that says when somebody is assigned.
#[diesel::dsl::auto_type]
pub(in crate::db) fn runs_at(now: Timestamp) -> _ {
    assignments::starts_at.le(now).and(
        assignments::ends_at
            .is_null()
            .or(assignments::ends_at.gt(now)),
    )
}

/// Begins an assignment now that follows from another deed, which has been permitted by itself.
///
/// # Errors
/// The database does not answer.
pub fn begin(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    user_id: Id<User>,
    kind: AssignmentKind,
) -> Result<()> {
    let now = tx.timestamp();
    let row = AssignmentRow {
        id: Id::fresh(),
        youth_id,
        user_id,
        kind,
        starts_at: now,
        ends_at: None,
        assigned_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    diesel::insert_into(assignments::table)
        .values(&row)
        .execute(tx.conn())?;
    keep_version(tx, &row)
}

/// Ends every assignment of a person who leaves the post: those that run end now, those still to begin never do.
/// Each is noted as concerning its youth, so that the youth's log tells why somebody came off the case.
///
/// # Errors
/// The database does not answer.
pub fn end_all_of(tx: &mut AuditedTx<'_>, _: &Permit, user_id: Id<User>) -> Result<()> {
    let now = tx.timestamp();
    let rows: Vec<AssignmentRow> = assignments::table
        .filter(assignments::user_id.eq(user_id))
        .filter(
            assignments::ends_at
                .is_null()
                .or(assignments::ends_at.gt(now)),
        )
        .load(tx.conn())?;
    end_now(tx, rows)
}

/// Ends every assignment to a youth who leaves the unit, as [`end_all_of`] does those of a person.
///
/// # Errors
/// The database does not answer.
pub fn end_all_to(tx: &mut AuditedTx<'_>, _: &Permit, youth_id: Id<Youth>) -> Result<()> {
    let now = tx.timestamp();
    let rows: Vec<AssignmentRow> = assignments::table
        .filter(assignments::youth_id.eq(youth_id))
        .filter(
            assignments::ends_at
                .is_null()
                .or(assignments::ends_at.gt(now)),
        )
        .load(tx.conn())?;
    end_now(tx, rows)
}

fn end_now(tx: &mut AuditedTx<'_>, rows: Vec<AssignmentRow>) -> Result<()> {
    let now = tx.timestamp();
    for mut row in rows {
        row.ends_at = Some(row.starts_at.max(now));
        row.updated_at = now;
        row.version += 1;
        diesel::update(assignments::table.find(row.id))
            .set(&row)
            .execute(tx.conn())?;
        keep_version(tx, &row)?;
        tx.note(
            Resource::Assignments,
            Some(row.youth_id),
            Some(row.id.cast()),
            "endsAt",
        );
    }
    Ok(())
}

fn sealed(tx: &mut AuditedTx<'_>, rows: Vec<AssignmentRow>) -> Result<Vec<Sealed<AssignmentRow>>> {
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = tx.actor().user_id() == Some(row.user_id);
            Sealed::new(row, relation)
        })
        .collect())
}
