//! Contacts: what is read about a contact or an attempt, and the operations on it. All that must be sent from the street is
//! how it was tried and what came of it.

use super::attempts::with_proposal;
use super::form::Form;
use super::occupations::follow_contact;
use super::periods::{read_period, tells_days};
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::clock::day_of;
use crate::db::audited::AuditedTx;
use crate::db::contacts::{self, AddendumRow, ContactFilter, ContactRecord, ContactRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::types::Timestamp;
use crate::db::versions::{find_document, keep_version};
use crate::db::youths::set_last_contact;
use crate::domain::codes::{Channel, ContactResult, Direction, MetWho, Occupation};
use crate::domain::contact::{ContactFacts, check_contact, is_locked, occurred_at};
use crate::domain::id::{Contact, Id, User, Youth};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Disclosable, Permit, Sealed, View, may_write, may_write_notes};
use chrono::{DateTime, NaiveDate, Utc};

const INPUTS: &[&str] = &[
    "episodeId",
    "occurredAt",
    "channel",
    "direction",
    "metWho",
    "place",
    "area",
    "result",
    "minutes",
    "occupation",
    "note",
    "nextContactOn",
];

/// What a contact's form says, but for its id and episode.
struct ContactInput {
    occurred_at: DateTime<Utc>,
    channel: Channel,
    direction: Direction,
    met_who: MetWho,
    place: Option<String>,
    area: Option<String>,
    result: ContactResult,
    minutes: Option<i32>,
    occupation: Option<Occupation>,
    note: Option<String>,
    next_contact_on: Option<NaiveDate>,
}

/// The contacts of the actor, latest first, as filtered.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_contacts(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = contacts::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The contacts of one youth, latest first, as filtered: of the ambassador only their own.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_youth_contacts(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let relation = visible_relation(tx, youth_id)?;
    // Each row is looked at again as it is revealed; of the list it is asked whether the actor could have a row in it.
    tx.permit(
        Resource::Contacts,
        &Relation {
            is_own: true,
            ..relation
        },
    )?;
    let filter = ContactFilter {
        youth_id: Some(youth_id),
        ..read_filter(tx, parameters)?
    };
    let page = contacts::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

pub(super) fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<ContactFilter> {
    must_read_filters(
        tx,
        Resource::Contacts,
        &form,
        &[
            ("from", "occurredAt"),
            ("to", "occurredAt"),
            ("authorId", "authorId"),
            ("channel", "channel"),
            ("result", "result"),
        ],
    )?;
    let (author_id, channel) = (form.id("authorId"), form.code("channel"));
    let result = form.code("result");
    let (from, to) = form.days();
    let filter = ContactFilter {
        youth_id: None,
        from,
        to,
        author_id,
        channel,
        result,
    };
    form.finish()?;
    Ok(filter)
}

/// One contact.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_contact(tx: &mut AuditedTx<'_>, id: Id<Contact>) -> Result<View> {
    let sealed = contacts::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Logs a contact or an attempt. A contact sent once more under its own id, as after a lost answer, is answered with the
/// one that was stored, and nothing is made.
///
/// # Errors
/// 403 with a pointer, 404, 409 when no episode is open or the id is that of something else, 422 with all fields that
/// are wrong.
pub fn log_contact(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Contacts, &relation, fields)?;
    let author_id = tx.staff()?.id;
    let told_id = read_id(&mut form);
    if let Some(id) = told_id
        && let Some(stored) = contacts::find(tx, id)?
    {
        let row = &stored.for_rules().row;
        if row.author_id != author_id
            || row.youth_id != youth_id
            || !says_the_same(tx, &stored, form)?
        {
            return Err(ErrorCode::AlreadyExists.into());
        }
        return tx.reveal(&stored);
    }
    let now = tx.timestamp();
    let input = read_fields(&mut form, now.utc());
    screen(tx, &mut form)?;
    let (input, episode_id) = place_in_time(tx, form, input, youth_id, None)?;
    let row = ContactRow {
        id: told_id.unwrap_or_else(Id::fresh),
        youth_id,
        episode_id,
        author_id,
        occurred_at: now,
        channel: input.channel,
        direction: input.direction,
        met_who: input.met_who,
        place: None,
        area: None,
        result: input.result,
        minutes: None,
        occupation: None,
        note: None,
        next_contact_on: None,
        created_at: now,
        updated_at: now,
        version: 1,
        proposed_on: None,
        proposed_channel: None,
        proposed_staff: None,
    };
    let row = with_proposal(tx, filled(row, input))?;
    contacts::insert(tx, &permit, &row)?;
    finish(tx, &permit, &row)
}

