//! What is published of a table: every cell with its count, or hidden.
//!
//! Holds no hidden count, and not why a cell is hidden, since that alone would narrow it. Which
//! cells are hidden is decided elsewhere.

use serde::{Deserialize, Serialize};

use super::super::shape::Shape;
use super::count_table::{CountTable, Dimension, shape_of};
use super::{SuppressionError, Threshold, ZeroPolicy};

/// A cell as published. Whether a hidden cell was small or was hidden to protect another is not
/// kept, since that alone would narrow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// The true count.
    Count(u64),
    /// Hidden.
    Suppressed,
}

/// A table that may be published. Holds no hidden count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct ProtectedTable {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) shape: Shape,
    pub(super) cells: Vec<Cell>,
    /// Cells of breakdowns of which nothing is published, so that a reader does not know which of them are zero.
    pub(super) unpublished: Vec<bool>,
    pub(super) threshold: Threshold,
    pub(super) zeros: ZeroPolicy,
}

/// How a table is kept: all cells, margins included, the total behind the categories of each
/// dimension and the last dimension varying fastest; nothing for a hidden cell.
#[derive(Serialize, Deserialize)]
struct Stored {
    dimensions: Vec<Dimension>,
    cells: Vec<Option<u64>>,
    threshold: u64,
    zeros: ZeroPolicy,
    /// Numbers of the cells of which nothing is published; they are hidden too.
    #[serde(default)]
    unpublished: Vec<usize>,
}

impl TryFrom<Stored> for ProtectedTable {
    type Error = SuppressionError;
    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let threshold = Threshold::new(stored.threshold)?;
        let mut table = Self::restored(stored.dimensions, &stored.cells, threshold, stored.zeros)?;
        for index in stored.unpublished {
            if let Some(unpublished) = table.unpublished.get_mut(index) {
                *unpublished = true;
            }
        }
        Ok(table)
    }
}

impl From<ProtectedTable> for Stored {
    fn from(table: ProtectedTable) -> Self {
        let shown = |cell: &Cell| match cell {
            Cell::Count(count) => Some(*count),
            Cell::Suppressed => None,
        };
        Self {
            cells: table.cells.iter().map(shown).collect(),
            dimensions: table.dimensions,
            threshold: table.threshold.get(),
            zeros: table.zeros,
            unpublished: (0..table.unpublished.len())
                .filter(|&index| table.unpublished.get(index) == Some(&true))
                .collect(),
        }
    }
}

impl ProtectedTable {
    /// A table that was published before, from its cells in the order of [`Self::cells`]; nothing
    /// for a hidden one.
    ///
    /// # Errors
    /// As [`CountTable::new`]; what the cells say is not checked.
    pub fn restored(
        dimensions: Vec<Dimension>,
        cells: &[Option<u64>],
        threshold: Threshold,
        zeros: ZeroPolicy,
    ) -> Result<Self, SuppressionError> {
        let shape = shape_of(&dimensions)?;
        if cells.len() != shape.len() {
            return Err(SuppressionError::CountMismatch {
                expected: shape.len(),
                found: cells.len(),
            });
        }
        let cell = |shown: &Option<u64>| shown.map_or(Cell::Suppressed, Cell::Count);
        Ok(Self {
            dimensions,
            shape,
            cells: cells.iter().map(cell).collect(),
            unpublished: vec![false; cells.len()],
            threshold,
            zeros,
        })
    }

    /// The same table, of which nothing was published of some categories (positions in `dimension`).
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

    /// The cell at the coordinates, as in [`CountTable::get`].
    pub fn get(&self, at: &[Option<usize>]) -> Option<Cell> {
        self.at(self.shape.find(at)?)
    }

    /// The dimensions, in the order of the coordinates.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// Every cell, margins included, with its coordinates.
    pub fn cells(&self) -> impl Iterator<Item = (Vec<Option<usize>>, Cell)> + '_ {
        self.cells
            .iter()
            .enumerate()
            .map(|(index, &cell)| (self.shape.public(index, self.dimensions.len()), cell))
    }

    /// The threshold in force, which is public.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The rule for zeros in force, which is public.
    pub fn zero_policy(&self) -> ZeroPolicy {
        self.zeros
    }

    /// How many cells are hidden.
    pub fn hidden(&self) -> usize {
        let hidden = self.cells.iter().filter(|&&cell| cell == Cell::Suppressed);
        hidden.count()
    }

    /// Information loss: hidden cells as a share (0 to 1) of all cells, margins included.
    pub fn share_hidden(&self) -> f64 {
        // At most MAX_CELLS: both fit a double exactly.
        self.hidden() as f64 / self.cells.len().max(1) as f64
    }

    pub(in super::super) fn shape(&self) -> &Shape {
        &self.shape
    }

    pub(in super::super) fn at(&self, index: usize) -> Option<Cell> {
        self.cells.get(index).copied()
    }

    pub(in super::super) fn is_hidden(&self, index: usize) -> bool {
        self.at(index) == Some(Cell::Suppressed)
    }

    pub(in super::super) fn is_unpublished(&self, index: usize) -> bool {
        self.unpublished.get(index).copied() == Some(true) && self.is_hidden(index)
    }

    /// What is published of a table under a pattern of hidden cells.
    pub(super) fn publish(
        table: &CountTable,
        hidden: &[bool],
        threshold: Threshold,
        zeros: ZeroPolicy,
    ) -> Self {
        let cells = table.values.iter().zip(hidden);
        let cells = cells.map(|(&count, &hide)| {
            if hide {
                Cell::Suppressed
            } else {
                Cell::Count(count)
            }
        });
        Self {
            dimensions: table.dimensions.clone(),
            shape: table.shape.clone(),
            cells: cells.collect(),
            unpublished: (0..table.values.len())
                .map(|index| table.is_unpublished(index))
                .collect(),
            threshold,
            zeros,
        }
    }
}
