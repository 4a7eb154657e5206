//! Offers of places at a host: what an employer or another organisation offers, when, and what it asks for; and which youths
//! suit one. That no place is given twice is kept by `db::placement_offers`.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::organisations;
use crate::db::paging::{Page, PageRequest};
use crate::db::placement_matches;
use crate::db::placement_offers::{
    self, PlacementOfferFilter, PlacementOfferRecord, PlacementOfferRow,
};
use crate::db::versions::keep_version;
use crate::domain::codes::{Code, Measure};
use crate::domain::id::{ContactPerson, Id, Organisation, PlacementOffer, Unit};
use crate::domain::operation::Resource;
use crate::domain::placement::{PlacementField, PlacementOfferStatus, is_at_host};
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::View;
use chrono::NaiveDate;
use std::ops::RangeInclusive;

const INPUTS: &[&str] = &[
    "organisationId",
    "title",
    "field",
    "kind",
    "places",
    "startsOn",
    "endsOn",
    "supervisorId",
    "requirements",
    "leastAge",
    "needsDrivingLicence",
    "status",
];

/// Places of one offer.
const PLACES: RangeInclusive<i64> = 1..=200;
/// Ages that a host may ask for.
const AGES: RangeInclusive<i64> = 16..=25;

/// What an offer's form says.
struct OfferInput {
    organisation_id: Id<Organisation>,
    title: String,
    field: PlacementField,
    kind: Measure,
    places: i64,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    supervisor_id: Option<Id<ContactPerson>>,
    requirements: Option<String>,
    least_age: Option<i64>,
    needs_driving_licence: bool,
    status: PlacementOfferStatus,
}

