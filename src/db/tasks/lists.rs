//! Whose list does a task stand on?
//!
//! Whoever it was given to has it, as long as they may see the youth; else it stands on the list of whoever made its cause
//! and of the youth's responsible handler. What stands on nobody's list that way comes up on the chief's, so that no task
//! is forgotten because somebody left. A task of the compartment stands on the list of the one who made its cause and is
//! still assigned, else of everybody who is assigned and may see it; and nowhere else. Is nobody assigned who may see it,
//! the chief is asked to assign a socionom, without being told for what (`duties::socionoms`).
//!
//! A task stands on lists from the day it opens, or until when it was put off; on the day its duty ends it is gone, whether
//! or not it has been closed.

use super::{AnyTask, PROTECTED, StoredTaskRow, TaskRow, seal, seal_with};
use crate::db::audited::AuditedTx;
use crate::db::cipher::AllStored;
use crate::db::listing::{SortKey, id_of_place, list_scope};
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::{is_unprotected, protection_in_sql};
use crate::db::schema::sql::Guid;
use crate::db::schema::{assignments, protected_tasks, tasks, users, youths};
use crate::domain::codes::{AssignmentKind, Code};
use crate::domain::id::{Id, Task, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::TaskKind;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{may_hold_task, minds_the_forgotten, roles_without_assignment, sees};
use chrono::NaiveDate;
use diesel::dsl::{self, exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::collections::HashSet;
use uuid::Uuid;

/// Which tasks are asked for.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    pub kind: Option<TaskKind>,
    /// Due before this day.
    pub due_before: Option<NaiveDate>,
    /// Also those that stand on lists from a later day only.
    pub includes_later: bool,
    /// All of the actor's unit instead of the actor's own.
    pub is_of_unit: bool,
}

/// Whether an assignment to a youth runs: `runs!(tx, youth_id)` of anybody, `.. user: x` of somebody, `.. kind: k` of a kind.
macro_rules! runs {
    ($tx:expr, $youth_id:expr $(, user: $user:expr)? $(, kind: $kind:expr)?) => {
        exists(
            assignments::table
                .filter(assignments::youth_id.eq($youth_id))
                $(.filter(assignments::user_id.nullable().eq($user)))?
                $(.filter(assignments::kind.eq($kind)))?
                .filter(crate::db::assignments::runs_at($tx.timestamp())),
        )
    };
}

/// Whether somebody may see the youth of a row: `has!(tx, free, column)`, where `free` are those who need not be assigned.
macro_rules! has {
    ($tx:expr, $free:expr, $column:expr) => {
        $column.is_not_null().and(
            $column
                .eq_any($free)
                .assume_not_null()
                .and(is_unprotected())
                .or(runs!($tx, youths::id, user: $column)),
        )
    };
}

/// Whether the rows of a table are of a unit, and an index may lead from it to them.
macro_rules! by_unit {
    ($table:ident, $unit_id:expr) => {
        $table::unit_id.eq($unit_id)
    };
}

/// As [`by_unit`], but by no bare column: no index may lead from the unit to all its tasks, or all its youths, where another leads
/// to the few that are asked for.
macro_rules! besides_unit {
    ($table:ident, $unit_id:expr) => {
        dsl::sql::<Bool>(concat!(
            "coalesce(",
            stringify!($table),
            ".unit_id, ",
            stringify!($table),
            ".unit_id) = "
        ))
        .bind::<Guid, _>($unit_id)
    };
}

/// The tasks of a table with their youths, as far as the actor may see them. What is for the chief's eyes alone the chief has
/// of a protected identity too, for nobody else is left who has it; a name is told of none.
macro_rules! of_seen_youths {
    ($tx:expr, $table:ident, $unit_is:ident $(, or: $or:expr)?) => {{
        let me = $tx.staff()?;
        let unit_id = me.unit_id.unwrap_or(Id::of(Uuid::nil()));
        let mut query = $table::table
            .inner_join(youths::table.on(youths::id.nullable().eq($table::youth_id)))
            .filter($unit_is!(youths, unit_id))
            .filter($unit_is!($table, unit_id))
            .filter(
                is_unprotected()
                    .or(runs!($tx, youths::id, user: Some(me.id)))
                    $(.or($or))?,
            )
            .select($table::all_columns)
            .into_boxed();
        if list_scope($tx, Resource::Youths) != Scope::Unit {
            query = query.filter(runs!($tx, youths::id, user: Some(me.id)));
        }
        query
    }};
}

/// Those of the register on the actor's own list.
macro_rules! own {
    ($tx:expr, $free:expr) => {{
        let me = $tx.staff()?.id;
        let free: &[Id<User>] = $free;
        let query =
            of_seen_youths!($tx, tasks, besides_unit, or: tasks::kind.eq_any(chiefs_kinds($tx)));
        let was_given = has!($tx, free.to_vec(), tasks::reassigned_to);
        let is_made = tasks::responsible_id.eq(me).assume_not_null();
        let is_handled = runs!($tx, youths::id, user: Some(me), kind: AssignmentKind::Handler);
        let is_given = tasks::reassigned_to.eq(me).assume_not_null();
        if minds_the_forgotten($tx.actor()) {
            let has_maker = has!($tx, free.to_vec(), tasks::responsible_id);
            let has_handler = runs!($tx, youths::id, kind: AssignmentKind::Handler);
            let is_chiefs = tasks::kind.eq_any(chiefs_kinds($tx));
            query.filter(is_given.or(is_chiefs).or(not(was_given).and(
                is_made.or(is_handled).or(not(has_maker).and(not(has_handler))),
            )))
        } else {
            query.filter(is_given.or(not(was_given).and(is_made.or(is_handled))))
        }
    }};
}

/// A way from somebody to the tasks that may stand on their list. Each is short in the database, by an index in the order of the
/// days due, however many tasks of others are open; whether a task does stand there is said by [`own`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Given to them.
    Given,
    /// They made its cause.
    Made,
    /// They are the youth's responsible handler.
    Handled,
    /// Of a kind for the chief's eyes.
    Chiefs,
    /// Nobody in particular made its cause.
    Unmade,
    /// Somebody made its cause who may not see the youth any more.
    MadeByOthers,
    /// Of a youth with protected identity, whom those who made its cause may not see.
    OfProtected,
}

