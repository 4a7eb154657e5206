//! Break-glass: for a stated reason and a short while, somebody opens what is closed to them; and those who review it read
//! who did. What a grant opens is decided in `policy` with every reading.

use super::form::Form;
use super::youths::visible_relation;
use super::{Fields, begin_create, must_read_filters, reveal_page};
use crate::db::access_grants::{self, AccessGrantFilter, AccessGrantRow};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::load_key;
use crate::db::types::Timestamp;
use crate::db::versions::keep_version;
use crate::domain::codes::GrantPurpose;
use crate::domain::id::{AccessGrant, Id, Youth};
use crate::domain::operation::Resource;
use crate::error::{Error, Result};
use crate::policy::decide::{Relation, may_break_glass};
use crate::policy::reveal::{Sealed, View};
use chrono::Duration;

const LONGEST_REASON: usize = 1000;
/// Minutes for which a glass stays broken when nothing is asked for.
const USUAL_MINUTES: i64 = 15;

/// Breaks a glass: opens one kind of closed data of one youth to the actor for some minutes.
///
/// # Errors
/// 403 with a pointer for a purpose that is not the actor's, 404, 422 with all fields that are wrong.
pub fn create_access_grant(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::AccessGrants, &relation, fields)?;
    let user_id = tx.staff()?.id;
    let purpose: Option<GrantPurpose> = form.code("purpose");
    if purpose.is_some_and(|purpose| !may_break_glass(tx.actor(), purpose, &relation)) {
        return Err(Error::forbidden_field("/purpose".to_owned()));
    }
    let purpose = form.require("purpose", purpose);
    let reason = form.reason("reason", LONGEST_REASON);
    // Why somebody looked may well be what they looked for; it stands with the grant, not in the register.
    form.look_away();
    let reason = form.require("reason", reason);
    let minutes = form.integer("minutes", 5..=60).unwrap_or(USUAL_MINUTES);
    let (purpose, reason) = form.finish_with(purpose.zip(reason))?;
    let row = AccessGrantRow {
        id: Id::fresh(),
        user_id,
        youth_id,
        unit_id: load_key(tx, youth_id)?.unit_id,
        purpose,
        reason,
        granted_at: tx.timestamp(),
        expires_at: Timestamp::of(tx.now() + Duration::minutes(minutes)),
    };
    access_grants::insert(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.note_break_glass(&row.reason)?;
    let own = Relation {
        is_own: true,
        ..relation
    };
    tx.reveal(&Sealed::new(row, own))
}

/// One grant.
///
/// # Errors
/// 403 or 404.
pub fn read_access_grant(tx: &mut AuditedTx<'_>, id: Id<AccessGrant>) -> Result<View> {
    let sealed = access_grants::load(tx, id)?;
    tx.reveal(&sealed)
}

/// The grants that the actor may review, newest first: their own, the chief those of the unit, the log reviewer all.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_access_grants(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::AccessGrants,
        &parameters,
        &[("youthId", "youthId"), ("userId", "userId")],
    )?;
    let filter = AccessGrantFilter {
        youth_id: parameters.id("youthId"),
        user_id: parameters.id("userId"),
    };
    parameters.finish()?;
    let page = access_grants::list(tx, &filter, request)?;
    reveal_page(tx, page)
}
