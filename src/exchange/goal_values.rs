//! What does a file of goal values say, row by row, and what in it must be mended? CSV as spreadsheets write it: semicolon,
//! comma or tab, decimal comma or point, headings in Swedish or English in any order. What becomes of a value is decided in
//! `service::goal_value_imports`.

use super::roster::{cleaned, comparable, decode, delimiter_of};
use crate::domain::codes::Code;
use crate::domain::decimal::{Decimal, MOST, Unfit};
use crate::domain::goal::{GoalPeriod, YEARS};
use crate::error::{FieldCode, FieldError};

/// Rows of one file: a value for each part of every year that a goal may speak of, and as many again.
pub const MOST_ROWS: usize = 1_000;

/// A value as the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileValue {
    pub year: i32,
    pub period: GoalPeriod,
    /// Times ten to the power of the goal's decimals.
    pub value: i64,
    pub source: Option<String>,
    pub note: Option<String>,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// The line in the file, from 1.
    pub line: u64,
    /// What it says, or everything that is wrong with it; of each problem the pointer is the heading.
    pub said: Result<FileValue, Vec<FieldError>>,
}

/// How long the texts may be.
#[derive(Debug, Clone, Copy)]
pub struct Longest {
    pub source: usize,
    pub note: usize,
}

/// A column, with its heading in Swedish and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Year,
    Period,
    Value,
    Source,
    Note,
}

const COLUMNS: [(Column, &str, &str); 5] = [
    (Column::Year, "år", "year"),
    (Column::Period, "period", "period"),
    (Column::Value, "värde", "value"),
    (Column::Source, "källa", "source"),
    (Column::Note, "anteckning", "note"),
];

impl Column {
    fn of_heading(heading: &str) -> Option<Self> {
        let heading = comparable(heading);
        COLUMNS
            .iter()
            .find(|(_, sv, en)| comparable(sv) == heading || comparable(en) == heading)
            .map(|(column, _, _)| *column)
    }

    fn heading(self) -> &'static str {
        COLUMNS
            .iter()
            .find(|(column, _, _)| *column == self)
            .map_or("", |(_, sv, _)| *sv)
    }
}

/// Reads a file of values with so many decimals.
///
/// # Errors
/// Why no row of it can be read: no text, a heading missing or told twice, too many rows. The pointer is the heading.
pub fn read(bytes: &[u8], decimals: u8, longest: Longest) -> Result<Vec<FileRow>, FieldError> {
    let not_text = || FieldError::new("", FieldCode::NotTextFile);
    let (text, _) = decode(bytes).map_err(|_| not_text())?;
    let (delimiter, start) = delimiter_of(&text);
    let body = text.get(start..).unwrap_or_default();
    let lines_before = text
        .get(..start)
        .map_or(0, |before| before.matches('\n').count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter.char()).unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| not_text())?;
        let line = lines_before + line_at(body, record.position());
        let cells: Vec<String> = record.iter().map(cleaned).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Some(headings(&cells)?);
            continue;
        };
        if rows.len() == MOST_ROWS {
            let most = MOST_ROWS.to_string();
            return Err(FieldError::with("", FieldCode::TooMany, most));
        }
        rows.push(FileRow {
            line: u64::try_from(line).unwrap_or(0),
            said: row(columns, &cells, decimals, longest),
        });
    }
    match columns {
        Some(_) => Ok(rows),
        None => Err(missing(Column::Year)),
    }
}

/// The line on which a record begins, from 1: the reader's own count stops before the end of the line above.
fn line_at(body: &str, position: Option<&csv::Position>) -> usize {
    let byte = position.map_or(0, csv::Position::byte);
    let byte = usize::try_from(byte).unwrap_or(usize::MAX);
    let (before, rest) = body.split_at_checked(byte).unwrap_or((body, ""));
    let ends = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let skipped = rest.get(..ends).unwrap_or_default();
    1 + before.matches('\n').count() + skipped.matches('\n').count()
}

fn missing(column: Column) -> FieldError {
    FieldError::with(column.heading(), FieldCode::NoHeading, column.heading())
}

