//! Values of goals: rows, lists and changes. One that is wrong is marked void with a reason and stays; of a part of a year one
//! value counts at a time. What the values say about a goal stands in `domain::goal`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::goals::{Scaled, relation};
use super::listing::{load_of, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::schema::{goal_values, goals};
use super::types::Timestamp;
use crate::domain::goal::{GoalPeriod, GoalValueOrigin, KnownValue};
use crate::domain::id::{Goal, GoalValue, Id, User};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// A value as stored: times ten to the power of the goal's decimals.
    #[derive(Debug, Clone)]
    pub struct GoalValueRow as StoredGoalValueRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = goal_values, treat_none_as_null = true)] in goal_values by id {
        pub id: Id<GoalValue>,
        pub goal_id: Id<Goal>,
        pub year: i32,
        pub period: GoalPeriod,
        pub value: i64,
        pub origin: GoalValueOrigin,
        pub source: Option<String>,
        /// Enciphered, since somebody may write of a person in it.
        pub note ~ Option<String>,
        /// Why it does not count.
        pub void_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A value with the decimals of its goal.
#[derive(Debug, Clone)]
pub struct GoalValueRecord {
    pub row: GoalValueRow,
    pub places: u8,
}

disclosed!(GoalValueRecord, GoalValues, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "goalId": r.row.goal_id,
    "year": r.row.year,
    "period": Word(r.row.period),
    "value": Scaled(r.row.value, r.places),
    "origin": Word(r.row.origin),
    "source": r.row.source,
    "note": r.row.note,
    "voidReason": r.row.void_reason,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// The values that count, of each goal.
///
/// # Errors
/// The database does not answer.
pub fn known(
    tx: &mut AuditedTx<'_>,
    goal_ids: &[Id<Goal>],
) -> Result<HashMap<Id<Goal>, Vec<KnownValue>>> {
    let rows: Vec<(Id<Goal>, i32, GoalPeriod, i64)> = load_of!(
        tx.conn(),
        goal_ids,
        goal_values::goal_id,
        goal_values::table
            .filter(goal_values::void_reason.is_null())
            .order((goal_values::year, goal_values::id))
            .select((
                goal_values::goal_id,
                goal_values::year,
                goal_values::period,
                goal_values::value
            ))
    )?;
    let mut known: HashMap<Id<Goal>, Vec<KnownValue>> = HashMap::new();
    for (goal_id, year, period, value) in rows {
        known.entry(goal_id).or_default().push(KnownValue {
            year,
            period,
            value,
        });
    }
    Ok(known)
}

/// Whether a goal has values, void ones too: they are read with its decimals.
///
/// # Errors
/// The database does not answer.
pub fn are_there(tx: &mut AuditedTx<'_>, goal_id: Id<Goal>) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        goal_values::table.filter(goal_values::goal_id.eq(goal_id)),
    ))
    .get_result(tx.conn())?)
}

/// The value that counts of a part of a year, if there is one.
///
/// # Errors
/// The database does not answer.
pub fn find_counting(
    tx: &mut AuditedTx<'_>,
    goal_id: Id<Goal>,
    year: i32,
    period: GoalPeriod,
) -> Result<Option<GoalValueRow>> {
    let row: Option<StoredGoalValueRow> = goal_values::table
        .filter(goal_values::goal_id.eq(goal_id))
        .filter(goal_values::year.eq(year))
        .filter(goal_values::period.eq(period))
        .filter(goal_values::void_reason.is_null())
        .first(tx.conn())
        .optional()?;
    row.all_deciphered(tx.vault())
}

/// A value.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<GoalValue>) -> Result<Sealed<GoalValueRecord>> {
    let row: StoredGoalValueRow = goal_values::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let row = row.deciphered(tx.vault())?;
    let decimals: i32 = goals::table
        .find(row.goal_id)
        .select(goals::decimals)
        .first(tx.conn())?;
    let places = u8::try_from(decimals).map_err(Error::internal)?;
    Ok(Sealed::new(GoalValueRecord { row, places }, relation()))
}

/// The values of a goal, void ones too, in the order in which they came.
///
/// # Errors
/// The database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    (goal_id, places): (Id<Goal>, u8),
    is_void: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<GoalValueRecord>>> {
    let mut query = goal_values::table
        .filter(goal_values::goal_id.eq(goal_id))
        .into_boxed();
    match is_void {
        Some(true) => query = query.filter(goal_values::void_reason.is_not_null()),
        Some(false) => query = query.filter(goal_values::void_reason.is_null()),
        None => {}
    }
    let page: Page<StoredGoalValueRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        goal_values::id,
        |row: &StoredGoalValueRow| row.id
    );
    page.try_map(|row| {
        let row = row.deciphered(tx.vault())?;
        Ok(Sealed::new(GoalValueRecord { row, places }, relation()))
    })
}

/// Stores a new value.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalValueRow) -> Result<()> {
    diesel::insert_into(goal_values::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed value.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalValueRow) -> Result<()> {
    diesel::update(goal_values::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}
