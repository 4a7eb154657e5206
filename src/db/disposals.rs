//! Runs of disposal: what of a class has run out, the run with its items, and the policies as they are shown. What counts as run
//! out is decided in `domain::retention`; here it is asked of the database, for a youth at a time or for a whole unit, by the
//! same conditions, so that a proposal and its execution cannot mean different things.

use super::audited::AuditedTx;
use super::disclosed::{Word, disclosed};
use super::enciphering::placed;
use super::erasure::{has_compartment, notes_of};
use super::listing::{list_scope, load_page_by_id};
use super::paging::{Page, PageRequest};
use super::relations::{is_unprotected, protection_in_sql, relations_by_id};
use super::schema::sql::{Guid, Instant};
use super::schema::{
    disposal_items, disposal_runs, episodes, imports, school_notifications, youths,
};
use super::types::{Json, Timestamp};
use crate::clock::{day_of, start_of};
use crate::domain::age::birthday_on;
use crate::domain::codes::Code;
use crate::domain::id::{Configuration, DisposalItem, DisposalRun, Id, Record, Unit, User, Youth};
use crate::domain::operation::Resource;
use crate::domain::retention::{
    DisposalClass, DisposalStatus, RetentionAnchor, RetentionPolicy, policy_of,
};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::access_table::Scope;
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, Sealed};
use chrono::{Days, Months, NaiveDate};
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use diesel::sql_types::Nullable;
use std::collections::HashMap;

/// A run as stored.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = disposal_runs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct DisposalRunRow {
    pub id: Id<DisposalRun>,
    pub unit_id: Id<Unit>,
    /// Of youths with protected identity and of the compartment, or of everybody and everything else.
    pub is_of_protected: bool,
    pub status: DisposalStatus,
    /// The policies by which it was proposed.
    pub policies: Json,
    /// By class: proposed, and once it is carried out erased and kept.
    pub counts: Json,
    pub proposed_by: Id<User>,
    pub approved_by: Option<Id<User>>,
    pub approved_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub archive_sha256: Option<String>,
    pub executed_by: Option<Id<User>>,
    pub executed_at: Option<Timestamp>,
    pub receipt: Option<Json>,
    pub receipt_sha256: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
}

disclosed!(DisposalRunRow, DisposalRuns, |r| youth: None, id: r.id, version: r.version, {
    "id": r.id,
    "unitId": r.unit_id,
    "isOfProtected": r.is_of_protected,
    "status": Word(r.status),
    "policies": r.policies.0,
    "counts": r.counts.0,
    "proposedBy": r.proposed_by,
    "approvedBy": r.approved_by,
    "approvedAt": r.approved_at,
    "archivedAt": r.archived_at,
    "archiveSha256": r.archive_sha256,
    "executedBy": r.executed_by,
    "executedAt": r.executed_at,
    "receipt": r.receipt.as_ref().map(|receipt| receipt.0.clone()),
    "receiptSha256": r.receipt_sha256,
    "createdAt": r.created_at,
    "updatedAt": r.updated_at,
    "version": r.version,
});

/// What a run would take.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = disposal_items)]
pub struct DisposalItemRow {
    pub id: Id<DisposalItem>,
    pub run_id: Id<DisposalRun>,
    pub class: DisposalClass,
    /// The youth, the import or the notification.
    pub subject_id: Id<Record>,
    pub youth_id: Option<Id<Youth>>,
    pub anchor_on: NaiveDate,
    pub due_on: NaiveDate,
    /// Of the lines that went to the archive.
    pub archive_digest: Option<String>,
}

disclosed!(DisposalItemRow, DisposalItems, |r| youth: r.youth_id, id: r.id, version: 1, {
    "id": r.id,
    "runId": r.run_id,
    "class": Word(r.class),
    "youthId": r.youth_id,
    "recordId": r.subject_id,
    "anchorOn": r.anchor_on,
    "dueOn": r.due_on,
    "isArchived": r.archive_digest.is_some(),
});

/// What has been decided for a class, or that nothing has.
#[derive(Debug, Clone)]
pub struct PolicyRecord {
    /// Of the settings.
    pub id: Id<Configuration>,
    pub class: DisposalClass,
    pub policy: Option<RetentionPolicy>,
    /// The log's period is a setting of its own.
    pub log_months: Option<u32>,
    pub version: i64,
}

