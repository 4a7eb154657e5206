//! How are people spread over what became of them? Tables of groups by outcome, whose sums are known from a table of a linked
//! set: they are broken down no further than that sum is published, and hold it as known, so that nothing can be computed
//! across. How cells are hidden is decided in `suppression`.

use super::document::{Category, Words};
use super::earlier::Past;
use super::groups::{Grouped, category, smallest_together, words};
use super::linked::{ProtectedSet, everybody, groups_of, numbered};
use super::record::{DURATIONS, ELSEWHERE, LAPSED, NOT_ELSEWHERE, NOT_STATED};
use super::suppression::{
    Cell, CountTable, Dimension, LinkedTotals, ProtectedTable, SuppressionError, Threshold,
    ZeroPolicy, protect_with_earlier,
};
use super::tally::{ByOutcome, Division, OutcomeTally, Tallies, Tally};
use crate::domain::codes::{
    Code, DeregistrationReason, Destination, EndReason, Measure, Occupation,
};

/// Work, and the kinds of education that somebody leaves for.
const DESTINATIONS: [Destination; 6] = [
    Destination::Work,
    Destination::UpperSecondary,
    Destination::Komvux,
    Destination::FolkHighSchool,
    Destination::HigherEducation,
    Destination::OtherEducation,
];
/// The code of the groups whose sum is hidden, together.
const REMAINING: &str = "remaining";
/// How much more it says what became of all than what became of a group.
const WORTH_OF_A_SUM: usize = 20;

/// What an outcome is called and which there are.
#[derive(Debug, Clone)]
pub(super) struct OutcomeAxis {
    pub(super) name: &'static str,
    pub(super) label: Words,
    pub(super) categories: Vec<Category>,
}

impl OutcomeTally {
    /// The table of the people whom an outcome divides.
    pub(super) const fn people(self) -> Tally {
        match self {
            Self::Reasons => Tally::Exited,
            Self::Destinations | Self::Mobility => Tally::ToWorkOrEducation,
            Self::Occupations => Tally::Present,
            Self::Kinds => Tally::Participants,
            Self::EndReasons | Self::Durations => Tally::Ended,
            Self::DaysToOffer => Tally::KaaOffered,
        }
    }

    /// Whether each of the people is counted once, so that the sums are the numbers of people.
    const fn counts_once(self) -> bool {
        !matches!(self, Self::Kinds)
    }

    /// What stands along it.
    pub(super) fn axis(self) -> OutcomeAxis {
        let not_stated = category(NOT_STATED, "Uppgift saknas", "Not stated");
        let (name, label, categories) = match self {
            Self::Reasons => (
                "deregistrationReason",
                ("Avregistreringsorsak", "Reason for deregistration"),
                with(words(DeregistrationReason::ALL), not_stated),
            ),
            Self::Destinations => (
                "destination",
                ("Destination", "Destination"),
                words(&DESTINATIONS),
            ),
            Self::Mobility => (
                "place",
                ("Ort", "Place"),
                vec![
                    category(ELSEWHERE, "På annan ort", "In another place"),
                    category(
                        NOT_ELSEWHERE,
                        "På orten, eller uppgift saknas",
                        "In the same place, or not stated",
                    ),
                ],
            ),
            Self::Occupations => (
                "occupation",
                ("Sysselsättning", "Occupation"),
                with(
                    words(Occupation::ALL),
                    category(LAPSED, "Inte bekräftad i tid", "Not confirmed in time"),
                ),
            ),
            Self::Kinds => (
                "intervention",
                ("Insats", "Intervention"),
                words(Measure::ALL),
            ),
            Self::EndReasons => (
                "endReason",
                ("Avslutsorsak", "Reason for the end"),
                with(words(EndReason::ALL), not_stated),
            ),
            Self::Durations => (
                "duration",
                ("Längd", "Duration"),
                with(durations(), not_stated),
            ),
            Self::DaysToOffer => ("days", ("Dagar", "Days"), Vec::new()),
        };
        OutcomeAxis {
            name,
            label: label.into(),
            categories,
        }
    }
}

