//! Imports of rosters: the runs, what became of each row, the refused rows while they may be fetched, the rows that wait
//! for a decision, and the lookups and inserts of many youths at once. What becomes of a row is decided in
//! `exchange::roster::plan`.

use super::assignments::runs_at;
use super::audited::AuditedTx;
use super::cipher::{AllStored, CipherText, Hidden, guarded, tag_of};
use super::disclosed::{Word, disclosed};
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::{is_protected, is_unprotected_row, relations_by_id};
use super::schema::{
    assignments, episodes, import_decisions, import_refusals, import_rows, imports,
    youth_identifiers, youths,
};
use super::types::{Json, Timestamp};
use super::versions::keep_versions;
use crate::domain::codes::{
    DecisionCause, DecisionStatus, DeregistrationReason, ImportRowOutcome, ProtectionLevel, Reason,
    Track,
};
use crate::domain::id::{Id, Import, ImportDecision, Unit, User, Youth};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::domain::operation::Resource;
use crate::error::{ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::{Relation, finds_protected_unassigned};
use crate::policy::reveal::{Permit, Sealed};
use crate::vault::{Place, Vault};
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Values in one question to the database.
const CHUNK: usize = 500;

/// A run of an import as stored. It never changes.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = imports)]
pub struct ImportRow {
    pub id: Id<Import>,
    pub unit_id: Id<Unit>,
    pub file_name: Option<String>,
    /// In hexadecimal, lower case.
    pub file_sha256: String,
    /// The day the roster describes.
    pub as_of: NaiveDate,
    /// Whether it was carried out; a dry run was not.
    pub is_applied: bool,
    pub counts: Json,
    /// What is to be said about the file as a whole, in both languages.
    pub warnings: Json,
    pub created_by: Option<Id<User>>,
    pub created_at: Timestamp,
    pub version: i64,
}

disclosed!(ImportRow, Imports, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "fileName": r.file_name,
    "fileSha256": r.file_sha256,
    "asOf": r.as_of,
    "isApplied": r.is_applied,
    "counts": r.counts.0,
    "warnings": r.warnings.0,
    "createdBy": r.created_by,
    "createdAt": r.created_at,
    "version": r.version,
});

/// What became of a row of the file.
#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = import_rows, treat_none_as_default_value = false)]
pub struct FileRow {
    pub import_id: Id<Import>,
    /// The physical line in the file, from 1.
    pub line: i64,
    pub outcome: ImportRowOutcome,
    /// The outcome as it is told to those who may not know of the youth.
    pub outward_outcome: ImportRowOutcome,
    /// A JSON list, in both languages. No value of the file stands in it.
    pub problems: Json,
    pub youth_id: Option<Id<Youth>>,
}

guarded! {
    /// A row that a person must decide on.
    #[derive(Clone)]
    pub struct DecisionRow as StoredDecisionRow [derive(Queryable, Insertable, AsChangeset), diesel(table_name = import_decisions, treat_none_as_null = true)] in import_decisions by id {
        pub id: Id<ImportDecision>,
        pub import_id: Id<Import>,
        pub unit_id: Id<Unit>,
        pub identifier_kind: String,
        /// What the number is found by; made when the row is stored.
        pub identifier_value: String,
        /// The facts of the row while it waits; emptied when it is decided, because the register then holds them, or must not.
        pub document ~ Json,
        pub protection_level: ProtectionLevel,
        pub cause: DecisionCause,
        pub status: DecisionStatus,
        /// Why, in words.
        pub reason ~ Option<String>,
        /// The reason of the episode that was opened.
        pub episode_reason: Option<Reason>,
        pub youth_id: Option<Id<Youth>>,
        pub decided_by: Option<Id<User>>,
        pub decided_at: Option<Timestamp>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub version: i64,
        /// The number.
        pub number ~ String,
    }
}

impl DecisionRow {
    fn told(&self, name: &str) -> Value {
        self.document.0.get(name).cloned().unwrap_or(Value::Null)
    }

    /// The number; the youth's own record shows it once there is one.
    fn shown_number(&self) -> Option<String> {
        let is_shown = self.status != DecisionStatus::Confirmed && !self.number.is_empty();
        is_shown.then(|| self.number.clone())
    }

    /// The number, as it was read.
    pub fn identity(&self) -> Option<IdentityNumber> {
        let kind = IdentityNumberKind::from_code(&self.identifier_kind)?;
        IdentityNumber::from_stored(kind, &self.number).ok()
    }

