//! How are the tables of earlier releases told in the groups of the new one, so that all of them can be protected together?
//! Groups only ever grow together within a year: each release begins with those of the one made before it. What an earlier
//! table showed of two groups is therefore what it showed of them together, once both were shown.
//! What follows from an earlier table for the new one is decided in `succession`.

use super::counting::{EarlierRelease, SetBehind, TableBehind};
use super::groups::Grouped;
use super::linked::numbered;
use super::period::Period;
use super::succession::{EarlierShown, EarlierTable, Succession};
use super::suppression::{
    CountTable, ProtectedTable, Relation, SuppressionError, Threshold, ZeroPolicy,
};
use super::tally::Tally;
use std::collections::BTreeMap;

/// Tallies that can only grow as a period grows: what happened in a part of it has happened in the whole. Of others ("not reached
/// by the end") nothing follows from one period to another but through the tables that they add up with.
const GROWING: [Tally; 22] = [
    Tally::Youths,
    Tally::Attempted,
    Tally::Reached,
    Tally::Offered,
    Tally::Accepted,
    Tally::Started,
    Tally::Participants,
    Tally::Ended,
    Tally::Exited,
    Tally::Kaa,
    Tally::KaaOffered,
    Tally::NoExam,
    Tally::NoExamResumed,
    Tally::Dropouts,
    Tally::ToWorkOrEducation,
    Tally::ContactAttempts,
    Tally::ContactsReached,
    Tally::Cohort,
    Tally::CohortFollowed,
    Tally::CohortNational,
    Tally::Checked,
    Tally::Sustained,
];
/// Events, each on one day: two half years add up to the year.
const EVENTS: [Tally; 2] = [Tally::ContactAttempts, Tally::ContactsReached];

/// The earlier releases of the year, the one made first first.
pub(super) struct Past<'a> {
    period: Period,
    releases: Vec<(Period, &'a EarlierRelease)>,
}

/// Earlier tables of a set, and what adds up across releases.
#[derive(Default)]
pub(super) struct EarlierTables {
    pub(super) tables: Vec<EarlierTable>,
    pub(super) relations: Vec<Relation>,
}

impl<'a> Past<'a> {
    /// Those of the year of a period.
    pub(super) fn of(period: Period, releases: &'a [EarlierRelease]) -> Self {
        let mut releases: Vec<(Period, &EarlierRelease)> = releases
            .iter()
            .filter_map(|release| Some((release.document.period.period()?, release)))
            .filter(|(other, _)| other.year() == period.year())
            .collect();
        releases.sort_by_key(|(_, release)| release.document.counted_at);
        Self { period, releases }
    }

