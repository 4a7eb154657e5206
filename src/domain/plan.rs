//! The mapping and the individual plan: what a plan must hold to be one, and before which interventions there must be one.
//! A plan is never changed: when interventions change, a new revision is made that builds on the one in force.
//!
//! Sources: the national rules on the documentation of measures, seven items (domain 1.6): 1 planning and goal, 2-4 what the
//! individual, the municipality and others answer for, 5 when it begins and ends, 6 why it ended, 7 when it is followed up
//! and evaluated; that the plan exists before the first measure but talks, guidance and authority contact (domain 10.2 row 3).

use super::codes::{Code, EndReason, Measure, ResponsibleParty, code_list};
use super::id::{Id, Intervention};
use crate::error::{FieldCode, FieldError};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

code_list! {
    /// What a plan leads to in the first place: studies before work (Sundbyberg's plan).
    PlanGoal {
        Education = "education", "Utbildning", "Education";
        Work = "work", "Arbete", "Work";
        Other = "other", "Annat", "Other";
    }
}
code_list! {
    /// What is done on a day that a plan names.
    PlanFollowUpKind {
        FollowUp = "follow_up", "Uppföljning", "Follow-up";
        Evaluation = "evaluation", "Utvärdering", "Evaluation";
    }
}
code_list! {
    /// How the youth agreed.
    AgreementForm {
        Written = "written", "Skriftligt", "In writing";
        OralDocumented = "oral_documented", "Muntligt, dokumenterat", "Orally, documented";
    }
}

/// When the documents of an episode are due; the numbers are the municipality's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PlanRules {
    /// Days from the entry within which the mapping is made.
    pub mapping_due_days: u32,
    /// Days from the entry within which the plan is made.
    pub plan_due_days: u32,
    /// Days before the 20th birthday from which the letter is to be sent (Skaraborg's handbook).
    #[serde(rename = "letterBefore20Days")]
    pub letter_before_20_days: u32,
    /// Days before the 20th birthday by which it is sent.
    #[serde(rename = "letterBefore20DueDays")]
    pub letter_before_20_due_days: u32,
}

impl Default for PlanRules {
    fn default() -> Self {
        Self {
            mapping_due_days: 30,
            plan_due_days: 60,
            letter_before_20_days: 60,
            letter_before_20_due_days: 30,
        }
    }
}

impl PlanRules {
    /// The last day for the mapping of an episode.
    pub fn mapping_due_on(&self, entered_on: NaiveDate) -> NaiveDate {
        days_after(entered_on, self.mapping_due_days)
    }
    /// The last day for the plan of an episode.
    pub fn plan_due_on(&self, entered_on: NaiveDate) -> NaiveDate {
        days_after(entered_on, self.plan_due_days)
    }
    /// From which day on the letter before the 20th birthday is to be sent.
    pub fn letter_opens_on(&self, turns_20_on: NaiveDate) -> NaiveDate {
        turns_20_on
            .checked_sub_days(Days::new(u64::from(self.letter_before_20_days)))
            .unwrap_or(turns_20_on)
    }
}

impl PlanRules {
    /// By which day it is sent: never before it is to be sent at all.
    pub fn letter_due_on(&self, turns_20_on: NaiveDate) -> NaiveDate {
        turns_20_on
            .checked_sub_days(Days::new(u64::from(self.letter_before_20_due_days)))
            .unwrap_or(turns_20_on)
            .max(self.letter_opens_on(turns_20_on))
    }
}

fn days_after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(day)
}

/// Whether a measure begins only once there is a plan. Talks, guidance and help towards authorities lead to one.
pub const fn waits_for_plan(kind: Measure) -> bool {
    !matches!(
        kind,
        Measure::Talks | Measure::Guidance | Measure::AuthorityContact
    )
}

