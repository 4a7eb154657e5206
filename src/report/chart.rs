//! Which shapes show a table or a goal? A bar a figure, with its group before it and its number after it, so that nothing
//! is told by colour or length alone and a hidden figure is seen to be hidden; and for a goal the line of its values
//! beside the straight path to the target. How shapes are drawn stands in `svg` and `pdf`.

use super::alternative;
use super::drawing::{Anchor, BLACK, Drawing, FAINT, GREY, Ink, NAVY, SERIES, Shape, wrapped};
use super::grid::{Grid, Row};
use super::words::{HIDDEN, NOTHING, figure, hidden, nothing, number, total, word};
use crate::error::Language;
use crate::statistics::document::{FigureUnit, Goal, ReleaseDocument, Table, TableCell, YearValue};

/// How wide every chart is, in points: the text column of a page of A4.
pub(super) const WIDTH: f32 = 471.0;
/// Letters.
const SIZE: f32 = 9.0;
const LINE: f32 = 11.5;
/// From one bar to the next, at least.
const BAR: f32 = 10.0;
const GAP: f32 = 5.0;
/// Where the bars begin, and what is left for the numbers after them.
const LABELS: f32 = 176.0;
const NUMBERS: f32 = 58.0;
/// How much of a hidden bar is outlined: the same for all, so that it tells nothing.
const STUB: f32 = 22.0;
/// The plot of a goal.
const PLOT_HEIGHT: f32 = 150.0;
/// More values than this are not all written out in the picture; they stand in the description.
const WRITTEN_VALUES: usize = 9;

/// What measures a text of a size, strong or not.
pub(super) type Measure<'m> = &'m dyn Fn(&str, f32, bool) -> f32;

/// The names under which a release has charts: its tables, and `goal-1` and so on.
pub fn chart_names(document: &ReleaseDocument) -> Vec<String> {
    let tables = document.tables.iter().map(|table| table.name.clone());
    let goals = (1..=document.goals.len()).map(|number| format!("goal-{number}"));
    tables.chain(goals).collect()
}

/// The chart of a name; nothing where the release has none of it.
pub(super) fn drawing(
    document: &ReleaseDocument,
    name: &str,
    language: Language,
    measure: Measure<'_>,
) -> Option<Drawing> {
    if let Some(table) = document.tables.iter().find(|table| table.name == name) {
        let period = document.period.label.in_language(language);
        return Some(of_table(table, period, language, measure));
    }
    let place: usize = name.strip_prefix("goal-")?.parse().ok()?;
    let goal = document.goals.get(place.checked_sub(1)?)?;
    Some(of_goal(goal, language, measure))
}

