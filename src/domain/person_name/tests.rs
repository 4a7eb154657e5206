//! Tests of searching and sorting by name.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used
)]
use super::*;
use proptest::prelude::*;

fn finds(query: &str, given: &str, family: &str) -> bool {
    let tokens = search_tokens(given, family);
    let typed = query_tokens(query);
    !typed.is_empty()
        && typed
            .iter()
            .all(|q| tokens.iter().any(|t| t.starts_with(q.as_str())))
}

#[test]
fn folding() {
    for (text, folded) in [
        ("  Åsa  ÖBERG ", "åsa öberg"),
        ("A\u{30a}sa", "åsa"),
        ("Zoé", "zoe"),
        ("Yılmaz Şahin", "yilmaz sahin"),
        ("İpek", "ipek"),
        ("Łukasz Nuñez", "lukasz nunez"),
        ("Müller Groß", "muller gross"),
        ("Søren Kjær", "sören kjär"),
        ("O\u{2019}Brien", "o'brien"),
        ("Đorđe", "dorde"),
        ("Nguyễn", "nguyen"),
        ("Anna\u{2011}Karin", "anna-karin"),
    ] {
        assert_eq!(fold(text), folded);
    }
    assert_eq!(fold_plain("Ej påbörjat"), "ej paborjat");
}

#[test]
fn tokens_of_names() {
    assert_eq!(
        search_tokens("Dawit", "Lindqvist-Björk"),
        [
            "bjork",
            "björk",
            "dawit",
            "lindqvist",
            "lindqvist-bjork",
            "lindqvist-björk",
            "lindqvistbjork",
            "lindqvistbjörk"
        ]
    );
    assert_eq!(search_tokens("", "O'Brien"), ["brien", "o", "obrien"]);
    assert_eq!(
        search_tokens("Eva", "von Essen"),
        ["essen", "eva", "von", "vonessen"]
    );
    assert_eq!(search_tokens("", "af Klint"), ["af", "afklint", "klint"]);
    assert!(search_tokens(" ", "-").is_empty());
}

#[test]
fn queries_find_names() {
    for (query, given, family) in [
        ("dawit lindqvist", "Dawit", "Lindqvist-Björk"),
        ("Lindqvist, Da", "Dawit", "Lindqvist-Björk"),
        ("bjork", "Dawit", "Lindqvist-Björk"),
        ("lindqvist björk", "Dawit", "Lindqvist-Björk"),
        ("björk-lindqvist", "Dawit", "Lindqvist-Björk"),
        ("o'b", "Arvid", "O'Brien-Öberg"),
        ("obrien oberg", "Arvid", "O'Brien-Öberg"),
        ("anna karin", "Anna-Karin", "af Klint"),
        ("annak", "Anna Karin", "af Klint"),
        ("yilmaz", "Can", "Yılmaz"),
        ("YILMAZ", "Can", "Yılmaz"),
        ("Yılm", "Can", "Yilmaz"),
        ("kjaer", "Søren", "Kjær"),
        ("kjär soren", "Søren", "Kjær"),
    ] {
        assert!(finds(query, given, family), "{query}");
    }
    assert!(!finds("björk", "Eva", "Bjork"));
    assert!(!finds("eva berg", "Eva", "Lind"));
    assert!(query_tokens(" -'?* ").is_empty());
}

#[test]
fn swedish_order() {
    let in_order = [
        ("Zeb", "Ali"),
        ("Bo", "Ali Andersson"),
        ("Bo", "Ali-Öberg"),
        ("Bo", "Alind"),
        ("Ada", "Idén"),
        ("Bea", "Iden"),
        ("Bo", "Müller"),
        ("Bo", "Myrén"),
        ("Bo", "O'Brien"),
        ("Bo", "Obrink"),
        ("Bo", "Vallin"),
        ("Eva", "von Essen"),
        ("Bo", "Wallin"),
        ("Bo", "Yılmaz"),
        ("Bo", "Zorn"),
        ("Bo", "Åström"),
        ("Bo", "Ängquist"),
        ("Bo", "Ærø"),
        ("Bo", "Öberg"),
    ];
    let keys: Vec<String> = in_order.iter().map(|(g, f)| sort_key(g, f)).collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(keys, sorted);
    assert_eq!(sort_key("ANNA", "IDÉN"), sort_key("Anna", "Iden"));
    assert!(sort_key("Bo", "Wall") > sort_key("Bo", "Vallgren"));
}

#[test]
fn initials() {
    for (family, expected) in [
        ("Lindqvist-Björk", "L."),
        ("von Essen", "V."),
        ("åström", "Å."),
        ("A\u{30a}str\u{f6}m", "Å."),
        ("'t Hooft", "T."),
        ("", ""),
    ] {
        assert_eq!(initial(family), expected);
    }
}

fn a_name() -> impl Strategy<Value = String> {
    "[A-ZÅÄÖÉŞØÆŁ][a-zåäöéüıñæøß]{0,7}([ '-][A-ZÅÄÖa-zåäö]{1,7}){0,3}"
}

proptest! {
    #[test]
    fn every_prefix_of_every_token_finds_the_person(given in a_name(), family in a_name()) {
        for token in search_tokens(&given, &family) {
            for length in 1..=token.chars().count() {
                let prefix: String = token.chars().take(length).collect();
                prop_assert!(finds(&prefix, &given, &family), "{}", prefix);
            }
        }
    }

    #[test]
    fn either_order_finds_the_person(given in a_name(), family in a_name()) {
        let one = format!("{} {}", given, family);
        let other = format!("{}, {}", family.to_uppercase(), given.to_lowercase());
        prop_assert!(finds(&one, &given, &family));
        prop_assert!(finds(&other, &given, &family));
        prop_assert!(finds(&fold_plain(&one), &given, &family));
    }

    #[test]
    fn folding_any_text_twice_changes_nothing(text in "\\PC{0,20}") {
        let once = fold(&text);
        prop_assert_eq!(&fold(&once), &once);
        let _ = (search_tokens(&text, &text), sort_key(&text, &text), initial(&text));
    }
}
