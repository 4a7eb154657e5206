//! Handing a youth over: to another unit, which answers, or to another municipality, whose answer the sender records. With
//! the answer of a unit the youth and the open episodes move there; whoever was tied to the youth in the old unit no longer
//! is, and what they did and wrote stays theirs. With the answer of a municipality the open episodes close, by the same code
//! as any other closing, and what was handed over stands in the register of disclosures.

use super::basis::Named;
use super::disclosures::{Told, register};
use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::clock::day_of;
use crate::db::audited::AuditedTx;
use crate::db::consents::OpenConsent;
use crate::db::disclosures::OpenDisclosure;
use crate::db::paging::{Page, PageRequest};
use crate::db::transfers::{self, TransferFilter, TransferRecord, TransferRow};
use crate::db::versions::keep_version;
use crate::db::{access_grants, assignments, episodes, youths};
use crate::domain::consent::RecipientKind;
use crate::domain::disclosure::DisclosureMeans;
use crate::domain::id::{Id, Intervention, Transfer, Unit, Youth};
use crate::domain::operation::Resource;
use crate::domain::transfer::{
    Answer, Destination, HANDED_OVER, Side, TransferStatus, answers_of, check_answer,
    check_destination,
};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{Disclosable, Permit, View};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// What a transfer's form says.
struct TransferInput {
    to_unit_id: Option<Id<Unit>>,
    municipality_code: Option<String>,
    municipality_name: Option<String>,
    reason: String,
    named: Named,
}

/// The transfers from and to the actor's unit, newest first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_transfers(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, None, parameters)?;
    let page = transfers::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The transfers of one youth, newest first.
