//! Can an unknown of the equations take values far enough apart?
//!
//! Linear programs and, where those give fractions, whole-number ones propose solutions; every
//! solution that counts is checked exactly. Where one whole solution is known, small programs
//! suffice that let only the neighbourhood of an unknown move: what they find is a solution of
//! everything, and with the other rows left out they bound an unknown from outside.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::WeaknessKind;
use super::system::{Reading, System, Unknown};

/// Rounds in which all open cells are pushed the same way at once.
const GROUP_ROUNDS: usize = 8;
/// What a whole-number program counts for, compared with a plain one.
const WHOLE_COST: usize = 20;
/// Branch-and-bound nodes for one cell; reaching the limit counts as unsafe.
const NODE_LIMIT: u64 = 400;
/// Distance from a whole number below which a solver's value is taken to be that number; the
/// result is checked exactly afterwards.
const ROUNDING: f64 = 1e-4;
/// Most unknowns of a whole-number program.
const MOST_WHOLE: usize = 200;
/// Unknowns of the small programs, tried in this order.
const NEIGHBOURHOODS: [usize; 3] = [24, 72, 216];
/// Programs that look for a first whole solution before a whole-number program does.
const FRESH_STARTS: usize = 3;
/// Largest component (unknowns times rows) that is solved whole for every unknown.
const WHOLE_COMPONENT: usize = 400_000;

/// Lowest and highest value a program may give an unknown.
type Bounds<'a> = dyn Fn(usize, &Unknown) -> (i64, Option<i64>) + 'a;

/// What one program asks for.
struct Ask<'a> {
    /// The unknowns that may move.
    free: &'a [usize],
    rows: &'a BTreeSet<usize>,
    /// Whether the others stand at the known solution; else their rows are left out.
    anchored: bool,
    goal: &'a [(usize, f64)],
    direction: OptimizationDirection,
    whole: bool,
    /// Bounds narrower than those of the system.
    bounds: &'a Bounds<'a>,
}

/// What came of a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Answer {
    /// The value of the goal.
    Best(f64),
    Impossible,
    Undecided,
}

impl Answer {
    fn value(self) -> Option<f64> {
        match self {
            Self::Best(value) => Some(value),
            _ => None,
        }
    }
}

impl System {
    /// The unknowns at fault, in order.
    pub(super) fn decide(
        &mut self,
        components: &[(Vec<usize>, bool)],
        reading: Reading,
    ) -> Vec<(usize, WeaknessKind)> {
        let mut verdicts = Vec::new();
        for (component, consistent) in components {
            if *consistent {
                self.prove(component, reading, &mut verdicts);
            } else if reading == Reading::Apart {
                self.contradiction = true;
                let all = component.iter();
                verdicts.extend(all.map(|&variable| (variable, WeaknessKind::Contradiction)));
            }
        }
        verdicts.sort_by_key(|&(variable, _)| variable);
        verdicts
    }

    fn is_open(&self, variable: usize) -> bool {
        let cell = self.cells.get(variable);
        cell.is_some_and(|cell| !cell.is_narrow()) && !self.is_proven(variable)
    }

    /// Looks for solutions that show every unknown of a component to be wide enough.
    fn prove(
        &mut self,
        component: &[usize],
        reading: Reading,
        verdicts: &mut Vec<(usize, WeaknessKind)>,
    ) {
        let rows = self.rows_of(component);
        if component.iter().all(|&variable| self.is_proven(variable)) {
            return;
        }
        let known = |system: &Self| {
            let first = component
                .first()
                .and_then(|&variable| system.base.get(variable));
            first.is_some_and(|&base| base >= 0)
        };
        if !known(self) && (reading == Reading::Unchanged || self.count_open(component) > 0) {
            // A first solution: everything as small as it can be.
            let answer = self.solve(&Ask {
                free: component,
                rows: &rows,
                anchored: false,
                goal: &self.goal(component, |_| true),
                direction: OptimizationDirection::Minimize,
                whole: false,
                bounds: &|_, cell| (cell.low, cell.high),
            });
            // The reader sees that not all of it is unchanged.
            if answer == Answer::Impossible && reading == Reading::Unchanged {
                return;
            }
            if !known(self) {
                self.look_for_a_solution(component, &rows);
            }
        }
        let is_small = component.len().saturating_mul(rows.len()) <= WHOLE_COMPONENT;
        if is_small && self.count_open(component) > 4 {
            self.push_together(component, &rows);
        }
        for &variable in component {
            if self.is_proven(variable) {
                continue;
            }
            let kind = match self.cells.get(variable) {
                Some(cell) if cell.is_narrow() => Some(WeaknessKind::TooNarrow {
                    low: cell.low.unsigned_abs(),
                    high: cell.high.unwrap_or(cell.low).unsigned_abs(),
                }),
                _ => self.prove_one(component, &rows, variable, known(self), is_small),
            };
            verdicts.extend(kind.map(|kind| (variable, kind)));
        }
    }

