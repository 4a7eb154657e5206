//! What does the youth do, since when, and until when does that count as known? An observation says what was ascertained on
//! a day; from all of them follows a clean series of spells without overlap and without a hole.
//!
//! The rule, in three sentences. An observation speaks about the days from its start (its as-of day if no start is told) to
//! its `valid_until`, which is the first day that it no longer speaks about. Of several that speak about a day, the one
//! ascertained later wins; of the same as-of day, the one that starts later, then the one recorded later. What an observation
//! says of the days after its as-of day is a presumption, and it ends for good where one ascertained later speaks about that
//! day or a later one: work that was ascertained in March does not come back in August because a placement was over by July.
//! Days that nothing speaks about are not known; the last known occupation stays visible beside them.
//!
//! Sources: förordning (2006:39) 4 § (earlier, present and future occupation), domain 9.6 (always with as-of day and source),
//! the British NCCIS rules of currency (a status lapses and then counts as not known).

use super::codes::{Code, Occupation, code_list};
use super::id::{Id, OccupationObservation};
use crate::error::{FieldCode, FieldError};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

code_list! {
    /// Where the knowledge of an occupation comes from.
    OccupationSource {
        Youth = "youth", "Ungdomen", "The youth";
        Guardian = "guardian", "Vårdnadshavare", "Guardian";
        School = "school", "Skola", "School";
        Authority = "authority", "Myndighet", "Authority";
        Register = "register", "Register", "Register";
        Staff = "staff", "Egen iakttagelse", "Own observation";
        Other = "other", "Annan", "Other";
    }
}

/// For how many days an occupation of each kind counts as known after the day it was ascertained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OccupationRules {
    /// Work.
    #[serde(rename = "occupationWorkDays")]
    pub work_days: u32,
    /// Work placement.
    #[serde(rename = "occupationInternshipDays")]
    pub internship_days: u32,
    /// Studies.
    #[serde(rename = "occupationStudiesDays")]
    pub studies_days: u32,
    /// Other service or activity.
    #[serde(rename = "occupationOtherActivityDays")]
    pub other_activity_days: u32,
    /// No occupation: what is most likely to change.
    #[serde(rename = "occupationNoneDays")]
    pub none_days: u32,
    /// So many days before it lapses, it is to be confirmed.
    #[serde(rename = "occupationLapsingDays")]
    pub lapsing_days: u32,
}

impl OccupationRules {
    /// From which day on an occupation that lapses is to be confirmed.
    pub fn confirm_from(&self, lapses_on: NaiveDate) -> NaiveDate {
        lapses_on
            .checked_sub_days(Days::new(u64::from(self.lapsing_days)))
            .unwrap_or(lapses_on)
    }
}

impl Default for OccupationRules {
    fn default() -> Self {
        Self {
            work_days: 180,
            internship_days: 60,
            studies_days: 180,
            other_activity_days: 90,
            none_days: 60,
            lapsing_days: 28,
        }
    }
}

/// Whether a word tells what the youth does. That nothing is done is known too.
pub const fn is_known(kind: Occupation) -> bool {
    !matches!(
        kind,
        Occupation::NotKnown | Occupation::NotReached | Occupation::DeclinedToSay
    )
}

/// The first day on which an occupation no longer counts as known: so many days after it was ascertained, but never past a
/// known end. `None`: what is not known does not lapse.
pub fn valid_until(
    kind: Occupation,
    as_of_on: NaiveDate,
    expected_end_on: Option<NaiveDate>,
    rules: &OccupationRules,
) -> Option<NaiveDate> {
    let days = match kind {
        Occupation::Work => rules.work_days,
        Occupation::Internship => rules.internship_days,
        Occupation::Studies => rules.studies_days,
        Occupation::OtherActivity => rules.other_activity_days,
        Occupation::None => rules.none_days,
        Occupation::NotKnown | Occupation::NotReached | Occupation::DeclinedToSay => return None,
    };
    let lapses_on = as_of_on
        .checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX);
    Some(expected_end_on.map_or(lapses_on, |end| end.min(lapses_on)))
}