///
/// # Errors
/// 404 for a youth the actor may not know of; else as [`list_transfers`].
pub fn list_youth_transfers(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    tx.permit(Resource::Transfers, &relation)?;
    let filter = read_filter(tx, Some(youth_id), parameters)?;
    let page = transfers::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(
    tx: &AuditedTx<'_>,
    youth_id: Option<Id<Youth>>,
    mut form: Form,
) -> Result<TransferFilter> {
    must_read_filters(tx, Resource::Transfers, &form, &[("status", "status")])?;
    let filter = TransferFilter {
        youth_id,
        status: form.code("status"),
    };
    form.finish()?;
    Ok(filter)
}

/// The units that a youth can be handed over to, by name: every one but the actor's own.
///
/// # Errors
/// 403.
pub fn list_receiving_units(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let own = tx.actor().unit_id();
    let all = transfers::receiving_units(tx, own)?;
    request.cut(all, |(id, _)| id.uuid()).try_map(|(id, name)| {
        let mut fields = Map::new();
        fields.insert("id".to_owned(), json!(id));
        fields.insert("name".to_owned(), json!(name));
        Ok(View { fields, version: 0 })
    })
}

/// One transfer.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_transfer(tx: &mut AuditedTx<'_>, id: Id<Transfer>) -> Result<View> {
    let sealed = transfers::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Asks that a youth be taken over.
///
/// # Errors
/// 403 with a pointer; 404; 409 when one waits already, or when the consent it would rest on is withdrawn; 422 with all
/// fields that are wrong.
pub fn create_transfer(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, form) = begin_create(tx, Resource::Transfers, &relation, fields)?;
    let from_unit_id = youth.row.unit_id;
    let input = read_input(tx, form, youth_id, from_unit_id)?;
    if transfers::is_pending(tx, youth_id)? {
        return Err(ErrorCode::TransferPending.into());
    }
    let now = tx.timestamp();
    let row = TransferRow {
        id: Id::fresh(),
        youth_id,
        from_unit_id,
        to_unit_id: input.to_unit_id,
        to_municipality_code: input.municipality_code,
        to_municipality_name: input.municipality_name,
        reason: input.reason,
        status: TransferStatus::Pending,
        basis: input.named.basis,
        consent_id: input.named.consent_id,
        basis_reason: input.named.reason,
        decided_on: None,
        decided_by: None,
        decision_reason: None,
        reference: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    transfers::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    youth_id: Id<Youth>,
    from_unit_id: Id<Unit>,
) -> Result<TransferInput> {
    let names_unit = form.has("toUnitId");
    let to_unit_id: Option<Id<Unit>> = form.id("toUnitId");
    let municipality_code = form.text("toMunicipalityCode", 10);
    let municipality_name = form.text("toMunicipalityName", 100);
    form.add(check_destination(&Destination {
        names_unit,
        municipality_code: municipality_code.as_deref(),
        municipality_name: municipality_name.as_deref(),
    }));
    if let Some(id) = to_unit_id
        && !transfers::receiving_units(tx, Some(from_unit_id))?
            .iter()
            .any(|(unit, _)| *unit == id)
    {
        form.wrong("toUnitId", FieldCode::NoSuchRecord);
    }
    let reason = form.long_text("reason", 2_000);
    let reason = form.require("reason", reason);
    let named = Named::read(&mut form);
    screen(tx, &mut form)?;
    if names_unit && named != Named::default() {
        // Within our own organisation nothing leaves.
        form.add([FieldError::with(
            "/basis",
            FieldCode::NotWithOther,
            "toUnitId",
        )]);
    } else if !names_unit && form.is_sound() {
        let kind = RecipientKind::OtherMunicipality;
        let today = tx.today();
        form.add(named.check::<OpenConsent>(tx, youth_id, kind, &HANDED_OVER, today)?);
    }
    let input = reason.map(|reason| TransferInput {
        to_unit_id,
        municipality_code,
        municipality_name,
        reason,
        named,
    });
    form.finish_with(input)
}

/// Answers a transfer, or takes it back.
///
/// # Errors
/// 403 at `/status` for an answer that is the other side's; 404; 409 when it is answered already, when started
/// interventions are not ended with it, or when the consent it rests on is withdrawn; 412; 422 with all fields that are
/// wrong.
pub fn decide_transfer(
    tx: &mut AuditedTx<'_>,
    id: Id<Transfer>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = transfers::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, fields, &[])?;
    let mut row = sealed.for_rules().row.clone();
    if row.status != TransferStatus::Pending {
        return Err(ErrorCode::TransferDecided.into());
    }
    let status = form.code("status");
    let status = form.require("status", status);
    if let Some(status) = status
        && !is_theirs_to_say(tx, &row, status)
    {
        return Err(Error::forbidden_field("/status".to_owned()));
    }
    let today = tx.today();
    let decided_on = if form.has("decidedOn") {
        form.date("decidedOn")
    } else {
        form.skip("decidedOn");
        Some(today)
    };
    let decision_reason = form.long_text("decisionReason", 2_000);
    let reference = form.text("reference", 100);
    let endings = read_endings(&mut form);
    screen(tx, &mut form)?;
    if let Some((status, decided_on)) = status.zip(decided_on) {
        let answer = Answer {
            status,
            decided_on,
            has_reason: decision_reason.is_some(),
            has_reference: reference.is_some(),
        };
        let made_on = day_of(row.created_at.utc());
        let is_to_unit = row.to_unit_id.is_some();
        form.add(check_answer(&answer, is_to_unit, made_on, today));
        let ends_nothing = status != TransferStatus::Accepted || is_to_unit;
        if ends_nothing && !endings.is_empty() {
            form.add([FieldError::with(
                "/interventions",
                FieldCode::NotWithOther,
                "status",
            )]);
        }
    }
    let (status, decided_on) = form.finish_with(status.zip(decided_on))?;
    row.status = status;
    row.decided_on = Some(decided_on);
    row.decided_by = tx.actor().user_id();
    row.decision_reason = decision_reason;
    row.reference = reference;
    row.updated_at = tx.timestamp();
    row.version += 1;
    transfers::update(tx, &permit, &row)?;
    if status == TransferStatus::Accepted {
        match row.to_unit_id {
            Some(unit_id) => move_to_unit(tx, &permit, &row, unit_id)?,
            None => hand_over(tx, &permit, &row, decided_on, &endings)?,
        }
    }
    finish(tx, id)
}

