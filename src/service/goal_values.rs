//! Values of goals, entered by hand: one counts for each part of a year, and a wrong one is changed, or marked void with a
//! reason. Values from files and from Kolada come in by `goal_value_imports`.

use super::facts::{read_void_reason, refuse_void};
use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::goal_values::{self, GoalValueRecord, GoalValueRow};
use crate::db::goals;
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::goal::{GoalPeriod, GoalValueOrigin, YEARS};
use crate::domain::id::{Goal, GoalValue, Id};
use crate::domain::operation::Resource;
use crate::error::{FieldCode, Result};
use crate::policy::reveal::{Sealed, View};
use chrono::Datelike;

/// Characters of the source and of the note.
pub(super) const LONGEST_SOURCE: usize = 200;
pub(super) const LONGEST_NOTE: usize = 2000;

const INPUTS: &[&str] = &["year", "period", "value", "source", "note", "voidReason"];

/// The values of a goal, void ones too, in the order in which they came. Parameter: `isVoid`.
///
/// # Errors
/// 400 for a wrong parameter, 403, 404.
pub fn list_goal_values(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::GoalValues,
        &parameters,
        &[("isVoid", "voidReason")],
    )?;
    let is_void = parameters.boolean("isVoid");
    parameters.finish()?;
    let goal = goals::load(tx, goal_id)?;
    tx.permit(Resource::Goals, goal.relation())?;
    let places = goal.for_rules().row.places();
    let page = goal_values::list(tx, (goal_id, places), is_void, request)?;
    reveal_page(tx, page)
}

/// One value.
///
/// # Errors
/// 404 when there is none.
pub fn read_goal_value(tx: &mut AuditedTx<'_>, id: Id<GoalValue>) -> Result<View> {
    let sealed = goal_values::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters a value of a goal.
///
/// # Errors
/// 403, 404, or 422 with all fields that are wrong.
pub fn enter_goal_value(tx: &mut AuditedTx<'_>, goal_id: Id<Goal>, fields: Fields) -> Result<View> {
    let (goal, relation) = goals::load(tx, goal_id)?.into_record();
    let (permit, form) = begin_create(tx, Resource::GoalValues, &relation, fields)?;
    let now = tx.timestamp();
    let row = GoalValueRow {
        id: Id::fresh(),
        goal_id,
        year: 0,
        period: GoalPeriod::FullYear,
        value: 0,
        origin: GoalValueOrigin::ByHand,
        source: None,
        note: None,
        void_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let places = goal.row.places();
    let row = read_input(tx, form, row, places, false)?;
    goal_values::insert(tx, &permit, &row)?;
    let record = GoalValueRecord { row, places };
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

/// Changes a value, or marks it void. Whoever changes it answers for it: it counts as entered by hand from then on.
///
/// # Errors
/// 403, 404, 412; 409 when it is void; 422 with all fields that are wrong.
pub fn update_goal_value(
    tx: &mut AuditedTx<'_>,
    id: Id<GoalValue>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = goal_values::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let (GoalValueRecord { row, places }, relation) = sealed.into_record();
    refuse_void(row.void_reason.as_ref())?;
    let (value, origin) = (row.value, row.origin);
    let mut row = read_input(tx, form, row, places, true)?;
    row.origin = if row.value == value {
        origin
    } else {
        GoalValueOrigin::ByHand
    };
    row.updated_at = tx.timestamp();
    row.version += 1;
    goal_values::update(tx, &permit, &row)?;
    let record = GoalValueRecord { row, places };
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    row: GoalValueRow,
    places: u8,
    may_be_void: bool,
) -> Result<GoalValueRow> {
    let year = form.integer("year", YEARS);
    let year = form.require("year", year);
    let year = year.and_then(|year| i32::try_from(year).ok());
    let period = form.code("period").unwrap_or(GoalPeriod::FullYear);
    if year.is_some_and(|year| year > tx.today().year()) {
        form.wrong("year", FieldCode::InFuture);
    }
    let value = form.decimal("value", places);
    let value = form.require("value", value);
    let source = form.text("source", LONGEST_SOURCE);
    let note = form.long_text("note", LONGEST_NOTE);
    let void_reason = if may_be_void {
        read_void_reason(&mut form)
    } else {
        None
    };
    screen(tx, &mut form)?;
    if let (Some(year), None) = (year, &void_reason)
        && goal_values::find_counting(tx, row.goal_id, year, period)?
            .is_some_and(|other| other.id != row.id)
    {
        form.wrong("year", FieldCode::Taken);
    }
    let row = match (year, value) {
        (Some(year), Some(value)) => Some(GoalValueRow {
            year,
            period,
            value,
            source,
            note,
            void_reason,
            ..row
        }),
        _ => None,
    };
    form.finish_with(row)
}
