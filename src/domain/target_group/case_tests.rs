//! The case table of the target group (domain 10.1), row by row, and the days around each border.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::codes::{
    CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind, ResidenceKind, SchoolType,
    TargetGroupCause as Cause, TargetGroupPoint as Point,
};
use super::rule::{Meaning, meaning};
use super::*;
use crate::domain::codes::{Code, DeregistrationReason, Reason};
use chrono::NaiveDate;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Born, registered here since birth, skolplikt ended in the tenth year's June.
pub fn youth(born: &str) -> Facts {
    let birth_date = day(born);
    let june = format!("{}-06-12", chrono::Datelike::year(&birth_date) + 16);
    Facts {
        compulsory_school: Some(CompulsorySchool {
            ended_on: day(&june),
            basis: CompulsorySchoolBasis::TenthYear,
        }),
        residences: vec![residence(ResidenceKind::RegisteredHere, born)],
        ..Facts::unknown(birth_date)
    }
}

pub fn residence(kind: ResidenceKind, from_on: &str) -> ResidenceFact {
    ResidenceFact {
        from_on: day(from_on),
        to_on: None,
        kind,
    }
}

pub fn enrolment(
    school_type: SchoolType,
    programme: ProgrammeKind,
    starts_on: &str,
    ends_on: Option<&str>,
) -> EnrolmentFact {
    EnrolmentFact {
        school_type,
        programme,
        admitted_on: None,
        starts_on: Some(day(starts_on)),
        ends_on: ends_on.map(day),
        is_cancelled: ends_on.is_some(),
    }
}

fn national(starts_on: &str, ends_on: Option<&str>) -> EnrolmentFact {
    enrolment(SchoolType::Gy, ProgrammeKind::National, starts_on, ends_on)
}

fn document(kind: ExamDocumentKind, issued_on: &str) -> ExamDocumentFact {
    ExamDocumentFact {
        issued_on: day(issued_on),
        kind,
    }
}

fn verdict(facts: &Facts, on: &str) -> Verdict {
    evaluate(facts, day(on)).verdict
}

fn inside(reason: Reason) -> Verdict {
    Verdict::Inside { reason }
}

#[track_caller]
fn is_out(facts: &Facts, on: &str, point: Point, reason: DeregistrationReason) {
    let verdict = verdict(facts, on);
    assert!(verdict.fails(point), "{on}: {verdict:?}");
    assert_eq!(verdict.leading().unwrap().reason, reason, "{on}");
}

fn asks(causes: &[Cause]) -> Verdict {
    Verdict::NeedsDecision {
        causes: causes.to_vec(),
    }
}

#[test]
fn row_1_the_day_before_the_twentieth_birthday_is_in() {
    let facts = youth("2007-03-10");
    assert_eq!(
        verdict(&facts, "2027-03-09"),
        inside(Reason::CompulsorySchoolOnly)
    );
}

#[test]
fn row_2_the_twentieth_birthday_is_out() {
    let facts = youth("2007-03-10");
    is_out(
        &facts,
        "2027-03-10",
        Point::Age,
        DeregistrationReason::Turned20,
    );
    let leading = verdict(&facts, "2030-01-01").leading().unwrap();
    assert_eq!(leading.since_on, Some(day("2027-03-10")));
}

#[test]
fn row_3_born_on_29_february() {
    let facts = youth("2008-02-29");
    assert_eq!(
        verdict(&facts, "2028-02-28"),
        inside(Reason::CompulsorySchoolOnly)
    );
    is_out(
        &facts,
        "2028-02-29",
        Point::Age,
        DeregistrationReason::Turned20,
    );
}

fn introductory() -> Facts {
    let mut facts = youth("2001-04-02");
    facts.enrolments = vec![enrolment(
        SchoolType::Gy,
        ProgrammeKind::Introductory,
        "2017-08-16",
        None,
    )];
    facts
}