/// Whether the answer is that of the side on which the actor stands.
fn is_theirs_to_say(tx: &AuditedTx<'_>, row: &TransferRow, status: TransferStatus) -> bool {
    let Some(unit_id) = tx.actor().unit_id() else {
        return true; // the command line
    };
    let is_to_unit = row.to_unit_id.is_some();
    let says = |side| {
        let answers = answers_of(side, is_to_unit);
        // What is no answer at all is told as such.
        status == TransferStatus::Pending || answers.contains(&status)
    };
    (row.to_unit_id == Some(unit_id) && says(Side::Receiver))
        || (row.from_unit_id == unit_id && says(Side::Sender))
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Transfer>) -> Result<View> {
    let sealed = transfers::load(tx, id)?;
    keep_version::<TransferRecord>(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// The youth and the open episodes go to the unit that has answered. Contacts, interventions and who wrote them stay.
fn move_to_unit(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    transfer: &TransferRow,
    unit_id: Id<Unit>,
) -> Result<()> {
    let youth_id = transfer.youth_id;
    let now = tx.timestamp();
    assignments::end_all_to(tx, permit, youth_id)?;
    access_grants::end_all_to(tx, permit, youth_id, transfer.from_unit_id)?;
    let before = youths::load(tx, youth_id)?.for_rules().clone();
    let mut row = before.row.clone();
    row.unit_id = unit_id;
    row.updated_at = now;
    row.version += 1;
    youths::update(tx, permit, &before, &row, before.identity.as_ref())?;
    let moved = youths::load(tx, youth_id)?;
    keep_version(tx, moved.for_rules())?;
    tx.note(
        Resource::Youths,
        Some(youth_id),
        Some(youth_id.cast()),
        "unitId",
    );
    for mut episode in episodes::find_open(tx, youth_id)? {
        episode.unit_id = unit_id;
        episode.updated_at = now;
        episode.version += 1;
        episodes::update(tx, permit, &episode)?;
        let moved = episodes::load(tx, episode.id)?;
        keep_version(tx, moved.for_rules())?;
        tx.note(
            Resource::Episodes,
            Some(youth_id),
            Some(episode.id.cast()),
            "unitId",
        );
    }
    Ok(())
}

/// The other municipality has taken over: what was handed over is registered, and the open episodes close.
fn hand_over(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    transfer: &TransferRow,
    decided_on: NaiveDate,
    endings: &[Value],
) -> Result<()> {
    let youth_id = transfer.youth_id;
    let named = Named {
        basis: transfer.basis,
        consent_id: transfer.consent_id,
        reason: transfer.basis_reason.clone(),
    };
    let kind = RecipientKind::OtherMunicipality;
    let problems = named.check::<OpenConsent>(tx, youth_id, kind, &HANDED_OVER, decided_on)?;
    let (Some(basis), true) = (named.basis, problems.is_empty()) else {
        return Err(Error::invalid(problems));
    };
    let told = Told {
        referral_id: None,
        recipient_kind: kind,
        recipient_name: transfer.to_municipality_name.clone(),
        categories: HANDED_OVER.to_vec(),
        means: DisclosureMeans::Transfer,
        disclosed_on: decided_on,
        basis,
        named,
    };
    let record = register::<OpenDisclosure>(tx, permit, youth_id, told)?;
    tx.note_whole(Resource::Disclosures, Some(youth_id), record.record_id());
    close_episodes(tx, youth_id, decided_on, endings)
}

/// Interventions that one answer may end.
const MOST_ENDED: usize = 100;

/// The endings of interventions, as the closing of an episode takes them; it reads and checks them itself.
fn read_endings(form: &mut Form) -> Vec<Value> {
    form.list("interventions", MOST_ENDED, |item| {
        let id: Option<Id<Intervention>> = item.id("id");
        let ended_on = item.date("endedOn");
        let reason: Option<crate::domain::codes::EndReason> = item.code("endReason");
        Some(json!({"id": id, "endedOn": ended_on, "endReason": reason}))
    })
    .unwrap_or_default()
}

/// Closes what is open, by the code of `closeEpisode`: the youth is no longer registered here.
fn close_episodes(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    exited_on: NaiveDate,
    endings: &[Value],
) -> Result<()> {
    let open = episodes::find_open(tx, youth_id)?;
    let is_alone = open.len() == 1;
    for episode in open {
        let sealed = episodes::load(tx, episode.id)?;
        let own: Vec<String> = crate::db::interventions::of_episode(tx, episode.id)?
            .iter()
            .map(|measure| measure.row.id.to_string())
            .collect();
        let is_own = |ending: &&Value| {
            let id = ending.get("id").and_then(Value::as_str);
            is_alone || id.is_some_and(|id| own.iter().any(|known| known == id))
        };
        let ended: Vec<Value> = endings.iter().filter(is_own).cloned().collect();
        let fields = json!({
            "exitedOn": exited_on, "deregistrationReason": "not_registered_here", "destination": "other",
            "interventions": ended,
        });
        let Value::Object(fields) = fields else {
            continue;
        };
        super::episodes::close(tx, &sealed, episode.version, fields).map_err(as_decided)?;
    }
    Ok(())
}

/// The day of exit is the day of the answer.
fn as_decided(mut error: Error) -> Error {
    for field in &mut error.fields {
        if field.pointer == "/exitedOn" {
            "/decidedOn".clone_into(&mut field.pointer);
        }
    }
    error
}
