//! Reading the audit. How events are written and chained stands in `audit_chain`; who may read which in `policy`.
//!
//! The log reviewer reads everything. The chief reads the events of the own unit's staff, but the audit must not tell what
//! the register hides: that a youth has a record in the protected compartment. So, for a reader whose sight of the
//! compartment takes a reason (`reviews_compartment`), of events that are not the reader's own:
//! - subjects in the compartment are left out, and an event that concerned nothing else is left out whole;
//! - an operation on referrals, consents, disclosures, correction notes or statuses that was refused or invalid is shown without its youth, because what it ran
//!   into may be a record of the compartment.
//!
//! That part of the work is reviewed by the log reviewer. Both lists and the filter by youth follow from one definition.

use super::MultiBackend;
use super::audit_chain::place_of_reason;
use super::audit_field_sets::spell_out;
use super::audited::AuditedTx;
use super::cipher::CipherText;
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page};
use super::paging::{Page, PageRequest};
use super::schema::{audit_events, audit_subjects};
use super::types::Timestamp;
use super::users::names_of;
use super::youth_merges::ids_of;
use crate::domain::codes::{AuditOutcome, Code};
use crate::domain::id::{AuditEvent, Id, Record, Unit, User, Youth};
use crate::domain::operation::{Operation, Resource};
use crate::domain::user::{Actor, Role};
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{Relation, reviews_compartment};
use crate::policy::reveal::{Permit, Sealed};
use crate::vault::is_enciphered;
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// An event as it is read.
#[derive(Debug, Clone, Queryable)]
pub struct EventRow {
    pub id: Id<AuditEvent>,
    pub at: Timestamp,
    pub actor_id: Option<Id<User>>,
    pub actor_kind: String,
    pub role: Option<String>,
    pub unit_id: Option<Id<Unit>>,
    pub operation: String,
    pub outcome: AuditOutcome,
    pub error_code: Option<String>,
    pub request_id: String,
    pub is_break_glass: bool,
    pub reason: Option<CipherText>,
    /// What the chain covers of the reason; it stays when the reason is disposed of.
    pub reason_digest: Option<Vec<u8>>,
}

/// A record that an event disclosed or changed.
#[derive(Debug, Clone, Queryable)]
pub struct SubjectRow {
    pub event_id: Id<AuditEvent>,
    pub youth_id: Option<Id<Youth>>,
    pub resource: String,
    pub record_id: Option<Id<Record>>,
    pub fields: String,
}

/// An event with the name of whoever acted and what it concerned.
#[derive(Clone)]
pub struct EventRecord {
    pub row: EventRow,
    pub actor_name: Option<String>,
    /// The reason in open words, as long as it has not been disposed of.
    pub reason: Option<String>,
    pub subjects: Vec<SubjectRow>,
}

disclosed!(EventRecord, AuditEvents, |r| youth: None, id: r.row.id, version: 1, {
    "id": r.row.id,
    "at": r.row.at,
    "actorId": r.row.actor_id,
    "actorKind": r.row.actor_kind,
    "actorName": r.actor_name,
    "role": r.row.role,
    "unitId": r.row.unit_id,
    "operation": r.row.operation,
    "outcome": Word(r.row.outcome),
    "errorCode": r.row.error_code,
    "requestId": r.row.request_id,
    "isBreakGlass": r.row.is_break_glass,
    "reason": r.reason,
    "isReasonDisposedOf": r.row.reason.is_none() && r.row.reason_digest.is_some(),
    "subjects": r.subjects.iter().map(shown_subject).collect::<Vec<_>>(),
});

fn shown_subject(subject: &SubjectRow) -> Value {
    json!({
        "youthId": subject.youth_id,
        "resource": subject.resource,
        "recordId": subject.record_id,
        "fields": subject.fields.split(',').filter(|name| !name.is_empty()).collect::<Vec<_>>(),
    })
}

/// Which events are asked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Concerning this youth.
    pub youth_id: Option<Id<Youth>>,
    /// Or one of these, whose records have gone into that youth's.
    pub also_known_as: Vec<Id<Youth>>,
    /// By this person.
    pub user_id: Option<Id<User>>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
    pub operation: Option<&'static str>,
    pub outcome: Option<AuditOutcome>,
    pub is_break_glass: Option<bool>,
}

/// The names of the kinds of the compartment.
fn compartment() -> impl Iterator<Item = &'static str> {
    Resource::COMPARTMENT.iter().map(|resource| resource.name())
}

