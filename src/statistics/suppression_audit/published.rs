//! What is wrong with the published figures as anyone can see without computing bounds?
//!
//! Small counts, rows in which all are the same, events whose persons are hidden, and the same in
//! the difference to an earlier table.

use super::super::succession::{Again, Joint, Pair};
use super::super::suppression::{Cell, LinkedTotals, ProtectedTable};
use super::{AuditReport, WeaknessKind};

/// A table as this file sees it: counts that are shown, be it a table or a difference.
trait Shown {
    fn count(&self, index: usize) -> Option<u64>;
}

impl Shown for ProtectedTable {
    fn count(&self, index: usize) -> Option<u64> {
        match self.at(index)? {
            Cell::Count(count) => Some(count),
            Cell::Suppressed => None,
        }
    }
}

struct Difference<'a> {
    larger: &'a ProtectedTable,
    smaller: &'a ProtectedTable,
}

impl Shown for Difference<'_> {
    fn count(&self, index: usize) -> Option<u64> {
        let smaller = self.smaller.count(index)?;
        Some(self.larger.count(index)?.saturating_sub(smaller))
    }
}

/// What can be seen without any computation, of the new tables and against the earlier ones.
pub(super) fn check(tables: &[&ProtectedTable], joint: &Joint, report: &mut AuditReport) {
    for (number, table) in tables.iter().enumerate().take(joint.new) {
        let threshold = table.threshold().get();
        for index in 0..table.shape().len() {
            let Some(count) = table.count(index) else {
                continue;
            };
            let links = &joint.links;
            let shown = |other: usize| tables.get(other)?.count(index);
            let kind = if (1..threshold).contains(&count) {
                WeaknessKind::SmallCountPublished
            } else if persons_hidden(links, number, |persons| shown(persons).is_none()) {
                WeaknessKind::EventsWithoutPersons
            } else if count > 0
                && (is_uniform(*table, table, index, count)
                    || is_uniform_part(links, number, |total| shown(total) == Some(count)))
            {
                WeaknessKind::UniformRowPublished
            } else {
                continue;
            };
            report.note(tables, number, index, kind);
        }
    }
    for (position, &pair) in joint.pairs.iter().enumerate() {
        check_pair(tables, joint, joint.difference(position), pair, report);
    }
    for &again in &joint.again {
        check_again(tables, joint, again, report);
    }
}

fn check_pair(
    tables: &[&ProtectedTable],
    joint: &Joint,
    number: usize,
    pair: Pair,
    report: &mut AuditReport,
) {
    let (Some(&larger), Some(&smaller)) = (tables.get(pair.larger), tables.get(pair.smaller))
    else {
        return;
    };
    // Between two earlier tables nothing can be mended any more.
    let Some(new) = [pair.larger, pair.smaller]
        .into_iter()
        .find(|&table| table < joint.new)
    else {
        return;
    };
    let difference = Difference { larger, smaller };
    let threshold = larger.threshold().get().max(smaller.threshold().get());
    for index in 0..larger.shape().len() {
        let Some(count) = difference.count(index) else {
            continue;
        };
        let links = &joint.between_differences;
        let shown = |other: usize| {
            let pair = joint.pair_of(other)?;
            let (&larger, &smaller) = (tables.get(pair.larger)?, tables.get(pair.smaller)?);
            Difference { larger, smaller }.count(index)
        };
        let kind = if larger.count(index) < smaller.count(index) {
            report.contradicted = true;
            continue;
        } else if (1..threshold).contains(&count) {
            WeaknessKind::SmallDifferencePublished
        } else if count > 0
            && (is_uniform(&difference, larger, index, count)
                || is_uniform_part(links, number, |total| shown(total) == Some(count)))
        {
            WeaknessKind::UniformDifferencePublished
        } else {
            continue;
        };
        report.note(tables, new, index, kind);
    }
}

fn check_again(tables: &[&ProtectedTable], joint: &Joint, again: Again, report: &mut AuditReport) {
    let (Some(later), Some(earlier)) = (tables.get(again.later), tables.get(again.earlier)) else {
        return;
    };
    if again.later >= joint.new {
        return;
    }
    let threshold = later.threshold().get().max(earlier.threshold().get());
    for index in 0..later.shape().len() {
        let change = later.count(index).zip(earlier.count(index));
        if change.is_some_and(|(new, old)| (1..threshold).contains(&new.abs_diff(old))) {
            report.note(
                tables,
                again.later,
                index,
                WeaknessKind::SmallDifferencePublished,
            );
        }
    }
}

fn persons_hidden(links: &LinkedTotals, events: usize, is_hidden: impl Fn(usize) -> bool) -> bool {
    let mut pairs = links.events.iter();
    pairs.any(|pair| pair.events == events && is_hidden(pair.persons))
}

/// Whether a count is all of its row, along a dimension that must not tell that.
fn is_uniform(shown: &impl Shown, table: &ProtectedTable, index: usize, count: u64) -> bool {
    let shape = table.shape();
    let at = shape.coordinates(index);
    let mut dimensions = table.dimensions().iter().enumerate();
    dimensions.any(|(dimension, description)| {
        let position = at.get(dimension).copied().unwrap_or(0);
        let line = shape.line_of(dimension, position);
        description.hides_uniform_rows()
            && line.is_some_and(|line| line.parts.len() > 1)
            && shape
                .sum_above(at, dimension)
                .is_some_and(|sum| shown.count(sum) == Some(count))
    })
}

fn is_uniform_part(links: &LinkedTotals, part: usize, is_all: impl Fn(usize) -> bool) -> bool {
    links.relations.iter().any(|relation| {
        relation.hide_uniform
            && relation.parts.len() > 1
            && relation.parts.contains(&part)
            && is_all(relation.total)
    })
}
