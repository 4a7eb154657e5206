//! The education contract (utbildningskontrakt): an agreement with somebody without complete upper secondary education about
//! the courses that lead there, with its parties and its follow-ups. What it must hold, and with whom it is made.
//!
//! Sources: Sundbyberg's plan (education contracts for those of 20-24 as a strategy of the outreach); the rules of the
//! employment service on such contracts were not found, so ages are the municipality's own to set.

use super::age::age_on;
use super::codes::{Code, EndReason, code_list};
use super::intervention::FollowUp;
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

code_list! {
    /// Who is party to an education contract.
    ContractPartyKind {
        Youth = "youth", "Ungdomen", "The youth";
        Municipality = "municipality", "Kommunen", "The municipality";
        School = "school", "Skola", "School";
        EmploymentService = "employment_service", "Arbetsförmedlingen", "Employment service";
        Other = "other", "Annan", "Other";
    }
}

/// With whom contracts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContractRules {
    /// The least age in completed years.
    #[serde(rename = "contractAgeFrom")]
    pub age_from: u32,
    /// The greatest age in completed years.
    #[serde(rename = "contractAgeTo")]
    pub age_to: u32,
}

impl Default for ContractRules {
    fn default() -> Self {
        Self {
            age_from: 20,
            age_to: 24,
        }
    }
}

/// Somebody who undertakes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractParty {
    /// Of which kind.
    pub kind: ContractPartyKind,
    /// By name.
    pub name: String,
    /// What they undertake.
    pub undertaking: String,
}

/// A course that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractCourse {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Who gives it.
    pub provider: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// Its points.
    pub points: Option<i64>,
}

/// The days of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractDays {
    /// From when it is in force.
    pub starts_on: NaiveDate,
    /// To when.
    pub ends_on: NaiveDate,
    /// When all had signed.
    pub signed_on: Option<NaiveDate>,
    /// When it ended, as planned or before.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// What a contract must fit.
#[derive(Debug, Clone, Copy)]
pub struct ContractFrame {
    /// When the youth was born.
    pub birth_date: NaiveDate,
    /// The first day of the episode.
    pub entered_on: NaiveDate,
    /// The Swedish day.
    pub today: NaiveDate,
    /// With whom contracts are made.
    pub rules: ContractRules,
}

/// Everything that is impossible in the days of a contract.
pub fn check_days(days: &ContractDays, frame: &ContractFrame) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let ages = frame.rules.age_from..=frame.rules.age_to;
    if days.starts_on < frame.entered_on {
        problems.push(FieldError::with(
            "/startsOn",
            FieldCode::BeforeEpisode,
            frame.entered_on.to_string(),
        ));
    } else if !age_on(frame.birth_date, days.starts_on).is_some_and(|age| ages.contains(&age)) {
        problems.push(FieldError::with(
            "/startsOn",
            FieldCode::AgeForContract,
            format!("{}–{}", frame.rules.age_from, frame.rules.age_to),
        ));
    }
    if days.ends_on < days.starts_on {
        problems.push(FieldError::with(
            "/endsOn",
            FieldCode::WrongDateOrder,
            "startsOn",
        ));
    }
    if days.signed_on.is_some_and(|signed| signed > frame.today) {
        problems.push(FieldError::new("/signedOn", FieldCode::InFuture));
    } else if days.signed_on.is_some_and(|on| on < frame.entered_on) {
        problems.push(FieldError::with(
            "/signedOn",
            FieldCode::BeforeEpisode,
            frame.entered_on.to_string(),
        ));
    }
    match (days.ended_on, days.end_reason) {
        (Some(ended_on), _) if ended_on > frame.today => {
            problems.push(FieldError::new("/endedOn", FieldCode::InFuture));
        }
        (Some(ended_on), _) if days.signed_on.is_some_and(|signed| ended_on < signed) => {
            problems.push(FieldError::with(
                "/endedOn",
                FieldCode::WrongDateOrder,
                "signedOn",
            ));
        }
        (Some(_), None) => problems.push(FieldError::with(
            "/endedOn",
            FieldCode::NeedsOther,
            "endReason",
        )),
        (None, Some(_)) => problems.push(FieldError::with(
            "/endReason",
            FieldCode::NeedsOther,
            "endedOn",
        )),
        _ => {}
    }
    problems
}

/// What is missing among the parties: the youth, and somebody else.
pub fn check_parties(parties: &[ContractParty]) -> Vec<FieldError> {
    let has = |is_youth: bool| {
        parties
            .iter()
            .any(|party| (party.kind == ContractPartyKind::Youth) == is_youth)
    };
    if has(true) && has(false) {
        return Vec::new();
    }
    vec![FieldError::new("/parties", FieldCode::PartyMissing)]
}

/// Everything that is impossible in the courses.
pub fn check_courses(courses: &[ContractCourse]) -> Vec<FieldError> {
    courses
        .iter()
        .enumerate()
        .filter(|(_, course)| course.ends_on < course.starts_on)
        .map(|(place, _)| {
            FieldError::with(
                format!("/courses/{place}/endsOn"),
                FieldCode::WrongDateOrder,
                "startsOn",
            )
        })
        .collect()
}