fn with(mut categories: Vec<Category>, last: Category) -> Vec<Category> {
    categories.push(last);
    categories
}

fn durations() -> Vec<Category> {
    let words = [
        ("Under 4 veckor", "Under 4 weeks"),
        ("4 veckor till 3 månader", "4 weeks to 3 months"),
        ("3 till 6 månader", "3 to 6 months"),
        ("6 månader eller mer", "6 months or more"),
    ];
    DURATIONS
        .iter()
        .zip(words)
        .map(|((code, _), (sv, en))| category(code, sv, en))
        .collect()
}

/// How people are spread over an outcome, protected.
pub(super) struct ProtectedOutcome {
    pub(super) tally: OutcomeTally,
    pub(super) axis: OutcomeAxis,
    /// The divisions as far as the sums are published.
    pub(super) divisions: Vec<Grouped>,
    pub(super) shown: ShownOutcome,
}

pub(super) enum ShownOutcome {
    /// Group by outcome.
    Table(Box<CountTable>, Box<ProtectedTable>),
    /// Nothing but the sums known from the linked set, in the order of the groups, that of all last.
    SumsOnly(Vec<Cell>),
}

impl ProtectedOutcome {
    /// Counts and protects an outcome by some divisions, together with what earlier releases have shown of it: what they had
    /// together is not split again.
    pub(super) fn of(
        tally: OutcomeTally,
        divisions: &[Division],
        tallies: &Tallies,
        linked: &ProtectedSet,
        past: &Past<'_>,
        threshold: Threshold,
    ) -> Result<Self, SuppressionError> {
        let axis = tally.axis();
        let earlier = past.last().and_then(|last| last.behind.set(tally.name()));
        let earlier = earlier.map(|set| set.divisions.as_slice());
        let people = Parent {
            linked,
            tally: tally.people(),
            is_sum: tally.counts_once(),
            least: threshold.get(),
        };
        let total = linked.cell(tally.people(), None);
        let chosen: Vec<(&Grouped, std::ops::Range<usize>)> = linked
            .numbered()
            .filter(|(one, _)| divisions.contains(&one.division) || one.place_of.is_empty())
            .collect();
        if total == Cell::Suppressed {
            let numbers = chosen.iter().flat_map(|(_, numbers)| numbers.clone());
            let sums = numbers.map(|number| people.sum(Some(number)));
            return Ok(Self {
                tally,
                axis,
                divisions: chosen.iter().map(|(one, _)| (*one).clone()).collect(),
                shown: ShownOutcome::SumsOnly(sums.chain([total]).collect()),
            });
        }
        let mut divisions: Vec<Grouped> = chosen
            .into_iter()
            .map(|(one, numbers)| people.coarser(one, numbers, earlier))
            .collect();
        divisions = past.told(tally.name(), divisions);
        if divisions.is_empty() {
            divisions.push(everybody());
        }
        let mut inner = Vec::new();
        let mut sums = Vec::new();
        for one in &divisions {
            for row in spread(tally, one, &axis, tallies) {
                let sum = row.iter().sum();
                sums.push(if tally.counts_once() || sum == 0 {
                    Cell::Count(sum)
                } else {
                    Cell::Suppressed
                });
                inner.extend(row);
            }
        }
        sums.push(people.sum(None));
        let codes: Vec<String> = axis.categories.iter().map(|one| one.code.clone()).collect();
        // That nobody went elsewhere is no secret of anybody's.
        let outcomes = Dimension::outcome(axis.name, codes)
            .with_uniform_rows_hidden(tally != OutcomeTally::Mobility);
        // How many they are is known from the linked set.
        let dimensions = vec![groups_of(&divisions), outcomes];
        let mut table = CountTable::new(dimensions, &inner)?;
        if tally.counts_once() {
            table = table.with_known_totals(1);
        }
        let codes: Vec<String> = axis.categories.iter().map(|one| one.code.clone()).collect();
        let new = std::slice::from_ref(&table);
        let names = [tally.name().to_owned()];
        // What somebody does on the last day says nothing of another day.
        let grows = |_: &str| tally != OutcomeTally::Occupations;
        let earlier = past.tables_of(tally.name(), &names, &divisions, &codes, grows, new)?;
        let mut best = (0, ShownOutcome::SumsOnly(sums));
        // In a small register the finest breakdown leaves nothing unhidden, the sums included. It is withheld then, and
        // the next one if that is not enough, so that at least what became of all can be shown.
        let mut finest_first: Vec<_> = numbered(&divisions).map(|(_, numbers)| numbers).collect();
        finest_first.reverse();
        for withheld in std::iter::once(0..0).chain(finest_first) {
            table = table.with_rows_withheld(0, withheld);
            let protected = protect_with_earlier(
                std::slice::from_ref(&table),
                &LinkedTotals::default(),
                &earlier.tables,
                threshold,
                ZeroPolicy::Publish,
            );
            let protected = match protected.map(|mut tables| tables.pop()) {
                Ok(Some(protected)) => protected,
                Ok(None)
                | Err(SuppressionError::Unsafe | SuppressionError::UnsafeWithEarlier(_)) => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (told, could_be_told) = worth(&table, &protected);
            if told > best.0 {
                let shown = ShownOutcome::Table(Box::new(table.clone()), Box::new(protected));
                best = (told, shown);
            }
            // Nothing can be gained by withholding more once all that became of all is told.
            if told >= could_be_told {
                break;
            }
        }
        Ok(Self {
            tally,
            axis,
            divisions,
            shown: best.1,
        })
    }

    /// The cell of a group (its number among all groups) and an outcome, or of all.
    pub(super) fn cell(&self, group: Option<usize>, outcome: Option<usize>) -> Cell {
        let cell = match &self.shown {
            ShownOutcome::Table(_, table) => table.get(&[group, outcome]),
            ShownOutcome::SumsOnly(sums) => {
                let sum = match group {
                    Some(group) => sums.get(group),
                    None => sums.last(),
                };
                // Where nobody is, nobody came to anything.
                sum.copied()
                    .filter(|sum| outcome.is_none() || *sum == Cell::Count(0))
            }
        };
        cell.unwrap_or(Cell::Suppressed)
    }
}

/// How much a table tells, and how much it would tell if every sum over all groups were shown.
fn worth(table: &CountTable, protected: &ProtectedTable) -> (usize, usize) {
    let mut told = 0;
    let mut could_be_told = 0;
    for (at, cell) in protected.cells() {
        let is_count = table.get(&at).is_some_and(|count| count > 0);
        let worth = match at.as_slice() {
            [None, Some(_)] if is_count => WORTH_OF_A_SUM,
            [Some(_), Some(_)] if is_count => 1,
            _ => 0,
        };
        if worth == WORTH_OF_A_SUM {
            could_be_told += worth;
        }
        if cell != Cell::Suppressed {
            told += worth;
        }
    }
    (told, could_be_told)
}

/// The counts of a division: a row for each category, a column for each outcome.
fn spread(
    tally: OutcomeTally,
    one: &Grouped,
    axis: &OutcomeAxis,
    tallies: &Tallies,
) -> Vec<Vec<u64>> {
    let mut rows = vec![vec![0_u64; axis.categories.len()]; one.categories.len()];
    let mut add = |row: usize, by: &ByOutcome| {
        for (column, category) in axis.categories.iter().enumerate() {
            let cell = rows.get_mut(row).and_then(|row| row.get_mut(column));
            if let (Some(cell), Some(count)) = (cell, by.get(&category.code)) {
                *cell += count;
            }
        }
    };
    if one.place_of.is_empty() {
        if let Some(by) = tallies.outcome_total(tally) {
            add(0, by);
        }
        return rows;
    }
    for (key, by) in tallies
        .outcome_by(tally, one.division)
        .into_iter()
        .flatten()
    {
        if let Some(place) = one.place_of.get(key) {
            add(*place, by);
        }
    }
    rows
}

/// The people of an outcome, as far as the linked set tells of them.
struct Parent<'a> {
    linked: &'a ProtectedSet,
    tally: Tally,
    /// Whether their number is the sum of the outcomes.
    is_sum: bool,
    least: u64,
}

