//! What has become of the tasks of a unit in a week? Counts by kind, of tasks without anybody in them. Whose unit it is, and
//! how a count of the compartment may be shown, is not decided here.

use super::task::{TaskClosing, TaskKind, is_overdue};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// A week as Swedish calendars number it (ISO 8601): from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week(NaiveDate);

impl Week {
    /// Reads a week, `2026-W47`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        if year.len() != 4 || week.len() != 2 {
            return None;
        }
        NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon).map(Self)
    }

    /// The week of a day.
    pub fn holding(day: NaiveDate) -> Self {
        let since_monday = Days::new(day.weekday().num_days_from_monday().into());
        Self(day.checked_sub_days(since_monday).unwrap_or(day))
    }

    /// The week before.
    pub fn before(self) -> Option<Self> {
        self.0.checked_sub_days(Days::new(7)).map(Self)
    }

    /// As it is read.
    pub fn code(self) -> String {
        let week = self.0.iso_week();
        format!("{:04}-W{:02}", week.year(), week.week())
    }

    /// The Monday.
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The Sunday.
    pub fn last_day(self) -> NaiveDate {
        self.0.checked_add_days(Days::new(6)).unwrap_or(self.0)
    }

    /// The last day that has come; `None` before the week has begun.
    pub fn counted_to(self, today: NaiveDate) -> Option<NaiveDate> {
        (self.first_day() <= today).then(|| self.last_day().min(today))
    }
}

/// A task, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskSpan {
    /// What it asks for.
    pub kind: TaskKind,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// The first day on which it stands on lists.
    pub opens_on: NaiveDate,
    /// The first day on which its duty is no longer there.
    pub ends_on: Option<NaiveDate>,
    /// When and why it was closed.
    pub closed: Option<(NaiveDate, TaskClosing)>,
    /// The day it is due.
    pub due_on: NaiveDate,
    /// Until when it is put off.
    pub deferred_until: Option<NaiveDate>,
}

impl TaskSpan {
    /// The day it began to ask for something.
    fn opened_on(&self) -> NaiveDate {
        self.made_on.max(self.opens_on)
    }

    /// The day it stopped and why: what a birthday has ended is over although nobody has closed it yet.
    fn closed(&self) -> Option<(NaiveDate, TaskClosing)> {
        let ended = self.ends_on.map(|day| (day, TaskClosing::Withdrawn));
        match (self.closed, ended) {
            (Some(closed), Some(ended)) if ended.0 < closed.0 => Some(ended),
            (Some(closed), _) => Some(closed),
            (None, ended) => ended,
        }
    }
}

/// Counts of tasks of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// Began to ask for something in the week.
    pub opened: u64,
    /// Closed in the week, by why.
    pub met: u64,
    pub answered: u64,
    pub withdrawn: u64,
    pub episode_ended: u64,
    /// Open at the end of the week.
    pub open: u64,
    /// Of those, overdue.
    pub overdue: u64,
    /// Of those, put off until a later day.
    pub deferred: u64,
}

impl TaskCounts {
    /// Closed in the week, for whatever reason.
    pub const fn closed(&self) -> u64 {
        self.met + self.answered + self.withdrawn + self.episode_ended
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            opened: self.opened + other.opened,
            met: self.met + other.met,
            answered: self.answered + other.answered,
            withdrawn: self.withdrawn + other.withdrawn,
            episode_ended: self.episode_ended + other.episode_ended,
            open: self.open + other.open,
            overdue: self.overdue + other.overdue,
            deferred: self.deferred + other.deferred,
        }
    }
}

