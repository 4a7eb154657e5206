//! Disposal (gallring): what has run out is proposed as a list, approved by somebody else, offered to the archive where that is
//! decided, and erased in one run that leaves a receipt without anybody's data (domain 4.7). Which periods hold is decided in
//! `domain::retention`, what has run out asked in `db::disposals`, what goes listed in `db::erasure`.
//!
//! Between the proposal and the run anything may happen: whatever has not run out any more, is held back, or has changed since
//! the archive was given it stays, and the receipt counts it.

use super::{Fields, begin_create, own_unit, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::disposals::{
    self, Asked, DisposalItemRow, DisposalRunRow, PolicyRecord, RunOut, run_out,
};
use crate::db::erasure::{archive_of, erase};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::types::Json;
use crate::db::versions::keep_version;
use crate::domain::codes::Code;
use crate::domain::id::{DisposalRun, Id, Unit};
use crate::domain::operation::Resource;
use crate::domain::retention::{DisposalClass, DisposalStatus, RetentionPolicy, policy_of};
use crate::error::{Error, ErrorCode, Result};
use crate::policy::decide::{Relation, may_approve_disposal, sees};
use crate::policy::reveal::{Permit, Sealed, View};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Items of one run. What is left is proposed in the next.
const MOST_ITEMS: usize = 500;
/// The form of the archive, for whoever reads it in twenty years.
const ARCHIVE_FORMAT: &str = "kaa-archive/1";

/// What has been decided of each class, and of which nothing has.
///
/// # Errors
/// 403.
pub fn list_retention_policies(
    tx: &mut AuditedTx<'_>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let settings = settings::load_record(tx)?;
    let told = settings.for_rules();
    let rows: Vec<Sealed<PolicyRecord>> = DisposalClass::ALL
        .iter()
        .map(|class| PolicyRecord {
            id: told.id,
            class: *class,
            policy: policy_of(&told.settings.retention_policies, *class).cloned(),
            log_months: (*class == DisposalClass::AccessLog)
                .then_some(told.settings.audit_retention_months)
                .flatten(),
            version: told.version,
        })
        .map(|row| Sealed::new(row, Relation::unit_record(true)))
        .collect();
    let page = request.cut_sorted(rows, |row| {
        (
            row.for_rules().class.code().to_owned(),
            row.for_rules().id.uuid(),
        )
    });
    reveal_page(tx, page)
}

/// The runs of the actor's scope, newest first.
///
/// # Errors
/// 403.
pub fn list_disposal_runs(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let of_protected = Relation {
        is_protected: true,
        ..Relation::unit_record(true)
    };
    let sees_protected = sees(tx.actor(), Resource::DisposalRuns, &of_protected);
    let page = disposals::list(tx, sees_protected, request)?;
    reveal_page(tx, page)
}

/// One run.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_disposal_run(tx: &mut AuditedTx<'_>, id: Id<DisposalRun>) -> Result<View> {
    let sealed = disposals::load(tx, id)?;
    tx.reveal(&sealed)
}

/// What a run would take; nothing once it has been carried out or withdrawn.
///
/// # Errors
/// 404 for a run the actor may not know of.
pub fn list_disposal_items(
    tx: &mut AuditedTx<'_>,
    id: Id<DisposalRun>,
    request: &PageRequest,
) -> Result<Page<View>> {
    let run = disposals::load(tx, id)?;
    if !sees(tx.actor(), Resource::DisposalRuns, run.relation()) {
        return Err(ErrorCode::NotFound.into());
    }
    let page = disposals::list_items(tx, run.for_rules(), request)?;
    reveal_page(tx, page)
}

