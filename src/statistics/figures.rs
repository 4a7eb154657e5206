//! How do protected counts become the tables of a release? One table for each measure and each division it may be broken down
//! by. Shares, means and medians follow their counts: where a numerator, a denominator or what is left over is hidden, so are
//! they. What is hidden was decided before; no true count of anybody is read here but for the middle of days.

use super::breakdown::Told;
use super::counting::{Counting, PeriodCost, Protected};
use super::document::{
    Audit, Axis, Category, Division as ShownDivision, FORMAT, Goal, HiddenShare, MeasureKind,
    PeriodOf, ReleaseDocument, Table, TableCell, Words,
};
use super::groups::{Grouped, words};
use super::linked::ProtectedSet;
use super::measures::{Figure, LeftFigure, MEASURES, Measure};
use super::outcomes::ProtectedOutcome;
use super::period::Period;
use super::singles::{ANONYMOUS, KAA_LEFT};
use super::suppression::{Cell, Threshold};
use super::tally::{OutcomeTally, Tally};
use crate::domain::codes::{Code, LegalSex};
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
pub(super) fn write(written: &Written<'_>) -> ReleaseDocument {
    let tables: Vec<Table> = MEASURES
        .iter()
        .flat_map(|measure| written.tables_of(measure))
        .collect();
    let cells = tables.iter().flat_map(|table| &table.cells);
    let hidden = cells.clone().filter(|cell| cell.is_hidden).count();
    let used: Vec<&str> = tables.iter().map(|table| table.measure.as_str()).collect();
    ReleaseDocument {
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
            .divisions
            .iter()
            .filter(|one| !one.place_of.is_empty())
            .map(|one| ShownDivision {
                name: one.division.name().to_owned(),
                label: one.division.label(),
                categories: one.categories.clone(),
            })
            .collect(),
        notes: written.notes(&tables),
        audit: Audit {
            narrowest: written.protected.narrowest(),
        },
        goals: written.goals.clone(),
        tables,
    }
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
    fn tables_of(&self, measure: &Measure) -> Vec<Table> {
        let protected = self.protected;
        match measure.figure {
            Figure::Count(tally) => {
                let set = protected.set_of(tally);
                set.map_or_else(Vec::new, |set| {
                    let figure = |group| Shown::of(set.cell(tally, group));
                    by_divisions(measure, set, &[tally], figure)
                })
            }
            Figure::Share { part, of } => {
                let set = protected.set_of(part);
                set.map_or_else(Vec::new, |set| {
                    by_divisions(measure, set, &[part, of], |group| {
                        let rest = set.rest_cell(of, part, group);
                        Shown::share(set.cell(part, group), set.cell(of, group), rest)
                    })
                })
            }
            Figure::DaysToOffer => self.days_to_offer(measure),
            Figure::OutcomeShare {
                outcome,
                word,
                is_rest,
                of,
            } => {
                let mut outcomes = protected.outcomes.iter();
                let found = outcomes.find(|one| one.tally == outcome);
                let found = found.zip(protected.set_of(of));
                found.map_or_else(Vec::new, |(one, set)| {
                    outcome_shares(measure, one, set, (word, is_rest), of)
                })
            }
            Figure::KaaLeft(which) => vec![single(measure, self.of_those_who_left(which))],
            Figure::Events { events, .. } => {
                let number = self.counting.tallies().total(events);
                vec![single(
                    measure,
                    self.figure_for_the_whole(measure.code, number),
                )]
            }
            Figure::Outcome(tally) => {
                let mut outcomes = protected.outcomes.iter();
                let outcome = outcomes.find(|one| one.tally == tally);
                outcome.map_or_else(Vec::new, |outcome| outcome_tables(measure, outcome))
            }
            Figure::PeopleMet => vec![self.people_met(measure)],
            Figure::Cost
            | Figure::CostPerParticipant
            | Figure::Sessions
            | Figure::Hours
            | Figure::AnonymousContacts => vec![single(measure, self.single_figure(measure))],
        }
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
                let participants = self.protected.cell(Tally::Participants, None);
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
            _ => self.figure_for_the_whole(ANONYMOUS, outreach.anonymous_contacts),
        }
    }

    fn figure_for_the_whole(&self, name: &str, number: u64) -> Shown {
        if self.protected.singles.is_shown(name) {
            Shown::number(number)
        } else {
            Shown::hidden()
        }
    }

    /// Those under the duty who left.
    fn of_those_who_left(&self, which: LeftFigure) -> Shown {
        let total = |tally| self.counting.tallies().total(tally);
        let (left, offered) = (total(Tally::KaaLeft), total(Tally::KaaLeftOffered));
        let cell = |count| {
            if self.protected.singles.is_shown(KAA_LEFT) {
                Cell::Count(count)
            } else {
                Cell::Suppressed
            }
        };
        match which {
            LeftFigure::All => Shown::of(cell(left)),
            LeftFigure::Offered => Shown::of(cell(offered)),
            LeftFigure::Share => Shown::share(cell(offered), cell(left), cell(left - offered)),
        }
    }

    /// The middle of the days, where so many are published that it is nobody's.
    fn days_to_offer(&self, measure: &Measure) -> Vec<Table> {
        let tallies = self.counting.tallies();
        let tally = OutcomeTally::DaysToOffer;
        let Some(set) = self.protected.set_of(tally.people()) else {
            return Vec::new();
        };
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
        by_divisions(measure, set, &[tally.people()], |group| {
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
    fn people_met(&self, measure: &Measure) -> Table {
        let met = &self.protected.met;
        let sexes = shown_axis("sex", ("Kön", "Sex"), words(LegalSex::ALL));
        let axes = vec![axis_of(&met.ages), sexes];
        let cells = places(&axes)
            .into_iter()
            .map(|at| Shown::of(met.cell(&at)).at(codes_at(&axes, &at)))
            .collect();
        let (name, title) = (measure.code.to_owned(), measure.title());
        table_of(measure, name, title, axes, cells)
    }

    /// What a reader must know besides the figures.
    fn notes(&self, tables: &[Table]) -> Vec<Words> {
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
        if let Some(narrowest) = self.protected.narrowest() {
            notes.push(Words {
                sv: format!("Före publiceringen räknade en granskning ut vad en läsare kan veta om varje dolt antal av allt som publicerats, även i årets tidigare redovisningar: inget av dem kan bestämmas närmare än till {} olika tal.", narrowest + 1),
                en: format!("Before publication an audit computed what a reader can know of each hidden count from all that is published, in the earlier releases of the year too: none of them can be told closer than to {} different numbers.", narrowest + 1),
            });
        }
        notes.extend(self.left_out(tables));
        notes
    }

    /// By what the measures are not broken down though they might be.
    fn left_out(&self, tables: &[Table]) -> Vec<Words> {
        let join = |words: &[Words], language: fn(&Words) -> &String| {
            let words = words.iter().map(|word| language(word).to_lowercase());
            words.collect::<Vec<_>>().join(", ")
        };
        let is_shown = |measure: &Measure, division: super::tally::Division| {
            tables.iter().any(|table| {
                let mut axes = table.axes.iter();
                table.measure == measure.code && axes.any(|axis| axis.name == division.name())
            })
        };
        // Shares follow their counts.
        let all = || {
            MEASURES
                .iter()
                .filter(|one| one.kind() == MeasureKind::Count)
        };
        let divisions = super::tally::Division::ALL;
        let for_the_whole: Vec<&Measure> = all()
            .filter(|measure| {
                let mut divisions = measure.breakdowns.iter();
                !measure.breakdowns.is_empty() && !divisions.any(|one| is_shown(measure, *one))
            })
            .collect();
        let mut notes = Vec::new();
        let mut nowhere = Vec::new();
        for &division in divisions {
            let broken_down = || all().filter(move |one| one.breakdowns.contains(&division));
            if broken_down().next().is_none() {
                continue;
            }
            if !broken_down().any(|measure| is_shown(measure, division)) {
                nowhere.push(division.label());
                continue;
            }
            let is_for_the_whole =
                |measure: &Measure| for_the_whole.iter().any(|one| one.code == measure.code);
            let missing: Vec<Words> = broken_down()
                .filter(|measure| !is_shown(measure, division) && !is_for_the_whole(measure))
                .map(Measure::title)
                .collect();
            if !missing.is_empty() {
                let label = division.label();
                notes.push(Words {
                    sv: format!(
                        "Inte efter {}, eftersom det mesta hade behövt döljas: {}.",
                        label.sv.to_lowercase(),
                        join(&missing, |word| &word.sv)
                    ),
                    en: format!(
                        "Not by {}, since most of it would have had to be hidden: {}.",
                        label.en.to_lowercase(),
                        join(&missing, |word| &word.en)
                    ),
                });
            }
        }
        if !for_the_whole.is_empty() {
            let titles: Vec<Words> = for_the_whole.iter().map(|one| one.title()).collect();
            notes.insert(0, Words {
                sv: format!("Bara för hela kommunen, eftersom det mesta av varje fördelning hade behövt döljas: {}.", join(&titles, |word| &word.sv)),
                en: format!("For the whole municipality alone, since most of every breakdown would have had to be hidden: {}.", join(&titles, |word| &word.en)),
            });
        }
        if !nowhere.is_empty() {
            notes.insert(0, Words {
                sv: format!("Inget är fördelat efter {}: det skiljer för få ungdomar åt, eller säger nästan detsamma som en annan fördelning.", join(&nowhere, |word| &word.sv)),
                en: format!("Nothing is broken down by {}: it sets too few youths apart, or says almost the same as another breakdown.", join(&nowhere, |word| &word.en)),
            });
        }
        notes
    }
}

impl Protected {
    fn cell(&self, tally: Tally, group: Option<usize>) -> Cell {
        let set = self.set_of(tally);
        set.map_or(Cell::Suppressed, |set| set.cell(tally, group))
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

/// Whether a table shows its sum and more of its groups than it hides. Those that do not are left out, which is always safe.
fn tells(table: &Table) -> bool {
    let mut told = Told::default();
    for cell in &table.cells {
        if cell.is_hidden && cell.at.iter().all(Option::is_none) {
            return false;
        }
        if cell.at.iter().all(Option::is_some) {
            let is_something = cell.is_hidden || cell.value.is_some_and(|value| value != 0);
            told.add(u64::from(is_something), cell.is_hidden);
        }
    }
    told.tells()
}

fn table_of(
    measure: &Measure,
    name: String,
    title: Words,
    axes: Vec<Axis>,
    cells: Vec<TableCell>,
) -> Table {
    let is_share = measure.kind() == MeasureKind::Share;
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
    tallies: &[Tally],
    figure: impl Fn(Option<usize>) -> Shown,
) -> Vec<Table> {
    let mut tables = Vec::new();
    for (one, numbers) in set.published(tallies) {
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
    tables.retain(tells);
    if tables.is_empty() {
        tables.push(single(measure, figure(None)));
    }
    tables
}

/// Outcomes by each division, or of all where there is none.
fn by_outcome(measure: &Measure, outcomes: &Axis, protected: &ProtectedOutcome) -> Vec<Table> {
    let cell = |group, outcome| protected.cell(group, outcome);
    let mut tables = Vec::new();
    for (one, numbers) in protected.published() {
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
    tables.retain(tells);
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

/// The share of an outcome by each division, where the groups are those of the linked set.
fn outcome_shares(
    measure: &Measure,
    outcome: &ProtectedOutcome,
    set: &ProtectedSet,
    (word, is_rest): (&str, bool),
    of: Tally,
) -> Vec<Table> {
    let mut codes = outcome.axis.categories.iter();
    let place = codes.position(|category| category.code == word);
    let share = |group: Option<usize>, whole: Cell| {
        let (part, people) = (outcome.cell(group, place), outcome.cell(group, None));
        let part = match (part, people, is_rest) {
            (Cell::Count(part), Cell::Count(all), true) => Cell::Count(all.saturating_sub(part)),
            (Cell::Count(part), Cell::Count(_), false) => Cell::Count(part),
            _ => Cell::Suppressed,
        };
        // What is left over of the whole follows from cells that were protected with the part.
        Shown::share(part, whole, whole)
    };
    let mut tables = Vec::new();
    for (one, numbers) in outcome.published() {
        if one.place_of.is_empty() || !measure.breakdowns.contains(&one.division) {
            continue;
        }
        let mut linked = set.numbered();
        let linked = linked.find(|(other, _)| other.division == one.division);
        let whole_of = |category: &Category| {
            let (other, numbers) = linked.as_ref()?;
            let mut codes = other.categories.iter();
            let place = codes.position(|one| one.code == category.code)?;
            Some(set.cell(of, Some(numbers.start + place)))
        };
        let axes = vec![axis_of(one)];
        let cells = places(&axes)
            .into_iter()
            .map(|at| {
                let place = at.first().copied().flatten();
                let shown = match place {
                    None => share(None, set.cell(of, None)),
                    Some(place) => {
                        let category = one.categories.get(place);
                        let whole = category.and_then(whole_of).unwrap_or(Cell::Suppressed);
                        share(Some(numbers.start + place), whole)
                    }
                };
                shown.at(codes_at(&axes, &at))
            })
            .collect();
        let (name, title) = broken_down(measure, one);
        tables.push(table_of(measure, name, title, axes, cells));
    }
    tables.retain(tells);
    if tables.is_empty() {
        tables.push(single(measure, share(None, set.cell(of, None))));
    }
    tables
}

fn outcome_tables(measure: &Measure, outcome: &ProtectedOutcome) -> Vec<Table> {
    let axis = Axis {
        name: outcome.axis.name.to_owned(),
        label: outcome.axis.label.clone(),
        categories: outcome.axis.categories.clone(),
        has_sum: true,
    };
    by_outcome(measure, &axis, outcome)
}
