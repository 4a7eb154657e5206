//! Goals of the municipality's plans: rows, lists and changes. They are of the whole municipality and about nobody. How a goal
//! stands is worked out by `domain::goal` from the values that count: those that were entered lie in `goal_values`, those of our
//! own measures in the releases, by `release_figures`.

use super::audited::AuditedTx;
use super::disclosed::{Shown, Word, disclosed};
use super::goal_values;
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::release_figures;
use super::schema::goals;
use super::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::decimal::text_of;
use crate::domain::goal::{
    Course, GoalComparison, GoalDirection, GoalPeriod, GoalSource, GoalUnit, KnownValue,
    MeasuredAs, MissingValue, Standing, YearOfSeries, YearValue, told_series,
};
use crate::domain::id::{Goal, Id, User};
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use crate::statistics::document::ReleaseDocument;
use crate::statistics::own_values::{Absent, Wanted, own_measure_values};
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

    /// Which figure of a release it is measured by, if it is by an own one.
    pub fn wanted(&self) -> Option<Wanted<'_>> {
        if self.source != GoalSource::OwnMeasure {
            return None;
        }
        let division = self.measure_division.as_deref();
        Some(Wanted {
            measure: self.measure_code.as_deref()?,
            measured_as: self.measured_as?,
            group: division.zip(self.measure_category.as_deref()),
            decimals: self.places(),
        })
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

/// What is known of a goal, and how it stands by that.
#[derive(Debug, Clone)]
pub struct GoalRecord {
    pub row: GoalRow,
    /// What was entered and counts.
    pub entered: Vec<KnownValue>,
    /// That, and over it what the releases say of the goal's own measure, year by year.
    pub series: Vec<YearOfSeries>,
    pub standing: Standing,
}

impl GoalRecord {
    /// How a goal stands on a day by what was entered and by the figures of these releases; withdrawn ones are not given.
    pub fn of(
        row: GoalRow,
        entered: Vec<KnownValue>,
        releases: &[&ReleaseDocument],
        on: NaiveDate,
    ) -> Self {
        let Told { known, missing } = told(&row, &entered, releases);
        let standing = row.course().standing(&known, on);
        let series = told_series(&known, &missing, row.unit);
        Self {
            row,
            entered,
            series,
            standing,
        }
    }
}

/// What is known of a goal, and what is known to be missing.
pub struct Told {
    pub known: Vec<KnownValue>,
    pub missing: Vec<(i32, GoalPeriod, MissingValue)>,
}

/// What was entered of a goal, and over it what these releases say of its own measure, if it has one.
pub fn told(row: &GoalRow, entered: &[KnownValue], releases: &[&ReleaseDocument]) -> Told {
    let mut known = entered.to_vec();
    let mut missing = Vec::new();
    let own = row.wanted();
    for own in own.map_or_else(Vec::new, |wanted| own_measure_values(&wanted, releases)) {
        // A hidden figure stays hidden: what somebody entered does not stand in for it.
        known.retain(|value| value.year != own.year || value.period > own.period);
        match own.value {
            Ok(value) => known.push(KnownValue {
                year: own.year,
                period: own.period,
                value,
            }),
            Err(why) => missing.push((own.year, own.period, missing_as(why))),
        }
    }
    Told { known, missing }
}

const fn missing_as(why: Absent) -> MissingValue {
    match why {
        Absent::NoMeasure => MissingValue::NoMeasure,
        Absent::OtherKind => MissingValue::OtherKind,
        Absent::NoGroup => MissingValue::NoGroup,
        Absent::Hidden => MissingValue::Hidden,
        Absent::NothingToDivide => MissingValue::NothingToDivide,
        Absent::TooLarge => MissingValue::TooLarge,
    }
}

fn series(record: &GoalRecord) -> Value {
    let places = record.row.places();
    let year = |of: &YearOfSeries| {
        json!({
            "year": of.year,
            "period": of.period.code(),
            "value": of.value.ok().map(|value| Scaled(value, places)).shown(),
            "missing": of.value.err().map(Code::code),
        })
    };
    record.series.iter().map(year).collect()
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
    "series": series(r),
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
    let entered = goal_values::known(tx, &[id])?.remove(&id);
    let record = with_releases(tx, row, entered.unwrap_or_default())?;
    Ok(Sealed::new(record, relation()))
}

/// How a goal stands today, by what was entered and by the releases.
///
/// # Errors
/// The database does not answer.
pub fn with_releases(
    tx: &mut AuditedTx<'_>,
    row: GoalRow,
    entered: Vec<KnownValue>,
) -> Result<GoalRecord> {
    let releases = releases_for(tx, std::slice::from_ref(&row))?;
    let releases: Vec<&ReleaseDocument> = releases.iter().collect();
    Ok(GoalRecord::of(row, entered, &releases, tx.today()))
}

/// What the releases say, if any of these goals is measured by them.
fn releases_for(tx: &mut AuditedTx<'_>, rows: &[GoalRow]) -> Result<Vec<ReleaseDocument>> {
    if rows.iter().all(|row| row.wanted().is_none()) {
        return Ok(Vec::new());
    }
    release_figures::standing(tx)
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
    let mut entered = goal_values::known(tx, &ids)?;
    let releases = releases_for(tx, &rows)?;
    let releases: Vec<&ReleaseDocument> = releases.iter().collect();
    let today = tx.today();
    Ok(rows
        .into_iter()
        .map(|row| {
            let entered = entered.remove(&row.id).unwrap_or_default();
            Sealed::new(GoalRecord::of(row, entered, &releases, today), relation())
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
