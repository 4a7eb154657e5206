//! What does a line of the work list ask for, when is it due, and what may be done with it besides the work it asks for?
//! A task stands for a duty as long as the duty lasts; how the two are kept alike is decided in `domain::duty`, on whose
//! list a task stands and who may put it off in `policy` and in the query.

use super::codes::{Code, code_list};
use super::operation::{Operation, Resource};
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};

code_list! {
    /// What a line of the work list asks for.
    TaskKind {
        NextContact = "next_contact", "Ta kontakt", "Make contact";
        NextAttempt = "next_attempt", "Gör nästa kontaktförsök", "Make the next attempt";
        FollowUp = "follow_up", "Följ upp insats", "Follow up intervention";
        AwaitReferralAnswer = "await_referral_answer", "Bevaka svar på hänvisning", "Await referral answer";
        HandleSchoolNotification = "handle_school_notification", "Hantera meddelande från skola", "Handle school notification";
        PreventiveContact = "preventive_contact", "Ta förebyggande kontakt", "Make preventive contact";
        ConcernReport = "concern_report", "Gör orosanmälan", "Report concern";
        GuardianContact = "guardian_contact", "Kontakta vårdnadshavare", "Contact a guardian";
        ResumeAfterPause = "resume_after_pause", "Återuppta efter paus", "Resume after a pause";
        InformOfWithdrawal = "inform_of_withdrawal", "Underrätta mottagare om återkallat samtycke", "Inform of withdrawn consent";
        InformOfCorrection = "inform_of_correction", "Underrätta mottagare om rättelse eller begränsning", "Inform of a correction or restriction";
        DecideTransfer = "decide_transfer", "Besvara överflyttning", "Answer transfer";
        DecideCandidate = "decide_candidate", "Besluta om målgruppen", "Decide on the target group";
        MakeMapping = "make_mapping", "Gör kartläggning", "Make mapping";
        MakePlan = "make_plan", "Gör plan", "Make plan";
        PlanFollowUp = "plan_follow_up", "Följ upp plan", "Follow up plan";
        ContractFollowUp = "contract_follow_up", "Följ upp utbildningskontrakt", "Follow up education contract";
        ConfirmOccupation = "confirm_occupation", "Bekräfta sysselsättning", "Confirm occupation";
        OutcomeCheck = "outcome_check", "Kontrollera om utfallet består", "Check whether the outcome lasts";
        LetterBefore20 = "letter_before_20", "Skicka brev före 20-årsdagen", "Send letter before the 20th birthday";
        AssignSocionom = "assign_socionom", "Tilldela en socionom", "Assign a socionom";
    }
}

code_list! {
    /// Why a task is no longer open.
    TaskClosing {
        Met = "met", "Gjord", "Met";
        Answered = "answered", "Besvarad", "Answered";
        Withdrawn = "withdrawn", "Behövs inte längre", "No longer needed";
        EpisodeEnded = "episode_ended", "Perioden avslutad", "Episode ended";
    }
}

/// How a task that is closed by an answer is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerForm {
    /// By the day of the report and the reference it was given; what was reported is not stored (domain 4.5).
    Reported,
    /// By the day it was done.
    Done,
}

/// What is told of a kind of task.
#[derive(Debug, Clone, Copy)]
struct Nature {
    comes_from: Resource,
    is_of_compartment_alone: bool,
    outlives_episode: bool,
    is_deferrable: bool,
    answer_form: Option<AnswerForm>,
}

const fn nature(
    comes_from: Resource,
    is_of_compartment_alone: bool,
    outlives_episode: bool,
    is_deferrable: bool,
    answer_form: Option<AnswerForm>,
) -> Nature {
    Nature {
        comes_from,
        is_of_compartment_alone,
        outlives_episode,
        is_deferrable,
        answer_form,
    }
}

mod words {
    use super::AnswerForm;
    pub const Y: bool = true;
    pub const N: bool = false;
    pub const REPORTED: Option<AnswerForm> = Some(AnswerForm::Reported);
    pub const DONE: Option<AnswerForm> = Some(AnswerForm::Done);
    pub const WORK: Option<AnswerForm> = None;
}
use words::{DONE, N, REPORTED, WORK, Y};

impl TaskKind {
    #[rustfmt::skip]
    const fn nature(self) -> Nature {
        match self {
            //                                comes from                      compartment outlives defer closed by
            Self::NextContact              => nature(Resource::Contacts,            N, N, Y, WORK),
            Self::NextAttempt              => nature(Resource::Contacts,            N, N, Y, WORK),
            Self::FollowUp                 => nature(Resource::Interventions,       N, N, Y, WORK),
            Self::AwaitReferralAnswer      => nature(Resource::Referrals,           N, N, Y, WORK),
            Self::HandleSchoolNotification => nature(Resource::SchoolNotifications, N, Y, Y, WORK),
            // Without an episode there is no contact to register.
            Self::PreventiveContact        => nature(Resource::SchoolNotifications, N, Y, Y, DONE),
            // A concern is reported at once (SoL 19:1); a guardian may be the danger, so that contact can wait.
            Self::ConcernReport            => nature(Resource::ProtectedStatuses,   Y, N, N, REPORTED),
            Self::GuardianContact          => nature(Resource::ProtectedStatuses,   Y, N, Y, DONE),
            Self::ResumeAfterPause         => nature(Resource::ProtectedStatuses,   Y, N, N, WORK),
            // What was told is with the recipient, and who asked waits for an answer, whatever becomes of the episode.
            Self::InformOfWithdrawal       => nature(Resource::Consents,            N, Y, Y, DONE),
            Self::InformOfCorrection       => nature(Resource::Disclosures,         N, Y, Y, DONE),
            Self::DecideTransfer           => nature(Resource::Transfers,           N, Y, Y, WORK),
            Self::DecideCandidate          => nature(Resource::TargetGroupCandidates, N, Y, Y, WORK),
            Self::MakeMapping              => nature(Resource::Mappings,            N, N, Y, WORK),
            Self::MakePlan                 => nature(Resource::PlanRevisions,       N, N, Y, WORK),
            Self::PlanFollowUp             => nature(Resource::PlanRevisions,       N, N, Y, WORK),
            Self::ContractFollowUp         => nature(Resource::EducationContracts,  N, N, Y, WORK),
            Self::ConfirmOccupation        => nature(Resource::Occupations,         N, N, Y, WORK),
            // What somebody left for shows once they have left.
            Self::OutcomeCheck             => nature(Resource::OutcomeChecks,       N, Y, Y, WORK),
            Self::LetterBefore20           => nature(Resource::Episodes,            N, N, Y, WORK),
            // Something waits that only a socionom may see, and none is there to see it: that waits for nothing either.
            Self::AssignSocionom           => nature(Resource::Assignments,         N, Y, N, WORK),
        }
    }

