//! The one way out for a record: sealed as it comes from the database, revealed field by field as the table says.
//! A view holds only what its reader may see; forbidden fields are absent, not null.

use super::access_table::{FieldAccess, field_access, field_names, fields_of};
use super::decide::{Decision, Relation, decide};
use crate::domain::codes::GrantPurpose;
use crate::domain::id::{Episode, Id, Record, Youth};
use crate::domain::notes_apart::NOTES;
use crate::domain::operation::{Operation, Resource};
use crate::domain::person_name;
use crate::domain::protected_identity::CLOSED;
use crate::domain::restriction::stands_still;
use crate::domain::user::{Actor, Role};
use crate::error::{Error, ErrorCode, Result};
use serde_json::{Map, Value};

/// A record that can be shown field by field. Implemented beside each row type in `db`.
pub trait Disclosable {
    /// Its kind.
    const RESOURCE: Resource;
    /// Its id, for the audit.
    fn record_id(&self) -> Id<Record>;
    /// The youth it tells about, if any.
    fn youth_id(&self) -> Option<Id<Youth>>;
    /// Its version, for the ETag.
    fn version(&self) -> i64;
    /// The value of a field, or `None` if the record has no such field. Called by `reveal` and by the version history alone.
    fn field(&self, name: &str) -> Option<Value>;
    /// As what kind of record the audit notes that it was shown: its own, unless it tells of something more closed.
    fn noted_as(&self) -> Resource {
        Self::RESOURCE
    }
    /// Fields that a protected identity closes, and what opens them.
    fn closed_by_protection(&self, _name: &str) -> bool {
        false
    }
    /// Of a field that is a note: the episode with which it stays behind when outreach goes on after the duty.
    fn stays_with(&self, _name: &str) -> Option<Id<Episode>> {
        None
    }
}

/// A record with the actor's relation to it, before anybody has asked whether it may be shown.
#[derive(Clone)]
pub struct Sealed<T> {
    record: T,
    relation: Relation,
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[sealed]")
    }
}

impl<T> Sealed<T> {
    /// Seals a record read from the database.
    pub const fn new(record: T, relation: Relation) -> Self {
        Self { record, relation }
    }
    /// The record, for the rules of the work. What leaves the service goes through `reveal`.
    pub const fn for_rules(&self) -> &T {
        &self.record
    }
    /// The record, for changing it.
    pub fn into_record(self) -> (T, Relation) {
        (self.record, self.relation)
    }
    /// How the actor stands to it.
    pub const fn relation(&self) -> &Relation {
        &self.relation
    }
}

/// Proof that the deed was decided upon and allowed; the database asks for it before it writes.
#[derive(Debug)]
pub struct Permit(());

/// Decides on a deed to a record. `Err` is 403 or 404; 409 for what stands still while processing is restricted.
pub fn permit(
    actor: &Actor,
    operation: Operation,
    resource: Resource,
    relation: &Relation,
) -> Result<Permit> {
    match decide(actor, operation, resource, relation) {
        Decision::Allow if relation.is_restricted && stands_still(operation) => {
            Err(ErrorCode::ProcessingRestricted.into())
        }
        Decision::Allow => Ok(Permit(())),
        Decision::Forbid => Err(ErrorCode::Forbidden.into()),
        Decision::Hide => Err(ErrorCode::NotFound.into()),
    }
}

/// What the reader gets.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The fields.
    pub fields: Map<String, Value>,
    /// The version, for the ETag.
    pub version: i64,
}

/// What the audit notes about a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The youth it tells about.
    pub youth_id: Option<Id<Youth>>,
    /// The kind of record.
    pub resource: Resource,
    /// The record.
    pub record_id: Id<Record>,
    /// The fields shown.
    pub fields: Vec<&'static str>,
    /// Whether a break-glass opened one of them.
    pub is_break_glass: bool,
}

