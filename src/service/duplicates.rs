//! Likely duplicates: who may have been registered twice, with the reason, and that two are not the same person, which is
//! remembered until somebody takes it back. How two records become one stands in `youth_merges`.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::duplicates::{self, DismissalRow, LikelyPair};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::db::youths::{self, YouthRecord};
use crate::domain::codes::Code;
use crate::domain::id::{DuplicateDismissal, Id, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Sealed, View};
use serde_json::{Map, Value};
use std::collections::HashMap;

const INPUTS: &[&str] = &["withdrawalReason"];
/// Characters of a reason.
const LONGEST_REASON: usize = 1000;
/// What is told of each of two, so that a person can judge and merge them.
const TOLD: &[&str] = &[
    "id",
    "givenName",
    "familyName",
    "birthDate",
    "identityNumber",
    "area",
    "tracks",
    "handlerId",
    "lastAttemptOn",
    "createdAt",
    "version",
];

/// Those of the actor's unit who are likely registered twice, pair by pair.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_youth_duplicates(
    tx: &mut AuditedTx<'_>,
    form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    form.finish()?;
    let unit_id = own_unit(tx);
    let page = duplicates::list_likely(tx, unit_id, request)?;
    let ids: Vec<Id<Youth>> = page
        .rows
        .iter()
        .flat_map(|pair| [pair.youth_id, pair.other_youth_id])
        .collect();
    let records: HashMap<Id<Youth>, Sealed<YouthRecord>> = youths::load_many(tx, &ids)?
        .into_iter()
        .map(|sealed| (sealed.for_rules().row.id, sealed))
        .collect();
    page.try_map(|pair| pair_view(tx, &pair, &records))
}

fn pair_view(
    tx: &mut AuditedTx<'_>,
    pair: &LikelyPair,
    records: &HashMap<Id<Youth>, Sealed<YouthRecord>>,
) -> Result<View> {
    let mut fields = Map::new();
    for (name, id) in [
        ("youth", pair.youth_id),
        ("otherYouth", pair.other_youth_id),
    ] {
        let sealed = records.get(&id).ok_or(ErrorCode::NotFound)?;
        let shown = tx.reveal_only(sealed, TOLD)?;
        fields.insert(name.to_owned(), Value::Object(shown.fields));
    }
    let reasons = pair.reasons.iter().map(|reason| reason.code()).collect();
    fields.insert("reasons".to_owned(), reasons);
    Ok(View { fields, version: 1 })
}

/// The pairs that were found not to be the same person, newest first, those taken back too.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_duplicate_dismissals(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let youth_id = form.id("youthId");
    let in_force = form.boolean("isInForce").unwrap_or(false);
    form.finish()?;
    let page = duplicates::list(tx, youth_id, in_force, request)?;
    reveal_page(tx, page)
}

/// One of them.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_duplicate_dismissal(
    tx: &mut AuditedTx<'_>,
    id: Id<DuplicateDismissal>,
) -> Result<View> {
    let sealed = duplicates::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Notes that two youths are not the same person, so that they are not proposed again.
///
/// # Errors
/// 403; 404 for a youth the actor may not know of; 409 when it is noted already; 422 with all fields that are wrong.
pub fn dismiss_duplicate(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let (_, mut form) = begin_create(
        tx,
        Resource::DuplicateDismissals,
        &Relation::unit_record(true),
        fields,
    )?;
    let youth_id: Option<Id<Youth>> = form.id("youthId");
    let youth_id = form.require("youthId", youth_id);
    let other_youth_id: Option<Id<Youth>> = form.id("otherYouthId");
    let other_youth_id = form.require("otherYouthId", other_youth_id);
    let reason = form.reason("reason", LONGEST_REASON);
    let reason = form.require("reason", reason);
    let both = youth_id.zip(other_youth_id);
    match both {
        Some((one, other)) if one == other => form.wrong("otherYouthId", FieldCode::SameYouth),
        Some((one, other)) => {
            for (name, id) in [("youthId", one), ("otherYouthId", other)] {
                if !is_visible(tx, id)? {
                    form.wrong(name, FieldCode::NoSuchRecord);
                }
            }
        }
        None => {}
    }
    screen(tx, &mut form)?;
    let now = tx.timestamp();
    let row = both.zip(reason).map(|((one, other), reason)| DismissalRow {
        id: Id::fresh(),
        youth_id: one,
        other_youth_id: other,
        reason,
        withdrawn_at: None,
        withdrawn_by: None,
        withdrawal_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    });
    let row = form.finish_with(row)?;
    let relation = duplicates::relation_to_both(tx, row.youth_id, row.other_youth_id)?;
    let permit = tx.permit(Resource::DuplicateDismissals, &relation)?;
    if duplicates::is_dismissed(tx, row.youth_id, row.other_youth_id)? {
        return Err(ErrorCode::AlreadyExists.into());
    }
    duplicates::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Whether the actor may know of a youth; whoever may not is told the same as of an id that nobody has.
pub(super) fn is_visible(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<bool> {
    match visible_relation(tx, id) {
        Ok(relation) => Ok(sees(tx.actor(), Resource::Youths, &relation)),
        Err(error) if matches!(error.code, ErrorCode::NotFound | ErrorCode::YouthMerged) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Takes it back: the two may be the same person after all.
///
/// # Errors
/// 403; 404; 412; 409 when it was taken back already; 422 with all fields that are wrong.
pub fn withdraw_dismissal(
    tx: &mut AuditedTx<'_>,
    id: Id<DuplicateDismissal>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = duplicates::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let mut row = sealed.for_rules().clone();
    if row.withdrawn_at.is_some() {
        return Err(ErrorCode::FactVoid.into());
    }
    let reason = form.reason("withdrawalReason", LONGEST_REASON);
    let reason = form.require("withdrawalReason", reason);
    screen(tx, &mut form)?;
    row.withdrawal_reason = Some(form.finish_with(reason)?);
    row.withdrawn_at = Some(tx.timestamp());
    row.withdrawn_by = tx.actor().user_id();
    row.updated_at = tx.timestamp();
    row.version += 1;
    duplicates::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<DuplicateDismissal>) -> Result<View> {
    let sealed = duplicates::load(tx, id)?;
    let row = sealed.for_rules();
    keep_version(tx, row)?;
    // It stands in the log of both.
    let other = row.other_youth_id;
    let view = tx.reveal(&sealed)?;
    tx.note(
        Resource::DuplicateDismissals,
        Some(other),
        Some(id.cast()),
        "",
    );
    Ok(view)
}
