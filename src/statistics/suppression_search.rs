//! Which further cells must be hidden so that a hidden count can vary?
//!
//! A reader cannot tell two tables apart that differ only in hidden cells. Such a difference
//! always exists along the corners of a box (a cell, another position in each dimension, total
//! included) with alternating signs. This module looks for the cheapest boxes that leave enough
//! room; it knows the true counts. Whether the result is safe is not its business: the audit
//! decides that from the published table alone.

use std::collections::BTreeSet;

use super::shape::{Coordinates, MAX_DIMENSIONS, Shape};
use super::suppression::LinkedTotals;
use super::suppression_audit::Change;

/// Ways to spread a change over linked tables that are tried per table.
const MAX_SPREADS: usize = 48;
/// Most tables that one such way may change.
const MAX_MEMBERS: usize = 12;

/// What the search starts from; `hidden` holds the cells hidden for their own sake.
pub(super) struct Problem<'a> {
    pub(super) shapes: &'a [Shape],
    pub(super) values: &'a [&'a [u64]],
    pub(super) links: &'a LinkedTotals,
    /// Per table, the cells that cannot be hidden.
    pub(super) known: &'a [&'a [bool]],
    /// Per table, the cells of rows that are withheld: so much is hidden around them that they
    /// seldom need a box, and none that costs anything is looked for.
    pub(super) withheld: &'a [&'a [bool]],
    pub(super) hidden: Vec<Vec<bool>>,
    pub(super) may_be_zero: Vec<Vec<bool>>,
    /// How far apart the extremes of a hidden cell must be.
    pub(super) width: u64,
}

/// A change by one unit, spread over tables so that every relation still holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Spread {
    /// Table and sign.
    members: Vec<(usize, i64)>,
    /// Inequalities touched: smaller, larger, and how the slack changes per unit.
    slacks: Vec<(usize, usize, i64)>,
}

/// Most corners of a box that is considered; a leg along a divided dimension may have more than
/// two positions, see [`legs`].
const MAX_CORNERS: usize = 16;

/// The corners of a box, cell and sign, and how many there are.
type Corners = ([(usize, i64); MAX_CORNERS], usize);

