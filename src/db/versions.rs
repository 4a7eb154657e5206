//! Every version of a record that ever stood, and who made it. Records of the protected compartment keep theirs apart.
//! What of an old version may be shown is decided in `policy::reveal`.

use super::audited::AuditedTx;
use super::cipher::{CipherText, Hidden};
use super::schema::{protected_versions, record_versions};
use super::types::{Json, Timestamp};
use crate::db::paging::{Page, PageRequest};
use crate::domain::id::{Id, Record, User};
use crate::domain::operation::Resource;
use crate::error::Result;
use crate::policy::reveal::{Disclosable, snapshot};
use crate::vault::Place;
use diesel::prelude::*;

/// A version as it stood.
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// The operation that made it.
    pub operation: String,
    /// Who, unless it was the command line.
    pub changed_by: Option<Id<User>>,
    /// When.
    pub changed_at: Timestamp,
    /// Every field.
    pub document: Json,
}

/// Keeps the version that a record has now.
///
/// # Errors
/// The database does not answer.
pub fn keep_version<T: Disclosable>(tx: &mut AuditedTx<'_>, record: &T) -> Result<()> {
    let is_protected = T::RESOURCE.is_of_compartment();
    let table = if is_protected {
        "protected_versions"
    } else {
        "record_versions"
    };
    let place = place(table, record.record_id(), record.version());
    let document = Json(snapshot(record)).close(tx.vault(), &place)?;
    let (operation, changed_by, now) =
        (tx.operation().name(), tx.actor().user_id(), tx.timestamp());
    macro_rules! insert_into {
        ($table:ident) => {
            diesel::insert_into($table::table)
                .values((
                    $table::resource.eq(T::RESOURCE.name()),
                    $table::record_id.eq(record.record_id()),
                    $table::version.eq(record.version()),
                    $table::operation.eq(operation),
                    $table::changed_by.eq(changed_by),
                    $table::changed_at.eq(now),
                    $table::document.eq(&document),
                ))
                .execute(tx.conn())?
        };
    }
    if is_protected {
        insert_into!(protected_versions);
    } else {
        insert_into!(record_versions);
    }
    Ok(())
}

/// Forgets every version of a record of the register that stands where it never belonged.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn forget_versions(
    tx: &mut AuditedTx<'_>,
    resource: Resource,
    id: Id<Record>,
) -> Result<()> {
    diesel::delete(
        record_versions::table
            .filter(record_versions::resource.eq(resource.name()))
            .filter(record_versions::record_id.eq(id)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// Each version of a record is a text of its own.
pub(super) fn place(table: &'static str, id: Id<Record>, version: i64) -> Place<'static> {
    Place {
        part: u64::try_from(version).unwrap_or(0),
        ..Place::of(table, "document", id.uuid())
    }
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Keeps the versions that many records of the register have now. Records of the protected compartment are changed one
/// by one.
///
/// # Errors
/// The database does not answer.
pub fn keep_versions<T: Disclosable>(tx: &mut AuditedTx<'_>, records: &[T]) -> Result<()> {
    let (operation, changed_by, now) =
        (tx.operation().name(), tx.actor().user_id(), tx.timestamp());
    for batch in records.chunks(BATCH) {
        let mut rows = Vec::with_capacity(batch.len());
        for record in batch {
            let place = place("record_versions", record.record_id(), record.version());
            let document = Json(snapshot(record)).close(tx.vault(), &place)?;
            rows.push((
                record_versions::resource.eq(T::RESOURCE.name()),
                record_versions::record_id.eq(record.record_id()),
                record_versions::version.eq(record.version()),
                record_versions::operation.eq(operation),
                record_versions::changed_by.eq(changed_by),
                record_versions::changed_at.eq(now),
                record_versions::document.eq(document),
            ));
        }
        crate::on_each!(tx.conn(), c => diesel::insert_into(record_versions::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// A record of the register as it stood in one of its versions.
///
/// # Errors
/// The database does not answer.
pub fn find_document(
    tx: &mut AuditedTx<'_>,
    resource: Resource,
    id: Id<Record>,
    version: i64,
) -> Result<Option<Json>> {
    let stored: Option<CipherText> = record_versions::table
        .find((resource.name(), id, version))
        .select(record_versions::document)
        .first(tx.conn())
        .optional()?;
    Hidden::open(stored, tx.vault(), &place("record_versions", id, version))
}

/// The versions of a record of the register, newest first.
///
/// # Errors
/// The database does not answer.
pub fn list_versions(
    tx: &mut AuditedTx<'_>,
    resource: Resource,
    id: Id<Record>,
    request: &PageRequest,
) -> Result<Page<Version>> {
    type Kept = (i64, String, Option<Id<User>>, Timestamp, CipherText);
    let rows: Vec<Kept> = record_versions::table
        .filter(record_versions::resource.eq(resource.name()))
        .filter(record_versions::record_id.eq(id))
        .order(record_versions::version.desc())
        .select((
            record_versions::version,
            record_versions::operation,
            record_versions::changed_by,
            record_versions::changed_at,
            record_versions::document,
        ))
        .load(tx.conn())?;
    let page = request.cut(rows, |row| {
        uuid::Uuid::from_u128(u128::try_from(row.0).unwrap_or(0))
    });
    page.try_map(|(version, operation, changed_by, changed_at, document)| {
        Ok(Version {
            version,
            operation,
            changed_by,
            changed_at,
            document: Json::open(document, tx.vault(), &place("record_versions", id, version))?,
        })
    })
}
