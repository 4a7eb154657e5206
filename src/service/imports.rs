//! Imports of population rosters: what a file would do and does to the register, what became of each row, and the rows that
//! somebody must decide on. The file is read before the transaction; what becomes of a row is decided in `roster::plan`.
//!
//! What is stored of a run: counts, and for each line its outcome and why, without a value of the file. Whole rows are kept
//! only where they were refused, for a day, for whoever sent them.

use super::form::Form;
use super::outcome_checks;
use super::roster_facts::{self, Told};
use super::sensitive_terms::screen;
use super::{Fields, begin_update};
use crate::db::assignments;
use crate::db::audited::AuditedTx;
use crate::db::episodes::{self, EpisodeRecord, EpisodeRow};
use crate::db::imports::{self, DecisionRow, FileRow, ImportRow, NumberOwner, find_owners};
use crate::db::paging::{Page, PageRequest};
use crate::db::relations::relation_to;
use crate::db::types::{Json, Timestamp};
use crate::db::units;
use crate::db::versions::keep_versions;
use crate::db::youths::{self, NEVER, YouthRecord, YouthRow};
use crate::domain::codes::{
    AssignmentKind, Code, DecisionCause, DecisionStatus, ImportRowOutcome, ProtectionLevel, Reason,
    Track,
};
use crate::domain::id::{Id, Import, ImportDecision, Unit, User, Youth};
use crate::domain::identity_number::{IdentityNumber, IdentityNumberKind};
use crate::domain::operation::Resource;
use crate::domain::target_group::Home;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Language, Result};
use crate::exchange::roster::plan::{
    Days, KnownDecision, KnownEpisode, RegisterFacts, RowFacts, RowNote, RowPlan, Standing,
    differing, has_turned_20, merged, plan_refused, plan_row,
};
use crate::exchange::roster::school::SchoolSaid;
use crate::exchange::roster::{
    Column, RefusedRows, RosterFile, RosterFileError, RosterMapping, RosterRow, RowOutcome,
    read_roster,
};
use crate::policy::decide::{may_fetch_refused, sees};
use crate::policy::reveal::{Permit, Sealed, View};
use chrono::{Duration, NaiveDate};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Refused rows are kept this long.
const REFUSED_KEPT: Duration = Duration::hours(24);
/// Rows between two words about how far it has come.
const STEP: usize = 5_000;
/// What a roster tells of a new youth.
const NEW_FIELDS: &str = "identityNumber,givenName,familyName,birthDate,legalSex,area,addresses,phones,email,\
     schoolStatus,protectionLevel";

/// A file that has been read, on its way into the register; personal data.
#[derive(Debug)]
pub struct RosterUpload {
    file: RosterFile,
    file_name: Option<String>,
    sha256: String,
    as_of: NaiveDate,
    unit_name: Option<String>,
}

impl RosterUpload {
    /// Reads a file. `as_of` is the day it describes; `file_name` is kept to know the run again.
    ///
    /// # Errors
    /// 422 when the file as a whole cannot be understood.
    pub fn read(
        bytes: &[u8],
        file_name: Option<&str>,
        as_of: NaiveDate,
        mapping: &RosterMapping,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self> {
        let file = read_roster(bytes, as_of, mapping, progress).map_err(|e| unreadable(&e))?;
        Ok(Self {
            file,
            file_name: file_name.and_then(plain_file_name),
            sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)),
            as_of,
            unit_name: None,
        })
    }

    /// Names the unit, for the command line, which has none of its own.
    #[must_use]
    pub fn for_unit(self, name: Option<String>) -> Self {
        Self {
            unit_name: name,
            ..self
        }
    }

    /// The file as it was read.
    pub const fn file(&self) -> &RosterFile {
        &self.file
    }
}

fn unreadable(error: &RosterFileError) -> Error {
    let field = FieldError::worded(
        "/file",
        FieldCode::Roster,
        error.detail_sv(),
        error.detail_en(),
    );
    Error {
        fields: vec![field],
        ..Error::from(ErrorCode::UnreadableFile)
    }
}

/// The last part of a path, if it is a plain name without what could be an identity number.
fn plain_file_name(given: &str) -> Option<String> {
    let name = given.rsplit(['/', '\\']).next()?.trim();
    let longest_number = name
        .replace(['-', ' ', '+'], "")
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    let is_plain = !name.is_empty()
        && name.chars().count() <= 120
        && !name.chars().any(char::is_control)
        && longest_number.is_none_or(|digits| digits < 10);
    is_plain.then(|| name.to_owned())
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStep {
    /// The numbers are looked up in the register.
    Matching,
    /// What is to become of each row.
    Planning,
    /// What is new or changed is written.
    Storing,
}

/// What became of a row, as whoever sent the file may know it.
#[derive(Debug, Clone)]
pub struct RowReport {
    pub line: u64,
    pub outcome: ImportRowOutcome,
    /// No value of the file stands in them.
    pub notes: Vec<RowNote>,
}

/// A run of an import, with more than its record holds.
#[derive(Debug)]
pub struct Imported {
    pub view: View,
    pub rows: Vec<RowReport>,
    /// The refused rows, if there are any; personal data.
    pub refused: Option<RefusedRows>,
}

/// A row with what the register knows of it.
struct Matched<'u> {
    plan: RowPlan,
    row: Option<&'u RosterRow>,
    youth_id: Option<Id<Youth>>,
    /// Whether the youth has protected identity, before or after.
    is_protected: bool,
    /// Whether whoever sent the file may know of the youth.
    is_seen: bool,
}

