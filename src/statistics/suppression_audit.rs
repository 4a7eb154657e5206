//! Can a hidden count be computed, or bounded too narrowly, from what is published?
//!
//! The audit plays the reader: it sees only published tables, the stated relations and the rules
//! in force, and builds its equations anew. It shares no reasoning with the search that chose
//! the pattern. A cell is safe only when two whole-number solutions, checked exactly, give it
//! counts far enough apart; the floating-point solver merely proposes them, so its errors can
//! cost information but not safety. What to hide instead does not belong here.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::shape::MAX_DIMENSIONS;
use super::suppression::{Cell, LinkedTotals, ProtectedTable, ZeroPolicy};

/// Rounds of interval propagation; each is sound on its own, more only make it sharper.
const PROPAGATION_ROUNDS: usize = 20;
/// Rounds in which all open cells are pushed the same way at once.
const GROUP_ROUNDS: usize = 8;
/// Size of all programs of one audit together (unknowns times rows); beyond it what is not yet
/// proven counts as unsafe. Some seconds on a small machine.
const WORK_LIMIT: usize = 60_000_000;
/// The same for an audit that starts from proposed solutions, within a web request.
const ASSISTED_WORK_LIMIT: usize = 10_000_000;
/// What a whole-number program counts for, compared with a plain one.
const WHOLE_COST: usize = 20;
/// Branch-and-bound nodes for one cell; reaching the limit counts as unsafe.
const NODE_LIMIT: u64 = 400;
/// Distance from a whole number below which a solver's value is taken to be that number; the
/// result is checked exactly afterwards.
const ROUNDING: f64 = 1e-4;

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeaknessKind {
    /// A count of 1 to threshold − 1 is published.
    SmallCountPublished,
    /// All units of a row are published as being in one category, which the dimension forbids.
    UniformRowPublished,
    /// Events are published although the persons behind them are hidden.
    EventsWithoutPersons,
    /// The reader can bound the hidden count to `low..=high`, which is too narrow.
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
            Self::SmallCountPublished | Self::UniformRowPublished | Self::EventsWithoutPersons
        )
    }
}

/// A cell that does not have the protection required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weakness {
    /// Position of the table in the list audited.
    pub table: usize,
    /// Coordinates as in [`ProtectedTable::get`].
    pub cell: Vec<Option<usize>>,
    /// What is wrong.
    pub kind: WeaknessKind,
}

/// The outcome of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    weaknesses: Vec<Weakness>,
    hidden: usize,
    programs: usize,
    work: usize,
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

    /// Hidden cells examined.
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
}

/// A change of one cell by `step` units, part of a change that leaves every sum as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) table: usize,
    pub(super) index: usize,
    pub(super) step: i64,
}

/// Solutions proposed from outside: one table per published table, and changes to it. Nothing of
/// it is believed; each is checked exactly against what is published, and dropped if it fails.
pub(super) struct Evidence {
    pub(super) base: Vec<Vec<u64>>,
    pub(super) changes: Vec<Vec<Change>>,
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
    audit_with(tables, links, None)
}

/// The same audit, first trying solutions that were proposed; the solver is then asked only
/// about the cells these do not settle.
pub(super) fn audit_with(
    tables: &[ProtectedTable],
    links: &LinkedTotals,
    evidence: Option<&Evidence>,
) -> AuditReport {
    let mut report = AuditReport::default();
    let published = |table: &ProtectedTable| {
        (0..table.shape().len()).any(|index| matches!(table.at(index), Some(Cell::Count(_))))
    };
    if !tables.iter().any(published) {
        // Nothing is known, and nothing follows.
        report.hidden = tables.iter().map(|table| table.shape().len()).sum();
        return report;
    }
    check_published(tables, links, &mut report);
    let mut system = System::new(tables, links);
    report.hidden = system.cells.len();
    let consistent = system.propagate();
    if let Some(evidence) = evidence.filter(|_| consistent) {
        system.work_limit = ASSISTED_WORK_LIMIT;
        system.weigh(evidence);
    }
    let verdicts = system.decide(consistent);
    report.programs = system.programs;
    report.work = system.work;
    if system.contradiction {
        // Cannot be laid at one cell's door; name the first so that the report is not clean.
        report.weaknesses.push(Weakness {
            table: 0,
            cell: Vec::new(),
            kind: WeaknessKind::Contradiction,
        });
    }
    for (variable, kind) in verdicts {
        if let Some(cell) = system.cells.get(variable) {
            push(&mut report, tables, cell.table, cell.index, kind);
        }
    }
    report
}

