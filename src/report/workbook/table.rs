//! What does the sheet of a table say? Its figures with the parts of shares and means, what is counted, and what its marks
//! mean. How it looks stands in `look`.

use super::look::{Written, fit_height, new_sheet};
use super::texts::fitting;
use super::{Book, threshold};
use crate::error::Language;
use crate::report::grid::{Grid, Place};
use crate::report::words::{HIDDEN, NOTHING, float, hidden, nothing, total};
use crate::statistics::document::{
    Axis, MeasureDefinition, MeasureKind, ReleaseDocument, Table, TableCell,
};
use rust_xlsxwriter::Format;

/// More columns than this are printed across.
const UPRIGHT_COLUMNS: usize = 6;
/// A column of headings of rows, and one of numbers, in digits.
const LABEL_WIDTH: u16 = 44;
const NUMBER_WIDTH: u16 = 15;

impl Book {
    pub(super) fn table(
        &mut self,
        document: &ReleaseDocument,
        name: &str,
        table: &Table,
    ) -> Written {
        let language = self.language;
        let measure = document
            .measures
            .iter()
            .find(|measure| measure.code == table.measure);
        let across = (table.axes.len() > 1).then(|| table.axes.len() - 1);
        let grid = Grid::of(table, across);
        let columns = columns(&grid, table, measure, language);
        let formats = &self.formats;
        let sheet = new_sheet(&mut self.workbook, name)?;
        let period = document.period.label.in_language(language);
        let unit = table.unit.label();
        let about = format!(
            "{period}. {}: {}.",
            language.pick("Enhet", "Unit"),
            unit.in_language(language).to_lowercase()
        );
        sheet.write_string_with_format(
            0,
            0,
            fitting(table.title.in_language(language)),
            &formats.title,
        )?;
        sheet.write_string_with_format(1, 0, fitting(&about), &Format::new())?;
        let header_row = 3;
        let labels = grid.down.len().max(1);
        for (column, heading) in (0..).zip(row_headings(&grid, language)) {
            sheet.write_string_with_format(
                header_row,
                column,
                fitting(&heading),
                &formats.header,
            )?;
            sheet.set_column_width(column, LABEL_WIDTH)?;
        }
        let first = u16::try_from(labels).unwrap_or(1);
        for (column, shown) in (first..).zip(&columns) {
            sheet.write_string_with_format(
                header_row,
                column,
                fitting(&shown.heading),
                &formats.number_header,
            )?;
            sheet.set_column_width(column, NUMBER_WIDTH)?;
        }
        let headings = columns
            .iter()
            .map(|column| (column.heading.as_str(), NUMBER_WIDTH));
        fit_height(sheet, header_row, headings)?;
        let mut at = header_row;
        for row in &grid.rows {
            at += 1;
            let labels = row_labels(&row.at, language);
            let cells = labels.iter().map(|label| (label.as_str(), LABEL_WIDTH));
            fit_height(sheet, at, cells)?;
            let is_sum = row.is_sum();
            let format = if is_sum {
                &formats.sum_text
            } else {
                &formats.text
            };
            for (column, label) in (0..).zip(labels) {
                sheet.write_string_with_format(at, column, fitting(&label), format)?;
            }
            for (column, shown) in (first..).zip(&columns) {
                let Some(cell) = row.cells.get(shown.cell).copied().flatten() else {
                    continue;
                };
                let decimals = shown.part.decimals(table);
                match shown.part.of(cell) {
                    Ok(value) => {
                        let number = formats.number(decimals, is_sum);
                        sheet.write_number_with_format(
                            at,
                            column,
                            float(value, decimals),
                            &number,
                        )?
                    }
                    Err(mark) => sheet.write_string_with_format(at, column, mark, &formats.mark)?,
                };
            }
        }
        // Over all columns: below a narrow one a note would be a tower.
        let last = first + u16::try_from(columns.len()).unwrap_or(1) - 1;
        let width = u16::try_from(labels).unwrap_or(1) * LABEL_WIDTH;
        let width = width + (last + 1 - first) * NUMBER_WIDTH;
        for (place, note) in (at + 2..).zip(notes(&grid, document, measure, language)) {
            let note = fitting(&note);
            fit_height(sheet, place, std::iter::once((note.as_str(), width)))?;
            sheet.merge_range(place, 0, place, last, &note, &formats.note)?;
        }
        sheet.set_freeze_panes(header_row + 1, first)?;
        sheet.set_repeat_rows(0, header_row)?;
        if labels + columns.len() > UPRIGHT_COLUMNS {
            sheet.set_landscape();
        }
        sheet.set_print_fit_to_pages(1, 0);
        Ok(())
    }
}

