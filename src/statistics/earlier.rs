//! How are the tables of earlier releases told in the groups of the new one, so that all of them can be protected together?
//! Groups only ever grow together within a year: each release begins with those of the one made before it. What an earlier
//! table showed of two groups is therefore what it showed of them together, once both were shown.
//! What follows from an earlier table for the new one is decided in `succession`.

use super::counting::{EarlierRelease, SetBehind, TableBehind};
use super::divisions::numbered;
use super::groups::Grouped;
use super::lineage::Lineage;
use super::period::Period;
use super::succession::{EarlierShown, EarlierTable, Succession};
use super::suppression::{
    CountTable, ProtectedTable, Relation, SuppressionError, Threshold, ZeroPolicy,
};
use super::tally::Tally;

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

    /// A division of a set with the finer groups that earlier releases have shown of it; nothing where theirs are not parts of its.
    pub(super) fn lineage(&self, set: &str, one: &Grouped) -> Option<Lineage> {
        let earlier: Vec<&SetBehind> = self.behind(set).map(|(_, _, behind)| behind).collect();
        let is_it = |other: &&Grouped| other.division == one.division;
        let shown = |behind: &&'a SetBehind| behind.divisions.iter().find(is_it);
        let mut finest = earlier.iter().rev();
        let finest = finest.find_map(|behind| behind.finest().iter().find(is_it));
        Lineage::of(one, finest.unwrap_or(one), earlier.iter().filter_map(shown))
    }

    /// The divisions by which an earlier release has shown a set and which are not among those of this one, as they were last.
    pub(super) fn gone(&self, set: &str, own: &[Grouped]) -> impl Iterator<Item = &'a Grouped> {
        let last = self.last_of(set);
        let divisions = last.into_iter().flat_map(|behind| &behind.divisions);
        divisions.filter(move |one| {
            let is_own = own.iter().any(|own| own.division == one.division);
            !is_own && !one.place_of.is_empty() && self.shows(set, one)
        })
    }

    /// What the last release that had tables of a set kept of it.
    pub(super) fn last_of(&self, set: &str) -> Option<&'a SetBehind> {
        self.behind(set).last().map(|(_, _, behind)| behind)
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
        lineages: &[Lineage],
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
                let regrouped = Regrouped::of(behind, table, lineages, outcomes)?;
                let mut counts = CountTable::new(later.dimensions().to_vec(), &regrouped.inner())?;
                let mut published = ProtectedTable::restored(
                    later.dimensions().to_vec(),
                    &regrouped.shown(),
                    Threshold::new(release.document.threshold)?,
                    ZeroPolicy::Publish,
                )?;
                for group in regrouped.silent() {
                    counts = counts.with_categories_unpublished(0, group..group + 1);
                    published = published.with_categories_unpublished(0, group..group + 1);
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

/// A cell of an earlier table: what was counted, and what was published of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Was {
    count: u64,
    is_shown: bool,
    /// Whether nothing was told of it, not even that it is not zero.
    is_silent: bool,
}

impl Was {
    /// Of a group that was not there then: nobody was in it.
    const NOBODY: Self = Self {
        count: 0,
        is_shown: true,
        is_silent: false,
    };

    /// Of some together.
    fn together(some: impl Iterator<Item = Self>) -> Self {
        some.fold(Self::NOBODY, |sum, one| Self {
            count: sum.count.saturating_add(one.count),
            is_shown: sum.is_shown && one.is_shown,
            is_silent: sum.is_silent || one.is_silent,
        })
    }
}

/// An earlier table in the groups of the new one.
struct Regrouped {
    /// By group, that of all last, and by outcome, that of all last; no other outcome than all where there is no such dimension.
    rows: Vec<Vec<Was>>,
    has_outcomes: bool,
}

impl Regrouped {
    fn of(
        behind: &SetBehind,
        table: &TableBehind,
        lineages: &[Lineage],
        outcomes: &[String],
    ) -> Result<Self, SuppressionError> {
        let columns = columns(behind, table, outcomes)?;
        let width = behind.width();
        let shown = table.is_shown.chunks(width);
        let shown: Vec<&[bool]> = shown.collect();
        let earlier: Vec<Earlier<'_>> = numbered(&behind.divisions)
            .zip(numbered(behind.finest()))
            .enumerate()
            .map(|(number, ((one, groups), (finest, leaves)))| Earlier {
                one,
                shown: shown.get(groups).unwrap_or_default(),
                is_silent: table.unpublished.contains(&number),
                finest,
                counts: table
                    .finest()
                    .chunks(width)
                    .skip(leaves.start)
                    .take(leaves.len())
                    .collect(),
            })
            .collect();
        let all = table.counts.chunks(width).zip(&shown).next_back();
        let all = all.map_or_else(Vec::new, |(counts, shown)| {
            let cells = counts.iter().zip(shown.iter());
            cells
                .map(|(count, is_shown)| Was {
                    count: *count,
                    is_shown: *is_shown,
                    ..Was::NOBODY
                })
                .collect()
        });
        let mut rows: Vec<Vec<Was>> = Vec::new();
        for lineage in lineages {
            let mut found = earlier.iter();
            rows.extend(match found.find_map(|one| one.in_groups_of(lineage)) {
                Some(rows) => rows,
                // Where the new table has no groups, everybody is what all of them were.
                None if lineage.now.place_of.is_empty() => vec![all.clone()],
                None => vec![vec![Was::NOBODY; width]; lineage.len()],
            });
        }
        rows.push(all);
        let in_order = |row: Vec<Was>| {
            let cell = |column: &Option<usize>| column.and_then(|column| row.get(column)).copied();
            columns
                .iter()
                .map(|column| cell(column).unwrap_or(Was::NOBODY))
                .collect()
        };
        Ok(Self {
            rows: rows.into_iter().map(in_order).collect(),
            has_outcomes: !behind.outcomes.is_empty(),
        })
    }

