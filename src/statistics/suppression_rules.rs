//! Which cells must be hidden for their own sake?
//!
//! Small counts, rows in which all units fall in one category, and rows with zeros where the
//! policy says so. Knows the true counts. What must be hidden to shelter these cells, and whether
//! it is enough, is decided elsewhere.

use std::collections::BTreeSet;

use super::shape::Shape;
use super::suppression::{CountTable, LinkedTotals, Threshold, ZeroPolicy};

/// Table and cell.
type Place = (usize, usize);

/// The cells hidden for their own sake.
#[derive(Debug, Clone)]
pub(super) struct Primary {
    /// Per table and cell.
    pub(super) hidden: Vec<Vec<bool>>,
    /// Cells of rows hidden as a whole, where readers cannot rule out a zero.
    pub(super) may_be_zero: Vec<Vec<bool>>,
}

/// What a row runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Along {
    /// A dimension, and the number of the line in it.
    Dimension(usize, usize),
    /// The parts of the relation with this number.
    Relation(usize),
}

struct Rules<'a> {
    tables: &'a [&'a CountTable],
    links: &'a LinkedTotals,
}

/// The cells to hide of tables numbered as the links number them.
pub(super) fn primary(
    tables: &[&CountTable],
    links: &LinkedTotals,
    threshold: Threshold,
    zeros: ZeroPolicy,
) -> Primary {
    let rules = Rules { tables, links };
    let mut primary = Primary {
        hidden: tables
            .iter()
            .map(|table| {
                let small = |(index, count): (usize, &u64)| {
                    threshold.hides(*count)
                        || (*count > 0 && table.is_closed(index))
                        || table.is_unpublished(index)
                };
                table.values().iter().enumerate().map(small).collect()
            })
            .collect(),
        may_be_zero: tables
            .iter()
            .map(|table| {
                let cells = 0..table.values().len();
                cells.map(|index| table.is_unpublished(index)).collect()
            })
            .collect(),
    };
    let (rows, empty) = rules.settle_rows(rules.rows(zeros));
    let counted = rows
        .iter()
        .flat_map(|&(along, place)| rules.row(along, place))
        .filter(|&place| rules.value(place) > 0);
    for (table, index) in counted.chain(empty) {
        for mask in [&mut primary.hidden, &mut primary.may_be_zero] {
            if let Some(cell) = mask.get_mut(table).and_then(|mask| mask.get_mut(index)) {
                *cell = true;
            }
        }
    }
    for pair in &links.events {
        let persons = primary.hidden.get(pair.persons).cloned();
        let events = primary.hidden.get_mut(pair.events);
        for (cell, few) in events
            .into_iter()
            .flatten()
            .zip(persons.unwrap_or_default())
        {
            *cell |= few;
        }
    }
    primary
}

