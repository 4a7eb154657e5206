//! Episodes: what is read about one, and how it is opened, changed and closed. An assignment alone makes a handler, so that
//! naming one here begins an assignment.
//!
//! Closing ends what is under way. A started intervention needs its end and reason from the one who closes; an unanswered
//! offer is withdrawn by itself, for nobody can answer it any more; an accepted offer that never began stays as it is,
//! because the yes was given and counts. Ending interventions is part of closing: whoever may close an episode ends them,
//! also where their role does not otherwise write interventions of that kind.

use super::assignments::{check_handler, set_handler};
use super::basis::Named;
use super::form::Form;
use super::outcome_checks;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::consents::OpenConsent;
use crate::db::episodes::{self, EpisodeFilter, EpisodeRecord, EpisodeRow};
use crate::db::interventions::{self, InterventionRecord};
use crate::db::notes_apart::{CarriedRow, set_carried};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::domain::age::birthday_on;
use crate::domain::codes::{DeregistrationReason, Destination, EndReason, OfferAnswer, Track};
use crate::domain::consent::{DataCategory, RecipientKind};
use crate::domain::disclosure::DisclosureBasis;
use crate::domain::episode::{
    Closing, Entry, check_closing, check_entry, is_somewhere, needs_destination,
};
use crate::domain::id::{Episode, Id, Intervention, User, Youth};
use crate::domain::intervention::{Course, Frame, check_course};
use crate::domain::notes_apart::CarriedBasis;
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::OutreachBasis;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{Permit, Sealed, View};
use chrono::NaiveDate;

const INPUTS: &[&str] = &[
    "track",
    "reason",
    "enteredOn",
    "handlerId",
    "basis",
    "basisText",
];

/// What is told only when an episode ends.
const OF_CLOSING: &[&str] = &[
    "exitedOn",
    "deregistrationReason",
    "destination",
    "destinationElsewhere",
];

/// Interventions that one closing may end.
const MOST_ENDED: usize = 100;

