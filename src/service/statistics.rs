//! Which period statistics are asked for, and how many of the chief's unit have something in the protected compartment, as bands.
//! What is published of a period stands in `statistics_releases`.

use super::Fields;
use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::compartment_counts;
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Language, Result};
use crate::policy::decide::Relation;
use crate::statistics::band::band;
use crate::statistics::document::Words;
use crate::statistics::measures::MEASURES;
use crate::statistics::period::{Period, YEARS};
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
