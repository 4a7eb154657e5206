//! Into which groups are the youths of a release divided? Categories with too few youths are put together before anything is
//! protected: one small area would otherwise force its neighbours to be hidden in every table. A division that says almost the
//! same as another is left out: the difference of the two would be a few persons.
//! The groups of a release hold for the later ones of the year, so that their figures can be compared and protected together.
//! Which figures are shown is decided elsewhere.

use super::age_group::AgeGroup;
use super::document::{Category, Words};
use super::tally::{Division, Tallies, Tally};
use crate::domain::codes::{Code, LegalSex, Reason, Track};
use crate::domain::outreach::MetAge;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most areas shown by name; the smallest of the rest are put together.
const MOST_AREAS: usize = 20;
/// The code of what was put together or is new.
pub(super) const OTHER: &str = "other";
/// Codes with a meaning of their own, which no area may have.
const WORDS: [&str; 4] = ["total", OTHER, "unknown", "remaining"];

/// A division with its categories, and in which of them the codes of the register are counted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grouped {
    /// Which.
    pub division: Division,
    /// In the order in which they are shown.
    pub categories: Vec<Category>,
    /// Code of the register, number of the category. Not published: a small area that was put together with others would be
    /// named.
    pub place_of: BTreeMap<String, usize>,
}

impl std::fmt::Debug for Grouped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Grouped({})", self.division.name())
    }
}

impl Division {
    /// The heading.
    pub(super) fn label(self) -> Words {
        match self {
            Self::Sex => ("Kön", "Sex"),
            Self::AgeGroup => ("Åldersgrupp", "Age group"),
            Self::Area => ("Område", "Area"),
            Self::Reason => ("Orsak", "Reason"),
            Self::Track => ("Verksamhet", "Track"),
            Self::Unit => ("Enhet", "Unit"),
            Self::Months => ("Månader efter avslutet", "Months after the exit"),
            Self::MetAge => ("Ålder", "Age"),
        }
        .into()
    }

    /// The words of a closed list, if it is one.
    fn words(self) -> Option<Vec<Category>> {
        match self {
            Self::Sex => Some(words(LegalSex::ALL)),
            Self::AgeGroup => Some(words(AgeGroup::ALL)),
            Self::Reason => Some(words(Reason::ALL)),
            Self::Track => Some(words(Track::ALL)),
            Self::MetAge => Some(words(MetAge::ALL)),
            Self::Area | Self::Unit | Self::Months => None,
        }
    }

    fn other(self) -> Category {
        let (sv, en) = match self {
            Self::Area => ("Övriga områden", "Other areas"),
            Self::Reason => ("Övriga orsaker", "Other reasons"),
            Self::Unit => ("Övriga enheter", "Other units"),
            Self::Sex | Self::AgeGroup | Self::Track | Self::Months | Self::MetAge => {
                ("Övriga", "Others")
            }
        };
        category(OTHER, sv, en)
    }
}

/// A category.
pub(super) fn category(code: &str, sv: &str, en: &str) -> Category {
    Category {
        code: code.to_owned(),
        label: (sv, en).into(),
        members: Vec::new(),
    }
}

/// The words of a code list.
pub(super) fn words<C: Code>(all: &[C]) -> Vec<Category> {
    all.iter()
        .map(|word| category(word.code(), word.sv(), word.en()))
        .collect()
}

