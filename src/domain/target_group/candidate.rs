//! Which candidate follows from the rule's answer for a youth, given the episodes there are, and what becomes of those raised
//! before? Nothing is raised that somebody has answered already on the same facts. How candidates are kept, and what a
//! decision does, is not known here.
//!
//! Whoever opened or closed an episode knew the facts of that day: as long as no fact has changed since and the rule says
//! the same as on the day of the opening or closing, their answer stands and no question is raised. What the law settles
//! (a youth who is out) is told in any case.

use super::codes::{
    CandidateKind, CandidateStatus, TargetGroupCause as Cause, TargetGroupPoint as Point,
};
use super::rule::{Evaluation, Verdict};
use crate::domain::age::birthday_on;
use crate::domain::codes::{DeregistrationReason, Track};
use crate::domain::episode::age_bounds;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What of the target group is a matter of the municipality's own routine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TargetGroupRules {
    /// Days after the exit at 20 within which outreach is still proposed, when the episode was not closed by the run itself.
    pub outreach_proposal_days: u32,
    /// Days within which a candidate is decided on.
    #[serde(rename = "candidateDecisionDays")]
    pub decision_days: u32,
}

impl Default for TargetGroupRules {
    fn default() -> Self {
        Self {
            outreach_proposal_days: 90,
            decision_days: 14,
        }
    }
}

/// The latest `kaa` episode of a youth, and whether its opening or closing still answers for the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastEpisode {
    pub entered_on: NaiveDate,
    /// None: it is open.
    pub exited_on: Option<NaiveDate>,
    pub deregistration_reason: Option<DeregistrationReason>,
    /// Whether no fact has changed since it was opened (open) or closed (closed), and the rule said the same that day.
    pub is_answer: bool,
    /// Whether the run that asks has closed it.
    pub is_just_closed: bool,
}

/// How a youth stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub birth_date: NaiveDate,
    pub last_kaa: Option<LastEpisode>,
    pub has_open_outreach: bool,
    /// Whether an outreach proposal made since the exit has been answered.
    pub is_outreach_answered: bool,
}

impl Standing {
    /// Whether a `kaa` episode is open.
    pub fn is_in_kaa(&self) -> bool {
        self.last_kaa
            .is_some_and(|episode| episode.exited_on.is_none())
    }
}

/// Causes that only say that a fact is missing: whoever opened an episode has answered them.
const fn is_missing_fact(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::CompulsorySchoolUnknown | Cause::HomeUnknown | Cause::ProgrammeUnknown
    )
}

/// The candidate that follows, if any.
pub fn candidate_of(
    evaluation: &Evaluation,
    standing: &Standing,
    day: NaiveDate,
) -> Option<CandidateKind> {
    evaluation.version?;
    let is_answered = standing.last_kaa.is_some_and(|episode| episode.is_answer);
    match (&evaluation.verdict, standing.is_in_kaa()) {
        (Verdict::Inside { .. }, true) => None,
        (Verdict::Inside { .. }, false) => (!is_answered).then_some(CandidateKind::Enters),
        (Verdict::Outside { .. }, true) => Some(CandidateKind::Leaves),
        (verdict @ Verdict::Outside { .. }, false) => {
            proposes_outreach(verdict, standing, day).then_some(CandidateKind::OutreachProposal)
        }
        (Verdict::NeedsDecision { causes }, is_in) => {
            let is_known = is_in && causes.iter().copied().all(is_missing_fact);
            (!is_answered && !is_known).then_some(CandidateKind::NeedsDecision)
        }
    }
}

/// Sundbyberg's plan: outreach takes over at 20, on a basis of its own. Nothing is proposed for who has died, left the
/// municipality, or is followed already.
fn proposes_outreach(verdict: &Verdict, standing: &Standing, day: NaiveDate) -> bool {
    let left_at_20 = standing.last_kaa.is_some_and(|episode| {
        episode.deregistration_reason == Some(DeregistrationReason::Turned20)
    });
    left_at_20
        && !standing.has_open_outreach
        && !standing.is_outreach_answered
        && !verdict.fails(Point::Alive)
        && !verdict.fails(Point::Home)
        && age_bounds(Track::Outreach).hold(standing.birth_date, day)
}

/// Whether a proposal of outreach that does not stand yet is made: at the closing by age, and for a while after one by hand.
pub fn is_time_to_propose(standing: &Standing, day: NaiveDate, rules: TargetGroupRules) -> bool {
    standing.last_kaa.is_some_and(|episode| {
        let limit = episode.exited_on.and_then(|on| {
            on.checked_add_days(chrono::Days::new(rules.outreach_proposal_days.into()))
        });
        episode.is_just_closed || limit.is_some_and(|limit| day <= limit)
    })
}

/// The day on which an open `kaa` episode ends by age: the 20th birthday, once it has come, unless the youth died before.
pub fn closes_by_age_on(
    birth_date: NaiveDate,
    deceased_on: Option<NaiveDate>,
    day: NaiveDate,
) -> Option<NaiveDate> {
    birthday_on(birth_date, 20)
        .filter(|birthday| *birthday <= day)
        .filter(|birthday| deceased_on.is_none_or(|deceased_on| *birthday <= deceased_on))
}

/// A candidate raised before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    pub kind: CandidateKind,
    pub status: CandidateStatus,
    pub found_on: NaiveDate,
    /// The facts and the answer it rested on.
    pub fingerprint: String,
}

/// What is to be done about the candidates of a youth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The pending one is no longer true.
    pub is_pending_obsolete: bool,
    /// A new one is raised.
    pub is_raised: bool,
}

/// Holds what follows today against what was raised before. A pending one of a later day is left alone: whoever asks about
/// an earlier day does not undo it.
pub fn step(wanted: Option<(CandidateKind, &str)>, raised: &[Raised], day: NaiveDate) -> Step {
    let is_same = |raised: &Raised| wanted == Some((raised.kind, raised.fingerprint.as_str()));
    let pending = raised
        .iter()
        .find(|raised| raised.status == CandidateStatus::Pending);
    if pending.is_some_and(|pending| is_same(pending) || pending.found_on > day) {
        return Step {
            is_pending_obsolete: false,
            is_raised: false,
        };
    }
    let is_decided = raised.iter().any(|raised| {
        is_same(raised)
            && matches!(
                raised.status,
                CandidateStatus::Confirmed | CandidateStatus::Rejected
            )
    });
    Step {
        is_pending_obsolete: pending.is_some(),
        is_raised: wanted.is_some() && !is_decided,
    }
}

#[cfg(test)]
#[path = "candidate_tests.rs"]
mod tests;