#[test]
fn row_4_introductory_programme_is_in_until_2018_06_30() {
    let evaluation = evaluate(&introductory(), day("2018-06-30"));
    assert_eq!(evaluation.version, Some(RuleVersion::Kaa2015));
    assert_eq!(
        evaluation.verdict,
        inside(Reason::IntroductoryProgrammeEnded)
    );
}

#[test]
fn row_5_introductory_programme_is_out_from_2018_07_01() {
    let facts = introductory();
    let evaluation = evaluate(&facts, day("2018-07-01"));
    assert_eq!(evaluation.version, Some(RuleVersion::Kaa2018));
    is_out(
        &facts,
        "2018-07-01",
        Point::OngoingEducation,
        DeregistrationReason::IntroductoryProgramme,
    );
}

#[test]
fn row_6_studiebevis_stays_in() {
    let mut facts = youth("2007-03-10");
    facts.enrolments = vec![EnrolmentFact {
        is_cancelled: false,
        ..national("2023-08-16", Some("2026-06-12"))
    }];
    facts.exam_documents = vec![document(ExamDocumentKind::GyStudyCertificate, "2026-06-10")];
    is_out(
        &facts,
        "2026-06-12",
        Point::OngoingEducation,
        DeregistrationReason::NationalProgramme,
    );
    for on in ["2026-06-13", "2027-03-09"] {
        assert_eq!(
            verdict(&facts, on),
            inside(Reason::StudyCertificate),
            "{on}"
        );
    }
}

#[test]
fn row_7_an_exam_is_out() {
    let mut facts = youth("2007-03-10");
    facts.exam_documents = vec![document(ExamDocumentKind::GyVocational, "2026-06-10")];
    assert_eq!(
        verdict(&facts, "2026-06-09"),
        inside(Reason::CompulsorySchoolOnly)
    );
    is_out(
        &facts,
        "2026-06-10",
        Point::Exam,
        DeregistrationReason::CompletedUpperSecondary,
    );
}

#[test]
fn row_8_an_enrolment_ends_after_its_last_day() {
    let mut facts = youth("2008-03-10");
    facts.enrolments = vec![national("2024-08-16", Some("2026-03-31"))];
    is_out(
        &facts,
        "2026-03-31",
        Point::OngoingEducation,
        DeregistrationReason::NationalProgramme,
    );
    assert_eq!(
        verdict(&facts, "2026-04-01"),
        inside(Reason::DropoutNationalProgramme)
    );
}

#[test]
fn row_9_who_moves_in_is_in_from_the_day() {
    let mut facts = youth("2008-03-10");
    facts.residences = vec![
        ResidenceFact {
            to_on: Some(day("2026-04-30")),
            ..residence(ResidenceKind::RegisteredElsewhere, "2008-03-10")
        },
        residence(ResidenceKind::RegisteredHere, "2026-05-01"),
    ];
    is_out(
        &facts,
        "2026-04-30",
        Point::Home,
        DeregistrationReason::NotRegisteredHere,
    );
    assert_eq!(
        verdict(&facts, "2026-05-01"),
        inside(Reason::CompulsorySchoolOnly)
    );
}

fn newcomer(born: &str, registered_on: &str) -> Facts {
    Facts {
        compulsory_school: Some(CompulsorySchool {
            ended_on: day(registered_on),
            basis: CompulsorySchoolBasis::NeverHere,
        }),
        residences: vec![residence(ResidenceKind::RegisteredHere, registered_on)],
        ..Facts::unknown(day(born))
    }
}

#[test]
fn row_10_registered_after_compulsory_age_is_in() {
    let facts = newcomer("2009-02-01", "2026-09-14");
    assert_eq!(
        verdict(&facts, "2026-09-14"),
        inside(Reason::RegisteredAfterCompulsoryAge)
    );
    // Before 2018-07-01 the law asked for a fulfilled skolplikt.
    let earlier = newcomer("2000-02-01", "2017-09-14");
    is_out(
        &earlier,
        "2018-06-30",
        Point::CompulsorySchool,
        DeregistrationReason::RegisteredInError,
    );
    assert_eq!(
        verdict(&earlier, "2018-07-01"),
        inside(Reason::RegisteredAfterCompulsoryAge)
    );
}