impl Grouped {
    /// The division with no fewer than `least` in every category that is not empty, as far as there are so many.
    pub(super) fn of(
        division: Division,
        tallies: &Tallies,
        people: Tally,
        units: &BTreeMap<String, String>,
        least: u64,
    ) -> Self {
        let nobody = BTreeMap::new();
        let sizes = tallies.by(people, division).unwrap_or(&nobody);
        let named: Vec<(String, Category)> = match division.words() {
            Some(words) => words
                .into_iter()
                .map(|word| (word.code.clone(), word))
                .collect(),
            None => sizes
                .keys()
                .map(|key| (key.clone(), named(division, key, tallies, units)))
                .collect(),
        };
        let counts: Vec<u64> = named
            .iter()
            .map(|(key, _)| sizes.get(key).copied().unwrap_or(0))
            .collect();
        let least = match division {
            Division::Area => {
                let mut largest = counts.clone();
                largest.sort_unstable_by(|a, b| b.cmp(a));
                least.max(largest.get(MOST_AREAS).map_or(0, |size| size + 1))
            }
            _ => least,
        };
        let pool = smallest_together(&counts, least);
        let mut grouped = Self {
            division,
            categories: Vec::new(),
            place_of: BTreeMap::new(),
        };
        let mut pooled = Vec::new();
        for (number, (key, word)) in named.into_iter().enumerate() {
            if pool.contains(&number) {
                pooled.push((key, word));
            } else {
                grouped.place_of.insert(key, grouped.categories.len());
                grouped.categories.push(word);
            }
        }
        let place = grouped.categories.len();
        grouped.categories.extend(joined(division, &pooled));
        for (key, _) in pooled {
            grouped.place_of.insert(key, place);
        }
        // In the order in which they are read: what was put together stands last.
        grouped
    }

    /// The same with a place for every group that people are in: what is new since the groups were made is among the others.
    pub(super) fn holding<'k>(mut self, keys: impl Iterator<Item = &'k String>) -> Self {
        for key in keys {
            if self.place_of.contains_key(key) {
                continue;
            }
            let mut codes = self.categories.iter();
            let place = match codes.position(|one| one.code == OTHER) {
                Some(place) => place,
                None => {
                    self.categories.push(self.division.other());
                    self.categories.len() - 1
                }
            };
            self.place_of.insert(key.clone(), place);
        }
        self
    }

    /// The same with some categories put together.
    pub(super) fn coarser(self, pool: &[usize]) -> Self {
        if pool.len() < 2 {
            return self;
        }
        let mut place = vec![0; self.categories.len()];
        let mut categories = Vec::new();
        for (number, category) in self.categories.into_iter().enumerate() {
            if pool.contains(&number) {
                continue;
            }
            if let Some(slot) = place.get_mut(number) {
                *slot = categories.len();
            }
            categories.push(category);
        }
        for number in pool {
            if let Some(slot) = place.get_mut(*number) {
                *slot = categories.len();
            }
        }
        categories.push(self.division.other());
        let moved = |number: usize| place.get(number).copied().unwrap_or(0);
        Self {
            division: self.division,
            place_of: self
                .place_of
                .into_iter()
                .map(|(key, number)| (key, moved(number)))
                .collect(),
            categories,
        }
    }

    /// What is in a category.
    pub(super) fn keys_of(&self, category: usize) -> impl Iterator<Item = &String> {
        let keys = self.place_of.iter();
        keys.filter(move |(_, place)| **place == category)
            .map(|(key, _)| key)
    }

    /// Sums by category.
    pub(super) fn gather(&self, by_key: Option<&BTreeMap<String, u64>>) -> Vec<u64> {
        let mut sums = vec![0_u64; self.categories.len()];
        for (key, count) in by_key.into_iter().flatten() {
            let place = self.place_of.get(key).copied().unwrap_or(usize::MAX);
            if let Some(sum) = sums.get_mut(place) {
                *sum = sum.saturating_add(*count);
            }
        }
        sums
    }
}

/// The category of a name: an area, a unit, a number of months.
fn named(
    division: Division,
    key: &str,
    tallies: &Tallies,
    units: &BTreeMap<String, String>,
) -> Category {
    match division {
        Division::Area if key.is_empty() => category("unknown", "Okänt område", "Unknown area"),
        Division::Area => {
            let name = tallies.spelling(key).unwrap_or(key);
            // The code of an area is its name, unless that is a word of ours.
            let code = if WORDS.contains(&name) {
                format!("area:{name}")
            } else {
                name.to_owned()
            };
            category(&code, name, name)
        }
        Division::Unit => {
            let name = units.get(key).map_or(key, String::as_str);
            category(key, name, name)
        }
        _ => category(key, &format!("{key} månader"), &format!("{key} months")),
    }
}

