//! The protected status of a youth, and the gate that is all the register learns of it. What a status says about measures
//! is a matter of the domain.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::schema::{measure_gates, protected_statuses};
use super::types::Timestamp;
use crate::domain::codes::{StatusBasis, SubstanceStatus};
use crate::domain::id::{Id, Record, User, Youth};
use crate::domain::protected::Gate;
use crate::domain::protected_duties::ActiveUse;
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A protected status as stored; a youth has one at most.
    #[derive(Clone)]
    pub struct ProtectedStatusRow as StoredProtectedStatusRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = protected_statuses, primary_key(youth_id), treat_none_as_null = true)] in protected_statuses by youth_id {
        pub youth_id: Id<Youth>,
        pub basis ~ StatusBasis,
        pub substance_status ~ Option<SubstanceStatus>,
        pub may_start: bool,
        pub note ~ Option<String>,
        pub set_by: Option<Id<User>>,
        /// When a pause is looked at again.
        pub paused_until: Option<NaiveDate>,
        /// The spell of active use that lasts, from its beginning to its end.
        pub active_use_id: Option<Id<Record>>,
        /// When that spell was first told of.
        pub active_use_since: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl ProtectedStatusRow {
    /// The spell of active use that lasts.
    pub fn active_use(&self) -> Option<ActiveUse> {
        let (id, since) = self.active_use_id.zip(self.active_use_since)?;
        Some(ActiveUse {
            id,
            since: since.utc(),
        })
    }
}

disclosed!(ProtectedStatusRow, ProtectedStatuses, |r| youth: Some(r.youth_id), id: r.youth_id, version: r.version, {
    "youthId": r.youth_id,
    "basis": Word(r.basis),
    "substanceStatus": Word(r.substance_status),
    "mayStartMeasures": r.may_start,
    "pausedUntil": r.paused_until,
    "note": r.note,
    "setBy": r.set_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// The protected status of a youth, if there is one. Who calls has found that the actor may know of it.
///
/// # Errors
/// The database does not answer.
pub fn find(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    youth_id: Id<Youth>,
) -> Result<Option<ProtectedStatusRow>> {
    let row: Option<StoredProtectedStatusRow> = protected_statuses::table
        .find(youth_id)
        .first(tx.conn())
        .optional()?;
    row.all_deciphered(tx.vault())
}

/// Stores a protected status: the first of a youth, or in place of the one before.
///
/// # Errors
/// The database does not answer.
pub fn set(tx: &mut AuditedTx<'_>, _: &Permit, row: &ProtectedStatusRow) -> Result<()> {
    let row = row.enciphered(tx.vault())?;
    let changed = diesel::update(protected_statuses::table.find(row.youth_id))
        .set(&row)
        .execute(tx.conn())?;
    if changed == 0 {
        diesel::insert_into(protected_statuses::table)
            .values(&row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The gate of a youth, if one was ever closed.
///
/// # Errors
/// The database does not answer.
pub fn find_gate(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Option<Gate>> {
    let gate: Option<(bool, NaiveDate)> = measure_gates::table
        .find(youth_id)
        .select((measure_gates::may_start, measure_gates::since_on))
        .first(tx.conn())
        .optional()?;
    Ok(gate.map(|(may_start, since_on)| Gate {
        may_start,
        since_on,
    }))
}

/// Sets the gate of a youth.
///
/// # Errors
/// The database does not answer.
pub fn set_gate(tx: &mut AuditedTx<'_>, _: &Permit, youth_id: Id<Youth>, gate: Gate) -> Result<()> {
    let changed = diesel::update(measure_gates::table.find(youth_id))
        .set((
            measure_gates::may_start.eq(gate.may_start),
            measure_gates::since_on.eq(gate.since_on),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        diesel::insert_into(measure_gates::table)
            .values((
                measure_gates::youth_id.eq(youth_id),
                measure_gates::may_start.eq(gate.may_start),
                measure_gates::since_on.eq(gate.since_on),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
