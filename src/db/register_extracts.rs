//! Register extracts: the row that stays of each, and what is gathered for one that no list of the register gives: numbers
//! in force and earlier, notifications, rows of rosters, tasks, openings of closed data, earlier versions, who has read, and
//! the staff by role. `TABLES` tells of every table of the schema whether an extract has it. What of it is handed over is
//! decided in `service::register_extracts`; that what lies in the compartment is asked for, in `policy`.

use super::access_grants::{AccessGrantRow, StoredAccessGrantRow};
use super::audited::AuditedTx;
use super::cipher::{AllStored, CipherText, Hidden, guarded};
use super::disclosed::{Word, disclosed};
use super::imports::{DecisionRow, FileRow, StoredDecisionRow};
use super::listing::load_page_by_id;
use super::notes_apart::relation_with_notes;
use super::paging::{Page, PageRequest};
use super::schema::{
    access_grants, audit_events, audit_subjects, import_decisions, import_rows,
    protected_register_extracts, protected_tasks, protected_versions, record_versions,
    register_extracts, school_notifications, tasks, units, users, youth_identifiers,
};
use super::school_notifications::{SchoolNotificationRow, StoredSchoolNotificationRow};
use super::tasks::{OpenTask, PROTECTED, ProtectedTask, StoredTaskRow, TaskRecord};
use super::types::{Json, Timestamp};
use super::versions;
use super::youth_merges::ids_of;
use super::youths::place_of_number;
use crate::clock::day_of;
use crate::domain::codes::{AuditOutcome, GrantPurpose};
use crate::domain::id::{AuditEvent, Id, Identifier, Record, RegisterExtract, Unit, User, Youth};
use crate::domain::operation::{Operation, Resource};
use crate::domain::register_extract::IdentityProof;
use crate::domain::user::Role;
use crate::error::{ErrorCode, Result};
use crate::policy::decide::{Relation, sees};
use crate::policy::reveal::{Permit, Sealed};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

guarded! {
    /// An extract as stored; it never changes.
    #[derive(Clone)]
    pub struct RegisterExtractRow as StoredRegisterExtractRow [derive(Queryable, Insertable), diesel(table_name = register_extracts)] in register_extracts by id {
        pub id: Id<RegisterExtract>,
        pub youth_id: Id<Youth>,
        pub requested_on: NaiveDate,
        pub request_reference ~ Option<String>,
        pub identity_proof: IdentityProof,
        pub reason ~ String,
        pub includes_readers: bool,
        /// Whether it covers the protected compartment.
        pub is_whole: bool,
        /// A list of the codes of [`crate::domain::register_extract::ExtractCategory`].
        pub categories: Json,
        /// A list of what was left out of the register: resource, record, ground and reason.
        pub omissions ~ Json,
        pub content_sha256: String,
        pub made_by: Id<User>,
        pub created_at: Timestamp,
    }
}

guarded! {
    /// What was left out of the compartment.
    #[derive(Clone)]
    pub struct ProtectedOmissionsRow as StoredProtectedOmissionsRow [derive(Queryable, Insertable), diesel(table_name = protected_register_extracts)] in protected_register_extracts by extract_id {
        pub extract_id: Id<RegisterExtract>,
        pub omissions ~ Json,
    }
}

/// An extract with what was left out of it, as far as the actor may know of it.
#[derive(Clone)]
pub struct RegisterExtractRecord {
    pub row: RegisterExtractRow,
    /// Of the compartment; empty for whoever may not know of it.
    pub protected_omissions: Vec<Value>,
}

impl RegisterExtractRecord {
    /// What was left out, of the register first.
    pub fn omissions(&self) -> Vec<Value> {
        let open = self.row.omissions.0.as_array().cloned().unwrap_or_default();
        open.into_iter()
            .chain(self.protected_omissions.iter().cloned())
            .collect()
    }
}