/// Shows a record to the actor.
///
/// # Errors
/// 403 or 404 when the operation is not allowed on it.
pub fn reveal<T: Disclosable>(
    actor: &Actor,
    operation: Operation,
    sealed: &Sealed<T>,
) -> Result<(View, Disclosure)> {
    permit(actor, operation, T::RESOURCE, &sealed.relation)?;
    let record = &sealed.record;
    let all = fields_of(T::RESOURCE);
    let mut fields = Map::with_capacity(all.len());
    let mut shown = Vec::with_capacity(all.len());
    let mut by_grant = operation_by_grant(actor, operation);
    let column = actor.role().map(Role::column);
    for (_, name, row) in all {
        let access = column.and_then(|column| row.get(column).copied());
        let Some((access, granted)) = access_in(actor, T::RESOURCE, access, &sealed.relation)
        else {
            continue;
        };
        if is_closed(record, &sealed.relation, name) {
            continue;
        }
        let opened = sealed.relation.is_protected && record.closed_by_protection(name)
            || stays_behind(record, &sealed.relation, name);
        let Some(value) = record.field(name) else {
            continue;
        };
        let value = if access == FieldAccess::Masked {
            mask(&value)
        } else {
            value
        };
        by_grant |= granted || opened;
        fields.insert((*name).to_owned(), value);
        shown.push(*name);
    }
    let disclosure = Disclosure {
        youth_id: record.youth_id(),
        resource: record.noted_as(),
        record_id: record.record_id(),
        fields: shown,
        is_break_glass: by_grant,
    };
    Ok((
        View {
            fields,
            version: record.version(),
        },
        disclosure,
    ))
}

fn operation_by_grant(actor: &Actor, operation: Operation) -> bool {
    actor.role().is_some_and(|role| {
        super::access_table::permission(operation, role) == super::access_table::Permission::Grant
    })
}

/// What the actor may do with a field of a record in this relation, and whether a break-glass is what allows it.
/// `None`: not even see it.
pub fn effective(
    actor: &Actor,
    resource: Resource,
    field: &str,
    relation: &Relation,
) -> Option<(FieldAccess, bool)> {
    let access = actor.role().map(|role| field_access(resource, field, role));
    access_in(actor, resource, access, relation)
}

/// As [`effective`], of what the table gives the actor's role, if they have one.
fn access_in(
    actor: &Actor,
    resource: Resource,
    access: Option<FieldAccess>,
    relation: &Relation,
) -> Option<(FieldAccess, bool)> {
    let Some(access) = access else {
        return matches!(actor, Actor::Console).then_some((FieldAccess::Write, false));
    };
    // An objection to a note tells what the note says.
    let purpose = match resource {
        Resource::Contacts | Resource::CorrectionNotes => GrantPurpose::ContactNotes,
        _ => GrantPurpose::ProtectedCompartment,
    };
    match access {
        FieldAccess::None => None,
        FieldAccess::Own if !relation.is_own => None,
        FieldAccess::OwnWrite if !relation.is_own => None,
        FieldAccess::Grant if !relation.has_grant(purpose) => None,
        access @ FieldAccess::Grant => Some((access, true)),
        access => Some((access, false)),
    }
}

/// Refuses a request that names a field its sender may not set, before anything is written.
///
/// # Errors
/// 403 with a pointer to the field.
pub fn may_write(
    actor: &Actor,
    resource: Resource,
    relation: &Relation,
    names: impl Iterator<Item = String>,
) -> Result<()> {
    for name in names {
        if !field_names(resource).any(|known| known == name) {
            continue; // an unknown field is a matter for validation
        }
        match effective(actor, resource, &name, relation) {
            Some((FieldAccess::Write | FieldAccess::OwnWrite, _)) => {}
            _ => return Err(Error::forbidden_field(format!("/{name}"))),
        }
    }
    Ok(())
}

/// Every field of a record, for the history of its versions, which is stored and never shown unfiltered.
pub fn snapshot<T: Disclosable>(record: &T) -> Value {
    let fields: Map<String, Value> = field_names(T::RESOURCE)
        .filter_map(|name| record.field(name).map(|value| (name.to_owned(), value)))
        .collect();
    Value::Object(fields)
}

