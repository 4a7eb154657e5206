//! Spells of occupation: the rule in examples, and what holds whatever was observed.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Duration::minutes(minute)
}

fn seen(kind: Occupation, starts_on: Option<&str>, as_of_on: &str) -> Observation {
    let as_of_on = day(as_of_on);
    Observation {
        id: Id::fresh(),
        kind,
        starts_on: starts_on.map(day),
        as_of_on,
        valid_until: valid_until(kind, as_of_on, None, &OccupationRules::default()),
        recorded_at: at(0),
        is_void: false,
    }
}

fn ended(kind: Occupation, starts_on: &str, end: &str, as_of_on: &str) -> Observation {
    Observation {
        valid_until: valid_until(
            kind,
            day(as_of_on),
            Some(day(end)),
            &OccupationRules::default(),
        ),
        ..seen(kind, Some(starts_on), as_of_on)
    }
}

fn told(observations: &[Observation], today: &str) -> Vec<(Occupation, String, Option<String>)> {
    spells(observations, day(today))
        .into_iter()
        .map(|spell| {
            (
                spell.kind,
                spell.first_on.to_string(),
                spell.last_on.map(|last| last.to_string()),
            )
        })
        .collect()
}

fn spell(kind: Occupation, first: &str, last: &str) -> (Occupation, String, Option<String>) {
    (kind, first.to_owned(), Some(last.to_owned()))
}
fn open(kind: Occupation, first: &str) -> (Occupation, String, Option<String>) {
    (kind, first.to_owned(), None)
}

use Occupation::{Internship, NotKnown, NotReached, Studies, Work};

#[test]
fn each_kind_counts_for_its_days_and_never_past_a_known_end() {
    let rules = OccupationRules::default();
    let ascertained = day("2026-03-01");
    let until = |kind, end: Option<&str>| {
        valid_until(kind, ascertained, end.map(day), &rules).map(|day| day.to_string())
    };
    let found: Vec<_> = Occupation::ALL
        .iter()
        .map(|kind| (kind.code(), until(*kind, None)))
        .collect();
    let lapses = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [
            ("work", lapses("2026-08-28")),
            ("internship", lapses("2026-04-30")),
            ("studies", lapses("2026-08-28")),
            ("other_activity", lapses("2026-05-30")),
            ("none", lapses("2026-04-30")),
            ("not_known", None),
            ("not_reached", None),
            ("declined_to_say", None),
        ]
    );
    assert_eq!(until(Work, Some("2026-05-01")), lapses("2026-05-01"));
    assert_eq!(until(Work, Some("2027-05-01")), lapses("2026-08-28"));
    assert_eq!(
        valid_until(Work, NaiveDate::MAX, None, &rules),
        Some(NaiveDate::MAX)
    );
}

#[test]
fn what_has_lapsed_is_not_known_from_that_day_and_the_last_known_stays() {
    let all = [seen(Work, Some("2026-01-10"), "2026-03-01")];
    assert_eq!(told(&all, "2026-08-27"), [open(Work, "2026-01-10")]);
    assert_eq!(
        told(&all, "2026-08-28"),
        [
            spell(Work, "2026-01-10", "2026-08-27"),
            open(NotKnown, "2026-08-28")
        ]
    );
    let last = spells(&all, day("2026-11-24")).pop().unwrap();
    assert_eq!((last.last_known, last.as_of_on), (Some(Work), None));
    let written = current(&all, day("2026-03-01")).unwrap();
    assert_eq!(written.on(day("2026-08-27")).kind, Work);
    let lapsed = written.on(day("2026-11-24"));
    assert_eq!(
        (lapsed.kind, lapsed.since_on, lapsed.last_known),
        (NotKnown, day("2026-08-28"), Some(Work))
    );
    assert_eq!(lapsed.as_of_on, Some(day("2026-03-01")));
    assert_eq!(lapsed.valid_until, Some(day("2026-08-28")));
}

#[test]
fn a_known_end_ends_it_although_it_would_have_counted_longer() {
    let all = [ended(Internship, "2026-10-01", "2026-11-01", "2026-10-05")];
    assert_eq!(
        told(&all, "2026-11-24"),
        [
            spell(Internship, "2026-10-01", "2026-10-31"),
            open(NotKnown, "2026-11-01")
        ]
    );
}

#[test]
fn the_later_ascertained_wins_for_the_days_it_speaks_about() {
    let all = [
        seen(Studies, Some("2026-01-12"), "2026-02-01"),
        seen(Occupation::None, Some("2026-01-20"), "2026-03-01"),
    ];
    assert_eq!(
        told(&all, "2026-03-15"),
        [
            spell(Studies, "2026-01-12", "2026-01-19"),
            open(Occupation::None, "2026-01-20")
        ]
    );
}

#[test]
fn a_presumption_that_was_overtaken_does_not_come_back() {
    // Work was ascertained in March and would count until August; by June it was known to be over.
    let all = [
        seen(Work, Some("2026-01-10"), "2026-03-01"),
        seen(Occupation::None, Some("2026-05-15"), "2026-06-01"),
    ];
    assert_eq!(
        told(&all, "2026-08-15"),
        [
            spell(Work, "2026-01-10", "2026-05-14"),
            spell(Occupation::None, "2026-05-15", "2026-07-30"),
            open(NotKnown, "2026-07-31"),
        ]
    );
}

