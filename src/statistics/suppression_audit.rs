//! Can a hidden count be computed, or bounded too narrowly, from what is published?
//!
//! The audit plays the reader: it sees only published tables, the stated relations and the rules
//! in force, earlier releases included, and builds its equations anew. It shares no reasoning with
//! the search that chose the pattern. A cell is safe only when two whole-number solutions, checked
//! exactly, give it counts far enough apart; the floating-point solver merely proposes them, so its
//! errors can cost information but not safety. What to hide instead does not belong here.

mod published;
mod solving;
mod system;
mod zeros;

use super::succession::{EarlierShown, Joint};
use super::suppression::{LinkedTotals, ProtectedTable};
use system::{Reading, System, Unknown};

/// Size of all programs of one audit together (unknowns times rows); beyond it what is not yet
/// proven counts as unsafe. Some seconds on a small machine.
const WORK_LIMIT: usize = 400_000_000;
/// The same for one cell, where its exact interval is asked for.
const INTERVAL_WORK: usize = 4_000_000;

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeaknessKind {
    /// A count of 1 to threshold − 1 is published.
    SmallCountPublished,
    /// All units of a row are published as being in one category, which the dimension forbids.
    UniformRowPublished,
    /// Events are published although the persons behind them are hidden.
    EventsWithoutPersons,
    /// The difference from an earlier table is a small count that anyone can form.
    SmallDifferencePublished,
    /// All who came since an earlier table are in one category, which the dimension forbids.
    UniformDifferencePublished,
    /// The reader can bound the hidden count (or, in a difference, the number who came) to
    /// `low..=high`, which is too narrow.
    TooNarrow {
        /// Smallest possible count.
        low: u64,
        /// Largest possible count.
        high: u64,
    },
    /// The solver failed, or no whole-number solutions far enough apart were found.
    NotProven,
    /// The published figures contradict each other.
    Contradiction,
}

impl WeaknessKind {
    /// Whether the cell is published, so that hiding it is the remedy.
    pub fn is_published(self) -> bool {
        matches!(
            self,
            Self::SmallCountPublished
                | Self::UniformRowPublished
                | Self::EventsWithoutPersons
                | Self::SmallDifferencePublished
                | Self::UniformDifferencePublished
        )
    }
}

/// A cell that does not have the protection required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// Position of the table in the list audited; earlier tables follow the new ones, and the
    /// differences follow those.
    pub table: usize,
    /// Coordinates as in [`ProtectedTable::get`].
    pub cell: Vec<Option<usize>>,
    /// What is wrong.
    pub kind: WeaknessKind,
}

/// What a reader can say about a hidden cell: it lies within the bounds, and every extreme that was
/// found is a count that it can have while everything published is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Position of the table, as in [`Weakness::table`].
    pub table: usize,
    /// Coordinates as in [`ProtectedTable::get`].
    pub cell: Vec<Option<usize>>,
    /// It is not smaller than this.
    pub least: u64,
    /// It is not larger than this; nothing where no bound was found.
    pub most: Option<u64>,
    /// The smallest and the largest count of which a whole solution was found.
    pub found: Option<(u64, u64)>,
}

impl Interval {
    /// How far apart the extremes found lie; zero where no solution was found.
    pub fn width(&self) -> u64 {
        self.found.map_or(0, |(low, high)| high.saturating_sub(low))
    }

    /// Whether the extremes found are the bounds, so that the interval is exact.
    pub fn is_exact(&self) -> bool {
        let exact = self.most.map(|most| (self.least, most));
        self.found.is_some() && self.found == exact
    }
}

/// The outcome of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    weaknesses: Vec<Weakness>,
    intervals: Vec<Interval>,
    hidden: usize,
    programs: usize,
    work: usize,
    contradicted: bool,
}

impl AuditReport {
    /// Whether the tables may be published.
    pub fn is_clean(&self) -> bool {
        self.weaknesses.is_empty()
    }

