//! Whom the team works with outside the unit: of which kind an organisation is, and what it is as a recipient of what is told
//! about a youth. Who is at an organisation, and what it offers, does not belong here.

use super::codes::{Code, code_list};
use super::consent::{RecipientKind, is_sensitive_recipient};

code_list! {
    /// Of which kind an organisation is, by the words of the recipients (`RecipientKind`) where they are the same thing.
    OrganisationKind {
        Employer = "employer", "Arbetsgivare", "Employer";
        EmploymentService = "employment_service", "Arbetsförmedlingen", "Employment service";
        SocialServicesIntake = "social_services_intake", "Socialtjänstens mottagningsgrupp", "Social services intake";
        LssOfficer = "lss_officer", "LSS-handläggare", "LSS officer";
        YouthClinic = "youth_clinic", "Ungdomsmottagning", "Youth clinic";
        HealthCare = "health_care", "Vårdgivare eller psykiatri", "Health care or psychiatry";
        AddictionCare = "addiction_care", "Beroendevård", "Addiction care";
        SocialInsurance = "social_insurance", "Försäkringskassan", "Social insurance agency";
        UpperSecondary = "upper_secondary", "Gymnasieskola", "Upper secondary school";
        AdultEducation = "adult_education", "Komvux", "Adult education (komvux)";
        FolkHighSchool = "folk_high_school", "Folkhögskola", "Folk high school";
        Guidance = "guidance", "Studie- och yrkesvägledning", "Study and career guidance";
        MunicipalLabourUnit = "municipal_labour_unit", "Arbetsmarknadsenhet", "Municipal labour market unit";
        Ngo = "ngo", "Frivilligorganisation", "Voluntary organisation";
        OtherMunicipality = "other_municipality", "Annan kommun", "Another municipality";
        Other = "other", "Annan", "Another";
    }
}

/// The recipient that an organisation is.
pub fn recipient_of(kind: OrganisationKind) -> RecipientKind {
    RecipientKind::from_code(kind.code()).unwrap_or(RecipientKind::Other)
}

/// The recipient that an organisation is as a host. That a clinic or an office takes somebody in to work says nothing of what the
/// clinic or the office is for.
pub fn recipient_as_host(kind: OrganisationKind) -> RecipientKind {
    Some(recipient_of(kind))
        .filter(|recipient| !is_sensitive_recipient(*recipient))
        .unwrap_or(RecipientKind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_a_host_nobody_tells_of_health_or_social_services() {
        for kind in OrganisationKind::ALL {
            assert!(!is_sensitive_recipient(recipient_as_host(*kind)));
        }
        use OrganisationKind::{Employer, HealthCare};
        assert_eq!(recipient_as_host(Employer), RecipientKind::Employer);
        assert_eq!(recipient_as_host(HealthCare), RecipientKind::Other);
    }

    #[test]
    fn every_kind_is_a_recipient_by_the_same_word() {
        for kind in OrganisationKind::ALL {
            assert_eq!(recipient_of(*kind).code(), kind.code());
        }
        // All but our own outreach is somebody else.
        let others = RecipientKind::ALL.len() - 1;
        assert_eq!(OrganisationKind::ALL.len(), others);
    }
}
