//! What are the reader's equations?
//!
//! One unknown per hidden cell and per difference of two hidden cells, one row per sum, relation
//! and inequality, with everything published put in. Narrows the unknowns row by row, and checks
//! proposed solutions by exact arithmetic. Solving stands in `solving`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::shape::MAX_DIMENSIONS;
use super::super::succession::Joint;
use super::super::suppression::{Cell, Dimension, LinkedTotals, ProtectedTable};
use super::Evidence;
use super::zeros::ZeroKnowledge;

/// Rounds of interval propagation; each is sound on its own, more only make it sharper.
const PROPAGATION_ROUNDS: usize = 20;

/// A hidden cell, or the difference of two, as the unknown of the reader's equations.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    /// As numbered by [`Joint`].
    pub(super) table: usize,
    pub(super) index: usize,
    /// How far apart two solutions must lie; zero where nothing is asked.
    pub(super) width: i64,
    pub(super) low: i64,
    pub(super) high: Option<i64>,
    /// Extremes found in solutions that were checked exactly.
    pub(super) seen: Option<(i64, i64)>,
    /// Whether it may be told that it is no small count: differences, and earlier and unpublished
    /// tables, whose cells follow from those before and behind them. Not where a row must not be told
    /// as such.
    pub(super) may_be_many: bool,
    /// Whether it may be told that it is zero: nobody came, or nobody is in what is not published.
    pub(super) may_be_none: bool,
    /// Of events, the persons behind them: safe only where these are.
    pub(super) guard: Option<usize>,
}

impl Unknown {
    /// Whether solutions far enough apart were found, or nothing is asked.
    pub(super) fn is_wide(&self) -> bool {
        let seen = self.seen;
        self.width == 0 || seen.is_some_and(|(low, high)| high - low >= self.width)
    }

    /// Whether a reader can tell that it is zero, or no small count.
    fn is_no_small_count(&self) -> bool {
        let is_none = self.high.is_some_and(|high| high <= 0);
        (self.may_be_many && self.low > self.width) || (self.may_be_none && is_none)
    }

    pub(super) fn is_narrow(&self) -> bool {
        self.high.is_some_and(|high| high - self.low < self.width) && !self.is_wide()
    }
}

/// Sum of coefficient times unknown, equal to (or, for an inequality, at most) a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) right: i64,
    pub(super) at_most: bool,
}

impl Row {
    fn sum(&self, value: impl Fn(usize) -> i64) -> i64 {
        let terms = self.terms.iter();
        terms
            .map(|&(variable, factor)| factor * value(variable))
            .sum()
    }

    pub(super) fn holds(&self, value: impl Fn(usize) -> i64) -> bool {
        let sum = self.sum(value);
        if self.at_most {
            sum <= self.right
        } else {
            sum == self.right
        }
    }
}

/// How the reader looks at tables that were published again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing follows from the one to the other.
    Apart,
    /// What is not visibly changed is unchanged.
    Unchanged,
}

pub(super) struct System {
    pub(super) cells: Vec<Unknown>,
    pub(super) rows: Vec<Row>,
    /// Per unknown, the rows it is in.
    pub(super) uses: Vec<Vec<usize>>,
    /// Figures that contradict each other without any unknown.
    pub(super) contradiction: bool,
    /// Per unknown, a value of one whole solution; empty when none is known.
    pub(super) base: Vec<i64>,
    pub(super) programs: usize,
    pub(super) work: usize,
    pub(super) work_limit: usize,
    numbers: Vec<Vec<Option<usize>>>,
}