/// A stored version, reduced to what the actor may see of the record as it is today.
pub fn reveal_snapshot<T: Disclosable>(
    actor: &Actor,
    relation: &Relation,
    record: &T,
    document: &Value,
) -> Map<String, Value> {
    let mut shown = Map::new();
    for name in field_names(T::RESOURCE) {
        let Some((access, _)) = effective(actor, T::RESOURCE, name, relation) else {
            continue;
        };
        if is_closed(record, relation, name) {
            continue;
        }
        if let Some(value) = document.get(name) {
            let value = if access == FieldAccess::Masked {
                mask(value)
            } else {
                value.clone()
            };
            shown.insert(name.to_owned(), value);
        }
    }
    shown
}

/// Whether a protected identity, or that the note stays behind, closes the field to this reader.
fn is_closed<T: Disclosable>(record: &T, relation: &Relation, name: &str) -> bool {
    is_closed_by_protection(record, relation, name) || is_left_behind(record, relation, name)
}

/// Whether a protected identity closes fields to this reader: to everybody but whoever is assigned and has a reason.
fn closes(relation: &Relation) -> bool {
    relation.is_protected
        && !(relation.has_grant(GrantPurpose::ProtectedAddress) && relation.is_assigned)
}

fn is_closed_by_protection<T: Disclosable>(record: &T, relation: &Relation, name: &str) -> bool {
    closes(relation) && record.closed_by_protection(name)
}

/// Takes what a protected identity closes out of an answer that was given before the identity was protected, or for a reason
/// that has run out.
pub fn leave_closed_out(members: &mut Map<String, Value>, relation: &Relation) {
    if closes(relation) {
        members.retain(|name, _| !CLOSED.contains(&name.as_str()));
    }
}

/// Whether the note stays behind with its episode, for whoever has no reason to open it.
fn is_left_behind<T: Disclosable>(record: &T, relation: &Relation, name: &str) -> bool {
    stays_behind(record, relation, name) && !relation.has_grant(GrantPurpose::ContactNotes)
}

/// Whether the field is a note of an episode whose notes stay behind. Where nobody has asked which do, all do.
fn stays_behind<T: Disclosable>(record: &T, relation: &Relation, name: &str) -> bool {
    record.stays_with(name).is_some_and(|episode| {
        relation
            .notes_apart
            .as_ref()
            .is_none_or(|apart| apart.contains(&episode))
    })
}

/// Takes the notes that stay behind out of an answer that was given before they did.
pub fn leave_notes_behind(members: &mut Map<String, Value>, relation: &Relation) {
    let Some(episode) = members.get("episodeId").and_then(Value::as_str) else {
        return;
    };
    let is_behind = relation
        .notes_apart
        .as_ref()
        .is_none_or(|apart| apart.iter().any(|id| id.to_string() == episode));
    if is_behind && !relation.has_grant(GrantPurpose::ContactNotes) {
        members.retain(|name, _| !NOTES.contains(&name.as_str()));
    }
}

/// Refuses the change of a field that a protected identity closes to this reader: nobody writes what they cannot read. To empty
/// it is let through: what is to be forgotten need not be read first.
///
/// # Errors
/// 403 with a pointer to the field.
pub fn may_write_closed<T: Disclosable>(
    record: &T,
    relation: &Relation,
    patch: &Map<String, Value>,
) -> Result<()> {
    for (name, value) in patch {
        if !value.is_null() && is_closed_by_protection(record, relation, name) {
            return Err(Error::forbidden_field(format!("/{name}")));
        }
    }
    Ok(())
}

/// Refuses the change of a note that stays behind: nobody writes what they cannot read.
///
/// # Errors
/// 403 with a pointer to the field.
pub fn may_write_notes<T: Disclosable>(
    record: &T,
    relation: &Relation,
    names: impl Iterator<Item = String>,
) -> Result<()> {
    for name in names {
        if is_left_behind(record, relation, &name) {
            return Err(Error::forbidden_field(format!("/{name}")));
        }
    }
    Ok(())
}

fn mask(value: &Value) -> Value {
    match value.as_str() {
        Some(text) => Value::String(person_name::initial(text)),
        None => Value::Null,
    }
}