    /// The row as it is stored, with what its number is found by.
    fn stored(&self, vault: &Vault) -> Result<StoredDecisionRow> {
        let tag = self.identity().map(|number| tag_of(vault, &number));
        Ok(StoredDecisionRow {
            identifier_value: tag.unwrap_or_default(),
            ..self.enciphered(vault)?
        })
    }

    /// The row without the person, for the history of its versions: somebody who is found not to belong to the target
    /// group must not stay in the register through it (förordning 2006:39 3 §).
    fn without_person(&self) -> Self {
        Self {
            number: String::new(),
            document: Json(Value::Object(serde_json::Map::new())),
            ..self.clone()
        }
    }
}

disclosed!(DecisionRow, ImportDecisions, |r| youth: r.youth_id, id: r.id, version: r.version, {
    "id": r.id,
    "importId": r.import_id,
    "identityNumber": r.shown_number(),
    "givenName": r.told("givenName"),
    "familyName": r.told("familyName"),
    "birthDate": r.told("birthDate"),
    "cause": Word(r.cause),
    "status": Word(r.status),
    "reason": r.reason,
    "episodeReason": Word(r.episode_reason),
    "youthId": r.youth_id,
    "decidedBy": r.decided_by,
    "decidedAt": r.decided_at,
    "createdAt": r.created_at,
    "version": r.version,
});

// The runs --------------------------------------------------------------------------------------

/// A run.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<Import>) -> Result<Sealed<ImportRow>> {
    let row: ImportRow = imports::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed_import(tx, row))
}

/// The runs of the actor's unit, newest first.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    is_applied: Option<bool>,
    request: &PageRequest,
) -> Result<Page<Sealed<ImportRow>>> {
    let mut query = imports::table.into_boxed();
    if list_scope(tx, Resource::Imports) != Scope::All {
        query = query.filter(imports::unit_id.eq(own_unit(tx)));
    }
    if let Some(is_applied) = is_applied {
        query = query.filter(imports::is_applied.eq(is_applied));
    }
    let page: Page<ImportRow> =
        load_page_by_id!(tx, request, query, true, imports::id, |row: &ImportRow| row
            .id);
    page.try_map(|row| Ok(sealed_import(tx, row)))
}

/// The relation of the actor to a run that they make.
pub fn new_relation(tx: &AuditedTx<'_>, unit_id: Id<Unit>) -> Relation {
    Relation {
        is_own: true,
        ..Relation::unit_record(tx.actor().unit_id() == Some(unit_id))
    }
}

/// Whether the unit has carried out a roster of a later day.
///
/// # Errors
/// The database does not answer.
pub fn has_later_roster(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    as_of: NaiveDate,
) -> Result<bool> {
    Ok(diesel::select(exists(
        imports::table
            .filter(imports::unit_id.eq(unit_id))
            .filter(imports::is_applied.eq(true))
            .filter(imports::as_of.gt(as_of)),
    ))
    .get_result(tx.conn())?)
}

/// Stores a run.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, row: &ImportRow) -> Result<()> {
    diesel::insert_into(imports::table)
        .values(row)
        .execute(tx.conn())?;
    keep_versions(tx, std::slice::from_ref(row))
}

