//! Which shapes show a goal? The line of its values beside the straight path to the target. A year without a value breaks
//! the line.

use super::{Measure, SIZE, WIDTH, as_f32};
use crate::error::Language;
use crate::report::alternative;
use crate::report::drawing::{Anchor, BLACK, Drawing, FAINT, GREY, Ink, NAVY, Shape};
use crate::report::words::number;
use crate::statistics::document::{Goal, YearValue};

/// The plot of a goal.
const PLOT_HEIGHT: f32 = 150.0;
/// More values than this are not all written out in the picture; they stand in the description.
const WRITTEN_VALUES: usize = 9;

/// Whether the chart of a goal writes every value that it shows.
pub(in crate::report) const fn writes_all(goal: &Goal) -> bool {
    goal.series.len() <= WRITTEN_VALUES
}

/// The line of a goal and its path.
pub(in crate::report) fn of_goal(goal: &Goal, language: Language, measure: Measure<'_>) -> Drawing {
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
    let written = writes_all(goal);
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
    let value = format!("{} {value}", language.pick("Mål", "Target"));
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
        entries.push((language.pick("Utfall", "Outcome"), NAVY, false));
    }
    entries.push((
        language.pick("Väg mot målet", "Path to the target"),
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
    use super::*;

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
