//! Objections: what a youth or a guardian says is wrong stands beside the record, and overwrites nothing. The record must be
//! the youth's and one that the actor may see; beside a record of the protected compartment the objection lies there too.

use super::apart::{Either, list_of_youth};
use super::form::Form;
use super::sensitive_terms::screen_unless_apart;
use super::youths::visible_relation;
use super::{Fields, begin_create};
use crate::db::apart::Apart;
use crate::db::audited::AuditedTx;
use crate::db::consents::{OpenConsent, ProtectedConsent};
use crate::db::correction_notes::{CorrectionNoteRow, KeptNote, OpenNote, ProtectedNote};
use crate::db::disclosures::{OpenDisclosure, ProtectedDisclosure};
use crate::db::notes_apart::with_notes;
use crate::db::paging::{Page, PageRequest};
use crate::db::placement_wishes;
use crate::db::referrals::{Kept, OpenReferral, ProtectedReferral};
use crate::db::relations::relation_to;
use crate::db::versions::keep_version;
use crate::db::{
    contacts, education_contracts, enrolments, episodes, exam_documents, interventions, mappings,
    occupations, outcome_checks, plans, protected_statuses, residences,
};
use crate::domain::codes::Code;
use crate::domain::correction::{DisputedRecord, check_raised_on};
use crate::domain::id::{CorrectionNote, Episode, Id, Record, Youth};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, Result};
use crate::policy::access_table::field_names;
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Disclosable, Sealed, View, effective};
use serde_json::Value;

/// The record that an objection is about.
struct Located {
    resource: Resource,
    youth_id: Id<Youth>,
    relation: Relation,
    episode_id: Option<Id<Episode>>,
}

/// The objections about one youth, newest first, or those beside one record: with those of the compartment for who may
/// know of them.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_correction_notes(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    let relation = with_notes(tx, youth_id, relation)?;
    let record_id: Option<Id<Record>> = parameters.id("recordId");
    parameters.finish()?;
    list_of_youth::<_, _, OpenNote, ProtectedNote>(tx, youth_id, &relation, request, |row| {
        record_id.is_none_or(|id| id == row.record_id)
    })
}

/// One objection of either kind.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_correction_note(tx: &mut AuditedTx<'_>, id: Id<CorrectionNote>) -> Result<View> {
    Either::<OpenNote, ProtectedNote>::load(tx, id)?.reveal(tx)
}

/// Notes an objection beside a record.
///
/// # Errors
/// 403 with a pointer, 404, 422 with all fields that are wrong; a record that the actor may not see is one that is not there.
pub fn add_correction_note(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    tx.permit(Resource::CorrectionNotes, &relation)?;
    let relation = with_notes(tx, youth_id, relation)?;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let named = text("resource")
        .and_then(DisputedRecord::from_code)
        .zip(text("recordId").and_then(|id| uuid::Uuid::try_parse(id).ok()));
    let located = match named {
        Some((kind, id)) => locate(tx, youth_id, kind, Id::of(id))?,
        None => None,
    };
    match located {
        Some(record) if record.resource.is_of_compartment() => {
            add::<ProtectedNote>(tx, youth_id, relation, fields, Some(record))
        }
        located => add::<OpenNote>(tx, youth_id, relation, fields, located),
    }
}

