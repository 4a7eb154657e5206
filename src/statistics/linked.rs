//! Which tables tell of the same people and must be protected together? The sets, with every sum and difference that a reader
//! can form as a table of its own, published or not.
//! How cells are hidden is decided in `suppression`, what is written of the tables in `figures`.

use super::breakdown::{Told, Worth, best};
use super::divisions::{Divisions, Group, Kept, alone, groups_of};
use super::earlier::{Past, grows};
use super::groups::Grouped;
use super::lineage::Lineage;
use super::suppression::{
    AtMost, Cell, CountTable, EventsOf, LinkedTotals, ProtectedTable, Protection, Relation,
    SuppressionError, Threshold, ZeroPolicy, protect_if_safe,
};
use super::tally::{Tallies, Tally, Tally as T};
use std::collections::BTreeMap;
use std::ops::Range;

/// A sum that a reader knows: a total and its parts. What the parts leave over is a table of its own, which is not published.
pub(super) struct Split {
    total: Tally,
    parts: &'static [Tally],
    /// Whether the parts leave something over.
    has_rest: bool,
    /// Whether the parts say something about people, so that a group that is all in one is hidden.
    is_outcome: bool,
}

const fn part(total: Tally, part: &'static [Tally]) -> Split {
    Split {
        total,
        parts: part,
        has_rest: true,
        is_outcome: false,
    }
}

/// What a part leaves over of a total: total, part.
type Rest = (Tally, Tally);

/// Tables over the same groups.
pub(super) struct LinkedSet {
    /// Its name in what is kept behind a release.
    pub(super) name: &'static str,
    /// What is published of it elsewhere.
    known: Option<Tally>,
    tables: &'static [Tally],
    splits: &'static [Split],
    /// Rests of which one is known to be no larger than another: (total, part) of each.
    at_most: &'static [(Rest, Rest)],
    /// Events, and the persons behind them.
    events: &'static [(Tally, Tally)],
}

/// How many youths were in the register. Groups with too few are put together, so that nothing of it is hidden but what would tell,
/// beside an earlier release, of the few who have come since.
pub(super) const YOUTHS: LinkedSet = LinkedSet {
    name: "youths",
    known: None,
    tables: &[T::Youths],
    splits: &[],
    at_most: &[],
    events: &[],
};

/// The youths in the register in the period, and what happened. Each set holds how many youths there are as known, as far as
/// [`YOUTHS`] shows it, and nothing else connects them for a reader.
pub(super) const REGISTER: [LinkedSet; 8] = [
    LinkedSet {
        name: "contacts",
        known: Some(T::Youths),
        tables: &[
            T::Youths,
            T::Attempted,
            T::Reached,
            T::NeverReached,
            T::ContactAttempts,
            T::ContactsReached,
        ],
        splits: &[
            part(T::Youths, &[T::Attempted]),
            part(T::Attempted, &[T::Reached]),
            part(T::Youths, &[T::Reached]),
            part(T::Youths, &[T::NeverReached]),
            // Who was never reached was not reached in the period either; the rest was, before it.
            part(T::Youths, &[T::Reached, T::NeverReached]),
            part(T::ContactAttempts, &[T::ContactsReached]),
        ],
        at_most: &[(
            (T::Attempted, T::Reached),
            (T::ContactAttempts, T::ContactsReached),
        )],
        events: &[
            (T::ContactAttempts, T::Attempted),
            (T::ContactsReached, T::Reached),
        ],
    },
    LinkedSet {
        name: "offers",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Offered],
        splits: &[part(T::Youths, &[T::Offered])],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "acceptances",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Accepted],
        splits: &[part(T::Youths, &[T::Accepted])],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "participation",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Participants, T::Started],
        splits: &[
            part(T::Youths, &[T::Participants]),
            // What starts in the period runs in it.
            part(T::Participants, &[T::Started]),
            part(T::Youths, &[T::Started]),
        ],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "endings",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Ended],
        splits: &[part(T::Youths, &[T::Ended])],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "exits",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Present, T::Exited, T::ToWorkOrEducation],
        splits: &[
            Split {
                total: T::Youths,
                parts: &[T::Present, T::Exited],
                has_rest: false,
                is_outcome: false,
            },
            Split {
                total: T::Exited,
                parts: &[T::ToWorkOrEducation],
                has_rest: true,
                is_outcome: true,
            },
        ],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "goals",
        known: Some(T::Youths),
        tables: &[
            T::Youths,
            T::Kaa,
            T::KaaOffered,
            T::NoExam,
            T::NoExamResumed,
        ],
        splits: &[
            part(T::Youths, &[T::Kaa]),
            part(T::Kaa, &[T::KaaOffered]),
            part(T::Youths, &[T::NoExam]),
            part(T::NoExam, &[T::NoExamResumed]),
            // Nobody is both of 16-19 and of 20-24.
            part(T::Youths, &[T::Kaa, T::NoExam]),
        ],
        at_most: &[],
        events: &[],
    },
    LinkedSet {
        name: "entriesAfterDropout",
        known: Some(T::Youths),
        tables: &[T::Youths, T::Dropouts],
        splits: &[part(T::Youths, &[T::Dropouts])],
        at_most: &[],
        events: &[],
    },
];