/// The columns by their headings. Others than ours are left alone: a file may hold what is nobody else's business.
fn headings(cells: &[String]) -> Result<Vec<Option<Column>>, FieldError> {
    let columns: Vec<Option<Column>> = cells.iter().map(|cell| Column::of_heading(cell)).collect();
    for (column, _, _) in COLUMNS {
        let heading = column.heading();
        let told = columns
            .iter()
            .filter(|other| **other == Some(column))
            .count();
        if told > 1 {
            return Err(FieldError::with(heading, FieldCode::HeadingTwice, heading));
        }
        if told == 0 && matches!(column, Column::Year | Column::Value) {
            return Err(missing(column));
        }
    }
    Ok(columns)
}

fn row(
    columns: &[Option<Column>],
    cells: &[String],
    decimals: u8,
    longest: Longest,
) -> Result<FileValue, Vec<FieldError>> {
    if cells.len() != columns.len() {
        return Err(vec![FieldError::new("", FieldCode::WrongCellCount)]);
    }
    let mut problems = Vec::new();
    let cell = |column: Column| {
        let place = columns.iter().position(|other| *other == Some(column))?;
        let text = cells.get(place)?.as_str();
        (!text.is_empty()).then_some(text)
    };
    let mut wrong = |column: Column, code: FieldCode, bound: Option<String>| {
        let heading = column.heading();
        problems.push(match bound {
            Some(bound) => FieldError::with(heading, code, bound),
            None => FieldError::new(heading, code),
        });
    };
    let year = match cell(Column::Year).map(str::parse::<i64>) {
        None => {
            wrong(Column::Year, FieldCode::Required, None);
            None
        }
        Some(Ok(year)) if YEARS.contains(&year) => i32::try_from(year).ok(),
        Some(Ok(_)) => {
            let bounds = format!("{}-{}", YEARS.start(), YEARS.end());
            wrong(Column::Year, FieldCode::OutOfRange, Some(bounds));
            None
        }
        Some(Err(_)) => {
            wrong(Column::Year, FieldCode::NotNumber, None);
            None
        }
    };
    let period = match cell(Column::Period) {
        None => Some(GoalPeriod::FullYear),
        Some(text) => {
            let period = period_of(text);
            if period.is_none() {
                let words: Vec<&str> = GoalPeriod::ALL.iter().map(|word| word.code()).collect();
                wrong(Column::Period, FieldCode::NotInList, Some(words.join(", ")));
            }
            period
        }
    };
    let value = match cell(Column::Value).map(Decimal::parse) {
        None => {
            wrong(Column::Value, FieldCode::Required, None);
            None
        }
        Some(None) => {
            wrong(Column::Value, FieldCode::NotDecimal, None);
            None
        }
        Some(Some(number)) => match number.exactly(decimals) {
            Ok(value) => Some(value),
            Err(Unfit::TooPrecise) => {
                let most = decimals.to_string();
                wrong(Column::Value, FieldCode::TooManyDecimals, Some(most));
                None
            }
            Err(Unfit::TooLarge) => {
                let bounds = format!("-{MOST}-{MOST}");
                wrong(Column::Value, FieldCode::OutOfRange, Some(bounds));
                None
            }
        },
    };
    let mut text = |column: Column, longest: usize| {
        let text = cell(column)?;
        if text
            .chars()
            .any(|c| c.is_control() && c != '\n' && c != '\t')
        {
            wrong(column, FieldCode::ControlCharacter, None);
        } else if text.chars().count() > longest {
            wrong(column, FieldCode::TooLong, Some(longest.to_string()));
        }
        Some(text.to_owned())
    };
    let source = text(Column::Source, longest.source);
    let note = text(Column::Note, longest.note);
    match (year, period, value) {
        (Some(year), Some(period), Some(value)) if problems.is_empty() => Ok(FileValue {
            year,
            period,
            value,
            source,
            note,
        }),
        _ => Err(problems),
    }
}

