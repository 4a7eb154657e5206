//! How near is the choice of cells to the least possible, and to what other tools choose?
//!
//! Small tables with published results of other tools, the least number of cells by trying every
//! pattern, hierarchies attacked by trying every possibility, and audits of patterns with one cell
//! shown again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use super::super::suppression_audit::{WeaknessKind, audit, intervals};
use super::reader::{Dice, Figure, exposed, rounds};
use super::*;

fn group(count: usize) -> Dimension {
    Dimension::group("d", (0..count).map(|number| format!("c{number}")))
}

fn shown(table: &CountTable, hidden: &[bool], threshold: Threshold) -> ProtectedTable {
    ProtectedTable::publish(table, hidden, threshold, ZeroPolicy::Publish)
}

fn is_safe(table: &ProtectedTable) -> bool {
    audit(std::slice::from_ref(table), &LinkedTotals::default()).is_clean()
}

/// The table of sdcTable's test of its simple heuristic (`test-simpleheuristic.R`): nine cells are
/// hidden, two in every row and column, and yet one can be computed. sdcTable hides one cell more
/// and then attacks that cell with the bounds 0 and 141.
#[test]
fn the_audit_finds_what_sdctable_finds() {
    let inner = [
        30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685,
    ];
    let table = CountTable::new(vec![group(4), group(4)], &inner).unwrap();
    let mut hidden = vec![false; table.shape.len()];
    for (row, column) in [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 2),
        (2, 1),
        (2, 3),
        (3, 1),
        (3, 3),
    ] {
        hidden[table.shape.find(&[Some(row), Some(column)]).unwrap()] = true;
    }
    let five = Threshold::default();
    let report = audit(&[shown(&table, &hidden, five)], &LinkedTotals::default());
    let computed = report
        .weaknesses()
        .iter()
        .find(|weak| weak.cell == [Some(0), Some(1)]);
    assert_eq!(
        computed.unwrap().kind,
        WeaknessKind::TooNarrow { low: 47, high: 47 }
    );
    hidden[table.shape.find(&[Some(1), Some(1)]).unwrap()] = true;
    let mended = shown(&table, &hidden, five);
    assert!(is_safe(&mended));
    let found = intervals(&[mended], &LinkedTotals::default(), &[]);
    let cell = found
        .iter()
        .find(|interval| interval.cell == [Some(0), Some(1)])
        .unwrap();
    // Nought, for a tool that does not take into account that zeros are not hidden: here a hidden
    // cell, and each of its neighbours, is at least one.
    assert_eq!((cell.least, cell.most), (1, Some(139)));
    assert!(cell.is_exact());
}

/// The hierarchical example of the vignette of GaussSuppression (the method GAUSS of sdcTable):
/// age by country, countries in the EU or not, counts up to four hidden, zeros shown. It hides ten
/// of the eighteen cells, and is content when no hidden cell can be computed exactly.
#[test]
fn a_published_hierarchy_costs_no_more_than_elsewhere_for_more_protection() {
    let geo = Dimension::group("geo", ["EU", "Portugal", "Spain", "nonEU", "Iceland"])
        .with_subtotals([(0, vec![1, 2]), (3, vec![4])]);
    let age = Dimension::group("age", ["young", "old"]);
    let counts = [0, 5, 2, 4, 6, 3];
    let table = CountTable::from_leaves(vec![age, geo], &counts).unwrap();
    assert_eq!(table.get(&[None, Some(0)]), Some(15));
    assert_eq!(table.shape.len(), 18);
    let safe = protect(&table, Threshold::default(), ZeroPolicy::Publish).unwrap();
    assert!(is_safe(&safe));
    // Their pattern leaves young in Iceland between one and four: an interval of three, where a
    // threshold of five asks for four. Protected as far as here it takes these cells.
    let theirs: [&[Option<usize>]; 10] = [
        &[None, Some(1)],
        &[None, Some(2)],
        &[Some(1), Some(0)],
        &[Some(1), Some(3)],
        &[Some(1), Some(4)],
        &[Some(1), Some(1)],
        &[Some(0), Some(0)],
        &[Some(0), Some(3)],
        &[Some(0), Some(4)],
        &[Some(0), Some(2)],
    ];
    let mut hidden = vec![false; table.shape.len()];
    for cell in theirs {
        hidden[table.shape.find(cell).unwrap()] = true;
    }
    let report = audit(
        &[shown(&table, &hidden, Threshold::default())],
        &LinkedTotals::default(),
    );
    let narrow =
        |weak: &&super::super::suppression_audit::Weakness| weak.cell == [Some(0), Some(4)];
    assert_eq!(
        report.weaknesses().iter().find(narrow).unwrap().kind,
        WeaknessKind::TooNarrow { low: 1, high: 4 }
    );
    let least = fewest(&table, Threshold::default());
    assert!(
        (least..=least + 1).contains(&safe.hidden()),
        "{} of {least}",
        safe.hidden()
    );
}

