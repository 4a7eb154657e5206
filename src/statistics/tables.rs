//! Which figures are published, and what do they count? The catalogue is fixed: no filter, no free choice of rows,
//! since the difference between two of one's own choosing would be one person.
//! Every measure is broken down by sex, by age group and by area, each on its own: crossed with one another, a
//! municipality's numbers fall below the threshold in most cells, and hiding those hides the sums as well.
//! How cells are hidden is decided in `suppression`.

// All measures are protected together, with the differences a reader can form (in the register but not offered,
// attempted but not reached) as tables of their own that are not published. Only destinations and reasons stand apart:
// they divide the persons who left, of whom the other tables tell how many they are. They are broken down no further
// than that number is published, and hold it as known, so that nothing can be computed across.

use super::categories::{Category, Divided, Division, divide, smallest_together};
use super::facts::{Exit, Facts, YouthFacts};
use super::suppression::{
    AtMost, Cell, CountTable, Dimension, EventsOf, LinkedTotals, ProtectedTable, Relation,
    SuppressionError, Threshold, ZeroPolicy, protect, protect_linked,
};
use crate::domain::codes::{Code, DeregistrationReason, Destination};
use crate::error::Language;

/// What the cells of a table count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountOf {
    Persons,
    Contacts,
    Interventions,
}

impl CountOf {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Persons => "persons",
            Self::Contacts => "contacts",
            Self::Interventions => "interventions",
        }
    }
    pub(super) const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Persons, Language::Swedish) => "Personer",
            (Self::Persons, Language::English) => "Persons",
            (Self::Contacts, Language::Swedish) => "Kontakter",
            (Self::Contacts, Language::English) => "Contacts",
            (Self::Interventions, Language::Swedish) => "Insatser",
            (Self::Interventions, Language::English) => "Interventions",
        }
    }
}

macro_rules! measures {
    ($($variant:ident $name:literal $unit:ident $title_sv:literal $title_en:literal $sv:literal $en:literal;)+) => {
        /// A figure of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Measure { $($variant,)+ }
        impl Measure {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name in JSON.
            pub(super) const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            pub(super) const fn count_of(self) -> CountOf { match self { $(Self::$variant => CountOf::$unit),+ } }
            pub(super) const fn title(self, language: Language) -> &'static str {
                match language {
                    Language::Swedish => match self { $(Self::$variant => $title_sv),+ },
                    Language::English => match self { $(Self::$variant => $title_en),+ },
                }
            }
            /// What it counts, in one sentence.
            pub(super) const fn definition(self, language: Language) -> &'static str {
                match language {
                    Language::Swedish => match self { $(Self::$variant => $sv),+ },
                    Language::English => match self { $(Self::$variant => $en),+ },
                }
            }
        }
    };
}

// The linked tables come first, in the order of `linked_counts`.
measures! {
    Youths "youths" Persons "Ungdomar i registret" "Youths in the register"
        "Personer som var inskrivna hos enheten minst en dag under perioden." "Persons with an episode at the unit on at least one day of the period.";
    Attempted "personsAttempted" Persons "Ungdomar med kontaktförsök" "Youths with attempts"
        "Personer med minst en kontakt eller ett kontaktförsök under perioden, oavsett utfall." "Persons with at least one contact or attempt in the period, whatever came of it.";
    Reached "personsReached" Persons "Ungdomar som nåtts" "Youths reached"
        "Personer som själva nåddes vid minst en kontakt under perioden." "Persons who were themselves reached in at least one contact of the period.";
    Offered "personsOffered" Persons "Ungdomar som erbjudits insats" "Youths offered an intervention"
        "Personer som erbjöds minst en insats under perioden." "Persons who were offered at least one intervention in the period.";
    Accepted "personsAccepted" Persons "Ungdomar som tackat ja till insats" "Youths who accepted an intervention"
        "Personer som under perioden tackade ja till minst en insats, även om den erbjöds tidigare." "Persons who accepted at least one intervention in the period, even if it was offered earlier.";
    Started "personsStarted" Persons "Ungdomar som påbörjat insats" "Youths who started an intervention"
        "Personer som påbörjade minst en insats under perioden, även om den erbjöds tidigare." "Persons who started at least one intervention in the period, even if it was offered earlier.";
    Exited "personsExited" Persons "Ungdomar som avregistrerats" "Youths deregistered"
        "Personer med minst en period i registret som avslutades under perioden." "Persons of whom at least one episode ended in the period.";
    ContactAttempts "contactAttempts" Contacts "Kontakter och kontaktförsök" "Contacts and attempts"
        "Kontakter och kontaktförsök under perioden, oavsett utfall." "Contacts and attempts in the period, whatever came of them.";
    ContactsReached "contactsReached" Contacts "Kontakter där ungdomen nåddes" "Contacts in which the youth was reached"
        "Kontakter under perioden där ungdomen själv nåddes." "Contacts of the period in which the youth was reached.";
    InterventionsOffered "interventionsOffered" Interventions "Erbjudna insatser" "Interventions offered"
        "Insatser som erbjöds under perioden." "Interventions offered in the period.";
    InterventionsAccepted "interventionsAccepted" Interventions "Accepterade insatser" "Interventions accepted"
        "Insatser som ungdomar tackade ja till under perioden, även om de erbjöds tidigare." "Interventions accepted in the period, even if they were offered earlier.";
    InterventionsStarted "interventionsStarted" Interventions "Påbörjade insatser" "Interventions started"
        "Insatser som påbörjades under perioden, även om de erbjöds tidigare." "Interventions started in the period, even if they were offered earlier.";
    Destinations "destinations" Persons "Vart ungdomarna gick" "Destinations"
        "Avregistrerade personer efter vad de gick till vid periodens sista avregistrering." "Deregistered persons by what they went to at their last deregistration of the period.";
    Reasons "deregistrationReasons" Persons "Varför ungdomarna avregistrerades" "Reasons for deregistration"
        "Avregistrerade personer efter orsaken till periodens sista avregistrering." "Deregistered persons by the reason for their last deregistration of the period.";
}

