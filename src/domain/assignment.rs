//! When assignments run, whether two meet, and how one handler takes over from another.
//! Who may assign whom, and which roles an assignment fits, is decided in `policy`.

use chrono::{DateTime, Utc};

/// The time an assignment runs: from its start until, not including, its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The start.
    pub starts_at: DateTime<Utc>,
    /// The end; none while it is not known.
    pub ends_at: Option<DateTime<Utc>>,
}

impl Period {
    /// Whether it runs at an instant.
    pub fn runs_at(&self, at: DateTime<Utc>) -> bool {
        self.starts_at <= at && self.ends_at.is_none_or(|end| at < end)
    }

    /// Whether it is over at an instant.
    pub fn is_over_at(&self, at: DateTime<Utc>) -> bool {
        self.ends_at.is_some_and(|end| end <= at)
    }

    /// Whether it begins earlier or ends later than the other.
    pub fn reaches_beyond(&self, other: &Self) -> bool {
        let ends_later = match (self.ends_at, other.ends_at) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(end), Some(other_end)) => end > other_end,
        };
        ends_later || self.starts_at < other.starts_at
    }

    /// Whether the two have an instant in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        let is_empty = |period: &Self| period.ends_at.is_some_and(|end| end <= period.starts_at);
        let begins_before_end =
            |one: &Self, two: &Self| two.ends_at.is_none_or(|end| one.starts_at < end);
        !is_empty(self)
            && !is_empty(other)
            && begins_before_end(self, other)
            && begins_before_end(other, self)
    }
}

/// A youth has one responsible handler at a time: which of the held assignments end when a new one begins.
///
/// # Errors
/// The start of a held assignment that begins after the new one and so cannot be replaced by it.
pub fn hand_over(new: &Period, held: &[Period]) -> Result<Vec<usize>, DateTime<Utc>> {
    let mut ending = Vec::new();
    for (place, period) in held.iter().enumerate() {
        if !period.overlaps(new) {
            continue;
        }
        if period.starts_at > new.starts_at {
            return Err(period.starts_at);
        }
        ending.push(place);
    }
    Ok(ending)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + hours * 3600, 0).unwrap()
    }

    fn period(from: i64, to: Option<i64>) -> Period {
        Period {
            starts_at: at(from),
            ends_at: to.map(at),
        }
    }

    #[test]
    fn the_end_is_not_part_of_the_time() {
        let shift = period(0, Some(8));
        assert!(shift.runs_at(at(0)) && shift.runs_at(at(7)));
        assert!(!shift.runs_at(at(8)) && shift.is_over_at(at(8)));
        assert!(!shift.overlaps(&period(8, None)));
        assert!(!shift.overlaps(&period(3, Some(3))));
    }

    #[test]
    fn longer_is_beyond_and_shorter_is_not() {
        let planned = period(5, Some(9));
        assert!(period(5, None).reaches_beyond(&planned));
        assert!(period(4, Some(9)).reaches_beyond(&planned));
        assert!(!period(6, Some(8)).reaches_beyond(&planned));
        assert!(!planned.reaches_beyond(&period(5, None)));
    }

    #[test]
    fn a_new_handler_ends_the_running_one_and_leaves_the_past() {
        let held = [period(0, Some(5)), period(5, None)];
        assert_eq!(hand_over(&period(9, None), &held), Ok(vec![1]));
    }

    #[test]
    fn two_handlers_named_in_the_same_instant_leave_the_later() {
        assert_eq!(hand_over(&period(5, None), &[period(5, None)]), Ok(vec![0]));
    }

    #[test]
    fn a_planned_handler_is_not_overrun() {
        let planned = [period(20, None)];
        assert_eq!(hand_over(&period(9, None), &planned), Err(at(20)));
        assert_eq!(hand_over(&period(9, Some(20)), &planned), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn after_a_hand_over_nobody_shares_an_instant(
            starts in proptest::collection::vec((0i64..100, proptest::option::of(0i64..50)), 1..8)
        ) {
            let mut held: Vec<Period> = Vec::new();
            for (from, length) in starts {
                let new = period(from, length.map(|hours| from + hours));
                if let Ok(ending) = hand_over(&new, &held) {
                    for place in ending {
                        held[place].ends_at = Some(new.starts_at);
                    }
                    held.push(new);
                }
                for (place, one) in held.iter().enumerate() {
                    prop_assert!(one.ends_at.is_none_or(|end| end >= one.starts_at));
                    for two in &held[place + 1..] {
                        prop_assert!(!one.overlaps(two));
                    }
                }
            }
        }
    }
}
