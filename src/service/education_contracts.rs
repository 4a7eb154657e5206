//! Education contracts: made in the outreach track, signed, followed up and ended. What a contract must hold is decided in
//! `domain::education_contract`.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::load_for_rules;
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::education_contracts::{self, EducationContractRecord, EducationContractRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::types::Json;
use crate::db::versions::keep_version;
use crate::db::{periods, settings};
use crate::domain::codes::{Code, Track};
use crate::domain::education_contract::{
    ContractCourse, ContractDays, ContractFrame, ContractParty, check_contract_follow_ups,
    check_courses, check_days, check_parties,
};
use crate::domain::id::{EducationContract, Episode, Id, Youth};
use crate::domain::intervention::FollowUp;
use crate::domain::operation::Resource;
use crate::domain::period::Period;
use crate::error::{ErrorCode, FieldCode, Result};
use crate::policy::reveal::View;
use chrono::NaiveDate;
use serde_json::{Value, json};

const INPUTS: &[&str] = &[
    "episodeId",
    "parties",
    "courses",
    "startsOn",
    "endsOn",
    "signedOn",
    "endedOn",
    "endReason",
    "followUps",
];

/// Parties, courses and follow-ups of one contract.
const MOST: usize = 50;

/// What a contract's form says, besides the episode.
struct ContractInput {
    parties: Vec<ContractParty>,
    courses: Vec<ContractCourse>,
    days: ContractDays,
    follow_ups: Vec<FollowUp>,
}

/// The contracts of one youth, the latest to begin first.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_youth_education_contracts(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    super::youths::visible_relation(tx, youth_id)?;
    let page = education_contracts::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One contract.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_education_contract(tx: &mut AuditedTx<'_>, id: Id<EducationContract>) -> Result<View> {
    let sealed = education_contracts::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes a contract in an open episode of the outreach track.
///
/// # Errors
/// 403 with a pointer, 404, 409 without an open episode in the track or in a closed one, 422 with all fields that are wrong.
pub fn create_education_contract(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::EducationContracts, &relation, fields)?;
    let period = read_outreach(tx, &mut form, youth_id)?;
    let (input, period) = read_input(tx, form, period, youth.row.birth_date)?;
    let now = tx.timestamp();
    let row = EducationContractRow {
        id: Id::fresh(),
        youth_id,
        episode_id: period.id,
        parties: Json(Value::Null),
        courses: Json(Value::Null),
        starts_on: input.days.starts_on,
        ends_on: input.days.ends_on,
        signed_on: None,
        ended_on: None,
        end_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let record = filled(row, input);
    education_contracts::insert(tx, &permit, &record)?;
    finish(tx, record.row.id)
}

/// Changes a contract: signed, followed up, ended, or corrected.
///
/// # Errors
/// 403 with a pointer, 404, 412, 409 when the episode is closed, 422 with all fields that are wrong.
pub fn update_education_contract(
    tx: &mut AuditedTx<'_>,
    id: Id<EducationContract>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = education_contracts::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let before = sealed.for_rules().row.clone();
    let (youth, _) = load_for_rules(tx, before.youth_id)?;
    let period = read_outreach(tx, &mut form, before.youth_id)?;
    if period.is_some_and(|period| period.id != before.episode_id) {
        form.wrong("episodeId", FieldCode::Immutable);
    }
    let (input, _) = read_input(tx, form, period, youth.row.birth_date)?;
    let mut record = filled(before, input);
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    education_contracts::update(tx, &permit, &record)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<EducationContract>) -> Result<View> {
    let sealed = education_contracts::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn filled(row: EducationContractRow, input: ContractInput) -> EducationContractRecord {
    let mut follow_ups = input.follow_ups;
    follow_ups.sort_by_key(|follow_up| follow_up.due_on);
    EducationContractRecord {
        row: EducationContractRow {
            parties: Json(input.parties.iter().map(party_document).collect()),
            courses: Json(input.courses.iter().map(course_document).collect()),
            starts_on: input.days.starts_on,
            ends_on: input.days.ends_on,
            signed_on: input.days.signed_on,
            ended_on: input.days.ended_on,
            end_reason: input.days.end_reason,
            ..row
        },
        follow_ups,
    }
}

fn party_document(party: &ContractParty) -> Value {
    json!({"kind": party.kind.code(), "name": party.name, "undertaking": party.undertaking})
}

fn course_document(course: &ContractCourse) -> Value {
    json!({
        "name": course.name,
        "code": course.code,
        "provider": course.provider,
        "startsOn": course.starts_on,
        "endsOn": course.ends_on,
        "points": course.points,
    })
}

/// The episode of the outreach track that is named, or the open one. `None`: the form has told why not.
///
/// # Errors
/// 409 when none is named and none is open in the track.
fn read_outreach(
    tx: &mut AuditedTx<'_>,
    form: &mut Form,
    youth_id: Id<Youth>,
) -> Result<Option<Period>> {
    let is_named = form.has("episodeId");
    let named: Option<Id<Episode>> = form.id("episodeId");
    let mut all = periods::of_youth(tx, youth_id)?.into_iter();
    if !is_named {
        let open = all.find(|period| period.track == Track::Outreach && period.exited_on.is_none());
        return match open {
            Some(period) => Ok(Some(period)),
            None => Err(ErrorCode::NoOpenEpisode.into()),
        };
    }
    let period = named.and_then(|id| all.find(|period| period.id == id));
    match period {
        Some(period) if period.track == Track::Outreach => return Ok(Some(period)),
        Some(_) => form.wrong("episodeId", FieldCode::OutreachOnly),
        None if named.is_some() => form.wrong("episodeId", FieldCode::NoSuchRecord),
        None => {}
    }
    Ok(None)
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    period: Option<Period>,
    birth_date: NaiveDate,
) -> Result<(ContractInput, Period)> {
    let today = tx.today();
    let input = read_fields(&mut form);
    screen(tx, &mut form)?;
    if let (Some(input), Some(period), true) = (&input, &period, form.is_sound()) {
        let frame = ContractFrame {
            birth_date,
            entered_on: period.entered_on,
            today,
            rules: settings::load(tx)?.contract,
        };
        form.add(check_parties(&input.parties));
        form.add(check_courses(&input.courses));
        form.add(check_days(&input.days, &frame));
        form.add(check_contract_follow_ups(
            &input.follow_ups,
            input.days.starts_on,
            today,
        ));
    }
    let (input, period) = form.finish_with(input.zip(period))?;
    if period.exited_on.is_some() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    Ok((input, period))
}

fn read_fields(form: &mut Form) -> Option<ContractInput> {
    let parties = form
        .list("parties", MOST, |party| {
            let kind = party.code("kind");
            let kind = party.require("kind", kind);
            let name = party.phrase("name", 200);
            let name = party.require("name", name);
            let undertaking = party.long_text("undertaking", 2000);
            let undertaking = party.require("undertaking", undertaking);
            Some(ContractParty {
                kind: kind?,
                name: name?,
                undertaking: undertaking?,
            })
        })
        .unwrap_or_default();
    let courses = form
        .list("courses", MOST, |course| {
            let name = course.text("name", 200);
            let name = course.require("name", name);
            let code = course.text("code", 40);
            let provider = course.text("provider", 200);
            let provider = course.require("provider", provider);
            let starts_on = course.date("startsOn");
            let starts_on = course.require("startsOn", starts_on);
            let ends_on = course.date("endsOn");
            let ends_on = course.require("endsOn", ends_on);
            let points = course.integer("points", 1..=5000);
            Some(ContractCourse {
                name: name?,
                code,
                provider: provider?,
                starts_on: starts_on?,
                ends_on: ends_on?,
                points,
            })
        })
        .unwrap_or_default();
    let starts_on = form.date("startsOn");
    let starts_on = form.require("startsOn", starts_on);
    let ends_on = form.date("endsOn");
    let ends_on = form.require("endsOn", ends_on);
    let signed_on = form.date("signedOn");
    let ended_on = form.date("endedOn");
    let end_reason = form.code("endReason");
    let follow_ups = form
        .list("followUps", MOST, |due| {
            let due_on = due.date("dueOn");
            let due_on = due.require("dueOn", due_on);
            let done_on = due.date("doneOn");
            Some(FollowUp {
                due_on: due_on?,
                done_on,
            })
        })
        .unwrap_or_default();
    Some(ContractInput {
        parties,
        courses,
        days: ContractDays {
            starts_on: starts_on?,
            ends_on: ends_on?,
            signed_on,
            ended_on,
            end_reason,
        },
        follow_ups,
    })
}
