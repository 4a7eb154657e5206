//! Can anything small be read from a whole release, or computed across its tables? Attacked here from what is
//! published alone, with equations built anew and bounds of their own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use super::super::facts::AgeGroup;
use super::super::period::{Period, PeriodPart};
use super::super::release::StatisticsRelease;
use super::super::suppression_audit::audit;
use super::*;
use crate::domain::codes::LegalSex;
use crate::domain::id::Id;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A unit of so many youths in so many areas, the later areas smaller.
pub(in crate::statistics) fn unit(youths: u64, areas: u64, seed: u64) -> Facts {
    let mut numbers = Numbers(seed.wrapping_mul(7919).wrapping_add(1));
    let youths = (0..youths)
        .map(|_| {
            let attempts = if numbers.chance(85) {
                1 + numbers.below(6)
            } else {
                0
            };
            let reached = if attempts > 0 && numbers.chance(65) {
                1 + numbers.below(attempts)
            } else {
                0
            };
            let mut some = |percent| {
                if numbers.chance(percent) {
                    1 + numbers.below(2)
                } else {
                    0
                }
            };
            let (offered, accepted, started) = (some(45), some(30), some(22));
            let exit = numbers.chance(30).then(|| {
                let destination = numbers.below(Destination::ALL.len() as u64 + 1) as usize;
                let reason = numbers.below(DeregistrationReason::ALL.len() as u64 + 1) as usize;
                Exit {
                    reason: DeregistrationReason::ALL.get(reason).copied(),
                    destination: Destination::ALL.get(destination).copied(),
                }
            });
            let area = numbers.below(areas + 1).min(numbers.below(areas + 1));
            YouthFacts {
                sex: match numbers.below(100) {
                    0 => LegalSex::Unknown,
                    1..=45 => LegalSex::Female,
                    _ => LegalSex::Male,
                },
                age_group: AgeGroup::ALL[usize::from(numbers.chance(38))],
                area: (area > 0).then(|| format!("Område {area}")),
                attempts,
                reached,
                offered,
                accepted,
                started,
                exit,
            }
        })
        .collect();
    Facts {
        unit_id: Id::fresh(),
        period: Period::new(2026, PeriodPart::Tertial1)
            .unwrap()
            .counted_on("2026-06-01".parse().unwrap())
            .unwrap(),
        read_at: "2026-06-01T08:00:00Z".parse().unwrap(),
        youths,
    }
}

fn five() -> Threshold {
    Threshold::default()
}

/// Measure, outcome (destination or reason), and group with its division.
type Place = (&'static str, Option<String>, Option<(&'static str, String)>);

/// Every published figure once; the sums over all groups stand in three tables and must agree.
fn figures(tables: &[ReleaseTable]) -> BTreeMap<Place, Cell> {
    let mut figures = BTreeMap::new();
    for table in tables {
        for (at, cell) in &table.cells {
            let code = |number: usize| {
                let axis = &table.axes[number];
                at[number].map(|place| axis.categories[place].code.clone())
            };
            let group = code(at.len() - 1).map(|code| (table.division.name(), code));
            let outcome = if at.len() == 2 { code(0) } else { None };
            let before = figures.insert((table.measure.name(), outcome, group), *cell);
            assert!(before.is_none_or(|before| before == *cell));
        }
    }
    figures
}

type Row = (Vec<(usize, f64)>, ComparisonOp, f64);

/// What a reader does who has nothing but the release.
struct Reader {
    figures: BTreeMap<Place, Cell>,
    hidden: Vec<Place>,
    /// Terms and right-hand side; the left is equal to it or, for an inequality, at most it.
    rows: Vec<Row>,
    /// Whether no figure but those of outcomes is shown.
    is_blank: bool,
}

