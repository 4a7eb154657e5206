//! Into which categories are the youths of a release divided?
//! A category with too few youths is put together with others before anything is counted: one small area would
//! otherwise force its neighbours to be hidden in every table. Which figures are shown is decided elsewhere.

use super::facts::{AgeGroup, YouthFacts};
use crate::domain::codes::{Code, LegalSex};
use crate::error::Language;
use std::collections::BTreeMap;

/// Most areas shown by name; the smallest of the rest are put together.
const MOST_AREAS: usize = 20;

/// What youths are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Division {
    Sex,
    AgeGroup,
    Area,
}

impl Division {
    pub(super) const ALL: [Self; 3] = [Self::Sex, Self::AgeGroup, Self::Area];

    /// The name in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sex => "sex",
            Self::AgeGroup => "ageGroup",
            Self::Area => "area",
        }
    }

    pub(super) const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Sex, Language::Swedish) => "Kön",
            (Self::Sex, Language::English) => "Sex",
            (Self::AgeGroup, Language::Swedish) => "Åldersgrupp",
            (Self::AgeGroup, Language::English) => "Age group",
            (Self::Area, Language::Swedish) => "Område",
            (Self::Area, Language::English) => "Area",
        }
    }
}

/// A category, with its words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) code: String,
    pub(super) sv: String,
    pub(super) en: String,
}

impl Category {
    pub(super) fn of<C: Code>(word: C) -> Self {
        Self::new(word.code(), word.sv(), word.en())
    }

    pub(super) fn new(code: &str, sv: &str, en: &str) -> Self {
        Self {
            code: code.to_owned(),
            sv: sv.to_owned(),
            en: en.to_owned(),
        }
    }

    pub(super) fn label(&self, language: Language) -> &str {
        match language {
            Language::Swedish => &self.sv,
            Language::English => &self.en,
        }
    }

    /// Several in one, named after all of them.
    fn joined(several: &[&Self]) -> Self {
        let join = |word: fn(&Self) -> &str, between: &str| {
            let words: Vec<&str> = several.iter().map(|category| word(category)).collect();
            words.join(between)
        };
        Self {
            code: join(|category| &category.code, "_or_"),
            sv: join(|category| &category.sv, " eller "),
            en: join(|category| &category.en, " or "),
        }
    }
}

/// The categories of one division, and the category of each youth (in the order of the facts).
#[derive(Clone)]
pub(super) struct Divided {
    pub(super) division: Division,
    pub(super) categories: Vec<Category>,
    pub(super) member_of: Vec<usize>,
}

/// Divides the youths; every category holds at least `least` of them, or there is only one.
pub(super) fn divide(division: Division, youths: &[YouthFacts], least: u64) -> Divided {
    match division {
        Division::Sex => by_word(division, LegalSex::ALL, youths, least, |youth| youth.sex),
        Division::AgeGroup => by_word(division, AgeGroup::ALL, youths, least, |youth| {
            youth.age_group
        }),
        Division::Area => by_area(youths, least),
    }
}

fn by_word<C: Code>(
    division: Division,
    words: &[C],
    youths: &[YouthFacts],
    least: u64,
    word_of: impl Fn(&YouthFacts) -> C,
) -> Divided {
    let member_of: Vec<usize> = youths
        .iter()
        .map(|youth| {
            let word = word_of(youth);
            words.iter().position(|other| *other == word).unwrap_or(0)
        })
        .collect();
    let categories: Vec<Category> = words.iter().copied().map(Category::of).collect();
    let sizes = sizes(&member_of, categories.len());
    let pool = smallest_together(&sizes, least);
    pooled(division, categories, member_of, &pool, Category::joined)
}

fn by_area(youths: &[YouthFacts], least: u64) -> Divided {
    // Free text: the same name in other letters or with other blanks is the same area.
    let key = |youth: &YouthFacts| {
        let name = youth.area.as_deref().unwrap_or_default();
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    let mut names: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for youth in youths {
        let name = youth.area.as_deref().unwrap_or_default();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        *names
            .entry(key(youth))
            .or_default()
            .entry(name)
            .or_default() += 1;
    }
    let numbers: BTreeMap<&String, usize> = names.keys().zip(0..).collect();
    let member_of: Vec<usize> = youths
        .iter()
        .map(|youth| numbers.get(&key(youth)).copied().unwrap_or(0))
        .collect();
    let categories: Vec<Category> = names
        .iter()
        .map(|(key, spellings)| {
            // The commonest spelling names the area.
            let name = spellings.iter().max_by_key(|(_, count)| **count);
            match name {
                Some((name, _)) if !key.is_empty() => Category::new(&area_code(name), name, name),
                _ => Category::new("unknown", "Okänt område", "Unknown area"),
            }
        })
        .collect();
    let sizes = sizes(&member_of, categories.len());
    let mut largest: Vec<u64> = sizes.clone();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    let least = least.max(largest.get(MOST_AREAS).map_or(0, |size| size + 1));
    let pool = smallest_together(&sizes, least);
    pooled(
        Division::Area,
        categories,
        member_of,
        &pool,
        |several| match several {
            [only] => (*only).clone(),
            _ => Category::new("other", "Övriga områden", "Other areas"),
        },
    )
}

/// The code of an area is its name, unless that is a word of ours.
fn area_code(name: &str) -> String {
    if matches!(name, "total" | "other" | "unknown" | "remaining") {
        format!("area:{name}")
    } else {
        name.to_owned()
    }
}

fn sizes(member_of: &[usize], categories: usize) -> Vec<u64> {
    let mut sizes = vec![0; categories];
    for &category in member_of {
        if let Some(size) = sizes.get_mut(category) {
            *size += 1;
        }
    }
    sizes
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

/// Puts the categories of the pool together, behind the others, and leaves out the empty ones.
fn pooled(
    division: Division,
    categories: Vec<Category>,
    member_of: Vec<usize>,
    pool: &[usize],
    name: impl Fn(&[&Category]) -> Category,
) -> Divided {
    let sizes = sizes(&member_of, categories.len());
    let mut place = vec![0; categories.len()];
    let mut kept = Vec::new();
    for (number, category) in categories.iter().enumerate() {
        let is_empty = sizes.get(number).copied() == Some(0);
        if pool.contains(&number) || (is_empty && division == Division::Area) {
            continue;
        }
        if let Some(slot) = place.get_mut(number) {
            *slot = kept.len();
        }
        kept.push(category.clone());
    }
    if !pool.is_empty() {
        let several: Vec<&Category> = pool.iter().filter_map(|&n| categories.get(n)).collect();
        for &number in pool {
            if let Some(slot) = place.get_mut(number) {
                *slot = kept.len();
            }
        }
        kept.push(name(&several));
    }
    if kept.is_empty() {
        kept.push(Category::new("unknown", "Okänt", "Unknown"));
    }
    Divided {
        division,
        categories: kept,
        member_of: member_of
            .into_iter()
            .map(|category| place.get(category).copied().unwrap_or(0))
            .collect(),
    }
}
