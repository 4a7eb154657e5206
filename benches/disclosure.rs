//! How long does it take to protect tables and to audit them, and how much is hidden?
//!
//! Random tables from fixed seeds: a table of 12 x 9 x 4 in several fillings, a hierarchical one, and
//! sixty linked tables of a municipality, alone and with the earlier releases of its year. Prints times
//! and the share of cells hidden. Whether the answers are right is tested elsewhere.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::time::Instant;

use kaa::statistics::succession::{EarlierShown, EarlierTable, Succession};
use kaa::statistics::suppression::{
    CountTable, Dimension, EventsOf, LinkedTotals, ProtectedTable, Relation, SuppressionError,
    Threshold, ZeroPolicy, protect, protect_with_earlier,
};
use kaa::statistics::suppression_audit::audit;

/// SplitMix64: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// True that often in a hundred.
    fn per_cent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

fn labels(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("c{number}")).collect()
}

fn main() -> Result<(), SuppressionError> {
    println!(
        "{:<44} {:>9} {:>9} {:>8} {:>7}",
        "tables", "protect", "audit", "cells", "hidden"
    );
    for (name, mean, empty) in [("sparse", 4, 40), ("everyday", 15, 15), ("dense", 120, 2)] {
        for seed in 1..=3 {
            let dimensions = vec![
                Dimension::group("area", labels(12)),
                Dimension::group("age", labels(9)),
                Dimension::outcome("outcome", labels(4)),
            ];
            let inner = filling(12 * 9 * 4, mean, empty, seed);
            let table = CountTable::new(dimensions, &inner)?;
            single(&format!("12 x 9 x 4, {name}, seed {seed}"), &table)?;
        }
    }
    for seed in 1..=3 {
        // Four districts with three areas each, three age groups with three years each.
        let dimensions = vec![
            tree("area", 4, 3),
            tree("age", 3, 3),
            Dimension::outcome("outcome", labels(4)),
        ];
        let table = CountTable::from_leaves(dimensions, &filling(12 * 9 * 4, 15, 15, seed))?;
        single(&format!("hierarchical 12 x 9 x 4, seed {seed}"), &table)?;
    }
    for youths in [90, 300, 700, 5_000, 100_000] {
        let town = Town::new(youths, youths as u64);
        let name = format!("60 linked tables, {youths} youths");
        let tables = town.tables(12)?;
        linked(&name, &tables, &[])?;
    }
    for youths in [300, 700] {
        let town = Town::new(youths, 7);
        let mut earlier: Vec<EarlierTable> = Vec::new();
        for (release, months) in [4, 6, 8, 12].into_iter().enumerate() {
            let tables = town.tables(months)?;
            let name =
                format!("60 linked tables, {youths} youths, {months} months, {release} earlier");
            let protected = linked(&name, &tables, &earlier)?;
            let before: Vec<usize> = (0..earlier.len()).collect();
            for other in before {
                let own = earlier.len() + earlier[other].shown.table;
                let shown = &mut earlier[other].shown;
                shown.relates.push((own, shown.succession));
            }
            for (table, (published, counts)) in protected.into_iter().zip(tables).enumerate() {
                earlier.push(EarlierTable {
                    shown: EarlierShown {
                        release,
                        table,
                        succession: Town::succession(table),
                        relates: Vec::new(),
                        published,
                    },
                    counts,
                });
            }
        }
    }
    Ok(())
}

/// Random counts around a mean, some per cent of them zero.
fn filling(cells: usize, mean: u64, empty: u64, seed: u64) -> Vec<u64> {
    let mut dice = Dice(seed);
    let cell = |_| {
        if dice.per_cent(empty) {
            return 0;
        }
        // Skewed, as counts of people are: many small, few large.
        let spread = 1 + dice.below(4) * dice.below(4);
        dice.below(mean * spread / 2 + 2)
    };
    (0..cells).map(cell).collect()
}

fn tree(name: &str, groups: usize, parts: usize) -> Dimension {
    let size = 1 + parts;
    let sums = (0..groups).map(|group| {
        let first = group * size;
        (first, (first + 1..first + size).collect())
    });
    Dimension::group(name, labels(groups * size)).with_subtotals(sums)
}

fn single(name: &str, table: &CountTable) -> Result<(), SuppressionError> {
    let start = Instant::now();
    let protected = protect(table, Threshold::default(), ZeroPolicy::Publish)?;
    let middle = Instant::now();
    let report = audit(std::slice::from_ref(&protected), &LinkedTotals::default());
    let end = Instant::now();
    let verdict = if report.is_clean() {
        ""
    } else {
        "  the audit alone could not prove all"
    };
    let cells = protected.cells().count();
    print_line(
        name,
        [start, middle, end],
        cells,
        protected.hidden(),
        verdict,
    );
    Ok(())
}

fn linked(
    name: &str,
    tables: &[CountTable],
    earlier: &[EarlierTable],
) -> Result<Vec<ProtectedTable>, SuppressionError> {
    let links = Town::links();
    let start = Instant::now();
    let protected = protect_with_earlier(
        tables,
        &links,
        earlier,
        Threshold::default(),
        ZeroPolicy::Publish,
    )?;
    let middle = Instant::now();
    // With earlier releases the audit from outside takes minutes and settles little more: left out.
    let report = earlier.is_empty().then(|| audit(&protected, &links));
    let end = Instant::now();
    let verdict = match report {
        Some(report) if !report.is_clean() => "  the audit alone could not prove all",
        Some(_) => "",
        None => "  audited while it was protected",
    };
    let cells = protected.iter().map(|table| table.cells().count()).sum();
    let hidden = protected.iter().map(ProtectedTable::hidden).sum();
    print_line(name, [start, middle, end], cells, hidden, verdict);
    Ok(protected)
}

