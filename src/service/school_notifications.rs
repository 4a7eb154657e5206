//! What schools tell: taken in, listed until somebody has handled it, and what then follows for the youth.
//! Of somebody outside the register nothing is kept but what the school told, and that only until it is handled (förordning
//! 2006:39 3 §): it leads either into the register or to nothing. For the same reason no earlier version is kept.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{create_youth, read_identity};
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::enrolments::{self, EnrolmentRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::relation_to;
use crate::db::school_notifications::{self, SchoolNotificationFilter, SchoolNotificationRow};
use crate::db::versions::keep_version;
use crate::db::youths;
use crate::domain::codes::Code;
use crate::domain::id::{Id, SchoolNotification, Youth};
use crate::domain::identity_number::IdentityNumber;
use crate::domain::operation::Resource;
use crate::domain::school_notification::{
    Notification, NotificationKind, NotificationOutcome, NotificationStatus, check_handling,
    check_notification,
};
use crate::domain::target_group::codes::{FactSource, ProgrammeKind, SchoolType};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Permit, View};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// The schools that must tell: gymnasieskola (15:15) and anpassad gymnasieskola (18:15).
const SCHOOL_TYPES: [SchoolType; 2] = [SchoolType::Gy, SchoolType::Gys];

/// What schools have told, latest received first. Parameters: `status`, `kind`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_school_notifications(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::SchoolNotifications,
        &parameters,
        &[("status", "status"), ("kind", "kind")],
    )?;
    let filter = SchoolNotificationFilter {
        status: parameters.code("status"),
        kind: parameters.code("kind"),
    };
    parameters.finish()?;
    let page = school_notifications::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One notification.
///
/// # Errors
/// 403 or 404.
pub fn read_school_notification(
    tx: &mut AuditedTx<'_>,
    id: Id<SchoolNotification>,
) -> Result<View> {
    let sealed = school_notifications::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Takes in what a school has told. A number of the unit's register ties it to the youth; any other number waits with the
/// name until somebody handles it.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn receive_school_notification(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::SchoolNotifications, &relation, fields)?;
    let mut row = read_told(tx, form)?;
    if let Some(number) = row.identity()
        && let Some(youth_id) = youths::find_by_identity(tx, &number)?
        && relation_to(tx, youth_id)?.is_same_unit
    {
        row.youth_id = Some(youth_id);
    }
    school_notifications::insert(tx, &permit, &row)?;
    read_school_notification(tx, row.id)
}

fn read_told(tx: &AuditedTx<'_>, mut form: Form) -> Result<SchoolNotificationRow> {
    let today = tx.today();
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let number = read_identity(&mut form, today);
    let number = form.require("identityNumber", number);
    let given_name = form.text("givenName", 100);
    let given_name = form.require("givenName", given_name);
    let family_name = form.text("familyName", 100);
    let family_name = form.require("familyName", family_name);
    let school = form.text("school", 200);
    let school = form.require("school", school);
    let school_type = read_school_type(&mut form);
    let school_type = form.require("schoolType", school_type);
    let study_path = form.text("studyPath", 20);
    let occurred_on = form.date("occurredOn");
    let occurred_on = form.require("occurredOn", occurred_on);
    let received_on = if form.has("receivedOn") {
        form.date("receivedOn")
    } else {
        Some(today)
    };
    if let (Some(kind), Some(occurred_on), Some(received_on)) = (kind, occurred_on, received_on) {
        let told = Notification {
            kind,
            occurred_on,
            received_on,
            birth_date: number.as_ref().and_then(IdentityNumber::birth_date),
        };
        form.add(check_notification(&told, today));
    }
    let now = tx.timestamp();
    let row = (|| {
        let number = number?;
        Some(SchoolNotificationRow {
            id: Id::fresh(),
            unit_id: own_unit(tx),
            youth_id: None,
            kind: kind?,
            school: school?,
            school_type: school_type?,
            study_path,
            occurred_on: occurred_on?,
            received_on: received_on?,
            identifier_kind: Some(number.kind().code().to_owned()),
            identifier_value: Some(number.as_str().to_owned()),
            given_name,
            family_name,
            status: NotificationStatus::Pending,
            outcome: None,
            reason: None,
            handled_by: None,
            handled_at: None,
            created_by: tx.actor().user_id(),
            created_at: now,
            updated_at: now,
            version: 1,
        })
    })();
    form.finish_with(row)
}

