//! Mappings (kartläggning): rows, lists and changes. Every version is kept; what a plan makes of them stands in `plans`.

use super::audited::AuditedTx;
use super::cipher::{AllStored, guarded};
use super::disclosed::disclosed;
use super::listing::load_page;
use super::notes_apart::relations_with_notes;
use super::paging::{Page, PageRequest};
use super::schema::mappings;
use super::types::Timestamp;
use crate::domain::id::{Episode, Id, Mapping, User, Youth};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A mapping as stored.
    #[derive(Clone)]
    pub struct MappingRow as StoredMappingRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = mappings, treat_none_as_null = true)] in mappings by id {
        pub id: Id<Mapping>,
        pub youth_id: Id<Youth>,
        pub episode_id: Id<Episode>,
        pub goals ~ String,
        pub needs ~ String,
        pub expectations ~ String,
        pub interests ~ Option<String>,
        pub strengths ~ Option<String>,
        pub made_on: NaiveDate,
        pub made_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

disclosed!(MappingRow, Mappings, |r| youth: Some(r.youth_id), id: r.id, version: r.version,
    closed: [], stays: ["goals", "needs", "expectations", "interests", "strengths"] with Some(r.episode_id), {
    "id": r.id,
    "youthId": r.youth_id,
    "episodeId": r.episode_id,
    "goals": r.goals,
    "needs": r.needs,
    "expectations": r.expectations,
    "interests": r.interests,
    "strengths": r.strengths,
    "madeOn": r.made_on,
    "madeBy": r.made_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A mapping, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Mapping>) -> Result<Sealed<MappingRow>> {
    let row: StoredMappingRow = mappings::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The mappings of one youth, the latest made first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<MappingRow>>> {
    let query = mappings::table
        .filter(mappings::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredMappingRow> = load_page!(
        tx,
        request,
        query,
        true,
        mappings::made_on,
        mappings::id,
        |row: &StoredMappingRow| (row.made_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// Stores a new mapping.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &MappingRow) -> Result<()> {
    diesel::insert_into(mappings::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed mapping.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &MappingRow) -> Result<()> {
    diesel::update(mappings::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(tx: &mut AuditedTx<'_>, rows: Vec<StoredMappingRow>) -> Result<Vec<Sealed<MappingRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_with_notes(tx, rows.iter().map(|row| row.youth_id))?;
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = me.is_some() && row.made_by == me;
            Sealed::new(row, relation)
        })
        .collect())
}
