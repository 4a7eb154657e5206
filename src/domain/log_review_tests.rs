//! The rules of the sample: which events a rule points at, that the same seed draws the same, and that what must always be
//! looked at is never drawn away.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reading(n: u16) -> Reading {
    let mut event = [0; 16];
    event[..2].copy_from_slice(&n.to_be_bytes());
    Reading {
        event,
        // A Tuesday.
        at: day("2026-11-24").and_hms_opt(10, 0, 0).unwrap(),
        is_break_glass: false,
        is_of_interest: true,
        youths: vec![NamedYouth {
            is_assigned: true,
            ..NamedYouth::default()
        }],
    }
}

#[test]
fn each_rule_points_at_what_it_is_about() {
    let rules = SampleRules::default();
    assert_eq!(reasons_of(&reading(1), rules), []);
    let with = |change: fn(&mut Reading)| {
        let mut reading = reading(1);
        change(&mut reading);
        reasons_of(&reading, rules)
    };
    assert_eq!(
        with(|r| r.youths[0].is_protected = true),
        [SampleReason::ProtectedIdentity]
    );
    assert_eq!(
        with(|r| r.youths[0].shares_surname = true),
        [SampleReason::SameSurname]
    );
    assert_eq!(
        with(|r| r.youths[0].shares_address = true),
        [SampleReason::SameAddress]
    );
    assert_eq!(
        with(|r| r.youths[0].is_assigned = false),
        [SampleReason::NoAssignment]
    );
    assert_eq!(
        with(|r| r.is_break_glass = true),
        [SampleReason::BreakGlass]
    );
    for odd in [
        "2026-11-24T06:59:59",
        "2026-11-24T18:00:00",
        "2026-11-22T10:00:00",
        // Christmas Day, Epiphany, Maundy Thursday's morrow, and the eve of midsummer.
        "2026-12-25T10:00:00",
        "2026-01-06T10:00:00",
        "2026-04-03T10:00:00",
        "2026-06-19T10:00:00",
    ] {
        let odd = Reading {
            at: odd.parse().unwrap(),
            ..reading(1)
        };
        assert_eq!(reasons_of(&odd, rules), [SampleReason::OddHours]);
    }
    // An eve is a day like others where the office is open.
    let rules = SampleRules {
        is_closed_on_eves: false,
        ..SampleRules::default()
    };
    for (at, is_odd) in [
        ("2026-06-19T10:00:00", false),
        ("2026-04-03T10:00:00", true),
    ] {
        let reading = Reading {
            at: at.parse().unwrap(),
            ..reading(1)
        };
        assert_eq!(!reasons_of(&reading, rules).is_empty(), is_odd, "{at}");
    }
    // A list of several youths is not the opening of one.
    assert_eq!(with(|r| r.youths = vec![NamedYouth::default(); 2]), []);
}

#[test]
fn a_surname_is_the_last_word_and_each_part_of_a_double_name() {
    let staff = surnames_of_staff("Anna Lindqvist-Björk");
    assert!(bears("Lindqvist", &staff));
    assert!(bears("Björk", &staff));
    assert!(bears("von Björk", &staff));
    assert!(!bears("Lind", &staff));
    assert!(!bears("Anna", &staff));
    assert!(bears("ANDERSSON", &surnames_of_staff("Syv Andersson")));
    assert!(surnames_of_staff("Andersson").is_empty());
    assert!(!bears("von Essen", &surnames_of_staff("Eva von")));
}

#[test]
fn a_period_is_in_order_over_and_three_months_at_most() {
    let today = day("2026-11-24");
    let code = |from: &str, to: &str| {
        check_period(day(from), day(to), today)
            .first()
            .map(|problem| problem.code)
    };
    assert_eq!(code("2026-10-01", "2026-10-31"), None);
    assert_eq!(code("2026-11-24", "2026-11-24"), None);
    assert_eq!(
        code("2026-10-02", "2026-10-01"),
        Some(FieldCode::WrongDateOrder)
    );
    assert_eq!(code("2026-11-01", "2026-11-25"), Some(FieldCode::InFuture));
    assert_eq!(code("2026-01-01", "2026-04-02"), None);
    assert_eq!(code("2026-01-01", "2026-04-03"), Some(FieldCode::TooLate));
}

