//! Goals of the municipality's plans: entered, changed and ended by the chief, read by the team; as a file for the committee,
//! and as they stood at the end of a period, for a release. How a goal stands is a matter of `domain::goal`.

use super::form::Form;
use super::goal_sheet::{GoalLine, written};
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::goal_activities::{self, GoalActivityRecord};
use crate::db::goal_values;
use crate::db::goals::{self, GoalFilter, GoalRow, told};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::codes::Code;
use crate::domain::goal::{
    self, Course, GoalComparison, GoalSource, GoalStanding, GoalUnit, KnownValue, MOST_DECIMALS,
    Standing, USUAL_STALE_AFTER, YEARS, YearValue, is_kolada_kpi, is_name_in_json,
};
use crate::domain::id::{Goal, Id};
use crate::domain::operation::Resource;
use crate::domain::settings::is_municipality_code;
use crate::error::{FieldCode, FieldError, Language, Result};
use crate::policy::reveal::{Sealed, View};
use crate::statistics::document::{self, ReleaseDocument, Words};
use crate::statistics::period::Period;
use chrono::NaiveDate;

const INPUTS: &[&str] = &[
    "title",
    "plan",
    "indicator",
    "source",
    "measureCode",
    "measuredAs",
    "measureDivision",
    "measureCategory",
    "koladaKpi",
    "koladaMunicipality",
    "comparesWith",
    "unit",
    "decimals",
    "baseline",
    "target",
    "direction",
    "tolerance",
    "staleAfterYears",
    "owner",
    "ageBounds",
    "endedOn",
];
/// The most years that a value may lie back and still count.
const MOST_YEARS_BACK: i64 = 20;

/// The goals, in the order in which they were entered. Parameters: `plan`, `isRunning`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_goals(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = goals::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut parameters: Form) -> Result<GoalFilter> {
    must_read_filters(
        tx,
        Resource::Goals,
        &parameters,
        &[("plan", "plan"), ("isRunning", "endedOn")],
    )?;
    let filter = GoalFilter {
        plan: parameters.text("plan", 200),
        is_running: parameters.boolean("isRunning"),
    };
    parameters.finish()?;
    Ok(filter)
}

/// The same goals with what is done for them, as a file that a Swedish spreadsheet opens right.
///
/// # Errors
/// As [`list_goals`].
pub fn export_goals(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    language: Language,
) -> Result<Vec<u8>> {
    let filter = read_filter(tx, parameters)?;
    let found = goals::all(tx, &filter)?;
    for sealed in &found {
        tx.reveal(sealed)?;
    }
    let ids: Vec<Id<Goal>> = found
        .iter()
        .map(|sealed| sealed.for_rules().row.id)
        .collect();
    let activities = goal_activities::of_goals(tx, &ids)?;
    for sealed in &activities {
        let id = sealed.for_rules().row.id;
        tx.note_whole(Resource::GoalActivities, None, id.cast());
    }
    let mut lines = Vec::new();
    for sealed in found {
        let (record, _) = sealed.into_record();
        let own = activities
            .iter()
            .map(Sealed::for_rules)
            .filter(|activity| activity.row.goal_id == record.row.id);
        lines.push(GoalLine {
            activities: own.cloned().collect(),
            record,
        });
    }
    written(&lines, language)
}

