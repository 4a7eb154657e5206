//! THE table: who may see which records (SCOPE), do which deeds (ACTIONS) and read or write which fields (FIELDS).
//! Plain rows, one column per role, in the order ambassador, syv, ungdomskonsulent, socionom, enhetschef,
//! administrator, loggranskare. Everything else asks it; `tests/api/snapshots/access-matrix.txt` is its reviewable print.

use crate::domain::operation::{Operation, Resource};
use crate::domain::user::Role;

/// Which records of a kind a role may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// None.
    None,
    /// Those they made, of youths assigned to them.
    Own,
    /// Those of youths assigned to them, while the assignment runs.
    Assigned,
    /// Those of their unit; of a youth with protected identity only when assigned (the chief: always).
    Unit,
    /// Those of youths of their unit for whom a break-glass of theirs into the protected compartment runs.
    Granted,
    /// All.
    All,
}

/// Whether a role may do a deed to a record in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// No.
    No,
    /// Yes.
    Yes,
    /// Only to records they made.
    Own,
    /// Only with a running break-glass for the youth.
    Grant,
}

/// What a role may do with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldAccess {
    /// Neither see nor set: absent from answers, refused in requests.
    None,
    /// See a part (the initial of a name).
    Masked,
    /// See only in records they made.
    Own,
    /// See with a running break-glass.
    Grant,
    /// See.
    Read,
    /// See and set in records they made.
    OwnWrite,
    /// See and set.
    Write,
}

type Row<T> = [T; 7];

mod cells {
    use super::{FieldAccess, Permission, Scope};
    pub const NONE: Scope = Scope::None;
    pub const OWN: Scope = Scope::Own;
    pub const ASG: Scope = Scope::Assigned;
    pub const UNIT: Scope = Scope::Unit;
    pub const GRT: Scope = Scope::Granted;
    pub const ALL: Scope = Scope::All;
    pub const X: Permission = Permission::No;
    pub const Y: Permission = Permission::Yes;
    pub const OW: Permission = Permission::Own;
    pub const G: Permission = Permission::Grant;
    pub const O: FieldAccess = FieldAccess::None;
    pub const M: FieldAccess = FieldAccess::Masked;
    pub const OWR: FieldAccess = FieldAccess::OwnWrite;
    pub const GR: FieldAccess = FieldAccess::Grant;
    pub const R: FieldAccess = FieldAccess::Read;
    pub const W: FieldAccess = FieldAccess::Write;
}
use cells::*;

