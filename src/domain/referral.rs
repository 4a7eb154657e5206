//! Which referrals are sensitive, and in which steps does a referral move? The dates and the consent that each step asks
//! for (domain 9.10, 9.13; Sundbyberg's plan 2.2-2.4). Where either kind is kept, and for whose eyes, does not belong here.

use super::codes::{Code, ConsentForm, ReferralStatus, ReferralTarget};
use super::period::Period;
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// Whether a referral to this recipient tells something of health, disability, drugs or social services, and so belongs in
/// the protected compartment (starred in domain 9.10).
pub const fn is_sensitive(target: ReferralTarget) -> bool {
    match target {
        ReferralTarget::LssOfficer
        | ReferralTarget::SocialServicesIntake
        | ReferralTarget::AddictionCare
        | ReferralTarget::HealthCare
        | ReferralTarget::YouthClinic
        | ReferralTarget::SocialInsurance => true,
        ReferralTarget::EmploymentService
        | ReferralTarget::AdultEducation
        | ReferralTarget::FolkHighSchool
        | ReferralTarget::UpperSecondary
        | ReferralTarget::Guidance
        | ReferralTarget::MunicipalLabourUnit
        | ReferralTarget::Ngo => false,
    }
}

/// The steps that may follow; `None` is before the referral was made. Who has declined is offered anew by a new referral.
pub const fn next_steps(from: Option<ReferralStatus>) -> &'static [ReferralStatus] {
    match from {
        None => &[ReferralStatus::Offered],
        Some(ReferralStatus::Offered) => &[ReferralStatus::Declined, ReferralStatus::Consented],
        Some(ReferralStatus::Consented) => &[ReferralStatus::Sent],
        Some(ReferralStatus::Sent) => &[ReferralStatus::Received],
        Some(ReferralStatus::Received) => &[ReferralStatus::Closed],
        Some(ReferralStatus::Declined | ReferralStatus::Closed) => &[],
    }
}

/// How far a referral has come, and when each step was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// The step it has come to.
    pub status: ReferralStatus,
    /// Each step's day.
    pub offered_on: Option<NaiveDate>,
    pub declined_on: Option<NaiveDate>,
    pub consented_on: Option<NaiveDate>,
    pub sent_on: Option<NaiveDate>,
    pub received_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    /// How the youth consented.
    pub consent_form: Option<ConsentForm>,
    /// By when the recipient should have answered.
    pub answer_due_on: Option<NaiveDate>,
}

impl Steps {
    /// A step that is taken without a day is taken today; but the day of a consent is always told.
    pub fn dated(self, from: Option<ReferralStatus>, today: NaiveDate) -> Self {
        if from == Some(self.status) {
            return self;
        }
        let mut dated = self;
        let day = match self.status {
            ReferralStatus::Offered => &mut dated.offered_on,
            ReferralStatus::Declined => &mut dated.declined_on,
            ReferralStatus::Consented => return self,
            ReferralStatus::Sent => &mut dated.sent_on,
            ReferralStatus::Received => &mut dated.received_on,
            ReferralStatus::Closed => &mut dated.closed_on,
        };
        day.get_or_insert(today);
        dated
    }

