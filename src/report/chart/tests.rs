//! Does a chart show every figure, and nothing of what is hidden? How it looks is for people to judge.
//! The words that go with it stand in `alternative`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::bars::{NUMBERS, STUB, is_count};
use super::*;
use crate::report::drawing::likely_width;
use crate::report::drawing::{NAVY, Shape};
use crate::report::fixture;
use crate::report::words::{figure, number};
use crate::statistics::document::TableCell;

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
