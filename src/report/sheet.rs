//! How does a release open right in a Swedish spreadsheet? UTF-8 with a mark, semicolons, decimal comma, CRLF, one row per
//! figure so that it can be filtered and pivoted, and no cell that could be run as a formula. The definitions and the
//! notes follow the figures. Which figures there are does not matter here.

use super::words::{HIDDEN, hidden, nothing, short_instant, total};
use crate::domain::decimal::text_of;
use crate::error::{Language, Result};
use crate::exchange::{Spreadsheet, guarded};
use crate::statistics::document::{Axis, MeasureDefinition, ReleaseDocument, Table, TableCell};
use std::collections::BTreeSet;

/// The release as a file for spreadsheets.
///
/// # Errors
/// The file could not be built, which is a fault of ours.
pub fn to_csv(document: &ReleaseDocument, language: Language) -> Result<Vec<u8>> {
    let mut file = Spreadsheet::new();
    for row in rows(document, language) {
        file.row(row)?;
    }
    file.into_bytes()
}

/// The rows of the file, all equally wide, every cell fit to be written.
fn rows(document: &ReleaseDocument, language: Language) -> Vec<Vec<String>> {
    let dimensions = dimensions(document);
    let heading = heading(&dimensions, language);
    let width = heading.len();
    let mut rows = vec![safe(heading)];
    let about = [
        document.period.label.in_language(language).to_owned(),
        document.period.first_day.to_string(),
        document.period.last_day.to_string(),
        short_instant(document.counted_at),
    ];
    let mut told = BTreeSet::new();
    for table in &document.tables {
        for cell in &table.cells {
            // The sum over all groups stands in every table of a measure: once is enough.
            if !told.insert(identity(table, cell)) {
                continue;
            }
            let mut row = about.to_vec();
            row.push(measure_title(document, table, language));
            row.push(table.unit.label().in_language(language).to_owned());
            row.extend(dimensions.iter().map(|axis| {
                place(table, cell, axis, language).unwrap_or_else(|| total(language).to_owned())
            }));
            let mut row = safe(row);
            // Digits, sign and comma of our own: an apostrophe before a negative number would make it a text.
            row.extend(figures(table, cell));
            row.push(remark(cell, language).to_owned());
            rows.push(row);
        }
    }
    let texts = document
        .measures
        .iter()
        .flat_map(|measure| definition(measure, language))
        .chain(document.notes.iter().map(|note| {
            let text = note.in_language(language).to_owned();
            (String::new(), text)
        }));
    for (title, text) in texts {
        let mut row = about.to_vec();
        row.push(title);
        row.resize(width - 1, String::new());
        row.push(text);
        rows.push(safe(row));
    }
    rows
}

fn safe(row: Vec<String>) -> Vec<String> {
    row.iter().map(|cell| guarded(cell)).collect()
}

/// Every dimension that a table has, in the order in which they come.
fn dimensions(document: &ReleaseDocument) -> Vec<&Axis> {
    let mut dimensions: Vec<&Axis> = Vec::new();
    for axis in document.tables.iter().flat_map(|table| &table.axes) {
        if !dimensions.iter().any(|known| known.name == axis.name) {
            dimensions.push(axis);
        }
    }
    dimensions
}

fn heading(dimensions: &[&Axis], language: Language) -> Vec<String> {
    let before = match language {
        Language::Swedish => [
            "Period",
            "Första dag",
            "Sista dag",
            "Räknat",
            "Mått",
            "Enhet",
        ],
        Language::English => [
            "Period",
            "First day",
            "Last day",
            "Counted",
            "Measure",
            "Unit",
        ],
    };
    let after = match language {
        Language::Swedish => ["Värde", "Täljare", "Nämnare", "Anmärkning"],
        Language::English => ["Value", "Numerator", "Denominator", "Note"],
    };
    let dimensions = dimensions
        .iter()
        .map(|axis| axis.label.in_language(language));
    let all = before.into_iter().chain(dimensions).chain(after);
    all.map(str::to_owned).collect()
}

