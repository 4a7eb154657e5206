//! Which period statistics are asked for, and how many of the chief's unit have something in the protected compartment, as bands.
//! What is published of a period stands in `statistics_releases`.

use super::Fields;
use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::compartment_counts;
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::statistics::band::band;
use crate::statistics::period::{Period, YEARS};
use crate::statistics::suppression::Threshold;
use serde_json::json;

/// Reads the parameters `year` and `period`; both are required.
pub fn read_period(form: &mut Form) -> Option<Period> {
    let year = form.integer("year", YEARS);
    let year = form.require("year", year);
    let part = form.code("period");
    let part = form.require("period", part);
    Period::new(year?, part?)
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