/// A dimension of a published table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Axis {
    pub(super) name: &'static str,
    pub(super) label_sv: &'static str,
    pub(super) label_en: &'static str,
    pub(super) categories: Vec<Category>,
}

impl Axis {
    pub(super) const fn label(&self, language: Language) -> &'static str {
        match language {
            Language::Swedish => self.label_sv,
            Language::English => self.label_en,
        }
    }
}

/// A table as it is published: one figure for every combination of categories, totals (`None`) included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReleaseTable {
    pub(super) measure: Measure,
    pub(super) division: Division,
    pub(super) axes: Vec<Axis>,
    pub(super) cells: Vec<(Vec<Option<usize>>, Cell)>,
}

/// Tables that are not published, only protected: differences a reader can form. Behind the twelve linked measures.
const NOT_ATTEMPTED: usize = 12;
const NOT_REACHED: usize = 13;
const ATTEMPTED_NOT_REACHED: usize = 14;
const NOT_OFFERED: usize = 15;
const NOT_ACCEPTED: usize = 16;
const NOT_STARTED: usize = 17;
const NOT_EXITED: usize = 18;
const ATTEMPTS_IN_VAIN: usize = 19;
const LINKED: usize = 20;

const fn at(measure: Measure) -> usize {
    measure as usize
}

/// What one youth adds to each of the linked tables.
fn linked_counts(youth: &YouthFacts) -> [u64; LINKED] {
    let attempted = u64::from(youth.attempts > 0);
    let reached = u64::from(youth.reached > 0);
    let offered = u64::from(youth.offered > 0);
    let accepted = u64::from(youth.accepted > 0);
    let started = u64::from(youth.started > 0);
    let exited = u64::from(youth.exit.is_some());
    [
        1,
        attempted,
        reached,
        offered,
        accepted,
        started,
        exited,
        youth.attempts,
        youth.reached,
        youth.offered,
        youth.accepted,
        youth.started,
        1 - attempted,
        1 - reached,
        attempted.saturating_sub(reached),
        1 - offered,
        1 - accepted,
        1 - started,
        1 - exited,
        youth.attempts.saturating_sub(youth.reached),
    ]
}