disclosed!(RegisterExtractRecord, RegisterExtracts, |r| youth: Some(r.row.youth_id), id: r.row.id, version: 1, {
    "id": r.row.id,
    "youthId": r.row.youth_id,
    "requestedOn": r.row.requested_on,
    "requestReference": r.row.request_reference,
    "identityProof": Word(r.row.identity_proof),
    "reason": r.row.reason,
    "includesReaders": r.row.includes_readers,
    "isWhole": r.row.is_whole,
    "categories": r.row.categories.0,
    "omissions": r.omissions(),
    "contentSha256": r.row.content_sha256,
    "madeBy": r.row.made_by,
    "createdAt": r.row.created_at,
});

/// An extract.
///
/// # Errors
/// 404 when there is none.
pub fn load(
    tx: &mut AuditedTx<'_>,
    id: Id<RegisterExtract>,
) -> Result<Sealed<RegisterExtractRecord>> {
    let row: StoredRegisterExtractRow = register_extracts::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    tx.concern(row.youth_id);
    let relation = relation_with_notes(tx, row.youth_id)?;
    sealed(tx, vec![row], &relation)?
        .pop()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// The extracts of one youth, newest first.
///
/// # Errors
/// 404; 400 for a position that was not made for this list.
pub fn list_of_youth(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    request: &PageRequest,
) -> Result<Page<Sealed<RegisterExtractRecord>>> {
    let query = register_extracts::table
        .filter(register_extracts::youth_id.eq(youth_id))
        .into_boxed();
    let page: Page<StoredRegisterExtractRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        register_extracts::id,
        |row: &StoredRegisterExtractRow| row.id
    );
    let relation = relation_with_notes(tx, youth_id)?;
    page.try_with(|rows| sealed(tx, rows, &relation))
}

/// The extracts of a youth that were made before another, the first first.
///
/// # Errors
/// The database does not answer.
pub fn before(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    id: Id<RegisterExtract>,
) -> Result<Vec<Sealed<RegisterExtractRecord>>> {
    let rows: Vec<StoredRegisterExtractRow> = register_extracts::table
        .filter(register_extracts::youth_id.eq(youth_id))
        .filter(register_extracts::id.lt(id))
        .order(register_extracts::id)
        .load(tx.conn())?;
    let relation = relation_with_notes(tx, youth_id)?;
    sealed(tx, rows, &relation)
}

/// Stores a new extract.
///
/// # Errors
/// The database does not answer.
pub fn insert(tx: &mut AuditedTx<'_>, _: &Permit, record: &RegisterExtractRecord) -> Result<()> {
    diesel::insert_into(register_extracts::table)
        .values(record.row.enciphered(tx.vault())?)
        .execute(tx.conn())?;
    if !record.protected_omissions.is_empty() {
        let row = ProtectedOmissionsRow {
            extract_id: record.row.id,
            omissions: Json(Value::Array(record.protected_omissions.clone())),
        };
        diesel::insert_into(protected_register_extracts::table)
            .values(row.enciphered(tx.vault())?)
            .execute(tx.conn())?;
    }
    Ok(())
}

fn sealed(
    tx: &mut AuditedTx<'_>,
    rows: Vec<StoredRegisterExtractRow>,
    relation: &Relation,
) -> Result<Vec<Sealed<RegisterExtractRecord>>> {
    let rows = rows.all_deciphered(tx.vault())?;
    let mut protected: HashMap<Id<RegisterExtract>, Vec<Value>> = HashMap::new();
    if sees(tx.actor(), Resource::ProtectedStatuses, relation) {
        let ids: Vec<Id<RegisterExtract>> = rows.iter().map(|row| row.id).collect();
        let found: Vec<StoredProtectedOmissionsRow> = protected_register_extracts::table
            .filter(protected_register_extracts::extract_id.eq_any(ids))
            .load(tx.conn())?;
        for row in found.all_deciphered(tx.vault())? {
            protected.insert(
                row.extract_id,
                row.omissions.0.as_array().cloned().unwrap_or_default(),
            );
        }
    }
    let me = tx.actor().user_id();
    Ok(rows
        .into_iter()
        .map(|row| {
            let relation = Relation {
                is_own: me == Some(row.made_by),
                ..relation.clone()
            };
            let protected_omissions = protected.remove(&row.id).unwrap_or_default();
            Sealed::new(
                RegisterExtractRecord {
                    row,
                    protected_omissions,
                },
                relation,
            )
        })
        .collect())
}

