//! The review of the log: a sample is drawn of a unit's month, each row gets a finding, what is remarkable is followed up,
//! and the review is signed off, after which it never changes (SoLPUL 10 §: systematic and recurring checks; domain 4.6).
//! Which events are drawn is decided in `domain::log_review`, who reviews whom in `policy`.
//!
//! Notes and conclusions are about the work of the staff, kept with the log and not in the register: they are not looked
//! through for sensitive words, which a reviewer may well have to name.

use super::form::Form;
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::clock::start_of;
use crate::db::audit_events::Reviewed;
use crate::db::audited::AuditedTx;
use crate::db::log_reviews::{self, Drawn, ReviewRow, Sample, SampleRecord, SampleRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::types::Json;
use crate::db::versions::keep_version;
use crate::db::{settings, units};
use crate::domain::id::{Id, LogReview, LogReviewRow, Unit, User};
use crate::domain::log_review::{Draw, ReviewKind, Said, SampleRules, check_finding, check_period};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, Result};
use crate::policy::decide::{Relation, reviews_everybody, roles_not_reviewed};
use crate::policy::reveal::{Permit, Sealed, View};
use chrono::{Days, NaiveDate};
use serde_json::json;

/// Characters of a note, a result or a conclusion.
const LONGEST_NOTE: usize = 2_000;

/// The reviews of the actor's scope, the latest made first. Parameter: `isSignedOff`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_log_reviews(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::LogReviews,
        &parameters,
        &[("isSignedOff", "signedOffAt")],
    )?;
    let is_signed_off = parameters.boolean("isSignedOff");
    parameters.finish()?;
    let page = log_reviews::list(tx, is_signed_off, request)?;
    reveal_page(tx, page)
}

/// One review.
///
/// # Errors
/// 403 or 404.
pub fn read_log_review(tx: &mut AuditedTx<'_>, id: Id<LogReview>) -> Result<View> {
    let sealed = log_reviews::load(tx, id)?;
    tx.reveal(&sealed)
}

/// A sample that has been drawn for a review that is not made yet.
#[derive(Debug, Clone)]
pub struct DrawnReview {
    reviewed: Reviewed,
    reviewer_id: Id<User>,
    seed: [u8; 16],
    rules: SampleRules,
    sample: Sample,
}

/// What a review is asked for.
struct Asked {
    permit: Permit,
    reviewer_id: Id<User>,
    reviewed: Reviewed,
    from_on: NaiveDate,
    to_on: NaiveDate,
}

fn begin_review(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<Asked> {
    // Of the own unit, or of none, as the role has it.
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::LogReviews, &relation, fields)?;
    let reviewer_id = tx.staff()?.id;
    let (told_unit, from_on, to_on) = read_period(tx, form)?;
    let unit_id = if reviews_everybody(tx.actor()) {
        told_unit
    } else {
        Some(own_unit(tx))
    };
    Ok(Asked {
        permit,
        reviewer_id,
        reviewed: Reviewed {
            unit_id,
            from: start_of(from_on),
            to: start_of(to_on.checked_add_days(Days::new(1)).unwrap_or(to_on)),
            without: roles_not_reviewed(tx.actor()),
        },
        from_on,
        to_on,
    })
}

/// Draws the sample of a review that is about to be made. Apart from the making, which is a change: to read a month takes
/// seconds, for which nobody else could write to the embedded database.
///
/// # Errors
/// 403; 409 when the period has too many events; 422 with all fields that are wrong.
pub fn draw_log_review(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<DrawnReview> {
    let asked = begin_review(tx, fields)?;
    let rules = settings::load(tx)?.sample;
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).map_err(Error::internal)?;
    let sample = log_reviews::draw(tx, &asked.reviewed, Draw::new(seed, rules))?;
    Ok(DrawnReview {
        reviewed: asked.reviewed,
        reviewer_id: asked.reviewer_id,
        seed,
        rules,
        sample,
    })
}