/// Several in one: two closed words are named after both.
fn joined(division: Division, pooled: &[(String, Category)]) -> Option<Category> {
    match pooled {
        [] => None,
        [(_, only)] => Some(only.clone()),
        [(_, first), (_, second)] if division.words().is_some() => Some(Category {
            code: format!("{}_or_{}", first.code, second.code),
            label: Words {
                sv: format!("{} eller {}", first.label.sv, second.label.sv),
                en: format!("{} or {}", first.label.en, second.label.en),
            },
            members: vec![first.code.clone(), second.code.clone()],
        }),
        several => {
            let mut other = division.other();
            if division.words().is_some() {
                other.members = several.iter().map(|(key, _)| key.clone()).collect();
            }
            Some(other)
        }
    }
}

/// The categories that must be put together so that none has fewer than `least` and nothing can be told of those that
/// have. Empty ones are left alone: that nobody is there is shown.
pub(super) fn smallest_together(sizes: &[u64], least: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let size = |category: usize| sizes.get(category).copied().unwrap_or(0);
    order.sort_by_key(|&category| (size(category), category));
    let mut pool = Vec::new();
    let mut together = 0;
    for category in order {
        let few = (1..least).contains(&size(category));
        let short = (1..least).contains(&together) && size(category) > 0;
        if few || short {
            pool.push(category);
            together += size(category);
        }
    }
    pool.sort_unstable();
    pool
}

/// The divisions by which youths are shown: without those that divide nobody, and without those that nearly repeat an earlier
/// one in the order of [`Division::OF_YOUTHS`].
pub(super) fn telling(divisions: Vec<Grouped>, tallies: &Tallies, least: u64) -> Vec<Grouped> {
    let mut kept: Vec<Grouped> = Vec::new();
    for grouped in divisions {
        let sizes = grouped.gather(tallies.by(Tally::Youths, grouped.division));
        let divides = sizes.iter().filter(|size| **size > 0).count() > 1;
        let repeats = kept
            .iter()
            .any(|earlier| nearly_repeats(earlier, &grouped, tallies, least));
        if divides && !repeats {
            kept.push(grouped);
        }
    }
    kept
}

/// Whether a category of one is, but for fewer than `least` youths, made up of whole categories of the other.
fn nearly_repeats(first: &Grouped, second: &Grouped, tallies: &Tallies, least: u64) -> bool {
    let mut matrix = vec![vec![0_u64; second.categories.len()]; first.categories.len()];
    let is_turned = first.division > second.division;
    let (row_of, column_of) = if is_turned {
        (second, first)
    } else {
        (first, second)
    };
    let crossed = tallies.crossed(row_of.division, column_of.division);
    for (key, others) in crossed.into_iter().flatten() {
        for (other, count) in others {
            let places = (row_of.place_of.get(key), column_of.place_of.get(other));
            let (Some(&row), Some(&column)) = places else {
                continue;
            };
            let (row, column) = if is_turned {
                (column, row)
            } else {
                (row, column)
            };
            if let Some(cell) = matrix.get_mut(row).and_then(|row| row.get_mut(column)) {
                *cell += count;
            }
        }
    }
    let columns = second.categories.len();
    let turned: Vec<Vec<u64>> = (0..columns)
        .map(|column| {
            matrix
                .iter()
                .filter_map(|row| row.get(column).copied())
                .collect()
        })
        .collect();
    is_made_of_rows(&matrix, columns, least) || is_made_of_rows(&turned, matrix.len(), least)
}

