//! What does a register extract tell beside the data themselves (GDPR art. 15.1), and what may be left out of one? For each
//! category: purpose, legal ground, source, and how long it is kept. The grounds are our reading of domain 1 and 4 and wait
//! for the municipality's lawyer. How the data are gathered and for whose eyes does not belong here.

use super::codes::{Code, code_list};
use super::retention::{DisposalClass, RetentionPolicy, policy_of};

code_list! {
    /// The parts of an extract, in the order in which they stand.
    ExtractCategory {
        Person = "person", "Vem du är och hur vi når dig", "Who you are and how we reach you";
        TargetGroup = "target_group", "Uppgifter om hemvist, skola och betyg", "Residence, school and grades";
        Episodes = "episodes", "När du har följts upp, och varför", "When you have been followed, and why";
        Contacts = "contacts", "Kontakter med dig", "Contacts with you";
        Occupations = "occupations", "Vad du gör", "What you do";
        Planning = "planning", "Kartläggning, plan och kontrakt", "Mapping, plan and contract";
        Measures = "measures", "Insatser", "Interventions";
        Referrals = "referrals", "Hänvisningar till andra", "Referrals to others";
        Sharing = "sharing", "Samtycken, utlämnanden och överflyttningar", "Consents, disclosures and transfers";
        Corrections = "corrections", "Det du har sagt är fel", "What you have said is wrong";
        Work = "work", "Vem som arbetar med dig", "Who works with you";
        Extracts = "extracts", "Registerutdrag som du har fått", "Extracts that you have been given";
        Support = "support", "Stöd som bara socionomen ser", "Support that only the socionom sees";
    }
}
code_list! {
    /// How it was made sure that the one who asks is the youth (domain 4.3).
    IdentityProof {
        IdDocument = "id_document", "Legitimation", "Identity document";
        ElectronicId = "electronic_id", "E-legitimation", "Electronic identification";
        KnownInPerson = "known_in_person", "Känd av handläggaren", "Known to the handler in person";
    }
}
code_list! {
    /// Why a single record is left out after an assessment of secrecy. Which section of the law it is stands in the reason.
    OmissionGround {
        SecrecyTowardsSubject = "secrecy_towards_subject", "Sekretess mot den enskilde själv", "Secrecy towards the person";
        OtherPerson = "other_person", "Uppgift om någon annan", "About somebody else";
        OtherGround = "other", "Annan grund", "Another ground";
    }
}

