//! When an episode may begin and how it may end: ages of a track, overlap, reasons, destinations.
//! Whether a youth belongs to the target group at all is not decided here, nor who may open or close.
//!
//! Sources: skollagen 29:9 (the duty ends on the 20th birthday), Sundbyberg's plan 2017 (outreach 16-25), the national
//! labels of deregistration, and the logical controls that the half-year file is held against (domain 10.1, 10.3).

use super::age::birthday_on;
use super::codes::{DeregistrationReason, Destination, Track};
use crate::error::{FieldCode, FieldError};
use chrono::NaiveDate;

/// The ages at which an episode of a track may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgeBounds {
    /// From the day these years are completed; none where the law gives no age.
    pub from: Option<u32>,
    /// Until, not including, the day these years are completed.
    pub before: u32,
}

/// Skollagen 29:9: "inte har fyllt 20 år". The law sets no lower age: it counts from the end of the skolplikt, which may
/// come early (7:14), so none is guessed at.
pub const KAA_AGES: AgeBounds = AgeBounds {
    from: None,
    before: 20,
};

/// Sundbyberg's plan, 2017-12-19 § 132: "unga 16-25 år". Its goals speak of 20-24; the title is followed.
pub const OUTREACH_AGES: AgeBounds = AgeBounds {
    from: Some(16),
    before: 26,
};

/// From this day pupils of introduktionsprogram are outside the target group (SFS 2018:749), so that going there ends an
/// episode.
pub const INTRODUCTORY_PROGRAMME_ENDS_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 7, 1);

/// The ages of a track.
pub const fn age_bounds(track: Track) -> AgeBounds {
    match track {
        Track::Kaa => KAA_AGES,
        Track::Outreach => OUTREACH_AGES,
    }
}

impl AgeBounds {
    /// Whether somebody born on a day is within the bounds on another.
    pub fn hold(self, birth_date: NaiveDate, on: NaiveDate) -> bool {
        let has_turned =
            |years| birthday_on(birth_date, years).is_some_and(|birthday| birthday <= on);
        self.from.is_none_or(has_turned) && !has_turned(self.before)
    }

    fn in_words(self) -> (String, String) {
        let last = self.before.saturating_sub(1);
        match self.from {
            Some(from) => (
                format!("mellan {from} och {last} år"),
                format!("between {from} and {last}"),
            ),
            None => (
                format!("under {} år", self.before),
                format!("under {}", self.before),
            ),
        }
    }
}

/// A closed episode: from its first day until, not including, its day of exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedSpan {
    /// First day.
    pub entered_on: NaiveDate,
    /// Day of exit.
    pub exited_on: NaiveDate,
}

/// The beginning of an episode that is open.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'e> {
    /// The track.
    pub track: Track,
    /// The first day.
    pub entered_on: NaiveDate,
    /// Of the youth.
    pub birth_date: NaiveDate,
    /// The closed episodes of the youth in the same track.
    pub closed: &'e [ClosedSpan],
    /// The earliest contact, intervention or referral of the episode, if it has any.
    pub first_entry_on: Option<NaiveDate>,
}

/// Everything that keeps an episode from beginning so.
pub fn check_entry(entry: &Entry<'_>, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let mut wrong = |problem| problems.push(problem);
    const POINTER: &str = "/enteredOn";
    if entry.entered_on > today {
        wrong(FieldError::new(POINTER, FieldCode::InFuture));
    }
    if entry.entered_on < entry.birth_date {
        wrong(FieldError::new(POINTER, FieldCode::BeforeBirth));
    } else if !age_bounds(entry.track).hold(entry.birth_date, entry.entered_on) {
        let (sv, en) = age_bounds(entry.track).in_words();
        wrong(FieldError::worded(POINTER, FieldCode::AgeForTrack, sv, en));
    }
    // The episode is open, so it overlaps every closed one that has not ended when it begins. One that was closed on its
    // first day covers no day.
    let overlapped = entry
        .closed
        .iter()
        .filter(|span| span.entered_on < span.exited_on && entry.entered_on < span.exited_on)
        .map(|span| span.exited_on)
        .max();
    if let Some(until) = overlapped {
        wrong(FieldError::with(
            POINTER,
            FieldCode::OverlapsEpisode,
            until.to_string(),
        ));
    }
    if let Some(first) = entry
        .first_entry_on
        .filter(|first| *first < entry.entered_on)
    {
        wrong(FieldError::with(
            POINTER,
            FieldCode::AfterFirstEntry,
            first.to_string(),
        ));
    }
    problems
}