pub(super) struct Search<'a> {
    problem: Problem<'a>,
    /// The cells that were hidden from the start and stay so.
    fixed: Vec<Vec<bool>>,
    spreads: Vec<Vec<Spread>>,
    /// Boxes chosen, as changes of cells, and the one each hidden cell rests on.
    boxes: Vec<Vec<Change>>,
    rests_on: Vec<Vec<Option<usize>>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(problem: Problem<'a>) -> Self {
        let spreads = (0..problem.shapes.len())
            .map(|table| spreads(problem.shapes.len(), problem.links, table))
            .collect();
        Self {
            fixed: problem.hidden.clone(),
            rests_on: problem
                .hidden
                .iter()
                .map(|mask| vec![None; mask.len()])
                .collect(),
            boxes: Vec::new(),
            spreads,
            problem,
        }
    }

    /// Returns the cells to hide, those given included, and the changes that shelter them.
    pub(super) fn run(mut self) -> (Vec<Vec<bool>>, Vec<Vec<Change>>) {
        let mut tried = BTreeSet::new();
        loop {
            let mut order = self.hidden_cells(|search, (table, index)| {
                search.support(table, index).is_none() && !tried.contains(&(table, index))
            });
            if order.is_empty() {
                break;
            }
            // Inner cells first: boxes around them usually serve the margins too.
            order.sort_by_key(|&(table, index)| (self.level(table, index), table, index));
            for (table, index) in order {
                tried.insert((table, index));
                if self.support(table, index).is_some() {
                    continue;
                }
                let withheld = self.problem.withheld.get(table);
                let is_withheld = withheld.and_then(|cells| cells.get(index)) == Some(&true);
                let limit = if is_withheld { 1 } else { u64::MAX };
                if let Some(cells) = self.best_box(table, index, limit) {
                    self.adopt(cells);
                }
            }
        }
        self.prune();
        let used = self
            .rests_on
            .iter()
            .flatten()
            .flatten()
            .copied()
            .collect::<BTreeSet<_>>();
        let changes = used
            .into_iter()
            .filter_map(|number| self.boxes.get(number).cloned())
            .collect();
        (self.problem.hidden, changes)
    }

    /// Shows again the cells that turned out not to be needed, dearest first.
    fn prune(&mut self) {
        let mut extra = self.hidden_cells(|search, (table, index)| !search.is_fixed(table, index));
        extra.sort_by_key(|&(table, index)| {
            (std::cmp::Reverse(self.price(table, index)), table, index)
        });
        for (table, index) in extra {
            if self.must_follow(table, index) {
                continue;
            }
            self.set_hidden(table, index, false);
            let resting = self.hidden_cells(|search, (other, cell)| {
                search
                    .support(other, cell)
                    .and_then(|number| search.boxes.get(number))
                    .is_some_and(|cells| touches(cells, (table, index)))
            });
            let rollback = (self.boxes.len(), self.rests_on.clone());
            let mut kept = true;
            for (other, cell) in resting {
                let moved = self
                    .support(other, cell)
                    .is_some_and(|number| number >= rollback.0);
                if moved {
                    continue;
                }
                // Nothing more may be hidden: only boxes that cost nothing count.
                match self.best_box(other, cell, 1) {
                    Some(cells) => self.adopt_over(cells, rollback.0, (table, index)),
                    None => {
                        kept = false;
                        break;
                    }
                }
            }
            if !kept {
                self.boxes.truncate(rollback.0);
                self.rests_on = rollback.1;
                self.set_hidden(table, index, true);
            } else if let Some(slot) = self
                .rests_on
                .get_mut(table)
                .and_then(|row| row.get_mut(index))
            {
                *slot = None;
            }
        }
    }

    fn adopt(&mut self, cells: Vec<Change>) {
        let number = self.boxes.len();
        for &Change { table, index, .. } in &cells {
            self.set_hidden(table, index, true);
            if let Some(slot) = self
                .rests_on
                .get_mut(table)
                .and_then(|row| row.get_mut(index))
            {
                slot.get_or_insert(number);
            }
        }
        self.boxes.push(cells);
    }

    /// Adopts a box for those of its cells that rested on one containing `lost`.
    fn adopt_over(&mut self, cells: Vec<Change>, since: usize, lost: (usize, usize)) {
        let number = self.boxes.len();
        for &Change { table, index, .. } in &cells {
            let stale = self.support(table, index).is_none_or(|old| {
                old < since
                    && self
                        .boxes
                        .get(old)
                        .is_some_and(|members| touches(members, lost))
            });
            if stale
                && let Some(slot) = self
                    .rests_on
                    .get_mut(table)
                    .and_then(|row| row.get_mut(index))
            {
                *slot = Some(number);
            }
        }
        self.boxes.push(cells);
    }

    /// The cheapest box through a hidden cell that costs less than `limit`.
    fn best_box(&self, table: usize, index: usize, limit: u64) -> Option<Vec<Change>> {
        let shape = self.problem.shapes.get(table).copied()?;
        let at = shape.coordinates(index);
        let mut best = limit;
        let mut found = None;
        let sides = [0, 1, 2].map(|dimension| legs(shape, at, dimension));
        let [firsts, seconds, thirds] = &sides;
        for spread in self.spreads.get(table)? {
            for first in firsts {
                for second in seconds {
                    for third in thirds {
                        let Some((corners, count)) = corners(shape, [first, second, third]) else {
                            continue;
                        };
                        if let Some(price) = self.evaluate(spread, corners.iter().take(count), best)
                        {
                            best = price;
                            found = Some((spread, corners, count));
                        }
                    }
                }
            }
            if best == 0 {
                break;
            }
        }
        found.map(|(spread, corners, count)| {
            spread
                .members
                .iter()
                .flat_map(|&(member, sign)| {
                    corners
                        .iter()
                        .take(count)
                        .map(move |&(corner, corner_sign)| Change {
                            table: member,
                            index: corner,
                            step: sign * corner_sign,
                        })
                })
                .collect()
        })
    }

    /// The price of hiding the box, if it is below `limit` and the box leaves enough room.
    fn evaluate<'c>(
        &self,
        spread: &Spread,
        corners: impl Iterator<Item = &'c (usize, i64)> + Clone,
        limit: u64,
    ) -> Option<u64> {
        let mut price = 0_u64;
        // How far the change may be made forwards and backwards.
        let (mut forwards, mut backwards) = (u64::MAX, u64::MAX);
        for &(table, sign) in &spread.members {
            for &(index, corner_sign) in corners.clone() {
                let count = self.value(table, index);
                if !self.is_hidden(table, index) {
                    if count == 0 || self.is_known(table, index) {
                        return None;
                    }
                    price = price.saturating_add(self.price(table, index));
                    if price >= limit {
                        return None;
                    }
                }
                let room = count.checked_sub(self.floor(table, index))?;
                if sign * corner_sign > 0 {
                    backwards = backwards.min(room);
                } else {
                    forwards = forwards.min(room);
                }
            }
        }
        if price >= limit {
            return None;
        }
        for &(smaller, larger, change) in &spread.slacks {
            for &(index, corner_sign) in corners.clone() {
                let slack = self
                    .value(larger, index)
                    .checked_sub(self.value(smaller, index))?;
                let steps = slack / change.unsigned_abs().max(1);
                if change * corner_sign < 0 {
                    forwards = forwards.min(steps);
                } else {
                    backwards = backwards.min(steps);
                }
            }
        }
        (forwards.saturating_add(backwards) >= self.problem.width).then_some(price)
    }

    fn hidden_cells(&self, keep: impl Fn(&Self, (usize, usize)) -> bool) -> Vec<(usize, usize)> {
        let cells = self
            .problem
            .hidden
            .iter()
            .enumerate()
            .flat_map(|(table, mask)| {
                mask.iter()
                    .enumerate()
                    .filter(|&(_, &hide)| hide)
                    .map(move |(index, _)| (table, index))
            });
        cells.filter(|&cell| keep(self, cell)).collect()
    }

    fn level(&self, table: usize, index: usize) -> u64 {
        self.problem
            .shapes
            .get(table)
            .map_or(0, |shape| shape.level(shape.coordinates(index)))
    }

    /// What a published cell is worth: each cell something, large ones and totals more.
    fn price(&self, table: usize, index: usize) -> u64 {
        (20 + self.value(table, index).min(10_000)) << self.level(table, index)
    }

    /// Readers know that a hidden cell is not empty, unless its whole row was hidden.
    fn floor(&self, table: usize, index: usize) -> u64 {
        u64::from(!flag(&self.problem.may_be_zero, table, index))
    }

    fn value(&self, table: usize, index: usize) -> u64 {
        self.problem
            .values
            .get(table)
            .and_then(|values| values.get(index))
            .copied()
            .unwrap_or(0)
    }

    /// Whether a cell of events is hidden because its persons are.
    fn must_follow(&self, table: usize, index: usize) -> bool {
        let mut pairs = self.problem.links.events.iter();
        pairs.any(|pair| pair.events == table && self.is_hidden(pair.persons, index))
    }

    fn is_hidden(&self, table: usize, index: usize) -> bool {
        flag(&self.problem.hidden, table, index)
    }

    fn is_known(&self, table: usize, index: usize) -> bool {
        let known = self.problem.known.get(table);
        known.and_then(|known| known.get(index)).copied() == Some(true)
    }

    fn is_fixed(&self, table: usize, index: usize) -> bool {
        flag(&self.fixed, table, index)
    }

    fn support(&self, table: usize, index: usize) -> Option<usize> {
        self.rests_on.get(table)?.get(index).copied().flatten()
    }

    /// Hides or shows a cell. Events are hidden with their persons, not shown with them: they may
    /// shelter another cell.
    fn set_hidden(&mut self, table: usize, index: usize, hide: bool) {
        let pairs = self.problem.links.events.iter();
        let followers = pairs
            .filter(|pair| hide && pair.persons == table)
            .map(|pair| pair.events);
        for table in std::iter::once(table).chain(followers) {
            let mask = self.problem.hidden.get_mut(table);
            if let Some(cell) = mask.and_then(|mask| mask.get_mut(index)) {
                *cell = hide;
            }
        }
    }
}

