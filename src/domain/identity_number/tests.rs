//! Tests of the identity numbers. Written-out numbers are those of personnummer/meta; the others
//! are computed (serials 238 and 239, or random in the property tests).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]

use super::*;
use proptest::prelude::*;

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 11, 23)
}

fn parse(text: &str) -> Result<IdentityNumber, IdentityNumberError> {
    IdentityNumber::parse(text, today())
}

fn with_check_digit(eleven: &str) -> String {
    (0..10)
        .map(|digit| format!("{eleven}{digit}"))
        .find(|number| luhn_fits(number.chars().skip(2)))
        .unwrap()
}

#[test]
fn valid_examples_of_the_domain() {
    use IdentityNumberKind::*;
    for (text, kind, birth) in [
        ("190905271474", Personnummer, day(1909, 5, 27)),
        ("200002292399", Personnummer, day(2000, 2, 29)),
        ("195704289999", Personnummer, day(1957, 4, 28)),
        ("200004059937", Personnummer, day(2000, 4, 5)),
        ("197302889931", Samordningsnummer, day(1973, 2, 28)),
        ("202107919967", Samordningsnummer, day(2021, 7, 31)),
        ("20130101TF01", TfNumber, day(2013, 1, 1)),
        ("19911201TF10", TfNumber, day(1991, 12, 1)),
    ] {
        let number = parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(
            (number.as_str(), number.kind(), number.birth_date()),
            (text, kind, Some(birth))
        );
        assert_eq!(IdentityNumber::from_stored(kind, text), Ok(number));
    }
}

#[test]
fn invalid_examples_of_the_domain() {
    use IdentityNumberError::*;
    for (text, error) in [
        ("197004289895", CheckDigit),
        ("196004309886", CheckDigit),
        ("200112840123", CheckDigit),
        ("0", Length),
        ("", Missing),
        (" \u{a0}\t", Missing),
        ("201509160006", Serial),
        ("200013012399", Date),
        ("200002302399", Date),
        ("200104602392", Date),
        ("200104922390", Date),
        ("179905271474", Date),
        ("20000229x2399", Characters),
        ("2000O2292399", Characters),
        ("2,00407E+11", Characters),
        ("20000229 2399", Characters),
        ("2000022923-99", Characters),
        ("20000229239", Characters),
        ("2000022923999999", Length),
        ("20000229TF1", Characters),
        ("000229TF01", Length),
        ("20000101Q220", Characters),
        ("20000229+2399", Separator),
        ("٢٠٠٠٠٢٢٩٢٣٩٩", Characters),
    ] {
        assert_eq!(parse(text).unwrap_err(), error, "{text}");
    }
    let future = with_check_digit("20261124239");
    assert_eq!(parse(&future).unwrap_err(), Future);
}

#[test]
fn forms_of_writing_give_the_same_number() {
    for text in [
        "200002292399",
        "20000229-2399",
        "000229-2399",
        "0002292399",
        "  000229\u{2013}2399\u{a0}",
    ] {
        assert_eq!(parse(text).unwrap().as_str(), "200002292399", "{text}");
    }
    assert_eq!(parse("20130101tf01").unwrap().as_str(), "20130101TF01");
    assert_eq!(parse("20130101-TF01").unwrap().as_str(), "20130101TF01");
}

#[test]
fn century_is_the_latest_not_in_the_future() {
    assert_eq!(parse("090527-1474").unwrap().as_str(), "200905271474");
    assert_eq!(parse("090527+1474").unwrap().as_str(), "190905271474");
    assert_eq!(parse("19090527+1474").unwrap().as_str(), "190905271474");
    // The person can be 100 and still be written with a hyphen in a 12-digit system.
    assert_eq!(parse("19090527-1474").unwrap().as_str(), "190905271474");

    let of_today = with_check_digit("20261123239");
    let short: String = of_today.chars().skip(2).collect();
    assert_eq!(parse(&short).unwrap().as_str(), of_today);
    let tomorrow = with_check_digit("19261124239");
    let short: String = tomorrow.chars().skip(2).collect();
    assert_eq!(parse(&short).unwrap().as_str(), tomorrow);
    // Turns 100 this year: plus from the first of January of that year.
    let plus = format!(
        "{}+{}",
        &tomorrow[2..8],
        tomorrow.chars().skip(8).collect::<String>()
    );
    assert_eq!(parse(&plus).unwrap().as_str(), tomorrow);
    // The 60 of a samordningsnummer does not push the day into the future.
    let coordination = with_check_digit("20261183239");
    let short: String = coordination.chars().skip(2).collect();
    assert_eq!(parse(&short).unwrap().as_str(), coordination);
    // 1900 had no 29 February; the date is refused, not moved a hundred years.
    assert_eq!(parse("000229+2399").unwrap_err(), IdentityNumberError::Date);
}

