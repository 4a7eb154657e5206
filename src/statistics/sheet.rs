//! How does a release open right in a Swedish spreadsheet? UTF-8 with a mark, semicolons, CRLF, one row per figure so
//! that it can be filtered and pivoted, and no cell that could be run as a formula. Which figures there are does not
//! matter here.

use super::release::StatisticsRelease;
use super::suppression::Cell;
use super::tables::Axis;
use crate::error::{Error, Language, Result};
use crate::exchange::guarded;

/// What stands in place of a hidden count, as the national statistics write it.
const HIDDEN: &str = "..";
/// What tells a spreadsheet that the file is UTF-8.
const MARK: &str = "\u{feff}";

/// The columns for dimensions: name in JSON, heading.
const DIMENSIONS: [(&str, &str, &str); 5] = [
    ("sex", "Kön", "Sex"),
    ("ageGroup", "Åldersgrupp", "Age group"),
    ("area", "Område", "Area"),
    ("destination", "Destination", "Destination"),
    (
        "deregistrationReason",
        "Avregistreringsorsak",
        "Reason for deregistration",
    ),
];

impl StatisticsRelease {
    /// The release as a file for spreadsheets. The notes follow the figures, in the last column.
    ///
    /// # Errors
    /// The file could not be built, which is a fault of ours.
    pub fn to_csv(&self, language: Language) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(MARK.as_bytes().to_vec());
        let mut write = |row: Vec<String>| {
            let row: Vec<String> = row.iter().map(|cell| guarded(cell)).collect();
            writer.write_record(row).map_err(Error::internal)
        };
        write(heading(language))?;
        let word = |sv: &str, en: &str| match language {
            Language::Swedish => sv.to_owned(),
            Language::English => en.to_owned(),
        };
        let period = self.period.period();
        let about = [
            self.period_label(language),
            period.first_day().to_string(),
            period.last_day().to_string(),
            self.period.counted_to().to_string(),
        ];
        let mut last_measure = None;
        for table in &self.tables {
            // The sums over all groups are the same in every table of a measure: once is enough.
            let has_sums = last_measure == Some(table.measure);
            last_measure = Some(table.measure);
            for (at, cell) in &table.cells {
                if has_sums && at.last() == Some(&None) {
                    continue;
                }
                let mut row = about.to_vec();
                row.push(table.measure.title(language).to_owned());
                row.push(table.measure.count_of().label(language).to_owned());
                row.extend(DIMENSIONS.iter().map(|(name, _, _)| {
                    let place = table
                        .axes
                        .iter()
                        .zip(at)
                        .find(|(axis, _)| axis.name == *name);
                    let label = place.and_then(|(axis, place)| label(axis, *place, language));
                    label.unwrap_or_else(|| word("Totalt", "Total"))
                }));
                match cell {
                    Cell::Count(count) => row.extend([count.to_string(), String::new()]),
                    Cell::Suppressed => row.extend([
                        HIDDEN.to_owned(),
                        word(
                            "Dolt för att skydda enskilda",
                            "Hidden to protect individuals",
                        ),
                    ]),
                }
                write(row)?;
            }
        }
        let width = heading(language).len();
        for note in self.notes(language) {
            let mut row = vec![String::new(); width - 1];
            row.push(note);
            write(row)?;
        }
        writer.into_inner().map_err(Error::internal)
    }
}

fn label(axis: &Axis, place: Option<usize>, language: Language) -> Option<String> {
    let category = axis.categories.get(place?)?;
    Some(category.label(language).to_owned())
}

fn heading(language: Language) -> Vec<String> {
    let (before, after): ([&str; 6], [&str; 2]) = match language {
        Language::Swedish => (
            [
                "Period",
                "Första dag",
                "Sista dag",
                "Räknat till",
                "Mått",
                "Antal av",
            ],
            ["Antal", "Anmärkning"],
        ),
        Language::English => (
            [
                "Period",
                "First day",
                "Last day",
                "Counted to",
                "Measure",
                "Count of",
            ],
            ["Count", "Note"],
        ),
    };
    let dimensions = DIMENSIONS.iter().map(|(_, sv, en)| match language {
        Language::Swedish => *sv,
        Language::English => *en,
    });
    let all = before.into_iter().chain(dimensions).chain(after);
    all.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::statistics::suppression::Threshold;
    use crate::statistics::tables::tests::unit;

    fn rows(file: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .from_reader(&file[MARK.len()..]);
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn the_file_opens_right_in_a_swedish_spreadsheet() {
        let mut facts = unit(90, 2, 4);
        for (number, youth) in facts.youths.iter_mut().enumerate() {
            let area = match number % 3 {
                0 => "=HYPERLINK(\"http://x\";\"y\")",
                1 => "-Öster; väster",
                _ => "Rissne",
            };
            youth.area = Some(area.to_owned());
        }
        let release = StatisticsRelease::of(&facts, Threshold::default()).unwrap();
        let file = release.to_csv(Language::Swedish).unwrap();
        assert!(file.starts_with(&[0xef, 0xbb, 0xbf]));
        let text = String::from_utf8(file.clone()).unwrap();
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text[MARK.len()..].starts_with(
            "Period;Första dag;Sista dag;Räknat till;Mått;Antal av;Kön;Åldersgrupp;Område;"
        ));
        // The reader refuses rows of different widths.
        let rows = rows(&file);
        let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
        let (measure, area, count) = (column("Mått"), column("Område"), column("Antal"));
        let areas: Vec<&str> = rows.iter().map(|row| row[area].as_str()).collect();
        assert!(areas.contains(&"'=HYPERLINK(\"http://x\";\"y\")"));
        assert!(areas.contains(&"'-Öster; väster"));
        for row in &rows {
            for cell in row {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
            let is_figure = row[count] == HIDDEN || row[count].parse::<u64>().is_ok();
            assert!(is_figure || row[measure] == "Mått" || row[measure].is_empty());
        }
        let all: Vec<&Vec<String>> = rows
            .iter()
            .filter(|row| row[measure] == "Ungdomar i registret")
            .filter(|row| row[column("Kön")] == "Totalt" && row[area] == "Totalt")
            .filter(|row| row[column("Åldersgrupp")] == "Totalt")
            .collect();
        assert_eq!(all.len(), 1, "the sum stands once");
        assert_eq!(all[0][count], "90");
        assert_eq!(all[0][0], "Tertial 1 2026");
        assert!(text.contains("skyddade personuppgifter"));
        let english = String::from_utf8(release.to_csv(Language::English).unwrap()).unwrap();
        assert!(english.contains("Youths in the register") && !english.contains("Totalt"));
    }
}
