//! Goals of the municipality's plans: how a goal is described, the straight path from where it began to where it shall be,
//! and how the latest known value stands to it. Missing data stay missing: nothing is interpolated or carried forward.
//! Where values come from stands in `exchange` and `statistics`, how a goal is kept in `db`.

use super::codes::{Code, code_list};
use super::decimal::divided;
use crate::error::{FieldCode, FieldError};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The years a goal may speak of.
pub const YEARS: RangeInclusive<i64> = 1990..=2100;
/// Decimals of a goal's values.
pub const MOST_DECIMALS: i64 = 4;
/// How many years behind a value may lie unless the goal says otherwise; national figures lag two.
pub const USUAL_STALE_AFTER: i32 = 2;

code_list! {
    /// Where the values of a goal come from.
    GoalSource {
        OwnMeasure = "own_measure", "Eget mått", "Own measure";
        External = "external", "Källa utanför registret", "Source outside the register";
    }
}
code_list! {
    /// What a value is a difference to.
    GoalComparison {
        None = "none", "Inget", "Nothing";
        Nation = "nation", "Riket", "The nation";
    }
}
code_list! {
    /// What the values of a goal are measured in.
    GoalUnit {
        Percent = "percent", "Procent", "Per cent";
        PercentagePoints = "percentage_points", "Procentenheter", "Percentage points";
        Persons = "persons", "Personer", "Persons";
        Kronor = "kronor", "Kronor", "Kronor";
        MillionKronor = "million_kronor", "Miljoner kronor", "Million kronor";
        Rank = "rank", "Placering", "Rank";
        Count = "count", "Antal", "Count";
    }
}
code_list! {
    /// Which way a value shall go.
    GoalDirection {
        Rise = "rise", "Öka", "Rise";
        Fall = "fall", "Minska", "Fall";
        Reach = "reach", "Nå värdet", "Reach the value";
    }
}
code_list! {
    /// Which part of a year a value or a follow-up is of: the parts in which the municipality follows up.
    GoalPeriod {
        Tertial1 = "tertial_1", "Tertial 1", "First four months";
        Tertial12 = "tertial_1_2", "Tertial 1–2", "First eight months";
        FullYear = "full_year", "Helår", "Full year";
    }
}
code_list! {
    /// How a value came in. What came in one way is not overwritten by another.
    GoalValueOrigin {
        ByHand = "by_hand", "För hand", "By hand";
        File = "file", "Ur en fil", "From a file";
        Kolada = "kolada", "Ur Kolada", "From Kolada";
    }
}
code_list! {
    /// What kind of number an own measure is.
    MeasuredAs {
        Count = "count", "Antal", "Count";
        Share = "share", "Andel", "Share";
        Mean = "mean", "Medelvärde", "Mean";
        Median = "median", "Median", "Median";
    }
}
code_list! {
    /// How a goal stands.
    GoalStanding {
        Ahead = "ahead", "Före vägen mot målet", "Ahead of the path";
        OnPath = "on_path", "På vägen mot målet", "On the path";
        Behind = "behind", "Efter vägen mot målet", "Behind the path";
        Reached = "reached", "Målet är nått", "Reached";
        Missed = "missed", "Målet nåddes inte", "Missed";
        NoData = "no_data", "Uppgift saknas", "No data";
        Stale = "stale", "Uppgiften är för gammal", "The data are too old";
    }
}
code_list! {
    /// Why a year of a series has no value that can be held against the path.
    MissingValue {
        NoMeasure = "no_measure", "Måttet finns inte i uttaget", "The measure is not in the release";
        OtherKind = "other_kind", "Måttet är ett annat slags tal i uttaget", "The measure is another kind of number in the release";
        NoGroup = "no_group", "Gruppen redovisas inte i uttaget", "The release does not tell of the group";
        Hidden = "hidden", "Dold för att ingen ska röjas", "Hidden so that nobody is revealed";
        NothingToDivide = "nothing_to_divide", "Det fanns ingen att räkna på", "There was nobody to count on";
        TooLarge = "too_large", "Större än ett måls värde kan vara", "Larger than a value of a goal can be";
        PartOfYear = "part_of_year", "Bara en del av året är känd, och det som mäts summeras över året", "Only part of the year is known, and what is measured adds up over it";
    }
}
code_list! {
    /// How far an activity has come.
    ActivityStatus {
        NotBegun = "not_begun", "Ej påbörjad", "Not begun";
        Ongoing = "ongoing", "Pågående", "Ongoing";
        Done = "done", "Genomförd", "Done";
    }
}
code_list! {
    /// What became of a value of a file or an answer.
    GoalValueOutcome {
        Created = "created", "Ny", "New";
        Unchanged = "unchanged", "Oförändrad", "Unchanged";
        Changed = "changed", "Ändrad", "Changed";
        Conflict = "conflict", "Krockar med ett värde som kommit in på annat sätt", "In conflict with a value that came in another way";
        Missing = "missing", "Uppgift saknas", "Missing";
        Refused = "refused", "Avvisad", "Refused";
    }
}