impl ExtractCategory {
    /// Those of the register: everybody's extract has them.
    pub const OF_REGISTER: &'static [Self] = &[
        Self::Person,
        Self::TargetGroup,
        Self::Episodes,
        Self::Contacts,
        Self::Occupations,
        Self::Planning,
        Self::Measures,
        Self::Referrals,
        Self::Sharing,
        Self::Corrections,
        Self::Work,
        Self::Extracts,
    ];

    /// What an extract covers: the whole register, or all but the protected compartment. It is the same whether or not
    /// anything lies there, so that nobody learns from it.
    pub const fn covered(is_whole: bool) -> &'static [Self] {
        if is_whole {
            Self::ALL
        } else {
            Self::OF_REGISTER
        }
    }

    /// What the data are used for, in Swedish and in English.
    pub const fn purpose(self) -> Words {
        match self {
            Self::Person => (
                "Veta vem du är och kunna höra av oss till dig.",
                "To know who you are and be able to reach you.",
            ),
            Self::TargetGroup => (
                "Veta om kommunen har ansvar för att följa upp dig.",
                "To know whether the municipality is to follow you.",
            ),
            Self::Episodes => (
                "Hålla det register som lagen kräver, och redovisa det.",
                "To keep the register that the law requires, and report on it.",
            ),
            Self::Contacts | Self::Occupations => (
                "Hålla oss informerade om vad du gör och erbjuda dig stöd.",
                "To keep ourselves informed of what you do and offer you support.",
            ),
            Self::Planning | Self::Measures | Self::Referrals => (
                "Planera, ge och dokumentera det stöd som du har tackat ja till.",
                "To plan, give and document the support that you have said yes to.",
            ),
            Self::Sharing => (
                "Kunna visa vem som har fått veta något om dig, och på vilken grund.",
                "To be able to show who was told something about you, and on which basis.",
            ),
            Self::Corrections => (
                "Låta din mening stå bredvid det som är antecknat.",
                "To let your view stand beside what is noted.",
            ),
            Self::Work => (
                "Veta vem som ansvarar, och vad som ska göras.",
                "To know who answers, and what is to be done.",
            ),
            Self::Extracts => (
                "Kunna visa att du har fått det du har rätt till.",
                "To be able to show that you were given what you have a right to.",
            ),
            Self::Support => (
                "Hjälpa dig till rätt stöd, på ditt eget önskemål.",
                "To help you to the right support, at your own wish.",
            ),
        }
    }

    /// The legal ground.
    pub const fn legal_ground(self) -> Words {
        match self {
            Self::Support => (
                "Socialtjänstlagen (2025:400), lagen (2001:454) om behandling av personuppgifter inom socialtjänsten, eller ditt samtycke.",
                "The Social Services Act (2025:400), the act (2001:454) on personal data within the social services, or your consent.",
            ),
            Self::Corrections | Self::Extracts => (
                "Dataskyddsförordningen (EU) 2016/679, artiklarna 15, 16 och 18.",
                "The General Data Protection Regulation (EU) 2016/679, articles 15, 16 and 18.",
            ),
            _ => (
                "Kommunens aktivitetsansvar: 29 kap. 9 § skollagen (2010:800) och förordningen (2006:39). Är du 20–25 år: kommunens uppsökande verksamhet.",
                "The municipality's activity responsibility: chapter 29 section 9 of the Education Act (2010:800) and the ordinance (2006:39). If you are 20–25: the municipality's outreach.",
            ),
        }
    }

    /// Where the data come from; of the single records this tells more, where they say so themselves.
    pub const fn source(self) -> Words {
        match self {
            Self::Person | Self::TargetGroup => (
                "Du själv, folkbokföringen, skolor och kommunens personal.",
                "Yourself, the population register, schools and the municipality's staff.",
            ),
            Self::Work | Self::Extracts | Self::Episodes => {
                ("Kommunens personal.", "The municipality's staff.")
            }
            _ => (
                "Du själv och kommunens personal; ibland vårdnadshavare, skola eller annan myndighet.",
                "Yourself and the municipality's staff; at times a guardian, a school or another authority.",
            ),
        }
    }

    /// How long the data are kept: as decided, or that nothing has been (domain 4.7).
    pub fn retention(self, policies: &[RetentionPolicy]) -> (String, String) {
        let class = match self {
            Self::Support => DisposalClass::ProtectedCompartment,
            _ => DisposalClass::YouthFile,
        };
        if let Some(policy) = policy_of(policies, class) {
            let (months, reference) = (policy.months, &policy.decision_reference);
            return (
                format!(
                    "{months} månader. Tiden räknas från: {}. Beslut: {reference}.",
                    policy.anchor.sv().to_lowercase()
                ),
                format!(
                    "{months} months. The time counts from: {}. Decision: {reference}.",
                    policy.anchor.en().to_lowercase()
                ),
            );
        }
        let (sv, en) = match self {
            Self::Support => (
                "Kommunen har inte beslutat någon tid. Hör uppgifterna till en personakt gallras de enligt 16 kap. socialtjänstlagen.",
                "The municipality has not decided on a period. If the data belong to a social services file they are disposed of by chapter 16 of the Social Services Act.",
            ),
            _ => (
                "Kommunen har inte beslutat någon tid. Uppgifterna finns kvar tills ett beslut om gallring finns.",
                "The municipality has not decided on a period. The data stay until disposal is decided on.",
            ),
        };
        (sv.to_owned(), en.to_owned())
    }
}

/// Words in Swedish and in English.
pub type Words = (&'static str, &'static str);

/// A sentence that stands on every extract of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Its name.
    pub name: &'static str,
    /// Its words.
    pub words: Words,
}