fn add<N: KeptNote>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: Relation,
    fields: Fields,
    located: Option<Located>,
) -> Result<View> {
    let (permit, mut form) = begin_create(tx, N::RESOURCE, &relation, fields)?;
    let resource = form.code("resource");
    let resource = form.require("resource", resource);
    let record_id: Option<Id<Record>> = form.id("recordId");
    let record_id = form.require("recordId", record_id);
    let field = form.text("field", 100);
    if resource.is_some() && record_id.is_some() {
        match &located {
            None => form.wrong("recordId", FieldCode::NoSuchRecord),
            Some(located) => check_field(tx, &mut form, located, field.as_deref()),
        }
    }
    let text = form.long_text("text", 4_000);
    let text = form.require("text", text);
    let raised_by = form.code("raisedBy");
    let raised_by = form.require("raisedBy", raised_by);
    let today = tx.today();
    let raised_on = if form.has("raisedOn") {
        form.date("raisedOn")
    } else {
        form.skip("raisedOn");
        Some(today)
    };
    form.add(raised_on.and_then(|day| check_raised_on(day, today)));
    screen_unless_apart(tx, &mut form, N::RESOURCE.is_of_compartment())?;
    let input = match (resource, record_id, text, raised_by, raised_on) {
        (Some(resource), Some(record_id), Some(text), Some(raised_by), Some(raised_on)) => {
            Some(CorrectionNoteRow {
                id: Id::fresh(),
                youth_id,
                episode_id: located.and_then(|located| located.episode_id),
                resource,
                record_id,
                field,
                text,
                raised_by,
                raised_on,
                created_by: tx.actor().user_id(),
                created_at: tx.timestamp(),
            })
        }
        _ => None,
    };
    let record = N::of(form.finish_with(input)?);
    record.insert(tx, &permit)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

/// A field that is named is one of the record that the actor may see.
fn check_field(tx: &AuditedTx<'_>, form: &mut Form, located: &Located, field: Option<&str>) {
    let Some(field) = field else { return };
    let is_seen = field_names(located.resource).any(|name| name == field)
        && effective(tx.actor(), located.resource, field, &located.relation).is_some();
    if !is_seen {
        form.wrong("field", FieldCode::UnknownField);
    }
}

/// The record, if it is the youth's and the actor may see it.
fn locate(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    kind: DisputedRecord,
    id: Id<Record>,
) -> Result<Option<Located>> {
    let found = match kind {
        DisputedRecord::Youth => {
            let relation = maybe(relation_to(tx, id.cast()))?;
            relation.map(|relation| located(Resource::Youths, id.cast(), relation, None))
        }
        DisputedRecord::Episode => of_register(episodes::load(tx, id.cast()), |_| None)?,
        DisputedRecord::Contact => contacts::find(tx, id.cast())?.map(|sealed| {
            let row = &sealed.for_rules().row;
            let relation = sealed.relation().clone();
            located(
                Resource::Contacts,
                row.youth_id,
                relation,
                Some(row.episode_id),
            )
        }),
        DisputedRecord::Intervention => {
            of_register(interventions::load(tx, id.cast()), |record| {
                Some(record.row.episode_id)
            })?
        }
        DisputedRecord::PlacementWish => {
            of_register(placement_wishes::load(tx, id.cast()), |record| {
                Some(record.row.episode_id)
            })?
        }
        DisputedRecord::Mapping => {
            of_register(mappings::load(tx, id.cast()), |row| Some(row.episode_id))?
        }
        DisputedRecord::PlanRevision => of_register(plans::load(tx, id.cast()), |record| {
            Some(record.row.episode_id)
        })?,
        DisputedRecord::EducationContract => {
            of_register(education_contracts::load(tx, id.cast()), |record| {
                Some(record.row.episode_id)
            })?
        }
        DisputedRecord::OutcomeCheck => of_register(outcome_checks::load(tx, id.cast()), |row| {
            Some(row.episode_id)
        })?,
        DisputedRecord::Occupation => of_register(occupations::load(tx, id.cast()), |_| None)?,
        DisputedRecord::Residence => of_register(residences::load(tx, id.cast()), |_| None)?,
        DisputedRecord::Enrolment => of_register(enrolments::load(tx, id.cast()), |_| None)?,
        DisputedRecord::ExamDocument => of_register(exam_documents::load(tx, id.cast()), |_| None)?,
        DisputedRecord::Referral => {
            let open = OpenReferral::find(tx, id.cast())?.map(|sealed| {
                let youth_id = sealed.for_rules().row().youth_id;
                located(
                    Resource::Referrals,
                    youth_id,
                    sealed.relation().clone(),
                    None,
                )
            });
            match open {
                Some(open) => Some(open),
                None => ProtectedReferral::find(tx, id.cast())?.map(|sealed| {
                    let youth_id = sealed.for_rules().row().youth_id;
                    let relation = sealed.relation().clone();
                    located(Resource::ProtectedReferrals, youth_id, relation, None)
                }),
            }
        }
        DisputedRecord::Consent => {
            match find_apart::<OpenConsent>(tx, id.cast(), |row| row.youth_id)? {
                Some(open) => Some(open),
                None => find_apart::<ProtectedConsent>(tx, id.cast(), |row| row.youth_id)?,
            }
        }
        DisputedRecord::Disclosure => {
            match find_apart::<OpenDisclosure>(tx, id.cast(), |row| row.youth_id)? {
                Some(open) => Some(open),
                None => find_apart::<ProtectedDisclosure>(tx, id.cast(), |row| row.youth_id)?,
            }
        }
        DisputedRecord::ProtectedStatus => protected_status(tx, youth_id, id)?,
    };
    Ok(found.filter(|record| {
        record.youth_id == youth_id && sees(tx.actor(), record.resource, &record.relation)
    }))
}

/// A record of the register below a youth, with the episode with which its notes may stay behind.
fn of_register<T: Disclosable>(
    found: Result<Sealed<T>>,
    episode_of: fn(&T) -> Option<Id<Episode>>,
) -> Result<Option<Located>> {
    Ok(maybe(found)?.and_then(|sealed| {
        let record = sealed.for_rules();
        let relation = sealed.relation().clone();
        let youth_id = record.youth_id()?;
        Some(located(T::RESOURCE, youth_id, relation, episode_of(record)))
    }))
}

const fn located(
    resource: Resource,
    youth_id: Id<Youth>,
    relation: Relation,
    episode_id: Option<Id<Episode>>,
) -> Located {
    Located {
        resource,
        youth_id,
        relation,
        episode_id,
    }
}

fn find_apart<A: Apart>(
    tx: &mut AuditedTx<'_>,
    id: Id<A::Of>,
    youth_of: fn(&A::Row) -> Id<Youth>,
) -> Result<Option<Located>> {
    Ok(A::find(tx, id)?.map(|sealed| {
        let youth_id = youth_of(sealed.for_rules().row());
        located(A::RESOURCE, youth_id, sealed.relation().clone(), None)
    }))
}

/// A protected status is known by its youth.
fn protected_status(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    id: Id<Record>,
) -> Result<Option<Located>> {
    if id != youth_id.cast() {
        return Ok(None);
    }
    let relation = relation_to(tx, youth_id)?;
    let Ok(permit) = tx.permit(Resource::ProtectedStatuses, &relation) else {
        return Ok(None);
    };
    let stored = protected_statuses::find(tx, &permit, youth_id)?;
    Ok(stored.map(|row| located(Resource::ProtectedStatuses, row.youth_id, relation, None)))
}

/// What is not there is no error here.
fn maybe<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error {
            code: ErrorCode::NotFound,
            ..
        }) => Ok(None),
        Err(error) => Err(error),
    }
}
