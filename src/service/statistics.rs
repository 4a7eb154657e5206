//! Statistics for the chief of a unit: which period, the facts of the register, and the tables that may be published.
//! Reading needs the database, protecting does not: the two are apart so that the slow half runs beside its threads.

use super::Fields;
use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::compartment_counts;
use crate::db::statistics as db;
use crate::domain::codes::Code;
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::policy::decide::Relation;
use crate::statistics::band::band;
use crate::statistics::document::Words;
use crate::statistics::facts::Facts;
use crate::statistics::measures::MEASURES;
use crate::statistics::period::{Period, YEARS};
use crate::statistics::release::StatisticsRelease;
use crate::statistics::suppression::Threshold;
use serde_json::{Value, json};

/// Reads the parameters `year` and `period`; both are required.
pub fn read_period(form: &mut Form) -> Option<Period> {
    let year = form.integer("year", YEARS);
    let year = form.require("year", year);
    let part = form.code("period");
    let part = form.require("period", part);
    Period::new(year?, part?)
}

/// Reads the facts of the actor's own unit for a period, as far as it has come, and notes in the audit which period
/// was disclosed.
///
/// # Errors
/// 403 or 404 for whoever may not see the statistics of a unit; 400 for a period that has not begun.
pub fn load_facts(tx: &mut AuditedTx<'_>, period: Period) -> Result<Facts> {
    let unit_id = tx.actor().unit_id().ok_or(ErrorCode::Forbidden)?;
    let permit = tx.permit(Resource::Statistics, &Relation::unit_record(true))?;
    let counted = period.counted_on(tx.today()).ok_or_else(|| Error {
        fields: vec![FieldError::new("period", FieldCode::InFuture)],
        ..Error::from(ErrorCode::InvalidParameter)
    })?;
    let youths = db::load(tx, &permit, unit_id, counted)?;
    let disclosed = format!(
        "{} {} to {}",
        period.year(),
        period.part().code(),
        counted.counted_to()
    );
    tx.note(Resource::Statistics, None, Some(unit_id.cast()), &disclosed);
    Ok(Facts {
        unit_id,
        period: counted,
        read_at: tx.now(),
        youths,
    })
}

/// The tables that may be published. Pure, and the slow half of the work: do not run it on a database thread.
///
/// # Errors
/// No safe way to publish was found; then nothing is.
pub fn tables(facts: &Facts, threshold: Threshold) -> Result<StatisticsRelease> {
    StatisticsRelease::of(facts, threshold).map_err(Error::internal)
}

/// The catalogue of measures in a language: definitions, and no data.
///
/// # Errors
/// 403.
pub fn list_measures(tx: &mut AuditedTx<'_>, language: Language) -> Result<Fields> {
    tx.permit(
        Resource::StatisticsMeasures,
        &Relation::unit_record(tx.actor().unit_id().is_some()),
    )?;
    let said = |words: &Words| json!(words.in_language(language));
    let measures: Vec<Value> = MEASURES
        .iter()
        .map(|measure| {
            let told = measure.definition();
            json!({
                "code": told.code,
                "version": told.version,
                "kind": told.kind,
                "unit": told.unit,
                "title": said(&told.title),
                "definition": said(&told.definition),
                "numerator": said(&told.numerator),
                "denominator": told.denominator.as_ref().map(said),
                "periodLogic": said(&told.period_logic),
                "breakdowns": told.breakdowns,
                "source": told.source.as_ref().map(said),
            })
        })
        .collect();
    tx.note(Resource::StatisticsMeasures, None, None, "measures");
    let mut fields = Fields::new();
    fields.insert("measures".to_owned(), json!(measures));
    Ok(fields)
}

/// How many youths of the chief's unit have something in the protected compartment, as bands.
///
/// # Errors
/// 403 for whoever may not see the statistics of a unit.
pub fn read_compartment_counts(tx: &mut AuditedTx<'_>, threshold: Threshold) -> Result<Fields> {
    let unit_id = tx.actor().unit_id().ok_or(ErrorCode::Forbidden)?;
    let permit = tx.permit(Resource::Statistics, &Relation::unit_record(true))?;
    let counts = compartment_counts::count(tx, &permit, unit_id)?;
    tx.note(
        Resource::Statistics,
        None,
        Some(unit_id.cast()),
        "compartmentCounts",
    );
    let shown = |count: i64| {
        let (from, to) = band(u64::try_from(count).unwrap_or(0), threshold);
        json!({"from": from, "to": to})
    };
    let mut fields = Fields::new();
    fields.insert("unitId".to_owned(), json!(unit_id));
    fields.insert("threshold".to_owned(), json!(threshold.get()));
    fields.insert("youthsWithReferral".to_owned(), shown(counts.with_referral));
    fields.insert(
        "youthsNotYetToStart".to_owned(),
        shown(counts.measures_not_open),
    );
    Ok(fields)
}
