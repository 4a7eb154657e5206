//! Holds against disposal: a socionom or the chief says that what is kept of a youth stays for now, and why, and lifts it again.
//! What is held back is asked in `db::disposals`.

use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::disposal_holds::{self, HoldRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::id::{DisposalHold, Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::retention::DisposalHoldGround;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::reveal::View;

const INPUTS: &[&str] = &["reviewOn", "liftedOn", "liftReason"];
/// Characters of a reason.
const LONGEST_REASON: usize = 1000;

/// The holds of a youth, newest first, lifted ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_disposal_holds(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = disposal_holds::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One hold.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_disposal_hold(tx: &mut AuditedTx<'_>, id: Id<DisposalHold>) -> Result<View> {
    let sealed = disposal_holds::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Holds what is kept of a youth back from disposal.
///
/// # Errors
/// 403; 404; 422 with all fields that are wrong.
pub fn place_disposal_hold(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::DisposalHolds, &relation, fields)?;
    let ground: Option<DisposalHoldGround> = form.code("ground");
    let ground = form.require("ground", ground);
    let reason = form.reason("reason", LONGEST_REASON);
    let reason = form.require("reason", reason);
    let review_on = form.date("reviewOn");
    if review_on.is_some_and(|day| day < tx.today()) {
        form.wrong("reviewOn", FieldCode::InPast);
    }
    screen(tx, &mut form)?;
    let now = tx.timestamp();
    let row = ground.zip(reason).map(|(ground, reason)| HoldRow {
        id: Id::fresh(),
        youth_id,
        ground,
        reason,
        review_on,
        lifted_on: None,
        lift_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    });
    let row = form.finish_with(row)?;
    disposal_holds::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Changes the day of review of a hold, or lifts it.
///
/// # Errors
/// 403; 404; 412; 409 when it is lifted; 422 with all fields that are wrong.
pub fn update_disposal_hold(
    tx: &mut AuditedTx<'_>,
    id: Id<DisposalHold>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = disposal_holds::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let mut row = sealed.for_rules().clone();
    if row.lifted_on.is_some() {
        return Err(ErrorCode::FactVoid.into());
    }
    let today = tx.today();
    let review_on = form.date("reviewOn");
    if review_on != row.review_on && review_on.is_some_and(|day| day < today) {
        form.wrong("reviewOn", FieldCode::InPast);
    }
    row.review_on = review_on;
    row.lifted_on = form.date("liftedOn");
    row.lift_reason = form.reason("liftReason", LONGEST_REASON);
    if row.lifted_on.is_some_and(|day| day > today) {
        form.wrong("liftedOn", FieldCode::InFuture);
    }
    if form.is_sound() {
        match (&row.lifted_on, &row.lift_reason) {
            (Some(_), None) => form.wrong("liftReason", FieldCode::Required),
            (None, Some(_)) => form.wrong("liftedOn", FieldCode::Required),
            _ => {}
        }
    }
    screen(tx, &mut form)?;
    form.finish()?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    disposal_holds::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<DisposalHold>) -> Result<View> {
    let sealed = disposal_holds::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}
