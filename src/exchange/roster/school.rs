//! What does a row tell of home, school and exam, and which facts of the register follow from it?
//! A roster says what is so on its day. It fills what is not known and ends what an earlier roster began; what a person has
//! entered, changed or marked void is left as it is, and the same roster twice adds nothing.
//! Storing the facts does not belong here; what they mean for the target group neither.

use chrono::NaiveDate;
use serde::Deserialize;

use super::cell::comparable;
use crate::domain::codes::{Code, Reason};
use crate::domain::target_group::codes::{
    ExamDocumentKind, ProgrammeKind, ResidenceKind, SchoolType,
};
use crate::domain::target_group::{EnrolmentFact, ExamDocumentFact, Home, ResidenceFact};

/// What a status word outside the target group tells of school.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideFact {
    /// A pupil of an upper secondary school.
    Enrolled,
    /// A pupil of an introductory programme.
    EnrolledIntroductory,
    /// Has an upper secondary exam.
    Exam,
}

/// What the status word of a row tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SchoolWord {
    Enrolled(ProgrammeKind),
    Left(SchoolType, ProgrammeKind),
    StudyCertificate,
    Exam,
}

/// What a row tells of school.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SchoolSaid {
    pub word: Option<SchoolWord>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub exam_kind: Option<ExamDocumentKind>,
    pub exam_on: Option<NaiveDate>,
}

impl SchoolWord {
    /// What follows from a reason to be in the target group.
    pub(super) const fn of_reason(reason: Reason) -> Option<Self> {
        match reason {
            Reason::DropoutNationalProgramme => {
                Some(Self::Left(SchoolType::Gy, ProgrammeKind::National))
            }
            Reason::IntroductoryProgrammeEnded => {
                Some(Self::Left(SchoolType::Gy, ProgrammeKind::Introductory))
            }
            Reason::DropoutAdapted => Some(Self::Left(SchoolType::Gys, ProgrammeKind::Unknown)),
            Reason::StudyCertificate => Some(Self::StudyCertificate),
            Reason::CompulsorySchoolOnly
            | Reason::RegisteredAfterCompulsoryAge
            | Reason::Unknown => None,
        }
    }

    /// What follows from a word outside the target group, and the programme code beside it.
    pub(super) fn of_outside(fact: OutsideFact, programme: Option<&str>) -> Self {
        match fact {
            OutsideFact::Exam => Self::Exam,
            OutsideFact::EnrolledIntroductory => Self::Enrolled(ProgrammeKind::Introductory),
            OutsideFact::Enrolled => Self::Enrolled(
                match EnrolmentFact::programme_of(ProgrammeKind::Unknown, programme) {
                    ProgrammeKind::Unknown if programme.is_some() => ProgrammeKind::National,
                    kind => kind,
                },
            ),
        }
    }
}

/// A day of a cell, `ÅÅÅÅ-MM-DD` or `ÅÅÅÅMMDD`; `None` when it is none.
pub(super) fn date(cell: &str) -> Option<NaiveDate> {
    let format = if cell.len() == 8 {
        "%Y%m%d"
    } else {
        "%Y-%m-%d"
    };
    NaiveDate::parse_from_str(cell, format)
        .ok()
        .filter(|day| (1990..=2100).contains(&chrono::Datelike::year(day)))
}

/// The document of a cell: its code, or a common word.
pub(super) fn exam_kind(cell: &str) -> Option<ExamDocumentKind> {
    let word = comparable(cell);
    let by_code = ExamDocumentKind::ALL
        .iter()
        .copied()
        .find(|kind| comparable(kind.code()) == word);
    by_code.or(match word.as_str() {
        "gymnasieexamen" | "examensbevis" => Some(ExamDocumentKind::GyExam),
        "hogskoleforberedandeexamen" => Some(ExamDocumentKind::GyHigher),
        "yrkesexamen" => Some(ExamDocumentKind::GyVocational),
        "studiebevis" => Some(ExamDocumentKind::GyStudyCertificate),
        "gymnasieintyg" => Some(ExamDocumentKind::GyIntyg),
        "slutbetyg" => Some(ExamDocumentKind::GySlutbetyg),
        "gymnasiebevis" => Some(ExamDocumentKind::AdaptedCertificate),
        _ => None,
    })
}

/// A fact of the register with who stands behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known<F> {
    pub fact: F,
    pub is_of_roster: bool,
    pub is_void: bool,
}

/// What the register knows of the youth of a row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownFacts {
    pub residences: Vec<Known<ResidenceFact>>,
    pub enrolments: Vec<Known<EnrolmentFact>>,
    pub exam_documents: Vec<Known<ExamDocumentFact>>,
}

/// What follows from a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Following {
    pub residence: Option<ResidenceFact>,
    /// An enrolment of an earlier roster that has ended: its place among the known, its last day, and whether before its time.
    pub ends: Option<(usize, NaiveDate, bool)>,
    pub enrolment: Option<EnrolmentFact>,
    pub exam_document: Option<ExamDocumentFact>,
}

