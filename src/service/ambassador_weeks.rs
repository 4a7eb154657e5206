//! The weeks of those who are paid by the hour: what a week comes to, the time reported besides, and that its minutes may be
//! paid. Whoever follows the ambassadors up approves, never who is paid; what changes afterwards is shown as a difference and
//! approved anew. No youth is named, and who has a protected identity is in no count.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::db::ambassador_weeks::{
    self, ByTheHour, WeekApprovalRow, WeekRecord, WorkHoursRow, load_approval, load_hours,
};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::id::{Id, User, WeekApproval, WorkHours};
use crate::domain::operation::Resource;
use crate::domain::outreach::tells_who;
use crate::domain::weekly_summary::Week;
use crate::domain::work_week::WorkKind;
use crate::error::{ErrorCode, FieldCode, Language, Result};
use crate::exchange::{Spreadsheet, guarded};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Sealed, View};
use chrono::NaiveDate;

/// Weeks in one list, when none are named and at most.
const USUAL_WEEKS: i64 = 4;
const MOST_WEEKS: i64 = 53;
const HOURS: &[&str] = &["workedOn", "minutes", "kind", "note"];
const APPROVAL: &[&str] = &["approvedMinutes", "reason"];

/// The weeks of the unit's ambassadors, or the ambassador's own: the one named by `week`, or some in a row that end with it.
/// Parameters: `week`, `weeks`, `userId`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_ambassador_weeks(
    tx: &mut AuditedTx<'_>,
    form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let rows: Vec<(usize, Sealed<WeekRecord>)> =
        read_weeks(tx, form)?.into_iter().enumerate().collect();
    // A person stands there once a week; their places in the list serve.
    request
        .cut(rows, |(place, _)| {
            uuid::Uuid::from_u128(u128::try_from(*place).unwrap_or(0))
        })
        .try_map(|(_, sealed)| tx.reveal(&sealed))
}

fn read_weeks(tx: &mut AuditedTx<'_>, mut form: Form) -> Result<Vec<Sealed<WeekRecord>>> {
    must_read_filters(
        tx,
        Resource::AmbassadorWeeks,
        &form,
        &[("week", "week"), ("weeks", "week"), ("userId", "userId")],
    )?;
    let this_week = Week::holding(tx.today());
    let last = read_week(&mut form, tx.today());
    let many = form.integer("weeks", 1..=MOST_WEEKS);
    let user_id: Option<Id<User>> = form.id("userId");
    form.finish()?;
    let last = last.unwrap_or(this_week);
    let mut first = last;
    for _ in 1..many.unwrap_or(USUAL_WEEKS) {
        first = first.before().unwrap_or(first);
    }
    let mut people = ambassador_weeks::paid(tx)?;
    people.retain(|(id, _)| user_id.is_none_or(|user_id| *id == user_id));
    ambassador_weeks::weeks(tx, &people, first, last)
}

/// A week that has begun.
fn read_week(form: &mut Form, today: NaiveDate) -> Option<Week> {
    let text = form.text("week", 10)?;
    let Some(week) = Week::parse(&text) else {
        form.wrong("week", FieldCode::NotWeek);
        return None;
    };
    if week.counted_to(today).is_none() {
        form.wrong("week", FieldCode::InFuture);
        return None;
    }
    Some(week)
}

/// The same weeks as a file that a Swedish spreadsheet opens right: a row for each person and week.
///
/// # Errors
/// As [`list_ambassador_weeks`].
pub fn export_ambassador_weeks(
    tx: &mut AuditedTx<'_>,
    form: Form,
    language: Language,
) -> Result<Vec<u8>> {
    let weeks = read_weeks(tx, form)?;
    let mut file = Spreadsheet::new();
    file.row(COLUMNS.map(|(_, sv, en)| language.pick(sv, en)))?;
    for sealed in weeks {
        let view = tx.reveal(&sealed)?;
        let cell = |name: &str| match view.fields.get(name) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(serde_json::Value::Null) | None => String::new(),
            Some(value) => value.to_string(),
        };
        file.row(COLUMNS.map(|(name, _, _)| guarded(&cell(name))))?;
    }
    file.into_bytes()
}

