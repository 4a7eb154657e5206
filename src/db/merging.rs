//! How two records of one youth become one, and two again. The record that is merged is taken out of its table, so that no list,
//! search, count, duty, run or roster can meet it, whoever writes the query; everything that named it names the youth that
//! stays. A row that is only moved keeps its version: nobody's `If-Match` goes stale by it, and no edit is lost.
//!
//! A person has one open episode of a track, one handler, one number in force, one answer of the compartment, one gate. So that no
//! merge is refused for it (and for the compartment's sake could not be), both are kept by a rule: the open episode of the youth
//! that stays takes in what belongs to the other one, from the day on which the earlier began, and plans are numbered on; the
//! other's handler goes on as support; numbers, answers and gates follow `domain::merge`; openings of closed data that run end,
//! since their reasons were for half of what they would open; a candidate and a proposal of disposal of the other are set aside,
//! since both are found anew. What was changed, replaced or set aside is remembered with what it was, tasks that were open whole.
//!
//! An undo puts all of that back. What nobody has touched since is as it was to the byte; what was edited since goes back with its
//! edits; what is new since stays with the youth who stayed, unless it hangs on something that goes back (a contact in an episode):
//! then it goes with it. Merges are undone in the opposite order, so that none has to guess.
//!
//! [`TABLES`] says of every table that names a youth how it is merged; a test compares it with the schema.

use super::Conn;
use super::audited::AuditedTx;
use super::contacts::last_days;
use super::enciphering::placed;
use super::occupations;
use super::plain_rows::{Row, delete, find, insert, key_of, select, select_keys, update};
use super::schema::sql::Guid;
use super::schema_text;
use super::types::{Json, Timestamp};
use super::youth_merges::{self, YouthMergeRow, forget_one, keep_apart, load_apart};
use super::youths::{rewrite_names, set_last_contact};
use crate::domain::codes::{AssignmentKind, Code};
use crate::domain::id::{Id, Record, Youth};
use crate::domain::identity_number::IdentityNumberKind;
use crate::domain::merge::{Answer, VERSIONS_APART, gate_of_both, gives_way, is_stricter};
use crate::domain::occupation::current;
use crate::domain::task::TaskClosing;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::Permit;
use crate::vault::KeySet;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How the rows of a table that name a youth are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// They go over.
    Moves,
    /// They go over, and some are changed by a rule of this file.
    MovesBut(&'static str),
    /// A youth has one at most, which is their key: a rule of this file makes one of two.
    OneOfTwo,
    /// They follow from others, of both anew.
    Derived,
    /// They go out of the way until the merge is undone.
    SetAside,
    /// They stay, for this reason.
    Stays(&'static str),
}
use Rule::{Derived, Moves, MovesBut, OneOfTwo, SetAside, Stays};

/// Every table that names a youth (`youth_id`).
const TABLES: &[(&str, Rule)] = &[
    ("youth_identifiers", MovesBut("one is in force")),
    ("youth_names", Derived),
    ("duplicate_dismissals", Moves),
    ("youth_merges", Moves),
    ("episodes", MovesBut("one of a track is open")),
    ("assignments", MovesBut("there is one handler")),
    ("contacts", Moves),
    ("outreach_contacts", Moves),
    ("occupations", Moves),
    ("current_occupations", OneOfTwo),
    ("mappings", Moves),
    ("plan_revisions", Moves),
    ("education_contracts", Moves),
    ("outcome_checks", Moves),
    ("placement_wishes", Moves),
    ("placements", Moves),
    ("interventions", Moves),
    ("referrals", Moves),
    ("protected_referrals", Moves),
    ("consents", Moves),
    ("protected_consents", Moves),
    ("disclosures", Moves),
    ("protected_disclosures", Moves),
    ("correction_notes", Moves),
    ("protected_correction_notes", Moves),
    ("register_extracts", Moves),
    ("processing_restrictions", Moves),
    ("disposal_holds", Moves),
    ("disposal_items", SetAside),
    ("transfers", Moves),
    ("protected_statuses", OneOfTwo),
    ("measure_gates", OneOfTwo),
    ("tasks", MovesBut("settling follows")),
    ("protected_tasks", MovesBut("settling follows")),
    ("access_grants", MovesBut("those that run end")),
    ("idempotency_keys", Moves),
    ("school_notifications", Moves),
    ("import_rows", Moves),
    ("import_decisions", Moves),
    ("national_file_problems", Moves),
    ("residences", Moves),
    ("enrolments", Moves),
    ("exam_documents", Moves),
    ("target_group_candidates", MovesBut("one is pending")),
    (
        "audit_subjects",
        Stays("the log is never changed; a youth's own report asks for all ids that they had"),
    ),
];

/// Other columns that may hold the id of a youth.
const NAMED_ELSEWHERE: &[(&str, &str)] = &[
    ("duplicate_dismissals", "other_youth_id"),
    ("correction_notes", "record_id"),
    ("protected_correction_notes", "record_id"),
];

/// What hangs on what: a row that was written since the merge goes back with the one that it refers to.
const HANGS_ON: &[(&str, &str, &str)] = &[
    ("occupations", "contact_id", "contacts"),
    ("outreach_contacts", "contact_id", "contacts"),
    ("placements", "intervention_id", "interventions"),
    ("consents", "referral_id", "referrals"),
    ("disclosures", "referral_id", "referrals"),
    ("disclosures", "consent_id", "consents"),
    ("protected_consents", "referral_id", "protected_referrals"),
    (
        "protected_disclosures",
        "referral_id",
        "protected_referrals",
    ),
    ("protected_disclosures", "consent_id", "protected_consents"),
];

/// What each youth does now.
const OCCUPATIONS: &str = "current_occupations";
/// Where tasks are kept.
const TASKS: [&str; 2] = ["tasks", "protected_tasks"];
/// What a person has done to a task, besides the work itself.
const TOUCHED: [&str; 5] = [
    "reassigned_to",
    "deferred_until",
    "deferral_reason",
    "answered_on",
    "answer_reference",
];

// What is remembered -----------------------------------------------------------------------------

/// All that was done, for the undoing.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Changes {
    /// Rows that name the youth who stays.
    moved: Vec<Moved>,
    /// Columns that a rule has set.
    changed: Vec<Changed>,
    /// Rows that stand nowhere.
    removed: Vec<Image>,
    /// Rows of which a youth has one at most.
    replaced: Vec<Replaced>,
    /// Tasks that were open.
    tasks: Vec<Image>,
    /// All tasks that there were.
    known_tasks: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    table: String,
    column: String,
    keys: Vec<Row>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Changed {
    table: String,
    key: Row,
    before: Row,
    after: Row,
}

#[derive(Debug, Serialize, Deserialize)]
struct Image {
    table: String,
    row: Row,
}

#[derive(Debug, Serialize, Deserialize)]
struct Replaced {
    table: String,
    /// Of the youth who stays, and of the other one.
    stays: Option<Row>,
    other: Option<Row>,
    after: Option<Row>,
}

/// Whose records they are.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// The record that stays.
    pub stays: Id<Youth>,
    /// The one that goes into it.
    pub goes: Id<Youth>,
}

