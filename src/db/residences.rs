//! Where youths live, as far as it matters for the home municipality: rows, the periods of a youth, and changes. What the
//! periods mean is a matter of `domain::target_group`. A wrong one is marked void and stays.

use super::audited::AuditedTx;
use super::cipher::{AllStored, all_enciphered, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page;
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::residences;
use super::types::Timestamp;
use crate::domain::id::{Id, Residence, User, Youth};
use crate::domain::target_group::ResidenceFact;
use crate::domain::target_group::codes::{FactSource, ResidenceKind};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A residence as stored.
    #[derive(Debug, Clone)]
    pub struct ResidenceRow as StoredResidenceRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = residences, treat_none_as_null = true, treat_none_as_default_value = false)] in residences by id {
        pub id: Id<Residence>,
        pub youth_id: Id<Youth>,
        pub kind: ResidenceKind,
        /// Of the other municipality, where one is known and may be noted.
        pub municipality_code: Option<String>,
        pub from_on: NaiveDate,
        /// The last day.
        pub to_on: Option<NaiveDate>,
        pub source: FactSource,
        /// Why it does not count.
        pub void_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl ResidenceRow {
    /// As the rule sees it.
    pub const fn fact(&self) -> ResidenceFact {
        ResidenceFact {
            from_on: self.from_on,
            to_on: self.to_on,
            kind: self.kind,
        }
    }
}

disclosed!(ResidenceRow, Residences, |r| youth: Some(r.youth_id), id: r.id, version: r.version,
    closed: ["municipalityCode"], {
    "id": r.id,
    "youthId": r.youth_id,
    "kind": Word(r.kind),
    "municipalityCode": r.municipality_code,
    "fromOn": r.from_on,
    "toOn": r.to_on,
    "source": Word(r.source),
    "voidReason": r.void_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A residence, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Residence>) -> Result<Sealed<ResidenceRow>> {
    let row: StoredResidenceRow = residences::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The residences of a youth, the latest begun first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<ResidenceRow>>> {
    let query = residences::table
        .filter(residences::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredResidenceRow> = load_page!(
        tx,
        request,
        query,
        true,
        residences::from_on,
        residences::id,
        |row: &StoredResidenceRow| (row.from_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// All residences of some youths, void ones too, in the order they begin; for rules.
///
/// # Errors
/// The database does not answer.
pub fn of_youths(tx: &mut AuditedTx<'_>, youth_ids: &[Id<Youth>]) -> Result<Vec<ResidenceRow>> {
    let mut rows = Vec::new();
    for ids in youth_ids.chunks(BATCH) {
        let found: Vec<StoredResidenceRow> = residences::table
            .filter(residences::youth_id.eq_any(ids))
            .order((residences::from_on, residences::id))
            .load(tx.conn())?;
        rows.extend(found.all_deciphered(tx.vault())?);
    }
    Ok(rows)
}

/// Stores new residences.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[ResidenceRow]) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        let batch = all_enciphered!(batch, tx.vault())?;
        crate::on_each!(tx.conn(), c => diesel::insert_into(residences::table).values(&batch).execute(c))?;
    }
    Ok(())
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Stores a changed residence.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &ResidenceRow) -> Result<()> {
    diesel::update(residences::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredResidenceRow>,
) -> Result<Vec<Sealed<ResidenceRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = row.created_by.is_some() && row.created_by == tx.actor().user_id();
            Sealed::new(row, relation)
        })
        .collect())
}