/// Something that is to be done, by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanItem {
    /// What.
    pub what: String,
    /// Who answers for it.
    pub responsible_party: ResponsibleParty,
    /// Who that is by name; another actor always has one.
    pub actor: Option<String>,
    /// When it is to begin.
    pub planned_start_on: Option<NaiveDate>,
    /// When it is to end.
    pub planned_end_on: Option<NaiveDate>,
    /// The intervention that it became.
    pub intervention_id: Option<Id<Intervention>>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// Everything that is impossible in the items of a plan.
pub fn check_items(items: &[PlanItem], today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let at = |name: &str| format!("/items/{place}/{name}");
        if item.responsible_party == ResponsibleParty::OtherActor && item.actor.is_none() {
            problems.push(FieldError::new(at("actor"), FieldCode::Required));
        }
        if let (Some(start), Some(end)) = (item.planned_start_on, item.planned_end_on)
            && end < start
        {
            problems.push(FieldError::with(
                at("plannedEndOn"),
                FieldCode::WrongDateOrder,
                "plannedStartOn",
            ));
        }
        match (item.ended_on, item.end_reason) {
            (Some(ended_on), _) if ended_on > today => {
                problems.push(FieldError::new(at("endedOn"), FieldCode::InFuture));
            }
            (Some(_), None) => problems.push(FieldError::with(
                at("endedOn"),
                FieldCode::NeedsOther,
                "endReason",
            )),
            (None, Some(_)) => problems.push(FieldError::with(
                at("endReason"),
                FieldCode::NeedsOther,
                "endedOn",
            )),
            _ => {}
        }
    }
    problems
}

/// Everything that is impossible among the days on which a plan is followed up. They lie ahead: what a revision leaves
/// undone, the next one plans anew.
pub fn check_follow_ups(
    follow_ups: &[(NaiveDate, PlanFollowUpKind)],
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (place, follow_up) in follow_ups.iter().enumerate() {
        let pointer = format!("/followUps/{place}/dueOn");
        if follow_up.0 < today {
            problems.push(FieldError::new(pointer, FieldCode::InPast));
        } else if follow_ups
            .iter()
            .take(place)
            .any(|other| other == follow_up)
        {
            problems.push(FieldError::new(pointer, FieldCode::Taken));
        }
    }
    problems
}

/// What the youth agreed to, when and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// When.
    pub agreed_on: NaiveDate,
    /// How.
    pub form: AgreementForm,
    /// To what.
    pub agreed_to: Option<String>,
    /// To what not.
    pub not_agreed_to: Option<String>,
}