/// Those who dropped out so long ago that it is known whether they resumed.
pub(super) const COHORT: LinkedSet = LinkedSet {
    name: "dropouts",
    known: None,
    tables: &[
        T::Cohort,
        T::CohortCensored,
        T::CohortFollowed,
        T::CohortNational,
        T::CohortIntroductory,
    ],
    splits: &[
        Split {
            total: T::Cohort,
            parts: &[T::CohortCensored, T::CohortFollowed],
            has_rest: false,
            is_outcome: false,
        },
        part(
            T::CohortFollowed,
            &[T::CohortNational, T::CohortIntroductory],
        ),
        part(T::CohortFollowed, &[T::CohortNational]),
    ],
    at_most: &[],
    events: &[],
};

/// Those who were asked again after they left for work or studies.
pub(super) const CHECKS: LinkedSet = LinkedSet {
    name: "outcomes",
    known: None,
    tables: &[T::Checked, T::CheckAnswered, T::Sustained],
    splits: &[
        part(T::Checked, &[T::CheckAnswered]),
        part(T::CheckAnswered, &[T::Sustained]),
    ],
    at_most: &[],
    events: &[],
};

impl LinkedSet {
    /// What a reader knows of how the tables belong together. The rests stand behind the tables, in the order of the splits.
    fn links(&self) -> LinkedTotals {
        let relations = self.splits.iter().enumerate().map(|(number, split)| {
            let mut parts: Vec<usize> = split.parts.iter().map(|part| self.at(*part)).collect();
            if split.has_rest {
                parts.push(self.rest_at(number));
            }
            Relation {
                total: self.at(split.total),
                parts,
                hide_uniform: split.is_outcome,
            }
        });
        let rest = |(total, part)| {
            self.rest_number(total, part)
                .map(|split| self.rest_at(split))
        };
        LinkedTotals {
            relations: relations.collect(),
            at_most: self
                .at_most
                .iter()
                .filter_map(|(smaller, larger)| {
                    Some(AtMost {
                        smaller: rest(*smaller)?,
                        larger: rest(*larger)?,
                    })
                })
                .collect(),
            events: self
                .events
                .iter()
                .map(|(events, persons)| EventsOf {
                    events: self.at(*events),
                    persons: self.at(*persons),
                })
                .collect(),
        }
    }

    /// The counts of all tables, and of what the parts leave over.
    fn counted(
        &self,
        tallies: &Tallies,
        lineages: &[Lineage],
    ) -> Result<Vec<CountTable>, SuppressionError> {
        let mut inner: Vec<Vec<u64>> = self
            .tables
            .iter()
            .map(|tally| gathered(tallies, *tally, lineages))
            .collect();
        for split in self.splits.iter().filter(|split| split.has_rest) {
            let of = |tally: Tally| inner.get(self.at(tally)).cloned().unwrap_or_default();
            let mut rest = of(split.total);
            for part in split.parts {
                for (left, count) in rest.iter_mut().zip(of(*part)) {
                    // A part larger than its total is found by the protection, which checks every relation.
                    *left = left.saturating_sub(count);
                }
            }
            inner.push(rest);
        }
        let dimension = groups_of(lineages);
        let tables = inner.iter();
        tables
            .map(|inner| CountTable::new(vec![dimension.clone()], inner))
            .collect()
    }