/// The end of an episode, as far as it could be read.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    /// The track.
    pub track: Track,
    /// The first day.
    pub entered_on: NaiveDate,
    /// Of the youth.
    pub birth_date: NaiveDate,
    /// The day of exit.
    pub exited_on: Option<NaiveDate>,
    /// Why.
    pub reason: Option<DeregistrationReason>,
    /// To what.
    pub destination: Option<Destination>,
    /// Whether that is in another place.
    pub is_elsewhere: Option<bool>,
    /// The latest date of an intervention of the episode. Contacts do not count: the day on which the duty ended (a
    /// birthday, a move) stands even if somebody was spoken to after it, and contacts are locked after a day.
    pub last_measure_on: Option<NaiveDate>,
}

/// Whether an episode that ended for this reason has a destination to tell. Who died, or should never have been
/// registered, did not go anywhere.
pub const fn needs_destination(reason: Option<DeregistrationReason>) -> bool {
    !matches!(
        reason,
        Some(DeregistrationReason::Deceased | DeregistrationReason::RegisteredInError)
    )
}

/// Whether a destination is somewhere, so that "in another place" can be answered (Söderhamn's programme: mobility).
pub const fn is_somewhere(destination: Destination) -> bool {
    match destination {
        Destination::Work
        | Destination::UpperSecondary
        | Destination::Komvux
        | Destination::FolkHighSchool
        | Destination::HigherEducation
        | Destination::OtherEducation => true,
        Destination::Other | Destination::None => false,
    }
}

/// Whether a reason is used in a track. The national reasons tell why the duty of 29:9 ended; outreach has its own.
pub const fn is_reason_of(reason: DeregistrationReason, track: Track) -> bool {
    match reason {
        DeregistrationReason::Turned20
        | DeregistrationReason::NationalProgramme
        | DeregistrationReason::IntroductoryProgramme
        | DeregistrationReason::CompletedUpperSecondary => matches!(track, Track::Kaa),
        DeregistrationReason::GoalReached
        | DeregistrationReason::OwnWish
        | DeregistrationReason::Turned26 => matches!(track, Track::Outreach),
        DeregistrationReason::NotRegisteredHere
        | DeregistrationReason::Deceased
        | DeregistrationReason::RegisteredInError => true,
    }
}

/// Everything that keeps an episode from ending so.
pub fn check_closing(closing: &Closing, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if let Some(exited_on) = closing.exited_on {
        problems.extend(check_exit(closing, exited_on, today));
    }
    if let Some(reason) = closing.reason {
        problems.extend(check_reason(closing, reason));
    }
    if let (Some(destination), Some(DeregistrationReason::Deceased)) =
        (closing.destination, closing.reason)
        && destination != Destination::None
    {
        problems.push(FieldError::with(
            "/destination",
            FieldCode::NotWithOther,
            "deregistrationReason",
        ));
    }
    // Without a destination there is no place either.
    if closing.is_elsewhere.is_some() && !closing.destination.is_some_and(is_somewhere) {
        problems.push(FieldError::with(
            "/destinationElsewhere",
            FieldCode::NotWithOther,
            "destination",
        ));
    }
    problems
}

fn check_exit(
    closing: &Closing,
    exited_on: NaiveDate,
    today: NaiveDate,
) -> impl Iterator<Item = FieldError> {
    const POINTER: &str = "/exitedOn";
    let future = (exited_on > today).then(|| FieldError::new(POINTER, FieldCode::InFuture));
    let before = (exited_on < closing.entered_on)
        .then(|| FieldError::with(POINTER, FieldCode::WrongDateOrder, "enteredOn"));
    let measure = closing
        .last_measure_on
        .filter(|last| *last > exited_on)
        .map(|last| FieldError::with(POINTER, FieldCode::BeforeLastMeasure, last.to_string()));
    future.into_iter().chain(before).chain(measure)
}