/// A merge as it goes on.
struct Merging<'t, 'c> {
    tx: &'t mut AuditedTx<'c>,
    pair: Pair,
    register: Changes,
    compartment: Changes,
}

fn is_of_compartment(table: &str) -> bool {
    KeySet::of_table(table) == KeySet::Compartment
}

fn text_of(row: &Row, column: &str) -> Option<String> {
    row.get(column).and_then(Value::as_str).map(str::to_owned)
}

fn row_of<const N: usize>(members: [(&str, Value); N]) -> Row {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn id_of(row: &Row, column: &str) -> Result<Id<Record>> {
    let text = text_of(row, column).unwrap_or_default();
    Uuid::try_parse(&text).map(Id::of).map_err(Error::internal)
}

/// Every table with a column of this name, in the order of the schema's names.
fn tables_with(column: &str) -> impl Iterator<Item = &'static str> {
    schema_text::tables()
        .iter()
        .filter(move |(_, columns)| columns.iter().any(|(name, _)| *name == column))
        .map(|(table, _)| *table)
}

// The merge --------------------------------------------------------------------------------------

/// Moves everything of one record to the other, and remembers how it was.
///
/// # Errors
/// The database does not answer.
pub fn merge(tx: &mut AuditedTx<'_>, permit: &Permit, row: &mut YouthMergeRow) -> Result<()> {
    let pair = Pair {
        stays: row.youth_id,
        goes: row.merged_youth_id,
    };
    let mut merging = Merging {
        tx,
        pair,
        register: Changes::default(),
        compartment: Changes::default(),
    };
    merging.keep_open_tasks()?;
    merging.keep_one_number()?;
    merging.keep_one_handler()?;
    merging.end_openings()?;
    merging.set_candidate_aside()?;
    for (table, _) in TABLES.iter().filter(|(_, rule)| *rule == SetAside) {
        merging.set_aside(table, "youth_id = ?", &[pair.goes.cast()])?;
    }
    merging.take_episodes_in()?;
    merging.keep_one_status()?;
    merging.keep_one_gate()?;
    let (occupation, of_other) = merging.take_occupations_out()?;
    for (table, rule) in TABLES {
        if matches!(rule, Moves | MovesBut(_)) {
            merging.move_rows(table, "youth_id")?;
        }
    }
    for (table, column) in NAMED_ELSEWHERE {
        merging.move_rows(table, column)?;
    }
    for (table, _) in TABLES.iter().filter(|(_, rule)| *rule == Derived) {
        merging.clear(table)?;
    }
    merging.set_youth_aside()?;
    let Merging {
        mut register,
        compartment,
        ..
    } = merging;
    keep_last_days(tx, permit, pair.stays)?;
    keep_occupation(tx, permit, pair.stays)?;
    let after = find(tx, OCCUPATIONS, &row_of([("youth_id", json!(pair.stays))]))?;
    register.replaced.push(Replaced {
        table: OCCUPATIONS.to_owned(),
        stays: occupation,
        other: of_other,
        after,
    });
    // What has versions has an id of its own.
    let with_ids = register.removed.iter().map(|image| &image.row);
    let set_aside: Vec<Id<Record>> = with_ids
        .filter(|row| row.contains_key("id"))
        .map(|row| id_of(row, "id"))
        .collect::<Result<_>>()?;
    row.changes = Some(Json(
        serde_json::to_value(&register).map_err(Error::internal)?,
    ));
    let apart = Json(serde_json::to_value(&compartment).map_err(Error::internal)?);
    keep_apart(tx, permit, row.id, &apart, &set_aside)?;
    youth_merges::update(tx, permit, row)?;
    follow(tx, permit, pair.stays)
}

