//! What does a release say of an invented municipality? Every figure follows from the counts or is hidden, nothing small is
//! shown, and the groups hold through the year.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use super::*;
use crate::domain::codes::{
    Code, DeregistrationReason, Destination, EndReason, LegalSex, Measure as Kind, Occupation,
    OfferAnswer, Reason, Track,
};
use crate::domain::id::Unit;
use crate::domain::occupation::Observation;
use crate::domain::outcome::OutcomeResult;
use crate::domain::outreach::MetAge;
use crate::statistics::divisions::{Divisions, Kept, alone, groups_of};
use crate::statistics::document::{Table, TableCell};
use crate::statistics::lineage::Lineage;
use crate::statistics::measures::{Figure, MEASURES};
use crate::statistics::period::PeriodPart;
use crate::statistics::record::{CheckFacts, EpisodeFacts, InterventionFacts};
use crate::statistics::succession::{EarlierShown, EarlierTable};
use crate::statistics::suppression::{
    Cell, Dimension, LinkedTotals, ProtectedTable, ZeroPolicy, protect_if_safe,
};
use crate::statistics::suppression_audit::intervals;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
    fn one_of<C: Code>(&mut self) -> C {
        C::ALL[usize::try_from(self.below(C::ALL.len() as u64)).unwrap()]
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(in crate::statistics) fn tertial() -> Period {
    Period::new(2026, PeriodPart::Tertial1).unwrap()
}

/// One invented youth.
fn youth(numbers: &mut Numbers, areas: u64, units: &[Id<Unit>]) -> YouthRecord {
    let is_adult = numbers.chance(35);
    let born = if is_adult { "2001-06-01" } else { "2006-06-01" };
    let birth_date = day(born) + Days::new(numbers.below(1200));
    let track = if is_adult && numbers.chance(90) {
        Track::Outreach
    } else {
        Track::Kaa
    };
    let entered_on = day("2025-02-01") + Days::new(numbers.below(440));
    let exited = numbers
        .chance(35)
        .then(|| entered_on + Days::new(30 + numbers.below(400)));
    let reason: DeregistrationReason = numbers.one_of();
    let destination: Destination = numbers.one_of();
    let episode = EpisodeFacts {
        id: Id::fresh(),
        unit_id: units[usize::try_from(numbers.below(units.len() as u64)).unwrap()],
        track,
        reason: if numbers.chance(30) {
            Reason::DropoutNationalProgramme
        } else {
            numbers.one_of()
        },
        entered_on,
        exited_on: exited,
        deregistration_reason: exited.map(|_| reason),
        destination: exited.map(|_| destination),
        destination_elsewhere: exited.map(|_| numbers.chance(20)),
    };
    let interventions = (0..numbers.below(3))
        .map(|_| {
            let offered_on = entered_on + Days::new(numbers.below(200));
            let started_on = numbers
                .chance(60)
                .then(|| offered_on + Days::new(numbers.below(20)));
            let ended_on = started_on
                .filter(|_| numbers.chance(50))
                .map(|day| day + Days::new(numbers.below(250)));
            InterventionFacts {
                episode_id: episode.id,
                kind: numbers.one_of::<Kind>(),
                answer: if started_on.is_some() {
                    OfferAnswer::Accepted
                } else {
                    numbers.one_of()
                },
                offered_on,
                answered_on: started_on,
                started_on,
                ended_on,
                end_reason: ended_on.map(|_| numbers.one_of::<EndReason>()),
            }
        })
        .filter(|one| one.offered_on <= tertial().last_day())
        .collect();
    let attempts = numbers.below(6);
    let reached = if attempts > 0 {
        numbers.below(attempts + 1)
    } else {
        0
    };
    let as_of_on = entered_on + Days::new(numbers.below(300));
    YouthRecord {
        birth_date,
        sex: match numbers.below(100) {
            0 => LegalSex::Unknown,
            1..=45 => LegalSex::Female,
            _ => LegalSex::Male,
        },
        area: match numbers.below(areas + 1).min(numbers.below(areas + 1)) {
            0 => None,
            area => Some(format!("Område {area}")),
        },
        attempts,
        reached,
        reached_in: if reached > 0 || numbers.chance(50) {
            [episode.id].into()
        } else {
            BTreeSet::new()
        },
        interventions,
        occupations: if as_of_on <= tertial().last_day() && numbers.chance(70) {
            vec![Observation {
                id: Id::fresh(),
                kind: numbers.one_of::<Occupation>(),
                starts_on: None,
                as_of_on,
                valid_until: Some(as_of_on + Days::new(120)),
                recorded_at: Utc::now(),
                is_void: false,
            }]
        } else {
            Vec::new()
        },
        exams: Vec::new(),
        checks: if exited.is_some_and(|exit| exit < day("2026-02-01")) && numbers.chance(60) {
            vec![CheckFacts {
                episode_id: episode.id,
                months: if numbers.chance(50) { 3 } else { 6 },
                result: numbers.one_of::<OutcomeResult>(),
                checked_on: day("2026-02-01") + Days::new(numbers.below(80)),
            }]
        } else {
            Vec::new()
        },
        episodes: vec![episode],
    }
}

/// A counting of an invented municipality that is finished.
pub(in crate::statistics) fn municipality(youths: u64, areas: u64, seed: u64) -> Counting {
    let mut numbers = Numbers(seed.wrapping_mul(7919).wrapping_add(1));
    let units = [Id::fresh(), Id::fresh(), Id::fresh()];
    let mut counting = Counting::begin(tertial());
    assert_eq!(counting.months_or(|| Ok(12)).unwrap(), 12);
    for _ in 0..youths {
        counting.count(Id::fresh(), &youth(&mut numbers, areas, &units));
    }
    let names = units.iter().zip(["Norr", "Söder", "Väster"]);
    let names = names.map(|(id, name)| (id.to_string(), name.to_owned()));
    counting.finish(
        names.collect(),
        Outreach {
            sessions: 12,
            met: vec![Met {
                age_group: MetAge::From16To19,
                legal_sex: LegalSex::Male,
                count: 40,
            }],
            anonymous_contacts: 3,
            minutes: 3000,
            staff: 4,
        },
    );
    counting
}

fn concluded(counting: Counting, earlier: &[EarlierRelease]) -> Concluded {
    let costs = [PeriodCost {
        period: counting.period(),
        kronor: 1_250_000,
    }];
    let at = "2026-05-20T08:00:00Z".parse().unwrap();
    conclude(
        counting,
        &costs,
        Vec::new(),
        earlier,
        Threshold::default(),
        at,
    )
    .unwrap()
}

fn cell<'t>(table: &'t Table, at: &[Option<&str>]) -> &'t TableCell {
    let is_there = |cell: &&TableCell| {
        cell.at.len() == at.len() && cell.at.iter().zip(at).all(|(a, b)| a.as_deref() == *b)
    };
    table.cells.iter().find(is_there).unwrap()
}

