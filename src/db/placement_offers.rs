//! Offers of places at a host: rows, lists and changes, and how many places of each are held. A place is held as long as the
//! intervention behind it is offered, accepted or running in an open episode; this is asked of the interventions each time, so
//! that no path can forget to give a place back.
//!
//! Everybody who holds a place is counted, also those with protected identity, since no place may be given twice. So no count
//! is shown, here or in a refusal: only whether there is a free place, which one youth more or less seldom changes.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::interventions::is_open_intervention;
use super::listing::{load_of, load_page};
use super::paging::{Page, PageRequest};
use super::schema::{episodes, interventions, placement_offers, placements};
use super::types::Timestamp;
use crate::domain::codes::{Measure, OfferAnswer};
use crate::domain::id::{ContactPerson, Id, Organisation, PlacementOffer, Unit, User};
use crate::domain::placement::{Asked, PlacementField, PlacementOfferStatus};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// An offer as stored.
    #[derive(Debug, Clone)]
    pub struct PlacementOfferRow as StoredPlacementOfferRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = placement_offers, treat_none_as_null = true)] in placement_offers by id {
        pub id: Id<PlacementOffer>,
        pub unit_id: Id<Unit>,
        pub organisation_id: Id<Organisation>,
        pub title: String,
        pub field: PlacementField,
        pub kind: Measure,
        pub places: i64,
        pub starts_on: NaiveDate,
        pub ends_on: NaiveDate,
        /// Somebody at the organisation.
        pub supervisor_id: Option<Id<ContactPerson>>,
        /// About the place; enciphered all the same, since somebody may write of a person in it.
        pub requirements ~ Option<String>,
        pub least_age: Option<i64>,
        pub needs_driving_licence: bool,
        pub status: PlacementOfferStatus,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl PlacementOfferRow {
    /// What it asks for, for the rules.
    pub fn asked(&self) -> Asked {
        Asked {
            field: self.field,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            status: self.status,
            least_age: self.least_age.and_then(|age| u32::try_from(age).ok()),
            needs_driving_licence: self.needs_driving_licence,
        }
    }
}

/// An offer with what of it is held.
#[derive(Debug, Clone)]
pub struct PlacementOfferRecord {
    pub row: PlacementOfferRow,
    /// Places held at this moment.
    pub held: i64,
}

impl PlacementOfferRecord {
    /// Whether there is a place that nobody holds.
    pub const fn has_free_place(&self) -> bool {
        self.held < self.row.places
    }
}

disclosed!(PlacementOfferRecord, PlacementOffers, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "unitId": r.row.unit_id,
    "organisationId": r.row.organisation_id,
    "title": r.row.title,
    "field": Word(r.row.field),
    "kind": Word(r.row.kind),
    "places": r.row.places,
    "hasFreePlace": r.has_free_place(),
    "startsOn": r.row.starts_on,
    "endsOn": r.row.ends_on,
    "supervisorId": r.row.supervisor_id,
    "requirements": r.row.requirements,
    "leastAge": r.row.least_age,
    "needsDrivingLicence": r.row.needs_driving_licence,
    "status": Word(r.row.status),
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which offers are asked for.
#[derive(Debug, Clone, Default)]
pub struct PlacementOfferFilter {
    pub status: Option<PlacementOfferStatus>,
    pub field: Option<PlacementField>,
    pub kind: Option<Measure>,
    pub organisation_id: Option<Id<Organisation>>,
}

/// How many places of some offers are held.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn held_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<PlacementOffer>],
) -> Result<HashMap<Id<PlacementOffer>, i64>> {
    let held: Vec<Id<PlacementOffer>> = load_of!(
        tx.conn(),
        ids,
        placements::offer_id,
        placements::table
            .inner_join(interventions::table.on(interventions::id.eq(placements::intervention_id)),)
            .filter(is_open_intervention!())
            .select(placements::offer_id)
    )?;
    let mut counts: HashMap<Id<PlacementOffer>, i64> = HashMap::new();
    for id in held {
        *counts.entry(id).or_default() += 1;
    }
    Ok(counts)
}

/// An offer.
///
/// # Errors
/// 404 when there is none.
pub fn load(
    tx: &mut AuditedTx<'_>,
    id: Id<PlacementOffer>,
) -> Result<Sealed<PlacementOfferRecord>> {
    let row: StoredPlacementOfferRow = placement_offers::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The offers of the actor's unit, the latest to begin first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &PlacementOfferFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementOfferRecord>>> {
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = placement_offers::table
        .filter(placement_offers::unit_id.eq(unit_id))
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(placement_offers::status.eq(status));
    }
    if let Some(field) = filter.field {
        query = query.filter(placement_offers::field.eq(field));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(placement_offers::kind.eq(kind));
    }
    if let Some(organisation_id) = filter.organisation_id {
        query = query.filter(placement_offers::organisation_id.eq(organisation_id));
    }
    let page: Page<StoredPlacementOfferRow> = load_page!(
        tx,
        request,
        query,
        true,
        placement_offers::starts_on,
        placement_offers::id,
        |row: &StoredPlacementOfferRow| (row.starts_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// The open offers of a unit that have not run out, in these fields; a unit has few.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn open_of_unit(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    fields: &[PlacementField],
) -> Result<Vec<Sealed<PlacementOfferRecord>>> {
    let today = tx.today();
    let rows: Vec<StoredPlacementOfferRow> = placement_offers::table
        .filter(placement_offers::unit_id.eq(unit_id))
        .filter(placement_offers::status.eq(PlacementOfferStatus::Open))
        .filter(placement_offers::ends_on.ge(today))
        .filter(placement_offers::field.eq_any(fields))
        .load(tx.conn())?;
    sealed(tx, rows)
}

/// Stores a new offer.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &PlacementOfferRow) -> Result<()> {
    diesel::insert_into(placement_offers::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed offer. It never has fewer places than are held.
///
/// # Errors
/// 409, which whoever calls has told by the name of the field.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &PlacementOfferRow) -> Result<()> {
    diesel::update(placement_offers::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    must_hold(tx, row.id)
}

/// Refuses what would give more places of an offer than there are: asked after every write that could, within its transaction,
/// which the databases let nobody else interleave.
///
/// # Errors
/// 409 when more places are held than there are.
pub(in crate::db) fn must_hold(tx: &mut AuditedTx<'_>, id: Id<PlacementOffer>) -> Result<()> {
    let places: i64 = placement_offers::table
        .find(id)
        .select(placement_offers::places)
        .first(tx.conn())?;
    let held = held_of(tx, &[id])?.remove(&id).unwrap_or_default();
    if held > places {
        return Err(ErrorCode::PlacesTaken.into());
    }
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredPlacementOfferRow>,
) -> Result<Vec<Sealed<PlacementOfferRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<PlacementOffer>> = rows.iter().map(|row| row.id).collect();
    let mut held = held_of(tx, &ids)?;
    let unit_id = tx.actor().unit_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let relation = Relation::unit_record(unit_id == Some(row.unit_id));
            let held = held.remove(&row.id).unwrap_or_default();
            Sealed::new(PlacementOfferRecord { row, held }, relation)
        })
        .collect())
}