#[test]
fn what_is_remarkable_is_explained_and_followed_up() {
    let today = day("2026-11-24");
    let pointers = |finding, has_note, follow_up_on: Option<&str>| -> Vec<String> {
        let said = Said {
            finding,
            has_note,
            follow_up_on: follow_up_on.map(day),
            is_old_day: false,
        };
        check_finding(said, today)
            .into_iter()
            .map(|problem| problem.pointer)
            .collect()
    };
    use ReviewFinding::{ToAsk, Unauthorised, Unremarkable};
    assert!(pointers(Some(Unremarkable), false, None).is_empty());
    assert_eq!(pointers(Some(ToAsk), false, None), ["/note", "/followUpOn"]);
    assert!(pointers(Some(Unauthorised), true, Some("2026-11-24")).is_empty());
    assert_eq!(
        pointers(Some(Unauthorised), true, Some("2026-11-23")),
        ["/followUpOn"]
    );
    assert_eq!(
        pointers(Some(Unremarkable), true, Some("2026-12-01")),
        ["/followUpOn"]
    );
    assert_eq!(pointers(None, false, Some("2026-12-01")), ["/followUpOn"]);
}

fn any_reading() -> impl Strategy<Value = Reading> {
    (
        any::<u16>(),
        any::<[bool; 4]>(),
        any::<bool>(),
        0_u32..24,
        0_usize..3,
    )
        .prop_map(
            |(n, [protected, name, place, assigned], glass, hour, youths)| {
                let youth = NamedYouth {
                    is_protected: protected,
                    shares_surname: name,
                    shares_address: place,
                    is_assigned: assigned,
                };
                Reading {
                    at: day("2026-11-24").and_hms_opt(hour, 0, 0).unwrap(),
                    is_break_glass: glass,
                    is_of_interest: youths > 0,
                    youths: vec![youth; youths],
                    ..reading(n)
                }
            },
        )
}

fn draw(
    seed: [u8; 16],
    rules: SampleRules,
    readings: &[Reading],
) -> Vec<([u8; 16], Vec<SampleReason>)> {
    let mut draw = Draw::new(seed, rules);
    for reading in readings {
        draw.offer(reading);
    }
    draw.finish()
}

proptest! {
    #[test]
    fn the_seed_alone_decides_and_nothing_that_must_be_seen_is_left_out(
        readings in proptest::collection::vec(any_reading(), 0..80),
        seed in any::<[u8; 16]>(),
        random_rows in 0_u32..6,
        targeted_rows in 0_u32..6,
    ) {
        let mut readings = readings;
        readings.sort_by_key(|reading| reading.event);
        readings.dedup_by_key(|reading| reading.event);
        let rules = SampleRules { random_rows, targeted_rows, ..SampleRules::default() };
        let drawn = draw(seed, rules, &readings);
        readings.reverse();
        prop_assert_eq!(&drawn, &draw(seed, rules, &readings));
        for reading in &readings {
            let stands = drawn.iter().find(|(event, _)| *event == reading.event);
            let reasons = reasons_of(reading, rules);
            if reasons.iter().any(|reason| reason.is_always_drawn()) {
                prop_assert!(stands.is_some());
            }
            if let Some((_, told)) = stands {
                prop_assert!(!told.is_empty());
                let but_chance: Vec<_> =
                    told.iter().copied().filter(|reason| *reason != SampleReason::Random).collect();
                prop_assert_eq!(but_chance, reasons);
            }
        }
        let by_chance = drawn.iter().filter(|(_, told)| told.contains(&SampleReason::Random)).count();
        let of_interest = readings.iter().filter(|reading| reading.is_of_interest).count();
        prop_assert_eq!(by_chance, of_interest.min(random_rows as usize));
    }
}

#[test]
fn another_seed_draws_others() {
    let readings: Vec<Reading> = (0..200).map(reading).collect();
    let rules = SampleRules::default();
    let first = draw([1; 16], rules, &readings);
    assert_eq!(first.len(), 20);
    assert_ne!(first, draw([2; 16], rules, &readings));
}
