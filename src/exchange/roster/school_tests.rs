//! What follows from a row, and that nothing of a person's is written over.
#![allow(clippy::unwrap_used)]

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const AS_OF: &str = "2026-11-23";

fn said(word: SchoolWord) -> SchoolSaid {
    SchoolSaid {
        word: Some(word),
        ..SchoolSaid::default()
    }
}

fn left() -> SchoolSaid {
    said(SchoolWord::Left(SchoolType::Gy, ProgrammeKind::National))
}

fn enrolled() -> SchoolSaid {
    said(SchoolWord::Enrolled(ProgrammeKind::National))
}

fn follows(said: &SchoolSaid, known: &KnownFacts) -> Following {
    follow(said, true, Home::ByRegistration, day(AS_OF), known)
}

fn of_roster<F>(fact: F) -> Known<F> {
    Known {
        fact,
        is_of_roster: true,
        is_void: false,
    }
}

fn by_hand<F>(fact: F) -> Known<F> {
    Known {
        is_of_roster: false,
        ..of_roster(fact)
    }
}

/// The register after what follows has been stored.
fn stored(mut known: KnownFacts, following: Following) -> KnownFacts {
    known.residences.extend(following.residence.map(of_roster));
    if let Some((place, ends_on, is_cancelled)) = following.ends {
        let fact = &mut known.enrolments.get_mut(place).unwrap().fact;
        fact.ends_on = Some(ends_on);
        fact.is_cancelled = is_cancelled;
    }
    known.enrolments.extend(following.enrolment.map(of_roster));
    known
        .exam_documents
        .extend(following.exam_document.map(of_roster));
    known
}

fn here(from_on: &str) -> ResidenceFact {
    ResidenceFact {
        from_on: day(from_on),
        to_on: None,
        kind: ResidenceKind::RegisteredHere,
    }
}

#[test]
fn the_same_row_twice_adds_nothing() {
    for said in [
        left(),
        enrolled(),
        said(SchoolWord::StudyCertificate),
        said(SchoolWord::Exam),
    ] {
        let first = follows(&said, &KnownFacts::default());
        assert_ne!(first, Following::default());
        let known = stored(KnownFacts::default(), first);
        assert_eq!(follows(&said, &known), Following::default());
    }
}

#[test]
fn a_home_is_known_from_the_day_of_the_roster_unless_something_is_known() {
    let nothing = SchoolSaid::default();
    let first = follows(&nothing, &KnownFacts::default());
    assert_eq!(first.residence, Some(here(AS_OF)));
    let mut known = KnownFacts {
        residences: vec![by_hand(ResidenceFact {
            kind: ResidenceKind::RegisteredElsewhere,
            ..here("2026-05-01")
        })],
        ..KnownFacts::default()
    };
    assert_eq!(follows(&nothing, &known).residence, None);
    // Known of a later time only: until then.
    known.residences = vec![by_hand(here("2026-12-01"))];
    assert_eq!(
        follows(&nothing, &known).residence.unwrap().to_on,
        Some(day("2026-11-30"))
    );
    // What a person struck does not come back by the same roster.
    known.residences = vec![Known {
        is_void: true,
        ..of_roster(here(AS_OF))
    }];
    assert_eq!(follows(&nothing, &known).residence, None);
    let empty = KnownFacts::default();
    let protected = follow(&nothing, true, Home::ByStay, day(AS_OF), &empty);
    assert_eq!(protected.residence, None);
    let unregistered = follow(&nothing, false, Home::ByRegistration, day(AS_OF), &empty);
    assert_eq!(unregistered.residence, None);
}

#[test]
fn who_was_enrolled_by_a_roster_and_has_left_ends_the_day_before() {
    let before = EnrolmentFact {
        school_type: SchoolType::Gy,
        programme: ProgrammeKind::National,
        admitted_on: None,
        starts_on: Some(day("2026-09-01")),
        ends_on: None,
        is_cancelled: false,
    };
    let mut known = KnownFacts {
        enrolments: vec![of_roster(before)],
        ..KnownFacts::default()
    };
    let following = follows(&left(), &known);
    assert_eq!(following.ends, Some((0, day("2026-11-22"), true)));
    assert_eq!(following.enrolment, None);
    let mut dated = left();
    dated.ends_on = Some(day("2026-10-30"));
    assert_eq!(
        follows(&dated, &known).ends,
        Some((0, day("2026-10-30"), true))
    );
    // What a person has entered stays.
    known.enrolments = vec![by_hand(before)];
    let following = follows(&left(), &known);
    assert_eq!((following.ends, following.enrolment), (None, None));
}

#[test]
fn the_columns_of_dates_and_documents_are_used() {
    let mut said = left();
    said.starts_on = Some(day("2024-08-16"));
    said.ends_on = Some(day("2026-03-31"));
    said.exam_kind = Some(ExamDocumentKind::GyStudyCertificate);
    said.exam_on = Some(day("2026-04-02"));
    let following = follows(&said, &KnownFacts::default());
    let enrolment = following.enrolment.unwrap();
    assert_eq!(
        (enrolment.starts_on, enrolment.ends_on),
        (Some(day("2024-08-16")), Some(day("2026-03-31")))
    );
    let document = following.exam_document.unwrap();
    assert_eq!(document.issued_on, day("2026-04-02"));
}

#[test]
fn an_exam_that_is_known_closer_is_not_doubled() {
    let known = KnownFacts {
        exam_documents: vec![by_hand(ExamDocumentFact {
            issued_on: day("2026-06-10"),
            kind: ExamDocumentKind::GyVocational,
        })],
        ..KnownFacts::default()
    };
    assert_eq!(follows(&said(SchoolWord::Exam), &known).exam_document, None);
    let certificate = follows(&said(SchoolWord::StudyCertificate), &known);
    assert!(certificate.exam_document.is_some());
}

#[test]
fn cells_are_read_as_days_and_documents() {
    assert_eq!(date("2026-03-31"), Some(day("2026-03-31")));
    assert_eq!(date("20260331"), Some(day("2026-03-31")));
    for wrong in ["", "31/3 2026", "2026-02-30", "1026-01-01"] {
        assert_eq!(date(wrong), None, "{wrong}");
    }
    assert_eq!(exam_kind("Gymnasieexamen"), Some(ExamDocumentKind::GyExam));
    assert_eq!(
        exam_kind("gy_studiebevis"),
        Some(ExamDocumentKind::GyStudyCertificate)
    );
    assert_eq!(exam_kind("diplom"), None);
    let of = |fact, programme| SchoolWord::of_outside(fact, programme);
    assert_eq!(
        of(OutsideFact::Enrolled, Some("IMV")),
        SchoolWord::Enrolled(ProgrammeKind::Introductory)
    );
    assert_eq!(
        of(OutsideFact::Enrolled, Some("NA")),
        SchoolWord::Enrolled(ProgrammeKind::National)
    );
    assert_eq!(
        of(OutsideFact::Enrolled, None),
        SchoolWord::Enrolled(ProgrammeKind::Unknown)
    );
}