fn touches(cells: &[Change], (table, index): (usize, usize)) -> bool {
    cells
        .iter()
        .any(|change| change.table == table && change.index == index)
}

fn flag(mask: &[Vec<bool>], table: usize, index: usize) -> bool {
    mask.get(table).and_then(|row| row.get(index)).copied() == Some(true)
}

/// How a change runs along one dimension so that its sums stay right: positions and signs, the
/// own position first.
type Leg = Vec<(usize, i64)>;

/// The legs from `at` in a dimension; an absent one offers only itself. Two categories of a
/// division change in opposite directions; a total changes with one category of each division.
fn legs(shape: Shape, at: Coordinates, dimension: usize) -> Vec<Leg> {
    let own = at.get(dimension).copied().unwrap_or(0);
    let total = shape.categories(dimension);
    if total == 0 {
        return vec![vec![(own, 1)]];
    }
    let division = shape.division(at, dimension);
    let mut legs: Vec<Leg> = division
        .clone()
        .filter(|&position| position != own)
        .map(|position| vec![(own, 1), (position, -1)])
        .collect();
    // Up or down to the total, by way of every division that this cell does not stand for.
    let mut through: Vec<Leg> = vec![vec![(own, 1)]];
    if own != total {
        through = vec![vec![(own, 1), (total, 1)]];
    }
    for other in shape
        .divisions(dimension)
        .filter(|other| *other != division)
    {
        through = through
            .iter()
            .flat_map(|leg| {
                other.clone().map(|position| {
                    let mut leg = leg.clone();
                    leg.push((position, 1));
                    leg
                })
            })
            .collect();
    }
    legs.extend(through);
    legs
}

