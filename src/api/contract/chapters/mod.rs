//! What the contract says about each kind of record: one file per chapter with the properties that are shown, the objects
//! inside them, and the operations with what they take. A new operation is one entry in its chapter; a new chapter one line
//! here. Addresses stand in `api::routes`, rights in `policy::access_table`; neither is repeated.

pub mod ambassador_weeks;
pub mod assignments;
pub mod audit;
pub mod consents;
pub mod contacts;
pub mod corrections;
pub mod disclosures;
pub mod disposals;
pub mod duplicates;
pub mod education_contracts;
pub mod enrolments;
pub mod episodes;
pub mod exam_documents;
pub mod goals;
pub mod grants;
pub mod imports;
pub mod interventions;
pub mod jobs;
pub mod log_reviews;
pub mod mappings;
pub mod me;
pub mod national_files;
pub mod occupations;
pub mod organisations;
pub mod outcome_checks;
pub mod outreach;
pub mod period_costs;
pub mod placements;
pub mod plans;
pub mod protected;
pub mod referrals;
pub mod register_extracts;
pub mod residences;
pub mod restrictions;
pub mod school_notifications;
pub mod sessions;
pub mod settings;
pub mod sharing;
pub mod statistics;
pub mod statistics_measures;
pub mod statistics_releases;
pub mod target_group;
pub mod tasks;
pub mod timeline;
pub mod transfers;
pub mod units;
pub mod users;
pub mod youths;

use super::shape::{Kind, Property};
use crate::domain::operation::{Operation, Resource};
use crate::error::ErrorCode;
use serde_json::{Map, Value};

/// Every chapter, in the order of the documentation.
pub const CHAPTERS: &[&Chapter] = &[
    &sessions::CHAPTER,
    &me::CHAPTER,
    &youths::CHAPTER,
    &timeline::CHAPTER,
    &duplicates::DISMISSALS,
    &duplicates::MERGES,
    &episodes::CHAPTER,
    &assignments::CHAPTER,
    &contacts::CHAPTER,
    &contacts::NEXT,
    &outreach::SESSIONS,
    &outreach::CONTACTS,
    &ambassador_weeks::WEEKS,
    &ambassador_weeks::HOURS,
    &ambassador_weeks::APPROVALS,
    &occupations::CHAPTER,
    &mappings::CHAPTER,
    &plans::CHAPTER,
    &education_contracts::CHAPTER,
    &outcome_checks::CHAPTER,
    &interventions::CHAPTER,
    &placements::OFFERS,
    &placements::WISHES,
    &placements::MATCHES,
    &placements::PLACEMENTS,
    &referrals::CHAPTER,
    &consents::CHAPTER,
    &disclosures::CHAPTER,
    &sharing::CHAPTER,
    &corrections::CHAPTER,
    &corrections::COUNTS,
    &register_extracts::CHAPTER,
    &restrictions::CHAPTER,
    &disposals::POLICIES,
    &disposals::HOLDS,
    &disposals::RUNS,
    &disposals::ITEMS,
    &organisations::ORGANISATIONS,
    &organisations::PERSONS,
    &goals::GOALS,
    &goals::VALUES,
    &goals::ACTIVITIES,
    &transfers::CHAPTER,
    &protected::CHAPTER,
    &grants::CHAPTER,
    &tasks::CHAPTER,
    &school_notifications::CHAPTER,
    &imports::CHAPTER,
    &target_group::CHAPTER,
    &national_files::FILES,
    &national_files::PROBLEMS,
    &residences::CHAPTER,
    &enrolments::CHAPTER,
    &exam_documents::CHAPTER,
    &statistics::CHAPTER,
    &statistics_measures::CHAPTER,
    &period_costs::CHAPTER,
    &statistics_releases::CHAPTER,
    &jobs::CHAPTER,
    &users::CHAPTER,
    &units::CHAPTER,
    &settings::CHAPTER,
    &audit::CHAPTER,
    &log_reviews::REVIEWS,
    &log_reviews::ROWS,
];

