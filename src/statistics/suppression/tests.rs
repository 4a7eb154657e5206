//! Are protected tables really protected? Attacked here by enumeration, which shares no code
//! with the search or the audit.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use proptest::prelude::*;

use super::super::suppression_audit::{
    Change, Evidence, Weakness, WeaknessKind, audit, audit_joint,
};
use super::settling::Settling;
use super::*;

fn labels(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("c{number}")).collect()
}

fn groups(sizes: &[usize]) -> Vec<Dimension> {
    let dimension = |&size: &usize| Dimension::group("d", labels(size));
    sizes.iter().map(dimension).collect()
}

fn table(sizes: &[usize], inner: &[u64]) -> CountTable {
    CountTable::new(groups(sizes), inner).unwrap()
}

fn five() -> Threshold {
    Threshold::default()
}

fn mask(table: &CountTable, cells: &[&[Option<usize>]]) -> Vec<bool> {
    let mut mask = vec![false; table.shape.len()];
    for cell in cells {
        mask[table.shape.find(cell).unwrap()] = true;
    }
    mask
}

fn published(table: &CountTable, cells: &[&[Option<usize>]]) -> ProtectedTable {
    ProtectedTable::publish(table, &mask(table, cells), five(), ZeroPolicy::Publish)
}

fn kinds(table: ProtectedTable) -> Vec<WeaknessKind> {
    let report = audit(&[table], &LinkedTotals::default());
    report.weaknesses().iter().map(|weak| weak.kind).collect()
}

fn hidden(table: &ProtectedTable) -> usize {
    table
        .cells()
        .filter(|(_, cell)| *cell == Cell::Suppressed)
        .count()
}

/// Positions of all cells, margins included.
fn positions(sizes: &[usize]) -> Vec<Vec<Option<usize>>> {
    sizes.iter().fold(vec![Vec::new()], |done, &size| {
        done.iter()
            .flat_map(|start: &Vec<Option<usize>>| {
                (0..=size).map(move |at| {
                    let mut next = start.clone();
                    next.push((at < size).then_some(at));
                    next
                })
            })
            .collect()
    })
}

/// What the reader sees of one figure: which unknown leaves it sums, and its value if published.
struct Figure {
    leaves: Vec<usize>,
    shown: Option<u64>,
}

/// The figures of a table whose inner cells are sums over the given tables of leaves.
fn figures(table: &ProtectedTable, sizes: &[usize], leaf_tables: &[usize]) -> Vec<Figure> {
    let inner = sizes.iter().product::<usize>();
    positions(sizes)
        .into_iter()
        .map(|at| {
            let mut leaves = Vec::new();
            for number in 0..inner {
                let mut rest = number;
                let mut inside = true;
                for (dimension, &size) in sizes.iter().enumerate().rev() {
                    inside &= at[dimension].is_none_or(|wanted| wanted == rest % size);
                    rest /= size;
                }
                if inside {
                    leaves.extend(leaf_tables.iter().map(|leaf| leaf * inner + number));
                }
            }
            let shown = match table.get(&at).unwrap() {
                Cell::Count(count) => Some(count),
                Cell::Suppressed => None,
            };
            Figure { leaves, shown }
        })
        .collect()
}

/// Tries all tables near the truth that agree with everything shown; `floor` is the least a
/// hidden figure can be. Returns whether every hidden figure takes values `width` apart.
struct Attack {
    figures: Vec<Figure>,
    truth: Vec<u64>,
    floor: u64,
    width: u64,
    seen: Vec<(u64, u64)>,
    steps: u64,
}

impl Attack {
    fn run(figures: Vec<Figure>, truth: Vec<u64>, floor: u64, width: u64) -> bool {
        let mut attack = Attack {
            seen: vec![(u64::MAX, 0); figures.len()],
            figures,
            truth,
            floor,
            width,
            steps: 0,
        };
        let mut chosen = Vec::new();
        attack.extend(&mut chosen);
        attack.done()
    }

    fn done(&self) -> bool {
        self.figures
            .iter()
            .zip(&self.seen)
            .all(|(figure, &(low, high))| {
                figure.shown.is_some() || high.saturating_sub(low) >= self.width && low <= high
            })
    }

