//! Merges of two records of one youth: rows, lists, where a record has gone, and whom a youth was merged with. What is moved and
//! set aside is the matter of `merging`; who may, and what stands in the way, of the service.

use super::audited::AuditedTx;
use super::cipher::{AllStored, Hidden, guarded};
use super::disclosed::disclosed;
use super::duplicates::relation_to_both;
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::relations::{YouthKey, relation_to, relations_to};
use super::schema::{protected_youth_merges, set_aside_records, youth_merges, youths};
use super::types::{Json, Timestamp};
use super::youths::{self as register, YouthRecord};
use crate::domain::id::{Id, Record, User, Youth, YouthMerge};
use crate::domain::operation::Resource;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Permit, Sealed, reveal_snapshot};
use crate::vault::Place;
use diesel::prelude::*;
use serde_json::Value;

guarded! {
    /// A merge as stored.
    #[derive(Debug, Clone)]
    pub struct YouthMergeRow as StoredYouthMergeRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = youth_merges, treat_none_as_null = true, treat_none_as_default_value = false)] in youth_merges by id {
        pub id: Id<YouthMerge>,
        /// Whose record stays.
        pub youth_id: Id<Youth>,
        /// Whose record has gone into it.
        pub merged_youth_id: Id<Youth>,
        pub reason ~ String,
        /// What that record said, with every field, as long as the merge stands.
        pub merged_youth ~ Option<Json>,
        /// What was done in the register, see [`super::merging::Changes`].
        pub changes ~ Option<Json>,
        pub merged_by: Option<Id<User>>,
        pub undone_at: Option<Timestamp>,
        pub undone_by: Option<Id<User>>,
        pub undo_reason ~ Option<String>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

/// A merge with what is told beside the row.
#[derive(Clone)]
pub struct YouthMergeRecord {
    pub row: YouthMergeRow,
    /// What the merged record said, reduced to what the actor may see of the youth.
    pub told: Option<Value>,
    /// Whether it is the last of its youth that stands, with all that an undo takes.
    pub is_undoable: bool,
}

disclosed!(YouthMergeRecord, YouthMerges, |r| youth: Some(r.row.youth_id), id: r.row.id, version: r.row.version, {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "mergedYouthId": r.row.merged_youth_id,
    "reason": r.row.reason,
    "mergedYouth": r.told,
    "mergedBy": r.row.merged_by,
    "isUndoable": r.is_undoable,
    "undoneAt": r.row.undone_at,
    "undoneBy": r.row.undone_by,
    "undoReason": r.row.undo_reason,
    "createdAt": r.row.created_at,
    "updatedAt": r.row.updated_at,
    "version": r.row.version,
});

impl YouthMergeRecord {
    /// For the history of versions: what the merged record said has versions of its own.
    pub fn without_youth(&self) -> Self {
        Self {
            told: None,
            ..self.clone()
        }
    }
}

/// A merge.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<YouthMerge>) -> Result<Sealed<YouthMergeRecord>> {
    let row: Option<StoredYouthMergeRow> =
        youth_merges::table.find(id).first(tx.conn()).optional()?;
    let row = row.all_deciphered(tx.vault())?.ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    seal(tx, row)
}

/// The merges of a youth, undone ones too, newest first: those that it stayed of, and those that it was undone from.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<YouthMergeRecord>>> {
    let query = youth_merges::table
        .filter(
            youth_merges::youth_id
                .eq(youth_id)
                .or(youth_merges::merged_youth_id.eq(youth_id)),
        )
        .into_boxed();
    let page: Page<StoredYouthMergeRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        youth_merges::id,
        |row: &StoredYouthMergeRow| row.id
    );
    page.try_with(|rows| {
        let rows = rows.all_deciphered(tx.vault())?;
        rows.into_iter().map(|row| seal(tx, row)).collect()
    })
}

fn seal(tx: &mut AuditedTx<'_>, row: YouthMergeRow) -> Result<Sealed<YouthMergeRecord>> {
    let relation = relation_of(tx, &row)?;
    let last: Option<Id<YouthMerge>> = standing(row.youth_id)
        .order(youth_merges::id.desc())
        .select(youth_merges::id)
        .first(tx.conn())
        .optional()?;
    let told = match &row.merged_youth {
        None => None,
        Some(document) => {
            let (survivor, _) = register::load(tx, row.youth_id)?.into_record();
            let shown =
                reveal_snapshot::<YouthRecord>(tx.actor(), &relation, &survivor, &document.0);
            Some(Value::Object(shown))
        }
    };
    let is_undoable = row.changes.is_some() && last == Some(row.id);
    let record = YouthMergeRecord {
        row,
        told,
        is_undoable,
    };
    Ok(Sealed::new(record, relation))
}

