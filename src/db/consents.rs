//! Consents of both kinds: those of the register, and those that name a recipient of care or social services. Who gives one
//! and how long it holds is a matter of the domain.

use super::apart::{Apart, apart};
use super::audited::AuditedTx;
use super::cipher::guarded;
use super::disclosed::Word;
use super::schema::{consents, disclosures, protected_consents, protected_disclosures};
use super::types::{Json, Timestamp};
use crate::domain::codes::{Code, ConsentForm};
use crate::domain::consent::{ConsentFacts, DataCategory, RecipientKind, Speaker, WithdrawalForm};
use crate::domain::id::{Consent, Id, Referral, User, Youth};
use crate::error::Result;
use crate::policy::reveal::Permit;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;

guarded! {
    /// A consent of either kind, as stored.
    #[derive(Clone)]
    pub struct ConsentRow as StoredConsentRow [derive(Queryable)] in consents by id {
        pub id: Id<Consent>,
        pub youth_id: Id<Youth>,
        /// The referral whose step recorded it.
        pub referral_id: Option<Id<Referral>>,
        pub recipient_kind ~ RecipientKind,
        pub recipient_name ~ Option<String>,
        pub purpose ~ String,
        /// A list of the codes of [`DataCategory`].
        pub categories ~ Json,
        pub given_by ~ Speaker,
        pub form ~ ConsentForm,
        pub valid_from_on: NaiveDate,
        pub valid_to_on: NaiveDate,
        pub document_reference ~ Option<String>,
        pub withdrawn_on: Option<NaiveDate>,
        pub withdrawal_form ~ Option<WithdrawalForm>,
        pub recipient_informed_on: Option<NaiveDate>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl ConsentRow {
    /// What the rules ask of it.
    pub fn facts(&self) -> ConsentFacts {
        ConsentFacts {
            recipient_kind: self.recipient_kind,
            categories: categories_of(&self.categories),
            given_by: self.given_by,
            valid_from_on: self.valid_from_on,
            valid_to_on: self.valid_to_on,
            withdrawn_on: self.withdrawn_on,
        }
    }
}

/// Categories as they are stored.
pub fn stored_categories(categories: &[DataCategory]) -> Json {
    Json(
        categories
            .iter()
            .map(|category| Value::from(category.code()))
            .collect(),
    )
}

/// Stored categories.
pub fn categories_of(stored: &Json) -> Vec<DataCategory> {
    stored
        .0
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|code| DataCategory::from_code(code.as_str()?))
        .collect()
}

/// Every column with its value, to insert or to set.
macro_rules! columns {
    ($table:ident, $row:expr) => {{
        let row: &StoredConsentRow = $row;
        (
            $table::id.eq(row.id),
            $table::youth_id.eq(row.youth_id),
            $table::referral_id.eq(row.referral_id),
            $table::recipient_kind.eq(row.recipient_kind.clone()),
            $table::recipient_name.eq(row.recipient_name.clone()),
            $table::purpose.eq(row.purpose.clone()),
            $table::categories.eq(row.categories.clone()),
            $table::given_by.eq(row.given_by.clone()),
            $table::form.eq(row.form.clone()),
            $table::valid_from_on.eq(row.valid_from_on),
            $table::valid_to_on.eq(row.valid_to_on),
            $table::document_reference.eq(row.document_reference.clone()),
            $table::withdrawn_on.eq(row.withdrawn_on),
            $table::withdrawal_form.eq(row.withdrawal_form.clone()),
            $table::recipient_informed_on.eq(row.recipient_informed_on),
            $table::created_by.eq(row.created_by),
            $table::created_at.eq(row.created_at),
            $table::updated_at.eq(row.updated_at),
            $table::version.eq(row.version),
        )
    }};
}

/// A kind of consent.
pub trait KeptConsent: Apart<Row = ConsentRow, Of = Consent> {
    /// Stores a changed one.
    ///
    /// # Errors
    /// The database does not answer.
    fn update(&self, tx: &mut AuditedTx<'_>, permit: &Permit) -> Result<()>;
    /// How many disclosures were made on it.
    ///
    /// # Errors
    /// The database does not answer.
    fn count_disclosures(&self, tx: &mut AuditedTx<'_>) -> Result<i64>;
}

macro_rules! kept_in {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $disclosures:ident, $resource:ident) => {
        apart! {
            $(#[$doc])*
            $kind, $table, $resource, ConsentRow as StoredConsentRow, Consent, columns, |r| version: r.0.version, stays: [] with None, {
                "id": r.0.id,
                "youthId": r.0.youth_id,
                "referralId": r.0.referral_id,
                "recipientKind": Word(r.0.recipient_kind),
                "recipientName": r.0.recipient_name,
                "purpose": r.0.purpose,
                "categories": r.0.categories.0,
                "givenBy": Word(r.0.given_by),
                "form": Word(r.0.form),
                "validFromOn": r.0.valid_from_on,
                "validToOn": r.0.valid_to_on,
                "documentReference": r.0.document_reference,
                "withdrawnOn": r.0.withdrawn_on,
                "withdrawalForm": Word(r.0.withdrawal_form),
                "recipientInformedOn": r.0.recipient_informed_on,
                "createdBy": r.0.created_by,
                "createdAt": r.0.created_at,
                "updatedAt": r.0.updated_at,
                "version": r.0.version,
            }
        }

        impl KeptConsent for $kind {
            fn update(&self, tx: &mut AuditedTx<'_>, _: &Permit) -> Result<()> {
                let row = self.0.enciphered_in(tx.vault(), stringify!($table))?;
                diesel::update($table::table.find(self.0.id))
                    .set(columns!($table, &row))
                    .execute(tx.conn())?;
                Ok(())
            }
            fn count_disclosures(&self, tx: &mut AuditedTx<'_>) -> Result<i64> {
                Ok($disclosures::table
                    .filter($disclosures::consent_id.eq(self.0.id).assume_not_null())
                    .count()
                    .get_result(tx.conn())?)
            }
        }
    };
}

kept_in! {
    /// A consent that the team may know of.
    OpenConsent, consents, disclosures, Consents
}
kept_in! {
    /// A consent of the protected compartment.
    ProtectedConsent, protected_consents, protected_disclosures, ProtectedConsents
}
