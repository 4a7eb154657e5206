//! Which words, numbers and days do all forms of a release share? Figures with decimal comma in Swedish and point in
//! English, days in words, and the marks that stand in place of a figure.

use crate::domain::codes::Code;
use crate::domain::decimal::text_of;
use crate::domain::goal::GoalUnit;
use crate::error::Language;
use crate::statistics::document::TableCell;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Stockholm;

/// What stands in place of a hidden figure, as the national statistics write it.
pub(super) const HIDDEN: &str = "..";
/// What stands where there is nothing to compute a figure from, as the national statistics write it.
pub(super) const NOTHING: &str = ".";
/// Between thousands: a space at which no line is broken.
const THOUSANDS: char = '\u{a0}';
/// A minus that is as wide as a plus.
const MINUS: char = '\u{2212}';

/// The language as it is named in files (BCP 47).
pub(super) const fn tag(language: Language) -> &'static str {
    language.pick("sv", "en")
}

/// The heading of what is not divided.
pub(super) const fn total(language: Language) -> &'static str {
    language.pick("Totalt", "Total")
}

/// What a hidden figure means.
pub(super) const fn hidden(language: Language) -> &'static str {
    language.pick(
        "Dolt för att skydda enskilda",
        "Hidden to protect individuals",
    )
}

/// What the lack of a figure means.
pub(super) const fn nothing(language: Language) -> &'static str {
    language.pick("Inget att räkna på", "Nothing to compute it from")
}

/// A figure as people read it, or the mark in its place.
pub(super) fn figure(cell: &TableCell, decimals: u8, language: Language) -> String {
    match cell.value {
        _ if cell.is_hidden => HIDDEN.to_owned(),
        Some(value) => number(value, decimals, language),
        None => NOTHING.to_owned(),
    }
}

/// A number with its thousands apart.
pub(super) fn number(value: i64, decimals: u8, language: Language) -> String {
    let plain = text_of(value, decimals, language.pick(',', '.'));
    let (sign, plain) = match plain.strip_prefix('-') {
        Some(plain) => (Some(MINUS), plain),
        None => (None, plain.as_str()),
    };
    let digits = plain.chars().take_while(char::is_ascii_digit).count();
    let mut text = String::from_iter(sign);
    for (place, c) in plain.chars().enumerate() {
        if place > 0 && place < digits && (digits - place) % 3 == 0 {
            text.push(THOUSANDS);
        }
        text.push(c);
    }
    text
}

/// A number as a fraction of ten to the power of its decimals; exact as far as a spreadsheet can be.
#[expect(clippy::cast_precision_loss, reason = "figures are far below 2^53")]
pub(super) fn float(value: i64, decimals: u8) -> f64 {
    value as f64 / 10f64.powi(i32::from(decimals))
}

const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day in words, as "30 april 2026".
pub(super) fn day(day: NaiveDate, language: Language) -> String {
    let months = language.pick(MONTHS_SV, MONTHS_EN);
    let month = months.into_iter().nth(day.month0() as usize);
    format!("{} {} {}", day.day(), month.unwrap_or_default(), day.year())
}

/// An instant in words, by Swedish time.
pub(super) fn instant(at: DateTime<Utc>, language: Language) -> String {
    let at = at.with_timezone(&Stockholm);
    match language {
        Language::Swedish => {
            format!(
                "{} kl. {}",
                day(at.date_naive(), language),
                at.format("%H.%M")
            )
        }
        Language::English => {
            format!(
                "{} at {}",
                day(at.date_naive(), language),
                at.format("%H:%M")
            )
        }
    }
}

/// An instant as it stands in a table, by Swedish time.
pub(super) fn short_instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&Stockholm)
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

/// What the values of a goal are measured in, in words; a unit that came after this program by its code.
pub(super) fn goal_unit(unit: &str, language: Language) -> String {
    match GoalUnit::from_code(unit) {
        Some(unit) => language.pick(unit.sv(), unit.en()).to_lowercase(),
        None => unit.to_owned(),
    }
}

/// What can be seen of a text: control characters, which no form can carry, become spaces.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_the_swedish_way() {
        for (value, decimals, sv, en, plain) in [
            (0, 0, "0", "0", "0"),
            (0, 1, "0,0", "0.0", "0,0"),
            (5, 2, "0,05", "0.05", "0,05"),
            (473, 1, "47,3", "47.3", "47,3"),
            (-25, 1, "\u{2212}2,5", "\u{2212}2.5", "-2,5"),
            (
                1_234_567,
                0,
                "1\u{a0}234\u{a0}567",
                "1\u{a0}234\u{a0}567",
                "1234567",
            ),
            (100_000, 1, "10\u{a0}000,0", "10\u{a0}000.0", "10000,0"),
        ] {
            assert_eq!(number(value, decimals, Language::Swedish), sv);
            assert_eq!(number(value, decimals, Language::English), en);
            assert_eq!(text_of(value, decimals, ','), plain);
        }
        assert_eq!(
            number(i64::MIN, 0, Language::Swedish),
            "\u{2212}9\u{a0}223\u{a0}372\u{a0}036\u{a0}854\u{a0}775\u{a0}808"
        );
    }

    #[test]
    fn days_are_swedish_days() {
        let at = "2026-05-03T22:30:00Z".parse().unwrap_or_default();
        assert_eq!(instant(at, Language::Swedish), "4 maj 2026 kl. 00.30");
        assert_eq!(instant(at, Language::English), "4 May 2026 at 00:30");
        assert_eq!(short_instant(at), "2026-05-04 00:30");
    }
}
