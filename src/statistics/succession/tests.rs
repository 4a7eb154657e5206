//! Are releases safe together? Attacked by a reader who tries every possibility.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use super::super::suppression::reader::{Dice, Figure, exposed, rounds};
use super::super::suppression::{
    Cell, CountTable, Dimension, LinkedTotals, ProtectedTable, Relation, SuppressionError,
    Threshold, ZeroPolicy, protect, protect_linked, protect_with_earlier,
};
use super::super::suppression_audit::{WeaknessKind, audit_with_earlier};
use super::*;

fn table(inner: &[u64]) -> CountTable {
    let labels = (0..inner.len()).map(|number| format!("c{number}"));
    CountTable::new(vec![Dimension::group("d", labels)], inner).unwrap()
}

fn three() -> Threshold {
    Threshold::new(3).unwrap()
}

fn shown(published: &ProtectedTable, succession: Succession) -> EarlierShown {
    EarlierShown {
        release: 0,
        table: 0,
        succession,
        relates: Vec::new(),
        published: published.clone(),
    }
}

fn earlier(
    published: &ProtectedTable,
    counts: &CountTable,
    succession: Succession,
) -> EarlierTable {
    EarlierTable {
        shown: shown(published, succession),
        counts: counts.clone(),
    }
}

fn cells(table: &ProtectedTable) -> Vec<Option<u64>> {
    let cells = table.cells().map(|(_, cell)| match cell {
        Cell::Count(count) => Some(count),
        Cell::Suppressed => None,
    });
    cells.collect()
}

fn publish(
    new: &CountTable,
    before: &[EarlierTable],
    threshold: Threshold,
) -> Result<ProtectedTable, SuppressionError> {
    let tables = std::slice::from_ref(new);
    let links = LinkedTotals::default();
    let mut safe = protect_with_earlier(tables, &links, before, threshold, ZeroPolicy::Publish)?;
    Ok(safe.remove(0))
}

#[test]
fn a_difference_of_few_people_is_not_shown() {
    let (first, second) = (table(&[50, 60, 70]), table(&[53, 80, 90]));
    let before = protect(&first, Threshold::default(), ZeroPolicy::Publish).unwrap();
    assert_eq!(before.hidden(), 0);
    let alone = protect(&second, Threshold::default(), ZeroPolicy::Publish).unwrap();
    assert_eq!(alone.hidden(), 0);
    // Each is safe alone. Subtracted, they tell of three people.
    let within = shown(&before, Succession::Within);
    let report = audit_with_earlier(
        &[alone],
        &LinkedTotals::default(),
        std::slice::from_ref(&within),
    );
    assert_eq!(report.weaknesses().len(), 1);
    assert_eq!(
        report.weaknesses()[0].kind,
        WeaknessKind::SmallDifferencePublished
    );
    assert_eq!(report.weaknesses()[0].cell, [Some(0)]);
    let bound = earlier(&before, &first, Succession::Within);
    let safe = publish(&second, &[bound], Threshold::default()).unwrap();
    assert_eq!(safe.get(&[Some(0)]), Some(Cell::Suppressed));
    assert_eq!(safe.get(&[None]), Some(Cell::Count(223)));
    assert_eq!(safe.hidden(), 2);
    let report = audit_with_earlier(&[safe], &LinkedTotals::default(), &[within]);
    assert!(report.is_clean());
}

#[test]
fn an_empty_difference_does_not_hand_over_what_was_hidden() {
    // One came to the first group and nobody to the second. Shown now, they bound what was hidden.
    let (first, second) = (table(&[4, 6, 60]), table(&[5, 6, 80]));
    let five = Threshold::default();
    let before = protect(&first, five, ZeroPolicy::Publish).unwrap();
    assert_eq!(cells(&before), [None, None, Some(60), Some(70)]);
    let alone = protect(&second, five, ZeroPolicy::Publish).unwrap();
    assert_eq!(alone.hidden(), 0);
    let within = shown(&before, Succession::Within);
    let report = audit_with_earlier(&[alone], &LinkedTotals::default(), &[within]);
    let narrow = WeaknessKind::TooNarrow { low: 4, high: 5 };
    assert_eq!(report.weaknesses()[0].kind, narrow);
    assert_eq!(
        (
            report.weaknesses()[0].table,
            &report.weaknesses()[0].cell[..]
        ),
        (1, &[Some(0)][..])
    );
    let bound = earlier(&before, &first, Succession::Within);
    let safe = publish(&second, &[bound], five).unwrap();
    // The third is hidden too: what the other two leave would tell of the one who came.
    assert_eq!(cells(&safe), [None, None, None, Some(91)]);
}

