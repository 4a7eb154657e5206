//! Units of the organisation: rows, lists and changes. What a unit may be called is a matter of the service.

use super::audited::AuditedTx;
use super::disclosed::disclosed;
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::units;
use super::types::Timestamp;
use crate::domain::id::{Id, Unit};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use diesel::prelude::*;

/// A unit as it is stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = units)]
pub struct UnitRow {
    pub id: Id<Unit>,
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(UnitRow, Units, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "name": r.name,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A unit.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Unit>) -> Result<Sealed<UnitRow>> {
    let row: UnitRow = units::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed(tx, row))
}

/// Whether there is such a unit.
///
/// # Errors
/// The database does not answer.
pub fn exists(tx: &mut AuditedTx<'_>, id: Id<Unit>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(units::table.find(id))).get_result(tx.conn())?)
}

/// Whether another unit has this name.
///
/// # Errors
/// The database does not answer.
pub fn is_name_taken(tx: &mut AuditedTx<'_>, name: &str, by_other_than: Id<Unit>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        units::table
            .filter(units::name.eq(name))
            .filter(units::id.ne(by_other_than)),
    ))
    .get_result(tx.conn())?)
}

/// The unit of this name, or without a name the only one there is; for the command line.
///
/// # Errors
/// The database does not answer.
pub fn find_for_console(tx: &mut AuditedTx<'_>, name: Option<&str>) -> Result<Option<Id<Unit>>> {
    let mut query = units::table.select(units::id).into_boxed();
    if let Some(name) = name {
        query = query.filter(units::name.eq(name.to_owned()));
    }
    let found: Vec<Id<Unit>> = query.limit(2).load(tx.conn())?;
    Ok(match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// The units that the actor may know of.
///
/// # Errors
/// The database does not answer.
pub fn list(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<Sealed<UnitRow>>> {
    let mut query = units::table.into_boxed();
    if list_scope(tx, Resource::Units) != Scope::All {
        let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        query = query.filter(units::id.eq(unit_id));
    }
    let page: Page<UnitRow> =
        load_page_by_id!(tx, request, query, false, units::id, |row: &UnitRow| row.id);
    page.try_map(|row| Ok(sealed(tx, row)))
}

/// Stores a new unit.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &UnitRow) -> Result<()> {
    diesel::insert_into(units::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed unit.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &UnitRow) -> Result<()> {
    diesel::update(units::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(tx: &AuditedTx<'_>, row: UnitRow) -> Sealed<UnitRow> {
    let relation = Relation::unit_record(tx.actor().unit_id() == Some(row.id));
    Sealed::new(row, relation)
}
