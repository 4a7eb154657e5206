//! How many youths of a unit have something in the protected compartment: counts alone, never who. What of a count may be
//! shown is decided in `statistics::band`.

use super::audited::AuditedTx;
use super::relations::is_unprotected;
use super::schema::{measure_gates, protected_referrals, youths};
use crate::domain::id::{Id, Unit};
use crate::error::Result;
use crate::policy::reveal::Permit;
use diesel::dsl::exists;
use diesel::prelude::*;

/// Counts of youths, those with protected identity left out.
pub struct CompartmentCounts {
    /// With a protected referral that is neither declined nor closed.
    pub with_referral: i64,
    /// Who may start talks and guidance only.
    pub measures_not_open: i64,
}

/// The counts of a unit.
///
/// # Errors
/// The database does not answer.
pub fn count(tx: &mut AuditedTx<'_>, _: &Permit, unit_id: Id<Unit>) -> Result<CompartmentCounts> {
    let of_unit = || {
        youths::table
            .filter(youths::unit_id.eq(unit_id))
            .filter(is_unprotected())
    };
    let with_referral = of_unit()
        .filter(exists(
            protected_referrals::table
                .filter(protected_referrals::youth_id.eq(youths::id))
                .filter(protected_referrals::declined_on.is_null())
                .filter(protected_referrals::closed_on.is_null()),
        ))
        .count()
        .get_result(tx.conn())?;
    let measures_not_open = of_unit()
        .filter(exists(
            measure_gates::table
                .filter(measure_gates::youth_id.eq(youths::id))
                .filter(measure_gates::may_start.eq(false)),
        ))
        .count()
        .get_result(tx.conn())?;
    Ok(CompartmentCounts {
        with_referral,
        measures_not_open,
    })
}
