//! Whom the demo's team works with: invented organisations of every kind, with invented people. The numbers are those set aside
//! for fiction.

/// An organisation.
pub struct Partner {
    /// Its name.
    pub name: &'static str,
    /// The kind's code.
    pub kind: &'static str,
    /// Its telephone.
    pub phone: &'static str,
    /// What is good to know, if anything.
    pub note: Option<&'static str>,
    /// Who is there: name and title.
    pub people: &'static [(&'static str, &'static str)],
}

const fn partner(
    name: &'static str,
    kind: &'static str,
    phone: &'static str,
    people: &'static [(&'static str, &'static str)],
) -> Partner {
    Partner {
        name,
        kind,
        phone,
        note: None,
        people,
    }
}

/// Everybody; the hosts first.
pub const PARTNERS: &[Partner] = &[
    Partner {
        note: Some("Tar emot två åt gången. Ring före klockan tio."),
        ..partner(
            "Kafé Signal",
            "employer",
            "08-465 004 01",
            &[("Mona Ekdahl", "Köksmästare"), ("Ali Rahm", "Föreståndare")],
        )
    },
    partner(
        "Cykelverkstan i Rissne",
        "employer",
        "08-465 004 02",
        &[("Jörgen Falk", "Verkstadsägare")],
    ),
    partner(
        "Livs & Lager Hallonbergen",
        "employer",
        "08-465 004 03",
        &[("Selma Öst", "Butikschef")],
    ),
    partner(
        "Parkförvaltningen",
        "employer",
        "08-465 004 04",
        &[("Håkan Lind", "Arbetsledare")],
    ),
    partner(
        "Läsesalen på torget",
        "other",
        "08-465 004 05",
        &[("Disa Nord", "Bibliotekarie")],
    ),
    partner(
        "Jobbtorget för unga",
        "employment_service",
        "08-465 004 06",
        &[("Petra Sand", "Arbetsförmedlare")],
    ),
    partner(
        "Mottagningsgruppen",
        "social_services_intake",
        "08-465 004 07",
        &[("Yusuf Dahl", "Socialsekreterare")],
    ),
    partner(
        "LSS-enheten",
        "lss_officer",
        "08-465 004 08",
        &[("Gun Rosén", "LSS-handläggare")],
    ),
    partner(
        "Ungdomsmottagningen Centrum",
        "youth_clinic",
        "08-465 004 09",
        &[("Ebba Vik", "Kurator")],
    ),
    partner(
        "Vårdcentralen Torget",
        "health_care",
        "08-465 004 10",
        &[("Ivar Berg", "Samordnare")],
    ),
    partner(
        "Beroendemottagningen",
        "addiction_care",
        "08-465 004 11",
        &[("Karim Ask", "Behandlare")],
    ),
    partner(
        "Försäkringskassan, unga",
        "social_insurance",
        "08-465 004 12",
        &[("Lena Moberg", "Handläggare")],
    ),
    partner(
        "Löfströms gymnasium",
        "upper_secondary",
        "08-465 004 13",
        &[
            ("Olof Brandt", "Rektor"),
            ("Sanna Kvist", "Studievägledare"),
        ],
    ),
    partner(
        "Komvux Sundbyberg",
        "adult_education",
        "08-465 004 14",
        &[("Tove Hammar", "Studievägledare")],
    ),
    partner(
        "Folkhögskolan vid ån",
        "folk_high_school",
        "08-465 004 15",
        &[("Nils Hage", "Kursföreståndare")],
    ),
    partner(
        "Vägledningscentrum",
        "guidance",
        "08-465 004 16",
        &[("Rut Palm", "Vägledare")],
    ),
    partner(
        "Arbetsmarknadsenheten",
        "municipal_labour_unit",
        "08-465 004 17",
        &[("Stefan Uhr", "Samordnare")],
    ),
    partner(
        "Fritidsföreningen Ankaret",
        "ngo",
        "08-465 004 18",
        &[("Miriam Tesfay", "Ledare")],
    ),
    partner(
        "Solna, aktivitetsansvaret",
        "other_municipality",
        "08-465 004 19",
        &[("Joel Frid", "Handläggare")],
    ),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::organisation::OrganisationKind;

    #[test]
    fn there_is_one_of_every_kind() {
        for kind in OrganisationKind::ALL {
            assert!(
                PARTNERS.iter().any(|partner| partner.kind == kind.code()),
                "{}",
                kind.code()
            );
        }
        for partner in PARTNERS {
            OrganisationKind::from_code(partner.kind).unwrap();
            assert!(!partner.people.is_empty());
        }
    }
}
