//! Which episodes' notes stay behind for each youth, and on what notes follow into an outreach episode. The rule stands in
//! `domain::notes_apart`; that the notes are closed, in `policy::reveal`. A relation that nobody has asked this for closes
//! all notes, so that no path opens them by forgetting.

use super::audited::AuditedTx;
use super::listing::load_of;
use super::relations::{relation_to, relations_by_id};
use super::schema::{carried_notes, consents, episodes};
use super::types::Timestamp;
use crate::domain::codes::{ConsentForm, Track};
use crate::domain::id::{Consent, Episode, Id, User, Youth};
use crate::domain::notes_apart::{CarriedBasis, Span, left_behind};
use crate::error::Result;
use crate::policy::decide::Relation;
use crate::policy::reveal::Permit;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// On what the notes of the duty follow into an outreach episode, as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = carried_notes, primary_key(episode_id), treat_none_as_null = true)]
pub struct CarriedRow {
    pub episode_id: Id<Episode>,
    pub basis: CarriedBasis,
    pub consent_id: Option<Id<Consent>>,
    pub form: Option<ConsentForm>,
    pub given_on: NaiveDate,
    pub recorded_by: Option<Id<User>>,
    pub recorded_at: Timestamp,
}

/// On what notes follow into each of some episodes.
///
/// # Errors
/// The database does not answer.
pub fn carried_into(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Episode>],
) -> Result<HashMap<Id<Episode>, CarriedRow>> {
    let rows: Vec<CarriedRow> = load_of!(
        tx.conn(),
        ids,
        carried_notes::episode_id,
        carried_notes::table
    )?;
    Ok(rows.into_iter().map(|row| (row.episode_id, row)).collect())
}

/// Stores on what notes follow into an episode, in place of what was stored before.
///
/// # Errors
/// The database does not answer.
pub fn set_carried(tx: &mut AuditedTx<'_>, _: &Permit, row: &CarriedRow) -> Result<()> {
    let changed = diesel::update(carried_notes::table.find(row.episode_id))
        .set(row)
        .execute(tx.conn())?;
    if changed == 0 {
        diesel::insert_into(carried_notes::table)
            .values(row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The relation of the actor to one youth, with what is known of the notes.
///
/// # Errors
/// 404 when there is no such youth.
pub fn relation_with_notes(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Relation> {
    let relation = relation_to(tx, id)?;
    with_notes(tx, id, relation)
}

/// A relation with what is known of the notes.
///
/// # Errors
/// The database does not answer.
pub fn with_notes(tx: &mut AuditedTx<'_>, id: Id<Youth>, relation: Relation) -> Result<Relation> {
    let apart = left_behind_of(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(Relation {
        notes_apart: Some(apart),
        ..relation
    })
}

/// The relations of the actor to the youths behind some records, with what is known of the notes.
///
/// # Errors
/// The database does not answer.
pub fn relations_with_notes(
    tx: &mut AuditedTx<'_>,
    ids: impl IntoIterator<Item = Id<Youth>>,
) -> Result<HashMap<Id<Youth>, Relation>> {
    let mut relations = relations_by_id(tx, ids)?;
    let ids: Vec<Id<Youth>> = relations.keys().copied().collect();
    let mut apart = left_behind_of(tx, &ids)?;
    for (id, relation) in &mut relations {
        relation.notes_apart = Some(apart.remove(id).unwrap_or_default());
    }
    Ok(relations)
}

type SpanRow = (Id<Youth>, Id<Episode>, Track, NaiveDate, Option<NaiveDate>);

/// The episodes of each of some youths whose notes stay behind.
fn left_behind_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, Vec<Id<Episode>>>> {
    let rows: Vec<SpanRow> = load_of!(
        tx.conn(),
        ids,
        episodes::youth_id,
        episodes::table.select((
            episodes::youth_id,
            episodes::id,
            episodes::track,
            episodes::entered_on,
            episodes::exited_on,
        ))
    )?;
    let outreach: Vec<Id<Episode>> = rows
        .iter()
        .filter(|(_, _, track, ..)| *track == Track::Outreach)
        .map(|(_, id, ..)| *id)
        .collect();
    let has_ended_duty = rows
        .iter()
        .any(|(_, _, track, _, exited_on)| *track == Track::Kaa && exited_on.is_some());
    // Hardly anybody has both; what is asked for everybody stays small.
    let carrying = if has_ended_duty && !outreach.is_empty() {
        carrying(tx, &outreach)?
    } else {
        HashSet::new()
    };
    let mut spans: HashMap<Id<Youth>, Vec<Span>> = HashMap::new();
    for (youth_id, id, track, entered_on, exited_on) in rows {
        spans.entry(youth_id).or_default().push(Span {
            id,
            track,
            entered_on,
            exited_on,
            carries: carrying.contains(&id),
        });
    }
    Ok(spans
        .into_iter()
        .map(|(youth_id, spans)| (youth_id, left_behind(&spans)))
        .collect())
}

/// The outreach episodes into which notes follow today: at the youth's own request, or on a consent that holds.
fn carrying(tx: &mut AuditedTx<'_>, ids: &[Id<Episode>]) -> Result<HashSet<Id<Episode>>> {
    let today = tx.today();
    let rows = carried_into(tx, ids)?;
    let named: Vec<Id<Consent>> = rows.values().filter_map(|row| row.consent_id).collect();
    let holding: Vec<Id<Consent>> = consents::table
        .filter(consents::id.eq_any(named))
        .filter(consents::valid_from_on.le(today))
        .filter(consents::valid_to_on.ge(today))
        .filter(
            consents::withdrawn_on
                .is_null()
                .or(consents::withdrawn_on.gt(today).assume_not_null()),
        )
        .select(consents::id)
        .load(tx.conn())?;
    Ok(rows
        .into_values()
        .filter(|row| match row.basis {
            CarriedBasis::OwnRequest => true,
            CarriedBasis::Consent => row.consent_id.is_some_and(|id| holding.contains(&id)),
            CarriedBasis::Withdrawn => false,
        })
        .map(|row| row.episode_id)
        .collect())
}
