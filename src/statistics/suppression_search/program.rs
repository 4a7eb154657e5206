//! What must be hidden for a cell to vary, where no box shelters it?
//!
//! A linear program over the cells around it: the cheapest change of published and hidden cells that
//! moves the cell as far as is wanted while every sum holds. Cells that cost nothing come first. Its
//! answer may be in fractions, since only the cells it moves are taken from it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::{Place, Search, flag};

/// Most cells that may move.
const MOST_CELLS: usize = 900;
/// What it costs to move a hidden cell, so that no more of them move than need.
const HIDDEN_COST: f64 = 0.01;
/// Below this a cell has not moved.
const MOVED: f64 = 1e-6;

/// Cells whose changes add up to nothing, or to no more than the slack between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    /// Table, cell that is the sum, dimension and line.
    Line(usize, usize, usize, usize),
    /// A relation or a difference, and the cell.
    Sum(usize, usize),
    /// An inequality, and the cell.
    Inequality(usize, usize),
}

impl Search<'_> {
    /// The cells of new tables to hide so that a cell can vary as much as it must; nothing when no
    /// way was found.
    pub(in super::super) fn cover(&self, target: Place) -> Option<Vec<Place>> {
        let free = self.surroundings(target);
        let width = i64::try_from(self.width).ok()?;
        let room = i64::try_from(self.room(target)).ok()?.min(width);
        let part = width - room;
        // Up, down, or the rest of the way up after coming down.
        [(width, 0), (0, room), (part, room)]
            .into_iter()
            .filter(|&(up, down)| up + down >= width)
            .find_map(|(up, down)| {
                let mut cells = BTreeSet::new();
                for step in [up, -down].into_iter().filter(|&step| step != 0) {
                    cells.extend(self.cheapest(&free, target, step)?);
                }
                Some(cells.into_iter().collect())
            })
    }

    /// Hides cells that a program chose.
    pub(in super::super) fn hide(&mut self, cells: &[Place]) {
        for &place in cells {
            self.set_hidden(place, true);
        }
    }

    fn room(&self, (table, index): Place) -> u64 {
        self.value(table, index)
            .saturating_sub(self.floor(table, index))
    }

    /// The cells that may move, cheapest first and outwards from the target.
    fn surroundings(&self, target: Place) -> BTreeSet<Place> {
        let mut free = BTreeSet::new();
        let mut open = BinaryHeap::from([Reverse((0_u64, 0_usize, target))]);
        let mut number = 0;
        while let Some(Reverse((cost, _, place))) = open.pop() {
            if free.len() >= MOST_CELLS || !free.insert(place) {
                continue;
            }
            for row in self.rows(place) {
                for (other, _) in self.members(row) {
                    if let Some(price) = self.move_price(other.0, other.1)
                        && !free.contains(&other)
                    {
                        number += 1;
                        open.push(Reverse((cost.saturating_add(price + 1), number, other)));
                    }
                }
            }
        }
        free
    }

    fn rows(&self, (table, index): Place) -> Vec<Row> {
        let mut rows = Vec::new();
        // Differences add up where the tables do.
        if let Some(shape) = self.shape(table).filter(|_| table < self.joint.tables()) {
            let at = shape.coordinates(index);
            for (dimension, &position) in at.iter().enumerate() {
                for (number, line) in shape.lines(dimension).iter().enumerate() {
                    if line.sum == position || line.parts.contains(&position) {
                        let sum = shape.moved(at, dimension, line.sum);
                        rows.extend(sum.map(|sum| Row::Line(table, sum, dimension, number)));
                    }
                }
            }
        }
        let sums = self.bonds.in_sums.get(table).into_iter().flatten();
        rows.extend(sums.map(|&number| Row::Sum(number, index)));
        let inequalities = self.bonds.in_inequalities.get(table).into_iter().flatten();
        rows.extend(inequalities.map(|&number| Row::Inequality(number, index)));
        rows
    }

    fn members(&self, row: Row) -> Vec<(Place, f64)> {
        match row {
            Row::Line(table, sum, dimension, number) => {
                let Some(shape) = self.shape(table) else {
                    return Vec::new();
                };
                let at = shape.coordinates(sum);
                let line = shape.lines(dimension).get(number);
                let parts = line.into_iter().flat_map(|line| &line.parts);
                let parts = parts.filter_map(|&part| shape.moved(at, dimension, part));
                let parts = parts.map(|part| ((table, part), 1.0));
                parts.chain([((table, sum), -1.0)]).collect()
            }
            Row::Sum(number, index) => {
                let members = self.bonds.sums.get(number).into_iter().flatten();
                let members = members.map(|&(table, factor)| ((table, index), factor as f64));
                members.collect()
            }
            Row::Inequality(number, index) => {
                let pair = self.bonds.inequalities.get(number);
                let pair = pair
                    .map(|&(smaller, larger)| [((smaller, index), 1.0), ((larger, index), -1.0)]);
                pair.into_iter().flatten().collect()
            }
        }
    }

    /// The published cells of new tables that the cheapest change moves.
    fn cheapest(&self, free: &BTreeSet<Place>, target: Place, step: i64) -> Option<Vec<Place>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        // How much more, and how much less, each is.
        let mut variables: BTreeMap<Place, (Variable, Variable)> = BTreeMap::new();
        let mut rows = BTreeSet::new();
        for &place in free {
            let price = self.move_price(place.0, place.1)?;
            let cost = HIDDEN_COST + price as f64;
            let step = step as f64;
            let bounds = match (place == target, step > 0.0) {
                (true, true) => [(step, step), (0.0, 0.0)],
                (true, false) => [(0.0, 0.0), (-step, -step)],
                (false, _) => [(0.0, f64::INFINITY), (0.0, self.room(place) as f64)],
            };
            let [more, less] = bounds.map(|bounds| problem.add_var(cost, bounds));
            variables.insert(place, (more, less));
            rows.extend(self.rows(place));
        }
        for row in rows {
            let mut terms = Vec::new();
            for (place, factor) in self.members(row) {
                if let Some(&(more, less)) = variables.get(&place) {
                    terms.push((more, factor));
                    terms.push((less, -factor));
                }
            }
            match row {
                Row::Inequality(number, index) => {
                    let &(smaller, larger) = self.bonds.inequalities.get(number)?;
                    let slack = self
                        .value(larger, index)
                        .saturating_sub(self.value(smaller, index));
                    problem.add_constraint(terms.as_slice(), ComparisonOp::Le, slack as f64);
                }
                _ => problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, 0.0),
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let moved = variables.iter().filter(|(_, (more, less))| {
            solution.var_value(*more) > MOVED || solution.var_value(*less) > MOVED
        });
        let hidden = moved
            .map(|(&place, _)| place)
            .filter(|&(table, index)| table < self.joint.new && !flag(&self.hidden, table, index));
        Some(hidden.collect())
    }
}