/// The bars of a table.
pub(super) fn of_table(
    table: &Table,
    period: &str,
    language: Language,
    measure: Measure<'_>,
) -> Drawing {
    let mut bars = Bars {
        shapes: Vec::new(),
        y: 2.0,
        scale: scale(table),
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

const fn is_count(table: &Table) -> bool {
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

#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than f32")]
const fn as_f32(value: i64) -> f32 {
    value as f32
}

fn labels(row: &Row<'_>, language: Language) -> Vec<String> {
    let label = |place: &super::grid::Place<'_>| {
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
                let width = (WIDTH - LABELS - NUMBERS) * as_f32(value) / self.scale;
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

/// The line of a goal and its path.
pub(super) fn of_goal(goal: &Goal, language: Language, measure: Measure<'_>) -> Drawing {
    let plot = Plot::of(goal);
    let mut shapes = Vec::new();
    let text = |x, y, anchor, is_strong, ink, text: String| Shape::Label {
        x,
        y,
        size: SIZE,
        is_strong,
        anchor,
        ink,
        text,
    };
    for tick in &plot.ticks {
        let y = plot.y(*tick);
        shapes.push(Shape::Line {
            points: vec![(plot.left, y), (WIDTH, y)],
            ink: FAINT,
            width: 0.6,
            is_dashed: false,
        });
        let written = number(*tick, goal.decimals, language);
        shapes.push(text(
            plot.left - 6.0,
            y + 3.0,
            Anchor::End,
            false,
            GREY,
            written,
        ));
    }
    let step = (plot.years().count() / 12) + 1;
    for year in plot.years().step_by(step) {
        let y = plot.bottom() + 14.0;
        shapes.push(text(
            plot.x(year),
            y,
            Anchor::Middle,
            false,
            GREY,
            year.to_string(),
        ));
    }
    let place = |at: &YearValue| (plot.x(at.year), plot.y(at.value));
    let start = goal.baseline.or_else(|| goal.series.first().copied());
    if let Some(start) = start.filter(|start| start.year < goal.target.year) {
        shapes.push(Shape::Line {
            points: vec![place(&start), place(&goal.target)],
            ink: plot_path(),
            width: 1.4,
            is_dashed: true,
        });
    }
    // A year without a value breaks the line: nobody knows what it was.
    let mut run: Vec<(f32, f32)> = Vec::new();
    let mut last_year = None;
    for at in &goal.series {
        if last_year.is_some_and(|last| at.year != last + 1) {
            shapes.extend(line(std::mem::take(&mut run)));
        }
        last_year = Some(at.year);
        run.push(place(at));
    }
    shapes.extend(line(run));
    let written = goal.series.len() <= WRITTEN_VALUES;
    let last = goal.series.len().saturating_sub(1);
    for (index, at) in goal.series.iter().enumerate() {
        let (x, y) = place(at);
        shapes.push(Shape::Dot {
            x,
            y,
            radius: 3.0,
            ink: NAVY,
            is_diamond: false,
        });
        if written || index == 0 || index == last {
            let value = number(at.value, goal.decimals, language);
            // On the far side of the path.
            let below = plot
                .path_at(at, start, goal.target)
                .is_some_and(|path| y >= path);
            let y = if below { y + 13.0 } else { y - 7.0 };
            shapes.push(text(x, y, Anchor::Middle, true, NAVY, value));
        }
    }
    let (x, y) = place(&goal.target);
    shapes.push(Shape::Dot {
        x,
        y,
        radius: 4.2,
        ink: plot_path(),
        is_diamond: true,
    });
    let value = number(goal.target.value, goal.decimals, language);
    let value = format!("{} {value}", word(language, "Mål", "Target"));
    let is_wide = x + measure(&value, SIZE, true) / 2.0 > WIDTH;
    let (x, anchor) = if is_wide {
        (WIDTH, Anchor::End)
    } else {
        (x, Anchor::Middle)
    };
    let y = if goal.shall_rise { y - 9.0 } else { y + 16.0 };
    shapes.push(text(x, y, anchor, true, plot_path(), value));
    legend(&mut shapes, language, measure, !goal.series.is_empty());
    Drawing {
        width: WIDTH,
        height: plot.bottom() + 20.0,
        title: goal.title.clone(),
        description: alternative::of_goal(goal, language),
        shapes,
    }
}

/// The colour of the path: another than that of the values, dashed besides.
const fn plot_path() -> Ink {
    Ink(0xb3, 0x54, 0x1e)
}

fn line(points: Vec<(f32, f32)>) -> Option<Shape> {
    (points.len() > 1).then_some(Shape::Line {
        points,
        ink: NAVY,
        width: 2.0,
        is_dashed: false,
    })
}

fn legend(shapes: &mut Vec<Shape>, language: Language, measure: Measure<'_>, has_values: bool) {
    let mut x = 40.0;
    let mut entries = Vec::new();
    if has_values {
        entries.push((word(language, "Utfall", "Outcome"), NAVY, false));
    }
    entries.push((
        word(language, "Väg mot målet", "Path to the target"),
        plot_path(),
        true,
    ));
    for (text, ink, is_dashed) in entries {
        shapes.push(Shape::Line {
            points: vec![(x, 6.0), (x + 24.0, 6.0)],
            ink,
            width: if is_dashed { 1.4 } else { 2.0 },
            is_dashed,
        });
        shapes.push(Shape::Dot {
            x: x + 12.0,
            y: 6.0,
            radius: if is_dashed { 4.2 } else { 3.0 },
            ink,
            is_diamond: is_dashed,
        });
        shapes.push(Shape::Label {
            x: x + 30.0,
            y: 9.2,
            size: SIZE,
            is_strong: false,
            anchor: Anchor::Start,
            ink: BLACK,
            text: text.to_owned(),
        });
        x += 30.0 + measure(text, SIZE, false) + 22.0;
    }
}

struct Plot {
    left: f32,
    first_year: i32,
    last_year: i32,
    lowest: i64,
    highest: i64,
    ticks: Vec<i64>,
}

impl Plot {
    const TOP: f32 = 30.0;

    fn of(goal: &Goal) -> Self {
        let known = || {
            goal.series
                .iter()
                .chain(&goal.baseline)
                .chain([&goal.target])
        };
        let first_year = known().map(|at| at.year).min().unwrap_or(goal.target.year);
        let last_year = known().map(|at| at.year).max().unwrap_or(goal.target.year);
        let least = known().map(|at| at.value).min().unwrap_or(0);
        let most = known().map(|at| at.value).max().unwrap_or(0);
        // A flat line is shown in its surroundings, not blown up.
        let least_span = (most.abs() / 5).max(4);
        let step = step((most - least).max(least_span));
        // Room below the lowest value for its number.
        let lowest = if (0..=step * 2).contains(&least) {
            0
        } else {
            (least - step / 2).div_euclid(step) * step
        };
        let highest = (most.div_euclid(step) + 1) * step;
        let ticks = (0..)
            .map(|number| lowest + number * step)
            .take_while(|tick| *tick <= highest)
            .collect();
        Self {
            left: 40.0,
            first_year,
            last_year,
            lowest,
            highest,
            ticks,
        }
    }

    const fn bottom(&self) -> f32 {
        Self::TOP + PLOT_HEIGHT
    }

    fn years(&self) -> impl Iterator<Item = i32> {
        self.first_year..=self.last_year
    }

    fn x(&self, year: i32) -> f32 {
        let years = as_f32(i64::from(self.last_year - self.first_year));
        let (from, to) = (self.left + 22.0, WIDTH - 26.0);
        if years == 0.0 {
            return f32::midpoint(from, to);
        }
        from + (to - from) * as_f32(i64::from(year - self.first_year)) / years
    }

    fn y(&self, value: i64) -> f32 {
        let part = as_f32(value - self.lowest) / as_f32(self.highest - self.lowest);
        self.bottom() - part * PLOT_HEIGHT
    }

    /// Where the path is at the year of a value.
    fn path_at(&self, at: &YearValue, start: Option<YearValue>, target: YearValue) -> Option<f32> {
        let start = start?;
        let years = as_f32(i64::from(target.year - start.year));
        if years <= 0.0 {
            return None;
        }
        let part = as_f32(i64::from(at.year - start.year)) / years;
        let (from, to) = (self.y(start.value), self.y(target.value));
        Some(from + (to - from) * part)
    }
}

/// A round step that divides a span in two to six: 1, 2 or 5 times a power of ten.
fn step(span: i64) -> i64 {
    let mut power: i64 = 1;
    loop {
        for part in [1, 2, 5] {
            let step = power.saturating_mul(part);
            if span / step < 5 {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::drawing::likely_width;
    use crate::report::fixture;

    fn draw(name: &str) -> Drawing {
        let measure = |text: &str, size, _| likely_width(text, size);
        drawing(&fixture::document(), name, Language::Swedish, &measure).unwrap()
    }

    fn words(drawing: &Drawing) -> Vec<&str> {
        let labels = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Label { text, .. } => Some(text.as_str()),
            _ => None,
        });
        labels.collect()
    }

    #[test]
    fn every_figure_that_is_drawn_stands_in_numbers_beside_its_bar() {
        let document = fixture::document();
        for table in &document.tables {
            let drawing = draw(&table.name);
            let words = words(&drawing);
            let bars = drawing
                .shapes
                .iter()
                .filter(|shape| matches!(shape, Shape::Bar { .. }))
                .count();
            let shown = |cell: &&TableCell| !is_count(table) || cell.at.iter().all(Option::is_some);
            let positive = table
                .cells
                .iter()
                .filter(shown)
                .filter(|cell| cell.value > Some(0))
                .count();
            assert_eq!(bars, positive, "{}", table.name);
            let stubs = drawing
                .shapes
                .iter()
                .filter(|shape| {
                    matches!(
                        shape,
                        Shape::Line {
                            is_dashed: true,
                            ..
                        }
                    )
                })
                .count();
            let hidden = table
                .cells
                .iter()
                .filter(shown)
                .filter(|cell| cell.is_hidden)
                .count();
            assert_eq!(stubs, hidden, "{}", table.name);
            assert_eq!(words.iter().filter(|word| **word == "..").count(), hidden);
            for cell in table.cells.iter().filter(shown) {
                assert!(words.contains(&figure(cell, table.decimals, Language::Swedish).as_str()));
                if let Some(value) = cell.value {
                    assert!(drawing.description.contains(&number(
                        value,
                        table.decimals,
                        Language::Swedish
                    )));
                }
            }
            for shape in &drawing.shapes {
                if let Shape::Bar {
                    x,
                    y,
                    width,
                    height,
                    ..
                } = shape
                {
                    assert!(x + width <= WIDTH - NUMBERS + 0.1 && y + height <= drawing.height);
                }
            }
        }
    }

    #[test]
    fn a_hidden_bar_tells_nothing_by_its_length() {
        let drawing = draw("sustained");
        let stubs: Vec<f32> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line {
                    points,
                    is_dashed: true,
                    ..
                } => Some(points[1].0 - points[0].0),
                _ => None,
            })
            .collect();
        assert_eq!(stubs, [STUB, STUB]);
        assert!(
            drawing
                .description
                .contains("Kvinnor: dolt för att skydda enskilda")
        );
    }

    #[test]
    fn a_year_without_a_value_breaks_the_line() {
        let drawing = draw("goal-2");
        let lines: Vec<usize> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Line {
                    points,
                    ink: NAVY,
                    is_dashed: false,
                    ..
                } => Some(points.len()),
                _ => None,
            })
            .collect();
        // 2019-2021, 2023-2024, and the legend.
        assert_eq!(lines, [3, 2, 2]);
        assert!(drawing.description.contains("2022 och 2025 saknas"));
        assert!(words(&drawing).contains(&"Mål 6,0"));
    }

    #[test]
    fn a_goal_without_values_shows_its_target() {
        let drawing = draw("goal-4");
        assert!(words(&drawing).contains(&"Mål 95,0"));
        assert!(drawing.description.contains("Inga värden."));
        assert!(drawing.shapes.iter().all(|shape| !matches!(
            shape,
            Shape::Dot {
                is_diamond: false,
                ..
            }
        )));
    }

    #[test]
    fn steps_are_round() {
        for (span, expected) in [
            (1, 1),
            (4, 1),
            (7, 2),
            (24, 5),
            (420, 100),
            (99_999, 20_000),
            (i64::MAX, 2_000_000_000_000_000_000),
        ] {
            assert_eq!(step(span), expected, "{span}");
        }
    }
}