impl Matched<'_> {
    /// Youths with protected identity are counted as they look from outside.
    const fn counted(&self) -> ImportRowOutcome {
        if self.is_protected {
            self.plan.outward_outcome
        } else {
            self.plan.outcome
        }
    }

    fn report(&self) -> RowReport {
        let (outcome, notes) = if self.is_seen {
            (self.plan.outcome, self.plan.notes.clone())
        } else {
            let of_file = self.plan.notes.iter().filter(|note| note.is_of_file);
            (self.plan.outward_outcome, of_file.cloned().collect())
        };
        RowReport {
            line: self.plan.line,
            outcome,
            notes,
        }
    }
}

/// What the register knows of the persons of a file.
struct Register {
    owners: HashMap<IdentityNumber, NumberOwner>,
    records: HashMap<Id<Youth>, Known>,
    decisions: HashMap<IdentityNumber, DecisionRow>,
}

struct Known {
    sealed: Sealed<YouthRecord>,
    facts: RegisterFacts,
    episodes: Vec<KnownEpisode>,
    /// Whether the actor may know of the youth.
    is_seen: bool,
    /// The row that is taken for this youth.
    line: u64,
}

/// Plans a roster against the register of the actor's unit, and carries it out if `is_applied`. Either leaves a run with
/// its rows; a dry run leaves nothing else.
///
/// # Errors
/// 403; 400 for a day in the future; on the command line 422 when no unit can be told.
pub fn import_roster(
    tx: &mut AuditedTx<'_>,
    upload: &RosterUpload,
    is_applied: bool,
    language: Language,
    progress: &mut dyn FnMut(ImportStep, usize, usize),
) -> Result<Imported> {
    let unit_id = unit_of(tx, upload.unit_name.as_deref())?;
    let relation = imports::new_relation(tx, unit_id);
    let permit = tx.permit(Resource::Imports, &relation)?;
    if upload.as_of > tx.today() {
        return Err(Error {
            fields: vec![FieldError::new("asOf", FieldCode::InFuture)],
            ..Error::from(ErrorCode::InvalidParameter)
        });
    }
    let register = look_up(tx, unit_id, upload, progress)?;
    let mut matched = plan_roster(tx, upload, &register, progress);
    note_matched(tx, &matched, &register);
    let run = ImportRow {
        id: Id::fresh(),
        unit_id,
        file_name: upload.file_name.clone(),
        file_sha256: upload.sha256.clone(),
        as_of: upload.as_of,
        is_applied,
        counts: Json(counts(&matched)),
        warnings: Json(warnings(tx, unit_id, upload)?),
        created_by: tx.actor().user_id(),
        created_at: tx.timestamp(),
        version: 1,
    };
    imports::insert(tx, &permit, &run)?;
    if is_applied {
        apply(tx, &permit, &run, &register, &mut matched, progress)?;
    }
    let rows: Vec<FileRow> = matched.iter().map(|row| file_row(run.id, row)).collect();
    imports::insert_rows(tx, &permit, &rows)?;
    let refused = refused_rows(&upload.file, &matched);
    let expires_at = Timestamp::of(tx.now() + REFUSED_KEPT);
    let content = refused.as_ref().map(RefusedRows::to_stored);
    imports::keep_refused(tx, &permit, run.id, content.as_deref(), expires_at)?;
    let view = tx.reveal(&Sealed::new(run, relation))?;
    Ok(Imported {
        view: in_language(view, language),
        rows: matched.iter().map(Matched::report).collect(),
        refused,
    })
}

/// The unit whose register the file is for: the actor's own, or on the command line the named or only one.
fn unit_of(tx: &mut AuditedTx<'_>, name: Option<&str>) -> Result<Id<Unit>> {
    if tx.actor().staff().is_some() {
        return tx
            .actor()
            .unit_id()
            .ok_or_else(|| ErrorCode::Forbidden.into());
    }
    units::find_for_console(tx, name)?
        .ok_or_else(|| FieldError::new("/unit", FieldCode::NoSuchRecord).into())
}