/// Of a merge that stands as to the youth; of an undone one as to the two that they are.
fn relation_of(tx: &mut AuditedTx<'_>, row: &YouthMergeRow) -> Result<Relation> {
    let is_there = youths::table
        .find(row.merged_youth_id)
        .select(youths::id)
        .first::<Id<Youth>>(tx.conn())
        .optional()?;
    match (row.undone_at, is_there) {
        (Some(_), Some(_)) => relation_to_both(tx, row.youth_id, row.merged_youth_id),
        _ => relation_to(tx, row.youth_id),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn standing(youth_id: Id<Youth>) -> _ {
    youth_merges::table
        .filter(youth_merges::youth_id.eq(youth_id))
        .filter(youth_merges::undone_at.is_null())
}

/// The error of a youth that is not there: where their record has gone, for whoever may see the youth it has gone into; for
/// everybody else it is that of a youth that never was.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn missing(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Error> {
    let stays: Option<YouthKey> = youth_merges::table
        .inner_join(youths::table.on(youths::id.eq(youth_merges::youth_id)))
        .filter(youth_merges::merged_youth_id.eq(id))
        .filter(youth_merges::undone_at.is_null())
        .select((youths::id, youths::unit_id, youths::protection_level))
        .first(tx.conn())
        .optional()?;
    let Some(key) = stays else {
        return Ok(ErrorCode::NotFound.into());
    };
    let relation = relations_to(tx, &[key])?.remove(&key.id);
    if !relation.is_some_and(|relation| sees(tx.actor(), Resource::Youths, &relation)) {
        return Ok(ErrorCode::NotFound.into());
    }
    tx.concern(key.id);
    let words = vec![key.id.to_string()];
    Ok(Error {
        fields: vec![FieldError::with_words(
            "youthId",
            FieldCode::MergedInto,
            words,
        )],
        ..Error::from(ErrorCode::YouthMerged)
    })
}

/// The ids that a youth was known by before merges that stand, and their own: for what the log and the history say of them.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn ids_of(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<Id<Youth>>> {
    let mut ids: Vec<Id<Youth>> = standing(youth_id)
        .order(youth_merges::id)
        .select(youth_merges::merged_youth_id)
        .load(tx.conn())?;
    ids.insert(0, youth_id);
    Ok(ids)
}

/// The names that the records said which have gone into a youth's.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn merged_names(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
) -> Result<Vec<(String, String)>> {
    let rows: Vec<StoredYouthMergeRow> = standing(youth_id).load(tx.conn())?;
    let rows = rows.all_deciphered(tx.vault())?;
    let name = |document: &Value, field: &str| {
        let text = document.get(field).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Ok(rows
        .into_iter()
        .filter_map(|row| row.merged_youth)
        .map(|Json(document)| (name(&document, "givenName"), name(&document, "familyName")))
        .collect())
}

/// Stores a new merge, before anything is moved: the database lets what never changes go over only while one stands.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &YouthMergeRow) -> Result<()> {
    diesel::insert_into(youth_merges::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores a changed one.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &YouthMergeRow) -> Result<()> {
    diesel::update(youth_merges::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps what was done in the compartment, and which records stand nowhere meanwhile.
///
/// # Errors
/// The database does not answer.
pub fn keep_apart(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<YouthMerge>,
    changes: &Json,
    set_aside: &[Id<Record>],
) -> Result<()> {
    let closed = changes.close(tx.vault(), &place(id))?;
    diesel::insert_into(protected_youth_merges::table)
        .values((
            protected_youth_merges::merge_id.eq(id),
            protected_youth_merges::changes.eq(closed),
        ))
        .execute(tx.conn())?;
    for record in set_aside {
        diesel::insert_into(set_aside_records::table)
            .values((
                set_aside_records::merge_id.eq(id),
                set_aside_records::record_id.eq(*record),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// What was done in the compartment. Nothing once that was disposed of.
///
/// # Errors
/// The database does not answer.
pub fn load_apart(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<YouthMerge>) -> Result<Option<Json>> {
    let stored = protected_youth_merges::table
        .find(id)
        .select(protected_youth_merges::changes)
        .first(tx.conn())
        .optional()?;
    Hidden::open(stored, tx.vault(), &place(id))
}

/// Forgets what the records said that have gone into one that has become minimal: what it said before is not kept, and such a
/// merge is not undone any more.
///
/// # Errors
/// The database does not answer.
pub fn forget_changes(tx: &mut AuditedTx<'_>, _: &Permit, youth_id: Id<Youth>) -> Result<()> {
    let ids: Vec<Id<YouthMerge>> = standing(youth_id)
        .select(youth_merges::id)
        .load(tx.conn())?;
    for id in ids {
        diesel::delete(protected_youth_merges::table.find(id)).execute(tx.conn())?;
        diesel::update(youth_merges::table.find(id))
            .set((
                youth_merges::merged_youth.eq(None::<super::cipher::CipherText>),
                youth_merges::changes.eq(None::<super::cipher::CipherText>),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Forgets what an undo took.
///
/// # Errors
/// The database does not answer.
pub(in crate::db) fn forget_one(tx: &mut AuditedTx<'_>, id: Id<YouthMerge>) -> Result<()> {
    diesel::delete(protected_youth_merges::table.find(id)).execute(tx.conn())?;
    diesel::delete(set_aside_records::table.filter(set_aside_records::merge_id.eq(id)))
        .execute(tx.conn())?;
    Ok(())
}

fn place(id: Id<YouthMerge>) -> Place<'static> {
    Place::of("protected_youth_merges", "changes", id.uuid())
}