    /// Where the first program gave fractions: others that begin elsewhere, then a whole-number one.
    fn look_for_a_solution(&mut self, component: &[usize], rows: &BTreeSet<usize>) {
        for attempt in 0..=FRESH_STARTS {
            // Weights that differ from unknown to unknown lead to a corner of its own.
            let weight = |variable: usize| ((variable * 7919 + attempt * 104_729) % 97) as f64;
            let goal: Vec<(usize, f64)> = component
                .iter()
                .map(|&variable| (variable, 1.0 + weight(variable)))
                .collect();
            self.solve(&Ask {
                free: component,
                rows,
                anchored: false,
                goal: &goal,
                direction: OptimizationDirection::Minimize,
                whole: attempt == FRESH_STARTS,
                bounds: &|_, cell| (cell.low, cell.high),
            });
            let first = component
                .first()
                .and_then(|&variable| self.base.get(variable));
            if first.is_some_and(|&base| base >= 0) {
                return;
            }
        }
    }

    fn count_open(&self, component: &[usize]) -> usize {
        component
            .iter()
            .filter(|&&variable| self.is_open(variable))
            .count()
    }

    /// Decides one unknown: nothing when it is safe.
    fn prove_one(
        &mut self,
        component: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
        known: bool,
        is_small: bool,
    ) -> Option<WeaknessKind> {
        if known {
            for size in NEIGHBOURHOODS {
                let free = self.neighbourhood(target, size);
                let near = self.rows_of(&free);
                for upwards in [true, false] {
                    self.shift(&free, &near, target, upwards);
                    if self.is_proven(target) {
                        return None;
                    }
                }
                let inside = self.enclosed(&free, &near);
                if let Some(verdict) = self.enclose(&free, &inside, target) {
                    return verdict;
                }
                if free.len() < size {
                    break;
                }
            }
        }
        if !is_small && known {
            return Some(WeaknessKind::NotProven);
        }
        self.stretch(component, rows, target, false);
        if self.is_proven(target) {
            return None;
        }
        if let Some(verdict) = self.enclose(component, rows, target) {
            return verdict;
        }
        Some(WeaknessKind::NotProven)
    }

    /// The unknowns nearest to one, as far as rows lead.
    fn neighbourhood(&self, target: usize, size: usize) -> Vec<usize> {
        let mut members = vec![target];
        let mut seen = BTreeSet::from([target]);
        let mut at = 0;
        while let Some(&variable) = members.get(at) {
            at += 1;
            let rows = self.uses.get(variable).into_iter().flatten();
            let near = rows.filter_map(|&row| self.rows.get(row));
            for &(other, _) in near.flat_map(|row| &row.terms) {
                if members.len() < size && seen.insert(other) {
                    members.push(other);
                }
            }
        }
        members
    }

    /// The rows that have no unknown but these.
    fn enclosed(&self, free: &[usize], near: &BTreeSet<usize>) -> BTreeSet<usize> {
        let free: BTreeSet<usize> = free.iter().copied().collect();
        let inside = |row: &&usize| {
            let row = self.rows.get(**row);
            row.is_some_and(|row| {
                row.terms
                    .iter()
                    .all(|(variable, _)| free.contains(variable))
            })
        };
        near.iter().filter(inside).copied().collect()
    }

