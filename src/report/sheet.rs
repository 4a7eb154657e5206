//! How does a release open right in a Swedish spreadsheet? UTF-8 with a mark, semicolons, CRLF, decimal commas, one row for
//! each figure, and no cell that could be run as a formula.

use crate::error::{Error, Language, Result};
use crate::exchange::guarded;
use crate::statistics::document::{ReleaseDocument, Table, TableCell};

/// What stands in place of a hidden figure, as the national statistics write it.
const HIDDEN: &str = "..";
/// What tells a spreadsheet that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// The release as a file for spreadsheets: the period, the table, where the figure stands, and the figure. The notes follow.
///
/// # Errors
/// The file could not be built, which is a fault of ours.
pub fn to_csv(document: &ReleaseDocument, language: Language) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.as_bytes().to_vec());
    let mut write = |row: [&str; 6]| {
        let row = row.map(guarded);
        writer.write_record(row).map_err(Error::internal)
    };
    write(match language {
        Language::Swedish => ["Period", "Tabell", "Grupp", "Enhet", "Värde", "Anmärkning"],
        Language::English => ["Period", "Table", "Group", "Unit", "Value", "Note"],
    })?;
    let period = document.period.label.in_language(language);
    for table in &document.tables {
        let title = table.title.in_language(language);
        let unit = table.unit.label();
        for cell in &table.cells {
            let place = place_of(table, cell, language);
            let figure = figure_of(table, cell);
            write([
                period,
                title,
                &place,
                unit.in_language(language),
                &figure,
                "",
            ])?;
        }
    }
    for note in &document.notes {
        write([period, "", "", "", "", note.in_language(language)])?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.error()))
}

/// Where a figure stands, as "Kön: Kvinna, Område: Alla".
fn place_of(table: &Table, cell: &TableCell, language: Language) -> String {
    let all = match language {
        Language::Swedish => "Alla",
        Language::English => "All",
    };
    let places = table.axes.iter().zip(&cell.at).map(|(axis, at)| {
        let found = axis
            .categories
            .iter()
            .find(|category| Some(&category.code) == at.as_ref());
        let word = found.map_or(all, |category| category.label.in_language(language));
        format!("{}: {word}", axis.label.in_language(language))
    });
    places.collect::<Vec<_>>().join(", ")
}

fn figure_of(table: &Table, cell: &TableCell) -> String {
    match cell.value {
        _ if cell.is_hidden => HIDDEN.to_owned(),
        None => String::new(),
        Some(value) => {
            let decimals = usize::from(table.decimals);
            format!("{:.decimals$}", super::float(value, table.decimals)).replace('.', ",")
        }
    }
}