/// Everything that is impossible in an agreement.
pub fn check_agreement(
    agreement: &Agreement,
    entered_on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if agreement.agreed_on > today {
        problems.push(FieldError::new("/agreement/agreedOn", FieldCode::InFuture));
    } else if agreement.agreed_on < entered_on {
        problems.push(FieldError::with(
            "/agreement/agreedOn",
            FieldCode::BeforeEpisode,
            entered_on.to_string(),
        ));
    }
    if agreement.agreed_to.is_none() && agreement.not_agreed_to.is_none() {
        problems.push(FieldError::new("/agreement/agreedTo", FieldCode::Required));
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(problems: Vec<FieldError>) -> Vec<(String, FieldCode)> {
        problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn item() -> PlanItem {
        PlanItem {
            what: "Praktik på kafé".to_owned(),
            responsible_party: ResponsibleParty::OtherActor,
            actor: Some("Kafé Signal".to_owned()),
            planned_start_on: Some(day("2026-12-01")),
            planned_end_on: Some(day("2027-02-26")),
            intervention_id: None,
            ended_on: None,
            end_reason: None,
        }
    }

    #[test]
    fn documents_are_due_after_the_entry_and_the_letter_before_the_birthday() {
        let rules = PlanRules::default();
        assert_eq!(rules.mapping_due_on(day("2026-09-01")), day("2026-10-01"));
        assert_eq!(rules.plan_due_on(day("2026-09-01")), day("2026-10-31"));
        assert_eq!(rules.letter_opens_on(day("2029-01-05")), day("2028-11-06"));
        assert_eq!(rules.letter_due_on(day("2029-01-05")), day("2028-12-06"));
        let late = PlanRules {
            letter_before_20_days: 10,
            ..rules
        };
        assert_eq!(late.letter_due_on(day("2029-01-05")), day("2028-12-26"));
        assert_eq!(rules.plan_due_on(NaiveDate::MAX), NaiveDate::MAX);
    }

    #[test]
    fn three_measures_never_wait_for_a_plan() {
        let waiting = Measure::ALL.iter().filter(|kind| waits_for_plan(**kind));
        assert_eq!(waiting.count(), Measure::ALL.len() - 3);
        assert!(!waits_for_plan(Measure::Talks) && waits_for_plan(Measure::Wellness));
    }

    #[test]
    fn another_actor_has_a_name_and_what_ended_has_a_day_and_a_reason() {
        let today = day("2026-11-24");
        let nobody = PlanItem {
            actor: None,
            ..item()
        };
        let own = PlanItem {
            responsible_party: ResponsibleParty::Youth,
            ..nobody.clone()
        };
        let backwards = PlanItem {
            planned_end_on: Some(day("2026-11-30")),
            ..item()
        };
        let unreasoned = PlanItem {
            ended_on: Some(today),
            ..item()
        };
        let undated = PlanItem {
            end_reason: Some(EndReason::Completed),
            ..item()
        };
        let ahead = PlanItem {
            ended_on: Some(day("2026-11-25")),
            ..undated.clone()
        };
        let items = [item(), own, nobody, backwards, unreasoned, undated, ahead];
        assert_eq!(
            found(check_items(&items, today)),
            [
                ("/items/2/actor".to_owned(), FieldCode::Required),
                (
                    "/items/3/plannedEndOn".to_owned(),
                    FieldCode::WrongDateOrder
                ),
                ("/items/4/endedOn".to_owned(), FieldCode::NeedsOther),
                ("/items/5/endReason".to_owned(), FieldCode::NeedsOther),
                ("/items/6/endedOn".to_owned(), FieldCode::InFuture),
            ]
        );
    }

    #[test]
    fn follow_ups_lie_ahead_and_stand_once() {
        let plan = [
            (day("2026-11-24"), PlanFollowUpKind::FollowUp),
            (day("2026-11-24"), PlanFollowUpKind::Evaluation),
            (day("2026-11-23"), PlanFollowUpKind::FollowUp),
            (day("2026-11-24"), PlanFollowUpKind::FollowUp),
        ];
        assert_eq!(
            found(check_follow_ups(&plan, day("2026-11-24"))),
            [
                ("/followUps/2/dueOn".to_owned(), FieldCode::InPast),
                ("/followUps/3/dueOn".to_owned(), FieldCode::Taken),
            ]
        );
    }

    #[test]
    fn an_agreement_is_of_the_episode_and_says_something() {
        let said = |agreed_on: &str, agreed_to: Option<&str>| {
            let agreement = Agreement {
                agreed_on: day(agreed_on),
                form: AgreementForm::OralDocumented,
                agreed_to: agreed_to.map(str::to_owned),
                not_agreed_to: None,
            };
            found(check_agreement(
                &agreement,
                day("2026-09-01"),
                day("2026-11-24"),
            ))
        };
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        assert_eq!(said("2026-11-24", Some("Allt")), []);
        assert_eq!(
            said("2026-11-25", Some("Allt")),
            one("/agreement/agreedOn", FieldCode::InFuture)
        );
        assert_eq!(
            said("2026-08-31", Some("Allt")),
            one("/agreement/agreedOn", FieldCode::BeforeEpisode)
        );
        assert_eq!(
            said("2026-11-24", None),
            one("/agreement/agreedTo", FieldCode::Required)
        );
    }
}
