//! What the service does: one function per operation, reading like the sentence in the specification:
//! read the input, load, ask the rules, write, reveal. No HTTP, no SQL, no access rule stands here.
//!
//! A function takes the transaction, ids, what was sent as a map of fields, and for a change of a record the version that
//! the change builds on. It answers with views, which hold only what the actor may see.

pub mod access_grants;
pub mod ambassador_weeks;
mod apart;
pub mod assignments;
pub mod attempts;
pub mod audit_events;
mod basis;
pub mod calendar_feeds;
pub mod consents;
pub mod contact_export;
pub mod contacts;
pub mod correction_notes;
pub mod disclosures;
pub mod disposal_holds;
pub mod disposals;
pub mod duplicates;
pub mod education_contracts;
pub mod enrolments;
pub mod episodes;
pub mod exam_documents;
mod facts;
pub mod form;
pub mod goal_activities;
mod goal_sheet;
pub mod goal_value_imports;
pub mod goal_values;
pub mod goals;
pub mod imports;
pub mod interventions;
pub mod jobs;
pub mod log_reviews;
pub mod mappings;
pub mod me;
pub mod national_files;
pub mod occupations;
pub mod organisations;
pub mod outcome_checks;
pub mod outreach_contacts;
pub mod outreach_sessions;
pub mod password_resets;
pub mod period_costs;
mod periods;
pub mod placement_offers;
pub mod placement_wishes;
pub mod placements;
pub mod plans;
pub mod protected_status;
pub mod referrals;
pub mod register_extracts;
pub mod residences;
pub mod restrictions;
mod roster_facts;
pub mod school_notifications;
pub mod second_factors;
pub mod sensitive_terms;
pub mod sessions;
pub mod settings;
pub mod sharing;
pub mod signing_keys;
pub mod single_sign_on;
pub mod target_group;
pub mod target_group_candidates;
pub mod target_group_runs;
pub mod tasks;
pub mod timeline;
pub mod transfers;
pub mod units;
pub mod users;
pub mod weekly_summary;
pub mod youth_merges;
pub mod youths;

use crate::db::audited::AuditedTx;
use crate::db::paging::Page;
use crate::domain::id::Id;
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::{FieldAccess, field_access};
use crate::policy::decide::Relation;
use crate::policy::reveal::{
    Disclosable, Permit, Sealed, View, may_write, may_write_closed, may_write_notes,
};
use form::{Form, merge_patch};
use serde_json::{Map, Value};

/// What was sent: the members of a JSON object.
pub type Fields = Map<String, Value>;

/// Whose unit a record without a unit of its own belongs to: the nil unit, which no record has.
fn own_unit(tx: &AuditedTx<'_>) -> Id<crate::domain::id::Unit> {
    tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()))
}

/// Sorting, filtering and searching by a field need read right on it.
///
/// # Errors
/// 403 with a pointer to what names the field.
fn must_read(tx: &AuditedTx<'_>, resource: Resource, field: &str, pointer: &str) -> Result<()> {
    let access = tx.actor().role().map_or(FieldAccess::Write, |role| {
        field_access(resource, field, role)
    });
    if access >= FieldAccess::Read {
        return Ok(());
    }
    Err(Error::forbidden_field(pointer.to_owned()))
}

/// The same for the filters of a list: each parameter that was sent, with the field it filters by.
///
/// # Errors
/// 403 with the parameter that filters by a closed field.
fn must_read_filters(
    tx: &AuditedTx<'_>,
    resource: Resource,
    form: &Form,
    filters: &[(&str, &str)],
) -> Result<()> {
    filters
        .iter()
        .filter(|(parameter, _)| form.names(parameter))
        .try_for_each(|(parameter, field)| must_read(tx, resource, field, parameter))
}

/// A recipient that is not open to the actor; but that the data may not be used is told as such.
fn refusal(error: Error, pointer: &str) -> Error {
    if error.code == ErrorCode::ProcessingRestricted {
        return error;
    }
    Error::forbidden_field(pointer.to_owned())
}

/// Begins the making of a record: the deed is permitted, every field named may be set, and the form is ready to be read.
///
/// # Errors
/// 403 or 404 by the access table, with a pointer if a field is the reason.
fn begin_create(
    tx: &AuditedTx<'_>,
    resource: Resource,
    relation: &Relation,
    fields: Fields,
) -> Result<(Permit, Form)> {
    let permit = tx.permit(resource, relation)?;
    // Who makes a record owns it.
    let own = Relation {
        is_own: true,
        ..relation.clone()
    };
    may_write(tx.actor(), resource, &own, fields.keys().cloned())?;
    Ok((permit, Form::of_body(fields)))
}

/// Begins the change of a record by a merge patch (RFC 7396): the deed is permitted, every field named may be set, the
/// version is the one in force, and the form holds the `inputs` of the record as they would be after the patch.
///
/// # Errors
/// 403 or 404 by the access table; 412 with the version in force.
fn begin_update<T: Disclosable>(
    tx: &AuditedTx<'_>,
    sealed: &Sealed<T>,
    expected_version: i64,
    patch: Fields,
    inputs: &[&str],
) -> Result<(Permit, Form)> {
    let permit = tx.permit(T::RESOURCE, sealed.relation())?;
    may_write(
        tx.actor(),
        T::RESOURCE,
        sealed.relation(),
        patch.keys().cloned(),
    )?;
    let record = sealed.for_rules();
    may_write_closed(record, sealed.relation(), &patch)?;
    may_write_notes(record, sealed.relation(), patch.keys().cloned())?;
    if record.version() != expected_version {
        return Err(Error::stale(record.version()));
    }
    let mut document: Fields = inputs
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), record.field(name)?)))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let before = Value::Object(document.clone());
    merge_patch(&mut document, patch);
    let mut form = Form::of_body(document);
    form.remember(&before);
    Ok((permit, form))
}

/// Reveals each record of a page.
///
/// # Errors
/// 403 or 404 by the access table.
fn reveal_page<T: Disclosable>(
    tx: &mut AuditedTx<'_>,
    page: Page<Sealed<T>>,
) -> Result<Page<View>> {
    page.try_map(|sealed| tx.reveal(&sealed))
}
pub mod statistics;
pub mod statistics_releases;
