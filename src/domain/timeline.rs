//! A youth's story in order: what can happen in it, and which kinds of records tell of it. What of it somebody sees is decided
//! by the access table, kind by kind and field by field; where the days are found, in `db::timeline`.

use super::codes::{Code, code_list};
use super::operation::Resource;

code_list! {
    /// What happened.
    TimelineEvent {
        YouthRegistered = "youth_registered", "Registrerades", "Registered";
        EpisodeOpened = "episode_opened", "Period inleddes", "Episode began";
        EpisodeClosed = "episode_closed", "Period avslutades", "Episode ended";
        AssignmentStarted = "assignment_started", "Tilldelning började", "Assignment began";
        AssignmentEnded = "assignment_ended", "Tilldelning upphörde", "Assignment ended";
        Contact = "contact", "Kontakt eller försök", "Contact or attempt";
        OccupationAscertained = "occupation_ascertained", "Sysselsättning fastställdes", "Occupation ascertained";
        MappingMade = "mapping_made", "Kartläggning gjordes", "Mapping made";
        PlanMade = "plan_made", "Plan gjordes", "Plan made";
        ContractSigned = "contract_signed", "Utbildningskontrakt tecknades", "Education contract signed";
        ContractEnded = "contract_ended", "Utbildningskontrakt upphörde", "Education contract ended";
        PlacementWished = "placement_wished", "Önskade praktik eller arbete", "Told what placement is wanted";
        PlacementOffered = "placement_offered", "Plats erbjöds hos en värd", "Place at a host offered";
        InterventionOffered = "intervention_offered", "Insats erbjöds", "Intervention offered";
        InterventionAnswered = "intervention_answered", "Erbjudande besvarades", "Offer answered";
        InterventionStarted = "intervention_started", "Insats påbörjades", "Intervention started";
        InterventionEnded = "intervention_ended", "Insats avslutades", "Intervention ended";
        ReferralOffered = "referral_offered", "Hänvisning erbjöds", "Referral offered";
        ReferralDeclined = "referral_declined", "Hänvisning avböjdes", "Referral declined";
        ReferralConsented = "referral_consented", "Samtycke till hänvisning", "Consent to referral";
        ReferralSent = "referral_sent", "Hänvisning skickades", "Referral sent";
        ReferralReceived = "referral_received", "Hänvisning togs emot", "Referral received";
        ReferralClosed = "referral_closed", "Hänvisning avslutades", "Referral closed";
        ConsentGiven = "consent_given", "Samtycke lämnades", "Consent given";
        ConsentWithdrawn = "consent_withdrawn", "Samtycke återkallades", "Consent withdrawn";
        Disclosed = "disclosed", "Uppgifter lämnades ut", "Data disclosed";
        ObjectionRaised = "objection_raised", "Invändning gjordes", "Objection raised";
        ExtractMade = "extract_made", "Registerutdrag gjordes", "Register extract made";
        ProcessingRestricted = "processing_restricted", "Behandling begränsades", "Processing restricted";
        RestrictionLifted = "restriction_lifted", "Begränsning hävdes", "Restriction lifted";
        HoldPlaced = "hold_placed", "Gallringsstopp sattes", "Disposal hold placed";
        HoldLifted = "hold_lifted", "Gallringsstopp hävdes", "Disposal hold lifted";
        TransferAsked = "transfer_asked", "Överflyttning begärdes", "Transfer asked for";
        TransferDecided = "transfer_decided", "Överflyttning besvarades", "Transfer decided on";
        StatusSet = "status_set", "Skyddad status sattes", "Protected status set";
        SchoolNotified = "school_notified", "Skola meddelade", "School notified";
        ResidenceBegan = "residence_began", "Hemvist började", "Residence began";
        EnrolmentStarted = "enrolment_started", "Skolplacering började", "Enrolment began";
        EnrolmentEnded = "enrolment_ended", "Skolplacering upphörde", "Enrolment ended";
        ExamIssued = "exam_issued", "Examen eller betyg utfärdades", "Exam document issued";
        CandidateDecided = "candidate_decided", "Beslut om målgruppen", "Decision on the target group";
        OutcomeChecked = "outcome_checked", "Utfall kontrollerades", "Outcome checked";
        TaskAnswered = "task_answered", "Uppgift besvarades", "Task answered";
        GlassBroken = "glass_broken", "Öppnades med motivering", "Opened with a reason";
    }
}

/// The kinds of records that tell of a youth's story.
pub const TOLD: &[Resource] = &[
    Resource::Youths,
    Resource::Episodes,
    Resource::Assignments,
    Resource::Contacts,
    Resource::Occupations,
    Resource::Mappings,
    Resource::PlanRevisions,
    Resource::EducationContracts,
    Resource::PlacementWishes,
    Resource::Placements,
    Resource::Interventions,
    Resource::Referrals,
    Resource::ProtectedReferrals,
    Resource::Consents,
    Resource::ProtectedConsents,
    Resource::Disclosures,
    Resource::ProtectedDisclosures,
    Resource::CorrectionNotes,
    Resource::ProtectedCorrectionNotes,
    Resource::RegisterExtracts,
    Resource::Restrictions,
    Resource::DisposalHolds,
    Resource::Transfers,
    Resource::ProtectedStatuses,
    Resource::SchoolNotifications,
    Resource::Residences,
    Resource::Enrolments,
    Resource::ExamDocuments,
    Resource::TargetGroupCandidates,
    Resource::OutcomeChecks,
    Resource::Tasks,
    Resource::ProtectedTasks,
    Resource::AccessGrants,
];

/// The kinds of records about a youth that do not, and why.
pub const NOT_TOLD: &[(Resource, &str)] = &[
    (
        Resource::NextAttempts,
        "what is proposed, and has not happened",
    ),
    (
        Resource::TargetGroups,
        "worked out at the moment of the question",
    ),
    (
        Resource::ImportDecisions,
        "rows of a file, of people who may be in no register",
    ),
    (
        Resource::DisposalItems,
        "a proposal, until it is carried out and nothing is left to tell",
    ),
    (
        Resource::YouthMerges,
        "about the records, not about the youth",
    ),
    (
        Resource::DuplicateDismissals,
        "about two records that were taken for one",
    ),
    (
        Resource::OutreachContacts,
        "told by the contact that the meeting became",
    ),
    (
        Resource::PlacementMatches,
        "worked out from wishes and offers, and nothing has come of them yet",
    ),
    (
        Resource::Sharing,
        "worked out from consents, disclosures, referrals and placements, which are told",
    ),
    (
        Resource::ProtectedSharing,
        "worked out in the same way of what lies in the compartment",
    ),
    (
        Resource::NationalFileProblems,
        "what a file would have said wrongly, gone with it; what happened stands in its own records",
    ),
    (Resource::TimelineEntries, "the story itself"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::access_table::field_names;

    #[test]
    fn every_kind_of_record_about_a_youth_is_told_of_or_left_out_for_a_reason() {
        for resource in Resource::ALL {
            let is_about_youth = *resource == Resource::Youths
                || field_names(*resource).any(|name| name == "youthId");
            let is_told = TOLD.contains(resource);
            let is_left_out = NOT_TOLD.iter().any(|(other, _)| other == resource);
            assert_eq!(is_about_youth, is_told || is_left_out, "{resource:?}");
            assert!(!(is_told && is_left_out), "{resource:?}");
        }
    }
}
