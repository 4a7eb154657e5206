//! What does a population roster from another system say, row by row, and what in it must be
//! mended by a person? Reads CSV of any common encoding, delimiter and set of headings; gives
//! every row as understood or as refused with all its problems.
//! Pure: what is stored, compared with the register or opened as a case does not belong here.

mod cell;
mod columns;
mod decode;
mod mapping;
pub mod plan;
mod problems;
mod refused;
mod rows;
pub mod school;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::codes::{LegalSex, ProtectionLevel};
use crate::domain::identity_number::IdentityNumber;

pub(crate) use cell::guarded;
pub(super) use cell::{cleaned, comparable};
pub use columns::Column;
pub use decode::{Delimiter, TextEncoding};
pub(super) use decode::{decode, delimiter_of};
pub use mapping::{Placement, RosterMapping, RosterMappingError, StatusRule};
pub use problems::{RosterFileError, RowProblem};
pub use refused::{RefusedRows, refused_csv};

use columns::Columns;
use rows::RowReader;

/// Progress is told after this many rows.
const PROGRESS_EVERY: usize = 1_000;

/// One person of a roster, as the file says; personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// Physical line of the file, from 1.
    pub line: u64,
    pub identity: IdentityNumber,
    /// Composed Unicode (NFC), single blanks.
    pub given_name: String,
    /// Composed Unicode (NFC), single blanks.
    pub family_name: String,
    pub birth_date: NaiveDate,
    /// What the number says; the file's word only where the number says nothing (TF numbers).
    pub legal_sex: LegalSex,
    /// No address at all under protected registration (folkbokföringslagen 16 §).
    pub street: Option<String>,
    /// `NNN NN`.
    pub postal_code: Option<String>,
    pub city: Option<String>,
    pub area: Option<String>,
    /// As written; begins with 0 or +, 7 to 15 digits.
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Whether a letter of the name was lost on the way, so that what is known already is better.
    pub is_name_damaged: bool,
    /// `None` also where the file has no such column or an empty cell: see
    /// [`RosterFile::absent_columns`] before lowering what is known already.
    pub protection: ProtectionLevel,
    /// As written in the file.
    pub status_word: String,
    pub programme: Option<String>,
    pub placement: Placement,
    /// What it tells of school and exam.
    pub school: school::SchoolSaid,
}

impl fmt::Debug for RosterRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RosterRow(line {}, redacted)", self.line)
    }
}

/// Whether a row could be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowOutcome {
    Good(Box<RosterRow>),
    /// Everything wrong with the row, not only the first thing.
    Refused(Vec<RowProblem>),
}

/// A row of the file: what became of it, and its cells as they stood.
#[derive(Clone, PartialEq, Eq)]
pub struct RowReading {
    /// Physical line of the file where the row begins; the first line of the file is 1.
    pub line: u64,
    pub outcome: RowOutcome,
    /// What the reader changed or left out; the row stands.
    pub warnings: Vec<RowProblem>,
    /// The cells in the order of the file, without traces of spreadsheets; personal data.
    pub cells: Vec<String>,
}

impl fmt::Debug for RowReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReading")
            .field("line", &self.line)
            .field("outcome", &self.outcome)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// How many rows of each sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RosterCounts {
    /// Rows with anything in them, the header line not counted.
    pub rows: usize,
    pub good: usize,
    pub refused: usize,
    /// Good rows with at least one warning.
    pub good_with_warnings: usize,
    pub target_group: usize,
    pub needs_decision: usize,
    pub outside: usize,
}

/// A roster as read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RosterFile {
    pub encoding: TextEncoding,
    pub delimiter: Delimiter,
    /// The headings in the order of the file.
    pub headers: Vec<String>,
    /// Headings that mean nothing here. Their cells stand only in [`RowReading::cells`].
    pub ignored_columns: Vec<String>,
    /// Optional columns the file does not have: the file says nothing about them.
    pub absent_columns: Vec<Column>,
    /// Where each known column stands, that of an earlier reason for refusal too.
    places: BTreeMap<Column, usize>,
    pub rows: Vec<RowReading>,
}

