//! Plans: revisions that are written once and never changed, the days on which they are followed up, and when that was done.
//! Both databases refuse a change of a revision; nothing here tries one. What a plan must hold stands in `domain::plan`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Shown, Word, disclosed};
use super::listing::load_page_by_id;
use super::notes_apart::relations_with_notes;
use super::paging::{Page, PageRequest};
use super::schema::{plan_follow_ups, plan_follow_ups_done, plan_revisions, units, users, youths};
use super::types::{Json, Timestamp};
use crate::domain::codes::{Code, EndReason, ResponsibleParty};
use crate::domain::id::{Episode, Id, PlanFollowUp, PlanRevision, User, Youth};
use crate::domain::plan::{Agreement, AgreementForm, PlanFollowUpKind, PlanGoal, PlanItem};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};
use std::collections::HashMap;

guarded! {
    /// A revision as stored.
    #[derive(Clone)]
    pub struct PlanRevisionRow as StoredPlanRevisionRow [derive(Queryable, Insertable), diesel(table_name = plan_revisions)] in plan_revisions by id {
        pub id: Id<PlanRevision>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        /// From 1 within the episode.
        pub number: i64,
        /// The revision before.
        pub based_on: Option<i64>,
        pub planning_text ~ String,
        pub goal_type: PlanGoal,
        pub goal_text ~ String,
        pub items ~ Json,
        pub agreed_on: Option<NaiveDate>,
        pub agreement_form: Option<AgreementForm>,
        pub agreed_to ~ Option<String>,
        pub not_agreed_to ~ Option<String>,
        pub made_by: Option<Id<User>>,
        pub created_at: Timestamp,
    }
}

/// A day on which a plan is followed up.
#[derive(Clone, Queryable)]
pub struct PlanFollowUpRow {
    pub id: Id<PlanFollowUp>,
    pub revision_id: Id<PlanRevision>,
    pub due_on: NaiveDate,
    pub kind: PlanFollowUpKind,
    pub done_on: Option<NaiveDate>,
}

/// A revision with its follow-ups, in the order of their days.
#[derive(Clone)]
pub struct PlanRevisionRecord {
    pub row: PlanRevisionRow,
    pub follow_ups: Vec<PlanFollowUpRow>,
}

impl Shown for PlanFollowUpRow {
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "dueOn": self.due_on.shown(),
            "kind": self.kind.code(),
            "doneOn": self.done_on.shown(),
        })
    }
}

impl PlanRevisionRow {
    /// What the youth agreed to, if that is recorded.
    pub fn agreement(&self) -> Option<Agreement> {
        Some(Agreement {
            agreed_on: self.agreed_on?,
            form: self.agreement_form?,
            agreed_to: self.agreed_to.clone(),
            not_agreed_to: self.not_agreed_to.clone(),
        })
    }

    /// The items as the rules know them.
    pub fn plan_items(&self) -> Vec<PlanItem> {
        let items = self.items.0.as_array();
        items.into_iter().flatten().filter_map(item_of).collect()
    }
}

disclosed!(PlanRevisionRecord, PlanRevisions, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.number,
    closed: [], stays: ["planningText", "goalText", "items", "agreement"] with Some(r.row.episode_id), {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "episodeId": r.row.episode_id,
    "number": r.row.number,
    "basedOn": r.row.based_on,
    "planningText": r.row.planning_text,
    "goalType": Word(r.row.goal_type),
    "goalText": r.row.goal_text,
    "items": r.row.items.0,
    "followUps": r.follow_ups,
    "agreement": r.row.agreement().map(|agreement| json!({
        "agreedOn": agreement.agreed_on,
        "form": agreement.form.code(),
        "agreedTo": agreement.agreed_to,
        "notAgreedTo": agreement.not_agreed_to,
    })),
    "madeBy": r.row.made_by,
    "createdAt": r.row.created_at,
});

/// An item as it is stored and shown.
pub fn item_document(item: &PlanItem) -> Value {
    json!({
        "what": item.what,
        "responsibleParty": item.responsible_party.code(),
        "actor": item.actor,
        "plannedStartOn": item.planned_start_on,
        "plannedEndOn": item.planned_end_on,
        "interventionId": item.intervention_id,
        "endedOn": item.ended_on,
        "endReason": item.end_reason.map(EndReason::code),
    })
}

fn item_of(document: &Value) -> Option<PlanItem> {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let day = |name: &str| text(name).and_then(|text| text.parse().ok());
    Some(PlanItem {
        what: text("what")?.to_owned(),
        responsible_party: ResponsibleParty::from_code(text("responsibleParty")?)?,
        actor: text("actor").map(str::to_owned),
        planned_start_on: day("plannedStartOn"),
        planned_end_on: day("plannedEndOn"),
        intervention_id: text("interventionId")
            .and_then(|text| uuid::Uuid::try_parse(text).ok())
            .map(Id::of),
        ended_on: day("endedOn"),
        end_reason: text("endReason").and_then(EndReason::from_code),
    })
}

/// A revision, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<PlanRevision>) -> Result<Sealed<PlanRevisionRecord>> {
    let row: StoredPlanRevisionRow = plan_revisions::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The revision that a follow-up belongs to.
