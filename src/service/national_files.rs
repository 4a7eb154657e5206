//! The half-yearly national file: asked for, made step by step over pages of youths, replaced by a later one, read by whoever may,
//! and forgotten when it has expired. A step is one short transaction: rows, problems and how far it has come are stored together.
//! With one error among the problems there is no file, only their list. What is told of a youth, and what is wrong with it, is
//! decided in `domain::national_file`, how it is written in `exchange::national_file`.

use super::form::Form;
use super::jobs::{JobWork, Step, enqueue};
use super::{Fields, begin_create, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::jobs::JobRow;
use crate::db::national_file_facts as facts;
use crate::db::national_files::{self as files, Chunk, NationalFileRow, ProblemRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::domain::codes::Code;
use crate::domain::id::{Id, Job, NationalFile, User, Youth};
use crate::domain::job::JobKind;
use crate::domain::national_file::{
    FIRST_YEAR, HalfYear, LAST_YEAR, NationalFileStatus, Omission, PersonFacts, ProblemWeight,
    as_it_stood, omission_of,
};
use crate::domain::operation::{Operation, Resource};
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::exchange::Spreadsheet;
use crate::exchange::national_file::{File, Problem, Profile};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed, View};
use chrono::Days;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Most lines of a list of problems as a file: whoever has more mends these first.
const MOST_PROBLEMS: i64 = 10_000;
/// Files forgotten in one transaction.
const MOST_FORGOTTEN: i64 = 20;

// Asking for one ----------------------------------------------------------------------------------

/// Asks for the file of a half-year; gives the job that makes it.
///
/// # Errors
/// As [`read_wish`]; 409 while one of the half-year is being made.
pub fn create_national_file(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    profile: &Profile,
) -> Result<View> {
    let (permit, half) = read_wish(tx, fields, profile)?;
    let asked = json!({"year": half.year(), "period": half.part()});
    enqueue(tx, &permit, JobKind::NationalFile, half.to_string(), asked)
}

/// Reads for which half-year a file is asked: one that is over, that the profile is for, and with the municipality's code if
/// the profile writes it.
///
/// # Errors
/// 403, or 422 with all fields that are wrong.
fn read_wish(
    tx: &mut AuditedTx<'_>,
    fields: Fields,
    profile: &Profile,
) -> Result<(Permit, HalfYear)> {
    let relation = Relation::unit_record(true);
    let (permit, mut form) = begin_create(tx, Resource::NationalFiles, &relation, fields)?;
    let half = read_half_year(&mut form);
    if let Some(half) = half {
        let last = half.last_day();
        if last >= tx.today() {
            let code = FieldCode::PeriodNotEnded;
            form.add([FieldError::with("/halfYear", code, last.to_string())]);
        }
        if !profile.covers(half) {
            let code = FieldCode::ProfileNotForPeriod;
            form.add([FieldError::with("/halfYear", code, profile.covered())]);
        }
    }
    if profile.tells_municipality() && settings::load(tx)?.municipality_code.is_none() {
        form.add([FieldError::new("", FieldCode::MunicipalityCodeUnset)]);
    }
    Ok((permit, form.finish_with(half)?))
}

fn read_half_year(form: &mut Form) -> Option<HalfYear> {
    let year = form.integer("year", FIRST_YEAR.into()..=LAST_YEAR.into());
    let year = form.require("year", year);
    let half = form.integer("halfYear", 1..=2);
    let half = form.require("halfYear", half);
    HalfYear::new(i32::try_from(year?).ok()?, i32::try_from(half?).ok()?)
}

// Making one --------------------------------------------------------------------------------------

/// Makes files as jobs, by this profile.
pub struct NationalFileWork {
    profile: Arc<Profile>,
    batch: i64,
}

impl NationalFileWork {
    /// So many youths in a step.
    pub const fn new(profile: Arc<Profile>, batch: i64) -> Self {
        Self { profile, batch }
    }
}

impl JobWork for NationalFileWork {
    fn operation(&self) -> Operation {
        Operation::CreateNationalFile
    }

    fn next(
        &self,
        tx: &mut AuditedTx<'_>,
        permit: &Permit,
        job: &JobRow,
        from: Option<&str>,
    ) -> Result<Step> {
        let from: Option<Checkpoint> = from
            .map(serde_json::from_str)
            .transpose()
            .map_err(Error::internal)?;
        let asked = |name: &str| job.parameters.0.get(name);
        let year = asked("year").and_then(Value::as_i64);
        let year = year.and_then(|year| i32::try_from(year).ok());
        let half = year.zip(asked("period").and_then(Value::as_str));
        let half = half.and_then(|(year, part)| HalfYear::of_part(year, part));
        let wish = Wish {
            half: half.ok_or_else(|| Error::internal("a job without its half-year"))?,
            job_id: job.id,
            made_by: job.requested_by,
        };
        let progress = make_next(tx, permit, wish, &self.profile, from, self.batch)?;
        Ok(match progress {
            Progress::Done(id) => Step::Done(id.cast()),
            Progress::On(checkpoint) => Step::On(super::jobs::Progress {
                done: checkpoint.done,
                total: Some(checkpoint.total),
                checkpoint: serde_json::to_string(&checkpoint).map_err(Error::internal)?,
            }),
        })
    }
}

/// Who asked for which half-year, by which job.
#[derive(Debug, Clone, Copy)]
struct Wish {
    half: HalfYear,
    job_id: Id<Job>,
    made_by: Id<User>,
}

/// How far the making of a file has come.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Checkpoint {
    file_id: Id<NationalFile>,
    /// The last youth that has been told of, in the order of ids.
    after: Option<Id<Youth>>,
    /// The municipality's code when it began.
    municipality: Option<String>,
    /// The hash over the bytes so far, to go on from.
    hash: String,
    /// Youths looked at, and how many there were at first.
    done: u64,
    total: u64,
}

