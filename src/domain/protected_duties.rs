//! Which duties follow from a protected status? All of them are duties of the compartment.
//!
//! Under 18 with active use: at once a report of concern to the social services (SoL 19:1, "genast"; domain 4.5, 10.2 row 5)
//! and a contact with a guardian. The report waits for nothing and nobody: it is only answered, with its day and reference.
//! The contact with the guardian can wait with a reason, because a guardian may be the danger (Sundbyberg's plan 2.2). Both
//! last as long as the spell of active use, and end on the 18th birthday. A pause is looked at again on its day.

use super::age::birthday_on;
use super::codes::SubstanceStatus;
use super::id::{Id, Record};
use super::task::TaskKind;
use chrono::{DateTime, NaiveDate, Utc};

/// A spell of active use, from the status that told of it to the one that tells of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveUse {
    /// The spell; another one has another id, so that what was answered for one is asked anew for the next.
    pub id: Id<Record>,
    /// When it was first told of.
    pub since: DateTime<Utc>,
}

/// The spell that lasts after a new status. `fresh` is the id of one that begins now.
pub fn active_use_after(
    before: Option<ActiveUse>,
    status: Option<SubstanceStatus>,
    fresh: Id<Record>,
    now: DateTime<Utc>,
) -> Option<ActiveUse> {
    if status != Some(SubstanceStatus::ActiveUse) {
        return None;
    }
    before.or(Some(ActiveUse {
        id: fresh,
        since: now,
    }))
}

/// What a protected status asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusDuty {
    /// What.
    pub kind: TaskKind,
    /// What makes it one and the same.
    pub cause_id: Id<Record>,
    /// The day it is due, from which it stands on lists.
    pub due_on: NaiveDate,
    /// The first day on which it is no longer there.
    pub ends_on: Option<NaiveDate>,
}

/// A protected status, as far as its duties ask.
#[derive(Debug, Clone, Copy)]
pub struct StatusStanding {
    /// The youth's status itself.
    pub status_id: Id<Record>,
    /// The spell that lasts, with the Swedish day on which it was first told of.
    pub active_use: Option<(Id<Record>, NaiveDate)>,
    /// Whether somebody has reached a guardian since.
    pub has_met_guardian: bool,
    /// When a pause is looked at again.
    pub paused_until: Option<NaiveDate>,
    /// The youth's birth date.
    pub birth_date: NaiveDate,
}

/// The duties of a status. Who has turned 18 when the spell begins has none of the two.
pub fn duties_of(status: &StatusStanding) -> Vec<StatusDuty> {
    let mut duties = Vec::new();
    let turns_18_on = birthday_on(status.birth_date, 18);
    if let Some((cause_id, due_on)) = status.active_use
        && turns_18_on.is_none_or(|birthday| due_on < birthday)
    {
        let of_minor = |kind| StatusDuty {
            kind,
            cause_id,
            due_on,
            ends_on: turns_18_on,
        };
        duties.push(of_minor(TaskKind::ConcernReport));
        if !status.has_met_guardian {
            duties.push(of_minor(TaskKind::GuardianContact));
        }
    }
    if let Some(due_on) = status.paused_until {
        duties.push(StatusDuty {
            kind: TaskKind::ResumeAfterPause,
            cause_id: status.status_id,
            due_on,
            ends_on: None,
        });
    }
    duties
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

    fn standing(active_since: Option<&str>) -> StatusStanding {
        StatusStanding {
            status_id: Id::of(uuid::Uuid::from_u128(1)),
            active_use: active_since.map(|since| (Id::of(uuid::Uuid::from_u128(2)), day(since))),
            has_met_guardian: false,
            paused_until: None,
            birth_date: day("2009-01-05"),
        }
    }

    fn kinds(status: &StatusStanding) -> Vec<TaskKind> {
        duties_of(status)
            .into_iter()
            .map(|duty| duty.kind)
            .collect()
    }

    #[test]
    fn domain_10_2_row_5_under_18_with_active_use_makes_two_tasks_due_at_once() {
        let duties = duties_of(&standing(Some("2026-11-24")));
        assert_eq!(
            duties.iter().map(|duty| duty.kind).collect::<Vec<_>>(),
            [TaskKind::ConcernReport, TaskKind::GuardianContact]
        );
        for duty in &duties {
            assert_eq!(duty.due_on, day("2026-11-24"));
            assert_eq!(duty.ends_on, Some(day("2027-01-05")));
        }
        assert!(!TaskKind::ConcernReport.is_deferrable());
        assert!(TaskKind::GuardianContact.is_deferrable());
    }

    #[test]
    fn from_the_18th_birthday_there_is_neither() {
        assert_eq!(kinds(&standing(Some("2027-01-04"))).len(), 2);
        assert!(kinds(&standing(Some("2027-01-05"))).is_empty());
        // Born on 29 February: 18 on 1 March in a year without that day.
        let leap = StatusStanding {
            birth_date: day("2008-02-29"),
            ..standing(Some("2026-02-28"))
        };
        assert_eq!(
            duties_of(&leap).first().unwrap().ends_on,
            Some(day("2026-03-01"))
        );
    }

    #[test]
    fn a_guardian_who_was_reached_leaves_the_report() {
        let status = StatusStanding {
            has_met_guardian: true,
            ..standing(Some("2026-11-24"))
        };
        assert_eq!(kinds(&status), [TaskKind::ConcernReport]);
    }

    #[test]
    fn a_pause_is_looked_at_again_on_its_day() {
        let status = StatusStanding {
            paused_until: Some(day("2027-01-10")),
            ..standing(None)
        };
        let duty = duties_of(&status).pop().unwrap();
        assert_eq!(
            (duty.kind, duty.due_on),
            (TaskKind::ResumeAfterPause, day("2027-01-10"))
        );
        assert!(kinds(&standing(None)).is_empty());
    }

    proptest! {
        /// A spell lasts as long as nothing else is told, and a later one is another.
        #[test]
        fn a_spell_is_one_from_its_beginning_to_its_end(statuses in proptest::collection::vec(proptest::option::of(0usize..3), 1..20)) {
            let mut spell: Option<ActiveUse> = None;
            let mut seen = std::collections::HashSet::new();
            for (number, status) in (0_i64..).zip(statuses) {
                let status = status.and_then(|place| SubstanceStatus::ALL.get(place).copied());
                let now = DateTime::from_timestamp(number, 0).unwrap();
                let after = active_use_after(spell, status, Id::fresh(), now);
                prop_assert_eq!(after.is_some(), status == Some(SubstanceStatus::ActiveUse));
                match (spell, after) {
                    (Some(before), Some(after)) => prop_assert_eq!(before, after),
                    (None, Some(begun)) => {
                        prop_assert_eq!(begun.since, now);
                        prop_assert!(seen.insert(begun.id));
                    }
                    _ => {}
                }
                spell = after;
            }
        }
    }
}
