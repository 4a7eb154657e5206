//! How are stored tasks kept alike with the duties behind them? A duty is what the facts of a youth ask for; a task is the
//! row that stands for it, so that it can be given to somebody, put off and answered. Settling makes the missing tasks,
//! moves those whose day has moved and closes those whose duty has gone, by whatever path it was met.
//!
//! Time alone changes no duty but by the two days it names itself: from `opens_on` it stands on lists, on `ends_on` it is
//! gone (a birthday). A list that heeds both shows no task on a day when its duty does not exist, whether or not anything
//! has been settled since. Which facts make which duty is decided by the source of its kind (`db::duties`).

use super::id::{Episode, Id, Record, Task, Unit, User, Youth};
use super::task::{TaskClosing, TaskKind};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// What makes a duty one and the same: its kind and the record that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// The kind.
    pub kind: TaskKind,
    /// The record, or a spell or date of it that has an id of its own.
    pub id: Id<Record>,
}

/// Something that must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// What is to be done.
    pub kind: TaskKind,
    /// About whom, if it is about a youth of the register.
    pub youth_id: Option<Id<Youth>>,
    /// Whose unit it is.
    pub unit_id: Id<Unit>,
    /// The episode that it ends with; of a kind that needs one, `None` means any open one.
    pub episode_id: Option<Id<Episode>>,
    /// What it comes from: one open task at most for each kind and cause.
    pub cause_id: Id<Record>,
    /// What to open to do it; often the cause itself.
    pub record_id: Id<Record>,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// The first day on which it stands on lists.
    pub opens_on: NaiveDate,
    /// The first day on which it is no longer there, if that is known.
    pub ends_on: Option<NaiveDate>,
    /// On whose list it stands besides the handler's; `None`: the handler's alone, in the compartment everybody's who may
    /// see it.
    pub responsible_id: Option<Id<User>>,
    /// Whether it tells something of the protected compartment.
    pub is_of_compartment: bool,
}

impl Duty {
    /// What makes it one and the same.
    pub const fn cause(&self) -> Cause {
        Cause {
            kind: self.kind,
            id: self.cause_id,
        }
    }

    /// Whether it is there on a day: some duties end with a birthday.
    pub fn is_there_on(&self, day: NaiveDate) -> bool {
        self.ends_on.is_none_or(|end| day < end)
    }
}

/// What has to be done to the stored tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Duties without a task.
    pub made: Vec<Duty>,
    /// Tasks whose duty says something else now.
    pub moved: Vec<(Id<Task>, Duty)>,
    /// Tasks whose duty has gone.
    pub gone: Vec<(Id<Task>, Duty)>,
}

impl Settlement {
    /// Whether everything stands as it should.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty() && self.moved.is_empty() && self.gone.is_empty()
    }
}

/// Compares the open tasks with the duties of a day. What was answered for the same cause is not asked for again.
pub fn settle(
    open: &[(Id<Task>, Duty)],
    duties: &[Duty],
    answered: &HashSet<Cause>,
    today: NaiveDate,
) -> Settlement {
    let mut wanted: HashMap<Cause, &Duty> = HashMap::with_capacity(duties.len());
    let mut in_order = Vec::with_capacity(duties.len());
    for duty in duties {
        let cause = duty.cause();
        if duty.is_there_on(today)
            && !answered.contains(&cause)
            && wanted.insert(cause, duty).is_none()
        {
            in_order.push(cause);
        }
    }
    let mut settlement = Settlement::default();
    for (id, stored) in open {
        match wanted.remove(&stored.cause()) {
            None => settlement.gone.push((*id, *stored)),
            Some(duty) if duty != stored => settlement.moved.push((*id, *duty)),
            Some(_) => {}
        }
    }
    settlement.made = in_order
        .into_iter()
        .filter_map(|cause| wanted.remove(&cause))
        .copied()
        .collect();
    settlement
}

/// Why a task whose duty has gone is closed: with the episode it belonged to, because the work was done, or because
/// nothing asks for it any more.
pub const fn closing(is_episode_open: bool, was_met: bool) -> TaskClosing {
    match (is_episode_open, was_met) {
        (false, _) => TaskClosing::EpisodeEnded,
        (true, true) => TaskClosing::Met,
        (true, false) => TaskClosing::Withdrawn,
    }
}

/// A contact in which the next one was planned, with what has happened since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedContact {
    /// The day planned.
    pub planned_on: NaiveDate,
    /// Whether its planner has made a later contact with the youth.
    pub planner_was_in_touch: bool,
    /// The day of the latest contact that anybody has made after it.
    pub last_later_on: Option<NaiveDate>,
}

impl PlannedContact {
    /// Done when its planner has been in touch again, or anybody on the day or later: a chance meeting before the day does
    /// not wipe out somebody else's plan.
    pub fn is_done(&self) -> bool {
        self.planner_was_in_touch || self.last_later_on.is_some_and(|day| day >= self.planned_on)
    }
}

#[cfg(test)]
#[path = "duty_tests.rs"]
mod tests;
