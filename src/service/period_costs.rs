//! What the work cost in a period, as the chief enters it: one amount for each period, for the whole municipality. It becomes the
//! cost per participant of the releases that are made after it; those made before stay as they are.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::period_costs::{self, PeriodCostRow};
use crate::db::versions::keep_version;
use crate::domain::id::{Id, PeriodCost};
use crate::domain::operation::Resource;
use crate::error::{FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Sealed, View};
use crate::statistics::period::{PeriodPart, YEARS};

const INPUTS: &[&str] = &["year", "period", "amount", "covers"];
/// Whole kronor; more than any municipality's work with youths costs.
const MOST_KRONOR: i64 = 1_000_000_000;

/// What a cost's form says.
struct CostInput {
    year: i64,
    period: PeriodPart,
    amount: i64,
    covers: String,
}

/// The costs, in the order in which they were entered.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_period_costs(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(tx, Resource::PeriodCosts, &parameters, &[("year", "year")])?;
    let year = parameters.integer("year", YEARS);
    parameters.finish()?;
    let page = period_costs::list(tx, year, request)?;
    reveal_page(tx, page)
}

/// One cost.
///
/// # Errors
/// 403, or 404 when there is none.
pub fn read_period_cost(tx: &mut AuditedTx<'_>, id: Id<PeriodCost>) -> Result<View> {
    let sealed = period_costs::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters what the work cost in a period.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
pub fn create_period_cost(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, form) = begin_create(tx, Resource::PeriodCosts, &relation, fields)?;
    let id = Id::fresh();
    let input = read_input(tx, form, id)?;
    let now = tx.timestamp();
    let row = PeriodCostRow {
        id,
        year: input.year,
        period: input.period,
        amount: input.amount,
        covers: input.covers,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    period_costs::insert(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

/// Changes a cost.
///
/// # Errors
/// 403, 404, 412, or 422 with all fields that are wrong.
pub fn update_period_cost(
    tx: &mut AuditedTx<'_>,
    id: Id<PeriodCost>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = period_costs::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let input = read_input(tx, form, id)?;
    let (row, relation) = sealed.into_record();
    let row = PeriodCostRow {
        year: input.year,
        period: input.period,
        amount: input.amount,
        covers: input.covers,
        updated_at: tx.timestamp(),
        version: row.version + 1,
        ..row
    };
    period_costs::update(tx, &permit, &row)?;
    keep_version(tx, &row)?;
    tx.reveal(&Sealed::new(row, relation))
}

fn read_input(tx: &mut AuditedTx<'_>, mut form: Form, id: Id<PeriodCost>) -> Result<CostInput> {
    let year = form.integer("year", YEARS);
    let year = form.require("year", year);
    let period = form.code("period");
    let period = form.require("period", period);
    let amount = form.integer("amount", 0..=MOST_KRONOR);
    let amount = form.require("amount", amount);
    let covers = form.text("covers", 300);
    let covers = form.require("covers", covers);
    screen(tx, &mut form)?;
    if let (Some(year), Some(period)) = (year, period)
        && period_costs::is_period_taken(tx, year, period, id)?
    {
        form.wrong("period", FieldCode::Taken);
    }
    let input = match (year, period, amount, covers) {
        (Some(year), Some(period), Some(amount), Some(covers)) => Some(CostInput {
            year,
            period,
            amount,
            covers,
        }),
        _ => None,
    };
    form.finish_with(input)
}