/// Ids in examples; they belong to nobody.
pub mod ids {
    pub const UNIT: &str = "0199a1c2-7d10-7a31-9c40-1f0e5b2a7c01";
    pub const USER: &str = "0199a1c4-02be-7c11-8f2d-6a90d3e1b402";
    pub const YOUTH: &str = "019a8e10-4c77-7b52-a1d3-90f2c4b6e803";
    pub const OTHER_YOUTH: &str = "019a8e10-5d81-7c30-9b42-3e17a60f8d21";
    pub const DISMISSAL: &str = "019ab420-2a63-7f18-8c57-b09e4d61f31a";
    pub const MERGE: &str = "019ab420-48d5-7a92-b3e6-1f7c05a28e1b";
    pub const EPISODE: &str = "019a8e11-9f02-7e0a-b6c4-2d71a8f35904";
    pub const ASSIGNMENT: &str = "019a8e12-3b58-7d4e-8a17-c5e09d6f2105";
    pub const CONTACT: &str = "019ab3f4-6c90-7f28-9be1-04d7a3c8f506";
    pub const OUTREACH_SESSION: &str = "019ab3f4-9a12-7c60-8d3b-51e7f0a2c607";
    pub const OUTREACH_CONTACT: &str = "019ab3f4-b8d4-7e15-9f42-83c6a1d0e708";
    pub const WORK_HOURS: &str = "019ab3f4-d356-7a98-b07c-2fd9e4b3a809";
    pub const WEEK_APPROVAL: &str = "019ab3f4-f1c8-7d2b-8e61-c40a7f95d90a";
    pub const OCCUPATION: &str = "019ab3f5-2a47-7d93-8b5e-60c1f9e4a70f";
    pub const MAPPING: &str = "019ab3f5-4d18-7b06-9c72-81e4d3a0f510";
    pub const PLAN: &str = "019ab3f5-7f6c-7a29-8d04-92b7e5c1a611";
    pub const PLAN_FOLLOW_UP: &str = "019ab3f5-9b03-7e58-a1c6-03d8f6b2a712";
    pub const CONTRACT: &str = "019ab3f5-c2e7-7c41-b390-14e9a7c3b813";
    pub const OUTCOME_CHECK: &str = "019ab3f5-e08a-7b25-9c17-48d2e6f0a914";
    pub const INTERVENTION: &str = "019ab3f6-1d2e-7a83-85c9-7be210f4d607";
    pub const REFERRAL: &str = "019ab3f8-e541-7c06-a2f7-5d9c81b03e08";
    pub const TASK: &str = "019ab406-3d12-7b64-91c8-5e07a9f3d80f";
    pub const GRANT: &str = "019ab3fa-70b3-7e95-93d8-a16c4f52e709";
    pub const IMPORT: &str = "019ab3fc-2f16-7b4d-8e03-d8a57c91b60a";
    pub const DECISION: &str = "019ab3fe-c829-7d61-b5a4-39f0e6d2170b";
    pub const SCHOOL_NOTIFICATION: &str = "019ab40e-2c61-7d83-9a4b-70f1c5e82d13";
    pub const RESIDENCE: &str = "019ab406-3c1e-7b62-91d4-a82f07c6e50f";
    pub const ENROLMENT: &str = "019ab408-d7a5-7e40-8b3f-4c19e6a20d10";
    pub const EXAM_DOCUMENT: &str = "019ab40a-60f2-7c9d-a5e8-17d3b84cf611";
    pub const CANDIDATE: &str = "019ab40c-8e47-7a15-92bc-5f60d9e31712";
    pub const SESSION: &str = "019ab40f-5b20-7c84-9e13-d60a72f8c415";
    pub const RUN: &str = "019ab40e-14b9-7d38-8fa2-c3e7501d9a13";
    pub const JOB: &str = "019ab424-0c53-7d16-8e72-b4f91a60d32f";
    pub const RELEASE: &str = "019ab424-3e81-7a94-95d0-6c27f8b1e430";
    pub const EVENT: &str = "019ab400-5a74-7f13-8c96-e2b407d9530c";
    pub const LOG_REVIEW: &str = "019ab418-5b21-7c74-8e03-9d41c6b2f013";
    pub const LOG_REVIEW_ROW: &str = "019ab418-7d90-7a16-93f5-2ab8e0c41d14";
    pub const REQUEST: &str = "019ab402-b1ce-7a58-9f20-6c83d5e1740d";
    pub const CONSENT: &str = "019ab410-03e1-7a44-9d1b-5c2f80a6e30f";
    pub const DISCLOSURE: &str = "019ab412-6c08-7f92-8ab5-e94d17c3b210";
    pub const NOTE: &str = "019ab414-d73a-7e05-91c8-3f6b08e2a411";
    pub const EXTRACT: &str = "019ab41a-2b7c-7e13-8d40-6a91f0c3e515";
    pub const RESTRICTION: &str = "019ab41c-5d20-7f48-9a61-c03e7b8d2416";
    pub const CHIEF: &str = "0199a1c4-7e30-7b52-9a14-c80d2f6e1b17";
    pub const DISPOSAL_HOLD: &str = "019ab41e-1c40-7d25-8b93-7f06e2d5a417";
    pub const DISPOSAL_RUN: &str = "019ab41e-4a96-7e03-9d58-21c7b0f3e618";
    pub const DISPOSAL_ITEM: &str = "019ab41e-6b12-7c71-a0e4-58d93f1b7c19";
    pub const PERIOD_COST: &str = "019ab420-1b38-7d14-8e02-4c7a93f05e19";
    pub const ORGANISATION: &str = "019ab420-3c71-7a52-9e18-b60d2f84c71a";
    pub const CONTACT_PERSON: &str = "019ab420-5e94-7c06-8d27-f19a3b60e21b";
    pub const PLACEMENT_OFFER: &str = "019ab422-1a40-7c83-9f25-6e81b0d7432c";
    pub const PLACEMENT_WISH: &str = "019ab422-4b77-7e19-8a60-d25c9f13e82d";
    pub const PLACEMENT: &str = "019ab422-7d02-7a48-b391-08f6e4c2a52e";
    pub const GOAL: &str = "019ab424-2c51-7d08-9e43-7a10b5f86c31";
    pub const GOAL_VALUE: &str = "019ab424-5e83-7b27-8d16-c49f02e7a832";
    pub const GOAL_ACTIVITY: &str = "019ab424-80d6-7f95-a274-1b3ce86d0933";
    pub const NATIONAL_FILE: &str = "019ab424-2c15-7d60-8b47-f30e92a5c731";
    pub const NATIONAL_FILE_PROBLEM: &str = "019ab424-5e83-7a19-94d2-0c7b61f8e832";
    pub const TRANSFER: &str = "019ab416-41f9-7d8c-a053-b27c95d01e12";
    pub const ADDENDUM: &str = "019ab404-9e3d-7c27-a6b1-f04d82c5930e";
}

