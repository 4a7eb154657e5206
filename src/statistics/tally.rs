//! What is added up of each youth, and by which groups? The raw sums of one counting, before anything is put together,
//! hidden or divided: names of tallies, names of divisions, and the maps that hold them.
//! Which facts lead to which tally is decided in `record`, what becomes of the sums in `counting`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$about])* #[serde(rename = $code)] $variant,)+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The name in JSON.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// The one of a name.
            pub fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

names! {
    /// What youths are divided by. Nothing sensitive is among them, and none is crossed with another.
    Division {
        Sex = "sex",
        AgeGroup = "ageGroup",
        Area = "area",
        Reason = "reason",
        Track = "track",
        Unit = "unit",
        /// How long after the exit an outcome was checked on; of outcome checks alone.
        Months = "months",
        /// How old those seemed whom sessions met; of nobody in the register.
        MetAge = "metAge",
    }
}

impl Division {
    /// Those by which everybody in the register is divided.
    pub const OF_YOUTHS: [Self; 6] = [
        Self::Sex,
        Self::AgeGroup,
        Self::Area,
        Self::Reason,
        Self::Track,
        Self::Unit,
    ];
}

names! {
    /// A number of persons or events by groups.
    Tally {
        Youths = "youths",
        Attempted = "personsAttempted",
        Reached = "personsReached",
        NeverReached = "personsNeverReached",
        Offered = "personsOffered",
        Accepted = "personsAccepted",
        Started = "personsStarted",
        Participants = "participants",
        Ended = "personsWithEndedIntervention",
        Exited = "personsExited",
        Present = "personsOnLastDay",
        Kaa = "kaaYouths",
        KaaOffered = "kaaYouthsOffered",
        KaaLeft = "kaaYouthsLeft",
        KaaLeftOffered = "kaaYouthsOfferedBeforeLeaving",
        NoExam = "adultsWithoutExam",
        NoExamResumed = "adultsResumedStudies",
        Dropouts = "dropouts",
        ToWorkOrEducation = "exitedToWorkOrEducation",
        ContactAttempts = "contactAttempts",
        ContactsReached = "contactsReached",
        InterventionsOffered = "interventionsOffered",
        InterventionsAccepted = "interventionsAccepted",
        InterventionsStarted = "interventionsStarted",
        InterventionsEnded = "interventionsEnded",
        Cohort = "dropoutCohort",
        CohortCensored = "dropoutsCensored",
        CohortFollowed = "dropoutsFollowed",
        CohortNational = "dropoutsResumedNational",
        CohortIntroductory = "dropoutsResumedIntroductory",
        Checked = "outcomesChecked",
        CheckAnswered = "outcomesKnown",
        Sustained = "outcomesSustained",
    }
}

names! {
    /// A number of persons by groups and by what became of them.
    OutcomeTally {
        Reasons = "deregistrationReasons",
        Destinations = "destinations",
        Mobility = "mobility",
        Occupations = "occupations",
        Kinds = "interventionKinds",
        EndReasons = "interventionEndReasons",
        Durations = "interventionDurations",
        /// Days from the entry to the first offer; not a table, but what a median is taken of.
        DaysToOffer = "daysToFirstOffer",
    }
}

/// The group of somebody in each division, by the codes of the register.
pub type Places = BTreeMap<Division, String>;

/// Sums by group, and over all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums<T> {
    /// Over all groups.
    pub total: T,
    /// By division and group.
    pub by: BTreeMap<Division, BTreeMap<String, T>>,
}

impl<T: Default> Default for Sums<T> {
    fn default() -> Self {
        Self {
            total: T::default(),
            by: BTreeMap::new(),
        }
    }
}

impl<T: Default> Sums<T> {
    /// Adds to the sum over all and to that of each group somebody is in.
    pub fn add(&mut self, places: &Places, add: impl Fn(&mut T)) {
        add(&mut self.total);
        for (division, group) in places {
            let groups = self.by.entry(*division).or_default();
            add(groups.entry(group.clone()).or_default());
        }
    }
}

/// How many are in a group of one division and a group of another.
pub type Crossed = BTreeMap<String, BTreeMap<String, u64>>;

/// How many of each outcome.
pub type ByOutcome = BTreeMap<String, u64>;

/// The raw sums of a counting. No name, number or id of anybody is in them.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tallies {
    counts: BTreeMap<Tally, Sums<u64>>,
    outcomes: BTreeMap<OutcomeTally, Sums<ByOutcome>>,
    /// How many are in a group of one division and a group of another: what tells whether two divisions are one.
    crossed: BTreeMap<Division, BTreeMap<Division, Crossed>>,
    /// How each area is spelt: free text, of which the commonest spelling is shown.
    spellings: BTreeMap<String, BTreeMap<String, u64>>,
}

impl std::fmt::Debug for Tallies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tallies([hidden])")
    }
}

impl Tallies {
    /// Adds persons or events to a tally.
    pub fn add(&mut self, tally: Tally, places: &Places, number: u64) {
        if number > 0 {
            let sums = self.counts.entry(tally).or_default();
            sums.add(places, |sum| *sum = sum.saturating_add(number));
        }
    }

    /// Adds a person to an outcome.
    pub fn add_outcome(&mut self, tally: OutcomeTally, places: &Places, outcome: &str) {
        let sums = self.outcomes.entry(tally).or_default();
        sums.add(places, |by| *by.entry(outcome.to_owned()).or_default() += 1);
    }

    /// Notes which groups somebody is in at once, and how their area is spelt.
    pub fn add_person(&mut self, places: &Places, area: &str) {
        for (first, group) in places {
            for (second, other) in places.iter().filter(|(second, _)| *second > first) {
                let pair = self.crossed.entry(*first).or_default();
                let groups = pair.entry(*second).or_default();
                let row = groups.entry(group.clone()).or_default();
                *row.entry(other.clone()).or_default() += 1;
            }
        }
        if let Some(key) = places.get(&Division::Area) {
            let spellings = self.spellings.entry(key.clone()).or_default();
            *spellings.entry(area.to_owned()).or_default() += 1;
        }
    }

    /// The sum over all.
    pub fn total(&self, tally: Tally) -> u64 {
        self.counts.get(&tally).map_or(0, |sums| sums.total)
    }

    /// The sums by the groups of a division.
    pub fn by(&self, tally: Tally, division: Division) -> Option<&BTreeMap<String, u64>> {
        self.counts.get(&tally)?.by.get(&division)
    }

    /// The outcomes over all.
    pub fn outcome_total(&self, tally: OutcomeTally) -> Option<&ByOutcome> {
        Some(&self.outcomes.get(&tally)?.total)
    }

    /// The outcomes by the groups of a division.
    pub fn outcome_by(
        &self,
        tally: OutcomeTally,
        division: Division,
    ) -> Option<&BTreeMap<String, ByOutcome>> {
        self.outcomes.get(&tally)?.by.get(&division)
    }

    /// How many are in each group of one division and each of another.
    pub fn crossed(&self, first: Division, second: Division) -> Option<&Crossed> {
        self.crossed.get(&first)?.get(&second)
    }

    /// The commonest spelling of an area.
    pub fn spelling(&self, area: &str) -> Option<&str> {
        let spellings = self.spellings.get(area)?;
        let commonest = spellings.iter().max_by_key(|(_, count)| **count);
        commonest.map(|(name, _)| name.as_str())
    }
}