#[test]
fn earlier_tables_must_be_what_they_are_said_to_be() {
    let (first, second) = (table(&[50, 60]), table(&[40, 80]));
    let before = protect(&first, three(), ZeroPolicy::Publish).unwrap();
    assert_eq!(Succession::of_part(&first, &second), Succession::Same);
    assert_eq!(
        publish(
            &second,
            &[earlier(&before, &first, Succession::Within)],
            three()
        ),
        Err(SuppressionError::NotWithin(1, 0))
    );
    assert_eq!(
        publish(
            &second,
            &[earlier(&before, &table(&[50, 61]), Succession::Same)],
            three()
        ),
        Err(SuppressionError::EarlierDiffers(1))
    );
    assert_eq!(
        publish(
            &table(&[1, 2, 3]),
            &[earlier(&before, &first, Succession::Same)],
            three()
        ),
        Err(SuppressionError::DimensionMismatch(0, 1))
    );
    let mut elsewhere = earlier(&before, &first, Succession::Same);
    elsewhere.shown.table = 4;
    assert_eq!(
        publish(&second, &[elsewhere], three()),
        Err(SuppressionError::UnknownTable(4))
    );
}

#[test]
fn a_release_that_cannot_be_made_safe_is_refused_with_its_cells() {
    // The totals are known from elsewhere, and differ by two people.
    let both = vec![
        Dimension::group("d", ["a"]),
        Dimension::group("e", ["x", "y"]),
    ];
    let first = CountTable::new(both.clone(), &[30, 40]).unwrap();
    let second = CountTable::new(both, &[31, 41])
        .unwrap()
        .with_known_totals(1);
    let before = protect(&first, three(), ZeroPolicy::Publish).unwrap();
    let bound = earlier(&before, &first, Succession::Within);
    let refused = publish(&second, &[bound], three());
    assert_eq!(
        refused,
        Err(SuppressionError::UnsafeWithEarlier(vec![
            (0, vec![Some(0), None]),
            (0, vec![None, None])
        ]))
    );
}

#[test]
fn what_was_corrected_by_few_is_hidden_and_the_rest_stays() {
    let (first, second) = (table(&[50, 60, 70, 2, 4]), table(&[51, 60, 90, 2, 4]));
    let before = protect(&first, three(), ZeroPolicy::Publish).unwrap();
    assert_eq!(cells(&before)[3..5], [None, None]);
    let bound = earlier(&before, &first, Succession::Same);
    let safe = publish(&second, &[bound], three()).unwrap();
    let now = cells(&safe);
    // Changed by one; unchanged and shown; hidden before.
    assert_eq!(now[0], None);
    assert_eq!(now[1], Some(60));
    assert_eq!(now[3..5], [None, None]);
    let report = audit_with_earlier(
        &[safe],
        &LinkedTotals::default(),
        &[shown(&before, Succession::Same)],
    );
    assert!(report.is_clean(), "{:?}", report.weaknesses());
}

#[test]
fn what_was_hidden_before_is_not_shown_by_the_same_period_again() {
    let (first, second) = (table(&[2, 9, 60]), table(&[2, 9, 70]));
    let before = protect(&first, three(), ZeroPolicy::Publish).unwrap();
    assert_eq!(cells(&before), [None, None, Some(60), Some(71)]);
    // Another pattern, safe alone, shows the old cover and so the old count.
    let other = ProtectedTable::restored(
        first.dimensions().to_vec(),
        &[None, Some(9), None, Some(81)],
        three(),
        ZeroPolicy::Publish,
    )
    .unwrap();
    let links = LinkedTotals::default();
    assert!(audit_with_earlier(std::slice::from_ref(&other), &links, &[]).is_clean());
    let report = audit_with_earlier(&[other], &links, &[shown(&before, Succession::Same)]);
    assert!(report.weaknesses().iter().any(|weak| weak.table == 1));
    let bound = earlier(&before, &first, Succession::Same);
    let safe = publish(&second, &[bound], three()).unwrap();
    assert_eq!(cells(&safe), [None, None, Some(70), Some(81)]);
}

