//! Which notes do not follow into the outreach track? What was noted for the duty of skollagen 29:9 was noted for that
//! purpose (2006:39 3 §; domain 10.1): when outreach goes on after the duty has ended, the notes of the closed episode stay
//! behind, unless the youth wants them to follow. Which fields are notes is told beside each record; who may read them at
//! all, in `policy`.

use super::codes::{Code, Track, code_list};
use super::id::{Episode, Id};
use chrono::NaiveDate;

code_list! {
    /// On what the notes of the duty follow into an outreach episode.
    CarriedBasis {
        Consent = "consent", "Samtycke", "Consent";
        OwnRequest = "own_request", "Ungdomens egen begäran", "The youth's own request";
        Withdrawn = "withdrawn", "Återtaget", "Withdrawn";
    }
}

/// The fields that hold notes, of whatever record: what is told freely in the course of the duty.
pub const NOTES: &[&str] = &[
    "note",
    "addenda",
    "goal",
    "text",
    "goals",
    "needs",
    "expectations",
    "interests",
    "strengths",
    "planningText",
    "goalText",
    "items",
    "agreement",
    "parties",
];

/// Whether the fields named all stand in [`NOTES`]; asked while compiling, of each record that names its own.
pub const fn are_notes(names: &[&str]) -> bool {
    are_among(names, NOTES)
}

/// Whether the fields named all stand in a list.
pub const fn are_among(names: &[&str], list: &[&str]) -> bool {
    match names {
        [] => true,
        [first, rest @ ..] => is_among(first, list) && are_among(rest, list),
    }
}

const fn is_among(name: &str, names: &[&str]) -> bool {
    match names {
        [] => false,
        [first, rest @ ..] => is_same(name.as_bytes(), first.as_bytes()) || is_among(name, rest),
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([a, one @ ..], [b, other @ ..]) => *a == *b && is_same(one, other),
        _ => false,
    }
}

/// An episode, as far as it matters for the notes.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Which.
    pub id: Id<Episode>,
    /// Its track.
    pub track: Track,
    /// The first day.
    pub entered_on: NaiveDate,
    /// The day of exit; none while it is open.
    pub exited_on: Option<NaiveDate>,
    /// Of an outreach episode: whether the youth has let the notes follow into it.
    pub carries: bool,
}

/// The episodes of one youth whose notes stay behind.
pub fn left_behind(episodes: &[Span]) -> Vec<Id<Episode>> {
    // While the duty goes on, its earlier notes serve the same purpose.
    let is_duty_open = episodes
        .iter()
        .any(|span| span.track == Track::Kaa && span.exited_on.is_none());
    if is_duty_open {
        return Vec::new();
    }
    let of_duty = episodes.iter().filter(|span| span.track == Track::Kaa);
    of_duty
        .filter_map(|duty| {
            let ended_on = duty.exited_on?;
            let after = || episodes.iter().filter(|span| goes_on_after(span, ended_on));
            (after().next().is_some() && !after().any(|span| span.carries)).then_some(duty.id)
        })
        .collect()
}

/// Whether an outreach episode goes on when the duty has ended, be it that it began before.
fn goes_on_after(span: &Span, ended_on: NaiveDate) -> bool {
    span.track == Track::Outreach
        && (span.entered_on >= ended_on || span.exited_on.is_none_or(|exit| exit > ended_on))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn span(track: Track, entered_on: &str, exited_on: Option<&str>) -> Span {
        Span {
            id: Id::fresh(),
            track,
            entered_on: entered_on.parse().unwrap(),
            exited_on: exited_on.map(|day| day.parse().unwrap()),
            carries: false,
        }
    }

    #[test]
    fn the_notes_stay_behind_when_outreach_goes_on_after_the_duty() {
        let duty = span(Track::Kaa, "2025-01-01", Some("2026-03-10"));
        let outreach = span(Track::Outreach, "2026-03-10", None);
        assert_eq!(left_behind(&[duty, outreach]), [duty.id]);
        // Also when it began before the duty ended, and when it is over.
        let parallel = span(Track::Outreach, "2026-01-01", None);
        assert_eq!(left_behind(&[duty, parallel]), [duty.id]);
        let over = span(Track::Outreach, "2026-04-01", Some("2026-09-01"));
        assert_eq!(left_behind(&[duty, over]), [duty.id]);
    }

    #[test]
    fn without_outreach_after_it_they_stay_readable() {
        let duty = span(Track::Kaa, "2025-01-01", Some("2026-03-10"));
        assert_eq!(left_behind(&[duty]), []);
        let before = span(Track::Outreach, "2024-01-01", Some("2024-12-01"));
        assert_eq!(left_behind(&[before, duty]), []);
    }

    #[test]
    fn an_open_duty_has_its_earlier_notes() {
        let earlier = span(Track::Kaa, "2025-01-01", Some("2025-06-01"));
        let outreach = span(Track::Outreach, "2025-07-01", None);
        let again = span(Track::Kaa, "2026-01-01", None);
        assert_eq!(left_behind(&[earlier, outreach, again]), []);
        let ended = Span {
            exited_on: Some("2026-02-01".parse().unwrap()),
            ..again
        };
        assert_eq!(
            left_behind(&[earlier, outreach, ended]),
            [earlier.id, ended.id]
        );
    }

    #[test]
    fn they_follow_where_the_youth_lets_them() {
        let duty = span(Track::Kaa, "2025-01-01", Some("2026-03-10"));
        let mut outreach = span(Track::Outreach, "2026-03-10", None);
        outreach.carries = true;
        assert_eq!(left_behind(&[duty, outreach]), []);
        // Into the outreach before the duty ended nothing was let.
        let mut before = span(Track::Outreach, "2024-01-01", Some("2024-12-01"));
        before.carries = true;
        outreach.carries = false;
        assert_eq!(left_behind(&[before, duty, outreach]), [duty.id]);
    }

    proptest! {
        #[test]
        fn what_belongs_to_outreach_or_is_open_never_stays_behind(
            spans in prop::collection::vec((any::<bool>(), 0u64..900, prop::option::of(0u64..300), any::<bool>()), 0..6)
        ) {
            let start: NaiveDate = "2024-01-01".parse().unwrap();
            let on = |days| start.checked_add_days(chrono::Days::new(days)).unwrap();
            let episodes: Vec<Span> = spans
                .into_iter()
                .map(|(is_duty, from, length, carries)| Span {
                    id: Id::fresh(),
                    track: if is_duty { Track::Kaa } else { Track::Outreach },
                    entered_on: on(from),
                    exited_on: length.map(|length| on(from + length)),
                    carries: carries && !is_duty,
                })
                .collect();
            for id in left_behind(&episodes) {
                let left = episodes.iter().find(|span| span.id == id).unwrap();
                prop_assert!(left.track == Track::Kaa && left.exited_on.is_some());
                prop_assert!(episodes.iter().any(|span| span.track == Track::Outreach));
            }
        }
    }
}