    /// Every step with its field and day, in the order in which they are taken.
    const fn in_order(&self) -> [(ReferralStatus, &'static str, Option<NaiveDate>); 6] {
        [
            (ReferralStatus::Offered, "offeredOn", self.offered_on),
            (ReferralStatus::Declined, "declinedOn", self.declined_on),
            (ReferralStatus::Consented, "consentedOn", self.consented_on),
            (ReferralStatus::Sent, "sentOn", self.sent_on),
            (ReferralStatus::Received, "receivedOn", self.received_on),
            (ReferralStatus::Closed, "closedOn", self.closed_on),
        ]
    }

    /// Whether the referral has taken a step.
    const fn has_taken(&self, step: ReferralStatus) -> bool {
        match (step, self.status) {
            (ReferralStatus::Declined, status) => matches!(status, ReferralStatus::Declined),
            (ReferralStatus::Offered, _) => true,
            (_, ReferralStatus::Declined) => false,
            (step, status) => rank(step) <= rank(status),
        }
    }
}

/// Whether a step is the youth's and ours, and so lies within the episode. An answer comes when it comes: a referral that
/// was sent can be closed after the episode has ended, or it would be waited for without end.
const fn is_ours(step: ReferralStatus) -> bool {
    !matches!(step, ReferralStatus::Received | ReferralStatus::Closed)
}

/// How far along the way a step is.
const fn rank(step: ReferralStatus) -> u8 {
    match step {
        ReferralStatus::Offered => 0,
        ReferralStatus::Declined | ReferralStatus::Consented => 1,
        ReferralStatus::Sent => 2,
        ReferralStatus::Received => 3,
        ReferralStatus::Closed => 4,
    }
}

/// Everything that is wrong with the steps of a referral that stood at `from`.
pub fn check_steps(
    steps: &Steps,
    from: Option<ReferralStatus>,
    period: &Period,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let allowed = next_steps(from);
    if from != Some(steps.status) && !allowed.contains(&steps.status) {
        problems.push(wrong_step(allowed));
    }
    let mut before: Option<(&'static str, NaiveDate)> = None;
    for (step, field, day) in steps.in_order() {
        let pointer = format!("/{field}");
        let Some(day) = day else {
            if steps.has_taken(step) {
                problems.push(FieldError::new(pointer, missing(steps, step)));
            }
            continue;
        };
        if !steps.has_taken(step) {
            problems.push(not_yet(pointer));
            continue;
        }
        if day > today {
            problems.push(FieldError::new(pointer, FieldCode::InFuture));
        } else if let Some((earlier, _)) = before.filter(|(_, earlier)| day < *earlier) {
            problems.push(FieldError::with(
                pointer,
                FieldCode::WrongDateOrder,
                earlier,
            ));
        } else if is_ours(step)
            && let Some(problem) = period.check(&pointer, day, true)
        {
            problems.push(problem);
        }
        before = Some((field, day));
    }
    match steps.consent_form {
        None if steps.has_taken(ReferralStatus::Consented) => problems.push(FieldError::new(
            "/consentForm",
            missing(steps, ReferralStatus::Consented),
        )),
        Some(_) if !steps.has_taken(ReferralStatus::Consented) => {
            problems.push(not_yet("/consentForm".to_owned()));
        }
        _ => {}
    }
    if let Some(due) = steps.answer_due_on {
        if !steps.has_taken(ReferralStatus::Sent) {
            problems.push(not_yet("/answerDueOn".to_owned()));
        } else if steps.sent_on.is_some_and(|sent| due < sent) {
            problems.push(FieldError::with(
                "/answerDueOn",
                FieldCode::WrongDateOrder,
                "sentOn",
            ));
        }
    }
    problems
}

/// What is said of a step without its day: what has been sent without a recorded consent is more than a gap in a form.
const fn missing(steps: &Steps, step: ReferralStatus) -> FieldCode {
    match step {
        ReferralStatus::Consented if steps.has_taken(ReferralStatus::Sent) => {
            FieldCode::ConsentMissing
        }
        _ => FieldCode::Required,
    }
}

/// A day or a form of a step that the referral has not come to.
fn not_yet(pointer: String) -> FieldError {
    FieldError::with(pointer, FieldCode::NotWithOther, "status")
}

fn wrong_step(allowed: &[ReferralStatus]) -> FieldError {
    if allowed.is_empty() {
        return FieldError::worded(
            "/status",
            FieldCode::WrongStep,
            "inget (gör en ny hänvisning)",
            "none (make a new referral)",
        );
    }
    let words: Vec<&str> = allowed.iter().map(|step| step.code()).collect();
    FieldError::with("/status", FieldCode::WrongStep, words.join(", "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Track;
    use crate::domain::id::Id;
    use crate::error::Language;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period() -> Period {
        Period {
            id: Id::fresh(),
            track: Track::Kaa,
            entered_on: day("2026-10-01"),
            exited_on: None,
        }
    }

    fn offered() -> Steps {
        Steps {
            status: ReferralStatus::Offered,
            offered_on: Some(day("2026-11-01")),
            declined_on: None,
            consented_on: None,
            sent_on: None,
            received_on: None,
            closed_on: None,
            consent_form: None,
            answer_due_on: None,
        }
    }

    fn closed() -> Steps {
        Steps {
            status: ReferralStatus::Closed,
            consented_on: Some(day("2026-11-02")),
            consent_form: Some(ConsentForm::Written),
            sent_on: Some(day("2026-11-03")),
            received_on: Some(day("2026-11-10")),
            closed_on: Some(day("2026-11-20")),
            answer_due_on: Some(day("2026-12-10")),
            ..offered()
        }
    }

    fn told(steps: &Steps, from: Option<ReferralStatus>) -> Vec<(String, FieldCode)> {
        check_steps(steps, from, &period(), day("2026-11-23"))
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn one(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn six_of_thirteen_recipients_are_sensitive() {
        let sensitive: Vec<&str> = ReferralTarget::ALL
            .iter()
            .filter(|target| is_sensitive(**target))
            .map(|target| target.code())
            .collect();
        assert_eq!(
            sensitive,
            [
                "lss_officer",
                "social_services_intake",
                "addiction_care",
                "health_care",
                "youth_clinic",
                "social_insurance"
            ]
        );
    }

    #[test]
    fn the_whole_way_is_sound() {
        assert_eq!(told(&offered(), None), []);
        assert_eq!(told(&closed(), Some(ReferralStatus::Received)), []);
        let declined = Steps {
            status: ReferralStatus::Declined,
            declined_on: Some(day("2026-11-01")),
            ..offered()
        };
        assert_eq!(told(&declined, Some(ReferralStatus::Offered)), []);
    }

    #[test]
    fn a_wrong_step_is_told_with_the_right_ones() {
        for (from, to, next) in [
            (None, ReferralStatus::Consented, "offered"),
            (
                Some(ReferralStatus::Offered),
                ReferralStatus::Received,
                "declined, consented",
            ),
            (
                Some(ReferralStatus::Consented),
                ReferralStatus::Offered,
                "sent",
            ),
            (
                Some(ReferralStatus::Declined),
                ReferralStatus::Offered,
                "none",
            ),
            (Some(ReferralStatus::Closed), ReferralStatus::Sent, "none"),
        ] {
            let steps = Steps {
                status: to,
                ..closed()
            };
            let problem = check_steps(&steps, from, &period(), day("2026-11-23"))
                .into_iter()
                .find(|problem| problem.pointer == "/status")
                .unwrap();
            assert_eq!(problem.code, FieldCode::WrongStep);
            assert!(problem.detail(Language::English).contains(next), "{next}");
        }
    }

    #[test]
    fn nothing_is_sent_without_recorded_consent() {
        let sent = Steps {
            status: ReferralStatus::Sent,
            sent_on: Some(day("2026-11-03")),
            ..offered()
        };
        let problems = told(&sent, Some(ReferralStatus::Consented));
        assert_eq!(
            problems,
            [
                ("/consentedOn".to_owned(), FieldCode::ConsentMissing),
                ("/consentForm".to_owned(), FieldCode::ConsentMissing)
            ]
        );
        // Taken back afterwards, it is missing too.
        let bare = Steps {
            consent_form: None,
            ..closed()
        };
        assert_eq!(
            told(&bare, Some(ReferralStatus::Closed)),
            one("/consentForm", FieldCode::ConsentMissing)
        );
    }

    #[test]
    fn a_consent_is_recorded_with_its_form_and_day() {
        let consented = Steps {
            status: ReferralStatus::Consented,
            ..offered()
        }
        .dated(Some(ReferralStatus::Offered), day("2026-11-23"));
        assert_eq!(
            told(&consented, Some(ReferralStatus::Offered)),
            [
                ("/consentedOn".to_owned(), FieldCode::Required),
                ("/consentForm".to_owned(), FieldCode::Required)
            ]
        );
    }

    #[test]
    fn a_step_is_taken_today_unless_its_day_is_told() {
        let today = day("2026-11-23");
        let sent = Steps {
            status: ReferralStatus::Sent,
            ..offered()
        };
        assert_eq!(
            sent.dated(Some(ReferralStatus::Consented), today).sent_on,
            Some(today)
        );
        // No step, no day: a day that was taken away is missed.
        assert_eq!(sent.dated(Some(ReferralStatus::Sent), today).sent_on, None);
        assert_eq!(closed().dated(None, today), closed());
    }

    #[test]
    fn days_stand_in_order_within_the_episode_and_not_in_the_future() {
        let with = |change: fn(&mut Steps)| {
            let mut steps = closed();
            change(&mut steps);
            told(&steps, Some(ReferralStatus::Closed))
        };
        assert_eq!(
            with(|s| s.received_on = Some(day("2026-11-02"))),
            one("/receivedOn", FieldCode::WrongDateOrder)
        );
        assert_eq!(
            with(|s| s.offered_on = Some(day("2026-09-30"))),
            one("/offeredOn", FieldCode::BeforeEpisode)
        );
        assert_eq!(
            with(|s| s.closed_on = Some(day("2026-11-24"))),
            one("/closedOn", FieldCode::InFuture)
        );
        assert_eq!(
            with(|s| s.declined_on = Some(day("2026-11-02"))),
            one("/declinedOn", FieldCode::NotWithOther)
        );
        assert_eq!(
            with(|s| s.answer_due_on = Some(day("2026-11-02"))),
            one("/answerDueOn", FieldCode::WrongDateOrder)
        );
        let early = Steps {
            answer_due_on: Some(day("2026-12-01")),
            consent_form: Some(ConsentForm::OralDocumented),
            sent_on: Some(day("2026-11-02")),
            ..offered()
        };
        assert_eq!(
            told(&early, None),
            [
                ("/sentOn".to_owned(), FieldCode::NotWithOther),
                ("/consentForm".to_owned(), FieldCode::NotWithOther),
                ("/answerDueOn".to_owned(), FieldCode::NotWithOther)
            ]
        );
    }

    #[test]
    fn an_answer_may_come_after_the_episode_has_ended_but_nothing_is_sent_then() {
        let ended = Period {
            exited_on: Some(day("2026-11-05")),
            ..period()
        };
        let told = |steps: &Steps| -> Vec<String> {
            check_steps(
                steps,
                Some(ReferralStatus::Closed),
                &ended,
                day("2026-11-23"),
            )
            .into_iter()
            .map(|problem| problem.pointer)
            .collect()
        };
        assert!(told(&closed()).is_empty());
        let late = Steps {
            sent_on: Some(day("2026-11-06")),
            ..closed()
        };
        assert_eq!(told(&late), ["/sentOn"]);
    }

    proptest! {
        /// Whatever way a referral is tried to go, it is never accepted as sent without consent.
        #[test]
        fn no_way_leads_past_consent(
            from in proptest::sample::select(ReferralStatus::ALL), status in proptest::sample::select(ReferralStatus::ALL), consented in proptest::option::of(0u64..20), has_form: bool
        ) {
            let today = day("2026-11-23");
            let steps = Steps {
                status,
                consented_on: consented.map(|days| day("2026-11-01") + chrono::Days::new(days)),
                consent_form: has_form.then_some(ConsentForm::Written),
                ..offered()
            }
            .dated(Some(from), today);
            let is_sent = matches!(status, ReferralStatus::Sent | ReferralStatus::Received | ReferralStatus::Closed);
            if check_steps(&steps, Some(from), &period(), today).is_empty() && is_sent {
                prop_assert!(steps.consented_on.is_some() && steps.consent_form.is_some());
            }
        }
    }
}
