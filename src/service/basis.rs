//! On what something about a youth is told: reads what is named, finds the consent, and asks the rules. Used wherever
//! something leaves: a referral that is sent, a disclosure that is registered, a transfer to another municipality.

use super::form::Form;
use crate::db::audited::AuditedTx;
use crate::db::consents::{ConsentRow, KeptConsent};
use crate::domain::consent::{DataCategory, RecipientKind};
use crate::domain::disclosure::{Basis, DisclosureBasis, check_basis, is_withdrawn};
use crate::domain::id::{Consent, Id, Youth};
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use chrono::NaiveDate;

/// The basis as it is named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub basis: Option<DisclosureBasis>,
    pub consent_id: Option<Id<Consent>>,
    pub reason: Option<String>,
}

impl Named {
    /// Reads it. Who names a consent and nothing else means the consent.
    pub fn read(form: &mut Form) -> Self {
        let has_basis = form.has("basis");
        let basis = form.code("basis");
        let consent_id = form.id("consentId");
        let reason = form.phrase("basisReason", 500);
        let implied = (!has_basis && consent_id.is_some()).then_some(DisclosureBasis::Consent);
        Self {
            basis: basis.or(implied),
            consent_id,
            reason,
        }
    }

    /// Everything that keeps something of these categories from being told to a recipient on a day on this basis. The
    /// consent is looked for among those of its kind.
    ///
    /// # Errors
    /// 409 when the consent has been withdrawn.
    pub fn check<C: KeptConsent>(
        &self,
        tx: &mut AuditedTx<'_>,
        youth_id: Id<Youth>,
        kind: RecipientKind,
        categories: &[DataCategory],
        day: NaiveDate,
    ) -> Result<Vec<FieldError>> {
        let Some(basis) = self.basis else {
            return Ok(vec![FieldError::new("/basis", FieldCode::Required)]);
        };
        let consent = match self.consent_id {
            Some(id) => find_consent::<C>(tx, youth_id, id)?,
            None => None,
        };
        let facts = consent.as_ref().map(ConsentRow::facts);
        let basis = Basis {
            kind: basis,
            consent: facts.as_ref(),
            names_consent: self.consent_id.is_some(),
            reason: self.reason.as_deref(),
        };
        if is_withdrawn(&basis, day) {
            return Err(ErrorCode::ConsentWithdrawn.into());
        }
        Ok(check_basis(&basis, kind, categories, day))
    }
}

/// A consent of this kind and youth, if there is one.
///
/// # Errors
/// The database does not answer.
pub(super) fn find_consent<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    id: Id<Consent>,
) -> Result<Option<ConsentRow>> {
    Ok(C::find(tx, id)?
        .map(|sealed| sealed.for_rules().row().clone())
        .filter(|row| row.youth_id == youth_id))
}
