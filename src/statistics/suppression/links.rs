//! How do tables that are published together belong together?
//!
//! Sums, inequalities, and events with the persons behind them: everything a reader knows without
//! seeing a figure. Whether the counts bear it out is checked here; what follows from it is not
//! decided here.

use super::{CountTable, SuppressionError};

/// A published sum of tables: cell by cell, `total` is the sum of `parts`. Tables are named by
/// their position in the list given to [`protect_linked`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The table that is the sum.
    pub total: usize,
    /// The tables that add up to it.
    pub parts: Vec<usize>,
    /// Whether a cell where all units fall in one part is hidden in all parts.
    pub hide_uniform: bool,
}

impl Relation {
    /// The parts say something about people (accepted, declined): uniform cells are hidden.
    pub fn outcome(total: usize, parts: Vec<usize>) -> Self {
        Self {
            total,
            parts,
            hide_uniform: true,
        }
    }

    /// The parts only divide the units (quarters of a year): uniform cells may be shown.
    pub fn plain(total: usize, parts: Vec<usize>) -> Self {
        Self {
            total,
            parts,
            hide_uniform: false,
        }
    }
}

/// A publicly known inequality: cell by cell, `smaller` is at most `larger` (started, accepted).
/// The audit counts on the reader using it. It does not protect the *difference*: to do that,
/// give the difference as a table of its own in a [`Relation`], even if it is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtMost {
    /// Position of the table with the smaller counts.
    pub smaller: usize,
    /// Position of the table with the larger counts.
    pub larger: usize,
}

/// A table of events and the table of the persons behind them (contacts, persons contacted). Cell
/// by cell there are at least as many events as persons, and none without persons. Events are
/// hidden wherever their persons are: twelve contacts may be those of a single youth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsOf {
    /// Position of the table of events.
    pub events: usize,
    /// Position of the table of persons.
    pub persons: usize,
}

/// Everything the reader knows about how the tables of one call belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkedTotals {
    /// Sums.
    pub relations: Vec<Relation>,
    /// Inequalities.
    pub at_most: Vec<AtMost>,
    /// Events and the persons behind them.
    pub events: Vec<EventsOf>,
}

impl LinkedTotals {
    /// Every inequality the reader knows.
    pub(in super::super) fn inequalities(&self) -> impl Iterator<Item = AtMost> + '_ {
        let of_persons = self.events.iter().map(|pair| AtMost {
            smaller: pair.persons,
            larger: pair.events,
        });
        self.at_most.iter().copied().chain(of_persons)
    }
}

/// Whether the counts of the tables, in the order in which the links number them, agree with the links.
pub(super) fn check_links(
    tables: &[&CountTable],
    links: &LinkedTotals,
) -> Result<(), SuppressionError> {
    let known = |number: usize| {
        tables
            .get(number)
            .copied()
            .ok_or(SuppressionError::UnknownTable(number))
    };
    for relation in &links.relations {
        let total = known(relation.total)?;
        let mut seen = vec![relation.total];
        let mut parts = Vec::new();
        for &part in &relation.parts {
            if seen.contains(&part) {
                return Err(SuppressionError::UnknownTable(part));
            }
            seen.push(part);
            let table = known(part)?;
            if table.dimensions != total.dimensions {
                return Err(SuppressionError::DimensionMismatch(relation.total, part));
            }
            parts.push(table);
        }
        let holds = (0..total.shape.len()).all(|index| {
            parts.iter().map(|part| part.value(index)).sum::<u64>() == total.value(index)
        });
        if !holds {
            return Err(SuppressionError::RelationBroken(relation.total));
        }
    }
    for pair in links.inequalities() {
        let (smaller, larger) = (known(pair.smaller)?, known(pair.larger)?);
        if pair.smaller == pair.larger {
            return Err(SuppressionError::UnknownTable(pair.smaller));
        }
        if smaller.dimensions != larger.dimensions {
            return Err(SuppressionError::DimensionMismatch(
                pair.larger,
                pair.smaller,
            ));
        }
        if smaller
            .values
            .iter()
            .zip(&larger.values)
            .any(|(low, high)| low > high)
        {
            return Err(SuppressionError::RelationBroken(pair.smaller));
        }
    }
    for pair in &links.events {
        let (events, persons) = (known(pair.events)?, known(pair.persons)?);
        let mut counts = events.values.iter().zip(&persons.values);
        if counts.any(|(&events, &persons)| events > 0 && persons == 0) {
            return Err(SuppressionError::RelationBroken(pair.events));
        }
    }
    Ok(())
}