    /// The tables that are published of it: their numbers.
    fn own(&self) -> impl Iterator<Item = usize> + '_ {
        let tables = self.tables.iter().enumerate();
        tables
            .filter(|(_, tally)| Some(**tally) != self.known)
            .map(|(number, _)| number)
    }

    /// Whether nothing is published of a table by a division: `is_published` tells it of each division and each of [`Self::own`].
    /// What the parts leave over follows from what is published of them.
    fn is_left_out(&self, table: usize, division: usize, is_published: &[bool]) -> bool {
        if let Some(place) = self.own().position(|own| own == table) {
            let unit = division * self.own().count() + place;
            return is_published.get(unit) == Some(&false);
        }
        let Some(rest) = table.checked_sub(self.tables.len()) else {
            // What is known from elsewhere.
            return false;
        };
        let mut rests = self.splits.iter().filter(|split| split.has_rest);
        rests.nth(rest).is_some_and(|split| {
            let mut tallies = split.parts.iter().chain([&split.total]);
            tallies.any(|tally| self.is_left_out(self.at(*tally), division, is_published))
        })
    }

    /// What a pattern tells of the tallies, of all and by each division; what they leave over is not published.
    fn worth(
        &self,
        counts: &[CountTable],
        shown: &[ProtectedTable],
        kept: &Kept,
        divisions: &Divisions,
    ) -> Worth {
        let mut worth = Worth::default();
        let add = |told: &mut Told, table: usize, group: Option<usize>| {
            if let Some((counts, shown)) = counts.get(table).zip(shown.get(table)) {
                let is_hidden = shown.get(&[group]) == Some(Cell::Suppressed);
                told.add(counts.get(&[group]).unwrap_or(0), is_hidden);
            }
        };
        for table in self.own() {
            add(&mut worth.sums, table, None);
        }
        for (_, groups) in divisions.own() {
            for table in self.own() {
                let mut told = Told::default();
                for place in kept.places_of(groups.clone()) {
                    add(&mut told, table, Some(place));
                }
                // What some groups are of a sum that is not told says next to nothing.
                let sum = shown.get(table).and_then(|shown| shown.get(&[None]));
                if sum == Some(Cell::Suppressed) {
                    told.hidden = told.cells;
                }
                worth.by.push(told);
            }
        }
        worth
    }

    /// Whether a tally is a table of it.
    pub(super) fn has(&self, tally: Tally) -> bool {
        self.tables.contains(&tally)
    }

    fn at(&self, tally: Tally) -> usize {
        let place = self.tables.iter().position(|other| *other == tally);
        place.unwrap_or(usize::MAX)
    }

    fn rest_number(&self, total: Tally, part: Tally) -> Option<usize> {
        self.splits
            .iter()
            .position(|split| split.total == total && split.parts == [part] && split.has_rest)
    }

    fn rest_at(&self, split: usize) -> usize {
        let before = self.splits.iter().take(split);
        self.tables.len() + before.filter(|split| split.has_rest).count()
    }

    /// The names of all tables, those of the rests after what they are the rest of.
    pub(super) fn names(&self) -> Vec<String> {
        let tables = self.tables.iter().map(|table| table.name().to_owned());
        let rests = self.splits.iter().filter(|split| split.has_rest);
        let rests = rests.map(|split| {
            let parts: Vec<&str> = split.parts.iter().map(|part| part.name()).collect();
            format!("{} - {}", split.total.name(), parts.join(" - "))
        });
        tables.chain(rests).collect()
    }
}

/// A set of tables, protected.
pub(super) struct ProtectedSet {
    pub(super) set: &'static LinkedSet,
    pub(super) divisions: Divisions,
    /// The true counts by all divisions, also those that are not published.
    pub(super) counts: Vec<CountTable>,
    /// The same in the finest groups, where there are finer ones.
    pub(super) finest: Vec<CountTable>,
    /// Of the table that is published elsewhere, the cells of all groups and of all.
    known: Vec<Cell>,
    /// What may be published; nothing where no pattern was safe.
    shown: Option<Shown>,
}

/// The tables of a set as they may be published, by the divisions that a reader has of it.
struct Shown {
    /// Whether something is published of each table by each division.
    is_published: Vec<bool>,
    kept: Kept,
    tables: Vec<ProtectedTable>,
    narrowest: Option<u64>,
}