#[test]
fn a_fact_entered_about_the_past_cuts_the_series_anew() {
    let work = seen(Work, Some("2026-01-10"), "2026-03-01");
    let recent = seen(Studies, Some("2026-08-20"), "2026-09-01");
    // Told in November: within what was known of the work there were two weeks of placement.
    let within = ended(Internship, "2026-02-02", "2026-02-16", "2026-11-20");
    assert_eq!(
        told(&[work, recent, within], "2026-11-24"),
        [
            spell(Work, "2026-01-10", "2026-02-01"),
            spell(Internship, "2026-02-02", "2026-02-15"),
            spell(Work, "2026-02-16", "2026-08-19"),
            open(Studies, "2026-08-20"),
        ]
    );
    // After the work was last ascertained: what followed the placement nobody knows.
    let after = ended(Internship, "2026-04-01", "2026-05-01", "2026-11-20");
    assert_eq!(
        told(&[work, recent, after], "2026-11-24"),
        [
            spell(Work, "2026-01-10", "2026-03-31"),
            spell(Internship, "2026-04-01", "2026-04-30"),
            spell(NotKnown, "2026-05-01", "2026-08-19"),
            open(Studies, "2026-08-20"),
        ]
    );
}

#[test]
fn renewed_knowledge_of_the_same_is_one_spell() {
    let all = [
        seen(Work, Some("2026-01-10"), "2026-03-01"),
        seen(Work, None, "2026-08-01"),
    ];
    assert_eq!(told(&all, "2026-11-24"), [open(Work, "2026-01-10")]);
    let now = current(&all, day("2026-11-24")).unwrap();
    assert_eq!(now.as_of_on, Some(day("2026-08-01")));
    assert_eq!(now.valid_until, Some(day("2027-01-28")));
}

#[test]
fn that_nobody_was_reached_is_said_and_does_not_lapse() {
    let all = [
        seen(Work, None, "2026-03-01"),
        seen(NotReached, None, "2026-06-01"),
    ];
    let last = spells(&all, day("2026-11-24")).pop().unwrap();
    assert_eq!(
        (last.kind, last.first_on, last.last_known),
        (NotReached, day("2026-06-01"), Some(Work))
    );
    assert_eq!(current(&all, day("2026-11-24")).unwrap().valid_until, None);
}

#[test]
fn what_was_taken_back_does_not_count() {
    let mut wrong = seen(Work, None, "2026-11-01");
    let right = seen(Studies, Some("2026-08-20"), "2026-10-01");
    wrong.is_void = true;
    assert_eq!(
        told(&[right, wrong], "2026-11-24"),
        [open(Studies, "2026-08-20")]
    );
    assert_eq!(told(&[wrong], "2026-11-24"), []);
    assert_eq!(current(&[wrong], day("2026-11-24")), None);
}

#[test]
fn of_the_same_day_the_one_that_starts_later_wins_then_the_one_recorded_later() {
    let before = seen(Work, Some("2026-01-10"), "2026-11-20");
    let since = seen(Occupation::None, Some("2026-11-16"), "2026-11-20");
    for all in [[before, since], [since, before]] {
        assert_eq!(
            told(&all, "2026-11-24"),
            [
                spell(Work, "2026-01-10", "2026-11-15"),
                open(Occupation::None, "2026-11-16")
            ]
        );
    }
    let mut again = seen(Studies, Some("2026-11-16"), "2026-11-20");
    again.recorded_at = at(1);
    assert_eq!(
        current(&[again, since], day("2026-11-24")).unwrap().kind,
        Studies
    );
}

#[test]
fn what_contradicts_itself_is_told_by_field() {
    let found = |change: fn(&mut ObservationFacts)| -> Vec<(String, FieldCode)> {
        let mut facts = ObservationFacts {
            kind: Work,
            starts_on: Some(day("2026-09-01")),
            as_of_on: day("2026-11-24"),
            expected_end_on: None,
            birth_date: day("2009-01-05"),
        };
        change(&mut facts);
        check_observation(&facts, day("2026-11-24"))
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    };
    let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
    assert_eq!(found(|_| {}), []);
    assert_eq!(
        found(|f| f.as_of_on = day("2026-11-25")),
        one("/asOfOn", FieldCode::InFuture)
    );
    assert_eq!(
        found(|f| f.as_of_on = day("2026-08-31")),
        one("/asOfOn", FieldCode::WrongDateOrder)
    );
    assert_eq!(
        found(|f| f.starts_on = Some(day("2008-01-01"))),
        one("/startsOn", FieldCode::BeforeBirth)
    );
    assert_eq!(
        found(|f| f.expected_end_on = Some(day("2026-09-01"))),
        one("/expectedEndOn", FieldCode::WrongDateOrder)
    );
    assert_eq!(
        found(|f| {
            f.starts_on = None;
            f.expected_end_on = Some(day("2026-11-24"));
        }),
        one("/expectedEndOn", FieldCode::NeedsOther)
    );
    assert_eq!(
        found(|f| {
            f.kind = NotReached;
            f.expected_end_on = Some(day("2026-12-24"));
        }),
        one("/expectedEndOn", FieldCode::NotWithOther)
    );
}