fn read_school_type(form: &mut Form) -> Option<SchoolType> {
    let words = SCHOOL_TYPES.map(Code::code);
    form.one_of("schoolType", &words)
        .and_then(SchoolType::from_code)
}

/// How a notification is answered.
struct Answer {
    outcome: NotificationOutcome,
    reason: Option<String>,
    is_to_register: bool,
}

/// Handles a notification: the enrolment is recorded, a preventive contact is to be made, or nothing with a reason.
/// Somebody outside the register is registered with it if `register` says so; no episode is opened by it.
///
/// # Errors
/// 403 or 404; 412; 409 when it is handled, when the person is not in the register and is not to be registered, or when
/// the number is another's; 422 with all fields that are wrong.
pub fn handle_school_notification(
    tx: &mut AuditedTx<'_>,
    id: Id<SchoolNotification>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = school_notifications::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, fields, &[])?;
    let (mut row, _) = sealed.into_record();
    if row.status != NotificationStatus::Pending {
        return Err(ErrorCode::NotificationHandled.into());
    }
    let answer = read_answer(tx, row.kind, form)?;
    if answer.outcome != NotificationOutcome::NoAction {
        let youth_id = person(tx, &row, answer.is_to_register)?;
        row.youth_id = Some(youth_id);
        if answer.outcome == NotificationOutcome::EnrolmentRecorded {
            record_enrolment(tx, &permit, &row, youth_id)?;
        }
    }
    row.status = NotificationStatus::Handled;
    row.outcome = Some(answer.outcome);
    row.reason = answer.reason;
    row.identifier_kind = None;
    row.identifier_value = None;
    row.given_name = None;
    row.family_name = None;
    row.handled_by = tx.actor().user_id();
    row.handled_at = Some(tx.timestamp());
    row.updated_at = tx.timestamp();
    row.version += 1;
    school_notifications::update(tx, &permit, &row)?;
    read_school_notification(tx, id)
}

fn read_answer(tx: &mut AuditedTx<'_>, kind: NotificationKind, mut form: Form) -> Result<Answer> {
    let outcome = form.code("outcome");
    let outcome = form.require("outcome", outcome);
    let reason = form.long_text("reason", 500);
    screen(tx, &mut form)?;
    let is_to_register = form.boolean("register").unwrap_or(false);
    if let Some(outcome) = outcome {
        form.add(check_handling(kind, outcome, reason.as_deref()));
        if is_to_register && outcome == NotificationOutcome::NoAction {
            form.wrong("register", FieldCode::NotWithOther);
        }
    }
    form.finish_with(outcome.map(|outcome| Answer {
        outcome,
        reason,
        is_to_register,
    }))
}

/// The youth that a notification is about: known, found since, or registered now.
///
/// # Errors
/// 404 for a youth that the actor may not see; 409 when the person is not in the register, or in somebody else's.
fn person(
    tx: &mut AuditedTx<'_>,
    row: &SchoolNotificationRow,
    is_to_register: bool,
) -> Result<Id<Youth>> {
    if let Some(youth_id) = row.youth_id {
        return Ok(youth_id);
    }
    let number = row
        .identity()
        .ok_or_else(|| Error::internal("a waiting notification has no person"))?;
    if let Some(youth_id) = youths::find_by_identity(tx, &number)? {
        let relation = relation_to(tx, youth_id)?;
        return if sees(tx.actor(), Resource::Youths, &relation) {
            Ok(youth_id)
        } else {
            Err(ErrorCode::AlreadyExists.into())
        };
    }
    if !is_to_register {
        return Err(ErrorCode::PersonNotRegistered.into());
    }
    if number.birth_date().is_none() {
        let problem = FieldError::with("/register", FieldCode::NotWithOther, "identityNumber");
        return Err(problem.into());
    }
    let told = json!({
        "identityNumber": number.as_str(),
        "givenName": row.given_name,
        "familyName": row.family_name,
    });
    let Value::Object(told) = told else {
        return Err(Error::internal("an object is no object"));
    };
    let youth = create_youth(tx, told)?;
    youth
        .fields
        .get("id")
        .and_then(|id| serde_json::from_value(id.clone()).ok())
        .ok_or_else(|| Error::internal("a registered youth has no id"))
}

