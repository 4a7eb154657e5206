//! What is proposed next to reach a youth: after each attempt that failed, by the municipality's ladder. The ladder itself
//! stands in `domain::contact_ladder`; the task that reminds of it in `db::duties`.

use super::youths::visible_relation;
use crate::db::attempts::{self, LastContact, LatestAttempt, NextAttemptRecord};
use crate::db::audited::AuditedTx;
use crate::db::contacts::ContactRow;
use crate::db::settings;
use crate::domain::codes::{ContactResult, MetWho};
use crate::domain::contact_ladder::{Attempt, Proposal, first_attempt, next_attempt};
use crate::domain::id::{Id, Youth};
use crate::error::Result;
use crate::policy::reveal::{Sealed, View};
use chrono::NaiveDate;

/// What is proposed for a youth now: after the latest attempt what was proposed then, before the first one the first step.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn read_next_attempt(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let today = tx.today();
    let last = attempts::last_contacts(tx, &[youth_id])?
        .remove(&youth_id)
        .unwrap_or(LastContact {
            attempt_on: None,
            reached_on: None,
            today,
        });
    let latest = attempts::find_latest(tx, youth_id)?;
    let proposal = match &latest {
        Some(latest) => proposed_after(latest),
        None => propose_first(tx, youth_id)?,
    };
    let record = NextAttemptRecord {
        youth_id,
        contact_id: latest.map(|latest| latest.id),
        proposal,
        planned_on: latest.and_then(|latest| latest.next_contact_on),
        last,
    };
    tx.reveal(&Sealed::new(record, relation))
}

/// What was proposed when the attempt was written.
fn proposed_after(latest: &LatestAttempt) -> Option<Proposal> {
    (latest.result != ContactResult::Reached)
        .then_some(latest.proposed_on)
        .flatten()
        .map(|on| Proposal {
            on,
            channel: latest.proposed_channel,
            staff: latest
                .proposed_staff
                .and_then(|staff| u32::try_from(staff).ok())
                .unwrap_or(1),
        })
}

fn propose_first(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Option<Proposal>> {
    let Some(entered_on) = attempts::find_entry(tx, youth_id)? else {
        return Ok(None);
    };
    let rules = settings::load(tx)?.ladder;
    let sought = attempts::load_sought(tx, youth_id)?;
    Ok(Some(first_attempt(&rules, entered_on, &sought)))
}

/// The contact with what is proposed after it: nothing if it reached somebody, or was not meant for the youth. A day that has
/// passed already, as after an attempt that is written down late, is today.
///
/// # Errors
/// The database does not answer.
pub(super) fn with_proposal(tx: &mut AuditedTx<'_>, row: ContactRow) -> Result<ContactRow> {
    let seeks_youth = matches!(row.met_who, MetWho::Youth | MetWho::Guardian);
    let proposal = if seeks_youth && row.result != ContactResult::Reached {
        propose_after(tx, &row)?
    } else {
        None
    };
    let today: NaiveDate = tx.today();
    Ok(ContactRow {
        proposed_on: proposal.map(|next| next.on.max(today)),
        proposed_channel: proposal.and_then(|next| next.channel),
        proposed_staff: proposal.and_then(|next| i32::try_from(next.staff).ok()),
        ..row
    })
}

fn propose_after(tx: &mut AuditedTx<'_>, row: &ContactRow) -> Result<Option<Proposal>> {
    let mut made = attempts::before(tx, row.youth_id, row.episode_id, row.occurred_at, row.id)?;
    made.push(Attempt {
        on: crate::clock::day_of(row.occurred_at.utc()),
        channel: row.channel,
        result: row.result,
    });
    let rules = settings::load(tx)?.ladder;
    let sought = attempts::load_sought(tx, row.youth_id)?;
    Ok(next_attempt(&rules, &made, &sought))
}
