//! Episodes: rows, who answers for the youth meanwhile, lists and changes. When an episode may begin or end is a matter of
//! `domain::episode`.

use super::assignments::handlers_now;
use super::assignments::runs_at;
use super::attempts::{LastContact, last_contacts};
use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Shown, Word, disclosed};
use super::listing::{list_scope, load_of, load_page, within_scope};
use super::notes_apart::{CarriedRow, carried_into};
use super::on_day;
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::{assignments, contacts, episodes, interventions, referrals};
use super::types::Timestamp;
use crate::domain::codes::{
    AssignmentKind, Code, DeregistrationReason, Destination, Reason, Track,
};
use crate::domain::episode::ClosedSpan;
use crate::domain::id::{Episode, Id, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::OutreachBasis;
use crate::error::{Error, ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::{Value, json};
use std::collections::HashMap;

guarded! {
    /// An episode as stored. It is open until it has a day of exit, which is the first day it does not cover.
    #[derive(Debug, Clone)]
    pub struct EpisodeRow as StoredEpisodeRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = episodes, treat_none_as_null = true, treat_none_as_default_value = false)] in episodes by id {
        pub id: Id<Episode>,
        pub youth_id: Id<Youth>,
        pub unit_id: Id<Unit>,
        pub track: Track,
        pub reason: Reason,
        pub entered_on: NaiveDate,
        pub exited_on: Option<NaiveDate>,
        pub deregistration_reason: Option<DeregistrationReason>,
        pub destination: Option<Destination>,
        pub destination_elsewhere: Option<bool>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
        /// What an outreach episode rests on.
        pub basis: Option<OutreachBasis>,
        pub basis_text ~ Option<String>,
        /// The one that ended before it, of somebody who came back.
        pub previous_episode_id: Option<Id<Episode>>,
    }
}

impl EpisodeRow {
    /// Whether it has not been closed.
    pub const fn is_open(&self) -> bool {
        self.exited_on.is_none()
    }
}

/// An episode with what is known beside the row.
#[derive(Debug, Clone)]
pub struct EpisodeRecord {
    pub row: EpisodeRow,
    /// The responsible handler of the youth at this moment; of a closed episode nobody.
    pub handler_id: Option<Id<User>>,
    /// On what the notes of the duty follow into it, if that was ever told.
    pub carried: Option<CarriedRow>,
    /// When the youth was last sought and reached, in whichever episode.
    pub last: Option<LastContact>,
}

impl Shown for CarriedRow {
    fn shown(&self) -> Value {
        json!({
            "basis": self.basis.code(),
            "consentId": self.consent_id,
            "form": Word(self.form).shown(),
            "givenOn": self.given_on,
            "recordedBy": self.recorded_by,
            "recordedAt": self.recorded_at.to_text(),
        })
    }
}

disclosed!(EpisodeRecord, Episodes, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "unitId": r.row.unit_id,
    "track": Word(r.row.track),
    "reason": Word(r.row.reason),
    "enteredOn": r.row.entered_on,
    "handlerId": r.handler_id,
    "exitedOn": r.row.exited_on,
    "deregistrationReason": Word(r.row.deregistration_reason),
    "destination": Word(r.row.destination),
    "destinationElsewhere": r.row.destination_elsewhere,
    "basis": Word(r.row.basis),
    "basisText": r.row.basis_text,
    "carriedNotes": r.carried,
    "previousEpisodeId": r.row.previous_episode_id,
    "daysSinceReached": r.last.and_then(|last| last.days_since_reached()),
    "daysSinceTried": r.last.and_then(|last| last.days_since_tried()),
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// Which episodes are asked for.
#[derive(Debug, Clone, Default)]
pub struct EpisodeFilter {
    pub track: Option<Track>,
    pub is_open: Option<bool>,
    /// Open ones of youths this person answers for.
    pub handler_id: Option<Id<User>>,
}

/// An episode, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Episode>) -> Result<Sealed<EpisodeRecord>> {
    let found = load_those(tx, &[id])?.pop().ok_or(ErrorCode::NotFound)?;
    tx.concern(found.for_rules().row.youth_id);
    Ok(found)
}

