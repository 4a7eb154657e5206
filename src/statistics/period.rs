//! Which days does a statistics period cover, and up to which day can it be counted?
//! Tertials are those of municipal follow-up (tertial 1, tertial 1-2, full year), half-years those of the national
//! collection. What is counted does not belong here.

use crate::domain::codes::{Code, code_list};
use chrono::NaiveDate;
use std::ops::RangeInclusive;

/// The years for which statistics can be asked: from the first full year of the present target group.
pub const YEARS: RangeInclusive<i64> = 2018..=2100;

code_list! {
    /// Which part of a year.
    PeriodPart {
        Tertial1 = "tertial_1", "Tertial 1", "First four months";
        Tertial12 = "tertial_1_2", "Tertial 1–2", "First eight months";
        FullYear = "full_year", "Helår", "Full year";
        HalfYear1 = "half_year_1", "Första halvåret", "First half-year";
        HalfYear2 = "half_year_2", "Andra halvåret", "Second half-year";
    }
}

/// A part of a year, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Period {
    year: i32,
    part: PeriodPart,
}

impl Period {
    /// The period, or nothing when the year is outside [`YEARS`].
    pub fn new(year: i64, part: PeriodPart) -> Option<Self> {
        let year = YEARS
            .contains(&year)
            .then(|| i32::try_from(year).ok())
            .flatten()?;
        Some(Self { year, part })
    }
    /// The year.
    pub const fn year(self) -> i32 {
        self.year
    }
    /// The part of the year.
    pub const fn part(self) -> PeriodPart {
        self.part
    }
    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        match self.part {
            PeriodPart::HalfYear2 => self.day(7, 1),
            _ => self.day(1, 1),
        }
    }
    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        match self.part {
            PeriodPart::Tertial1 => self.day(4, 30),
            PeriodPart::HalfYear1 => self.day(6, 30),
            PeriodPart::Tertial12 => self.day(8, 31),
            PeriodPart::FullYear | PeriodPart::HalfYear2 => self.day(12, 31),
        }
    }
    /// The period as far as it can be counted on a day: whole once that day is past its last, to the day itself while
    /// it runs, and not at all before it has begun.
    pub fn counted_on(self, today: NaiveDate) -> Option<CountedPeriod> {
        (self.first_day() <= today).then(|| CountedPeriod {
            period: self,
            counted_to: self.last_day().min(today),
            is_complete: self.last_day() < today,
        })
    }

    /// Whether a day is in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    fn day(self, month: u32, day: u32) -> NaiveDate {
        // Every day named above is in every year of `YEARS`.
        NaiveDate::from_ymd_opt(self.year, month, day).unwrap_or_default()
    }
}

/// A period with the last day whose facts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedPeriod {
    period: Period,
    counted_to: NaiveDate,
    is_complete: bool,
}

impl CountedPeriod {
    /// The period asked for.
    pub const fn period(self) -> Period {
        self.period
    }
    /// The last day counted.
    pub const fn counted_to(self) -> NaiveDate {
        self.counted_to
    }
    /// Whether the period has ended, so that no day of it is still to come.
    pub const fn is_complete(self) -> bool {
        self.is_complete
    }
    /// Whether a day is counted.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.period.first_day() <= day && day <= self.counted_to
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
    fn every_part_has_its_days() {
        for (part, first, last) in [
            (PeriodPart::Tertial1, "2026-01-01", "2026-04-30"),
            (PeriodPart::Tertial12, "2026-01-01", "2026-08-31"),
            (PeriodPart::FullYear, "2026-01-01", "2026-12-31"),
            (PeriodPart::HalfYear1, "2026-01-01", "2026-06-30"),
            (PeriodPart::HalfYear2, "2026-07-01", "2026-12-31"),
        ] {
            let period = Period::new(2026, part).unwrap();
            assert_eq!(
                (period.first_day(), period.last_day()),
                (day(first), day(last))
            );
        }
        assert_eq!(PeriodPart::ALL.len(), 5);
        assert_eq!(Period::new(2017, PeriodPart::FullYear), None);
        assert_eq!(Period::new(2101, PeriodPart::FullYear), None);
    }

    #[test]
    fn a_period_that_runs_is_counted_to_today_and_says_so() {
        let period = Period::new(2026, PeriodPart::Tertial12).unwrap();
        assert_eq!(period.counted_on(day("2025-12-31")), None);
        for (today, counted_to, is_complete) in [
            ("2026-01-01", "2026-01-01", false),
            ("2026-05-17", "2026-05-17", false),
            // The last day is not over yet.
            ("2026-08-31", "2026-08-31", false),
            ("2026-09-01", "2026-08-31", true),
            ("2027-03-01", "2026-08-31", true),
        ] {
            let counted = period.counted_on(day(today)).unwrap();
            assert_eq!(counted.counted_to(), day(counted_to));
            assert_eq!(counted.is_complete(), is_complete);
            assert!(counted.contains(day("2026-01-01")) && !counted.contains(day("2026-09-01")));
        }
    }
}