impl Parent<'_> {
    /// The sum of a row as far as it is known from the linked set.
    fn sum(&self, group: Option<usize>) -> Cell {
        let people = self.linked.cell(self.tally, group);
        if self.is_sum || people == Cell::Count(0) {
            people
        } else {
            Cell::Suppressed
        }
    }

    /// A division with every category put together of which the number of people is hidden. A reader can form the sum
    /// of those by subtraction, so the category must not be small either; then a category that is shown joins it.
    fn coarser(
        &self,
        one: &Grouped,
        numbers: std::ops::Range<usize>,
        earlier: Option<&[Grouped]>,
    ) -> Grouped {
        // As if those hidden were too small to stand alone.
        let sizes: Vec<u64> = numbers
            .clone()
            .map(|number| self.linked.count(self.tally, Some(number)))
            .collect();
        let mut pool: Vec<usize> = numbers
            .enumerate()
            .filter(|(_, number)| self.linked.cell(self.tally, Some(*number)) == Cell::Suppressed)
            .map(|(place, _)| place)
            .chain(put_together_before(one, earlier))
            .collect();
        pool.sort_unstable();
        pool.dedup();
        let together: u64 = pool.iter().filter_map(|&place| sizes.get(place)).sum();
        if (1..self.least).contains(&together) {
            let with_sum: Vec<u64> = sizes
                .iter()
                .enumerate()
                .map(|(place, &size)| if pool.contains(&place) { 0 } else { size })
                .chain([together])
                .collect();
            let joined = smallest_together(&with_sum, self.least);
            pool.extend(joined.into_iter().filter(|&place| place < sizes.len()));
            pool.sort_unstable();
            pool.dedup();
        }
        regrouped(one, &pool)
    }
}

