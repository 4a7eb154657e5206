//! Tasks: one's own work list and the unit's, and what may be done with a task besides the work it asks for: giving it to
//! somebody else, putting it off, answering it. Tasks are made and closed by what is done (`db::duties`), never by hand.

use super::form::Form;
use super::sensitive_terms::screen_unless_apart;
use super::youths::visible_relation;
use super::{Fields, begin_update};
use crate::db::assignments::handlers_now;
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::{YouthKey, load_key};
use crate::db::settings;
use crate::db::tasks::{self, AnyTask, Kept, TaskFilter, TaskRecord, TaskRow};
use crate::db::users;
use crate::db::versions::keep_version;
use crate::domain::id::{Id, Task, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::{AnswerForm, TaskClosing, check_deferral};
use crate::domain::user::Role;
use crate::error::{Error, ErrorCode, FieldCode, Result};
use crate::policy::decide::{
    Relation, may_hold_task, may_reassign, minds_the_forgotten, sees_without_assignment,
};
use crate::policy::reveal::{Permit, Sealed, View};

/// The actor's own work list, or for the chief the unit's (`ofUnit`). Parameters: `kind`, `dueBefore` (a day, itself not
/// included), `includeLater` (also what stands on the list from a later day).
///
/// # Errors
/// 400 for a wrong parameter; 403, also for `ofUnit` of anybody but the chief.
pub fn list_tasks(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    if form.names("ofUnit") && !minds_the_forgotten(tx.actor()) {
        return Err(Error::forbidden_field("ofUnit".to_owned()));
    }
    let filter = TaskFilter {
        due_before: form.date("dueBefore"),
        kind: form.code("kind"),
        includes_later: form.boolean("includeLater").unwrap_or(false),
        is_of_unit: form.boolean("ofUnit").unwrap_or(false),
    };
    form.finish()?;
    let page = tasks::list(tx, &filter, request)?;
    page.try_map(|task| reveal(tx, &task))
}

/// The tasks of one youth: open ones, or with `isOpen=false` closed ones. To the ambassador their own; those of the
/// compartment to whoever may know of them, and to everybody else as if there were none.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_tasks(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    // Each row is looked at again as it is revealed; of the list it is asked whether the actor could have a row in it.
    tx.permit(
        Resource::Tasks,
        &Relation {
            is_own: true,
            ..relation
        },
    )?;
    let is_open = form.boolean("isOpen").unwrap_or(true);
    form.finish()?;
    let page = tasks::list_of_youth(tx, youth_id, is_open, request)?;
    page.try_map(|task| reveal(tx, &task))
}

/// One task of either kind.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_task(tx: &mut AuditedTx<'_>, id: Id<Task>) -> Result<View> {
    let task = tasks::load(tx, id)?;
    reveal(tx, &task)
}

fn reveal(tx: &mut AuditedTx<'_>, task: &AnyTask) -> Result<View> {
    match task {
        AnyTask::Open(sealed) => tx.reveal(sealed),
        AnyTask::Protected(sealed) => tx.reveal(sealed),
    }
}

/// Gives a task to somebody else, or with null back to whom it belongs by itself.
///
/// # Errors
/// 404; 403 at `/responsibleId` for whoever may not give it to that person; 409 when it is closed; 412; 422 for somebody
/// who is not an active member of the unit's staff who may see the youth.
pub fn reassign_task(
    tx: &mut AuditedTx<'_>,
    id: Id<Task>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    match tasks::load(tx, id)? {
        AnyTask::Open(sealed) => reassign(tx, &sealed, version, patch, false),
        AnyTask::Protected(sealed) => reassign(tx, &sealed, version, patch, true),
    }
}

fn reassign<K: Kept>(
    tx: &mut AuditedTx<'_>,
    sealed: &Sealed<K>,
    version: i64,
    patch: Fields,
    is_of_compartment: bool,
) -> Result<View> {
    let (permit, mut form) = begin_update(tx, sealed, version, patch, &["responsibleId"])?;
    let record = sealed.for_rules().record();
    let to: Option<Id<User>> = form.id("responsibleId");
    let role = match to {
        Some(user_id) => find_holder(tx, &record.row, user_id, is_of_compartment)?,
        None => None,
    };
    let is_handler = match record.row.youth_id {
        Some(youth_id) => {
            handlers_now(tx, &[youth_id])?.get(&youth_id).copied() == tx.actor().user_id()
        }
        None => false,
    };
    if form.is_sound() && !may_reassign(tx.actor(), is_of_compartment, is_handler, role) {
        return Err(Error::forbidden_field("/responsibleId".to_owned()));
    }
    if to.is_some() && role.is_none() {
        form.wrong("responsibleId", FieldCode::NoSuchRecord);
    } else if role.is_some_and(|role| !may_hold_task(role, record.row.kind)) {
        form.wrong("responsibleId", FieldCode::WrongRole);
    }
    form.finish()?;
    let mut record = opened(tx, record)?;
    record.row.reassigned_to = to.filter(|to| Some(*to) != record.row.responsible_id);
    finish::<K>(tx, &permit, sealed, record)
}