/// Whether some column is nearly a union of rows, but neither of none nor of all.
fn is_made_of_rows(matrix: &[Vec<u64>], columns: usize, least: u64) -> bool {
    let rows: Vec<(&Vec<u64>, u64)> = matrix
        .iter()
        .map(|row| (row, row.iter().sum::<u64>()))
        .filter(|(_, sum)| *sum > 0)
        .collect();
    (0..columns).any(|column| {
        let mut inside = 0;
        let mut apart = 0;
        for (row, sum) in &rows {
            let within = row.get(column).copied().unwrap_or(0);
            inside += usize::from(within > sum - within);
            apart += within.min(sum - within);
        }
        inside > 0 && inside < rows.len() && apart < least
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::statistics::tally::Places;

    fn tallies(people: &[(&str, &str, &str, u64)]) -> Tallies {
        let mut tallies = Tallies::default();
        for (age, area, unit, number) in people {
            let places: Places = [
                (Division::AgeGroup, (*age).to_owned()),
                (Division::Area, area.to_lowercase()),
                (Division::Unit, (*unit).to_owned()),
            ]
            .into();
            for _ in 0..*number {
                tallies.add(Tally::Youths, &places, 1);
                tallies.add_person(&places, area);
            }
        }
        tallies
    }

    fn grouped(tallies: &Tallies, division: Division) -> Grouped {
        Grouped::of(division, tallies, Tally::Youths, &BTreeMap::new(), 10)
    }

    #[test]
    fn small_areas_are_put_together_and_not_named() {
        let tallies = tallies(&[
            ("16_19", "Rissne", "a", 30),
            ("16_19", "rissne", "a", 3),
            ("16_19", "Ör", "a", 4),
            ("16_19", "Duvbo", "a", 7),
        ]);
        let areas = grouped(&tallies, Division::Area);
        let codes: Vec<&str> = areas
            .categories
            .iter()
            .map(|one| one.code.as_str())
            .collect();
        assert_eq!(codes, ["Rissne", "other"]);
        assert_eq!(
            areas.gather(tallies.by(Tally::Youths, Division::Area)),
            [33, 11]
        );
        assert!(areas.categories[1].members.is_empty());
        let ages = grouped(&tallies, Division::AgeGroup);
        assert_eq!(ages.categories.len(), 2, "that nobody is there is shown");
    }

    #[test]
    fn what_is_new_is_among_the_others() {
        let before = tallies(&[("16_19", "Rissne", "a", 30), ("20_25", "Ör", "b", 30)]);
        let areas = grouped(&before, Division::Area);
        let now = tallies(&[
            ("16_19", "Rissne", "a", 30),
            ("20_25", "Lilla byn", "b", 12),
        ]);
        let by = now.by(Tally::Youths, Division::Area);
        let areas = areas.holding(by.unwrap().keys());
        let codes: Vec<&str> = areas
            .categories
            .iter()
            .map(|one| one.code.as_str())
            .collect();
        assert_eq!(codes, ["Rissne", "Ör", "other"]);
        assert_eq!(areas.gather(by), [30, 0, 12]);
    }

    #[test]
    fn a_division_that_nearly_repeats_another_is_left_out() {
        let kept = |people: &[(&str, &str, &str, u64)]| {
            let tallies = tallies(people);
            let all = [Division::AgeGroup, Division::Area, Division::Unit];
            let all = all.map(|division| grouped(&tallies, division)).to_vec();
            telling(all, &tallies, 10)
                .iter()
                .map(|one| one.division)
                .collect::<Vec<_>>()
        };
        use Division::{AgeGroup, Area, Unit};
        // A unit made of two whole areas but for three youths: the three would be read from the difference.
        let nested = [
            ("16_19", "Rissne", "north", 40),
            ("20_25", "Rissne", "north", 40),
            ("16_19", "Ör", "north", 40),
            ("20_25", "Ör", "south", 3),
            ("16_19", "Duvbo", "south", 40),
            ("20_25", "Duvbo", "south", 40),
        ];
        assert_eq!(kept(&nested), [AgeGroup, Area]);
        let mixed = [
            ("16_19", "Rissne", "north", 40),
            ("20_25", "Rissne", "south", 40),
            ("16_19", "Ör", "south", 40),
            ("20_25", "Ör", "north", 40),
        ];
        assert_eq!(kept(&mixed), [AgeGroup, Area, Unit]);
        // One unit divides nobody.
        let one = [("16_19", "Rissne", "a", 40), ("20_25", "Ör", "a", 40)];
        assert_eq!(kept(&one), [AgeGroup]);
    }
}
