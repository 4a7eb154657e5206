//! Where does a secrecy border run? Between authorities, and between branches of one that keep secrets by different rules
//! (OSL 8:1-2; domain 4.1). Which rules are ours depends on the board that runs the work, so they are configuration.
//! What it takes to cross a border stands in `disclosure`.

use super::codes::{Code, code_list};
use super::consent::RecipientKind;
use serde::{Deserialize, Serialize};

code_list! {
    /// The rules by which somebody keeps secrets.
    SecrecyRegime {
        School = "school_23", "Skolan (OSL 23 kap.)", "School (OSL ch. 23)";
        Social = "social_26", "Socialtjänsten (OSL 26 kap.)", "Social services (OSL ch. 26)";
        Health = "health_25", "Hälso- och sjukvården (OSL 25 kap.)", "Health care (OSL ch. 25)";
        Other = "other", "Annat eller inget", "Other or none";
    }
}

/// Where a kind of recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecipientRegime {
    /// Which.
    pub recipient_kind: RecipientKind,
    /// The rules by which they keep secrets.
    pub regime: SecrecyRegime,
    /// Whether they belong to our municipality.
    pub is_municipal: bool,
}

/// Our own rules and those of each kind of recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecrecyRules {
    /// Ours.
    pub own: SecrecyRegime,
    /// The recipients' that are told; who is not told of stands outside.
    pub recipients: Vec<RecipientRegime>,
}

impl Default for SecrecyRules {
    /// The duty of skollagen 29:9 keeps secrets as the school does; a municipality whose social board runs it says
    /// otherwise.
    fn default() -> Self {
        let municipal = |recipient_kind, regime| RecipientRegime {
            recipient_kind,
            regime,
            is_municipal: true,
        };
        let outside = |recipient_kind, regime| RecipientRegime {
            recipient_kind,
            regime,
            is_municipal: false,
        };
        use RecipientKind as R;
        use SecrecyRegime::{Health, Other, School, Social};
        Self {
            own: School,
            recipients: vec![
                municipal(R::LssOfficer, Social),
                municipal(R::SocialServicesIntake, Social),
                municipal(R::AddictionCare, Social),
                outside(R::HealthCare, Health),
                outside(R::YouthClinic, Health),
                outside(R::SocialInsurance, Other),
                outside(R::EmploymentService, Other),
                municipal(R::AdultEducation, School),
                outside(R::FolkHighSchool, Other),
                municipal(R::UpperSecondary, School),
                municipal(R::Guidance, School),
                municipal(R::MunicipalLabourUnit, Other),
                outside(R::Ngo, Other),
                outside(R::Employer, Other),
                municipal(R::OutreachTeam, Social),
                outside(R::OtherMunicipality, School),
                outside(R::Other, Other),
            ],
        }
    }
}

impl SecrecyRules {
    /// Whether what is told to this recipient crosses a border: their rules are not ours, or they are not of our
    /// municipality. Of whom nothing is known, it does.
    pub fn crosses_border(&self, kind: RecipientKind) -> bool {
        self.recipients
            .iter()
            .find(|place| place.recipient_kind == kind)
            .is_none_or(|place| place.regime != self.own || !place.is_municipal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipient_has_a_place() {
        let rules = SecrecyRules::default();
        for kind in RecipientKind::ALL {
            let count = rules
                .recipients
                .iter()
                .filter(|place| place.recipient_kind == *kind)
                .count();
            assert_eq!(count, 1, "{}", kind.code());
        }
    }

    #[test]
    fn only_the_municipalitys_own_schools_stand_on_our_side() {
        let rules = SecrecyRules::default();
        let inside: Vec<&str> = RecipientKind::ALL
            .iter()
            .filter(|kind| !rules.crosses_border(**kind))
            .map(|kind| kind.code())
            .collect();
        assert_eq!(inside, ["adult_education", "upper_secondary", "guidance"]);
    }

    #[test]
    fn under_the_social_board_the_border_runs_elsewhere() {
        let rules = SecrecyRules {
            own: SecrecyRegime::Social,
            ..SecrecyRules::default()
        };
        assert!(!rules.crosses_border(RecipientKind::SocialServicesIntake));
        assert!(rules.crosses_border(RecipientKind::AdultEducation));
        // Another authority is always beyond it, whatever its rules.
        assert!(rules.crosses_border(RecipientKind::OtherMunicipality));
    }

    #[test]
    fn who_is_not_told_of_stands_outside() {
        let rules = SecrecyRules {
            own: SecrecyRegime::School,
            recipients: Vec::new(),
        };
        assert!(rules.crosses_border(RecipientKind::Guidance));
    }
}
