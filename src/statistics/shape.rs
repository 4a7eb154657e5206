//! Which cells does a table with all its margins have, and where do they lie?
//!
//! Coordinates only: a table of up to three dimensions is held as three, each with one extra
//! position for its total (an absent dimension has nothing but that position). The categories of
//! a dimension may form several divisions, each of which adds up to the total. Counts, rules and
//! publication do not belong here.

use std::ops::Range;

/// Most dimensions a table may have.
pub(super) const MAX_DIMENSIONS: usize = 3;

/// Most divisions of one dimension.
pub(super) const MAX_DIVISIONS: usize = 6;

/// A position in every dimension; the position equal to the number of categories is the total.
pub(super) type Coordinates = [usize; MAX_DIMENSIONS];

/// The extent of a table, without its counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    categories: [usize; MAX_DIMENSIONS],
    /// Where the divisions end; those that are not there end where the last one does.
    ends: [[usize; MAX_DIVISIONS]; MAX_DIMENSIONS],
}

impl Shape {
    /// `categories`: the number of categories per dimension, in order; the rest are absent.
    pub(super) fn new(categories: impl IntoIterator<Item = usize>) -> Self {
        let mut padded = [0; MAX_DIMENSIONS];
        for (slot, count) in padded.iter_mut().zip(categories) {
            *slot = count;
        }
        Self {
            categories: padded,
            ends: padded.map(|count| [count; MAX_DIVISIONS]),
        }
    }

    /// The same shape with a dimension whose categories form several divisions of these sizes.
    pub(super) fn divided(mut self, dimension: usize, sizes: &[usize]) -> Self {
        let mut end = 0;
        let ends = self.ends.get_mut(dimension).into_iter().flatten();
        for (slot, size) in ends.zip(sizes) {
            end += size;
            *slot = end;
        }
        self
    }

    /// The divisions of a dimension: the categories of each add up to the total.
    pub(super) fn divisions(&self, dimension: usize) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        let ends = self.ends.get(dimension).copied().unwrap_or_default();
        ends.into_iter()
            .map(move |end| std::mem::replace(&mut start, end)..end)
            .filter(|division| !division.is_empty())
    }

    /// The division that a category belongs to; empty for a total.
    pub(super) fn division(&self, at: Coordinates, dimension: usize) -> Range<usize> {
        let position = at.get(dimension).copied().unwrap_or(0);
        self.divisions(dimension)
            .find(|division| division.contains(&position))
            .unwrap_or(0..0)
    }

    /// Number of categories of a dimension, zero when it is absent.
    pub(super) fn categories(&self, dimension: usize) -> usize {
        self.categories.get(dimension).copied().unwrap_or(0)
    }

    /// Number of cells, margins included.
    pub(super) fn len(&self) -> usize {
        self.categories.iter().fold(1, |cells, &count| {
            cells.saturating_mul(count.saturating_add(1))
        })
    }

    /// The number of a cell. Positions outside the table give nothing.
    pub(super) fn index(&self, at: Coordinates) -> Option<usize> {
        let mut index = 0;
        for (&position, &count) in at.iter().zip(&self.categories) {
            if position > count {
                return None;
            }
            index = index * (count + 1) + position;
        }
        Some(index)
    }

    /// The reverse of [`Shape::index`].
    pub(super) fn coordinates(&self, mut index: usize) -> Coordinates {
        let mut at = [0; MAX_DIMENSIONS];
        for (slot, &count) in at.iter_mut().zip(&self.categories).rev() {
            *slot = index % (count + 1);
            index /= count + 1;
        }
        at
    }

    /// The cell reached from `at` by moving to `position` in one dimension.
    pub(super) fn moved(
        &self,
        mut at: Coordinates,
        dimension: usize,
        position: usize,
    ) -> Option<usize> {
        *at.get_mut(dimension)? = position;
        self.index(at)
    }

    /// Whether the cell is a total over the dimension.
    pub(super) fn is_total(&self, at: Coordinates, dimension: usize) -> bool {
        at.get(dimension).copied() == Some(self.categories(dimension))
    }

    /// Over how many present dimensions the cell is a total.
    pub(super) fn level(&self, at: Coordinates) -> u64 {
        (0..MAX_DIMENSIONS)
            .filter(|&dimension| self.categories(dimension) > 0 && self.is_total(at, dimension))
            .fold(0, |level, _| level + 1)
    }

    /// Coordinates as the caller writes them: a category, or nothing for the total.
    pub(super) fn public(&self, index: usize, dimensions: usize) -> Vec<Option<usize>> {
        self.coordinates(index)
            .iter()
            .zip(&self.categories)
            .take(dimensions)
            .map(|(&position, &count)| (position < count).then_some(position))
            .collect()
    }

    /// The reverse of [`Shape::public`]; the number of coordinates must be that of the dimensions.
    pub(super) fn find(&self, at: &[Option<usize>]) -> Option<usize> {
        let present = self.categories.iter().filter(|&&count| count > 0).count();
        if at.len() != present {
            return None;
        }
        let mut inside = [0; MAX_DIMENSIONS];
        for ((slot, &count), wanted) in inside
            .iter_mut()
            .zip(&self.categories)
            .zip(at.iter().copied().chain(std::iter::repeat(None)))
        {
            *slot = match wanted {
                Some(position) if position >= count => return None,
                Some(position) => position,
                None => count,
            };
        }
        self.index(inside)
    }
}
