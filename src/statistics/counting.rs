//! How does a counting go, and what becomes of it? It reads the register youth by youth, in an order that can be taken up again,
//! and holds nothing but sums; when it has come to the end, the sums are grouped, protected and written into the document of a
//! release. Reading the register is a matter of `db::statistics`, keeping the document of `db::statistics_releases`.

use super::document::{Goal, ReleaseDocument};
use super::earlier::Past;
use super::figures;
use super::groups::{Grouped, smallest_together, telling};
use super::linked::{CHECKS, COHORT, LinkedSet, ProtectedSet, REGISTER, YOUTHS};
use super::measures;
use super::met::ProtectedMet;
use super::outcomes::{ProtectedOutcome, ShownOutcome};
use super::period::Period;
use super::record::YouthRecord;
use super::singles::Singles;
use super::suppression::{Cell, CountTable, SuppressionError, Threshold};
use super::tally::{Division, OutcomeTally, Tallies, Tally};
use crate::domain::id::{Id, Youth};
use crate::domain::outreach::Met;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the ambassadors did in the period. They meet people whom nobody knows, so that it stands beside the youths.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outreach {
    /// Sessions that began in the period.
    pub sessions: u64,
    /// Whom they met, by age and sex.
    pub met: Vec<Met>,
    /// Who was met and is nobody's record.
    pub anonymous_contacts: u64,
    /// Minutes in sessions and reported besides.
    pub minutes: u64,
    /// How many members of staff these are of.
    pub staff: u64,
}

/// The sums of a period as far as they have come. Holds no name, number or id but the position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counting {
    period: Period,
    /// The youth who was counted last.
    position: Option<Id<Youth>>,
    counted: u64,
    is_finished: bool,
    /// Months for which those who dropped out are followed; those of the settings when the counting began.
    resumption_months: Option<u32>,
    /// The names of the units.
    units: BTreeMap<String, String>,
    outreach: Outreach,
    tallies: Tallies,
}

impl Counting {
    /// A counting that has not read anything yet.
    pub fn begin(period: Period) -> Self {
        Self {
            period,
            position: None,
            counted: 0,
            is_finished: false,
            resumption_months: None,
            units: BTreeMap::new(),
            outreach: Outreach::default(),
            tallies: Tallies::default(),
        }
    }

    /// What is counted.
    pub const fn period(&self) -> Period {
        self.period
    }

    /// The youth who was counted last; none at the beginning.
    pub const fn position(&self) -> Option<Id<Youth>> {
        self.position
    }

    /// How many youths have been read.
    pub const fn counted(&self) -> u64 {
        self.counted
    }

    /// Whether everything has been read.
    pub const fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// The raw sums.
    pub const fn tallies(&self) -> &Tallies {
        &self.tallies
    }

    /// What the ambassadors did.
    pub const fn outreach(&self) -> &Outreach {
        &self.outreach
    }

    /// Months for which those who dropped out are followed; told once, before anything is counted.
    pub fn months_or(
        &mut self,
        months: impl FnOnce() -> crate::error::Result<u32>,
    ) -> crate::error::Result<u32> {
        match self.resumption_months {
            Some(months) => Ok(months),
            None => {
                let told = months()?;
                self.resumption_months = Some(told);
                Ok(told)
            }
        }
    }

    /// Adds a youth. Those with a protected identity are not given to it.
    pub fn count(&mut self, id: Id<Youth>, record: &YouthRecord) {
        let months = self.resumption_months.unwrap_or_default();
        record.count(self.period, months, &mut self.tallies);
        self.position = Some(id);
        self.counted += 1;
    }

    /// Adds what is not about youths, when all of them have been read.
    pub fn finish(&mut self, units: BTreeMap<String, String>, outreach: Outreach) {
        self.units = units;
        self.outreach = outreach;
        self.is_finished = true;
    }
}

/// The cost of the work in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodCost {
    /// The period.
    pub period: Period,
    /// Whole kronor.
    pub kronor: u64,
}

/// The true counts behind the tables of a release. Shown to nobody, and kept so that a later release can be protected together
/// with this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountsBehind {
    /// The groups, in which the later releases of the year count too.
    pub divisions: Vec<Grouped>,
    /// The tables that were protected together, by the name of their set.
    pub sets: Vec<SetBehind>,
}

/// Tables over the same groups that were protected together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetBehind {
    /// Of a linked set, or of an outcome.
    pub name: String,
    /// The groups of the tables, one division after the other.
    pub divisions: Vec<Grouped>,
    /// The codes of the outcomes; none where a table has no other dimension than the groups.
    pub outcomes: Vec<String>,
    /// The numbers of the divisions by which nothing was published of any table.
    #[serde(default)]
    pub unpublished: Vec<usize>,
    /// The finest groups of each division that a reader has from any release of the year; none where they are those of the tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finest: Vec<Grouped>,
    /// The tables.
    pub tables: Vec<TableBehind>,
}