/// The words that whoever writes lets stand, in every body that holds a free text of the register.
pub const CONFIRMS: Input = Input::Own(super::shape::p(
    "confirmedTerms",
    Kind::Many(&Kind::Text(100), 100),
    "sjuk",
    "Exactly the words that an earlier answer called sensitive, if they shall stand.",
    "Precis de ord som ett tidigare svar kallade känsliga, om de ska stå kvar.",
));

/// A kind of record with everything the contract says of it.
pub struct Chapter {
    /// The kind; its name is the tag.
    pub resource: Resource,
    /// Heading in English and in Swedish.
    pub title: (&'static str, &'static str),
    /// What it is, in English and in Swedish.
    pub text: (&'static str, &'static str),
    /// The records that are shown.
    pub shown: &'static [Shown],
    /// Objects inside records and answers.
    pub parts: &'static [Part],
    /// The operations.
    pub operations: &'static [Described],
}

/// A record as it is shown: the properties of the fields of the access table.
pub struct Shown {
    /// The kind.
    pub resource: Resource,
    /// The name of its schema.
    pub name: &'static str,
    /// The name of the schema of an earlier version of it, which lacks what was not kept yet.
    pub as_it_was: Option<&'static str>,
    /// What it is, in English and in Swedish.
    pub text: (&'static str, &'static str),
    /// A property for each field.
    pub properties: &'static [Property],
}