/// One goal, as it stands today.
///
/// # Errors
/// 404 when there is none.
pub fn read_goal(tx: &mut AuditedTx<'_>, id: Id<Goal>) -> Result<View> {
    let sealed = goals::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters a goal.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn create_goal(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = goals::relation();
    let (permit, form) = begin_create(tx, Resource::Goals, &relation, fields)?;
    let row = read_input(tx, form, None)?;
    goals::insert(tx, &permit, &row)?;
    let record = goals::with_releases(tx, row, Vec::new())?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

/// Changes a goal, or ends it. What its values are measured in stays as soon as there are some.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_goal(
    tx: &mut AuditedTx<'_>,
    id: Id<Goal>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = goals::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let (before, relation) = sealed.into_record();
    let row = read_input(tx, form, Some(&before.row))?;
    goals::update(tx, &permit, &row)?;
    let record = goals::with_releases(tx, row, before.entered)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

/// Where the values of a goal are found.
struct Origin {
    source: GoalSource,
    measure_code: Option<String>,
    measured_as: Option<goal::MeasuredAs>,
    measure_division: Option<String>,
    measure_category: Option<String>,
    kolada_kpi: Option<String>,
    kolada_municipality: Option<String>,
}

fn read_input(tx: &mut AuditedTx<'_>, mut form: Form, before: Option<&GoalRow>) -> Result<GoalRow> {
    let title = form.phrase("title", 200);
    let title = form.require("title", title);
    let plan = form.text("plan", 200);
    let indicator = form.phrase("indicator", 300);
    let indicator = form.require("indicator", indicator);
    let origin = read_origin(&mut form);
    let unit: Option<GoalUnit> = form.code("unit");
    let unit = form.require("unit", unit);
    let compares_with = form.code("comparesWith").unwrap_or(GoalComparison::None);
    if compares_with == GoalComparison::Nation
        && unit.is_some_and(|unit| unit != GoalUnit::PercentagePoints)
    {
        let points = GoalUnit::PercentagePoints.code();
        form.add([FieldError::with("/unit", FieldCode::NotInList, points)]);
    }
    let decimals = form.integer("decimals", 0..=MOST_DECIMALS);
    let decimals = form.require("decimals", decimals);
    let places = decimals.and_then(|decimals| u8::try_from(decimals).ok());
    // Without the decimals, numbers cannot be read; that they are missing is told already.
    let precise = places.unwrap_or(MOST_DECIMALS.unsigned_abs().try_into().unwrap_or(0));
    let baseline = form.object("baseline", |part| read_year_value(part, precise));
    let has_target = form.has("target");
    let target = form.object("target", |part| read_year_value(part, precise));
    if !has_target {
        form.require("target", target);
    }
    let direction = form.code("direction");
    let direction = form.require("direction", direction);
    let tolerance = form.decimal("tolerance", precise).unwrap_or(0);
    if tolerance < 0 {
        form.add([FieldError::with("/tolerance", FieldCode::OutOfRange, "0-")]);
    }
    let stale_after_years = form
        .integer("staleAfterYears", 0..=MOST_YEARS_BACK)
        .and_then(|years| i32::try_from(years).ok())
        .unwrap_or(USUAL_STALE_AFTER);
    let owner = form.text("owner", 120);
    let age_bounds = form.text("ageBounds", 60);
    let ended_on = form.date("endedOn");
    if ended_on.is_some_and(|day| day > tx.today()) {
        form.wrong("endedOn", FieldCode::InFuture);
    }
    screen(tx, &mut form)?;
    if let (Some(unit), Some(target), Some(direction)) = (unit, target, direction) {
        let course = Course {
            baseline,
            target,
            direction,
            tolerance,
            stale_after_years,
            unit,
        };
        form.add(course.problems());
    }
    if let Some(before) = before {
        let fixed = [
            ("unit", unit.is_some_and(|unit| unit != before.unit)),
            (
                "decimals",
                places.is_some_and(|places| places != before.places()),
            ),
            ("comparesWith", compares_with != before.compares_with),
        ];
        if fixed.iter().any(|(_, is_other)| *is_other) && goal_values::are_there(tx, before.id)? {
            for (name, _) in fixed.iter().filter(|(_, is_other)| *is_other) {
                form.wrong(name, FieldCode::Immutable);
            }
        }
    }
    let now = tx.timestamp();
    let row = (|| {
        let origin = origin?;
        let target = target?;
        Some(GoalRow {
            id: before.map_or_else(Id::fresh, |row| row.id),
            title: title?,
            plan,
            indicator: indicator?,
            source: origin.source,
            measure_code: origin.measure_code,
            measured_as: origin.measured_as,
            measure_division: origin.measure_division,
            measure_category: origin.measure_category,
            kolada_kpi: origin.kolada_kpi,
            kolada_municipality: origin.kolada_municipality,
            compares_with,
            unit: unit?,
            decimals: places?.into(),
            baseline_year: baseline.map(|value| value.year),
            baseline_value: baseline.map(|value| value.value),
            target_year: target.year,
            target_value: target.value,
            direction: direction?,
            tolerance,
            stale_after_years,
            owner,
            age_bounds,
            ended_on,
            created_by: before.map_or_else(|| tx.actor().user_id(), |row| row.created_by),
            created_at: before.map_or(now, |row| row.created_at),
            updated_at: now,
            version: before.map_or(1, |row| row.version + 1),
        })
    })();
    form.finish_with(row)
}

/// A year with its value.
fn read_year_value(part: &mut Form, decimals: u8) -> Option<YearValue> {
    let year = part.integer("year", YEARS);
    let year = part.require("year", year);
    let value = part.decimal("value", decimals);
    let value = part.require("value", value);
    Some(YearValue {
        year: i32::try_from(year?).ok()?,
        value: value?,
    })
}

/// An own measure is named; what comes from outside names none. A key figure of Kolada goes with its municipality.
fn read_origin(form: &mut Form) -> Option<Origin> {
    let source: Option<GoalSource> = form.code("source");
    let source = form.require("source", source);
    let measure_code = read_name(form, "measureCode");
    let measured_as = form.code("measuredAs");
    let measure_division = read_name(form, "measureDivision");
    let measure_category = read_name(form, "measureCategory");
    match source {
        Some(GoalSource::OwnMeasure) => {
            form.require("measureCode", measure_code.as_ref());
            form.require("measuredAs", measured_as.as_ref());
        }
        Some(GoalSource::External) => {
            for (name, is_told) in [
                ("measureCode", measure_code.is_some()),
                ("measuredAs", measured_as.is_some()),
                ("measureDivision", measure_division.is_some()),
                ("measureCategory", measure_category.is_some()),
            ] {
                if is_told {
                    let pointer = format!("/{name}");
                    form.add([FieldError::with(pointer, FieldCode::NotWithOther, "source")]);
                }
            }
        }
        None => {}
    }
    let needs = |form: &mut Form, is_told: bool, name: &str, other: &str| {
        if is_told {
            let pointer = format!("/{name}");
            form.add([FieldError::with(
                pointer,
                FieldCode::NeedsOther,
                other.to_owned(),
            )]);
        }
    };
    let (by_division, by_category) = (measure_division.is_some(), measure_category.is_some());
    needs(
        form,
        by_division && !by_category,
        "measureDivision",
        "measureCategory",
    );
    needs(
        form,
        by_category && !by_division,
        "measureCategory",
        "measureDivision",
    );
    let kolada_kpi = form.text("koladaKpi", 6);
    if kolada_kpi.as_deref().is_some_and(|kpi| !is_kolada_kpi(kpi)) {
        form.wrong("koladaKpi", FieldCode::NotKoladaKpi);
    }
    let kolada_municipality = form.text("koladaMunicipality", 4);
    if let Some(code) = &kolada_municipality
        && !is_municipality_code(code)
    {
        form.wrong("koladaMunicipality", FieldCode::NotMunicipalityCode);
    }
    let (has_kpi, has_place) = (kolada_kpi.is_some(), kolada_municipality.is_some());
    needs(
        form,
        has_kpi && !has_place,
        "koladaKpi",
        "koladaMunicipality",
    );
    needs(
        form,
        has_place && !has_kpi,
        "koladaMunicipality",
        "koladaKpi",
    );
    Some(Origin {
        source: source?,
        measure_code,
        measured_as,
        measure_division,
        measure_category,
        kolada_kpi,
        kolada_municipality,
    })
}

fn read_name(form: &mut Form, field: &str) -> Option<String> {
    let name = form.text(field, 80);
    if name.as_deref().is_some_and(|name| !is_name_in_json(name)) {
        form.wrong(field, FieldCode::NotMeasureName);
    }
    name
}

// For a release -----------------------------------------------------------------------------------

/// A goal at the end of a period, before its own measure has been looked up in the releases.
#[derive(Debug, Clone)]
pub struct GoalAtEnd {
    row: GoalRow,
    entered: Vec<KnownValue>,
    activities: Vec<GoalActivityRecord>,
    on: NaiveDate,
}

/// The goals that ran at the end of a period, with what was entered of it and before, and what was done for them as the
/// follow-up of that period has it.
///
/// # Errors
/// The database does not answer.
pub fn goals_at_end(tx: &mut AuditedTx<'_>, period: Period) -> Result<Vec<GoalAtEnd>> {
    let on = period.last_day();
    let found = goals::all(tx, &GoalFilter::default())?;
    let ids: Vec<Id<Goal>> = found
        .iter()
        .map(|sealed| sealed.for_rules().row.id)
        .collect();
    let activities = goal_activities::of_goals(tx, &ids)?;
    let mut standing = Vec::new();
    for sealed in found {
        let (record, _) = sealed.into_record();
        if record.row.ended_on.is_some_and(|day| day <= on) {
            continue;
        }
        let own = activities
            .iter()
            .map(Sealed::for_rules)
            .filter(|activity| activity.row.goal_id == record.row.id)
            .filter(|activity| activity.row.starts_on.is_none_or(|day| day <= on));
        standing.push(GoalAtEnd {
            activities: own.cloned().collect(),
            entered: record
                .entered
                .into_iter()
                .filter(|value| value.period.last_day(value.year) <= on)
                .collect(),
            row: record.row,
            on,
        });
    }
    Ok(standing)
}

impl GoalAtEnd {
    /// The goal as a release has it, with the figures of its own measure from these releases: the one being made among them,
    /// withdrawn ones not.
    pub fn document(&self, releases: &[&ReleaseDocument]) -> document::Goal {
        let row = &self.row;
        let known = self.known(releases);
        let course = row.course();
        let standing = course.standing(&known, self.on);
        let series = goal::series(&known, row.unit);
        document::Goal {
            title: row.title.clone(),
            plan: row.plan.clone(),
            indicator: row.indicator.clone(),
            unit: row.unit.code().to_owned(),
            owner: row.owner.clone(),
            decimals: row.places(),
            baseline: row.baseline().map(year_value),
            target: year_value(row.target()),
            series: series
                .into_iter()
                .map(|known| {
                    year_value(YearValue {
                        year: known.year,
                        value: known.value,
                    })
                })
                .collect(),
            shall_rise: course.shall_rise(),
            ahead_of_path: standing.ahead_of_path,
            status: in_words(&standing),
            status_code: standing.code.code().to_owned(),
            activities: self
                .activities
                .iter()
                .map(|activity| self.activity(activity))
                .collect(),
        }
    }

    /// What was entered, and over it what the releases say of the goal's own measure.
    fn known(&self, releases: &[&ReleaseDocument]) -> Vec<KnownValue> {
        // What a release of a later period says was not known at the end of this one.
        let then: Vec<&ReleaseDocument> = releases
            .iter()
            .copied()
            .filter(|release| release.period.last_day <= self.on)
            .collect();
        told(&self.row, &self.entered, &then).known
    }

    fn activity(&self, activity: &GoalActivityRecord) -> document::Activity {
        let latest = activity.latest(Some(self.on));
        let status = latest.map_or(goal::ActivityStatus::NotBegun, |of| of.status);
        document::Activity {
            title: activity.row.title.clone(),
            responsible: activity.row.responsible_unit.clone(),
            status_code: status.code().to_owned(),
            status: (status.sv(), status.en()).into(),
            forecast: latest.and_then(|of| of.forecast.clone()),
            remedy: latest.and_then(|of| of.remedy.clone()),
            followed_up_on: latest.map(|of| of.followed_up_on),
        }
    }
}

const fn year_value(value: YearValue) -> document::YearValue {
    document::YearValue {
        year: value.year,
        value: value.value,
    }
}

/// How a goal stands, with the year that it stands by.
fn in_words(standing: &Standing) -> Words {
    let (sv, en) = (standing.code.sv(), standing.code.en());
    match (standing.code, standing.latest) {
        (_, None) => (sv, en).into(),
        (GoalStanding::Stale, Some(latest)) => Words {
            sv: format!("{sv}: det senaste värdet är från {}", latest.year),
            en: format!("{en}: the latest value is from {}", latest.year),
        },
        (_, Some(latest)) if latest.period == goal::GoalPeriod::FullYear => Words {
            sv: format!("{sv} ({})", latest.year),
            en: format!("{en} ({})", latest.year),
        },
        (_, Some(latest)) => Words {
            sv: format!(
                "{sv} ({} {})",
                latest.period.sv().to_lowercase(),
                latest.year
            ),
            en: format!(
                "{en} ({} {})",
                latest.period.en().to_lowercase(),
                latest.year
            ),
        },
    }
}