disclosed!(PolicyRecord, RetentionPolicies, |r| youth: None, id: r.id, version: r.version, {
    "class": Word(r.class),
    "isDecided": r.policy.is_some() || r.log_months.is_some(),
    "anchor": Word(r.policy.as_ref().map(|policy| policy.anchor)),
    "months": r.policy.as_ref().map(|policy| i64::from(policy.months)).or(r.log_months.map(i64::from)),
    "isArchived": r.policy.as_ref().map(|policy| policy.is_archived),
    "decisionReference": r.policy.as_ref().map(|policy| policy.decision_reference.clone()),
    "decidedOn": r.policy.as_ref().map(|policy| policy.decided_on),
});

// Runs --------------------------------------------------------------------------------------------

/// How the actor stands to a run: one of youths with protected identity is seen by whoever sees them without being assigned.
fn relation_to_run(tx: &AuditedTx<'_>, run: &DisposalRunRow) -> Relation {
    Relation {
        is_own: tx.actor().user_id() == Some(run.proposed_by),
        is_protected: run.is_of_protected,
        ..Relation::unit_record(tx.actor().unit_id() == Some(run.unit_id))
    }
}

fn sealed(tx: &AuditedTx<'_>, run: DisposalRunRow) -> Sealed<DisposalRunRow> {
    let relation = relation_to_run(tx, &run);
    Sealed::new(run, relation)
}

/// A run.
///
/// # Errors
/// 404 when there is none.
pub fn load(tx: &mut AuditedTx<'_>, id: Id<DisposalRun>) -> Result<Sealed<DisposalRunRow>> {
    let run: DisposalRunRow = disposal_runs::table
        .find(id)
        .first(tx.conn())
        .optional()?
        .ok_or(ErrorCode::NotFound)?;
    Ok(sealed(tx, run))
}

/// The runs of the actor's scope, newest first; those of youths with protected identity where `sees_protected`.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list(
    tx: &mut AuditedTx<'_>,
    sees_protected: bool,
    request: &PageRequest,
) -> Result<Page<Sealed<DisposalRunRow>>> {
    let mut query = disposal_runs::table.into_boxed();
    if list_scope(tx, Resource::DisposalRuns) != Scope::All {
        let unit_id = tx.actor().unit_id().unwrap_or(Id::of(uuid::Uuid::nil()));
        query = query.filter(disposal_runs::unit_id.eq(unit_id));
    }
    if !sees_protected {
        query = query.filter(disposal_runs::is_of_protected.eq(false));
    }
    let page: Page<DisposalRunRow> = load_page_by_id!(
        tx,
        request,
        query,
        true,
        disposal_runs::id,
        |run: &DisposalRunRow| run.id
    );
    page.try_map(|run| Ok(sealed(tx, run)))
}

/// Whether a run of the unit waits for its approval or execution.
///
/// # Errors
/// The database does not answer.
pub fn is_one_open(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    is_of_protected: bool,
) -> Result<bool> {
    Ok(diesel::select(exists(
        disposal_runs::table
            .filter(disposal_runs::unit_id.eq(unit_id))
            .filter(disposal_runs::is_of_protected.eq(is_of_protected))
            .filter(
                disposal_runs::status.eq_any([DisposalStatus::Proposed, DisposalStatus::Approved]),
            ),
    ))
    .get_result(tx.conn())?)
}

