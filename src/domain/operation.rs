//! Every operation of the service by its one name: the same in the contract, the handler, the audit and the access table.
//! Adding a line here makes the compiler and the tests ask for the rest.

/// What kind of record an operation concerns; a row of the scope table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    Sessions,
    Me,
    Users,
    Units,
    Settings,
    Youths,
    TimelineEntries,
    DuplicateDismissals,
    YouthMerges,
    AccessGrants,
    Episodes,
    Assignments,
    Contacts,
    NextAttempts,
    OutreachSessions,
    OutreachContacts,
    AmbassadorWeeks,
    WorkHours,
    WeekApprovals,
    Occupations,
    OccupationSpells,
    Mappings,
    PlanRevisions,
    EducationContracts,
    OutcomeChecks,
    Interventions,
    PlacementOffers,
    PlacementWishes,
    PlacementMatches,
    Placements,
    Referrals,
    ProtectedReferrals,
    Consents,
    ProtectedConsents,
    Disclosures,
    ProtectedDisclosures,
    Sharing,
    ProtectedSharing,
    CorrectionNotes,
    ProtectedCorrectionNotes,
    RegisterExtracts,
    Restrictions,
    RetentionPolicies,
    DisposalHolds,
    DisposalRuns,
    DisposalItems,
    SensitiveTermCounts,
    Organisations,
    ContactPersons,
    Goals,
    GoalValues,
    GoalActivities,
    Transfers,
    ProtectedStatuses,
    Tasks,
    SchoolNotifications,
    ProtectedTasks,
    Imports,
    ImportDecisions,
    Residences,
    Enrolments,
    ExamDocuments,
    TargetGroups,
    TargetGroupCandidates,
    TargetGroupRuns,
    NationalFiles,
    NationalFileProblems,
    Statistics,
    StatisticsMeasures,
    PeriodCosts,
    StatisticsReleases,
    Jobs,
    AuditEvents,
    LogReviews,
    LogReviewRows,
}

