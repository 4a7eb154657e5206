//! The duty of trying again: after an attempt that failed, on the day proposed then, until anybody is in touch. Where its
//! author planned a day of their own, that plan stands instead.

use super::{Bearers, Source, bearer_ids};
use crate::db::attempts::SEEKS_YOUTH;
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{contacts, episodes};
use crate::db::types::Timestamp;
use crate::domain::codes::ContactResult;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Contact, Episode, Id, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::{Days, NaiveDate};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Attempts that failed.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::NextAttempt],
    duties,
    met,
};

diesel::alias! {
    const LATER: Alias<LaterAttempt> = contacts as later_attempt;
}

/// Whether nobody has sought the youth after a contact.
macro_rules! is_latest {
    () => {
        not(exists(
            LATER
                .filter(LATER.field(contacts::youth_id).eq(contacts::youth_id))
                .filter(LATER.field(contacts::met_who).eq_any(SEEKS_YOUTH))
                .filter(
                    LATER
                        .field(contacts::occurred_at)
                        .gt(contacts::occurred_at)
                        .or(LATER
                            .field(contacts::occurred_at)
                            .eq(contacts::occurred_at)
                            .and(LATER.field(contacts::id).gt(contacts::id))),
                ),
        ))
    };
}

/// Days after an attempt from before there were proposals.
const DAYS_WITHOUT_PROPOSAL: u64 = 14;

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    type Failed = (
        Id<Contact>,
        Id<Youth>,
        Id<Episode>,
        Timestamp,
        Option<NaiveDate>,
    );
    let failed: Vec<Failed> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        contacts::youth_id,
        contacts::table
            .inner_join(episodes::table.on(episodes::id.eq(contacts::episode_id)))
            .filter(episodes::exited_on.is_null())
            .filter(contacts::result.ne(ContactResult::Reached))
            .filter(contacts::met_who.eq_any(SEEKS_YOUTH))
            .filter(contacts::next_contact_on.is_null())
            .filter(is_latest!())
            .select((
                contacts::id,
                contacts::youth_id,
                contacts::episode_id,
                contacts::occurred_at,
                contacts::proposed_on,
            ))
    )?;
    Ok(failed
        .into_iter()
        .filter_map(|(id, youth_id, episode_id, at, proposed_on)| {
            let tried_on = on_day(at);
            Some(Duty {
                kind: TaskKind::NextAttempt,
                youth_id: Some(youth_id),
                unit_id: bearers.get(&youth_id)?.unit_id,
                episode_id: Some(episode_id),
                cause_id: id.cast(),
                record_id: id.cast(),
                due_on: proposed_on.unwrap_or(tried_on + Days::new(DAYS_WITHOUT_PROPOSAL)),
                opens_on: tried_on,
                ends_on: None,
                // The handler's, who decides whether an ambassador goes.
                responsible_id: None,
                is_of_compartment: false,
            })
        })
        .collect())
}

/// An attempt that still stands as failed was followed by another; one that was corrected asks for nothing.
fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Contact>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let followed: Vec<Id<Contact>> = load_of!(
        tx.conn(),
        &ids,
        contacts::id,
        contacts::table
            .filter(contacts::result.ne(ContactResult::Reached))
            .filter(not(is_latest!()))
            .select(contacts::id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| followed.contains(&cause.id.cast()))
        .copied()
        .collect())
}
