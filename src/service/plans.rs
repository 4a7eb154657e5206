//! Plans: revisions that build on each other, their follow-ups, and the youth's own copy. A revision is never changed: what
//! changes is written as the next, which names the one it builds on, so that nobody overwrites what they have not seen.

use super::form::Form;
use super::periods::read_period;
use super::sensitive_terms::screen;
use super::youths::visible_relation;
use super::{Fields, begin_create, must_read_filters, reveal_page};
use crate::clock::day_of;
use crate::db::audited::AuditedTx;
use crate::db::interventions;
use crate::db::paging::{Page, PageRequest};
use crate::db::plans::{self, PlanRevisionRow, item_document};
use crate::db::types::Json;
use crate::domain::id::{Episode, Id, Intervention, PlanFollowUp, PlanRevision, Youth};
use crate::domain::operation::Resource;
use crate::domain::plan::{
    Agreement, PlanFollowUpKind, PlanGoal, PlanItem, check_agreement, check_follow_ups, check_items,
};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::{View, may_write};
use chrono::NaiveDate;
use serde_json::Value;

/// Items and follow-ups of one revision.
const MOST: usize = 50;

/// The youth's own copy of a plan: what stands on it, and nothing else.
pub struct PlanCopy {
    pub youth: String,
    pub unit: String,
    pub made_by: Option<String>,
    pub made_on: NaiveDate,
    pub number: i64,
    pub planning_text: String,
    pub goal_type: PlanGoal,
    pub goal_text: String,
    pub items: Vec<PlanItem>,
    /// Day, what is done, and when it was.
    pub follow_ups: Vec<(NaiveDate, PlanFollowUpKind, Option<NaiveDate>)>,
    pub agreement: Option<Agreement>,
}

/// What a revision's form says, besides the episode and what it builds on.
struct PlanInput {
    planning_text: String,
    goal_type: PlanGoal,
    goal_text: String,
    items: Vec<PlanItem>,
    follow_ups: Vec<(NaiveDate, PlanFollowUpKind)>,
    agreement: Option<Agreement>,
}

/// The revisions of one youth, the latest first; of one episode (`episodeId`), if one is named.
///
/// # Errors
/// 400 for a wrong parameter, 404 for a youth the actor may not know of.
pub fn list_youth_plan_revisions(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    mut form: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let filters = [("episodeId", "episodeId")];
    must_read_filters(tx, Resource::PlanRevisions, &form, &filters)?;
    let episode_id: Option<Id<Episode>> = form.id("episodeId");
    form.finish()?;
    let page = plans::list_of_youth(tx, youth_id, episode_id, request)?;
    reveal_page(tx, page)
}

/// One revision.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_plan_revision(tx: &mut AuditedTx<'_>, id: Id<PlanRevision>) -> Result<View> {
    let sealed = plans::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Makes the next revision of the plan of an open episode. It builds on the one in force, or on none if it is the first.
///
/// # Errors
/// 403 with a pointer; 404; 409 without an open episode or in a closed one; 412 with the number in force when it builds on
/// another; 422 with all fields that are wrong.
pub fn create_plan_revision(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let relation = visible_relation(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::PlanRevisions, &relation, fields)?;
    let today = tx.today();
    let names_base = form.has("basedOn");
    let based_on = form.integer("basedOn", 1..=1_000_000);
    let period = read_period(tx, &mut form, youth_id, today)?;
    let input = read_fields(&mut form);
    if let (Some(period), Some(number)) = (&period, based_on) {
        // What stands in the plan already is not asked for again.
        let before = plans::texts_of(tx, period.id, number)?;
        form.remember(&before);
    }
    screen(tx, &mut form)?;
    if let (Some(input), Some(period), true) = (&input, &period, form.is_sound()) {
        form.add(check_items(&input.items, today));
        form.add(check_follow_ups(&input.follow_ups, today));
        if let Some(agreement) = &input.agreement {
            form.add(check_agreement(agreement, period.entered_on, today));
        }
        let theirs = interventions::of_episode(tx, period.id)?;
        let is_theirs = |id: Id<Intervention>| theirs.iter().any(|known| known.row.id == id);
        for (place, item) in input.items.iter().enumerate() {
            if item.intervention_id.is_some_and(|id| !is_theirs(id)) {
                form.add([FieldError::new(
                    format!("/items/{place}/interventionId"),
                    FieldCode::NoSuchRecord,
                )]);
            }
        }
    }
    if let (true, Some(period)) = (form.is_sound() && based_on.is_some() == names_base, &period) {
        let current = plans::current_number(tx, period.id)?;
        match (current, based_on) {
            (Some(current), based_on) if based_on != Some(current) => {
                return Err(Error::stale(current));
            }
            (None, Some(_)) => form.wrong("basedOn", FieldCode::NoSuchRecord),
            _ => {}
        }
    }
    let (input, period) = form.finish_with(input.zip(period))?;
    if period.exited_on.is_some() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    let agreement = input.agreement;
    let row = PlanRevisionRow {
        id: Id::fresh(),
        youth_id,
        episode_id: period.id,
        number: based_on.unwrap_or(0) + 1,
        based_on,
        planning_text: input.planning_text,
        goal_type: input.goal_type,
        goal_text: input.goal_text,
        items: Json(input.items.iter().map(item_document).collect::<Value>()),
        agreed_on: agreement.as_ref().map(|said| said.agreed_on),
        agreement_form: agreement.as_ref().map(|said| said.form),
        agreed_to: agreement.as_ref().and_then(|said| said.agreed_to.clone()),
        not_agreed_to: agreement.and_then(|said| said.not_agreed_to),
        made_by: tx.actor().user_id(),
        created_at: tx.timestamp(),
    };
    plans::insert(tx, &permit, &row, &input.follow_ups)?;
    let sealed = plans::load(tx, row.id)?;
    tx.reveal(&sealed)
}

