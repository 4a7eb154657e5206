//! Stored tasks: one open row for every duty, those of the protected compartment in a table of their own. They are made,
//! moved and closed by `db::duties` alone; here they are read, given to somebody, put off and answered. Whose lists they
//! stand on is asked in `lists`.
//!
//! Youths with protected identity are in nobody's list (domain 4.4), but a task that nobody is told of is a task
//! forgotten. So the one assigned gets the line without the name: whose it is they learn by opening the youth.

mod lists;
pub mod weekly;

pub use lists::{TaskFilter, list, list_of_youth};

use super::among::among;
use super::attempts::{LastContact, last_contacts};
use super::audited::AuditedTx;
use super::disclosed::{Shown, Word};
use super::relations::{is_unprotected, relations_by_id};
use super::schema::{contacts, protected_tasks, tasks, youths};
use super::types::Timestamp;
use crate::db::cipher::{Hidden, Stored, guarded};
use crate::domain::codes::Channel;
use crate::domain::duty::Duty;
use crate::domain::id::{Contact, Episode, Id, Record, Task, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::task::{TaskClosing, TaskKind, is_overdue};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Permit, Sealed};
use crate::vault::{Place, Vault};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

guarded! {
    /// A task of either kind, as stored.
    #[derive(Debug, Clone)]
    pub struct TaskRow as StoredTaskRow [derive(Queryable)] in tasks by id {
        pub id: Id<Task>,
        pub kind ~ TaskKind,
        pub youth_id: Option<Id<Youth>>,
        pub unit_id: Id<Unit>,
        pub episode_id: Option<Id<Episode>>,
        /// What makes it one and the same, with the kind.
        pub cause_id: Id<Record>,
        /// What to open to do it.
        pub record_id: Id<Record>,
        pub due_on: NaiveDate,
        /// The first day on which it stands on lists.
        pub opens_on: NaiveDate,
        /// The first day on which it is no longer there.
        pub ends_on: Option<NaiveDate>,
        /// On whose list it stands by itself.
        pub responsible_id: Option<Id<User>>,
        /// To whom it was given instead.
        pub reassigned_to: Option<Id<User>>,
        pub deferred_until: Option<NaiveDate>,
        pub deferral_reason ~ Option<String>,
        pub answered_on: Option<NaiveDate>,
        pub answer_reference ~ Option<String>,
        pub closed_at: Option<Timestamp>,
        pub closed_because ~ Option<TaskClosing>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl TaskRow {
    /// Whether it asks for something on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.closed_at.is_none() && self.ends_on.is_none_or(|end| day < end)
    }
}

impl StoredTaskRow {
    /// Its kind, and nothing else of it.
    pub(in crate::db) fn kind(&self, vault: &Vault, is_of_compartment: bool) -> Result<TaskKind> {
        let place = place_of(table_of(is_of_compartment), self.id, "kind");
        TaskKind::open(self.kind.clone(), vault, &place)
    }

    /// Why it was closed, and nothing else of it.
    pub(in crate::db) fn closing(
        &self,
        vault: &Vault,
        is_of_compartment: bool,
    ) -> Result<Option<TaskClosing>> {
        let place = place_of(table_of(is_of_compartment), self.id, "closed_because");
        Hidden::open(self.closed_because.clone(), vault, &place)
    }

    /// The duty that it stands for.
    pub(in crate::db) fn duty(&self, vault: &Vault, is_of_compartment: bool) -> Result<Duty> {
        Ok(Duty {
            kind: self.kind(vault, is_of_compartment)?,
            youth_id: self.youth_id,
            unit_id: self.unit_id,
            episode_id: self.episode_id,
            cause_id: self.cause_id,
            record_id: self.record_id,
            due_on: self.due_on,
            opens_on: self.opens_on,
            ends_on: self.ends_on,
            responsible_id: self.responsible_id,
            is_of_compartment,
        })
    }
}

/// How an attempt is to be made, and how many go together.
type ProposedWay = (Option<Channel>, Option<i32>);

/// A task with what is shown beside it.
#[derive(Debug, Clone)]
pub struct TaskRecord {
    pub row: TaskRow,
    /// Given name and family name; none of a youth with protected identity.
    pub name: Option<(String, String)>,
    /// When the youth was last sought and reached.
    pub last: Option<LastContact>,
    /// How the next attempt is to be made, of a task that asks for one.
    pub proposed: Option<ProposedWay>,
    /// The day of the reading.
    pub today: NaiveDate,
}

impl TaskRecord {
    /// A task with nothing beside it.
    pub(in crate::db) const fn alone(row: TaskRow, today: NaiveDate) -> Self {
        Self {
            row,
            name: None,
            last: None,
            proposed: None,
            today,
        }
    }

    fn shown(&self, name: &str) -> Option<Value> {
        let row = &self.row;
        Some(match name {
            "id" => row.id.shown(),
            "kind" => Word(row.kind).shown(),
            "dueOn" => row.due_on.shown(),
            "opensOn" => row.opens_on.shown(),
            "isOverdue" => (row.closed_at.is_none()
                && is_overdue(row.due_on, row.deferred_until, self.today))
            .shown(),
            "youthId" => row.youth_id.shown(),
            "givenName" => self.name.as_ref()?.0.shown(),
            "familyName" => self.name.as_ref()?.1.shown(),
            "daysSinceReached" => self.last.and_then(|last| last.days_since_reached()).shown(),
            "daysSinceTried" => self.last.and_then(|last| last.days_since_tried()).shown(),
            "proposedChannel" => Word(self.proposed.and_then(|(channel, _)| channel)).shown(),
            "proposedStaff" => self.proposed.and_then(|(_, staff)| staff).shown(),
            "recordId" => row.record_id.shown(),
            "responsibleId" => row.reassigned_to.or(row.responsible_id).shown(),
            "deferredUntil" => row.deferred_until.shown(),
            "deferralReason" => row.deferral_reason.shown(),
            "answeredOn" => row.answered_on.shown(),
            "answerReference" => row.answer_reference.shown(),
            "closedAt" => row.closed_at.shown(),
            "closedBecause" => Word(row.closed_because).shown(),
            "createdAt" => row.created_at.shown(),
            "updatedAt" => row.updated_at.shown(),
            "version" => row.version.shown(),
            _ => return None,
        })
    }
}

/// Where a word or a text of a task stands.
pub(in crate::db) fn place_of<'a>(table: &'a str, id: Id<Task>, column: &'a str) -> Place<'a> {
    Place::of(table, column, id.uuid())
}

/// Where those of the compartment are kept.
pub(in crate::db) const PROTECTED: &str = "protected_tasks";

/// Where tasks of either kind are kept.
pub(in crate::db) const fn table_of(is_of_compartment: bool) -> &'static str {
    if is_of_compartment {
        PROTECTED
    } else {
        StoredTaskRow::TABLE
    }
}