impl GoalUnit {
    /// Whether a part of a year is worth less than the whole, so that it is never held against the path of a year.
    pub const fn adds_up(self) -> bool {
        matches!(
            self,
            Self::Persons | Self::Kronor | Self::MillionKronor | Self::Count
        )
    }
}

impl GoalPeriod {
    /// The last day of this part of a year.
    pub fn last_day(self, year: i32) -> NaiveDate {
        let (month, day) = match self {
            Self::Tertial1 => (4, 30),
            Self::Tertial12 => (8, 31),
            Self::FullYear => (12, 31),
        };
        // These days are in every year.
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }
}

/// A value of a year, times ten to the power of the goal's decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearValue {
    pub year: i32,
    pub value: i64,
}

/// A known value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownValue {
    pub year: i32,
    pub period: GoalPeriod,
    pub value: i64,
}

/// A year of a goal's series: a value, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearOfSeries {
    pub year: i32,
    /// The part of the year that is told of.
    pub period: GoalPeriod,
    pub value: Result<i64, MissingValue>,
}

/// What a goal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Where it began. Without it the target holds for every year.
    pub baseline: Option<YearValue>,
    /// Where it shall be.
    pub target: YearValue,
    /// Which way is better.
    pub direction: GoalDirection,
    /// How far from the path still counts as on it.
    pub tolerance: i64,
    /// A latest value that lies more years back says nothing any more.
    pub stale_after_years: i32,
    /// What the values are measured in.
    pub unit: GoalUnit,
}

/// How a goal stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub code: GoalStanding,
    /// The value that it stands by; of a stale one the year is told.
    pub latest: Option<KnownValue>,
    /// Where the path is in the year of that value.
    pub path: Option<i64>,
    /// How much better the value is than the path; below nought when worse.
    pub ahead_of_path: Option<i64>,
}

