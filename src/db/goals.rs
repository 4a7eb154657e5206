//! Goals of the municipality's plans: rows, lists and changes. They are of the whole municipality and about nobody. How a goal
//! stands is worked out by `domain::goal` from the values that count, which lie in `goal_values`.

use super::audited::AuditedTx;
use super::disclosed::{Shown, Word, disclosed};
use super::goal_values;
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::schema::goals;
use super::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::decimal::text_of;
use crate::domain::goal::{
    Course, GoalComparison, GoalDirection, GoalSource, GoalUnit, KnownValue, MeasuredAs, Standing,
    YearValue,
};
use crate::domain::id::{Goal, Id, User};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

/// A goal as stored. Values are whole numbers: times ten to the power of `decimals`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = goals, treat_none_as_null = true)]
pub struct GoalRow {
    pub id: Id<Goal>,
    pub title: String,
    pub plan: Option<String>,
    pub indicator: String,
    pub source: GoalSource,
    pub measure_code: Option<String>,
    pub measured_as: Option<MeasuredAs>,
    pub measure_division: Option<String>,
    pub measure_category: Option<String>,
    pub kolada_kpi: Option<String>,
    pub kolada_municipality: Option<String>,
    pub compares_with: GoalComparison,
    pub unit: GoalUnit,
    pub decimals: i32,
    pub baseline_year: Option<i32>,
    pub baseline_value: Option<i64>,
    pub target_year: i32,
    pub target_value: i64,
    pub direction: GoalDirection,
    pub tolerance: i64,
    pub stale_after_years: i32,
    pub owner: Option<String>,
    pub age_bounds: Option<String>,
    pub ended_on: Option<NaiveDate>,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

impl GoalRow {
    /// The decimals of its values.
    pub fn places(&self) -> u8 {
        u8::try_from(self.decimals).unwrap_or(0)
    }

    /// Where it began.
    pub fn baseline(&self) -> Option<YearValue> {
        Some(YearValue {
            year: self.baseline_year?,
            value: self.baseline_value?,
        })
    }

    /// Where it shall be.
    pub const fn target(&self) -> YearValue {
        YearValue {
            year: self.target_year,
            value: self.target_value,
        }
    }