impl Reader {
    fn of(tables: &[ReleaseTable]) -> Self {
        let figures = figures(tables);
        let hidden = figures
            .iter()
            .filter(|(_, cell)| **cell == Cell::Suppressed);
        let mut linked = figures
            .iter()
            .filter(|((_, outcome, _), _)| outcome.is_none());
        let mut reader = Self {
            is_blank: linked.all(|(_, cell)| *cell == Cell::Suppressed),
            hidden: hidden.map(|(place, _)| place.clone()).collect(),
            figures,
            rows: Vec::new(),
        };
        let places: Vec<Place> = reader.figures.keys().cloned().collect();
        let outcomes = ["destinations", "deregistrationReasons"];
        for place in &places {
            let (measure, outcome, group) = place.clone();
            // Sums over the groups of each division.
            if group.is_none() {
                for division in ["sex", "ageGroup", "area"] {
                    let parts = places.iter().filter(|(m, o, g)| {
                        *m == measure
                            && *o == outcome
                            && g.as_ref().is_some_and(|(name, _)| *name == division)
                    });
                    let parts = parts.map(|part| (part.clone(), 1.0)).collect();
                    reader.equal(parts, place);
                }
            }
            // Sums over destinations, over reasons.
            if outcomes.contains(&measure) && outcome.is_none() {
                let parts = places
                    .iter()
                    .filter(|(m, o, g)| *m == measure && o.is_some() && *g == group);
                let parts = parts.map(|part| (part.clone(), 1.0)).collect();
                reader.equal(parts, place);
                // The same number is in the table of exits, save for groups put together.
                let exits: Place = ("personsExited", None, group.clone());
                if reader.figures.contains_key(&exits) {
                    reader.equal(vec![(exits, 1.0)], place);
                }
            }
            for (smaller, larger) in [
                ("personsAttempted", "youths"),
                ("personsReached", "personsAttempted"),
                ("personsOffered", "youths"),
                ("personsAccepted", "youths"),
                ("personsStarted", "youths"),
                ("personsExited", "youths"),
                ("personsAttempted", "contactAttempts"),
                ("personsReached", "contactsReached"),
                ("contactsReached", "contactAttempts"),
                ("personsOffered", "interventionsOffered"),
                ("personsAccepted", "interventionsAccepted"),
                ("personsStarted", "interventionsStarted"),
            ] {
                if measure == smaller {
                    let larger = (larger, None, group.clone());
                    reader.row(vec![(place.clone(), 1.0), (larger, -1.0)], ComparisonOp::Le);
                }
            }
        }
        reader
    }

    fn equal(&mut self, mut parts: Vec<(Place, f64)>, total: &Place) {
        parts.push((total.clone(), -1.0));
        self.row(parts, ComparisonOp::Eq);
    }

    fn row(&mut self, parts: Vec<(Place, f64)>, comparison: ComparisonOp) {
        let mut right = 0.0;
        let mut terms = Vec::new();
        for (place, factor) in parts {
            match self.figures[&place] {
                Cell::Count(count) => right -= factor * count as f64,
                Cell::Suppressed => {
                    terms.push((self.hidden.binary_search(&place).unwrap(), factor));
                }
            }
        }
        if terms.is_empty() {
            let holds = match comparison {
                ComparisonOp::Eq => right == 0.0,
                _ => right >= 0.0,
            };
            assert!(holds, "the figures contradict each other");
        } else {
            self.rows.push((terms, comparison, right));
        }
    }

    /// Smallest and largest value of a hidden figure that the reader cannot rule out.
    fn bounds(&self, target: usize) -> (f64, f64) {
        let bound = |direction| {
            let mut problem = Problem::new(direction);
            let variables: Vec<Variable> = self
                .hidden
                .iter()
                .enumerate()
                .map(|(number, (_, outcome, _))| {
                    let weight = if number == target { 1.0 } else { 0.0 };
                    // Zeros are published, except among outcomes and where nothing is.
                    let may_be_zero = outcome.is_some() || self.is_blank;
                    let low = if may_be_zero { 0.0 } else { 1.0 };
                    problem.add_var(weight, (low, 1e6))
                })
                .collect();
            for (terms, comparison, right) in &self.rows {
                let terms: Vec<(Variable, f64)> = terms
                    .iter()
                    .map(|&(number, factor)| (variables[number], factor))
                    .collect();
                problem.add_constraint(terms.as_slice(), *comparison, *right);
            }
            problem
                .solve()
                .unwrap()
                .into_solution()
                .unwrap()
                .objective()
        };
        (
            bound(OptimizationDirection::Minimize),
            bound(OptimizationDirection::Maximize),
        )
    }
}

