//! The duty of confirming an occupation before it lapses, and after it has: until something newer is ascertained, in a
//! contact or otherwise.

use super::{Bearers, Source};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{current_occupations, occupations};
use crate::db::settings;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, OccupationObservation, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Occupations that lapse.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::ConfirmOccupation],
    duties,
    met,
};

type Lapsing = (
    Id<Youth>,
    Option<NaiveDate>,
    Option<Id<OccupationObservation>>,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let ids: Vec<Id<Youth>> = bearers
        .values()
        .filter(|bearer| !bearer.open.is_empty())
        .map(|bearer| bearer.id)
        .collect();
    let lapsing: Vec<Lapsing> = load_of!(
        tx.conn(),
        &ids,
        current_occupations::youth_id,
        current_occupations::table
            .filter(current_occupations::valid_until.is_not_null())
            .select((
                current_occupations::youth_id,
                current_occupations::valid_until,
                current_occupations::observation_id,
            ))
    )?;
    if lapsing.is_empty() {
        return Ok(Vec::new());
    }
    let rules = settings::load(tx)?.occupation;
    Ok(lapsing
        .into_iter()
        .filter_map(|(youth_id, lapses_on, observation_id)| {
            let (lapses_on, observation_id) = (lapses_on?, observation_id?);
            Some(Duty {
                kind: TaskKind::ConfirmOccupation,
                youth_id: Some(youth_id),
                unit_id: bearers.get(&youth_id)?.unit_id,
                episode_id: None,
                cause_id: observation_id.cast(),
                record_id: observation_id.cast(),
                due_on: lapses_on,
                opens_on: rules.confirm_from(lapses_on),
                ends_on: None,
                responsible_id: None,
                is_of_compartment: false,
            })
        })
        .collect())
}

/// An observation that still counts was overtaken by a newer one; one that was taken back asks for nothing.
fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<OccupationObservation>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let counting: Vec<Id<OccupationObservation>> = load_of!(
        tx.conn(),
        &ids,
        occupations::id,
        occupations::table
            .filter(occupations::is_void.eq(false))
            .select(occupations::id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| counting.contains(&cause.id.cast()))
        .copied()
        .collect())
}
