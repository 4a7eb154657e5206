//! Sessions of outreach: who went, where and when, whom they met as counts, and what it led to. Whoever logged one corrects it
//! within 24 hours, as a contact. Nobody's identity belongs in one, and a number or an address is refused.

use super::form::Form;
use super::sensitive_terms::screen;
use super::{Fields, begin_create, begin_update, must_read_filters, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::outreach_sessions::{
    self, ParticipantRow, SessionFilter, SessionRecord, SessionRow, who_could_go,
};
use crate::db::paging::{Page, PageRequest};
use crate::db::types::{Json, Timestamp};
use crate::db::versions::keep_version;
use crate::domain::codes::Code;
use crate::domain::contact::{is_locked, occurred_at};
use crate::domain::id::{Id, OutreachSession, Unit, User};
use crate::domain::operation::Resource;
use crate::domain::outreach::{
    MOST_MET, Met, OutreachKind, OutreachOutcome, check_met, check_times, in_order,
    minutes_between, tells_who,
};
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{Relation, logs_own_sessions_only, may_correct_session};
use crate::policy::reveal::View;
use serde_json::{Value, json};

const INPUTS: &[&str] = &[
    "kind",
    "area",
    "place",
    "startsAt",
    "endsAt",
    "participants",
    "met",
    "outcomes",
    "note",
];
/// People in one session.
const MOST_PARTICIPANTS: usize = 20;
/// Groups by age and sex: all that there are.
const MOST_GROUPS: usize = 12;

/// What a session's form says.
struct SessionInput {
    kind: OutreachKind,
    area: Option<String>,
    place: Option<String>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    participants: Vec<(Id<User>, Option<i32>)>,
    met: Vec<Met>,
    outcomes: Vec<OutreachOutcome>,
    note: Option<String>,
}

/// The sessions of the actor's unit, or of the ambassador those in which they took part, latest first, as filtered.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_outreach_sessions(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::OutreachSessions,
        &form,
        &[
            ("from", "startsAt"),
            ("to", "startsAt"),
            ("kind", "kind"),
            ("area", "area"),
            ("participantId", "participants"),
        ],
    )?;
    let (from, to) = form.days();
    let filter = SessionFilter {
        from,
        to,
        kind: form.code("kind"),
        area: form.text("area", 100),
        participant_id: form.id("participantId"),
    };
    form.finish()?;
    let page = outreach_sessions::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// One session.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_outreach_session(tx: &mut AuditedTx<'_>, id: Id<OutreachSession>) -> Result<View> {
    let sealed = outreach_sessions::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Logs a session of the actor's unit.