    /// The cells at fault, in the order of the tables.
    pub fn weaknesses(&self) -> &[Weakness] {
        &self.weaknesses
    }

    /// What is known of every hidden cell, in the order of the tables. The audit looks no further
    /// than it must, so that the interval may be wider; see [`intervals`].
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// The width of the narrowest interval, as far as it was looked for; nothing if none is hidden.
    pub fn smallest_width(&self) -> Option<u64> {
        self.intervals.iter().map(Interval::width).min()
    }

    /// Hidden cells examined, those of earlier tables and hidden differences included.
    pub fn hidden_cells(&self) -> usize {
        self.hidden
    }

    /// Linear programs solved, a measure of the work done.
    pub fn programs(&self) -> usize {
        self.programs
    }

    /// Size of the programs solved, unknowns times rows, whole-number programs counted more.
    pub fn work(&self) -> usize {
        self.work
    }

    fn note(&mut self, tables: &[&ProtectedTable], table: usize, index: usize, kind: WeaknessKind) {
        let cell = tables.get(table).map(|described| {
            let dimensions = described.dimensions().len();
            described.shape().public(index, dimensions)
        });
        self.weaknesses
            .extend(cell.map(|cell| Weakness { table, cell, kind }));
    }
}

/// A change of one cell by `step` units, part of a change that leaves every sum as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) table: usize,
    pub(super) index: usize,
    pub(super) step: i64,
}

/// Solutions proposed from outside: the counts of every table, and changes to them. Nothing of
/// it is believed; each is checked exactly against what is published, and dropped if it fails.
pub(super) struct Evidence {
    pub(super) base: Vec<Vec<u64>>,
    pub(super) changes: Vec<Vec<Change>>,
    /// The number of the first difference; before it stand the tables.
    pub(super) first_difference: usize,
}

/// Audits tables that are published together.
///
/// For every hidden cell the whole-number tables that agree with the published counts, with every
/// margin, with `links`, with non-negativity and with the rule that zeros are not hidden one by
/// one must include two that differ in this cell by at least threshold − 1 (the feasibility
/// interval of Fischetti & Salazar 2000; the same audit as `attack()` in sdcTable, with exact
/// witnesses). A cell that cannot be decided counts as unsafe.
///
/// This form uses nothing but its arguments and solves everything by linear programs: suited to
/// checking a release afterwards. The work is bounded; for large sets of linked tables the bound
/// may be reached, which is reported as [`WeaknessKind::NotProven`].
pub fn audit(tables: &[ProtectedTable], links: &LinkedTotals) -> AuditReport {
    audit_with_earlier(tables, links, &[])
}

/// Audits tables together with those published before them, as [`audit`] does: hidden cells of the
/// earlier tables must keep their width, and differences must not tell of few people. What is asked
/// of differences and of tables published again stands in [`super::succession`].
pub fn audit_with_earlier(
    tables: &[ProtectedTable],
    links: &LinkedTotals,
    earlier: &[EarlierShown],
) -> AuditReport {
    let Ok(joint) = Joint::new(tables.len(), links, earlier.iter()) else {
        return AuditReport {
            weaknesses: vec![contradiction()],
            ..AuditReport::default()
        };
    };
    let all: Vec<&ProtectedTable> = tables
        .iter()
        .chain(earlier.iter().map(|earlier| &earlier.published))
        .collect();
    audit_joint(&all, &joint, None)
}

/// The feasible interval of every hidden cell from everything published, by linear programs for
/// the bounds and exactly checked solutions for what can be attained. Slower than an audit.
pub fn intervals(
    tables: &[ProtectedTable],
    links: &LinkedTotals,
    earlier: &[EarlierShown],
) -> Vec<Interval> {
    let Ok(joint) = Joint::new(tables.len(), links, earlier.iter()) else {
        return Vec::new();
    };
    let all: Vec<&ProtectedTable> = tables
        .iter()
        .chain(earlier.iter().map(|earlier| &earlier.published))
        .collect();
    let mut system = System::new(&all, &joint, Reading::Apart);
    for component in system.components() {
        let rows = system.rows_of(&component);
        if !system.propagate(&rows) {
            continue;
        }
        for &variable in &component {
            system.work = 0;
            system.work_limit = INTERVAL_WORK;
            if let Some((low, high)) = system.bounds_of(&component, &rows, variable) {
                system.settle(variable, low, high);
            }
        }
    }
    system.intervals(&all, &joint)
}