    /// Looks for solutions in which one unknown is as large, and as small, as is wanted.
    fn stretch(&mut self, free: &[usize], rows: &BTreeSet<usize>, target: usize, anchored: bool) {
        for whole in [false, true] {
            let mut ends = [None, None];
            for (end, upwards) in ends.iter_mut().zip([true, false]) {
                // Further than the width wanted there is nothing to learn, and the limit keeps
                // the program bounded.
                let bounds = |variable: usize, cell: &Unknown| {
                    let Some((low, high)) = cell.seen.filter(|_| variable == target) else {
                        return (cell.low, cell.high);
                    };
                    if upwards {
                        let reach = high.max(low + cell.width);
                        let end = cell.high.map_or(reach, |end| end.min(reach));
                        (cell.low, Some(end))
                    } else {
                        (cell.low.max(low.min(high - cell.width)), cell.high)
                    }
                };
                let direction = if upwards {
                    OptimizationDirection::Maximize
                } else {
                    OptimizationDirection::Minimize
                };
                *end = self
                    .solve(&Ask {
                        free,
                        rows,
                        anchored,
                        goal: &[(target, 1.0)],
                        direction,
                        whole,
                        bounds: &bounds,
                    })
                    .value();
                if self.is_proven(target) {
                    return;
                }
            }
            // Whole numbers reach no further than fractions do.
            let width = self.cells.get(target).map_or(0, |cell| cell.width);
            let [high, low] = ends;
            let wide = high
                .zip(low)
                .is_some_and(|(high, low)| high - low > width as f64 - ROUNDING);
            if !wide || free.len() > MOST_WHOLE {
                return;
            }
        }
    }

    /// Looks for a solution near the known one in which an unknown is as much larger, or smaller, as
    /// is still wanted, or as much as can be, and as little else as possible is different.
    fn shift(&mut self, free: &[usize], rows: &BTreeSet<usize>, target: usize, upwards: bool) {
        let Some((cell, &base)) = self.cells.get(target).zip(self.base.get(target)) else {
            return;
        };
        let (low, high) = cell.seen.unwrap_or((base, base));
        let mut wanted = if upwards {
            low + cell.width - base
        } else {
            (base + cell.width - high).min(base - cell.low)
        };
        while wanted > 0 {
            let step = if upwards { wanted } else { -wanted };
            match self.nearest(free, rows, target, step) {
                Answer::Impossible => wanted /= 2,
                _ => return,
            }
        }
    }

    /// The solution that differs least from the known one, of those in which an unknown differs by
    /// `step`. Such solutions are short cycles, and so of whole numbers.
    fn nearest(
        &mut self,
        free: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
        step: i64,
    ) -> Answer {
        let cost = free.len().saturating_mul(rows.len()).max(1);
        if self.work.saturating_add(cost) > self.work_limit {
            return Answer::Undecided;
        }
        self.work += cost;
        self.programs += 1;
        self.run_nearest(free, rows, target, step)
            .unwrap_or(Answer::Undecided)
    }