/// Proposes what has run out in the actor's unit today.
///
/// # Errors
/// 403; 409 when nothing has run out, or a proposal waits already; 422.
pub fn propose_disposal(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let relation = Relation::unit_record(true);
    let (permit, mut form) = begin_create(tx, Resource::DisposalRuns, &relation, fields)?;
    let is_of_protected = form.boolean("isOfProtected").unwrap_or(false);
    form.finish()?;
    let unit_id = own_unit(tx);
    if disposals::is_one_open(tx, unit_id, is_of_protected)? {
        return Err(ErrorCode::AlreadyExists.into());
    }
    let policies = settings::load(tx)?.retention_policies;
    let found = due_items(tx, unit_id, is_of_protected, &policies)?;
    if found.is_empty() {
        return Err(ErrorCode::NothingToDispose.into());
    }
    let now = tx.timestamp();
    let id = Id::fresh();
    let items: Vec<DisposalItemRow> = found
        .iter()
        .map(|(policy, run_out)| DisposalItemRow {
            id: Id::fresh(),
            run_id: id,
            class: policy.class,
            subject_id: run_out.subject_id,
            youth_id: run_out.youth_id,
            anchor_on: run_out.anchor_on,
            due_on: policy.due_on(run_out.anchor_on),
            archive_digest: None,
        })
        .collect();
    let mut proposed: Counts = Counts::new();
    let mut classes: BTreeSet<DisposalClass> = BTreeSet::new();
    for item in &items {
        proposed.entry(item.class).or_default().proposed += 1;
        classes.insert(item.class);
    }
    let by: Vec<&RetentionPolicy> = policies
        .iter()
        .filter(|policy| classes.contains(&policy.class))
        .collect();
    let run = DisposalRunRow {
        id,
        unit_id,
        is_of_protected,
        status: DisposalStatus::Proposed,
        policies: Json(serde_json::to_value(by).map_err(Error::internal)?),
        counts: Json(shown_counts(&proposed, false)),
        proposed_by: tx.staff()?.id,
        approved_by: None,
        approved_at: None,
        archived_at: None,
        archive_sha256: None,
        executed_by: None,
        executed_at: None,
        receipt: None,
        receipt_sha256: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    disposals::insert(tx, &permit, &run, &items)?;
    finish(tx, id)
}

/// What of every class has run out, with the policy by which it has; as much as one run takes. A youth's file takes the
/// compartment along, so that no youth stands in it twice.
fn due_items(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    is_of_protected: bool,
    policies: &[RetentionPolicy],
) -> Result<Vec<(RetentionPolicy, RunOut)>> {
    let asked = Asked {
        unit_id,
        is_of_protected,
        policies,
        today: tx.today(),
    };
    let mut found: Vec<(RetentionPolicy, RunOut)> = Vec::new();
    for class in DisposalClass::ALL {
        let Some(policy) = policy_of(policies, *class) else {
            continue;
        };
        let room = MOST_ITEMS.saturating_sub(found.len());
        for run_out in run_out(tx, &asked, *class, None, room)? {
            let is_there = found
                .iter()
                .any(|(_, other)| other.subject_id == run_out.subject_id);
            if !is_there {
                found.push((policy.clone(), run_out));
            }
        }
    }
    Ok(found)
}

/// Approves a proposal, as somebody else than whoever made it.
///
/// # Errors
/// 403; 404; 412; 409 when it does not wait for that.
pub fn approve_disposal(tx: &mut AuditedTx<'_>, id: Id<DisposalRun>, version: i64) -> Result<View> {
    let (permit, mut run, relation) = begin_step(tx, id, version, &[DisposalStatus::Proposed])?;
    if !may_approve_disposal(&relation) {
        return Err(ErrorCode::SecondPersonRequired.into());
    }
    run.status = DisposalStatus::Approved;
    run.approved_by = Some(tx.staff()?.id);
    run.approved_at = Some(tx.timestamp());
    store(tx, &permit, run)
}

/// Withdraws a proposal, approved or not: nothing is erased.
///
/// # Errors
/// 403; 404; 412; 409 when it has ended.
pub fn withdraw_disposal(
    tx: &mut AuditedTx<'_>,
    id: Id<DisposalRun>,
    version: i64,
) -> Result<View> {
    let open = [DisposalStatus::Proposed, DisposalStatus::Approved];
    let (permit, mut run, _) = begin_step(tx, id, version, &open)?;
    disposals::forget_items(tx, &permit, id)?;
    run.status = DisposalStatus::Withdrawn;
    store(tx, &permit, run)
}

/// The archive of a run: what goes to the municipal archive before anything is erased.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The whole file: lines of JSON. The first tells what it is, each further one an item or a row of one.
    pub content: String,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Items in it.
    pub items: usize,
}

