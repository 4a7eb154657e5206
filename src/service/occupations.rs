//! Occupations: what was ascertained of what a youth does, the spells that follow, and who must be asked again. How long
//! knowledge counts and which of two observations wins is decided in `domain::occupation`.
//!
//! A contact that tells an occupation records it by itself, and a correction of the contact corrects it: what the contact
//! said is not changed here, only completed or taken back.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, must_read, reveal_page};
use crate::clock::day_of;
use crate::db::audited::AuditedTx;
use crate::db::contacts::ContactRow;
use crate::db::episodes;
use crate::db::occupations::{self, OccupationRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::versions::keep_version;
use crate::domain::codes::{MetWho, Occupation};
use crate::domain::id::{Id, OccupationObservation, Youth};
use crate::domain::occupation::{
    ObservationFacts, OccupationRules, OccupationSource, check_observation, current, spells,
    valid_until,
};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{Permit, View};
use chrono::{Days, NaiveDate};

const INPUTS: &[&str] = &[
    "kind",
    "startsOn",
    "asOfOn",
    "source",
    "expectedEndOn",
    "place",
    "isVoid",
    "voidReason",
];

/// What an observation's form says.
struct OccupationInput {
    kind: Occupation,
    starts_on: Option<NaiveDate>,
    as_of_on: NaiveDate,
    source: OccupationSource,
    expected_end_on: Option<NaiveDate>,
    place: Option<String>,
    is_void: bool,
    void_reason: Option<String>,
}

/// The observations of one youth, the latest ascertained first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_occupations(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = occupations::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// The spells of a youth's occupation, the earliest first; the last goes on today.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_occupation_spells(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let spells = spells(&occupations::of_youth(tx, youth_id)?, tx.today());
    let page = occupations::page_of_spells(tx, youth_id, spells, request)?;
    reveal_page(tx, page)
}

/// The youths with an open episode whose occupation has lapsed or will have before a day (`before`; four weeks from today if
/// nothing is told), the soonest first; of one handler (`handlerId`), if one is named.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_lapsing_occupations(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read(tx, Resource::Youths, "occupationValidUntil", "before")?;
    let days = u64::from(rules(tx)?.lapsing_days);
    let handler_id = form.id("handlerId");
    let before = form.date("before");
    form.finish()?;
    let before = before.unwrap_or_else(|| tx.today() + Days::new(days));
    let page = occupations::list_lapsing(tx, before, handler_id, request)?;
    reveal_page(tx, page)
}

/// One observation.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_occupation(tx: &mut AuditedTx<'_>, id: Id<OccupationObservation>) -> Result<View> {
    let sealed = occupations::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Records what was ascertained of a youth with an open episode. The day is today if none is told.
///
/// # Errors
/// 403 with a pointer, 404, 409 without an open episode, 422 with all fields that are wrong.
pub fn record_occupation(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Occupations, &relation, fields)?;
    for name in ["isVoid", "voidReason"] {
        if form.names(name) {
            form.wrong(name, FieldCode::NotAtFirst);
            form.skip(name);
        }
    }
    let input = read_input(tx, form, None, youth.row.birth_date)?;
    // Nothing is gathered about somebody whom neither track concerns (förordning 2006:39, 3 §).
    if episodes::find_open(tx, youth_id)?.is_empty() {
        return Err(ErrorCode::NoOpenEpisode.into());
    }
    let now = tx.timestamp();
    let row = OccupationRow {
        id: Id::fresh(),
        youth_id,
        contact_id: None,
        kind: input.kind,
        starts_on: None,
        as_of_on: input.as_of_on,
        source: input.source,
        expected_end_on: None,
        valid_until: None,
        place: None,
        is_void: false,
        void_reason: None,
        recorded_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = filled(tx, row, input)?;
    occupations::insert(tx, &permit, &row)?;
    finish(tx, &permit, &row)
}

/// Corrects an observation, completes it, or takes it back with a reason: by whoever recorded it, or the responsible
/// handler. What a contact told is corrected with the contact.
///
/// # Errors
/// 403, 404, 412, 422 with all fields that are wrong.
pub fn update_occupation(
    tx: &mut AuditedTx<'_>,
    id: Id<OccupationObservation>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = occupations::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    let (youth, _) = load_for_rules(tx, before.youth_id)?;
    let input = read_input(tx, form, Some(&before), youth.row.birth_date)?;
    let mut row = filled(tx, before, input)?;
    row.updated_at = tx.timestamp();
    row.version += 1;
    occupations::update(tx, &permit, &row)?;
    finish(tx, &permit, &row)
}