fn look_up(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    upload: &RosterUpload,
    progress: &mut dyn FnMut(ImportStep, usize, usize),
) -> Result<Register> {
    let rows: Vec<&RosterRow> = good_rows(&upload.file).collect();
    let numbers: Vec<IdentityNumber> = rows.iter().map(|row| row.identity.clone()).collect();
    let mut register = Register {
        owners: find_owners(tx, &numbers)?,
        records: HashMap::new(),
        decisions: imports::find_decisions(tx, unit_id, &numbers)?,
    };
    progress(ImportStep::Matching, rows.len(), rows.len());
    // Of two rows about one youth the one with the number in force is taken, else the first.
    let mut lines: HashMap<Id<Youth>, (u64, bool)> = HashMap::new();
    for row in &rows {
        let owner = register.owners.get(&row.identity);
        let Some(owner) = owner.filter(|owner| owner.unit_id == unit_id) else {
            continue;
        };
        let line = lines
            .entry(owner.youth_id)
            .or_insert((row.line, owner.is_current));
        if owner.is_current && !line.1 {
            *line = (row.line, true);
        }
    }
    let ids: Vec<Id<Youth>> = lines.keys().copied().collect();
    let mut episodes: HashMap<Id<Youth>, Vec<KnownEpisode>> = HashMap::new();
    for episode in imports::list_episodes(tx, &ids)? {
        episodes
            .entry(episode.youth_id)
            .or_default()
            .push(KnownEpisode {
                track: episode.track,
                exited_on: episode.exited_on,
                deregistration_reason: episode.deregistration_reason,
            });
    }
    for sealed in youths::load_many(tx, &ids)? {
        let id = sealed.for_rules().row.id;
        let known = Known {
            facts: facts_of(&sealed.for_rules().row),
            episodes: episodes.remove(&id).unwrap_or_default(),
            is_seen: sees(tx.actor(), Resource::Youths, sealed.relation()),
            line: lines.get(&id).map_or(0, |(line, _)| *line),
            sealed,
        };
        register.records.insert(id, known);
    }
    Ok(register)
}

fn good_rows(file: &RosterFile) -> impl Iterator<Item = &RosterRow> {
    file.rows
        .iter()
        .filter_map(|reading| match &reading.outcome {
            RowOutcome::Good(row) => Some(row.as_ref()),
            RowOutcome::Refused(_) => None,
        })
}

fn plan_roster<'u>(
    tx: &AuditedTx<'_>,
    upload: &'u RosterUpload,
    register: &Register,
    progress: &mut dyn FnMut(ImportStep, usize, usize),
) -> Vec<Matched<'u>> {
    let days = Days {
        as_of: upload.as_of,
        today: tx.today(),
    };
    let total = upload.file.rows.len();
    let mut matched = Vec::with_capacity(total);
    for reading in &upload.file.rows {
        matched.push(match &reading.outcome {
            RowOutcome::Refused(problems) => Matched {
                plan: plan_refused(reading.line, problems, &reading.warnings),
                row: None,
                youth_id: None,
                is_protected: false,
                is_seen: true,
            },
            RowOutcome::Good(row) => {
                let decision = register.decisions.get(&row.identity);
                let decision = decision.map(|decision| KnownDecision {
                    status: decision.status,
                    protection_level: decision.protection_level,
                });
                let (standing, known) = register.standing(row);
                let plan = plan_row(
                    &upload.file,
                    row,
                    &reading.warnings,
                    standing,
                    decision,
                    days,
                );
                let level_after = plan.facts.as_ref().map(|facts| facts.protection_level);
                let level = known.map(|known| known.facts.protection_level);
                Matched {
                    is_protected: [level, level_after]
                        .into_iter()
                        .flatten()
                        .any(|level| level.is_protected()),
                    is_seen: known.is_none_or(|known| known.is_seen),
                    youth_id: known.map(|known| known.sealed.for_rules().row.id),
                    row: Some(row),
                    plan,
                }
            }
        });
        if matched.len().is_multiple_of(STEP) {
            progress(ImportStep::Planning, matched.len(), total);
        }
    }
    progress(ImportStep::Planning, total, total);
    matched
}

impl Register {
    fn standing(&self, row: &RosterRow) -> (Standing<'_>, Option<&Known>) {
        let Some(owner) = self.owners.get(&row.identity) else {
            return (Standing::Unknown, None);
        };
        let Some(known) = self.records.get(&owner.youth_id) else {
            return (Standing::HandledElsewhere, None);
        };
        let standing = if known.line == row.line {
            Standing::Known {
                facts: &known.facts,
                episodes: &known.episodes,
                is_number_current: owner.is_current,
            }
        } else if known.is_seen {
            Standing::SameAsLine(known.line)
        } else {
            Standing::Covered
        };
        (standing, Some(known))
    }
}

/// Every youth whose facts were compared is named in the event, with the fields that differ.
fn note_matched(tx: &mut AuditedTx<'_>, matched: &[Matched<'_>], register: &Register) {
    for row in matched {
        let Some(id) = row.youth_id else { continue };
        let known = register.records.get(&id);
        let fields: Vec<&str> = match (known, &row.plan.facts) {
            (Some(known), Some(facts)) => differing(&known.facts, facts)
                .into_iter()
                .map(|(_, field)| field)
                .collect(),
            _ => Vec::new(),
        };
        tx.note(
            Resource::Youths,
            Some(id),
            Some(id.cast()),
            &fields.join(","),
        );
    }
}