impl ProtectedSet {
    /// Counts and protects the tables of a set, together with what earlier releases have shown of it. `elsewhere`: where the table
    /// is published that the set holds as known; it has the same groups. The same sums give the same tables.
    pub(super) fn of(
        set: &'static LinkedSet,
        tallies: &Tallies,
        divisions: &[Grouped],
        elsewhere: Option<&Self>,
        past: &Past<'_>,
        threshold: Threshold,
    ) -> Result<Self, SuppressionError> {
        let keys = |division| {
            let tables = set.tables.iter();
            tables.flat_map(move |tally| {
                let by = tallies.by(*tally, division);
                by.into_iter().flat_map(BTreeMap::keys)
            })
        };
        let divisions = Divisions::of(set.name, divisions, past, keys);
        let attempt = |is_published: &[bool]| {
            let is_left_out = |table: usize, division: usize| {
                divisions.is_gone(division) || set.is_left_out(table, division, is_published)
            };
            // What a reader has of a division from an earlier release must be safe together with the sums of this one.
            let kept = Kept::of(&divisions, |number, one| {
                let mut own = set.own();
                own.any(|table| !is_left_out(table, number)) || past.shows(set.name, one)
            });
            let mut counts = set.counted(tallies, &kept.lineages)?;
            let known = set.known.map(|known| set.at(known));
            if let Some(table) = known.and_then(|known| counts.get_mut(known)) {
                let shown =
                    elsewhere.map(|elsewhere| elsewhere.first_shown(&kept, table, threshold));
                *table = table.clone().as_shown(shown.transpose()?.as_ref());
            }
            // Each set is audited with what it tells of those who are known. Where their number is hidden, the sets together could
            // tell more of it than each alone: then none tells of the group.
            for (place, group) in kept.groups() {
                let is_told = elsewhere
                    .is_none_or(|elsewhere| elsewhere.cell_of_group(group) != Cell::Suppressed);
                for table in counts.iter_mut().filter(|_| !is_told) {
                    *table = table.clone().with_category_closed(0, place);
                }
            }
            for (at, table) in counts.iter_mut().enumerate() {
                for groups in kept.silent(|number| is_left_out(at, number)) {
                    *table = table.clone().with_categories_unpublished(0, groups);
                }
            }
            let (names, own) = (set.names(), &kept.lineages);
            let earlier = past.tables_of(set.name, &names, own, &[], grows, &counts)?;
            let mut links = set.links();
            links.relations.extend(earlier.relations);
            let zeros = ZeroPolicy::Publish;
            let protection = protect_if_safe(&counts, &links, &earlier.tables, threshold, zeros)?;
            Ok(protection.map(|Protection { tables, narrowest }| {
                let worth = set.worth(&counts, &tables, &kept, &divisions);
                let shown = Shown {
                    is_published: is_published.to_vec(),
                    kept,
                    tables,
                    narrowest,
                };
                (shown, worth)
            }))
        };
        let shown = best((divisions.own().count(), set.own().count()), attempt)?;
        let counts = set.counted(tallies, &alone(&divisions.now()))?;
        let finest = divisions.finest();
        let finest = finest.map(|finest| set.counted(tallies, &alone(&finest)));
        let finest = finest.transpose()?.unwrap_or_default();
        let groups = counts.first().map_or(0, |table| table.values().len());
        let groups = (0..groups.saturating_sub(1)).map(|number| divisions.group(number));
        let groups = groups.chain([Group::Everybody]);
        let known = elsewhere.map_or_else(Vec::new, |elsewhere| {
            groups.map(|group| elsewhere.cell_of_group(group)).collect()
        });
        Ok(Self {
            set,
            divisions,
            counts,
            finest,
            known,
            shown,
        })
    }

    /// The first table as far as it is shown, for the groups of an attempt.
    fn first_shown(
        &self,
        kept: &Kept,
        like: &CountTable,
        threshold: Threshold,
    ) -> Result<ProtectedTable, SuppressionError> {
        let groups = kept.groups().map(|(_, group)| group);
        let cells: Vec<Option<u64>> = groups
            .chain([Group::Everybody])
            .map(|group| match self.cell_of_group(group) {
                Cell::Count(count) => Some(count),
                Cell::Suppressed => None,
            })
            .collect();
        let dimensions = like.dimensions().to_vec();
        ProtectedTable::restored(dimensions, &cells, threshold, ZeroPolicy::Publish)
    }

