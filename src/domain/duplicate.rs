//! Are two records likely one person who was registered twice? Among those born on the same day, by their names: swapped, in
//! another order, with a part missing or spelled a little otherwise. Twins share the day and the family name, and most of all
//! they must not be taken for one; so given names count as much as family names, and where they are only nearly alike, a
//! different legal sex says that they are two. It is a proposal for a person to judge. Which records are compared, and that
//! two were found not to be the same, stands in `db::duplicates`; how two are made one, in `merge`.

use super::codes::{Code, LegalSex, code_list};
use super::identity_number::IdentityNumberKind;
use super::person_name::fold_plain;
use std::collections::BTreeSet;

code_list! {
    /// Why two records are likely one person.
    DuplicateReason {
        NumberChanged = "number_changed", "Samordningsnummer i den ena, personnummer i den andra, samma födelsedatum och liknande namn", "A samordningsnummer in one, a personnummer in the other, the same birth date and similar names";
        SameBirthDateSimilarName = "same_birth_date_similar_name", "Samma födelsedatum och liknande namn", "The same birth date and similar names";
    }
}

/// What of a record is compared. The birth date is the same.
#[derive(Clone)]
pub struct Known<'a> {
    pub given_name: &'a str,
    pub family_name: &'a str,
    pub legal_sex: LegalSex,
    /// The kind of the number in force.
    pub number: Option<IdentityNumberKind>,
}

/// How two names are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same words, in whatever order, though one may have more of them.
    SameWords,
    /// Words that are spelled a little otherwise.
    Spelling,
}

/// Why two records of the same birth date are likely one person; nothing if they are not.
pub fn reasons(one: &Known<'_>, other: &Known<'_>) -> Vec<DuplicateReason> {
    let likeness = likeness(
        (one.given_name, one.family_name),
        (other.given_name, other.family_name),
    );
    let differ_in_sex = one.legal_sex != other.legal_sex
        && one.legal_sex != LegalSex::Unknown
        && other.legal_sex != LegalSex::Unknown;
    let is_similar = match likeness {
        None => false,
        Some(Likeness::SameWords) => true,
        Some(Likeness::Spelling) => !differ_in_sex,
    };
    if !is_similar {
        return Vec::new();
    }
    let kinds = [one.number, other.number];
    let has = |kind| kinds.contains(&Some(kind));
    if has(IdentityNumberKind::Personnummer) && has(IdentityNumberKind::Samordningsnummer) {
        return vec![DuplicateReason::NumberChanged];
    }
    vec![DuplicateReason::SameBirthDateSimilarName]
}

/// How two names (given, family) are alike, if they are.
pub fn likeness(one: (&str, &str), other: (&str, &str)) -> Option<Likeness> {
    let (one, other) = (Words::of(one), Words::of(other));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    // "Anna-Karin" and "Annakarin": each name as one word.
    let joined = pair(
        &[one.given.concat(), one.family.concat()],
        &[other.given.concat(), other.family.concat()],
    );
    let (few, many) = if one.count() <= other.count() {
        (&one, &other)
    } else {
        (&other, &one)
    };
    let whole = pair(&few.all(), &many.all()).filter(|_| {
        // All words of both, or at least a part of the given and of the family name: a word shared by the family alone is no
        // person.
        few.count() == many.count()
            || (shares(&few.given, &many.given) && shares(&few.family, &many.family))
            || (shares(&few.given, &many.family) && shares(&few.family, &many.given))
    });
    match (joined, whole) {
        (Some(Likeness::SameWords), _) | (_, Some(Likeness::SameWords)) => {
            Some(Likeness::SameWords)
        }
        (joined, whole) => joined.or(whole),
    }
}

/// The words of a name.
struct Words {
    given: Vec<String>,
    family: Vec<String>,
}

impl Words {
    fn of((given, family): (&str, &str)) -> Self {
        Self {
            given: words(given),
            family: words(family),
        }
    }
    const fn is_empty(&self) -> bool {
        self.given.is_empty() || self.family.is_empty()
    }
    const fn count(&self) -> usize {
        self.given.len() + self.family.len()
    }
    fn all(&self) -> Vec<String> {
        self.given.iter().chain(&self.family).cloned().collect()
    }
}

