//! The duties of a protected status: the report of concern and the guardian contact of somebody under 18 with active use, and
//! what a pause comes to. Any contact that reached a guardian since meets the second, whoever logged it: they need not know.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{contacts, protected_statuses};
use crate::db::types::Timestamp;
use crate::domain::codes::{ContactResult, MetWho};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Record, Youth};
use crate::domain::protected_duties::{StatusStanding, duties_of};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;

/// Protected statuses.
pub(super) const SOURCE: Source = Source {
    kinds: &[
        TaskKind::ConcernReport,
        TaskKind::GuardianContact,
        TaskKind::ResumeAfterPause,
    ],
    duties,
    met,
};

type Standing = (
    Id<Youth>,
    Option<Id<Record>>,
    Option<Timestamp>,
    Option<NaiveDate>,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let standing: Vec<Standing> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        protected_statuses::youth_id,
        protected_statuses::table
            .filter(
                protected_statuses::active_use_id
                    .is_not_null()
                    .or(protected_statuses::paused_until.is_not_null()),
            )
            .select((
                protected_statuses::youth_id,
                protected_statuses::active_use_id,
                protected_statuses::active_use_since,
                protected_statuses::paused_until,
            ))
    )?;
    let mut duties = Vec::new();
    for (youth_id, spell_id, since, paused_until) in standing {
        let Some(bearer) = bearers.get(&youth_id) else {
            continue;
        };
        let spell = spell_id.zip(since);
        let status = StatusStanding {
            status_id: youth_id.cast(),
            active_use: spell.map(|(id, since)| (id, on_day(since))),
            has_met_guardian: match spell {
                Some((_, since)) => has_met_guardian(tx, youth_id, since)?,
                None => false,
            },
            paused_until,
            birth_date: bearer.birth_date,
        };
        duties.extend(duties_of(&status).into_iter().map(|duty| Duty {
            kind: duty.kind,
            youth_id: Some(youth_id),
            unit_id: bearer.unit_id,
            episode_id: None,
            cause_id: duty.cause_id,
            record_id: youth_id.cast(),
            due_on: duty.due_on,
            opens_on: duty.due_on,
            ends_on: duty.ends_on,
            responsible_id: None,
            is_of_compartment: true,
        }));
    }
    Ok(duties)
}

fn has_met_guardian(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, since: Timestamp) -> Result<bool> {
    Ok(diesel::select(exists(
        contacts::table
            .filter(contacts::youth_id.eq(youth_id))
            .filter(contacts::occurred_at.ge(since))
            .filter(contacts::met_who.eq(MetWho::Guardian))
            .filter(contacts::result.eq(ContactResult::Reached)),
    ))
    .get_result(tx.conn())?)
}

/// The guardian contact while its spell lasts, and a pause that was looked at; a report is answered, never met.
fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let mut met = Vec::new();
    for cause in causes {
        let is_met = match cause.kind {
            TaskKind::GuardianContact => {
                let spell: Option<(Id<Youth>, Option<Timestamp>)> = protected_statuses::table
                    .filter(
                        protected_statuses::active_use_id
                            .eq(cause.id)
                            .assume_not_null(),
                    )
                    .select((
                        protected_statuses::youth_id,
                        protected_statuses::active_use_since,
                    ))
                    .first(tx.conn())
                    .optional()?;
                match spell {
                    Some((youth_id, Some(since))) => has_met_guardian(tx, youth_id, since)?,
                    _ => false,
                }
            }
            TaskKind::ResumeAfterPause => true,
            _ => false,
        };
        if is_met {
            met.push(*cause);
        }
    }
    Ok(met)
}
