//! Does what a youth left for last? When an exit to work or studies is checked on, and what a check may say.
//! Which exits are such is decided in `domain::episode`; that a check becomes a task, in `db::duties`.
//!
//! Sources: domain 0.1 and 6.1 (share who resume studies), the British destination measures, which count only what still holds
//! six months later. The months are the municipality's own.

use super::codes::{Code, DeregistrationReason, Track, code_list};
use super::occupation::OccupationSource;
use crate::error::{FieldCode, FieldError};
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

code_list! {
    /// What has become of the work or the studies that a youth left for.
    OutcomeResult {
        Sustained = "sustained", "Består", "Sustained";
        Interrupted = "interrupted", "Avbrutet", "Interrupted";
        Unknown = "unknown", "Har inte gått att få veta", "Could not be found out";
    }
}

/// When exits to work or studies are checked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OutcomeRules {
    /// After so many months, each once; none: not at all.
    pub outcome_check_months: Vec<u32>,
}

impl Default for OutcomeRules {
    fn default() -> Self {
        Self {
            outcome_check_months: vec![3, 6],
        }
    }
}

/// The most checks of one exit.
pub const MOST_CHECKS: usize = 6;
/// The longest after an exit that is checked on.
pub const MOST_MONTHS: u32 = 36;

/// So many days before it is due a check stands on lists.
const OPENS_DAYS_BEFORE: u64 = 14;

/// The day on which an exit is checked on after some months.
pub fn due_on(exited_on: NaiveDate, months: u32) -> NaiveDate {
    exited_on
        .checked_add_months(Months::new(months))
        .unwrap_or(exited_on)
}

/// The first day on which a check stands on lists.
pub fn opens_on(due_on: NaiveDate) -> NaiveDate {
    due_on
        .checked_sub_days(Days::new(OPENS_DAYS_BEFORE))
        .unwrap_or(due_on)
}

/// Whether somebody who begins an episode has come back from where they left for: not who is handed over to the outreach at 20,
/// which goes on from the duty and says nothing of what they do.
pub fn is_return(left: Option<DeregistrationReason>, from: Track, to: Track) -> bool {
    from == to || left != Some(DeregistrationReason::Turned20)
}

/// The answer to a check, as far as it could be read.
#[derive(Debug, Clone, Copy)]
pub struct OutcomeAnswer {
    /// What was found.
    pub result: Option<OutcomeResult>,
    /// From whom it is known.
    pub source: Option<OccupationSource>,
    /// The day on which it was found.
    pub checked_on: Option<NaiveDate>,
}

/// Everything that is wrong with an answer to the check of an exit.
pub fn check_answer(
    answer: &OutcomeAnswer,
    exited_on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    match (answer.result, answer.source) {
        // What is known is known from somebody.
        (Some(OutcomeResult::Sustained | OutcomeResult::Interrupted), None) => {
            problems.push(FieldError::with("/result", FieldCode::NeedsOther, "source"));
        }
        (Some(OutcomeResult::Unknown), Some(_)) => {
            problems.push(FieldError::with(
                "/source",
                FieldCode::NotWithOther,
                "result",
            ));
        }
        _ => {}
    }
    match answer.checked_on {
        Some(day) if day > today => {
            problems.push(FieldError::new("/checkedOn", FieldCode::InFuture));
        }
        Some(day) if day < exited_on => {
            problems.push(FieldError::with(
                "/checkedOn",
                FieldCode::BeforeExit,
                exited_on.to_string(),
            ));
        }
        _ => {}
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

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(due_on(day("2026-08-31"), 6), day("2027-02-28"));
        assert_eq!(due_on(day("2026-08-15"), 3), day("2026-11-15"));
        assert_eq!(opens_on(day("2026-11-15")), day("2026-11-01"));
    }

    #[test]
    fn a_handover_at_20_is_no_return() {
        let left = Some(DeregistrationReason::Turned20);
        assert!(!is_return(left, Track::Kaa, Track::Outreach));
        assert!(is_return(left, Track::Outreach, Track::Outreach));
        let left = Some(DeregistrationReason::NationalProgramme);
        assert!(is_return(left, Track::Kaa, Track::Kaa));
        assert!(is_return(left, Track::Kaa, Track::Outreach));
    }

    #[test]
    fn what_is_known_is_known_from_somebody_and_of_a_day_since_the_exit() {
        let codes = |result, source, on: &str| {
            let answer = OutcomeAnswer {
                result: Some(result),
                source,
                checked_on: Some(day(on)),
            };
            check_answer(&answer, day("2026-08-01"), day("2026-11-23"))
                .into_iter()
                .map(|problem| (problem.pointer, problem.code))
                .collect::<Vec<_>>()
        };
        let youth = Some(OccupationSource::Youth);
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(codes(OutcomeResult::Sustained, youth, "2026-11-23"), []);
        assert_eq!(codes(OutcomeResult::Unknown, None, "2026-08-01"), []);
        assert_eq!(
            codes(OutcomeResult::Interrupted, None, "2026-11-01"),
            one("/result", FieldCode::NeedsOther)
        );
        assert_eq!(
            codes(OutcomeResult::Unknown, youth, "2026-11-01"),
            one("/source", FieldCode::NotWithOther)
        );
        assert_eq!(
            codes(OutcomeResult::Sustained, youth, "2026-11-24"),
            one("/checkedOn", FieldCode::InFuture)
        );
        assert_eq!(
            codes(OutcomeResult::Sustained, youth, "2026-07-31"),
            one("/checkedOn", FieldCode::BeforeExit)
        );
    }
}