/// Enters what the school told among the enrolments of the youth: a beginning that is not known yet, or the end of what
/// goes on. An end of which no beginning is known is entered all the same, for it tells of a place that was.
fn record_enrolment(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    told: &SchoolNotificationRow,
    youth_id: Id<Youth>,
) -> Result<()> {
    let known = enrolments::of_youths(tx, &[youth_id])?;
    let is_start = told.kind == NotificationKind::Started;
    let (row, is_new) = match matching(&known, told) {
        Some(same) if is_start => {
            note(tx, same);
            return Ok(());
        }
        Some(going_on) => (ended(tx, going_on.clone(), told.occurred_on), false),
        None => (entered(tx, told, youth_id), true),
    };
    if is_new {
        enrolments::insert_many(tx, permit, std::slice::from_ref(&row))?;
    } else {
        enrolments::update(tx, permit, &row)?;
    }
    keep_version(tx, &row)?;
    note(tx, &row);
    Ok(())
}

fn note(tx: &mut AuditedTx<'_>, row: &EnrolmentRow) {
    let changed = "schoolType,studyPathCode,school,startsOn,endsOn";
    tx.note(
        Resource::Enrolments,
        Some(row.youth_id),
        Some(row.id.cast()),
        changed,
    );
}

/// The known enrolment that a notification is about: for a beginning the one of that day, for an end the one that goes on,
/// at that school rather than another.
fn matching<'k>(
    known: &'k [EnrolmentRow],
    told: &SchoolNotificationRow,
) -> Option<&'k EnrolmentRow> {
    known
        .iter()
        .filter(|row| row.void_reason.is_none() && row.school_type == told.school_type)
        .filter(|row| match told.kind {
            NotificationKind::Started => row.starts_on == Some(told.occurred_on),
            _ => {
                row.starts_on.is_none_or(|day| day <= told.occurred_on)
                    && row.ends_on.is_none_or(|day| day > told.occurred_on)
            }
        })
        .max_by_key(|row| (row.school.as_deref() == Some(&told.school), row.starts_on))
}

/// An enrolment that ends on a day. One that ends before its known end was broken off.
fn ended(tx: &AuditedTx<'_>, row: EnrolmentRow, on: NaiveDate) -> EnrolmentRow {
    EnrolmentRow {
        is_cancelled: row.is_cancelled || row.ends_on.is_some_and(|day| day > on),
        ends_on: Some(on),
        updated_at: tx.timestamp(),
        version: row.version + 1,
        ..row
    }
}

fn entered(tx: &AuditedTx<'_>, told: &SchoolNotificationRow, youth_id: Id<Youth>) -> EnrolmentRow {
    let is_start = told.kind == NotificationKind::Started;
    let day = Some(told.occurred_on);
    EnrolmentRow {
        id: Id::fresh(),
        youth_id,
        school_type: told.school_type,
        programme_kind: ProgrammeKind::Unknown,
        study_path_code: told.study_path.clone(),
        school: Some(told.school.clone()),
        municipality_code: None,
        // What begins later is known from the day on which the school told it.
        admitted_on: Some(told.received_on).filter(|told_on| is_start && Some(*told_on) < day),
        starts_on: day.filter(|_| is_start),
        ends_on: day.filter(|_| !is_start),
        is_cancelled: false,
        source: FactSource::School,
        void_reason: None,
        created_by: tx.actor().user_id(),
        created_at: tx.timestamp(),
        updated_at: tx.timestamp(),
        version: 1,
    }
}
