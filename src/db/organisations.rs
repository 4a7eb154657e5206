//! Organisations that the team works with, and the persons one talks to there: rows, lists and changes. They are the unit's,
//! tell of no youth, and are ended, not deleted. Of which kind one is stands in `domain::organisation`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{load_page, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{contact_persons, organisations};
use super::types::Timestamp;
use crate::domain::id::{ContactPerson, Id, Organisation, Unit, User};
use crate::domain::organisation::OrganisationKind;
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::prelude::*;

guarded! {
    /// An organisation as stored.
    #[derive(Debug, Clone)]
    pub struct OrganisationRow as StoredOrganisationRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = organisations, treat_none_as_null = true)] in organisations by id {
        pub id: Id<Organisation>,
        pub unit_id: Id<Unit>,
        pub name: String,
        pub kind: OrganisationKind,
        pub address: Option<String>,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub website: Option<String>,
        /// About the organisation; enciphered all the same, since somebody may write of a person in it.
        pub note ~ Option<String>,
        pub is_active: bool,
        /// See [`crate::domain::person_name::sort_key`].
        pub sort_name: String,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(OrganisationRow, Organisations, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "name": r.name,
    "kind": Word(r.kind),
    "address": r.address,
    "phone": r.phone,
    "email": r.email,
    "website": r.website,
    "note": r.note,
    "isActive": r.is_active,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Somebody at an organisation, as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = contact_persons, treat_none_as_null = true)]
pub struct ContactPersonRow {
    pub id: Id<ContactPerson>,
    pub organisation_id: Id<Organisation>,
    pub name: String,
    pub title: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub is_active: bool,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(ContactPersonRow, ContactPersons, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "organisationId": r.organisation_id,
    "name": r.name,
    "title": r.title,
    "phone": r.phone,
    "email": r.email,
    "isActive": r.is_active,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// Which organisations are asked for.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    pub kind: Option<OrganisationKind>,
    pub is_active: Option<bool>,
}

/// The relation of the actor to what belongs to a unit.
fn relation_to_unit(tx: &AuditedTx<'_>, unit_id: Id<Unit>) -> Relation {
    Relation::unit_record(tx.actor().unit_id() == Some(unit_id))
}

/// An organisation.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Organisation>) -> Result<Sealed<OrganisationRow>> {
    let row = find(tx, id)?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to_unit(tx, row.unit_id);
    Ok(Sealed::new(row, relation))
}

/// An organisation, if there is one; for rules that refer to it.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, id: Id<Organisation>) -> Result<Option<OrganisationRow>> {
    let row: Option<StoredOrganisationRow> =
        organisations::table.find(id).first(tx.conn()).optional()?;
    row.all_deciphered(tx.vault())
}

/// Whether another organisation of the unit and kind has this name.
///
/// # Errors
/// The database does not answer.
pub fn is_name_taken(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    kind: OrganisationKind,
    sort_name: &str,
    by_other_than: Id<Organisation>,
) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        organisations::table
            .filter(organisations::unit_id.eq(unit_id))
            .filter(organisations::kind.eq(kind))
            .filter(organisations::sort_name.eq(sort_name))
            .filter(organisations::id.ne(by_other_than)),
    ))
    .get_result(tx.conn())?)
}

/// The organisations of the actor's unit, by name.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &OrganisationFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<OrganisationRow>>> {
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = organisations::table
        .filter(organisations::unit_id.eq(unit_id))
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(organisations::kind.eq(kind));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(organisations::is_active.eq(is_active));
    }
    let page: Page<StoredOrganisationRow> = load_page!(
        tx,
        request,
        query,
        false,
        organisations::sort_name,
        organisations::id,
        |row: &StoredOrganisationRow| (row.sort_name.clone(), row.id)
    );
    let relation = Relation::unit_record(true);
    page.try_map(|row| Ok(Sealed::new(row.deciphered(tx.vault())?, relation.clone())))
}

/// Stores a new organisation.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &OrganisationRow) -> Result<()> {
    diesel::insert_into(organisations::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed organisation.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &OrganisationRow) -> Result<()> {
    diesel::update(organisations::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// A contact person, as the organisation is the actor's or not.
///
/// # Errors
/// 404 when there is none.
pub fn load_person(
    tx: &mut AuditedTx<'_>,
    id: Id<ContactPerson>,
) -> Result<Sealed<ContactPersonRow>> {
    let row = find_person(tx, id)?.ok_or(ErrorCode::NotFound)?;
    let (_, relation) = load(tx, row.organisation_id)?.into_record();
    Ok(Sealed::new(row, relation))
}

/// A contact person, if there is one; for rules that refer to them.
///
/// # Errors
/// The database does not answer.
pub fn find_person(
    tx: &mut AuditedTx<'_>,
    id: Id<ContactPerson>,
) -> Result<Option<ContactPersonRow>> {
    Ok(contact_persons::table
        .find(id)
        .first(tx.conn())
        .optional()?)
}

/// The contact persons of an organisation, in the order in which they were entered.
///
/// # Errors
/// The database does not answer.
pub fn list_persons(
    tx: &mut AuditedTx<'_>,
    organisation_id: Id<Organisation>,
    is_active: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<ContactPersonRow>>> {
    let (_, relation) = load(tx, organisation_id)?.into_record();
    let mut query = contact_persons::table
        .filter(contact_persons::organisation_id.eq(organisation_id))
        .into_boxed();
    if let Some(is_active) = is_active {
        query = query.filter(contact_persons::is_active.eq(is_active));
    }
    let page: Page<ContactPersonRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        contact_persons::id,
        |row: &ContactPersonRow| row.id
    );
    page.try_map(|row| Ok(Sealed::new(row, relation.clone())))
}

/// Stores a new contact person.
///
/// # Errors
/// The database does not answer.
pub fn insert_person(tx: &mut AuditedTx<'_>, _: &Permit, row: &ContactPersonRow) -> Result<()> {
    diesel::insert_into(contact_persons::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed contact person.
///
/// # Errors
/// The database does not answer.
pub fn update_person(tx: &mut AuditedTx<'_>, _: &Permit, row: &ContactPersonRow) -> Result<()> {
    diesel::update(contact_persons::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}
