//! Which shapes show a table? A bar a figure, with its group before it and its number after it, so that nothing is told by
//! colour or length alone and a hidden figure is seen to be hidden.

use super::{LINE, Measure, SIZE, WIDTH, as_f32};
use crate::error::Language;
use crate::report::alternative;
use crate::report::drawing::{Anchor, BLACK, Drawing, GREY, Ink, SERIES, Shape, wrapped};
use crate::report::grid::{Grid, Place, Row};
use crate::report::words::{HIDDEN, NOTHING, figure, hidden, nothing, number, total};
use crate::statistics::document::{FigureUnit, Table, TableCell};

/// From one bar to the next, at least.
const BAR: f32 = 10.0;
const GAP: f32 = 5.0;
/// Where the bars begin, and what is left for the numbers after them.
const LABELS: f32 = 176.0;
pub(super) const NUMBERS: f32 = 58.0;
/// What is left besides for what was divided by what.
const QUOTIENTS: f32 = 74.0;
/// How much of a hidden bar is outlined: the same for all, so that it tells nothing.
pub(super) const STUB: f32 = 22.0;

/// The bars of a table.
pub(in crate::report) fn of_table(
    table: &Table,
    period: &str,
    language: Language,
    measure: Measure<'_>,
) -> Drawing {
    let mut bars = Bars {
        shapes: Vec::new(),
        y: 2.0,
        scale: scale(table),
        numbers: if table
            .cells
            .iter()
            .any(|cell| quotient(cell, language).is_some())
        {
            NUMBERS + QUOTIENTS
        } else {
            NUMBERS
        },
        table,
        language,
        measure,
    };
    let grid = Grid::of(table, None);
    let mut group: Option<Vec<String>> = None;
    let mut marks = (false, false);
    for row in grid.rows.iter().filter(|row| is_drawn(table, row)) {
        let labels = labels(row, language);
        let (before, own) = match labels.split_last() {
            Some((own, before)) => (before.to_vec(), own.clone()),
            None => (Vec::new(), total(language).to_owned()),
        };
        if !before.is_empty() && group.as_ref() != Some(&before) {
            bars.group(&before.join(", "));
            group = Some(before);
        }
        let place = series_place(table, row);
        if let Some(cell) = row.cells.first().copied().flatten() {
            bars.bar(&own, cell, place);
            marks.0 |= cell.is_hidden;
            marks.1 |= !cell.is_hidden && cell.value.is_none();
        }
    }
    bars.base_line();
    let mut notes = Vec::new();
    if marks.0 {
        notes.push(format!("{HIDDEN} {}", hidden(language).to_lowercase()));
    }
    if marks.1 {
        notes.push(format!("{NOTHING} {}", nothing(language).to_lowercase()));
    }
    bars.notes(&notes.join("   "));
    Drawing {
        width: WIDTH,
        height: bars.y,
        title: format!("{}, {period}", table.title.in_language(language)),
        description: alternative::of_table(table, period, language),
        shapes: bars.shapes,
    }
}

/// A sum of counts would dwarf its parts; what shares and means are of all is a measure for each of them.
fn is_drawn(table: &Table, row: &Row<'_>) -> bool {
    let is_part = row.at.iter().all(Option::is_some);
    is_part || !is_count(table)
}

pub(super) const fn is_count(table: &Table) -> bool {
    matches!(
        table.unit,
        FigureUnit::Persons
            | FigureUnit::Contacts
            | FigureUnit::Interventions
            | FigureUnit::Checks
            | FigureUnit::Sessions
    )
}

/// How many of the chart's units a point is; percent have their whole before them.
fn scale(table: &Table) -> f32 {
    let grid = Grid::of(table, None);
    let shown = grid.rows.iter().filter(|row| is_drawn(table, row));
    let values = shown.flat_map(|row| row.cells.iter().flatten());
    let largest = values.filter_map(|cell| cell.value).max().unwrap_or(0);
    let whole = if table.unit == FigureUnit::Percent {
        100 * 10i64.pow(u32::from(table.decimals))
    } else {
        1
    };
    as_f32(largest.max(whole))
}

/// What a share was computed from, in brackets: the figures that a reader would otherwise look for in a table.
fn quotient(cell: &TableCell, language: Language) -> Option<String> {
    cell.value.filter(|_| !cell.is_hidden)?;
    let (part, of) = (cell.numerator?, cell.denominator?);
    let written = |value| number(value, 0, language);
    let word = language.pick("av", "of");
    Some(format!("({} {word} {})", written(part), written(of)))
}