/// Records that a plan was followed up or evaluated: today if no day is told. The revision itself does not change.
///
/// # Errors
/// 403, 404, 409 when the episode is closed, 422 for a day ahead or before the revision.
pub fn complete_plan_follow_up(
    tx: &mut AuditedTx<'_>,
    id: Id<PlanFollowUp>,
    fields: Fields,
) -> Result<View> {
    let sealed = plans::load_of_follow_up(tx, id)?;
    let permit = tx.permit(Resource::PlanRevisions, sealed.relation())?;
    may_write(
        tx.actor(),
        Resource::PlanRevisions,
        sealed.relation(),
        ["followUps".to_owned()].into_iter(),
    )?;
    let row = &sealed.for_rules().row;
    let (revision_id, made_on) = (row.id, day_of(row.created_at.utc()));
    let episode = crate::db::episodes::find(tx, row.episode_id)?.ok_or(ErrorCode::NotFound)?;
    let today = tx.today();
    let mut form = Form::of_body(fields);
    let is_told = form.has("doneOn");
    let told = form.date("doneOn");
    if told.is_some_and(|day| day > today) {
        form.wrong("doneOn", FieldCode::InFuture);
    } else if told.is_some_and(|day| day < made_on) {
        let pointer = "/doneOn";
        form.add([FieldError::with(
            pointer,
            FieldCode::WrongDateOrder,
            "createdAt",
        )]);
    }
    let done_on = if is_told { told } else { Some(today) };
    let done_on = form.finish_with(done_on)?;
    if !episode.is_open() {
        return Err(ErrorCode::EpisodeClosed.into());
    }
    plans::set_done(tx, &permit, id, done_on)?;
    let sealed = plans::load(tx, revision_id)?;
    tx.reveal(&sealed)
}

/// What stands on the youth's own copy of a revision. That it was printed is noted with every field of the plan.
///
/// # Errors
/// 404 when there is none that the actor may know of; 403 when what it says stays behind with its episode.
pub fn read_plan_copy(tx: &mut AuditedTx<'_>, id: Id<PlanRevision>) -> Result<PlanCopy> {
    let sealed = plans::load(tx, id)?;
    let view = tx.reveal(&sealed)?;
    if !view.fields.contains_key("planningText") {
        return Err(ErrorCode::Forbidden.into());
    }
    let record = sealed.for_rules();
    let row = &record.row;
    let (youth, unit, made_by) = plans::names_on_copy(tx, row)?;
    let youth_id = row.youth_id;
    tx.note(
        Resource::Youths,
        Some(youth_id),
        Some(youth_id.cast()),
        "givenName,familyName",
    );
    Ok(PlanCopy {
        youth,
        unit,
        made_by,
        made_on: day_of(row.created_at.utc()),
        number: row.number,
        planning_text: row.planning_text.clone(),
        goal_type: row.goal_type,
        goal_text: row.goal_text.clone(),
        items: row.plan_items(),
        follow_ups: record
            .follow_ups
            .iter()
            .map(|due| (due.due_on, due.kind, due.done_on))
            .collect(),
        agreement: row.agreement(),
    })
}

fn read_fields(form: &mut Form) -> Option<PlanInput> {
    let planning_text = form.long_text("planningText", 10_000);
    let planning_text = form.require("planningText", planning_text);
    let goal_type = form.code("goalType");
    let goal_type = form.require("goalType", goal_type);
    let goal_text = form.long_text("goalText", 2000);
    let goal_text = form.require("goalText", goal_text);
    let items = form.list("items", MOST, read_item).unwrap_or_default();
    let follow_ups = form
        .list("followUps", MOST, |due| {
            let due_on = due.date("dueOn");
            let due_on = due.require("dueOn", due_on);
            let kind = due.code("kind").unwrap_or(PlanFollowUpKind::FollowUp);
            Some((due_on?, kind))
        })
        .unwrap_or_default();
    let agreement = form.object("agreement", |said| {
        let agreed_on = said.date("agreedOn");
        let agreed_on = said.require("agreedOn", agreed_on);
        let form = said.code("form");
        let form = said.require("form", form);
        let agreed_to = said.long_text("agreedTo", 4000);
        let not_agreed_to = said.long_text("notAgreedTo", 4000);
        Some(Agreement {
            agreed_on: agreed_on?,
            form: form?,
            agreed_to,
            not_agreed_to,
        })
    });
    Some(PlanInput {
        planning_text: planning_text?,
        goal_type: goal_type?,
        goal_text: goal_text?,
        items,
        follow_ups,
        agreement,
    })
}

fn read_item(item: &mut Form) -> Option<PlanItem> {
    let what = item.long_text("what", 1000);
    let what = item.require("what", what);
    let responsible_party = item.code("responsibleParty");
    let responsible_party = item.require("responsibleParty", responsible_party);
    let actor = item.phrase("actor", 200);
    let planned_start_on = item.date("plannedStartOn");
    let planned_end_on = item.date("plannedEndOn");
    let intervention_id = item.id("interventionId");
    let ended_on = item.date("endedOn");
    let end_reason = item.code("endReason");
    Some(PlanItem {
        what: what?,
        responsible_party: responsible_party?,
        actor,
        planned_start_on,
        planned_end_on,
        intervention_id,
        ended_on,
        end_reason,
    })
}