impl SetBehind {
    /// How many cells stand in a row of a table, that of the sum included.
    pub(super) fn width(&self) -> usize {
        match self.outcomes.len() {
            0 => 1,
            outcomes => outcomes + 1,
        }
    }

    /// The finest groups of each division.
    pub(super) fn finest(&self) -> &[Grouped] {
        if self.finest.is_empty() {
            &self.divisions
        } else {
            &self.finest
        }
    }
}

/// A table with its true counts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableBehind {
    /// Of a tally, or of what it leaves over of another.
    pub name: String,
    /// The counts of all cells, sums included, in the order of `CountTable`.
    pub counts: Vec<u64>,
    /// Which of them are published, or follow from what is.
    pub is_shown: Vec<bool>,
    /// The numbers of the divisions by which nothing was published of it.
    #[serde(default)]
    pub unpublished: Vec<usize>,
    /// The counts in the finest groups, in the same order; none where they are those of the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finest: Vec<u64>,
}

impl TableBehind {
    /// The counts in the finest groups.
    pub(super) fn finest(&self) -> &[u64] {
        if self.finest.is_empty() {
            &self.counts
        } else {
            &self.finest
        }
    }
}

impl std::fmt::Debug for TableBehind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TableBehind({}, [hidden])", self.name)
    }
}

/// An earlier release of the same year, withdrawn ones included: they have been read.
#[derive(Debug, Clone)]
pub struct EarlierRelease {
    /// What was published.
    pub document: ReleaseDocument,
    /// What stands behind it.
    pub behind: CountsBehind,
}

/// A release, and what is kept behind it.
#[derive(Debug, Clone)]
pub struct Concluded {
    /// The release.
    pub document: ReleaseDocument,
    /// The true counts.
    pub behind: CountsBehind,
}

/// Everything protected that a release is written from.
pub(super) struct Protected {
    /// The groups of the youths in the register.
    pub(super) divisions: Vec<Grouped>,
    pub(super) sets: Vec<ProtectedSet>,
    pub(super) outcomes: Vec<ProtectedOutcome>,
    pub(super) met: ProtectedMet,
    pub(super) singles: Singles,
}

impl Protected {
    /// How far apart the counts lie that the least protected hidden cell of all tables can have, as far as the audit looked.
    pub(super) fn narrowest(&self) -> Option<u64> {
        let sets = self.sets.iter().map(ProtectedSet::narrowest);
        let outcomes = self.outcomes.iter().map(ProtectedOutcome::narrowest);
        sets.chain(outcomes)
            .chain([self.met.narrowest])
            .flatten()
            .min()
    }

    /// The set that a tally is in.
    pub(super) fn set_of(&self, tally: Tally) -> Option<&ProtectedSet> {
        self.sets.iter().find(|set| set.set.has(tally))
    }
}

