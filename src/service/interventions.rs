//! Interventions: offering one, what comes of it, and its follow-ups. What order of dates is possible is decided in
//! `domain::intervention`, who writes which measure in `policy`.
//!
//! The gate stands at the start: while it is closed, only measures that never wait for it begin, whatever day the start is
//! given, so that a start cannot be dated past it. What had begun before goes on. Neither the answer nor its words tell why.

use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::episodes::{self, EpisodeRow};
use crate::db::interventions::{self, InterventionFilter, InterventionRecord, InterventionRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::placements;
use crate::db::plans;
use crate::db::versions::keep_version;
use crate::domain::age::birthday_on;
use crate::domain::codes::{Measure, OfferAnswer, ResponsibleParty};
use crate::domain::id::{Episode, Id, Intervention, Youth};
use crate::domain::intervention::{
    Course, FollowUp, Frame, MeasureFollowUp, check_course, check_follow_ups, waits_for_gate,
};
use crate::domain::operation::Resource;
use crate::domain::plan::waits_for_plan;
use crate::error::{Error, ErrorCode, FieldCode, Result};
use crate::policy::decide::may_write_measure;
use crate::policy::reveal::View;
use chrono::NaiveDate;
use serde_json::Value;

const INPUTS: &[&str] = &[
    "episodeId",
    "kind",
    "answer",
    "offeredOn",
    "answeredOn",
    "startedOn",
    "endedOn",
    "endReason",
    "provider",
    "responsibleParty",
    "goal",
    "followUps",
];

/// Follow-ups of one intervention.
pub(super) const MOST_FOLLOW_UPS: usize = 50;

/// What an intervention's form says, besides the episode.
struct InterventionInput {
    kind: Measure,
    course: Course,
    provider: Option<String>,
    responsible_party: ResponsibleParty,
    goal: Option<String>,
    follow_ups: Vec<MeasureFollowUp>,
}

/// The interventions of the actor's scope, the latest offered first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_interventions(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = interventions::list(tx, &filter, request)?;
    reveal_page(tx, page)
}