/// What a youth does now, by all that is known.
fn keep_occupation(tx: &mut AuditedTx<'_>, permit: &Permit, id: Id<Youth>) -> Result<()> {
    let observations = occupations::of_youth(tx, id)?;
    let current = current(&observations, tx.today());
    occupations::set_current(tx, permit, id, current)
}

/// When a youth was last in touch, by all contacts.
fn keep_last_days(tx: &mut AuditedTx<'_>, permit: &Permit, id: Id<Youth>) -> Result<()> {
    let (last_attempt_on, last_reached_on) = last_days(tx, id)?;
    set_last_contact(tx, permit, id, last_attempt_on, last_reached_on)
}

/// By which words a youth is found, anew; and the target group asks anew.
fn follow(tx: &mut AuditedTx<'_>, permit: &Permit, id: Id<Youth>) -> Result<()> {
    rewrite_names(tx, permit, id)?;
    let now = json!(tx.timestamp().to_text());
    update(
        tx,
        "youths",
        &row_of([("id", json!(id))]),
        &row_of([("target_facts_changed_at", now)]),
    )?;
    Ok(())
}

impl Merging<'_, '_> {
    fn changes(&mut self, table: &str) -> &mut Changes {
        if is_of_compartment(table) {
            &mut self.compartment
        } else {
            &mut self.register
        }
    }

    fn move_rows(&mut self, table: &str, column: &str) -> Result<()> {
        let condition = format!("{column} = ?");
        let keys = select_keys(self.tx, table, &condition, &[self.pair.goes.cast()])?;
        if keys.is_empty() {
            return Ok(());
        }
        let text = format!("UPDATE {table} SET {column} = ? WHERE {column} = ?");
        diesel::sql_query(placed(self.tx.conn(), &text))
            .bind::<Guid, _>(self.pair.stays)
            .bind::<Guid, _>(self.pair.goes)
            .execute(self.tx.conn())?;
        self.changes(table).moved.push(Moved {
            table: table.to_owned(),
            column: column.to_owned(),
            keys,
        });
        Ok(())
    }

