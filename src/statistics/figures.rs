//! How do protected counts become the tables of a release? One table for each measure and each division it may be broken down
//! by. Shares, means and medians follow their counts: where a numerator, a denominator or what is left over is hidden, so are
//! they. What is hidden was decided before; no true count of anybody is read here but for the middle of days.

use super::counting::{Counting, PeriodCost, Protected};
use super::document::{
    Axis, Category, Division as ShownDivision, FORMAT, Goal, HiddenShare, PeriodOf,
    ReleaseDocument, Table, TableCell, Words,
};
use super::groups::{Grouped, category, words};
use super::linked::ProtectedSet;
use super::measures::{Figure, MEASURES, Measure};
use super::outcomes::ProtectedOutcome;
use super::period::Period;
use super::suppression::{
    Cell, CountTable, Dimension, SuppressionError, Threshold, ZeroPolicy, protect,
};
use super::tally::{OutcomeTally, Tally};
use crate::domain::codes::{Code, LegalSex};
use crate::domain::outreach::MetAge;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Fewer members of staff than this, and their hours are those of somebody.
const LEAST_STAFF: u64 = 3;
/// Percent have one decimal.
const PERCENT_DECIMALS: u8 = 1;
/// A thousand is a hundred percent with one decimal.
const WHOLE: u128 = 1000;

/// Everything that a document is written from.
pub(super) struct Written<'a> {
    pub(super) counting: &'a Counting,
    pub(super) protected: &'a Protected,
    pub(super) costs: &'a [PeriodCost],
    pub(super) goals: Vec<Goal>,
    pub(super) threshold: Threshold,
    pub(super) counted_at: DateTime<Utc>,
}

/// A figure before it has its place: value, hidden or not, and what was divided.
#[derive(Default)]
struct Shown {
    value: Option<i64>,
    is_hidden: bool,
    numerator: Option<i64>,
    denominator: Option<i64>,
}

impl Shown {
    fn hidden() -> Self {
        Self {
            is_hidden: true,
            ..Self::default()
        }
    }

    fn number(value: u64) -> Self {
        Self {
            value: Some(signed(value)),
            ..Self::default()
        }
    }

    fn of(cell: Cell) -> Self {
        match cell {
            Cell::Count(count) => Self::number(count),
            Cell::Suppressed => Self::hidden(),
        }
    }

    /// A part of a whole in percent, which follows its counts.
    fn share(part: Cell, whole: Cell, rest: Cell) -> Self {
        let published = |cell| match cell {
            Cell::Count(count) => Some(signed(count)),
            Cell::Suppressed => None,
        };
        let shown = match (part, whole, rest) {
            (Cell::Count(part), Cell::Count(whole), Cell::Count(_)) => Self {
                value: divided(u128::from(part) * WHOLE, whole),
                ..Self::default()
            },
            _ => Self::hidden(),
        };
        Self {
            numerator: published(part),
            denominator: published(whole),
            ..shown
        }
    }