/// The interventions of one youth, the latest offered first.
///
/// # Errors
/// 404 for a youth the actor may not know of; else as [`list_interventions`].
pub fn list_youth_interventions(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let filter = read_filter(tx, parameters)?;
    let page = interventions::list_of_youth(tx, youth_id, &filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<InterventionFilter> {
    must_read_filters(
        tx,
        Resource::Interventions,
        &form,
        &[
            ("kind", "kind"),
            ("answer", "answer"),
            ("isOpen", "endedOn"),
        ],
    )?;
    let filter = InterventionFilter {
        kind: form.code("kind"),
        answer: form.code("answer"),
        is_open: form.boolean("isOpen"),
    };
    form.finish()?;
    Ok(filter)
}

/// One intervention.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_intervention(tx: &mut AuditedTx<'_>, id: Id<Intervention>) -> Result<View> {
    let sealed = interventions::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Offers an intervention within an open episode. It may be told at once how it was answered and when it began.
///
/// # Errors
/// 404; 403 at `/kind` for a measure the actor does not write; 409 without an open episode, in a closed one, or when the
/// measure may not start; 422 with all fields that are wrong.
pub fn offer_intervention(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let id = offer(tx, youth_id, fields, &Value::Null)?;
    let sealed = interventions::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Offers an intervention, also where another deed brings it about: `known` are texts that stood before. Its version is kept;
/// whoever calls shows it, or notes it.
///
/// # Errors
/// As [`offer_intervention`].
pub(super) fn offer(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
    known: &Value,
) -> Result<Id<Intervention>> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::Interventions, &relation, fields)?;
    form.remember(known);
    let kind = read_kind(tx, &mut form)?;
    let episode = read_episode_of(tx, youth_id, &mut form)?;
    let birth_date = youth.row.birth_date;
    let input = read_input(tx, form, kind, None, episode.as_ref(), birth_date)?;
    let Some(episode) = episode else {
        return Err(Error::internal("a form without an error gave no episode"));
    };
    refuse_closed(&episode)?;
    if input.course.started_on.is_some() {
        pass_gate(tx, youth_id, input.kind)?;
        must_be_planned(tx, episode.id, input.kind)?;
    }
    let now = tx.timestamp();
    let row = InterventionRow {
        id: Id::fresh(),
        youth_id,
        episode_id: episode.id,
        kind: input.kind,
        answer: OfferAnswer::Offered,
        offered_on: input.course.offered_on,
        answered_on: None,
        started_on: None,
        ended_on: None,
        end_reason: None,
        provider: None,
        responsible_party: input.responsible_party,
        goal: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let record = filled(row, input);
    interventions::insert(tx, &permit, &record)?;
    keep_version(tx, &record)?;
    Ok(record.row.id)
}

/// Changes an intervention: the answer, its start and end, its follow-ups.
///
/// # Errors
/// 404; 403 at `/kind` for a measure the actor does not write; 412; 409 when the episode is closed or the measure may not
/// start; 422 with all fields that are wrong.
pub fn update_intervention(
    tx: &mut AuditedTx<'_>,
    id: Id<Intervention>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = interventions::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let record = sealed.for_rules().clone();
    let before = record.row.clone();
    refuse_unwritten(tx, before.kind)?;
    let kind = read_kind(tx, &mut form)?;
    let episode = episodes::find(tx, before.episode_id)?.ok_or(ErrorCode::NotFound)?;
    refuse_closed(&episode)?;
    // The place that was offered is one of this measure.
    if kind.is_some_and(|kind| kind != before.kind) && placements::is_behind(tx, id)? {
        form.wrong("kind", FieldCode::Immutable);
    }
    if form.id("episodeId") != Some(before.episode_id) {
        form.wrong("episodeId", FieldCode::Immutable);
    }
    let (youth, _) = load_for_rules(tx, before.youth_id)?;
    let birth_date = youth.row.birth_date;
    let input = read_input(tx, form, kind, Some(&record), Some(&episode), birth_date)?;
    if input.course.started_on.is_some() && before.started_on.is_none() {
        pass_gate(tx, before.youth_id, input.kind)?;
        must_be_planned(tx, before.episode_id, input.kind)?;
    }
    let mut record = filled(before, input);
    record.row.updated_at = tx.timestamp();
    record.row.version += 1;
    interventions::update(tx, &permit, &record)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<Intervention>) -> Result<View> {
    let sealed = interventions::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn filled(row: InterventionRow, input: InterventionInput) -> InterventionRecord {
    let mut follow_ups = input.follow_ups;
    follow_ups.sort_by_key(|follow_up| follow_up.day.due_on);
    InterventionRecord {
        row: InterventionRow {
            kind: input.kind,
            answer: input.course.answer,
            offered_on: input.course.offered_on,
            answered_on: input.course.answered_on,
            started_on: input.course.started_on,
            ended_on: input.course.ended_on,
            end_reason: input.course.end_reason,
            provider: input.provider,
            responsible_party: input.responsible_party,
            goal: input.goal,
            ..row
        },
        follow_ups,
    }
}

fn refuse_closed(episode: &EpisodeRow) -> Result<()> {
    if episode.is_open() {
        return Ok(());
    }
    Err(ErrorCode::EpisodeClosed.into())
}

fn refuse_unwritten(tx: &AuditedTx<'_>, kind: Measure) -> Result<()> {
    if may_write_measure(tx.actor(), kind) {
        return Ok(());
    }
    Err(Error::forbidden_field("/kind".to_owned()))
}

/// The kind of measure, if the actor writes it: that is told before anything else is looked at.
fn read_kind(tx: &AuditedTx<'_>, form: &mut Form) -> Result<Option<Measure>> {
    let kind = form.code("kind");
    if let Some(kind) = kind {
        refuse_unwritten(tx, kind)?;
    }
    Ok(form.require("kind", kind))
}

/// A measure begins only while the gate lets it.
fn pass_gate(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, kind: Measure) -> Result<()> {
    if !waits_for_gate(kind) || interventions::may_start_measures(tx, youth_id)? {
        return Ok(());
    }
    Err(ErrorCode::MeasuresNotOpen.into())
}

/// A measure begins only once there is a plan in the episode. It need not be older than the start: what has been is told as
/// it was, and the plan is what may not be missing.
fn must_be_planned(tx: &mut AuditedTx<'_>, episode_id: Id<Episode>, kind: Measure) -> Result<()> {
    if !waits_for_plan(kind) || plans::current_number(tx, episode_id)?.is_some() {
        return Ok(());
    }
    Err(ErrorCode::PlanMissing.into())
}

/// The episode an offer belongs to: the one named, or the only open one. `None` when the form has told why not.
///
/// # Errors
/// 409 when none is open.
fn read_episode_of(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    form: &mut Form,
) -> Result<Option<EpisodeRow>> {
    if form.has("episodeId") {
        let Some(id) = form.id::<Episode>("episodeId") else {
            return Ok(None);
        };
        let found = episodes::find(tx, id)?.filter(|episode| episode.youth_id == youth_id);
        if found.is_none() {
            form.wrong("episodeId", FieldCode::NoSuchRecord);
        }
        return Ok(found);
    }
    form.skip("episodeId");
    let mut open = episodes::find_open(tx, youth_id)?;
    if open.len() > 1 {
        form.wrong("episodeId", FieldCode::Required);
        return Ok(None);
    }
    match open.pop() {
        Some(episode) => Ok(Some(episode)),
        None => Err(ErrorCode::NoOpenEpisode.into()),
    }
}

/// Of a follow-up that stands and of which it is not told anew, where it is done stays as it was.
fn stood_at_host(days: &[MeasureFollowUp], due_on: NaiveDate) -> bool {
    days.iter()
        .any(|follow_up| follow_up.day.due_on == due_on && follow_up.is_at_host)
}

fn read_input(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    kind: Option<Measure>,
    before: Option<&InterventionRecord>,
    episode: Option<&EpisodeRow>,
    birth_date: NaiveDate,
) -> Result<InterventionInput> {
    let today = tx.today();
    let days = before
        .map(|record| record.follow_ups.as_slice())
        .unwrap_or_default();
    let before = before.map(|record| &record.row);
    // What has begun is what it is: another measure is another intervention, with its own start.
    if before.is_some_and(|row| row.started_on.is_some() && kind.is_some_and(|k| k != row.kind)) {
        form.wrong("kind", FieldCode::Immutable);
    }
    let responsible_party = form.code("responsibleParty");
    let responsible_party = form.require("responsibleParty", responsible_party);
    let provider = form.phrase("provider", 200);
    let goal = form.long_text("goal", 2000);
    screen(tx, &mut form)?;
    let course = read_course(&mut form, before, today);
    if let (Some(course), Some(episode)) = (&course, episode) {
        let frame = Frame {
            entered_on: episode.entered_on,
            exited_on: episode.exited_on,
            turns_20_on: birthday_on(birth_date, 20),
            today,
        };
        form.add(check_course(course, &frame));
    }
    let follow_ups = form
        .list("followUps", MOST_FOLLOW_UPS, |item| {
            let due_on = item.date("dueOn");
            let due_on = item.require("dueOn", due_on);
            let done_on = item.date("doneOn");
            let is_at_host = item.boolean("isAtHost");
            let due_on = due_on?;
            Some(MeasureFollowUp {
                day: FollowUp { due_on, done_on },
                is_at_host: is_at_host.unwrap_or_else(|| stood_at_host(days, due_on)),
            })
        })
        .unwrap_or_default();
    // Places in the list are told right only once every row could be read.
    if let (Some(course), true) = (&course, form.is_sound()) {
        let days: Vec<FollowUp> = follow_ups.iter().map(|follow_up| follow_up.day).collect();
        form.add(check_follow_ups(&days, course.offered_on, today));
    }
    let input = match (kind, course, responsible_party) {
        (Some(kind), Some(course), Some(responsible_party)) => Some(InterventionInput {
            kind,
            course,
            provider,
            responsible_party,
            goal,
            follow_ups,
        }),
        _ => None,
    };
    form.finish_with(input)
}

/// Reads where the intervention stands. `None` when a part of it could not be read, which the form has told.
fn read_course(
    form: &mut Form,
    before: Option<&InterventionRow>,
    today: NaiveDate,
) -> Option<Course> {
    let mut is_whole = true;
    let mut date = |form: &mut Form, name| {
        let is_sent = form.has(name);
        let read = form.date(name);
        is_whole &= is_sent == read.is_some();
        read
    };
    let answered_on = date(form, "answeredOn");
    let started_on = date(form, "startedOn");
    let ended_on = date(form, "endedOn");
    let names_reason = form.has("endReason");
    let end_reason = form.code("endReason");
    is_whole &= names_reason == end_reason.is_some();
    // A new offer is of today and unanswered if nothing is told; of one that exists, neither can be taken away.
    let is_new = before.is_none();
    let offered_on = if is_new && !form.has("offeredOn") {
        form.skip("offeredOn");
        Some(today)
    } else {
        let offered_on = form.date("offeredOn");
        form.require("offeredOn", offered_on)
    };
    let answer = if is_new && !form.has("answer") {
        form.skip("answer");
        Some(OfferAnswer::Offered)
    } else {
        let answer = form.code("answer");
        form.require("answer", answer)
    };
    if !is_whole {
        return None;
    }
    let answer = answer?;
    Some(Course {
        answer,
        offered_on: offered_on?,
        answered_on: answered_on.or_else(|| {
            // An answer of which no day is told was given today, or on the day the youth began.
            (answer != OfferAnswer::Offered).then(|| started_on.unwrap_or(today))
        }),
        started_on,
        ended_on,
        end_reason,
    })
}
