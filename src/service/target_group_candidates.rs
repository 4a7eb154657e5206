//! Candidates of the target group: what the rules have found about a youth, and what a person decides on it. Confirming opens
//! or closes an episode by the same code as doing so by hand; what the rules find is decided in `domain::target_group`.
//!
//! A decision rests on the facts that the candidate shows. Have they changed since, or does another day give another answer,
//! the decision is refused: the next run raises the question anew.

use super::episodes::{close_episode, open_episode};
use super::form::Form;
use super::sensitive_terms::screen;
use super::target_group_runs::ask;
use super::youths::visible_relation;
use super::{Fields, begin_update, must_read_filters, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::episodes::{self, EpisodeRow};
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::target_group::{Subject, load_subject};
use crate::db::target_group_candidates::{self as candidates, CandidateFilter, CandidateRow};
use crate::db::versions::keep_version;
use crate::domain::codes::{Code, Track};
use crate::domain::id::{Candidate, Episode, Id, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::codes::{CandidateKind, CandidateStatus};
use crate::domain::target_group::reason_on;
use crate::error::{Error, ErrorCode, FieldCode, FieldError, Result};
use crate::policy::reveal::View;
use serde_json::json;

/// The candidates of the actor's scope, the latest raised first.
///
/// # Errors
/// 400 for a wrong parameter, 403.
pub fn list_candidates(
    tx: &mut AuditedTx<'_>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    let filter = read_filter(tx, parameters)?;
    let page = candidates::list(tx, filter, request)?;
    reveal_page(tx, page)
}

/// The candidates of one youth, the latest raised first.
///
/// # Errors
/// 404 for a youth the actor may not know of; else as [`list_candidates`].
pub fn list_youth_candidates(
    tx: &mut AuditedTx<'_>,
    youth_id: Id<Youth>,
    parameters: Form,
    request: &PageRequest,
) -> Result<Page<View>> {
    visible_relation(tx, youth_id)?;
    let filter = read_filter(tx, parameters)?;
    let page = candidates::list_of_youth(tx, youth_id, filter, request)?;
    reveal_page(tx, page)
}

fn read_filter(tx: &AuditedTx<'_>, mut form: Form) -> Result<CandidateFilter> {
    must_read_filters(
        tx,
        Resource::TargetGroupCandidates,
        &form,
        &[("status", "status"), ("kind", "kind")],
    )?;
    let filter = CandidateFilter {
        status: form.code("status"),
        kind: form.code("kind"),
    };
    form.finish()?;
    Ok(filter)
}

/// One candidate.
///
/// # Errors
/// 404 when there is none that the actor may know of.
pub fn read_candidate(tx: &mut AuditedTx<'_>, id: Id<Candidate>) -> Result<View> {
    let sealed = candidates::load(tx, id)?;
    tx.reveal(&sealed)
}

/// A decision, read.
struct Decision {
    is_confirmed: bool,
    reason: Option<String>,
    /// How the episode is opened that a confirmation opens.
    episode: Fields,
    /// How the open episode is closed.
    closure: Option<Fields>,
}

/// Decides on a candidate.
///
/// # Errors
/// 404; 403; 412; 409 when it is decided, or no longer holds; 422 with all fields that are wrong; else as opening or closing
/// an episode, with the fields below `/episode` or `/closure`.
pub fn decide_candidate(
    tx: &mut AuditedTx<'_>,
    id: Id<Candidate>,
    version: i64,
    patch: Fields,
) -> Result<View> {
    let sealed = candidates::load(tx, id)?;
    let (permit, form) = begin_update(tx, &sealed, version, patch, &["status", "decisionReason"])?;
    let mut row = sealed.for_rules().clone();
    match row.status {
        CandidateStatus::Pending => {}
        CandidateStatus::Obsolete => return Err(ErrorCode::CandidateOutdated.into()),
        CandidateStatus::Confirmed | CandidateStatus::Rejected => {
            return Err(ErrorCode::Conflict.into());
        }
    }
    let subject = load_subject(tx, row.youth_id)?;
    let rules = settings::load(tx)?.target_group;
    if ask(&subject, tx.today(), false, rules).wanted != Some((row.kind, row.fingerprint.clone())) {
        return Err(ErrorCode::CandidateOutdated.into());
    }
    let open = episodes::find_open(tx, row.youth_id)?
        .into_iter()
        .find(|episode| episode.track == Track::Kaa);
    let decision = read_decision(tx, form, row.kind, open.is_some())?;
    row.episode_id = carry_out(tx, &row, &subject, open, &decision)?;
    row.status = if decision.is_confirmed {
        CandidateStatus::Confirmed
    } else {
        CandidateStatus::Rejected
    };
    row.decision_reason = decision.reason;
    row.decided_by = tx.actor().user_id();
    row.decided_at = Some(tx.timestamp());
    row.updated_at = tx.timestamp();
    row.version += 1;
    candidates::update(tx, &permit, &row)?;
    let sealed = candidates::load(tx, id)?;
    keep_version(tx, sealed.for_rules())?;
    tx.reveal(&sealed)
}

fn read_decision(
    tx: &mut AuditedTx<'_>,
    mut form: Form,
    kind: CandidateKind,
    is_in_kaa: bool,
) -> Result<Decision> {
    let status: Option<CandidateStatus> = form.code("status");
    let is_confirmed = match status {
        Some(CandidateStatus::Confirmed) => Some(true),
        Some(CandidateStatus::Rejected) => Some(false),
        _ => None,
    };
    if is_confirmed.is_none() && form.is_sound() {
        form.add([FieldError::with(
            "/status",
            FieldCode::NotInList,
            "confirmed, rejected",
        )]);
    }
    let reason = form.long_text("decisionReason", 1000);
    screen(tx, &mut form)?;
    let episode = form.members("episode");
    let closure = form.members("closure");
    if let Some(is_confirmed) = is_confirmed {
        // Whoever goes against the rules, or answers what the law leaves open, says why.
        if !is_confirmed || kind == CandidateKind::NeedsDecision {
            form.require("decisionReason", reason.clone());
        }
        let opens = is_confirmed && kind != CandidateKind::Leaves && !is_in_kaa;
        let closes = match kind {
            CandidateKind::Leaves => is_confirmed,
            CandidateKind::NeedsDecision => !is_confirmed && is_in_kaa,
            CandidateKind::Enters | CandidateKind::OutreachProposal => false,
        };
        let not_with = |form: &mut Form, pointer| {
            form.add([FieldError::with(pointer, FieldCode::NotWithOther, "status")]);
        };
        if episode.is_some() && !opens {
            not_with(&mut form, "/episode");
        }
        if closure.is_some() && !closes {
            not_with(&mut form, "/closure");
        }
        if closes {
            form.require("closure", closure.clone());
        }
        let names_basis = episode
            .as_ref()
            .is_some_and(|fields| fields.get("basis").is_some_and(|basis| !basis.is_null()));
        if opens && kind == CandidateKind::OutreachProposal && !names_basis {
            form.add([FieldError::new("/episode/basis", FieldCode::Required)]);
        }
    }
    form.finish_with(is_confirmed.map(|is_confirmed| Decision {
        is_confirmed,
        reason,
        episode: episode.unwrap_or_default(),
        closure,
    }))
}

/// Opens or closes the episode that the decision means; gives which.
fn carry_out(
    tx: &mut AuditedTx<'_>,
    row: &CandidateRow,
    subject: &Subject,
    open: Option<EpisodeRow>,
    decision: &Decision,
) -> Result<Option<Id<Episode>>> {
    if let (Some(closure), Some(open)) = (&decision.closure, &open) {
        let mut fields = closure.clone();
        if let Some(since_on) = row.since_on {
            let day = since_on.max(open.entered_on);
            fields.entry("exitedOn").or_insert(json!(day));
        }
        if let Some(reason) = row.deregistration_reason {
            fields
                .entry("deregistrationReason")
                .or_insert(json!(reason.code()));
        }
        close_episode(tx, open.id, open.version, fields)
            .map_err(|error| below(error, "/closure"))?;
        return Ok(Some(open.id));
    }
    if !decision.is_confirmed || open.is_some() {
        return Ok(None);
    }
    let track = match row.kind {
        CandidateKind::OutreachProposal => Track::Outreach,
        CandidateKind::Enters | CandidateKind::NeedsDecision => Track::Kaa,
        CandidateKind::Leaves => return Ok(None),
    };
    let mut fields = decision.episode.clone();
    if fields.contains_key("track") {
        return Err(FieldError::new("/episode/track", FieldCode::UnknownField).into());
    }
    fields.insert("track".to_owned(), json!(track.code()));
    let reason = row
        .reason
        .unwrap_or_else(|| reason_on(&subject.facts, row.found_on));
    fields.entry("reason").or_insert(json!(reason.code()));
    if track == Track::Kaa {
        fields.entry("enteredOn").or_insert(json!(row.found_on));
    }
    let view = open_episode(tx, row.youth_id, fields).map_err(|error| below(error, "/episode"))?;
    let id = view
        .fields
        .get("id")
        .and_then(|id| uuid::Uuid::try_parse(id.as_str()?).ok());
    Ok(id.map(Id::of))
}

/// The error of a part of the request, told by where that part stands.
fn below(error: Error, base: &str) -> Error {
    let fields = error.fields.into_iter().map(|field| FieldError {
        pointer: format!("{base}{}", field.pointer),
        ..field
    });
    Error {
        fields: fields.collect(),
        ..error
    }
}
