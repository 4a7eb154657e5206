//! How is a change spread over linked tables so that every sum still holds?
//!
//! A change at some corners of one table breaks the relations the table is in; each is mended by a
//! change of one more table at the same corners, the cheapest first, and so on until all hold.

use std::collections::BTreeMap;

use super::super::succession::Joint;
use super::super::suppression::LinkedTotals;
use super::Search;

/// The corners of a box: cell and sign.
pub(super) type Corners = Vec<(usize, i64)>;

/// How many tables may be tried for one box before what was found so far is taken.
const MAX_STEPS: usize = 800;

/// What binds the tables, by table.
pub(super) struct Bonds {
    /// Members and factors of each sum; they add up to nothing.
    pub(super) sums: Vec<Vec<(usize, i64)>>,
    /// Per table, the sums it is in.
    pub(super) in_sums: Vec<Vec<usize>>,
    /// Smaller and larger.
    pub(super) inequalities: Vec<(usize, usize)>,
    pub(super) in_inequalities: Vec<Vec<usize>>,
    events: BTreeMap<usize, Vec<usize>>,
}

impl Bonds {
    pub(super) fn new(tables: usize, joint: &Joint) -> Self {
        let LinkedTotals {
            relations, events, ..
        } = &joint.links;
        let mut sums: Vec<Vec<(usize, i64)>> = relations
            .iter()
            .map(|relation| {
                let parts = relation.parts.iter().map(|&part| (part, -1));
                std::iter::once((relation.total, 1)).chain(parts).collect()
            })
            .collect();
        sums.extend(joint.pairs.iter().enumerate().map(|(number, pair)| {
            vec![
                (joint.difference(number), -1),
                (pair.smaller, -1),
                (pair.larger, 1),
            ]
        }));
        let inequalities: Vec<(usize, usize)> = joint
            .links
            .inequalities()
            .map(|pair| (pair.smaller, pair.larger))
            .collect();
        let mut in_sums = vec![Vec::new(); tables];
        for (number, members) in sums.iter().enumerate() {
            for &(table, _) in members {
                if let Some(list) = in_sums.get_mut(table) {
                    list.push(number);
                }
            }
        }
        let mut in_inequalities = vec![Vec::new(); tables];
        for (number, &(smaller, larger)) in inequalities.iter().enumerate() {
            for table in [smaller, larger] {
                if let Some(list) = in_inequalities.get_mut(table) {
                    list.push(number);
                }
            }
        }
        let mut by_persons: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for pair in events.iter().filter(|pair| pair.events < joint.new) {
            by_persons
                .entry(pair.persons)
                .or_default()
                .push(pair.events);
        }
        Self {
            sums,
            in_sums,
            inequalities,
            in_inequalities,
            events: by_persons,
        }
    }

    /// The tables of events that are hidden with a table of persons.
    pub(super) fn events_of(&self, persons: usize) -> impl Iterator<Item = usize> + '_ {
        self.events.get(&persons).into_iter().flatten().copied()
    }
}

/// What it costs to move a table one unit, and how far it can be moved forwards and backwards.
type Offer = (u64, (u64, u64));

/// A change of several tables, as far as it has come.
struct Partial {
    signs: BTreeMap<usize, i64>,
    /// Sums that do not hold, and by how much.
    broken: BTreeMap<usize, i64>,
    price: u64,
    /// How far the change may be made forwards and backwards.
    room: (u64, u64),
}

/// What is looked for.
struct Quest<'s, 'a> {
    search: &'s Search<'a>,
    corners: &'s Corners,
    best: u64,
    found: Option<(u64, Vec<(usize, i64)>)>,
    steps: usize,
    offers: BTreeMap<(usize, i64), Option<Offer>>,
}

impl Search<'_> {
    /// The cheapest way found to spread a change of `table` at the corners, if it costs less than
    /// `limit` and leaves room enough: its price, and the tables with their signs.
    pub(super) fn spread(
        &self,
        table: usize,
        corners: &Corners,
        limit: u64,
    ) -> Option<(u64, Vec<(usize, i64)>)> {
        let mut quest = Quest {
            search: self,
            corners,
            best: limit,
            found: None,
            steps: 0,
            offers: BTreeMap::new(),
        };
        let mut partial = Partial {
            signs: BTreeMap::new(),
            broken: BTreeMap::new(),
            price: 0,
            room: (u64::MAX, u64::MAX),
        };
        quest.take(&mut partial, table, 1);
        quest.found
    }

    fn offer(&self, table: usize, sign: i64, corners: &Corners) -> Option<Offer> {
        let mut price = 0_u64;
        let (mut forwards, mut backwards) = (u64::MAX, u64::MAX);
        for &(index, corner_sign) in corners {
            price = price.saturating_add(self.move_price(table, index)?);
            let room = self
                .value(table, index)
                .checked_sub(self.floor(table, index))?;
            if sign * corner_sign > 0 {
                backwards = backwards.min(room);
            } else {
                forwards = forwards.min(room);
            }
        }
        Some((price, (forwards, backwards)))
    }
}

