//! The duty of asking for the answer to a referral that was sent, until it has been received. Those of the protected
//! compartment are duties of the compartment.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::on_day;
use crate::db::schema::{episodes, protected_referrals, referrals};
use crate::db::types::Timestamp;
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Episode, Id, Referral, User, Youth};
use crate::domain::task::{TaskKind, answer_due_on};
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// Referrals of the register.
pub(super) const OPEN: Source = Source {
    kinds: &[TaskKind::AwaitReferralAnswer],
    duties: open_duties,
    met: open_met,
};
/// Referrals of the compartment.
pub(super) const PROTECTED: Source = Source {
    kinds: &[TaskKind::AwaitReferralAnswer],
    duties: protected_duties,
    met: protected_met,
};

type Sent = (
    Id<Referral>,
    Id<Youth>,
    Id<Episode>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<Id<User>>,
    Timestamp,
);

macro_rules! duties_of {
    ($name:ident, $met:ident, $table:ident, $is_of_compartment:literal) => {
        fn $name(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
            let sent: Vec<Sent> = load_of!(
                tx.conn(),
                &bearer_ids(bearers),
                $table::youth_id,
                $table::table
                    .inner_join(episodes::table.on(episodes::id.eq($table::episode_id)))
                    .filter(episodes::exited_on.is_null())
                    // Sent and not answered: the step follows from the days, which lie open in the compartment too.
                    .filter($table::sent_on.is_not_null())
                    .filter($table::received_on.is_null())
                    .filter($table::closed_on.is_null())
                    .select((
                        $table::id,
                        $table::youth_id,
                        $table::episode_id,
                        $table::answer_due_on,
                        $table::sent_on,
                        $table::created_by,
                        $table::updated_at,
                    ))
            )?;
            Ok(sent
                .into_iter()
                .filter_map(|row| duty(row, bearers, $is_of_compartment))
                .collect())
        }

        fn $met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
            let ids: Vec<Id<Referral>> = causes.iter().map(|cause| cause.id.cast()).collect();
            let answered: Vec<Id<Referral>> = load_of!(
                tx.conn(),
                &ids,
                $table::id,
                $table::table
                    .filter($table::received_on.is_not_null())
                    .select($table::id)
            )?;
            Ok(causes
                .iter()
                .filter(|cause| answered.contains(&cause.id.cast()))
                .copied()
                .collect())
        }
    };
}
duties_of!(open_duties, open_met, referrals, false);
duties_of!(protected_duties, protected_met, protected_referrals, true);

fn duty(
    (id, youth_id, episode_id, agreed, sent_on, made_by, updated_at): Sent,
    bearers: &Bearers,
    is_of_compartment: bool,
) -> Option<Duty> {
    let sent_on = sent_on.unwrap_or_else(|| on_day(updated_at));
    Some(Duty {
        kind: TaskKind::AwaitReferralAnswer,
        youth_id: Some(youth_id),
        unit_id: bearers.get(&youth_id)?.unit_id,
        episode_id: Some(episode_id),
        cause_id: id.cast(),
        record_id: id.cast(),
        due_on: answer_due_on(agreed, sent_on),
        opens_on: sent_on,
        ends_on: None,
        responsible_id: made_by,
        is_of_compartment,
    })
}