    fn set(&mut self, table: &str, row: &Row, after: Row) -> Result<()> {
        let key = key_of(table, row)?;
        let before = after
            .keys()
            .map(|name| (name.clone(), row.get(name).cloned().unwrap_or(Value::Null)))
            .collect();
        update(self.tx, table, &key, &after)?;
        self.changes(table).changed.push(Changed {
            table: table.to_owned(),
            key,
            before,
            after,
        });
        Ok(())
    }

    fn set_aside(&mut self, table: &str, condition: &str, ids: &[Id<Record>]) -> Result<()> {
        for row in select(self.tx, table, condition, ids)? {
            delete(self.tx, table, &key_of(table, &row)?)?;
            self.changes(table).removed.push(Image {
                table: table.to_owned(),
                row,
            });
        }
        Ok(())
    }

    fn clear(&mut self, table: &str) -> Result<()> {
        let text = format!("DELETE FROM {table} WHERE youth_id = ?");
        diesel::sql_query(placed(self.tx.conn(), &text))
            .bind::<Guid, _>(self.pair.goes)
            .execute(self.tx.conn())?;
        Ok(())
    }

    fn of_both(&mut self, table: &str, condition: &str) -> Result<Vec<Row>> {
        let ids = [self.pair.stays.cast(), self.pair.goes.cast()];
        let text = format!("youth_id IN (?, ?) AND {condition}");
        select(self.tx, table, &text, &ids)
    }

    fn stays(&self, row: &Row) -> bool {
        text_of(row, "youth_id") == Some(self.pair.stays.to_string())
    }

    fn keep_open_tasks(&mut self) -> Result<()> {
        for table in TASKS {
            let ids = [self.pair.stays.cast(), self.pair.goes.cast()];
            for key in select_keys(self.tx, table, "youth_id IN (?, ?)", &ids)? {
                let id = text_of(&key, "id");
                self.changes(table).known_tasks.extend(id);
            }
            for row in self.of_both(table, "closed_at IS NULL")? {
                self.changes(table).tasks.push(Image {
                    table: table.to_owned(),
                    row,
                });
            }
        }
        Ok(())
    }

    fn keep_one_number(&mut self) -> Result<()> {
        let table = "youth_identifiers";
        let in_force = self.of_both(table, "is_current")?;
        let (stays, other): (Vec<Row>, Vec<Row>) =
            in_force.into_iter().partition(|row| self.stays(row));
        let (Some(stays), Some(other)) = (stays.first(), other.first()) else {
            return Ok(());
        };
        let kind = |row: &Row| {
            text_of(row, "kind")
                .and_then(|kind| IdentityNumberKind::from_code(&kind))
                .ok_or_else(|| Error::internal("an unknown kind of number"))
        };
        let goes = if gives_way(kind(stays)?, kind(other)?) {
            stays
        } else {
            other
        };
        let today = json!(self.tx.today());
        let after = row_of([("is_current", json!(false)), ("valid_to", today)]);
        self.set(table, goes, after)
    }

    fn keep_one_handler(&mut self) -> Result<()> {
        let table = "assignments";
        let handler = AssignmentKind::Handler.code();
        let now = self.tx.timestamp().to_text();
        let runs = |row: &Row| {
            text_of(row, "kind").as_deref() == Some(handler)
                && text_of(row, "ends_at").is_none_or(|end| end > now)
        };
        let running: Vec<Row> = self
            .of_both(table, "1 = 1")?
            .into_iter()
            .filter(runs)
            .collect();
        if !running.iter().any(|row| self.stays(row)) {
            return Ok(());
        }
        for row in &running {
            if !self.stays(row) {
                let after = row_of([("kind", json!(AssignmentKind::Support.code()))]);
                self.set(table, row, after)?;
            }
        }
        Ok(())
    }

    fn end_openings(&mut self) -> Result<()> {
        let table = "access_grants";
        let now = self.tx.timestamp().to_text();
        for row in self.of_both(table, "1 = 1")? {
            if text_of(&row, "expires_at").is_some_and(|end| end > now) {
                self.set(table, &row, row_of([("expires_at", json!(now))]))?;
            }
        }
        Ok(())
    }

    fn set_candidate_aside(&mut self) -> Result<()> {
        let condition = "youth_id = ? AND status = 'pending'";
        self.set_aside(
            "target_group_candidates",
            condition,
            &[self.pair.goes.cast()],
        )
    }