/// Operations that may run into a record of the compartment.
fn may_touch_compartment() -> Vec<&'static str> {
    Operation::ALL
        .iter()
        .filter(|operation| {
            let resource = operation.resource();
            resource.is_of_compartment()
                || matches!(
                    resource,
                    Resource::Referrals
                        | Resource::Consents
                        | Resource::Disclosures
                        | Resource::CorrectionNotes
                        | Resource::Tasks
                )
        })
        .map(|operation| operation.name())
        .collect()
}

type Condition = Box<dyn BoxableExpression<audit_events::table, MultiBackend, SqlType = Bool>>;

/// The events that the actor may read, newest first.
///
/// # Errors
/// 403; 400 for a position that was not made for this list; the database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &EventFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<EventRecord>>> {
    let query = filtered(tx, filter)?;
    let page: Page<EventRow> = load_page!(
        tx,
        request,
        query.select(COLUMNS),
        true,
        audit_events::at,
        audit_events::id,
        |row: &EventRow| (row.at, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// The events that concern a youth, newest first, `most` at most; only what concerns this youth stands as subject.
///
/// # Errors
/// As [`list`].
pub fn list_about(
    tx: &mut AuditedTx<'_>,
    filter: &EventFilter,
    youth_id: Id<Youth>,
    most: i64,
) -> Result<Vec<Sealed<EventRecord>>> {
    let filter = EventFilter {
        youth_id: Some(youth_id),
        // What was read of a record that has gone into the youth's was read of the youth.
        also_known_as: ids_of(tx, youth_id)?,
        ..filter.clone()
    };
    let ids = filter.also_known_as.clone();
    let rows: Vec<EventRow> = filtered(tx, &filter)?
        .select(COLUMNS)
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(most)
        .load(tx.conn())?;
    Ok(sealed(tx, rows)?
        .into_iter()
        .map(|sealed| {
            let (mut record, relation) = sealed.into_record();
            record
                .subjects
                .retain(|subject| subject.youth_id.is_some_and(|id| ids.contains(&id)));
            Sealed::new(record, relation)
        })
        .collect())
}

#[allow(clippy::type_complexity)]
const COLUMNS: (
    audit_events::id,
    audit_events::at,
    audit_events::actor_id,
    audit_events::actor_kind,
    audit_events::role,
    audit_events::unit_id,
    audit_events::operation,
    audit_events::outcome,
    audit_events::error_code,
    audit_events::request_id,
    audit_events::is_break_glass,
    audit_events::reason,
    audit_events::reason_digest,
) = (
    audit_events::id,
    audit_events::at,
    audit_events::actor_id,
    audit_events::actor_kind,
    audit_events::role,
    audit_events::unit_id,
    audit_events::operation,
    audit_events::outcome,
    audit_events::error_code,
    audit_events::request_id,
    audit_events::is_break_glass,
    audit_events::reason,
    audit_events::reason_digest,
);

fn filtered<'a>(
    tx: &AuditedTx<'_>,
    filter: &EventFilter,
) -> Result<audit_events::BoxedQuery<'a, MultiBackend>> {
    let mut query = audit_events::table.into_boxed();
    let unit_id = tx.actor().unit_id();
    match (list_scope(tx, Resource::AuditEvents), unit_id) {
        (Scope::All, _) => {}
        (Scope::Unit, Some(unit_id)) => {
            query = query.filter(audit_events::unit_id.eq(unit_id).assume_not_null());
        }
        _ => return Err(ErrorCode::Forbidden.into()),
    }
    // Whose own events are told whole, where others' are told in part; `None` for a reader of everything.
    let reader = (!reviews_compartment(tx.actor())).then(|| tx.actor().user_id().unwrap_or(NOBODY));
    if let Some(reader) = reader {
        query = query.filter(tells_nothing_of_compartment(reader));
    }
    if let Some(youth_id) = filter.youth_id {
        // By the ids of its events, so that the index of the subjects serves it.
        let mut ids = filter.also_known_as.clone();
        ids.push(youth_id);
        let about = || {
            audit_subjects::table
                .filter(
                    audit_subjects::youth_id
                        .eq_any(ids.clone())
                        .assume_not_null(),
                )
                .select(audit_subjects::event_id)
        };
        query = match reader {
            None => query.filter(audit_events::id.eq_any(about())),
            Some(reader) => {
                let openly = about().filter(audit_subjects::resource.ne_all(compartment()));
                query.filter(
                    audit_events::id
                        .eq_any(openly)
                        .and(not(may_hint_at_compartment()))
                        .or(audit_events::id.eq_any(about()).and(is_of(reader))),
                )
            }
        };
    }
    if let Some(user_id) = filter.user_id {
        query = query.filter(audit_events::actor_id.eq(user_id).assume_not_null());
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(Timestamp::of(from)));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_events::at.lt(Timestamp::of(to)));
    }
    if let Some(operation) = filter.operation {
        query = query.filter(audit_events::operation.eq(operation));
    }
    if let Some(outcome) = filter.outcome {
        query = query.filter(audit_events::outcome.eq(outcome.code()));
    }
    if let Some(is_break_glass) = filter.is_break_glass {
        query = query.filter(audit_events::is_break_glass.eq(is_break_glass));
    }
    Ok(query)
}

