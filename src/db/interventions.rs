//! Interventions and their follow-ups: rows, lists and changes, and what the gate says. What order of dates is possible is
//! a matter of `domain::intervention`; why the gate is closed lives in the protected compartment and is not read here.

use super::among::among;
use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Shown, Word, disclosed};
use super::listing::{list_scope, load_of, load_page, within_scope};
use super::notes_apart::relations_with_notes;
use super::paging::{Page, PageRequest};
use super::placements::must_hold_behind;
use super::schema::{episodes, intervention_follow_ups, interventions, measure_gates};
use super::types::Timestamp;
use crate::domain::codes::{EndReason, Measure, OfferAnswer, ResponsibleParty};
use crate::domain::id::{Episode, FollowUp as FollowUpKind, Id, Intervention, User, Youth};
use crate::domain::intervention::{Course, FollowUp, MeasureFollowUp};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::HashMap;

guarded! {
    /// An intervention as stored.
    #[derive(Clone)]
    pub struct InterventionRow as StoredInterventionRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = interventions, treat_none_as_null = true)] in interventions by id {
        pub id: Id<Intervention>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub kind: Measure,
        pub answer: OfferAnswer,
        pub offered_on: NaiveDate,
        pub answered_on: Option<NaiveDate>,
        pub started_on: Option<NaiveDate>,
        pub ended_on: Option<NaiveDate>,
        pub end_reason: Option<EndReason>,
        pub provider: Option<String>,
        pub responsible_party: ResponsibleParty,
        pub goal ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl InterventionRow {
    /// Where it stands, for the rules.
    pub const fn course(&self) -> Course {
        Course {
            answer: self.answer,
            offered_on: self.offered_on,
            answered_on: self.answered_on,
            started_on: self.started_on,
            ended_on: self.ended_on,
            end_reason: self.end_reason,
        }
    }
}

/// An intervention with its follow-ups, in the order of their dates.
#[derive(Clone)]
pub struct InterventionRecord {
    pub row: InterventionRow,
    pub follow_ups: Vec<MeasureFollowUp>,
}

impl Shown for MeasureFollowUp {
    fn shown(&self) -> Value {
        let FollowUp { due_on, done_on } = self.day;
        json!({"dueOn": due_on.shown(), "doneOn": done_on.shown(), "isAtHost": self.is_at_host})
    }
}

impl Shown for FollowUp {
    fn shown(&self) -> Value {
        json!({"dueOn": self.due_on.shown(), "doneOn": self.done_on.shown()})
    }
}

disclosed!(InterventionRecord, Interventions, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version,
    closed: [], stays: ["goal"] with Some(r.row.episode_id), {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "episodeId": r.row.episode_id,
    "kind": Word(r.row.kind),
    "answer": Word(r.row.answer),
    "offeredOn": r.row.offered_on,
    "answeredOn": r.row.answered_on,
    "startedOn": r.row.started_on,
    "endedOn": r.row.ended_on,
    "endReason": Word(r.row.end_reason),
    "provider": r.row.provider,
    "responsibleParty": Word(r.row.responsible_party),
    "goal": r.row.goal,
    "followUps": r.follow_ups,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Whether an intervention is offered, accepted or running in an open episode, in SQL. A place at a host is held as long.
macro_rules! is_open_intervention {
    () => {
        interventions::ended_on
            .is_null()
            .and(interventions::answer.eq_any([OfferAnswer::Offered, OfferAnswer::Accepted]))
            .and(exists(
                episodes::table
                    .filter(episodes::id.eq(interventions::episode_id))
                    .filter(episodes::exited_on.is_null()),
            ))
    };
}
pub(in crate::db) use is_open_intervention;

/// Which interventions are asked for.
#[derive(Debug, Clone, Default)]
pub struct InterventionFilter {
    pub kind: Option<Measure>,
    pub answer: Option<OfferAnswer>,
    /// Of an open episode, offered or accepted, and not ended; or not so.
    pub is_open: Option<bool>,
}

/// An intervention, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Intervention>) -> Result<Sealed<InterventionRecord>> {
    let found = load_those(tx, &[id])?.pop().ok_or(ErrorCode::NotFound)?;
    tx.concern(found.for_rules().row.youth_id);
    Ok(found)
}

/// Some interventions, with the actor's relation to their youths, in no order. Those that there are not are left out.
///
/// # Errors
/// The database does not answer.
pub fn load_those(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Intervention>],
) -> Result<Vec<Sealed<InterventionRecord>>> {
    let rows: Vec<StoredInterventionRow> =
        load_of!(tx.conn(), ids, interventions::id, interventions::table)?;
    sealed(tx, rows)
}

/// The interventions of an episode, in the order they were offered; for the rules of closing.
///
/// # Errors
/// The database does not answer.
pub fn of_episode(
    tx: &mut AuditedTx<'_>,
    episode_id: Id<Episode>,
) -> Result<Vec<InterventionRecord>> {
    let rows: Vec<StoredInterventionRow> = interventions::table
        .filter(interventions::episode_id.eq(episode_id))
        .order((interventions::offered_on, interventions::id))
        .load(tx.conn())?;
    let rows = rows.all_deciphered(tx.vault())?;
    with_follow_ups(tx, rows)
}

/// Whether measures of every kind may start for a youth. Without a word from the compartment, they may.
///
/// # Errors
/// The database does not answer.
pub fn may_start_measures(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<bool> {
    let gate: Option<bool> = measure_gates::table
        .find(youth_id)
        .select(measure_gates::may_start)
        .first(tx.conn())
        .optional()?;
    Ok(gate.unwrap_or(true))
}

/// The interventions of the actor's scope, the latest offered first, without youths with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &InterventionFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<InterventionRecord>>> {
    let query = filtered(filter);
    let query = within_scope!(
        tx,
        query,
        list_scope(tx, Resource::Interventions),
        interventions::youth_id
    );
    paged(tx, query, request)
}

/// The interventions of one youth, the latest offered first.
///
/// # Errors
/// As [`list`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    filter: &InterventionFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<InterventionRecord>>> {
    let query = filtered(filter).filter(interventions::youth_id.eq(youth_id));
    paged(tx, query, request)
}

