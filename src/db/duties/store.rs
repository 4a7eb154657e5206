//! The rows that settling reads and writes, in the table of the register or that of the compartment.

use crate::db::audited::AuditedTx;
use crate::db::cipher::Hidden;
use crate::db::listing::load_of;
use crate::db::schema::{protected_tasks, tasks};
use crate::db::tasks::{StoredTaskRow, place_of, table_of};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Record, Task, Unit, Youth};
use crate::domain::task::TaskClosing;
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
    let rows: Vec<StoredTaskRow> = in_table!(is_of_compartment, t => load_of!(
        tx.conn(),
        youth_ids,
        t::youth_id,
        t::table.filter(t::closed_at.is_null())
    ))?;
    duties_of(tx, &rows, is_of_compartment)
}

/// The duties behind stored tasks. Asked after every change: of a cipher text only the kind is opened, which a duty has.
fn duties_of(
    tx: &AuditedTx<'_>,
    rows: &[StoredTaskRow],
    is_of_compartment: bool,
) -> Result<Vec<(Id<Task>, Duty)>> {
    rows.iter()
        .map(|row| Ok((row.id, row.duty(tx.vault(), is_of_compartment)?)))
        .collect()
}

/// The open tasks of a unit that no youth of the register stands behind.
///
/// # Errors
/// The database does not answer.
pub(super) fn load_open_loose(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
) -> Result<Vec<(Id<Task>, Duty)>> {
    let rows: Vec<StoredTaskRow> = tasks::table
        .filter(tasks::unit_id.eq(unit_id))
        .filter(tasks::youth_id.is_null())
        .filter(tasks::closed_at.is_null())
        .load(tx.conn())?;
    duties_of(tx, &rows, false)
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
    // In the compartment why one was closed is a secret to the database too.
    let rows: Vec<StoredTaskRow> = if is_of_compartment {
        load_of!(
            tx.conn(),
            &ids,
            protected_tasks::cause_id,
            protected_tasks::table.filter(protected_tasks::closed_at.is_not_null())
        )?
    } else {
        load_of!(
            tx.conn(),
            &ids,
            tasks::cause_id,
            tasks::table.filter(
                tasks::closed_because
                    .eq(TaskClosing::Answered)
                    .assume_not_null()
            )
        )?
    };
    let mut answered = HashSet::with_capacity(rows.len());
    for row in rows {
        if row.closing(tx.vault(), is_of_compartment)? == Some(TaskClosing::Answered) {
            answered.insert(Cause {
                kind: row.kind(tx.vault(), is_of_compartment)?,
                id: row.cause_id,
            });
        }
    }
    Ok(answered)
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
    let place = place_of(table_of(is_of_compartment), id, "closed_because");
    let because = because.close(tx.vault(), &place)?;
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

/// Makes tasks. One that somebody else has made in the same instant is not made twice: of the register's, the two meet in
/// the index of open tasks; of the compartment's, whose kind no index can read, one of the two transactions is undone and
/// tried again (on SQLite there is one writer).
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
    let mut kinds = Vec::with_capacity(made.len());
    for (id, duty) in &made {
        let place = place_of(table_of(is_of_compartment), *id, "kind");
        kinds.push(duty.kind.close(tx.vault(), &place)?);
    }
    let made_with_kinds: Vec<_> = made.iter().zip(kinds).collect();
    for batch in made_with_kinds.chunks(BATCH) {
        in_table!(is_of_compartment, t => {
            let rows: Vec<_> = batch
                .iter()
                .map(|((id, duty), kind)| (
                    t::id.eq(*id),
                    t::kind.eq(kind),
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