    fn run_nearest(
        &mut self,
        free: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
        step: i64,
    ) -> Option<Answer> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        // How much more, and how much less, each is.
        let mut variables: BTreeMap<usize, (Variable, Variable)> = BTreeMap::new();
        for &variable in free {
            let (cell, &base) = self.cells.get(variable).zip(self.base.get(variable))?;
            let room = (base - cell.low).max(0) as f64;
            let bounds = match (variable == target, step > 0) {
                (true, true) => [(step as f64, step as f64), (0.0, 0.0)],
                (true, false) => [(0.0, 0.0), (-step as f64, -step as f64)],
                (false, _) => [(0.0, f64::INFINITY), (0.0, room)],
            };
            let [more, less] = bounds.map(|bounds| problem.add_var(1.0, bounds));
            variables.insert(variable, (more, less));
        }
        for row in rows.iter().filter_map(|&row| self.rows.get(row)) {
            let mut terms = Vec::with_capacity(2 * row.terms.len());
            let mut slack = row.right;
            for &(variable, factor) in &row.terms {
                slack -= factor * self.base.get(variable).copied()?;
                if let Some(&(more, less)) = variables.get(&variable) {
                    terms.push((more, factor as f64));
                    terms.push((less, -factor as f64));
                }
            }
            let comparison = if row.at_most {
                ComparisonOp::Le
            } else {
                ComparisonOp::Eq
            };
            let slack = if row.at_most { slack as f64 } else { 0.0 };
            problem.add_constraint(terms.as_slice(), comparison, slack);
        }
        let solution = match problem.solve() {
            Ok(outcome) => outcome.into_solution().ok()?,
            Err(microlp::Error::Infeasible) => return Some(Answer::Impossible),
            Err(_) => return None,
        };
        let mut proposed = BTreeMap::new();
        for (&variable, &(more, less)) in &variables {
            let change = solution.var_value(more) - solution.var_value(less);
            let nearest = change.round();
            if (change - nearest).abs() > ROUNDING || nearest.abs() >= 1e12 {
                return None;
            }
            proposed.insert(variable, self.base.get(variable)? + nearest as i64);
        }
        self.record(free, rows, true, &proposed);
        Some(Answer::Best(solution.objective()))
    }

    /// Bounds one unknown by some of the rows. A verdict when they decide it: a fault, or none.
    fn enclose(
        &mut self,
        free: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
    ) -> Option<Option<WeaknessKind>> {
        let (low, high) = self.bounds_of(free, rows, target)?;
        let cell = self.cells.get_mut(target)?;
        cell.low = cell.low.max(low);
        if let Some(high) = high {
            cell.high = Some(cell.high.map_or(high, |end| end.min(high)));
        }
        let (low, high, width) = (cell.low, cell.high, cell.width);
        if self.is_proven(target) {
            return Some(None);
        }
        let high = high?;
        (high - low < width).then(|| {
            Some(WeaknessKind::TooNarrow {
                low: low.unsigned_abs(),
                high: high.unsigned_abs(),
            })
        })
    }

    /// The least and the most that the rows allow, by linear programs over all that is given.
    pub(super) fn bounds_of(
        &mut self,
        free: &[usize],
        rows: &BTreeSet<usize>,
        target: usize,
    ) -> Option<(i64, Option<i64>)> {
        let mut ends = [None, None];
        for (end, upwards) in ends.iter_mut().zip([false, true]) {
            let answer = self.solve(&Ask {
                free,
                rows,
                anchored: false,
                goal: &[(target, 1.0)],
                direction: if upwards {
                    OptimizationDirection::Maximize
                } else {
                    OptimizationDirection::Minimize
                },
                whole: false,
                bounds: &|_, cell| (cell.low, cell.high),
            });
            *end = answer.value();
        }
        let [low, high] = ends;
        // Bounds of the relaxation hold for whole numbers too.
        let low = (low? - ROUNDING).ceil() as i64;
        let high = high.map(|high| (high + ROUNDING).floor() as i64);
        Some((low, high))
    }

    /// Cheap: one program may show many cells at once.
    fn push_together(&mut self, component: &[usize], rows: &BTreeSet<usize>) {
        for round in 0..GROUP_ROUNDS {
            let open = component.iter().filter(|&&variable| self.is_open(variable));
            let goal: Vec<(usize, f64)> = open.map(|&variable| (variable, 1.0)).collect();
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
            let answer = self.solve(&Ask {
                free: component,
                rows,
                anchored: false,
                goal: &goal,
                direction,
                whole: false,
                bounds: &|_, cell| match cell.seen {
                    Some((low, high)) => {
                        let reach = high.max(low + cell.width);
                        let end = cell.high.map_or(reach, |high| high.min(reach));
                        (cell.low, Some(end))
                    }
                    None => (cell.low, cell.high),
                },
            });
            if answer.value().is_none() {
                return;
            }
        }
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
    /// every unknown that moved.
    fn solve(&mut self, ask: &Ask<'_>) -> Answer {
        let cost = ask.free.len().saturating_mul(ask.rows.len()).max(1);
        let cost = if ask.whole {
            cost.saturating_mul(WHOLE_COST)
        } else {
            cost
        };
        if self.work.saturating_add(cost) > self.work_limit {
            return Answer::Undecided;
        }
        self.work += cost;
        self.programs += 1;
        self.run(ask).unwrap_or(Answer::Undecided)
    }

    fn run(&mut self, ask: &Ask<'_>) -> Option<Answer> {
        let weights: BTreeMap<usize, f64> = ask.goal.iter().copied().collect();
        let mut problem = Problem::new(ask.direction);
        let mut variables: BTreeMap<usize, Variable> = BTreeMap::new();
        for &variable in ask.free {
            let cell = self.cells.get(variable)?;
            let (low, high) = (ask.bounds)(variable, cell);
            let weight = weights.get(&variable).copied().unwrap_or(0.0);
            let added = if ask.whole {
                let end = high.map_or(Ok(i32::MAX), i32::try_from).ok()?;
                problem.add_integer_var(weight, (i32::try_from(low).ok()?, end))
            } else {
                let end = high.map_or(f64::INFINITY, |high| high as f64);
                problem.add_var(weight, (low as f64, end))
            };
            variables.insert(variable, added);
        }
        for row in ask.rows.iter().filter_map(|&row| self.rows.get(row)) {
            let mut right = row.right;
            let mut terms = Vec::with_capacity(row.terms.len());
            for &(variable, factor) in &row.terms {
                match variables.get(&variable) {
                    Some(&added) => terms.push((added, factor as f64)),
                    None if ask.anchored => right -= factor * self.base.get(variable).copied()?,
                    None => return None,
                }
            }
            let comparison = if row.at_most {
                ComparisonOp::Le
            } else {
                ComparisonOp::Eq
            };
            problem.add_constraint(terms.as_slice(), comparison, right as f64);
        }
        // A limit on nodes, not on time: the same tables must always get the same answer.
        let mut options = SolveOptions::default();
        options.node_limit = ask.whole.then_some(NODE_LIMIT);
        let solution = match problem.solve_with(options) {
            Ok(outcome) => outcome.into_solution().ok()?,
            Err(microlp::Error::Infeasible) => return Some(Answer::Impossible),
            Err(_) => return None,
        };
        let proposed = variables
            .iter()
            .map(|(&variable, &added)| {
                let value = solution.var_value(added);
                let nearest = value.round();
                // Counts stay far below the range in which a double skips whole numbers.
                ((value - nearest).abs() <= ROUNDING && nearest.abs() < 1e12)
                    .then_some((variable, nearest as i64))
            })
            .collect::<Option<BTreeMap<_, _>>>();
        if let Some(proposed) = proposed {
            self.record(ask.free, ask.rows, ask.anchored, &proposed);
        }
        Some(Answer::Best(solution.objective()))
    }

    /// Takes a proposed solution into account if it is one, by exact arithmetic.
    fn record(
        &mut self,
        free: &[usize],
        asked: &BTreeSet<usize>,
        anchored: bool,
        proposed: &BTreeMap<usize, i64>,
    ) {
        let rows = self.rows_of(free);
        let whole = rows.len() == asked.len();
        let inside = proposed.iter().all(|(&variable, &value)| {
            let cell = self.cells.get(variable);
            cell.is_some_and(|cell| value >= cell.low)
        });
        let value = |variable: usize| {
            let moved = proposed.get(&variable).copied();
            moved.or(self.base.get(variable).copied()).unwrap_or(-1)
        };
        let mut held = rows.iter().filter_map(|&row| self.rows.get(row));
        if !whole || !inside || !held.all(|row| row.holds(value)) {
            return;
        }
        if !anchored {
            // One solution of the component: what the small programs start from.
            self.base.resize(self.cells.len(), -1);
        }
        for (&variable, &value) in proposed {
            self.extend(variable, value);
            if let Some(slot) = self.base.get_mut(variable).filter(|slot| **slot < 0) {
                *slot = value;
            }
        }
    }
}