/// The episodes of the actor's scope, the latest begun first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_episodes(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = episodes::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The episodes of one youth, the latest begun first.
///
/// # Errors
/// 404 for a youth the actor may not know of; else as [`list_episodes`].
pub fn list_youth_episodes(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let filter = read_filter(tx, parameters)?;
    let page = episodes::list_of_youth(tx, youth_id, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<EpisodeFilter> {
    must_read_filters(
        tx,
        Resource::Episodes,
        &form,
        &[
            ("track", "track"),
            ("isOpen", "exitedOn"),
            ("handlerId", "handlerId"),
        ],
    )?;
    let filter = EpisodeFilter {
        track: form.code("track"),
        is_open: form.boolean("isOpen"),
        handler_id: form.id("handlerId"),
    };
    form.finish()?;
    Ok(filter)
}

/// One episode.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_episode(tx: &mut AuditedTx<'_>, id: Id<Episode>) -> Result<View> {
    let sealed = episodes::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Opens an episode. Whoever was in the track before begins anew; the earlier episodes stand.
///
/// # Errors
/// 404; 403 at `/handlerId`; 409 when one is open in the track; 422 with all fields that are wrong.
pub fn open_episode(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Episodes, &relation, fields)?;
    refuse_of_closing(&mut form);
    let track = form.code("track");
    let track = form.require("track", track);
    let reason = form.code("reason");
    let reason = form.require("reason", reason);
    let entered_on = read_entered_on(tx, &mut form);
    let handler_id = read_handler(tx, youth_id, &mut form)?;
    let (basis, basis_text) = read_basis(&mut form, track);
    screen(tx, &mut form)?;
    if let (Some(track), Some(entered_on)) = (track, entered_on) {
        let closed = episodes::closed_spans(tx, youth_id, track)?;
        let entry = Entry {
            track,
            entered_on,
            birth_date: youth.row.birth_date,
            closed: &closed,
            first_entry_on: None,
        };
        form.add(check_entry(&entry, tx.today()));
    }
    let input = match (track, reason, entered_on) {
        (Some(track), Some(reason), Some(entered_on)) => Some((track, reason, entered_on)),
        _ => None,
    };
    let (track, reason, entered_on) = form.finish_with(input)?;
    let open = episodes::find_open(tx, youth_id)?;
    if open.iter().any(|episode| episode.track == track) {
        return Err(ErrorCode::EpisodeOpen.into());
    }
    let now = tx.timestamp();
    let row = EpisodeRow {
        id: Id::fresh(),
        youth_id,
        unit_id: youth.row.unit_id,
        track,
        reason,
        entered_on,
        exited_on: None,
        deregistration_reason: None,
        destination: None,
        destination_elsewhere: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
        basis,
        basis_text,
        previous_episode_id: episodes::find_left(tx, &[youth_id])?.remove(&youth_id),
    };
    episodes::insert(tx, &permit, &row)?;
    outcome_checks::come_back(tx, &permit, &row)?;
    if handler_id.is_some() {
        set_handler(tx, &permit, youth_id, handler_id)?;
    }
    finish(tx, row.id)
}

/// Changes why or when an open episode began, or who answers for the youth.
///
/// # Errors
/// 404; 403 at `/handlerId`; 412; 409 when the episode is closed; 422 with all fields that are wrong.
pub fn update_episode(
    tx: &mut AuditedTx<'_>,
    id: Id<Episode>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = episodes::load(tx, id)?;
    let names_handler = patch.contains_key("handlerId");
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let mut row = sealed.for_rules().row.clone();
    if !row.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    refuse_of_closing(&mut form);
    if form.code("track") != Some(row.track) {
        form.wrong("track", FieldCode::Immutable);
    }
    let reason = form.code("reason");
    let reason = form.require("reason", reason);
    let entered_on = form.date("enteredOn");
    let entered_on = form.require("enteredOn", entered_on);
    // A handler who is not named stays, be it that their role has changed since.
    let handler_id = if names_handler {
        read_handler(tx, row.youth_id, &mut form)?
    } else {
        form.skip("handlerId");
        None
    };
    let (basis, basis_text) = read_basis(&mut form, Some(row.track));
    screen(tx, &mut form)?;
    if let Some(entered_on) = entered_on
        && entered_on != row.entered_on
    {
        let (youth, _) = load_for_rules(tx, row.youth_id)?;
        let closed = episodes::closed_spans(tx, row.youth_id, row.track)?;
        let entry = Entry {
            track: row.track,
            entered_on,
            birth_date: youth.row.birth_date,
            closed: &closed,
            first_entry_on: episodes::first_entry_on(tx, &row)?,
        };
        form.add(check_entry(&entry, tx.today()));
    }
    let (reason, entered_on) = form.finish_with(reason.zip(entered_on))?;
    row.reason = reason;
    row.entered_on = entered_on;
    row.basis = basis;
    row.basis_text = basis_text;
    row.updated_at = tx.timestamp();
    row.version += 1;
    episodes::update(tx, &permit, &row)?;
    if names_handler {
        set_handler(tx, &permit, row.youth_id, handler_id)?;
    }
    finish(tx, id)
}

/// What outreach rests on, with a text that says how; `kaa` rests on the law and has none.
fn read_basis(form: &mut Form, track: Option<Track>) -> (Option<OutreachBasis>, Option<String>) {
    let basis: Option<OutreachBasis> = form.code("basis");
    let text = form.long_text("basisText", 2000);
    if basis.is_some() && track == Some(Track::Kaa) {
        form.add([FieldError::with("/basis", FieldCode::NotWithOther, "track")]);
    }
    if basis.is_some() && text.is_none() {
        form.require("basisText", text.clone());
    }
    if text.is_some() && basis.is_none() && form.is_sound() {
        form.add([FieldError::with(
            "/basisText",
            FieldCode::NeedsOther,
            "basis",
        )]);
    }
    (basis, text)
}

fn refuse_of_closing(form: &mut Form) {
    for name in OF_CLOSING {
        if form.has(name) {
            form.wrong(name, FieldCode::SetByClosing);
        }
        form.skip(name);
    }
}

/// The first day: today, if none is told.
fn read_entered_on(tx: &AuditedTx<'_>, form: &mut Form) -> Option<NaiveDate> {
    if form.has("enteredOn") {
        form.date("enteredOn")
    } else {
        form.skip("enteredOn");
        Some(tx.today())
    }
}

fn read_handler(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    form: &mut Form,
) -> Result<Option<Id<User>>> {
    let handler_id = form.id("handlerId");
    if let Some(user_id) = handler_id
        && let Some(code) = check_handler(tx, youth_id, user_id)?
    {
        form.wrong("handlerId", code);
    }
    Ok(handler_id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Episode>) -> Result<View> {
    let sealed = episodes::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

/// Tells on what the notes of the duty follow into an outreach episode, or that they no longer do: a consent for our own
/// outreach that covers notes, or the youth's own request.
///
/// # Errors
/// 404; 412; 409 for an episode of the duty, one that is closed, or a withdrawn consent; 422 with all fields that are wrong.
pub fn set_carried_notes(
    tx: &mut AuditedTx<'_>,
    id: Id<Episode>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = episodes::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, fields, &[])?;
    let mut row = sealed.for_rules().row.clone();
    if row.track != Track::Outreach {
        return Err(ErrorCode::NotOutreach.into());
    }
    if !row.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    let carried = read_carried(tx, &row, form)?;
    set_carried(tx, &permit, &carried)?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    episodes::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn read_carried(tx: &mut AuditedTx<'_>, row: &EpisodeRow, mut form: Form) -> Result<CarriedRow> {
    let today = tx.today();
    let basis = form.code("basis");
    let basis = form.require("basis", basis);
    let named = Named {
        basis: Some(DisclosureBasis::Consent),
        consent_id: form.id("consentId"),
        reason: None,
    };
    let how = form.code("form");
    let given_on = if form.has("givenOn") {
        form.date("givenOn")
    } else {
        form.skip("givenOn");
        Some(today)
    };
    if given_on.is_some_and(|day| day > today) {
        form.wrong("givenOn", FieldCode::InFuture);
    }
    if basis == Some(CarriedBasis::Consent) {
        let kind = RecipientKind::OutreachTeam;
        let notes = [DataCategory::Notes];
        form.add(named.check::<OpenConsent>(tx, row.youth_id, kind, &notes, today)?);
    } else if basis.is_some() && named.consent_id.is_some() {
        form.add([FieldError::with(
            "/consentId",
            FieldCode::NotWithOther,
            "basis",
        )]);
    }
    if basis == Some(CarriedBasis::OwnRequest) && how.is_none() && form.is_sound() {
        form.wrong("form", FieldCode::Required);
    }
    let carried = basis.zip(given_on).map(|(basis, given_on)| CarriedRow {
        episode_id: row.id,
        basis,
        consent_id: named.consent_id,
        form: how,
        given_on,
        recorded_by: tx.actor().user_id(),
        recorded_at: tx.timestamp(),
    });
    form.finish_with(carried)
}

/// How an episode ends.
struct Exit {
    exited_on: NaiveDate,
    reason: DeregistrationReason,
    destination: Option<Destination>,
    is_elsewhere: Option<bool>,
    endings: Vec<Ending>,
}

/// How an intervention ends with the episode.
struct Ending {
    id: Id<Intervention>,
    ended_on: NaiveDate,
    reason: EndReason,
}

/// Closes an episode, and with it what was under way.
///
/// # Errors
/// 404; 412; 409 when it is closed already, or when started interventions are not ended with it (each is named); 422 with
/// all fields that are wrong.
pub fn close_episode(
    tx: &mut AuditedTx<'_>,
    id: Id<Episode>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let sealed = episodes::load(tx, id)?;
    close(tx, &sealed, version, fields)
}

/// Closes an episode that is loaded; also where another deed brings the end with it.
///
/// # Errors
/// As [`close_episode`].
pub(in crate::service) fn close(
    tx: &mut AuditedTx<'_>,
    sealed: &Sealed<EpisodeRecord>,
    version: i64,
    fields: Fields,
) -> Result<View> {
    let id = sealed.for_rules().row.id;
    let (permit, form) = begin_update(tx, sealed, version, fields, &[])?;
    let mut row = sealed.for_rules().row.clone();
    if !row.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    let (youth, _) = load_for_rules(tx, row.youth_id)?;
    let measures = interventions::of_episode(tx, id)?;
    let exit = read_exit(tx, &row, youth.row.birth_date, &measures, form)?;
    refuse_left_open(&measures, &exit.endings)?;
    end_measures(tx, &permit, measures, &exit)?;
    row.exited_on = Some(exit.exited_on);
    row.deregistration_reason = Some(exit.reason);
    row.destination = exit.destination;
    row.destination_elsewhere = exit.is_elsewhere;
    row.updated_at = tx.timestamp();
    row.version += 1;
    episodes::update(tx, &permit, &row)?;
    outcome_checks::schedule(tx, &permit, &row)?;
    finish(tx, id)
}

/// Closes an open `kaa` episode because the youth has turned 20 (skollagen 29:9), on the birthday: started interventions end
/// that day for that reason, unanswered offers are withdrawn. What the youth went to is not known by itself: the destination
/// stays empty, which statistics count as missing. Gives the day of exit; `None`, and nothing changed, when something is
/// dated after the birthday, so that a person must tell how it ended.
///
/// # Errors
/// The database does not answer.
pub(super) fn close_by_age(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    id: Id<Episode>,
    birth_date: NaiveDate,
    birthday: NaiveDate,
) -> Result<Option<NaiveDate>> {
    let Some(mut row) = episodes::find(tx, id)?.filter(EpisodeRow::is_open) else {
        return Ok(None);
    };
    let measures = interventions::of_episode(tx, id)?;
    let exited_on = birthday.max(row.entered_on);
    let reason = DeregistrationReason::Turned20;
    let closing = Closing {
        track: row.track,
        entered_on: row.entered_on,
        birth_date,
        exited_on: Some(exited_on),
        reason: Some(reason),
        destination: None,
        is_elsewhere: None,
        last_measure_on: measures
            .iter()
            .map(|measure| measure.row.course().last_on())
            .max(),
    };
    if !check_closing(&closing, tx.today()).is_empty() {
        return Ok(None);
    }
    let endings = measures
        .iter()
        .filter(|measure| measure.row.course().is_running())
        .map(|measure| Ending {
            id: measure.row.id,
            ended_on: exited_on,
            reason: EndReason::Turned20,
        })
        .collect();
    let exit = Exit {
        exited_on,
        reason,
        destination: None,
        is_elsewhere: None,
        endings,
    };
    end_measures(tx, permit, measures, &exit)?;
    row.exited_on = Some(exited_on);
    row.deregistration_reason = Some(reason);
    row.updated_at = tx.timestamp();
    row.version += 1;
    episodes::update(tx, permit, &row)?;
    let record = EpisodeRecord {
        row,
        handler_id: None,
        carried: None,
        last: None,
    };
    keep_version(tx, &record)?;
    tx.note(
        Resource::Episodes,
        Some(record.row.youth_id),
        Some(id.cast()),
        "exitedOn,deregistrationReason",
    );
    Ok(Some(exited_on))
}

fn read_exit(
    tx: &AuditedTx<'_>,
    row: &EpisodeRow,
    birth_date: NaiveDate,
    measures: &[InterventionRecord],
    mut form: Form,
) -> Result<Exit> {
    let today = tx.today();
    let exited_on = form.date("exitedOn");
    let exited_on = form.require("exitedOn", exited_on);
    let reason = form.code("deregistrationReason");
    let reason = form.require("deregistrationReason", reason);
    let mut destination = form.code("destination");
    if needs_destination(reason) {
        destination = form.require("destination", destination);
    }
    let mut is_elsewhere = form.boolean("destinationElsewhere");
    if destination.is_some_and(is_somewhere) {
        is_elsewhere = form.require("destinationElsewhere", is_elsewhere);
    }
    form.add(check_closing(
        &Closing {
            track: row.track,
            entered_on: row.entered_on,
            birth_date,
            exited_on,
            reason,
            destination,
            is_elsewhere,
            last_measure_on: measures
                .iter()
                .map(|measure| measure.row.course().last_on())
                .max(),
        },
        today,
    ));
    let frame = Frame {
        entered_on: row.entered_on,
        exited_on,
        turns_20_on: birthday_on(birth_date, 20),
        today,
    };
    let mut named = Vec::new();
    let endings = form
        .list("interventions", MOST_ENDED, |item| {
            read_ending(item, measures, &frame, &mut named)
        })
        .unwrap_or_default();
    let exit = exited_on.zip(reason).map(|(exited_on, reason)| Exit {
        exited_on,
        reason,
        destination,
        is_elsewhere,
        endings,
    });
    form.finish_with(exit)
}

fn read_ending(
    item: &mut Form,
    measures: &[InterventionRecord],
    frame: &Frame,
    named: &mut Vec<Id<Intervention>>,
) -> Option<Ending> {
    let id: Option<Id<Intervention>> = item.id("id");
    let id = item.require("id", id);
    let ended_on = item.date("endedOn");
    let ended_on = item.require("endedOn", ended_on);
    let reason = item.code("endReason");
    let reason = item.require("endReason", reason);
    let id = id?;
    let running = measures
        .iter()
        .find(|measure| measure.row.id == id && measure.row.course().is_running());
    let Some(measure) = running else {
        item.wrong("id", FieldCode::NoSuchRecord);
        return None;
    };
    if named.contains(&id) {
        item.wrong("id", FieldCode::Taken);
        return None;
    }
    named.push(id);
    let (ended_on, reason) = ended_on.zip(reason)?;
    let ended = Course {
        ended_on: Some(ended_on),
        end_reason: Some(reason),
        ..measure.row.course()
    };
    // Its earlier dates stand already; what they forbid is told at the day of exit.
    item.add(
        check_course(&ended, frame)
            .into_iter()
            .filter(|problem| matches!(problem.pointer.as_str(), "/endedOn" | "/endReason")),
    );
    Some(Ending {
        id,
        ended_on,
        reason,
    })
}

/// Every started intervention must be ended with the episode; those left out are named.
fn refuse_left_open(measures: &[InterventionRecord], endings: &[Ending]) -> Result<()> {
    let fields: Vec<FieldError> = measures
        .iter()
        .map(|measure| &measure.row)
        .filter(|row| row.course().is_running() && !endings.iter().any(|end| end.id == row.id))
        .map(|row| {
            FieldError::with(
                "/interventions",
                FieldCode::InterventionOpen,
                row.id.to_string(),
            )
        })
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(Error {
        fields,
        ..Error::from(ErrorCode::InterventionsOpen)
    })
}

fn end_measures(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    measures: Vec<InterventionRecord>,
    exit: &Exit,
) -> Result<()> {
    for mut measure in measures {
        let row = &mut measure.row;
        let changed = if let Some(end) = exit.endings.iter().find(|end| end.id == row.id) {
            row.ended_on = Some(end.ended_on);
            row.end_reason = Some(end.reason);
            "endedOn,endReason"
        } else if row.course().awaits_answer() {
            row.answer = OfferAnswer::Withdrawn;
            row.answered_on = Some(exit.exited_on);
            "answer,answeredOn"
        } else {
            continue;
        };
        row.updated_at = tx.timestamp();
        row.version += 1;
        interventions::update(tx, permit, &measure)?;
        keep_version(tx, &measure)?;
        tx.note(
            Resource::Interventions,
            Some(measure.row.youth_id),
            Some(measure.row.id.cast()),
            changed,
        );
    }
    Ok(())
}