/// The facts of an observation that depend on each other.
#[derive(Debug, Clone, Copy)]
pub struct ObservationFacts {
    /// What.
    pub kind: Occupation,
    /// Since when, if it was told.
    pub starts_on: Option<NaiveDate>,
    /// The day it was ascertained.
    pub as_of_on: NaiveDate,
    /// The day on which it is known to end.
    pub expected_end_on: Option<NaiveDate>,
    /// When the youth was born.
    pub birth_date: NaiveDate,
}

/// Everything that contradicts something else.
pub fn check_observation(facts: &ObservationFacts, today: NaiveDate) -> Vec<FieldError> {
    let mut problems = Vec::new();
    if facts.as_of_on > today {
        problems.push(FieldError::new("/asOfOn", FieldCode::InFuture));
    } else if facts.starts_on.is_some_and(|start| start > facts.as_of_on) {
        // What begins later is a plan, and no observation.
        problems.push(FieldError::with(
            "/asOfOn",
            FieldCode::WrongDateOrder,
            "startsOn",
        ));
    } else if facts.as_of_on < facts.birth_date {
        problems.push(FieldError::new("/asOfOn", FieldCode::BeforeBirth));
    }
    if facts
        .starts_on
        .is_some_and(|start| start < facts.birth_date)
    {
        problems.push(FieldError::new("/startsOn", FieldCode::BeforeBirth));
    }
    if let Some(end) = facts.expected_end_on {
        let pointer = "/expectedEndOn";
        if !is_known(facts.kind) {
            problems.push(FieldError::with(pointer, FieldCode::NotWithOther, "kind"));
        } else if facts.starts_on.is_none() && end <= facts.as_of_on {
            // What is over is told with its first day.
            problems.push(FieldError::with(pointer, FieldCode::NeedsOther, "startsOn"));
        } else if facts.starts_on.is_some_and(|start| end <= start) {
            problems.push(FieldError::with(
                pointer,
                FieldCode::WrongDateOrder,
                "startsOn",
            ));
        }
    }
    problems
}

/// What was ascertained on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Which.
    pub id: Id<OccupationObservation>,
    /// What.
    pub kind: Occupation,
    /// Since when, if it was told.
    pub starts_on: Option<NaiveDate>,
    /// The day it was ascertained.
    pub as_of_on: NaiveDate,
    /// The first day it no longer speaks about.
    pub valid_until: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Taken back: it counts as if it had never been made.
    pub is_void: bool,
}

impl Observation {
    fn from(&self) -> NaiveDate {
        self.starts_on.unwrap_or(self.as_of_on)
    }
    fn rank(
        &self,
    ) -> (
        NaiveDate,
        NaiveDate,
        DateTime<Utc>,
        Id<OccupationObservation>,
    ) {
        (self.as_of_on, self.from(), self.recorded_at, self.id)
    }
}

/// A stretch of days with one occupation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// What.
    pub kind: Occupation,
    /// Its first day.
    pub first_on: NaiveDate,
    /// Its last day; `None` while it goes on.
    pub last_on: Option<NaiveDate>,
    /// When it was last ascertained; `None` for days that nothing speaks about.
    pub as_of_on: Option<NaiveDate>,
    /// What was known last, up to and including this spell.
    pub last_known: Option<Occupation>,
}

/// The days that an observation is heard about, `from` included and `end` not.
struct Claim<'o> {
    observation: &'o Observation,
    from: NaiveDate,
    end: Option<NaiveDate>,
}

impl Claim<'_> {
    fn speaks(&self, day: NaiveDate) -> bool {
        self.from <= day && self.end.is_none_or(|end| day < end)
    }
}