/// No user has this id.
const NOBODY: Id<User> = Id::of(uuid::Uuid::nil());

fn is_of(reader: Id<User>) -> Condition {
    Box::new(audit_events::actor_id.eq(reader).assume_not_null())
}

/// Refused or invalid, where the compartment has something alike.
fn may_hint_at_compartment() -> Condition {
    Box::new(
        audit_events::operation
            .eq_any(may_touch_compartment())
            .and(audit_events::outcome.ne(AuditOutcome::Allowed.code())),
    )
}

/// The reader's own, or with a subject outside the compartment, or without any inside.
fn tells_nothing_of_compartment(reader: Id<User>) -> Condition {
    let subjects = || audit_subjects::table.filter(audit_subjects::event_id.eq(audit_events::id));
    let of_statuses = [
        Operation::ReadProtectedStatus.name(),
        Operation::SetProtectedStatus.name(),
    ];
    Box::new(
        is_of(reader)
            .or(audit_events::outcome.ne(AuditOutcome::Allowed.code()))
            .or(audit_events::operation.ne_all(of_statuses).and(
                exists(subjects().filter(audit_subjects::resource.ne_all(compartment()))).or(not(
                    exists(subjects().filter(audit_subjects::resource.eq_any(compartment()))),
                )),
            )),
    )
}

/// An event as a review draws from it: with the youths that the actor may read that it concerned, each once.
#[derive(Debug, Clone)]
pub struct Drawable {
    pub row: EventRow,
    pub youths: Vec<Id<Youth>>,
}

/// Where a walk over the events goes on: after this instant and id.
pub type Place = (Timestamp, Id<AuditEvent>);

/// Whose events a review draws from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewed {
    /// The unit; `None`: those who acted without one.
    pub unit_id: Option<Id<Unit>>,
    /// At this instant or later.
    pub from: DateTime<Utc>,
    /// Before this instant.
    pub to: DateTime<Utc>,
    /// Roles that this reviewer does not review.
    pub without: &'static [Role],
}

/// The next `most` events for a review, oldest first: what the actor may read, but nothing that they did themselves.
///
/// # Errors
/// 403; the database does not answer.
pub fn list_for_review(
    tx: &mut AuditedTx<'_>,
    reviewed: &Reviewed,
    after: Option<Place>,
    most: i64,
) -> Result<Vec<Drawable>> {
    let filter = EventFilter {
        from: Some(reviewed.from),
        to: Some(reviewed.to),
        ..EventFilter::default()
    };
    let me = tx.actor().user_id().unwrap_or(NOBODY);
    let mut query = filtered(tx, &filter)?.filter(
        audit_events::actor_id
            .is_null()
            .or(audit_events::actor_id.ne(me).assume_not_null()),
    );
    query = match reviewed.unit_id {
        Some(unit_id) => query.filter(audit_events::unit_id.eq(unit_id).assume_not_null()),
        None => query.filter(audit_events::unit_id.is_null()),
    };
    for role in reviewed.without {
        query = query.filter(
            audit_events::role
                .is_null()
                .or(audit_events::role.ne(role.code()).assume_not_null()),
        );
    }
    if let Some((at, id)) = after {
        query = query.filter(
            audit_events::at
                .gt(at)
                .or(audit_events::at.eq(at).and(audit_events::id.gt(id))),
        );
    }
    let rows: Vec<EventRow> = query
        .select(COLUMNS)
        .order((audit_events::at, audit_events::id))
        .limit(most)
        .load(tx.conn())?;
    let mut subjects = subjects_of(tx, &rows)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let subjects = as_told(
                tx.actor(),
                &row,
                subjects.remove(&row.id).unwrap_or_default(),
            );
            let youths: BTreeSet<Id<Youth>> = subjects
                .iter()
                .filter_map(|subject| subject.youth_id)
                .collect();
            Drawable {
                youths: youths.into_iter().collect(),
                row,
            }
        })
        .collect())
}

