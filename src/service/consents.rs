//! Consents: recording one, reading it, and taking down its withdrawal, which is never refused for how it was made. One
//! resource of two kinds: a consent that names a recipient of care or social services lies in the protected compartment.

use super::apart::{Either, list_of_youth};
use super::form::Form;
use super::sensitive_terms::screen_unless_apart;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, refusal};
use crate::db::audited::AuditedTx;
use crate::db::consents::{
    ConsentRow, KeptConsent, OpenConsent, ProtectedConsent, stored_categories,
};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::codes::{Code, ConsentForm};
use crate::domain::consent::{
    ConsentFacts, ConsentRules, DataCategory, RecipientKind, check_consent, check_withdrawal,
    is_sensitive_recipient, speaker_on,
};
use crate::domain::id::{Consent, Id, Referral, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{Permit, Sealed, View, may_write};
use chrono::NaiveDate;
use serde_json::Value;

type AnyConsent = Either<OpenConsent, ProtectedConsent>;

/// What a consent's form says.
struct ConsentInput {
    facts: ConsentFacts,
    recipient_name: Option<String>,
    purpose: String,
    form: ConsentForm,
    document_reference: Option<String>,
}

/// The consents of one youth, newest first: with those of the compartment for who may know of them.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_consents(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    parameters.finish()?;
    list_of_youth::<_, _, OpenConsent, ProtectedConsent>(tx, youth_id, &relation, request, |_| true)
}

/// One consent of either kind.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_consent(tx: &mut AuditedTx<'_>, id: Id<Consent>) -> Result<View> {
    AnyConsent::load(tx, id)?.reveal(tx)
}

/// Records a consent that was given.
///
/// # Errors
/// 403 with a pointer, also for a recipient that is not open to the actor; 404; 422 with all fields that are wrong.
pub fn record_consent(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    if names_sensitive(&fields, "recipientKind") {
        must_be_open(tx, youth_id, Resource::ProtectedConsents)?;
        return record::<ProtectedConsent>(tx, youth_id, fields);
    }
    record::<OpenConsent>(tx, youth_id, fields)
}

/// Whether a body names a recipient of care or social services.
pub(super) fn names_sensitive(fields: &Fields, name: &str) -> bool {
    fields
        .get(name)
        .and_then(Value::as_str)
        .and_then(RecipientKind::from_code)
        .is_some_and(is_sensitive_recipient)
}

/// Whether the actor may make something of the compartment for the youth. The list of recipients is no secret; that some
/// of them are out of one's reach says nothing about a youth.
///
/// # Errors
/// 404 for a youth that the actor may not know of; else 403 at the recipient.
pub(super) fn must_be_open(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    resource: Resource,
) -> Result<()> {
    let relation = visible_relation(tx, youth_id)?;
    tx.permit(resource, &relation)
        .map(|_| ())
        .map_err(|error| refusal(error, "/recipientKind"))
}

fn record<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, form) = begin_create(tx, C::RESOURCE, &relation, fields)?;
    let rules = settings::load(tx)?.consent_rules();
    let is_apart = C::RESOURCE.is_of_compartment();
    let input = read_input(tx, form, youth.row.birth_date, &rules, is_apart)?;
    let row = new_row(tx, youth_id, None, input);
    let record = C::of(row);
    record.insert(tx, &permit)?;
    keep_version(tx, &record)?;
    tx.reveal(&Sealed::new(record, relation))
}

