//! What do the tables say? Measure by measure: what is counted, every table with its marks explained, and its chart where
//! there is something to compare.

use crate::error::Language;
use crate::report::chart;
use crate::report::grid::{Grid, Place, Row};
use crate::report::pdf::face::fit;
use crate::report::pdf::layout::{BOTTOM, Layout, Style, TOP, WIDTH, count};
use crate::report::pdf::shelf::Report;
use crate::report::pdf::table::{Block, BlockRow};
use crate::report::pdf::tree::NodeId;
use crate::report::words::{HIDDEN, NOTHING, figure, hidden, nothing, number as written, total};
use crate::statistics::document::{MeasureDefinition, MeasureKind, Table, TableCell};
use krilla::tagging::Tag;

/// More columns than this beside each other cannot be read.
const COLUMNS: usize = 8;
/// A column of numbers.
const NARROW: f32 = 46.0;
const WIDE: f32 = 84.0;
/// One whose heading has a long word.
const WIDEST: f32 = 112.0;
/// A column of headings of rows.
const LABEL: f32 = 100.0;
const WIDEST_LABEL: f32 = 250.0;

pub(super) fn lay(layout: &mut Layout<'_>, report: &Report<'_>, root: NodeId) {
    let node = layout.tree.add(root, Tag::Section);
    layout.heading(
        node,
        1,
        report.word("Tabeller och diagram", "Tables and charts"),
    );
    let mut number = 0;
    for measure in &report.document.measures {
        let tables: Vec<&Table> = of_measure(report, |code| code == measure.code);
        if !tables.is_empty() {
            let node = layout.tree.add(node, Tag::Section);
            let definition = report.told(&measure.definition);
            // A heading with its definition and the beginning of what it heads.
            let first = tables.first().map_or(0, |table| table.cells.len()).min(6);
            layout.need(
                60.0 + layout.height(Style::TEXT, "", definition) + Block::likely_height(first),
            );
            layout.heading(node, 2, report.told(&measure.title));
            layout.paragraph(node, Style::TEXT, definition);
            all(layout, report, node, &tables, Some(measure), &mut number);
        }
    }
    let rest = of_measure(report, |code| {
        let mut measures = report.document.measures.iter();
        measures.all(|measure| measure.code != code)
    });
    if !rest.is_empty() {
        let node = layout.tree.add(node, Tag::Section);
        layout.heading(node, 2, report.word("Övriga tabeller", "Other tables"));
        all(layout, report, node, &rest, None, &mut number);
    }
}

fn of_measure<'r>(report: &Report<'r>, is_wanted: impl Fn(&str) -> bool) -> Vec<&'r Table> {
    let tables = report.document.tables.iter();
    tables.filter(|table| is_wanted(&table.measure)).collect()
}

fn all(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    node: NodeId,
    tables: &[&Table],
    measure: Option<&MeasureDefinition>,
    number: &mut usize,
) {
    for table in tables {
        if table.axes.is_empty() {
            single(layout, report, node, table);
        } else {
            *number += 1;
            one(layout, report, node, table, measure, *number);
        }
    }
}

/// A figure by itself needs no table.
fn single(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId, table: &Table) {
    let Some(cell) = table.cells.first() else {
        return;
    };
    let language = report.language;
    let lead = format!("{}:", report.told(&table.title));
    let unit = table.unit.label();
    let unit = report.told(&unit).to_lowercase();
    let figure = figure(cell, table.decimals, language);
    let text = match cell.value {
        _ if cell.is_hidden => format!("{figure} ({})", hidden(language).to_lowercase()),
        Some(_) => format!("{figure} {unit}"),
        None => format!("{figure} ({})", nothing(language).to_lowercase()),
    };
    layout.led(node, Style::TEXT, &lead, &text);
}

