//! When does a line of the work list fall due, and when is it overdue?
//! Lines are derived from contacts, interventions and referrals and stored nowhere, so none lingers when its cause has gone
//! and none is missing because somebody forgot to make it. Whose list a line stands on is a matter of the query.

use chrono::{Days, NaiveDate};

/// Days after which an answer to a referral is asked for, when no day was agreed.
pub const DAYS_TO_ANSWER: u64 = 14;

/// The day on which an answer to a sent referral is due.
pub fn answer_due_on(agreed: Option<NaiveDate>, sent_on: NaiveDate) -> NaiveDate {
    agreed
        .or_else(|| sent_on.checked_add_days(Days::new(DAYS_TO_ANSWER)))
        .unwrap_or(sent_on)
}

/// What is due today is not overdue; what was due yesterday is.
pub fn is_overdue(due_on: NaiveDate, today: NaiveDate) -> bool {
    due_on < today
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_sent_referral_never_waits_for_ever() {
        let sent = day("2026-11-10");
        assert_eq!(
            answer_due_on(Some(day("2026-12-01")), sent),
            day("2026-12-01")
        );
        assert_eq!(answer_due_on(None, sent), day("2026-11-24"));
        assert_eq!(answer_due_on(None, NaiveDate::MAX), NaiveDate::MAX);
    }

    #[test]
    fn today_is_in_time() {
        assert!(!is_overdue(day("2026-11-23"), day("2026-11-23")));
        assert!(is_overdue(day("2026-11-22"), day("2026-11-23")));
    }
}