fn new_row(
    tx: &AuditedTx<'_>,
    youth_id: Id<Youth>,
    referral_id: Option<Id<Referral>>,
    input: ConsentInput,
) -> ConsentRow {
    let now = tx.timestamp();
    ConsentRow {
        id: Id::fresh(),
        youth_id,
        referral_id,
        recipient_kind: input.facts.recipient_kind,
        recipient_name: input.recipient_name,
        purpose: input.purpose,
        categories: stored_categories(&input.facts.categories),
        given_by: input.facts.given_by,
        form: input.form,
        valid_from_on: input.facts.valid_from_on,
        valid_to_on: input.facts.valid_to_on,
        document_reference: input.document_reference,
        withdrawn_on: None,
        withdrawal_form: None,
        recipient_informed_on: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    birth_date: NaiveDate,
    rules: &ConsentRules,
    is_apart: bool,
) -> Result<ConsentInput> {
    let today = tx.today();
    let kind = form.code("recipientKind");
    let kind = form.require("recipientKind", kind);
    let recipient_name = form.phrase("recipientName", 200);
    let purpose = form.phrase("purpose", 500);
    let purpose = form.require("purpose", purpose);
    let categories: Option<Vec<DataCategory>> = form.codes("categories");
    let categories = form.require("categories", categories);
    let given_by = form.code("givenBy");
    let given_by = form.require("givenBy", given_by);
    let how = form.code("form");
    let how = form.require("form", how);
    let document_reference = form.text("documentReference", 200);
    screen_unless_apart(tx, &mut form, is_apart)?;
    let valid_from_on = read_day(&mut form, "validFromOn", today);
    let valid_to_on = match valid_from_on {
        Some(first) => read_day(&mut form, "validToOn", rules.usual_end(first)),
        None => form.date("validToOn"),
    };
    let facts = match (kind, categories, given_by, valid_from_on, valid_to_on) {
        (Some(recipient_kind), Some(categories), Some(given_by), Some(from), Some(to)) => {
            Some(ConsentFacts {
                recipient_kind,
                categories,
                given_by,
                valid_from_on: from,
                valid_to_on: to,
                withdrawn_on: None,
            })
        }
        _ => None,
    };
    if let Some(facts) = &facts {
        let has_name = recipient_name.is_some();
        form.add(check_consent(facts, has_name, birth_date, rules, today));
    }
    let input = match (facts, purpose, how) {
        (Some(facts), Some(purpose), Some(how)) => Some(ConsentInput {
            facts,
            recipient_name,
            purpose,
            form: how,
            document_reference,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// A day, or the usual one if none is told. `None`: what was told is no day.
fn read_day(form: &mut Form, name: &str, usual: NaiveDate) -> Option<NaiveDate> {
    if form.has(name) {
        return form.date(name);
    }
    form.skip(name);
    Some(usual)
}

/// Takes down that a consent was withdrawn: by whatever form, and again without harm. What rests on it stops with that.
///
/// # Errors
/// 404; 403 with a pointer; 422 for a day that cannot be.
pub fn withdraw_consent(tx: &mut AuditedTx<'_>, id: Id<Consent>, fields: Fields) -> Result<View> {
    match AnyConsent::load(tx, id)? {
        Either::Open(sealed) => withdraw(tx, sealed, fields),
        Either::Protected(sealed) => withdraw(tx, sealed, fields),
    }
}

fn withdraw<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    sealed: Sealed<C>,
    fields: Fields,
) -> Result<View> {
    let (permit, mut form) = begin_deed(tx, &sealed, fields)?;
    let today = tx.today();
    let withdrawn_on = read_day(&mut form, "withdrawnOn", today);
    let how = form.code("withdrawalForm");
    let informed_on = form.date("recipientInformedOn");
    let mut row = sealed.for_rules().row().clone();
    if let Some(day) = withdrawn_on {
        form.add(check_withdrawal(row.valid_from_on, day, today));
        let first = row.withdrawn_on.map_or(day, |before| before.min(day));
        form.add(informed_on.and_then(|informed| check_informed(first, informed, today)));
    }
    let withdrawn_on = form.finish_with(withdrawn_on)?;
    // The first word counts: a consent that is withdrawn is not withdrawn later.
    let is_first_word = row.withdrawn_on.is_none_or(|before| withdrawn_on < before);
    // That the recipient was told is news whenever it comes.
    let is_news = informed_on.is_some() && informed_on != row.recipient_informed_on;
    if !is_first_word && !is_news {
        return tx.reveal(&sealed);
    }
    if is_first_word {
        row.withdrawn_on = Some(withdrawn_on);
        row.withdrawal_form = how.or(row.withdrawal_form);
    }
    row.recipient_informed_on = informed_on.or(row.recipient_informed_on);
    finish(tx, &permit, sealed, row)
}

/// Takes down that the recipient was told of the withdrawal (GDPR 19).
///
/// # Errors
/// 404; 403 with a pointer; 409 for a consent that is in force; 422 for a day that cannot be.
pub fn record_recipient_informed(
    tx: &mut AuditedTx<'_>,
    id: Id<Consent>,
    fields: Fields,
) -> Result<View> {
    match AnyConsent::load(tx, id)? {
        Either::Open(sealed) => inform(tx, sealed, fields),
        Either::Protected(sealed) => inform(tx, sealed, fields),
    }
}

fn inform<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    sealed: Sealed<C>,
    fields: Fields,
) -> Result<View> {
    let (permit, mut form) = begin_deed(tx, &sealed, fields)?;
    let mut row = sealed.for_rules().row().clone();
    let today = tx.today();
    let informed_on = read_day(&mut form, "recipientInformedOn", today);
    if let (Some(withdrawn), Some(informed)) = (row.withdrawn_on, informed_on) {
        form.add(check_informed(withdrawn, informed, today));
    }
    let informed_on = form.finish_with(informed_on)?;
    if row.withdrawn_on.is_none() {
        return Err(ErrorCode::ConsentInForce.into());
    }
    row.recipient_informed_on = Some(informed_on);
    finish(tx, &permit, sealed, row)
}

fn check_informed(
    withdrawn_on: NaiveDate,
    informed_on: NaiveDate,
    today: NaiveDate,
) -> Option<FieldError> {
    const POINTER: &str = "/recipientInformedOn";
    if informed_on > today {
        return Some(FieldError::new(POINTER, FieldCode::InFuture));
    }
    (informed_on < withdrawn_on)
        .then(|| FieldError::with(POINTER, FieldCode::WrongDateOrder, "withdrawnOn"))
}

/// A deed to a consent that is not a change of what it says, and so needs no version.
fn begin_deed<C: KeptConsent>(
    tx: &AuditedTx<'_>,
    sealed: &Sealed<C>,
    fields: Fields,
) -> Result<(Permit, Form)> {
    let permit = tx.permit(C::RESOURCE, sealed.relation())?;
    let names = fields.keys().cloned();
    may_write(tx.actor(), C::RESOURCE, sealed.relation(), names)?;
    Ok((permit, Form::of_body(fields)))
}

fn finish<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    sealed: Sealed<C>,
    mut row: ConsentRow,
) -> Result<View> {
    row.updated_at = tx.timestamp();
    row.version += 1;
    let record = C::of(row);
    record.update(tx, permit)?;
    keep_version(tx, &record)?;
    let (_, relation) = sealed.into_record();
    tx.reveal(&Sealed::new(record, relation))
}

/// What the yes to a referral says.
pub(super) struct Yes {
    pub referral_id: Id<Referral>,
    pub recipient_kind: RecipientKind,
    pub recipient_name: Option<String>,
    pub form: ConsentForm,
    pub given_on: NaiveDate,
}

/// What a referral tells its recipient.
pub(super) const REFERRED: [DataCategory; 2] =
    [DataCategory::ContactDetails, DataCategory::ReferralContent];

/// Records the yes to a referral as a consent, so that saying yes is one step of the day's work.
///
/// # Errors
/// 422 when nobody could have given it so.
pub(super) fn record_yes<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    youth_id: Id<Youth>,
    birth_date: NaiveDate,
    yes: Yes,
) -> Result<Id<Consent>> {
    let rules = settings::load(tx)?.consent_rules();
    let input = ConsentInput {
        facts: ConsentFacts {
            recipient_kind: yes.recipient_kind,
            categories: REFERRED.to_vec(),
            given_by: speaker_on(yes.recipient_kind, birth_date, yes.given_on),
            valid_from_on: yes.given_on,
            valid_to_on: rules.usual_end(yes.given_on),
            withdrawn_on: None,
        },
        recipient_name: yes.recipient_name,
        purpose: format!("Hänvisning: {}", yes.recipient_kind.sv()),
        form: yes.form,
        document_reference: None,
    };
    let record = C::of(new_row(tx, youth_id, Some(yes.referral_id), input));
    record.insert(tx, permit)?;
    keep_version(tx, &record)?;
    let id = record.id();
    let fields = "recipientKind,form,validFromOn,validToOn";
    tx.note(C::RESOURCE, Some(youth_id), Some(id.cast()), fields);
    Ok(id)
}

/// Follows a correction of the yes in the consent that it was recorded as. One that has been withdrawn, or was recorded
/// for itself, stays as it is.
///
/// # Errors
/// The database does not answer.
pub(super) fn correct_yes<C: KeptConsent>(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    before: &ConsentRow,
    birth_date: NaiveDate,
    yes: &Yes,
) -> Result<()> {
    let is_of_referral = before.referral_id == Some(yes.referral_id);
    let is_same = before.recipient_name == yes.recipient_name
        && before.form == yes.form
        && before.valid_from_on == yes.given_on;
    if !is_of_referral || is_same || before.withdrawn_on.is_some() {
        return Ok(());
    }
    let mut row = before.clone();
    if row.valid_from_on != yes.given_on {
        row.valid_from_on = yes.given_on;
        row.valid_to_on = settings::load(tx)?.consent_rules().usual_end(yes.given_on);
        row.given_by = speaker_on(yes.recipient_kind, birth_date, yes.given_on);
    }
    row.recipient_name.clone_from(&yes.recipient_name);
    row.form = yes.form;
    row.updated_at = tx.timestamp();
    row.version += 1;
    let (id, youth_id) = (row.id, row.youth_id);
    let record = C::of(row);
    record.update(tx, permit)?;
    keep_version(tx, &record)?;
    let fields = "recipientName,form,validFromOn,validToOn";
    tx.note(C::RESOURCE, Some(youth_id), Some(id.cast()), fields);
    Ok(())
}