#[test]
fn row_11_an_asylum_seeker_is_not_covered() {
    let mut facts = youth("2008-03-10");
    facts.compulsory_school = None;
    facts.residences = vec![residence(ResidenceKind::NotCovered, "2025-10-01")];
    is_out(
        &facts,
        "2026-01-01",
        Point::Home,
        DeregistrationReason::NotRegisteredHere,
    );
}

#[test]
fn row_12_protected_registration_is_at_home_where_it_stays() {
    let mut facts = youth("2008-03-10");
    facts.home = Home::ByStay;
    facts.residences = vec![
        residence(ResidenceKind::RegisteredElsewhere, "2008-03-10"),
        residence(ResidenceKind::StayingHere, "2026-02-01"),
    ];
    assert_eq!(
        verdict(&facts, "2026-02-01"),
        inside(Reason::CompulsorySchoolOnly)
    );
    // What is registered tells nothing, be it here or elsewhere.
    assert_eq!(verdict(&facts, "2026-01-31"), asks(&[Cause::HomeUnknown]));
    facts.residences = vec![residence(ResidenceKind::RegisteredHere, "2008-03-10")];
    assert_eq!(verdict(&facts, "2026-02-01"), asks(&[Cause::HomeUnknown]));
}

#[test]
fn row_13_extended_skolplikt_is_out() {
    let mut facts = youth("2010-03-10");
    facts.compulsory_school = Some(CompulsorySchool {
        ended_on: day("2027-06-11"),
        basis: CompulsorySchoolBasis::OneYearLater,
    });
    facts.enrolments = vec![enrolment(
        SchoolType::Gr,
        ProgrammeKind::Unknown,
        "2016-08-16",
        None,
    )];
    is_out(
        &facts,
        "2026-11-24",
        Point::CompulsorySchool,
        DeregistrationReason::RegisteredInError,
    );
}

#[test]
fn row_14_admitted_and_awaiting_the_start_needs_a_decision() {
    let mut facts = youth("2010-03-10");
    facts.enrolments = vec![EnrolmentFact {
        admitted_on: Some(day("2026-07-01")),
        ..national("2026-08-17", None)
    }];
    assert_eq!(
        verdict(&facts, "2026-06-30"),
        inside(Reason::CompulsorySchoolOnly)
    );
    for on in ["2026-07-01", "2026-08-16"] {
        assert_eq!(verdict(&facts, on), asks(&[Cause::AwaitingStart]), "{on}");
    }
    is_out(
        &facts,
        "2026-08-17",
        Point::OngoingEducation,
        DeregistrationReason::NationalProgramme,
    );
}

#[test]
fn row_15_komvux_is_a_measure_and_stays_in() {
    let mut facts = youth("2007-03-10");
    facts.enrolments = vec![
        national("2023-08-16", Some("2025-01-10")),
        enrolment(
            SchoolType::Vuxgy,
            ProgrammeKind::Unknown,
            "2026-01-12",
            None,
        ),
        enrolment(
            SchoolType::Komvux,
            ProgrammeKind::Unknown,
            "2026-01-12",
            None,
        ),
    ];
    assert_eq!(
        verdict(&facts, "2026-11-24"),
        inside(Reason::DropoutNationalProgramme)
    );
}

#[test]
fn row_16_the_deceased_and_the_emigrated_are_out() {
    let mut facts = youth("2008-03-10");
    facts.deceased_on = Some(day("2026-05-01"));
    assert_eq!(
        verdict(&facts, "2026-04-30"),
        inside(Reason::CompulsorySchoolOnly)
    );
    is_out(
        &facts,
        "2026-05-01",
        Point::Alive,
        DeregistrationReason::Deceased,
    );
    let mut facts = youth("2008-03-10");
    facts.residences = vec![residence(ResidenceKind::Emigrated, "2026-05-01")];
    is_out(
        &facts,
        "2026-05-01",
        Point::Home,
        DeregistrationReason::NotRegisteredHere,
    );
}