impl Course {
    /// What does not fit together.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        if let Some(baseline) = self.baseline {
            if baseline.year >= self.target.year {
                problems.push(FieldError::with(
                    "/target/year",
                    FieldCode::WrongYearOrder,
                    baseline.year.to_string(),
                ));
            }
            let is_against = match self.direction {
                GoalDirection::Rise => self.target.value < baseline.value,
                GoalDirection::Fall => self.target.value > baseline.value,
                GoalDirection::Reach => false,
            };
            if is_against {
                problems.push(FieldError::new(
                    "/target/value",
                    FieldCode::AgainstDirection,
                ));
            }
        }
        problems
    }

    /// Whether a higher value is better.
    pub fn shall_rise(&self) -> bool {
        match self.direction {
            GoalDirection::Rise => true,
            GoalDirection::Fall => false,
            GoalDirection::Reach => self
                .baseline
                .is_none_or(|baseline| baseline.value <= self.target.value),
        }
    }

    /// Where the straight path is at the end of a year, rounded as the values are; the target itself from its year on, and
    /// nothing before the beginning.
    pub fn path_at(&self, year: i32) -> Option<i64> {
        let Some(from) = self.baseline else {
            return Some(self.target.value);
        };
        if year < from.year {
            return None;
        }
        if year >= self.target.year {
            return Some(self.target.value);
        }
        let whole = i128::from(self.target.year) - i128::from(from.year);
        let gone = i128::from(year) - i128::from(from.year);
        let climb = i128::from(self.target.value) - i128::from(from.value);
        let at = divided(i128::from(from.value) * whole + climb * gone, whole);
        i64::try_from(at).ok()
    }

    /// How the goal stands on a day, by the values that were known then.
    pub fn standing(&self, known: &[KnownValue], on: NaiveDate) -> Standing {
        let begins = self.baseline.map_or(i32::MIN, |baseline| baseline.year);
        let latest = series(known, self.unit)
            .into_iter()
            .rfind(|value| value.year >= begins);
        let Some(latest) = latest else {
            return Standing {
                code: GoalStanding::NoData,
                latest: None,
                path: None,
                ahead_of_path: None,
            };
        };
        let path = self.path_at(latest.year);
        let ahead = path.and_then(|path| self.ahead(latest.value, path));
        let is_due = latest.year >= self.target.year;
        let is_stale = on.year().saturating_sub(latest.year) > self.stale_after_years;
        if is_stale && !is_due {
            return Standing {
                code: GoalStanding::Stale,
                latest: Some(latest),
                path: None,
                ahead_of_path: None,
            };
        }
        let has_passed = on >= GoalPeriod::FullYear.last_day(self.target.year);
        let code = if self.is_met(latest.value) {
            GoalStanding::Reached
        } else if is_due && has_passed {
            GoalStanding::Missed
        } else {
            match ahead {
                Some(ahead) if ahead.abs() <= self.tolerance => GoalStanding::OnPath,
                Some(ahead) if ahead > 0 => GoalStanding::Ahead,
                Some(_) => GoalStanding::Behind,
                None => GoalStanding::NoData,
            }
        };
        Standing {
            code,
            latest: Some(latest),
            path,
            ahead_of_path: ahead,
        }
    }

    fn ahead(&self, value: i64, path: i64) -> Option<i64> {
        match self.direction {
            GoalDirection::Rise => value.checked_sub(path),
            GoalDirection::Fall => path.checked_sub(value),
            // Nearer to the value than the path is.
            GoalDirection::Reach => {
                let away = |at: i64| at.abs_diff(self.target.value);
                i64::try_from(i128::from(away(path)) - i128::from(away(value))).ok()
            }
        }
    }

    fn is_met(&self, value: i64) -> bool {
        match self.direction {
            GoalDirection::Rise => value >= self.target.value,
            GoalDirection::Fall => value <= self.target.value,
            GoalDirection::Reach => {
                value.abs_diff(self.target.value) <= self.tolerance.unsigned_abs()
            }
        }
    }
}

/// The values that can be held against years, one a year, the earliest first: of the whole year, or else of its latest part,
/// unless what is measured adds up over the year.
pub fn series(known: &[KnownValue], unit: GoalUnit) -> Vec<KnownValue> {
    let mut values: Vec<KnownValue> = known
        .iter()
        .copied()
        .filter(|value| value.period == GoalPeriod::FullYear || !unit.adds_up())
        .collect();
    values.sort_by_key(|value| (value.year, value.period.last_day(value.year)));
    // Of one year the last stays.
    values.reverse();
    values.dedup_by_key(|value| value.year);
    values.reverse();
    values
}

/// The years that anything is said of, the earliest first: those of [`series`], and between them those of which the value is
/// known to be missing.
pub fn told_series(
    known: &[KnownValue],
    missing: &[(i32, GoalPeriod, MissingValue)],
    unit: GoalUnit,
) -> Vec<YearOfSeries> {
    let mut years: BTreeMap<i32, YearOfSeries> = BTreeMap::new();
    let parts = known
        .iter()
        .map(|value| (value.year, value.period, MissingValue::PartOfYear));
    for (year, period, why) in parts.chain(missing.iter().copied()) {
        let value = Err(why);
        years.insert(
            year,
            YearOfSeries {
                year,
                period,
                value,
            },
        );
    }
    for KnownValue {
        year,
        period,
        value,
    } in series(known, unit)
    {
        let value = Ok(value);
        years.insert(
            year,
            YearOfSeries {
                year,
                period,
                value,
            },
        );
    }
    years.into_values().collect()
}

/// Whether a text is the id of a Kolada key figure: N (municipality) or U (operations), and five digits.
pub fn is_kolada_kpi(text: &str) -> bool {
    let digits = text.strip_prefix(['N', 'U']);
    digits.is_some_and(|digits| digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a text is the name of a measure, a division or a category in JSON.
pub fn is_name_in_json(text: &str) -> bool {
    (1..=80).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

#[cfg(test)]
#[path = "goal_tests.rs"]
mod tests;