impl Resource {
    /// All kinds of records.
    pub const ALL: &'static [Self] = &[
        Self::Sessions,
        Self::Me,
        Self::Users,
        Self::Units,
        Self::Settings,
        Self::Youths,
        Self::TimelineEntries,
        Self::DuplicateDismissals,
        Self::YouthMerges,
        Self::AccessGrants,
        Self::Episodes,
        Self::Assignments,
        Self::Contacts,
        Self::NextAttempts,
        Self::OutreachSessions,
        Self::OutreachContacts,
        Self::AmbassadorWeeks,
        Self::WorkHours,
        Self::WeekApprovals,
        Self::Occupations,
        Self::OccupationSpells,
        Self::Mappings,
        Self::PlanRevisions,
        Self::EducationContracts,
        Self::OutcomeChecks,
        Self::Interventions,
        Self::PlacementOffers,
        Self::PlacementWishes,
        Self::PlacementMatches,
        Self::Placements,
        Self::Referrals,
        Self::ProtectedReferrals,
        Self::Consents,
        Self::ProtectedConsents,
        Self::Disclosures,
        Self::ProtectedDisclosures,
        Self::Sharing,
        Self::ProtectedSharing,
        Self::CorrectionNotes,
        Self::ProtectedCorrectionNotes,
        Self::RegisterExtracts,
        Self::Restrictions,
        Self::RetentionPolicies,
        Self::DisposalHolds,
        Self::DisposalRuns,
        Self::DisposalItems,
        Self::SensitiveTermCounts,
        Self::Organisations,
        Self::ContactPersons,
        Self::Goals,
        Self::GoalValues,
        Self::GoalActivities,
        Self::Transfers,
        Self::ProtectedStatuses,
        Self::Tasks,
        Self::SchoolNotifications,
        Self::ProtectedTasks,
        Self::Imports,
        Self::ImportDecisions,
        Self::Residences,
        Self::Enrolments,
        Self::ExamDocuments,
        Self::TargetGroups,
        Self::TargetGroupCandidates,
        Self::TargetGroupRuns,
        Self::NationalFiles,
        Self::NationalFileProblems,
        Self::Statistics,
        Self::StatisticsMeasures,
        Self::PeriodCosts,
        Self::StatisticsReleases,
        Self::Jobs,
        Self::AuditEvents,
        Self::LogReviews,
        Self::LogReviewRows,
    ];
    /// The kinds of the protected compartment: kept in tables of their own, told of to nobody else, not even by the audit.
    pub const COMPARTMENT: &'static [Self] = &[
        Self::ProtectedReferrals,
        Self::ProtectedConsents,
        Self::ProtectedDisclosures,
        Self::ProtectedSharing,
        Self::ProtectedCorrectionNotes,
        Self::ProtectedStatuses,
        Self::ProtectedTasks,
    ];
    /// Whether it is of the protected compartment.
    pub fn is_of_compartment(self) -> bool {
        Self::COMPARTMENT.contains(&self)
    }
    /// The stored and shown name, camelCase.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sessions => "sessions",
            Self::Me => "me",
            Self::Users => "users",
            Self::Units => "units",
            Self::Settings => "settings",
            Self::Youths => "youths",
            Self::TimelineEntries => "timelineEntries",
            Self::DuplicateDismissals => "duplicateDismissals",
            Self::YouthMerges => "youthMerges",
            Self::AccessGrants => "accessGrants",
            Self::Episodes => "episodes",
            Self::Assignments => "assignments",
            Self::Contacts => "contacts",
            Self::NextAttempts => "nextAttempts",
            Self::OutreachSessions => "outreachSessions",
            Self::OutreachContacts => "outreachContacts",
            Self::AmbassadorWeeks => "ambassadorWeeks",
            Self::WorkHours => "workHours",
            Self::WeekApprovals => "weekApprovals",
            Self::Occupations => "occupations",
            Self::OccupationSpells => "occupationSpells",
            Self::Mappings => "mappings",
            Self::PlanRevisions => "planRevisions",
            Self::EducationContracts => "educationContracts",
            Self::OutcomeChecks => "outcomeChecks",
            Self::Interventions => "interventions",
            Self::PlacementOffers => "placementOffers",
            Self::PlacementWishes => "placementWishes",
            Self::PlacementMatches => "placementMatches",
            Self::Placements => "placements",
            Self::Referrals => "referrals",
            Self::ProtectedReferrals => "protectedReferrals",
            Self::Consents => "consents",
            Self::ProtectedConsents => "protectedConsents",
            Self::Disclosures => "disclosures",
            Self::ProtectedDisclosures => "protectedDisclosures",
            Self::Sharing => "sharing",
            Self::ProtectedSharing => "protectedSharing",
            Self::CorrectionNotes => "correctionNotes",
            Self::ProtectedCorrectionNotes => "protectedCorrectionNotes",
            Self::RegisterExtracts => "registerExtracts",
            Self::Restrictions => "restrictions",
            Self::RetentionPolicies => "retentionPolicies",
            Self::DisposalHolds => "disposalHolds",
            Self::DisposalRuns => "disposalRuns",
            Self::DisposalItems => "disposalItems",
            Self::SensitiveTermCounts => "sensitiveTermCounts",
            Self::Organisations => "organisations",
            Self::ContactPersons => "contactPersons",
            Self::Goals => "goals",
            Self::GoalValues => "goalValues",
            Self::GoalActivities => "goalActivities",
            Self::Transfers => "transfers",
            Self::ProtectedStatuses => "protectedStatuses",
            Self::Tasks => "tasks",
            Self::SchoolNotifications => "schoolNotifications",
            Self::ProtectedTasks => "protectedTasks",
            Self::Imports => "imports",
            Self::ImportDecisions => "importDecisions",
            Self::Residences => "residences",
            Self::Enrolments => "enrolments",
            Self::ExamDocuments => "examDocuments",
            Self::TargetGroups => "targetGroups",
            Self::TargetGroupCandidates => "targetGroupCandidates",
            Self::TargetGroupRuns => "targetGroupRuns",
            Self::NationalFiles => "nationalFiles",
            Self::NationalFileProblems => "nationalFileProblems",
            Self::Statistics => "statistics",
            Self::StatisticsMeasures => "statisticsMeasures",
            Self::PeriodCosts => "periodCosts",
            Self::StatisticsReleases => "statisticsReleases",
            Self::Jobs => "jobs",
            Self::AuditEvents => "auditEvents",
            Self::LogReviews => "logReviews",
            Self::LogReviewRows => "logReviewRows",
        }
    }
}

/// Whether an operation changes anything besides the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    Change,
}