/// Corrects a contact within 24 hours of its writing, by its author. What stood before is kept.
///
/// # Errors
/// 403 for others than the author or with a pointer, 404, 409 once it is locked or when no episode is open, 412, 422 with
/// all fields that are wrong.
pub fn correct_contact(
    tx: &mut AuditedTx<'_>,
    id: Id<Contact>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = contacts::load(tx, id)?;
    tx.permit(Resource::Contacts, sealed.relation())?;
    let before = &sealed.for_rules().row;
    if is_locked(before.created_at.utc(), tx.now()) {
        return Err(ErrorCode::ContactLocked.into());
    }
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    if form.names("id") {
        form.wrong("id", FieldCode::Immutable);
        form.skip("id");
    }
    let input = read_fields(&mut form, tx.now());
    screen(tx, &mut form)?;
    let planned_before = before.next_contact_on;
    let (input, episode_id) = place_in_time(tx, form, input, before.youth_id, planned_before)?;
    let mut row = filled(before.clone(), input);
    row.episode_id = episode_id;
    row.updated_at = tx.timestamp();
    row.version += 1;
    let row = with_proposal(tx, row)?;
    contacts::update(tx, &permit, &row)?;
    finish(tx, &permit, &row)
}

/// Adds a note to a contact, locked or not, that stands beside what was written before.
///
/// # Errors
/// 403, 404, or 422 for a text that is missing or too long.
pub fn add_contact_addendum(
    tx: &mut AuditedTx<'_>,
    id: Id<Contact>,
    fields: Fields,
) -> Result<View> {
    let sealed = contacts::load(tx, id)?;
    let permit = tx.permit(Resource::Contacts, sealed.relation())?;
    may_write(
        tx.actor(),
        Resource::Contacts,
        sealed.relation(),
        ["addenda".to_owned()].into_iter(),
    )?;
    may_write_notes(
        sealed.for_rules(),
        sealed.relation(),
        ["addenda".to_owned()].into_iter(),
    )?;
    let author_id = tx.staff()?.id;
    let mut form = Form::of_body(fields);
    let text = form.long_text("text", 10_000);
    let text = form.require("text", text);
    screen(tx, &mut form)?;
    let text = form.finish_with(text)?;
    let now = tx.timestamp();
    let addendum = AddendumRow {
        id: Id::fresh(),
        contact_id: id,
        author_id,
        text,
        created_at: now,
    };
    contacts::insert_addendum(tx, &permit, &addendum)?;
    let mut row = sealed.for_rules().row.clone();
    row.updated_at = now;
    row.version += 1;
    contacts::update(tx, &permit, &row)?;
    let sealed = contacts::load(tx, id)?;
    keep_version(tx, &sealed.for_rules().whole())?;
    tx.reveal(&sealed)
}

/// An id of the client's making: a UUID of version 7, which sorts by its time as ours do.
fn read_id(form: &mut Form) -> Option<Id<Contact>> {
    let id: Id<Contact> = form.id("id")?;
    if id.uuid().get_version_num() == 7 {
        return Some(id);
    }
    form.wrong("id", FieldCode::NotUuidV7);
    None
}

/// Reads what a contact's form says at an instant.
fn read_fields(form: &mut Form, now: DateTime<Utc>) -> Option<ContactInput> {
    let told_at = form.instant("occurredAt");
    let occurred_at = match occurred_at(told_at, now) {
        Ok(at) => Some(at),
        Err(code) => {
            form.wrong("occurredAt", code);
            None
        }
    };
    let channel = form.code("channel");
    let channel = form.require("channel", channel);
    let result = form.code("result");
    let result = form.require("result", result);
    let direction = form.code("direction").unwrap_or(Direction::Outbound);
    let met_who = form.code("metWho").unwrap_or(MetWho::Youth);
    let place = form.phrase("place", 200);
    let area = form.text("area", 100);
    let minutes = form
        .integer("minutes", 0..=1440)
        .and_then(|minutes| minutes.try_into().ok());
    let occupation = form.code("occupation");
    let note = form.long_text("note", 10_000);
    let next_contact_on = form.date("nextContactOn");
    Some(ContactInput {
        occurred_at: occurred_at?,
        channel: channel?,
        direction,
        met_who,
        place,
        area,
        result: result?,
        minutes,
        occupation,
        note,
        next_contact_on,
    })
}

/// Finds the episode that the contact belongs to, and ends the reading: its day lies within the episode, and nothing in it
/// contradicts something else.
fn place_in_time(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    input: Option<ContactInput>,
    youth_id: Id<Youth>,
    planned_before: Option<NaiveDate>,
) -> Result<(ContactInput, Id<crate::domain::id::Episode>)> {
    let day = input
        .as_ref()
        .map_or_else(|| tx.today(), |input| day_of(input.occurred_at));
    let period = read_period(tx, &mut form, youth_id, day)?;
    if let Some(input) = &input {
        let facts = ContactFacts {
            result: Some(input.result),
            occupation: input.occupation,
            next_contact_on: input.next_contact_on,
            planned_before,
        };
        form.add(check_contact(&facts, tx.today()));
        form.add(period.and_then(|period| period.check("/occurredAt", day, tells_days(tx))));
    }
    form.finish_with(input.zip(period).map(|(input, period)| (input, period.id)))
}

