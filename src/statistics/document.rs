//! What is a release made of? The frozen document: the period, the definitions, the protected tables and the goals as they
//! stood when it was made, in both languages. It holds no hidden count, and everything that a reader gets (JSON, CSV, XLSX,
//! charts, the report) is written from it alone, so that all of them say the same for ever.
//! How figures come to be in it is decided in `tables`, how it is written in `report`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The form of the document; a reader refuses one that it does not know.
pub const FORMAT: u32 = 1;

/// Words in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The words in a language.
    pub fn in_language(&self, language: crate::error::Language) -> &str {
        language.pick(&self.sv, &self.en)
    }
}

impl From<(&str, &str)> for Words {
    fn from((sv, en): (&str, &str)) -> Self {
        Self {
            sv: sv.to_owned(),
            en: en.to_owned(),
        }
    }
}

/// A release as it is kept and hashed. The order of its members is part of its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseDocument {
    /// [`FORMAT`].
    pub format: u32,
    /// What it covers.
    pub period: PeriodOf,
    /// When the figures were read.
    pub counted_at: DateTime<Utc>,
    /// Counts from 1 to one less than this are hidden.
    pub threshold: u64,
    /// What the disclosure control cost.
    pub hidden: HiddenShare,
    /// The definitions in force, of every measure that has a table.
    pub measures: Vec<MeasureDefinition>,
    /// How people are divided; the same in every release of a year.
    pub divisions: Vec<Division>,
    /// The tables.
    pub tables: Vec<Table>,
    /// What the audit has found.
    #[serde(default)]
    pub audit: Audit,
    /// The goals with their status, as they stood.
    pub goals: Vec<Goal>,
    /// What a reader must know besides.
    pub notes: Vec<Words>,
}

/// The days a release covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodOf {
    /// `PeriodPart`, as `tertial_1`.
    pub code: String,
    /// As "Tertial 1 2026".
    pub label: Words,
    /// The year.
    pub year: i32,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day, included.
    pub last_day: NaiveDate,
}

impl PeriodOf {
    /// The period that it tells of; nothing where it is none that can be asked for.
    pub fn period(&self) -> Option<super::period::Period> {
        let part = crate::domain::codes::Code::from_code(&self.code)?;
        super::period::Period::new(i64::from(self.year), part)
    }
}

/// Information loss: how many of the cells are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HiddenShare {
    /// Hidden cells of the published tables.
    pub hidden: u64,
    /// All cells of the published tables.
    pub cells: u64,
}

/// What the audit found that let a release through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// How far apart the counts lie that the least protected hidden cell can have, as far as it was looked for, from everything
    /// published in the release and in the earlier ones of its year. Nothing where no cell is hidden.
    pub narrowest: Option<u64>,
}

/// What kind of number a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// A number of persons or events.
    Count,
    /// A numerator of a denominator, in percent.
    Share,
    /// A sum over a number.
    Mean,
    /// A middle value.
    Median,
}

/// What a figure counts, or is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureUnit {
    Persons,
    Contacts,
    Interventions,
    Checks,
    Sessions,
    Percent,
    Days,
    Hours,
    Kronor,
}

impl FigureUnit {
    /// In words, as a heading of a column.
    pub fn label(self) -> Words {
        match self {
            Self::Persons => ("Personer", "Persons"),
            Self::Contacts => ("Kontakter", "Contacts"),
            Self::Interventions => ("Insatser", "Interventions"),
            Self::Checks => ("Kontroller", "Checks"),
            Self::Sessions => ("Pass", "Sessions"),
            Self::Percent => ("Procent", "Per cent"),
            Self::Days => ("Dagar", "Days"),
            Self::Hours => ("Timmar", "Hours"),
            Self::Kronor => ("Kronor", "Kronor"),
        }
        .into()
    }
}