macro_rules! operations {
    ($($variant:ident $name:literal $effect:ident $resource:ident;)+) => {
        /// A deed that someone may do, be refused, and be found to have done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation { $(#[doc = $name] $variant,)+ }
        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The one name (operationId), camelCase.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),+ } }
            /// Read or change.
            pub const fn effect(self) -> Effect { match self { $(Self::$variant => Effect::$effect),+ } }
            /// The kind of record concerned.
            pub const fn resource(self) -> Resource { match self { $(Self::$variant => Resource::$resource),+ } }
        }
    };
}

/// What an operation asks of the service, or lets one gather, beyond an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Burden {
    /// Finds people by what is typed.
    Search,
    /// Goes through much of the register at once.
    Heavy,
}

impl Operation {
    /// What it asks beyond the ordinary; how often one account may is the operator's to say.
    pub const fn burden(self) -> Option<Burden> {
        match self {
            Self::SearchYouths => Some(Burden::Search),
            Self::ImportRoster
            | Self::ListYouthDuplicates
            | Self::CreateRegisterExtract
            | Self::ReadRegisterExtractContent
            | Self::ReadRegisterExtractPrintout
            | Self::MakeStatisticsRelease
            | Self::ExportStatisticsWorkbook
            | Self::ExportStatisticsReport
            | Self::RunTargetGroup
            | Self::CreateNationalFile
            | Self::ReadNationalFileContent
            | Self::ExportNationalFileProblems
            | Self::ExportContacts
            | Self::CreateLogReview
            | Self::ReadAccessReport => Some(Burden::Heavy),
            _ => None,
        }
    }
}