fn apply(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    run: &ImportRow,
    register: &Register,
    matched: &mut [Matched<'_>],
    progress: &mut dyn FnMut(ImportStep, usize, usize),
) -> Result<()> {
    let mut created: Vec<YouthRecord> = Vec::new();
    let mut changed: Vec<(&YouthRecord, YouthRow)> = Vec::new();
    let mut opened: Vec<EpisodeRecord> = Vec::new();
    for item in matched.iter_mut() {
        let known = item.youth_id.and_then(|id| register.records.get(&id));
        match (known, item.row, &item.plan.facts) {
            (Some(known), _, Some(facts)) => {
                let before = known.sealed.for_rules();
                changed.push((before, changed_row(tx, &before.row, facts)));
            }
            (None, Some(row), Some(facts)) => {
                let record = new_record(tx, run.unit_id, row.birth_date, &row.identity, facts);
                item.youth_id = Some(record.row.id);
                created.push(record);
            }
            _ => {}
        }
        if let (Some(reason), Some(youth_id)) = (item.plan.opens, item.youth_id) {
            let episode = new_episode(tx, run.unit_id, youth_id, reason, run.as_of);
            let handler_id = known.and_then(|known| known.sealed.for_rules().handler_id);
            opened.push(EpisodeRecord {
                carried: None,
                last: None,
                row: episode,
                handler_id,
            });
        }
    }
    let total = created.len() + changed.len();
    let mut done = 0;
    for records in created.chunks(STEP) {
        youths::insert_many(tx, permit, records)?;
        keep_versions(tx, records)?;
        for record in records {
            let id = record.row.id;
            tx.note(Resource::Youths, Some(id), Some(id.cast()), NEW_FIELDS);
        }
        done += records.len();
        progress(ImportStep::Storing, done, total);
    }
    for rows in changed.chunks(STEP) {
        store_changed(tx, permit, rows)?;
        done += rows.len();
        progress(ImportStep::Storing, done, total);
    }
    open_episodes(tx, permit, opened)?;
    store_facts(tx, permit, run, register, matched)?;
    store_decisions(tx, permit, run, register, matched)
}

/// What the rows tell of home, school and exam, of every youth that is in the register now.
fn store_facts(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    run: &ImportRow,
    register: &Register,
    matched: &[Matched<'_>],
) -> Result<()> {
    let told: Vec<Told<'_>> = matched
        .iter()
        .filter_map(|item| {
            let (row, youth_id) = (item.row?, item.youth_id?);
            let known = register.records.get(&youth_id);
            // Of two rows about one youth the one that was taken counts.
            let is_taken = known.is_none_or(|known| known.line == row.line);
            let level = match (&item.plan.facts, known) {
                (Some(facts), _) => facts.protection_level,
                (None, Some(known)) => known.facts.protection_level,
                (None, None) => row.protection,
            };
            is_taken.then(|| Told {
                youth_id,
                school: &row.school,
                is_registered: is_of_population_register(&row.identity),
                home: home_of(level),
                was_known: known.is_some(),
            })
        })
        .collect();
    roster_facts::store(tx, permit, run.as_of, &told)
}

fn is_of_population_register(number: &IdentityNumber) -> bool {
    number.kind() == IdentityNumberKind::Personnummer
}

const fn home_of(level: ProtectionLevel) -> Home {
    match level {
        ProtectionLevel::ProtectedRegistration | ProtectionLevel::HandledOutside => Home::ByStay,
        ProtectionLevel::None | ProtectionLevel::ConfidentialityMarking => Home::ByRegistration,
    }
}

fn open_episodes(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    mut records: Vec<EpisodeRecord>,
) -> Result<()> {
    let youth_ids: Vec<Id<Youth>> = records.iter().map(|record| record.row.youth_id).collect();
    let left = episodes::find_left(tx, &youth_ids)?;
    for record in &mut records {
        record.row.previous_episode_id = left.get(&record.row.youth_id).copied();
    }
    episodes::insert_many(tx, permit, &records)?;
    keep_versions(tx, &records)?;
    for record in &records {
        if record.row.previous_episode_id.is_some() {
            outcome_checks::come_back(tx, permit, &record.row)?;
        }
        tx.note(
            Resource::Episodes,
            Some(record.row.youth_id),
            Some(record.row.id.cast()),
            "track,reason,enteredOn",
        );
    }
    Ok(())
}

fn store_changed(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    rows: &[(&YouthRecord, YouthRow)],
) -> Result<()> {
    let mut records = Vec::with_capacity(rows.len());
    for (before, row) in rows {
        youths::update(tx, permit, before, row, before.identity.as_ref())?;
        records.push(YouthRecord {
            row: row.clone(),
            ..(*before).clone()
        });
    }
    keep_versions(tx, &records)
}

fn store_decisions(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    run: &ImportRow,
    register: &Register,
    matched: &[Matched<'_>],
) -> Result<()> {
    let (mut new, mut again) = (Vec::new(), Vec::new());
    for item in matched {
        let Some(row) = item.row else { continue };
        let earlier = register.decisions.get(&row.identity);
        match (item.plan.asks, earlier) {
            (Some(cause), None) => new.push(question(tx, run, cause, row, item.youth_id)),
            (Some(cause), Some(earlier)) => again.push(DecisionRow {
                id: earlier.id,
                created_at: earlier.created_at,
                version: earlier.version + 1,
                ..question(tx, run, cause, row, item.youth_id)
            }),
            (None, Some(earlier)) if item.plan.marks_decision => again.push(DecisionRow {
                document: Json(RowFacts::from(row).to_document()),
                protection_level: row.protection,
                updated_at: tx.timestamp(),
                version: earlier.version + 1,
                ..earlier.clone()
            }),
            _ => {}
        }
    }
    imports::insert_decisions(tx, permit, &new)?;
    imports::update_decisions(tx, permit, &again)?;
    for decision in new.iter().chain(&again) {
        tx.note(
            Resource::ImportDecisions,
            decision.youth_id,
            Some(decision.id.cast()),
            "",
        );
    }
    Ok(())
}

fn question(
    tx: &AuditedTx<'_>,
    run: &ImportRow,
    cause: DecisionCause,
    row: &RosterRow,
    youth_id: Option<Id<Youth>>,
) -> DecisionRow {
    let now = tx.timestamp();
    DecisionRow {
        id: Id::fresh(),
        import_id: run.id,
        unit_id: run.unit_id,
        identifier_kind: row.identity.kind().code().to_owned(),
        // Made when the row is stored.
        identifier_value: String::new(),
        document: Json(RowFacts::from(row).to_document()),
        protection_level: row.protection,
        cause,
        status: DecisionStatus::Pending,
        reason: None,
        episode_reason: None,
        youth_id,
        decided_by: None,
        decided_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
        number: row.identity.as_str().to_owned(),
    }
}

fn facts_of(row: &YouthRow) -> RegisterFacts {
    RegisterFacts {
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        legal_sex: row.legal_sex,
        area: row.area.clone(),
        addresses: row.addresses.0.clone(),
        phones: row.phones.0.clone(),
        email: row.email.clone(),
        school_status: row.school_status.clone(),
        protection_level: row.protection_level,
    }
}

fn with_facts(row: YouthRow, facts: &RegisterFacts) -> YouthRow {
    YouthRow {
        given_name: facts.given_name.clone(),
        family_name: facts.family_name.clone(),
        legal_sex: facts.legal_sex,
        area: facts.area.clone(),
        addresses: Json(facts.addresses.clone()),
        phones: Json(facts.phones.clone()),
        email: facts.email.clone(),
        school_status: facts.school_status.clone(),
        protection_level: facts.protection_level,
        sort_name: youths::sort_name(&facts.given_name, &facts.family_name),
        ..row
    }
}

fn changed_row(tx: &AuditedTx<'_>, before: &YouthRow, facts: &RegisterFacts) -> YouthRow {
    YouthRow {
        updated_at: tx.timestamp(),
        version: before.version + 1,
        ..with_facts(before.clone(), facts)
    }
}

/// A youth of the target group, followed in the `kaa` track from the start.
fn new_record(
    tx: &AuditedTx<'_>,
    unit_id: Id<Unit>,
    birth_date: NaiveDate,
    identity: &IdentityNumber,
    facts: &RegisterFacts,
) -> YouthRecord {
    let now = tx.timestamp();
    let empty = YouthRow {
        id: Id::fresh(),
        unit_id,
        given_name: String::new(),
        family_name: String::new(),
        birth_date,
        legal_sex: facts.legal_sex,
        area: None,
        addresses: Json(Value::Null),
        phones: Json(Value::Null),
        email: None,
        social_media: None,
        language: None,
        needs_interpreter: false,
        guardians: Json(json!([])),
        school_status: None,
        protection_level: facts.protection_level,
        sort_name: String::new(),
        last_reached_on: None,
        last_attempt_on: None,
        contact_sort_on: NEVER,
        created_at: now,
        updated_at: now,
        version: 1,
        compulsory_school_ended_on: None,
        compulsory_school_basis: None,
        deceased_on: None,
        target_facts_changed_at: None,
    };
    YouthRecord {
        row: with_facts(empty, facts),
        identity: Some(identity.clone()),
        tracks: vec![Track::Kaa],
        handler_id: None,
        gate: None,
        restricted_since: None,
        correction_notes: 0,
        occupation: None,
        today: tx.today(),
    }
}

fn new_episode(
    tx: &AuditedTx<'_>,
    unit_id: Id<Unit>,
    youth_id: Id<Youth>,
    reason: Reason,
    entered_on: NaiveDate,
) -> EpisodeRow {
    let now = tx.timestamp();
    EpisodeRow {
        id: Id::fresh(),
        youth_id,
        unit_id,
        track: Track::Kaa,
        reason,
        entered_on,
        exited_on: None,
        deregistration_reason: None,
        destination: None,
        destination_elsewhere: None,
        created_by: tx.actor().user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
        basis: None,
        basis_text: None,
        previous_episode_id: None,
    }
}

fn file_row(import_id: Id<Import>, item: &Matched<'_>) -> FileRow {
    let problems: Vec<Value> = item.plan.notes.iter().map(stored_note).collect();
    FileRow {
        import_id,
        line: i64::try_from(item.plan.line).unwrap_or(i64::MAX),
        outcome: item.plan.outcome,
        outward_outcome: item.plan.outward_outcome,
        problems: Json(Value::Array(problems)),
        youth_id: item.youth_id,
    }
}

fn stored_note(note: &RowNote) -> Value {
    json!({
        "column": note.problem.column,
        "code": note.problem.code,
        "severity": note.weight.code(),
        "isOfFile": note.is_of_file,
        "sv": note.problem.detail_sv,
        "en": note.problem.detail_en,
    })
}

fn counts(matched: &[Matched<'_>]) -> Value {
    let of = |outcome| {
        matched
            .iter()
            .filter(|row| row.counted() == outcome)
            .count()
    };
    // As the outcomes: of youths with protected identity only the new ones are counted.
    let opened = matched.iter().filter(|row| {
        let is_told = !row.is_protected || row.plan.outcome == ImportRowOutcome::Created;
        is_told && row.plan.opens.is_some()
    });
    json!({
        "rows": matched.len(),
        "created": of(ImportRowOutcome::Created),
        "changed": of(ImportRowOutcome::Changed),
        "left": of(ImportRowOutcome::Left),
        "outside": of(ImportRowOutcome::Outside),
        "needsDecision": of(ImportRowOutcome::NeedsDecision),
        "refused": of(ImportRowOutcome::Refused),
        "episodesOpened": opened.count(),
    })
}

fn refused_rows(file: &RosterFile, matched: &[Matched<'_>]) -> Option<RefusedRows> {
    let by_plan: HashMap<u64, Vec<_>> = matched
        .iter()
        .filter(|row| row.row.is_some() && row.plan.outcome == ImportRowOutcome::Refused)
        .map(|row| {
            let problems = row.plan.notes.iter().map(|note| note.problem.clone());
            (row.plan.line, problems.collect())
        })
        .collect();
    let refused = RefusedRows::of(file, &by_plan);
    (refused.count() > 0).then_some(refused)
}

/// What is to be said about the file as a whole.
fn warnings(tx: &mut AuditedTx<'_>, unit_id: Id<Unit>, upload: &RosterUpload) -> Result<Value> {
    let mut said = Vec::new();
    let mut say = |code: &str, sv: String, en: String| {
        said.push(json!({"code": code, "sv": sv, "en": en}));
    };
    let file = &upload.file;
    let short = |headings: &[String]| {
        let headings = headings.iter().take(20);
        let short: Vec<String> = headings.map(|h| h.chars().take(40).collect()).collect();
        short.join(", ")
    };
    if !file.ignored_columns.is_empty() {
        let names = short(&file.ignored_columns);
        say(
            "ignored_columns",
            format!("Kolumner som inte används: {names}."),
            format!("Columns that are not used: {names}."),
        );
    }
    if file.absent_columns.contains(&Column::Protection) {
        say(
            "no_protection_column",
            "Filen har ingen kolumn för skyddsmarkering. Registrets markeringar behålls."
                .to_owned(),
            "The file has no column for protection marks. Those of the register are kept."
                .to_owned(),
        );
    }
    if good_rows(file).any(|row| row.is_name_damaged) {
        say(
            "letters_lost",
            "Bokstäver har gått förlorade i namn när filen skrevs. Spara den som UTF-8.".to_owned(),
            "Letters of names were lost when the file was written. Save it as UTF-8.".to_owned(),
        );
    }
    if imports::has_later_roster(tx, unit_id, upload.as_of)? {
        say(
            "older_than_last",
            "En lista för en senare dag har redan lästs in. Denna kan skriva över nyare uppgifter."
                .to_owned(),
            "A roster of a later day has already been imported. This one can overwrite newer facts."
                .to_owned(),
        );
    }
    Ok(Value::Array(said))
}

/// The words of a list of problems or warnings in one language.
fn worded(list: &Value, language: Language) -> Value {
    let word = match language {
        Language::Swedish => "sv",
        Language::English => "en",
    };
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| {
            let kept = ["column", "code", "severity"];
            let mut object: Map<String, Value> = kept
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())))
                .collect();
            let detail = item.get(word).cloned().unwrap_or(Value::Null);
            object.insert("detail".to_owned(), detail);
            Value::Object(object)
        })
        .collect()
}

fn in_language(mut view: View, language: Language) -> View {
    if let Some(warnings) = view.fields.get_mut("warnings") {
        *warnings = worded(warnings, language);
    }
    view
}

/// The runs of the actor's unit, newest first. Parameter: `isApplied`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_imports(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    language: Language,
    request: &PageRequest,
) -> Result<Page<View>> {
    let is_applied = parameters.boolean("isApplied");
    parameters.finish()?;
    let page = imports::list(tx, is_applied, request)?;
    page.try_map(|sealed| Ok(in_language(tx.reveal(&sealed)?, language)))
}