fn print_line(
    name: &str,
    [start, middle, end]: [Instant; 3],
    cells: usize,
    hidden: usize,
    verdict: &str,
) {
    println!(
        "{name:<44} {:>6} ms {:>6} ms {cells:>8} {:>5.1} %{verdict}",
        (middle - start).as_millis(),
        (end - middle).as_millis(),
        100.0 * hidden as f64 / cells as f64,
    );
}

/// Sex, age group, area, track, reason, unit.
const DIVISIONS: [usize; 6] = [2, 4, 12, 3, 18, 6];
/// Persons, each with the number of those who are not.
const PERSON_MEASURES: usize = 20;
/// Events of the first of those measures.
const EVENT_MEASURES: usize = 19;

/// A youth: a category in every division, the month of entry, and for each measure the months of events.
struct Youth {
    categories: Vec<usize>,
    entered: u64,
    events: Vec<Vec<u64>>,
}

struct Town {
    youths: Vec<Youth>,
    /// How many categories each division has.
    divisions: Vec<usize>,
}

impl Town {
    fn new(youths: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let youth = |_| {
            let categories = DIVISIONS.map(|size| {
                // The first categories are the most common.
                let first = dice.below(size as u64);
                let second = dice.below(size as u64);
                first.min(second) as usize
            });
            let entered = if dice.per_cent(60) {
                0
            } else {
                1 + dice.below(12)
            };
            let events = (0..PERSON_MEASURES as u64).map(|measure| {
                let likely = 5 + measure * 4;
                let number = if dice.per_cent(likely) {
                    1 + dice.below(4)
                } else {
                    0
                };
                (0..number)
                    .map(|_| entered.max(1) + dice.below(13 - entered.max(1)))
                    .collect()
            });
            Youth {
                categories: categories.to_vec(),
                entered,
                events: events.collect(),
            }
        };
        let mut town = Self {
            youths: (0..youths).map(youth).collect(),
            divisions: Vec::new(),
        };
        town.pool();
        town
    }

    /// Puts the smallest categories of a division together until none has fewer than ten youths, as
    /// the catalogue does with those of the first release of a year.
    fn pool(&mut self) {
        for (division, size) in DIVISIONS.iter().enumerate() {
            let mut sizes = vec![0; *size];
            for youth in self.youths.iter().filter(|youth| youth.entered <= 4) {
                sizes[youth.categories[division]] += 1;
            }
            let mut order: Vec<usize> = (0..*size).collect();
            order.sort_by_key(|&category| sizes[category]);
            let mut pooled = 0;
            let mut together = 0;
            while pooled < *size && (sizes[order[pooled]] < 10 || (1..10).contains(&together)) {
                together += sizes[order[pooled]];
                pooled += 1;
            }
            let kept = &order[pooled..];
            for youth in &mut self.youths {
                let own = kept
                    .iter()
                    .position(|&category| category == youth.categories[division]);
                youth.categories[division] = own.unwrap_or(kept.len());
            }
            self.divisions.push(kept.len() + usize::from(pooled > 0));
        }
    }

    /// All youths; those with an event of each measure, and those without; the events.
    fn tables(&self, months: u64) -> Result<Vec<CountTable>, SuppressionError> {
        let categories: usize = self.divisions.iter().sum();
        let mut inner = vec![vec![0_u64; categories]; 1 + 2 * PERSON_MEASURES + EVENT_MEASURES];
        for youth in self.youths.iter().filter(|youth| youth.entered <= months) {
            let mut start = 0;
            for (size, category) in self.divisions.iter().zip(&youth.categories) {
                let cell = start + category;
                start += size;
                inner[0][cell] += 1;
                for (measure, events) in youth.events.iter().enumerate() {
                    let number = events.iter().filter(|&&month| month <= months).count() as u64;
                    inner[1 + measure][cell] += u64::from(number > 0);
                    inner[1 + PERSON_MEASURES + measure][cell] += u64::from(number == 0);
                    if measure < EVENT_MEASURES {
                        inner[1 + 2 * PERSON_MEASURES + measure][cell] += number;
                    }
                }
            }
        }
        let dimension =
            Dimension::divided("group", self.divisions.iter().map(|&size| labels(size)));
        inner
            .iter()
            .map(|inner| CountTable::new(vec![dimension.clone()], inner))
            .collect()
    }

    fn links() -> LinkedTotals {
        LinkedTotals {
            relations: (1..=PERSON_MEASURES)
                .map(|measure| Relation::plain(0, vec![measure, measure + PERSON_MEASURES]))
                .collect(),
            at_most: Vec::new(),
            events: (1..=EVENT_MEASURES)
                .map(|measure| EventsOf {
                    events: measure + 2 * PERSON_MEASURES,
                    persons: measure,
                })
                .collect(),
        }
    }

    /// Who has had no event yet may have one later: those are no part of the later ones.
    fn succession(table: usize) -> Succession {
        if (1 + PERSON_MEASURES..=2 * PERSON_MEASURES).contains(&table) {
            Succession::Apart
        } else {
            Succession::Within
        }
    }
}
