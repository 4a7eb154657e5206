//! What a youth wants of a placement: fields of work, when, how much. One wish stands at a time, within an open episode; it is
//! changed or taken back, and what stood before is kept.

use super::form::Form;
use super::periods::read_period;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::episodes;
use crate::db::paging::{Page, PageRequest};
use crate::db::placement_wishes::{self, PlacementWishRecord, PlacementWishRow};
use crate::db::versions::keep_version;
use crate::domain::id::{Episode, Id, PlacementWish, Youth};
use crate::domain::operation::Resource;
use crate::domain::placement::PlacementField;
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::View;
use chrono::NaiveDate;
use std::ops::RangeInclusive;

const INPUTS: &[&str] = &[
    "fields",
    "fromOn",
    "toOn",
    "hoursPerWeek",
    "hasDrivingLicence",
    "note",
    "isActive",
];

/// Hours of a week.
const HOURS: RangeInclusive<i64> = 1..=40;

/// What a wish's form says, besides the episode.
struct WishInput {
    fields: Vec<PlacementField>,
    from_on: NaiveDate,
    to_on: Option<NaiveDate>,
    hours_per_week: Option<i64>,
    has_driving_licence: bool,
    note: Option<String>,
    is_active: bool,
}

/// The wishes of one youth, newest first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_placement_wishes(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = placement_wishes::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One wish.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_placement_wish(tx: &mut AuditedTx<'_>, id: Id<PlacementWish>) -> Result<View> {
    let sealed = placement_wishes::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Records what a youth wants, in an open episode; from today if no day is told.
///
/// # Errors
/// 403 with a pointer, 404, 409 without an open episode, in a closed one, or when another wish stands, 422 with all fields that
/// are wrong.
pub fn record_placement_wish(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::PlacementWishes, &relation, fields)?;
    let today = tx.today();
    let input = read_input(tx, &mut form, Some(today))?;
    let period = read_period(tx, &mut form, youth_id, today)?;
    let (input, period) = form.finish_with(input.zip(period))?;
    if period.exited_on.is_some() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    refuse_second(tx, youth_id, None, input.is_active)?;
    let now = tx.timestamp();
    let row = PlacementWishRow {
        id: Id::fresh(),
        youth_id,
        episode_id: period.id,
        from_on: input.from_on,
        to_on: None,
        hours_per_week: None,
        has_driving_licence: false,
        note: None,
        is_active: true,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let record = filled(row, input);
    placement_wishes::insert(tx, &permit, &record)?;
    finish(tx, record.row.id)
}

/// Changes a wish, or takes it back (`isActive`).
///
/// # Errors
/// 403 with a pointer, 404, 412, 409 when the episode is closed or another wish stands, 422 with all fields that are wrong.
pub fn update_placement_wish(
    tx: &mut AuditedTx<'_>,
    id: Id<PlacementWish>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = placement_wishes::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().row.clone();
    let episode = episodes::find(tx, before.episode_id)?.ok_or(ErrorCode::NotFound)?;
    if !episode.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    if form.has("episodeId") {
        if form.id::<Episode>("episodeId") != Some(before.episode_id) {
            form.wrong("episodeId", FieldCode::Immutable);
        }
    } else {
        form.skip("episodeId");
    }
    let input = read_input(tx, &mut form, None)?;
    let input = form.finish_with(input)?;
    refuse_second(tx, before.youth_id, Some(id), input.is_active)?;
    let mut record = filled(before, input);
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    placement_wishes::update(tx, &permit, &record)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<PlacementWish>) -> Result<View> {
    let sealed = placement_wishes::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// One wish stands at a time.
fn refuse_second(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    id: Option<Id<PlacementWish>>,
    is_active: bool,
) -> Result<()> {
    let standing = placement_wishes::standing_of(tx, &[youth_id])?.remove(&youth_id);
    let is_other = standing.is_some_and(|standing| Some(standing.row.id) != id);
    if is_active && is_other {
        return Err(ErrorCode::AlreadyExists.into());
    }
    Ok(())
}

fn filled(row: PlacementWishRow, input: WishInput) -> PlacementWishRecord {
    PlacementWishRecord {
        row: PlacementWishRow {
            from_on: input.from_on,
            to_on: input.to_on,
            hours_per_week: input.hours_per_week,
            has_driving_licence: input.has_driving_licence,
            note: input.note,
            is_active: input.is_active,
            ..row
        },
        fields: input.fields,
    }
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    otherwise_on: Option<NaiveDate>,
) -> Result<Option<WishInput>> {
    let fields: Option<Vec<PlacementField>> = form.codes("fields");
    let fields = form.require("fields", fields.filter(|some| !some.is_empty()));
    let from_on = match otherwise_on {
        Some(day) if !form.has("fromOn") => {
            form.skip("fromOn");
            Some(day)
        }
        _ => {
            let from_on = form.date("fromOn");
            form.require("fromOn", from_on)
        }
    };
    let to_on = form.date("toOn");
    if let (Some(from_on), Some(to_on)) = (from_on, to_on)
        && to_on < from_on
    {
        form.add([FieldError::with(
            "/toOn",
            FieldCode::WrongDateOrder,
            "fromOn",
        )]);
    }
    let hours_per_week = form.integer("hoursPerWeek", HOURS);
    let has_driving_licence = form.boolean("hasDrivingLicence").unwrap_or(false);
    let note = form.long_text("note", 2000);
    let is_active = form.boolean("isActive").unwrap_or(true);
    screen(tx, form)?;
    Ok(match (fields, from_on) {
        (Some(fields), Some(from_on)) => Some(WishInput {
            fields,
            from_on,
            to_on,
            hours_per_week,
            has_driving_licence,
            note,
            is_active,
        }),
        _ => None,
    })
}
