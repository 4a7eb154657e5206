//! The facts that the target group rests on, as they stand in the register: of one youth, or of the next youths of a unit, read
//! by ranges of their ids; and the rule's answer as it is shown. What follows from the facts is decided in
//! `domain::target_group`.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::schema::{
    enrolments, episodes, exam_documents, residences, target_group_candidates, youths,
};
use super::types::Timestamp;
use crate::domain::codes::{Code, DeregistrationReason, ProtectionLevel, Track};
use crate::domain::id::{Candidate, Episode, Id, Unit, Youth};
use crate::domain::target_group::candidate::Raised;
use crate::domain::target_group::codes::{
    CandidateKind, CandidateStatus, CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind,
    ResidenceKind, SchoolType,
};
use crate::domain::target_group::{
    CompulsorySchool, EnrolmentFact, Evaluation, ExamDocumentFact, Facts, Home, ResidenceFact,
};
use crate::error::{ErrorCode, Result};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

/// A `kaa` episode, as far as candidates depend on it.
#[derive(Debug, Clone)]
pub struct KaaEpisode {
    pub id: Id<Episode>,
    pub entered_on: NaiveDate,
    pub exited_on: Option<NaiveDate>,
    pub deregistration_reason: Option<DeregistrationReason>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A youth with everything the rules of the target group ask for.
#[derive(Debug, Clone)]
pub struct Subject {
    pub youth_id: Id<Youth>,
    pub unit_id: Id<Unit>,
    pub is_protected: bool,
    pub facts: Facts,
    /// When the latest of the facts was entered or changed.
    pub facts_changed_at: Option<Timestamp>,
    /// The earliest begun first.
    pub kaa: Vec<KaaEpisode>,
    pub has_open_outreach: bool,
    /// In the order they were raised.
    pub candidates: Vec<(Id<Candidate>, Raised)>,
}

/// What the rule says of a youth, as it is shown.
pub struct TargetGroupRecord {
    pub youth_id: Id<Youth>,
    pub on: NaiveDate,
    pub evaluation: Evaluation,
    pub facts: Value,
}

disclosed!(TargetGroupRecord, TargetGroups, |r| youth: Some(r.youth_id), id: r.youth_id, version: 1, {
    "youthId": r.youth_id,
    "evaluatedOn": r.on,
    "ruleVersion": Word(r.evaluation.version),
    "verdict": Word(r.evaluation.verdict.code()),
    "reason": Word(r.evaluation.verdict.reason()),
    "deregistrationReason": Word(r.evaluation.verdict.leading().map(|failure| failure.reason)),
    "sinceOn": r.evaluation.verdict.leading().and_then(|failure| failure.since_on),
    "failedPoints": failed_points(&r.evaluation),
    "causes": causes(&r.evaluation),
    "facts": r.facts,
});

/// The points that fail, as codes.
pub fn failed_points(evaluation: &Evaluation) -> Value {
    let failures = evaluation.verdict.failures().iter();
    failures.map(|failure| failure.point.code()).collect()
}

/// What a person must decide, as codes.
pub fn causes(evaluation: &Evaluation) -> Value {
    let causes = evaluation.verdict.causes().iter();
    causes.map(|cause| cause.code()).collect()
}

/// The facts as they are evaluated, as a document: no school and no municipality stands in it, for no rule asks for them.
pub fn document_of(facts: &Facts) -> Value {
    let residences = facts
        .residences
        .iter()
        .map(|fact| json!({"kind": fact.kind.code(), "fromOn": fact.from_on, "toOn": fact.to_on}));
    let enrolments = facts.enrolments.iter().map(|fact| {
        json!({
            "schoolType": fact.school_type.code(), "programmeKind": fact.programme.code(),
            "admittedOn": fact.admitted_on, "startsOn": fact.starts_on, "endsOn": fact.ends_on,
            "isCancelled": fact.is_cancelled,
        })
    });
    let documents = facts
        .exam_documents
        .iter()
        .map(|fact| json!({"kind": fact.kind.code(), "issuedOn": fact.issued_on}));
    json!({
        "birthDate": facts.birth_date,
        "isHomeByStay": facts.home == Home::ByStay,
        "deceasedOn": facts.deceased_on,
        "compulsorySchoolEndedOn": facts.compulsory_school.map(|end| end.ended_on),
        "compulsorySchoolBasis": facts.compulsory_school.map(|end| end.basis.code()),
        "residences": residences.collect::<Vec<_>>(),
        "enrolments": enrolments.collect::<Vec<_>>(),
        "examDocuments": documents.collect::<Vec<_>>(),
    })
}

/// One youth with the facts, whoever may see them; for the rules.
///
/// # Errors
/// 404 when there is none.
pub fn load_subject(tx: &mut AuditedTx<'_>, id: Id<Youth>) -> Result<Subject> {
    let row: YouthKey = youths::table
        .filter(youths::id.eq(id))
        .select(YOUTH_KEY)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    subjects_of(tx, vec![row])?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The next youths of a unit after one, in the order of their ids.
///
/// # Errors
/// The database does not answer.
pub fn list_subjects(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    after: Option<Id<Youth>>,
    limit: i64,
) -> Result<Vec<Subject>> {
    let rows: Vec<YouthKey> = youths::table
        .filter(youths::unit_id.eq(unit_id))
        .filter(youths::id.gt(after.unwrap_or(Id::of(uuid::Uuid::nil()))))
        .order(youths::id)
        .limit(limit)
        .select(YOUTH_KEY)
        .load(tx.conn())?;
    subjects_of(tx, rows)
}

type YouthKey = (
    Id<Youth>,
    Id<Unit>,
    NaiveDate,
    ProtectionLevel,
    Option<NaiveDate>,
    Option<CompulsorySchoolBasis>,
    Option<NaiveDate>,
    Option<Timestamp>,
);
type YouthColumns = (
    youths::id,
    youths::unit_id,
    youths::birth_date,
    youths::protection_level,
    youths::compulsory_school_ended_on,
    youths::compulsory_school_basis,
    youths::deceased_on,
    youths::target_facts_changed_at,
);
const YOUTH_KEY: YouthColumns = (
    youths::id,
    youths::unit_id,
    youths::birth_date,
    youths::protection_level,
    youths::compulsory_school_ended_on,
    youths::compulsory_school_basis,
    youths::deceased_on,
    youths::target_facts_changed_at,
);

fn subject(
    (id, unit_id, birth_date, level, ended_on, basis, deceased_on, at): YouthKey,
) -> Subject {
    let home = if level.holds_no_address() {
        Home::ByStay
    } else {
        Home::ByRegistration
    };
    Subject {
        youth_id: id,
        unit_id,
        is_protected: level.is_protected(),
        facts: Facts {
            home,
            deceased_on,
            compulsory_school: ended_on
                .zip(basis)
                .map(|(ended_on, basis)| CompulsorySchool { ended_on, basis }),
            ..Facts::unknown(birth_date)
        },
        facts_changed_at: at,
        kaa: Vec::new(),
        has_open_outreach: false,
        candidates: Vec::new(),
    }
}

/// The youths of a read, sorted by their ids, and what is laid beside each.
struct Range {
    first: Id<Youth>,
    last: Id<Youth>,
    subjects: Vec<Subject>,
}

impl Range {
    /// The youth of a row, unless it belongs to another unit.
    fn of(&mut self, id: Id<Youth>) -> Option<&mut Subject> {
        let place = self
            .subjects
            .binary_search_by_key(&id, |subject| subject.youth_id)
            .ok()?;
        self.subjects.get_mut(place)
    }
}

fn subjects_of(tx: &mut AuditedTx<'_>, rows: Vec<YouthKey>) -> Result<Vec<Subject>> {
    let subjects: Vec<Subject> = rows.into_iter().map(subject).collect();
    let (Some(first), Some(last)) = (subjects.first(), subjects.last()) else {
        return Ok(Vec::new());
    };
    let mut range = Range {
        first: first.youth_id,
        last: last.youth_id,
        subjects,
    };
    read_residences(tx, &mut range)?;
    read_enrolments(tx, &mut range)?;
    read_exam_documents(tx, &mut range)?;
    read_episodes(tx, &mut range)?;
    read_candidates(tx, &mut range)?;
    for subject in &mut range.subjects {
        subject.facts.sort();
    }
    Ok(range.subjects)
}

fn read_residences(tx: &mut AuditedTx<'_>, range: &mut Range) -> Result<()> {
    type Row = (
        Id<Youth>,
        ResidenceKind,
        NaiveDate,
        Option<NaiveDate>,
        bool,
        Timestamp,
    );
    let rows: Vec<Row> = residences::table
        .filter(residences::youth_id.ge(range.first))
        .filter(residences::youth_id.le(range.last))
        .select((
            residences::youth_id,
            residences::kind,
            residences::from_on,
            residences::to_on,
            residences::void_reason.is_null(),
            residences::updated_at,
        ))
        .load(tx.conn())?;
    for (youth_id, kind, from_on, to_on, counts, updated_at) in rows {
        let Some(subject) = range.of(youth_id) else {
            continue;
        };
        subject.facts_changed_at = subject.facts_changed_at.max(Some(updated_at));
        if counts {
            subject.facts.residences.push(ResidenceFact {
                from_on,
                to_on,
                kind,
            });
        }
    }
    Ok(())
}

fn read_enrolments(tx: &mut AuditedTx<'_>, range: &mut Range) -> Result<()> {
    type Row = (
        Id<Youth>,
        SchoolType,
        ProgrammeKind,
        Option<String>,
        Option<NaiveDate>,
        Option<NaiveDate>,
        Option<NaiveDate>,
        bool,
        bool,
        Timestamp,
    );
    let rows: Vec<Row> = enrolments::table
        .filter(enrolments::youth_id.ge(range.first))
        .filter(enrolments::youth_id.le(range.last))
        .select((
            enrolments::youth_id,
            enrolments::school_type,
            enrolments::programme_kind,
            enrolments::study_path_code,
            enrolments::admitted_on,
            enrolments::starts_on,
            enrolments::ends_on,
            enrolments::is_cancelled,
            enrolments::void_reason.is_null(),
            enrolments::updated_at,
        ))
        .load(tx.conn())?;
    for row in rows {
        let Some(subject) = range.of(row.0) else {
            continue;
        };
        let (_, school_type, kind, code, admitted_on, starts_on, ends_on, is_cancelled, counts, at) =
            row;
        subject.facts_changed_at = subject.facts_changed_at.max(Some(at));
        if counts {
            subject.facts.enrolments.push(EnrolmentFact {
                school_type,
                programme: EnrolmentFact::programme_of(kind, code.as_deref()),
                admitted_on,
                starts_on,
                ends_on,
                is_cancelled,
            });
        }
    }
    Ok(())
}

fn read_exam_documents(tx: &mut AuditedTx<'_>, range: &mut Range) -> Result<()> {
    type Row = (Id<Youth>, ExamDocumentKind, NaiveDate, bool, Timestamp);
    let rows: Vec<Row> = exam_documents::table
        .filter(exam_documents::youth_id.ge(range.first))
        .filter(exam_documents::youth_id.le(range.last))
        .select((
            exam_documents::youth_id,
            exam_documents::kind,
            exam_documents::issued_on,
            exam_documents::void_reason.is_null(),
            exam_documents::updated_at,
        ))
        .load(tx.conn())?;
    for (youth_id, kind, issued_on, counts, updated_at) in rows {
        let Some(subject) = range.of(youth_id) else {
            continue;
        };
        subject.facts_changed_at = subject.facts_changed_at.max(Some(updated_at));
        if counts {
            let fact = ExamDocumentFact { issued_on, kind };
            subject.facts.exam_documents.push(fact);
        }
    }
    Ok(())
}

fn read_episodes(tx: &mut AuditedTx<'_>, range: &mut Range) -> Result<()> {
    type Row = (
        Id<Youth>,
        Id<Episode>,
        Track,
        NaiveDate,
        Option<NaiveDate>,
        Option<DeregistrationReason>,
        Timestamp,
        Timestamp,
    );
    let rows: Vec<Row> = episodes::table
        .filter(episodes::youth_id.ge(range.first))
        .filter(episodes::youth_id.le(range.last))
        .order((episodes::youth_id, episodes::entered_on, episodes::id))
        .select((
            episodes::youth_id,
            episodes::id,
            episodes::track,
            episodes::entered_on,
            episodes::exited_on,
            episodes::deregistration_reason,
            episodes::created_at,
            episodes::updated_at,
        ))
        .load(tx.conn())?;
    for (youth_id, id, track, entered_on, exited_on, reason, created_at, updated_at) in rows {
        let Some(subject) = range.of(youth_id) else {
            continue;
        };
        match track {
            Track::Kaa => subject.kaa.push(KaaEpisode {
                id,
                entered_on,
                exited_on,
                deregistration_reason: reason,
                created_at,
                updated_at,
            }),
            Track::Outreach => subject.has_open_outreach |= exited_on.is_none(),
        }
    }
    Ok(())
}

fn read_candidates(tx: &mut AuditedTx<'_>, range: &mut Range) -> Result<()> {
    type Row = (
        Id<Youth>,
        Id<Candidate>,
        CandidateKind,
        CandidateStatus,
        NaiveDate,
        String,
    );
    let rows: Vec<Row> = target_group_candidates::table
        .filter(target_group_candidates::youth_id.ge(range.first))
        .filter(target_group_candidates::youth_id.le(range.last))
        .order((
            target_group_candidates::youth_id,
            target_group_candidates::id,
        ))
        .select((
            target_group_candidates::youth_id,
            target_group_candidates::id,
            target_group_candidates::kind,
            target_group_candidates::status,
            target_group_candidates::found_on,
            target_group_candidates::fingerprint,
        ))
        .load(tx.conn())?;
    for (youth_id, id, kind, status, found_on, fingerprint) in rows {
        let Some(subject) = range.of(youth_id) else {
            continue;
        };
        let raised = Raised {
            kind,
            status,
            found_on,
            fingerprint,
        };
        subject.candidates.push((id, raised));
    }
    Ok(())
}