/// The fewest cells that can be hidden, by trying every pattern that hides the small counts.
fn fewest(table: &CountTable, threshold: Threshold) -> usize {
    let cells = table.shape.len();
    let small = |index: &usize| (1..threshold.get()).contains(&table.value(*index));
    let optional: Vec<usize> = (0..cells)
        .filter(|index| !small(index) && table.value(*index) > 0)
        .collect();
    let start: Vec<bool> = (0..cells).map(|index| small(&index)).collect();
    let mut best = cells;
    for pattern in 0_u32..(1 << optional.len()) {
        let number = start.iter().filter(|hide| **hide).count() + pattern.count_ones() as usize;
        if number >= best {
            continue;
        }
        let mut hidden = start.clone();
        for (bit, &index) in optional.iter().enumerate() {
            hidden[index] |= pattern & (1 << bit) != 0;
        }
        if is_safe(&shown(table, &hidden, threshold)) {
            best = number;
        }
    }
    best
}

#[test]
fn few_more_cells_are_hidden_than_must_be() {
    let three = Threshold::new(3).unwrap();
    let (mut ours, mut least) = (0, 0);
    for seed in 0..rounds(24) {
        let mut dice = Dice(seed + 4_000);
        let counts = dice.counts(6, 30);
        let table = CountTable::new(vec![group(2), group(3)], &counts).unwrap();
        let safe = protect(&table, three, ZeroPolicy::Publish).unwrap();
        ours += safe.hidden();
        least += fewest(&table, three);
    }
    assert!(ours >= least);
    let ratio = ours as f64 / least as f64;
    assert!(ratio < 1.15, "{ours} of {least}");
}

fn tree() -> Dimension {
    // Two districts, the first with three areas and the second with one; and one without parts.
    Dimension::group("area", ["a", "a1", "a2", "a3", "b", "b1", "c"])
        .with_subtotals([(0, vec![1, 2, 3]), (4, vec![5])])
}

/// The leaves, among those of one row, that a place of [`tree`] sums.
fn leaves_of(place: Option<usize>) -> Vec<usize> {
    match place {
        Some(0) => vec![0, 1, 2],
        Some(1) => vec![0],
        Some(2) => vec![1],
        Some(3) => vec![2],
        Some(4 | 5) => vec![3],
        Some(_) => vec![4],
        None => vec![0, 1, 2, 3, 4],
    }
}

#[test]
fn hierarchies_withstand_every_possibility() {
    let three = Threshold::new(3).unwrap();
    for seed in 0..rounds(150) {
        let mut dice = Dice(seed + 9_000);
        // One row, then two.
        let rows = 1 + (seed % 2) as usize;
        let counts = dice.counts(5 * rows, 8);
        let mut dimensions = vec![tree()];
        if rows == 2 {
            dimensions.insert(0, group(2));
        }
        let table = CountTable::from_leaves(dimensions, &counts).unwrap();
        let safe = protect(&table, three, ZeroPolicy::Publish).unwrap();
        assert!(is_safe(&safe), "{counts:?}");
        let figures: Vec<Figure> = safe
            .cells()
            .map(|(at, cell)| {
                let which = if rows == 2 { at[0] } else { Some(0) };
                let places = leaves_of(*at.last().unwrap());
                let all = (0..rows).filter(|row| which.is_none_or(|wanted| wanted == *row));
                Figure {
                    leaves: all
                        .flat_map(|row| places.iter().map(move |leaf| row * 5 + leaf))
                        .collect(),
                    shown: match cell {
                        Cell::Count(count) => Some(count),
                        Cell::Suppressed => None,
                    },
                    floor: u64::from(safe.hidden() < table.shape.len()),
                    asked: if cell == Cell::Suppressed { 2 } else { 0 },
                }
            })
            .collect();
        if let Some(exposed) = exposed(&figures, &counts, 3) {
            assert!(exposed.is_empty(), "{counts:?} {exposed:?}");
        }
    }
}

