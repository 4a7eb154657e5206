//! The duty of the next contact: planned in one, until its planner is in touch again or anybody is on the day.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{contacts, episodes};
use crate::db::types::Timestamp;
use crate::domain::duty::{Cause, Duty, PlannedContact};
use crate::domain::id::{Contact, Episode, Id, Record, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Planned contacts.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::NextContact],
    duties,
    met,
};

diesel::alias! {
    const LATER: Alias<Later> = contacts as later;
    const BY_PLANNER: Alias<ByPlanner> = contacts as by_planner;
}

type Planned = (
    Id<Contact>,
    Id<Youth>,
    Id<Episode>,
    Id<User>,
    Timestamp,
    Option<NaiveDate>,
    Option<Timestamp>,
    Option<Timestamp>,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let last = LATER
        .filter(LATER.field(contacts::youth_id).eq(contacts::youth_id))
        .order(LATER.field(contacts::occurred_at).desc())
        .select(LATER.field(contacts::occurred_at))
        .limit(1)
        .single_value();
    let last_of_planner = BY_PLANNER
        .filter(BY_PLANNER.field(contacts::youth_id).eq(contacts::youth_id))
        .filter(
            BY_PLANNER
                .field(contacts::author_id)
                .eq(contacts::author_id),
        )
        .order(BY_PLANNER.field(contacts::occurred_at).desc())
        .select(BY_PLANNER.field(contacts::occurred_at))
        .limit(1)
        .single_value();
    let planned: Vec<Planned> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        contacts::youth_id,
        contacts::table
            .inner_join(episodes::table.on(episodes::id.eq(contacts::episode_id)))
            .filter(episodes::exited_on.is_null())
            .filter(contacts::next_contact_on.is_not_null())
            .select((
                contacts::id,
                contacts::youth_id,
                contacts::episode_id,
                contacts::author_id,
                contacts::occurred_at,
                contacts::next_contact_on,
                last,
                last_of_planner,
            ))
    )?;
    Ok(planned
        .into_iter()
        .filter_map(
            |(id, youth_id, episode_id, author_id, at, next_on, last, last_own)| {
                let planned = PlannedContact {
                    planned_on: next_on?,
                    planner_was_in_touch: last_own.is_some_and(|last| last > at),
                    last_later_on: last.filter(|last| *last > at).map(on_day),
                };
                (!planned.is_done()).then_some(Duty {
                    kind: TaskKind::NextContact,
                    youth_id: Some(youth_id),
                    unit_id: bearers.get(&youth_id)?.unit_id,
                    episode_id: Some(episode_id),
                    cause_id: id.cast(),
                    record_id: id.cast(),
                    due_on: planned.planned_on,
                    opens_on: on_day(at),
                    ends_on: None,
                    responsible_id: Some(author_id),
                    is_of_compartment: false,
                })
            },
        )
        .collect())
}

/// A plan that still stands in its contact was carried out; one that was taken away by a correction was not.
fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Contact>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let planned: Vec<Id<Contact>> = load_of!(
        tx.conn(),
        &ids,
        contacts::id,
        contacts::table
            .filter(contacts::next_contact_on.is_not_null())
            .select(contacts::id)
    )?;
    let is_planned = |id: Id<Record>| planned.contains(&id.cast());
    Ok(causes
        .iter()
        .filter(|cause| is_planned(cause.id))
        .copied()
        .collect())
}