/// An object with a name of its own.
pub struct Part {
    /// The name of its schema.
    pub name: &'static str,
    /// What it is, in English and in Swedish.
    pub text: (&'static str, &'static str),
    /// Its members.
    pub properties: &'static [Property],
}

/// What a body may hold.
#[derive(Clone, Copy)]
pub enum Input {
    /// The field of the record by this name; whether it must be sent.
    Field(&'static str, bool),
    /// Something that is no field of the record, or is sent otherwise than it is shown.
    Own(Property),
}

/// A field of the record that must be sent.
pub const fn must(name: &'static str) -> Input {
    Input::Field(name, true)
}
/// A field of the record that may be sent.
pub const fn may(name: &'static str) -> Input {
    Input::Field(name, false)
}

/// What an operation answers, besides what the route says.
#[derive(Clone, Copy)]
pub enum Answer {
    /// The record, or rows, of the operation's own kind.
    Own,
    /// A record, or rows, of another schema.
    Of(&'static str),
}

/// An operation in words.
pub struct Described {
    /// Which.
    pub operation: Operation,
    /// Summary and description, in English.
    pub en: (&'static str, &'static str),
    /// Summary and description, in Swedish.
    pub sv: (&'static str, &'static str),
    /// The parameters of the address, besides paging.
    pub query: &'static [Property],
    /// What the body may hold; `None` if there is none to describe.
    pub takes: Option<&'static [Input]>,
    /// What it answers.
    pub answers: Answer,
    /// Errors of its own, beyond those that follow from the route.
    pub errors: &'static [ErrorCode],
    /// Whether `If-Match` may be told without being required.
    pub may_tell_version: bool,
    /// Inputs that do not go together with the others in one example.
    pub not_in_example: &'static [&'static str],
}

impl Described {
    /// Describes an operation: summary and description in English, then in Swedish.
    pub const fn of(
        operation: Operation,
        en: (&'static str, &'static str),
        sv: (&'static str, &'static str),
    ) -> Self {
        Self {
            operation,
            en,
            sv,
            query: &[],
            takes: None,
            answers: Answer::Own,
            errors: &[],
            may_tell_version: false,
            not_in_example: &[],
        }
    }
    /// With these parameters.
    pub const fn query(mut self, query: &'static [Property]) -> Self {
        self.query = query;
        self
    }
    /// With a body of these members.
    pub const fn takes(mut self, takes: &'static [Input]) -> Self {
        self.takes = Some(takes);
        self
    }
    /// With an answer of this schema instead of the record's.
    pub const fn answers(mut self, name: &'static str) -> Self {
        self.answers = Answer::Of(name);
        self
    }
    /// With errors of its own.
    pub const fn errors(mut self, errors: &'static [ErrorCode]) -> Self {
        self.errors = errors;
        self
    }
    /// The version may be told.
    pub const fn may_tell_version(mut self) -> Self {
        self.may_tell_version = true;
        self
    }
    /// Without these inputs in the example.
    pub const fn not_in_example(mut self, names: &'static [&'static str]) -> Self {
        self.not_in_example = names;
        self
    }
}

/// An operation in words.
pub fn described(operation: Operation) -> Option<&'static Described> {
    CHAPTERS
        .iter()
        .flat_map(|chapter| chapter.operations)
        .find(|described| described.operation == operation)
}

/// A record as it is shown.
pub fn shown(resource: Resource) -> Option<&'static Shown> {
    all_shown().find(|shown| shown.resource == resource)
}

/// Every kind of record that is shown.
pub fn all_shown() -> impl Iterator<Item = &'static Shown> {
    CHAPTERS.iter().flat_map(|chapter| chapter.shown)
}

/// An object by its name.
pub fn part(name: &str) -> Option<&'static Part> {
    CHAPTERS
        .iter()
        .flat_map(|chapter| chapter.parts)
        .find(|part| part.name == name)
}

/// The property of a field.
pub fn property(resource: Resource, name: &str) -> Option<&'static Property> {
    shown(resource)?
        .properties
        .iter()
        .find(|property| property.name == name)
}