/// A kind of task, with the table that keeps it.
pub trait Kept: Disclosable + Sized {
    /// A task of this kind.
    fn of(record: TaskRecord) -> Self;
    /// What is known of it.
    fn record(&self) -> &TaskRecord;
    /// Stores a changed one.
    ///
    /// # Errors
    /// The database does not answer.
    fn update(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()>;
}

macro_rules! kept_in {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $resource:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $kind(pub TaskRecord);

        impl Disclosable for $kind {
            const RESOURCE: Resource = Resource::$resource;
            fn record_id(&self) -> Id<Record> {
                self.0.row.id.cast()
            }
            fn youth_id(&self) -> Option<Id<Youth>> {
                self.0.row.youth_id
            }
            fn version(&self) -> i64 {
                self.0.row.version
            }
            fn field(&self, name: &str) -> Option<Value> {
                self.0.shown(name)
            }
        }

        impl Kept for $kind {
            fn of(record: TaskRecord) -> Self {
                Self(record)
            }
            fn record(&self) -> &TaskRecord {
                &self.0
            }
            fn update(&self, tx: &mut AuditedTx<'_>, _: &Permit) -> Result<()> {
                let row = &self.0.row.enciphered_in(tx.vault(), stringify!($table))?;
                diesel::update($table::table.find(row.id))
                    .set((
                        $table::reassigned_to.eq(row.reassigned_to),
                        $table::deferred_until.eq(row.deferred_until),
                        $table::deferral_reason.eq(row.deferral_reason.clone()),
                        $table::answered_on.eq(row.answered_on),
                        $table::answer_reference.eq(row.answer_reference.clone()),
                        $table::closed_at.eq(row.closed_at),
                        $table::closed_because.eq(row.closed_because.clone()),
                        $table::updated_at.eq(row.updated_at),
                        $table::version.eq(row.version),
                    ))
                    .execute(tx.conn())?;
                Ok(())
            }
        }
    };
}

kept_in! {
    /// A task that the team may know of.
    OpenTask, tasks, Tasks
}
kept_in! {
    /// A task of the protected compartment.
    ProtectedTask, protected_tasks, ProtectedTasks
}

/// A task of either kind.
pub enum AnyTask {
    /// Of the register.
    Open(Sealed<OpenTask>),
    /// Of the compartment.
    Protected(Sealed<ProtectedTask>),
}

impl AnyTask {
    fn new(record: TaskRecord, is_of_compartment: bool, relation: Relation) -> Self {
        if is_of_compartment {
            Self::Protected(Sealed::new(ProtectedTask(record), relation))
        } else {
            Self::Open(Sealed::new(OpenTask(record), relation))
        }
    }
}

