//! What can readers say about zeros, from the rules in force and the published cells?
//!
//! Zeros are not hidden one by one, so a hidden cell is not zero, unless its whole row was hidden, or nothing at all is published
//! of the breakdown that it is in.

use super::super::suppression::{Cell, LinkedTotals, ProtectedTable, ZeroPolicy};

pub(super) struct ZeroKnowledge<'a> {
    pub(super) tables: &'a [&'a ProtectedTable],
    pub(super) links: &'a LinkedTotals,
    /// Tables of a release that shows nothing at all: nothing follows from a cell being hidden.
    pub(super) silent: &'a [bool],
}

impl ZeroKnowledge<'_> {
    fn at(&self, table: usize, index: usize) -> Option<Cell> {
        self.tables.get(table)?.at(index)
    }

    fn is_zero(&self, table: usize, index: usize) -> bool {
        self.at(table, index) == Some(Cell::Count(0))
    }

    /// Whether a hidden cell may be zero: only where the rules hide rows as a whole, and the
    /// whole row is hidden. `depth` bounds the chain of relations followed.
    pub(super) fn may_be_zero(&self, number: usize, index: usize, depth: usize) -> bool {
        let Some(table) = self.tables.get(number) else {
            return false;
        };
        if !table.is_hidden(index) {
            return false;
        }
        if self.silent.get(number).copied() == Some(true) || table.is_unpublished(index) {
            return true;
        }
        let shape = table.shape();
        let at = shape.coordinates(index);
        let last = table.dimensions().len().saturating_sub(1);
        let in_table = table
            .dimensions()
            .iter()
            .enumerate()
            .any(|(dimension, description)| {
                let position = at.get(dimension).copied().unwrap_or(0);
                let Some(line) = shape.line_of(dimension, position) else {
                    return false;
                };
                let rule = (description.hides_uniform_rows() && line.parts.len() > 1)
                    || (table.zero_policy() == ZeroPolicy::SuppressRow && dimension == last);
                rule && line.parts.iter().all(|&part| {
                    shape
                        .moved(at, dimension, part)
                        .is_some_and(|cell| self.tells_nothing(number, cell))
                })
            });
        in_table
            || self.links.relations.iter().any(|relation| {
                relation.parts.contains(&number)
                    && ((relation.hide_uniform && relation.parts.len() > 1)
                        || (depth > 0 && self.may_be_zero(relation.total, index, depth - 1)))
                    && relation
                        .parts
                        .iter()
                        .all(|&part| self.tells_nothing(part, index))
            })
    }

    /// A cell of a row that does not show the row to have been left alone: it is hidden, or a
    /// zero that follows from other published zeros.
    fn tells_nothing(&self, number: usize, index: usize) -> bool {
        match self.at(number, index) {
            Some(Cell::Suppressed) => true,
            Some(Cell::Count(0)) => self.follows(number, index),
            _ => false,
        }
    }

    fn follows(&self, number: usize, index: usize) -> bool {
        let Some(shape) = self.tables.get(number).map(|table| table.shape()) else {
            return false;
        };
        let at = shape.coordinates(index);
        let zero = |cell: Option<usize>| cell.is_some_and(|cell| self.is_zero(number, cell));
        let in_table = at.iter().enumerate().any(|(dimension, &position)| {
            zero(shape.sum_above(at, dimension))
                || shape.lines_under(dimension, position).any(|line| {
                    let mut parts = line.parts.iter();
                    parts.all(|&part| zero(shape.moved(at, dimension, part)))
                })
        });
        in_table
            || self.links.relations.iter().any(|relation| {
                (relation.parts.contains(&number) && self.is_zero(relation.total, index))
                    || (relation.total == number
                        && relation.parts.iter().all(|&part| self.is_zero(part, index)))
            })
            || self
                .links
                .inequalities()
                .any(|pair| pair.smaller == number && self.is_zero(pair.larger, index))
    }
}
