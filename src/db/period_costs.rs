//! What the work cost in each period of the follow-up: rows, lists and changes. It is the municipality's, and about no youth.
//! What a cost is divided by is decided in `statistics`.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::schema::period_costs;
use super::types::Timestamp;
use crate::domain::id::{Id, PeriodCost, User};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use crate::statistics::counting;
use crate::statistics::period::{Period, PeriodPart};
use diesel::prelude::*;

/// A cost as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = period_costs)]
pub struct PeriodCostRow {
    pub id: Id<PeriodCost>,
    pub year: i64,
    pub period: PeriodPart,
    /// Whole kronor.
    pub amount: i64,
    /// What it is the cost of.
    pub covers: String,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(PeriodCostRow, PeriodCosts, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "year": r.year,
    "period": Word(r.period),
    "amount": r.amount,
    "covers": r.covers,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// The costs belong to the municipality: to every chief alike.
pub(in crate::db) fn relation() -> Relation {
    Relation::unit_record(true)
}

/// A cost.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<PeriodCost>) -> Result<Sealed<PeriodCostRow>> {
    let row: Option<PeriodCostRow> = period_costs::table.find(id).first(tx.conn()).optional()?;
    let row = row.ok_or(ErrorCode::NotFound)?;
    Ok(Sealed::new(row, relation()))
}

/// Whether another cost of the period has been entered.
///
/// # Errors
/// The database does not answer.
pub fn is_period_taken(
    tx: &mut AuditedTx<'_>,
    year: i64,
    period: PeriodPart,
    by_other_than: Id<PeriodCost>,
) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        period_costs::table
            .filter(period_costs::year.eq(year))
            .filter(period_costs::period.eq(period))
            .filter(period_costs::id.ne(by_other_than)),
    ))
    .get_result(tx.conn())?)
}

/// The costs, in the order in which they were entered.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    year: Option<i64>,
    request: &PageRequest,
) -> Result<Page<Sealed<PeriodCostRow>>> {
    let mut query = period_costs::table.into_boxed();
    if let Some(year) = year {
        query = query.filter(period_costs::year.eq(year));
    }
    let page: Page<PeriodCostRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        period_costs::id,
        |row: &PeriodCostRow| row.id
    );
    page.try_map(|row| Ok(Sealed::new(row, relation())))
}

/// The cost of a period, for its release; none that has not been entered.
///
/// # Errors
/// The database does not answer.
pub fn of_period(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    period: Period,
) -> Result<Vec<counting::PeriodCost>> {
    let amounts: Vec<i64> = period_costs::table
        .filter(period_costs::year.eq(i64::from(period.year())))
        .filter(period_costs::period.eq(period.part()))
        .select(period_costs::amount)
        .load(tx.conn())?;
    Ok(amounts
        .into_iter()
        .filter_map(|amount| u64::try_from(amount).ok())
        .map(|kronor| counting::PeriodCost { period, kronor })
        .collect())
}

/// Stores a new cost.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &PeriodCostRow) -> Result<()> {
    diesel::insert_into(period_costs::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed cost.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &PeriodCostRow) -> Result<()> {
    diesel::update(period_costs::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}