/// Stores what became of the rows of a run.
///
/// # Errors
/// The database does not answer.
pub fn insert_rows(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[FileRow]) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        crate::on_each!(tx.conn(), c => diesel::insert_into(import_rows::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// The rows of a run in the order of the file. What a reader may not know of, they see as an outsider would.
///
/// # Errors
/// The database does not answer.
pub fn list_rows(
    tx: &mut AuditedTx<'_>,
    id: Id<Import>,
    outcome: Option<ImportRowOutcome>,
    request: &PageRequest,
) -> Result<Page<(FileRow, bool)>> {
    let now = tx.timestamp();
    let sees_all = finds_protected_unassigned(tx.actor());
    let user_id = tx.actor().user_id().unwrap_or(Id::of(uuid::Uuid::nil()));
    let mut query = import_rows::table
        .filter(import_rows::import_id.eq(id))
        .into_boxed();
    if let Some(outcome) = outcome {
        if sees_all {
            query = query.filter(import_rows::outcome.eq(outcome));
        } else {
            macro_rules! is_hidden {
                () => {
                    exists(
                        youths::table
                            .filter(youths::id.nullable().eq(import_rows::youth_id))
                            .filter(is_protected()),
                    )
                    .and(not(exists(
                        assignments::table
                            .filter(assignments::youth_id.nullable().eq(import_rows::youth_id))
                            .filter(assignments::user_id.eq(user_id))
                            .filter(runs_at(now)),
                    )))
                };
            }
            query = query.filter(
                import_rows::outcome
                    .eq(outcome)
                    .and(not(is_hidden!()))
                    .or(import_rows::outward_outcome.eq(outcome).and(is_hidden!())),
            );
        }
    }
    let line_of = |position: &super::paging::Position| {
        i64::try_from(position.id.as_u128()).unwrap_or(i64::MAX)
    };
    let is_backwards = request.is_backwards();
    if let Some(position) = &request.position {
        query = if is_backwards {
            query.filter(import_rows::line.lt(line_of(position)))
        } else {
            query.filter(import_rows::line.gt(line_of(position)))
        };
    }
    query = if is_backwards {
        query.order(import_rows::line.desc())
    } else {
        query.order(import_rows::line.asc())
    };
    let rows: Vec<FileRow> = query
        .limit(request.limit + 1)
        .offset(request.offset())
        .load(tx.conn())?;
    let page = request.page_of(rows, |row: &FileRow| {
        let line = u128::try_from(row.line).unwrap_or(0);
        (String::new(), uuid::Uuid::from_u128(line))
    });
    let relations = relations_by_id(tx, page.rows.iter().filter_map(|row| row.youth_id))?;
    let actor = *tx.actor();
    page.try_map(|row| {
        let is_seen = row.youth_id.is_none_or(|youth_id| {
            relations.get(&youth_id).is_some_and(|relation| {
                crate::policy::decide::sees(&actor, Resource::Youths, relation)
            })
        });
        Ok((row, is_seen))
    })
}

// The refused rows --------------------------------------------------------------------------------

/// Keeps refused rows until they have been fetched or are too old, and drops those that are.
///
/// # Errors
/// The database does not answer.
pub fn keep_refused(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<Import>,
    content: Option<&str>,
    expires_at: Timestamp,
) -> Result<()> {
    let now = tx.timestamp();
    diesel::delete(import_refusals::table.filter(import_refusals::expires_at.le(now)))
        .execute(tx.conn())?;
    if let Some(content) = content {
        let content = content
            .to_owned()
            .close(tx.vault(), &place_of_refusal(id))?;
        diesel::insert_into(import_refusals::table)
            .values((
                import_refusals::import_id.eq(id),
                import_refusals::content.eq(content),
                import_refusals::expires_at.eq(expires_at),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The refused rows of a run, while they are kept.
///
/// # Errors
/// The database does not answer.
pub fn find_refused(tx: &mut AuditedTx<'_>, id: Id<Import>) -> Result<Option<String>> {
    let now = tx.timestamp();
    let content: Option<CipherText> = import_refusals::table
        .filter(import_refusals::import_id.eq(id))
        .filter(import_refusals::expires_at.gt(now))
        .select(import_refusals::content)
        .first(tx.conn())
        .optional()?;
    Hidden::open(content, tx.vault(), &place_of_refusal(id))
}

fn place_of_refusal(id: Id<Import>) -> Place<'static> {
    Place::of("import_refusals", "content", id.uuid())
}

// What is known of many at once ---------------------------------------------------------------------

/// Whose a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberOwner {
    pub youth_id: Id<Youth>,
    pub unit_id: Id<Unit>,
    /// Whether the number is in force.
    pub is_current: bool,
}

/// The youths that have or had any of these numbers, in whichever unit.
///
/// # Errors
/// The database does not answer.
pub fn find_owners(
    tx: &mut AuditedTx<'_>,
    numbers: &[IdentityNumber],
) -> Result<HashMap<IdentityNumber, NumberOwner>> {
    let mut owners = HashMap::new();
    let by_tag = tags_of(tx, numbers);
    let registered: i64 = youth_identifiers::table.count().get_result(tx.conn())?;
    let registered = usize::try_from(registered).unwrap_or(usize::MAX);
    if numbers.len().saturating_mul(WORTH_READING_ALL) > registered {
        // A whole population against a part of it: reading the part once is quicker than asking for every number.
        let found: Vec<FoundNumber> = youth_identifiers::table
            .select(FOUND_NUMBER)
            .load(tx.conn())?;
        let found = found.into_iter();
        let found = found.filter(|(tag, _, _)| by_tag.contains_key(tag));
        add_owners(tx, found.collect(), &by_tag, &mut owners)?;
        return Ok(owners);
    }
    let tags: Vec<&String> = by_tag.keys().collect();
    for chunk in tags.chunks(CHUNK) {
        let found: Vec<FoundNumber> = youth_identifiers::table
            .filter(youth_identifiers::value.eq_any(chunk))
            .select(FOUND_NUMBER)
            .load(tx.conn())?;
        add_owners(tx, found, &by_tag, &mut owners)?;
    }
    Ok(owners)
}

/// The register is read whole when it has fewer than this many numbers for each that is asked for.
const WORTH_READING_ALL: usize = 20;

type FoundNumber = (String, bool, Id<Youth>);
const FOUND_NUMBER: (
    youth_identifiers::value,
    youth_identifiers::is_current,
    youth_identifiers::youth_id,
) = (
    youth_identifiers::value,
    youth_identifiers::is_current,
    youth_identifiers::youth_id,
);

fn add_owners(
    tx: &mut AuditedTx<'_>,
    found: Vec<FoundNumber>,
    by_tag: &HashMap<String, IdentityNumber>,
    owners: &mut HashMap<IdentityNumber, NumberOwner>,
) -> Result<()> {
    for chunk in found.chunks(CHUNK) {
        let ids: Vec<Id<Youth>> = chunk.iter().map(|(_, _, id)| *id).collect();
        let units: HashMap<Id<Youth>, Id<Unit>> = youths::table
            .filter(youths::id.eq_any(&ids))
            .select((youths::id, youths::unit_id))
            .load(tx.conn())?
            .into_iter()
            .collect();
        for (tag, is_current, youth_id) in chunk {
            if let (Some(number), Some(unit_id)) = (by_tag.get(tag), units.get(youth_id)) {
                let owner = NumberOwner {
                    youth_id: *youth_id,
                    unit_id: *unit_id,
                    is_current: *is_current,
                };
                owners.insert(number.clone(), owner);
            }
        }
    }
    Ok(())
}

/// An episode, as far as a roster asks.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct EpisodeSummary {
    pub youth_id: Id<Youth>,
    pub track: Track,
    pub exited_on: Option<NaiveDate>,
    pub deregistration_reason: Option<DeregistrationReason>,
}

/// Every episode of some youths.
///
/// # Errors
/// The database does not answer.
pub fn list_episodes(
    tx: &mut AuditedTx<'_>,
    youth_ids: &[Id<Youth>],
) -> Result<Vec<EpisodeSummary>> {
    let mut found = Vec::new();
    for chunk in youth_ids.chunks(CHUNK) {
        let rows: Vec<EpisodeSummary> = episodes::table
            .filter(episodes::youth_id.eq_any(chunk))
            .select((
                episodes::youth_id,
                episodes::track,
                episodes::exited_on,
                episodes::deregistration_reason,
            ))
            .load(tx.conn())?;
        found.extend(rows);
    }
    Ok(found)
}

/// The questions that the unit has been asked about any of these numbers.
///
/// # Errors
/// The database does not answer.
pub fn find_decisions(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    numbers: &[IdentityNumber],
) -> Result<HashMap<IdentityNumber, DecisionRow>> {
    let mut decisions = HashMap::new();
    let by_tag = tags_of(tx, numbers);
    let tags: Vec<&String> = by_tag.keys().collect();
    for chunk in tags.chunks(CHUNK) {
        let found: Vec<StoredDecisionRow> = import_decisions::table
            .filter(import_decisions::unit_id.eq(unit_id))
            .filter(import_decisions::identifier_value.eq_any(chunk))
            .load(tx.conn())?;
        for row in found.all_deciphered(tx.vault())? {
            if let Some(number) = row.identity() {
                decisions.insert(number, row);
            }
        }
    }
    Ok(decisions)
}

/// Numbers by what they are found by.
fn tags_of(tx: &AuditedTx<'_>, numbers: &[IdentityNumber]) -> HashMap<String, IdentityNumber> {
    numbers
        .iter()
        .map(|number| (tag_of(tx.vault(), number), number.clone()))
        .collect()
}

// The decisions ---------------------------------------------------------------------------------------

/// A decision.
///
/// # Errors
/// 404 when there is none.
pub fn load_decision(
    tx: &mut AuditedTx<'_>,
    id: Id<ImportDecision>,
) -> Result<Sealed<DecisionRow>> {
    let row: StoredDecisionRow = import_decisions::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    if let Some(youth_id) = row.youth_id {
        tx.concern(youth_id);
    }
    sealed_decisions(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The decisions of the actor's unit, newest first. Those about protected identities are shown to whoever sent the file,
/// to those assigned and to the chief: there is no other way to them.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_decisions(
    tx: &mut AuditedTx<'_>,
    status: Option<DecisionStatus>,
    request: &PageRequest,
) -> Result<Page<Sealed<DecisionRow>>> {
    let now = tx.timestamp();
    let mut query = import_decisions::table.into_boxed();
    if list_scope(tx, Resource::ImportDecisions) != Scope::All {
        query = query.filter(import_decisions::unit_id.eq(own_unit(tx)));
    }
    if let Some(status) = status {
        query = query.filter(import_decisions::status.eq(status));
    }
    if !finds_protected_unassigned(tx.actor()) {
        let user_id = tx.actor().user_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        let is_open = is_unprotected_row().and(not(exists(
            youths::table
                .filter(youths::id.nullable().eq(import_decisions::youth_id))
                .filter(is_protected()),
        )));
        let is_assigned = exists(
            assignments::table
                .filter(
                    assignments::youth_id
                        .nullable()
                        .eq(import_decisions::youth_id),
                )
                .filter(assignments::user_id.eq(user_id))
                .filter(runs_at(now)),
        );
        let is_sent = import_decisions::youth_id.is_null().and(exists(
            imports::table
                .filter(imports::id.eq(import_decisions::import_id))
                .filter(imports::created_by.eq(user_id).assume_not_null()),
        ));
        query = query.filter(is_open.or(is_assigned).or(is_sent));
    }
    let page: Page<StoredDecisionRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        import_decisions::id,
        |row: &StoredDecisionRow| row.id
    );
    page.try_with(|rows| sealed_decisions(tx, rows))
}

/// Stores new questions.
///
/// # Errors
/// The database does not answer.
pub fn insert_decisions(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[DecisionRow]) -> Result<()> {
    for row in rows {
        diesel::insert_into(import_decisions::table)
            .values(row.stored(tx.vault())?)
            .execute(tx.conn())?;
    }
    keep_decision_versions(tx, rows)
}

/// Stores changed questions.
///
/// # Errors
/// The database does not answer.
pub fn update_decisions(tx: &mut AuditedTx<'_>, _: &Permit, rows: &[DecisionRow]) -> Result<()> {
    for row in rows {
        diesel::update(import_decisions::table.find(row.id))
            .set(row.stored(tx.vault())?)
            .execute(tx.conn())?;
    }
    keep_decision_versions(tx, rows)
}

fn keep_decision_versions(tx: &mut AuditedTx<'_>, rows: &[DecisionRow]) -> Result<()> {
    let rows: Vec<DecisionRow> = rows.iter().map(DecisionRow::without_person).collect();
    keep_versions(tx, &rows)
}

fn sealed_import(tx: &AuditedTx<'_>, row: ImportRow) -> Sealed<ImportRow> {
    let relation = Relation {
        is_own: row.created_by.is_some() && row.created_by == tx.actor().user_id(),
        ..Relation::unit_record(tx.actor().unit_id() == Some(row.unit_id))
    };
    Sealed::new(row, relation)
}

fn sealed_decisions(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredDecisionRow>,
) -> Result<Vec<Sealed<DecisionRow>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let relations = relations_by_id(tx, rows.iter().filter_map(|row| row.youth_id))?;
    let sent: HashSet<Id<Import>> = match tx.actor().user_id() {
        Some(user_id) => {
            let ids: Vec<Id<Import>> = rows.iter().map(|row| row.import_id).collect();
            imports::table
                .filter(imports::id.eq_any(ids))
                .filter(imports::created_by.eq(user_id))
                .select(imports::id)
                .load(tx.conn())?
                .into_iter()
                .collect()
        }
        None => HashSet::new(),
    };
    let unit_id = tx.actor().unit_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let is_own = sent.contains(&row.import_id);
            let youth = row.youth_id.and_then(|id| relations.get(&id).cloned());
            let is_marked = row.protection_level.is_protected();
            let relation = Relation {
                is_same_unit: unit_id == Some(row.unit_id),
                is_own,
                is_restricted: false,
                is_protected: is_marked || youth.as_ref().is_some_and(|y| y.is_protected),
                // Whoever sent the file knows of the person already; of a youth, only who is assigned.
                is_assigned: youth.as_ref().map_or(is_own, |youth| youth.is_assigned),
                grants: youth.map(|youth| youth.grants).unwrap_or_default(),
                notes_apart: None,
            };
            Sealed::new(row, relation)
        })
        .collect())
}

fn own_unit(tx: &AuditedTx<'_>) -> Id<Unit> {
    tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()))
}