/// An example of a record by the name of its schema.
pub fn record_example(name: &str) -> Value {
    let Some(shown) = all_shown().find(|s| s.name == name || s.as_it_was == Some(name)) else {
        return super::shape::example_of(Kind::Part(part_name(name)), "");
    };
    let members: Map<String, Value> = shown
        .properties
        .iter()
        .filter(|property| !property.is_write_only)
        .map(|property| (property.name.to_owned(), property.example_value()))
        .collect();
    Value::Object(members)
}

fn part_name(name: &str) -> &'static str {
    part(name).map_or("", |part| part.name)
}

/// The word for a path parameter: English, Swedish, example.
pub fn path_parameter(name: &str) -> Option<Property> {
    PATH_PARAMETERS
        .iter()
        .find(|property| property.name == name)
        .copied()
}

#[rustfmt::skip]
const PATH_PARAMETERS: &[Property] = &[
    super::shape::p("youthId", Kind::Id, ids::YOUTH, "The youth.", "Ungdomen."),
    super::shape::p("duplicateDismissalId", Kind::Id, ids::DISMISSAL, "That two are not the same.", "Att två inte är samma."),
    super::shape::p("youthMergeId", Kind::Id, ids::MERGE, "The merge.", "Sammanslagningen."),
    super::shape::p("episodeId", Kind::Id, ids::EPISODE, "The episode.", "Perioden."),
    super::shape::p("assignmentId", Kind::Id, ids::ASSIGNMENT, "The assignment.", "Tilldelningen."),
    super::shape::p("contactId", Kind::Id, ids::CONTACT, "The contact.", "Kontakten."),
    super::shape::p("outreachSessionId", Kind::Id, ids::OUTREACH_SESSION, "The session.", "Passet."),
    super::shape::p("outreachContactId", Kind::Id, ids::OUTREACH_CONTACT, "Whoever was met.", "Den som möttes."),
    super::shape::p("workHoursId", Kind::Id, ids::WORK_HOURS, "The reported time.", "Den rapporterade tiden."),
    super::shape::p("weekApprovalId", Kind::Id, ids::WEEK_APPROVAL, "The approval.", "Godkännandet."),
    super::shape::p("feedToken", Kind::Text(100), "nB4xQw9mK2eT7oPiF5tVzQ8yLk3vRc1gB6nXw0sLr5d", "The secret of the calendar's address.", "Hemligheten i kalenderns adress."),
    super::shape::p("tableName", Kind::Text(200), "personsOfferedBySex", "The name of the table, or of the goal's chart.", "Tabellens namn, eller namnet på målets diagram."),
    super::shape::p("occupationId", Kind::Id, ids::OCCUPATION, "What was ascertained of the occupation.", "Uppgiften om sysselsättning."),
    super::shape::p("mappingId", Kind::Id, ids::MAPPING, "The mapping.", "Kartläggningen."),
    super::shape::p("planRevisionId", Kind::Id, ids::PLAN, "The revision of the plan.", "Planrevisionen."),
    super::shape::p("planFollowUpId", Kind::Id, ids::PLAN_FOLLOW_UP, "The follow-up of the plan.", "Planuppföljningen."),
    super::shape::p("educationContractId", Kind::Id, ids::CONTRACT, "The education contract.", "Utbildningskontraktet."),
    super::shape::p("outcomeCheckId", Kind::Id, ids::OUTCOME_CHECK, "The check of an exit.", "Kontrollen av ett utfall."),
    super::shape::p("interventionId", Kind::Id, ids::INTERVENTION, "The intervention.", "Insatsen."),
    super::shape::p("referralId", Kind::Id, ids::REFERRAL, "The referral.", "Hänvisningen."),
    super::shape::p("consentId", Kind::Id, ids::CONSENT, "The consent.", "Samtycket."),
    super::shape::p("disclosureId", Kind::Id, ids::DISCLOSURE, "The disclosure.", "Utlämnandet."),
    super::shape::p("correctionNoteId", Kind::Id, ids::NOTE, "The correction note.", "Rättelseanteckningen."),
    super::shape::p("registerExtractId", Kind::Id, ids::EXTRACT, "The register extract.", "Registerutdraget."),
    super::shape::p("restrictionId", Kind::Id, ids::RESTRICTION, "The restriction.", "Begränsningen."),
    super::shape::p("disposalHoldId", Kind::Id, ids::DISPOSAL_HOLD, "The hold.", "Gallringsstoppet."),
    super::shape::p("disposalRunId", Kind::Id, ids::DISPOSAL_RUN, "The run of disposal.", "Gallringen."),
    super::shape::p("placementOfferId", Kind::Id, ids::PLACEMENT_OFFER, "The placement offer.", "Erbjudandet om platser."),
    super::shape::p("placementWishId", Kind::Id, ids::PLACEMENT_WISH, "The placement wish.", "Önskemålet om praktik."),
    super::shape::p("placementId", Kind::Id, ids::PLACEMENT, "The placement.", "Placeringen."),
    super::shape::p("costId", Kind::Id, ids::PERIOD_COST, "The cost.", "Kostnaden."),
    super::shape::p("organisationId", Kind::Id, ids::ORGANISATION, "The organisation.", "Organisationen."),
    super::shape::p("contactPersonId", Kind::Id, ids::CONTACT_PERSON, "The contact person.", "Kontaktpersonen."),
    super::shape::p("goalId", Kind::Id, ids::GOAL, "The goal.", "Målet."),
    super::shape::p("goalValueId", Kind::Id, ids::GOAL_VALUE, "The value of a goal.", "Målets värde."),
    super::shape::p("goalActivityId", Kind::Id, ids::GOAL_ACTIVITY, "The activity for a goal.", "Aktiviteten för ett mål."),
    super::shape::p("transferId", Kind::Id, ids::TRANSFER, "The transfer.", "Överflyttningen."),
    super::shape::p("taskId", Kind::Id, ids::TASK, "The task.", "Uppgiften."),
    super::shape::p("unitId", Kind::Id, ids::UNIT, "The unit.", "Enheten."),
    super::shape::p("sessionId", Kind::Id, ids::SESSION, "The session.", "Inloggningen."),
    super::shape::p("userId", Kind::Id, ids::USER, "The member of staff.", "Medarbetaren."),
    super::shape::p("schoolNotificationId", Kind::Id, ids::SCHOOL_NOTIFICATION, "The school notification.", "Meddelandet från skolan."),
    super::shape::p("importId", Kind::Id, ids::IMPORT, "The import.", "Inläsningen."),
    super::shape::p("accessGrantId", Kind::Id, ids::GRANT, "The break-glass.", "Nödöppnandet."),
    super::shape::p("residenceId", Kind::Id, ids::RESIDENCE, "The residence.", "Boendet."),
    super::shape::p("enrolmentId", Kind::Id, ids::ENROLMENT, "The enrolment.", "Inskrivningen."),
    super::shape::p("examDocumentId", Kind::Id, ids::EXAM_DOCUMENT, "The document.", "Betygsdokumentet."),
    super::shape::p("candidateId", Kind::Id, ids::CANDIDATE, "The candidate.", "Kandidaten."),
    super::shape::p("targetGroupRunId", Kind::Id, ids::RUN, "The run.", "Körningen."),
    super::shape::p("statisticsReleaseId", Kind::Id, ids::RELEASE, "The release.", "Uttaget."),
    super::shape::p("nationalFileId", Kind::Id, ids::NATIONAL_FILE, "The file.", "Filen."),
    super::shape::p("jobId", Kind::Id, ids::JOB, "The job.", "Arbetet."),
    super::shape::p("logReviewId", Kind::Id, ids::LOG_REVIEW, "The review of the log.", "Granskningen av loggen."),
    super::shape::p("logReviewRowId", Kind::Id, ids::LOG_REVIEW_ROW, "The row of the sample.", "Raden i urvalet."),
    super::shape::p("importDecisionId", Kind::Id, ids::DECISION, "The row that waits for a decision.", "Raden som väntar på beslut."),
];
