//! Assignments: which member of staff is tied to which youth, in which capacity and when. An assignment alone makes
//! somebody "assigned". Who may assign whom is decided in `policy`.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::schema::assignments;
use super::types::Timestamp;
use super::versions::keep_version;
use crate::domain::codes::AssignmentKind;
use crate::domain::id::{Assignment, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::Result;
use crate::policy::reveal::Permit;
use diesel::prelude::*;

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
