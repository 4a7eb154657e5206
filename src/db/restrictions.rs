//! Restrictions of processing: rows, the list of a youth, and for whom one is in force. What one means for an operation
//! stands in `domain::restriction`.

use super::Conn;
use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{load_of, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::relation_to;
use super::schema::processing_restrictions as restrictions;
use super::types::Timestamp;
use crate::domain::id::{Id, Restriction, User, Youth};
use crate::domain::restriction::{OpeningGround, RestrictionDays, RestrictionGround};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// That a restriction stands on a day, as a condition of the database.
macro_rules! stands_on {
    ($today:expr) => {{
        use crate::db::schema::processing_restrictions as restrictions;
        restrictions::lifted_on
            .is_null()
            .and(restrictions::from_on.le($today))
            .and(
                restrictions::until_on
                    .is_null()
                    .or(restrictions::until_on.ge($today).assume_not_null()),
            )
    }};
}
pub(in crate::db) use stands_on;

guarded! {
    /// A restriction as stored.
    #[derive(Debug, Clone)]
    pub struct RestrictionRow as StoredRestrictionRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = restrictions, treat_none_as_null = true, treat_none_as_default_value = false)] in processing_restrictions by id {
        pub id: Id<Restriction>,
        pub youth_id: Id<Youth>,
        pub ground: RestrictionGround,
        pub reason ~ String,
        pub from_on: NaiveDate,
        pub until_on: Option<NaiveDate>,
        /// The last day on which the data are used in spite of it.
        pub opened_until: Option<NaiveDate>,
        pub opening_ground: Option<OpeningGround>,
        pub opening_reason ~ Option<String>,
        /// When the youth was told that it is to be lifted.
        pub informed_on: Option<NaiveDate>,
        pub lifted_on: Option<NaiveDate>,
        pub lift_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl RestrictionRow {
    /// Its days.
    pub const fn days(&self) -> RestrictionDays {
        RestrictionDays {
            from_on: self.from_on,
            until_on: self.until_on,
            opened_until: self.opened_until,
            informed_on: self.informed_on,
            lifted_on: self.lifted_on,
        }
    }
}

disclosed!(RestrictionRow, Restrictions, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "ground": Word(r.ground),
    "reason": r.reason,
    "fromOn": r.from_on,
    "untilOn": r.until_on,
    "openedUntil": r.opened_until,
    "openingGround": Word(r.opening_ground),
    "openingReason": r.opening_reason,
    "informedOn": r.informed_on,
    "liftedOn": r.lifted_on,
    "liftReason": r.lift_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A restriction.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Restriction>) -> Result<Sealed<RestrictionRow>> {
    let row: Option<StoredRestrictionRow> =
        restrictions::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    let relation = relation_to(tx, row.youth_id)?;
    Ok(Sealed::new(row, relation))
}

/// The restrictions of one youth, newest first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<RestrictionRow>>> {
    let query = restrictions::table
        .filter(restrictions::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredRestrictionRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        restrictions::id,
        |row: &StoredRestrictionRow| row.id
    );
    let relation: Relation = relation_to(tx, youth_id)?;
    page.try_map(|row| Ok(Sealed::new(row.deciphered(tx.vault())?, relation.clone())))
}

/// The youths among some whose processing is restricted on a day, since when, and whether that is opened on it.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn in_force(
    conn: &mut Conn,
    ids: &[Id<Youth>],
    today: NaiveDate,
) -> Result<HashMap<Id<Youth>, (NaiveDate, bool)>> {
    type Days = (Id<Youth>, NaiveDate, Option<NaiveDate>);
    let rows: Vec<Days> = load_of!(
        conn,
        ids,
        restrictions::youth_id,
        restrictions::table
            .filter(stands_on!(today))
            .order(restrictions::from_on.desc())
            .select((
                restrictions::youth_id,
                restrictions::from_on,
                restrictions::opened_until,
            ))
    )?;
    let mut found: HashMap<Id<Youth>, (NaiveDate, bool)> = HashMap::new();
    for (id, from_on, opened_until) in rows {
        let is_open = opened_until.is_some_and(|until| today <= until);
        let entry = found.entry(id).or_insert((from_on, true));
        *entry = (from_on, entry.1 && is_open);
    }
    Ok(found)
}

/// Whether one is in force for a youth.
///
/// # Errors
/// The database does not answer.
pub fn is_in_force(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<bool> {
    let today = tx.today();
    Ok(in_force(tx.conn(), &[youth_id], today)?.contains_key(&youth_id))
}

/// Stores a new one.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &RestrictionRow) -> Result<()> {
    diesel::insert_into(restrictions::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed one.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &RestrictionRow) -> Result<()> {
    diesel::update(restrictions::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