    /// Of two open episodes of a track that of the youth who stays takes in what belongs to the other one.
    fn take_episodes_in(&mut self) -> Result<()> {
        let open = self.of_both("episodes", "exited_on IS NULL")?;
        let (stays, others): (Vec<Row>, Vec<Row>) =
            open.into_iter().partition(|row| self.stays(row));
        for other in others {
            let track = text_of(&other, "track");
            if let Some(kept) = stays.iter().find(|row| text_of(row, "track") == track) {
                self.take_episode_in(kept, &other)?;
            }
        }
        Ok(())
    }

    fn take_episode_in(&mut self, kept: &Row, other: &Row) -> Result<()> {
        let (kept_id, other_id) = (id_of(kept, "id")?, id_of(other, "id")?);
        let plans = select(self.tx, "plan_revisions", "episode_id = ?", &[kept_id])?;
        let last = plans
            .iter()
            .filter_map(|plan| plan.get("number")?.as_i64())
            .max();
        self.set_aside("carried_notes", "episode_id = ?", &[other_id])?;
        for table in tables_with("episode_id").filter(|table| *table != "carried_notes") {
            for row in select(self.tx, table, "episode_id = ?", &[other_id])? {
                let mut after = row_of([("episode_id", json!(kept_id))]);
                if let (Some(last), "plan_revisions") = (last, table) {
                    let number = |name: &str| row.get(name).and_then(Value::as_i64).unwrap_or(0);
                    after.insert("number".to_owned(), json!(number("number") + last));
                    after.insert("based_on".to_owned(), json!(number("based_on") + last));
                }
                self.set(table, &row, after)?;
            }
        }
        let entered_on = |row: &Row| text_of(row, "entered_on");
        if entered_on(other) < entered_on(kept) {
            let day = json!(entered_on(other));
            self.set("episodes", kept, row_of([("entered_on", day)]))?;
        }
        self.set_aside("episodes", "id = ?", &[other_id])
    }

    fn one_of_two(
        &mut self,
        table: &str,
        choose: impl FnOnce(&Row, &Row) -> Result<Row>,
    ) -> Result<()> {
        let rows = self.of_both(table, "1 = 1")?;
        let (stays, other): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| self.stays(row));
        let (stays, other) = (stays.into_iter().next(), other.into_iter().next());
        let Some(of_other) = &other else {
            return Ok(());
        };
        let mut after = match &stays {
            Some(stays) => choose(stays, of_other)?,
            None => of_other.clone(),
        };
        after.insert("youth_id".to_owned(), json!(self.pair.stays));
        for row in [&stays, &other].into_iter().flatten() {
            delete(self.tx, table, &key_of(table, row)?)?;
        }
        insert(self.tx, table, &after)?;
        self.changes(table).replaced.push(Replaced {
            table: table.to_owned(),
            stays,
            other,
            after: Some(after),
        });
        Ok(())
    }

    /// What either does now goes out of the way, until it is known of both.
    fn take_occupations_out(&mut self) -> Result<(Option<Row>, Option<Row>)> {
        let rows = self.of_both(OCCUPATIONS, "1 = 1")?;
        for row in &rows {
            delete(self.tx, OCCUPATIONS, &key_of(OCCUPATIONS, row)?)?;
        }
        let (stays, other): (Vec<Row>, Vec<Row>) =
            rows.into_iter().partition(|row| self.stays(row));
        Ok((stays.into_iter().next(), other.into_iter().next()))
    }

    /// The record itself, last: the database refuses while anything names it. On PostgreSQL that may be something that was written
    /// at the same time; then all of this is done again, with it.
    fn set_youth_aside(&mut self) -> Result<()> {
        let key = row_of([("id", json!(self.pair.goes))]);
        let row = find(self.tx, "youths", &key)?.ok_or(ErrorCode::NotFound)?;
        delete(self.tx, "youths", &key).map_err(|error| Error {
            is_conflict: error.is_conflict || matches!(self.tx.conn(), Conn::Pg(_)),
            ..error
        })?;
        self.register.removed.push(Image {
            table: "youths".to_owned(),
            row,
        });
        Ok(())
    }

    fn keep_one_status(&mut self) -> Result<()> {
        self.one_of_two("protected_statuses", |stays, other| {
            let answer = |row: &Row| Answer {
                has_active_use: text_of(row, "active_use_id").is_some(),
                may_start: row.get("may_start") == Some(&json!(true)),
                given_at: text_of(row, "updated_at").unwrap_or_default(),
            };
            let (strict, mild) = if is_stricter(&answer(other), &answer(stays)) {
                (other, stays)
            } else {
                (stays, other)
            };
            let mut after = strict.clone();
            let notes: Vec<String> = [strict, mild]
                .into_iter()
                .filter_map(|row| text_of(row, "note"))
                .collect();
            if !notes.is_empty() {
                after.insert("note".to_owned(), json!(notes.join("\n\n")));
            }
            let version = |row: &Row| row.get("version").and_then(Value::as_i64).unwrap_or(0);
            let next = version(stays).max(version(other)) + VERSIONS_APART;
            after.insert("version".to_owned(), json!(next));
            Ok(after)
        })
    }

    fn keep_one_gate(&mut self) -> Result<()> {
        self.one_of_two("measure_gates", |stays, other| {
            let gate = |row: &Row| {
                let since_on = text_of(row, "since_on").unwrap_or_default();
                let since_on = since_on.parse().map_err(Error::internal)?;
                Ok::<_, Error>((row.get("may_start") == Some(&json!(true)), since_on))
            };
            let (may_start, since_on) = gate_of_both(gate(stays)?, gate(other)?);
            Ok(row_of([
                ("may_start", json!(may_start)),
                ("since_on", json!(since_on)),
            ]))
        })
    }
}

