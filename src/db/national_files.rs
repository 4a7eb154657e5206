//! National files as they are stored: the line of each, which stays; its content in enciphered pieces and the list of what is
//! wrong with its rows, which go when it expires or is replaced. A piece says which file it is of and which in the row, so that
//! none can stand in another's place. What a file says is decided in `domain::national_file`, how it is made in `service`.

use super::audited::{AuditedTx, Door};
use super::cipher::{Stored, guarded};
use super::disclosed::{Word, disclosed};
use super::listing::load_page_by_id;
use super::paging::{Page, PageRequest};
use super::schema::{jobs, national_file_chunks, national_file_problems, national_files};
use super::types::Timestamp;
use crate::domain::codes::Code;
use crate::domain::id::{
    Id, Job, NationalFile, NationalFileChunk, NationalFileProblem, User, Youth,
};
use crate::domain::national_file::{
    Block, HalfYear, NationalFileStatus, ProblemCode, ProblemWeight,
};
use crate::error::{Error, ErrorCode, Language, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use data_encoding::BASE64;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// A file as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = national_files, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NationalFileRow {
    pub id: Id<NationalFile>,
    pub year: i32,
    pub half_year: i32,
    pub status: NationalFileStatus,
    pub profile_name: String,
    pub profile_version: String,
    pub profile_sha256: String,
    pub is_draft: bool,
    pub file_name: String,
    pub media_type: String,
    /// Of the exact bytes, in hexadecimal; only of a file that was made.
    pub sha256: Option<String>,
    pub byte_count: i64,
    /// Without the heading.
    pub row_count: i64,
    /// Youths in it, and those left out: protected identity, handled outside the system, processing restricted.
    pub person_count: i64,
    pub protected_count: i64,
    pub outside_count: i64,
    pub restricted_count: i64,
    pub error_count: i64,
    pub warning_count: i64,
    pub chunk_count: i32,
    pub job_id: Id<Job>,
    pub made_by: Id<User>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub replaced_by: Option<Id<NationalFile>>,
    pub replaced_at: Option<Timestamp>,
    /// From this day on content and problems are no longer given.
    pub expires_on: Option<NaiveDate>,
    pub content_erased_at: Option<Timestamp>,
    pub version: i64,
}

disclosed!(NationalFileRow, NationalFiles, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "year": r.year,
    "halfYear": r.half_year,
    "status": Word(r.status),
    "profileName": r.profile_name,
    "profileVersion": r.profile_version,
    "profileSha256": r.profile_sha256,
    "isDraft": r.is_draft,
    "fileName": r.file_name,
    "mediaType": r.media_type,
    "sha256": r.sha256,
    "byteCount": r.byte_count,
    "rowCount": r.row_count,
    "personCount": r.person_count,
    "protectedCount": r.protected_count,
    "outsideCount": r.outside_count,
    "restrictedCount": r.restricted_count,
    "errorCount": r.error_count,
    "warningCount": r.warning_count,
    "jobId": r.job_id,
    "madeBy": r.made_by,
    "createdAt": r.created_at,
    "finishedAt": r.finished_at,
    "replacedBy": r.replaced_by,
    "replacedAt": r.replaced_at,
    "expiresOn": r.expires_on,
    "contentErasedAt": r.content_erased_at,
    "version": r.version,
});

guarded! {
    /// A piece of the content as stored.
    #[derive(Clone)]
    pub struct ChunkRow as StoredChunkRow [derive(Queryable, Insertable), diesel(table_name = national_file_chunks)] in national_file_chunks by id {
        pub id: Id<NationalFileChunk>,
        pub file_id: Id<NationalFile>,
        pub ordinal: i32,
        pub content ~ String,
    }
}

/// Something wrong with a row, as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = national_file_problems)]
pub struct ProblemRow {
    pub id: Id<NationalFileProblem>,
    pub file_id: Id<NationalFile>,
    pub line: i64,
    pub youth_id: Id<Youth>,
    pub block: Block,
    pub field: String,
    pub code: ProblemCode,
    pub weight: ProblemWeight,
    pub word: Option<String>,
}

/// A problem in the reader's language.
#[derive(Debug, Clone)]
pub struct ProblemRecord {
    pub row: ProblemRow,
    pub language: Language,
}

