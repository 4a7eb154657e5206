//! Somebody met in a session of outreach: logged by whoever met them as nobody known, and tied to a youth once it turns out who
//! it was, which makes a contact of the youth by whoever met them on the day they met. A mistake is undone within 24 hours by
//! whoever made it, and then nothing of it stays in the wrong person's file; later it is the contact that gets an addendum.

use super::contacts::{KnownMeeting, make_of_meeting, recount};
use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::contacts;
use crate::db::idempotency::set_youth_of_record;
use crate::db::outreach_contacts::{self, MetFilter, MetRecord, MetRow, is_untouched, take_back};
use crate::db::outreach_sessions;
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::relation_to;
use crate::db::versions::keep_version;
use crate::domain::codes::{Channel, LegalSex};
use crate::domain::contact::is_locked;
use crate::domain::id::{Id, OutreachContact, OutreachSession, Youth};
use crate::domain::operation::Resource;
use crate::domain::outreach::{MetAge, OutreachKind, OutreachOutcome, tells_who};
use crate::error::{Error, ErrorCode, FieldCode, Result};
use crate::policy::decide::{Relation, may_untie, sees};
use crate::policy::reveal::{Sealed, View, may_write};

const INPUTS: &[&str] = &["ageGroup", "legalSex", "outcome", "wantsContact", "note"];

/// What is told of somebody met.
struct MetInput {
    age_group: MetAge,
    legal_sex: LegalSex,
    outcome: OutreachOutcome,
    wants_contact: bool,
    note: Option<String>,
}

