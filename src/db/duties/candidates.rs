//! The duty of deciding on a candidate of the target group, until somebody has or the question has gone. It is there whether
//! or not the youth is followed: who enters is in no episode yet. On nobody's list but the handler's and that of whoever ran
//! the rules; those without either stand in the list of candidates.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{target_group_candidates, target_group_runs};
use crate::db::settings;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Candidate, Id, Record, User, Youth};
use crate::domain::target_group::codes::CandidateStatus;
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;

/// Candidates that wait.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::DecideCandidate],
    duties,
    met,
};

type Waiting = (Id<Candidate>, Id<Youth>, NaiveDate, Option<Id<User>>);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let waiting: Vec<Waiting> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        target_group_candidates::youth_id,
        target_group_candidates::table
            .inner_join(
                target_group_runs::table
                    .on(target_group_runs::id.eq(target_group_candidates::run_id)),
            )
            .filter(target_group_candidates::status.eq(CandidateStatus::Pending))
            .select((
                target_group_candidates::id,
                target_group_candidates::youth_id,
                target_group_candidates::found_on,
                target_group_runs::started_by,
            ))
    )?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let days = Days::new(settings::load(tx)?.target_group.decision_days.into());
    Ok(waiting
        .into_iter()
        .filter_map(|(id, youth_id, found_on, started_by)| {
            Some(Duty {
                kind: TaskKind::DecideCandidate,
                youth_id: Some(youth_id),
                unit_id: bearers.get(&youth_id)?.unit_id,
                episode_id: None,
                cause_id: id.cast(),
                record_id: id.cast(),
                due_on: found_on.checked_add_days(days).unwrap_or(found_on),
                opens_on: found_on,
                ends_on: None,
                responsible_id: started_by,
                is_of_compartment: false,
            })
        })
        .collect())
}

/// One that was confirmed or rejected was decided on; one that is no longer true was not.
fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Candidate>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let decided: Vec<Id<Candidate>> = load_of!(
        tx.conn(),
        &ids,
        target_group_candidates::id,
        target_group_candidates::table
            .filter(target_group_candidates::decided_at.is_not_null())
            .select(target_group_candidates::id)
    )?;
    let is_decided = |id: Id<Record>| decided.contains(&id.cast());
    Ok(causes
        .iter()
        .filter(|cause| is_decided(cause.id))
        .copied()
        .collect())
}