operations! {
    SignIn "signIn" Change Sessions;
    RefreshSession "refreshSession" Change Sessions;
    StartSingleSignOn "startSingleSignOn" Change Sessions;
    CompleteSingleSignOn "completeSingleSignOn" Change Sessions;
    SignOut "signOut" Change Sessions;
    ListMySessions "listMySessions" Read Sessions;
    EndMySession "endMySession" Change Sessions;
    EndMySessions "endMySessions" Change Sessions;
    ReadMe "readMe" Read Me;
    ReadMyAccess "readMyAccess" Read Me;
    ListMyColleagues "listMyColleagues" Read Me;
    ListMyCompanions "listMyCompanions" Read Me;
    ChangeMyPassword "changeMyPassword" Change Me;
    ResetPassword "resetPassword" Change Me;
    MakeCalendarFeed "makeCalendarFeed" Change Me;
    ReadMyCalendarFeed "readMyCalendarFeed" Read Me;
    RevokeCalendarFeed "revokeCalendarFeed" Change Me;
    ReadCalendarFeed "readCalendarFeed" Read Me;
    EnrolSecondFactor "enrolSecondFactor" Change Me;
    ConfirmSecondFactor "confirmSecondFactor" Change Me;
    RenewRecoveryCodes "renewRecoveryCodes" Change Me;
    ListUsers "listUsers" Read Users;
    CreateUser "createUser" Change Users;
    ReadUser "readUser" Read Users;
    UpdateUser "updateUser" Change Users;
    EndUserSessions "endUserSessions" Change Users;
    ResetSecondFactor "resetSecondFactor" Change Users;
    UntieUser "untieUser" Change Users;
    IssuePasswordReset "issuePasswordReset" Change Users;
    ListUnits "listUnits" Read Units;
    CreateUnit "createUnit" Change Units;
    ReadUnit "readUnit" Read Units;
    UpdateUnit "updateUnit" Change Units;
    ReadSettings "readSettings" Read Settings;
    UpdateSettings "updateSettings" Change Settings;
    RotateSigningKey "rotateSigningKey" Change Settings;
    ListYouths "listYouths" Read Youths;
    CreateYouth "createYouth" Change Youths;
    ReadYouth "readYouth" Read Youths;
    UpdateYouth "updateYouth" Change Youths;
    SearchYouths "searchYouths" Read Youths;
    ListYouthVersions "listYouthVersions" Read Youths;
    ListForgottenYouths "listForgottenYouths" Read Youths;
    ListUnassignedProtected "listUnassignedProtected" Read Youths;
    ReadTimeline "readTimeline" Read TimelineEntries;
    ListYouthDuplicates "listYouthDuplicates" Read Youths;
    ListDuplicateDismissals "listDuplicateDismissals" Read DuplicateDismissals;
    DismissDuplicate "dismissDuplicate" Change DuplicateDismissals;
    ReadDuplicateDismissal "readDuplicateDismissal" Read DuplicateDismissals;
    WithdrawDismissal "withdrawDismissal" Change DuplicateDismissals;
    ListYouthMerges "listYouthMerges" Read YouthMerges;
    MergeYouths "mergeYouths" Change YouthMerges;
    ReadYouthMerge "readYouthMerge" Read YouthMerges;
    UndoYouthMerge "undoYouthMerge" Change YouthMerges;
    CreateAccessGrant "createAccessGrant" Change AccessGrants;
    ListAccessGrants "listAccessGrants" Read AccessGrants;
    ReadAccessGrant "readAccessGrant" Read AccessGrants;
    ListEpisodes "listEpisodes" Read Episodes;
    ListYouthEpisodes "listYouthEpisodes" Read Episodes;
    OpenEpisode "openEpisode" Change Episodes;
    ReadEpisode "readEpisode" Read Episodes;
    UpdateEpisode "updateEpisode" Change Episodes;
    CloseEpisode "closeEpisode" Change Episodes;
    SetCarriedNotes "setCarriedNotes" Change Episodes;
    ListAssignments "listAssignments" Read Assignments;
    ListYouthAssignments "listYouthAssignments" Read Assignments;
    CreateAssignment "createAssignment" Change Assignments;
    ReadAssignment "readAssignment" Read Assignments;
    UpdateAssignment "updateAssignment" Change Assignments;
    ListContacts "listContacts" Read Contacts;
    ListYouthContacts "listYouthContacts" Read Contacts;
    ExportContacts "exportContacts" Read Contacts;
    LogContact "logContact" Change Contacts;
    ReadContact "readContact" Read Contacts;
    CorrectContact "correctContact" Change Contacts;
    AddContactAddendum "addContactAddendum" Change Contacts;
    ReadNextAttempt "readNextAttempt" Read NextAttempts;
    ListOutreachSessions "listOutreachSessions" Read OutreachSessions;
    LogOutreachSession "logOutreachSession" Change OutreachSessions;
    ReadOutreachSession "readOutreachSession" Read OutreachSessions;
    CorrectOutreachSession "correctOutreachSession" Change OutreachSessions;
    ListOutreachContacts "listOutreachContacts" Read OutreachContacts;
    LogOutreachContact "logOutreachContact" Change OutreachContacts;
    ReadOutreachContact "readOutreachContact" Read OutreachContacts;
    CorrectOutreachContact "correctOutreachContact" Change OutreachContacts;
    TieOutreachContact "tieOutreachContact" Change OutreachContacts;
    UntieOutreachContact "untieOutreachContact" Change OutreachContacts;
    ListAmbassadorWeeks "listAmbassadorWeeks" Read AmbassadorWeeks;
    ExportAmbassadorWeeks "exportAmbassadorWeeks" Read AmbassadorWeeks;
    ListWorkHours "listWorkHours" Read WorkHours;
    ReportWorkHours "reportWorkHours" Change WorkHours;
    ReadWorkHours "readWorkHours" Read WorkHours;
    CorrectWorkHours "correctWorkHours" Change WorkHours;
    ApproveAmbassadorWeek "approveAmbassadorWeek" Change WeekApprovals;
    ReadWeekApproval "readWeekApproval" Read WeekApprovals;
    UpdateWeekApproval "updateWeekApproval" Change WeekApprovals;
    ListYouthOccupations "listYouthOccupations" Read Occupations;
    RecordOccupation "recordOccupation" Change Occupations;
    ReadOccupation "readOccupation" Read Occupations;
    UpdateOccupation "updateOccupation" Change Occupations;
    ListOccupationSpells "listOccupationSpells" Read OccupationSpells;
    ListLapsingOccupations "listLapsingOccupations" Read Youths;
    ListYouthMappings "listYouthMappings" Read Mappings;
    CreateMapping "createMapping" Change Mappings;
    ReadMapping "readMapping" Read Mappings;
    UpdateMapping "updateMapping" Change Mappings;
    ListYouthPlanRevisions "listYouthPlanRevisions" Read PlanRevisions;
    CreatePlanRevision "createPlanRevision" Change PlanRevisions;
    ReadPlanRevision "readPlanRevision" Read PlanRevisions;
    ReadPlanPrintout "readPlanPrintout" Read PlanRevisions;
    CompletePlanFollowUp "completePlanFollowUp" Change PlanRevisions;
    ListYouthEducationContracts "listYouthEducationContracts" Read EducationContracts;
    CreateEducationContract "createEducationContract" Change EducationContracts;
    ReadEducationContract "readEducationContract" Read EducationContracts;
    UpdateEducationContract "updateEducationContract" Change EducationContracts;
    ListOutcomeChecks "listOutcomeChecks" Read OutcomeChecks;
    ListYouthOutcomeChecks "listYouthOutcomeChecks" Read OutcomeChecks;
    ReadOutcomeCheck "readOutcomeCheck" Read OutcomeChecks;
    AnswerOutcomeCheck "answerOutcomeCheck" Change OutcomeChecks;
    ListInterventions "listInterventions" Read Interventions;
    ListYouthInterventions "listYouthInterventions" Read Interventions;
    OfferIntervention "offerIntervention" Change Interventions;
    ReadIntervention "readIntervention" Read Interventions;
    UpdateIntervention "updateIntervention" Change Interventions;
    ListPlacementOffers "listPlacementOffers" Read PlacementOffers;
    CreatePlacementOffer "createPlacementOffer" Change PlacementOffers;
    ReadPlacementOffer "readPlacementOffer" Read PlacementOffers;
    UpdatePlacementOffer "updatePlacementOffer" Change PlacementOffers;
    ListOfferMatches "listOfferMatches" Read PlacementMatches;
    ListYouthMatches "listYouthMatches" Read PlacementMatches;
    ListYouthPlacementWishes "listYouthPlacementWishes" Read PlacementWishes;
    RecordPlacementWish "recordPlacementWish" Change PlacementWishes;
    ReadPlacementWish "readPlacementWish" Read PlacementWishes;
    UpdatePlacementWish "updatePlacementWish" Change PlacementWishes;
    ListOfferPlacements "listOfferPlacements" Read Placements;
    ListYouthPlacements "listYouthPlacements" Read Placements;
    OfferPlacement "offerPlacement" Change Placements;
    ReadPlacement "readPlacement" Read Placements;
    ListReferrals "listReferrals" Read Referrals;
    ListYouthReferrals "listYouthReferrals" Read Referrals;
    CreateReferral "createReferral" Change Referrals;
    ReadReferral "readReferral" Read Referrals;
    UpdateReferral "updateReferral" Change Referrals;
    ListYouthConsents "listYouthConsents" Read Consents;
    RecordConsent "recordConsent" Change Consents;
    ReadConsent "readConsent" Read Consents;
    WithdrawConsent "withdrawConsent" Change Consents;
    RecordRecipientInformed "recordRecipientInformed" Change Consents;
    ListYouthDisclosures "listYouthDisclosures" Read Disclosures;
    RecordDisclosure "recordDisclosure" Change Disclosures;
    ReadDisclosure "readDisclosure" Read Disclosures;
    ListYouthSharing "listYouthSharing" Read Sharing;
    ListYouthCorrectionNotes "listYouthCorrectionNotes" Read CorrectionNotes;
    AddCorrectionNote "addCorrectionNote" Change CorrectionNotes;
    ReadCorrectionNote "readCorrectionNote" Read CorrectionNotes;
    ListYouthRegisterExtracts "listYouthRegisterExtracts" Read RegisterExtracts;
    CreateRegisterExtract "createRegisterExtract" Change RegisterExtracts;
    ReadRegisterExtract "readRegisterExtract" Read RegisterExtracts;
    ReadRegisterExtractContent "readRegisterExtractContent" Read RegisterExtracts;
    ReadRegisterExtractPrintout "readRegisterExtractPrintout" Read RegisterExtracts;
    ListYouthRestrictions "listYouthRestrictions" Read Restrictions;
    RestrictProcessing "restrictProcessing" Change Restrictions;
    ReadRestriction "readRestriction" Read Restrictions;
    UpdateRestriction "updateRestriction" Change Restrictions;
    ListRetentionPolicies "listRetentionPolicies" Read RetentionPolicies;
    ListYouthDisposalHolds "listYouthDisposalHolds" Read DisposalHolds;
    PlaceDisposalHold "placeDisposalHold" Change DisposalHolds;
    ReadDisposalHold "readDisposalHold" Read DisposalHolds;
    UpdateDisposalHold "updateDisposalHold" Change DisposalHolds;
    ListDisposalRuns "listDisposalRuns" Read DisposalRuns;
    ProposeDisposal "proposeDisposal" Change DisposalRuns;
    ReadDisposalRun "readDisposalRun" Read DisposalRuns;
    ListDisposalItems "listDisposalItems" Read DisposalItems;
    ApproveDisposal "approveDisposal" Change DisposalRuns;
    WithdrawDisposal "withdrawDisposal" Change DisposalRuns;
    ArchiveDisposal "archiveDisposal" Change DisposalRuns;
    ExecuteDisposal "executeDisposal" Change DisposalRuns;
    ListSensitiveTermCounts "listSensitiveTermCounts" Read SensitiveTermCounts;
    ListOrganisations "listOrganisations" Read Organisations;
    CreateOrganisation "createOrganisation" Change Organisations;
    ReadOrganisation "readOrganisation" Read Organisations;
    UpdateOrganisation "updateOrganisation" Change Organisations;
    ListContactPersons "listContactPersons" Read ContactPersons;
    CreateContactPerson "createContactPerson" Change ContactPersons;
    ReadContactPerson "readContactPerson" Read ContactPersons;
    UpdateContactPerson "updateContactPerson" Change ContactPersons;
    ListGoals "listGoals" Read Goals;
    CreateGoal "createGoal" Change Goals;
    ExportGoals "exportGoals" Read Goals;
    ReadGoal "readGoal" Read Goals;
    UpdateGoal "updateGoal" Change Goals;
    ListGoalValues "listGoalValues" Read GoalValues;
    EnterGoalValue "enterGoalValue" Change GoalValues;
    ImportGoalValues "importGoalValues" Change GoalValues;
    ImportKoladaValues "importKoladaValues" Change GoalValues;
    ReadGoalValue "readGoalValue" Read GoalValues;
    UpdateGoalValue "updateGoalValue" Change GoalValues;
    ListGoalActivities "listGoalActivities" Read GoalActivities;
    CreateGoalActivity "createGoalActivity" Change GoalActivities;
    ReadGoalActivity "readGoalActivity" Read GoalActivities;
    UpdateGoalActivity "updateGoalActivity" Change GoalActivities;
    FollowUpGoalActivity "followUpGoalActivity" Change GoalActivities;
    ListTransfers "listTransfers" Read Transfers;
    ListYouthTransfers "listYouthTransfers" Read Transfers;
    ListReceivingUnits "listReceivingUnits" Read Transfers;
    CreateTransfer "createTransfer" Change Transfers;
    ReadTransfer "readTransfer" Read Transfers;
    DecideTransfer "decideTransfer" Change Transfers;
    ReadProtectedStatus "readProtectedStatus" Read ProtectedStatuses;
    SetProtectedStatus "setProtectedStatus" Change ProtectedStatuses;
    ListTasks "listTasks" Read Tasks;
    ListSchoolNotifications "listSchoolNotifications" Read SchoolNotifications;
    ReceiveSchoolNotification "receiveSchoolNotification" Change SchoolNotifications;
    ReadSchoolNotification "readSchoolNotification" Read SchoolNotifications;
    HandleSchoolNotification "handleSchoolNotification" Change SchoolNotifications;
    ListYouthTasks "listYouthTasks" Read Tasks;
    ReadTask "readTask" Read Tasks;
    ReassignTask "reassignTask" Change Tasks;
    DeferTask "deferTask" Change Tasks;
    AnswerTask "answerTask" Change Tasks;
    ReadWeeklySummary "readWeeklySummary" Read Statistics;
    ImportRoster "importRoster" Change Imports;
    ListImports "listImports" Read Imports;
    ReadImport "readImport" Read Imports;
    ListImportRows "listImportRows" Read Imports;
    ReadRefusedRows "readRefusedRows" Read Imports;
    ListImportDecisions "listImportDecisions" Read ImportDecisions;
    ReadImportDecision "readImportDecision" Read ImportDecisions;
    DecideImportRow "decideImportRow" Change ImportDecisions;
    ListResidences "listResidences" Read Residences;
    AddResidence "addResidence" Change Residences;
    ReadResidence "readResidence" Read Residences;
    UpdateResidence "updateResidence" Change Residences;
    ListEnrolments "listEnrolments" Read Enrolments;
    AddEnrolment "addEnrolment" Change Enrolments;
    ReadEnrolment "readEnrolment" Read Enrolments;
    UpdateEnrolment "updateEnrolment" Change Enrolments;
    ListExamDocuments "listExamDocuments" Read ExamDocuments;
    AddExamDocument "addExamDocument" Change ExamDocuments;
    ReadExamDocument "readExamDocument" Read ExamDocuments;
    UpdateExamDocument "updateExamDocument" Change ExamDocuments;
    ReadTargetGroup "readTargetGroup" Read TargetGroups;
    ListCandidates "listCandidates" Read TargetGroupCandidates;
    ListYouthCandidates "listYouthCandidates" Read TargetGroupCandidates;
    ReadCandidate "readCandidate" Read TargetGroupCandidates;
    DecideCandidate "decideCandidate" Change TargetGroupCandidates;
    RunTargetGroup "runTargetGroup" Change TargetGroupRuns;
    ListTargetGroupRuns "listTargetGroupRuns" Read TargetGroupRuns;
    ReadTargetGroupRun "readTargetGroupRun" Read TargetGroupRuns;
    ListNationalFiles "listNationalFiles" Read NationalFiles;
    CreateNationalFile "createNationalFile" Change NationalFiles;
    ReadNationalFile "readNationalFile" Read NationalFiles;
    ReadNationalFileContent "readNationalFileContent" Read NationalFiles;
    ListNationalFileProblems "listNationalFileProblems" Read NationalFileProblems;
    ExportNationalFileProblems "exportNationalFileProblems" Read NationalFileProblems;
    ExpireNationalFiles "expireNationalFiles" Change NationalFiles;
    ReadCompartmentCounts "readCompartmentCounts" Read Statistics;
    ListStatisticsMeasures "listStatisticsMeasures" Read StatisticsMeasures;
    ListPeriodCosts "listPeriodCosts" Read PeriodCosts;
    CreatePeriodCost "createPeriodCost" Change PeriodCosts;
    ReadPeriodCost "readPeriodCost" Read PeriodCosts;
    UpdatePeriodCost "updatePeriodCost" Change PeriodCosts;
    MakeStatisticsRelease "makeStatisticsRelease" Change StatisticsReleases;
    ListStatisticsReleases "listStatisticsReleases" Read StatisticsReleases;
    ReadStatisticsRelease "readStatisticsRelease" Read StatisticsReleases;
    ExportStatisticsRelease "exportStatisticsRelease" Read StatisticsReleases;
    ExportStatisticsWorkbook "exportStatisticsWorkbook" Read StatisticsReleases;
    ExportStatisticsReport "exportStatisticsReport" Read StatisticsReleases;
    ReadStatisticsChart "readStatisticsChart" Read StatisticsReleases;
    WithdrawStatisticsRelease "withdrawStatisticsRelease" Change StatisticsReleases;
    ListJobs "listJobs" Read Jobs;
    ReadJob "readJob" Read Jobs;
    CancelJob "cancelJob" Change Jobs;
    RunJob "runJob" Change Jobs;
    ListAuditEvents "listAuditEvents" Read AuditEvents;
    ReadAccessReport "readAccessReport" Read AuditEvents;
    TrimAuditLog "trimAuditLog" Change AuditEvents;
    ListLogReviews "listLogReviews" Read LogReviews;
    CreateLogReview "createLogReview" Change LogReviews;
    ReadLogReview "readLogReview" Read LogReviews;
    SignOffLogReview "signOffLogReview" Change LogReviews;
    ListLogReviewRows "listLogReviewRows" Read LogReviewRows;
    ReadLogReviewRow "readLogReviewRow" Read LogReviewRows;
    RecordLogFinding "recordLogFinding" Change LogReviewRows;
    ListLogFollowUps "listLogFollowUps" Read LogReviewRows;
    RecordLogFollowUp "recordLogFollowUp" Change LogReviewRows;
}

impl Operation {
    /// What the service does by itself or from the command line alone: nobody asks for it over HTTP.
    pub const WITHOUT_ADDRESS: &'static [Self] = &[
        Self::TrimAuditLog,
        Self::ArchiveDisposal,
        Self::ExpireNationalFiles,
        Self::RunJob,
    ];
}
