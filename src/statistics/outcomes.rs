//! How are people spread over what became of them? Tables of groups by outcome, whose sums are known from a table of a linked
//! set: they are broken down no further than that sum is published, and hold it as known, so that nothing can be computed
//! across. How cells are hidden is decided in `suppression`.

use super::breakdown::{Told, Worth, best};
use super::divisions::{Divisions, Group, Kept, alone, groups_of, placed};
use super::document::{Category, Words};
use super::earlier::Past;
use super::groups::{Grouped, category, smallest_together, words};
use super::lineage::Lineage;
use super::linked::ProtectedSet;
use super::record::{DURATIONS, ELSEWHERE, LAPSED, NOT_ELSEWHERE, NOT_STATED};
use super::suppression::{
    Cell, CountTable, Dimension, LinkedTotals, ProtectedTable, SuppressionError, Threshold,
    ZeroPolicy, protect_if_safe,
};
use super::tally::{ByOutcome, Division, OutcomeTally, Tallies, Tally};
use crate::domain::codes::{
    Code, DeregistrationReason, Destination, EndReason, Measure, Occupation,
};
use std::collections::BTreeMap;
use std::ops::Range;

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
    pub(super) const fn counts_once(self) -> bool {
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
    /// The divisions as far as the sums are published, and those by which only earlier releases have shown it.
    pub(super) divisions: Divisions,
    pub(super) shown: ShownOutcome,
}