#[test]
fn every_figure_is_a_count_or_hidden_and_small_ones_are_hidden() {
    let counting = municipality(600, 12, 3);
    let tallies = counting.tallies().clone();
    let release = concluded(counting, &[]);
    let document = release.document;
    assert_eq!(document.period.code, "tertial_1");
    let hidden = document.tables.iter().flat_map(|table| &table.cells);
    let hidden = hidden.filter(|cell| cell.is_hidden).count();
    assert_eq!(document.hidden.hidden, hidden as u64);
    let told: Vec<&str> = document
        .measures
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(told.len(), MEASURES.len(), "every measure has a table");
    let mut names = BTreeSet::new();
    for table in &document.tables {
        assert!(names.insert(table.name.clone()), "{}", table.name);
        let places: usize = table
            .axes
            .iter()
            .map(|axis| axis.categories.len() + 1)
            .product();
        assert_eq!(table.cells.len(), places, "{}", table.name);
        let measure = MEASURES
            .iter()
            .find(|one| one.code == table.measure)
            .unwrap();
        for cell in &table.cells {
            assert!(!(cell.is_hidden && cell.value.is_some()), "{}", table.name);
            if let Figure::Count(tally) = measure.figure {
                if let Some(value) = cell.value {
                    assert!(!(1..5).contains(&value), "{}", table.name);
                }
                if cell.at.iter().all(Option::is_none) && !cell.is_hidden {
                    assert_eq!(cell.value, Some(tallies.total(tally) as i64));
                }
            }
            if measure.kind() == crate::statistics::document::MeasureKind::Share {
                let both = cell.numerator.zip(cell.denominator);
                match (cell.value, both) {
                    (Some(share), Some((part, whole))) => {
                        let exact = 1000.0 * part as f64 / whole as f64;
                        assert!((share as f64 - exact).abs() <= 0.5, "{}", table.name);
                    }
                    (Some(_), None) => panic!("a share of what is hidden: {}", table.name),
                    (None, Some((_, whole))) => assert!(cell.is_hidden || whole == 0),
                    (None, None) => assert!(cell.is_hidden),
                }
            }
        }
    }
    let table = |name: &str| document.tables.iter().find(|one| one.name == name).unwrap();
    let cost = cell(table("costPerParticipant"), &[]);
    let participants = tallies.total(Tally::Participants);
    let exact = 1_250_000.0 / participants as f64;
    let is_right = |value: i64| (value as f64 - exact).abs() <= 0.5;
    assert!(cost.is_hidden || cost.value.is_some_and(is_right));
    assert_eq!(cell(table("outreachHours"), &[]).value, Some(50));
    assert!(cell(table("anonymousContacts"), &[]).is_hidden);
    let met = table("peopleMet");
    assert_eq!(cell(met, &[Some("16_19"), Some("male")]).value, Some(40));
    assert_eq!(cell(met, &[None, None]).value, Some(40));
    let unit = table("youthsByUnit");
    assert_eq!(unit.axes[0].categories.len(), 3);
    let name = unit.axes[0].categories[0].label.sv.as_str();
    assert!(["Norr", "Söder", "Väster"].contains(&name));
    let text = serde_json::to_string(&document).unwrap();
    assert_eq!(
        serde_json::from_str::<ReleaseDocument>(&text).unwrap(),
        document
    );
}