impl Checkpoint {
    fn hash(&self) -> Result<Sha256> {
        let told = |cause: String| Error::internal(format!("the hash of a checkpoint: {cause}"));
        let bytes = data_encoding::HEXLOWER
            .decode(self.hash.as_bytes())
            .map_err(|cause| told(cause.to_string()))?;
        let state = SerializedState::<Sha256>::try_from(bytes.as_slice())
            .map_err(|cause| told(cause.to_string()))?;
        Sha256::deserialize(&state).map_err(|cause| told(cause.to_string()))
    }
}

fn kept(hash: &Sha256) -> String {
    data_encoding::HEXLOWER.encode(&hash.serialize())
}

/// What a step has come to.
#[derive(Debug)]
enum Progress {
    /// There is more to do, from here.
    On(Checkpoint),
    /// It is made, or its problems are listed.
    Done(Id<NationalFile>),
}

/// Does what comes next of a file: it is begun, the next youths are told of, or it is brought to its end.
///
/// # Errors
/// 409 when the profile is no longer the one it was begun with; the database does not answer.
fn make_next(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    wish: Wish,
    profile: &Profile,
    from: Option<Checkpoint>,
    batch: i64,
) -> Result<Progress> {
    match from {
        None => begin(tx, permit, wish, profile).map(Progress::On),
        Some(checkpoint) => go_on(tx, permit, wish, profile, checkpoint, batch),
    }
}

fn begin(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    wish: Wish,
    profile: &Profile,
) -> Result<Checkpoint> {
    // Of a half-year one is made at a time: what is left of another belongs to a job that has ended without it.
    for left in files::of_half_year(tx, wish.half, NationalFileStatus::Making)? {
        forget(tx, permit, left, NationalFileStatus::Abandoned)?;
    }
    let municipality = settings::load(tx)?.municipality_code;
    let beginning = File {
        profile,
        half: wish.half,
        municipality: municipality.as_deref(),
    }
    .beginning()?;
    let row = NationalFileRow {
        id: Id::fresh(),
        year: wish.half.year(),
        half_year: wish.half.half(),
        status: NationalFileStatus::Making,
        profile_name: profile.name().to_owned(),
        profile_version: profile.version().to_owned(),
        profile_sha256: profile.sha256().to_owned(),
        is_draft: profile.is_draft(),
        file_name: profile.file_name(wish.half),
        media_type: profile.media_type().to_owned(),
        sha256: None,
        byte_count: length(&beginning),
        row_count: 0,
        person_count: 0,
        protected_count: 0,
        outside_count: 0,
        restricted_count: 0,
        error_count: 0,
        warning_count: 0,
        chunk_count: 1,
        job_id: wish.job_id,
        made_by: wish.made_by,
        created_at: tx.timestamp(),
        finished_at: None,
        replaced_by: None,
        replaced_at: None,
        expires_on: None,
        content_erased_at: None,
        version: 1,
    };
    let total = facts::count(tx, permit, wish.half)?;
    files::insert(tx, permit, &row)?;
    let chunk = Chunk {
        bytes: beginning,
        youths: Vec::new(),
    };
    files::insert_chunk(tx, permit, row.id, 0, &chunk)?;
    note(tx, row.id);
    Ok(Checkpoint {
        file_id: row.id,
        after: None,
        municipality,
        hash: kept(&Sha256::new_with_prefix(&chunk.bytes)),
        done: 0,
        total: u64::try_from(total).unwrap_or(0),
    })
}