impl System {
    pub(super) fn new(tables: &[&ProtectedTable], joint: &Joint, reading: Reading) -> Self {
        let silent = silent(tables, joint);
        let knowledge = ZeroKnowledge {
            tables,
            links: &joint.links,
            silent: &silent,
        };
        let mut builder = Builder {
            tables,
            numbers: Vec::with_capacity(tables.len() + joint.pairs.len()),
            cells: Vec::new(),
            rows: BTreeSet::new(),
            contradiction: false,
        };
        for (number, table) in tables.iter().enumerate() {
            let asked = reading == Reading::Apart || joint.is_frozen(number);
            let width = if asked { builder.width(number) } else { 0 };
            let row = (0..table.shape().len()).map(|index| {
                table.is_hidden(index).then(|| {
                    let low = i64::from(!knowledge.may_be_zero(number, index, tables.len()));
                    let is_unpublished = table.is_unpublished(index);
                    let may_be_many = joint.is_frozen(number) || is_unpublished;
                    let variable =
                        builder.unknown(number, index, width, low, may_be_many && !tells(table));
                    if let Some(cell) = builder.cells.get_mut(variable) {
                        cell.may_be_none = is_unpublished;
                    }
                    variable
                })
            });
            let row = row.collect();
            builder.numbers.push(row);
        }
        if reading == Reading::Unchanged {
            builder.merge(joint);
        }
        builder.sums();
        builder.relations(joint);
        builder.differences(joint, reading);
        builder.guards(&joint.links);
        builder.guards(&joint.between_differences);
        builder.finish()
    }

    /// Whether nothing more need be shown of an unknown.
    pub(super) fn is_proven(&self, variable: usize) -> bool {
        let Some(cell) = self.cells.get(variable) else {
            return true;
        };
        let guarded = || {
            let guard = cell.guard.and_then(|guard| self.cells.get(guard));
            guard.is_none_or(Unknown::is_no_small_count)
        };
        cell.is_wide() || (cell.is_no_small_count() && guarded())
    }

    /// The unknown that a cell or a difference is, if it is one.
    pub(super) fn number(&self, table: usize, index: usize) -> Option<usize> {
        self.numbers.get(table)?.get(index).copied().flatten()
    }

    /// Narrows every unknown of a component by each row on its own until nothing changes. Returns
    /// whether the figures can be true at all.
    pub(super) fn propagate(&mut self, rows: &BTreeSet<usize>) -> bool {
        for _ in 0..PROPAGATION_ROUNDS {
            let mut changed = false;
            for row in rows.iter().filter_map(|&row| self.rows.get(row)) {
                match narrow(row, &mut self.cells) {
                    Some(narrowed) => changed |= narrowed,
                    None => return false,
                }
            }
            if !changed {
                break;
            }
        }
        true
    }

    /// Takes proposed solutions into account as far as they prove to be solutions.
    pub(super) fn weigh(&mut self, evidence: &Evidence, components: &[(Vec<usize>, bool)]) {
        let proposed: Vec<Option<i64>> = self
            .cells
            .iter()
            .map(|cell| {
                let count = evidence.base.get(cell.table)?.get(cell.index)?;
                i64::try_from(*count).ok()
            })
            .collect();
        let value = |variable: usize| proposed.get(variable).copied().flatten().unwrap_or(0);
        self.base = vec![-1; self.cells.len()];
        for (component, _) in components.iter().filter(|(_, consistent)| *consistent) {
            let rows = self.rows_of(component);
            let inside = component.iter().all(|&variable| {
                let known = proposed.get(variable).copied().flatten();
                let cell = self.cells.get(variable);
                known
                    .zip(cell)
                    .is_some_and(|(value, cell)| value >= cell.low)
            });
            let mut held = rows.iter().filter_map(|&row| self.rows.get(row));
            if !inside || !held.all(|row| row.holds(value)) {
                continue;
            }
            for &variable in component {
                self.extend(variable, value(variable));
                if let Some(slot) = self.base.get_mut(variable) {
                    *slot = value(variable);
                }
            }
        }
        let differences = evidence.first_difference;
        for change in &evidence.changes {
            // A change of a published cell is no solution; a difference may follow from one.
            let mut steps = BTreeMap::new();
            let known = change
                .iter()
                .all(|part| match self.number(part.table, part.index) {
                    Some(variable) => {
                        *steps.entry(variable).or_insert(0) += part.step;
                        true
                    }
                    None => part.table >= differences,
                });
            if !known {
                continue;
            }
            for direction in [1, -1] {
                let reach = self.reach(&steps, direction);
                for (&variable, step) in &steps {
                    let Some(&base) = self.base.get(variable).filter(|&&base| base >= 0) else {
                        continue;
                    };
                    self.extend(variable, base + direction * step * reach);
                }
            }
        }
    }

