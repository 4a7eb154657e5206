//! The course of an intervention: offered, answered, started, ended, and its follow-ups. Impossible orders are refused by
//! the name of the field. Who may write which measure, and what opens or closes the gate, is not decided here.
//!
//! Sources: the point 7, Sundbyberg's plan 2.2 (the gate and its exemptions), domain 10.2 rows 2-4 and 10.3.

use super::codes::{EndReason, Measure, OfferAnswer};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// Where an intervention stands. An offer is not a participation: it needs an acceptance and a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The answer to the offer.
    pub answer: OfferAnswer,
    /// When it was offered.
    pub offered_on: NaiveDate,
    /// When the offer was answered, or withdrawn.
    pub answered_on: Option<NaiveDate>,
    /// When the youth began.
    pub started_on: Option<NaiveDate>,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
}

/// What an intervention must lie within.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// First day of the episode.
    pub entered_on: NaiveDate,
    /// Its day of exit, when it is being closed.
    pub exited_on: Option<NaiveDate>,
    /// The youth's 20th birthday.
    pub turns_20_on: Option<NaiveDate>,
    /// The Swedish day.
    pub today: NaiveDate,
}

/// Whether a measure waits for the gate. Talks, guidance and help towards other authorities are always open, for they
/// lead to what opens it.
pub const fn waits_for_gate(kind: Measure) -> bool {
    !matches!(
        kind,
        Measure::Talks | Measure::Guidance | Measure::AuthorityContact
    )
}

impl Course {
    /// Started and not ended: what has to be ended before the episode closes.
    pub const fn is_running(&self) -> bool {
        self.started_on.is_some() && self.ended_on.is_none()
    }

    /// An offer nobody has answered: closing the episode takes it back.
    pub const fn awaits_answer(&self) -> bool {
        matches!(self.answer, OfferAnswer::Offered)
    }

    /// The latest date it holds.
    pub fn last_on(&self) -> NaiveDate {
        [self.answered_on, self.started_on, self.ended_on]
            .into_iter()
            .flatten()
            .fold(self.offered_on, NaiveDate::max)
    }
}

/// Everything that is impossible in the course of an intervention.
pub fn check_course(course: &Course, frame: &Frame) -> Vec<FieldError> {
    let mut problems = check_dates(course, frame);
    let is_answered = !course.awaits_answer();
    if course.answered_on.is_some() && !is_answered {
        problems.push(FieldError::with(
            "/answeredOn",
            FieldCode::NotWithOther,
            "answer",
        ));
    }
    if course.started_on.is_some() && course.answer != OfferAnswer::Accepted {
        problems.push(FieldError::new("/startedOn", FieldCode::NotAccepted));
    }
    if course.ended_on.is_some() && course.started_on.is_none() {
        problems.push(FieldError::with(
            "/endedOn",
            FieldCode::NeedsOther,
            "startedOn",
        ));
    }
    match (course.ended_on, course.end_reason) {
        (Some(_), None) => problems.push(FieldError::with(
            "/endedOn",
            FieldCode::NeedsOther,
            "endReason",
        )),
        (None, Some(_)) => problems.push(FieldError::with(
            "/endReason",
            FieldCode::NeedsOther,
            "endedOn",
        )),
        (Some(ended_on), Some(EndReason::Turned20))
            if frame.turns_20_on.is_none_or(|birthday| ended_on < birthday) =>
        {
            problems.push(FieldError::new("/endReason", FieldCode::Turned20Early));
        }
        _ => {}
    }
    problems
}

fn check_dates(course: &Course, frame: &Frame) -> Vec<FieldError> {
    let steps = [
        ("offeredOn", Some(course.offered_on)),
        ("answeredOn", course.answered_on),
        ("startedOn", course.started_on),
        ("endedOn", course.ended_on),
    ];
    let mut problems = Vec::new();
    let mut before: Option<(&'static str, NaiveDate)> = None;
    for (name, date) in steps {
        let Some(date) = date else { continue };
        let pointer = format!("/{name}");
        // One date, one problem: the first that explains it.
        if date > frame.today {
            problems.push(FieldError::new(pointer, FieldCode::InFuture));
        } else if date < frame.entered_on {
            problems.push(FieldError::with(
                pointer,
                FieldCode::BeforeEpisode,
                frame.entered_on.to_string(),
            ));
        } else if let Some(exited_on) = frame.exited_on.filter(|exited_on| date > *exited_on) {
            problems.push(FieldError::with(
                pointer,
                FieldCode::AfterEpisode,
                exited_on.to_string(),
            ));
        } else if let Some((other, _)) = before.filter(|(_, earlier)| date < *earlier) {
            problems.push(FieldError::with(pointer, FieldCode::WrongDateOrder, other));
        }
        before = Some((name, date));
    }
    problems
}

/// A date on which an intervention is followed up, and when that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUp {
    /// The date agreed on; it may lie ahead.
    pub due_on: NaiveDate,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
}

