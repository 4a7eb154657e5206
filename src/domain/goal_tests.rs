//! The path and the standing of goals, by the goals that the plans name.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use GoalPeriod::{FullYear, Tertial1, Tertial12};
use proptest::prelude::*;

fn at(year: i32, value: i64) -> YearValue {
    YearValue { year, value }
}

fn known(year: i32, value: i64) -> KnownValue {
    KnownValue {
        year,
        period: FullYear,
        value,
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Unemployment of 18-24: from 2 above the nation in 2013 to 4 below in 2018, in tenths.
const STR_2: Course = Course {
    baseline: Some(YearValue {
        year: 2013,
        value: 20,
    }),
    target: YearValue {
        year: 2018,
        value: -40,
    },
    direction: GoalDirection::Fall,
    tolerance: 0,
    stale_after_years: 2,
    unit: GoalUnit::PercentagePoints,
};

fn code(course: &Course, values: &[KnownValue], on: NaiveDate) -> GoalStanding {
    course.standing(values, on).code
}

#[test]
fn the_path_is_straight_and_ends_at_the_target() {
    let path: Vec<Option<i64>> = (2012..=2020).map(|year| STR_2.path_at(year)).collect();
    assert_eq!(
        path,
        [
            None,
            Some(20),
            Some(8),
            Some(-4),
            Some(-16),
            Some(-28),
            Some(-40),
            Some(-40),
            Some(-40)
        ]
    );
    // 42 to 21 million in five years: 4.2 a year, rounded to whole millions.
    let halved = Course {
        baseline: Some(at(2013, 42)),
        target: at(2018, 21),
        unit: GoalUnit::MillionKronor,
        ..STR_2
    };
    let path: Vec<Option<i64>> = (2013..=2018).map(|year| halved.path_at(year)).collect();
    assert_eq!(path, [42, 38, 34, 29, 25, 21].map(Some));
}

#[test]
fn the_latest_value_is_held_against_the_path_of_its_own_year() {
    let on = day(2016, 3, 1);
    for (values, expected, ahead) in [
        (vec![known(2014, 8)], GoalStanding::OnPath, Some(0)),
        (vec![known(2015, -5)], GoalStanding::Ahead, Some(1)),
        (
            vec![known(2014, -30), known(2015, -3)],
            GoalStanding::Behind,
            Some(-1),
        ),
        (vec![known(2015, -40)], GoalStanding::Reached, Some(36)),
        (vec![], GoalStanding::NoData, None),
        // Before the goal began nothing was asked.
        (vec![known(2012, -90)], GoalStanding::NoData, None),
    ] {
        let standing = STR_2.standing(&values, on);
        assert_eq!(
            (standing.code, standing.ahead_of_path),
            (expected, ahead),
            "{values:?}"
        );
    }
    let near = Course {
        tolerance: 1,
        ..STR_2
    };
    assert_eq!(code(&near, &[known(2015, -3)], on), GoalStanding::OnPath);
    assert_eq!(code(&near, &[known(2015, -2)], on), GoalStanding::Behind);
}

#[test]
fn a_target_is_missed_when_its_year_is_over_and_known() {
    let values = [known(2017, -30), known(2018, -39)];
    assert_eq!(
        code(&STR_2, &values, day(2018, 12, 30)),
        GoalStanding::Behind
    );
    assert_eq!(
        code(&STR_2, &values, day(2018, 12, 31)),
        GoalStanding::Missed
    );
    assert_eq!(code(&STR_2, &values, day(2030, 1, 1)), GoalStanding::Missed);
    // The year is over, and nobody knows yet: what is known stands against the path of its year.
    assert_eq!(
        code(&STR_2, &values[..1], day(2019, 2, 1)),
        GoalStanding::Ahead
    );
    assert_eq!(
        code(&STR_2, &[known(2018, -40)], day(2030, 1, 1)),
        GoalStanding::Reached
    );
}

#[test]
fn old_values_say_how_old_they_are_and_nothing_else() {
    let standing = STR_2.standing(&[known(2014, -90)], day(2017, 1, 1));
    assert_eq!(standing.code, GoalStanding::Stale);
    assert_eq!(standing.latest.map(|latest| latest.year), Some(2014));
    assert_eq!((standing.path, standing.ahead_of_path), (None, None));
    assert_eq!(
        code(&STR_2, &[known(2014, -90)], day(2016, 12, 31)),
        GoalStanding::Reached
    );
}

#[test]
fn part_of_a_year_stands_for_it_unless_it_adds_up() {
    let part = |period, value| KnownValue {
        year: 2015,
        period,
        value,
    };
    let on = day(2015, 10, 1);
    let values = [part(Tertial12, -6), part(Tertial1, 30), known(2014, 8)];
    assert_eq!(STR_2.standing(&values, on).latest, Some(values[0]));
    let whole = [known(2015, -4), part(Tertial12, -6)];
    assert_eq!(STR_2.standing(&whole, on).latest, Some(whole[0]));
    let persons = Course {
        unit: GoalUnit::Persons,
        ..STR_2
    };
    assert_eq!(persons.standing(&values, on).latest, Some(values[2]));
    assert_eq!(series(&values, GoalUnit::Persons), [values[2]]);
    assert_eq!(series(&values, GoalUnit::Percent), [values[2], values[0]]);
}

#[test]
fn without_a_beginning_the_target_holds_every_year() {
    // All of 16-19 are offered an intervention.
    let all = Course {
        baseline: None,
        target: at(2026, 100),
        direction: GoalDirection::Rise,
        unit: GoalUnit::Percent,
        ..STR_2
    };
    let on = day(2026, 9, 1);
    assert_eq!(code(&all, &[known(2025, 100)], on), GoalStanding::Reached);
    let standing = all.standing(&[known(2025, 93)], on);
    assert_eq!(
        (standing.code, standing.ahead_of_path),
        (GoalStanding::Behind, Some(-7))
    );
}

#[test]
fn a_value_to_be_reached_is_approached_from_either_side() {
    let reach = Course {
        baseline: Some(at(2020, 50)),
        target: at(2030, 0),
        direction: GoalDirection::Reach,
        tolerance: 1,
        ..STR_2
    };
    let on = day(2025, 12, 31);
    assert_eq!(reach.path_at(2025), Some(25));
    assert_eq!(code(&reach, &[known(2025, 20)], on), GoalStanding::Ahead);
    assert_eq!(code(&reach, &[known(2025, -20)], on), GoalStanding::Ahead);
    assert_eq!(code(&reach, &[known(2025, -40)], on), GoalStanding::Behind);
    assert_eq!(code(&reach, &[known(2025, -1)], on), GoalStanding::Reached);
    assert!(!reach.shall_rise());
}

#[test]
fn what_does_not_fit_together_is_told() {
    let told = |course: Course| -> Vec<(String, FieldCode)> {
        let problems = course.problems().into_iter();
        problems
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    };
    assert_eq!(told(STR_2), []);
    let wrong = Course {
        direction: GoalDirection::Rise,
        target: at(2013, -40),
        ..STR_2
    };
    assert_eq!(
        told(wrong),
        [
            ("/target/year".to_owned(), FieldCode::WrongYearOrder),
            ("/target/value".to_owned(), FieldCode::AgainstDirection),
        ]
    );
}

#[test]
fn ids_of_kolada_and_names_of_measures() {
    assert!(is_kolada_kpi("N03942") && is_kolada_kpi("U31804"));
    for wrong in ["", "N0394", "n03942", "N039422", "X03942", "N0394a"] {
        assert!(!is_kolada_kpi(wrong), "{wrong}");
    }
    assert!(is_name_in_json("personsOffered") && is_name_in_json("outreach_20_25"));
    assert!(!is_name_in_json("a b") && !is_name_in_json(""));
}

fn courses() -> impl Strategy<Value = Course> {
    (
        2000_i32..2030,
        1_i32..15,
        -10_000_i64..10_000,
        -10_000_i64..10_000,
        0_usize..3,
        0_i64..50,
        0_i32..5,
    )
        .prop_map(
            |(year, years, from, to, direction, tolerance, stale_after_years)| Course {
                baseline: Some(at(year, from)),
                target: at(year + years, to),
                direction: GoalDirection::ALL[direction],
                tolerance,
                stale_after_years,
                unit: GoalUnit::Percent,
            },
        )
}

proptest! {
    /// Between the two ends the path never leaves them, and it never turns.
    #[test]
    fn the_path_stays_between_its_ends(course in courses()) {
        let from = course.baseline.unwrap();
        let path: Vec<i64> = (from.year..=course.target.year).map(|year| course.path_at(year).unwrap()).collect();
        prop_assert_eq!(path.first(), Some(&from.value));
        prop_assert_eq!(path.last(), Some(&course.target.value));
        let rises = from.value <= course.target.value;
        for (one, next) in path.iter().zip(path.iter().skip(1)) {
            let (low, high) = if rises { (one, next) } else { (next, one) };
            prop_assert!(low <= high);
        }
    }

    /// No order of values changes what is said, and what is said rests on a value that is known.
    #[test]
    fn the_standing_rests_on_known_values_alone(
        course in courses(),
        values in proptest::collection::vec((1995_i32..2050, 0_usize..3, -10_000_i64..10_000), 0..8),
        year in 2000_i32..2050,
    ) {
        let mut values: Vec<KnownValue> = values
            .into_iter()
            .map(|(year, period, value)| KnownValue { year, period: GoalPeriod::ALL[period], value })
            .collect();
        values.dedup_by_key(|value| (value.year, value.period));
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| seen.insert((value.year, value.period.last_day(value.year))));
        let on = day(year, 6, 30);
        let standing = course.standing(&values, on);
        if let Some(latest) = standing.latest {
            prop_assert!(values.contains(&latest));
            let is_latest = values.iter().all(|value| value.year <= latest.year);
            prop_assert!(is_latest);
        } else {
            prop_assert_eq!(standing.code, GoalStanding::NoData);
        }
        values.reverse();
        prop_assert_eq!(course.standing(&values, on), standing);
    }
}
