//! What disposal takes away, and how: of each class the tables with their rows of a youth, an import or a notification, in the
//! order in which they can go, with every version that was kept of them. The same list says what goes to the archive first, so
//! that nothing is erased that was not offered. Of the log the reasons go, which are free text; the chain stays whole.
//! When something may go is decided in `domain::retention` and `disposals`.

use super::audit_events::dispose_of_reason;
use super::audited::AuditedTx;
use super::enciphering::placed;
use super::plain_rows;
use super::schema::sql::Guid;
use super::schema::{audit_events, audit_subjects};
use super::schema_text;
use super::youth_merges::ids_of;
use crate::domain::id::{AuditEvent, Id, Record, Youth};
use crate::domain::operation::Resource;
use crate::domain::retention::DisposalClass;
use crate::error::Result;
use crate::policy::reveal::Permit;
use diesel::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Whether rows go to the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// They do.
    Archived,
    /// They say nothing that other rows do not say.
    Derived,
}
use Worth::{Archived, Derived};

/// Rows of a table that belong to a subject.
struct Rows {
    table: &'static str,
    /// Which, with one placeholder for the subject.
    of_subject: &'static str,
    /// The kind under which versions of them are kept.
    versions: Option<Resource>,
    worth: Worth,
}

const fn rows(
    table: &'static str,
    of_subject: &'static str,
    versions: Option<Resource>,
    worth: Worth,
) -> Rows {
    Rows {
        table,
        of_subject,
        versions,
        worth,
    }
}

const OF_YOUTH: &str = "youth_id = ?";
const ITSELF: &str = "id = ?";
const OF_MERGES: &str = "merge_id IN (SELECT id FROM youth_merges WHERE youth_id = ?)";

/// Of the protected compartment.
#[rustfmt::skip]
const COMPARTMENT: &[Rows] = &[
    rows("protected_answers", "(user_id, idempotency_key) IN (SELECT user_id, idempotency_key FROM idempotency_keys WHERE youth_id = ?)", None, Derived),
    rows("protected_register_extracts", "extract_id IN (SELECT id FROM register_extracts WHERE youth_id = ?)", None, Archived),
    rows("protected_correction_notes", OF_YOUTH, Some(Resource::ProtectedCorrectionNotes), Archived),
    rows("protected_disclosures", OF_YOUTH, Some(Resource::ProtectedDisclosures), Archived),
    rows("protected_consents", OF_YOUTH, Some(Resource::ProtectedConsents), Archived),
    rows("protected_tasks", OF_YOUTH, Some(Resource::ProtectedTasks), Archived),
    rows("protected_referrals", OF_YOUTH, Some(Resource::ProtectedReferrals), Archived),
    rows("protected_youth_merges", OF_MERGES, None, Archived),
    rows("protected_statuses", OF_YOUTH, Some(Resource::ProtectedStatuses), Archived),
    rows("measure_gates", OF_YOUTH, None, Derived),
];