#[test]
fn linked_tables_keep_their_links_through_the_releases() {
    let youths = [table(&[30, 40]), table(&[33, 60])];
    let reached = [table(&[20, 12]), table(&[21, 30])];
    let missed = [table(&[10, 28]), table(&[12, 30])];
    let links = LinkedTotals {
        relations: vec![Relation::plain(0, vec![1, 2])],
        ..LinkedTotals::default()
    };
    let old = [youths[0].clone(), reached[0].clone(), missed[0].clone()];
    let new = [youths[1].clone(), reached[1].clone(), missed[1].clone()];
    let before = protect_linked(&old, &links, three(), ZeroPolicy::Publish).unwrap();
    let bound: Vec<EarlierTable> = before
        .iter()
        .zip(&old)
        .enumerate()
        .map(|(number, (published, counts))| EarlierTable {
            shown: EarlierShown {
                table: number,
                ..shown(published, Succession::Within)
            },
            counts: counts.clone(),
        })
        .collect();
    let safe = protect_with_earlier(&new, &links, &bound, three(), ZeroPolicy::Publish).unwrap();
    // One more was reached in the first group, two more were not.
    assert_eq!(safe[1].get(&[Some(0)]), Some(Cell::Suppressed));
    assert_eq!(safe[2].get(&[Some(0)]), Some(Cell::Suppressed));
    let before: Vec<EarlierShown> = bound.into_iter().map(|table| table.shown).collect();
    let report = audit_with_earlier(&safe, &links, &before);
    assert!(report.is_clean(), "{:?}", report.weaknesses());
}

/// The figures of a chain of releases of a table with one dimension. The leaves are the counts of
/// the first release and what came with each of the next.
fn chain(
    published: &[ProtectedTable],
    counts: &[CountTable],
    size: usize,
    threshold: u64,
) -> Vec<Figure> {
    let asked = |count: u64, hidden: bool| {
        let small = (1..threshold).contains(&count);
        if hidden && small { threshold - 1 } else { 0 }
    };
    let at = |cell: usize| if cell < size { Some(cell) } else { None };
    let leaves = |from: usize, to: usize, cell: usize| {
        let of = |release: usize| {
            (0..size)
                .filter(move |&leaf| cell == size || leaf == cell)
                .map(move |leaf| release * size + leaf)
        };
        (from..to).flat_map(of).collect::<Vec<_>>()
    };
    let mut figures = Vec::new();
    for later in 0..published.len() {
        let silent = published[later].hidden() == size + 1;
        for cell in 0..=size {
            let shown = cells(&published[later])[cell];
            let count = counts[later].get(&[at(cell)]).unwrap();
            figures.push(Figure {
                leaves: leaves(0, later + 1, cell),
                shown,
                // Of a breakdown that is not published nobody knows which cells are zero.
                floor: u64::from(!silent && !published[later].is_unpublished(cell)),
                asked: asked(count, shown.is_none()),
            });
            for sooner in 0..later {
                let difference = count - counts[sooner].get(&[at(cell)]).unwrap();
                let both = shown.zip(cells(&published[sooner])[cell]);
                let both = both.map(|(new, old)| new - old);
                assert!(
                    !(1..threshold).contains(&both.unwrap_or(0)),
                    "a small difference is shown"
                );
                figures.push(Figure {
                    leaves: leaves(sooner + 1, later + 1, cell),
                    shown: both,
                    floor: 0,
                    asked: asked(difference, both.is_none()),
                });
            }
        }
    }
    figures
}

/// `left_out`: how often of four the breakdown of a release is not published.
fn attack_chains(size: usize, releases: usize, everyday: u64, left_out: u64) {
    let threshold = three();
    let mut tried = 0;
    for seed in 0..rounds(everyday) {
        let mut dice = Dice(seed * 1_000 + size as u64 * 10 + releases as u64);
        let mut counts: Vec<CountTable> = Vec::new();
        let mut truth = dice.counts(size, 9);
        let mut now = truth.clone();
        for release in 0..releases {
            if release > 0 {
                let came = dice.counts(size, 6);
                for (cell, more) in now.iter_mut().zip(&came) {
                    *cell += more;
                }
                truth.extend(came);
            }
            let is_left_out = dice.below(4) < left_out;
            let groups = if is_left_out { 0..size } else { 0..0 };
            counts.push(table(&now).with_categories_unpublished(0, groups));
        }
        let mut published: Vec<ProtectedTable> = Vec::new();
        for release in 0..releases {
            let before: Vec<EarlierTable> = (0..release)
                .map(|old| EarlierTable {
                    shown: EarlierShown {
                        release: old,
                        relates: (old + 1..release)
                            .map(|other| (other, Succession::Within))
                            .collect(),
                        ..shown(&published[old], Succession::Within)
                    },
                    counts: counts[old].clone(),
                })
                .collect();
            let safe = publish(&counts[release], &before, threshold).unwrap();
            let before: Vec<EarlierShown> = before.into_iter().map(|table| table.shown).collect();
            let report = audit_with_earlier(
                std::slice::from_ref(&safe),
                &LinkedTotals::default(),
                &before,
            );
            assert!(report.is_clean(), "{seed} {:?}", report.weaknesses());
            published.push(safe);
        }
        let figures = chain(&published, &counts, size, threshold.get());
        if let Some(exposed) = exposed(&figures, &truth, 3) {
            tried += 1;
            assert!(
                exposed.is_empty(),
                "seed {seed}: {exposed:?} of {:?} as {:?}",
                counts,
                published.iter().map(cells).collect::<Vec<_>>()
            );
        }
    }
    assert!(
        tried * 10 >= rounds(everyday) * 9,
        "most of them can be tried"
    );
}