impl Way {
    /// All ways to the list of whoever asks.
    fn all(tx: &AuditedTx<'_>) -> &'static [Self] {
        const CHIEFS: [Way; 7] = [
            Way::Given,
            Way::Made,
            Way::Handled,
            Way::Chiefs,
            Way::Unmade,
            Way::MadeByOthers,
            Way::OfProtected,
        ];
        if minds_the_forgotten(tx.actor()) {
            &CHIEFS
        } else {
            &CHIEFS[..3]
        }
    }
}

/// The part of a query of [`own`] that one way leads to.
macro_rules! on_way {
    ($tx:expr, $free:expr, $query:expr, $way:expr) => {{
        let (me, query) = ($tx.staff()?, $query);
        match $way {
            Way::Given => query.filter(tasks::reassigned_to.eq(me.id).assume_not_null()),
            Way::Made => query.filter(tasks::responsible_id.eq(me.id).assume_not_null()),
            Way::Handled => query.filter(
                tasks::youth_id
                    .eq_any(
                        assignments::table
                            .filter(assignments::user_id.eq(me.id))
                            .filter(assignments::kind.eq(AssignmentKind::Handler))
                            .filter(crate::db::assignments::runs_at($tx.timestamp()))
                            .select(assignments::youth_id.nullable()),
                    )
                    .assume_not_null(),
            ),
            Way::Chiefs => query.filter(tasks::kind.eq_any(chiefs_kinds($tx))),
            Way::Unmade => query.filter(tasks::responsible_id.is_null()),
            Way::MadeByOthers => {
                let others = users::table
                    .filter(users::id.ne_all($free.to_vec()))
                    .select(users::id.nullable());
                query.filter(tasks::responsible_id.eq_any(others).assume_not_null())
            }
            Way::OfProtected => {
                let hidden = diesel::alias!(youths as hidden);
                let unit_id = me.unit_id.unwrap_or(Id::of(Uuid::nil()));
                let is_protected = dsl::sql::<Bool>(&protection_in_sql("hidden", true));
                let hidden_ids = hidden
                    .filter(hidden.field(youths::unit_id).eq(unit_id))
                    .filter(is_protected)
                    .select(hidden.field(youths::id).nullable());
                query.filter(tasks::youth_id.eq_any(hidden_ids).assume_not_null())
            }
        }
    }};
}

/// Those without a youth on the actor's own list: whoever it was given to or made it, else all who read their cause.
macro_rules! own_of_nobody {
    ($tx:expr, $free:expr) => {{
        let me = $tx.staff()?;
        let free: &[Id<User>] = $free;
        let unit_id = me.unit_id.unwrap_or(Id::of(Uuid::nil()));
        let was_given = tasks::reassigned_to
            .is_not_null()
            .and(tasks::reassigned_to.eq_any(free.to_vec()).assume_not_null());
        let has_maker = tasks::responsible_id.is_not_null().and(
            tasks::responsible_id
                .eq_any(free.to_vec())
                .assume_not_null(),
        );
        tasks::table
            .filter(tasks::youth_id.is_null())
            .filter(tasks::unit_id.eq(unit_id))
            .filter(
                tasks::reassigned_to
                    .eq(me.id)
                    .assume_not_null()
                    .or(not(was_given).and(
                        tasks::responsible_id
                            .eq(me.id)
                            .assume_not_null()
                            .or(not(has_maker)),
                    )),
            )
            .into_boxed()
    }};
}

/// Those of the actor's unit about youths of another one, who are to be taken over: for all who read the cause. Of a
/// protected identity the chief alone is told, and nobody the name.
macro_rules! awaited {
    ($tx:expr) => {{
        let me = $tx.staff()?;
        let unit_id = me.unit_id.unwrap_or(Id::of(Uuid::nil()));
        let mut query = tasks::table
            .inner_join(youths::table.on(youths::id.nullable().eq(tasks::youth_id)))
            // The one kind that waits for another unit than the youth's.
            .filter(tasks::kind.eq(TaskKind::DecideTransfer))
            .filter(besides_unit!(tasks, unit_id))
            .filter(youths::unit_id.ne(unit_id))
            .filter(
                tasks::reassigned_to
                    .is_null()
                    .or(tasks::reassigned_to.eq(me.id).assume_not_null()),
            )
            .select(tasks::all_columns)
            .into_boxed();
        if !minds_the_forgotten($tx.actor()) {
            query = query.filter(is_unprotected());
        }
        query
    }};
}

/// Those of the compartment on the actor's own list.
macro_rules! own_of_compartment {
    ($tx:expr) => {{
        let me = $tx.staff()?.id;
        let is_made = protected_tasks::responsible_id.eq(me).assume_not_null();
        let is_given = protected_tasks::reassigned_to.eq(me).assume_not_null();
        let was_given = protected_tasks::reassigned_to
            .is_not_null()
            .and(runs!($tx, youths::id, user: protected_tasks::reassigned_to));
        let has_maker = protected_tasks::responsible_id
            .is_not_null()
            .and(runs!($tx, youths::id, user: protected_tasks::responsible_id));
        of_seen_youths!($tx, protected_tasks, by_unit)
            .filter(runs!($tx, youths::id, user: Some(me)))
            .filter(
                is_given
                    .or(protected_tasks::responsible_id.is_null())
                    .or(not(was_given).and(is_made.or(not(has_maker)))),
            )
    }};
}

/// The part of a query that the page asks for, by the day due; whatever the kind.
macro_rules! page_part {
    ($tx:expr, $query:expr, $table:ident, $filter:expr, $request:expr) => {{
        let (filter, request, today) = ($filter, $request, $tx.today());
        let mut query = $query.filter($table::closed_at.is_null()).filter(
            $table::ends_on
                .is_null()
                .or($table::ends_on.gt(today).assume_not_null()),
        );
        if !filter.includes_later {
            query = query.filter($table::opens_on.le(today)).filter(
                $table::deferred_until
                    .is_null()
                    .or($table::deferred_until.le(today).assume_not_null()),
            );
        }
        if let Some(day) = filter.due_before {
            query = query.filter($table::due_on.lt(day));
        }
        if let Some((day, id)) = place(request)? {
            query = if request.is_backwards() {
                query.filter(
                    $table::due_on
                        .lt(day)
                        .or($table::due_on.eq(day).and($table::id.lt(id))),
                )
            } else {
                query.filter(
                    $table::due_on
                        .gt(day)
                        .or($table::due_on.eq(day).and($table::id.gt(id))),
                )
            };
        }
        query = if request.is_backwards() {
            query.order(($table::due_on.desc(), $table::id.desc()))
        } else {
            query.order(($table::due_on.asc(), $table::id.asc()))
        };
        query
    }};
}

/// The actor's work list, or the unit's, longest overdue first.
///
/// # Errors
/// 403 for anybody but a member of staff; 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &TaskFilter,
    request: &PageRequest,
) -> Result<Page<AnyTask>> {
    let kinds = read_kinds(tx);
    let narrows = kinds.len() < TaskKind::ALL.len();
    let most = request.offset().saturating_add(request.limit + 1);
    let mut open: Vec<StoredTaskRow> = Vec::new();
    macro_rules! add {
        ($query:expr) => {
            let mut query = $query;
            if let Some(kind) = filter.kind {
                query = query.filter(tasks::kind.eq(kind));
            }
            if narrows {
                query = query.filter(tasks::kind.eq_any(kinds.clone()));
            }
            let part = page_part!(tx, query, tasks, filter, request);
            open.extend(part.limit(most).load::<StoredTaskRow>(tx.conn())?);
        };
    }
    if filter.is_of_unit {
        let unit_id = tx.staff()?.unit_id.unwrap_or(Id::of(Uuid::nil()));
        add!(of_seen_youths!(tx, tasks, by_unit, or: tasks::kind.eq_any(chiefs_kinds(tx))));
        add!(
            tasks::table
                .filter(tasks::youth_id.is_null())
                .filter(tasks::unit_id.eq(unit_id))
                .into_boxed()
        );
    } else {
        let free = colleagues(tx)?;
        for way in Way::all(tx) {
            add!(on_way!(tx, free, own!(tx, &free), way));
        }
        add!(own_of_nobody!(tx, &free));
    }
    add!(awaited!(tx));
    // Several ways may lead to one task.
    let mut met = HashSet::new();
    open.retain(|row| met.insert(row.id));
    let open = open.all_deciphered(tx.vault())?;
    let mut parts: Vec<(TaskRow, bool)> = open.into_iter().map(|row| (row, false)).collect();
    // The chief's sight of the compartment needs a reason each time, so it makes no list.
    if !filter.is_of_unit && list_scope(tx, Resource::ProtectedTasks) == Scope::Assigned {
        let query = own_of_compartment!(tx);
        // The kind is a secret to the database too. Those of the compartment are few: of one person, and open.
        let part: Vec<StoredTaskRow> =
            page_part!(tx, query, protected_tasks, filter, request).load(tx.conn())?;
        let part = part.all_deciphered_in(tx.vault(), PROTECTED)?;
        let is_asked = |row: &TaskRow| filter.kind.is_none_or(|kind| row.kind == kind);
        parts.extend(part.into_iter().filter(is_asked).map(|row| (row, true)));
    }
    let key_of = |(row, _): &(TaskRow, bool)| (row.due_on.to_key(), row.id.uuid());
    parts.sort_by_cached_key(key_of);
    if request.is_backwards() {
        parts.reverse();
    }
    let offset = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let most = usize::try_from(request.limit)
        .unwrap_or(0)
        .saturating_add(1);
    let rows = parts.into_iter().skip(offset).take(most).collect();
    let page = request.page_of(rows, key_of);
    page.try_with(|rows| {
        if filter.is_of_unit {
            return seal(tx, rows);
        }
        let mine = rows.iter().map(|(row, _)| row.id).collect();
        seal_with(tx, rows, &mine)
    })
}

