//! How can a change run along one dimension so that its sums stay right?
//!
//! Two parts of a line change in opposite directions; a change of a sum runs on, up to the sum of
//! its own line and down to one part of every line under it. Which leg is cheapest across linked
//! tables is decided by the search; of long ones only those that begin cheap are offered.

use super::super::shape::{Coordinates, Shape};

/// Positions and signs, the own position first.
pub(super) type Leg = Vec<(usize, i64)>;

/// Ways down from a sum that are followed where there are several lines under it.
const WAYS_DOWN: usize = 2;
/// Most ways down from one position.
const MAX_WAYS: usize = 24;
/// Most legs with more than two positions that are offered.
const MAX_LONG_LEGS: usize = 96;

/// The legs from `at` in a dimension, those that can be had cheapest first; an absent dimension
/// offers only the position itself. `price` is that of moving a cell of the table.
pub(super) fn legs(
    shape: &Shape,
    at: Coordinates,
    dimension: usize,
    price: impl Fn(usize) -> Option<u64>,
) -> Vec<Leg> {
    let own = at.get(dimension).copied().unwrap_or(0);
    if shape.categories(dimension) == 0 {
        return vec![vec![(own, 1)]];
    }
    let cost = |position: usize| match shape.moved(at, dimension, position) {
        Some(index) if position != own => price(index),
        _ => Some(0),
    };
    let path = Path {
        shape,
        dimension,
        cost: &cost,
    };
    let below = path.down(own, 1);
    let mut legs: Vec<Leg> = Vec::new();
    // Up and up, and at each height across to another part of the same line, or to the top.
    let mut above: Leg = Vec::new();
    let mut beside: Vec<Leg> = vec![Vec::new()];
    let mut position = own;
    while let Some(line) = shape.line_of(dimension, position) {
        let others = line.parts.iter().filter(|&&part| part != position);
        for &other in others {
            for way in path.down(other, -1) {
                let turn = path.join(&beside, &[way]);
                for side in turn {
                    legs.extend(below.iter().map(|down| {
                        let mut leg = down.clone();
                        leg.extend(above.iter().chain(&side));
                        leg
                    }));
                }
            }
        }
        above.push((line.sum, 1));
        // The other lines under that sum change with it.
        let others = shape.lines_under(dimension, line.sum);
        for under in others.filter(|under| *under != line) {
            beside = path.join(&beside, &path.through(&under.parts, 1));
        }
        position = line.sum;
    }
    for side in &beside {
        legs.extend(below.iter().map(|down| {
            let mut leg = down.clone();
            leg.extend(above.iter().chain(side));
            leg
        }));
    }
    let total = |leg: &Leg| {
        let costs = leg.iter().map(|&(position, _)| cost(position));
        costs
            .map(|cost| cost.unwrap_or(u64::MAX))
            .fold(0, u64::saturating_add)
    };
    let (short, mut long): (Vec<Leg>, Vec<Leg>) = legs.into_iter().partition(|leg| leg.len() == 2);
    long.sort_by_cached_key(|leg| (total(leg), leg.len()));
    long.truncate(MAX_LONG_LEGS);
    let mut all: Vec<Leg> = short.into_iter().chain(long).collect();
    // Those that the table itself cannot take are of no use.
    all.retain(|leg| total(leg) < u64::MAX);
    all.sort_by_cached_key(|leg| (leg.len(), total(leg)));
    all
}

struct Path<'a> {
    shape: &'a Shape,
    dimension: usize,
    cost: &'a dyn Fn(usize) -> Option<u64>,
}

impl Path<'_> {
    /// The ways in which a change of a position runs down to categories that are no sums.
    fn down(&self, position: usize, sign: i64) -> Vec<Leg> {
        let mut ways = vec![vec![(position, sign)]];
        for line in self.shape.lines_under(self.dimension, position) {
            ways = self.join(&ways, &self.through(&line.parts, sign));
        }
        ways
    }

    /// One part of a line, and on down: every part of the only line, few where there are many.
    fn through(&self, parts: &[usize], sign: i64) -> Vec<Leg> {
        let mut ways: Vec<Leg> = Vec::new();
        for &part in parts {
            ways.extend(self.down(part, sign));
        }
        ways.sort_by_cached_key(|way| self.total(way));
        ways.truncate(MAX_WAYS);
        ways
    }

    /// Each of the ways with each of the others; of many, the cheapest and the dearest, since a
    /// small count is cheap and a large one leaves room in linked tables.
    fn join(&self, ways: &[Leg], others: &[Leg]) -> Vec<Leg> {
        let few: Vec<&Leg> = if ways.len() * others.len() > MAX_WAYS {
            let dearest = others.iter().rev().find(|way| self.total(way) < u64::MAX);
            let cheapest = others.iter().take(WAYS_DOWN - 1);
            cheapest.chain(dearest).collect()
        } else {
            others.iter().collect()
        };
        let joined = ways.iter().flat_map(|way| {
            few.iter().map(move |other| {
                let mut joined = way.clone();
                joined.extend(other.iter());
                joined
            })
        });
        joined.collect()
    }

    fn total(&self, way: &Leg) -> u64 {
        let costs = way.iter().map(|&(position, _)| (self.cost)(position));
        costs
            .map(|cost| cost.unwrap_or(u64::MAX))
            .fold(0, u64::saturating_add)
    }
}
