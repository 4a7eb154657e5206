//! Runs of the target group's rules over a unit: batch by batch in the night and from the command line, in one piece when
//! somebody asks for it. Each batch asks about the next youths, closes what ends by age, raises candidates and drops those
//! that are no longer true, and stores how far it has come, all in one transaction. What follows for a youth is decided in
//! `domain::target_group`.
//!
//! Youths with protected identity are asked about like all others, but no count tells of them.

use super::episodes::close_by_age;
use super::{Fields, begin_create, reveal_page};
use crate::db::audited::AuditedTx;
use crate::db::duties::settle_due;
use crate::db::paging::{Page, PageRequest};
use crate::db::settings;
use crate::db::target_group::{
    KaaEpisode, Subject, causes, document_of, failed_points, list_subjects,
};
use crate::db::target_group_candidates::{self as candidates, CandidateRow};
use crate::db::target_group_runs::{self as runs, RunRow};
use crate::db::types::Json;
use crate::domain::codes::{Code, DeregistrationReason};
use crate::domain::id::{Candidate, Id, TargetGroupRun, Unit, Youth};
use crate::domain::operation::Resource;
use crate::domain::target_group::candidate::{
    LastEpisode, Raised, Standing, Step, TargetGroupRules, candidate_of, closes_by_age_on,
    is_time_to_propose, step,
};
use crate::domain::target_group::codes::{CandidateKind, CandidateStatus};
use crate::domain::target_group::{Evaluation, Verdict, evaluate};
use crate::error::{FieldCode, Result};
use crate::policy::decide::Relation;
use crate::policy::reveal::{Permit, View};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Youths asked about in one transaction: others wait for it on the embedded database.
pub const BATCH: i64 = 2_000;

/// What a run has found so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub evaluated: u64,
    pub enters: u64,
    pub leaves: u64,
    pub needs_decision: u64,
    pub outreach_proposals: u64,
    pub obsolete: u64,
    pub closed_by_age: u64,
}

impl Counts {
    fn of(document: &Value) -> Self {
        let count = |name: &str| document.get(name).and_then(Value::as_u64).unwrap_or(0);
        Self {
            evaluated: count("evaluated"),
            enters: count("enters"),
            leaves: count("leaves"),
            needs_decision: count("needsDecision"),
            outreach_proposals: count("outreachProposals"),
            obsolete: count("obsolete"),
            closed_by_age: count("closedByAge"),
        }
    }

    fn to_document(self) -> Value {
        json!({
            "evaluated": self.evaluated,
            "enters": self.enters,
            "leaves": self.leaves,
            "needsDecision": self.needs_decision,
            "outreachProposals": self.outreach_proposals,
            "obsolete": self.obsolete,
            "closedByAge": self.closed_by_age,
        })
    }

