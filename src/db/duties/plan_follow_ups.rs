//! The duty of following up and evaluating a plan on the days that its revision in force names. What a revision that has
//! been replaced left undone, the next one has planned anew.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{episodes, plan_follow_ups, plan_follow_ups_done, plan_revisions};
use crate::db::types::Timestamp;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, Id, PlanFollowUp, PlanRevision, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Follow-ups and evaluations of plans.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::PlanFollowUp],
    duties,
    met,
};

diesel::alias! {
    const NEWER: Alias<Newer> = plan_revisions as newer;
}

type Due = (
    Id<PlanFollowUp>,
    NaiveDate,
    Id<PlanRevision>,
    Id<Youth>,
    Id<Episode>,
    Option<Id<User>>,
    Timestamp,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let due: Vec<Due> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        plan_revisions::youth_id,
        plan_revisions::table
            .inner_join(
                plan_follow_ups::table.on(plan_follow_ups::revision_id.eq(plan_revisions::id)),
            )
            .inner_join(episodes::table.on(episodes::id.eq(plan_revisions::episode_id)))
            .filter(episodes::exited_on.is_null())
            .filter(not(exists(plan_follow_ups_done::table.filter(
                plan_follow_ups_done::follow_up_id.eq(plan_follow_ups::id)
            ),)))
            .filter(not(exists(
                NEWER
                    .filter(
                        NEWER
                            .field(plan_revisions::episode_id)
                            .eq(plan_revisions::episode_id),
                    )
                    .filter(
                        NEWER
                            .field(plan_revisions::number)
                            .gt(plan_revisions::number),
                    ),
            )))
            .select((
                plan_follow_ups::id,
                plan_follow_ups::due_on,
                plan_revisions::id,
                plan_revisions::youth_id,
                plan_revisions::episode_id,
                plan_revisions::made_by,
                plan_revisions::created_at,
            ))
    )?;
    Ok(due
        .into_iter()
        .filter_map(
            |(id, due_on, revision_id, youth_id, episode_id, made_by, made_at)| {
                Some(Duty {
                    kind: TaskKind::PlanFollowUp,
                    youth_id: Some(youth_id),
                    unit_id: bearers.get(&youth_id)?.unit_id,
                    episode_id: Some(episode_id),
                    cause_id: id.cast(),
                    record_id: revision_id.cast(),
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
    let ids: Vec<Id<PlanFollowUp>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let done: Vec<Id<PlanFollowUp>> = load_of!(
        tx.conn(),
        &ids,
        plan_follow_ups_done::follow_up_id,
        plan_follow_ups_done::table.select(plan_follow_ups_done::follow_up_id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| done.contains(&cause.id.cast()))
        .copied()
        .collect())
}
