//! Exam and grade documents of youths: rows, the documents of a youth, and changes. What they mean is a matter of
//! `domain::target_group`. A wrong one is marked void and stays.

use super::audited::AuditedTx;
use super::cipher::{AllStored, all_enciphered, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page;
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::exam_documents;
use super::types::Timestamp;
use crate::domain::id::{ExamDocument, Id, User, Youth};
use crate::domain::target_group::ExamDocumentFact;
use crate::domain::target_group::codes::{ExamDocumentKind, FactSource};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// A document as stored.
    #[derive(Debug, Clone)]
    pub struct ExamDocumentRow as StoredExamDocumentRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = exam_documents, treat_none_as_null = true, treat_none_as_default_value = false)] in exam_documents by id {
        pub id: Id<ExamDocument>,
        pub youth_id: Id<Youth>,
        pub kind: ExamDocumentKind,
        pub issued_on: NaiveDate,
        pub source: FactSource,
        /// Why it does not count.
        pub void_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl ExamDocumentRow {
    /// As the rule sees it.
    pub const fn fact(&self) -> ExamDocumentFact {
        ExamDocumentFact {
            issued_on: self.issued_on,
            kind: self.kind,
        }
    }
}

disclosed!(ExamDocumentRow, ExamDocuments, |r| youth: Some(r.youth_id), id: r.id, version: r.version, {
    "id": r.id,
    "youthId": r.youth_id,
    "kind": Word(r.kind),
    "issuedOn": r.issued_on,
    "source": Word(r.source),
    "voidReason": r.void_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// A document, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<ExamDocument>) -> Result<Sealed<ExamDocumentRow>> {
    let row: StoredExamDocumentRow = exam_documents::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The documents of a youth, the latest issued first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<ExamDocumentRow>>> {
    let query = exam_documents::table
        .filter(exam_documents::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredExamDocumentRow> = load_page!(
        tx,
        request,
        query,
        true,
        exam_documents::issued_on,
        exam_documents::id,
        |row: &StoredExamDocumentRow| (row.issued_on, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// All documents of some youths, void ones too, in the order they were issued; for rules.
///
/// # Errors
/// The database does not answer.
pub fn of_youths(tx: &mut AuditedTx<'_>, youth_ids: &[Id<Youth>]) -> Result<Vec<ExamDocumentRow>> {
    let mut rows = Vec::new();
    for ids in youth_ids.chunks(BATCH) {
        let found: Vec<StoredExamDocumentRow> = exam_documents::table
            .filter(exam_documents::youth_id.eq_any(ids))
            .order((exam_documents::issued_on, exam_documents::id))
            .load(tx.conn())?;
        rows.extend(found.all_deciphered(tx.vault())?);
    }
    Ok(rows)
}

/// Stores new documents.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[ExamDocumentRow]) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        let batch = all_enciphered!(batch, tx.vault())?;
        crate::on_each!(tx.conn(), c => diesel::insert_into(exam_documents::table).values(&batch).execute(c))?;
    }
    Ok(())
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Stores a changed document.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &ExamDocumentRow) -> Result<()> {
    diesel::update(exam_documents::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredExamDocumentRow>,
) -> Result<Vec<Sealed<ExamDocumentRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().map(|row| row.youth_id))?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut relation = relations.get(&row.youth_id).cloned().unwrap_or_default();
            relation.is_own = row.created_by.is_some() && row.created_by == tx.actor().user_id();
            Sealed::new(row, relation)
        })
        .collect())
}
