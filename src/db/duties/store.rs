//! The rows that settling reads and writes, in the table of the register or that of the compartment.

use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{protected_tasks, tasks};
use crate::db::tasks::TaskRow;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Record, Task, Youth};
use crate::domain::task::{TaskClosing, TaskKind};
use crate::error::Result;
use diesel::prelude::*;
use std::collections::HashSet;

/// Rows in one statement.
const BATCH: usize = 200;

/// What has become of a task, for the audit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    Made(Id<Task>),
    Moved(Id<Task>),
    Closed(Id<Task>),
}

impl Change {
    /// The task and the fields that were set.
    pub(super) const fn told(self) -> (Id<Task>, &'static str) {
        match self {
            Self::Made(id) => (id, "kind,dueOn"),
            Self::Moved(id) => (id, "dueOn"),
            Self::Closed(id) => (id, "closedAt,closedBecause"),
        }
    }
}

/// Does the same in the table of the register or that of the compartment: `in_table!(is_of_compartment, t => expression)`.
macro_rules! in_table {
    ($is_of_compartment:expr, $t:ident => $body:expr) => {
        if $is_of_compartment {
            use protected_tasks as $t;
            $body
        } else {
            use tasks as $t;
            $body
        }
    };
}

/// The open tasks of some youths with the duties that they stand for.
///
/// # Errors
/// The database does not answer.
pub(super) fn load_open(
    tx: &mut AuditedTx<'_>,
    youth_ids: &[Id<Youth>],
    is_of_compartment: bool,
) -> Result<Vec<(Id<Task>, Duty)>> {
    let rows: Vec<TaskRow> = in_table!(is_of_compartment, t => load_of!(
        tx.conn(),
        youth_ids,
        t::youth_id,
        t::table.filter(t::closed_at.is_null())
    ))?;
    Ok(rows
        .iter()
        .map(|row| (row.id, row.duty(is_of_compartment)))
        .collect())
}

/// Which of some causes have been answered.
///
/// # Errors
/// The database does not answer.
pub(super) fn load_answered(
    tx: &mut AuditedTx<'_>,
    causes: &[Cause],
    is_of_compartment: bool,
) -> Result<HashSet<Cause>> {
    let ids: Vec<Id<Record>> = causes.iter().map(|cause| cause.id).collect();
    let rows: Vec<(TaskKind, Id<Record>)> = in_table!(is_of_compartment, t => load_of!(
        tx.conn(),
        &ids,
        t::cause_id,
        t::table
            .filter(t::closed_because.eq(TaskClosing::Answered).assume_not_null())
            .select((t::kind, t::cause_id))
    ))?;
    Ok(rows
        .into_iter()
        .map(|(kind, id)| Cause { kind, id })
        .collect())
}

/// Closes a task.
///
/// # Errors
/// The database does not answer.
pub(super) fn close(
    tx: &mut AuditedTx<'_>,
    id: Id<Task>,
    because: TaskClosing,
    is_of_compartment: bool,
) -> Result<()> {
    let now = tx.timestamp();
    in_table!(is_of_compartment, t => diesel::update(t::table.find(id))
        .set((
            t::closed_at.eq(now),
            t::closed_because.eq(because),
            t::updated_at.eq(now),
            t::version.eq(t::version + 1),
        ))
        .execute(tx.conn()))?;
    Ok(())
}

/// Lets a task say what its duty says now.
///
/// # Errors
/// The database does not answer.
pub(super) fn move_to(tx: &mut AuditedTx<'_>, id: Id<Task>, duty: &Duty) -> Result<()> {
    let now = tx.timestamp();
    in_table!(duty.is_of_compartment, t => diesel::update(t::table.find(id))
        .set((
            t::youth_id.eq(duty.youth_id),
            t::unit_id.eq(duty.unit_id),
            t::episode_id.eq(duty.episode_id),
            t::record_id.eq(duty.record_id),
            t::due_on.eq(duty.due_on),
            t::opens_on.eq(duty.opens_on),
            t::ends_on.eq(duty.ends_on),
            t::responsible_id.eq(duty.responsible_id),
            t::updated_at.eq(now),
            t::version.eq(t::version + 1),
        ))
        .execute(tx.conn()))?;
    Ok(())
}

/// Makes tasks. One that somebody else has made in the same instant is not made twice: there the two meet in the index of
/// open tasks.
///
/// # Errors
/// The database does not answer.
pub(super) fn insert(
    tx: &mut AuditedTx<'_>,
    duties: &[Duty],
    is_of_compartment: bool,
) -> Result<Vec<(Id<Task>, Duty)>> {
    let now = tx.timestamp();
    let made: Vec<(Id<Task>, Duty)> = duties.iter().map(|duty| (Id::fresh(), *duty)).collect();
    for batch in made.chunks(BATCH) {
        in_table!(is_of_compartment, t => {
            let rows: Vec<_> = batch
                .iter()
                .map(|(id, duty)| (
                    t::id.eq(*id),
                    t::kind.eq(duty.kind),
                    t::youth_id.eq(duty.youth_id),
                    t::unit_id.eq(duty.unit_id),
                    t::episode_id.eq(duty.episode_id),
                    t::cause_id.eq(duty.cause_id),
                    t::record_id.eq(duty.record_id),
                    t::due_on.eq(duty.due_on),
                    t::opens_on.eq(duty.opens_on),
                    t::ends_on.eq(duty.ends_on),
                    t::responsible_id.eq(duty.responsible_id),
                    t::created_at.eq(now),
                    t::updated_at.eq(now),
                    t::version.eq(1_i64),
                ))
                .collect();
            crate::on_each!(tx.conn(), c => diesel::insert_into(t::table)
                .values(&rows)
                .on_conflict_do_nothing()
                .execute(c))
        })?;
    }
    Ok(made)
}