#[test]
fn row_17_who_drops_out_again_is_in_again() {
    let mut facts = youth("2008-03-10");
    facts.enrolments = vec![
        national("2024-08-16", Some("2025-01-31")),
        national("2025-08-18", Some("2026-10-02")),
    ];
    for (on, is_in) in [
        ("2025-01-31", false),
        ("2025-02-01", true),
        ("2025-08-17", true),
        ("2025-08-18", false),
        ("2026-10-03", true),
    ] {
        let verdict = verdict(&facts, on);
        assert_eq!(verdict.reason().is_some(), is_in, "{on}: {verdict:?}");
    }
}

#[test]
fn adapted_upper_secondary_school_is_out_and_its_dropout_in() {
    let mut facts = youth("2007-03-10");
    facts.enrolments = vec![enrolment(
        SchoolType::Gys,
        ProgrammeKind::AdaptedIndividual,
        "2023-08-16",
        Some("2026-03-31"),
    )];
    is_out(
        &facts,
        "2026-03-31",
        Point::OngoingEducation,
        DeregistrationReason::NationalProgramme,
    );
    assert_eq!(
        verdict(&facts, "2026-04-01"),
        inside(Reason::DropoutAdapted)
    );
    facts.exam_documents = vec![document(ExamDocumentKind::AdaptedCertificate, "2026-06-10")];
    is_out(
        &facts,
        "2026-06-10",
        Point::AdaptedCertificate,
        DeregistrationReason::CompletedUpperSecondary,
    );
}

#[test]
fn an_ended_introductory_programme_is_in() {
    let mut facts = youth("2007-03-10");
    facts.enrolments = vec![enrolment(
        SchoolType::Gy,
        ProgrammeKind::Introductory,
        "2023-08-16",
        Some("2024-06-10"),
    )];
    assert_eq!(
        verdict(&facts, "2024-06-11"),
        inside(Reason::IntroductoryProgrammeEnded)
    );
}

#[test]
fn each_open_question_is_asked_by_its_cause() {
    let on = "2026-11-24";
    let open = |change: fn(&mut Facts)| {
        let mut facts = youth("2009-03-10");
        change(&mut facts);
        verdict(&facts, on)
    };
    type Change = fn(&mut Facts);
    let cases: [(Change, Cause); 7] = [
        (
            |f| {
                f.enrolments = vec![enrolment(
                    SchoolType::Fhs,
                    ProgrammeKind::Unknown,
                    "2026-08-20",
                    None,
                )]
            },
            Cause::FolkHighSchool,
        ),
        (
            |f| {
                f.residences
                    .push(residence(ResidenceKind::TemporarilyAbroad, "2026-08-20"))
            },
            Cause::StayAbroad,
        ),
        (
            |f| {
                f.enrolments = vec![enrolment(
                    SchoolType::Gr,
                    ProgrammeKind::Unknown,
                    "2025-08-20",
                    None,
                )]
            },
            Cause::ExtraCompulsoryYears,
        ),
        (
            |f| f.exam_documents = vec![document(ExamDocumentKind::GySlutbetyg, "2026-06-10")],
            Cause::OlderDocument,
        ),
        (
            |f| f.compulsory_school = None,
            Cause::CompulsorySchoolUnknown,
        ),
        (|f| f.residences = Vec::new(), Cause::HomeUnknown),
        (
            |f| {
                f.residences
                    .push(residence(ResidenceKind::RegisteredElsewhere, "2026-08-20"))
            },
            Cause::HomeContradictory,
        ),
    ];
    for (change, cause) in cases {
        assert_eq!(open(change), asks(&[cause]));
    }
}