#[test]
fn the_groups_of_the_first_release_hold_through_the_year() {
    let first = concluded(municipality(300, 9, 5), &[]);
    let text = serde_json::to_string(&first.behind).unwrap();
    let earlier = EarlierRelease {
        document: first.document,
        behind: serde_json::from_str(&text).unwrap(),
    };
    assert_eq!(earlier.behind, first.behind);
    let mut later = municipality(340, 14, 5);
    // The units are others than those of the first, and so among the others.
    later.period = Period::new(2026, PeriodPart::Tertial12).unwrap();
    let second = concluded(later, std::slice::from_ref(&earlier));
    let areas = |document: &ReleaseDocument| -> Vec<String> {
        let mut divisions = document.divisions.iter();
        let area = divisions.find(|one| one.name == "area").unwrap();
        area.categories.iter().map(|one| one.code.clone()).collect()
    };
    let (before, now) = (areas(&earlier.document), areas(&second.document));
    assert_eq!(before[..], now[..before.len()]);
    assert!(now.len() <= before.len() + 1);
}

#[test]
fn a_counting_can_be_taken_up_again_where_it_stopped() {
    let units = [Id::fresh()];
    let youths: Vec<YouthRecord> = {
        let mut numbers = Numbers(11);
        (0..40).map(|_| youth(&mut numbers, 3, &units)).collect()
    };
    let mut whole = Counting::begin(tertial());
    let mut halves = Counting::begin(tertial());
    let _ = whole.months_or(|| Ok(12)).unwrap();
    let _ = halves.months_or(|| Ok(12)).unwrap();
    for (number, one) in youths.iter().enumerate() {
        let id = Id::fresh();
        whole.count(id, one);
        halves.count(id, one);
        if number == 20 {
            let text = serde_json::to_string(&halves).unwrap();
            halves = serde_json::from_str(&text).unwrap();
        }
    }
    assert_eq!(whole, halves);
    assert_eq!(whole.counted(), 40);
    // Nothing of anybody is in it but the place of the last.
    let text = serde_json::to_string(&whole).unwrap();
    let told = text.replace(&whole.position().unwrap().to_string(), "");
    assert!(!told.contains("2006-") && !told.contains("2001-"));
    assert!(format!("{whole:?}").contains("hidden"));
}

#[test]
fn a_register_without_anybody_and_one_of_a_few_have_a_release_too() {
    for youths in [0, 1, 7, 25] {
        let release = concluded(municipality(youths, 2, 2), &[]);
        let of_youths = |table: &&Table| table.measure == "youths";
        let tables: Vec<&Table> = release.document.tables.iter().filter(of_youths).collect();
        assert!(!tables.is_empty());
        for table in tables {
            let all = table.cells.first().unwrap();
            let is_small = (1..5).contains(&youths);
            assert!(all.is_hidden || !is_small);
        }
    }
}

