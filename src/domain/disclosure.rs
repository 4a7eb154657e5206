//! On what may something about a youth be told to somebody? On a consent that names the recipient and holds on the day, on
//! a duty by law, or on another reason that is told (OSL 10:1, 10:2, 10:28; domain 4.1, 10.2 rows 6 and 7).
//! Whether a border is crossed at all stands in `secrecy`; who gives a consent, in `consent`.

use super::codes::{Code, code_list};
use super::consent::{ConsentFacts, DataCategory, RecipientKind};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

code_list! {
    /// What a disclosure rests on.
    DisclosureBasis {
        Consent = "consent", "Samtycke", "Consent";
        LegalDuty = "legal_duty", "Skyldighet enligt lag", "Duty by law";
        Other = "other", "Annan grund", "Another basis";
    }
}
code_list! {
    /// How something was handed over.
    DisclosureMeans {
        Referral = "referral", "Med en hänvisning", "With a referral";
        Transfer = "transfer", "Vid en överflyttning", "With a transfer";
        Letter = "letter", "Brev", "Letter";
        Phone = "phone", "Telefon", "Phone";
        Meeting = "meeting", "Möte", "Meeting";
        Electronic = "electronic", "Elektroniskt", "Electronically";
    }
}

/// A statute is named by at least so many signs ("SoL 20:6").
const SHORTEST_STATUTE: usize = 5;
/// A reason of fewer signs explains nothing.
const SHORTEST_REASON: usize = 10;

/// What is named as the basis of a disclosure.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'b> {
    /// Which.
    pub kind: DisclosureBasis,
    /// The consent, if one is named and there is one of this youth.
    pub consent: Option<&'b ConsentFacts>,
    /// Whether a consent is named at all.
    pub names_consent: bool,
    /// The statute of a duty, or the other reason.
    pub reason: Option<&'b str>,
}

/// What of the basis is wrong in itself, whatever is told to whom: a consent goes with a consent, a reason with the others.
pub fn check_form(basis: &Basis<'_>) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let shortest = match basis.kind {
        DisclosureBasis::Consent => {
            if !basis.names_consent {
                problems.push(FieldError::new("/consentId", FieldCode::Required));
            }
            if basis.reason.is_some() {
                problems.push(FieldError::with(
                    "/basisReason",
                    FieldCode::NotWithOther,
                    "basis",
                ));
            }
            return problems;
        }
        DisclosureBasis::LegalDuty => SHORTEST_STATUTE,
        DisclosureBasis::Other => SHORTEST_REASON,
    };
    if basis.names_consent {
        problems.push(FieldError::with(
            "/consentId",
            FieldCode::NotWithOther,
            "basis",
        ));
    }
    match basis.reason {
        None => problems.push(FieldError::new("/basisReason", FieldCode::Required)),
        Some(reason) if reason.chars().count() < shortest => problems.push(FieldError::with(
            "/basisReason",
            FieldCode::TooShort,
            shortest.to_string(),
        )),
        Some(_) => {}
    }
    problems
}

/// Everything that keeps something of these categories from being told to a recipient on a day on this basis. A withdrawn
/// consent is a matter of its own: [`is_withdrawn`].
pub fn check_basis(
    basis: &Basis<'_>,
    kind: RecipientKind,
    categories: &[DataCategory],
    day: NaiveDate,
) -> Vec<FieldError> {
    // LSS 8 §: only ever at the person's own wish; no other basis stands in for it (domain 10.2 row 6).
    if kind == RecipientKind::LssOfficer && basis.kind != DisclosureBasis::Consent {
        return vec![FieldError::new("/basis", FieldCode::OnlyOwnConsent)];
    }
    let mut problems = check_form(basis);
    if basis.kind != DisclosureBasis::Consent || !problems.is_empty() {
        return problems;
    }
    const POINTER: &str = "/consentId";
    let Some(consent) = basis.consent else {
        return vec![FieldError::new(POINTER, FieldCode::NoSuchRecord)];
    };
    if consent.recipient_kind != kind {
        problems.push(FieldError::new(POINTER, FieldCode::ConsentOtherRecipient));
    } else if !ConsentFacts::holds_on(
        &ConsentFacts {
            withdrawn_on: None,
            ..consent.clone()
        },
        day,
    ) {
        let days = format!("{}--{}", consent.valid_from_on, consent.valid_to_on);
        problems.push(FieldError::with(POINTER, FieldCode::ConsentNotOnDay, days));
    }
    let missing: Vec<&str> = categories
        .iter()
        .filter(|category| !consent.categories.contains(category))
        .map(|category| category.code())
        .collect();
    if !missing.is_empty() {
        problems.push(FieldError::with(
            POINTER,
            FieldCode::ConsentOtherData,
            missing.join(", "),
        ));
    }
    problems
}