#[test]
fn what_the_law_settles_goes_before_what_it_leaves_open() {
    // Nothing is known but the age, or the exam, or the death.
    let on = "2026-11-24";
    is_out(
        &Facts::unknown(day("2006-11-24")),
        on,
        Point::Age,
        DeregistrationReason::Turned20,
    );
    let mut facts = Facts::unknown(day("2009-01-01"));
    facts.exam_documents = vec![document(ExamDocumentKind::IbDiploma, "2026-06-10")];
    is_out(
        &facts,
        on,
        Point::EquivalentEducation,
        DeregistrationReason::CompletedUpperSecondary,
    );
    let mut facts = Facts::unknown(day("2009-01-01"));
    facts.deceased_on = Some(day("2026-06-10"));
    is_out(&facts, on, Point::Alive, DeregistrationReason::Deceased);
    assert_eq!(
        verdict(&Facts::unknown(day("2009-01-01")), on),
        asks(&[Cause::CompulsorySchoolUnknown, Cause::HomeUnknown])
    );
}

#[test]
fn at_18_the_skolplikt_has_ended_whatever_is_known_of_it() {
    let mut facts = youth("2008-11-24");
    facts.compulsory_school = None;
    assert_eq!(
        verdict(&facts, "2026-11-23"),
        asks(&[Cause::CompulsorySchoolUnknown])
    );
    assert_eq!(verdict(&facts, "2026-11-24"), inside(Reason::Unknown));
}

#[test]
fn the_first_failure_in_time_is_why_somebody_left() {
    let mut facts = youth("2006-03-10");
    facts.exam_documents = vec![document(ExamDocumentKind::GyHigher, "2025-06-10")];
    is_out(
        &facts,
        "2026-11-24",
        Point::Age,
        DeregistrationReason::CompletedUpperSecondary,
    );
}

#[test]
fn before_2015_there_is_no_rule() {
    let evaluation = evaluate(&youth("1997-03-10"), day("2014-12-31"));
    assert_eq!(evaluation.version, None);
    assert_eq!(evaluation.verdict, asks(&[Cause::NoRuleVersion]));
}

#[test]
fn until_2018_an_unknown_programme_is_a_question_and_then_out() {
    let mut facts = youth("2001-04-02");
    facts.enrolments = vec![enrolment(
        SchoolType::Gy,
        ProgrammeKind::Unknown,
        "2017-08-16",
        None,
    )];
    assert_eq!(
        verdict(&facts, "2018-06-30"),
        asks(&[Cause::ProgrammeUnknown])
    );
    is_out(
        &facts,
        "2018-07-01",
        Point::OngoingEducation,
        DeregistrationReason::NationalProgramme,
    );
}

#[test]
fn a_place_that_was_given_back_is_no_dropout() {
    let mut facts = youth("2010-03-10");
    facts.enrolments = vec![EnrolmentFact {
        admitted_on: Some(day("2026-07-01")),
        starts_on: None,
        ..national("2026-08-17", Some("2026-08-10"))
    }];
    assert_eq!(
        verdict(&facts, "2026-08-11"),
        inside(Reason::CompulsorySchoolOnly)
    );
}

#[test]
fn every_document_has_one_meaning() {
    let of = |wanted: fn(&Meaning) -> bool| {
        ExamDocumentKind::ALL
            .iter()
            .filter(|kind| wanted(&meaning(**kind)))
            .count()
    };
    assert_eq!(of(|m| matches!(m, Meaning::Settles(Point::Exam))), 5);
    assert_eq!(
        of(|m| matches!(m, Meaning::Settles(Point::AdaptedCertificate))),
        1
    );
    assert_eq!(
        of(|m| matches!(m, Meaning::Settles(Point::EquivalentEducation))),
        3
    );
    assert_eq!(of(|m| *m == Meaning::Open), 6);
    assert_eq!(of(|m| *m == Meaning::Nothing), 3);
}
