//! To which episode does a deed of some day belong, and does the day lie within it? For contacts, referrals and whatever
//! else is dated within an episode. How an episode begins and ends does not belong here.

use super::codes::Track;
use super::id::{Episode, Id};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// An episode, as far as its days matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The episode.
    pub id: Id<Episode>,
    /// Its track.
    pub track: Track,
    /// The first day.
    pub entered_on: NaiveDate,
    /// The last day, once it has ended.
    pub exited_on: Option<NaiveDate>,
}

impl Period {
    /// Whether the day is one of the episode's; the days of entry and exit are.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.entered_on <= day && self.exited_on.is_none_or(|last| day <= last)
    }

    /// What is wrong with a day that should lie within the episode (domain 10.3). Who may not read when an episode began
    /// is not told it by an error either.
    pub fn check(&self, pointer: &str, day: NaiveDate, tells_days: bool) -> Option<FieldError> {
        if self.holds(day) {
            return None;
        }
        if !tells_days {
            return Some(FieldError::new(pointer, FieldCode::OutsideEpisode));
        }
        let (code, bound) = match self.exited_on {
            Some(last) if day > last => (FieldCode::AfterEpisode, last),
            _ => (FieldCode::BeforeEpisode, self.entered_on),
        };
        Some(FieldError::with(pointer, code, bound.to_string()))
    }
}

/// The open episode that a deed of this day belongs to when none is named: one that the day fits before one that it does
/// not fit, and of several the one of the duty (kaa). `None`: no episode is open.
pub fn choose_period(periods: &[Period], day: NaiveDate) -> Option<Period> {
    periods
        .iter()
        .filter(|period| period.exited_on.is_none())
        .min_by_key(|period| (!period.holds(day), period.track))
        .copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::error::Language;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(track: Track, entered_on: &str, exited_on: Option<&str>) -> Period {
        Period {
            id: Id::fresh(),
            track,
            entered_on: day(entered_on),
            exited_on: exited_on.map(day),
        }
    }

    #[test]
    fn the_days_of_entry_and_exit_belong_to_the_episode() {
        let closed = period(Track::Kaa, "2026-03-01", Some("2026-06-30"));
        for (on, holds) in [
            ("2026-02-28", false),
            ("2026-03-01", true),
            ("2026-06-30", true),
            ("2026-07-01", false),
        ] {
            assert_eq!(closed.holds(day(on)), holds, "{on}");
        }
        let code = |on| closed.check("/x", day(on), true).unwrap().code;
        assert_eq!(code("2026-02-28"), FieldCode::BeforeEpisode);
        assert_eq!(code("2026-07-01"), FieldCode::AfterEpisode);
    }

    #[test]
    fn who_may_not_read_the_episode_is_not_told_its_days() {
        let open = period(Track::Kaa, "2026-03-01", None);
        let problem = open.check("/occurredAt", day("2026-02-01"), false).unwrap();
        assert_eq!(problem.code, FieldCode::OutsideEpisode);
        for language in [Language::Swedish, Language::English] {
            assert!(!problem.detail(language).contains("2026"));
        }
    }

    #[test]
    fn of_several_open_episodes_the_one_of_the_duty_is_meant_if_the_day_fits() {
        let outreach = period(Track::Outreach, "2026-01-01", None);
        let kaa = period(Track::Kaa, "2026-03-01", None);
        let past = period(Track::Kaa, "2025-01-01", Some("2025-06-30"));
        let all = [past, outreach, kaa];
        assert_eq!(choose_period(&all, day("2026-03-01")), Some(kaa));
        // Only the outreach was open then.
        assert_eq!(choose_period(&all, day("2026-02-01")), Some(outreach));
        // None fits; the error that follows tells of the duty's episode.
        assert_eq!(choose_period(&all, day("2024-02-01")), Some(kaa));
        // What has ended is never meant without being named.
        assert_eq!(choose_period(&[past], day("2025-02-01")), None);
    }
}