fn labels(row: &Row<'_>, language: Language) -> Vec<String> {
    let label = |place: &Place<'_>| {
        place
            .map_or(total(language), |category| {
                category.label.in_language(language)
            })
            .to_owned()
    };
    row.at.iter().map(label).collect()
}

/// Which of the colours a bar has: that of its last dimension where there are several; nothing for a sum.
fn series_place(table: &Table, row: &Row<'_>) -> Option<usize> {
    let Some(last) = row.at.last() else {
        return Some(0);
    };
    let category = (*last)?;
    if table.axes.len() < 2 {
        return Some(0);
    }
    let categories = table.axes.last().map(|axis| &axis.categories)?;
    categories
        .iter()
        .position(|other| other.code == category.code)
}

struct Bars<'t> {
    shapes: Vec<Shape>,
    y: f32,
    scale: f32,
    /// How wide the numbers after the bars are.
    numbers: f32,
    table: &'t Table,
    language: Language,
    measure: Measure<'t>,
}

impl Bars<'_> {
    fn label(&mut self, x: f32, y: f32, anchor: Anchor, is_strong: bool, ink: Ink, text: &str) {
        self.shapes.push(Shape::Label {
            x,
            y,
            size: SIZE,
            is_strong,
            anchor,
            ink,
            text: text.trim_end().to_owned(),
        });
    }

    fn group(&mut self, text: &str) {
        if self.y > 4.0 {
            self.y += GAP;
        }
        let measure = self.measure;
        for line in wrapped(text, WIDTH, |line| measure(line, SIZE, true)) {
            self.label(0.0, self.y + LINE - 2.5, Anchor::Start, true, BLACK, &line);
            self.y += LINE;
        }
        self.y += 2.0;
    }

    fn bar(&mut self, label: &str, cell: &TableCell, series: Option<usize>) {
        let measure = self.measure;
        let lines = wrapped(label, LABELS - 10.0, |line| measure(line, SIZE, false));
        let height = as_f32(i64::try_from(lines.len()).unwrap_or(1)) * LINE;
        let middle = self.y + height / 2.0;
        for (at, line) in lines.iter().enumerate() {
            let line_y = self.y + as_f32(i64::try_from(at).unwrap_or(0)) * LINE + LINE - 3.0;
            self.label(
                LABELS - 8.0,
                line_y,
                Anchor::End,
                series.is_none(),
                BLACK,
                line,
            );
        }
        let (x, top) = (LABELS, middle - BAR / 2.0);
        let mut end = x;
        match cell.value {
            _ if cell.is_hidden => {
                end = x + STUB;
                self.shapes.push(Shape::Line {
                    points: vec![(x, top), (end, top), (end, top + BAR), (x, top + BAR)],
                    ink: GREY,
                    width: 0.8,
                    is_dashed: true,
                });
            }
            Some(value) if value > 0 => {
                let width = (WIDTH - LABELS - self.numbers) * as_f32(value) / self.scale;
                end = x + width;
                let colour = series.and_then(|place| SERIES.get(place % SERIES.len()));
                self.shapes.push(Shape::Bar {
                    x,
                    y: top,
                    width: width.max(0.5),
                    height: BAR,
                    ink: colour.copied().unwrap_or(GREY),
                });
            }
            _ => {}
        }
        let figure = figure(cell, self.table.decimals, self.language);
        let is_strong = series.is_none();
        self.label(
            end + 5.0,
            middle + 3.2,
            Anchor::Start,
            is_strong,
            BLACK,
            &figure,
        );
        if let Some(quotient) = quotient(cell, self.language) {
            let x = end + 5.0 + measure(&figure, SIZE, is_strong) + 6.0;
            self.label(x, middle + 3.2, Anchor::Start, false, GREY, &quotient);
        }
        self.y += height.max(BAR) + GAP;
    }

    fn base_line(&mut self) {
        self.shapes.push(Shape::Line {
            points: vec![(LABELS, 0.0), (LABELS, self.y)],
            ink: GREY,
            width: 0.8,
            is_dashed: false,
        });
    }

    fn notes(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.y += LINE;
        self.label(LABELS, self.y, Anchor::Start, false, GREY, text);
        self.y += 4.0;
    }
}
