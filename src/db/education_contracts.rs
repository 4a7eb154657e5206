//! Education contracts and their follow-ups: rows, lists and changes. What a contract must hold, and with whom it is made,
//! stands in `domain::education_contract`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page;
use super::notes_apart::relations_with_notes;
use super::paging::{Page, PageRequest};
use super::schema::{education_contract_follow_ups, education_contracts};
use super::types::{Json, Timestamp};
use crate::domain::codes::EndReason;
use crate::domain::id::{EducationContract, Episode, FollowUp as FollowUpKind, Id, User, Youth};
use crate::domain::intervention::FollowUp;
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

guarded! {
    /// A contract as stored.
    #[derive(Clone)]
    pub struct EducationContractRow as StoredEducationContractRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = education_contracts, treat_none_as_null = true)] in education_contracts by id {
        pub id: Id<EducationContract>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub parties ~ Json,
        pub courses ~ Json,
        pub starts_on: NaiveDate,
        pub ends_on: NaiveDate,
        pub signed_on: Option<NaiveDate>,
        pub ended_on: Option<NaiveDate>,
        pub end_reason: Option<EndReason>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A contract with its follow-ups, in the order of their days.
#[derive(Clone)]
pub struct EducationContractRecord {
    pub row: EducationContractRow,
    pub follow_ups: Vec<FollowUp>,
}

disclosed!(EducationContractRecord, EducationContracts, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version,
    closed: [], stays: ["parties"] with Some(r.row.episode_id), {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "episodeId": r.row.episode_id,
    "parties": r.row.parties.0,
    "courses": r.row.courses.0,
    "startsOn": r.row.starts_on,
    "endsOn": r.row.ends_on,
    "signedOn": r.row.signed_on,
    "endedOn": r.row.ended_on,
    "endReason": Word(r.row.end_reason),
    "followUps": r.follow_ups,
    "createdBy": r.row.created_by,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

/// A contract, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(
    tx: &mut AuditedTx<'_>,
    id: Id<EducationContract>,
) -> Result<Sealed<EducationContractRecord>> {
    let row: StoredEducationContractRow = education_contracts::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The contracts of one youth, the latest to begin first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<EducationContractRecord>>> {
    let query = education_contracts::table
        .filter(education_contracts::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredEducationContractRow> = load_page!(
        tx,
        request,
        query,
        true,
        education_contracts::starts_on,
        education_contracts::id,
        |row: &StoredEducationContractRow| (row.starts_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new contract with its follow-ups.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, record: &EducationContractRecord) -> Result<()> {
    diesel::insert_into(education_contracts::table)
        .values(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    for follow_up in &record.follow_ups {
        insert_follow_up(tx, record.row.id, follow_up)?;
    }
    Ok(())
}

/// Stores a changed contract. A follow-up is known by the day it is due, and keeps its id.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, record: &EducationContractRecord) -> Result<()> {
    let id = record.row.id;
    diesel::update(education_contracts::table.find(id))
        .set(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    let days: Vec<NaiveDate> = record.follow_ups.iter().map(|due| due.due_on).collect();
    diesel::delete(
        education_contract_follow_ups::table
            .filter(education_contract_follow_ups::contract_id.eq(id))
            .filter(education_contract_follow_ups::due_on.ne_all(days)),
    )
    .execute(tx.conn())?;
    for follow_up in &record.follow_ups {
        let stands = diesel::update(
            education_contract_follow_ups::table
                .filter(education_contract_follow_ups::contract_id.eq(id))
                .filter(education_contract_follow_ups::due_on.eq(follow_up.due_on)),
        )
        .set(education_contract_follow_ups::done_on.eq(follow_up.done_on))
        .execute(tx.conn())?;
        if stands == 0 {
            insert_follow_up(tx, id, follow_up)?;
        }
    }
    Ok(())
}

fn insert_follow_up(
    tx: &mut AuditedTx<'_>,
    id: Id<EducationContract>,
    follow_up: &FollowUp,
) -> Result<()> {
    diesel::insert_into(education_contract_follow_ups::table)
        .values((
            education_contract_follow_ups::id.eq(Id::<FollowUpKind>::fresh()),
            education_contract_follow_ups::contract_id.eq(id),
            education_contract_follow_ups::due_on.eq(follow_up.due_on),
            education_contract_follow_ups::done_on.eq(follow_up.done_on),
        ))
        .execute(tx.conn())?;
    Ok(())
}

type FollowUpRow = (Id<EducationContract>, NaiveDate, Option<NaiveDate>);

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredEducationContractRow>,
) -> Result<Vec<Sealed<EducationContractRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let ids: Vec<Id<EducationContract>> = rows.iter().map(|row| row.id).collect();
    let found: Vec<FollowUpRow> = education_contract_follow_ups::table
        .filter(education_contract_follow_ups::contract_id.eq_any(ids))
        .order(education_contract_follow_ups::due_on)
        .select((
            education_contract_follow_ups::contract_id,
            education_contract_follow_ups::due_on,
            education_contract_follow_ups::done_on,
        ))
        .load(tx.conn())?;
    let mut by_id: HashMap<Id<EducationContract>, Vec<FollowUp>> = HashMap::new();
    for (id, due_on, done_on) in found {
        let follow_up = FollowUp { due_on, done_on };
        by_id.entry(id).or_default().push(follow_up);
    }
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.created_by == me;
            let record = EducationContractRecord {
                follow_ups: by_id.remove(&row.id).unwrap_or_default(),
                row,
            };
            Sealed::new(record, relation)
        })
        .collect())
}