fn one(
    layout: &mut Layout<'_>,
    report: &Report<'_>,
    node: NodeId,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    number: usize,
) {
    let language = report.language;
    let grid = Grid::of(table, across(table));
    let columns = columns(&grid, table, measure, language);
    let (column_width, at_once) = widths(layout, &grid, &columns);
    let label_width =
        (WIDTH - column_width * count(at_once.min(columns.len()))) / count(grid.down.len());
    let label_width = label_width.min(WIDEST_LABEL);
    let title = report.told(&table.title);
    let table_word = report.word("Tabell", "Table");
    let unit = table.unit.label();
    let unit = report.told(&unit).to_lowercase();
    let parts = columns.len().div_ceil(at_once);
    for (index, shown) in columns.chunks(at_once).enumerate() {
        let part = match (parts, language) {
            (1, _) => String::new(),
            (_, Language::Swedish) => format!(", del {} av {parts}", index + 1),
            (_, Language::English) => format!(", part {} of {parts}", index + 1),
        };
        let head = grid
            .down
            .iter()
            .map(|axis| report.told(&axis.label).to_owned())
            .chain(shown.iter().map(|column| column.heading.clone()))
            .collect();
        let widths = std::iter::repeat_n(label_width, grid.down.len())
            .chain(shown.iter().map(|_| column_width))
            .collect();
        let block = Block {
            caption: format!("{table_word} {number}{part}. {title} ({unit})"),
            head,
            widths,
            labels: grid.down.len(),
            texts: grid.down.len(),
            rows: rows(&grid, shown, table, language),
            note: marks(&grid, shown, language),
        };
        layout.table(node, &block);
    }
    let title = format!(
        "{} {number}. {title} ({unit})",
        report.word("Diagram", "Chart")
    );
    drawn(layout, report, node, table, &title);
}

/// What goes across: of several dimensions the last, or the shortest where the last is too long to stand beside itself.
fn across(table: &Table) -> Option<usize> {
    let last = table.axes.len().checked_sub(1).filter(|last| *last > 0)?;
    let length = |index: &usize| {
        table
            .axes
            .get(*index)
            .map_or(0, |axis| axis.categories.len())
    };
    if length(&last) < COLUMNS {
        return Some(last);
    }
    // The last of equals, as the document has it.
    (0..=last).rev().min_by_key(length)
}

/// A column of figures.
struct Column {
    /// Which cell of a row.
    cell: usize,
    part: Part,
    heading: String,
}

#[derive(Clone, Copy)]
enum Part {
    Figure,
    Numerator,
    Denominator,
}

fn columns(
    grid: &Grid<'_>,
    table: &Table,
    measure: Option<&MeasureDefinition>,
    language: Language,
) -> Vec<Column> {
    if grid.across.is_some() {
        let heading = |place: &Place<'_>| {
            place
                .map_or(total(language), |category| {
                    category.label.in_language(language)
                })
                .to_owned()
        };
        let columns = grid.columns.iter().enumerate();
        return columns
            .map(|(cell, place)| Column {
                cell,
                part: Part::Figure,
                heading: heading(place),
            })
            .collect();
    }
    let column = |part, heading: &str| Column {
        cell: 0,
        part,
        heading: heading.to_owned(),
    };
    let unit = table.unit.label();
    let mut columns = vec![column(Part::Figure, unit.in_language(language))];
    let is_mean = measure.is_some_and(|measure| measure.kind == MeasureKind::Mean);
    if grid.any(|cell| cell.numerator.is_some()) {
        let share = language.pick("Täljare", "Numerator");
        let mean = language.pick("Summa", "Sum");
        columns.push(column(Part::Numerator, if is_mean { mean } else { share }));
    }
    if grid.any(|cell| cell.denominator.is_some()) {
        let share = language.pick("Nämnare", "Denominator");
        let mean = language.pick("Antal", "Number");
        columns.push(column(
            Part::Denominator,
            if is_mean { mean } else { share },
        ));
    }
    columns
}