/// Puts together what of an approved run goes to the archive. It is written by whoever runs the service, since no role reads
/// all of it. Once the file has been written and read back, the same again with its hash notes that the archive has it.
///
/// # Errors
/// 404; 409 when the run is not approved, or something has changed since the file was written.
pub fn archive_disposal(
    tx: &mut AuditedTx<'_>,
    id: Id<DisposalRun>,
    written: Option<&str>,
) -> Result<Archive> {
    let sealed = disposals::load(tx, id)?;
    let permit = tx.permit(Resource::DisposalRuns, sealed.relation())?;
    let mut run = sealed.for_rules().clone();
    if run.status != DisposalStatus::Approved {
        return Err(ErrorCode::DisposalWrongStep.into());
    }
    let policies = policies_of(&run)?;
    let head = json!({
        "format": ARCHIVE_FORMAT,
        "run": run.id,
        "unit": run.unit_id,
        "proposedAt": run.created_at.to_text(),
        "policies": run.policies.0,
    });
    let mut content = format!("{head}\n");
    let mut digests = Vec::new();
    for item in disposals::items_of(tx, &permit, id)? {
        let is_archived = policy_of(&policies, item.class).is_some_and(|policy| policy.is_archived);
        if !is_archived {
            continue;
        }
        let lines = archive_of(tx, &permit, item.class, item.subject_id)?;
        let about = json!({
            "item": item.subject_id,
            "class": item.class.code(),
            "anchorOn": item.anchor_on,
            "dueOn": item.due_on,
            "rows": lines.len(),
        });
        content.push_str(&format!("{about}\n"));
        for line in &lines {
            content.push_str(line);
            content.push('\n');
        }
        note_subject(tx, &item);
        digests.push((item.id, digest_of(&lines)));
    }
    let sha256 = hexadecimal(content.as_bytes());
    if let Some(written) = written {
        if written != sha256 {
            return Err(ErrorCode::Conflict.into());
        }
        for (item, digest) in &digests {
            disposals::note_archived(tx, &permit, *item, digest)?;
        }
        run.archived_at = Some(tx.timestamp());
        run.archive_sha256 = Some(sha256.clone());
        store(tx, &permit, run)?;
    }
    Ok(Archive {
        content,
        sha256,
        items: digests.len(),
    })
}

/// Carries an approved run out: erases what still has run out, and keeps the receipt.
///
/// # Errors
/// 403; 404; 412; 409 when it is not approved, or the archive has not been given what it is to have.
pub fn execute_disposal(tx: &mut AuditedTx<'_>, id: Id<DisposalRun>, version: i64) -> Result<View> {
    let (permit, mut run, _) = begin_step(tx, id, version, &[DisposalStatus::Approved])?;
    let by = policies_of(&run)?;
    let items = disposals::items_of(tx, &permit, id)?;
    let goes_to_archive =
        |class: DisposalClass| policy_of(&by, class).is_some_and(|policy| policy.is_archived);
    if run.archived_at.is_none() && items.iter().any(|item| goes_to_archive(item.class)) {
        return Err(ErrorCode::ArchiveMissing.into());
    }
    let policies = settings::load(tx)?.retention_policies;
    let asked = Asked {
        unit_id: run.unit_id,
        is_of_protected: run.is_of_protected,
        policies: &policies,
        today: tx.today(),
    };
    let mut counts: Counts = Counts::new();
    let mut rows: BTreeMap<&'static str, u64> = BTreeMap::new();
    for item in &items {
        let count = counts.entry(item.class).or_default();
        count.proposed += 1;
        let is_due = !run_out(tx, &asked, item.class, Some(item.subject_id), 1)?.is_empty();
        if !is_due || !is_as_archived(tx, &permit, item, goes_to_archive(item.class))? {
            count.kept += 1;
            continue;
        }
        note_subject(tx, item);
        erase(tx, &permit, item.class, item.subject_id, &mut rows)?;
        count.erased += 1;
    }
    disposals::forget_items(tx, &permit, id)?;
    // The proposal itself is no data of anybody's.
    rows.remove("disposal_items");
    run.status = DisposalStatus::Executed;
    run.executed_by = Some(tx.staff()?.id);
    run.executed_at = Some(tx.timestamp());
    run.counts = Json(shown_counts(&counts, true));
    let receipt = json!({
        "run": run.id,
        "unit": run.unit_id,
        "isOfProtected": run.is_of_protected,
        "proposedAt": run.created_at.to_text(),
        "proposedBy": run.proposed_by,
        "approvedAt": run.approved_at.map(crate::db::types::Timestamp::to_text),
        "approvedBy": run.approved_by,
        "executedAt": tx.timestamp().to_text(),
        "executedBy": run.executed_by,
        "policies": run.policies.0,
        "counts": run.counts.0,
        "rows": rows,
        "archiveSha256": run.archive_sha256,
    });
    run.receipt_sha256 = Some(hexadecimal(receipt.to_string().as_bytes()));
    run.receipt = Some(Json(receipt));
    store(tx, &permit, run)
}

