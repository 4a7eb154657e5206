//! Which rows must a person mend, in a file the same program opens and that can be sent again?
//! The refused rows with the headings, delimiter and order they came in, and the reason last.

use super::cell::guarded;
use super::columns::Column;
use super::decode::Delimiter;
use super::problems::RowProblem;
use super::{RosterFile, RowOutcome};
use crate::error::Language;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;

/// The refused rows of a file, whole, with the reasons in both languages; personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusedRows {
    delimiter: char,
    headers: Vec<String>,
    rows: Vec<RefusedRow>,
}

#[derive(Clone, PartialEq, Eq)]
struct RefusedRow {
    cells: Vec<String>,
    reason_sv: String,
    reason_en: String,
}

impl fmt::Debug for RefusedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefusedRows({} rows, redacted)", self.rows.len())
    }
}

impl RefusedRows {
    /// The rows that the reader refused, and those of `by_plan`: lines that were understood but
    /// that the register refuses, with why.
    pub fn of(file: &RosterFile, by_plan: &HashMap<u64, Vec<RowProblem>>) -> Self {
        let reason_place = file.places.get(&Column::RefusalReason).copied();
        let without = |cells: &[String]| -> Vec<String> {
            cells
                .iter()
                .enumerate()
                .filter(|(place, _)| Some(*place) != reason_place)
                .map(|(_, cell)| cell.clone())
                .collect()
        };
        let rows = file.rows.iter().filter_map(|reading| {
            let problems = match &reading.outcome {
                RowOutcome::Refused(problems) => problems,
                RowOutcome::Good(_) => by_plan.get(&reading.line)?,
            };
            Some(RefusedRow {
                cells: without(&reading.cells),
                reason_sv: reasons(problems, Language::Swedish),
                reason_en: reasons(problems, Language::English),
            })
        });
        Self {
            delimiter: file.delimiter.char(),
            headers: without(&file.headers),
            rows: rows.collect(),
        }
    }

    /// How many rows were refused.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The rows as CSV (UTF-8 with a byte order mark, CRLF), with one more column `orsak` or
    /// `reason`, which [`super::read_roster`] knows and ignores.
    ///
    /// A row with too few cells is padded; cells beyond the headings stand after the reason, so
    /// that nothing is lost and such a row is refused again until mended. A cell that a
    /// spreadsheet could run as a formula gets an apostrophe before it, which reading takes away
    /// again.
    pub fn csv(&self, language: Language) -> Vec<u8> {
        let mut out = String::from("\u{feff}");
        let heading = match language {
            Language::Swedish => Column::RefusalReason.heading_sv(),
            Language::English => Column::RefusalReason.heading_en(),
        };
        let headers = self.headers.iter().map(String::as_str);
        write_record(&mut out, self.delimiter, headers.chain([heading]));
        let width = self.headers.len();
        for row in &self.rows {
            let reason = match language {
                Language::Swedish => &row.reason_sv,
                Language::English => &row.reason_en,
            };
            let mut cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            while cells.len() < width {
                cells.push("");
            }
            cells.insert(width, reason);
            write_record(&mut out, self.delimiter, cells.into_iter());
        }
        out.into_bytes()
    }

    /// The rows as text to be stored for a short while. Personal data.
    pub fn to_stored(&self) -> String {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| json!([row.reason_sv, row.reason_en, row.cells]))
            .collect();
        json!({
            "delimiter": self.delimiter.to_string(),
            "headers": self.headers,
            "rows": rows,
        })
        .to_string()
    }

    /// The rows of a stored text; `None` when it is not one.
    pub fn from_stored(stored: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(stored).ok()?;
        let words = |value: &Value| -> Option<Vec<String>> {
            value
                .as_array()?
                .iter()
                .map(|word| word.as_str().map(str::to_owned))
                .collect()
        };
        let delimiter = document.get("delimiter")?.as_str()?.chars().next()?;
        let rows = document.get("rows")?.as_array()?.iter().map(|row| {
            Some(RefusedRow {
                reason_sv: row.get(0)?.as_str()?.to_owned(),
                reason_en: row.get(1)?.as_str()?.to_owned(),
                cells: words(row.get(2)?)?,
            })
        });
        Some(Self {
            delimiter: Delimiter::from_char(delimiter)?.char(),
            headers: words(document.get("headers")?)?,
            rows: rows.collect::<Option<_>>()?,
        })
    }
}

/// The rows that the reader refused, as CSV: see [`RefusedRows::csv`].
pub fn refused_csv(file: &RosterFile, language: Language) -> Vec<u8> {
    RefusedRows::of(file, &HashMap::new()).csv(language)
}

fn reasons(problems: &[RowProblem], language: Language) -> String {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| {
            let detail = problem.detail(language);
            if problem.column.is_empty() {
                detail.to_owned()
            } else {
                format!("{}: {detail}", problem.column)
            }
        })
        .collect();
    texts.join(" ")
}

/// RFC 4180, with the delimiter of the file. Written here because writing to memory can not fail.
fn write_record<'c>(out: &mut String, delimiter: char, cells: impl Iterator<Item = &'c str>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(delimiter);
        }
        let cell = guarded(cell);
        if cell.contains([delimiter, '"', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}