    /// How often a change may be made from the known solution, up to the largest width wanted.
    fn reach(&self, steps: &BTreeMap<usize, i64>, direction: i64) -> i64 {
        let value = |variable: usize| self.base.get(variable).copied().unwrap_or(-1);
        let mut reach = 0;
        for &variable in steps.keys() {
            reach = self
                .cells
                .get(variable)
                .map_or(reach, |cell| reach.max(cell.width));
        }
        for (&variable, step) in steps {
            let Some(cell) = self.cells.get(variable).filter(|_| value(variable) >= 0) else {
                return 0;
            };
            if direction * step < 0 {
                reach = reach.min((value(variable) - cell.low) / step.abs());
            }
            for row in self
                .uses
                .get(variable)
                .into_iter()
                .flatten()
                .filter_map(|&row| self.rows.get(row))
            {
                let drift = row.sum(|other| direction * steps.get(&other).copied().unwrap_or(0));
                if row.at_most {
                    if drift > 0 {
                        reach = reach.min((row.right - row.sum(value)) / drift);
                    }
                } else if drift != 0 {
                    return 0;
                }
            }
        }
        reach.max(0)
    }

    pub(super) fn extend(&mut self, variable: usize, value: i64) {
        if let Some(cell) = self.cells.get_mut(variable) {
            let (low, high) = cell.seen.unwrap_or((value, value));
            cell.seen = Some((low.min(value), high.max(value)));
        }
    }

    /// The rows that the unknowns are in.
    pub(super) fn rows_of(&self, variables: &[usize]) -> BTreeSet<usize> {
        variables
            .iter()
            .filter_map(|&variable| self.uses.get(variable))
            .flatten()
            .copied()
            .collect()
    }

    /// Unknowns that have nothing to do with each other are solved apart.
    pub(super) fn components(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.cells.len()];
        let mut list = Vec::new();
        for start in 0..self.cells.len() {
            let mut members = Vec::new();
            let mut open = vec![start];
            while let Some(variable) = open.pop() {
                match seen.get_mut(variable) {
                    Some(slot @ false) => *slot = true,
                    _ => continue,
                }
                members.push(variable);
                let rows = self.uses.get(variable).into_iter().flatten();
                open.extend(
                    rows.filter_map(|&row| self.rows.get(row))
                        .flat_map(|row| row.terms.iter().map(|&(other, _)| other)),
                );
            }
            if !members.is_empty() {
                members.sort_unstable();
                list.push(members);
            }
        }
        list
    }
}

/// Whether a row narrowed one of its unknowns; nothing when it cannot be fulfilled.
fn narrow(row: &Row, cells: &mut [Unknown]) -> Option<bool> {
    let mut changed = false;
    // Bounds of each term, and their sums with open ends counted apart.
    let mut bounds = Vec::with_capacity(row.terms.len());
    let (mut open_low, mut open_high, mut sum_low, mut sum_high) = (0, 0, 0, 0);
    for &(variable, factor) in &row.terms {
        let cell = cells.get(variable)?;
        let high = cell.high.map(|high| high * factor);
        let low = Some(cell.low * factor);
        let (low, high) = if factor > 0 { (low, high) } else { (high, low) };
        open_low += usize::from(low.is_none());
        open_high += usize::from(high.is_none());
        sum_low += low.unwrap_or(0);
        sum_high += high.unwrap_or(0);
        bounds.push((low, high));
    }
    for (&(variable, factor), &(low, high)) in row.terms.iter().zip(&bounds) {
        let cell = cells.get_mut(variable)?;
        // What the others leave for this term at most and at least.
        let most = (open_low == usize::from(low.is_none()))
            .then(|| row.right - (sum_low - low.unwrap_or(0)));
        let least = (!row.at_most && open_high == usize::from(high.is_none()))
            .then(|| row.right - (sum_high - high.unwrap_or(0)));
        let (new_low, new_high) = if factor > 0 {
            (
                least.map(|bound| ceiling(bound, factor)),
                most.map(|bound| bound.div_euclid(factor)),
            )
        } else {
            (
                most.map(|bound| ceiling(-bound, -factor)),
                least.map(|bound| (-bound).div_euclid(-factor)),
            )
        };
        if let Some(bound) = new_low.filter(|&bound| bound > cell.low) {
            cell.low = bound;
            changed = true;
        }
        if let Some(bound) = new_high.filter(|&bound| cell.high.is_none_or(|high| bound < high)) {
            cell.high = Some(bound);
            changed = true;
        }
        if cell.high.is_some_and(|high| high < cell.low) {
            return None;
        }
    }
    Some(changed)
}

