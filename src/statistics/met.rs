//! How many people did the sessions meet, by age and sex? They are nobody's record, so that their table stands beside those of the
//! register; it is protected together with what earlier releases of the year have shown of it.

use super::counting::{Outreach, SetBehind, TableBehind};
use super::divisions::{alone, groups_of};
use super::earlier::Past;
use super::groups::{Grouped, words};
use super::suppression::{
    Cell, CountTable, Dimension, LinkedTotals, ProtectedTable, SuppressionError, Threshold,
    ZeroPolicy, protect_if_safe,
};
use super::tally::Division;
use crate::domain::codes::{Code, LegalSex};
use crate::domain::outreach::MetAge;

/// Its name in what is kept behind a release.
const NAME: &str = "peopleMet";

/// The table of those whom sessions met.
pub(super) struct ProtectedMet {
    pub(super) ages: Grouped,
    counts: CountTable,
    shown: Option<ProtectedTable>,
    pub(super) narrowest: Option<u64>,
}

impl ProtectedMet {
    /// Counts and protects it. Nothing is shown where no pattern is safe together with earlier releases.
    pub(super) fn of(
        outreach: &Outreach,
        past: &Past<'_>,
        threshold: Threshold,
    ) -> Result<Self, SuppressionError> {
        let ages = ages();
        let sexes: Vec<String> = LegalSex::ALL
            .iter()
            .map(|sex| sex.code().to_owned())
            .collect();
        let count = |age: MetAge, sex: LegalSex| {
            let groups = outreach.met.iter();
            let found = groups.filter(|one| one.age_group == age && one.legal_sex == sex);
            let sum: i64 = found.map(|one| one.count.max(0)).sum();
            u64::try_from(sum).unwrap_or(0)
        };
        let inner: Vec<u64> = MetAge::ALL
            .iter()
            .flat_map(|age| LegalSex::ALL.iter().map(|sex| count(*age, *sex)))
            .collect();
        let divisions = alone(std::slice::from_ref(&ages));
        let dimensions = vec![
            groups_of(&divisions),
            Dimension::group("sex", sexes.clone()),
        ];
        let counts = CountTable::new(dimensions, &inner)?;
        let new = std::slice::from_ref(&counts);
        let names = [NAME.to_owned()];
        // Whom a part of the period met, the whole met.
        let earlier = past.tables_of(NAME, &names, &divisions, &sexes, |_| true, new)?;
        let links = LinkedTotals::default();
        let zeros = ZeroPolicy::Publish;
        let mut protection = protect_if_safe(new, &links, &earlier.tables, threshold, zeros)?;
        let narrowest = protection.as_ref().and_then(|one| one.narrowest);
        let shown = protection.as_mut().and_then(|one| one.tables.pop());
        Ok(Self {
            ages,
            counts,
            shown,
            narrowest,
        })
    }

    /// The cell of an age and a sex, by their places in the code lists; `None`: all.
    pub(super) fn cell(&self, at: &[Option<usize>]) -> Cell {
        let cell = self.shown.as_ref().and_then(|shown| shown.get(at));
        cell.unwrap_or(Cell::Suppressed)
    }

    /// What is kept of it behind a release.
    pub(super) fn behind(&self) -> SetBehind {
        let shown = self.shown.iter().map(|shown| TableBehind {
            name: NAME.to_owned(),
            counts: self.counts.values().to_vec(),
            is_shown: shown
                .cells()
                .map(|(_, cell)| cell != Cell::Suppressed)
                .collect(),
            unpublished: Vec::new(),
            finest: Vec::new(),
        });
        SetBehind {
            name: NAME.to_owned(),
            divisions: vec![self.ages.clone()],
            outcomes: LegalSex::ALL
                .iter()
                .map(|sex| sex.code().to_owned())
                .collect(),
            unpublished: Vec::new(),
            finest: Vec::new(),
            tables: shown.collect(),
        }
    }
}

fn ages() -> Grouped {
    let categories = words(MetAge::ALL);
    Grouped {
        division: Division::MetAge,
        place_of: (0..)
            .zip(&categories)
            .map(|(place, word)| (word.code.clone(), place))
            .collect(),
        categories,
    }
}