/// What stands on an extract beside the data: the rights of the youth (GDPR 15.1 e, f, h), and what it covers. Of the
/// protected compartment the same words stand on every extract that does not cover it, whether or not anything lies there.
pub fn sentences(is_whole: bool, left_out: usize) -> Vec<Sentence> {
    let mut said = vec![if is_whole {
        Sentence {
            name: "coverage",
            words: (
                "Utdraget omfattar alla delar av registret.",
                "The extract covers all parts of the register.",
            ),
        }
    } else {
        Sentence {
            name: "coverage",
            words: (
                "Registret kan ha delar som inte står här. Dem lämnar en socionom ut på begäran; det står så på alla utdrag av det här slaget, oavsett vad som finns.",
                "The register may have parts that do not stand here. A socionom hands them out on request; this stands on every extract of this kind, whatever there is.",
            ),
        }
    }];
    if left_out > 0 {
        said.push(Sentence {
            name: "leftOut",
            words: (
                "Efter en sekretessprövning har enstaka uppgifter lämnats utanför. Du kan begära ett skriftligt beslut om det, som går att överklaga.",
                "After an assessment of secrecy some data have been left out. You can ask for a written decision on it, which can be appealed against.",
            ),
        });
    }
    said.extend([
        Sentence {
            name: "others",
            words: (
                "Uppgifter om andra personer är dolda. Av personalen står yrkesroll och initialer.",
                "Data about other persons are masked. Of the staff the role and the initials stand.",
            ),
        },
        Sentence {
            name: "rights",
            words: (
                "Är något fel kan du begära att det rättas, eller att uppgifterna inte används så länge det utreds. Du kan invända mot hur uppgifterna används och begära att de raderas, men det register som lagen kräver förs även om du invänder. Du kan klaga hos Integritetsskyddsmyndigheten.",
                "If something is wrong you can ask for it to be corrected, or for the data not to be used while that is looked into. You can object to how the data are used and ask for them to be erased, but the register that the law requires is kept also if you object. You can complain to the Swedish Authority for Privacy Protection.",
            ),
        },
        Sentence {
            name: "automatedDecisions",
            words: (
                "Inget beslut om dig fattas av en maskin: registret föreslår, en handläggare beslutar.",
                "No decision about you is made by a machine: the register proposes, a handler decides.",
            ),
        },
    ]);
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::RetentionAnchor;

    #[test]
    fn every_category_tells_its_purpose_ground_source_and_retention_in_both_languages() {
        for category in ExtractCategory::ALL {
            for (sv, en) in [
                category.purpose(),
                category.legal_ground(),
                category.source(),
            ] {
                assert!(sv.ends_with('.') && en.ends_with('.') && sv != en);
            }
            let (sv, en) = category.retention(&[]);
            assert!(sv.ends_with('.') && en.ends_with('.') && sv != en);
        }
    }

    #[test]
    fn a_period_that_is_decided_is_told_with_its_decision() {
        let policy = RetentionPolicy {
            class: DisposalClass::YouthFile,
            anchor: RetentionAnchor::CaseClosed,
            months: 60,
            is_archived: true,
            decision_reference: "BUN 2026/114".to_owned(),
            decided_on: chrono::NaiveDate::MIN,
        };
        let (sv, _) = ExtractCategory::Contacts.retention(std::slice::from_ref(&policy));
        assert!(sv.starts_with("60 månader.") && sv.ends_with("BUN 2026/114."));
        let (sv, _) = ExtractCategory::Support.retention(&[policy]);
        assert!(sv.starts_with("Kommunen har inte beslutat"));
    }

    #[test]
    fn what_is_closed_is_in_the_whole_alone() {
        let whole = ExtractCategory::covered(true);
        let part = ExtractCategory::covered(false);
        assert_eq!(whole.len(), part.len() + 1);
        assert!(!part.contains(&ExtractCategory::Support));
    }

    #[test]
    fn that_something_was_left_out_is_told_without_saying_what() {
        let names = |is_whole, left_out| -> Vec<&str> {
            sentences(is_whole, left_out)
                .iter()
                .map(|said| said.name)
                .collect()
        };
        assert!(!names(false, 0).contains(&"leftOut"));
        assert_eq!(sentences(true, 1), sentences(true, 9));
        assert_eq!(names(false, 2).first(), Some(&"coverage"));
    }
}