/// Which records of each kind a role may know of.
#[rustfmt::skip]
pub const SCOPE: &[(Resource, Row<Scope>)] = &[
    //                               ambassador syv   konsul. socion. chief  admin  log
    (Resource::Sessions,            [ALL,      ALL,  ALL,    ALL,    ALL,   ALL,   ALL ]),
    (Resource::Me,                  [ALL,      ALL,  ALL,    ALL,    ALL,   ALL,   ALL ]),
    (Resource::Users,               [NONE,     NONE, NONE,   NONE,   UNIT,  ALL,   ALL ]),
    (Resource::Units,               [NONE,     NONE, NONE,   NONE,   UNIT,  ALL,   ALL ]),
    (Resource::Settings,            [NONE,     ALL,  ALL,    ALL,    ALL,   ALL,   NONE]),
    (Resource::Youths,              [ASG,      UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::AccessGrants,        [NONE,     OWN,  NONE,   OWN,    UNIT,  NONE,  ALL ]),
    (Resource::Episodes,            [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::Assignments,         [OWN,      UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::Contacts,            [OWN,      UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::Interventions,       [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::Referrals,           [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedReferrals,  [NONE,     NONE, NONE,   ASG,    GRT,   NONE,  NONE]),
    (Resource::Consents,            [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedConsents,   [NONE,     NONE, NONE,   ASG,    GRT,   NONE,  NONE]),
    (Resource::Disclosures,         [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedDisclosures, [NONE,    NONE, NONE,   ASG,    GRT,   NONE,  NONE]),
    (Resource::CorrectionNotes,     [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedCorrectionNotes, [NONE, NONE, NONE,  ASG,    GRT,   NONE,  NONE]),
    (Resource::SensitiveTermCounts, [NONE,     NONE, NONE,   NONE,   UNIT,  NONE,  NONE]),
    (Resource::Transfers,           [NONE,     UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedStatuses,   [NONE,     NONE, NONE,   ASG,    GRT,   NONE,  NONE]),
    (Resource::Tasks,               [OWN,      UNIT, UNIT,   UNIT,   UNIT,  NONE,  NONE]),
    (Resource::ProtectedTasks,      [NONE,     NONE, NONE,   ASG,    GRT,   NONE,  NONE]),
    (Resource::Imports,             [NONE,     UNIT, NONE,   NONE,   UNIT,  NONE,  NONE]),
    (Resource::ImportDecisions,     [NONE,     UNIT, NONE,   NONE,   UNIT,  NONE,  NONE]),
    (Resource::Statistics,          [NONE,     NONE, NONE,   NONE,   UNIT,  NONE,  NONE]),
    (Resource::AuditEvents,         [NONE,     NONE, NONE,   NONE,   UNIT,  NONE,  ALL ]),
];

/// Which deeds a role may do. Sign-in and refresh are open to all and stand in `tests/api/snapshots/public-routes.txt`.
#[rustfmt::skip]
pub const ACTIONS: &[(Operation, Row<Permission>)] = &[
    //                                    amb syv kon soc chf adm log
    (Operation::SignIn,                  [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    (Operation::RefreshSession,          [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    (Operation::SignOut,                 [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    (Operation::ReadMe,                  [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    (Operation::ReadMyAccess,            [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    // Names of colleagues, so that someone can be assigned; not the ambassadors'.
    (Operation::ListMyColleagues,        [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ChangeMyPassword,        [Y,  Y,  Y,  Y,  Y,  Y,  Y]),
    (Operation::ListUsers,               [X,  X,  X,  X,  Y,  Y,  Y]),
    (Operation::CreateUser,              [X,  X,  X,  X,  X,  Y,  X]),
    (Operation::ReadUser,                [X,  X,  X,  X,  Y,  Y,  Y]),
    (Operation::UpdateUser,              [X,  X,  X,  X,  X,  Y,  X]),
    (Operation::ListUnits,               [X,  X,  X,  X,  Y,  Y,  Y]),
    (Operation::CreateUnit,              [X,  X,  X,  X,  X,  Y,  X]),
    (Operation::ReadUnit,                [X,  X,  X,  X,  Y,  Y,  Y]),
    (Operation::UpdateUnit,              [X,  X,  X,  X,  X,  Y,  X]),
    // What is configurable binds the staff, so they may read it; only the administrator changes it.
    (Operation::ReadSettings,            [X,  Y,  Y,  Y,  Y,  Y,  X]),
    (Operation::UpdateSettings,          [X,  X,  X,  X,  X,  Y,  X]),
    (Operation::ListYouths,              [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::CreateYouth,             [X,  Y,  X,  Y,  X,  X,  X]),
    (Operation::ReadYouth,               [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::UpdateYouth,             [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::SearchYouths,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthVersions,       [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListForgottenYouths,     [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::CreateAccessGrant,       [X,  Y,  X,  Y,  Y,  X,  X]),
    (Operation::ListAccessGrants,        [X,  Y,  X,  Y,  Y,  X,  Y]),
    (Operation::ReadAccessGrant,         [X,  Y,  X,  Y,  Y,  X,  Y]),
    (Operation::ListEpisodes,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthEpisodes,       [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::OpenEpisode,             [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ReadEpisode,             [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::UpdateEpisode,           [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::CloseEpisode,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::SetCarriedNotes,         [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ListAssignments,         [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthAssignments,    [Y,  Y,  Y,  Y,  Y,  X,  X]),
    // Konsulent and socionom assign ambassadors only: `decide::may_assign`.
    (Operation::CreateAssignment,        [X,  X,  Y,  Y,  Y,  X,  X]),
    (Operation::ReadAssignment,          [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::UpdateAssignment,        [X,  X,  Y,  Y,  Y,  X,  X]),
    (Operation::ListContacts,            [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthContacts,       [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::LogContact,              [Y,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadContact,             [Y,  Y,  Y,  Y,  Y,  X,  X]),
    // What somebody else wrote is never corrected, only added to.
    (Operation::CorrectContact,          [OW, OW, OW, OW, X,  X,  X]),
    (Operation::AddContactAddendum,      [Y,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ListInterventions,       [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthInterventions,  [X,  Y,  Y,  Y,  Y,  X,  X]),
    // The konsulent writes work and placement only: `decide::may_write_measure`.
    (Operation::OfferIntervention,       [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadIntervention,        [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::UpdateIntervention,      [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ListReferrals,           [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthReferrals,      [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::CreateReferral,          [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadReferral,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::UpdateReferral,          [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ListYouthConsents,       [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::RecordConsent,           [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadConsent,             [X,  Y,  Y,  Y,  Y,  X,  X]),
    // Whoever the youth turns to takes a withdrawal down.
    (Operation::WithdrawConsent,         [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::RecordRecipientInformed, [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthDisclosures,    [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::RecordDisclosure,        [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadDisclosure,          [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthCorrectionNotes, [X, Y,  Y,  Y,  Y,  X,  X]),
    (Operation::AddCorrectionNote,       [X,  Y,  Y,  Y,  X,  X,  X]),
    (Operation::ReadCorrectionNote,      [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListSensitiveTermCounts, [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::ListTransfers,           [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthTransfers,      [X,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListReceivingUnits,      [X,  Y,  X,  Y,  Y,  X,  X]),
    (Operation::CreateTransfer,          [X,  Y,  X,  Y,  Y,  X,  X]),
    (Operation::ReadTransfer,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    // Which answer is whose stands in `domain::transfer`.
    (Operation::DecideTransfer,          [X,  Y,  X,  Y,  Y,  X,  X]),
    (Operation::ReadProtectedStatus,     [X,  X,  X,  Y,  G,  X,  X]),
    (Operation::SetProtectedStatus,      [X,  X,  X,  Y,  X,  X,  X]),
    (Operation::ListTasks,               [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ListYouthTasks,          [Y,  Y,  Y,  Y,  Y,  X,  X]),
    (Operation::ReadTask,                [Y,  Y,  Y,  Y,  Y,  X,  X]),
    // The handler's, konsulent and socionom to ambassadors, the chief all: `decide::may_reassign`.
    (Operation::ReassignTask,            [X,  Y,  Y,  Y,  Y,  X,  X]),
    // Those that stand on one's own list.
    (Operation::DeferTask,               [OW, OW, OW, OW, X,  X,  X]),
    (Operation::AnswerTask,              [OW, OW, OW, OW, X,  X,  X]),
    (Operation::ReadWeeklySummary,       [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::ImportRoster,            [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ListImports,             [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ReadImport,              [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ListImportRows,          [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ReadRefusedRows,         [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ListImportDecisions,     [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ReadImportDecision,      [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::DecideImportRow,         [X,  Y,  X,  X,  Y,  X,  X]),
    (Operation::ReadStatistics,          [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::ExportStatistics,        [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::ReadCompartmentCounts,   [X,  X,  X,  X,  Y,  X,  X]),
    (Operation::ListAuditEvents,         [X,  X,  X,  X,  Y,  X,  Y]),
    (Operation::ReadAccessReport,        [X,  X,  X,  X,  Y,  X,  Y]),
];

/// What a role may do with each field. A field that is not here cannot leave the service.
#[rustfmt::skip]
pub const FIELDS: &[(Resource, &str, Row<FieldAccess>)] = &[
    //                                             amb  syv  kon  soc  chf  adm  log
    (Resource::Youths, "id",                      [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "unitId",                  [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "givenName",               [R,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "familyName",              [M,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "age",                     [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "identityNumber",          [O,   W,   O,   W,   O,   O,   O]),
    (Resource::Youths, "birthDate",               [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "legalSex",                [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "area",                    [R,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "addresses",               [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "phones",                  [R,   W,   W,   W,   R,   O,   O]),
    (Resource::Youths, "email",                   [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "socialMedia",             [R,   W,   W,   W,   R,   O,   O]),
    (Resource::Youths, "language",                [R,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "needsInterpreter",        [R,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "guardians",               [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "schoolStatus",            [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "protectionLevel",         [O,   W,   R,   W,   R,   O,   O]),
    (Resource::Youths, "mayStartMeasures",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "mayStartMeasuresSince",   [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "lastReachedOn",           [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "lastAttemptOn",           [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "tracks",                  [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "handlerId",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "correctionNotes",         [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "createdAt",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "updatedAt",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Youths, "version",                 [R,   R,   R,   R,   R,   O,   O]),

    (Resource::Episodes, "id",                    [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "youthId",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "unitId",                [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "track",                 [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "reason",                [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "enteredOn",             [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "handlerId",             [O,   R,   R,   R,   W,   O,   O]),
    (Resource::Episodes, "exitedOn",              [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "deregistrationReason",  [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "destination",           [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "destinationElsewhere",  [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Episodes, "carriedNotes",          [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "createdAt",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "updatedAt",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Episodes, "version",               [O,   R,   R,   R,   R,   O,   O]),

    (Resource::Assignments, "id",                 [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Assignments, "youthId",            [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Assignments, "userId",             [R,   R,   W,   W,   W,   O,   O]),
    (Resource::Assignments, "kind",               [R,   R,   W,   W,   W,   O,   O]),
    (Resource::Assignments, "startsAt",           [R,   R,   W,   W,   W,   O,   O]),
    (Resource::Assignments, "endsAt",             [R,   R,   W,   W,   W,   O,   O]),
    (Resource::Assignments, "assignedBy",         [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Assignments, "createdAt",          [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Assignments, "updatedAt",          [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Assignments, "version",            [R,   R,   R,   R,   R,   O,   O]),

    (Resource::Contacts, "id",                    [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "youthId",               [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Contacts, "episodeId",             [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "authorId",              [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Contacts, "occurredAt",            [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "channel",               [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "direction",             [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "metWho",                [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "place",                 [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "area",                  [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "result",                [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "minutes",               [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "occupation",            [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "note",                  [OWR, W,   W,   W,   GR,  O,   O]),
    (Resource::Contacts, "addenda",               [OWR, W,   W,   W,   GR,  O,   O]),
    (Resource::Contacts, "nextContactOn",         [W,   W,   W,   W,   R,   O,   O]),
    (Resource::Contacts, "isLocked",              [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Contacts, "createdAt",             [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Contacts, "updatedAt",             [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Contacts, "version",               [R,   R,   R,   R,   R,   O,   O]),

    (Resource::Interventions, "id",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Interventions, "youthId",          [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Interventions, "episodeId",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "kind",             [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "answer",           [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "offeredOn",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "answeredOn",       [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "startedOn",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "endedOn",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "endReason",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "provider",         [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "responsibleParty", [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "goal",             [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "followUps",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Interventions, "createdBy",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Interventions, "createdAt",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Interventions, "updatedAt",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Interventions, "version",          [O,   R,   R,   R,   R,   O,   O]),

    (Resource::Referrals, "id",                   [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Referrals, "youthId",              [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Referrals, "episodeId",            [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "target",               [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "status",               [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "recipient",            [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "note",                 [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "offeredOn",            [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "declinedOn",           [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "consentedOn",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "consentForm",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "sentOn",               [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "receivedOn",           [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "closedOn",             [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "answerDueOn",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "basis",                [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "consentId",            [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "basisReason",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Referrals, "createdBy",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Referrals, "createdAt",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Referrals, "updatedAt",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Referrals, "version",              [O,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedReferrals, "id",          [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "youthId",     [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "episodeId",   [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "target",      [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "status",      [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "recipient",   [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "note",        [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "offeredOn",   [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "declinedOn",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "consentedOn", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "consentForm", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "sentOn",      [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "receivedOn",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "closedOn",    [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "answerDueOn", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "basis",       [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "consentId",   [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "basisReason", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "createdBy",   [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "createdAt",   [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "updatedAt",   [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedReferrals, "version",     [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::Consents, "id",                    [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "youthId",               [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "referralId",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "recipientKind",         [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "recipientName",         [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "purpose",               [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "categories",            [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "givenBy",               [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "form",                  [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "validFromOn",           [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "validToOn",             [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "documentReference",     [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Consents, "withdrawnOn",           [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Consents, "withdrawalForm",        [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Consents, "recipientInformedOn",   [O,   W,   W,   W,   W,   O,   O]),
    (Resource::Consents, "createdBy",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "createdAt",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "updatedAt",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Consents, "version",               [O,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedConsents, "id",           [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "youthId",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "referralId",   [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "recipientKind", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "recipientName", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "purpose",      [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "categories",   [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "givenBy",      [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "form",         [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "validFromOn",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "validToOn",    [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "documentReference", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "withdrawnOn",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "withdrawalForm", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "recipientInformedOn", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedConsents, "createdBy",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "createdAt",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "updatedAt",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedConsents, "version",      [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::Disclosures, "id",                 [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Disclosures, "youthId",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Disclosures, "referralId",         [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Disclosures, "recipientKind",      [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "recipientName",      [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "categories",         [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "means",              [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "disclosedOn",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "basis",              [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "consentId",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "basisReason",        [O,   W,   W,   W,   R,   O,   O]),
    (Resource::Disclosures, "disclosedBy",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Disclosures, "createdAt",          [O,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedDisclosures, "id",        [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "youthId",   [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "referralId", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "recipientKind", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "recipientName", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "categories", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "means",     [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "disclosedOn", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "basis",     [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "consentId", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "basisReason", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "disclosedBy", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedDisclosures, "createdAt", [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::CorrectionNotes, "id",             [O,   R,   R,   R,   R,   O,   O]),
    (Resource::CorrectionNotes, "youthId",        [O,   R,   R,   R,   R,   O,   O]),
    (Resource::CorrectionNotes, "episodeId",      [O,   R,   R,   R,   R,   O,   O]),
    (Resource::CorrectionNotes, "resource",       [O,   W,   W,   W,   R,   O,   O]),
    (Resource::CorrectionNotes, "recordId",       [O,   W,   W,   W,   R,   O,   O]),
    (Resource::CorrectionNotes, "field",          [O,   W,   W,   W,   R,   O,   O]),
    (Resource::CorrectionNotes, "text",           [O,   W,   W,   W,   GR,  O,   O]),
    (Resource::CorrectionNotes, "raisedBy",       [O,   W,   W,   W,   R,   O,   O]),
    (Resource::CorrectionNotes, "raisedOn",       [O,   W,   W,   W,   R,   O,   O]),
    (Resource::CorrectionNotes, "createdBy",      [O,   R,   R,   R,   R,   O,   O]),
    (Resource::CorrectionNotes, "createdAt",      [O,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedCorrectionNotes, "id",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "youthId", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "episodeId", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "resource", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "recordId", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "field", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "text",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "raisedBy", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "raisedOn", [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "createdBy", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedCorrectionNotes, "createdAt", [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::SensitiveTermCounts, "weekOn",     [O,   O,   O,   O,   R,   O,   O]),
    (Resource::SensitiveTermCounts, "category",   [O,   O,   O,   O,   R,   O,   O]),
    (Resource::SensitiveTermCounts, "confirmedCount", [O,   O,   O,   O,   R,   O,   O]),

    (Resource::Transfers, "id",                   [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "youthId",              [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "fromUnitId",           [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "toUnitId",             [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "toMunicipalityCode",   [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "toMunicipalityName",   [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "reason",               [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "status",               [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "givenName",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "birthYear",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "basis",                [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "consentId",            [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "basisReason",          [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "decidedOn",            [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "decidedBy",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "decisionReason",       [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "reference",            [O,   W,   R,   W,   W,   O,   O]),
    (Resource::Transfers, "createdBy",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "createdAt",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "updatedAt",            [O,   R,   R,   R,   R,   O,   O]),
    (Resource::Transfers, "version",              [O,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedStatuses, "youthId",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "basis",        [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "substanceStatus", [O, O,  O,   W,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "mayStartMeasures", [O, O, O,   W,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "note",         [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "setBy",        [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "createdAt",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "updatedAt",    [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedStatuses, "version",      [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::AccessGrants, "id",                [O,   R,   O,   R,   R,   O,   R]),
    (Resource::AccessGrants, "userId",            [O,   R,   O,   R,   R,   O,   R]),
    (Resource::AccessGrants, "youthId",           [O,   R,   O,   R,   R,   O,   R]),
    (Resource::AccessGrants, "unitId",            [O,   R,   O,   R,   R,   O,   R]),
    (Resource::AccessGrants, "purpose",           [O,   W,   O,   W,   W,   O,   R]),
    (Resource::AccessGrants, "reason",            [O,   W,   O,   W,   W,   O,   R]),
    (Resource::AccessGrants, "grantedAt",         [O,   R,   O,   R,   R,   O,   R]),
    (Resource::AccessGrants, "expiresAt",         [O,   R,   O,   R,   R,   O,   R]),

    (Resource::Users, "id",                       [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Users, "unitId",                   [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Users, "username",                 [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Users, "displayName",              [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Users, "role",                     [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Users, "password",                 [O,   O,   O,   O,   O,   W,   O]),
    (Resource::Users, "isActive",                 [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Users, "createdAt",                [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Users, "updatedAt",                [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Users, "version",                  [O,   O,   O,   O,   R,   R,   R]),

    // One's own, and of colleagues the name and the role.
    (Resource::Me, "id",                          [R,   R,   R,   R,   R,   R,   R]),
    (Resource::Me, "username",                    [R,   R,   R,   R,   R,   R,   R]),
    (Resource::Me, "displayName",                 [R,   R,   R,   R,   R,   R,   R]),
    (Resource::Me, "role",                        [R,   R,   R,   R,   R,   R,   R]),
    (Resource::Me, "unitId",                      [R,   R,   R,   R,   R,   R,   R]),
    (Resource::Me, "unitName",                    [R,   R,   R,   R,   R,   R,   R]),

    (Resource::Units, "id",                       [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Units, "name",                     [O,   O,   O,   O,   R,   W,   R]),
    (Resource::Units, "createdAt",                [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Units, "updatedAt",                [O,   O,   O,   O,   R,   R,   R]),
    (Resource::Units, "version",                  [O,   O,   O,   O,   R,   R,   R]),

    (Resource::Settings, "municipalityCode",      [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "preventiveContactDays", [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "consentDays",           [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "ownSecrecyRegime",      [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "recipientRegimes",      [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "sensitiveTerms",        [O,   R,   R,   R,   R,   W,   O]),
    (Resource::Settings, "updatedAt",             [O,   R,   R,   R,   R,   R,   O]),
    (Resource::Settings, "version",               [O,   R,   R,   R,   R,   R,   O]),

    (Resource::Imports, "id",                     [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "unitId",                 [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "fileName",               [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "fileSha256",             [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "asOf",                   [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "isApplied",              [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "counts",                 [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "warnings",               [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "createdBy",              [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "createdAt",              [O,   R,   O,   O,   R,   O,   O]),
    (Resource::Imports, "version",                [O,   R,   O,   O,   R,   O,   O]),

    (Resource::ImportDecisions, "id",             [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "importId",       [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "identityNumber", [O,   R,   O,   O,   O,   O,   O]),
    (Resource::ImportDecisions, "givenName",      [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "familyName",     [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "birthDate",      [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "cause",          [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "status",         [O,   W,   O,   O,   W,   O,   O]),
    (Resource::ImportDecisions, "reason",         [O,   W,   O,   O,   W,   O,   O]),
    (Resource::ImportDecisions, "episodeReason",  [O,   W,   O,   O,   W,   O,   O]),
    (Resource::ImportDecisions, "youthId",        [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "decidedBy",      [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "decidedAt",      [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "createdAt",      [O,   R,   O,   O,   R,   O,   O]),
    (Resource::ImportDecisions, "version",        [O,   R,   O,   O,   R,   O,   O]),

    (Resource::Tasks, "id",                      [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "kind",                    [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "dueOn",                   [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "opensOn",                 [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "isOverdue",               [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "youthId",                 [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "givenName",               [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "familyName",              [M,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "recordId",                [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "responsibleId",           [R,   W,   W,   W,   W,   O,   O]),
    (Resource::Tasks, "deferredUntil",           [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "deferralReason",          [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "answeredOn",              [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "answerReference",         [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "closedAt",                [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "closedBecause",           [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "createdAt",               [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "updatedAt",               [R,   R,   R,   R,   R,   O,   O]),
    (Resource::Tasks, "version",                 [R,   R,   R,   R,   R,   O,   O]),

    (Resource::ProtectedTasks, "id",             [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "kind",           [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "dueOn",          [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "opensOn",        [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "isOverdue",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "youthId",        [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "givenName",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "familyName",     [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "recordId",       [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "responsibleId",  [O,   O,   O,   W,   GR,  O,   O]),
    (Resource::ProtectedTasks, "deferredUntil",  [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "deferralReason", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "answeredOn",     [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "answerReference", [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "closedAt",       [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "closedBecause",  [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "createdAt",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "updatedAt",      [O,   O,   O,   R,   GR,  O,   O]),
    (Resource::ProtectedTasks, "version",        [O,   O,   O,   R,   GR,  O,   O]),

    (Resource::AuditEvents, "id",                 [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "at",                 [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "actorId",            [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "actorKind",          [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "actorName",          [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "role",               [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "unitId",             [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "operation",          [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "outcome",            [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "errorCode",          [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "requestId",          [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "isBreakGlass",       [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "reason",             [O,   O,   O,   O,   R,   O,   R]),
    (Resource::AuditEvents, "subjects",           [O,   O,   O,   O,   R,   O,   R]),
];

/// The scope of a role over a kind of record.
pub fn scope(resource: Resource, role: Role) -> Scope {
    SCOPE
        .iter()
        .find(|(r, _)| *r == resource)
        .and_then(|(_, row)| row.get(role.column()).copied())
        .unwrap_or(Scope::None)
}

/// Whether a role may do a deed at all.
pub fn permission(operation: Operation, role: Role) -> Permission {
    ACTIONS
        .iter()
        .find(|(o, _)| *o == operation)
        .and_then(|(_, row)| row.get(role.column()).copied())
        .unwrap_or(Permission::No)
}

/// What a role may do with a field; `None` for a field the table does not know.
pub fn field_access(resource: Resource, field: &str, role: Role) -> FieldAccess {
    FIELDS
        .iter()
        .find(|(r, name, _)| *r == resource && *name == field)
        .and_then(|(_, _, row)| row.get(role.column()).copied())
        .unwrap_or(FieldAccess::None)
}

/// The names of all fields of a kind of record, in the order they are shown.
pub fn field_names(resource: Resource) -> impl Iterator<Item = &'static str> {
    FIELDS
        .iter()
        .filter(move |(r, _, _)| *r == resource)
        .map(|(_, name, _)| *name)
}

#[cfg(test)]
#[path = "access_table_tests.rs"]
mod tests;
