//! Every column of the database is a property of an answer, or stands here with why it is none; and every property comes
//! from a column, or stands here as derived. A new column cannot be forgotten, nor can it come out unseen.

use super::pascal;
use crate::database::columns;
use crate::support::TestDatabase;
use crate::support::contract::DOCUMENT;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the columns of a table.
struct Held {
    table: &'static str,
    /// The schema that shows its rows; none if they never leave the service.
    schema: Option<&'static str>,
    /// Columns that are never shown.
    inside: &'static [&'static str],
    /// Columns that are shown under another name.
    named: &'static [(&'static str, &'static str)],
    /// Properties without a column of the table.
    derived: &'static [&'static str],
}

const fn shown(
    table: &'static str,
    schema: &'static str,
    inside: &'static [&'static str],
    named: &'static [(&'static str, &'static str)],
    derived: &'static [&'static str],
) -> Held {
    Held {
        table,
        schema: Some(schema),
        inside,
        named,
        derived,
    }
}
const fn inside(table: &'static str) -> Held {
    Held {
        table,
        schema: None,
        inside: &[],
        named: &[],
        derived: &[],
    }
}

#[rustfmt::skip]
const HELD: &[Held] = &[
    shown("units", "Unit", &[], &[], &[]),
    // One row, whose document is shown setting by setting.
    shown("settings", "Settings", &["id", "document"], &[], &["municipalityCode", "municipalityName", "preventiveContactDays", "mostDaysDeferred", "outreachProposalDays", "candidateDecisionDays", "contactLadder", "ladderPauseDays", "declinedRetryDays", "outcomeCheckMonths", "resumptionMonths", "occupationWorkDays", "occupationInternshipDays", "occupationStudiesDays", "occupationOtherActivityDays", "occupationNoneDays", "occupationLapsingDays", "mappingDueDays", "planDueDays", "letterBefore20Days", "letterBefore20DueDays", "placementFirstFollowUpDays", "placementFollowUpEveryDays", "contractAgeFrom", "contractAgeTo", "sensitiveTerms", "recipientRegimes", "ownSecrecyRegime", "consentDays", "secondFactorRoles", "extractNamesReaders", "logReviewRandomRows", "logReviewTargetedRows", "officeHoursFrom", "officeHoursTo", "officeClosedOnEves", "auditRetentionMonths", "nationalFileDays", "retentionPolicies"]),
    shown("sessions", "OpenSession", &["user_id", "refresh_hash", "previous_refresh_hash", "ended_at", "has_provider_factor"], &[], &["isCurrent"]),
    // Hashes of passwords are verified and never shown.
    shown("users", "User", &["password_hash"], &[], &[]),
    // Keys of order and search, and what lists are narrowed by; age, number, gate, tracks and handler come from elsewhere.
    shown("youths", "Youth", &["sort_name", "contact_sort_on", "target_facts_changed_at", "is_in_kaa", "is_in_outreach", "is_open", "is_offered"], &[],
        &["age", "daysSinceReached", "daysSinceTried", "identityNumber", "mayStartMeasures", "mayStartMeasuresSince", "tracks", "handlerId", "correctionNotes", "restrictedSince",
          "occupation", "occupationSince", "occupationAsOf", "occupationValidUntil", "lastKnownOccupation"]),
    // Who made a version is told by the versions.
    shown("episodes", "Episode", &["created_by"], &[], &["handlerId", "carriedNotes", "daysSinceReached", "daysSinceTried"]),
    shown("duplicate_dismissals", "DuplicateDismissal", &[], &[], &[]),
    // What it takes to undo one is shown to nobody.
    shown("youth_merges", "YouthMerge", &["changes"], &[], &["isUndoable"]),
    inside("protected_youth_merges"),
    inside("set_aside_records"),
    shown("residences", "Residence", &[], &[], &[]),
    shown("enrolments", "Enrolment", &[], &[], &[]),
    shown("exam_documents", "ExamDocument", &[], &[], &[]),
    // The fingerprint compares questions; the cursor says how far a run has come.
    shown("target_group_candidates", "Candidate", &["fingerprint"], &[], &[]),
    shown("target_group_runs", "TargetGroupRun", &["cursor_id"], &[], &[]),
    shown("assignments", "Assignment", &[], &[], &[]),
    shown("contacts", "Contact", &[], &[], &["addenda", "isLocked"]),
    shown("contact_addenda", "ContactAddendum", &["contact_id"], &[], &[]),
    shown("outreach_sessions", "OutreachSession", &[], &[], &["participants", "metCount", "isLocked"]),
    shown("outreach_participants", "OutreachParticipant", &["session_id"], &[], &[]),
    shown("outreach_contacts", "OutreachContact", &[], &[], &["isTied", "isLocked"]),
    // Whose unit's it is, its staff knows.
    shown("work_hours", "WorkHours", &["unit_id"], &[], &[]),
    // The Monday is shown as the week.
    shown("week_approvals", "WeekApproval", &["unit_id"], &[("week_on", "week")], &[]),
    shown("occupations", "OccupationObservation", &[], &[], &[]),
    // Shown with the youth, as it is on the day of the reading.
    inside("current_occupations"),
    shown("mappings", "Mapping", &[], &[], &[]),
    // The agreement is shown as one; the days stand in a table of their own.
    shown("plan_revisions", "PlanRevision", &["agreed_on", "agreement_form", "agreed_to", "not_agreed_to"], &[],
        &["followUps", "agreement"]),
    shown("plan_follow_ups", "PlanFollowUp", &["revision_id"], &[], &["doneOn"]),
    // The day is shown with the follow-up; who recorded it is told by the log.
    inside("plan_follow_ups_done"),
    shown("education_contracts", "EducationContract", &[], &[], &["followUps"]),
    shown("education_contract_follow_ups", "FollowUp", &["id", "contract_id"], &[], &[]),
    shown("outcome_checks", "OutcomeCheck", &[], &[], &[]),
    shown("interventions", "Intervention", &[], &[], &["followUps"]),
    shown("intervention_follow_ups", "MeasureFollowUp", &["id", "intervention_id"], &[], &[]),
    // Whether a place is free, and where a placement stands, follows from the interventions.
    shown("placement_offers", "PlacementOffer", &[], &[], &["hasFreePlace"]),
    shown("placement_wishes", "PlacementWish", &[], &[], &["fields"]),
    inside("placement_wish_fields"),
    shown("placements", "Placement", &[], &[], &["answer", "startedOn", "endedOn", "isHeld"]),
    shown("referrals", "Referral", &[], &[], &[]),
    // Looks like any other referral to those who see it.
    shown("protected_referrals", "Referral", &[], &[], &[]),
    shown("consents", "Consent", &[], &[], &[]),
    shown("protected_consents", "Consent", &[], &[], &[]),
    shown("disclosures", "Disclosure", &[], &[], &[]),
    shown("protected_disclosures", "Disclosure", &[], &[], &[]),
    shown("correction_notes", "CorrectionNote", &[], &[], &[]),
    shown("protected_correction_notes", "CorrectionNote", &[], &[], &[]),
    // A key of order.
    shown("organisations", "Organisation", &["sort_name"], &[], &[]),
    shown("contact_persons", "ContactPerson", &[], &[], &[]),
    shown("period_costs", "PeriodCost", &[], &[], &[]),
    // Two columns are shown as one value of a year; how a goal stands follows from its values.
    shown("goals", "Goal", &["baseline_year", "baseline_value", "target_year", "target_value"], &[], &["baseline", "target", "series", "status"]),
    shown("goal_values", "GoalValue", &[], &[], &[]),
    shown("goal_activities", "GoalActivity", &[], &[], &["status", "followUps"]),
    shown("goal_follow_ups", "GoalFollowUp", &["id", "activity_id"], &[], &["isInForce"]),
    // Whose unit's the counts are, its chief knows.
    shown("sensitive_term_counts", "SensitiveTermCount", &["unit_id"], &[], &[]),
    shown("processing_restrictions", "Restriction", &[], &[], &[]),
    shown("disposal_holds", "DisposalHold", &[], &[], &[]),
    shown("disposal_runs", "DisposalRun", &[], &[], &[]),
    // What the archive has of it is compared, not shown.
    shown("disposal_items", "DisposalItem", &["archive_digest"], &[("subject_id", "recordId")], &["isArchived"]),
    shown("register_extracts", "RegisterExtract", &[], &[], &[]),
    // What is left out of the compartment is shown with the rest to who may know.
    shown("protected_register_extracts", "RegisterExtract", &["extract_id"], &[], &["id", "youthId", "requestedOn", "requestReference", "identityProof", "reason", "includesReaders", "isWhole", "categories", "contentSha256", "madeBy", "createdAt"]),
    // Of the youth, only while it waits.
    shown("transfers", "Transfer", &[], &[], &["givenName", "birthYear"]),
    // The episode says which it is.
    shown("carried_notes", "CarriedNotes", &["episode_id"], &[], &[]),
    // Which spell of active use it is, and since when, is for the tasks that come from it.
    shown("protected_statuses", "ProtectedStatus", &["active_use_id", "active_use_since"], &[("may_start", "mayStartMeasures")], &[]),
    // What a task comes from is for settling; to whom it was given is shown as who has it.
    shown("tasks", "Task", TASK_INSIDE, &[], TASK_DERIVED),
    shown("protected_tasks", "Task", TASK_INSIDE, &[], TASK_DERIVED),
    shown("access_grants", "AccessGrant", &[], &[], &[]),
    // Of the number, the kind is told by its form.
    shown("school_notifications", "SchoolNotification", &["identifier_kind"], &[("identifier_value", "identityNumber")], &[]),
    shown("imports", "Import", &[], &[], &[]),
    // What a row looks like to those who may not know of the youth is told instead of its outcome.
    shown("import_rows", "ImportedRow", &["import_id", "outward_outcome"], &[], &[]),
    // The facts are shown one by one; the latest change is the decision.
    shown("import_decisions", "ImportDecision",
        &["unit_id", "identifier_kind", "identifier_value", "document", "protection_level", "updated_at"],
        &[("number", "identityNumber")], &["givenName", "familyName", "birthDate"]),
    shown("national_files", "NationalFile", &["chunk_count"], &[], &[]),
    // What a file says is given as the file.
    inside("national_file_chunks"),
    // The sentence follows from the code.
    shown("national_file_problems", "NationalFileProblem", &[], &[], &["detail"]),
    // The chain is checked on the server, not shown.
    shown("audit_events", "AuditEvent", &["lane", "position", "session_id", "previous_hash", "hash", "reason_digest", "reason_salt"], &[],
        &["actorName", "isReasonDisposedOf", "subjects"]),
    // What has been disposed of is told by the event of the operation, and on the server by `audit verify`.
    inside("audit_cuts"),
    inside("audit_anchors"),
    // What stands behind a release is shown to nobody.
    shown("statistics_releases", "StatisticsRelease", &["behind"], &[], &[]),
    // A part of what was published, kept apart for the goals, which show it.
    inside("statistics_release_figures"),
    // From where a job goes on, and which server has it, is for the servers; what it makes is told by the parameters.
    shown("jobs", "Job", &["subject", "checkpoint", "leased_by", "leased_until", "fruitless_claims"], &[], &[]),
    shown("log_reviews", "LogReview", &[], &[], &[]),
    // The event is shown from the log, as far as its reader may see it.
    shown("log_review_rows", "LogReviewRow", &[], &[], &["event"]),
    shown("audit_subjects", "AuditSubject", &["event_id", "ordinal"], &[], &[]),
    // Spelled out with each subject that refers to them.
    inside("audit_field_sets"),
    shown("record_versions", "YouthVersion", &["resource", "record_id"], &[("document", "youth")], &[]),
    // The gate is shown with the youth, without what it rests on.
    inside("measure_gates"),
    // The number in force is shown with the youth; names are for searching.
    inside("youth_identifiers"),
    inside("youth_names"),
    // What was worked out once from data of an earlier version.
    inside("backfills"),
    inside("key_checks"),
    // Whose it is, its owner knows; the hashes are for comparing.
    inside("spent_refresh_tokens"),
    inside("password_resets"),
    // That there is one, since when and until when is told to its owner; its address once, when it is made.
    inside("calendar_feeds"),
    // That there is one, since when, and how many codes are left is told to its owner.
    inside("second_factors"),
    inside("recovery_codes"),
    // Who somebody is elsewhere is for recognising them; a flow lives for minutes.
    inside("single_sign_on_ties"),
    inside("single_sign_on_flows"),
    // Told once, by who rotates.
    inside("signing_keys"),
    inside("sign_in_delays"),
    inside("protected_versions"),
    inside("protected_answers"),
    inside("idempotency_keys"),
    // As a file, for whoever sent it.
    inside("import_refusals"),
];