/// Some episodes, with the actor's relation to their youths, in no order. Those that there are not are left out.
///
/// # Errors
/// The database does not answer.
pub fn load_those(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Episode>],
) -> Result<Vec<Sealed<EpisodeRecord>>> {
    let rows: Vec<StoredEpisodeRow> = load_of!(tx.conn(), ids, episodes::id, episodes::table)?;
    sealed(tx, rows)
}

/// An episode, if there is one; for rules that refer to it.
///
/// # Errors
/// The database does not answer.
pub fn find(tx: &mut AuditedTx<'_>, id: Id<Episode>) -> Result<Option<EpisodeRow>> {
    let row: Option<StoredEpisodeRow> = episodes::table.find(id).first(tx.conn()).optional()?;
    row.all_deciphered(tx.vault())
}

/// The open episodes of a youth, at most one a track, the latest begun first; for rules.
///
/// # Errors
/// The database does not answer.
pub fn find_open(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<EpisodeRow>> {
    let rows: Vec<StoredEpisodeRow> = episodes::table
        .filter(episodes::youth_id.eq(youth_id))
        .filter(episodes::exited_on.is_null())
        .order((episodes::entered_on.desc(), episodes::id.desc()))
        .load(tx.conn())?;
    rows.all_deciphered(tx.vault())
}

/// The closed episode that each of some youths left last, in whichever track.
///
/// # Errors
/// The database does not answer.
pub fn find_left(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<Youth>],
) -> Result<HashMap<Id<Youth>, Id<Episode>>> {
    let left: Vec<(Id<Youth>, Id<Episode>)> = load_of!(
        tx.conn(),
        ids,
        episodes::youth_id,
        episodes::table
            .filter(episodes::exited_on.is_not_null())
            .order((episodes::exited_on, episodes::id))
            .select((episodes::youth_id, episodes::id))
    )?;
    Ok(left.into_iter().collect())
}

/// The days of the closed episodes of a youth in a track; for rules.
///
/// # Errors
/// The database does not answer.
pub fn closed_spans(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    track: Track,
) -> Result<Vec<ClosedSpan>> {
    let rows: Vec<(NaiveDate, NaiveDate)> = episodes::table
        .filter(episodes::youth_id.eq(youth_id))
        .filter(episodes::track.eq(track))
        .filter(episodes::exited_on.is_not_null())
        .select((episodes::entered_on, episodes::exited_on.assume_not_null()))
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(entered_on, exited_on)| ClosedSpan {
            entered_on,
            exited_on,
        })
        .collect())
}

/// The day of the earliest contact, intervention or open referral of an episode. The protected compartment is not asked:
/// a refusal that rests on it would tell that it holds something.
///
/// # Errors
/// The database does not answer.
pub fn first_entry_on(tx: &mut AuditedTx<'_>, row: &EpisodeRow) -> Result<Option<NaiveDate>> {
    // The youth's id is named too, because that is what the indexes begin with.
    let contact: Option<Timestamp> = contacts::table
        .filter(contacts::youth_id.eq(row.youth_id))
        .filter(contacts::episode_id.eq(row.id))
        .order(contacts::occurred_at)
        .select(contacts::occurred_at)
        .first(tx.conn())
        .optional()?;
    let measure: Option<NaiveDate> = interventions::table
        .filter(interventions::episode_id.eq(row.id))
        .order(interventions::offered_on)
        .select(interventions::offered_on)
        .first(tx.conn())
        .optional()?;
    let referral: Option<NaiveDate> = referrals::table
        .filter(referrals::youth_id.eq(row.youth_id))
        .filter(referrals::episode_id.eq(row.id))
        .order(referrals::offered_on)
        .select(referrals::offered_on)
        .first(tx.conn())
        .optional()?;
    Ok([contact.map(on_day), measure, referral]
        .into_iter()
        .flatten()
        .min())
}