/// A follow-up of an intervention, and whether it is done where the youth is: at the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasureFollowUp {
    /// When it is due, and when it was done.
    pub day: FollowUp,
    /// Whether it is done at the host.
    pub is_at_host: bool,
}

/// Everything that is impossible in a list of follow-ups.
pub fn check_follow_ups(
    follow_ups: &[FollowUp],
    offered_on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (place, follow_up) in follow_ups.iter().enumerate() {
        let due = format!("/followUps/{place}/dueOn");
        let done = format!("/followUps/{place}/doneOn");
        if follow_up.due_on < offered_on {
            problems.push(FieldError::with(
                due,
                FieldCode::WrongDateOrder,
                "offeredOn",
            ));
        } else if follow_ups
            .iter()
            .take(place)
            .any(|other| other.due_on == follow_up.due_on)
        {
            problems.push(FieldError::new(due, FieldCode::Taken));
        }
        match follow_up.done_on {
            Some(done_on) if done_on > today => {
                problems.push(FieldError::new(done, FieldCode::InFuture));
            }
            Some(done_on) if done_on < offered_on => {
                problems.push(FieldError::with(
                    done,
                    FieldCode::WrongDateOrder,
                    "offeredOn",
                ));
            }
            _ => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn frame() -> Frame {
        Frame {
            entered_on: day("2026-01-15"),
            exited_on: None,
            turns_20_on: Some(day("2026-10-01")),
            today: day("2026-11-23"),
        }
    }

    fn offered() -> Course {
        Course {
            answer: OfferAnswer::Offered,
            offered_on: day("2026-02-01"),
            answered_on: None,
            started_on: None,
            ended_on: None,
            end_reason: None,
        }
    }

    fn ended() -> Course {
        Course {
            answer: OfferAnswer::Accepted,
            answered_on: Some(day("2026-02-03")),
            started_on: Some(day("2026-02-10")),
            ended_on: Some(day("2026-05-01")),
            end_reason: Some(EndReason::Completed),
            ..offered()
        }
    }

    fn found(course: &Course, frame: &Frame) -> Vec<(String, FieldCode)> {
        check_course(course, frame)
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn one(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn an_offer_and_a_whole_course_are_possible() {
        assert_eq!(found(&offered(), &frame()), []);
        assert_eq!(found(&ended(), &frame()), []);
        assert!(offered().awaits_answer() && !offered().is_running());
        assert!(!ended().is_running());
        assert_eq!(ended().last_on(), day("2026-05-01"));
    }

    #[test]
    fn impossible_orders_are_refused_by_name() {
        type Change = fn(&mut Course);
        let wrong: [(Change, &str, FieldCode); 8] = [
            (
                |c| c.answered_on = Some(day("2026-01-31")),
                "/answeredOn",
                FieldCode::WrongDateOrder,
            ),
            (
                |c| c.started_on = Some(day("2026-02-02")),
                "/startedOn",
                FieldCode::WrongDateOrder,
            ),
            (
                |c| c.ended_on = Some(day("2026-02-09")),
                "/endedOn",
                FieldCode::WrongDateOrder,
            ),
            (
                |c| c.offered_on = day("2026-01-14"),
                "/offeredOn",
                FieldCode::BeforeEpisode,
            ),
            (
                |c| c.ended_on = Some(day("2026-11-24")),
                "/endedOn",
                FieldCode::InFuture,
            ),
            (|c| c.end_reason = None, "/endedOn", FieldCode::NeedsOther),
            (|c| c.ended_on = None, "/endReason", FieldCode::NeedsOther),
            (
                |c| c.answer = OfferAnswer::Declined,
                "/startedOn",
                FieldCode::NotAccepted,
            ),
        ];
        for (change, pointer, code) in wrong {
            let mut course = ended();
            change(&mut course);
            assert_eq!(found(&course, &frame()), one(pointer, code));
        }
    }

    #[test]
    fn the_other_field_is_named() {
        let mut course = ended();
        course.answered_on = None;
        course.started_on = Some(day("2026-01-20"));
        let problems = check_course(&course, &frame());
        let names: Vec<_> = problems
            .iter()
            .filter_map(|problem| problem.argument.as_ref())
            .map(|(sv, _)| sv.as_ref())
            .collect();
        assert_eq!(names, ["offeredOn"]);
    }

    #[test]
    fn a_start_in_the_future_is_a_plan_and_no_fact() {
        let mut course = ended();
        course.started_on = Some(day("2026-11-24"));
        course.ended_on = None;
        course.end_reason = None;
        assert_eq!(
            found(&course, &frame()),
            one("/startedOn", FieldCode::InFuture)
        );
    }

    #[test]
    fn nothing_ends_that_has_not_begun_and_an_open_offer_has_no_answer_date() {
        let mut course = ended();
        course.started_on = None;
        assert_eq!(
            found(&course, &frame()),
            one("/endedOn", FieldCode::NeedsOther)
        );
        let mut course = offered();
        course.answered_on = Some(day("2026-02-02"));
        assert_eq!(
            found(&course, &frame()),
            one("/answeredOn", FieldCode::NotWithOther)
        );
    }

    #[test]
    fn what_ends_with_the_episode_ends_within_it() {
        let mut within = frame();
        within.exited_on = Some(day("2026-04-30"));
        assert_eq!(
            found(&ended(), &within),
            one("/endedOn", FieldCode::AfterEpisode)
        );
    }

    #[test]
    fn turned_20_is_an_end_from_the_birthday_on() {
        let mut course = ended();
        course.end_reason = Some(EndReason::Turned20);
        assert_eq!(
            found(&course, &frame()),
            one("/endReason", FieldCode::Turned20Early)
        );
        course.ended_on = Some(day("2026-10-01"));
        assert_eq!(found(&course, &frame()), []);
    }

    #[test]
    fn three_measures_never_wait_for_the_gate() {
        let open: Vec<&str> = Measure::ALL
            .iter()
            .filter(|kind| !waits_for_gate(**kind))
            .map(|kind| kind.code())
            .collect();
        assert_eq!(
            open,
            [
                "talks",
                "study_career_guidance",
                "authority_contact_support"
            ]
        );
    }

    #[test]
    fn a_follow_up_may_lie_ahead_but_is_not_done_ahead() {
        let offered_on = day("2026-02-01");
        let today = day("2026-11-23");
        let plan = [
            FollowUp {
                due_on: day("2027-01-10"),
                done_on: None,
            },
            FollowUp {
                due_on: day("2027-01-10"),
                done_on: Some(day("2026-11-24")),
            },
            FollowUp {
                due_on: day("2026-01-31"),
                done_on: Some(day("2026-01-31")),
            },
        ];
        let found: Vec<_> = check_follow_ups(&plan, offered_on, today)
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect();
        let expected = [
            ("/followUps/1/dueOn", FieldCode::Taken),
            ("/followUps/1/doneOn", FieldCode::InFuture),
            ("/followUps/2/dueOn", FieldCode::WrongDateOrder),
            ("/followUps/2/doneOn", FieldCode::WrongDateOrder),
        ];
        assert_eq!(
            found,
            expected.map(|(pointer, code)| (pointer.to_owned(), code))
        );
    }

    proptest! {
        #[test]
        fn what_passes_is_in_order_and_within_the_frame(
            answer in 0usize..5, offered in 0i64..60, answered in proptest::option::of(0i64..60),
            started in proptest::option::of(0i64..60), ended in proptest::option::of(0i64..60), has_reason: bool,
        ) {
            let first = day("2026-01-01");
            let at = |days| first + chrono::Duration::days(days);
            let frame = Frame { entered_on: at(10), exited_on: Some(at(50)), turns_20_on: None, today: at(45) };
            let course = Course {
                answer: OfferAnswer::ALL.get(answer).copied().unwrap(),
                offered_on: at(offered),
                answered_on: answered.map(at),
                started_on: started.map(at),
                ended_on: ended.map(at),
                end_reason: has_reason.then_some(EndReason::Completed),
            };
            if check_course(&course, &frame).is_empty() {
                let dates: Vec<_> = [Some(course.offered_on), course.answered_on, course.started_on, course.ended_on]
                    .into_iter().flatten().collect();
                prop_assert!(dates.is_sorted());
                prop_assert!(dates.iter().all(|date| (at(10)..=at(45)).contains(date)));
                prop_assert!(course.started_on.is_none() || course.answer == OfferAnswer::Accepted);
                prop_assert_eq!(course.ended_on.is_some(), course.end_reason.is_some());
            }
        }
    }
}
