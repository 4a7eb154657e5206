//! Which further cells must be hidden so that a hidden count can vary?
//!
//! A reader cannot tell two tables apart that differ only in hidden cells. Such a difference
//! always exists along the corners of a box (a cell, another position in each dimension, sums
//! included) with alternating signs, spread over linked tables so that their sums hold too. This
//! module looks for the cheapest boxes that leave enough room; it knows the true counts. Whether
//! the result is safe is not its business: the audit decides that from the published table alone.

mod legs;
mod program;
mod spread;

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Shape;
use super::succession::Joint;
use super::suppression::CountTable;
use super::suppression_audit::Change;
use super::suppression_rules::Primary;
use legs::legs;
use spread::{Bonds, Corners};

/// What the search starts from. Tables are numbered as by [`Joint`]; `primary` holds the cells
/// that are hidden in any case, and of the differences those that must not be told.
pub(super) struct Problem<'a> {
    pub(super) tables: &'a [&'a CountTable],
    pub(super) joint: &'a Joint,
    /// Per table, the cells that cannot be hidden.
    pub(super) known: &'a [Vec<bool>],
    pub(super) primary: Primary,
    /// How far apart the extremes of a hidden cell must be.
    pub(super) width: u64,
}

/// Table and cell.
type Place = (usize, usize);

pub(super) struct Search<'a> {
    tables: &'a [&'a CountTable],
    joint: &'a Joint,
    known: &'a [Vec<bool>],
    width: u64,
    bonds: Bonds,
    hidden: Vec<Vec<bool>>,
    /// The cells that were hidden from the start and stay so.
    fixed: Vec<Vec<bool>>,
    may_be_zero: Vec<Vec<bool>>,
    /// Boxes chosen, as changes of cells; the one each hidden cell rests on; and the boxes through
    /// each cell.
    boxes: Vec<Vec<Change>>,
    rests_on: BTreeMap<Place, usize>,
    through: BTreeMap<Place, Vec<usize>>,
    /// Differences that must not be told.
    wanted: BTreeSet<Place>,
}

impl<'a> Search<'a> {
    pub(super) fn new(problem: Problem<'a>) -> Self {
        let Problem {
            tables,
            joint,
            known,
            primary,
            width,
        } = problem;
        let mut hidden = primary.hidden;
        let mut may_be_zero = primary.may_be_zero;
        let mut wanted = BTreeSet::new();
        // Nobody publishes a difference: it is free to move, down to nothing.
        for (number, mask) in hidden.iter_mut().enumerate().skip(joint.tables()) {
            let must = mask.iter().enumerate().filter(|(_, must)| **must);
            wanted.extend(must.map(|(index, _)| (number, index)));
            mask.fill(true);
        }
        for mask in may_be_zero.iter_mut().skip(joint.tables()) {
            mask.fill(true);
        }
        Self {
            bonds: Bonds::new(tables.len(), joint),
            fixed: hidden.clone(),
            tables,
            joint,
            known,
            width,
            hidden,
            may_be_zero,
            boxes: Vec::new(),
            rests_on: BTreeMap::new(),
            through: BTreeMap::new(),
            wanted,
        }
    }

    /// Returns the cells of the new tables to hide, those given included, and the changes that
    /// shelter them.
    pub(super) fn run(mut self) -> (Vec<Vec<bool>>, Vec<Vec<Change>>) {
        let mut tried = BTreeSet::new();
        loop {
            let mut order = self.unsupported();
            order.retain(|place| !tried.contains(place));
            if order.is_empty() {
                break;
            }
            // Inner cells first: boxes around them usually serve the margins too.
            order.sort_by_key(|&(table, index)| (self.level(table, index), table, index));
            for place in order {
                tried.insert(place);
                if self.rests_on.contains_key(&place) {
                    continue;
                }
                let limit = if self.is_among_hidden(place) {
                    1
                } else {
                    u64::MAX
                };
                if let Some(cells) = self.best_box(place, limit) {
                    self.adopt(cells);
                }
            }
        }
        self.prune();
        self.shelter_differences();
        let used: BTreeSet<usize> = self.rests_on.values().copied().collect();
        let changes = used
            .into_iter()
            .filter_map(|number| self.boxes.get(number).cloned());
        let changes = changes.collect();
        self.hidden.truncate(self.joint.new);
        (self.hidden, changes)
    }

