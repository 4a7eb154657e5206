//! Places of youths at schools: rows, the enrolments of a youth, and changes. What they mean is a matter of
//! `domain::target_group`. A wrong one is marked void and stays.

use super::audited::AuditedTx;
use super::cipher::{AllStored, all_enciphered, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page;
use super::paging::{Page, PageRequest};
use super::relations::relations_by_id;
use super::schema::enrolments;
use super::types::Timestamp;
use crate::domain::id::{Enrolment, Id, User, Youth};
use crate::domain::target_group::EnrolmentFact;
use crate::domain::target_group::codes::{FactSource, ProgrammeKind, SchoolType};
use crate::error::{ErrorCode, Result};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;

guarded! {
    /// An enrolment as stored.
    #[derive(Debug, Clone)]
    pub struct EnrolmentRow as StoredEnrolmentRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = enrolments, treat_none_as_null = true, treat_none_as_default_value = false)] in enrolments by id {
        pub id: Id<Enrolment>,
        pub youth_id: Id<Youth>,
        pub school_type: SchoolType,
        pub programme_kind: ProgrammeKind,
        pub study_path_code: Option<String>,
        pub school: Option<String>,
        /// Where the school is.
        pub municipality_code: Option<String>,
        pub admitted_on: Option<NaiveDate>,
        pub starts_on: Option<NaiveDate>,
        /// The last day.
        pub ends_on: Option<NaiveDate>,
        /// Whether it ended before its time.
        pub is_cancelled: bool,
        pub source: FactSource,
        /// Why it does not count.
        pub void_reason ~ Option<String>,
        pub created_by: Option<Id<User>>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
    }
}

impl EnrolmentRow {
    /// As the rule sees it.
    pub fn fact(&self) -> EnrolmentFact {
        EnrolmentFact {
            school_type: self.school_type,
            programme: EnrolmentFact::programme_of(
                self.programme_kind,
                self.study_path_code.as_deref(),
            ),
            admitted_on: self.admitted_on,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            is_cancelled: self.is_cancelled,
        }
    }
}

disclosed!(EnrolmentRow, Enrolments, |r| youth: Some(r.youth_id), id: r.id, version: r.version,
    closed: ["school", "municipalityCode"], {
    "id": r.id,
    "youthId": r.youth_id,
    "schoolType": Word(r.school_type),
    "programmeKind": Word(r.programme_kind),
    "studyPathCode": r.study_path_code,
    "school": r.school,
    "municipalityCode": r.municipality_code,
    "admittedOn": r.admitted_on,
    "startsOn": r.starts_on,
    "endsOn": r.ends_on,
    "isCancelled": r.is_cancelled,
    "source": Word(r.source),
    "voidReason": r.void_reason,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// An enrolment, with the actor's relation to its youth.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Enrolment>) -> Result<Sealed<EnrolmentRow>> {
    let row: StoredEnrolmentRow = enrolments::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    sealed(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The enrolments of a youth, the latest entered first.
///
/// # Errors
/// The database does not answer, or 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<EnrolmentRow>>> {
    let query = enrolments::table
        .filter(enrolments::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredEnrolmentRow> = load_page!(
        tx,
        request,
        query,
        true,
        enrolments::created_at,
        enrolments::id,
        |row: &StoredEnrolmentRow| (row.created_at, row.id)
    );
    page.try_with(|rows| sealed(tx, rows))
}

/// All enrolments of some youths, void ones too, in the order they were entered; for rules.
///
/// # Errors
/// The database does not answer.
pub fn of_youths(tx: &mut AuditedTx<'_>, youth_ids: &[Id<Youth>]) -> Result<Vec<EnrolmentRow>> {
    let mut rows = Vec::new();
    for ids in youth_ids.chunks(BATCH) {
        let found: Vec<StoredEnrolmentRow> = enrolments::table
            .filter(enrolments::youth_id.eq_any(ids))
            .order((enrolments::created_at, enrolments::id))
            .load(tx.conn())?;
        rows.extend(found.all_deciphered(tx.vault())?);
    }
    Ok(rows)
}

/// Stores new enrolments.
///
/// # Errors
/// The database does not answer.
pub fn insert_many(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[EnrolmentRow]) -> Result<()> {
    for batch in rows.chunks(BATCH) {
        let batch = all_enciphered!(batch, tx.vault())?;
        crate::on_each!(tx.conn(), c => diesel::insert_into(enrolments::table).values(&batch).execute(c))?;
    }
    Ok(())
}

/// Rows in one statement.
const BATCH: usize = 500;

/// Stores a changed enrolment.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &EnrolmentRow) -> Result<()> {
    diesel::update(enrolments::table.find(row.id))
        .set(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredEnrolmentRow>,
) -> Result<Vec<Sealed<EnrolmentRow>>> {
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