/// Of a youth, besides the compartment, which goes first.
#[rustfmt::skip]
const REGISTER: &[Rows] = &[
    rows("idempotency_keys", OF_YOUTH, None, Derived),
    rows("national_file_problems", OF_YOUTH, None, Derived),
    rows("access_grants", OF_YOUTH, Some(Resource::AccessGrants), Archived),
    rows("register_extracts", OF_YOUTH, Some(Resource::RegisterExtracts), Archived),
    rows("processing_restrictions", OF_YOUTH, Some(Resource::Restrictions), Archived),
    rows("disposal_holds", OF_YOUTH, Some(Resource::DisposalHolds), Archived),
    rows("correction_notes", OF_YOUTH, Some(Resource::CorrectionNotes), Archived),
    rows("transfers", OF_YOUTH, Some(Resource::Transfers), Archived),
    rows("carried_notes", "episode_id IN (SELECT id FROM episodes WHERE youth_id = ?)", None, Archived),
    rows("disclosures", OF_YOUTH, Some(Resource::Disclosures), Archived),
    rows("consents", OF_YOUTH, Some(Resource::Consents), Archived),
    rows("referrals", OF_YOUTH, Some(Resource::Referrals), Archived),
    rows("tasks", OF_YOUTH, Some(Resource::Tasks), Archived),
    rows("outcome_checks", OF_YOUTH, Some(Resource::OutcomeChecks), Archived),
    rows("education_contract_follow_ups", "contract_id IN (SELECT id FROM education_contracts WHERE youth_id = ?)", None, Archived),
    rows("education_contracts", OF_YOUTH, Some(Resource::EducationContracts), Archived),
    rows("plan_follow_ups_done", "follow_up_id IN (SELECT f.id FROM plan_follow_ups f JOIN plan_revisions p ON p.id = f.revision_id WHERE p.youth_id = ?)", None, Archived),
    rows("plan_follow_ups", "revision_id IN (SELECT id FROM plan_revisions WHERE youth_id = ?)", None, Archived),
    rows("plan_revisions", OF_YOUTH, Some(Resource::PlanRevisions), Archived),
    rows("mappings", OF_YOUTH, Some(Resource::Mappings), Archived),
    rows("placements", OF_YOUTH, Some(Resource::Placements), Archived),
    rows("placement_wish_fields", "wish_id IN (SELECT id FROM placement_wishes WHERE youth_id = ?)", None, Archived),
    rows("placement_wishes", OF_YOUTH, Some(Resource::PlacementWishes), Archived),
    rows("intervention_follow_ups", "intervention_id IN (SELECT id FROM interventions WHERE youth_id = ?)", None, Archived),
    rows("interventions", OF_YOUTH, Some(Resource::Interventions), Archived),
    rows("current_occupations", OF_YOUTH, None, Derived),
    rows("occupations", OF_YOUTH, Some(Resource::Occupations), Archived),
    rows("outreach_contacts", OF_YOUTH, Some(Resource::OutreachContacts), Archived),
    rows("contact_addenda", "contact_id IN (SELECT id FROM contacts WHERE youth_id = ?)", None, Archived),
    rows("contacts", OF_YOUTH, Some(Resource::Contacts), Archived),
    rows("target_group_candidates", OF_YOUTH, Some(Resource::TargetGroupCandidates), Archived),
    rows("school_notifications", OF_YOUTH, Some(Resource::SchoolNotifications), Archived),
    // Also those that wait, or were refused, under a number of the youth's.
    rows("import_decisions", "id IN (SELECT d.id FROM import_decisions d JOIN youths k ON k.id = ? WHERE d.youth_id = k.id OR d.identifier_value IN (SELECT m.value FROM youth_identifiers m WHERE m.youth_id = k.id))", Some(Resource::ImportDecisions), Archived),
    rows("import_rows", OF_YOUTH, None, Archived),
    rows("exam_documents", OF_YOUTH, Some(Resource::ExamDocuments), Archived),
    rows("enrolments", OF_YOUTH, Some(Resource::Enrolments), Archived),
    rows("residences", OF_YOUTH, Some(Resource::Residences), Archived),
    rows("assignments", OF_YOUTH, Some(Resource::Assignments), Archived),
    rows("episodes", OF_YOUTH, Some(Resource::Episodes), Archived),
    rows("set_aside_records", OF_MERGES, None, Derived),
    // Also those that were undone, of whichever of the two goes first: what they say is about both.
    rows("youth_merges", "id IN (SELECT m.id FROM youth_merges m JOIN youths k ON k.id = ? WHERE m.youth_id = k.id OR m.merged_youth_id = k.id)", Some(Resource::YouthMerges), Archived),
    rows("duplicate_dismissals", "id IN (SELECT d.id FROM duplicate_dismissals d JOIN youths k ON k.id = ? WHERE d.youth_id = k.id OR d.other_youth_id = k.id)", Some(Resource::DuplicateDismissals), Archived),
    rows("youth_names", OF_YOUTH, None, Derived),
    rows("youth_identifiers", OF_YOUTH, None, Archived),
    // By which the database knows that the youth's disclosures may go.
    rows("disposal_items", OF_YOUTH, None, Derived),
    rows("youths", ITSELF, Some(Resource::Youths), Archived),
];

/// Of a school's notification about somebody who is not in the register.
const NOTIFICATION: &[Rows] = &[
    rows("tasks", "record_id = ?", Some(Resource::Tasks), Archived),
    rows(
        "school_notifications",
        ITSELF,
        Some(Resource::SchoolNotifications),
        Archived,
    ),
];

/// Of a roster that was read.
#[rustfmt::skip]
const ROSTER: &[Rows] = &[
    rows("import_refusals", "import_id = ?", None, Derived),
    rows("import_rows", "import_id = ?", None, Archived),
    rows("import_decisions", "import_id = ?", Some(Resource::ImportDecisions), Archived),
    rows("imports", ITSELF, Some(Resource::Imports), Archived),
];

