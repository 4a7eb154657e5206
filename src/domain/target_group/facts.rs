//! The dated facts that the rule rests on, and what is impossible in each of them. What follows from them is decided in
//! `rule`; how they are stored and who says them is not known here. All days are inclusive.

use super::codes::{
    CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind, ResidenceKind, SchoolType,
};
use crate::domain::age::birthday_on;
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// How it is known that a youth belongs here (skollagen 29:6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Home {
    /// By the population register.
    #[default]
    ByRegistration,
    /// Protected registration (folkbokföringslagen 16 §): where the youth stays; what is registered tells nothing.
    ByStay,
}

/// Where a youth lives, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResidenceFact {
    pub from_on: NaiveDate,
    pub to_on: Option<NaiveDate>,
    pub kind: ResidenceKind,
}

/// A place at a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnrolmentFact {
    pub school_type: SchoolType,
    pub programme: ProgrammeKind,
    /// When the place was given.
    pub admitted_on: Option<NaiveDate>,
    /// The first day; not known of one that is only known to have ended.
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    /// Whether it ended before its time.
    pub is_cancelled: bool,
}

/// An exam or grade document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExamDocumentFact {
    pub issued_on: NaiveDate,
    pub kind: ExamDocumentKind,
}

/// The end of the skolplikt: its last day, or for who never had it here the day of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompulsorySchool {
    pub ended_on: NaiveDate,
    pub basis: CompulsorySchoolBasis,
}

/// Everything that is known of a youth and matters for 29:9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub birth_date: NaiveDate,
    pub home: Home,
    pub deceased_on: Option<NaiveDate>,
    pub compulsory_school: Option<CompulsorySchool>,
    pub residences: Vec<ResidenceFact>,
    pub enrolments: Vec<EnrolmentFact>,
    pub exam_documents: Vec<ExamDocumentFact>,
}

impl Facts {
    /// Of somebody of whom nothing but the birth date is known.
    pub const fn unknown(birth_date: NaiveDate) -> Self {
        Self {
            birth_date,
            home: Home::ByRegistration,
            deceased_on: None,
            compulsory_school: None,
            residences: Vec::new(),
            enrolments: Vec::new(),
            exam_documents: Vec::new(),
        }
    }

    /// In one order, so that the same facts are the same whoever entered them first.
    pub fn sort(&mut self) {
        self.residences.sort_unstable();
        self.enrolments
            .sort_unstable_by_key(|fact| (fact.first_on(), *fact));
        self.exam_documents.sort_unstable();
    }
}

impl ResidenceFact {
    /// Whether it holds on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.to_on.is_none_or(|to_on| day <= to_on)
    }
}

impl EnrolmentFact {
    /// The first day on which anything is known of it.
    pub fn first_on(&self) -> Option<NaiveDate> {
        match (self.admitted_on, self.starts_on) {
            (Some(admitted), Some(starts)) => Some(admitted.min(starts)),
            (one, other) => one.or(other),
        }
    }
    /// Whether the youth is enrolled on a day. Of an enrolment whose first day is not known, every day until its last.
    pub fn covers(&self, day: NaiveDate) -> bool {
        let has_begun = match self.starts_on {
            Some(starts_on) => starts_on <= day,
            None => self.admitted_on.is_none(),
        };
        has_begun && self.ends_on.is_none_or(|ends_on| day <= ends_on)
    }
    /// Whether the place has been given and the first day has not come. The last day tells of a place that was given back.
    pub fn awaits_start(&self, day: NaiveDate) -> bool {
        self.admitted_on.is_some_and(|admitted| admitted <= day)
            && self.starts_on.is_none_or(|starts_on| day < starts_on)
            && self.ends_on.is_none_or(|ends_on| day <= ends_on)
    }
    /// Whether the youth went there and it had ended when the day began. A place that was given back is no dropout.
    pub fn has_ended(&self, day: NaiveDate) -> bool {
        self.ends_on.is_some_and(|ends_on| ends_on < day)
            && (self.starts_on.is_some() || self.admitted_on.is_none())
    }
    /// The programme; told by the study path where nothing else tells it.
    pub fn programme_of(kind: ProgrammeKind, study_path_code: Option<&str>) -> ProgrammeKind {
        let is_introductory = study_path_code
            .and_then(|code| code.get(..2))
            .is_some_and(|beginning| beginning.eq_ignore_ascii_case("IM"));
        match kind {
            ProgrammeKind::Unknown if is_introductory => ProgrammeKind::Introductory,
            kind => kind,
        }
    }
}

