//! A profile: which columns the file has, in which order, how they are written, which of our words is which code, and for
//! which half-years it is meant. JSON; checked whole when it is read, so that the service does not start with one that could
//! not write a file. A member that is wrong is named, and a line where the JSON itself is.

use super::columns::{List, Source};
use super::encoding::{DayForm, Encoding, LineEnd, NumberForm};
use super::layout::{Column, Filling, Rows, WrittenColumn, lists, sources};
use crate::domain::codes::Code;
use crate::domain::national_file::{HalfYear, ProblemCode, ProblemWeight, ProtectedPersons};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is shipped.
const DRAFT: &str = include_str!("profiles/draft-2026.json");
/// Names of profiles stand in names of files.
const LONGEST_NAME: usize = 40;

/// Whether somebody has held a profile against the instruction of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileStatus {
    /// Nobody has.
    Draft,
    /// The municipality has.
    Fitted,
}

/// Why a profile is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not JSON, or not of this shape; says the line.
    #[error("{0}")]
    Json(String),
    /// A member has no meaning.
    #[error("{member}: {detail}")]
    Member {
        /// Its place.
        member: String,
        /// What is wrong.
        detail: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenProfile {
    name: String,
    version: String,
    status: ProfileStatus,
    #[serde(default, rename = "note")]
    _note: Option<String>,
    valid_from: String,
    #[serde(default)]
    valid_to: Option<String>,
    encoding: Encoding,
    separator: String,
    line_end: LineEnd,
    has_header: bool,
    identity_format: NumberForm,
    date_format: String,
    #[serde(default = "omit")]
    protected: ProtectedPersons,
    layout: WrittenLayout,
    codes: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    weights: BTreeMap<String, ProblemWeight>,
}

const fn omit() -> ProtectedPersons {
    ProtectedPersons::Omit
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenLayout {
    rows: Rows,
    columns: Vec<WrittenColumn>,
}

/// A checked profile.
#[derive(Debug, Clone)]
pub struct Profile {
    name: String,
    version: String,
    status: ProfileStatus,
    sha256: String,
    valid_from: HalfYear,
    valid_to: Option<HalfYear>,
    pub(super) encoding: Encoding,
    pub(super) separator: u8,
    pub(super) line_end: LineEnd,
    pub(super) has_header: bool,
    pub(super) numbers: NumberForm,
    pub(super) days: DayForm,
    protected: ProtectedPersons,
    pub(super) rows: Rows,
    pub(super) columns: Vec<Column>,
    codes: BTreeMap<List, BTreeMap<String, String>>,
    weights: BTreeMap<&'static str, ProblemWeight>,
}

fn wrong(member: impl Into<String>, detail: impl Into<String>) -> ProfileError {
    ProfileError::Member {
        member: member.into(),
        detail: detail.into(),
    }
}

impl Profile {
    /// The draft that is shipped.
    ///
    /// # Errors
    /// Never for the file that is built in; a test reads it.
    pub fn draft() -> Result<Self, ProfileError> {
        Self::read(DRAFT)
    }

    /// Reads and checks a profile.
    ///
    /// # Errors
    /// The first thing wrong: with line and column if it is no JSON of this shape, else with the member.
    pub fn read(text: &str) -> Result<Self, ProfileError> {
        let written: WrittenProfile =
            serde_json::from_str(text).map_err(|error| ProfileError::Json(error.to_string()))?;
        let half_year = |member: &str, text: &str| {
            HalfYear::parse(text).ok_or_else(|| wrong(member, "a half-year is written as 2026-H1"))
        };
        let valid_from = half_year("validFrom", &written.valid_from)?;
        let valid_to = written.valid_to.as_deref();
        let valid_to = valid_to
            .map(|text| half_year("validTo", text))
            .transpose()?;
        if valid_to.is_some_and(|last| last < valid_from) {
            return Err(wrong("validTo", "lies before validFrom"));
        }
        if !is_name(&written.name) {
            let detail = format!("small letters a-z, digits and hyphens, {LONGEST_NAME} at most");
            return Err(wrong("name", detail));
        }
        if written.version.is_empty() || written.version.chars().count() > LONGEST_NAME {
            let detail = format!("1 to {LONGEST_NAME} signs");
            return Err(wrong("version", detail));
        }
        let separator = match written.separator.as_bytes() {
            [one] if b";,|\t".contains(one) => *one,
            _ => {
                let detail = "one of ; , | or a tab";
                return Err(wrong("separator", detail));
            }
        };
        let days = DayForm::read(&written.date_format).ok_or_else(|| {
            wrong(
                "dateFormat",
                "YYYY or YY, MM and DD once each, with - . / or blanks between",
            )
        })?;
        let rows = written.layout.rows;
        let columns = written.layout.columns.into_iter().enumerate();
        let columns: Vec<Column> = columns
            .map(|(place, column)| column.checked(rows, place))
            .collect::<Result<_, _>>()?;
        let profile = Self {
            codes: read_codes(written.codes)?,
            weights: read_weights(&written.weights)?,
            name: written.name,
            version: written.version,
            status: written.status,
            sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())),
            valid_from,
            valid_to,
            encoding: written.encoding,
            separator,
            line_end: written.line_end,
            has_header: written.has_header,
            numbers: written.identity_format,
            days,
            protected: written.protected,
            rows,
            columns,
        };
        profile.must_fit_together()?;
        Ok(profile)
    }

    /// What only shows when all of it is known.
    fn must_fit_together(&self) -> Result<(), ProfileError> {
        let has = |wanted: Source| sources(&self.columns).any(|(source, _)| source == wanted);
        if !has(Source::IdentityNumber) {
            let detail = "no column has the identityNumber: nobody would know whom a row is about";
            return Err(wrong("layout.columns", detail));
        }
        if self.rows == Rows::PerEvent && !has(Source::BlockCode) {
            let detail = "rows \"per_event\" need a column with the block";
            return Err(wrong("layout.columns", detail));
        }
        for list in lists(&self.columns) {
            if !self.codes.contains_key(&list) {
                let detail = "there are no codes, and a column holds words of this list";
                return Err(wrong(format!("codes.{}", list.name()), detail));
            }
        }
        if let (Rows::PerEvent, Some(word)) = (self.rows, self.unmapped(List::Block).first()) {
            let detail = "there is no code, and every event has a row";
            return Err(wrong(format!("codes.block.{word}"), detail));
        }
        for (place, column) in self.columns.iter().enumerate() {
            let member = format!("layout.columns[{place}]");
            self.must_be_writable(&format!("{member}.header"), &column.header)?;
            if let Filling::Constant(text) = &column.filling {
                self.must_be_writable(&format!("{member}.constant"), text)?;
            }
        }
        for (list, codes) in &self.codes {
            for (word, code) in codes {
                self.must_be_writable(&format!("codes.{}.{word}", list.name()), code)?;
            }
        }
        Ok(())
    }

    fn must_be_writable(&self, member: &str, text: &str) -> Result<(), ProfileError> {
        if text.chars().any(char::is_control) {
            return Err(wrong(member, "holds a sign that cannot be shown"));
        }
        match self.encoding.encode(text) {
            Some(_) => Ok(()),
            None => Err(wrong(
                member,
                "holds a sign that the encoding does not have",
            )),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Its version, as whoever wrote it counts.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// Whether it is a draft.
    pub fn is_draft(&self) -> bool {
        self.status == ProfileStatus::Draft
    }
    /// SHA-256 of its text, in hexadecimal: whether two servers, or two days, have the same.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
    /// Whether it is meant for a half-year.
    pub fn covers(&self, half: HalfYear) -> bool {
        self.valid_from <= half && self.valid_to.is_none_or(|last| half <= last)
    }
    /// The half-years it is meant for, as people read them.
    pub fn covered(&self) -> String {
        let last = self.valid_to.map_or(String::new(), |last| last.to_string());
        format!("{}–{last}", self.valid_from)
    }
    /// What is done with youths whose identity is protected.
    pub const fn protected(&self) -> ProtectedPersons {
        self.protected
    }
    /// Whether the file tells the municipality's code, which the settings have.
    pub fn tells_municipality(&self) -> bool {
        sources(&self.columns).any(|(source, _)| source == Source::MunicipalityCode)
    }
    /// The name of a file of a half-year.
    pub fn file_name(&self, half: HalfYear) -> String {
        let draft = if self.is_draft() { "DRAFT-" } else { "" };
        format!("{draft}{}-{half}.csv", self.name)
    }
    /// The media type of its files.
    pub const fn media_type(&self) -> &'static str {
        self.encoding.media_type()
    }
    /// What a problem weighs.
    pub fn weight(&self, code: ProblemCode) -> ProblemWeight {
        let own = self.weights.get(code.code()).copied();
        own.unwrap_or_else(|| code.usual_weight())
    }
    /// The code of a word.
    pub(super) fn code(&self, list: List, word: &str) -> Option<&str> {
        self.codes.get(&list)?.get(word).map(String::as_str)
    }
    fn unmapped(&self, list: List) -> Vec<&'static str> {
        let mut words = list.words();
        words.retain(|word| self.code(list, word).is_none());
        words
    }
    /// The words without a code, as `list.word`, of the lists that are written: a youth of whom one is told stops the file.
    pub fn words_without_code(&self) -> Vec<String> {
        lists(&self.columns)
            .into_iter()
            .flat_map(|list| {
                let words = self.unmapped(list).into_iter();
                words.map(move |word| format!("{}.{word}", list.name()))
            })
            .collect()
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len())
        && text
            .bytes()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'-')
}

