//! Releases of the statistics as they are stored: the document as it was published, to the byte, and the true counts behind it,
//! which are enciphered and leave the database for the protection of later releases alone. How one comes about stands in
//! `service::statistics_releases`, what is in it in `statistics`.

use super::audited::AuditedTx;
use super::cipher::{CipherText, Hidden, Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::{load_of, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::is_unprotected;
use super::schema::{statistics_releases, youths};
use super::types::Timestamp;
use crate::domain::id::{Id, Job, StatisticsRelease, User};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use crate::statistics::counting::{CountsBehind, EarlierRelease};
use crate::statistics::document::{FORMAT, ReleaseDocument};
use crate::statistics::period::PeriodPart;
use crate::vault::Place;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::Value;
use sha2::{Digest, Sha256};

guarded! {
    /// A release as stored, with everything.
    #[derive(Clone)]
    pub struct ReleaseRow as StoredReleaseRow [derive(Insertable), diesel(table_name = statistics_releases)] in statistics_releases by id {
        pub id: Id<StatisticsRelease>,
        /// In the municipality, from 1.
        pub number: i64,
        pub year: i64,
        pub period: PeriodPart,
        pub threshold: i64,
        pub hidden_cells: i64,
        pub cells: i64,
        pub job_id: Id<Job>,
        pub made_by: Id<User>,
        pub made_at: Timestamp,
        /// Of the bytes of `document`.
        pub content_sha256: String,
        /// The [`ReleaseDocument`] as JSON.
        pub document: String,
        /// The [`CountsBehind`] as JSON.
        pub behind ~ String,
    }
}

guarded! {
    /// What is told of a release besides its content.
    #[derive(Debug, Clone)]
    pub struct ReleaseHead as StoredReleaseHead [derive(Queryable)] in statistics_releases by id {
        pub id: Id<StatisticsRelease>,
        pub number: i64,
        pub year: i64,
        pub period: PeriodPart,
        pub threshold: i64,
        pub hidden_cells: i64,
        pub cells: i64,
        pub job_id: Id<Job>,
        pub made_by: Id<User>,
        pub made_at: Timestamp,
        pub content_sha256: String,
        pub withdrawn_at: Option<Timestamp>,
        pub withdrawn_by: Option<Id<User>>,
        pub withdrawal_reason ~ Option<String>,
    }
}

/// The columns of a [`ReleaseHead`].
macro_rules! head {
    () => {
        (
            statistics_releases::id,
            statistics_releases::number,
            statistics_releases::year,
            statistics_releases::period,
            statistics_releases::threshold,
            statistics_releases::hidden_cells,
            statistics_releases::cells,
            statistics_releases::job_id,
            statistics_releases::made_by,
            statistics_releases::made_at,
            statistics_releases::content_sha256,
            statistics_releases::withdrawn_at,
            statistics_releases::withdrawn_by,
            statistics_releases::withdrawal_reason,
        )
    };
}

/// A release as it is told of.
#[derive(Debug, Clone)]
pub struct ReleaseRecord {
    pub head: ReleaseHead,
    /// What was published, in the words of the reader; nothing once it is withdrawn, or where it was not asked for.
    pub document: Option<Value>,
}

disclosed!(ReleaseRecord, StatisticsReleases, |r| youth: None, id: r.head.id, version: r.head.version(), {
    "id": r.head.id,
    "number": r.head.number,
    "year": r.head.year,
    "period": Word(r.head.period),
    "threshold": r.head.threshold,
    "hiddenCells": r.head.hidden_cells,
    "cells": r.head.cells,
    "jobId": r.head.job_id,
    "madeBy": r.head.made_by,
    "madeAt": r.head.made_at,
    "contentSha256": r.head.content_sha256,
    "withdrawnAt": r.head.withdrawn_at,
    "withdrawnBy": r.head.withdrawn_by,
    "withdrawalReason": r.head.withdrawal_reason,
    "document": r.document,
});

impl ReleaseHead {
    /// Whether it has been withdrawn.
    pub const fn is_withdrawn(&self) -> bool {
        self.withdrawn_at.is_some()
    }
    /// The second, once it is withdrawn; there is no third.
    pub fn version(&self) -> i64 {
        1 + i64::from(self.is_withdrawn())
    }
}

/// The hash of the bytes of a document, in hexadecimal.
pub fn hash_of(document: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(document.as_bytes()))
}

/// A release without its content. Those of the municipality are of no unit.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<StatisticsRelease>) -> Result<Sealed<ReleaseRecord>> {
    let head: StoredReleaseHead = statistics_releases::table
        .find(id)
        .select(head!())
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    sealed(tx, head)
}

/// The release of a number, or the latest that is not withdrawn.
///
/// # Errors
/// The database does not answer.
pub fn find_id(
    tx: &mut AuditedTx<'_>,
    number: Option<i64>,
) -> Result<Option<Id<StatisticsRelease>>> {
    let mut query = statistics_releases::table
        .select(statistics_releases::id)
        .order(statistics_releases::number.desc())
        .into_boxed();
    query = match number {
        Some(number) => query.filter(statistics_releases::number.eq(number)),
        None => query.filter(statistics_releases::withdrawn_at.is_null()),
    };
    Ok(query.first(tx.conn()).optional()?)
}