    fn extend(&mut self, chosen: &mut Vec<u64>) {
        self.steps += 1;
        assert!(self.steps < 40_000_000, "too much to enumerate");
        for figure in &self.figures {
            let Some(&last) = figure.leaves.last() else {
                continue;
            };
            let known = figure.leaves.iter().filter_map(|&leaf| chosen.get(leaf));
            let sum = known.sum::<u64>();
            let complete = last < chosen.len();
            let wrong = match figure.shown {
                Some(shown) => sum > shown || (complete && sum != shown),
                None => complete && sum < self.floor,
            };
            if wrong {
                return;
            }
        }
        let Some(&truth) = self.truth.get(chosen.len()) else {
            for (figure, seen) in self.figures.iter().zip(&mut self.seen) {
                let sum = figure.leaves.iter().map(|&leaf| chosen[leaf]).sum::<u64>();
                *seen = (seen.0.min(sum), seen.1.max(sum));
            }
            return;
        };
        let top = truth + self.width;
        let mut values = (truth.saturating_sub(self.width)..=top).collect::<Vec<_>>();
        values.sort_by_key(|value| value.abs_diff(truth));
        for value in values {
            if self.done() {
                return;
            }
            chosen.push(value);
            self.extend(chosen);
            chosen.pop();
        }
    }
}

fn withstands(sizes: &[usize], inner: &[u64], threshold: u64) -> bool {
    let limit = Threshold::new(threshold).unwrap();
    let safe = protect(&table(sizes, inner), limit, ZeroPolicy::Publish).unwrap();
    let figures = figures(&safe, sizes, &[0]);
    // Leaves must come in the order in which a figure is completed.
    assert!(
        figures
            .iter()
            .all(|figure| figure.leaves.is_sorted() && !figure.leaves.is_empty())
    );
    Attack::run(figures, inner.to_vec(), 1, threshold - 1)
}