impl ProblemRecord {
    /// What is wrong, in a sentence.
    pub fn detail(&self) -> String {
        let code = self.row.code;
        self.language.pick(code.sv(), code.en()).to_owned()
    }
}

disclosed!(ProblemRecord, NationalFileProblems, |r| youth: Some(r.row.youth_id), id: r.row.id, version: 1, {
    "id": r.row.id,
    "fileId": r.row.file_id,
    "line": r.row.line,
    "youthId": r.row.youth_id,
    "block": Word(r.row.block),
    "field": r.row.field,
    "code": Word(r.row.code),
    "detail": r.detail(),
    "weight": Word(r.row.weight),
    "word": r.row.word,
});

/// A piece of the content: bytes of the file, and the youths whose rows they are.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk {
    pub bytes: Vec<u8>,
    pub youths: Vec<Id<Youth>>,
}

/// A piece as it is enciphered.
#[derive(Serialize, Deserialize)]
struct WrittenChunk {
    file: Id<NationalFile>,
    ordinal: i32,
    youths: Vec<Id<Youth>>,
    bytes: String,
}

/// It is the whole municipality's, of whatever unit its maker is.
fn sealed<T>(record: T) -> Sealed<T> {
    Sealed::new(record, Relation::unit_record(true))
}

/// A file.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<NationalFile>) -> Result<Sealed<NationalFileRow>> {
    let row: NationalFileRow = national_files::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed(row))
}

/// The files, newest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    year: Option<i32>,
    half_year: Option<i32>,
    request: &PageRequest,
) -> Result<Page<Sealed<NationalFileRow>>> {
    let mut query = national_files::table.into_boxed();
    if let Some(year) = year {
        query = query.filter(national_files::year.eq(year));
    }
    if let Some(half_year) = half_year {
        query = query.filter(national_files::half_year.eq(half_year));
    }
    let page: Page<NationalFileRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        national_files::id,
        |row: &NationalFileRow| row.id
    );
    page.try_map(|row| Ok(sealed(row)))
}

/// The files of a half-year with a status.
///
/// # Errors
/// The database does not answer.
pub fn of_half_year(
    tx: &mut AuditedTx<'_>,
    half: HalfYear,
    status: NationalFileStatus,
) -> Result<Vec<NationalFileRow>> {
    Ok(national_files::table
        .filter(national_files::year.eq(half.year()))
        .filter(national_files::half_year.eq(half.half()))
        .filter(national_files::status.eq(status))
        .order(national_files::id)
        .load(tx.conn())?)
}

/// Stores a new file.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &NationalFileRow) -> Result<()> {
    diesel::insert_into(national_files::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Stores how a file stands.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, row: &NationalFileRow) -> Result<()> {
    diesel::update(national_files::table.find(row.id))
        .set(row)
        .execute(tx.conn())?;
    Ok(())
}

// The content -------------------------------------------------------------------------------------