fn words(name: &str) -> Vec<String> {
    let letters = |c: char| !c.is_alphanumeric() && c != '\'';
    fold_plain(name)
        .split(letters)
        .map(|word| word.replace('\'', ""))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether each of the few words has one of its own among the many, and how well. Equal ones are paired first.
fn pair(few: &[String], many: &[String]) -> Option<Likeness> {
    let mut taken = BTreeSet::new();
    let mut left = Vec::new();
    for word in few {
        match (0..many.len()).find(|place| !taken.contains(place) && many.get(*place) == Some(word))
        {
            Some(place) => {
                taken.insert(place);
            }
            None => left.push(word),
        }
    }
    if left.is_empty() {
        return Some(Likeness::SameWords);
    }
    for word in left {
        let place = (0..many.len()).find(|place| {
            !taken.contains(place) && many.get(*place).is_some_and(|other| are_near(word, other))
        })?;
        taken.insert(place);
    }
    Some(Likeness::Spelling)
}

fn shares(one: &[String], other: &[String]) -> bool {
    one.iter()
        .any(|word| other.iter().any(|of| word == of || are_near(word, of)))
}

/// Whether two words differ in few letters: none of a short word, one of an ordinary one, two of a long one. Two letters that
/// have changed places are one difference.
fn are_near(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    let most = match shorter {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    most > 0 && strsim::osa_distance(one, other) <= most
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn alike(one: (&str, &str), other: (&str, &str)) -> Option<Likeness> {
        let there = likeness(one, other);
        assert_eq!(there, likeness(other, one), "{one:?} {other:?}");
        there
    }

    #[test]
    fn names_of_one_person_are_alike() {
        for (one, other) in [
            (("Alva Maria", "Lindqvist"), ("Alva", "Lindqvist")),
            (("Alva", "Lindqvist"), ("Lindqvist", "Alva")),
            (("Alva", "Lindqvist-Björk"), ("Alva", "Lindqvist")),
            (("Alva", "Bjork Lindqvist"), ("Alva", "Lindqvist-Björk")),
            (("Åsa", "Öberg"), ("Asa", "Oberg")),
            (("José", "García"), ("Jose", "Garcia")),
            (("Ali Hassan", "Noor"), ("Ali", "Noor Hassan")),
        ] {
            assert_eq!(alike(one, other), Some(Likeness::SameWords), "{one:?}");
        }
        for (one, other) in [
            (("Anna-Karin", "Ek"), ("Annakarin", "Ek")),
            (("Sean", "O'Brien"), ("Sean", "O Brien")),
        ] {
            assert!(alike(one, other).is_some(), "{one:?}");
        }
        for (one, other) in [
            (("Mohammed", "Ahmadi"), ("Muhammad", "Ahmadi")),
            (("Erik", "Johansson"), ("Eric", "Johanson")),
            (("Alva", "Lindqvist"), ("Alva", "Lindkvist")),
            (("Sofia", "Nilsson"), ("Sofai", "Nilsson")),
        ] {
            assert_eq!(alike(one, other), Some(Likeness::Spelling), "{one:?}");
        }
    }

    #[test]
    fn twins_and_strangers_are_not() {
        for (one, other) in [
            (("Anna", "Lindqvist"), ("Emma", "Lindqvist")),
            (("Ella", "Lindqvist"), ("Emma", "Lindqvist")),
            (("Anna Maria", "Lindqvist"), ("Emma Maria", "Lindqvist")),
            (("Omar", "Ali Hassan"), ("Zahra", "Ali Hassan")),
            (("Omar", "Ali Hassan"), ("Ali", "Hassan")),
            (("Jon", "Ek"), ("Jan", "Ek")),
            (("Lo", "Ek"), ("Bo", "Ek")),
            (("Alva", "Lindqvist"), ("Alva", "Svensson")),
            (("", "Lindqvist"), ("", "Lindqvist")),
        ] {
            assert_eq!(alike(one, other), None, "{one:?} {other:?}");
        }
    }

    #[test]
    fn nearly_alike_given_names_of_another_sex_are_twins() {
        let known = |given_name, legal_sex, number| Known {
            given_name,
            family_name: "Lindqvist",
            legal_sex,
            number,
        };
        let (she, he) = (LegalSex::Female, LegalSex::Male);
        assert!(reasons(&known("Kristina", she, None), &known("Kristian", he, None)).is_empty());
        assert_eq!(
            reasons(
                &known("Kristina", she, None),
                &known("Kristian", LegalSex::Unknown, None)
            ),
            [DuplicateReason::SameBirthDateSimilarName]
        );
        // With a changed number the sex may have been corrected too.
        let (before, after) = (
            IdentityNumberKind::Samordningsnummer,
            IdentityNumberKind::Personnummer,
        );
        assert_eq!(
            reasons(
                &known("Kim", she, Some(before)),
                &known("Kim", he, Some(after))
            ),
            [DuplicateReason::NumberChanged]
        );
    }

    proptest! {
        #[test]
        fn everybody_is_like_themselves(given in "[A-ZÅÄÖa-zåäöé' -]{1,20}", family in "[A-ZÅÄÖa-zåäöé' -]{1,20}") {
            let name = (given.as_str(), family.as_str());
            if !words(&given).is_empty() && !words(&family).is_empty() {
                prop_assert_eq!(likeness(name, name), Some(Likeness::SameWords));
                prop_assert_eq!(likeness(name, (name.1, name.0)), Some(Likeness::SameWords));
            }
        }
    }
}