    fn raise(&mut self, kind: CandidateKind) {
        match kind {
            CandidateKind::Enters => self.enters += 1,
            CandidateKind::Leaves => self.leaves += 1,
            CandidateKind::NeedsDecision => self.needs_decision += 1,
            CandidateKind::OutreachProposal => self.outreach_proposals += 1,
        }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub counts: Counts,
    pub is_finished: bool,
}

/// Runs the rules over the actor's unit, in one piece. A run of the same day that was cut off is brought to its end.
///
/// # Errors
/// 403; 422 for a day in the future.
pub fn run_target_group(tx: &mut AuditedTx<'_>, fields: Fields) -> Result<View> {
    let staff = tx.staff()?;
    let unit_id = staff.unit_id.unwrap_or(Id::of(uuid::Uuid::nil()));
    let relation = Relation::unit_record(true);
    let (permit, mut form) = begin_create(tx, Resource::TargetGroupRuns, &relation, fields)?;
    let today = tx.today();
    let named = form.has("forOn");
    let for_on = form.date("forOn");
    if for_on.is_some_and(|day| day > today) {
        form.wrong("forOn", FieldCode::InFuture);
    }
    let for_on = if named { for_on } else { Some(today) };
    let for_on = form.finish_with(for_on)?;
    let mut run = begin(tx, &permit, unit_id, for_on)?;
    while run.finished_at.is_none() {
        ask_next(tx, &permit, &mut run, BATCH)?;
    }
    let sealed = runs::load(tx, run.id)?;
    tx.reveal(&sealed)
}

/// The next batch of the run of a unit for a day, begun if there is none under way. `None`: the day's run has come to its end
/// meanwhile, at another server, and none is asked for again.
///
/// # Errors
/// 403 for everybody but the service itself and those who may run; 422 for a day in the future.
pub fn run_next_batch(
    tx: &mut AuditedTx<'_>,
    unit_id: Id<Unit>,
    for_on: NaiveDate,
    is_again: bool,
    batch: i64,
) -> Result<Option<Progress>> {
    let is_own = tx.actor().unit_id().is_none_or(|own| own == unit_id);
    let permit = tx.permit(Resource::TargetGroupRuns, &Relation::unit_record(is_own))?;
    if for_on > tx.today() {
        return Err(crate::error::FieldError::new("/forOn", FieldCode::InFuture).into());
    }
    let mut run = match runs::find_unfinished(tx, unit_id, for_on)? {
        Some(run) => run,
        // Asked in the transaction that would begin one: of two servers that come to the end of a run together, the later would
        // begin it anew.
        None if !is_again && runs::is_finished(tx, unit_id, for_on)? => return Ok(None),
        None => begin(tx, &permit, unit_id, for_on)?,
    };
    ask_next(tx, &permit, &mut run, batch)?;
    if run.finished_at.is_some() && for_on == tx.today() {
        // Tasks that a birthday has ended: lists heed it by themselves, the rows follow in the night.
        settle_due(tx, usize::try_from(BATCH).unwrap_or(usize::MAX))?;
    }
    tx.note(
        Resource::TargetGroupRuns,
        None,
        Some(run.id.cast()),
        "counts",
    );
    Ok(Some(Progress {
        counts: Counts::of(&run.counts.0),
        is_finished: run.finished_at.is_some(),
    }))
}

/// The runs of the actor's unit, newest first.
///
/// # Errors
/// 403.
pub fn list_target_group_runs(tx: &mut AuditedTx<'_>, request: &PageRequest) -> Result<Page<View>> {
    let page = runs::list(tx, request)?;
    reveal_page(tx, page)
}

/// One run.
///
/// # Errors
/// 403 or 404.
pub fn read_target_group_run(tx: &mut AuditedTx<'_>, id: Id<TargetGroupRun>) -> Result<View> {
    let sealed = runs::load(tx, id)?;
    tx.reveal(&sealed)
}

fn begin(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    unit_id: Id<Unit>,
    for_on: NaiveDate,
) -> Result<RunRow> {
    if let Some(run) = runs::find_unfinished(tx, unit_id, for_on)? {
        return Ok(run);
    }
    let run = RunRow {
        id: Id::fresh(),
        unit_id,
        for_on,
        started_by: tx.actor().user_id(),
        started_at: tx.timestamp(),
        finished_at: None,
        cursor_id: None,
        counts: Json(Counts::default().to_document()),
        version: 1,
    };
    runs::insert(tx, permit, &run)?;
    Ok(run)
}

fn ask_next(tx: &mut AuditedTx<'_>, permit: &Permit, run: &mut RunRow, batch: i64) -> Result<()> {
    let rules = settings::load(tx)?.target_group;
    let subjects = list_subjects(tx, run.unit_id, run.cursor_id, batch)?;
    let mut counts = Counts::of(&run.counts.0);
    let mut raised: Vec<CandidateRow> = Vec::new();
    let mut dropped: Vec<(Id<Candidate>, Id<Youth>)> = Vec::new();
    let is_last = i64::try_from(subjects.len()).is_ok_and(|count| count < batch);
    run.cursor_id = subjects
        .last()
        .map_or(run.cursor_id, |last| Some(last.youth_id));
    for mut subject in subjects {
        let counted = u64::from(!subject.is_protected);
        counts.evaluated += counted;
        let is_just_closed = close_if_due(tx, permit, &mut subject, run.for_on)?;
        counts.closed_by_age += if is_just_closed { counted } else { 0 };
        let asked = ask(&subject, run.for_on, is_just_closed, rules);
        let step = asked.step(&subject, run.for_on);
        if step.is_pending_obsolete {
            dropped.extend(pending_of(&subject).map(|(id, _)| (*id, subject.youth_id)));
            counts.obsolete += counted;
        }
        if step.is_raised
            && let Some(row) = asked.candidate(tx, run, &subject)
        {
            if !subject.is_protected {
                counts.raise(row.kind);
            }
            raised.push(row);
        }
    }
    let ids: Vec<Id<Candidate>> = dropped.iter().map(|(id, _)| *id).collect();
    candidates::drop_pending(tx, permit, &ids)?;
    candidates::insert_many(tx, permit, &raised)?;
    for (id, youth_id) in dropped {
        note(tx, youth_id, id, "status");
    }
    for row in &raised {
        note(tx, row.youth_id, row.id, "kind,foundOn,reason,causes,facts");
    }
    run.counts = Json(counts.to_document());
    run.finished_at = is_last.then(|| tx.timestamp());
    run.version += 1;
    runs::update(tx, permit, run)
}

fn note(tx: &mut AuditedTx<'_>, youth_id: Id<Youth>, id: Id<Candidate>, fields: &str) {
    let resource = Resource::TargetGroupCandidates;
    tx.note(resource, Some(youth_id), Some(id.cast()), fields);
}

fn pending_of(subject: &Subject) -> Option<&(Id<Candidate>, Raised)> {
    subject
        .candidates
        .iter()
        .find(|(_, raised)| raised.status == CandidateStatus::Pending)
}

/// Closes the open `kaa` episode of who has turned 20 (skollagen 29:9). What has dates after the birthday is not touched:
/// there a person decides, by a candidate.
fn close_if_due(
    tx: &mut AuditedTx<'_>,
    permit: &Permit,
    subject: &mut Subject,
    day: NaiveDate,
) -> Result<bool> {
    let facts = &subject.facts;
    let Some(birthday) = closes_by_age_on(facts.birth_date, facts.deceased_on, day) else {
        return Ok(false);
    };
    let Some(open) = subject
        .kaa
        .iter_mut()
        .find(|episode| episode.exited_on.is_none())
    else {
        return Ok(false);
    };
    let Some(exited_on) = close_by_age(tx, permit, open.id, facts.birth_date, birthday)? else {
        return Ok(false);
    };
    open.exited_on = Some(exited_on);
    open.deregistration_reason = Some(DeregistrationReason::Turned20);
    open.updated_at = tx.timestamp();
    Ok(true)
}

/// What the rules say of a youth, and what follows.
pub(super) struct Asked {
    pub evaluation: Evaluation,
    /// What is to be decided, with the fingerprint of the question.
    pub wanted: Option<(CandidateKind, String)>,
}

/// Asks the rules about a youth on a day.
pub(super) fn ask(
    subject: &Subject,
    day: NaiveDate,
    is_just_closed: bool,
    rules: TargetGroupRules,
) -> Asked {
    let evaluation = evaluate(&subject.facts, day);
    let last = last_kaa(subject);
    let is_open = last.is_some_and(|episode| episode.exited_on.is_none());
    if is_open && matches!(evaluation.verdict, Verdict::Inside { .. }) {
        // So it is with most, every night: there is nothing to ask.
        return Asked {
            evaluation,
            wanted: None,
        };
    }
    let standing = standing(subject, last, &evaluation, is_just_closed);
    let mut kind = candidate_of(&evaluation, &standing, day);
    if kind == Some(CandidateKind::OutreachProposal) {
        let is_pending = pending_of(subject).is_some_and(|(_, raised)| Some(raised.kind) == kind);
        kind = kind.filter(|_| is_pending || is_time_to_propose(&standing, day, rules));
    }
    let wanted = kind.map(|kind| (kind, fingerprint(kind, subject, last, &evaluation)));
    Asked { evaluation, wanted }
}

/// The open `kaa` episode, or the one that was closed last.
fn last_kaa(subject: &Subject) -> Option<&KaaEpisode> {
    subject.kaa.iter().max_by_key(|episode| {
        (
            episode.exited_on.is_none(),
            episode.exited_on,
            episode.entered_on,
        )
    })
}

fn standing(
    subject: &Subject,
    last: Option<&KaaEpisode>,
    evaluation: &Evaluation,
    is_just_closed: bool,
) -> Standing {
    let is_answer = |episode: &KaaEpisode| {
        let (day, at) = match episode.exited_on {
            None => (episode.entered_on, episode.created_at),
            Some(exited_on) => (exited_on, episode.updated_at),
        };
        subject
            .facts_changed_at
            .is_none_or(|changed_at| changed_at <= at)
            && says_no_more(&evaluate(&subject.facts, day).verdict, &evaluation.verdict)
    };
    let last_exit = last.and_then(|episode| episode.exited_on);
    let is_answered = |raised: &Raised| {
        raised.kind == CandidateKind::OutreachProposal
            && matches!(
                raised.status,
                CandidateStatus::Confirmed | CandidateStatus::Rejected
            )
            && last_exit.is_some_and(|exit| raised.found_on >= exit)
    };
    Standing {
        birth_date: subject.facts.birth_date,
        last_kaa: last.map(|episode| LastEpisode {
            entered_on: episode.entered_on,
            exited_on: episode.exited_on,
            deregistration_reason: episode.deregistration_reason,
            is_answer: is_answer(episode),
            is_just_closed,
        }),
        has_open_outreach: subject.has_open_outreach,
        is_outreach_answered: subject
            .candidates
            .iter()
            .any(|(_, raised)| is_answered(raised)),
    }
}

/// Whether the answer of today is that of the day of the opening or closing, or leaves less open than that.
fn says_no_more(then: &Verdict, now: &Verdict) -> bool {
    match (then, now) {
        (Verdict::NeedsDecision { causes: then }, Verdict::NeedsDecision { causes: now }) => {
            now.iter().all(|cause| then.contains(cause))
        }
        (then, now) => then == now,
    }
}

/// The same for the same question: the facts and the answer they lead to; of an outreach proposal the episode that ended.
fn fingerprint(
    kind: CandidateKind,
    subject: &Subject,
    last: Option<&KaaEpisode>,
    evaluation: &Evaluation,
) -> String {
    let question = if kind == CandidateKind::OutreachProposal {
        json!({"outreachAfter": last.map(|episode| episode.id)})
    } else {
        json!({
            "facts": document_of(&subject.facts),
            "verdict": evaluation.verdict.code().code(),
            "reason": evaluation.verdict.reason().map(Code::code),
            "failedPoints": failed_points(evaluation),
            "causes": causes(evaluation),
        })
    };
    data_encoding::HEXLOWER.encode(&Sha256::digest(question.to_string().as_bytes()))
}

impl Asked {
    fn step(&self, subject: &Subject, day: NaiveDate) -> Step {
        let wanted = self
            .wanted
            .as_ref()
            .map(|(kind, fingerprint)| (*kind, fingerprint.as_str()));
        if wanted.is_none() && subject.candidates.is_empty() {
            return Step {
                is_pending_obsolete: false,
                is_raised: false,
            };
        }
        let raised: Vec<Raised> = subject
            .candidates
            .iter()
            .map(|(_, raised)| raised.clone())
            .collect();
        step(wanted, &raised, day)
    }

    fn candidate(
        &self,
        tx: &AuditedTx<'_>,
        run: &RunRow,
        subject: &Subject,
    ) -> Option<CandidateRow> {
        let (kind, fingerprint) = self.wanted.clone()?;
        let verdict = &self.evaluation.verdict;
        let leading = verdict.leading();
        let now = tx.timestamp();
        Some(CandidateRow {
            id: Id::fresh(),
            youth_id: subject.youth_id,
            unit_id: subject.unit_id,
            run_id: run.id,
            kind,
            found_on: run.for_on,
            rule_version: self.evaluation.version?,
            reason: verdict.reason(),
            deregistration_reason: leading.map(|failure| failure.reason),
            since_on: leading.and_then(|failure| failure.since_on),
            failed_points: Json(failed_points(&self.evaluation)),
            causes: Json(causes(&self.evaluation)),
            facts: Json(document_of(&subject.facts)),
            fingerprint,
            status: CandidateStatus::Pending,
            decision_reason: None,
            episode_id: None,
            decided_by: None,
            decided_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }
}