/// The quotient rounded up; `by` is positive.
fn ceiling(number: i64, by: i64) -> i64 {
    -(-number).div_euclid(by)
}

/// Whether a table has rows of which it must not be told that all are the same.
fn tells(table: &ProtectedTable) -> bool {
    table.dimensions().iter().any(Dimension::hides_uniform_rows)
}

/// Which tables belong to a release that shows nothing at all.
fn silent(tables: &[&ProtectedTable], joint: &Joint) -> Vec<bool> {
    let quiet =
        |table: &&ProtectedTable| (0..table.shape().len()).all(|index| table.is_hidden(index));
    let quiet: Vec<bool> = tables.iter().map(quiet).collect();
    let all_new = quiet.iter().take(joint.new).all(|&quiet| quiet);
    quiet
        .iter()
        .enumerate()
        .map(|(number, &quiet)| quiet && (joint.is_frozen(number) || all_new))
        .collect()
}

struct Builder<'a> {
    tables: &'a [&'a ProtectedTable],
    /// Per table and cell, the unknown it is.
    numbers: Vec<Vec<Option<usize>>>,
    cells: Vec<Unknown>,
    rows: BTreeSet<Row>,
    contradiction: bool,
}

impl Builder<'_> {
    fn unknown(
        &mut self,
        table: usize,
        index: usize,
        width: i64,
        low: i64,
        may_be_many: bool,
    ) -> usize {
        self.cells.push(Unknown {
            table,
            index,
            width,
            low,
            high: None,
            seen: None,
            may_be_many,
            may_be_none: false,
            guard: None,
        });
        self.cells.len() - 1
    }

    fn size(&self, table: usize) -> usize {
        self.tables
            .get(table)
            .map_or(0, |table| table.shape().len())
    }

    fn width(&self, table: usize) -> i64 {
        let table = self.tables.get(table);
        table.map_or(0, |table| small(table.threshold().get()) - 1)
    }

    fn number(&self, table: usize, index: usize) -> Option<usize> {
        self.numbers.get(table)?.get(index).copied().flatten()
    }

    fn sums(&mut self) {
        for (number, table) in self.tables.iter().enumerate() {
            for index in 0..table.shape().len() {
                for line in lines(table, index) {
                    let parts = line.into_iter().map(|part| (number, part, 1));
                    self.add(parts.chain([(number, index, -1)]), false);
                }
            }
        }
    }

    fn relations(&mut self, joint: &Joint) {
        for relation in &joint.links.relations {
            for index in 0..self.size(relation.total) {
                let parts = relation.parts.iter().map(|&part| (part, index, 1));
                self.add(parts.chain([(relation.total, index, -1)]), false);
            }
        }
        for pair in joint.links.inequalities() {
            for index in 0..self.size(pair.smaller) {
                self.add([(pair.smaller, index, 1), (pair.larger, index, -1)], true);
            }
        }
    }

    /// The larger is at least the smaller; where both are hidden their difference is an unknown.
    fn differences(&mut self, joint: &Joint, reading: Reading) {
        for (position, pair) in joint.pairs.iter().enumerate() {
            let number = joint.difference(position);
            let width = match reading {
                Reading::Apart => self.width(pair.larger).max(self.width(pair.smaller)),
                Reading::Unchanged => 0,
            };
            let tells_rows = self
                .tables
                .get(pair.larger)
                .is_some_and(|table| tells(table));
            let mut row = vec![None; self.size(pair.larger)];
            for (index, slot) in row.iter_mut().enumerate() {
                let larger = self.number(pair.larger, index);
                let smaller = self.number(pair.smaller, index);
                let terms = [(pair.smaller, index, 1), (pair.larger, index, -1)];
                if let Some((larger, smaller)) = larger.zip(smaller) {
                    let unknown = self.unknown(number, index, width, 0, !tells_rows);
                    if let Some(cell) = self.cells.get_mut(unknown) {
                        cell.may_be_none = true;
                    }
                    *slot = Some(unknown);
                    self.insert(vec![(smaller, 1), (unknown, 1), (larger, -1)], 0, false);
                } else {
                    self.add(terms, true);
                }
            }
            self.numbers.push(row);
        }
    }

    fn guards(&mut self, links: &LinkedTotals) {
        for pair in &links.events {
            let events = self.numbers.get(pair.events).map_or(0, Vec::len);
            for index in 0..events {
                let persons = self.number(pair.persons, index);
                if let Some(events) = self.number(pair.events, index)
                    && let Some(cell) = self.cells.get_mut(events)
                {
                    cell.guard = persons;
                    // Persons known or bounded another way: leave nothing to them.
                    cell.may_be_many &= persons.is_some();
                    cell.may_be_none &= persons.is_some();
                }
            }
        }
    }

    /// Takes what is not visibly changed for unchanged: one unknown for both.
    fn merge(&mut self, joint: &Joint) {
        for again in &joint.again {
            let (Some(&later), Some(&earlier)) =
                (self.tables.get(again.later), self.tables.get(again.earlier))
            else {
                continue;
            };
            let changed = visibly_changed(later, earlier, |index| {
                let unknown = self
                    .number(again.earlier, index)
                    .or(self.number(again.later, index));
                unknown
                    .and_then(|unknown| self.cells.get(unknown))
                    .map_or(0, |cell| cell.low)
            });
            for (index, changed) in changed.into_iter().enumerate() {
                if changed {
                    continue;
                }
                let new = self.number(again.later, index);
                let old = self.number(again.earlier, index);
                match (new, old) {
                    (Some(_), Some(old)) => {
                        if let Some(slot) = self
                            .numbers
                            .get_mut(again.later)
                            .and_then(|row| row.get_mut(index))
                        {
                            *slot = Some(old);
                        }
                    }
                    (Some(new), None) => self.fix(new, earlier.at(index)),
                    (None, Some(old)) => self.fix(old, later.at(index)),
                    (None, None) => {}
                }
            }
        }
    }

    fn fix(&mut self, variable: usize, cell: Option<Cell>) {
        if let (Some(unknown), Some(Cell::Count(count))) = (self.cells.get_mut(variable), cell) {
            unknown.low = unknown.low.max(small(count));
            unknown.high = Some(small(count));
        }
    }

    /// Adds a row over cells (table, index, factor) that sums to zero, or to at most zero.
    fn add(&mut self, members: impl IntoIterator<Item = (usize, usize, i64)>, at_most: bool) {
        let mut terms = Vec::new();
        let mut right = 0;
        for (table, index, factor) in members {
            match self.tables.get(table).and_then(|table| table.at(index)) {
                Some(Cell::Count(count)) => right -= factor * small(count),
                Some(Cell::Suppressed) => {
                    if let Some(number) = self.number(table, index) {
                        terms.push((number, factor));
                    }
                }
                // Related tables of different shapes: the statement makes no sense.
                None => self.contradiction = true,
            }
        }
        self.insert(terms, right, at_most);
    }

    fn insert(&mut self, terms: Vec<(usize, i64)>, right: i64, at_most: bool) {
        let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
        for (number, factor) in terms {
            *sums.entry(number).or_insert(0) += factor;
        }
        let terms: Vec<(usize, i64)> = sums
            .into_iter()
            .filter(|&(_, factor)| factor != 0)
            .collect();
        if terms.is_empty() {
            self.contradiction |= if at_most { right < 0 } else { right != 0 };
        } else {
            self.rows.insert(Row {
                terms,
                right,
                at_most,
            });
        }
    }

    fn finish(self) -> System {
        let rows = self.rows.into_iter().collect::<Vec<_>>();
        let mut uses = vec![Vec::new(); self.cells.len()];
        for (number, row) in rows.iter().enumerate() {
            for &(variable, _) in &row.terms {
                if let Some(list) = uses.get_mut(variable) {
                    list.push(number);
                }
            }
        }
        System {
            base: Vec::new(),
            cells: self.cells,
            rows,
            uses,
            contradiction: self.contradiction,
            programs: 0,
            work: 0,
            work_limit: 0,
            numbers: self.numbers,
        }
    }
}

