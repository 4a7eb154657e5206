//! Which days are public holidays in Sweden? Those of lag (1989:253) om allmänna helgdagar: the Sundays, and the days that it
//! names, of which some move with Easter. The eves of midsummer, Christmas and the new year are no holidays by that law,
//! though most offices are closed; whether they count is for whoever asks.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The year from which the national day is a holiday, in place of Whit Monday.
const NATIONAL_DAY_FROM: i32 = 2005;

/// Whether a day is a public holiday.
pub fn is_holiday(day: NaiveDate) -> bool {
    let (year, weekday) = (day.year(), day.weekday());
    let is_fixed = match (day.month(), day.day()) {
        (1, 1 | 6) | (5, 1) | (12, 25 | 26) => true,
        (6, 6) => year >= NATIONAL_DAY_FROM,
        // Midsummer Day: the Saturday from the 20th to the 26th of June.
        (6, 20..=26) => weekday == Weekday::Sat,
        // All Saints' Day: the Saturday from the 31st of October to the 6th of November.
        (10, 31) | (11, 1..=6) => weekday == Weekday::Sat,
        _ => false,
    };
    is_fixed || weekday == Weekday::Sun || moves_with_easter(day)
}

/// Good Friday, Easter Monday and Ascension Day, and Whit Monday as long as it was one. Easter Day and Whit Sunday are Sundays.
fn moves_with_easter(day: NaiveDate) -> bool {
    let Some(easter) = easter_sunday(day.year()) else {
        return false;
    };
    let after = day.signed_duration_since(easter).num_days();
    matches!(after, -2 | 1 | 39) || (after == 50 && day.year() < NATIONAL_DAY_FROM)
}

/// The eve of midsummer, Christmas or the new year.
pub fn is_usual_eve(day: NaiveDate) -> bool {
    match (day.month(), day.day()) {
        (12, 24 | 31) => true,
        (6, 19..=25) => day.weekday() == Weekday::Fri,
        _ => false,
    }
}

/// Easter Sunday of a year of the Gregorian calendar: the Sunday after the first full moon of the church's table on or after the
/// 21st of March.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let century = year.div_euclid(100);
    // How far the table's moon has come on the 21st of March: 19 years make a cycle, corrected for the leap days that
    // centuries leave out, and for the moon's own drift.
    let golden = year.rem_euclid(19);
    let leap_days_out = century - century.div_euclid(4);
    let drift = (8 * century + 13).div_euclid(25);
    let days_to_full = (19 * golden + leap_days_out - drift + 15).rem_euclid(30);
    // The table never lets the moon of two years of a cycle fall on one day so late.
    let is_too_late = days_to_full == 29 || (days_to_full == 28 && golden > 10);
    let days_to_full = days_to_full - i32::from(is_too_late);
    let full_moon = NaiveDate::from_ymd_opt(year, 3, 21)?
        .checked_add_days(Days::new(u64::try_from(days_to_full).ok()?))?;
    let to_sunday = 7 - u64::from(full_moon.weekday().num_days_from_sunday());
    full_moon.checked_add_days(Days::new(to_sunday))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_on_the_published_days() {
        for day in [
            "1818-03-22",
            "1943-04-25",
            "1954-04-18",
            "1961-04-02",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2016-03-27",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
        ] {
            assert_eq!(easter_sunday(on(day).year()), Some(on(day)));
        }
    }

    #[test]
    fn easter_is_a_sunday_from_the_22nd_of_march_to_the_25th_of_april_whatever_the_year() {
        for year in 1583..=4_000 {
            let easter = easter_sunday(year).unwrap();
            assert_eq!(easter.weekday(), Weekday::Sun, "{easter}");
            let (first, last) = (
                NaiveDate::from_ymd_opt(year, 3, 22).unwrap(),
                NaiveDate::from_ymd_opt(year, 4, 25).unwrap(),
            );
            assert!(first <= easter && easter <= last, "{easter}");
        }
    }

    /// The weekdays of a year that are holidays, Sundays aside.
    fn holidays_of(year: i32) -> BTreeSet<String> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        first
            .iter_days()
            .take_while(|day| day.year() == year)
            .filter(|day| day.weekday() != Weekday::Sun && is_holiday(*day))
            .map(|day| day.to_string())
            .collect()
    }

    fn days(days: &[&str]) -> BTreeSet<String> {
        days.iter().map(|day| (*day).to_owned()).collect()
    }

    #[test]
    fn the_holidays_of_whole_years() {
        let of_2026 = [
            "2026-01-01",
            "2026-01-06",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-05-14",
            "2026-06-06",
            "2026-06-20",
            "2026-10-31",
            "2026-12-25",
            "2026-12-26",
        ];
        assert_eq!(holidays_of(2026), days(&of_2026));
        let of_2024 = [
            "2024-01-01",
            "2024-01-06",
            "2024-03-29",
            "2024-04-01",
            "2024-05-01",
            "2024-05-09",
            "2024-06-06",
            "2024-06-22",
            "2024-11-02",
            "2024-12-25",
            "2024-12-26",
        ];
        assert_eq!(holidays_of(2024), days(&of_2024));
        // Before the national day there was Whit Monday.
        let of_2004 = holidays_of(2004);
        assert!(of_2004.contains("2004-05-31") && !of_2004.contains("2004-06-06"));
        assert!(!holidays_of(2005).contains("2005-05-16"));
    }

    #[test]
    fn midsummer_and_all_saints_are_saturdays_at_their_edges_too() {
        for day in ["2020-06-20", "2021-06-26", "2026-10-31", "2021-11-06"] {
            assert_eq!(on(day).weekday(), Weekday::Sat);
            assert!(is_holiday(on(day)), "{day}");
        }
        for day in ["2026-06-27", "2026-11-07", "2026-10-24", "2026-06-13"] {
            assert!(!is_holiday(on(day)), "{day}");
        }
    }

    #[test]
    fn eves_are_no_holidays_but_told_apart() {
        for day in [
            "2026-12-24",
            "2026-12-31",
            "2026-06-19",
            "2020-06-19",
            "2021-06-25",
        ] {
            assert!(is_usual_eve(on(day)) && !is_holiday(on(day)), "{day}");
        }
        for day in ["2026-06-26", "2026-06-18", "2026-12-23", "2026-01-05"] {
            assert!(!is_usual_eve(on(day)), "{day}");
        }
    }
}