pub(super) enum ShownOutcome {
    /// Group by outcome.
    Table(Box<OutcomeTable>),
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
        let earlier = past.last_of(tally.name());
        let earlier = earlier.map(|set| set.divisions.as_slice());
        let keys = |division| {
            let by = tallies.outcome_by(tally, division);
            by.into_iter().flat_map(BTreeMap::keys)
        };
        let in_past = |own: &[Grouped]| Divisions::of(tally.name(), own, past, keys);
        let people = Parent {
            linked,
            tally: tally.people(),
            is_sum: tally.counts_once(),
            least: threshold.get(),
        };
        let total = linked.cell(tally.people(), None);
        let chosen: Vec<(&Grouped, Range<usize>)> = linked
            .published(&[tally.people()])
            .filter(|(one, _)| divisions.contains(&one.division) || one.place_of.is_empty())
            .collect();
        if total == Cell::Suppressed {
            let numbers = chosen.iter().flat_map(|(_, numbers)| numbers.clone());
            let sums = numbers.map(|number| people.sum(Some(number)));
            let own: Vec<Grouped> = chosen.iter().map(|(one, _)| (*one).clone()).collect();
            return Ok(Self {
                tally,
                axis,
                divisions: in_past(&own),
                shown: ShownOutcome::SumsOnly(sums.chain([total]).collect()),
            });
        }
        let own: Vec<Grouped> = chosen
            .into_iter()
            .map(|(one, numbers)| people.coarser(one, numbers, earlier))
            .collect();
        let divisions = in_past(&past.told(tally.name(), own));
        let whole = Outcome {
            tally,
            axis: &axis,
            tallies,
            past,
            people: &people,
            divisions: &divisions,
            threshold,
        };
        let shown = best((divisions.own().count(), 1), |is_published| {
            whole.attempt(is_published)
        })?;
        let counts = whole.counted(&alone(&divisions.now()))?;
        let finest = divisions.finest();
        let finest = finest.map(|finest| whole.counted(&alone(&finest)));
        let shown = match shown {
            Some(shown) => ShownOutcome::Table(Box::new(OutcomeTable {
                counts,
                finest: finest.transpose()?,
                ..shown
            })),
            None => {
                let groups = divisions.own().flat_map(|(_, groups)| groups);
                let sums = groups.map(|group| match counts.get(&[Some(group), None]) {
                    Some(sum) if tally.counts_once() || sum == 0 => Cell::Count(sum),
                    _ => Cell::Suppressed,
                });
                ShownOutcome::SumsOnly(sums.chain([people.sum(None)]).collect())
            }
        };
        Ok(Self {
            tally,
            axis,
            divisions,
            shown,
        })
    }

    /// The cell of a group (its number among all groups) and an outcome, or of all.
    pub(super) fn cell(&self, group: Option<usize>, outcome: Option<usize>) -> Cell {
        let cell = match &self.shown {
            ShownOutcome::Table(table) => Some(table.cell(group, outcome)),
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

    /// Each division by which something is published, with the numbers of its categories among all groups.
    pub(super) fn published(&self) -> impl Iterator<Item = (&Grouped, Range<usize>)> {
        let unpublished = self.unpublished();
        let all = self.divisions.own().enumerate();
        all.filter(move |(number, _)| !unpublished.contains(number))
            .map(|(_, one)| one)
    }

    /// The numbers of the divisions by which nothing is published.
    pub(super) fn unpublished(&self) -> Vec<usize> {
        let is_published = match &self.shown {
            ShownOutcome::Table(table) => table.is_published.as_slice(),
            ShownOutcome::SumsOnly(_) => &[],
        };
        let divisions = 0..self.divisions.all.len();
        let is_left_out = |number: &usize| is_published.get(*number) == Some(&false);
        divisions
            .filter(|number| self.divisions.is_gone(*number) || is_left_out(number))
            .collect()
    }

    /// How far apart the counts lie that the least protected hidden cell can have.
    pub(super) fn narrowest(&self) -> Option<u64> {
        match &self.shown {
            ShownOutcome::Table(table) => table.narrowest,
            ShownOutcome::SumsOnly(_) => None,
        }
    }
}

/// An outcome by groups, as it may be published.
pub(super) struct OutcomeTable {
    /// By which divisions.
    is_published: Vec<bool>,
    kept: Kept,
    /// The true counts by all divisions, also those that are not published.
    pub(super) counts: CountTable,
    /// The same in the finest groups, where there are finer ones.
    pub(super) finest: Option<CountTable>,
    shown: ProtectedTable,
    narrowest: Option<u64>,
}

impl OutcomeTable {
    /// The cell of a group (its number among all groups) and an outcome, or of all.
    pub(super) fn cell(&self, group: Option<usize>, outcome: Option<usize>) -> Cell {
        // How many there are in a row that is not kept is told elsewhere, what became of them is not told.
        let place = self.kept.place(group);
        let cell = place.and_then(|place| self.shown.get(&[place, outcome]));
        cell.unwrap_or(Cell::Suppressed)
    }

    /// Which cells of the counts a reader has, in their order.
    pub(super) fn is_shown(&self, counts_once: bool, divisions: &Divisions) -> Vec<bool> {
        let dimensions = self.counts.dimensions();
        let along = |number: usize| {
            let length = dimensions.get(number).map_or(0, Dimension::categories);
            (0..length).map(Some).chain([None])
        };
        along(0)
            .flat_map(|group| along(1).map(move |outcome| (group, outcome)))
            .map(|(group, outcome)| {
                // The sum of a row is known from the linked set, also where the row is not published.
                let is_of_now = group.is_some_and(|group| divisions.group(group) != Group::Earlier);
                let is_known = counts_once && is_of_now && outcome.is_none();
                is_known || self.cell(group, outcome) != Cell::Suppressed
            })
            .collect()
    }
}

/// An outcome that is to be protected.
struct Outcome<'a> {
    tally: OutcomeTally,
    axis: &'a OutcomeAxis,
    tallies: &'a Tallies,
    past: &'a Past<'a>,
    people: &'a Parent<'a>,
    divisions: &'a Divisions,
    threshold: Threshold,
}

