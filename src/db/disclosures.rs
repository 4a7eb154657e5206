//! The register of disclosures, of both kinds: to whom something was told, what, when, on which basis, by whom. Rows are
//! added and never changed; the databases refuse it. On what something may be told is a matter of the domain.

use super::apart::{Apart, apart};
use super::cipher::guarded;
use super::disclosed::Word;
use super::schema::{disclosures, protected_disclosures};
use super::types::{Json, Timestamp};
use crate::domain::consent::RecipientKind;
use crate::domain::disclosure::{DisclosureBasis, DisclosureMeans};
use crate::domain::id::{Consent, Disclosure, Id, Referral, User, Youth};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A disclosure of either kind, as stored; it never changes.
    #[derive(Clone)]
    pub struct DisclosureRow as StoredDisclosureRow [derive(Queryable)] in disclosures by id {
        pub id: Id<Disclosure>,
        pub youth_id: Id<Youth>,
        pub referral_id: Option<Id<Referral>>,
        pub recipient_kind ~ RecipientKind,
        pub recipient_name ~ Option<String>,
        /// A list of the codes of [`crate::domain::consent::DataCategory`].
        pub categories ~ Json,
        pub means ~ DisclosureMeans,
        pub disclosed_on: NaiveDate,
        pub basis ~ DisclosureBasis,
        pub consent_id: Option<Id<Consent>>,
        pub basis_reason ~ Option<String>,
        pub disclosed_by: Option<Id<User>>,
        pub created_at: Timestamp,
    }
}

/// Every column with its value.
macro_rules! columns {
    ($table:ident, $row:expr) => {{
        let row: &StoredDisclosureRow = $row;
        (
            $table::id.eq(row.id),
            $table::youth_id.eq(row.youth_id),
            $table::referral_id.eq(row.referral_id),
            $table::recipient_kind.eq(row.recipient_kind.clone()),
            $table::recipient_name.eq(row.recipient_name.clone()),
            $table::categories.eq(row.categories.clone()),
            $table::means.eq(row.means.clone()),
            $table::disclosed_on.eq(row.disclosed_on),
            $table::basis.eq(row.basis.clone()),
            $table::consent_id.eq(row.consent_id),
            $table::basis_reason.eq(row.basis_reason.clone()),
            $table::disclosed_by.eq(row.disclosed_by),
            $table::created_at.eq(row.created_at),
        )
    }};
}

/// A kind of disclosure.
pub trait KeptDisclosure: Apart<Row = DisclosureRow, Of = Disclosure> {}

macro_rules! kept_in {
    ($(#[$doc:meta])* $kind:ident, $table:ident, $resource:ident) => {
        apart! {
            $(#[$doc])*
            $kind, $table, $resource, DisclosureRow as StoredDisclosureRow, Disclosure, columns, |r| version: 1, stays: [] with None, {
                "id": r.0.id,
                "youthId": r.0.youth_id,
                "referralId": r.0.referral_id,
                "recipientKind": Word(r.0.recipient_kind),
                "recipientName": r.0.recipient_name,
                "categories": r.0.categories.0,
                "means": Word(r.0.means),
                "disclosedOn": r.0.disclosed_on,
                "basis": Word(r.0.basis),
                "consentId": r.0.consent_id,
                "basisReason": r.0.basis_reason,
                "disclosedBy": r.0.disclosed_by,
                "createdAt": r.0.created_at,
            }
        }
        impl KeptDisclosure for $kind {}
    };
}

kept_in! {
    /// A disclosure that the team may know of.
    OpenDisclosure, disclosures, Disclosures
}
kept_in! {
    /// A disclosure of the protected compartment.
    ProtectedDisclosure, protected_disclosures, ProtectedDisclosures
}