/// What a reader knows of how the linked tables belong together. Offered, accepted and started are counted by their
/// own dates, so that none of them is a part of another and no difference between them is a number of persons.
fn links() -> LinkedTotals {
    let (youths, attempted, reached) = (
        at(Measure::Youths),
        at(Measure::Attempted),
        at(Measure::Reached),
    );
    let of = |persons: Measure, events: Measure| EventsOf {
        events: at(events),
        persons: at(persons),
    };
    LinkedTotals {
        relations: vec![
            Relation::plain(youths, vec![attempted, NOT_ATTEMPTED]),
            Relation::plain(attempted, vec![reached, ATTEMPTED_NOT_REACHED]),
            Relation::plain(youths, vec![reached, NOT_REACHED]),
            Relation::plain(youths, vec![at(Measure::Offered), NOT_OFFERED]),
            Relation::plain(youths, vec![at(Measure::Accepted), NOT_ACCEPTED]),
            Relation::plain(youths, vec![at(Measure::Started), NOT_STARTED]),
            Relation::plain(youths, vec![at(Measure::Exited), NOT_EXITED]),
            Relation::plain(
                at(Measure::ContactAttempts),
                vec![at(Measure::ContactsReached), ATTEMPTS_IN_VAIN],
            ),
        ],
        at_most: vec![AtMost {
            smaller: ATTEMPTED_NOT_REACHED,
            larger: ATTEMPTS_IN_VAIN,
        }],
        events: vec![
            of(Measure::Attempted, Measure::ContactAttempts),
            of(Measure::Reached, Measure::ContactsReached),
            of(Measure::Offered, Measure::InterventionsOffered),
            of(Measure::Accepted, Measure::InterventionsAccepted),
            of(Measure::Started, Measure::InterventionsStarted),
        ],
    }
}

/// The tables that belong together, protected.
pub(super) struct Protected {
    divided: Vec<Divided>,
    /// The linked tables, those that are not published included.
    linked: Vec<ProtectedTable>,
    outcomes: Vec<Outcome>,
}

/// Counts and protects everything. The same facts give the same tables.
pub(super) fn protect_all(
    facts: &Facts,
    threshold: Threshold,
) -> Result<Protected, SuppressionError> {
    // Twice the threshold: of a smaller group next to no figure could be shown, and its neighbours would suffer.
    let least = 2 * threshold.get();
    let divided: Vec<Divided> = Division::ALL
        .iter()
        .map(|&division| divide(division, &facts.youths, least))
        .collect();
    let mut inner = vec![Vec::new(); LINKED];
    for part in &divided {
        let mut counts = vec![[0_u64; LINKED]; part.categories.len()];
        for (youth, &category) in facts.youths.iter().zip(&part.member_of) {
            for (sum, count) in counts
                .get_mut(category)
                .into_iter()
                .flatten()
                .zip(linked_counts(youth))
            {
                *sum += count;
            }
        }
        for row in counts {
            for (table, count) in inner.iter_mut().zip(row) {
                table.push(count);
            }
        }
    }
    let tables = inner
        .iter()
        .map(|inner| CountTable::new(vec![groups(&divided)], inner))
        .collect::<Result<Vec<_>, _>>()?;
    let linked = protect_linked(&tables, &links(), threshold, ZeroPolicy::Publish)?;
    let exits = at(Measure::Exited);
    let mut outcomes = Vec::new();
    if let (Some(exits), Some(shown)) = (tables.get(exits), linked.get(exits)) {
        let leavers = Leavers {
            facts,
            divided: &divided,
            exits,
            shown,
            threshold,
        };
        outcomes.push(Outcome::destinations(&leavers)?);
        outcomes.push(Outcome::reasons(&leavers)?);
    }
    Ok(Protected {
        divided,
        linked,
        outcomes,
    })
}

fn groups(divided: &[Divided]) -> Dimension {
    let labels = divided.iter().map(|part| {
        let codes = part.categories.iter().map(|category| category.code.clone());
        codes.collect::<Vec<_>>()
    });
    Dimension::divided("group", labels)
}

/// The categories of a code list, and one for what was not written down.
fn words<C: Code>(all: &[C]) -> Vec<Category> {
    let mut categories: Vec<Category> = all.iter().copied().map(Category::of).collect();
    categories.push(Category::new("not_stated", "Uppgift saknas", "Not stated"));
    categories
}

fn place_of<C: Code>(all: &[C], word: Option<C>) -> usize {
    let place = all.iter().position(|other| Some(*other) == word);
    place.unwrap_or(all.len())
}

/// How those who left are spread over destinations or reasons.
struct Outcome {
    measure: Measure,
    axis: Axis,
    /// The divisions as far as the number of those who left is published.
    divided: Vec<Divided>,
    shown: Shown,
}

enum Shown {
    /// Group by outcome.
    Table(Box<ProtectedTable>),
    /// Nothing but the numbers known from the table of exits, in the order of the categories, the total last.
    TotalsOnly(Vec<Cell>),
}

/// Those who left, as far as the linked tables tell of them.
struct Leavers<'a> {
    facts: &'a Facts,
    divided: &'a [Divided],
    exits: &'a CountTable,
    shown: &'a ProtectedTable,
    threshold: Threshold,
}