impl Quest<'_, '_> {
    fn offer(&mut self, table: usize, sign: i64) -> Option<Offer> {
        let (search, corners) = (self.search, self.corners);
        let offer = self.offers.entry((table, sign));
        *offer.or_insert_with(|| search.offer(table, sign, corners))
    }

    /// The partial change with one more table moved, if that is affordable and leaves room.
    fn with(&self, partial: &Partial, offer: Offer) -> Option<(u64, (u64, u64))> {
        let (price, room) = offer;
        let price = partial.price.saturating_add(price);
        let room = (partial.room.0.min(room.0), partial.room.1.min(room.1));
        let enough = room.0.saturating_add(room.1) >= self.search.width;
        (enough && price < self.best).then_some((price, room))
    }

    /// Moves one more table, and goes on from there.
    fn take(&mut self, partial: &mut Partial, table: usize, sign: i64) {
        self.steps += 1;
        let offer = self.offer(table, sign);
        let Some((price, room)) = offer.and_then(|offer| self.with(partial, offer)) else {
            return;
        };
        let before = (partial.price, partial.room);
        (partial.price, partial.room) = (price, room);
        partial.signs.insert(table, sign);
        self.tip(partial, table, sign);
        self.go_on(partial);
        self.tip(partial, table, -sign);
        partial.signs.remove(&table);
        (partial.price, partial.room) = before;
    }

    /// What a change of a table does to the sums it is in.
    fn tip(&self, partial: &mut Partial, table: usize, sign: i64) {
        let bonds = &self.search.bonds;
        for &number in bonds.in_sums.get(table).into_iter().flatten() {
            let members = bonds.sums.get(number).into_iter().flatten();
            let factor = members.filter(|(member, _)| *member == table);
            let change: i64 = factor.map(|(_, factor)| factor * sign).sum();
            let excess = partial.broken.entry(number).or_insert(0);
            *excess += change;
            if *excess == 0 {
                partial.broken.remove(&number);
            }
        }
    }

    fn go_on(&mut self, partial: &mut Partial) {
        if self.best == 0 || self.steps > MAX_STEPS {
            return;
        }
        let mut offers = match self.mends(partial).or_else(|| self.tight(partial)) {
            Some(offers) => offers,
            None => {
                self.best = partial.price;
                let signs = partial.signs.iter().map(|(&table, &sign)| (table, sign));
                self.found = Some((partial.price, signs.collect()));
                return;
            }
        };
        offers.sort_unstable();
        for (_, table, sign) in offers {
            self.take(partial, table, sign);
        }
    }

    /// The ways to mend the sum with the fewest ways, by price; nothing when all hold.
    fn mends(&mut self, partial: &Partial) -> Option<Vec<(u64, usize, i64)>> {
        let search = self.search;
        let mut fewest: Option<Vec<(u64, usize, i64)>> = None;
        for (&number, &excess) in &partial.broken {
            let members = search.bonds.sums.get(number).map_or(&[][..], Vec::as_slice);
            let mut ways = Vec::new();
            for &(table, factor) in members {
                let sign = -excess.signum() * factor;
                let is_new = !partial.signs.contains_key(&table);
                let offer = self.offer(table, sign).filter(|_| is_new);
                if let Some(offer) = offer.filter(|&offer| self.with(partial, offer).is_some()) {
                    ways.push((offer.0, table, sign));
                }
            }
            if fewest.as_ref().is_none_or(|least| ways.len() < least.len()) {
                let is_hopeless = ways.is_empty();
                fewest = Some(ways);
                if is_hopeless {
                    break;
                }
            }
        }
        fewest
    }

    /// Tables that must move along because an inequality leaves no room; nothing when none must.
    fn tight(&mut self, partial: &Partial) -> Option<Vec<(u64, usize, i64)>> {
        let bonds = &self.search.bonds;
        let mut room = partial.room;
        for table in partial.signs.keys() {
            for &number in bonds.in_inequalities.get(*table).into_iter().flatten() {
                let Some(&(smaller, larger)) = bonds.inequalities.get(number) else {
                    continue;
                };
                let (low, high) = (partial.signs.get(&smaller), partial.signs.get(&larger));
                let change = high.copied().unwrap_or(0) - low.copied().unwrap_or(0);
                if change == 0 {
                    continue;
                }
                for &(index, corner_sign) in self.corners {
                    let slack = self.search.value(larger, index);
                    let slack = slack.saturating_sub(self.search.value(smaller, index));
                    let steps = slack / change.unsigned_abs();
                    if change * corner_sign < 0 {
                        room.0 = room.0.min(steps);
                    } else {
                        room.1 = room.1.min(steps);
                    }
                }
                if room.0.saturating_add(room.1) < self.search.width {
                    let along = match (low, high) {
                        (Some(&sign), None) => Some((larger, sign)),
                        (None, Some(&sign)) => Some((smaller, sign)),
                        _ => None,
                    };
                    let offer = along
                        .and_then(|(table, sign)| Some((self.offer(table, sign)?.0, table, sign)));
                    return Some(offer.into_iter().collect());
                }
            }
        }
        None
    }
}
