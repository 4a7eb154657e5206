//! What is known of each youth for the statistics of a period: groups and counts, without name, number or id.
//! How the facts are read from the register is decided in `db`, which figures they become in `tables`.

use super::period::CountedPeriod;
use crate::domain::age::age_on;
use crate::domain::codes::{Code, DeregistrationReason, Destination, LegalSex, code_list};
use crate::domain::id::{Id, Unit};
use chrono::{DateTime, NaiveDate, Utc};

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

/// How a youth left the register; what was not written down is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// Why.
    pub reason: Option<DeregistrationReason>,
    /// To what.
    pub destination: Option<Destination>,
}

/// One youth in the register for at least one day of the period, and what happened in it.
#[derive(Clone, PartialEq, Eq)]
pub struct YouthFacts {
    /// Legal sex.
    pub sex: LegalSex,
    /// Age group on the first day in the register within the period.
    pub age_group: AgeGroup,
    /// Area, as the register has it today.
    pub area: Option<String>,
    /// Contacts and attempts.
    pub attempts: u64,
    /// Those in which the youth was reached; not more than `attempts`.
    pub reached: u64,
    /// Interventions offered.
    pub offered: u64,
    /// Interventions accepted.
    pub accepted: u64,
    /// Interventions started.
    pub started: u64,
    /// The last exit of the period.
    pub exit: Option<Exit>,
}

impl std::fmt::Debug for YouthFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("YouthFacts([hidden])")
    }
}

/// The facts of one unit and one period. Youths with protected identity are not among them.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The unit.
    pub unit_id: Id<Unit>,
    /// The period, and how far it is counted.
    pub period: CountedPeriod,
    /// When the facts were read.
    pub read_at: DateTime<Utc>,
    /// The youths, in no order that means anything.
    pub youths: Vec<YouthFacts>,
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