    /// The one made last, whose groups hold on.
    pub(super) fn last(&self) -> Option<&'a EarlierRelease> {
        self.releases.last().map(|(_, release)| *release)
    }

    /// The divisions that all earlier releases have shown in a set, as far as they had it: another one could not be told from
    /// what was shown before.
    pub(super) fn told(&self, set: &str, divisions: Vec<Grouped>) -> Vec<Grouped> {
        let before: Vec<&SetBehind> = self.behind(set).map(|(_, _, behind)| behind).collect();
        divisions
            .into_iter()
            .filter(|one| {
                before.iter().all(|set| {
                    let mut earlier = set.divisions.iter();
                    earlier.any(|earlier| places(earlier, one).is_some())
                })
            })
            .collect()
    }

    /// Whether an earlier release has shown anything of a set by a division.
    pub(super) fn shows(&self, set: &str, division: &Grouped) -> bool {
        self.behind(set).any(|(_, _, behind)| {
            let mut divisions = behind.divisions.iter().enumerate();
            divisions.any(|(number, one)| {
                one.division == division.division && !behind.unpublished.contains(&number)
            })
        })
    }

    fn behind(
        &self,
        set: &str,
    ) -> impl Iterator<Item = (Period, &'a EarlierRelease, &'a SetBehind)> {
        let found = self.releases.iter().map(|(period, release)| {
            let behind = release.behind.set(set);
            behind.map(|behind| (*period, *release, behind))
        });
        let found: Vec<_> = found.collect();
        found
            .into_iter()
            .flatten()
            .filter(|(_, _, behind)| !behind.tables.is_empty())
    }

    /// Whether a figure for the whole, beside what an earlier release has shown of it, tells of few people: `formed` are the
    /// counts that a reader can form with it, in the order in which they are kept.
    pub(super) fn tells_of_few(&self, set: &str, formed: &[u64], threshold: Threshold) -> bool {
        self.behind(set).any(|(period, release, behind)| {
            let is_compared = within(period, self.period) || within(self.period, period);
            let least = threshold.get().max(release.document.threshold);
            let is_shown = behind
                .tables
                .iter()
                .any(|table| table.is_shown.contains(&true));
            let changes = behind.tables.iter().zip(formed).map(|(table, new)| {
                let before = table.counts.first().copied().unwrap_or(0);
                new.abs_diff(before)
            });
            let is_alike = behind.tables.len() == formed.len();
            let mut few = changes.filter(|change| (1..least).contains(change));
            is_compared && is_shown && (!is_alike || few.next().is_some())
        })
    }

    /// The earlier tables of a set, in the groups of the new ones. `names` are those of the new tables.
    ///
    /// # Errors
    /// What is kept behind a release is not whole.
    pub(super) fn tables_of(
        &self,
        set: &str,
        names: &[String],
        divisions: &[Grouped],
        outcomes: &[String],
        grows: impl Fn(&str) -> bool,
        new: &[CountTable],
    ) -> Result<EarlierTables, SuppressionError> {
        let mut found: Vec<Found> = Vec::new();
        for (number, (period, release, behind)) in self.behind(set).enumerate() {
            for (position, (name, later)) in names.iter().zip(new).enumerate() {
                let mut tables = behind.tables.iter();
                let Some(table) = tables.find(|table| table.name == *name) else {
                    continue;
                };
                let regrouped = Regrouped::of(behind, table, divisions, outcomes)?;
                let mut counts = CountTable::new(later.dimensions().to_vec(), &regrouped.inner())?;
                let mut published = ProtectedTable::restored(
                    later.dimensions().to_vec(),
                    &regrouped.shown(),
                    Threshold::new(release.document.threshold)?,
                    ZeroPolicy::Publish,
                )?;
                for (number, one) in behind.divisions.iter().enumerate() {
                    let mut own = numbered(divisions);
                    let own = own.find(|(own, _)| own.division == one.division);
                    if let Some((_, groups)) = own.filter(|_| table.unpublished.contains(&number)) {
                        counts = counts.with_categories_unpublished(0, groups.clone());
                        published = published.with_categories_unpublished(0, groups);
                    }
                }
                let grows = grows(name);
                let succession = bond(grows, (period, &counts), (self.period, later));
                let shown = EarlierShown {
                    release: number,
                    table: position,
                    succession,
                    relates: Vec::new(),
                    published,
                };
                found.push(Found {
                    period,
                    grows,
                    is_of_events: EVENTS.iter().any(|events| events.name() == name),
                    table: EarlierTable { shown, counts },
                });
            }
        }
        let mut earlier = EarlierTables {
            relations: halves(self.period, new, &found),
            ..EarlierTables::default()
        };
        for (place, one) in found.iter().enumerate() {
            let mut table = one.table.clone();
            // Releases of the same period were made safe together when the later one was made.
            let others = found.iter().enumerate().skip(place + 1);
            table.shown.relates = others
                .filter(|(_, other)| other.table.shown.table == table.shown.table)
                .filter_map(|(at, other)| {
                    let own = (one.period, &table.counts);
                    let bond = bond(one.grows, own, (other.period, &other.table.counts));
                    matches!(bond, Succession::Within | Succession::Contains).then_some((at, bond))
                })
                .collect();
            earlier.tables.push(table);
        }
        Ok(earlier)
    }
}

/// An earlier table, and what is known of what it counts.
struct Found {
    period: Period,
    grows: bool,
    is_of_events: bool,
    table: EarlierTable,
}

/// Whether what a table of a linked set counts can only grow as a period grows.
pub(super) fn grows(name: &str) -> bool {
    Tally::of_name(name).is_some_and(|tally| GROWING.contains(&tally))
}

/// How an earlier table belongs together with a later one.
fn bond(
    grows: bool,
    (period, counts): (Period, &CountTable),
    (later, other): (Period, &CountTable),
) -> Succession {
    if period == later {
        return Succession::Same;
    }
    if !grows {
        return Succession::Apart;
    }
    if within(period, later) {
        Succession::of_part(counts, other)
    } else if within(later, period) {
        match Succession::of_part(other, counts) {
            Succession::Within => Succession::Contains,
            other => other,
        }
    } else {
        Succession::Apart
    }
}

fn within(part: Period, whole: Period) -> bool {
    whole.first_day() <= part.first_day() && part.last_day() <= whole.last_day()
}

/// Where a year and both halves of it are there, and the figures of events add up.
fn halves(period: Period, new: &[CountTable], earlier: &[Found]) -> Vec<Relation> {
    use super::period::PeriodPart::{FullYear, HalfYear1, HalfYear2};
    let mut relations = Vec::new();
    for (position, table) in new.iter().enumerate() {
        let own = earlier.iter().enumerate();
        let own = own.filter(|(_, one)| one.is_of_events && one.table.shown.table == position);
        let mut all: Vec<(Period, usize, &CountTable)> = own
            .map(|(place, one)| (one.period, new.len() + place, &one.table.counts))
            .collect();
        if all.is_empty() {
            continue;
        }
        all.push((period, position, table));
        let of = |part| {
            let mut latest = all.iter().rev();
            latest.find(|(period, ..)| period.part() == part)
        };
        let (Some(year), Some(first), Some(second)) = (of(FullYear), of(HalfYear1), of(HalfYear2))
        else {
            continue;
        };
        let halves = first.2.values().iter().zip(second.2.values());
        if halves
            .map(|(one, other)| one + other)
            .eq(year.2.values().iter().copied())
        {
            relations.push(Relation::plain(year.1, vec![first.1, second.1]));
        }
    }
    relations
}