/// Observations within a year, as they pass the checks.
fn any_observation() -> impl Strategy<Value = Observation> {
    (
        0usize..8,
        0u64..365,
        proptest::option::of(0u64..120),
        proptest::option::of(1u64..200),
        0i64..50,
        proptest::bool::weighted(0.1),
        any::<u128>(),
    )
        .prop_map(|(kind, as_of, start, end, minute, is_void, id)| {
            let kind = Occupation::ALL.get(kind).copied().unwrap();
            let as_of_on = day("2026-01-01") + Days::new(as_of);
            let starts_on = start.map(|before| as_of_on - Days::new(before));
            let end = end.map(|after| starts_on.unwrap_or(as_of_on) + Days::new(after));
            Observation {
                id: Id::of(uuid::Uuid::from_u128(id)),
                kind,
                starts_on,
                as_of_on,
                valid_until: valid_until(kind, as_of_on, end, &OccupationRules::default()),
                recorded_at: at(minute),
                is_void,
            }
        })
}

/// What the rule in the head of the file says of one day, word by word.
fn by_the_rule(observations: &[Observation], day: NaiveDate) -> Option<Occupation> {
    let counted: Vec<&Observation> = observations.iter().filter(|o| !o.is_void).collect();
    let speaks =
        |o: &Observation, day| o.from() <= day && o.valid_until.is_none_or(|end| day < end);
    counted
        .iter()
        .filter(|o| speaks(o, day))
        .filter(|o| {
            let overtaken = |later: &&&Observation| {
                later.rank() > o.rank()
                    && o.as_of_on
                        .iter_days()
                        .take_while(|d| *d <= day)
                        .any(|d| speaks(later, d))
            };
            day <= o.as_of_on || counted.iter().find(overtaken).is_none()
        })
        .max_by_key(|o| o.rank())
        .map(|o| o.kind)
}

proptest! {
    #[test]
    fn spells_never_overlap_and_leave_no_hole(
        observations in proptest::collection::vec(any_observation(), 0..12), later in 0u64..300,
    ) {
        let today = day("2026-12-31") + Days::new(later);
        let series = spells(&observations, today);
        let counted = observations.iter().filter(|o| !o.is_void);
        prop_assert_eq!(series.first().map(|s| s.first_on), counted.map(Observation::from).min());
        for (one, next) in series.iter().zip(series.iter().skip(1)) {
            prop_assert_eq!(one.last_on.and_then(|last| last.succ_opt()), Some(next.first_on));
            prop_assert!(one.first_on < next.first_on);
            prop_assert_ne!(one.kind, next.kind);
        }
        if let Some(last) = series.last() {
            prop_assert!(last.last_on.is_none() && last.first_on <= today);
        }
        for spell in &series {
            let last_on = spell.last_on.unwrap_or(today);
            for on in spell.first_on.iter_days().take_while(|d| *d <= last_on) {
                let expected = by_the_rule(&observations, on).unwrap_or(NotKnown);
                prop_assert_eq!(spell.kind, expected, "{}", on);
            }
        }
    }

    #[test]
    fn the_order_of_entry_does_not_matter(
        (observations, shuffled) in proptest::collection::vec(any_observation(), 0..12)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let today = day("2027-02-01");
        prop_assert_eq!(spells(&observations, today), spells(&shuffled, today));
        // Nor when each was written down, but for those that differ in nothing else by which they are ranked.
        let mut keys: Vec<_> = observations.iter().map(|o| (o.as_of_on, o.from())).collect();
        keys.sort();
        let count = keys.len();
        keys.dedup();
        prop_assume!(keys.len() == count);
        let mut other = observations.clone();
        for (minute, observation) in (0_i64..).zip(other.iter_mut().rev()) {
            observation.recorded_at = at(minute);
        }
        prop_assert_eq!(spells(&observations, today), spells(&other, today));
    }

    #[test]
    fn what_was_kept_at_the_writing_is_right_on_every_later_day(
        observations in proptest::collection::vec(any_observation(), 0..12), written in 0u64..30, later in 0u64..400,
    ) {
        let written_on = day("2026-12-31") + Days::new(written);
        let today = written_on + Days::new(later);
        let kept = current(&observations, written_on).map(|kept| kept.on(today));
        prop_assert_eq!(kept, current(&observations, today));
        let last = spells(&observations, today).pop();
        prop_assert_eq!(kept.map(|k| (k.kind, k.since_on, k.last_known)), last.map(|s| (s.kind, s.first_on, s.last_known)));
        prop_assert_eq!(kept.map(|k| k.kind), last.map(|_| by_the_rule(&observations, today).unwrap_or(NotKnown)));
    }
}