/// The corners of the box that three legs span.
fn corners(shape: Shape, [first, second, third]: [&Leg; MAX_DIMENSIONS]) -> Option<Corners> {
    let mut corners = [(0, 1); MAX_CORNERS];
    let mut count = 0;
    for &(x, x_sign) in first {
        for &(y, y_sign) in second {
            for &(z, z_sign) in third {
                *corners.get_mut(count)? = (shape.index([x, y, z])?, x_sign * y_sign * z_sign);
                count += 1;
            }
        }
    }
    Some((corners, count))
}

/// The ways to change `table` by one unit together with linked tables, simplest first.
fn spreads(tables: usize, links: &LinkedTotals, table: usize) -> Vec<Spread> {
    let mut starts = Vec::new();
    for (up, down) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut start = vec![None; tables];
        if let Some(slot) = start.get_mut(table) {
            *slot = Some(1_i64);
        }
        // Tables bound by an inequality may have to move together.
        for _ in links.inequalities() {
            for pair in links.inequalities() {
                let (low, high) = (
                    start.get(pair.smaller).copied(),
                    start.get(pair.larger).copied(),
                );
                match (low, high) {
                    (Some(Some(_)), Some(None)) if up => set(&mut start, pair.larger, 1),
                    (Some(None), Some(Some(_))) if down => set(&mut start, pair.smaller, 1),
                    _ => {}
                }
            }
        }
        starts.push(start);
    }
    // Few tables first: a change of many tables hides many cells, and there are many such ways.
    let mut found = Vec::new();
    for members in (1..=tables).take_while(|&members| members <= MAX_MEMBERS) {
        for start in &starts {
            balance(links, start.clone(), members, &mut found);
        }
        if found.len() >= 4 * MAX_SPREADS {
            break;
        }
    }
    let mut spreads = found
        .into_iter()
        .map(|signs| {
            let sign = |table: usize| signs.get(table).copied().flatten().unwrap_or(0);
            let slacks = links
                .inequalities()
                .map(|pair| {
                    (
                        pair.smaller,
                        pair.larger,
                        sign(pair.larger) - sign(pair.smaller),
                    )
                })
                .filter(|&(_, _, change)| change != 0)
                .collect();
            Spread {
                members: signs
                    .iter()
                    .enumerate()
                    .filter_map(|(table, sign)| sign.map(|sign| (table, sign)))
                    .collect(),
                slacks,
            }
        })
        .collect::<Vec<_>>();
    spreads.sort_by(|a, b| a.members.len().cmp(&b.members.len()).then_with(|| a.cmp(b)));
    spreads.dedup();
    spreads.truncate(MAX_SPREADS);
    spreads
}

fn set(signs: &mut [Option<i64>], table: usize, sign: i64) {
    if let Some(slot) = signs.get_mut(table) {
        *slot = Some(sign);
    }
}

/// Completes a partial change so that every relation holds and `members` tables change, in all
/// simple ways. Each step decides one more table, which bounds the depth.
fn balance(
    links: &LinkedTotals,
    signs: Vec<Option<i64>>,
    members: usize,
    found: &mut Vec<Vec<Option<i64>>>,
) {
    let changed = signs.iter().flatten().count();
    if found.len() >= 4 * MAX_SPREADS || changed > members {
        return;
    }
    let sign = |table: usize| signs.get(table).copied().flatten().unwrap_or(0);
    let broken = links.relations.iter().find_map(|relation| {
        let excess =
            sign(relation.total) - relation.parts.iter().map(|&part| sign(part)).sum::<i64>();
        (excess != 0).then_some((relation, excess))
    });
    let Some((relation, excess)) = broken else {
        if changed == members {
            found.push(signs);
        }
        return;
    };
    if excess.abs() > 1 {
        return;
    }
    let repairs = [(relation.total, -excess)]
        .into_iter()
        .chain(relation.parts.iter().map(|&part| (part, excess)));
    for (table, change) in repairs {
        if signs.get(table).copied() == Some(None) {
            let mut next = signs.clone();
            set(&mut next, table, change);
            balance(links, next, members, found);
        }
    }
}
