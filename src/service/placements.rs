//! Placements: from a match to an offered intervention in one step, with follow-ups at the host. The intervention is made by the
//! same code as any other (`interventions`), in the same transaction, so that what holds for one holds here.

use super::form::Form;
use super::interventions::{MOST_FOLLOW_UPS, offer};
use super::youths::visible_relation;
use super::{Fields, begin_create, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::organisations;
use crate::db::paging::{Page, PageRequest};
use crate::db::placement_matches;
use crate::db::placement_offers::{self, PlacementOfferRecord};
use crate::db::placements::{self, PlacementRow};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::codes::{Code, ResponsibleParty};
use crate::domain::id::{Id, Placement, PlacementOffer, Youth};
use crate::domain::operation::Resource;
use crate::domain::placement::follow_up_days;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::View;
use serde_json::{Value, json};

/// What of the intervention may be told with the placement; the rest follows from the offer.
const OF_INTERVENTION: &[&str] = &["episodeId", "goal", "followUps", "confirmedTerms"];
/// What the audit notes of the intervention.
const NOTED: &str =
    "episodeId,kind,answer,offeredOn,provider,responsibleParty,goal,followUps,createdBy";

/// The placements of an offer, newest first: of youths in the actor's scope, without those with protected identity.
///
/// # Errors
/// 404 for an offer that the actor may not know of; 403.
pub fn list_offer_placements(
    tx: &mut AuditedTx<'_>,
    offer_id: Id<PlacementOffer>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let sealed = placement_offers::load(tx, offer_id)?;
    tx.permit(Resource::PlacementOffers, sealed.relation())?;
    let page = placements::list_of_offer(tx, offer_id, request)?;
    reveal_page(tx, page)
}

/// The placements of one youth, newest first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_placements(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = placements::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One placement.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_placement(tx: &mut AuditedTx<'_>, id: Id<Placement>) -> Result<View> {
    let sealed = placements::load(tx, id)?;
    tx.reveal(&sealed)
}

/// The open offers that suit a youth, the first to begin first, each with why.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_matches(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = placement_matches::list_offers(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// Offers a youth a place: makes the placement and the offered intervention at once.
///
/// # Errors
/// 403; 404 for an offer that the actor may not know of; 409 when every place is taken, the offer takes nobody any more, the
/// youth holds a place of it, or has no open episode; 422 with all fields that are wrong.
pub fn offer_placement(
    tx: &mut AuditedTx<'_>,
    offer_id: Id<PlacementOffer>,
    fields: Fields,
) -> Result<View> {
    let sealed = placement_offers::load(tx, offer_id)?;
    tx.permit(Resource::PlacementOffers, sealed.relation())?;
    let place = sealed.for_rules().clone();
    let (youth_id, relation) = read_youth(tx, &fields)?;
    let of_intervention = measure_of(tx, &place, &fields)?;
    let (permit, mut form) = begin_create(tx, Resource::Placements, &relation, fields)?;
    form.skip("youthId");
    for name in OF_INTERVENTION {
        form.skip(name);
    }
    form.finish()?;
    if place.row.asked().first_day(tx.today()).is_none() {
        return Err(ErrorCode::PlacementOfferClosed.into());
    }
    if placements::holds_place(tx, offer_id, youth_id)? {
        return Err(ErrorCode::AlreadyExists.into());
    }
    if !place.has_free_place() {
        return Err(ErrorCode::PlacesTaken.into());
    }
    // The host's name stood before: whoever offers the place has not written it.
    let known = json!([of_intervention.get("provider")]);
    let intervention_id = offer(tx, youth_id, of_intervention, &known)?;
    tx.note(
        Resource::Interventions,
        Some(youth_id),
        Some(intervention_id.cast()),
        NOTED,
    );
    let row = PlacementRow {
        id: Id::fresh(),
        offer_id,
        youth_id,
        intervention_id,
        created_by: tx.actor().user_id(),
        created_at: tx.timestamp(),
    };
    placements::insert(tx, &permit, &row)?;
    let sealed = placements::load(tx, row.id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// Who gets the place. A youth with protected identity is placed by an intervention of their own: that an offer is full is for
/// everybody to see, and must not tell where somebody is.
fn read_youth(tx: &mut AuditedTx<'_>, fields: &Fields) -> Result<(Id<Youth>, Relation)> {
    let named = fields.get("youthId").cloned();
    let mut form = Form::of_body(
        named
            .into_iter()
            .map(|id| ("youthId".to_owned(), id))
            .collect(),
    );
    let youth_id: Option<Id<Youth>> = form.id("youthId");
    let youth_id = form.require("youthId", youth_id);
    let mut found = None;
    if let Some(id) = youth_id {
        match visible_relation(tx, id) {
            Ok(relation) if relation.is_protected => {
                form.wrong("youthId", FieldCode::NotForProtected);
            }
            Ok(relation) => found = Some((id, relation)),
            Err(error) if error.code == ErrorCode::NotFound => {
                form.wrong("youthId", FieldCode::NoSuchRecord);
            }
            Err(error) => return Err(error),
        }
    }
    form.finish_with(found)
}

/// The intervention that a place becomes: of the host's kind and name, offered today, and followed up at the host, on the days
/// told or on those of the settings.
fn measure_of(
    tx: &mut AuditedTx<'_>,
    place: &PlacementOfferRecord,
    fields: &Fields,
) -> Result<Fields> {
    let row = &place.row;
    let host = organisations::find(tx, row.organisation_id)?.ok_or(ErrorCode::NotFound)?;
    let mut measure: Fields = OF_INTERVENTION
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), fields.get(*name)?.clone())))
        .collect();
    let mut days = match measure.remove("followUps") {
        None | Some(Value::Null) => {
            let rules = settings::load(tx)?.placement;
            follow_up_days(
                row.starts_on,
                row.ends_on,
                tx.today(),
                rules,
                MOST_FOLLOW_UPS,
            )
            .into_iter()
            .map(|day| json!({"dueOn": day}))
            .collect()
        }
        Some(told) => told,
    };
    for day in days.as_array_mut().into_iter().flatten() {
        if let Some(members) = day.as_object_mut() {
            members.entry("isAtHost").or_insert(json!(true));
        }
    }
    let own = [
        ("kind", json!(row.kind.code())),
        ("provider", json!(host.name)),
        (
            "responsibleParty",
            json!(ResponsibleParty::OtherActor.code()),
        ),
        ("followUps", days),
    ];
    measure.extend(own.map(|(name, value)| (name.to_owned(), value)));
    Ok(measure)
}