#[test]
fn interim_numbers_only_when_asked_for() {
    let options = IdentityNumberOptions {
        allow_interim: true,
    };
    assert_eq!(
        parse("20000101T220").unwrap_err(),
        IdentityNumberError::InterimNotAllowed
    );
    for text in ["20000101T220", "000101-t220"] {
        let number = IdentityNumber::parse_with(text, today(), options).unwrap();
        assert_eq!(number.as_str(), "20000101T220");
        assert_eq!(number.kind(), IdentityNumberKind::Interim);
        assert_eq!(number.birth_date(), Some(day(2000, 1, 1)));
    }
    assert_eq!(
        IdentityNumber::parse_with("20000101T221", today(), options).unwrap_err(),
        IdentityNumberError::CheckDigit
    );
}

#[test]
fn legal_sex_from_the_third_serial_digit() {
    assert_eq!(
        parse("190905271474").unwrap().legal_sex(),
        Some(LegalSex::Male)
    );
    assert_eq!(
        parse("202107919967").unwrap().legal_sex(),
        Some(LegalSex::Female)
    );
    assert_eq!(parse("20130101TF01").unwrap().legal_sex(), None);
}

#[test]
fn stored_values_are_checked_again() {
    use IdentityNumberError::*;
    let stored = |kind, value| IdentityNumber::from_stored(kind, value).unwrap_err();
    assert_eq!(
        stored(IdentityNumberKind::Samordningsnummer, "200002292399"),
        Kind
    );
    assert_eq!(
        stored(IdentityNumberKind::Personnummer, "000229-2399"),
        Length
    );
    assert_eq!(
        stored(IdentityNumberKind::Personnummer, "200002292390"),
        CheckDigit
    );
    for kind in IdentityNumberKind::ALL {
        assert_eq!(IdentityNumberKind::from_code(kind.code()), Some(kind));
    }
    assert_eq!(IdentityNumberKind::from_code("passport"), None);
}

#[test]
fn nothing_shows_the_number() {
    let number = parse("200002292399").unwrap();
    assert_eq!(
        format!("{number:?}"),
        "IdentityNumber(personnummer, redacted)"
    );
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,16}", offset in -200_000i64..200_000) {
        let day = today() + chrono::Duration::days(offset);
        let options = IdentityNumberOptions { allow_interim: true };
        let _ = IdentityNumber::parse_with(&text, day, options);
        for kind in IdentityNumberKind::ALL {
            let _ = IdentityNumber::from_stored(kind, &text);
        }
    }

    #[test]
    fn never_panics_on_near_misses(text in "[0-9TF+-]{9,14}") {
        let _ = parse(&text);
    }

    #[test]
    fn canonical_form_is_a_fixed_point(
        offset in 0i64..45_000, serial in 1u32..1000, coordination: bool, short: bool,
    ) {
        let birth = day(1900, 1, 1) + chrono::Duration::days(offset);
        let extra = if coordination { 60 } else { 0 };
        let eleven = format!(
            "{:04}{:02}{:02}{serial:03}", birth.year(), birth.month(), birth.day() + extra
        );
        let full = with_check_digit(&eleven);
        let text = if short {
            format!("{}-{}", &full[2..8], &full[8..])
        } else {
            full.clone()
        };
        if let Ok(number) = parse(&text) {
            prop_assert_eq!(&parse(number.as_str()).unwrap(), &number);
            prop_assert_eq!(number.birth_date().unwrap() <= today(), true);
            if !short { prop_assert_eq!(number.as_str(), full); }
        } else {
            prop_assert!(birth > today());
        }
    }

    #[test]
    fn a_mistyped_digit_is_found(
        offset in 0i64..40_000, serial in 1u32..1000, place in 2usize..12, added in 1u32..10,
    ) {
        let birth = day(1900, 1, 1) + chrono::Duration::days(offset);
        let full = with_check_digit(&format!("{}{serial:03}", birth.format("%Y%m%d")));
        prop_assert!(parse(&full).is_ok());
        let changed: String = full
            .chars()
            .enumerate()
            .map(|(i, c)| if i == place {
                char::from_digit((c.to_digit(10).unwrap() + added) % 10, 10).unwrap()
            } else { c })
            .collect();
        prop_assert!(!luhn_fits(changed.chars().skip(2)));
        prop_assert!(parse(&changed).is_err());
    }
}
