//! What do the releases say of a goal's own measure? The figure of the year's release of the full year, or else of the latest
//! tertial; a hidden or missing figure is told as missing, with why, and nothing stands in for it.
//! How a goal stands by these values is decided in `domain::goal`.

use super::document::{MeasureKind, ReleaseDocument, Table, TableCell};
use crate::domain::codes::Code;
use crate::domain::decimal::Decimal;
use crate::domain::goal::{GoalPeriod, MeasuredAs};
use std::collections::BTreeMap;

/// Which figure a goal is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The code of the measure.
    pub measure: &'a str,
    /// What kind of number it must be: a measure that has become another one is not followed blindly.
    pub measured_as: MeasuredAs,
    /// The division and the category in it; of everybody if nothing is named.
    pub group: Option<(&'a str, &'a str)>,
    /// The decimals of the goal.
    pub decimals: u8,
}

/// Why a release has no figure for a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// The measure is not in the release.
    NoMeasure,
    /// It is another kind of number there.
    OtherKind,
    /// No table has the division, or the category in it.
    NoGroup,
    /// The figure is hidden to protect somebody.
    Hidden,
    /// There was nothing to divide by.
    NothingToDivide,
    /// It is larger than a value of a goal may be.
    TooLarge,
}

/// What the releases say of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnValue {
    /// The year.
    pub year: i32,
    /// The part of it that the release covers.
    pub period: GoalPeriod,
    /// The figure, times ten to the power of the goal's decimals.
    pub value: Result<i64, Absent>,
}

/// The values of a goal's own measure, one a year, the earliest first. Of several releases of one period the latest counted
/// speaks. Withdrawn releases are not to be given.
pub fn own_measure_values(wanted: &Wanted<'_>, releases: &[&ReleaseDocument]) -> Vec<OwnValue> {
    let mut by_year: BTreeMap<i32, (GoalPeriod, &ReleaseDocument)> = BTreeMap::new();
    for release in releases {
        // Half-years are of the national collection; their figures are not those of the follow-up.
        let Some(period) = GoalPeriod::from_code(&release.period.code) else {
            continue;
        };
        let is_better = by_year
            .get(&release.period.year)
            .is_none_or(|(known, other)| (*known, other.counted_at) < (period, release.counted_at));
        if is_better {
            by_year.insert(release.period.year, (period, release));
        }
    }
    by_year
        .into_iter()
        .map(|(year, (period, release))| OwnValue {
            year,
            period,
            value: figure(wanted, release),
        })
        .collect()
}

fn figure(wanted: &Wanted<'_>, release: &ReleaseDocument) -> Result<i64, Absent> {
    let measure = release
        .measures
        .iter()
        .find(|measure| measure.code == wanted.measure)
        .ok_or(Absent::NoMeasure)?;
    let is_meant = matches!(
        (measure.kind, wanted.measured_as),
        (MeasureKind::Count, MeasuredAs::Count)
            | (MeasureKind::Share, MeasuredAs::Share)
            | (MeasureKind::Mean, MeasuredAs::Mean)
            | (MeasureKind::Median, MeasuredAs::Median)
    );
    if !is_meant {
        return Err(Absent::OtherKind);
    }
    let tables: Vec<&Table> = release
        .tables
        .iter()
        .filter(|table| table.measure == wanted.measure)
        .collect();
    if tables.is_empty() {
        return Err(Absent::NoMeasure);
    }
    // A table of its own comes before a margin of a larger one.
    let (table, cell) = tables
        .iter()
        .filter_map(|table| Some((*table, cell_of(wanted, table)?)))
        .min_by_key(|(table, _)| table.axes.len())
        .ok_or(Absent::NoGroup)?;
    if cell.is_hidden {
        return Err(Absent::Hidden);
    }
    let value = cell.value.ok_or(Absent::NothingToDivide)?;
    Decimal::scaled(value, table.decimals)
        .rounded(wanted.decimals)
        .ok_or(Absent::TooLarge)
}