/// Everything impossible in a residence among the others of the youth that stand.
pub fn check_residence(
    fact: &ResidenceFact,
    others: &[ResidenceFact],
    birth_date: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if fact.from_on < birth_date {
        problems.push(FieldError::new("/fromOn", FieldCode::BeforeBirth));
    } else if fact.from_on > today {
        problems.push(FieldError::new("/fromOn", FieldCode::InFuture));
    }
    if fact.to_on.is_some_and(|to_on| to_on < fact.from_on) {
        problems.push(FieldError::with(
            "/toOn",
            FieldCode::WrongDateOrder,
            "fromOn",
        ));
    }
    let meets = |other: &&ResidenceFact| {
        let is_rival = if fact.kind.is_exclusive() {
            other.kind.is_exclusive()
        } else {
            other.kind == fact.kind
        };
        is_rival
            && fact.to_on.is_none_or(|to_on| other.from_on <= to_on)
            && other.to_on.is_none_or(|to_on| fact.from_on <= to_on)
    };
    if let Some(other) = others.iter().find(meets) {
        problems.push(FieldError::with(
            "/fromOn",
            FieldCode::OverlapsFact,
            other.from_on.to_string(),
        ));
    }
    problems
}

/// Everything impossible in an enrolment. A place may be given for a day that lies ahead, and may be for a known time.
pub fn check_enrolment(
    fact: &EnrolmentFact,
    birth_date: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let dates = [
        ("admittedOn", fact.admitted_on),
        ("startsOn", fact.starts_on),
        ("endsOn", fact.ends_on),
    ];
    let mut before: Option<(&'static str, NaiveDate)> = None;
    for (name, date) in dates {
        let Some(date) = date else { continue };
        let pointer = format!("/{name}");
        if date < birth_date {
            problems.push(FieldError::new(pointer, FieldCode::BeforeBirth));
        } else if name == "admittedOn" && date > today {
            problems.push(FieldError::new(pointer, FieldCode::InFuture));
        } else if let Some((other, _)) = before.filter(|(_, earlier)| date < *earlier) {
            problems.push(FieldError::with(pointer, FieldCode::WrongDateOrder, other));
        }
        before = Some((name, date));
    }
    if before.is_none() {
        problems.push(FieldError::new("/startsOn", FieldCode::Required));
    }
    if fact.is_cancelled && fact.ends_on.is_none() {
        problems.push(FieldError::with(
            "/isCancelled",
            FieldCode::NeedsOther,
            "endsOn",
        ));
    }
    let fits = match fact.programme {
        ProgrammeKind::Unknown | ProgrammeKind::Other => true,
        ProgrammeKind::AdaptedNational | ProgrammeKind::AdaptedIndividual => {
            fact.school_type == SchoolType::Gys
        }
        ProgrammeKind::National | ProgrammeKind::Introductory | ProgrammeKind::Ib => {
            fact.school_type == SchoolType::Gy
        }
    };
    if !fits {
        problems.push(FieldError::with(
            "/programmeKind",
            FieldCode::NotWithOther,
            "schoolType",
        ));
    }
    problems
}

/// Everything impossible in an exam document.
pub fn check_exam_document(
    fact: &ExamDocumentFact,
    birth_date: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let code = if fact.issued_on > today {
        Some(FieldCode::InFuture)
    } else if fact.issued_on < birth_date {
        Some(FieldCode::BeforeBirth)
    } else {
        None
    };
    code.map(|code| FieldError::new("/issuedOn", code))
        .into_iter()
        .collect()
}

/// Everything impossible in the end of the skolplikt. It may lie ahead; it ends at 18 at the latest (skollagen 7:13). Who
/// never had it here may have been registered at any age.
pub fn check_compulsory_school(
    ended_on: Option<NaiveDate>,
    basis: Option<CompulsorySchoolBasis>,
    birth_date: Option<NaiveDate>,
    today: NaiveDate,
) -> Vec<FieldError> {
    const DAY: &str = "/compulsorySchoolEndedOn";
    let mut problems = Vec::new();
    match (ended_on, basis) {
        (Some(_), None) => problems.push(FieldError::with(
            DAY,
            FieldCode::NeedsOther,
            "compulsorySchoolBasis",
        )),
        (None, Some(_)) => problems.push(FieldError::with(
            "/compulsorySchoolBasis",
            FieldCode::NeedsOther,
            "compulsorySchoolEndedOn",
        )),
        _ => {}
    }
    let (Some(ended_on), Some(birth_date)) = (ended_on, birth_date) else {
        return problems;
    };
    if ended_on < birth_date {
        problems.push(FieldError::new(DAY, FieldCode::BeforeBirth));
    } else if basis == Some(CompulsorySchoolBasis::NeverHere) {
        if ended_on > today {
            problems.push(FieldError::new(DAY, FieldCode::InFuture));
        }
    } else if birthday_on(birth_date, 18).is_some_and(|birthday| ended_on > birthday) {
        problems.push(FieldError::new(DAY, FieldCode::CompulsorySchoolAt18));
    }
    problems
}

#[cfg(test)]
#[path = "facts_tests.rs"]
mod tests;