/// What a figure is of, whichever table it stands in. Two figures of the same thing that differ are both told.
type Identity<'t> = (
    &'t str,
    BTreeSet<(&'t str, &'t str)>,
    Option<i64>,
    bool,
    Option<i64>,
    Option<i64>,
);

fn identity<'t>(table: &'t Table, cell: &'t TableCell) -> Identity<'t> {
    let at = table
        .axes
        .iter()
        .zip(&cell.at)
        .filter_map(|(axis, place)| Some((axis.name.as_str(), place.as_deref()?)))
        .collect();
    (
        &table.measure,
        at,
        cell.value,
        cell.is_hidden,
        cell.numerator,
        cell.denominator,
    )
}

fn measure_title(document: &ReleaseDocument, table: &Table, language: Language) -> String {
    let mut measures = document.measures.iter();
    let measure = measures.find(|measure| measure.code == table.measure);
    let title = measure.map_or(&table.title, |measure| &measure.title);
    title.in_language(language).to_owned()
}

/// The category of a figure in a dimension; nothing where it is of all.
fn place(table: &Table, cell: &TableCell, axis: &Axis, language: Language) -> Option<String> {
    let (own, place) = table
        .axes
        .iter()
        .zip(&cell.at)
        .find(|(own, _)| own.name == axis.name)?;
    let code = place.as_deref()?;
    let category = own.categories.iter().find(|category| category.code == code);
    // A code without a heading is told as it stands rather than as the sum.
    Some(
        category
            .map_or(code, |category| category.label.in_language(language))
            .to_owned(),
    )
}

/// Value, numerator, denominator.
fn figures(table: &Table, cell: &TableCell) -> [String; 3] {
    let plain = |value: Option<i64>, decimals| match value {
        Some(value) => text_of(value, decimals, ','),
        None => String::new(),
    };
    let value = if cell.is_hidden {
        HIDDEN.to_owned()
    } else {
        plain(cell.value, table.decimals)
    };
    [value, plain(cell.numerator, 0), plain(cell.denominator, 0)]
}

fn remark(cell: &TableCell, language: Language) -> &'static str {
    match cell.value {
        _ if cell.is_hidden => hidden(language),
        Some(_) => "",
        None => nothing(language),
    }
}