/// Counts the tasks of a week as far as it has come. What is due on its last day and not done is overdue at its end, of a
/// week that is still running what was due before today.
pub fn count_tasks(
    spans: &[TaskSpan],
    week: Week,
    counted_to: NaiveDate,
) -> BTreeMap<TaskKind, TaskCounts> {
    let as_of = if counted_to < week.last_day() {
        counted_to
    } else {
        counted_to.succ_opt().unwrap_or(counted_to)
    };
    let in_week = |day: NaiveDate| (week.first_day()..=counted_to).contains(&day);
    let mut counts: BTreeMap<TaskKind, TaskCounts> = BTreeMap::new();
    for span in spans {
        let (opened_on, closed) = (span.opened_on(), span.closed());
        // Closed before it opened: it never asked for anything.
        if opened_on > counted_to || closed.is_some_and(|(day, _)| day < opened_on) {
            continue;
        }
        let count = counts.entry(span.kind).or_default();
        count.opened += u64::from(in_week(opened_on));
        match closed.filter(|(day, _)| *day <= counted_to) {
            Some((day, why)) if in_week(day) => match why {
                TaskClosing::Met => count.met += 1,
                TaskClosing::Answered => count.answered += 1,
                TaskClosing::Withdrawn => count.withdrawn += 1,
                TaskClosing::EpisodeEnded => count.episode_ended += 1,
            },
            Some(_) => {}
            None => {
                count.open += 1;
                count.overdue += u64::from(is_overdue(span.due_on, span.deferred_until, as_of));
                count.deferred += u64::from(span.deferred_until.is_some_and(|day| day > as_of));
            }
        }
    }
    counts
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

    fn span(made: &str, due: &str) -> TaskSpan {
        TaskSpan {
            kind: TaskKind::FollowUp,
            made_on: day(made),
            opens_on: day(made),
            ends_on: None,
            closed: None,
            due_on: day(due),
            deferred_until: None,
        }
    }

    #[test]
    fn a_week_is_read_as_it_is_written() {
        let week = Week::parse("2026-W47").unwrap();
        assert_eq!(
            (week.first_day(), week.last_day()),
            (day("2026-11-16"), day("2026-11-22"))
        );
        assert_eq!(week.code(), "2026-W47");
        // The year of the week, not of the day.
        assert_eq!(
            Week::parse("2026-W53").unwrap().last_day(),
            day("2027-01-03")
        );
        for wrong in [
            "2026-W54", "2025-W53", "2026-W00", "2026-47", "26-W47", "2026-W4", "",
        ] {
            assert_eq!(Week::parse(wrong), None, "{wrong}");
        }
        assert_eq!(week.counted_to(day("2026-11-15")), None);
        assert_eq!(week.counted_to(day("2026-11-18")), Some(day("2026-11-18")));
        assert_eq!(week.counted_to(day("2027-01-01")), Some(day("2026-11-22")));
    }

    fn counted(span: TaskSpan) -> TaskCounts {
        let week = Week::parse("2026-W47").unwrap();
        count_tasks(&[span], week, week.last_day())
            .remove(&TaskKind::FollowUp)
            .unwrap_or_default()
    }

    #[test]
    fn what_is_due_on_sunday_is_overdue_at_the_end_of_the_week() {
        let open = counted(span("2026-11-17", "2026-11-22"));
        assert_eq!((open.opened, open.open, open.overdue), (1, 1, 1));
        assert_eq!(counted(span("2026-11-17", "2026-11-23")).overdue, 0);
        let deferred = TaskSpan {
            deferred_until: Some(day("2026-12-01")),
            ..span("2026-11-10", "2026-11-12")
        };
        let counts = counted(deferred);
        assert_eq!((counts.opened, counts.overdue, counts.deferred), (0, 0, 1));
    }

    #[test]
    fn what_was_closed_is_told_by_why_and_what_lapsed_as_no_longer_needed() {
        let closed = TaskSpan {
            closed: Some((day("2026-11-18"), TaskClosing::Answered)),
            ..span("2026-11-10", "2026-11-12")
        };
        assert_eq!((counted(closed).answered, counted(closed).open), (1, 0));
        let lapsed = TaskSpan {
            ends_on: Some(day("2026-11-20")),
            ..span("2026-11-10", "2026-11-12")
        };
        assert_eq!((counted(lapsed).withdrawn, counted(lapsed).open), (1, 0));
        let never = TaskSpan {
            opens_on: day("2027-01-01"),
            closed: Some((day("2026-11-18"), TaskClosing::Met)),
            ..span("2026-11-10", "2026-11-12")
        };
        assert_eq!(counted(never), TaskCounts::default());
    }

    proptest! {
        /// What is open at the end of a week is what was open before it, and what opened, without what closed.
        #[test]
        fn nothing_is_lost_between_two_weeks(
            spans in proptest::collection::vec((0usize..3, 0u64..28, 0u64..10, proptest::option::of((0u64..28, 0usize..4)), proptest::option::of(0u64..28)), 0..20)
        ) {
            let first = day("2026-11-02");
            let at = |days: u64| first + Days::new(days);
            let spans: Vec<TaskSpan> = spans
                .into_iter()
                .map(|(kind, made, opens, closed, ends)| TaskSpan {
                    kind: *TaskKind::ALL.get(kind).unwrap(),
                    made_on: at(made),
                    opens_on: at(made + opens),
                    ends_on: ends.map(at),
                    closed: closed.map(|(day, why)| (at(made + day), *TaskClosing::ALL.get(why).unwrap())),
                    due_on: at(made),
                    deferred_until: None,
                })
                .collect();
            let total = |week: Week| {
                count_tasks(&spans, week, week.last_day())
                    .into_values()
                    .fold(TaskCounts::default(), TaskCounts::plus)
            };
            let mut open = 0;
            for number in 45..56 {
                let week = Week(NaiveDate::from_isoywd_opt(2026, 45, Weekday::Mon).unwrap() + Days::new((number - 45) * 7));
                let counts = total(week);
                prop_assert_eq!(counts.open + counts.closed(), open + counts.opened);
                prop_assert!(counts.overdue <= counts.open);
                open = counts.open;
            }
        }
    }
}