/// A task, looked for in both places, with how the actor stands to it: it is their own when it stands on their list.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Task>) -> Result<AnyTask> {
    let open: Option<StoredTaskRow> = tasks::table.find(id).first(tx.conn()).optional()?;
    let (row, is_of_compartment) = match open {
        Some(row) => (row.deciphered(tx.vault())?, false),
        None => {
            let row: StoredTaskRow = protected_tasks::table
                .find(id)
                .first(tx.conn())
                .optional()?
                .ok_or(ErrorCode::NotFound)?;
            (row.deciphered_in(tx.vault(), PROTECTED)?, true)
        }
    };
    if let Some(youth_id) = row.youth_id {
        tx.concern(youth_id);
    }
    if !is_of_compartment && !lists::read_kinds(tx).contains(&row.kind) {
        return Err(ErrorCode::NotFound.into());
    }
    seal(tx, vec![(row, is_of_compartment)])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The open task of a kind that a youth got last, with its version, in whichever place; for whoever acts on it next, which is
/// decided on there.
///
/// # Errors
/// The database does not answer.
pub fn find_latest(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    kind: TaskKind,
) -> Result<Option<(Id<Task>, i64)>> {
    if !kind.is_of_compartment_alone() {
        return Ok(tasks::table
            .filter(tasks::youth_id.eq(youth_id))
            .filter(tasks::kind.eq(kind))
            .filter(tasks::closed_at.is_null())
            .order(tasks::id.desc())
            .select((tasks::id, tasks::version))
            .first(tx.conn())
            .optional()?);
    }
    let open: Vec<StoredTaskRow> = protected_tasks::table
        .filter(protected_tasks::youth_id.eq(youth_id))
        .filter(protected_tasks::closed_at.is_null())
        .order(protected_tasks::id.desc())
        .load(tx.conn())?;
    for row in open {
        if row.kind(tx.vault(), true)? == kind {
            return Ok(Some((row.id, row.version)));
        }
    }
    Ok(None)
}

/// What was proposed after the contacts that some tasks come from.
fn proposals(
    tx: &mut AuditedTx<'_>,
    rows: &[(TaskRow, bool)],
) -> Result<HashMap<Id<Contact>, ProposedWay>> {
    let ids: Vec<Id<Contact>> = rows
        .iter()
        .filter(|(row, _)| row.kind == TaskKind::NextAttempt)
        .map(|(row, _)| row.record_id.cast())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let proposed: Vec<(Id<Contact>, Option<Channel>, Option<i32>)> = contacts::table
        .filter(among(tx.conn(), contacts::id, ids))
        .select((
            contacts::id,
            contacts::proposed_channel,
            contacts::proposed_staff,
        ))
        .load(tx.conn())?;
    Ok(proposed
        .into_iter()
        .map(|(id, channel, staff)| (id, (channel, staff)))
        .collect())
}

/// Adds the names and the relations of the actor.
fn seal(tx: &mut AuditedTx<'_>, rows: Vec<(TaskRow, bool)>) -> Result<Vec<AnyTask>> {
    let mine = lists::mine_of(tx, &rows)?;
    seal_with(tx, rows, &mine)
}

/// The same where it is known which of them stand on the actor's list.
fn seal_with(
    tx: &mut AuditedTx<'_>,
    rows: Vec<(TaskRow, bool)>,
    mine: &HashSet<Id<Task>>,
) -> Result<Vec<AnyTask>> {
    let of_youths: Vec<Id<Youth>> = rows.iter().filter_map(|(row, _)| row.youth_id).collect();
    let names: Vec<(Id<Youth>, String, String)> = youths::table
        .filter(among(tx.conn(), youths::id, of_youths.iter().copied()))
        .filter(is_unprotected())
        .select((youths::id, youths::given_name, youths::family_name))
        .load(tx.conn())?;
    let names: HashMap<Id<Youth>, (String, String)> = names
        .into_iter()
        .map(|(id, given, family)| (id, (given, family)))
        .collect();
    let last = last_contacts(tx, &of_youths)?;
    let proposed = proposals(tx, &rows)?;
    let relations = relations_by_id(tx, of_youths)?;
    let (today, unit_id) = (tx.today(), tx.actor().unit_id());
    Ok(rows
        .into_iter()
        .map(|(row, is_of_compartment)| {
            let mut relation = match row.youth_id {
                Some(youth_id) => relations.get(&youth_id).cloned().unwrap_or_default(),
                None => Relation::unit_record(unit_id == Some(row.unit_id)),
            };
            relation.is_own = mine.contains(&row.id);
            // It waits for the actor's unit, but the youth is another's: whoever has it on their list is told of the task
            // and not of the name.
            let is_awaited = !relation.is_same_unit && unit_id == Some(row.unit_id);
            if is_awaited && relation.is_own {
                relation = Relation {
                    is_own: true,
                    ..Relation::unit_record(true)
                };
            }
            let name = row.youth_id.and_then(|id| names.get(&id).cloned());
            let record = TaskRecord {
                name: name.filter(|_| !is_awaited),
                last: row
                    .youth_id
                    .and_then(|id| last.get(&id).copied())
                    .filter(|_| !is_awaited),
                proposed: (row.kind == TaskKind::NextAttempt)
                    .then(|| proposed.get(&row.record_id.cast()).copied())
                    .flatten(),
                today,
                row,
            };
            AnyTask::new(record, is_of_compartment, relation)
        })
        .collect())
}