/// Nothing small is shown, nothing small is the difference of what is shown, and no hidden figure can be bounded
/// more narrowly than promised.
fn withstands(facts: &Facts, threshold: Threshold) {
    let protected = protect_all(facts, threshold).unwrap();
    assert!(audit(&protected.linked, &links()).is_clean());
    for outcome in &protected.outcomes {
        if let Shown::Table(table) = &outcome.shown {
            assert!(audit(std::slice::from_ref(table), &LinkedTotals::default()).is_clean());
        }
    }
    let reader = Reader::of(&protected.publish());
    let few = 1..threshold.get();
    for (place, cell) in &reader.figures {
        if let Cell::Count(count) = cell {
            assert!(!few.contains(count), "{place:?} shows {count}");
        }
    }
    for (part, whole) in [
        ("personsAttempted", "youths"),
        ("personsReached", "youths"),
        ("personsReached", "personsAttempted"),
        ("personsOffered", "youths"),
        ("personsAccepted", "youths"),
        ("personsStarted", "youths"),
        ("personsExited", "youths"),
    ] {
        for ((measure, outcome, group), cell) in &reader.figures {
            let whole = (whole, outcome.clone(), group.clone());
            if let (true, Cell::Count(less), Some(Cell::Count(more))) =
                (*measure == part, *cell, reader.figures.get(&whole).copied())
            {
                assert!(!few.contains(&(more - less)), "{part} {group:?}");
            }
        }
    }
    for (persons, events) in [
        ("personsAttempted", "contactAttempts"),
        ("personsReached", "contactsReached"),
        ("personsOffered", "interventionsOffered"),
        ("personsAccepted", "interventionsAccepted"),
        ("personsStarted", "interventionsStarted"),
    ] {
        for ((measure, _, group), cell) in &reader.figures {
            if *measure == persons && *cell == Cell::Suppressed {
                let events = reader.figures[&(events, None, group.clone())];
                assert_eq!(events, Cell::Suppressed, "{persons} {group:?}");
            }
        }
    }
    for (number, place) in reader.hidden.iter().enumerate() {
        let (low, high) = reader.bounds(number);
        let width = (threshold.get() - 1) as f64;
        assert!(high - low > width - 1e-6, "{place:?} is {low}..{high}");
    }
}

fn shown(tables: &[ReleaseTable], measure: Measure) -> (usize, usize) {
    let cells = tables
        .iter()
        .filter(|table| table.measure == measure)
        .flat_map(|table| &table.cells);
    let open = cells.clone().filter(|(_, cell)| *cell != Cell::Suppressed);
    (open.count(), cells.count())
}

#[test]
fn an_everyday_unit_keeps_most_figures_and_is_quick() {
    let facts = unit(400, 8, 1);
    let begun = Instant::now();
    let release = StatisticsRelease::of(&facts, five()).unwrap();
    // Without optimisation, on a busy machine; with it this takes some hundredths of a second.
    assert!(begun.elapsed() < Duration::from_secs(10));
    for measure in [
        Measure::Youths,
        Measure::Reached,
        Measure::Offered,
        Measure::Started,
    ] {
        let (open, all) = shown(&release.tables, measure);
        assert!(open * 10 >= all * 7, "{measure:?}: {open} of {all}");
    }
    let figures = figures(&release.tables);
    assert_eq!(figures[&("youths", None, None)], Cell::Count(400));
    let exits = facts.youths.iter().filter(|youth| youth.exit.is_some());
    assert_eq!(
        figures[&("destinations", None, None)],
        Cell::Count(exits.count() as u64)
    );
    // Where they went is told of all of them, if of few groups.
    for destination in Destination::ALL {
        let sum = &figures[&("destinations", Some(destination.code().to_owned()), None)];
        assert!(matches!(sum, Cell::Count(_)), "{destination:?}");
    }
    withstands(&facts, five());
}