    fn at(self, at: Vec<Option<String>>) -> TableCell {
        TableCell {
            at,
            value: self.value,
            is_hidden: self.is_hidden,
            numerator: self.numerator,
            denominator: self.denominator,
        }
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Rounded to the nearest, a half upwards; nothing of nothing.
fn divided(number: u128, by: u64) -> Option<i64> {
    let by = u128::from(by);
    let rounded = (2 * number + by).checked_div(2 * by)?;
    Some(i64::try_from(rounded).unwrap_or(i64::MAX))
}

/// The document of a release.
///
/// # Errors
/// No safe way to publish was found.
pub(super) fn write(written: &Written<'_>) -> Result<ReleaseDocument, SuppressionError> {
    let mut tables = Vec::new();
    for measure in MEASURES {
        tables.extend(written.tables_of(measure)?);
    }
    let cells = tables.iter().flat_map(|table| &table.cells);
    let hidden = cells.clone().filter(|cell| cell.is_hidden).count();
    let used: Vec<&str> = tables.iter().map(|table| table.measure.as_str()).collect();
    Ok(ReleaseDocument {
        format: FORMAT,
        period: period_of(written.counting.period()),
        counted_at: written.counted_at,
        threshold: written.threshold.get(),
        hidden: HiddenShare {
            hidden: u64::try_from(hidden).unwrap_or(u64::MAX),
            cells: u64::try_from(cells.count()).unwrap_or(u64::MAX),
        },
        measures: MEASURES
            .iter()
            .filter(|measure| used.contains(&measure.code))
            .map(Measure::definition)
            .collect(),
        divisions: written
            .protected
            .register
            .divisions
            .iter()
            .filter(|one| !one.place_of.is_empty())
            .map(|one| ShownDivision {
                name: one.division.name().to_owned(),
                label: one.division.label(),
                categories: one.categories.clone(),
            })
            .collect(),
        notes: written.notes(),
        goals: written.goals.clone(),
        tables,
    })
}

fn period_of(period: Period) -> PeriodOf {
    PeriodOf {
        code: period.part().code().to_owned(),
        label: Words {
            sv: format!("{} {}", period.part().sv(), period.year()),
            en: format!("{} {}", period.part().en(), period.year()),
        },
        year: period.year(),
        first_day: period.first_day(),
        last_day: period.last_day(),
    }
}

impl Written<'_> {
    fn tables_of(&self, measure: &Measure) -> Result<Vec<Table>, SuppressionError> {
        let protected = self.protected;
        Ok(match measure.figure {
            Figure::Count(tally) => {
                let set = protected.set_of(tally);
                by_divisions(measure, set, |group| Shown::of(set.cell(tally, group)))
            }
            Figure::Share { part, of } => {
                let set = protected.set_of(part);
                by_divisions(measure, set, |group| {
                    let rest = set.rest_cell(of, part, group);
                    Shown::share(set.cell(part, group), set.cell(of, group), rest)
                })
            }
            Figure::DaysToOffer => self.days_to_offer(measure),
            Figure::Destinations => destinations(measure, &protected.register),
            Figure::Outcome(tally) => {
                let mut outcomes = protected.outcomes.iter();
                let outcome = outcomes.find(|one| one.tally == tally);
                outcome.map_or_else(Vec::new, |outcome| outcome_tables(measure, outcome))
            }
            Figure::PeopleMet => vec![self.people_met(measure)?],
            Figure::Cost
            | Figure::CostPerParticipant
            | Figure::Sessions
            | Figure::Hours
            | Figure::AnonymousContacts => vec![single(measure, self.single_figure(measure))],
        })
    }

    fn single_figure(&self, measure: &Measure) -> Shown {
        let outreach = self.counting.outreach();
        let cost = || {
            let period = self.counting.period();
            let mut costs = self.costs.iter();
            costs
                .find(|cost| cost.period == period)
                .map(|cost| cost.kronor)
        };
        match measure.figure {
            Figure::Cost => cost().map_or_else(Shown::default, Shown::number),
            Figure::CostPerParticipant => {
                let participants = self.protected.register.cell(Tally::Participants, None);
                match (cost(), participants) {
                    (Some(kronor), Cell::Count(participants)) => Shown {
                        value: divided(u128::from(kronor), participants),
                        is_hidden: false,
                        numerator: Some(signed(kronor)),
                        denominator: Some(signed(participants)),
                    },
                    (Some(_), Cell::Suppressed) => Shown::hidden(),
                    // Nobody has told what it cost.
                    (None, _) => Shown::default(),
                }
            }
            Figure::Sessions => Shown::number(outreach.sessions),
            Figure::Hours if outreach.minutes > 0 && outreach.staff < LEAST_STAFF => {
                Shown::hidden()
            }
            Figure::Hours => {
                let hours = divided(u128::from(outreach.minutes), 60);
                Shown {
                    value: hours,
                    ..Shown::default()
                }
            }
            _ => {
                let few = (1..self.threshold.get()).contains(&outreach.anonymous_contacts);
                if few {
                    Shown::hidden()
                } else {
                    Shown::number(outreach.anonymous_contacts)
                }
            }
        }
    }

    /// The middle of the days, where so many are published that it is nobody's.
    fn days_to_offer(&self, measure: &Measure) -> Vec<Table> {
        let set = &self.protected.register;
        let tallies = self.counting.tallies();
        let tally = OutcomeTally::DaysToOffer;
        let by_group: Vec<BTreeMap<u64, u64>> = set
            .numbered()
            .flat_map(|(one, _)| {
                let mut days = vec![BTreeMap::new(); one.categories.len()];
                for (key, by) in tallies
                    .outcome_by(tally, one.division)
                    .into_iter()
                    .flatten()
                {
                    let place = one.place_of.get(key).copied().unwrap_or(usize::MAX);
                    if let Some(days) = days.get_mut(place) {
                        add_days(days, by);
                    }
                }
                days
            })
            .collect();
        let mut of_all = BTreeMap::new();
        if let Some(by) = tallies.outcome_total(tally) {
            add_days(&mut of_all, by);
        }
        by_divisions(measure, set, |group| {
            let days = group.map_or(Some(&of_all), |group| by_group.get(group));
            match (set.cell(tally.people(), group), days) {
                (Cell::Count(0), _) => Shown::default(),
                (Cell::Count(count), Some(days)) if count >= 2 * self.threshold.get() => {
                    middle(days).map_or_else(Shown::hidden, Shown::number)
                }
                _ => Shown::hidden(),
            }
        })
    }

    /// Whom sessions met, by age and sex.
    fn people_met(&self, measure: &Measure) -> Result<Table, SuppressionError> {
        let met = &self.counting.outreach().met;
        let count = |age: MetAge, sex: LegalSex| {
            let groups = met.iter();
            let found = groups.filter(|one| one.age_group == age && one.legal_sex == sex);
            let sum: i64 = found.map(|one| one.count.max(0)).sum();
            u64::try_from(sum).unwrap_or(0)
        };
        let inner: Vec<u64> = MetAge::ALL
            .iter()
            .flat_map(|age| LegalSex::ALL.iter().map(|sex| count(*age, *sex)))
            .collect();
        let ages = shown_axis("metAge", ("Ålder", "Age"), words(MetAge::ALL));
        let sexes = shown_axis("sex", ("Kön", "Sex"), words(LegalSex::ALL));
        let dimension = |axis: &Axis| {
            let codes = axis.categories.iter().map(|one| one.code.clone());
            Dimension::group(axis.name.clone(), codes.collect::<Vec<_>>())
        };
        let table = CountTable::new(vec![dimension(&ages), dimension(&sexes)], &inner)?;
        let protected = protect(&table, self.threshold, ZeroPolicy::Publish)?;
        let axes = vec![ages, sexes];
        let cells = places(&axes)
            .into_iter()
            .map(|at| {
                let cell = protected.get(&at).unwrap_or(Cell::Suppressed);
                Shown::of(cell).at(codes_at(&axes, &at))
            })
            .collect();
        Ok(table_of(
            measure,
            measure.code.to_owned(),
            measure.title(),
            axes,
            cells,
        ))
    }

    /// What a reader must know besides the figures.
    fn notes(&self) -> Vec<Words> {
        let threshold = self.threshold.get();
        let mut notes: Vec<Words> = vec![
            Words {
                sv: format!("Antal från 1 till {} är dolda (..), liksom antal som annars skulle avslöja dem. Andelar, medelvärden och medianer följer sina antal.", threshold - 1),
                en: format!("Counts from 1 to {} are hidden (..), and so are counts that would give them away. Shares, means and medians follow their counts.", threshold - 1),
            },
            ("Personer med skyddade personuppgifter ingår inte i någon tabell.", "Persons with protected personal data are not in any table.").into(),
            ("Ålder, orsak, verksamhet och enhet är de som ungdomen hade första dagen i registret under perioden. De få som är yngre än 16 eller äldre än 25 räknas till närmaste åldersgrupp. Området är det som registret har nu.", "Age, reason, track and unit are those of the youth's first day in the register within the period. The few who are younger than 16 or older than 25 are counted with the nearest age group. Area is that of the register now.").into(),
            ("Grupper med för få ungdomar redovisas tillsammans. Grupperna är desamma i alla årets redovisningar; det som är nytt under året finns bland övriga.", "Groups with too few youths are shown together. The groups are the same in all releases of the year; what is new in the year is among the others.").into(),
            ("Insatser räknas på dagen då de erbjöds, accepterades eller påbörjades. Därför är de som tackat ja inte en del av dem som erbjudits under samma period.", "Interventions are counted on the day they were offered, accepted or started. Those who accepted are therefore not a part of those offered in the same period.").into(),
            ("Siffrorna säger vad som hänt, inte varför.", "The figures tell what happened, not why.").into(),
        ];
        let shown = &self.protected.register.divisions;
        let left_out: Vec<Words> = super::tally::Division::OF_YOUTHS
            .iter()
            .filter(|division| {
                shown
                    .iter()
                    .all(|one| one.division != **division || one.place_of.is_empty())
            })
            .map(|division| division.label())
            .collect();
        if !left_out.is_empty() {
            let join = |language: fn(&Words) -> &str| {
                let words: Vec<String> = left_out
                    .iter()
                    .map(|word| language(word).to_lowercase())
                    .collect();
                words.join(", ")
            };
            notes.push(Words {
                sv: format!("Inte fördelat efter {}: det skiljer för få ungdomar åt, eller säger nästan detsamma som en annan fördelning.", join(|word| &word.sv)),
                en: format!("Not broken down by {}: it sets too few youths apart, or says almost the same as another breakdown.", join(|word| &word.en)),
            });
        }
        notes
    }
}

impl Protected {
    fn set_of(&self, tally: Tally) -> &ProtectedSet {
        let mut aside = [&self.cohort, &self.checks].into_iter();
        aside
            .find(|set| set.set.has(tally))
            .unwrap_or(&self.register)
    }
}

fn add_days(days: &mut BTreeMap<u64, u64>, by: &BTreeMap<String, u64>) {
    for (day, count) in by {
        if let Ok(day) = day.parse::<u64>() {
            *days.entry(day).or_default() += count;
        }
    }
}

/// The middle of some numbers; of an even number of them the mean of the two in the middle, rounded up.
fn middle(numbers: &BTreeMap<u64, u64>) -> Option<u64> {
    let all: u64 = numbers.values().sum();
    let at = |place: u64| {
        let mut before = 0;
        numbers.iter().find_map(|(number, count)| {
            before += count;
            (place < before).then_some(*number)
        })
    };
    let (low, high) = (at(all.checked_sub(1)? / 2)?, at(all / 2)?);
    Some((low + high).div_ceil(2))
}

fn shown_axis(name: &str, label: (&str, &str), categories: Vec<Category>) -> Axis {
    Axis {
        name: name.to_owned(),
        label: label.into(),
        categories,
        has_sum: true,
    }
}

fn axis_of(one: &Grouped) -> Axis {
    Axis {
        name: one.division.name().to_owned(),
        label: one.division.label(),
        categories: one.categories.clone(),
        has_sum: true,
    }
}

/// All combinations of axes, the last varying fastest, the sum before its categories.
fn places(axes: &[Axis]) -> Vec<Vec<Option<usize>>> {
    axes.iter().fold(vec![Vec::new()], |before, axis| {
        let along = || std::iter::once(None).chain((0..axis.categories.len()).map(Some));
        before
            .iter()
            .flat_map(|at| along().map(|place| at.iter().copied().chain([place]).collect()))
            .collect()
    })
}

fn codes_at(axes: &[Axis], at: &[Option<usize>]) -> Vec<Option<String>> {
    axes.iter()
        .zip(at)
        .map(|(axis, place)| Some(axis.categories.get((*place)?)?.code.clone()))
        .collect()
}

fn table_of(
    measure: &Measure,
    name: String,
    title: Words,
    axes: Vec<Axis>,
    cells: Vec<TableCell>,
) -> Table {
    let is_share = matches!(measure.figure, Figure::Share { .. });
    Table {
        name,
        measure: measure.code.to_owned(),
        title,
        unit: measure.unit,
        decimals: if is_share { PERCENT_DECIMALS } else { 0 },
        axes,
        cells,
    }
}

/// The name and the heading of a measure broken down.
fn broken_down(measure: &Measure, one: &Grouped) -> (String, Words) {
    let mut letters = one.division.name().chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let by: String = first.into_iter().chain(letters).collect();
    let (title, label) = (measure.title(), one.division.label());
    let words = Words {
        sv: format!("{} efter {}", title.sv, label.sv.to_lowercase()),
        en: format!("{} by {}", title.en, label.en.to_lowercase()),
    };
    (format!("{}By{by}", measure.code), words)
}

fn single(measure: &Measure, shown: Shown) -> Table {
    let cells = vec![shown.at(Vec::new())];
    table_of(
        measure,
        measure.code.to_owned(),
        measure.title(),
        Vec::new(),
        cells,
    )
}

/// One table for each division, or the figure of all where there is none.
fn by_divisions(
    measure: &Measure,
    set: &ProtectedSet,
    figure: impl Fn(Option<usize>) -> Shown,
) -> Vec<Table> {
    let mut tables = Vec::new();
    for (one, numbers) in set.numbered() {
        if one.place_of.is_empty() || !measure.breakdowns.contains(&one.division) {
            continue;
        }
        let axes = vec![axis_of(one)];
        let cells = places(&axes)
            .into_iter()
            .map(|at| {
                let place = at.first().copied().flatten();
                let group = place.map(|place| numbers.start + place);
                figure(group).at(codes_at(&axes, &at))
            })
            .collect();
        let (name, title) = broken_down(measure, one);
        tables.push(table_of(measure, name, title, axes, cells));
    }
    if tables.is_empty() {
        tables.push(single(measure, figure(None)));
    }
    tables
}

/// Outcomes by each division, or of all where there is none.
fn by_outcome(
    measure: &Measure,
    outcomes: &Axis,
    divisions: &[Grouped],
    cell: impl Fn(Option<usize>, Option<usize>) -> Cell,
) -> Vec<Table> {
    let mut tables = Vec::new();
    for (one, numbers) in super::linked::numbered(divisions) {
        if one.place_of.is_empty() || !measure.breakdowns.contains(&one.division) {
            continue;
        }
        let axes = vec![outcomes.clone(), axis_of(one)];
        let cells = places(&axes)
            .into_iter()
            .map(|at| {
                let outcome = at.first().copied().flatten();
                let place = at.get(1).copied().flatten();
                let group = place.map(|place| numbers.start + place);
                Shown::of(cell(group, outcome)).at(codes_at(&axes, &at))
            })
            .collect();
        let (name, title) = broken_down(measure, one);
        tables.push(table_of(measure, name, title, axes, cells));
    }
    if tables.is_empty() {
        let axes = vec![outcomes.clone()];
        let cells = places(&axes)
            .into_iter()
            .map(|at| {
                let outcome = at.first().copied().flatten();
                Shown::of(cell(None, outcome)).at(codes_at(&axes, &at))
            })
            .collect();
        let name = measure.code.to_owned();
        tables.push(table_of(measure, name, measure.title(), axes, cells));
    }
    tables
}

fn destinations(measure: &Measure, set: &ProtectedSet) -> Vec<Table> {
    const PARTS: [Tally; 3] = [Tally::ToWork, Tally::ToEducation, Tally::ToOther];
    let axis = shown_axis(
        "destination",
        ("Destination", "Destination"),
        vec![
            category("work", "Arbete", "Work"),
            category("education", "Utbildning", "Education"),
            category(
                "other",
                "Annat, inget eller uppgift saknas",
                "Other, nothing or not stated",
            ),
        ],
    );
    by_outcome(measure, &axis, &set.divisions, |group, outcome| {
        let part = outcome.and_then(|outcome| PARTS.get(outcome).copied());
        set.cell(part.unwrap_or(Tally::Exited), group)
    })
}

fn outcome_tables(measure: &Measure, outcome: &ProtectedOutcome) -> Vec<Table> {
    let axis = Axis {
        name: outcome.axis.name.to_owned(),
        label: outcome.axis.label.clone(),
        categories: outcome.axis.categories.clone(),
        has_sum: true,
    };
    by_outcome(measure, &axis, &outcome.divisions, |group, word| {
        outcome.cell(group, word)
    })
}