/// The role of somebody who can have the task: active, of the unit, and with the youth in sight. Others are to the asker as
/// if they did not exist.
fn find_holder(
    tx: &mut AuditedTx<'_>,
    row: &TaskRow,
    user_id: Id<User>,
    is_of_compartment: bool,
) -> Result<Option<Role>> {
    let user = users::find(tx, user_id)?
        .filter(|user| user.is_active && user.unit_id == Some(row.unit_id));
    let Some(user) = user else { return Ok(None) };
    let Some(youth_id) = row.youth_id else {
        return Ok(Some(user.role));
    };
    let YouthKey {
        protection_level, ..
    } = load_key(tx, youth_id)?;
    let is_free = !is_of_compartment
        && !protection_level.is_protected()
        && sees_without_assignment(user.role);
    let has_it = is_free || crate::db::assignments::is_assigned(tx, youth_id, user_id)?;
    Ok(has_it.then_some(user.role))
}

/// Puts a task off until a later day, with the reason.
///
/// # Errors
/// 404; 403 for a task that does not stand on the actor's list; 409 when it is closed or cannot be put off; 412; 422 with
/// all fields that are wrong.
pub fn defer_task(
    tx: &mut AuditedTx<'_>,
    id: Id<Task>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    match tasks::load(tx, id)? {
        AnyTask::Open(sealed) => defer(tx, &sealed, version, fields),
        AnyTask::Protected(sealed) => defer(tx, &sealed, version, fields),
    }
}

fn defer<K: Kept>(
    tx: &mut AuditedTx<'_>,
    sealed: &Sealed<K>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let permit = begin_deed(tx, sealed, version)?;
    let mut record = opened(tx, sealed.for_rules().record())?;
    if !record.row.kind.is_deferrable() {
        return Err(ErrorCode::TaskNotDeferrable.into());
    }
    let mut form = Form::of_body(fields);
    let until = form.date("until");
    let until = form.require("until", until);
    let reason = form.long_text("reason", 500);
    let reason = form.require("reason", reason);
    screen_unless_apart(tx, &mut form, K::RESOURCE.is_of_compartment())?;
    let most_days = settings::load(tx)?.most_days_deferred;
    form.add(until.and_then(|until| check_deferral(until, tx.today(), most_days)));
    let (until, reason) = form.finish_with(until.zip(reason))?;
    record.row.deferred_until = Some(until);
    record.row.deferral_reason = Some(reason);
    finish::<K>(tx, &permit, sealed, record)
}

/// Answers a task that the work registered here cannot close by itself.
///
/// # Errors
/// 404; 403 for a task that does not stand on the actor's list; 409 when it is closed or is closed by the work itself;
/// 412; 422 with all fields that are wrong.
pub fn answer_task(
    tx: &mut AuditedTx<'_>,
    id: Id<Task>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    match tasks::load(tx, id)? {
        AnyTask::Open(sealed) => answer(tx, &sealed, version, fields),
        AnyTask::Protected(sealed) => answer(tx, &sealed, version, fields),
    }
}

fn answer<K: Kept>(
    tx: &mut AuditedTx<'_>,
    sealed: &Sealed<K>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let permit = begin_deed(tx, sealed, version)?;
    let mut record = opened(tx, sealed.for_rules().record())?;
    let Some(answer_form) = record.row.kind.answer_form() else {
        return Err(ErrorCode::TaskMetByWork.into());
    };
    let mut form = Form::of_body(fields);
    let name = match answer_form {
        AnswerForm::Reported => "reportedOn",
        AnswerForm::Done => "doneOn",
    };
    let day = form.date(name);
    let day = form.require(name, day);
    let mut reference = form.text("reference", 100);
    if answer_form == AnswerForm::Reported {
        reference = form.require("reference", reference);
    }
    if day.is_some_and(|day| day > tx.today()) {
        form.wrong(name, FieldCode::InFuture);
    }
    let day = form.finish_with(day)?;
    record.row.answered_on = Some(day);
    record.row.answer_reference = reference;
    record.row.closed_at = Some(tx.timestamp());
    record.row.closed_because = Some(TaskClosing::Answered);
    finish::<K>(tx, &permit, sealed, record)
}

/// Begins a deed on a task: permitted, and the version is the one in force.
fn begin_deed<K: Kept>(tx: &AuditedTx<'_>, sealed: &Sealed<K>, version: i64) -> Result<Permit> {
    let permit = tx.permit(K::RESOURCE, sealed.relation())?;
    let row = &sealed.for_rules().record().row;
    if row.version == version {
        Ok(permit)
    } else {
        Err(Error::stale(row.version))
    }
}

/// A task that still asks for something.
fn opened(tx: &AuditedTx<'_>, record: &TaskRecord) -> Result<TaskRecord> {
    if record.row.is_open_on(tx.today()) {
        Ok(record.clone())
    } else {
        Err(ErrorCode::TaskClosed.into())
    }
}

fn finish<K: Kept>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    sealed: &Sealed<K>,
    mut record: TaskRecord,
) -> Result<View> {
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    let task = K::of(record);
    task.update(tx, permit)?;
    keep_version(tx, &task)?;
    tx.reveal(&Sealed::new(task, sealed.relation().clone()))
}
