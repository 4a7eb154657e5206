//! The register of disclosures: what was told to whom, when, on which basis. A referral that is sent registers itself; the
//! rest is registered here. Nothing in it changes afterwards. One resource of two kinds, as consents are.

use super::apart::{Either, list_of_youth};
use super::basis::Named;
use super::consents::{must_be_open, names_sensitive};
use super::form::Form;
use super::sensitive_terms::screen_unless_apart;
use super::youths::visible_relation;
use super::{Fields, begin_create};
use crate::db::audited::AuditedTx;
use crate::db::consents::{KeptConsent, OpenConsent, ProtectedConsent, stored_categories};
use crate::db::disclosures::{DisclosureRow, KeptDisclosure, OpenDisclosure, ProtectedDisclosure};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::codes::Code;
use crate::domain::consent::{DataCategory, RecipientKind};
use crate::domain::disclosure::{DisclosureBasis, DisclosureMeans};
use crate::domain::id::{Disclosure, Id, Referral, Youth};
use crate::domain::operation::Resource;
use crate::error::{FieldCode, FieldError, Result};
use crate::policy::reveal::{Permit, Sealed, View};
use chrono::NaiveDate;

/// What is told to whom.
pub(super) struct Told {
    pub referral_id: Option<Id<Referral>>,
    pub recipient_kind: RecipientKind,
    pub recipient_name: Option<String>,
    pub categories: Vec<DataCategory>,
    pub means: DisclosureMeans,
    pub disclosed_on: NaiveDate,
    pub basis: DisclosureBasis,
    pub named: Named,
}

/// The disclosures about one youth, newest first: with those of the compartment for who may know of them.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_disclosures(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    parameters.finish()?;
    list_of_youth::<_, _, OpenDisclosure, ProtectedDisclosure>(
        tx,
        youth_id,
        &relation,
        request,
        |_| true,
    )
}

/// One disclosure of either kind.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_disclosure(tx: &mut AuditedTx<'_>, id: Id<Disclosure>) -> Result<View> {
    Either::<OpenDisclosure, ProtectedDisclosure>::load(tx, id)?.reveal(tx)
}

/// Registers a disclosure without a referral.
///
/// # Errors
/// 403 with a pointer, also for a recipient that is not open to the actor; 404; 409 when the consent it would rest on is
/// withdrawn; 422 with all fields that are wrong.
pub fn record_disclosure(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    if names_sensitive(&fields, "recipientKind") {
        must_be_open(tx, youth_id, Resource::ProtectedDisclosures)?;
        return record::<ProtectedDisclosure, ProtectedConsent>(tx, youth_id, fields);
    }
    record::<OpenDisclosure, OpenConsent>(tx, youth_id, fields)
}

fn record<D: KeptDisclosure, C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, form) = begin_create(tx, D::RESOURCE, &relation, fields)?;
    let told = read_input::<C>(tx, youth_id, form)?;
    let record = register::<D>(tx, &permit, youth_id, told)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn read_input<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut form: Form,
) -> Result<Told> {
    let today = tx.today();
    let kind = form.code("recipientKind");
    let kind = form.require("recipientKind", kind);
    let recipient_name = form.phrase("recipientName", 200);
    if kind == Some(RecipientKind::Other) && recipient_name.is_none() {
        form.wrong("recipientName", FieldCode::Required);
    }
    let categories: Option<Vec<DataCategory>> = form.codes("categories");
    let categories = form.require("categories", categories.filter(|some| !some.is_empty()));
    let means = form.code("means");
    let means = form.require("means", means);
    // What goes with a referral or a transfer is registered by it.
    if let Some(means @ (DisclosureMeans::Referral | DisclosureMeans::Transfer)) = means {
        form.add([FieldError::with(
            "/means",
            FieldCode::NotWithOther,
            means.code(),
        )]);
    }
    let disclosed_on = if form.has("disclosedOn") {
        form.date("disclosedOn")
    } else {
        form.skip("disclosedOn");
        Some(today)
    };
    if disclosed_on.is_some_and(|day| day > today) {
        form.wrong("disclosedOn", FieldCode::InFuture);
    }
    let named = Named::read(&mut form);
    screen_unless_apart(tx, &mut form, C::RESOURCE.is_of_compartment())?;
    let basis = form.require("basis", named.basis);
    if let (Some(kind), Some(categories), Some(day), true) =
        (kind, &categories, disclosed_on, form.is_sound())
    {
        form.add(named.check::<C>(tx, youth_id, kind, categories, day)?);
    }
    let told = match (kind, categories, means, disclosed_on, basis) {
        (Some(recipient_kind), Some(categories), Some(means), Some(disclosed_on), Some(basis)) => {
            Some(Told {
                referral_id: None,
                recipient_kind,
                recipient_name,
                categories,
                means,
                disclosed_on,
                basis,
                named,
            })
        }
        _ => None,
    };
    form.finish_with(told)
}

/// Registers what was told. Whoever calls has found that the basis holds.
///
/// # Errors
/// The database does not answer.
pub(super) fn register<D: KeptDisclosure>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    youth_id: Id<Youth>,
    told: Told,
) -> Result<D> {
    let record = D::of(DisclosureRow {
        id: Id::fresh(),
        youth_id,
        referral_id: told.referral_id,
        recipient_kind: told.recipient_kind,
        recipient_name: told.recipient_name,
        categories: stored_categories(&told.categories),
        means: told.means,
        disclosed_on: told.disclosed_on,
        basis: told.basis,
        consent_id: told.named.consent_id,
        basis_reason: told.named.reason,
        disclosed_by: tx.actor().user_id(),
        created_at: tx.timestamp(),
    });
    record.insert(tx, permit)?;
    keep_version(tx, &record)?;
    Ok(record)
}