impl Outcome {
    fn destinations(leavers: &Leavers<'_>) -> Result<Self, SuppressionError> {
        let axis = Axis {
            name: "destination",
            label_sv: "Destination",
            label_en: "Destination",
            categories: words(Destination::ALL),
        };
        Self::protect(Measure::Destinations, axis, leavers, |exit| {
            place_of(Destination::ALL, exit.destination)
        })
    }

    fn reasons(leavers: &Leavers<'_>) -> Result<Self, SuppressionError> {
        let axis = Axis {
            name: "deregistrationReason",
            label_sv: "Avregistreringsorsak",
            label_en: "Reason for deregistration",
            categories: words(DeregistrationReason::ALL),
        };
        Self::protect(Measure::Reasons, axis, leavers, |exit| {
            place_of(DeregistrationReason::ALL, exit.reason)
        })
    }

    fn protect(
        measure: Measure,
        axis: Axis,
        leavers: &Leavers<'_>,
        outcome_of: impl Fn(Exit) -> usize,
    ) -> Result<Self, SuppressionError> {
        let Leavers {
            facts,
            divided,
            shown,
            threshold,
            ..
        } = *leavers;
        let total = shown.get(&[None]).unwrap_or(Cell::Suppressed);
        if total == Cell::Suppressed {
            let groups: usize = divided.iter().map(|part| part.categories.len()).sum();
            let known = (0..groups).map(|group| shown.get(&[Some(group)]));
            let known = known.map(|cell| cell.unwrap_or(Cell::Suppressed));
            return Ok(Self {
                measure,
                axis,
                divided: divided.to_vec(),
                shown: Shown::TotalsOnly(known.chain([total]).collect()),
            });
        }
        let divided = coarser(leavers);
        let mut inner = Vec::new();
        let mut sums = Vec::new();
        for part in &divided {
            let mut counts = vec![vec![0_u64; axis.categories.len()]; part.categories.len()];
            for (youth, &group) in facts.youths.iter().zip(&part.member_of) {
                let row = counts.get_mut(group);
                let outcome = youth.exit.map(&outcome_of);
                let cell = outcome
                    .zip(row)
                    .and_then(|(outcome, row)| row.get_mut(outcome));
                if let Some(cell) = cell {
                    *cell += 1;
                }
            }
            sums.extend(counts.iter().map(|row| Cell::Count(row.iter().sum())));
            inner.extend(counts.into_iter().flatten());
        }
        sums.push(total);
        let codes = axis.categories.iter().map(|category| category.code.clone());
        let outcomes = Dimension::outcome(axis.name, codes.collect::<Vec<_>>());
        // How many left is known from the table of exits.
        let mut table =
            CountTable::new(vec![groups(&divided), outcomes], &inner)?.with_known_totals(1);
        let mut best = (0, Shown::TotalsOnly(sums));
        // In a small unit the finest breakdown leaves nothing unhidden, the sums included. It is withheld then, and
        // the next one if that is not enough, so that at least the destinations of all can be shown.
        let finest_first = numbered(&divided).map(|(_, numbers)| numbers);
        let mut finest_first: Vec<_> = finest_first.collect();
        finest_first.reverse();
        for withheld in std::iter::once(0..0).chain(finest_first) {
            table = table.with_rows_withheld(0, withheld);
            let protected = match protect(&table, threshold, ZeroPolicy::Publish) {
                Ok(protected) => protected,
                Err(SuppressionError::Unsafe) => continue,
                Err(error) => return Err(error),
            };
            // What became of all of them matters most.
            let told = protected
                .cells()
                .filter_map(|(at, cell)| match (at.as_slice(), cell) {
                    ([None, Some(_)], Cell::Count(1..)) => Some(20),
                    ([Some(_), Some(_)], Cell::Count(1..)) => Some(1),
                    _ => None,
                });
            let told: usize = told.sum();
            if told > best.0 {
                best = (told, Shown::Table(Box::new(protected)));
            }
        }
        let shown = best.1;
        Ok(Self {
            measure,
            axis,
            divided,
            shown,
        })
    }

    fn cell(&self, group: Option<usize>, outcome: Option<usize>) -> Cell {
        let cell = match &self.shown {
            Shown::Table(table) => table.get(&[group, outcome]),
            Shown::TotalsOnly(totals) => {
                let total = match group {
                    Some(group) => totals.get(group),
                    None => totals.last(),
                };
                // Where nobody left, nobody went anywhere.
                total
                    .copied()
                    .filter(|total| outcome.is_none() || *total == Cell::Count(0))
            }
        };
        cell.unwrap_or(Cell::Suppressed)
    }
}