/// Makes a review of the sample that was drawn for it.
///
/// # Errors
/// 403; 409 when the period has too many events, or whoever asks has another role or unit than a moment before; 422 with all
/// fields that are wrong.
pub fn create_log_review(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    drawn: &Result<DrawnReview>,
) -> Result<View> {
    let Asked {
        permit,
        reviewer_id,
        reviewed,
        from_on,
        to_on,
    } = begin_review(tx, fields)?;
    let drawn = drawn.as_ref().map_err(Clone::clone)?;
    if drawn.reviewed != reviewed || drawn.reviewer_id != reviewer_id {
        return Err(ErrorCode::Conflict.into());
    }
    let DrawnReview {
        seed,
        rules,
        sample,
        ..
    } = drawn.clone();
    let unit_id = reviewed.unit_id;
    let now = tx.timestamp();
    let review = ReviewRow {
        id: Id::fresh(),
        unit_id,
        kind: if reviews_everybody(tx.actor()) {
            ReviewKind::Independent
        } else {
            ReviewKind::Unit
        },
        from_on,
        to_on,
        reviewer_id,
        seed: data_encoding::HEXLOWER.encode(&seed),
        rules: Json(shown_rules(rules)),
        event_count: i64::try_from(sample.offered).unwrap_or(i64::MAX),
        row_count: i64::try_from(sample.rows.len()).unwrap_or(i64::MAX),
        conclusion: None,
        signed_off_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let rows: Vec<SampleRow> = (1..)
        .zip(sample.rows)
        .map(|(ordinal, drawn)| new_row(&review, ordinal, drawn))
        .collect();
    log_reviews::insert(tx, &permit, &review, &rows)?;
    keep_version(tx, &review)?;
    let sealed = log_reviews::load(tx, review.id)?;
    tx.reveal(&sealed)
}

fn read_period(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
) -> Result<(Option<Id<Unit>>, NaiveDate, NaiveDate)> {
    let unit_id: Option<Id<Unit>> = form.id("unitId");
    if let Some(unit_id) = unit_id
        && !units::exists(tx, unit_id)?
    {
        form.wrong("unitId", FieldCode::NoSuchRecord);
    }
    let from_on = form.date("fromOn");
    let from_on = form.require("fromOn", from_on);
    let to_on = form.date("toOn");
    let to_on = form.require("toOn", to_on);
    if let Some((from_on, to_on)) = from_on.zip(to_on) {
        form.add(check_period(from_on, to_on, tx.today()));
    }
    form.finish_with(
        from_on
            .zip(to_on)
            .map(|(from_on, to_on)| (unit_id, from_on, to_on)),
    )
}

fn shown_rules(rules: SampleRules) -> serde_json::Value {
    json!({
        "randomRows": rules.random_rows,
        "targetedRows": rules.targeted_rows,
        "officeHoursFrom": rules.office_from,
        "officeHoursTo": rules.office_to,
        "officeClosedOnEves": rules.is_closed_on_eves,
    })
}

fn new_row(review: &ReviewRow, ordinal: i32, drawn: Drawn) -> SampleRow {
    SampleRow {
        id: Id::fresh(),
        review_id: review.id,
        ordinal,
        event_id: drawn.event_id,
        actor_id: drawn.actor_id,
        reasons: Json(drawn.reasons),
        finding: None,
        note: None,
        follow_up_on: None,
        follow_up_outcome: None,
        follow_up_result: None,
        followed_up_by: None,
        followed_up_at: None,
        created_at: review.created_at,
        updated_at: review.created_at,
        version: 1,
    }
}

/// Signs a review off: it never changes after that.
///
/// # Errors
/// 404; 403 for another's; 412; 409 when it is signed off, or a row has no finding; 422.
pub fn sign_off_log_review(
    tx: &mut AuditedTx<'_>,
    id: Id<LogReview>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = log_reviews::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, fields, &["conclusion"])?;
    if sealed.for_rules().signed_off_at.is_some() {
        return Err(ErrorCode::ReviewSignedOff.into());
    }
    let conclusion = form.long_text("conclusion", LONGEST_NOTE);
    // About the work of the staff; see the top of this file.
    form.look_away();
    form.finish()?;
    if log_reviews::count_unjudged(tx, id)? > 0 {
        return Err(ErrorCode::ReviewUnfinished.into());
    }
    let (mut row, relation) = sealed.into_record();
    row.conclusion = conclusion;
    row.signed_off_at = Some(tx.timestamp());
    row.updated_at = tx.timestamp();
    row.version += 1;
    log_reviews::update(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// The rows of a review in the order of the draw. Parameter: `isJudged`.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_log_review_rows(
    tx: &mut AuditedTx<'_>,
    id: Id<LogReview>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let sealed = log_reviews::load(tx, id)?;
    tx.permit(Resource::LogReviews, sealed.relation())?;
    must_read_filters(
        tx,
        Resource::LogReviewRows,
        &parameters,
        &[("isJudged", "finding")],
    )?;
    let is_judged = parameters.boolean("isJudged");
    parameters.finish()?;
    let page = log_reviews::list_rows(tx, sealed.for_rules(), is_judged, request)?;
    reveal_page(tx, page)
}

/// One row, with its event as far as the actor may see it.
///
/// # Errors
/// 403, or 404 also for a row about the actor.
pub fn read_log_review_row(tx: &mut AuditedTx<'_>, id: Id<LogReviewRow>) -> Result<View> {
    let sealed = log_reviews::load_row(tx, id, true)?;
    tx.reveal(&sealed)
}

/// Says what is found of a row, and when it is followed up.
///
/// # Errors
/// 404; 403 for another's; 412; 409 when the review is signed off, or it has been followed up; 422 with all fields that are
/// wrong.
pub fn record_log_finding(
    tx: &mut AuditedTx<'_>,
    id: Id<LogReviewRow>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = log_reviews::load_row(tx, id, false)?;
    let inputs = &["finding", "note", "followUpOn"];
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, inputs)?;
    let before = sealed.for_rules();
    if before.is_signed_off {
        return Err(ErrorCode::ReviewSignedOff.into());
    }
    if before.row.followed_up_at.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    let finding = form.code("finding");
    let note = form.long_text("note", LONGEST_NOTE);
    // About the work of the staff; see the top of this file.
    form.look_away();
    let follow_up_on = form.date("followUpOn");
    let said = Said {
        finding,
        has_note: note.is_some(),
        follow_up_on,
        is_old_day: follow_up_on == before.row.follow_up_on,
    };
    if form.is_sound() {
        form.add(check_finding(said, tx.today()));
    }
    form.finish()?;
    let mut row = before.row.clone();
    row.finding = finding;
    row.note = note;
    row.follow_up_on = follow_up_on;
    store_row(tx, &permit, row)
}

