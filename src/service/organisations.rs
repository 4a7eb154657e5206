//! Organisations that the team works with, and the persons one talks to there. One that is no longer worked with is ended and
//! stays, since placements and offers point at it.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{is_phone, read_email};
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::organisations::{self, ContactPersonRow, OrganisationFilter, OrganisationRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::id::{ContactPerson, Id, Organisation, Unit};
use crate::domain::operation::Resource;
use crate::domain::organisation::OrganisationKind;
use crate::domain::person_name::sort_key;
use crate::error::{FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Sealed, View};

const INPUTS: &[&str] = &[
    "name", "kind", "address", "phone", "email", "website", "note", "isActive",
];
const PERSON_INPUTS: &[&str] = &["name", "title", "phone", "email", "isActive"];

/// What an organisation's form says.
struct OrganisationInput {
    name: String,
    kind: OrganisationKind,
    address: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    website: Option<String>,
    note: Option<String>,
    is_active: bool,
}

/// The organisations of the actor's unit, by name.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_organisations(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::Organisations,
        &parameters,
        &[("kind", "kind"), ("isActive", "isActive")],
    )?;
    let filter = OrganisationFilter {
        kind: parameters.code("kind"),
        is_active: parameters.boolean("isActive"),
    };
    parameters.finish()?;
    let page = organisations::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One organisation.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_organisation(tx: &mut AuditedTx<'_>, id: Id<Organisation>) -> Result<View> {
    let sealed = organisations::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters an organisation in the actor's unit.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn create_organisation(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::Organisations, &relation, fields)?;
    let (id, unit_id) = (Id::fresh(), own_unit(tx));
    let input = read_input(tx, form, unit_id, id)?;
    let now = tx.timestamp();
    let row = OrganisationRow {
        id,
        unit_id,
        name: String::new(),
        kind: input.kind,
        address: None,
        phone: None,
        email: None,
        website: None,
        note: None,
        is_active: true,
        sort_name: String::new(),
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = filled(row, input);
    organisations::insert(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Changes an organisation, or ends it.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_organisation(
    tx: &mut AuditedTx<'_>,
    id: Id<Organisation>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = organisations::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let input = read_input(tx, form, sealed.for_rules().unit_id, id)?;
    let (row, relation) = sealed.into_record();
    let mut row = filled(row, input);
    row.updated_at = tx.timestamp();
    row.version += 1;
    organisations::update(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

fn filled(row: OrganisationRow, input: OrganisationInput) -> OrganisationRow {
    OrganisationRow {
        sort_name: sort_key("", &input.name),
        name: input.name,
        kind: input.kind,
        address: input.address,
        phone: input.phone,
        email: input.email,
        website: input.website,
        note: input.note,
        is_active: input.is_active,
        ..row
    }
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    unit_id: Id<Unit>,
    id: Id<Organisation>,
) -> Result<OrganisationInput> {
    let name = form.text("name", 200);
    let name = form.require("name", name);
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let address = form.text("address", 300);
    let phone = read_phone(&mut form);
    let email = read_email(&mut form, "email");
    let website = form.text("website", 300);
    if website
        .as_deref()
        .is_some_and(|address| !is_website(address))
    {
        form.wrong("website", FieldCode::NotWebsite);
    }
    let note = form.long_text("note", 2000);
    let is_active = read_is_active(&mut form);
    screen(tx, &mut form)?;
    if let (Some(name), Some(kind)) = (&name, kind)
        && organisations::is_name_taken(tx, unit_id, kind, &sort_key("", name), id)?
    {
        form.wrong("name", FieldCode::Taken);
    }
    let input = match (name, kind) {
        (Some(name), Some(kind)) => Some(OrganisationInput {
            name,
            kind,
            address,
            phone,
            email,
            website,
            note,
            is_active,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// An address of the web is opened by a browser: it begins with its scheme, and holds no blank.
fn is_website(address: &str) -> bool {
    let host = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    host.is_some_and(|rest| {
        rest.starts_with(char::is_alphanumeric) && !rest.contains(char::is_whitespace)
    })
}

fn read_phone(form: &mut Form) -> Option<String> {
    let phone = form.text("phone", 30);
    if phone.as_deref().is_some_and(|number| !is_phone(number)) {
        form.wrong("phone", FieldCode::Phone);
    }
    phone
}

/// What is entered is worked with until somebody says otherwise.
fn read_is_active(form: &mut Form) -> bool {
    form.boolean("isActive").unwrap_or(true)
}

/// The contact persons of an organisation, in the order in which they were entered.
///
/// # Errors
/// 400 for a wrong parameter, 403; 404 for an organisation that the actor may not know of.
pub fn list_contact_persons(
    tx: &mut AuditedTx<'_>,
    organisation_id: Id<Organisation>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::ContactPersons,
        &parameters,
        &[("isActive", "isActive")],
    )?;
    let is_active = parameters.boolean("isActive");
    parameters.finish()?;
    let organisation = organisations::load(tx, organisation_id)?;
    tx.permit(Resource::Organisations, organisation.relation())?;
    let page = organisations::list_persons(tx, organisation_id, is_active, request)?;
    reveal_page(tx, page)
}

/// One contact person.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_contact_person(tx: &mut AuditedTx<'_>, id: Id<ContactPerson>) -> Result<View> {
    let sealed = organisations::load_person(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters somebody at an organisation.
///
/// # Errors
/// 403, 404, or 422 with all fields that are wrong.
pub fn create_contact_person(
    tx: &mut AuditedTx<'_>,
    organisation_id: Id<Organisation>,
    fields: Fields,
) -> Result<View> {
    let (_, relation) = organisations::load(tx, organisation_id)?.into_record();
    let (permit, form) = begin_create(tx, Resource::ContactPersons, &relation, fields)?;
    let now = tx.timestamp();
    let row = ContactPersonRow {
        id: Id::fresh(),
        organisation_id,
        name: String::new(),
        title: None,
        phone: None,
        email: None,
        is_active: true,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = read_person(form, row)?;
    organisations::insert_person(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Changes a contact person, or says that they are there no longer.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_contact_person(
    tx: &mut AuditedTx<'_>,
    id: Id<ContactPerson>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = organisations::load_person(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, PERSON_INPUTS)?;
    let (row, relation) = sealed.into_record();
    let mut row = read_person(form, row)?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    organisations::update_person(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

fn read_person(mut form: Form, row: ContactPersonRow) -> Result<ContactPersonRow> {
    let name = form.text("name", 120);
    let name = form.require("name", name);
    let title = form.text("title", 120);
    let phone = read_phone(&mut form);
    let email = read_email(&mut form, "email");
    let is_active = read_is_active(&mut form);
    let row = name.map(|name| ContactPersonRow {
        name,
        title,
        phone,
        email,
        is_active,
        ..row
    });
    form.finish_with(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_website_can_be_opened_and_does_nothing_else() {
        for good in ["https://kommun.example", "http://kafé.example/praktik"] {
            assert!(is_website(good), "{good}");
        }
        for wrong in [
            "kommun.example",
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https:///x",
        ] {
            assert!(!is_website(wrong), "{wrong}");
        }
    }
}
