//! Occupations as they were ascertained: rows, lists, changes, and what is kept beside each youth of what they do now. Which
//! spells follow from them is a matter of `domain::occupation`.

use super::assignments::handlers_now;
use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_of, load_page, within_scope};
use super::paging::{Page, PageRequest};
use super::relations::{relation_to, relations_by_id};
use super::schema::{current_occupations, episodes, occupations};
use super::types::Timestamp;
use super::youths::{self, YouthRecord};
use crate::domain::codes::{AssignmentKind, Occupation};
use crate::domain::id::{Contact, Id, OccupationObservation, User, Youth};
use crate::domain::occupation::{Current, Observation, OccupationSource, Spell};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

guarded! {
    /// An observation as stored.
    #[derive(Clone)]
    pub struct OccupationRow as StoredOccupationRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = occupations, treat_none_as_null = true)] in occupations by id {
        pub id: Id<OccupationObservation>,
        pub youth_id: Id<Youth>,
        /// The contact that told it, if one did.
        pub contact_id: Option<Id<Contact>>,
        pub kind: Occupation,
        pub starts_on: Option<NaiveDate>,
        pub as_of_on: NaiveDate,
        pub source: OccupationSource,
        pub expected_end_on: Option<NaiveDate>,
        pub valid_until: Option<NaiveDate>,
        /// The employer, the school.
        pub place ~ Option<String>,
        pub is_void: bool,
        pub void_reason ~ Option<String>,
        pub recorded_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

// Where somebody with a protected identity works or studies is as telling as their address (domain 4.4).
disclosed!(OccupationRow, Occupations, |r| youth: Some(r.youth_id), id: r.id, version: r.version,
    closed: ["place"], {
    "id": r.id,
    "youthId": r.youth_id,
    "contactId": r.contact_id,
    "kind": Word(r.kind),
    "startsOn": r.starts_on,
    "asOfOn": r.as_of_on,
    "source": Word(r.source),
    "expectedEndOn": r.expected_end_on,
    "validUntil": r.valid_until,
    "place": r.place,
    "isVoid": r.is_void,
    "voidReason": r.void_reason,
    "recordedBy": r.recorded_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

impl OccupationRow {
    const fn observation(&self) -> Observation {
        Observation {
            id: self.id,
            kind: self.kind,
            starts_on: self.starts_on,
            as_of_on: self.as_of_on,
            valid_until: self.valid_until,
            recorded_at: self.created_at.utc(),
            is_void: self.is_void,
        }
    }
}

/// A spell of a youth's occupation.
#[derive(Clone)]
pub struct SpellRecord {
    pub youth_id: Id<Youth>,
    pub spell: Spell,
}

disclosed!(SpellRecord, OccupationSpells, |r| youth: Some(r.youth_id), id: r.youth_id, version: 0, {
    "kind": Word(r.spell.kind),
    "startsOn": r.spell.first_on,
    "endsOn": r.spell.last_on,
    "asOfOn": r.spell.as_of_on,
    "lastKnown": Word(r.spell.last_known),
});

/// An observation, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(
    tx: &mut AuditedTx<'_>,
    id: Id<OccupationObservation>,
) -> Result<Sealed<OccupationRow>> {
    let found = load_those(tx, &[id])?.pop().ok_or(ErrorCode::NotFound)?;
    tx.concern(found.for_rules().youth_id);
    Ok(found)
}

/// Some observations, with the actor's relation to their youths, in no order. Those that there are not are left out.
///
/// # Errors
/// The database does not answer.
pub fn load_those(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<OccupationObservation>],
) -> Result<Vec<Sealed<OccupationRow>>> {
    let rows: Vec<StoredOccupationRow> =
        load_of!(tx.conn(), ids, occupations::id, occupations::table)?;
    sealed(tx, rows)
}

/// The observations of one youth, the latest ascertained first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<OccupationRow>>> {
    let query = occupations::table
        .filter(occupations::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredOccupationRow> = load_page!(
        tx,
        request,
        query,
        true,
        occupations::as_of_on,
        occupations::id,
        |row: &StoredOccupationRow| (row.as_of_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Everything that was ascertained of a youth, for the rules.
///
/// # Errors
/// The database does not answer.
pub fn of_youth(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Observation>> {
    let rows: Vec<StoredOccupationRow> = occupations::table
        .filter(occupations::youth_id.eq(youth_id))
        .load(tx.conn())?;
    let rows = rows.all_deciphered(tx.vault())?;
    Ok(rows.iter().map(OccupationRow::observation).collect())
}

/// The part of a youth's spells that is asked for, the earliest first.
///
/// # Errors
/// The database does not answer.
pub fn page_of_spells(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    spells: Vec<Spell>,
    request: &PageRequest,
) -> Result<Page<Sealed<SpellRecord>>> {
    let relation = relation_to(tx, youth_id)?;
    let rows = spells
        .into_iter()
        .map(|spell| SpellRecord { youth_id, spell })
        .collect();
    request
        .cut_sorted(rows, |row: &SpellRecord| {
            (row.spell.first_on.to_string(), Uuid::nil())
        })
        .try_map(|row| Ok(Sealed::new(row, relation.clone())))
}

/// What a contact told of the occupation, if it did.
///
/// # Errors
/// The database does not answer.
pub fn find_of_contact(
    tx: &mut AuditedTx<'_>,
    contact_id: Id<Contact>,
) -> Result<Option<OccupationRow>> {
    let row: Option<StoredOccupationRow> = occupations::table
        .filter(occupations::contact_id.eq(contact_id))
        .first(tx.conn())
        .optional()?;
    row.all_deciphered(tx.vault())
}

/// Stores a new observation.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &OccupationRow) -> Result<()> {
    diesel::insert_into(occupations::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed observation.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &OccupationRow) -> Result<()> {
    diesel::update(occupations::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps what a youth does now. The youth's version stays: nothing that somebody could be editing has changed.
///
/// # Errors
/// The database does not answer.
pub fn set_current(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    youth_id: Id<Youth>,
    current: Option<Current>,
) -> Result<()> {
    diesel::delete(current_occupations::table.find(youth_id)).execute(tx.conn())?;
    if let Some(current) = current {
        diesel::insert_into(current_occupations::table)
            .values((
                current_occupations::youth_id.eq(youth_id),
                current_occupations::kind.eq(current.kind),
                current_occupations::since_on.eq(current.since_on),
                current_occupations::as_of_on.eq(current.as_of_on),
                current_occupations::valid_until.eq(current.valid_until),
                current_occupations::last_known.eq(current.last_known),
                current_occupations::observation_id.eq(current.observation_id),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

pub(in crate::db) type CurrentRow = (
    Id<Youth>,
    Occupation,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<Occupation>,
    Option<Id<OccupationObservation>>,
);

/// What each of some youths does today.
///
/// # Errors
/// The database does not answer.
pub fn current_of(
    tx: &mut AuditedTx<'_>,
    youth_ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, Current>> {
    let today = tx.today();
    let rows: Vec<CurrentRow> = load_of!(
        tx.conn(),
        youth_ids,
        current_occupations::youth_id,
        current_occupations::table
    )?;
    Ok(rows
        .into_iter()
        .map(|row| (row.0, current_from(row).on(today)))
        .collect())
}

/// What a row keeps of what a youth does.
pub(in crate::db) fn current_from(row: CurrentRow) -> Current {
    let (_, kind, since_on, as_of_on, valid_until, last_known, observation_id) = row;
    Current {
        kind,
        since_on,
        as_of_on,
        valid_until,
        last_known,
        observation_id,
    }
}

/// The youths of the actor's scope with an open episode whose occupation has lapsed or lapses before a day, the soonest
/// first, without those with protected identity; of one handler, if one is named.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_lapsing(
    tx: &mut AuditedTx<'_>,
    before: NaiveDate,
    handler_id: Option<Id<User>>,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthRecord>>> {
    let scope = list_scope(tx, Resource::Youths);
    let query = current_occupations::table
        .select((
            current_occupations::youth_id,
            current_occupations::valid_until.assume_not_null(),
        ))
        .filter(current_occupations::valid_until.is_not_null())
        .filter(current_occupations::valid_until.lt(before))
        .filter(diesel::dsl::exists(
            episodes::table
                .filter(episodes::youth_id.eq(current_occupations::youth_id))
                .filter(episodes::exited_on.is_null()),
        ))
        .into_boxed();
    let mut query = within_scope!(tx, query, scope, current_occupations::youth_id);
    if let Some(handler_id) = handler_id {
        use super::schema::assignments;
        query = query.filter(diesel::dsl::exists(
            assignments::table
                .filter(assignments::youth_id.eq(current_occupations::youth_id))
                .filter(assignments::user_id.eq(handler_id))
                .filter(assignments::kind.eq(AssignmentKind::Handler))
                .filter(super::assignments::runs_at(tx.timestamp())),
        ));
    }
    let page: Page<(Id<Youth>, NaiveDate)> = load_page!(
        tx,
        request,
        query,
        false,
        current_occupations::valid_until.assume_not_null(),
        current_occupations::youth_id,
        |row: &(Id<Youth>, NaiveDate)| (row.1, row.0)
    );
    let ids: Vec<Id<Youth>> = page.rows.iter().map(|(id, _)| *id).collect();
    let mut records: HashMap<Id<Youth>, Sealed<YouthRecord>> = youths::load_many(tx, &ids)?
        .into_iter()
        .map(|sealed| (sealed.for_rules().row.id, sealed))
        .collect();
    page.try_map(|(id, _)| {
        records
            .remove(&id)
            .ok_or_else(|| ErrorCode::NotFound.into())
    })
}

/// Whoever recorded an observation, and the youth's responsible handler, count as its own.
fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredOccupationRow>,
) -> Result<Vec<Sealed<OccupationRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    let ids: Vec<Id<Youth>> = relations.keys().copied().collect();
    let handlers = handlers_now(tx, &ids)?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some()
                && (row.recorded_by == me || handlers.get(&row.youth_id).copied() == me);
            Sealed::new(row, relation)
        })
        .collect())
}