/// What waits to be followed up, the soonest first.
///
/// # Errors
/// 403.
pub fn list_log_follow_ups(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    parameters.finish()?;
    let page = log_reviews::list_follow_ups(tx, request)?;
    reveal_page(tx, page)
}

/// Records what came of following a finding up, before the review is signed off or after.
///
/// # Errors
/// 404; 403; 412; 409 when there is nothing to follow up, or it has been; 422 with all fields that are wrong.
pub fn record_log_follow_up(
    tx: &mut AuditedTx<'_>,
    id: Id<LogReviewRow>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = log_reviews::load_row(tx, id, false)?;
    let inputs = &["followUpOutcome", "followUpResult"];
    let (permit, mut form) = begin_update(tx, &sealed, version, fields, inputs)?;
    let before = sealed.for_rules();
    if before.row.follow_up_on.is_none() || before.row.followed_up_at.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    let outcome = form.code("followUpOutcome");
    let outcome = form.require("followUpOutcome", outcome);
    let result = form.long_text("followUpResult", LONGEST_NOTE);
    // About the work of the staff; see the top of this file.
    form.look_away();
    let result = form.require("followUpResult", result);
    form.finish()?;
    let mut row = before.row.clone();
    row.follow_up_outcome = outcome;
    row.follow_up_result = result;
    row.followed_up_by = tx.actor().user_id();
    row.followed_up_at = Some(tx.timestamp());
    store_row(tx, &permit, row)
}

fn store_row(
    tx: &mut AuditedTx<'_>,
    permit: &crate::policy::reveal::Permit,
    mut row: SampleRow,
) -> Result<View> {
    row.updated_at = tx.timestamp();
    row.version += 1;
    log_reviews::update_row(tx, permit, &row)?;
    // Without the event, which is the log's to keep.
    let record = SampleRecord {
        row,
        event: None,
        is_signed_off: false,
    };
    keep_version(tx, &record)?;
    let sealed = log_reviews::load_row(tx, record.row.id, true)?;
    tx.reveal(&sealed)
}