// The undoing ------------------------------------------------------------------------------------

fn in_the_way(code: FieldCode) -> Error {
    Error {
        fields: vec![FieldError::new("youthMergeId", code)],
        ..Error::from(ErrorCode::MergeInTheWay)
    }
}

/// Restores both records, and forgets what that took.
///
/// # Errors
/// 409 with what is in the way; the database does not answer.
pub fn undo(tx: &mut AuditedTx<'_>, permit: &Permit, row: &YouthMergeRow) -> Result<()> {
    let Some(Json(register)) = &row.changes else {
        return Err(in_the_way(FieldCode::NoLongerKept));
    };
    let register: Changes = serde_json::from_value(register.clone()).map_err(Error::internal)?;
    let compartment: Changes = match load_apart(tx, permit, row.id)? {
        Some(Json(kept)) => serde_json::from_value(kept).map_err(Error::internal)?,
        None => Changes::default(),
    };
    let pair = Pair {
        stays: row.youth_id,
        goes: row.merged_youth_id,
    };
    let undoing = Undoing {
        pair,
        merged_at: row.created_at,
    };
    let youth = undoing.youth_again(tx, &register)?;
    undoing.unmake_tasks(tx, &[&register, &compartment])?;
    insert(tx, "youths", &youth)?;
    for changes in [&register, &compartment] {
        for moved in &changes.moved {
            undoing.move_back(tx, moved)?;
        }
    }
    undoing.put_back(tx, &register)?;
    undoing.put_back(tx, &compartment)?;
    undoing.take_along(tx)?;
    for changes in [&register, &compartment] {
        for image in &changes.tasks {
            undoing.restore_task(tx, image)?;
        }
    }
    let has_learned = undoing.has_learned(tx)?;
    for id in [pair.stays, pair.goes] {
        if has_learned {
            keep_occupation(tx, permit, id)?;
        }
        keep_last_days(tx, permit, id)?;
    }
    forget_one(tx, row.id)
}

/// What follows from other rows of either youth once they are two again, and the merge is marked as undone.
///
/// # Errors
/// The database does not answer.
pub fn follow_both(tx: &mut AuditedTx<'_>, permit: &Permit, row: &YouthMergeRow) -> Result<()> {
    for id in [row.youth_id, row.merged_youth_id] {
        follow(tx, permit, id)?;
    }
    Ok(())
}

/// An undo as it goes on.
struct Undoing {
    pair: Pair,
    merged_at: Timestamp,
}