/// Stores a new run with its items.
///
/// # Errors
/// The database does not answer.
pub fn insert(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    run: &DisposalRunRow,
    items: &[DisposalItemRow],
) -> Result<()> {
    diesel::insert_into(disposal_runs::table)
        .values(run)
        .execute(tx.conn())?;
    for item in items {
        diesel::insert_into(disposal_items::table)
            .values(item)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Stores a changed run.
///
/// # Errors
/// The database does not answer.
pub fn update(tx: &mut AuditedTx<'_>, _: &Permit, run: &DisposalRunRow) -> Result<()> {
    diesel::update(disposal_runs::table.find(run.id))
        .set(run)
        .execute(tx.conn())?;
    Ok(())
}

/// The items of a run that its readers may know of. What would go of the compartment is counted by the run and listed nowhere;
/// a youth whose identity has been protected meanwhile stands in no run of others.
///
/// # Errors
/// 400 for a position that was not made for this list.
pub fn list_items(
    tx: &mut AuditedTx<'_>,
    run: &DisposalRunRow,
    request: &PageRequest,
) -> Result<Page<Sealed<DisposalItemRow>>> {
    let mut query = disposal_items::table
        .filter(disposal_items::run_id.eq(run.id))
        .filter(disposal_items::class.ne(DisposalClass::ProtectedCompartment))
        .into_boxed();
    if !run.is_of_protected {
        let unprotected = youths::table
            .filter(youths::id.nullable().eq(disposal_items::youth_id))
            .filter(is_unprotected());
        query = query.filter(disposal_items::youth_id.is_null().or(exists(unprotected)));
    }
    let page: Page<DisposalItemRow> = load_page_by_id!(
        tx,
        request,
        query,
        false,
        disposal_items::id,
        |item: &DisposalItemRow| item.id
    );
    let ids: Vec<Id<Youth>> = page.rows.iter().filter_map(|item| item.youth_id).collect();
    let relations: HashMap<Id<Youth>, Relation> = relations_by_id(tx, ids)?;
    let of_run = relation_to_run(tx, run);
    page.try_map(|item| {
        let of_youth = item.youth_id.and_then(|id| relations.get(&id).cloned());
        Ok(Sealed::new(
            item,
            of_youth.unwrap_or_else(|| of_run.clone()),
        ))
    })
}

/// Every item of a run, in the order in which they are carried out: a youth's file takes the youth's compartment with it.
///
/// # Errors
/// The database does not answer.
pub fn items_of(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    run_id: Id<DisposalRun>,
) -> Result<Vec<DisposalItemRow>> {
    Ok(disposal_items::table
        .filter(disposal_items::run_id.eq(run_id))
        .order(disposal_items::id)
        .load(tx.conn())?)
}

/// Notes what of an item went to the archive.
///
/// # Errors
/// The database does not answer.
pub fn note_archived(
    tx: &mut AuditedTx<'_>,
    _: &Permit,
    id: Id<DisposalItem>,
    digest: &str,
) -> Result<()> {
    diesel::update(disposal_items::table.find(id))
        .set(disposal_items::archive_digest.eq(digest))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets the items of a run that has come to its end.
///
/// # Errors
/// The database does not answer.
pub fn forget_items(tx: &mut AuditedTx<'_>, _: &Permit, run_id: Id<DisposalRun>) -> Result<()> {
    diesel::delete(disposal_items::table.filter(disposal_items::run_id.eq(run_id)))
        .execute(tx.conn())?;
    Ok(())
}

// What has run out --------------------------------------------------------------------------------

/// What is asked for: a unit's, of protected identities and the compartment or of the rest, by these policies, today.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'p> {
    pub unit_id: Id<Unit>,
    pub is_of_protected: bool,
    pub policies: &'p [RetentionPolicy],
    pub today: NaiveDate,
}

/// Something whose period has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOut {
    pub subject_id: Id<Record>,
    pub youth_id: Option<Id<Youth>>,
    pub anchor_on: NaiveDate,
}

#[derive(QueryableByName)]
struct FoundId {
    #[diesel(sql_type = Guid)]
    id: Id<Record>,
}

/// Whether the last anchor of a youth lies on or before a day, in SQL over `youths y`.
fn anchor_has_passed(class: DisposalClass, anchor: RetentionAnchor, last: NaiveDate) -> String {
    let next = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let from = Timestamp::of(start_of(next)).to_text();
    let no_note_since = || -> String {
        let none: Vec<String> = notes_of(class)
            .into_iter()
            .map(|notes| {
                let of_youth = notes.of_subject.replace('?', "y.id");
                let (table, written) = (notes.table, notes.written);
                format!("NOT EXISTS (SELECT 1 FROM {table} n WHERE {of_youth} AND n.{written} >= '{from}')")
            })
            .collect();
        none.join(" AND ")
    };
    match anchor {
        RetentionAnchor::Turned20 => {
            let born = last
                .checked_sub_months(Months::new(240))
                .unwrap_or(NaiveDate::MIN);
            format!("y.birth_date <= '{born}'")
        }
        RetentionAnchor::CaseClosed => format!(
            "CASE WHEN EXISTS (SELECT 1 FROM episodes c WHERE c.youth_id = y.id) \
             THEN NOT EXISTS (SELECT 1 FROM episodes c WHERE c.youth_id = y.id AND c.exited_on > '{last}') \
             ELSE {} END",
            no_note_since()
        ),
        _ => no_note_since(),
    }
}

/// What keeps a youth's data whatever has been decided, in SQL over `youths y`: an open episode; the duty to have the youth in
/// the register until 20 (skollagen 29:9); a hold; a restriction of processing, which means that the data stay (GDPR 18).
fn nothing_keeps(today: NaiveDate) -> String {
    let born = today
        .checked_sub_months(Months::new(240))
        .unwrap_or(NaiveDate::MIN);
    format!(
        "(y.birth_date <= '{born}' OR y.deceased_on IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM episodes o WHERE o.youth_id = y.id AND (o.exited_on IS NULL OR o.exited_on > '{today}')) \
         AND NOT EXISTS (SELECT 1 FROM disposal_holds h WHERE h.youth_id = y.id AND h.lifted_on IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM processing_restrictions b WHERE b.youth_id = y.id AND b.lifted_on IS NULL \
           AND (b.until_on IS NULL OR b.until_on >= '{today}'))"
    )
}

/// The condition by which a class of a youth's data has run out, in SQL over `youths y`; `None` when no period is decided.
fn youth_condition(asked: &Asked<'_>, class: DisposalClass) -> Option<String> {
    let policy = policy_of(asked.policies, class)?;
    let last = policy.last_anchor_due(asked.today)?;
    let passed = anchor_has_passed(class, policy.anchor, last);
    let keeps = nothing_keeps(asked.today);
    if class == DisposalClass::ProtectedCompartment {
        let compartment = has_compartment("y.id");
        return Some(format!("{compartment} AND {keeps} AND ({passed})"));
    }
    // The file takes the compartment with it, so that must have run out too. It is asked of everybody alike, whether or not they
    // have something there: whoever knows the decisions would learn it from who is missing in a proposal.
    let inside = DisposalClass::ProtectedCompartment;
    let policy = policy_of(asked.policies, inside)?;
    let last = policy.last_anchor_due(asked.today)?;
    let inside_passed = anchor_has_passed(inside, policy.anchor, last);
    Some(format!("{keeps} AND ({passed}) AND ({inside_passed})"))
}

/// The condition on the identity of those of whom a class is asked: files of protected identities have a run of their own; of
/// the compartment everything stands there.
fn protection_condition(asked: &Asked<'_>, class: DisposalClass) -> Option<String> {
    match (class, asked.is_of_protected) {
        (DisposalClass::ProtectedCompartment, true) => Some("1 = 1".to_owned()),
        (DisposalClass::ProtectedCompartment, false) => None,
        (_, is_protected) => Some(protection_in_sql("y", is_protected)),
    }
}

/// What of a class has run out, at most so many; of one subject alone if it is named. What stands in an open run already is
/// left out, unless it is named.
///
/// # Errors
/// The database does not answer.
pub fn run_out(
    tx: &mut AuditedTx<'_>,
    asked: &Asked<'_>,
    class: DisposalClass,
    only: Option<Id<Record>>,
    most: usize,
) -> Result<Vec<RunOut>> {
    let Some(policy) = policy_of(asked.policies, class) else {
        return Ok(Vec::new());
    };
    let Some(last) = policy.last_anchor_due(asked.today) else {
        return Ok(Vec::new());
    };
    let next = last.checked_add_days(Days::new(1)).unwrap_or(last);
    let before = Timestamp::of(start_of(next)).to_text();
    let (from, condition) = match class {
        DisposalClass::YouthFile | DisposalClass::ProtectedCompartment => {
            let (Some(run_out), Some(identity)) = (
                youth_condition(asked, class),
                protection_condition(asked, class),
            ) else {
                return Ok(Vec::new());
            };
            ("youths y", format!("{identity} AND {run_out}"))
        }
        _ if asked.is_of_protected => return Ok(Vec::new()),
        DisposalClass::SchoolNotifications => (
            "school_notifications y",
            format!("y.youth_id IS NULL AND y.handled_at < '{before}'"),
        ),
        DisposalClass::RosterImports => (
            "imports y",
            format!(
                "y.created_at < '{before}' AND NOT EXISTS \
                 (SELECT 1 FROM import_decisions d WHERE d.import_id = y.id AND d.decided_at IS NULL)"
            ),
        ),
        DisposalClass::AccessLog => return Ok(Vec::new()),
    };
    let of_one = if only.is_some() {
        "y.id = ?".to_owned()
    } else {
        // Of the same class alone: what the chiefs' run holds of the compartment must not be missing from the others'.
        format!(
            "NOT EXISTS (SELECT 1 FROM disposal_items i WHERE i.subject_id = y.id AND i.class = '{}')",
            class.code()
        )
    };
    let text = format!(
        "SELECT y.id AS id FROM {from} WHERE y.unit_id = ? AND {of_one} AND {condition} ORDER BY y.id LIMIT {most}"
    );
    let query = diesel::sql_query(placed(tx.conn(), &text))
        .into_boxed()
        .bind::<Guid, _>(asked.unit_id);
    let query = match only {
        Some(id) => query.bind::<Guid, _>(id),
        None => query,
    };
    let found: Vec<FoundId> = query.load(tx.conn())?;
    found
        .into_iter()
        .map(|row| {
            let anchor_on = anchor_of(tx, class, policy.anchor, row.id)?;
            Ok(RunOut {
                subject_id: row.id,
                youth_id: class.is_of_youth().then(|| row.id.cast()),
                anchor_on,
            })
        })
        .collect()
}

/// The day from which the period of a subject counts.
fn anchor_of(
    tx: &mut AuditedTx<'_>,
    class: DisposalClass,
    anchor: RetentionAnchor,
    subject: Id<Record>,
) -> Result<NaiveDate> {
    let missing = || Error::internal("a period without an anchor");
    match (class, anchor) {
        (DisposalClass::SchoolNotifications, _) => {
            let at: Option<Timestamp> = school_notifications::table
                .find(subject)
                .select(school_notifications::handled_at)
                .first(tx.conn())?;
            at.map(|at| day_of(at.utc())).ok_or_else(missing)
        }
        (DisposalClass::RosterImports, _) => {
            let at: Timestamp = imports::table
                .find(subject)
                .select(imports::created_at)
                .first(tx.conn())?;
            Ok(day_of(at.utc()))
        }
        (_, RetentionAnchor::Turned20) => {
            let born: NaiveDate = youths::table
                .find(subject.cast::<Youth>())
                .select(youths::birth_date)
                .first(tx.conn())?;
            birthday_on(born, 20).ok_or_else(missing)
        }
        (_, RetentionAnchor::CaseClosed) => {
            let closed: Option<NaiveDate> = episodes::table
                .filter(episodes::youth_id.eq(subject.cast::<Youth>()))
                .select(max(episodes::exited_on))
                .first(tx.conn())?;
            match closed {
                Some(day) => Ok(day),
                None => last_note(tx, class, subject)?.ok_or_else(missing),
            }
        }
        _ => last_note(tx, class, subject)?.ok_or_else(missing),
    }
}

/// The day of the last note of a class about a youth.
fn last_note(
    tx: &mut AuditedTx<'_>,
    class: DisposalClass,
    subject: Id<Record>,
) -> Result<Option<NaiveDate>> {
    #[derive(QueryableByName)]
    struct At {
        #[diesel(sql_type = Nullable<Instant>)]
        at: Option<Timestamp>,
    }
    let mut last: Option<NaiveDate> = None;
    for notes in notes_of(class) {
        let (table, written, of_subject) = (notes.table, notes.written, notes.of_subject);
        let text = format!("SELECT MAX({written}) AS at FROM {table} WHERE {of_subject}");
        let row: At = diesel::sql_query(placed(tx.conn(), &text))
            .bind::<Guid, _>(subject)
            .get_result(tx.conn())?;
        last = last.max(row.at.map(|at| day_of(at.utc())));
    }
    Ok(last)
}