/// The releases, the latest made first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<Sealed<ReleaseRecord>>> {
    let query = statistics_releases::table.select(head!()).into_boxed();
    let page: Page<StoredReleaseHead> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        statistics_releases::id,
        |row: &StoredReleaseHead| row.id
    );
    page.try_map(|row| sealed(tx, row))
}

fn sealed(tx: &AuditedTx<'_>, row: StoredReleaseHead) -> Result<Sealed<ReleaseRecord>> {
    let head = row.deciphered(tx.vault())?;
    let relation = Relation {
        is_own: tx.actor().user_id() == Some(head.made_by),
        ..Relation::default()
    };
    let document = None;
    Ok(Sealed::new(ReleaseRecord { head, document }, relation))
}

/// What a release has published. Who calls has found that the actor may read it.
///
/// # Errors
/// It is not what was published any more, or is of a form that this program does not know.
pub fn load_document(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<StatisticsRelease>,
) -> Result<ReleaseDocument> {
    let (text, hash): (String, String) = statistics_releases::table
        .find(id)
        .select((
            statistics_releases::document,
            statistics_releases::content_sha256,
        ))
        .first(tx.conn())?;
    if hash_of(&text) != hash {
        return Err(Error::internal(format!(
            "release {id} is not what was published"
        )));
    }
    read(&text)
}

/// What a release has published, or a part of it, from the text that is kept.
pub(super) fn read(text: &str) -> Result<ReleaseDocument> {
    let document: ReleaseDocument = serde_json::from_str(text).map_err(Error::internal)?;
    if document.format == FORMAT {
        Ok(document)
    } else {
        Err(Error::internal("a release of a form that is not known"))
    }
}

/// The releases of a year with what stands behind them, the first first; withdrawn ones too: they have been read.
///
/// # Errors
/// The database does not answer, or one cannot be read.
pub fn of_year(tx: &mut AuditedTx<'_>, _: &Permit, year: i64) -> Result<Vec<EarlierRelease>> {
    let rows: Vec<(Id<StatisticsRelease>, String, CipherText)> = statistics_releases::table
        .filter(statistics_releases::year.eq(year))
        .order(statistics_releases::number)
        .select((
            statistics_releases::id,
            statistics_releases::document,
            statistics_releases::behind,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(|(id, document, behind)| {
            let place = Place::of("statistics_releases", "behind", id.uuid());
            let behind = String::open(behind, tx.vault(), &place)?;
            let behind: CountsBehind = serde_json::from_str(&behind).map_err(Error::internal)?;
            let document = read(&document)?;
            Ok(EarlierRelease { document, behind })
        })
        .collect()
}

/// What some releases have published.
///
/// # Errors
/// The database does not answer, or one cannot be read.
pub(super) fn documents_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<StatisticsRelease>],
) -> Result<Vec<ReleaseDocument>> {
    let texts: Vec<String> = load_of!(
        tx.conn(),
        ids,
        statistics_releases::id,
        statistics_releases::table.select(statistics_releases::document)
    )?;
    texts.iter().map(|text| read(text)).collect()
}

/// How many releases a year has.
///
/// # Errors
/// The database does not answer.
pub fn count_of_year(tx: &mut AuditedTx<'_>, year: i64) -> Result<i64> {
    Ok(statistics_releases::table
        .filter(statistics_releases::year.eq(year))
        .count()
        .get_result(tx.conn())?)
}

/// How many youths a counting goes through; those with protected identity are in no table.
///
/// # Errors
/// The database does not answer.
pub fn count_youths(tx: &mut AuditedTx<'_>) -> Result<i64> {
    Ok(youths::table
        .filter(is_unprotected())
        .count()
        .get_result(tx.conn())?)
}

/// The number of the next release.
///
/// # Errors
/// The database does not answer.
pub fn next_number(tx: &mut AuditedTx<'_>) -> Result<i64> {
    let last: Option<i64> = statistics_releases::table
        .select(max(statistics_releases::number))
        .first(tx.conn())?;
    Ok(last.unwrap_or(0) + 1)
}

/// Stores a new release.
///
/// # Errors
/// 503 when another was given the number meanwhile: the next try takes the next.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &ReleaseRow) -> Result<()> {
    diesel::insert_into(statistics_releases::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error {
                is_conflict: true,
                ..Error::busy("another release has this number")
            },
            other => other.into(),
        })?;
    Ok(())
}

/// Marks a release as withdrawn, once. It stays, and so does what stands behind it.
///
/// # Errors
/// The database does not answer.
pub fn withdraw(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<StatisticsRelease>,
    by: Id<User>,
    reason: &str,
) -> Result<()> {
    let place = Place::of("statistics_releases", "withdrawal_reason", id.uuid());
    let reason = reason.to_owned().close(tx.vault(), &place)?;
    let now = tx.timestamp();
    diesel::update(statistics_releases::table.find(id))
        .set((
            statistics_releases::withdrawn_at.eq(Some(now)),
            statistics_releases::withdrawn_by.eq(Some(by)),
            statistics_releases::withdrawal_reason.eq(Some(reason)),
        ))
        .execute(tx.conn())?;
    Ok(())
}
