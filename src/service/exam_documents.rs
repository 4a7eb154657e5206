//! Exam and grade documents of a youth: which one, when it was issued, who says so. The paper itself is not kept. What a
//! document means for the target group is decided in `domain::target_group`.

use super::facts::{read_source, read_void_reason, refuse_void};
use super::form::Form;
use super::sensitive_terms::screen;
use super::youths::{load_for_rules, visible_relation};
use super::{Fields, begin_create, begin_update, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::exam_documents::{self, ExamDocumentRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::versions::keep_version;
use crate::db::youths::YouthRecord;
use crate::domain::id::{ExamDocument, Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::FactSource;
use crate::domain::target_group::{ExamDocumentFact, check_exam_document};
use crate::error::Result;
use crate::policy::reveal::View;

const INPUTS: &[&str] = &["kind", "issuedOn", "source", "voidReason"];

/// The documents of a youth, the latest issued first, void ones too.
///
/// # Errors
/// 404 for a youth the actor may not know of.
pub fn list_exam_documents(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let page = exam_documents::list_of_youth(tx, youth_id, request)?;
    reveal_page(tx, page)
}

/// One document.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_exam_document(tx: &mut AuditedTx<'_>, id: Id<ExamDocument>) -> Result<View> {
    let sealed = exam_documents::load(tx, id)?;
    tx.reveal(&sealed)
}

/// Enters a document.
///
/// # Errors
/// 404; 403 with a pointer; 422 with all fields that are wrong.
pub fn add_exam_document(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    fields: Fields,
) -> Result<View> {
    let (youth, relation) = load_for_rules(tx, youth_id)?;
    let (permit, mut form) = begin_create(tx, Resource::ExamDocuments, &relation, fields)?;
    let input = read_input(tx, &youth, &mut form, false);
    let (fact, source, _) = form.finish_with(input)?;
    let now = tx.timestamp();
    let row = ExamDocumentRow {
        id: Id::fresh(),
        youth_id,
        kind: fact.kind,
        issued_on: fact.issued_on,
        source,
        void_reason: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    exam_documents::insert_many(tx, &permit, std::slice::from_ref(&row))?;
    finish(tx, row.id)
}

/// Changes a document, or marks it void.
///
/// # Errors
/// 404; 403 with a pointer; 412; 409 when it is void; 422 with all fields that are wrong.
pub fn update_exam_document(
    tx: &mut AuditedTx<'_>,
    id: Id<ExamDocument>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = exam_documents::load(tx, id)?;
    let (permit, mut form) = begin_update(tx, &sealed, version, patch, INPUTS)?;
    let mut row = sealed.for_rules().clone();
    refuse_void(row.void_reason.as_ref())?;
    let (youth, _) = load_for_rules(tx, row.youth_id)?;
    let input = read_input(tx, &youth, &mut form, true);
    screen(tx, &mut form)?;
    let (fact, source, void_reason) = form.finish_with(input)?;
    row.kind = fact.kind;
    row.issued_on = fact.issued_on;
    row.source = source;
    row.void_reason = void_reason;
    row.updated_at = tx.timestamp();
    row.version += 1;
    exam_documents::update(tx, &permit, &row)?;
    finish(tx, id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<ExamDocument>) -> Result<View> {
    let sealed = exam_documents::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn read_input(
    tx: &AuditedTx<'_>,
    youth: &YouthRecord,
    form: &mut Form,
    may_be_void: bool,
) -> Option<(ExamDocumentFact, FactSource, Option<String>)> {
    let void_reason = if may_be_void {
        read_void_reason(form)
    } else {
        None
    };
    let kind = form.code("kind");
    let kind = form.require("kind", kind);
    let issued_on = form.date("issuedOn");
    let issued_on = form.require("issuedOn", issued_on);
    let source = read_source(form, void_reason.is_some());
    let fact = ExamDocumentFact {
        issued_on: issued_on?,
        kind: kind?,
    };
    if void_reason.is_none() {
        form.add(check_exam_document(&fact, youth.row.birth_date, tx.today()));
    }
    Some((fact, source?, void_reason))
}
