//! Which divisions do the tables of an attempt have? Those by which something may be published, those that are left out and that
//! an earlier release has shown, and those that only earlier releases have; and how the groups of all of them are numbered.
//! What is published by which is decided in `breakdown`, the groups of earlier releases are told in `earlier`.

use super::earlier::Past;
use super::groups::{Grouped, category};
use super::lineage::Lineage;
use super::suppression::Dimension;
use super::tally::Division;
use std::collections::BTreeMap;
use std::ops::Range;

/// The dimension of groups, all divisions one after the other.
pub(super) fn groups_of(lineages: &[Lineage]) -> Dimension {
    let mut subtotals = Vec::new();
    for (lineage, groups) in placed(lineages) {
        let moved = |number: &usize| groups.start + number;
        let own = lineage.subtotals();
        subtotals.extend(own.map(|(sum, parts)| (moved(&sum), parts.iter().map(moved).collect())));
    }
    Dimension::divided("group", lineages.iter().map(Lineage::labels)).with_subtotals(subtotals)
}

/// Each division with the numbers of its groups, the finer ones included, among all.
pub(super) fn placed(lineages: &[Lineage]) -> impl Iterator<Item = (&Lineage, Range<usize>)> {
    let mut end = 0;
    lineages.iter().map(move |one| {
        let start = end;
        end += one.len();
        (one, start..end)
    })
}

/// What the tables of an attempt hold of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// All there are, where nothing divides them.
    Everybody,
    /// One of the groups of the release, by its number among them.
    Of(usize),
    /// A group of earlier releases alone.
    Earlier,
}

/// The divisions that the tables of an attempt have, and how their groups and those of the release stand to each other.
pub(super) struct Kept {
    /// Their numbers among all divisions.
    numbers: Vec<usize>,
    /// They; everybody where there are none.
    pub(super) lineages: Vec<Lineage>,
    /// Their groups.
    groups: Vec<Group>,
    /// Of each group of the release, its number among theirs.
    places: Vec<Option<usize>>,
}

impl Kept {
    /// Those of the divisions of a release, and of those that only earlier ones have, that are to be kept, by number.
    pub(super) fn of(divisions: &Divisions, is_kept: impl Fn(usize, &Grouped) -> bool) -> Self {
        let mut kept = Self {
            numbers: Vec::new(),
            lineages: Vec::new(),
            groups: Vec::new(),
            places: Vec::new(),
        };
        for (number, lineage) in divisions.all.iter().enumerate() {
            let is_kept = is_kept(number, &lineage.now);
            for _ in &lineage.now.categories {
                let place = is_kept.then_some(kept.groups.len());
                let group = divisions.group(kept.places.len());
                kept.groups.extend(place.map(|_| group));
                // Of what only earlier releases have, nothing is to be found.
                kept.places.push(place.filter(|_| group != Group::Earlier));
            }
            if is_kept {
                kept.groups.extend(lineage.finer().map(|_| Group::Earlier));
                kept.numbers.push(number);
                kept.lineages.push(lineage.clone());
            }
        }
        if kept.lineages.is_empty() {
            kept.lineages.push(Lineage::alone(everybody()));
            kept.groups.push(Group::Everybody);
        }
        kept
    }

    /// Their groups, each with its number among them.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, Group)> {
        self.groups.iter().copied().enumerate()
    }

    /// The numbers of the groups of which nothing is published: those of divisions that are left out, and those that only earlier
    /// releases have.
    pub(super) fn silent(
        &self,
        is_left_out: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = Range<usize>> {
        let divisions = self.numbers.iter().zip(placed(&self.lineages));
        divisions.map(move |(number, (lineage, groups))| {
            let finer = lineage.finer();
            if is_left_out(*number) {
                groups
            } else {
                groups.start + finer.start..groups.start + finer.end
            }
        })
    }

    /// Where a group of the release (its number among its groups; none for all of them) stands among theirs; nothing where it is
    /// not kept.
    pub(super) fn place(&self, group: Option<usize>) -> Option<Option<usize>> {
        match group {
            Some(group) if !self.places.is_empty() => self.places.get(group)?.map(Some),
            // Everybody is all there are.
            _ => Some(None),
        }
    }

    /// Where those of some groups that are kept stand among theirs.
    pub(super) fn places_of(&self, groups: Range<usize>) -> impl Iterator<Item = usize> {
        groups.filter_map(|group| self.places.get(group).copied().flatten())
    }
}

/// The divisions of the tables of a set: those by which it may be published, then those by which only earlier releases have shown
/// it, of which nothing is published and which still must not be computed.
pub(super) struct Divisions {
    pub(super) all: Vec<Lineage>,
    /// How many may be published.
    own: usize,
}

impl Divisions {
    /// Some divisions of a release with what earlier ones have shown of a set. `keys`: the categories in which somebody is.
    pub(super) fn of<'k, K: Iterator<Item = &'k String>>(
        set: &str,
        own: &[Grouped],
        past: &Past<'_>,
        keys: impl Fn(Division) -> K,
    ) -> Self {
        let lineage = |one: &Grouped| past.lineage(set, one);
        let mut all: Vec<Lineage> = own
            .iter()
            .map(|one| lineage(one).unwrap_or_else(|| Lineage::alone(one.clone())))
            .collect();
        let gone = past.gone(set, own);
        let gone = gone.map(|one| one.clone().holding(keys(one.division)));
        all.extend(gone.filter_map(|one| lineage(&one)));
        Self {
            all,
            own: own.len(),
        }
    }

    /// Those by which the set may be published.
    pub(super) fn own(&self) -> impl Iterator<Item = (&Grouped, Range<usize>)> {
        let own = self.all.iter().take(self.own);
        numbered(own.map(|lineage| &lineage.now))
    }

    /// What one of all groups of now is to the release.
    pub(super) fn group(&self, number: usize) -> Group {
        let end = self.own().last().map_or(0, |(_, groups)| groups.end);
        match number {
            _ if self.all.is_empty() => Group::Everybody,
            number if number < end => Group::Of(number),
            _ => Group::Earlier,
        }
    }

    /// Whether nothing is published by a division, since only earlier releases have it.
    pub(super) const fn is_gone(&self, division: usize) -> bool {
        division >= self.own
    }

    /// All as they are now; everybody where there are none.
    pub(super) fn now(&self) -> Vec<Grouped> {
        if self.all.is_empty() {
            return vec![everybody()];
        }
        let all = self.all.iter().map(|lineage| lineage.now.clone());
        all.collect()
    }

    /// The finest groups of each, where some are finer than those of now.
    pub(super) fn finest(&self) -> Option<Vec<Grouped>> {
        let mut all = self.all.iter();
        all.any(Lineage::has_finer).then(|| {
            let all = self.all.iter().map(|lineage| lineage.finest.clone());
            all.collect()
        })
    }
}

/// Each division without any other groups than its own.
pub(super) fn alone(divisions: &[Grouped]) -> Vec<Lineage> {
    divisions.iter().cloned().map(Lineage::alone).collect()
}

/// Each division with the numbers of its categories among all groups.
pub(super) fn numbered<'a>(
    divisions: impl IntoIterator<Item = &'a Grouped>,
) -> impl Iterator<Item = (&'a Grouped, Range<usize>)> {
    let mut end = 0;
    divisions.into_iter().map(move |one| {
        let start = end;
        end += one.categories.len();
        (one, start..end)
    })
}

/// The one group of a register in which nothing divides anybody.
pub(super) fn everybody() -> Grouped {
    Grouped {
        division: Division::Sex,
        categories: vec![category("all", "Alla", "All")],
        place_of: BTreeMap::new(),
    }
}
