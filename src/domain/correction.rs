//! Against what may a youth object, and what does an objection say? It stands beside the fact and overwrites nothing
//! (GDPR 16; SoL 14:6; LSS 21 b §; domain 10.2 row 11). Where it is kept, and for whose eyes, does not belong here.

use super::codes::{Code, code_list};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

code_list! {
    /// The kind of record that an objection is about.
    DisputedRecord {
        Youth = "youth", "Ungdomens uppgifter", "The youth's data";
        Episode = "episode", "Period", "Episode";
        Contact = "contact", "Kontakt", "Contact";
        Intervention = "intervention", "Insats", "Intervention";
        PlacementWish = "placement_wish", "Önskemål om praktik", "Placement wish";
        Referral = "referral", "Hänvisning", "Referral";
        Occupation = "occupation", "Sysselsättning", "Occupation";
        Mapping = "mapping", "Kartläggning", "Mapping";
        PlanRevision = "plan_revision", "Plan", "Plan";
        EducationContract = "education_contract", "Utbildningskontrakt", "Education contract";
        OutcomeCheck = "outcome_check", "Kontroll av utfall", "Check of an outcome";
        Residence = "residence", "Hemvist", "Residence";
        Enrolment = "enrolment", "Skolplacering", "Enrolment";
        ExamDocument = "exam_document", "Examen eller betyg", "Exam document";
        Consent = "consent", "Samtycke", "Consent";
        Disclosure = "disclosure", "Utlämnande", "Disclosure";
        ProtectedStatus = "protected_status", "Skyddad status", "Protected status";
    }
}

/// What is wrong with the day on which an objection was raised.
pub fn check_raised_on(raised_on: NaiveDate, today: NaiveDate) -> Option<FieldError> {
    (raised_on > today).then(|| FieldError::new("/raisedOn", FieldCode::InFuture))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nobody_has_objected_tomorrow() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let today = day("2026-11-23");
        assert_eq!(check_raised_on(today, today), None);
        let tomorrow = check_raised_on(day("2026-11-24"), today).unwrap();
        assert_eq!(tomorrow.code, FieldCode::InFuture);
    }
}