/// The episodes of the actor's scope, the latest begun first, without youths with protected identity.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    filter: &EpisodeFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<EpisodeRecord>>> {
    let query = filtered(tx, filter);
    let query = within_scope!(
        tx,
        query,
        list_scope(tx, Resource::Episodes),
        episodes::youth_id
    );
    paged(tx, query, request)
}

/// The episodes of one youth, the latest begun first.
///
/// # Errors
/// As [`list`].
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    filter: &EpisodeFilter,
    request: &PageRequest,
) -> Result<Page<Sealed<EpisodeRecord>>> {
    let query = filtered(tx, filter).filter(episodes::youth_id.eq(youth_id));
    paged(tx, query, request)
}

type Boxed<'a> = episodes::BoxedQuery<'a, super::MultiBackend>;

fn filtered<'a>(tx: &AuditedTx<'_>, filter: &EpisodeFilter) -> Boxed<'a> {
    let now = tx.timestamp();
    let mut query = episodes::table.into_boxed();
    if let Some(track) = filter.track {
        query = query.filter(episodes::track.eq(track));
    }
    match filter.is_open {
        Some(true) => query = query.filter(episodes::exited_on.is_null()),
        Some(false) => query = query.filter(episodes::exited_on.is_not_null()),
        None => {}
    }
    if let Some(handler_id) = filter.handler_id {
        // As it is shown: a closed episode has no handler.
        query = query.filter(episodes::exited_on.is_null()).filter(exists(
            assignments::table
                .filter(assignments::youth_id.eq(episodes::youth_id))
                .filter(assignments::user_id.eq(handler_id))
                .filter(assignments::kind.eq(AssignmentKind::Handler))
                .filter(runs_at(now)),
        ));
    }
    query
}

fn paged(
    tx: &mut AuditedTx<'_>,
    query: Boxed<'_>,
    request: &PageRequest,
) -> Result<Page<Sealed<EpisodeRecord>>> {
    let page: Page<StoredEpisodeRow> = load_page!(
        tx,
        request,
        query,
        true,
        episodes::entered_on,
        episodes::id,
        |row: &StoredEpisodeRow| (row.entered_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new episode.
///
/// # Errors
/// 409 when the youth has an open one in the track: the index is the last to notice what two opened at once.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &EpisodeRow) -> Result<()> {
    diesel::insert_into(episodes::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Error::from(ErrorCode::EpisodeOpen)
            }
            other => other.into(),
        })?;
    Ok(())
}

/// Stores many new episodes, of youths that have none open in the track.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, records: &[EpisodeRecord]) -> Result<()> {
    for batch in records.chunks(BATCH) {
        let mut rows = Vec::with_capacity(batch.len());
        for record in batch {
            rows.push(record.row.enciphered(tx.vault())?);
        }
        crate::on_each!(tx.conn(), c => diesel::insert_into(episodes::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Stores a changed episode.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &EpisodeRow) -> Result<()> {
    diesel::update(episodes::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredEpisodeRow>,
) -> Result<Vec<Sealed<EpisodeRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let youth_ids: Vec<Id<Youth>> = rows.iter().map(|row| row.youth_id).collect();
    let handlers = handlers_now(tx, &youth_ids)?;
    let ids: Vec<Id<Episode>> = rows.iter().map(|row| row.id).collect();
    let mut carried = carried_into(tx, &ids)?;
    let last = last_contacts(tx, &youth_ids)?;
    let relations = relations_by_id(tx, youth_ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = row.created_by.is_some() && row.created_by == tx.actor().user_id();
            let handler_id = handlers
                .get(&row.youth_id)
                .copied()
                .filter(|_| row.is_open());
            let record = EpisodeRecord {
                handler_id,
                carried: carried.remove(&row.id),
                last: last.get(&row.youth_id).copied(),
                row,
            };
            Sealed::new(record, relation)
        })
        .collect())
}
