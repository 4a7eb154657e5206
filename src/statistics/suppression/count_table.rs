//! What is counted: dimensions and the true counts of a table with every margin.
//!
//! A dimension has categories; they add up to the total, in several ways (divisions) or by way of
//! subtotals (a hierarchy). The table checks that its counts add up. What may be shown of it is
//! decided elsewhere.

use serde::{Deserialize, Serialize};

use super::super::shape::{Coordinates, Line, MAX_DIMENSIONS, MAX_LINES, Shape};
use super::{MAX_CELLS, MAX_TOTAL, SuppressionError};

/// One dimension of a table: a name, a label per category, and how the categories add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Dimension {
    name: String,
    labels: Vec<String>,
    /// How many labels each division has.
    divisions: Vec<usize>,
    /// Categories that are the sums of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    subtotals: Vec<(usize, Vec<usize>)>,
    hide_uniform: bool,
}

impl Dimension {
    /// How many categories there are, subtotals included.
    pub(in super::super) fn categories(&self) -> usize {
        self.labels.len()
    }

    /// A dimension that only places people (sex, age group, area). That all in a row fall in
    /// one category tells nothing about them that is worth protecting.
    pub fn group<L: Into<String>>(
        name: impl Into<String>,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        Self::new(name.into(), labels, false)
    }

    /// A dimension that says something about people (outcome, reason). A row in which all units
    /// fall in one category would reveal it for each of them, so such rows are hidden.
    pub fn outcome<L: Into<String>>(
        name: impl Into<String>,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        Self::new(name.into(), labels, true)
    }

    fn new<L: Into<String>>(
        name: String,
        labels: impl IntoIterator<Item = L>,
        hide_uniform: bool,
    ) -> Self {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        Self {
            name,
            divisions: vec![labels.len()],
            subtotals: Vec::new(),
            labels,
            hide_uniform,
        }
    }

    /// A group dimension that divides the same people in several ways that are not crossed (by
    /// sex, by age group, by area): the categories of each division add up to the same totals.
    pub fn divided<L: Into<String>>(
        name: impl Into<String>,
        divisions: impl IntoIterator<Item = Vec<L>>,
    ) -> Self {
        let divisions: Vec<Vec<L>> = divisions.into_iter().collect();
        let sizes = divisions.iter().map(Vec::len).collect();
        let mut dimension = Self::group(name, divisions.into_iter().flatten());
        dimension.divisions = sizes;
        dimension
    }

    /// The same dimension as a hierarchy (areas and their parts, age groups and their years): each
    /// named category is the sum of others, which thereby stand under it and no longer directly
    /// under the total. A part may itself be a sum. Whether that makes a tree is checked where a
    /// table is built ([`SuppressionError::Subtotals`]).
    #[must_use]
    pub fn with_subtotals(
        mut self,
        subtotals: impl IntoIterator<Item = (usize, Vec<usize>)>,
    ) -> Self {
        self.subtotals.extend(subtotals);
        self
    }

    /// How many categories each division has; one division unless [`Self::divided`].
    pub fn divisions(&self) -> &[usize] {
        &self.divisions
    }

    /// The categories that are sums, with their parts; none unless [`Self::with_subtotals`].
    pub fn subtotals(&self) -> &[(usize, Vec<usize>)] {
        &self.subtotals
    }

    /// Overrides whether rows in which all units fall in one category are hidden.
    #[must_use]
    pub fn with_uniform_rows_hidden(mut self, hide: bool) -> Self {
        self.hide_uniform = hide;
        self
    }

    /// The name given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The labels of the categories, in order; the total has none.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether rows in which all units fall in one category are hidden.
    pub fn hides_uniform_rows(&self) -> bool {
        self.hide_uniform
    }

    /// The categories that are not the sum of others, in order.
    pub fn leaves(&self) -> Vec<usize> {
        (0..self.labels.len())
            .filter(|place| self.subtotals.iter().all(|(sum, _)| sum != place))
            .collect()
    }