impl RosterFile {
    /// The heading of a column as it stands in the file; empty when the file has none.
    pub fn heading(&self, column: Column) -> &str {
        self.places
            .get(&column)
            .and_then(|place| self.headers.get(*place))
            .map_or("", String::as_str)
    }

    /// Counts the rows.
    pub fn counts(&self) -> RosterCounts {
        let mut counts = RosterCounts {
            rows: self.rows.len(),
            ..RosterCounts::default()
        };
        for reading in &self.rows {
            match &reading.outcome {
                RowOutcome::Refused(_) => counts.refused += 1,
                RowOutcome::Good(row) => {
                    counts.good += 1;
                    counts.good_with_warnings += usize::from(!reading.warnings.is_empty());
                    match row.placement {
                        Placement::TargetGroup(_) => counts.target_group += 1,
                        Placement::NeedsDecision => counts.needs_decision += 1,
                        Placement::Outside => counts.outside += 1,
                    }
                }
            }
        }
        counts
    }
}

/// Reads a roster. `as_of` is the day it describes: ages and two-digit years are counted from
/// it. `progress` is told the number of rows read, now and then and at the end.
///
/// # Errors
/// When the file as a whole can not be understood. Problems of a row are in its reading.
pub fn read_roster(
    bytes: &[u8],
    as_of: NaiveDate,
    mapping: &RosterMapping,
    progress: &mut dyn FnMut(usize),
) -> Result<RosterFile, RosterFileError> {
    let (text, encoding) = decode::decode(bytes)?;
    let (delimiter, start) = decode::delimiter_of(&text);
    let body = text.get(start..).unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.byte())
        .from_reader(body.as_bytes());
    let mut lines = LineCounter::new(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let mut row_reader: Option<RowReader<'_>> = None;

    loop {
        let begin = start.saturating_add(usize::try_from(reader.position().byte()).unwrap_or(0));
        // The text is in memory and is UTF-8, so the reader has nothing left to fail on.
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(RosterFileError::NotText),
        }
        let line = lines.line_at(begin);
        let last_line = line + record.iter().map(line_breaks).sum::<u64>();
        let cells: Vec<String> = record.iter().map(cell::cleaned).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        match row_reader.as_mut() {
            None => {
                let columns = Columns::read(cells)?;
                row_reader = Some(RowReader::new(columns, mapping, as_of, encoding));
            }
            Some(row_reader) => {
                rows.push(row_reader.read((line, last_line), cells));
                if rows.len().is_multiple_of(PROGRESS_EVERY) {
                    progress(rows.len());
                }
            }
        }
    }
    progress(rows.len());
    let columns = row_reader.ok_or(RosterFileError::Empty)?.into_columns();
    Ok(RosterFile {
        encoding,
        delimiter,
        ignored_columns: columns.ignored(),
        absent_columns: columns.absent(),
        places: columns.places,
        headers: columns.headers,
        rows,
    })
}

/// Physical lines by byte. The CSV reader's own line number is behind by one after CRLF and by
/// the blank lines it has skipped.
struct LineCounter<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> LineCounter<'t> {
    fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
        }
    }

    /// The line of the record that begins at or after `begin`; never called with less than before.
    fn line_at(&mut self, begin: usize) -> u64 {
        loop {
            match self.text.get(self.at) {
                Some(b'\n') => self.line += 1,
                Some(b'\r') if self.text.get(self.at + 1) != Some(&b'\n') => self.line += 1,
                Some(b'\r') => {}
                Some(_) if self.at < begin => {}
                _ => return self.line,
            }
            self.at += 1;
        }
    }
}

fn line_breaks(cell: &str) -> u64 {
    let mut lines = LineCounter::new(cell.as_bytes());
    lines.line_at(cell.len()).saturating_sub(1)
}