/// Whether the archive has an item as it is now, where it is to have it.
fn is_as_archived(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    item: &DisposalItemRow,
    goes_to_archive: bool,
) -> Result<bool> {
    if !goes_to_archive {
        return Ok(true);
    }
    let lines = archive_of(tx, permit, item.class, item.subject_id)?;
    Ok(item.archive_digest.as_deref() == Some(digest_of(&lines).as_str()))
}

/// What the audit notes of an item: whom it is about, or which record.
fn note_subject(tx: &mut AuditedTx<'_>, item: &DisposalItemRow) {
    let resource = match item.class {
        DisposalClass::YouthFile => Resource::Youths,
        DisposalClass::ProtectedCompartment => Resource::ProtectedStatuses,
        DisposalClass::SchoolNotifications => Resource::SchoolNotifications,
        DisposalClass::RosterImports | DisposalClass::AccessLog => Resource::Imports,
    };
    tx.note(resource, item.youth_id, Some(item.subject_id), "");
}

/// Begins a step of a run: it is permitted, the version is the one in force, and the run has come so far.
fn begin_step(
    tx: &mut AuditedTx<'_>,
    id: Id<DisposalRun>,
    version: i64,
    from: &[DisposalStatus],
) -> Result<(Permit, DisposalRunRow, Relation)> {
    let sealed = disposals::load(tx, id)?;
    let permit = tx.permit(Resource::DisposalRuns, sealed.relation())?;
    let (run, relation) = sealed.into_record();
    if run.version != version {
        return Err(Error::stale(run.version));
    }
    if !from.contains(&run.status) {
        return Err(ErrorCode::DisposalWrongStep.into());
    }
    Ok((permit, run, relation))
}

fn store(tx: &mut AuditedTx<'_>, permit: &Permit, mut run: DisposalRunRow) -> Result<View> {
    run.updated_at = tx.timestamp();
    run.version += 1;
    disposals::update(tx, permit, &run)?;
    finish(tx, run.id)
}

fn finish(tx: &mut AuditedTx<'_>, id: Id<DisposalRun>) -> Result<View> {
    let sealed = disposals::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn policies_of(run: &DisposalRunRow) -> Result<Vec<RetentionPolicy>> {
    serde_json::from_value(run.policies.0.clone()).map_err(Error::internal)
}

/// Of a class: what was proposed, and what became of it.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    proposed: u64,
    erased: u64,
    kept: u64,
}

type Counts = BTreeMap<DisposalClass, Count>;

fn shown_counts(counts: &Counts, is_executed: bool) -> Value {
    counts
        .iter()
        .map(|(class, count)| {
            let mut shown = Map::new();
            shown.insert("class".to_owned(), json!(class.code()));
            shown.insert("proposed".to_owned(), json!(count.proposed));
            if is_executed {
                shown.insert("erased".to_owned(), json!(count.erased));
                shown.insert("kept".to_owned(), json!(count.kept));
            }
            Value::Object(shown)
        })
        .collect()
}

fn digest_of(lines: &[String]) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
