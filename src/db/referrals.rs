//! Referrals of both kinds: the open ones of the register and those of the protected compartment, alike in form and kept
//! in tables of their own. Which kind a referral is, and the steps it takes, is a matter of the domain.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Stored, guarded};
use super::consents::{KeptConsent, OpenConsent, ProtectedConsent};
use super::disclosed::{Word, disclosed};
use super::disclosures::{KeptDisclosure, OpenDisclosure, ProtectedDisclosure};
use super::listing::{list_scope, load_page_by_id, within_scope};
use super::paging::{Page, PageRequest};
use super::relations::{relation_to, relations_by_id};
use super::schema::{protected_referrals, referrals};
use super::types::Timestamp;
use crate::domain::codes::{ConsentForm, ReferralStatus, ReferralTarget};
use crate::domain::disclosure::DisclosureBasis;
use crate::domain::id::{Consent, Episode, Id, Referral, User, Youth};
use crate::domain::operation::Resource;
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A referral of either kind, as stored.
    #[derive(Clone)]
    pub struct ReferralRow as StoredReferralRow [derive(Queryable)] in referrals by id {
        pub id: Id<Referral>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub target ~ ReferralTarget,
        pub status ~ ReferralStatus,
        pub recipient ~ Option<String>,
        pub note ~ Option<String>,
        pub offered_on: NaiveDate,
        pub declined_on: Option<NaiveDate>,
        pub consented_on: Option<NaiveDate>,
        pub consent_form ~ Option<ConsentForm>,
        pub sent_on: Option<NaiveDate>,
        pub received_on: Option<NaiveDate>,
        pub closed_on: Option<NaiveDate>,
        pub answer_due_on: Option<NaiveDate>,
        /// On what it may be sent.
        pub basis ~ Option<DisclosureBasis>,
        pub consent_id: Option<Id<Consent>>,
        pub basis_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A kind of referral, with the table that keeps it.
pub trait Kept: Disclosable {
    /// The consents that one of this kind rests on.
    type Consent: KeptConsent;
    /// The disclosures that sending one of this kind is.
    type Disclosure: KeptDisclosure;
    /// A referral of this kind.
    fn of(row: ReferralRow) -> Self;
    /// What is stored.
    fn row(&self) -> &ReferralRow;
    /// A referral of this kind, if there is one.
    ///
    /// # Errors
    /// The database does not answer.
    fn find(tx: &mut AuditedTx<'_>, id: Id<Referral>) -> Result<Option<Sealed<Self>>>
    where
        Self: Sized;
    /// Those of one youth.
    ///
    /// # Errors
    /// The database does not answer.
    fn of_youth(
        tx: &mut AuditedTx<'_>,
        youth_id: Id<Youth>,
        relation: &Relation,
    ) -> Result<Vec<Sealed<Self>>>
    where
        Self: Sized;
    /// Stores a new one.
    ///
    /// # Errors
    /// The database does not answer.
    fn insert(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()>;
    /// Stores a changed one.
    ///
    /// # Errors
    /// The database does not answer.
    fn update(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()>;
}

/// Every column with its value, to insert or to set.
macro_rules! columns {
    ($table:ident, $row:expr) => {{
        let row: &StoredReferralRow = $row;
        (
            $table::id.eq(row.id),
            $table::youth_id.eq(row.youth_id),
            $table::episode_id.eq(row.episode_id),
            $table::target.eq(row.target.clone()),
            $table::status.eq(row.status.clone()),
            $table::recipient.eq(row.recipient.clone()),
            $table::note.eq(row.note.clone()),
            $table::offered_on.eq(row.offered_on),
            $table::declined_on.eq(row.declined_on),
            $table::consented_on.eq(row.consented_on),
            $table::consent_form.eq(row.consent_form.clone()),
            $table::sent_on.eq(row.sent_on),
            $table::received_on.eq(row.received_on),
            $table::closed_on.eq(row.closed_on),
            $table::answer_due_on.eq(row.answer_due_on),
            $table::basis.eq(row.basis.clone()),
            $table::consent_id.eq(row.consent_id),
            $table::basis_reason.eq(row.basis_reason.clone()),
            $table::created_by.eq(row.created_by),
            $table::created_at.eq(row.created_at),
            $table::updated_at.eq(row.updated_at),
            $table::version.eq(row.version),
        )
    }};
}

macro_rules! kept_in {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $resource:ident, $consent:ident, $disclosure:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $kind(pub ReferralRow);

        disclosed!($kind, $resource, |r| youth: Some(r.0.youth_id), id: r.0.id, version: r.0.version, {
            "id": r.0.id,
            "youthId": r.0.youth_id,
            "episodeId": r.0.episode_id,
            "target": Word(r.0.target),
            "status": Word(r.0.status),
            "recipient": r.0.recipient,
            "note": r.0.note,
            "offeredOn": r.0.offered_on,
            "declinedOn": r.0.declined_on,
            "consentedOn": r.0.consented_on,
            "consentForm": Word(r.0.consent_form),
            "sentOn": r.0.sent_on,
            "receivedOn": r.0.received_on,
            "closedOn": r.0.closed_on,
            "answerDueOn": r.0.answer_due_on,
            "basis": Word(r.0.basis),
            "consentId": r.0.consent_id,
            "basisReason": r.0.basis_reason,
            "createdBy": r.0.created_by,
            "createdAt": r.0.created_at,
            "updatedAt": r.0.updated_at,
            "version": r.0.version,
        });

        impl Kept for $kind {
            type Consent = $consent;
            type Disclosure = $disclosure;
            fn of(row: ReferralRow) -> Self {
                Self(row)
            }
            fn row(&self) -> &ReferralRow {
                &self.0
            }
            fn find(tx: &mut AuditedTx<'_>, id: Id<Referral>) -> Result<Option<Sealed<Self>>> {
                let row: Option<StoredReferralRow> = $table::table.find(id).first(tx.conn()).optional()?;
                let Some(row) = row.all_deciphered_in(tx.vault(), stringify!($table))? else {
                    return Ok(None);
                };
                let relation = relation_to(tx, row.youth_id)?;
                Ok(Some(Sealed::new(Self(row), relation)))
            }
            fn of_youth(
                tx: &mut AuditedTx<'_>,
                youth_id: Id<Youth>,
                relation: &Relation,
            ) -> Result<Vec<Sealed<Self>>> {
                let rows: Vec<StoredReferralRow> = $table::table
                    .filter($table::youth_id.eq(youth_id))
                    .load(tx.conn())?;
                Ok(rows
                    .all_deciphered_in(tx.vault(), stringify!($table))?
                    .into_iter()
                    .map(|row| Sealed::new(Self(row), relation.clone()))
                    .collect())
            }
            fn insert(&self, tx: &mut AuditedTx<'_>, _: &Permit) -> Result<()> {
                let row = self.0.enciphered_in(tx.vault(), stringify!($table))?;
                diesel::insert_into($table::table)
                    .values(columns!($table, &row))
                    .execute(tx.conn())?;
                Ok(())
            }
            fn update(&self, tx: &mut AuditedTx<'_>, _: &Permit) -> Result<()> {
                let row = self.0.enciphered_in(tx.vault(), stringify!($table))?;
                diesel::update($table::table.find(self.0.id))
                    .set(columns!($table, &row))
                    .execute(tx.conn())?;
                Ok(())
            }
        }
    };
}

kept_in! {
    /// A referral that the team may know of.
    OpenReferral, referrals, Referrals, OpenConsent, OpenDisclosure
}
kept_in! {
    /// A referral of the protected compartment.
    ProtectedReferral, protected_referrals, ProtectedReferrals, ProtectedConsent, ProtectedDisclosure
}

/// Which open referrals are asked for.
#[derive(Debug, Clone, Default)]
pub struct ReferralFilter {
    pub status: Option<ReferralStatus>,
    pub target: Option<ReferralTarget>,
}

/// The open referrals of the actor's scope, newest first, without those of protected identities. Those of the compartment
/// are read below one named youth only: nobody lists everyone who is sent to addiction care (SoLPUF 15 §).
///
/// # Errors
/// The database does not answer.
pub fn list_open(
    tx: &mut AuditedTx<'_>,
    filter: &ReferralFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<OpenReferral>>> {
    let scope = list_scope(tx, Resource::Referrals);
    let mut query = within_scope!(
        tx,
        referrals::table.into_boxed(),
        scope,
        referrals::youth_id
    );
    if let Some(status) = filter.status {
        query = query.filter(referrals::status.eq(status));
    }
    if let Some(target) = filter.target {
        query = query.filter(referrals::target.eq(target));
    }
    let page: Page<StoredReferralRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        referrals::id,
        |row: &StoredReferralRow| row.id
    );
    let relations = relations_by_id(tx, page.rows.iter().map(|row| row.youth_id))?;
    page.try_map(|row| {
        let row = row.deciphered(tx.vault())?;
        let relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
        Ok(Sealed::new(OpenReferral(row), relation))
    })
}