    /// The kind of record that the task comes from: who may not read those is not told of the task.
    pub const fn comes_from(self) -> Resource {
        self.nature().comes_from
    }

    /// Whether it is for the chief's eyes alone: that it is there tells that the compartment holds something.
    pub const fn is_chiefs(self) -> bool {
        matches!(self, Self::AssignSocionom)
    }

    /// The one deed that meets it, where not everybody who reads of it may do that.
    pub const fn decided_by(self) -> Option<Operation> {
        match self {
            Self::DecideTransfer => Some(Operation::DecideTransfer),
            Self::DecideCandidate => Some(Operation::DecideCandidate),
            Self::HandleSchoolNotification => Some(Operation::HandleSchoolNotification),
            _ => None,
        }
    }

    /// Whether only the protected compartment has tasks of this kind.
    pub const fn is_of_compartment_alone(self) -> bool {
        self.nature().is_of_compartment_alone
    }

    /// Whether the duty is there without an open episode. All others end with it.
    pub const fn outlives_episode(self) -> bool {
        self.nature().outlives_episode
    }

    /// Whether it may be put off with a reason.
    pub const fn is_deferrable(self) -> bool {
        self.nature().is_deferrable
    }

    /// How it is answered; `None` when only the work itself, once it is registered, closes it.
    pub const fn answer_form(self) -> Option<AnswerForm> {
        self.nature().answer_form
    }
}

/// Days after which an answer to a referral is asked for, when no day was agreed.
pub const DAYS_TO_ANSWER: u64 = 14;

/// The day on which an answer to a sent referral is due.
pub fn answer_due_on(agreed: Option<NaiveDate>, sent_on: NaiveDate) -> NaiveDate {
    agreed
        .or_else(|| sent_on.checked_add_days(Days::new(DAYS_TO_ANSWER)))
        .unwrap_or(sent_on)
}

/// What is due today is not overdue; what was due yesterday is. What has been put off is due on that day instead.
pub fn is_overdue(due_on: NaiveDate, deferred_until: Option<NaiveDate>, today: NaiveDate) -> bool {
    deferred_until.map_or(due_on, |day| day.max(due_on)) < today
}

/// What is wrong with the day until which a task is put off: it lies ahead, and not too far, for what is put off without
/// end is forgotten. `most_days` is the municipality's own (`domain::settings`).
pub fn check_deferral(until: NaiveDate, today: NaiveDate, most_days: u32) -> Option<FieldError> {
    let last = today
        .checked_add_days(Days::new(u64::from(most_days)))
        .unwrap_or(today);
    if until <= today {
        return Some(FieldError::new("/until", FieldCode::InPast));
    }
    (until > last).then(|| FieldError::with("/until", FieldCode::TooFarAhead, last.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_sent_referral_never_waits_for_ever() {
        let sent = day("2026-11-10");
        assert_eq!(
            answer_due_on(Some(day("2026-12-01")), sent),
            day("2026-12-01")
        );
        assert_eq!(answer_due_on(None, sent), day("2026-11-24"));
        assert_eq!(answer_due_on(None, NaiveDate::MAX), NaiveDate::MAX);
    }

    #[test]
    fn today_is_in_time() {
        let today = day("2026-11-23");
        assert!(!is_overdue(today, None, today));
        assert!(is_overdue(day("2026-11-22"), None, today));
    }

    #[test]
    fn what_is_put_off_is_overdue_after_that_day_alone() {
        let due = day("2026-11-01");
        let until = Some(day("2026-11-23"));
        assert!(!is_overdue(due, until, day("2026-11-23")));
        assert!(is_overdue(due, until, day("2026-11-24")));
        // A day that was moved ahead meanwhile counts.
        assert!(!is_overdue(day("2026-12-01"), until, day("2026-11-30")));
    }

    #[test]
    fn a_task_is_put_off_to_a_day_ahead_and_not_for_ever() {
        let today = day("2026-11-23");
        let code = |until: &str| check_deferral(day(until), today, 90).map(|problem| problem.code);
        assert_eq!(code("2026-11-23"), Some(FieldCode::InPast));
        assert_eq!(code("2026-11-24"), None);
        assert_eq!(code("2027-02-21"), None);
        assert_eq!(code("2027-02-22"), Some(FieldCode::TooFarAhead));
    }
}
