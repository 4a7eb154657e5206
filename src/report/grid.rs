//! How does a table of any number of dimensions lie on a page? One dimension goes across, the others down; of a single
//! dimension all goes down. The order is that of the document: a sum before what it sums.

use crate::statistics::document::{Axis, Category, Table, TableCell};
use std::collections::BTreeMap;

/// A place on an axis: a category, or the sum.
pub(super) type Place<'t> = Option<&'t Category>;

/// A table with rows and columns.
pub(super) struct Grid<'t> {
    /// The dimensions that go down, in order.
    pub(super) down: Vec<&'t Axis>,
    /// The dimension that goes across.
    pub(super) across: Option<&'t Axis>,
    /// What stands across; one column without a heading where nothing does.
    pub(super) columns: Vec<Place<'t>>,
    /// The rows.
    pub(super) rows: Vec<Row<'t>>,
}

/// A row of a grid.
pub(super) struct Row<'t> {
    /// Its place on every axis that goes down.
    pub(super) at: Vec<Place<'t>>,
    /// Its figures, one a column; nothing where the document has none.
    pub(super) cells: Vec<Option<&'t TableCell>>,
}

impl Row<'_> {
    /// Whether it sums up all that goes down.
    pub(super) fn is_sum(&self) -> bool {
        !self.at.is_empty() && self.at.iter().all(Option::is_none)
    }
}

impl<'t> Grid<'t> {
    /// The table with the given dimension across.
    pub(super) fn of(table: &'t Table, across: Option<usize>) -> Self {
        let cells: BTreeMap<Vec<Option<&str>>, &TableCell> = table
            .cells
            .iter()
            .map(|cell| (cell.at.iter().map(Option::as_deref).collect(), cell))
            .collect();
        let mut combinations: Vec<Vec<Place<'t>>> = vec![Vec::new()];
        let mut columns: Vec<Place<'t>> = vec![None];
        let mut down = Vec::new();
        for (index, axis) in table.axes.iter().enumerate() {
            let places = places(table, index, axis);
            if across == Some(index) {
                columns = places;
                continue;
            }
            down.push(axis);
            combinations = combinations
                .iter()
                .flat_map(|before| {
                    places.iter().map(move |place| {
                        let mut at = before.clone();
                        at.push(*place);
                        at
                    })
                })
                .collect();
        }
        let rows = combinations
            .into_iter()
            .map(|at| {
                let figures = columns
                    .iter()
                    .map(|column| {
                        let mut full: Vec<Option<&str>> =
                            at.iter().map(|place| code(*place)).collect();
                        if let Some(index) = across.filter(|index| *index < table.axes.len()) {
                            full.insert(index.min(full.len()), code(*column));
                        }
                        cells.get(&full).copied()
                    })
                    .collect();
                Row { at, cells: figures }
            })
            .collect();
        Self {
            down,
            across: across.and_then(|index| table.axes.get(index)),
            columns,
            rows,
        }
    }

    /// Whether any of its figures fits a description.
    pub(super) fn any(&self, is_so: impl Fn(&TableCell) -> bool) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| row.cells.iter().flatten());
        cells.any(|cell| is_so(cell))
    }
}

/// The places of an axis: its sum, where a figure stands for it, and its categories.
fn places<'t>(table: &Table, index: usize, axis: &'t Axis) -> Vec<Place<'t>> {
    let has_sum = table
        .cells
        .iter()
        .any(|cell| cell.at.get(index).is_some_and(Option::is_none));
    let sum = has_sum.then_some(None);
    sum.into_iter()
        .chain(axis.categories.iter().map(Some))
        .collect()
}

fn code(place: Place<'_>) -> Option<&str> {
    place.map(|category| category.code.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_figure_stands_once_whichever_dimension_goes_across() {
        for table in &fixture::document().tables {
            let across = (0..table.axes.len()).map(Some).chain([None]);
            for across in across {
                let grid = Grid::of(table, across);
                let mut seen: Vec<&TableCell> = Vec::new();
                for row in &grid.rows {
                    assert_eq!(row.cells.len(), grid.columns.len());
                    for (cell, column) in row.cells.iter().zip(&grid.columns) {
                        // The document has every combination.
                        let cell = cell.unwrap();
                        let mut at = row.at.clone();
                        if let Some(index) = across {
                            at.insert(index, *column);
                        }
                        let at: Vec<Option<&str>> = at.into_iter().map(code).collect();
                        let told: Vec<Option<&str>> =
                            cell.at.iter().map(Option::as_deref).collect();
                        assert_eq!(at, told);
                        seen.push(cell);
                    }
                }
                assert_eq!(seen.len(), table.cells.len(), "{}", table.name);
            }
        }
    }
}
