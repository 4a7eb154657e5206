//! Is a task there exactly while its duty is, whatever happens in whatever order?

#![allow(clippy::unwrap_used)]
use super::*;
use crate::domain::codes::Code;
use chrono::Days;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn start() -> NaiveDate {
    day("2026-11-01")
}

fn record(number: u128) -> Id<Record> {
    Id::of(uuid::Uuid::from_u128(number + 1))
}

fn duty(kind: TaskKind, cause: u128, due: u64, ends: Option<u64>) -> Duty {
    let at = |days| start() + Days::new(days);
    Duty {
        kind,
        youth_id: None,
        unit_id: Id::of(uuid::Uuid::from_u128(1)),
        episode_id: None,
        cause_id: record(cause),
        record_id: record(cause),
        due_on: at(due),
        opens_on: start(),
        ends_on: ends.map(at),
        responsible_id: None,
        is_of_compartment: false,
    }
}

/// The stored tasks as a plain model: open ones, and the causes of those that were answered.
#[derive(Default)]
struct Stored {
    open: Vec<(Id<Task>, Duty)>,
    answered: HashSet<Cause>,
    made: usize,
    closed: usize,
}

impl Stored {
    fn settle(&mut self, duties: &[Duty], today: NaiveDate) {
        let settlement = settle(&self.open, duties, &self.answered, today);
        self.closed += settlement.gone.len();
        self.open
            .retain(|(id, _)| !settlement.gone.iter().any(|(gone, _)| gone == id));
        for (id, moved) in settlement.moved {
            self.open
                .iter_mut()
                .find(|(open, _)| *open == id)
                .unwrap()
                .1 = moved;
        }
        for duty in settlement.made {
            self.open.push((Id::fresh(), duty));
            self.made += 1;
        }
    }

    fn causes(&self) -> Vec<Cause> {
        let mut causes: Vec<Cause> = self.open.iter().map(|(_, duty)| duty.cause()).collect();
        causes.sort();
        causes
    }
}

fn expected(duties: &[Duty], answered: &HashSet<Cause>, today: NaiveDate) -> Vec<Cause> {
    let mut causes: Vec<Cause> = duties
        .iter()
        .filter(|duty| duty.is_there_on(today) && !answered.contains(&duty.cause()))
        .map(Duty::cause)
        .collect();
    causes.sort();
    causes.dedup();
    causes
}

/// What may happen: the facts change, a day passes, or a task is answered.
#[derive(Debug, Clone)]
enum Step {
    Facts(Vec<(usize, u128, u64, Option<u64>)>),
    Pass(u64),
    Answer(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let facts = proptest::collection::vec(
        (0usize..3, 0u128..4, 0u64..9, proptest::option::of(0u64..12)),
        0..6,
    );
    prop_oneof![
        4 => facts.prop_map(Step::Facts),
        2 => (0u64..4).prop_map(Step::Pass),
        1 => (0usize..6).prop_map(Step::Answer),
    ]
}

proptest! {
    #[test]
    fn the_open_tasks_are_the_duties_after_any_sequence_of_steps(steps in proptest::collection::vec(step(), 1..30)) {
        let mut stored = Stored::default();
        let (mut duties, mut today) = (Vec::new(), start());
        for step in steps {
            match step {
                Step::Facts(facts) => {
                    duties = facts
                        .into_iter()
                        .map(|(kind, cause, due, ends)| duty(*TaskKind::ALL.get(kind).unwrap(), cause, due, ends))
                        .collect();
                }
                Step::Pass(days) => today = today + Days::new(days),
                Step::Answer(place) => {
                    if let Some((_, duty)) = stored.open.get(place).copied() {
                        stored.answered.insert(duty.cause());
                        stored.open.remove(place);
                        stored.closed += 1;
                    }
                }
            }
            stored.settle(&duties, today);
            prop_assert_eq!(stored.causes(), expected(&duties, &stored.answered, today));
            // Every task that was made is open or closed, and none twice.
            prop_assert_eq!(stored.made, stored.open.len() + stored.closed);
            // What a task says is what its duty says.
            for (_, task) in &stored.open {
                prop_assert!(duties.contains(task));
            }
            // Settling again changes nothing.
            let again = settle(&stored.open, &duties, &stored.answered, today);
            prop_assert!(again.is_empty(), "{:?}", again);
        }
    }

    /// A list that heeds the two days of a task shows none whose duty is not there, however long nothing was settled.
    #[test]
    fn no_task_is_shown_after_its_last_day(facts in proptest::collection::vec((0usize..3, 0u128..4, 0u64..9, proptest::option::of(0u64..12)), 0..6), later in 0u64..15) {
        // A source gives each cause once.
        let by_cause: HashMap<Cause, Duty> = facts
            .into_iter()
            .map(|(kind, cause, due, ends)| duty(*TaskKind::ALL.get(kind).unwrap(), cause, due, ends))
            .map(|duty| (duty.cause(), duty))
            .collect();
        let duties: Vec<Duty> = by_cause.into_values().collect();
        let mut stored = Stored::default();
        stored.settle(&duties, start());
        let today = start() + Days::new(later);
        let mut shown: Vec<Cause> = stored
            .open
            .iter()
            .filter(|(_, task)| task.is_there_on(today))
            .map(|(_, task)| task.cause())
            .collect();
        shown.sort();
        stored.settle(&duties, today);
        prop_assert_eq!(shown, stored.causes());
    }
}

#[test]
fn a_moved_day_moves_the_task_and_makes_no_new_one() {
    let mut stored = Stored::default();
    stored.settle(&[duty(TaskKind::FollowUp, 1, 3, None)], start());
    let id = stored.open.first().unwrap().0;
    stored.settle(&[duty(TaskKind::FollowUp, 1, 8, None)], start());
    assert_eq!(stored.open, [(id, duty(TaskKind::FollowUp, 1, 8, None))]);
}

#[test]
fn a_duty_that_comes_back_is_a_new_task_and_an_answered_one_stays_answered() {
    let mut stored = Stored::default();
    let duties = [duty(TaskKind::FollowUp, 1, 3, None)];
    stored.settle(&duties, start());
    stored.settle(&[], start());
    stored.settle(&duties, start());
    assert_eq!((stored.made, stored.closed), (2, 1));
    let cause = stored.open.remove(0).1.cause();
    stored.answered.insert(cause);
    stored.settle(&duties, start());
    assert!(stored.open.is_empty());
}

#[test]
fn a_task_is_closed_with_its_episode_or_by_work_or_because_nothing_asks_for_it() {
    assert_eq!(closing(false, true), TaskClosing::EpisodeEnded);
    assert_eq!(closing(true, true), TaskClosing::Met);
    assert_eq!(closing(true, false), TaskClosing::Withdrawn);
}

#[test]
fn a_plan_is_done_by_its_planner_or_by_anybody_on_the_day() {
    let plan = |planner_was_in_touch, last: Option<&str>| PlannedContact {
        planned_on: day("2026-11-20"),
        planner_was_in_touch,
        last_later_on: last.map(day),
    };
    assert!(!plan(false, None).is_done());
    assert!(!plan(false, Some("2026-11-19")).is_done());
    assert!(plan(false, Some("2026-11-20")).is_done());
    assert!(plan(true, Some("2026-11-12")).is_done());
}