/// Measures of which not even the figure for the whole is told, and the share of all figures that are hidden.
fn lost(document: &ReleaseDocument) -> (BTreeSet<&str>, f64) {
    let is_of_all = |cell: &TableCell| cell.at.iter().all(Option::is_none);
    let cells = document
        .tables
        .iter()
        .flat_map(|table| table.cells.iter().map(move |cell| (table, cell)));
    let hidden = cells.filter(|(_, cell)| cell.is_hidden && is_of_all(cell));
    let share = document.hidden.hidden as f64 / document.hidden.cells as f64;
    (
        hidden.map(|(table, _)| table.measure.as_str()).collect(),
        share,
    )
}

#[test]
fn little_is_hidden_but_for_what_must_be() {
    // Youths, areas; how many measures may be without their sum, and the share of figures that may be hidden.
    for (youths, areas, sums, most) in [
        (150, 5, 20, 0.25),
        (430, 8, 9, 0.15),
        (600, 12, 3, 0.15),
        (3000, 15, 1, 0.07),
    ] {
        let document = concluded(municipality(youths, areas, 3), &[]).document;
        let (without, share) = lost(&document);
        assert!(without.len() <= sums, "{youths} {without:?}");
        assert!(share < most, "{youths} {share}");
        for table in &document.tables {
            let inner = table.cells.iter();
            let mut inner = inner.filter(|cell| cell.at.iter().all(Option::is_some));
            let tells = table.name == table.measure || inner.any(|cell| !cell.is_hidden);
            assert!(tells, "{}", table.name);
        }
        assert!(document.audit.narrowest.is_none_or(|width| width >= 4));
    }
}

#[test]
fn figures_of_the_whole_tell_of_nobody_beside_an_earlier_release() {
    let met = |count| {
        vec![Met {
            age_group: MetAge::From16To19,
            legal_sex: LegalSex::Male,
            count,
        }]
    };
    let release = |part, anonymous_contacts, people, earlier: &[EarlierRelease]| {
        let mut counting = municipality(60, 2, 5);
        counting.period = Period::new(2026, part).unwrap();
        counting.outreach.anonymous_contacts = anonymous_contacts;
        counting.outreach.met = met(people);
        let Concluded { document, behind } = concluded(counting, earlier);
        EarlierRelease { document, behind }
    };
    let told = |release: &EarlierRelease| {
        let table = |name: &str| {
            let mut tables = release.document.tables.iter();
            tables.find(|one| one.name == name).unwrap().clone()
        };
        let at = [Some("16_19"), Some("male")];
        let anonymous = cell(&table("anonymousContacts"), &[]).value;
        (anonymous, cell(&table("peopleMet"), &at).value)
    };
    let first = release(PeriodPart::Tertial1, 40, 40, &[]);
    assert_eq!(told(&first), (Some(40), Some(40)));
    let first = std::slice::from_ref(&first);
    // Two more would be told by the difference, eight more are many.
    let few = release(PeriodPart::Tertial12, 42, 42, first);
    assert_eq!(told(&few), (None, None));
    let many = release(PeriodPart::Tertial12, 48, 48, first);
    assert_eq!(told(&many), (Some(48), Some(48)));
    let same = release(PeriodPart::Tertial12, 40, 40, first);
    assert_eq!(told(&same), (Some(40), Some(40)));
}

/// Areas, and which of them are together.
fn areas(groups: &[(&str, &[&str])]) -> Grouped {
    let keys = groups.iter().enumerate();
    let keys =
        keys.flat_map(|(place, (_, keys))| keys.iter().map(move |key| ((*key).to_owned(), place)));
    Grouped {
        division: Division::Area,
        place_of: keys.collect(),
        categories: groups
            .iter()
            .map(|(code, _)| crate::statistics::groups::category(code, code, code))
            .collect(),
    }
}

/// A release of the first tertial that has shown three outcomes by areas.
fn with_areas(
    counts: &CountTable,
    shown: &ProtectedTable,
    divisions: &[Grouped],
) -> EarlierRelease {
    let Concluded { document, .. } = concluded(municipality(0, 1, 1), &[]);
    let set = SetBehind {
        name: "reasons".to_owned(),
        divisions: divisions.to_vec(),
        outcomes: OUTCOMES.map(str::to_owned).to_vec(),
        unpublished: Vec::new(),
        finest: Vec::new(),
        tables: vec![TableBehind {
            name: "reasons".to_owned(),
            counts: counts.values().to_vec(),
            is_shown: shown
                .cells()
                .map(|(_, cell)| cell != Cell::Suppressed)
                .collect(),
            unpublished: Vec::new(),
            finest: Vec::new(),
        }],
    };
    EarlierRelease {
        document,
        behind: CountsBehind {
            divisions: Vec::new(),
            sets: vec![set],
        },
    }
}