/// Those of the actor's unit, latest first, as filtered: `sessionId`, `isTied`, `wantsContact`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_outreach_contacts(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::OutreachContacts,
        &form,
        &[
            ("sessionId", "sessionId"),
            ("isTied", "isTied"),
            ("wantsContact", "wantsContact"),
        ],
    )?;
    let filter = MetFilter {
        session_id: form.id("sessionId"),
        is_tied: form.boolean("isTied"),
        wants_contact: form.boolean("wantsContact"),
    };
    form.finish()?;
    let page = outreach_contacts::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One of them.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_outreach_contact(tx: &mut AuditedTx<'_>, id: Id<OutreachContact>) -> Result<View> {
    let sealed = outreach_contacts::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Logs somebody whom the actor met in a session.
///
/// # Errors
/// 403 for whoever did not take part or with a pointer, 404, 422 with all fields that are wrong.
pub fn log_outreach_contact(
    tx: &mut AuditedTx<'_>,
    session_id: Id<OutreachSession>,
    fields: Fields,
) -> Result<View> {
    let session = outreach_sessions::load(tx, session_id)?;
    if !sees(tx.actor(), Resource::OutreachSessions, session.relation()) {
        return Err(ErrorCode::NotFound.into());
    }
    let me = tx.staff()?.id;
    let relation = Relation::of_nobody(
        session.relation().is_same_unit,
        session.for_rules().has(Some(me)),
    );
    if !relation.is_own {
        return Err(ErrorCode::Forbidden.into());
    }
    let (permit, form) = begin_create(tx, Resource::OutreachContacts, &relation, fields)?;
    let input = read_fields(tx, form)?;
    let now = tx.timestamp();
    let row = MetRow {
        id: Id::fresh(),
        session_id,
        met_by: me,
        age_group: input.age_group,
        legal_sex: input.legal_sex,
        outcome: input.outcome,
        wants_contact: input.wants_contact,
        note: input.note,
        youth_id: None,
        contact_id: None,
        tied_by: None,
        tied_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    outreach_contacts::insert(tx, &permit, &row)?;
    finish(tx, row.id)
}

/// Corrects what was told of somebody met, within 24 hours and as long as nobody knows who it is.
///
/// # Errors
/// 403 for others than who met them or with a pointer, 404, 409 once it is locked or tied, 412, 422 with all fields that are
/// wrong.
pub fn correct_outreach_contact(
    tx: &mut AuditedTx<'_>,
    id: Id<OutreachContact>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = outreach_contacts::load(tx, id)?;
    tx.permit(Resource::OutreachContacts, sealed.relation())?;
    let before = &sealed.for_rules().row;
    if before.youth_id.is_some() || is_locked(before.created_at.utc(), tx.now()) {
        return Err(ErrorCode::ContactLocked.into());
    }
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let input = read_fields(tx, form)?;
    let row = MetRow {
        age_group: input.age_group,
        legal_sex: input.legal_sex,
        outcome: input.outcome,
        wants_contact: input.wants_contact,
        note: input.note,
        ..changed(tx, &sealed)
    };
    outreach_contacts::update(tx, &permit, &row)?;
    finish(tx, id)
}

/// Ties somebody met to a youth whom the actor sees: makes a contact of it, and moves the note there.
///
/// # Errors
/// 404; 409 when it is tied already or the youth has no open episode; 412; 422 for a youth that the actor may not know of, or
/// who was not followed on that day.
pub fn tie_outreach_contact(
    tx: &mut AuditedTx<'_>,
    id: Id<OutreachContact>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = outreach_contacts::load(tx, id)?;
    let permit = tx.permit(Resource::OutreachContacts, sealed.relation())?;
    // What the contact will say must be open to whoever makes it.
    let own = Relation {
        is_own: true,
        ..sealed.relation().clone()
    };
    for (resource, field) in [
        (Resource::OutreachContacts, "youthId"),
        (Resource::Contacts, "episodeId"),
    ] {
        let named = fields.contains_key(field).then(|| field.to_owned());
        may_write(tx.actor(), resource, &own, named.into_iter())?;
    }
    let before = &sealed.for_rules().row;
    if before.version != version {
        return Err(Error::stale(before.version));
    }
    if before.youth_id.is_some() {
        return Err(ErrorCode::Conflict.into());
    }
    let mut form = Form::of_body(fields);
    let youth_id = read_youth(tx, &mut form)?;
    let Some(youth_id) = youth_id else {
        form.skip("episodeId");
        return Err(form
            .finish()
            .err()
            .unwrap_or_else(|| ErrorCode::ValidationFailed.into()));
    };
    let session = outreach_sessions::load(tx, before.session_id)?;
    let session = &session.for_rules().row;
    let meeting = KnownMeeting {
        occurred_at: session.starts_at,
        channel: match session.kind {
            OutreachKind::Online => Channel::SocialMedia,
            OutreachKind::Street | OutreachKind::Event => Channel::StreetOutreach,
        },
        author_id: before.met_by,
        place: session.place.clone(),
        area: session.area.clone(),
        note: before.note.clone(),
    };
    let contact_id = make_of_meeting(tx, &permit, form, youth_id, meeting)?;
    let row = MetRow {
        note: None,
        youth_id: Some(youth_id),
        contact_id: Some(contact_id),
        tied_by: tx.actor().user_id(),
        tied_at: Some(tx.timestamp()),
        ..changed(tx, &sealed)
    };
    outreach_contacts::update(tx, &permit, &row)?;
    // What was answered when it was nobody's is the youth's too.
    set_youth_of_record(tx, &permit, &place_of(id), Some(youth_id))?;
    finish(tx, id)
}

/// The youth that was named, if the actor sees them: of whom they may not know, they are not told either that there is one.
fn read_youth(tx: &mut AuditedTx<'_>, form: &mut Form) -> Result<Option<Id<Youth>>> {
    let youth_id: Option<Id<Youth>> = form.id("youthId");
    let Some(youth_id) = form.require("youthId", youth_id) else {
        return Ok(None);
    };
    let is_seen = match relation_to(tx, youth_id) {
        Ok(relation) => sees(tx.actor(), Resource::Youths, &relation),
        Err(error) if error.code == ErrorCode::NotFound => false,
        Err(error) => return Err(error),
    };
    if !is_seen {
        form.wrong("youthId", FieldCode::NoSuchRecord);
    }
    Ok(Some(youth_id).filter(|_| is_seen))
}

/// Unties somebody who was tied to the wrong youth: the contact goes, and the note comes back.
///
/// # Errors
/// 403 for others than who tied it, 404, 409 after 24 hours, or when something has been built on the contact, or it is not tied;
/// 412.
pub fn untie_outreach_contact(
    tx: &mut AuditedTx<'_>,
    id: Id<OutreachContact>,
    version: i64,
) -> Result<()> {
    let sealed = outreach_contacts::load(tx, id)?;
    let permit = tx.permit(Resource::OutreachContacts, sealed.relation())?;
    let before = &sealed.for_rules().row;
    let (Some(youth_id), Some(contact_id), Some(tied_at)) =
        (before.youth_id, before.contact_id, before.tied_at)
    else {
        return Err(ErrorCode::Conflict.into());
    };
    if !may_untie(tx.actor(), before.tied_by) {
        return Err(ErrorCode::Forbidden.into());
    }
    if before.version != version {
        return Err(Error::stale(before.version));
    }
    if is_locked(tied_at.utc(), tx.now()) {
        return Err(ErrorCode::ContactLocked.into());
    }
    if !is_untouched(tx, contact_id)? {
        return Err(ErrorCode::Conflict.into());
    }
    let contact = contacts::load(tx, contact_id)?;
    let row = MetRow {
        note: contact.for_rules().row.note.clone(),
        youth_id: None,
        contact_id: None,
        tied_by: None,
        tied_at: None,
        ..changed(tx, &sealed)
    };
    take_back(tx, &permit, &row, contact_id)?;
    set_youth_of_record(tx, &permit, &place_of(id), None)?;
    recount(tx, &permit, youth_id)?;
    tx.note(
        Resource::OutreachContacts,
        Some(youth_id),
        Some(id.cast()),
        "youthId",
    );
    let now = tx.timestamp();
    keep_version(tx, &MetRecord { row, now })
}

/// Reads what is told of somebody met.
fn read_fields(tx: &mut AuditedTx<'_>, mut form: Form) -> Result<MetInput> {
    let age_group = form.code("ageGroup");
    let age_group = form.require("ageGroup", age_group);
    let legal_sex = form.code("legalSex");
    let legal_sex = form.require("legalSex", legal_sex);
    let outcome = form.code("outcome");
    let outcome = form.require("outcome", outcome);
    let wants_contact = form.boolean("wantsContact").unwrap_or(false);
    let note = form.long_text("note", 2000);
    if note.as_deref().is_some_and(tells_who) {
        form.wrong("note", FieldCode::TellsWho);
    }
    screen(tx, &mut form)?;
    let input = match (age_group, legal_sex, outcome) {
        (Some(age_group), Some(legal_sex), Some(outcome)) => Some(MetInput {
            age_group,
            legal_sex,
            outcome,
            wants_contact,
            note,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// Where it stands, below the root.
fn place_of(id: Id<OutreachContact>) -> String {
    format!("/outreach-contacts/{id}")
}

fn changed(tx: &AuditedTx<'_>, sealed: &Sealed<MetRecord>) -> MetRow {
    let mut row = sealed.for_rules().row.clone();
    row.updated_at = tx.timestamp();
    row.version += 1;
    row
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<OutreachContact>) -> Result<View> {
    let sealed = outreach_contacts::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}
