//! The duty of telling a recipient that what they were given rested on a consent that is withdrawn (GDPR 19), until that has
//! been told or answered. Consents of the protected compartment make duties of the compartment.

use super::{Bearers, Source, bearer_ids};
use crate::db::audited::AuditedTx;
use crate::db::listing::load_of;
use crate::db::schema::{consents, disclosures, protected_consents, protected_disclosures};
use crate::domain::consent::{awaits_information, inform_by};
use crate::domain::duty::{Cause, Duty};
use crate::domain::id::{Consent, Id, User, Youth};
use crate::domain::task::TaskKind;
use crate::error::Result;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Consents of the register.
pub(super) const OPEN: Source = Source {
    kinds: &[TaskKind::InformOfWithdrawal],
    duties: open_duties,
    met: open_met,
};
/// Consents of the compartment.
pub(super) const PROTECTED: Source = Source {
    kinds: &[TaskKind::InformOfWithdrawal],
    duties: protected_duties,
    met: protected_met,
};

type Told = (
    Id<Consent>,
    Id<Youth>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<Id<User>>,
);

macro_rules! duties_of {
    ($name:ident, $met:ident, $consents:ident, $disclosures:ident, $is_of_compartment:literal) => {
        fn $name(tx: &mut AuditedTx<'_>, bearers: &Bearers) -> Result<Vec<Duty>> {
            let told: Vec<Told> = load_of!(
                tx.conn(),
                &bearer_ids(bearers),
                $consents::youth_id,
                $consents::table
                    .inner_join(
                        $disclosures::table
                            .on($disclosures::consent_id.eq($consents::id.nullable())),
                    )
                    .filter($consents::withdrawn_on.is_not_null())
                    .order($disclosures::id)
                    .select((
                        $consents::id,
                        $consents::youth_id,
                        $consents::withdrawn_on,
                        $consents::recipient_informed_on,
                        $disclosures::disclosed_by,
                    ))
            )?;
            Ok(duties(told, bearers, $is_of_compartment))
        }

        fn $met(tx: &mut AuditedTx<'_>, causes: &[Cause]) -> Result<Vec<Cause>> {
            let ids: Vec<Id<Consent>> = causes.iter().map(|cause| cause.id.cast()).collect();
            let informed: Vec<Id<Consent>> = load_of!(
                tx.conn(),
                &ids,
                $consents::id,
                $consents::table
                    .filter($consents::recipient_informed_on.is_not_null())
                    .select($consents::id)
            )?;
            Ok(causes
                .iter()
                .filter(|cause| informed.contains(&cause.id.cast()))
                .copied()
                .collect())
        }
    };
}
duties_of!(open_duties, open_met, consents, disclosures, false);
duties_of!(
    protected_duties,
    protected_met,
    protected_consents,
    protected_disclosures,
    true
);

/// One for each consent, however often something was told on it; it is for whoever told last.
fn duties(told: Vec<Told>, bearers: &Bearers, is_of_compartment: bool) -> Vec<Duty> {
    let mut by_consent: BTreeMap<Id<Consent>, (Told, i64)> = BTreeMap::new();
    for row in told {
        let count = by_consent.get(&row.0).map_or(0, |(_, count)| *count);
        by_consent.insert(row.0, (row, count + 1));
    }
    by_consent
        .into_values()
        .filter_map(
            |((id, youth_id, withdrawn_on, informed_on, told_by), count)| {
                if !awaits_information(withdrawn_on, informed_on, count) {
                    return None;
                }
                let withdrawn_on = withdrawn_on?;
                Some(Duty {
                    kind: TaskKind::InformOfWithdrawal,
                    youth_id: Some(youth_id),
                    unit_id: bearers.get(&youth_id)?.unit_id,
                    episode_id: None,
                    cause_id: id.cast(),
                    record_id: id.cast(),
                    due_on: inform_by(withdrawn_on),
                    opens_on: withdrawn_on,
                    ends_on: None,
                    responsible_id: told_by,
                    is_of_compartment,
                })
            },
        )
        .collect()
}
