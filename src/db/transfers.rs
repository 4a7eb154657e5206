//! Transfers of a youth to another unit or municipality: rows and lists. Both units know of a transfer between them; of the
//! youth the receiving one sees, until it has answered, only what stands here. Who answers is a matter of the domain.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_of, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::{is_unprotected, relations_by_id};
use super::schema::{transfers, units, youths};
use super::types::Timestamp;
use crate::domain::codes::ProtectionLevel;
use crate::domain::disclosure::DisclosureBasis;
use crate::domain::id::{Consent, Id, Transfer, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::transfer::TransferStatus;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::reveal::{Permit, Sealed};
use chrono::{Datelike, NaiveDate};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use std::collections::HashMap;

guarded! {
    /// A transfer as stored.
    #[derive(Clone)]
    pub struct TransferRow as StoredTransferRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = transfers, treat_none_as_null = true)] in transfers by id {
        pub id: Id<Transfer>,
        pub youth_id: Id<Youth>,
        pub from_unit_id: Id<Unit>,
        pub to_unit_id: Option<Id<Unit>>,
        pub to_municipality_code: Option<String>,
        pub to_municipality_name: Option<String>,
        pub reason ~ String,
        pub status: TransferStatus,
        pub basis: Option<DisclosureBasis>,
        pub consent_id: Option<Id<Consent>>,
        pub basis_reason ~ Option<String>,
        pub decided_on: Option<NaiveDate>,
        pub decided_by: Option<Id<User>>,
        pub decision_reason ~ Option<String>,
        pub reference ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A transfer with what it tells of the youth while it waits: the given name and the year of birth, and of a protected
/// identity nothing.
#[derive(Clone)]
pub struct TransferRecord {
    pub row: TransferRow,
    pub told: Option<(String, i32)>,
}

disclosed!(TransferRecord, Transfers, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "fromUnitId": r.row.from_unit_id,
    "toUnitId": r.row.to_unit_id,
    "toMunicipalityCode": r.row.to_municipality_code,
    "toMunicipalityName": r.row.to_municipality_name,
    "reason": r.row.reason,
    "status": Word(r.row.status),
    "givenName": r.told.as_ref().map(|(given_name, _)| given_name.clone()),
    "birthYear": r.told.as_ref().map(|(_, year)| *year),
    "basis": Word(r.row.basis),
    "consentId": r.row.consent_id,
    "basisReason": r.row.basis_reason,
    "decidedOn": r.row.decided_on,
    "decidedBy": r.row.decided_by,
    "decisionReason": r.row.decision_reason,
    "reference": r.row.reference,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which transfers are asked for.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    pub youth_id: Option<Id<Youth>>,
    pub status: Option<TransferStatus>,
}

/// A transfer.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Transfer>) -> Result<Sealed<TransferRecord>> {
    let row: StoredTransferRow = transfers::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// Whether a transfer of the youth waits for its answer.
///
/// # Errors
/// The database does not answer.
pub fn is_pending(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<bool> {
    Ok(diesel::select(exists(
        transfers::table
            .filter(transfers::youth_id.eq(youth_id))
            .filter(transfers::status.eq(TransferStatus::Pending)),
    ))
    .get_result(tx.conn())?)
}

/// The transfers from and to the actor's unit, newest first, without those of protected identities; or those of one youth.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &TransferFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<TransferRecord>>> {
    let mut query = transfers::table.into_boxed();
    match (filter.youth_id, list_scope(tx, Resource::Transfers)) {
        (Some(youth_id), _) => query = query.filter(transfers::youth_id.eq(youth_id)),
        (None, Scope::All) => {}
        (None, _) => {
            // The list of neither unit tells of a protected identity (domain 4.4).
            let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
            query = query
                .filter(
                    transfers::from_unit_id
                        .eq(unit_id)
                        .or(transfers::to_unit_id.eq(unit_id).assume_not_null()),
                )
                .filter(exists(
                    youths::table
                        .filter(youths::id.eq(transfers::youth_id))
                        .filter(is_unprotected()),
                ));
        }
    }
    if let Some(status) = filter.status {
        query = query.filter(transfers::status.eq(status));
    }
    let page: Page<StoredTransferRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        transfers::id,
        |row: &StoredTransferRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new transfer.
///
/// # Errors
/// 409 when one waits already: the index is the last to notice what two made at once.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &TransferRow) -> Result<()> {
    diesel::insert_into(transfers::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::from(ErrorCode::TransferPending)
            }
            other => other.into(),
        })?;
    Ok(())
}

/// Stores a changed transfer.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &TransferRow) -> Result<()> {
    diesel::update(transfers::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Every unit but one, by name: those that may take over.
///
/// # Errors
/// The database does not answer.
pub fn receiving_units(
    tx: &mut AuditedTx<'_>,
    own: Option<Id<Unit>>,
) -> Result<Vec<(Id<Unit>, String)>> {
    let own = own.unwrap_or(Id::of(uuid::Uuid::nil()));
    Ok(units::table
        .filter(units::id.ne(own))
        .order(units::name)
        .select((units::id, units::name))
        .load(tx.conn())?)
}

type Told = (Id<Youth>, String, NaiveDate, ProtectionLevel);

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredTransferRow>,
) -> Result<Vec<Sealed<TransferRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<Youth>> = rows.iter().map(|row| row.youth_id).collect();
    let people: Vec<Told> = load_of!(
        tx.conn(),
        &ids,
        youths::id,
        youths::table.select((
            youths::id,
            youths::given_name,
            youths::birth_date,
            youths::protection_level,
        ))
    )?;
    let people: HashMap<Id<Youth>, (String, i32)> = people
        .into_iter()
        .filter(|(.., level)| !level.is_protected())
        .map(|(id, given_name, born, _)| (id, (given_name, born.year())))
        .collect();
    let relations = relations_by_id(tx, ids)?;
    let my_unit = tx.actor().unit_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            // Sender and receiver both know of it, wherever the youth is now.
            relation.is_same_unit |= my_unit.is_some()
                && (my_unit == Some(row.from_unit_id) || my_unit == row.to_unit_id);
            relation.is_own = row.created_by.is_some() && row.created_by == tx.actor().user_id();
            let told = people
                .get(&row.youth_id)
                .filter(|_| row.status == TransferStatus::Pending)
                .cloned();
            Sealed::new(TransferRecord { row, told }, relation)
        })
        .collect())
}