/// Groups, protects and writes down a counting that is finished. Pure and slow: it belongs beside the database threads. The same
/// counting gives the same document.
///
/// # Errors
/// No safe way to publish was found, or the register is beyond what can be protected; then nothing is published.
pub fn conclude(
    counting: Counting,
    costs: &[PeriodCost],
    goals: Vec<Goal>,
    earlier: &[EarlierRelease],
    threshold: Threshold,
    counted_at: DateTime<Utc>,
) -> Result<Concluded, SuppressionError> {
    let tallies = &counting.tallies;
    // Twice the threshold: of a smaller group next to no figure could be shown, and its neighbours would suffer.
    let least = 2 * threshold.get();
    let past = Past::of(counting.period, earlier);
    let last = past.last();
    let all = match last {
        Some(last) => last.behind.divisions.clone(),
        None => Division::OF_YOUTHS
            .into_iter()
            .map(|division| Grouped::of(division, tallies, Tally::Youths, &counting.units, least))
            .collect(),
    };
    let held: Vec<Grouped> = all
        .into_iter()
        .map(|one| {
            let keys = tallies.by(Tally::Youths, one.division);
            let held = one.holding(keys.into_iter().flat_map(BTreeMap::keys));
            let sizes = held.gather(keys);
            // Since the release before somebody may have come who is new, or most of a group have left.
            held.coarser(&smallest_together(&sizes, threshold.get()))
        })
        .collect();
    let divisions = past.told(YOUTHS.name, telling(held.clone(), tallies, least));
    let youths = ProtectedSet::of(&YOUTHS, tallies, &divisions, None, &past, threshold)?;
    let mut sets = Vec::new();
    for set in &REGISTER {
        let known = Some(&youths);
        sets.push(ProtectedSet::of(
            set, tallies, &divisions, known, &past, threshold,
        )?);
    }
    sets.insert(0, youths);
    let aside = |set: &'static LinkedSet, people: Tally, by: &[Division]| {
        let chosen = divisions.iter().filter(|one| by.contains(&one.division));
        let mut own: Vec<Grouped> = chosen.cloned().collect();
        if by.contains(&Division::Months) {
            let before = last.and_then(|last| last.behind.division(set.name, Division::Months));
            own.push(before.cloned().unwrap_or_else(|| {
                Grouped::of(Division::Months, tallies, people, &counting.units, least)
            }));
        }
        // They are other people than those in the register, and may be in groups in which nobody is now.
        let own: Vec<Grouped> = own
            .into_iter()
            .map(|one| {
                let keys = tallies.by(people, one.division);
                one.holding(keys.into_iter().flat_map(BTreeMap::keys))
            })
            .filter(|one| one.categories.len() > 1)
            .collect();
        let own = past.told(set.name, own);
        ProtectedSet::of(set, tallies, &own, None, &past, threshold)
    };
    let cohort = aside(&COHORT, Tally::Cohort, measures::COHORT_DIVISIONS)?;
    let checks = aside(&CHECKS, Tally::Checked, measures::CHECK_DIVISIONS)?;
    sets.extend([cohort, checks]);
    let is_told = |tally: Tally| {
        let set = sets.iter().find(|set| set.set.has(tally));
        set.is_some_and(|set| set.cell(tally, None) != Cell::Suppressed)
    };
    let singles = Singles::of(&counting, is_told, &past, threshold);
    let mut protected = Protected {
        divisions,
        sets,
        outcomes: Vec::new(),
        met: ProtectedMet::of(&counting.outreach, &past, threshold)?,
        singles,
    };
    for (tally, by) in measures::outcome_tables() {
        let Some(people) = protected.set_of(tally.people()) else {
            continue;
        };
        let outcome = ProtectedOutcome::of(tally, by, tallies, people, &past, threshold)?;
        protected.outcomes.push(outcome);
    }
    let behind = CountsBehind::of(&protected, held);
    let document = figures::write(&figures::Written {
        counting: &counting,
        protected: &protected,
        costs,
        goals,
        threshold,
        counted_at,
    });
    Ok(Concluded { document, behind })
}

fn values(table: Option<&CountTable>) -> Vec<u64> {
    table.map_or_else(Vec::new, |table| table.values().to_vec())
}

impl CountsBehind {
    fn of(protected: &Protected, divisions: Vec<Grouped>) -> Self {
        let linked = protected.sets.iter().map(|set| {
            let names = set.set.names();
            let tables = names.into_iter().zip(&set.counts).enumerate();
            SetBehind {
                name: set.set.name.to_owned(),
                divisions: set.divisions.now(),
                outcomes: Vec::new(),
                unpublished: set.unpublished(),
                finest: set.divisions.finest().unwrap_or_default(),
                tables: tables
                    .map(|(number, (name, counts))| TableBehind {
                        name,
                        counts: counts.values().to_vec(),
                        is_shown: set.is_shown(number),
                        unpublished: set.left_out(number),
                        finest: values(set.finest.get(number)),
                    })
                    .collect(),
            }
        });
        let outcomes = protected.outcomes.iter().map(|one| {
            let codes = one.axis.categories.iter().map(|word| word.code.clone());
            SetBehind {
                name: one.tally.name().to_owned(),
                divisions: one.divisions.now(),
                outcomes: codes.collect(),
                unpublished: one.unpublished(),
                finest: one.divisions.finest().unwrap_or_default(),
                tables: match &one.shown {
                    ShownOutcome::Table(table) => vec![TableBehind {
                        name: one.tally.name().to_owned(),
                        counts: table.counts.values().to_vec(),
                        is_shown: table.is_shown(one.tally.counts_once(), &one.divisions),
                        unpublished: one.unpublished(),
                        finest: values(table.finest.as_ref()),
                    }],
                    ShownOutcome::SumsOnly(_) => Vec::new(),
                },
            }
        });
        let aside = protected.singles.behind().chain([protected.met.behind()]);
        Self {
            divisions,
            sets: linked.chain(outcomes).chain(aside).collect(),
        }
    }

    /// The tables of a set.
    pub fn set(&self, name: &str) -> Option<&SetBehind> {
        self.sets.iter().find(|set| set.name == name)
    }

    fn division(&self, set: &str, division: Division) -> Option<&Grouped> {
        let divisions = &self.set(set)?.divisions;
        divisions.iter().find(|one| one.division == division)
    }
}

/// How somebody fares along an outcome; for the naive second way of counting.
impl Counting {
    /// The sum of an outcome over all.
    pub fn outcome_total(&self, tally: OutcomeTally, outcome: &str) -> u64 {
        let by = self.tallies.outcome_total(tally);
        by.and_then(|by| by.get(outcome)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