/// The tasks of one youth, whom the actor has been found to see: open ones, or closed ones, the first due first. Of whoever
/// sees only their own, those on their list; those of the compartment for whoever may know of them.
///
/// # Errors
/// 404; the database does not answer.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    is_open: bool,
    request: &PageRequest,
) -> Result<Page<AnyTask>> {
    let today = tx.today();
    let relation = crate::db::relations::relation_to(tx, youth_id)?;
    let open: Vec<StoredTaskRow> = tasks::table
        .filter(tasks::youth_id.eq(youth_id))
        .load(tx.conn())?;
    let open = open.all_deciphered(tx.vault())?;
    let mut rows: Vec<(TaskRow, bool)> = open.into_iter().map(|row| (row, false)).collect();
    let kinds = read_kinds(tx);
    rows.retain(|(row, _): &(TaskRow, bool)| kinds.contains(&row.kind));
    if sees(tx.actor(), Resource::ProtectedTasks, &relation) {
        let closed: Vec<StoredTaskRow> = protected_tasks::table
            .filter(protected_tasks::youth_id.eq(youth_id))
            .load(tx.conn())?;
        let closed = closed.all_deciphered_in(tx.vault(), PROTECTED)?;
        rows.extend(closed.into_iter().map(|row| (row, true)));
    }
    rows.retain(|(row, _)| row.is_open_on(today) == is_open);
    if list_scope(tx, Resource::Tasks) == Scope::Own {
        let mine = mine_of(tx, &rows)?;
        rows.retain(|(row, _)| mine.contains(&row.id));
    }
    let key_of = |(row, _): &(TaskRow, bool)| (row.due_on.to_key(), row.id.uuid());
    rows.sort_by_cached_key(key_of);
    let page = request.cut_sorted(rows, key_of);
    page.try_with(|rows| seal(tx, rows))
}