    /// What adds up to what. Every category is a part of one line, and leads up to the total.
    fn lines(&self) -> Result<Vec<Line>, SuppressionError> {
        let wrong = || SuppressionError::Subtotals(self.name.clone());
        let count = self.labels.len();
        let mut below = vec![None; count];
        for (sum, parts) in &self.subtotals {
            if *sum >= count || parts.is_empty() {
                return Err(wrong());
            }
            for &part in parts {
                let slot = below.get_mut(part).ok_or_else(wrong)?;
                if slot.replace(*sum).is_some() {
                    return Err(wrong());
                }
            }
        }
        let mut sums: Vec<usize> = self.subtotals.iter().map(|(sum, _)| *sum).collect();
        sums.sort_unstable();
        sums.dedup();
        if sums.len() < self.subtotals.len() {
            return Err(wrong());
        }
        for mut place in 0..count {
            let mut steps = 0;
            while let Some(sum) = below.get(place).copied().flatten() {
                place = sum;
                steps += 1;
                if steps > count {
                    return Err(wrong());
                }
            }
        }
        let mut lines = Vec::new();
        let mut start = 0;
        for &size in &self.divisions {
            let parts: Vec<usize> = (start..start + size)
                .filter(|&place| below.get(place).copied().flatten().is_none())
                .collect();
            start += size;
            if parts.is_empty() {
                return Err(wrong());
            }
            lines.push(Line { sum: count, parts });
        }
        lines.extend(self.subtotals.iter().map(|(sum, parts)| Line {
            sum: *sum,
            parts: parts.clone(),
        }));
        if lines.len() > MAX_LINES {
            return Err(SuppressionError::TooLarge);
        }
        Ok(lines)
    }
}

/// The extent of a table of these dimensions.
pub(super) fn shape_of(dimensions: &[Dimension]) -> Result<Shape, SuppressionError> {
    if dimensions.is_empty() || dimensions.len() > MAX_DIMENSIONS {
        return Err(SuppressionError::Dimensions(dimensions.len()));
    }
    if let Some(empty) = dimensions
        .iter()
        .find(|dimension| dimension.divisions.is_empty() || dimension.divisions.contains(&0))
    {
        return Err(SuppressionError::EmptyDimension(empty.name.clone()));
    }
    let mut extents = Vec::new();
    for dimension in dimensions {
        extents.push((dimension.labels.len(), dimension.lines()?));
    }
    let shape = Shape::new(extents);
    if shape.len() > MAX_CELLS {
        return Err(SuppressionError::TooLarge);
    }
    Ok(shape)
}

/// A frequency table of one to three dimensions with every margin. Holds the true counts and is
/// therefore never published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct CountTable {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) shape: Shape,
    pub(super) values: Vec<u64>,
    /// Cells that readers know from elsewhere.
    pub(super) known: Vec<bool>,
    /// Cells that are hidden whatever they hold, since they are hidden elsewhere.
    pub(super) closed: Vec<bool>,
    /// Cells of breakdowns that are not published at all, zeros included.
    pub(super) unpublished: Vec<bool>,
}

/// How the counts are kept: the inner cells, from which the rest follows.
#[derive(Serialize, Deserialize)]
struct Stored {
    dimensions: Vec<Dimension>,
    inner: Vec<u64>,
}

impl TryFrom<Stored> for CountTable {
    type Error = SuppressionError;
    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        Self::new(stored.dimensions, &stored.inner)
    }
}

impl From<CountTable> for Stored {
    fn from(table: CountTable) -> Self {
        let inner = (0..table.shape.len()).filter(|&index| {
            let at = table.shape.coordinates(index);
            (0..table.dimensions.len()).all(|dimension| !table.shape.is_total(at, dimension))
        });
        Self {
            inner: inner.map(|index| table.value(index)).collect(),
            dimensions: table.dimensions,
        }
    }
}