impl Rules<'_> {
    fn value(&self, (table, index): Place) -> u64 {
        self.tables.get(table).map_or(0, |table| table.value(index))
    }

    fn shape(&self, table: usize) -> Option<&Shape> {
        self.tables.get(table).map(|table| table.shape())
    }

    /// The rows to hide as a whole, each by one of its cells.
    fn rows(&self, zeros: ZeroPolicy) -> BTreeSet<(Along, Place)> {
        let mut rows = BTreeSet::new();
        for (number, table) in self.tables.iter().enumerate() {
            let shape = table.shape();
            let last = table.dimensions().len().saturating_sub(1);
            for (dimension, description) in table.dimensions().iter().enumerate() {
                let with_zero = zeros == ZeroPolicy::SuppressRow && dimension == last;
                let starts = shape.lines(dimension).iter().enumerate();
                let starts = starts.flat_map(|(line, described)| {
                    let first = described.parts.first().copied();
                    let cells = (0..shape.len()).filter(move |&index| {
                        shape.coordinates(index).get(dimension).copied() == first
                    });
                    cells.map(move |index| (line, described.parts.len() > 1, index))
                });
                for (line, has_several, index) in starts {
                    let uniform = description.hides_uniform_rows() && has_several;
                    if !(uniform || with_zero) {
                        continue;
                    }
                    let along = Along::Dimension(dimension, line);
                    let row = self.row(along, (number, index));
                    let filled = row.iter().filter(|&&place| self.value(place) > 0).count();
                    let hide =
                        (uniform && filled == 1) || (with_zero && filled > 0 && filled < row.len());
                    if hide {
                        rows.insert((along, (number, index)));
                    }
                }
            }
        }
        for (number, relation) in self.links.relations.iter().enumerate() {
            if !relation.hide_uniform || relation.parts.len() < 2 {
                continue;
            }
            for index in 0..self.shape(relation.total).map_or(0, Shape::len) {
                let along = Along::Relation(number);
                let row = self.row(along, (relation.total, index));
                if row.iter().filter(|&&place| self.value(place) > 0).count() == 1 {
                    rows.insert((along, (relation.total, index)));
                }
            }
        }
        rows
    }

    /// The cells of the row through a place; the parts of a relation form a row too.
    fn row(&self, along: Along, (table, index): Place) -> Vec<Place> {
        match along {
            Along::Dimension(dimension, line) => {
                let Some(shape) = self.shape(table) else {
                    return Vec::new();
                };
                let at = shape.coordinates(index);
                let parts = shape.lines(dimension).get(line);
                let parts = parts.into_iter().flat_map(|line| &line.parts);
                parts
                    .filter_map(|&part| Some((table, shape.moved(at, dimension, part)?)))
                    .collect()
            }
            Along::Relation(number) => {
                let relation = self.links.relations.get(number);
                relation
                    .iter()
                    .flat_map(|relation| &relation.parts)
                    .map(|&part| (part, index))
                    .collect()
            }
        }
    }

    /// The cells that cannot be zero unless this one is: sums it is part of, and larger ones.
    fn above(&self, (table, index): Place) -> Vec<Place> {
        let mut above = Vec::new();
        if let Some(shape) = self.shape(table) {
            let at = shape.coordinates(index);
            let sums = (0..at.len()).filter_map(|dimension| shape.sum_above(at, dimension));
            above.extend(sums.map(|sum| (table, sum)));
        }
        let relations = self.links.relations.iter();
        above.extend(
            relations
                .filter(|relation| relation.parts.contains(&table))
                .map(|relation| (relation.total, index)),
        );
        above.extend(
            self.links
                .inequalities()
                .filter(|pair| pair.smaller == table)
                .map(|pair| (pair.larger, index)),
        );
        above
    }

    /// The lists of cells of which this one is the sum.
    fn below(&self, (table, index): Place) -> Vec<Vec<Place>> {
        let mut below = Vec::new();
        if let Some(shape) = self.shape(table) {
            let at = shape.coordinates(index);
            for (dimension, &position) in at.iter().enumerate() {
                let lines = shape.lines(dimension).iter().enumerate();
                let under = lines.filter(|(_, line)| line.sum == position);
                below.extend(
                    under.map(|(line, _)| {
                        self.row(Along::Dimension(dimension, line), (table, index))
                    }),
                );
            }
        }
        for (number, relation) in self.links.relations.iter().enumerate() {
            if relation.total == table {
                below.push(self.row(Along::Relation(number), (table, index)));
            }
        }
        below
    }

    /// Which zeros of the rows are hidden. A zero that follows from a published zero would only
    /// be computed again; it is shown, as long as its row keeps another hidden zero. Where none
    /// is left, the sums that give it away are hidden with their rows.
    fn settle_rows(
        &self,
        mut rows: BTreeSet<(Along, Place)>,
    ) -> (BTreeSet<(Along, Place)>, BTreeSet<Place>) {
        let mut locked = BTreeSet::new();
        loop {
            let zeros = self.hidden_zeros(&rows, &locked);
            let bare = rows
                .iter()
                .filter(|&&(along, place)| {
                    let row = self.row(along, place);
                    !row.iter().any(|cell| zeros.contains(cell))
                })
                .copied()
                .collect::<Vec<_>>();
            let before = (locked.len(), rows.len());
            for (along, place) in bare {
                for cell in self.row(along, place) {
                    if self.value(cell) == 0 {
                        self.lock(along, cell, &mut locked, &mut rows);
                    }
                }
            }
            // Both sets only grow, and within the tables: this ends.
            if before == (locked.len(), rows.len()) {
                return (rows, zeros);
            }
        }
    }

    fn lock(
        &self,
        along: Along,
        cell: Place,
        locked: &mut BTreeSet<Place>,
        rows: &mut BTreeSet<(Along, Place)>,
    ) {
        let mut open = vec![cell];
        while let Some(cell) = open.pop() {
            if !locked.insert(cell) {
                continue;
            }
            let across = match along {
                Along::Dimension(dimension, line) => self.shape(cell.0).and_then(|shape| {
                    let first = *shape.lines(dimension).get(line)?.parts.first()?;
                    shape.moved(shape.coordinates(cell.1), dimension, first)
                }),
                Along::Relation(_) => Some(cell.1),
            };
            if let Some(first) = across {
                let owner = match along {
                    Along::Dimension(..) => cell.0,
                    Along::Relation(number) => self
                        .links
                        .relations
                        .get(number)
                        .map_or(cell.0, |relation| relation.total),
                };
                rows.insert((along, (owner, first)));
            }
            let zeros = self.above(cell).into_iter();
            open.extend(zeros.filter(|&sum| self.value(sum) == 0));
        }
    }

    fn hidden_zeros(
        &self,
        rows: &BTreeSet<(Along, Place)>,
        locked: &BTreeSet<Place>,
    ) -> BTreeSet<Place> {
        let mut zeros = locked.clone();
        let mut open = rows
            .iter()
            .flat_map(|&(along, place)| self.row(along, place))
            .filter(|&place| self.value(place) == 0)
            .collect::<Vec<_>>();
        open.extend(locked.iter().copied());
        let mut seen = BTreeSet::new();
        while let Some(place) = open.pop() {
            if !seen.insert(place) {
                continue;
            }
            zeros.insert(place);
            // Published parts that are all zero would give their sum away.
            for (number, relation) in self.links.relations.iter().enumerate() {
                if relation.total == place.0 {
                    open.extend(self.row(Along::Relation(number), place));
                }
            }
        }
        loop {
            let shown = zeros
                .iter()
                .filter(|place| !locked.contains(place))
                .filter(|&&place| {
                    let from_above = self
                        .above(place)
                        .iter()
                        .any(|sum| self.value(*sum) == 0 && !zeros.contains(sum));
                    let from_below = self
                        .below(place)
                        .iter()
                        .any(|parts| !parts.iter().any(|part| zeros.contains(part)));
                    from_above || from_below
                })
                .copied()
                .collect::<Vec<_>>();
            if shown.is_empty() {
                return zeros;
            }
            for place in &shown {
                zeros.remove(place);
            }
        }
    }
}