fn go_on(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    wish: Wish,
    profile: &Profile,
    mut checkpoint: Checkpoint,
    batch: i64,
) -> Result<Progress> {
    let (mut row, _) = files::load(tx, checkpoint.file_id)?.into_record();
    if row.status != NationalFileStatus::Making {
        return Err(ErrorCode::Conflict.into());
    }
    if row.profile_sha256 != profile.sha256() {
        return Err(ErrorCode::NationalProfileChanged.into());
    }
    let people = facts::load_next(tx, permit, wish.half, checkpoint.after, batch)?;
    let is_last = i64::try_from(people.len()).is_ok_and(|count| count < batch);
    checkpoint.done += u64::try_from(people.len()).unwrap_or(0);
    checkpoint.after = people
        .last()
        .map_or(checkpoint.after, |person| Some(person.youth_id));
    let mut hash = checkpoint.hash()?;
    let (chunk, problems) = tell_of(&mut row, wish.half, profile, &checkpoint, people)?;
    files::insert_problems(tx, permit, &problems)?;
    // Once something stops the file no more of it is kept.
    if row.error_count == 0 && !chunk.bytes.is_empty() {
        hash.update(&chunk.bytes);
        files::insert_chunk(tx, permit, row.id, row.chunk_count, &chunk)?;
        row.chunk_count += 1;
        row.byte_count += length(&chunk.bytes);
    }
    row.version += 1;
    note(tx, row.id);
    if is_last {
        let id = row.id;
        finish(tx, permit, wish.half, row, hash)?;
        return Ok(Progress::Done(id));
    }
    files::update(tx, permit, &row)?;
    checkpoint.hash = kept(&hash);
    Ok(Progress::On(checkpoint))
}

/// The rows of some youths, with what is wrong with them; counted in the line of the file.
fn tell_of(
    row: &mut NationalFileRow,
    half: HalfYear,
    profile: &Profile,
    checkpoint: &Checkpoint,
    people: Vec<PersonFacts>,
) -> Result<(Chunk, Vec<ProblemRow>)> {
    let file = File {
        profile,
        half,
        municipality: checkpoint.municipality.as_deref(),
    };
    let mut chunk = Chunk {
        bytes: Vec::new(),
        youths: Vec::new(),
    };
    let mut problems = Vec::new();
    for person in people {
        match omission_of(&person, profile.protected()) {
            Some(Omission::Protected) => row.protected_count += 1,
            Some(Omission::HandledOutside) => row.outside_count += 1,
            Some(Omission::Restricted) => row.restricted_count += 1,
            None => {
                let person = as_it_stood(person, half);
                let written = file.person(&person, file.first_line() + row.row_count)?;
                row.row_count += written.rows;
                row.person_count += 1;
                chunk.bytes.extend(written.bytes);
                chunk.youths.push(person.youth_id);
                for problem in written.problems {
                    match problem.weight {
                        ProblemWeight::Error => row.error_count += 1,
                        ProblemWeight::Warning => row.warning_count += 1,
                    }
                    problems.push(stored(row.id, problem));
                }
            }
        }
    }
    Ok((chunk, problems))
}

fn stored(file_id: Id<NationalFile>, problem: Problem) -> ProblemRow {
    ProblemRow {
        id: Id::fresh(),
        file_id,
        line: problem.line,
        youth_id: problem.youth_id,
        block: problem.block,
        field: problem.field.to_owned(),
        code: problem.code,
        weight: problem.weight,
        word: problem.word,
    }
}

