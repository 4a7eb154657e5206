//! Is this a Swedish identity number, of which kind, and which birth date and legal sex does it
//! carry? Personnummer and samordningsnummer (folkbokföringslagen 18 and 18 a §§), interim
//! numbers of the training register, and TF numbers of schools (SS 12000).
//! What a missing or changed number means for a case does not belong here; nor does the clock.
//! Nothing here writes a number: errors and Debug never hold one.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::domain::codes::LegalSex;

mod error;

pub use error::IdentityNumberError;

/// Letters that stand for the first serial digit of an interim number (personnummer/meta 3.1).
const INTERIM_LETTERS: &str = "TRSUWXJKLMN";
/// Nobody born earlier has been given a number; an earlier year is a misprint.
const FIRST_YEAR: i32 = 1800;
/// Added to the day of birth in a samordningsnummer.
const COORDINATION_DAY: u32 = 60;

/// The kinds of number a person can be known by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum IdentityNumberKind {
    /// Folkbokföringslagen 18 §.
    Personnummer,
    /// Folkbokföringslagen 18 a §: the day of birth plus 60.
    Samordningsnummer,
    /// A letter in place of the first serial digit; only where a caller asks for it.
    Interim,
    /// A school's own number: date, `TF`, two digits; no check digit.
    TfNumber,
}

impl IdentityNumberKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 4] = [
        Self::Personnummer,
        Self::Samordningsnummer,
        Self::Interim,
        Self::TfNumber,
    ];

    /// The stable code, as stored and as published.
    pub fn code(self) -> &'static str {
        match self {
            Self::Personnummer => "personnummer",
            Self::Samordningsnummer => "samordningsnummer",
            Self::Interim => "interim",
            Self::TfNumber => "tf_number",
        }
    }

    /// The kind of a code; `None` for any other word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a caller accepts besides the ordinary kinds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct IdentityNumberOptions {
    /// Accept interim numbers (T numbers); off by default.
    pub allow_interim: bool,
}

/// A checked identity number in its canonical form of 12 characters without separator
/// (SS 12000 `civicNo`): `YYYYMMDDNNNC`, letters in upper case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentityNumber {
    value: String,
    kind: IdentityNumberKind,
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityNumber({}, redacted)", self.kind.code())
    }
}

impl IdentityNumber {
    /// Reads a number as a person writes it, with interim numbers refused.
    ///
    /// # Errors
    /// See [`IdentityNumber::parse_with`].
    pub fn parse(input: &str, today: NaiveDate) -> Result<Self, IdentityNumberError> {
        Self::parse_with(input, today, IdentityNumberOptions::default())
    }

    /// Reads 10, 11, 12 or 13 characters: the year with two or four digits, with or without a
    /// separator (`-`, also as a typographic dash, or `+`). Blanks at the ends are ignored.
    ///
    /// With two digits of the year the birth date is the latest one that is not after `today`;
    /// with `+` the latest one whose bearer turns at least 100 in the year of `today`
    /// (folkbokföringslagen 18 §). TF numbers need four digits of the year.
    ///
    /// # Errors
    /// The first thing wrong, from coarse (length) to fine (check digit).
    pub fn parse_with(
        input: &str,
        today: NaiveDate,
        options: IdentityNumberOptions,
    ) -> Result<Self, IdentityNumberError> {
        let chars: Vec<char> = input.trim().chars().take(14).map(plain_char).collect();
        let (date_length, separated) = match chars.len() {
            0 => return Err(IdentityNumberError::Missing),
            10 => (6, false),
            11 => (6, true),
            12 => (8, false),
            13 => (8, true),
            _ => return Err(IdentityNumberError::Length),
        };
        let plus = match chars.get(date_length) {
            Some('-') if separated => false,
            Some('+') if separated => true,
            _ if separated => return Err(IdentityNumberError::Characters),
            _ => false,
        };
        let date: String = chars.iter().take(date_length).collect();
        let tail: String = chars
            .iter()
            .skip(date_length + usize::from(separated))
            .collect();
        let written = WrittenDate::read(&date).ok_or(IdentityNumberError::Characters)?;
        let shape = TailShape::of(&tail).ok_or(IdentityNumberError::Characters)?;
        if shape == TailShape::Interim && !options.allow_interim {
            return Err(IdentityNumberError::InterimNotAllowed);
        }
        let year = if date_length == 8 {
            if plus && today.year() - written.year < 100 {
                return Err(IdentityNumberError::Separator);
            }
            written.year
        } else {
            // The century of a TF number can not be told: a school may give one to anybody.
            if shape == TailShape::Tf {
                return Err(IdentityNumberError::Length);
            }
            written.infer_year(today, plus)
        };
        let number = Self::check(WrittenDate { year, ..written }, &tail, shape)?;
        match number.birth_date() {
            Some(birth) if birth <= today => Ok(number),
            Some(_) => Err(IdentityNumberError::Future),
            None => Err(IdentityNumberError::Date),
        }
    }

