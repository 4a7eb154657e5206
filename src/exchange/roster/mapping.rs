//! What does a status word of a sending system mean for the aktivitetsansvar? The table is data
//! of the municipality, read from JSON, with a default for the common words.
//! The age limits are law and can not be configured (skollagen 29 kap. 9 §).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::cell::comparable;
use super::school::{OutsideFact, SchoolWord};
use crate::domain::age::age_on;
use crate::domain::codes::Reason;

/// From this age a young person can have left compulsory school.
const FROM_AGE: u32 = 15;
/// From this birthday the aktivitetsansvar has ended (skollagen 29 kap. 9 §).
pub(super) const UNTIL_AGE: u32 = 20;

/// What a status word leads to for somebody of the right age.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(tag = "placement", rename_all = "snake_case", deny_unknown_fields)]
pub enum StatusRule {
    /// In the target group, for this reason.
    OpenEpisode { reason: Reason },
    /// Not in the target group; what the word tells of school, if it tells something.
    Outside {
        #[serde(default)]
        fact: Option<OutsideFact>,
    },
    /// A person must decide.
    NeedsDecision,
}

/// Where a row places its person on the day of the roster.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Placement {
    TargetGroup(Reason),
    Outside,
    NeedsDecision,
}

/// The status words of a sending system.
///
/// JSON: `{"statuses": {"avbrott gymnasium": {"placement": "open_episode", "reason":
/// "dropout_national_programme"}, "inskriven": {"placement": "outside", "fact": "enrolled"}}, "dropout_programmes":
/// {"IM": "introductory_programme_ended"}}`. Words are compared without case, accents, blanks and
/// punctuation; two words that are then the same are an error.
///
/// `fact` (may be left out) tells what a word outside the target group says of school: `enrolled`,
/// `enrolled_introductory` or `exam`; facts of the register follow from it.
///
/// `dropout_programmes` (may be left out) names the reason of a dropout by the beginning of the
/// programme code: one who left an introductory programme has not left a national one.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "WrittenMapping")]
pub struct RosterMapping {
    rules: BTreeMap<String, StatusRule>,
    dropout_programmes: BTreeMap<String, Reason>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMapping {
    statuses: BTreeMap<String, StatusRule>,
    #[serde(default)]
    dropout_programmes: BTreeMap<String, Reason>,
}

/// Why a table of status words is not usable.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RosterMappingError {
    #[error("the table has no status words")]
    Empty,
    #[error("the status word \"{0}\" holds no letter or digit")]
    NoWord(String),
    #[error("the status word \"{0}\" stands twice, perhaps in another spelling")]
    Twice(String),
}

impl TryFrom<WrittenMapping> for RosterMapping {
    type Error = RosterMappingError;

    fn try_from(written: WrittenMapping) -> Result<Self, Self::Error> {
        let mut mapping = Self::new(written.statuses)?;
        mapping.dropout_programmes = comparable_keys(written.dropout_programmes);
        Ok(mapping)
    }
}

impl RosterMapping {
    /// A table of status words.
    ///
    /// # Errors
    /// When it is empty, a word is empty, or two words are the same when compared.
    pub fn new(
        statuses: impl IntoIterator<Item = (String, StatusRule)>,
    ) -> Result<Self, RosterMappingError> {
        let mut rules = BTreeMap::new();
        for (word, rule) in statuses {
            let key = comparable(&word);
            if key.is_empty() {
                return Err(RosterMappingError::NoWord(word));
            }
            if rules.insert(key, rule).is_some() {
                return Err(RosterMappingError::Twice(word));
            }
        }
        if rules.is_empty() {
            return Err(RosterMappingError::Empty);
        }
        Ok(Self {
            rules,
            dropout_programmes: BTreeMap::new(),
        })
    }

    /// The placement with the reason that the programme tells.
    pub(super) fn refined(&self, placement: Placement, programme: Option<&str>) -> Placement {
        let (Placement::TargetGroup(Reason::DropoutNationalProgramme), Some(code)) =
            (placement, programme)
        else {
            return placement;
        };
        let code = comparable(code);
        self.dropout_programmes
            .iter()
            .find(|(beginning, _)| code.starts_with(beginning.as_str()))
            .map_or(placement, |(_, reason)| Placement::TargetGroup(*reason))
    }

    /// What a status word tells of school, with the programme beside it.
    pub(super) fn school_word(
        &self,
        rule: StatusRule,
        programme: Option<&str>,
    ) -> Option<SchoolWord> {
        match rule {
            StatusRule::OpenEpisode { reason } => {
                match self.refined(Placement::TargetGroup(reason), programme) {
                    Placement::TargetGroup(reason) => SchoolWord::of_reason(reason),
                    _ => None,
                }
            }
            StatusRule::Outside { fact } => {
                fact.map(|fact| SchoolWord::of_outside(fact, programme))
            }
            StatusRule::NeedsDecision => None,
        }
    }

    /// What a status word leads to; `None` for a word that is not in the table.
    pub fn rule(&self, status_word: &str) -> Option<StatusRule> {
        self.rules.get(&comparable(status_word)).copied()
    }
}

impl Default for RosterMapping {
    fn default() -> Self {
        let open = |reason| StatusRule::OpenEpisode { reason };
        let outside = |fact| StatusRule::Outside { fact };
        let rules = [
            ("avbrott gymnasium", open(Reason::DropoutNationalProgramme)),
            ("ej påbörjat gymnasium", open(Reason::CompulsorySchoolOnly)),
            ("studiebevis", open(Reason::StudyCertificate)),
            ("komvux/folkhögskola", open(Reason::Unknown)),
            ("inskriven gymnasium", outside(Some(OutsideFact::Enrolled))),
            (
                "introduktionsprogram",
                outside(Some(OutsideFact::EnrolledIntroductory)),
            ),
            ("gymnasieexamen", outside(Some(OutsideFact::Exam))),
            ("över 20", outside(None)),
            ("flyttat in", StatusRule::NeedsDecision),
        ];
        Self {
            rules: rules
                .into_iter()
                .map(|(word, rule)| (comparable(word), rule))
                .collect(),
            dropout_programmes: [("im".to_owned(), Reason::IntroductoryProgrammeEnded)].into(),
        }
    }
}

fn comparable_keys(written: BTreeMap<String, Reason>) -> BTreeMap<String, Reason> {
    written
        .into_iter()
        .map(|(beginning, reason)| (comparable(&beginning), reason))
        .filter(|(beginning, _)| !beginning.is_empty())
        .collect()
}

/// The rule, bounded by age: outside before 15 and from the 20th birthday.
pub(super) fn place(rule: StatusRule, birth: NaiveDate, as_of: NaiveDate) -> Placement {
    let of_age = age_on(birth, as_of).is_some_and(|age| (FROM_AGE..UNTIL_AGE).contains(&age));
    match rule {
        StatusRule::OpenEpisode { reason } if of_age => Placement::TargetGroup(reason),
        StatusRule::NeedsDecision if of_age => Placement::NeedsDecision,
        _ => Placement::Outside,
    }
}