// What no list gives -----------------------------------------------------------------------------

/// An identity number of a youth, in force or not.
pub struct IdentifierRow {
    pub id: Id<Identifier>,
    pub kind: String,
    pub number: String,
    pub is_current: bool,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// What it is found by.
    pub tag: String,
}

/// Every identity number that a youth has or had, the first first.
///
/// # Errors
/// The database does not answer.
pub fn identifiers(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<IdentifierRow>> {
    type Stored = (
        Id<Identifier>,
        String,
        String,
        bool,
        NaiveDate,
        Option<NaiveDate>,
        CipherText,
    );
    let rows: Vec<Stored> = youth_identifiers::table
        .filter(youth_identifiers::youth_id.eq(youth_id))
        .order((youth_identifiers::valid_from, youth_identifiers::id))
        .select((
            youth_identifiers::id,
            youth_identifiers::kind,
            youth_identifiers::value,
            youth_identifiers::is_current,
            youth_identifiers::valid_from,
            youth_identifiers::valid_to,
            youth_identifiers::number,
        ))
        .load(tx.conn())?;
    rows.into_iter()
        .map(
            |(id, kind, tag, is_current, valid_from, valid_to, number)| {
                let number = String::open(number, tx.vault(), &place_of_number(id))?;
                Ok(IdentifierRow {
                    id,
                    kind,
                    number,
                    is_current,
                    valid_from,
                    valid_to,
                    tag,
                })
            },
        )
        .collect()
}

/// What schools have told about a youth.
///
/// # Errors
/// The database does not answer.
pub fn notifications(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
) -> Result<Vec<SchoolNotificationRow>> {
    let rows: Vec<StoredSchoolNotificationRow> = school_notifications::table
        .filter(school_notifications::youth_id.eq(youth_id))
        .order(school_notifications::id)
        .load(tx.conn())?;
    rows.all_deciphered(tx.vault())
}

/// The rows of rosters that are about a youth, without what outsiders are told of them.
///
/// # Errors
/// The database does not answer.
pub fn roster_rows(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>) -> Result<Vec<FileRow>> {
    Ok(import_rows::table
        .filter(import_rows::youth_id.eq(youth_id))
        .order((import_rows::import_id, import_rows::line))
        .load(tx.conn())?)
}

/// The rows of rosters about a youth that a person decided or decides on, also those that wait under a number of the
/// youth's.
///
/// # Errors
/// The database does not answer.
pub fn roster_decisions(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    tags: &[String],
) -> Result<Vec<DecisionRow>> {
    let rows: Vec<StoredDecisionRow> = import_decisions::table
        .filter(
            import_decisions::youth_id
                .eq(youth_id)
                .assume_not_null()
                .or(import_decisions::youth_id
                    .is_null()
                    .and(import_decisions::identifier_value.eq_any(tags))),
        )
        .order(import_decisions::id)
        .load(tx.conn())?;
    rows.all_deciphered(tx.vault())
}

/// Every task about a youth, open or closed. What is for the chief's eyes alone tells that the compartment holds something,
/// so it stands in a whole extract only.
///
/// # Errors
/// The database does not answer.
pub fn open_tasks(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    is_whole: bool,
) -> Result<Vec<OpenTask>> {
    let rows: Vec<StoredTaskRow> = tasks::table
        .filter(tasks::youth_id.eq(youth_id))
        .order(tasks::id)
        .load(tx.conn())?;
    let today = tx.today();
    let rows = rows.all_deciphered(tx.vault())?;
    let told = rows
        .into_iter()
        .filter(|row| is_whole || !row.kind.is_chiefs());
    Ok(told
        .map(|row| OpenTask(TaskRecord::alone(row, today)))
        .collect())
}

/// The same of the compartment. Who calls has found that the actor may know of it.
///
/// # Errors
/// The database does not answer.
pub fn protected_tasks(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    youth_id: Id<Youth>,
) -> Result<Vec<ProtectedTask>> {
    let rows: Vec<StoredTaskRow> = protected_tasks::table
        .filter(protected_tasks::youth_id.eq(youth_id))
        .order(protected_tasks::id)
        .load(tx.conn())?;
    let today = tx.today();
    let rows = rows.all_deciphered_in(tx.vault(), PROTECTED)?;
    Ok(rows
        .into_iter()
        .map(|row| ProtectedTask(TaskRecord::alone(row, today)))
        .collect())
}

/// Who opened what was closed of a youth. That somebody opened the compartment stands in a whole extract only.
///
/// # Errors
/// The database does not answer.
pub fn openings(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    is_whole: bool,
) -> Result<Vec<AccessGrantRow>> {
    let rows: Vec<StoredAccessGrantRow> = access_grants::table
        .filter(access_grants::youth_id.eq(youth_id))
        .order(access_grants::id)
        .load(tx.conn())?;
    let mut rows = rows.all_deciphered(tx.vault())?;
    rows.retain(|row| is_whole || row.purpose != GrantPurpose::ProtectedCompartment);
    Ok(rows)
}

/// A version as it was kept: its number, when it was made, every field.
pub type KeptVersion = (i64, Timestamp, Value);

/// The kept versions of some records of a kind, the first first.
///
/// # Errors
/// The database does not answer.
pub fn versions_of(
    tx: &mut AuditedTx<'_>,
    resource: Resource,
    ids: &[Id<Record>],
) -> Result<HashMap<Id<Record>, Vec<KeptVersion>>> {
    type Stored = (Id<Record>, i64, Timestamp, CipherText);
    macro_rules! kept {
        ($table:ident) => {
            $table::table
                .filter($table::resource.eq(resource.name()))
                .filter($table::record_id.eq_any(ids))
                .order(($table::record_id, $table::version))
                .select((
                    $table::record_id,
                    $table::version,
                    $table::changed_at,
                    $table::document,
                ))
                .load(tx.conn())?
        };
    }
    let (rows, table): (Vec<Stored>, &str) = if resource.is_of_compartment() {
        (kept!(protected_versions), "protected_versions")
    } else {
        (kept!(record_versions), "record_versions")
    };
    let mut kept: HashMap<Id<Record>, Vec<KeptVersion>> = HashMap::new();
    for (id, version, changed_at, document) in rows {
        let place = versions::place(table, id, version);
        let document = Json::open(document, tx.vault(), &place)?.0;
        kept.entry(id)
            .or_default()
            .push((version, changed_at, document));
    }
    Ok(kept)
}

/// Who touched the record of a youth on a day, and how many times.
pub struct Reading {
    pub on: NaiveDate,
    pub user_id: Option<Id<User>>,
    pub role: Option<String>,
    pub times: i64,
}

/// Who read or changed something of a youth before an instant, by day and person, the first first; without what concerned
/// the protected compartment alone, unless that is covered.
///
/// # Errors
/// The database does not answer.
pub fn readings(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    before: Timestamp,
    is_whole: bool,
) -> Result<Vec<Reading>> {
    type Touched = (Id<AuditEvent>, Timestamp, Option<Id<User>>, Option<String>);
    let ids = ids_of(tx, youth_id)?;
    let mut query = audit_subjects::table
        .inner_join(audit_events::table.on(audit_events::id.eq(audit_subjects::event_id)))
        .filter(audit_subjects::youth_id.eq_any(ids))
        .filter(audit_events::outcome.eq(AuditOutcome::Allowed))
        .filter(audit_events::at.lt(before))
        .select((
            audit_events::id,
            audit_events::at,
            audit_events::actor_id,
            audit_events::role,
        ))
        .distinct()
        .into_boxed();
    if !is_whole {
        let kinds: Vec<&str> = Resource::COMPARTMENT
            .iter()
            .map(|kind| kind.name())
            .collect();
        let deeds: Vec<&str> = Operation::ALL
            .iter()
            .filter(|operation| operation.resource().is_of_compartment())
            .map(|operation| operation.name())
            .collect();
        query = query
            .filter(audit_subjects::resource.ne_all(kinds))
            .filter(audit_events::operation.ne_all(deeds));
    }
    let rows: Vec<Touched> = query.load(tx.conn())?;
    type ByDay = (NaiveDate, Option<Id<User>>, Option<String>);
    let mut times: BTreeMap<ByDay, i64> = BTreeMap::new();
    for (_, at, user_id, role) in rows {
        *times.entry((day_of(at.utc()), user_id, role)).or_default() += 1;
    }
    Ok(times
        .into_iter()
        .map(|((on, user_id, role), times)| Reading {
            on,
            user_id,
            role,
            times,
        })
        .collect())
}

/// The role and the name of some members of staff, active or not.
///
/// # Errors
/// The database does not answer.
pub fn staff_of(
    tx: &mut AuditedTx<'_>,
    ids: &[Id<User>],
) -> Result<HashMap<Id<User>, (Role, String)>> {
    let rows: Vec<(Id<User>, Role, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::role, users::display_name))
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|(id, role, name)| (id, (role, name)))
        .collect())
}