fn push(
    report: &mut AuditReport,
    tables: &[ProtectedTable],
    table: usize,
    index: usize,
    kind: WeaknessKind,
) {
    if let Some(described) = tables.get(table) {
        report.weaknesses.push(Weakness {
            table,
            cell: described
                .shape()
                .public(index, described.dimensions().len()),
            kind,
        });
    }
}

/// What can be seen without any computation.
fn check_published(tables: &[ProtectedTable], links: &LinkedTotals, report: &mut AuditReport) {
    for (number, table) in tables.iter().enumerate() {
        let shape = table.shape();
        for index in 0..shape.len() {
            let Some(Cell::Count(count)) = table.at(index) else {
                continue;
            };
            if (1..table.threshold().get()).contains(&count) {
                push(
                    report,
                    tables,
                    number,
                    index,
                    WeaknessKind::SmallCountPublished,
                );
                continue;
            }
            let persons_hidden = links.events.iter().any(|pair| {
                let persons = tables.get(pair.persons);
                pair.events == number
                    && persons.and_then(|table| table.at(index)) == Some(Cell::Suppressed)
            });
            if persons_hidden {
                push(
                    report,
                    tables,
                    number,
                    index,
                    WeaknessKind::EventsWithoutPersons,
                );
                continue;
            }
            let at = shape.coordinates(index);
            let uniform = count > 0
                && table
                    .dimensions()
                    .iter()
                    .enumerate()
                    .any(|(dimension, description)| {
                        description.hides_uniform_rows()
                            && shape.division(at, dimension).len() > 1
                            && shape
                                .moved(at, dimension, shape.categories(dimension))
                                .is_some_and(|total| table.at(total) == Some(Cell::Count(count)))
                    });
            let uniform_link = count > 0
                && links.relations.iter().any(|relation| {
                    relation.hide_uniform
                        && relation.parts.len() > 1
                        && relation.parts.contains(&number)
                        && tables
                            .get(relation.total)
                            .is_some_and(|total| total.at(index) == Some(Cell::Count(count)))
                });
            if uniform || uniform_link {
                push(
                    report,
                    tables,
                    number,
                    index,
                    WeaknessKind::UniformRowPublished,
                );
            }
        }
    }
}

/// A hidden cell, as the unknown of the reader's equations.
struct Unknown {
    table: usize,
    index: usize,
    /// How far apart two solutions must lie.
    width: i64,
    low: i64,
    high: Option<i64>,
    /// Extremes found in solutions that were checked exactly.
    seen: Option<(i64, i64)>,
}

impl Unknown {
    fn is_proven(&self) -> bool {
        self.seen
            .is_some_and(|(low, high)| high - low >= self.width)
    }

    fn is_narrow(&self) -> bool {
        self.high.is_some_and(|high| high - self.low < self.width)
    }
}

/// Sum of coefficient times unknown, equal to (or, for an inequality, at most) a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    terms: Vec<(usize, i64)>,
    right: i64,
    at_most: bool,
}

struct System {
    cells: Vec<Unknown>,
    rows: Vec<Row>,
    /// Per unknown, the rows it is in.
    uses: Vec<Vec<usize>>,
    contradiction: bool,
    programs: usize,
    work: usize,
    work_limit: usize,
}

/// Lowest and highest value a program may give an unknown.
type Bounds<'a> = dyn Fn(usize, &Unknown) -> (i64, Option<i64>) + 'a;

/// What one program asks for.
struct Ask<'a> {
    goal: &'a [(usize, f64)],
    direction: OptimizationDirection,
    whole: bool,
    /// Bounds narrower than those of the system, per unknown of the component.
    bounds: &'a Bounds<'a>,
}