fn read_codes(
    written: BTreeMap<String, BTreeMap<String, String>>,
) -> Result<BTreeMap<List, BTreeMap<String, String>>, ProfileError> {
    let mut codes = BTreeMap::new();
    for (name, words) in written {
        let list = List::named(&name).ok_or_else(|| {
            let known: Vec<&str> = List::ALL.iter().map(|(_, name)| *name).collect();
            let detail = format!("there is no such list; there are {}", known.join(", "));
            wrong(format!("codes.{name}"), detail)
        })?;
        let known = list.words();
        if let Some(word) = words.keys().find(|word| !known.contains(&word.as_str())) {
            let detail = format!("there is no such word; there are {}", known.join(", "));
            return Err(wrong(format!("codes.{name}.{word}"), detail));
        }
        codes.insert(list, words);
    }
    Ok(codes)
}

/// That a word has no code, or an event no column, cannot be waved through: something would be missing in the file.
fn read_weights(
    written: &BTreeMap<String, ProblemWeight>,
) -> Result<BTreeMap<&'static str, ProblemWeight>, ProfileError> {
    let mut weights = BTreeMap::new();
    for (name, weight) in written {
        let member = format!("weights.{name}");
        let code = ProblemCode::from_code(name)
            .ok_or_else(|| wrong(member.clone(), "there is no such control"))?;
        if matches!(
            code,
            ProblemCode::CodeNotMapped | ProblemCode::TooManyEvents
        ) {
            return Err(wrong(
                member,
                "always stops the file: it would lack something",
            ));
        }
        weights.insert(code.code(), *weight);
    }
    Ok(weights)
}
