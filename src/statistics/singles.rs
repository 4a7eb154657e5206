//! Which figures for the whole alone may be shown? They are parts of several tables at once and have no table of their own, so
//! that they are shown only where nothing that a reader can form with them is small, be it within the release or beside an
//! earlier one of the year. Tables are protected in `suppression`; what is written of the figures stands in `figures`.

use super::counting::{Counting, SetBehind, TableBehind};
use super::divisions::everybody;
use super::earlier::Past;
use super::measures::{Figure, MEASURES};
use super::suppression::Threshold;
use super::tally::Tally;
use std::collections::BTreeMap;

/// The figures of those under the duty who left, shown together or not at all.
pub(super) const KAA_LEFT: &str = "kaaLeft";
/// The contacts with people who are nobody's record.
pub(super) const ANONYMOUS: &str = "anonymousContacts";

/// A figure, or several that stand together, and what can be formed with it.
struct Single {
    formed: Vec<u64>,
    is_shown: bool,
}

/// The figures for the whole, by name.
pub(super) struct Singles(BTreeMap<&'static str, Single>);

impl Singles {
    /// Decides which are shown. `is_told`: whether the sum of a tally over all is published.
    pub(super) fn of(
        counting: &Counting,
        is_told: impl Fn(Tally) -> bool,
        past: &Past<'_>,
        threshold: Threshold,
    ) -> Self {
        let mut singles = BTreeMap::new();
        let mut add = |name: &'static str, formed: Vec<u64>, may_be_shown: bool| {
            let mut small = formed.iter().filter(|count| threshold.hides(**count));
            let is_shown = may_be_shown
                && small.next().is_none()
                && !past.tells_of_few(name, &formed, threshold);
            singles.insert(name, Single { formed, is_shown });
        };
        let total = |tally| counting.tallies().total(tally);
        for measure in MEASURES {
            if let Figure::Events { events, persons } = measure.figure {
                // There are at least as many events as persons, so that they are no fewer than may be shown.
                add(measure.code, vec![total(events)], is_told(persons));
            }
        }
        let left = total(Tally::KaaLeft);
        let offered = total(Tally::KaaLeftOffered);
        let stayed = total(Tally::Kaa).saturating_sub(left);
        let stayed_offered = total(Tally::KaaOffered).saturating_sub(offered);
        let formed = vec![
            left,
            offered,
            left.saturating_sub(offered),
            total(Tally::Exited).saturating_sub(left),
            stayed,
            stayed_offered,
            stayed.saturating_sub(stayed_offered),
        ];
        let of = [Tally::Exited, Tally::Kaa, Tally::KaaOffered];
        add(KAA_LEFT, formed, of.into_iter().all(is_told));
        let anonymous = counting.outreach().anonymous_contacts;
        add(ANONYMOUS, vec![anonymous], true);
        Self(singles)
    }

    /// Whether a figure is shown.
    pub(super) fn is_shown(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|single| single.is_shown)
    }

    /// What is kept of them behind a release.
    pub(super) fn behind(&self) -> impl Iterator<Item = SetBehind> {
        self.0.iter().map(|(name, single)| SetBehind {
            name: (*name).to_owned(),
            divisions: vec![everybody()],
            outcomes: Vec::new(),
            unpublished: Vec::new(),
            finest: Vec::new(),
            tables: (1..)
                .zip(&single.formed)
                .map(|(number, count): (u32, _)| TableBehind {
                    name: number.to_string(),
                    counts: vec![*count; 2],
                    is_shown: vec![single.is_shown; 2],
                    unpublished: Vec::new(),
                    finest: Vec::new(),
                })
                .collect(),
        })
    }
}
