//! How is a pattern of hidden cells brought to pass the audit?
//!
//! Puts into the pattern what earlier releases ask for from the start, then audits, hides more
//! where the audit objects, and audits again. Ends with a safe answer or an error. Which cells
//! shelter which is the business of the search.

use super::super::shape::MAX_DIMENSIONS;
use super::super::succession::{EarlierTable, Joint};
use super::super::suppression_audit::{self, Evidence, Weakness, WeaknessKind};
use super::super::suppression_rules::Primary;
use super::super::suppression_search::{Problem, Search};
use super::{
    CountTable, Dimension, ProtectedTable, Protection, SuppressionError, Threshold, ZeroPolicy,
};

/// How many times the audit may send the pattern back before everything is hidden.
const REPAIR_ROUNDS: usize = 12;
/// After so many rounds of hiding what is cheapest all neighbours of a weak cell are hidden, and
/// after twice as many those of the neighbours too.
const PATIENCE: usize = 4;
/// For so many rounds everything the audit objects to is taken to matter.
const STRICT_ROUNDS: usize = 2;
/// How many cells an error names.
const MOST_NAMED: usize = 20;
/// How much solving the rounds may take together, in the measure of [`suppression_audit::AuditReport::work`].
const REPAIR_WORK: usize = 1_000_000_000;

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
    /// Searches, audits and hides more where the audit objects, until it does no longer.
    pub(super) fn settle(&self, mut primary: Primary) -> Result<Protection, SuppressionError> {
        let mut work = 0_usize;
        for round in 0..REPAIR_ROUNDS {
            let (hidden, changes) = Search::new(self.problem(&primary)).run();
            let published = self.publish(&hidden);
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
            let report = self.audit(&published, Some(&evidence));
            let mut weaknesses = report.weaknesses().to_vec();
            if round >= STRICT_ROUNDS {
                weaknesses.retain(|weakness| self.matters(weakness));
            }
            if weaknesses.is_empty() {
                return Ok(self.protection(published, &report));
            }
            work = work.saturating_add(report.work());
            for (mask, hidden) in primary.hidden.iter_mut().zip(hidden) {
                *mask = hidden;
            }
            let repaired = self.repair(&mut primary, &weaknesses, round);
            if work > REPAIR_WORK || (!repaired && round > 2 * PATIENCE) {
                break;
            }
        }
        self.hide_all()
    }

    fn protection(
        &self,
        tables: Vec<ProtectedTable>,
        report: &suppression_audit::AuditReport,
    ) -> Protection {
        let is_asked = |interval: &&suppression_audit::Interval| {
            let table = tables.get(interval.table);
            let index = table.and_then(|table| table.shape.find(&interval.cell));
            table
                .zip(index)
                .is_some_and(|(table, index)| !table.is_unpublished(index))
        };
        let intervals = report.intervals().iter().filter(is_asked);
        let narrowest = intervals.map(suppression_audit::Interval::width).min();
        Protection { tables, narrowest }
    }

    fn hide_all(&self) -> Result<Protection, SuppressionError> {
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
                return Ok(self.protection(published, &report));
            }
            let weak = report.weaknesses().iter().take(MOST_NAMED);
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

    /// Whether a weakness tells of few people. The audit cannot know, and asks for room in every
    /// hidden cell. But an earlier cell that was only hidden to shelter others, a large count of what is
    /// not published, or a difference of nobody or of many, may become known without harm: what follows
    /// from it for the others is in the same equations. It is cheaper to grant that than to hide a whole
    /// table.
    fn matters(&self, weakness: &Weakness) -> bool {
        let pair = self.joint.pair_of(weakness.table);
        let Some(table) = self.counted.get(weakness.table) else {
            return true;
        };
        let index = table.shape.find(&weakness.cell);
        let can_be_told = pair.is_some()
            || self.joint.is_frozen(weakness.table)
            || index.is_some_and(|index| table.is_unpublished(index));
        if !can_be_told || weakness.kind == WeaknessKind::Contradiction {
            return true;
        }
        let links = &self.joint.links.events;
        let mut events = links.iter().chain(&self.joint.between_differences.events);
        // Rows of which all are the same, and the contacts of few, must not be told either.
        let tells = table.dimensions.iter().any(Dimension::hides_uniform_rows);
        let of_few = events.any(|pair| {
            let persons = self
                .counted
                .get(pair.persons)
                .and_then(|table| table.get(&weakness.cell));
            pair.events == weakness.table && persons.is_some_and(|persons| self.is_few(persons))
        });
        let count = table.get(&weakness.cell);
        let nobody_came = pair.is_some() && count == Some(0);
        (tells && !nobody_came) || of_few || count.is_none_or(|count| self.is_few(count))
    }

    fn is_few(&self, count: u64) -> bool {
        let earlier = self
            .earlier
            .iter()
            .map(|table| table.shown.published.threshold.get());
        let threshold = earlier.chain([self.threshold.get()]).max().unwrap_or(0);
        (1..threshold).contains(&count)
    }

    /// Hides more for every weakness: what shelters the cell at least cost and, where no such thing is
    /// found or it has not been enough, its neighbours. False when nothing is left to hide.
    fn repair(&self, primary: &mut Primary, weaknesses: &[Weakness], round: usize) -> bool {
        let mut search = Search::new(self.problem(primary));
        let mut fresh: Vec<(usize, usize)> = Vec::new();
        for weakness in weaknesses {
            let pair = self.joint.pair_of(weakness.table);
            let described = pair.map_or(weakness.table, |pair| pair.larger);
            let described = self.counted.get(described);
            let Some(index) = described.and_then(|table| table.shape.find(&weakness.cell)) else {
                continue;
            };
            let mates = || self.mates(weakness.table, index);
            let chosen = if weakness.kind.is_published() {
                vec![(weakness.table, index)]
            } else if round < PATIENCE {
                match search.cover((weakness.table, index)) {
                    Some(cells) if !cells.is_empty() => cells,
                    _ => {
                        let mates = mates();
                        if mates.iter().any(|mate| fresh.contains(mate)) {
                            continue;
                        }
                        self.cheapest(&primary.hidden, mates).into_iter().collect()
                    }
                }
            } else {
                let near = mates();
                let further = near.iter().filter(|_| round >= 2 * PATIENCE);
                let further: Vec<(usize, usize)> = further
                    .flat_map(|&(table, index)| self.line_mates(table, index))
                    .collect();
                near.into_iter().chain(further).collect()
            };
            for (table, index) in chosen {
                let tables = std::iter::once(table).chain(self.events_of(table));
                for table in tables.collect::<Vec<_>>() {
                    let is_empty = self.count(table, index) == 0 && !weakness.kind.is_published();
                    if !is_empty && self.may_hide(&primary.hidden, table, index) {
                        set(&mut primary.hidden, table, index);
                        fresh.push((table, index));
                    }
                }
            }
            search.hide(&fresh);
        }
        !fresh.is_empty()
    }

    /// Events are hidden with their persons.
    fn events_of(&self, persons: usize) -> impl Iterator<Item = usize> + '_ {
        let pairs = self.joint.links.events.iter();
        let events = pairs.filter(move |pair| pair.persons == persons);
        events.map(|pair| pair.events)
    }

    fn problem<'p>(&'p self, primary: &Primary) -> Problem<'p> {
        Problem {
            tables: self.counted,
            joint: self.joint,
            known: self.known,
            primary: primary.clone(),
            width: self.threshold.get() - 1,
        }
    }

    fn count(&self, table: usize, index: usize) -> u64 {
        self.counted
            .get(table)
            .map_or(0, |table| table.value(index))
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
