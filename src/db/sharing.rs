//! With whom a youth is shared: what stands towards each recipient, gathered from consents, referrals, disclosures and placements.
//! Those of the protected compartment are gathered apart, and are records of their own. What stands at all is told by
//! `domain::sharing`.

use super::apart::Apart;
use super::audited::AuditedTx;
use super::consents::KeptConsent;
use super::disclosed::{Shown, Word, disclosed};
use super::disclosures::KeptDisclosure;
use super::interventions::is_open_intervention;
use super::referrals::Kept;
use super::schema::{episodes, interventions, organisations, placement_offers, placements};
use super::types::Json;
use crate::domain::codes::{OfferAnswer, ReferralStatus};
use crate::domain::consent::{RecipientKind, recipient_of};
use crate::domain::disclosure::DisclosureBasis;
use crate::domain::id::{Id, Organisation, Placement, Record, Youth};
use crate::domain::organisation::{self, OrganisationKind};
use crate::domain::sharing::{SharingKind, recipient_key};
use crate::error::Result;
use crate::policy::decide::Relation;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Something that stands towards a recipient.
#[derive(Clone)]
pub struct Standing {
    /// What.
    pub kind: SharingKind,
    /// The record that says so.
    pub record_id: Id<Record>,
    /// On what it rests.
    pub basis: Option<DisclosureBasis>,
    /// Since when.
    pub since_on: NaiveDate,
    /// Until when, if that is known.
    pub until_on: Option<NaiveDate>,
    /// A list of the codes of what may be told, or was.
    pub categories: Json,
}

impl Shown for Standing {
    fn shown(&self) -> Value {
        json!({
            "kind": Word(self.kind).shown(),
            "recordId": self.record_id.shown(),
            "basis": Word(self.basis).shown(),
            "sinceOn": self.since_on.shown(),
            "untilOn": self.until_on.shown(),
            "categories": self.categories.0,
        })
    }
}

/// A recipient with what stands towards them, the latest first.
#[derive(Clone)]
pub struct Recipient {
    youth_id: Id<Youth>,
    kind: RecipientKind,
    name: Option<String>,
    organisation_id: Option<Id<Organisation>>,
    standing: Vec<Standing>,
}

macro_rules! recipients {
    ($(#[$doc:meta])* $name:ident, $resource:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub Recipient);

        disclosed!($name, $resource, |r| youth: Some(r.0.youth_id), id: r.0.youth_id, version: 1, {
            "youthId": r.0.youth_id,
            "recipientKind": Word(r.0.kind),
            "recipientName": r.0.name,
            "organisationId": r.0.organisation_id,
            "standing": r.0.standing,
        });
    };
}
recipients! {
    /// A recipient that the team may know of.
    OpenRecipient, Sharing
}
recipients! {
    /// A recipient of the protected compartment.
    ProtectedRecipient, ProtectedSharing
}

type Gathered = BTreeMap<(RecipientKind, String), Recipient>;

fn add(
    gathered: &mut Gathered,
    youth_id: Id<Youth>,
    (kind, name): (RecipientKind, Option<String>),
    standing: Standing,
) -> &mut Recipient {
    let recipient = gathered
        .entry(recipient_key(kind, name.as_deref()))
        .or_insert_with(|| Recipient {
            youth_id,
            kind,
            name,
            organisation_id: None,
            standing: Vec::new(),
        });
    recipient.standing.push(standing);
    recipient
}

/// What stands towards the recipients of one kind of records: of the register, or of the compartment.
///
/// # Errors
/// The database does not answer.
pub fn gather<K: Kept>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
) -> Result<Vec<Recipient>> {
    let mut gathered = Gathered::new();
    add_consents::<K::Consent>(tx, youth_id, relation, &mut gathered)?;
    add_disclosures::<K::Disclosure>(tx, youth_id, relation, &mut gathered)?;
    for sealed in K::of_youth(tx, youth_id, relation)? {
        let row = sealed.for_rules().row();
        let is_sent = matches!(row.status, ReferralStatus::Sent | ReferralStatus::Received);
        let Some(since_on) = row.sent_on.filter(|_| is_sent) else {
            continue;
        };
        let standing = Standing {
            kind: SharingKind::Referral,
            record_id: row.id.cast(),
            basis: row.basis,
            since_on,
            until_on: None,
            categories: Json(json!([])),
        };
        let to = (recipient_of(row.target), row.recipient.clone());
        add(&mut gathered, youth_id, to, standing);
    }
    Ok(in_order(gathered))
}