/// One run.
///
/// # Errors
/// 403 or 404.
pub fn read_import(tx: &mut AuditedTx<'_>, id: Id<Import>, language: Language) -> Result<View> {
    let sealed = imports::load(tx, id)?;
    Ok(in_language(tx.reveal(&sealed)?, language))
}

/// What became of the rows of a run, in the order of the file. Parameter: `outcome`.
///
/// # Errors
/// 400 for a wrong parameter, 403 or 404.
pub fn list_import_rows(
    tx: &mut AuditedTx<'_>,
    id: Id<Import>,
    mut parameters: Form,
    language: Language,
    request: &PageRequest,
) -> Result<Page<View>> {
    let sealed = imports::load(tx, id)?;
    tx.permit(Resource::Imports, sealed.relation())?;
    let outcome = parameters.code::<ImportRowOutcome>("outcome");
    parameters.finish()?;
    let page = imports::list_rows(tx, id, outcome, request)?;
    tx.note(Resource::Imports, None, Some(id.cast()), "rows");
    page.try_map(|(row, is_seen)| Ok(row_view(tx, row, is_seen, language)))
}

fn row_view(tx: &mut AuditedTx<'_>, row: FileRow, is_seen: bool, language: Language) -> View {
    let mut fields = Map::new();
    fields.insert("line".to_owned(), json!(row.line));
    let outcome = if is_seen {
        row.outcome
    } else {
        row.outward_outcome
    };
    fields.insert("outcome".to_owned(), json!(outcome.code()));
    let problems: Value = row
        .problems
        .0
        .as_array()
        .into_iter()
        .flatten()
        .filter(|problem| is_seen || problem.get("isOfFile") == Some(&Value::Bool(true)))
        .cloned()
        .collect();
    fields.insert("problems".to_owned(), worded(&problems, language));
    if let Some(youth_id) = row.youth_id.filter(|_| is_seen) {
        tx.note(
            Resource::Youths,
            Some(youth_id),
            Some(youth_id.cast()),
            "id",
        );
        fields.insert("youthId".to_owned(), json!(youth_id));
    }
    View { fields, version: 1 }
}