    /// The counts but for the sums.
    fn inner(&self) -> Vec<u64> {
        let groups = self.rows.iter().take(self.rows.len().saturating_sub(1));
        let sums = usize::from(self.has_outcomes);
        groups
            .flat_map(|row| row.iter().take(row.len().saturating_sub(sums)))
            .map(|cell| cell.count)
            .collect()
    }

    fn shown(&self) -> Vec<Option<u64>> {
        let cells = self.rows.iter().flatten();
        cells
            .map(|cell| cell.is_shown.then_some(cell.count))
            .collect()
    }

    /// The numbers of the groups of which nothing was told.
    fn silent(&self) -> impl Iterator<Item = usize> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.iter().any(|cell| cell.is_silent))
            .map(|(number, _)| number)
    }
}

/// Of each outcome of the new table, that of all last, where it stands in an earlier one; nothing where it was not there.
fn columns(
    behind: &SetBehind,
    table: &TableBehind,
    outcomes: &[String],
) -> Result<Vec<Option<usize>>, SuppressionError> {
    let width = behind.width();
    for (column, code) in behind.outcomes.iter().enumerate() {
        let mut counts = table.counts.iter().skip(column).step_by(width);
        if !outcomes.contains(code) && counts.any(|count| *count > 0) {
            return Err(SuppressionError::DimensionMismatch(0, 0));
        }
    }
    let place = |code: &String| behind.outcomes.iter().position(|other| other == code);
    Ok(outcomes
        .iter()
        .map(place)
        .chain([Some(width - 1)])
        .collect())
}

/// A division of an earlier table.
struct Earlier<'a> {
    one: &'a Grouped,
    /// Which cells were shown, by group.
    shown: &'a [&'a [bool]],
    /// Whether nothing was published by it.
    is_silent: bool,
    finest: &'a Grouped,
    /// The counts by its finest groups.
    counts: Vec<&'a [u64]>,
}

impl Earlier<'_> {
    /// The rows of the groups of a division as it is now with all that were shown of it; nothing where it is another.
    fn in_groups_of(&self, lineage: &Lineage) -> Option<Vec<Vec<Was>>> {
        let leaves = places(self.finest, &lineage.finest)?;
        let width = self.counts.first().map_or(0, |row| row.len());
        let mut counts = vec![vec![0_u64; width]; lineage.finest.categories.len()];
        for (leaf, row) in leaves.iter().zip(&self.counts) {
            let leaf = leaf.and_then(|leaf| counts.get_mut(leaf));
            for (sum, count) in leaf.into_iter().flatten().zip(row.iter()) {
                *sum += count;
            }
        }
        let own = lineage.places(self.one);
        let counts = lineage.summed(&counts);
        let row = |group: usize| -> Vec<Was> {
            let counts = counts.get(group).into_iter().flatten();
            counts
                .enumerate()
                .map(|(column, count)| Was {
                    count: *count,
                    ..self.told(lineage, &own, group, column)
                })
                .collect()
        };
        Some((0..lineage.len()).map(row).collect())
    }

    /// What was told of a group: what was published of it, or of those that it is made of; of a part of one nothing.
    fn told(&self, lineage: &Lineage, own: &[Option<usize>], group: usize, column: usize) -> Was {
        let shown = self.shown.iter().zip(own);
        let of_it = shown.filter(|(_, place)| **place == Some(group));
        let mut of_it = of_it
            .map(|(row, _)| Was {
                // What is known from a linked set is known although nothing was published by the division.
                is_shown: row.get(column) == Some(&true),
                is_silent: self.is_silent,
                count: 0,
            })
            .peekable();
        if of_it.peek().is_some() {
            return Was::together(of_it);
        }
        let mut around = own.iter().flatten();
        if around.any(|other| lineage.is_below(group, *other)) {
            return Was {
                count: 0,
                is_shown: false,
                is_silent: true,
            };
        }
        let parts = lineage.parts(group).iter();
        Was::together(parts.map(|part| self.told(lineage, own, *part, column)))
    }
}