/// Some events by their ids, as far as the actor may read them: each is shown, and noted as shown.
///
/// # Errors
/// 403; the database does not answer.
pub fn show_by_id(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<AuditEvent>],
) -> Result<HashMap<Id<AuditEvent>, Value>> {
    let rows: Vec<EventRow> = filtered(tx, &EventFilter::default())?
        .filter(audit_events::id.eq_any(ids))
        .select(COLUMNS)
        .load(tx.conn())?;
    let mut shown = HashMap::new();
    for sealed in sealed(tx, rows)? {
        let (record, relation) = sealed.into_record();
        let id = record.row.id;
        // Whoever owns the row that points at it does with the row what the operation says.
        let relation = Relation {
            is_own: true,
            ..relation
        };
        let view = tx.reveal(&Sealed::new(record, relation))?;
        shown.insert(id, Value::Object(view.fields));
    }
    Ok(shown)
}

/// Erases the reason of an event, with the salt without which its digest tells nothing; the chain stays whole. `false` when
/// there is none to erase, or the event was written by a version whose chain covers the text itself.
///
/// # Errors
/// 404 for an event that there is not; the database does not answer.
pub fn dispose_of_reason(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<AuditEvent>) -> Result<bool> {
    let found: (Option<CipherText>, Option<Vec<u8>>) = audit_events::table
        .filter(audit_events::id.eq(id))
        .select((audit_events::reason, audit_events::reason_digest))
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let (Some(_), Some(_)) = found else {
        return Ok(false);
    };
    diesel::update(audit_events::table.filter(audit_events::id.eq(id)))
        .set((
            audit_events::reason.eq(None::<CipherText>),
            audit_events::reason_salt.eq(None::<Vec<u8>>),
        ))
        .execute(tx.conn())?;
    tx.note(Resource::AuditEvents, None, Some(id.cast()), "reason");
    Ok(true)
}

/// The subjects of some events, in their order.
fn subjects_of(
    tx: &mut AuditedTx<'_>,
    rows: &[EventRow],
) -> Result<HashMap<Id<AuditEvent>, Vec<SubjectRow>>> {
    let ids: Vec<Id<AuditEvent>> = rows.iter().map(|row| row.id).collect();
    let mut subjects: HashMap<Id<AuditEvent>, Vec<SubjectRow>> = HashMap::new();
    let mut found: Vec<SubjectRow> = audit_subjects::table
        .filter(audit_subjects::event_id.eq_any(&ids))
        .order((audit_subjects::event_id, audit_subjects::ordinal))
        .select((
            audit_subjects::event_id,
            audit_subjects::youth_id,
            audit_subjects::resource,
            audit_subjects::record_id,
            audit_subjects::fields,
        ))
        .load(tx.conn())?;
    spell_out(tx.conn(), found.iter_mut().map(|row| &mut row.fields))?;
    for subject in found {
        subjects.entry(subject.event_id).or_default().push(subject);
    }
    Ok(subjects)
}

/// What the actor may be told of the subjects of an event.
fn as_told(actor: &Actor, row: &EventRow, mut subjects: Vec<SubjectRow>) -> Vec<SubjectRow> {
    if !reviews_compartment(actor) && row.actor_id != actor.user_id() {
        subjects.retain(|subject| !compartment().any(|name| name == subject.resource));
        if row.outcome != AuditOutcome::Allowed
            && may_touch_compartment().contains(&row.operation.as_str())
        {
            subjects.clear();
        }
    }
    subjects
}

fn sealed(tx: &mut AuditedTx<'_>, rows: Vec<EventRow>) -> Result<Vec<Sealed<EventRecord>>> {
    let actors: Vec<Id<User>> = rows.iter().filter_map(|row| row.actor_id).collect();
    let names = names_of(tx, &actors)?;
    let mut subjects = subjects_of(tx, &rows)?;
    let (actor, my_unit) = (*tx.actor(), tx.actor().unit_id());
    rows.into_iter()
        .map(|row| {
            let subjects = as_told(&actor, &row, subjects.remove(&row.id).unwrap_or_default());
            let is_same_unit = row.unit_id.is_some() && row.unit_id == my_unit;
            let record = EventRecord {
                reason: open_reason(tx, &row)?,
                actor_name: row.actor_id.and_then(|id| names.get(&id).cloned()),
                subjects,
                row,
            };
            Ok(Sealed::new(record, Relation::unit_record(is_same_unit)))
        })
        .collect()
}

/// The reason of an event in open words; one from before it had a digest lies open.
fn open_reason(tx: &AuditedTx<'_>, row: &EventRow) -> Result<Option<String>> {
    match &row.reason {
        Some(text) if is_enciphered(&text.0) => {
            let place = place_of_reason(row.id);
            tx.vault().decipher(&place, &text.0).map(Some)
        }
        text => Ok(text.as_ref().map(|text| text.0.clone())),
    }
}