impl System {
    fn new(tables: &[ProtectedTable], links: &LinkedTotals) -> Self {
        let knowledge = ZeroKnowledge { tables, links };
        let mut cells = Vec::new();
        let mut numbers = Vec::with_capacity(tables.len());
        for (number, table) in tables.iter().enumerate() {
            let mut row = vec![None; table.shape().len()];
            for (index, slot) in row.iter_mut().enumerate() {
                if table.at(index) == Some(Cell::Suppressed) {
                    *slot = Some(cells.len());
                    cells.push(Unknown {
                        table: number,
                        index,
                        width: small(table.threshold().get()) - 1,
                        low: i64::from(!knowledge.may_be_zero(number, index, tables.len())),
                        high: None,
                        seen: None,
                    });
                }
            }
            numbers.push(row);
        }
        let mut builder = Builder {
            tables,
            numbers,
            rows: BTreeSet::new(),
            contradiction: false,
        };
        for (number, table) in tables.iter().enumerate() {
            let shape = table.shape();
            for index in 0..shape.len() {
                let at = shape.coordinates(index);
                for dimension in 0..MAX_DIMENSIONS {
                    let categories = shape.categories(dimension);
                    if categories == 0 || !shape.is_total(at, dimension) {
                        continue;
                    }
                    for division in shape.divisions(dimension) {
                        let line = division
                            .filter_map(|position| shape.moved(at, dimension, position))
                            .map(|part| (number, part, 1))
                            .chain([(number, index, -1)]);
                        builder.add(line, false);
                    }
                }
            }
        }
        for relation in &links.relations {
            for index in 0..builder.size(relation.total) {
                let parts = relation.parts.iter().map(|&part| (part, index, 1));
                builder.add(parts.chain([(relation.total, index, -1)]), false);
            }
        }
        for pair in links.inequalities() {
            for index in 0..builder.size(pair.smaller) {
                builder.add([(pair.smaller, index, 1), (pair.larger, index, -1)], true);
            }
        }
        let rows = builder.rows.into_iter().collect::<Vec<_>>();
        let mut uses = vec![Vec::new(); cells.len()];
        for (number, row) in rows.iter().enumerate() {
            for &(variable, _) in &row.terms {
                if let Some(list) = uses.get_mut(variable) {
                    list.push(number);
                }
            }
        }
        Self {
            cells,
            rows,
            uses,
            contradiction: builder.contradiction,
            programs: 0,
            work: 0,
            work_limit: WORK_LIMIT,
        }
    }