/// The columns of the file: field, heading in Swedish and in English.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("week", "Vecka", "Week"),
    ("displayName", "Namn", "Name"),
    ("sessionCount", "Pass", "Sessions"),
    ("sessionMinutes", "Minuter i pass", "Minutes in sessions"),
    ("visitCount", "Besök", "Visits"),
    ("contactCount", "Kontakter", "Contacts"),
    ("attemptCount", "Försök", "Attempts"),
    (
        "contactMinutes",
        "Minuter i kontakter",
        "Minutes of contacts",
    ),
    (
        "reportedMinutes",
        "Rapporterade minuter",
        "Reported minutes",
    ),
    ("countedMinutes", "Minuter totalt", "Minutes in all"),
    ("approvedMinutes", "Godkända minuter", "Approved minutes"),
    (
        "differenceMinutes",
        "Skillnad sedan godkännandet",
        "Difference since the approval",
    ),
];

// Reported time -----------------------------------------------------------------------------------

/// The time reported in the unit, or by the ambassador. Parameters: `userId`, `from`, `to`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_work_hours(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::WorkHours,
        &form,
        &[
            ("userId", "userId"),
            ("from", "workedOn"),
            ("to", "workedOn"),
        ],
    )?;
    let user_id = form.id("userId");
    let days = form.days();
    form.finish()?;
    let page = ambassador_weeks::list_hours(tx, user_id, days, request)?;
    reveal_page(tx, page)
}

/// Reported time.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_work_hours(tx: &mut AuditedTx<'_>, id: Id<WorkHours>) -> Result<View> {
    let sealed = load_hours(tx, id)?;
    tx.reveal(&sealed)
}