    /// The cell of a group (its number among all groups), or of all.
    pub(super) fn cell(&self, tally: Tally, group: Option<usize>) -> Cell {
        self.cell_of(self.set.at(tally), group)
    }

    /// The cell of what a part leaves over of its total.
    pub(super) fn rest_cell(&self, total: Tally, part: Tally, group: Option<usize>) -> Cell {
        match self.set.rest_number(total, part) {
            Some(split) => self.cell_of(self.set.rest_at(split), group),
            None => Cell::Suppressed,
        }
    }

    /// The cell of the first table.
    fn cell_of_group(&self, group: Group) -> Cell {
        match group {
            Group::Everybody => self.cell_of(0, None),
            Group::Of(number) => self.cell_of(0, Some(number)),
            Group::Earlier => Cell::Suppressed,
        }
    }

    fn cell_of(&self, table: usize, group: Option<usize>) -> Cell {
        if self.set.known.map(|known| self.set.at(known)) == Some(table) {
            let place = group.unwrap_or(self.known.len().saturating_sub(1));
            return self.known.get(place).copied().unwrap_or(Cell::Suppressed);
        }
        let cell = self.shown.as_ref().and_then(|shown| {
            let table = shown.tables.get(table)?;
            table.get(&[shown.kept.place(group)?])
        });
        cell.unwrap_or(Cell::Suppressed)
    }

    /// Which cells of a table are published, in the order of `CountTable`.
    pub(super) fn is_shown(&self, table: usize) -> Vec<bool> {
        let counts = self.counts.get(table);
        let groups = counts.map_or(0, |table| table.values().len().saturating_sub(1));
        let groups = (0..groups).map(Some).chain([None]);
        groups
            .map(|group| self.cell_of(table, group) != Cell::Suppressed)
            .collect()
    }

    /// How far apart the counts lie that the least protected hidden cell can have.
    pub(super) fn narrowest(&self) -> Option<u64> {
        self.shown.as_ref()?.narrowest
    }

    /// The true count, for what is computed and not shown.
    pub(super) fn count(&self, tally: Tally, group: Option<usize>) -> u64 {
        let table = self.counts.get(self.set.at(tally));
        table.and_then(|table| table.get(&[group])).unwrap_or(0)
    }

    /// Each division with the numbers of its categories among all groups.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (&Grouped, Range<usize>)> {
        self.divisions.own()
    }

    /// The same for those divisions by which something is published of all of some tallies.
    pub(super) fn published(
        &self,
        tallies: &[Tally],
    ) -> impl Iterator<Item = (&Grouped, Range<usize>)> {
        let tables: Vec<usize> = tallies.iter().map(|tally| self.set.at(*tally)).collect();
        let all = self.numbered().enumerate();
        all.filter(move |(division, _)| {
            let mut tables = tables.iter();
            tables.all(|table| !self.is_left_out(*table, *division))
        })
        .map(|(_, one)| one)
    }

    fn is_left_out(&self, table: usize, division: usize) -> bool {
        let mut shown = self.shown.iter();
        self.divisions.is_gone(division)
            || shown.any(|shown| self.set.is_left_out(table, division, &shown.is_published))
    }

    /// The numbers of the divisions by which nothing is published of a table.
    pub(super) fn left_out(&self, table: usize) -> Vec<usize> {
        let divisions = 0..self.divisions.all.len();
        divisions
            .filter(|division| self.is_left_out(table, *division))
            .collect()
    }

    /// The numbers of the divisions by which nothing at all is published.
    pub(super) fn unpublished(&self) -> Vec<usize> {
        let divisions = 0..self.divisions.all.len();
        divisions
            .filter(|division| {
                let mut own = self.set.own();
                own.all(|table| self.is_left_out(table, *division))
            })
            .collect()
    }
}

fn gathered(tallies: &Tallies, tally: Tally, lineages: &[Lineage]) -> Vec<u64> {
    let by = |lineage: &Lineage| {
        let finest = &lineage.finest;
        let counts = if finest.place_of.is_empty() {
            vec![tallies.total(tally)]
        } else {
            finest.gather(tallies.by(tally, finest.division))
        };
        let rows: Vec<Vec<u64>> = counts.into_iter().map(|count| vec![count]).collect();
        lineage.summed(&rows)
    };
    lineages.iter().flat_map(by).flatten().collect()
}
