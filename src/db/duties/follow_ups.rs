//! The duty of following up an intervention on the days agreed, until it is done. Of what was turned down there is nothing
//! to follow up.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{episodes, intervention_follow_ups, interventions};
use crate::db::types::Timestamp;
use crate::domain::codes::OfferAnswer;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, FollowUp, Id, Intervention, Record, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Follow-ups of interventions.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::FollowUp],
    duties,
    met,
};

type Due = (
    Id<FollowUp>,
    NaiveDate,
    Id<Intervention>,
    Id<Youth>,
    Id<Episode>,
    Option<Id<User>>,
    Timestamp,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let due: Vec<Due> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        interventions::youth_id,
        interventions::table
            .inner_join(
                intervention_follow_ups::table
                    .on(intervention_follow_ups::intervention_id.eq(interventions::id)),
            )
            .inner_join(episodes::table.on(episodes::id.eq(interventions::episode_id)))
            .filter(episodes::exited_on.is_null())
            .filter(intervention_follow_ups::done_on.is_null())
            .filter(interventions::answer.ne(OfferAnswer::Declined))
            .filter(interventions::answer.ne(OfferAnswer::Withdrawn))
            .select((
                intervention_follow_ups::id,
                intervention_follow_ups::due_on,
                interventions::id,
                interventions::youth_id,
                interventions::episode_id,
                interventions::created_by,
                interventions::created_at,
            ))
    )?;
    Ok(due
        .into_iter()
        .filter_map(
            |(id, due_on, intervention_id, youth_id, episode_id, made_by, made_at)| {
                Some(Duty {
                    kind: TaskKind::FollowUp,
                    youth_id: Some(youth_id),
                    unit_id: bearers.get(&youth_id)?.unit_id,
                    episode_id: Some(episode_id),
                    cause_id: id.cast(),
                    record_id: intervention_id.cast(),
                    due_on,
                    opens_on: on_day(made_at),
                    ends_on: None,
                    responsible_id: made_by,
                    is_of_compartment: false,
                })
            },
        )
        .collect())
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<FollowUp>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let done: Vec<Id<FollowUp>> = load_of!(
        tx.conn(),
        &ids,
        intervention_follow_ups::id,
        intervention_follow_ups::table
            .filter(intervention_follow_ups::done_on.is_not_null())
            .select(intervention_follow_ups::id)
    )?;
    let is_done = |id: Id<Record>| done.contains(&id.cast());
    Ok(causes
        .iter()
        .filter(|cause| is_done(cause.id))
        .copied()
        .collect())
}
