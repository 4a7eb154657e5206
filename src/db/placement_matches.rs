//! Matches: which youths suit an offer, and which offers suit a youth, by the same rules both ways (`domain::placement`). Left
//! out are those with protected identity, those whose processing is restricted, whoever was offered a place there before, and
//! whoever holds a place elsewhere at that time. Nothing is stored; why somebody may not start is not read here.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::interventions::{is_open_intervention, may_start_measures};
use super::listing::load_page;
use super::paging::{Page, PageRequest};
use super::placement_offers::{PlacementOfferRecord, open_of_unit};
use super::placement_wishes::{PlacementWishRecord, standing_of};
use super::relations::{is_unprotected, relation_to, relations_by_id};
use super::restrictions::{in_force, stands_on};
use super::schema::{
    episodes, interventions, measure_gates, placement_offers, placement_wish_fields,
    placement_wishes, placements, processing_restrictions, youths,
};
use super::youths::born_by;
use crate::domain::age::age_on;
use crate::domain::codes::OfferAnswer;
use crate::domain::id::{Id, PlacementOffer, Unit, Youth};
use crate::domain::placement::{MatchReason, reasons};
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::Sealed;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::HashSet;

/// A youth, as far as a match tells of them.
#[derive(Debug, Clone, Queryable)]
struct Person {
    id: Id<Youth>,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    sort_name: String,
}

/// A youth and an offer that suit each other.
pub struct PlacementMatch {
    person: Person,
    offer: PlacementOfferRecord,
    wish: PlacementWishRecord,
    reasons: Vec<MatchReason>,
    /// The day of the reading, for the age.
    today: NaiveDate,
}

disclosed!(PlacementMatch, PlacementMatches, |r| youth: Some(r.person.id), id: r.person.id, version: 1, {
    "offerId": r.offer.row.id,
    "organisationId": r.offer.row.organisation_id,
    "title": r.offer.row.title,
    "field": Word(r.offer.row.field),
    "startsOn": r.offer.row.starts_on,
    "endsOn": r.offer.row.ends_on,
    "hasFreePlace": r.offer.has_free_place(),
    "youthId": r.person.id,
    "givenName": r.person.given_name,
    "familyName": r.person.family_name,
    "age": age_on(r.person.birth_date, r.today).map(i64::from),
    "wishId": r.wish.row.id,
    "hoursPerWeek": r.wish.row.hours_per_week,
    "reasons": r.reasons.iter().map(|reason| Word(*reason)).collect::<Vec<_>>(),
});

type Boxed<'a> = youths::BoxedQuery<'a, super::MultiBackend>;

/// The youths of the offer's unit who suit it, by name. Nobody suits an offer that takes nobody any more.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_youths(
    tx: &mut AuditedTx<'_>,
    offer: &PlacementOfferRecord,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementMatch>>> {
    let today = tx.today();
    let asked = offer.row.asked();
    let Some(first) = asked.first_day(today) else {
        return Ok(Page {
            rows: Vec::new(),
            prev: None,
            next: None,
        });
    };
    let wanted = wishing(offer, first);
    let query = free_to_start(wanted, offer, today);
    let query = match asked.least_age {
        Some(age) => match born_by(first, age) {
            Some(day) => query.filter(youths::birth_date.le(day)),
            None => query,
        },
        None => query,
    };
    let query = query.select((
        youths::id,
        youths::given_name,
        youths::family_name,
        youths::birth_date,
        youths::sort_name,
    ));
    let page: Page<Person> = load_page!(
        tx,
        request,
        query,
        false,
        youths::sort_name,
        youths::id,
        |person: &Person| (person.sort_name.clone(), person.id)
    );
    let ids: Vec<Id<Youth>> = page.rows.iter().map(|person| person.id).collect();
    let mut wishes = standing_of(tx, &ids)?;
    let relations = relations_by_id(tx, ids)?;
    page.try_with(|people| {
        Ok(people
            .into_iter()
            .filter_map(|person| {
                let wish = wishes.remove(&person.id)?;
                let wanted = wish.wanted(person.birth_date, true);
                let reasons = reasons(&asked, &wanted, offer.has_free_place(), today)?;
                let relation = relations.get(&person.id).cloned().unwrap_or_default();
                let offer = offer.clone();
                let found = PlacementMatch {
                    person,
                    offer,
                    wish,
                    reasons,
                    today,
                };
                Some(Sealed::new(found, relation))
            })
            .collect())
    })
}

/// The youths of the unit whose standing wish suits the offer.
fn wishing<'a>(offer: &PlacementOfferRecord, first: NaiveDate) -> Boxed<'a> {
    let row = &offer.row;
    let suits = || {
        placement_wishes::table
            .filter(placement_wishes::youth_id.eq(youths::id))
            .filter(placement_wishes::is_active.eq(true))
            .filter(placement_wishes::from_on.le(row.ends_on))
            .filter(
                placement_wishes::to_on
                    .is_null()
                    .or(placement_wishes::to_on.ge(first).assume_not_null()),
            )
            .filter(
                placement_wishes::id.eq_any(
                    placement_wish_fields::table
                        .filter(placement_wish_fields::field.eq(row.field))
                        .select(placement_wish_fields::wish_id),
                ),
            )
            .filter(
                placement_wishes::episode_id.eq_any(
                    episodes::table
                        .filter(episodes::exited_on.is_null())
                        .select(episodes::id),
                ),
            )
    };
    let query = youths::table
        .filter(youths::unit_id.eq(row.unit_id))
        .filter(is_unprotected())
        .into_boxed();
    if row.needs_driving_licence {
        query.filter(exists(
            suits().filter(placement_wishes::has_driving_licence.eq(true)),
        ))
    } else {
        query.filter(exists(suits()))
    }
}