#[test]
fn margins_are_every_sum() {
    let counts = table(&[2, 2, 2], &[1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(counts.get(&[Some(0), Some(1), Some(0)]), Some(3));
    assert_eq!(counts.get(&[None, Some(1), Some(0)]), Some(10));
    assert_eq!(counts.get(&[Some(1), None, None]), Some(26));
    assert_eq!(counts.get(&[None, None, None]), Some(36));
    assert_eq!(counts.get(&[Some(2), None, None]), None);
    assert_eq!(counts.get(&[None, None]), None);
    assert_eq!(table(&[3], &[1, 2, 3]).get(&[None]), Some(6));
}

#[test]
fn refuses_what_makes_no_sense() {
    assert_eq!(Threshold::new(2), Err(SuppressionError::Threshold(2)));
    assert_eq!(Threshold::new(3).unwrap().get(), 3);
    assert!(matches!(
        CountTable::new(Vec::new(), &[]),
        Err(SuppressionError::Dimensions(0))
    ));
    assert!(matches!(
        CountTable::new(groups(&[2, 2]), &[1, 2, 3]),
        Err(SuppressionError::CountMismatch {
            expected: 4,
            found: 3
        })
    ));
    assert!(matches!(
        CountTable::new(groups(&[2, 0]), &[]),
        Err(SuppressionError::EmptyDimension(_))
    ));
    assert_eq!(
        CountTable::new(groups(&[2]), &[MAX_TOTAL, 1]),
        Err(SuppressionError::TooLarge)
    );
    assert_eq!(
        CountTable::new(groups(&[100, 100]), &[]),
        Err(SuppressionError::TooLarge)
    );
}

#[test]
fn large_counts_and_zeros_are_published() {
    let counts = table(&[2, 2], &[10, 0, 7, 12]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(hidden(&safe), 0);
    assert!(safe.share_hidden().abs() < f64::EPSILON);
    assert_eq!(safe.get(&[Some(0), Some(1)]), Some(Cell::Count(0)));
    let empty = protect(&table(&[2, 3], &[0; 6]), five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(hidden(&empty), 0);
}

#[test]
fn a_single_hidden_cell_is_computed_from_the_margin() {
    let counts = table(&[2, 2], &[3, 20, 30, 40]);
    let naive = published(&counts, &[&[Some(0), Some(0)]]);
    assert_eq!(kinds(naive), [WeaknessKind::TooNarrow { low: 3, high: 3 }]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    // A 2x2 table needs all four; the margins stay.
    assert_eq!(hidden(&safe), 4);
    assert_eq!(safe.get(&[None, None]), Some(Cell::Count(93)));
    assert_eq!(safe.get(&[Some(0), None]), Some(Cell::Count(23)));
}

#[test]
fn a_hidden_rectangle_may_still_be_bounded() {
    // 1, 1 / 1, 1 hidden in a larger table: every count can only be 1, since none is zero.
    let counts = table(&[3, 3], &[1, 1, 20, 1, 1, 20, 20, 20, 20]);
    let corners: [&[Option<usize>]; 4] = [
        &[Some(0), Some(0)],
        &[Some(0), Some(1)],
        &[Some(1), Some(0)],
        &[Some(1), Some(1)],
    ];
    assert_eq!(
        kinds(published(&counts, &corners)),
        [WeaknessKind::TooNarrow { low: 1, high: 1 }; 4]
    );
    // A tight one: two in a row add up to four, so each is at most three.
    let tight = table(&[3, 3], &[2, 2, 20, 2, 90, 20, 20, 20, 20]);
    assert!(!kinds(published(&tight, &corners)).is_empty());
    for counts in [counts, tight] {
        let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
        assert!(hidden(&safe) > 4);
        assert!(hidden(&safe) < 16);
        assert_eq!(kinds(safe), []);
    }
}

#[test]
fn audit_finds_small_counts_and_contradictions() {
    let counts = table(&[2, 2], &[3, 20, 30, 40]);
    assert_eq!(
        kinds(published(&counts, &[])),
        [WeaknessKind::SmallCountPublished]
    );
    let mut forged = published(&counts, &[]);
    forged.cells[0] = Cell::Count(9);
    assert_eq!(kinds(forged), [WeaknessKind::Contradiction]);
    let mut forged = published(
        &counts,
        &[
            &[Some(0), Some(0)],
            &[Some(0), Some(1)],
            &[Some(1), Some(0)],
        ],
    );
    forged.cells[2] = Cell::Count(0);
    assert!(!kinds(forged).is_empty());
}

#[test]
fn small_totals_are_hidden_too() {
    let counts = table(&[2, 3], &[1, 0, 1, 30, 20, 40]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(safe.get(&[Some(0), None]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[Some(0), Some(1)]), Some(Cell::Count(0)));
    assert_eq!(kinds(safe), []);
}

#[test]
fn a_lone_small_table_shows_nothing() {
    let safe = protect(&table(&[2, 2], &[1, 0, 0, 2]), five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(safe.get(&[None, None]), Some(Cell::Suppressed));
    let one = protect(&table(&[1], &[7]), five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(hidden(&one), 0);
}

#[test]
fn zeros_are_never_spent_as_cover() {
    let counts = table(&[3, 3], &[3, 0, 9, 0, 8, 0, 11, 0, 12]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    for (at, cell) in safe.cells() {
        if counts.get(&at) == Some(0) {
            assert_eq!(cell, Cell::Count(0));
        }
    }
}

#[test]
fn zero_rows_are_hidden_on_request() {
    let counts = table(&[3, 3], &[0, 30, 20, 40, 50, 60, 70, 80, 90]);
    let open = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(hidden(&open), 0);
    let safe = protect(&counts, five(), ZeroPolicy::SuppressRow).unwrap();
    for column in 0..3 {
        assert_eq!(safe.get(&[Some(0), Some(column)]), Some(Cell::Suppressed));
    }
    assert_eq!(safe.get(&[Some(0), None]), Some(Cell::Count(50)));
    assert_eq!(kinds(safe), []);
}

fn outcomes(rows: usize, inner: &[u64]) -> CountTable {
    let dimensions = vec![
        Dimension::group("area", labels(rows)),
        Dimension::outcome("outcome", labels(inner.len() / rows)),
    ];
    CountTable::new(dimensions, inner).unwrap()
}

#[test]
fn uniform_rows_are_found_and_hidden() {
    let counts = outcomes(3, &[12, 0, 0, 20, 30, 40, 30, 20, 10]);
    assert_eq!(uniform_rows(&counts, 1), [[Some(0), Some(0)]]);
    assert!(uniform_rows(&counts, 0).is_empty());
    let open = published(&counts, &[]);
    assert_eq!(kinds(open), [WeaknessKind::UniformRowPublished]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    for category in 0..3 {
        assert_eq!(safe.get(&[Some(0), Some(category)]), Some(Cell::Suppressed));
    }
    assert_eq!(safe.get(&[Some(0), None]), Some(Cell::Count(12)));
    assert_eq!(kinds(safe), []);
    // The flag decides, not the figures.
    let plain = table(&[3, 3], &[12, 0, 0, 20, 30, 40, 30, 20, 10]);
    let safe = protect(&plain, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(hidden(&safe), 0);
}

#[test]
fn a_zero_that_is_known_anyway_does_not_block() {
    // Nobody has the third outcome, which the margin tells.
    let counts = outcomes(3, &[12, 0, 0, 20, 30, 0, 30, 20, 0]);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(safe.get(&[Some(0), Some(2)]), Some(Cell::Count(0)));
    assert_eq!(safe.get(&[Some(0), Some(0)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[Some(0), Some(1)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[None, None]), Some(Cell::Count(112)));
    assert_eq!(kinds(safe), []);
    // Everybody has the first outcome.
    let same = outcomes(2, &[12, 0, 0, 20, 0, 0]);
    let safe = protect(&same, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(safe.get(&[None, Some(0)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[None, Some(1)]), Some(Cell::Suppressed));
    assert_eq!(kinds(safe), []);
}

#[test]
fn zeros_given_away_from_two_sides_are_hidden_with_their_sums() {
    // Sex x age x outcome. The first row has only the first outcome; the total of its age rules
    // out the second, that of its sex the third.
    let dimensions = vec![
        Dimension::group("sex", labels(2)),
        Dimension::group("age", labels(2)),
        Dimension::outcome("outcome", labels(3)),
    ];
    let inner = [20, 0, 0, 20, 30, 0, 20, 0, 30, 20, 30, 40];
    let counts = CountTable::new(dimensions, &inner).unwrap();
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(kinds(safe.clone()), []);
    assert!(safe.share_hidden() < 1.0);
    assert_eq!(safe.get(&[None, None, None]), Some(Cell::Count(210)));
    assert_eq!(safe.get(&[None, Some(0), Some(1)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[Some(0), Some(0), None]), Some(Cell::Count(20)));
}

#[test]
fn linked_tables_are_protected_together() {
    // Reached 3 + not reached 17 = 20 attempts: each table alone would give the other away.
    let reached = table(&[3], &[3, 40, 50]);
    let missed = table(&[3], &[17, 30, 20]);
    let attempts = table(&[3], &[20, 70, 70]);
    let links = LinkedTotals {
        relations: vec![Relation::plain(0, vec![1, 2])],
        ..LinkedTotals::default()
    };
    let tables = [attempts, reached, missed];
    let safe = protect_linked(&tables, &links, five(), ZeroPolicy::Publish).unwrap();
    assert!(audit(&safe, &links).is_clean());
    assert_eq!(safe[1].get(&[Some(0)]), Some(Cell::Suppressed));
    assert_eq!(safe[0].get(&[None]), Some(Cell::Count(160)));
    // Protected one by one they are not safe together.
    let alone = tables
        .iter()
        .map(|table| protect(table, five(), ZeroPolicy::Publish).unwrap())
        .collect::<Vec<_>>();
    assert!(audit(&alone, &LinkedTotals::default()).is_clean());
    let report = audit(&alone, &links);
    assert!(!report.is_clean());
    assert_eq!(report.weaknesses()[0].table, 1);
}

#[test]
fn relations_must_hold() {
    let small = table(&[2], &[10, 20]);
    let large = table(&[2], &[30, 20]);
    let other = table(&[3], &[10, 20, 30]);
    let tables = [small, large, other];
    let attempt = |relations: Vec<Relation>, at_most: Vec<AtMost>| {
        let links = LinkedTotals {
            relations,
            at_most,
            events: Vec::new(),
        };
        protect_linked(&tables, &links, five(), ZeroPolicy::Publish).map(|_| ())
    };
    let (smaller, larger) = (0, 1);
    assert_eq!(
        attempt(Vec::new(), vec![AtMost { smaller, larger }]),
        Ok(())
    );
    assert_eq!(
        attempt(
            Vec::new(),
            vec![AtMost {
                smaller: 1,
                larger: 0
            }]
        ),
        Err(SuppressionError::RelationBroken(1))
    );
    assert_eq!(
        attempt(vec![Relation::plain(1, vec![0])], Vec::new()),
        Err(SuppressionError::RelationBroken(1))
    );
    assert_eq!(
        attempt(vec![Relation::plain(0, vec![2])], Vec::new()),
        Err(SuppressionError::DimensionMismatch(0, 2))
    );
    assert_eq!(
        attempt(vec![Relation::plain(0, vec![9])], Vec::new()),
        Err(SuppressionError::UnknownTable(9))
    );
    assert_eq!(
        attempt(vec![Relation::plain(0, vec![1, 1])], Vec::new()),
        Err(SuppressionError::UnknownTable(1))
    );
}

#[test]
fn readers_use_inequalities() {
    // Accepted is hidden but lies between started (20, 18 published) and offered (21, 19).
    let offered = table(&[2], &[21, 19]);
    let accepted = table(&[2], &[20, 19]);
    let started = table(&[2], &[20, 18]);
    let show = |table: &CountTable, cells: &[&[Option<usize>]]| published(table, cells);
    let links = LinkedTotals {
        relations: Vec::new(),
        at_most: vec![
            AtMost {
                smaller: 2,
                larger: 1,
            },
            AtMost {
                smaller: 1,
                larger: 0,
            },
        ],
        ..LinkedTotals::default()
    };
    let tables = [
        show(&offered, &[]),
        show(&accepted, &[&[Some(0)], &[Some(1)]]),
        show(&started, &[]),
    ];
    let report = audit(&tables, &links);
    assert_eq!(report.weaknesses().len(), 2);
    // Without them the interval is wide.
    assert!(audit(&tables, &LinkedTotals::default()).is_clean());
}

#[test]
fn repair_alone_reaches_a_safe_table() {
    let cases: [(&[usize], &[u64]); 4] = [
        (&[2, 2], &[3, 20, 30, 40]),
        (&[3, 3], &[1, 1, 20, 1, 1, 20, 20, 20, 20]),
        (&[2, 2, 2], &[3, 9, 8, 7, 12, 11, 10, 9]),
        (&[3, 4], &[3, 9, 8, 7, 12, 11, 0, 9, 6, 6, 2, 30]),
    ];
    for (sizes, inner) in cases {
        let counts = table(sizes, inner);
        let links = LinkedTotals::default();
        let tables = [counts];
        let start = primary(&[&tables[0]], &links, five(), ZeroPolicy::Publish);
        let joint = Joint::new(1, &links, std::iter::empty()).unwrap();
        let settling = Settling {
            joint: &joint,
            tables: &tables,
            earlier: &[],
            counted: &[&tables[0]],
            known: &[tables[0].known.clone()],
            threshold: five(),
            zeros: ZeroPolicy::Publish,
        };
        let safe = settling.settle(start).unwrap().tables;
        assert!(audit(&safe, &links).is_clean());
        assert!(
            safe[0].share_hidden() < 1.0,
            "{sizes:?} {inner:?} {}",
            safe[0].share_hidden()
        );
    }
}

#[test]
fn false_evidence_is_not_believed() {
    let counts = table(&[2, 2], &[3, 20, 30, 40]);
    let shown = [published(&counts, &[&[Some(0), Some(0)]])];
    let index = counts.shape.find(&[Some(0), Some(0)]).unwrap();
    let change = |index| Change {
        table: 0,
        index,
        step: 1,
    };
    let mut evidence = Evidence {
        base: vec![counts.values.clone()],
        changes: vec![vec![change(index)], vec![change(index), change(index + 1)]],
        first_difference: 1,
    };
    let joint = Joint::new(1, &LinkedTotals::default(), std::iter::empty()).unwrap();
    assert!(!audit_joint(&[&shown[0]], &joint, Some(&evidence)).is_clean());
    evidence.base[0][index] = 99;
    assert!(!audit_joint(&[&shown[0]], &joint, Some(&evidence)).is_clean());
}

#[test]
fn everyday_linked_tables_keep_most_figures() {
    // Offered = accepted + declined + no answer; accepted = started + not started.
    let fill = |seed: u64| -> Vec<u64> {
        (0..60_u64)
            .map(|cell| (cell * cell * seed + 7 * cell + seed) % 31)
            .collect()
    };
    let add = |a: &[u64], b: &[u64]| -> Vec<u64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    let (started, waiting, declined, silent) = (fill(3), fill(5), fill(11), fill(13));
    let accepted = add(&started, &waiting);
    let offered = add(&add(&accepted, &declined), &silent);
    let tables = [offered, accepted, declined, silent, started, waiting]
        .map(|inner| table(&[2, 3, 10], &inner));
    let links = LinkedTotals {
        relations: vec![
            Relation::outcome(0, vec![1, 2, 3]),
            Relation::outcome(1, vec![4, 5]),
        ],
        at_most: vec![AtMost {
            smaller: 4,
            larger: 0,
        }],
        ..LinkedTotals::default()
    };
    let safe = protect_linked(&tables, &links, five(), ZeroPolicy::Publish).unwrap();
    for table in &safe {
        assert!(table.share_hidden() < 0.6, "{}", table.share_hidden());
    }
    // The solver alone, without the search's proposals, must never contradict them.
    let report = audit(&safe, &links);
    let refuted = |weak: &&Weakness| weak.kind != WeaknessKind::NotProven;
    assert_eq!(report.weaknesses().iter().find(refuted), None);
}

fn check_outcome(rows: usize, inner: &[u64]) -> Result<(), TestCaseError> {
    let counts = outcomes(rows, inner);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    prop_assert_eq!(kinds(safe.clone()), []);
    // Either way the readers' floor is at least zero.
    let sizes = [rows, inner.len() / rows];
    let figures = figures(&safe, &sizes, &[0]);
    prop_assert!(Attack::run(figures, inner.to_vec(), 0, 4));
    Ok(())
}

fn counts(cells: usize, highest: u64) -> impl Strategy<Value = Vec<u64>> {
    let cell = prop_oneof![1 => Just(0), 2 => 1..=3_u64, 3 => 0..=highest];
    proptest::collection::vec(cell, cells)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_by_two_withstands(inner in counts(4, 20)) {
        prop_assert!(withstands(&[2, 2], &inner, 5));
    }

    #[test]
    fn two_by_three_withstands(inner in counts(6, 12)) {
        prop_assert!(withstands(&[2, 3], &inner, 4));
    }

    #[test]
    fn three_by_three_withstands(inner in counts(9, 9)) {
        prop_assert!(withstands(&[3, 3], &inner, 3));
    }

    #[test]
    fn a_cube_withstands(inner in counts(8, 9)) {
        prop_assert!(withstands(&[2, 2, 2], &inner, 3));
    }

    #[test]
    fn a_block_withstands(inner in counts(12, 15)) {
        prop_assert!(withstands(&[2, 3, 2], &inner, 3));
    }

    #[test]
    fn outcome_tables_withstand(inner in counts(6, 12)) {
        check_outcome(2, &inner)?;
    }

    #[test]
    fn linked_tables_withstand(first in counts(4, 9), second in counts(4, 9)) {
        let sum = first.iter().zip(&second).map(|(a, b)| a + b).collect::<Vec<_>>();
        let tables = [table(&[2, 2], &sum), table(&[2, 2], &first), table(&[2, 2], &second)];
        let links = LinkedTotals {
            relations: vec![Relation::plain(0, vec![1, 2])],
            at_most: vec![AtMost { smaller: 1, larger: 0 }],
        ..LinkedTotals::default()
        };
        let three = Threshold::new(3).unwrap();
        let safe = protect_linked(&tables, &links, three, ZeroPolicy::Publish).unwrap();
        prop_assert!(audit(&safe, &links).is_clean());
        let mut all = figures(&safe[0], &[2, 2], &[0, 1]);
        for figure in &mut all {
            figure.leaves.sort_unstable();
        }
        all.extend(figures(&safe[1], &[2, 2], &[0]));
        all.extend(figures(&safe[2], &[2, 2], &[1]));
        let truth = [first, second].concat();
        prop_assert!(Attack::run(all, truth, 1, 2));
    }

    #[test]
    fn the_solver_agrees_with_the_search(inner in counts(24, 25)) {
        let counts = table(&[2, 3, 4], &inner);
        for zeros in [ZeroPolicy::Publish, ZeroPolicy::SuppressRow] {
            let safe = protect(&counts, five(), zeros).unwrap();
            prop_assert_eq!(kinds(safe.clone()), []);
            // Same input, same output; and what is shown is true.
            prop_assert_eq!(&safe, &protect(&counts, five(), zeros).unwrap());
            for (at, cell) in safe.cells() {
                if let Cell::Count(count) = cell {
                    prop_assert_eq!(counts.get(&at), Some(count));
                    prop_assert!(count == 0 || count >= 5);
                }
            }
        }
    }

    #[test]
    fn the_audit_matches_enumeration(inner in counts(9, 6), pattern in proptest::collection::vec(any::<bool>(), 9)) {
        // Any pattern, good or bad: clean exactly when the attack fails.
        let counts = table(&[3, 3], &inner);
        let limit = Threshold::new(3).unwrap();
        let mut mask = vec![false; counts.shape.len()];
        for (number, &hide) in pattern.iter().enumerate() {
            mask[counts.shape.find(&[Some(number / 3), Some(number % 3)]).unwrap()] = hide && inner[number] > 0;
        }
        for (index, hide) in mask.iter_mut().enumerate() {
            *hide |= (1..3).contains(&counts.value(index));
        }
        let shown = ProtectedTable::publish(&counts, &mask, limit, ZeroPolicy::Publish);
        // Enumerated over every value a count could take.
        let all = figures(&shown, &[3, 3], &[0]);
        let mut attack = Attack { seen: vec![(u64::MAX, 0); all.len()], figures: all, truth: inner.clone(), floor: 1, width: 2, steps: 0 };
        attack.extend(&mut Vec::new());
        prop_assert_eq!(kinds(shown).is_empty(), attack.done());
    }
}

fn divided(sizes: &[usize]) -> Vec<Dimension> {
    vec![Dimension::divided(
        "d",
        sizes.iter().map(|&size| labels(size)),
    )]
}

#[test]
fn a_divided_dimension_adds_up_in_each_of_its_divisions() {
    let counts = CountTable::new(divided(&[2, 3]), &[40, 60, 10, 20, 70]).unwrap();
    assert_eq!(counts.get(&[None]), Some(100));
    assert_eq!(
        CountTable::new(divided(&[2, 3]), &[40, 60, 10, 20, 71]),
        Err(SuppressionError::DivisionsDiffer("d".to_owned()))
    );
    assert!(matches!(
        CountTable::new(divided(&[2, 0]), &[40, 60]),
        Err(SuppressionError::EmptyDimension(_))
    ));
    assert_eq!(
        CountTable::new(divided(&[1; 65]), &[5; 65]),
        Err(SuppressionError::TooLarge)
    );
}

#[test]
fn a_division_alone_gives_its_hidden_cell_away() {
    let counts = CountTable::new(divided(&[2, 3]), &[3, 97, 30, 30, 40]).unwrap();
    // One hidden cell in a division is what the total leaves.
    let naive = published(&counts, &[&[Some(0)]]);
    assert_eq!(kinds(naive), [WeaknessKind::TooNarrow { low: 3, high: 3 }]);
    // A hidden cell of the other division does not help.
    let across = published(&counts, &[&[Some(0)], &[Some(2)]]);
    assert_eq!(kinds(across).len(), 2);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(kinds(safe.clone()), []);
    assert_eq!(safe.get(&[Some(1)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[None]), Some(Cell::Count(100)));
    assert_eq!(safe.get(&[Some(2)]), Some(Cell::Count(30)));
}

#[test]
fn events_are_hidden_with_the_persons_behind_them() {
    let persons = table(&[3], &[2, 20, 30]);
    let events = table(&[3], &[40, 50, 60]);
    let links = LinkedTotals {
        events: vec![EventsOf {
            events: 1,
            persons: 0,
        }],
        ..LinkedTotals::default()
    };
    let tables = [persons.clone(), events];
    let safe = protect_linked(&tables, &links, five(), ZeroPolicy::Publish).unwrap();
    assert!(audit(&safe, &links).is_clean());
    for at in [[Some(0)], [Some(1)], [Some(2)], [None]] {
        if safe[0].get(&at) == Some(Cell::Suppressed) {
            assert_eq!(safe[1].get(&at), Some(Cell::Suppressed));
        }
    }
    assert_eq!(safe[1].get(&[Some(0)]), Some(Cell::Suppressed));
    // Forty contacts of two persons, shown.
    let apart = [safe[0].clone(), published(&tables[1], &[])];
    let report = audit(&apart, &links);
    assert_eq!(
        report.weaknesses()[0].kind,
        WeaknessKind::EventsWithoutPersons
    );
    let impossible = [persons, table(&[3], &[1, 50, 60])];
    assert_eq!(
        protect_linked(&impossible, &links, five(), ZeroPolicy::Publish),
        Err(SuppressionError::RelationBroken(0))
    );
}

#[test]
fn totals_known_from_elsewhere_are_never_hidden() {
    let counts = outcomes(3, &[3, 4, 0, 2, 9, 6, 1, 5, 7]).with_known_totals(1);
    let safe = protect(&counts, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(kinds(safe.clone()), []);
    for row in [Some(0), Some(1), Some(2), None] {
        assert!(matches!(safe.get(&[row, None]), Some(Cell::Count(_))));
    }
    // A small one ought to be.
    let small = outcomes(2, &[1, 2, 30, 40]).with_known_totals(1);
    assert_eq!(
        protect(&small, five(), ZeroPolicy::Publish),
        Err(SuppressionError::Unsafe)
    );
}

/// Every way to fill the hidden cells of a division (at least one in each) that adds up to the total.
fn fillings(cells: &[Option<u64>], total: u64) -> Vec<Vec<u64>> {
    let Some((first, rest)) = cells.split_first() else {
        return if total == 0 {
            vec![Vec::new()]
        } else {
            Vec::new()
        };
    };
    let values = match first {
        Some(value) => *value..=*value,
        None => 1..=total,
    };
    values
        .filter(|&value| value <= total)
        .flat_map(|value| {
            let rest = fillings(rest, total - value);
            rest.into_iter()
                .map(move |rest| [vec![value], rest].concat())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_divided_dimension_withstands(first in counts(2, 9), second in counts(2, 9)) {
        // The second division sums to the same by its last category.
        let total = first.iter().sum::<u64>();
        prop_assume!(second.iter().sum::<u64>() <= total);
        let last = total - second.iter().sum::<u64>();
        let inner = [first, second, vec![last]].concat();
        let counts = CountTable::new(divided(&[2, 3]), &inner).unwrap();
        let three = Threshold::new(3).unwrap();
        let safe = protect(&counts, three, ZeroPolicy::Publish).unwrap();
        prop_assert_eq!(kinds(safe.clone()), []);
        let shown = |at: Option<usize>| match safe.get(&[at]) {
            Some(Cell::Count(count)) => Some(count),
            _ => None,
        };
        let cells = (0..5).map(|at| shown(Some(at))).collect::<Vec<_>>();
        if cells.iter().all(Option::is_none) && shown(None).is_none() {
            return Ok(());
        }
        let mut seen = vec![(u64::MAX, 0); 6];
        for total in shown(None).map_or(1..=40, |total| total..=total) {
            let (left, right) = (fillings(&cells[..2], total), fillings(&cells[2..], total));
            if left.is_empty() || right.is_empty() {
                continue;
            }
            let whole = [total];
            let values = left.iter().map(|row| (0, row.as_slice()));
            let values = values.chain(right.iter().map(|row| (2, row.as_slice())));
            for (start, row) in values.chain([(5, whole.as_slice())]) {
                for (place, &value) in row.iter().enumerate() {
                    let (low, high) = seen[start + place];
                    seen[start + place] = (low.min(value), high.max(value));
                }
            }
        }
        for (place, (low, high)) in seen.into_iter().enumerate() {
            let is_hidden = cells.get(place).copied().unwrap_or(shown(None)).is_none();
            prop_assert!(!is_hidden || high - low >= 2, "{} {}..{}", place, low, high);
        }
    }
}

#[test]
fn a_breakdown_too_fine_is_left_out_and_leaves_the_sums() {
    // Three groups of nine, spread over three outcomes.
    let inner = [1, 2, 6, 3, 4, 2, 2, 2, 5];
    let counts = outcomes(3, &inner).with_known_totals(1);
    let left_out = counts.clone().with_categories_unpublished(0, 0..3);
    let safe = protect(&left_out, five(), ZeroPolicy::Publish).unwrap();
    assert_eq!(kinds(safe.clone()), []);
    for outcome in 0..3 {
        let sum = safe.get(&[None, Some(outcome)]);
        assert!(matches!(sum, Some(Cell::Count(_))), "{outcome}");
        for row in 0..3 {
            assert_eq!(
                safe.get(&[Some(row), Some(outcome)]),
                Some(Cell::Suppressed)
            );
        }
    }
}
