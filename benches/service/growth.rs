//! What grows with the register? A drawing from the JSON of the measurements: how long each operation takes, and how many bytes a
//! youth takes, against how many youths there are. A line that is flat does not grow; one that bends is explained in the README or
//! mended. What is measured is decided in `main`.

use crate::Failure;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const WIDTH: f64 = 1_180.0;
const PANEL: f64 = 430.0;
const TOP: f64 = 60.0;
const LEFT: f64 = 70.0;
const SPAN: f64 = 560.0;
/// Colours that are told apart by everybody (Okabe and Ito), one line after the other, whole and broken.
const COLOURS: [&str; 7] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
];

/// The figures of one operation by size: youths, and what was measured.
type Series = BTreeMap<String, Vec<(f64, f64)>>;

/// Draws all figures of some files: `--plot FILE.svg FIGURES.json ..`.
pub fn plot(to: &Path, from: &[PathBuf]) -> Result<(), Failure> {
    let (mut times, mut bytes): (Series, Series) = Default::default();
    for file in from {
        let all: Value = serde_json::from_slice(&std::fs::read(file)?)?;
        for size in all.as_array().into_iter().flatten() {
            let database = size["database"].as_str().unwrap_or_default();
            let Some(youths) = size["youths"].as_f64() else {
                continue;
            };
            if let Some(all) = size["bytes"].as_f64() {
                let series = bytes.entry(database.to_owned()).or_default();
                series.push((youths, all / youths));
            }
            for row in size["rows"].as_array().into_iter().flatten() {
                let name = row["name"].as_str().unwrap_or_default();
                // What is compared with is no operation of the service.
                let is_ceiling =
                    name.starts_with("database alone") || name.contains("without audit");
                if let (Some(time), false) = (row["p50Ms"].as_f64(), is_ceiling) {
                    let name = format!("{name} ({database})");
                    times.entry(name).or_default().push((youths, time));
                }
            }
        }
    }
    for series in times.values_mut().chain(bytes.values_mut()) {
        series.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    // The longest last, where the eye ends.
    let many = times.len() as f64;
    let height = TOP + PANEL.max(many * 15.0) + 110.0 + 200.0;
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' viewBox='0 0 {WIDTH} {height}' font-family='sans-serif' font-size='12'>\
         <rect width='100%' height='100%' fill='white'/>"
    );
    let tall = PANEL.max(many * 15.0);
    panel(
        &mut svg,
        "Milliseconds at p50, by youths in the register",
        &times,
        TOP,
        tall,
    );
    panel(
        &mut svg,
        "Bytes of the database for each youth",
        &bytes,
        TOP + tall + 90.0,
        140.0,
    );
    svg += "</svg>\n";
    std::fs::write(to, svg)?;
    Ok(())
}

/// One drawing, both axes in powers of ten.
fn panel(svg: &mut String, title: &str, series: &Series, top: f64, tall: f64) {
    let points = || series.values().flatten();
    let edge = |of: fn(&(f64, f64)) -> f64| {
        let least = points()
            .map(of)
            .fold(f64::INFINITY, f64::min)
            .log10()
            .floor();
        let most = points().map(of).fold(0.0, f64::max).log10().ceil();
        (least, most.max(least + 1.0))
    };
    let ((x0, x1), (y0, y1)) = (edge(|point| point.0), edge(|point| point.1));
    if !(x0.is_finite() && y0.is_finite()) {
        return;
    }
    let across = |value: f64| LEFT + SPAN * (value.log10() - x0) / (x1 - x0);
    let up = |value: f64| top + tall * (1.0 - (value.log10() - y0) / (y1 - y0));
    let _ = write!(
        svg,
        "<text x='{LEFT}' y='{}' font-size='15'>{title}</text>",
        top - 20.0
    );
    let mut power = y0;
    while power <= y1 {
        let (value, y) = (10_f64.powf(power), up(10_f64.powf(power)));
        let _ = write!(
            svg,
            "<path d='M{LEFT} {y}h{SPAN}' stroke='#ddd'/><text x='{}' y='{}' text-anchor='end'>{value}</text>",
            LEFT - 8.0,
            y + 4.0
        );
        power += 1.0;
    }
    let mut power = x0;
    while power <= x1 {
        let (value, x) = (10_f64.powf(power), across(10_f64.powf(power)));
        let _ = write!(
            svg,
            "<path d='M{x} {top}v{tall}' stroke='#ddd'/><text x='{x}' y='{}' text-anchor='middle'>{value}</text>",
            top + tall + 18.0
        );
        power += 1.0;
    }
    let mut lines: Vec<_> = series.iter().collect();
    let last = |points: &[(f64, f64)]| points.last().map_or(0.0, |point| point.1);
    lines.sort_by(|one, other| last(other.1).total_cmp(&last(one.1)));
    let mut free = top;
    for (number, (name, points)) in lines.into_iter().enumerate() {
        let colour = COLOURS
            .get(number % COLOURS.len())
            .copied()
            .unwrap_or_default();
        let dashes = ["none", "6 3", "2 3", "9 3 2 3"].get(number / COLOURS.len() % 4);
        let dashes = dashes.copied().unwrap_or_default();
        let path: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{:.1} {:.1}", across(*x), up(*y)))
            .collect();
        let _ = write!(
            svg,
            "<path d='M{}' fill='none' stroke='{colour}' stroke-width='1.8' stroke-dasharray='{dashes}'/>",
            path.join("L")
        );
        for (x, y) in points {
            let _ = write!(
                svg,
                "<circle cx='{:.1}' cy='{:.1}' r='2.6' fill='{colour}'/>",
                across(*x),
                up(*y)
            );
        }
        // Each name beside the end of its line, or below the one before.
        let (end_x, end_y) = points
            .last()
            .map_or((LEFT, top), |(x, y)| (across(*x), up(*y)));
        let place = (end_y).max(free + 14.0);
        free = place;
        let first = points.first().map_or(f64::NAN, |point| point.1);
        let _ = write!(
            svg,
            "<path d='M{:.1} {end_y:.1}L{:.1} {:.1}' stroke='{colour}' stroke-width='0.5'/>\
             <text x='{:.1}' y='{:.1}' fill='{colour}'>{name}: {first:.1} to {:.1}</text>",
            end_x + 3.0,
            LEFT + SPAN + 22.0,
            place,
            LEFT + SPAN + 26.0,
            place + 4.0,
            last(points)
        );
    }
}