/// The lists of cells that a cell is the sum of.
fn lines(table: &ProtectedTable, index: usize) -> Vec<Vec<usize>> {
    let shape = table.shape();
    let at = shape.coordinates(index);
    let mut lists = Vec::new();
    for dimension in 0..MAX_DIMENSIONS {
        let position = at.get(dimension).copied().unwrap_or(0);
        for line in shape.lines_under(dimension, position) {
            let parts = line.parts.iter();
            lists.push(
                parts
                    .filter_map(|&part| shape.moved(at, dimension, part))
                    .collect(),
            );
        }
    }
    lists
}

/// The cells of a table published again that a reader sees to have changed, or that stand in a sum
/// which shows that something in it has. `least` is what a hidden cell is at least.
fn visibly_changed(
    later: &ProtectedTable,
    earlier: &ProtectedTable,
    least: impl Fn(usize) -> i64,
) -> Vec<bool> {
    let count = |cell: Option<Cell>| match cell {
        Some(Cell::Count(count)) => Some(small(count)),
        _ => None,
    };
    let mut changed: Vec<bool> = (0..later.shape().len())
        .map(
            |index| match (count(later.at(index)), count(earlier.at(index))) {
                (Some(new), Some(old)) => new != old,
                (Some(shown), None) | (None, Some(shown)) => shown < least(index),
                (None, None) => false,
            },
        )
        .collect();
    loop {
        let mut further = Vec::new();
        for sum in 0..later.shape().len() {
            for parts in lines(later, sum) {
                let members = || parts.iter().map(|&part| (part, 1)).chain([(sum, -1)]);
                // What is taken for unchanged cancels; the rest must cancel too if all of it is seen.
                let drift = members().try_fold(0, |drift, (cell, factor)| {
                    if changed.get(cell).copied() != Some(true) {
                        return Some(drift);
                    }
                    let new = count(later.at(cell))?;
                    let old = count(earlier.at(cell))?;
                    Some(drift + factor * (new - old))
                });
                if drift.is_some_and(|drift| drift != 0) {
                    // What is hidden now may be what has changed; else what was hidden before.
                    let doubtful = |table: &ProtectedTable| -> Vec<usize> {
                        let cells = members().map(|(cell, _)| cell);
                        let taken = |cell: &usize| changed.get(*cell) == Some(&false);
                        cells
                            .filter(|cell| taken(cell) && table.is_hidden(*cell))
                            .collect()
                    };
                    let now = doubtful(later);
                    further.extend(if now.is_empty() {
                        doubtful(earlier)
                    } else {
                        now
                    });
                }
            }
        }
        if further.is_empty() {
            return changed;
        }
        for cell in further {
            if let Some(slot) = changed.get_mut(cell) {
                *slot = true;
            }
        }
    }
}

/// Counts are bounded by the table's constructor; an absurd one saturates and is then caught as
/// a contradiction or as not proven.
pub(super) fn small(count: u64) -> i64 {
    i64::try_from(count)
        .unwrap_or(i64::MAX / 1_000_000)
        .min(i64::MAX / 1_000_000)
}