/// Stores a piece of the content.
///
/// # Errors
/// The database does not answer.
pub fn insert_chunk(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    file_id: Id<NationalFile>,
    ordinal: i32,
    chunk: &Chunk,
) -> Result<()> {
    let written = WrittenChunk {
        file: file_id,
        ordinal,
        youths: chunk.youths.clone(),
        bytes: BASE64.encode(&chunk.bytes),
    };
    let row = ChunkRow {
        id: Id::fresh(),
        file_id,
        ordinal,
        content: serde_json::to_string(&written).map_err(Error::internal)?,
    };
    diesel::insert_into(national_file_chunks::table)
        .values(row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    Ok(())
}

/// A piece of the content; `None` when it is no longer kept.
///
/// # Errors
/// It does not open, or was put in another's place.
pub fn find_chunk(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    file_id: Id<NationalFile>,
    ordinal: i32,
) -> Result<Option<Chunk>> {
    let row: Option<StoredChunkRow> = national_file_chunks::table
        .filter(national_file_chunks::file_id.eq(file_id))
        .filter(national_file_chunks::ordinal.eq(ordinal))
        .first(tx.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let row = row.deciphered(tx.vault())?;
    let written: WrittenChunk = serde_json::from_str(&row.content).map_err(Error::internal)?;
    if (written.file, written.ordinal) != (file_id, ordinal) {
        return Err(Error::internal(
            "a piece of a national file stands in another's place",
        ));
    }
    Ok(Some(Chunk {
        bytes: BASE64
            .decode(written.bytes.as_bytes())
            .map_err(Error::internal)?,
        youths: written.youths,
    }))
}

/// Forgets the content of a file.
///
/// # Errors
/// The database does not answer.
pub fn erase_content(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<NationalFile>) -> Result<()> {
    diesel::delete(national_file_chunks::table.filter(national_file_chunks::file_id.eq(id)))
        .execute(tx.conn())?;
    Ok(())
}

// The problems ------------------------------------------------------------------------------------

/// Stores what is wrong with some rows.
///
/// # Errors
/// The database does not answer.
pub fn insert_problems(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[ProblemRow]) -> Result<()> {
    // Each bind of a statement counts; a few hundred rows stay within what both databases take.
    for some in rows.chunks(200) {
        crate::on_each!(tx.conn(), c => diesel::insert_into(national_file_problems::table).values(some).execute(c))?;
    }
    Ok(())
}

/// What is wrong with a file, in the order of its lines.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_problems(
    tx: &mut AuditedTx<'_>,
    file_id: Id<NationalFile>,
    weight: Option<ProblemWeight>,
    language: Language,
    request: &PageRequest,
) -> Result<Page<Sealed<ProblemRecord>>> {
    let mut query = national_file_problems::table
        .filter(national_file_problems::file_id.eq(file_id))
        .into_boxed();
    if let Some(weight) = weight {
        query = query.filter(national_file_problems::weight.eq(weight));
    }
    let page: Page<ProblemRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        national_file_problems::id,
        |row: &ProblemRow| row.id
    );
    page.try_map(|row| Ok(sealed(ProblemRecord { row, language })))
}

/// The first problems of a file, so many at most.
///
/// # Errors
/// The database does not answer.
pub fn first_problems(
    tx: &mut AuditedTx<'_>,
    file_id: Id<NationalFile>,
    language: Language,
    most: i64,
) -> Result<Vec<Sealed<ProblemRecord>>> {
    let rows: Vec<ProblemRow> = national_file_problems::table
        .filter(national_file_problems::file_id.eq(file_id))
        .order(national_file_problems::id)
        .limit(most)
        .load(tx.conn())?;
    let told = |row| sealed(ProblemRecord { row, language });
    Ok(rows.into_iter().map(told).collect())
}

/// Forgets what is wrong with a file.
///
/// # Errors
/// The database does not answer.
pub fn erase_problems(tx: &mut AuditedTx<'_>, _: &Permit, id: Id<NationalFile>) -> Result<()> {
    diesel::delete(national_file_problems::table.filter(national_file_problems::file_id.eq(id)))
        .execute(tx.conn())?;
    Ok(())
}

// What has expired --------------------------------------------------------------------------------

/// The files whose content or problems are still there although nobody may have them any more: they have expired, or the job
/// that made them has ended without them.
macro_rules! over {
    ($today:expr) => {
        national_files::table
            .filter(national_files::content_erased_at.is_null())
            .filter(
                national_files::expires_on
                    .le($today)
                    .assume_not_null()
                    .or(national_files::status
                        .eq(NationalFileStatus::Making)
                        .and(exists(
                            jobs::table
                                .filter(jobs::id.eq(national_files::job_id))
                                .filter(jobs::finished_at.is_not_null()),
                        ))),
            )
    };
}

/// Some of the files that are over, the oldest first.
///
/// # Errors
/// The database does not answer.
pub fn list_over(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    today: NaiveDate,
    most: i64,
) -> Result<Vec<NationalFileRow>> {
    Ok(over!(today)
        .order(national_files::id)
        .limit(most)
        .load(tx.conn())?)
}

/// Whether any is over. No operation, so no event.
///
/// # Errors
/// The database does not answer.
pub async fn is_one_over(door: &Door, today: NaiveDate) -> Result<bool> {
    door.look(move |conn| Ok(diesel::select(exists(over!(today))).get_result(conn)?))
        .await
}
