//! The duty of making a mapping and a plan in every open episode that has none, some days after the entry.

use super::{Bearers, Source};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{mappings, plan_revisions};
use crate::db::settings;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, Id};
use crate::domain::task::TaskKind;
use crate::error::Result;
use diesel::prelude::*;
use std::collections::HashSet;

/// Mappings and plans.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::MakeMapping, TaskKind::MakePlan],
    duties,
    met,
};

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let ids: Vec<Id<Episode>> = bearers
        .values()
        .flat_map(|bearer| bearer.open.iter().map(|episode| episode.id))
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (mapped, planned) = (mapped(tx, &ids)?, planned(tx, &ids)?);
    let rules = settings::load(tx)?.plan;
    let mut duties = Vec::new();
    for bearer in bearers.values() {
        for episode in &bearer.open {
            let due = [
                (
                    TaskKind::MakeMapping,
                    &mapped,
                    rules.mapping_due_on(episode.entered_on),
                ),
                (
                    TaskKind::MakePlan,
                    &planned,
                    rules.plan_due_on(episode.entered_on),
                ),
            ];
            for (kind, there, due_on) in due {
                if there.contains(&episode.id) {
                    continue;
                }
                duties.push(Duty {
                    kind,
                    youth_id: Some(bearer.id),
                    unit_id: bearer.unit_id,
                    episode_id: Some(episode.id),
                    cause_id: episode.id.cast(),
                    record_id: episode.id.cast(),
                    due_on,
                    opens_on: episode.entered_on,
                    ends_on: None,
                    responsible_id: None,
                    is_of_compartment: false,
                });
            }
        }
    }
    Ok(duties)
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Episode>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let (mapped, planned) = (mapped(tx, &ids)?, planned(tx, &ids)?);
    Ok(causes
        .iter()
        .filter(|cause| match cause.kind {
            TaskKind::MakeMapping => mapped.contains(&cause.id.cast()),
            _ => planned.contains(&cause.id.cast()),
        })
        .copied()
        .collect())
}

fn mapped(tx: &mut AuditedTx<'_>, ids: &[Id<Episode>]) -> Result<HashSet<Id<Episode>>> {
    let found: Vec<Id<Episode>> = load_of!(
        tx.conn(),
        ids,
        mappings::episode_id,
        mappings::table.select(mappings::episode_id)
    )?;
    Ok(found.into_iter().collect())
}

fn planned(tx: &mut AuditedTx<'_>, ids: &[Id<Episode>]) -> Result<HashSet<Id<Episode>>> {
    let found: Vec<Id<Episode>> = load_of!(
        tx.conn(),
        ids,
        plan_revisions::episode_id,
        plan_revisions::table
            .filter(plan_revisions::number.eq(1))
            .select(plan_revisions::episode_id)
    )?;
    Ok(found.into_iter().collect())
}