/// Whether the consent that a disclosure of this day would rest on has been withdrawn.
pub fn is_withdrawn(basis: &Basis<'_>, day: NaiveDate) -> bool {
    basis.kind == DisclosureBasis::Consent
        && basis
            .consent
            .and_then(|consent| consent.withdrawn_on)
            .is_some_and(|withdrawn| withdrawn <= day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::consent::Speaker;
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn consent(kind: RecipientKind) -> ConsentFacts {
        ConsentFacts {
            recipient_kind: kind,
            categories: vec![DataCategory::ContactDetails, DataCategory::ReferralContent],
            given_by: Speaker::Youth,
            valid_from_on: day("2026-11-01"),
            valid_to_on: day("2027-11-01"),
            withdrawn_on: None,
        }
    }

    const CARE: RecipientKind = RecipientKind::HealthCare;
    const TOLD: &[DataCategory] = &[DataCategory::ReferralContent];

    fn told(basis: &Basis<'_>, kind: RecipientKind, on: &str) -> Vec<(String, FieldCode)> {
        check_basis(basis, kind, TOLD, day(on))
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn on_consent(consent: Option<&ConsentFacts>) -> Basis<'_> {
        Basis {
            kind: DisclosureBasis::Consent,
            consent,
            names_consent: true,
            reason: None,
        }
    }

    fn otherwise(kind: DisclosureBasis, reason: Option<&str>) -> Basis<'_> {
        Basis {
            kind,
            consent: None,
            names_consent: false,
            reason,
        }
    }

    #[test]
    fn a_consent_names_the_recipient_holds_on_the_day_and_covers_what_is_told() {
        let given = consent(CARE);
        assert_eq!(told(&on_consent(Some(&given)), CARE, "2026-11-23"), []);
        let wrong = |basis: &Basis<'_>, kind, on| {
            let [(pointer, code)] = told(basis, kind, on).try_into().unwrap();
            assert_eq!(pointer, "/consentId");
            code
        };
        let komvux = RecipientKind::AdultEducation;
        assert_eq!(
            wrong(&on_consent(Some(&given)), komvux, "2026-11-23"),
            FieldCode::ConsentOtherRecipient
        );
        for on in ["2026-10-31", "2027-11-02"] {
            assert_eq!(
                wrong(&on_consent(Some(&given)), CARE, on),
                FieldCode::ConsentNotOnDay
            );
        }
        assert_eq!(
            wrong(&on_consent(None), CARE, "2026-11-23"),
            FieldCode::NoSuchRecord
        );
        let mut narrow = consent(CARE);
        narrow.categories = vec![DataCategory::ContactDetails];
        assert_eq!(
            wrong(&on_consent(Some(&narrow)), CARE, "2026-11-23"),
            FieldCode::ConsentOtherData
        );
    }

    #[test]
    fn a_withdrawn_consent_carries_nothing_more_but_what_was_told_before() {
        let mut given = consent(CARE);
        given.withdrawn_on = Some(day("2026-11-20"));
        assert!(!is_withdrawn(&on_consent(Some(&given)), day("2026-11-19")));
        assert!(is_withdrawn(&on_consent(Some(&given)), day("2026-11-20")));
        let duty = otherwise(DisclosureBasis::LegalDuty, Some("SoL 20:6"));
        assert!(!is_withdrawn(&duty, day("2026-11-20")));
    }

    #[test]
    fn a_duty_names_its_statute_and_another_basis_its_reason() {
        for (basis, shortest) in [
            (DisclosureBasis::LegalDuty, "SoL 20:6"),
            (DisclosureBasis::Other, "Fara för liv"),
        ] {
            assert_eq!(
                told(&otherwise(basis, Some(shortest)), CARE, "2026-11-23"),
                []
            );
            assert_eq!(
                told(&otherwise(basis, None), CARE, "2026-11-23"),
                [("/basisReason".to_owned(), FieldCode::Required)]
            );
            assert_eq!(
                told(&otherwise(basis, Some("ja")), CARE, "2026-11-23"),
                [("/basisReason".to_owned(), FieldCode::TooShort)]
            );
        }
    }

    #[test]
    fn to_lss_nothing_goes_but_by_the_youths_own_consent() {
        let lss = RecipientKind::LssOfficer;
        for basis in [DisclosureBasis::LegalDuty, DisclosureBasis::Other] {
            assert_eq!(
                told(
                    &otherwise(basis, Some("SoL 20:6, en annan grund")),
                    lss,
                    "2026-11-23"
                ),
                [("/basis".to_owned(), FieldCode::OnlyOwnConsent)]
            );
        }
        let own = consent(lss);
        assert_eq!(told(&on_consent(Some(&own)), lss, "2026-11-23"), []);
    }

    proptest! {
        #[test]
        fn on_consent_nothing_is_told_outside_its_days(offset in -400i64..800) {
            let given = consent(CARE);
            let on = day("2026-11-01") + chrono::Duration::days(offset);
            let is_sound = check_basis(&on_consent(Some(&given)), CARE, TOLD, on).is_empty();
            prop_assert_eq!(is_sound, given.holds_on(on));
        }
    }
}