    /// Whether nothing around a cell is shown, so that more of them move together than a box has corners. That there is room is
    /// for the audit to find out.
    fn is_among_hidden(&self, (table, index): Place) -> bool {
        let table = self.tables.get(table);
        table.is_some_and(|table| table.is_unpublished(index))
    }

    /// Hidden cells, and differences not to be told, that rest on nothing yet.
    fn unsupported(&self) -> Vec<Place> {
        let tables = self.hidden.iter().enumerate().take(self.joint.tables());
        let hidden = tables.flat_map(|(table, mask)| {
            let cells = mask.iter().enumerate().filter(|&(_, &hide)| hide);
            cells.map(move |(index, _)| (table, index))
        });
        hidden
            .chain(self.wanted.iter().copied())
            .filter(|place| !self.rests_on.contains_key(place))
            .collect()
    }

    /// Shows again the cells that turned out not to be needed, dearest first.
    fn prune(&mut self) {
        let mut extra: Vec<Place> = Vec::new();
        for (table, mask) in self.hidden.iter().enumerate().take(self.joint.new) {
            let cells = mask.iter().enumerate().filter(|&(_, &hide)| hide);
            extra.extend(cells.map(|(index, _)| (table, index)));
        }
        extra.retain(|&(table, index)| !flag(&self.fixed, table, index));
        extra.sort_by_key(|&(table, index)| {
            (std::cmp::Reverse(self.price(table, index)), table, index)
        });
        for place in extra {
            if !self.must_follow(place) {
                self.show_if_possible(place);
            }
        }
    }

    fn show_if_possible(&mut self, place: Place) {
        self.set_hidden(place, false);
        let boxes = self.through.get(&place).cloned().unwrap_or_default();
        let mut resting = BTreeSet::new();
        for number in boxes {
            let cells = self.boxes.get(number).into_iter().flatten();
            resting.extend(
                cells
                    .map(|change| (change.table, change.index))
                    .filter(|cell| *cell != place && self.rests_on.get(cell) == Some(&number))
                    .filter(|cell| !self.is_among_hidden(*cell)),
            );
        }
        let since = self.boxes.len();
        let own = self.rests_on.remove(&place);
        let mut moved: Vec<(Place, Option<usize>)> = vec![(place, own)];
        for &cell in &resting {
            if self
                .rests_on
                .get(&cell)
                .is_some_and(|&number| number >= since)
            {
                continue;
            }
            // Nothing more may be hidden: only boxes that cost nothing count.
            let Some(cells) = self.best_box(cell, 1) else {
                for number in since..self.boxes.len() {
                    self.forget(number);
                }
                self.boxes.truncate(since);
                for (cell, before) in moved.into_iter().rev() {
                    match before {
                        Some(number) => self.rests_on.insert(cell, number),
                        None => self.rests_on.remove(&cell),
                    };
                }
                self.set_hidden(place, true);
                return;
            };
            let number = self.boxes.len();
            for change in &cells {
                let other = (change.table, change.index);
                let rests = self.rests_on.get(&other).copied();
                let stale = resting.contains(&other) && rests.is_none_or(|old| old < since);
                if stale || other == cell {
                    moved.push((other, self.rests_on.insert(other, number)));
                }
            }
            self.remember(cells);
        }
    }

    fn adopt(&mut self, cells: Vec<Change>) {
        let number = self.boxes.len();
        for change in &cells {
            let place = (change.table, change.index);
            if place.0 < self.joint.new {
                self.set_hidden(place, true);
            }
            self.rests_on.entry(place).or_insert(number);
        }
        self.remember(cells);
    }

    fn remember(&mut self, cells: Vec<Change>) {
        let number = self.boxes.len();
        for change in &cells {
            let list = self
                .through
                .entry((change.table, change.index))
                .or_default();
            list.push(number);
        }
        self.boxes.push(cells);
    }

    fn forget(&mut self, number: usize) {
        for change in self.boxes.get(number).into_iter().flatten() {
            if let Some(list) = self.through.get_mut(&(change.table, change.index)) {
                list.retain(|&other| other != number);
            }
        }
    }