/// Brings a file to its end: with an error there is none, and the one before stays; else it takes the place of that.
fn finish(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    half: HalfYear,
    mut row: NationalFileRow,
    hash: Sha256,
) -> Result<()> {
    let days = settings::load(tx)?.national_file_days;
    row.finished_at = Some(tx.timestamp());
    row.expires_on = tx.today().checked_add_days(Days::new(days.into()));
    if row.error_count > 0 {
        files::erase_content(tx, permit, row.id)?;
        row.status = NationalFileStatus::Refused;
        row.byte_count = 0;
        row.chunk_count = 0;
        return files::update(tx, permit, &row);
    }
    for mut before in files::of_half_year(tx, half, NationalFileStatus::Made)? {
        before.replaced_by = Some(row.id);
        before.replaced_at = Some(tx.timestamp());
        forget(tx, permit, before, NationalFileStatus::Replaced)?;
    }
    row.status = NationalFileStatus::Made;
    row.sha256 = Some(data_encoding::HEXLOWER.encode(&hash.finalize()));
    files::update(tx, permit, &row)
}

/// Forgets what a file says and what is wrong with it; the line stays.
fn forget(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    mut row: NationalFileRow,
    status: NationalFileStatus,
) -> Result<()> {
    files::erase_content(tx, permit, row.id)?;
    files::erase_problems(tx, permit, row.id)?;
    row.status = status;
    row.content_erased_at.get_or_insert(tx.timestamp());
    row.version += 1;
    note(tx, row.id);
    files::update(tx, permit, &row)
}

/// Forgets some of the files whose days have passed, or that nobody makes any more; gives how many.
///
/// # Errors
/// 403 for everybody but the service itself.
pub fn expire_national_files(tx: &mut AuditedTx<'_>) -> Result<usize> {
    let permit = tx.permit(Resource::NationalFiles, &Relation::unit_record(true))?;
    let today = tx.today();
    let over = files::list_over(tx, &permit, today, MOST_FORGOTTEN)?;
    let many = over.len();
    for row in over {
        let status = match row.status {
            NationalFileStatus::Making => NationalFileStatus::Abandoned,
            status => status,
        };
        forget(tx, &permit, row, status)?;
    }
    Ok(many)
}

fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

fn note(tx: &mut AuditedTx<'_>, id: Id<NationalFile>) {
    tx.note(Resource::NationalFiles, None, Some(id.cast()), "status");
}

// Reading them ------------------------------------------------------------------------------------

/// The files, newest first. Parameters: `year`, `halfYear`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_national_files(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    must_read_filters(
        tx,
        Resource::NationalFiles,
        &parameters,
        &[("year", "year"), ("halfYear", "halfYear")],
    )?;
    let year = parameters.integer("year", FIRST_YEAR.into()..=LAST_YEAR.into());
    let half_year = parameters.integer("halfYear", 1..=2);
    parameters.finish()?;
    let narrow = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
    let page = files::list(tx, narrow(year), narrow(half_year), request)?;
    reveal_page(tx, page)
}

/// One file: its line, without what it says.
///
/// # Errors
/// 403 or 404.
pub fn read_national_file(tx: &mut AuditedTx<'_>, id: Id<NationalFile>) -> Result<View> {
    let sealed = files::load(tx, id)?;
    tx.reveal(&sealed)
}

/// A file that is about to be handed over.
#[derive(Debug, Clone)]
pub struct Content {
    pub id: Id<NationalFile>,
    pub file_name: String,
    pub media_type: String,
    pub length: u64,
    /// So many pieces, counted from 0.
    pub chunks: i32,
}

/// Notes for every youth in a file that the file is handed over, and checks that it is what was made. The pieces themselves
/// follow one by one ([`read_piece`]), so that no more than one is in memory.
///
/// # Errors
/// 403 or 404; 409 when it was not made; 410 when it is no longer kept; 500 when it is not what was made.
pub fn read_national_file_content(tx: &mut AuditedTx<'_>, id: Id<NationalFile>) -> Result<Content> {
    let sealed = files::load(tx, id)?;
    let permit = tx.permit(Resource::NationalFiles, sealed.relation())?;
    let row = must_be_kept(tx, &sealed)?.clone();
    if row.status != NationalFileStatus::Made {
        return Err(ErrorCode::NationalFileNotMade.into());
    }
    let mut hash = Sha256::new();
    let mut told = Vec::new();
    for ordinal in 0..row.chunk_count {
        let chunk = files::find_chunk(tx, &permit, id, ordinal)?;
        let chunk =
            chunk.ok_or_else(|| Error::internal("a piece of a national file is missing"))?;
        hash.update(&chunk.bytes);
        told.extend(chunk.youths);
    }
    let hash = data_encoding::HEXLOWER.encode(&hash.finalize());
    if row.sha256.as_ref() != Some(&hash) {
        return Err(Error::internal("a national file is not what was made"));
    }
    tx.note(Resource::NationalFiles, None, Some(id.cast()), "content");
    for youth_id in told {
        let file = Some(id.cast());
        tx.note(Resource::NationalFiles, Some(youth_id), file, "content");
    }
    Ok(Content {
        id,
        file_name: row.file_name,
        media_type: row.media_type,
        length: u64::try_from(row.byte_count).unwrap_or(0),
        chunks: row.chunk_count,
    })
}