impl Undoing {
    /// The record that comes back, in the unit where the person is now.
    fn youth_again(&self, tx: &mut AuditedTx<'_>, register: &Changes) -> Result<Row> {
        let youth = register
            .removed
            .iter()
            .find(|image| image.table == "youths");
        let mut youth = youth
            .map(|image| image.row.clone())
            .ok_or_else(|| in_the_way(FieldCode::NoLongerKept))?;
        let stays = row_of([("id", json!(self.pair.stays))]);
        let stays = find(tx, "youths", &stays)?.ok_or(ErrorCode::NotFound)?;
        // Whoever was protected since would come back without it.
        if stays.get("protection_level") != youth.get("protection_level") {
            return Err(in_the_way(FieldCode::ProtectionDiffers));
        }
        let unit = stays.get("unit_id").cloned().unwrap_or(Value::Null);
        youth.insert("unit_id".to_owned(), unit);
        Ok(youth)
    }

    /// Takes away the tasks that the merge itself made and that nobody has touched; settling makes those that are still owed.
    fn unmake_tasks(&self, tx: &mut AuditedTx<'_>, parts: &[&Changes]) -> Result<()> {
        let known: BTreeSet<&String> = parts
            .iter()
            .flat_map(|changes| &changes.known_tasks)
            .collect();
        let at = self.merged_at.to_text();
        for table in TASKS {
            for row in select(tx, table, "youth_id = ?", &[self.pair.stays.cast()])? {
                let is_made = text_of(&row, "created_at").as_deref() == Some(at.as_str())
                    && !text_of(&row, "id").is_some_and(|id| known.contains(&id));
                let is_touched = TOUCHED
                    .iter()
                    .any(|name| row.get(*name).is_some_and(|value| !value.is_null()));
                let was_met =
                    text_of(&row, "closed_because").as_deref() == Some(TaskClosing::Met.code());
                if is_made && !is_touched && !was_met {
                    delete(tx, table, &key_of(table, &row)?)?;
                }
            }
        }
        Ok(())
    }

    fn move_back(&self, tx: &mut AuditedTx<'_>, moved: &Moved) -> Result<()> {
        let goes = row_of([(moved.column.as_str(), json!(self.pair.goes))]);
        for key in &moved.keys {
            let mut key = key.clone();
            key.insert(moved.column.clone(), json!(self.pair.stays));
            update(tx, &moved.table, &key, &goes)?;
        }
        Ok(())
    }

    /// What was set aside, set otherwise and replaced.
    fn put_back(&self, tx: &mut AuditedTx<'_>, changes: &Changes) -> Result<()> {
        for replaced in &changes.replaced {
            self.divide(tx, replaced)?;
        }
        // An episode before what hangs on it.
        for image in changes.removed.iter().rev() {
            match image.table.as_str() {
                "youths" => {}
                "episodes" => {
                    self.must_fit(tx, image)?;
                    insert(tx, &image.table, &image.row)?;
                }
                // A proposal that has come to its end meanwhile is not made again.
                "disposal_items" if !is_run_open(tx, &image.row)? => {}
                table => insert(tx, table, &image.row)?,
            }
        }
        for changed in changes.changed.iter().rev() {
            self.set_back(tx, changed)?;
        }
        Ok(())
    }

    /// An episode that is opened again stands alone in its track.
    fn must_fit(&self, tx: &mut AuditedTx<'_>, image: &Image) -> Result<()> {
        let owner = id_of(&image.row, "youth_id")?;
        let open = select(
            tx,
            "episodes",
            "youth_id = ? AND exited_on IS NULL",
            &[owner],
        )?;
        let track = image.row.get("track");
        if open.iter().any(|row| row.get("track") == track) {
            return Err(in_the_way(FieldCode::EpisodeOpenedSince));
        }
        Ok(())
    }

    /// What a rule has set is as before, unless somebody has set it otherwise since.
    fn set_back(&self, tx: &mut AuditedTx<'_>, changed: &Changed) -> Result<()> {
        let Some(row) = find(tx, &changed.table, &changed.key)? else {
            return Ok(());
        };
        let is_untouched = changed
            .after
            .iter()
            .all(|(name, value)| row.get(name).unwrap_or(&Value::Null) == value);
        if !is_untouched {
            return Ok(());
        }
        // A number that has come into force since stays in force.
        if changed.table == "youth_identifiers" {
            let owner = id_of(&row, "youth_id")?;
            let in_force = "youth_id = ? AND is_current";
            if !select(tx, &changed.table, in_force, &[owner])?.is_empty() {
                return Ok(());
            }
        }
        update(tx, &changed.table, &changed.key, &changed.before)?;
        Ok(())
    }