/// Everything that is impossible among the follow-ups.
pub fn check_contract_follow_ups(
    follow_ups: &[FollowUp],
    starts_on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (place, follow_up) in follow_ups.iter().enumerate() {
        let due = format!("/followUps/{place}/dueOn");
        if follow_up.due_on < starts_on {
            problems.push(FieldError::with(due, FieldCode::WrongDateOrder, "startsOn"));
        } else if follow_ups
            .iter()
            .take(place)
            .any(|other| other.due_on == follow_up.due_on)
        {
            problems.push(FieldError::new(due, FieldCode::Taken));
        }
        if follow_up.done_on.is_some_and(|done| done > today) {
            problems.push(FieldError::new(
                format!("/followUps/{place}/doneOn"),
                FieldCode::InFuture,
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn frame() -> ContractFrame {
        ContractFrame {
            birth_date: day("2004-07-09"),
            entered_on: day("2026-09-01"),
            today: day("2026-11-24"),
            rules: ContractRules::default(),
        }
    }

    fn days() -> ContractDays {
        ContractDays {
            starts_on: day("2027-01-11"),
            ends_on: day("2028-06-09"),
            signed_on: Some(day("2026-11-20")),
            ended_on: None,
            end_reason: None,
        }
    }

    fn found(problems: Vec<FieldError>) -> Vec<(String, FieldCode)> {
        problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    #[test]
    fn a_contract_is_made_with_those_of_20_to_24_whole_years() {
        let starting = |birth: &str| {
            let frame = ContractFrame {
                birth_date: day(birth),
                ..frame()
            };
            found(check_days(&days(), &frame))
        };
        let wrong = [("/startsOn".to_owned(), FieldCode::AgeForContract)];
        assert_eq!(starting("2007-01-11"), [], "20 on the first day");
        assert_eq!(starting("2007-01-12"), wrong);
        assert_eq!(starting("2002-01-12"), [], "25 on the second day");
        assert_eq!(starting("2002-01-11"), wrong);
        let younger = ContractFrame {
            birth_date: day("2008-01-01"),
            rules: ContractRules {
                age_from: 18,
                age_to: 24,
            },
            ..frame()
        };
        assert_eq!(found(check_days(&days(), &younger)), []);
    }

    #[test]
    fn impossible_days_are_told_by_field() {
        type Change = fn(&mut ContractDays);
        let wrong: [(Change, &str, FieldCode); 7] = [
            (
                |d| d.starts_on = day("2026-08-31"),
                "/startsOn",
                FieldCode::BeforeEpisode,
            ),
            (
                |d| d.ends_on = day("2027-01-10"),
                "/endsOn",
                FieldCode::WrongDateOrder,
            ),
            (
                |d| d.signed_on = Some(day("2026-11-25")),
                "/signedOn",
                FieldCode::InFuture,
            ),
            (
                |d| d.ended_on = Some(day("2026-11-24")),
                "/endedOn",
                FieldCode::NeedsOther,
            ),
            (
                |d| d.end_reason = Some(EndReason::Completed),
                "/endReason",
                FieldCode::NeedsOther,
            ),
            (
                |d| {
                    d.ended_on = Some(day("2026-11-25"));
                    d.end_reason = Some(EndReason::Completed);
                },
                "/endedOn",
                FieldCode::InFuture,
            ),
            (
                |d| {
                    d.ended_on = Some(day("2026-11-19"));
                    d.end_reason = Some(EndReason::EndedByYouth);
                },
                "/endedOn",
                FieldCode::WrongDateOrder,
            ),
        ];
        for (change, pointer, code) in wrong {
            let mut days = days();
            change(&mut days);
            assert_eq!(
                found(check_days(&days, &frame())),
                [(pointer.to_owned(), code)]
            );
        }
        assert_eq!(found(check_days(&days(), &frame())), []);
    }

    #[test]
    fn nobody_makes_a_contract_alone() {
        let party = |kind| ContractParty {
            kind,
            name: "Bo".to_owned(),
            undertaking: "Studera på heltid".to_owned(),
        };
        let youth = party(ContractPartyKind::Youth);
        let school = party(ContractPartyKind::School);
        let missing = [("/parties".to_owned(), FieldCode::PartyMissing)];
        assert_eq!(found(check_parties(&[])), missing);
        assert_eq!(found(check_parties(std::slice::from_ref(&youth))), missing);
        assert_eq!(found(check_parties(std::slice::from_ref(&school))), missing);
        assert_eq!(found(check_parties(&[youth, school])), []);
    }

    #[test]
    fn follow_ups_begin_with_the_contract_and_courses_run_forwards() {
        let due = |on: &str, done: Option<&str>| FollowUp {
            due_on: day(on),
            done_on: done.map(day),
        };
        let all = [
            due("2027-03-01", None),
            due("2027-01-10", None),
            due("2027-03-01", Some("2026-11-25")),
        ];
        assert_eq!(
            found(check_contract_follow_ups(
                &all,
                day("2027-01-11"),
                day("2026-11-24")
            )),
            [
                ("/followUps/1/dueOn".to_owned(), FieldCode::WrongDateOrder),
                ("/followUps/2/dueOn".to_owned(), FieldCode::Taken),
                ("/followUps/2/doneOn".to_owned(), FieldCode::InFuture),
            ]
        );
        let course = ContractCourse {
            name: "Matematik 1b".to_owned(),
            code: None,
            provider: "Komvux".to_owned(),
            starts_on: day("2027-01-11"),
            ends_on: day("2027-01-10"),
            points: Some(100),
        };
        let pointer = "/courses/0/endsOn".to_owned();
        assert_eq!(
            found(check_courses(&[course])),
            [(pointer, FieldCode::WrongDateOrder)]
        );
    }
}
