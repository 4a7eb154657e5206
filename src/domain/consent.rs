//! Who consents to that something is told to whom, for how long a consent holds, and what a withdrawal asks for: nothing
//! but a day that can be (GDPR 7; skollagen 29:12; LSS 8 §; domain 9.13). Where a consent is kept, and for whose eyes,
//! does not belong here.

use super::age::birthday_on;
use super::codes::{Code, ReferralTarget, code_list};
use super::referral::is_sensitive;
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

code_list! {
    /// Whom something about a youth is told to: the recipients of a referral, our own outreach, another municipality, others.
    RecipientKind {
        LssOfficer = "lss_officer", "LSS-handläggare", "LSS officer";
        SocialServicesIntake = "social_services_intake", "Socialtjänstens mottagningsgrupp", "Social services intake";
        AddictionCare = "addiction_care", "Beroendevård", "Addiction care";
        HealthCare = "health_care", "Vårdgivare eller psykiatri", "Health care or psychiatry";
        YouthClinic = "youth_clinic", "Ungdomsmottagning", "Youth clinic";
        SocialInsurance = "social_insurance", "Försäkringskassan", "Social insurance agency";
        EmploymentService = "employment_service", "Arbetsförmedlingen", "Employment service";
        AdultEducation = "adult_education", "Komvux", "Adult education (komvux)";
        FolkHighSchool = "folk_high_school", "Folkhögskola", "Folk high school";
        UpperSecondary = "upper_secondary", "Gymnasieskola", "Upper secondary school";
        Guidance = "guidance", "Studie- och yrkesvägledning", "Study and career guidance";
        MunicipalLabourUnit = "municipal_labour_unit", "Arbetsmarknadsenhet", "Municipal labour market unit";
        Ngo = "ngo", "Frivilligorganisation", "Voluntary organisation";
        Employer = "employer", "Arbetsgivare", "Employer";
        OutreachTeam = "outreach_team", "Kommunens uppsökande verksamhet", "The municipality's own outreach";
        OtherMunicipality = "other_municipality", "Annan kommun", "Another municipality";
        Other = "other", "Annan mottagare", "Another recipient";
    }
}
code_list! {
    /// Who gave a consent or raised an objection.
    Speaker {
        Youth = "youth", "Ungdomen", "The youth";
        Guardian = "guardian", "Vårdnadshavare", "A guardian";
    }
}
code_list! {
    /// What is told: the categories of data that a consent covers and a disclosure held.
    DataCategory {
        ContactDetails = "contact_details", "Kontaktuppgifter", "Contact details";
        Occupation = "occupation", "Sysselsättning", "Occupation";
        Plan = "plan", "Planering", "Plan";
        Measures = "measures", "Insatser", "Measures";
        Notes = "notes", "Anteckningar", "Notes";
        ReferralContent = "referral_content", "Hänvisningens innehåll", "Content of the referral";
        Other = "other", "Annat", "Other";
    }
}
code_list! {
    /// How a consent was withdrawn. Every way is good enough (GDPR 7.3).
    WithdrawalForm {
        Written = "written", "Skriftligt", "In writing";
        Oral = "oral", "Muntligt", "Orally";
        Other = "other", "På annat sätt", "In another way";
    }
}

/// How long consents hold. Configuration of the municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentRules {
    /// Days from the first until the last, when no last day is told.
    pub usual_days: u64,
    /// Days from the first until the last at most: a consent without a foreseeable end is none (domain 9.13).
    pub longest_days: u64,
}

impl Default for ConsentRules {
    fn default() -> Self {
        Self {
            usual_days: 365,
            longest_days: 3 * 365,
        }
    }
}

impl ConsentRules {
    /// The last day when none is told.
    pub fn usual_end(&self, first: NaiveDate) -> NaiveDate {
        first
            .checked_add_days(Days::new(self.usual_days))
            .unwrap_or(first)
    }
}

/// The recipient that a referral goes to.
pub const fn recipient_of(target: ReferralTarget) -> RecipientKind {
    match target {
        ReferralTarget::LssOfficer => RecipientKind::LssOfficer,
        ReferralTarget::SocialServicesIntake => RecipientKind::SocialServicesIntake,
        ReferralTarget::AddictionCare => RecipientKind::AddictionCare,
        ReferralTarget::HealthCare => RecipientKind::HealthCare,
        ReferralTarget::YouthClinic => RecipientKind::YouthClinic,
        ReferralTarget::SocialInsurance => RecipientKind::SocialInsurance,
        ReferralTarget::EmploymentService => RecipientKind::EmploymentService,
        ReferralTarget::AdultEducation => RecipientKind::AdultEducation,
        ReferralTarget::FolkHighSchool => RecipientKind::FolkHighSchool,
        ReferralTarget::UpperSecondary => RecipientKind::UpperSecondary,
        ReferralTarget::Guidance => RecipientKind::Guidance,
        ReferralTarget::MunicipalLabourUnit => RecipientKind::MunicipalLabourUnit,
        ReferralTarget::Ngo => RecipientKind::Ngo,
    }
}