fn check_reason(closing: &Closing, reason: DeregistrationReason) -> Option<FieldError> {
    const POINTER: &str = "/deregistrationReason";
    if !is_reason_of(reason, closing.track) {
        return Some(FieldError::new(POINTER, FieldCode::NotInTrack));
    }
    let exited_on = closing.exited_on?;
    let has_turned = |years| {
        birthday_on(closing.birth_date, years).is_some_and(|birthday| birthday <= exited_on)
    };
    match reason {
        DeregistrationReason::Turned20 if !has_turned(20) => {
            Some(FieldError::new(POINTER, FieldCode::Turned20Early))
        }
        DeregistrationReason::Turned26 if !has_turned(26) => {
            Some(FieldError::new(POINTER, FieldCode::Turned26Early))
        }
        DeregistrationReason::IntroductoryProgramme => INTRODUCTORY_PROGRAMME_ENDS_FROM
            .filter(|from| exited_on < *from)
            .map(|from| FieldError::with(POINTER, FieldCode::NotYetInForce, from.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::codes::Code;
    use proptest::prelude::*;

    const TODAY: &str = "2026-11-23";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entry(track: Track, entered_on: &str) -> Entry<'static> {
        Entry {
            track,
            entered_on: day(entered_on),
            birth_date: day("2007-03-10"),
            closed: &[],
            first_entry_on: None,
        }
    }

    fn codes_of(problems: Vec<FieldError>) -> Vec<(String, FieldCode)> {
        problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.code))
            .collect()
    }

    fn entered(entry: &Entry<'_>, today: &str) -> Vec<FieldCode> {
        codes_of(check_entry(entry, day(today)))
            .into_iter()
            .map(|(pointer, code)| {
                assert_eq!(pointer, "/enteredOn");
                code
            })
            .collect()
    }

    #[test]
    fn the_duty_begins_before_the_twentieth_birthday() {
        // Domain 10.1, rows 1 and 2.
        assert_eq!(entered(&entry(Track::Kaa, "2027-03-09"), "2027-03-10"), []);
        assert_eq!(
            entered(&entry(Track::Kaa, "2027-03-10"), "2027-03-10"),
            [FieldCode::AgeForTrack]
        );
    }

    #[test]
    fn outreach_is_for_those_of_16_to_25() {
        for (on, expected) in [
            ("2023-03-09", vec![FieldCode::AgeForTrack]),
            ("2023-03-10", vec![]),
            ("2033-03-09", vec![]),
            ("2033-03-10", vec![FieldCode::AgeForTrack]),
        ] {
            assert_eq!(
                entered(&entry(Track::Outreach, on), "2034-01-01"),
                expected,
                "{on}"
            );
        }
    }

    #[test]
    fn an_episode_begins_neither_in_the_future_nor_before_birth() {
        assert_eq!(
            entered(&entry(Track::Kaa, "2026-11-24"), TODAY),
            [FieldCode::InFuture]
        );
        assert_eq!(
            entered(&entry(Track::Kaa, "2007-03-09"), TODAY),
            [FieldCode::BeforeBirth]
        );
    }

    #[test]
    fn re_entry_begins_on_the_day_of_exit_at_the_earliest() {
        let closed = [ClosedSpan {
            entered_on: day("2025-01-10"),
            exited_on: day("2025-06-01"),
        }];
        let mut again = entry(Track::Kaa, "2025-06-01");
        again.closed = &closed;
        assert_eq!(entered(&again, TODAY), []);
        again.entered_on = day("2025-05-31");
        assert_eq!(entered(&again, TODAY), [FieldCode::OverlapsEpisode]);
        // Also one that would begin before the closed one began.
        again.entered_on = day("2024-12-01");
        assert_eq!(entered(&again, TODAY), [FieldCode::OverlapsEpisode]);
    }

    #[test]
    fn an_episode_closed_on_its_first_day_is_in_nobodys_way() {
        let closed = [ClosedSpan {
            entered_on: day("2025-01-10"),
            exited_on: day("2025-01-10"),
        }];
        let mut again = entry(Track::Kaa, "2025-01-09");
        again.closed = &closed;
        assert_eq!(entered(&again, TODAY), []);
    }

    #[test]
    fn nothing_comes_to_lie_before_the_episode() {
        let mut moved = entry(Track::Kaa, "2026-02-02");
        moved.first_entry_on = Some(day("2026-02-02"));
        assert_eq!(entered(&moved, TODAY), []);
        moved.first_entry_on = Some(day("2026-02-01"));
        assert_eq!(entered(&moved, TODAY), [FieldCode::AfterFirstEntry]);
    }

    fn closing(reason: DeregistrationReason) -> Closing {
        Closing {
            track: Track::Kaa,
            entered_on: day("2026-01-15"),
            birth_date: day("2007-03-10"),
            exited_on: Some(day("2026-10-01")),
            reason: Some(reason),
            destination: Some(Destination::UpperSecondary),
            is_elsewhere: Some(false),
            last_measure_on: None,
        }
    }

    fn closed(closing: &Closing) -> Vec<(String, FieldCode)> {
        codes_of(check_closing(closing, day(TODAY)))
    }

    fn one(pointer: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
        vec![(pointer.to_owned(), code)]
    }

    #[test]
    fn an_exit_lies_between_the_entry_and_today() {
        let mut end = closing(DeregistrationReason::NationalProgramme);
        for (on, expected) in [
            ("2026-01-15", vec![]),
            ("2026-11-23", vec![]),
            ("2026-01-14", one("/exitedOn", FieldCode::WrongDateOrder)),
            ("2026-11-24", one("/exitedOn", FieldCode::InFuture)),
        ] {
            end.exited_on = Some(day(on));
            assert_eq!(closed(&end), expected, "{on}");
        }
        end.exited_on = Some(day("2026-10-01"));
        end.last_measure_on = Some(day("2026-10-02"));
        assert_eq!(closed(&end), one("/exitedOn", FieldCode::BeforeLastMeasure));
    }

    #[test]
    fn turned_20_from_the_birthday_on() {
        // Domain 10.3: exit reason FYLLT20 only on or after the 20th birthday.
        let mut end = closing(DeregistrationReason::Turned20);
        end.birth_date = day("2006-10-02");
        assert_eq!(
            closed(&end),
            one("/deregistrationReason", FieldCode::Turned20Early)
        );
        end.birth_date = day("2006-10-01");
        assert_eq!(closed(&end), []);
    }

    #[test]
    fn turned_26_ends_outreach_from_the_birthday_on() {
        let mut end = closing(DeregistrationReason::Turned26);
        end.track = Track::Outreach;
        end.birth_date = day("2000-10-02");
        assert_eq!(
            closed(&end),
            one("/deregistrationReason", FieldCode::Turned26Early)
        );
        end.birth_date = day("2000-10-01");
        assert_eq!(closed(&end), []);
    }

    #[test]
    fn introduktionsprogram_ends_an_episode_from_july_2018() {
        // Domain 10.1, rows 4 and 5.
        let mut end = closing(DeregistrationReason::IntroductoryProgramme);
        end.entered_on = day("2018-01-01");
        end.birth_date = day("2001-01-01");
        end.exited_on = Some(day("2018-06-30"));
        assert_eq!(
            closed(&end),
            one("/deregistrationReason", FieldCode::NotYetInForce)
        );
        end.exited_on = Some(day("2018-07-01"));
        assert_eq!(closed(&end), []);
    }

    #[test]
    fn each_track_has_its_reasons_and_every_reason_a_track() {
        for &reason in DeregistrationReason::ALL {
            assert!(
                Track::ALL.iter().any(|track| is_reason_of(reason, *track)),
                "{}",
                reason.code()
            );
        }
        let mut end = closing(DeregistrationReason::GoalReached);
        assert_eq!(
            closed(&end),
            one("/deregistrationReason", FieldCode::NotInTrack)
        );
        end.reason = Some(DeregistrationReason::NationalProgramme);
        end.track = Track::Outreach;
        assert_eq!(
            closed(&end),
            one("/deregistrationReason", FieldCode::NotInTrack)
        );
    }

    #[test]
    fn elsewhere_belongs_to_work_and_education() {
        let mut end = closing(DeregistrationReason::NotRegisteredHere);
        for destination in [Some(Destination::None), Some(Destination::Other), None] {
            end.destination = destination;
            end.is_elsewhere = Some(true);
            assert_eq!(
                closed(&end),
                one("/destinationElsewhere", FieldCode::NotWithOther)
            );
            end.is_elsewhere = None;
            assert_eq!(closed(&end), []);
        }
    }

    #[test]
    fn who_died_or_was_registered_in_error_went_nowhere() {
        assert!(!needs_destination(Some(DeregistrationReason::Deceased)));
        assert!(!needs_destination(Some(
            DeregistrationReason::RegisteredInError
        )));
        assert!(needs_destination(Some(DeregistrationReason::Turned20)));
        assert!(needs_destination(None));
        let mut end = closing(DeregistrationReason::Deceased);
        assert_eq!(closed(&end), one("/destination", FieldCode::NotWithOther));
        end.destination = None;
        end.is_elsewhere = None;
        assert_eq!(closed(&end), []);
    }

    proptest! {
        #[test]
        fn an_accepted_entry_is_within_age_and_touches_no_other(
            birth in 0i64..10_000, on in 0i64..20_000, from in 0i64..20_000, length in 0i64..2_000,
        ) {
            let start = day("1980-01-01");
            let at = |days| start + chrono::Duration::days(days);
            let span = ClosedSpan { entered_on: at(from), exited_on: at(from + length) };
            let closed = [span];
            for &track in Track::ALL {
                let entry = Entry { track, entered_on: at(on), birth_date: at(birth), closed: &closed, first_entry_on: None };
                if check_entry(&entry, at(20_000)).is_empty() {
                    let age = crate::domain::age::age_on(at(birth), at(on)).unwrap();
                    prop_assert!(age < age_bounds(track).before);
                    prop_assert!(length == 0 || at(on) >= span.exited_on);
                }
            }
        }
    }
}
