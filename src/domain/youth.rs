//! What must hold between the facts of a youth: number, birth date, legal sex, guardians and protected addresses.
//! How the facts are read, stored or shown does not belong here.

use super::codes::{LegalSex, ProtectionLevel};
use super::identity_number::IdentityNumber;
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// A birth day may be a nearby day when the numbers of a day have run out (folkbokföringslagen 18 §).
const NEARBY_DAYS: i64 = 31;

/// The facts of a youth that depend on each other.
pub struct YouthFacts<'f> {
    pub identity: Option<&'f IdentityNumber>,
    pub birth_date: Option<NaiveDate>,
    pub legal_sex: Option<LegalSex>,
    pub protection_level: ProtectionLevel,
    pub has_addresses: bool,
    /// Those of the fields that a minimal record does not hold which have a value.
    pub not_in_minimal: &'f [&'static str],
    pub has_guardians: bool,
    pub is_minor: bool,
}

/// Everything that contradicts something else.
pub fn check_youth(facts: &YouthFacts<'_>, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if let Some(birth_date) = facts.birth_date {
        if birth_date > today {
            problems.push(FieldError::new("/birthDate", FieldCode::InFuture));
        }
        let by_number = facts.identity.and_then(IdentityNumber::birth_date);
        if by_number.is_some_and(|day| (day - birth_date).num_days().abs() > NEARBY_DAYS) {
            problems.push(FieldError::new("/birthDate", FieldCode::BirthDateMismatch));
        }
    }
    let sex_by_number = facts.identity.and_then(IdentityNumber::legal_sex);
    if let (Some(said), Some(by_number)) = (facts.legal_sex, sex_by_number)
        && said != by_number
    {
        problems.push(FieldError::with(
            "/legalSex",
            FieldCode::NotWithOther,
            "identityNumber",
        ));
    }
    // The real address of a person with protected registration is nowhere in an ordinary field (domain 4.4).
    if facts.protection_level == ProtectionLevel::ProtectedRegistration && facts.has_addresses {
        problems.push(FieldError::with(
            "/addresses",
            FieldCode::NotWithOther,
            "protectionLevel",
        ));
    }
    if facts.protection_level.is_minimal() {
        let filled = facts.not_in_minimal.iter();
        problems.extend(filled.map(|name| {
            FieldError::with(
                format!("/{name}"),
                FieldCode::NotWithOther,
                "protectionLevel",
            )
        }));
    }
    if facts.has_guardians && !facts.is_minor {
        problems.push(FieldError::new("/guardians", FieldCode::OnlyWhileMinor));
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(facts: &YouthFacts<'_>) -> Vec<FieldCode> {
        check_youth(facts, day("2026-11-23"))
            .into_iter()
            .map(|problem| problem.code)
            .collect()
    }

    fn facts(identity: Option<&IdentityNumber>) -> YouthFacts<'_> {
        YouthFacts {
            identity,
            birth_date: None,
            legal_sex: None,
            protection_level: ProtectionLevel::None,
            has_addresses: false,
            not_in_minimal: &[],
            has_guardians: false,
            is_minor: true,
        }
    }

    #[test]
    fn a_minimal_record_holds_no_more_than_a_local_name() {
        let mut said = facts(None);
        said.not_in_minimal = &["phones", "area"];
        for level in [
            ProtectionLevel::None,
            ProtectionLevel::ConfidentialityMarking,
            ProtectionLevel::ProtectedRegistration,
        ] {
            said.protection_level = level;
            assert_eq!(codes(&said), []);
        }
        said.protection_level = ProtectionLevel::HandledOutside;
        let both = [FieldCode::NotWithOther, FieldCode::NotWithOther];
        assert_eq!(codes(&said), both);
        said.not_in_minimal = &[];
        assert_eq!(codes(&said), []);
    }

    #[test]
    fn the_number_agrees_with_date_and_sex() {
        let number = IdentityNumber::parse("200002292399", day("2026-11-23")).unwrap();
        let mut said = facts(Some(&number));
        said.birth_date = Some(day("2000-03-02"));
        said.legal_sex = Some(LegalSex::Male);
        assert_eq!(codes(&said), []);
        said.birth_date = Some(day("2001-02-28"));
        said.legal_sex = Some(LegalSex::Female);
        assert_eq!(
            codes(&said),
            [FieldCode::BirthDateMismatch, FieldCode::NotWithOther]
        );
    }

    #[test]
    fn protected_registration_has_no_address_and_adults_no_guardian() {
        let mut said = facts(None);
        said.birth_date = Some(day("2027-01-01"));
        said.protection_level = ProtectionLevel::ProtectedRegistration;
        said.has_addresses = true;
        said.has_guardians = true;
        said.is_minor = false;
        assert_eq!(
            codes(&said),
            [
                FieldCode::InFuture,
                FieldCode::NotWithOther,
                FieldCode::OnlyWhileMinor
            ]
        );
    }
}
