//! What is done for a goal, and how it is followed up each tertial: status, forecast and remedy. A follow-up is never
//! overwritten; a later one of the same part of a year stands beside it as the revision in force.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::goal_activities::{self, GoalActivityRecord, GoalActivityRow, GoalFollowUpRow};
use crate::db::goals;
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::goal::YEARS;
use crate::domain::id::{Goal, GoalActivity, Id};
use crate::domain::operation::Resource;
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::reveal::{Sealed, View};
use chrono::Datelike;

const INPUTS: &[&str] = &["title", "responsibleUnit", "startsOn", "endsOn", "isActive"];

/// The activities of a goal, in the order in which they were entered. Parameter: `isActive`.
///
/// # Errors
/// 400 for a wrong parameter, 403, 404.
pub fn list_goal_activities(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::GoalActivities,
        &parameters,
        &[("isActive", "isActive")],
    )?;
    let is_active = parameters.boolean("isActive");
    parameters.finish()?;
    let goal = goals::load(tx, goal_id)?;
    tx.permit(Resource::Goals, goal.relation())?;
    let page = goal_activities::list(tx, goal_id, is_active, request)?;
    reveal_page(tx, page)
}

/// One activity with its follow-ups.
///
/// # Errors
/// 404 when there is none.
pub fn read_goal_activity(tx: &mut AuditedTx<'_>, id: Id<GoalActivity>) -> Result<View> {
    let sealed = goal_activities::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters what is to be done for a goal.
///
/// # Errors
/// 403, 404, or 422 with all fields that are wrong.
pub fn create_goal_activity(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    fields: Fields,
) -> Result<View> {
    let (_, relation) = goals::load(tx, goal_id)?.into_record();
    let (permit, form) = begin_create(tx, Resource::GoalActivities, &relation, fields)?;
    let now = tx.timestamp();
    let row = GoalActivityRow {
        id: Id::fresh(),
        goal_id,
        title: String::new(),
        responsible_unit: String::new(),
        starts_on: None,
        ends_on: None,
        is_active: true,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = read_input(tx, form, row)?;
    goal_activities::insert(tx, &permit, &row)?;
    let record = GoalActivityRecord {
        row,
        follow_ups: Vec::new(),
    };
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

/// Changes an activity, or says that it is followed up no longer.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_goal_activity(
    tx: &mut AuditedTx<'_>,
    id: Id<GoalActivity>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = goal_activities::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let (mut record, relation) = sealed.into_record();
    record.row = read_input(tx, form, record.row)?;
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    goal_activities::update(tx, &permit, &record.row)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    row: GoalActivityRow,
) -> Result<GoalActivityRow> {
    let title = form.phrase("title", 300);
    let title = form.require("title", title);
    let responsible_unit = form.text("responsibleUnit", 120);
    let responsible_unit = form.require("responsibleUnit", responsible_unit);
    let starts_on = form.date("startsOn");
    let ends_on = form.date("endsOn");
    if let (Some(start), Some(end)) = (starts_on, ends_on)
        && end < start
    {
        let start = start.to_string();
        form.add([FieldError::with(
            "/endsOn",
            FieldCode::WrongDateOrder,
            start,
        )]);
    }
    let is_active = form.boolean("isActive").unwrap_or(true);
    screen(tx, &mut form)?;
    let row = match (title, responsible_unit) {
        (Some(title), Some(responsible_unit)) => Some(GoalActivityRow {
            title,
            responsible_unit,
            starts_on,
            ends_on,
            is_active,
            ..row
        }),
        _ => None,
    };
    form.finish_with(row)
}

/// Follows an activity up for a part of a year. What was said of the same part before stays, as an earlier revision.
///
/// # Errors
/// 403, 404, or 422 with all fields that are wrong.
pub fn follow_up_goal_activity(
    tx: &mut AuditedTx<'_>,
    id: Id<GoalActivity>,
    fields: Fields,
) -> Result<View> {
    let (mut record, relation) = goal_activities::load(tx, id)?.into_record();
    let permit = tx.permit(Resource::GoalActivities, &relation)?;
    let follow_up = read_follow_up(tx, Form::of_body(fields), &record)?;
    goal_activities::insert_follow_up(tx, &permit, &follow_up)?;
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    goal_activities::update(tx, &permit, &record.row)?;
    // As they are read: by what they are about, the earliest first.
    let after = record
        .follow_ups
        .partition_point(|other| other.place() <= follow_up.place());
    record.follow_ups.insert(after, follow_up);
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn read_follow_up(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    record: &GoalActivityRecord,
) -> Result<GoalFollowUpRow> {
    let year = form.integer("year", YEARS);
    let year = form.require("year", year);
    let year = year.and_then(|year| i32::try_from(year).ok());
    if year.is_some_and(|year| year > tx.today().year()) {
        form.wrong("year", FieldCode::InFuture);
    }
    let period = form.code("period");
    let period = form.require("period", period);
    let status = form.code("status");
    let status = form.require("status", status);
    let forecast = form.long_text("forecast", 2000);
    let remedy = form.long_text("remedy", 2000);
    let followed_up_on = form.date("followedUpOn").unwrap_or(tx.today());
    if followed_up_on > tx.today() {
        form.wrong("followedUpOn", FieldCode::InFuture);
    }
    screen(tx, &mut form)?;
    let follow_up = match (year, period, status) {
        (Some(year), Some(period), Some(status)) => {
            let before = record
                .follow_ups
                .iter()
                .filter(|of| (of.year, of.period) == (year, period))
                .map(|of| of.revision)
                .max();
            Some(GoalFollowUpRow {
                id: Id::fresh(),
                activity_id: record.row.id,
                year,
                period,
                revision: before.unwrap_or(0) + 1,
                status,
                forecast,
                remedy,
                followed_up_on,
                created_by: tx.actor().user_id(),
                created_at: tx.timestamp(),
            })
        }
        _ => None,
    };
    form.finish_with(follow_up)
}
