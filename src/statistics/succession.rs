//! How does a new release belong together with those that have been read before it?
//!
//! Nothing can be taken back from a reader, so earlier tables stand as they were published, and
//! the new ones must be safe together with them. This module says which tables and differences
//! there are and how they hang together; the search and the audit work on that.

// The reasoning. A reader has the earlier tables beside the new one and forms whatever sums and
// differences he likes.
//
// A period within a longer one (`Within`, `Contains`). Longer = shorter + difference, cell by cell,
// and no difference is below zero. So:
// - The difference is a table that nobody publishes and everybody has. Where both cells are shown
//   it is shown; if it is a small count, or tells that all who came fell in one category, the new
//   cell is hidden. Where one of the two is hidden, the difference varies exactly as that one does.
//   Where both are hidden it is an unknown of its own, and must vary as much as a hidden count,
//   unless the reader can tell that it is zero (nobody came) or no small count.
// - A published longer count bounds a hidden shorter one from above, and the other way round: an
//   empty difference would hand the one over to the other. Every hidden cell of the earlier tables
//   is therefore an unknown of the same equations and keeps its width, or more is hidden now (save
//   where a reader can tell that it is no small count: one that stood between two equal large ones).
// - In a chain (first tertial, first half, two tertials, the year) every pair counts, since any two
//   of them can be subtracted; differences within a release add up as its tables do.
//
// The same period again (`Same`), after corrections. Nothing follows with certainty from one to the
// other, and counts may have fallen. But readers know that almost nothing has changed, and why a
// figure is missing now can be guessed. So:
// - What was hidden stays hidden, or the new figure would tell the old one.
// - What has changed by a small count is hidden, since the change is that of few people.
// - What is unchanged and was shown is shown: hidden, it would shelter nothing, as its count is
//   taken to be the old one. It may therefore not be used as cover for others.
// - The audit is made twice: as if the tables had nothing to do with each other, and as if all that
//   is not visibly changed were unchanged, one unknown for both. Lines that contradict the second
//   reading show the reader that something in them has changed; for those cells it is dropped.
//
// Tables without a bond of their own (`Apart`: those who were *not* reached by the end, which may
// grow or shrink) are still in the equations through the tables they add up with.
//
// The audit does not know the true counts, so it asks for room in every hidden cell and every
// difference. That can cost a whole release for a difference of nobody that a reader can almost tell
// to be none. Where hiding more has not helped, such a difference, and an earlier cell that was only
// hidden to shelter others, may become known: that harms nobody by itself, and all that follows from
// it for the small counts is in the same equations. An audit of what was published may then object
// to a cell of an earlier table or of a difference, never to one of the new tables.
//
// Hiding every cell of the new release is always safe where the earlier ones were, so a release is
// refused only when they were not, or when a count that is known from elsewhere gives one away.

use super::suppression::{
    AtMost, CountTable, EventsOf, LinkedTotals, ProtectedTable, Relation, SuppressionError,
};

/// How a table belongs together with a later one of the same measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Succession {
    /// Its period lies within the later one's, and its counts are part of the later ones.
    Within,
    /// The later one's period lies within its own, and the later counts are part of its own.
    Contains,
    /// The same period again. Also for counts that were corrected so that they are no longer part
    /// of the later ones.
    Same,
    /// Neither is part of the other. Nothing is compared, but the table still adds up with others.
    Apart,
}

impl Succession {
    /// How an earlier table whose period lies within the later one's belongs together with it:
    /// [`Self::Within`], or [`Self::Same`] where corrections have made a count fall.
    pub fn of_part(earlier: &CountTable, later: &CountTable) -> Self {
        let mut counts = earlier.values().iter().zip(later.values());
        if counts.all(|(earlier, later)| earlier <= later) {
            Self::Within
        } else {
            Self::Same
        }
    }
}

/// A table that was published earlier: what a reader has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierShown {
    /// Tables with the same number were published together, and the links between the new tables
    /// hold between them too.
    pub release: usize,
    /// The position of the new table of the same measure; the dimensions must be the same.
    pub table: usize,
    /// How it belongs together with that new table.
    pub succession: Succession,
    /// How it belongs together with other earlier tables of the same measure, by their position in
    /// the list: this one is the earlier, so that the first tertial stands `Within` the first half
    /// year. Each pair is named once.
    pub relates: Vec<(usize, Succession)>,
    /// As it was published.
    pub published: ProtectedTable,
}

/// The same with the true counts, which are needed to choose what to hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierTable {
    /// What a reader has.
    pub shown: EarlierShown,
    /// The true counts behind it.
    pub counts: CountTable,
}

/// Two tables of which one is part of the other. Tables are numbered: the new ones, then the
/// earlier ones, then the differences, in the order of the pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) larger: usize,
    pub(super) smaller: usize,
}