/// Of these youths, those who may start and whom nothing else keeps from it.
fn free_to_start<'a>(
    query: Boxed<'a>,
    offer: &PlacementOfferRecord,
    today: NaiveDate,
) -> Boxed<'a> {
    let row = &offer.row;
    let at_that_time = placement_offers::table
        .filter(placement_offers::starts_on.le(row.ends_on))
        .filter(placement_offers::ends_on.ge(row.starts_on))
        .select(placement_offers::id);
    let open = interventions::table
        .filter(is_open_intervention!())
        .select(interventions::id);
    query
        .filter(not(exists(
            measure_gates::table
                .filter(measure_gates::youth_id.eq(youths::id))
                .filter(measure_gates::may_start.eq(false)),
        )))
        .filter(not(exists(
            processing_restrictions::table
                .filter(processing_restrictions::youth_id.eq(youths::id))
                .filter(stands_on!(today))
                .filter(
                    processing_restrictions::opened_until.is_null().or(
                        processing_restrictions::opened_until
                            .lt(today)
                            .assume_not_null(),
                    ),
                ),
        )))
        .filter(not(exists(
            placements::table
                .filter(placements::youth_id.eq(youths::id))
                .filter(placements::offer_id.eq(row.id)),
        )))
        .filter(not(exists(
            placements::table
                .filter(placements::youth_id.eq(youths::id))
                .filter(placements::intervention_id.eq_any(open))
                .filter(placements::offer_id.eq_any(at_that_time)),
        )))
}

/// The open offers that suit a youth, the first to begin first; a unit has few, and a youth whom nobody's list tells of has none.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_offers(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlacementMatch>>> {
    let relation = relation_to(tx, youth_id)?;
    let mut found = offers_of(tx, youth_id, &relation)?;
    found.sort_by_key(place_of);
    let page = request.cut_sorted(found, place_of);
    page.try_map(|found| Ok(Sealed::new(found, relation.clone())))
}

fn place_of(found: &PlacementMatch) -> (String, uuid::Uuid) {
    let row = &found.offer.row;
    (row.starts_on.to_string(), row.id.uuid())
}

fn offers_of(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
) -> Result<Vec<PlacementMatch>> {
    let today = tx.today();
    let is_restricted = in_force(tx.conn(), &[youth_id], today)?
        .get(&youth_id)
        .is_some_and(|(_, is_opened)| !is_opened);
    let may_start = may_start_measures(tx, youth_id)?;
    let wish = standing_of(tx, &[youth_id])?.remove(&youth_id);
    let Some(wish) = wish.filter(|_| may_start && !is_restricted && !relation.is_protected) else {
        return Ok(Vec::new());
    };
    let (unit_id, person): (Id<Unit>, Person) = youths::table
        .find(youth_id)
        .select((
            youths::unit_id,
            (
                youths::id,
                youths::given_name,
                youths::family_name,
                youths::birth_date,
                youths::sort_name,
            ),
        ))
        .first(tx.conn())?;
    let (before, held) = placed(tx, youth_id)?;
    let wanted = wish.wanted(person.birth_date, may_start);
    let mut found = Vec::new();
    for sealed in open_of_unit(tx, unit_id, &wish.fields)? {
        let (offer, _) = sealed.into_record();
        let row = &offer.row;
        let is_elsewhere = held
            .iter()
            .any(|(starts_on, ends_on)| *starts_on <= row.ends_on && *ends_on >= row.starts_on);
        if before.contains(&row.id) || is_elsewhere {
            continue;
        }
        if let Some(reasons) = reasons(&row.asked(), &wanted, offer.has_free_place(), today) {
            found.push(PlacementMatch {
                person: person.clone(),
                offer,
                wish: wish.clone(),
                reasons,
                today,
            });
        }
    }
    Ok(found)
}

type Placed = (HashSet<Id<PlacementOffer>>, Vec<(NaiveDate, NaiveDate)>);

/// The offers of which a youth was offered a place, and the periods of those at which one is held.
fn placed(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Placed> {
    let before: Vec<Id<PlacementOffer>> = placements::table
        .filter(placements::youth_id.eq(youth_id))
        .select(placements::offer_id)
        .load(tx.conn())?;
    let held: Vec<(NaiveDate, NaiveDate)> = placements::table
        .inner_join(interventions::table.on(interventions::id.eq(placements::intervention_id)))
        .inner_join(placement_offers::table.on(placement_offers::id.eq(placements::offer_id)))
        .filter(placements::youth_id.eq(youth_id))
        .filter(is_open_intervention!())
        .select((placement_offers::starts_on, placement_offers::ends_on))
        .load(tx.conn())?;
    Ok((before.into_iter().collect(), held))
}