/// The cell of the group in a table, if the table tells of it: all other axes at their sums.
fn cell_of<'a>(wanted: &Wanted<'_>, table: &'a Table) -> Option<&'a TableCell> {
    let own = match wanted.group {
        Some((division, category)) => {
            let axis = table.axes.iter().position(|axis| axis.name == division)?;
            Some((axis, category))
        }
        None => None,
    };
    table.cells.iter().find(|cell| {
        cell.at.iter().enumerate().all(|(axis, at)| match own {
            Some((place, category)) if place == axis => at.as_deref() == Some(category),
            _ => at.is_none(),
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::statistics::document::{
        Audit, Axis, Category, FORMAT, FigureUnit, HiddenShare, MeasureDefinition, PeriodOf, Words,
    };
    use chrono::{DateTime, NaiveDate};

    fn cell(at: &[Option<&str>], value: Option<i64>, is_hidden: bool) -> TableCell {
        TableCell {
            at: at.iter().map(|at| at.map(str::to_owned)).collect(),
            value,
            is_hidden,
            numerator: None,
            denominator: None,
        }
    }

    fn table(axes: &[&str], cells: Vec<TableCell>) -> Table {
        let category = |code: &str| Category {
            code: code.to_owned(),
            label: Words::default(),
            members: Vec::new(),
        };
        Table {
            name: format!("shareOfferedBy{}", axes.concat()),
            measure: "shareOffered".to_owned(),
            title: Words::default(),
            unit: FigureUnit::Percent,
            decimals: 1,
            axes: axes
                .iter()
                .map(|name| Axis {
                    name: (*name).to_owned(),
                    label: Words::default(),
                    categories: vec![category("female"), category("male")],
                    has_sum: true,
                })
                .collect(),
            cells,
        }
    }

    fn release(year: i32, code: &str, second: i64, tables: Vec<Table>) -> ReleaseDocument {
        ReleaseDocument {
            format: FORMAT,
            period: PeriodOf {
                code: code.to_owned(),
                label: Words::default(),
                year,
                first_day: NaiveDate::default(),
                last_day: NaiveDate::default(),
            },
            counted_at: DateTime::from_timestamp(second, 0).unwrap(),
            threshold: 5,
            hidden: HiddenShare {
                hidden: 0,
                cells: 1,
            },
            measures: vec![MeasureDefinition {
                code: "shareOffered".to_owned(),
                version: 1,
                kind: MeasureKind::Share,
                unit: FigureUnit::Percent,
                title: Words::default(),
                definition: Words::default(),
                numerator: Words::default(),
                denominator: None,
                period_logic: Words::default(),
                breakdowns: Vec::new(),
                source: None,
            }],
            divisions: Vec::new(),
            tables,
            audit: Audit::default(),
            goals: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn plain(value: i64) -> Vec<Table> {
        vec![table(&[], vec![cell(&[], Some(value), false)])]
    }

    const ALL: Wanted<'_> = Wanted {
        measure: "shareOffered",
        measured_as: MeasuredAs::Share,
        group: None,
        decimals: 1,
    };

    fn only(wanted: &Wanted<'_>, release: &ReleaseDocument) -> Result<i64, Absent> {
        own_measure_values(wanted, &[release]).pop().unwrap().value
    }

    #[test]
    fn the_full_year_speaks_before_the_tertials_and_the_latest_count_before_the_earlier() {
        let releases = [
            release(2024, "tertial_1_2", 9, plain(700)),
            release(2025, "full_year", 1, plain(801)),
            release(2025, "full_year", 2, plain(802)),
            release(2025, "tertial_1_2", 3, plain(900)),
            release(2026, "tertial_1_2", 5, plain(850)),
            release(2026, "tertial_1", 4, plain(840)),
            release(2026, "half_year_1", 6, plain(1)),
        ];
        let releases: Vec<&ReleaseDocument> = releases.iter().rev().collect();
        let found: Vec<(i32, GoalPeriod, i64)> = own_measure_values(&ALL, &releases)
            .into_iter()
            .map(|own| (own.year, own.period, own.value.unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                (2024, GoalPeriod::Tertial12, 700),
                (2025, GoalPeriod::FullYear, 802),
                (2026, GoalPeriod::Tertial12, 850),
            ]
        );
    }

    #[test]
    fn a_hidden_figure_is_missing_and_no_tertial_stands_in_for_it() {
        let hidden = vec![table(&[], vec![cell(&[], None, true)])];
        let releases = [
            release(2025, "tertial_1_2", 1, plain(700)),
            release(2025, "full_year", 2, hidden),
        ];
        let found = own_measure_values(&ALL, &[&releases[0], &releases[1]]);
        assert_eq!(
            found,
            [OwnValue {
                year: 2025,
                period: GoalPeriod::FullYear,
                value: Err(Absent::Hidden)
            }]
        );
        let nothing = vec![table(&[], vec![cell(&[], None, false)])];
        let release = release(2025, "full_year", 1, nothing);
        assert_eq!(only(&ALL, &release), Err(Absent::NothingToDivide));
    }

    #[test]
    fn a_group_is_found_in_its_division_and_everybody_in_any_sum() {
        let by_sex = table(
            &["sex"],
            vec![
                cell(&[None], Some(500), false),
                cell(&[Some("female")], Some(600), false),
                cell(&[Some("male")], None, true),
            ],
        );
        let release = release(2025, "full_year", 1, vec![by_sex]);
        let of = |group| only(&Wanted { group, ..ALL }, &release);
        assert_eq!(of(None), Ok(500));
        assert_eq!(of(Some(("sex", "female"))), Ok(600));
        assert_eq!(of(Some(("sex", "male"))), Err(Absent::Hidden));
        assert_eq!(of(Some(("sex", "other"))), Err(Absent::NoGroup));
        assert_eq!(of(Some(("area", "female"))), Err(Absent::NoGroup));
    }

    #[test]
    fn another_kind_of_number_is_not_taken_and_decimals_are_those_of_the_goal() {
        let release = release(2025, "full_year", 1, plain(675));
        let as_count = Wanted {
            measured_as: MeasuredAs::Count,
            ..ALL
        };
        assert_eq!(only(&as_count, &release), Err(Absent::OtherKind));
        let other = Wanted {
            measure: "personsOffered",
            ..ALL
        };
        assert_eq!(only(&other, &release), Err(Absent::NoMeasure));
        let with = |decimals| only(&Wanted { decimals, ..ALL }, &release);
        assert_eq!((with(0), with(1), with(2)), (Ok(68), Ok(675), Ok(6750)));
    }
}
