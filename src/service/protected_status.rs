//! The protected status of a youth: read and set by the socionom assigned, with one answer and its day for everybody else.
//! Whoever may not know of it gets the answer of a youth that has none.

use super::form::Form;
use super::youths::visible_relation;
use super::{Fields, begin_create};
use crate::db::audited::AuditedTx;
use crate::db::protected_statuses::{self, ProtectedStatusRow};
use crate::db::types::Timestamp;
use crate::db::versions::keep_version;
use crate::domain::codes::{StatusBasis, SubstanceStatus};
use crate::domain::id::{Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::protected::{StatusFacts, gate_after, may_start};
use crate::domain::protected_duties::active_use_after;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::{Sealed, View};
use chrono::NaiveDate;

/// The protected status of a youth.
///
/// # Errors
/// 404 when there is none, or when the actor may not know of it; 403 for roles that know of none.
pub fn read_protected_status(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let permit = tx.permit(Resource::ProtectedStatuses, &relation)?;
    let row = protected_statuses::find(tx, &permit, youth_id)?.ok_or(ErrorCode::NotFound)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Sets the protected status of a youth, whole. The first needs no version; a later one builds on the one in force.
///
/// # Errors
/// 403 or 404 as for reading, 412, 428 when there is one and no version was given, 422 with all fields that are wrong.
pub fn set_protected_status(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    version: Option<i64>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, form) = begin_create(tx, Resource::ProtectedStatuses, &relation, fields)?;
    let before = protected_statuses::find(tx, &permit, youth_id)?;
    match (&before, version) {
        (None, None) => {}
        (Some(_), None) => return Err(ErrorCode::VersionRequired.into()),
        (None, Some(_)) => return Err(ErrorCode::StaleVersion.into()),
        (Some(row), Some(version)) if row.version == version => {}
        (Some(row), Some(_)) => return Err(Error::stale(row.version)),
    }
    let (facts, may_start, note) = read_input(form, tx.today())?;
    let now = tx.timestamp();
    let spell_before = before.as_ref().and_then(ProtectedStatusRow::active_use);
    let active_use = active_use_after(spell_before, facts.substance_status, Id::fresh(), now.utc());
    let row = ProtectedStatusRow {
        youth_id,
        basis: facts.basis,
        substance_status: facts.substance_status,
        may_start,
        note,
        set_by: tx.actor().user_id(),
        paused_until: facts.paused_until,
        active_use_id: active_use.map(|spell| spell.id),
        active_use_since: active_use.map(|spell| Timestamp::of(spell.since)),
        created_at: before.as_ref().map_or(now, |row| row.created_at),
        updated_at: now,
        version: before.map_or(1, |row| row.version + 1),
    };
    protected_statuses::set(tx, &permit, &row)?;
    let gate = protected_statuses::find_gate(tx, youth_id)?;
    if let Some(gate) = gate_after(gate, may_start, tx.today()) {
        protected_statuses::set_gate(tx, &permit, youth_id, gate)?;
    }
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

fn read_input(mut form: Form, today: NaiveDate) -> Result<(StatusFacts, bool, Option<String>)> {
    let basis: Option<StatusBasis> = form.code("basis");
    let basis = form.require("basis", basis);
    let substance_status: Option<SubstanceStatus> = form.code("substanceStatus");
    let may_start_measures = form.boolean("mayStartMeasures");
    let paused_until = form.date("pausedUntil");
    let is_readable = form.is_sound();
    let note = form.long_text("note", 10_000);
    form.look_away();
    let facts = basis.map(|basis| StatusFacts {
        basis,
        substance_status,
        may_start_measures,
        paused_until,
    });
    let mut answer = None;
    if let (Some(facts), true) = (&facts, is_readable) {
        match may_start(facts, today) {
            Ok(may_start) => answer = Some(may_start),
            Err(problems) => form.add(problems),
        }
    }
    form.finish_with(
        facts
            .zip(answer)
            .map(|(facts, may_start)| (facts, may_start, note)),
    )
}