/// A piece of a file whose handing over has been noted.
///
/// # Errors
/// 403 or 404; 410 when it has gone meanwhile.
pub fn read_piece(tx: &mut AuditedTx<'_>, id: Id<NationalFile>, ordinal: i32) -> Result<Vec<u8>> {
    let sealed = files::load(tx, id)?;
    let permit = tx.permit(Resource::NationalFiles, sealed.relation())?;
    must_be_kept(tx, &sealed)?;
    let chunk = files::find_chunk(tx, &permit, id, ordinal)?;
    Ok(chunk.ok_or(ErrorCode::NationalFileGone)?.bytes)
}

/// That what a file says, or what is wrong with it, may still be given, whether or not the night has come to it.
fn must_be_kept<'s>(
    tx: &AuditedTx<'_>,
    sealed: &'s Sealed<NationalFileRow>,
) -> Result<&'s NationalFileRow> {
    let row = sealed.for_rules();
    let is_over = row.expires_on.is_some_and(|day| day <= tx.today());
    if is_over || row.content_erased_at.is_some() {
        return Err(ErrorCode::NationalFileGone.into());
    }
    Ok(row)
}

// What is wrong with one --------------------------------------------------------------------------

/// What is wrong with the rows of a file, line by line. Parameter: `weight`.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404; 410 when it is no longer kept.
pub fn list_national_file_problems(
    tx: &mut AuditedTx<'_>,
    id: Id<NationalFile>,
    mut parameters: Form,
    language: Language,
    request: &PageRequest,
) -> Result<Page<View>> {
    let resource = Resource::NationalFileProblems;
    must_read_filters(tx, resource, &parameters, &[("weight", "weight")])?;
    let weight = parameters.code("weight");
    parameters.finish()?;
    let file = files::load(tx, id)?;
    must_be_kept(tx, &file)?;
    let page = files::list_problems(tx, id, weight, language, request)?;
    reveal_page(tx, page)
}

const COLUMNS: [(&str, &str); 8] = [
    ("Rad", "Line"),
    ("Ungdom", "Youth"),
    ("Block", "Block"),
    ("Fält", "Field"),
    ("Kod", "Code"),
    ("Vad som är fel", "What is wrong"),
    ("Ord", "Word"),
    ("Stoppar filen", "Stops the file"),
];

/// The same as a file that a Swedish spreadsheet opens right; the first ten thousand.
///
/// # Errors
/// 403 or 404; 410 when it is no longer kept.
pub fn export_national_file_problems(
    tx: &mut AuditedTx<'_>,
    id: Id<NationalFile>,
    language: Language,
) -> Result<Vec<u8>> {
    let sealed = files::load(tx, id)?;
    must_be_kept(tx, &sealed)?;
    let problems = files::first_problems(tx, id, language, MOST_PROBLEMS)?;
    let mut file = Spreadsheet::new();
    file.row(COLUMNS.map(|(sv, en)| language.pick(sv, en)))?;
    for sealed in problems {
        // Noted for each youth that it names.
        tx.reveal(&sealed)?;
        let (problem, detail) = (&sealed.for_rules().row, sealed.for_rules().detail());
        let block = language.pick(problem.block.sv(), problem.block.en());
        let stops = match problem.weight {
            ProblemWeight::Error => language.pick("ja", "yes"),
            ProblemWeight::Warning => language.pick("nej", "no"),
        };
        let cells = [
            &problem.line.to_string(),
            &problem.youth_id.to_string(),
            block,
            &problem.field,
            problem.code.code(),
            &detail,
            problem.word.as_deref().unwrap_or_default(),
            stops,
        ];
        file.row(cells)?;
    }
    file.into_bytes()
}