type Boxed<'a> = interventions::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(filter: &InterventionFilter) -> Boxed<'a> {
    let mut query = interventions::table.into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(interventions::kind.eq(kind));
    }
    if let Some(answer) = filter.answer {
        query = query.filter(interventions::answer.eq(answer));
    }
    if let Some(is_open) = filter.is_open {
        query = if is_open {
            query.filter(is_open_intervention!())
        } else {
            query.filter(not(is_open_intervention!()))
        };
    }
    query
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<InterventionRecord>>> {
    let page: Page<StoredInterventionRow> = load_page!(
        tx,
        request,
        query,
        true,
        interventions::offered_on,
        interventions::id,
        |row: &StoredInterventionRow| (row.offered_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new intervention with its follow-ups.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, record: &InterventionRecord) -> Result<()> {
    diesel::insert_into(interventions::table)
        .values(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    for follow_up in &record.follow_ups {
        insert_follow_up(tx, record.row.id, follow_up)?;
    }
    Ok(())
}

/// Stores a changed intervention. A follow-up is known by the day it is due.
///
/// # Errors
/// 409 when it would take a place at a host that is taken.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, record: &InterventionRecord) -> Result<()> {
    let id = record.row.id;
    diesel::update(interventions::table.find(id))
        .set(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    let days: Vec<NaiveDate> = record.follow_ups.iter().map(|due| due.day.due_on).collect();
    diesel::delete(
        intervention_follow_ups::table
            .filter(intervention_follow_ups::intervention_id.eq(id))
            .filter(not(intervention_follow_ups::due_on.eq_any(days))),
    )
    .execute(tx.conn())?;
    for follow_up in &record.follow_ups {
        let stands = diesel::update(
            intervention_follow_ups::table
                .filter(intervention_follow_ups::intervention_id.eq(id))
                .filter(intervention_follow_ups::due_on.eq(follow_up.day.due_on)),
        )
        .set((
            intervention_follow_ups::done_on.eq(follow_up.day.done_on),
            intervention_follow_ups::is_at_host.eq(follow_up.is_at_host),
        ))
        .execute(tx.conn())?;
        if stands == 0 {
            insert_follow_up(tx, id, follow_up)?;
        }
    }
    must_hold_behind(tx, id)
}

fn insert_follow_up(
    tx: &mut AuditedTx<'_>,
    id: Id<Intervention>,
    follow_up: &MeasureFollowUp,
) -> Result<()> {
    diesel::insert_into(intervention_follow_ups::table)
        .values((
            intervention_follow_ups::id.eq(Id::<FollowUpKind>::fresh()),
            intervention_follow_ups::intervention_id.eq(id),
            intervention_follow_ups::due_on.eq(follow_up.day.due_on),
            intervention_follow_ups::done_on.eq(follow_up.day.done_on),
            intervention_follow_ups::is_at_host.eq(follow_up.is_at_host),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn with_follow_ups(
    tx: &mut AuditedTx<'_>,
    rows: Vec<InterventionRow>,
) -> Result<Vec<InterventionRecord>> {
    let ids: Vec<Id<Intervention>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(Id<Intervention>, NaiveDate, Option<NaiveDate>, bool)> =
        intervention_follow_ups::table
            .filter(among(
                tx.conn(),
                intervention_follow_ups::intervention_id,
                ids,
            ))
            .order(intervention_follow_ups::due_on)
            .select((
                intervention_follow_ups::intervention_id,
                intervention_follow_ups::due_on,
                intervention_follow_ups::done_on,
                intervention_follow_ups::is_at_host,
            ))
            .load(tx.conn())?;
    let mut by_id: HashMap<Id<Intervention>, Vec<MeasureFollowUp>> = HashMap::new();
    for (id, due_on, done_on, is_at_host) in found {
        let day = FollowUp { due_on, done_on };
        by_id
            .entry(id)
            .or_default()
            .push(MeasureFollowUp { day, is_at_host });
    }
    Ok(rows
        .into_iter()
        .map(|row| InterventionRecord {
            follow_ups: by_id.remove(&row.id).unwrap_or_default(),
            row,
        })
        .collect())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredInterventionRow>,
) -> Result<Vec<Sealed<InterventionRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let records = with_follow_ups(tx, rows)?;
    Ok(records
        .into_iter()
        .map(|record| {
            let row = &record.row;
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = row.created_by.is_some() && row.created_by == tx.actor().user_id();
            Sealed::new(record, relation)
        })
        .collect())
}