/// Reports time that no session and no contact tells of.
///
/// # Errors
/// 403 with a pointer, 422 with all fields that are wrong.
pub fn report_work_hours(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let own = Relation {
        is_own: true,
        ..Relation::unit_record(true)
    };
    let (permit, form) = begin_create(tx, Resource::WorkHours, &own, fields)?;
    let input = read_hours(tx, form)?;
    let now = tx.timestamp();
    let row = WorkHoursRow {
        id: Id::fresh(),
        unit_id: own_unit(tx),
        user_id: tx.staff()?.id,
        worked_on: input.worked_on,
        minutes: input.minutes,
        kind: input.kind,
        note: input.note,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    ambassador_weeks::insert_hours(tx, &permit, &row)?;
    finish_hours(tx, row.id)
}

/// Corrects reported time. A week that was approved shows the difference.
///
/// # Errors
/// 403 for others or with a pointer, 404, 412, 422 with all fields that are wrong.
pub fn correct_work_hours(
    tx: &mut AuditedTx<'_>,
    id: Id<WorkHours>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = load_hours(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, HOURS)?;
    let input = read_hours(tx, form)?;
    let before = sealed.for_rules();
    let row = WorkHoursRow {
        worked_on: input.worked_on,
        minutes: input.minutes,
        kind: input.kind,
        note: input.note,
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before.clone()
    };
    ambassador_weeks::update_hours(tx, &permit, &row)?;
    finish_hours(tx, id)
}

struct HoursInput {
    worked_on: NaiveDate,
    minutes: i32,
    kind: WorkKind,
    note: Option<String>,
}

fn read_hours(tx: &mut AuditedTx<'_>, mut form: Form) -> Result<HoursInput> {
    let worked_on = form.date("workedOn");
    let worked_on = form.require("workedOn", worked_on);
    if worked_on.is_some_and(|day| day > tx.today()) {
        form.wrong("workedOn", FieldCode::InFuture);
    }
    let minutes = form.integer("minutes", 0..=1440);
    let minutes = form.require("minutes", minutes);
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let note = form.long_text("note", 500);
    if note.as_deref().is_some_and(tells_who) {
        form.wrong("note", FieldCode::TellsWho);
    }
    screen(tx, &mut form)?;
    let input = match (worked_on, minutes, kind) {
        (Some(worked_on), Some(minutes), Some(kind)) => Some(HoursInput {
            worked_on,
            minutes: i32::try_from(minutes).unwrap_or(0),
            kind,
            note,
        }),
        _ => None,
    };
    form.finish_with(input)
}

fn finish_hours(tx: &mut AuditedTx<'_>, id: Id<WorkHours>) -> Result<View> {
    let sealed = load_hours(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

// Approvals ---------------------------------------------------------------------------------------

/// One approval.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_week_approval(tx: &mut AuditedTx<'_>, id: Id<WeekApproval>) -> Result<View> {
    let sealed = load_approval(tx, id)?;
    tx.reveal(&sealed)
}

/// Approves that the minutes of a week may be paid: those that the week comes to, or others with a reason.
///
/// # Errors
/// 403, 409 when the week is approved already, 422 with all fields that are wrong.
pub fn approve_ambassador_week(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let unit = Relation::unit_record(true);
    let (permit, mut form) = begin_create(tx, Resource::WeekApprovals, &unit, fields)?;
    let user_id: Option<Id<User>> = form.id("userId");
    let user_id = form.require("userId", user_id);
    let week = read_week(&mut form, tx.today());
    let week = form.require("week", week);
    let people = ambassador_weeks::paid(tx)?;
    let who = user_id.and_then(|user_id| people.into_iter().find(|(id, _)| *id == user_id));
    if user_id.is_some() && who.is_none() {
        form.wrong("userId", FieldCode::NoSuchRecord);
    }
    let (counted, before) = match (&who, week) {
        (Some(who), Some(week)) => counted(tx, who, week)?,
        _ => (0, None),
    };
    let (minutes, reason) = read_approval(tx, &mut form, counted)?;
    let (who, week) = form.finish_with(who.zip(week))?;
    if before.is_some() {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let now = tx.timestamp();
    let row = WeekApprovalRow {
        id: Id::fresh(),
        unit_id: own_unit(tx),
        user_id: who.0,
        week_on: week.first_day(),
        counted_minutes: counted,
        approved_minutes: minutes,
        reason,
        approved_by: tx.staff()?.id,
        approved_at: now,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    ambassador_weeks::insert_approval(tx, &permit, &row)?;
    finish_approval(tx, row.id)
}

/// Approves a week anew, by what it comes to now.
///
/// # Errors
/// 403, 404, 412, 422 with all fields that are wrong.
pub fn update_week_approval(
    tx: &mut AuditedTx<'_>,
    id: Id<WeekApproval>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = load_approval(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, APPROVAL)?;
    let before = sealed.for_rules();
    let week = Week::holding(before.week_on);
    let who = (before.user_id, String::new());
    let (counted, _) = counted(tx, &who, week)?;
    let (minutes, reason) = read_approval(tx, &mut form, counted)?;
    form.finish()?;
    let row = WeekApprovalRow {
        counted_minutes: counted,
        approved_minutes: minutes,
        reason,
        approved_by: tx.staff()?.id,
        approved_at: tx.timestamp(),
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..before.clone()
    };
    ambassador_weeks::update_approval(tx, &permit, &row)?;
    finish_approval(tx, id)
}

/// What a week comes to, and its approval if it has one.
fn counted(
    tx: &mut AuditedTx<'_>,
    who: &ByTheHour,
    week: Week,
) -> Result<(i32, Option<WeekApprovalRow>)> {
    let found = ambassador_weeks::weeks(tx, std::slice::from_ref(who), week, week)?.pop();
    Ok(found.map_or((0, None), |sealed| {
        let record = sealed.into_record().0;
        let minutes = i32::try_from(record.work.counted_minutes()).unwrap_or(i32::MAX);
        (minutes, record.approval)
    }))
}

/// The minutes that are approved, with the reason where they are not those that were counted.
fn read_approval(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    counted: i32,
) -> Result<(i32, Option<String>)> {
    let minutes = form.integer("approvedMinutes", 0..=MOST_MINUTES);
    let minutes = minutes.and_then(|minutes| i32::try_from(minutes).ok());
    let reason = form.long_text("reason", 500);
    screen(tx, form)?;
    let minutes = minutes.unwrap_or(counted);
    if minutes != counted && reason.is_none() && form.is_sound() {
        form.wrong("reason", FieldCode::Required);
    }
    Ok((minutes, reason))
}

/// A week has no more.
const MOST_MINUTES: i64 = 7 * 24 * 60;

fn finish_approval(tx: &mut AuditedTx<'_>, id: Id<WeekApproval>) -> Result<View> {
    let sealed = load_approval(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}