/// What a column shows of its cells.
struct Column {
    /// Which cell of a row.
    cell: usize,
    part: Part,
    heading: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Numerator,
    Denominator,
}

impl Part {
    const fn decimals(self, table: &Table) -> u8 {
        match self {
            Self::Value => table.decimals,
            Self::Numerator | Self::Denominator => 0,
        }
    }

    /// The number, or the mark in its place.
    fn of(self, cell: &TableCell) -> std::result::Result<i64, &'static str> {
        let number = match self {
            Self::Value => cell.value.filter(|_| !cell.is_hidden),
            Self::Numerator => cell.numerator,
            Self::Denominator => cell.denominator,
        };
        number.ok_or(if cell.is_hidden { HIDDEN } else { NOTHING })
    }
}

fn columns(
    grid: &Grid<'_>,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> Vec<Column> {
    let mut parts = vec![Part::Value];
    if grid.any(|cell| cell.numerator.is_some()) {
        parts.push(Part::Numerator);
    }
    if grid.any(|cell| cell.denominator.is_some()) {
        parts.push(Part::Denominator);
    }
    let mut columns = Vec::new();
    for part in parts {
        for (cell, place) in grid.columns.iter().enumerate() {
            let what = part_heading(part, table, measure, language);
            let heading = match (grid.across.is_some(), part) {
                (false, _) => what,
                (true, Part::Value) => place_label(*place, language),
                (true, _) => format!("{}, {}", place_label(*place, language), what.to_lowercase()),
            };
            columns.push(Column {
                cell,
                part,
                heading,
            });
        }
    }
    columns
}

fn part_heading(
    part: Part,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> String {
    let is_mean = measure.is_some_and(|measure| measure.kind == MeasureKind::Mean);
    match part {
        Part::Value => table.unit.label().in_language(language).to_owned(),
        Part::Numerator if is_mean => language.pick("Summa", "Sum").to_owned(),
        Part::Numerator => language.pick("Täljare", "Numerator").to_owned(),
        Part::Denominator if is_mean => language.pick("Antal", "Number").to_owned(),
        Part::Denominator => language.pick("Nämnare", "Denominator").to_owned(),
    }
}

fn place_label(place: Place<'_>, language: Language) -> String {
    place
        .map_or(total(language), |category| {
            category.label.in_language(language)
        })
        .to_owned()
}

fn row_headings(grid: &Grid<'_>, language: Language) -> Vec<String> {
    if grid.down.is_empty() {
        return vec![String::new()];
    }
    let label = |axis: &&Axis| axis.label.in_language(language).to_owned();
    grid.down.iter().map(label).collect()
}

fn row_labels(at: &[Place<'_>], language: Language) -> Vec<String> {
    if at.is_empty() {
        return vec![total(language).to_owned()];
    }
    at.iter()
        .map(|place| place_label(*place, language))
        .collect()
}

/// What a reader of one sheet must know: what is counted, and what its marks mean.
fn notes(
    grid: &Grid<'_>,
    document: &ReleaseDocument,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(measure) = measure {
        notes.push(measure.definition.in_language(language).to_owned());
    }
    if grid.any(|cell| cell.is_hidden) {
        notes.push(format!(
            "{HIDDEN} = {}. {}",
            hidden(language),
            threshold(document, language)
        ));
    }
    if grid.any(|cell| !cell.is_hidden && cell.value.is_none()) {
        notes.push(format!("{NOTHING} = {}", nothing(language)));
    }
    notes
}