///
/// # Errors
/// 404 when there is none.
pub fn load_of_follow_up(
    tx: &mut AuditedTx<'_>,
    id: Id<PlanFollowUp>,
) -> Result<Sealed<PlanRevisionRecord>> {
    let revision_id: Id<PlanRevision> = plan_follow_ups::table
        .find(id)
        .select(plan_follow_ups::revision_id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    load(tx, revision_id)
}

/// The revisions of one youth, the latest first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    episode_id: Option<Id<Episode>>,
    request: &PageRequest,
) -> Result<Page<Sealed<PlanRevisionRecord>>> {
    let mut query = plan_revisions::table
        .filter(plan_revisions::youth_id.eq(youth_id))
        .into_boxed();
    if let Some(episode_id) = episode_id {
        query = query.filter(plan_revisions::episode_id.eq(episode_id));
    }
    let page: Page<StoredPlanRevisionRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        plan_revisions::id,
        |row: &StoredPlanRevisionRow| row.id
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// The number of the revision in force of an episode; `None` without a plan.
///
/// # Errors
/// The database does not answer.
pub fn current_number(tx: &mut AuditedTx<'_>, episode_id: Id<Episode>) -> Result<Option<i64>> {
    Ok(plan_revisions::table
        .filter(plan_revisions::episode_id.eq(episode_id))
        .order(plan_revisions::number.desc())
        .select(plan_revisions::number)
        .first(tx.conn())
        .optional()?)
}

/// Every text of one revision of an episode; null if there is none of that number.
///
/// # Errors
/// The database does not answer.
pub fn texts_of(tx: &mut AuditedTx<'_>, episode_id: Id<Episode>, number: i64) -> Result<Value> {
    let row: Option<StoredPlanRevisionRow> = plan_revisions::table
        .filter(plan_revisions::episode_id.eq(episode_id))
        .filter(plan_revisions::number.eq(number))
        .first(tx.conn())
        .optional()?;
    let row = row.all_deciphered(tx.vault())?;
    Ok(row.map_or(Value::Null, |row| {
        json!([
            row.planning_text,
            row.goal_text,
            row.items.0,
            row.agreed_to,
            row.not_agreed_to
        ])
    }))
}

/// Stores a new revision with the days on which it is followed up.
///
/// # Errors
/// The database does not answer. Where another revision with the same number was faster, the work is done anew and finds it.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    row: &PlanRevisionRow,
    follow_ups: &[(NaiveDate, PlanFollowUpKind)],
) -> Result<()> {
    let inserted = diesel::insert_into(plan_revisions::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn());
    match inserted {
        Err(error @ DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
            return Err(Error {
                is_conflict: true,
                ..Error::from(error)
            });
        }
        done => done?,
    };
    for (due_on, kind) in follow_ups {
        diesel::insert_into(plan_follow_ups::table)
            .values((
                plan_follow_ups::id.eq(Id::<PlanFollowUp>::fresh()),
                plan_follow_ups::revision_id.eq(row.id),
                plan_follow_ups::due_on.eq(due_on),
                plan_follow_ups::kind.eq(kind),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Records beside the revision that a follow-up was done; done again, the later word counts.
///
/// # Errors
/// The database does not answer.
pub fn set_done(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<PlanFollowUp>,
    done_on: NaiveDate,
) -> Result<()> {
    let (done_by, now) = (tx.actor().user_id(), tx.timestamp());
    diesel::delete(plan_follow_ups_done::table.find(id)).execute(tx.conn())?;
    diesel::insert_into(plan_follow_ups_done::table)
        .values((
            plan_follow_ups_done::follow_up_id.eq(id),
            plan_follow_ups_done::done_on.eq(done_on),
            plan_follow_ups_done::done_by.eq(done_by),
            plan_follow_ups_done::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The names on a youth's copy of a plan: the youth's, the unit's, and of whoever made it.
///
/// # Errors
/// The database does not answer.
pub fn names_on_copy(
    tx: &mut AuditedTx<'_>,
    row: &PlanRevisionRow,
) -> Result<(String, String, Option<String>)> {
    let (given_name, family_name, unit): (String, String, String) = youths::table
        .inner_join(units::table.on(units::id.eq(youths::unit_id)))
        .filter(youths::id.eq(row.youth_id))
        .select((youths::given_name, youths::family_name, units::name))
        .first(tx.conn())?;
    let made_by: Option<String> = match row.made_by {
        None => None,
        Some(user_id) => users::table
            .find(user_id)
            .select(users::display_name)
            .first(tx.conn())
            .optional()?,
    };
    Ok((format!("{given_name} {family_name}"), unit, made_by))
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredPlanRevisionRow>,
) -> Result<Vec<Sealed<PlanRevisionRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<PlanRevision>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<PlanFollowUpRow> = plan_follow_ups::table
        .left_join(
            plan_follow_ups_done::table
                .on(plan_follow_ups_done::follow_up_id.eq(plan_follow_ups::id)),
        )
        .filter(plan_follow_ups::revision_id.eq_any(ids))
        .order((plan_follow_ups::due_on, plan_follow_ups::kind))
        .select((
            plan_follow_ups::id,
            plan_follow_ups::revision_id,
            plan_follow_ups::due_on,
            plan_follow_ups::kind,
            plan_follow_ups_done::done_on.nullable(),
        ))
        .load(tx.conn())?;
    let mut by_id: HashMap<Id<PlanRevision>, Vec<PlanFollowUpRow>> = HashMap::new();
    for follow_up in found {
        by_id
            .entry(follow_up.revision_id)
            .or_default()
            .push(follow_up);
    }
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.made_by == me;
            let record = PlanRevisionRecord {
                follow_ups: by_id.remove(&row.id).unwrap_or_default(),
                row,
            };
            Sealed::new(record, relation)
        })
        .collect())
}