const TASK_INSIDE: &[&str] = &[
    "unit_id",
    "episode_id",
    "cause_id",
    "ends_on",
    "reassigned_to",
];
const TASK_DERIVED: &[&str] = &[
    "isOverdue",
    "givenName",
    "familyName",
    "daysSinceReached",
    "daysSinceTried",
    "proposedChannel",
    "proposedStaff",
];

fn camel(column: &str) -> String {
    let name: String = column.split('_').map(pascal).collect();
    name[..1].to_lowercase() + &name[1..]
}

#[test]
fn every_column_is_shown_or_kept_on_purpose() {
    let database = TestDatabase::sqlite();
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for column in columns(&mut database.migrated()) {
        tables
            .entry(column.table_name)
            .or_default()
            .insert(column.column_name);
    }
    let known: BTreeSet<&str> = HELD.iter().map(|held| held.table).collect();
    let live: BTreeSet<&str> = tables.keys().map(String::as_str).collect();
    assert_eq!(known, live, "a table is not told of, or is no more");
    for held in HELD {
        let Some(schema) = held.schema else { continue };
        let properties: BTreeSet<&str> = DOCUMENT["components"]["schemas"][schema]["properties"]
            .as_object()
            .unwrap_or_else(|| panic!("no schema {schema}"))
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "_links")
            .collect();
        let columns = &tables[held.table];
        let mut explained: BTreeSet<String> =
            held.derived.iter().map(|name| (*name).to_owned()).collect();
        for column in columns {
            let other = held.named.iter().find(|(name, _)| name == column);
            let name = other.map_or_else(|| camel(column), |(_, name)| (*name).to_owned());
            let is_inside = held.inside.contains(&column.as_str());
            let is_shown = properties.contains(name.as_str()) && !held.derived.contains(&&*name);
            assert!(
                is_inside != is_shown,
                "{}.{column}: kept inside {is_inside}, shown {is_shown}",
                held.table
            );
            if is_shown {
                explained.insert(name);
            }
        }
        let explained: BTreeSet<&str> = explained.iter().map(String::as_str).collect();
        assert_eq!(explained, properties, "{schema} of {}", held.table);
        for column in held.inside {
            assert!(
                columns.contains(*column),
                "{}.{column} is no more",
                held.table
            );
        }
    }
}