/// The divisions with every category put together of which the number of exits is hidden. A reader can form the sum
/// of those by subtraction, so the category must not be small either; then a category that is shown joins it.
fn coarser(leavers: &Leavers<'_>) -> Vec<Divided> {
    let Leavers {
        divided,
        exits,
        shown,
        ..
    } = *leavers;
    let least = leavers.threshold.get();
    let mut before = 0;
    divided
        .iter()
        .map(|part| {
            let numbers = before..before + part.categories.len();
            before = numbers.end;
            // As if those hidden were too small to stand alone.
            let sizes: Vec<u64> = numbers
                .clone()
                .map(|number| exits.get(&[Some(number)]).unwrap_or(0))
                .collect();
            let hidden: Vec<bool> = numbers
                .map(|number| shown.get(&[Some(number)]) == Some(Cell::Suppressed))
                .collect();
            let mut pool: Vec<usize> = (0..sizes.len())
                .filter(|&n| hidden.get(n).copied() == Some(true))
                .collect();
            let together: u64 = pool.iter().filter_map(|&n| sizes.get(n)).sum();
            if (1..least).contains(&together) {
                let with_sum: Vec<u64> = sizes
                    .iter()
                    .zip(&hidden)
                    .map(|(&size, &hide)| if hide { 0 } else { size })
                    .chain([together])
                    .collect();
                let joined = smallest_together(&with_sum, least);
                pool.extend(joined.into_iter().filter(|&n| n < sizes.len()));
                pool.sort_unstable();
            }
            regrouped(part, &pool)
        })
        .collect()
}

fn regrouped(part: &Divided, pool: &[usize]) -> Divided {
    let mut categories = Vec::new();
    let mut place = vec![0; part.categories.len()];
    for (number, category) in part.categories.iter().enumerate() {
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
        categories.push(Category::new(
            "remaining",
            "Övriga tillsammans",
            "The others together",
        ));
    }
    Divided {
        division: part.division,
        categories,
        member_of: part
            .member_of
            .iter()
            .map(|&category| place.get(category).copied().unwrap_or(0))
            .collect(),
    }
}

impl Protected {
    /// The published tables: for each measure one by sex, one by age group, one by area.
    pub(super) fn publish(&self) -> Vec<ReleaseTable> {
        let mut tables = Vec::new();
        let linked = Measure::ALL.iter().zip(&self.linked);
        for (&measure, table) in linked.take(NOT_ATTEMPTED) {
            for (part, numbers) in numbered(&self.divided) {
                let total = table.get(&[None]).unwrap_or(Cell::Suppressed);
                let cells = numbers.enumerate().map(|(place, number)| {
                    let cell = table.get(&[Some(number)]).unwrap_or(Cell::Suppressed);
                    (vec![Some(place)], cell)
                });
                tables.push(ReleaseTable {
                    measure,
                    division: part.division,
                    axes: vec![axis_of(part)],
                    cells: std::iter::once((vec![None], total)).chain(cells).collect(),
                });
            }
        }
        for outcome in &self.outcomes {
            for (part, numbers) in numbered(&outcome.divided) {
                let groups = std::iter::once(None).chain(numbers.clone().map(Some));
                let cells = groups.flat_map(|group| {
                    let place = group.map(|number| number - numbers.start);
                    let outcomes = (0..outcome.axis.categories.len()).map(Some);
                    std::iter::once(None)
                        .chain(outcomes)
                        .map(move |word| (vec![word, place], outcome.cell(group, word)))
                });
                tables.push(ReleaseTable {
                    measure: outcome.measure,
                    division: part.division,
                    cells: cells.collect(),
                    axes: vec![outcome.axis.clone(), axis_of(part)],
                });
            }
        }
        tables
    }
}

/// Each division with the numbers of its categories among all.
fn numbered(divided: &[Divided]) -> impl Iterator<Item = (&Divided, std::ops::Range<usize>)> {
    let mut end = 0;
    divided.iter().map(move |part| {
        let start = end;
        end += part.categories.len();
        (part, start..end)
    })
}

fn axis_of(part: &Divided) -> Axis {
    Axis {
        name: part.division.name(),
        label_sv: part.division.label(Language::Swedish),
        label_en: part.division.label(Language::English),
        categories: part.categories.clone(),
    }
}

#[cfg(test)]
pub(super) mod tests;