/// Where the categories of an earlier division are among those of the new one; nothing where they are not told apart alike.
fn places(earlier: &Grouped, new: &Grouped) -> Option<Vec<Option<usize>>> {
    if earlier.division != new.division {
        return None;
    }
    if earlier.place_of.is_empty() || new.place_of.is_empty() {
        let both = earlier.place_of.is_empty() && new.place_of.is_empty();
        return both.then(|| vec![Some(0); earlier.categories.len()]);
    }
    let mut places: Vec<Option<usize>> = vec![None; earlier.categories.len()];
    for (key, from) in &earlier.place_of {
        let to = *new.place_of.get(key)?;
        let place = places.get_mut(*from)?;
        if place.is_some_and(|place| place != to) {
            return None;
        }
        *place = Some(to);
    }
    Some(places)
}

/// An earlier table in the groups of the new one: count, and whether it was shown, by group and outcome; `None` for a sum.
struct Regrouped {
    groups: usize,
    /// None where there is no other dimension than the groups.
    outcomes: usize,
    cells: BTreeMap<(Option<usize>, Option<usize>), (u64, bool)>,
}

impl Regrouped {
    fn of(
        behind: &SetBehind,
        table: &TableBehind,
        divisions: &[Grouped],
        outcomes: &[String],
    ) -> Result<Self, SuppressionError> {
        let unlike = || SuppressionError::DimensionMismatch(0, 0);
        let mut place_of: Vec<Option<usize>> = Vec::new();
        let mut before = 0;
        let starts: Vec<usize> = divisions
            .iter()
            .map(|one| {
                let start = before;
                before += one.categories.len();
                start
            })
            .collect();
        for earlier in &behind.divisions {
            let mut found = divisions.iter().zip(&starts);
            let found = found.find_map(|(one, start)| Some((places(earlier, one)?, *start)));
            match found {
                Some((places, start)) => {
                    place_of.extend(places.into_iter().map(|place| Some(start + place?)));
                }
                // A division that is no longer shown.
                None => place_of.extend(vec![None; earlier.categories.len()]),
            }
        }
        let columns: Vec<Option<usize>> = behind
            .outcomes
            .iter()
            .map(|code| outcomes.iter().position(|other| other == code))
            .collect();
        let is_flat = behind.outcomes.is_empty();
        let width = behind.width();
        // Where the new table has no groups, everybody is what all of them were.
        let is_of_all = matches!(divisions, [one] if one.place_of.is_empty())
            && place_of.iter().all(Option::is_none);
        let mut cells: BTreeMap<(Option<usize>, Option<usize>), (u64, bool)> = BTreeMap::new();
        for (number, (count, is_shown)) in table.counts.iter().zip(&table.is_shown).enumerate() {
            let (row, column) = (number / width, number % width);
            let group = match place_of.get(row) {
                Some(Some(place)) => Some(*place),
                Some(None) => continue,
                None if row == place_of.len() => None,
                None => return Err(unlike()),
            };
            let outcome = match columns.get(column) {
                Some(Some(place)) => Some(*place),
                Some(None) if *count == 0 => continue,
                Some(None) => return Err(unlike()),
                None => None,
            };
            let everybody = (group.is_none() && is_of_all).then_some(Some(0));
            for group in std::iter::once(group).chain(everybody) {
                let cell = cells.entry((group, outcome)).or_insert((0, true));
                cell.0 += count;
                cell.1 &= is_shown;
            }
        }
        Ok(Self {
            groups: before,
            outcomes: if is_flat { 0 } else { outcomes.len() },
            cells,
        })
    }

    fn rows(&self) -> impl Iterator<Item = Option<usize>> + use<> {
        (0..self.groups).map(Some).chain([None])
    }

    fn columns(&self) -> impl Iterator<Item = Option<usize>> + use<> {
        (0..self.outcomes).map(Some).chain([None])
    }

    /// A group that was not there then: nobody was in it.
    fn at(&self, group: Option<usize>, outcome: Option<usize>) -> (u64, bool) {
        self.cells
            .get(&(group, outcome))
            .copied()
            .unwrap_or((0, true))
    }

    fn inner(&self) -> Vec<u64> {
        let columns = || {
            self.columns()
                .filter(|column| self.outcomes == 0 || column.is_some())
        };
        self.rows()
            .flatten()
            .flat_map(|row| columns().map(move |column| self.at(Some(row), column).0))
            .collect()
    }

    fn shown(&self) -> Vec<Option<u64>> {
        self.rows()
            .flat_map(|row| self.columns().map(move |column| self.at(row, column)))
            .map(|(count, is_shown)| is_shown.then_some(count))
            .collect()
    }
}
