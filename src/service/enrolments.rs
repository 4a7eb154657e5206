//! Enrolments: the places of a youth at schools, by whoever has it from the school, the youth or a paper. What an enrolment
//! means for the target group is decided in `domain::target_group`.

use super::facts::{read_municipality, read_source, read_void_reason, refuse_void};
use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::enrolments::{self, EnrolmentRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::db::youths::YouthRecord;
use crate::domain::id::{Enrolment, Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::{FactSource, ProgrammeKind, SchoolType};
use crate::domain::target_group::{EnrolmentFact, check_enrolment};
use crate::error::{FieldCode, Result};
use crate::policy::reveal::View;

const INPUTS: &[&str] = &[
    "schoolType",
    "programmeKind",
    "studyPathCode",
    "school",
    "municipalityCode",
    "admittedOn",
    "startsOn",
    "endsOn",
    "isCancelled",
    "source",
    "voidReason",
];

struct EnrolmentInput {
    fact: EnrolmentFact,
    study_path_code: Option<String>,
    school: Option<String>,
    municipality_code: Option<String>,
    source: FactSource,
    void_reason: Option<String>,
}

/// The enrolments of a youth, the latest entered first, void ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_enrolments(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = enrolments::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One enrolment.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_enrolment(tx: &mut AuditedTx<'_>, id: Id<Enrolment>) -> Result<View> {
    let sealed = enrolments::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters an enrolment. One that begins later is known from today, unless the day of the admission is told.
///
/// # Errors
/// 404; 403 with a pointer; 422 with all fields that are wrong.
pub fn add_enrolment(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, fields: Fields) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Enrolments, &relation, fields)?;
    let input = read_input(tx, &youth, &mut form, false);
    let input = form.finish_with(input)?;
    let now = tx.timestamp();
    let empty = EnrolmentRow {
        id: Id::fresh(),
        youth_id,
        school_type: input.fact.school_type,
        programme_kind: input.fact.programme,
        study_path_code: None,
        school: None,
        municipality_code: None,
        admitted_on: None,
        starts_on: None,
        ends_on: None,
        is_cancelled: false,
        source: input.source,
        void_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let row = filled(empty, input);
    enrolments::insert_many(tx, &permit, std::slice::from_ref(&row))?;
    finish(tx, row.id)
}

/// Changes an enrolment, or marks it void.
///
/// # Errors
/// 404; 403 with a pointer; 412; 409 when it is void; 422 with all fields that are wrong.
pub fn update_enrolment(
    tx: &mut AuditedTx<'_>,
    id: Id<Enrolment>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = enrolments::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().clone();
    refuse_void(before.void_reason.as_ref())?;
    let (youth, _) = load_for_rules(tx, before.youth_id)?;
    let input = read_input(tx, &youth, &mut form, true);
    screen(tx, &mut form)?;
    let input = form.finish_with(input)?;
    let mut row = filled(before, input);
    row.updated_at = tx.timestamp();
    row.version += 1;
    enrolments::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn filled(row: EnrolmentRow, input: EnrolmentInput) -> EnrolmentRow {
    EnrolmentRow {
        school_type: input.fact.school_type,
        programme_kind: input.fact.programme,
        study_path_code: input.study_path_code,
        school: input.school,
        municipality_code: input.municipality_code,
        admitted_on: input.fact.admitted_on,
        starts_on: input.fact.starts_on,
        ends_on: input.fact.ends_on,
        is_cancelled: input.fact.is_cancelled,
        source: input.source,
        void_reason: input.void_reason,
        ..row
    }
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Enrolment>) -> Result<View> {
    let sealed = enrolments::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn read_input(
    tx: &AuditedTx<'_>,
    youth: &YouthRecord,
    form: &mut Form,
    may_be_void: bool,
) -> Option<EnrolmentInput> {
    let today = tx.today();
    let void_reason = if may_be_void {
        read_void_reason(form)
    } else {
        None
    };
    let school_type: Option<SchoolType> = form.code("schoolType");
    let school_type = form.require("schoolType", school_type);
    let names_programme = form.has("programmeKind");
    let programme: Option<ProgrammeKind> = form.code("programmeKind");
    let study_path_code = form.text("studyPathCode", 20);
    let school = form.text("school", 200);
    if school.is_some() && youth.row.protection_level.holds_no_address() {
        form.wrong("school", FieldCode::NotForProtected);
    }
    let municipality_code = read_municipality(form, youth.row.protection_level);
    let mut is_whole = names_programme == programme.is_some();
    let mut date = |form: &mut Form, name| {
        let is_sent = form.has(name);
        let read = form.date(name);
        is_whole &= is_sent == read.is_some();
        read
    };
    let starts_on = date(form, "startsOn");
    let ends_on = date(form, "endsOn");
    let admitted_on = date(form, "admittedOn").or_else(|| {
        starts_on
            .filter(|starts_on| *starts_on > today)
            .map(|_| today)
    });
    let is_cancelled = form.boolean("isCancelled").unwrap_or(false);
    let source = read_source(form, void_reason.is_some());
    let fact = EnrolmentFact {
        school_type: school_type?,
        programme: programme.unwrap_or(ProgrammeKind::Unknown),
        admitted_on,
        starts_on,
        ends_on,
        is_cancelled,
    };
    if void_reason.is_none() && is_whole {
        form.add(check_enrolment(&fact, youth.row.birth_date, today));
    }
    Some(EnrolmentInput {
        fact,
        study_path_code,
        school,
        municipality_code,
        source: source?,
        void_reason,
    })
}
