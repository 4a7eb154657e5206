//! Referrals: one resource of two kinds. The recipient decides whether a referral is the team's or belongs to the protected
//! compartment; whoever may not know of the latter gets the answers of a world in which there is none.

use super::basis::{Named, find_consent};
use super::consents::{REFERRED, Yes, correct_yes, record_yes};
use super::disclosures::{Told, register};
use super::form::Form;
use super::periods::read_period;
use super::sensitive_terms::screen_unless_apart;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, must_read_filters, refusal, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::paging::{Page, PageRequest};
use crate::db::referrals::{
    Kept, OpenReferral, ProtectedReferral, ReferralFilter, ReferralRow, list_open,
};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::codes::{Code, ReferralStatus, ReferralTarget};
use crate::domain::consent::recipient_of;
use crate::domain::disclosure::{DisclosureBasis, DisclosureMeans};
use crate::domain::id::{Episode, Id, Referral, Youth};
use crate::domain::operation::Resource;
use crate::domain::referral::{Steps, check_steps, is_sensitive};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Disclosable, Permit, Sealed, View};
use chrono::NaiveDate;
use serde_json::Value;

const INPUTS: &[&str] = &[
    "episodeId",
    "target",
    "status",
    "recipient",
    "note",
    "offeredOn",
    "declinedOn",
    "consentedOn",
    "consentForm",
    "sentOn",
    "receivedOn",
    "closedOn",
    "answerDueOn",
    "basis",
    "consentId",
    "basisReason",
];

/// What a referral's form says.
struct ReferralInput {
    episode_id: Id<Episode>,
    target: ReferralTarget,
    recipient: Option<String>,
    note: Option<String>,
    offered_on: NaiveDate,
    steps: Steps,
    named: Named,
}

/// The open referrals of the actor, newest first, as filtered. Those of the compartment are read below a youth alone.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_referrals(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::Referrals,
        &parameters,
        &[("status", "status"), ("target", "target")],
    )?;
    let filter = ReferralFilter {
        status: parameters.code("status"),
        target: parameters.code("target"),
    };
    parameters.finish()?;
    let page = list_open(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The referrals of one youth, newest first: with those of the compartment for who may know of them, and for everybody
/// else as if there were none.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_referrals(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    tx.permit(Resource::Referrals, &relation)?;
    parameters.finish()?;
    let mut all: Vec<AnyReferral> = OpenReferral::of_youth(tx, youth_id, &relation)?
        .into_iter()
        .map(AnyReferral::Open)
        .collect();
    if sees(tx.actor(), Resource::ProtectedReferrals, &relation) {
        let protected = ProtectedReferral::of_youth(tx, youth_id, &relation)?;
        all.extend(protected.into_iter().map(AnyReferral::Protected));
    }
    all.sort_by_key(|referral| std::cmp::Reverse(referral.id()));
    request
        .cut(all, |referral| referral.id().uuid())
        .try_map(|referral| referral.reveal(tx))
}

/// One referral of either kind.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_referral(tx: &mut AuditedTx<'_>, id: Id<Referral>) -> Result<View> {
    find(tx, id)?.reveal(tx)
}

/// Makes a referral; it begins as an offer.
///
/// # Errors
/// 403 with a pointer, also for a recipient that is not open to the actor; 404; 409 when no episode is open; 422 with all
/// fields that are wrong.
pub fn create_referral(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let target = fields
        .get("target")
        .and_then(Value::as_str)
        .and_then(ReferralTarget::from_code);
    if !target.is_some_and(is_sensitive) {
        return create::<OpenReferral>(tx, youth_id, relation, fields);
    }
    // The list of recipients is no secret; that some of them are out of one's reach says nothing about a youth.
    tx.permit(Resource::ProtectedReferrals, &relation)
        .map_err(|error| refusal(error, "/target"))?;
    create::<ProtectedReferral>(tx, youth_id, relation, fields)
}

/// Changes a referral or takes its next step.
///
/// # Errors
/// 403 with a pointer, 404, 409 when the consent that sending would rest on is withdrawn, 412, 422 with all fields that are
/// wrong.
pub fn update_referral(
    tx: &mut AuditedTx<'_>,
    id: Id<Referral>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    match find(tx, id)? {
        AnyReferral::Open(sealed) => update(tx, &sealed, version, patch),
        AnyReferral::Protected(sealed) => update(tx, &sealed, version, patch),
    }
}

/// A referral of either kind.
enum AnyReferral {
    Open(Sealed<OpenReferral>),
    Protected(Sealed<ProtectedReferral>),
}

