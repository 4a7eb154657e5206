//! The chief's duty of assigning a socionom to whom something waits in the compartment while nobody is assigned who may see
//! it: else it would stand on nobody's list when the last one leaves. It says neither what waits nor why.

use super::{Bearers, Source, store};
use crate::db::assignments::runs_at;
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{assignments, protected_tasks, tasks, users};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use crate::policy::decide::roles_of_compartment;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// That a socionom is assigned. What asks for it are the duties of the other sources: see [`of_compartment`].
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::AssignSocionom],
    duties: |_, _| Ok(Vec::new()),
    met,
};

/// The duty of everybody who has a duty in the compartment that is not answered, and nobody who sees it.
///
/// # Errors
/// The database does not answer.
pub(super) fn of_compartment(
    tx: &mut AuditedTx<'_>,
    bearers: &Bearers,
    duties: &[Duty],
) -> Result<Vec<Duty>> {
    let today = tx.today();
    let waiting: Vec<&Duty> = duties
        .iter()
        .filter(|duty| duty.is_of_compartment && duty.ends_on.is_none_or(|day| day > today))
        .collect();
    let causes: Vec<Cause> = waiting
        .iter()
        .filter(|duty| duty.kind.answer_form().is_some())
        .map(|duty| duty.cause())
        .collect();
    let answered = store::load_answered(tx, &causes, true)?;
    // The first of what waits says from when on somebody must be there.
    let mut first: BTreeMap<Id<Youth>, (NaiveDate, NaiveDate)> = BTreeMap::new();
    for duty in waiting
        .into_iter()
        .filter(|duty| !answered.contains(&duty.cause()))
    {
        let Some(youth_id) = duty.youth_id else {
            continue;
        };
        let days = first
            .entry(youth_id)
            .or_insert((duty.opens_on, duty.due_on));
        *days = (days.0.min(duty.opens_on), days.1.min(duty.due_on));
    }
    let ids: Vec<Id<Youth>> = first.keys().copied().collect();
    let attended = attended(tx, &ids)?;
    Ok(first
        .into_iter()
        .filter(|(id, _)| !attended.contains(id))
        .filter_map(|(id, days)| Some((bearers.get(&id)?, days)))
        .map(|(bearer, (opens_on, due_on))| Duty {
            kind: TaskKind::AssignSocionom,
            youth_id: Some(bearer.id),
            unit_id: bearer.unit_id,
            episode_id: None,
            cause_id: bearer.id.cast(),
            record_id: bearer.id.cast(),
            due_on,
            opens_on,
            ends_on: None,
            responsible_id: None,
            is_of_compartment: false,
        })
        .collect())
}

/// Those of some youths to whom somebody is assigned who sees the compartment.
fn attended(tx: &mut AuditedTx<'_>, ids: &[Id<Youth>]) -> Result<HashSet<Id<Youth>>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let now = tx.timestamp();
    let found: Vec<Id<Youth>> = load_of!(
        tx.conn(),
        ids,
        assignments::youth_id,
        assignments::table
            .inner_join(users::table.on(users::id.eq(assignments::user_id)))
            .filter(runs_at(now))
            .filter(users::is_active.eq(true))
            .filter(users::role.eq_any(roles_of_compartment()))
            .select(assignments::youth_id)
    )?;
    Ok(found.into_iter().collect())
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Youth>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let attended = attended(tx, &ids)?;
    Ok(causes
        .iter()
        .filter(|cause| attended.contains(&cause.id.cast()))
        .copied()
        .collect())
}

/// Youths with an open task in the compartment, nobody who sees it, and no task for the chief yet: an assignment that ended
/// by its day, or a user who was closed off. At most `most` of them.
///
/// # Errors
/// The database does not answer.
pub(super) fn unattended(tx: &mut AuditedTx<'_>, most: i64) -> Result<Vec<Id<Youth>>> {
    let now = tx.timestamp();
    let found: Vec<Option<Id<Youth>>> = protected_tasks::table
        .filter(protected_tasks::closed_at.is_null())
        .filter(not(exists(
            assignments::table
                .inner_join(users::table.on(users::id.eq(assignments::user_id)))
                .filter(
                    assignments::youth_id
                        .nullable()
                        .eq(protected_tasks::youth_id),
                )
                .filter(runs_at(now))
                .filter(users::is_active.eq(true))
                .filter(users::role.eq_any(roles_of_compartment())),
        )))
        .filter(not(exists(
            tasks::table
                .filter(tasks::youth_id.eq(protected_tasks::youth_id))
                .filter(tasks::kind.eq(TaskKind::AssignSocionom))
                .filter(tasks::closed_at.is_null()),
        )))
        .select(protected_tasks::youth_id)
        .distinct()
        .limit(most)
        .load(tx.conn())?;
    Ok(found.into_iter().flatten().collect())
}