/// Two tables of the same period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Again {
    pub(super) later: usize,
    pub(super) earlier: usize,
}

/// The new tables and the earlier ones as one set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Joint {
    pub(super) new: usize,
    pub(super) earlier: usize,
    /// Links between new and earlier tables.
    pub(super) links: LinkedTotals,
    pub(super) pairs: Vec<Pair>,
    pub(super) again: Vec<Again>,
    /// Links between the differences.
    pub(super) between_differences: LinkedTotals,
}

impl Joint {
    /// # Errors
    /// [`SuppressionError::UnknownTable`] where a table is named wrongly.
    pub(super) fn new<'a>(
        new: usize,
        links: &LinkedTotals,
        earlier: impl Iterator<Item = &'a EarlierShown> + Clone,
    ) -> Result<Self, SuppressionError> {
        let mut joint = Self {
            new,
            earlier: earlier.clone().count(),
            links: links.clone(),
            ..Self::default()
        };
        for (position, table) in earlier.clone().enumerate() {
            let own = new + position;
            if table.table >= new {
                return Err(SuppressionError::UnknownTable(table.table));
            }
            joint.bind(own, table.table, table.succession);
            for &(other, succession) in &table.relates {
                if other >= joint.earlier || other == position {
                    return Err(SuppressionError::UnknownTable(new + other));
                }
                joint.bind(own, new + other, succession);
            }
        }
        let measures: Vec<(usize, usize)> = (0..new)
            .map(|table| (usize::MAX, table))
            .chain(earlier.map(|table| (table.release, table.table)))
            .collect();
        let measure = |table: usize| measures.get(table).copied().unwrap_or((usize::MAX, table));
        let mut releases: Vec<usize> = measures
            .iter()
            .skip(new)
            .map(|&(number, _)| number)
            .collect();
        releases.sort_unstable();
        releases.dedup();
        for release in releases {
            let place = |table: usize| {
                (new..measures.len()).find(|&own| measures.get(own) == Some(&(release, table)))
            };
            repeat(links, new, place, &mut joint.links);
        }
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for pair in &joint.pairs {
            let span = (measure(pair.larger).0, measure(pair.smaller).0);
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
        let differences = joint.tables();
        for span in spans {
            let place = |table: usize| {
                let number = joint.pairs.iter().position(|pair| {
                    measure(pair.larger) == (span.0, table)
                        && measure(pair.smaller) == (span.1, table)
                });
                number.map(|number| differences + number)
            };
            repeat(links, new, place, &mut joint.between_differences);
        }
        Ok(joint)
    }

    fn bind(&mut self, earlier: usize, later: usize, succession: Succession) {
        match succession {
            Succession::Within => self.pairs.push(Pair {
                larger: later,
                smaller: earlier,
            }),
            Succession::Contains => self.pairs.push(Pair {
                larger: earlier,
                smaller: later,
            }),
            Succession::Same => self.again.push(Again { later, earlier }),
            Succession::Apart => {}
        }
    }

    /// How many tables there are, without the differences.
    pub(super) fn tables(&self) -> usize {
        self.new + self.earlier
    }

    /// The number of the difference of a pair.
    pub(super) fn difference(&self, pair: usize) -> usize {
        self.tables() + pair
    }

    /// The pair whose difference has this number.
    pub(super) fn pair_of(&self, table: usize) -> Option<Pair> {
        let number = table.checked_sub(self.tables())?;
        self.pairs.get(number).copied()
    }

    /// Whether a table was published earlier, so that it can no longer be changed.
    pub(super) fn is_frozen(&self, table: usize) -> bool {
        (self.new..self.tables()).contains(&table)
    }
}

/// The links between new tables once more, for tables that stand in their place.
fn repeat(
    links: &LinkedTotals,
    new: usize,
    place: impl Fn(usize) -> Option<usize>,
    into: &mut LinkedTotals,
) {
    let place = |table: usize| place(table).filter(|_| table < new);
    for relation in &links.relations {
        let parts: Option<Vec<usize>> = relation.parts.iter().map(|&part| place(part)).collect();
        if let Some((total, parts)) = place(relation.total).zip(parts) {
            into.relations.push(Relation {
                total,
                parts,
                hide_uniform: relation.hide_uniform,
            });
        }
    }
    for pair in &links.at_most {
        if let Some((smaller, larger)) = place(pair.smaller).zip(place(pair.larger)) {
            into.at_most.push(AtMost { smaller, larger });
        }
    }
    for pair in &links.events {
        if let Some((events, persons)) = place(pair.events).zip(place(pair.persons)) {
            into.events.push(EventsOf { events, persons });
        }
    }
}

#[cfg(test)]
mod tests;