const OUTCOMES: [&str; 3] = ["x", "y", "z"];

/// A table of which the numbers of people are known.
fn by_outcome(lineages: &[Lineage], inner: &[u64]) -> CountTable {
    let dimensions = vec![groups_of(lineages), Dimension::outcome("reason", OUTCOMES)];
    CountTable::new(dimensions, inner)
        .unwrap()
        .with_known_totals(1)
}

/// As it may be published; nothing where the known numbers of people alone tell too much.
fn protected(new: &CountTable, earlier: &[EarlierTable]) -> Option<ProtectedTable> {
    let (links, zeros) = (LinkedTotals::default(), ZeroPolicy::Publish);
    let new = std::slice::from_ref(new);
    let found = protect_if_safe(new, &links, earlier, Threshold::default(), zeros);
    found.unwrap().map(|mut found| found.tables.remove(0))
}

#[test]
fn what_was_shown_of_groups_that_have_grown_together_is_still_protected() {
    let mut numbers = Numbers(5);
    let first = [areas(&[("a", &["a"]), ("b", &["b"]), ("c", &["c"])])];
    let second = [areas(&[("a", &["a"]), ("rest", &["b", "c"])])];
    let period = Period::new(2026, PeriodPart::Tertial12).unwrap();
    let (mut compared, mut would_leak) = (0, 0);
    for _ in 0..60 {
        let before: Vec<u64> = (0..9).map(|_| numbers.below(9)).collect();
        let counts = by_outcome(&alone(&first), &before);
        let Some(shown) = protected(&counts, &[]) else {
            continue;
        };
        let releases = [with_areas(&counts, &shown, &first)];
        let past = Past::of(period, &releases);
        let come = |count: &u64, numbers: &mut Numbers| {
            count
                + if numbers.chance(30) {
                    5 + numbers.below(5)
                } else {
                    0
                }
        };
        let now: Vec<u64> = before
            .iter()
            .map(|count| come(count, &mut numbers))
            .collect();
        let rest = |column: usize| now[3 + column] + now[6 + column];
        let coarse: Vec<u64> = now[..3].iter().copied().chain((0..3).map(rest)).collect();
        let all: Vec<u64> = coarse.iter().chain(&now[3..]).copied().collect();
        let names = ["reasons".to_owned()];
        let codes = OUTCOMES.map(str::to_owned);
        let earlier_in = |lineages: &[Lineage], new: &CountTable| {
            let new = std::slice::from_ref(new);
            let found = past.tables_of("reasons", &names, lineages, &codes, |_| true, new);
            found.unwrap().tables
        };
        let keys = |_| std::iter::empty();
        let divisions = Divisions::of("reasons", &second, &past, keys);
        let kept = Kept::of(&divisions, |_, _| true);
        let mut table = by_outcome(&kept.lineages, &all);
        for groups in kept.silent(|_| false) {
            assert_eq!(groups, 2..4);
            for group in groups.clone() {
                table = table.with_category_unknown(0, group);
            }
            table = table.with_categories_unpublished(0, groups);
        }
        let earlier = earlier_in(&kept.lineages, &table);
        let read: Vec<EarlierShown> = earlier.iter().map(|one| one.shown.clone()).collect();
        // Whether a reader can tell any small count of the earlier release closer than he may.
        let is_told = |shown: &ProtectedTable| {
            let shown = std::slice::from_ref(shown);
            let found = intervals(shown, &LinkedTotals::default(), &read);
            found.iter().any(|cell| {
                let count = earlier[0].counts.get(&cell.cell).unwrap();
                let is_small = cell.table == 1 && (1..5).contains(&count);
                is_small && cell.most.is_some_and(|most| most - cell.least < 4)
            })
        };
        let shown = protected(&table, &earlier);
        let is_safe = shown.as_ref().is_none_or(|shown| !is_told(shown));
        assert!(is_safe, "{before:?} {now:?}");
        compared += usize::from(shown.is_some());
        // The same if the earlier areas are compared only together, which protects them less.
        let apart = alone(&second);
        let coarse = by_outcome(&apart, &coarse);
        let Some(coarse) = protected(&coarse, &earlier_in(&apart, &coarse)) else {
            continue;
        };
        let like = ProtectedTable::restored(
            table.dimensions().to_vec(),
            &vec![None; table.values().len()],
            Threshold::default(),
            ZeroPolicy::Publish,
        );
        let cells = like.unwrap();
        let cells = cells.cells().map(|(at, _)| match coarse.get(&at) {
            Some(Cell::Count(count)) => Some(count),
            _ => None,
        });
        let cells: Vec<Option<u64>> = cells.collect();
        let dimensions = table.dimensions().to_vec();
        let zeros = ZeroPolicy::Publish;
        let coarse = ProtectedTable::restored(dimensions, &cells, Threshold::default(), zeros);
        let coarse = coarse.unwrap().with_categories_unpublished(0, 2..4);
        would_leak += usize::from(is_told(&coarse));
    }
    assert!(compared > 20, "{compared}");
    assert!(would_leak > 0, "the finer groups are compared for nothing");
}