#[test]
fn the_same_facts_give_the_same_release_in_any_order() {
    let facts = unit(150, 6, 3);
    let mut other = facts.clone();
    other.youths.reverse();
    let first = StatisticsRelease::of(&facts, five()).unwrap();
    let second = StatisticsRelease::of(&other, five()).unwrap();
    assert_eq!(first.tables, second.tables);
}

#[test]
fn a_unit_without_youths_publishes_zeros() {
    let release = StatisticsRelease::of(&unit(0, 3, 1), five()).unwrap();
    assert!(
        release
            .tables
            .iter()
            .flat_map(|table| &table.cells)
            .all(|(_, cell)| *cell == Cell::Count(0))
    );
    assert_eq!(release.tables.len(), 3 * Measure::ALL.len());
}

#[test]
fn a_handful_of_youths_publishes_nothing_of_them() {
    withstands(&unit(4, 2, 5), five());
    let release = StatisticsRelease::of(&unit(4, 2, 5), five()).unwrap();
    assert_eq!(
        figures(&release.tables)[&("youths", None, None)],
        Cell::Suppressed
    );
}

#[test]
fn a_small_area_does_not_appear_by_name_and_one_person_of_unknown_sex_hides_nobody() {
    let mut facts = unit(120, 2, 9);
    for (number, youth) in facts.youths.iter_mut().enumerate() {
        youth.sex = if number == 7 {
            LegalSex::Unknown
        } else {
            LegalSex::ALL[number % 2]
        };
        youth.area = Some(
            match number {
                0..3 => "Storgatan 5",
                3..60 => "Hallonbergen",
                60..70 => " hallonbergen ",
                _ => "Rissne",
            }
            .to_owned(),
        );
    }
    let release = StatisticsRelease::of(&facts, five()).unwrap();
    let figures = figures(&release.tables);
    let group = |division, code: &str| ("youths", None, Some((division, code.to_owned())));
    assert!(!format!("{:?}", release.tables).contains("Storgatan"));
    // The smallest named area joins those that are too small.
    assert_eq!(figures[&group("area", "Hallonbergen")], Cell::Count(67));
    assert_eq!(figures[&group("area", "other")], Cell::Count(53));
    assert_eq!(figures[&group("sex", "female")], Cell::Count(60));
    assert_eq!(figures[&group("sex", "male_or_unknown")], Cell::Count(60));
    withstands(&facts, five());
}

#[test]
fn all_who_left_to_the_same_destination_are_not_told_apart() {
    let mut facts = unit(60, 1, 2);
    for (number, youth) in facts.youths.iter_mut().enumerate() {
        youth.exit = (number < 12).then_some(Exit {
            reason: Some(DeregistrationReason::NotRegisteredHere),
            destination: Some(Destination::Work),
        });
    }
    let release = StatisticsRelease::of(&facts, five()).unwrap();
    let figures = figures(&release.tables);
    assert_eq!(figures[&("destinations", None, None)], Cell::Count(12));
    assert_eq!(
        figures[&("destinations", Some("work".to_owned()), None)],
        Cell::Suppressed
    );
    withstands(&facts, five());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_release_gives_anybody_away(
        youths in 0..160_u64,
        areas in 1..7_u64,
        seed in any::<u32>(),
        threshold in 3..7_u64,
    ) {
        withstands(&unit(youths, areas, u64::from(seed)), Threshold::new(threshold).unwrap());
    }
}
