//! Which rows must a person mend, in a file the same program opens and that can be sent again?
//! The refused rows with the headings, delimiter and order they came in, and the reason last.

use super::cell::guarded;
use super::columns::Column;
use super::problems::RowProblem;
use super::{RosterFile, RowOutcome};
use crate::error::Language;

/// The refused rows as CSV (UTF-8 with a byte order mark, CRLF), with one more column `orsak` or
/// `reason`, which [`super::read_roster`] knows and ignores. Personal data.
///
/// A row with too few cells is padded; cells beyond the headings stand after the reason, so that
/// nothing is lost and such a row is refused again until mended. A cell that a spreadsheet could
/// run as a formula gets an apostrophe before it, which reading takes away again.
pub fn refused_csv(file: &RosterFile, language: Language) -> Vec<u8> {
    let delimiter = file.delimiter.char();
    let mut out = String::from("\u{feff}");
    let heading = match language {
        Language::Swedish => Column::RefusalReason.heading_sv(),
        Language::English => Column::RefusalReason.heading_en(),
    };
    let mut headers = without(&file.headers, file.reason_place);
    let width = headers.len();
    headers.push(heading);
    write_record(&mut out, delimiter, headers.into_iter());
    for reading in &file.rows {
        let RowOutcome::Refused(problems) = &reading.outcome else {
            continue;
        };
        let mut cells = without(&reading.cells, file.reason_place);
        while cells.len() < width {
            cells.push("");
        }
        let reason = reasons(problems, language);
        cells.insert(width, &reason);
        write_record(&mut out, delimiter, cells.into_iter());
    }
    out.into_bytes()
}

/// The cells without that of an earlier reason.
fn without(cells: &[String], reason_place: Option<usize>) -> Vec<&str> {
    cells
        .iter()
        .enumerate()
        .filter(|(place, _)| Some(*place) != reason_place)
        .map(|(_, cell)| cell.as_str())
        .collect()
}

fn reasons(problems: &[RowProblem], language: Language) -> String {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| {
            let detail = match language {
                Language::Swedish => &problem.detail_sv,
                Language::English => &problem.detail_en,
            };
            if problem.column.is_empty() {
                detail.clone()
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