/// Whether a contact that is sent once more says what was said when it was stored. It is read as of that instant, so that
/// what was left to the clock then is left to the same clock.
fn says_the_same(
    tx: &mut AuditedTx<'_>,
    stored: &Sealed<ContactRecord>,
    mut form: Form,
) -> Result<bool> {
    let record = stored.for_rules();
    let first = find_document(tx, Resource::Contacts, record.record_id(), 1)?;
    let Some(first) = first else { return Ok(false) };
    let names_episode = form.has("episodeId");
    let episode_id = form.id("episodeId");
    let input = read_fields(&mut form, record.row.created_at.utc());
    form.look_away();
    let Ok(input) = form.finish_with(input) else {
        return Ok(false);
    };
    let mut again = record.clone();
    again.row = filled(again.row, input);
    if let Some(episode_id) = episode_id {
        again.row.episode_id = episode_id;
    }
    Ok(INPUTS
        .iter()
        .filter(|name| **name != "episodeId" || names_episode)
        .all(|name| again.field(name).as_ref() == first.0.get(*name)))
}

fn filled(row: ContactRow, input: ContactInput) -> ContactRow {
    ContactRow {
        occurred_at: Timestamp::of(input.occurred_at),
        channel: input.channel,
        direction: input.direction,
        met_who: input.met_who,
        place: input.place,
        area: input.area,
        result: input.result,
        minutes: input.minutes,
        occupation: input.occupation,
        note: input.note,
        next_contact_on: input.next_contact_on,
        ..row
    }
}

/// Somebody met in a session of outreach, once it is known who it was.
pub(super) struct KnownMeeting {
    pub occurred_at: Timestamp,
    pub channel: Channel,
    /// Who met them.
    pub author_id: Id<User>,
    pub place: Option<String>,
    pub area: Option<String>,
    /// Looked through when it was written.
    pub note: Option<String>,
}

/// Makes a contact of a youth of a meeting that was logged before it was known who was met: with the day on which they met, by
/// whoever met them. What remains of the form may name the episode. What is wrong is told of `youthId`, which alone was sent.
///
/// # Errors
/// 409 when no episode is open, 422 when the meeting lies outside it.
pub(super) fn make_of_meeting(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    mut form: Form,
    youth_id: Id<Youth>,
    meeting: KnownMeeting,
) -> Result<Id<Contact>> {
    let day = day_of(meeting.occurred_at.utc());
    let period = read_period(tx, &mut form, youth_id, day)?;
    form.add(period.and_then(|period| period.check("/youthId", day, tells_days(tx))));
    let period = form.finish_with(period)?;
    let now = tx.timestamp();
    let row = ContactRow {
        id: Id::fresh(),
        youth_id,
        episode_id: period.id,
        author_id: meeting.author_id,
        occurred_at: meeting.occurred_at,
        channel: meeting.channel,
        direction: Direction::Outbound,
        met_who: MetWho::Youth,
        place: meeting.place,
        area: meeting.area,
        result: ContactResult::Reached,
        minutes: None,
        occupation: None,
        note: meeting.note,
        next_contact_on: None,
        created_at: now,
        updated_at: now,
        version: 1,
        proposed_on: None,
        proposed_channel: None,
        proposed_staff: None,
    };
    contacts::insert(tx, permit, &row)?;
    recount(tx, permit, youth_id)?;
    let sealed = contacts::load(tx, row.id)?;
    keep_version(tx, &sealed.for_rules().whole())?;
    tx.note_whole(Resource::Contacts, Some(youth_id), row.id.cast());
    Ok(row.id)
}

/// Keeps what the register says of the youth's latest contacts.
///
/// # Errors
/// The database does not answer.
pub(super) fn recount(tx: &mut AuditedTx<'_>, permit: &Permit, youth_id: Id<Youth>) -> Result<()> {
    let (last_attempt_on, last_reached_on) = contacts::last_days(tx, youth_id)?;
    set_last_contact(tx, permit, youth_id, last_attempt_on, last_reached_on)
}

/// Keeps the version, what the register says of the youth's latest contacts, and what the contact told of the occupation.
fn finish(tx: &mut AuditedTx<'_>, permit: &Permit, row: &ContactRow) -> Result<View> {
    recount(tx, permit, row.youth_id)?;
    follow_contact(tx, permit, row)?;
    let sealed = contacts::load(tx, row.id)?;
    keep_version(tx, &sealed.for_rules().whole())?;
    tx.reveal(&sealed)
}