impl Outcome<'_> {
    fn codes(&self) -> Vec<String> {
        let categories = self.axis.categories.iter();
        categories.map(|one| one.code.clone()).collect()
    }

    /// The counts by some divisions.
    fn counted(&self, lineages: &[Lineage]) -> Result<CountTable, SuppressionError> {
        let rows = lineages.iter().flat_map(|lineage| {
            lineage.summed(&spread(
                self.tally,
                &lineage.finest,
                self.axis,
                self.tallies,
            ))
        });
        let inner: Vec<u64> = rows.flatten().collect();
        // That nobody went elsewhere is no secret of anybody's.
        let outcomes = Dimension::outcome(self.axis.name, self.codes())
            .with_uniform_rows_hidden(self.tally != OutcomeTally::Mobility);
        CountTable::new(vec![groups_of(lineages), outcomes], &inner)
    }

    /// How many people there are in a row is known from the linked set, as far as it shows the group or those that are left when
    /// all it shows are taken away.
    fn with_known(&self, mut table: CountTable, kept: &Kept) -> CountTable {
        if !self.tally.counts_once() {
            return table;
        }
        table = table.with_known_totals(1);
        for (place, group) in kept.groups() {
            if group == Group::Earlier && !self.people.shows(kept, place) {
                table = table.with_category_unknown(0, place);
            }
        }
        table
    }

    /// Protects it by some of the divisions, together with what earlier releases have shown of it.
    fn attempt(
        &self,
        is_published: &[bool],
    ) -> Result<Option<(OutcomeTable, Worth)>, SuppressionError> {
        let name = self.tally.name();
        let kept = Kept::of(self.divisions, |number, one| {
            is_published.get(number) == Some(&true) || self.past.shows(name, one)
        });
        let mut table = self.with_known(self.counted(&kept.lineages)?, &kept);
        for groups in kept.silent(|number| is_published.get(number) != Some(&true)) {
            table = table.with_categories_unpublished(0, groups);
        }
        // What somebody does on the last day says nothing of another day.
        let grows = |_: &str| self.tally != OutcomeTally::Occupations;
        let names = [name.to_owned()];
        let new = std::slice::from_ref(&table);
        let (codes, own) = (self.codes(), &kept.lineages);
        let earlier = self.past.tables_of(name, &names, own, &codes, grows, new)?;
        let protection = protect_if_safe(
            new,
            &LinkedTotals::default(),
            &earlier.tables,
            self.threshold,
            ZeroPolicy::Publish,
        )?;
        let Some(mut protection) = protection else {
            return Ok(None);
        };
        let Some(shown) = protection.tables.pop() else {
            return Ok(None);
        };
        let worth = worth(&table, &shown, self.divisions, &kept);
        let found = OutcomeTable {
            is_published: is_published.to_vec(),
            kept,
            counts: table,
            finest: None,
            shown,
            narrowest: protection.narrowest,
        };
        Ok(Some((found, worth)))
    }
}

/// What a pattern tells of what became of all, and of the groups of each division.
fn worth(table: &CountTable, shown: &ProtectedTable, divisions: &Divisions, kept: &Kept) -> Worth {
    let outcomes = table.dimensions().get(1).map_or(0, Dimension::categories);
    let told = |told: &mut Told, group: Option<usize>| {
        for outcome in 0..outcomes {
            let at = [group, Some(outcome)];
            let is_hidden = shown.get(&at) == Some(Cell::Suppressed);
            told.add(table.get(&at).unwrap_or(0), is_hidden);
        }
    };
    let mut worth = Worth::default();
    told(&mut worth.sums, None);
    for (_, groups) in divisions.own() {
        let mut of = Told::default();
        for place in kept.places_of(groups) {
            told(&mut of, Some(place));
        }
        worth.by.push(of);
    }
    worth
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

    /// Whether the linked set shows how many people are in one of the groups of an attempt.
    fn shows(&self, kept: &Kept, group: usize) -> bool {
        let mut all = placed(&kept.lineages);
        let Some((lineage, groups)) = all.find(|(_, groups)| groups.contains(&group)) else {
            return false;
        };
        let keys = lineage.keys(group - groups.start);
        let people = [self.tally];
        let mut published = self.linked.published(&people);
        let found = published.find(|(one, _)| one.division == lineage.now.division);
        found.is_some_and(|(one, numbers)| {
            let mut shown = numbers.enumerate().filter(|(_, number)| {
                self.linked.cell(self.tally, Some(*number)) != Cell::Suppressed
            });
            shown.any(|(place, _)| one.keys_of(place).eq(keys.iter().copied()))
        })
    }

    /// A division with every category put together of which the number of people is hidden. A reader can form the sum
    /// of those by subtraction, so the category must not be small either; then a category that is shown joins it.
    fn coarser(
        &self,
        one: &Grouped,
        numbers: Range<usize>,
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
