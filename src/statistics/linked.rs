//! Which tables tell of the same people and must be protected together? The sets, with every sum and difference that a reader
//! can form as a table of its own, published or not.
//! How cells are hidden is decided in `suppression`, what is written of the tables in `figures`.

use super::earlier::{Past, grows};
use super::groups::Grouped;
use super::suppression::{
    AtMost, Cell, CountTable, Dimension, EventsOf, LinkedTotals, ProtectedTable, Relation,
    SuppressionError, Threshold, ZeroPolicy, protect_with_earlier,
};
use super::tally::{Tallies, Tally, Tally as T};

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
pub(super) const REGISTER: [LinkedSet; 7] = [
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
            T::Dropouts,
        ],
        splits: &[
            part(T::Youths, &[T::Kaa]),
            part(T::Kaa, &[T::KaaOffered]),
            part(T::Youths, &[T::NoExam]),
            part(T::NoExam, &[T::NoExamResumed]),
            // Nobody is both of 16-19 and of 20-24.
            part(T::Youths, &[T::Kaa, T::NoExam]),
            part(T::Youths, &[T::Dropouts]),
        ],
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

/// The dimension of groups, all divisions one after the other.
pub(super) fn groups_of(divisions: &[Grouped]) -> Dimension {
    let labels = divisions.iter().map(|one| {
        let codes = one.categories.iter().map(|category| category.code.clone());
        codes.collect::<Vec<_>>()
    });
    Dimension::divided("group", labels)
}

/// A set of tables, protected.
pub(super) struct ProtectedSet {
    pub(super) set: &'static LinkedSet,
    pub(super) divisions: Vec<Grouped>,
    pub(super) counts: Vec<CountTable>,
    /// The tables as they may be published; none where no pattern was safe, so that nothing of them is.
    pub(super) shown: Option<Vec<ProtectedTable>>,
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
        let divisions = match divisions {
            [] => vec![everybody()],
            some => some.to_vec(),
        };
        let mut inner: Vec<Vec<u64>> = set
            .tables
            .iter()
            .map(|tally| gathered(tallies, *tally, &divisions))
            .collect();
        for split in set.splits.iter().filter(|split| split.has_rest) {
            let of = |tally: Tally| inner.get(set.at(tally)).cloned().unwrap_or_default();
            let mut rest = of(split.total);
            for part in split.parts {
                for (left, count) in rest.iter_mut().zip(of(*part)) {
                    // A part larger than its total is found by the protection, which checks every relation.
                    *left = left.saturating_sub(count);
                }
            }
            inner.push(rest);
        }
        let known = set.known.map(|known| set.at(known));
        let counts = inner
            .iter()
            .enumerate()
            .map(|(number, inner)| {
                let table = CountTable::new(vec![groups_of(&divisions)], inner)?;
                Ok(if known == Some(number) {
                    table.as_shown(elsewhere.and_then(|elsewhere| elsewhere.first_shown()))
                } else {
                    table
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let earlier = past.tables_of(set.name, &set.names(), &divisions, &[], grows, &counts)?;
        let mut links = set.links();
        links.relations.extend(earlier.relations);
        let zeros = ZeroPolicy::Publish;
        let shown = protect_with_earlier(&counts, &links, &earlier.tables, threshold, zeros);
        let shown = match shown {
            Ok(shown) => Some(shown),
            Err(SuppressionError::Unsafe | SuppressionError::UnsafeWithEarlier(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            set,
            divisions,
            counts,
            shown,
        })
    }

    fn first_shown(&self) -> Option<&ProtectedTable> {
        self.shown.as_ref()?.first()
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

    fn cell_of(&self, table: usize, group: Option<usize>) -> Cell {
        let shown = self.shown.as_ref().and_then(|shown| shown.get(table));
        let cell = shown.and_then(|table| table.get(&[group]));
        cell.unwrap_or(Cell::Suppressed)
    }

    /// Which cells of a table are published, in the order of `CountTable`.
    pub(super) fn is_shown(&self, table: usize) -> Vec<bool> {
        let size = self
            .counts
            .get(table)
            .map_or(0, |table| table.values().len());
        let shown = self.shown.as_ref().and_then(|shown| shown.get(table));
        match shown {
            Some(shown) => shown
                .cells()
                .map(|(_, cell)| cell != Cell::Suppressed)
                .collect(),
            None => vec![false; size],
        }
    }

    /// The true count, for what is computed and not shown.
    pub(super) fn count(&self, tally: Tally, group: Option<usize>) -> u64 {
        let table = self.counts.get(self.set.at(tally));
        table.and_then(|table| table.get(&[group])).unwrap_or(0)
    }

    /// Each division with the numbers of its categories among all groups.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (&Grouped, std::ops::Range<usize>)> {
        numbered(&self.divisions)
    }
}

/// Each division with the numbers of its categories among all groups.
pub(super) fn numbered(
    divisions: &[Grouped],
) -> impl Iterator<Item = (&Grouped, std::ops::Range<usize>)> {
    let mut end = 0;
    divisions.iter().map(move |one| {
        let start = end;
        end += one.categories.len();
        (one, start..end)
    })
}

/// The one group of a register in which nothing divides anybody.
pub(super) fn everybody() -> Grouped {
    Grouped {
        division: super::tally::Division::Sex,
        categories: vec![super::groups::category("all", "Alla", "All")],
        place_of: std::collections::BTreeMap::new(),
    }
}

fn gathered(tallies: &Tallies, tally: Tally, divisions: &[Grouped]) -> Vec<u64> {
    let by = |one: &Grouped| {
        if one.place_of.is_empty() {
            return vec![tallies.total(tally)];
        }
        one.gather(tallies.by(tally, one.division))
    };
    divisions.iter().flat_map(by).collect()
}
