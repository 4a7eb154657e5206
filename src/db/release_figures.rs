//! Of every release the figures that a goal can be measured by: of each measure that of everybody and those of single groups.
//! They are kept apart when the release is made, since a whole one is large and a list of goals needs them of all releases that
//! stand, in one query. They are a release in which the rest is left out, so that whoever asks a release of a goal
//! (`statistics::own_values`) asks these and is told the same. What is published is no concern of this file.

use super::audited::AuditedTx;
use super::schema::{statistics_release_figures, statistics_releases};
use super::statistics_releases::{documents_of, read};
use crate::domain::id::{Id, StatisticsRelease};
use crate::error::{Error, Result};
use crate::policy::reveal::Permit;
use crate::statistics::document::{Axis, MeasureDefinition, ReleaseDocument, Table, Words};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Keeps the figures of a release that has just been stored.
///
/// # Errors
/// The database does not answer.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<StatisticsRelease>,
    document: &ReleaseDocument,
) -> Result<()> {
    let figures = serde_json::to_string(&figures_of(document)).map_err(Error::internal)?;
    diesel::insert_into(statistics_release_figures::table)
        .values((
            statistics_release_figures::release_id.eq(id),
            statistics_release_figures::figures.eq(figures),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The figures of the releases that are not withdrawn, the first first: one query, and one more where some release was made
/// before its figures were kept apart. Everything in them is published.
///
/// # Errors
/// The database does not answer, or one cannot be read.
pub fn standing(tx: &mut AuditedTx<'_>) -> Result<Vec<ReleaseDocument>> {
    let rows: Vec<(Id<StatisticsRelease>, Option<String>)> = statistics_releases::table
        .left_join(statistics_release_figures::table)
        .filter(statistics_releases::withdrawn_at.is_null())
        .order(statistics_releases::number)
        .select((
            statistics_releases::id,
            statistics_release_figures::figures.nullable(),
        ))
        .load(tx.conn())?;
    let mut told = Vec::new();
    let mut whole = Vec::new();
    for (id, figures) in rows {
        match figures {
            Some(figures) => told.push(read(&figures)?),
            None => whole.push(id),
        }
    }
    told.extend(documents_of(tx, &whole)?);
    Ok(told)
}

/// What is left of a release when only the figures of everybody and of single groups stay, each in the smallest table that has
/// it. Words are left out; what a figure is found by stays.
fn figures_of(document: &ReleaseDocument) -> ReleaseDocument {
    let mut tables: Vec<&Table> = document.tables.iter().collect();
    // Of tables with as many dimensions the first of the document stays the first.
    tables.sort_by_key(|table| table.axes.len());
    let mut measures: BTreeSet<&str> = BTreeSet::new();
    let mut told: BTreeSet<(&str, Option<(&str, &str)>)> = BTreeSet::new();
    let mut left = Vec::new();
    for table in tables {
        let mut cells = Vec::new();
        for cell in &table.cells {
            let mut groups = table.axes.iter().zip(&cell.at).filter_map(|(axis, at)| {
                let category = at.as_deref()?;
                Some((axis.name.as_str(), category))
            });
            let (group, other) = (groups.next(), groups.next());
            if other.is_none() && told.insert((&table.measure, group)) {
                let mut cell = cell.clone();
                (cell.numerator, cell.denominator) = (None, None);
                cells.push(cell);
            }
        }
        // A measure that has tables is told from one that has none, even if no figure of it can be asked for.
        let is_first = measures.insert(&table.measure);
        if is_first || !cells.is_empty() {
            left.push(Table {
                name: String::new(),
                measure: table.measure.clone(),
                title: Words::default(),
                unit: table.unit,
                decimals: table.decimals,
                axes: table.axes.iter().map(bare_axis).collect(),
                cells,
            });
        }
    }
    ReleaseDocument {
        format: document.format,
        period: document.period.clone(),
        counted_at: document.counted_at,
        threshold: document.threshold,
        hidden: document.hidden,
        audit: document.audit,
        measures: document.measures.iter().map(bare_measure).collect(),
        divisions: Vec::new(),
        tables: left,
        goals: Vec::new(),
        notes: Vec::new(),
    }
}

fn bare_axis(axis: &Axis) -> Axis {
    Axis {
        name: axis.name.clone(),
        label: Words::default(),
        categories: Vec::new(),
        has_sum: axis.has_sum,
    }
}

fn bare_measure(measure: &MeasureDefinition) -> MeasureDefinition {
    MeasureDefinition {
        code: measure.code.clone(),
        version: measure.version,
        kind: measure.kind,
        unit: measure.unit,
        title: Words::default(),
        definition: Words::default(),
        numerator: Words::default(),
        denominator: None,
        period_logic: Words::default(),
        breakdowns: Vec::new(),
        source: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::goal::{GoalPeriod, MeasuredAs};
    use crate::statistics::document::{
        Audit, Category, FORMAT, FigureUnit, HiddenShare, MeasureKind, PeriodOf, TableCell,
    };
    use crate::statistics::own_values::{Wanted, own_measure_values};
    use chrono::{DateTime, NaiveDate};

    const AXES: [(&str, &[&str]); 3] = [
        ("sex", &["female", "male"]),
        ("ageGroup", &["16-19", "20-24"]),
        ("area", &["north", "south", "other"]),
    ];

    fn axis((name, codes): (&str, &[&str]), has_sum: bool) -> Axis {
        let category = |code: &&str| Category {
            code: (*code).to_owned(),
            label: ("Något", "Something").into(),
            members: vec![(*code).to_owned()],
        };
        Axis {
            name: name.to_owned(),
            label: (name, name).into(),
            categories: codes.iter().map(category).collect(),
            has_sum,
        }
    }

    /// A table with a figure that stands nowhere else in every cell; every seventh is hidden.
    fn table(measure: &str, axes: Vec<Axis>, next: &mut i64) -> Table {
        let mut places: Vec<Vec<Option<String>>> = vec![Vec::new()];
        for axis in &axes {
            let codes = axis.categories.iter().map(|of| Some(of.code.clone()));
            let at: Vec<Option<String>> = axis
                .has_sum
                .then_some(None)
                .into_iter()
                .chain(codes)
                .collect();
            places = places
                .iter()
                .flat_map(|place| {
                    at.iter()
                        .map(|at| [place.as_slice(), std::slice::from_ref(at)].concat())
                })
                .collect();
        }
        let cell = |at| {
            *next += 1;
            TableCell {
                at,
                value: (*next % 7 != 0).then_some(*next),
                is_hidden: *next % 7 == 0,
                numerator: Some(*next),
                denominator: Some(*next),
            }
        };
        Table {
            name: format!("table{}", axes.len()),
            measure: measure.to_owned(),
            title: ("Rubrik", "Title").into(),
            unit: FigureUnit::Persons,
            decimals: 1,
            axes,
            cells: places.into_iter().map(cell).collect(),
        }
    }

    /// Measures with tables over every choice of dimensions, in whatever order; the last measure has none.
    fn release() -> ReleaseDocument {
        let day = NaiveDate::default();
        let mut next = 0;
        let mut tables = Vec::new();
        for (measure, first) in [("one", 7), ("two", 1), ("three", 3)] {
            for turn in 0..7_usize {
                let chosen = (turn * 3 + first) % 8;
                let axes = AXES.iter().enumerate();
                let axes = axes.filter(|(place, _)| chosen >> place & 1 == 1);
                // Of one measure nothing adds up along the first dimension.
                let axes = axes.map(|(place, of)| axis(*of, measure != "two" || place != 0));
                tables.push(table(measure, axes.collect(), &mut next));
            }
        }
        let measure = |(code, kind): (&str, MeasureKind)| MeasureDefinition {
            code: code.to_owned(),
            version: 2,
            kind,
            unit: FigureUnit::Persons,
            title: ("Rubrik", "Title").into(),
            definition: ("Vad det är.", "What it is.").into(),
            numerator: ("Vad som räknas.", "What is counted.").into(),
            denominator: None,
            period_logic: ("När.", "When.").into(),
            breakdowns: vec!["sex".to_owned()],
            source: None,
        };
        let measures = [
            ("one", MeasureKind::Count),
            ("two", MeasureKind::Share),
            ("three", MeasureKind::Mean),
            ("four", MeasureKind::Median),
        ];
        ReleaseDocument {
            format: FORMAT,
            period: PeriodOf {
                code: GoalPeriod::FullYear.code().to_owned(),
                label: ("Helår", "Full year").into(),
                year: 2025,
                first_day: day,
                last_day: day,
            },
            counted_at: DateTime::UNIX_EPOCH,
            threshold: 5,
            hidden: HiddenShare {
                hidden: 1,
                cells: 2,
            },
            audit: Audit::default(),
            measures: measures.map(measure).into(),
            divisions: Vec::new(),
            tables,
            goals: Vec::new(),
            notes: vec![("Ett ord.", "A word.").into()],
        }
    }

    #[test]
    fn the_figures_answer_every_question_of_a_goal_as_the_whole_release_does() {
        let whole = release();
        let text = serde_json::to_string(&figures_of(&whole)).unwrap();
        let apart = read(&text).unwrap();
        let mut groups: Vec<Option<(&str, &str)>> = vec![None, Some(("sex", "nobody"))];
        for axis in whole.tables.iter().flat_map(|table| &table.axes) {
            let codes = axis
                .categories
                .iter()
                .map(|category| category.code.as_str());
            groups.extend(codes.map(|code| Some((axis.name.as_str(), code))));
        }
        groups.sort_unstable();
        groups.dedup();
        let (mut asked, mut answered) = (0, 0);
        let codes = whole.measures.iter().map(|measure| measure.code.as_str());
        for measure in codes.chain(["nothing"]) {
            for measured_as in MeasuredAs::ALL.iter().copied() {
                for group in &groups {
                    let wanted = Wanted {
                        measure,
                        measured_as,
                        group: *group,
                        decimals: 1,
                    };
                    let values = own_measure_values(&wanted, &[&apart]);
                    assert_eq!(values, own_measure_values(&wanted, &[&whole]), "{wanted:?}");
                    asked += 1;
                    answered += values.iter().filter(|own| own.value.is_ok()).count();
                }
            }
        }
        assert!(answered > 15 && asked > answered, "{answered} of {asked}");
        let all = serde_json::to_string(&whole).unwrap();
        assert!(
            text.len() * 4 < all.len(),
            "{} of {}",
            text.len(),
            all.len()
        );
    }
}
