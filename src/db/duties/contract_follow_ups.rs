//! The duty of following up an education contract on the days agreed, until it is done or the contract has ended.

use super::{Bearers, Source};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{education_contract_follow_ups, education_contracts, episodes};
use crate::db::types::Timestamp;
use crate::domain::codes::Track;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{EducationContract, Episode, FollowUp, Id, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Follow-ups of education contracts.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::ContractFollowUp],
    duties,
    met,
};

type Due = (
    Id<FollowUp>,
    NaiveDate,
    Id<EducationContract>,
    Id<Youth>,
    Id<Episode>,
    Option<Id<User>>,
    Timestamp,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    // Contracts are made in the outreach alone.
    let ids: Vec<Id<Youth>> = bearers
        .values()
        .filter(|bearer| bearer.open.iter().any(|open| open.track == Track::Outreach))
        .map(|bearer| bearer.id)
        .collect();
    let due: Vec<Due> = load_of!(
        tx.conn(),
        &ids,
        education_contracts::youth_id,
        education_contracts::table
            .inner_join(
                education_contract_follow_ups::table
                    .on(education_contract_follow_ups::contract_id.eq(education_contracts::id)),
            )
            .inner_join(episodes::table.on(episodes::id.eq(education_contracts::episode_id)))
            .filter(episodes::exited_on.is_null())
            .filter(education_contracts::ended_on.is_null())
            .filter(education_contract_follow_ups::done_on.is_null())
            .select((
                education_contract_follow_ups::id,
                education_contract_follow_ups::due_on,
                education_contracts::id,
                education_contracts::youth_id,
                education_contracts::episode_id,
                education_contracts::created_by,
                education_contracts::created_at,
            ))
    )?;
    Ok(due
        .into_iter()
        .filter_map(
            |(id, due_on, contract_id, youth_id, episode_id, made_by, made_at)| {
                Some(Duty {
                    kind: TaskKind::ContractFollowUp,
                    youth_id: Some(youth_id),
                    unit_id: bearers.get(&youth_id)?.unit_id,
                    episode_id: Some(episode_id),
                    cause_id: id.cast(),
                    record_id: contract_id.cast(),
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
        education_contract_follow_ups::id,
        education_contract_follow_ups::table
            .filter(education_contract_follow_ups::done_on.is_not_null())
            .select(education_contract_follow_ups::id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| done.contains(&cause.id.cast()))
        .copied()
        .collect())
}