/// A part of a year by its code, or as people write it.
fn period_of(text: &str) -> Option<GoalPeriod> {
    let word = comparable(text);
    GoalPeriod::ALL.iter().copied().find(|period| {
        [period.code(), period.sv(), period.en()]
            .iter()
            .any(|name| comparable(name) == word)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LONGEST: Longest = Longest {
        source: 20,
        note: 40,
    };

    fn one(text: &str) -> Result<Vec<FileRow>, FieldError> {
        read(text.as_bytes(), 1, LONGEST)
    }

    fn values(text: &str) -> Vec<(i32, GoalPeriod, i64)> {
        let rows = one(text).unwrap().into_iter();
        rows.map(|row| row.said.unwrap())
            .map(|said| (said.year, said.period, said.value))
            .collect()
    }

    #[test]
    fn a_file_of_either_language_delimiter_and_decimal_mark_is_read() {
        use GoalPeriod::{FullYear, Tertial1, Tertial12};
        let expected = [
            (2023, FullYear, 79),
            (2024, Tertial12, -3),
            (2024, Tertial1, 12_340),
        ];
        for text in [
            "år;period;värde\r\n2023;;7,9\r\n2024;tertial 1–2;−0,3\r\n2024;Tertial 1;1 234\r\n",
            "\u{feff}VALUE,Year,Period\n7.9,2023,full_year\n-0.3,2024,tertial_1_2\n1234.0,2024,first four months\n",
            "sep=;\nÅr;Värde;Period;Övrigt\n2023;7.9;Helår;x\n\n2024;'-0,3;tertial_1_2;\n2024;\"1234\";tertial_1;\n",
        ] {
            assert_eq!(values(text), expected, "{text}");
        }
        let latin: &[u8] = b"\xe5r;v\xe4rde;k\xe4lla\n2023;7,9;F\xf6rs\xe4kringskassan\n";
        let rows = read(latin, 1, LONGEST).unwrap();
        let said = rows.first().unwrap().said.clone().unwrap();
        assert_eq!(said.source.as_deref(), Some("Försäkringskassan"));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_heading() {
        let text = "år;period;värde;källa\nsnart;våren;7,95;Arbetsförmedlingens statistik\n2023;;\n1850;;sju;\n;;;x\n";
        let told: Vec<(u64, Vec<(String, FieldCode)>)> = one(text)
            .unwrap()
            .into_iter()
            .map(|row| {
                let problems = row.said.unwrap_err().into_iter();
                let told = problems.map(|problem| (problem.pointer, problem.code));
                (row.line, told.collect())
            })
            .collect();
        let of = |heading: &str, code| (heading.to_owned(), code);
        assert_eq!(
            told,
            [
                (
                    2,
                    vec![
                        of("år", FieldCode::NotNumber),
                        of("period", FieldCode::NotInList),
                        of("värde", FieldCode::TooManyDecimals),
                        of("källa", FieldCode::TooLong),
                    ]
                ),
                (3, vec![of("", FieldCode::WrongCellCount)]),
                (
                    4,
                    vec![
                        of("år", FieldCode::OutOfRange),
                        of("värde", FieldCode::NotDecimal)
                    ]
                ),
                (
                    5,
                    vec![
                        of("år", FieldCode::Required),
                        of("värde", FieldCode::Required)
                    ]
                ),
            ]
        );
    }

    #[test]
    fn lines_are_counted_as_an_editor_shows_them() {
        for end in ["\n", "\r\n"] {
            let text = ["sep=;", "år;värde", "2023;1", "", "2024;2", ";", "2025;3"].join(end);
            let lines: Vec<u64> = one(&text).unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [3, 5, 7]);
        }
    }

    #[test]
    fn a_file_without_its_headings_is_not_guessed_at() {
        let code = |bytes: &[u8]| read(bytes, 1, LONGEST).unwrap_err().code;
        assert_eq!(code(b""), FieldCode::NoHeading);
        assert_eq!(code(b"2023;7,9\n"), FieldCode::NoHeading);
        assert_eq!(code("år;källa\n".as_bytes()), FieldCode::NoHeading);
        assert_eq!(code("år;year;värde\n".as_bytes()), FieldCode::HeadingTwice);
        assert_eq!(code(b"PK\x03\x04rest"), FieldCode::NotTextFile);
        let many = "år;värde\n".to_owned() + &"2023;1\n".repeat(MOST_ROWS + 1);
        assert_eq!(code(many.as_bytes()), FieldCode::TooMany);
    }
}