    /// Whether something of what either does was noted since.
    fn has_learned(&self, tx: &mut AuditedTx<'_>) -> Result<bool> {
        let ids = [self.pair.stays.cast(), self.pair.goes.cast()];
        let all = select(tx, "occupations", "youth_id IN (?, ?)", &ids)?;
        let since = self.merged_at.to_text();
        Ok(all
            .iter()
            .any(|row| text_of(row, "updated_at").is_some_and(|at| at >= since)))
    }

    /// What was one of two is two again; what was set since the merge stays with the youth who stays.
    fn divide(&self, tx: &mut AuditedTx<'_>, replaced: &Replaced) -> Result<()> {
        let table = replaced.table.as_str();
        let key = row_of([("youth_id", json!(self.pair.stays))]);
        let now = find(tx, table, &key)?;
        if now == replaced.after {
            delete(tx, table, &key)?;
            if let Some(stays) = &replaced.stays {
                insert(tx, table, stays)?;
            }
        }
        if let Some(other) = &replaced.other {
            insert(tx, table, other)?;
        }
        Ok(())
    }

    /// What was written since in something that has gone back goes with it.
    fn take_along(&self, tx: &mut AuditedTx<'_>) -> Result<()> {
        let of_episodes = tables_with("episode_id")
            .filter(|table| tables_with("youth_id").any(|of| of == *table))
            .map(|table| (table, "episode_id", "episodes"));
        for (table, column, on) in of_episodes.chain(HANGS_ON.iter().copied()) {
            let text = format!(
                "UPDATE {table} SET youth_id = ? WHERE youth_id = ? AND {column} IN (SELECT id FROM {on} WHERE youth_id = ?)"
            );
            diesel::sql_query(placed(tx.conn(), &text))
                .bind::<Guid, _>(self.pair.goes)
                .bind::<Guid, _>(self.pair.stays)
                .bind::<Guid, _>(self.pair.goes)
                .execute(tx.conn())?;
        }
        Ok(())
    }

    /// A task that was open is as it was, unless a person has touched it since: then it goes back with that.
    fn restore_task(&self, tx: &mut AuditedTx<'_>, image: &Image) -> Result<()> {
        let key = key_of(&image.table, &image.row)?;
        let Some(now) = find(tx, &image.table, &key)? else {
            return Ok(());
        };
        let is_touched = TOUCHED
            .iter()
            .any(|name| now.get(*name) != image.row.get(*name));
        let mut set = image.row.clone();
        set.retain(|name, _| {
            !key.contains_key(name)
                && (!is_touched || matches!(name.as_str(), "youth_id" | "episode_id"))
        });
        update(tx, &image.table, &key, &set)?;
        Ok(())
    }
}

/// Whether the run of a proposal still waits.
fn is_run_open(tx: &mut AuditedTx<'_>, item: &Row) -> Result<bool> {
    let run = row_of([("id", json!(id_of(item, "run_id")?))]);
    let run = find(tx, "disposal_runs", &run)?;
    let status = run.and_then(|run| text_of(&run, "status"));
    Ok(matches!(status.as_deref(), Some("proposed" | "approved")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn of_every_table_that_names_a_youth_it_is_decided_how_it_is_merged() {
        let decided: BTreeSet<&str> = TABLES.iter().map(|(table, _)| *table).collect();
        assert_eq!(decided.len(), TABLES.len());
        for table in tables_with("youth_id") {
            assert!(
                decided.contains(table),
                "{table} names a youth: say in TABLES how it is merged"
            );
        }
        assert_eq!(decided.len(), tables_with("youth_id").count());
        for (table, rule) in TABLES {
            if matches!(rule, OneOfTwo) {
                assert_eq!(
                    crate::db::plain_rows::key_columns(table).unwrap(),
                    &["youth_id"]
                );
            }
        }
    }

    #[test]
    fn every_other_column_that_names_a_youth_is_known() {
        let known = ["merged_youth_id", "youth_id"];
        for (table, columns) in schema_text::tables() {
            for (column, _) in columns {
                let names_youth = column.contains("youth_id") && !known.contains(column);
                assert!(
                    !names_youth || NAMED_ELSEWHERE.contains(&(table, column)),
                    "{table}.{column} names a youth"
                );
            }
        }
    }
}
