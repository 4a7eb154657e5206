//! How the characters, numbers and days of the file are written: encodings, forms of identity numbers and of days. Which of
//! them is used is a profile's to say.

use crate::domain::identity_number::IdentityNumber;
use chrono::NaiveDate;
use serde::Deserialize;

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8 without a mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with a byte order mark.
    #[serde(rename = "utf-8-bom")]
    Utf8Marked,
    /// ISO 8859-1.
    #[serde(rename = "iso-8859-1")]
    Latin1,
    /// What Windows calls Latin-1.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// What the file begins with.
    pub const fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8Marked => b"\xef\xbb\xbf",
            _ => b"",
        }
    }

    /// The media type of a text in it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Marked => "text/csv; charset=utf-8",
            Self::Latin1 => "text/csv; charset=iso-8859-1",
            Self::Windows1252 => "text/csv; charset=windows-1252",
        }
    }

    /// The bytes of a text; `None` when it holds a sign that the encoding lacks.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 | Self::Utf8Marked => Some(text.as_bytes().to_vec()),
            // The web's Latin-1 is windows-1252; the real one is the first 256 signs.
            Self::Latin1 => text
                .chars()
                .map(|sign| u8::try_from(u32::from(sign)).ok())
                .collect(),
            Self::Windows1252 => {
                let (bytes, _, is_lossy) = encoding_rs::WINDOWS_1252.encode(text);
                (!is_lossy).then(|| bytes.into_owned())
            }
        }
    }
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnd {
    /// As on Windows.
    Crlf,
    /// As on Unix.
    Lf,
}

/// How an identity number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum NumberForm {
    /// Twelve digits.
    #[serde(rename = "YYYYMMDDNNNN")]
    Twelve,
    /// Twelve digits with a hyphen.
    #[serde(rename = "YYYYMMDD-NNNN")]
    TwelveParted,
    /// Ten digits.
    #[serde(rename = "YYMMDDNNNN")]
    Ten,
    /// Ten digits with a hyphen.
    #[serde(rename = "YYMMDD-NNNN")]
    TenParted,
}

impl NumberForm {
    /// A number in this form.
    pub fn write(self, number: &IdentityNumber) -> String {
        let (day, rest) = number.as_str().split_at_checked(8).unwrap_or_default();
        let short = day.get(2..).unwrap_or_default();
        match self {
            Self::Twelve => format!("{day}{rest}"),
            Self::TwelveParted => format!("{day}-{rest}"),
            Self::Ten => format!("{short}{rest}"),
            Self::TenParted => format!("{short}-{rest}"),
        }
    }
}

/// How a day is written: a pattern of `YYYY` or `YY`, `MM` and `DD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayForm(String);

impl DayForm {
    /// A pattern that has year, month and day once each, and nothing else but signs between them.
    pub fn read(pattern: &str) -> Option<Self> {
        let rest = pattern.replacen("YYYY", "", 1);
        let rest = if rest == pattern {
            pattern.replacen("YY", "", 1)
        } else {
            rest
        };
        let year = rest != pattern;
        let without_month = rest.replacen("MM", "", 1);
        let without_day = without_month.replacen("DD", "", 1);
        let is_whole = year && without_month != rest && without_day != without_month;
        let is_plain = without_day.chars().all(|sign| "-./ ".contains(sign));
        (is_whole && is_plain).then(|| Self(pattern.to_owned()))
    }

    /// A day in this form.
    pub fn write(&self, day: NaiveDate) -> String {
        let part = |form: &str| day.format(form).to_string();
        self.0
            .replace("YYYY", &part("%Y"))
            .replace("YY", &part("%y"))
            .replace("MM", &part("%m"))
            .replace("DD", &part("%d"))
    }
}