/// The claims of the observations that count, the one that wins over all others last.
fn claims(observations: &[Observation]) -> Vec<Claim<'_>> {
    let mut ranked: Vec<&Observation> = observations.iter().filter(|o| !o.is_void).collect();
    ranked.sort_by_key(|observation| observation.rank());
    let claim = |(place, observation): (usize, &&'_ Observation)| {
        let after = observation.as_of_on.succ_opt().unwrap_or(NaiveDate::MAX);
        let superseded_on = ranked
            .iter()
            .skip(place + 1)
            .filter(|later| {
                later
                    .valid_until
                    .is_none_or(|end| end > observation.as_of_on)
            })
            .map(|later| later.from().max(after))
            .min();
        [observation.valid_until, superseded_on]
            .into_iter()
            .flatten()
            .min()
    };
    ranked
        .iter()
        .enumerate()
        .map(claim)
        .zip(&ranked)
        .map(|(end, observation)| Claim {
            observation,
            from: observation.from(),
            end,
        })
        .filter(|claim| claim.end.is_none_or(|end| claim.from < end))
        .collect()
}

/// The series of spells from the first day that anything is known of until today: the next begins where one ends.
pub fn spells(observations: &[Observation], today: NaiveDate) -> Vec<Spell> {
    let claims = claims(observations);
    let turns: BTreeSet<NaiveDate> = claims
        .iter()
        .flat_map(|claim| [Some(claim.from), claim.end])
        .flatten()
        .filter(|day| *day <= today)
        .collect();
    let mut spells: Vec<Spell> = Vec::new();
    for day in turns {
        let winner = claims.iter().rev().find(|claim| claim.speaks(day));
        let kind = winner.map_or(Occupation::NotKnown, |claim| claim.observation.kind);
        let as_of_on = winner.map(|claim| claim.observation.as_of_on);
        match spells.last_mut() {
            Some(last) if last.kind == kind => last.as_of_on = last.as_of_on.max(as_of_on),
            before => {
                let known_before = before.and_then(|before| {
                    before.last_on = day.pred_opt();
                    before.last_known
                });
                spells.push(Spell {
                    kind,
                    first_on: day,
                    last_on: None,
                    as_of_on,
                    last_known: is_known(kind).then_some(kind).or(known_before),
                });
            }
        }
    }
    spells
}

/// What the youth does now, kept beside the youth at each writing; what time does to it follows from [`Current::on`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    /// What.
    pub kind: Occupation,
    /// The first day of the spell.
    pub since_on: NaiveDate,
    /// When it was last ascertained.
    pub as_of_on: Option<NaiveDate>,
    /// When it lapses, or has lapsed.
    pub valid_until: Option<NaiveDate>,
    /// What was known last.
    pub last_known: Option<Occupation>,
    /// The observation that it comes from: while it counts, and once it has lapsed.
    pub observation_id: Option<Id<OccupationObservation>>,
}

impl Current {
    /// What is left of it on a day after it was written: a lapsed occupation is not known.
    pub fn on(self, today: NaiveDate) -> Self {
        match self.valid_until {
            Some(lapsed_on) if lapsed_on <= today && is_known(self.kind) => Self {
                kind: Occupation::NotKnown,
                since_on: lapsed_on,
                ..self
            },
            _ => self,
        }
    }
}

/// What the observations say of today; `None` when there is none that counts.
pub fn current(observations: &[Observation], today: NaiveDate) -> Option<Current> {
    let last = spells(observations, today).pop()?;
    let claims = claims(observations);
    let heard_on = |day: NaiveDate| {
        let heard = claims.iter().rev().find(|claim| claim.speaks(day));
        heard.map(|claim| claim.observation)
    };
    let (as_of_on, valid_until, from) = match heard_on(today) {
        Some(heard) => (Some(heard.as_of_on), heard.valid_until, Some(heard)),
        // Nothing speaks about today: what was heard last has lapsed where this spell began.
        None => {
            let lapsed = last.first_on.pred_opt().and_then(heard_on);
            (
                lapsed.map(|heard| heard.as_of_on),
                Some(last.first_on),
                lapsed,
            )
        }
    };
    Some(Current {
        kind: last.kind,
        since_on: last.first_on,
        as_of_on,
        valid_until,
        last_known: last.last_known,
        observation_id: from.map(|observation| observation.id),
    })
}

#[cfg(test)]
#[path = "occupation_tests.rs"]
mod tests;
