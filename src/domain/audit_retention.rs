//! How long is the log kept? As long as nobody has decided: for ever (domain 4.7: a period is a local decision with minutes,
//! and no number of years was found for the log of this work). What is decided counts in whole months back from today, and
//! waits for the reviews: nothing goes while a review of its time is not signed off. How it goes stands in `db::audit_cuts`.

use chrono::{Months, NaiveDate};

/// The shortest period that can be set, in months. A number of our own, no figure of a law: a review covers up to three months
/// and may be made late, and a youth may ask a year afterwards who has looked.
pub const LEAST_MONTHS: u32 = 24;
/// The longest that can be set; whoever wants more sets none.
pub const MOST_MONTHS: u32 = 600;

/// Up to when the log may be disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Everything before this Swedish day.
    pub before_on: NaiveDate,
    /// Whether a review that is not signed off holds back more.
    pub is_held_by_review: bool,
}

/// What may go today. `None` for a period shorter than may be set, which is no decision.
pub fn limit(today: NaiveDate, months: u32, reviewed_from: Option<NaiveDate>) -> Option<Limit> {
    if months < LEAST_MONTHS {
        return None;
    }
    let day = today.checked_sub_months(Months::new(months))?;
    let held = reviewed_from.filter(|from| *from < day);
    Some(Limit {
        before_on: held.unwrap_or(day),
        is_held_by_review: held.is_some(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_period_counts_in_months_from_today() {
        let got = limit(on("2026-11-26"), 24, None).unwrap();
        assert_eq!(got.before_on, on("2024-11-26"));
        assert!(!got.is_held_by_review);
        // The 29th of February goes back to the 28th.
        let got = limit(on("2028-02-29"), 36, None).unwrap();
        assert_eq!(got.before_on, on("2025-02-28"));
    }

    #[test]
    fn too_short_a_period_is_no_decision() {
        assert_eq!(limit(on("2026-11-26"), 23, None), None);
        assert_eq!(limit(on("2026-11-26"), 0, None), None);
    }

    #[test]
    fn a_review_that_is_not_signed_off_holds_its_time_back() {
        let old = limit(on("2026-11-26"), 24, Some(on("2024-10-01"))).unwrap();
        assert_eq!(old.before_on, on("2024-10-01"));
        assert!(old.is_held_by_review);
        let recent = limit(on("2026-11-26"), 24, Some(on("2026-10-01"))).unwrap();
        assert_eq!(recent.before_on, on("2024-11-26"));
        assert!(!recent.is_held_by_review);
    }
}