/// What follows from a row of the roster of a day. `is_registered`: the row is of somebody in the population register, which
/// a TF number or a samordningsnummer rules out.
pub fn follow(
    said: &SchoolSaid,
    is_registered: bool,
    home: Home,
    as_of: NaiveDate,
    known: &KnownFacts,
) -> Following {
    let (ends, enrolment) = school(said, as_of, &known.enrolments);
    Following {
        // Under protected registration a row tells nothing of where the youth is at home.
        residence: (is_registered && home == Home::ByRegistration)
            .then(|| residence(as_of, &known.residences))
            .flatten(),
        ends,
        enrolment,
        exam_document: document(said, as_of, &known.exam_documents),
    }
}

fn residence(as_of: NaiveDate, known: &[Known<ResidenceFact>]) -> Option<ResidenceFact> {
    let standing = || known.iter().filter(|known| !known.is_void);
    let is_known = standing().any(|known| known.fact.covers(as_of));
    let was_struck = known
        .iter()
        .any(|known| known.is_void && known.is_of_roster && known.fact.from_on == as_of);
    if is_known || was_struck {
        return None;
    }
    let next = standing()
        .filter(|known| known.fact.kind.is_exclusive())
        .map(|known| known.fact.from_on)
        .filter(|from_on| *from_on > as_of)
        .min();
    Some(ResidenceFact {
        from_on: as_of,
        to_on: next.and_then(|next| next.pred_opt()),
        kind: ResidenceKind::RegisteredHere,
    })
}

type Ends = Option<(usize, NaiveDate, bool)>;

fn school(
    said: &SchoolSaid,
    as_of: NaiveDate,
    known: &[Known<EnrolmentFact>],
) -> (Ends, Option<EnrolmentFact>) {
    let last_day = said.ends_on.or_else(|| as_of.pred_opt());
    let now = known.iter().enumerate().find(|(_, known)| {
        !known.is_void
            && known.fact.school_type.is_upper_secondary()
            && (known.fact.covers(as_of) || known.fact.awaits_start(as_of))
    });
    let ended = |is_cancelled| -> Ends {
        let (place, known) = now.filter(|(_, known)| known.is_of_roster)?;
        let last_day = last_day?;
        let has_begun = known.fact.starts_on.is_none_or(|on| on <= last_day);
        has_begun.then_some((place, last_day, is_cancelled))
    };
    let was_struck = |fact: &EnrolmentFact| {
        known.iter().any(|known| {
            known.is_void
                && known.is_of_roster
                && known.fact.school_type == fact.school_type
                && (known.fact.starts_on, known.fact.ends_on) == (fact.starts_on, fact.ends_on)
        })
    };
    match said.word {
        Some(SchoolWord::Enrolled(programme)) if now.is_none() => {
            let fact = EnrolmentFact {
                school_type: SchoolType::Gy,
                programme,
                admitted_on: None,
                starts_on: said.starts_on.or(Some(as_of)),
                ends_on: said.ends_on,
                is_cancelled: false,
            };
            (None, Some(fact).filter(|fact| !was_struck(fact)))
        }
        Some(SchoolWord::Left(school_type, programme)) => {
            let has_left = known.iter().any(|known| {
                !known.is_void
                    && known.fact.school_type.is_upper_secondary()
                    && known.fact.has_ended(as_of)
            });
            if now.is_some() || has_left {
                return (ended(true), None);
            }
            let fact = EnrolmentFact {
                school_type,
                programme,
                admitted_on: None,
                starts_on: said.starts_on,
                ends_on: last_day,
                is_cancelled: true,
            };
            (None, Some(fact).filter(|fact| !was_struck(fact)))
        }
        Some(SchoolWord::StudyCertificate | SchoolWord::Exam) => (ended(false), None),
        _ => (None, None),
    }
}

fn document(
    said: &SchoolSaid,
    as_of: NaiveDate,
    known: &[Known<ExamDocumentFact>],
) -> Option<ExamDocumentFact> {
    let by_word = match said.word {
        Some(SchoolWord::StudyCertificate) => Some(ExamDocumentKind::GyStudyCertificate),
        Some(SchoolWord::Exam) => Some(ExamDocumentKind::GyExam),
        _ => None,
    };
    let kind = said.exam_kind.or(by_word)?;
    let is_same = |other: ExamDocumentKind| {
        other == kind || (kind == ExamDocumentKind::GyExam && other.is_exam())
    };
    // A document that a person has struck is not entered again by the next roster.
    let is_known = known
        .iter()
        .any(|known| is_same(known.fact.kind) && (!known.is_void || known.is_of_roster));
    (!is_known).then_some(ExamDocumentFact {
        // Known to have been issued by the day of the roster at the latest.
        issued_on: said.exam_on.unwrap_or(as_of),
        kind,
    })
}

#[cfg(test)]
#[path = "school_tests.rs"]
mod tests;