#[test]
fn a_hierarchy_must_be_a_tree() {
    let three = || Dimension::group("d", ["a", "b", "c"]);
    let refused = [
        three().with_subtotals([(0, vec![1]), (1, vec![0])]),
        three().with_subtotals([(0, vec![2]), (1, vec![2])]),
        three().with_subtotals([(0, vec![3])]),
        three().with_subtotals([(0, Vec::new())]),
        three().with_subtotals([(0, vec![1]), (0, vec![2])]),
    ];
    for dimension in refused {
        assert_eq!(
            CountTable::new(vec![dimension], &[1, 2, 3]),
            Err(SuppressionError::Subtotals("d".to_owned()))
        );
    }
    let wrong_sum = three().with_subtotals([(0, vec![1, 2])]);
    assert_eq!(
        CountTable::new(vec![wrong_sum.clone()], &[4, 1, 2]),
        Err(SuppressionError::DivisionsDiffer("d".to_owned()))
    );
    let table = CountTable::new(vec![wrong_sum], &[3, 1, 2]).unwrap();
    assert_eq!(table.get(&[None]), Some(3));
}

#[test]
fn one_cover_shown_again_is_noticed_where_it_matters() {
    let three = Threshold::new(3).unwrap();
    let mut noticed = 0;
    for seed in 0..rounds(60) {
        let mut dice = Dice(seed + 20_000);
        let counts = dice.counts(9, 12);
        let table = CountTable::new(vec![group(3), group(3)], &counts).unwrap();
        let safe = protect(&table, three, ZeroPolicy::Publish).unwrap();
        let covers = (0..table.shape.len())
            .filter(|&index| safe.is_hidden(index) && table.value(index) >= three.get());
        for cover in covers {
            let hidden: Vec<bool> = (0..table.shape.len())
                .map(|index| safe.is_hidden(index) && index != cover)
                .collect();
            let pattern = shown(&table, &hidden, three);
            let figures: Vec<Figure> = pattern
                .cells()
                .map(|(at, cell)| {
                    let inside = |leaf: &usize| {
                        at[0].is_none_or(|row| row == leaf / 3)
                            && at[1].is_none_or(|column| column == leaf % 3)
                    };
                    Figure {
                        leaves: (0..9).filter(inside).collect(),
                        shown: match cell {
                            Cell::Count(count) => Some(count),
                            Cell::Suppressed => None,
                        },
                        floor: 1,
                        asked: if cell == Cell::Suppressed { 2 } else { 0 },
                    }
                })
                .collect();
            if let Some(exposed) = exposed(&figures, &counts, 14) {
                // The audit and the reader who tries everything agree.
                assert_eq!(
                    is_safe(&pattern),
                    exposed.is_empty(),
                    "{counts:?} without {cover}"
                );
                noticed += usize::from(!exposed.is_empty());
            }
        }
    }
    assert!(noticed > 20, "{noticed}");
}

#[test]
fn counts_and_published_tables_are_kept_and_come_back() {
    let dimensions = vec![group(2), tree()];
    let counts = Dice(5).counts(10, 20);
    let table = CountTable::from_leaves(dimensions.clone(), &counts).unwrap();
    let safe = protect(&table, Threshold::default(), ZeroPolicy::SuppressRow).unwrap();
    let text = serde_json::to_string(&(&table, &safe)).unwrap();
    let back: (CountTable, ProtectedTable) = serde_json::from_str(&text).unwrap();
    assert_eq!(back, (table, safe.clone()));
    assert!(serde_json::from_str::<ProtectedTable>(&text).is_err());
    let cells: Vec<Option<u64>> = safe
        .cells()
        .map(|(_, cell)| match cell {
            Cell::Count(count) => Some(count),
            Cell::Suppressed => None,
        })
        .collect();
    let restored = ProtectedTable::restored(
        dimensions.clone(),
        &cells,
        Threshold::default(),
        ZeroPolicy::SuppressRow,
    );
    assert_eq!(restored, Ok(safe));
    let short = ProtectedTable::restored(
        dimensions,
        &cells[1..],
        Threshold::default(),
        ZeroPolicy::Publish,
    );
    assert!(matches!(short, Err(SuppressionError::CountMismatch { .. })));
}
