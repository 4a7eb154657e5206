//! How is a pattern of hidden cells brought to pass the audit?
//!
//! Puts into the pattern what earlier releases ask for from the start, then audits, hides more
//! where the audit objects, and audits again. Ends with a safe answer or an error. Which cells
//! shelter which is the business of the search.

use super::super::shape::MAX_DIMENSIONS;
use super::super::succession::{EarlierTable, Joint};
use super::super::suppression_audit::{self, Change, Evidence, Weakness};
use super::super::suppression_rules::Primary;
use super::{CountTable, ProtectedTable, SuppressionError, Threshold, ZeroPolicy};

/// How many times the audit may send the pattern back before everything is hidden.
const REPAIR_ROUNDS: usize = 40;
/// How much solving the rounds may take together, in the measure of [`suppression_audit::AuditReport::work`].
const REPAIR_WORK: usize = 120_000_000;

/// Puts into the cells to hide what earlier tables ask for: they stand as they were published,
/// differences of few people are not shown, and what was published again follows what was read.
pub(super) fn heed_earlier(
    joint: &Joint,
    earlier: &[EarlierTable],
    counted: &[&CountTable],
    threshold: Threshold,
    primary: &mut Primary,
    known: &mut [Vec<bool>],
) {
    let value = |table: usize, index: usize| {
        let table = counted.get(table);
        table.map_or(0, |table| table.value(index))
    };
    let shown = |table: usize, index: usize| {
        let table = table
            .checked_sub(joint.new)
            .and_then(|position| earlier.get(position));
        table.is_some_and(|table| !table.shown.published.is_hidden(index))
    };
    for (position, table) in earlier.iter().enumerate() {
        if let Some(mask) = primary.hidden.get_mut(joint.new + position) {
            for (index, hide) in mask.iter_mut().enumerate() {
                *hide = table.shown.published.is_hidden(index);
            }
        }
    }
    for (position, pair) in joint.pairs.iter().enumerate() {
        let number = joint.difference(position);
        let few: Vec<usize> = (0..primary.hidden.get(number).map_or(0, Vec::len))
            .filter(|&index| {
                let count = value(pair.larger, index).saturating_sub(value(pair.smaller, index));
                count > 0 && is_set(&primary.hidden, number, index)
            })
            .collect();
        if let Some(mask) = primary.hidden.get_mut(number) {
            mask.fill(false);
        }
        for index in few {
            set(&mut primary.hidden, number, index);
            let (new, other) = if pair.larger < joint.new {
                (pair.larger, pair.smaller)
            } else {
                (pair.smaller, pair.larger)
            };
            if new < joint.new && shown(other, index) && value(new, index) > 0 {
                set(&mut primary.hidden, new, index);
            }
        }
    }
    let news = joint.again.iter().filter(|again| again.later < joint.new);
    for again in news.clone() {
        for index in 0..known.get(again.later).map_or(0, Vec::len) {
            let (new, old) = (value(again.later, index), value(again.earlier, index));
            let changed_by_few = (1..threshold.get()).contains(&new.abs_diff(old));
            if new > 0 && (changed_by_few || !shown(again.earlier, index)) {
                set(&mut primary.hidden, again.later, index);
            }
        }
    }
    for pair in &joint.links.events {
        let persons = primary
            .hidden
            .get(pair.persons)
            .cloned()
            .unwrap_or_default();
        let events = primary
            .hidden
            .get_mut(pair.events)
            .filter(|_| pair.events < joint.new);
        for (cell, hide) in events.into_iter().flatten().zip(persons) {
            *cell |= hide;
        }
    }
    for again in news {
        for index in 0..known.get(again.later).map_or(0, Vec::len) {
            let unchanged = value(again.later, index) == value(again.earlier, index);
            let hidden = is_set(&primary.hidden, again.later, index);
            if unchanged && shown(again.earlier, index) && !hidden {
                set(known, again.later, index);
            }
        }
    }
}

fn is_set(mask: &[Vec<bool>], table: usize, index: usize) -> bool {
    mask.get(table).and_then(|row| row.get(index)).copied() == Some(true)
}

