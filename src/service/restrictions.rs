//! Restriction of processing (GDPR art. 18): a socionom or the chief decides on it, opens it for a ground and a while, and
//! lifts it once the youth has been told. What stands still meanwhile is decided in `domain::restriction`.

use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::restrictions::{self, RestrictionRow};
use crate::db::versions::keep_version;
use crate::domain::id::{Id, Restriction, Youth};
use crate::domain::operation::Resource;
use crate::domain::restriction::{OpeningGround, RestrictionGround, check_days};
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::reveal::View;

const INPUTS: &[&str] = &[
    "untilOn",
    "openedUntil",
    "openingGround",
    "openingReason",
    "informedOn",
    "liftedOn",
    "liftReason",
];
/// Signs of a reason at most.
const LONGEST_REASON: usize = 1000;

/// The restrictions of a youth, newest first, lifted ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_restrictions(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = restrictions::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One restriction.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_restriction(tx: &mut AuditedTx<'_>, id: Id<Restriction>) -> Result<View> {
    let sealed = restrictions::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Restricts the processing of what is kept of a youth.
///
/// # Errors
/// 403; 404; 409 when it is restricted already; 422 with all fields that are wrong.
pub fn restrict_processing(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Restrictions, &relation, fields)?;
    let ground: Option<RestrictionGround> = form.code("ground");
    let ground = form.require("ground", ground);
    let reason = form.reason("reason", LONGEST_REASON);
    let reason = form.require("reason", reason);
    let today = tx.today();
    let from_on = if form.has("fromOn") {
        form.date("fromOn")
    } else {
        form.skip("fromOn");
        Some(today)
    };
    let until_on = form.date("untilOn");
    screen(tx, &mut form)?;
    let now = tx.timestamp();
    let row = match (ground, reason, from_on) {
        (Some(ground), Some(reason), Some(from_on)) => Some(RestrictionRow {
            id: Id::fresh(),
            youth_id,
            ground,
            reason,
            from_on,
            until_on,
            opened_until: None,
            opening_ground: None,
            opening_reason: None,
            informed_on: None,
            lifted_on: None,
            lift_reason: None,
            created_by: tx.actor().user_id(),
            created_at: now,
            updated_at: now,
            version: 1,
        }),
        _ => None,
    };
    if let Some(row) = &row {
        form.add(check_days(&row.days(), today));
    }
    let row = form.finish_with(row)?;
    if restrictions::is_in_force(tx, youth_id)? {
        return Err(ErrorCode::AlreadyExists.into());
    }
    restrictions::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Opens a restriction for a ground and a while, changes its last day, or lifts it.
///
/// # Errors
/// 403; 404; 412; 409 when it is lifted; 422 with all fields that are wrong.
pub fn update_restriction(
    tx: &mut AuditedTx<'_>,
    id: Id<Restriction>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = restrictions::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let mut row = sealed.for_rules().clone();
    if row.lifted_on.is_some() {
        return Err(ErrorCode::FactVoid.into());
    }
    row.until_on = form.date("untilOn");
    row.opened_until = form.date("openedUntil");
    row.opening_ground = form.code::<OpeningGround>("openingGround");
    row.opening_reason = form.reason("openingReason", LONGEST_REASON);
    row.informed_on = form.date("informedOn");
    row.lifted_on = form.date("liftedOn");
    row.lift_reason = form.reason("liftReason", LONGEST_REASON);
    if form.is_sound() {
        // An opening is told whole, and so is a lifting.
        let openings = [
            ("openedUntil", row.opened_until.is_some()),
            ("openingGround", row.opening_ground.is_some()),
            ("openingReason", row.opening_reason.is_some()),
        ];
        let liftings = [
            ("liftedOn", row.lifted_on.is_some()),
            ("liftReason", row.lift_reason.is_some()),
        ];
        for together in [&openings[..], &liftings[..]] {
            if together.iter().any(|(_, is_told)| *is_told) {
                for (name, _) in together.iter().filter(|(_, is_told)| !is_told) {
                    form.wrong(name, FieldCode::Required);
                }
            }
        }
        form.add(check_days(&row.days(), tx.today()));
    }
    screen(tx, &mut form)?;
    form.finish()?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    restrictions::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Restriction>) -> Result<View> {
    let sealed = restrictions::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}