///
/// # Errors
/// 403 with a pointer, 422 with all fields that are wrong.
pub fn log_outreach_session(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let own = Relation {
        is_own: true,
        ..Relation::unit_record(true)
    };
    let (permit, form) = begin_create(tx, Resource::OutreachSessions, &own, fields)?;
    let me = tx.staff()?.id;
    let unit_id = own_unit(tx);
    let input = read_fields(tx, form, unit_id, &[])?;
    let now = tx.timestamp();
    let row = SessionRow {
        id: Id::fresh(),
        unit_id,
        kind: input.kind,
        area: None,
        place: None,
        starts_at: input.starts_at,
        ends_at: input.ends_at,
        met: Json(Value::Null),
        outcomes: Json(Value::Null),
        note: None,
        created_by: me,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let record = filled(row, input, now);
    outreach_sessions::insert(tx, &permit, &record)?;
    finish(tx, record.row.id)
}

/// Corrects a session within 24 hours of its logging, by whoever logged it.
///
/// # Errors
/// 403 for others or with a pointer, 404, 409 once it is locked, 412, 422 with all fields that are wrong.
pub fn correct_outreach_session(
    tx: &mut AuditedTx<'_>,
    id: Id<OutreachSession>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = outreach_sessions::load(tx, id)?;
    tx.permit(Resource::OutreachSessions, sealed.relation())?;
    let before = sealed.for_rules();
    if !may_correct_session(tx.actor(), before.row.created_by) {
        return Err(ErrorCode::Forbidden.into());
    }
    if is_locked(before.row.created_at.utc(), tx.now()) {
        return Err(ErrorCode::ContactLocked.into());
    }
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let went: Vec<Id<User>> = before.participants.iter().map(|one| one.user_id).collect();
    let input = read_fields(tx, form, before.row.unit_id, &went)?;
    let mut record = filled(before.row.clone(), input, tx.timestamp());
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    outreach_sessions::update(tx, &permit, &record)?;
    finish(tx, id)
}

/// Reads what a session's form says. `went`: who stood there before, and may stand there although they have left since.
fn read_fields(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    unit_id: Id<Unit>,
    went: &[Id<User>],
) -> Result<SessionInput> {
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let area = form.text("area", 100);
    let place = form.phrase("place", 200);
    let starts_at = form.instant("startsAt");
    let starts_at = form.require("startsAt", starts_at);
    let ends_at = form.instant("endsAt");
    let ends_at = form.require("endsAt", ends_at);
    // A phone's clock may be a little ahead of ours.
    let ends_at = match ends_at.map(|at| occurred_at(Some(at), tx.now())) {
        Some(Ok(at)) => Some(at),
        Some(Err(code)) => {
            form.wrong("endsAt", code);
            None
        }
        None => None,
    };
    let times = starts_at.zip(ends_at);
    if let Some((from, to)) = times {
        form.add(check_times(from, to, tx.now()));
    }
    let longest = times.map_or(1440, |(from, to)| minutes_between(from, to).clamp(1, 1440));
    let participants = form.list("participants", MOST_PARTICIPANTS, |one| {
        let user_id: Option<Id<User>> = one.id("userId");
        let user_id = one.require("userId", user_id);
        let minutes = one.integer("minutes", 1..=longest);
        user_id.map(|user_id| (user_id, minutes.and_then(|minutes| minutes.try_into().ok())))
    });
    let participants = form.require("participants", participants);
    let met = form.list("met", MOST_GROUPS, |group| {
        let age_group = group.code("ageGroup");
        let age_group = group.require("ageGroup", age_group);
        let legal_sex = group.code("legalSex");
        let legal_sex = group.require("legalSex", legal_sex);
        let count = group.integer("count", 0..=MOST_MET);
        let count = group.require("count", count);
        Some(Met {
            age_group: age_group?,
            legal_sex: legal_sex?,
            count: count?,
        })
    });
    let met = met.unwrap_or_default();
    form.add(check_met(&met));
    let outcomes = form.codes("outcomes").unwrap_or_default();
    let note = form.long_text("note", 2000);
    for (name, text) in [("place", &place), ("note", &note)] {
        if text.as_deref().is_some_and(tells_who) {
            form.wrong(name, FieldCode::TellsWho);
        }
    }
    screen(tx, &mut form)?;
    if let Some(participants) = &participants {
        check_participants(tx, &mut form, unit_id, participants, went)?;
    }
    let input = match (kind, times, participants) {
        (Some(kind), Some((from, to)), Some(participants)) => Some(SessionInput {
            kind,
            area,
            place,
            starts_at: Timestamp::of(from),
            ends_at: Timestamp::of(to),
            participants,
            met: in_order(met),
            outcomes,
            note,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// Somebody went, each once, and all of them belong to the unit; whoever logs only their own was there.
fn check_participants(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    unit_id: Id<Unit>,
    participants: &[(Id<User>, Option<i32>)],
    went: &[Id<User>],
) -> Result<()> {
    let ids: Vec<Id<User>> = participants.iter().map(|(user_id, _)| *user_id).collect();
    let known = who_could_go(tx, unit_id, &ids)?;
    for (place, id) in ids.iter().enumerate() {
        let pointer = format!("/participants/{place}/userId");
        if ids.iter().take(place).any(|other| other == id) {
            form.add([FieldError::new(pointer, FieldCode::Taken)]);
        } else if !known.contains(id) && !went.contains(id) {
            form.add([FieldError::new(pointer, FieldCode::NoSuchRecord)]);
        }
    }
    let me = tx.staff()?;
    let must_be_there = logs_own_sessions_only(me.role) && !ids.contains(&me.id);
    if ids.is_empty() || must_be_there {
        form.wrong("participants", FieldCode::Required);
    }
    Ok(())
}

fn filled(row: SessionRow, input: SessionInput, now: Timestamp) -> SessionRecord {
    let outcomes: Vec<&str> = input.outcomes.iter().map(|word| word.code()).collect();
    let row = SessionRow {
        kind: input.kind,
        area: input.area,
        place: input.place,
        starts_at: input.starts_at,
        ends_at: input.ends_at,
        met: Json(json!(input.met)),
        outcomes: Json(json!(outcomes)),
        note: input.note,
        ..row
    };
    let participants = input
        .participants
        .into_iter()
        .map(|(user_id, minutes)| ParticipantRow {
            session_id: row.id,
            user_id,
            minutes,
        })
        .collect();
    SessionRecord {
        row,
        participants,
        now,
    }
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<OutreachSession>) -> Result<View> {
    let sealed = outreach_sessions::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}
