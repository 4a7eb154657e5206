//! What has somebody who is paid by the hour done in a week? Minutes in sessions, minutes of contacts outside them, and what was
//! reported besides; visits, attempts and how many youths were reached. No minute counts twice: two sessions logged of the same
//! evening are one evening, and a contact in a session is paid with the session.
//! Who may approve it is decided in `policy`. No youth stands here but as an id to tell one from another.

use super::codes::{Channel, Code, ContactResult, code_list};
use super::id::{Id, Youth};
use super::outreach::minutes_between;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

code_list! {
    /// What an ambassador has worked with besides sessions and contacts.
    WorkKind {
        Meeting = "meeting", "Möte", "Meeting";
        Training = "training", "Utbildning", "Training";
        Planning = "planning", "Planering", "Planning";
        Travel = "travel", "Resa i arbetet", "Travel at work";
        Other = "other", "Annat", "Other";
    }
}

/// A session in which somebody took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The day on which it began.
    pub on: NaiveDate,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// How much of it they were there for; `None`: all of it.
    pub minutes: Option<i64>,
}

impl Shift {
    fn minutes(&self) -> i64 {
        let whole = minutes_between(self.starts_at, self.ends_at);
        self.minutes.map_or(whole, |minutes| minutes.min(whole))
    }

    fn holds(&self, at: DateTime<Utc>) -> bool {
        self.starts_at <= at && at <= self.ends_at
    }
}

/// A contact or an attempt that somebody logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    pub youth_id: Id<Youth>,
    pub on: NaiveDate,
    pub occurred_at: DateTime<Utc>,
    pub channel: Channel,
    pub result: ContactResult,
    pub minutes: Option<i64>,
}

/// Whether somebody who was reached so was met in person.
const fn is_visit(channel: Channel) -> bool {
    matches!(
        channel,
        Channel::HomeVisit | Channel::OfficeVisit | Channel::StreetOutreach
    )
}

/// Time reported besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    pub on: NaiveDate,
    pub minutes: i64,
}

/// What a week comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkWeek {
    /// Sessions, and the minutes in them.
    pub sessions: i64,
    pub session_minutes: i64,
    /// Contacts that reached somebody, of whom visits are those in person, and attempts that did not.
    pub contacts: i64,
    pub visits: i64,
    pub attempts: i64,
    /// The minutes of contacts and attempts outside sessions.
    pub contact_minutes: i64,
    /// Different youths who were reached.
    pub youths_reached: i64,
    pub reported_minutes: i64,
    /// Days on which anything of it was.
    pub days_worked: i64,
}

impl WorkWeek {
    /// Adds up what somebody did in a week.
    pub fn of(shifts: &[Shift], meetings: &[Meeting], reported: &[Reported]) -> Self {
        let is_reached = |meeting: &&Meeting| meeting.result == ContactResult::Reached;
        let reached: Vec<&Meeting> = meetings.iter().filter(is_reached).collect();
        let youths: BTreeSet<Id<Youth>> = reached.iter().map(|meeting| meeting.youth_id).collect();
        let told: i64 = shifts.iter().map(Shift::minutes).sum();
        let days: BTreeSet<NaiveDate> = shifts
            .iter()
            .map(|shift| shift.on)
            .chain(meetings.iter().map(|meeting| meeting.on))
            .chain(
                reported
                    .iter()
                    .filter(|time| time.minutes > 0)
                    .map(|time| time.on),
            )
            .collect();
        Self {
            sessions: count(shifts.len()),
            session_minutes: told.min(covered(shifts)),
            contacts: count(reached.len()),
            visits: count(
                reached
                    .iter()
                    .filter(|meeting| is_visit(meeting.channel))
                    .count(),
            ),
            attempts: count(meetings.len() - reached.len()),
            contact_minutes: meetings
                .iter()
                .filter(|meeting| !shifts.iter().any(|shift| shift.holds(meeting.occurred_at)))
                .filter_map(|meeting| meeting.minutes)
                .sum(),
            youths_reached: count(youths.len()),
            reported_minutes: reported.iter().map(|time| time.minutes).sum(),
            days_worked: count(days.len()),
        }
    }