/// A measure of the catalogue, as it was defined when the release was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeasureDefinition {
    /// Its name in JSON, as `personsOffered`.
    pub code: String,
    /// Grows with every change of what it counts.
    pub version: u32,
    /// What kind of number it is.
    pub kind: MeasureKind,
    /// What a figure of it counts.
    pub unit: FigureUnit,
    /// Its heading.
    pub title: Words,
    /// What it says, in plain words.
    pub definition: Words,
    /// What is counted.
    pub numerator: Words,
    /// Of what; nothing for a plain count.
    pub denominator: Option<Words>,
    /// Which days decide.
    pub period_logic: Words,
    /// The divisions it may be broken down by.
    pub breakdowns: Vec<String>,
    /// Which plan asks for it, if one does.
    pub source: Option<Words>,
}

/// A way to divide people: by sex, age, area, track, reason or unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Division {
    /// Its name in JSON, as `ageGroup`.
    pub name: String,
    /// Its heading.
    pub label: Words,
    /// Its categories.
    pub categories: Vec<Category>,
}

/// A category of a division or an axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// Its code in the cells.
    pub code: String,
    /// Its heading.
    pub label: Words,
    /// The codes of the register that are counted in it, where several were put together or names were folded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
}

/// A protected table: one figure for every combination of categories, sums included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// Its name, as `personsOfferedBySex`.
    pub name: String,
    /// The code of its measure.
    pub measure: String,
    /// Its heading.
    pub title: Words,
    /// What a figure counts.
    pub unit: FigureUnit,
    /// How many decimals `value` has been multiplied by: 0 for counts, 1 for percent.
    pub decimals: u8,
    /// Its dimensions, in the order of [`TableCell::at`]; none for a single figure.
    pub axes: Vec<Axis>,
    /// Its figures: all combinations, the last axis varying fastest, the sum of an axis before its categories.
    pub cells: Vec<TableCell>,
}

/// A dimension of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Axis {
    /// The name of a division, or of what the table tells of (`destination`).
    pub name: String,
    /// Its heading.
    pub label: Words,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Whether its categories add up to the sum that stands with them.
    pub has_sum: bool,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCell {
    /// The code of a category of each axis; `None` for the sum.
    pub at: Vec<Option<String>>,
    /// The figure times ten to the power of [`Table::decimals`]; nothing when it is hidden or there is nothing to divide by.
    pub value: Option<i64>,
    /// Whether it is hidden to protect somebody.
    pub is_hidden: bool,
    /// Of a share or a mean: what was divided, as far as it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<i64>,
    /// Of a share or a mean: by how many, as far as it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<i64>,
}

/// A goal of a plan with its series, its status and what is done for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Goal {
    /// What shall be reached, in the plan's words.
    pub title: String,
    /// The plan it stands in.
    pub plan: Option<String>,
    /// What is measured.
    pub indicator: String,
    /// As `procent` or `personer`.
    pub unit: String,
    /// Who answers for it: an office, not a person.
    pub owner: Option<String>,
    /// How many decimals the values have been multiplied by.
    pub decimals: u8,
    /// Where it began: year and value.
    pub baseline: Option<YearValue>,
    /// Where it shall be: year and value.
    pub target: YearValue,
    /// Known values, the earliest first.
    pub series: Vec<YearValue>,
    /// Whether the value shall rise (or fall) towards the target.
    pub shall_rise: bool,
    /// The latest value's distance from the straight path to the target, positive when better; nothing where data are missing.
    pub ahead_of_path: Option<i64>,
    /// The status in words.
    pub status: Words,
    /// As `ahead`, `on_path`, `behind`, `reached`, `missed`, `no_data`.
    pub status_code: String,
    /// What is done for it.
    pub activities: Vec<Activity>,
}

/// A value of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearValue {
    /// The year.
    pub year: i32,
    /// The value times ten to the power of [`Goal::decimals`].
    pub value: i64,
}

/// An activity under a goal, as the last follow-up told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// What is done.
    pub title: String,
    /// Which office answers for it.
    pub responsible: String,
    /// As `not_begun`, `ongoing`, `done`.
    pub status_code: String,
    /// The status in words.
    pub status: Words,
    /// What is expected.
    pub forecast: Option<String>,
    /// What is done about it.
    pub remedy: Option<String>,
    /// The day of the follow-up.
    pub followed_up_on: Option<NaiveDate>,
}