    /// What it asks for, as the rules see it.
    pub fn course(&self) -> Course {
        Course {
            baseline: self.baseline(),
            target: self.target(),
            direction: self.direction,
            tolerance: self.tolerance,
            stale_after_years: self.stale_after_years,
            unit: self.unit,
        }
    }
}

/// A goal with the values that count and how it stands by them.
#[derive(Debug, Clone)]
pub struct GoalRecord {
    pub row: GoalRow,
    pub known: Vec<KnownValue>,
    pub standing: Standing,
}

impl GoalRecord {
    /// How a goal stands on a day by these values.
    pub fn of(row: GoalRow, known: Vec<KnownValue>, on: NaiveDate) -> Self {
        let standing = row.course().standing(&known, on);
        Self {
            row,
            known,
            standing,
        }
    }
}

/// A value as a JSON number with the decimals that it is kept with.
pub(super) struct Scaled(pub i64, pub u8);

impl Shown for Scaled {
    fn shown(&self) -> Value {
        let text = text_of(self.0, self.1, '.');
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

fn year_value(value: YearValue, places: u8) -> Value {
    json!({"year": value.year, "value": Scaled(value.value, places).shown()})
}

fn standing(record: &GoalRecord) -> Value {
    let places = record.row.places();
    let Standing {
        code,
        latest,
        path,
        ahead_of_path,
    } = record.standing;
    let number = |value: Option<i64>| value.map(|value| Scaled(value, places)).shown();
    json!({
        "code": code.code(),
        "year": latest.map(|latest| latest.year),
        "period": latest.map(|latest| latest.period.code()),
        "value": number(latest.map(|latest| latest.value)),
        "path": number(path),
        "aheadOfPath": number(ahead_of_path),
    })
}

disclosed!(GoalRecord, Goals, |r| youth: None, id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "title": r.row.title,
    "plan": r.row.plan,
    "indicator": r.row.indicator,
    "source": Word(r.row.source),
    "measureCode": r.row.measure_code,
    "measuredAs": Word(r.row.measured_as),
    "measureDivision": r.row.measure_division,
    "measureCategory": r.row.measure_category,
    "koladaKpi": r.row.kolada_kpi,
    "koladaMunicipality": r.row.kolada_municipality,
    "comparesWith": Word(r.row.compares_with),
    "unit": Word(r.row.unit),
    "decimals": r.row.decimals,
    "baseline": r.row.baseline().map(|value| year_value(value, r.row.places())),
    "target": year_value(r.row.target(), r.row.places()),
    "direction": Word(r.row.direction),
    "tolerance": Scaled(r.row.tolerance, r.row.places()),
    "staleAfterYears": r.row.stale_after_years,
    "owner": r.row.owner,
    "ageBounds": r.row.age_bounds,
    "status": standing(r),
    "endedOn": r.row.ended_on,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which goals are asked for.
#[derive(Debug, Clone, Default)]
pub struct GoalFilter {
    pub plan: Option<String>,
    /// Not ended on the day of the question; or ended.
    pub is_running: Option<bool>,
}

/// The relation of everybody to what is the whole municipality's.
pub fn relation() -> Relation {
    Relation::unit_record(true)
}

/// A goal, as it stands today.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Goal>) -> Result<Sealed<GoalRecord>> {
    let row: GoalRow = goals::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    let known = goal_values::known(tx, &[id])?.remove(&id);
    let record = GoalRecord::of(row, known.unwrap_or_default(), tx.today());
    Ok(Sealed::new(record, relation()))
}

/// The goals, in the order in which they were entered.
///
/// # Errors
/// The database does not answer.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &GoalFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<GoalRecord>>> {
    let query = filtered(filter, tx.today());
    let page: Page<GoalRow> =
        load_page_by_id!(tx, request, query, false, goals::id, |row: &GoalRow| row.id);
    page.try_with(|rows| with_values(tx, rows))
}

/// All goals that are asked for, in the order in which they were entered.
///
/// # Errors
/// The database does not answer.
pub fn all(tx: &mut AuditedTx<'_>, filter: &GoalFilter) -> Result<Vec<Sealed<GoalRecord>>> {
    let rows: Vec<GoalRow> = filtered(filter, tx.today())
        .order(goals::id)
        .load(tx.conn())?;
    with_values(tx, rows)
}

fn filtered(
    filter: &GoalFilter,
    today: NaiveDate,
) -> goals::BoxedQuery<'static, super::MultiBackend> {
    let mut query = goals::table.into_boxed();
    if let Some(plan) = &filter.plan {
        query = query.filter(goals::plan.eq(plan.clone()));
    }
    match filter.is_running {
        Some(true) => {
            query = query.filter(goals::ended_on.is_null().or(goals::ended_on.gt(today)));
        }
        Some(false) => query = query.filter(goals::ended_on.le(today)),
        None => {}
    }
    query
}

fn with_values(tx: &mut AuditedTx<'_>, rows: Vec<GoalRow>) -> Result<Vec<Sealed<GoalRecord>>> {
    let ids: Vec<Id<Goal>> = rows.iter().map(|row| row.id).collect();
    let mut known = goal_values::known(tx, &ids)?;
    let today = tx.today();
    Ok(rows
        .into_iter()
        .map(|row| {
            let known = known.remove(&row.id).unwrap_or_default();
            Sealed::new(GoalRecord::of(row, known, today), relation())
        })
        .collect())
}

/// Stores a new goal.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalRow) -> Result<()> {
    diesel::insert_into(goals::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed goal.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &GoalRow) -> Result<()> {
    diesel::update(goals::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}