#[test]
fn two_releases_withstand_every_possibility() {
    attack_chains(2, 2, 200, 0);
    attack_chains(3, 2, 200, 0);
}

#[test]
fn a_year_of_releases_withstands_every_possibility() {
    attack_chains(2, 3, 120, 0);
    attack_chains(2, 4, 40, 0);
}

#[test]
fn breakdowns_that_are_left_out_of_some_releases_withstand_every_possibility() {
    attack_chains(2, 2, 200, 2);
    attack_chains(3, 2, 200, 2);
    attack_chains(2, 3, 120, 2);
}

#[test]
fn corrections_withstand_a_reader_who_takes_the_rest_for_unchanged() {
    let threshold = three();
    let size = 3;
    for seed in 0..rounds(300) {
        let mut dice = Dice(seed + 77_000);
        let old = dice.counts(size, 12);
        let mut new = old.clone();
        for cell in &mut new {
            match dice.below(4) {
                0 => *cell += dice.below(8),
                1 => *cell = cell.saturating_sub(dice.below(3)),
                _ => {}
            }
        }
        let (first, second) = (table(&old), table(&new));
        let before = protect(&first, threshold, ZeroPolicy::Publish).unwrap();
        let bound = earlier(&before, &first, Succession::Same);
        let safe = publish(&second, &[bound], threshold).unwrap();
        let (was, is) = (cells(&before), cells(&safe));
        for (was, is) in was.iter().zip(&is) {
            if let Some((was, is)) = was.zip(*is) {
                assert!(
                    !(1..3).contains(&was.abs_diff(is)),
                    "a small change is shown"
                );
            }
        }
        // As if all that is not visibly changed were unchanged: the leaves are the counts of the
        // first release and, where a figure is seen to have changed, those of the second.
        let unchanged = |cell: usize| match (was[cell], is[cell]) {
            (Some(was), Some(is)) => was == is,
            (None, Some(shown)) | (Some(shown), None) => shown > 0,
            (None, None) => true,
        };
        let mut truth = old.clone();
        let mut place = vec![0; size];
        for cell in 0..size {
            place[cell] = cell;
            if !unchanged(cell) {
                place[cell] = truth.len();
                truth.push(new[cell]);
            }
        }
        let of = |count: u64, hidden: bool| {
            if hidden && (1..3).contains(&count) {
                2
            } else {
                0
            }
        };
        let mut figures = Vec::new();
        for cell in 0..=size {
            let leaf = |leaves: &[usize]| {
                if cell < size {
                    vec![leaves[cell]]
                } else {
                    leaves.to_vec()
                }
            };
            let mut later = leaf(&place);
            later.sort_unstable();
            let own: Vec<usize> = (0..size).collect();
            let count = old.get(cell).copied().unwrap_or_else(|| old.iter().sum());
            let floor = |silent: bool| u64::from(!silent);
            figures.push(Figure {
                leaves: leaf(&own),
                shown: was[cell],
                floor: floor(was.iter().all(Option::is_none)),
                asked: of(count, was[cell].is_none()),
            });
            figures.push(Figure {
                leaves: later.clone(),
                shown: is[cell],
                floor: floor(is.iter().all(Option::is_none)),
                asked: 0,
            });
            if cell == size && unchanged(size) {
                // The sum is unchanged too, as far as anyone sees.
                figures.push(Figure {
                    leaves: later,
                    shown: was[cell],
                    floor: 0,
                    asked: 0,
                });
            }
        }
        // Where nothing agrees, the reader sees that something has changed.
        if let Some(exposed) = exposed(&figures, &truth, 14) {
            assert!(
                exposed.is_empty(),
                "seed {seed}: {exposed:?}, {old:?} {was:?}, then {new:?} {is:?}"
            );
        }
    }
}