/// Which of some tasks stand on the actor's list, now or once they open.
///
/// # Errors
/// The database does not answer.
pub(super) fn mine_of(
    tx: &mut AuditedTx<'_>,
    rows: &[(TaskRow, bool)],
) -> Result<HashSet<Id<Task>>> {
    if tx.actor().staff().is_none() {
        return Ok(HashSet::new());
    }
    let ids_of = |of_youth: bool, of_compartment: bool| -> Vec<Id<Task>> {
        rows.iter()
            .filter(|(row, is_protected)| {
                row.youth_id.is_some() == of_youth && *is_protected == of_compartment
            })
            .map(|(row, _)| row.id)
            .collect()
    };
    let kinds = read_kinds(tx);
    let mut mine = HashSet::new();
    if rows
        .iter()
        .any(|(row, _)| row.kind == TaskKind::DecideTransfer)
    {
        let awaited: Vec<StoredTaskRow> = awaited!(tx).load(tx.conn())?;
        let awaited = awaited.all_deciphered(tx.vault())?;
        let is_read = |row: &TaskRow| kinds.contains(&row.kind);
        mine.extend(awaited.into_iter().filter(is_read).map(|row| row.id));
    }
    let (open, loose, protected) = (
        ids_of(true, false),
        ids_of(false, false),
        ids_of(true, true),
    );
    let free = colleagues(tx)?;
    if !open.is_empty() {
        let query = own!(tx, &free).filter(tasks::id.eq_any(open));
        let found: Vec<StoredTaskRow> = query.load(tx.conn())?;
        mine.extend(
            found
                .all_deciphered(tx.vault())?
                .into_iter()
                .filter(|row| kinds.contains(&row.kind))
                .map(|row| row.id),
        );
    }
    if !loose.is_empty() {
        let query = own_of_nobody!(tx, &free).filter(tasks::id.eq_any(loose));
        let found: Vec<StoredTaskRow> = query.load(tx.conn())?;
        mine.extend(
            found
                .all_deciphered(tx.vault())?
                .into_iter()
                .filter(|row| kinds.contains(&row.kind))
                .map(|row| row.id),
        );
    }
    if !protected.is_empty() && list_scope(tx, Resource::ProtectedTasks) == Scope::Assigned {
        let query = own_of_compartment!(tx).filter(protected_tasks::id.eq_any(protected));
        let found: Vec<StoredTaskRow> = query.load(tx.conn())?;
        mine.extend(found.into_iter().map(|row| row.id));
    }
    Ok(mine)
}

