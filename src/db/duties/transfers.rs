//! The duty of answering a transfer. It is the receiving unit's, although the youth is not theirs yet; what another
//! municipality answers, whoever asked it sees to.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::transfers;
use crate::db::types::Timestamp;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Id, Transfer, Unit, User, Youth};
use crate::domain::task::TaskKind;
use crate::domain::transfer::{TransferStatus, answer_by};
use crate::error::Result;
use diesel::prelude::*;

/// Transfers that wait.
pub(super) const SOURCE: Source = Source {
    kinds: &[TaskKind::DecideTransfer],
    duties,
    met,
};

type Waiting = (
    Id<Transfer>,
    Id<Youth>,
    Id<Unit>,
    Option<Id<Unit>>,
    Option<Id<User>>,
    Timestamp,
);

fn duties(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
    let waiting: Vec<Waiting> = load_of!(
        tx.conn(),
        &bearer_ids(bearers),
        transfers::youth_id,
        transfers::table
            .filter(transfers::status.eq(TransferStatus::Pending))
            .select((
                transfers::id,
                transfers::youth_id,
                transfers::from_unit_id,
                transfers::to_unit_id,
                transfers::created_by,
                transfers::created_at,
            ))
    )?;
    Ok(waiting
        .into_iter()
        .map(|(id, youth_id, from, to, asked_by, at)| Duty {
            kind: TaskKind::DecideTransfer,
            youth_id: Some(youth_id),
            unit_id: to.unwrap_or(from),
            episode_id: None,
            cause_id: id.cast(),
            record_id: id.cast(),
            due_on: answer_by(on_day(at)),
            opens_on: on_day(at),
            ends_on: None,
            responsible_id: asked_by.filter(|_| to.is_none()),
            is_of_compartment: false,
        })
        .collect())
}

fn met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
    let ids: Vec<Id<Transfer>> = causes.iter().map(|cause| cause.id.cast()).collect();
    let answered: Vec<Id<Transfer>> = load_of!(
        tx.conn(),
        &ids,
        transfers::id,
        transfers::table
            .filter(
                transfers::status
                    .eq(TransferStatus::Accepted)
                    .or(transfers::status.eq(TransferStatus::Refused)),
            )
            .select(transfers::id)
    )?;
    Ok(causes
        .iter()
        .filter(|cause| answered.contains(&cause.id.cast()))
        .copied()
        .collect())
}
