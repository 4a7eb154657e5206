//! The only place that reads the time. Instants are UTC with microseconds; a day is a Swedish day (Europe/Stockholm).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeZone, Utc};
use std::sync::{Arc, Mutex};

/// Where the time comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set; for tests.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock standing at an instant.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(Mutex::new(at)))
    }
    /// The time now. PostgreSQL keeps microseconds, so the rest is cut here.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::System => Utc::now(),
            Self::Fixed(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        };
        now.trunc_subsecs(6)
    }
    /// Sets a fixed clock; the machine's clock is left alone.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Self::Fixed(at) = self {
            *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = to;
        }
    }
}

/// The Swedish day of an instant.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Europe::Stockholm).date_naive()
}

/// What a clock on a Swedish wall shows at an instant.
pub fn wall_time_of(at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&chrono_tz::Europe::Stockholm)
        .naive_local()
}

/// The instant at which a Swedish day begins. Clocks are turned at night but not at midnight, so it exists once.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    chrono_tz::Europe::Stockholm
        .from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_is_a_swedish_day_also_when_the_clocks_are_turned() {
        for (day, begins) in [
            ("2026-11-23", "2026-11-22T23:00:00Z"),
            ("2026-06-01", "2026-05-31T22:00:00Z"),
            ("2026-03-29", "2026-03-28T23:00:00Z"),
            ("2026-03-30", "2026-03-29T22:00:00Z"),
            ("2026-10-25", "2026-10-24T22:00:00Z"),
            ("2026-10-26", "2026-10-25T23:00:00Z"),
        ] {
            let (day, begins): (NaiveDate, DateTime<Utc>) =
                (day.parse().unwrap(), begins.parse().unwrap());
            assert_eq!(start_of(day), begins);
            assert_eq!(day_of(begins), day);
            assert_eq!(
                day_of(begins - chrono::Duration::microseconds(1)),
                day.pred_opt().unwrap()
            );
        }
    }
}