    /// Narrows every unknown by each row on its own until nothing changes. Returns whether the
    /// figures can be true at all.
    fn propagate(&mut self) -> bool {
        for _ in 0..PROPAGATION_ROUNDS {
            let mut changed = false;
            for row in &self.rows {
                // Bounds of each term, and their sums with open ends counted apart.
                let bounds = row
                    .terms
                    .iter()
                    .filter_map(|&(variable, factor)| {
                        let cell = self.cells.get(variable)?;
                        Some(if factor > 0 {
                            (Some(cell.low), cell.high)
                        } else {
                            (cell.high.map(|high| -high), Some(-cell.low))
                        })
                    })
                    .collect::<Vec<_>>();
                let open_low = bounds.iter().filter(|(low, _)| low.is_none()).count();
                let open_high = bounds.iter().filter(|(_, high)| high.is_none()).count();
                let sum_low = bounds.iter().filter_map(|&(low, _)| low).sum::<i64>();
                let sum_high = bounds.iter().filter_map(|&(_, high)| high).sum::<i64>();
                for (&(variable, factor), &(low, high)) in row.terms.iter().zip(&bounds) {
                    let Some(cell) = self.cells.get_mut(variable) else {
                        continue;
                    };
                    let others_low = (open_low == usize::from(low.is_none()))
                        .then(|| row.right - (sum_low - low.unwrap_or(0)));
                    let others_high = (!row.at_most && open_high == usize::from(high.is_none()))
                        .then(|| row.right - (sum_high - high.unwrap_or(0)));
                    // Factors are one or minus one.
                    let (new_low, new_high) = if factor > 0 {
                        (others_high, others_low)
                    } else {
                        (
                            others_low.map(|bound| -bound),
                            others_high.map(|bound| -bound),
                        )
                    };
                    if let Some(bound) = new_low.filter(|&bound| bound > cell.low) {
                        cell.low = bound;
                        changed = true;
                    }
                    if let Some(bound) =
                        new_high.filter(|&bound| cell.high.is_none_or(|high| bound < high))
                    {
                        cell.high = Some(bound);
                        changed = true;
                    }
                    if cell.high.is_some_and(|high| high < cell.low) {
                        return false;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        true
    }

    /// Takes proposed solutions into account as far as they prove to be solutions.
    fn weigh(&mut self, evidence: &Evidence) {
        let values = self
            .cells
            .iter()
            .map(|cell| {
                let count = evidence.base.get(cell.table)?.get(cell.index)?;
                i64::try_from(*count)
                    .ok()
                    .filter(|&value| value >= cell.low)
            })
            .collect::<Option<Vec<_>>>();
        let Some(values) = values else {
            return;
        };
        let value = |variable: usize| values.get(variable).copied().unwrap_or(0);
        let sum = |row: &Row| {
            row.terms
                .iter()
                .map(|&(variable, factor)| factor * value(variable))
                .sum::<i64>()
        };
        let solves = self.rows.iter().all(|row| {
            if row.at_most {
                sum(row) <= row.right
            } else {
                sum(row) == row.right
            }
        });
        if !solves {
            return;
        }
        for (variable, &count) in values.iter().enumerate() {
            self.extend(variable, count);
        }
        let numbers = self
            .cells
            .iter()
            .enumerate()
            .map(|(variable, cell)| ((cell.table, cell.index), variable))
            .collect::<BTreeMap<_, _>>();
        for change in &evidence.changes {
            // A change of a published cell is no solution.
            let steps = change
                .iter()
                .map(|part| {
                    numbers
                        .get(&(part.table, part.index))
                        .map(|&variable| (variable, part.step))
                })
                .collect::<Option<BTreeMap<_, _>>>();
            let Some(steps) = steps.filter(|steps| steps.len() == change.len()) else {
                continue;
            };
            for direction in [1, -1] {
                let reach = self.reach(&steps, direction, value);
                for (&variable, step) in &steps {
                    self.extend(variable, value(variable) + direction * step * reach);
                }
            }
        }
    }

    /// How often a change may be made from a known solution, up to the largest width wanted.
    fn reach(
        &self,
        steps: &BTreeMap<usize, i64>,
        direction: i64,
        value: impl Fn(usize) -> i64,
    ) -> i64 {
        let mut reach = 0;
        for &variable in steps.keys() {
            reach = self
                .cells
                .get(variable)
                .map_or(reach, |cell| reach.max(cell.width));
        }
        for (&variable, step) in steps {
            let Some(cell) = self.cells.get(variable) else {
                return 0;
            };
            if direction * step < 0 {
                reach = reach.min((value(variable) - cell.low) / step.abs());
            }
            for row in self
                .uses
                .get(variable)
                .into_iter()
                .flatten()
                .filter_map(|&row| self.rows.get(row))
            {
                let (mut sum, mut drift) = (0, 0);
                for &(other, factor) in &row.terms {
                    sum += factor * value(other);
                    drift += factor * direction * steps.get(&other).copied().unwrap_or(0);
                }
                if row.at_most {
                    if drift > 0 {
                        reach = reach.min((row.right - sum) / drift);
                    }
                } else if drift != 0 {
                    return 0;
                }
            }
        }
        reach.max(0)
    }

    fn extend(&mut self, variable: usize, value: i64) {
        if let Some(cell) = self.cells.get_mut(variable) {
            let (low, high) = cell.seen.unwrap_or((value, value));
            cell.seen = Some((low.min(value), high.max(value)));
        }
    }

    /// The unknowns at fault, in order.
    fn decide(&mut self, consistent: bool) -> Vec<(usize, WeaknessKind)> {
        let mut verdicts = Vec::new();
        if !consistent {
            self.contradiction = true;
        }
        for component in self.components() {
            if consistent {
                self.prove(&component, &mut verdicts);
            } else {
                verdicts.extend(
                    component
                        .iter()
                        .map(|&variable| (variable, WeaknessKind::Contradiction)),
                );
            }
        }
        verdicts.sort_by_key(|&(variable, _)| variable);
        verdicts
    }

    /// Unknowns that have nothing to do with each other are solved apart.
    fn components(&self) -> Vec<Vec<usize>> {
        let mut component = vec![None; self.cells.len()];
        let mut list = Vec::new();
        for start in 0..self.cells.len() {
            if component.get(start).copied().flatten().is_some() {
                continue;
            }
            let number = list.len();
            let mut members = Vec::new();
            let mut open = vec![start];
            while let Some(variable) = open.pop() {
                match component.get_mut(variable) {
                    Some(slot @ None) => *slot = Some(number),
                    _ => continue,
                }
                members.push(variable);
                let rows = self.uses.get(variable).into_iter().flatten();
                open.extend(
                    rows.filter_map(|&row| self.rows.get(row))
                        .flat_map(|row| row.terms.iter().map(|&(other, _)| other)),
                );
            }
            members.sort_unstable();
            list.push(members);
        }
        list
    }

    /// Looks for solutions that show every unknown of a component to be wide enough.
    fn prove(&mut self, component: &[usize], verdicts: &mut Vec<(usize, WeaknessKind)>) {
        let rows = component
            .iter()
            .filter_map(|&variable| self.uses.get(variable))
            .flatten()
            .copied()
            .collect::<BTreeSet<_>>();
        let settled = |cell: &Unknown| cell.is_proven() || cell.is_narrow();
        let open = component
            .iter()
            .filter_map(|&variable| self.cells.get(variable))
            .any(|cell| !settled(cell));
        let started = component
            .iter()
            .filter_map(|&variable| self.cells.get(variable))
            .all(|cell| cell.seen.is_some());
        // A first solution: everything as small as it can be.
        let smallest = self.goal(component, |_| true);
        if open {
            let ready = started
                || self
                    .solve(
                        component,
                        &rows,
                        &Ask {
                            goal: &smallest,
                            direction: OptimizationDirection::Minimize,
                            whole: false,
                            bounds: &|_, cell| (cell.low, cell.high),
                        },
                    )
                    .is_some();
            if ready {
                self.push_together(component, &rows);
            }
        }
        for &variable in component {
            let Some(cell) = self.cells.get(variable) else {
                continue;
            };
            if cell.is_proven() {
                continue;
            }
            let kind = if cell.is_narrow() {
                WeaknessKind::TooNarrow {
                    low: cell.low.unsigned_abs(),
                    high: cell.high.unwrap_or(cell.low).unsigned_abs(),
                }
            } else {
                match self.prove_one(component, &rows, variable) {
                    Some(kind) => kind,
                    None => continue,
                }
            };
            verdicts.push((variable, kind));
        }
    }

    /// Cheap: one program may show many cells at once.
    fn push_together(&mut self, component: &[usize], rows: &BTreeSet<usize>) {
        for round in 0..GROUP_ROUNDS {
            let goal = self.goal(component, |cell| !cell.is_proven() && !cell.is_narrow());
            if goal.is_empty() {
                return;
            }
            let direction = if round % 2 == 0 {
                OptimizationDirection::Maximize
            } else {
                OptimizationDirection::Minimize
            };
            // Further than the width needed there is nothing to gain, and a limit for each
            // spreads the movement over all of them.
            let solved = self.solve(
                component,
                rows,
                &Ask {
                    goal: &goal,
                    direction,
                    whole: false,
                    bounds: &|_, cell| match cell.seen {
                        Some((low, high)) => {
                            let reach = high.max(low + cell.width);
                            (
                                cell.low,
                                Some(cell.high.map_or(reach, |high| high.min(reach))),
                            )
                        }
                        None => (cell.low, cell.high),
                    },
                },
            );
            if solved.is_none() {
                return;
            }
        }
    }

    /// Decides one unknown: nothing when it is safe.
    fn prove_one(
        &mut self,
        component: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
    ) -> Option<WeaknessKind> {
        let mut limits = (None, None);
        for whole in [false, true] {
            for direction in [
                OptimizationDirection::Maximize,
                OptimizationDirection::Minimize,
            ] {
                let upwards = matches!(direction, OptimizationDirection::Maximize);
                // Further than the width wanted there is nothing to learn, and the limit keeps
                // the program bounded.
                let bounds = |variable: usize, cell: &Unknown| {
                    let Some((low, high)) = cell.seen.filter(|_| variable == target) else {
                        return (cell.low, cell.high);
                    };
                    if upwards {
                        let reach = high.max(low + cell.width);
                        (
                            cell.low,
                            Some(cell.high.map_or(reach, |end| end.min(reach))),
                        )
                    } else {
                        (cell.low.max(low.min(high - cell.width)), cell.high)
                    }
                };
                let found = self.solve(
                    component,
                    rows,
                    &Ask {
                        goal: &[(target, 1.0)],
                        direction,
                        whole,
                        bounds: &bounds,
                    },
                );
                if self.cells.get(target).is_some_and(Unknown::is_proven) {
                    return None;
                }
                if !whole {
                    if upwards {
                        limits.1 = found;
                    } else {
                        limits.0 = found;
                    }
                }
            }
            // Bounds of the relaxation hold for whole numbers too: no need to search those.
            if let (Some(low), Some(high)) = limits {
                let low = (low - ROUNDING).ceil().max(0.0) as u64;
                let high = (high + ROUNDING).floor().max(0.0) as u64;
                let width = self
                    .cells
                    .get(target)
                    .map_or(0, |cell| cell.width.unsigned_abs());
                if high.saturating_sub(low) < width {
                    return Some(WeaknessKind::TooNarrow { low, high });
                }
            }
        }
        Some(WeaknessKind::NotProven)
    }

    fn goal(&self, component: &[usize], include: impl Fn(&Unknown) -> bool) -> Vec<(usize, f64)> {
        component
            .iter()
            .copied()
            .filter(|&variable| self.cells.get(variable).is_some_and(&include))
            .map(|variable| (variable, 1.0))
            .collect()
    }

    /// Solves one program. A whole-number solution that passes the exact check is recorded for
    /// every unknown; the value of the goal is returned, or nothing if the solver failed.
    fn solve(&mut self, component: &[usize], rows: &BTreeSet<usize>, ask: &Ask<'_>) -> Option<f64> {
        let cost = component.len().saturating_mul(rows.len()).max(1);
        let cost = if ask.whole {
            cost.saturating_mul(WHOLE_COST)
        } else {
            cost
        };
        if self.work.saturating_add(cost) > self.work_limit {
            return None;
        }
        self.work += cost;
        self.programs += 1;
        let mut problem = Problem::new(ask.direction);
        let mut variables: Vec<Option<Variable>> = vec![None; self.cells.len()];
        let mut weights = vec![0.0; self.cells.len()];
        for &(variable, weight) in ask.goal {
            *weights.get_mut(variable)? = weight;
        }
        for &variable in component {
            let cell = self.cells.get(variable)?;
            let (low, high) = (ask.bounds)(variable, cell);
            let weight = weights.get(variable).copied().unwrap_or(0.0);
            let added = if ask.whole {
                let end = high.map_or(Ok(i32::MAX), i32::try_from).ok()?;
                problem.add_integer_var(weight, (i32::try_from(low).ok()?, end))
            } else {
                problem.add_var(
                    weight,
                    (low as f64, high.map_or(f64::INFINITY, |high| high as f64)),
                )
            };
            *variables.get_mut(variable)? = Some(added);
        }
        for row in rows.iter().filter_map(|&row| self.rows.get(row)) {
            let terms = row
                .terms
                .iter()
                .map(|&(variable, factor)| {
                    variables
                        .get(variable)
                        .copied()
                        .flatten()
                        .map(|added| (added, factor as f64))
                })
                .collect::<Option<Vec<_>>>()?;
            let comparison = if row.at_most {
                ComparisonOp::Le
            } else {
                ComparisonOp::Eq
            };
            problem.add_constraint(terms.as_slice(), comparison, row.right as f64);
        }
        // A limit on nodes, not on time: the same tables must always get the same answer.
        let mut options = SolveOptions::default();
        options.node_limit = ask.whole.then_some(NODE_LIMIT);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        let proposed = component
            .iter()
            .map(|&variable| {
                let value = solution.var_value(variables.get(variable).copied().flatten()?);
                let nearest = value.round();
                // Counts stay far below the range in which a double skips whole numbers.
                ((value - nearest).abs() <= ROUNDING && nearest.abs() < 1e12)
                    .then_some((variable, nearest as i64))
            })
            .collect::<Option<Vec<_>>>();
        if let Some(proposed) = proposed {
            self.record(rows, &proposed);
        }
        Some(solution.objective())
    }

    /// Takes a proposed solution into account if it is one, by exact arithmetic.
    fn record(&mut self, rows: &BTreeSet<usize>, proposed: &[(usize, i64)]) {
        let mut values = vec![0_i64; self.cells.len()];
        for &(variable, value) in proposed {
            if let Some(slot) = values.get_mut(variable) {
                *slot = value;
            }
        }
        let inside = proposed.iter().all(|&(variable, value)| {
            self.cells
                .get(variable)
                .is_some_and(|cell| value >= cell.low)
        });
        let holds = rows
            .iter()
            .filter_map(|&row| self.rows.get(row))
            .all(|row| {
                let sum = row
                    .terms
                    .iter()
                    .map(|&(variable, factor)| factor * values.get(variable).copied().unwrap_or(0))
                    .sum::<i64>();
                if row.at_most {
                    sum <= row.right
                } else {
                    sum == row.right
                }
            });
        if !(inside && holds) {
            return;
        }
        for &(variable, value) in proposed {
            self.extend(variable, value);
        }
    }
}

struct Builder<'a> {
    tables: &'a [ProtectedTable],
    /// Per table and cell, the unknown it is.
    numbers: Vec<Vec<Option<usize>>>,
    rows: BTreeSet<Row>,
    contradiction: bool,
}

impl Builder<'_> {
    fn size(&self, table: usize) -> usize {
        self.tables
            .get(table)
            .map_or(0, |table| table.shape().len())
    }

    /// Adds a row over cells (table, index, factor) that sums to zero, or to at most zero.
    fn add(&mut self, members: impl IntoIterator<Item = (usize, usize, i64)>, at_most: bool) {
        let mut terms = Vec::new();
        let mut right = 0;
        for (table, index, factor) in members {
            match self.tables.get(table).and_then(|table| table.at(index)) {
                Some(Cell::Count(count)) => right -= factor * small(count),
                Some(Cell::Suppressed) => {
                    let number = self
                        .numbers
                        .get(table)
                        .and_then(|row| row.get(index))
                        .copied()
                        .flatten();
                    if let Some(number) = number {
                        terms.push((number, factor));
                    }
                }
                // Related tables of different shapes: the statement makes no sense.
                None => self.contradiction = true,
            }
        }
        if terms.is_empty() {
            self.contradiction |= if at_most { right < 0 } else { right != 0 };
        } else {
            terms.sort_unstable();
            self.rows.insert(Row {
                terms,
                right,
                at_most,
            });
        }
    }
}

/// Counts are bounded by the table's constructor; an absurd one saturates and is then caught as
/// a contradiction or as not proven.
fn small(count: u64) -> i64 {
    i64::try_from(count)
        .unwrap_or(i64::MAX / 1_000_000)
        .min(i64::MAX / 1_000_000)
}

/// What readers can say about zeros from the rules in force and the published cells.
struct ZeroKnowledge<'a> {
    tables: &'a [ProtectedTable],
    links: &'a LinkedTotals,
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
    fn may_be_zero(&self, number: usize, index: usize, depth: usize) -> bool {
        let Some(table) = self.tables.get(number) else {
            return false;
        };
        if table.at(index) != Some(Cell::Suppressed) {
            return false;
        }
        let shape = table.shape();
        let at = shape.coordinates(index);
        let last = table.dimensions().len().saturating_sub(1);
        let in_table = table
            .dimensions()
            .iter()
            .enumerate()
            .any(|(dimension, description)| {
                let mut division = shape.division(at, dimension);
                let rule = (description.hides_uniform_rows() && division.len() > 1)
                    || (table.zero_policy() == ZeroPolicy::SuppressRow && dimension == last);
                rule && !division.is_empty()
                    && division.all(|position| {
                        shape
                            .moved(at, dimension, position)
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
        let Some(shape) = self.tables.get(number).map(ProtectedTable::shape) else {
            return false;
        };
        let at = shape.coordinates(index);
        let zero = |cell: Option<usize>| cell.is_some_and(|cell| self.is_zero(number, cell));
        let in_table = (0..MAX_DIMENSIONS)
            .filter(|&dimension| shape.categories(dimension) > 0)
            .any(|dimension| {
                let categories = shape.categories(dimension);
                if shape.is_total(at, dimension) {
                    shape.divisions(dimension).any(|mut division| {
                        division.all(|position| zero(shape.moved(at, dimension, position)))
                    })
                } else {
                    zero(shape.moved(at, dimension, categories))
                }
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