/// The tables of a class, in the order in which their rows can go.
fn tables_of(class: DisposalClass) -> impl Iterator<Item = &'static Rows> {
    let (first, then): (&[Rows], &[Rows]) = match class {
        DisposalClass::YouthFile => (COMPARTMENT, REGISTER),
        DisposalClass::ProtectedCompartment => (COMPARTMENT, &[]),
        DisposalClass::SchoolNotifications => (NOTIFICATION, &[]),
        DisposalClass::RosterImports => (ROSTER, &[]),
        DisposalClass::AccessLog => (&[], &[]),
    };
    first.iter().chain(then)
}

/// Where versions of a kind are kept.
const fn versions_table(is_of_compartment: bool) -> &'static str {
    if is_of_compartment {
        "protected_versions"
    } else {
        "record_versions"
    }
}

/// The column by which versions of a table's rows are kept.
const fn id_of(resource: Resource) -> &'static str {
    match resource {
        Resource::ProtectedStatuses => "youth_id",
        _ => "id",
    }
}

/// Which versions are kept of some rows: the table and the condition, with one placeholder for the subject.
fn versions_of(rows: &Rows) -> Option<(&'static str, String)> {
    // Of records that stand nowhere while a merge does.
    if matches!(rows.table, "set_aside_records" | "protected_youth_merges") {
        let table = versions_table(rows.table.starts_with("protected_"));
        let set_aside =
            format!("record_id IN (SELECT record_id FROM set_aside_records WHERE {OF_MERGES})");
        return Some((table, set_aside));
    }
    let resource = rows.versions?;
    let condition = format!(
        "resource = '{}' AND record_id IN (SELECT {} FROM {} WHERE {})",
        resource.name(),
        id_of(resource),
        rows.table,
        rows.of_subject
    );
    Some((versions_table(resource.is_of_compartment()), condition))
}

/// Whether a youth has anything in the compartment, in SQL: `youth` names their id. Answers that were given there are no
/// data of their own.
pub(in crate::db) fn has_compartment(youth: &str) -> String {
    let any: Vec<String> = COMPARTMENT
        .iter()
        .filter(|rows| rows.worth == Archived && rows.of_subject == OF_YOUTH)
        .map(|rows| {
            format!(
                "EXISTS (SELECT 1 FROM {} n WHERE n.youth_id = {youth})",
                rows.table
            )
        })
        .collect();
    format!("({})", any.join(" OR "))
}

/// Where notes about a youth stand: the table, which of its rows, and the column that tells when a row was last written.
pub(in crate::db) struct Notes {
    pub table: &'static str,
    /// With one placeholder for the youth.
    pub of_subject: &'static str,
    pub written: &'static str,
}

/// Where the notes of a class stand. What the service works out by itself (tasks, candidates, rows of rosters) is no note.
pub(in crate::db) fn notes_of(class: DisposalClass) -> Vec<Notes> {
    let by_itself = [
        "tasks",
        "protected_tasks",
        "target_group_candidates",
        "import_decisions",
    ];
    let schema = schema_text::tables();
    tables_of(class)
        .filter(|rows| rows.worth == Archived && !by_itself.contains(&rows.table))
        .filter_map(|rows| {
            let columns = schema.get(rows.table)?;
            let written = ["updated_at", "created_at", "recorded_at"]
                .into_iter()
                .find(|name| columns.iter().any(|(column, _)| column == name))?;
            Some(Notes {
                table: rows.table,
                of_subject: rows.of_subject,
                written,
            })
        })
        .collect()
}

// The archive ------------------------------------------------------------------------------------

/// The rows of a table by a condition, each as a line of JSON, in an order that follows from what they say.
fn lines_of(
    tx: &mut AuditedTx<'_>,
    table: &str,
    condition: &str,
    subject: Id<Record>,
) -> Result<Vec<String>> {
    let rows = plain_rows::select(tx, table, condition, &[subject])?;
    let mut lines: Vec<String> = rows
        .into_iter()
        .map(|row| json!({"table": table, "row": row}).to_string())
        .collect();
    lines.sort_unstable();
    Ok(lines)
}

/// Everything that goes to the archive of a subject, line by line.
///
/// # Errors
/// The database does not answer, or a text does not open.
pub fn archive_of(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    class: DisposalClass,
    subject: Id<Record>,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for rows in tables_of(class).filter(|rows| rows.worth == Archived) {
        lines.extend(lines_of(tx, rows.table, rows.of_subject, subject)?);
        if let Some((table, condition)) = versions_of(rows) {
            lines.extend(lines_of(tx, table, &condition, subject)?);
        }
    }
    Ok(lines)
}

// The erasing ------------------------------------------------------------------------------------

