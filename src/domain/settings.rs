//! What a municipality decides for itself within the law, and what holds until it has decided: days, ages, lists.
//! Each number belongs to a rule that stands in its own file; who may change it is decided in `policy`. How the operator
//! runs the service (addresses, secrets, limits) is no setting of the work and stands in `config`.

use super::consent::ConsentRules;
use super::contact_ladder::LadderRules;
use super::education_contract::ContractRules;
use super::log_review::SampleRules;
use super::occupation::OccupationRules;
use super::outcome::OutcomeRules;
use super::placement::PlacementRules;
use super::plan::PlanRules;
use super::retention::RetentionPolicy;
use super::secrecy::{RecipientRegime, SecrecyRegime, SecrecyRules};
use super::sensitive_terms::{SensitiveTerms, WrittenTerm, usual_words};
use super::target_group::candidate::TargetGroupRules;
use super::user::Role;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Everything that can be configured. A stored document holds what was set; what it lacks has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The municipality's code, four digits (SCB); `None` until it is told.
    pub municipality_code: Option<String>,
    /// What the municipality calls itself, as it stands on reports; `None` until it is told.
    pub municipality_name: Option<String>,
    /// Days within which a youth whose school reports absence is contacted (skollagen 15:15; the number is the
    /// municipality's own).
    pub preventive_contact_days: u32,
    /// Days for which a task is put off at most at a time.
    pub most_days_deferred: u32,
    /// How contact is tried again after an attempt that failed.
    #[serde(flatten)]
    pub ladder: LadderRules,
    /// How long knowledge of an occupation counts.
    #[serde(flatten)]
    pub occupation: OccupationRules,
    /// When exits to work or studies are checked on.
    #[serde(flatten)]
    pub outcome: OutcomeRules,
    /// Months for which statistics follow those who dropped out of upper secondary school, to tell how many resume.
    pub resumption_months: u32,
    /// When the documents of an episode are due.
    #[serde(flatten)]
    pub plan: PlanRules,
    /// When a host is visited.
    #[serde(flatten)]
    pub placement: PlacementRules,
    /// With whom education contracts are made.
    #[serde(flatten)]
    pub contract: ContractRules,
    /// Days within which a candidate of the target group is decided on, and in which outreach is proposed after 20.
    #[serde(flatten)]
    pub target_group: TargetGroupRules,
    /// Days for which a consent holds when no last day is told (domain 9.13).
    pub consent_days: u32,
    /// The rules by which the board that runs the work keeps secrets (domain 4.1).
    pub own_secrecy_regime: SecrecyRegime,
    /// Those of the recipients; who is not told of stands beyond every border.
    pub recipient_regimes: Vec<RecipientRegime>,
    /// The words that free texts of the register are looked through for (domain 10.2 row 8).
    pub sensitive_terms: Vec<WrittenTerm>,
    /// The roles whose members must have a second factor to do anything.
    pub second_factor_roles: Vec<Role>,
    /// Whether an extract that tells who has read the youth's record tells their names, besides roles and days (domain 4.3).
    pub extract_names_readers: bool,
    /// Days for which the content of a national file, and what is wrong with it, is kept.
    pub national_file_days: u32,
    /// How the sample of a log review is drawn.
    #[serde(flatten)]
    pub sample: SampleRules,
    /// Months for which the log is kept; `None`: for ever, since nobody has decided (domain 4.7).
    pub audit_retention_months: Option<u32>,
    /// What has been decided on how long each class of data is kept; of a class that is not here, nothing (domain 4.7).
    pub retention_policies: Vec<RetentionPolicy>,
}

impl Default for Settings {
    fn default() -> Self {
        let secrecy = SecrecyRules::default();
        Self {
            municipality_code: None,
            municipality_name: None,
            preventive_contact_days: 7,
            most_days_deferred: 90,
            ladder: LadderRules::default(),
            occupation: OccupationRules::default(),
            outcome: OutcomeRules::default(),
            resumption_months: 12,
            plan: PlanRules::default(),
            placement: PlacementRules::default(),
            contract: ContractRules::default(),
            target_group: TargetGroupRules::default(),
            consent_days: 365,
            own_secrecy_regime: secrecy.own,
            recipient_regimes: secrecy.recipients,
            sensitive_terms: usual_words().to_vec(),
            second_factor_roles: Vec::new(),
            extract_names_readers: false,
            national_file_days: 14,
            sample: SampleRules::default(),
            audit_retention_months: None,
            retention_policies: Vec::new(),
        }
    }
}

impl Settings {
    /// Whose figures a report tells: the municipality by its name, by its code where no name is told, or as such.
    pub fn municipality(&self) -> String {
        match (&self.municipality_name, &self.municipality_code) {
            (Some(name), _) => name.clone(),
            (None, Some(code)) => format!("Kommun {code}"),
            (None, None) => "Kommunen".to_owned(),
        }
    }
    /// How long consents hold.
    pub fn consent_rules(&self) -> ConsentRules {
        ConsentRules {
            usual_days: self.consent_days.into(),
            ..ConsentRules::default()
        }
    }
    /// Where the secrecy borders run.
    pub fn secrecy_rules(&self) -> SecrecyRules {
        SecrecyRules {
            own: self.own_secrecy_regime,
            recipients: self.recipient_regimes.clone(),
        }
    }
    /// The words to look for.
    pub fn terms(&self) -> Cow<'static, SensitiveTerms> {
        if self.sensitive_terms == usual_words() {
            Cow::Borrowed(SensitiveTerms::usual())
        } else {
            Cow::Owned(SensitiveTerms::of(&self.sensitive_terms))
        }
    }
}

/// Characters of a municipality's name at most: two lines of a cover.
pub const LONGEST_MUNICIPALITY_NAME: usize = 80;

/// Whether a text is a municipality's code: four digits.
pub fn is_municipality_code(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_never_set_has_its_default_and_what_was_set_stays() {
        let empty: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, Settings::default());
        let some: Settings = serde_json::from_str(r#"{"preventiveContactDays": 3}"#).unwrap();
        assert_eq!(some.preventive_contact_days, 3);
        assert_eq!(some.municipality_code, None);
        let some: Settings = serde_json::from_str(r#"{"occupationNoneDays": 30}"#).unwrap();
        assert_eq!(some.occupation.none_days, 30);
        assert_eq!(some.occupation.work_days, 180);
    }

    #[test]
    fn a_municipality_is_called_by_its_name_before_its_code() {
        let mut settings = Settings::default();
        assert_eq!(settings.municipality(), "Kommunen");
        settings.municipality_code = Some("0183".to_owned());
        assert_eq!(settings.municipality(), "Kommun 0183");
        settings.municipality_name = Some("Sundbybergs stad".to_owned());
        assert_eq!(settings.municipality(), "Sundbybergs stad");
    }

    #[test]
    fn a_municipality_has_four_digits() {
        assert!(is_municipality_code("0183"));
        for wrong in ["183", "01830", "o183", "", "０１８３"] {
            assert!(!is_municipality_code(wrong), "{wrong}");
        }
    }
}
