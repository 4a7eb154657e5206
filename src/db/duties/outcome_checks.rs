//! The duty of finding out, some months after an exit to work or studies, whether it lasts.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{outcome_checks, youths};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, Id, OutcomeCheck, User, Youth};
use crate::domain::outcome::opens_on;
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Checks without an answer.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::OutcomeCheck],
    duties,
    met,
};

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    type Asked = (
        Id<OutcomeCheck>,
        Id<Youth>,
        Id<Episode>,
        NaiveDate,
        Option<Id<User>>,
    );
    // Nobody asks after somebody who has died.
    let asked: Vec<Asked> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        outcome_checks::youth_id,
        outcome_checks::table
            .inner_join(youths::table.on(youths::id.eq(outcome_checks::youth_id)))
            .filter(outcome_checks::result.is_null())
            .filter(youths::deceased_on.is_null())
            .select((
                outcome_checks::id,
                outcome_checks::youth_id,
                outcome_checks::episode_id,
                outcome_checks::due_on,
                outcome_checks::created_by,
            ))
    )?;
    Ok(asked
        .into_iter()
        .filter_map(|(id, youth_id, episode_id, due_on, closed_by)| {
            Some(Duty {
                kind: TaskKind::OutcomeCheck,
                youth_id: Some(youth_id),
                unit_id: bearers.get(&youth_id)?.unit_id,
                episode_id: Some(episode_id),
                cause_id: id.cast(),
                record_id: id.cast(),
                due_on,
                opens_on: opens_on(due_on),
                ends_on: None,
                responsible_id: closed_by,
                is_of_compartment: false,
            })
        })
        .collect())
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<OutcomeCheck>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let answered: Vec<Id<OutcomeCheck>> = load_of!(
        tx.conn(),
        &ids,
        outcome_checks::id,
        outcome_checks::table
            .filter(outcome_checks::result.is_not_null())
            .select(outcome_checks::id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| answered.contains(&cause.id.cast()))
        .copied()
        .collect())
}