/// Whether naming this recipient tells something of health, disability, drugs or social services, so that what names it
/// lies in the protected compartment: as for referrals.
pub fn is_sensitive_recipient(kind: RecipientKind) -> bool {
    ReferralTarget::ALL
        .iter()
        .any(|target| recipient_of(*target) == kind && is_sensitive(*target))
}

/// From this many completed years on the youth speaks alone. Skollagen 29:12: who has turned 16 conducts their own case.
/// LSS 8 §: the person asks themselves, a guardian only for those under 15.
pub const fn speaks_alone_from(kind: RecipientKind) -> u32 {
    match kind {
        RecipientKind::LssOfficer => 15,
        _ => 16,
    }
}

/// Who gives a consent on a day.
pub fn speaker_on(kind: RecipientKind, birth_date: NaiveDate, day: NaiveDate) -> Speaker {
    match birthday_on(birth_date, speaks_alone_from(kind)) {
        Some(birthday) if birthday <= day => Speaker::Youth,
        _ => Speaker::Guardian,
    }
}

/// A consent, as far as rules ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentFacts {
    /// To whom something may be told.
    pub recipient_kind: RecipientKind,
    /// What.
    pub categories: Vec<DataCategory>,
    /// Who gave it.
    pub given_by: Speaker,
    /// The day on which it was given, the first on which it holds.
    pub valid_from_on: NaiveDate,
    /// The last day on which it holds.
    pub valid_to_on: NaiveDate,
    /// The day of its withdrawal, the first on which it holds no more.
    pub withdrawn_on: Option<NaiveDate>,
}

impl ConsentFacts {
    /// Whether it holds on a day, as it stands.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from_on <= day
            && day <= self.valid_to_on
            && self.withdrawn_on.is_none_or(|withdrawn| day < withdrawn)
    }
}

/// Everything that is wrong with a consent that is recorded on `today`.
pub fn check_consent(
    facts: &ConsentFacts,
    has_recipient_name: bool,
    birth_date: NaiveDate,
    rules: &ConsentRules,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let mut wrong = |problem| problems.push(problem);
    // "Another recipient" is nobody in particular.
    if facts.recipient_kind == RecipientKind::Other && !has_recipient_name {
        wrong(FieldError::new("/recipientName", FieldCode::Required));
    }
    if facts.categories.is_empty() {
        wrong(FieldError::new("/categories", FieldCode::Required));
    }
    if facts.valid_from_on > today {
        wrong(FieldError::new("/validFromOn", FieldCode::InFuture));
    } else if facts.valid_from_on < birth_date {
        wrong(FieldError::new("/validFromOn", FieldCode::BeforeBirth));
    } else if facts.given_by != speaker_on(facts.recipient_kind, birth_date, facts.valid_from_on) {
        let years = speaks_alone_from(facts.recipient_kind).to_string();
        wrong(FieldError::with("/givenBy", FieldCode::GiverAge, years));
    }
    if facts.valid_to_on < facts.valid_from_on {
        wrong(FieldError::with(
            "/validToOn",
            FieldCode::WrongDateOrder,
            "validFromOn",
        ));
    } else if let Some(last) = facts
        .valid_from_on
        .checked_add_days(Days::new(rules.longest_days))
        && facts.valid_to_on > last
    {
        wrong(FieldError::with(
            "/validToOn",
            FieldCode::TooLate,
            last.to_string(),
        ));
    }
    problems
}

/// What is wrong with the day of a withdrawal. Its form never is.
pub fn check_withdrawal(
    valid_from_on: NaiveDate,
    withdrawn_on: NaiveDate,
    today: NaiveDate,
) -> Option<FieldError> {
    const POINTER: &str = "/withdrawnOn";
    if withdrawn_on > today {
        return Some(FieldError::new(POINTER, FieldCode::InFuture));
    }
    (withdrawn_on < valid_from_on)
        .then(|| FieldError::with(POINTER, FieldCode::WrongDateOrder, "validFromOn"))
}

/// Whether a recipient must still be told that what they were given rested on a consent that is withdrawn (GDPR 19).
pub const fn awaits_information(
    withdrawn_on: Option<NaiveDate>,
    informed_on: Option<NaiveDate>,
    disclosures: i64,
) -> bool {
    withdrawn_on.is_some() && informed_on.is_none() && disclosures > 0
}

/// Days within which a recipient is told of a withdrawal: soon enough that little more is done with what they have.
pub const DAYS_TO_INFORM: u64 = 7;

