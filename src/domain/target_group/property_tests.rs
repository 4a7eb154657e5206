//! What holds of the rule for any facts and any day.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::codes::{
    CompulsorySchoolBasis, ExamDocumentKind, ProgrammeKind, ResidenceKind, SchoolType,
    TargetGroupPoint as Point,
};
use super::*;
use crate::domain::codes::Code;
use chrono::{Duration, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(1994, 1, 1).unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0i64..13_000).prop_map(|days| first() + Duration::days(days))
}

fn word<C: Code + std::fmt::Debug>() -> impl Strategy<Value = C> {
    (0..C::ALL.len()).prop_map(|place| C::ALL[place])
}

fn residence() -> impl Strategy<Value = ResidenceFact> {
    (word::<ResidenceKind>(), any_day(), option::of(0i64..3_000)).prop_map(
        |(kind, from_on, days)| ResidenceFact {
            from_on,
            to_on: days.map(|days| from_on + Duration::days(days)),
            kind,
        },
    )
}

fn enrolment() -> impl Strategy<Value = EnrolmentFact> {
    (
        word::<SchoolType>(),
        word::<ProgrammeKind>(),
        option::of(0i64..90),
        any_day(),
        option::of(0i64..1_500),
    )
        .prop_map(
            |(school_type, programme, before, starts_on, days)| EnrolmentFact {
                school_type,
                programme,
                admitted_on: before.map(|before| starts_on - Duration::days(before)),
                starts_on: Some(starts_on),
                ends_on: days.map(|days| starts_on + Duration::days(days)),
                is_cancelled: false,
            },
        )
}

fn facts() -> impl Strategy<Value = Facts> {
    (
        any_day(),
        any::<bool>(),
        option::of(any_day()),
        option::of((any_day(), word::<CompulsorySchoolBasis>())),
        vec(residence(), 0..3),
        vec(enrolment(), 0..3),
        vec((any_day(), word::<ExamDocumentKind>()), 0..2),
    )
        .prop_map(
            |(birth_date, stays, deceased_on, school, residences, enrolments, documents)| Facts {
                birth_date,
                home: if stays {
                    Home::ByStay
                } else {
                    Home::ByRegistration
                },
                deceased_on,
                compulsory_school: school
                    .map(|(ended_on, basis)| CompulsorySchool { ended_on, basis }),
                residences,
                enrolments,
                exam_documents: documents
                    .into_iter()
                    .map(|(issued_on, kind)| ExamDocumentFact { issued_on, kind })
                    .collect(),
            },
        )
}

/// The facts as they were known on a day: what begins later is not there, what ends later goes on.
fn up_to(facts: &Facts, day: NaiveDate) -> Facts {
    let until = |end: Option<NaiveDate>| end.filter(|end| *end < day);
    let has_come = |on: &NaiveDate| *on <= day;
    Facts {
        deceased_on: facts.deceased_on.filter(has_come),
        // That the skolplikt goes on is known; its last day, if it lies ahead, may be any.
        compulsory_school: facts.compulsory_school.map(|end| CompulsorySchool {
            ended_on: if end.ended_on >= day && end.basis != CompulsorySchoolBasis::NeverHere {
                NaiveDate::MAX
            } else {
                end.ended_on
            },
            basis: end.basis,
        }),
        residences: facts
            .residences
            .iter()
            .filter(|fact| fact.from_on <= day)
            .map(|fact| ResidenceFact {
                to_on: until(fact.to_on),
                ..*fact
            })
            .collect(),
        enrolments: facts
            .enrolments
            .iter()
            .filter(|fact| fact.first_on().is_some_and(|first| first <= day))
            .map(|fact| EnrolmentFact {
                starts_on: fact.starts_on.filter(has_come),
                ends_on: until(fact.ends_on),
                ..*fact
            })
            .collect(),
        exam_documents: facts
            .exam_documents
            .iter()
            .filter(|fact| fact.issued_on <= day)
            .copied()
            .collect(),
        ..facts.clone()
    }
}

proptest! {
    #[test]
    fn once_out_by_age_always_out(facts in facts(), day in any_day(), later in 0i64..4_000) {
        let fails_by_age = |on| evaluate(&facts, on).verdict.fails(Point::Age);
        if fails_by_age(day) {
            prop_assert!(fails_by_age(day + Duration::days(later)));
        }
    }

    #[test]
    fn nobody_of_20_is_in(facts in facts(), day in any_day()) {
        let is_20 = crate::domain::age::birthday_on(facts.birth_date, 20).unwrap() <= day;
        if is_20 && version_on(day).is_some() {
            prop_assert_eq!(evaluate(&facts, day).verdict.code(), super::codes::TargetGroupVerdict::Outside);
        }
    }

    #[test]
    fn only_what_was_so_up_to_the_day_counts(facts in facts(), day in any_day()) {
        prop_assert_eq!(evaluate(&facts, day), evaluate(&up_to(&facts, day), day));
    }

    #[test]
    fn a_document_never_makes_anybody_inside(
        facts in facts(), day in any_day(), issued_on in any_day(), kind in word::<ExamDocumentKind>(),
    ) {
        let mut more = facts.clone();
        more.exam_documents.push(ExamDocumentFact { issued_on, kind });
        if evaluate(&facts, day).verdict.reason().is_none() {
            prop_assert!(evaluate(&more, day).verdict.reason().is_none());
        }
    }

    #[test]
    fn there_is_one_answer_and_it_says_why(facts in facts(), day in any_day()) {
        let evaluation = evaluate(&facts, day);
        prop_assert_eq!(evaluation.version, version_on(day));
        match &evaluation.verdict {
            Verdict::Inside { .. } => {
                prop_assert!(facts.birth_date > day - Duration::days(20 * 366));
                prop_assert!(facts.deceased_on.is_none_or(|on| on > day));
            }
            Verdict::Outside { failures } => {
                prop_assert!(!failures.is_empty() && failures.is_sorted());
                prop_assert!(failures.iter().all(|failure| failure.since_on.is_none_or(|on| on <= day)));
            }
            Verdict::NeedsDecision { causes } => prop_assert!(!causes.is_empty() && causes.is_sorted()),
        }
    }

    #[test]
    fn the_order_in_which_facts_were_entered_changes_nothing(facts in facts(), day in any_day()) {
        let mut sorted = facts.clone();
        sorted.sort();
        prop_assert_eq!(evaluate(&facts, day).verdict.code(), evaluate(&sorted, day).verdict.code());
    }

    #[test]
    fn versions_follow_each_other_and_leave_no_gap(one in any_day(), other in any_day()) {
        let (early, late) = (one.min(other), one.max(other));
        prop_assert!(version_on(early) <= version_on(late));
    }
}
