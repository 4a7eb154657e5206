//! What each fact must be, by the name of the field that is wrong.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::target_group::case_tests::{day, enrolment, residence};

const BORN: &str = "2009-03-10";
const TODAY: &str = "2026-11-24";

fn told(problems: Vec<FieldError>) -> Vec<(String, FieldCode)> {
    problems
        .into_iter()
        .map(|problem| (problem.pointer, problem.code))
        .collect()
}

fn one(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn homes_do_not_overlap_but_a_stay_lies_over_them() {
    let check = |fact: ResidenceFact, others: &[ResidenceFact]| {
        told(check_residence(&fact, others, day(BORN), day(TODAY)))
    };
    let here = residence(ResidenceKind::RegisteredHere, BORN);
    let elsewhere = residence(ResidenceKind::RegisteredElsewhere, "2026-05-01");
    assert_eq!(check(elsewhere, &[]), []);
    assert_eq!(
        check(elsewhere, &[here]),
        one("/fromOn", FieldCode::OverlapsFact)
    );
    let until = ResidenceFact {
        to_on: Some(day("2026-04-30")),
        ..here
    };
    assert_eq!(check(elsewhere, &[until]), []);
    let abroad = residence(ResidenceKind::TemporarilyAbroad, "2026-05-01");
    assert_eq!(check(abroad, &[here]), []);
    assert_eq!(
        check(abroad, &[abroad]),
        one("/fromOn", FieldCode::OverlapsFact)
    );
    let early = residence(ResidenceKind::RegisteredHere, "2009-03-09");
    assert_eq!(check(early, &[]), one("/fromOn", FieldCode::BeforeBirth));
    let late = residence(ResidenceKind::RegisteredHere, "2026-11-25");
    assert_eq!(check(late, &[]), one("/fromOn", FieldCode::InFuture));
    let turned = ResidenceFact {
        to_on: Some(day("2026-04-30")),
        ..elsewhere
    };
    assert_eq!(check(turned, &[]), one("/toOn", FieldCode::WrongDateOrder));
}

#[test]
fn an_enrolment_may_lie_ahead_and_has_a_day_and_a_fitting_programme() {
    let check = |fact: EnrolmentFact| told(check_enrolment(&fact, day(BORN), day(TODAY)));
    let ahead = EnrolmentFact {
        admitted_on: Some(day("2026-11-20")),
        is_cancelled: false,
        ..enrolment(
            SchoolType::Gy,
            ProgrammeKind::National,
            "2027-01-11",
            Some("2029-06-10"),
        )
    };
    assert_eq!(check(ahead), []);
    let mut wrong = ahead;
    wrong.admitted_on = Some(day("2026-11-25"));
    assert_eq!(check(wrong), one("/admittedOn", FieldCode::InFuture));
    wrong = ahead;
    wrong.ends_on = Some(day("2027-01-10"));
    assert_eq!(check(wrong), one("/endsOn", FieldCode::WrongDateOrder));
    wrong = ahead;
    wrong.school_type = SchoolType::Komvux;
    assert_eq!(check(wrong), one("/programmeKind", FieldCode::NotWithOther));
    wrong = ahead;
    (wrong.is_cancelled, wrong.ends_on) = (true, None);
    assert_eq!(check(wrong), one("/isCancelled", FieldCode::NeedsOther));
    wrong = ahead;
    (wrong.admitted_on, wrong.starts_on, wrong.ends_on) = (None, None, None);
    assert_eq!(check(wrong), one("/startsOn", FieldCode::Required));
}

#[test]
fn an_introductory_programme_is_known_by_its_code() {
    let of = EnrolmentFact::programme_of;
    assert_eq!(
        of(ProgrammeKind::Unknown, Some("IMVX")),
        ProgrammeKind::Introductory
    );
    assert_eq!(
        of(ProgrammeKind::Unknown, Some("NA")),
        ProgrammeKind::Unknown
    );
    assert_eq!(
        of(ProgrammeKind::Unknown, Some("Å")),
        ProgrammeKind::Unknown
    );
    assert_eq!(
        of(ProgrammeKind::National, Some("IMV")),
        ProgrammeKind::National
    );
}

#[test]
fn the_skolplikt_ends_at_18_at_the_latest() {
    let check = |ended_on: Option<&str>, basis| {
        told(check_compulsory_school(
            ended_on.map(day),
            basis,
            Some(day(BORN)),
            day(TODAY),
        ))
    };
    let pointer = "/compulsorySchoolEndedOn";
    assert_eq!(check(None, None), []);
    assert_eq!(
        check(
            Some("2027-03-10"),
            Some(CompulsorySchoolBasis::OneYearLater)
        ),
        []
    );
    assert_eq!(
        check(
            Some("2027-03-11"),
            Some(CompulsorySchoolBasis::OneYearLater)
        ),
        one(pointer, FieldCode::CompulsorySchoolAt18)
    );
    assert_eq!(
        check(Some("2026-11-25"), Some(CompulsorySchoolBasis::NeverHere)),
        one(pointer, FieldCode::InFuture)
    );
    assert_eq!(
        check(Some("2025-06-10"), None),
        one(pointer, FieldCode::NeedsOther)
    );
    assert_eq!(
        check(None, Some(CompulsorySchoolBasis::Earlier)),
        one("/compulsorySchoolBasis", FieldCode::NeedsOther)
    );
}

#[test]
fn a_document_is_of_the_past() {
    let check = |on: &str| {
        let fact = ExamDocumentFact {
            issued_on: day(on),
            kind: ExamDocumentKind::GyExam,
        };
        told(check_exam_document(&fact, day(BORN), day(TODAY)))
    };
    assert_eq!(check(TODAY), []);
    assert_eq!(check("2026-11-25"), one("/issuedOn", FieldCode::InFuture));
    assert_eq!(
        check("2009-03-09"),
        one("/issuedOn", FieldCode::BeforeBirth)
    );
}