/// The refused rows of a run as CSV with a reason column, for a day, for whoever sent the file.
///
/// # Errors
/// 403 for everybody else of the unit; 404, also when there are none or they are no longer kept.
pub fn read_refused_rows(
    tx: &mut AuditedTx<'_>,
    id: Id<Import>,
    language: Language,
) -> Result<Vec<u8>> {
    let sealed = imports::load(tx, id)?;
    tx.permit(Resource::Imports, sealed.relation())?;
    if !may_fetch_refused(tx.actor(), sealed.relation()) {
        return Err(ErrorCode::Forbidden.into());
    }
    let stored = imports::find_refused(tx, id)?.ok_or(ErrorCode::NotFound)?;
    let refused = RefusedRows::from_stored(&stored)
        .ok_or_else(|| Error::internal("stored refused rows cannot be read"))?;
    tx.note(Resource::Imports, None, Some(id.cast()), "refusedRows");
    Ok(refused.csv(language))
}

/// The rows that somebody must decide on or has decided on, newest first. Parameter: `status`.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_import_decisions(
    tx: &mut AuditedTx<'_>,
    mut parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let status = parameters.code::<DecisionStatus>("status");
    parameters.finish()?;
    let page = imports::list_decisions(tx, status, request)?;
    page.try_map(|sealed| tx.reveal(&sealed))
}