fn set(mask: &mut [Vec<bool>], table: usize, index: usize) {
    if let Some(cell) = mask.get_mut(table).and_then(|row| row.get_mut(index)) {
        *cell = true;
    }
}

/// What is settled: the new tables, and everything they must be safe together with.
pub(super) struct Settling<'a> {
    pub(super) joint: &'a Joint,
    pub(super) tables: &'a [CountTable],
    pub(super) earlier: &'a [EarlierTable],
    /// New tables, earlier ones and differences.
    pub(super) counted: &'a [&'a CountTable],
    /// Cells that are not hidden.
    pub(super) known: &'a [Vec<bool>],
    pub(super) threshold: Threshold,
    pub(super) zeros: ZeroPolicy,
}

impl Settling<'_> {
    /// Audits, repairs and audits again.
    pub(super) fn settle(
        &self,
        mut hidden: Vec<Vec<bool>>,
        changes: Vec<Vec<Change>>,
    ) -> Result<Vec<ProtectedTable>, SuppressionError> {
        // Only proposed: the audit accepts of this what it can check against the published figures.
        let evidence = Evidence {
            base: self
                .counted
                .iter()
                .map(|table| table.values.clone())
                .collect(),
            changes,
            first_difference: self.joint.tables(),
        };
        let mut work = 0_usize;
        for _ in 0..REPAIR_ROUNDS {
            let published = self.publish(&hidden);
            let report = self.audit(&published, Some(&evidence));
            if report.is_clean() {
                return Ok(published);
            }
            work = work.saturating_add(report.work());
            if work > REPAIR_WORK || !self.repair(&mut hidden, report.weaknesses()) {
                break;
            }
        }
        self.hide_all()
    }

    fn hide_all(&self) -> Result<Vec<ProtectedTable>, SuppressionError> {
        let mut exposed = Vec::new();
        // Those that were read before are shown if that will do.
        for read_before in [true, false] {
            let hidden: Vec<Vec<bool>> = self
                .tables
                .iter()
                .zip(self.known)
                .map(|(table, known)| {
                    let known = if read_before { known } else { &table.known };
                    known.iter().map(|known| !known).collect()
                })
                .collect();
            let published = self.publish(&hidden);
            let report = self.audit(&published, None);
            if report.is_clean() {
                return Ok(published);
            }
            let weak = report.weaknesses().iter();
            exposed = weak
                .map(|weakness| (weakness.table, weakness.cell.clone()))
                .collect();
        }
        if self.earlier.is_empty() {
            Err(SuppressionError::Unsafe)
        } else {
            Err(SuppressionError::UnsafeWithEarlier(exposed))
        }
    }

    fn publish(&self, hidden: &[Vec<bool>]) -> Vec<ProtectedTable> {
        let tables = self.tables.iter().zip(hidden);
        tables
            .map(|(table, mask)| ProtectedTable::publish(table, mask, self.threshold, self.zeros))
            .collect()
    }

    fn audit(
        &self,
        published: &[ProtectedTable],
        evidence: Option<&Evidence>,
    ) -> suppression_audit::AuditReport {
        let earlier = self.earlier.iter().map(|table| &table.shown.published);
        let all: Vec<&ProtectedTable> = published.iter().chain(earlier).collect();
        suppression_audit::audit_joint(&all, self.joint, evidence)
    }

    /// Hides one more cell for every weakness, except where a neighbour was hidden a moment ago: that
    /// may have been enough. False when nothing is left to hide.
    fn repair(&self, hidden: &mut [Vec<bool>], weaknesses: &[Weakness]) -> bool {
        let mut fresh: Vec<(usize, usize)> = Vec::new();
        for weakness in weaknesses {
            let pair = self.joint.pair_of(weakness.table);
            let described = pair.map_or(weakness.table, |pair| pair.larger);
            let index = self
                .counted
                .get(described)
                .and_then(|table| table.shape.find(&weakness.cell));
            let Some(index) = index else {
                continue;
            };
            let chosen = if weakness.kind.is_published() {
                vec![(weakness.table, index)]
            } else {
                let mates = self.mates(weakness.table, index);
                if mates.iter().any(|mate| fresh.contains(mate)) {
                    continue;
                }
                let near = self.cheapest(hidden, mates);
                let chosen = near.or_else(|| {
                    let anywhere = self.tables.iter().enumerate().flat_map(|(number, table)| {
                        (0..table.shape.len()).map(move |index| (number, index))
                    });
                    self.cheapest(hidden, anywhere)
                });
                // Events are hidden with their persons.
                let with = |(table, index): (usize, usize)| {
                    let pairs = self.joint.links.events.iter();
                    let events = pairs.filter(move |pair| pair.persons == table);
                    let events = events.map(move |pair| (pair.events, index));
                    std::iter::once((table, index)).chain(events)
                };
                chosen.into_iter().flat_map(with).collect()
            };
            for (table, index) in chosen {
                if self.may_hide(hidden, table, index) {
                    set(hidden, table, index);
                    fresh.push((table, index));
                }
            }
        }
        !fresh.is_empty()
    }

    fn may_hide(&self, hidden: &[Vec<bool>], table: usize, index: usize) -> bool {
        table < self.joint.new && !is_set(hidden, table, index) && !is_set(self.known, table, index)
    }

    /// The cells of new tables that share a line, a relation or an earlier release with a cell.
    fn mates(&self, table: usize, index: usize) -> Vec<(usize, usize)> {
        if table < self.joint.new {
            return self.line_mates(table, index);
        }
        let members = match self.joint.pair_of(table) {
            Some(pair) => vec![pair.larger, pair.smaller],
            None => vec![table],
        };
        let mut bound: Vec<usize> = members.clone();
        for member in members {
            let pairs = self
                .joint
                .pairs
                .iter()
                .map(|pair| (pair.larger, pair.smaller));
            let again = self
                .joint
                .again
                .iter()
                .map(|again| (again.later, again.earlier));
            for (one, other) in pairs.chain(again) {
                if one == member {
                    bound.push(other);
                } else if other == member {
                    bound.push(one);
                }
            }
        }
        bound.retain(|&table| table < self.joint.new);
        bound.sort_unstable();
        bound.dedup();
        let own = bound.iter().map(|&table| (table, index));
        let lines = bound
            .iter()
            .flat_map(|&table| self.line_mates(table, index));
        own.chain(lines).collect()
    }

    /// The cells that share a line, or a relation, with a cell.
    fn line_mates(&self, table: usize, index: usize) -> Vec<(usize, usize)> {
        let mut mates = Vec::new();
        if let Some(shape) = self.counted.get(table).map(|table| &table.shape) {
            let at = shape.coordinates(index);
            for dimension in 0..MAX_DIMENSIONS {
                let own = at.get(dimension).copied().unwrap_or(0);
                let above = shape.line_of(dimension, own).into_iter();
                for line in above.chain(shape.lines_under(dimension, own)) {
                    let members = line.parts.iter().copied().chain([line.sum]);
                    mates.extend(
                        members
                            .filter(|&member| member != own)
                            .filter_map(|member| shape.moved(at, dimension, member))
                            .map(|mate| (table, mate)),
                    );
                }
            }
        }
        for relation in &self.joint.links.relations {
            let members = || relation.parts.iter().copied().chain([relation.total]);
            if members().any(|member| member == table) {
                mates.extend(
                    members()
                        .filter(|&member| member != table && member < self.joint.new)
                        .map(|member| (member, index)),
                );
            }
        }
        for pair in self.joint.links.inequalities() {
            let other = match table {
                table if table == pair.smaller => pair.larger,
                table if table == pair.larger => pair.smaller,
                _ => continue,
            };
            mates.extend((other < self.joint.new).then_some((other, index)));
        }
        mates
    }

    /// The published cell with the smallest count; an empty one would gain nothing, since readers
    /// know that zeros are not hidden one by one.
    fn cheapest(
        &self,
        hidden: &[Vec<bool>],
        candidates: impl IntoIterator<Item = (usize, usize)>,
    ) -> Option<(usize, usize)> {
        candidates
            .into_iter()
            .filter(|&(table, index)| self.may_hide(hidden, table, index))
            .filter_map(|(table, index)| {
                let count = self.tables.get(table)?.value(index);
                (count > 0).then_some((count, table, index))
            })
            .min()
            .map(|(_, table, index)| (table, index))
    }
}