    /// Takes back a number that was stored in its canonical form. Checked again, except that a
    /// date can not be in the future of a day that is not given.
    ///
    /// # Errors
    /// When the value is not canonical or not of that kind: the database was changed by hand.
    pub fn from_stored(kind: IdentityNumberKind, value: &str) -> Result<Self, IdentityNumberError> {
        if value.chars().count() != 12 {
            return Err(IdentityNumberError::Length);
        }
        let date: String = value.chars().take(8).collect();
        let tail: String = value.chars().skip(8).collect();
        let written = WrittenDate::read(&date).ok_or(IdentityNumberError::Characters)?;
        let shape = TailShape::of(&tail).ok_or(IdentityNumberError::Characters)?;
        let number = Self::check(written, &tail, shape)?;
        if number.kind == kind {
            Ok(number)
        } else {
            Err(IdentityNumberError::Kind)
        }
    }

    fn check(
        written: WrittenDate,
        tail: &str,
        shape: TailShape,
    ) -> Result<Self, IdentityNumberError> {
        let kind = match shape {
            TailShape::Tf => IdentityNumberKind::TfNumber,
            TailShape::Interim => IdentityNumberKind::Interim,
            TailShape::Digits if written.day > COORDINATION_DAY => {
                IdentityNumberKind::Samordningsnummer
            }
            TailShape::Digits => IdentityNumberKind::Personnummer,
        };
        let number = Self {
            value: format!(
                "{:04}{:02}{:02}{tail}",
                written.year, written.month, written.day
            ),
            kind,
        };
        if !(FIRST_YEAR..=9999).contains(&written.year) || number.birth_date().is_none() {
            return Err(IdentityNumberError::Date);
        }
        if shape == TailShape::Digits && tail.starts_with("000") {
            return Err(IdentityNumberError::Serial);
        }
        if shape != TailShape::Tf && !luhn_fits(number.value.chars().skip(2)) {
            return Err(IdentityNumberError::CheckDigit);
        }
        Ok(number)
    }

    /// The canonical 12 characters. Personal data: for storage and for those who may see it.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Which kind of number it is.
    pub fn kind(&self) -> IdentityNumberKind {
        self.kind
    }

    /// The date the number carries. It can be a neighbouring day of the true birth date, because
    /// numbers of a day run out: a separately known birth date goes before it.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        let date: String = self.value.chars().take(8).collect();
        let written = WrittenDate::read(&date)?;
        let day = match self.kind {
            IdentityNumberKind::Samordningsnummer => written.day.checked_sub(COORDINATION_DAY)?,
            _ => written.day,
        };
        NaiveDate::from_ymd_opt(written.year, written.month, day)
    }

    /// The legal sex the number carries: the third serial digit is odd for men, even for women
    /// (folkbokföringslagen 18 §). `None` for TF numbers, which carry none.
    pub fn legal_sex(&self) -> Option<LegalSex> {
        if self.kind == IdentityNumberKind::TfNumber {
            return None;
        }
        let digit = self.value.chars().nth(10)?.to_digit(10)?;
        Some(if digit % 2 == 1 {
            LegalSex::Male
        } else {
            LegalSex::Female
        })
    }
}

/// A date as it is written in a number: the day with 60 added or not, not yet checked.
#[derive(Clone, Copy)]
struct WrittenDate {
    year: i32,
    month: u32,
    day: u32,
}

impl WrittenDate {
    fn read(digits: &str) -> Option<Self> {
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let number: u32 = digits.parse().ok()?;
        Some(Self {
            year: i32::try_from(number / 10_000).ok()?,
            month: number / 100 % 100,
            day: number % 100,
        })
    }

    fn infer_year(self, today: NaiveDate, plus: bool) -> i32 {
        let ending_at = |latest: i32| latest - latest.saturating_sub(self.year).rem_euclid(100);
        if plus {
            return ending_at(today.year() - 100);
        }
        let year = ending_at(today.year());
        let day = if self.day > COORDINATION_DAY {
            self.day - COORDINATION_DAY
        } else {
            self.day
        };
        if (year, self.month, day) > (today.year(), today.month(), today.day()) {
            year - 100
        } else {
            year
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TailShape {
    Digits,
    Interim,
    Tf,
}

impl TailShape {
    fn of(tail: &str) -> Option<Self> {
        let chars: Vec<char> = tail.chars().collect();
        let digit = |c: &char| c.is_ascii_digit();
        match chars.as_slice() {
            ['T', 'F', rest @ ..] if rest.len() == 2 && rest.iter().all(digit) => Some(Self::Tf),
            [first, rest @ ..] if rest.len() == 3 && rest.iter().all(digit) => {
                if digit(first) {
                    Some(Self::Digits)
                } else if INTERIM_LETTERS.contains(*first) {
                    Some(Self::Interim)
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// Upper case, and the dashes that word processors put for a hyphen.
fn plain_char(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c.to_ascii_uppercase(),
    }
}

/// Luhn over the ten last characters; the letter of an interim number counts as 1.
fn luhn_fits(ten: impl Iterator<Item = char>) -> bool {
    let sum: u32 = ten
        .enumerate()
        .map(|(place, c)| {
            let digit = c.to_digit(10).unwrap_or(1);
            let product = if place % 2 == 0 { digit * 2 } else { digit };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