/// The audit of new, earlier and difference tables as one set, first trying solutions that were
/// proposed; the solver is then asked only about the cells these do not settle.
pub(super) fn audit_joint(
    tables: &[&ProtectedTable],
    joint: &Joint,
    evidence: Option<&Evidence>,
) -> AuditReport {
    let mut report = AuditReport::default();
    let shows =
        |table: &&ProtectedTable| (0..table.shape().len()).any(|index| !table.is_hidden(index));
    if !tables.iter().take(joint.new).any(shows) {
        // Nothing is told, and nothing follows.
        report.hidden = tables.iter().map(|table| table.shape().len()).sum();
        return report;
    }
    published::check(tables, joint, &mut report);
    let mut readings = vec![Reading::Apart];
    if !joint.again.is_empty() {
        readings.push(Reading::Unchanged);
    }
    for reading in readings {
        let mut system = System::new(tables, joint, reading);
        system.work_limit = WORK_LIMIT;
        let components: Vec<(Vec<usize>, bool)> = system
            .components()
            .into_iter()
            .map(|component| {
                let rows = system.rows_of(&component);
                let consistent = system.propagate(&rows);
                (component, consistent)
            })
            .collect();
        if let Some(evidence) = evidence {
            system.weigh(evidence, &components);
        }
        let verdicts = system.decide(&components, reading);
        report.programs += system.programs;
        report.work += system.work;
        if reading == Reading::Apart {
            report.hidden = system.cells.len();
            report.contradicted |= system.contradiction;
            report.intervals = system.intervals(tables, joint);
        }
        for (variable, kind) in verdicts {
            if let Some(cell) = system.cells.get(variable) {
                let shape_of = joint
                    .pair_of(cell.table)
                    .map_or(cell.table, |pair| pair.larger);
                let described = tables.get(shape_of);
                report.weaknesses.extend(described.map(|described| {
                    Weakness {
                        table: cell.table,
                        cell: described
                            .shape()
                            .public(cell.index, described.dimensions().len()),
                        kind,
                    }
                }));
            }
        }
    }
    if report.contradicted {
        // Cannot be laid at one cell's door, but the report must not be clean.
        report.weaknesses.push(contradiction());
    }
    report
}

fn contradiction() -> Weakness {
    Weakness {
        table: 0,
        cell: Vec::new(),
        kind: WeaknessKind::Contradiction,
    }
}

impl System {
    /// Takes bounds for an unknown.
    fn settle(&mut self, variable: usize, low: i64, high: Option<i64>) {
        if let Some(cell) = self.cells.get_mut(variable) {
            cell.low = cell.low.max(low);
            if let Some(high) = high {
                cell.high = Some(cell.high.map_or(high, |end| end.min(high)));
            }
        }
    }

    /// What is known of every unknown that is a hidden cell or a difference.
    fn intervals(&self, tables: &[&ProtectedTable], joint: &Joint) -> Vec<Interval> {
        let describe = |cell: &Unknown| {
            let larger = joint
                .pair_of(cell.table)
                .map_or(cell.table, |pair| pair.larger);
            let table = tables.get(larger)?;
            Some(Interval {
                table: cell.table,
                cell: table.shape().public(cell.index, table.dimensions().len()),
                least: cell.low.max(0).unsigned_abs(),
                most: cell.high.map(|high| high.max(0).unsigned_abs()),
                found: cell
                    .seen
                    .map(|(low, high)| (low.unsigned_abs(), high.unsigned_abs())),
            })
        };
        self.cells.iter().filter_map(describe).collect()
    }
}
