//! Tests of the sensitive words: what is found in Swedish as it is written, and what is not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;

fn found(text: &str) -> Vec<&'static str> {
    SensitiveTerms::usual()
        .found_in(text)
        .iter()
        .map(|term| term.word.as_str())
        .collect()
}

#[test]
fn words_are_found_in_every_inflection_and_writing() {
    for (text, expected) in [
        ("Har LSS.", vec!["lss"]),
        ("lss-handläggaren ringde", vec!["lss"]),
        ("pratade om LSS:s regler", vec!["lss"]),
        ("ADHD-utredning pågår", vec!["adhd"]),
        ("Han är sjuk i dag", vec!["sjuk"]),
        ("missbrukar igen", vec!["missbruk"]),
        ("tablettmissbruket", vec!["missbruk"]),
        ("barnpsykiatrin har tid", vec!["psykiatri"]),
        ("väntar på DAGLIG   verksamhet", vec!["daglig verksamhet"]),
        ("går i moskén på fredagar", vec!["moské"]),
        ("ångestfylld morgon", vec!["ångest"]),
        ("orosanmälan gjord", vec!["orosanmäl"]),
        ("I have anxiety", vec!["anxiety"]),
        ("mår dåligt, (depression)", vec!["depression"]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn everyday_words_are_left_alone() {
    for text in [
        "En lösning vore bra",
        "Avbrott i gymnasiet förra året",
        "Han drog ut på svaret",
        "Vi ses på fritidsgården, biljard och brottning",
        "Ringer igen på torsdag kl 14.30",
        "Vill bli undersköterska eller vårdbiträde",
        "Hjälp att söka praktik på bageriet",
        "Romanen var lång, Christian läste den ändå",
        "Pratade om judo och fotboll",
        "Kollar om det finns ett annat nummer",
        "Social på rasterna, gillar alla",
        "",
        "... !!! 112",
    ] {
        assert!(found(text).is_empty(), "{text}: {:?}", found(text));
    }
}

#[test]
fn letters_count_as_they_are_read_not_as_they_are_coded() {
    // å as a and a ring, full-width letters, a soft hyphen in the middle.
    for text in [
        "a\u{30a}ngest",
        "ÅNGEST",
        "ＬＳＳ",
        "miss\u{ad}bruk",
        "l\u{200b}ss",
    ] {
        assert_eq!(found(text).len(), 1, "{text}");
    }
    // But a letter of its own is a letter of its own.
    assert!(found("angest").is_empty());
}

#[test]
fn the_list_is_sound() {
    let list = SensitiveTerms::usual();
    let words: BTreeSet<&str> = list.terms.iter().map(|term| term.word.as_str()).collect();
    assert_eq!(words.len(), list.terms.len(), "a word stands twice");
    for category in TermCategory::ALL {
        let count = list
            .terms
            .iter()
            .filter(|t| t.category == *category)
            .count();
        assert!(count >= 5, "{}", category.code());
    }
    for term in &list.terms {
        assert!(
            list.found_in(&term.word).contains(&term),
            "{} is not found in itself",
            term.word
        );
        assert!(!term.word.contains('*') && term.word == term.word.to_lowercase());
    }
    assert_eq!(Term::read("*", TermCategory::Health), None);
    assert_eq!(Term::read(" ", TermCategory::Health), None);
}

fn told(texts: &[Written<'_>], confirmed: &[&str]) -> Vec<(String, FieldCode, Vec<String>)> {
    let confirmed: Vec<String> = confirmed.iter().map(|word| (*word).to_owned()).collect();
    check_texts(SensitiveTerms::usual(), texts, &confirmed)
        .err()
        .into_iter()
        .flatten()
        .map(|problem| (problem.pointer, problem.code, problem.words))
        .collect()
}

const GOAL: Written<'_> = Written {
    pointer: "/goal",
    text: "Bli fri från missbruket",
};
const PROVIDER: Written<'_> = Written {
    pointer: "/provider",
    text: "LSS i Duvbo",
};

#[test]
fn exactly_the_words_that_were_found_are_confirmed() {
    assert_eq!(
        told(&[GOAL, PROVIDER], &[]),
        [
            (
                "/goal".to_owned(),
                FieldCode::SensitiveTerms,
                vec!["missbruk".to_owned()]
            ),
            (
                "/provider".to_owned(),
                FieldCode::SensitiveTerms,
                vec!["lss".to_owned()]
            ),
        ]
    );
    // One of two is not both.
    assert_eq!(told(&[GOAL, PROVIDER], &["missbruk"]).len(), 1);
    assert_eq!(told(&[GOAL, PROVIDER], &["LSS", "missbruk"]), []);
    // No word is confirmed in advance.
    assert_eq!(
        told(&[GOAL], &["missbruk", "lss"]),
        [(
            "/confirmedTerms".to_owned(),
            FieldCode::TermsNotFound,
            vec![]
        )]
    );
    let categories = check_texts(
        SensitiveTerms::usual(),
        &[GOAL, PROVIDER],
        &["missbruk".to_owned(), "lss".to_owned()],
    )
    .unwrap();
    assert_eq!(
        categories.into_iter().collect::<Vec<_>>(),
        [TermCategory::Substance, TermCategory::Lss]
    );
}

proptest! {
    #[test]
    fn a_term_is_found_whatever_stands_around_it(place in 0usize..1_000, before in "[ .,!?0-9a-zåäö]{0,30}", after in "[ .,!?0-9a-zåäö]{0,30}") {
        let terms = &SensitiveTerms::usual().terms;
        let term = &terms[place % terms.len()];
        let text = format!("{before} {} {after}", term.word.to_uppercase());
        prop_assert!(SensitiveTerms::usual().found_in(&text).contains(&term));
    }

    #[test]
    fn confirming_what_was_told_is_always_enough(text in "\\PC{0,80}", place in 0usize..1_000) {
        let terms = &SensitiveTerms::usual().terms;
        let text = format!("{text} {}", terms[place % terms.len()].word);
        let written = [Written { pointer: "/note", text: &text }];
        let first = check_texts(SensitiveTerms::usual(), &written, &[]).unwrap_err();
        prop_assert_eq!(first.len(), 1);
        prop_assert!(check_texts(SensitiveTerms::usual(), &written, &first[0].words).is_ok());
    }
}
