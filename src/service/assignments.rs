//! Assignments: who may be tied to a youth, and the operations on it. A youth has one responsible handler at a time; naming
//! another ends the one before. Who may assign whom, and which role fits, is decided in `policy`.
//!
//! An assignment is never written over: one that has ended stays ended, because it tells why somebody could see what they
//! saw. A new one is made instead.

use super::form::Form;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::clock::day_of;
use crate::db::assignments::{self, AssignmentFilter, AssignmentRow};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::load_key;
use crate::db::types::Timestamp;
use crate::db::users;
use crate::db::versions::keep_version;
use crate::domain::assignment::{Period, hand_over};
use crate::domain::codes::AssignmentKind;
use crate::domain::id::{Assignment, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{fits_assignment, may_assign};
use crate::policy::reveal::{Permit, View};
use chrono::{DateTime, Utc};

const INPUTS: &[&str] = &["userId", "kind", "startsAt", "endsAt"];

/// What an assignment's form says.
struct AssignmentInput {
    user_id: Id<User>,
    kind: AssignmentKind,
    period: Period,
}

/// The assignments of the actor's scope, the latest begun first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_assignments(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = assignments::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The assignments of one youth, the latest begun first.
///
/// # Errors
/// 404 for a youth the actor may not know of; else as [`list_assignments`].
pub fn list_youth_assignments(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let filter = read_filter(tx, parameters)?;
    let page = assignments::list_of_youth(tx, youth_id, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<AssignmentFilter> {
    must_read_filters(
        tx,
        Resource::Assignments,
        &form,
        &[
            ("userId", "userId"),
            ("kind", "kind"),
            ("isRunning", "endsAt"),
        ],
    )?;
    let filter = AssignmentFilter {
        user_id: form.id("userId"),
        kind: form.code("kind"),
        is_running: form.boolean("isRunning"),
    };
    form.finish()?;
    Ok(filter)
}

/// One assignment.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_assignment(tx: &mut AuditedTx<'_>, id: Id<Assignment>) -> Result<View> {
    let sealed = assignments::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Ties a member of staff to a youth. A new handler replaces the running one.
///
/// # Errors
/// 404; 403 at `/kind` for a kind the actor does not assign; 409 when the same assignment runs already; 422 with all fields
/// that are wrong.
pub fn create_assignment(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, form) = begin_create(tx, Resource::Assignments, &relation, fields)?;
    let input = read_input(tx, youth_id, form)?;
    let others = assignments::of_kind(tx, youth_id, input.kind)?;
    refuse_double(&input, &others)?;
    if input.kind == AssignmentKind::Handler {
        replace_handlers(tx, &permit, &input.period, others, "/startsAt")?;
    }
    let now = tx.timestamp();
    let row = AssignmentRow {
        id: Id::fresh(),
        youth_id,
        user_id: input.user_id,
        kind: input.kind,
        starts_at: Timestamp::of(input.period.starts_at),
        ends_at: input.period.ends_at.map(Timestamp::of),
        assigned_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    assignments::insert(tx, &permit, &row)?;
    finish(tx, &row)
}

/// Ends an assignment, or moves its end or a start that lies ahead.
///
/// # Errors
/// 404; 403 at `/kind` for a kind the actor does not assign; 412; 409 when the same assignment runs already; 422 with all
/// fields that are wrong.
pub fn update_assignment(
    tx: &mut AuditedTx<'_>,
    id: Id<Assignment>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = assignments::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let (mut row, _) = sealed.into_record();
    if !may_assign(tx.actor(), row.kind) {
        return Err(Error::forbidden_field("/kind".to_owned()));
    }
    let period = read_change(tx, &row, &mut form)?;
    // Whoever is to be assigned for longer must still fit.
    if period.reaches_beyond(&row.period())
        && let Some(code) = unfit(tx, row.youth_id, row.kind, row.user_id)?
    {
        form.wrong("endsAt", code);
    }
    form.finish()?;
    let others: Vec<AssignmentRow> = assignments::of_kind(tx, row.youth_id, row.kind)?
        .into_iter()
        .filter(|other| other.id != id)
        .collect();
    let is_alone = row.kind == AssignmentKind::Handler;
    let meets = |other: &AssignmentRow| {
        (is_alone || other.user_id == row.user_id) && other.period().overlaps(&period)
    };
    if others.iter().any(meets) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    row.starts_at = Timestamp::of(period.starts_at);
    row.ends_at = period.ends_at.map(Timestamp::of);
    row.updated_at = tx.timestamp();
    row.version += 1;
    assignments::update(tx, &permit, &row)?;
    finish(tx, &row)
}

/// Keeps the version and shows the record as the actor stands to it now: whoever is assigned to a protected youth, or no
/// longer, sees more or less than before.
fn finish(tx: &mut AuditedTx<'_>, row: &AssignmentRow) -> Result<View> {
    keep_version(tx, row)?;
    let sealed = assignments::load(tx, row.id)?;
    tx.reveal(&sealed)
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut form: Form,
) -> Result<AssignmentInput> {
    let kind = form.code("kind");
    if let Some(kind) = kind
        && !may_assign(tx.actor(), kind)
    {
        return Err(Error::forbidden_field("/kind".to_owned()));
    }
    let kind = form.require("kind", kind);
    let user_id = form.id("userId");
    let user_id = form.require("userId", user_id);
    let starts_at = form.instant("startsAt").unwrap_or(tx.now());
    let ends_at = form.instant("endsAt");
    note_order(&mut form, starts_at, ends_at);
    if let (Some(kind), Some(user_id)) = (kind, user_id)
        && let Some(code) = unfit(tx, youth_id, kind, user_id)?
    {
        form.wrong("userId", code);
    }
    let input = match (kind, user_id) {
        (Some(kind), Some(user_id)) => Some(AssignmentInput {
            user_id,
            kind,
            period: Period { starts_at, ends_at },
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// Reads a changed period. Who is assigned, and as what, is settled when the assignment is made, its start when it begins,
/// its end when it has passed.
fn read_change(tx: &AuditedTx<'_>, row: &AssignmentRow, form: &mut Form) -> Result<Period> {
    let before = row.period();
    if form.id("userId") != Some(row.user_id) {
        form.wrong("userId", FieldCode::Immutable);
    }
    if form.code("kind") != Some(row.kind) {
        form.wrong("kind", FieldCode::Immutable);
    }
    let starts_at = form.instant("startsAt");
    let starts_at = form.require("startsAt", starts_at);
    let ends_at = form.instant("endsAt");
    let period = Period {
        starts_at: starts_at.unwrap_or(before.starts_at),
        ends_at,
    };
    if before.starts_at <= tx.now() && period.starts_at != before.starts_at {
        form.wrong("startsAt", FieldCode::Immutable);
    }
    if before.is_over_at(tx.now()) && form.is_sound() && period.ends_at != before.ends_at {
        form.wrong("endsAt", FieldCode::Immutable);
    }
    note_order(form, period.starts_at, period.ends_at);
    Ok(period)
}

fn note_order(form: &mut Form, starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>) {
    if ends_at.is_some_and(|end| end < starts_at) {
        form.add([FieldError::with(
            "/endsAt",
            FieldCode::WrongDateOrder,
            "startsAt",
        )]);
    }
}

/// Why a person cannot be assigned to a youth as something, if so. People of other units, and those who have left, are to
/// the asker as if they did not exist.
///
/// # Errors
/// The database does not answer.
fn unfit(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    kind: AssignmentKind,
    user_id: Id<User>,
) -> Result<Option<FieldCode>> {
    let unit_id = load_key(tx, youth_id)?.unit_id;
    Ok(match users::find(tx, user_id)? {
        Some(user) if user.is_active && user.unit_id == Some(unit_id) => {
            (!fits_assignment(kind, user.role)).then_some(FieldCode::WrongRole)
        }
        _ => Some(FieldCode::NoSuchRecord),
    })
}

/// The same person is not assigned twice as the same thing at a time.
fn refuse_double(input: &AssignmentInput, others: &[AssignmentRow]) -> Result<()> {
    let is_same = |other: &AssignmentRow| {
        other.user_id == input.user_id && other.period().overlaps(&input.period)
    };
    if others.iter().any(is_same) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    Ok(())
}

/// Ends what a new handler replaces, at the new one's start. `pointer`: the field to blame when another is in the way.
fn replace_handlers(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    new: &Period,
    held: Vec<AssignmentRow>,
    pointer: &'static str,
) -> Result<()> {
    let periods: Vec<Period> = held.iter().map(AssignmentRow::period).collect();
    let ending = hand_over(new, &periods).map_err(|from| {
        let day = day_of(from).to_string();
        FieldError::with(pointer, FieldCode::OverlapsAssignment, day)
    })?;
    for (place, row) in held.into_iter().enumerate() {
        if ending.contains(&place) {
            end(tx, permit, row, new.starts_at)?;
        }
    }
    Ok(())
}

fn end(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    mut row: AssignmentRow,
    at: DateTime<Utc>,
) -> Result<()> {
    row.ends_at = Some(Timestamp::of(at));
    row.updated_at = tx.timestamp();
    row.version += 1;
    assignments::update(tx, permit, &row)?;
    tx.note(
        Resource::Assignments,
        Some(row.youth_id),
        Some(row.id.cast()),
        "endsAt",
    );
    keep_version(tx, &row)
}

/// Whether somebody can be named as the handler of a youth: the problem with the field, if there is one.
///
/// # Errors
/// The database does not answer.
pub(in crate::service) fn check_handler(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    user_id: Id<User>,
) -> Result<Option<FieldCode>> {
    unfit(tx, youth_id, AssignmentKind::Handler, user_id)
}

/// Makes somebody the handler of a youth from now on, or nobody.
///
/// # Errors
/// 422 at `/handlerId` when another handler is planned for later.
pub(in crate::service) fn set_handler(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    youth_id: Id<Youth>,
    user_id: Option<Id<User>>,
) -> Result<()> {
    let now = tx.now();
    let held = assignments::of_kind(tx, youth_id, AssignmentKind::Handler)?;
    let running = held.iter().find(|row| row.period().runs_at(now));
    if running.map(|row| row.user_id) == user_id {
        return Ok(());
    }
    let Some(user_id) = user_id else {
        for row in held {
            if row.period().runs_at(now) {
                end(tx, permit, row, now)?;
            }
        }
        return Ok(());
    };
    let new = Period {
        starts_at: now,
        ends_at: None,
    };
    replace_handlers(tx, permit, &new, held, "/handlerId")?;
    assignments::begin(tx, youth_id, user_id, AssignmentKind::Handler)?;
    tx.note(Resource::Assignments, Some(youth_id), None, "userId");
    Ok(())
}
