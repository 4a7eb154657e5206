//! Placements: that a youth was offered a place at a host, and the intervention that it became. A row is added and never
//! changed; how it goes stands in the intervention, and whether a place is held follows from it (`placement_offers`).

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::interventions::is_open_intervention;
use super::listing::{list_scope, load_of, load_page_by_id, within_scope};
use super::paging::{Page, PageRequest};
use super::placement_offers::must_hold;
use super::relations::relations_by_id;
use super::schema::{episodes, interventions, placements};
use super::types::Timestamp;
use crate::domain::codes::OfferAnswer;
use crate::domain::id::{Id, Intervention, Placement, PlacementOffer, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// A placement as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = placements)]
pub struct PlacementRow {
    pub id: Id<Placement>,
    pub offer_id: Id<PlacementOffer>,
    pub youth_id: Id<Youth>,
    pub intervention_id: Id<Intervention>,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
}

/// Where the intervention behind a placement stands.
#[derive(Debug, Clone, Copy)]
struct Standing {
    answer: OfferAnswer,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    is_held: bool,
}

/// A placement with where its intervention stands.
#[derive(Debug, Clone)]
pub struct PlacementRecord {
    pub row: PlacementRow,
    standing: Standing,
}

impl PlacementRecord {
    /// Whether it holds a place.
    pub const fn is_held(&self) -> bool {
        self.standing.is_held
    }
    /// The day since which the host knows of the youth: the first at the host.
    pub const fn started_on(&self) -> Option<NaiveDate> {
        self.standing.started_on
    }
    /// The last day at the host.
    pub const fn ended_on(&self) -> Option<NaiveDate> {
        self.standing.ended_on
    }
}

disclosed!(PlacementRecord, Placements, |r| youth: Some(r.row.youth_id), id: r.row.id, version: 1, {
    "id": r.row.id,
    "offerId": r.row.offer_id,
    "youthId": r.row.youth_id,
    "interventionId": r.row.intervention_id,
    "answer": Word(r.standing.answer),
    "startedOn": r.standing.started_on,
    "endedOn": r.standing.ended_on,
    "isHeld": r.standing.is_held,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
});

/// A placement, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Placement>) -> Result<Sealed<PlacementRecord>> {
    let row: PlacementRow = placements::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The placements of an offer, of youths within the actor's scope, newest first, without those with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_offer(
    tx: &mut AuditedTx<'_>,
    offer_id: Id<PlacementOffer>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementRecord>>> {
    let query = placements::table
        .filter(placements::offer_id.eq(offer_id))
        .into_boxed();
    let query = within_scope!(
        tx,
        query,
        list_scope(tx, Resource::Placements),
        placements::youth_id
    );
    paged(tx, query, request)
}

/// The placements of one youth, newest first.
///
/// # Errors
/// As [`list_of_offer`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementRecord>>> {
    let query = placements::table
        .filter(placements::youth_id.eq(youth_id))
        .into_boxed();
    paged(tx, query, request)
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: placements::BoxedQuery<'_, super::MultiBackend>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementRecord>>> {
    let page: Page<PlacementRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        placements::id,
        |row: &PlacementRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Whether a youth holds a place of an offer already.
///
/// # Errors
/// The database does not answer.
pub fn holds_place(
    tx: &mut AuditedTx<'_>,
    offer_id: Id<PlacementOffer>,
    youth_id: Id<Youth>,
) -> Result<bool> {
    let query = placements::table
        .inner_join(interventions::table.on(interventions::id.eq(placements::intervention_id)))
        .filter(placements::offer_id.eq(offer_id))
        .filter(placements::youth_id.eq(youth_id))
        .filter(is_open_intervention!())
        .select(placements::id);
    Ok(diesel::select(exists(query)).get_result(tx.conn())?)
}

/// Whether an intervention is that of a placement.
///
/// # Errors
/// The database does not answer.
pub fn is_behind(tx: &mut AuditedTx<'_>, id: Id<Intervention>) -> Result<bool> {
    let query = placements::table.filter(placements::intervention_id.eq(id));
    Ok(diesel::select(exists(query)).get_result(tx.conn())?)
}

/// Stores a new placement, if there is a place for it.
///
/// # Errors
/// 409 when every place is held.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &PlacementRow) -> Result<()> {
    diesel::insert_into(placements::table)
        .values(row)
        .execute(tx.conn())?;
    must_hold(tx, row.offer_id)
}

/// Asked after every change of an intervention: one that takes its place again finds it taken, or not.
///
/// # Errors
/// 409 when every place is held.
pub(in crate::db) fn must_hold_behind(tx: &mut AuditedTx<'_>, id: Id<Intervention>) -> Result<()> {
    let offer_id: Option<Id<PlacementOffer>> = placements::table
        .filter(placements::intervention_id.eq(id))
        .select(placements::offer_id)
        .first(tx.conn())
        .optional()?;
    offer_id.map_or(Ok(()), |offer_id| must_hold(tx, offer_id))
}

fn standing_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Intervention>],
) -> Result<HashMap<Id<Intervention>, Standing>> {
    type Found = (
        Id<Intervention>,
        OfferAnswer,
        Option<NaiveDate>,
        Option<NaiveDate>,
    );
    let rows: Vec<Found> = load_of!(
        tx.conn(),
        ids,
        interventions::id,
        interventions::table.select((
            interventions::id,
            interventions::answer,
            interventions::started_on,
            interventions::ended_on,
        ))
    )?;
    let held: Vec<Id<Intervention>> = load_of!(
        tx.conn(),
        ids,
        interventions::id,
        interventions::table
            .filter(is_open_intervention!())
            .select(interventions::id)
    )?;
    let held: HashSet<Id<Intervention>> = held.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|(id, answer, started_on, ended_on)| {
            let standing = Standing {
                answer,
                started_on,
                ended_on,
                is_held: held.contains(&id),
            };
            (id, standing)
        })
        .collect())
}

fn sealed(tx: &mut AuditedTx<'_>, rows: Vec<PlacementRow>) -> Result<Vec<Sealed<PlacementRecord>>> {
    let ids: Vec<Id<Intervention>> = rows.iter().map(|row| row.intervention_id).collect();
    let standing = standing_of(tx, &ids)?;
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.created_by == me;
            let standing = *standing.get(&row.intervention_id)?;
            Some(Sealed::new(PlacementRecord { row, standing }, relation))
        })
        .collect())
}
