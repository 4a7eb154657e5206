//! Holds: that what is kept of a youth is not disposed of for now. Rows and the list of a youth. What a hold holds back is asked
//! in `disposals`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::relations::relation_to;
use super::schema::disposal_holds;
use super::types::Timestamp;
use crate::domain::id::{DisposalHold, Id, User, Youth};
use crate::domain::retention::DisposalHoldGround;
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A hold as stored.
    #[derive(Debug, Clone)]
    pub struct HoldRow as StoredHoldRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = disposal_holds, treat_none_as_null = true, treat_none_as_default_value = false)] in disposal_holds by id {
        pub id: Id<DisposalHold>,
        pub youth_id: Id<Youth>,
        pub ground: DisposalHoldGround,
        pub reason ~ String,
        /// When somebody looks whether it is still needed.
        pub review_on: Option<NaiveDate>,
        pub lifted_on: Option<NaiveDate>,
        pub lift_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(HoldRow, DisposalHolds, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "ground": Word(r.ground),
    "reason": r.reason,
    "reviewOn": r.review_on,
    "liftedOn": r.lifted_on,
    "liftReason": r.lift_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A hold.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<DisposalHold>) -> Result<Sealed<HoldRow>> {
    let row: Option<StoredHoldRow> = disposal_holds::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to(tx, row.youth_id)?;
    Ok(Sealed::new(row, relation))
}

/// The holds of one youth, newest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<HoldRow>>> {
    let query = disposal_holds::table
        .filter(disposal_holds::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredHoldRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        disposal_holds::id,
        |row: &StoredHoldRow| row.id
    );
    let relation: Relation = relation_to(tx, youth_id)?;
    page.try_map(|row| Ok(Sealed::new(row.deciphered(tx.vault())?, relation.clone())))
}

/// Stores a new one.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &HoldRow) -> Result<()> {
    diesel::insert_into(disposal_holds::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed one.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &HoldRow) -> Result<()> {
    diesel::update(disposal_holds::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