/// The names of the units.
///
/// # Errors
/// The database does not answer.
pub fn unit_names(tx: &mut AuditedTx<'_>) -> Result<HashMap<Id<Unit>, String>> {
    let rows: Vec<(Id<Unit>, String)> = units::table
        .select((units::id, units::name))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

// What is in, and what is not ---------------------------------------------------------------------

/// Whether an extract has the rows of a table about the youth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extracted {
    /// Each row, under this kind of record; of the compartment in a whole extract.
    Each(Resource),
    /// With the record that it belongs to.
    With(Resource),
    /// It is not, for this reason.
    LeftOut(&'static str),
}

const NOT_OF_YOUTHS: Extracted = Extracted::LeftOut("nothing in it is about a youth");

/// Every table of the schema; a test compares, so that none is forgotten.
#[rustfmt::skip]
pub const TABLES: &[(&str, Extracted)] = &[
    ("youths", Extracted::Each(Resource::Youths)),
    ("youth_identifiers", Extracted::With(Resource::Youths)),
    ("youth_merges", Extracted::Each(Resource::YouthMerges)),
    ("protected_youth_merges", Extracted::LeftOut("how a merge is undone; what it says stands in the records themselves")),
    ("set_aside_records", Extracted::LeftOut("as protected_youth_merges")),
    ("duplicate_dismissals", Extracted::Each(Resource::DuplicateDismissals)),
    ("youth_names", Extracted::LeftOut("parts of the name that the youth's record shows, for searching")),
    ("current_occupations", Extracted::With(Resource::Youths)),
    ("measure_gates", Extracted::With(Resource::Youths)),
    ("residences", Extracted::Each(Resource::Residences)),
    ("enrolments", Extracted::Each(Resource::Enrolments)),
    ("exam_documents", Extracted::Each(Resource::ExamDocuments)),
    ("target_group_candidates", Extracted::Each(Resource::TargetGroupCandidates)),
    ("import_rows", Extracted::With(Resource::Youths)),
    ("import_decisions", Extracted::Each(Resource::ImportDecisions)),
    ("school_notifications", Extracted::Each(Resource::SchoolNotifications)),
    ("episodes", Extracted::Each(Resource::Episodes)),
    ("carried_notes", Extracted::With(Resource::Episodes)),
    ("contacts", Extracted::Each(Resource::Contacts)),
    ("contact_addenda", Extracted::With(Resource::Contacts)),
    ("outreach_contacts", Extracted::Each(Resource::OutreachContacts)),
    ("outreach_sessions", Extracted::LeftOut("whom a session met are counts; of a youth met in one, the contact is in it, with when and where")),
    ("outreach_participants", NOT_OF_YOUTHS),
    ("work_hours", NOT_OF_YOUTHS),
    ("week_approvals", NOT_OF_YOUTHS),
    ("calendar_feeds", NOT_OF_YOUTHS),
    ("occupations", Extracted::Each(Resource::Occupations)),
    ("mappings", Extracted::Each(Resource::Mappings)),
    ("plan_revisions", Extracted::Each(Resource::PlanRevisions)),
    ("plan_follow_ups", Extracted::With(Resource::PlanRevisions)),
    ("plan_follow_ups_done", Extracted::With(Resource::PlanRevisions)),
    ("education_contracts", Extracted::Each(Resource::EducationContracts)),
    ("education_contract_follow_ups", Extracted::With(Resource::EducationContracts)),
    ("outcome_checks", Extracted::Each(Resource::OutcomeChecks)),
    ("interventions", Extracted::Each(Resource::Interventions)),
    ("intervention_follow_ups", Extracted::With(Resource::Interventions)),
    ("placement_wishes", Extracted::Each(Resource::PlacementWishes)),
    ("placement_wish_fields", Extracted::With(Resource::PlacementWishes)),
    ("placements", Extracted::Each(Resource::Placements)),
    ("referrals", Extracted::Each(Resource::Referrals)),
    ("consents", Extracted::Each(Resource::Consents)),
    ("disclosures", Extracted::Each(Resource::Disclosures)),
    ("transfers", Extracted::Each(Resource::Transfers)),
    ("correction_notes", Extracted::Each(Resource::CorrectionNotes)),
    ("assignments", Extracted::Each(Resource::Assignments)),
    ("tasks", Extracted::Each(Resource::Tasks)),
    ("access_grants", Extracted::Each(Resource::AccessGrants)),
    ("processing_restrictions", Extracted::Each(Resource::Restrictions)),
    ("disposal_holds", Extracted::Each(Resource::DisposalHolds)),
    ("disposal_runs", NOT_OF_YOUTHS),
    ("disposal_items", Extracted::LeftOut("a proposal of what is disposed of, until it is carried out or withdrawn; that a period has run out follows from the record")),
    ("register_extracts", Extracted::Each(Resource::RegisterExtracts)),
    ("protected_referrals", Extracted::Each(Resource::ProtectedReferrals)),
    ("protected_consents", Extracted::Each(Resource::ProtectedConsents)),
    ("protected_disclosures", Extracted::Each(Resource::ProtectedDisclosures)),
    ("protected_correction_notes", Extracted::Each(Resource::ProtectedCorrectionNotes)),
    ("protected_statuses", Extracted::Each(Resource::ProtectedStatuses)),
    ("protected_tasks", Extracted::Each(Resource::ProtectedTasks)),
    ("protected_register_extracts", Extracted::LeftOut("why something was left out of an extract is secret as what was left out; that it was is told by that extract")),
    ("record_versions", Extracted::With(Resource::Youths)),
    ("protected_versions", Extracted::With(Resource::ProtectedStatuses)),
    ("audit_events", Extracted::LeftOut("the log of what the staff does; who read, by day and role, is told when it is asked for")),
    ("audit_subjects", Extracted::LeftOut("as the events that they belong to")),
    ("audit_field_sets", Extracted::LeftOut("names of fields, of nobody")),
    ("log_reviews", Extracted::LeftOut("about the staff")),
    ("log_review_rows", Extracted::LeftOut("about the staff")),
    ("idempotency_keys", Extracted::LeftOut("answers already given, of records that are in it, for a day")),
    ("protected_answers", Extracted::LeftOut("as idempotency_keys")),
    ("import_refusals", Extracted::LeftOut("rows that were not read, for whoever sent the file, for a while; of nobody in the register")),
    ("imports", NOT_OF_YOUTHS),
    ("target_group_runs", NOT_OF_YOUTHS),
    ("statistics_releases", NOT_OF_YOUTHS),
    ("statistics_release_figures", NOT_OF_YOUTHS),
    ("jobs", NOT_OF_YOUTHS),
    ("national_files", NOT_OF_YOUTHS),
    ("national_file_chunks", Extracted::LeftOut("a copy of what the records say, as it is reported by law, for some days")),
    ("national_file_problems", Extracted::LeftOut("what the controls of the national file find in records that are in it, for some days")),
    ("sensitive_term_counts", NOT_OF_YOUTHS),
    ("organisations", NOT_OF_YOUTHS),
    ("period_costs", NOT_OF_YOUTHS),
    ("contact_persons", NOT_OF_YOUTHS),
    ("goals", NOT_OF_YOUTHS),
    ("goal_values", NOT_OF_YOUTHS),
    ("goal_activities", NOT_OF_YOUTHS),
    ("goal_follow_ups", NOT_OF_YOUTHS),
    ("placement_offers", NOT_OF_YOUTHS),
    ("units", NOT_OF_YOUTHS),
    ("users", NOT_OF_YOUTHS),
    ("settings", NOT_OF_YOUTHS),
    ("sessions", NOT_OF_YOUTHS),
    ("single_sign_on_ties", NOT_OF_YOUTHS),
    ("single_sign_on_flows", NOT_OF_YOUTHS),
    ("spent_refresh_tokens", NOT_OF_YOUTHS),
    ("password_resets", NOT_OF_YOUTHS),
    ("signing_keys", NOT_OF_YOUTHS),
    ("second_factors", NOT_OF_YOUTHS),
    ("recovery_codes", NOT_OF_YOUTHS),
    ("sign_in_delays", NOT_OF_YOUTHS),
    ("key_checks", NOT_OF_YOUTHS),
    ("audit_anchors", NOT_OF_YOUTHS),
    ("audit_cuts", NOT_OF_YOUTHS),
    ("backfills", NOT_OF_YOUTHS),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn of_every_table_it_is_told_whether_an_extract_has_it() {
        let schema = crate::db::schema_text::tables();
        assert!(schema.len() > 60);
        let told: BTreeSet<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(told.len(), TABLES.len());
        assert_eq!(told, schema.keys().copied().collect());
        for (table, extracted) in TABLES {
            let names_youth = schema
                .get(*table)
                .unwrap()
                .iter()
                .any(|(column, _)| *column == "youth_id");
            assert!(
                !names_youth || *extracted != NOT_OF_YOUTHS,
                "{table} names a youth and is said to be about none"
            );
        }
    }

    #[test]
    fn every_kind_of_record_with_a_youth_is_in_it() {
        use crate::policy::access_table::field_names;
        let each: BTreeSet<Resource> = TABLES
            .iter()
            .filter_map(|(_, extracted)| match extracted {
                Extracted::Each(resource) => Some(*resource),
                _ => None,
            })
            .collect();
        for resource in Resource::ALL {
            let has_youth = field_names(*resource).any(|name| name == "youthId");
            // What is worked out from the facts at the moment of the question, and stored nowhere.
            let is_derived = matches!(
                *resource,
                Resource::TargetGroups
                    | Resource::NextAttempts
                    | Resource::TimelineEntries
                    | Resource::PlacementMatches
                    | Resource::Sharing
                    | Resource::ProtectedSharing
            );
            // What follows from the records themselves: see TABLES.
            let is_proposal = matches!(
                *resource,
                Resource::DisposalItems | Resource::NationalFileProblems
            );
            assert!(
                !has_youth || is_derived || is_proposal || each.contains(resource),
                "{resource:?}"
            );
        }
    }
}