/// How wide a column is so that no word of its heading is broken, and how many of them stand beside each other.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a page has few columns"
)]
fn widths(layout: &Layout<'_>, grid: &Grid<'_>, columns: &[Column]) -> (f32, usize) {
    let words = columns
        .iter()
        .flat_map(|column| column.heading.split_whitespace());
    let widest = words
        .map(|word| layout.faces.width(&fit(word), 9.0, true) + 9.0)
        .fold(NARROW, f32::max);
    let room = WIDTH - LABEL * count(grid.down.len());
    let even = room / count(columns.len().max(1));
    let width = widest.max(even.min(WIDE)).min(WIDEST).min(room);
    let at_once = ((room / width) as usize).clamp(1, COLUMNS);
    // Parts of about the same number of columns.
    let parts = columns.len().div_ceil(at_once).max(1);
    let at_once = columns.len().div_ceil(parts).max(1);
    let roomy = (room / count(at_once)).min(WIDE);
    (width.max(roomy), at_once)
}

fn rows(grid: &Grid<'_>, columns: &[Column], table: &Table, language: Language) -> Vec<BlockRow> {
    let label = |place: &Place<'_>| {
        place
            .map_or(total(language), |category| {
                category.label.in_language(language)
            })
            .to_owned()
    };
    let shown = |row: &Row<'_>, column: &Column| {
        let Some(cell) = row.cells.get(column.cell).copied().flatten() else {
            return NOTHING.to_owned();
        };
        let cell: &TableCell = cell;
        match column.part {
            Part::Figure => figure(cell, table.decimals, language),
            Part::Numerator => part(cell.numerator, cell, language),
            Part::Denominator => part(cell.denominator, cell, language),
        }
    };
    let written = grid.rows.iter().map(|row| {
        let labels = row.at.iter().map(label);
        let figures = columns.iter().map(|column| shown(row, column));
        BlockRow {
            cells: labels.chain(figures).collect(),
            is_strong: row.is_sum(),
        }
    });
    written.collect()
}

/// A numerator or denominator as people read it.
fn part(part: Option<i64>, cell: &TableCell, language: Language) -> String {
    match part {
        Some(value) => written(value, 0, language),
        None if cell.is_hidden => HIDDEN.to_owned(),
        None => NOTHING.to_owned(),
    }
}

/// What the marks of a table, or a part of it, mean.
fn marks(grid: &Grid<'_>, columns: &[Column], language: Language) -> String {
    let shown = |row: &Row<'_>| -> Vec<bool> {
        let cells = columns
            .iter()
            .filter_map(|column| row.cells.get(column.cell).copied().flatten());
        cells
            .filter(|cell| cell.is_hidden || cell.value.is_none())
            .map(|cell| cell.is_hidden)
            .collect()
    };
    let marks: Vec<bool> = grid.rows.iter().flat_map(shown).collect();
    let mut words = Vec::new();
    if marks.contains(&true) {
        words.push(format!("{HIDDEN} {}.", hidden(language).to_lowercase()));
    }
    if marks.contains(&false) {
        words.push(format!("{NOTHING} {}.", nothing(language).to_lowercase()));
    }
    words.join("  ")
}

/// The chart of a table, where two figures at least can be compared and it has room on a page.
fn drawn(layout: &mut Layout<'_>, report: &Report<'_>, node: NodeId, table: &Table, title: &str) {
    let compared = table
        .cells
        .iter()
        .filter(|cell| cell.value.is_some() && cell.at.iter().any(Option::is_some));
    if compared.count() < 2 {
        return;
    }
    let faces = layout.faces;
    let measure = |text: &str, size: f32, is_strong| faces.width(&fit(text), size, is_strong);
    let period = report.told(&report.document.period.label);
    let drawing = chart::of_table(table, period, report.language, &measure);
    if drawing.height < BOTTOM - TOP - 60.0 {
        layout.figure(node, title, &drawing);
    }
}