/// One row that somebody must decide on or has decided on.
///
/// # Errors
/// 403 or 404.
pub fn read_import_decision(tx: &mut AuditedTx<'_>, id: Id<ImportDecision>) -> Result<View> {
    let sealed = imports::load_decision(tx, id)?;
    tx.reveal(&sealed)
}

/// What somebody has decided about a row.
enum Answer {
    Confirmed(Reason),
    Rejected,
}

/// Decides on a row: confirmed, with the reason of the episode, it becomes a youth with an open `kaa` episode from the day
/// of the roster; rejected, with a reason in words, nothing is kept of it but its number, so that it is not asked again.
///
/// # Errors
/// 403 or 404; 412; 409 when it has been decided, the number is handled elsewhere or the episode is open; 422.
pub fn decide_import_row(
    tx: &mut AuditedTx<'_>,
    id: Id<ImportDecision>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = imports::load_decision(tx, id)?;
    let inputs = ["status", "reason", "episodeReason"];
    let (permit, form) = begin_update(tx, &sealed, version, patch, &inputs)?;
    let (mut row, _) = sealed.into_record();
    if row.status != DecisionStatus::Pending {
        return Err(ErrorCode::Conflict.into());
    }
    let (answer, reason) = read_answer(tx, form)?;
    match answer {
        Answer::Confirmed(episode_reason) => {
            row.youth_id = Some(take_in(tx, &permit, &row, episode_reason)?);
            row.status = DecisionStatus::Confirmed;
            row.episode_reason = Some(episode_reason);
        }
        Answer::Rejected => row.status = DecisionStatus::Rejected,
    }
    row.reason = reason;
    // The register holds a youth that was taken in; of anybody else it must not (förordning 2006:39 3 §).
    row.document = Json(json!({}));
    row.decided_by = tx.actor().user_id();
    row.decided_at = Some(tx.timestamp());
    row.updated_at = tx.timestamp();
    row.version += 1;
    imports::update_decisions(tx, &permit, std::slice::from_ref(&row))?;
    let sealed = imports::load_decision(tx, id)?;
    tx.reveal(&sealed)
}