/// The definition of a measure: its title, and what is said of it, a part a row.
fn definition(measure: &MeasureDefinition, language: Language) -> Vec<(String, String)> {
    let title = measure.title.in_language(language);
    let version = measure.version;
    let mut parts = vec![
        (
            // The same word in both languages.
            format!("Definition (version {version})"),
            &measure.definition,
        ),
        (
            language.pick("Täljare", "Numerator").to_owned(),
            &measure.numerator,
        ),
    ];
    if let Some(denominator) = &measure.denominator {
        parts.push((
            language.pick("Nämnare", "Denominator").to_owned(),
            denominator,
        ));
    }
    parts.push((
        language
            .pick("Vilka dagar som räknas", "Which days count")
            .to_owned(),
        &measure.period_logic,
    ));
    parts
        .into_iter()
        .map(|(what, words)| {
            let text = format!("{what}: {}", words.in_language(language));
            (title.to_owned(), text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::fixture;
    use proptest::prelude::*;

    /// What tells a spreadsheet that the file is UTF-8.
    const MARK: &str = "\u{feff}";

    fn read(file: &[u8]) -> Vec<Vec<String>> {
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(&file[MARK.len()..]);
        // The reader refuses rows of different widths.
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    /// As a spreadsheet would see it: the first character that it does not skip.
    fn may_run(cell: &str) -> bool {
        let is_unseen = |c: char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
        let visible =
            cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_unseen(c));
        visible.starts_with(['=', '+', '@', '＝', '＋', '－', '＠'])
            || (visible.starts_with('-') && cell.replace(',', ".").parse::<f64>().is_err())
    }

    #[test]
    fn the_file_opens_right_in_a_swedish_spreadsheet() {
        let document = fixture::document();
        let file = to_csv(&document, Language::Swedish).unwrap();
        assert!(file.starts_with(&[0xef, 0xbb, 0xbf]));
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(
            text[MARK.len()..].starts_with(
                "Period;Första dag;Sista dag;Räknat;Mått;Enhet;Kön;Åldersgrupp;Område;"
            )
        );
        let rows = read(&file);
        let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
        let (measure, area, value) = (column("Mått"), column("Område"), column("Värde"));
        let areas: Vec<&str> = rows.iter().map(|row| row[area].as_str()).collect();
        assert!(areas.contains(&"'=HYPERLINK(\"http://x\";\"y\")"));
        assert!(areas.contains(&"'\u{200b}+Öster; väster"));
        for cell in rows.iter().flatten() {
            assert!(!may_run(cell), "{cell}");
        }
        let sums: Vec<&Vec<String>> = rows
            .iter()
            .filter(|row| row[measure] == "Ungdomar i registret" && !row[value].is_empty())
            .filter(|row| {
                row[column("Kön")..value]
                    .iter()
                    .all(|place| place == "Totalt")
            })
            .collect();
        assert_eq!(sums.len(), 1, "the sum stands once");
        assert_eq!(
            sums[0][..4],
            [
                "Tertial 1 2026",
                "2026-01-01",
                "2026-04-30",
                "2026-05-04 10:15"
            ]
        );
        let share = rows
            .iter()
            .find(|row| row[column("Enhet")] == "Procent")
            .unwrap();
        assert!(share[value].contains(','), "{share:?}");
        assert!(
            text.contains("skyddade personuppgifter") && text.contains("Definition (version 1)")
        );
        let english = String::from_utf8(to_csv(&document, Language::English).unwrap()).unwrap();
        assert!(english.contains("Youths in the register") && !english.contains("Totalt"));
    }

    #[test]
    fn every_figure_of_the_document_can_be_found_and_no_hidden_one() {
        let document = fixture::document();
        let rows = read(&to_csv(&document, Language::Swedish).unwrap());
        let heading = rows[0].clone();
        let column = |name: &str| heading.iter().position(|other| other == name).unwrap();
        let mut found = 0;
        for table in &document.tables {
            for cell in &table.cells {
                let title = guarded(&measure_title(&document, table, Language::Swedish));
                let matching: Vec<&Vec<String>> = rows[1..]
                    .iter()
                    .filter(|row| row[column("Mått")] == title && !row[column("Enhet")].is_empty())
                    .filter(|row| {
                        dimensions(&document).iter().all(|axis| {
                            let label = place(table, cell, axis, Language::Swedish);
                            let label = label.unwrap_or_else(|| "Totalt".to_owned());
                            row[column(&axis.label.sv)] == guarded(&label)
                        })
                    })
                    .collect();
                assert_eq!(matching.len(), 1, "{} {:?}", table.name, cell.at);
                let told = figures(table, cell);
                assert_eq!(matching[0][column("Värde")..column("Anmärkning")], told);
                assert_eq!(told[0] == "..", cell.is_hidden);
                found += 1;
            }
        }
        assert!(found > 300, "{found}");
    }

    #[test]
    fn a_negative_number_stays_a_number() {
        let mut document = fixture::document();
        document.tables[0].cells[0].value = Some(-12);
        let rows = read(&to_csv(&document, Language::Swedish).unwrap());
        let value = rows[0]
            .iter()
            .position(|heading| heading == "Värde")
            .unwrap();
        assert_eq!(rows[1][value], "-12");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_can_be_run(text in "[ \t\r\n'=+@;\"\u{200b}\u{2060}\u{feff}\u{1}-]{0,6}|\\PC{0,12}") {
            let mut document = fixture::document();
            document.tables.truncate(1);
            document.tables[0].axes[0].categories[0].label.sv = text.clone();
            document.measures[0].title.sv = text.clone();
            document.notes[0].sv = text.clone();
            document.period.label.sv = text.clone();
            for cell in read(&to_csv(&document, Language::Swedish).unwrap()).iter().flatten() {
                prop_assert!(!may_run(cell), "{:?}", cell);
            }
        }
    }
}