/// The offers of the actor's unit, the latest to begin first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_placement_offers(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::PlacementOffers,
        &parameters,
        &[
            ("status", "status"),
            ("field", "field"),
            ("kind", "kind"),
            ("organisationId", "organisationId"),
        ],
    )?;
    let filter = PlacementOfferFilter {
        status: parameters.code("status"),
        field: parameters.code("field"),
        kind: parameters.code("kind"),
        organisation_id: parameters.id("organisationId"),
    };
    parameters.finish()?;
    let page = placement_offers::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One offer.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_placement_offer(tx: &mut AuditedTx<'_>, id: Id<PlacementOffer>) -> Result<View> {
    let sealed = placement_offers::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters an offer in the actor's unit.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn create_placement_offer(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::PlacementOffers, &relation, fields)?;
    let unit_id = own_unit(tx);
    let input = read_input(tx, form, unit_id, None)?;
    let now = tx.timestamp();
    let row = PlacementOfferRow {
        id: Id::fresh(),
        unit_id,
        organisation_id: input.organisation_id,
        title: String::new(),
        field: input.field,
        kind: input.kind,
        places: input.places,
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        supervisor_id: None,
        requirements: None,
        least_age: None,
        needs_driving_licence: false,
        status: input.status,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = filled(row, input);
    placement_offers::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Changes an offer, or closes it. It never has fewer places than are held.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_placement_offer(
    tx: &mut AuditedTx<'_>,
    id: Id<PlacementOffer>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = placement_offers::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    let input = read_input(tx, form, before.row.unit_id, Some(&before))?;
    let mut row = filled(before.row, input);
    row.updated_at = tx.timestamp();
    row.version += 1;
    placement_offers::update(tx, &permit, &row)?;
    finish(tx, id)
}

/// The youths who suit an offer, by name, each with why.
///
/// # Errors
/// 404 for an offer that the actor may not know of; 400 for a wrong parameter, 403.
pub fn list_offer_matches(
    tx: &mut AuditedTx<'_>,
    id: Id<PlacementOffer>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let sealed = placement_offers::load(tx, id)?;
    tx.permit(Resource::PlacementOffers, sealed.relation())?;
    let page = placement_matches::list_youths(tx, sealed.for_rules(), request)?;
    reveal_page(tx, page)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<PlacementOffer>) -> Result<View> {
    let sealed = placement_offers::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn filled(row: PlacementOfferRow, input: OfferInput) -> PlacementOfferRow {
    PlacementOfferRow {
        organisation_id: input.organisation_id,
        title: input.title,
        field: input.field,
        kind: input.kind,
        places: input.places,
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        supervisor_id: input.supervisor_id,
        requirements: input.requirements,
        least_age: input.least_age,
        needs_driving_licence: input.needs_driving_licence,
        status: input.status,
        ..row
    }
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    unit_id: Id<Unit>,
    before: Option<&PlacementOfferRecord>,
) -> Result<OfferInput> {
    let today = tx.today();
    let organisation_id = form.id("organisationId");
    let organisation_id = form.require("organisationId", organisation_id);
    let title = form.text("title", 200);
    let title = form.require("title", title);
    let field = form.code("field");
    let field = form.require("field", field);
    let kind: Option<Measure> = form.code("kind");
    let kind = form.require("kind", kind);
    if kind.is_some_and(|kind| !is_at_host(kind)) {
        let kinds: Vec<&str> = Measure::ALL
            .iter()
            .filter(|kind| is_at_host(**kind))
            .map(|kind| kind.code())
            .collect();
        let problem = FieldError::with("/kind", FieldCode::NotInList, kinds.join(", "));
        form.add([problem]);
    }
    let places = form.integer("places", PLACES);
    let places = form.require("places", places);
    let starts_on = form.date("startsOn");
    let starts_on = form.require("startsOn", starts_on);
    let ends_on = form.date("endsOn");
    let ends_on = form.require("endsOn", ends_on);
    let supervisor_id = form.id("supervisorId");
    let requirements = form.long_text("requirements", 2000);
    let least_age = form.integer("leastAge", AGES);
    let needs_driving_licence = form.boolean("needsDrivingLicence").unwrap_or(false);
    let status = form.code("status").unwrap_or(PlacementOfferStatus::Open);
    screen(tx, &mut form)?;
    if let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on) {
        if ends_on < starts_on {
            let problem = FieldError::with("/endsOn", FieldCode::WrongDateOrder, "startsOn");
            form.add([problem]);
        } else if before.is_none() && ends_on < today {
            form.wrong("endsOn", FieldCode::InPast);
        }
    }
    match before {
        Some(before) => check_change(&mut form, before, organisation_id, kind, places),
        None => check_host(tx, &mut form, unit_id, organisation_id)?,
    }
    let is_new_supervisor = before.is_none_or(|before| before.row.supervisor_id != supervisor_id);
    if let (Some(id), Some(organisation_id), true) =
        (supervisor_id, organisation_id, is_new_supervisor)
    {
        let found = organisations::find_person(tx, id)?
            .filter(|person| person.organisation_id == organisation_id && person.is_active);
        if found.is_none() {
            form.wrong("supervisorId", FieldCode::NoSuchRecord);
        }
    }
    let input = match (
        organisation_id,
        title,
        field,
        kind,
        places,
        starts_on,
        ends_on,
    ) {
        (
            Some(organisation_id),
            Some(title),
            Some(field),
            Some(kind),
            Some(places),
            Some(starts_on),
            Some(ends_on),
        ) => Some(OfferInput {
            organisation_id,
            title,
            field,
            kind,
            places,
            starts_on,
            ends_on,
            supervisor_id,
            requirements,
            least_age,
            needs_driving_licence,
            status,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// The host is an organisation of the unit that is still worked with.
fn check_host(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    unit_id: Id<Unit>,
    organisation_id: Option<Id<Organisation>>,
) -> Result<()> {
    let Some(id) = organisation_id else {
        return Ok(());
    };
    let found =
        organisations::find(tx, id)?.filter(|host| host.unit_id == unit_id && host.is_active);
    if found.is_none() {
        form.wrong("organisationId", FieldCode::NoSuchRecord);
    }
    Ok(())
}

/// Another host, or another measure, is another offer; and the places that are held stay.
fn check_change(
    form: &mut Form,
    before: &PlacementOfferRecord,
    organisation_id: Option<Id<Organisation>>,
    kind: Option<Measure>,
    places: Option<i64>,
) {
    if organisation_id.is_some_and(|id| id != before.row.organisation_id) {
        form.wrong("organisationId", FieldCode::Immutable);
    }
    if kind.is_some_and(|kind| kind != before.row.kind) {
        form.wrong("kind", FieldCode::Immutable);
    }
    if places.is_some_and(|places| places < before.held) {
        form.wrong("places", FieldCode::PlacesHeld);
    }
}
