//! Units: what a unit may be called, and the operations on it.

use super::form::Form;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::units::{self, UnitRow};
use crate::db::versions::keep_version;
use crate::domain::id::{Id, Unit};
use crate::domain::operation::Resource;
use crate::error::{FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Sealed, View};

const INPUTS: &[&str] = &["name"];

/// The units that the actor may know of.
///
/// # Errors
/// 403, or 400 for a wrong position.
pub fn list_units(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let page = units::list(tx, request)?;
    reveal_page(tx, page)
}

/// One unit.
///
/// # Errors
/// 403 or 404.
pub fn read_unit(tx: &mut AuditedTx<'_>, id: Id<Unit>) -> Result<View> {
    let sealed = units::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes a unit.
///
/// # Errors
/// 403, or 422 for a name that is missing or taken.
pub fn create_unit(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(false);
    let (permit, form) = begin_create(tx, Resource::Units, &relation, fields)?;
    let id = Id::fresh();
    let name = read_name(tx, form, id)?;
    let now = tx.timestamp();
    let row = UnitRow {
        id,
        name,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    units::insert(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Renames a unit.
///
/// # Errors
/// 403, 404, 412, or 422 for a name that is missing or taken.
pub fn update_unit(
    tx: &mut AuditedTx<'_>,
    id: Id<Unit>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = units::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let name = read_name(tx, form, id)?;
    let (mut row, relation) = sealed.into_record();
    row.name = name;
    row.updated_at = tx.timestamp();
    row.version += 1;
    units::update(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

fn read_name(tx: &mut AuditedTx<'_>, mut form: Form, id: Id<Unit>) -> Result<String> {
    let name = form.text("name", 120);
    let name = form.require("name", name);
    if let Some(name) = &name
        && units::is_name_taken(tx, name, id)?
    {
        form.wrong("name", FieldCode::Taken);
    }
    form.finish_with(name)
}
