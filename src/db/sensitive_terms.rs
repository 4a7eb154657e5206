//! How many texts with confirmed sensitive words were saved in a unit, by week and category. Neither the text, nor the
//! youth, nor the author is kept with it. Which words they are is a matter of the domain.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::schema::sensitive_term_counts;
use crate::domain::id::{Id, Unit};
use crate::domain::sensitive_terms::TermCategory;
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::Sealed;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A count as stored.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = sensitive_term_counts)]
pub struct TermCountRow {
    pub unit_id: Id<Unit>,
    /// The Monday of the week.
    pub week_on: NaiveDate,
    pub category: TermCategory,
    pub confirmed_count: i64,
}

disclosed!(TermCountRow, SensitiveTermCounts, |r| youth: None, id: r.unit_id, version: 1, {
    "weekOn": r.week_on,
    "category": Word(r.category),
    "confirmedCount": r.confirmed_count,
});

/// Counts one more text in a category.
///
/// # Errors
/// The database does not answer.
pub fn count_text(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    week_on: NaiveDate,
    category: TermCategory,
) -> Result<()> {
    let counted = diesel::update(sensitive_term_counts::table.find((unit_id, week_on, category)))
        .set(sensitive_term_counts::confirmed_count.eq(sensitive_term_counts::confirmed_count + 1))
        .execute(tx.conn())?;
    if counted == 0 {
        diesel::insert_into(sensitive_term_counts::table)
            .values(TermCountRow {
                unit_id,
                week_on,
                category,
                confirmed_count: 1,
            })
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The counts of the actor's unit within some weeks, the latest week first.
///
/// # Errors
/// The database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Vec<Sealed<TermCountRow>>> {
    let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = sensitive_term_counts::table
        .filter(sensitive_term_counts::unit_id.eq(unit_id))
        .order((
            sensitive_term_counts::week_on.desc(),
            sensitive_term_counts::category,
        ))
        .into_boxed();
    if let Some(from) = from {
        query = query.filter(sensitive_term_counts::week_on.ge(from));
    }
    if let Some(to) = to {
        query = query.filter(sensitive_term_counts::week_on.le(to));
    }
    let rows: Vec<TermCountRow> = query.load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|row| Sealed::new(row, Relation::unit_record(true)))
        .collect())
}