/// Records what a contact told of the occupation, or what it tells once corrected, by the permit of the contact.
///
/// # Errors
/// The database does not answer.
pub(super) fn follow_contact(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    contact: &ContactRow,
) -> Result<()> {
    let before = occupations::find_of_contact(tx, contact.id)?;
    let as_of_on = day_of(contact.occurred_at.utc());
    let now = tx.timestamp();
    let row = match (before, contact.occupation) {
        (None, None) => return Ok(()),
        (None, Some(kind)) => OccupationRow {
            id: Id::fresh(),
            youth_id: contact.youth_id,
            contact_id: Some(contact.id),
            kind,
            starts_on: None,
            as_of_on,
            source: source_of(contact.met_who),
            expected_end_on: None,
            valid_until: valid_until(kind, as_of_on, None, &rules(tx)?),
            place: None,
            is_void: false,
            void_reason: None,
            recorded_by: Some(contact.author_id),
            created_at: now,
            updated_at: now,
            version: 1,
        },
        (Some(before), kind) => {
            let said = (before.kind, before.as_of_on, before.source, before.is_void);
            let kind_now = kind.unwrap_or(before.kind);
            let source = source_of(contact.met_who);
            let is_void = kind.is_none();
            if said == (kind_now, as_of_on, source, is_void) {
                return Ok(());
            }
            // What was completed here stays as far as it goes together with what the contact says now.
            let starts_on = before.starts_on.filter(|start| *start <= as_of_on);
            let expected_end_on = before
                .expected_end_on
                .filter(|end| *end > as_of_on && crate::domain::occupation::is_known(kind_now));
            OccupationRow {
                kind: kind_now,
                starts_on,
                as_of_on,
                source,
                expected_end_on,
                valid_until: valid_until(kind_now, as_of_on, expected_end_on, &rules(tx)?),
                is_void,
                void_reason: is_void.then(|| CONTACT_CORRECTED.to_owned()),
                updated_at: now,
                version: before.version + 1,
                ..before
            }
        }
    };
    if row.version == 1 {
        occupations::insert(tx, permit, &row)?;
    } else {
        occupations::update(tx, permit, &row)?;
    }
    keep(tx, permit, &row)?;
    tx.note(
        Resource::Occupations,
        Some(row.youth_id),
        Some(row.id.cast()),
        "kind,asOfOn,source",
    );
    Ok(())
}

/// Why an observation does not count when the contact that told it no longer tells it.
const CONTACT_CORRECTED: &str = "Kontakten rättades.";

const fn source_of(met_who: MetWho) -> OccupationSource {
    match met_who {
        MetWho::Youth => OccupationSource::Youth,
        MetWho::Guardian => OccupationSource::Guardian,
        MetWho::School => OccupationSource::School,
        MetWho::Authority => OccupationSource::Authority,
        MetWho::Other => OccupationSource::Other,
    }
}

/// The rules in force.
fn rules(tx: &mut AuditedTx<'_>) -> Result<OccupationRules> {
    Ok(settings::load(tx)?.occupation)
}

fn finish(tx: &mut AuditedTx<'_>, permit: &Permit, row: &OccupationRow) -> Result<View> {
    keep(tx, permit, row)?;
    let sealed = occupations::load(tx, row.id)?;
    tx.reveal(&sealed)
}

/// Keeps the version, and what the youth does now.
fn keep(tx: &mut AuditedTx<'_>, permit: &Permit, row: &OccupationRow) -> Result<()> {
    keep_version(tx, row)?;
    let observations = occupations::of_youth(tx, row.youth_id)?;
    let current = current(&observations, tx.today());
    occupations::set_current(tx, permit, row.youth_id, current)
}

fn filled(
    tx: &mut AuditedTx<'_>,
    row: OccupationRow,
    input: OccupationInput,
) -> Result<OccupationRow> {
    let rules = rules(tx)?;
    Ok(OccupationRow {
        kind: input.kind,
        starts_on: input.starts_on,
        as_of_on: input.as_of_on,
        source: input.source,
        expected_end_on: input.expected_end_on,
        valid_until: valid_until(input.kind, input.as_of_on, input.expected_end_on, &rules),
        place: input.place,
        is_void: input.is_void,
        void_reason: input.void_reason,
        ..row
    })
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    before: Option<&OccupationRow>,
    birth_date: NaiveDate,
) -> Result<OccupationInput> {
    let today = tx.today();
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let starts_on = form.date("startsOn");
    let as_of_on = if before.is_none() && !form.has("asOfOn") {
        form.skip("asOfOn");
        Some(today)
    } else {
        let as_of_on = form.date("asOfOn");
        form.require("asOfOn", as_of_on)
    };
    let source = form.code("source");
    let source = form.require("source", source);
    let expected_end_on = form.date("expectedEndOn");
    let place = form.phrase("place", 200);
    let is_void = form.boolean("isVoid").unwrap_or(false);
    let void_reason = form.phrase("voidReason", 500);
    screen(tx, &mut form)?;
    if is_void && void_reason.is_none() {
        form.add([FieldError::with(
            "/isVoid",
            FieldCode::NeedsOther,
            "voidReason",
        )]);
    } else if void_reason.is_some() && !is_void {
        form.add([FieldError::with(
            "/voidReason",
            FieldCode::NeedsOther,
            "isVoid",
        )]);
    }
    if let Some(before) = before.filter(|before| before.contact_id.is_some()) {
        let changes = [
            ("kind", kind.is_some_and(|kind| kind != before.kind)),
            ("asOfOn", as_of_on.is_some_and(|day| day != before.as_of_on)),
            ("source", source.is_some_and(|word| word != before.source)),
        ];
        for (name, _) in changes.iter().filter(|(_, is_changed)| *is_changed) {
            form.wrong(name, FieldCode::ToldByContact);
        }
    }
    if let (Some(kind), Some(as_of_on), true) = (kind, as_of_on, form.is_sound()) {
        let facts = ObservationFacts {
            kind,
            starts_on,
            as_of_on,
            expected_end_on,
            birth_date,
        };
        form.add(check_observation(&facts, today));
    }
    let input = match (kind, as_of_on, source) {
        (Some(kind), Some(as_of_on), Some(source)) => Some(OccupationInput {
            kind,
            starts_on,
            as_of_on,
            source,
            expected_end_on,
            place,
            is_void,
            void_reason,
        }),
        _ => None,
    };
    form.finish_with(input)
}