    /// What there is to be paid for.
    pub const fn counted_minutes(&self) -> i64 {
        self.session_minutes + self.contact_minutes + self.reported_minutes
    }
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// The minutes in which at least one of the sessions was held.
fn covered(shifts: &[Shift]) -> i64 {
    let mut spans: Vec<(DateTime<Utc>, DateTime<Utc>)> = shifts
        .iter()
        .map(|shift| (shift.starts_at, shift.ends_at))
        .collect();
    spans.sort_unstable();
    let mut minutes = 0;
    let mut until: Option<DateTime<Utc>> = None;
    for (from, to) in spans {
        let from = until.map_or(from, |until| from.max(until));
        minutes += minutes_between(from, to);
        until = Some(until.map_or(to, |until| until.max(to)));
    }
    minutes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(minute: i64) -> DateTime<Utc> {
        let monday: DateTime<Utc> = "2026-11-23T00:00:00Z".parse().unwrap();
        monday + Duration::minutes(minute)
    }

    fn shift(from: i64, to: i64, minutes: Option<i64>) -> Shift {
        Shift {
            on: at(from).date_naive(),
            starts_at: at(from),
            ends_at: at(to),
            minutes,
        }
    }

    fn meeting(youth_id: Id<Youth>, minute: i64, minutes: i64, result: ContactResult) -> Meeting {
        Meeting {
            youth_id,
            on: at(minute).date_naive(),
            occurred_at: at(minute),
            channel: Channel::HomeVisit,
            result,
            minutes: Some(minutes),
        }
    }

    #[test]
    fn a_week_is_what_was_done_in_it_once() {
        let (alva, bo) = (Id::fresh(), Id::fresh());
        let evening = shift(1000, 1180, None);
        let half = shift(2500, 2680, Some(60));
        let reached = ContactResult::Reached;
        let meetings = [
            // In the session, and so paid with it.
            meeting(alva, 1100, 30, reached),
            meeting(alva, 500, 20, reached),
            meeting(bo, 600, 5, ContactResult::NoAnswer),
            Meeting {
                channel: Channel::Sms,
                ..meeting(bo, 4000, 5, reached)
            },
        ];
        let reported = [
            Reported {
                on: at(6000).date_naive(),
                minutes: 90,
            },
            Reported {
                on: at(8000).date_naive(),
                minutes: 0,
            },
        ];
        let week = WorkWeek::of(&[evening, half], &meetings, &reported);
        let expected = WorkWeek {
            sessions: 2,
            session_minutes: 240,
            contacts: 3,
            visits: 2,
            attempts: 1,
            contact_minutes: 30,
            youths_reached: 2,
            reported_minutes: 90,
            days_worked: 4,
        };
        assert_eq!(week, expected);
        assert_eq!(week.counted_minutes(), 360);
        assert_eq!(WorkWeek::of(&[], &[], &[]), WorkWeek::default());
    }

    #[test]
    fn an_evening_logged_twice_is_one_evening() {
        let twice = [shift(1000, 1180, None), shift(1000, 1180, None)];
        let week = WorkWeek::of(&twice, &[], &[]);
        assert_eq!((week.sessions, week.session_minutes), (2, 180));
        let longer = [
            shift(1000, 1180, None),
            shift(1100, 1240, None),
            shift(1010, 1020, None),
        ];
        assert_eq!(WorkWeek::of(&longer, &[], &[]).session_minutes, 240);
    }

    proptest! {
        #[test]
        fn nobody_is_paid_for_more_than_the_time_there_was(
            told in prop::collection::vec((0i64..10_000, 1i64..900, prop::option::of(1i64..1000)), 0..20)
        ) {
            let shifts: Vec<Shift> = told.iter().map(|(from, long, minutes)| shift(*from, from + long, *minutes)).collect();
            let week = WorkWeek::of(&shifts, &[], &[]);
            let minutes: std::collections::BTreeSet<i64> =
                told.iter().flat_map(|(from, long, _)| *from..from + long).collect();
            prop_assert!(week.session_minutes <= i64::try_from(minutes.len()).unwrap());
            prop_assert!(week.session_minutes <= shifts.iter().map(Shift::minutes).sum());
            let mut backwards = shifts.clone();
            backwards.reverse();
            prop_assert_eq!(WorkWeek::of(&backwards, &[], &[]), week);
        }
    }

    #[test]
    fn the_words_are_those_that_are_stored() {
        assert_eq!(WorkKind::from_code("travel"), Some(WorkKind::Travel));
    }
}