#[test]
fn a_division_that_is_no_longer_shown_is_still_compared() {
    let first = [areas(&[("a", &["a"]), ("b", &["b"])])];
    let counts = by_outcome(&alone(&first), &[6, 7, 9, 2, 20, 30]);
    let shown = protected(&counts, &[]).unwrap();
    let releases = [with_areas(&counts, &shown, &first)];
    let past = Past::of(Period::new(2026, PeriodPart::Tertial12).unwrap(), &releases);
    // Somebody has come to a new area.
    let new = "c".to_owned();
    let divisions = Divisions::of("reasons", &[], &past, |_| std::iter::once(&new));
    assert!(divisions.is_gone(0) && divisions.own().next().is_none());
    let kept = Kept::of(&divisions, |_, one| past.shows("reasons", one));
    assert_eq!(kept.place(Some(0)), None, "nothing is shown by it");
    assert_eq!(kept.place(None), Some(None));
    assert!(kept.silent(|_| true).eq(std::iter::once(0..3)));
    let table = by_outcome(&kept.lineages, &[6, 7, 9, 2, 20, 30, 8, 0, 0]);
    let names = ["reasons".to_owned()];
    let codes = OUTCOMES.map(str::to_owned);
    let found = past.tables_of(
        "reasons",
        &names,
        &kept.lineages,
        &codes,
        |_| true,
        std::slice::from_ref(&table),
    );
    let earlier = &found.unwrap().tables[0];
    assert_eq!(earlier.counts.get(&[Some(1), Some(0)]), Some(2));
    assert_eq!(earlier.counts.get(&[Some(2), None]), Some(0));
    let published = &earlier.shown.published;
    assert_eq!(published.get(&[Some(1), None]), Some(Cell::Count(52)));
    assert_eq!(published.get(&[Some(1), Some(0)]), Some(Cell::Suppressed));
}

#[test]
fn how_many_there_are_stays_known_where_what_became_of_them_was_left_out() {
    let first = [areas(&[("a", &["a"]), ("b", &["b"])])];
    let counts = by_outcome(&alone(&first), &[6, 7, 9, 12, 20, 30]);
    let mut release = with_areas(&counts, &protected(&counts, &[]).unwrap(), &first);
    let set = &mut release.behind.sets[0];
    set.unpublished = vec![0];
    set.tables[0].unpublished = vec![0];
    for (place, is_shown) in set.tables[0].is_shown.iter_mut().enumerate() {
        // Of a row its sum alone, which the linked set shows.
        *is_shown = place % 4 == 3 || place >= 8;
    }
    let releases = [release];
    let period = Period::new(2026, PeriodPart::Tertial12).unwrap();
    let past = Past::of(period, &releases);
    let names = ["reasons".to_owned()];
    let codes = OUTCOMES.map(str::to_owned);
    let new = std::slice::from_ref(&counts);
    let found = past.tables_of("reasons", &names, &alone(&first), &codes, |_| true, new);
    let published = &found.unwrap().tables[0].shown.published;
    assert_eq!(published.get(&[Some(0), None]), Some(Cell::Count(22)));
    assert_eq!(published.get(&[Some(0), Some(0)]), Some(Cell::Suppressed));
    let silent: Vec<bool> = (0..12)
        .map(|index| published.is_unpublished(index))
        .collect();
    let inner = [true, true, true, false];
    assert_eq!(silent, [inner, inner, [false; 4]].concat());
}