/// Whether a table is of the compartment.
fn is_of_compartment(table: &str) -> bool {
    table == versions_table(true) || COMPARTMENT.iter().any(|rows| rows.table == table)
}

/// Erases everything of a subject, and counts the rows by table. Of a youth's file those of the compartment are not counted: a
/// receipt of few would tell who had something there.
///
/// # Errors
/// The database does not answer, or something still refers to a row.
pub fn erase(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    class: DisposalClass,
    subject: Id<Record>,
    counts: &mut BTreeMap<&'static str, u64>,
) -> Result<()> {
    let mut gone: BTreeMap<&'static str, u64> = BTreeMap::new();
    // Before the merges are forgotten that tell of other ids.
    let ids = ids_of(tx, subject.cast())?;
    // The versions first: they are found by the rows that they are of.
    for rows in tables_of(class) {
        if let Some((table, condition)) = versions_of(rows) {
            delete(tx, table, &condition, subject, &mut gone)?;
        }
    }
    for rows in tables_of(class) {
        delete(tx, rows.table, rows.of_subject, subject, &mut gone)?;
    }
    if class == DisposalClass::YouthFile {
        gone.retain(|table, _| !is_of_compartment(table));
    }
    for (table, many) in gone {
        *counts.entry(table).or_default() += many;
    }
    if class == DisposalClass::YouthFile {
        for event in reasons_about(tx, ids)? {
            dispose_of_reason(tx, permit, event)?;
        }
    }
    Ok(())
}

fn delete(
    tx: &mut AuditedTx<'_>,
    table: &'static str,
    condition: &str,
    subject: Id<Record>,
    counts: &mut BTreeMap<&'static str, u64>,
) -> Result<()> {
    let text = format!("DELETE FROM {table} WHERE {condition}");
    let gone = diesel::sql_query(placed(tx.conn(), &text))
        .bind::<Guid, _>(subject)
        .execute(tx.conn())?;
    if gone > 0 {
        *counts.entry(table).or_default() += u64::try_from(gone).unwrap_or(0);
    }
    Ok(())
}

/// The events about a youth that have a reason in free text. One from before reasons had a digest of their own stays: the
/// chain covers its text.
fn reasons_about(tx: &mut AuditedTx<'_>, ids: Vec<Id<Youth>>) -> Result<Vec<Id<AuditEvent>>> {
    Ok(audit_subjects::table
        .inner_join(audit_events::table.on(audit_events::id.eq(audit_subjects::event_id)))
        .filter(audit_subjects::youth_id.eq_any(ids))
        .filter(audit_events::reason.is_not_null())
        .filter(audit_events::reason_digest.is_not_null())
        .select(audit_events::id)
        .distinct()
        .load(tx.conn())?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    /// Tables that name a youth and are not erased with one, and why.
    const STAYS: &[(&str, &str)] = &[(
        "audit_subjects",
        "the log keeps whom an event was about, by an id that leads nowhere any more",
    )];

    #[test]
    fn every_table_that_names_a_youth_is_erased_with_one() {
        let erased: BTreeSet<&str> = tables_of(DisposalClass::YouthFile)
            .map(|rows| rows.table)
            .collect();
        for (table, columns) in schema_text::tables() {
            let names_youth = columns.iter().any(|(column, _)| *column == "youth_id");
            let stays = STAYS.iter().any(|(name, _)| *name == *table);
            assert!(
                !names_youth || erased.contains(table) != stays,
                "{table} names a youth: erase it, or say why it stays"
            );
        }
    }

    #[test]
    fn every_kind_of_record_with_versions_has_them_erased() {
        // What a youth's extract tells of by itself has versions, or may get them.
        use crate::db::register_extracts::{Extracted, TABLES};
        for (table, extracted) in TABLES {
            let Extracted::Each(resource) = extracted else {
                continue;
            };
            let rows = tables_of(DisposalClass::YouthFile)
                .find(|rows| rows.table == *table)
                .unwrap();
            assert_eq!(rows.versions, Some(*resource), "{table}");
        }
    }

    #[test]
    fn every_condition_names_its_subject_once() {
        for class in [
            DisposalClass::YouthFile,
            DisposalClass::SchoolNotifications,
            DisposalClass::RosterImports,
        ] {
            for rows in tables_of(class) {
                assert_eq!(rows.of_subject.matches('?').count(), 1, "{}", rows.table);
            }
        }
        assert!(notes_of(DisposalClass::YouthFile).len() > 20);
        assert!(notes_of(DisposalClass::ProtectedCompartment).len() >= 5);
    }
}