impl CountTable {
    /// Builds the table and its margins from the counts of every combination of categories, the
    /// last dimension varying fastest. Subtotals are categories too, and their counts are checked.
    ///
    /// # Errors
    /// [`SuppressionError::Dimensions`], [`SuppressionError::EmptyDimension`],
    /// [`SuppressionError::CountMismatch`], [`SuppressionError::TooLarge`],
    /// [`SuppressionError::Subtotals`] or [`SuppressionError::DivisionsDiffer`].
    pub fn new(dimensions: Vec<Dimension>, inner: &[u64]) -> Result<Self, SuppressionError> {
        let shape = shape_of(&dimensions)?;
        let expected = dimensions
            .iter()
            .map(|dimension| dimension.labels.len())
            .product::<usize>();
        if inner.len() != expected {
            return Err(SuppressionError::CountMismatch {
                expected,
                found: inner.len(),
            });
        }
        let mut values = vec![0_u64; shape.len()];
        for (number, &count) in inner.iter().enumerate() {
            let mut rest = number;
            let mut at: Coordinates = [0; MAX_DIMENSIONS];
            for (dimension, slot) in at.iter_mut().enumerate().rev() {
                let categories = shape.categories(dimension);
                if categories > 0 {
                    *slot = rest % categories;
                    rest /= categories;
                }
            }
            // Every subset of the present dimensions may be summed over.
            for subset in 0_u8..(1 << MAX_DIMENSIONS) {
                let mut cell = at;
                let mut counted = true;
                for (dimension, slot) in cell.iter_mut().enumerate() {
                    if subset & (1 << dimension) != 0 {
                        // Totals are the sums of the first division.
                        let total = shape.categories(dimension);
                        let first = shape.lines_under(dimension, total).next();
                        counted &= first.is_some_and(|first| first.parts.contains(slot));
                        *slot = total;
                    }
                }
                if let Some(value) = shape
                    .index(cell)
                    .filter(|_| counted)
                    .and_then(|i| values.get_mut(i))
                {
                    *value = value
                        .checked_add(count)
                        .filter(|&sum| sum <= MAX_TOTAL)
                        .ok_or(SuppressionError::TooLarge)?;
                }
            }
        }
        let table = Self {
            dimensions,
            shape,
            known: vec![false; values.len()],
            closed: vec![false; values.len()],
            unpublished: vec![false; values.len()],
            values,
        };
        match table.unequal_dimension() {
            Some(name) => Err(SuppressionError::DivisionsDiffer(name)),
            None => Ok(table),
        }
    }