/// The day by which a recipient is told of a withdrawal.
pub fn inform_by(withdrawn_on: NaiveDate) -> NaiveDate {
    withdrawn_on
        .checked_add_days(Days::new(DAYS_TO_INFORM))
        .unwrap_or(withdrawn_on)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const TODAY: &str = "2026-11-23";
    const BORN: &str = "2009-01-05";

    fn facts() -> ConsentFacts {
        ConsentFacts {
            recipient_kind: RecipientKind::EmploymentService,
            categories: vec![DataCategory::ContactDetails],
            given_by: Speaker::Youth,
            valid_from_on: day("2026-11-20"),
            valid_to_on: day("2027-11-20"),
            withdrawn_on: None,
        }
    }

    fn told(facts: &ConsentFacts, has_name: bool) -> Vec<(String, FieldCode)> {
        check_consent(
            facts,
            has_name,
            day(BORN),
            &ConsentRules::default(),
            day(TODAY),
        )
        .into_iter()
        .map(|problem| (problem.pointer, problem.code))
        .collect()
    }

    #[test]
    fn every_target_of_a_referral_is_a_recipient_by_the_same_word() {
        for target in ReferralTarget::ALL {
            let kind = recipient_of(*target);
            assert_eq!(kind.code(), target.code());
            assert_eq!(is_sensitive_recipient(kind), is_sensitive(*target));
        }
        for kind in [
            RecipientKind::Employer,
            RecipientKind::OutreachTeam,
            RecipientKind::OtherMunicipality,
            RecipientKind::Other,
        ] {
            assert!(!is_sensitive_recipient(kind));
        }
    }

    #[test]
    fn from_16_the_youth_speaks_alone_and_to_lss_from_15() {
        let born = day(BORN);
        let of = |kind, on: &str| speaker_on(kind, born, day(on));
        let komvux = RecipientKind::AdultEducation;
        assert_eq!(of(komvux, "2025-01-04"), Speaker::Guardian);
        assert_eq!(of(komvux, "2025-01-05"), Speaker::Youth);
        let lss = RecipientKind::LssOfficer;
        assert_eq!(of(lss, "2024-01-04"), Speaker::Guardian);
        assert_eq!(of(lss, "2024-01-05"), Speaker::Youth);
    }

    #[test]
    fn a_guardian_does_not_consent_for_who_has_turned_16() {
        let mut consent = facts();
        assert_eq!(told(&consent, false), []);
        consent.given_by = Speaker::Guardian;
        assert_eq!(
            told(&consent, false),
            [("/givenBy".to_owned(), FieldCode::GiverAge)]
        );
        consent.valid_from_on = day("2025-01-04");
        consent.valid_to_on = day("2025-06-01");
        assert_eq!(told(&consent, false), []);
    }

    #[test]
    fn a_consent_has_an_end_a_content_and_somebody_it_is_for() {
        let mut consent = facts();
        consent.recipient_kind = RecipientKind::Other;
        consent.categories.clear();
        consent.valid_to_on = day("2026-11-19");
        assert_eq!(
            told(&consent, false),
            [
                ("/recipientName".to_owned(), FieldCode::Required),
                ("/categories".to_owned(), FieldCode::Required),
                ("/validToOn".to_owned(), FieldCode::WrongDateOrder),
            ]
        );
        let mut consent = facts();
        consent.valid_to_on = day("2030-01-01");
        assert_eq!(
            told(&consent, true),
            [("/validToOn".to_owned(), FieldCode::TooLate)]
        );
        consent.valid_from_on = day("2026-11-24");
        consent.valid_to_on = day("2026-11-24");
        assert_eq!(
            told(&consent, true),
            [("/validFromOn".to_owned(), FieldCode::InFuture)]
        );
    }

    #[test]
    fn it_holds_from_the_first_day_to_the_last_and_not_on_the_day_of_withdrawal() {
        let mut consent = facts();
        for (on, holds) in [
            ("2026-11-19", false),
            ("2026-11-20", true),
            ("2027-11-20", true),
            ("2027-11-21", false),
        ] {
            assert_eq!(consent.holds_on(day(on)), holds, "{on}");
        }
        consent.withdrawn_on = Some(day("2027-02-01"));
        assert!(consent.holds_on(day("2027-01-31")));
        assert!(!consent.holds_on(day("2027-02-01")));
    }

    #[test]
    fn only_an_impossible_day_keeps_a_withdrawal_out() {
        let check = |on: &str| {
            check_withdrawal(day("2026-11-20"), day(on), day(TODAY)).map(|problem| problem.code)
        };
        assert_eq!(check("2026-11-20"), None);
        assert_eq!(check("2026-11-23"), None);
        assert_eq!(check("2026-11-24"), Some(FieldCode::InFuture));
        assert_eq!(check("2026-11-19"), Some(FieldCode::WrongDateOrder));
    }

    #[test]
    fn a_recipient_is_told_once_of_a_withdrawal_that_concerns_them() {
        let on = Some(day(TODAY));
        assert!(awaits_information(on, None, 1));
        assert!(!awaits_information(on, None, 0));
        assert!(!awaits_information(on, on, 1));
        assert!(!awaits_information(None, None, 1));
    }

    proptest! {
        #[test]
        fn after_its_withdrawal_a_consent_never_holds(from in 0u64..900, length in 0u64..900, withdrawn in 0u64..900, asked in 0u64..2_000) {
            let start = day("2026-01-01");
            let on = |days| start.checked_add_days(Days::new(days)).unwrap();
            let consent = ConsentFacts {
                valid_from_on: on(from),
                valid_to_on: on(from + length),
                withdrawn_on: Some(on(from + withdrawn)),
                ..facts()
            };
            let expected = asked >= from && asked <= from + length && asked < from + withdrawn;
            prop_assert_eq!(consent.holds_on(on(asked)), expected);
        }
    }
}