impl AnyReferral {
    fn id(&self) -> Id<Referral> {
        match self {
            Self::Open(sealed) => sealed.for_rules().row().id,
            Self::Protected(sealed) => sealed.for_rules().row().id,
        }
    }
    fn reveal(&self, tx: &mut AuditedTx<'_>) -> Result<View> {
        match self {
            Self::Open(sealed) => tx.reveal(sealed),
            Self::Protected(sealed) => tx.reveal(sealed),
        }
    }
}

/// Looks in both places.
fn find(tx: &mut AuditedTx<'_>, id: Id<Referral>) -> Result<AnyReferral> {
    if let Some(sealed) = OpenReferral::find(tx, id)? {
        return Ok(AnyReferral::Open(sealed));
    }
    match ProtectedReferral::find(tx, id)? {
        Some(sealed) => Ok(AnyReferral::Protected(sealed)),
        None => Err(ErrorCode::NotFound.into()),
    }
}

fn create<K: Kept>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    relation: Relation,
    fields: Fields,
) -> Result<View> {
    let (permit, form) = begin_create(tx, K::RESOURCE, &relation, fields)?;
    let input = read_input(tx, form, youth_id, None)?;
    let now = tx.timestamp();
    let row = ReferralRow {
        id: Id::fresh(),
        youth_id,
        episode_id: input.episode_id,
        target: input.target,
        status: input.steps.status,
        recipient: None,
        note: None,
        offered_on: input.offered_on,
        declined_on: None,
        consented_on: None,
        consent_form: None,
        sent_on: None,
        received_on: None,
        closed_on: None,
        answer_due_on: None,
        basis: None,
        consent_id: None,
        basis_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let record = K::of(filled(row, input));
    record.insert(tx, &permit)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn update<K: Kept>(
    tx: &mut AuditedTx<'_>,
    sealed: &Sealed<K>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let patch = with_one_basis(patch);
    let (permit, form) = begin_update(tx, sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().row();
    let input = read_input(tx, form, before.youth_id, Some(before))?;
    let mut row = filled(before.clone(), input);
    rest_on_basis::<K>(tx, &permit, before, &mut row)?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    let record = K::of(row);
    record.update(tx, &permit)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, sealed.relation().clone()))
}

/// Reads a referral: a new one, or one that stood as `before`.
fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    youth_id: Id<Youth>,
    before: Option<&ReferralRow>,
) -> Result<ReferralInput> {
    let today = tx.today();
    let from = before.map(|row| row.status);
    let target: Option<ReferralTarget> = form.code("target");
    let target = form.require("target", target);
    // To another recipient it is another referral, and perhaps one of the other kind.
    if before.is_some_and(|row| target.is_some_and(|target| target != row.target)) {
        form.wrong("target", FieldCode::Immutable);
    }
    let has_status = form.has("status");
    let status = form.code("status");
    let is_status_unclear = has_status && status.is_none();
    let status = status.or(from).unwrap_or(ReferralStatus::Offered);
    let recipient = form.phrase("recipient", 200);
    let note = form.long_text("note", 10_000);
    let named = Named::read(&mut form);
    screen_unless_apart(tx, &mut form, target.is_some_and(is_sensitive))?;
    let steps = Steps {
        status,
        offered_on: form.date("offeredOn"),
        declined_on: form.date("declinedOn"),
        consented_on: form.date("consentedOn"),
        sent_on: form.date("sentOn"),
        received_on: form.date("receivedOn"),
        closed_on: form.date("closedOn"),
        consent_form: form.code("consentForm"),
        answer_due_on: form.date("answerDueOn"),
    };
    // What could not be read is told as it is; what follows from its absence would be noise.
    let is_readable = form.is_sound() && !is_status_unclear;
    let steps = steps.dated(from, today);
    let day = steps.offered_on.unwrap_or(today);
    let period = read_period(tx, &mut form, youth_id, day)?;
    if let (Some(period), true) = (&period, is_readable) {
        form.add(check_steps(&steps, from, period, today));
        form.add(check_named(&steps, &named, before));
    }
    let input = match (target, period) {
        (Some(target), Some(period)) => Some(ReferralInput {
            episode_id: period.id,
            target,
            recipient,
            note,
            offered_on: day,
            steps,
            named,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// A basis that is named takes the place of the one before, with what belongs to that.
fn with_one_basis(mut patch: Fields) -> Fields {
    let names = |patch: &Fields, name: &str| patch.get(name).is_some_and(|value| !value.is_null());
    let told = patch.get("basis").and_then(Value::as_str);
    if told.is_none() && names(&patch, "consentId") {
        patch.insert("basis".to_owned(), DisclosureBasis::Consent.code().into());
    }
    let told = patch.get("basis").and_then(Value::as_str);
    let other = match told.and_then(DisclosureBasis::from_code) {
        Some(DisclosureBasis::Consent) => "basisReason",
        Some(_) => "consentId",
        None => return patch,
    };
    patch.entry(other).or_insert(Value::Null);
    patch
}

/// A basis is named once the youth has said yes, and stands once something has been told on it.
fn check_named(steps: &Steps, named: &Named, before: Option<&ReferralRow>) -> Option<FieldError> {
    let stood = before.map(|row| Named {
        basis: row.basis,
        consent_id: row.consent_id,
        reason: row.basis_reason.clone(),
    });
    let is_sent = before.is_some_and(|row| row.sent_on.is_some());
    if is_sent && stood.as_ref().is_some_and(|stood| stood != named) {
        return Some(FieldError::new("/basis", FieldCode::Immutable));
    }
    let has_yes = !matches!(
        steps.status,
        ReferralStatus::Offered | ReferralStatus::Declined
    );
    (named != &Named::default() && !has_yes)
        .then(|| FieldError::with("/basis", FieldCode::NotWithOther, "status"))
}

/// Sees to what a referral rests on: the yes is recorded as a consent, and nothing that needs a basis is sent without one
/// that holds. What was sent stands in the register of disclosures.
fn rest_on_basis<K: Kept>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    before: &ReferralRow,
    row: &mut ReferralRow,
) -> Result<()> {
    let (Some(given_on), Some(form)) = (row.consented_on, row.consent_form) else {
        return Ok(());
    };
    let kind = recipient_of(row.target);
    let (youth, _) = load_for_rules(tx, row.youth_id)?;
    let yes = Yes {
        referral_id: row.id,
        recipient_kind: kind,
        recipient_name: row.recipient.clone(),
        form,
        given_on,
    };
    let rests_on_consent = row
        .basis
        .is_none_or(|basis| basis == DisclosureBasis::Consent);
    let named = row.consent_id;
    match named {
        None if rests_on_consent => {
            let birth_date = youth.row.birth_date;
            let id = record_yes::<K::Consent>(tx, permit, row.youth_id, birth_date, yes)?;
            row.basis = Some(DisclosureBasis::Consent);
            row.consent_id = Some(id);
        }
        None => {}
        Some(id) => match find_consent::<K::Consent>(tx, row.youth_id, id)? {
            None => return Err(FieldError::new("/consentId", FieldCode::NoSuchRecord).into()),
            Some(consent) if consent.recipient_kind != kind => {
                let code = FieldCode::ConsentOtherRecipient;
                return Err(FieldError::new("/consentId", code).into());
            }
            Some(consent) => {
                correct_yes::<K::Consent>(tx, permit, &consent, youth.row.birth_date, &yes)?;
            }
        },
    }
    match (before.sent_on, row.sent_on) {
        (None, Some(sent_on)) => send::<K>(tx, permit, row, sent_on),
        _ => Ok(()),
    }
}

/// Sends: across a secrecy border, or to care or social services, only on a basis that holds on the day.
fn send<K: Kept>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    row: &ReferralRow,
    sent_on: NaiveDate,
) -> Result<()> {
    let kind = recipient_of(row.target);
    let named = Named {
        basis: row.basis,
        consent_id: row.consent_id,
        reason: row.basis_reason.clone(),
    };
    let problems = named.check::<K::Consent>(tx, row.youth_id, kind, &REFERRED, sent_on)?;
    let rules = settings::load(tx)?.secrecy_rules();
    if !is_sensitive(row.target) && !rules.crosses_border(kind) {
        // It stays on our side of every border: a withdrawn yes stops it all the same, nothing else is asked.
        return Ok(());
    }
    let (Some(basis), true) = (named.basis, problems.is_empty()) else {
        return Err(Error::invalid(problems));
    };
    let told = Told {
        referral_id: Some(row.id),
        recipient_kind: kind,
        recipient_name: row.recipient.clone(),
        categories: REFERRED.to_vec(),
        means: DisclosureMeans::Referral,
        disclosed_on: sent_on,
        basis,
        named,
    };
    let record = register::<K::Disclosure>(tx, permit, row.youth_id, told)?;
    tx.note_whole(
        <K::Disclosure as Disclosable>::RESOURCE,
        Some(row.youth_id),
        record.record_id(),
    );
    Ok(())
}

fn filled(row: ReferralRow, input: ReferralInput) -> ReferralRow {
    let steps = input.steps;
    ReferralRow {
        episode_id: input.episode_id,
        status: steps.status,
        recipient: input.recipient,
        note: input.note,
        offered_on: input.offered_on,
        declined_on: steps.declined_on,
        consented_on: steps.consented_on,
        consent_form: steps.consent_form,
        sent_on: steps.sent_on,
        received_on: steps.received_on,
        closed_on: steps.closed_on,
        answer_due_on: steps.answer_due_on,
        basis: input.named.basis,
        consent_id: input.named.consent_id,
        basis_reason: input.named.reason,
        ..row
    }
}
