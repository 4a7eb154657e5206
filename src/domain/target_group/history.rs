//! Why a youth who is in the target group is there: the latest school status (domain 9.2). Whether the youth is in it is
//! decided in `rule`.

use super::codes::{CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind, SchoolType};
use super::facts::{EnrolmentFact, Facts};
use crate::domain::codes::Reason;
use chrono::NaiveDate;

/// The reason on a day. What came last counts: an enrolment that ended, or a studiebevis that was given for it.
pub fn reason_on(facts: &Facts, day: NaiveDate) -> Reason {
    let ended = facts
        .enrolments
        .iter()
        .filter(|fact| fact.school_type.is_upper_secondary())
        .filter(|fact| fact.has_ended(day) || is_introductory_now(fact, day))
        .max_by_key(|fact| {
            (
                fact.ends_on.filter(|ends_on| *ends_on < day).unwrap_or(day),
                fact.starts_on,
            )
        });
    let certificate = facts
        .exam_documents
        .iter()
        .filter(|fact| fact.kind == ExamDocumentKind::GyStudyCertificate && fact.issued_on <= day)
        .map(|fact| fact.issued_on)
        .max();
    match (ended, certificate) {
        (Some(ended), Some(issued_on))
            if ended
                .starts_on
                .is_some_and(|starts_on| issued_on < starts_on) =>
        {
            of_enrolment(ended)
        }
        (_, Some(_)) => Reason::StudyCertificate,
        (Some(ended), None) => of_enrolment(ended),
        (None, None) => match facts.compulsory_school.map(|end| end.basis) {
            Some(CompulsorySchoolBasis::NeverHere) => Reason::RegisteredAfterCompulsoryAge,
            Some(_) => Reason::CompulsorySchoolOnly,
            None => Reason::Unknown,
        },
    }
}

/// Until 2018-06-30 pupils of introductory programmes were in the group while they went there.
fn is_introductory_now(fact: &EnrolmentFact, day: NaiveDate) -> bool {
    fact.programme == ProgrammeKind::Introductory && fact.covers(day)
}

fn of_enrolment(fact: &EnrolmentFact) -> Reason {
    match (fact.school_type, fact.programme) {
        (SchoolType::Gys, _)
        | (_, ProgrammeKind::AdaptedNational | ProgrammeKind::AdaptedIndividual) => {
            Reason::DropoutAdapted
        }
        (_, ProgrammeKind::Introductory) => Reason::IntroductoryProgrammeEnded,
        (_, ProgrammeKind::Unknown) => Reason::Unknown,
        _ => Reason::DropoutNationalProgramme,
    }
}