/// The kinds of tasks that are for the chief's eyes alone, if the actor is the chief.
fn chiefs_kinds(tx: &AuditedTx<'_>) -> Vec<TaskKind> {
    let all = TaskKind::ALL.iter().copied();
    all.filter(|kind| kind.is_chiefs() && minds_the_forgotten(tx.actor()))
        .collect()
}

/// The kinds of tasks that are for the actor's role; the chief minds all whose cause they read.
pub(super) fn read_kinds(tx: &AuditedTx<'_>) -> Vec<TaskKind> {
    let is_minded = minds_the_forgotten(tx.actor());
    let role = tx.actor().role();
    let is_for = |kind: &TaskKind| {
        let is_read = is_minded && list_scope(tx, kind.comes_from()) != Scope::None;
        is_read || role.is_none_or(|role| may_hold_task(role, *kind))
    };
    TaskKind::ALL.iter().copied().filter(is_for).collect()
}

/// The active colleagues of the actor's unit, the actor among them, who see its youths without being assigned.
fn colleagues(tx: &mut AuditedTx<'_>) -> Result<Vec<Id<User>>> {
    let unit_id = tx.staff()?.unit_id.unwrap_or(Id::of(Uuid::nil()));
    Ok(users::table
        .filter(users::unit_id.eq(unit_id))
        .filter(users::is_active.eq(true))
        .filter(users::role.eq_any(roles_without_assignment()))
        .select(users::id)
        .load(tx.conn())?)
}

/// Where the page begins.
fn place(request: &PageRequest) -> Result<Option<(NaiveDate, Id<Task>)>> {
    let Some(position) = &request.position else {
        return Ok(None);
    };
    match NaiveDate::from_key(&position.key) {
        Some(day) => Ok(Some((day, id_of_place(&|row: &TaskRow| row.id, position)))),
        None => Err(Error {
            fields: vec![FieldError::new("position", FieldCode::NotInList)],
            ..Error::from(ErrorCode::InvalidParameter)
        }),
    }
}