/// The categories that an earlier release of the year had together: were they shown apart now, the difference would be told.
fn put_together_before(one: &Grouped, earlier: Option<&[Grouped]>) -> Vec<usize> {
    let mut divisions = earlier.into_iter().flatten();
    let Some(before) = divisions.find(|before| before.division == one.division) else {
        return Vec::new();
    };
    let codes: Vec<&str> = before
        .categories
        .iter()
        .map(|category| category.code.as_str())
        .collect();
    if !codes.contains(&REMAINING) {
        return Vec::new();
    }
    let places = one.categories.iter().enumerate();
    places
        .filter(|(_, category)| !codes.contains(&category.code.as_str()))
        .map(|(place, _)| place)
        .collect()
}

fn regrouped(one: &Grouped, pool: &[usize]) -> Grouped {
    let mut categories = Vec::new();
    let mut place = vec![0; one.categories.len()];
    for (number, category) in one.categories.iter().enumerate() {
        if !pool.contains(&number) {
            if let Some(slot) = place.get_mut(number) {
                *slot = categories.len();
            }
            categories.push(category.clone());
        }
    }
    for &number in pool {
        if let Some(slot) = place.get_mut(number) {
            *slot = categories.len();
        }
    }
    if !pool.is_empty() {
        categories.push(category(
            REMAINING,
            "Övriga tillsammans",
            "The others together",
        ));
    }
    Grouped {
        division: one.division,
        categories,
        place_of: one
            .place_of
            .iter()
            .map(|(key, number)| (key.clone(), place.get(*number).copied().unwrap_or(0)))
            .collect(),
    }
}
