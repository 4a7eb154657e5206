//! When may a contact be written, corrected and followed up? A failed attempt is a contact too.
//! To which episode it belongs is decided in `period`; who may write it, in `policy`.

use super::codes::{ContactResult, Occupation};
use crate::error::{FieldCode, FieldError};
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// For this long after it was written, its author may correct a contact; then it is locked and gets addenda.
pub const LOCKED_AFTER: Duration = Duration::hours(24);
/// A phone's clock may be this much ahead of ours.
const CLOCK_TOLERANCE: Duration = Duration::minutes(2);

/// Whether a contact no longer changes.
pub fn is_locked(created_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now >= created_at + LOCKED_AFTER
}

/// When a contact happened: now unless it is told, and never in the future but for a clock that is a little ahead.
///
/// # Errors
/// `in-future`.
pub fn occurred_at(
    told: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, FieldCode> {
    match told {
        None => Ok(now),
        Some(at) if at <= now => Ok(at),
        Some(at) if at <= now + CLOCK_TOLERANCE => Ok(now),
        Some(_) => Err(FieldCode::InFuture),
    }
}

/// The facts of a contact that depend on each other.
#[derive(Debug, Clone, Copy)]
pub struct ContactFacts {
    /// What came of it.
    pub result: Option<ContactResult>,
    /// What the youth does, as told at the contact.
    pub occupation: Option<Occupation>,
    /// When the next contact is planned.
    pub next_contact_on: Option<NaiveDate>,
    /// The day that was planned before this correction.
    pub planned_before: Option<NaiveDate>,
}

/// Everything that contradicts something else.
pub fn check_contact(facts: &ContactFacts, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    // Only from a reached contact is it known what the youth does (domain 9.8), and who was reached was not "not reached":
    // that is recorded as an occupation by itself, when it has been tried for long enough.
    let is_told_unreached = facts.occupation.is_some()
        && facts
            .result
            .is_some_and(|result| result != ContactResult::Reached);
    if is_told_unreached || facts.occupation == Some(Occupation::NotReached) {
        problems.push(FieldError::with(
            "/occupation",
            FieldCode::NotWithOther,
            "result",
        ));
    }
    // A day that was planned yesterday may stand in a contact that is corrected today.
    if let Some(day) = facts.next_contact_on
        && day < today
        && facts.next_contact_on != facts.planned_before
    {
        problems.push(FieldError::new("/nextContactOn", FieldCode::InPast));
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn codes(facts: &ContactFacts) -> Vec<(String, FieldCode)> {
        check_contact(facts, "2026-11-23".parse().unwrap())
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    const NOTHING: ContactFacts = ContactFacts {
        result: None,
        occupation: None,
        next_contact_on: None,
        planned_before: None,
    };

    #[test]
    fn locked_from_the_twenty_fourth_hour() {
        let written = at("2026-11-23T10:00:00Z");
        assert!(!is_locked(written, at("2026-11-24T09:59:59.999999Z")));
        assert!(is_locked(written, at("2026-11-24T10:00:00Z")));
    }

    #[test]
    fn a_phone_may_be_two_minutes_ahead_and_no_more() {
        let now = at("2026-11-23T10:00:00Z");
        assert_eq!(occurred_at(None, now), Ok(now));
        assert_eq!(occurred_at(Some(at("2026-11-23T10:02:00Z")), now), Ok(now));
        assert_eq!(
            occurred_at(Some(at("2026-11-23T10:02:00.000001Z")), now),
            Err(FieldCode::InFuture)
        );
        let earlier = at("2026-11-22T10:00:00Z");
        assert_eq!(occurred_at(Some(earlier), now), Ok(earlier));
    }

    #[test]
    fn what_the_youth_does_is_known_only_from_a_reached_contact() {
        for (result, is_wrong) in [
            (Some(ContactResult::Reached), false),
            (Some(ContactResult::NoAnswer), true),
            (Some(ContactResult::Returned), true),
            // A result that could not be read is one error, not two.
            (None, false),
        ] {
            let facts = ContactFacts {
                result,
                occupation: Some(Occupation::Studies),
                ..NOTHING
            };
            assert_eq!(!codes(&facts).is_empty(), is_wrong, "{result:?}");
        }
    }

    #[test]
    fn the_next_contact_is_not_planned_backwards_in_time() {
        let planned = |next: &str, before: Option<&str>| {
            codes(&ContactFacts {
                next_contact_on: Some(next.parse().unwrap()),
                planned_before: before.map(|day| day.parse().unwrap()),
                ..NOTHING
            })
        };
        assert_eq!(planned("2026-11-23", None), []);
        assert_eq!(
            planned("2026-11-22", None),
            [("/nextContactOn".to_owned(), FieldCode::InPast)]
        );
        assert_eq!(planned("2026-11-22", Some("2026-11-22")), []);
        assert_eq!(planned("2026-11-21", Some("2026-11-22")).len(), 1);
    }

    proptest! {
        #[test]
        fn what_is_stored_is_never_in_the_future(seconds in -1_000_000i64..1_000_000) {
            let now = at("2026-11-23T10:00:00Z");
            match occurred_at(Some(now + Duration::seconds(seconds)), now) {
                Ok(stored) => prop_assert!(stored <= now),
                Err(code) => {
                    prop_assert_eq!(code, FieldCode::InFuture);
                    prop_assert!(seconds > 120);
                }
            }
        }
    }
}