fn add_consents<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
    gathered: &mut Gathered,
) -> Result<()> {
    let today = tx.today();
    for sealed in <C as Apart>::of_youth(tx, youth_id, relation)? {
        let row = sealed.for_rules().row();
        if !row.facts().holds_on(today) {
            continue;
        }
        let standing = Standing {
            kind: SharingKind::Consent,
            record_id: row.id.cast(),
            basis: Some(DisclosureBasis::Consent),
            since_on: row.valid_from_on,
            until_on: Some(row.valid_to_on),
            categories: row.categories.clone(),
        };
        let to = (row.recipient_kind, row.recipient_name.clone());
        add(gathered, youth_id, to, standing);
    }
    Ok(())
}

fn add_disclosures<D: KeptDisclosure>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: &Relation,
    gathered: &mut Gathered,
) -> Result<()> {
    for sealed in <D as Apart>::of_youth(tx, youth_id, relation)? {
        let row = sealed.for_rules().row();
        let standing = Standing {
            kind: SharingKind::Disclosure,
            record_id: row.id.cast(),
            basis: Some(row.basis),
            since_on: row.disclosed_on,
            until_on: None,
            categories: row.categories.clone(),
        };
        let to = (row.recipient_kind, row.recipient_name.clone());
        add(gathered, youth_id, to, standing);
    }
    Ok(())
}

/// The hosts at which the youth has said yes to a place and holds it. Of which kind a host is otherwise (a ward takes in
/// trainees too) says nothing about the youth, so that they stand here and not in the compartment.
///
/// # Errors
/// The database does not answer.
pub fn hosts(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Recipient>> {
    type Found = (
        Id<Placement>,
        Option<NaiveDate>,
        Option<NaiveDate>,
        NaiveDate,
        Id<Organisation>,
        String,
        OrganisationKind,
    );
    let found: Vec<Found> = placements::table
        .inner_join(interventions::table.on(interventions::id.eq(placements::intervention_id)))
        .inner_join(placement_offers::table.on(placement_offers::id.eq(placements::offer_id)))
        .inner_join(
            organisations::table.on(organisations::id.eq(placement_offers::organisation_id)),
        )
        .filter(placements::youth_id.eq(youth_id))
        .filter(is_open_intervention!())
        .filter(interventions::answer.eq(OfferAnswer::Accepted))
        .select((
            placements::id,
            interventions::answered_on,
            interventions::started_on,
            placement_offers::ends_on,
            organisations::id,
            organisations::name,
            organisations::kind,
        ))
        .load(tx.conn())?;
    let mut gathered = Gathered::new();
    for (id, answered_on, started_on, ends_on, organisation_id, name, kind) in found {
        let Some(since_on) = answered_on.or(started_on) else {
            continue;
        };
        let standing = Standing {
            kind: SharingKind::Placement,
            record_id: id.cast(),
            basis: None,
            since_on,
            until_on: Some(ends_on),
            categories: Json(json!([])),
        };
        let kind = organisation::recipient_as_host(kind);
        let recipient = add(&mut gathered, youth_id, (kind, Some(name)), standing);
        recipient.organisation_id = Some(organisation_id);
    }
    Ok(in_order(gathered))
}

/// Two lists of recipients as one: who stands in both is one recipient.
pub fn merged(lists: [Vec<Recipient>; 2]) -> Vec<Recipient> {
    let mut gathered = Gathered::new();
    for recipient in lists.into_iter().flatten() {
        let key = recipient_key(recipient.kind, recipient.name.as_deref());
        match gathered.get_mut(&key) {
            Some(known) => {
                known.standing.extend(recipient.standing);
                known.organisation_id = known.organisation_id.or(recipient.organisation_id);
            }
            None => {
                gathered.insert(key, recipient);
            }
        }
    }
    in_order(gathered)
}

fn in_order(gathered: Gathered) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> = gathered.into_values().collect();
    for recipient in &mut recipients {
        recipient
            .standing
            .sort_by_key(|standing| std::cmp::Reverse((standing.since_on, standing.record_id)));
    }
    recipients
}