fn read_answer(tx: &mut AuditedTx<'_>, mut form: Form) -> Result<(Answer, Option<String>)> {
    let status = form.code::<DecisionStatus>("status");
    let reason = form.long_text("reason", 500);
    screen(tx, &mut form)?;
    let episode_reason = form.code::<Reason>("episodeReason");
    let answer = match status {
        Some(DecisionStatus::Confirmed) => form
            .require("episodeReason", episode_reason)
            .map(Answer::Confirmed),
        Some(DecisionStatus::Rejected) => {
            if episode_reason.is_some() {
                form.add([FieldError::with(
                    "/episodeReason",
                    FieldCode::NotWithOther,
                    "status",
                )]);
            }
            form.require("reason", reason.clone())
                .map(|_| Answer::Rejected)
        }
        _ => {
            if form.is_sound() {
                form.add([FieldError::with(
                    "/status",
                    FieldCode::NotInList,
                    "confirmed, rejected",
                )]);
            }
            None
        }
    };
    Ok((form.finish_with(answer)?, reason))
}

/// Takes in the person of a confirmed row, as new or as a youth that has come back.
fn take_in(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    row: &DecisionRow,
    reason: Reason,
) -> Result<Id<Youth>> {
    let lost = || Error::internal("a waiting decision has no person");
    let said = RowFacts::from_document(&row.document.0).ok_or_else(lost)?;
    let number = row.identity().ok_or_else(lost)?;
    if has_turned_20(said.birth_date, tx.today()) {
        return Err(FieldError::new("/status", FieldCode::Turned20).into());
    }
    let as_of = imports::load(tx, row.import_id)?.for_rules().as_of;
    let owner = find_owners(tx, std::slice::from_ref(&number))?
        .get(&number)
        .copied();
    let (youth_id, entered_on, handler_id) = match owner {
        None => {
            let (facts, _) = merged(&RegisterFacts::nothing(), &said);
            let record = new_record(tx, row.unit_id, said.birth_date, &number, &facts);
            youths::insert_many(tx, permit, std::slice::from_ref(&record))?;
            keep_versions(tx, std::slice::from_ref(&record))?;
            let id = record.row.id;
            tx.note(Resource::Youths, Some(id), Some(id.cast()), NEW_FIELDS);
            (id, as_of, None)
        }
        Some(owner) if owner.unit_id == row.unit_id => {
            let (last_exit, handler_id) = come_back(tx, permit, owner.youth_id, &said)?;
            let day = last_exit.map_or(as_of, |day| day.max(as_of));
            if day > tx.today() {
                return Err(ErrorCode::Conflict.into());
            }
            (owner.youth_id, day, handler_id)
        }
        Some(_) => return Err(ErrorCode::AlreadyExists.into()),
    };
    let episode = EpisodeRecord {
        carried: None,
        last: None,
        row: new_episode(tx, row.unit_id, youth_id, reason, entered_on),
        handler_id,
    };
    open_episodes(tx, permit, vec![episode])?;
    let told = Told {
        youth_id,
        school: &SchoolSaid::default(),
        is_registered: is_of_population_register(&number),
        home: home_of(said.protection_level),
        was_known: owner.is_some(),
    };
    roster_facts::store(tx, permit, as_of, &[told])?;
    // Whoever takes in a protected identity finds it again.
    let relation = relation_to(tx, youth_id)?;
    if let (Some(user_id), false) = (
        tx.actor().user_id(),
        sees(tx.actor(), Resource::Youths, &relation),
    ) {
        assignments::begin(tx, youth_id, user_id, AssignmentKind::Support)?;
    }
    Ok(youth_id)
}

/// Takes over the facts of a youth that the register knows; gives the day of the last exit and who answers for the youth.
fn come_back(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    id: Id<Youth>,
    said: &RowFacts,
) -> Result<(Option<NaiveDate>, Option<Id<User>>)> {
    let sealed = youths::load(tx, id)?;
    if !sees(tx.actor(), Resource::Youths, sealed.relation()) {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let episodes = imports::list_episodes(tx, &[id])?;
    let kaa = || episodes.iter().filter(|e| e.track == Track::Kaa);
    if kaa().any(|episode| episode.exited_on.is_none()) {
        return Err(ErrorCode::EpisodeOpen.into());
    }
    let before = sealed.for_rules();
    let known = facts_of(&before.row);
    let (facts, _) = merged(&known, said);
    if facts != known {
        let row = changed_row(tx, &before.row, &facts);
        store_changed(tx, permit, &[(before, row)])?;
    }
    let fields: Vec<&str> = differing(&known, &facts)
        .into_iter()
        .map(|(_, field)| field)
        .collect();
    tx.note(
        Resource::Youths,
        Some(id),
        Some(id.cast()),
        &fields.join(","),
    );
    let last_exit = kaa().filter_map(|episode| episode.exited_on).max();
    Ok((last_exit, before.handler_id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_name_is_kept_only_if_it_tells_of_nobody() {
        for (given, kept) in [
            (
                "C:\\tmp\\lista 2026-11-23.csv",
                Some("lista 2026-11-23.csv"),
            ),
            ("/x/roster.csv", Some("roster.csv")),
            ("20040709-2394.csv", None),
            ("040709 2394.csv", None),
            ("a\u{7}.csv", None),
            ("", None),
        ] {
            assert_eq!(plain_file_name(given).as_deref(), kept, "{given}");
        }
    }
}
