//! How rows and columns are laid out: a row for each event with its block, or a row for each youth and episode with numbered
//! columns. Read from the written profile and checked; what stands in a row is `rows`' work.

use super::columns::{List, Source};
use super::profile::ProfileError;
use crate::domain::national_file::Block;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// An event: each has a row, in the order of the blocks.
    PerEvent,
    /// A youth in an episode: several events of a block stand in numbered columns.
    PerPerson,
}

/// A column as it is written in a profile: of a source or of a constant.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WrittenColumn {
    header: String,
    source: Option<String>,
    constant: Option<String>,
    number: Option<usize>,
}

/// What fills a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    /// The same text in every row.
    Constant(String),
    /// A source; of a repeated one which of several, counted from 1.
    Of(Source, usize),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub header: String,
    /// What fills it.
    pub filling: Filling,
}

/// Most events of a block that a row has columns for.
const MOST_NUMBERED: usize = 99;

impl WrittenColumn {
    /// The column, if it makes sense among rows of this kind.
    pub(super) fn checked(self, rows: Rows, place: usize) -> Result<Column, ProfileError> {
        let wrong = |member: &str, detail: String| ProfileError::Member {
            member: format!("layout.columns[{place}].{member}"),
            detail,
        };
        let filling = match (self.source, self.constant) {
            (Some(name), None) => {
                let source = Source::named(&name).ok_or_else(|| {
                    let known: Vec<&str> = Source::ALL.iter().map(|known| known.name()).collect();
                    let detail = format!(
                        "there is no source \"{name}\"; there are {}",
                        known.join(", ")
                    );
                    wrong("source", detail)
                })?;
                let number = match (rows, source.is_repeated(), self.number) {
                    (Rows::PerPerson, true, Some(number))
                        if (1..=MOST_NUMBERED).contains(&number) =>
                    {
                        number
                    }
                    (Rows::PerPerson, true, _) => {
                        let detail = format!(
                            "\"{name}\" may come up several times in a row of a person: say which one, 1 to {MOST_NUMBERED}"
                        );
                        return Err(wrong("number", detail));
                    }
                    (_, _, Some(_)) => {
                        let detail = format!("\"{name}\" comes up once in a row and has no number");
                        return Err(wrong("number", detail));
                    }
                    (_, _, None) => 1,
                };
                if rows == Rows::PerPerson && source.is_of_event_rows() {
                    let detail = format!("\"{name}\" has a meaning only with rows \"per_event\"");
                    return Err(wrong("source", detail));
                }
                Filling::Of(source, number)
            }
            (None, Some(text)) if self.number.is_none() => Filling::Constant(text),
            (None, Some(_)) => return Err(wrong("number", "a constant has no number".to_owned())),
            _ => {
                let detail = "a column has either a source or a constant".to_owned();
                return Err(wrong("source", detail));
            }
        };
        Ok(Column {
            header: self.header,
            filling,
        })
    }
}

/// The columns that are filled from a source.
pub(super) fn sources(columns: &[Column]) -> impl Iterator<Item = (Source, usize)> {
    columns.iter().filter_map(|column| match column.filling {
        Filling::Of(source, number) => Some((source, number)),
        Filling::Constant(_) => None,
    })
}

/// The code lists whose words are written.
pub(super) fn lists(columns: &[Column]) -> BTreeSet<List> {
    sources(columns)
        .filter_map(|(source, _)| source.list())
        .collect()
}

/// So many events of a block have columns in a row; `None`: the block is not written at all.
pub(super) fn room_for(columns: &[Column], block: Block) -> Option<usize> {
    sources(columns)
        .filter(|(source, _)| source.block() == Some(block))
        .map(|(_, number)| number)
        .max()
}
