//! The working days that the demo takes place on, counted backwards from the one before today: whatever is planned on one of
//! them has happened.

use crate::clock::start_of;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc, Weekday};

/// Working days that the demo reaches back: a year and a quarter.
const DAYS: usize = 330;

/// The working days before a day.
pub struct Calendar {
    /// The day.
    pub today: NaiveDate,
    /// The latest first.
    days: Vec<NaiveDate>,
}

impl Calendar {
    /// The working days before today.
    pub fn before(today: NaiveDate) -> Self {
        let days = today
            .pred_opt()
            .into_iter()
            .flat_map(|yesterday| yesterday.iter_days().rev())
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .take(DAYS)
            .collect();
        Self { today, days }
    }

    /// The earliest working day, counted backwards.
    pub fn first(&self) -> usize {
        self.days.len().saturating_sub(1)
    }

    /// The working day so many before today's last.
    pub fn day(&self, ago: usize) -> NaiveDate {
        self.days.get(ago).copied().unwrap_or(self.today)
    }

    /// A minute of a working day, as the clock on the wall has it.
    pub fn at(&self, ago: usize, minute: usize) -> DateTime<Utc> {
        start_of(self.day(ago)) + Duration::minutes(i64::try_from(minute).unwrap_or(0))
    }

    /// The day so many working days after another; ahead of today calendar days are counted.
    pub fn after(&self, ago: usize, working_days: usize) -> NaiveDate {
        match ago.checked_sub(working_days) {
            Some(ago) => self.day(ago),
            None => {
                let ahead = u64::try_from(working_days - ago).unwrap_or(0);
                self.today + Days::new(ahead)
            }
        }
    }

    /// The first working day on or after a day, counted backwards: `None` when it has not come yet. Days before the first
    /// are taken for the first.
    pub fn ago_of(&self, day: NaiveDate) -> Option<usize> {
        self.days
            .iter()
            .take_while(|working| **working >= day)
            .count()
            .checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn only_days_that_have_been_and_were_worked_on() {
        let monday = Calendar::before(day("2026-11-23"));
        assert_eq!(monday.day(0), day("2026-11-20"));
        assert_eq!(monday.day(5), day("2026-11-13"));
        assert_eq!(monday.after(5, 5), day("2026-11-20"));
        assert_eq!(monday.after(2, 5), day("2026-11-26"));
        assert_eq!(monday.ago_of(day("2026-11-20")), Some(0));
        // A Saturday's next working day is today: it has not been.
        assert_eq!(monday.ago_of(day("2026-11-21")), None);
        assert_eq!(monday.ago_of(day("2026-11-14")), Some(4));
        assert_eq!(monday.ago_of(day("1990-01-01")), Some(monday.first()));
        // Stockholm is an hour ahead of UTC in November.
        assert_eq!(monday.at(0, 480).to_rfc3339(), "2026-11-20T07:00:00+00:00");
    }
}
