//! The tasks and episodes of a unit as the weekly summary counts them: days and kinds, no ids, no names. Youths with protected
//! identity are left out, as of every count (domain 4.4).

use super::{place_of, table_of};
use crate::clock::start_of;
use crate::db::audited::AuditedTx;
use crate::db::cipher::{CipherText, Hidden};
use crate::db::on_day;
use crate::db::relations::{is_protected, is_unprotected};
use crate::db::schema::{episodes, protected_tasks, tasks, youths};
use crate::db::types::Timestamp;
use crate::domain::id::{Id, Task, Unit};
use crate::domain::task::{TaskClosing, TaskKind};
use crate::domain::weekly_summary::{TaskSpan, Week};
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

type Span = (
    Id<Task>,
    CipherText,
    Timestamp,
    NaiveDate,
    Option<NaiveDate>,
    Option<Timestamp>,
    Option<CipherText>,
    NaiveDate,
    Option<NaiveDate>,
);

/// The tasks of a unit that were open on a day of the week or closed in it: those of the register, or of the compartment.
///
/// # Errors
/// The database does not answer.
pub fn load_spans(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    unit_id: Id<Unit>,
    week: Week,
    is_of_compartment: bool,
) -> Result<Vec<TaskSpan>> {
    let from = Timestamp::of(start_of(week.first_day()));
    let to = Timestamp::of(start_of(
        week.last_day().succ_opt().unwrap_or(week.last_day()),
    ));
    macro_rules! spans {
        ($table:ident) => {
            $table::table
                .filter($table::unit_id.eq(unit_id))
                .filter($table::created_at.lt(to))
                .filter(
                    $table::closed_at
                        .is_null()
                        .or($table::closed_at.ge(from).assume_not_null()),
                )
                .filter(not(exists(
                    youths::table
                        .filter(youths::id.nullable().eq($table::youth_id))
                        .filter(is_protected()),
                )))
                .select((
                    $table::id,
                    $table::kind,
                    $table::created_at,
                    $table::opens_on,
                    $table::ends_on,
                    $table::closed_at,
                    $table::closed_because,
                    $table::due_on,
                    $table::deferred_until,
                ))
                .load(tx.conn())?
        };
    }
    let table = table_of(is_of_compartment);
    let rows: Vec<Span> = if is_of_compartment {
        spans!(protected_tasks)
    } else {
        spans!(tasks)
    };
    let mut spans = Vec::with_capacity(rows.len());
    for (id, kind, made_at, opens_on, ends_on, closed_at, why, due_on, deferred_until) in rows {
        let why: Option<TaskClosing> =
            Hidden::open(why, tx.vault(), &place_of(table, id, "closed_because"))?;
        spans.push(TaskSpan {
            kind: TaskKind::open(kind, tx.vault(), &place_of(table, id, "kind"))?,
            made_on: on_day(made_at),
            opens_on,
            ends_on,
            closed: closed_at.map(on_day).zip(why),
            due_on,
            deferred_until,
        });
    }
    Ok(spans)
}

/// How many episodes of a unit began and ended in a week.
///
/// # Errors
/// The database does not answer.
pub fn count_episodes(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    unit_id: Id<Unit>,
    week: Week,
) -> Result<(i64, i64)> {
    let of_unit = || {
        episodes::table
            .inner_join(youths::table.on(youths::id.eq(episodes::youth_id)))
            .filter(episodes::unit_id.eq(unit_id))
            .filter(is_unprotected())
    };
    let opened = of_unit()
        .filter(episodes::entered_on.between(week.first_day(), week.last_day()))
        .count()
        .get_result(tx.conn())?;
    let closed = of_unit()
        .filter(
            episodes::exited_on
                .between(week.first_day(), week.last_day())
                .assume_not_null(),
        )
        .count()
        .get_result(tx.conn())?;
    Ok((opened, closed))
}
