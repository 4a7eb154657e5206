//! Which age group of the work does somebody belong to? What is counted by it stands in `record`.

use crate::domain::age::age_on;
use crate::domain::codes::{Code, code_list};
use chrono::NaiveDate;

code_list! {
    /// The two age groups of the work. They leave nobody out, so that sums are right: the few who are younger than 16
    /// (left compulsory school early in the year) or older than 25 (not yet deregistered) are counted with the nearest
    /// group. Groups of their own would be so small that they and their neighbours would have to be hidden.
    AgeGroup {
        Teenagers = "16_19", "16–19 år", "Aged 16-19";
        YoungAdults = "20_25", "20–25 år", "Aged 20-25";
    }
}

impl AgeGroup {
    /// The group of somebody born on a day, by the age on another. Statistics use the first day in the register within
    /// the period: the tertials of a year begin on the same day, so nobody changes group between them, and somebody who
    /// leaves the register by turning 20 is counted among those he or she was followed with.
    pub fn of(born_on: NaiveDate, day: NaiveDate) -> Self {
        if age_on(born_on, day).unwrap_or(0) < 20 {
            Self::Teenagers
        } else {
            Self::YoungAdults
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_age_group_changes_on_the_twentieth_birthday_and_has_no_gaps() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let born = day("2006-05-17");
        assert_eq!(AgeGroup::of(born, day("2026-05-16")), AgeGroup::Teenagers);
        assert_eq!(AgeGroup::of(born, day("2026-05-17")), AgeGroup::YoungAdults);
        assert_eq!(AgeGroup::of(born, day("2020-01-01")), AgeGroup::Teenagers);
        assert_eq!(AgeGroup::of(born, day("2040-01-01")), AgeGroup::YoungAdults);
    }
}
