//! Does the workbook say what the document says? It is opened again, and every cell of every sheet is compared.
//! How it looks is for people to judge.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::report::fixture;
use crate::report::words::{float, printable};
use crate::statistics::document::Axis;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use std::io::Cursor;

fn opened(document: &ReleaseDocument, language: Language) -> Xlsx<Cursor<Vec<u8>>> {
    let file = to_xlsx(document, language, &fixture::title_page()).unwrap();
    open_workbook_from_rs(Cursor::new(file)).unwrap()
}

fn text(range: &Range<Data>, row: u32, column: u32) -> String {
    match range.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        None | Some(Data::Empty) => String::new(),
        other => unreachable!("a text at {row} {column}, not {other:?}"),
    }
}

#[test]
fn every_cell_of_every_sheet_says_what_the_document_says() {
    let document = fixture::document();
    let mut book = opened(&document, Language::Swedish);
    let names = book.sheet_names();
    let before = [
        "Omslag",
        "Definitioner",
        "Indelningar",
        "Mål",
        "Aktiviteter",
    ];
    assert_eq!(names[..5], before);
    assert_eq!(names.len(), 5 + document.tables.len());
    let mut compared = 0;
    for (name, table) in names[5..].iter().zip(&document.tables) {
        let sheet = book.worksheet_range(name).unwrap();
        assert_eq!(text(&sheet, 0, 0), printable(&table.title.sv));
        let down = table
            .axes
            .len()
            .saturating_sub(usize::from(table.axes.len() > 1))
            .max(1);
        for cell in &table.cells {
            let label = |place: &Option<String>, axis: &Axis| {
                let category = axis
                    .categories
                    .iter()
                    .find(|category| Some(&category.code) == place.as_ref());
                category.map_or("Totalt".to_owned(), |category| {
                    printable(&category.label.sv)
                })
            };
            let mut labels: Vec<String> = cell
                .at
                .iter()
                .zip(&table.axes)
                .map(|(place, axis)| label(place, axis))
                .collect();
            if labels.is_empty() {
                labels.push("Totalt".to_owned());
            }
            let rows = 4..sheet.end().unwrap().0 + 1;
            let row = rows
                .clone()
                .find(|row| (0..down).all(|at| text(&sheet, *row, at as u32) == labels[at]))
                .unwrap();
            let column = if labels.len() > down {
                (down as u32..)
                    .find(|column| text(&sheet, 3, *column) == labels[down])
                    .unwrap()
            } else {
                1
            };
            let shown = sheet.get_value((row, column)).unwrap();
            match cell.value {
                Some(value) => assert_eq!(
                    *shown,
                    Data::Float(float(value, table.decimals)),
                    "{}",
                    table.name
                ),
                None if cell.is_hidden => assert_eq!(*shown, Data::String("..".to_owned())),
                None => assert_eq!(*shown, Data::String(".".to_owned())),
            }
            if table.axes.len() == 1
                && table.unit == crate::statistics::document::FigureUnit::Percent
            {
                for (column, part) in [(2, cell.numerator), (3, cell.denominator)] {
                    let shown = sheet.get_value((row, column)).unwrap();
                    match part {
                        Some(part) => assert_eq!(*shown, Data::Float(part as f64)),
                        None => assert_eq!(*shown, Data::String("..".to_owned())),
                    }
                }
            }
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn there_are_no_formulas_and_what_looks_like_one_is_a_text() {
    let document = fixture::document();
    let mut book = opened(&document, Language::Swedish);
    let mut risky = 0;
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(
            formulas.cells().all(|(_, _, formula)| formula.is_empty()),
            "{name}"
        );
        let sheet = book.worksheet_range(&name).unwrap();
        for (_, _, cell) in sheet.cells() {
            if let Data::String(text) = cell {
                risky += usize::from(text.starts_with(['=', '#', '<']));
            }
        }
    }
    assert!(risky > 5, "{risky}");
}

#[test]
fn goals_and_their_activities_have_sheets() {
    let document = fixture::document();
    let mut book = opened(&document, Language::Swedish);
    let sheet = book.worksheet_range("Mål").unwrap();
    assert_eq!(text(&sheet, 3, 0), document.goals[0].title);
    assert_eq!(sheet.get_value((3, 8)), Some(&Data::Float(90.0)));
    assert_eq!(sheet.get_value((3, 9)), Some(&Data::Float(-2.5)));
    let activities = book.worksheet_range("Aktiviteter").unwrap();
    assert_eq!(text(&activities, 5, 1), "=cmd|'/c calc'!A1");
    assert_eq!(text(&activities, 3, 6), "2026-04-28");
    let empty = opened(&fixture::empty(), Language::English);
    assert_eq!(empty.sheet_names(), ["Cover", "Definitions", "Divisions"]);
}

#[test]
fn the_cover_says_whose_figures_they_are() {
    let mut book = opened(&fixture::document(), Language::Swedish);
    let cover = book.worksheet_range("Omslag").unwrap();
    assert_eq!(text(&cover, 2, 0), "Kommun");
    assert_eq!(text(&cover, 2, 1), "Sundbybergs stad");
    assert_eq!(text(&cover, 3, 1), "nummer 7");
}

#[test]
fn the_same_document_makes_the_same_file() {
    let document = fixture::document();
    let file = to_xlsx(&document, Language::Swedish, &fixture::title_page()).unwrap();
    assert_eq!(
        file,
        to_xlsx(&document, Language::Swedish, &fixture::title_page()).unwrap()
    );
}
