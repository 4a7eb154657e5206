//! How old is a person on a day, and on which day does the person reach an age?
//! The one place where the birthday of those born on 29 February is decided.
//! Which age opens or closes the aktivitetsansvar is not decided here.

use chrono::{Datelike, NaiveDate};

/// The day a person has completed `years` years.
///
/// Born on 29 February: the birthday is 1 March in a year without that day. The law does not
/// settle it; 1 March is chosen because no full year has passed on 28 February (domain 10.1
/// row 3). Configurable nowhere, so that two parts of the system can not disagree.
///
/// `None` when the day lies outside what a calendar date can hold.
pub fn birthday_on(birth: NaiveDate, years: u32) -> Option<NaiveDate> {
    let year = birth.year().checked_add(i32::try_from(years).ok()?)?;
    NaiveDate::from_ymd_opt(year, birth.month(), birth.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
}

/// Completed years on `day`; `None` before the birth.
pub fn age_on(birth: NaiveDate, day: NaiveDate) -> Option<u32> {
    if day < birth {
        return None;
    }
    let years = u32::try_from(day.year().checked_sub(birth.year())?).ok()?;
    match birthday_on(birth, years) {
        Some(birthday) if birthday <= day => Some(years),
        // The birthday of this year is still to come (or past the end of the calendar).
        _ => years.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::expect_used
    )]
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn domain_rows_1_and_2_twentieth_birthday() {
        let birth = day(2007, 3, 10);
        assert_eq!(age_on(birth, day(2027, 3, 9)), Some(19));
        assert_eq!(age_on(birth, day(2027, 3, 10)), Some(20));
        assert_eq!(birthday_on(birth, 20), Some(day(2027, 3, 10)));
    }

    #[test]
    fn domain_row_3_born_on_29_february() {
        let birth = day(2008, 2, 29);
        assert_eq!(age_on(birth, day(2028, 2, 28)), Some(19));
        assert_eq!(age_on(birth, day(2028, 2, 29)), Some(20));
        assert_eq!(age_on(birth, day(2026, 2, 28)), Some(17));
        assert_eq!(age_on(birth, day(2026, 3, 1)), Some(18));
        assert_eq!(birthday_on(birth, 18), Some(day(2026, 3, 1)));
        assert_eq!(birthday_on(birth, 0), Some(birth));
    }

    #[test]
    fn before_birth_and_at_the_ends_of_the_calendar() {
        let birth = day(2008, 2, 29);
        assert_eq!(age_on(birth, day(2008, 2, 28)), None);
        assert_eq!(age_on(birth, birth), Some(0));
        assert_eq!(birthday_on(birth, u32::MAX), None);
        assert!(age_on(NaiveDate::MIN, NaiveDate::MAX).is_some());
    }

    proptest! {
        #[test]
        fn age_changes_exactly_on_the_birthday(offset in 0i64..80_000, years in 0u32..120) {
            let birth = day(1900, 1, 1) + chrono::Duration::days(offset);
            let birthday = birthday_on(birth, years).unwrap();
            prop_assert_eq!(age_on(birth, birthday), Some(years));
            prop_assert_eq!(age_on(birth, birthday.pred_opt().unwrap()), years.checked_sub(1));
        }
    }
}
