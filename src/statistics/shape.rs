//! Which cells does a table with all its margins have, and which of them add up to which?
//!
//! Coordinates only: a table of up to three dimensions is held as three, each with one extra
//! position for its total (an absent dimension has nothing but that position). Each dimension has
//! lines: a sum and the parts that add up to it. Several lines may have the total as their sum
//! (divisions), and a part may itself be a sum (a hierarchy); every category is a part of exactly
//! one line. Counts, rules and publication do not belong here.

use std::sync::Arc;

/// Most dimensions a table may have.
pub(super) const MAX_DIMENSIONS: usize = 3;

/// Most lines of one dimension.
pub(super) const MAX_LINES: usize = 64;

/// A position in every dimension; the position equal to the number of categories is the total.
pub(super) type Coordinates = [usize; MAX_DIMENSIONS];

/// Positions of a dimension that add up to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) sum: usize,
    pub(super) parts: Vec<usize>,
}

/// The lines of one dimension.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lines {
    all: Vec<Line>,
    /// Per category, the line it is a part of.
    above: Vec<Option<usize>>,
    /// Per position, the total last, the lines it is the sum of.
    under: Vec<Vec<usize>>,
}

impl Lines {
    fn new(categories: usize, all: Vec<Line>) -> Self {
        let mut above = vec![None; categories];
        let mut under = vec![Vec::new(); categories + 1];
        for (number, line) in all.iter().enumerate() {
            for &part in &line.parts {
                if let Some(slot) = above.get_mut(part) {
                    *slot = Some(number);
                }
            }
            if let Some(list) = under.get_mut(line.sum) {
                list.push(number);
            }
        }
        Self { all, above, under }
    }
}

/// The extent of a table, without its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    categories: [usize; MAX_DIMENSIONS],
    lines: Arc<[Lines; MAX_DIMENSIONS]>,
}

impl Shape {
    /// Per dimension, in order, its number of categories and its lines; the rest are absent.
    pub(super) fn new(dimensions: impl IntoIterator<Item = (usize, Vec<Line>)>) -> Self {
        let mut categories = [0; MAX_DIMENSIONS];
        let mut lines = <[Lines; MAX_DIMENSIONS]>::default();
        let slots = categories.iter_mut().zip(&mut lines);
        for ((count, slot), (size, list)) in slots.zip(dimensions) {
            *count = size;
            *slot = Lines::new(size, list);
        }
        Self {
            categories,
            lines: Arc::new(lines),
        }
    }

    /// Marks the cells of some categories of a dimension.
    pub(super) fn mark(
        &self,
        mask: &mut [bool],
        dimension: usize,
        categories: &std::ops::Range<usize>,
    ) {
        for (index, marked) in mask.iter_mut().enumerate() {
            let at = self.coordinates(index);
            let place = at.get(dimension);
            *marked |= place.is_some_and(|place| categories.contains(place));
        }
    }

    /// The lines of a dimension.
    pub(super) fn lines(&self, dimension: usize) -> &[Line] {
        self.lines.get(dimension).map_or(&[], |lines| &lines.all)
    }

    /// The line that a position is a part of; the total is none.
    pub(super) fn line_of(&self, dimension: usize, position: usize) -> Option<&Line> {
        let lines = self.lines.get(dimension)?;
        lines.all.get(lines.above.get(position).copied().flatten()?)
    }

    /// The lines that a position is the sum of.
    pub(super) fn lines_under(
        &self,
        dimension: usize,
        position: usize,
    ) -> impl Iterator<Item = &Line> {
        let lines = self.lines.get(dimension);
        let numbers = lines.and_then(|lines| lines.under.get(position));
        let all = lines.map_or(&[][..], |lines| &lines.all);
        numbers
            .into_iter()
            .flatten()
            .filter_map(|&number| all.get(number))
    }

    /// The sum of the line that a cell is a part of in a dimension.
    pub(super) fn sum_above(&self, at: Coordinates, dimension: usize) -> Option<usize> {
        let line = self.line_of(dimension, *at.get(dimension)?)?;
        self.moved(at, dimension, line.sum)
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

    /// In how many present dimensions the cell is a sum.
    pub(super) fn level(&self, at: Coordinates) -> u64 {
        at.iter()
            .enumerate()
            .filter(|&(dimension, &position)| {
                self.lines_under(dimension, position).next().is_some()
            })
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