    /// The audit asks for room in every difference of two hidden cells; where a box shows it for
    /// nothing, the audit need not look for it.
    fn shelter_differences(&mut self) {
        for (position, pair) in self.joint.pairs.iter().enumerate() {
            let number = self.joint.difference(position);
            for index in 0..self.hidden.get(number).map_or(0, Vec::len) {
                let both = flag(&self.hidden, pair.larger, index)
                    && flag(&self.hidden, pair.smaller, index);
                if both
                    && !self.rests_on.contains_key(&(number, index))
                    && let Some(cells) = self.best_box((number, index), 1)
                {
                    self.adopt(cells);
                }
            }
        }
    }

    /// The cheapest box through a hidden cell that costs less than `limit`.
    fn best_box(&self, (table, index): Place, limit: u64) -> Option<Vec<Change>> {
        let counted = self.tables.get(table)?;
        let shape = counted.shape();
        let at = shape.coordinates(index);
        let mut best = limit;
        let mut found = None;
        let price = |index: usize| self.move_price(table, index);
        let sides = [0, 1, 2].map(|dimension| legs(shape, at, dimension, price));
        let [firsts, seconds, thirds] = &sides;
        let mut corners: Corners = Vec::new();
        for first in firsts {
            for second in seconds {
                for third in thirds {
                    corners.clear();
                    for &(x, x_sign) in first {
                        for &(y, y_sign) in second {
                            for &(z, z_sign) in third {
                                corners.push((shape.index([x, y, z])?, x_sign * y_sign * z_sign));
                            }
                        }
                    }
                    if let Some((price, members)) = self.spread(table, &corners, best) {
                        best = price;
                        found = Some((members, corners.clone()));
                        if best == 0 {
                            return found.map(changes);
                        }
                    }
                }
            }
        }
        found.map(changes)
    }

    /// What it costs to move a cell: nothing when it is hidden already, and not at all when it
    /// cannot be hidden.
    fn move_price(&self, table: usize, index: usize) -> Option<u64> {
        if flag(&self.hidden, table, index) {
            return Some(0);
        }
        let cannot = self.joint.is_frozen(table)
            || flag(self.known, table, index)
            || self.value(table, index) == 0;
        if cannot {
            return None;
        }
        let followers = self.bonds.events_of(table);
        let followers = followers.filter(|&events| !flag(&self.hidden, events, index));
        Some(
            followers
                .map(|events| self.price(events, index))
                .fold(self.price(table, index), u64::saturating_add),
        )
    }

    fn level(&self, table: usize, index: usize) -> u64 {
        self.shape(table)
            .map_or(0, |shape| shape.level(shape.coordinates(index)))
    }

    fn shape(&self, table: usize) -> Option<&Shape> {
        self.tables.get(table).map(|table| table.shape())
    }

    /// What a published cell is worth: each cell something, large ones and sums more.
    fn price(&self, table: usize, index: usize) -> u64 {
        (20 + self.value(table, index).min(10_000)) << self.level(table, index)
    }

    /// Readers know that a hidden cell is not empty, unless its whole row was hidden.
    fn floor(&self, table: usize, index: usize) -> u64 {
        u64::from(!flag(&self.may_be_zero, table, index))
    }

    fn value(&self, table: usize, index: usize) -> u64 {
        self.tables.get(table).map_or(0, |table| table.value(index))
    }

    /// Whether a cell of events is hidden because its persons are.
    fn must_follow(&self, (table, index): Place) -> bool {
        let mut pairs = self.joint.links.events.iter();
        pairs.any(|pair| pair.events == table && flag(&self.hidden, pair.persons, index))
    }

    /// Hides or shows a cell. Events are hidden with their persons, not shown with them: they may
    /// shelter another cell.
    fn set_hidden(&mut self, (table, index): Place, hide: bool) {
        let followers: Vec<usize> = self.bonds.events_of(table).filter(|_| hide).collect();
        for table in std::iter::once(table).chain(followers) {
            let mask = self.hidden.get_mut(table);
            if let Some(cell) = mask.and_then(|mask| mask.get_mut(index)) {
                *cell = hide;
            }
        }
    }
}

/// A change of several tables at the same corners.
fn changes((members, corners): (Vec<(usize, i64)>, Corners)) -> Vec<Change> {
    let all = members.iter().flat_map(|&(table, sign)| {
        corners.iter().map(move |&(index, corner_sign)| Change {
            table,
            index,
            step: sign * corner_sign,
        })
    });
    all.collect()
}

fn flag(mask: &[Vec<bool>], table: usize, index: usize) -> bool {
    mask.get(table).and_then(|row| row.get(index)).copied() == Some(true)
}
