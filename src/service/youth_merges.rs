//! Merging two records of one person, and undoing it. Who stays is told by the address, with the version of both: whoever has
//! seen neither as it is now is sent back to look. What people must decide on themselves is asked for before (a difference in
//! protection, a transfer that waits, a fact of the law that only the other record has, somebody's word that they are two); the
//! rest is kept by the rules of `domain::merge` and `db::merging`. The own fields of the youth who stays are not touched, and so
//! neither is the version: what the merged record said is told by the merge, field by field as far as the reader may see it.

use super::duplicates::is_visible;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::duplicates::is_dismissed;
use crate::db::merging;
use crate::db::paging::{Page, PageRequest};
use crate::db::transfers;
use crate::db::types::Json;
use crate::db::versions::keep_version;
use crate::db::youth_merges::{self, YouthMergeRow};
use crate::db::youths::{self, YouthRecord};
use crate::domain::id::{Id, Youth, YouthMerge};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{View, snapshot};

/// Characters of a reason.
const LONGEST_REASON: usize = 1000;
/// In the body: whose record goes.
const OTHER: &str = "otherYouthId";
const OTHER_VERSION: &str = "otherVersion";

/// The merges of a youth, newest first, undone ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_merges(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = youth_merges::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One merge.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_youth_merge(tx: &mut AuditedTx<'_>, id: Id<YouthMerge>) -> Result<View> {
    let sealed = youth_merges::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes another record of the same person part of this youth's.
///
/// # Errors
/// 403; 404; 409 with all that is in the way; 412 when either has changed; 422 with all fields that are wrong.
pub fn merge_youths(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::YouthMerges, &relation, fields)?;
    let other: Option<Id<Youth>> = form.id(OTHER);
    let other = form.require(OTHER, other);
    let other_version = form.integer(OTHER_VERSION, 1..=i64::MAX);
    let other_version = form.require(OTHER_VERSION, other_version);
    let reason = form.reason("reason", LONGEST_REASON);
    let reason = form.require("reason", reason);
    match other {
        Some(other) if other == youth_id => form.wrong(OTHER, FieldCode::SameYouth),
        Some(other) if !is_visible(tx, other)? => form.wrong(OTHER, FieldCode::NoSuchRecord),
        _ => {}
    }
    screen(tx, &mut form)?;
    let input = match (other, other_version, reason) {
        (Some(other), Some(version), Some(reason)) => Some((other, version, reason)),
        _ => None,
    };
    let (other, other_version, reason) = form.finish_with(input)?;
    let (stays, _) = youths::load(tx, youth_id)?.into_record();
    let (goes, of_other) = youths::load(tx, other)?.into_record();
    tx.permit(Resource::YouthMerges, &of_other)?;
    if stays.row.version != version {
        return Err(Error::stale(stays.row.version));
    }
    if goes.row.version != other_version {
        let now = goes.row.version.to_string();
        return Err(Error {
            fields: vec![FieldError::with(
                format!("/{OTHER_VERSION}"),
                FieldCode::VersionChanged,
                now,
            )],
            ..Error::from(ErrorCode::StaleVersion)
        });
    }
    let in_the_way = in_the_way(tx, &stays, &goes)?;
    if !in_the_way.is_empty() {
        return Err(Error {
            fields: in_the_way,
            ..Error::from(ErrorCode::MergeInTheWay)
        });
    }
    let now = tx.timestamp();
    let mut row = YouthMergeRow {
        id: Id::fresh(),
        youth_id,
        merged_youth_id: other,
        reason,
        merged_youth: Some(Json(snapshot(&goes))),
        changes: None,
        merged_by: tx.actor().user_id(),
        undone_at: None,
        undone_by: None,
        undo_reason: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    youth_merges::insert(tx, &permit, &row)?;
    merging::merge(tx, &permit, &mut row)?;
    finish(tx, row.id)
}

/// What people must settle before two records become one.
fn in_the_way(
    tx: &mut AuditedTx<'_>,
    stays: &YouthRecord,
    goes: &YouthRecord,
) -> Result<Vec<FieldError>> {
    let mut found = Vec::new();
    let pointer = format!("/{OTHER}");
    if stays.row.protection_level != goes.row.protection_level {
        found.push(FieldError::new(
            pointer.clone(),
            FieldCode::ProtectionDiffers,
        ));
    }
    if is_dismissed(tx, stays.row.id, goes.row.id)? {
        found.push(FieldError::new(pointer.clone(), FieldCode::FoundNotSame));
    }
    for id in [stays.row.id, goes.row.id] {
        if transfers::is_pending(tx, id)? {
            found.push(FieldError::new(
                pointer.clone(),
                FieldCode::WaitsForTransfer,
            ));
        }
    }
    // The target group rests on these, and only the own fields of who stays are asked.
    for (name, stands, stood) in [
        (
            "compulsorySchoolEndedOn",
            stays.row.compulsory_school_ended_on,
            goes.row.compulsory_school_ended_on,
        ),
        ("deceasedOn", stays.row.deceased_on, goes.row.deceased_on),
    ] {
        if stands.is_none() && stood.is_some() {
            found.push(FieldError::with(
                pointer.clone(),
                FieldCode::ToldByOtherOnly,
                name,
            ));
        }
    }
    Ok(found)
}

/// Makes two records of one again, each with what it had.
///
/// # Errors
/// 403; 404; 409 when it has been undone, or with what is in the way; 412; 422 with all fields that are wrong.
pub fn undo_youth_merge(
    tx: &mut AuditedTx<'_>,
    id: Id<YouthMerge>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = youth_merges::load(tx, id)?;
    let (permit, mut form) = begin_create(tx, Resource::YouthMerges, sealed.relation(), fields)?;
    let (record, _) = sealed.into_record();
    if record.row.version != version {
        return Err(Error::stale(record.row.version));
    }
    if record.row.undone_at.is_some() {
        return Err(ErrorCode::MergeUndone.into());
    }
    let reason = form.reason("undoReason", LONGEST_REASON);
    let reason = form.require("undoReason", reason);
    screen(tx, &mut form)?;
    let reason = form.finish_with(reason)?;
    if !record.is_undoable {
        let code = if record.row.changes.is_some() {
            FieldCode::LaterMerge
        } else {
            FieldCode::NoLongerKept
        };
        return Err(Error {
            fields: vec![FieldError::new("youthMergeId", code)],
            ..Error::from(ErrorCode::MergeInTheWay)
        });
    }
    merging::undo(tx, &permit, &record.row)?;
    let row = YouthMergeRow {
        merged_youth: None,
        changes: None,
        undone_at: Some(tx.timestamp()),
        undone_by: tx.actor().user_id(),
        undo_reason: Some(reason),
        updated_at: tx.timestamp(),
        version: record.row.version + 1,
        ..record.row
    };
    youth_merges::update(tx, &permit, &row)?;
    merging::follow_both(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<YouthMerge>) -> Result<View> {
    let sealed = youth_merges::load(tx, id)?;
    let record = sealed.for_rules();
    keep_version(tx, &record.without_youth())?;
    // It stands in the log of both, and the tasks of both are settled.
    let other = record.row.merged_youth_id;
    let view = tx.reveal(&sealed)?;
    tx.note(Resource::YouthMerges, Some(other), Some(id.cast()), "");
    Ok(view)
}
