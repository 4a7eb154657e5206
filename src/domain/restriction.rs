//! What may still be done while the processing of a youth's data is restricted (GDPR art. 18)? The data are kept, read with
//! a marking and corrected; they are not told to others and not built upon. What art. 18.2 lets through (consent, a legal
//! claim, the protection of somebody else, an important public interest) is a decision of a socionom or the chief, with a
//! ground, a reason and a last day: KAA is a duty by law, but it is the municipality that must say so, youth by youth.
//! Aggregated statistics, which tell of nobody, and what the population register says, are not restricted.

use super::codes::{Code, code_list};
use super::operation::Operation;
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

code_list! {
    /// Why processing is restricted (GDPR 18.1 a-d).
    RestrictionGround {
        AccuracyContested = "accuracy_contested", "Ungdomen säger att uppgifterna är fel", "The youth says that the data are wrong";
        Unlawful = "unlawful", "Behandlingen är inte tillåten, men ungdomen vill inte att uppgifterna raderas", "The processing is not lawful, but the youth does not want the data erased";
        NeededForClaims = "needed_for_claims", "Ungdomen behöver uppgifterna för ett rättsligt anspråk", "The youth needs the data for a legal claim";
        Objection = "objection", "Ungdomen har invänt, och det prövas", "The youth has objected, and that is being assessed";
    }
}
code_list! {
    /// What lets the data be used in spite of a restriction (GDPR 18.2).
    OpeningGround {
        Consent = "consent", "Ungdomens samtycke", "The youth's consent";
        LegalClaim = "legal_claim", "Rättsligt anspråk", "A legal claim";
        OthersRights = "others_rights", "Skydd för någon annans rättigheter", "Protection of somebody else's rights";
        PublicInterest = "public_interest", "Viktigt allmänt intresse", "An important public interest";
    }
}

/// Days for which a restriction is opened at most at a time.
pub const MOST_DAYS_OPEN: u64 = 30;

/// Whether an operation stands still while processing is restricted: what tells others, and what builds on the data. What
/// corrects them, keeps what happened, or is owed at once (a concern, an objection, a withdrawal) does not.
pub const fn stands_still(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::RecordDisclosure
            | Operation::CreateReferral
            | Operation::UpdateReferral
            | Operation::MergeYouths
            | Operation::CreateTransfer
            | Operation::DecideTransfer
            | Operation::SetCarriedNotes
            | Operation::OfferIntervention
            | Operation::UpdateIntervention
            | Operation::RecordPlacementWish
            | Operation::OfferPlacement
            | Operation::OpenEpisode
            | Operation::CreateMapping
            | Operation::CreatePlanRevision
            | Operation::CreateEducationContract
            | Operation::UpdateEducationContract
            | Operation::RecordOccupation
            | Operation::DecideCandidate
    )
}

/// The days of a restriction.
#[derive(Debug, Clone, Copy)]
pub struct RestrictionDays {
    pub from_on: NaiveDate,
    pub until_on: Option<NaiveDate>,
    pub opened_until: Option<NaiveDate>,
    pub informed_on: Option<NaiveDate>,
    pub lifted_on: Option<NaiveDate>,
}

/// What is wrong with the days: it is lifted only once the youth has been told (GDPR 18.3).
pub fn check_days(days: &RestrictionDays, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (pointer, day) in [
        ("/fromOn", Some(days.from_on)),
        ("/informedOn", days.informed_on),
        ("/liftedOn", days.lifted_on),
    ] {
        if day.is_some_and(|day| day > today) {
            problems.push(FieldError::new(pointer, FieldCode::InFuture));
        }
    }
    for (pointer, day) in [
        ("/untilOn", days.until_on),
        ("/informedOn", days.informed_on),
        ("/liftedOn", days.lifted_on),
    ] {
        if day.is_some_and(|day| day < days.from_on) {
            problems.push(FieldError::with(
                pointer,
                FieldCode::WrongDateOrder,
                "fromOn",
            ));
        }
    }
    match (days.lifted_on, days.informed_on) {
        (Some(_), None) => problems.push(FieldError::new("/informedOn", FieldCode::Required)),
        (Some(lifted), Some(informed)) if lifted < informed => problems.push(FieldError::with(
            "/liftedOn",
            FieldCode::WrongDateOrder,
            "informedOn",
        )),
        _ => {}
    }
    let last = today
        .checked_add_days(Days::new(MOST_DAYS_OPEN))
        .unwrap_or(today);
    if days.opened_until.is_some_and(|day| day > last) {
        problems.push(FieldError::with(
            "/openedUntil",
            FieldCode::TooFarAhead,
            last.to_string(),
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::operation::Effect;

    #[test]
    fn reading_correcting_and_what_is_owed_at_once_go_on() {
        for operation in Operation::ALL {
            assert!(!stands_still(*operation) || operation.effect() == Effect::Change);
        }
        for open in [
            Operation::UpdateYouth,
            Operation::CorrectContact,
            Operation::AddCorrectionNote,
            Operation::WithdrawConsent,
            Operation::RecordRecipientInformed,
            Operation::AnswerTask,
            Operation::CreateRegisterExtract,
            Operation::CloseEpisode,
        ] {
            assert!(!stands_still(open), "{}", open.name());
        }
    }

    #[test]
    fn nobody_lifts_it_before_the_youth_is_told() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let mut days = RestrictionDays {
            from_on: day("2026-11-01"),
            until_on: None,
            opened_until: None,
            informed_on: None,
            lifted_on: Some(day("2026-11-20")),
        };
        let wrong = |days: &RestrictionDays| -> Vec<String> {
            let problems = check_days(days, day("2026-11-24"));
            problems
                .into_iter()
                .map(|problem| problem.pointer)
                .collect()
        };
        assert_eq!(wrong(&days), ["/informedOn"]);
        days.informed_on = Some(day("2026-11-21"));
        assert_eq!(wrong(&days), ["/liftedOn"]);
        days.informed_on = Some(day("2026-11-19"));
        assert!(wrong(&days).is_empty());
        days.opened_until = Some(day("2026-12-25"));
        assert_eq!(wrong(&days), ["/openedUntil"]);
    }
}