    /// As [`Self::new`] from the counts of the categories that are not themselves sums
    /// ([`Dimension::leaves`]); subtotals are computed.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_leaves(
        dimensions: Vec<Dimension>,
        counts: &[u64],
    ) -> Result<Self, SuppressionError> {
        let shape = shape_of(&dimensions)?;
        let leaves: Vec<Vec<usize>> = dimensions.iter().map(Dimension::leaves).collect();
        let expected = leaves.iter().map(Vec::len).product::<usize>();
        if counts.len() != expected {
            return Err(SuppressionError::CountMismatch {
                expected,
                found: counts.len(),
            });
        }
        let sizes: Vec<usize> = dimensions.iter().map(|d| d.labels.len()).collect();
        let mut inner = vec![0_u64; sizes.iter().product()];
        for (number, &count) in counts.iter().enumerate() {
            let mut rest = number;
            // Per dimension, the leaf and every subtotal above it.
            let mut chains: Vec<Vec<usize>> = Vec::new();
            for (dimension, leaves) in leaves.iter().enumerate().rev() {
                let mut place = leaves.get(rest % leaves.len().max(1)).copied().unwrap_or(0);
                rest /= leaves.len().max(1);
                let mut chain = vec![place];
                while let Some(line) = shape.line_of(dimension, place) {
                    if line.sum == shape.categories(dimension) {
                        break;
                    }
                    place = line.sum;
                    chain.push(place);
                }
                chains.push(chain);
            }
            chains.reverse();
            let cells =
                chains
                    .iter()
                    .zip(&sizes)
                    .fold(vec![0], |starts: Vec<usize>, (chain, size)| {
                        let next = starts
                            .iter()
                            .flat_map(|start| chain.iter().map(move |place| start * size + place));
                        next.collect()
                    });
            for cell in cells {
                if let Some(slot) = inner.get_mut(cell) {
                    *slot = slot.checked_add(count).ok_or(SuppressionError::TooLarge)?;
                }
            }
        }
        Self::new(dimensions, &inner)
    }

    /// The same table, of which readers know the totals over a dimension from a table published
    /// elsewhere: hiding them here would protect nothing, so they are never hidden.
    #[must_use]
    pub fn with_known_totals(mut self, dimension: usize) -> Self {
        for (index, known) in self.known.iter_mut().enumerate() {
            *known |= self
                .shape
                .is_total(self.shape.coordinates(index), dimension);
        }
        self
    }

    /// The same table, of which readers know nothing of a category (position in `dimension`) from elsewhere.
    #[must_use]
    pub fn with_category_unknown(mut self, dimension: usize, category: usize) -> Self {
        for (index, known) in self.known.iter_mut().enumerate() {
            *known &= self.shape.coordinates(index).get(dimension) != Some(&category);
        }
        self
    }

    /// The same table, of which nothing is published of some categories (positions in `dimension`), not even that a cell
    /// is zero: for a breakdown that is left out, and which still must not be computed, now or from a later release.
    #[must_use]
    pub fn with_categories_unpublished(
        mut self,
        dimension: usize,
        categories: std::ops::Range<usize>,
    ) -> Self {
        self.shape
            .mark(&mut self.unpublished, dimension, &categories);
        self
    }

    /// The same table, of which nothing but zeros is shown of a category (position in `dimension`).
    #[must_use]
    pub fn with_category_closed(mut self, dimension: usize, category: usize) -> Self {
        let categories = category..category + 1;
        self.shape.mark(&mut self.closed, dimension, &categories);
        self
    }

    /// The same table, of which readers have what is published of it elsewhere in the same release: what is shown there is known,
    /// and what is hidden there is hidden here. Nothing is shown where nothing is published.
    #[must_use]
    pub fn as_shown(mut self, shown: Option<&super::ProtectedTable>) -> Self {
        for index in 0..self.values.len() {
            let is_shown =
                shown.is_some_and(|shown| matches!(shown.at(index), Some(super::Cell::Count(_))));
            for (mask, is) in [(&mut self.known, is_shown), (&mut self.closed, !is_shown)] {
                if let Some(cell) = mask.get_mut(index) {
                    *cell = is;
                }
            }
        }
        self
    }

    pub(in super::super) fn is_closed(&self, index: usize) -> bool {
        self.closed.get(index).copied() == Some(true)
    }

    pub(in super::super) fn is_unpublished(&self, index: usize) -> bool {
        // What is known from elsewhere is published there.
        let is_known = self.known.get(index).copied() == Some(true);
        self.unpublished.get(index).copied() == Some(true) && !is_known
    }

    /// A dimension of which a line does not add up.
    fn unequal_dimension(&self) -> Option<String> {
        let differs = |dimension: usize| {
            (0..self.shape.len()).any(|index| {
                let at = self.shape.coordinates(index);
                let position = at.get(dimension).copied().unwrap_or(0);
                self.shape.lines_under(dimension, position).any(|line| {
                    let sum = line.parts.iter().try_fold(0_u64, |sum, &part| {
                        Some(sum + self.value(self.shape.moved(at, dimension, part)?))
                    });
                    sum != Some(self.value(index))
                })
            })
        };
        let mut names = self.dimensions.iter().enumerate();
        names
            .find(|&(dimension, _)| differs(dimension))
            .map(|(_, dimension)| dimension.name.clone())
    }

    /// The table of the differences; nothing where one would be below zero.
    pub(super) fn minus(&self, part: &Self) -> Option<Self> {
        let values = self.values.iter().zip(&part.values);
        let values = values.map(|(&whole, &part)| whole.checked_sub(part));
        Some(Self {
            dimensions: self.dimensions.clone(),
            shape: self.shape.clone(),
            values: values.collect::<Option<Vec<_>>>()?,
            known: vec![false; self.known.len()],
            closed: vec![false; self.closed.len()],
            unpublished: vec![false; self.unpublished.len()],
        })
    }

    /// The count of a cell: per dimension a category, or `None` for the total. Nothing when the
    /// coordinates do not fit the table.
    pub fn get(&self, at: &[Option<usize>]) -> Option<u64> {
        self.values.get(self.shape.find(at)?).copied()
    }

    /// The dimensions, in the order of the coordinates.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    pub(in super::super) fn shape(&self) -> &Shape {
        &self.shape
    }

    pub(in super::super) fn values(&self) -> &[u64] {
        &self.values
    }

    pub(in super::super) fn value(&self, index: usize) -> u64 {
        self.values.get(index).copied().unwrap_or(0)
    }
}

/// The cells in which all units of a line along `dimension` are found (group disclosure): the
/// coordinate of that dimension is the category. Lines over the margins of the other dimensions
/// are included, empty lines are not, and a line with one category has none.
pub fn uniform_rows(table: &CountTable, dimension: usize) -> Vec<Vec<Option<usize>>> {
    let shape = &table.shape;
    let is_uniform = |&index: &usize| {
        let at = shape.coordinates(index);
        let position = at.get(dimension).copied().unwrap_or(0);
        let sum = shape.sum_above(at, dimension);
        table.value(index) > 0
            && shape
                .line_of(dimension, position)
                .is_some_and(|line| line.parts.len() > 1)
            && sum.is_some_and(|sum| table.value(sum) == table.value(index))
    };
    (0..shape.len())
        .filter(is_uniform)
        .map(|index| shape.public(index, table.dimensions.len()))
        .collect()
}
